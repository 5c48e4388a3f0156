//! The statutes and the parameters that hold under them.
//!
//! One stream per log. Its first event says whose books these are and whether they are synthetic;
//! after that it records each version of the statutes and each legal or commercial parameter with
//! its validity and its source, and the codes that free kinds may have. A later publication prevails
//! over an earlier one for the days it names, so history is never edited.
//! Left out: the text of the statutes, which is a document cited by digest.
//! Source: DOMAIN C1; statutes of the cooperative; WVV 6:85.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::EntityId;
use crate::kinds::{kinds, refusal_codes};
use crate::money::TextVisitor;
use crate::parameters::{CodeList, Parameter, Value};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{Code, Token};

/// The longest source of a parameter, in bytes.
pub const SOURCE_BYTES_MAX: usize = 200;

/// Where a parameter's value comes from: an article, a page, a decision. Published, so no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Source(String);

/// Which statutes hold, and that the log was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statutes {
    entity: Option<EntityId>,
    synthetic: bool,
    version: u32,
}

/// What can have happened to the statutes and parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum StatutesEvent {
    /// The books of an entity were opened; the first event of every log.
    #[serde(rename = "log.opened")]
    LogOpened { entity: EntityId, currency: Token<3>, synthetic: bool },
    /// The general meeting adopted a version of the statutes.
    #[serde(rename = "statutes.adopted")]
    Adopted { version: u32, evidence: Evidence },
    /// A parameter got a value for a period.
    #[serde(rename = "parameters.published")]
    ParameterPublished {
        name: Parameter,
        value: Value,
        valid_from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_to: Option<Day>,
        source: Source,
        verified: bool,
    },
    /// A list of codes got one more, for a period.
    #[serde(rename = "code.published")]
    CodePublished {
        list: CodeList,
        code: Code,
        valid_from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_to: Option<Day>,
        source: Source,
    },
    /// An earlier event was wrong.
    #[serde(rename = "statutes.corrected")]
    Corrected(Correction<StatutesEvent>),
}

kinds!(StatutesEvent {
    LogOpened = "log.opened" v 1,
    Adopted = "statutes.adopted" v 1,
    ParameterPublished = "parameters.published" v 1,
    CodePublished = "code.published" v 1,
    Corrected = "statutes.corrected" v 1,
});

/// What may be asked of the statutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum StatutesCommand {
    /// Open the books of an entity.
    OpenLog { entity: EntityId, currency: Token<3>, synthetic: bool },
    /// Record the next version of the statutes.
    AdoptStatutes { version: u32, evidence: Evidence },
    /// Give a parameter a value for a period.
    PublishParameter {
        name: Parameter,
        value: Value,
        valid_from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_to: Option<Day>,
        source: Source,
        verified: bool,
    },
    /// Add a code to a list, for a period.
    PublishCode {
        list: CodeList,
        code: Code,
        valid_from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_to: Option<Day>,
        source: Source,
    },
    /// Correct an earlier event.
    Correct(Correct<StatutesCommand>),
}

/// Which rules of the statutes can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum StatutesRefusal {
    /// The log has its first event already.
    #[error("the books of {entity} are already open")]
    AlreadyOpen { entity: EntityId },
    /// Nothing may come before the first event.
    #[error("the books are not open yet; the first command of a log is statutes.open_log")]
    NotOpen,
    /// Versions of the statutes follow one another.
    #[error("statutes version {asked} cannot follow version {last}; expected {}", last + 1)]
    VersionOutOfOrder { asked: u32, last: u32 },
    /// A parameter has one kind of value.
    #[error("parameter {name} takes a value of kind {expected}, found {found}")]
    WrongKind { name: &'static str, expected: &'static str, found: &'static str },
    /// A value that the arithmetic could not bear.
    #[error("parameter {name} takes {expected}, found {found}")]
    OutOfRange { name: &'static str, expected: &'static str, found: String },
    /// A period ends no earlier than it begins.
    #[error("the validity of {name} would end on {valid_to}, before it begins on {valid_from}")]
    EndsBeforeItBegins { name: &'static str, valid_from: Day, valid_to: Day },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(StatutesRefusal {
    AlreadyOpen = "statutes.already_open",
    NotOpen = "statutes.not_open",
    VersionOutOfOrder = "statutes.version_out_of_order",
    WrongKind = "statutes.wrong_kind",
    OutOfRange = "statutes.out_of_range",
    EndsBeforeItBegins = "statutes.ends_before_it_begins",
});

impl StreamEvent for StatutesEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::LogOpened { .. }
            | Self::Adopted { .. }
            | Self::ParameterPublished { .. }
            | Self::CodePublished { .. } => Vec::new(),
        }
    }
}

impl Stream for Statutes {
    const TYPE: &'static str = "statutes";
    const STATE_VERSION: u16 = 1;
    const BOUND_TO_OPEN_YEAR: bool = false;
    type Id = ();
    type Command = StatutesCommand;
    type Event = StatutesEvent;
    type Refusal = StatutesRefusal;
    type Known = ();

    fn stream_id((): ()) -> StreamId {
        StreamId::Statutes
    }

    fn decide(
        &self,
        id: (),
        command: &StatutesCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<StatutesEvent>, StatutesRefusal> {
        match command {
            StatutesCommand::OpenLog { entity, currency, synthetic } => {
                if let Some(entity) = self.entity {
                    return Err(StatutesRefusal::AlreadyOpen { entity });
                }
                Ok(vec![StatutesEvent::LogOpened {
                    entity: *entity,
                    currency: *currency,
                    synthetic: *synthetic,
                }])
            }
            _ if self.entity.is_none() => Err(StatutesRefusal::NotOpen),
            StatutesCommand::AdoptStatutes { version, evidence } => {
                if *version != self.version + 1 {
                    return Err(StatutesRefusal::VersionOutOfOrder { asked: *version, last: self.version });
                }
                Ok(vec![StatutesEvent::Adopted { version: *version, evidence: *evidence }])
            }
            StatutesCommand::PublishParameter { name, value, valid_from, valid_to, source, verified } => {
                if value.kind() != name.kind() {
                    return Err(StatutesRefusal::WrongKind {
                        name: name.name(),
                        expected: name.kind(),
                        found: value.kind(),
                    });
                }
                if let Some(expected) = name.range_missed_by(value) {
                    let (name, found) = (name.name(), value.to_string());
                    return Err(StatutesRefusal::OutOfRange { name, expected, found });
                }
                ends_after_it_begins(name.name(), *valid_from, *valid_to)?;
                Ok(vec![StatutesEvent::ParameterPublished {
                    name: *name,
                    value: *value,
                    valid_from: *valid_from,
                    valid_to: *valid_to,
                    source: source.clone(),
                    verified: *verified,
                }])
            }
            StatutesCommand::PublishCode { list, code, valid_from, valid_to, source } => {
                ends_after_it_begins(list.name(), *valid_from, *valid_to)?;
                Ok(vec![StatutesEvent::CodePublished {
                    list: *list,
                    code: *code,
                    valid_from: *valid_from,
                    valid_to: *valid_to,
                    source: source.clone(),
                }])
            }
            StatutesCommand::Correct(correct) => decide_correction(self, id, correct, facts),
        }
    }

    fn evolve(&mut self, event: &StatutesEvent) {
        match event {
            StatutesEvent::LogOpened { entity, synthetic, .. } => {
                self.entity = Some(*entity);
                self.synthetic = *synthetic;
            }
            StatutesEvent::Adopted { version, .. } => self.version = *version,
            StatutesEvent::ParameterPublished { .. } | StatutesEvent::CodePublished { .. } => {}
            StatutesEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &StatutesEvent) -> Result<(), CorrectionRefused> {
        let relied_upon = |because| CorrectionRefused::ReliedUpon { kind: original.kind().name, because };
        match original {
            StatutesEvent::LogOpened { .. } => Err(relied_upon("the whole log rests upon it")),
            StatutesEvent::Adopted { version, .. } if *version != self.version => {
                Err(relied_upon("a later version of the statutes follows it"))
            }
            StatutesEvent::Adopted { .. } => {
                self.version -= 1;
                Ok(())
            }
            StatutesEvent::ParameterPublished { .. } | StatutesEvent::CodePublished { .. } => Ok(()),
            StatutesEvent::Corrected(correction) => {
                Err(CorrectionRefused::AlreadyVoid { position: correction.position })
            }
        }
    }

    fn corrected(correction: Correction<StatutesEvent>) -> StatutesEvent {
        StatutesEvent::Corrected(correction)
    }
}

fn ends_after_it_begins(
    name: &'static str,
    valid_from: Day,
    valid_to: Option<Day>,
) -> Result<(), StatutesRefusal> {
    match valid_to.filter(|to| *to < valid_from) {
        Some(valid_to) => Err(StatutesRefusal::EndsBeforeItBegins { name, valid_from, valid_to }),
        None => Ok(()),
    }
}

impl Source {
    /// The source with this text; `None` when it is empty, too long or holds control characters.
    pub fn try_new(text: &str) -> Option<Self> {
        let fits = !text.trim().is_empty() && text.len() <= SOURCE_BYTES_MAX;
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "a source of at most 200 bytes",
            parse: |text| {
                Self::try_new(text).ok_or_else(|| {
                    format!("expected a source of 1 to {SOURCE_BYTES_MAX} bytes, found {text:?}")
                })
            },
        })
    }
}
