//! Quotas: the whole numbers that the year must come to, fixed before anything is drawn.
//!
//! At full scale each is the figure that the cooperative published, or for the two figures that it
//! published as "more than", the target that one draw of the whole year gave. At a smaller scale
//! each is that number times the scale, rounded half up, and those that are sums or differences of
//! others are computed from the scaled ones, so that they stay consistent. Of what there is little,
//! there is at least one at every scale, and sums of money follow the count.
//! Source: figures-2025.json; DOMAIN A1, A2, F1.

use std::fmt;
use std::str::FromStr;

/// Which part of the cooperative is generated, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scale(u32);

/// Why a text is no scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a scale from 0.001 to 1 with at most three decimals, such as 1 or 0.01, found {found:?}")]
pub struct ScaleError {
    found: String,
}

/// What a figure of the year must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// This number.
    Exactly(u64),
    /// Above the first number, and below the second when there is one.
    MoreThan(u64, Option<u64>),
}

/// The whole numbers that the year comes to at one scale.
///
/// Fields with the name of a figure of `figures-2025.json` are that figure; the others complete them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quotas {
    /// Turnover invoiced ex VAT less credit notes in the year, in cents: the target, hit to the cent.
    pub turnover_cents: u64,
    /// Turnover lies above this many euro.
    pub turnover_more_than: u64,
    /// Turnover lies below this many euro.
    pub turnover_below: u64,
    /// Invoices issued in the year.
    pub invoices_issued: u64,
    /// Invoices issued in the year are more than this.
    pub invoices_more_than: u64,
    /// Persons who hold a unit with activity in the year.
    pub active_holders: u64,
    /// Active holders more than in the year before.
    pub active_holders_increase: u64,
    /// Active holders whose first activity falls in the year.
    pub new_holders: u64,
    /// Persons with an employment contract in the year.
    pub persons_employed: u64,
    /// Fixed-term employment contracts concluded in the year.
    pub employment_contracts: u64,
    /// Working days declared, net of amendments.
    pub declared_days: u64,
    /// Working hours declared, net of amendments.
    pub declared_hours: u64,
    /// Hours in years of full-time work, rounded half up.
    pub full_time_equivalents: u64,
    /// Persons who worked under an open-ended contract.
    pub open_ended_contracts: u64,
    /// Persons who are both active holders and employed.
    pub holders_employed: u64,
    /// Expense claims in the year.
    pub expense_claims: u64,
    /// What expenses cost the units in the year, in cents.
    pub expenses_cents: u64,
    /// Balances of all units when the year begins, in cents.
    pub opening_cents: u64,
    /// Gross wages of the year, in cents, before rounding by job.
    pub gross_cents: u64,
    /// Automatic reminders sent in the year, of all levels.
    pub payment_reminders: u64,
    /// Loans granted in the year.
    pub loans_granted: u64,
    /// Principal of these, in euro.
    pub loans_granted_amount: u64,
    /// Loans granted in the year before and disbursed in the year.
    pub loans_carried: u64,
    /// Principal of these, in euro.
    pub loans_carried_amount: u64,
    /// Loans disbursed before the year, since the service began.
    pub loans_before: u64,
    /// Principal of these, in euro.
    pub loans_before_amount: u64,
    /// Grants of a foundation passed on in the year.
    pub grants_passed_on: u64,
    /// What was passed on, in euro.
    pub grants_passed_on_amount: u64,
    per_mille: u64,
}

/// Mean gross wage per hour, in cents. Source: DOMAIN F1.
const GROSS_HOURLY_MEAN_CENTS: u64 = 1_897;
/// Hours of one full-time year. Source: DOMAIN A2, 38 h × 52 weeks.
const FULL_TIME_HOURS: u64 = 1_976;

impl Scale {
    /// The whole cooperative.
    pub const FULL: Self = Self(1000);

    /// So many thousandths of the cooperative; `None` outside 1 to 1000.
    pub fn from_per_mille(per_mille: u32) -> Option<Self> {
        (1..=1000).contains(&per_mille).then_some(Self(per_mille))
    }

    /// Thousandths of the cooperative.
    pub const fn per_mille(self) -> u32 {
        self.0
    }

    /// A number at this scale, rounded half up.
    pub(crate) fn of(self, whole: u64) -> u64 {
        (whole * u64::from(self.0) + 500) / 1000
    }

    /// A number at this scale, and at least one.
    pub(crate) fn some_of(self, whole: u64) -> u64 {
        self.of(whole).max(1)
    }
}

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let parse = || {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
            let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if !is_number(whole) || !is_number(decimals) || decimals.len() > 3 || whole.len() > 4 {
                return None;
            }
            let thousandths: u32 = format!("{decimals:0<3}").parse().ok()?;
            Self::from_per_mille(whole.parse::<u32>().ok()? * 1000 + thousandths)
        };
        parse().ok_or_else(|| ScaleError { found: text.to_owned() })
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Quotas {
    /// The quotas at a scale.
    pub fn at(scale: Scale) -> Self {
        let active_holders = scale.of(21_585);
        let new_holders = scale.of(5_352);
        let persons_employed = scale.of(21_509);
        let declared_hours = scale.of(4_492_962);
        let loans_granted = scale.some_of(67);
        let loans_carried = scale.of(3);
        let loans_before = scale.of(183);
        let grants_passed_on = scale.some_of(15);
        Self {
            turnover_cents: scale.of(19_840_000_000),
            turnover_more_than: scale.of(198_000_000),
            turnover_below: scale.of(199_000_000),
            invoices_issued: scale.of(203_397),
            invoices_more_than: scale.of(200_000),
            active_holders,
            active_holders_increase: scale.of(974),
            new_holders,
            persons_employed,
            employment_contracts: scale.of(222_421),
            declared_days: scale.of(641_109),
            declared_hours,
            full_time_equivalents: (declared_hours * 2 + FULL_TIME_HOURS) / (FULL_TIME_HOURS * 2),
            open_ended_contracts: scale.of(30),
            holders_employed: scale.of(19_109).min(active_holders).min(persons_employed),
            expense_claims: scale.of(45_000),
            expenses_cents: scale.of(3_470_000_000),
            opening_cents: scale.of(1_330_000_000),
            gross_cents: declared_hours * GROSS_HOURLY_MEAN_CENTS,
            payment_reminders: scale.of(36_393),
            // Loans and grants are few: at every scale each is as large as in the whole cooperative.
            loans_granted,
            loans_granted_amount: loans_granted * 219_949 / 67,
            loans_carried,
            loans_carried_amount: loans_carried * 16_561 / 3,
            loans_before,
            loans_before_amount: loans_before * 764_553 / 183,
            grants_passed_on,
            grants_passed_on_amount: grants_passed_on * 78_910 / 15,
            per_mille: u64::from(scale.per_mille()),
        }
    }

    /// The target of each published figure that the reference year yields, by its id in `figures-2025.json`.
    pub fn figures(&self) -> impl Iterator<Item = (&'static str, Target)> {
        [
            ("turnover", Target::MoreThan(self.turnover_more_than, Some(self.turnover_below))),
            ("invoices_issued", Target::MoreThan(self.invoices_more_than, None)),
            ("active_holders", Target::Exactly(self.active_holders)),
            ("active_holders_increase", Target::Exactly(self.active_holders_increase)),
            ("new_holders", Target::Exactly(self.new_holders)),
            ("persons_employed", Target::Exactly(self.persons_employed)),
            ("employment_contracts", Target::Exactly(self.employment_contracts)),
            ("declared_days", Target::Exactly(self.declared_days)),
            ("declared_hours", Target::Exactly(self.declared_hours)),
            ("full_time_equivalents", Target::Exactly(self.full_time_equivalents)),
            ("open_ended_contracts", Target::Exactly(self.open_ended_contracts)),
            ("payment_reminders", Target::Exactly(self.payment_reminders)),
            ("loans_granted", Target::Exactly(self.loans_granted)),
            ("loans_granted_amount", Target::Exactly(self.loans_granted_amount)),
            ("projects_supported", Target::Exactly(self.projects_supported())),
            ("projects_supported_amount", Target::Exactly(self.projects_supported_amount())),
            (
                "projects_supported_since_launch",
                Target::Exactly(self.projects_supported() + self.loans_before),
            ),
            (
                "projects_supported_since_launch_amount",
                Target::Exactly(self.projects_supported_amount() + self.loans_before_amount),
            ),
            ("grants_passed_on", Target::Exactly(self.grants_passed_on)),
            ("grants_passed_on_amount", Target::Exactly(self.grants_passed_on_amount)),
        ]
        .into_iter()
    }

    /// The target of one figure by its id in `figures-2025.json`.
    pub fn target(&self, figure: &str) -> Option<Target> {
        self.figures().find(|(id, _)| *id == figure).map(|(_, target)| target)
    }

    /// Holders active in the year before.
    pub fn holders_before(&self) -> u64 {
        self.active_holders - self.active_holders_increase
    }

    /// Holders active in both years.
    pub fn holders_continuing(&self) -> u64 {
        self.active_holders - self.new_holders
    }

    /// Holders active in the year before and not in this one.
    pub fn holders_stopped(&self) -> u64 {
        self.holders_before().saturating_sub(self.holders_continuing())
    }

    /// Active holders who are paid no wage in the year.
    pub fn holders_without_pay(&self) -> u64 {
        self.active_holders - self.holders_employed
    }

    /// Persons employed who hold no unit.
    pub fn employed_without_unit(&self) -> u64 {
        self.persons_employed - self.holders_employed
    }

    /// How many of the reminders are a first, a second and a third one.
    ///
    /// Source: DOMAIN F1 (24,500 + 8,300 + 3,593); only their sum was published.
    pub(crate) fn reminders_by_level(&self) -> [u64; 3] {
        let part = |whole: u64| self.payment_reminders * whole / 36_393;
        let (second, third) = (part(8_300), part(3_593));
        [self.payment_reminders - second - third, second, third]
    }

    /// Loans disbursed in the year; each is one project.
    pub fn projects_supported(&self) -> u64 {
        self.loans_granted + self.loans_carried
    }

    /// Principal of the loans disbursed in the year, in euro.
    pub fn projects_supported_amount(&self) -> u64 {
        self.loans_granted_amount + self.loans_carried_amount
    }

    /// A further number of the whole cooperative at this scale, and at least one.
    pub(crate) fn some_of(&self, whole: u64) -> u64 {
        Scale(u32::try_from(self.per_mille).expect("at most 1000")).some_of(whole)
    }
}

impl Target {
    /// Whether a computed whole number meets the target; amounts in whole euro rounded down.
    pub fn is_met_by(self, computed: u64) -> bool {
        match self {
            Self::Exactly(value) => computed == value,
            Self::MoreThan(least, below) => computed >= least && below.is_none_or(|below| computed < below),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_written_as_a_share_of_the_cooperative() {
        for (text, per_mille) in [("1", 1000), ("1.0", 1000), ("0.5", 500), ("0.01", 10), ("0.001", 1)] {
            assert_eq!(text.parse::<Scale>().unwrap().per_mille(), per_mille, "{text}");
        }
        for (per_mille, text) in [(1000, "1"), (500, "0.5"), (10, "0.01"), (1, "0.001"), (125, "0.125")] {
            assert_eq!(Scale(per_mille).to_string(), text);
        }
        for bad in ["", "0", "1.001", "2", "-1", ".5", "1.", "1e-2", "0.0001", "0,5", "full"] {
            let refused = bad.parse::<Scale>().unwrap_err().to_string();
            assert!(refused.starts_with("expected a scale from 0.001 to 1"), "{bad:?}: {refused}");
        }
    }

    #[test]
    fn at_full_scale_the_quotas_are_the_published_figures() {
        let quotas = Quotas::at(Scale::FULL);
        assert_eq!(quotas.holders_before(), 20_611);
        assert_eq!((quotas.holders_continuing(), quotas.holders_stopped()), (16_233, 4_378));
        assert_eq!((quotas.holders_without_pay(), quotas.employed_without_unit()), (2_476, 2_400));
        assert_eq!(quotas.full_time_equivalents, 2_274);
    }

    #[test]
    fn at_every_scale_the_quotas_are_consistent() {
        for per_mille in 1..=1000 {
            let quotas = Quotas::at(Scale(per_mille));
            let stopped_and_new = quotas.holders_before() + quotas.new_holders;
            assert_eq!(stopped_and_new, quotas.active_holders + quotas.holders_stopped(), "{per_mille}");
            assert!(quotas.employment_contracts >= quotas.persons_employed, "{per_mille}");
            assert!(quotas.declared_days > quotas.employment_contracts, "{per_mille}");
        }
    }
}
