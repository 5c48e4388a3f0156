//! Vouchers and opening balances: movements on accounts that no other event moves.
//!
//! Source: DOMAIN F3 (structure).

use super::{AccountCode, AskedMovement, BookableAccount, BookedMovement, Structure, StructureRefusal};
use crate::dates::Year;
use crate::stream::Facts;

/// The movements of a voucher, when each account may be named by one.
pub(super) fn movements_of_voucher(asked: &[AskedMovement]) -> Result<Vec<BookedMovement>, StructureRefusal> {
    movements(asked, "voucher", BookableAccount::in_vouchers)
}

/// The movements of an opening balance, when each account may have one.
pub(super) fn movements_of_opening(asked: &[AskedMovement]) -> Result<Vec<BookedMovement>, StructureRefusal> {
    movements(asked, "opening balance", BookableAccount::in_openings)
}

fn movements(
    asked: &[AskedMovement],
    paper: &'static str,
    may_be_named: fn(BookableAccount) -> bool,
) -> Result<Vec<BookedMovement>, StructureRefusal> {
    if asked.is_empty() {
        return Err(StructureRefusal::NoMovements);
    }
    let named = |account: AccountCode| {
        BookableAccount::from_code(account.as_str())
            .filter(|found| may_be_named(*found))
            .ok_or(StructureRefusal::ReservedAccount { account, paper })
    };
    let movement = |asked: &AskedMovement| {
        let (debit, credit) = (named(asked.debit)?, named(asked.credit)?);
        if debit == credit {
            return Err(StructureRefusal::SameAccount { account: asked.debit });
        }
        Ok(BookedMovement { debit, credit, amount: asked.amount })
    };
    asked.iter().map(movement).collect()
}

impl Structure {
    /// An opening balance stands once in a year, on its first day.
    pub(super) fn may_open(&self, year: Year, facts: &Facts<Self>) -> Result<(), StructureRefusal> {
        let (first_day, effective_on) = (year.first_day(), facts.effective_on);
        if effective_on != first_day && facts.original.is_none() {
            return Err(StructureRefusal::NotFirstDay { year, first_day, effective_on });
        }
        if self.opened {
            return Err(StructureRefusal::AlreadyOpened { year });
        }
        Ok(())
    }
}
