//! Trial balance, balance sheet and result of a year.

use domain::{Balance, Year};
use ledger::{Account, Book, Language};
use projections::annual_accounts::{HeadingRow, Statement, annual_accounts, annual_trial_balance};
use projections::port::Times;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };
const YEAR_2024: Year = Year::new(2024);
const YEAR_2025: Year = Year::new(2025);

/// An invoice of 2024 that is paid in 2025, when a wage and an expense are added.
fn two_years() -> World {
    let mut world = World::new();
    world.happens("2024-12-20", unit(1), invoiced(1, "5000.00"));
    world.happens("2025-01-15", unit(1), paid_by_client(1, "5000.00"));
    world.happens("2025-02-01", unit(1), invoiced(1, "800.00"));
    world.happens("2025-05-31", unit(1), wage_calculated(1));
    world.happens("2025-06-01", unit(1), expense_approved(1, "25.00"));
    world
}

/// The amount under a heading of the model.
pub fn amount_under(accounts: &[HeadingRow], statement: Statement, code: &str) -> Balance {
    let is_asked = |row: &&HeadingRow| row.heading.statement == statement && row.heading.code == code;
    accounts.iter().find(is_asked).expect("the model has such a heading").amount
}

/// Every heading that is not zero, as text.
fn shown(accounts: &[HeadingRow]) -> String {
    let of_interest = accounts.iter().filter(|row| row.amount != Balance::ZERO);
    let line = |row: &HeadingRow| {
        let indent = "  ".repeat(row.heading.depth.into());
        let name = row.heading.name(Language::Dutch);
        format!("{:<7}{:>10}  {indent}{name}\n", row.heading.code, row.amount)
    };
    of_interest.map(line).collect()
}

#[test]
fn a_balance_sheet_shows_the_running_result_in_equity() {
    let mut world = two_years();
    insta::assert_snapshot!(shown(&annual_accounts(world.views(), YEAR_2025, NOW).unwrap()), @r"
    29/58     5800.00    Vlottende activa
    40/41      800.00      Vorderingen op ten hoogste één jaar
    40         800.00        Handelsvorderingen
    54/58     5000.00      Liquide middelen
    20/58     5800.00  Totaal van de activa
    10/15     4525.00    Eigen vermogen
    14        4525.00      Overgedragen winst (verlies)
    17/49     1275.00    Schulden
    42/48     1275.00      Schulden op ten hoogste één jaar
    45        1250.00        Schulden met betrekking tot belastingen, bezoldigingen en sociale lasten
    450/3       96.58          Belastingen
    454/9     1153.42          Bezoldigingen en sociale lasten
    47/48       25.00        Overige schulden
    10/49     5800.00  Totaal van de passiva
    70/76A     800.00    Bedrijfsopbrengsten
    70         800.00      Omzet
    60/66A    1275.00    Bedrijfskosten
    61          25.00      Diensten en diverse goederen
    62        1250.00      Bezoldigingen, sociale lasten en pensioenen
    9901      -475.00  Bedrijfswinst (Bedrijfsverlies)
    9903      -475.00  Winst (Verlies) van het boekjaar vóór belasting
    9904      -475.00  Winst (Verlies) van het boekjaar
    9905      -475.00  Te bestemmen winst (verlies) van het boekjaar
    14P       5000.00    Overgedragen winst (verlies) van het vorige boekjaar
    9906      4525.00  Te bestemmen winst (verlies)
    14        4525.00  Over te dragen winst (verlies)
    ");
}

#[test]
fn a_year_is_told_apart_from_the_year_before() {
    let mut world = two_years();
    let accounts = annual_accounts(world.views(), YEAR_2024, NOW).unwrap();
    let amount = |statement, code| amount_under(&accounts, statement, code);
    assert_eq!(amount(Statement::Assets, "20/58"), euro("5000.00"));
    assert_eq!(amount(Statement::Result, "9904"), euro("5000.00"));
    assert_eq!(amount(Statement::Result, "14P"), euro("0.00"));
}

#[test]
fn a_trial_balance_opens_with_what_the_year_before_left() {
    let mut world = two_years();
    let rows = annual_trial_balance(world.views(), Book::General, YEAR_2025, NOW).unwrap();
    let of = |account| rows.iter().find(|row| row.account == account).unwrap();
    let customers = of(Account::Customers);
    assert_eq!((customers.opening, customers.closing), (euro("5000.00"), euro("800.00")));
    assert_eq!((customers.debit, customers.credit), (euro("800.00"), euro("5000.00")));
    assert_eq!(of(Account::Banks).opening, euro("0.00"));
    assert_eq!(of(Account::Banks).closing, euro("5000.00"));
}

#[test]
fn both_times_are_answered_for_annual_accounts() {
    let mut world = World::new();
    let first = world.happens("2025-01-10", unit(1), invoiced(1, "100.00"));
    world.happens("2025-03-05", unit(1), invoiced(1, "20.00"));
    let mut turnover = |times| {
        let accounts = annual_accounts(world.views(), YEAR_2025, times).unwrap();
        amount_under(&accounts, Statement::Result, "70")
    };
    assert_eq!(turnover(NOW), euro("120.00"));
    assert_eq!(turnover(as_of("2025-02-28")), euro("100.00"));
    assert_eq!(turnover(as_of("2024-12-31")), euro("0.00"));
    assert_eq!(turnover(known_at(first)), euro("100.00"));
}
