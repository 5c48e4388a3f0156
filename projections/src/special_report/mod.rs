//! The figures of the special report that the events so far carry, each with its definition.
//!
//! No rows of its own: a figure is a question to another read model, named beside it, so that it can
//! be asked again and opened to the events that make it up. Ids and definitions are those of the
//! published figures.
//! Left out: sums over the logs of a group.
//! Source: special report on 2025; DOMAIN A1, F1.

mod added;

use std::fmt;

use domain::{Balance, Year};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

pub use added::Added;

use crate::port::{ReadError, Reader, Times};
use crate::units::{self, Contribution, Number, holder_counts, year_totals};

/// Hours that one full-time worker works in a year: 38 hours a week, 52 weeks.
///
/// A reading of the published figure and not a legal constant, so it does not follow the parameters.
/// Source: special report on 2025 (2,274 FTE); DOMAIN A2 1.
pub const FULL_TIME_HOURS_PER_YEAR: i64 = 38 * 52;

/// One figure of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its id among the published figures.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The figure itself.
    pub value: FigureValue,
    /// What it counts: `EUR`, `count`, `persons`, `days`, `hours`, `FTE`, `percent`, `out of 10`.
    pub unit: &'static str,
    /// What is counted, and what is not.
    pub definition: &'static str,
    /// The query that answers it.
    pub query: &'static str,
    /// What that query adds up, to open it to its events.
    #[serde(skip)]
    pub counted: Counted,
}

/// What a figure adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A number of the units.
    Units(Number),
    /// Lines of another read model.
    Lines(Added),
}

/// A figure opened to the events that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The figure.
    pub figure: Figure,
    /// The events, in the order of the log.
    pub contributions: Vec<Contribution>,
    /// What the events add up to: the figure, or what it is computed from.
    pub total: FigureValue,
}

/// The value of a figure, written as text without unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureValue {
    /// A whole number.
    Count(i64),
    /// A sum of money.
    Money(Balance),
    /// Hundredths of an hour; written as a whole number when it is one.
    Hours(i64),
    /// Hundredths, always written with two decimals.
    Hundredths(i64),
    /// Tenths; written as a whole number when it is one.
    Tenths(i64),
}

/// The figures of a year, up to the day asked for and as known at the position asked for.
pub fn figures(reader: &dyn Reader, year: Year, times: Times) -> Result<Vec<Figure>, ReadError> {
    let totals = year_totals(reader, year, times)?;
    let holders = holder_counts(reader, year, times)?;
    let mut figures = vec![
        Figure {
            id: "turnover",
            label: "turnover of the shared enterprise",
            value: FigureValue::Money(totals.turnover),
            unit: "EUR",
            definition: "invoiced without VAT less credit notes, effective in the year",
            query: "units.year_totals.turnover",
            counted: Counted::Units(Number::Turnover),
        },
        Figure {
            id: "invoices_issued",
            label: "invoices issued",
            value: FigureValue::Count(totals.n_invoices),
            unit: "count",
            definition: "invoices issued in the year, credit notes not counted",
            query: "units.year_totals.n_invoices",
            counted: Counted::Units(Number::Invoices),
        },
        Figure {
            id: "active_holders",
            label: "active holders of a production unit",
            value: FigureValue::Count(holders.active),
            unit: "persons",
            definition: "persons holding a unit with at least one invoice, contract, expense or wage effective in the year; persons only employed are not counted",
            query: "units.holder_counts.active",
            counted: Counted::Units(Number::ActiveHolders),
        },
        Figure {
            id: "active_holders_increase",
            label: "increase in active holders over the year before",
            value: FigureValue::Count(holders.active - holders.active_before),
            unit: "persons",
            definition: "net: active holders of the year less those of the year before",
            query: "units.holder_counts.active - units.holder_counts.active_before",
            counted: Counted::Units(Number::ActiveHoldersIncrease),
        },
        Figure {
            id: "new_holders",
            label: "active holders whose first activity falls in the year",
            value: FigureValue::Count(holders.new),
            unit: "persons",
            definition: "first activity ever; returners are not new",
            query: "units.holder_counts.new",
            counted: Counted::Units(Number::NewHolders),
        },
        Figure {
            id: "persons_employed",
            label: "persons employed",
            value: FigureValue::Count(totals.persons_employed),
            unit: "persons",
            definition: "distinct persons with an employment contract in the year: concluded in it, or open-ended with days declared; support staff excluded",
            query: "units.year_totals.persons_employed",
            counted: Counted::Units(Number::PersonsEmployed),
        },
        Figure {
            id: "employment_contracts",
            label: "employment contracts concluded",
            value: FigureValue::Count(totals.n_employments),
            unit: "count",
            definition: "employment.concluded in the year (a contract.declared is the budgeted job)",
            query: "units.year_totals.n_employments",
            counted: Counted::Units(Number::Employments),
        },
        Figure {
            id: "declared_days",
            label: "declared working days",
            value: FigureValue::Count(totals.days),
            unit: "days",
            definition: "net of cancellations and amendments, as declared to social security",
            query: "units.year_totals.days",
            counted: Counted::Units(Number::Days),
        },
        Figure {
            id: "declared_hours",
            label: "declared working hours",
            value: FigureValue::Hours(totals.hours_hundredths),
            unit: "hours",
            definition: "net of cancellations and amendments, as declared to social security",
            query: "units.year_totals.hours_hundredths",
            counted: Counted::Units(Number::Hours),
        },
        Figure {
            id: "full_time_equivalents",
            label: "full-time equivalents",
            value: FigureValue::Count(full_time_equivalents(totals.hours_hundredths)),
            unit: "FTE",
            definition: "declared hours divided by 1,976 (38 hours, 52 weeks), rounded half up",
            query: "units.year_totals.hours_hundredths / 1976",
            counted: Counted::Units(Number::Hours),
        },
        Figure {
            id: "open_ended_contracts",
            label: "members on an open-ended contract",
            value: FigureValue::Count(totals.persons_open_ended),
            unit: "persons",
            definition: "persons who worked in the year under an open-ended contract, whenever concluded",
            query: "units.year_totals.persons_open_ended",
            counted: Counted::Units(Number::PersonsOpenEnded),
        },
    ];
    for Line { id, label, unit, definition, query, added } in LINES {
        let value = added.shown(added.sum(reader, year, times)?);
        let counted = Counted::Lines(*added);
        figures.push(Figure { id, label, value, unit, definition, query, counted });
    }
    Ok(figures)
}

/// A figure that is a sum of lines, but for its value.
struct Line {
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    definition: &'static str,
    query: &'static str,
    added: Added,
}

const LINES: &[Line] = &[
    Line {
        id: "payment_reminders",
        label: "automatic payment reminders sent",
        unit: "count",
        definition: "reminders sent in the year, at most one per invoice and level",
        query: "receivables: lines of kind reminded",
        added: added::REMINDERS,
    },
    Line {
        id: "loans_granted",
        label: "interest-free loans granted",
        unit: "count",
        definition: "granted in the year, disbursed or not",
        query: "loans.years.n_granted",
        added: added::LOANS_GRANTED,
    },
    Line {
        id: "loans_granted_amount",
        label: "interest-free loans granted",
        unit: "EUR",
        definition: "principal of the loans granted in the year",
        query: "loans.years.granted",
        added: added::LOANS_GRANTED.in_money(),
    },
    Line {
        id: "projects_supported",
        label: "projects supported by a loan (disbursed)",
        unit: "count",
        definition: "loans disbursed in the year, whenever granted; one loan is one project",
        query: "loans.years.n_disbursed",
        added: added::PROJECTS,
    },
    Line {
        id: "projects_supported_amount",
        label: "projects supported by a loan (disbursed)",
        unit: "EUR",
        definition: "principal of the loans disbursed in the year",
        query: "loans.years.disbursed",
        added: added::PROJECTS.in_money(),
    },
    Line {
        id: "projects_supported_since_launch",
        label: "projects supported since the service began",
        unit: "count",
        definition: "loans disbursed up to the end of the year, as far back as the log goes",
        query: "loans.years.n_disbursed, all years",
        added: added::PROJECTS.since_launch(),
    },
    Line {
        id: "projects_supported_since_launch_amount",
        label: "projects supported since the service began",
        unit: "EUR",
        definition: "principal of the loans disbursed up to the end of the year",
        query: "loans.years.disbursed, all years",
        added: added::PROJECTS.since_launch().in_money(),
    },
    Line {
        id: "grants_passed_on",
        label: "grants of a foundation passed on to craftspeople",
        unit: "count",
        definition: "grants to pass on whose beneficiary was paid in the year",
        query: "grants.years.n_passed_on",
        added: added::GRANTS,
    },
    Line {
        id: "grants_passed_on_amount",
        label: "grants of a foundation passed on",
        unit: "EUR",
        definition: "what beneficiaries were paid in the year",
        query: "grants.years.passed_on",
        added: added::GRANTS.in_money(),
    },
    Line {
        id: "legal_cases",
        label: "legal requests and files handled",
        unit: "count",
        definition: "legal cases of members handled in the year, of every kind",
        query: "activities.counts: legal_case",
        added: added::LEGAL_CASES,
    },
    Line {
        id: "offices",
        label: "offices",
        unit: "count",
        definition: "offices open on the last day of the year",
        query: "offices.caseload.offices",
        added: added::OFFICES,
    },
    Line {
        id: "advisers",
        label: "advisers accompanying members",
        unit: "persons",
        definition: "persons assigned to at least one office on the last day of the year",
        query: "offices.caseload.advisers",
        added: added::ADVISERS,
    },
    Line {
        id: "info_sessions",
        label: "information sessions held",
        unit: "count",
        definition: "activities of kind info-session held in the year",
        query: "activities.counts: held, info-session",
        added: added::INFO_SESSIONS,
    },
    Line {
        id: "guide_articles",
        label: "articles published in the user guide",
        unit: "count",
        definition: "articles published in the guide for users in the year",
        query: "activities.counts: article, users",
        added: added::GUIDE_ARTICLES,
    },
    Line {
        id: "training_days",
        label: "days of training for staff and members",
        unit: "days",
        definition: "training days held in the year",
        query: "activities.counts.n: training_day",
        added: added::TRAINING_DAYS,
    },
    Line {
        id: "training_participants",
        label: "participants in that training",
        unit: "persons",
        definition: "participants, summed over training days",
        query: "activities.counts.participants: training_day",
        added: added::TRAINING_PARTICIPANTS,
    },
    Line {
        id: "survey_answers",
        label: "members who answered the autumn survey",
        unit: "persons",
        definition: "answers to the surveys closed in the year",
        query: "activities.counts.participants: survey",
        added: added::SURVEY_ANSWERS,
    },
    Line {
        id: "survey_satisfaction",
        label: "mean satisfaction",
        unit: "out of 10",
        definition: "mean mark of the last survey of the year that asks for satisfaction, in tenths, half up",
        query: "activities.surveys.tenths: satisfaction",
        added: added::SATISFACTION,
    },
    Line {
        id: "survey_stay_share",
        label: "see themselves at the cooperative in three years",
        unit: "percent",
        definition: "share of yes in the last survey of the year that asks",
        query: "activities.surveys.tenths: stay",
        added: added::STAYS,
    },
    Line {
        id: "survey_main_activity_share",
        label: "for whom it is the main activity",
        unit: "percent",
        definition: "share of yes in the last survey of the year that asks",
        query: "activities.surveys.tenths: main-activity",
        added: added::MAIN_ACTIVITY,
    },
    Line {
        id: "working_groups_unemployment_reform",
        label: "working groups on the unemployment reform",
        unit: "count",
        definition: "groups of kind working-group on unemployment-reform opened in the year",
        query: "participation.groups",
        added: added::WORKING_GROUPS,
    },
    Line {
        id: "gembloux_jobs",
        label: "jobs created by the Gembloux project by 31 December",
        unit: "count",
        definition: "jobs of the project created and not ended by the end of the year, whenever created",
        query: "activities.stocks.n: job, gembloux",
        added: added::JOBS,
    },
    Line {
        id: "gembloux_fte",
        label: "the same in full-time equivalents",
        unit: "FTE",
        definition: "shares of full time of those jobs",
        query: "activities.stocks.full_time_hundredths: job, gembloux",
        added: added::JOBS_FULL_TIME,
    },
    Line {
        id: "publications",
        label: "publications of the professional association",
        unit: "count",
        definition: "analyses and studies released in the year by the partner association",
        query: "activities.counts: publication, partner",
        added: added::PUBLICATIONS,
    },
    Line {
        id: "events",
        label: "events, workshops, conferences and meetings",
        unit: "count",
        definition: "activities held in the year, the partner association's too; information sessions are counted apart",
        query: "activities.counts: held, all but info-session",
        added: added::EVENTS,
    },
    Line {
        id: "coopinside_cities",
        label: "cities visited before the general meeting",
        unit: "count",
        definition: "distinct places of activities of kind coopinside in the year",
        query: "activities: places of held, coopinside",
        added: added::COOPINSIDE_CITIES,
    },
    Line {
        id: "ethics_topics",
        label: "topics treated by the ethics committee",
        unit: "count",
        definition: "cases opened in the year, concluded or pending",
        query: "participation.years.cases",
        added: added::ETHICS_TOPICS,
    },
    Line {
        id: "ethics_recommendations",
        label: "recommendations of the ethics committee",
        unit: "count",
        definition: "cases concluded in the year with a recommendation",
        query: "participation.years.cases_with",
        added: added::ETHICS_RECOMMENDATIONS,
    },
    Line {
        id: "ethics_meetings",
        label: "meetings of the ethics committee",
        unit: "count",
        definition: "meetings in the year of groups of kind ethics-committee",
        query: "participation: met, ethics-committee",
        added: added::ETHICS_MEETINGS,
    },
];

/// Opens one figure of a year to its events; nothing when no figure has this id.
pub fn explain(
    reader: &dyn Reader,
    id: &str,
    year: Year,
    times: Times,
) -> Result<Option<Explained>, ReadError> {
    let Some(figure) = figures(reader, year, times)?.into_iter().find(|figure| figure.id == id) else {
        return Ok(None);
    };
    let contributions = match figure.counted {
        Counted::Units(number) => units::contributions(reader, number, year, times)?,
        Counted::Lines(added) => added.contributions(reader, year, times)?,
    };
    let total = figure.counted.shown(contributions.iter().map(|contribution| contribution.adds).sum());
    Ok(Some(Explained { figure, contributions, total }))
}

impl Counted {
    /// What is added up, as a figure is written.
    pub fn shown(self, sum: i64) -> FigureValue {
        match self {
            Self::Units(number) => number.shown(sum),
            Self::Lines(added) => added.shown(sum),
        }
    }
}

impl Number {
    fn shown(self, sum: i64) -> FigureValue {
        match self {
            Self::Turnover => FigureValue::Money(Balance::from_cents(sum)),
            Self::Hours => FigureValue::Hours(sum),
            Self::Invoices
            | Self::Employments
            | Self::Days
            | Self::PersonsEmployed
            | Self::PersonsOpenEnded
            | Self::ActiveHolders
            | Self::ActiveHoldersIncrease
            | Self::NewHolders => FigureValue::Count(sum),
        }
    }
}

/// Hours as full-time workers, to the nearest whole one, a half up.
fn full_time_equivalents(hours_hundredths: i64) -> i64 {
    let exact = Decimal::from(hours_hundredths) / Decimal::from(100 * FULL_TIME_HOURS_PER_YEAR);
    let whole = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    whole.to_i64().expect("a quotient of whole numbers fits")
}

impl fmt::Display for FigureValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => f.pad(&count.to_string()),
            Self::Money(balance) => fmt::Display::fmt(&balance, f),
            Self::Hours(hundredths) if hundredths % 100 == 0 => f.pad(&(hundredths / 100).to_string()),
            // Hours are written as money is: two decimals.
            Self::Hours(hundredths) | Self::Hundredths(hundredths) => {
                fmt::Display::fmt(&Balance::from_cents(hundredths), f)
            }
            Self::Tenths(tenths) if tenths % 10 == 0 => f.pad(&(tenths / 10).to_string()),
            Self::Tenths(tenths) => f.pad(&format!("{}.{}", tenths / 10, tenths % 10)),
        }
    }
}

impl Serialize for FigureValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // DOMAIN A2 1: 2,273.766.
    #[test]
    fn full_time_equivalents_are_rounded_half_up() {
        assert_eq!(full_time_equivalents(449_296_200), 2_274);
        assert_eq!(full_time_equivalents(98_800), 1);
        assert_eq!(full_time_equivalents(98_799), 0);
    }

    #[test]
    fn hours_are_written_whole_when_they_are() {
        assert_eq!(FigureValue::Hours(449_296_200).to_string(), "4492962");
        assert_eq!(FigureValue::Hours(750).to_string(), "7.50");
        assert_eq!(FigureValue::Tenths(740).to_string(), "74");
        assert_eq!(FigureValue::Tenths(74).to_string(), "7.4");
        assert_eq!(FigureValue::Hundredths(855).to_string(), "8.55");
    }
}
