//! Advances: wages are paid whether or not the client has paid, so the guarantee fund advances.
//!
//! Budget is spendable when the client pays; the year publishes that reading itself. Work is declared
//! before, so a unit that declares more than it was paid for gets a guarantee line, once, from the day
//! on which it first needs it. On a day on which wages are paid, the fund advances what the unit lacks
//! for the work it declared, upon its own open invoices: upon the oldest that covers the whole, or else
//! upon those that cover most. The client's payment recovers it; where the debt becomes doubtful, the fund
//! absorbs it.
//!
//! The line counts for work only. A claim, and budget given back on a loan, wait for the client instead:
//! a claim so many days, and no longer than its year; then the fund advances for it too.
//!
//! All this follows from payments and needs that are planned elsewhere, so nothing is drawn here: each
//! unit is lived through day by day with the amounts that the rules come to. With an advance for each wage
//! and no more than it costs, lines, advances and recoveries would be some 180,000 events at full scale.
//! So the fund is as sparing as the rules allow: it advances once for all wages of a unit on a day and for
//! what it declared beside, and not while it lacks little, which makes some 150,000. What it advances comes
//! near the one draw of the whole year, 67 million and at most 3.8 million at once.
//! Left out: advances on an invoice that is still to be credited, which the rules would refuse.
//! Source: DOMAIN A4, C2, E23, E27, E30, F1 (guarantee fund), F2 (advance.granted), I5.

use domain::Request;
use domain::unit::UnitCommand;

use crate::acts::{Plan, Rank, amount, balance};
use crate::days::{Dx, END, LAST_OF_2024, LAST_OF_2025, Span};
use crate::debts::Debts;
use crate::draw::{at, half_up, narrow};
use crate::lending::Lending;
use crate::money::Money;
use crate::people::NONE;
use crate::work::{Form, Work};

/// How far below nothing a unit may go to declare work, from a day on.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) unit: u32,
    pub(crate) on: Dx,
    /// In cents.
    pub(crate) line: u32,
}

/// What the fund advances upon an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Advance {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
    /// In cents.
    pub(crate) amount: u32,
}

/// All lines and advances.
pub(crate) struct Advances {
    pub(crate) lines: Vec<Line>,
    pub(crate) granted: Vec<Advance>,
}

/// Lines are agreed in steps of so many cents.
const LINE_STEP: i64 = 25_000;
/// A unit that lacks fewer cents than this goes on upon its line.
const ADVANCE_LEAST: i64 = 10_000;
/// Days that a claim waits for the client before the fund advances for it.
const CLAIM_WAITS: Dx = 60;

/// What changes the budget of a unit, in the order of one day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Disbursed,
    Issued,
    Credited,
    Paid,
    Declared,
    Amended,
    Cancelled,
    Wage,
    Claim,
    Instalment,
    Doubtful,
}

/// Something that happens to a unit, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    unit: u32,
    on: Dx,
    what: What,
    index: u32,
}

/// What is not paid until the unit has the budget.
struct Waiting {
    what: What,
    index: u32,
    /// In cents.
    amount: i64,
    /// The day from which the fund advances for it.
    until: Dx,
}

/// How far an invoice is paid, in cents.
#[derive(Clone, Copy, Default)]
struct Debt {
    settled: u64,
    released: u64,
    advanced: u64,
    is_credited: bool,
}

/// One unit, as the days go by.
struct Purse<'a> {
    money: &'a Money,
    debts: &'a mut [Debt],
    /// In cents; below zero as far as the line goes.
    available: i64,
    /// The first day on which it is below zero, and how far it ever is.
    deepest: Option<(Dx, i64)>,
    /// Invoices that may still be advanced upon, oldest first.
    open: Vec<u32>,
    waiting: Vec<Waiting>,
    granted: &'a mut Vec<Advance>,
}

impl Advances {
    /// Lives through every unit; claims and instalments move to the day on which there is budget.
    pub(crate) fn plan(
        work: &Work,
        money: &mut Money,
        debts: &Debts,
        lending: &mut Lending,
        span: &Span,
    ) -> Self {
        let steps = steps(work, money, debts, lending);
        let mut advances = Self { lines: Vec::new(), granted: Vec::new() };
        let mut of_invoices = vec![Debt::default(); money.invoices.len()];
        let mut decided = Vec::new();
        for of_unit in steps.chunk_by(|a, b| a.unit == b.unit) {
            let mut purse = Purse {
                money,
                debts: &mut of_invoices,
                available: 0,
                deepest: None,
                open: Vec::new(),
                waiting: Vec::new(),
                granted: &mut advances.granted,
            };
            let mut rest = of_unit;
            for on in of_unit[0].on..=END {
                let (today, later) = rest.split_at(rest.partition_point(|step| step.on <= on));
                rest = later;
                if today.is_empty() && purse.waiting.is_empty() {
                    continue;
                }
                for step in today {
                    purse.begin(*step, (work, debts, lending));
                }
                let pays_wages = today.iter().any(|step| step.what == What::Wage);
                if pays_wages && -purse.available >= ADVANCE_LEAST {
                    purse.advance(-purse.available, on);
                }
                decided.extend(purse.settle(on));
                today.iter().filter(|step| step.what == What::Doubtful).for_each(|step| {
                    purse.doubt(debts.losses[at(step.index)].invoice);
                });
            }
            assert!(purse.waiting.is_empty(), "what units spend is funded by what they invoiced");
            if let Some((on, deepest)) = purse.deepest {
                let line = narrow((deepest + LINE_STEP - 1) / LINE_STEP * LINE_STEP);
                advances.lines.push(Line { unit: of_unit[0].unit, on, line });
            }
        }
        for (what, index, on) in decided {
            if what == What::Instalment {
                lending.instalments[at(index)].paid_on = on;
            } else {
                money.expenses[at(index)].decide(on, span);
            }
        }
        advances
    }

    /// Every act, with its day and rank.
    pub(crate) fn acts(&self, act: &mut impl FnMut(Dx, Rank, u32)) {
        for (index, line) in (0..).zip(&self.lines) {
            act(line.on, Rank::SetLine, index);
        }
        for (index, advance) in (0..).zip(&self.granted) {
            act(advance.on, Rank::GrantAdvance, index);
        }
    }
}

/// Everything that changes the budget of a unit, by unit and day.
fn steps(work: &Work, money: &Money, debts: &Debts, lending: &Lending) -> Vec<Step> {
    let mut steps = Vec::with_capacity(2 * (work.jobs.len() + money.invoices.len()) + money.expenses.len());
    let mut step = |unit, on, what, index| steps.push(Step { unit, on, what, index });
    for (index, job) in (0..).zip(&work.jobs) {
        let then = if job.form == Form::Cancelled { What::Cancelled } else { What::Wage };
        step(job.unit, job.declared_on, What::Declared, index);
        step(job.unit, job.paid_on, then, index);
    }
    for (index, amendment) in (0..).zip(&work.amendments) {
        step(work.job(amendment.job).unit, amendment.on, What::Amended, index);
    }
    let unit_of = |invoice: u32| money.invoices[at(invoice)].unit;
    for (index, invoice) in (0..).zip(&money.invoices) {
        step(invoice.unit, invoice.on, What::Issued, index);
    }
    for credit in &money.credits {
        step(unit_of(credit.invoice), credit.on, What::Credited, credit.invoice);
    }
    for (index, payment) in (0..).zip(&debts.payments) {
        step(unit_of(payment.invoice), payment.on, What::Paid, index);
    }
    for (index, loss) in (0..).zip(&debts.losses) {
        step(unit_of(loss.invoice), loss.doubted_on, What::Doubtful, index);
    }
    for (index, expense) in (0..).zip(&money.expenses).filter(|(_, expense)| expense.paid_on > 0) {
        step(expense.unit, expense.decided_on, What::Claim, index);
    }
    let of_units = |unit: u32| unit != NONE;
    for (index, loan) in (0..).zip(&lending.loans).filter(|(_, loan)| of_units(loan.unit)) {
        step(loan.unit, loan.disbursed_on, What::Disbursed, index);
    }
    for (index, instalment) in (0..).zip(&lending.instalments) {
        let unit = lending.loans[at(instalment.loan)].unit;
        if of_units(unit) && instalment.paid_on > 0 {
            step(unit, instalment.paid_on, What::Instalment, index);
        }
    }
    steps.sort_unstable();
    steps
}

impl Purse<'_> {
    /// What a step does before anything is advanced or decided on its day.
    fn begin(&mut self, step: Step, (work, debts, lending): (&Work, &Debts, &Lending)) {
        let (on, index) = (step.on, step.index);
        match step.what {
            What::Disbursed => self.available += i64::from(lending.loans[at(index)].principal),
            What::Issued => self.open.push(index),
            What::Credited => self.credit(index),
            What::Paid => {
                let payment = &debts.payments[at(index)];
                self.pay(payment.invoice, debts.received(self.money, payment));
            }
            What::Declared => {
                let before = work.amendment_of(index).map(|amendment| amendment.budget);
                self.reserve(before.unwrap_or(work.job(index).budget).into(), on);
            }
            What::Amended => {
                let amendment = &work.amendments[at(index)];
                let more = i64::from(work.job(amendment.job).budget) - i64::from(amendment.budget);
                self.reserve(more, on);
            }
            What::Cancelled => self.available += i64::from(work.job(index).budget),
            What::Claim => {
                let year_ends = if on <= LAST_OF_2024 { LAST_OF_2024 } else { LAST_OF_2025 };
                let (amount, until) = (self.money.expenses[at(index)].cost, on + CLAIM_WAITS);
                self.waiting.push(Waiting {
                    what: step.what,
                    index,
                    amount: amount.into(),
                    until: until.min(year_ends),
                });
            }
            What::Instalment => {
                let amount = lending.instalments[at(index)].amount.into();
                self.waiting.push(Waiting { what: step.what, index, amount, until: on });
            }
            What::Wage | What::Doubtful => {}
        }
    }

    /// Sets budget of a job aside, upon the line when there is not enough.
    fn reserve(&mut self, budget: i64, on: Dx) {
        self.available -= budget;
        if self.available < 0 {
            let (since, deepest) = self.deepest.unwrap_or((on, 0));
            self.deepest = Some((since, deepest.max(-self.available)));
        }
    }

    fn credit(&mut self, invoice: u32) {
        self.debts[at(invoice)].is_credited = true;
        if self.money.is_credited_wholly(invoice) {
            self.open.retain(|open| *open != invoice);
        }
    }

    /// What a client pays releases what is pending, less what it recovers.
    fn pay(&mut self, invoice: u32, received: u64) {
        if !self.open.contains(&invoice) {
            // Doubtful: the fund and the pool get back what they bore.
            return;
        }
        let debt = self.debts[at(invoice)];
        let left = self.money.owed(invoice) - debt.settled;
        let (recovered, released) = if received >= left {
            self.open.retain(|open| *open != invoice);
            (debt.advanced, self.pending(invoice))
        } else {
            let (gross, of_unit) = self.money.whole(invoice);
            let of_unit = half_up(of_unit, received, gross);
            let still_open = self.open_share(invoice, left - received);
            let recovered = of_unit.min(debt.advanced).max(debt.advanced.saturating_sub(still_open));
            (recovered, of_unit.saturating_sub(recovered).min(self.pending(invoice)))
        };
        let debt = &mut self.debts[at(invoice)];
        debt.settled += received.min(left);
        debt.advanced -= recovered;
        debt.released += released;
        self.available += narrow::<u64, i64>(released);
    }

    /// A debt that is feared lost: the fund bears it, and the unit waits for nobody.
    fn doubt(&mut self, invoice: u32) {
        self.available += narrow::<u64, i64>(self.pending(invoice));
        self.open.retain(|open| *open != invoice);
    }

    /// Advances so many cents, or as many as the rules allow.
    fn advance(&mut self, mut asked: i64, on: Dx) {
        while asked > 0 {
            let cents = narrow::<i64, u64>(asked);
            let whole = self.open.iter().find(|invoice| self.most(**invoice) >= cents);
            // Of equals the oldest, which comes first.
            let upon = whole.or_else(|| self.open.iter().rev().max_by_key(|invoice| self.most(**invoice)));
            let Some(invoice) = upon.copied() else { return };
            let granted = self.most(invoice).min(cents);
            if granted == 0 {
                return;
            }
            self.granted.push(Advance { invoice, on, amount: narrow(granted) });
            let debt = &mut self.debts[at(invoice)];
            debt.advanced += granted;
            debt.released += granted;
            self.available += narrow::<u64, i64>(granted);
            asked -= narrow::<u64, i64>(granted);
        }
    }

    /// What waited and is decided on a day.
    fn settle(&mut self, on: Dx) -> Vec<(What, u32, Dx)> {
        let mut decided = Vec::new();
        for waiting in std::mem::take(&mut self.waiting) {
            let lacks = waiting.amount - self.available;
            if lacks > 0 && on >= waiting.until {
                let most: u64 = self.open.iter().map(|invoice| self.most(*invoice)).sum();
                if lacks <= narrow(most) {
                    self.advance(lacks, on);
                }
            }
            if waiting.amount <= self.available {
                self.available -= waiting.amount;
                decided.push((waiting.what, waiting.index, on));
            } else {
                self.waiting.push(waiting);
            }
        }
        decided
    }

    /// The most that may be advanced upon an invoice.
    fn most(&self, invoice: u32) -> u64 {
        let debt = &self.debts[at(invoice)];
        if self.money.credit_of(invoice).is_some() && !debt.is_credited {
            return 0;
        }
        let open = self.money.owed(invoice) - debt.settled;
        self.pending(invoice).min(self.open_share(invoice, open).saturating_sub(debt.advanced))
    }

    /// What of an invoice the unit cannot spend yet.
    fn pending(&self, invoice: u32) -> u64 {
        let (_, whole) = self.money.whole(invoice);
        let debt = &self.debts[at(invoice)];
        let left = if debt.is_credited { self.money.kept(invoice) } else { whole };
        left - debt.released
    }

    /// The unit's share of what is open of an invoice.
    fn open_share(&self, invoice: u32, open: u64) -> u64 {
        half_up(self.money.kept(invoice), open, self.money.owed(invoice))
    }
}

impl Plan {
    /// A guarantee line, or an advance.
    pub(crate) fn fund(&self, rank: Rank, index: u32) -> Request {
        let (unit, command) = if rank == Rank::SetLine {
            let line = &self.advances.lines[at(index)];
            let evidence = self.ids.evidence("agreement on a guarantee line", "LINE", index);
            (line.unit, UnitCommand::SetGuaranteeLine { line: balance(line.line.into()), evidence })
        } else {
            let advance = &self.advances.granted[at(index)];
            let (invoice, amount) = (self.invoice_id(advance.invoice), amount(advance.amount.into()));
            let unit = self.money.invoices[at(advance.invoice)].unit;
            (unit, UnitCommand::GrantAdvance { invoice, amount })
        };
        Request::Unit(self.unit_id(unit), command)
    }
}
