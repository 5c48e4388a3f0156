//! Filings: what the entity declares to the State for a period, and pays.
//!
//! One stream per return and period, such as `vat-2025-03`: the id says what is filed and for when. A
//! return carries no figures of its own; it declares what the books hold for the period and what no
//! earlier return has declared, so that it cannot differ from them. What is booked late into a period
//! that was filed goes into the next return.
//! Left out: prepayments (4118), corrections of a return once paid.
//! Source: DOMAIN C2 (VAT, NSSO, withholding), F2 (vat_return, nsso, withholding), F3 (filing).

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::{Day, Month, Year};
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance, TextVisitor};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};

/// What is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilingKind {
    /// The VAT return of a month or a quarter.
    Vat,
    /// The declaration of wages to NSSO (DmfA) of a quarter.
    Dmfa,
    /// The return of withheld tax of a month or a quarter.
    Withholding,
    /// The list of clients with a VAT number of a year.
    CustomerListing,
    /// The annual accounts of a year.
    Accounts,
}

/// For when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A month.
    Month(Month),
    /// A quarter of a year, 1 to 4.
    Quarter(Year, u8),
    /// A year.
    Year(Year),
}

/// One return of one period, written `vat-2025-03`, `dmfa-2025-q1`, `accounts-2025`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilingId {
    kind: FilingKind,
    period: Period,
}

/// What is due to the State and not declared yet; each is positive on its account's normal side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// VAT on sales (grid 54).
    pub on_sales: Balance,
    /// VAT on credit notes received (grid 63).
    pub on_credits_received: Balance,
    /// Recoverable VAT on purchases (grid 59).
    pub on_purchases: Balance,
    /// Recoverable VAT on lost debts (grid 62).
    pub on_lost_debts: Balance,
    /// Recoverable VAT on credit notes issued (grid 64).
    pub on_credits_issued: Balance,
    /// Contributions owed to NSSO.
    pub nsso: Balance,
    /// Tax withheld from wages.
    pub withholding: Balance,
}

/// What a filing's rules ask about the books and about other filings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FilingKnown {
    /// What the books hold up to the period's end, less what other returns have declared.
    pub due: Due,
    /// A return of the same kind for a later period.
    pub later: Option<FilingId>,
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the State.
    Paid,
    /// From the State.
    Received,
}

/// Whether the return of the period was filed, and what is open of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filing {
    filed: Option<Filed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Filed {
    /// Above zero: to pay; below: to recover.
    net: Balance,
    settled: Balance,
}

/// What can have happened to a filing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum FilingEvent {
    /// A VAT return was filed; the receipt names it.
    #[serde(rename = "vat_return.filed")]
    VatReturnFiled {
        on_sales: Balance,
        on_credits_received: Balance,
        on_purchases: Balance,
        on_lost_debts: Balance,
        on_credits_issued: Balance,
        net: Balance,
        receipt: Evidence,
    },
    /// VAT was paid, or came back.
    #[serde(rename = "vat_return.paid")]
    VatReturnPaid { direction: Direction, amount: Amount, evidence: Evidence },
    /// Wages were declared to NSSO.
    #[serde(rename = "dmfa.filed")]
    DmfaFiled { owed: Balance, receipt: Evidence },
    /// NSSO was paid, or paid back.
    #[serde(rename = "dmfa.paid")]
    DmfaPaid { direction: Direction, amount: Amount, evidence: Evidence },
    /// Withheld tax was declared.
    #[serde(rename = "withholding_return.filed")]
    WithholdingReturnFiled { owed: Balance, receipt: Evidence },
    /// Withheld tax was paid, or came back.
    #[serde(rename = "withholding_return.paid")]
    WithholdingReturnPaid { direction: Direction, amount: Amount, evidence: Evidence },
    /// The list of clients was filed.
    #[serde(rename = "customer_listing.filed")]
    CustomerListingFiled { receipt: Evidence },
    /// The annual accounts were filed.
    #[serde(rename = "accounts.filed")]
    AccountsFiled { receipt: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "filing.corrected")]
    Corrected(Correction<FilingEvent>),
}

kinds!(FilingEvent {
    VatReturnFiled = "vat_return.filed" v 1,
    VatReturnPaid = "vat_return.paid" v 1,
    DmfaFiled = "dmfa.filed" v 1,
    DmfaPaid = "dmfa.paid" v 1,
    WithholdingReturnFiled = "withholding_return.filed" v 1,
    WithholdingReturnPaid = "withholding_return.paid" v 1,
    CustomerListingFiled = "customer_listing.filed" v 1,
    AccountsFiled = "accounts.filed" v 1,
    Corrected = "filing.corrected" v 1,
});

/// What may be asked of a filing; its id says of which return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum FilingCommand {
    /// Record that it was filed, by the receipt of the office.
    File { receipt: Evidence },
    /// Record that it was paid or, when it is to recover, received; in whole or in part.
    Pay { amount: Amount, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<FilingCommand>),
}

/// Which rules of a filing can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum FilingRefusal {
    /// Once per entity and period.
    #[error("{filing} was filed already")]
    AlreadyFiled { filing: FilingId },
    /// A period is filed when it is over.
    #[error("{filing} covers the time up to {last_day} and cannot be filed on {effective_on}")]
    PeriodNotOver { filing: FilingId, last_day: Day, effective_on: Day },
    /// Returns are filed in the order of their periods, since each declares what is left.
    #[error("{filing} cannot be filed any more, since {later} has been")]
    LaterPeriodFiled { filing: FilingId, later: FilingId },
    /// What was not filed is not paid.
    #[error("{filing} was not filed")]
    NotFiled { filing: FilingId },
    /// Listings and accounts are filed, never paid.
    #[error("nothing is paid on {filing}")]
    NothingToPay { filing: FilingId },
    /// What was filed is paid, and no more.
    #[error("{asked} is more than the {open} that {filing} leaves open")]
    PaysTooMuch { filing: FilingId, open: Balance, asked: Amount },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(FilingRefusal {
    AlreadyFiled = "filing.already_filed",
    PeriodNotOver = "filing.period_not_over",
    LaterPeriodFiled = "filing.later_period_filed",
    NotFiled = "filing.not_filed",
    NothingToPay = "filing.nothing_to_pay",
    PaysTooMuch = "filing.pays_too_much",
});

impl StreamEvent for FilingEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::VatReturnFiled { receipt, .. }
            | Self::DmfaFiled { receipt, .. }
            | Self::WithholdingReturnFiled { receipt, .. }
            | Self::CustomerListingFiled { receipt }
            | Self::AccountsFiled { receipt } => vec![Claim::of_document(receipt)],
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::VatReturnPaid { .. } | Self::DmfaPaid { .. } | Self::WithholdingReturnPaid { .. } => {
                Vec::new()
            }
        }
    }
}

impl Stream for Filing {
    const TYPE: &'static str = "filing";
    const STATE_VERSION: u16 = 1;
    type Id = FilingId;
    type Command = FilingCommand;
    type Event = FilingEvent;
    type Refusal = FilingRefusal;
    type Known = FilingKnown;

    fn stream_id(id: FilingId) -> StreamId {
        StreamId::Filing(id)
    }

    fn decide(
        &self,
        filing: FilingId,
        command: &FilingCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<FilingEvent>, FilingRefusal> {
        match command {
            FilingCommand::File { receipt } => self.file(filing, *receipt, facts).map(|event| vec![event]),
            FilingCommand::Pay { amount, evidence } => {
                self.pay(filing, *amount, *evidence).map(|event| vec![event])
            }
            FilingCommand::Correct(correct) => {
                // What a later return declared rests on what this one did; payments do not.
                let filed = facts.original.as_ref().filter(|original| original.event.net().is_some());
                if let (Some(_), Some(later)) = (filed, facts.known.later) {
                    return Err(FilingRefusal::LaterPeriodFiled { filing, later });
                }
                decide_correction(self, filing, correct, facts)
            }
        }
    }

    fn evolve(&mut self, event: &FilingEvent) {
        if let Some(net) = event.net() {
            self.filed = Some(Filed { net, settled: Balance::ZERO });
        } else if let Some(amount) = event.settles() {
            self.settle(amount.balance());
        } else if let FilingEvent::Corrected(correction) = event {
            evolve_correction(self, correction);
        }
    }

    fn void(&mut self, original: &FilingEvent) -> Result<(), CorrectionRefused> {
        if original.net().is_some() {
            if self.filed.is_none_or(|filed| filed.settled != Balance::ZERO) {
                let because = "it was paid since, or taken back before";
                return Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
            }
            self.filed = None;
        } else if let Some(amount) = original.settles() {
            if self.filed.is_none_or(|filed| filed.settled < amount.balance()) {
                let because = "it was taken back before";
                return Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
            }
            self.settle(-amount.balance());
        } else if let FilingEvent::Corrected(correction) = original {
            return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
        }
        Ok(())
    }

    fn corrected(correction: Correction<FilingEvent>) -> FilingEvent {
        FilingEvent::Corrected(correction)
    }
}

impl Filing {
    fn file(
        &self,
        filing: FilingId,
        receipt: Evidence,
        facts: &Facts<Self>,
    ) -> Result<FilingEvent, FilingRefusal> {
        if self.filed.is_some() {
            return Err(FilingRefusal::AlreadyFiled { filing });
        }
        let (last_day, effective_on) = (filing.last_day(), facts.effective_on);
        if effective_on < last_day {
            return Err(FilingRefusal::PeriodNotOver { filing, last_day, effective_on });
        }
        let FilingKnown { due, later } = facts.known;
        if let Some(later) = later {
            return Err(FilingRefusal::LaterPeriodFiled { filing, later });
        }
        Ok(match filing.kind {
            FilingKind::Vat => FilingEvent::VatReturnFiled {
                on_sales: due.on_sales,
                on_credits_received: due.on_credits_received,
                on_purchases: due.on_purchases,
                on_lost_debts: due.on_lost_debts,
                on_credits_issued: due.on_credits_issued,
                net: due.vat(),
                receipt,
            },
            FilingKind::Dmfa => FilingEvent::DmfaFiled { owed: due.nsso, receipt },
            FilingKind::Withholding => FilingEvent::WithholdingReturnFiled { owed: due.withholding, receipt },
            FilingKind::CustomerListing => FilingEvent::CustomerListingFiled { receipt },
            FilingKind::Accounts => FilingEvent::AccountsFiled { receipt },
        })
    }

    fn pay(
        &self,
        filing: FilingId,
        amount: Amount,
        evidence: Evidence,
    ) -> Result<FilingEvent, FilingRefusal> {
        if matches!(filing.kind, FilingKind::CustomerListing | FilingKind::Accounts) {
            return Err(FilingRefusal::NothingToPay { filing });
        }
        let Filed { net, settled } = self.filed.ok_or(FilingRefusal::NotFiled { filing })?;
        let (direction, owed) =
            if net.is_negative() { (Direction::Received, -net) } else { (Direction::Paid, net) };
        let open = owed - settled;
        if amount.balance() > open {
            return Err(FilingRefusal::PaysTooMuch { filing, open, asked: amount });
        }
        Ok(match filing.kind {
            FilingKind::Vat => FilingEvent::VatReturnPaid { direction, amount, evidence },
            FilingKind::Dmfa => FilingEvent::DmfaPaid { direction, amount, evidence },
            FilingKind::Withholding => FilingEvent::WithholdingReturnPaid { direction, amount, evidence },
            FilingKind::CustomerListing | FilingKind::Accounts => unreachable!("answered above"),
        })
    }

    fn settle(&mut self, amount: Balance) {
        let filed = self.filed.as_mut().expect("only what was filed is paid");
        filed.settled = filed.settled + amount;
    }
}

impl FilingEvent {
    /// What a return leaves to pay (above zero) or to recover; none when the event files nothing.
    fn net(&self) -> Option<Balance> {
        match self {
            Self::VatReturnFiled { net, .. } => Some(*net),
            Self::DmfaFiled { owed, .. } | Self::WithholdingReturnFiled { owed, .. } => Some(*owed),
            Self::CustomerListingFiled { .. } | Self::AccountsFiled { .. } => Some(Balance::ZERO),
            Self::VatReturnPaid { .. }
            | Self::DmfaPaid { .. }
            | Self::WithholdingReturnPaid { .. }
            | Self::Corrected(_) => None,
        }
    }

    fn settles(&self) -> Option<Amount> {
        match self {
            Self::VatReturnPaid { amount, .. }
            | Self::DmfaPaid { amount, .. }
            | Self::WithholdingReturnPaid { amount, .. } => Some(*amount),
            _ => None,
        }
    }

    /// What a return declares of what is due; none when the event is no return of amounts.
    pub fn declares(&self) -> Option<Due> {
        match self {
            Self::VatReturnFiled {
                on_sales,
                on_credits_received,
                on_purchases,
                on_lost_debts,
                on_credits_issued,
                ..
            } => Some(Due {
                on_sales: *on_sales,
                on_credits_received: *on_credits_received,
                on_purchases: *on_purchases,
                on_lost_debts: *on_lost_debts,
                on_credits_issued: *on_credits_issued,
                ..Due::default()
            }),
            Self::DmfaFiled { owed, .. } => Some(Due { nsso: *owed, ..Due::default() }),
            Self::WithholdingReturnFiled { owed, .. } => Some(Due { withholding: *owed, ..Due::default() }),
            Self::CustomerListingFiled { .. } | Self::AccountsFiled { .. } => Some(Due::default()),
            _ => None,
        }
    }
}

impl Due {
    /// VAT to pay when above zero, to recover when below.
    pub fn vat(&self) -> Balance {
        self.on_sales + self.on_credits_received
            - self.on_purchases
            - self.on_lost_debts
            - self.on_credits_issued
    }

    fn zip(self, other: Self, with: fn(Balance, Balance) -> Balance) -> Self {
        Self {
            on_sales: with(self.on_sales, other.on_sales),
            on_credits_received: with(self.on_credits_received, other.on_credits_received),
            on_purchases: with(self.on_purchases, other.on_purchases),
            on_lost_debts: with(self.on_lost_debts, other.on_lost_debts),
            on_credits_issued: with(self.on_credits_issued, other.on_credits_issued),
            nsso: with(self.nsso, other.nsso),
            withholding: with(self.withholding, other.withholding),
        }
    }
}

impl Add for Due {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.zip(other, Add::add)
    }
}

impl Sub for Due {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.zip(other, Sub::sub)
    }
}

impl FilingId {
    /// The return of this kind for this period, where that kind is filed for such periods.
    pub const fn try_new(kind: FilingKind, period: Period) -> Option<Self> {
        match (kind, period) {
            (FilingKind::Vat | FilingKind::Withholding, Period::Month(_))
            | (FilingKind::Vat | FilingKind::Withholding | FilingKind::Dmfa, Period::Quarter(_, 1..=4))
            | (FilingKind::CustomerListing | FilingKind::Accounts, Period::Year(_)) => {
                Some(Self { kind, period })
            }
            _ => None,
        }
    }

    /// What is filed.
    pub const fn kind(self) -> FilingKind {
        self.kind
    }

    /// The last day that it covers.
    pub fn last_day(self) -> Day {
        match self.period {
            Period::Month(month) => month.last_day(),
            Period::Quarter(year, quarter) => {
                let month = u32::from(quarter) * 3;
                let day = Day::try_new(i32::from(year.number()), month, 1);
                day.expect("a quarter ends with a month").month().last_day()
            }
            Period::Year(year) => year.last_day(),
        }
    }
}

impl FilingKind {
    const ALL: [Self; 5] = [Self::Vat, Self::Dmfa, Self::Withholding, Self::CustomerListing, Self::Accounts];

    /// The word for it in an id.
    const fn word(self) -> &'static str {
        match self {
            Self::Vat => "vat",
            Self::Dmfa => "dmfa",
            Self::Withholding => "withholding",
            Self::CustomerListing => "customer-listing",
            Self::Accounts => "accounts",
        }
    }
}

impl fmt::Display for FilingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.word();
        match self.period {
            Period::Month(month) => write!(f, "{kind}-{month}"),
            Period::Quarter(year, quarter) => write!(f, "{kind}-{year}-q{quarter}"),
            Period::Year(year) => write!(f, "{kind}-{year}"),
        }
    }
}

impl fmt::Debug for FilingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FilingId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let of_kind =
                |kind: &FilingKind| Some((*kind, text.strip_prefix(kind.word())?.strip_prefix('-')?));
            let (kind, period) = FilingKind::ALL.iter().find_map(of_kind)?;
            let year = |text: &str| format!("{text}-01-01").parse::<Day>().ok().map(Day::year);
            let period = match period.split_once("-q") {
                Some((of, "1" | "2" | "3" | "4")) => {
                    let quarter = period.as_bytes()[period.len() - 1] - b'0';
                    Period::Quarter(year(of)?, quarter)
                }
                Some(_) => return None,
                None if period.len() == 4 => Period::Year(year(period)?),
                None => Period::Month(period.parse().ok()?),
            };
            Self::try_new(kind, period)
        };
        parse().ok_or_else(|| {
            format!("expected a return and its period such as \"vat-2025-03\", found {text:?}")
        })
    }
}

impl Serialize for FilingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FilingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "a return and its period such as \"vat-2025-03\"",
            parse: str::parse,
        })
    }
}
