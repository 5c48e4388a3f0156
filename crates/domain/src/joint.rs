//! Commands that write several streams at once, all or nothing.
//!
//! An invoice takes a number of its series and fills the budget of its unit; a transfer of shares
//! leaves one member's register and enters another's, and so does budget that one unit gives another.
//! Such commands are no stream's own, so the cqrs-es bridge cannot carry them.
//! Source: DESIGN 2, promise 5.

use serde::{Deserialize, Serialize};

use crate::envelope::{SeriesId, StreamId};
use crate::event::Event;
use crate::evidence::Evidence;
use crate::ids::{InvoiceId, MemberId, PersonId, UnitId};
use crate::member::{Member, MemberRefusal};
use crate::money::Amount;
use crate::series::{Numbered, Series, SeriesEvent, SeriesRefusal, TakeNumber};
use crate::stream::{Facts, decide};
use crate::text::{DocumentNumber, ReasonCode, SeriesCode};
use crate::unit::{CreditDraft, InvoiceDraft, Unit, UnitRefusal};

/// Asks something of several streams.
#[derive(Clone, Debug, PartialEq)]
pub enum JointCommand {
    /// Issue an invoice under the next number of a series.
    IssueInvoice(UnitId, IssueInvoice),
    /// Invoice a deposit under the next number of a series.
    InvoiceDeposit(UnitId, IssueInvoice),
    /// Issue an invoice for work that deducts deposits, under the next number of a series.
    IssueFinalInvoice(UnitId, IssueFinalInvoice),
    /// Issue a credit note under the next number of a series.
    CreditInvoice(UnitId, CreditInvoice),
    /// Transfer fully paid shares to another member.
    TransferShares(MemberId, TransferShares),
    /// Transfer budget to another unit.
    TransferBudget(UnitId, TransferBudget),
}

/// Issue an invoice, for work or for a deposit, under the next number of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueInvoice {
    /// Code of the series; its year is that of the effective date.
    pub series: SeriesCode,
    /// What the invoice says.
    pub draft: InvoiceDraft,
}

/// Issue an invoice for work that deducts deposits, under the next number of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueFinalInvoice {
    /// Code of the series; its year is that of the effective date.
    pub series: SeriesCode,
    /// The deposits that are deducted.
    pub deposits: Vec<InvoiceId>,
    /// What the invoice says.
    pub draft: InvoiceDraft,
}

/// Issue a credit note under the next number of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreditInvoice {
    /// Code of the series; its year is that of the effective date.
    pub series: SeriesCode,
    /// What the credit note says.
    pub draft: CreditDraft,
}

/// Transfer fully paid shares to another member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferShares {
    /// Who receives them.
    pub to: MemberId,
    /// How many.
    pub shares: u32,
    /// The deed signed by both.
    pub evidence: Evidence,
}

/// Transfer budget to another unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferBudget {
    /// The unit that receives it.
    pub to: UnitId,
    /// The holder who gives it.
    pub holder: PersonId,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: ReasonCode,
    /// The order.
    pub evidence: Evidence,
}

/// The events of a joint command, in the order in which they are appended.
pub type Decided = Vec<(StreamId, Event)>;

/// Decides an invoice: the number first, since the invoice bears it.
pub fn issue_invoice(
    series: (SeriesId, &Series, &Facts<Series>),
    unit: (UnitId, &Unit, &Facts<Unit>),
    draft: &InvoiceDraft,
) -> Result<Result<Decided, UnitRefusal>, SeriesRefusal> {
    let (taken, number) = take(series, Numbered::Invoice, draft.invoice.uuid())?;
    Ok(unit
        .1
        .issue_invoice(draft, number, unit.2)
        .map(|issued| vec![taken, (StreamId::Unit(unit.0), issued.into())]))
}

/// Decides a deposit invoice: the number first, since the invoice bears it.
pub fn invoice_deposit(
    series: (SeriesId, &Series, &Facts<Series>),
    unit: (UnitId, &Unit, &Facts<Unit>),
    draft: &InvoiceDraft,
) -> Result<Result<Decided, UnitRefusal>, SeriesRefusal> {
    let (taken, number) = take(series, Numbered::Invoice, draft.invoice.uuid())?;
    Ok(unit
        .1
        .invoice_deposit(draft, number, unit.2)
        .map(|issued| vec![taken, (StreamId::Unit(unit.0), issued.into())]))
}

/// Decides an invoice that deducts deposits: the number, the invoice, then each deposit.
pub fn issue_final_invoice(
    series: (SeriesId, &Series, &Facts<Series>),
    unit: (UnitId, &Unit, &Facts<Unit>),
    (draft, deposits): (&InvoiceDraft, &[InvoiceId]),
) -> Result<Result<Decided, UnitRefusal>, SeriesRefusal> {
    let (taken, number) = take(series, Numbered::Invoice, draft.invoice.uuid())?;
    Ok(unit.1.issue_final_invoice(draft, deposits, number, unit.2).map(|events| {
        let of_unit = events.into_iter().map(|event| (StreamId::Unit(unit.0), event.into()));
        std::iter::once(taken).chain(of_unit).collect()
    }))
}

/// Decides a credit note: the number first, since the credit note bears it.
pub fn credit_invoice(
    series: (SeriesId, &Series, &Facts<Series>),
    unit: (UnitId, &Unit, &Facts<Unit>),
    draft: &CreditDraft,
) -> Result<Result<Decided, UnitRefusal>, SeriesRefusal> {
    let (taken, number) = take(series, Numbered::CreditNote, draft.credit_note.uuid())?;
    Ok(unit
        .1
        .credit_invoice(draft, number, unit.2)
        .map(|credited| vec![taken, (StreamId::Unit(unit.0), credited.into())]))
}

/// Decides a transfer of shares: the giver's event, then the receiver's.
pub fn transfer_shares(
    from: (MemberId, &Member, &Facts<Member>),
    to: &Member,
    command: &TransferShares,
) -> Result<Decided, MemberRefusal> {
    let (id, member, facts) = from;
    let (gone, come) = member.transfer(id, (command.to, to), command.shares, command.evidence, facts)?;
    Ok(vec![(StreamId::Member(id), gone.into()), (StreamId::Member(command.to), come.into())])
}

/// Decides a transfer of budget: the giver's event, then the receiver's.
pub fn transfer_budget(
    from: (UnitId, &Unit, &Facts<Unit>),
    to: &Unit,
    command: &TransferBudget,
) -> Result<Decided, UnitRefusal> {
    let (id, unit, facts) = from;
    let (gone, come) = unit.transfer_budget(id, to, command, facts)?;
    Ok(vec![(StreamId::Unit(id), gone.into()), (StreamId::Unit(command.to), come.into())])
}

fn take(
    (id, series, facts): (SeriesId, &Series, &Facts<Series>),
    numbered: Numbered,
    document: uuid::Uuid,
) -> Result<((StreamId, Event), DocumentNumber), SeriesRefusal> {
    let events = decide(series, id, &TakeNumber { numbered, document }, facts)?;
    match events.into_iter().next() {
        Some(event @ SeriesEvent::NumberTaken { number, .. }) => {
            Ok(((StreamId::Series(id), event.into()), number))
        }
        _ => unreachable!("a series answers with the number taken"),
    }
}
