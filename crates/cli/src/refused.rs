//! Which field of a command a rule's refusal is about.
//!
//! A malformed command names its field when it is parsed. A rule knows no fields; where its refusal
//! rests on one value of the command, that value is looked up in the text, so that the caller is
//! pointed at the same place.

use domain::Refused;
use domain::activity::ActivityRefusal;
use domain::control::ControlRefusal;
use domain::filing::FilingRefusal;
use domain::grant::GrantRefusal;
use domain::loan::LoanRefusal;
use domain::member::MemberRefusal;
use domain::office::OfficeRefusal;
use domain::participation::ParticipationRefusal;
use domain::structure::StructureRefusal;
use domain::unit::UnitRefusal;
use serde_json::Value;

/// The path of the field that the refusal is about, when it is about one.
pub fn field_of(refused: &Refused, command: &str) -> Option<String> {
    match refused {
        _ if refused.code() == "year.not_open" => Some("effective_on".to_owned()),
        Refused::Structure(StructureRefusal::WrongYear { .. } | StructureRefusal::NotFirstDay { .. })
        | Refused::Filing(FilingRefusal::PeriodNotOver { .. }) => Some("effective_on".to_owned()),
        Refused::Structure(
            StructureRefusal::Unknown { id, .. } | StructureRefusal::WrongState { id, .. },
        ) => path_of(id, command),
        Refused::Structure(
            StructureRefusal::ReservedAccount { account, .. } | StructureRefusal::SameAccount { account },
        ) => path_of(account.as_str(), command),
        Refused::OtherContent { .. } => Some("id".to_owned()),
        Refused::Unit(UnitRefusal::NotOpen { .. } | UnitRefusal::AlreadyOpened) => Some("stream".to_owned()),
        Refused::Member(MemberRefusal::WrongStanding { .. }) => Some("stream".to_owned()),
        Refused::Loan(LoanRefusal::WrongStage { .. }) => Some("stream".to_owned()),
        Refused::Grant(GrantRefusal::NotAnnounced | GrantRefusal::AlreadyAnnounced { .. }) => {
            Some("stream".to_owned())
        }
        Refused::Loan(LoanRefusal::BearsInterest { .. }) => named("interest", command),
        Refused::Loan(LoanRefusal::BearsFee { .. }) => named("fee", command),
        Refused::Loan(LoanRefusal::MoreThanAsked { .. }) => named("principal", command),
        Refused::Loan(LoanRefusal::DueInPast { .. }) => named("first_due_on", command),
        Refused::Loan(LoanRefusal::MoreThanOutstanding { .. } | LoanRefusal::OverBudget { .. })
        | Refused::Grant(
            GrantRefusal::MoreThanAnnounced { .. }
            | GrantRefusal::MoreThanToRecognise { .. }
            | GrantRefusal::MoreThanLeft { .. },
        ) => named("amount", command),
        Refused::Unit(UnitRefusal::Unknown { id, .. } | UnitRefusal::WrongState { id, .. }) => {
            path_of(id, command)
        }
        Refused::Unit(UnitRefusal::NotAHolder { person } | UnitRefusal::AlreadyHolder { person }) => {
            path_of(&person.to_string(), command)
        }
        Refused::Unit(
            UnitRefusal::OverBudget { .. }
            | UnitRefusal::BeyondGuaranteeLine { .. }
            | UnitRefusal::BelowMinimumWage { .. },
        ) => named("budget", command),
        Refused::Unit(UnitRefusal::NegativeGuaranteeLine { .. } | UnitRefusal::GuaranteeLineInUse { .. }) => {
            named("line", command)
        }
        Refused::Unit(UnitRefusal::DepositNotPaid { deposit, .. }) => path_of(&deposit.to_string(), command),
        Refused::Unit(UnitRefusal::DimonaLate { .. }) => Some("effective_on".to_owned()),
        Refused::Unit(UnitRefusal::NoDeposits) => named("deposits", command),
        Refused::Unit(UnitRefusal::VatOnExempt { .. }) => named("inclusive", command),
        Refused::Unit(UnitRefusal::TransferToItself { .. } | UnitRefusal::ReceiverNotOpen { .. }) => {
            named("to", command)
        }
        Refused::Participation(ParticipationRefusal::UnknownGroup { group }) => {
            path_of(&group.to_string(), command)
        }
        Refused::Participation(ParticipationRefusal::UnknownCode(unknown))
        | Refused::Activity(ActivityRefusal::UnknownCode(unknown))
        | Refused::Control(ControlRefusal::UnknownCode(unknown))
        | Refused::Office(OfficeRefusal::UnknownCode(unknown)) => path_of(unknown.code.as_str(), command),
        Refused::Participation(ParticipationRefusal::NoSeats { .. }) => named("seats", command),
        Refused::Participation(ParticipationRefusal::TermEndsTooEarly { .. }) => {
            named("term_ends_on", command)
        }
        Refused::Participation(
            ParticipationRefusal::OtherThing { .. }
            | ParticipationRefusal::BegunAlready { .. }
            | ParticipationRefusal::NotBegun { .. },
        )
        | Refused::Activity(ActivityRefusal::RecordedAlready { .. } | ActivityRefusal::OtherThing { .. })
        | Refused::Control(
            ControlRefusal::OtherTiming { .. }
            | ControlRefusal::BegunAlready { .. }
            | ControlRefusal::NotBegun { .. }
            | ControlRefusal::NoSuchAction { .. }
            | ControlRefusal::NotDrawn { .. },
        )
        | Refused::Office(OfficeRefusal::AlreadyOpened { .. } | OfficeRefusal::NotOpen { .. }) => {
            Some("stream".to_owned())
        }
        Refused::Activity(ActivityRefusal::NoShareOfFullTime { .. }) => named("full_time_share", command),
        Refused::Activity(
            ActivityRefusal::NotPlanned { action, .. } | ActivityRefusal::CarriedOutAlready { action, .. },
        ) => path_of(action.as_str(), command),
        Refused::Activity(
            ActivityRefusal::QuestionTwice { question } | ActivityRefusal::OutOfCount { question, .. },
        ) => path_of(question.as_str(), command),
        Refused::Control(ControlRefusal::Findings { .. }) => named("findings", command),
        Refused::Office(
            OfficeRefusal::AssignedAlready { adviser, .. } | OfficeRefusal::NotAssigned { adviser, .. },
        ) => path_of(&adviser.to_string(), command),
        Refused::AlreadyInLog { what, .. } => named(&what.replace(' ', "_"), command),
        Refused::Correction(_) => Some("body.position".to_owned()),
        // The others are about what several fields and the books together come to.
        _ => None,
    }
}

/// The path of the field with this name in the body.
fn named(field: &str, command: &str) -> Option<String> {
    let command: Value = serde_json::from_str(command).ok()?;
    find(&command["body"], "body", &|key, _| key == field)
}

/// The path at which the body holds this text.
fn path_of(text: &str, command: &str) -> Option<String> {
    let command: Value = serde_json::from_str(command).ok()?;
    find(&command["body"], "body", &|_, value| value.as_str() == Some(text))
}

fn find(value: &Value, path: &str, is_it: &dyn Fn(&str, &Value) -> bool) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            if is_it(key, value) { Some(path) } else { find(value, &path, is_it) }
        }),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(n, item)| find(item, &format!("{path}[{n}]"), is_it))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_found_by_its_value() {
        let command = r#"{"body":{"salary":"s","work":[{"contract":"c"}]}}"#;
        assert_eq!(path_of("c", command).as_deref(), Some("body.work[0].contract"));
        assert_eq!(path_of("d", command), None);
    }
}
