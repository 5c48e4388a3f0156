//! Money in whole cents, rates as decimals, and every rounding by name.
//!
//! An [`Amount`] is strictly positive: what a movement carries, what a member pays. A [`Balance`]
//! is signed: what an account holds, what is left. Both are `i64` cents and are written as decimal
//! text with exactly two decimals, never as a number, so that no float can slip in.
//! Left out: currencies. A log keeps its books in one functional currency.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest amount one field may carry, in cents: a hundred billion euro.
///
/// Sums of a million such amounts still fit in 64 bits, so adding cannot overflow in practice;
/// it is checked all the same.
pub const CENTS_MAX: i64 = 10_000_000_000_000;

/// A strictly positive sum of money, in cents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// A signed sum of money, in cents: the balance of an account, or a part that may be nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Balance(i64);

/// A dimensionless rate such as 0.065, or a coefficient such as 1.69.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(#[serde(with = "rust_decimal::serde::str")] Decimal);

/// How a product that is no whole number of cents becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest cent, a half away from zero: contributions, VAT, social security, tax.
    HalfUp,
    /// Down to the cent below: what may not cost more than its budget.
    Floor,
    /// Up to the cent above: what may not be less than a minimum.
    Ceiling,
}

/// Why a text or number is no sum of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not of the form `-?[0-9]+.[0-9]{2}`.
    #[error("expected an amount with exactly two decimals such as \"12.50\", found {found:?}")]
    Malformed {
        /// The text as it came.
        found: String,
    },
    /// An amount must be above zero.
    #[error("expected an amount above 0.00, found {found}")]
    NotPositive {
        /// What was given.
        found: Balance,
    },
    /// Above [`CENTS_MAX`].
    #[error("expected at most {}, found {found}", Balance(CENTS_MAX))]
    TooLarge {
        /// What was given.
        found: String,
    },
}

impl Amount {
    /// The amount of so many cents; fails when that is not above zero or too large.
    pub fn from_cents(cents: i64) -> Result<Self, MoneyError> {
        Self::try_from(Balance(cents))
    }

    /// The whole number of cents, above zero.
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// The same sum as a balance.
    pub const fn balance(self) -> Balance {
        Balance(self.0)
    }

    /// The amount times the rate, in whole cents by the named rounding; may be nothing.
    pub fn times(self, rate: Rate, rounding: Rounding) -> Balance {
        self.balance().times(rate, rounding)
    }

    /// The amount divided by the rate, in whole cents by the named rounding; may be nothing.
    pub fn divided_by(self, rate: Rate, rounding: Rounding) -> Balance {
        Balance::rounded(Decimal::from(self.0) / rate.0, rounding)
    }
}

impl Balance {
    /// Nothing owed, nothing held.
    pub const ZERO: Self = Self(0);

    /// The balance of so many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The whole number of cents.
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The balance times the rate, in whole cents by the named rounding.
    pub fn times(self, rate: Rate, rounding: Rounding) -> Self {
        Self::rounded(Decimal::from(self.0) * rate.0, rounding)
    }

    /// The share `part / whole` of this balance, half up; `whole` must not be zero.
    pub fn share(self, part: Amount, whole: Amount) -> Self {
        let exact = Decimal::from(self.0) * Decimal::from(part.0) / Decimal::from(whole.0);
        Self::rounded(exact, Rounding::HalfUp)
    }

    /// The balance multiplied by a count.
    pub fn multiplied(self, count: u32) -> Self {
        Self(self.0.checked_mul(i64::from(count)).expect("sums of cents fit in 64 bits"))
    }

    fn rounded(cents: Decimal, rounding: Rounding) -> Self {
        let strategy = match rounding {
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::Floor => RoundingStrategy::ToNegativeInfinity,
            Rounding::Ceiling => RoundingStrategy::ToPositiveInfinity,
        };
        let whole = cents.round_dp_with_strategy(0, strategy);
        Self(whole.to_i64().expect("sums of cents fit in 64 bits"))
    }
}

impl Rate {
    /// The rate with this decimal value.
    pub const fn new(value: Decimal) -> Self {
        Self(value)
    }

    /// Its decimal value.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Balance> for Amount {
    type Error = MoneyError;

    fn try_from(balance: Balance) -> Result<Self, MoneyError> {
        match balance.0 {
            1..=CENTS_MAX => Ok(Self(balance.0)),
            ..=0 => Err(MoneyError::NotPositive { found: balance }),
            _ => Err(MoneyError::TooLarge { found: balance.to_string() }),
        }
    }
}

impl From<Amount> for Balance {
    fn from(amount: Amount) -> Self {
        amount.balance()
    }
}

impl Add for Balance {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("sums of cents fit in 64 bits"))
    }
}

impl Sub for Balance {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("sums of cents fit in 64 bits"))
    }
}

impl Neg for Balance {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("sums of cents fit in 64 bits"))
    }
}

impl Sum for Balance {
    fn sum<I: Iterator<Item = Self>>(balances: I) -> Self {
        balances.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.balance().fmt(f)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Parses `-?[0-9]+.[0-9]{2}` into hundredths; leading zeros are refused, so text is canonical.
pub(crate) fn hundredths(text: &str) -> Result<i64, MoneyError> {
    let malformed = || MoneyError::Malformed { found: text.to_owned() };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').ok_or_else(malformed)?;
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let canonical = whole == "0" || !whole.starts_with('0');
    if decimals.len() != 2 || !all_digits(whole) || !all_digits(decimals) || !canonical {
        return Err(malformed());
    }
    let too_large = || MoneyError::TooLarge { found: text.to_owned() };
    let whole: i64 = whole.parse().map_err(|_| too_large())?;
    let cents = whole
        .checked_mul(100)
        .and_then(|c| c.checked_add(decimals.parse().ok()?))
        .filter(|c| *c <= CENTS_MAX * 1_000)
        .ok_or_else(too_large)?;
    if negative && cents == 0 {
        return Err(malformed());
    }
    Ok(if negative { -cents } else { cents })
}

impl FromStr for Balance {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        hundredths(text).map(Self)
    }
}

impl FromStr for Amount {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::try_from(text.parse::<Balance>()?)
    }
}

impl FromStr for Rate {
    type Err = rust_decimal::Error;
    fn from_str(text: &str) -> Result<Self, rust_decimal::Error> {
        text.parse().map(Self)
    }
}

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0_u8; 24];
        serializer.serialize_str(write_hundredths(self.0, &mut buffer))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.balance().serialize(serializer)
    }
}

/// Writes hundredths as decimal text at the end of the buffer and returns that text.
pub(crate) fn write_hundredths(value: i64, buffer: &mut [u8; 24]) -> &str {
    let mut rest = value.unsigned_abs();
    let mut at = buffer.len();
    for place in 0.. {
        if place == 2 {
            at -= 1;
            buffer[at] = b'.';
        }
        at -= 1;
        buffer[at] = b'0' + u8::try_from(rest % 10).expect("a digit is below ten");
        rest /= 10;
        if rest == 0 && place >= 2 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    std::str::from_utf8(&buffer[at..]).expect("digits are ASCII")
}

/// Reads a value from JSON text and from nothing else, telling what was found instead.
pub(crate) struct TextVisitor<T> {
    pub(crate) expecting: &'static str,
    pub(crate) parse: fn(&str) -> Result<T, String>,
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Balance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "an amount as text with exactly two decimals such as \"12.50\"",
            parse: |text| text.parse().map_err(|e: MoneyError| e.to_string()),
        })
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "an amount as text with exactly two decimals such as \"12.50\"",
            parse: |text| text.parse().map_err(|e: MoneyError| e.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn only_text_with_exactly_two_decimals_is_an_amount() {
        for bad in ["1", "1.5", "1.234", "1,50", "", ".50", "1.", "01.00", "+1.00", "1e3", "-0.00"] {
            assert!(bad.parse::<Balance>().is_err(), "{bad:?} must be refused");
        }
        for bad in ["0.00", "-1.00", "999999999999999.00"] {
            assert!(bad.parse::<Amount>().is_err(), "{bad:?} must be refused");
        }
        assert!(
            serde_json::from_str::<Amount>("12.5").unwrap_err().to_string().contains("floating point `12.5`")
        );
    }

    #[test]
    fn rounding_is_by_name() {
        let rate = "0.065".parse().unwrap();
        assert_eq!(amount("1.00").times(rate, Rounding::HalfUp), "0.07".parse().unwrap());
        assert_eq!(amount("1.00").times(rate, Rounding::Floor), "0.06".parse().unwrap());
        assert_eq!(amount("1.01").times(rate, Rounding::Ceiling), "0.07".parse().unwrap());
    }

    proptest! {
        #[test]
        fn money_survives_its_text(cents in -CENTS_MAX..=CENTS_MAX) {
            let balance = Balance::from_cents(cents);
            prop_assert_eq!(balance.to_string().parse::<Balance>().unwrap(), balance);
            let json = serde_json::to_string(&balance).unwrap();
            prop_assert_eq!(json, format!("\"{balance}\""));
        }
    }
}
