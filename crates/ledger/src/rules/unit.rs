//! How a production unit's life is booked: jobs, invoices, expenses, wages.
//!
//! One legal entity invoices, so the whole net amount is its turnover; the contribution is no income
//! of the general ledger. Whose it is says the budget ledger: D PL gives income an owner, C PL takes
//! a charge from its owner, and moves between owners leave the result alone.
//! Source: DOMAIN C2, F2 (contract, invoice, credit note, expense, salary), A4 (transfer).

use domain::ids::{PersonId, UnitId};
use domain::money::Balance;
use domain::unit::{ExpenseKind, Payee, UnitEvent};
use domain::vat::VatLine;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::line::Line;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(UnitEvent {
    Opened = "unit.opened" @ 1,
    HolderJoined = "unit.holder_joined" @ 1,
    HolderLeft = "unit.holder_left" @ 1,
    Closed = "unit.closed" @ 1,
    OrderConfirmed = "order.confirmed" @ 1,
    OrderCancelled = "order.cancelled" @ 1,
    ContractDeclared = "contract.declared" @ 1,
    ContractAmended = "contract.amended" @ 1,
    ContractCancelled = "contract.cancelled" @ 1,
    ContractEnded = "contract.ended" @ 1,
    EmploymentConcluded = "employment.concluded" @ 1,
    EmploymentEnded = "employment.ended" @ 1,
    WorkDaysDeclared = "work_days.declared" @ 1,
    InvoiceIssued = "invoice.issued" @ 1,
    InvoiceCredited = "invoice.credited" @ 1,
    InvoicePaid = "invoice.paid" @ 1,
    DepositInvoiced = "deposit.invoiced" @ 1,
    DepositDeducted = "deposit.deducted" @ 1,
    DepositCredited = "deposit.credited" @ 1,
    InvoiceReminded = "invoice.reminded" @ 1,
    IndemnityCharged = "invoice.indemnity_charged" @ 1,
    InvoiceDisputed = "invoice.disputed" @ 1,
    DisputeSettled = "invoice.dispute_settled" @ 1,
    PaymentPlanAgreed = "payment_plan.agreed" @ 1,
    InvoiceHandedOver = "invoice.handed_over" @ 1,
    InvoiceDoubtful = "invoice.doubtful" @ 1,
    InvoiceRecovered = "invoice.recovered" @ 1,
    InvoiceWrittenOff = "invoice.written_off" @ 1,
    AdvanceGranted = "advance.granted" @ 1,
    AdvanceRecovered = "advance.recovered" @ 1,
    AdvanceAbsorbed = "advance.absorbed" @ 1,
    ExpenseClaimed = "expense.claimed" @ 1,
    ExpenseApproved = "expense.approved" @ 1,
    ExpenseRefused = "expense.refused" @ 1,
    ExpensePaid = "expense.paid" @ 1,
    SalaryCalculated = "salary.calculated" @ 1,
    SalaryPaid = "salary.paid" @ 1,
    HolidayPayAccrued = "holiday_pay.accrued" @ 1,
    HolidayPayPaid = "holiday_pay.paid" @ 1,
    DimonaSent = "dimona.sent" @ 1,
    DimonaAccepted = "dimona.accepted" @ 1,
    DimonaRefused = "dimona.refused" @ 1,
    DimonaCancelled = "dimona.cancelled" @ 1,
    SocialDocumentIssued = "social_document.issued" @ 1,
    GuaranteeLineSet = "guarantee_line.set" @ 1,
    BudgetTransferred = "budget.transferred" @ 1,
    BudgetReceived = "budget.received" @ 1,
    DeficitAbsorbed = "deficit.absorbed" @ 1,
    Corrected = "unit.corrected" @ 1,
});

pub(super) fn post(revision: u16, unit: UnitId, event: &UnitEvent) -> Result<Posting, UnknownRule> {
    use UnitEvent as E;
    let pending = Account::UnitPending.of(unit);
    let available = Account::UnitAvailable.of(unit);
    let reserved = Account::UnitReserved.of(unit);
    let result = Account::ProfitAndLoss;
    Ok(match (event, revision) {
        (E::Opened { .. } | E::HolderJoined { .. } | E::HolderLeft { .. } | E::Closed {}, 1) => {
            return no_entry(Why::RightsOnly);
        }
        // Income arises with the invoice, the wage with the work: neither with the promise.
        (E::OrderConfirmed { .. } | E::OrderCancelled { .. }, 1) => return no_entry(Why::PromiseOnly),
        (E::EmploymentConcluded { .. } | E::EmploymentEnded { .. }, 1) => return no_entry(Why::PromiseOnly),
        (E::ContractEnded { .. }, 1) => return no_entry(Why::BookedWithWage),

        // A declared job sets its budget aside: the unit cannot spend it twice.
        (E::ContractDeclared { budget, .. } | E::WorkDaysDeclared { budget, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, None, 1).book(available, reserved, *budget).done()
        }
        // Only the difference moves, to or from the job; the same budget moves nothing.
        (E::ContractAmended { budget_before, budget, .. }, 1) => Draft::new(Journal::BudgetOnly, None, 1)
            .book(available, reserved, budget.balance() - budget_before.balance())
            .done(),
        // A job that will not take place frees its budget.
        (E::ContractCancelled { budget, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, None, 1).book(reserved, available, *budget).done()
        }

        // The client owes net and tax. The net is turnover of the entity; the tax is the State's.
        // The turnover belongs to the unit, less the contribution to the pool. Where budget may be
        // spent on issue it is available at once, else it is pending until the client pays.
        (E::InvoiceIssued { client, number, vat, net, contribution, unit_share, spendable, .. }, 1) => {
            Draft::new(Journal::Sales, Some(*number), 5)
                .book(Account::Customers.of(*client), Account::Sales, *net)
                .book(Account::Customers.of(*client), Account::VatOnSales, tax(vat))
                .book(result, pending, *unit_share)
                .book(result, Account::Pool, *contribution)
                .book_if(*spendable, pending, available, *unit_share)
                .done()
        }
        // A credit note takes turnover back, and its tax becomes recoverable (grids 49 and 64). Each
        // owner gives back what it got; what the unit no longer has is borne by the guarantee fund,
        // since a deficit is not charged to the person. When nothing is owed on the invoice any more,
        // what is still pending waits for nobody.
        (
            E::InvoiceCredited {
                client,
                number,
                vat,
                net,
                contribution,
                from_pending,
                from_available,
                from_fund,
                released,
                ..
            },
            1,
        ) => Draft::new(Journal::Sales, Some(*number), 7)
            .book(Account::Sales, Account::Customers.of(*client), *net)
            .book(Account::VatOnCreditNotes, Account::Customers.of(*client), tax(vat))
            .book(pending, result, *from_pending)
            .book(available, result, *from_available)
            .book(Account::Fund, result, *from_fund)
            .book(Account::Pool, result, *contribution)
            .book(pending, available, *released)
            .done(),
        // The client pays what is open; what is over waits on the suspense account. With the money
        // comes the unit's right to spend.
        (E::InvoicePaid { client, settled, excess, released, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 3)
                .book(Account::Banks, Account::Customers.of(*client), *settled)
                .book(Account::Banks, Account::Suspense, *excess)
                .book(pending, available, *released)
                .done()
        }

        // A deposit is no turnover: the cooperative owes the client work. Its tax is due at once.
        (E::DepositInvoiced { client, number, vat, net, .. }, 1) => {
            Draft::new(Journal::Sales, Some(*number), 2)
                .book(Account::Customers.of(*client), Account::AdvancesReceived.of(*client), *net)
                .book(Account::Customers.of(*client), Account::VatOnSales, tax(vat))
                .done()
        }
        // The invoice for the work charged the whole, and its tax; what was paid before settles its
        // part of both, as a payment would.
        (E::DepositDeducted { client, number, vat, net, released, .. }, 1) => {
            Draft::new(Journal::Sales, Some(*number), 3)
                .book(Account::AdvancesReceived.of(*client), Account::Customers.of(*client), *net)
                .book(Account::VatOnSales, Account::Customers.of(*client), tax(vat))
                .book(pending, available, *released)
                .done()
        }
        // Work that is not done is not owed; the tax becomes recoverable (grids 49 and 64).
        (E::DepositCredited { client, number, vat, net, .. }, 1) => {
            Draft::new(Journal::Sales, Some(*number), 2)
                .book(Account::AdvancesReceived.of(*client), Account::Customers.of(*client), *net)
                .book(Account::VatOnCreditNotes, Account::Customers.of(*client), tax(vat))
                .done()
        }

        // A reminder is free; a dispute and a hand-over leave owed what is owed.
        (E::InvoiceReminded { .. } | E::InvoiceDisputed { .. } | E::DisputeSettled { .. }, 1) => {
            return no_entry(Why::RequestOnly);
        }
        (E::InvoiceHandedOver { .. }, 1) => return no_entry(Why::RequestOnly),
        (E::PaymentPlanAgreed { .. }, 1) => return no_entry(Why::PromiseOnly),
        // Paying late costs the cooperative, not the unit: the pool has the indemnity. It bears no VAT.
        (E::IndemnityCharged { client, flat, interest, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, None, 3)
                .book(Account::Customers.of(*client), Account::SundryIncome, *flat)
                .book(Account::Customers.of(*client), Account::SundryFinancialIncome, *interest)
                .book(result, Account::Pool, flat.balance() + *interest)
                .done()
        }

        // The claim is doubtful as a whole, its net part is written down. The fund bears the unit's
        // share of the loss, the pool its own; what the unit waited for is available.
        (E::InvoiceDoubtful { client, gross, net, from_fund, from_pool, released, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 5)
                .book(Account::DoubtfulCustomers.of(*client), Account::Customers.of(*client), *gross)
                .book(Account::CustomerWriteDownsMade, Account::CustomerWriteDowns, *net)
                .book(Account::Fund, result, *from_fund)
                .book(Account::Pool, result, *from_pool)
                .book(pending, available, *released)
                .done()
        }
        // What is paid after all was not lost: the write-down is reversed, for those who bore it.
        (E::InvoiceRecovered { client, settled, excess, net, to_fund, to_pool, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 5)
                .book(Account::Banks, Account::DoubtfulCustomers.of(*client), *settled)
                .book(Account::Banks, Account::Suspense, *excess)
                .book(Account::CustomerWriteDowns, Account::CustomerWriteDownsReversed, *net)
                .book(result, Account::Fund, *to_fund)
                .book(result, Account::Pool, *to_pool)
                .done()
        }
        // The loss replaces the write-down, so nobody bears it twice. The VAT is recovered only once
        // the right exists.
        (E::InvoiceWrittenOff { client, net, vat_recoverable, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 3)
                .book(Account::LossOnCustomers, Account::DoubtfulCustomers.of(*client), *net)
                .book(Account::VatOnLostDebts, Account::DoubtfulCustomers.of(*client), *vat_recoverable)
                .book(Account::CustomerWriteDowns, Account::CustomerWriteDownsReversed, *net)
                .done()
        }

        // The unit may spend before its client pays; a memo says for whom the fund waits.
        (E::AdvanceGranted { amount, .. }, 1) => Draft::new(Journal::BudgetOnly, None, 2)
            .book(pending, available, *amount)
            .book(Account::Advances, Account::AdvancesControl, *amount)
            .done(),
        // The fund waits no more: the client paid, or the fund bears the loss.
        (E::AdvanceRecovered { amount, .. } | E::AdvanceAbsorbed { amount, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, None, 1)
                .book(Account::AdvancesControl, Account::Advances, *amount)
                .done()
        }

        (E::ExpenseClaimed { .. } | E::ExpenseRefused { .. }, 1) => return no_entry(Why::RequestOnly),
        // The cost is net and the VAT that cannot be recovered; the unit bears it. It is owed to the
        // member who paid it, or to the supplier who invoiced it.
        (E::ExpenseApproved { holder, kind, payee, cost, vat_recoverable, evidence, .. }, 1) => {
            let creditor = creditor(*payee, *holder);
            Draft::new(Journal::Purchases, Some(evidence.document), 3)
                .book(charge(*kind), creditor, *cost)
                .book(Account::VatOnPurchases, creditor, *vat_recoverable)
                .book(available, result, *cost)
                .done()
        }
        // What is owed is paid.
        (E::ExpensePaid { holder, payee, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(creditor(*payee, *holder), Account::Banks, *amount)
                .done()
        }

        // Gross pay is owed in three parts: to the worker, to the tax office, to social security; the
        // employer's contributions come on top. The job's reserve bears the whole cost, and the rest of
        // it is the margin that pays for holiday pay, insurance and the employment risk.
        (E::SalaryCalculated { worker, wage, margin, evidence, .. }, 1) => {
            Draft::new(Journal::Payroll, Some(evidence.document), 7)
                .book(Account::EmployeePay, Account::Remuneration.of(*worker), wage.net)
                .book(Account::EmployeePay, Account::WithholdingTax, wage.tax)
                .book(Account::EmployeePay, Account::Nsso, wage.employee)
                .book(Account::EmployerContributions, Account::Nsso, wage.employer)
                .book(Account::EmployerContributions, Account::Nsso, wage.holiday)
                .book(reserved, result, wage.cost)
                .book(reserved, Account::Margin, *margin)
                .done()
        }
        // The worker is paid, whether or not the client has.
        (E::SalaryPaid { worker, net, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Remuneration.of(*worker), Account::Banks, *net)
                .done()
        }

        // Holiday pay is a charge of the year in which it is earned, owed to the worker; the margin kept
        // on the wage bears it.
        (E::HolidayPayAccrued { worker, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Payroll, Some(evidence.document), 2)
                .book(Account::HolidayPayProvision, Account::HolidayPay.of(*worker), *amount)
                .book(Account::Margin, result, *amount)
                .done()
        }
        // What is owed is paid: to the tax office, to social security, and the rest to the worker.
        (E::HolidayPayPaid { worker, employee, tax, net, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 3)
                .book(Account::HolidayPay.of(*worker), Account::WithholdingTax, *tax)
                .book(Account::HolidayPay.of(*worker), Account::Nsso, *employee)
                .book(Account::HolidayPay.of(*worker), Account::Banks, *net)
                .done()
        }

        // Contributions are owed by the wage, not by its declaration.
        (E::DimonaSent { .. } | E::DimonaAccepted { .. }, 1) => return no_entry(Why::RequestOnly),
        (E::DimonaRefused { .. } | E::DimonaCancelled { .. }, 1) => return no_entry(Why::RequestOnly),
        (E::SocialDocumentIssued { .. }, 1) => return no_entry(Why::StatementOnly),

        // A line is permission; what is spent upon it is booked as ever.
        (E::GuaranteeLineSet { .. }, 1) => return no_entry(Why::RuleOnly),
        // Budget changes its owner; the contribution on it was paid when it was earned.
        (E::BudgetTransferred { to, amount, evidence, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, Some(evidence.document), 1)
                .book(available, Account::UnitAvailable.of(*to), *amount)
                .done()
        }
        (E::BudgetReceived { .. }, 1) => return no_entry(Why::BookedWithGiver),
        // The fund bears it: a deficit is not charged to the person. The cost is in the statutory books
        // since it was spent.
        (E::DeficitAbsorbed { amount, evidence, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, Some(evidence.document), 1)
                .book(Account::Fund, available, *amount)
                .done()
        }

        (E::Corrected(corrected), 1) => {
            return correction(corrected, 1, |revision, event| post(revision, unit, event));
        }
        (_, 0 | 2..) => return unknown(event, revision),
    })
}

/// The tax of a document, over all its categories.
fn tax(vat: &[VatLine]) -> Balance {
    vat.iter().map(|line| line.tax).sum()
}

/// The charge account of a kind of expense.
fn charge(kind: ExpenseKind) -> Account {
    match kind {
        ExpenseKind::PublicTransport => Account::PublicTransport,
        ExpenseKind::Travel => Account::OtherTravel,
        ExpenseKind::Lodging => Account::Hotels,
        ExpenseKind::PerDiem => Account::PerDiems,
        ExpenseKind::Office => Account::OfficeSupplies,
        ExpenseKind::Telecom => Account::Telecom,
        ExpenseKind::Materials => Account::Consumables,
        ExpenseKind::Services => Account::ServicesBought,
    }
}

/// To whom an expense is owed.
fn creditor(payee: Payee, holder: PersonId) -> Line {
    match payee {
        Payee::Member => Account::SundryPayables.of(holder),
        Payee::Supplier => Account::Suppliers.total(),
    }
}
