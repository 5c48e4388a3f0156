//! The rulebook of the board: who sits and decides, and who may not.

use domain::board::{Board, BoardCommand, BoardEvent, BoardItem, BoardKnown, BoardRefusal};
use domain::correction::CorrectionRefused;
use domain::evidence::Digest;
use domain::ids::PersonId;
use domain::parameters::{Parameter, Value};

use crate::fixtures::*;
use crate::harness::{Given, given};
use crate::meeting::{item, voter};

pub fn convene(items: &[u8]) -> BoardCommand {
    let on = |n: &u8| BoardItem { item: item(*n), subject: token("lease"), text: Digest([*n; 32]) };
    BoardCommand::ConveneBoard {
        meets_on: day("2025-03-10"),
        agenda: items.iter().map(on).collect(),
        evidence: paper("call"),
    }
}

pub fn directors(seated: u128) -> BoardKnown {
    BoardKnown { directors: (1..=seated).map(voter).collect(), conflicted: Vec::new() }
}

pub fn meet(present: &[u128]) -> BoardCommand {
    BoardCommand::MeetBoard { present: persons(present) }
}

pub fn persons(of: &[u128]) -> Vec<PersonId> {
    of.iter().map(|n| voter(*n)).collect()
}

pub fn vote(n: u8, in_favour: &[u128], against: &[u128], abstained: &[u128]) -> BoardCommand {
    let [in_favour, against, abstained] = [in_favour, against, abstained].map(persons);
    BoardCommand::DecideBoard { item: item(n), in_favour, against, abstained, evidence: paper("minutes") }
}

/// Five directors, of whom 1 to 4 are there.
pub fn met() -> Given<Board> {
    given([])
        .with(directors(5))
        .when(convene(&[1, 2]))
        .accepted()
        .on("2025-03-10")
        .when(meet(&[1, 2, 3, 4]))
        .accepted()
}

fn conflicted(n: u128) -> BoardKnown {
    BoardKnown { conflicted: vec![voter(n)], ..directors(5) }
}

#[test]
fn a_board_is_called_once_with_items_of_their_own() {
    let given = given::<Board>([]);
    given.clone().when(convene(&[])).is_refused(BoardRefusal::NoAgenda);
    given.clone().when(convene(&[1, 1])).is_refused(BoardRefusal::ItemTwice { item: item(1) });
    given
        .clone()
        .on("2025-03-11")
        .when(convene(&[1]))
        .is_refused_saying("the board cannot be convened on 2025-03-11 for 2025-03-10");
    let convened = given.when(convene(&[1])).accepted();
    convened.when(convene(&[1])).is_refused(BoardRefusal::AlreadyConvened { meets_on: day("2025-03-10") });
}

#[test]
fn only_directors_in_office_sit_on_the_board() {
    let convened = given::<Board>([]).with(directors(5)).when(convene(&[1])).accepted();
    convened
        .clone()
        .when(meet(&[1, 2, 3]))
        .is_refused(BoardRefusal::OtherDay { meets_on: day("2025-03-10"), effective_on: day("2025-03-03") });
    let convened = convened.on("2025-03-10");
    convened.clone().when(meet(&[1, 2, 6])).is_refused_saying(&format!(
        "person {} is none of the 5 directors in office on 2025-03-10",
        voter(6)
    ));
    convened.clone().when(meet(&[1, 2, 2])).is_refused(BoardRefusal::NamedTwice { person: voter(2) });
    let met = convened.when(meet(&[1, 2, 3])).then([BoardEvent::Met {
        present: persons(&[1, 2, 3]),
        seated: 5,
        quorum: 3,
    }]);
    met.when(meet(&[4])).is_refused(BoardRefusal::AlreadyMet { present: 3 });
}

#[test]
fn half_of_the_directors_must_be_there() {
    let convened = given::<Board>([]).with(directors(5)).when(convene(&[1])).accepted().on("2025-03-10");
    convened.clone().when(meet(&[1, 2])).is_refused_saying("2 of 5 directors are there; 3 are needed");
    let of_third = Value::Rate(rate("0.34"));
    convened.clone().publishing(Parameter::BoardQuorum, of_third).when(meet(&[1, 2])).accepted();
    convened.with(directors(0)).when(meet(&[])).is_refused(BoardRefusal::NoQuorum {
        present: 0,
        seated: 0,
        quorum: 1,
    });
}

#[test]
fn more_for_than_against_adopts_and_abstentions_do_not_count() {
    let adopted = |given: Given<Board>, command| match given.when(command).event() {
        BoardEvent::Decided { adopted, .. } => adopted,
        other => panic!("something is decided: {other:?}"),
    };
    assert!(adopted(met(), vote(1, &[1], &[], &[2, 3, 4])));
    assert!(!adopted(met(), vote(1, &[1, 2], &[3, 4], &[])));
    assert!(!adopted(met(), vote(1, &[], &[], &[1])));
}

#[test]
fn e11_a_conflicted_director_neither_deliberates_nor_votes() {
    let met = met().with(conflicted(2));
    met.clone().when(vote(1, &[1, 2], &[], &[])).is_refused_saying(&format!(
        "person {} declared a conflict on item 1 and cannot vote on it",
        voter(2)
    ));
    met.clone()
        .when(vote(1, &[], &[], &[2]))
        .is_refused(BoardRefusal::Conflicted { person: voter(2), item: item(1) });
    met.when(vote(1, &[1, 3], &[4], &[])).then([BoardEvent::Decided {
        item: item(1),
        subject: token("lease"),
        present: persons(&[1, 2, 3, 4]),
        in_favour: persons(&[1, 3]),
        against: persons(&[4]),
        abstained: Vec::new(),
        conflicted: persons(&[2]),
        adopted: true,
        evidence: paper("minutes"),
    }]);
}

#[test]
fn where_all_have_a_conflict_the_board_decides_nothing() {
    let all = BoardKnown { conflicted: persons(&[1, 2, 3, 4]), ..directors(5) };
    met()
        .with(all)
        .when(vote(1, &[], &[], &[]))
        .is_refused_saying("nobody voted on item 1: 4 of 4 directors have a conflict");
}

#[test]
fn who_is_there_votes_once_on_what_is_on_the_agenda() {
    given::<Board>([]).when(vote(1, &[1], &[], &[])).is_refused(BoardRefusal::NotConvened);
    given::<Board>([]).when(meet(&[1])).is_refused(BoardRefusal::NotConvened);
    let convened = given::<Board>([]).with(directors(5)).when(convene(&[1])).accepted();
    convened.when(vote(1, &[1], &[], &[])).is_refused(BoardRefusal::NotMet);
    met().when(vote(3, &[1], &[], &[])).is_refused(BoardRefusal::NotOnAgenda { item: item(3), items: 2 });
    met().when(vote(1, &[5], &[], &[])).is_refused(BoardRefusal::NotPresent { person: voter(5), present: 4 });
    met().when(vote(1, &[1], &[1], &[])).is_refused(BoardRefusal::NamedTwice { person: voter(1) });
    let decided = met().when(vote(1, &[1], &[], &[])).accepted();
    decided.clone().when(vote(1, &[1], &[], &[])).is_refused(BoardRefusal::DecidedAlready { item: item(1) });
    decided.when(vote(2, &[1], &[], &[])).accepted();
}

#[test]
fn what_was_rejected_may_be_corrected_and_what_was_adopted_may_not() {
    let back = |given: Given<Board>, n| given.with_original(n).when(BoardCommand::Correct(correct(n, None)));
    let relied_upon = |refusal| {
        assert!(
            matches!(refusal, BoardRefusal::Correction(CorrectionRefused::ReliedUpon { .. })),
            "{refusal}"
        );
    };
    let rejected = met().when(vote(1, &[], &[1], &[])).accepted();
    let again = back(rejected.clone(), 3).accepted().when(vote(1, &[1], &[], &[])).accepted();
    relied_upon(back(again, 5).refusal());
    relied_upon(back(rejected, 2).refusal());
    relied_upon(back(met(), 1).refusal());
    let convened = back(met(), 2).accepted();
    back(convened, 1).accepted().when(convene(&[3])).accepted();
}
