//! Debts: when clients pay, and what is done when they do not.
//!
//! How many invoices get one, two and three reminders are quotas; which ones they are is drawn, and
//! each client pays between its last reminder and the one that would have followed. All others pay
//! before the first. Reminders go out so many days after the due date, on whichever day that is, and
//! not to clients who dispute an invoice. Of those who got three, some pay an indemnity too, some agree on a plan
//! of three parts, and some do not pay: their debt is handed over, becomes doubtful, and is paid in
//! part, paid after all, lost, or stays doubtful. Clients who were not reminded by 31 December and do
//! not pay in January are reminded then; that is no reminder of the year.
//! Source: figures-2025.json (payment_reminders); DOMAIN A1 F03, A2 8, F1 (reminders; client median 22
//! days, 11 % late), F5 15–17. Which client is late, and what becomes of it, is synthetic.

use domain::Request;
use domain::ids::{CollectorId, PaymentId};
use domain::loan::Instalment;
use domain::text::{ReasonCode, Token};
use domain::unit::{Channel, Indemnity, ReminderLevel, UnitCommand};

use crate::acts::{Plan, Rank, amount};
use crate::days::{Dx, END, LAST_OF_2024, LAST_OF_2025, Span};
use crate::draw::{ALL, Draw, Quantiles, at, half_up, narrow};
use crate::ids::Of;
use crate::money::Money;
use crate::people::{People, Role};
use crate::planned::{BUSINESS_FLAT_CENTS, INVOICE_TERM_DAYS, business_rate_per_mille};
use crate::quotas::Quotas;

/// Which part of what a client owes is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// Ten euro too much.
    WholeAndMore,
    FirstHalf,
    /// What the first half left.
    Rest,
    /// Everything, with this indemnity, an index.
    WithIndemnity(u32),
    /// A part of a payment plan, from 0.
    OfPlan(u8),
    /// A third of a debt that was doubtful.
    Recovered,
}

/// A client's payment.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
    pub(crate) part: Part,
}

/// A reminder of a level, from 1.
#[derive(Clone, Debug)]
pub(crate) struct Reminder {
    pub(crate) invoice: u32,
    pub(crate) level: u8,
    pub(crate) on: Dx,
}

/// An indemnity charged after the third reminder.
#[derive(Clone, Debug)]
pub(crate) struct Charged {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
}

/// A dispute about an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
    /// Day of settling; 0 when it goes on.
    pub(crate) settled_on: Dx,
}

/// A payment plan of three parts, a month apart.
#[derive(Clone, Debug)]
pub(crate) struct InParts {
    pub(crate) invoice: u32,
    pub(crate) on: Dx,
    pub(crate) due_on: [Dx; 3],
}

/// A debt that is not paid after the third reminder.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    pub(crate) invoice: u32,
    pub(crate) handed_over_on: Dx,
    pub(crate) doubted_on: Dx,
    /// Day of writing it off; 0 when it is not.
    pub(crate) written_off_on: Dx,
    /// Whether a judgment of bankruptcy gives the right to the VAT.
    pub(crate) is_judged: bool,
}

/// Payments, and all that is done about late ones.
pub(crate) struct Debts {
    pub(crate) payments: Vec<Payment>,
    pub(crate) reminders: Vec<Reminder>,
    pub(crate) charged: Vec<Charged>,
    pub(crate) disputes: Vec<Dispute>,
    pub(crate) plans: Vec<InParts>,
    pub(crate) losses: Vec<Loss>,
}

/// Days from issue to payment of a client who needs no reminder: median 22, some after the term.
const PAID_AFTER: Quantiles = Quantiles(&[
    (0, 1),
    (1_000, 8),
    (2_500, 14),
    (5_000, 22),
    (7_500, 27),
    (9_700, 30),
    (9_999, 37),
    (ALL, 37),
]);
/// Days after the due date on which each reminder goes out, as planned. Source: DOMAIN F1.
const REMINDED_AFTER: [Dx; 3] = [7, 21, 35];
/// Invoices issued late in the year of which nothing comes in before the run ends, in ten-thousandths.
const LATE: u32 = 1_200;
/// In the whole cooperative; not published.
const LOST: u64 = 180;
const IN_PARTS: u64 = 120;
const DISPUTED: u64 = 250;
/// The indemnity of a consumer, in cents: no debt is so small that it may not bear it.
const CONSUMER_CENTS: u64 = 2_000;

const DISPUTES_WORK: ReasonCode = Token::literal("client-disputes-work");
const EXPLAINED: ReasonCode = Token::literal("client-was-answered");
const UNPAID: ReasonCode = Token::literal("unpaid-after-three-reminders");

impl Debts {
    /// Plans when every invoice is paid, and what happens until then.
    pub(crate) fn plan(seed: u64, quotas: &Quotas, people: &People, money: &Money, span: &Span) -> Self {
        let draw = &mut Draw::new(seed, "debts");
        let mut debts = Self {
            payments: Vec::with_capacity(money.invoices.len()),
            reminders: Vec::new(),
            charged: Vec::new(),
            disputes: Vec::new(),
            plans: Vec::new(),
            losses: Vec::new(),
        };
        let [once, twice, thrice] = dunned(draw, quotas, money);
        let mut is_dunned = vec![false; money.invoices.len()];
        for invoice in once.iter().chain(&twice).chain(&thrice) {
            is_dunned[at(*invoice)] = true;
        }
        for (index, is_dunned) in (0..).zip(is_dunned) {
            if !is_dunned && !money.is_credited_wholly(index) {
                debts.pay_in_time(draw, people, money, span, index);
            }
        }
        debts.remind_once(draw, quotas, money, span, &once);
        for invoice in twice {
            let sent_on = debts.remind(money, invoice, 2);
            let on = draw.day(sent_on + 5, due(money, invoice) + REMINDED_AFTER[2]);
            debts.pay(span, invoice, Part::Whole, (sent_on + 1, on));
        }
        debts.remind_thrice(draw, quotas, money, span, &thrice);
        debts
    }

    /// A client who pays before a reminder goes out, or not within the run.
    fn pay_in_time(&mut self, draw: &mut Draw, people: &People, money: &Money, span: &Span, index: u32) {
        let invoice = &money.invoices[at(index)];
        let no_earlier = money.credit_of(index).map_or(invoice.on, |credit| credit.on);
        let reminded_on = due(money, index) + REMINDED_AFTER[0];
        if reminded_on > LAST_OF_2025 && draw.chance(LATE) {
            if reminded_on <= END {
                self.remind(money, index, 1);
            }
            return;
        }
        let stopped = people.person(invoice.holder).role == Role::Stopped;
        let last = if stopped { LAST_OF_2024 } else { reminded_on };
        let after = narrow::<u32, Dx>(draw.quantile(&PAID_AFTER));
        let on = (invoice.on + after).max(no_earlier).min(last);
        let part = match draw.below(1_000) {
            0 => Part::WholeAndMore,
            1..20 if money.credit_of(index).is_none() => Part::FirstHalf,
            _ => Part::Whole,
        };
        let Some(on) = self.pay(span, index, part, (no_earlier, on)) else { return };
        if part == Part::FirstHalf {
            let rest_on = (on + draw.day(5, 30)).min(last);
            self.pay(span, index, Part::Rest, (on, rest_on));
        }
    }

    /// Clients who pay after one reminder; some dispute the invoice first, and get no other.
    fn remind_once(&mut self, draw: &mut Draw, quotas: &Quotas, money: &Money, span: &Span, once: &[u32]) {
        let n_disputed = narrow::<u64, usize>(quotas.some_of(DISPUTED)).min(once.len());
        for (nth, invoice) in once.iter().enumerate() {
            let sent_on = self.remind(money, *invoice, 1);
            if nth >= n_disputed {
                let on = draw.day(sent_on + 5, due(money, *invoice) + REMINDED_AFTER[1]);
                self.pay(span, *invoice, Part::Whole, (sent_on + 1, on));
                continue;
            }
            let on = sent_on + draw.day(1, 6);
            let settled_on = sent_on + draw.day(30, 60);
            let is_settled = settled_on <= END;
            let settled_on = if is_settled { settled_on } else { 0 };
            self.disputes.push(Dispute { invoice: *invoice, on, settled_on });
            if is_settled {
                let paid_on = settled_on + draw.day(1, 8);
                self.pay(span, *invoice, Part::Whole, (settled_on, paid_on));
            }
        }
    }

    /// Clients who got every reminder: what becomes of their debts.
    fn remind_thrice(
        &mut self,
        draw: &mut Draw,
        quotas: &Quotas,
        money: &Money,
        span: &Span,
        thrice: &[u32],
    ) {
        let (mut n_lost, mut n_in_parts) = (quotas.some_of(LOST), quotas.some_of(IN_PARTS));
        for (nth, invoice) in thrice.iter().enumerate() {
            let sent_on = self.remind(money, *invoice, 3);
            // What is lost needs the time for it.
            if n_lost > 0 && sent_on < LAST_OF_2025 - 120 {
                n_lost -= 1;
                self.lose(draw, span, *invoice, sent_on);
            } else if n_in_parts > 0 && sent_on < LAST_OF_2025 - 100 {
                n_in_parts -= 1;
                let on = sent_on + draw.day(2, 10);
                let due_on = [1, 2, 3].map(|months| span.months_after(on, months));
                for (part, due_on) in (0..).zip(due_on) {
                    self.pay(span, *invoice, Part::OfPlan(part), (on + 1, due_on));
                }
                self.plans.push(InParts { invoice: *invoice, on, due_on });
            } else if nth % 5 < 2 {
                let on = sent_on + draw.day(2, 5);
                self.charged.push(Charged { invoice: *invoice, on });
                let charged = narrow(self.charged.len() - 1);
                let paid_on = on + draw.day(8, 60);
                self.pay(span, *invoice, Part::WithIndemnity(charged), (on + 1, paid_on));
            } else {
                let on = sent_on + draw.day(4, 60);
                self.pay(span, *invoice, Part::Whole, (sent_on + 1, on));
            }
        }
    }

    /// A debt that somebody else collects, and that is feared lost.
    fn lose(&mut self, draw: &mut Draw, span: &Span, invoice: u32, sent_on: Dx) {
        let handed_over_on = sent_on + draw.day(8, 15);
        let doubted_on = handed_over_on + draw.day(10, 30);
        let (paid_on, later) = (doubted_on + draw.day(8, 25), doubted_on + draw.day(30, 60));
        let outcome = self.losses.len() % 4;
        match outcome {
            0 => _ = self.pay(span, invoice, Part::Recovered, (doubted_on + 1, paid_on)),
            2 => _ = self.pay(span, invoice, Part::Whole, (doubted_on + 1, paid_on)),
            _ => {}
        }
        let written_off_on = if outcome < 2 { later } else { 0 };
        let is_judged = outcome == 1;
        self.losses.push(Loss { invoice, handed_over_on, doubted_on, written_off_on, is_judged });
    }

    /// Sends the first reminders of an invoice; gives the day of the last.
    fn remind(&mut self, money: &Money, invoice: u32, levels: u8) -> Dx {
        let mut on = 0;
        for (level, after) in (1..=levels).zip(REMINDED_AFTER) {
            on = due(money, invoice) + after;
            self.reminders.push(Reminder { invoice, level, on });
        }
        on
    }

    /// A payment on the last bank day until a day, and not before another; none after the run.
    fn pay(&mut self, span: &Span, invoice: u32, part: Part, (no_earlier, on): (Dx, Dx)) -> Option<Dx> {
        let on = on.max(no_earlier);
        if on > END {
            return None;
        }
        let on = span.bank_day_until(on).max(no_earlier);
        self.payments.push(Payment { invoice, on, part });
        Some(on)
    }

    /// Every act, with its day and rank.
    pub(crate) fn acts(&self, act: &mut impl FnMut(Dx, Rank, u32)) {
        for (index, payment) in (0..).zip(&self.payments) {
            act(payment.on, Rank::ReceivePayment, index);
        }
        for (index, reminder) in (0..).zip(&self.reminders) {
            act(reminder.on, Rank::Remind, index);
        }
        for (index, charged) in (0..).zip(&self.charged) {
            act(charged.on, Rank::ChargeIndemnity, index);
        }
        for (index, dispute) in (0..).zip(&self.disputes) {
            act(dispute.on, Rank::Dispute, index);
            if dispute.settled_on > 0 {
                act(dispute.settled_on, Rank::SettleDispute, index);
            }
        }
        for (index, plan) in (0..).zip(&self.plans) {
            act(plan.on, Rank::AgreePlan, index);
        }
        for (index, loss) in (0..).zip(&self.losses) {
            act(loss.handed_over_on, Rank::HandOver, index);
            act(loss.doubted_on, Rank::MarkDoubtful, index);
            if loss.written_off_on > 0 {
                act(loss.written_off_on, Rank::WriteOff, index);
            }
        }
    }

    /// What a payment brings in, in cents.
    pub(crate) fn received(&self, money: &Money, payment: &Payment) -> u64 {
        let owed = money.owed(payment.invoice);
        match payment.part {
            Part::Whole => owed,
            Part::WholeAndMore => owed + 1_000,
            Part::FirstHalf => owed / 2,
            Part::Rest => owed - owed / 2,
            Part::WithIndemnity(charged) => owed + self.indemnity(money, &self.charged[at(charged)]),
            Part::OfPlan(part) => part_of_plan(owed, part),
            Part::Recovered => owed / 3,
        }
    }

    /// What a client was charged for paying late, in cents.
    fn indemnity(&self, money: &Money, charged: &Charged) -> u64 {
        if is_consumer(money, charged.invoice) {
            return CONSUMER_CENTS;
        }
        let due_on = due(money, charged.invoice);
        let days = u64::from(charged.on - due_on);
        let rate = business_rate_per_mille(due_on + 1);
        BUSINESS_FLAT_CENTS + half_up(money.owed(charged.invoice), rate * days, 365 * 1_000)
    }
}

/// Which invoices get exactly one, two and three reminders in the year.
fn dunned(draw: &mut Draw, quotas: &Quotas, money: &Money) -> [Vec<u32>; 3] {
    let mut left: Vec<u32> = (money.of_2025()..narrow(money.invoices.len())).collect();
    draw.shuffle(&mut left);
    let [first, second, third] = quotas.reminders_by_level();
    let mut take = |n: u64, level: usize| {
        let mut taken = Vec::with_capacity(narrow(n));
        left.retain(|invoice| {
            let fits = due(money, *invoice) + REMINDED_AFTER[level] <= LAST_OF_2025
                // What is credited was not owed in the end; a plan or a loss is of a whole invoice.
                && !money.is_credited_wholly(*invoice)
                && (level < 2 || money.credit_of(*invoice).is_none());
            let takes = fits && (taken.len() as u64) < n;
            if takes {
                taken.push(*invoice);
            }
            !takes
        });
        assert_eq!(taken.len() as u64, n, "there are enough invoices to remind of");
        taken
    };
    let thrice = take(third, 2);
    let twice = take(second - third, 1);
    let once = take(first - second, 0);
    [once, twice, thrice]
}

/// The day until which an invoice is to be paid.
fn due(money: &Money, invoice: u32) -> Dx {
    money.invoices[at(invoice)].on + INVOICE_TERM_DAYS
}

/// Every fourth client buys for private use.
fn is_consumer(money: &Money, invoice: u32) -> bool {
    money.invoices[at(invoice)].client.is_multiple_of(4)
}

/// What each of three parts of a plan pays, in cents; the last one takes the rest.
fn part_of_plan(owed: u64, part: u8) -> u64 {
    let third = owed / 3;
    if part < 2 { third } else { owed - 2 * third }
}

impl Plan {
    /// A client's payment.
    pub(crate) fn receive(&self, index: u32) -> Request {
        let payment = &self.debts.payments[at(index)];
        let command = UnitCommand::ReceivePayment {
            invoice: self.invoice_id(payment.invoice),
            payment: PaymentId::new(self.ids.of(Of::Payment, index, self.span.day(payment.on))),
            received: amount(self.debts.received(&self.money, payment)),
            evidence: self.ids.evidence("line of a bank statement", "BANK", index),
        };
        self.of_invoice(payment.invoice, command)
    }

    /// What is done when a client does not pay.
    pub(crate) fn debt(&self, rank: Rank, index: u32) -> Request {
        let (debts, money, i) = (&self.debts, &self.money, at(index));
        let (of, command) = match rank {
            Rank::Remind => {
                let reminder = &debts.reminders[i];
                let invoice = self.invoice_id(reminder.invoice);
                let level = ReminderLevel::try_from(reminder.level).expect("levels are 1 to 3");
                // The last one comes by post as well, and counts once.
                let channel = if reminder.level == 3 { Channel::Post } else { Channel::Email };
                (reminder.invoice, UnitCommand::RemindClient { invoice, level, channel })
            }
            Rank::ChargeIndemnity => {
                let charged = &debts.charged[i];
                let invoice = self.invoice_id(charged.invoice);
                let indemnity = if is_consumer(money, charged.invoice) {
                    Indemnity::B2c { amount: amount(CONSUMER_CENTS) }
                } else {
                    Indemnity::B2b {}
                };
                (charged.invoice, UnitCommand::ChargeIndemnity { invoice, indemnity })
            }
            Rank::Dispute => {
                let of = debts.disputes[i].invoice;
                (of, UnitCommand::DisputeInvoice { invoice: self.invoice_id(of), reason: DISPUTES_WORK })
            }
            Rank::SettleDispute => {
                let of = debts.disputes[i].invoice;
                (of, UnitCommand::SettleDispute { invoice: self.invoice_id(of), reason: EXPLAINED })
            }
            Rank::AgreePlan => {
                let plan = &debts.plans[i];
                let owed = money.owed(plan.invoice);
                let instalment = |(part, due_on): (u8, Dx)| Instalment {
                    due_on: self.span.day(due_on),
                    amount: amount(part_of_plan(owed, part)),
                };
                let command = UnitCommand::AgreePaymentPlan {
                    invoice: self.invoice_id(plan.invoice),
                    instalments: (0..).zip(plan.due_on).map(instalment).collect(),
                    evidence: self.ids.evidence("payment plan", "PLAN", index),
                };
                (plan.invoice, command)
            }
            Rank::HandOver => {
                let of = debts.losses[i].invoice;
                let collector = CollectorId::new(self.ids.of(Of::Collector, index % 3, self.span.day(0)));
                (of, UnitCommand::HandOverInvoice { invoice: self.invoice_id(of), collector })
            }
            Rank::MarkDoubtful => {
                let of = debts.losses[i].invoice;
                let evidence = self.ids.evidence("file of a doubtful debt", "DEBT", index);
                (of, UnitCommand::MarkDoubtful { invoice: self.invoice_id(of), reason: UNPAID, evidence })
            }
            _ => {
                let loss = &debts.losses[i];
                let judged_on = loss.doubted_on + (loss.written_off_on - loss.doubted_on) / 2;
                let command = UnitCommand::WriteOffInvoice {
                    invoice: self.invoice_id(loss.invoice),
                    judgment_on: loss.is_judged.then(|| self.span.day(judged_on)),
                    evidence: self.ids.evidence("decision to write off", "LOST", index),
                };
                (loss.invoice, command)
            }
        };
        self.of_invoice(of, command)
    }

    fn of_invoice(&self, invoice: u32, command: UnitCommand) -> Request {
        Request::Unit(self.unit_id(self.money.invoices[at(invoice)].unit), command)
    }
}
