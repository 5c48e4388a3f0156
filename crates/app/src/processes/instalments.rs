//! An instalment of a loan falls due: it is called, so that the borrower knows.
//!
//! The event that gave the schedule triggers it; the step is the instalment's number. Instalments are
//! called in order and from their day on; one that was paid ahead is not called. A doubtful loan is
//! for people.
//! Source: DOMAIN E29, F2 (loan).

use domain::loan::LoanCommand;
use domain::{Balance, Day, Request};
use projections::loans::{LoanOverview, Scheduled, State};

use super::{Planned, Process};

/// The calls that running loans ask for.
pub fn instalments(loans: &[(LoanOverview, Vec<Scheduled>)], today: Day) -> Vec<Planned> {
    loans.iter().flat_map(|(loan, schedule)| of_loan(loan, schedule, today)).collect()
}

fn of_loan(loan: &LoanOverview, schedule: &[Scheduled], today: Day) -> Vec<Planned> {
    let (State::Running | State::InArrears, Some(trigger)) = (loan.state, loan.scheduled_at) else {
        return Vec::new();
    };
    let last_called = schedule.iter().filter(|part| part.called).map(|part| part.n).max().unwrap_or(0);
    let is_due =
        |part: &&Scheduled| part.n > last_called && part.open != Balance::ZERO && part.due_on <= today;
    let call = |part: &Scheduled| Planned {
        process: Process::Instalments,
        trigger,
        step: part.n,
        request: Request::Loan(loan.loan, LoanCommand::CallInstalment {}),
    };
    schedule.iter().filter(is_due).map(call).collect()
}
