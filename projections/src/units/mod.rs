//! Production units: who holds them, what is invoiced, worked and spent in them.
//!
//! One line per fact of a unit's life that is counted or added up; both times are sums of lines.
//! The declared days are those of employments: concluded for a term, or declared by month when
//! open-ended, net of amendments. Days of a job are what was planned and are never added to them.
//! What an event takes back names the position of the fact; a fact that is taken back in its own
//! year no longer counts as activity, one that is taken back later did count in its year.
//! Left out: orders, claims and payments, which the journal or later read models tell.
//! Source: DOMAIN A1 (F04–F12), F1 (readings).

mod evidence;
mod queries;

use domain::ids::{PersonId, UnitId};
use domain::unit::{Term, UnitEvent};
use domain::{Event, Hours, StreamId, Year};

pub use evidence::Contribution;
pub(crate) use queries::last_day;
pub use queries::{
    HolderCounts, UnitOverview, YearTotals, holder_counts, holders, overview, overviews, year_totals,
};

use crate::port::{
    Change, Column, Index, Projection, ReadError, Reader, Rows, Seen, Shape, Table, Times, Value,
};

/// A number of a year that can be opened to the events behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// [`YearTotals::turnover`].
    Turnover,
    /// [`YearTotals::n_invoices`].
    Invoices,
    /// [`YearTotals::n_employments`].
    Employments,
    /// [`YearTotals::days`].
    Days,
    /// [`YearTotals::hours_hundredths`].
    Hours,
    /// [`YearTotals::persons_employed`].
    PersonsEmployed,
    /// [`YearTotals::persons_open_ended`].
    PersonsOpenEnded,
    /// [`HolderCounts::active`].
    ActiveHolders,
    /// [`HolderCounts::active`] less [`HolderCounts::active_before`].
    ActiveHoldersIncrease,
    /// [`HolderCounts::new`].
    NewHolders,
}

/// The events behind a number of a year, in the order of the log; what they add sums to the number.
pub fn contributions(
    reader: &dyn Reader,
    number: Number,
    year: Year,
    times: Times,
) -> Result<Vec<Contribution>, ReadError> {
    let of_lines = |measure| evidence::of_lines(reader, measure, year, times);
    let until = queries::last_day(year, times);
    let of_holders = |year, only_new| evidence::of_holders(reader, (year, only_new), times, until);
    match number {
        Number::Turnover => of_lines(queries::TURNOVER),
        Number::Invoices => of_lines(queries::INVOICES),
        Number::Employments => of_lines(queries::EMPLOYMENTS),
        Number::Days => of_lines(queries::DAYS),
        Number::Hours => of_lines(queries::HOURS),
        Number::PersonsEmployed => of_lines(queries::EMPLOYED),
        Number::PersonsOpenEnded => of_lines(queries::OPEN_ENDED),
        Number::ActiveHolders => of_holders(year, false),
        Number::NewHolders => of_holders(year, true),
        Number::ActiveHoldersIncrease => {
            let mut all = of_holders(Year::new(year.number() - 1), false)?;
            all.iter_mut().for_each(|before| before.adds = -before.adds);
            all.extend(of_holders(year, false)?);
            Ok(all)
        }
    }
}

/// Who holds which unit.
pub static HOLDERS: Table = Table {
    name: "unit_holders",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("unit"),
        Column::id("person"),
        Column::integer("delta"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "unit_holders_unit",
        columns: &["unit", "person", "effective_on", "delta"],
        unless_null: None,
    }],
};

/// What happened in units, with its numbers.
pub static LINES: Table = Table {
    name: "unit_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("unit"),
        Column::text("kind"),
        Column::id("person"),
        Column::integer("n"),
        Column::integer("days"),
        Column::integer("hours"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("open_ended"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[
        // Holds all that the activity of every unit and year is found from.
        Index {
            name: "unit_lines_unit",
            columns: &["unit", "effective_on", "kind", "n", "position"],
            unless_null: None,
        },
        Index { name: "unit_lines_voids", columns: &["voids", "effective_on"], unless_null: Some("voids") },
    ],
};

/// The fold of unit events into lines.
#[derive(Debug, Default)]
pub struct Units;

/// One line's numbers.
#[derive(Clone, Copy, Default)]
struct Fact {
    kind: &'static str,
    person: Option<PersonId>,
    n: i64,
    days: i64,
    hours: i64,
    cents: i64,
    open_ended: bool,
}

impl Projection for Units {
    fn name(&self) -> &'static str {
        "units"
    }

    fn question(&self) -> &'static str {
        "who holds production units, and what is invoiced, worked and spent in them"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&HOLDERS, &LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Unit(unit) = seen.stream() else { return };
        let mut line = 0;
        for change in seen.changes() {
            let Event::Unit(event) = change.event.as_ref() else { continue };
            if let Some((person, delta)) = held(event) {
                let holder = [
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(unit.uuid()),
                    Value::Id(person.uuid()),
                    Value::Integer(change.sign * delta),
                    seen.effective_on(),
                ];
                rows.insert(&HOLDERS, &holder);
            }
            for fact in facts(event).into_iter().flatten() {
                insert(rows, seen, (line, &change), unit, &fact);
                line += 1;
            }
        }
    }
}

fn held(event: &UnitEvent) -> Option<(PersonId, i64)> {
    match event {
        UnitEvent::Opened { holder } | UnitEvent::HolderJoined { holder } => Some((*holder, 1)),
        UnitEvent::HolderLeft { holder } => Some((*holder, -1)),
        _ => None,
    }
}

/// What an event counts and adds up; at most two lines.
fn facts(event: &UnitEvent) -> [Option<Fact>; 2] {
    let one = |kind| Fact { kind, n: 1, ..Fact::default() };
    let fact = match event {
        UnitEvent::Opened { holder } => Fact { person: Some(*holder), ..one("opened") },
        UnitEvent::Closed {} => one("closed"),
        UnitEvent::ContractDeclared { worker, days, hours, budget, .. } => {
            let planned = Fact { days: count(days.len()), hours: hundredths(*hours), ..one("job") };
            Fact { person: Some(*worker), cents: budget.cents(), ..planned }
        }
        UnitEvent::ContractAmended {
            worker,
            employment,
            days_before,
            hours_before,
            budget_before,
            days,
            hours,
            budget,
            ..
        } => {
            let changed = Fact {
                kind: "employment",
                person: Some(*worker),
                days: count(days.len()) - i64::from(*days_before),
                hours: hundredths(*hours) - hundredths(*hours_before),
                ..Fact::default()
            };
            let cents = budget.cents() - budget_before.cents();
            // Under an employment contract the days are declared; before it they are only planned.
            return match employment {
                Some(_) => {
                    let budget = Fact { kind: "job", person: Some(*worker), cents, ..Fact::default() };
                    [Some(changed), Some(budget)]
                }
                None => [Some(Fact { kind: "job", cents, ..changed }), None],
            };
        }
        UnitEvent::ContractCancelled { budget, .. } => {
            Fact { kind: "job", n: -1, cents: -budget.cents(), ..Fact::default() }
        }
        UnitEvent::EmploymentConcluded { worker, term, n_days, hours, .. } => Fact {
            person: Some(*worker),
            days: i64::from(*n_days),
            hours: hundredths(*hours),
            open_ended: matches!(term, Term::OpenEnded { .. }),
            ..one("employment")
        },
        UnitEvent::EmploymentEnded { worker, .. } => {
            Fact { person: Some(*worker), open_ended: true, ..one("employment_ended") }
        }
        UnitEvent::WorkDaysDeclared { worker, days, hours, budget, .. } => Fact {
            person: Some(*worker),
            days: count(days.len()),
            hours: hundredths(*hours),
            cents: budget.cents(),
            open_ended: true,
            ..one("work_days")
        },
        UnitEvent::InvoiceIssued { holder, net, .. } => {
            Fact { person: Some(*holder), cents: net.cents(), ..one("invoice") }
        }
        UnitEvent::InvoiceCredited { net, .. } => Fact { cents: -net.cents(), ..one("credit_note") },
        UnitEvent::ExpenseApproved { holder, cost, .. } => {
            Fact { person: Some(*holder), cents: cost.cents(), ..one("expense") }
        }
        UnitEvent::SalaryCalculated { worker, wage, .. } => {
            Fact { person: Some(*worker), cents: wage.cost.cents(), ..one("wage") }
        }
        UnitEvent::HolderJoined { .. }
        | UnitEvent::HolderLeft { .. }
        | UnitEvent::OrderConfirmed { .. }
        | UnitEvent::OrderCancelled { .. }
        | UnitEvent::ContractEnded { .. }
        | UnitEvent::InvoicePaid { .. }
        // A deposit is no turnover; the invoice for the work counts the whole.
        | UnitEvent::DepositInvoiced { .. }
        | UnitEvent::DepositDeducted { .. }
        | UnitEvent::DepositCredited { .. }
        | UnitEvent::InvoiceReminded { .. }
        | UnitEvent::IndemnityCharged { .. }
        | UnitEvent::InvoiceDisputed { .. }
        | UnitEvent::DisputeSettled { .. }
        | UnitEvent::PaymentPlanAgreed { .. }
        | UnitEvent::InvoiceHandedOver { .. }
        | UnitEvent::InvoiceDoubtful { .. }
        | UnitEvent::InvoiceRecovered { .. }
        | UnitEvent::InvoiceWrittenOff { .. }
        | UnitEvent::AdvanceGranted { .. }
        | UnitEvent::AdvanceRecovered { .. }
        | UnitEvent::AdvanceAbsorbed { .. }
        | UnitEvent::ExpenseClaimed { .. }
        | UnitEvent::ExpenseRefused { .. }
        | UnitEvent::ExpensePaid { .. }
        | UnitEvent::SalaryPaid { .. }
        | UnitEvent::HolidayPayAccrued { .. }
        | UnitEvent::HolidayPayPaid { .. }
        | UnitEvent::DimonaSent { .. }
        | UnitEvent::DimonaAccepted { .. }
        | UnitEvent::DimonaRefused { .. }
        | UnitEvent::DimonaCancelled { .. }
        | UnitEvent::SocialDocumentIssued { .. }
        | UnitEvent::GuaranteeLineSet { .. }
        | UnitEvent::BudgetTransferred { .. }
        | UnitEvent::BudgetReceived { .. }
        | UnitEvent::DeficitAbsorbed { .. }
        | UnitEvent::Corrected(_) => return [None, None],
    };
    [Some(fact), None]
}

fn insert(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    unit: UnitId,
    fact: &Fact,
) {
    rows.insert(
        &LINES,
        &[
            seen.position(),
            Value::Integer(line),
            Value::Id(unit.uuid()),
            Value::Text(fact.kind),
            fact.person.map_or(Value::Null, |person| Value::Id(person.uuid())),
            Value::Integer(change.sign * fact.n),
            Value::Integer(change.sign * fact.days),
            Value::Integer(change.sign * fact.hours),
            Value::Integer(change.sign * fact.cents),
            seen.effective_on(),
            Value::Integer(fact.open_ended.into()),
            change.voids(),
        ],
    );
}

fn hundredths(hours: Hours) -> i64 {
    hours.hundredths().into()
}

fn count(days: usize) -> i64 {
    i64::try_from(days).expect("a month has at most 31 days")
}
