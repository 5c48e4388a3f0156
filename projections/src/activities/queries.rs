//! Counts of what was done per year and kind, what is there on a day, what surveys say, how plans go.

use domain::ids::ActivityId;
use domain::{Day, Year};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// What was done of one kind in a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActivityCount {
    /// The year.
    pub year: Year,
    /// What was done: `held`, `publication`, `legal_case`, `training_day`, `survey`, `article`,
    /// `plan`, `plan_action` or `strategy`.
    pub what: String,
    /// Its kind, where it has one.
    pub kind: Option<String>,
    /// `own` or `partner`, where that is told apart.
    pub scope: Option<String>,
    /// How often.
    pub n: i64,
    /// Participants, or answers to a survey.
    pub participants: i64,
    /// Hundredths of an hour.
    pub hours_hundredths: i64,
}

/// What is there on a day of one kind: jobs of a project, affiliations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stock {
    /// `job` or `affiliation`.
    pub what: String,
    /// The project, or the kind of organisation.
    pub kind: String,
    /// How many.
    pub n: i64,
    /// Hundredths of full time, of jobs.
    pub full_time_hundredths: i64,
}

/// What a survey says about one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SurveyAnswer {
    /// The survey.
    pub survey: ActivityId,
    /// When it was closed.
    pub closed_on: Day,
    /// The question.
    pub question: String,
    /// How many answered it.
    pub n: i64,
    /// How many said yes; or the sum of marks.
    pub total: i64,
    /// The highest mark; nothing when the question is answered by yes or no.
    pub best: Option<i64>,
    /// The mean mark, or the share in percent, in tenths, to the nearest, a half up.
    pub tenths: i64,
}

/// A plan and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The plan.
    pub plan: ActivityId,
    /// Its kind.
    pub kind: String,
    /// Actions that it holds.
    pub planned: i64,
    /// Actions that were carried out.
    pub carried_out: i64,
}

/// What was done, per year, kind and scope; what is there for longer is a stock and not counted here.
///
/// What is taken back later is taken off the year in which that takes effect.
pub fn counts(reader: &dyn Reader, times: Times) -> Result<Vec<ActivityCount>, ReadError> {
    let found = reader.query(
        "SELECT effective_on / 10000, step, code, scope, CAST(SUM(n) AS BIGINT),
                CAST(SUM(participants) AS BIGINT), CAST(SUM(hours) AS BIGINT)
         FROM activity_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND step NOT IN ('job', 'affiliation')
         GROUP BY effective_on / 10000, step, code, scope
         HAVING SUM(n) <> 0 OR SUM(participants) <> 0 OR SUM(hours) <> 0
         ORDER BY 1, step, code, scope",
        &[times.day(), times.position()],
    )?;
    let count = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(ActivityCount {
            year: row.year()?,
            what: row.text()?.to_owned(),
            kind: row.optional_text()?.map(str::to_owned),
            scope: row.optional_text()?.map(str::to_owned),
            n: row.integer()?,
            participants: row.integer()?,
            hours_hundredths: row.integer()?,
        })
    };
    found.iter().map(count).collect()
}

/// The jobs and affiliations that are there on the day asked for.
pub fn stocks(reader: &dyn Reader, times: Times) -> Result<Vec<Stock>, ReadError> {
    let found = reader.query(
        "SELECT step, code, CAST(SUM(n) AS BIGINT), CAST(SUM(share) AS BIGINT)
         FROM activity_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND step IN ('job', 'affiliation')
         GROUP BY step, code
         HAVING SUM(n) <> 0
         ORDER BY step DESC, code",
        &[times.day(), times.position()],
    )?;
    let stock = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(Stock {
            what: row.text()?.to_owned(),
            kind: row.text()?.to_owned(),
            n: row.integer()?,
            full_time_hundredths: row.integer()?,
        })
    };
    found.iter().map(stock).collect()
}

/// What surveys say, question by question.
pub fn surveys(reader: &dyn Reader, times: Times) -> Result<Vec<SurveyAnswer>, ReadError> {
    let found = reader.query(
        "SELECT activity, MAX(effective_on), question, best, CAST(SUM(n) AS BIGINT),
                CAST(SUM(total) AS BIGINT)
         FROM activity_answers
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY activity, question, best
         HAVING SUM(n) > 0
         ORDER BY 2, activity, question",
        &[times.day(), times.position()],
    )?;
    let answer = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let (survey, closed_on) = (ActivityId::new(row.id()?), row.day()?);
        let question = row.text()?.to_owned();
        let (best, n, total) = (row.integer()?, row.integer()?, row.integer()?);
        let best = (best > 0).then_some(best);
        let tenths = tenths(total, n, best);
        Ok(SurveyAnswer { survey, closed_on, question, n, total, best, tenths })
    };
    found.iter().map(answer).collect()
}

/// Every plan in force or fulfilled, with its progress.
pub fn plans(reader: &dyn Reader, times: Times) -> Result<Vec<Plan>, ReadError> {
    let found = reader.query(
        "SELECT activity, code, CAST(SUM(planned) AS BIGINT),
                CAST(SUM(CASE WHEN step = 'plan_action' THEN n ELSE 0 END) AS BIGINT)
         FROM activity_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND step IN ('plan', 'plan_action')
         GROUP BY activity, code
         HAVING SUM(planned) > 0
         ORDER BY code, activity",
        &[times.day(), times.position()],
    )?;
    let plan = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(Plan {
            plan: ActivityId::new(row.id()?),
            kind: row.text()?.to_owned(),
            planned: row.integer()?,
            carried_out: row.integer()?,
        })
    };
    found.iter().map(plan).collect()
}

/// A mean mark, or a share in percent, in tenths: to the nearest, a half up.
pub(crate) fn tenths(total: i64, n: i64, best: Option<i64>) -> i64 {
    let scaled = total * if best.is_some() { 10 } else { 1_000 };
    (2 * scaled + n) / (2 * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_shares_are_rounded_half_up() {
        assert_eq!(tenths(16_280, 2_200, Some(10)), 74);
        assert_eq!(tenths(1_628, 2_200, None), 740);
        // 29.95 % and a mark of 7.45.
        assert_eq!(tenths(599, 2_000, None), 300);
        assert_eq!(tenths(149, 20, Some(10)), 75);
    }
}
