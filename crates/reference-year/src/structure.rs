//! What the cooperative itself does in 2025: support staff, offices, purchases, assets, taxes, and the
//! returns that it files.
//!
//! The cooperative published no profit and loss account. Its pool earns about 12.9 million from the
//! contribution (DOMAIN A2 9) and it employs some 240 people (S000), so the yearly costs here are
//! synthetic: 13.8 million of pay, 5.9 million of overheads, half a million of depreciation, at the
//! scale. What is bought for the offices comes one bill at a time.
//!
//! VAT is returned by month on the 20th of the next, withheld tax on the 15th, wages by quarter a month
//! after it; each is paid when it is filed. A return declares what the books hold, so what it leaves to
//! pay is added up here from everything planned: invoices, credit notes, expenses, lost debts, wages,
//! bills. The first VAT return covers all of 2024, the opening state.
//!
//! Of the margin on the members' wages, about 6.1 % of their budgets is kept; the rest is cost. What
//! holiday pay leaves of that pays for insurance of work accidents and the medical service, by quarter,
//! and for the premium at the end of the year, whose bill is paid in January.
//! Left out: the taxes on the result; the year 2024.
//! Source: DOMAIN C1 (employment margin), F1 (pool income), F2 (holiday pay, year-end premium; overhead
//! purchase, staff pay, vat_return, nsso), F3.

use domain::filing::{FilingCommand, FilingId};
use domain::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId};
use domain::payroll::{Wage, WorkerKind, gross_of_budget};
use domain::structure::{
    AskedMovement, AssetKind, Bill, CostKind, PersonnelCostKind, StructureCommand, TaxKind,
};
use domain::text::Token;
use domain::{Amount, Request, Year};

use crate::acts::{amount, balance, more_tax};
use crate::days::{Dx, END, FIRST_OF_2025, FIRST_OF_2026, LAST_OF_2025, MAY_OF_2026, MONTHS, Span};
use crate::debts::Debts;
use crate::draw::{Draw, apportion, at, half_up, narrow};
use crate::holiday::Holiday;
use crate::ids::{Ids, Of};
use crate::money::Money;
use crate::people::People;
use crate::planned::{VAT_STANDARD_PERCENT, coefficient, wage_rates};
use crate::quotas::Quotas;
use crate::sales::{kind_of_expense, parts_of_expense};
use crate::work::{Form, Work};

/// Everything the structure and its returns do, by day, in order.
pub(crate) struct Structure {
    pub(crate) steps: Vec<(Dx, Request)>,
}

/// What one kind of overheads costs.
struct Overhead {
    kind: CostKind,
    /// In the year, in cents, without VAT.
    yearly: u64,
    /// Bills a month.
    bills: u64,
    /// VAT in hundredths.
    vat: u64,
    /// Whether the State gives the VAT back.
    recoverable: bool,
}

/// An asset bought in the year.
struct Bought {
    kind: AssetKind,
    /// In cents, without VAT.
    net: u64,
    life_months: u32,
    /// Month of 2025, from 0.
    month: usize,
    /// Month in which it is sold for a third of its price, if it is.
    sold: Option<usize>,
}

/// What is due to the State, by month from January 2024 on, in cents.
struct Dues {
    /// First day of each month.
    starts: Vec<Dx>,
    vat: [i64; MONTHS_PLANNED],
    nsso: [u64; MONTHS_PLANNED],
    withholding: [u64; MONTHS_PLANNED],
    /// Gross wages of members by month, and what their budgets and margins come to.
    gross: [u64; MONTHS_PLANNED],
    budgets: u64,
    margins: u64,
    /// Holiday pay that members earned.
    holiday: u64,
}

/// January 2024 to January 2026.
const MONTHS_PLANNED: usize = 25;
/// Where 2025 begins among them.
const OF_2025: usize = 12;

const fn overhead(kind: CostKind, yearly: u64, bills: u64, vat: u64, recoverable: bool) -> Overhead {
    Overhead { kind, yearly, bills, vat, recoverable }
}

/// Synthetic; eight offices (S001), each with its rent.
const OVERHEADS: [Overhead; 6] = [
    overhead(CostKind::Rent, 200_000_000, 8, 0, false),
    overhead(CostKind::OfficeSupplies, 25_000_000, 15, VAT_STANDARD_PERCENT, true),
    overhead(CostKind::Insurance, 45_000_000, 2, 0, false),
    overhead(CostKind::Telecom, 35_000_000, 8, VAT_STANDARD_PERCENT, true),
    overhead(CostKind::Services, 220_000_000, 25, VAT_STANDARD_PERCENT, true),
    overhead(CostKind::Other, 60_000_000, 15, VAT_STANDARD_PERCENT, false),
];
const BOUGHT: [Bought; 4] = [
    Bought { kind: AssetKind::Software, net: 120_000_000, life_months: 36, month: 0, sold: None },
    Bought { kind: AssetKind::Furniture, net: 18_000_000, life_months: 120, month: 2, sold: None },
    Bought { kind: AssetKind::Machines, net: 24_000_000, life_months: 60, month: 4, sold: None },
    Bought { kind: AssetKind::Vehicles, net: 4_500_000, life_months: 60, month: 1, sold: Some(9) },
];
/// Gross pay of the support staff in a month, and what is withheld of it for tax, in hundredths.
const STAFF_GROSS_CENTS: u64 = 92_000_000;
const STAFF_TAX_PERCENT: u64 = 22;
const BANK_FEES_CENTS: u64 = 400_000;
const BUSINESS_TAX_CENTS: u64 = 6_000_000;
const AUDIT_FEE_CENTS: u64 = 4_500_000;
/// What is kept of the margin on members' wages, in thousandths of their budgets. Source: DOMAIN C1, mean
/// of 2018 and 2019.
const KEPT_PER_MILLE: u64 = 61;
/// How the other costs of members' work share in what holiday pay leaves; synthetic.
const PERSONNEL_COSTS: [(PersonnelCostKind, u64); 3] = [
    (PersonnelCostKind::WorkAccidents, 14),
    (PersonnelCostKind::MedicalService, 4),
    (PersonnelCostKind::YearEndPremium, 82),
];
/// What stood at the bank and in the reserves when the log begins.
const OPENING_RESERVES_CENTS: u64 = 300_000_000;

const THIS_YEAR: Year = Year::new(2025);

impl Structure {
    /// Plans the year of the structure around everything that is taxed.
    pub(crate) fn plan(
        seed: u64,
        quotas: &Quotas,
        owed: (&People, &Work, &Holiday, &Money, &Debts),
        span: &Span,
        ids: &Ids,
    ) -> Self {
        let draw = &mut Draw::new(seed, "structure");
        let mut structure = Self { steps: Vec::new() };
        let mut dues = Dues::of(owed, span);
        structure.open(quotas, ids);
        structure.buy_overheads(draw, quotas, (span, ids), &mut dues);
        structure.buy_assets(quotas, (span, ids), &mut dues);
        structure.pay_staff(quotas, (span, ids), &mut dues);
        structure.bear_personnel_costs((span, ids), &dues);
        structure.other(quotas, (span, ids));
        structure.file(&dues, (span, ids));
        structure
    }

    fn open(&mut self, quotas: &Quotas, ids: &Ids) {
        let (debit, credit) = (Token::literal("550"), Token::literal("133"));
        let amount = amount(quotas.some_of(OPENING_RESERVES_CENTS));
        let command = StructureCommand::BookOpeningBalance {
            movements: vec![AskedMovement { debit, credit, amount }],
            evidence: ids.evidence("balance sheet before the log", "OPEN", 1),
        };
        self.steps.push((0, Request::Structure(Year::new(2024), command)));
    }

    /// Bills for the offices: each paid on a bank day before its month is over.
    fn buy_overheads(
        &mut self,
        draw: &mut Draw,
        quotas: &Quotas,
        (span, ids): (&Span, &Ids),
        dues: &mut Dues,
    ) {
        let mut index = 0;
        for (supplier, overhead) in (0..).zip(&OVERHEADS) {
            for month in 0..12 {
                let yearly = quotas.some_of(overhead.yearly);
                let n = quotas.some_of(overhead.bills);
                let weights: Vec<u64> = (0..n).map(|_| u64::from(draw.between(40, 160))).collect();
                for net in apportion(yearly / 12, &weights) {
                    let on = draw.day(MONTHS[month], MONTHS[month + 1] - 1);
                    let bill = Bought::bill(net, overhead.vat, overhead.recoverable);
                    let purchase = PurchaseId::new(ids.of(Of::Purchase, index, span.day(on)));
                    let supplier = SupplierId::new(ids.of(Of::Supplier, supplier, span.day(0)));
                    let evidence = ids.evidence("bill of a supplier", "BILL", index);
                    let kind = overhead.kind;
                    self.push(
                        on,
                        StructureCommand::RecordPurchase { purchase, supplier, kind, bill, evidence },
                    );
                    dues.owe(on, -bill.vat_recoverable.cents());
                    // One in fifty is credited by a tenth.
                    let back = if index % 50 == 49 { net / 10 } else { 0 };
                    let mut owed = bill.owed().cents();
                    if back > 0 {
                        let bill = Bought::bill(back, overhead.vat, overhead.recoverable);
                        let evidence = ids.evidence("credit note of a supplier", "BACK", index);
                        let credited_on = (on + 5).min(LAST_OF_2025);
                        self.push(credited_on, StructureCommand::CreditPurchase { purchase, bill, evidence });
                        dues.owe(credited_on, bill.vat_recoverable.cents());
                        owed -= bill.owed().cents();
                    }
                    let paid_on = span.bank_day_until(on + draw.day(10, 32)).max((on + 5).min(LAST_OF_2025));
                    if paid_on <= END {
                        let evidence = ids.evidence("payment of a supplier", "SUPP", index);
                        let amount = amount(narrow(owed));
                        self.push(paid_on, StructureCommand::PayPurchase { purchase, amount, evidence });
                    }
                    index += 1;
                }
            }
        }
    }

    /// Things that serve for years, depreciated by month from the month in which they are bought.
    fn buy_assets(&mut self, quotas: &Quotas, (span, ids): (&Span, &Ids), dues: &mut Dues) {
        for (index, bought) in (0_u32..).zip(&BOUGHT) {
            let on = span.bank_day_until(MONTHS[bought.month] + 12);
            let bill = Bought::bill(quotas.some_of(bought.net), VAT_STANDARD_PERCENT, true);
            let asset = AssetId::new(ids.of(Of::Asset, index, span.day(on)));
            // Bills of overheads count up, those of assets down.
            let purchase = PurchaseId::new(ids.of(Of::Purchase, u32::MAX - index, span.day(on)));
            self.push(
                on,
                StructureCommand::AcquireAsset {
                    asset,
                    purchase,
                    supplier: SupplierId::new(ids.of(Of::Supplier, 100 + index, span.day(0))),
                    kind: bought.kind,
                    bill,
                    life_months: bought.life_months,
                    in_use_from: span.day(on).month(),
                    evidence: ids.evidence("bill of an asset", "ASSET", index),
                },
            );
            dues.owe(on, -bill.vat_recoverable.cents());
            let (paid_on, owed) = (span.bank_day_until(on + 30), bill.owed().cents());
            let evidence = ids.evidence("payment of an asset", "PAYA", index);
            let amount = amount(narrow(owed));
            self.push(paid_on, StructureCommand::PayPurchase { purchase, amount, evidence });
            for month in bought.month..bought.sold.unwrap_or(12) {
                let on = MONTHS[month + 1] - 1;
                let month = span.day(on).month();
                self.push(on, StructureCommand::DepreciateAsset { asset, month });
            }
            if let Some(month) = bought.sold {
                let on = span.bank_day_until(MONTHS[month] + 14);
                let proceeds = quotas.some_of(bought.net) / 3;
                let vat = half_up(proceeds, VAT_STANDARD_PERCENT, 100);
                dues.owe(on, narrow(vat));
                let evidence = ids.evidence("sale of an asset", "SOLD", index);
                let (proceeds, vat) = (balance(proceeds), balance(vat));
                self.push(on, StructureCommand::DisposeAsset { asset, proceeds, vat, evidence });
            }
        }
    }

    /// The pay of the support staff, recorded and paid on the last bank day of each month.
    fn pay_staff(&mut self, quotas: &Quotas, (span, ids): (&Span, &Ids), dues: &mut Dues) {
        let gross = quotas.some_of(STAFF_GROSS_CENTS);
        let (employee, employer) = (half_up(gross, 1_307, 10_000), half_up(gross, 25, 100));
        let withholding = half_up(gross - employee, STAFF_TAX_PERCENT, 100);
        for month in 0..12 {
            let on = span.bank_day_until(MONTHS[month + 1] - 1);
            let index = narrow(month);
            let pay = StaffPayId::new(ids.of(Of::StaffPay, index, span.day(on)));
            self.push(
                on,
                StructureCommand::RecordStaffPay {
                    pay,
                    month: span.day(on).month(),
                    gross: amount(gross),
                    employer: balance(employer),
                    employee: balance(employee),
                    withholding: balance(withholding),
                    net: amount(gross - employee - withholding),
                    evidence: ids.evidence("statement of the payroll office", "STAFF", index),
                },
            );
            let evidence = ids.evidence("payment of the support staff", "PAYS", index);
            self.push(on, StructureCommand::PayStaff { pay, evidence });
            dues.nsso[OF_2025 + month] += employee + employer;
            dues.withholding[OF_2025 + month] += withholding;
        }
    }

    /// What members' work costs beside wages and contributions.
    fn bear_personnel_costs(&mut self, (span, ids): (&Span, &Ids), dues: &Dues) {
        let kept = dues.budgets * KEPT_PER_MILLE / 1_000;
        let costs = dues.margins.saturating_sub(dues.holiday + kept);
        let gross: Vec<u64> =
            dues.gross[OF_2025..].chunks_exact(3).map(|months| months.iter().sum()).collect();
        let shares = PERSONNEL_COSTS.map(|(_, share)| share);
        let mut index = 0;
        for ((kind, _), cost) in PERSONNEL_COSTS.into_iter().zip(apportion(costs, &shares)) {
            let weights = match kind {
                PersonnelCostKind::YearEndPremium => vec![0, 0, 0, 1],
                PersonnelCostKind::WorkAccidents | PersonnelCostKind::MedicalService => gross.clone(),
            };
            for (quarter, part) in apportion(cost, &weights).into_iter().enumerate() {
                if part == 0 {
                    continue;
                }
                let on = MONTHS[3 * quarter + 3] - 1;
                // Bills of overheads count up from nothing, those of assets down.
                let purchase = PurchaseId::new(ids.of(Of::Purchase, u32::MAX / 2 + index, span.day(on)));
                let supplier = SupplierId::new(ids.of(Of::Supplier, 200 + kind as u32, span.day(0)));
                let bill = Bought::bill(part, 0, false);
                let evidence = ids.evidence("bill for the members' work", "WORK", index);
                self.push(
                    on,
                    StructureCommand::RecordPersonnelCost { purchase, supplier, kind, bill, evidence },
                );
                let evidence = ids.evidence("payment for the members' work", "PAYW", index);
                let amount = amount(part);
                let paid_on = span.bank_day_until((on + 25).min(END));
                self.push(paid_on, StructureCommand::PayPurchase { purchase, amount, evidence });
                index += 1;
            }
        }
    }

    /// Bank fees, a tax on business, and the auditor's fee whose bill comes next year.
    fn other(&mut self, quotas: &Quotas, (span, ids): (&Span, &Ids)) {
        for month in 0..12 {
            let on = span.bank_day_until(MONTHS[month + 1] - 1);
            let amount = amount(quotas.some_of(BANK_FEES_CENTS));
            let evidence = ids.evidence("fees of the bank", "FEES", narrow(month));
            self.push(on, StructureCommand::ChargeBankFee { amount, evidence });
        }
        let assessed_on = MONTHS[5] + 9;
        let tax = TaxId::new(ids.of(Of::Tax, 0, span.day(assessed_on)));
        let tax_owed = amount(quotas.some_of(BUSINESS_TAX_CENTS));
        let evidence = ids.evidence("assessment of a tax", "TAX", 1);
        let kind = TaxKind::Business;
        self.push(assessed_on, StructureCommand::AssessTax { tax, kind, amount: tax_owed, evidence });
        let evidence = ids.evidence("payment of a tax", "PAYT", 1);
        let paid_on = span.bank_day_until(assessed_on + 45);
        self.push(paid_on, StructureCommand::PayTax { tax, amount: tax_owed, evidence });
        let accrual = AccrualId::new(ids.of(Of::Accrual, 0, span.day(LAST_OF_2025)));
        let fee = StructureCommand::RecordAccrual {
            accrual,
            kind: CostKind::Services,
            amount: amount(quotas.some_of(AUDIT_FEE_CENTS)),
            evidence: ids.evidence("estimate of the auditor's fee", "ACCR", 1),
        };
        self.push(LAST_OF_2025, fee);
        self.push(FIRST_OF_2026 + 1, StructureCommand::ReverseAccrual { accrual });
    }

    /// Every return, filed and paid.
    fn file(&mut self, dues: &Dues, (span, ids): (&Span, &Ids)) {
        let span_and_ids = (span, ids);
        let mut declared = 0;
        for month in OF_2025 - 1..OF_2025 + 12 {
            let (name, next) = (span.day(dues.starts[month]).month(), dues.starts[month + 1]);
            let until: i64 = dues.vat[..=month].iter().sum();
            self.file_and_pay(span_and_ids, &format!("vat-{name}"), next + 19, until - declared);
            declared = until;
            if month >= OF_2025 {
                let withheld = narrow(dues.withholding[month]);
                self.file_and_pay(span_and_ids, &format!("withholding-{name}"), next + 14, withheld);
            }
        }
        for quarter in 0..4 {
            let from = OF_2025 + 3 * quarter;
            let owed: u64 = dues.nsso[from..from + 3].iter().sum();
            let dmfa = format!("dmfa-2025-q{}", quarter + 1);
            self.file_and_pay(span_and_ids, &dmfa, dues.starts[from + 3] + 27, narrow(owed));
        }
        self.file_and_pay(span_and_ids, "accounts-2024", FIRST_OF_2025 + 176, 0);
        self.file_and_pay(span_and_ids, "customer-listing-2025", MAY_OF_2026 - 32, 0);
        self.file_and_pay(span_and_ids, "accounts-2025", MAY_OF_2026 + 56, 0);
    }

    fn file_and_pay(&mut self, (span, ids): (&Span, &Ids), filing: &str, on: Dx, net: i64) {
        let id: FilingId = filing.parse().expect("returns have names of one form");
        let index = narrow(self.steps.len());
        let receipt = ids.evidence(&format!("receipt of {filing}"), "FILED", index);
        self.steps.push((on, Request::Filing(id, FilingCommand::File { receipt })));
        if net != 0 {
            let evidence = ids.evidence(&format!("payment of {filing}"), "STATE", index);
            let command = FilingCommand::Pay { amount: amount(net.unsigned_abs()), evidence };
            self.steps.push((span.bank_day_until(on + 3).max(on), Request::Filing(id, command)));
        }
    }

    fn push(&mut self, on: Dx, command: StructureCommand) {
        self.steps.push((on, Request::Structure(THIS_YEAR, command)));
    }
}

impl Bought {
    fn bill(net: u64, vat_percent: u64, recoverable: bool) -> Bill {
        let vat = half_up(net, vat_percent, 100);
        let (back, kept) = if recoverable { (vat, 0) } else { (0, vat) };
        Bill { net: amount(net), vat_recoverable: balance(back), vat_not_recoverable: balance(kept) }
    }
}

impl Dues {
    /// What invoices, expenses and wages leave due to the State.
    fn of(
        (people, work, holiday, money, debts): (&People, &Work, &Holiday, &Money, &Debts),
        span: &Span,
    ) -> Self {
        let mut dues = Self {
            starts: (0..=MONTHS_PLANNED).map(|month| span.months_after(0, narrow(month))).collect(),
            vat: [0; MONTHS_PLANNED],
            nsso: [0; MONTHS_PLANNED],
            withholding: [0; MONTHS_PLANNED],
            gross: [0; MONTHS_PLANNED],
            budgets: 0,
            margins: 0,
            holiday: 0,
        };
        for (index, invoice) in (0..).zip(&money.invoices) {
            dues.owe(invoice.on, narrow(invoice.vat()));
            if let Some(credit) = money.credit_of(index) {
                dues.owe(credit.on, -narrow::<u64, i64>(money.vat_back(index)));
            }
        }
        for expense in money.expenses.iter().filter(|expense| expense.paid_on > 0) {
            let (_, payee) = kind_of_expense(expense);
            let (_, _, recoverable) = parts_of_expense(expense, payee);
            dues.owe(expense.decided_on, -narrow::<u64, i64>(recoverable));
        }
        // The right to the VAT of a lost debt comes with the judgment.
        for loss in debts.losses.iter().filter(|loss| loss.is_judged) {
            let vat = money.invoices[at(loss.invoice)].vat();
            dues.owe(loss.written_off_on, -narrow::<u64, i64>(vat));
        }
        dues.add_wages(people, work);
        for paid in &holiday.payments {
            let month = dues.month(paid.on);
            dues.nsso[month] += paid.employee;
            dues.withholding[month] += paid.tax;
        }
        dues
    }

    fn add_wages(&mut self, people: &People, work: &Work) {
        let of_kind = [WorkerKind::Employee, WorkerKind::Artist].map(wage_rates);
        for job in work.jobs.iter().filter(|job| job.form != Form::Cancelled) {
            let person = people.person(job.worker);
            let mut rates = of_kind[usize::from(person.artist)];
            if person.more_tax {
                rates.withholding = more_tax();
            }
            let gross = gross_of_budget(amount(job.budget.into()), coefficient());
            let gross = Amount::try_from(gross).expect("jobs are paid");
            let wage =
                Wage::calculate(gross, &rates, balance(job.bonus.into())).expect("wages leave something");
            let month = self.month(job.calculated_on);
            self.nsso[month] += narrow::<i64, u64>((wage.employee + wage.employer + wage.holiday).cents());
            self.withholding[month] += narrow::<i64, u64>(wage.tax.cents());
            self.gross[month] += narrow::<i64, u64>(gross.cents());
            self.budgets += u64::from(job.budget);
            self.margins += u64::from(job.budget) - narrow::<i64, u64>(wage.cost.cents());
            self.holiday += if job.earns_holiday(people) { job.holiday() } else { 0 };
        }
    }

    /// VAT owed on a day, in cents; below zero when it comes back.
    fn owe(&mut self, on: Dx, cents: i64) {
        let month = self.month(on);
        self.vat[month] += cents;
    }

    /// The month of a day, counted from January 2024.
    fn month(&self, on: Dx) -> usize {
        self.starts.partition_point(|first| *first <= on) - 1
    }
}
