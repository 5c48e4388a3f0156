//! Members taking part: groups, recommendations, elected bodies, cases of ethics.
//!
//! One stream per thing, named by its kind and id, such as `group-0190…`. A recommendation goes its
//! way from a group to the board and the general meeting: made, debated, answered by the board, voted
//! on, carried out. The board validates it, amends it, or rejects it with a reason; what it rejects goes
//! no further, and what the meeting votes down is not carried out. Board and meeting are cited by the
//! ids of decision and resolution.
//! Left out: who takes part in a group, who raised a case; the texts, which are documents.
//!
//! ```text
//! event.rs     what can have happened        group.rs           groups and their meetings
//! command.rs   what may be asked, refused    recommendation.rs  the way of a recommendation
//! mod.rs       keys, state, decide, fold     bodies.rs          elected bodies, cases of ethics
//! ```
//!
//! Source: case study of the governance model; special report on 2025; DOMAIN A1 (F24, F29–F31), A4.

mod bodies;
mod command;
mod event;
mod group;
mod recommendation;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use command::{ParticipationCommand, ParticipationRefusal};
pub use event::{Opinion, ParticipationEvent};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::envelope::StreamId;
use crate::ids::{BodyId, EthicsCaseId, GroupId, RecommendationId};
use crate::money::TextVisitor;
use crate::stream::{Facts, Stream, StreamEvent};
use bodies::{Body, EthicsCase};
use group::Group;
use recommendation::Recommendation;

/// One thing in which members take part, written `group-…`, `recommendation-…`, `body-…` or
/// `ethics_case-…` with its id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParticipationId {
    /// A group.
    Group(GroupId),
    /// A recommendation.
    Recommendation(RecommendationId),
    /// An elected body.
    Body(BodyId),
    /// A case before the ethics committee.
    EthicsCase(EthicsCaseId),
}

/// What the rules of participation ask about other streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParticipationKnown {
    /// Whether the group that a command names was opened; open or closed by now.
    pub group_is_known: bool,
}

/// One thing in which members take part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Participation {
    what: Option<What>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum What {
    Group(Group),
    Recommendation(Recommendation),
    Body(Body),
    EthicsCase(EthicsCase),
}

impl Stream for Participation {
    const TYPE: &'static str = "participation";
    const STATE_VERSION: u16 = 1;
    type Id = ParticipationId;
    type Command = ParticipationCommand;
    type Event = ParticipationEvent;
    type Refusal = ParticipationRefusal;
    type Known = ParticipationKnown;

    fn stream_id(id: ParticipationId) -> StreamId {
        StreamId::Participation(id)
    }

    fn decide(
        &self,
        id: ParticipationId,
        command: &ParticipationCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<ParticipationEvent>, ParticipationRefusal> {
        if let ParticipationCommand::Correct(correct) = command {
            return decide_correction(self, id, correct, facts);
        }
        let expected = command.asks_of();
        if id.word() != expected {
            return Err(ParticipationRefusal::OtherThing { id, expected });
        }
        let begins = command.begins();
        if begins && self.what.is_some() {
            return Err(ParticipationRefusal::BegunAlready { id });
        }
        let event = match &self.what {
            None => self.begin(id, command, facts)?,
            Some(What::Group(group)) => group.decide(id, command)?,
            Some(What::Recommendation(recommendation)) => recommendation.decide(id, command, facts)?,
            Some(What::Body(_)) => bodies::of_body(command, facts)?,
            Some(What::EthicsCase(case)) => case.decide(id, command)?,
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &ParticipationEvent) {
        use ParticipationEvent as E;
        match event {
            E::GroupOpened { kind, .. } => self.what = Some(What::Group(Group::opened(*kind))),
            E::RecommendationMade { .. } => {
                self.what = Some(What::Recommendation(Recommendation::default()));
            }
            E::EthicsCaseOpened { .. } => self.what = Some(What::EthicsCase(EthicsCase::default())),
            E::BodyElected { .. } if self.what.is_none() => self.what = Some(What::Body(Body::elected())),
            E::Corrected(correction) => evolve_correction(self, correction),
            later => match self.what.as_mut().expect("what goes on has begun") {
                What::Group(group) => group.evolve(later),
                What::Recommendation(recommendation) => recommendation.evolve(later),
                What::Body(body) => body.evolve(later),
                What::EthicsCase(case) => case.evolve(later),
            },
        }
    }

    fn void(&mut self, original: &ParticipationEvent) -> Result<(), CorrectionRefused> {
        if let ParticipationEvent::Corrected(correction) = original {
            return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
        }
        let stands = match &mut self.what {
            None => Err(TAKEN_BACK),
            Some(What::Group(group)) => group.void(original),
            Some(What::Recommendation(recommendation)) => recommendation.void(original),
            Some(What::Body(body)) => body.void(original),
            Some(What::EthicsCase(case)) => case.void(original),
        };
        match stands {
            Err(because) => Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because }),
            Ok(StillThere(true)) => Ok(()),
            Ok(StillThere(false)) => {
                self.what = None;
                Ok(())
            }
        }
    }

    fn corrected(correction: Correction<ParticipationEvent>) -> ParticipationEvent {
        ParticipationEvent::Corrected(correction)
    }
}

/// Whether anything is left once an event is void.
struct StillThere(bool);

/// Why what is void already cannot be taken back.
const TAKEN_BACK: &str = "it was taken back before";

/// One thing less of a kind.
fn one_less(n: u32) -> Result<u32, &'static str> {
    n.checked_sub(1).ok_or(TAKEN_BACK)
}

impl Participation {
    /// Whether it is a group that was opened.
    pub fn is_group(&self) -> bool {
        matches!(self.what, Some(What::Group(_)))
    }

    fn begin(
        &self,
        id: ParticipationId,
        command: &ParticipationCommand,
        facts: &Facts<Self>,
    ) -> Result<ParticipationEvent, ParticipationRefusal> {
        match command {
            ParticipationCommand::OpenGroup { kind, topic } => group::open(*kind, *topic, facts),
            ParticipationCommand::MakeRecommendation { group, topic, text } => {
                recommendation::make(*group, *topic, *text, facts)
            }
            ParticipationCommand::ElectBody { .. } => bodies::of_body(command, facts),
            ParticipationCommand::OpenEthicsCase { topic, request } => {
                bodies::open_case(*topic, *request, facts)
            }
            _ => Err(ParticipationRefusal::NotBegun { id }),
        }
    }
}

impl ParticipationId {
    /// The word for it, as in its key.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Group(_) => "group",
            Self::Recommendation(_) => "recommendation",
            Self::Body(_) => "body",
            Self::EthicsCase(_) => "ethics_case",
        }
    }
}

impl fmt::Display for ParticipationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word();
        match self {
            Self::Group(id) => write!(f, "{word}-{id}"),
            Self::Recommendation(id) => write!(f, "{word}-{id}"),
            Self::Body(id) => write!(f, "{word}-{id}"),
            Self::EthicsCase(id) => write!(f, "{word}-{id}"),
        }
    }
}

impl fmt::Debug for ParticipationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ParticipationId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('-').and_then(|(word, id)| match word {
            "group" => id.parse().ok().map(Self::Group),
            "recommendation" => id.parse().ok().map(Self::Recommendation),
            "body" => id.parse().ok().map(Self::Body),
            "ethics_case" => id.parse().ok().map(Self::EthicsCase),
            _ => None,
        });
        parsed.ok_or_else(|| {
            format!("expected group-, recommendation-, body- or ethics_case- and an id, found {text:?}")
        })
    }
}

impl Serialize for ParticipationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ParticipationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "group-, recommendation-, body- or ethics_case- and an id",
            parse: str::parse,
        })
    }
}
