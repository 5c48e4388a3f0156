//! Debts of clients: reminders, indemnities, disputes, payment plans and hand-over.
//!
//! Reminders go out in order, each level once, as long as something is overdue and undisputed. An
//! indemnity is charged once and is owed with its invoice; a payment settles the invoice first. A
//! consumer is reminded free of charge, has a term to pay, and owes no more than a cap that grows
//! with the debt; a business owes a flat sum and interest from the first day late. A payment plan
//! postpones what is due to the first instalment that is not paid yet.
//! Left out: a change of the interest rate while interest runs, and a second indemnity.
//! Source: WER XIX.2 and XIX.4; Act 02-08-2002; DOMAIN C1, F2 (indemnity charged), F5 15–17.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::event::{Channel, ClientKind, ReminderLevel, UnitEvent};
use super::losses::Doubtful;
use super::{Indemnity, Invoice, Unit, UnitRefusal, document_total, relied_upon, wrong_state};
use crate::calendar::Calendar;
use crate::correction::CorrectionRefused;
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::{CollectorId, InvoiceId};
use crate::loan::Instalment;
use crate::money::{Amount, Balance, Rate, Rounding};
use crate::parameters::{NoParameter, Parameter, Parameters};
use crate::stream::Facts;
use crate::text::ReasonCode;

/// What happened to get an invoice paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Debt {
    /// In the order of their levels.
    reminders: Vec<Reminder>,
    pub(super) indemnity: Balance,
    disputed: bool,
    plan: Vec<Instalment>,
    handed_over: bool,
    /// Ever advanced, and not recovered or absorbed yet.
    pub(super) granted: Balance,
    pub(super) advanced: Balance,
    pub(super) doubtful: Option<Doubtful>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Reminder {
    sent_on: Day,
    channel: Channel,
}

/// What is late, since when, and for how long.
struct Late {
    open: Amount,
    due_on: Day,
    days: u32,
}

impl Unit {
    pub(super) fn remind(
        &self,
        id: InvoiceId,
        level: ReminderLevel,
        channel: Channel,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.invoice(id)?;
        let sent = &invoice.debt.reminders;
        if let Some(Reminder { sent_on, .. }) = sent.get(level.n_before()) {
            return Err(UnitRefusal::RemindedAlready { level, sent_on: *sent_on });
        }
        if level.n_before() > sent.len() {
            let (n_before, n_sent) = (level.n_before(), sent.len());
            return Err(UnitRefusal::ReminderOutOfOrder { level, n_before, n_sent });
        }
        let late = invoice.late(id, invoice.open(), facts.effective_on)?;
        Ok(UnitEvent::InvoiceReminded {
            invoice: id,
            client: invoice.client,
            level,
            channel,
            sent_on: facts.effective_on,
            days_overdue: late.days,
            open: late.open,
        })
    }

    pub(super) fn charge_indemnity(
        &self,
        id: InvoiceId,
        asked: &Indemnity,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let (on, parameters) = (facts.effective_on, &facts.parameters);
        let invoice = self.invoice(id)?;
        invoice.require_not_doubtful(id)?;
        if invoice.debt.indemnity != Balance::ZERO {
            return Err(wrong_state("invoice", id, "charged with an indemnity", "without one"));
        }
        let late = invoice.late(id, invoice.open_principal(), on)?;
        let (kind, interest_rate, flat, interest) = match asked {
            Indemnity::B2c { amount } => {
                let from = invoice.indemnity_from(id, facts)?;
                if on < from {
                    return Err(UnitRefusal::IndemnityTooEarly { from, effective_on: on });
                }
                let cap = consumer_cap(late.open, parameters, on)?;
                if amount.balance() > cap {
                    return Err(UnitRefusal::IndemnityAboveCap { asked: *amount, cap, debt: late.open });
                }
                // The sum stands for interest too: a consumer owes one or the other.
                (ClientKind::B2c, Rate::new(Decimal::ZERO), *amount, Balance::ZERO)
            }
            Indemnity::B2b {} => {
                let rate = parameters.rate(Parameter::ReminderBusinessRate, late.due_on.plus_days(1))?;
                let interest = interest_on(late.open, rate, late.days);
                (ClientKind::B2b, rate, parameters.amount(Parameter::ReminderBusinessFlat, on)?, interest)
            }
        };
        document_total(late.open.balance() + flat.balance() + interest)?;
        Ok(UnitEvent::IndemnityCharged {
            invoice: id,
            client: invoice.client,
            kind,
            overdue: late.open,
            days_overdue: late.days,
            interest_rate,
            flat,
            interest,
        })
    }

    pub(super) fn dispute(&self, id: InvoiceId, reason: ReasonCode) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.undisputed(id)?;
        Ok(UnitEvent::InvoiceDisputed { invoice: id, client: invoice.client, reason })
    }

    pub(super) fn settle_dispute(&self, id: InvoiceId, reason: ReasonCode) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.invoice(id)?;
        if !invoice.debt.disputed {
            return Err(wrong_state("invoice", id, "undisputed", "disputed"));
        }
        Ok(UnitEvent::DisputeSettled { invoice: id, client: invoice.client, reason })
    }

    pub(super) fn agree_plan(
        &self,
        id: InvoiceId,
        instalments: &[Instalment],
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.undisputed(id)?;
        if !invoice.debt.plan.is_empty() {
            return Err(wrong_state("invoice", id, "under a payment plan", "without one"));
        }
        let mut before = facts.effective_on;
        for Instalment { due_on, .. } in instalments {
            if *due_on <= before {
                return Err(UnitRefusal::BadDay { day: *due_on, problem: "not after the day before it" });
            }
            before = *due_on;
        }
        let sum: Balance = instalments.iter().map(|instalment| instalment.amount.balance()).sum();
        let open = invoice.open_amount(id, invoice.open())?.balance();
        if sum != open {
            return Err(UnitRefusal::PlanDoesNotAddUp { sum, open });
        }
        Ok(UnitEvent::PaymentPlanAgreed {
            invoice: id,
            client: invoice.client,
            instalments: instalments.to_vec(),
            evidence,
        })
    }

    pub(super) fn hand_over(&self, id: InvoiceId, collector: CollectorId) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.undisputed(id)?;
        if invoice.debt.handed_over {
            return Err(wrong_state("invoice", id, "handed over", "with the cooperative"));
        }
        let open = invoice.open_amount(id, invoice.open())?;
        Ok(UnitEvent::InvoiceHandedOver { invoice: id, client: invoice.client, collector, open })
    }

    fn undisputed(&self, id: InvoiceId) -> Result<&Invoice, UnitRefusal> {
        let invoice = self.invoice(id)?;
        invoice.require_undisputed(id)?;
        Ok(invoice)
    }

    pub(super) fn evolve_debts(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::InvoiceReminded { invoice, sent_on, channel, .. } => {
                let reminder = Reminder { sent_on: *sent_on, channel: *channel };
                self.known_invoice(*invoice).debt.reminders.push(reminder);
            }
            UnitEvent::IndemnityCharged { invoice, flat, interest, .. } => {
                self.known_invoice(*invoice).debt.indemnity = flat.balance() + *interest;
            }
            UnitEvent::InvoiceDisputed { invoice, .. } => self.known_invoice(*invoice).debt.disputed = true,
            UnitEvent::DisputeSettled { invoice, .. } => self.known_invoice(*invoice).debt.disputed = false,
            UnitEvent::PaymentPlanAgreed { invoice, instalments, .. } => {
                self.known_invoice(*invoice).debt.plan.clone_from(instalments);
            }
            UnitEvent::InvoiceHandedOver { invoice, .. } => {
                self.known_invoice(*invoice).debt.handed_over = true;
            }
            _ => unreachable!("only events of debts come here"),
        }
    }

    pub(super) fn void_debts(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::InvoiceReminded { invoice, level, .. } => {
                let debt = &mut self.known_invoice(*invoice).debt;
                if debt.reminders.len() != level.n_before() + 1 || debt.indemnity != Balance::ZERO {
                    return Err(relied_upon(original, "a later reminder or an indemnity followed it"));
                }
                debt.reminders.pop();
                Ok(())
            }
            UnitEvent::IndemnityCharged { invoice, .. } => {
                let invoice = self.known_invoice(*invoice);
                // Without it the payments would settle more than was ever owed.
                if invoice.open_principal() < Balance::ZERO || invoice.debt.doubtful.is_some() {
                    return Err(relied_upon(original, "the invoice was paid, credited or doubtful since"));
                }
                invoice.debt.indemnity = Balance::ZERO;
                Ok(())
            }
            UnitEvent::InvoiceDisputed { .. } | UnitEvent::DisputeSettled { .. } => {
                Err(relied_upon(original, "disputes begin and end by events of their own"))
            }
            UnitEvent::PaymentPlanAgreed { invoice, .. } => {
                self.known_invoice(*invoice).debt.plan.clear();
                Ok(())
            }
            UnitEvent::InvoiceHandedOver { invoice, .. } => {
                self.known_invoice(*invoice).debt.handed_over = false;
                Ok(())
            }
            _ => unreachable!("only events of debts come here"),
        }
    }
}

impl Invoice {
    fn require_undisputed(&self, id: InvoiceId) -> Result<(), UnitRefusal> {
        if self.debt.disputed {
            return Err(wrong_state("invoice", id, "disputed", "undisputed"));
        }
        Ok(())
    }

    /// What is open, above zero and no more than one field may carry.
    pub(super) fn open_amount(&self, id: InvoiceId, open: Balance) -> Result<Amount, UnitRefusal> {
        if open <= Balance::ZERO {
            return Err(UnitRefusal::NothingOpen { invoice: id, open });
        }
        document_total(open)
    }

    /// What of the open sum is late on the day; refused when nothing is, or when it is disputed.
    fn late(&self, id: InvoiceId, open: Balance, on: Day) -> Result<Late, UnitRefusal> {
        self.require_undisputed(id)?;
        let open = self.open_amount(id, open)?;
        let due_on = self.due();
        match u32::try_from(on.number() - due_on.number()) {
            Ok(days @ 1..) => Ok(Late { open, due_on, days }),
            Ok(0) | Err(_) => Err(UnitRefusal::NotOverdue { due_on, effective_on: on }),
        }
    }

    /// The day until which the client may pay: that of the first instalment which is not paid yet,
    /// or of the invoice.
    fn due(&self) -> Day {
        let mut left = self.open();
        let mut due_on = self.due_on;
        for instalment in self.debt.plan.iter().rev() {
            if left <= Balance::ZERO {
                break;
            }
            due_on = instalment.due_on;
            left = left - instalment.amount.balance();
        }
        due_on
    }

    /// The day from which an indemnity may be asked of a consumer.
    ///
    /// The term runs from the day after an e-mail; after a letter from the third working day.
    /// Source: WER XIX.2 §2.
    fn indemnity_from(&self, id: InvoiceId, facts: &Facts<Unit>) -> Result<Day, UnitRefusal> {
        let first = self.debt.reminders.first();
        let first = first.ok_or_else(|| wrong_state("invoice", id, "not reminded", "reminded"))?;
        let (on, parameters) = (facts.effective_on, &facts.parameters);
        let begins = match first.channel {
            Channel::Email => first.sent_on.plus_days(1),
            Channel::Post => {
                let n = parameters.count(Parameter::ReminderPostDays, on)?;
                Calendar::Civil.nth_working_day_after(first.sent_on, n)
            }
        };
        let term = parameters.count(Parameter::ReminderTermDays, on)?;
        Ok(begins.plus_days(i32::try_from(term).expect("terms are short")))
    }
}

/// Most that a consumer's debt may bear, never rounded up.
///
/// Source: WER XIX.4.
fn consumer_cap(debt: Amount, parameters: &Parameters, on: Day) -> Result<Balance, NoParameter> {
    let amount = |parameter| parameters.amount(parameter, on);
    let small = amount(Parameter::ReminderSmallDebt)?;
    let middle = amount(Parameter::ReminderMiddleDebt)?;
    if debt <= small {
        return Ok(amount(Parameter::ReminderSmallCap)?.balance());
    }
    let (above, base, rate) = if debt <= middle {
        (small, Parameter::ReminderMiddleBase, Parameter::ReminderMiddleRate)
    } else {
        (middle, Parameter::ReminderLargeBase, Parameter::ReminderLargeRate)
    };
    let part = (debt.balance() - above.balance()).times(parameters.rate(rate, on)?, Rounding::Floor);
    let cap = amount(base)?.balance() + part;
    Ok(cap.min(amount(Parameter::ReminderLargeCap)?.balance()))
}

/// Simple interest over days of a year of 365, half up.
fn interest_on(debt: Amount, rate: Rate, days: u32) -> Balance {
    debt.times(Rate::new(rate.value() * Decimal::from(days) / Decimal::from(365)), Rounding::HalfUp)
}
