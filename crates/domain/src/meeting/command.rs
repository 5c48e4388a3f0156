//! What may be asked of a general meeting, and which rules can say no.

use serde::{Deserialize, Serialize};

use super::agenda::{Channel, Choice, Item, ItemNumber, MeetingKind, Presence, Tally};
use super::roll::Voter;
use crate::correction::{Correct, CorrectionRefused};
use crate::dates::Day;
use crate::envelope::Position;
use crate::evidence::{Digest, Evidence};
use crate::ids::{MeetingId, PersonId};
use crate::kinds::refusal_codes;
use crate::parameters::NoParameter;
use crate::stream::YearNotOpen;

/// What may be asked of a general meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum MeetingCommand {
    /// Call the members to meet.
    ConveneMeeting {
        kind: MeetingKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second_of: Option<MeetingId>,
        held_on: Day,
        record_on: Day,
        channel: Channel,
        agenda: Vec<Item>,
        evidence: Evidence,
    },
    /// Settle who may vote: the list with this digest, computed as known at a position.
    SealRoll { known_at: Position, digest: Digest },
    /// Give somebody a member's vote.
    GiveProxy { giver: PersonId, holder: PersonId, evidence: Evidence },
    /// Take the vote back.
    RevokeProxy { giver: PersonId, evidence: Evidence },
    /// Record that somebody takes part.
    RecordAttendance { person: PersonId, presence: Presence },
    /// Begin.
    OpenMeeting { chair: PersonId, secretary: PersonId, scrutineers: Vec<PersonId> },
    /// Vote in the open.
    CastVote { item: ItemNumber, voter: PersonId, by: PersonId, choice: Choice },
    /// Vote in secret.
    CastBallot { item: ItemNumber, voter: PersonId, by: PersonId },
    /// Record what the scrutineers counted.
    RecordTally { item: ItemNumber, tally: Tally, scrutineers: Vec<PersonId>, evidence: Evidence },
    /// Count the votes on an item and say what became of it.
    DecideItem { item: ItemNumber },
    /// End.
    CloseMeeting {},
    /// Sign the minutes.
    SignMinutes { signers: Vec<PersonId>, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<MeetingCommand>),
}

/// What a meeting's rules ask about other streams.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeetingKnown {
    /// The roll of the meeting's record date, for a command that seals it; of nobody otherwise.
    pub roll: RollKnown,
    /// The entry in the sealed roll of whom the command is about: giver, voter or who attends.
    pub voter: Option<Voter>,
    /// Who stands for election under the item that the command names.
    pub candidates: Vec<PersonId>,
    /// The items for which the meeting that the command names lacked the quorum.
    pub without_quorum: Vec<Item>,
}

/// The roll as the writer computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollKnown {
    /// SHA-256 of the list of voters.
    pub digest: Digest,
    /// Voters who work through the cooperative.
    pub users: u32,
    /// Voters who are staff, clients or partners.
    pub partners: u32,
    /// All shares in issue.
    pub shares_issued: u64,
    /// Position of the last event that it rests on.
    pub changed_at: Position,
}

impl Default for RollKnown {
    fn default() -> Self {
        let digest = Digest([0; 32]);
        Self { digest, users: 0, partners: 0, shares_issued: 0, changed_at: Position(0) }
    }
}

/// Which rules of general meetings can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum MeetingRefusal {
    /// A meeting is called once.
    #[error("this meeting was convened already, for {held_on}")]
    AlreadyConvened { held_on: Day },
    /// Nothing happens at a meeting to which nobody was called.
    #[error("this meeting was not convened")]
    NotConvened,
    /// Source: WVV 6:70; the statutes' own notice prevails.
    #[error("{days} days from {convened_on} to the meeting of {held_on} are fewer than the {min} of notice")]
    NoticeTooShort { convened_on: Day, held_on: Day, days: i32, min: u32 },
    /// Whoever votes was a member before the meeting began.
    #[error("the record date {record_on} lies after the meeting of {held_on}")]
    RecordAfterMeeting { record_on: Day, held_on: Day },
    /// A meeting has something to decide.
    #[error("expected at least 1 item on the agenda, found 0")]
    NoAgenda,
    /// Each item has a number of its own.
    #[error("item {item} stands twice on the agenda")]
    ItemTwice { item: ItemNumber },
    /// Statutes are changed at an extraordinary meeting. Source: WVV 6:85, 6:86.
    #[error("item {item} changes the statutes; expected an extraordinary meeting, found {found}")]
    NeedsExtraordinary { item: ItemNumber, found: &'static str },
    /// A second meeting decides what the first could not. Source: WVV 6:85.
    #[error("item {item} is none for which meeting {first} lacked the quorum")]
    NotOfFirstMeeting { item: ItemNumber, first: MeetingId },
    /// A roll is sealed once.
    #[error("the roll was sealed already, as known at position {known_at}")]
    RollAlreadySealed { known_at: Position },
    /// The record date must have passed to be known.
    #[error("the roll of {record_on} cannot be sealed on {effective_on} already")]
    BeforeRecordDate { record_on: Day, effective_on: Day },
    /// The list was computed before the register changed. Source: DESIGN 3.
    #[error("the roll was computed as known at position {known_at}; the register changed at {changed_at}")]
    RollMovedOn { known_at: Position, changed_at: Position },
    /// The list is not the register's.
    #[error(
        "the list of voters has digest {stated}; the register has {users} users and {partners} partners with digest {found}"
    )]
    RollDiffers { stated: Digest, found: Digest, users: u32, partners: u32 },
    /// Nobody gives a proxy or attends before it is settled who may vote.
    #[error("the roll of this meeting is not sealed")]
    RollNotSealed,
    /// Source: DOMAIN E6; statutes art. 37 (one member, one vote).
    #[error("person {person} is not on the roll of {record_on}")]
    NotOnRoll { person: PersonId, record_on: Day },
    /// A proxy goes to somebody else.
    #[error("person {person} cannot be the person's own proxy")]
    ProxyToSelf { person: PersonId },
    /// A member has one vote to give.
    #[error("person {giver} gave the vote to {holder} already")]
    ProxyGivenAlready { giver: PersonId, holder: PersonId },
    /// Source: WVV 6:80; the statutes say how many.
    #[error("person {holder} holds {held} proxies; at most {max} are allowed")]
    TooManyProxies { holder: PersonId, held: u32, max: u32 },
    /// Nothing is taken back that was not given.
    #[error("person {giver} gave no proxy")]
    NoProxy { giver: PersonId },
    /// Votes are counted as represented once the meeting has begun.
    #[error("proxies are given and taken back before the meeting begins")]
    TooLateForProxies,
    /// Attendance is recorded once.
    #[error("person {person} attends already")]
    PresentAlready { person: PersonId },
    /// Whoever gave the vote away takes it back before attending.
    #[error("the vote of person {person} is represented by {holder}; take the proxy back before the meeting")]
    Represented { person: PersonId, holder: PersonId },
    /// One attends as the call says.
    #[error("one attends this meeting {expected}, not {found}")]
    OtherChannel { found: &'static str, expected: &'static str },
    /// A meeting begins once.
    #[error("the meeting began already")]
    AlreadyOpened,
    /// A meeting begins on its day.
    #[error("the meeting was convened for {held_on}; it cannot begin on {effective_on}")]
    OtherDay { held_on: Day, effective_on: Day },
    /// Somebody must be there.
    #[error("no vote is represented")]
    NobodyRepresented,
    /// Nothing is voted before the meeting begins.
    #[error("the meeting did not begin")]
    NotOpened,
    /// Nothing is voted after the meeting ended.
    #[error("the meeting is closed")]
    Closed,
    /// Source: WVV 6:70; DOMAIN E10.
    #[error("item {item} is not on the agenda of {items} items")]
    NotOnAgenda { item: ItemNumber, items: usize },
    /// What is decided stays decided.
    #[error("item {item} is decided already")]
    Decided { item: ItemNumber },
    /// Source: WVV 6:85, 6:86; DOMAIN E9.
    #[error(
        "item {item} needs {needed} of the {issued} issued shares represented, found {represented}; \
         a second meeting needs none"
    )]
    NoQuorum { item: ItemNumber, needed: u64, issued: u64, represented: u64 },
    /// A vote is open or secret, not both.
    #[error("item {item} is voted on {expected}, not {found}")]
    OtherBallot { item: ItemNumber, found: &'static str, expected: &'static str },
    /// Nobody votes who does not take part.
    #[error("person {person} does not attend")]
    NotPresent { person: PersonId },
    /// Nobody casts another's vote without proxy.
    #[error("person {by} holds no proxy of {voter}")]
    NotTheProxy { by: PersonId, voter: PersonId },
    /// Source: DOMAIN E6.
    #[error("the vote of person {voter} on item {item} was cast already")]
    VotedAlready { voter: PersonId, item: ItemNumber },
    /// Source: KB 28-06-2019 art. 6 §1; DOMAIN E7, F5 21.
    #[error(
        "person {by} would cast {votes} votes on item {item}; with {represented} represented nobody casts more than {cap}"
    )]
    AboveTenth { by: PersonId, item: ItemNumber, votes: u32, represented: u32, cap: u32 },
    /// One votes for candidates in an election, and for, against or neither otherwise.
    #[error("item {item} is {expected}, which the vote does not fit")]
    WrongChoice { item: ItemNumber, expected: &'static str },
    /// One votes for those who stand.
    #[error("person {person} is no candidate under item {item}")]
    NotACandidate { person: PersonId, item: ItemNumber },
    /// A candidate is named once.
    #[error("person {person} is named twice under item {item}")]
    NamedTwice { person: PersonId, item: ItemNumber },
    /// One votes for as many as there are seats.
    #[error("{chosen} candidates are named under item {item}, which fills {seats} seats")]
    TooManyChosen { item: ItemNumber, chosen: usize, seats: u32 },
    /// A secret vote is counted before it is decided.
    #[error("the scrutineers have not counted item {item}")]
    NotTallied { item: ItemNumber },
    /// A secret vote is counted once.
    #[error("the scrutineers counted item {item} already")]
    TalliedAlready { item: ItemNumber },
    /// There are no more papers than voters.
    #[error("{tallied} votes are tallied under item {item}, where {voters} voted")]
    TallyAboveVoters { item: ItemNumber, tallied: u64, voters: u32 },
    /// Whoever counts was named when the meeting began.
    #[error("person {person} is no scrutineer of this meeting")]
    NotAScrutineer { person: PersonId },
    /// Somebody counts, and somebody signs.
    #[error("expected at least 1 {what}, found 0")]
    Nobody { what: &'static str },
    /// Minutes tell the whole meeting.
    #[error("the minutes are signed when the meeting is closed")]
    NotClosed,
    /// Minutes are signed once.
    #[error("the minutes are signed already")]
    SignedAlready,
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

refusal_codes!(MeetingRefusal {
    AlreadyConvened = "meeting.already_convened",
    NotConvened = "meeting.not_convened",
    NoticeTooShort = "meeting.notice_too_short",
    RecordAfterMeeting = "meeting.record_after_meeting",
    NoAgenda = "meeting.no_agenda",
    ItemTwice = "meeting.item_twice",
    NeedsExtraordinary = "meeting.needs_extraordinary",
    NotOfFirstMeeting = "meeting.not_of_first_meeting",
    RollAlreadySealed = "meeting.roll_already_sealed",
    BeforeRecordDate = "meeting.before_record_date",
    RollMovedOn = "meeting.roll_moved_on",
    RollDiffers = "meeting.roll_differs",
    RollNotSealed = "meeting.roll_not_sealed",
    NotOnRoll = "meeting.not_on_roll",
    ProxyToSelf = "meeting.proxy_to_self",
    ProxyGivenAlready = "meeting.proxy_given_already",
    TooManyProxies = "meeting.too_many_proxies",
    NoProxy = "meeting.no_proxy",
    TooLateForProxies = "meeting.too_late_for_proxies",
    PresentAlready = "meeting.present_already",
    Represented = "meeting.represented",
    OtherChannel = "meeting.other_channel",
    AlreadyOpened = "meeting.already_opened",
    OtherDay = "meeting.other_day",
    NobodyRepresented = "meeting.nobody_represented",
    NotOpened = "meeting.not_opened",
    Closed = "meeting.closed",
    NotOnAgenda = "meeting.not_on_agenda",
    Decided = "meeting.decided",
    NoQuorum = "meeting.no_quorum",
    OtherBallot = "meeting.other_ballot",
    NotPresent = "meeting.not_present",
    NotTheProxy = "meeting.not_the_proxy",
    VotedAlready = "meeting.voted_already",
    AboveTenth = "meeting.above_tenth",
    WrongChoice = "meeting.wrong_choice",
    NotACandidate = "meeting.not_a_candidate",
    NamedTwice = "meeting.named_twice",
    TooManyChosen = "meeting.too_many_chosen",
    NotTallied = "meeting.not_tallied",
    TalliedAlready = "meeting.tallied_already",
    TallyAboveVoters = "meeting.tally_above_voters",
    NotAScrutineer = "meeting.not_a_scrutineer",
    Nobody = "meeting.nobody",
    NotClosed = "meeting.not_closed",
    SignedAlready = "meeting.signed_already",
    NoParameter = "parameter.missing",
});

impl MeetingCommand {
    /// Whose entry in the roll the rules ask.
    pub fn asks_voter(&self) -> Option<PersonId> {
        match self {
            Self::GiveProxy { giver, .. } | Self::RevokeProxy { giver, .. } => Some(*giver),
            Self::RecordAttendance { person, .. } => Some(*person),
            Self::CastVote { voter, .. } | Self::CastBallot { voter, .. } => Some(*voter),
            Self::Correct(correct) => correct.replacement.as_deref().and_then(Self::asks_voter),
            _ => None,
        }
    }

    /// Under which item the rules ask who stands for election.
    pub fn asks_candidates(&self) -> Option<ItemNumber> {
        match self {
            Self::CastVote { item, .. } | Self::RecordTally { item, .. } | Self::DecideItem { item } => {
                Some(*item)
            }
            Self::Correct(correct) => correct.replacement.as_deref().and_then(Self::asks_candidates),
            _ => None,
        }
    }

    /// Which meeting's missing quorum the rules ask.
    pub fn asks_first_meeting(&self) -> Option<MeetingId> {
        match self {
            Self::ConveneMeeting { second_of, .. } => *second_of,
            Self::Correct(correct) => correct.replacement.as_deref().and_then(Self::asks_first_meeting),
            _ => None,
        }
    }

    /// Whether the rules ask for the roll as a whole.
    pub fn asks_roll(&self) -> bool {
        match self {
            Self::SealRoll { .. } => true,
            Self::Correct(correct) => correct.replacement.as_deref().is_some_and(Self::asks_roll),
            _ => false,
        }
    }
}
