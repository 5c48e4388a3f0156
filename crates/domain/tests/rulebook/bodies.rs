//! Generated commands of general meetings, mandates and boards, and what each is answered.

use domain::board::{BoardCommand, BoardItem, BoardKnown};
use domain::evidence::Digest;
use domain::ids::*;
use domain::mandate::{AppointedBy, BoardItemState, MandateCommand, MandateKind, MandateKnown};
use domain::meeting::{
    Ballot, CandidateVotes, Channel, Choice, Item, ItemKind, ItemNumber, MeetingCommand, MeetingKind,
    MeetingKnown, Presence, RollKnown, Tally, Voter, Votes,
};
use domain::member::Category;
use domain::{Day, Position, Year};
use proptest::prelude::*;

use crate::commands::{all_days, amounts, balances, corrections, is_answered, papers, uuids, words};
use crate::{fixtures, mandate, meeting, stories};

/// Persons that the stories know, and others.
fn persons() -> impl Strategy<Value = PersonId> {
    let known = [fixtures::ALICE, fixtures::CAROL, meeting::voter(1), meeting::voter(2), meeting::voter(3)];
    prop_oneof![
        1 => uuids().prop_map(PersonId::new),
        3 => proptest::sample::select(known.to_vec()),
    ]
}

fn several() -> impl Strategy<Value = Vec<PersonId>> {
    proptest::collection::vec(persons(), 0..3)
}

fn items() -> impl Strategy<Value = ItemNumber> {
    prop_oneof![3 => 1_u8..6, 1 => 1_u8..=64].prop_map(|n| ItemNumber::try_new(n).expect("in range"))
}

fn digests() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn kinds() -> impl Strategy<Value = MandateKind> {
    proptest::sample::select(&MandateKind::ALL)
}

fn agenda() -> impl Strategy<Value = Vec<Item>> {
    let kind = prop_oneof![
        Just(ItemKind::Ordinary),
        Just(ItemKind::Accounts),
        Just(ItemKind::Discharge),
        Just(ItemKind::Statutes),
        amounts().prop_map(|amount| ItemKind::Allowance { amount }),
        digests().prop_map(|report| ItemKind::Object { report }),
        (kinds(), any::<u32>()).prop_map(|(mandate, seats)| ItemKind::Election { mandate, seats }),
    ];
    let ballot = prop_oneof![Just(Ballot::Open), Just(Ballot::Secret)];
    let item = (items(), kind, ballot, digests()).prop_map(|(number, kind, ballot, text)| Item {
        number,
        kind,
        ballot,
        text,
    });
    proptest::collection::vec(item, 0..4)
}

fn tallies() -> impl Strategy<Value = Tally> {
    let few = || prop_oneof![4 => 0_u32..3, 1 => any::<u32>()];
    let votes = (few(), few(), few()).prop_map(|(in_favour, against, abstained)| Votes {
        in_favour,
        against,
        abstained,
    });
    let candidate = (persons(), few()).prop_map(|(candidate, votes)| CandidateVotes { candidate, votes });
    prop_oneof![
        (votes, few()).prop_map(|(votes, invalid)| Tally::Resolution { votes, invalid }),
        (proptest::collection::vec(candidate, 0..3), few(), few())
            .prop_map(|(votes, abstained, invalid)| Tally::Election { votes, abstained, invalid }),
    ]
}

pub fn of_meeting() -> BoxedStrategy<MeetingCommand> {
    use MeetingCommand as C;
    let kind =
        proptest::sample::select(&[MeetingKind::Ordinary, MeetingKind::Special, MeetingKind::Extraordinary]);
    let channel = proptest::sample::select(&[Channel::InPerson, Channel::Remote, Channel::Hybrid]);
    let presence = prop_oneof![Just(Presence::InPerson), Just(Presence::Remote)];
    let choice = prop_oneof![
        Just(Choice::InFavour),
        Just(Choice::Against),
        Just(Choice::Abstain),
        several().prop_map(Choice::Elect),
    ];
    let second = proptest::option::of(uuids().prop_map(MeetingId::new));
    let alone = prop_oneof![
        ((kind, second, all_days(), all_days()), (channel, agenda(), papers())).prop_map(
            |((kind, second_of, held_on, record_on), (channel, agenda, evidence))| C::ConveneMeeting {
                kind,
                second_of,
                held_on,
                record_on,
                channel,
                agenda,
                evidence
            }
        ),
        (any::<u64>(), digests())
            .prop_map(|(known_at, digest)| C::SealRoll { known_at: Position(known_at), digest }),
        (persons(), persons(), papers()).prop_map(|(giver, holder, evidence)| C::GiveProxy {
            giver,
            holder,
            evidence
        }),
        (persons(), papers()).prop_map(|(giver, evidence)| C::RevokeProxy { giver, evidence }),
        (persons(), presence).prop_map(|(person, presence)| C::RecordAttendance { person, presence }),
        (persons(), persons(), several()).prop_map(|(chair, secretary, scrutineers)| C::OpenMeeting {
            chair,
            secretary,
            scrutineers
        }),
        (items(), persons(), persons(), choice).prop_map(|(item, voter, by, choice)| C::CastVote {
            item,
            voter,
            by,
            choice
        }),
        (items(), persons(), persons()).prop_map(|(item, voter, by)| C::CastBallot { item, voter, by }),
        (items(), tallies(), several(), papers()).prop_map(|(item, tally, scrutineers, evidence)| {
            C::RecordTally { item, tally, scrutineers, evidence }
        }),
        items().prop_map(|item| C::DecideItem { item }),
        Just(C::CloseMeeting {}),
        (several(), papers()).prop_map(|(signers, evidence)| C::SignMinutes { signers, evidence }),
    ]
    .boxed();
    prop_oneof![6 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

pub fn of_mandate() -> BoxedStrategy<MandateCommand> {
    use MandateCommand as C;
    let appointed = || {
        prop_oneof![
            (uuids(), items())
                .prop_map(|(id, item)| AppointedBy::Meeting { meeting: MeetingId::new(id), item }),
            (uuids(), items())
                .prop_map(|(id, item)| AppointedBy::Board { board: BoardMeetingId::new(id), item }),
            Just(AppointedBy::Before {}),
        ]
    };
    let meetings = || uuids().prop_map(MeetingId::new);
    let years = || (1900_u16..2200).prop_map(Year::new);
    let alone = prop_oneof![
        (persons(), kinds(), meetings(), items(), papers()).prop_map(
            |(person, kind, meeting, item, evidence)| C::ProposeCandidate {
                person,
                kind,
                meeting,
                item,
                evidence
            }
        ),
        (persons(), kinds(), appointed(), proptest::option::of(all_days()), papers()).prop_map(
            |(person, kind, appointed, until, evidence)| C::GrantMandate {
                person,
                kind,
                appointed,
                until,
                evidence
            }
        ),
        (appointed(), papers()).prop_map(|(appointed, evidence)| C::RenewMandate { appointed, evidence }),
        (words(), papers()).prop_map(|(reason, evidence)| C::EndMandate { reason, evidence }),
        (uuids(), items(), words(), balances(), papers()).prop_map(
            |(board, item, nature, effect, evidence)| C::DeclareConflict {
                board: BoardMeetingId::new(board),
                item,
                nature,
                effect,
                evidence
            }
        ),
        (meetings(), items(), years()).prop_map(|(meeting, item, year)| C::VoteAllowance {
            meeting,
            item,
            year
        }),
        (years(), amounts(), papers()).prop_map(|(year, amount, evidence)| C::PayAllowance {
            year,
            amount,
            evidence
        }),
    ]
    .boxed();
    prop_oneof![6 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

pub fn of_board() -> BoxedStrategy<BoardCommand> {
    use BoardCommand as C;
    let item =
        (items(), words(), digests()).prop_map(|(item, subject, text)| BoardItem { item, subject, text });
    let alone = prop_oneof![
        (all_days(), proptest::collection::vec(item, 0..3), papers())
            .prop_map(|(meets_on, agenda, evidence)| C::ConveneBoard { meets_on, agenda, evidence }),
        several().prop_map(|present| C::MeetBoard { present }),
        (items(), several(), several(), several(), papers()).prop_map(
            |(item, in_favour, against, abstained, evidence)| C::DecideBoard {
                item,
                in_favour,
                against,
                abstained,
                evidence
            }
        ),
    ]
    .boxed();
    prop_oneof![3 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

/// What is known, drawn from a number.
fn meeting_known(drawn: u32) -> MeetingKnown {
    let category = if drawn.is_multiple_of(2) { Category::User } else { Category::Partner };
    MeetingKnown {
        roll: RollKnown { changed_at: Position(u64::from(drawn)), ..RollKnown::default() },
        voter: (!drawn.is_multiple_of(3)).then_some(Voter { category, shares: drawn }),
        candidates: vec![meeting::voter(1), meeting::voter(2)],
        without_quorum: Vec::new(),
    }
}

pub fn meeting_is_answered(asked: &MeetingCommand, n: usize, drawn: u32, on: Day) {
    is_answered(stories::meeting(), n, meeting_known(drawn), asked, on);
}

pub fn mandate_is_answered(asked: &MandateCommand, n: usize, drawn: u32, on: Day) {
    let board_item = [BoardItemState::NotOnAgenda, BoardItemState::Open, BoardItemState::Decided];
    let known = MandateKnown {
        seated: drawn % 14,
        is_appointed: !drawn.is_multiple_of(3),
        board_item: board_item[drawn as usize % 3],
        ..mandate::known()
    };
    is_answered(stories::mandate(), n, known, asked, on);
}

pub fn board_is_answered(asked: &BoardCommand, n: usize, drawn: u32, on: Day) {
    let directors = (1..=u128::from(drawn % 5)).map(meeting::voter).collect();
    is_answered(
        stories::board(),
        n,
        BoardKnown { directors, conflicted: vec![meeting::voter(3)] },
        asked,
        on,
    );
}
