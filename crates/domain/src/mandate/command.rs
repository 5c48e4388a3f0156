//! What may be asked of a mandate, and which rules can say no.

use serde::{Deserialize, Serialize};

use super::event::{AppointedBy, MandateKind};
use crate::correction::{Correct, CorrectionRefused};
use crate::dates::{Day, Year};
use crate::evidence::Evidence;
use crate::ids::{BoardMeetingId, MandateId, MeetingId, PersonId};
use crate::kinds::refusal_codes;
use crate::meeting::ItemNumber;
use crate::member::Category;
use crate::money::{Amount, Balance};
use crate::parameters::NoParameter;
use crate::stream::YearNotOpen;
use crate::text::ReasonCode;

/// What may be asked of a mandate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum MandateCommand {
    /// Stand for election at a general meeting.
    ProposeCandidate {
        person: PersonId,
        kind: MandateKind,
        meeting: MeetingId,
        item: ItemNumber,
        evidence: Evidence,
    },
    /// Appoint, from the day of effect; until an earlier day than the statutes' when one is asked.
    GrantMandate {
        person: PersonId,
        kind: MandateKind,
        appointed: AppointedBy,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
        evidence: Evidence,
    },
    /// Appoint for another term.
    RenewMandate { appointed: AppointedBy, evidence: Evidence },
    /// End it before its term.
    EndMandate { reason: ReasonCode, evidence: Evidence },
    /// Declare an interest in what the board is to decide.
    DeclareConflict {
        board: BoardMeetingId,
        item: ItemNumber,
        nature: ReasonCode,
        effect: Balance,
        evidence: Evidence,
    },
    /// Record that the general meeting allowed an allowance for a year.
    VoteAllowance { meeting: MeetingId, item: ItemNumber, year: Year },
    /// Pay a part of it.
    PayAllowance { year: Year, amount: Amount, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<MandateCommand>),
}

/// Where an item of a board stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardItemState {
    /// On no agenda.
    #[default]
    NotOnAgenda,
    /// To be decided.
    Open,
    /// Decided.
    Decided,
}

/// What a mandate's rules ask about other streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MandateKnown {
    /// The category in which the person is a member on the day.
    pub category: Option<Category>,
    /// Most mandates of the kind, this one apart, that are in force on one day from then on.
    pub seated: u32,
    /// A seat on the board that the person has by another mandate from then on.
    pub sits_already: Option<MandateId>,
    /// Whether the meeting or the board that the command names appointed the person.
    pub is_appointed: bool,
    /// What the item that a candidacy names elects, while that is not decided.
    pub election: Option<MandateKind>,
    /// What the item that the command names allows each director, when it was adopted.
    pub allowance: Option<Amount>,
    /// Where the board's item that a declaration names stands.
    pub board_item: BoardItemState,
}

/// Which rules of mandates can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum MandateRefusal {
    /// A mandate is one person's.
    #[error("this mandate is for person {person}, of another kind or already")]
    Taken { person: PersonId },
    /// One stands for what is elected.
    #[error("item {item} does not elect a {kind}, or did so already")]
    NoElection { item: ItemNumber, kind: MandateKind },
    /// A mandate is granted once.
    #[error("this mandate runs from {from} to {until} already")]
    GrantedAlready { from: Day, until: Day },
    /// Source: DOMAIN A4 (12 users + 6 staff and partners).
    #[error("the seat is for members in category {expected:?}; person {person} is in {found:?}")]
    OtherCategory { person: PersonId, expected: Category, found: Option<Category> },
    /// Source: KB 8-01-1962 art. 1 (directors are appointed by the general meeting).
    #[error("a {kind} is appointed by {expected}, not under item {item}")]
    OtherAppointer { kind: MandateKind, item: ItemNumber, expected: &'static str },
    /// Nobody sits whom nobody appointed.
    #[error("person {person} was not appointed under item {item}")]
    NotAppointed { person: PersonId, item: ItemNumber },
    /// One person, one seat.
    #[error("person {person} has a seat by mandate {mandate} already")]
    SitsAlready { person: PersonId, mandate: MandateId },
    /// Source: DOMAIN E12.
    #[error("{seated} of the {seats} seats of kind {kind} are taken")]
    NoSeatLeft { kind: MandateKind, seated: u32, seats: u32 },
    /// Source: the statutes, by parameter.
    #[error("a term of {years} years from {from} ends by {most}, not on {until}")]
    TermOutOfRange { from: Day, until: Day, most: Day, years: u32 },
    /// A term ends on a day that the calendar has.
    #[error("a term of {years} years from {from} ends after 2199")]
    BeyondCalendar { from: Day, years: u32 },
    /// Nothing rests upon a mandate that nobody has.
    #[error("this mandate was not granted")]
    NotGranted,
    /// A mandate over is over.
    #[error("the mandate of person {person} from {from} to {until} is not in force on {on}")]
    NotInForce { person: PersonId, from: Day, until: Day, on: Day },
    /// Only directors sit on the board.
    #[error("person {person} is a {kind}, not a director")]
    NotADirector { person: PersonId, kind: MandateKind },
    /// A conflict is about something that is to be decided.
    #[error("item {item} is not on the agenda of that board meeting")]
    NoBoardItem { item: ItemNumber },
    /// A conflict is declared before the decision. Source: WVV 6:64.
    #[error("item {item} is decided already; a conflict is declared before")]
    DecidedAlready { item: ItemNumber },
    /// A conflict is declared once.
    #[error("a conflict on item {item} is declared already")]
    DeclaredAlready { item: ItemNumber },
    /// Source: KB 28-06-2019 art. 6 §1 (unpaid, save what the meeting voted).
    #[error("item {item} is no allowance that the meeting adopted")]
    NotAllowed { item: ItemNumber },
    /// What was voted for a year is voted once.
    #[error("an allowance of {voted} was voted for {year} already")]
    VotedAlready { year: Year, voted: Balance },
    /// Source: KB 28-06-2019 art. 6 §1; DOMAIN F4 (6).
    #[error("{amount} for {year} is more than the {voted} that the meeting voted, of which {paid} was paid")]
    AboveVoted { amount: Amount, year: Year, voted: Balance, paid: Balance },
    /// A parameter is missing.
    #[error(transparent)]
    NoParameter(#[from] NoParameter),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(MandateRefusal {
    Taken = "mandate.taken",
    NoElection = "mandate.no_election",
    GrantedAlready = "mandate.granted_already",
    OtherCategory = "mandate.other_category",
    OtherAppointer = "mandate.other_appointer",
    NotAppointed = "mandate.not_appointed",
    SitsAlready = "mandate.sits_already",
    NoSeatLeft = "mandate.no_seat_left",
    TermOutOfRange = "mandate.term_out_of_range",
    BeyondCalendar = "mandate.beyond_calendar",
    NotGranted = "mandate.not_granted",
    NotInForce = "mandate.not_in_force",
    NotADirector = "mandate.not_a_director",
    NoBoardItem = "mandate.no_board_item",
    DecidedAlready = "mandate.decided_already",
    DeclaredAlready = "mandate.declared_already",
    NotAllowed = "mandate.not_allowed",
    VotedAlready = "mandate.voted_already",
    AboveVoted = "mandate.above_voted",
    NoParameter = "parameter.missing",
});
