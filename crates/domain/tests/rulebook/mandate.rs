//! The rulebook of mandates: who sits where, appointed by whom, until when, and what may be paid.

use domain::correction::CorrectionRefused;
use domain::ids::{BoardMeetingId, MandateId, PersonId};
use domain::mandate::{
    AppointedBy, BoardItemState, Bodies, Mandate, MandateCommand, MandateEvent, MandateKind, MandateKnown,
    MandateRefusal,
};
use domain::meeting::{ItemKind, ItemNumber};
use domain::member::Category;
use domain::parameters::{Parameter, Value};
use domain::{Day, Year};
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Given, given};
use crate::meeting::{FIRST, item, voter};

pub const SEAT: MandateId = MandateId::new(Uuid::from_u128(0x5EA7));
pub const BOARD: BoardMeetingId = BoardMeetingId::new(Uuid::from_u128(0xB0A4D));
pub const IN_2025: Year = Year::new(2025);

pub fn elected() -> AppointedBy {
    AppointedBy::Meeting { meeting: FIRST, item: item(1) }
}

pub fn by_board() -> AppointedBy {
    AppointedBy::Board { board: BOARD, item: item(1) }
}

/// ALICE is a user, elected under the item, and all other things asked are so.
pub fn known() -> MandateKnown {
    MandateKnown {
        category: Some(Category::User),
        seated: 0,
        sits_already: None,
        is_appointed: true,
        election: Some(MandateKind::DirectorA),
        allowance: Some(amount("600.00")),
        board_item: BoardItemState::Open,
    }
}

pub fn propose() -> MandateCommand {
    let (kind, meeting, item, evidence) = (MandateKind::DirectorA, FIRST, item(1), paper("candidacy"));
    MandateCommand::ProposeCandidate { person: ALICE, kind, meeting, item, evidence }
}

pub fn grant(kind: MandateKind, appointed: AppointedBy) -> MandateCommand {
    MandateCommand::GrantMandate { person: ALICE, kind, appointed, until: None, evidence: paper("minutes") }
}

pub fn renew() -> MandateCommand {
    MandateCommand::RenewMandate { appointed: elected(), evidence: paper("minutes") }
}

pub fn end() -> MandateCommand {
    MandateCommand::EndMandate { reason: token("resigned"), evidence: paper("letter") }
}

pub fn conflict(n: u8) -> MandateCommand {
    MandateCommand::DeclareConflict {
        board: BOARD,
        item: item(n),
        nature: token("lease"),
        effect: balance("-1200.00"),
        evidence: paper("declaration"),
    }
}

pub fn vote_allowance() -> MandateCommand {
    MandateCommand::VoteAllowance { meeting: FIRST, item: item(2), year: IN_2025 }
}

pub fn pay(amount: &str, paper: &str) -> MandateCommand {
    let (amount, evidence) = (self::amount(amount), self::paper(paper));
    MandateCommand::PayAllowance { year: IN_2025, amount, evidence }
}

/// ALICE is a director from 12 June 2025.
pub fn director() -> Given<Mandate> {
    given([]).with(known()).on("2025-06-12").when(grant(MandateKind::DirectorA, elected())).accepted()
}

#[test]
fn a_director_sits_for_as_many_years_as_the_statutes_say() {
    let event = given::<Mandate>([])
        .with(known())
        .on("2025-06-12")
        .when(grant(MandateKind::DirectorA, elected()))
        .event();
    let MandateEvent::Granted { from, until, .. } = event else { panic!("a mandate is granted") };
    assert_eq!((from, until), (day("2025-06-12"), day("2029-06-11")));
    director().on("2029-06-11").when(end()).accepted();
    director().on("2029-06-12").when(end()).is_refused(MandateRefusal::NotInForce {
        person: ALICE,
        from: day("2025-06-12"),
        until: day("2029-06-11"),
        on: day("2029-06-12"),
    });
}

#[test]
fn a_day_to_day_mandate_is_four_years_and_renewable() {
    let granted = given::<Mandate>([])
        .with(known())
        .on("2022-09-01")
        .when(grant(MandateKind::DayToDay, by_board()))
        .accepted();
    let again = MandateCommand::RenewMandate { appointed: by_board(), evidence: paper("minutes") };
    let event = granted.on("2026-08-31").when(again).event();
    let MandateEvent::Renewed { before, until, .. } = event else { panic!("a mandate is renewed") };
    assert_eq!((before, until), (day("2026-08-31"), day("2030-08-31")));
}

#[test]
fn a_term_may_be_shorter_and_never_longer() {
    let until = |text: &str| MandateCommand::GrantMandate {
        person: ALICE,
        kind: MandateKind::DirectorA,
        appointed: AppointedBy::Before {},
        until: Some(day(text)),
        evidence: paper("deed"),
    };
    let given = given::<Mandate>([]).with(known()).on("2025-01-01");
    given.clone().when(until("2026-06-30")).accepted();
    given.clone().when(until("2024-12-31")).refusal();
    given
        .when(until("2029-01-01"))
        .is_refused_saying("a term of 4 years from 2025-01-01 ends by 2028-12-31, not on 2029-01-01");
}

#[test]
fn e12_there_are_twelve_seats_for_users_and_six_for_others() {
    for (kind, category, seats) in
        [(MandateKind::DirectorA, Category::User, 12), (MandateKind::DirectorB, Category::Partner, 6)]
    {
        let taken = |seated| {
            let known = MandateKnown { seated, category: Some(category), ..known() };
            given::<Mandate>([]).with(known).when(grant(kind, elected()))
        };
        taken(seats - 1).accepted();
        taken(seats).is_refused(MandateRefusal::NoSeatLeft { kind, seated: seats, seats });
    }
    let known = MandateKnown { seated: 12, ..known() };
    let more = given::<Mandate>([]).with(known).publishing(Parameter::BoardSeatsUsers, Value::Count(13));
    more.when(grant(MandateKind::DirectorA, elected())).accepted();
}

#[test]
fn a_seat_is_for_members_of_its_category() {
    let of = |category| given::<Mandate>([]).with(MandateKnown { category, ..known() });
    of(Some(Category::Partner)).when(grant(MandateKind::DirectorA, elected())).is_refused(
        MandateRefusal::OtherCategory {
            person: ALICE,
            expected: Category::User,
            found: Some(Category::Partner),
        },
    );
    of(None).when(grant(MandateKind::DirectorB, elected())).refusal();
    of(None).when(grant(MandateKind::StatutoryAuditor, elected())).accepted();
    of(Some(Category::Partner)).when(propose()).refusal();
}

#[test]
fn directors_are_appointed_by_the_meeting_and_the_day_to_day_by_the_board() {
    let given = given::<Mandate>([]).with(known());
    given
        .clone()
        .when(grant(MandateKind::DirectorA, by_board()))
        .is_refused_saying("a director_a is appointed by the general meeting, not under item 1");
    given
        .clone()
        .when(grant(MandateKind::DayToDay, elected()))
        .is_refused_saying("a day_to_day is appointed by the board, not under item 1");
    let others = given.with(MandateKnown { is_appointed: false, ..known() });
    others
        .clone()
        .when(grant(MandateKind::DirectorA, elected()))
        .is_refused(MandateRefusal::NotAppointed { person: ALICE, item: item(1) });
    // The deed, or a meeting before the books began, is nobody's decision here.
    others.when(grant(MandateKind::DirectorA, AppointedBy::Before {})).accepted();
}

#[test]
fn one_person_has_one_seat() {
    given::<Mandate>([])
        .with(MandateKnown { sits_already: Some(SEAT), ..known() })
        .when(grant(MandateKind::DirectorA, elected()))
        .is_refused(MandateRefusal::SitsAlready { person: ALICE, mandate: SEAT });
    director()
        .when(grant(MandateKind::DirectorA, elected()))
        .is_refused(MandateRefusal::GrantedAlready { from: day("2025-06-12"), until: day("2029-06-11") });
}

#[test]
fn one_stands_for_what_is_elected_and_is_granted_what_one_stood_for() {
    let proposed = given::<Mandate>([]).with(known()).when(propose()).accepted();
    proposed.clone().when(propose()).is_refused(MandateRefusal::Taken { person: ALICE });
    proposed
        .clone()
        .when(grant(MandateKind::StatutoryAuditor, elected()))
        .is_refused(MandateRefusal::Taken { person: ALICE });
    proposed.when(grant(MandateKind::DirectorA, elected())).accepted();
    given::<Mandate>([])
        .with(MandateKnown { election: None, ..known() })
        .when(propose())
        .is_refused_saying("item 1 does not elect a director_a, or did so already");
}

#[test]
fn e11_a_conflict_is_declared_by_a_director_before_the_decision_and_once() {
    let declared = director().when(conflict(1)).accepted();
    declared.clone().when(conflict(1)).is_refused(MandateRefusal::DeclaredAlready { item: item(1) });
    declared.when(conflict(2)).accepted();
    let on = |board_item| director().with(MandateKnown { board_item, ..known() });
    on(BoardItemState::Decided)
        .when(conflict(1))
        .is_refused(MandateRefusal::DecidedAlready { item: item(1) });
    on(BoardItemState::NotOnAgenda)
        .when(conflict(1))
        .is_refused(MandateRefusal::NoBoardItem { item: item(1) });
    given::<Mandate>([])
        .with(known())
        .when(grant(MandateKind::EthicsCommittee, by_board()))
        .accepted()
        .when(conflict(1))
        .is_refused(MandateRefusal::NotADirector { person: ALICE, kind: MandateKind::EthicsCommittee });
}

#[test]
fn a_director_is_paid_what_the_meeting_voted_and_no_more() {
    director().when(pay("0.01", "order")).is_refused_saying(
        "0.01 for 2025 is more than the 0.00 that the meeting voted, of which 0.00 was paid",
    );
    let voted = director().when(vote_allowance()).accepted();
    voted
        .clone()
        .when(vote_allowance())
        .is_refused(MandateRefusal::VotedAlready { year: IN_2025, voted: balance("600.00") });
    let paid = voted.when(pay("450.00", "order")).accepted();
    paid.clone().when(pay("150.01", "order")).is_refused_saying(
        "150.01 for 2025 is more than the 600.00 that the meeting voted, of which 450.00 was paid",
    );
    // What is still due after the end is paid then.
    paid.when(end()).accepted().when(pay("150.00", "order")).accepted();
}

#[test]
fn an_allowance_is_one_that_the_meeting_adopted() {
    director()
        .with(MandateKnown { allowance: None, ..known() })
        .when(vote_allowance())
        .is_refused(MandateRefusal::NotAllowed { item: item(2) });
    let auditor =
        given::<Mandate>([]).with(known()).when(grant(MandateKind::StatutoryAuditor, elected())).accepted();
    let kind = MandateKind::StatutoryAuditor;
    auditor.when(vote_allowance()).is_refused(MandateRefusal::NotADirector { person: ALICE, kind });
    assert_eq!(ItemKind::Allowance { amount: amount("600.00") }.word(), "allowance");
}

#[test]
fn a_payment_taken_back_may_be_made_again() {
    let paid = director().when(vote_allowance()).accepted().when(pay("600.00", "order")).accepted();
    let voted = paid.clone().with_original(2).when(MandateCommand::Correct(correct(2, None)));
    assert!(matches!(
        voted.refusal(),
        MandateRefusal::Correction(CorrectionRefused::ReliedUpon { kind: "allowance.voted", .. })
    ));
    let less = correct(3, Some(pay("200.00", "other-order")));
    let corrected = paid.with_original(3).when(MandateCommand::Correct(less)).accepted();
    corrected.clone().when(pay("400.01", "third-order")).refusal();
    corrected.when(pay("400.00", "third-order")).accepted();
}

#[test]
fn an_end_is_taken_back_while_the_seat_is_free() {
    let ended = director().when(end()).accepted();
    ended.clone().when(renew()).refusal();
    let back = || MandateCommand::Correct(correct(2, None));
    let full = MandateKnown { seated: 12, ..known() };
    ended.clone().with(full).with_original(2).when(back()).is_refused(MandateRefusal::NoSeatLeft {
        kind: MandateKind::DirectorA,
        seated: 12,
        seats: 12,
    });
    ended.with_original(2).when(back()).accepted().when(renew()).accepted();
}

#[test]
fn what_was_acted_upon_is_ended_rather_than_taken_back() {
    let back = |n| MandateCommand::Correct(correct(n, None));
    director()
        .with_original(1)
        .when(back(1))
        .accepted()
        .when(grant(MandateKind::DirectorA, elected()))
        .accepted();
    let renewed = director().when(renew()).accepted();
    renewed.clone().with_original(1).when(back(1)).refusal();
    let again = renewed.clone().when(renew()).accepted();
    again.with_original(2).when(back(2)).refusal();
    renewed.clone().with_original(2).when(back(2)).accepted().with_original(1).when(back(1)).accepted();
    renewed.when(end()).accepted().with_original(2).when(back(2)).refusal();
    director().when(conflict(1)).accepted().with_original(1).when(back(1)).refusal();
    director().when(conflict(1)).accepted().with_original(2).when(back(2)).refusal();
    let proposed = given::<Mandate>([]).with(known()).when(propose()).accepted();
    proposed.with_original(1).when(back(1)).refusal();
}

// Over all mandates.

fn granted(n: u128, kind: MandateKind, from: &str, until: &str) -> (MandateId, MandateEvent) {
    let (from, until) = (day(from), day(until));
    let (appointed, evidence) = (elected(), paper("minutes"));
    let event = MandateEvent::Granted { person: voter(n), kind, appointed, from, until, evidence };
    (MandateId::new(Uuid::from_u128(n)), event)
}

fn sitting(events: &[(MandateId, MandateEvent)]) -> Bodies {
    let mut bodies = Bodies::default();
    events.iter().for_each(|(mandate, event)| bodies.fold(*mandate, event, true));
    bodies
}

const NOBODY: MandateId = MandateId::new(Uuid::from_u128(0));

#[test]
fn seats_are_counted_on_the_fullest_day_to_come() {
    let found = sitting(&[
        granted(1, MandateKind::DirectorA, "2025-01-01", "2025-06-30"),
        granted(2, MandateKind::DirectorA, "2025-06-01", "2026-05-31"),
        granted(3, MandateKind::DirectorA, "2025-07-01", "2026-06-30"),
        granted(4, MandateKind::DirectorB, "2025-01-01", "2026-06-30"),
    ]);
    let seated = |on: &str| found.seated(MandateKind::DirectorA, day(on), NOBODY);
    assert_eq!(
        ["2025-01-01", "2025-06-15", "2025-07-01", "2026-06-01", "2026-07-01"].map(seated),
        [2, 2, 2, 1, 0]
    );
    // Without the second, the other two never sit at once.
    let second = MandateId::new(Uuid::from_u128(2));
    assert_eq!(found.seated(MandateKind::DirectorA, day("2025-01-01"), second), 1);
    let directors = |on: &str| found.directors(day(on));
    assert_eq!(directors("2025-06-30"), [voter(1), voter(2), voter(4)]);
    assert_eq!(directors("2026-06-30"), [voter(3), voter(4)]);
}

#[test]
fn whoever_ended_sits_no_more_on_that_day() {
    let (mandate, event) = granted(1, MandateKind::DirectorA, "2025-01-01", "2028-12-31");
    let ended_on: Day = day("2025-03-03");
    let (person, kind) = (voter(1), MandateKind::DirectorA);
    let (reason, evidence) = (token("resigned"), paper("letter"));
    let end = MandateEvent::Ended { person, kind, ended_on, reason, evidence };
    let mut found = sitting(&[(mandate, event), (mandate, end.clone())]);
    assert_eq!(found.directors(day("2025-03-02")), [person]);
    assert_eq!(found.directors(ended_on), []);
    assert_eq!(found.sits_already(person, day("2025-03-02"), NOBODY), Some(mandate));
    assert_eq!(found.sits_already(person, ended_on, NOBODY), None);
    found.fold(mandate, &end, false);
    assert_eq!(found.sits_already(person, ended_on, NOBODY), Some(mandate));
    assert_eq!(found.sits_already(person, ended_on, mandate), None);
}

#[test]
fn a_renewal_taken_back_ends_when_the_term_did() {
    let (mandate, event) = granted(1, MandateKind::DirectorB, "2025-01-01", "2025-12-31");
    let renewed = MandateEvent::Renewed {
        person: voter(1),
        kind: MandateKind::DirectorB,
        appointed: elected(),
        before: day("2025-12-31"),
        until: day("2026-12-31"),
        evidence: paper("minutes"),
    };
    let mut found = sitting(&[(mandate, event.clone()), (mandate, renewed.clone())]);
    assert_eq!(found.directors(day("2026-06-01")), [voter(1)]);
    found.fold(mandate, &renewed, false);
    assert_eq!(found.directors(day("2026-06-01")), []);
    found.fold(mandate, &event, false);
    assert_eq!(found.directors(day("2025-06-01")), []);
}

#[test]
fn candidates_and_conflicts_are_kept_by_item() {
    let proposed = |n: u128| {
        let (kind, meeting, item, evidence) = (MandateKind::DirectorA, FIRST, item(1), paper("candidacy"));
        let event = MandateEvent::CandidateProposed { person: voter(n), kind, meeting, item, evidence };
        (MandateId::new(Uuid::from_u128(n)), event)
    };
    let declared = MandateEvent::ConflictDeclared {
        person: voter(1),
        board: BOARD,
        item: item(3),
        nature: token("lease"),
        effect: balance("0.00"),
        evidence: paper("declaration"),
    };
    let found = sitting(&[proposed(2), proposed(1), (SEAT, declared)]);
    let stand = |n: u8| found.candidates(FIRST, item(n)).to_vec();
    assert_eq!((stand(1), stand(2)), (vec![voter(2), voter(1)], Vec::<PersonId>::new()));
    let conflicted = |item: ItemNumber| found.conflicted(BOARD, item).to_vec();
    assert_eq!((conflicted(item(3)), conflicted(item(1))), (vec![voter(1)], Vec::new()));
}
