//! Legal and commercial parameters: values with validity and source, never constants in code.
//!
//! Each parameter has a name from a closed list and a kind of value. A decision asks for the value
//! valid on its effective date; where several are valid, the one published last holds, so that a
//! later publication can correct an earlier one. Beside them stand the lists of codes: the kinds of
//! groups, activities or plans that the cooperative has, so that a new kind needs no new program.
//! Source: DOMAIN C1; DESIGN 4 (activity); parameters.published, code.published.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dates::Day;
use crate::money::{Amount, Rate};
use crate::text::{Code, Token};

/// What a parameter's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// A share of something, or a coefficient.
    Rate(Rate),
    /// A sum of money.
    Amount(Amount),
    /// A number of things or days.
    Count(u32),
    /// One of a few words.
    Choice(Token<16>),
}

macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident = $text:literal: $kind:ident;)*) => {
        /// The parameters that rules ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Parameter {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Parameter {
            /// Every parameter, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stored name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The kind of value it must have: `rate`, `amount`, `count` or `choice`.
            pub const fn kind(self) -> &'static str {
                match self { $(Self::$name => stringify!($kind),)* }
            }
        }
    };
}

parameters! {
    /// Nominal value of one share.
    ShareNominal = "share.nominal": amount;
    /// Contracts possible before shares are held.
    ShareGraceContracts = "share.grace_contracts": count;
    /// Fewest shareholders at all times.
    ShareholdersMin = "shareholders.min": count;
    /// Last month in which a resignation takes effect in the same year.
    ResignationLastMonth = "resignation.last_month": count;
    /// Cooperative contribution on amounts invoiced without VAT.
    ContributionRate = "contribution.rate": rate;
    /// Whether a unit may spend on `issue` of its invoice or on `payment` by the client.
    BudgetSpendableOn = "budget.spendable_on": choice;
    /// Job budget divided by gross wage.
    WageCoefficient = "wage.coefficient": rate;
    /// Minimum monthly wage at full time.
    WageMonthlyMinimum = "wage.monthly_minimum": amount;
    /// Hours of full-time work in a year.
    WageYearlyHours = "wage.yearly_hours": count;
    /// Longest working day, in hours.
    WageDayHoursMax = "wage.day_hours_max": count;
    /// Working days after the end of the work within which wages are paid.
    WageTermDays = "wage.term_days": count;
    /// Employer's social security contributions.
    NssoEmployerRate = "nsso.employer_rate": rate;
    /// Employee's social security contribution.
    NssoEmployeeRate = "nsso.employee_rate": rate;
    /// Base of contributions of artists and manual workers, as a multiple of gross.
    NssoArtistBase = "nsso.artist_base": rate;
    /// Least withholding tax on wages.
    WithholdingRate = "withholding.rate": rate;
    /// Holiday-pay contribution of the employer for artists.
    HolidayArtistRate = "holiday.artist_rate": rate;
    /// Holiday pay that an employee's wage earns.
    HolidayEmployeeRate = "holiday.employee_rate": rate;
    /// Standard VAT rate.
    VatStandard = "vat.standard": rate;
    /// Intermediate VAT rate.
    VatIntermediate = "vat.intermediate": rate;
    /// Reduced VAT rate.
    VatReduced = "vat.reduced": rate;
    /// Days from issue to due date of an invoice.
    InvoiceTermDays = "invoice.term_days": count;
    /// Last day of January on which expenses of the year before are accepted.
    ExpenseDeadlineDay = "expense.deadline_day": count;
    /// Days that a consumer has after the first reminder, before an indemnity may be asked.
    ReminderTermDays = "reminder.term_days": count;
    /// Working days after sending by post from which that term runs.
    ReminderPostDays = "reminder.post_days": count;
    /// Debts of a consumer up to this sum bear the smallest indemnity.
    ReminderSmallDebt = "reminder.small_debt": amount;
    /// Most that a small debt bears.
    ReminderSmallCap = "reminder.small_cap": amount;
    /// Debts of a consumer above the small and up to this sum are middle ones.
    ReminderMiddleDebt = "reminder.middle_debt": amount;
    /// What a middle debt bears at least.
    ReminderMiddleBase = "reminder.middle_base": amount;
    /// Share of the part above a small debt that comes on top.
    ReminderMiddleRate = "reminder.middle_rate": rate;
    /// What a debt above the middle ones bears at least.
    ReminderLargeBase = "reminder.large_base": amount;
    /// Share of the part above a middle debt that comes on top.
    ReminderLargeRate = "reminder.large_rate": rate;
    /// Most that any debt of a consumer bears.
    ReminderLargeCap = "reminder.large_cap": amount;
    /// Flat indemnity that a business owes for paying late.
    ReminderBusinessFlat = "reminder.business_flat": amount;
    /// Yearly interest that a business owes for paying late.
    ReminderBusinessRate = "reminder.business_rate": rate;
    /// Days after the due date from which a client is reminded for the first time.
    ReminderFirstDays = "reminder.first_days": count;
    /// The same for the second time.
    ReminderSecondDays = "reminder.second_days": count;
    /// The same for the third and last time.
    ReminderThirdDays = "reminder.third_days": count;
    /// Most by which a bank line may differ from what was booked, when the pool bears it.
    BankDifferenceMax = "bank.difference_max": amount;
    /// Share of actions that are checked beforehand.
    ControlBeforeRate = "control.before_rate": rate;
    /// Share of actions that are checked afterwards.
    ControlAfterRate = "control.after_rate": rate;
    /// Days between the call to a general meeting and the meeting, at least.
    MeetingNoticeDays = "meeting.notice_days": count;
    /// Most proxies that one person holds at a general meeting.
    MeetingProxiesMax = "meeting.proxies_max": count;
    /// Most of the votes represented that one person casts, own and by proxy.
    MeetingVotesShareMax = "meeting.votes_share_max": rate;
    /// Share of the issued shares that a change of the statutes needs represented.
    MeetingQuorum = "meeting.quorum": rate;
    /// Share of the votes cast above which an ordinary resolution is adopted.
    MeetingOrdinaryMajority = "meeting.ordinary_majority": rate;
    /// Share of the votes cast from which a change of the statutes is adopted.
    MeetingStatutesMajority = "meeting.statutes_majority": rate;
    /// Share of the votes cast from which a change of the object, aims or values is adopted.
    MeetingObjectMajority = "meeting.object_majority": rate;
    /// Seats of the board for users.
    BoardSeatsUsers = "board.seats_users": count;
    /// Seats of the board for staff and partners.
    BoardSeatsPartners = "board.seats_partners": count;
    /// Share of the directors in office who must be there.
    BoardQuorum = "board.quorum": rate;
    /// Years of a director's mandate.
    MandateDirectorYears = "mandate.director_years": count;
    /// Years of a mandate of day-to-day management.
    MandateDayToDayYears = "mandate.day_to_day_years": count;
    /// Years of a mandate on the ethics committee.
    MandateEthicsYears = "mandate.ethics_years": count;
    /// Years of a mandate of the statutory auditor.
    MandateAuditorYears = "mandate.auditor_years": count;
}

macro_rules! code_lists {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The lists of codes that the cooperative publishes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum CodeList {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl CodeList {
            /// Every list, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stored name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

code_lists! {
    /// Kinds of groups: Smart in Progress, SmartLab, workers' assembly, working group.
    Group = "group";
    /// What groups, recommendations, cases and advice are about.
    Topic = "topic";
    /// Kinds of elected bodies: works council, committee for prevention and protection at work.
    Body = "body";
    /// Kinds of activities: information session, workshop, Let's meet.
    Activity = "activity";
    /// Towns, and `online`.
    Place = "place";
    /// Kinds of publications: analysis, study, film.
    Publication = "publication";
    /// Kinds of legal cases.
    LegalCase = "legal_case";
    /// Kinds of training.
    Training = "training";
    /// Questions of surveys.
    Question = "question";
    /// Projects that create jobs.
    Project = "project";
    /// Guides to which articles belong.
    Guide = "guide";
    /// Kinds of networks and federations to which the cooperative belongs.
    Affiliation = "affiliation";
    /// Kinds of plans: diversity, prevention.
    Plan = "plan";
    /// Tracks on which advisers coach.
    Coaching = "coaching";
    /// Events, by stored name, of which a share is checked beforehand.
    CheckedBefore = "checked_before";
    /// Events, by stored name, of which a share is checked afterwards.
    CheckedAfter = "checked_after";
    /// What a check can find.
    Finding = "finding";
}

impl Parameter {
    /// The range that a value of the right kind misses, if it does.
    ///
    /// Rules divide by coefficients, multiply by rates and count days; these bounds keep that
    /// arithmetic possible, whatever is published.
    pub fn range_missed_by(self, value: &Value) -> Option<&'static str> {
        let between = |value: u32, from: u32, to: u32| (from..=to).contains(&value);
        let (fits, expected) = match (self, value) {
            // Multiples of a wage, not shares of it.
            (Self::WageCoefficient | Self::NssoArtistBase, Value::Rate(rate)) => {
                ((Decimal::ONE..=Decimal::TEN).contains(&rate.value()), "1 to 10")
            }
            (_, Value::Rate(rate)) => ((Decimal::ZERO..=Decimal::ONE).contains(&rate.value()), "0 to 1"),
            (Self::WageYearlyHours, Value::Count(count)) => (between(*count, 1, 10_000), "1 to 10000"),
            (_, Value::Count(count)) => (between(*count, 0, 10_000), "0 to 10000"),
            (Self::BudgetSpendableOn, Value::Choice(word)) => {
                (matches!(word.as_str(), "issue" | "payment"), "issue or payment")
            }
            (_, Value::Amount(_) | Value::Choice(_)) => (true, ""),
        };
        (!fits).then_some(expected)
    }
}

/// One published value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// First day on which it holds.
    pub valid_from: Day,
    /// Last day on which it holds, when it has one.
    pub valid_to: Option<Day>,
    /// The value.
    pub value: Value,
}

/// The days for which a code was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First day on which it may be used.
    pub valid_from: Day,
    /// Last day on which it may be used, when there is one.
    pub valid_to: Option<Day>,
}

/// All published values and codes, in the order of publication.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    timeline: BTreeMap<Parameter, Vec<Published>>,
    codes: BTreeMap<CodeList, BTreeMap<Code, Vec<Validity>>>,
}

/// A rule needs a parameter that has no value on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter {} has no value on {on}; publish one first", parameter.name())]
pub struct NoParameter {
    /// Which one.
    pub parameter: Parameter,
    /// The day asked for.
    pub on: Day,
}

/// A rule needs a code that is not published for the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} is not in the list of codes {} on {on}; publish it first", list.name())]
pub struct UnknownCode {
    /// In which list.
    pub list: CodeList,
    /// The code asked for.
    pub code: Code,
    /// The day asked for.
    pub on: Day,
}

impl Parameters {
    /// Adds a published code.
    pub fn publish_code(&mut self, list: CodeList, code: Code, validity: Validity) {
        self.codes.entry(list).or_default().entry(code).or_default().push(validity);
    }

    /// Takes a published code back.
    pub fn withdraw_code(&mut self, list: CodeList, code: Code, validity: Validity) {
        let published = self.codes.entry(list).or_default().entry(code).or_default();
        if let Some(at) = published.iter().rposition(|found| *found == validity) {
            published.remove(at);
        }
    }

    /// Refuses a code that no publication holds for the day.
    pub fn require_code(&self, list: CodeList, code: Code, on: Day) -> Result<(), UnknownCode> {
        let published = self.codes.get(&list).and_then(|codes| codes.get(&code));
        let valid = |v: &Validity| v.valid_from <= on && v.valid_to.is_none_or(|to| on <= to);
        match published.is_some_and(|published| published.iter().any(valid)) {
            true => Ok(()),
            false => Err(UnknownCode { list, code, on }),
        }
    }

    /// Adds a published value.
    pub fn publish(&mut self, parameter: Parameter, published: Published) {
        self.timeline.entry(parameter).or_default().push(published);
    }

    /// Takes a published value back.
    pub fn withdraw(&mut self, parameter: Parameter, published: &Published) {
        let values = self.timeline.entry(parameter).or_default();
        if let Some(at) = values.iter().rposition(|value| value == published) {
            values.remove(at);
        }
    }

    /// The value valid on the day: of several, the one published last.
    pub fn on(&self, parameter: Parameter, day: Day) -> Result<Value, NoParameter> {
        self.timeline
            .get(&parameter)
            .and_then(|values| {
                let valid = |p: &&Published| p.valid_from <= day && p.valid_to.is_none_or(|to| day <= to);
                values.iter().rev().find(valid)
            })
            .map(|published| published.value)
            .ok_or(NoParameter { parameter, on: day })
    }

    /// The rate valid on the day.
    pub fn rate(&self, parameter: Parameter, day: Day) -> Result<Rate, NoParameter> {
        match self.on(parameter, day)? {
            Value::Rate(rate) => Ok(rate),
            _ => Err(NoParameter { parameter, on: day }),
        }
    }

    /// The amount valid on the day.
    pub fn amount(&self, parameter: Parameter, day: Day) -> Result<Amount, NoParameter> {
        match self.on(parameter, day)? {
            Value::Amount(amount) => Ok(amount),
            _ => Err(NoParameter { parameter, on: day }),
        }
    }

    /// The count valid on the day.
    pub fn count(&self, parameter: Parameter, day: Day) -> Result<u32, NoParameter> {
        match self.on(parameter, day)? {
            Value::Count(count) => Ok(count),
            _ => Err(NoParameter { parameter, on: day }),
        }
    }

    /// The word valid on the day.
    pub fn choice(&self, parameter: Parameter, day: Day) -> Result<Token<16>, NoParameter> {
        match self.on(parameter, day)? {
            Value::Choice(choice) => Ok(choice),
            _ => Err(NoParameter { parameter, on: day }),
        }
    }
}

impl Value {
    /// The kind of this value: `rate`, `amount`, `count` or `choice`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rate(_) => "rate",
            Self::Amount(_) => "amount",
            Self::Count(_) => "count",
            Self::Choice(_) => "choice",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(rate) => rate.fmt(f),
            Self::Amount(amount) => amount.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Choice(choice) => choice.fmt(f),
        }
    }
}

impl FromStr for Parameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|parameter| parameter.name() == text);
        found.copied().ok_or_else(|| format!("no parameter is named {text:?}"))
    }
}
