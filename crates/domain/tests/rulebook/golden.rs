//! The golden vectors of DOMAIN C1 (as F5 corrects it) and F5, asked through the commands.
//!
//! F5 10 stands with suspended refunds, among the rules of leaving. Left out here: 14 and the calendars of 13 are
//! unit tests of the calendar.

use domain::loan::{LoanEvent, LoanKind};
use domain::meeting::{Choice, ItemKind, MeetingRefusal};
use domain::member::{Member, MemberCommand, MemberEvent, YearsOfUse};
use domain::parameters::{Parameter, Value};
use domain::payroll::WorkerKind;
use domain::unit::{Channel, ClientKind, Unit, UnitCommand, UnitEvent, UnitRefusal, Work};
use domain::vat::VatCategory;
use domain::{Amount, Balance, Year};
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, credit, given, issue, of_unit};

const STANDARD: VatCategory = VatCategory::Standard;

fn issued(lines: &[domain::unit::InvoiceLine]) -> UnitEvent {
    let decided = issue(&given([]), &given([opened()]), &invoice(lines));
    of_unit(decided.expect("nothing forbids it")).remove(0)
}

// F5 1. Half-even would give 0.06 on 1.00.
// columns: net | contribution | unit share
#[rstest]
#[case("1.00", "0.07", "0.93")]
#[case("100.01", "6.50", "93.51")]
#[case("0.07", "0.00", "0.07")]
fn f5_1_the_contribution_on_an_invoice(#[case] price: &str, #[case] expected: &str, #[case] share: &str) {
    let UnitEvent::InvoiceIssued { contribution, unit_share, .. } = issued(&[net(STANDARD, price)]) else {
        panic!("an invoice was issued");
    };
    assert_eq!((contribution, unit_share), (balance(expected), balance(share)));
}

// F5 2. A naive sum would give back 6.51.
#[test]
fn f5_2_the_last_credit_note_takes_the_remainder() {
    let mut unit = given([opened(), issued(&[net(STANDARD, "100.01")])]);
    // columns: net credited | contribution given back
    for (n, (part, expected)) in [("33.34", "2.17"), ("33.34", "2.17"), ("33.33", "2.16")].iter().enumerate()
    {
        let decided = credit(&given([]), &unit, &credit_note(n as u128, &[(STANDARD, part)]));
        let event = of_unit(decided.expect("nothing forbids it")).remove(0);
        assert!(
            matches!(&event, UnitEvent::InvoiceCredited { contribution, .. } if *contribution == balance(expected)),
            "{event:?}"
        );
        unit = unit.and([event]);
    }
    let refused = credit(&given([]), &unit, &credit_note(9, &[(STANDARD, "0.01")])).unwrap_err();
    assert_eq!(refused.to_string(), "0.01 is more than the 0.00 left to credit in VAT category Standard");
}

// F5 3.
// columns: price with VAT | net | tax, or the refusal
#[rstest]
#[case("99.99", Ok(("82.64", "17.35")))]
#[case("10.00", Err("10.00 with VAT at 0.21 would be 8.26 + 1.74, but 8.26 bears 1.73; state a net price"))]
fn f5_3_a_price_with_vat(#[case] price: &str, #[case] expected: Result<(&str, &str), &str>) {
    let decided = issue(&given([]), &given([opened()]), &invoice(&[inclusive(STANDARD, price)]));
    match (decided.map(of_unit), expected) {
        (Ok(events), Ok((net, tax))) => {
            let UnitEvent::InvoiceIssued { vat, gross, .. } = &events[0] else {
                panic!("an invoice was issued");
            };
            assert_eq!((vat[0].base, vat[0].tax, *gross), (amount(net), balance(tax), amount(price)));
        }
        (Err(refused), Err(says)) => assert_eq!(refused.to_string(), says),
        (found, _) => panic!("{price}: {found:?}"),
    }
}

// F5 4, and C1's 3 × 10.03 within it.
#[test]
fn f5_4_tax_is_rounded_per_category() {
    let lines = [
        net(STANDARD, "10.03"),
        net(VatCategory::Reduced, "50.25"),
        net(STANDARD, "10.03"),
        net(STANDARD, "10.03"),
    ];
    let UnitEvent::InvoiceIssued { vat, gross, .. } = issued(&lines) else { panic!("an invoice was issued") };
    let taxes: Vec<_> = vat.iter().map(|line| line.tax).collect();
    assert_eq!((taxes, gross), (vec![balance("6.32"), balance("3.02")], amount("89.68")));
}

fn unit() -> Given<Unit> {
    given([opened()]).with(available("100000.00"))
}

// F5 5 (half up would give 59.20, which costs 100.05) and C1's mock.
// columns: budget | gross
#[rstest]
#[case("100.04", "59.19")]
#[case("182.00", "107.69")]
#[case("1690.00", "1000.00")]
fn f5_5_a_budget_buys_no_more_than_it_holds(#[case] budget: &str, #[case] expected: &str) {
    let event = unit().when(declare(JOB, &[("2025-03-03", "4.00")], budget)).event();
    assert!(
        matches!(event, UnitEvent::ContractDeclared { gross, .. } if gross == amount(expected)),
        "{event:?}"
    );
}

// F5 6: 2,111.88 from February, 2,070.48 before, times 12 / 1,976, rounded up.
// columns: day | budget | gross | minimum | accepted
#[rstest]
#[case("2025-02-03", "151.73", "89.78", "89.78", true)]
#[case("2025-02-03", "151.72", "89.77", "89.78", false)]
#[case("2025-01-31", "148.76", "88.02", "88.02", true)]
#[case("2025-01-31", "148.75", "88.01", "88.02", false)]
fn f5_6_seven_hours_at_the_minimum_wage(
    #[case] on: &str,
    #[case] budget: &str,
    #[case] expected: &str,
    #[case] least: &str,
    #[case] accepted: bool,
) {
    let asked = unit().when(declare(JOB, &[(on, "7.00")], budget));
    if accepted {
        let UnitEvent::ContractDeclared { gross, minimum_gross, .. } = asked.event() else {
            panic!("a job was declared");
        };
        assert_eq!((gross, minimum_gross), (amount(expected), amount(least)));
    } else {
        asked.is_refused(UnitRefusal::BelowMinimumWage {
            budget: amount(budget),
            gross: balance(expected),
            minimum: balance(least),
            hours: hours("7.00"),
        });
    }
}

/// A job of one day with this budget, under contract, declared for a kind of worker.
fn worked(kind: WorkerKind, on: &str, budget: &str) -> Given<Unit> {
    let mut asked = declare(JOB, &[(on, "7.00")], budget);
    if let UnitCommand::DeclareContract { kind: of, .. } = &mut asked {
        *of = kind;
    }
    let unit = unit().when(asked).accepted();
    unit.when(UnitCommand::ConcludeEmployment { employment: EMPLOYMENT, contract: JOB }).accepted()
}

// C1's synthetic vectors, and F5 7 and 8.
// columns: kind | budget | gross, base, employee, taxable, tax, net, employer, holiday, cost | margin
#[rstest]
#[case::employee_1000(WorkerKind::Employee, "1690.00", ["1000.00", "1000.00", "130.70", "869.30", "96.58", "772.72", "250.00", "0.00", "1250.00"], "440.00")]
#[case::artist_1000(WorkerKind::Artist, "1690.00", ["1000.00", "1080.00", "141.16", "858.84", "95.42", "763.42", "270.00", "171.07", "1441.07"], "248.93")]
#[case::f5_7(WorkerKind::Employee, "2086.41", ["1234.56", "1234.56", "161.36", "1073.20", "119.23", "953.97", "308.64", "0.00", "1543.20"], "543.21")]
#[case::f5_8(WorkerKind::Artist, "2086.41", ["1234.56", "1333.32", "174.26", "1060.30", "117.80", "942.50", "333.33", "211.20", "1779.09"], "307.32")]
fn f5_7_and_8_from_gross_to_net_and_cost(
    #[case] kind: WorkerKind,
    #[case] budget: &str,
    #[case] expected: [&str; 9],
    #[case] expected_margin: &str,
) {
    let event = worked(kind, "2025-03-03", budget).when(calculate(SALARY, Work::Contract(JOB))).event();
    let UnitEvent::SalaryCalculated { wage, margin, .. } = event else { panic!("a wage was calculated") };
    let found = [
        wage.gross.balance(),
        wage.base.balance(),
        wage.employee,
        wage.taxable,
        wage.tax,
        wage.net.balance(),
        wage.employer,
        wage.holiday,
        wage.cost.balance(),
    ];
    assert_eq!((found, margin), (expected.map(balance), balance(expected_margin)));
}

// C1's mock, as F5 reads it: a work bonus of 1.57 brings 14.08 to the given 12.51.
#[test]
fn c1_the_mock_of_the_platform() {
    let UnitEvent::InvoiceIssued { contribution, unit_share, .. } = issued(&[net(STANDARD, "200.00")]) else {
        panic!("an invoice was issued");
    };
    assert_eq!((contribution, unit_share), (balance("13.00"), balance("187.00")));
    // 187.00 less an expense of 5.00 leaves a budget of 182.00.
    let unit = worked(WorkerKind::Employee, "2025-03-03", "182.00");
    let evidence = paper("payslip");
    let event = unit
        .when(UnitCommand::CalculateSalary {
            salary: SALARY,
            work: Work::Contract(JOB),
            work_bonus: balance("1.57"),
            withholding_rate: None,
            evidence,
        })
        .event();
    let UnitEvent::SalaryCalculated { wage, .. } = event else { panic!("a wage was calculated") };
    assert_eq!(
        (wage.gross, wage.employee, wage.taxable),
        (amount("107.69"), balance("12.51"), balance("95.18"))
    );
}

// F5 9.
// columns: net assets per share | refund | not refunded
#[rstest]
#[case("42.17", "150.00", "0.00")]
#[case("21.35", "106.75", "43.25")]
fn f5_9_the_separation_share_of_five_shares(
    #[case] net_assets_per_share: &str,
    #[case] refund: &str,
    #[case] kept: &str,
) {
    let event = given::<Member>(shareholder(ALICE, 5))
        .with(crate::exit::tested(true, "0.00"))
        .when(resign_as_filed_on("2025-03-03"))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .accepted()
        .on("2025-06-30")
        .when(MemberCommand::CancelShares { reason: token("resignation") })
        .accepted()
        .when(MemberCommand::DetermineRefund {
            net_assets_per_share: balance(net_assets_per_share),
            evidence: paper("approved-accounts"),
        })
        .event();
    let MemberEvent::RefundDetermined { shares, paid_in, amount: refunded, not_refunded, .. } = event else {
        panic!("a refund was determined");
    };
    assert_eq!((shares, paid_in), (5, balance("150.00")));
    assert_eq!((refunded, not_refunded), (balance(refund), balance(kept)));
}

// F5 11: the day of filing decides, not the day of the answer.
// columns: filed on | accepted on | leaves on | payable by
#[rstest]
#[case("2025-01-01", "2025-01-01", "2025-06-30", "2025-07-31")]
#[case("2025-06-30", "2025-06-30", "2025-06-30", "2025-07-31")]
#[case("2025-06-30", "2025-07-01", "2025-06-30", "2025-07-31")]
#[case("2025-06-30", "2026-01-02", "2025-06-30", "2025-07-31")]
#[case("2025-07-01", "2025-07-01", "2026-06-30", "2026-07-31")]
#[case("2025-07-01", "2026-01-02", "2026-06-30", "2026-07-31")]
#[case("2025-12-31", "2025-12-31", "2026-06-30", "2026-07-31")]
fn e19_f5_11_a_resignation_takes_effect_at_the_end_of_june(
    #[case] filed: &str,
    #[case] accepted: &str,
    #[case] leaves: &str,
    #[case] payable: &str,
) {
    given::<Member>(shareholder(ALICE, 5))
        .on(filed)
        .when(resign_as_filed_on(filed))
        .accepted()
        .on(accepted)
        .when(MemberCommand::AcceptResignation {})
        .then([MemberEvent::ResignationAccepted { leaves_on: day(leaves), payable_by: day(payable) }]);
}

fn used(years: &[u16]) -> YearsOfUse {
    let mut found = YearsOfUse::default();
    years.iter().for_each(|year| found.insert(Year::new(*year)));
    found
}

// F5 12 and C1: every year used from the first on.
// columns: shares | first year | covered until
#[rstest]
#[case(3, 2021, 2023)]
#[case(17, 2017, 2033)]
#[case(2, 2021, 2022)]
#[case(1, 2025, 2025)]
fn f5_12_shares_cover_until(#[case] shares: u32, #[case] first: u16, #[case] until: u16) {
    assert_eq!(used(&[]).covered_until(Year::new(first), shares), Some(Year::new(until)));
}

#[test]
fn f5_12_years_used_up_cover_nothing_more() {
    assert_eq!(used(&[2021, 2022]).covered_until(Year::new(2025), 2), None);
    assert_eq!(used(&[2021, 2022]).covered_until(Year::new(2025), 1), None);
    assert_eq!(used(&[2021, 2022]).covered_until(Year::new(2025), 3), Some(Year::new(2025)));
}

// F5 12: the duty is per year of use, so 2023 and 2024 cost nothing.
// columns: years used | shares | shares needed for 2025
#[rstest]
#[case(&[2021, 2022], 2, 1)]
#[case(&[2021, 2022], 3, 0)]
#[case(&[2021, 2022, 2025], 3, 0)]
#[case(&[2021, 2022], 0, 3)]
#[case(&[], 1, 0)]
fn f5_12_a_year_of_use_needs_a_share(#[case] years: &[u16], #[case] shares: u32, #[case] needed: u32) {
    assert_eq!(used(years).shares_needed_for(Year::new(2025), shares), needed);
    // The rule asks the same of whoever declares a job and has no grace left.
    let known = domain::unit::UnitKnown {
        shares,
        years_of_use: used(years),
        grace_contracts_used: 3,
        ..available("100000.00")
    };
    let asked = unit().with(known).when(declare(JOB, &[("2025-03-03", "7.00")], "169.00"));
    if needed == 0 {
        asked.accepted();
    } else {
        asked.is_refused(UnitRefusal::ShareDuty { shares, needed, grace: 3 });
    }
}

// F5 13: Monday to Saturday count, Good Friday and bridge days too.
// columns: last day of the work | wage due on
#[rstest]
#[case("2025-04-17", "2025-04-26")]
#[case("2025-05-23", "2025-06-02")]
#[case("2025-04-29", "2025-05-08")]
#[case("2025-12-22", "2025-12-31")]
fn e27_f5_13_a_wage_is_due_within_seven_working_days(#[case] last_day: &str, #[case] due: &str) {
    let unit = worked(WorkerKind::Employee, last_day, "169.00").on(last_day);
    let ended = unit.clone().when(UnitCommand::EndContract { contract: JOB }).event();
    assert!(matches!(ended, UnitEvent::ContractEnded { wage_due_on, .. } if wage_due_on == day(due)));
    let calculated = unit.when(calculate(SALARY, Work::Contract(JOB))).event();
    assert!(matches!(calculated, UnitEvent::SalaryCalculated { due_on, .. } if due_on == day(due)));
}

// F5 18: floor, and the last takes the rest.
// columns: principal | instalments | each | the last
#[rstest]
#[case("3283.00", 24, "136.79", "136.83")]
#[case("1000.00", 3, "333.33", "333.34")]
fn f5_18_instalments_sum_to_the_principal(
    #[case] principal: &str,
    #[case] instalments: u32,
    #[case] each: &str,
    #[case] last: &str,
) {
    let asked = crate::loan::grant(principal, instalments, "2025-03-31");
    let event = crate::loan::requested(LoanKind::Cash, principal).when(asked).event();
    let LoanEvent::Granted { schedule, .. } = event else { panic!("a loan was granted") };
    let found: Vec<_> = schedule.iter().map(|part| part.amount).collect();
    let mut expected = vec![amount(each); instalments as usize - 1];
    expected.push(amount(last));
    assert_eq!(found, expected);
}

// F5 18: the first day's day of the month, or the month's last.
// columns: first due on | the next two
#[rstest]
#[case("2025-01-31", "2025-02-28", "2025-03-31")]
#[case("2024-01-31", "2024-02-29", "2024-03-31")]
#[case("2025-12-15", "2026-01-15", "2026-02-15")]
fn f5_18_instalments_fall_due_by_the_month(#[case] first: &str, #[case] second: &str, #[case] third: &str) {
    let asked = crate::loan::grant("1000.00", 3, first);
    let event = crate::loan::requested(LoanKind::Cash, "1000.00").on("2024-01-31").when(asked).event();
    let LoanEvent::Granted { schedule, .. } = event else { panic!("a loan was granted") };
    assert_eq!(schedule.iter().map(|part| part.due_on).collect::<Vec<_>>(), [first, second, third].map(day));
}

/// An invoice without VAT of this sum, issued on 3 March and due on 2 April.
fn owed(sum: &str) -> Given<Unit> {
    given([opened(), issued(&[net(VatCategory::Zero, sum)])])
}

// F5 15: sent on 3 March the fourteen days run from the 4th. By post they run from the third working
// day, Thursday the 6th.
// columns: channel | first day on which an indemnity may be asked
#[rstest]
#[case(Channel::Email, "2025-03-18")]
#[case(Channel::Post, "2025-03-20")]
fn f5_15_a_consumer_is_reminded_free_of_charge_and_has_fourteen_days(
    #[case] channel: Channel,
    #[case] from: &str,
) {
    let level = 1.try_into().expect("a level");
    let reminded =
        given([opened()]).on("2025-02-01").publishing(Parameter::InvoiceTermDays, Value::Count(10));
    let issued =
        of_unit(issue(&given([]), &reminded, &invoice(&[net(VatCategory::Zero, "150.00")])).expect("free"));
    let reminded = reminded
        .and(issued)
        .on("2025-03-03")
        .when(UnitCommand::RemindClient { invoice: INVOICE, level, channel })
        .accepted();
    let from = day(from);
    let eve = from.plus_days(-1);
    reminded
        .clone()
        .on(&eve.to_string())
        .when(of_consumer("20.00"))
        .is_refused(UnitRefusal::IndemnityTooEarly { from, effective_on: eve });
    reminded.on(&from.to_string()).when(of_consumer("20.00")).accepted();
}

// F5 16.
// columns: debt | cap
#[rstest]
#[case("150.00", "20.00")]
#[case("150.01", "30.00")]
#[case("300.00", "45.00")]
#[case("500.00", "65.00")]
#[case("1210.00", "100.50")]
#[case("39200.00", "2000.00")]
#[case("100000.00", "2000.00")]
fn f5_16_the_indemnity_of_a_consumer_has_a_cap(#[case] debt: &str, #[case] cap: &str) {
    let reminded = owed(debt).on("2025-04-12").when(remind(1)).accepted().on("2025-04-27");
    let above = Amount::from_cents(amount(cap).cents() + 1).expect("above zero");
    reminded.clone().when(of_consumer(&above.to_string())).is_refused(UnitRefusal::IndemnityAboveCap {
        asked: above,
        cap: balance(cap),
        debt: amount(debt),
    });
    let event = reminded.when(of_consumer(cap)).event();
    assert!(
        matches!(event, UnitEvent::IndemnityCharged { flat, interest: Balance::ZERO, .. } if flat == amount(cap)),
        "{event:?}"
    );
}

// F5 17: 1,210.00 × 11.5 % × 91 / 365 = 34.692….
#[test]
fn f5_17_a_business_owes_a_flat_sum_and_interest() {
    let event = owed("1210.00").on("2025-07-02").when(of_business()).event();
    let expected = UnitEvent::IndemnityCharged {
        invoice: INVOICE,
        client: CLIENT,
        kind: ClientKind::B2b,
        overdue: amount("1210.00"),
        days_overdue: 91,
        interest_rate: rate("0.115"),
        flat: amount("40.00"),
        interest: balance("34.69"),
    };
    assert_eq!(event, expected);
}

// F5 19.
#[test]
fn f5_19_half_of_the_issued_shares_must_be_represented() {
    use crate::meeting::*;
    let represented = |shares: u32| {
        sealed(open_vote(ItemKind::Statutes), 30_001)
            .and([attends(1, shares)])
            .when(open())
            .accepted()
            .with(holding(shares))
            .when(cast(1, 1, Choice::InFavour))
    };
    represented(15_000).is_refused(MeetingRefusal::NoQuorum {
        item: item(1),
        needed: 15_001,
        issued: 30_001,
        represented: 15_000,
    });
    represented(15_001).accepted();
}

// F5 20.
// columns: kind | for, against, abstained | adopted
#[rstest]
#[case::three_quarters(ItemKind::Statutes, [300, 100, 600], true)]
#[case::one_less(ItemKind::Statutes, [299, 100, 0], false)]
#[case::four_fifths(crate::meeting::OBJECT, [400, 100, 0], true)]
#[case::nobody_for_or_against(ItemKind::Statutes, [0, 0, 50], false)]
fn f5_20_abstentions_are_in_neither_numerator_nor_denominator(
    #[case] kind: ItemKind,
    #[case] votes: [u128; 3],
    #[case] adopted: bool,
) {
    assert_eq!(crate::meeting::decided(kind, votes), adopted);
}

// F5 21. One holds the votes of two who stay away.
// columns: votes represented | cap | of the holder's votes, how many stand
#[rstest]
#[case::nine(9, 1, 1)]
#[case::ten(10, 1, 1)]
#[case::twenty_five(25, 2, 2)]
#[case::thirty(30, 3, 3)]
fn f5_21_nobody_casts_more_than_a_tenth_and_one_vote_each_stands(
    #[case] represented: u32,
    #[case] cap: u32,
    #[case] stand: u32,
) {
    use crate::meeting::*;
    let (a, b) = (u128::from(represented) - 1, u128::from(represented));
    let begun = sealed(open_vote(ItemKind::Ordinary), 2_000)
        .and((1..a).map(|n| attends(n, 1)))
        .when(give(a, 1))
        .accepted()
        .when(give(b, 1))
        .accepted()
        .when(open())
        .accepted();
    let mut state = begun;
    for (n, giver) in (1..).zip([1, a, b]) {
        let outcome = state.clone().when(cast_for(giver, 1));
        if n <= stand {
            state = outcome.accepted();
        } else {
            let (by, item) = (voter(1), item(1));
            outcome.is_refused(MeetingRefusal::AboveTenth { by, item, votes: stand + 1, represented, cap });
        }
    }
}
