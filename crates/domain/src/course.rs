//! Courses: training that a unit gives, validated before it is invoiced without VAT.
//!
//! One stream per course, from its programme to its withdrawal. Only what was validated is exempt: an
//! invoice for exempt training cites its course, and the writer tells the unit whether the course
//! stands validated on the day. A course that was invoiced is not unmade: it is withdrawn from a later
//! day on. A validated course may be listed in the catalogue, where clients enquire about it.
//! Left out: what is taught and who attends, which are documents; another course replaces a refused one.
//! Source: WBTW art. 44 §2 4° \[R\]; DOMAIN A1 (F17), A4 (training, catalogue), E30, F3.

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Claimed, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::{ClientId, CourseId, EnquiryId, PersonId, UnitId};
use crate::kinds::{kinds, refusal_codes};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::ReasonCode;

/// One course.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// The unit that gives it, once it was submitted.
    unit: Option<UnitId>,
    refused: bool,
    valid_from: Option<Day>,
    listed: bool,
    withdrawn_from: Option<Day>,
    enquiries: u32,
}

/// Whether and when a course stands validated, as seen from the unit that invoices it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CourseStanding {
    /// Whether it is a course of that unit.
    pub is_given_here: bool,
    /// First day on which it is exempt training.
    pub valid_from: Option<Day>,
    /// First day on which it is given no more.
    pub withdrawn_from: Option<Day>,
}

/// What can have happened to a course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum CourseEvent {
    /// A holder submitted the programme of a course that the unit wants to give.
    #[serde(rename = "course.submitted")]
    Submitted { unit: UnitId, holder: PersonId, evidence: Evidence },
    /// The programme is training in the sense of the exemption, from this day on.
    #[serde(rename = "course.validated")]
    Validated { unit: UnitId, from: Day, evidence: Evidence },
    /// The programme is no such training.
    #[serde(rename = "course.refused")]
    Refused { unit: UnitId, reason: ReasonCode },
    /// The course stands in the catalogue.
    #[serde(rename = "course.listed")]
    Listed { unit: UnitId },
    /// The course is given no more, from this day on.
    #[serde(rename = "course.withdrawn")]
    Withdrawn { unit: UnitId, from: Day, reason: ReasonCode },
    /// A client asked about a listed course.
    #[serde(rename = "enquiry.received")]
    EnquiryReceived { enquiry: EnquiryId, unit: UnitId, client: ClientId, participants: u32 },
    /// An earlier event was wrong.
    #[serde(rename = "course.corrected")]
    Corrected(Correction<CourseEvent>),
}

kinds!(CourseEvent {
    Submitted = "course.submitted" v 1,
    Validated = "course.validated" v 1,
    Refused = "course.refused" v 1,
    Listed = "course.listed" v 1,
    Withdrawn = "course.withdrawn" v 1,
    EnquiryReceived = "enquiry.received" v 1,
    Corrected = "course.corrected" v 1,
});

/// What may be asked of a course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum CourseCommand {
    /// Submit the programme of a course.
    SubmitCourse { unit: UnitId, holder: PersonId, evidence: Evidence },
    /// Say that it is training in the sense of the exemption.
    ValidateCourse { evidence: Evidence },
    /// Say that it is not.
    RefuseCourse { reason: ReasonCode },
    /// Put it into the catalogue.
    ListCourse {},
    /// Give it no more.
    WithdrawCourse { reason: ReasonCode },
    /// Record what a client asks about it, and for how many participants.
    ReceiveEnquiry { enquiry: EnquiryId, client: ClientId, participants: u32 },
    /// Correct an earlier event.
    Correct(Correct<CourseCommand>),
}

/// What a course's rules ask about the unit that gives it and about invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CourseKnown {
    /// Whether the unit is open and the person who submits holds it.
    pub is_held: bool,
    /// What was invoiced as this course.
    pub invoiced: CourseInvoiced,
}

/// The exempt invoices that cite a course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseInvoiced {
    /// How many there are.
    pub n_invoices: u32,
    /// The day of the latest.
    pub last_on: Option<Day>,
}

/// Which rules of courses can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum CourseRefusal {
    /// The step does not follow from where the course stands.
    #[error("the course is {found}; this needs one that is {expected}")]
    WrongStage { found: &'static str, expected: &'static str },
    /// Only a holder offers what a unit gives.
    #[error("person {holder} holds no open unit {unit} and cannot submit a course for it")]
    NotHeld { unit: UnitId, holder: PersonId },
    /// What was invoiced without VAT stays validated on its day. Source: DOMAIN E30.
    #[error(
        "{n_invoices} exempt invoices up to {last_on} rest upon the course; it cannot end on {effective_on}"
    )]
    InvoicedUpon { n_invoices: u32, last_on: Day, effective_on: Day },
    /// Nobody enquires for nobody.
    #[error("expected an enquiry for at least one participant, found 0")]
    NoParticipants,
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(CourseRefusal {
    WrongStage = "course.wrong_stage",
    NotHeld = "course.not_held",
    InvoicedUpon = "course.invoiced_upon",
    NoParticipants = "course.no_participants",
});

impl StreamEvent for CourseEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::EnquiryReceived { enquiry, .. } => {
                vec![Claim { what: Claimed::Enquiry, key: *enquiry.uuid().as_bytes() }]
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Submitted { .. }
            | Self::Validated { .. }
            | Self::Refused { .. }
            | Self::Listed { .. }
            | Self::Withdrawn { .. } => Vec::new(),
        }
    }
}

impl Stream for Course {
    const TYPE: &'static str = "course";
    const STATE_VERSION: u16 = 1;
    type Id = CourseId;
    type Command = CourseCommand;
    type Event = CourseEvent;
    type Refusal = CourseRefusal;
    type Known = CourseKnown;

    fn stream_id(id: CourseId) -> StreamId {
        StreamId::Course(id)
    }

    fn decide(
        &self,
        id: CourseId,
        command: &CourseCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<CourseEvent>, CourseRefusal> {
        let from = facts.effective_on;
        let event = match command {
            CourseCommand::SubmitCourse { unit, holder, evidence } => {
                self.require(Stage::NotSubmitted)?;
                let (unit, holder, evidence) = (*unit, *holder, *evidence);
                if !facts.known.is_held {
                    return Err(CourseRefusal::NotHeld { unit, holder });
                }
                CourseEvent::Submitted { unit, holder, evidence }
            }
            CourseCommand::ValidateCourse { evidence } => {
                self.require(Stage::Submitted)?;
                CourseEvent::Validated { unit: self.known_unit(), from, evidence: *evidence }
            }
            CourseCommand::RefuseCourse { reason } => {
                self.require(Stage::Submitted)?;
                CourseEvent::Refused { unit: self.known_unit(), reason: *reason }
            }
            CourseCommand::ListCourse {} => {
                self.require(Stage::Validated)?;
                CourseEvent::Listed { unit: self.known_unit() }
            }
            CourseCommand::WithdrawCourse { reason } => {
                // A listed course is a validated one.
                if self.stage() != Stage::Listed {
                    self.require(Stage::Validated)?;
                }
                if facts.known.invoiced.last_on.is_some_and(|last_on| from <= last_on) {
                    return Err(facts.known.invoiced.forbids_end(from));
                }
                CourseEvent::Withdrawn { unit: self.known_unit(), from, reason: *reason }
            }
            CourseCommand::ReceiveEnquiry { enquiry, client, participants } => {
                self.require(Stage::Listed)?;
                let (enquiry, client, participants) = (*enquiry, *client, *participants);
                if participants == 0 {
                    return Err(CourseRefusal::NoParticipants);
                }
                CourseEvent::EnquiryReceived { enquiry, unit: self.known_unit(), client, participants }
            }
            CourseCommand::Correct(correct) => {
                let original = facts.original.as_ref().map(|original| &original.event);
                let validated = matches!(original, Some(CourseEvent::Validated { .. }));
                if validated && facts.known.invoiced.n_invoices > 0 {
                    return Err(facts.known.invoiced.forbids_end(from));
                }
                return decide_correction(self, id, correct, facts);
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &CourseEvent) {
        match event {
            CourseEvent::Submitted { unit, .. } => self.unit = Some(*unit),
            CourseEvent::Validated { from, .. } => self.valid_from = Some(*from),
            CourseEvent::Refused { .. } => self.refused = true,
            CourseEvent::Listed { .. } => self.listed = true,
            CourseEvent::Withdrawn { from, .. } => self.withdrawn_from = Some(*from),
            CourseEvent::EnquiryReceived { .. } => self.enquiries += 1,
            CourseEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &CourseEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            CourseEvent::Submitted { .. } => {
                if self.stage() != Stage::Submitted {
                    return relied_upon("it was validated or refused since");
                }
                self.unit = None;
            }
            CourseEvent::Validated { .. } => {
                if self.stage() != Stage::Validated {
                    return relied_upon("the course was listed or withdrawn since");
                }
                self.valid_from = None;
            }
            CourseEvent::Refused { .. } => self.refused = false,
            CourseEvent::Listed { .. } => {
                if self.stage() != Stage::Listed || self.enquiries > 0 {
                    return relied_upon("clients enquired since, or the course was withdrawn");
                }
                self.listed = false;
            }
            CourseEvent::Withdrawn { .. } => self.withdrawn_from = None,
            CourseEvent::EnquiryReceived { .. } => self.enquiries = self.enquiries.saturating_sub(1),
            CourseEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<CourseEvent>) -> CourseEvent {
        CourseEvent::Corrected(correction)
    }
}

/// Where a course stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    NotSubmitted,
    Submitted,
    Refused,
    Validated,
    Listed,
    Withdrawn,
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::NotSubmitted => "not submitted",
            Self::Submitted => "submitted",
            Self::Refused => "refused",
            Self::Validated => "validated",
            Self::Listed => "listed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Course {
    /// Whether and when it stands validated, for a unit that invoices it.
    pub fn standing(&self, unit: UnitId) -> CourseStanding {
        CourseStanding {
            is_given_here: self.unit == Some(unit),
            valid_from: self.valid_from,
            withdrawn_from: self.withdrawn_from,
        }
    }

    fn stage(&self) -> Stage {
        match self {
            Self { unit: None, .. } => Stage::NotSubmitted,
            Self { refused: true, .. } => Stage::Refused,
            Self { valid_from: None, .. } => Stage::Submitted,
            Self { withdrawn_from: Some(_), .. } => Stage::Withdrawn,
            Self { listed: true, .. } => Stage::Listed,
            Self { .. } => Stage::Validated,
        }
    }

    fn require(&self, expected: Stage) -> Result<(), CourseRefusal> {
        let found = self.stage();
        if found == expected {
            return Ok(());
        }
        Err(CourseRefusal::WrongStage { found: found.word(), expected: expected.word() })
    }

    fn known_unit(&self) -> UnitId {
        self.unit.expect("only a course that was submitted gets this far")
    }
}

impl CourseInvoiced {
    fn forbids_end(self, effective_on: Day) -> CourseRefusal {
        let last_on = self.last_on.expect("what was invoiced has a last day");
        CourseRefusal::InvoicedUpon { n_invoices: self.n_invoices, last_on, effective_on }
    }
}

impl CourseStanding {
    /// What keeps an invoice of a day from citing it; nothing when it is validated here on that day.
    pub fn unfit_on(&self, day: Day) -> Option<&'static str> {
        match (self.is_given_here, self.valid_from, self.withdrawn_from) {
            (false, _, _) => Some("not a course of this unit"),
            (true, None, _) => Some("not validated"),
            (true, Some(from), _) if day < from => Some("not validated yet"),
            (true, Some(_), Some(withdrawn)) if withdrawn <= day => Some("withdrawn"),
            (true, Some(_), _) => None,
        }
    }
}
