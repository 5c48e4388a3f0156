//! People, units and papers that we know, and the parameters of DOMAIN C1.
//!
//! Amounts are round unless rounding is the point.

use std::sync::{Arc, LazyLock};

use domain::correction::Correct;
use domain::ids::{
    AccidentId, ActivityId, BankAccountId, BoardDecisionId, BodyId, BookingId, ClaimId, ClientId,
    CollectorId, ContractId, CourseId, CreditNoteId, EmploymentId, EnquiryId, EntityId, EthicsCaseId,
    ExpenseId, GrantId, GroupId, InvoiceId, LoanId, MeetingId, MemberId, OfficeId, OrderId, PaymentId,
    PersonId, ProjectId, RecommendationId, ResolutionId, ResourceId, SalaryId, StatementId, UnitId,
};
use domain::joint::TransferBudget;
use domain::loan::Instalment;
use domain::member::{Category, MemberCommand, MemberEvent, PaidFrom};
use domain::parameters::{CodeList, Parameter, Parameters, Published, Validity, Value};
use domain::payroll::WorkerKind;
use domain::text::{ReasonCode, Token};
use domain::unit::{
    Channel, CreditDraft, CreditLine, ExpenseKind, Indemnity, InvoiceDraft, InvoiceLine, Payee,
    SocialDocument, UnitCommand, UnitEvent, UnitKnown, Work, WorkDay,
};
use domain::vat::{Price, VatCategory};
use domain::{Amount, Balance, Day, Digest, Evidence, Hours, Month, Position, Rate};
use uuid::Uuid;

macro_rules! known {
    ($($name:ident: $type:ty = $number:literal;)*) => {
        $(pub const $name: $type = <$type>::new(Uuid::from_u128($number));)*
    };
}

known! {
    SMARTCOOP: EntityId = 0xC0;
    ALICE: PersonId = 0xA11CE;
    BOB: PersonId = 0xB0B;
    CAROL: PersonId = 0xCA401;
    FUNDER: PersonId = 0xF04DE4;
    ALICES_MEMBERSHIP: MemberId = 0xA11CE0001;
    BOBS_MEMBERSHIP: MemberId = 0xB0B0001;
    ATELIER: UnitId = 0xA7E11E4;
    GARAGE: UnitId = 0x6A4A6E;
    CLIENT: ClientId = 0xC11E47;
    ORDER: OrderId = 0x04DE4;
    OTHER_ORDER: OrderId = 0x04DE5;
    JOB: ContractId = 0x10B;
    OTHER_JOB: ContractId = 0x10C;
    EMPLOYMENT: EmploymentId = 0xE1;
    OPEN_ENDED: EmploymentId = 0xE2;
    INVOICE: InvoiceId = 0x14401CE;
    OTHER_INVOICE: InvoiceId = 0x14401CF;
    BAILIFF: CollectorId = 0xBA111FF;
    CREDIT_NOTE: CreditNoteId = 0xC4ED17;
    PAYMENT: PaymentId = 0x9A1D;
    OTHER_PAYMENT: PaymentId = 0x9A1E;
    EXPENSE: ExpenseId = 0xE09E45E;
    OTHER_EXPENSE: ExpenseId = 0xE09E45F;
    SALARY: SalaryId = 0x5A1A47;
    OTHER_SALARY: SalaryId = 0x5A1A48;
    LOAN: LoanId = 0x10A4;
    PROJECT: ProjectId = 0x940;
    GRANT: GrantId = 0x64A47;
    COURSE: CourseId = 0xC0045E;
    ENQUIRY: EnquiryId = 0xE094;
    ACCIDENT: AccidentId = 0xACC1;
    CLAIM: ClaimId = 0xC1A1;
    ACCOUNT: BankAccountId = 0xACC0;
    STATEMENT: StatementId = 0x57A7;
    RESOURCE: ResourceId = 0x4E50;
    BOOKING: BookingId = 0xB00C;
    OTHER_BOOKING: BookingId = 0xB00D;
    GROUP: GroupId = 0x640;
    RECOMMENDATION: RecommendationId = 0x4EC0;
    WORKS_COUNCIL: BodyId = 0xB0D7;
    ETHICS_CASE: EthicsCaseId = 0xE7;
    DECISION: BoardDecisionId = 0xDEC;
    MEETING: MeetingId = 0xA6;
    RESOLUTION: ResolutionId = 0x4E5;
    ACTIVITY: ActivityId = 0xAC7;
    OFFICE: OfficeId = 0x0FF1CE;
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a fixture's day exists")
}

pub fn month(text: &str) -> Month {
    text.parse().expect("a fixture's month exists")
}

pub fn hours(text: &str) -> Hours {
    text.parse().expect("a fixture's hours have two decimals")
}

pub fn amount(text: &str) -> Amount {
    text.parse().expect("a fixture's amount is above zero")
}

pub fn balance(text: &str) -> Balance {
    text.parse().expect("a fixture's balance has two decimals")
}

pub fn rate(text: &str) -> Rate {
    text.parse().expect("a fixture's rate is a decimal")
}

pub fn token<const N: usize>(text: &str) -> Token<N> {
    text.parse().expect("a fixture's word is a token")
}

/// A paper with this number.
pub fn paper(number: &str) -> Evidence {
    let mut digest = [0; 32];
    digest[..number.len()].copy_from_slice(number.as_bytes());
    Evidence { document: token(number), digest: Digest(digest) }
}

/// The codes that the cooperative of the specs has published.
const CODES: &[(CodeList, &[&str])] = &[
    (CodeList::Group, &["smart-in-progress", "ethics-committee"]),
    (CodeList::Topic, &["unemployment-reform", "wages"]),
    (CodeList::Body, &["works-council"]),
    (CodeList::Activity, &["info-session", "workshop"]),
    (CodeList::Place, &["liege", "charleroi"]),
    (CodeList::Publication, &["analysis"]),
    (CodeList::LegalCase, &["request"]),
    (CodeList::Training, &["members"]),
    (CodeList::Question, &["satisfaction", "stay", "main-activity"]),
    (CodeList::Project, &["gembloux"]),
    (CodeList::Guide, &["users"]),
    (CodeList::Affiliation, &["federation"]),
    (CodeList::Plan, &["diversity"]),
    (CodeList::Coaching, &["production"]),
    (CodeList::CheckedBefore, &["contract.declared"]),
    (CodeList::CheckedAfter, &["expense.approved", "contract.declared"]),
    (CodeList::Finding, &["no-receipt", "wrong-rate"]),
];

/// Legal and commercial parameters as DOMAIN C1 (corrected by F5) gives them.
pub fn parameters() -> Arc<Parameters> {
    static C1: LazyLock<Arc<Parameters>> = LazyLock::new(|| {
        let rate = |text| Value::Rate(rate(text));
        let amount = |text| Value::Amount(amount(text));
        let table = [
            (Parameter::ShareNominal, "2017-01-01", amount("30.00")),
            (Parameter::ShareGraceContracts, "2017-01-01", Value::Count(3)),
            (Parameter::ShareholdersMin, "2017-01-01", Value::Count(3)),
            (Parameter::ResignationLastMonth, "2017-01-01", Value::Count(6)),
            (Parameter::ContributionRate, "2017-01-01", rate("0.065")),
            (Parameter::BudgetSpendableOn, "2017-01-01", Value::Choice(token("payment"))),
            (Parameter::WageCoefficient, "2017-01-01", rate("1.69")),
            (Parameter::WageMonthlyMinimum, "2024-05-01", amount("2070.48")),
            (Parameter::WageMonthlyMinimum, "2025-02-01", amount("2111.88")),
            (Parameter::WageYearlyHours, "2017-01-01", Value::Count(1976)),
            (Parameter::WageDayHoursMax, "2017-01-01", Value::Count(11)),
            (Parameter::WageTermDays, "2017-01-01", Value::Count(7)),
            (Parameter::NssoEmployerRate, "2017-01-01", rate("0.25")),
            (Parameter::NssoEmployeeRate, "2017-01-01", rate("0.1307")),
            (Parameter::NssoArtistBase, "2017-01-01", rate("1.08")),
            (Parameter::WithholdingRate, "2017-01-01", rate("0.1111")),
            (Parameter::HolidayArtistRate, "2017-01-01", rate("0.1584")),
            (Parameter::HolidayEmployeeRate, "2017-01-01", rate("0.1534")),
            (Parameter::VatStandard, "1996-01-01", rate("0.21")),
            (Parameter::VatIntermediate, "1996-01-01", rate("0.12")),
            (Parameter::VatReduced, "1996-01-01", rate("0.06")),
            (Parameter::InvoiceTermDays, "2022-02-01", Value::Count(30)),
            (Parameter::ExpenseDeadlineDay, "2017-01-01", Value::Count(15)),
            (Parameter::ReminderTermDays, "2023-09-01", Value::Count(14)),
            (Parameter::ReminderPostDays, "2023-09-01", Value::Count(3)),
            (Parameter::ReminderSmallDebt, "2023-09-01", amount("150.00")),
            (Parameter::ReminderSmallCap, "2023-09-01", amount("20.00")),
            (Parameter::ReminderMiddleDebt, "2023-09-01", amount("500.00")),
            (Parameter::ReminderMiddleBase, "2023-09-01", amount("30.00")),
            (Parameter::ReminderMiddleRate, "2023-09-01", rate("0.10")),
            (Parameter::ReminderLargeBase, "2023-09-01", amount("65.00")),
            (Parameter::ReminderLargeRate, "2023-09-01", rate("0.05")),
            (Parameter::ReminderLargeCap, "2023-09-01", amount("2000.00")),
            (Parameter::ReminderBusinessFlat, "2013-03-16", amount("40.00")),
            (Parameter::ReminderBusinessRate, "2025-01-01", rate("0.115")),
            (Parameter::BankDifferenceMax, "2017-01-01", amount("1.00")),
            (Parameter::ControlBeforeRate, "2020-01-01", rate("0.05")),
            (Parameter::ControlAfterRate, "2020-01-01", rate("0.02")),
            (Parameter::MeetingNoticeDays, "2019-05-01", Value::Count(15)),
            (Parameter::MeetingProxiesMax, "2019-05-01", Value::Count(2)),
            (Parameter::MeetingVotesShareMax, "2019-05-01", rate("0.1")),
            (Parameter::MeetingQuorum, "2019-05-01", rate("0.5")),
            (Parameter::MeetingOrdinaryMajority, "2019-05-01", rate("0.5")),
            (Parameter::MeetingStatutesMajority, "2019-05-01", rate("0.75")),
            (Parameter::MeetingObjectMajority, "2019-05-01", rate("0.8")),
            (Parameter::BoardSeatsUsers, "2017-01-01", Value::Count(12)),
            (Parameter::BoardSeatsPartners, "2017-01-01", Value::Count(6)),
            (Parameter::BoardQuorum, "2017-01-01", rate("0.5")),
            (Parameter::MandateDirectorYears, "2017-01-01", Value::Count(4)),
            (Parameter::MandateDayToDayYears, "2017-01-01", Value::Count(4)),
            (Parameter::MandateEthicsYears, "2017-01-01", Value::Count(4)),
            (Parameter::MandateAuditorYears, "2017-01-01", Value::Count(3)),
        ];
        let mut parameters = Parameters::default();
        for (parameter, from, value) in table {
            parameters.publish(parameter, Published { valid_from: day(from), valid_to: None, value });
        }
        for (list, codes) in CODES {
            for code in *codes {
                let validity = Validity { valid_from: day("2017-01-01"), valid_to: None };
                parameters.publish_code(*list, token(code), validity);
            }
        }
        Arc::new(parameters)
    });
    C1.clone()
}

/// A correction of the event at a position, with or without something instead.
pub fn correct<C>(n: usize, instead: Option<C>) -> Correct<C> {
    Correct {
        position: Position(n as u64),
        reason: token("typing-error"),
        authority: token("board"),
        replacement: instead.map(Box::new),
    }
}

// Members.

pub fn admitted(person: PersonId) -> [MemberEvent; 2] {
    let category = Category::User;
    [MemberEvent::AdmissionRequested { person, category }, MemberEvent::AdmissionGranted { person, category }]
}

pub fn subscribed(person: PersonId, shares: u32) -> MemberEvent {
    let amount = Amount::from_cents(3000 * i64::from(shares)).expect("above zero");
    let (class, evidence) = (token("A"), paper("subscription"));
    MemberEvent::SharesSubscribed { person, class, shares, nominal: self::amount("30.00"), amount, evidence }
}

pub fn paid_up(amount: &str) -> MemberEvent {
    MemberEvent::SharesPaidUp { amount: self::amount(amount), evidence: paper("bank-line") }
}

/// Admitted, with so many shares paid in full.
pub fn shareholder(person: PersonId, shares: u32) -> Vec<MemberEvent> {
    let paid = Amount::from_cents(3000 * i64::from(shares)).expect("above zero");
    let mut events = admitted(person).to_vec();
    events.extend([subscribed(person, shares), paid_up(&paid.to_string())]);
    events
}

/// Asks to leave by a letter that was filed on this day.
pub fn resign_as_filed_on(text: &str) -> MemberCommand {
    MemberCommand::RequestResignation { filed_on: day(text), evidence: paper("signed-letter") }
}

pub fn subscribe(shares: u32) -> MemberCommand {
    MemberCommand::SubscribeShares { class: token("A"), shares, evidence: paper("subscription") }
}

pub fn pay_up(amount: &str) -> MemberCommand {
    let (amount, evidence) = (self::amount(amount), paper("bank-line"));
    MemberCommand::PayUpShares { amount, paid_from: PaidFrom::OwnMeans, evidence }
}

// Units.

/// A unit that ALICE holds.
pub fn opened() -> UnitEvent {
    UnitEvent::Opened { holder: ALICE }
}

/// So much is available, and the holder's one share covers this year of use.
pub fn available(text: &str) -> UnitKnown {
    UnitKnown { available: balance(text), shares: 1, ..UnitKnown::default() }
}

pub fn days(days: &[(&str, &str)]) -> Vec<WorkDay> {
    days.iter().map(|(on, worked)| WorkDay { on: day(on), hours: hours(worked) }).collect()
}

/// A job of BOB for ALICE's unit.
pub fn declare(contract: ContractId, worked: &[(&str, &str)], budget: &str) -> UnitCommand {
    UnitCommand::DeclareContract {
        contract,
        holder: ALICE,
        worker: BOB,
        kind: WorkerKind::Employee,
        order: None,
        client: None,
        risk: None,
        days: days(worked),
        budget: amount(budget),
    }
}

/// What [`declare`] becomes: a day of 8 hours on 3 March for a budget of 169.00, hence 100.00 gross.
pub fn declared(contract: ContractId) -> UnitEvent {
    UnitEvent::ContractDeclared {
        contract,
        holder: ALICE,
        worker: BOB,
        kind: WorkerKind::Employee,
        order: None,
        client: None,
        risk: None,
        days: days(&[("2025-03-03", "7.00")]),
        hours: hours("7.00"),
        budget: amount("169.00"),
        coefficient: rate("1.69"),
        gross: amount("100.00"),
        minimum_gross: amount("89.78"),
    }
}

/// An employment contract for the job of [`declared`].
pub fn employed(contract: ContractId) -> UnitEvent {
    UnitEvent::EmploymentConcluded {
        employment: EMPLOYMENT,
        worker: BOB,
        kind: WorkerKind::Employee,
        term: domain::unit::Term::FixedTerm { contract, from: day("2025-03-03"), to: day("2025-03-03") },
        n_days: 1,
        hours: hours("7.00"),
    }
}

pub fn calculate(salary: SalaryId, work: Work) -> UnitCommand {
    let (work_bonus, evidence) = (Balance::ZERO, paper("payslip"));
    UnitCommand::CalculateSalary { salary, work, work_bonus, withholding_rate: None, evidence }
}

pub fn net(vat: VatCategory, price: &str) -> InvoiceLine {
    InvoiceLine { vat, price: Price::Net(amount(price)) }
}

pub fn inclusive(vat: VatCategory, price: &str) -> InvoiceLine {
    InvoiceLine { vat, price: Price::Inclusive(amount(price)) }
}

pub fn invoice(lines: &[InvoiceLine]) -> InvoiceDraft {
    let evidence = paper("invoice");
    InvoiceDraft {
        invoice: INVOICE,
        holder: ALICE,
        client: CLIENT,
        order: None,
        course: None,
        lines: lines.to_vec(),
        evidence,
    }
}

pub fn credit_note(n: u128, lines: &[(VatCategory, &str)]) -> CreditDraft {
    let line = |(vat, net): &(VatCategory, &str)| CreditLine { vat: *vat, net: amount(net) };
    CreditDraft {
        credit_note: CreditNoteId::new(Uuid::from_u128(0xC4ED17 + n)),
        invoice: INVOICE,
        lines: lines.iter().map(line).collect(),
        reason: token("client-complaint"),
        evidence: paper("credit-note"),
    }
}

pub fn receive(payment: PaymentId, received: &str) -> UnitCommand {
    let (received, evidence) = (amount(received), paper("bank-line"));
    UnitCommand::ReceivePayment { invoice: INVOICE, payment, received, evidence }
}

/// A reminder of this level, by e-mail.
pub fn remind(level: u8) -> UnitCommand {
    let level = level.try_into().expect("a level is 1, 2 or 3");
    UnitCommand::RemindClient { invoice: INVOICE, level, channel: Channel::Email }
}

/// An indemnity of a consumer.
pub fn of_consumer(text: &str) -> UnitCommand {
    UnitCommand::ChargeIndemnity { invoice: INVOICE, indemnity: Indemnity::B2c { amount: amount(text) } }
}

/// The indemnity of a business.
pub fn of_business() -> UnitCommand {
    UnitCommand::ChargeIndemnity { invoice: INVOICE, indemnity: Indemnity::B2b {} }
}

/// A promise to pay these sums by these days.
pub fn plan(instalments: &[(&str, &str)]) -> UnitCommand {
    let parts = instalments.iter().map(|(on, sum)| Instalment { due_on: day(on), amount: amount(sum) });
    UnitCommand::AgreePaymentPlan { invoice: INVOICE, instalments: parts.collect(), evidence: paper("plan") }
}

pub fn doubt() -> UnitCommand {
    UnitCommand::MarkDoubtful { invoice: INVOICE, reason: token("no-answer"), evidence: paper("file") }
}

/// A write-off, after a judgment of bankruptcy of this day when there is one.
pub fn write_off(judgment_on: Option<&str>) -> UnitCommand {
    let (judgment_on, evidence) = (judgment_on.map(day), paper("decision"));
    UnitCommand::WriteOffInvoice { invoice: INVOICE, judgment_on, evidence }
}

pub fn advance(text: &str) -> UnitCommand {
    UnitCommand::GrantAdvance { invoice: INVOICE, amount: amount(text) }
}

/// The wage earns holiday pay.
pub fn accrue(salary: SalaryId) -> UnitCommand {
    UnitCommand::AccrueHolidayPay { salary, evidence: paper("payslip") }
}

/// The worker is paid the holiday pay owed, less contributions and tax.
pub fn pay_holidays(worker: PersonId, employee: &str, tax: &str) -> UnitCommand {
    let (employee, tax, evidence) = (balance(employee), balance(tax), paper("payslip"));
    UnitCommand::PayHolidayPay { worker, employee, tax, evidence }
}

/// EMPLOYMENT is declared to social security, with a reason when it is late.
pub fn send(late: Option<ReasonCode>) -> UnitCommand {
    UnitCommand::SendDimona { employment: EMPLOYMENT, late, evidence: paper("dimona") }
}

pub fn accept() -> UnitCommand {
    UnitCommand::AcceptDimona { employment: EMPLOYMENT, evidence: paper("dimona-answer") }
}

pub fn refuse() -> UnitCommand {
    let (reason, evidence) = (token("unknown-worker"), paper("dimona-answer"));
    UnitCommand::RefuseDimona { employment: EMPLOYMENT, reason, evidence }
}

pub fn cancel() -> UnitCommand {
    let (reason, evidence) = (token("did-not-come"), paper("dimona-cancel"));
    UnitCommand::CancelDimona { employment: EMPLOYMENT, reason, evidence }
}

pub fn issue_document(document: SocialDocument) -> UnitCommand {
    UnitCommand::IssueSocialDocument { document, evidence: paper("social-document") }
}

/// The unit may go so far below nothing.
pub fn guarantee(text: &str) -> UnitCommand {
    UnitCommand::SetGuaranteeLine { line: balance(text), evidence: paper("line") }
}

/// ALICE gives so much to GARAGE.
pub fn to_garage(text: &str) -> TransferBudget {
    let (reason, evidence) = (token("shared-work"), paper("order"));
    TransferBudget { to: GARAGE, holder: ALICE, amount: amount(text), reason, evidence }
}

pub fn absorb() -> UnitCommand {
    UnitCommand::AbsorbDeficit { reason: token("client-bankrupt"), evidence: paper("decision") }
}

/// ALICE claims what she paid for materials.
pub fn claim(expense: ExpenseId, net: &str, vat: &str, vat_recoverable: &str) -> UnitCommand {
    UnitCommand::ClaimExpense {
        expense,
        holder: ALICE,
        kind: ExpenseKind::Materials,
        payee: Payee::Member,
        incurred_on: day("2025-02-20"),
        net: amount(net),
        vat: balance(vat),
        vat_recoverable: balance(vat_recoverable),
        evidence: paper("receipt"),
    }
}
