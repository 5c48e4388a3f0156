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
use crate::dates::Day;
use crate::envelope::{Position, StreamId, StreamKey};
use crate::ids::CommandId;
use crate::joint::{
    CreditInvoice, IssueFinalInvoice, IssueInvoice, JointCommand, TransferBudget, TransferShares,
};
use crate::member::Member;
use crate::series::SeriesRefusal;
use crate::statutes::{Statutes, StatutesCommand, StatutesRefusal};
use crate::stream::{Refusal, Stream};
use crate::text::Actor;
use crate::unit::Unit;

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

macro_rules! requests {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// What is asked, of which stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request {
            /// Of the statutes.
            Statutes(StatutesCommand),
            $(
                $(#[$doc])*
                $stream(<crate::$module::$state as Stream>::Id, <crate::$module::$state as Stream>::Command),
            )*
            /// Of several streams.
            Joint(JointCommand),
        }

        impl Request {
            /// Reads a command of one stream; nothing when no stream has this family of commands.
            fn parse(family: &str, (command, name): (&str, &str), stream: Option<&str>, body: &str)
                -> Result<Option<Self>, Malformed>
            {
                if family == Statutes::TYPE {
                    return Ok(Some(Self::Statutes(parse_variant(command, name, body)?)));
                }
                $(if family == <crate::$module::$state as Stream>::TYPE {
                    let key = stream_key(family, stream)?;
                    return Ok(Some(Self::$stream(key, parse_variant(command, name, body)?)));
                })*
                Ok(None)
            }

            /// The families of commands, for the caller who sent another.
            const FAMILIES: &'static [&'static str] =
                &[Statutes::TYPE, $(<crate::$module::$state as Stream>::TYPE),*];

            /// The command's public name, the stream's key and the body as JSON.
            fn parts(&self) -> (String, Option<String>, String) {
                match self {
                    Self::Statutes(command) => tagged(Statutes::TYPE, None, command),
                    $(Self::$stream(id, command) => {
                        tagged(<crate::$module::$state as Stream>::TYPE, Some(id.to_string()), command)
                    })*
                    Self::Joint(command) => {
                        let (name, stream, body) = command.parts();
                        (format!("{}.{name}", stream.aggregate_type()), Some(stream.aggregate_id()), body)
                    }
                }
            }

            /// The stream that is asked first; a joint command names the one in its public name.
            pub fn stream(&self) -> StreamId {
                match self {
                    Self::Statutes(_) => StreamId::Statutes,
                    $(Self::$stream(id, _) => StreamId::$stream(*id),)*
                    Self::Joint(command) => command.parts().1,
                }
            }
        }

        /// A rule said no.
        #[derive(Clone, Debug, PartialEq, thiserror::Error)]
        pub enum Refused {
            /// Of the statutes.
            #[error(transparent)]
            Statutes(#[from] StatutesRefusal),
            /// Of a numbering series.
            #[error(transparent)]
            Series(#[from] SeriesRefusal),
            $(
                $(#[$doc])*
                #[error(transparent)]
                $stream(#[from] <crate::$module::$state as Stream>::Refusal),
            )*
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
                    Self::Series(refusal) => refusal.code(),
                    $(Self::$stream(refusal) => refusal.code(),)*
                    Self::OtherContent { .. } => "command.other_content",
                    Self::AlreadyInLog { .. } => "command.already_in_log",
                    Self::Correction(refused) => refused.code(),
                }
            }
        }
    };
}
crate::for_each_stream! { requests }

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
        let request = match JointCommand::parse(family, name, stream, body)? {
            Some(joint) => Request::Joint(joint),
            None => Request::parse(family, (&outer.command, name), stream, body)?
                .ok_or_else(|| unknown_command(&outer.command, &families()))?,
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
    /// The command's public name, such as `unit.remind_client`.
    pub fn name(&self) -> String {
        self.parts().0
    }
}

macro_rules! joint_commands {
    ($($name:literal = $variant:ident($body:ty) of $stream:ident;)*) => {
        impl JointCommand {
            /// Reads a command of several streams; nothing when none has this name.
            fn parse(family: &str, name: &str, stream: Option<&str>, body: &str)
                -> Result<Option<Self>, Malformed>
            {
                $(if (family, name) == (<$stream as Stream>::TYPE, $name) {
                    let command: $body = parse_at("body.", body)?;
                    return Ok(Some(Self::$variant(stream_key(family, stream)?, command)));
                })*
                Ok(None)
            }

            /// The body of each, as a schema.
            #[cfg(feature = "schema")]
            pub(crate) fn shapes() -> Vec<crate::schema::Shape> {
                vec![$(crate::schema::body_of::<$body>(<$stream as Stream>::TYPE, $name)),*]
            }

            /// The name within its family, the stream that is asked first, and the body as JSON.
            fn parts(&self) -> (&'static str, StreamId, String) {
                match self {
                    $(Self::$variant(id, command) => ($name, $stream::stream_id(*id), json(command)),)*
                }
            }

            /// The names within a family, each as `, `name``.
            fn names(family: &str) -> String {
                let all = [$((<$stream as Stream>::TYPE, $name)),*];
                let names = all.iter().filter(|(of, _)| *of == family);
                names.map(|(_, name)| format!(", `{name}`")).collect()
            }
        }
    };
}
joint_commands! {
    "issue_invoice" = IssueInvoice(IssueInvoice) of Unit;
    "invoice_deposit" = InvoiceDeposit(IssueInvoice) of Unit;
    "issue_final_invoice" = IssueFinalInvoice(IssueFinalInvoice) of Unit;
    "credit_invoice" = CreditInvoice(CreditInvoice) of Unit;
    "transfer_budget" = TransferBudget(TransferBudget) of Unit;
    "transfer_shares" = TransferShares(TransferShares) of Member;
}

/// The families of commands in a sentence.
fn families() -> String {
    let (last, others) = Request::FAMILIES.split_last().expect("there are families of commands");
    let others: Vec<String> = others.iter().map(|family| format!("{family}.…")).collect();
    format!("{} or {last}.…", others.join(", "))
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
            let jointly = JointCommand::names(family);
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
