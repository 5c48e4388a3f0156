//! Random logs: every answer, at any two times, is that of a naive reading of the log.
//!
//! The naive reading folds the recorded events that count, in plain Rust, each time anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::correction::{Correct, Original};
use domain::ids::{MemberId, PersonId, UnitId};
use domain::member::{Category, Member, MemberCommand, MemberEvent, MemberKnown, PaidFrom};
use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::stream::{Facts, Stream, decide};
use domain::text::ReasonCode;
use domain::unit::UnitEvent;
use domain::{Balance, Day, Event, Position, Recorded, StreamId, Year};
use ledger::{Account, Balances, Book, Line, Party};
use projections::annual_accounts::{LAYOUT, Statement, annual_accounts, annual_trial_balance};
use projections::balances::{BLOCK_POSITIONS, Cursor, LineSum, balance, lines, statement, trial_balance};
use projections::members::{Standing, members};
use projections::port::Times;
use projections::share_register::register;
use projections::units::{HolderCounts, YearTotals, holder_counts, overview, year_totals};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::annual_accounts::amount_under;
use crate::money_flow::is_the_change_of_cash;
use crate::world::*;

/// Logs begin so near the end of a block that they cross it.
const BEFORE: u64 = BLOCK_POSITIONS - 12;

/// What happens next: which event, in which unit, of which person, on which day, how much.
type Step = (u8, u128, u128, i32, i64);

fn step() -> impl Strategy<Value = Step> {
    (0_u8..16, 1_u128..4, 1_u128..4, 0_i32..1_000, 1_i64..100_000)
}

fn day_of(n: i32) -> Day {
    Year::new(2023).first_day().plus_days(n)
}

fn unit_event(what: u8, who: u128, cents: i64) -> UnitEvent {
    let net = Balance::from_cents(cents).to_string();
    let days = u32::try_from(cents % 9 + 1).unwrap();
    match what {
        0 => opened(who),
        1 => joined(who),
        2 => left(who),
        3 | 4 => invoiced(who, &net),
        5 => credited(&net),
        6 => paid_by_client(who, &net),
        7 => expense_approved(who, &net),
        8 => job_declared(who, days, &net),
        9 => job_amended(who, cents % 2 == 0, (2, "50.00"), (days, &net)),
        10 => employed(who, days),
        11 => employed_open_ended(who),
        12 => days_declared(who, days),
        13 => wage_calculated(who),
        _ => wage_paid(who),
    }
}

/// Lets the steps happen; the last kind of step corrects an earlier event, at most once each.
fn live(steps: &[Step]) -> World {
    let mut world = World::after(Position(BEFORE));
    let mut void = BTreeSet::new();
    for (n, (what, of, who, on, cents)) in steps.iter().enumerate() {
        let on = day_of(*on).to_string();
        let correctable = |recorded: &&Recorded| {
            use UnitEvent::{Corrected, HolderJoined, HolderLeft, Opened};
            let event = unit_event_of(recorded);
            let fixed =
                matches!(event, Opened { .. } | HolderJoined { .. } | HolderLeft { .. } | Corrected(_));
            !fixed && !void.contains(&recorded.position)
        };
        let candidates: Vec<Position> = world.log.iter().filter(correctable).map(|r| r.position).collect();
        if *what == 15 && !candidates.is_empty() {
            let wrong = candidates[usize::try_from(*cents).unwrap() % candidates.len()];
            let recorded = world.log.iter().find(|recorded| recorded.position == wrong).unwrap();
            let instead = (cents % 2 == 0).then(|| recorded.event.clone());
            void.insert(wrong);
            world.corrects(&on, wrong, instead);
        } else {
            world.happens(&on, unit(*of), unit_event((*what).min(14), *who, *cents));
        }
        if n % 7 == 3 {
            world.restart();
        }
    }
    world
}

fn unit_event_of(recorded: &Recorded) -> &UnitEvent {
    match &recorded.event {
        Event::Unit(event) => event,
        other => panic!("only units live in this log, found {other:?}"),
    }
}

fn counts_at(times: Times) -> impl Fn(&&Recorded) -> bool {
    move |recorded| {
        times.as_of.is_none_or(|day| recorded.effective_on <= day)
            && times.known_at.is_none_or(|position| recorded.position <= position)
    }
}

fn times() -> impl Strategy<Value = Times> {
    let position = (BEFORE..BEFORE + 45).prop_map(Position);
    (option::of((0_i32..1_000).prop_map(day_of)), option::of(position))
        .prop_map(|(as_of, known_at)| Times { as_of, known_at })
}

/// Debits and credits of a line, in the order of the log; all of an account when it has no party.
fn naive_statement(log: &[Recorded], line: Line, times: Times) -> Vec<(Position, i64, i64)> {
    let hits = |found: Line| found.account == line.account && (line.of.is_none() || found.of == line.of);
    let mut rows = Vec::new();
    for recorded in log.iter().filter(counts_at(times)) {
        let posting = ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).unwrap();
        for movement in posting.movements() {
            let cents = movement.amount.cents();
            rows.extend(hits(movement.debit).then_some((recorded.position, cents, 0)));
            rows.extend(hits(movement.credit).then_some((recorded.position, 0, cents)));
        }
    }
    rows
}

fn naive_balances(log: &[Recorded], times: Times) -> Balances {
    let mut balances = Balances::default();
    for recorded in log.iter().filter(counts_at(times)) {
        balances.apply(&ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).unwrap());
    }
    balances
}

/// Debits and credits of every account up to a day, by its place in the chart.
fn naive_until(log: &[Recorded], times: Times, last: Day) -> Vec<(i64, i64)> {
    let until = Times { as_of: Some(times.as_of.map_or(last, |day| day.min(last))), ..times };
    let mut sums = vec![(0, 0); Account::ALL.len()];
    for row in naive_balances(log, until).trial_balance() {
        sums[row.account.index()] = (row.debit.cents(), row.credit.cents());
    }
    sums
}

/// One thing that happened in a unit, or was taken back there.
struct Fact {
    position: Position,
    unit: UnitId,
    on: Day,
    sign: i64,
    voids: Option<Position>,
    event: UnitEvent,
}

fn naive_facts(log: &[Recorded], times: Times) -> Vec<Fact> {
    let mut facts = Vec::new();
    for recorded in log.iter().filter(counts_at(times)) {
        let StreamId::Unit(unit) = recorded.stream else { panic!("only units live in this log") };
        let mut push = |sign, voids, event: &UnitEvent| {
            let (position, on) = (recorded.position, recorded.effective_on);
            facts.push(Fact { position, unit, on, sign, voids, event: event.clone() });
        };
        match unit_event_of(recorded) {
            UnitEvent::Corrected(correction) => {
                push(-1, Some(correction.position), &correction.original);
                correction.replacement.iter().for_each(|event| push(1, None, event));
            }
            event => push(1, None, event),
        }
    }
    facts
}

/// What happened and was not taken back in its own year.
fn standing(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    facts.iter().filter(|fact| {
        fact.sign > 0
            && !facts.iter().any(|back| back.voids == Some(fact.position) && back.on.year() == fact.on.year())
    })
}

fn naive_year_totals(facts: &[Fact], year: Year) -> YearTotals {
    let mut totals = YearTotals::default();
    let cents = Balance::from_cents;
    for Fact { sign, event, .. } in facts.iter().filter(|fact| fact.on.year() == year) {
        let signed = |amount: Balance| cents(sign * amount.cents());
        match event {
            UnitEvent::InvoiceIssued { net, .. } => {
                totals.n_invoices += sign;
                totals.turnover = totals.turnover + signed(net.balance());
            }
            UnitEvent::InvoiceCredited { net, .. } => {
                totals.turnover = totals.turnover - signed(net.balance());
            }
            UnitEvent::EmploymentConcluded { n_days, hours, .. } => {
                totals.n_employments += sign;
                totals.days += sign * i64::from(*n_days);
                totals.hours_hundredths += sign * i64::from(hours.hundredths());
            }
            UnitEvent::ContractAmended {
                employment: Some(_),
                days_before,
                hours_before,
                days,
                hours,
                ..
            } => {
                totals.days += sign * (days.len() as i64 - i64::from(*days_before));
                let change = i64::from(hours.hundredths()) - i64::from(hours_before.hundredths());
                totals.hours_hundredths += sign * change;
            }
            UnitEvent::WorkDaysDeclared { days, hours, .. } => {
                totals.days += sign * days.len() as i64;
                totals.hours_hundredths += sign * i64::from(hours.hundredths());
            }
            UnitEvent::ExpenseApproved { cost, .. } => {
                totals.n_expenses += sign;
                totals.expenses = totals.expenses + signed(cost.balance());
            }
            UnitEvent::SalaryCalculated { wage, .. } => {
                totals.n_wages += sign;
                totals.wages = totals.wages + signed(wage.cost.balance());
            }
            _ => {}
        }
    }
    let (mut employed, mut open_ended) = (BTreeSet::new(), BTreeSet::new());
    for fact in standing(facts).filter(|fact| fact.on.year() == year) {
        match &fact.event {
            UnitEvent::EmploymentConcluded { worker, .. } => {
                employed.insert(*worker);
            }
            UnitEvent::WorkDaysDeclared { worker, .. } => {
                employed.insert(*worker);
                open_ended.insert(*worker);
            }
            _ => {}
        }
    }
    totals.persons_employed = employed.len() as i64;
    totals.persons_open_ended = open_ended.len() as i64;
    totals
}

/// Who held an active unit, by year.
fn naive_active(facts: &[Fact]) -> BTreeMap<Year, BTreeSet<PersonId>> {
    let mut active = BTreeMap::<Year, BTreeSet<PersonId>>::new();
    for fact in standing(facts) {
        let counts = matches!(
            fact.event,
            UnitEvent::InvoiceIssued { .. }
                | UnitEvent::EmploymentConcluded { .. }
                | UnitEvent::WorkDaysDeclared { .. }
                | UnitEvent::ExpenseApproved { .. }
                | UnitEvent::SalaryCalculated { .. }
        );
        if !counts {
            continue;
        }
        let year = fact.on.year();
        // Held on 1 January, or joined in the year.
        let mut held = BTreeMap::<PersonId, (i64, bool)>::new();
        for other in facts.iter().filter(|other| other.unit == fact.unit && other.on.year() <= year) {
            let (person, delta) = match &other.event {
                UnitEvent::Opened { holder } | UnitEvent::HolderJoined { holder } => (*holder, 1),
                UnitEvent::HolderLeft { holder } => (*holder, -1),
                _ => continue,
            };
            let (before, joined) = held.entry(person).or_default();
            if other.on.year() < year {
                *before += delta;
            } else {
                *joined |= delta > 0;
            }
        }
        let holders = held.into_iter().filter(|(_, (before, joined))| *before > 0 || *joined);
        active.entry(year).or_default().extend(holders.map(|(person, _)| person));
    }
    active
}

fn naive_holder_counts(facts: &[Fact], year: Year) -> HolderCounts {
    let active = naive_active(facts);
    let of = |year: u16| active.get(&Year::new(year)).cloned().unwrap_or_default();
    let earlier: BTreeSet<_> = active.range(..year).flat_map(|(_, persons)| persons).copied().collect();
    let this = of(year.number());
    HolderCounts {
        active: this.len() as i64,
        active_before: of(year.number() - 1).len() as i64,
        new: this.difference(&earlier).count() as i64,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn books_and_units_answer_as_a_naive_reading_of_the_log(
        steps in vec(step(), 1..40),
        asked in vec(times(), 3),
    ) {
        let mut world = live(&steps);
        let log = world.log.clone();
        let views = world.views();
        for times in asked.into_iter().chain([Times::default()]) {
            let naive = naive_balances(&log, times).trial_balance();
            for book in Book::ALL {
                let of_book: Vec<_> = naive.iter().filter(|row| row.account.book() == book).copied().collect();
                prop_assert_eq!(trial_balance(views, book, times).unwrap(), of_book);
            }
            let parties = [Account::Customers.of(client(1)), Account::UnitAvailable.of(unit_id(2)), Account::Remuneration.of(person(3))];
            let totals = [Account::Customers, Account::UnitAvailable, Account::EmployeePay, Account::ProfitAndLoss];
            for line in parties.into_iter().chain(totals.map(Account::total)) {
                let naive = naive_statement(&log, line, times);
                let sum = balance(views, line, times).unwrap();
                prop_assert_eq!(sum.debit.cents(), naive.iter().map(|row| row.1).sum::<i64>());
                prop_assert_eq!(sum.credit.cents(), naive.iter().map(|row| row.2).sum::<i64>());
                let mut read = Vec::new();
                let mut after = Cursor::default();
                loop {
                    let page = statement(views, line, times, after, 3).unwrap();
                    let Some(last) = page.last() else { break };
                    after = last.cursor;
                    read.extend(page);
                }
                let rows: Vec<_> = read.iter().map(|row| (row.cursor.position, row.debit.cents(), row.credit.cents())).collect();
                prop_assert_eq!(rows, naive);
                prop_assert_eq!(read.last().map_or(Balance::ZERO, |row| row.balance), sum.balance);
            }
            let mut parties = Vec::new();
            for party in [1, 2, 3].map(unit_id) {
                let line = Account::UnitAvailable.of(party);
                if !naive_statement(&log, line, times).is_empty() {
                    parties.push(balance(views, line, times).unwrap());
                }
            }
            let mut paged = Vec::new();
            loop {
                let after = paged.last().map(|sum: &LineSum| match sum.line.of {
                    Some(Party::Unit(unit)) => unit.uuid(),
                    other => panic!("a unit's account is of units, found {other:?}"),
                });
                let page = lines(views, Account::UnitAvailable, times, after, 2).unwrap();
                if page.is_empty() {
                    break;
                }
                paged.extend(page);
            }
            prop_assert_eq!(paged, parties);
            let facts = naive_facts(&log, times);
            for year in [2023, 2024, 2025].map(Year::new) {
                prop_assert_eq!(year_totals(views, year, times).unwrap(), naive_year_totals(&facts, year));
                let until = Times { as_of: Some(times.as_of.unwrap_or(year.last_day()).min(year.last_day())), ..times };
                let facts = naive_facts(&log, until);
                prop_assert_eq!(holder_counts(views, year, times).unwrap(), naive_holder_counts(&facts, year));
            }
            for year in [2023, 2024, 2025].map(Year::new) {
                let (opening, closing) = (naive_until(&log, times, year.first_day().plus_days(-1)), naive_until(&log, times, year.last_day()));
                for book in Book::ALL {
                    for row in annual_trial_balance(views, book, year, times).unwrap() {
                        let (o, c) = (opening[row.account.index()], closing[row.account.index()]);
                        prop_assert_eq!((row.debit.cents(), row.credit.cents()), (c.0 - o.0, c.1 - o.1));
                        let signed = |(debit, credit)| row.account.signed(Balance::from_cents(debit), Balance::from_cents(credit));
                        prop_assert_eq!((row.opening, row.closing), (signed(o), signed(c)));
                    }
                }
                let accounts = annual_accounts(views, year, times).unwrap();
                let amount = |statement, code| amount_under(&accounts, statement, code).cents();
                prop_assert_eq!(amount(Statement::Assets, "20/58"), amount(Statement::Liabilities, "10/49"));
                prop_assert_eq!(amount(Statement::Liabilities, "14"), amount(Statement::Result, "14"));
                let of_classes = |sums: &[(i64, i64)], classes: &str| -> i64 {
                    let of_class = Account::ALL.iter().filter(|a| a.book() == Book::General && classes.contains(&a.code()[..1]));
                    of_class.map(|a| sums[a.index()].1 - sums[a.index()].0).sum()
                };
                prop_assert_eq!(amount(Statement::Result, "9904"), of_classes(&closing, "67") - of_classes(&opening, "67"));
                prop_assert_eq!(amount(Statement::Result, "14P"), of_classes(&opening, "67"));
                let leaves = accounts.iter().filter(|row| matches!(row.heading.code, "40" | "41" | "54/58") && row.heading.statement == Statement::Assets);
                let receivable = Account::ALL.iter().filter(|a| ["40", "41", "55"].iter().any(|prefix| a.code().starts_with(prefix)));
                prop_assert_eq!(
                    leaves.map(|row| row.amount.cents()).sum::<i64>(),
                    receivable.map(|a| closing[a.index()].0 - closing[a.index()].1).sum::<i64>()
                );
                prop_assert_eq!(accounts.len(), LAYOUT.len());
            }
            is_the_change_of_cash(views, Year::new(2024).into(), times);
            for of in 1..4 {
                let found = overview(views, unit_id(of), times).unwrap();
                let years = [2023, 2024, 2025].map(|year| {
                    let of_unit: Vec<_> = naive_facts(&log, times).into_iter().filter(|fact| fact.unit == unit_id(of)).collect();
                    naive_year_totals(&of_unit, Year::new(year))
                });
                let found = found.map(|unit| (unit.n_invoices, unit.turnover, unit.n_employments, unit.days, unit.hours_hundredths, unit.n_expenses, unit.expenses, unit.n_wages, unit.wages));
                let sum = |of: fn(&YearTotals) -> i64| years.iter().map(of).sum::<i64>();
                let money = |of: fn(&YearTotals) -> Balance| years.iter().map(of).sum::<Balance>();
                let naive = (
                    sum(|y| y.n_invoices), money(|y| y.turnover), sum(|y| y.n_employments), sum(|y| y.days), sum(|y| y.hours_hundredths),
                    sum(|y| y.n_expenses), money(|y| y.expenses), sum(|y| y.n_wages), money(|y| y.wages),
                );
                prop_assert_eq!(found.unwrap_or_default(), naive);
            }
        }
    }
}

/// What a member asks next, of the domain's own rules: which command, which member, how many.
type Ask = (u8, u128, u32);

fn command(what: u8, n: u128, many: u32, on: Day) -> MemberCommand {
    let reason = ReasonCode::literal("mistake");
    let class = if many.is_multiple_of(4) { "B" } else { "A" }.parse().unwrap();
    match what {
        0 => MemberCommand::RequestAdmission { person: person(n), category: Category::User },
        1 => MemberCommand::GrantAdmission {},
        2 | 3 => MemberCommand::SubscribeShares { class, shares: many, evidence: evidence() },
        4 | 5 => MemberCommand::PayUpShares {
            amount: domain::Amount::from_cents(i64::from(many) * 1_500).unwrap(),
            paid_from: PaidFrom::OwnMeans,
            evidence: evidence(),
        },
        // Filed up to ten months before it is asked for, so that some take effect at once.
        6 => MemberCommand::RequestResignation {
            filed_on: on.plus_days(61 - i32::try_from(many).unwrap() * 61),
            evidence: evidence(),
        },
        7 => MemberCommand::AcceptResignation {},
        8 => MemberCommand::RefuseResignation { reason },
        9 => MemberCommand::CancelShares { reason },
        10 => MemberCommand::DetermineRefund { net_assets_per_share: euro("25.00"), evidence: evidence() },
        11 => MemberCommand::EndMembership { reason },
        _ => MemberCommand::ChangeCategory {
            to: if many.is_multiple_of(2) { Category::User } else { Category::Partner },
        },
    }
}

fn parameters() -> Arc<Parameters> {
    let mut parameters = Parameters::default();
    let values = [
        (Parameter::ShareNominal, Value::Amount(amount("30.00"))),
        (Parameter::ResignationLastMonth, Value::Count(6)),
        (Parameter::ShareholdersMin, Value::Count(0)),
    ];
    for (parameter, value) in values {
        parameters.publish(parameter, Published { valid_from: day("2000-01-01"), valid_to: None, value });
    }
    Arc::new(parameters)
}

/// Members as the domain folds them; what its rules refuse does not happen.
fn members_live(asks: &[Ask]) -> World {
    let mut world = World::after(Position(BEFORE));
    let mut states = BTreeMap::<u128, Member>::new();
    let parameters = parameters();
    let mut void = BTreeSet::new();
    for (n, (what, of, many)) in asks.iter().enumerate() {
        let on = Year::new(2024).first_day().plus_days(i32::try_from(n).unwrap() * 11);
        let mut facts = Facts::<Member> {
            effective_on: on,
            year_is_open: true,
            parameters: parameters.clone(),
            known: MemberKnown { shareholders: 100, ..MemberKnown::default() },
            original: None,
        };
        let state = states.entry(*of).or_default().clone();
        let text = on.to_string();
        match what {
            13 => {
                let to = of % 3 + 1;
                let receiver = states.entry(to).or_default().clone();
                let moved =
                    state.transfer(member_id(*of), (member_id(to), &receiver), *many, evidence(), &facts);
                let Ok((gone, come)) = moved else { continue };
                states.get_mut(of).unwrap().evolve(&gone);
                world.happens(&text, member(*of), gone);
                if many % 2 == 0 {
                    world.restart();
                }
                states.get_mut(&to).unwrap().evolve(&come);
                world.happens(&text, member(to), come);
            }
            14 | 15 => {
                let own = |recorded: &&Recorded| {
                    recorded.stream == member(*of)
                        && !void.contains(&recorded.position)
                        && !matches!(recorded.event, Event::Member(MemberEvent::Corrected(_)))
                };
                let Some(recorded) = world.log.iter().rev().find(own).cloned() else { continue };
                let Event::Member(event) = &recorded.event else { continue };
                facts.original = Some(Original {
                    position: recorded.position,
                    event: event.clone(),
                    posting_rule: recorded.posting_rule,
                });
                let replacement = match event {
                    MemberEvent::SharesSubscribed { .. } => Some(Box::new(command(2, *of, *many, on))),
                    MemberEvent::SharesPaidUp { .. } => Some(Box::new(command(4, *of, *many, on))),
                    _ => None,
                };
                let correct = Correct {
                    position: recorded.position,
                    reason: ReasonCode::literal("mistake"),
                    authority: "board".parse().unwrap(),
                    replacement: replacement.filter(|_| *what == 15),
                };
                let command = MemberCommand::Correct(correct);
                let Ok(events) = decide(&state, member_id(*of), &command, &facts) else { continue };
                void.insert(recorded.position);
                for event in events {
                    states.get_mut(of).unwrap().evolve(&event);
                    world.happens(&text, member(*of), event);
                }
            }
            what => {
                let asked = decide(&state, member_id(*of), &command(*what, *of, *many, on), &facts);
                for event in asked.unwrap_or_default() {
                    states.get_mut(of).unwrap().evolve(&event);
                    world.happens(&text, member(*of), event);
                }
            }
        }
        if n % 9 == 4 {
            world.restart();
        }
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn members_and_shares_stand_as_the_domain_folds_them(
        asks in vec((0_u8..16, 1_u128..4, 1_u32..6), 1..90),
        known in BEFORE..BEFORE + 60,
    ) {
        // Everybody is admitted first, so that something happens.
        let admitted = (1..4).flat_map(|n| [(0, n, 1), (1, n, 1), (2, n, 3)]);
        let mut world = members_live(&admitted.chain(asks).collect::<Vec<_>>());
        let log = world.log.clone();
        let views = world.views();
        let on_the_day = log.iter().rev().find(|recorded| recorded.position.0 <= known).map(|r| r.effective_on);
        let asked = [known_at(Position(known)), Times { as_of: on_the_day, known_at: None }, Times::default()];
        for times in asked {
            let mut naive = BTreeMap::<MemberId, Member>::new();
            for recorded in log.iter().filter(counts_at(times)) {
                let (StreamId::Member(id), Event::Member(event)) = (recorded.stream, &recorded.event) else { unreachable!() };
                naive.entry(id).or_default().evolve(event);
            }
            let found = register(views, times).unwrap();
            let standings = members(views, times).unwrap();
            for (id, state) in naive {
                let state = serde_json::to_value(&state).unwrap();
                let own = || found.iter().filter(|holding| holding.member == id);
                prop_assert_eq!(own().map(|h| h.shares).sum::<i64>(), state["shares"].as_i64().unwrap());
                let text = |balance: Balance| serde_json::Value::from(balance.to_string());
                prop_assert_eq!(text(own().map(|h| h.subscribed).sum()), state["subscribed"].clone());
                prop_assert_eq!(text(own().map(|h| h.paid).sum()), state["paid"].clone());
                prop_assert!(own().all(|h| h.shares >= 0 && h.paid >= Balance::ZERO && h.unpaid >= Balance::ZERO));
                let membership = standings.iter().find(|membership| membership.member == id).unwrap();
                // A resignation that lies ahead is no departure yet for the domain, which has no day.
                let expected = match state["standing"].as_str().unwrap() {
                    "Requested" => Standing::Requested,
                    "Member" | "Resigning" => Standing::Member,
                    "Ended" => Standing::Left,
                    "Resigned" => match times.as_of {
                        Some(day) if day <= membership.departure.as_ref().unwrap().on => Standing::Member,
                        _ => Standing::Left,
                    },
                    other => panic!("unknown standing {other}"),
                };
                prop_assert_eq!(membership.standing, expected);
                let category = serde_json::to_value(membership.category).unwrap();
                prop_assert_eq!(category, state["category"].clone());
            }
        }
    }
}
