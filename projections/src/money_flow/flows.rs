//! The flows of money, as one table.
//!
//! A flow takes the movements of some events with some accounts; the first row that takes a movement
//! has it, so what is particular stands before what is general. The last row takes what is left, and a
//! spec holds that no event of the rulebook is left to it.

use ledger::{Account, Language};

/// Whether money comes or goes by a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It comes.
    Source,
    /// It goes.
    Use,
}

/// A flow of money.
#[derive(Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its word, unique.
    pub key: &'static str,
    /// Whether money comes or goes by it; less than nothing goes the other way.
    pub way: Way,
    /// How the stored names of its events, and the codes of the accounts across from the bank, begin.
    takes: &'static [(&'static str, &'static str)],
    names: [&'static str; 3],
}

impl Flow {
    /// Its name.
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.names[0],
            Language::French => self.names[1],
            Language::English => self.names[2],
        }
    }

    /// The flow of this word.
    pub fn from_key(key: &str) -> Option<&'static Self> {
        FLOWS.iter().find(|flow| flow.key == key)
    }
}

/// The flow of a movement between a bank and this account, that an event of this stored name booked.
pub fn flow_of(account: Account, event: &str) -> &'static Flow {
    let takes = |flow: &&Flow| {
        flow.takes.iter().any(|(events, code)| event.starts_with(events) && account.code().starts_with(code))
    };
    FLOWS.iter().find(takes).expect("the last row takes everything")
}

impl Way {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Use => "use",
        }
    }
}

/// Any event, or any account.
const ANY: &str = "";

macro_rules! flows {
    ($($way:ident $key:literal [$(($events:expr, $account:expr)),+], [$nl:literal, $fr:literal, $en:literal];)*) => {
        /// Every flow.
        pub static FLOWS: &[Flow] = &[$(Flow {
            key: $key,
            way: Way::$way,
            takes: &[$(($events, $account)),+],
            names: [$nl, $fr, $en],
        },)*];
    };
}

flows! {
    Source "opening" [("opening_balance.", ANY)], ["Beginsaldo", "Solde d'ouverture", "Opening balance"];
    Source "clients" [(ANY, "400"), (ANY, "460")], ["Betaald door klanten", "Payé par les clients", "Paid by clients"];
    Source "doubtful_debts" [(ANY, "407")], ["Betaald op dubieuze vorderingen", "Payé sur créances douteuses", "Paid on doubtful debts"];
    Source "unmatched" [(ANY, "499")], ["Ontvangen, nog toe te wijzen", "Reçu, encore à affecter", "Received, to be matched"];
    Source "shares" [(ANY, "410"), (ANY, "11")], ["Gestort op aandelen", "Versé sur parts", "Paid on shares"];
    Source "lent_by_members" [("current_account.credited", ANY)], ["Geleend van leden", "Emprunté aux membres", "Lent by members"];
    Source "loans_repaid" [("instalment.", ANY)], ["Terugbetaald op leningen aan leden", "Remboursé sur prêts aux membres", "Paid back on loans to members"];
    Source "grants_received" [("grant.received", ANY)], ["Ontvangen subsidies", "Subventions reçues", "Grants received"];
    Source "assets_sold" [("asset.", ANY), (ANY, "21"), (ANY, "23"), (ANY, "24")], ["Verkoop van vaste activa", "Vente d'immobilisations", "Sale of fixed assets"];
    Source "other_income" [(ANY, "7")], ["Overige opbrengsten", "Autres produits", "Other income"];
    Use "staff_pay" [("staff_pay.", ANY)], ["Lonen van het vaste personeel", "Salaires du personnel permanent", "Pay of support staff"];
    Use "wages" [(ANY, "455"), (ANY, "456")], ["Lonen van de leden", "Salaires des membres", "Wages of members"];
    Use "social_contributions" [(ANY, "454"), (ANY, "459")], ["Sociale bijdragen", "Cotisations sociales", "Social security contributions"];
    Use "withholding_tax" [(ANY, "453")], ["Bedrijfsvoorheffing", "Précompte professionnel", "Wage withholding tax"];
    Use "vat" [(ANY, "451"), (ANY, "411")], ["Btw", "TVA", "VAT"];
    Use "taxes" [(ANY, "450"), (ANY, "640"), (ANY, "670")], ["Belastingen", "Impôts", "Taxes"];
    Use "expenses" [("expense.", ANY)], ["Onkosten van de eenheden", "Frais des unités", "Expenses of units"];
    Use "refunds" [("refund.", ANY)], ["Terugbetaalde aandelen", "Parts remboursées", "Shares refunded"];
    Use "members_repaid" [("current_account.repaid", ANY)], ["Terugbetaald aan leden die leenden", "Remboursé aux membres prêteurs", "Paid back to members who lent"];
    Use "loans_disbursed" [("loan.disbursed", ANY)], ["Uitbetaalde leningen aan leden", "Prêts versés aux membres", "Loans to members"];
    Use "grants_passed_on" [("grant.passed_on", ANY)], ["Doorgegeven subsidies", "Subventions transmises", "Grants passed on"];
    Use "allowances" [("allowance.", ANY)], ["Vergoedingen van bestuurders", "Indemnités des administrateurs", "Directors' allowances"];
    Use "grants_returned" [("grant.returned", ANY)], ["Teruggegeven subsidies", "Subventions restituées", "Grants given back"];
    Use "structure" [(ANY, "440"), (ANY, "444"), (ANY, "490"), (ANY, "492"), (ANY, "6")], ["Aankopen en kosten van de structuur", "Achats et frais de la structure", "Purchases and costs of the structure"];
    Use "other" [(ANY, ANY)], ["Overige betalingen", "Autres paiements", "Other payments"];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_flow_has_a_word_of_its_own_and_three_names() {
        let keys: BTreeSet<_> = FLOWS.iter().map(|flow| flow.key).collect();
        assert_eq!(keys.len(), FLOWS.len());
        for language in Language::ALL {
            let names: BTreeSet<_> = FLOWS.iter().map(|flow| flow.name(language)).collect();
            assert_eq!(names.len(), FLOWS.len(), "{language:?}");
        }
    }

    #[test]
    fn one_account_belongs_to_the_flow_of_who_moves_it() {
        let payable = Account::SundryPayables;
        let flows = ["expense.paid", "refund.paid", "grant.received", "grant.passed_on"]
            .map(|event| flow_of(payable, event).key);
        assert_eq!(flows, ["expenses", "refunds", "grants_received", "grants_passed_on"]);
        assert_eq!(flow_of(Account::Suppliers, "expense.paid").key, "expenses");
        assert_eq!(flow_of(Account::Suppliers, "purchase.paid").key, "structure");
        assert_eq!(flow_of(Account::Remuneration, "salary.paid").key, "wages");
        assert_eq!(flow_of(Account::Remuneration, "staff_pay.paid").key, "staff_pay");
        assert_eq!(flow_of(Account::ReceivablesLong, "loan.disbursed").key, "loans_disbursed");
        assert_eq!(flow_of(payable, "voucher.booked").key, "other");
    }
}
