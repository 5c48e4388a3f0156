//! What is open on a day, invoice by invoice, and by age for all, for each unit and for each client.

use std::collections::BTreeMap;

use domain::ids::{ClientId, InvoiceId, OrderId, UnitId};
use domain::{Amount, Balance, Day, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// An invoice on which something is open, or was paid too much of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receivable {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Who invoiced.
    pub unit: UnitId,
    /// Who owes.
    pub client: ClientId,
    /// The order that it answers.
    pub order: Option<OrderId>,
    /// Position of the event that issued it.
    pub position: Position,
    /// When it was issued.
    pub issued_on: Day,
    /// Until when it was to be paid.
    pub due_on: Day,
    /// Under a payment plan, when the first instalment that is not paid yet is due.
    pub instalment_due_on: Option<Day>,
    /// What was invoiced, with VAT.
    pub gross: Balance,
    /// The indemnity asked for paying late.
    pub indemnity: Balance,
    /// The interest asked for paying late.
    pub interest: Balance,
    /// What credit notes took back, with VAT.
    pub credited: Balance,
    /// What the client paid.
    pub paid: Balance,
    /// What the client paid after it had become doubtful.
    pub recovered: Balance,
    /// What was lost for good.
    pub written_off: Balance,
    /// What the client owes; below zero when the cooperative does.
    pub open: Balance,
    /// What of it is doubtful.
    pub doubtful: Balance,
    /// Whether the client disputes it.
    pub is_disputed: bool,
    /// Whether somebody else collects it.
    pub is_handed_over: bool,
    /// The level of the last reminder; 0 before the first.
    pub reminder_level: u64,
    /// When that was sent.
    pub last_reminded_on: Option<Day>,
    /// For how many days it is late.
    pub days_overdue: u32,
    /// The same as a bucket.
    pub age: Age,
    /// What the guarantee fund advanced and waits for.
    pub advanced: Balance,
    /// What the fund may still advance: the unit waits for it, and the client owes it.
    pub advance_max: Balance,
}

/// How late something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// The client may still pay in time.
    NotDue,
    /// 1 to 30 days late.
    Days1To30,
    /// 31 to 60 days late.
    Days31To60,
    /// 61 to 90 days late.
    Days61To90,
    /// More than 90 days late.
    Over90Days,
}

/// What is open by age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Aged {
    /// How many invoices.
    pub n_invoices: u64,
    /// What the client may still pay in time.
    pub not_due: Balance,
    /// What is 1 to 30 days late.
    pub days_1_to_30: Balance,
    /// What is 31 to 60 days late.
    pub days_31_to_60: Balance,
    /// What is 61 to 90 days late.
    pub days_61_to_90: Balance,
    /// What is more than 90 days late.
    pub over_90_days: Balance,
    /// All of it: what accounts 400 and 407 hold.
    pub open: Balance,
    /// What of it is doubtful: what account 407 holds.
    pub doubtful: Balance,
    /// What of it is disputed.
    pub disputed: Balance,
}

impl Age {
    /// The bucket of so many days.
    pub fn of(days_overdue: u32) -> Self {
        match days_overdue {
            0 => Self::NotDue,
            1..=30 => Self::Days1To30,
            31..=60 => Self::Days31To60,
            61..=90 => Self::Days61To90,
            91.. => Self::Over90Days,
        }
    }

    /// Its word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotDue => "not due",
            Self::Days1To30 => "1-30",
            Self::Days31To60 => "31-60",
            Self::Days61To90 => "61-90",
            Self::Over90Days => "> 90",
        }
    }
}

/// Every invoice on which something is open at both times, in the order of issue; its age is that on
/// a day, which need not be the last day of the question.
pub fn receivables(reader: &dyn Reader, times: Times, on: Day) -> Result<Vec<Receivable>, ReadError> {
    let parameters = [times.day(), times.position()];
    let sum = |column: &str, kind: &str| {
        format!("CAST(SUM(CASE WHEN kind = '{kind}' THEN {column} ELSE 0 END) AS BIGINT)")
    };
    let columns = [
        sum("open", "indemnity"),
        sum("open", "interest"),
        sum("-open", "credited"),
        sum("-open", "paid"),
        sum("-open", "recovered"),
        sum("-open", "written_off"),
        "CAST(SUM(open) AS BIGINT)".to_owned(),
        "CAST(SUM(doubtful) AS BIGINT)".to_owned(),
        sum("n", "disputed"),
        sum("n", "settled"),
        sum("n", "handed_over"),
        sum("n", "reminded"),
        format!("MAX(CASE WHEN kind = 'reminded' AND n = 1 AND {NOT_VOIDED} THEN effective_on END)"),
        "CAST(SUM(unit_share) AS BIGINT)".to_owned(),
        "CAST(SUM(pending) AS BIGINT)".to_owned(),
        "CAST(SUM(advanced) AS BIGINT)".to_owned(),
    ];
    let named: Vec<String> = (1..).zip(&columns).map(|(n, column)| format!("{column} AS s{n}")).collect();
    let read: Vec<String> = (1..=columns.len()).map(|n| format!("sums.s{n}")).collect();
    let found = reader.query(
        &format!(
            "SELECT issued.position, issued.invoice, issued.number, issued.unit, issued.client, issued.order_id,
                    issued.effective_on, issued.due_on, issued.gross, {}
             FROM (SELECT invoice, {}
                   FROM receivable_lines
                   WHERE effective_on <= ?1 AND position <= ?2
                     AND invoice IN (SELECT invoice
                                     FROM receivable_lines
                                     WHERE effective_on <= ?1 AND position <= ?2
                                     GROUP BY invoice
                                     HAVING SUM(open) <> 0)
                   GROUP BY invoice) AS sums
             JOIN receivable_invoices AS issued ON issued.invoice = sums.invoice
             WHERE issued.effective_on <= ?1 AND issued.position <= ?2
             ORDER BY issued.position",
            read.join(", "),
            named.join(", ")
        ),
        &parameters,
    )?;
    let plans = plans(reader, times)?;
    found.iter().map(|cells| receivable(cells, on, &plans)).collect()
}

/// What is open by age, all together.
pub fn total(receivables: &[Receivable]) -> Aged {
    receivables.iter().fold(Aged::default(), Aged::with)
}

/// What is open by age, for each unit, in the order of their ids.
pub fn by_unit(receivables: &[Receivable]) -> Vec<(UnitId, Aged)> {
    grouped(receivables, |receivable| receivable.unit)
}

/// What is open by age, for each client, in the order of their ids.
pub fn by_client(receivables: &[Receivable]) -> Vec<(ClientId, Aged)> {
    grouped(receivables, |receivable| receivable.client)
}

fn grouped<K: Ord>(receivables: &[Receivable], of: impl Fn(&Receivable) -> K) -> Vec<(K, Aged)> {
    let mut groups = BTreeMap::<K, Aged>::new();
    for receivable in receivables {
        let aged = groups.entry(of(receivable)).or_default();
        *aged = aged.with(receivable);
    }
    groups.into_iter().collect()
}

impl Aged {
    fn with(mut self, receivable: &Receivable) -> Self {
        let bucket = match receivable.age {
            Age::NotDue => &mut self.not_due,
            Age::Days1To30 => &mut self.days_1_to_30,
            Age::Days31To60 => &mut self.days_31_to_60,
            Age::Days61To90 => &mut self.days_61_to_90,
            Age::Over90Days => &mut self.over_90_days,
        };
        *bucket = *bucket + receivable.open;
        self.n_invoices += 1;
        self.open = self.open + receivable.open;
        self.doubtful = self.doubtful + receivable.doubtful;
        if receivable.is_disputed {
            self.disputed = self.disputed + receivable.open;
        }
        self
    }
}

/// Whether a fact was not taken back: `?1` is the last day, `?2` the last position.
const NOT_VOIDED: &str = "position NOT IN
     (SELECT voids
      FROM receivable_lines
      WHERE voids IS NOT NULL AND effective_on <= ?1 AND position <= ?2)";

/// The instalments of each payment plan in force, in the order of their days.
type Plans = BTreeMap<InvoiceId, Vec<(Day, Balance)>>;

fn plans(reader: &dyn Reader, times: Times) -> Result<Plans, ReadError> {
    let found = reader.query(
        &format!(
            "SELECT invoice, due_on, amount
             FROM receivable_instalments
             WHERE effective_on <= ?1 AND position <= ?2 AND {NOT_VOIDED}
             ORDER BY position, n"
        ),
        &[times.day(), times.position()],
    )?;
    let mut plans = Plans::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let invoice = InvoiceId::new(row.id()?);
        plans.entry(invoice).or_default().push((row.day()?, row.balance()?));
    }
    Ok(plans)
}

fn receivable(cells: &[Cell], on: Day, plans: &Plans) -> Result<Receivable, ReadError> {
    let mut row = Row::new(cells);
    let position = row.position()?;
    let invoice = InvoiceId::new(row.id()?);
    let number = row.text()?.to_owned();
    let (unit, client) = (row.unit()?, ClientId::new(row.id()?));
    let order = row.optional_id()?.map(OrderId::new);
    let (issued_on, due_on, gross) = (row.day()?, row.day()?, row.balance()?);
    let (indemnity, interest, credited, paid) =
        (row.balance()?, row.balance()?, row.balance()?, row.balance()?);
    let (recovered, written_off) = (row.balance()?, row.balance()?);
    let (open, doubtful) = (row.balance()?, row.balance()?);
    let is_disputed = row.integer()? > row.integer()?;
    let is_handed_over = row.integer()? > 0;
    let (reminder_level, last_reminded_on) = (row.count()?, row.optional_day()?);
    let (unit_share, pending, advanced) = (row.balance()?, row.balance()?, row.balance()?);
    let instalment_due_on = plans.get(&invoice).and_then(|plan| first_unpaid(plan, open));
    let days_late = on.number() - instalment_due_on.unwrap_or(due_on).number();
    let days_overdue = if open > Balance::ZERO { u32::try_from(days_late).unwrap_or(0) } else { 0 };
    let advance_max = if doubtful == Balance::ZERO {
        let owed = unit_part(unit_share, gross - credited - paid, gross - credited);
        pending.min(owed - advanced).max(Balance::ZERO)
    } else {
        Balance::ZERO
    };
    Ok(Receivable {
        invoice,
        number,
        unit,
        client,
        order,
        position,
        issued_on,
        due_on,
        instalment_due_on,
        gross,
        indemnity,
        interest,
        credited,
        paid,
        recovered,
        written_off,
        open,
        doubtful,
        is_disputed,
        is_handed_over,
        reminder_level,
        last_reminded_on,
        days_overdue,
        age: Age::of(days_overdue),
        advanced,
        advance_max,
    })
}

/// The day of the first instalment that is not paid yet: payments settle them in order.
fn first_unpaid(plan: &[(Day, Balance)], open: Balance) -> Option<Day> {
    let mut left = open;
    let mut found = None;
    for (due_on, amount) in plan.iter().rev() {
        if left <= Balance::ZERO {
            break;
        }
        found = Some(*due_on);
        left = left - *amount;
    }
    found
}

/// The unit's part of what is owed on the invoice itself, by the rounding of the unit's rules.
fn unit_part(unit_share: Balance, owed: Balance, whole: Balance) -> Balance {
    match (Amount::try_from(owed), Amount::try_from(whole)) {
        (Ok(owed), Ok(whole)) => unit_share.share(owed, whole),
        _ => Balance::ZERO,
    }
}
