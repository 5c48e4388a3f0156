//! The rulebook of the statutes: whose books these are, which statutes and parameters hold.

use domain::correction::{Correction, CorrectionRefused};
use domain::parameters::{CodeList, Parameter, Parameters, Published, Validity, Value};
use domain::statutes::{Source, Statutes, StatutesCommand, StatutesEvent, StatutesRefusal};
use domain::{Position, Stream};

use crate::fixtures::*;
use crate::harness::given;

fn open() -> StatutesCommand {
    StatutesCommand::OpenLog { entity: SMARTCOOP, currency: token("EUR"), synthetic: true }
}

fn opened() -> StatutesEvent {
    StatutesEvent::LogOpened { entity: SMARTCOOP, currency: token("EUR"), synthetic: true }
}

fn adopt(version: u32) -> StatutesCommand {
    StatutesCommand::AdoptStatutes { version, evidence: paper("notarial-deed") }
}

fn adopted(version: u32) -> StatutesEvent {
    StatutesEvent::Adopted { version, evidence: paper("notarial-deed") }
}

fn source() -> Source {
    Source::try_new("statutes art. 43").expect("a source is a short sentence")
}

fn publish(name: Parameter, value: Value, from: &str, to: Option<&str>) -> StatutesCommand {
    let (valid_from, valid_to) = (day(from), to.map(day));
    StatutesCommand::PublishParameter { name, value, valid_from, valid_to, source: source(), verified: true }
}

fn published(name: Parameter, value: Value, from: &str, to: Option<&str>) -> StatutesEvent {
    let (valid_from, valid_to) = (day(from), to.map(day));
    StatutesEvent::ParameterPublished { name, value, valid_from, valid_to, source: source(), verified: true }
}

pub fn publish_code(code: &str, to: Option<&str>) -> StatutesCommand {
    let (valid_from, valid_to) = (day("2025-01-01"), to.map(day));
    StatutesCommand::PublishCode {
        list: CodeList::Activity,
        code: token(code),
        valid_from,
        valid_to,
        source: source(),
    }
}

#[test]
fn a_code_is_published_for_a_period() {
    given::<Statutes>([opened()]).when(publish_code("lets-meet", Some("2025-12-31"))).then([
        StatutesEvent::CodePublished {
            list: CodeList::Activity,
            code: token("lets-meet"),
            valid_from: day("2025-01-01"),
            valid_to: Some(day("2025-12-31")),
            source: source(),
        },
    ]);
    given::<Statutes>([opened()]).when(publish_code("lets-meet", Some("2024-12-31"))).is_refused(
        StatutesRefusal::EndsBeforeItBegins {
            name: "activity",
            valid_from: day("2025-01-01"),
            valid_to: day("2024-12-31"),
        },
    );
}

#[test]
fn a_code_may_be_used_on_the_days_for_which_it_was_published() {
    let mut parameters = Parameters::default();
    let code = token("lets-meet");
    let year = |year: u16| Validity {
        valid_from: domain::Year::new(year).first_day(),
        valid_to: Some(domain::Year::new(year).last_day()),
    };
    let is_known = |parameters: &Parameters, list, on| parameters.require_code(list, code, day(on)).is_ok();
    parameters.publish_code(CodeList::Activity, code, year(2024));
    parameters.publish_code(CodeList::Activity, code, year(2026));
    for (on, expected) in [
        ("2023-12-31", false),
        ("2024-01-01", true),
        ("2024-12-31", true),
        ("2025-06-30", false),
        ("2026-06-30", true),
        ("2027-01-01", false),
    ] {
        assert_eq!(is_known(&parameters, CodeList::Activity, on), expected, "{on}");
    }
    assert!(!is_known(&parameters, CodeList::Training, "2024-06-30"), "of another list");
    parameters.withdraw_code(CodeList::Activity, code, year(2024));
    assert!(!is_known(&parameters, CodeList::Activity, "2024-06-30"), "taken back");
    assert!(is_known(&parameters, CodeList::Activity, "2026-06-30"), "the other stands");
}

#[test]
fn the_books_of_an_entity_are_opened_first() {
    given::<Statutes>([]).when(open()).then([opened()]);
    given::<Statutes>([]).when(adopt(1)).is_refused(StatutesRefusal::NotOpen);
    let rate = Value::Rate(rate("0.07"));
    given::<Statutes>([])
        .when(publish(Parameter::ContributionRate, rate, "2026-01-01", None))
        .is_refused(StatutesRefusal::NotOpen);
    given::<Statutes>([])
        .when(StatutesCommand::Correct(correct(1, None)))
        .is_refused(StatutesRefusal::NotOpen);
}

#[test]
fn the_books_of_an_entity_are_opened_once() {
    given::<Statutes>([opened()]).when(open()).is_refused(StatutesRefusal::AlreadyOpen { entity: SMARTCOOP });
}

#[test]
fn statutes_bind_years_so_they_need_no_open_year() {
    given::<Statutes>([]).in_a_year_that_is_not_open().when(open()).then([opened()]);
}

#[test]
fn versions_of_the_statutes_follow_one_another() {
    given::<Statutes>([opened()]).when(adopt(1)).then([adopted(1)]).when(adopt(2)).then([adopted(2)]);
    given::<Statutes>([opened(), adopted(1)])
        .when(adopt(3))
        .is_refused(StatutesRefusal::VersionOutOfOrder { asked: 3, last: 1 });
    given::<Statutes>([opened(), adopted(1)])
        .when(adopt(1))
        .is_refused_saying("statutes version 1 cannot follow version 1; expected 2");
}

#[test]
fn a_parameter_takes_values_of_its_own_kind() {
    for parameter in Parameter::ALL {
        let values = [
            Value::Rate(rate("1")),
            Value::Amount(amount("2111.88")),
            Value::Count(6),
            Value::Choice(token("issue")),
        ];
        for value in values {
            let asked = given::<Statutes>([opened()]).when(publish(*parameter, value, "2025-01-01", None));
            if value.kind() == parameter.kind() {
                asked.then([published(*parameter, value, "2025-01-01", None)]);
            } else {
                asked.is_refused(StatutesRefusal::WrongKind {
                    name: parameter.name(),
                    expected: parameter.kind(),
                    found: value.kind(),
                });
            }
        }
    }
}

#[test]
fn a_parameter_that_breaks_the_arithmetic_is_refused() {
    for (parameter, value, expected) in [
        (Parameter::WageCoefficient, Value::Rate(rate("0")), "1 to 10"),
        (Parameter::WageCoefficient, Value::Rate(rate("0.99")), "1 to 10"),
        (Parameter::NssoArtistBase, Value::Rate(rate("10.01")), "1 to 10"),
        (Parameter::ContributionRate, Value::Rate(rate("-0.01")), "0 to 1"),
        (Parameter::ContributionRate, Value::Rate(rate("6.5")), "0 to 1"),
        (Parameter::WageYearlyHours, Value::Count(0), "1 to 10000"),
        (Parameter::InvoiceTermDays, Value::Count(10_001), "0 to 10000"),
        (Parameter::BudgetSpendableOn, Value::Choice(token("isue")), "issue or payment"),
    ] {
        let found = value.to_string();
        given::<Statutes>([opened()])
            .when(publish(parameter, value, "2025-01-01", None))
            .is_refused(StatutesRefusal::OutOfRange { name: parameter.name(), expected, found });
    }
}

#[test]
fn a_validity_ends_no_earlier_than_it_begins() {
    let (name, value) = (Parameter::ShareNominal, Value::Amount(amount("30.00")));
    given::<Statutes>([opened()])
        .when(publish(name, value, "2025-01-01", Some("2025-01-01")))
        .then([published(name, value, "2025-01-01", Some("2025-01-01"))]);
    given::<Statutes>([opened()]).when(publish(name, value, "2025-01-01", Some("2024-12-31"))).is_refused(
        StatutesRefusal::EndsBeforeItBegins {
            name: "share.nominal",
            valid_from: day("2025-01-01"),
            valid_to: day("2024-12-31"),
        },
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_before_its_validity_is_looked_at() {
    given::<Statutes>([opened()])
        .when(publish(Parameter::ShareNominal, Value::Count(30), "2025-01-01", Some("2024-12-31")))
        .is_refused_saying("parameter share.nominal takes a value of kind amount, found count");
}

#[test]
fn a_later_publication_prevails_for_the_days_it_names() {
    let mut parameters = Parameters::default();
    let mut publish = |from, to: Option<&str>, value| {
        let valid_to = to.map(day);
        let value = Value::Rate(rate(value));
        let published = Published { valid_from: day(from), valid_to, value };
        parameters.publish(Parameter::ContributionRate, published);
        published
    };
    publish("2017-01-01", None, "0.065");
    let exception = publish("2025-04-01", Some("2025-06-30"), "0.050");
    let on = |parameters: &Parameters, text| {
        parameters.rate(Parameter::ContributionRate, day(text)).map(|rate| rate.to_string())
    };
    assert_eq!(on(&parameters, "2025-03-31"), Ok("0.065".to_owned()));
    assert_eq!(on(&parameters, "2025-04-01"), Ok("0.050".to_owned()));
    assert_eq!(on(&parameters, "2025-06-30"), Ok("0.050".to_owned()));
    assert_eq!(on(&parameters, "2025-07-01"), Ok("0.065".to_owned()));
    parameters.withdraw(Parameter::ContributionRate, &exception);
    assert_eq!(on(&parameters, "2025-04-01"), Ok("0.065".to_owned()));
    assert_eq!(
        on(&parameters, "2016-12-31").unwrap_err().to_string(),
        "parameter contribution.rate has no value on 2016-12-31; publish one first"
    );
}

#[test]
fn a_mistyped_parameter_is_corrected_by_one_of_the_same_kind() {
    let wrong = published(Parameter::ContributionRate, Value::Rate(rate("0.56")), "2025-01-01", None);
    let right = (Parameter::ContributionRate, Value::Rate(rate("0.065")), "2025-01-01", None);
    let asked = correct(2, Some(publish(right.0, right.1, right.2, right.3)));
    given::<Statutes>([opened(), wrong.clone()])
        .with_original(2)
        .when(StatutesCommand::Correct(asked.clone()))
        .then([StatutesEvent::Corrected(Correction {
            position: Position(2),
            original: Box::new(wrong),
            original_rule: token("parameters.published@1"),
            reason: asked.reason,
            authority: asked.authority,
            replacement: Some(Box::new(published(right.0, right.1, right.2, right.3))),
        })]);
}

#[test]
fn a_replacement_obeys_the_rules_of_any_command() {
    let wrong = published(Parameter::ContributionRate, Value::Rate(rate("0.56")), "2025-01-01", None);
    let instead = publish(Parameter::ContributionRate, Value::Count(6), "2025-01-01", None);
    given::<Statutes>([opened(), wrong])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(2, Some(instead))))
        .is_refused_saying("parameter contribution.rate takes a value of kind rate, found count");
}

#[test]
fn a_replacement_is_one_event_of_the_same_kind() {
    let wrong = published(Parameter::ContributionRate, Value::Rate(rate("0.56")), "2025-01-01", None);
    let kind = "parameters.published";
    given::<Statutes>([opened(), wrong.clone()])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(2, Some(adopt(1)))))
        .is_refused(CorrectionRefused::NotOneEvent { kind });
    // Nor a correction inside a correction.
    given::<Statutes>([opened(), wrong])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(2, Some(StatutesCommand::Correct(correct(2, None))))))
        .is_refused(CorrectionRefused::NotOneEvent { kind });
}

#[test]
fn only_the_last_version_of_the_statutes_can_be_taken_back() {
    given::<Statutes>([opened(), adopted(1), adopted(2)])
        .with_original(3)
        .when(StatutesCommand::Correct(correct(3, None)))
        .accepted()
        .when(adopt(2))
        .then([adopted(2)]);
    given::<Statutes>([opened(), adopted(1), adopted(2)])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(2, None)))
        .is_refused_saying(
            "statutes.adopted cannot be taken back: a later version of the statutes follows it",
        );
}

#[test]
fn the_opening_of_the_log_cannot_be_taken_back() {
    given::<Statutes>([opened()])
        .with_original(1)
        .when(StatutesCommand::Correct(correct(1, None)))
        .is_refused(CorrectionRefused::ReliedUpon {
            kind: "log.opened",
            because: "the whole log rests upon it",
        });
}

#[test]
fn a_correction_names_an_event_of_its_own_stream_and_is_itself_final() {
    given::<Statutes>([opened(), adopted(1)])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(7, None)))
        .is_refused(CorrectionRefused::NotInStream { position: Position(7) });
    given::<Statutes>([opened(), adopted(1)])
        .with_original(2)
        .when(StatutesCommand::Correct(correct(2, None)))
        .accepted()
        .with_original(3)
        .when(StatutesCommand::Correct(correct(3, None)))
        .is_refused(CorrectionRefused::AlreadyVoid { position: Position(2) });
}

#[test]
fn a_source_is_a_short_line_without_control_characters() {
    assert!(Source::try_new("CAO 43; salairesminimums.be").is_some());
    for bad in ["", "   ", "two\nlines", &"x".repeat(201)] {
        assert_eq!(Source::try_new(bad), None, "{bad:?} must be refused");
    }
}

#[test]
fn the_stream_of_statutes_is_one() {
    assert_eq!(Statutes::stream_id(()).to_string(), "statutes statutes");
}
