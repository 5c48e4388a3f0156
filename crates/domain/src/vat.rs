//! VAT on invoices and credit notes: by category, rounded once per category.
//!
//! The tax of a document is computed on the total of each category, half up, never per line.
//! A price that includes VAT is split so that net and tax give back the price; where no net amount
//! does under the forward rule, the price is refused.
//! Source: KB 1 as changed by KB 14-07-2025; EN 16931 BR-CO-17; DOMAIN C1, F5 3 and 4.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dates::Day;
use crate::money::{Amount, Balance, Rate, Rounding};
use crate::parameters::{NoParameter, Parameter, Parameters};

/// A VAT category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VatCategory {
    /// The standard rate.
    Standard,
    /// The intermediate rate.
    Intermediate,
    /// The reduced rate.
    Reduced,
    /// Zero rate, with right to deduct.
    Zero,
    /// Due by the client.
    ReverseCharge,
    /// Training: no VAT and no right to deduct, which is not a rate of zero (category E, not Z).
    ///
    /// Source: WBTW art. 44 §2 4°; DOMAIN A3 (trap b), E30. \[R\]
    Exempt,
}

/// What one category of a document amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VatLine {
    /// The category.
    pub category: VatCategory,
    /// Its rate on the day of issue.
    pub rate: Rate,
    /// Net total of the category.
    pub base: Amount,
    /// Tax on that total.
    pub tax: Balance,
}

/// A price as a client agreed to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Price {
    /// Without VAT.
    Net(Amount),
    /// With VAT.
    Inclusive(Amount),
}

/// A price that includes VAT and that no net amount gives under the forward rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{inclusive} with VAT at {rate} would be {net} + {tax}, but {net} bears {forward}; state a net price"
)]
pub struct NoExactNet {
    /// The price asked for.
    pub inclusive: Amount,
    /// The rate.
    pub rate: Rate,
    /// The nearest net amount.
    pub net: Balance,
    /// What would be left as tax.
    pub tax: Balance,
    /// The tax that the net amount bears.
    pub forward: Balance,
}

impl VatCategory {
    /// The rate of the category on a day.
    pub fn rate(self, parameters: &Parameters, day: Day) -> Result<Rate, NoParameter> {
        match self {
            Self::Standard => parameters.rate(Parameter::VatStandard, day),
            Self::Intermediate => parameters.rate(Parameter::VatIntermediate, day),
            Self::Reduced => parameters.rate(Parameter::VatReduced, day),
            Self::Zero | Self::ReverseCharge | Self::Exempt => Ok(Rate::new(Decimal::ZERO)),
        }
    }
}

/// Tax on a net total, half up.
pub fn tax_on(base: Amount, rate: Rate) -> Balance {
    base.times(rate, Rounding::HalfUp)
}

/// Splits a price that includes VAT into net and tax: net half up, tax the rest.
pub fn split_inclusive(inclusive: Amount, rate: Rate) -> (Balance, Balance) {
    let net = inclusive.divided_by(Rate::new(Decimal::ONE + rate.value()), Rounding::HalfUp);
    (net, inclusive.balance() - net)
}

/// The net amount of a price; refused when a price with VAT has no exact one.
pub fn net_of(price: Price, rate: Rate) -> Result<Amount, NoExactNet> {
    match price {
        Price::Net(net) => Ok(net),
        Price::Inclusive(inclusive) => {
            let (net, tax) = split_inclusive(inclusive, rate);
            let forward = net.times(rate, Rounding::HalfUp);
            let refused = NoExactNet { inclusive, rate, net, tax, forward };
            if forward != tax { Err(refused) } else { Amount::try_from(net).map_err(|_| refused) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    // DOMAIN F5 3.
    #[rstest]
    #[case("99.99", "0.21", "82.64", "17.35", None)]
    #[case("10.00", "0.21", "8.26", "1.74", Some("1.73"))]
    fn a_price_with_vat_splits_into(
        #[case] inclusive: &str,
        #[case] rate: &str,
        #[case] net: &str,
        #[case] tax: &str,
        #[case] forward_when_refused: Option<&str>,
    ) {
        let (inclusive, rate) = (amount(inclusive), self::rate(rate));
        assert_eq!(split_inclusive(inclusive, rate), (net.parse().unwrap(), tax.parse().unwrap()));
        let found = net_of(Price::Inclusive(inclusive), rate);
        match forward_when_refused {
            None => assert_eq!(found, Ok(amount(net))),
            Some(forward) => assert_eq!(found.unwrap_err().forward, forward.parse().unwrap()),
        }
    }

    // DOMAIN C1: 3 × 10.03 at 21 % is 6.32 on the total, not 6.33 by line.
    #[test]
    fn tax_is_rounded_on_the_total_of_a_category() {
        assert_eq!(tax_on(amount("30.09"), rate("0.21")), "6.32".parse().unwrap());
        assert_eq!(tax_on(amount("50.25"), rate("0.06")), "3.02".parse().unwrap());
    }
}
