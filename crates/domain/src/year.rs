//! A fiscal year: opened, booked in, tested, closed, and its accounts approved.
//!
//! Nothing takes effect on a day whose year is not open. A fiscal year is a calendar year. What the
//! units have not spent is no result of the cooperative: it is deferred on the last day and comes
//! back on the first day of the next year. Closing has one order:
//!
//! ```text
//! deferred (31 December) → closed → audited → approved → result allocated
//! ```
//!
//! Commands bring decisions and papers; the figures come from the books as facts and are written into
//! the events. There is no dividend.
//! Source: WVV 6:115, 6:116; WER III.88; statutes art. 43; DOMAIN E5, E16, F2 (year), I4.

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};

/// For how many months the debts must be payable after a distribution.
///
/// Source: WVV 6:116.
pub const LIQUIDITY_MONTHS: u32 = 12;

/// A fiscal year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FiscalYear {
    stage: Stage,
    /// What the units had not spent on the last day, once it is deferred.
    deferred: Option<Amount>,
    reversed: bool,
}

/// How far a fiscal year has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It was never opened.
    #[default]
    Unknown,
    /// It takes bookings.
    Open,
    /// It takes none any more.
    Closed,
    /// The auditor has reported on its accounts.
    Audited,
    /// The general meeting has approved its accounts.
    Approved,
    /// The general meeting has allocated its result.
    Allocated,
}

/// What can have happened to a fiscal year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum YearEvent {
    /// Bookings may take effect in it.
    #[serde(rename = "year.opened")]
    Opened { first_day: Day, last_day: Day },
    /// Nothing takes effect in it any more.
    #[serde(rename = "year.closed")]
    Closed {},
    /// The board tested whether the cooperative can pay its leavers.
    #[serde(rename = "tests.recorded")]
    TestsRecorded {
        net_assets: Balance,
        shares: u64,
        net_assets_per_share: Balance,
        unavailable_equity: Balance,
        room: Balance,
        net_assets_passed: bool,
        debts_payable_months: u32,
        horizon_months: u32,
        liquidity_passed: bool,
        evidence: Evidence,
    },
    /// What the units had not spent on the last day is income of the next year.
    #[serde(rename = "unit_balances.deferred")]
    UnitBalancesDeferred { amount: Amount },
    /// What was deferred is income of the year that begins.
    #[serde(rename = "unit_balances.reversed")]
    UnitBalancesReversed { amount: Amount },
    /// The auditor reported on the accounts.
    #[serde(rename = "accounts.audited")]
    AccountsAudited { evidence: Evidence },
    /// The general meeting approved the accounts.
    #[serde(rename = "accounts.approved")]
    AccountsApproved { evidence: Evidence },
    /// The general meeting allocated the result: a part to the reserves, the rest carried forward.
    #[serde(rename = "result.allocated")]
    ResultAllocated { result: Balance, to_reserves: Balance, carried_forward: Balance, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "year.corrected")]
    Corrected(Correction<YearEvent>),
}

kinds!(YearEvent {
    Opened = "year.opened" v 1,
    Closed = "year.closed" v 1,
    TestsRecorded = "tests.recorded" v 1,
    UnitBalancesDeferred = "unit_balances.deferred" v 1,
    UnitBalancesReversed = "unit_balances.reversed" v 1,
    AccountsAudited = "accounts.audited" v 1,
    AccountsApproved = "accounts.approved" v 1,
    ResultAllocated = "result.allocated" v 1,
    Corrected = "year.corrected" v 1,
});

/// What may be asked of a fiscal year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum YearCommand {
    /// Let bookings take effect in it.
    OpenYear {},
    /// Let nothing take effect in it any more.
    CloseYear {},
    /// Record the board's tests: net assets against unavailable equity, and for how many months the
    /// debts can be paid.
    RecordTests {
        net_assets: Balance,
        unavailable_equity: Balance,
        debts_payable_months: u32,
        evidence: Evidence,
    },
    /// Defer what the units have not spent.
    DeferUnitBalances {},
    /// Take what was deferred into the year that begins.
    ReverseUnitBalances {},
    /// Record the auditor's report.
    AuditAccounts { evidence: Evidence },
    /// Record that the general meeting approved the accounts.
    ApproveAccounts { evidence: Evidence },
    /// Allocate the result; what does not go to the reserves is carried forward.
    AllocateResult {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_reserves: Option<Amount>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dividend: Option<Amount>,
        evidence: Evidence,
    },
    /// Correct an earlier event.
    Correct(Correct<YearCommand>),
}

/// What a fiscal year's rules ask of the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearKnown {
    /// Income less charges that took effect in it, without appropriation and deferred budgets.
    pub made: Balance,
    /// What the units hold of their own at its end: pending, available and reserved, less what is lent
    /// to them. Source: DOMAIN F2, I4.
    pub held: Balance,
    /// What stands deferred at its end.
    pub deferred: Balance,
    /// By how much it changed what stands deferred.
    pub deferred_change: Balance,
    /// How many shares all members hold now.
    pub shares: u64,
}

impl YearKnown {
    /// The result of the year: what was made, less what is deferred, with what came back.
    pub fn result(&self) -> Balance {
        self.made - self.deferred_change
    }
}

/// What the latest tests allow to be paid to leavers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// Whether both tests passed.
    pub passed: bool,
    /// By how much net assets are above what must stay, less what was paid since.
    pub room: Balance,
}

/// Which rules of a fiscal year can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum YearRefusal {
    /// A year opens once.
    #[error("fiscal year {year} was already opened")]
    AlreadyOpened { year: Year },
    /// Terms that begin in a year must end within the calendar.
    #[error("fiscal year {year} cannot be opened; the calendar here ends {last}")]
    BeyondCalendar { year: Year, last: Year },
    /// Only an open year closes.
    #[error("fiscal year {year} is not open and cannot be closed")]
    NotOpen { year: Year },
    /// A year closes after its last day.
    #[error("fiscal year {year} ends on {last_day} and cannot close on {effective_on}")]
    NotOver { year: Year, last_day: Day, effective_on: Day },
    /// Closing has one order.
    #[error("fiscal year {year} is {found:?}; this needs one that is {expected}")]
    OutOfOrder { year: Year, found: Stage, expected: &'static str },
    /// Tests are those of the year in which they are made.
    #[error("{effective_on} lies outside fiscal year {year}")]
    OutsideYear { year: Year, effective_on: Day },
    /// What is unspent is known on the last day.
    #[error("unit balances of {year} are deferred on {last_day}, not on {effective_on}")]
    DeferredOnLastDay { year: Year, last_day: Day, effective_on: Day },
    /// Deferred once; a correction comes before a second time.
    #[error("{amount} of unit balances of {year} is deferred already")]
    AlreadyDeferred { year: Year, amount: Amount },
    /// Only what the units hold is deferred.
    #[error("the units hold {held} at the end of {year}; there is nothing to defer")]
    NothingToDefer { year: Year, held: Balance },
    /// Source: DOMAIN I4.
    #[error("{deferred} stands deferred at the end of {year}, and the units hold {held}")]
    DeferredIsNotHeld { year: Year, deferred: Balance, held: Balance },
    /// What was deferred comes back once.
    #[error("no unit balances of {year} are deferred that did not come back already")]
    NothingToReverse { year: Year },
    /// It comes back on the first day.
    #[error("unit balances of {year} come back on {first_day}, not on {effective_on}")]
    ReversedOnFirstDay { year: Year, first_day: Day, effective_on: Day },
    /// Source: statutes art. 43; DOMAIN E16.
    #[error("a dividend of {amount} was asked for; the cooperative pays none")]
    NoDividend { amount: Amount },
    /// Reserves are made of profit.
    #[error("{asked} to the reserves is more than the result of {result}")]
    MoreThanResult { asked: Amount, result: Balance },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(YearRefusal {
    AlreadyOpened = "year.already_opened",
    BeyondCalendar = "year.beyond_calendar",
    NotOpen = "year.not_open_to_close",
    NotOver = "year.not_over",
    OutOfOrder = "year.out_of_order",
    OutsideYear = "year.outside",
    DeferredOnLastDay = "year.deferred_on_last_day",
    AlreadyDeferred = "year.already_deferred",
    NothingToDefer = "year.nothing_to_defer",
    DeferredIsNotHeld = "year.deferred_is_not_held",
    NothingToReverse = "year.nothing_to_reverse",
    ReversedOnFirstDay = "year.reversed_on_first_day",
    NoDividend = "year.no_dividend",
    MoreThanResult = "year.more_than_result",
});

impl FiscalYear {
    /// The last year that can be opened: days run to 2199, and terms of up to 10,000 working days
    /// that begin in it must end within them.
    pub const LAST: Year = Year::new(2150);

    /// Whether it takes bookings.
    pub fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    fn require(&self, year: Year, stage: Stage, expected: &'static str) -> Result<(), YearRefusal> {
        if self.stage == stage {
            return Ok(());
        }
        Err(YearRefusal::OutOfOrder { year, found: self.stage, expected })
    }

    fn require_last_day(year: Year, effective_on: Day) -> Result<(), YearRefusal> {
        let last_day = year.last_day();
        if effective_on == last_day {
            return Ok(());
        }
        Err(YearRefusal::DeferredOnLastDay { year, last_day, effective_on })
    }
}

/// Tests net assets against what must stay, and the debts against the time they must be payable for.
///
/// Net assets may fall neither below zero nor below the equity that is unavailable. The value of a
/// share is rounded down, so that all shares together are never worth more than the net assets.
/// Source: WVV 6:115, 6:116; DOMAIN E14.
fn tested(
    (net_assets, unavailable_equity): (Balance, Balance),
    debts_payable_months: u32,
    shares: u64,
    evidence: Evidence,
) -> YearEvent {
    let room = net_assets - unavailable_equity.max(Balance::ZERO);
    let shares_signed = i64::try_from(shares).expect("shares are counted within 63 bits").max(1);
    YearEvent::TestsRecorded {
        net_assets,
        shares,
        net_assets_per_share: Balance::from_cents(net_assets.cents().div_euclid(shares_signed)),
        unavailable_equity,
        room,
        net_assets_passed: !room.is_negative(),
        debts_payable_months,
        horizon_months: LIQUIDITY_MONTHS,
        liquidity_passed: debts_payable_months >= LIQUIDITY_MONTHS,
        evidence,
    }
}

impl StreamEvent for YearEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Opened { .. }
            | Self::Closed {}
            | Self::TestsRecorded { .. }
            | Self::UnitBalancesDeferred { .. }
            | Self::UnitBalancesReversed { .. }
            | Self::AccountsAudited { .. }
            | Self::AccountsApproved { .. }
            | Self::ResultAllocated { .. } => Vec::new(),
        }
    }
}

impl Stream for FiscalYear {
    const TYPE: &'static str = "year";
    const STATE_VERSION: u16 = 2;
    const BOUND_TO_OPEN_YEAR: bool = false;
    type Id = Year;
    type Command = YearCommand;
    type Event = YearEvent;
    type Refusal = YearRefusal;
    type Known = YearKnown;

    fn stream_id(year: Year) -> StreamId {
        StreamId::Year(year)
    }

    fn decide(
        &self,
        year: Year,
        command: &YearCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<YearEvent>, YearRefusal> {
        match command {
            YearCommand::OpenYear {} => match self.stage {
                Stage::Unknown if year > Self::LAST => {
                    Err(YearRefusal::BeyondCalendar { year, last: Self::LAST })
                }
                Stage::Unknown => {
                    Ok(vec![YearEvent::Opened { first_day: year.first_day(), last_day: year.last_day() }])
                }
                Stage::Open | Stage::Closed | Stage::Audited | Stage::Approved | Stage::Allocated => {
                    Err(YearRefusal::AlreadyOpened { year })
                }
            },
            YearCommand::RecordTests { net_assets, unavailable_equity, debts_payable_months, evidence } => {
                self.require(year, Stage::Open, "open")?;
                let effective_on = facts.effective_on;
                if effective_on.year() != year {
                    return Err(YearRefusal::OutsideYear { year, effective_on });
                }
                let figures = (*net_assets, *unavailable_equity);
                Ok(vec![tested(figures, *debts_payable_months, facts.known.shares, *evidence)])
            }
            YearCommand::DeferUnitBalances {} => {
                self.require(year, Stage::Open, "open")?;
                Self::require_last_day(year, facts.effective_on)?;
                if let Some(amount) = self.deferred {
                    return Err(YearRefusal::AlreadyDeferred { year, amount });
                }
                let held = facts.known.held;
                let amount =
                    Amount::try_from(held).map_err(|_| YearRefusal::NothingToDefer { year, held })?;
                Ok(vec![YearEvent::UnitBalancesDeferred { amount }])
            }
            YearCommand::CloseYear {} => {
                if !self.is_open() {
                    return Err(YearRefusal::NotOpen { year });
                }
                let (last_day, effective_on) = (year.last_day(), facts.effective_on);
                if effective_on < last_day {
                    return Err(YearRefusal::NotOver { year, last_day, effective_on });
                }
                // Whether budgets are deferred at all is the auditor's choice; what is deferred must
                // be what the units hold, so nothing was booked since and nothing older is left over.
                let (deferred, held) = (facts.known.deferred, facts.known.held);
                if deferred != Balance::ZERO && deferred != held {
                    return Err(YearRefusal::DeferredIsNotHeld { year, deferred, held });
                }
                Ok(vec![YearEvent::Closed {}])
            }
            YearCommand::ReverseUnitBalances {} => {
                if matches!(self.stage, Stage::Unknown | Stage::Open) {
                    return Err(YearRefusal::OutOfOrder { year, found: self.stage, expected: "closed" });
                }
                let amount = self.deferred.filter(|_| !self.reversed);
                let amount = amount.ok_or(YearRefusal::NothingToReverse { year })?;
                let (first_day, effective_on) = (year.next().first_day(), facts.effective_on);
                if effective_on != first_day {
                    return Err(YearRefusal::ReversedOnFirstDay { year, first_day, effective_on });
                }
                facts.require_open_year()?;
                Ok(vec![YearEvent::UnitBalancesReversed { amount }])
            }
            YearCommand::AuditAccounts { evidence } => {
                self.require(year, Stage::Closed, "closed")?;
                facts.require_open_year()?;
                Ok(vec![YearEvent::AccountsAudited { evidence: *evidence }])
            }
            YearCommand::ApproveAccounts { evidence } => {
                self.require(year, Stage::Audited, "audited")?;
                facts.require_open_year()?;
                Ok(vec![YearEvent::AccountsApproved { evidence: *evidence }])
            }
            YearCommand::AllocateResult { to_reserves, dividend, evidence } => {
                if let Some(amount) = *dividend {
                    return Err(YearRefusal::NoDividend { amount });
                }
                self.require(year, Stage::Approved, "approved")?;
                facts.require_open_year()?;
                let result = facts.known.result();
                if let Some(asked) = to_reserves.filter(|asked| asked.balance() > result) {
                    return Err(YearRefusal::MoreThanResult { asked, result });
                }
                let to_reserves = to_reserves.map_or(Balance::ZERO, Amount::balance);
                Ok(vec![YearEvent::ResultAllocated {
                    result,
                    to_reserves,
                    carried_forward: result - to_reserves,
                    evidence: *evidence,
                }])
            }
            YearCommand::Correct(correct) => {
                // The stream is not bound to open years, but what it books is.
                facts.require_open_year()?;
                let original = facts.original.as_ref().map(|original| &original.event);
                if let Some(YearEvent::UnitBalancesDeferred { .. }) = original {
                    Self::require_last_day(year, facts.effective_on)?;
                }
                decide_correction(self, year, correct, facts)
            }
        }
    }

    fn evolve(&mut self, event: &YearEvent) {
        match event {
            YearEvent::Opened { .. } => self.stage = Stage::Open,
            YearEvent::TestsRecorded { .. } => {}
            YearEvent::UnitBalancesDeferred { amount } => self.deferred = Some(*amount),
            YearEvent::Closed {} => self.stage = Stage::Closed,
            YearEvent::UnitBalancesReversed { .. } => self.reversed = true,
            YearEvent::AccountsAudited { .. } => self.stage = Stage::Audited,
            YearEvent::AccountsApproved { .. } => self.stage = Stage::Approved,
            YearEvent::ResultAllocated { .. } => self.stage = Stage::Allocated,
            YearEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &YearEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            YearEvent::Opened { .. } => relied_upon("bookings may have taken effect in it"),
            YearEvent::Closed {} => relied_upon("what was closed was reported; book in the next year"),
            YearEvent::TestsRecorded { .. } => {
                relied_upon("refunds may rest upon them; record the tests anew, the latest count")
            }
            YearEvent::UnitBalancesDeferred { .. } if self.is_open() => {
                self.deferred = None;
                Ok(())
            }
            YearEvent::UnitBalancesDeferred { .. } => relied_upon("the year was closed upon it"),
            YearEvent::UnitBalancesReversed { .. } => relied_upon("the next year began with it"),
            YearEvent::AccountsAudited { .. } if self.stage == Stage::Audited => {
                self.stage = Stage::Closed;
                Ok(())
            }
            YearEvent::AccountsApproved { .. } if self.stage == Stage::Approved => {
                self.stage = Stage::Audited;
                Ok(())
            }
            YearEvent::ResultAllocated { .. } if self.stage == Stage::Allocated => {
                self.stage = Stage::Approved;
                Ok(())
            }
            YearEvent::AccountsAudited { .. }
            | YearEvent::AccountsApproved { .. }
            | YearEvent::ResultAllocated { .. } => relied_upon("the closing went on since"),
            YearEvent::Corrected(correction) => {
                Err(CorrectionRefused::AlreadyVoid { position: correction.position })
            }
        }
    }

    fn corrected(correction: Correction<YearEvent>) -> YearEvent {
        YearEvent::Corrected(correction)
    }
}
