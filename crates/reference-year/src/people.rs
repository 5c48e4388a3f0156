//! Who: persons, their memberships and shares, and the units they hold.
//!
//! Four populations that overlap only as the quotas say: holders who go on from 2024, holders who
//! stopped, holders who begin in 2025, and workers who hold no unit. A few applicants are refused.
//! Persons stand in the order of these populations; everything else about them is drawn.
//! Source: DOMAIN A2 4–5, C1 (share duty), F1.

use crate::days::{Dx, FIRST_OF_2025, HALF_OF_2025, LAST_OF_2024, LAST_OF_2025};
use crate::draw::{ALL, Draw, Quantiles, at, narrow};
use crate::quotas::Quotas;

/// No unit, no second holder, no index.
pub(crate) const NONE: u32 = u32::MAX;

/// To which population a person belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Holds a unit, active in 2024 and 2025.
    Continuing,
    /// Held an active unit in 2024 only.
    Stopped,
    /// Holds a unit, active for the first time in 2025.
    New,
    /// Works in units of others.
    EmployedOnly,
    /// Asked to become a member, and was refused.
    Applicant,
}

/// One synthetic person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) role: Role,
    /// Works under the rules for artists.
    pub(crate) artist: bool,
    /// Asks for more withholding tax than the minimum.
    pub(crate) more_tax: bool,
    /// Works under an open-ended contract.
    pub(crate) open_ended: bool,
    /// What the person earns above the minimum, in cents an hour, before calibration.
    pub(crate) premium: u16,
    /// Fixed-term employment contracts in 2025.
    pub(crate) n_contracts: u16,
    /// The unit held.
    pub(crate) unit: u32,
    /// Asks for admission; for others, known since.
    pub(crate) requested_on: Dx,
    /// Is admitted, or refused.
    pub(crate) granted_on: Dx,
}

/// One production unit.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) first: u32,
    pub(crate) second: u32,
    pub(crate) opens_on: Dx,
    pub(crate) second_joins_on: Dx,
    /// Hires workers who hold no unit, and holders of other units; a weight.
    pub(crate) hires: u16,
}

/// Shares subscribed at once, and paid from own means.
#[derive(Clone, Debug)]
pub(crate) struct Purchase {
    pub(crate) person: u32,
    pub(crate) shares: u32,
    pub(crate) subscribed_on: Dx,
    pub(crate) paid_on: Dx,
}

/// How a resignation goes.
#[derive(Clone, Debug)]
pub(crate) struct Resignation {
    pub(crate) person: u32,
    pub(crate) requested_on: Dx,
    pub(crate) answered_on: Dx,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Filed in the first half-year; shares are cancelled and refunded on 30 June.
    Left,
    /// Filed later; takes effect in 2026.
    LeavesNextYear,
    /// Refused.
    Refused,
}

/// A holder who joins a second unit for a while.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) unit: u32,
    pub(crate) person: u32,
    pub(crate) joins_on: Dx,
    /// Leaves again; 0 when the visit goes on.
    pub(crate) leaves_on: Dx,
}

/// A share that goes from one member to another, on a day.
pub(crate) struct Transfer {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) on: Dx,
}

/// Everybody, and what happens to memberships.
pub(crate) struct People {
    pub(crate) persons: Vec<Person>,
    pub(crate) units: Vec<Unit>,
    pub(crate) purchases: Vec<Purchase>,
    pub(crate) resignations: Vec<Resignation>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) transfers: Vec<Transfer>,
    /// Members who move to the category of partners, and when.
    pub(crate) to_partner: Vec<(u32, Dx)>,
    n_continuing: u32,
}

/// Fixed-term contracts of one person in the year. Source: DOMAIN F1, median 6, p90 24, max 90.
const CONTRACTS: Quantiles = Quantiles(&[
    (0, 1),
    (1_300, 1),
    (2_200, 2),
    (3_200, 3),
    (4_200, 5),
    (4_800, 6),
    (5_300, 6),
    (6_000, 8),
    (7_000, 11),
    (8_000, 16),
    (8_900, 24),
    (9_040, 24),
    (9_500, 38),
    (9_900, 68),
    (9_990, 90),
    (ALL, 90),
]);
/// Cents an hour above the minimum wage, before calibration.
const PREMIUM: Quantiles = Quantiles(&[
    (0, 5),
    (1_000, 60),
    (2_500, 150),
    (5_000, 350),
    (7_500, 800),
    (9_000, 1_500),
    (9_700, 3_000),
    (ALL, 6_500),
]);
/// Shares with which a member of 2024 begins, and a new member.
const SHARES_2024: Quantiles =
    Quantiles(&[(0, 1), (5_500, 1), (5_501, 2), (8_000, 3), (9_500, 6), (9_950, 15), (ALL, 40)]);
const SHARES_2025: Quantiles = Quantiles(&[(0, 1), (7_000, 1), (7_001, 2), (9_500, 4), (ALL, 12)]);

/// In ten-thousandths of continuing holders: who hold a unit together with another.
const SECOND_HOLDERS: u32 = 120;
/// In ten-thousandths of continuing holders: whose units hire others.
const HIRING_UNITS: u32 = 620;
/// In ten-thousandths. Source: "artists about a third of workers".
const ARTISTS: u32 = 3_300;

impl People {
    /// Draws who there is; days of new holders are settled later, when their work is known.
    pub(crate) fn draw(seed: u64, quotas: &Quotas) -> Self {
        let draw = &mut Draw::new(seed, "people");
        let count = |n: u64| narrow::<u64, u32>(n);
        let (n_continuing, n_stopped) = (count(quotas.holders_continuing()), count(quotas.holders_stopped()));
        let roles = [
            (Role::Continuing, n_continuing),
            (Role::Stopped, n_stopped),
            (Role::New, count(quotas.new_holders)),
            (Role::EmployedOnly, count(quotas.employed_without_unit())),
            (Role::Applicant, count(quotas.some_of(30))),
        ];
        let roles = roles.iter().flat_map(|(role, n)| (0..*n).map(|_| *role));
        let persons = roles.map(|role| Person::draw(draw, role)).collect();
        let mut people = Self {
            persons,
            units: Vec::new(),
            purchases: Vec::new(),
            resignations: Vec::new(),
            visits: Vec::new(),
            transfers: Vec::new(),
            to_partner: Vec::new(),
            n_continuing,
        };
        people.open_units(draw);
        people.share_out_contracts(draw, quotas);
        people.visit_units(draw, quotas);
        people.leave(draw, quotas);
        people
    }

    /// Indexes of the persons of a role.
    pub(crate) fn of(&self, role: Role) -> impl Iterator<Item = u32> {
        let all = (0_u32..).zip(&self.persons);
        all.filter(move |(_, person)| person.role == role).map(|(index, _)| index)
    }

    pub(crate) fn person(&self, index: u32) -> &Person {
        &self.persons[at(index)]
    }

    pub(crate) fn unit(&self, index: u32) -> &Unit {
        &self.units[at(index)]
    }

    /// Every holder has a unit, some a unit together.
    fn open_units(&mut self, draw: &mut Draw) {
        let n_seconds = self.n_continuing * SECOND_HOLDERS / ALL;
        for index in 0..narrow::<usize, u32>(self.persons.len()) {
            let person = &mut self.persons[at(index)];
            if !matches!(person.role, Role::Continuing | Role::Stopped | Role::New) {
                continue;
            }
            let is_second = person.role == Role::Continuing && index >= self.n_continuing - n_seconds;
            if is_second {
                let unit = index - (self.n_continuing - n_seconds);
                person.unit = unit;
                let unit = &mut self.units[at(unit)];
                unit.second = index;
                unit.second_joins_on = unit.opens_on.max(person.granted_on);
                continue;
            }
            person.unit = narrow(self.units.len());
            let opens_on = person.granted_on + draw.day(0, 3);
            self.units.push(Unit { first: index, second: NONE, opens_on, second_joins_on: 0, hires: 0 });
        }
        let n_hiring = (self.n_continuing * HIRING_UNITS / ALL).max(1);
        for _ in 0..n_hiring {
            let unit = self.person(draw.below(self.n_continuing)).unit;
            self.units[at(unit)].hires = narrow(2 + draw.below(6));
        }
    }

    /// Who is paid, who works open-ended, and how many contracts the others have.
    fn share_out_contracts(&mut self, draw: &mut Draw, quotas: &Quotas) {
        let mut holders: Vec<u32> = self.of(Role::Continuing).chain(self.of(Role::New)).collect();
        draw.shuffle(&mut holders);
        let mut workers = holders.split_off(narrow(quotas.holders_without_pay()));
        workers.extend(self.of(Role::EmployedOnly));
        let mut open_ended = quotas.open_ended_contracts;
        for worker in &workers {
            let alone = |unit: &Unit| unit.second == NONE && unit.hires == 0;
            let person = self.person(*worker);
            if open_ended > 0 && person.role == Role::Continuing && alone(self.unit(person.unit)) {
                self.persons[at(*worker)].open_ended = true;
                open_ended -= 1;
            }
        }
        workers.retain(|worker| !self.person(*worker).open_ended);
        draw.shuffle(&mut workers);
        let contracts = contracts_by_rank(workers.len(), quotas.employment_contracts);
        for (worker, n) in workers.iter().zip(contracts) {
            self.persons[at(*worker)].n_contracts = n;
        }
    }

    fn visit_units(&mut self, draw: &mut Draw, quotas: &Quotas) {
        for _ in 0..quotas.some_of(40) {
            let person = draw.below(self.n_continuing);
            let host = draw.below(self.n_continuing);
            let unit = self.person(host).unit;
            let known = self.visits.iter().any(|visit| visit.person == person || visit.unit == unit);
            if known || unit == self.person(person).unit || self.unit(unit).second != NONE {
                continue;
            }
            let joins_on = draw.day(FIRST_OF_2025 + 10, LAST_OF_2025 - 60);
            let leaves_on = if draw.chance(6_000) { draw.day(joins_on + 10, LAST_OF_2025) } else { 0 };
            self.visits.push(Visit { unit, person, joins_on, leaves_on });
        }
    }

    /// Among those who stopped: some resign, some stay as partners, some hand on a share.
    fn leave(&mut self, draw: &mut Draw, quotas: &Quotas) {
        let mut stopped = self.of(Role::Stopped);
        let mut resigning: Vec<u32> = stopped.by_ref().take(narrow(quotas.some_of(200))).collect();
        let partners: Vec<u32> = stopped.by_ref().take(narrow(quotas.some_of(50))).collect();
        let givers: Vec<u32> = stopped.take(narrow(quotas.some_of(40))).collect();
        draw.shuffle(&mut resigning);
        for person in resigning {
            let outcome = match draw.below(10) {
                0 => Outcome::Refused,
                1 => Outcome::LeavesNextYear,
                _ => Outcome::Left,
            };
            let requested_on = match outcome {
                Outcome::Left | Outcome::Refused => draw.day(FIRST_OF_2025 + 90, HALF_OF_2025 - 20),
                Outcome::LeavesNextYear => draw.day(HALF_OF_2025 + 60, LAST_OF_2025 - 30),
            };
            let answered_on = requested_on + draw.day(3, 18);
            self.resignations.push(Resignation { person, requested_on, answered_on, outcome });
        }
        for person in partners {
            self.to_partner.push((person, draw.day(FIRST_OF_2025 + 20, LAST_OF_2025 - 10)));
        }
        for from in givers {
            let to = draw.below(self.n_continuing);
            self.transfers.push(Transfer { from, to, on: draw.day(FIRST_OF_2025 + 20, LAST_OF_2025 - 10) });
        }
    }

    /// Settles when a new holder begins, so that the work still fits in the rest of the year.
    pub(crate) fn begin_new_holders(&mut self, seed: u64, days_of_work: &[u32]) {
        let draw = &mut Draw::new(seed, "beginnings");
        let new = self.persons.iter_mut().zip(days_of_work).filter(|(person, _)| person.role == Role::New);
        for (person, days) in new {
            let room = narrow::<u32, Dx>((days * 2 + 25).min(355));
            let opens_on = draw.day(FIRST_OF_2025 + 3, LAST_OF_2025 - room);
            person.granted_on = opens_on - draw.day(0, 3);
            person.requested_on = (person.granted_on - draw.day(0, 8)).max(FIRST_OF_2025);
            self.units[at(person.unit)].opens_on = opens_on;
        }
    }

    /// Draws the shares: enough for every year of use, before that use; some buy many more.
    ///
    /// `first_use` is the day of the first invoice or job of each person in 2025.
    pub(crate) fn buy_shares(&mut self, seed: u64, first_use: &[Dx]) {
        let draw = &mut Draw::new(seed, "shares");
        let mut purchases = Vec::with_capacity(self.persons.len() * 3 / 2);
        for (index, person) in (0_u32..).zip(&self.persons) {
            let mut buy = |draw: &mut Draw, shares: u32, subscribed_on: Dx, paid_by: Dx| {
                let paid_on = (subscribed_on + draw.day(0, 3)).min(paid_by);
                purchases.push(Purchase { person: index, shares, subscribed_on, paid_on });
            };
            let until = person.granted_on;
            match person.role {
                Role::EmployedOnly | Role::Applicant => {}
                Role::New => {
                    let shares = draw.quantile(&SHARES_2025);
                    buy(draw, shares, until, LAST_OF_2025);
                }
                Role::Continuing | Role::Stopped => {
                    let is_giver = self.transfers.iter().any(|transfer| transfer.from == index);
                    let shares = draw.quantile(&SHARES_2024).max(if is_giver { 2 } else { 1 });
                    buy(draw, shares, until, LAST_OF_2024);
                    if person.role == Role::Continuing && shares < 2 {
                        let by = first_use[at(index)].clamp(FIRST_OF_2025, LAST_OF_2025);
                        let on = draw.day(FIRST_OF_2025.max(by.saturating_sub(20)), by);
                        buy(draw, 1, on, LAST_OF_2025);
                    }
                }
            }
            let active = matches!(person.role, Role::Continuing | Role::New);
            if active && draw.chance(600) {
                let on = draw.day((person.granted_on + 5).clamp(FIRST_OF_2025, LAST_OF_2025), LAST_OF_2025);
                let shares = 1 + draw.below(5) + if draw.chance(500) { draw.below(60) } else { 0 };
                buy(draw, shares, on, LAST_OF_2025);
            }
        }
        self.purchases = purchases;
    }
}

impl Person {
    fn draw(draw: &mut Draw, role: Role) -> Self {
        let requested_on = match role {
            Role::Applicant => draw.day(FIRST_OF_2025 + 5, LAST_OF_2025 - 30),
            // Most were members long before; the log takes them over in the first months.
            _ if draw.chance(7_000) => draw.day(1, 80),
            _ => draw.day(81, 295),
        };
        Self {
            role,
            artist: draw.chance(ARTISTS),
            more_tax: draw.chance(500),
            open_ended: false,
            premium: narrow(draw.quantile(&PREMIUM)),
            n_contracts: 0,
            unit: NONE,
            requested_on,
            granted_on: requested_on + draw.day(0, 7),
        }
    }
}

/// Contracts of each rank, from least to most, summing to the quota.
///
/// The sum is met by moving ranks by one within bounds that keep median and ninth decile.
fn contracts_by_rank(n: usize, quota: u64) -> Vec<u16> {
    let ranks = narrow::<usize, u32>(n);
    let rank = |i: u32| narrow::<u64, u32>((2 * u64::from(i) + 1) * u64::from(ALL) / (2 * u64::from(ranks)));
    let mut contracts: Vec<u16> = (0..ranks).map(|i| narrow(CONTRACTS.at(rank(i)))).collect();
    let mut missing = narrow::<u64, i64>(quota) - contracts.iter().map(|n| i64::from(*n)).sum::<i64>();
    for bounds in
        [[(3_200, 4_700, 1, 6), (5_400, 8_900, 6, 24), (9_100, 9_900, 24, 90)], [(0, ALL, 1, 90); 3]]
    {
        let mut moved = true;
        while missing != 0 && moved {
            moved = false;
            for (i, contracts) in (0..ranks).zip(&mut contracts) {
                let allowed = bounds.iter().find(|(from, to, _, _)| (*from..*to).contains(&rank(i)));
                let Some((_, _, least, most)) = allowed else { continue };
                if missing > 0 && *contracts < *most {
                    *contracts += 1;
                    missing -= 1;
                    moved = true;
                } else if missing < 0 && *contracts > *least {
                    *contracts -= 1;
                    missing += 1;
                    moved = true;
                }
            }
        }
    }
    assert_eq!(missing, 0, "the contracts fit between one and ninety a person");
    contracts
}
