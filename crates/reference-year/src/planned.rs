//! The parameter values that the year was planned against.
//!
//! The rules take every rate from the parameters of the log; the plan must know them beforehand,
//! since it solves invoices from the work they fund. These are planning values, not rules: when the
//! log's parameters differ, the rules decide by theirs, and may refuse what the plan could not pay.
//! [`unplanned`] says so before. One reading the year publishes itself: that budget is spendable when the
//! client pays, which is open for the accountant, and without which no wage would wait for a client.
//! Source: DOMAIN C1.

use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::payroll::{Rates, WorkerKind};
use domain::statutes::{Source, StatutesCommand};
use domain::text::Token;
use domain::{Day, Rate, Year};

use crate::days::{Dx, HALF_OF_2025};

/// A parameter of the log differs from what the year was planned against.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the reference year was planned with {} = {planned} on {on}, but the parameters give {found}; \
     commands may be refused", parameter.name()
)]
pub struct Unplanned {
    /// Which parameter.
    pub parameter: Parameter,
    /// On which day.
    pub on: Day,
    /// What the plan rests on.
    pub planned: &'static str,
    /// What the parameters give.
    pub found: String,
}

/// Contribution, in thousandths.
pub(crate) const CONTRIBUTION_PER_MILLE: u64 = 65;
/// Budget of a job, in hundredths of its gross wage.
pub(crate) const COEFFICIENT_PERCENT: u64 = 169;
/// VAT rates, in hundredths.
pub(crate) const VAT_STANDARD_PERCENT: u64 = 21;
/// As before.
pub(crate) const VAT_INTERMEDIATE_PERCENT: u64 = 12;
/// As before.
pub(crate) const VAT_REDUCED_PERCENT: u64 = 6;

/// Holiday pay that a wage of an employee adds, in ten-thousandths of gross.
pub(crate) const HOLIDAY_PER_MYRIAD: u64 = 1_534;
/// Contributions of an employee, in ten-thousandths.
pub(crate) const NSSO_EMPLOYEE_PER_MYRIAD: u64 = 1_307;

/// Days from issue of an invoice to the day until which it is to be paid.
pub(crate) const INVOICE_TERM_DAYS: Dx = 30;
/// What a business owes for paying late, beside interest, in cents.
pub(crate) const BUSINESS_FLAT_CENTS: u64 = 4_000;

/// Yearly interest that a business owes, of a debt that is late from a day of 2025 on, in thousandths.
pub(crate) fn business_rate_per_mille(late_from: Dx) -> u64 {
    if late_from <= HALF_OF_2025 { 115 } else { 105 }
}

/// Budget of a job divided by its gross wage.
pub(crate) fn coefficient() -> Rate {
    rate("1.69")
}

/// What is withheld from the wages of a kind of worker, and paid on top.
pub(crate) fn wage_rates(kind: WorkerKind) -> Rates {
    let (base, holiday) = match kind {
        WorkerKind::Employee => ("1", "0"),
        WorkerKind::Artist => ("1.08", "0.1584"),
    };
    Rates {
        base: rate(base),
        employee: rate("0.1307"),
        employer: rate("0.25"),
        holiday: rate(holiday),
        withholding: rate("0.1111"),
    }
}

/// From the first day of the log on, budget is spendable when the client pays.
pub(crate) fn spendable_on_payment() -> StatutesCommand {
    StatutesCommand::PublishParameter {
        name: Parameter::BudgetSpendableOn,
        value: Value::Choice(Token::literal("payment")),
        valid_from: Year::new(2024).first_day(),
        valid_to: None,
        source: Source::try_new("reading of the reference year, open for the accountant").expect("a source"),
        verified: false,
    }
}

fn rate(text: &str) -> Rate {
    text.parse().expect("a rate")
}

/// Minimum monthly wage of a month of 2025, counted from 0, in cents.
pub(crate) fn monthly_minimum_cents(month: u8) -> u64 {
    if month == 0 { 207_048 } else { 211_188 }
}

/// Hours of full-time work in a year.
pub(crate) const YEARLY_HOURS: u64 = 1_976;

/// What the plan rests on: parameter, month and day of 2025, value as text.
const PLANNED: [(Parameter, u32, &str); 27] = [
    (Parameter::ShareNominal, 1, "30.00"),
    (Parameter::ResignationLastMonth, 1, "6"),
    (Parameter::ContributionRate, 1, "0.065"),
    (Parameter::WageCoefficient, 1, "1.69"),
    (Parameter::WageMonthlyMinimum, 1, "2070.48"),
    (Parameter::WageMonthlyMinimum, 2, "2111.88"),
    (Parameter::WageYearlyHours, 1, "1976"),
    (Parameter::WageDayHoursMax, 1, "11"),
    (Parameter::WageTermDays, 1, "7"),
    (Parameter::VatStandard, 1, "0.21"),
    (Parameter::VatIntermediate, 1, "0.12"),
    (Parameter::VatReduced, 1, "0.06"),
    (Parameter::NssoEmployerRate, 1, "0.25"),
    (Parameter::NssoEmployeeRate, 1, "0.1307"),
    (Parameter::NssoArtistBase, 1, "1.08"),
    (Parameter::HolidayArtistRate, 1, "0.1584"),
    (Parameter::HolidayEmployeeRate, 1, "0.1534"),
    (Parameter::WithholdingRate, 1, "0.1111"),
    (Parameter::InvoiceTermDays, 1, "30"),
    (Parameter::ReminderFirstDays, 1, "7"),
    (Parameter::ReminderSecondDays, 1, "21"),
    (Parameter::ReminderThirdDays, 1, "35"),
    (Parameter::ReminderTermDays, 1, "14"),
    (Parameter::ReminderSmallCap, 1, "20.00"),
    (Parameter::ReminderBusinessFlat, 1, "40.00"),
    (Parameter::ReminderBusinessRate, 1, "0.115"),
    (Parameter::ReminderBusinessRate, 7, "0.105"),
];

/// The first parameter that differs from what the year was planned against.
pub(crate) fn unplanned(commands: &[StatutesCommand]) -> Result<(), Unplanned> {
    let mut parameters = Parameters::default();
    for command in commands {
        if let StatutesCommand::PublishParameter { name, value, valid_from, valid_to, .. } = command {
            let published = Published { valid_from: *valid_from, valid_to: *valid_to, value: *value };
            parameters.publish(*name, published);
        }
    }
    for (parameter, month, planned) in PLANNED {
        let on = Day::try_new(2025, month, 1).expect("months have a first day");
        let found = parameters.on(parameter, on).map_or("nothing".to_owned(), |value| value.to_string());
        if found != planned {
            return Err(Unplanned { parameter, on, planned, found });
        }
    }
    Ok(())
}
