//! Every event reaches the rows of a projection, or is listed with the reason why not.

use std::collections::{BTreeMap, BTreeSet};

use domain::board::BoardEvent;
use domain::correction::Correction;
use domain::grant::{GrantEvent, GrantKind};
use domain::ids::*;
use domain::loan::{Instalment, LoanEvent, LoanKind, Receivable};
use domain::mandate::{MandateEvent, MandateKind};
use domain::meeting::{Ballot, Choice, ItemKind, MeetingEvent};
use domain::member::{Category, ExclusionOutcome, ExitCause, MemberEvent, Remarks};
use domain::parameters::{CodeList, Parameter, Value as ParameterValue};
use domain::series::{Numbered, SeriesEvent};
use domain::statutes::{Source, StatutesEvent};
use domain::text::ReasonCode;
use domain::unit::{Channel, ClientKind, ExpenseKind, Payee, ReminderLevel, SocialDocument, UnitEvent};
use domain::year::YearEvent;
use domain::{Balance, Event, Position, SeriesId, StreamId, Year};
use projections::port::{Projection, Rows, Seen, Shape, Table, Value};
use uuid::Uuid;

use crate::world::*;

/// Counts what is written and checks that each row has the shape of its table.
#[derive(Default)]
struct Written(BTreeMap<&'static str, u32>);

impl Rows for Written {
    fn insert(&mut self, table: &'static Table, row: &[Value<'_>]) {
        assert!(matches!(table.shape, Shape::Lines { .. }));
        assert_eq!(row.len(), table.columns.len(), "{}", table.name);
        *self.0.entry(table.name).or_default() += 1;
    }

    fn add(&mut self, table: &'static Table, key: &[Value<'_>], sums: &[i64]) {
        assert_eq!(table.shape, Shape::Totals { key: key.len() });
        assert_eq!(key.len() + sums.len(), table.columns.len(), "{}", table.name);
        *self.0.entry(table.name).or_default() += 1;
    }
}

/// One sample of every event, as the log would hold it.
pub fn samples() -> Vec<(StreamId, Event)> {
    let reason = ReasonCode::literal("mistake");
    let (order, expense) = (OrderId::new(Uuid::from_u128(1)), ExpenseId::new(Uuid::from_u128(1)));
    let number = "F/2025/000001".parse().unwrap();
    let statutes = StatutesEvent::Adopted { version: 1, evidence: evidence() };
    let closed = YearEvent::Closed {};
    let document = Uuid::from_u128(1);
    let taken = SeriesEvent::NumberTaken {
        n: 1,
        number,
        numbered: Numbered::Invoice,
        document,
        on: day("2025-01-02"),
    };
    let (year, series) = (
        StreamId::Year(Year::new(2025)),
        StreamId::Series(SeriesId { code: "F".parse().unwrap(), year: Year::new(2025) }),
    );
    let user = Category::User;
    let [gone, come] = transfer(1, 2, 1);
    let mut samples: Vec<(StreamId, Event)> = vec![
        (
            StreamId::Statutes,
            StatutesEvent::LogOpened {
                entity: EntityId::new(Uuid::from_u128(1)),
                currency: "EUR".parse().unwrap(),
                synthetic: true,
            }
            .into(),
        ),
        (StreamId::Statutes, statutes.clone().into()),
        (
            StreamId::Statutes,
            StatutesEvent::ParameterPublished {
                name: Parameter::ControlBeforeRate,
                value: ParameterValue::Rate("0.05".parse().unwrap()),
                valid_from: day("2017-01-01"),
                valid_to: None,
                source: Source::try_new("statutes").unwrap(),
                verified: true,
            }
            .into(),
        ),
        (
            StreamId::Statutes,
            StatutesEvent::CodePublished {
                list: CodeList::CheckedBefore,
                code: "bank_fee.charged".parse().unwrap(),
                valid_from: day("2017-01-01"),
                valid_to: None,
                source: Source::try_new("statutes").unwrap(),
            }
            .into(),
        ),
        (StreamId::Statutes, StatutesEvent::Corrected(taken_back(statutes, "statutes.adopted@1")).into()),
        (year, YearEvent::Opened { first_day: day("2025-01-01"), last_day: day("2025-12-31") }.into()),
        (year, closed.clone().into()),
        (
            year,
            YearEvent::TestsRecorded {
                net_assets: Balance::from_cents(1_200_000),
                shares: 400,
                net_assets_per_share: Balance::from_cents(3_000),
                unavailable_equity: Balance::from_cents(1_195_000),
                room: Balance::from_cents(5_000),
                net_assets_passed: true,
                debts_payable_months: 12,
                horizon_months: 12,
                liquidity_passed: true,
                evidence: evidence(),
            }
            .into(),
        ),
        (year, YearEvent::UnitBalancesDeferred { amount: amount("400.00") }.into()),
        (year, YearEvent::UnitBalancesReversed { amount: amount("400.00") }.into()),
        (year, YearEvent::AccountsAudited { evidence: evidence() }.into()),
        (year, YearEvent::AccountsApproved { evidence: evidence() }.into()),
        (
            year,
            YearEvent::ResultAllocated {
                result: Balance::from_cents(60_000),
                to_reserves: Balance::ZERO,
                carried_forward: Balance::from_cents(60_000),
                evidence: evidence(),
            }
            .into(),
        ),
        (year, YearEvent::Corrected(taken_back(closed, "year.closed@1")).into()),
        (series, taken.clone().into()),
        (series, SeriesEvent::Corrected(taken_back(taken, "number.taken@1")).into()),
    ];
    let members = [
        requested(1, user),
        granted(1, user),
        MemberEvent::AdmissionRefused { person: person(1), reason },
        MemberEvent::CategoryChanged { from: user, to: Category::Partner },
        subscribed(1, "A", 3),
        paid_up(9_000),
        gone.1,
        come.1,
        asked_to_resign("2025-03-01"),
        MemberEvent::ResignationAccepted { leaves_on: day("2025-06-30"), payable_by: day("2025-07-31") },
        MemberEvent::ResignationRefused { reason },
        cancelled(1, 3, "90.00", "0.00"),
        refund_determined(3, "90.00", "75.00"),
        MemberEvent::ExclusionProposed { reason, remarks_until: day("2025-04-03"), evidence: evidence() },
        MemberEvent::ExclusionRemarksReceived { remarks: Remarks::Waived, evidence: evidence() },
        MemberEvent::ExclusionDecided { outcome: ExclusionOutcome::Excluded, reason, evidence: evidence() },
        MemberEvent::ExitByLaw { cause: ExitCause::Death, evidence: evidence() },
        MemberEvent::RefundPaid { person: person(1), amount: amount("50.00"), evidence: evidence() },
        MemberEvent::CurrentAccountCredited {
            person: person(1),
            amount: amount("500.00"),
            repayable_by: day("2030-03-03"),
            evidence: evidence(),
        },
        MemberEvent::CurrentAccountRepaid {
            person: person(1),
            amount: amount("500.00"),
            evidence: evidence(),
        },
        MemberEvent::RefundSuspended { person: person(1), amount: amount("10.00") },
        MemberEvent::RefundResumed { person: person(1), amount: amount("10.00") },
        MemberEvent::MembershipEnded { person: person(1), reason },
        MemberEvent::Corrected(taken_back(paid_up(9_000), "shares.paid_up@1")),
    ];
    samples.extend(members.map(|event| (member(1), event.into())));
    let units = [
        opened(1),
        joined(2),
        left(2),
        UnitEvent::Closed {},
        UnitEvent::OrderConfirmed { order, client: client(1), net: amount("10.00"), evidence: evidence() },
        UnitEvent::OrderCancelled { order, reason },
        job_declared(1, 2, "500.00"),
        job_amended(1, true, (2, "500.00"), (3, "600.00")),
        job_cancelled("600.00"),
        UnitEvent::ContractEnded {
            contract: ContractId::new(Uuid::from_u128(1)),
            worker: person(1),
            last_day: day("2025-05-03"),
            wage_due_on: day("2025-05-12"),
        },
        employed(1, 2),
        UnitEvent::EmploymentEnded {
            employment: EmploymentId::new(Uuid::from_u128(2)),
            worker: person(1),
            reason,
        },
        days_declared(1, 3),
        invoiced(1, "100.00"),
        credited("10.00"),
        paid_by_client(1, "90.00"),
        UnitEvent::ExpenseClaimed {
            expense,
            holder: person(1),
            kind: ExpenseKind::Travel,
            payee: Payee::Member,
            incurred_on: day("2025-01-02"),
            net: amount("10.00"),
            vat: Balance::ZERO,
            vat_recoverable: Balance::ZERO,
            evidence: evidence(),
        },
        expense_approved(1, "10.00"),
        UnitEvent::ExpenseRefused { expense, reason },
        UnitEvent::ExpensePaid {
            expense,
            holder: person(1),
            payee: Payee::Member,
            amount: amount("10.00"),
            evidence: evidence(),
        },
        wage_calculated(1),
        wage_paid(1),
        UnitEvent::Corrected(taken_back(wage_paid(1), "salary.paid@1")),
    ];
    samples.extend(units.into_iter().chain(debts()).map(|event| (unit(1), event.into())));
    samples.extend(loans().map(|event| (StreamId::Loan(LoanId::new(Uuid::from_u128(1))), event.into())));
    samples.extend(grants().map(|event| (StreamId::Grant(GrantId::new(Uuid::from_u128(1))), event.into())));
    samples.extend(crate::overheads::samples());
    samples.extend(crate::desk::samples());
    samples.extend(crate::taking_part::samples());
    samples.extend(bodies());
    samples
}

/// What happens at meetings, of members and of the board, and to mandates.
fn bodies() -> Vec<(StreamId, domain::Event)> {
    use crate::{mandates as m, vote_register as v};
    let kind = MandateKind::DirectorA;
    let cast = v::voted(1, 1, 1, Choice::InFavour);
    let meetings = [
        v::convened(&[(1, ItemKind::Ordinary, Ballot::Open)]),
        v::sealed(),
        v::proxy(3, 1, 1),
        v::revoked(3, 1),
        v::attended(1, 1),
        v::opened(),
        cast.clone(),
        v::balloted(1, 1),
        v::tallied(1, 1, 0),
        v::decided(1, 1, 0),
        v::elected(1),
        MeetingEvent::Closed {},
        v::signed(),
        MeetingEvent::Corrected(taken_back(cast, "vote.cast@1")),
    ];
    let (board, reason) = (BoardMeetingId::new(Uuid::from_u128(1)), ReasonCode::literal("lease"));
    let mandates = [
        m::proposed(1),
        m::granted(1, kind, "2025-01-02", "2029-01-01"),
        m::renewed(1, kind, "2029-01-01", "2033-01-01"),
        m::ended(1, kind, "2025-03-01"),
        MandateEvent::ConflictDeclared {
            person: person(1),
            board,
            item: v::item(1),
            nature: reason,
            effect: Balance::ZERO,
            evidence: evidence(),
        },
        m::voted(1, "600.00"),
        m::paid(1, "200.00"),
        MandateEvent::Corrected(taken_back(m::paid(1, "200.00"), "allowance.paid@1")),
    ];
    let met = BoardEvent::Met { present: vec![person(1)], seated: 1, quorum: 1 };
    let boards = [
        BoardEvent::Convened { meets_on: day("2025-05-31"), agenda: Vec::new(), evidence: evidence() },
        met.clone(),
        BoardEvent::Decided {
            item: v::item(1),
            subject: reason,
            present: vec![person(1)],
            in_favour: vec![person(1)],
            against: Vec::new(),
            abstained: Vec::new(),
            conflicted: Vec::new(),
            adopted: true,
            evidence: evidence(),
        },
        BoardEvent::Corrected(taken_back(met, "board.met@1")),
    ];
    let meetings = meetings.into_iter().map(|event| (v::meeting(), event.into()));
    let mandates = mandates.into_iter().map(|event| (m::mandate(1), event.into()));
    let boards = boards.into_iter().map(|event| (StreamId::Board(board), event.into()));
    meetings.chain(mandates).chain(boards).collect()
}

fn loans() -> [LoanEvent; 11] {
    let (borrower, project, kind) = (person(1), ProjectId::new(Uuid::from_u128(1)), LoanKind::Cash);
    let (ten, due_on, reason) = (amount("10.00"), day("2025-05-31"), ReasonCode::literal("mistake"));
    let receivable = Receivable { within_year: ten.balance(), ..Receivable::default() };
    let schedule = vec![Instalment { due_on, amount: ten }];
    let lent =
        LoanEvent::Disbursed { borrower, project, kind, principal: ten, receivable, evidence: evidence() };
    [
        LoanEvent::Requested { borrower, project, kind, amount: ten },
        LoanEvent::Granted {
            borrower,
            project,
            kind,
            principal: ten,
            schedule: schedule.clone(),
            evidence: evidence(),
        },
        LoanEvent::Refused { borrower, project, reason },
        lent.clone(),
        LoanEvent::InstalmentDue { borrower, n: 1, amount: ten, due_on },
        LoanEvent::InstalmentPaid { borrower, kind, n: 1, amount: ten, receivable, evidence: evidence() },
        LoanEvent::Rescheduled {
            borrower,
            kind,
            outstanding: ten,
            schedule,
            moved_beyond_year: ten.balance(),
            evidence: evidence(),
        },
        LoanEvent::Doubtful { borrower, outstanding: ten, receivable, reason, evidence: evidence() },
        LoanEvent::WrittenOff { borrower, kind, amount: ten, receivable, reason, evidence: evidence() },
        LoanEvent::Repaid { borrower, project, paid: ten, written_off: Balance::ZERO },
        LoanEvent::Corrected(taken_back(lent, "loan.disbursed@1")),
    ]
}

fn grants() -> [GrantEvent; 6] {
    let (funder, kind) = (person(2), GrantKind::Own { unit: UnitId::new(Uuid::from_u128(1)) });
    let (ten, reason) = (amount("10.00"), ReasonCode::literal("mistake"));
    let received = GrantEvent::Received { funder, kind, amount: ten, evidence: evidence() };
    [
        GrantEvent::Announced { funder, kind, amount: ten, project: None, evidence: evidence() },
        received.clone(),
        GrantEvent::Recognised {
            unit: UnitId::new(Uuid::from_u128(1)),
            amount: ten,
            contribution_rate: "0.065".parse().unwrap(),
            contribution: "0.65".parse().unwrap(),
            unit_share: "9.35".parse().unwrap(),
            evidence: evidence(),
        },
        GrantEvent::PassedOn { beneficiary: person(1), amount: ten, evidence: evidence() },
        GrantEvent::Returned { funder, kind, amount: ten, reason, evidence: evidence() },
        GrantEvent::Corrected(taken_back(received, "grant.received@1")),
    ]
}

/// What is done about an invoice that is not paid.
fn debts() -> Vec<UnitEvent> {
    let (invoice, client) = (InvoiceId::new(Uuid::from_u128(1)), client(1));
    let (open, reason) = (amount("90.00"), ReasonCode::literal("asked"));
    let employment = EmploymentId::new(Uuid::from_u128(1));
    vec![
        UnitEvent::InvoiceReminded {
            invoice,
            client,
            level: ReminderLevel::after(0).unwrap(),
            channel: Channel::Email,
            sent_on: day("2025-05-12"),
            days_overdue: 10,
            open,
        },
        UnitEvent::IndemnityCharged {
            invoice,
            client,
            kind: ClientKind::B2b,
            overdue: open,
            days_overdue: 10,
            interest_rate: "0.115".parse().unwrap(),
            flat: amount("40.00"),
            interest: Balance::from_cents(28),
        },
        UnitEvent::InvoiceDisputed { invoice, client, reason },
        UnitEvent::DisputeSettled { invoice, client, reason },
        UnitEvent::PaymentPlanAgreed {
            invoice,
            client,
            instalments: vec![Instalment { due_on: day("2025-06-30"), amount: open }],
            evidence: evidence(),
        },
        UnitEvent::InvoiceDoubtful {
            invoice,
            client,
            gross: open,
            net: open.balance(),
            from_fund: open.balance(),
            from_pool: Balance::ZERO,
            released: Balance::ZERO,
            reason,
            evidence: evidence(),
        },
        UnitEvent::InvoiceRecovered {
            invoice,
            payment: PaymentId::new(Uuid::from_u128(1)),
            client,
            received: open,
            settled: open.balance(),
            excess: Balance::ZERO,
            net: open.balance(),
            to_fund: open.balance(),
            to_pool: Balance::ZERO,
            evidence: evidence(),
        },
        UnitEvent::InvoiceWrittenOff {
            invoice,
            client,
            net: open.balance(),
            vat_recoverable: Balance::ZERO,
            judgment_on: None,
            evidence: evidence(),
        },
        UnitEvent::AdvanceGranted { invoice, amount: open },
        UnitEvent::AdvanceRecovered { invoice, payment: PaymentId::new(Uuid::from_u128(1)), amount: open },
        UnitEvent::AdvanceAbsorbed { invoice, amount: open },
        UnitEvent::DepositInvoiced {
            invoice,
            number: "F/2025/000002".parse().unwrap(),
            holder: person(1),
            client,
            order: None,
            course: None,
            vat: Vec::new(),
            net: open,
            gross: open,
            due_on: day("2025-04-02"),
            evidence: evidence(),
        },
        UnitEvent::DepositDeducted {
            deposit: invoice,
            invoice: InvoiceId::new(Uuid::from_u128(2)),
            number: "F/2025/000003".parse().unwrap(),
            client,
            vat: Vec::new(),
            net: open,
            gross: open,
            released: open.balance(),
        },
        UnitEvent::DepositCredited {
            invoice,
            credit_note: CreditNoteId::new(Uuid::from_u128(2)),
            number: "C/2025/000002".parse().unwrap(),
            client,
            vat: Vec::new(),
            net: open,
            gross: open,
            reason,
            evidence: evidence(),
        },
        UnitEvent::HolidayPayAccrued {
            salary: SalaryId::new(Uuid::from_u128(1)),
            worker: person(1),
            gross: open,
            rate: "0.1534".parse().unwrap(),
            amount: open,
            evidence: evidence(),
        },
        UnitEvent::HolidayPayPaid {
            worker: person(1),
            salaries: Vec::new(),
            accrued: open,
            employee: Balance::ZERO,
            tax: Balance::ZERO,
            net: open,
            evidence: evidence(),
        },
        UnitEvent::DimonaSent {
            employment,
            worker: person(1),
            first_day: day("2025-03-03"),
            days_late: 0,
            late: None,
            evidence: evidence(),
        },
        UnitEvent::DimonaAccepted { employment, worker: person(1), days_late: 0, evidence: evidence() },
        UnitEvent::DimonaRefused { employment, worker: person(1), reason, evidence: evidence() },
        UnitEvent::DimonaCancelled { employment, worker: person(1), reason, evidence: evidence() },
        UnitEvent::SocialDocumentIssued {
            document: SocialDocument::Unemployment { employment },
            worker: person(1),
            evidence: evidence(),
        },
        UnitEvent::GuaranteeLineSet { before: Balance::ZERO, line: open.balance(), evidence: evidence() },
        UnitEvent::BudgetTransferred {
            to: unit_id(2),
            holder: person(1),
            amount: open,
            reason,
            evidence: evidence(),
        },
        UnitEvent::BudgetReceived { from: unit_id(2), amount: open, reason, evidence: evidence() },
        UnitEvent::DeficitAbsorbed { amount: open, reason, evidence: evidence() },
        UnitEvent::InvoiceHandedOver {
            invoice,
            client,
            collector: CollectorId::new(Uuid::from_u128(1)),
            open,
        },
    ]
}

pub fn taken_back<E>(original: E, rule: &str) -> Correction<E> {
    Correction {
        position: Position(1),
        original: Box::new(original),
        original_rule: rule.parse().unwrap(),
        reason: ReasonCode::literal("mistake"),
        authority: "board".parse().unwrap(),
        replacement: None,
    }
}

#[test]
fn every_event_reaches_rows_or_is_listed_with_a_reason() {
    let listed: BTreeMap<_, _> = projections::LOG_ONLY.iter().copied().collect();
    let mut projections: Vec<Box<dyn Projection>> = projections::all();
    let mut unseen: BTreeSet<&str> = domain::Event::kinds().map(|kind| kind.name).collect();
    for (n, (stream, event)) in samples().into_iter().enumerate() {
        let name = event.kind().name;
        unseen.remove(name);
        let recorded = recorded(Position(n as u64 + 1), day("2025-05-31"), stream, event);
        let posting = ledger::post(recorded.posting_rule, stream, &recorded.event).unwrap();
        let mut written = Written::default();
        for projection in &mut projections {
            projection.fold(Seen { recorded: &recorded, posting: &posting }, &mut written);
        }
        match listed.get(name) {
            None => assert!(!written.0.is_empty(), "{name} reaches no rows: fold it, or list it in LOG_ONLY"),
            Some(reason) => assert!(
                written.0.is_empty(),
                "{name} reaches {written:?}, yet: {reason}",
                written = written.0
            ),
        }
    }
    assert!(unseen.is_empty(), "there is no sample of {unseen:?}");
}

#[test]
fn tables_and_indexes_have_names_of_their_own() {
    let mut names = BTreeSet::new();
    let projections = projections::all();
    for table in projections.iter().flat_map(|projection| projection.tables()) {
        assert!(names.insert(table.name), "{}", table.name);
        for index in table.indexes {
            assert!(names.insert(index.name), "{}", index.name);
            let has = |name: &&str| table.columns.iter().any(|column| column.name == *name);
            assert!(index.columns.iter().all(has), "{} names a column it has not", index.name);
            assert!(index.unless_null.iter().all(has), "{} names a column it has not", index.name);
        }
    }
}
