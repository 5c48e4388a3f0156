//! Figures that are sums of lines of other read models, and the events behind them.
//!
//! A line counts in the year of its effective date; one that is taken back is a line below zero, in the
//! year in which that takes effect. The sum and the events come from the same lines, so they agree.

use domain::{Balance, Year};

use super::FigureValue;
use crate::port::{ReadError, Reader, Times, Value, day};
use crate::row::Row;
use crate::units::{Contribution, last_day};

/// Which lines of a read model are added up, and what of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// What a line counts as.
    kind: &'static str,
    table: &'static str,
    /// Which lines, as a condition.
    which: &'static str,
    unit: &'static str,
    person: &'static str,
    /// What a line adds to a count, and to a sum of money in cents.
    n: &'static str,
    cents: &'static str,
    shown: Shown,
    since_launch: bool,
}

/// How a sum is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Count,
    Money,
    Hundredths,
    Tenths,
}

pub(super) const REMINDERS: Added = Added {
    kind: "reminder",
    table: "receivable_lines",
    which: "kind = 'reminded'",
    unit: "(SELECT unit FROM receivable_invoices WHERE receivable_invoices.invoice = receivable_lines.invoice)",
    person: "NULL",
    n: "n",
    cents: "0",
    shown: Shown::Count,
    since_launch: false,
};
pub(super) const LOANS_GRANTED: Added = Added {
    kind: "loan_granted",
    table: "loan_lines",
    which: "step = 'granted'",
    unit: "unit",
    person: "borrower",
    n: "sign",
    cents: "sign * amount",
    shown: Shown::Count,
    since_launch: false,
};
pub(super) const PROJECTS: Added =
    Added { kind: "loan_disbursed", which: "step = 'disbursed'", ..LOANS_GRANTED };
pub(super) const GRANTS: Added = Added {
    kind: "grant_passed_on",
    table: "grant_lines",
    which: "step = 'passed_on'",
    unit: "unit",
    person: "beneficiary",
    n: "n",
    cents: "amount",
    shown: Shown::Count,
    since_launch: false,
};

const ACTIVITIES: Added = Added {
    kind: "activity",
    table: "activity_lines",
    which: "step = 'held'",
    unit: "NULL",
    person: "NULL",
    n: "n",
    cents: "0",
    shown: Shown::Count,
    since_launch: false,
};
pub(super) const EVENTS: Added = Added { which: "step = 'held' AND code <> 'info-session'", ..ACTIVITIES };
pub(super) const INFO_SESSIONS: Added =
    Added { kind: "info_session", which: "step = 'held' AND code = 'info-session'", ..ACTIVITIES };
pub(super) const LEGAL_CASES: Added =
    Added { kind: "legal_case", which: "step = 'legal_case'", ..ACTIVITIES };
pub(super) const GUIDE_ARTICLES: Added =
    Added { kind: "article", which: "step = 'article' AND code = 'users'", ..ACTIVITIES };
pub(super) const TRAINING_DAYS: Added =
    Added { kind: "training_day", which: "step = 'training_day'", ..ACTIVITIES };
pub(super) const TRAINING_PARTICIPANTS: Added = Added { n: "participants", ..TRAINING_DAYS };
pub(super) const SURVEY_ANSWERS: Added =
    Added { kind: "survey", which: "step = 'survey'", n: "participants", ..ACTIVITIES };
pub(super) const PUBLICATIONS: Added = Added {
    kind: "publication",
    which: "step = 'publication' AND scope = 'partner' AND code IN ('analysis', 'study')",
    ..ACTIVITIES
};
pub(super) const JOBS: Added =
    Added { kind: "job", which: "step = 'job' AND code = 'gembloux'", since_launch: true, ..ACTIVITIES };
pub(super) const JOBS_FULL_TIME: Added = Added { n: "share", shown: Shown::Hundredths, ..JOBS };
/// Each town once, with the first activity there that stands.
pub(super) const COOPINSIDE_CITIES: Added = Added {
    kind: "city",
    table: "(SELECT MIN(position) AS position, 0 AS line, MIN(effective_on) AS effective_on, 1 AS n
              FROM activity_lines
              WHERE step = 'held' AND code = 'coopinside'
                AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2
              GROUP BY place
              HAVING SUM(n) > 0) AS cities",
    which: "n = 1",
    ..ACTIVITIES
};
pub(super) const SATISFACTION: Added = Added {
    kind: "survey",
    table: "(SELECT MAX(position) AS position, 0 AS line, MAX(effective_on) AS effective_on,
                    (20 * CAST(SUM(total) AS BIGINT) + CAST(SUM(n) AS BIGINT))
                    / (2 * CAST(SUM(n) AS BIGINT)) AS n
              FROM activity_answers
              WHERE question = 'satisfaction' AND best = 10
                AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2
              GROUP BY activity
              HAVING SUM(n) > 0
              ORDER BY 1 DESC
              LIMIT 1) AS answers",
    which: "n >= 0",
    shown: Shown::Tenths,
    ..ACTIVITIES
};
pub(super) const STAYS: Added = Added {
    table: "(SELECT MAX(position) AS position, 0 AS line, MAX(effective_on) AS effective_on,
                    (2000 * CAST(SUM(total) AS BIGINT) + CAST(SUM(n) AS BIGINT))
                    / (2 * CAST(SUM(n) AS BIGINT)) AS n
              FROM activity_answers
              WHERE question = 'stay' AND best = 0
                AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2
              GROUP BY activity
              HAVING SUM(n) > 0
              ORDER BY 1 DESC
              LIMIT 1) AS answers",
    ..SATISFACTION
};
pub(super) const MAIN_ACTIVITY: Added = Added {
    table: "(SELECT MAX(position) AS position, 0 AS line, MAX(effective_on) AS effective_on,
                    (2000 * CAST(SUM(total) AS BIGINT) + CAST(SUM(n) AS BIGINT))
                    / (2 * CAST(SUM(n) AS BIGINT)) AS n
              FROM activity_answers
              WHERE question = 'main-activity' AND best = 0
                AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2
              GROUP BY activity
              HAVING SUM(n) > 0
              ORDER BY 1 DESC
              LIMIT 1) AS answers",
    ..SATISFACTION
};

const PARTICIPATION: Added = Added { table: "participation_lines", ..ACTIVITIES };
pub(super) const WORKING_GROUPS: Added = Added {
    kind: "group",
    which: "step = 'opened' AND kind = 'working-group' AND topic = 'unemployment-reform'",
    ..PARTICIPATION
};
pub(super) const ETHICS_TOPICS: Added =
    Added { kind: "ethics_case", which: "step = 'case_opened'", ..PARTICIPATION };
pub(super) const ETHICS_RECOMMENDATIONS: Added =
    Added { kind: "ethics_case", which: "step = 'concluded_with'", ..PARTICIPATION };
pub(super) const ETHICS_MEETINGS: Added =
    Added { kind: "meeting", which: "step = 'met' AND kind = 'ethics-committee'", ..PARTICIPATION };

pub(super) const OFFICES: Added = Added {
    kind: "office",
    table: "office_lines",
    which: "step = 'office'",
    since_launch: true,
    ..ACTIVITIES
};
/// Each adviser once, with the first assignment that is known.
pub(super) const ADVISERS: Added = Added {
    kind: "adviser",
    table: "(SELECT MIN(position) AS position, 0 AS line, MIN(effective_on) AS effective_on, 1 AS n, adviser
              FROM office_lines
              WHERE step = 'adviser' AND effective_on <= ?1 AND position <= ?2
              GROUP BY adviser
              HAVING SUM(n) > 0) AS advisers",
    which: "n = 1",
    person: "adviser",
    ..OFFICES
};

impl Added {
    /// The same lines, added up in money.
    pub(super) const fn in_money(self) -> Self {
        Self { shown: Shown::Money, ..self }
    }

    /// The same lines, of all years up to this one.
    pub(super) const fn since_launch(self) -> Self {
        Self { since_launch: true, ..self }
    }

    /// What is added up, as a figure is written.
    pub(super) fn shown(self, sum: i64) -> FigureValue {
        match self.shown {
            Shown::Count => FigureValue::Count(sum),
            Shown::Money => FigureValue::Money(Balance::from_cents(sum)),
            Shown::Hundredths => FigureValue::Hundredths(sum),
            Shown::Tenths => FigureValue::Tenths(sum),
        }
    }

    pub(super) fn sum(self, reader: &dyn Reader, year: Year, times: Times) -> Result<i64, ReadError> {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM({}), 0) AS BIGINT)
             FROM {}",
            self.adds(),
            self.lines()
        );
        let found = reader.query(&sql, &self.parameters(year, times))?;
        found.first().map_or(Ok(0), |cells| Row::new(cells).integer())
    }

    /// The lines behind the sum, in the order of the log.
    pub(super) fn contributions(
        self,
        reader: &dyn Reader,
        year: Year,
        times: Times,
    ) -> Result<Vec<Contribution>, ReadError> {
        let sql = format!(
            "SELECT position, effective_on, {}, '{}', {}, {}
             FROM {}
             ORDER BY position, line",
            self.unit,
            self.kind,
            self.person,
            self.adds(),
            self.lines()
        );
        let found = reader.query(&sql, &self.parameters(year, times))?;
        found.iter().map(|cells| Contribution::read(cells)).collect()
    }

    fn adds(self) -> &'static str {
        if self.shown == Shown::Money { self.cents } else { self.n }
    }

    fn lines(self) -> String {
        let Self { table, which, .. } = self;
        format!("{table} WHERE {which} AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2")
    }

    fn parameters(self, year: Year, times: Times) -> [Value<'static>; 3] {
        let first = if self.since_launch { Value::Integer(0) } else { day(year.first_day()) };
        [last_day(year, times), times.position(), first]
    }
}
