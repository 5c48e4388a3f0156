//! Samples of courses, fitness, cover, bank statements and shared resources.

use domain::bank::{BankEvent, LineKind, MatchedPart, StatementLine};
use domain::course::CourseEvent;
use domain::cover::CoverEvent;
use domain::fitness::{Fit, FitnessEvent, Whereabouts};
use domain::ids::{
    AccidentId, BankAccountId, BookingId, ClaimId, CourseId, EnquiryId, LineId, ResourceId, StatementId,
};
use domain::resource::{ResourceEvent, ResourceKind, Slot};
use domain::{Event, Position, StreamId};

use super::{ACME, ALICE, ATELIER, BOB, ID, MEMBER, amount, balance, correction, day, evidence};

const ACCOUNT: BankAccountId = BankAccountId::new(ID);
const LINE: LineId = LineId::new(ID);

pub const IN_COURSE: StreamId = StreamId::Course(CourseId::new(ID));
pub const IN_FITNESS: StreamId = StreamId::Fitness(BOB);
pub const IN_COVER: StreamId = StreamId::Cover(MEMBER);
pub const IN_BANK: StreamId = StreamId::Bank(StatementId::new(ID));
pub const IN_RESOURCE: StreamId = StreamId::Resource(ResourceId::new(ID));

pub fn statement_imported() -> BankEvent {
    let kind = LineKind::Transfer;
    let line = StatementLine { line: LINE, amount: balance("1210.00"), kind, remittance: None, party: None };
    BankEvent::StatementImported {
        account: ACCOUNT,
        opening_line: None,
        opening: balance("0.00"),
        closing: balance("1210.00"),
        lines: vec![line],
        evidence: evidence("STAT-1"),
    }
}

/// A line of 1,210.00 that is what position 40 booked, up to a difference.
pub fn line_matched(difference: &str, released: &str) -> BankEvent {
    let amount = balance("1210.00");
    BankEvent::LineMatched {
        account: ACCOUNT,
        line: LINE,
        amount,
        parts: vec![MatchedPart { position: Position(40), amount: amount - balance(difference) }],
        difference: balance(difference),
        released: balance(released),
        evidence: evidence("STAT-1"),
    }
}

pub fn line_unmatched(sum: &str) -> BankEvent {
    let (amount, evidence) = (balance(sum), evidence("STAT-1"));
    BankEvent::LineUnmatched { account: ACCOUNT, line: LINE, amount, evidence }
}

pub fn line_returned() -> BankEvent {
    let (amount, payment, evidence) = (balance("772.72"), Position(41), evidence("STAT-1"));
    BankEvent::LineReturned { account: ACCOUNT, line: LINE, amount, payment, evidence }
}

pub fn resource_charged() -> ResourceEvent {
    ResourceEvent::Charged {
        booking: BookingId::new(ID),
        unit: ATELIER,
        hours: "3.25".parse().unwrap(),
        per_hour: balance("8.00"),
        amount: amount("26.00"),
    }
}

pub fn claim_paid() -> CoverEvent {
    let (claim, amount, evidence) = (ClaimId::new(ID), amount("500.00"), evidence("INS-2"));
    CoverEvent::ClaimPaid { claim, person: ALICE, amount, evidence }
}

fn courses() -> Vec<CourseEvent> {
    let (unit, from, reason) = (ATELIER, day("2025-03-03"), "no-training".parse().unwrap());
    let submitted = CourseEvent::Submitted { unit, holder: ALICE, evidence: evidence("PROG-1") };
    vec![
        submitted.clone(),
        CourseEvent::Validated { unit, from, evidence: evidence("VAL-1") },
        CourseEvent::Refused { unit, reason },
        CourseEvent::Listed { unit },
        CourseEvent::Withdrawn { unit, from, reason },
        CourseEvent::EnquiryReceived { enquiry: EnquiryId::new(ID), unit, client: ACME, participants: 12 },
        CourseEvent::Corrected(correction(submitted, None)),
    ]
}

fn fitness() -> Vec<FitnessEvent> {
    let (risk, day) = ("height".parse().unwrap(), day("2025-12-31"));
    let declared = FitnessEvent::RiskDeclared { risk, evidence: evidence("RISK-1") };
    vec![
        declared.clone(),
        FitnessEvent::ExamRequired { risk, by: day },
        FitnessEvent::ExamPassed { risk, fit: Fit { from: day, until: day }, evidence: evidence("EXAM-1") },
        FitnessEvent::ExamFailed { risk, evidence: evidence("EXAM-2") },
        FitnessEvent::ExamExpired { risk, fit_until: day },
        FitnessEvent::AccidentReported {
            accident: AccidentId::new(ID),
            happened_on: day,
            whereabouts: Whereabouts::AtWork,
            evidence: evidence("ACC-1"),
        },
        FitnessEvent::Corrected(correction(declared, None)),
    ]
}

fn cover() -> Vec<CoverEvent> {
    let (claim, person, on) = (ClaimId::new(ID), ALICE, day("2025-03-03"));
    let (policy, reason) = ("POL-7".parse().unwrap(), "policy-ended".parse().unwrap());
    vec![
        CoverEvent::Activated { person, from: on, policy, evidence: evidence("POL-7") },
        CoverEvent::Lapsed { person, end: on, reason },
        CoverEvent::ClaimFiled {
            claim,
            person,
            accident_on: on,
            whereabouts: Whereabouts::Private,
            evidence: evidence("ACC-2"),
        },
        CoverEvent::ClaimAccepted { claim, person, amount: amount("800.00"), evidence: evidence("INS-1") },
        CoverEvent::ClaimRefused { claim, person, reason, evidence: evidence("INS-1") },
        claim_paid(),
        CoverEvent::Corrected(correction(claim_paid(), None)),
    ]
}

fn bank() -> Vec<BankEvent> {
    vec![
        statement_imported(),
        line_matched("0.50", "1210.00"),
        line_unmatched("1210.00"),
        line_returned(),
        BankEvent::Corrected(correction(line_returned(), None)),
    ]
}

fn resources() -> Vec<ResourceEvent> {
    let (booking, unit, holder) = (BookingId::new(ID), ATELIER, ALICE);
    let (from, to) = ("09:00".parse().unwrap(), "12:15".parse().unwrap());
    vec![
        ResourceEvent::Opened { kind: ResourceKind::Machine, per_hour: balance("8.00") },
        ResourceEvent::Booked { booking, unit, holder, slot: Slot { on: day("2025-03-03"), from, to } },
        resource_charged(),
        ResourceEvent::Corrected(correction(resource_charged(), None)),
    ]
}

pub fn samples() -> Vec<(StreamId, Event)> {
    let courses = courses().into_iter().map(|event| (IN_COURSE, event.into()));
    let fitness = fitness().into_iter().map(|event| (IN_FITNESS, event.into()));
    let cover = cover().into_iter().map(|event| (IN_COVER, event.into()));
    let bank = bank().into_iter().map(|event| (IN_BANK, event.into()));
    let resources = resources().into_iter().map(|event| (IN_RESOURCE, event.into()));
    courses.chain(fitness).chain(cover).chain(bank).chain(resources).collect()
}
