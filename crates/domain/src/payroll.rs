//! From a job's budget to a net wage: the arithmetic of pay, to the cent.
//!
//! ```text
//! budget ÷ coefficient, rounded down                    = gross
//! gross, or a multiple of it for artists                = base of contributions
//! base × employee rate − work bonus                     = employee's contribution
//! gross − employee's contribution                       = taxable
//! taxable × withholding rate                            = tax
//! taxable − tax                                         = net
//! base × employer rate, and × holiday rate for artists  = employer's contributions
//! gross + employer's contributions                      = cost; budget − cost = margin
//! ```
//!
//! Every product is rounded half up on its own; budget to gross rounds down, since half up would
//! overshoot the budget.
//! Source: DOMAIN C1 and F5 5–8; Act 27-06-1969 art. 38 (contributions).

use serde::{Deserialize, Serialize};

use crate::dates::{Day, Hours};
use crate::money::{Amount, Balance, Rate, Rounding};
use crate::parameters::{NoParameter, Parameter, Parameters};
use rust_decimal::Decimal;

/// Under which rules of social security one works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WorkerKind {
    /// White-collar employee: contributions on gross.
    Employee,
    /// Artist: contributions on 108 % of gross, holiday pay by the holiday fund.
    Artist,
}

/// The rates that hold on the day of a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Multiple of gross on which contributions are due.
    pub base: Rate,
    /// Employee's contribution.
    pub employee: Rate,
    /// Employer's contribution.
    pub employer: Rate,
    /// Holiday contribution of the employer.
    pub holiday: Rate,
    /// Withholding tax.
    pub withholding: Rate,
}

/// A wage, calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Wage {
    /// Gross wage.
    pub gross: Amount,
    /// Base of social security contributions.
    pub base: Amount,
    /// Employee's contribution after work bonus.
    pub employee: Balance,
    /// Gross less the employee's contribution.
    pub taxable: Balance,
    /// Withholding tax.
    pub tax: Balance,
    /// What the worker receives.
    pub net: Amount,
    /// Employer's contribution.
    pub employer: Balance,
    /// Employer's holiday contribution.
    pub holiday: Balance,
    /// What the wage costs: gross and both employer's contributions.
    pub cost: Amount,
}

/// The deductions leave nothing to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("deductions of {deductions} leave nothing of a gross wage of {gross}")]
pub struct NothingLeft {
    /// Gross wage.
    pub gross: Amount,
    /// Contribution and tax together.
    pub deductions: Balance,
}

impl Rates {
    /// The rates for a kind of worker on a day.
    pub fn on(parameters: &Parameters, kind: WorkerKind, day: Day) -> Result<Self, NoParameter> {
        let (base, holiday) = match kind {
            WorkerKind::Employee => (Rate::new(Decimal::ONE), Rate::new(Decimal::ZERO)),
            WorkerKind::Artist => (
                parameters.rate(Parameter::NssoArtistBase, day)?,
                parameters.rate(Parameter::HolidayArtistRate, day)?,
            ),
        };
        Ok(Self {
            base,
            holiday,
            employee: parameters.rate(Parameter::NssoEmployeeRate, day)?,
            employer: parameters.rate(Parameter::NssoEmployerRate, day)?,
            withholding: parameters.rate(Parameter::WithholdingRate, day)?,
        })
    }
}

impl Wage {
    /// Calculates a wage; the work bonus lowers the employee's contribution, down to nothing.
    pub fn calculate(gross: Amount, rates: &Rates, work_bonus: Balance) -> Result<Self, NothingLeft> {
        let base = gross.times(rates.base, Rounding::HalfUp);
        let employee = (base.times(rates.employee, Rounding::HalfUp) - work_bonus).max(Balance::ZERO);
        let taxable = gross.balance() - employee;
        let tax = taxable.times(rates.withholding, Rounding::HalfUp);
        let employer = base.times(rates.employer, Rounding::HalfUp);
        let holiday = base.times(rates.holiday, Rounding::HalfUp);
        let nothing_left = NothingLeft { gross, deductions: employee + tax };
        let above_zero = |balance: Balance| Amount::try_from(balance).map_err(|_| nothing_left);
        Ok(Self {
            gross,
            base: above_zero(base)?,
            employee,
            taxable,
            tax,
            net: above_zero(taxable - tax)?,
            employer,
            holiday,
            cost: above_zero(gross.balance() + employer + holiday)?,
        })
    }
}

/// The gross wage that a job's budget pays for: down to the cent, so that it never costs more.
pub fn gross_of_budget(budget: Amount, coefficient: Rate) -> Balance {
    budget.divided_by(coefficient, Rounding::Floor)
}

/// The least gross wage for so many hours, up to the cent: monthly minimum × 12 ÷ yearly hours.
///
/// Source: CAO 43 (guaranteed minimum monthly income); DOMAIN F5 6.
pub fn minimum_gross(monthly: Amount, yearly_hours: u32, hours: Hours) -> Balance {
    let hourly = Decimal::from(12) / Decimal::from(yearly_hours.max(1));
    let factor = Decimal::from(hours.hundredths()) / Decimal::from(100) * hourly;
    // Twelve decimals hide the division's last digit, which would push an exact cent up by one.
    monthly.times(Rate::new(factor.round_dp(12)), Rounding::Ceiling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn balance(text: &str) -> Balance {
        text.parse().unwrap()
    }

    fn rates(kind: WorkerKind) -> Rates {
        let rate = |text: &str| text.parse().unwrap();
        let (base, holiday) = match kind {
            WorkerKind::Employee => (rate("1"), rate("0")),
            WorkerKind::Artist => (rate("1.08"), rate("0.1584")),
        };
        Rates { base, holiday, employee: rate("0.1307"), employer: rate("0.25"), withholding: rate("0.1111") }
    }

    // DOMAIN C1 (synthetic vectors) and F5 7–8.
    #[rstest]
    #[case::employee_1000(WorkerKind::Employee, "1000.00", ["1000.00", "130.70", "869.30", "96.58", "772.72", "250.00", "0.00", "1250.00"])]
    #[case::artist_1000(WorkerKind::Artist, "1000.00", ["1080.00", "141.16", "858.84", "95.42", "763.42", "270.00", "171.07", "1441.07"])]
    #[case::employee_odd(WorkerKind::Employee, "1234.56", ["1234.56", "161.36", "1073.20", "119.23", "953.97", "308.64", "0.00", "1543.20"])]
    #[case::artist_odd(WorkerKind::Artist, "1234.56", ["1333.32", "174.26", "1060.30", "117.80", "942.50", "333.33", "211.20", "1779.09"])]
    fn a_gross_wage_gives(#[case] kind: WorkerKind, #[case] gross: &str, #[case] expected: [&str; 8]) {
        let wage = Wage::calculate(amount(gross), &rates(kind), Balance::ZERO).unwrap();
        let found = [
            wage.base.balance(),
            wage.employee,
            wage.taxable,
            wage.tax,
            wage.net.balance(),
            wage.employer,
            wage.holiday,
            wage.cost.balance(),
        ];
        assert_eq!(found, expected.map(balance));
    }

    // DOMAIN C1 mock vector as F5 reads it: the contribution of 12.51 holds a work bonus.
    #[test]
    fn the_mock_of_the_platform_is_reproduced() {
        let (billed, expense) = (amount("200.00"), balance("5.00"));
        let fee = billed.times("0.065".parse().unwrap(), Rounding::HalfUp);
        assert_eq!(fee, balance("13.00"));
        let budget = Amount::try_from(billed.balance() - fee - expense).unwrap();
        assert_eq!(budget, amount("182.00"));
        let gross = gross_of_budget(budget, "1.69".parse().unwrap());
        assert_eq!(gross, balance("107.69"));
        assert_eq!(budget.balance() - gross, balance("74.31"));
        let bonus = balance("14.08") - balance("12.51");
        let wage =
            Wage::calculate(Amount::try_from(gross).unwrap(), &rates(WorkerKind::Employee), bonus).unwrap();
        assert_eq!((wage.employee, wage.taxable), (balance("12.51"), balance("95.18")));
    }

    // DOMAIN F5 5: half up would give 59.20, which costs 100.05.
    #[test]
    fn a_budget_never_buys_more_than_it_holds() {
        let coefficient: Rate = "1.69".parse().unwrap();
        let gross = gross_of_budget(amount("100.04"), coefficient);
        assert_eq!(gross, balance("59.19"));
        assert!(gross.times(coefficient, Rounding::HalfUp) <= balance("100.04"));
    }

    // DOMAIN F5 6.
    #[rstest]
    #[case("2111.88", "7.00", "89.78")]
    #[case("2070.48", "7.00", "88.02")]
    #[case("2111.88", "164.67", "2111.93")]
    fn the_minimum_for_hours_is(#[case] monthly: &str, #[case] hours: &str, #[case] least: &str) {
        assert_eq!(minimum_gross(amount(monthly), 1976, hours.parse().unwrap()), balance(least));
    }
}
