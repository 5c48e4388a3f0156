//! Whether the books hold what the streams say: identities I4 to I7 of the two ledgers.
//!
//! An entry keeps I1 to I3 by itself. These four tie single accounts to what events say of a thing: a
//! loan outstanding, a wage due, a grant to pass on. Both sides of a tie are sums over events, so what
//! is kept is their difference, by account and party; it is nothing after every command.
//!
//! ```text
//! I4   at the close, what is deferred is what the units hold less what is lent to them, or nothing;
//!      the result allocated is then what pool, margin and fund gained in the year
//! I5   the memo of advances is what the fund advanced; per invoice no more than the unit's share of
//!      what is open, and nothing beside a loss that the fund bears
//! I6   cash_loans of a borrower = 416 + 2910 + 417 = outstanding in cash; the loan pool lent the rest
//! I7   455 per person = wages due; 489 and 489S per person = refunds, expense notes and grants due;
//!      1109 + 1119 − 410 = paid in by the register, 410 = called and not paid
//! ```
//!
//! Amounts come from what each event states, accounts from the entry of its sealed rule; a rule that
//! books to the wrong party, twice or not at all is found here although its entry balances.
//! Left out: accounts that tie to nothing but themselves, such as overheads.
//! Source: DOMAIN E18, E29, E30, F2 (I4–I7).

use std::collections::{BTreeMap, BTreeSet};

use domain::grant::{GrantEvent, GrantKind};
use domain::ids::{InvoiceId, PersonId};
use domain::loan::{LoanEvent, LoanKind};
use domain::member::MemberEvent;
use domain::unit::{Payee, UnitEvent};
use domain::year::YearEvent;
use domain::{Amount, Balance, Event, StreamId, Year};
use ledger::{Account, Class, Entry, Party, Side};
use rustc_hash::FxHashMap;

use crate::finding::Finding;
use crate::report::Findings;

/// What is tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tied {
    CashLoans,
    /// 416, 2910 and 417 of a party: loans in cash, and own grants awarded and not received.
    Claims,
    LentToUnits,
    Wages,
    Owed,
    Suspended,
    PaidIn,
    Unpaid,
    Advances,
    AdvancesControl,
}

/// What is tied, and of whom.
type Key = (Tied, Option<Party>);

/// What one event changes, as far as ties see it; worked out on all cores.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// What the entry moved more than the event says.
    differences: Vec<(Key, i128)>,
    /// Of the year of its effective date.
    year: Option<(Year, OfYear)>,
    invoices: Vec<(InvoiceId, OfInvoice)>,
    closing: Option<(Year, Closing)>,
}

/// Sums of a year that closing asks for, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct OfYear {
    /// By units, less what is lent to them.
    held: i128,
    deferred: i128,
    /// By pool, margin and fund.
    gained: i128,
}

#[derive(Clone, Copy, Debug)]
enum Closing {
    Closed,
    Allocated(Balance),
}

/// What advances on an invoice are measured by, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct OfInvoice {
    gross: i128,
    unit_share: i128,
    settled: i128,
    doubtful: i128,
    advanced: i128,
}

/// The ties so far.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    /// Differences within the command; empty when it ends.
    open: BTreeMap<Key, i128>,
    years: BTreeMap<Year, OfYear>,
    invoices: FxHashMap<InvoiceId, OfInvoice>,
    /// Invoices with an advance that the command touched.
    touched: BTreeSet<InvoiceId>,
}

impl Change {
    /// What an event of a stream changes, with its entry, in the year of its effective date.
    pub(crate) fn of(stream: StreamId, event: &Event, entry: Option<&Entry>, year: Option<Year>) -> Self {
        let mut change = Self::default();
        change.say(event, 1, entry);
        if let Some(entry) = entry {
            change.book(entry, year);
        }
        change.differences.sort_unstable_by_key(|(key, _)| *key);
        change.differences.dedup_by(|(key, cents), (kept, sum)| {
            let same = key == kept;
            *sum += if same { *cents } else { 0 };
            same
        });
        change.differences.retain(|(_, cents)| *cents != 0);
        change.closing = match (stream, event) {
            (StreamId::Year(year), Event::Year(YearEvent::Closed {})) => Some((year, Closing::Closed)),
            (StreamId::Year(year), Event::Year(YearEvent::ResultAllocated { result, .. })) => {
                Some((year, Closing::Allocated(*result)))
            }
            _ => None,
        };
        change
    }

    /// The books' side: what each movement changes, positive on the account's normal side.
    fn book(&mut self, entry: &Entry, year: Option<Year>) {
        let mut of_year = OfYear::default();
        for movement in &entry.movements {
            let cents = i128::from(movement.amount.cents());
            for (line, side) in [(movement.debit, Side::Debit), (movement.credit, Side::Credit)] {
                let (account, of) = (line.account, line.of);
                let more = if account.normal_side() == side { cents } else { -cents };
                match account {
                    Account::CashLoans => self.differ(Tied::CashLoans, of, more),
                    Account::SundryReceivables | Account::ReceivablesLong | Account::DoubtfulSundry => {
                        self.differ_of_party(Tied::Claims, of, more);
                    }
                    Account::Remuneration => self.differ_of_party(Tied::Wages, of, more),
                    Account::SundryPayables => self.differ_of_party(Tied::Owed, of, more),
                    Account::SuspendedRefunds => self.differ_of_party(Tied::Suspended, of, more),
                    Account::Contribution | Account::ContributionUnavailable => {
                        self.differ(Tied::PaidIn, None, more);
                    }
                    Account::UnpaidContribution => {
                        self.differ(Tied::PaidIn, None, -more);
                        self.differ(Tied::Unpaid, None, more);
                    }
                    Account::Advances => self.differ(Tied::Advances, None, more),
                    Account::AdvancesControl => self.differ(Tied::AdvancesControl, None, more),
                    Account::LoanPool => {
                        // A debit balance of the pool is what it has lent.
                        self.differ(Tied::LentToUnits, None, -more);
                        of_year.held += more;
                    }
                    Account::UnitPending | Account::UnitAvailable | Account::UnitReserved => {
                        of_year.held += more;
                    }
                    Account::DeferredUnitBudgets => of_year.deferred += more,
                    _ if account.class() == Class::Owners => of_year.gained += more,
                    _ => {}
                }
            }
        }
        self.year = year.filter(|_| of_year != OfYear::default()).map(|year| (year, of_year));
    }

    /// The streams' side: what an event says; below zero what a correction takes back.
    fn say(&mut self, event: &Event, sign: i128, entry: Option<&Entry>) {
        if let Some((_, original, replacement)) = event.as_correction() {
            self.say(&original, -sign, entry);
            replacement.iter().for_each(|event| self.say(event, sign, entry));
            return;
        }
        match event {
            Event::Loan(event) => self.say_loan(event, sign),
            Event::Grant(event) => self.say_grant(event, sign),
            Event::Member(event) => self.say_member(event, sign, entry),
            Event::Unit(event) => self.say_unit(event, sign),
            _ => {}
        }
    }

    fn say_loan(&mut self, event: &LoanEvent, sign: i128) {
        let (kind, borrower, amount, sign) = match event {
            LoanEvent::Disbursed { kind, borrower, principal, .. } => (kind, borrower, principal, sign),
            LoanEvent::InstalmentPaid { kind, borrower, amount, .. }
            | LoanEvent::WrittenOff { kind, borrower, amount, .. } => (kind, borrower, amount, -sign),
            _ => return,
        };
        match kind {
            LoanKind::Internal { .. } => self.expect(Tied::LentToUnits, None, sign * cents(*amount)),
            LoanKind::Cash => {
                self.expect(Tied::CashLoans, Some(*borrower), sign * cents(*amount));
                self.expect(Tied::Claims, Some(*borrower), sign * cents(*amount));
            }
        }
    }

    fn say_grant(&mut self, event: &GrantEvent, sign: i128) {
        use GrantKind::{Own, PassThrough};
        match event {
            GrantEvent::Announced { kind: Own { .. }, funder, amount, .. } => {
                self.expect(Tied::Claims, Some(*funder), sign * cents(*amount));
            }
            GrantEvent::Received { kind: Own { .. }, funder, amount, .. } => {
                self.expect(Tied::Claims, Some(*funder), -sign * cents(*amount));
            }
            GrantEvent::Received { kind: PassThrough { beneficiary }, amount, .. } => {
                self.expect(Tied::Owed, Some(*beneficiary), sign * cents(*amount));
            }
            GrantEvent::PassedOn { beneficiary, amount, .. }
            | GrantEvent::Returned { kind: PassThrough { beneficiary }, amount, .. } => {
                self.expect(Tied::Owed, Some(*beneficiary), -sign * cents(*amount));
            }
            _ => {}
        }
    }

    fn say_member(&mut self, event: &MemberEvent, sign: i128, entry: Option<&Entry>) {
        let all = |balance: &Balance| i128::from(balance.cents());
        match event {
            MemberEvent::SharesSubscribed { amount, .. } => {
                self.expect(Tied::Unpaid, None, sign * cents(*amount));
            }
            MemberEvent::SharesPaidUp { amount, .. } => {
                self.expect(Tied::Unpaid, None, -sign * cents(*amount));
                self.expect(Tied::PaidIn, None, sign * cents(*amount));
            }
            MemberEvent::SharesCancelled { unpaid, .. } => {
                self.expect(Tied::Unpaid, None, -sign * all(unpaid))
            }
            MemberEvent::RefundDetermined { person, paid_in, amount, .. } => {
                self.expect(Tied::PaidIn, None, -sign * all(paid_in));
                // The first rule of this event booked what is owed to nobody in particular.
                let of_nobody = |entry: &Entry| {
                    let lines = entry.movements.iter().flat_map(|movement| [movement.debit, movement.credit]);
                    lines.into_iter().any(|line| line == Account::SundryPayables.total())
                };
                if !entry.is_some_and(of_nobody) {
                    self.expect(Tied::Owed, *person, sign * all(amount));
                }
            }
            MemberEvent::RefundPaid { person, amount, .. } => {
                self.expect(Tied::Owed, Some(*person), -sign * cents(*amount));
            }
            MemberEvent::RefundSuspended { person, amount } => {
                self.expect(Tied::Owed, Some(*person), -sign * cents(*amount));
                self.expect(Tied::Suspended, Some(*person), sign * cents(*amount));
            }
            MemberEvent::RefundResumed { person, amount } => {
                self.expect(Tied::Owed, Some(*person), sign * cents(*amount));
                self.expect(Tied::Suspended, Some(*person), -sign * cents(*amount));
            }
            _ => {}
        }
    }

    fn say_unit(&mut self, event: &UnitEvent, sign: i128) {
        let all = |balance: &Balance| i128::from(balance.cents());
        let mut of_invoice = |invoice: &InvoiceId, of: OfInvoice| {
            self.invoices.push((*invoice, of.times(sign)));
        };
        let none = OfInvoice::default();
        match event {
            UnitEvent::InvoiceIssued { invoice, gross, unit_share, .. } => {
                let (gross, unit_share) = (cents(*gross), all(unit_share));
                of_invoice(invoice, OfInvoice { gross, unit_share, ..none });
            }
            UnitEvent::InvoiceCredited { invoice, gross, net, contribution, .. } => {
                let (gross, unit_share) = (-cents(*gross), all(contribution) - cents(*net));
                of_invoice(invoice, OfInvoice { gross, unit_share, ..none });
            }
            UnitEvent::InvoicePaid { invoice, settled, .. } => {
                of_invoice(invoice, OfInvoice { settled: all(settled), ..none });
            }
            UnitEvent::InvoiceDoubtful { invoice, .. } => {
                of_invoice(invoice, OfInvoice { doubtful: 1, ..none });
            }
            UnitEvent::AdvanceGranted { invoice, amount } => {
                of_invoice(invoice, OfInvoice { advanced: cents(*amount), ..none });
                self.expect_advance(sign * cents(*amount));
            }
            UnitEvent::AdvanceRecovered { invoice, amount, .. }
            | UnitEvent::AdvanceAbsorbed { invoice, amount } => {
                of_invoice(invoice, OfInvoice { advanced: -cents(*amount), ..none });
                self.expect_advance(-sign * cents(*amount));
            }
            UnitEvent::ExpenseApproved { payee: Payee::Member, holder, owed, .. } => {
                self.expect(Tied::Owed, Some(*holder), sign * cents(*owed));
            }
            UnitEvent::ExpensePaid { payee: Payee::Member, holder, amount, .. } => {
                self.expect(Tied::Owed, Some(*holder), -sign * cents(*amount));
            }
            UnitEvent::SalaryCalculated { worker, wage, .. } => {
                self.expect(Tied::Wages, Some(*worker), sign * cents(wage.net));
            }
            UnitEvent::SalaryPaid { worker, net, .. } => {
                self.expect(Tied::Wages, Some(*worker), -sign * cents(*net));
            }
            _ => {}
        }
    }

    fn expect_advance(&mut self, cents: i128) {
        self.expect(Tied::Advances, None, cents);
        self.expect(Tied::AdvancesControl, None, cents);
    }

    fn expect(&mut self, tied: Tied, of: Option<PersonId>, cents: i128) {
        self.differ(tied, of.map(Party::Person), -cents);
    }

    fn differ(&mut self, tied: Tied, of: Option<Party>, cents: i128) {
        self.differences.push(((tied, of), cents));
    }

    /// Lines without a party are of nobody whom an event could name: overheads of the entity itself.
    fn differ_of_party(&mut self, tied: Tied, of: Option<Party>, cents: i128) {
        if of.is_some() {
            self.differ(tied, of, cents);
        }
    }
}

impl Ties {
    /// Takes what the next event changes.
    pub(crate) fn take(&mut self, position: i64, change: Change, findings: &mut Findings) {
        for (key, cents) in change.differences {
            let difference = self.open.entry(key).or_default();
            *difference += cents;
            if *difference == 0 {
                self.open.remove(&key);
            }
        }
        if let Some((year, more)) = change.year {
            let of = self.years.entry(year).or_default();
            of.held += more.held;
            of.deferred += more.deferred;
            of.gained += more.gained;
        }
        for (invoice, more) in change.invoices {
            let of = self.invoices.entry(invoice).or_default();
            of.add(more);
            if of.advanced != 0 {
                self.touched.insert(invoice);
            }
        }
        let broken = change.closing.and_then(|(year, closing)| self.close(year, closing));
        if let Some(identity) = broken {
            findings.add(Finding::NotTied { position, identity });
        }
    }

    /// Asks, after a command whose last event stands at a position, whether everything ties.
    pub(crate) fn end_command(&mut self, position: i64, findings: &mut Findings) {
        // What was told once is not told again after each command.
        for ((tied, of), cents) in std::mem::take(&mut self.open) {
            let of = of.map_or_else(String::new, |of| format!(" of {of}"));
            let identity = format!("{}{of}: the books moved {} more", tied.words(), euro(cents));
            findings.add(Finding::NotTied { position, identity });
        }
        for invoice in std::mem::take(&mut self.touched) {
            if let Some(problem) = self.invoices.get(&invoice).and_then(|of| of.problem()) {
                let identity = format!("I5, invoice {invoice}: {problem}");
                findings.add(Finding::NotTied { position, identity });
            }
        }
    }

    fn close(&self, year: Year, closing: Closing) -> Option<String> {
        let until = |year: Year| {
            let years = self.years.range(..=year).map(|(_, of)| of);
            years.fold((0, 0), |(held, deferred), of| (held + of.held, deferred + of.deferred))
        };
        let (held, deferred) = until(year);
        match closing {
            Closing::Closed => (deferred != 0 && deferred != held).then(|| {
                let (deferred, held) = (euro(deferred), euro(held));
                format!("I4: {deferred} stands deferred at the end of {year}, the units hold {held}")
            }),
            Closing::Allocated(result) => {
                let (held_before, deferred_before) = until(Year::new(year.number().saturating_sub(1)));
                let gained = self.years.get(&year).map_or(0, |of| of.gained);
                // Without deferral the result is also what the units saved.
                let defers = deferred == held && deferred_before == held_before;
                (defers && gained != i128::from(result.cents())).then(|| {
                    format!(
                        "I4: the result of {year} is {result}; pool, margin and fund gained {}",
                        euro(gained)
                    )
                })
            }
        }
    }
}

impl OfInvoice {
    fn add(&mut self, more: Self) {
        self.gross += more.gross;
        self.unit_share += more.unit_share;
        self.settled += more.settled;
        self.doubtful += more.doubtful;
        self.advanced += more.advanced;
    }

    fn times(self, sign: i128) -> Self {
        Self {
            gross: sign * self.gross,
            unit_share: sign * self.unit_share,
            settled: sign * self.settled,
            doubtful: sign * self.doubtful,
            advanced: sign * self.advanced,
        }
    }

    fn problem(&self) -> Option<String> {
        let Self { gross, unit_share, settled, doubtful, advanced } = *self;
        if advanced < 0 {
            return Some(format!("{} more was recovered or absorbed than advanced", euro(-advanced)));
        }
        if advanced > 0 && doubtful > 0 {
            return Some(format!("{} is advanced on a debt whose loss the fund bears", euro(advanced)));
        }
        // What is paid beyond the invoice is its indemnity. Half up: 2·advanced·gross ≤ 2·share·open + gross.
        let open = (gross - settled).max(0);
        let too_much = 2 * advanced * gross > 2 * unit_share * open + gross;
        too_much
            .then(|| format!("{} is advanced, more than the unit's share of what is open", euro(advanced)))
    }
}

impl Tied {
    const fn words(self) -> &'static str {
        match self {
            Self::CashLoans => "I6, cash_loans and loans in cash",
            Self::Claims => "I6, 416 + 2910 + 417 and what is owed by the party",
            Self::LentToUnits => "I6, loan_pool and budget lent",
            Self::Wages => "I7, 455 and wages due",
            Self::Owed => "I7, 489 and what is due to the party",
            Self::Suspended => "I7, 489S and refunds suspended",
            Self::PaidIn => "I7, 1109 + 1119 - 410 and what was paid in",
            Self::Unpaid => "I7, 410 and what is called",
            Self::Advances => "I5, advances and what the fund advanced",
            Self::AdvancesControl => "I5, advances_control and what the fund advanced",
        }
    }
}

fn cents(amount: Amount) -> i128 {
    amount.cents().into()
}

fn euro(cents: i128) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests;
