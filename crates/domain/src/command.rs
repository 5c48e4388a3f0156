//! Commands as callers send them, and the refusals they may get.
//!
//! ```json
//! {"id": "018f…", "actor": "service:desk", "effective_on": "2025-03-03",
//!  "command": "unit.declare_contract", "stream": "0190…", "body": {"contract": "0191…", …}}
//! ```
//!
//! Parsing answers with the field, what was found and what would be right; a command that parses
//! can still be refused by a rule, but never for its form.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::correction::CorrectionRefused;
use crate::dates::{Day, Year};
use crate::envelope::{Position, StreamId};
use crate::filing::{FilingCommand, FilingId, FilingRefusal};
use crate::grant::{GrantCommand, GrantRefusal};
use crate::ids::{CommandId, GrantId, LoanId, MemberId, UnitId};
use crate::joint::{
    CreditInvoice, IssueFinalInvoice, IssueInvoice, JointCommand, TransferBudget, TransferShares,
};
use crate::loan::{LoanCommand, LoanRefusal};
use crate::member::{MemberCommand, MemberRefusal};
use crate::series::SeriesRefusal;
use crate::statutes::{StatutesCommand, StatutesRefusal};
use crate::stream::Refusal;
use crate::structure::{StructureCommand, StructureRefusal};
use crate::text::Actor;
use crate::unit::{UnitCommand, UnitRefusal};
use crate::year::{YearCommand, YearRefusal};

/// A command: who asks what, effective when.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Makes it happen once only.
    pub id: CommandId,
    /// Who acts.
    pub actor: Actor,
    /// The day on which it is to take effect.
    pub effective_on: Day,
    /// What is asked, of which stream.
    pub request: Request,
}

/// What is asked, of which stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Of the statutes.
    Statutes(StatutesCommand),
    /// Of a fiscal year.
    Year(Year, YearCommand),
    /// Of a member.
    Member(MemberId, MemberCommand),
    /// Of a production unit.
    Unit(UnitId, UnitCommand),
    /// Of a loan.
    Loan(LoanId, LoanCommand),
    /// Of a grant.
    Grant(GrantId, GrantCommand),
    /// Of the structure of a year.
    Structure(Year, StructureCommand),
    /// Of a return of a period.
    Filing(FilingId, FilingCommand),
    /// Of several streams.
    Joint(JointCommand),
}

/// A rule said no.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// A rule of the statutes.
    #[error(transparent)]
    Statutes(#[from] StatutesRefusal),
    /// A rule of fiscal years.
    #[error(transparent)]
    Year(#[from] YearRefusal),
    /// A rule of membership.
    #[error(transparent)]
    Member(#[from] MemberRefusal),
    /// A rule of production units.
    #[error(transparent)]
    Unit(#[from] UnitRefusal),
    /// A rule of numbering series.
    #[error(transparent)]
    Series(#[from] SeriesRefusal),
    /// A rule of loans.
    #[error(transparent)]
    Loan(#[from] LoanRefusal),
    /// A rule of grants.
    #[error(transparent)]
    Grant(#[from] GrantRefusal),
    /// A rule of the structure.
    #[error(transparent)]
    Structure(#[from] StructureRefusal),
    /// A rule of filings.
    #[error(transparent)]
    Filing(#[from] FilingRefusal),
    /// The command's id was accepted before with other content or from another actor.
    #[error("command {id} was accepted before at position {position} with other content")]
    OtherContent {
        /// The id.
        id: CommandId,
        /// Position of the first event of the accepted command.
        position: Position,
    },
    /// An id or document stands in the log already.
    #[error("this {what} stands in the log already, at position {position}")]
    AlreadyInLog {
        /// What it is.
        what: &'static str,
        /// Where.
        position: Position,
    },
    /// A correction names a position that holds nothing of this stream.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

impl Refused {
    /// Stable code of the rule that said no.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Statutes(refusal) => refusal.code(),
            Self::Year(refusal) => refusal.code(),
            Self::Member(refusal) => refusal.code(),
            Self::Unit(refusal) => refusal.code(),
            Self::Series(refusal) => refusal.code(),
            Self::Loan(refusal) => refusal.code(),
            Self::Grant(refusal) => refusal.code(),
            Self::Structure(refusal) => refusal.code(),
            Self::Filing(refusal) => refusal.code(),
            Self::OtherContent { .. } => "command.other_content",
            Self::AlreadyInLog { .. } => "command.already_in_log",
            Self::Correction(refused) => refused.code(),
        }
    }
}

/// A text is no command: which field, what was found, what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Malformed {
    /// Path of the field, such as `body.days[0].hours`; `command` for the whole.
    pub field: String,
    /// What was found and what would be right.
    pub problem: String,
}

impl Malformed {
    /// Stable code of the refusal.
    pub const CODE: &'static str = "command.malformed";
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer<'a> {
    id: CommandId,
    actor: Actor,
    effective_on: Day,
    command: String,
    #[serde(default)]
    stream: Option<String>,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl Command {
    /// Reads a command from JSON text.
    pub fn parse(json: &str) -> Result<Self, Malformed> {
        let outer: Outer<'_> = parse_at("", json)?;
        let (family, name) = outer.command.split_once('.').unwrap_or((&outer.command, ""));
        let body = outer.body.get();
        let stream = outer.stream.as_deref();
        let request = match (family, name) {
            ("statutes", _) => Request::Statutes(parse_variant(&outer.command, name, body)?),
            ("year", _) => {
                Request::Year(stream_key("year", stream)?, parse_variant(&outer.command, name, body)?)
            }
            ("member", "transfer_shares") => {
                let command: TransferShares = parse_at("body.", body)?;
                Request::Joint(JointCommand::TransferShares(stream_key("member", stream)?, command))
            }
            ("member", _) => {
                Request::Member(stream_key("member", stream)?, parse_variant(&outer.command, name, body)?)
            }
            ("unit", "issue_invoice") => {
                let command: IssueInvoice = parse_at("body.", body)?;
                Request::Joint(JointCommand::IssueInvoice(stream_key("unit", stream)?, command))
            }
            ("unit", "invoice_deposit") => {
                let command: IssueInvoice = parse_at("body.", body)?;
                Request::Joint(JointCommand::InvoiceDeposit(stream_key("unit", stream)?, command))
            }
            ("unit", "issue_final_invoice") => {
                let command: IssueFinalInvoice = parse_at("body.", body)?;
                Request::Joint(JointCommand::IssueFinalInvoice(stream_key("unit", stream)?, command))
            }
            ("unit", "credit_invoice") => {
                let command: CreditInvoice = parse_at("body.", body)?;
                Request::Joint(JointCommand::CreditInvoice(stream_key("unit", stream)?, command))
            }
            ("unit", "transfer_budget") => {
                let command: TransferBudget = parse_at("body.", body)?;
                Request::Joint(JointCommand::TransferBudget(stream_key("unit", stream)?, command))
            }
            ("unit", _) => {
                Request::Unit(stream_key("unit", stream)?, parse_variant(&outer.command, name, body)?)
            }
            ("loan", _) => {
                Request::Loan(stream_key("loan", stream)?, parse_variant(&outer.command, name, body)?)
            }
            ("grant", _) => {
                Request::Grant(stream_key("grant", stream)?, parse_variant(&outer.command, name, body)?)
            }
            ("structure", _) => Request::Structure(
                stream_key("structure", stream)?,
                parse_variant(&outer.command, name, body)?,
            ),
            ("filing", _) => {
                Request::Filing(stream_key("filing", stream)?, parse_variant(&outer.command, name, body)?)
            }
            _ => {
                let families =
                    "statutes.…, year.…, member.…, unit.…, loan.…, grant.…, structure.… or filing.…";
                return Err(unknown_command(&outer.command, families));
            }
        };
        Ok(Self { id: outer.id, actor: outer.actor, effective_on: outer.effective_on, request })
    }

    /// The command as one line of JSON, which [`Command::parse`] reads back.
    pub fn to_json(&self) -> String {
        let (name, stream, body) = self.request.parts();
        let stream = stream.map_or(String::new(), |key| format!("\"stream\":\"{key}\","));
        format!(
            "{{\"id\":\"{}\",\"actor\":\"{}\",\"effective_on\":\"{}\",\"command\":\"{name}\",{stream}\"body\":{body}}}",
            self.id, self.actor, self.effective_on
        )
    }

    /// The bytes that must be the same when a command id comes again: all but the id and the actor.
    pub fn content(&self) -> Vec<u8> {
        let (name, stream, body) = self.request.parts();
        format!("{}\n{name}\n{}\n{body}", self.effective_on, stream.unwrap_or_default()).into_bytes()
    }
}

impl Request {
    /// The command's public name, the stream's key and the body as JSON.
    fn parts(&self) -> (String, Option<String>, String) {
        match self {
            Self::Statutes(command) => tagged("statutes", None, command),
            Self::Year(year, command) => tagged("year", Some(year.to_string()), command),
            Self::Member(id, command) => tagged("member", Some(id.to_string()), command),
            Self::Unit(id, command) => tagged("unit", Some(id.to_string()), command),
            Self::Loan(id, command) => tagged("loan", Some(id.to_string()), command),
            Self::Grant(id, command) => tagged("grant", Some(id.to_string()), command),
            Self::Structure(year, command) => tagged("structure", Some(year.to_string()), command),
            Self::Filing(id, command) => tagged("filing", Some(id.to_string()), command),
            Self::Joint(JointCommand::IssueInvoice(id, command)) => {
                ("unit.issue_invoice".to_owned(), Some(id.to_string()), json(command))
            }
            Self::Joint(JointCommand::InvoiceDeposit(id, command)) => {
                ("unit.invoice_deposit".to_owned(), Some(id.to_string()), json(command))
            }
            Self::Joint(JointCommand::IssueFinalInvoice(id, command)) => {
                ("unit.issue_final_invoice".to_owned(), Some(id.to_string()), json(command))
            }
            Self::Joint(JointCommand::CreditInvoice(id, command)) => {
                ("unit.credit_invoice".to_owned(), Some(id.to_string()), json(command))
            }
            Self::Joint(JointCommand::TransferShares(id, command)) => {
                ("member.transfer_shares".to_owned(), Some(id.to_string()), json(command))
            }
            Self::Joint(JointCommand::TransferBudget(id, command)) => {
                ("unit.transfer_budget".to_owned(), Some(id.to_string()), json(command))
            }
        }
    }

    /// The command's public name, such as `unit.remind_client`.
    pub fn name(&self) -> String {
        self.parts().0
    }

    /// The stream that is asked first; a joint command names the one in its public name.
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Statutes(_) => StreamId::Statutes,
            Self::Year(year, _) => StreamId::Year(*year),
            Self::Structure(year, _) => StreamId::Structure(*year),
            Self::Filing(id, _) => StreamId::Filing(*id),
            Self::Member(id, _) | Self::Joint(JointCommand::TransferShares(id, _)) => StreamId::Member(*id),
            Self::Unit(id, _)
            | Self::Joint(
                JointCommand::IssueInvoice(id, _)
                | JointCommand::InvoiceDeposit(id, _)
                | JointCommand::IssueFinalInvoice(id, _)
                | JointCommand::CreditInvoice(id, _)
                | JointCommand::TransferBudget(id, _),
            ) => StreamId::Unit(*id),
            Self::Loan(id, _) => StreamId::Loan(*id),
            Self::Grant(id, _) => StreamId::Grant(*id),
        }
    }
}

fn json<T: Serialize>(command: &T) -> String {
    serde_json::to_string(command).expect("commands have only text keys")
}

/// Splits an externally tagged `{"name":body}` into its two parts.
fn tagged<T: Serialize>(family: &str, key: Option<String>, command: &T) -> (String, Option<String>, String) {
    let text = json(command);
    let inner = &text[1..text.len() - 1];
    let (name, body) = inner.split_once(':').expect("commands are externally tagged");
    (format!("{family}.{}", name.trim_matches('"')), key, body.to_owned())
}

fn parse_variant<T: DeserializeOwned>(command: &str, name: &str, body: &str) -> Result<T, Malformed> {
    let tagged = format!("{{{}:{body}}}", serde_json::Value::from(name));
    parse_at::<T>(name, &tagged).map_err(|malformed| {
        let at_the_name = name.is_empty() || malformed.field.trim_end_matches('.') == name;
        if malformed.problem.starts_with("unknown variant") && at_the_name {
            let alone = malformed.problem.split_once("expected one of ").map_or("", |(_, names)| names);
            let (family, _) = command.split_once('.').unwrap_or((command, ""));
            let jointly = match family {
                "unit" => ", `issue_invoice`, `invoice_deposit`, `issue_final_invoice`, `credit_invoice`, `transfer_budget`",
                "member" => ", `transfer_shares`",
                _ => "",
            };
            return unknown_command(command, &format!("{alone}{jointly}"));
        }
        malformed
    })
}

/// Parses and names the field at fault; `prefix` is the variant's name, shown as `body`.
fn parse_at<'a, T: Deserialize<'a>>(prefix: &str, text: &'a str) -> Result<T, Malformed> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        // A path that ends in the dark is named as far as it is known.
        let path = if path == "?" { "." } else { path.trim_end_matches(".?") };
        let inside = path.strip_prefix(prefix).map(|rest| rest.trim_start_matches('.'));
        let field = match (prefix, inside) {
            ("", _) if path == "." => "command".to_owned(),
            ("", _) => path.to_owned(),
            ("body.", _) => format!("body.{path}").trim_end_matches('.').to_owned(),
            (_, Some("")) => "body".to_owned(),
            (_, Some(rest)) => format!("body.{rest}"),
            (_, None) => prefix.to_owned(),
        };
        let problem = error.into_inner().to_string();
        let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(said, _)| said);
        Malformed { field, problem: problem.to_owned() }
    })?;
    deserializer.end().map_err(|_| Malformed {
        field: "command".to_owned(),
        problem: "expected one JSON object, found more text after it".to_owned(),
    })?;
    Ok(parsed)
}

fn unknown_command(found: &str, expected: &str) -> Malformed {
    Malformed {
        field: "command".to_owned(),
        problem: format!("unknown command {found:?}, expected one of {expected}"),
    }
}

fn stream_key<T: StreamKey>(family: &str, key: Option<&str>) -> Result<T, Malformed> {
    let malformed = |problem: String| Malformed { field: "stream".to_owned(), problem };
    let key = key.ok_or_else(|| malformed(format!("missing; a {family} command names its {family}")))?;
    T::from_key(key).ok_or_else(|| malformed(format!("expected {}, found {key:?}", T::EXPECTED)))
}

trait StreamKey: Sized {
    const EXPECTED: &'static str;
    fn from_key(key: &str) -> Option<Self>;
}

impl StreamKey for Year {
    const EXPECTED: &'static str = "a year such as \"2025\"";
    fn from_key(key: &str) -> Option<Self> {
        match StreamId::parse("year", key)? {
            StreamId::Year(year) => Some(year),
            _ => None,
        }
    }
}

macro_rules! parsed_keys {
    ($($id:ident: $expected:literal;)*) => {$(
        impl StreamKey for $id {
            const EXPECTED: &'static str = $expected;
            fn from_key(key: &str) -> Option<Self> {
                key.parse().ok()
            }
        }
    )*};
}

parsed_keys! {
    MemberId: "a member's id (a UUID)";
    UnitId: "a unit's id (a UUID)";
    LoanId: "a loan's id (a UUID)";
    GrantId: "a grant's id (a UUID)";
    FilingId: "a return and its period such as \"vat-2025-03\"";
}
