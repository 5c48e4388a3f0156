//! An invoice is overdue: its client is reminded, level by level, by e-mail.
//!
//! The event that issued the invoice triggers it; the step is the level. How many days after the due
//! date each level goes out are parameters valid today. When reminders begin late, the levels keep
//! their distance, so that nobody is reminded twice within a day. Who disputes is not reminded, nor
//! who pays in time under a plan; what is doubtful or was handed over is for people.
//! Left out: letters, which people send.
//! Source: WER XIX.2; DOMAIN F1 (levels), F03.

use domain::parameters::{NoParameter, Parameter, Parameters};
use domain::unit::{Channel, ReminderLevel, UnitCommand};
use domain::{Balance, Day, Request};
use projections::receivables::Receivable;

use super::{Planned, Process};

/// How many days after the due date each level goes out, the first level first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderDays([i32; 3]);

impl ReminderDays {
    /// The days that hold on a day.
    pub fn on(parameters: &Parameters, day: Day) -> Result<Self, NoParameter> {
        let days = |parameter| {
            let count = parameters.count(parameter, day)?;
            Ok(i32::try_from(count).expect("terms are short"))
        };
        Ok(Self([
            days(Parameter::ReminderFirstDays)?,
            days(Parameter::ReminderSecondDays)?,
            days(Parameter::ReminderThirdDays)?,
        ]))
    }
}

/// The reminders that overdue invoices call for: of each invoice at most the next level.
pub fn reminders(receivables: &[Receivable], days: ReminderDays, today: Day) -> Vec<Planned> {
    receivables.iter().filter_map(|receivable| reminder(receivable, days, today)).collect()
}

fn reminder(receivable: &Receivable, ReminderDays(days): ReminderDays, today: Day) -> Option<Planned> {
    let is_for_people =
        receivable.is_disputed || receivable.is_handed_over || receivable.doubtful != Balance::ZERO;
    if receivable.open <= Balance::ZERO || is_for_people {
        return None;
    }
    let n_sent = usize::try_from(receivable.reminder_level).ok()?;
    let level = ReminderLevel::after(n_sent)?;
    let due_on = receivable.instalment_due_on.unwrap_or(receivable.due_on);
    let mut from = due_on.plus_days(days[n_sent]);
    if let Some(last) = receivable.last_reminded_on {
        from = from.max(last.plus_days((days[n_sent] - days[n_sent - 1]).max(1)));
    }
    // On its last day, what is due is not overdue yet.
    (today >= from && today > due_on).then(|| Planned {
        process: Process::Reminders,
        trigger: receivable.position,
        step: u8::from(level).into(),
        request: Request::Unit(
            receivable.unit,
            UnitCommand::RemindClient { invoice: receivable.invoice, level, channel: Channel::Email },
        ),
    })
}
