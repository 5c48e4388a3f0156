//! The headings of the annual accounts, as one table.
//!
//! Codes are those of the National Bank's models; rows are the headings that the full and the
//! abridged model share, and those of the full model that tell one kind of debtor, creditor or
//! charge from another. Prefixes name the accounts of the minimum chart under each.
//! All of it is from recall \[R\], the English names are ours, and the auditor has not read it yet.
//! Left out: headings of the models that only deposits with capital have, such as 100 and 101.

use ledger::{Account, Language, Side};

/// One of the three parts of the annual accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statement {
    /// What the entity owns and is owed.
    Assets,
    /// Equity, and what the entity owes.
    Liabilities,
    /// Profit and loss, and its appropriation.
    Result,
}

/// A heading of the annual accounts.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    /// The part it stands in.
    pub statement: Statement,
    /// Its code in the National Bank's model, unique in its part.
    pub code: &'static str,
    /// How far it is set in, from 0.
    pub depth: u8,
    /// The side that counts as positive.
    pub side: Side,
    /// What it sums.
    pub holds: Holds,
    names: [&'static str; 3],
}

/// What a heading sums.
#[derive(Debug, PartialEq, Eq)]
pub enum Holds {
    /// The accounts whose codes begin so: what they hold, or in the result what the year moved.
    Accounts(&'static [&'static str]),
    /// Other headings of the same part; those of the other side are taken off.
    Sum(&'static [&'static str]),
    /// The accounts whose codes begin so, and the result that nobody has appropriated yet.
    CarriedForward(&'static [&'static str]),
    /// What [`Holds::CarriedForward`] began the year with, and what was booked on it directly.
    BroughtForward,
}

impl Heading {
    /// Its name.
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.names[0],
            Language::French => self.names[1],
            Language::English => self.names[2],
        }
    }

    /// Whether the account falls under it directly.
    pub fn has(&self, account: Account) -> bool {
        match self.holds {
            Holds::Accounts(prefixes) | Holds::CarriedForward(prefixes) => {
                prefixes.iter().any(|prefix| account.code().starts_with(prefix))
            }
            Holds::Sum(_) | Holds::BroughtForward => false,
        }
    }
}

/// The one heading that an account of the general ledger falls under; none in the budget ledger.
pub fn heading_of(account: Account) -> Option<&'static Heading> {
    LAYOUT.iter().find(|heading| account.book() == ledger::Book::General && heading.has(account))
}

macro_rules! layout {
    ($($statement:ident $side:ident $depth:literal $code:literal $holds:expr, [$nl:literal, $fr:literal, $en:literal];)*) => {
        /// Every heading, in the order of the model.
        pub static LAYOUT: &[Heading] = &[$(Heading {
            statement: Statement::$statement,
            code: $code,
            depth: $depth,
            side: Side::$side,
            holds: $holds,
            names: [$nl, $fr, $en],
        },)*];
    };
}

use Holds::{Accounts, BroughtForward, CarriedForward, Sum};

layout! {
    Assets Debit 1 "20" Accounts(&["20"]), ["Oprichtingskosten", "Frais d'établissement", "Formation expenses"];
    Assets Debit 1 "21/28" Sum(&["21", "22/27", "28"]), ["Vaste activa", "Actifs immobilisés", "Fixed assets"];
    Assets Debit 2 "21" Accounts(&["21"]), ["Immateriële vaste activa", "Immobilisations incorporelles", "Intangible fixed assets"];
    Assets Debit 2 "22/27" Accounts(&["22", "23", "24", "25", "26", "27"]), ["Materiële vaste activa", "Immobilisations corporelles", "Tangible fixed assets"];
    Assets Debit 2 "28" Accounts(&["28"]), ["Financiële vaste activa", "Immobilisations financières", "Financial fixed assets"];
    Assets Debit 1 "29/58" Sum(&["29", "3", "40/41", "50/53", "54/58", "490/1"]), ["Vlottende activa", "Actifs circulants", "Current assets"];
    Assets Debit 2 "29" Sum(&["290", "291"]), ["Vorderingen op meer dan één jaar", "Créances à plus d'un an", "Amounts receivable after more than one year"];
    Assets Debit 3 "290" Accounts(&["290"]), ["Handelsvorderingen", "Créances commerciales", "Trade debtors"];
    Assets Debit 3 "291" Accounts(&["291"]), ["Overige vorderingen", "Autres créances", "Other amounts receivable"];
    Assets Debit 2 "3" Accounts(&["3"]), ["Voorraden en bestellingen in uitvoering", "Stocks et commandes en cours d'exécution", "Stocks and contracts in progress"];
    Assets Debit 2 "40/41" Sum(&["40", "41"]), ["Vorderingen op ten hoogste één jaar", "Créances à un an au plus", "Amounts receivable within one year"];
    Assets Debit 3 "40" Accounts(&["40"]), ["Handelsvorderingen", "Créances commerciales", "Trade debtors"];
    Assets Debit 3 "41" Accounts(&["41"]), ["Overige vorderingen", "Autres créances", "Other amounts receivable"];
    Assets Debit 2 "50/53" Accounts(&["50", "51", "52", "53"]), ["Geldbeleggingen", "Placements de trésorerie", "Current investments"];
    Assets Debit 2 "54/58" Accounts(&["54", "55", "56", "57", "58"]), ["Liquide middelen", "Valeurs disponibles", "Cash at bank and in hand"];
    Assets Debit 2 "490/1" Accounts(&["490", "491"]), ["Overlopende rekeningen", "Comptes de régularisation", "Deferred charges and accrued income"];
    Assets Debit 0 "20/58" Sum(&["20", "21/28", "29/58"]), ["Totaal van de activa", "Total de l'actif", "Total assets"];

    Liabilities Credit 1 "10/15" Sum(&["10/11", "12", "13", "14", "15", "19"]), ["Eigen vermogen", "Capitaux propres", "Equity"];
    Liabilities Credit 2 "10/11" Sum(&["110", "111"]), ["Inbreng", "Apport", "Contribution"];
    Liabilities Credit 3 "110" Accounts(&["110"]), ["Beschikbaar", "Disponible", "Available"];
    Liabilities Credit 3 "111" Accounts(&["111"]), ["Onbeschikbaar", "Indisponible", "Not available"];
    Liabilities Credit 2 "12" Accounts(&["12"]), ["Herwaarderingsmeerwaarden", "Plus-values de réévaluation", "Revaluation surpluses"];
    Liabilities Credit 2 "13" Sum(&["130/1", "132", "133"]), ["Reserves", "Réserves", "Reserves"];
    Liabilities Credit 3 "130/1" Accounts(&["130", "131"]), ["Onbeschikbare reserves", "Réserves indisponibles", "Reserves not available"];
    Liabilities Credit 3 "132" Accounts(&["132"]), ["Belastingvrije reserves", "Réserves immunisées", "Untaxed reserves"];
    Liabilities Credit 3 "133" Accounts(&["133"]), ["Beschikbare reserves", "Réserves disponibles", "Available reserves"];
    // 690, 693, 790 and 793 are the other side of 14 in the appropriation, and meet it here.
    Liabilities Credit 2 "14" CarriedForward(&["14", "690", "693", "790", "793"]), ["Overgedragen winst (verlies)", "Bénéfice (Perte) reporté(e)", "Profit (loss) carried forward"];
    Liabilities Credit 2 "15" Accounts(&["15"]), ["Kapitaalsubsidies", "Subsides en capital", "Investment grants"];
    Liabilities Credit 2 "19" Accounts(&["19"]), ["Voorschot aan de vennoten op de verdeling van het netto-actief", "Avance aux associés sur la répartition de l'actif net", "Advance to shareholders on the division of net assets"];
    Liabilities Credit 1 "16" Sum(&["160/5", "168"]), ["Voorzieningen en uitgestelde belastingen", "Provisions et impôts différés", "Provisions and deferred taxes"];
    Liabilities Credit 2 "160/5" Accounts(&["160", "161", "162", "163", "164", "165"]), ["Voorzieningen voor risico's en kosten", "Provisions pour risques et charges", "Provisions for risks and charges"];
    Liabilities Credit 2 "168" Accounts(&["168"]), ["Uitgestelde belastingen", "Impôts différés", "Deferred taxes"];
    Liabilities Credit 1 "17/49" Sum(&["17", "42/48", "492/3"]), ["Schulden", "Dettes", "Amounts payable"];
    Liabilities Credit 2 "17" Sum(&["170/4", "175", "176", "178/9"]), ["Schulden op meer dan één jaar", "Dettes à plus d'un an", "Amounts payable after more than one year"];
    Liabilities Credit 3 "170/4" Accounts(&["170", "171", "172", "173", "174"]), ["Financiële schulden", "Dettes financières", "Financial debts"];
    Liabilities Credit 3 "175" Accounts(&["175"]), ["Handelsschulden", "Dettes commerciales", "Trade debts"];
    Liabilities Credit 3 "176" Accounts(&["176"]), ["Vooruitbetalingen op bestellingen", "Acomptes sur commandes", "Advances on orders"];
    Liabilities Credit 3 "178/9" Accounts(&["178", "179"]), ["Overige schulden", "Autres dettes", "Other amounts payable"];
    Liabilities Credit 2 "42/48" Sum(&["42", "43", "44", "46", "45", "47/48"]), ["Schulden op ten hoogste één jaar", "Dettes à un an au plus", "Amounts payable within one year"];
    Liabilities Credit 3 "42" Accounts(&["42"]), ["Schulden op meer dan één jaar die binnen het jaar vervallen", "Dettes à plus d'un an échéant dans l'année", "Debts of more than one year falling due within one year"];
    Liabilities Credit 3 "43" Accounts(&["43"]), ["Financiële schulden", "Dettes financières", "Financial debts"];
    Liabilities Credit 3 "44" Accounts(&["44"]), ["Handelsschulden", "Dettes commerciales", "Trade debts"];
    Liabilities Credit 3 "46" Accounts(&["46"]), ["Vooruitbetalingen op bestellingen", "Acomptes sur commandes", "Advances on orders"];
    Liabilities Credit 3 "45" Sum(&["450/3", "454/9"]), ["Schulden met betrekking tot belastingen, bezoldigingen en sociale lasten", "Dettes fiscales, salariales et sociales", "Taxes, remuneration and social security"];
    Liabilities Credit 4 "450/3" Accounts(&["450", "451", "452", "453"]), ["Belastingen", "Impôts", "Taxes"];
    Liabilities Credit 4 "454/9" Accounts(&["454", "455", "456", "457", "458", "459"]), ["Bezoldigingen en sociale lasten", "Rémunérations et charges sociales", "Remuneration and social security"];
    Liabilities Credit 3 "47/48" Accounts(&["47", "48"]), ["Overige schulden", "Autres dettes", "Other amounts payable"];
    // Suspense accounts are empty in accounts that are filed; until then they stand here.
    Liabilities Credit 2 "492/3" Accounts(&["492", "493", "499"]), ["Overlopende rekeningen", "Comptes de régularisation", "Accrued charges and deferred income"];
    Liabilities Credit 0 "10/49" Sum(&["10/15", "16", "17/49"]), ["Totaal van de passiva", "Total du passif", "Total equity and liabilities"];

    Result Credit 1 "70/76A" Sum(&["70", "71", "72", "74", "76A"]), ["Bedrijfsopbrengsten", "Ventes et prestations", "Operating income"];
    Result Credit 2 "70" Accounts(&["70"]), ["Omzet", "Chiffre d'affaires", "Turnover"];
    Result Credit 2 "71" Accounts(&["71"]), ["Voorraad goederen in bewerking en gereed product: toename (afname)", "En-cours de fabrication et produits finis: augmentation (réduction)", "Stocks of work in progress and finished goods: increase (decrease)"];
    Result Credit 2 "72" Accounts(&["72"]), ["Geproduceerde vaste activa", "Production immobilisée", "Own work capitalised"];
    Result Credit 2 "74" Accounts(&["74"]), ["Andere bedrijfsopbrengsten", "Autres produits d'exploitation", "Other operating income"];
    Result Credit 2 "76A" Accounts(&["760", "7620", "7630", "764", "765", "766", "767", "768"]), ["Niet-recurrente bedrijfsopbrengsten", "Produits d'exploitation non récurrents", "Non-recurring operating income"];
    Result Debit 1 "60/66A" Sum(&["60", "61", "62", "630", "631/4", "635/8", "640/8", "649", "66A"]), ["Bedrijfskosten", "Coût des ventes et des prestations", "Operating charges"];
    Result Debit 2 "60" Accounts(&["60"]), ["Handelsgoederen, grond- en hulpstoffen", "Approvisionnements et marchandises", "Raw materials, consumables and goods for resale"];
    Result Debit 2 "61" Accounts(&["61"]), ["Diensten en diverse goederen", "Services et biens divers", "Services and other goods"];
    Result Debit 2 "62" Accounts(&["62"]), ["Bezoldigingen, sociale lasten en pensioenen", "Rémunérations, charges sociales et pensions", "Remuneration, social security and pensions"];
    Result Debit 2 "630" Accounts(&["630"]), ["Afschrijvingen en waardeverminderingen op oprichtingskosten, op immateriële en materiële vaste activa", "Amortissements et réductions de valeur sur frais d'établissement, sur immobilisations incorporelles et corporelles", "Depreciation and amounts written off fixed assets"];
    Result Debit 2 "631/4" Accounts(&["631", "632", "633", "634"]), ["Waardeverminderingen op voorraden, op bestellingen in uitvoering en op handelsvorderingen", "Réductions de valeur sur stocks, sur commandes en cours d'exécution et sur créances commerciales", "Amounts written off stocks, contracts in progress and trade debtors"];
    Result Debit 2 "635/8" Accounts(&["635", "636", "637", "638"]), ["Voorzieningen voor risico's en kosten", "Provisions pour risques et charges", "Provisions for risks and charges"];
    Result Debit 2 "640/8" Accounts(&["640", "641", "642", "643", "644", "645", "646", "647", "648"]), ["Andere bedrijfskosten", "Autres charges d'exploitation", "Other operating charges"];
    Result Credit 2 "649" Accounts(&["649"]), ["Als herstructureringskosten geactiveerde bedrijfskosten", "Charges d'exploitation portées à l'actif au titre de frais de restructuration", "Operating charges capitalised as restructuring costs"];
    Result Debit 2 "66A" Accounts(&["660", "6620", "6630", "664", "665", "666", "667", "668"]), ["Niet-recurrente bedrijfskosten", "Charges d'exploitation non récurrentes", "Non-recurring operating charges"];
    Result Credit 0 "9901" Sum(&["70/76A", "60/66A"]), ["Bedrijfswinst (Bedrijfsverlies)", "Bénéfice (Perte) d'exploitation", "Operating profit (loss)"];
    Result Credit 1 "75/76B" Sum(&["75", "76B"]), ["Financiële opbrengsten", "Produits financiers", "Financial income"];
    Result Credit 2 "75" Accounts(&["75"]), ["Recurrente financiële opbrengsten", "Produits financiers récurrents", "Recurring financial income"];
    Result Credit 2 "76B" Accounts(&["761", "7621", "7631", "769"]), ["Niet-recurrente financiële opbrengsten", "Produits financiers non récurrents", "Non-recurring financial income"];
    Result Debit 1 "65/66B" Sum(&["65", "66B"]), ["Financiële kosten", "Charges financières", "Financial charges"];
    Result Debit 2 "65" Accounts(&["65"]), ["Recurrente financiële kosten", "Charges financières récurrentes", "Recurring financial charges"];
    Result Debit 2 "66B" Accounts(&["661", "6621", "6631", "669"]), ["Niet-recurrente financiële kosten", "Charges financières non récurrentes", "Non-recurring financial charges"];
    Result Credit 0 "9903" Sum(&["9901", "75/76B", "65/66B"]), ["Winst (Verlies) van het boekjaar vóór belasting", "Bénéfice (Perte) de l'exercice avant impôts", "Profit (loss) of the year before taxes"];
    Result Credit 1 "780" Accounts(&["780"]), ["Onttrekking aan de uitgestelde belastingen", "Prélèvement sur les impôts différés", "Transfer from deferred taxes"];
    Result Debit 1 "680" Accounts(&["680"]), ["Overboeking naar de uitgestelde belastingen", "Transfert aux impôts différés", "Transfer to deferred taxes"];
    Result Debit 1 "67/77" Accounts(&["67", "77"]), ["Belastingen op het resultaat", "Impôts sur le résultat", "Taxes on the result"];
    Result Credit 0 "9904" Sum(&["9903", "780", "680", "67/77"]), ["Winst (Verlies) van het boekjaar", "Bénéfice (Perte) de l'exercice", "Profit (loss) of the year"];
    Result Credit 1 "789" Accounts(&["789"]), ["Onttrekking aan de belastingvrije reserves", "Prélèvement sur les réserves immunisées", "Transfer from untaxed reserves"];
    Result Debit 1 "689" Accounts(&["689"]), ["Overboeking naar de belastingvrije reserves", "Transfert aux réserves immunisées", "Transfer to untaxed reserves"];
    Result Credit 0 "9905" Sum(&["9904", "789", "689"]), ["Te bestemmen winst (verlies) van het boekjaar", "Bénéfice (Perte) de l'exercice à affecter", "Profit (loss) of the year to be appropriated"];
    Result Credit 1 "14P" BroughtForward, ["Overgedragen winst (verlies) van het vorige boekjaar", "Bénéfice (Perte) reporté(e) de l'exercice précédent", "Profit (loss) brought forward from the year before"];
    Result Credit 0 "9906" Sum(&["9905", "14P"]), ["Te bestemmen winst (verlies)", "Bénéfice (Perte) à affecter", "Profit (loss) to be appropriated"];
    Result Credit 1 "791/2" Accounts(&["791", "792"]), ["Onttrekking aan het eigen vermogen", "Prélèvement sur les capitaux propres", "Transfers from equity"];
    Result Debit 1 "691/2" Accounts(&["691", "692"]), ["Toevoeging aan het eigen vermogen", "Affectation aux capitaux propres", "Appropriations to equity"];
    Result Credit 1 "794" Accounts(&["794"]), ["Tussenkomst van de vennoten in het verlies", "Intervention des associés dans la perte", "Shareholders' contribution to the loss"];
    Result Debit 1 "694/7" Accounts(&["694", "695", "696", "697"]), ["Uit te keren winst", "Bénéfice à distribuer", "Profit to be distributed"];
    Result Credit 0 "14" Sum(&["9906", "791/2", "691/2", "794", "694/7"]), ["Over te dragen winst (verlies)", "Bénéfice (Perte) à reporter", "Profit (loss) to be carried forward"];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ledger::Book;

    use super::*;

    #[test]
    fn every_account_of_the_general_ledger_falls_under_exactly_one_heading() {
        for account in Account::ALL {
            let under: Vec<_> = LAYOUT.iter().filter(|heading| heading.has(*account)).collect();
            let expected = usize::from(account.book() == Book::General);
            assert_eq!(under.len(), expected, "{account} falls under {under:?}");
            assert_eq!(heading_of(*account), under.first().copied());
        }
    }

    #[test]
    fn classes_1_to_5_are_in_the_balance_sheet_and_the_result_is_made_of_classes_6_and_7() {
        for account in Account::ALL.iter().filter(|account| account.book() == Book::General) {
            let heading = heading_of(*account).unwrap();
            let of_result = matches!(account.class().number(), Some(6 | 7));
            let carried = matches!(heading.holds, Holds::CarriedForward(_));
            assert_eq!(heading.statement == Statement::Result, of_result && !carried, "{account}");
        }
    }

    #[test]
    fn every_heading_but_the_last_of_each_part_is_summed_exactly_once() {
        for statement in [Statement::Assets, Statement::Liabilities, Statement::Result] {
            let mut summed = BTreeMap::<&str, usize>::new();
            let headings: Vec<_> = LAYOUT.iter().filter(|heading| heading.statement == statement).collect();
            for heading in &headings {
                assert_eq!(summed.insert(heading.code, 0), None, "{} stands there once", heading.code);
            }
            for heading in &headings {
                if let Holds::Sum(codes) = heading.holds {
                    for code in codes {
                        *summed.get_mut(code).expect("a sum names headings of its own part") += 1;
                    }
                }
            }
            let (last, others) = headings.split_last().unwrap();
            assert_eq!(summed[last.code], 0);
            assert!(others.iter().all(|heading| summed[heading.code] == 1), "{summed:?}");
        }
    }
}
