//! Invoices, credit notes, orders and expenses, told as commands.
//!
//! What is planned as net amounts and costs becomes lines, VAT and receipts here.
//! Source: DOMAIN C1 (expenses, VAT).

use domain::Request;
use domain::ids::{CreditNoteId, ExpenseId};
use domain::joint::{CreditInvoice, IssueInvoice, JointCommand};
use domain::text::{ReasonCode, SeriesCode, Token};
use domain::unit::{CreditDraft, CreditLine, ExpenseKind, InvoiceDraft, InvoiceLine, Payee, UnitCommand};
use domain::vat::{Price, VatCategory};

use crate::acts::{Plan, Rank, amount, balance};
use crate::draw::{at, half_up};
use crate::ids::Of;
use crate::money::{Expense, Invoice, Mix};
use crate::people::NONE;

const INVOICES: SeriesCode = Token::literal("F");
const CREDIT_NOTES: SeriesCode = Token::literal("CN");
const WITHDRAWN: ReasonCode = Token::literal("client-withdrew");
const NOT_PROFESSIONAL: ReasonCode = Token::literal("not-professional");
const AGREED: ReasonCode = Token::literal("agreed-with-client");

impl Plan {
    pub(crate) fn issue(&self, index: u32) -> Request {
        let invoice = &self.money.invoices[at(index)];
        let lines = invoice_lines(invoice);
        let draft = InvoiceDraft {
            invoice: self.invoice_id(index),
            holder: self.person_id(invoice.holder),
            client: self.client_id(invoice.client),
            order: (invoice.order != NONE).then(|| self.order_id(invoice.order)),
            course: None,
            lines,
            evidence: self.ids.evidence("invoice", "INV", index),
        };
        let command = IssueInvoice { series: INVOICES, draft };
        Request::Joint(JointCommand::IssueInvoice(self.unit_id(invoice.unit), command))
    }

    pub(crate) fn credit(&self, index: u32) -> Request {
        let credit = &self.money.credits[at(index)];
        let invoice = &self.money.invoices[at(credit.invoice)];
        let lines = if credit.net == invoice.net {
            let line = |(vat, _, base): (VatCategory, u64, u64)| CreditLine { vat, net: amount(base) };
            charged(invoice).map(line).collect()
        } else {
            let (vat, _, _) = charged(invoice).next().expect("an invoice charges in a category");
            vec![CreditLine { vat, net: amount(u64::from(credit.net)) }]
        };
        let draft = CreditDraft {
            credit_note: CreditNoteId::new(self.ids.of(Of::CreditNote, index, self.span.day(credit.on))),
            invoice: self.invoice_id(credit.invoice),
            lines,
            reason: AGREED,
            evidence: self.ids.evidence("credit note", "CN", index),
        };
        let command = CreditInvoice { series: CREDIT_NOTES, draft };
        Request::Joint(JointCommand::CreditInvoice(self.unit_id(invoice.unit), command))
    }

    pub(crate) fn order_of(&self, rank: Rank, index: u32) -> Request {
        let planned = &self.money.orders[at(index)];
        let order = self.order_id(index);
        let command = if rank == Rank::ConfirmOrder {
            let evidence = self.ids.evidence("order", "ORD", index);
            let (client, net) = (self.client_id(planned.client), amount(u64::from(planned.net)));
            UnitCommand::ConfirmOrder { order, client, net, evidence }
        } else {
            UnitCommand::CancelOrder { order, reason: WITHDRAWN }
        };
        Request::Unit(self.unit_id(planned.unit), command)
    }

    pub(crate) fn expense(&self, rank: Rank, index: u32) -> Request {
        let planned = &self.money.expenses[at(index)];
        let expense = ExpenseId::new(self.ids.of(Of::Expense, index, self.span.day(planned.claimed_on)));
        let command = match rank {
            Rank::Claim => {
                let (kind, payee) = kind_of_expense(planned);
                let (net, vat, recoverable) = parts_of_expense(planned, payee);
                UnitCommand::ClaimExpense {
                    expense,
                    holder: self.person_id(planned.holder),
                    kind,
                    payee,
                    incurred_on: self.span.day(planned.incurred_on),
                    net: amount(net),
                    vat: balance(vat),
                    vat_recoverable: balance(recoverable),
                    evidence: self.ids.evidence("receipt", "RCPT", index),
                }
            }
            Rank::Decide if planned.paid_on == 0 => {
                UnitCommand::RefuseExpense { expense, reason: NOT_PROFESSIONAL }
            }
            Rank::Decide => UnitCommand::ApproveExpense { expense },
            _ => {
                let evidence = self.ids.evidence("payment of an expense", "EXP", index);
                UnitCommand::PayExpense { expense, evidence }
            }
        };
        Request::Unit(self.unit_id(planned.unit), command)
    }
}

/// What an invoice charges: category, rate in hundredths, net in cents.
fn charged(invoice: &Invoice) -> impl Iterator<Item = (VatCategory, u64, u64)> {
    let categories = match invoice.mix {
        Mix::Standard => [VatCategory::Standard; 2],
        Mix::Reduced => [VatCategory::Reduced; 2],
        Mix::Intermediate => [VatCategory::Intermediate; 2],
        Mix::Zero => [VatCategory::Zero; 2],
        Mix::ReverseCharge => [VatCategory::ReverseCharge; 2],
        Mix::StandardAndReduced => [VatCategory::Standard, VatCategory::Reduced],
    };
    let lines = categories.into_iter().zip(invoice.bases());
    lines.filter(|(_, (_, base))| *base > 0).map(|(category, (percent, base))| (category, percent, base))
}

fn invoice_lines(invoice: &Invoice) -> Vec<InvoiceLine> {
    let line = |(vat, percent, base): (VatCategory, u64, u64)| InvoiceLine {
        vat,
        // A price that is net plus its tax always splits back into the same net.
        price: if invoice.inclusive {
            Price::Inclusive(amount(base + half_up(base, percent, 100)))
        } else {
            Price::Net(amount(base))
        },
    };
    charged(invoice).map(line).collect()
}

pub(crate) fn kind_of_expense(expense: &Expense) -> (ExpenseKind, Payee) {
    match expense.kind {
        0 => (ExpenseKind::PublicTransport, Payee::Member),
        1 => (ExpenseKind::Travel, Payee::Member),
        2 => (ExpenseKind::Lodging, Payee::Member),
        3 => (ExpenseKind::PerDiem, Payee::Member),
        4 => (ExpenseKind::Office, Payee::Member),
        5 => (ExpenseKind::Telecom, Payee::Supplier),
        6 => (ExpenseKind::Materials, Payee::Supplier),
        _ => (ExpenseKind::Services, Payee::Supplier),
    }
}

/// Net, VAT and recoverable VAT of a claim whose cost to the unit is given, in cents.
pub(crate) fn parts_of_expense(expense: &Expense, payee: Payee) -> (u64, u64, u64) {
    let cost = u64::from(expense.cost);
    match (payee, expense.kind) {
        // An invoice to the cooperative: its VAT is recovered.
        (Payee::Supplier, _) => {
            let vat = half_up(cost, 21, 100);
            (cost, vat, vat)
        }
        // No VAT on tickets and allowances.
        (Payee::Member, 0 | 3) => (cost, 0, 0),
        // A note: its VAT stays with the unit.
        (Payee::Member, _) => {
            let net = half_up(cost, 100, 121);
            (net, cost - net, 0)
        }
    }
}
