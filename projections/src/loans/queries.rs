//! Loans as they stand on a day, each with its schedule, and what each year lent and got back.

use std::fmt;

use domain::ids::{LoanId, PersonId, ProjectId, UnitId};
use domain::{Balance, Day, Position, Year};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times, Value};
use crate::row::Row;

/// One loan in numbers; disbursed = paid + written off + outstanding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoanOverview {
    /// The loan.
    pub loan: LoanId,
    /// Who asked for it.
    pub borrower: PersonId,
    /// For which project.
    pub project: ProjectId,
    /// The unit that is lent budget; none for a loan in cash.
    pub unit: Option<UnitId>,
    /// Where it stands.
    pub state: State,
    /// What was asked for.
    pub asked: Balance,
    /// What was granted.
    pub granted: Balance,
    /// What was lent.
    pub disbursed: Balance,
    /// What the borrower paid back.
    pub paid: Balance,
    /// What was given up.
    pub written_off: Balance,
    /// What is still owed.
    pub outstanding: Balance,
    /// What of it should have been paid before the day asked for.
    pub overdue: Balance,
    /// For how many days the oldest of that has been overdue.
    pub days_overdue: i64,
    /// Position of the event that gave the schedule that holds.
    pub scheduled_at: Option<Position>,
    /// Day of the grant.
    pub granted_on: Option<Day>,
    /// Day on which it was lent.
    pub disbursed_on: Option<Day>,
    /// Day on which nothing was outstanding any more.
    pub ended_on: Option<Day>,
}

/// One instalment of the schedule that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Scheduled {
    /// Its number, from 1.
    pub n: u32,
    /// The last day to pay it.
    pub due_on: Day,
    /// How much it is.
    pub amount: Balance,
    /// What of it is neither paid nor written off; the oldest is settled first.
    pub open: Balance,
    /// Whether the borrower was told that it fell due.
    pub called: bool,
}

/// Where a loan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Asked for, not yet decided.
    Requested,
    /// The request was refused.
    Refused,
    /// Granted; nothing is lent yet.
    Granted,
    /// Lent, and nothing is overdue.
    Running,
    /// Lent, and something is overdue.
    InArrears,
    /// Lent in cash, and perhaps never paid back.
    Doubtful,
    /// All that was not written off was paid back.
    Repaid,
    /// The last of it was written off.
    WrittenOff,
}

/// Which loans are asked for; all of them by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only budget lent to this unit.
    pub unit: Option<UnitId>,
    /// Only loans that stand so.
    pub state: Option<State>,
}

/// What was granted, lent and paid back in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct YearTotals {
    /// The year.
    pub year: Year,
    /// Loans granted.
    pub n_granted: i64,
    /// Their principals.
    pub granted: Balance,
    /// Loans lent; each is for a project of its own.
    pub n_disbursed: i64,
    /// Their principals.
    pub disbursed: Balance,
    /// Payments by borrowers.
    pub n_paid: i64,
    /// What they paid.
    pub paid: Balance,
    /// Loans of which nothing is owed any more since a payment.
    pub n_repaid: i64,
    /// What was given up.
    pub written_off: Balance,
}

/// Every loan that passes the filter, as it stands on a day, as known at a position, by loan id.
///
/// Steps count in the order of the log. Without a day nothing is overdue: whoever asks about today
/// must say which day that is.
pub fn loans(reader: &dyn Reader, filter: Filter, times: Times) -> Result<Vec<LoanOverview>, ReadError> {
    let mut found = read(reader, None, times)?;
    found.retain(|(loan, _)| {
        filter.unit.is_none_or(|unit| loan.unit == Some(unit))
            && filter.state.is_none_or(|state| loan.state == state)
    });
    Ok(found.into_iter().map(|(loan, _)| loan).collect())
}

/// Every loan with the schedule that holds, as it stands on a day, as known at a position, by loan id.
pub fn loans_with_schedules(
    reader: &dyn Reader,
    times: Times,
) -> Result<Vec<(LoanOverview, Vec<Scheduled>)>, ReadError> {
    read(reader, None, times)
}

/// One loan with the schedule that holds; none when nobody asked for it yet.
pub fn loan(
    reader: &dyn Reader,
    loan: LoanId,
    times: Times,
) -> Result<Option<(LoanOverview, Vec<Scheduled>)>, ReadError> {
    Ok(read(reader, Some(loan), times)?.pop())
}

/// Each year in which a loan was granted, lent, paid back or written off, up to the day asked for.
///
/// What is taken back later is taken off the year in which that takes effect, as in the books.
pub fn years(reader: &dyn Reader, times: Times) -> Result<Vec<YearTotals>, ReadError> {
    let sum =
        |step: &str, of: &str| format!("CAST(SUM(CASE WHEN step = '{step}' THEN {of} ELSE 0 END) AS BIGINT)");
    let columns = [
        sum("granted", "sign"),
        sum("granted", "sign * amount"),
        sum("disbursed", "sign"),
        sum("disbursed", "sign * amount"),
        sum("paid", "sign"),
        sum("paid", "sign * amount"),
        sum("repaid", "sign"),
        sum("written_off", "sign * amount"),
    ];
    let sql = format!(
        "SELECT effective_on / 10000, {}
         FROM loan_lines
         WHERE step IN ('granted', 'disbursed', 'paid', 'repaid', 'written_off')
           AND effective_on <= ?1
           AND position <= ?2
         GROUP BY effective_on / 10000
         ORDER BY 1",
        columns.join(", ")
    );
    let totals = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(YearTotals {
            year: row.year()?,
            n_granted: row.integer()?,
            granted: row.balance()?,
            n_disbursed: row.integer()?,
            disbursed: row.balance()?,
            n_paid: row.integer()?,
            paid: row.balance()?,
            n_repaid: row.integer()?,
            written_off: row.balance()?,
        })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(totals).collect()
}

/// The instalments of a schedule, by the line that gave it.
type Schedules = FxHashMap<(Position, i64), Vec<(Day, Balance)>>;

struct StepRow<'a> {
    loan: LoanId,
    /// Position and line.
    at: (Position, i64),
    voids: Option<Position>,
    step: &'a str,
    sign: i64,
    borrower: Option<PersonId>,
    project: Option<ProjectId>,
    unit: Option<UnitId>,
    n: u32,
    amount: Balance,
    effective_on: Day,
}

/// All loans, or one, each with the schedule that holds.
fn read(
    reader: &dyn Reader,
    only: Option<LoanId>,
    times: Times,
) -> Result<Vec<(LoanOverview, Vec<Scheduled>)>, ReadError> {
    let mut parameters = vec![times.day(), times.position()];
    parameters.extend(only.map(|loan| Value::Id(loan.uuid())));
    let of_loan = if only.is_some() { " AND loan = ?3" } else { "" };
    let found = reader.query(
        &format!(
            "SELECT loan, position, line, voids, step, sign, borrower, project, unit, n, amount, effective_on
             FROM loan_lines
             WHERE effective_on <= ?1 AND position <= ?2{of_loan}
             ORDER BY loan, position, line"
        ),
        &parameters,
    )?;
    let steps = found.iter().map(|cells| StepRow::read(cells)).collect::<Result<Vec<_>, _>>()?;
    let schedules = schedules(reader, only)?;
    let of_one_loan = steps.chunk_by(|a, b| a.loan == b.loan);
    Ok(of_one_loan.filter_map(|steps| stands(steps, &schedules, times.as_of)).collect())
}

fn schedules(reader: &dyn Reader, only: Option<LoanId>) -> Result<Schedules, ReadError> {
    let parameters: Vec<_> = only.map(|loan| Value::Id(loan.uuid())).into_iter().collect();
    let of_loan = if only.is_some() { "WHERE loan = ?1" } else { "" };
    let found = reader.query(
        &format!(
            "SELECT position, line, due_on, amount
             FROM loan_instalments
             {of_loan}
             ORDER BY position, line, n"
        ),
        &parameters,
    )?;
    let mut schedules = Schedules::default();
    for cells in &found {
        let mut row = Row::new(cells);
        let under = (row.position()?, row.integer()?);
        schedules.entry(under).or_default().push((row.day()?, row.balance()?));
    }
    Ok(schedules)
}

/// One loan of its steps; none when what was asked for is not yet in effect.
fn stands(
    steps: &[StepRow<'_>],
    schedules: &Schedules,
    as_of: Option<Day>,
) -> Option<(LoanOverview, Vec<Scheduled>)> {
    let voided = |position: Position| steps.iter().any(|step| step.voids == Some(position));
    let standing: Vec<_> = steps.iter().filter(|step| step.sign > 0 && !voided(step.at.0)).collect();
    let first = standing.iter().find(|step| step.project.is_some())?;
    let mut loan = LoanOverview {
        loan: first.loan,
        borrower: first.borrower?,
        project: first.project?,
        unit: standing.iter().find_map(|step| step.unit),
        state: State::Requested,
        asked: Balance::ZERO,
        granted: Balance::ZERO,
        disbursed: Balance::ZERO,
        paid: Balance::ZERO,
        written_off: Balance::ZERO,
        outstanding: Balance::ZERO,
        overdue: Balance::ZERO,
        days_overdue: 0,
        scheduled_at: None,
        granted_on: None,
        disbursed_on: None,
        ended_on: None,
    };
    let (mut schedule, mut settled_before, mut called) = (None, Balance::ZERO, Vec::new());
    for step in standing {
        match step.step {
            "requested" => loan.asked = step.amount,
            "refused" => loan.state = State::Refused,
            "granted" => {
                loan.state = State::Granted;
                loan.granted = step.amount;
                loan.granted_on = Some(step.effective_on);
                (schedule, loan.scheduled_at) = (schedules.get(&step.at), Some(step.at.0));
            }
            "disbursed" => {
                loan.state = State::Running;
                loan.disbursed = step.amount;
                loan.disbursed_on = Some(step.effective_on);
            }
            "due" => called.push(step.n),
            "paid" => loan.paid = loan.paid + step.amount,
            "rescheduled" => {
                (schedule, loan.scheduled_at) = (schedules.get(&step.at), Some(step.at.0));
                settled_before = loan.paid + loan.written_off;
                called.clear();
            }
            "doubtful" => loan.state = State::Doubtful,
            "written_off" => {
                loan.written_off = loan.written_off + step.amount;
                if loan.disbursed == loan.paid + loan.written_off {
                    loan.state = State::WrittenOff;
                    loan.ended_on = Some(step.effective_on);
                }
            }
            "repaid" => {
                loan.state = State::Repaid;
                loan.ended_on = Some(step.effective_on);
            }
            _ => {}
        }
    }
    loan.outstanding = loan.disbursed - loan.paid - loan.written_off;
    let settled = loan.paid + loan.written_off - settled_before;
    let schedule = scheduled(schedule.map_or(&[], Vec::as_slice), settled, &called);
    if loan.disbursed != Balance::ZERO
        && let Some(as_of) = as_of
    {
        let mut late = schedule.iter().filter(|part| part.due_on < as_of && part.open != Balance::ZERO);
        loan.overdue = late.clone().map(|part| part.open).sum();
        loan.days_overdue = late.next().map_or(0, |oldest| days_between(oldest.due_on, as_of));
        if loan.state == State::Running && loan.days_overdue > 0 {
            loan.state = State::InArrears;
        }
    }
    Some((loan, schedule))
}

/// The instalments, of which so much is settled: the oldest first.
fn scheduled(instalments: &[(Day, Balance)], settled: Balance, called: &[u32]) -> Vec<Scheduled> {
    let mut left = settled.max(Balance::ZERO);
    let mut part = |(n, (due_on, amount)): (u32, &(Day, Balance))| {
        let of_this = left.min(*amount);
        left = left - of_this;
        Scheduled {
            n,
            due_on: *due_on,
            amount: *amount,
            open: *amount - of_this,
            called: called.contains(&n),
        }
    };
    (1..).zip(instalments).map(&mut part).collect()
}

fn days_between(from: Day, to: Day) -> i64 {
    i64::from(to.number()) - i64::from(from.number())
}

impl<'a> StepRow<'a> {
    fn read(cells: &'a [Cell]) -> Result<Self, ReadError> {
        let mut row = Row::new(cells);
        Ok(Self {
            loan: LoanId::new(row.id()?),
            at: (row.position()?, row.integer()?),
            voids: row.optional_position()?,
            step: row.text()?,
            sign: row.integer()?,
            borrower: row.optional_person()?,
            project: row.optional_id()?.map(ProjectId::new),
            unit: row.optional_unit()?,
            n: row.parsed_integer("the number of an instalment", |n| u32::try_from(n).ok())?,
            amount: row.balance()?,
            effective_on: row.day()?,
        })
    }
}

impl State {
    /// Every state, in the order of a loan's life.
    pub const ALL: [Self; 8] = [
        Self::Requested,
        Self::Refused,
        Self::Granted,
        Self::Running,
        Self::InArrears,
        Self::Doubtful,
        Self::Repaid,
        Self::WrittenOff,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Granted => "granted",
            Self::Running => "running",
            Self::InArrears => "in_arrears",
            Self::Doubtful => "doubtful",
            Self::Repaid => "repaid",
            Self::WrittenOff => "written_off",
        }
    }

    /// The state of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
