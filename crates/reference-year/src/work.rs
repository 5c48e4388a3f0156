//! Work: contracts with their days and hours, open-ended months, what they pay and when.
//!
//! Quotas of days and hours are met exactly before any date is drawn: lengths of contracts are
//! drawn, then moved by single days until they sum; hours likewise by quarters. Each day of work
//! lies on a free date of the worker, at most six a week, and all days of a contract in one month;
//! a week's hours stay at 50 at most.
//! Source: DOMAIN F1, A2 2–3, C1 (minimum pay), E27.

use crate::days::{Dx, FIRST_OF_2025, LAST_OF_2025, MONTHS, Span, days_of, first_of, last_of, week};
use crate::draw::{Draw, at, narrow, scattered};
use crate::people::{NONE, People};
use crate::planned::{COEFFICIENT_PERCENT, YEARLY_HOURS, monthly_minimum_cents};
use crate::quotas::Quotas;

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Under a fixed-term employment.
    FixedTerm,
    /// A month under an open-ended employment.
    Month,
    /// Cancelled before an employment was concluded; `paid_on` is the day of cancelling.
    Cancelled,
}

/// A job, or a month of open-ended work.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) form: Form,
    pub(crate) unit: u32,
    pub(crate) holder: u32,
    pub(crate) worker: u32,
    /// Month of 2025, from 0.
    pub(crate) month: u8,
    /// Its days, as bits from the first of the month.
    pub(crate) days: u32,
    /// Where the quarters of an hour of its days begin.
    pub(crate) hours_at: u32,
    /// Budget in cents.
    pub(crate) budget: u32,
    /// Work bonus in cents.
    pub(crate) bonus: u16,
    /// Whether the end of the work is told before the wage is calculated.
    pub(crate) end_told: bool,
    pub(crate) declared_on: Dx,
    pub(crate) concluded_on: Dx,
    pub(crate) calculated_on: Dx,
    pub(crate) paid_on: Dx,
}

/// How a job was declared before it was amended.
#[derive(Clone, Debug)]
pub(crate) struct Amendment {
    pub(crate) job: u32,
    pub(crate) on: Dx,
    pub(crate) days: u32,
    pub(crate) quarters: Vec<u8>,
    pub(crate) budget: u32,
}

/// All work of the year.
pub(crate) struct Work {
    pub(crate) jobs: Vec<Job>,
    /// Ordered by job.
    pub(crate) amendments: Vec<Amendment>,
    /// Open-ended employments: worker and day of conclusion.
    pub(crate) open_ended: Vec<(u32, Dx)>,
    quarters: Vec<u8>,
}

/// Quarters of an hour.
const DAY_LEAST: u8 = 12;
const DAY_MOST: u8 = 44;
const WEEK_MOST: u8 = 200;
const WEEK_DAYS_MOST: u8 = 6;
/// Days one person works in the year at most under fixed-term contracts.
const PERSON_DAYS_MOST: u32 = 180;
/// Days of one fixed-term contract at most.
const CONTRACT_DAYS_MOST: u8 = 16;

/// Lengths of contracts in days, and their weights for few, more and many contracts a person.
const LENGTHS: [(u8, [u32; 3]); 12] = [
    (1, [36, 44, 62]),
    (2, [20, 20, 20]),
    (3, [13, 11, 9]),
    (4, [9, 8, 5]),
    (5, [9, 7, 3]),
    (6, [4, 3, 1]),
    (7, [3, 2, 0]),
    (8, [3, 2, 0]),
    (10, [3, 2, 0]),
    (12, [2, 1, 0]),
    (14, [1, 1, 0]),
    (16, [1, 0, 0]),
];
/// Length of a day in quarters of an hour, and its weight.
const DAY_LENGTHS: [(u8, u32); 11] =
    [(12, 4), (16, 9), (20, 6), (24, 10), (28, 16), (30, 12), (31, 6), (32, 28), (36, 4), (40, 4), (44, 1)];
/// How much work begins in each month.
const SEASON: [u32; 12] = [70, 75, 86, 86, 96, 98, 70, 58, 96, 106, 98, 82];
/// In ten-thousandths of contracts: amended, and further jobs that are cancelled.
const AMENDED: usize = 50;
const CANCELLED: usize = 50;

impl Work {
    /// Days of each contract, in the order of persons; they sum to what the quota leaves.
    fn lengths(draw: &mut Draw, people: &People, quota: u64) -> Vec<u8> {
        let mut lengths = Vec::new();
        let mut owners = Vec::new();
        let mut of_person = vec![0_u32; people.persons.len()];
        for (index, person) in (0_u32..).zip(&people.persons) {
            let band = match person.n_contracts {
                0..=12 => 0,
                13..=30 => 1,
                _ => 2,
            };
            let weights = LENGTHS.map(|(_, weights)| weights[band]);
            for left in (0..u32::from(person.n_contracts)).rev() {
                let days = LENGTHS[draw.weighted(&weights).expect("weights above zero")].0;
                // Every contract still to come needs a day.
                let room = PERSON_DAYS_MOST - of_person[at(index)] - left;
                let days = days.min(narrow(room.min(255)));
                of_person[at(index)] += u32::from(days);
                lengths.push(days);
                owners.push(index);
            }
        }
        let mut missing =
            narrow::<u64, i64>(quota) - lengths.iter().map(|days| i64::from(*days)).sum::<i64>();
        let start = draw.below(narrow(lengths.len()));
        while missing != 0 {
            let before = missing;
            for contract in scattered(lengths.len(), start) {
                let (days, total) = (&mut lengths[contract], &mut of_person[at(owners[contract])]);
                if missing > 0 && *days < CONTRACT_DAYS_MOST && *total < PERSON_DAYS_MOST {
                    *days += 1;
                    *total += 1;
                    missing -= 1;
                } else if missing < 0 && *days > 1 {
                    *days -= 1;
                    *total -= 1;
                    missing += 1;
                }
            }
            assert_ne!(before, missing, "the days fit into the contracts");
        }
        lengths
    }

    /// Plans all work; settles on the way when new holders begin.
    pub(crate) fn plan(seed: u64, quotas: &Quotas, people: &mut People, span: &Span) -> Self {
        let draw = &mut Draw::new(seed, "work");
        let mut work =
            Self { jobs: Vec::new(), amendments: Vec::new(), open_ended: Vec::new(), quarters: Vec::new() };
        let months = work.plan_open_ended(draw, people, span);
        let open_days = narrow::<usize, u64>(work.quarters.len());
        let open_quarters = sum_of(&work.quarters);

        let lengths = Self::lengths(draw, people, quotas.declared_days - open_days);
        let mut per_person = vec![0_u32; people.persons.len()];
        let mut next = 0;
        for (index, person) in people.persons.iter().enumerate() {
            let of_person = &lengths[next..next + usize::from(person.n_contracts)];
            per_person[index] = of_person.iter().map(|days| u32::from(*days)).sum();
            next += of_person.len();
        }
        people.begin_new_holders(seed, &per_person);
        let mosts = work.place_all(draw, people, span, &lengths);
        work.calibrate_hours(draw, &mosts, quotas.declared_hours * 4 - open_quarters);
        work.jobs.extend(months);
        work.amend_hours(draw);
        work.pay(draw, people, quotas);
        work.date(draw, people, span);
        work.cancel_some(draw, people);
        work
    }

    /// The open-ended employments and their months, whose hours come first.
    fn plan_open_ended(&mut self, draw: &mut Draw, people: &People, span: &Span) -> Vec<Job> {
        let mut months = Vec::new();
        for (worker, person) in (0_u32..).zip(&people.persons).filter(|(_, person)| person.open_ended) {
            let from = people.unit(person.unit).opens_on;
            self.open_ended.push((worker, draw.day(from.max(245), 360)));
            for month in 0..12 {
                let mut days = span.workdays[usize::from(month)];
                // Leave: a day or two most months, two weeks in July or August.
                let leave = if month == 6 || month == 7 { draw.between(2, 9) } else { draw.below(3) };
                for _ in 0..leave {
                    let skip = draw.below(days.count_ones());
                    days &= !take(days, skip, 1);
                }
                let hours_at = narrow(self.quarters.len());
                // 38 hours a week: 7.50 and 7.75 in turn.
                self.quarters.extend(days_of(month, days).map(|on| if on % 7 < 3 { 30 } else { 31 }));
                months.push(Job::new(Form::Month, person.unit, worker, worker, (month, days, hours_at)));
            }
        }
        months
    }

    /// Finds free dates for every contract of every worker; gives the most quarters of each day.
    fn place_all(&mut self, draw: &mut Draw, people: &People, span: &Span, lengths: &[u8]) -> Vec<u8> {
        let hiring = Hiring::of(people);
        let mut to_amend = vec![false; lengths.len()];
        let n_amended = (lengths.len() * AMENDED).div_ceil(10_000);
        for contract in scattered(lengths.len(), draw.below(narrow(lengths.len()))).take(n_amended) {
            to_amend[contract] = true;
        }
        let day_weights = DAY_LENGTHS.map(|(_, weight)| weight);
        let mut mosts = vec![0; self.quarters.len()];
        let mut next = 0;
        for (worker, person) in (0_u32..).zip(&people.persons) {
            let own = (person.unit != NONE).then_some(person.unit);
            let works_outside = own.is_none() || (person.n_contracts > 2 && draw.chance(2_000));
            let employer = if works_outside { hiring.pick(draw) } else { NONE };
            let from = own.map_or(FIRST_OF_2025, |unit| people.acts_from(unit, worker));
            let mut room = Room::from(span, from);
            let contracts = next..next + usize::from(person.n_contracts);
            next = contracts.end;
            let mut longest_first: Vec<usize> = contracts.collect();
            longest_first.sort_by_key(|contract| (u8::MAX - lengths[*contract], *contract));
            for contract in longest_first {
                let (month, days) = room.place(draw, span, u32::from(lengths[contract]));
                let unit = match own {
                    None if draw.chance(1_500) => hiring.pick(draw),
                    Some(_) if works_outside && draw.chance(5_000) => employer,
                    Some(own) => own,
                    None => employer,
                };
                let host = people.unit(unit);
                let holder = if host.second == worker { worker } else { host.first };
                if to_amend[contract] {
                    let job = narrow(self.jobs.len());
                    self.amendments.push(room.amend(draw, span, job, (month, days)));
                }
                let hours_at = narrow(self.quarters.len());
                self.quarters.resize(self.quarters.len() + usize::from(lengths[contract]), 0);
                self.jobs.push(Job::new(Form::FixedTerm, unit, holder, worker, (month, days, hours_at)));
            }
            // Hours come when all days of the worker are known, since weeks bound them.
            mosts.resize(self.quarters.len(), 0);
            for job in self.jobs.iter().rev().take(usize::from(person.n_contracts)) {
                for (place, on) in (at(job.hours_at)..).zip(days_of(job.month, job.days)) {
                    mosts[place] = room.day_most(on);
                    let drawn = draw.weighted(&day_weights).expect("weights above zero");
                    self.quarters[place] = DAY_LENGTHS[drawn].0.min(mosts[place]);
                }
            }
        }
        mosts
    }

    /// Moves days by a quarter of an hour until the year's hours are exactly the quota's.
    fn calibrate_hours(&mut self, draw: &mut Draw, mosts: &[u8], quota: u64) {
        let fixed_term = mosts.iter().position(|most| *most > 0).unwrap_or(mosts.len());
        let (quarters, mosts) = (&mut self.quarters[fixed_term..], &mosts[fixed_term..]);
        let mut missing = narrow::<u64, i64>(quota) - narrow::<u64, i64>(sum_of(quarters));
        let start = draw.below(narrow(quarters.len()));
        while missing != 0 {
            let before = missing;
            for day in scattered(quarters.len(), start) {
                if missing > 0 && quarters[day] < mosts[day] {
                    quarters[day] += 1;
                    missing -= 1;
                } else if missing < 0 && quarters[day] > DAY_LEAST {
                    quarters[day] -= 1;
                    missing += 1;
                }
            }
            assert_ne!(before, missing, "the hours fit into the days");
        }
    }

    /// What an amended job was declared with, before.
    fn amend_hours(&mut self, draw: &mut Draw) {
        for amendment in &mut self.amendments {
            let job = &self.jobs[at(amendment.job)];
            let now = &self.quarters[at(job.hours_at)..];
            let of_day = |on: Dx| days_of(job.month, job.days).position(|day| day == on).map(|nth| now[nth]);
            let before = days_of(job.month, amendment.days).map(|on| of_day(on).unwrap_or(28));
            amendment.quarters = before.collect();
            if amendment.days == job.days {
                let first = &mut amendment.quarters[0];
                *first =
                    if *first >= 16 && draw.chance(6_000) { *first - 4 } else { (*first + 4).min(DAY_MOST) };
                if *first == now[0] {
                    *first -= 4;
                }
            }
        }
    }

    /// Gross wages with the year's mean, never below the minimum, and the budgets that buy them.
    fn pay(&mut self, draw: &mut Draw, people: &People, quotas: &Quotas) {
        let mut premiums = Vec::with_capacity(self.jobs.len());
        let (mut least_total, mut premium_total) = (0_u64, 0_u128);
        for job in &self.jobs {
            let quarters = sum_of(self.quarters_of(job));
            let premium = u64::from(people.person(job.worker).premium) * u64::from(draw.between(80, 120));
            least_total += minimum_cents(job.month, quarters);
            premium_total += u128::from(premium * quarters);
            premiums.push(premium);
        }
        let spread = u128::from(quotas.gross_cents.saturating_sub(least_total));
        let gross = |month: u8, quarters: u64, premium: u64| {
            let more = u128::from(premium * quarters) * spread / premium_total.max(1);
            minimum_cents(month, quarters) + narrow::<u128, u64>(more)
        };
        let budget = |gross: u64| narrow::<u64, u32>((gross * COEFFICIENT_PERCENT).div_ceil(100));
        let of_job = |(job, premium): (&Job, &u64)| gross(job.month, sum_of(self.quarters_of(job)), *premium);
        let wages: Vec<u64> = self.jobs.iter().zip(&premiums).map(of_job).collect();
        for (job, gross) in self.jobs.iter_mut().zip(wages) {
            let person = people.person(job.worker);
            let has_bonus = !person.artist && person.premium < 120;
            job.budget = budget(gross);
            job.bonus = if has_bonus { narrow((gross / 50).min(40_000)) } else { 0 };
        }
        for amendment in &mut self.amendments {
            let month = self.jobs[at(amendment.job)].month;
            amendment.budget = budget(gross(month, sum_of(&amendment.quarters), premiums[at(amendment.job)]));
        }
    }

    /// When jobs are declared, concluded, calculated and paid.
    fn date(&mut self, draw: &mut Draw, people: &People, span: &Span) {
        let mut amendments = self.amendments.iter_mut().peekable();
        for (index, job) in (0_u32..).zip(&mut self.jobs) {
            let (mut first, last) = (first_of(job.month, job.days), last_of(job.month, job.days));
            if let Some(amendment) = amendments.next_if(|amendment| amendment.job == index) {
                first = first.min(first_of(job.month, amendment.days));
                amendment.on = last.min(last_of(job.month, amendment.days));
            }
            if job.form == Form::Month {
                (job.declared_on, job.concluded_on) = (last, last);
            } else {
                let from = people.acts_from(job.unit, job.holder);
                job.declared_on = draw.day(from.max(first.saturating_sub(12)), first);
                job.concluded_on = draw.day(job.declared_on, first);
            }
            let term = match draw.below(10) {
                0 => 4,
                1..=3 => 5,
                4..=6 => 6,
                _ => 7,
            };
            job.paid_on = span.bank_day_until(span.wage_day_after(last, term)).max(last + 1);
            job.calculated_on = (last + draw.day(0, 2)).min(job.paid_on).min(LAST_OF_2025);
            job.end_told = job.form == Form::FixedTerm && draw.chance(200);
        }
    }

    /// Some jobs are first declared by mistake, cancelled, and declared anew.
    fn cancel_some(&mut self, draw: &mut Draw, people: &People) {
        let n_fixed_term = self.jobs.iter().take_while(|job| job.form == Form::FixedTerm).count();
        let n_cancelled = (n_fixed_term * CANCELLED).div_ceil(10_000);
        for anew in scattered(n_fixed_term, draw.below(narrow(n_fixed_term))).take(n_cancelled) {
            let anew = &self.jobs[anew];
            let from = people.acts_from(anew.unit, anew.holder);
            let declared_on = draw.day(from.max(anew.declared_on - 5), anew.declared_on);
            let cancelled_on = draw.day(declared_on, anew.declared_on);
            let form = Form::Cancelled;
            self.jobs.push(Job { form, declared_on, paid_on: cancelled_on, end_told: false, ..anew.clone() });
        }
    }

    pub(crate) fn job(&self, index: u32) -> &Job {
        &self.jobs[at(index)]
    }

    /// Quarters of an hour of a job's days, in order.
    pub(crate) fn quarters_of(&self, job: &Job) -> &[u8] {
        &self.quarters[at(job.hours_at)..][..usize::try_from(job.days.count_ones()).expect("at most 31")]
    }

    /// How a job was declared before it was amended, if it was.
    pub(crate) fn amendment_of(&self, job: u32) -> Option<&Amendment> {
        let found = self.amendments.binary_search_by_key(&job, |amendment| amendment.job);
        found.ok().map(|index| &self.amendments[index])
    }
}

impl Job {
    fn new(form: Form, unit: u32, holder: u32, worker: u32, (month, days, hours_at): (u8, u32, u32)) -> Self {
        Self {
            form,
            unit,
            holder,
            worker,
            month,
            days,
            hours_at,
            budget: 0,
            bonus: 0,
            end_told: false,
            declared_on: 0,
            concluded_on: 0,
            calculated_on: 0,
            paid_on: 0,
        }
    }
}

impl People {
    /// The first day of 2025 on which a holder can act for a unit.
    pub(crate) fn acts_from(&self, unit: u32, holder: u32) -> Dx {
        let unit = self.unit(unit);
        let since = if unit.second == holder { unit.second_joins_on } else { 0 };
        unit.opens_on.max(since).max(FIRST_OF_2025)
    }
}

/// Units that hire, with their weights.
struct Hiring {
    units: Vec<u32>,
    weights: Vec<u32>,
}

impl Hiring {
    fn of(people: &People) -> Self {
        let hiring = || (0_u32..).zip(&people.units).filter(|(_, unit)| unit.hires > 0);
        Self {
            units: hiring().map(|(index, _)| index).collect(),
            weights: hiring().map(|(_, unit)| u32::from(unit.hires)).collect(),
        }
    }

    fn pick(&self, draw: &mut Draw) -> u32 {
        self.units[draw.weighted(&self.weights).expect("at least one unit hires")]
    }
}

/// A worker's free dates of 2025, and how many days of each week are taken.
struct Room {
    free: [u32; 12],
    taken: [u8; 107],
}

impl Room {
    /// Everything but legal holidays is free, from a day on.
    fn from(span: &Span, from: Dx) -> Self {
        let mut free = span.all_days;
        for (month, free) in free.iter_mut().enumerate() {
            for on in (MONTHS[month]..MONTHS[month + 1]).take_while(|on| *on < from) {
                *free &= !(1 << (on - MONTHS[month]));
            }
        }
        Self { free, taken: [0; 107] }
    }

    /// Takes `n` free days in one month, mostly one after the other.
    fn place(&mut self, draw: &mut Draw, span: &Span, n: u32) -> (u8, u32) {
        let days = match draw.below(100) {
            0..82 => &span.workdays,
            82..94 => &span.workdays_and_saturdays,
            _ => &span.all_days,
        };
        let mut weights = SEASON;
        for (month, weight) in weights.iter_mut().enumerate() {
            if (self.free[month] & days[month]).count_ones() < n {
                *weight = 0;
            }
        }
        for _ in 0..12 {
            let Some(month) = draw.weighted(&weights) else { break };
            let candidates = self.free[month] & days[month];
            let skip = draw.below(candidates.count_ones() - n + 1);
            let taken = take(candidates, skip, n);
            if self.try_take(narrow(month), taken) {
                return (narrow(month), taken);
            }
        }
        // The year is nearly full: any month, any days, as long as weeks have one day of rest.
        let start = draw.below(12);
        for month in (start..start + 12).map(|month| narrow::<u32, u8>(month % 12)) {
            let mut taken = 0_u32;
            let mut weeks = self.taken;
            for on in days_of(month, self.free[usize::from(month)]) {
                let bit = 1 << (on - MONTHS[usize::from(month)]);
                if taken.count_ones() < n && weeks[week(on)] < WEEK_DAYS_MOST {
                    weeks[week(on)] += 1;
                    taken |= bit;
                }
            }
            if taken.count_ones() == n {
                self.take(month, taken);
                return (month, taken);
            }
        }
        unreachable!("a worker has at most {PERSON_DAYS_MOST} days, and new holders begin in time for theirs")
    }

    fn try_take(&mut self, month: u8, days: u32) -> bool {
        let mut weeks = self.taken;
        for on in days_of(month, days) {
            weeks[week(on)] += 1;
        }
        let fits = weeks.iter().all(|taken| *taken <= WEEK_DAYS_MOST);
        if fits {
            self.take(month, days);
        }
        fits
    }

    fn take(&mut self, month: u8, days: u32) {
        self.free[usize::from(month)] &= !days;
        for on in days_of(month, days) {
            self.taken[week(on)] += 1;
        }
    }

    /// How a job of these days was first declared: other hours, a day less, or a day more.
    fn amend(&mut self, draw: &mut Draw, span: &Span, job: u32, (month, days): (u8, u32)) -> Amendment {
        let free = self.free[usize::from(month)] & span.workdays[usize::from(month)];
        let before = match draw.below(3) {
            0 if days.count_ones() > 1 => days & !(1 << (31 - days.leading_zeros())),
            1 if free != 0 => {
                let more = take(free, draw.below(free.count_ones()), 1);
                self.take(month, more);
                days | more
            }
            _ => days,
        };
        Amendment { job, on: 0, days: before, quarters: Vec::new(), budget: 0 }
    }

    /// The most quarters of one day, so that its week stays within bounds.
    fn day_most(&self, on: Dx) -> u8 {
        (WEEK_MOST / self.taken[week(on)].max(1)).min(DAY_MOST)
    }
}

/// The `n` lowest bits after the `skip` lowest.
fn take(mut bits: u32, skip: u32, n: u32) -> u32 {
    for _ in 0..skip {
        bits &= bits - 1;
    }
    let all = bits;
    for _ in 0..n {
        bits &= bits - 1;
    }
    all & !bits
}

fn sum_of(quarters: &[u8]) -> u64 {
    quarters.iter().map(|quarters| u64::from(*quarters)).sum()
}

/// The least gross wage for quarters of an hour in a month, and a cent, so that no way of rounding
/// the hourly rate can find more.
fn minimum_cents(month: u8, quarters: u64) -> u64 {
    (monthly_minimum_cents(month) * 3 * quarters).div_ceil(YEARLY_HOURS) + 1
}
