//! What the accounts hold: a fold of movements, and the identities that must hold after every event.
//!
//! Totals are kept per account of both books; balances of single parties only for the owners of the
//! budget ledger, since those are what rules ask for. A balance is positive on its account's normal
//! side, so that what a unit may spend and what a bank holds are both above zero.
//!
//! ```text
//! I1  every book balances                        Σ debit = Σ credit
//! I2  the mirror is the result                   PL (debit) = class 7 − class 6, before appropriation
//! I3  every cent of the result has an owner      Σ owners (credit) = PL (debit) + opening owners
//! ```
//!
//! No event opens the owners' balances yet, so the opening owners of I3 are nothing.
//! Source: DOMAIN F2, I1–I3.

use domain::ids::UnitId;
use domain::money::Balance;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::chart::{Account, Book, Class};
use crate::line::Line;
use crate::posting::{Entry, Movement, Posting};

/// What the accounts hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Balances {
    turnover: Vec<Turnover>,
    owners: FxHashMap<Line, Balance>,
}

/// What was debited and credited to one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Turnover {
    debit: Balance,
    credit: Balance,
}

/// One row of a trial balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialRow {
    /// The account.
    pub account: Account,
    /// All that was debited.
    pub debit: Balance,
    /// All that was credited.
    pub credit: Balance,
    /// What it holds, positive on its normal side.
    pub balance: Balance,
}

/// What a production unit has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitBudget {
    /// Invoiced and not yet spendable.
    pub pending: Balance,
    /// Free to spend.
    pub available: Balance,
    /// Set aside for declared jobs.
    pub reserved: Balance,
}

/// An identity that does not hold: a rule books wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum BrokenIdentity {
    /// I1.
    #[error("I1: {book} has {debit} debited and {credit} credited")]
    Unbalanced { book: Book, debit: Balance, credit: Balance },
    /// I2.
    #[error("I2: the mirror PL holds {mirror}, the general ledger has a result of {result}")]
    MirrorIsNotResult { mirror: Balance, result: Balance },
    /// I3.
    #[error("I3: the owners hold {owners}, the mirror PL {mirror}")]
    WithoutOwner { owners: Balance, mirror: Balance },
}

impl Balances {
    /// Books a posting.
    pub fn apply(&mut self, posting: &Posting) {
        for movement in posting.movements() {
            self.book(movement);
        }
    }

    /// Books an entry.
    pub fn apply_entry(&mut self, entry: &Entry) {
        for movement in &entry.movements {
            self.book(movement);
        }
    }

    /// Books one movement.
    pub fn book(&mut self, movement: &Movement) {
        let amount = movement.amount.balance();
        let debit = &mut self.turnover[movement.debit.account.index()].debit;
        *debit = *debit + amount;
        let credit = &mut self.turnover[movement.credit.account.index()].credit;
        *credit = *credit + amount;
        self.shift(movement.debit, amount, Balance::ZERO);
        self.shift(movement.credit, Balance::ZERO, amount);
    }

    /// Keeps the balance of a party in a budget account; forgets it when nothing is left.
    fn shift(&mut self, line: Line, debit: Balance, credit: Balance) {
        if line.of.is_none() || line.account.class() != Class::Owners {
            return;
        }
        let held = self.owners.entry(line).or_default();
        *held = *held + line.account.signed(debit, credit);
        if *held == Balance::ZERO {
            self.owners.remove(&line);
        }
    }

    /// What an account holds in all, positive on its normal side.
    pub fn total(&self, account: Account) -> Balance {
        let Turnover { debit, credit } = self.turnover[account.index()];
        account.signed(debit, credit)
    }

    /// What an owner of the budget ledger holds, positive when there is something to spend.
    ///
    /// Nothing for lines of other accounts, whose parties are not kept here.
    pub fn of(&self, line: Line) -> Balance {
        match line.of {
            None => self.total(line.account),
            Some(_) => self.owners.get(&line).copied().unwrap_or_default(),
        }
    }

    /// What a production unit has.
    pub fn unit(&self, unit: UnitId) -> UnitBudget {
        UnitBudget {
            pending: self.of(Account::UnitPending.of(unit)),
            available: self.of(Account::UnitAvailable.of(unit)),
            reserved: self.of(Account::UnitReserved.of(unit)),
        }
    }

    /// What a production unit would have without an entry: what a correction is decided on.
    pub fn unit_without(&self, unit: UnitId, entry: &Entry) -> UnitBudget {
        let without = |account: Account| self.of(account.of(unit)) - entry.effect_on(account.of(unit));
        UnitBudget {
            pending: without(Account::UnitPending),
            available: without(Account::UnitAvailable),
            reserved: without(Account::UnitReserved),
        }
    }

    /// Every owner that holds something, in order.
    pub fn owners(&self) -> Vec<(Line, Balance)> {
        let mut owners: Vec<_> = self.owners.iter().map(|(line, held)| (*line, *held)).collect();
        owners.sort_unstable();
        owners
    }

    /// One row for each account that was ever moved, in the order of the chart.
    pub fn trial_balance(&self) -> Vec<TrialRow> {
        let moved = |turnover: &Turnover| *turnover != Turnover::default();
        let rows = Account::ALL.iter().zip(&self.turnover).filter(|(_, turnover)| moved(turnover));
        rows.map(|(account, Turnover { debit, credit })| TrialRow {
            account: *account,
            debit: *debit,
            credit: *credit,
            balance: account.signed(*debit, *credit),
        })
        .collect()
    }

    /// Checks identities I1 to I3; costs one pass over the chart.
    pub fn identities(&self) -> Result<(), BrokenIdentity> {
        for book in Book::ALL {
            let (debit, credit) = self.sums(|account| account.book() == book);
            if debit != credit {
                return Err(BrokenIdentity::Unbalanced { book, debit, credit });
            }
        }
        let mirror = self.total(Account::ProfitAndLoss);
        let (charged, earned) = self.sums(Account::makes_result);
        let result = earned - charged;
        if mirror != result {
            return Err(BrokenIdentity::MirrorIsNotResult { mirror, result });
        }
        let (debit, credit) = self.sums(|account| account.class() == Class::Owners);
        let owners = credit - debit;
        if owners != mirror {
            return Err(BrokenIdentity::WithoutOwner { owners, mirror });
        }
        Ok(())
    }

    fn sums(&self, which: impl Fn(Account) -> bool) -> (Balance, Balance) {
        let chosen = Account::ALL.iter().zip(&self.turnover).filter(|(account, _)| which(**account));
        chosen.fold((Balance::ZERO, Balance::ZERO), |(debit, credit), (_, turnover)| {
            (debit + turnover.debit, credit + turnover.credit)
        })
    }
}

impl Default for Balances {
    fn default() -> Self {
        Self { turnover: vec![Turnover::default(); Account::ALL.len()], owners: FxHashMap::default() }
    }
}

/// Balances as a snapshot keeps them: by code, so that a longer chart still reads it.
#[derive(Serialize, Deserialize)]
struct Kept {
    turnover: Vec<(Account, Balance, Balance)>,
    owners: Vec<(Line, Balance)>,
}

impl From<Balances> for Kept {
    fn from(balances: Balances) -> Self {
        let rows = balances.trial_balance().into_iter();
        Self {
            turnover: rows.map(|row| (row.account, row.debit, row.credit)).collect(),
            owners: balances.owners(),
        }
    }
}

impl From<Kept> for Balances {
    fn from(kept: Kept) -> Self {
        let mut balances = Self::default();
        for (account, debit, credit) in kept.turnover {
            balances.turnover[account.index()] = Turnover { debit, credit };
        }
        balances.owners = kept.owners.into_iter().collect();
        balances
    }
}

#[cfg(test)]
mod tests {
    use domain::money::Amount;
    use uuid::Uuid;

    use super::*;

    fn book(balances: &mut Balances, debit: impl Into<Line>, credit: impl Into<Line>, cents: i64) {
        let amount = Amount::from_cents(cents).unwrap();
        balances.book(&Movement::new(debit.into(), credit.into(), amount));
    }

    fn unit() -> UnitId {
        UnitId::new(Uuid::from_u128(1))
    }

    #[test]
    fn a_sale_without_owner_breaks_the_second_identity() {
        let mut balances = Balances::default();
        book(&mut balances, Account::Customers, Account::Sales, 100);
        let (mirror, result) = (Balance::ZERO, Balance::from_cents(100));
        assert_eq!(balances.identities(), Err(BrokenIdentity::MirrorIsNotResult { mirror, result }));
        book(&mut balances, Account::ProfitAndLoss, Account::UnitAvailable.of(unit()), 100);
        assert_eq!(balances.identities(), Ok(()));
    }

    #[test]
    fn an_advance_in_memory_only_breaks_the_third_identity() {
        let mut balances = Balances::default();
        book(&mut balances, Account::Advances, Account::Pool, 100);
        let (owners, mirror) = (Balance::from_cents(100), Balance::ZERO);
        assert_eq!(balances.identities(), Err(BrokenIdentity::WithoutOwner { owners, mirror }));
    }

    #[test]
    fn deferring_unit_budgets_and_appropriating_profit_leave_the_identities() {
        let mut balances = Balances::default();
        book(&mut balances, Account::UnitBudgetsDeferred, Account::DeferredUnitBudgets, 100);
        book(&mut balances, Account::ProfitCarriedForward, Account::ProfitBroughtForward, 100);
        assert_eq!(balances.identities(), Ok(()));
    }

    #[test]
    fn balances_survive_their_snapshot_and_forget_who_has_nothing() {
        let mut balances = Balances::default();
        book(&mut balances, Account::Customers, Account::Sales, 100);
        book(&mut balances, Account::ProfitAndLoss, Account::UnitAvailable.of(unit()), 100);
        let json = serde_json::to_string(&balances).unwrap();
        assert_eq!(serde_json::from_str::<Balances>(&json).unwrap(), balances);
        assert_eq!(balances.unit(unit()).available, Balance::from_cents(100));
        book(&mut balances, Account::UnitAvailable.of(unit()), Account::Pool, 100);
        assert_eq!(balances.owners(), []);
    }

    #[test]
    fn a_trial_balance_has_a_row_for_each_account_moved() {
        let mut balances = Balances::default();
        book(&mut balances, Account::Customers, Account::Sales, 300);
        book(&mut balances, Account::Sales, Account::Customers, 100);
        let rows = balances.trial_balance();
        let shown: Vec<_> = rows
            .iter()
            .map(|r| (r.account.code(), r.debit.cents(), r.credit.cents(), r.balance.cents()))
            .collect();
        assert_eq!(shown, [("400", 300, 100, 200), ("700", 100, 300, 200)]);
    }
}
