//! What is stored: one sample of every kind of event, its JSON, and the laws of money in them.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::PaymentId;
use domain::payroll::{Rates, Wage, WorkerKind, gross_of_budget};
use domain::unit::{Unit, UnitCommand, UnitEvent};
use domain::vat::VatCategory;
use domain::{Amount, Balance, Event, Evidence, Rounding, StreamId};
use proptest::prelude::*;
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Given, credit, given, issue, of_unit};
use crate::stories;

/// One sample of every kind, as it happened in a story.
fn samples() -> BTreeMap<&'static str, (StreamId, Event)> {
    let mut samples = BTreeMap::new();
    for (stream, event) in stories::all() {
        samples.entry(event.kind().name).or_insert((stream, event));
    }
    samples
}

#[test]
fn every_kind_of_event_happens_in_a_story() {
    let known: BTreeSet<_> = Event::kinds().map(|kind| kind.name).collect();
    let happened: BTreeSet<_> = samples().into_keys().collect();
    assert_eq!(happened, known);
}

#[test]
fn names_are_unique_and_versions_begin_at_one() {
    let mut seen = BTreeSet::new();
    for kind in Event::kinds() {
        assert!(seen.insert(kind.name), "{} is the name of two events", kind.name);
        assert!(kind.version >= 1, "{kind:?}");
        let (subject, what) = kind.name.split_once('.').expect("subject.past_tense");
        let plain = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(plain(subject) && plain(what), "{}", kind.name);
    }
}

#[test]
fn stored_names_are_for_ever() {
    let found: Vec<_> = Event::kinds().map(|kind| format!("{} v{}", kind.name, kind.version)).collect();
    let expected = "log.opened v1, statutes.adopted v1, parameters.published v1, code.published v1, statutes.corrected v1, \
        number.taken v1, series.corrected v1, \
        year.opened v1, year.closed v1, tests.recorded v1, unit_balances.deferred v1, \
        unit_balances.reversed v1, accounts.audited v1, accounts.approved v1, result.allocated v1, \
        year.corrected v1, \
        admission.requested v1, admission.granted v1, admission.refused v1, category.changed v1, \
        shares.subscribed v1, shares.paid_up v1, shares.cancelled v1, shares.transferred v1, \
        shares.received v1, resignation.requested v1, resignation.accepted v1, resignation.refused v1, \
        refund.determined v1, exclusion.proposed v1, exclusion.remarks_received v1, \
        exclusion.decided v1, exit.by_law v1, refund.paid v1, refund.suspended v1, refund.resumed v1, current_account.credited v1, current_account.repaid v1, \
        membership.ended v1, member.corrected v1, \
        unit.opened v1, unit.holder_joined v1, unit.holder_left v1, unit.closed v1, order.confirmed v1, \
        order.cancelled v1, contract.declared v1, contract.amended v1, contract.cancelled v1, \
        contract.ended v1, employment.concluded v1, employment.ended v1, work_days.declared v1, \
        invoice.issued v1, invoice.credited v1, invoice.paid v1, \
        deposit.invoiced v1, deposit.deducted v1, deposit.credited v1, invoice.reminded v1, \
        invoice.indemnity_charged v1, invoice.disputed v1, invoice.dispute_settled v1, \
        payment_plan.agreed v1, invoice.handed_over v1, invoice.doubtful v1, invoice.recovered v1, \
        invoice.written_off v1, advance.granted v1, advance.recovered v1, advance.absorbed v1, expense.claimed v1, expense.approved v1, \
        expense.refused v1, expense.paid v1, salary.calculated v1, salary.paid v1, \
        holiday_pay.accrued v1, holiday_pay.paid v1, dimona.sent v1, dimona.accepted v1, dimona.refused v1, \
        dimona.cancelled v1, social_document.issued v1, guarantee_line.set v1, budget.transferred v1, budget.received v1, deficit.absorbed v1, unit.corrected v1, \
        loan.requested v1, loan.granted v1, loan.refused v1, loan.disbursed v1, instalment.due v1, \
        instalment.paid v1, loan.rescheduled v1, loan.doubtful v1, loan.written_off v1, loan.repaid v1, \
        loan.corrected v1, \
        grant.announced v2, grant.received v1, grant.recognised v1, grant.passed_on v1, \
        grant.returned v1, grant.corrected v2, \
        purchase.recorded v1, personnel_cost.recorded v1, purchase.paid v1, purchase.credited v1, staff_pay.recorded v1, \
        staff_pay.paid v1, asset.acquired v1, asset.depreciated v1, asset.disposed v1, bank_fee.charged v1, \
        tax.assessed v1, tax.paid v1, accrual.recorded v1, accrual.reversed v1, voucher.booked v1, \
        opening_balance.booked v1, structure.corrected v1, \
        vat_return.filed v1, vat_return.paid v1, dmfa.filed v1, dmfa.paid v1, \
        withholding_return.filed v1, withholding_return.paid v1, customer_listing.filed v1, \
        accounts.filed v1, filing.corrected v1, \
        course.submitted v1, course.validated v1, course.refused v1, course.listed v1, \
        course.withdrawn v1, enquiry.received v1, course.corrected v1, \
        risk.declared v1, exam.required v1, exam.passed v1, exam.failed v1, exam.expired v1, \
        accident.reported v1, fitness.corrected v1, \
        cover.activated v1, cover.lapsed v1, claim.filed v1, claim.accepted v1, claim.refused v1, \
        claim.paid v1, cover.corrected v1, \
        statement.imported v1, line.matched v1, line.unmatched v1, line.returned v1, bank.corrected v1, \
        resource.opened v1, resource.booked v1, resource.charged v1, resource.corrected v1, \
        group.opened v1, group.met v1, group.closed v1, recommendation.made v1, recommendation.debated \
        v1, recommendation.validated v1, recommendation.amended v1, recommendation.rejected v1, \
        recommendation.voted v1, recommendation.carried_out v1, body.elected v1, advice.given v1, \
        ethics_case.opened v1, ethics_case.concluded v1, participation.corrected v1, \
        activity.held v1, publication.released v1, legal_case.handled v1, training_day.held v1, \
        survey.closed v1, article.published v1, job.created v1, job.ended v1, affiliation.joined v1, \
        affiliation.left v1, plan.approved v1, plan_action.carried_out v1, strategy.adopted v1, \
        activity.corrected v1, \
        check.sampled v1, check.opened v1, check.passed v1, check.failed v1, check.remedied v1, \
        control.corrected v1, \
        office.opened v1, office.closed v1, adviser.assigned v1, adviser.released v1, office.corrected \
        v1, \
        meeting.convened v1, roll.sealed v1, proxy.given v1, proxy.revoked v1, attendance.recorded v1, \
        meeting.opened v1, vote.cast v1, ballot.cast v1, tally.recorded v1, resolution.decided v1, \
        election.decided v1, meeting.closed v1, minutes.signed v1, meeting.corrected v1, \
        candidate.proposed v1, mandate.granted v1, mandate.renewed v1, mandate.ended v1, \
        conflict.declared v1, allowance.voted v1, allowance.paid v1, mandate.corrected v1, \
        board.convened v1, board.met v1, board.decided v1, board.corrected v1";
    assert_eq!(found.join(", "), expected);
}

#[test]
fn an_event_is_an_object_with_its_stored_name_as_only_key() {
    for (name, (_, event)) in samples() {
        let json: serde_json::Value = serde_json::from_str(&event.to_json()).expect("events are JSON");
        let object = json.as_object().expect("an object");
        assert_eq!(object.keys().collect::<Vec<_>>(), [name]);
        assert!(object[name].is_object(), "{name} holds fields");
        assert_eq!(event.kind().name, name);
    }
}

#[test]
fn an_event_reads_back_as_what_was_written() {
    for (stream, event) in stories::all() {
        let json = event.to_json();
        let back = Event::parse(stream, &json).expect("what was written reads back");
        assert_eq!(back, event, "{json}");
        assert_eq!(back.to_json(), json, "and is written the same again");
    }
}

#[test]
fn a_field_that_no_version_knows_is_refused() {
    for (name, (stream, event)) in samples() {
        let json = event.to_json();
        let body = json.strip_suffix("}}").expect("an object within an object");
        let comma = if body.ends_with('{') { "" } else { "," };
        let more = format!("{body}{comma}\"surprise\":1}}}}");
        let said = Event::parse(stream, &more).expect_err(name).to_string();
        assert!(said.contains("surprise"), "{name}: {said}");
    }
}

#[test]
fn an_event_belongs_to_its_own_kind_of_stream() {
    let streams: Vec<_> = samples().into_values().map(|(stream, _)| stream).collect();
    for (name, (stream, event)) in samples() {
        for other in streams.iter().filter(|s| s.aggregate_type() != stream.aggregate_type()) {
            assert!(Event::parse(*other, &event.to_json()).is_err(), "{name} in {other}");
        }
    }
}

#[test]
fn events_hold_no_floats_and_no_free_text() {
    fn look(name: &str, path: &str, value: &serde_json::Value) {
        match value {
            serde_json::Value::Number(n) => assert!(n.is_u64(), "{name}{path} is the number {n}"),
            serde_json::Value::String(text) => {
                let free = text.contains(' ') && !path.ends_with(".source");
                assert!(!free, "{name}{path} holds the sentence {text:?}");
            }
            serde_json::Value::Array(list) => list.iter().for_each(|v| look(name, path, v)),
            serde_json::Value::Object(fields) => {
                fields.iter().for_each(|(key, v)| look(name, &format!("{path}.{key}"), v));
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) => {}
        }
    }
    for (name, (_, event)) in samples() {
        look(name, "", &serde_json::from_str(&event.to_json()).expect("events are JSON"));
    }
}

#[test]
fn a_correction_says_what_is_void_and_what_holds() {
    for (name, (_, event)) in samples() {
        let correction = event.as_correction();
        assert_eq!(correction.is_some(), name.ends_with(".corrected"), "{name}");
        if let Some((_, original, Some(replacement))) = correction {
            assert_eq!(original.kind(), replacement.kind(), "{name}");
        }
    }
}

// Laws of money.

/// What happened to one invoice so far, summed from its events alone.
#[derive(Default)]
struct Account {
    unit_share: Balance,
    contribution: Balance,
    owed: Balance,
    released: Balance,
    from_pending: Balance,
    from_unit: Balance,
    contribution_back: Balance,
    net_back: Balance,
    tax: Balance,
    tax_back: Balance,
    received: Balance,
    settled: Balance,
    excess: Balance,
}

impl Account {
    fn book(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::InvoiceIssued { net, gross, contribution, unit_share, vat, .. } => {
                assert_eq!(*contribution + *unit_share, net.balance(), "unit and pool make the net amount");
                self.unit_share = *unit_share;
                self.contribution = *contribution;
                self.owed = gross.balance();
                self.tax = vat.iter().map(|line| line.tax).sum();
            }
            UnitEvent::InvoiceCredited {
                net,
                gross,
                contribution,
                from_pending,
                from_available,
                from_fund,
                released,
                vat,
                ..
            } => {
                let parts = [*contribution, *from_pending, *from_available, *from_fund];
                assert!(parts.iter().all(|part| !part.is_negative()), "{event:?}");
                assert_eq!(parts.into_iter().sum::<Balance>(), net.balance(), "{event:?}");
                let tax: Balance = vat.iter().map(|line| line.tax).sum();
                assert!(vat.iter().all(|line| !line.tax.is_negative()), "{event:?}");
                assert_eq!(net.balance() + tax, gross.balance(), "{event:?}");
                assert!(!released.is_negative(), "{event:?}");
                self.released = self.released + *released;
                self.from_pending = self.from_pending + *from_pending;
                self.from_unit = self.from_unit + *from_available + *from_fund;
                self.contribution_back = self.contribution_back + *contribution;
                self.net_back = self.net_back + net.balance();
                self.tax_back = self.tax_back + tax;
                self.owed = self.owed - gross.balance();
            }
            UnitEvent::InvoicePaid { received, settled, excess, released, .. } => {
                assert!([settled, excess, released].iter().all(|part| !part.is_negative()), "{event:?}");
                assert_eq!(*settled + *excess, received.balance(), "{event:?}");
                self.received = self.received + received.balance();
                self.settled = self.settled + *settled;
                self.excess = self.excess + *excess;
                self.released = self.released + *released;
                self.owed = self.owed - *settled;
            }
            other => panic!("no event of invoicing: {other:?}"),
        }
        assert!(!self.pending().is_negative(), "what is pending never falls below nothing: {event:?}");
        if self.owed <= Balance::ZERO {
            assert_eq!(self.pending(), Balance::ZERO, "nobody pays any more: {event:?}");
        }
    }

    fn pending(&self) -> Balance {
        self.unit_share - self.released - self.from_pending
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Credit so many hundredths of what is left of a category.
    Credit(usize, i64),
    /// Pay so many hundredths of the invoice's gross.
    Pay(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0_usize..2, 1_i64..=100).prop_map(|(category, part)| Step::Credit(category, part)),
        (1_i64..=130).prop_map(Step::Pay),
    ];
    proptest::collection::vec(step, 0..12)
}

const CATEGORIES: [VatCategory; 2] = [VatCategory::Standard, VatCategory::Reduced];

fn cents(cents: i64) -> Option<Amount> {
    Amount::from_cents(cents).ok()
}

struct Play {
    unit: Given<Unit>,
    account: Account,
    left: [i64; 2],
    gross: i64,
    n: u128,
}

impl Play {
    fn new(nets: [i64; 2], has: i64) -> Self {
        let known = domain::unit::UnitKnown {
            available: Balance::from_cents(has),
            ..domain::unit::UnitKnown::default()
        };
        let unit = given([opened()]).with(known);
        let line = |(vat, n): (VatCategory, i64)| net(vat, &cents(n).expect("above zero").to_string());
        let lines: Vec<_> = CATEGORIES.into_iter().zip(nets).map(line).collect();
        let event =
            of_unit(issue(&given([]), &unit, &invoice(&lines)).expect("nothing forbids it")).remove(0);
        let UnitEvent::InvoiceIssued { gross, .. } = &event else { panic!("an invoice was issued") };
        let gross = gross.cents();
        let mut play = Self { unit, account: Account::default(), left: nets, gross, n: 0 };
        play.book(event);
        play
    }

    fn book(&mut self, event: UnitEvent) {
        self.account.book(&event);
        self.unit = self.unit.clone().and([event]);
    }

    fn credit(&mut self, category: usize, net: i64) {
        let Some(amount) = cents(net) else { return };
        self.n += 1;
        let draft = credit_note(self.n, &[(CATEGORIES[category], &amount.to_string())]);
        let event = of_unit(credit(&given([]), &self.unit, &draft).expect("so much is left")).remove(0);
        self.left[category] -= net;
        self.book(event);
    }

    fn pay(&mut self, received: i64) {
        let Some(received) = cents(received) else { return };
        self.n += 1;
        let payment = PaymentId::new(Uuid::from_u128(self.n));
        let evidence: Evidence = paper("bank-line");
        let asked = UnitCommand::ReceivePayment { invoice: INVOICE, payment, received, evidence };
        let event = self.unit.clone().when(asked).event();
        self.book(event);
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Credit(category, part) => self.credit(*category, self.left[*category] * part / 100),
            Step::Pay(part) => self.pay(self.gross * part / 100),
        }
    }
}

proptest! {
    #[test]
    fn nothing_pending_is_lost_or_made_whatever_the_order(
        nets in [1_i64..200_000, 1_i64..200_000],
        has in -10_000_i64..300_000,
        steps in steps(),
    ) {
        let mut play = Play::new(nets, has);
        steps.iter().for_each(|step| play.step(step));
        // The client pays what is still owed: everything pending is released then.
        let owed = play.account.owed.cents();
        if owed > 0 {
            play.pay(owed);
            prop_assert_eq!(play.account.pending(), Balance::ZERO);
            prop_assert_eq!(play.account.owed, Balance::ZERO);
        }
        // Whatever else is credited then takes back the whole contribution and the whole tax.
        play.credit(0, play.left[0]);
        play.credit(1, play.left[1]);
        let account = &play.account;
        prop_assert_eq!(account.contribution_back, account.contribution);
        prop_assert_eq!(account.tax_back, account.tax);
        prop_assert_eq!(account.net_back.cents(), nets[0] + nets[1]);
        prop_assert_eq!(account.from_pending + account.from_unit, account.unit_share);
        prop_assert_eq!(account.settled + account.excess, account.received);
        prop_assert_eq!(account.pending(), Balance::ZERO);
        prop_assert_eq!(account.released + account.from_pending, account.unit_share);
    }

    #[test]
    fn an_invoice_fully_credited_leaves_nothing_pending(
        nets in [1_i64..200_000, 1_i64..200_000],
        parts in proptest::collection::vec((0_usize..2, 1_i64..=100), 0..20),
    ) {
        let mut play = Play::new(nets, 0);
        for (category, part) in parts {
            play.step(&Step::Credit(category, part));
        }
        play.credit(0, play.left[0]);
        play.credit(1, play.left[1]);
        prop_assert_eq!(play.account.pending(), Balance::ZERO);
        prop_assert_eq!(play.account.from_pending, play.account.unit_share);
        prop_assert_eq!(play.account.owed, Balance::ZERO);
    }

    #[test]
    fn e26_a_wage_adds_up_to_the_cent(
        budget in 200_i64..5_000_000,
        bonus in 0_i64..30_000,
        artist in any::<bool>(),
    ) {
        let kind = if artist { WorkerKind::Artist } else { WorkerKind::Employee };
        let parameters = parameters();
        let on = day("2025-03-03");
        let coefficient = parameters.rate(domain::parameters::Parameter::WageCoefficient, on).expect("published");
        let rates = Rates::on(&parameters, kind, on).expect("published");
        let budget = Amount::from_cents(budget).expect("above zero");
        let gross = gross_of_budget(budget, coefficient);
        prop_assert!(gross.times(coefficient, Rounding::HalfUp) <= budget.balance());
        let gross = Amount::try_from(gross).expect("above zero");
        let wage = Wage::calculate(gross, &rates, Balance::from_cents(bonus)).expect("something is left");
        prop_assert_eq!(wage.gross.balance() - wage.employee - wage.tax, wage.net.balance());
        prop_assert_eq!(wage.gross.balance() - wage.employee, wage.taxable);
        prop_assert_eq!(wage.gross.balance() + wage.employer + wage.holiday, wage.cost.balance());
        prop_assert!(!wage.employee.is_negative() && !wage.tax.is_negative());
    }

    #[test]
    fn cost_and_margin_make_the_budget(budget in 15_173_i64..5_000_000, artist in any::<bool>()) {
        let mut asked = declare(JOB, &[("2025-03-03", "7.00")], &cents(budget).expect("above zero").to_string());
        if let UnitCommand::DeclareContract { kind, .. } = &mut asked {
            *kind = if artist { WorkerKind::Artist } else { WorkerKind::Employee };
        }
        let event = given::<Unit>([opened()])
            .with(available("50000.00"))
            .when(asked)
            .accepted()
            .when(UnitCommand::ConcludeEmployment { employment: EMPLOYMENT, contract: JOB })
            .accepted()
            .when(calculate(SALARY, domain::unit::Work::Contract(JOB)))
            .event();
        let UnitEvent::SalaryCalculated { wage, budget: reserved, margin, .. } = event else {
            panic!("a wage was calculated");
        };
        prop_assert_eq!(reserved.cents(), budget);
        prop_assert_eq!(wage.cost.balance() + margin, reserved.balance());
        prop_assert!(!margin.is_negative());
    }

    #[test]
    fn an_approved_expense_adds_up(
        net in 1_i64..1_000_000,
        vat in 0_i64..200_000,
        part in 0_i64..=100,
    ) {
        let recoverable = vat * part / 100;
        let text = |cents: i64| Balance::from_cents(cents).to_string();
        let event = given::<Unit>([opened()])
            .with(available("50000.00"))
            .when(claim(EXPENSE, &text(net), &text(vat), &text(recoverable)))
            .accepted()
            .when(UnitCommand::ApproveExpense { expense: EXPENSE })
            .event();
        let UnitEvent::ExpenseApproved { cost, vat_recoverable, owed, .. } = event else {
            panic!("an expense was approved");
        };
        prop_assert_eq!(cost.balance() + vat_recoverable, owed.balance());
        prop_assert_eq!(owed.cents(), net + vat);
    }
}
