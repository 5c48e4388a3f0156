//! A small world for specs: events happen, every projection folds them, queries read SQLite.
//!
//! People, units and clients are known by number; amounts are written as text.

use app::views::{RowBuffer, ViewsCheckpoint, ViewsWriter};
use domain::activity::ActivityEvent;
use domain::bank::BankEvent;
use domain::control::ControlEvent;
use domain::correction::Correction;
use domain::course::CourseEvent;
use domain::cover::CoverEvent;
use domain::fitness::FitnessEvent;
use domain::grant::GrantEvent;
use domain::ids::*;
use domain::loan::LoanEvent;
use domain::mandate::MandateEvent;
use domain::meeting::MeetingEvent;
use domain::member::{Category, MemberEvent};
use domain::office::OfficeEvent;
use domain::participation::ParticipationEvent;
use domain::payroll::{Wage, WorkerKind};
use domain::resource::ResourceEvent;
use domain::statutes::StatutesEvent;
use domain::text::ReasonCode;
use domain::unit::{ExpenseKind, Payee, Term, UnitEvent, Work, WorkDay};
use domain::{
    Amount, Balance, Day, Digest, Event, Evidence, Hours, Position, Rate, Recorded, RecordedAt, Sequence,
    StreamId,
};
use projections::port::{Projection, Seen, Table, Times};
use uuid::Uuid;

/// A log in memory with its read models on SQLite.
pub struct World {
    views: ViewsWriter,
    rows: RowBuffer,
    projections: Vec<Box<dyn Projection>>,
    pub log: Vec<Recorded>,
    before: u64,
    _dir: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        Self::after(Position(0))
    }

    /// A log whose first event comes after a position, as if the ones before reached no rows.
    pub fn after(before: Position) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let projections = projections::all();
        let tables: Vec<&'static Table> =
            projections.iter().flat_map(|projection| projection.tables()).copied().collect();
        let views = ViewsWriter::open(dir.path(), &tables).unwrap();
        let rows = RowBuffer::new(&tables);
        Self { views, rows, projections, log: Vec::new(), before: before.0, _dir: dir }
    }

    /// An event takes effect on a day.
    pub fn happens(&mut self, on: &str, stream: StreamId, event: impl Into<Event>) -> Position {
        let position = Position(self.before + self.log.len() as u64 + 1);
        let recorded = recorded(position, day(on), stream, event.into());
        self.see(recorded);
        position
    }

    /// An event is taken back, on a day, and perhaps replaced by another.
    pub fn corrects(&mut self, on: &str, position: Position, instead: Option<Event>) -> Position {
        let original = self.log[(position.0 - self.before) as usize - 1].clone();
        self.happens(on, original.stream, correction(&original, instead))
    }

    /// Folds a recorded event.
    pub fn see(&mut self, recorded: Recorded) {
        let posting = ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).unwrap();
        self.fold(&recorded, &posting);
        self.log.push(recorded);
    }

    /// Folds an event and its posting, without keeping them.
    pub fn fold(&mut self, recorded: &Recorded, posting: &ledger::Posting) {
        for projection in &mut self.projections {
            projection.fold(Seen { recorded, posting }, &mut self.rows);
        }
    }

    /// Writes what was folded.
    pub fn commit(&mut self, position: Position) {
        let checkpoint = ViewsCheckpoint { position, leaf_hash: Digest([0; 32]) };
        self.views.commit(&mut self.rows, checkpoint).unwrap();
    }

    pub fn make_indexes(&mut self) {
        self.views.make_indexes().unwrap();
    }

    pub fn reader(&self) -> &ViewsWriter {
        &self.views
    }

    /// Writes what was folded, and gives the reader.
    pub fn views(&mut self) -> &ViewsWriter {
        self.commit(Position(self.before + self.log.len() as u64));
        &self.views
    }

    /// Forgets what projections keep in memory, as a new process does.
    pub fn restart(&mut self) {
        self.views();
        self.projections = projections::all();
        for projection in &mut self.projections {
            projection.resume(&self.views).unwrap();
        }
    }
}

pub fn recorded(position: Position, on: Day, stream: StreamId, event: Event) -> Recorded {
    let micros = i64::try_from(position.0).unwrap() * 1_000_000;
    Recorded {
        position,
        recorded_at: RecordedAt::from_micros(1_735_689_600_000_000 + micros),
        effective_on: on,
        stream,
        sequence: Sequence(1),
        event_version: event.kind().version,
        command: CommandId::new(Uuid::from_u128(position.0.into())),
        posting_rule: ledger::rule_for(&event),
        entry_digest: Digest([0; 32]),
        event,
    }
}

/// The event that takes another back, of the streams that specs correct.
pub fn correction(original: &Recorded, instead: Option<Event>) -> Event {
    match (&original.event, instead) {
        (Event::Member(event), None) => MemberEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Member(event), Some(Event::Member(instead))) => {
            MemberEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Unit(event), None) => UnitEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Unit(event), Some(Event::Unit(instead))) => {
            UnitEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Loan(event), None) => LoanEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Loan(event), Some(Event::Loan(instead))) => {
            LoanEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Grant(event), None) => GrantEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Course(event), None) => CourseEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Fitness(event), None) => FitnessEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Cover(event), None) => CoverEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Cover(event), Some(Event::Cover(instead))) => {
            CoverEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Bank(event), None) => BankEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Resource(event), None) => ResourceEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Statutes(event), None) => StatutesEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Participation(event), None) => {
            ParticipationEvent::Corrected(corrected(original, event, None)).into()
        }
        (Event::Participation(event), Some(Event::Participation(instead))) => {
            ParticipationEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Activity(event), None) => ActivityEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Activity(event), Some(Event::Activity(instead))) => {
            ActivityEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Control(event), None) => ControlEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Office(event), None) => OfficeEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Office(event), Some(Event::Office(instead))) => {
            OfficeEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Meeting(event), None) => MeetingEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Meeting(event), Some(Event::Meeting(instead))) => {
            MeetingEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        (Event::Mandate(event), None) => MandateEvent::Corrected(corrected(original, event, None)).into(),
        (Event::Mandate(event), Some(Event::Mandate(instead))) => {
            MandateEvent::Corrected(corrected(original, event, Some(instead))).into()
        }
        _ => panic!("a correction stays in its stream"),
    }
}

fn corrected<E: Clone>(original: &Recorded, event: &E, instead: Option<E>) -> Correction<E> {
    Correction {
        position: original.position,
        original: Box::new(event.clone()),
        original_rule: original.posting_rule,
        reason: ReasonCode::literal("mistake"),
        authority: "board".parse().unwrap(),
        replacement: instead.map(Box::new),
    }
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn euro(text: &str) -> Balance {
    text.parse().unwrap()
}

pub fn as_of(text: &str) -> Times {
    Times { as_of: Some(day(text)), known_at: None }
}

pub fn known_at(position: Position) -> Times {
    Times { as_of: None, known_at: Some(position) }
}

pub fn person(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(0x1000 + n))
}

pub fn client(n: u128) -> ClientId {
    ClientId::new(Uuid::from_u128(0x2000 + n))
}

pub fn unit_id(n: u128) -> UnitId {
    UnitId::new(Uuid::from_u128(0x3000 + n))
}

pub fn unit(n: u128) -> StreamId {
    StreamId::Unit(unit_id(n))
}

pub fn member_id(n: u128) -> MemberId {
    MemberId::new(Uuid::from_u128(0x4000 + n))
}

pub fn member(n: u128) -> StreamId {
    StreamId::Member(member_id(n))
}

pub fn loan_id(n: u128) -> LoanId {
    LoanId::new(Uuid::from_u128(0x5000 + n))
}

pub fn loan(n: u128) -> StreamId {
    StreamId::Loan(loan_id(n))
}

pub fn grant_id(n: u128) -> GrantId {
    GrantId::new(Uuid::from_u128(0x6000 + n))
}

pub fn grant(n: u128) -> StreamId {
    StreamId::Grant(grant_id(n))
}

pub fn invoice_id(n: u128) -> InvoiceId {
    InvoiceId::new(Uuid::from_u128(n))
}

pub fn evidence() -> Evidence {
    Evidence { document: "doc-1".parse().unwrap(), digest: Digest([7; 32]) }
}

pub fn opened(holder: u128) -> UnitEvent {
    UnitEvent::Opened { holder: person(holder) }
}

pub fn joined(holder: u128) -> UnitEvent {
    UnitEvent::HolderJoined { holder: person(holder) }
}

pub fn left(holder: u128) -> UnitEvent {
    UnitEvent::HolderLeft { holder: person(holder) }
}

pub fn invoiced(holder: u128, net: &str) -> UnitEvent {
    let net = amount(net);
    let rate: Rate = "0.065".parse().unwrap();
    let contribution = net.times(rate, domain::Rounding::HalfUp);
    UnitEvent::InvoiceIssued {
        invoice: InvoiceId::new(Uuid::from_u128(1)),
        number: "F/2025/000001".parse().unwrap(),
        holder: person(holder),
        client: client(holder),
        order: None,
        course: None,
        vat: Vec::new(),
        net,
        gross: net,
        contribution_rate: rate,
        contribution,
        unit_share: net.balance() - contribution,
        spendable: true,
        due_on: day("2025-12-31"),
        evidence: evidence(),
    }
}

pub fn credited(net: &str) -> UnitEvent {
    let net = amount(net);
    UnitEvent::InvoiceCredited {
        invoice: InvoiceId::new(Uuid::from_u128(1)),
        credit_note: CreditNoteId::new(Uuid::from_u128(1)),
        number: "C/2025/000001".parse().unwrap(),
        client: client(1),
        vat: Vec::new(),
        net,
        gross: net,
        contribution: Balance::ZERO,
        from_pending: Balance::ZERO,
        from_available: net.balance(),
        from_fund: Balance::ZERO,
        released: Balance::ZERO,
        reason: ReasonCode::literal("mistake"),
        evidence: evidence(),
    }
}

pub fn paid_by_client(payer: u128, received: &str) -> UnitEvent {
    let received = amount(received);
    UnitEvent::InvoicePaid {
        invoice: InvoiceId::new(Uuid::from_u128(1)),
        payment: PaymentId::new(Uuid::from_u128(1)),
        client: client(payer),
        received,
        settled: received.balance(),
        excess: Balance::ZERO,
        released: Balance::ZERO,
        evidence: evidence(),
    }
}

pub fn expense_approved(holder: u128, cost: &str) -> UnitEvent {
    UnitEvent::ExpenseApproved {
        expense: ExpenseId::new(Uuid::from_u128(1)),
        holder: person(holder),
        kind: ExpenseKind::Travel,
        payee: Payee::Member,
        cost: amount(cost),
        vat_recoverable: Balance::ZERO,
        owed: amount(cost),
        evidence: evidence(),
    }
}

pub fn work_days(n: u32, hours_each: &str) -> (Vec<WorkDay>, Hours) {
    let each: Hours = hours_each.parse().unwrap();
    let days = (1..=n).map(|of_month| WorkDay { on: Day::try_new(2025, 5, of_month).unwrap(), hours: each });
    (days.collect(), Hours::from_hundredths(each.hundredths() * n))
}

pub fn job_declared(worker: u128, n_days: u32, budget: &str) -> UnitEvent {
    let (days, hours) = work_days(n_days, "7.00");
    UnitEvent::ContractDeclared {
        contract: ContractId::new(Uuid::from_u128(1)),
        holder: person(worker),
        worker: person(worker),
        kind: WorkerKind::Employee,
        order: None,
        client: None,
        risk: None,
        days,
        hours,
        budget: amount(budget),
        coefficient: "1.69".parse().unwrap(),
        gross: amount("100.00"),
        minimum_gross: amount("90.00"),
    }
}

/// A job gets other days; under an employment contract or before it.
pub fn job_amended(worker: u128, under_contract: bool, before: (u32, &str), after: (u32, &str)) -> UnitEvent {
    let (days, hours) = work_days(after.0, "7.00");
    UnitEvent::ContractAmended {
        contract: ContractId::new(Uuid::from_u128(1)),
        worker: person(worker),
        employment: under_contract.then(|| EmploymentId::new(Uuid::from_u128(1))),
        days_before: before.0,
        hours_before: Hours::from_hundredths(before.0 * 700),
        budget_before: amount(before.1),
        days,
        hours,
        budget: amount(after.1),
        coefficient: "1.69".parse().unwrap(),
        gross: amount("100.00"),
        minimum_gross: amount("90.00"),
    }
}

pub fn job_cancelled(budget: &str) -> UnitEvent {
    let contract = ContractId::new(Uuid::from_u128(1));
    UnitEvent::ContractCancelled { contract, budget: amount(budget), reason: ReasonCode::literal("weather") }
}

pub fn employed(worker: u128, n_days: u32) -> UnitEvent {
    UnitEvent::EmploymentConcluded {
        employment: EmploymentId::new(Uuid::from_u128(1)),
        worker: person(worker),
        kind: WorkerKind::Employee,
        term: Term::FixedTerm {
            contract: ContractId::new(Uuid::from_u128(1)),
            from: day("2025-05-01"),
            to: day("2025-05-31"),
        },
        n_days,
        hours: Hours::from_hundredths(n_days * 700),
    }
}

pub fn employed_open_ended(worker: u128) -> UnitEvent {
    UnitEvent::EmploymentConcluded {
        employment: EmploymentId::new(Uuid::from_u128(2)),
        worker: person(worker),
        kind: WorkerKind::Employee,
        term: Term::OpenEnded { from: day("2025-05-01") },
        n_days: 0,
        hours: Hours::default(),
    }
}

pub fn days_declared(worker: u128, n_days: u32) -> UnitEvent {
    let (days, hours) = work_days(n_days, "7.50");
    UnitEvent::WorkDaysDeclared {
        employment: EmploymentId::new(Uuid::from_u128(2)),
        holder: person(worker),
        worker: person(worker),
        kind: WorkerKind::Employee,
        month: day("2025-05-01").month(),
        risk: None,
        days,
        hours,
        budget: amount("2000.00"),
        coefficient: "1.69".parse().unwrap(),
        gross: amount("1183.43"),
        minimum_gross: amount("1000.00"),
    }
}

pub fn wage_calculated(worker: u128) -> UnitEvent {
    let wage = Wage {
        gross: amount("1000.00"),
        base: amount("1000.00"),
        employee: euro("130.70"),
        taxable: euro("869.30"),
        tax: euro("96.58"),
        net: amount("772.72"),
        employer: euro("250.00"),
        holiday: Balance::ZERO,
        cost: amount("1250.00"),
    };
    UnitEvent::SalaryCalculated {
        salary: SalaryId::new(Uuid::from_u128(1)),
        work: Work::Contract(ContractId::new(Uuid::from_u128(1))),
        worker: person(worker),
        kind: WorkerKind::Employee,
        wage,
        withholding_rate: "0.1111".parse().unwrap(),
        work_bonus: Balance::ZERO,
        budget: amount("1690.00"),
        margin: euro("440.00"),
        due_on: day("2025-06-10"),
        evidence: evidence(),
    }
}

pub fn wage_paid(worker: u128) -> UnitEvent {
    UnitEvent::SalaryPaid {
        salary: SalaryId::new(Uuid::from_u128(1)),
        worker: person(worker),
        net: amount("772.72"),
        due_on: day("2025-06-10"),
        evidence: evidence(),
    }
}

pub fn requested(n: u128, category: Category) -> MemberEvent {
    MemberEvent::AdmissionRequested { person: person(n), category }
}

pub fn granted(n: u128, category: Category) -> MemberEvent {
    MemberEvent::AdmissionGranted { person: person(n), category }
}

pub fn subscribed(n: u128, class: &str, shares: u32) -> MemberEvent {
    MemberEvent::SharesSubscribed {
        person: person(n),
        class: class.parse().unwrap(),
        shares,
        nominal: amount("30.00"),
        amount: Amount::from_cents(i64::from(shares) * 3_000).unwrap(),
        evidence: evidence(),
    }
}

pub fn paid_up(cents: i64) -> MemberEvent {
    MemberEvent::SharesPaidUp { amount: Amount::from_cents(cents).unwrap(), evidence: evidence() }
}

/// Shares of 30.00 are cancelled, on which so much was paid.
pub fn cancelled(n: u128, shares: u32, paid: &str, unpaid: &str) -> MemberEvent {
    MemberEvent::SharesCancelled {
        person: person(n),
        shares,
        paid: euro(paid),
        unpaid: euro(unpaid),
        reason: ReasonCode::literal("resigned"),
    }
}

pub fn refund_determined(shares: u32, paid_in: &str, refund: &str) -> MemberEvent {
    MemberEvent::RefundDetermined {
        person: Some(person(1)),
        shares,
        paid_in: euro(paid_in),
        nominal: euro(paid_in),
        net_assets_per_share: euro("25.00"),
        amount: euro(refund),
        not_refunded: euro(paid_in) - euro(refund),
        evidence: evidence(),
    }
}

pub fn asked_to_resign(filed_on: &str) -> MemberEvent {
    MemberEvent::ResignationRequested { filed_on: day(filed_on), evidence: evidence() }
}

/// A transfer of shares: the giver's event and the receiver's, one after the other.
pub fn transfer(from: u128, to: u128, shares: u32) -> [(StreamId, MemberEvent); 2] {
    let paid = Amount::from_cents(i64::from(shares) * 3_000).unwrap();
    let (giver, receiver) = (person(from), person(to));
    let gone = MemberEvent::SharesTransferred {
        from: giver,
        to: receiver,
        to_member: member_id(to),
        shares,
        paid,
        evidence: evidence(),
    };
    let come = MemberEvent::SharesReceived {
        from: giver,
        from_member: member_id(from),
        to: receiver,
        shares,
        paid,
        evidence: evidence(),
    };
    [(member(from), gone), (member(to), come)]
}
