//! Money: what units spend, and the invoices that fund it.
//!
//! Budgets of jobs and costs of expenses come first. Each invoice is solved back from the needs it
//! funds: its amount less the contribution covers them, and it is issued on or before the first of
//! them. While its client has not paid, `advances` says how no command finds the unit short. What is left until the year's turnover is shared
//! out as savings. What will be credited funds nothing.
//! The opening balances come from invoices of 2024, one of every holder of that year.
//! Source: DOMAIN F1 (recipe), C1, E23, E28.

use crate::days::{Dx, END, FIRST_OF_2025, LAST_OF_2024, LAST_OF_2025, Span};
use crate::draw::{ALL, Draw, Quantiles, apportion, at, half_up, narrow, scattered};
use crate::lending::Lending;
use crate::people::{NONE, Outcome, People, Role};
use crate::planned::{
    CONTRIBUTION_PER_MILLE, VAT_INTERMEDIATE_PERCENT, VAT_REDUCED_PERCENT, VAT_STANDARD_PERCENT,
};
use crate::quotas::Quotas;
use crate::work::{Form, Work};

/// In which VAT categories an invoice charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mix {
    Standard,
    Reduced,
    Intermediate,
    Zero,
    ReverseCharge,
    /// Six tenths at the standard rate, the rest reduced.
    StandardAndReduced,
}

/// An invoice to a client.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) unit: u32,
    pub(crate) holder: u32,
    pub(crate) client: u32,
    /// Net amount in cents.
    pub(crate) net: u32,
    pub(crate) on: Dx,
    pub(crate) mix: Mix,
    /// Whether prices are stated with VAT.
    pub(crate) inclusive: bool,
    pub(crate) order: u32,
    pub(crate) credit: u32,
}

/// A credit note on an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Credit {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
    /// Net amount in cents; the invoice's own when it is credited wholly.
    pub(crate) net: u32,
}

/// An expense claim.
#[derive(Clone, Debug)]
pub(crate) struct Expense {
    pub(crate) unit: u32,
    pub(crate) holder: u32,
    /// What the unit bears, in cents.
    pub(crate) cost: u32,
    /// Which kind of cost, from 0 to 7.
    pub(crate) kind: u8,
    pub(crate) incurred_on: Dx,
    pub(crate) claimed_on: Dx,
    pub(crate) decided_on: Dx,
    /// Day of payment; 0 when the claim is refused.
    pub(crate) paid_on: Dx,
}

/// An order, invoiced or cancelled.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) unit: u32,
    pub(crate) client: u32,
    pub(crate) net: u32,
    pub(crate) confirmed_on: Dx,
    /// Day of cancelling; 0 when it is invoiced.
    pub(crate) cancelled_on: Dx,
}

/// All money that comes in, and all expenses.
pub(crate) struct Money {
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) expenses: Vec<Expense>,
    pub(crate) orders: Vec<Order>,
    /// Units that were emptied and close, and when.
    pub(crate) closings: Vec<(u32, Dx)>,
    /// The client of each job; none for many.
    pub(crate) job_clients: Vec<u32>,
    pub(crate) n_clients: u32,
    /// Where the invoices of 2025 begin.
    n_before: usize,
}

/// Something that a unit must have available on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    unit: u32,
    on: Dx,
    amount: u32,
    job: u32,
}

/// Net amount of a holder's invoice of 2024, before calibration, in cents.
const OPENING: Quantiles = Quantiles(&[
    (0, 8_000),
    (2_500, 25_000),
    (5_000, 45_000),
    (7_500, 80_000),
    (9_000, 150_000),
    (9_900, 400_000),
    (ALL, 900_000),
]);
/// Turnover of a unit that pays no wages, before calibration, in cents.
const WITHOUT_WAGES: Quantiles = Quantiles(&[
    (0, 5_000),
    (2_500, 60_000),
    (5_000, 180_000),
    (7_500, 450_000),
    (9_000, 1_100_000),
    (9_900, 5_000_000),
    (ALL, 9_000_000),
]);
/// Expenses in thousandths of job budgets, before calibration.
const EXPENSE_SHARE: Quantiles =
    Quantiles(&[(0, 0), (3_500, 0), (5_000, 60), (7_500, 220), (9_500, 550), (ALL, 1_000)]);
/// Cost of a claim that is refused, in cents.
const REFUSED_COST: Quantiles = Quantiles(&[(0, 500), (5_000, 6_000), (9_000, 30_000), (ALL, 200_000)]);
/// How eager a unit is to save, as a weight.
const SAVING: Quantiles = Quantiles(&[(0, 1), (3_000, 1), (6_000, 3), (9_000, 8), (ALL, 25)]);
/// Net of an invoice that funds nothing, before savings, in cents.
const SMALL_CENTS: u64 = 1_500;
/// In ten-thousandths of invoices: credited wholly, and in part.
const CREDITED: u32 = 31;
const CREDITED_IN_PART: u32 = 18;

impl Money {
    /// Plans all money around the work and what was lent.
    pub(crate) fn plan(
        seed: u64,
        quotas: &Quotas,
        people: &People,
        (work, lending): (&Work, &Lending),
        span: &Span,
    ) -> Self {
        let draw = &mut Draw::new(seed, "money");
        let mut money = Self {
            invoices: Vec::new(),
            credits: Vec::new(),
            expenses: Vec::new(),
            orders: Vec::new(),
            closings: Vec::new(),
            job_clients: vec![NONE; work.jobs.len()],
            n_clients: narrow(quotas.some_of(60_000)),
            n_before: 0,
        };
        let opening = money.open(draw, quotas, people, span);
        money.claim(draw, quotas, people, (work, lending), span);
        let needs = money.needs(work, lending);
        // What a loan pays for needs no invoice.
        money.spend_loans(draw, lending, span);
        money.invoice(draw, quotas, people, &needs, &opening);
        money.raise_to_turnover(draw, quotas);
        money.order(draw, quotas, people);
        money
    }

    /// One invoice of every holder of 2024; gives what each unit has when 2025 begins, in cents.
    fn open(&mut self, draw: &mut Draw, quotas: &Quotas, people: &People, span: &Span) -> Vec<u64> {
        let holders: Vec<u32> = people.of(Role::Continuing).chain(people.of(Role::Stopped)).collect();
        let raw: Vec<u64> = holders.iter().map(|_| u64::from(draw.quantile(&OPENING))).collect();
        let net_total = quotas.opening_cents * 1_000 / (1_000 - CONTRIBUTION_PER_MILLE);
        let mut balances = vec![0; people.units.len()];
        for (holder, net) in holders.into_iter().zip(apportion(net_total, &raw)) {
            let unit = people.person(holder).unit;
            let net = net.max(2_000);
            let since = people.unit(unit).opens_on.max(people.person(holder).granted_on);
            let client = draw.below(self.n_clients);
            let on = draw_on(draw, since, 340);
            let invoice = Invoice::new(draw, (unit, holder, client), net, on);
            balances[at(unit)] += unit_share(net);
            self.invoices.push(invoice);
        }
        self.n_before = self.invoices.len();
        for left in people.resignations.iter().filter(|going| going.outcome == Outcome::Left) {
            // Who leaves for good has spent the budget to the last cent and closes the unit.
            let unit = people.person(left.person).unit;
            let claimed_on = draw.day(342, 350);
            let decided_on = claimed_on + draw.day(0, 4);
            self.expenses.push(Expense {
                unit,
                holder: left.person,
                cost: narrow(std::mem::take(&mut balances[at(unit)])),
                kind: 6,
                incurred_on: claimed_on - draw.day(0, 3),
                claimed_on,
                decided_on,
                paid_on: span.bank_day_until(decided_on + draw.day(2, 8)).clamp(decided_on, LAST_OF_2024),
            });
            self.closings.push((unit, draw.day(FIRST_OF_2025 + 5, FIRST_OF_2025 + 80)));
        }
        balances
    }

    /// Expense claims of 2025, calibrated to what expenses cost in the year.
    fn claim(
        &mut self,
        draw: &mut Draw,
        quotas: &Quotas,
        people: &People,
        (work, lending): (&Work, &Lending),
        span: &Span,
    ) {
        let mut budgets = vec![0_u64; people.units.len()];
        for job in work.jobs.iter().filter(|job| job.form != Form::Cancelled) {
            budgets[at(job.unit)] += u64::from(job.budget);
        }
        let mut raw = |(unit, budget): (u32, &u64)| {
            let active = is_active(people, unit);
            if *budget > 0 {
                budget * u64::from(draw.quantile(&EXPENSE_SHARE)) / 1_000
            } else if active {
                u64::from(draw.quantile(&WITHOUT_WAGES)) * u64::from(draw.between(45, 88)) / 100
            } else {
                0
            }
        };
        let raw: Vec<u64> = (0..).zip(&budgets).map(&mut raw).collect();
        let lent = lending.internal().filter(|loan| loan.disbursed_on > LAST_OF_2024);
        let (n_lent, lent) = lent.fold((0, 0), |(n, sum), loan| (n + 1, sum + u64::from(loan.principal)));
        let costs = apportion(quotas.expenses_cents.saturating_sub(lent), &raw);
        let n_refused = quotas.expense_claims * 15 / 1_000;
        let n_spending = costs.iter().filter(|cost| **cost > 0).count() as u64;
        let weights: Vec<u64> = costs.iter().map(|cost| cost.isqrt()).collect();
        let n_more = (quotas.expense_claims - n_refused).saturating_sub(n_spending + n_lent);
        let more = apportion(n_more, &weights);
        let mut spending = Vec::new();
        for (unit, (cost, more)) in (0_u32..).zip(costs.into_iter().zip(more)) {
            if cost == 0 {
                continue;
            }
            spending.push(unit);
            let parts: Vec<u64> = (0..=more).map(|_| u64::from(draw.between(20, 200))).collect();
            for part in apportion(cost, &parts) {
                let expense = Expense::draw(draw, people, span, unit, part.max(100));
                self.expenses.push(expense);
            }
        }
        for _ in 0..n_refused {
            let unit = spending[at(draw.below(narrow(spending.len())))];
            let cost = u64::from(draw.quantile(&REFUSED_COST));
            let refused = Expense { paid_on: 0, ..Expense::draw(draw, people, span, unit, cost) };
            self.expenses.push(refused);
        }
    }

    /// Each internal loan buys what it is for: materials or services, on the days after.
    fn spend_loans(&mut self, draw: &mut Draw, lending: &Lending, span: &Span) {
        for loan in lending.internal() {
            let claimed_on = loan.disbursed_on + draw.day(0, 3);
            let decided_on = claimed_on + draw.day(0, 4);
            let last = if decided_on <= LAST_OF_2024 { LAST_OF_2024 } else { END };
            let paid_on = span.bank_day_until(decided_on + draw.day(2, 10)).clamp(decided_on, last);
            self.expenses.push(Expense {
                unit: loan.unit,
                holder: loan.borrower,
                cost: loan.principal,
                kind: narrow(6 + draw.below(2)),
                incurred_on: loan.disbursed_on,
                claimed_on,
                decided_on,
                paid_on,
            });
        }
    }

    /// Everything that needs budget in 2025, by unit and day.
    ///
    /// What cancellations and amendments set free is not counted upon.
    fn needs(&self, work: &Work, lending: &Lending) -> Vec<Need> {
        let mut needs = Vec::with_capacity(work.jobs.len() + self.expenses.len());
        for (index, job) in (0_u32..).zip(&work.jobs) {
            let amendment = work.amendment_of(index);
            let amount = amendment.map_or(job.budget, |amendment| amendment.budget);
            needs.push(Need { unit: job.unit, on: job.declared_on, amount, job: index });
            if let Some(amendment) = amendment.filter(|amendment| amendment.budget < job.budget) {
                let amount = job.budget - amendment.budget;
                needs.push(Need { unit: job.unit, on: amendment.on, amount, job: NONE });
            }
        }
        let approved = self.expenses.iter().filter(|expense| expense.paid_on > LAST_OF_2024);
        needs.extend(approved.map(|expense| Need {
            unit: expense.unit,
            on: expense.decided_on,
            amount: expense.cost,
            job: NONE,
        }));
        needs.extend(lending.needs().map(|(unit, on, amount)| Need { unit, on, amount, job: NONE }));
        needs.sort_unstable();
        needs
    }

    /// The invoices of 2025, each just enough for what it funds.
    fn invoice(
        &mut self,
        draw: &mut Draw,
        quotas: &Quotas,
        people: &People,
        needs: &[Need],
        opening: &[u64],
    ) {
        let units: Vec<u32> =
            (0..narrow(people.units.len())).filter(|unit| is_active(people, *unit)).collect();
        let of_unit = |unit: u32| {
            let from = needs.partition_point(|need| need.unit < unit);
            let to = needs.partition_point(|need| need.unit <= unit);
            &needs[from..to]
        };
        let n_holders = |unit: u32| if people.unit(unit).second == NONE { 1 } else { 2 };
        let weights: Vec<u64> = units
            .iter()
            .map(|unit| match of_unit(*unit).len() as u64 {
                0 => u64::from(draw.below(12)),
                n => n * 10 + u64::from(draw.below(12)),
            })
            .collect();
        let least: u64 = units.iter().map(|unit| n_holders(*unit)).sum();
        let more = apportion(quotas.invoices_issued - least, &weights);
        for (unit, more) in units.iter().zip(more) {
            let n_invoices = narrow::<u64, u32>(n_holders(*unit) + more);
            let spare =
                if draw.chance(3_500) { opening[at(*unit)] * u64::from(draw.below(80)) / 100 } else { 0 };
            self.invoice_unit(draw, people, *unit, n_invoices, of_unit(*unit), spare);
        }
    }

    /// The invoices of one unit; `spare` is what it takes from its opening balance.
    fn invoice_unit(
        &mut self,
        draw: &mut Draw,
        people: &People,
        unit: u32,
        n_invoices: u32,
        needs: &[Need],
        mut spare: u64,
    ) {
        let held = people.unit(unit);
        let holders = [held.first, if held.second == NONE { held.first } else { held.second }];
        let from = people.acts_from(unit, held.first).max(held.second_joins_on);
        let clients: Vec<u32> =
            (0..1 + n_invoices.min(160) / 4).map(|_| draw.below(self.n_clients)).collect();
        // Each holder keeps an invoice that stands.
        let credited: Vec<bool> = (0..n_invoices).map(|nth| nth >= 2 && draw.chance(CREDITED)).collect();
        let n_funding = credited.iter().filter(|credited| !**credited).count();
        let mut groups = groups(draw, needs, n_funding).into_iter();
        for (nth, credited) in (0..).zip(credited) {
            let client = clients[at(draw.below(narrow(clients.len())))];
            let who = (unit, holders[nth % 2], client);
            if credited {
                let on = draw_on(draw, from, LAST_OF_2025 - 20);
                let net = u64::from(draw.quantile(&OPENING));
                let invoice = Invoice::new(draw, who, net, on);
                self.credit(draw, invoice, net);
                continue;
            }
            let Some(group) = groups.next() else {
                let on = draw_on(draw, from, LAST_OF_2025 - 1);
                let invoice = Invoice::new(draw, who, SMALL_CENTS, on);
                self.invoices.push(invoice);
                continue;
            };
            let funded: u64 = group.iter().map(|need| u64::from(need.amount)).sum();
            let spared = spare.min(funded);
            spare -= spared;
            let net = ((funded - spared) * 1_000).div_ceil(1_000 - CONTRIBUTION_PER_MILLE).max(SMALL_CENTS);
            let on = draw.day(from.max(group[0].on.saturating_sub(12)), group[0].on);
            for need in group.iter().filter(|need| need.job != NONE) {
                if draw.chance(7_000) {
                    self.job_clients[at(need.job)] = client;
                }
            }
            let one_rate = Invoice::new(draw, who, net, on);
            if draw.chance(CREDITED_IN_PART)
                && on < LAST_OF_2025 - 20
                && one_rate.mix != Mix::StandardAndReduced
            {
                let back = net * u64::from(draw.between(5, 40)) / 100 + 100;
                // Two cents more, since the contribution is rounded once more when a part goes back.
                self.credit(draw, Invoice { net: narrow(net + back + 2), ..one_rate }, back);
            } else {
                self.invoices.push(one_rate);
            }
        }
        assert!(groups.next().is_none(), "every need is funded");
    }

    fn credit(&mut self, draw: &mut Draw, invoice: Invoice, back: u64) {
        // Before anybody would be reminded of what is not owed.
        let on = draw_on(draw, invoice.on + 2, (invoice.on + 30).min(LAST_OF_2025));
        self.credits.push(Credit { invoice: narrow(self.invoices.len()), on, net: narrow(back) });
        self.invoices.push(Invoice { credit: narrow(self.credits.len() - 1), ..invoice });
    }

    /// Shares out, as savings, what the invoices lack until the turnover of the year.
    fn raise_to_turnover(&mut self, draw: &mut Draw, quotas: &Quotas) {
        let credited: u64 = self.credits.iter().map(|credit| u64::from(credit.net)).sum();
        let invoices = &mut self.invoices[self.n_before..];
        let invoiced: u64 = invoices.iter().map(|invoice| u64::from(invoice.net)).sum();
        let missing = (quotas.turnover_cents + credited).saturating_sub(invoiced);
        let (mut unit, mut eager) = (NONE, 0);
        let mut weight = |invoice: &Invoice| {
            if invoice.unit != unit {
                (unit, eager) = (invoice.unit, u64::from(draw.quantile(&SAVING)));
            }
            let size = u64::from(invoice.net) / 100 + 20;
            let random = u64::from(draw.between(50, 150));
            if invoice.credit == NONE { eager * size * random } else { 0 }
        };
        let weights: Vec<u64> = invoices.iter().map(&mut weight).collect();
        let mut cents = missing % 100;
        for (invoice, more) in invoices.iter_mut().zip(apportion(missing / 100, &weights)) {
            let more = more * 100 + if invoice.credit == NONE { std::mem::take(&mut cents) } else { 0 };
            invoice.net += narrow::<u64, u32>(more);
        }
    }

    /// A few dozen orders, invoiced or cancelled.
    fn order(&mut self, draw: &mut Draw, quotas: &Quotas, people: &People) {
        let n_after = self.invoices.len() - self.n_before;
        let n = narrow::<u64, usize>(quotas.some_of(60));
        for (count, nth) in scattered(n_after, draw.below(narrow(n_after))).take(n).enumerate() {
            let order = narrow(self.orders.len());
            let invoice = &mut self.invoices[self.n_before + nth];
            let from = people.acts_from(invoice.unit, invoice.holder);
            let confirmed_on = draw_on(draw, from.max(invoice.on - 20), invoice.on);
            invoice.order = order;
            let (unit, client, net) = (invoice.unit, invoice.client, invoice.net);
            self.orders.push(Order { unit, client, net, confirmed_on, cancelled_on: 0 });
            if count % 3 == 0 {
                let cancelled_on = draw_on(draw, confirmed_on, LAST_OF_2025);
                self.orders.push(Order { unit, client, net: net + 5_000, confirmed_on, cancelled_on });
            }
        }
    }

    /// The first day of 2025 on which each person issues an invoice or declares a job.
    pub(crate) fn first_use(&self, people: &People, work: &Work) -> Vec<Dx> {
        let mut first = vec![LAST_OF_2025; people.persons.len()];
        let invoices = self.invoices[self.n_before..].iter().map(|invoice| (invoice.holder, invoice.on));
        let jobs = work.jobs.iter().map(|job| (job.holder, job.declared_on));
        for (holder, on) in invoices.chain(jobs) {
            first[at(holder)] = first[at(holder)].min(on);
        }
        first
    }
}

impl Invoice {
    fn new(draw: &mut Draw, (unit, holder, client): (u32, u32, u32), net: u64, on: Dx) -> Self {
        let mix = match draw.below(100) {
            0..66 => Mix::Standard,
            66..82 => Mix::Reduced,
            82..84 => Mix::Intermediate,
            84..88 => Mix::Zero,
            88..94 => Mix::ReverseCharge,
            _ => Mix::StandardAndReduced,
        };
        let taxed = !matches!(mix, Mix::Zero | Mix::ReverseCharge);
        let inclusive = taxed && draw.chance(1_500);
        Self { unit, holder, client, net: narrow(net), on, mix, inclusive, order: NONE, credit: NONE }
    }

    /// Net amounts in cents, by rate in hundredths.
    pub(crate) fn bases(&self) -> [(u64, u64); 2] {
        let net = u64::from(self.net);
        match self.mix {
            Mix::Standard => [(VAT_STANDARD_PERCENT, net), (0, 0)],
            Mix::Reduced => [(VAT_REDUCED_PERCENT, net), (0, 0)],
            Mix::Intermediate => [(VAT_INTERMEDIATE_PERCENT, net), (0, 0)],
            Mix::Zero | Mix::ReverseCharge => [(0, net), (0, 0)],
            Mix::StandardAndReduced => {
                let standard = net * 6 / 10;
                [(VAT_STANDARD_PERCENT, standard), (VAT_REDUCED_PERCENT, net - standard)]
            }
        }
    }

    /// VAT in cents.
    pub(crate) fn vat(&self) -> u64 {
        self.bases().iter().map(|(percent, base)| half_up(*base, *percent, 100)).sum()
    }
}

impl Money {
    /// Index of the first invoice of 2025.
    pub(crate) fn of_2025(&self) -> u32 {
        narrow(self.n_before)
    }

    /// The credit note on an invoice, if there is one.
    pub(crate) fn credit_of(&self, invoice: u32) -> Option<&Credit> {
        let credit = self.invoices[at(invoice)].credit;
        (credit != NONE).then(|| &self.credits[at(credit)])
    }

    /// Whether a credit note leaves nothing to pay.
    pub(crate) fn is_credited_wholly(&self, invoice: u32) -> bool {
        self.credit_of(invoice).is_some_and(|credit| credit.net == self.invoices[at(invoice)].net)
    }

    /// VAT that a credit note gives back, in cents.
    pub(crate) fn vat_back(&self, index: u32) -> u64 {
        let invoice = &self.invoices[at(index)];
        match self.credit_of(index) {
            None => 0,
            Some(_) if self.is_credited_wholly(index) => invoice.vat(),
            Some(credit) => {
                // Credited in part, in the one category of the invoice.
                let ([(percent, base), _], net) = (invoice.bases(), u64::from(credit.net));
                half_up(half_up(base, percent, 100), net, base)
            }
        }
    }

    /// What an invoice charges and what of it is the unit's, whatever is credited, in cents.
    pub(crate) fn whole(&self, invoice: u32) -> (u64, u64) {
        let invoice = &self.invoices[at(invoice)];
        let net = u64::from(invoice.net);
        (net + invoice.vat(), unit_share(net))
    }

    /// The unit's share of an invoice, less what is credited of it, in cents.
    pub(crate) fn kept(&self, invoice: u32) -> u64 {
        let net = u64::from(self.invoices[at(invoice)].net);
        let (contribution, of_unit) = (net - unit_share(net), unit_share(net));
        let Some(credit) = self.credit_of(invoice) else { return of_unit };
        let back = u64::from(credit.net);
        let least = contribution.saturating_sub(net - back);
        let contribution_back = half_up(contribution, back, net).min(contribution).max(least);
        of_unit - (back - contribution_back)
    }

    /// What the client owes, less what is credited, in cents.
    pub(crate) fn owed(&self, invoice: u32) -> u64 {
        let back = self.credit_of(invoice).map_or(0, |credit| u64::from(credit.net) + self.vat_back(invoice));
        let invoice = &self.invoices[at(invoice)];
        u64::from(invoice.net) + invoice.vat() - back
    }
}

impl Expense {
    /// A claim of 2025; early in January also for costs of December.
    fn draw(draw: &mut Draw, people: &People, span: &Span, unit: u32, cost: u64) -> Self {
        /// 15 January 2025.
        const DEADLINE: Dx = FIRST_OF_2025 + 14;
        let held = people.unit(unit);
        let holder = if held.second != NONE && draw.chance(5_000) { held.second } else { held.first };
        let from = people.acts_from(unit, holder);
        let claimed_on = draw_on(draw, from, LAST_OF_2025 - 2);
        let earliest = if claimed_on <= DEADLINE { held.opens_on } else { held.opens_on.max(FIRST_OF_2025) };
        let decided_on = (claimed_on + draw.day(0, 7)).min(LAST_OF_2025);
        Self {
            unit,
            holder,
            cost: narrow(cost),
            kind: narrow(draw.below(8)),
            incurred_on: draw.day(earliest.max(claimed_on - 25), claimed_on),
            claimed_on,
            decided_on,
            paid_on: span.bank_day_until(decided_on + draw.day(2, 10)).max(decided_on),
        }
    }
}

impl Expense {
    /// Moves the day of deciding; it is paid as many days after it as before.
    pub(crate) fn decide(&mut self, on: Dx, span: &Span) {
        if on == self.decided_on {
            return;
        }
        let last = if on <= LAST_OF_2024 { LAST_OF_2024 } else { END };
        let paid_on = span.bank_day_until((on + self.paid_on - self.decided_on).min(last));
        (self.decided_on, self.paid_on) = (on, paid_on.max(on));
    }
}

/// Whether a unit is used in 2025.
fn is_active(people: &People, unit: u32) -> bool {
    matches!(people.person(people.unit(unit).first).role, Role::Continuing | Role::New)
}

/// A day in the range; its first when the range is empty.
fn draw_on(draw: &mut Draw, from: Dx, to: Dx) -> Dx {
    draw.day(from, to.max(from))
}

/// What an invoice leaves to its unit.
fn unit_share(net: u64) -> u64 {
    net - half_up(net, CONTRIBUTION_PER_MILLE, 1_000)
}

/// Cuts needs, in their order, into at most `n` groups, none of them empty.
fn groups<'a>(draw: &mut Draw, needs: &'a [Need], n: usize) -> Vec<&'a [Need]> {
    let mut groups = Vec::new();
    let mut rest = needs;
    for left in (1..=n).rev() {
        if rest.is_empty() {
            break;
        }
        // A mean group, more or less; the last takes what is left.
        let mean = narrow::<usize, u32>(rest.len() / left);
        let size =
            if left == 1 { rest.len() } else { at(draw.between(1, (mean * 2).saturating_sub(1).max(1))) };
        let (group, later) = rest.split_at(size.min(rest.len()));
        groups.push(group);
        rest = later;
    }
    groups
}
