//! Samples of courses, fitness, cover, bank statements and shared resources.

use domain::bank::{BankEvent, LineKind, MatchedPart, StatementLine};
use domain::course::CourseEvent;
use domain::cover::CoverEvent;
use domain::fitness::{Fit, FitnessEvent, Whereabouts};
use domain::ids::*;
use domain::resource::{ResourceEvent, ResourceKind, Slot};
use domain::text::{ReasonCode, RiskCode};
use domain::{Event, Position, StreamId};
use uuid::Uuid;

use crate::coverage::taken_back;
use crate::world::*;

const fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x7000 + n)
}

pub const REASON: ReasonCode = ReasonCode::literal("mistake");
pub const HEIGHT: RiskCode = RiskCode::literal("height");

pub fn course(n: u128) -> StreamId {
    StreamId::Course(CourseId::new(uuid(n)))
}

pub fn fitness_of(n: u128) -> StreamId {
    StreamId::Fitness(person(n))
}

pub fn cover_of(n: u128) -> StreamId {
    StreamId::Cover(member_id(n))
}

pub fn statement(n: u128) -> StreamId {
    StreamId::Bank(StatementId::new(uuid(n)))
}

pub fn resource(n: u128) -> StreamId {
    StreamId::Resource(ResourceId::new(uuid(n)))
}

pub fn account(n: u128) -> BankAccountId {
    BankAccountId::new(uuid(n))
}

pub fn line_id(n: u128) -> LineId {
    LineId::new(uuid(0x100 + n))
}

pub fn submitted(unit: u128) -> CourseEvent {
    CourseEvent::Submitted { unit: unit_id(unit), holder: person(1), evidence: evidence() }
}

pub fn validated(unit: u128, from: &str) -> CourseEvent {
    CourseEvent::Validated { unit: unit_id(unit), from: day(from), evidence: evidence() }
}

pub fn withdrawn(unit: u128, from: &str) -> CourseEvent {
    CourseEvent::Withdrawn { unit: unit_id(unit), from: day(from), reason: REASON }
}

pub fn enquired(n: u128, participants: u32) -> CourseEvent {
    let (enquiry, unit) = (EnquiryId::new(uuid(n)), unit_id(1));
    CourseEvent::EnquiryReceived { enquiry, unit, client: client(1), participants }
}

pub fn passed(from: &str, until: &str) -> FitnessEvent {
    let fit = Fit { from: day(from), until: day(until) };
    FitnessEvent::ExamPassed { risk: HEIGHT, fit, evidence: evidence() }
}

pub fn activated(from: &str) -> CoverEvent {
    let policy = "POL-7".parse().unwrap();
    CoverEvent::Activated { person: person(1), from: day(from), policy, evidence: evidence() }
}

pub fn lapsed(end: &str) -> CoverEvent {
    CoverEvent::Lapsed { person: person(1), end: day(end), reason: REASON }
}

pub fn filed(accident_on: &str) -> CoverEvent {
    CoverEvent::ClaimFiled {
        claim: ClaimId::new(uuid(1)),
        person: person(1),
        accident_on: day(accident_on),
        whereabouts: Whereabouts::Private,
        evidence: evidence(),
    }
}

pub fn accepted(sum: &str) -> CoverEvent {
    let (claim, amount) = (ClaimId::new(uuid(1)), amount(sum));
    CoverEvent::ClaimAccepted { claim, person: person(1), amount, evidence: evidence() }
}

pub fn claim_paid(sum: &str) -> CoverEvent {
    let (claim, amount) = (ClaimId::new(uuid(1)), amount(sum));
    CoverEvent::ClaimPaid { claim, person: person(1), amount, evidence: evidence() }
}

/// A statement of account `of` with these lines, the first of the account when it opens with a line.
pub fn imported(of: u128, opening: &str, first: Option<u128>, lines: &[(u128, &str)]) -> BankEvent {
    let line = |(n, sum): &(u128, &str)| StatementLine {
        line: line_id(*n),
        amount: euro(sum),
        kind: LineKind::Transfer,
        remittance: None,
        party: None,
    };
    let moved: domain::Balance = lines.iter().map(|(_, sum)| euro(sum)).sum();
    BankEvent::StatementImported {
        account: account(of),
        opening_line: first.map(line_id),
        opening: euro(opening),
        closing: euro(opening) + moved,
        lines: lines.iter().map(line).collect(),
        evidence: evidence(),
    }
}

pub fn matched(of: u128, line: (u128, &str), part: (Position, &str), released: &str) -> BankEvent {
    let part = MatchedPart { position: part.0, amount: euro(part.1) };
    BankEvent::LineMatched {
        account: account(of),
        line: line_id(line.0),
        amount: euro(line.1),
        parts: vec![part],
        difference: euro(line.1) - part.amount,
        released: euro(released),
        evidence: evidence(),
    }
}

pub fn unmatched(of: u128, line: (u128, &str)) -> BankEvent {
    let (account, amount) = (account(of), euro(line.1));
    BankEvent::LineUnmatched { account, line: line_id(line.0), amount, evidence: evidence() }
}

pub fn came_back(of: u128, line: (u128, &str), payment: Position) -> BankEvent {
    let (account, amount) = (account(of), euro(line.1));
    BankEvent::LineReturned { account, line: line_id(line.0), amount, payment, evidence: evidence() }
}

pub fn opened_at(per_hour: &str) -> ResourceEvent {
    ResourceEvent::Opened { kind: ResourceKind::Machine, per_hour: euro(per_hour) }
}

pub fn booked(n: u128, unit: u128, on: &str, from: &str, to: &str) -> ResourceEvent {
    let slot = Slot { on: day(on), from: from.parse().unwrap(), to: to.parse().unwrap() };
    let (booking, unit, holder) = (BookingId::new(uuid(n)), unit_id(unit), person(1));
    ResourceEvent::Booked { booking, unit, holder, slot }
}

pub fn charged(n: u128, unit: u128, hours: &str, sum: &str) -> ResourceEvent {
    ResourceEvent::Charged {
        booking: BookingId::new(uuid(n)),
        unit: unit_id(unit),
        hours: hours.parse().unwrap(),
        per_hour: euro("8.00"),
        amount: amount(sum),
    }
}

/// One sample of every event.
pub fn samples() -> Vec<(StreamId, Event)> {
    let on = day("2025-12-31");
    let courses = [
        submitted(1),
        validated(1, "2025-03-03"),
        CourseEvent::Refused { unit: unit_id(1), reason: REASON },
        CourseEvent::Listed { unit: unit_id(1) },
        withdrawn(1, "2025-06-01"),
        enquired(1, 12),
        CourseEvent::Corrected(taken_back(validated(1, "2025-03-03"), "course.validated@1")),
    ];
    let fitness = [
        FitnessEvent::RiskDeclared { risk: HEIGHT, evidence: evidence() },
        FitnessEvent::ExamRequired { risk: HEIGHT, by: on },
        passed("2025-03-03", "2025-12-31"),
        FitnessEvent::ExamFailed { risk: HEIGHT, evidence: evidence() },
        FitnessEvent::ExamExpired { risk: HEIGHT, fit_until: on },
        FitnessEvent::AccidentReported {
            accident: AccidentId::new(uuid(1)),
            happened_on: on,
            whereabouts: Whereabouts::AtWork,
            evidence: evidence(),
        },
        FitnessEvent::Corrected(taken_back(passed("2025-03-03", "2025-12-31"), "exam.passed@1")),
    ];
    let claim = ClaimId::new(uuid(1));
    let cover = [
        activated("2025-01-01"),
        lapsed("2025-06-01"),
        filed("2025-03-03"),
        accepted("800.00"),
        CoverEvent::ClaimRefused { claim, person: person(1), reason: REASON, evidence: evidence() },
        claim_paid("500.00"),
        CoverEvent::Corrected(taken_back(claim_paid("500.00"), "claim.paid@1")),
    ];
    let bank = [
        imported(1, "0.00", None, &[(1, "100.00")]),
        matched(1, (1, "100.00"), (Position(1), "100.00"), "0.00"),
        unmatched(1, (1, "100.00")),
        came_back(1, (1, "100.00"), Position(1)),
        BankEvent::Corrected(taken_back(unmatched(1, (1, "100.00")), "line.unmatched@1")),
    ];
    let resources = [
        opened_at("8.00"),
        booked(1, 1, "2025-03-03", "09:00", "12:15"),
        charged(1, 1, "3.25", "26.00"),
        ResourceEvent::Corrected(taken_back(charged(1, 1, "3.25", "26.00"), "resource.charged@1")),
    ];
    let courses = courses.into_iter().map(|event| (course(1), event.into()));
    let fitness = fitness.into_iter().map(|event| (fitness_of(1), event.into()));
    let cover = cover.into_iter().map(|event| (cover_of(1), event.into()));
    let bank = bank.into_iter().map(|event| (statement(1), event.into()));
    let resources = resources.into_iter().map(|event| (resource(1), event.into()));
    courses.chain(fitness).chain(cover).chain(bank).chain(resources).collect()
}
