//! Closing: the steps by which each fiscal year is tested, deferred, closed, approved and allocated.
//!
//! What units have not spent is deferred on the last day of a year, after everything else of that day.
//! The year closes on the first day of the next, before anything of it: the commands come in the order
//! of their dates, so nothing of the old year is still to come. On the same day the budgets come back.
//! The accounts are audited in May; in June the general meeting approves them and allocates the
//! result, which is carried forward as a whole. The log ends with the meeting on the accounts of 2025.
//!
//! In June the board tests whether leavers can be paid. Net assets per share are those of the synthetic
//! accounts; leavers of the first half-year are paid in July.
//! Source: WVV 6:115, 6:116, 6:120; DOMAIN E14, E16, F2 (year), I4. The days are synthetic.

use domain::Request;
use domain::Year;
use domain::member::MemberCommand;
use domain::year::YearCommand;

use crate::acts::{Plan, Rank, amount, balance};
use crate::days::{
    Dx, FIRST_OF_2025, FIRST_OF_2026, HALF_OF_2025, LAST_OF_2024, LAST_OF_2025, MAY_OF_2026, Span,
};
use crate::draw::{at, narrow};
use crate::people::{Outcome, People};

/// Nominal value of a share in cents, as planned.
pub(crate) const NOMINAL_CENTS: u64 = 3_000;
/// Net assets per share in cents, from the synthetic accounts of 2024.
pub(crate) const NET_ASSETS_PER_SHARE_CENTS: u64 = 3_415;

/// When the board tests.
const TESTED_ON: Dx = HALF_OF_2025 - 3;
/// When leavers are paid, at the latest on the bank day before: within the month after the exit.
const REFUNDED_ON: Dx = HALF_OF_2025 + 15;
/// When the accounts of a year are audited, and approved: 15 May and 5 June.
const AUDITED: [(u32, Dx); 2] = [(2024, FIRST_OF_2025 + 134), (2025, MAY_OF_2026 + 14)];
const AFTER_AUDIT: Dx = 21;

/// Every act of closing, with its day and rank.
pub(crate) fn acts(people: &People, span: &Span, act: &mut impl FnMut(Dx, Rank, u32)) {
    act(0, Rank::OpenYear, 2024);
    for (year, last_day, next_day) in
        [(2024, LAST_OF_2024, FIRST_OF_2025), (2025, LAST_OF_2025, FIRST_OF_2026)]
    {
        act(last_day, Rank::DeferBalances, year);
        act(next_day, Rank::OpenYear, year + 1);
        act(next_day, Rank::CloseYear, year);
        act(next_day, Rank::ReverseBalances, year);
    }
    act(TESTED_ON, Rank::RecordTests, 2025);
    for (index, going) in (0..).zip(&people.resignations) {
        if going.outcome == Outcome::Left {
            act(span.bank_day_until(REFUNDED_ON), Rank::PayRefund, index);
        }
    }
    for (year, audited_on) in AUDITED {
        act(audited_on, Rank::Audit, year);
        act(audited_on + AFTER_AUDIT, Rank::Approve, year);
        act(audited_on + AFTER_AUDIT, Rank::Allocate, year);
    }
}

impl Plan {
    /// A step of closing the year of this number.
    pub(crate) fn closing(&self, rank: Rank, year: u32) -> Request {
        let evidence = |what: &str, prefix: &str| self.ids.evidence(what, prefix, year);
        let command = match rank {
            Rank::OpenYear => YearCommand::OpenYear {},
            Rank::CloseYear => YearCommand::CloseYear {},
            Rank::DeferBalances => YearCommand::DeferUnitBalances {},
            Rank::ReverseBalances => YearCommand::ReverseUnitBalances {},
            Rank::RecordTests => YearCommand::RecordTests {
                net_assets: balance(self.shares_held_on(TESTED_ON) * NET_ASSETS_PER_SHARE_CENTS),
                unavailable_equity: balance(0),
                debts_payable_months: 14,
                evidence: evidence("report of the board on both tests", "TEST"),
            },
            Rank::Audit => {
                YearCommand::AuditAccounts { evidence: evidence("report of the auditor", "AUDIT") }
            }
            Rank::Approve => {
                YearCommand::ApproveAccounts { evidence: evidence("minutes of the general meeting", "GM") }
            }
            _ => YearCommand::AllocateResult {
                to_reserves: None,
                dividend: None,
                evidence: evidence("minutes on the result", "RESULT"),
            },
        };
        Request::Year(Year::new(narrow(year)), command)
    }

    /// What a leaver is paid: all that was determined, since both tests pass.
    pub(crate) fn pay_refund(&self, index: u32) -> MemberCommand {
        let person = self.people.resignations[at(index)].person;
        let of_person = self.people.purchases.iter().filter(|purchase| purchase.person == person);
        let shares: u64 = of_person.map(|purchase| u64::from(purchase.shares)).sum();
        MemberCommand::PayRefund {
            amount: amount(shares * NOMINAL_CENTS.min(NET_ASSETS_PER_SHARE_CENTS)),
            evidence: self.ids.evidence("payment of a separation share", "REFUND", index),
        }
    }

    /// Shares of all members at the end of a day before any were cancelled.
    fn shares_held_on(&self, on: Dx) -> u64 {
        let held = self.people.purchases.iter().filter(|purchase| purchase.subscribed_on <= on);
        held.map(|purchase| u64::from(purchase.shares)).sum()
    }
}
