//! The chart of accounts: every account of both books, in one table.
//!
//! The general ledger follows the Belgian minimum chart (MAR, PCMN); sub-accounts of our own carry
//! letters (`1109NR`, `493U`), so that nobody takes them for official numbers. The budget ledger has
//! words for codes: owners, the mirror of the result, and memo pairs for advances and loans in cash.
//! Left out: stocks (class 3) and accounts that no document of the cooperative names.
//! Source: KB 21-10-2018 (minimum chart); DOMAIN B4 and F2. \[R\] marks what is from recall.

use std::fmt;

use domain::money::Balance;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One of the two books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// The statutory books of the entity.
    General,
    /// What belongs to whom inside the shared enterprise.
    Budget,
}

/// One side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The left side.
    Debit,
    /// The right side.
    Credit,
}

/// A language of the cooperative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Nederlands.
    Dutch,
    /// Français.
    French,
    /// English.
    English,
}

/// What kind of account it is: a class of the Belgian chart, or a role in the budget ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Class 1: equity, provisions, debts of more than a year.
    Equity,
    /// Class 2: fixed assets, receivables of more than a year.
    FixedAssets,
    /// Class 4: receivables and debts of at most a year, accruals.
    ThirdParties,
    /// Class 5: banks and cash.
    Treasury,
    /// Class 6: charges, and the appropriation of profit.
    Charges,
    /// Class 7: income, and the appropriation of loss.
    Income,
    /// Budget ledger: to whom the result belongs.
    Owners,
    /// Budget ledger: the counterpart of all owners, equal to the result of the general ledger.
    Mirror,
    /// Budget ledger: a pair that only remembers.
    Memo,
}

macro_rules! chart {
    ($($(#[$doc:meta])* $name:ident = $code:literal $class:ident $side:ident [$nl:literal, $fr:literal, $en:literal];)*) => {
        /// An account of either book.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Account {
            $(#[doc = concat!("`", $code, "` ", $en, ".")] $(#[$doc])* $name,)*
        }

        impl Account {
            /// Every account, in the order of the chart.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its number or word: `400`, `unit.available`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The account with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// Its class.
            pub const fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)* }
            }

            /// The side on which its balance usually stands, and which counts as positive.
            pub const fn normal_side(self) -> Side {
                match self { $(Self::$name => Side::$side,)* }
            }

            /// Its name.
            pub const fn name(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Dutch) => $nl,
                    (Self::$name, Language::French) => $fr,
                    (Self::$name, Language::English) => $en,)*
                }
            }
        }
    };
}

chart! {
    // Class 1
    ContributionPremium = "1100" Equity Credit ["Beschikbare inbreng – premie", "Apport disponible hors capital – prime", "Contribution available, premium"];
    Contribution = "1109" Equity Credit ["Beschikbare inbreng – andere", "Apport disponible hors capital – autres", "Contribution available, other"];
    /// Stays there until the general meeting allocates it. Source: DOMAIN F2 (CBN 2022/02); the sub-number is ours.
    ContributionNotRefunded = "1109NR" Equity Credit ["Beschikbare inbreng – niet terugbetaald aan uittreders", "Apport disponible hors capital – non remboursé aux sortants", "Contribution available, not refunded to leavers"];
    ContributionUnavailablePremium = "1110" Equity Credit ["Onbeschikbare inbreng – premie", "Apport indisponible hors capital – prime", "Contribution not available, premium"];
    /// For the former fixed part of the capital only. \[R\]
    ContributionUnavailable = "1119" Equity Credit ["Onbeschikbare inbreng – andere", "Apport indisponible hors capital – autres", "Contribution not available, other"];
    LegalReserve = "130" Equity Credit ["Wettelijke reserve", "Réserve légale", "Legal reserve"];
    StatutoryReserve = "1311" Equity Credit ["Statutair onbeschikbare reserves", "Réserves statutairement indisponibles", "Reserves unavailable by statute"];
    UntaxedReserves = "132" Equity Credit ["Belastingvrije reserves", "Réserves immunisées", "Untaxed reserves"];
    AvailableReserves = "133" Equity Credit ["Beschikbare reserves", "Réserves disponibles", "Available reserves"];
    ProfitBroughtForward = "140" Equity Credit ["Overgedragen winst", "Bénéfice reporté", "Profit brought forward"];
    LossBroughtForward = "141" Equity Debit ["Overgedragen verlies", "Perte reportée", "Loss brought forward"];
    InvestmentGrants = "15" Equity Credit ["Kapitaalsubsidies", "Subsides en capital", "Investment grants"];
    OtherProvisions = "164" Equity Credit ["Voorzieningen voor overige risico's en kosten", "Provisions pour autres risques et charges", "Provisions for other risks and charges"];
    OtherLoansLong = "174" Equity Credit ["Overige leningen op meer dan één jaar", "Autres emprunts à plus d'un an", "Other loans of more than one year"];
    SundryDebtsLong = "179" Equity Credit ["Overige schulden op meer dan één jaar", "Dettes diverses à plus d'un an", "Sundry debts of more than one year"];

    // Class 2
    Software = "215000" FixedAssets Debit ["Software", "Logiciels", "Software"];
    /// The sub-number is ours.
    SoftwareDepreciated = "215009" FixedAssets Credit ["Geboekte afschrijvingen op software", "Amortissements actés sur logiciels", "Depreciation of software, accumulated"];
    Machines = "230" FixedAssets Debit ["Installaties en machines", "Installations et machines", "Installations and machines"];
    MachinesDepreciated = "2309" FixedAssets Credit ["Geboekte afschrijvingen op installaties en machines", "Amortissements actés sur installations et machines", "Depreciation of installations and machines, accumulated"];
    Furniture = "240" FixedAssets Debit ["Meubilair en kantooruitrusting", "Mobilier et équipement de bureau", "Furniture and office equipment"];
    FurnitureDepreciated = "2409" FixedAssets Credit ["Geboekte afschrijvingen op meubilair en kantooruitrusting", "Amortissements actés sur mobilier et équipement de bureau", "Depreciation of furniture and office equipment, accumulated"];
    Vehicles = "241" FixedAssets Debit ["Rollend materieel", "Matériel roulant", "Vehicles"];
    VehiclesDepreciated = "2419" FixedAssets Credit ["Geboekte afschrijvingen op rollend materieel", "Amortissements actés sur matériel roulant", "Depreciation of vehicles, accumulated"];
    ReceivablesLong = "2910" FixedAssets Debit ["Vorderingen op rekening op meer dan één jaar", "Créances en compte à plus d'un an", "Current-account receivables of more than one year"];
    DoubtfulReceivablesLong = "2917" FixedAssets Debit ["Dubieuze vorderingen op meer dan één jaar", "Créances douteuses à plus d'un an", "Doubtful receivables of more than one year"];
    WriteDownsLong = "2919" FixedAssets Credit ["Waardeverminderingen op vorderingen op meer dan één jaar", "Réductions de valeur sur créances à plus d'un an", "Write-downs on receivables of more than one year"];

    // Class 4, receivables
    Customers = "400" ThirdParties Debit ["Klanten", "Clients", "Customers"];
    TradeIncomeReceivable = "404" ThirdParties Debit ["Te innen opbrengsten uit handel", "Produits commerciaux à recevoir", "Trade income receivable"];
    AdvancesPaid = "406" ThirdParties Debit ["Vooruitbetalingen", "Acomptes versés", "Advances paid"];
    DoubtfulCustomers = "407" ThirdParties Debit ["Dubieuze debiteuren", "Créances douteuses", "Doubtful customers"];
    CustomerWriteDowns = "409" ThirdParties Credit ["Geboekte waardeverminderingen op klanten", "Réductions de valeur actées sur clients", "Write-downs on customers"];
    UnpaidContribution = "410" ThirdParties Debit ["Opgevraagde, niet-gestorte inbreng", "Apport appelé, non versé", "Called contribution, unpaid"];
    VatRecoverable = "411" ThirdParties Debit ["Terug te vorderen btw", "TVA à récupérer", "VAT recoverable"];
    VatOnPurchases = "411059" ThirdParties Debit ["Terug te vorderen btw op aankopen (rooster 59)", "TVA à récupérer sur achats (grille 59)", "VAT recoverable on purchases (grid 59)"];
    /// Once the right to a refund exists, such as by a judgment of bankruptcy.
    VatOnLostDebts = "411062" ThirdParties Debit ["Terug te vorderen btw, regularisaties (rooster 62)", "TVA à récupérer, régularisations (grille 62)", "VAT recoverable, adjustments (grid 62)"];
    /// The sub-number is ours; the amounts go into grids 49 and 64.
    VatOnCreditNotes = "411064" ThirdParties Debit ["Terug te vorderen btw op uitgereikte creditnota's (rooster 64)", "TVA à récupérer sur notes de crédit émises (grille 64)", "VAT recoverable on credit notes issued (grid 64)"];
    VatProvision = "4118" ThirdParties Debit ["Provisierekening btw", "Compte de provision TVA", "VAT provision account"];
    IncomeReceivable = "414" ThirdParties Debit ["Te innen opbrengsten", "Produits à recevoir", "Income receivable"];
    SundryReceivables = "416" ThirdParties Debit ["Diverse vorderingen", "Créances diverses", "Sundry receivables"];
    SundryReceivablesGroup = "416IC" ThirdParties Debit ["Diverse vorderingen binnen de groep", "Créances diverses au sein du groupe", "Sundry receivables within the group"];
    DoubtfulSundry = "417" ThirdParties Debit ["Dubieuze diverse vorderingen", "Créances diverses douteuses", "Doubtful sundry receivables"];
    SundryWriteDowns = "419" ThirdParties Credit ["Geboekte waardeverminderingen op diverse vorderingen", "Réductions de valeur actées sur créances diverses", "Write-downs on sundry receivables"];

    // Class 4, debts
    Suppliers = "440" ThirdParties Credit ["Leveranciers", "Fournisseurs", "Suppliers"];
    InvoicesToReceive = "444" ThirdParties Credit ["Te ontvangen facturen", "Factures à recevoir", "Invoices to receive"];
    /// \[R\]
    EstimatedTaxes = "450" ThirdParties Credit ["Geraamde belastingschulden", "Dettes fiscales estimées", "Estimated tax debts"];
    VatPayable = "451" ThirdParties Credit ["Te betalen btw", "TVA à payer", "VAT payable"];
    VatOnSales = "451054" ThirdParties Credit ["Te betalen btw op verkopen (rooster 54)", "TVA à payer sur ventes (grille 54)", "VAT payable on sales (grid 54)"];
    /// The sub-number is ours; the amounts go into grid 63. \[R\]
    VatOnCreditsReceived = "451063" ThirdParties Credit ["Te betalen btw op ontvangen creditnota's (rooster 63)", "TVA à payer sur notes de crédit reçues (grille 63)", "VAT payable on credit notes received (grid 63)"];
    VatCurrentAccount = "4512" ThirdParties Credit ["Rekening-courant btw", "Compte courant TVA", "VAT current account"];
    WithholdingTax = "453" ThirdParties Credit ["Ingehouden voorheffingen", "Précomptes retenus", "Withheld tax"];
    Nsso = "454" ThirdParties Credit ["Rijksdienst voor Sociale Zekerheid", "Office national de sécurité sociale", "National Social Security Office"];
    Remuneration = "455" ThirdParties Credit ["Bezoldigingen", "Rémunérations", "Remuneration"];
    HolidayPay = "456" ThirdParties Credit ["Vakantiegeld", "Pécules de vacances", "Holiday pay"];
    OtherSocialDebts = "459" ThirdParties Credit ["Andere sociale schulden", "Autres dettes sociales", "Other social debts"];
    AdvancesReceived = "460" ThirdParties Credit ["Vooruitbetalingen op bestellingen", "Acomptes sur commandes", "Advances received on orders"];
    /// Must stay 0: no dividend. \[R\]
    DividendsEarlier = "470" ThirdParties Credit ["Dividenden en tantièmes van vorige boekjaren", "Dividendes et tantièmes d'exercices antérieurs", "Dividends and fees of earlier years"];
    /// Must stay 0: no dividend. Source: statutes art. 43.
    Dividends = "471" ThirdParties Credit ["Dividenden van het boekjaar", "Dividendes de l'exercice", "Dividends of the year"];
    /// Must stay 0: mandates are unpaid. \[R\]
    DirectorsFeesPayable = "472" ThirdParties Credit ["Tantièmes van het boekjaar", "Tantièmes de l'exercice", "Directors' fees of the year"];
    SundryPayables = "489" ThirdParties Credit ["Andere diverse schulden", "Autres dettes diverses", "Other sundry payables"];
    /// Without interest, and before any other distribution. Source: DOMAIN F2; the sub-number is ours.
    SuspendedRefunds = "489S" ThirdParties Credit ["Geschorste scheidingsaandelen", "Parts de retrait suspendues", "Suspended separation shares"];
    SundryPayablesGroup = "489IC" ThirdParties Credit ["Andere diverse schulden binnen de groep", "Autres dettes diverses au sein du groupe", "Other sundry payables within the group"];
    DeferredCharges = "490" ThirdParties Debit ["Over te dragen kosten", "Charges à reporter", "Deferred charges"];
    AccruedIncome = "491" ThirdParties Debit ["Verkregen opbrengsten", "Produits acquis", "Accrued income"];
    AccruedCharges = "492" ThirdParties Credit ["Toe te rekenen kosten", "Charges à imputer", "Accrued charges"];
    DeferredIncome = "493" ThirdParties Credit ["Over te dragen opbrengsten", "Produits à reporter", "Deferred income"];
    /// Reversed on 1 January; no part of identity I2. Source: DOMAIN F2, I4.
    DeferredUnitBudgets = "493U" ThirdParties Credit ["Over te dragen opbrengsten – budgetten van de productie-eenheden", "Produits à reporter – budgets des unités de production", "Deferred income, unspent unit budgets"];
    Suspense = "499" ThirdParties Credit ["Wachtrekeningen", "Comptes d'attente", "Suspense accounts"];

    // Class 5
    Banks = "550" Treasury Debit ["Kredietinstellingen", "Établissements de crédit", "Banks"];
    Cash = "570" Treasury Debit ["Kassen", "Caisses", "Cash"];
    InternalTransfers = "58" Treasury Debit ["Interne overboekingen", "Virements internes", "Internal transfers"];

    // Class 6
    RawMaterials = "600" Charges Debit ["Aankopen van grondstoffen", "Achats de matières premières", "Raw materials"];
    Consumables = "601" Charges Debit ["Aankopen van hulpstoffen", "Achats de fournitures", "Consumables"];
    ServicesBought = "602" Charges Debit ["Aankopen van diensten, werk en studies", "Achats de services, travaux et études", "Services, works and studies"];
    Subcontracting = "603" Charges Debit ["Algemene onderaannemingen", "Sous-traitances générales", "Subcontracting"];
    GoodsForResale = "604" Charges Debit ["Aankopen van handelsgoederen", "Achats de marchandises", "Goods for resale"];
    Rent = "6100" Charges Debit ["Huur", "Loyers", "Rent"];
    OfficeSupplies = "6120" Charges Debit ["Kantoorbenodigdheden", "Fournitures de bureau", "Office supplies"];
    OtherInsurance = "6146" Charges Debit ["Andere verzekeringen", "Autres assurances", "Other insurance"];
    Telecom = "6162" Charges Debit ["Internet en telefoon", "Internet et téléphone", "Internet and telephone"];
    Hotels = "616501" Charges Debit ["Hotelkosten", "Frais d'hôtel", "Hotels"];
    PerDiems = "616502" Charges Debit ["Dagvergoedingen", "Indemnités journalières", "Per diems"];
    PublicTransport = "616503" Charges Debit ["Openbaar vervoer", "Transports en commun", "Public transport"];
    OtherTravel = "616505" Charges Debit ["Overige verplaatsingen", "Autres déplacements", "Other travel"];
    /// The sub-number is ours.
    OtherOverheads = "6190" Charges Debit ["Overige diensten en diverse goederen", "Autres services et biens divers", "Other services and sundry goods"];
    ServicesGroup = "61IC" Charges Debit ["Diensten van de groep", "Services du groupe", "Services within the group"];
    EmployeePay = "6202" Charges Debit ["Bezoldigingen van bedienden", "Rémunérations des employés", "Pay of employees"];
    WorkerPay = "6203" Charges Debit ["Bezoldigingen van arbeiders", "Rémunérations des ouvriers", "Pay of workers"];
    OtherStaffPay = "6204" Charges Debit ["Bezoldigingen van andere personeelsleden", "Rémunérations des autres membres du personnel", "Pay of other staff"];
    EmployerContributions = "621" Charges Debit ["Werkgeversbijdragen voor sociale verzekeringen", "Cotisations patronales d'assurances sociales", "Employer's social security contributions"];
    OtherPersonnelCosts = "623" Charges Debit ["Overige personeelskosten", "Autres frais de personnel", "Other personnel costs"];
    /// The sub-number is ours.
    MembersPersonnelCosts = "6230" Charges Debit ["Overige kosten van het werk van leden", "Autres frais du travail des membres", "Other costs of members' work"];
    Training = "62360" Charges Debit ["Opleiding van personeel", "Formation du personnel", "Training of personnel"];
    /// \[R\]
    HolidayPayProvision = "625" Charges Debit ["Voorziening voor vakantiegeld", "Provision pour pécules de vacances", "Provision for holiday pay"];
    Depreciation = "630" Charges Debit ["Afschrijvingen", "Amortissements", "Depreciation"];
    CustomerWriteDownsMade = "6340" Charges Debit ["Waardeverminderingen op handelsvorderingen – toevoeging", "Réductions de valeur sur créances commerciales – dotation", "Write-downs on trade debtors, made"];
    CustomerWriteDownsReversed = "6341" Charges Credit ["Waardeverminderingen op handelsvorderingen – terugneming", "Réductions de valeur sur créances commerciales – reprise", "Write-downs on trade debtors, reversed"];
    /// Only if the auditor decides that unspent budgets are a provision.
    ProvisionsMade = "6380" Charges Debit ["Voorzieningen voor overige risico's en kosten – toevoeging", "Provisions pour autres risques et charges – dotation", "Provisions for other risks and charges, made"];
    BusinessTaxes = "640" Charges Debit ["Bedrijfsbelastingen", "Charges fiscales d'exploitation", "Business taxes"];
    /// \[R\]
    LossOnAssets = "641" Charges Debit ["Minderwaarden op de realisatie van vaste activa", "Moins-values sur réalisations d'actifs immobilisés", "Loss on disposal of fixed assets"];
    LossOnCustomers = "642" Charges Debit ["Minderwaarden op handelsvorderingen", "Moins-values sur créances commerciales", "Loss on trade debtors"];
    SundryCharges = "643" Charges Debit ["Diverse bedrijfskosten", "Charges d'exploitation diverses", "Sundry operating charges"];
    Interest = "6500" Charges Debit ["Rente op schulden", "Charges d'intérêts des dettes", "Interest on debts"];
    CurrentAssetWriteDownsMade = "6510" Charges Debit ["Waardeverminderingen op vlottende activa – toevoeging", "Réductions de valeur sur actifs circulants – dotation", "Write-downs on current assets, made"];
    CurrentAssetWriteDownsReversed = "6511" Charges Credit ["Waardeverminderingen op vlottende activa – terugneming", "Réductions de valeur sur actifs circulants – reprise", "Write-downs on current assets, reversed"];
    LossOnCurrentAssets = "652" Charges Debit ["Minderwaarden op vlottende activa", "Moins-values sur actifs circulants", "Loss on current assets"];
    BankFees = "657200" Charges Debit ["Bankkosten", "Frais de banque", "Bank fees"];
    IncomeTax = "6700" Charges Debit ["Belastingen op het resultaat", "Impôts sur le résultat", "Tax on the result"];
    ToOtherReserves = "6921" Charges Debit ["Toevoeging aan de overige reserves", "Dotation aux autres réserves", "Appropriation to other reserves"];
    ProfitCarriedForward = "693" Charges Debit ["Over te dragen winst", "Bénéfice à reporter", "Profit to carry forward"];
    /// Must stay 0: no dividend. Source: statutes art. 43.
    RemunerationOfContribution = "694" Charges Debit ["Vergoeding van de inbreng", "Rémunération de l'apport", "Remuneration of contribution"];
    /// Must stay 0: mandates are unpaid. \[R\]
    DirectorsFees = "695" Charges Debit ["Bestuurders", "Administrateurs", "Directors"];

    // Class 7
    /// \[R\]
    Sales = "700" Income Credit ["Verkopen en diensten", "Ventes et prestations", "Sales and services"];
    SalesEu = "70061" Income Credit ["Diensten in de Europese Unie", "Prestations de services dans l'Union européenne", "Services in the European Union"];
    /// No part of identity I2. Source: DOMAIN F2, I4.
    UnitBudgetsDeferred = "7009U" Income Debit ["Overdracht van budgetten van de productie-eenheden", "Report de budgets des unités de production", "Unspent unit budgets deferred"];
    Rebates = "708" Income Debit ["Toegekende kortingen", "Remises, ristournes et rabais accordés", "Rebates granted"];
    OperatingSubsidies = "740" Income Credit ["Bedrijfssubsidies", "Subsides d'exploitation", "Operating subsidies"];
    /// \[R\]
    GainOnAssets = "741" Income Credit ["Meerwaarden op de realisatie van vaste activa", "Plus-values sur réalisations d'actifs immobilisés", "Gain on disposal of fixed assets"];
    SundryIncome = "743" Income Credit ["Diverse opbrengsten", "Produits divers", "Sundry income"];
    IncomeGroup = "74IC" Income Credit ["Opbrengsten van de groep", "Produits du groupe", "Income within the group"];
    CapitalGrantIncome = "753" Income Credit ["Kapitaal- en interestsubsidies", "Subsides en capital et en intérêts", "Capital-grant income"];
    SundryFinancialIncome = "756" Income Credit ["Diverse financiële opbrengsten", "Produits financiers divers", "Sundry financial income"];
    ProfitFromPreviousYear = "790" Income Credit ["Overgedragen winst van het vorige boekjaar", "Bénéfice reporté de l'exercice précédent", "Profit from the previous year"];
    FromContribution = "791" Income Credit ["Onttrekking aan de inbreng", "Prélèvement sur l'apport", "Withdrawal from contribution"];
    FromReserves = "792" Income Credit ["Onttrekking aan de reserves", "Prélèvement sur les réserves", "Withdrawal from reserves"];
    LossCarriedForward = "793" Income Credit ["Over te dragen verlies", "Perte à reporter", "Loss to carry forward"];

    // Budget ledger
    UnitPending = "unit.pending" Owners Credit ["Eenheid – gefactureerd, nog niet besteedbaar", "Unité – facturé, pas encore disponible", "Unit, invoiced and not yet spendable"];
    UnitAvailable = "unit.available" Owners Credit ["Eenheid – beschikbaar", "Unité – disponible", "Unit, available"];
    UnitReserved = "unit.reserved" Owners Credit ["Eenheid – gereserveerd voor werk", "Unité – réservé pour du travail", "Unit, reserved for jobs"];
    Pool = "pool" Owners Credit ["Gedeelde middelen", "Moyens mutualisés", "Mutual pool"];
    Margin = "margin" Owners Credit ["Marge op tewerkstelling", "Marge sur l'emploi", "Employment margin"];
    Fund = "fund" Owners Credit ["Garantiefonds", "Fonds de garantie", "Guarantee fund"];
    /// A debit balance is what the pool has lent.
    LoanPool = "loan_pool" Owners Credit ["Leenpot", "Réserve de prêts", "Loan pool"];
    ProfitAndLoss = "PL" Mirror Debit ["Resultaat, spiegel van het grootboek", "Résultat, miroir du grand livre", "Result, mirror of the general ledger"];
    Advances = "advances" Memo Debit ["Voorschotten van het garantiefonds", "Avances du fonds de garantie", "Advances by the guarantee fund"];
    AdvancesControl = "advances_control" Memo Credit ["Voorschotten, tegenrekening", "Avances, contrepartie", "Advances, control"];
    /// What is outstanding of loans paid out in money; equals 416 + 2910 + 417 of the borrowers. Source: DOMAIN F2, I6.
    CashLoans = "cash_loans" Memo Debit ["Leningen in geld", "Prêts en argent", "Loans in cash"];
    CashLoansControl = "cash_loans_control" Memo Credit ["Leningen in geld, tegenrekening", "Prêts en argent, contrepartie", "Loans in cash, control"];
}

impl Account {
    /// What no rule may ever use: the cooperative pays no dividend and no director.
    ///
    /// Source: statutes art. 23 and 43; DOMAIN E16 as F2 words it.
    pub const ALWAYS_ZERO: [Self; 5] = [
        Self::DividendsEarlier,
        Self::Dividends,
        Self::DirectorsFeesPayable,
        Self::RemunerationOfContribution,
        Self::DirectorsFees,
    ];

    /// The book it belongs to.
    pub const fn book(self) -> Book {
        self.class().book()
    }

    /// Its place in [`Account::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether it counts towards the result that the budget ledger mirrors.
    ///
    /// Appropriation (69, 79) shares the result out and deferring unit budgets shifts it between
    /// years; neither makes it. Source: DOMAIN F2, I2.
    pub fn makes_result(self) -> bool {
        let appropriates = self.code().starts_with("69") || self.code().starts_with("79");
        matches!(self.class(), Class::Charges | Class::Income)
            && !appropriates
            && self != Self::UnitBudgetsDeferred
    }

    /// The account's balance, positive on its normal side.
    pub fn signed(self, debit: Balance, credit: Balance) -> Balance {
        match self.normal_side() {
            Side::Debit => debit - credit,
            Side::Credit => credit - debit,
        }
    }
}

impl Class {
    /// The book whose accounts are of this class.
    pub const fn book(self) -> Book {
        match self {
            Self::Equity
            | Self::FixedAssets
            | Self::ThirdParties
            | Self::Treasury
            | Self::Charges
            | Self::Income => Book::General,
            Self::Owners | Self::Mirror | Self::Memo => Book::Budget,
        }
    }

    /// Its number in the Belgian chart; none in the budget ledger.
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::Equity => Some(1),
            Self::FixedAssets => Some(2),
            Self::ThirdParties => Some(4),
            Self::Treasury => Some(5),
            Self::Charges => Some(6),
            Self::Income => Some(7),
            Self::Owners | Self::Mirror | Self::Memo => None,
        }
    }
}

impl Book {
    /// Both books.
    pub const ALL: [Self; 2] = [Self::General, Self::Budget];

    /// `GL` or `BL`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::General => "GL",
            Self::Budget => "BL",
        }
    }

    /// The book with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|book| book.code() == code)
    }
}

impl Language {
    /// Every language of the cooperative.
    pub const ALL: [Self; 3] = [Self::Dutch, Self::French, Self::English];

    /// Its ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl Visitor<'_> for Code {
            type Value = Account;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the code of an account such as \"400\"")
            }
            fn visit_str<E: Error>(self, code: &str) -> Result<Account, E> {
                let unknown = || E::custom(format_args!("no account has the code {code:?}"));
                Account::from_code(code).ok_or_else(unknown)
            }
        }
        deserializer.deserialize_str(Code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_account_has_a_code_of_its_own_and_three_names() {
        let codes: BTreeSet<_> = Account::ALL.iter().map(|account| account.code()).collect();
        assert_eq!(codes.len(), Account::ALL.len());
        for (index, account) in Account::ALL.iter().enumerate() {
            assert_eq!(account.index(), index);
            assert_eq!(Account::from_code(account.code()), Some(*account));
            for language in Language::ALL {
                assert!(!account.name(language).is_empty(), "{account} has a {language:?} name");
            }
        }
        assert_eq!(Account::from_code("4000"), None);
    }

    #[test]
    fn names_are_unambiguous_in_each_language() {
        for language in Language::ALL {
            let names: BTreeSet<_> = Account::ALL.iter().map(|account| account.name(language)).collect();
            assert_eq!(names.len(), Account::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn the_first_digit_is_the_class() {
        for account in Account::ALL {
            let digit = account.code().bytes().next().filter(u8::is_ascii_digit).map(|digit| digit - b'0');
            assert_eq!(account.class().number(), digit, "{account}");
            assert_eq!(account.book() == Book::General, digit.is_some(), "{account}");
        }
    }

    #[test]
    fn accounts_that_must_stay_zero_are_the_five_of_the_statutes() {
        assert_eq!(Account::ALWAYS_ZERO.map(Account::code), ["470", "471", "472", "694", "695"]);
    }
}
