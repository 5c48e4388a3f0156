//! The accounts that a voucher or an opening balance may name, and no other.
//!
//! Accounts that events of their own move are reserved to those events: whoever could move them by
//! voucher could book a wage without a worker. The rule lives here as a closed list of codes, since
//! the domain knows no chart; the ledger proves that each code stands in its chart and that no other
//! rule moves an account that vouchers may name.
//! Source: DOMAIN F2 (overhead), F3 (structure); the choice of accounts is ours.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::TextVisitor;
use crate::text::Token;

/// The code of an account as a caller writes it: `164`, `6500`.
pub type AccountCode = Token<8>;

macro_rules! bookable {
    ($($name:ident = $code:literal $voucher:literal $opening:literal;)*) => {
        /// An account that a voucher or an opening balance may name.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the code says which account of the chart it is")]
        pub enum BookableAccount {
            $($name,)*
        }

        impl BookableAccount {
            /// Every account of the list.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its code in the chart.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The account with this code, when it is on the list.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// Whether a voucher may move it.
            pub const fn in_vouchers(self) -> bool {
                match self { $(Self::$name => $voucher,)* }
            }

            /// Whether it may have an opening balance: accounts of the balance sheet that no
            /// register of members, clients or units explains.
            pub const fn in_openings(self) -> bool {
                match self { $(Self::$name => $opening,)* }
            }
        }
    };
}

bookable! {
    // columns: account, in vouchers, in opening balances
    LegalReserve = "130" false true;
    StatutoryReserve = "1311" false true;
    UntaxedReserves = "132" false true;
    AvailableReserves = "133" false true;
    ProfitBroughtForward = "140" false true;
    LossBroughtForward = "141" false true;
    InvestmentGrants = "15" true true;
    OtherProvisions = "164" true true;
    OtherLoansLong = "174" false true;
    SundryDebtsLong = "179" true true;
    Software = "215000" false true;
    SoftwareDepreciated = "215009" false true;
    Machines = "230" false true;
    MachinesDepreciated = "2309" false true;
    Furniture = "240" false true;
    FurnitureDepreciated = "2409" false true;
    Vehicles = "241" false true;
    VehiclesDepreciated = "2419" false true;
    TradeIncomeReceivable = "404" true true;
    AdvancesPaid = "406" true true;
    VatProvision = "4118" true true;
    IncomeReceivable = "414" true true;
    Suppliers = "440" false true;
    InvoicesToReceive = "444" true true;
    EstimatedTaxes = "450" false true;
    VatCurrentAccount = "4512" false true;
    WithholdingTax = "453" false true;
    Nsso = "454" false true;
    HolidayPay = "456" false true;
    OtherSocialDebts = "459" true true;
    DeferredCharges = "490" true true;
    AccruedIncome = "491" true true;
    AccruedCharges = "492" false true;
    Banks = "550" false true;
    Cash = "570" true true;
    InternalTransfers = "58" true true;
    RawMaterials = "600" true false;
    Subcontracting = "603" true false;
    GoodsForResale = "604" true false;
    WorkerPay = "6203" true false;
    OtherStaffPay = "6204" true false;
    OtherPersonnelCosts = "623" true false;
    Training = "62360" true false;
    ProvisionsMade = "6380" true false;
    Interest = "6500" true false;
    CapitalGrantIncome = "753" true false;
}

impl fmt::Display for BookableAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for BookableAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for BookableAccount {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::from_code(code).ok_or_else(|| format!("no voucher may name account {code:?}"))
    }
}

impl Serialize for BookableAccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for BookableAccount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "the code of an account that vouchers may name such as \"164\"",
            parse: str::parse,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_balance_has_no_result_and_each_account_is_bookable_somewhere() {
        for account in BookableAccount::ALL {
            let makes_result = account.code().starts_with(['6', '7']);
            assert!(!(makes_result && account.in_openings()), "{account}");
            assert!(account.in_vouchers() || account.in_openings(), "{account}");
            assert_eq!(account.code().parse(), Ok(*account));
        }
    }
}
