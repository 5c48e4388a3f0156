//! How returns are booked: VAT is gathered on its current account, and what was filed is paid.
//!
//! What is owed to NSSO and of withheld tax stands on 454 and 453 already, wage by wage, so declaring it
//! books nothing. Nothing here makes a result, so the budget ledger does not hear of it.
//! Source: DOMAIN F2 (vat_return, nsso, withholding).

use domain::filing::{Direction, Due, FilingEvent};

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Entry, Journal, Posting, Why};

table_of_rules!(FilingEvent {
    VatReturnFiled = "vat_return.filed" @ 1,
    VatReturnPaid = "vat_return.paid" @ 1,
    DmfaFiled = "dmfa.filed" @ 1,
    DmfaPaid = "dmfa.paid" @ 1,
    WithholdingReturnFiled = "withholding_return.filed" @ 1,
    WithholdingReturnPaid = "withholding_return.paid" @ 1,
    CustomerListingFiled = "customer_listing.filed" @ 1,
    AccountsFiled = "accounts.filed" @ 1,
    Corrected = "filing.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &FilingEvent) -> Result<Posting, UnknownRule> {
    use FilingEvent as E;
    Ok(match (event, revision) {
        // Each grid is emptied onto the current account, which then holds what is to pay or recover.
        (
            E::VatReturnFiled {
                on_sales,
                on_credits_received,
                on_purchases,
                on_lost_debts,
                on_credits_issued,
                receipt,
                ..
            },
            1,
        ) => Draft::new(Journal::Miscellaneous, Some(receipt.document), 5)
            .book(Account::VatOnSales, Account::VatCurrentAccount, *on_sales)
            .book(Account::VatOnCreditsReceived, Account::VatCurrentAccount, *on_credits_received)
            .book(Account::VatCurrentAccount, Account::VatOnPurchases, *on_purchases)
            .book(Account::VatCurrentAccount, Account::VatOnLostDebts, *on_lost_debts)
            .book(Account::VatCurrentAccount, Account::VatOnCreditNotes, *on_credits_issued)
            .done(),
        (E::DmfaFiled { .. } | E::WithholdingReturnFiled { .. }, 1) => {
            return no_entry(Why::OwedAlready);
        }
        (E::CustomerListingFiled { .. } | E::AccountsFiled { .. }, 1) => return no_entry(Why::DepositedOnly),

        // What was filed is paid, or comes back.
        (E::VatReturnPaid { direction, amount, evidence }, 1) => {
            settled(Account::VatCurrentAccount, *direction, *amount, evidence)
        }
        (E::DmfaPaid { direction, amount, evidence }, 1) => {
            settled(Account::Nsso, *direction, *amount, evidence)
        }
        (E::WithholdingReturnPaid { direction, amount, evidence }, 1) => {
            settled(Account::WithholdingTax, *direction, *amount, evidence)
        }

        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}

fn settled(
    owed_on: Account,
    direction: Direction,
    amount: domain::Amount,
    evidence: &domain::Evidence,
) -> Posting {
    let draft = Draft::new(Journal::Bank, Some(evidence.document), 1);
    match direction {
        Direction::Paid => draft.book(owed_on, Account::Banks, amount),
        Direction::Received => draft.book(Account::Banks, owed_on, amount),
    }
    .done()
}

impl Entry {
    /// What the entry adds to what is due to the State, per grid and office.
    ///
    /// Returns and their payments are left out by the caller: they settle what is due.
    pub fn due(&self) -> Due {
        let on = |account: Account| self.effect_on_account(account);
        Due {
            on_sales: on(Account::VatOnSales),
            on_credits_received: on(Account::VatOnCreditsReceived),
            on_purchases: on(Account::VatOnPurchases),
            on_lost_debts: on(Account::VatOnLostDebts),
            on_credits_issued: on(Account::VatOnCreditNotes),
            nsso: on(Account::Nsso),
            withholding: on(Account::WithholdingTax),
        }
    }
}
