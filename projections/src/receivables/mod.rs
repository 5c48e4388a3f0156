//! Receivables: what clients owe, since when, and what was done to get it paid.
//!
//! One line per fact of an invoice's life, each with what it changes: what is owed, what of it is
//! doubtful, what the unit waits for, what the guarantee fund advanced. What is open on an invoice is
//! a sum of lines, and the sum of all that is open is what accounts 400 and 407 hold. A fact taken
//! back is one more line that names it. Age is counted from the day until which the client may pay,
//! which a payment plan postpones.
//! Left out: what a client paid too much, which waits on the suspense account and is not owed.
//! Source: WER XIX.2 (reminders); DOMAIN F2 (invoice, indemnity, debt.doubtful, debt.written_off).

mod queries;

use domain::ids::InvoiceId;
use domain::unit::UnitEvent;
use domain::{Balance, Event, StreamId};

pub use queries::{Age, Aged, Receivable, by_client, by_unit, receivables, total};

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// Invoices as they were issued; none is ever taken back.
pub static INVOICES: Table = Table {
    name: "receivable_invoices",
    columns: &[
        Column::integer("position"),
        Column::id("invoice"),
        Column::id("unit"),
        Column::id("client"),
        Column::id("order_id"),
        Column::text("number"),
        Column::integer("gross"),
        Column::integer("due_on"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 1 },
    indexes: &[Index { name: "receivable_invoices_invoice", columns: &["invoice"], unless_null: None }],
};

/// What happened to invoices, and what it changed.
pub static LINES: Table = Table {
    name: "receivable_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("invoice"),
        Column::text("kind"),
        Column::integer("n"),
        Column::integer("open"),
        Column::integer("doubtful"),
        Column::integer("unit_share"),
        Column::integer("pending"),
        Column::integer("advanced"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[
        // Holds all that finding the open ones among all invoices reads.
        Index {
            name: "receivable_lines_invoice",
            columns: &["invoice", "effective_on", "position", "open"],
            unless_null: None,
        },
        Index { name: "receivable_lines_voids", columns: &["voids"], unless_null: Some("voids") },
    ],
};

/// The parts in which clients promised to pay.
pub static INSTALMENTS: Table = Table {
    name: "receivable_instalments",
    columns: &[
        Column::integer("position"),
        Column::integer("n"),
        Column::id("invoice"),
        Column::integer("amount"),
        Column::integer("due_on"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The fold of unit events into lines.
#[derive(Debug, Default)]
pub struct Receivables;

/// What one fact changes, in cents; its kind says what it is.
struct Fact {
    invoice: InvoiceId,
    kind: &'static str,
    /// What the client owes, doubtful or not.
    open: i64,
    /// What of it is doubtful.
    doubtful: i64,
    /// The unit's share of the net amount.
    unit_share: i64,
    /// What of that share is not yet spendable.
    pending: i64,
    /// What the guarantee fund waits for.
    advanced: i64,
}

impl Projection for Receivables {
    fn name(&self) -> &'static str {
        "receivables"
    }

    fn question(&self) -> &'static str {
        "what clients owe, since when, what was done to get it paid, and what is feared or lost"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&INVOICES, &LINES, &INSTALMENTS] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Unit(unit) = seen.stream() else { return };
        let mut line = 0;
        for change in seen.changes() {
            let Event::Unit(event) = change.event.as_ref() else { continue };
            if change.sign > 0 {
                insert_whole(rows, seen, Value::Id(unit.uuid()), event);
            }
            for fact in facts(event).into_iter().flatten() {
                insert(rows, seen, (line, &change), &fact);
                line += 1;
            }
        }
    }
}

/// What an event changes; an indemnity is two facts.
fn facts(event: &UnitEvent) -> [Option<Fact>; 2] {
    let of = |invoice: &InvoiceId, kind| Fact {
        invoice: *invoice,
        kind,
        open: 0,
        doubtful: 0,
        unit_share: 0,
        pending: 0,
        advanced: 0,
    };
    let fact = match event {
        UnitEvent::InvoiceIssued { invoice, gross, unit_share, spendable, .. } => Fact {
            open: gross.cents(),
            unit_share: unit_share.cents(),
            pending: if *spendable { 0 } else { unit_share.cents() },
            ..of(invoice, "issued")
        },
        UnitEvent::InvoiceCredited { invoice, net, gross, contribution, from_pending, released, .. } => {
            Fact {
                open: -gross.cents(),
                unit_share: contribution.cents() - net.cents(),
                pending: -(*from_pending + *released).cents(),
                ..of(invoice, "credited")
            }
        }
        UnitEvent::InvoicePaid { invoice, settled, released, .. } => {
            Fact { open: -settled.cents(), pending: -released.cents(), ..of(invoice, "paid") }
        }
        // A deposit is owed as any invoice; nobody has a share of it.
        UnitEvent::DepositInvoiced { invoice, gross, .. } => {
            Fact { open: gross.cents(), ..of(invoice, "issued") }
        }
        UnitEvent::DepositCredited { invoice, gross, .. } => {
            Fact { open: -gross.cents(), ..of(invoice, "credited") }
        }
        // It was paid before, and settles its part of the invoice for the work.
        UnitEvent::DepositDeducted { invoice, gross, released, .. } => {
            Fact { open: -gross.cents(), pending: -released.cents(), ..of(invoice, "deposit_deducted") }
        }
        UnitEvent::InvoiceReminded { invoice, .. } => of(invoice, "reminded"),
        UnitEvent::IndemnityCharged { invoice, flat, interest, .. } => {
            let flat = Fact { open: flat.cents(), ..of(invoice, "indemnity") };
            let interest = Some(*interest).filter(|interest| *interest != Balance::ZERO);
            let interest =
                interest.map(|interest| Fact { open: interest.cents(), ..of(invoice, "interest") });
            return [Some(flat), interest];
        }
        UnitEvent::InvoiceDisputed { invoice, .. } => of(invoice, "disputed"),
        UnitEvent::DisputeSettled { invoice, .. } => of(invoice, "settled"),
        UnitEvent::PaymentPlanAgreed { invoice, .. } => of(invoice, "plan"),
        UnitEvent::InvoiceHandedOver { invoice, .. } => of(invoice, "handed_over"),
        UnitEvent::InvoiceDoubtful { invoice, gross, released, .. } => {
            Fact { doubtful: gross.cents(), pending: -released.cents(), ..of(invoice, "doubtful") }
        }
        UnitEvent::InvoiceRecovered { invoice, settled, .. } => {
            Fact { open: -settled.cents(), doubtful: -settled.cents(), ..of(invoice, "recovered") }
        }
        UnitEvent::InvoiceWrittenOff { invoice, net, vat_recoverable, .. } => {
            let lost = (*net + *vat_recoverable).cents();
            Fact { open: -lost, doubtful: -lost, ..of(invoice, "written_off") }
        }
        UnitEvent::AdvanceGranted { invoice, amount } => {
            Fact { pending: -amount.cents(), advanced: amount.cents(), ..of(invoice, "advanced") }
        }
        UnitEvent::AdvanceRecovered { invoice, amount, .. } => {
            Fact { advanced: -amount.cents(), ..of(invoice, "advance_recovered") }
        }
        UnitEvent::AdvanceAbsorbed { invoice, amount } => {
            Fact { advanced: -amount.cents(), ..of(invoice, "advance_absorbed") }
        }
        UnitEvent::Opened { .. }
        | UnitEvent::HolderJoined { .. }
        | UnitEvent::HolderLeft { .. }
        | UnitEvent::Closed {}
        | UnitEvent::OrderConfirmed { .. }
        | UnitEvent::OrderCancelled { .. }
        | UnitEvent::ContractDeclared { .. }
        | UnitEvent::ContractAmended { .. }
        | UnitEvent::ContractCancelled { .. }
        | UnitEvent::ContractEnded { .. }
        | UnitEvent::EmploymentConcluded { .. }
        | UnitEvent::EmploymentEnded { .. }
        | UnitEvent::WorkDaysDeclared { .. }
        | UnitEvent::ExpenseClaimed { .. }
        | UnitEvent::ExpenseApproved { .. }
        | UnitEvent::ExpenseRefused { .. }
        | UnitEvent::ExpensePaid { .. }
        | UnitEvent::SalaryCalculated { .. }
        | UnitEvent::SalaryPaid { .. }
        | UnitEvent::HolidayPayAccrued { .. }
        | UnitEvent::HolidayPayPaid { .. }
        | UnitEvent::DimonaSent { .. }
        | UnitEvent::DimonaAccepted { .. }
        | UnitEvent::DimonaRefused { .. }
        | UnitEvent::DimonaCancelled { .. }
        | UnitEvent::SocialDocumentIssued { .. }
        | UnitEvent::GuaranteeLineSet { .. }
        | UnitEvent::BudgetTransferred { .. }
        | UnitEvent::BudgetReceived { .. }
        | UnitEvent::DeficitAbsorbed { .. }
        | UnitEvent::Corrected(_) => return [None, None],
    };
    [Some(fact), None]
}

/// What cannot be added up: an invoice as it was issued, the parts of a plan.
fn insert_whole(rows: &mut dyn Rows, seen: Seen<'_>, unit: Value<'_>, event: &UnitEvent) {
    match event {
        UnitEvent::InvoiceIssued { invoice, number, client, order, gross, due_on, .. }
        | UnitEvent::DepositInvoiced { invoice, number, client, order, gross, due_on, .. } => rows.insert(
            &INVOICES,
            &[
                seen.position(),
                Value::Id(invoice.uuid()),
                unit,
                Value::Id(client.uuid()),
                order.map_or(Value::Null, |order| Value::Id(order.uuid())),
                Value::Text(number.as_str()),
                Value::Integer(gross.cents()),
                day(*due_on),
                seen.effective_on(),
            ],
        ),
        UnitEvent::PaymentPlanAgreed { invoice, instalments, .. } => {
            for (n, instalment) in (1..).zip(instalments) {
                rows.insert(
                    &INSTALMENTS,
                    &[
                        seen.position(),
                        Value::Integer(n),
                        Value::Id(invoice.uuid()),
                        Value::Integer(instalment.amount.cents()),
                        day(instalment.due_on),
                        seen.effective_on(),
                    ],
                );
            }
        }
        _ => {}
    }
}

fn insert(rows: &mut dyn Rows, seen: Seen<'_>, (line, change): (i64, &Change<'_>), fact: &Fact) {
    let signed = |cents: i64| Value::Integer(change.sign * cents);
    rows.insert(
        &LINES,
        &[
            seen.position(),
            Value::Integer(line),
            Value::Id(fact.invoice.uuid()),
            Value::Text(fact.kind),
            signed(1),
            signed(fact.open),
            signed(fact.doubtful),
            signed(fact.unit_share),
            signed(fact.pending),
            signed(fact.advanced),
            seen.effective_on(),
            change.voids(),
        ],
    );
}
