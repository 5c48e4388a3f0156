//! People we know, one sample of every event, and an entry as a voucher.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod bodies;
pub mod desk;
pub mod overheads;
pub mod taking_part;

use domain::correction::Correction;
use domain::grant::{GrantEvent, GrantKind};
use domain::ids::*;
use domain::loan::{Instalment, LoanEvent, LoanKind, Receivable};
use domain::member::{Category, ExclusionOutcome, ExitCause, MemberEvent, Remarks};
use domain::money::{Amount, Balance, Rate};
use domain::parameters::{CodeList, Parameter, Value};
use domain::payroll::{Rates, Wage, WorkerKind};
use domain::series::{Numbered, SeriesEvent};
use domain::statutes::{Source, StatutesEvent};
use domain::unit::{
    Channel, ClientKind, ExpenseKind, Payee, ReminderLevel, SocialDocument, Term, UnitEvent, Work, WorkDay,
};
use domain::vat::{VatCategory, VatLine};
use domain::year::YearEvent;
use domain::{Day, Digest, Event, Evidence, Hours, Position, SeriesId, StreamId, Year};
use ledger::{Book, Language, Line, Party, Posting, post, rule_for};
use uuid::Uuid;

pub const ALICE: PersonId = PersonId::new(Uuid::from_u128(0xA11CE));
pub const BOB: PersonId = PersonId::new(Uuid::from_u128(0xB0B));
pub const ACME: ClientId = ClientId::new(Uuid::from_u128(0xACE));
pub const ATELIER: UnitId = UnitId::new(Uuid::from_u128(0xA7E));
pub const GARAGE: UnitId = UnitId::new(Uuid::from_u128(0x6A4));
pub const FUNDER: PersonId = PersonId::new(Uuid::from_u128(0xF04DE4));
pub const LOAN: LoanId = LoanId::new(Uuid::from_u128(0x10A4));
pub const GRANT: GrantId = GrantId::new(Uuid::from_u128(0x64A47));
pub const MEMBER: MemberId = MemberId::new(Uuid::from_u128(0x3E3));
const ID: Uuid = Uuid::from_u128(1);

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn balance(text: &str) -> Balance {
    text.parse().unwrap()
}

pub fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn evidence(document: &str) -> Evidence {
    Evidence { document: document.parse().unwrap(), digest: Digest([7; 32]) }
}

fn days() -> Vec<WorkDay> {
    vec![WorkDay { on: day("2025-03-03"), hours: "7.00".parse::<Hours>().unwrap() }]
}

pub fn contract_declared(budget: &str) -> UnitEvent {
    UnitEvent::ContractDeclared {
        contract: ContractId::new(ID),
        holder: ALICE,
        worker: BOB,
        kind: WorkerKind::Employee,
        order: None,
        client: None,
        risk: None,
        days: days(),
        hours: "7.00".parse().unwrap(),
        budget: amount(budget),
        coefficient: rate("1.69"),
        gross: amount("107.69"),
        minimum_gross: amount("89.78"),
    }
}

pub fn contract_amended(before: &str, after: &str) -> UnitEvent {
    UnitEvent::ContractAmended {
        contract: ContractId::new(ID),
        worker: BOB,
        employment: None,
        days_before: 1,
        hours_before: "7.00".parse().unwrap(),
        budget_before: amount(before),
        days: days(),
        hours: "7.00".parse().unwrap(),
        budget: amount(after),
        coefficient: rate("1.69"),
        gross: amount("107.69"),
        minimum_gross: amount("89.78"),
    }
}

pub fn invoice_issued(net: &str, tax: &str, contribution: &str, spendable: bool) -> UnitEvent {
    let (net, tax, contribution) = (amount(net), balance(tax), balance(contribution));
    UnitEvent::InvoiceIssued {
        invoice: InvoiceId::new(ID),
        number: "F/2025/000001".parse().unwrap(),
        holder: ALICE,
        client: ACME,
        order: None,
        course: None,
        vat: vec![VatLine { category: VatCategory::Standard, rate: rate("0.21"), base: net, tax }],
        net,
        gross: Amount::try_from(net.balance() + tax).unwrap(),
        contribution_rate: rate("0.065"),
        contribution,
        unit_share: net.balance() - contribution,
        spendable,
        due_on: day("2025-04-02"),
        evidence: evidence("F/2025/000001"),
    }
}

/// A credit note that leaves its invoice open; the parts are contribution, from pending, from
/// available, from the fund.
pub fn invoice_credited(net: &str, tax: &str, parts: [&str; 4]) -> UnitEvent {
    invoice_closed(net, tax, parts, "0.00")
}

/// A credit note that closes its invoice and releases what was still pending.
pub fn invoice_closed(net: &str, tax: &str, parts: [&str; 4], released: &str) -> UnitEvent {
    let (net, tax) = (amount(net), balance(tax));
    let [contribution, from_pending, from_available, from_fund] = parts.map(balance);
    UnitEvent::InvoiceCredited {
        invoice: InvoiceId::new(ID),
        credit_note: CreditNoteId::new(ID),
        number: "C/2025/000001".parse().unwrap(),
        client: ACME,
        vat: vec![VatLine { category: VatCategory::Standard, rate: rate("0.21"), base: net, tax }],
        net,
        gross: Amount::try_from(net.balance() + tax).unwrap(),
        contribution,
        from_pending,
        from_available,
        from_fund,
        released: balance(released),
        reason: "price".parse().unwrap(),
        evidence: evidence("C/2025/000001"),
    }
}

pub fn invoice_paid(settled: &str, excess: &str, released: &str) -> UnitEvent {
    UnitEvent::InvoicePaid {
        invoice: InvoiceId::new(ID),
        payment: PaymentId::new(ID),
        client: ACME,
        received: Amount::try_from(balance(settled) + balance(excess)).unwrap(),
        settled: balance(settled),
        excess: balance(excess),
        released: balance(released),
        evidence: evidence("BNK-31"),
    }
}

/// An indemnity of a business on 1,210.00, 91 days late.
pub fn indemnity_charged(kind: ClientKind, flat: &str, interest: &str) -> UnitEvent {
    UnitEvent::IndemnityCharged {
        invoice: InvoiceId::new(ID),
        client: ACME,
        kind,
        overdue: amount("1210.00"),
        days_overdue: 91,
        interest_rate: rate("0.115"),
        flat: amount(flat),
        interest: balance(interest),
    }
}

/// A debt of 1,210.00 that nobody will pay soon.
pub fn invoice_doubtful(from_fund: &str, from_pool: &str, released: &str) -> UnitEvent {
    UnitEvent::InvoiceDoubtful {
        invoice: InvoiceId::new(ID),
        client: ACME,
        gross: amount("1210.00"),
        net: balance(from_fund) + balance(from_pool),
        from_fund: balance(from_fund),
        from_pool: balance(from_pool),
        released: balance(released),
        reason: "no-answer".parse().unwrap(),
        evidence: evidence("DOS-1"),
    }
}

pub fn invoice_recovered(settled: &str, excess: &str, to_fund: &str, to_pool: &str) -> UnitEvent {
    UnitEvent::InvoiceRecovered {
        invoice: InvoiceId::new(ID),
        payment: PaymentId::new(ID),
        client: ACME,
        received: Amount::try_from(balance(settled) + balance(excess)).unwrap(),
        settled: balance(settled),
        excess: balance(excess),
        net: balance(to_fund) + balance(to_pool),
        to_fund: balance(to_fund),
        to_pool: balance(to_pool),
        evidence: evidence("BNK-34"),
    }
}

fn standard(net: &str, tax: &str) -> (Vec<VatLine>, Amount, Amount) {
    let (base, tax) = (amount(net), balance(tax));
    let line = VatLine { category: VatCategory::Standard, rate: rate("0.21"), base, tax };
    (vec![line], base, Amount::try_from(base.balance() + tax).unwrap())
}

pub fn deposit_invoiced(net: &str, tax: &str) -> UnitEvent {
    let (vat, net, gross) = standard(net, tax);
    UnitEvent::DepositInvoiced {
        invoice: InvoiceId::new(ID),
        number: "F/2025/000002".parse().unwrap(),
        holder: ALICE,
        client: ACME,
        order: None,
        course: None,
        vat,
        net,
        gross,
        due_on: day("2025-04-02"),
        evidence: evidence("F/2025/000002"),
    }
}

pub fn deposit_deducted(net: &str, tax: &str, released: &str) -> UnitEvent {
    let (vat, net, gross) = standard(net, tax);
    UnitEvent::DepositDeducted {
        deposit: InvoiceId::new(ID),
        invoice: InvoiceId::new(Uuid::from_u128(2)),
        number: "F/2025/000003".parse().unwrap(),
        client: ACME,
        vat,
        net,
        gross,
        released: balance(released),
    }
}

pub fn deposit_credited(net: &str, tax: &str) -> UnitEvent {
    let (vat, net, gross) = standard(net, tax);
    UnitEvent::DepositCredited {
        invoice: InvoiceId::new(ID),
        credit_note: CreditNoteId::new(ID),
        number: "C/2025/000002".parse().unwrap(),
        client: ACME,
        vat,
        net,
        gross,
        reason: "withdrawn".parse().unwrap(),
        evidence: evidence("C/2025/000002"),
    }
}

/// BOB's wage of 1,000.00 earned holiday pay.
pub fn holiday_pay_accrued(text: &str) -> UnitEvent {
    UnitEvent::HolidayPayAccrued {
        salary: SalaryId::new(ID),
        worker: BOB,
        gross: amount("1000.00"),
        rate: rate("0.1534"),
        amount: amount(text),
        evidence: evidence("LON-2"),
    }
}

pub fn holiday_pay_paid(accrued: &str, employee: &str, tax: &str) -> UnitEvent {
    let (employee, tax) = (balance(employee), balance(tax));
    UnitEvent::HolidayPayPaid {
        worker: BOB,
        salaries: vec![SalaryId::new(ID)],
        accrued: amount(accrued),
        employee,
        tax,
        net: Amount::try_from(balance(accrued) - employee - tax).unwrap(),
        evidence: evidence("BNK-35"),
    }
}

/// ATELIER gives budget to GARAGE.
pub fn budget_transferred(text: &str) -> UnitEvent {
    UnitEvent::BudgetTransferred {
        to: GARAGE,
        holder: ALICE,
        amount: amount(text),
        reason: "shared-work".parse().unwrap(),
        evidence: evidence("ORDER-2"),
    }
}

pub fn deficit_absorbed(text: &str) -> UnitEvent {
    UnitEvent::DeficitAbsorbed {
        amount: amount(text),
        reason: "client-bankrupt".parse().unwrap(),
        evidence: evidence("DECISION-1"),
    }
}

pub fn invoice_written_off(net: &str, vat_recoverable: &str) -> UnitEvent {
    UnitEvent::InvoiceWrittenOff {
        invoice: InvoiceId::new(ID),
        client: ACME,
        net: balance(net),
        vat_recoverable: balance(vat_recoverable),
        judgment_on: (vat_recoverable != "0.00").then(|| day("2025-06-15")),
        evidence: evidence("PV-1"),
    }
}

pub fn expense_approved(kind: ExpenseKind, payee: Payee, cost: &str, vat_recoverable: &str) -> UnitEvent {
    UnitEvent::ExpenseApproved {
        expense: ExpenseId::new(ID),
        holder: ALICE,
        kind,
        payee,
        cost: amount(cost),
        vat_recoverable: balance(vat_recoverable),
        owed: Amount::try_from(balance(cost) + balance(vat_recoverable)).unwrap(),
        evidence: evidence("NOTE-7"),
    }
}

pub fn expense_paid(payee: Payee) -> UnitEvent {
    let (expense, evidence) = (ExpenseId::new(ID), evidence("BNK-32"));
    UnitEvent::ExpensePaid { expense, holder: ALICE, payee, amount: amount("121.00"), evidence }
}

pub fn salary_calculated(kind: WorkerKind, budget: &str) -> UnitEvent {
    let (base, holiday) = match kind {
        WorkerKind::Employee => (rate("1"), rate("0")),
        WorkerKind::Artist => (rate("1.08"), rate("0.1584")),
    };
    let (employee, employer, withholding) = (rate("0.1307"), rate("0.25"), rate("0.1111"));
    let rates = Rates { base, holiday, employee, employer, withholding };
    let wage = Wage::calculate(amount("1000.00"), &rates, Balance::ZERO).unwrap();
    let budget = amount(budget);
    UnitEvent::SalaryCalculated {
        salary: SalaryId::new(ID),
        work: Work::Contract(ContractId::new(ID)),
        worker: BOB,
        kind,
        wage,
        withholding_rate: withholding,
        work_bonus: Balance::ZERO,
        budget,
        margin: budget.balance() - wage.cost.balance(),
        due_on: day("2025-03-12"),
        evidence: evidence("LON-3"),
    }
}

pub fn shares_subscribed() -> MemberEvent {
    MemberEvent::SharesSubscribed {
        person: ALICE,
        class: "A".parse().unwrap(),
        shares: 1,
        nominal: amount("30.00"),
        amount: amount("30.00"),
        evidence: evidence("SUB-1"),
    }
}

/// One cancelled share of 30.00, of which so much was never paid.
pub fn shares_cancelled(unpaid: &str) -> MemberEvent {
    let (unpaid, reason) = (balance(unpaid), "asked".parse().unwrap());
    MemberEvent::SharesCancelled { person: ALICE, shares: 1, paid: balance("30.00") - unpaid, unpaid, reason }
}

pub fn refund_determined(paid_in: &str, refund: &str) -> MemberEvent {
    MemberEvent::RefundDetermined {
        person: Some(ALICE),
        shares: 5,
        paid_in: balance(paid_in),
        nominal: balance(paid_in),
        net_assets_per_share: balance("21.35"),
        amount: balance(refund),
        not_refunded: balance(paid_in) - balance(refund),
        evidence: evidence("RAV-9"),
    }
}

pub const INTERNAL: LoanKind = LoanKind::Internal { unit: ATELIER };
pub const PASS_THROUGH: GrantKind = GrantKind::PassThrough { beneficiary: ALICE };
pub const OWN: GrantKind = GrantKind::Own { unit: ATELIER };

/// Within a year, beyond a year, doubtful.
pub fn receivable(parts: [&str; 3]) -> Receivable {
    let [within_year, beyond_year, doubtful] = parts.map(balance);
    Receivable { within_year, beyond_year, doubtful }
}

fn all_of(receivable: Receivable) -> Amount {
    Amount::try_from(receivable.total()).unwrap()
}

pub fn loan_disbursed(kind: LoanKind, parts: [&str; 3]) -> LoanEvent {
    let (project, receivable) = (ProjectId::new(ID), receivable(parts));
    let (principal, evidence) = (all_of(receivable), evidence("ORDER-1"));
    LoanEvent::Disbursed { borrower: ALICE, project, kind, principal, receivable, evidence }
}

pub fn instalment_paid(kind: LoanKind, parts: [&str; 3]) -> LoanEvent {
    let (receivable, evidence) = (receivable(parts), evidence("BNK-34"));
    let amount = all_of(receivable);
    LoanEvent::InstalmentPaid { borrower: ALICE, kind, n: 1, amount, receivable, evidence }
}

pub fn loan_rescheduled(kind: LoanKind, moved_beyond_year: &str) -> LoanEvent {
    LoanEvent::Rescheduled {
        borrower: ALICE,
        kind,
        outstanding: amount("1000.00"),
        schedule: vec![Instalment { due_on: day("2025-04-30"), amount: amount("1000.00") }],
        moved_beyond_year: balance(moved_beyond_year),
        evidence: evidence("PLAN-2"),
    }
}

pub fn loan_doubtful() -> LoanEvent {
    let (receivable, reason) = (receivable(["700.00", "300.00", "0.00"]), "no-answer".parse().unwrap());
    let (outstanding, evidence) = (all_of(receivable), evidence("LETTER-2"));
    LoanEvent::Doubtful { borrower: ALICE, outstanding, receivable, reason, evidence }
}

pub fn loan_written_off(kind: LoanKind, parts: [&str; 3]) -> LoanEvent {
    let (receivable, reason) = (receivable(parts), "insolvent".parse().unwrap());
    let (amount, evidence) = (all_of(receivable), evidence("MINUTES-3"));
    LoanEvent::WrittenOff { borrower: ALICE, kind, amount, receivable, reason, evidence }
}

fn loans() -> Vec<LoanEvent> {
    let (borrower, project, kind) = (ALICE, ProjectId::new(ID), LoanKind::Cash);
    let (principal, due_on) = (amount("1000.00"), day("2025-04-30"));
    vec![
        LoanEvent::Requested { borrower, project, kind, amount: principal },
        LoanEvent::Granted {
            borrower,
            project,
            kind,
            principal,
            schedule: vec![Instalment { due_on, amount: principal }],
            evidence: evidence("LOAN-1"),
        },
        LoanEvent::Refused { borrower, project, reason: "no-plan".parse().unwrap() },
        loan_disbursed(INTERNAL, ["700.00", "300.00", "0.00"]),
        loan_disbursed(kind, ["700.00", "300.00", "0.00"]),
        LoanEvent::InstalmentDue { borrower, n: 1, amount: principal, due_on },
        instalment_paid(INTERNAL, ["100.00", "0.00", "0.00"]),
        instalment_paid(kind, ["60.00", "40.00", "0.00"]),
        loan_rescheduled(kind, "250.00"),
        loan_doubtful(),
        loan_written_off(INTERNAL, ["1000.00", "0.00", "0.00"]),
        loan_written_off(kind, ["0.00", "0.00", "1000.00"]),
        LoanEvent::Repaid { borrower, project, paid: principal, written_off: Balance::ZERO },
    ]
}

pub fn grant_announced(kind: GrantKind) -> GrantEvent {
    let project = Some(ProjectId::new(ID));
    let (amount, evidence) = (amount("1000.00"), evidence("AWARD-1"));
    GrantEvent::Announced { funder: FUNDER, kind, amount, project, evidence }
}

pub fn grant_received(kind: GrantKind) -> GrantEvent {
    GrantEvent::Received { funder: FUNDER, kind, amount: amount("1000.00"), evidence: evidence("BNK-35") }
}

pub fn grant_recognised() -> GrantEvent {
    GrantEvent::Recognised {
        unit: ATELIER,
        amount: amount("100.10"),
        contribution_rate: rate("0.065"),
        contribution: balance("6.51"),
        unit_share: balance("93.59"),
        evidence: evidence("WORK-1"),
    }
}

pub fn grant_passed_on() -> GrantEvent {
    GrantEvent::PassedOn { beneficiary: ALICE, amount: amount("900.00"), evidence: evidence("ORDER-2") }
}

pub fn grant_returned(kind: GrantKind) -> GrantEvent {
    GrantEvent::Returned {
        funder: FUNDER,
        kind,
        amount: amount("100.00"),
        reason: "not-used".parse().unwrap(),
        evidence: evidence("ORDER-3"),
    }
}

fn grants() -> Vec<GrantEvent> {
    vec![
        grant_announced(PASS_THROUGH),
        grant_announced(OWN),
        grant_received(PASS_THROUGH),
        grant_received(OWN),
        grant_recognised(),
        grant_passed_on(),
        grant_returned(PASS_THROUGH),
        grant_returned(OWN),
    ]
}

pub fn current_account_credited(lent: &str) -> MemberEvent {
    MemberEvent::CurrentAccountCredited {
        person: ALICE,
        amount: amount(lent),
        repayable_by: day("2030-03-03"),
        evidence: evidence("BNK-34"),
    }
}

pub fn current_account_repaid(repaid: &str) -> MemberEvent {
    MemberEvent::CurrentAccountRepaid { person: ALICE, amount: amount(repaid), evidence: evidence("BNK-35") }
}

pub fn refund_paid(paid: &str) -> MemberEvent {
    MemberEvent::RefundPaid { person: ALICE, amount: amount(paid), evidence: evidence("BNK-31") }
}

/// The correction of an event by the rules of today.
pub fn correction<E: Clone + Into<Event>>(original: E, replacement: Option<E>) -> Correction<E> {
    Correction {
        position: Position(7),
        original_rule: rule_for(&original.clone().into()),
        original: Box::new(original),
        reason: "typing-error".parse().unwrap(),
        authority: "board".parse().unwrap(),
        replacement: replacement.map(Box::new),
    }
}

pub fn result_allocated(result: &str, to_reserves: &str, carried_forward: &str) -> YearEvent {
    YearEvent::ResultAllocated {
        result: balance(result),
        to_reserves: balance(to_reserves),
        carried_forward: balance(carried_forward),
        evidence: evidence("MINUTES-1"),
    }
}

/// At least one sample of every event that the domain knows.
pub fn samples() -> Vec<(StreamId, Event)> {
    let reason = "asked".parse().unwrap();
    let id = ID;
    let statutes = [
        StatutesEvent::LogOpened {
            entity: EntityId::new(id),
            currency: "EUR".parse().unwrap(),
            synthetic: true,
        },
        StatutesEvent::Adopted { version: 1, evidence: evidence("ACT-1") },
        StatutesEvent::ParameterPublished {
            name: Parameter::ContributionRate,
            value: Value::Rate(rate("0.065")),
            valid_from: day("2025-01-01"),
            valid_to: None,
            source: Source::try_new("a decision").unwrap(),
            verified: true,
        },
        StatutesEvent::CodePublished {
            list: CodeList::Activity,
            code: "info-session".parse().unwrap(),
            valid_from: day("2025-01-01"),
            valid_to: None,
            source: Source::try_new("a decision").unwrap(),
        },
    ];
    let year = Year::new(2025);
    let years = [
        YearEvent::Opened { first_day: year.first_day(), last_day: year.last_day() },
        YearEvent::Closed {},
        YearEvent::TestsRecorded {
            net_assets: balance("12000.00"),
            shares: 400,
            net_assets_per_share: balance("30.00"),
            unavailable_equity: balance("11950.00"),
            room: balance("50.00"),
            net_assets_passed: true,
            debts_payable_months: 12,
            horizon_months: 12,
            liquidity_passed: true,
            evidence: evidence("REPORT-1"),
        },
        YearEvent::UnitBalancesDeferred { amount: amount("400.00") },
        YearEvent::UnitBalancesReversed { amount: amount("400.00") },
        YearEvent::AccountsAudited { evidence: evidence("REPORT-2") },
        YearEvent::AccountsApproved { evidence: evidence("MINUTES-1") },
        result_allocated("600.00", "100.00", "500.00"),
    ];
    let series = [SeriesEvent::NumberTaken {
        n: 1,
        number: "F/2025/000001".parse().unwrap(),
        numbered: Numbered::Invoice,
        document: id,
        on: day("2025-03-03"),
    }];
    let (person, category, shares, paid) = (ALICE, Category::User, 1, amount("30.00"));
    let members = [
        MemberEvent::AdmissionRequested { person, category },
        MemberEvent::AdmissionGranted { person, category },
        MemberEvent::AdmissionRefused { person, reason },
        MemberEvent::CategoryChanged { from: category, to: Category::Partner },
        shares_subscribed(),
        MemberEvent::SharesPaidUp { amount: paid, evidence: evidence("BNK-30") },
        shares_cancelled("0.00"),
        shares_cancelled("12.00"),
        MemberEvent::SharesTransferred {
            from: ALICE,
            to: BOB,
            to_member: MEMBER,
            shares,
            paid,
            evidence: evidence("DEED-1"),
        },
        MemberEvent::SharesReceived {
            from: ALICE,
            from_member: MEMBER,
            to: BOB,
            shares,
            paid,
            evidence: evidence("DEED-1"),
        },
        MemberEvent::ResignationRequested { filed_on: day("2025-03-03"), evidence: evidence("LETTER-1") },
        MemberEvent::ResignationAccepted { leaves_on: day("2025-06-30"), payable_by: day("2025-07-31") },
        MemberEvent::ResignationRefused { reason },
        MemberEvent::ExclusionProposed {
            reason,
            remarks_until: day("2025-04-03"),
            evidence: evidence("LETTER-2"),
        },
        MemberEvent::ExclusionRemarksReceived { remarks: Remarks::Written, evidence: evidence("LETTER-3") },
        MemberEvent::ExclusionDecided {
            outcome: ExclusionOutcome::Excluded,
            reason,
            evidence: evidence("MINUTES-2"),
        },
        MemberEvent::ExitByLaw { cause: ExitCause::Death, evidence: evidence("ACT-2") },
        refund_determined("150.00", "106.75"),
        refund_paid("50.00"),
        current_account_credited("500.00"),
        current_account_repaid("200.00"),
        MemberEvent::RefundSuspended { person, amount: amount("10.00") },
        MemberEvent::RefundResumed { person, amount: amount("10.00") },
        MemberEvent::MembershipEnded { person, reason },
    ];
    let contract = ContractId::new(id);
    let employment = EmploymentId::new(id);
    let (order, expense, invoice) = (OrderId::new(id), ExpenseId::new(id), InvoiceId::new(id));
    let hours: Hours = "7.00".parse().unwrap();
    let last_day = day("2025-03-03");
    let units = [
        UnitEvent::Opened { holder: ALICE },
        UnitEvent::HolderJoined { holder: BOB },
        UnitEvent::HolderLeft { holder: BOB },
        UnitEvent::Closed {},
        UnitEvent::OrderConfirmed {
            order,
            client: ACME,
            net: amount("1000.00"),
            evidence: evidence("BON-1"),
        },
        UnitEvent::OrderCancelled { order, reason },
        contract_declared("182.00"),
        contract_amended("182.00", "200.00"),
        UnitEvent::ContractCancelled { contract, budget: amount("182.00"), reason },
        UnitEvent::ContractEnded { contract, worker: BOB, last_day, wage_due_on: day("2025-03-11") },
        UnitEvent::EmploymentConcluded {
            employment,
            worker: BOB,
            kind: WorkerKind::Employee,
            term: Term::FixedTerm { contract, from: last_day, to: last_day },
            n_days: 1,
            hours,
        },
        UnitEvent::EmploymentEnded { employment, worker: BOB, reason },
        UnitEvent::WorkDaysDeclared {
            employment,
            holder: ALICE,
            worker: BOB,
            kind: WorkerKind::Employee,
            month: last_day.month(),
            risk: None,
            days: days(),
            hours,
            budget: amount("182.00"),
            coefficient: rate("1.69"),
            gross: amount("107.69"),
            minimum_gross: amount("89.78"),
        },
        invoice_issued("1000.00", "210.00", "65.00", false),
        invoice_credited("100.00", "21.00", ["6.50", "50.00", "40.00", "3.50"]),
        invoice_paid("1210.00", "0.00", "935.00"),
        deposit_invoiced("300.00", "63.00"),
        deposit_deducted("300.00", "63.00", "280.50"),
        deposit_credited("100.00", "21.00"),
        UnitEvent::InvoiceReminded {
            invoice,
            client: ACME,
            level: ReminderLevel::after(0).unwrap(),
            channel: Channel::Email,
            sent_on: day("2025-04-12"),
            days_overdue: 10,
            open: amount("1210.00"),
        },
        indemnity_charged(ClientKind::B2b, "40.00", "34.69"),
        UnitEvent::InvoiceDisputed { invoice, client: ACME, reason },
        UnitEvent::DisputeSettled { invoice, client: ACME, reason },
        UnitEvent::PaymentPlanAgreed {
            invoice,
            client: ACME,
            instalments: vec![Instalment { due_on: day("2025-05-31"), amount: amount("1210.00") }],
            evidence: evidence("PLAN-1"),
        },
        UnitEvent::InvoiceHandedOver {
            invoice,
            client: ACME,
            collector: CollectorId::new(id),
            open: amount("1210.00"),
        },
        invoice_doubtful("935.00", "65.00", "935.00"),
        invoice_recovered("605.00", "0.00", "467.50", "32.50"),
        invoice_written_off("500.00", "105.00"),
        UnitEvent::AdvanceGranted { invoice, amount: amount("500.00") },
        UnitEvent::AdvanceRecovered { invoice, payment: PaymentId::new(id), amount: amount("467.50") },
        UnitEvent::AdvanceAbsorbed { invoice, amount: amount("32.50") },
        UnitEvent::ExpenseClaimed {
            expense,
            holder: ALICE,
            kind: ExpenseKind::Lodging,
            payee: Payee::Member,
            incurred_on: last_day,
            net: amount("100.00"),
            vat: balance("21.00"),
            vat_recoverable: balance("21.00"),
            evidence: evidence("NOTE-7"),
        },
        expense_approved(ExpenseKind::Lodging, Payee::Member, "100.00", "21.00"),
        UnitEvent::ExpenseRefused { expense, reason },
        expense_paid(Payee::Member),
        salary_calculated(WorkerKind::Employee, "1690.00"),
        UnitEvent::SalaryPaid {
            salary: SalaryId::new(id),
            worker: BOB,
            net: amount("772.72"),
            due_on: day("2025-03-12"),
            evidence: evidence("BNK-33"),
        },
        holiday_pay_accrued("153.40"),
        holiday_pay_paid("153.40", "20.05", "33.35"),
        UnitEvent::DimonaSent {
            employment,
            worker: BOB,
            first_day: last_day,
            days_late: 0,
            late: None,
            evidence: evidence("DIM-1"),
        },
        UnitEvent::DimonaAccepted { employment, worker: BOB, days_late: 0, evidence: evidence("DIM-1") },
        UnitEvent::DimonaRefused { employment, worker: BOB, reason, evidence: evidence("DIM-1") },
        UnitEvent::DimonaCancelled { employment, worker: BOB, reason, evidence: evidence("DIM-1") },
        UnitEvent::SocialDocumentIssued {
            document: SocialDocument::Unemployment { employment },
            worker: BOB,
            evidence: evidence("C4-1"),
        },
        UnitEvent::GuaranteeLineSet {
            before: balance("0.00"),
            line: balance("200.00"),
            evidence: evidence("LINE-1"),
        },
        budget_transferred("300.00"),
        UnitEvent::BudgetReceived {
            from: GARAGE,
            amount: amount("300.00"),
            reason,
            evidence: evidence("ORDER-2"),
        },
        deficit_absorbed("150.00"),
    ];
    let in_series = StreamId::Series(SeriesId { code: "F".parse().unwrap(), year });
    let mut samples: Vec<(StreamId, Event)> = Vec::new();
    samples.extend(statutes.iter().map(|e| (StreamId::Statutes, e.clone().into())));
    samples.extend(years.iter().map(|e| (StreamId::Year(year), e.clone().into())));
    samples.extend(members.iter().map(|e| (StreamId::Member(MEMBER), e.clone().into())));
    samples.extend(units.iter().map(|e| (StreamId::Unit(ATELIER), e.clone().into())));
    samples.extend(series.iter().map(|e| (in_series, e.clone().into())));
    samples.extend(loans().into_iter().map(|e| (StreamId::Loan(LOAN), e.into())));
    samples.extend(grants().into_iter().map(|e| (StreamId::Grant(GRANT), e.into())));
    samples.extend(overheads::of_structure().into_iter().map(|e| (overheads::in_structure(), e.into())));
    samples.extend(overheads::of_filing().into_iter().map(|e| (overheads::in_filing(), e.into())));
    samples.extend(taking_part::samples());
    let [_, statute, ..] = statutes;
    let [_, closed, ..] = years;
    let [numbered] = series;
    samples.extend([
        (StreamId::Statutes, StatutesEvent::Corrected(correction(statute, None)).into()),
        (StreamId::Year(year), YearEvent::Corrected(correction(closed, None)).into()),
        (StreamId::Member(MEMBER), MemberEvent::Corrected(correction(shares_subscribed(), None)).into()),
        (StreamId::Unit(ATELIER), UnitEvent::Corrected(correction(contract_declared("182.00"), None)).into()),
        (in_series, SeriesEvent::Corrected(correction(numbered, None)).into()),
        (StreamId::Loan(LOAN), LoanEvent::Corrected(correction(loan_doubtful(), None)).into()),
        (StreamId::Grant(GRANT), GrantEvent::Corrected(correction(grant_recognised(), None)).into()),
    ]);
    samples.extend(bodies::samples());
    samples.extend(desk::samples());
    samples
}

/// What an event of a stream that we know does, by the rule of today.
pub fn posted(event: impl Into<Event>) -> (String, Posting) {
    let event = event.into();
    let stream = match event {
        Event::Member(_) => StreamId::Member(MEMBER),
        Event::Loan(_) => StreamId::Loan(LOAN),
        Event::Grant(_) => StreamId::Grant(GRANT),
        Event::Year(_) => StreamId::Year(Year::new(2025)),
        Event::Structure(_) => overheads::in_structure(),
        Event::Filing(_) => overheads::in_filing(),
        Event::Mandate(_) => bodies::in_mandate(),
        Event::Course(_) => desk::IN_COURSE,
        Event::Fitness(_) => desk::IN_FITNESS,
        Event::Cover(_) => desk::IN_COVER,
        Event::Bank(_) => desk::IN_BANK,
        Event::Resource(_) => desk::IN_RESOURCE,
        _ => StreamId::Unit(ATELIER),
    };
    let rule = rule_for(&event);
    (rule.to_string(), post(rule, stream, &event).unwrap())
}

/// An entry as an accountant reads it: one line per movement, debit before credit.
pub fn voucher(event: impl Into<Event>) -> String {
    let (rule, posting) = posted(event);
    let entry = match posting {
        Posting::NoEntry(why) => return format!("{rule}: no entry, because {why}"),
        Posting::Entry(entry) => entry,
    };
    let document = entry.document.map_or("-".to_owned(), |document| document.to_string());
    let mut text = format!("{rule} in {} on {document}", entry.journal.code());
    for movement in &entry.movements {
        let (debit, credit) = (words(movement.debit), words(movement.credit));
        let amount = movement.amount.to_string();
        text += &format!("\n{} {amount:>8}  D {debit}  C {credit}", movement.book());
    }
    text
}

fn words(line: Line) -> String {
    let name = match line.book() {
        Book::General => format!(" {}", line.account.name(Language::English)),
        Book::Budget => String::new(),
    };
    let of = line.of.map_or("", |party| match party {
        Party::Person(ALICE) => " of ALICE",
        Party::Person(BOB) => " of BOB",
        Party::Person(FUNDER) => " of FUNDER",
        Party::Client(ACME) => " of ACME",
        Party::Unit(ATELIER) => " of ATELIER",
        Party::Unit(GARAGE) => " of GARAGE",
        Party::Supplier(overheads::SUPPLIER) => " of SUPPLIER",
        _ => " of a stranger",
    });
    format!("{}{name}{of}", line.account)
}
