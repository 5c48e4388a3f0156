//! The rulebook of taking part: groups, the way of a recommendation, elected bodies, cases of ethics.

use domain::StreamEvent;
use domain::correction::CorrectionRefused;
use domain::participation::{
    Opinion, Participation, ParticipationCommand as C, ParticipationEvent as E, ParticipationId,
    ParticipationKnown, ParticipationRefusal as R,
};

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const OF_GROUP: ParticipationId = ParticipationId::Group(GROUP);
pub const OF_RECOMMENDATION: ParticipationId = ParticipationId::Recommendation(RECOMMENDATION);
pub const OF_COUNCIL: ParticipationId = ParticipationId::Body(WORKS_COUNCIL);
pub const OF_CASE: ParticipationId = ParticipationId::EthicsCase(ETHICS_CASE);
pub const KNOWN: ParticipationKnown = ParticipationKnown { group_is_known: true };

pub fn open_group() -> C {
    C::OpenGroup { kind: token("smart-in-progress"), topic: token("unemployment-reform") }
}

pub fn meet(participants: u32, hours: &str) -> C {
    C::MeetGroup { participants, hours: self::hours(hours), minutes: paper("minutes") }
}

pub fn make() -> C {
    C::MakeRecommendation { group: Some(GROUP), topic: token("wages"), text: paper("text") }
}

pub fn debate() -> C {
    C::DebateRecommendation { group: GROUP, minutes: paper("minutes") }
}

pub fn validate() -> C {
    C::ValidateRecommendation { decision: DECISION }
}

pub fn amend() -> C {
    C::AmendRecommendation { decision: DECISION, text: paper("amended-text") }
}

pub fn reject() -> C {
    C::RejectRecommendation { decision: DECISION, reason: token("too-costly") }
}

pub fn vote(adopted: bool) -> C {
    C::VoteRecommendation { meeting: MEETING, resolution: RESOLUTION, adopted }
}

pub fn carry_out() -> C {
    C::CarryOutRecommendation { evidence: paper("report") }
}

pub fn elect(seats: u32, term_ends_on: &str) -> C {
    let kind = token("works-council");
    C::ElectBody { kind, seats, term_ends_on: day(term_ends_on), minutes: paper("minutes") }
}

pub fn advise() -> C {
    C::GiveAdvice { topic: token("wages"), opinion: Opinion::WithReservations, text: paper("advice") }
}

pub fn open_case() -> C {
    C::OpenEthicsCase { topic: token("wages"), request: paper("request") }
}

pub fn conclude(recommendation: Option<&str>) -> C {
    C::ConcludeEthicsCase { recommendation: recommendation.map(paper) }
}

pub fn nothing_of(id: ParticipationId) -> Given<Participation> {
    given([]).of(id).with(KNOWN)
}

pub fn a_group() -> Given<Participation> {
    nothing_of(OF_GROUP).when(open_group()).accepted()
}

pub fn a_recommendation() -> Given<Participation> {
    nothing_of(OF_RECOMMENDATION).when(make()).accepted()
}

pub fn a_works_council() -> Given<Participation> {
    nothing_of(OF_COUNCIL).when(elect(12, "2028-05-31")).accepted()
}

pub fn a_case() -> Given<Participation> {
    nothing_of(OF_CASE).when(open_case()).accepted()
}

#[test]
fn a_group_opens_once_and_meets_until_it_is_closed() {
    let group = nothing_of(OF_GROUP)
        .when(open_group())
        .then([E::GroupOpened { kind: token("smart-in-progress"), topic: token("unemployment-reform") }]);
    group.clone().when(open_group()).is_refused(R::BegunAlready { id: OF_GROUP });
    let met = group.when(meet(12, "2.50")).then([E::GroupMet {
        kind: token("smart-in-progress"),
        participants: 12,
        hours: hours("2.50"),
        minutes: paper("minutes"),
    }]);
    let closed = met.when(C::CloseGroup { reason: token("done") }).accepted();
    closed.when(meet(12, "2.50")).is_refused(R::GroupClosed { id: OF_GROUP });
}

#[test]
fn nobody_is_no_meeting_and_no_time_is_none() {
    a_group().when(meet(0, "2.00")).is_refused_saying("0 participants in 2.00 hours: nobody met");
    a_group().when(meet(2, "0.00")).is_refused_saying("2 participants in 0.00 hours: nobody met");
}

#[test]
fn a_kind_of_group_is_one_that_was_published_for_the_day() {
    let choir = C::OpenGroup { kind: token("choir"), topic: token("wages") };
    nothing_of(OF_GROUP)
        .when(choir)
        .is_refused_saying("choir is not in the list of codes group on 2025-03-03; publish it first");
    nothing_of(OF_GROUP).on("2016-12-31").when(open_group()).is_refused_saying(
        "smart-in-progress is not in the list of codes group on 2016-12-31; publish it first",
    );
    nothing_of(OF_GROUP).on("2017-01-01").when(open_group()).accepted();
}

#[test]
fn the_key_says_what_may_be_asked() {
    a_group().when(debate()).is_refused_saying(&format!("{OF_GROUP} is no recommendation"));
    a_recommendation().when(meet(1, "1.00")).is_refused_saying(&format!("{OF_RECOMMENDATION} is no group"));
    nothing_of(OF_CASE).when(open_group()).is_refused(R::OtherThing { id: OF_CASE, expected: "group" });
    nothing_of(OF_RECOMMENDATION).when(debate()).is_refused(R::NotBegun { id: OF_RECOMMENDATION });
}

#[test]
fn a_key_is_written_in_one_way() {
    for id in [OF_GROUP, OF_RECOMMENDATION, OF_COUNCIL, OF_CASE] {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    for bad in ["", "group", "group-", "choir-00000000-0000-0000-0000-00000000000a"] {
        assert!(bad.parse::<ParticipationId>().is_err(), "{bad:?}");
    }
}

#[test]
fn a_recommendation_comes_from_a_group_that_exists_or_from_members_alone() {
    let stranger = nothing_of(OF_RECOMMENDATION).with(ParticipationKnown::default());
    stranger.clone().when(make()).is_refused(R::UnknownGroup { group: GROUP });
    let alone = C::MakeRecommendation { group: None, topic: token("wages"), text: paper("text") };
    let made = stranger.when(alone).accepted();
    made.when(debate()).is_refused(R::UnknownGroup { group: GROUP });
}

#[test]
fn a_recommendation_goes_from_members_to_the_board_to_the_meeting_to_the_work() {
    a_recommendation()
        .when(debate())
        .accepted()
        .when(amend())
        .then([E::RecommendationAmended { decision: DECISION, text: paper("amended-text") }])
        .when(vote(true))
        .then([E::RecommendationVoted { meeting: MEETING, resolution: RESOLUTION, adopted: true }])
        .when(carry_out())
        .then([E::RecommendationCarriedOut { evidence: paper("report") }]);
}

#[test]
fn the_meeting_need_not_vote_on_what_the_board_may_do_alone() {
    a_recommendation().when(validate()).accepted().when(carry_out()).accepted();
}

#[test]
fn nothing_is_voted_or_carried_out_before_the_board_has_answered() {
    a_recommendation().when(vote(true)).is_refused(R::NotAnswered { id: OF_RECOMMENDATION });
    a_recommendation().when(carry_out()).is_refused(R::NotAnswered { id: OF_RECOMMENDATION });
}

#[test]
fn the_board_answers_once_and_ends_the_debate() {
    for (answer, said) in [(validate(), "validated"), (amend(), "amended"), (reject(), "rejected")] {
        let answered = a_recommendation().when(answer).accepted();
        for again in [debate(), validate(), amend(), reject()] {
            answered
                .clone()
                .when(again)
                .is_refused_saying(&format!("the board has {said} {OF_RECOMMENDATION} already"));
        }
    }
}

#[test]
fn what_the_board_rejects_goes_no_further() {
    let rejected = a_recommendation().when(reject()).accepted();
    rejected.clone().when(vote(true)).is_refused(R::Rejected { id: OF_RECOMMENDATION });
    rejected.when(carry_out()).is_refused(R::Rejected { id: OF_RECOMMENDATION });
}

#[test]
fn the_meeting_votes_once_and_what_it_votes_down_is_not_carried_out() {
    let down = a_recommendation().when(validate()).accepted().when(vote(false)).accepted();
    down.clone().when(vote(true)).is_refused(R::VotedAlready { id: OF_RECOMMENDATION });
    down.when(carry_out()).is_refused(R::VotedDown { id: OF_RECOMMENDATION });
}

#[test]
fn what_was_carried_out_is_done() {
    let done = a_recommendation().when(validate()).accepted().when(carry_out()).accepted();
    done.clone().when(carry_out()).is_refused(R::CarriedOutAlready { id: OF_RECOMMENDATION });
    done.when(vote(true)).is_refused(R::CarriedOutAlready { id: OF_RECOMMENDATION });
}

#[test]
fn a_body_is_elected_again_and_again_and_advises_once_elected() {
    nothing_of(OF_COUNCIL).when(advise()).is_refused(R::NotBegun { id: OF_COUNCIL });
    let council = a_works_council().when(advise()).then([E::AdviceGiven {
        topic: token("wages"),
        opinion: Opinion::WithReservations,
        text: paper("advice"),
    }]);
    council.when(elect(14, "2032-05-31")).accepted().when(advise()).accepted();
}

#[test]
fn a_body_has_seats_and_a_term() {
    nothing_of(OF_COUNCIL)
        .when(elect(0, "2028-05-31"))
        .is_refused_saying("a body has at least 1 seat, found 0");
    nothing_of(OF_COUNCIL)
        .when(elect(12, "2025-03-03"))
        .is_refused_saying("a term that begins on 2025-03-03 cannot end on 2025-03-03");
    nothing_of(OF_COUNCIL).when(elect(1, "2025-03-04")).accepted();
}

#[test]
fn a_case_is_concluded_once_with_a_recommendation_or_without() {
    let with = a_case()
        .when(conclude(Some("advice")))
        .then([E::EthicsCaseConcluded { recommendation: Some(paper("advice")) }]);
    with.when(conclude(None)).is_refused(R::ConcludedAlready { id: OF_CASE });
    a_case().when(conclude(None)).then([E::EthicsCaseConcluded { recommendation: None }]);
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let refused = |given: Given<Participation>, n: usize| {
        let kind = given.events[n - 1].kind().name;
        match given.with_original(n).when(C::Correct(correct(n, None))).refusal() {
            R::Correction(CorrectionRefused::ReliedUpon { .. }) => {}
            other => panic!("{kind}: {other}"),
        }
    };
    refused(a_group().when(meet(2, "1.00")).accepted(), 1);
    refused(a_recommendation().when(debate()).accepted(), 1);
    refused(a_recommendation().when(validate()).accepted(), 1);
    refused(a_recommendation().when(validate()).accepted().when(vote(true)).accepted(), 2);
    let done = a_recommendation().when(validate()).accepted().when(vote(true)).accepted();
    refused(done.when(carry_out()).accepted(), 3);
    refused(a_works_council().when(advise()).accepted(), 1);
    refused(a_case().when(conclude(None)).accepted(), 1);
}

#[test]
fn a_mistake_is_taken_back_and_the_way_goes_on_from_there() {
    let back =
        |given: Given<Participation>, n| given.with_original(n).when(C::Correct(correct(n, None))).accepted();
    let rejected = a_recommendation().when(reject()).accepted();
    back(rejected, 2).when(validate()).accepted();
    let voted = a_recommendation().when(validate()).accepted().when(vote(false)).accepted();
    back(voted, 3).when(vote(true)).accepted().when(carry_out()).accepted();
    back(a_group(), 1).when(open_group()).accepted();
    let closed = a_group().when(C::CloseGroup { reason: token("done") }).accepted();
    back(closed, 2).when(meet(3, "1.00")).accepted();
    let met = a_group().when(meet(3, "1.00")).accepted();
    let back_to_one = back(met, 2).with_original(1).when(C::Correct(correct(1, None))).accepted();
    back_to_one.when(meet(3, "1.00")).is_refused(R::NotBegun { id: OF_GROUP });
    let again = a_works_council().when(elect(14, "2032-05-31")).accepted().when(advise()).accepted();
    back(again, 2).when(advise()).accepted();
    back(a_case().when(conclude(None)).accepted(), 2).when(conclude(Some("advice"))).accepted();
}
