//! Random loans, grants and advances: each model answers as the domain folds the log, or as the books.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::correction::{Correct, Original};
use domain::grant::{Grant, GrantCommand, GrantEvent};
use domain::ids::ProjectId;
use domain::loan::{Loan, LoanCommand, LoanEvent, LoanKind};
use domain::stream::{Facts, Stream, decide};
use domain::text::ReasonCode;
use domain::unit::{BudgetKnown, UnitEvent};
use domain::{Amount, Balance, Day, Event, Position, Recorded, Year};
use projections::guarantee_fund::{self, Cover};
use projections::loans::{Filter, LoanOverview, Scheduled, State, YearTotals};
use projections::port::Times;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::grants::{own, to_pass_on};
use crate::guarantee_fund::{absorbed, advanced, credited_short, feared, reconciles, recovered, regained};
use crate::money_flow::is_the_change_of_cash;
use crate::world::*;

/// What is asked next: which command, of which loan or grant, how much, how many days later.
type Ask = (u8, u128, i64, i32);

fn cents(cents: i64) -> Amount {
    Amount::from_cents(cents).unwrap()
}

fn loan_command(what: u8, of: u128, many: i64, on: Day) -> LoanCommand {
    let (reason, evidence) = (ReasonCode::literal("asked"), evidence());
    let (instalments, first_due_on) = (u32::try_from(many % 5 + 1).unwrap(), on.plus_days(20));
    match what {
        0 => LoanCommand::RequestLoan {
            borrower: person(of),
            project: domain::ids::ProjectId::new(Uuid::from_u128(of)),
            kind: if of.is_multiple_of(2) {
                LoanKind::Cash
            } else {
                LoanKind::Internal { unit: unit_id(of) }
            },
            amount: amount("900.00"),
        },
        1 => {
            let principal = cents(30_000 + many);
            let (interest, fee) = (None, None);
            LoanCommand::GrantLoan { principal, instalments, first_due_on, interest, fee, evidence }
        }
        2 => LoanCommand::DisburseLoan { evidence },
        3 => LoanCommand::RefuseLoan { reason },
        4 | 5 => LoanCommand::CallInstalment {},
        6 => LoanCommand::RescheduleLoan { instalments, first_due_on, evidence },
        7 => LoanCommand::DoubtLoan { reason, evidence },
        8 => LoanCommand::WriteOffLoan { amount: cents(many), reason, evidence },
        _ => LoanCommand::PayInstalment { amount: cents(many), evidence },
    }
}

fn grant_command(what: u8, of: u128, many: i64) -> GrantCommand {
    let (amount, reason, evidence) = (cents(many), ReasonCode::literal("not_used"), evidence());
    match what {
        0 | 1 => {
            let kind = if of.is_multiple_of(2) { own() } else { to_pass_on() };
            let project = ProjectId::new(Uuid::from_u128(of));
            GrantCommand::AnnounceGrant { funder: person(9), kind, amount, project, evidence }
        }
        2..=4 => GrantCommand::ReceiveGrant { amount, evidence },
        5 | 6 => GrantCommand::RecogniseGrant { amount, evidence },
        7 | 8 => GrantCommand::PassOnGrant { amount, evidence },
        _ => GrantCommand::ReturnGrant { amount, reason, evidence },
    }
}

fn facts<S: Stream<Known = BudgetKnown>>(on: Day) -> Facts<S> {
    let known = BudgetKnown { is_open: true, available: euro("9999.00") };
    Facts { effective_on: on, year_is_open: true, parameters: parameters(), known, original: None }
}

fn parameters() -> Arc<domain::parameters::Parameters> {
    use domain::parameters::{Parameter, Parameters, Published, Value};
    let mut parameters = Parameters::default();
    let value = Value::Rate("0.065".parse().unwrap());
    let published = Published { valid_from: day("2000-01-01"), valid_to: None, value };
    parameters.publish(Parameter::ContributionRate, published);
    Arc::new(parameters)
}

/// What a stream of this test must tell of its events, to be corrected.
trait Correctable: Stream {
    fn own(event: &Event) -> Option<&Self::Event>;
    fn correct(position: Position, replacement: Option<Self::Command>) -> Self::Command;
    fn command(what: u8, of: u128, many: i64, on: Day) -> Self::Command;
}

fn correct<C>(position: Position, replacement: Option<C>) -> Correct<C> {
    Correct {
        position,
        reason: ReasonCode::literal("mistake"),
        authority: "board".parse().unwrap(),
        replacement: replacement.map(Box::new),
    }
}

impl Correctable for Loan {
    fn own(event: &Event) -> Option<&LoanEvent> {
        match event {
            Event::Loan(LoanEvent::Corrected(_)) => None,
            Event::Loan(event) => Some(event),
            _ => None,
        }
    }

    fn correct(position: Position, replacement: Option<LoanCommand>) -> LoanCommand {
        LoanCommand::Correct(correct(position, replacement))
    }

    fn command(what: u8, of: u128, many: i64, on: Day) -> LoanCommand {
        loan_command(what, of, many, on)
    }
}

impl Correctable for Grant {
    fn own(event: &Event) -> Option<&GrantEvent> {
        match event {
            Event::Grant(GrantEvent::Corrected(_)) => None,
            Event::Grant(event) => Some(event),
            _ => None,
        }
    }

    fn correct(position: Position, replacement: Option<GrantCommand>) -> GrantCommand {
        GrantCommand::Correct(correct(position, replacement))
    }

    fn command(what: u8, of: u128, many: i64, _: Day) -> GrantCommand {
        grant_command(what, of, many)
    }
}

/// Loans or grants as the domain folds them; what its rules refuse does not happen.
fn live<S>(world: &mut World, asks: &[Ask], id: fn(u128) -> S::Id)
where
    S: Correctable + Stream<Known = BudgetKnown>,
    S::Id: Copy,
    Event: From<S::Event>,
{
    let mut states = BTreeMap::<u128, S>::new();
    let mut void = BTreeSet::new();
    let mut on = Year::new(2024).first_day();
    for (n, (what, of, many, days)) in asks.iter().enumerate() {
        on = on.plus_days(*days);
        let (mut facts, stream) = (facts::<S>(on), S::stream_id(id(*of)));
        let state = states.entry(*of).or_default();
        let mut command = S::command(*what, *of, *many, on);
        if *what >= 13 {
            let own = |recorded: &&Recorded| {
                recorded.stream == stream
                    && !void.contains(&recorded.position)
                    && S::own(&recorded.event).is_some()
            };
            let Some(recorded) = world.log.iter().rev().find(own).cloned() else { continue };
            let (position, posting_rule) = (recorded.position, recorded.posting_rule);
            let event = S::own(&recorded.event).unwrap().clone();
            facts.original = Some(Original { position, event, posting_rule });
            // The replacement is of the same kind when it was a payment, or is refused.
            command = S::correct(position, (*what == 14).then(|| S::command(9, *of, *many, on)));
            if decide(state, id(*of), &command, &facts).is_ok() {
                void.insert(position);
            }
        }
        for event in decide(state, id(*of), &command, &facts).unwrap_or_default() {
            state.evolve(&event);
            world.happens(&on.to_string(), stream, event);
        }
        if n % 11 == 5 {
            world.restart();
        }
    }
}

fn visible(log: &[Recorded], times: Times) -> impl Iterator<Item = &Recorded> {
    log.iter().filter(move |recorded| {
        times.as_of.is_none_or(|day| recorded.effective_on <= day)
            && times.known_at.is_none_or(|position| recorded.position <= position)
    })
}

/// What stands of a log at two times, stream by stream.
fn folded<S: Stream>(
    log: &[Recorded],
    times: Times,
    own: fn(&Event) -> Option<&S::Event>,
) -> BTreeMap<String, S> {
    let mut states = BTreeMap::<String, S>::new();
    for recorded in visible(log, times) {
        if let Some(event) = own(&recorded.event) {
            states.entry(recorded.stream.aggregate_id()).or_default().evolve(event);
        }
    }
    states
}

/// The day on which the log stood at a position, and both times of a question about it.
fn asked(log: &[Recorded], known: u64) -> [Times; 3] {
    let as_of = log.iter().rev().find(|recorded| recorded.position.0 <= known).map(|r| r.effective_on);
    [known_at(Position(known)), Times { as_of, known_at: None }, Times::default()]
}

fn money(state: &Value, field: &str) -> Balance {
    state[field].as_str().unwrap().parse().unwrap()
}

/// A loan's schedule as the domain settles it, oldest first.
fn naive_open(state: &Value) -> Vec<(Day, Balance)> {
    let settled =
        money(state, "paid") + money(state, "written_off") - money(state, "settled_before_schedule");
    let mut left = settled.cents();
    let part = |part: &Value| {
        let amount = money(part, "amount").cents();
        let open = (amount - left).clamp(0, amount);
        left -= amount - open;
        (part["due_on"].as_str().unwrap().parse().unwrap(), Balance::from_cents(open))
    };
    state["schedule"].as_array().unwrap().iter().map(part).collect()
}

fn expect_loan(state: &Value, found: &LoanOverview, schedule: &[Scheduled], as_of: Option<Day>) {
    let principal = money(state, "principal");
    let lent = if ["Running", "Repaid", "WrittenOff"].contains(&state["stage"].as_str().unwrap()) {
        principal
    } else {
        Balance::ZERO
    };
    assert_eq!((found.granted, found.disbursed), (principal, lent));
    assert_eq!((found.paid, found.written_off), (money(state, "paid"), money(state, "written_off")));
    let receivable = ["within_year", "beyond_year", "doubtful"].map(|part| money(&state["receivable"], part));
    assert_eq!(found.outstanding, receivable.into_iter().sum());
    let open = naive_open(state);
    assert_eq!(schedule.iter().map(|part| (part.due_on, part.open)).collect::<Vec<_>>(), open);
    // The domain counts an instalment that was paid before its call among those called.
    let called = schedule.iter().filter(|part| part.called).map(|part| u64::from(part.n));
    assert!(called.max().unwrap_or(0) <= state["called"].as_u64().unwrap());
    let late: Vec<_> = open
        .iter()
        .filter(|(due_on, open)| {
            lent != Balance::ZERO && *open != Balance::ZERO && as_of.is_some_and(|day| *due_on < day)
        })
        .collect();
    assert_eq!(found.overdue, late.iter().map(|(_, open)| *open).sum());
    assert_eq!(found.days_overdue > 0, !late.is_empty());
    let expected = match (state["stage"].as_str().unwrap(), state["is_doubtful"].as_bool().unwrap()) {
        ("Requested", _) => State::Requested,
        ("Refused", _) => State::Refused,
        ("Granted", _) => State::Granted,
        ("Running", true) => State::Doubtful,
        ("Running", false) if late.is_empty() => State::Running,
        ("Running", false) => State::InArrears,
        ("Repaid", _) => State::Repaid,
        ("WrittenOff", _) => State::WrittenOff,
        (other, _) => panic!("unknown stage {other}"),
    };
    assert_eq!(found.state, expected);
}

/// What each year granted, lent and got back, event by event.
fn naive_years(log: &[Recorded], times: Times) -> Vec<YearTotals> {
    let mut years = BTreeMap::<Year, YearTotals>::new();
    for recorded in visible(log, times) {
        let signed = match recorded.event.as_correction() {
            None => vec![(1, recorded.event.clone())],
            Some((_, original, instead)) => {
                std::iter::once((-1, original)).chain(instead.map(|event| (1, event))).collect()
            }
        };
        for (sign, event) in signed {
            let Event::Loan(event) = event else { continue };
            let year = recorded.effective_on.year();
            let zero = Balance::ZERO;
            let empty = YearTotals {
                year,
                n_granted: 0,
                granted: zero,
                n_disbursed: 0,
                disbursed: zero,
                n_paid: 0,
                paid: zero,
                n_repaid: 0,
                written_off: zero,
            };
            let counts = matches!(
                event,
                LoanEvent::Granted { .. }
                    | LoanEvent::Disbursed { .. }
                    | LoanEvent::InstalmentPaid { .. }
                    | LoanEvent::Repaid { .. }
                    | LoanEvent::WrittenOff { .. }
            );
            if !counts {
                continue;
            }
            let of_year = years.entry(year).or_insert(empty);
            let add = |sum: &mut Balance, amount: Amount| {
                *sum = *sum + Balance::from_cents(sign * amount.cents());
            };
            match event {
                LoanEvent::Granted { principal, .. } => {
                    of_year.n_granted += sign;
                    add(&mut of_year.granted, principal);
                }
                LoanEvent::Disbursed { principal, .. } => {
                    of_year.n_disbursed += sign;
                    add(&mut of_year.disbursed, principal);
                }
                LoanEvent::InstalmentPaid { amount, .. } => {
                    of_year.n_paid += sign;
                    add(&mut of_year.paid, amount);
                }
                LoanEvent::Repaid { .. } => of_year.n_repaid += sign,
                LoanEvent::WrittenOff { amount, .. } => add(&mut of_year.written_off, amount),
                _ => {}
            }
        }
    }
    years.into_values().collect()
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    vec((0_u8..15, 1_u128..4, 1_i64..40_000, 0_i32..25), 1..80)
}

/// An event of the guarantee fund or a correction of one, in a unit, for an invoice, on a day.
type Advance = (u8, u128, u128, i32, i64);

fn fund_event(what: u8, invoice: u128, sum: &str) -> UnitEvent {
    match what {
        0 | 1 => advanced(invoice, sum),
        2 => recovered(invoice, sum),
        3 => absorbed(invoice, sum),
        4 => feared(invoice, sum),
        5 => regained(invoice, sum),
        6 => credited_short(invoice, sum),
        _ => paid_by_client(1, sum),
    }
}

fn fund_live(steps: &[Advance]) -> World {
    let mut world = World::new();
    let mut void = BTreeSet::new();
    for (n, (what, of, invoice, on, cents)) in steps.iter().enumerate() {
        let on = Year::new(2024).first_day().plus_days(*on).to_string();
        let sum = Balance::from_cents(*cents).to_string();
        let correctable = |recorded: &&Recorded| {
            recorded.event.as_correction().is_none() && !void.contains(&recorded.position)
        };
        let last = world.log.iter().rev().find(correctable).map(|recorded| recorded.position);
        if *what == 8
            && let Some(wrong) = last
        {
            let original = &world.log[usize::try_from(wrong.0).unwrap() - 1].event;
            let instead = (cents % 2 == 0).then(|| original.clone());
            void.insert(wrong);
            world.corrects(&on, wrong, instead);
        } else {
            world.happens(&on, unit(*of), fund_event(*what, *invoice, &sum));
        }
        if n % 9 == 4 {
            world.restart();
        }
    }
    world
}

fn summed(covers: impl Iterator<Item = Cover>) -> Cover {
    covers.fold(Cover::default(), |sum, cover| Cover {
        advanced: sum.advanced + cover.advanced,
        recovered: sum.recovered + cover.recovered,
        absorbed: sum.absorbed + cover.absorbed,
        outstanding: sum.outstanding + cover.outstanding,
        borne: sum.borne + cover.borne,
        regained: sum.regained + cover.regained,
        balance: sum.balance + cover.balance,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn loans_stand_as_the_domain_folds_them(asks in asks(), known in 0_u64..60) {
        // Every loan is asked for, granted and lent first, so that something happens.
        let lent = (1..4).flat_map(|of| [(0, of, 1, 0), (1, of, 20_001, 0), (2, of, 1, 0)]);
        let mut world = World::new();
        live::<Loan>(&mut world, &lent.chain(asks).collect::<Vec<_>>(), loan_id);
        let log = world.log.clone();
        let views = world.views();
        for times in asked(&log, known) {
            let naive = folded::<Loan>(&log, times, |event| match event {
                Event::Loan(event) => Some(event),
                _ => None,
            });
            let found = projections::loans::loans(views, Filter::default(), times).unwrap();
            let asked_for = naive.values().filter(|state| **state != Loan::default()).count();
            prop_assert_eq!(found.len(), asked_for);
            for overview in &found {
                let state = serde_json::to_value(&naive[&overview.loan.to_string()]).unwrap();
                let (one, schedule) = projections::loans::loan(views, overview.loan, times).unwrap().unwrap();
                prop_assert_eq!(&one, overview);
                expect_loan(&state, overview, &schedule, times.as_of);
            }
            prop_assert_eq!(projections::loans::years(views, times).unwrap(), naive_years(&log, times));
            is_the_change_of_cash(views, Year::new(2024).into(), times);
        }
    }

    #[test]
    fn grants_stand_as_the_domain_folds_them(asks in asks(), known in 0_u64..60) {
        let mut world = World::new();
        let announced = (1..4).map(|of| (0, of, 39_000, 0));
        live::<Grant>(&mut world, &announced.chain(asks).collect::<Vec<_>>(), grant_id);
        let log = world.log.clone();
        let views = world.views();
        for times in asked(&log, known) {
            let naive = folded::<Grant>(&log, times, |event| match event {
                Event::Grant(event) => Some(event),
                _ => None,
            });
            let found = projections::grants::grants(views, times).unwrap();
            prop_assert_eq!(found.len(), naive.values().filter(|state| **state != Grant::default()).count());
            for grant in &found {
                let state = serde_json::to_value(&naive[&grant.grant.to_string()]).unwrap();
                let naive = ["received", "recognised", "passed_on", "returned"].map(|field| money(&state, field));
                prop_assert_eq!([grant.received, grant.recognised, grant.passed_on, grant.returned], naive);
                prop_assert_eq!(grant.announced, money(&state["award"], "amount"));
                prop_assert!(grant.to_pass_on >= Balance::ZERO && grant.to_receive >= Balance::ZERO);
            }
            let years = projections::grants::years(views, times).unwrap();
            prop_assert_eq!(years.iter().map(|y| y.received).sum::<Balance>(), found.iter().map(|g| g.received).sum());
            prop_assert_eq!(years.iter().map(|y| y.n_announced).sum::<i64>(), found.len() as i64);
            is_the_change_of_cash(views, Year::new(2024).into(), times);
        }
    }

    #[test]
    fn the_fund_is_what_its_accounts_hold_and_the_sum_of_its_parts(
        steps in vec((0_u8..9, 1_u128..4, 1_u128..4, 0_i32..700, 1_i64..90_000), 1..40),
        on in 0_i32..700,
        known in 0_u64..40,
    ) {
        let mut world = fund_live(&steps);
        let views = world.views();
        let as_of = Some(Year::new(2024).first_day().plus_days(on));
        let known_at = Some(Position(known));
        for times in [Times::default(), Times { as_of, known_at: None }, Times { as_of, known_at }] {
            let whole = reconciles(views, times);
            let units = guarantee_fund::units(views, times).unwrap();
            prop_assert_eq!(summed(units.iter().map(|unit| unit.cover)), whole);
            for unit in units {
                let invoices = guarantee_fund::invoices(views, unit.unit, times).unwrap();
                prop_assert_eq!(invoices.len() as i64, unit.n_invoices);
                prop_assert_eq!(summed(invoices.iter().map(|invoice| invoice.cover)), unit.cover);
            }
            let months = guarantee_fund::months(views, times).unwrap();
            prop_assert_eq!(months.iter().map(|month| month.cover.advanced).sum::<Balance>(), whole.advanced);
            if let Some(last) = months.last() {
                prop_assert_eq!((last.cover.outstanding, last.cover.balance), (whole.outstanding, whole.balance));
            }
            is_the_change_of_cash(views, Year::new(2024).into(), times);
        }
    }
}
