//! Commands drawn from numbers, and the parameters under which they are decided.

use super::*;

/// One of the things that can be asked of a loan that was granted.
pub fn loan_step(pick: usize, amount: Amount, size: u32) -> LoanCommand {
    let evidence = evidence("BNK-5");
    match size % 8 {
        0 => LoanCommand::DisburseLoan { evidence },
        1..=3 => {
            let small = Amount::from_cents(1 + amount.cents() / 10).unwrap();
            LoanCommand::PayInstalment { amount: small, evidence }
        }
        4 => LoanCommand::PayInstalment { amount, evidence },
        5 if pick.is_multiple_of(2) => LoanCommand::DoubtLoan { reason: reason(), evidence },
        5 | 6 => {
            let part = Amount::from_cents(1 + amount.cents() / (1 + pick as i64 % 20)).unwrap();
            LoanCommand::WriteOffLoan { amount: part, reason: reason(), evidence }
        }
        _ => {
            let (instalments, first_due_on) = (1 + pick as u32 % 40, day("2025-06-30"));
            LoanCommand::RescheduleLoan { instalments, first_due_on, evidence }
        }
    }
}

/// One of the things that can be asked of a grant that was announced.
pub fn grant_step(pick: usize, amount: Amount, size: u32) -> GrantCommand {
    let evidence = evidence("BNK-6");
    let part = Amount::from_cents(1 + amount.cents() / (1 + pick as i64 % 20)).unwrap();
    match size % 7 {
        0 => GrantCommand::ReceiveGrant { amount, evidence },
        1 => GrantCommand::ReceiveGrant { amount: part, evidence },
        2 => GrantCommand::RecogniseGrant { amount: part, evidence },
        3..=5 => GrantCommand::PassOnGrant { amount: part, evidence },
        _ => GrantCommand::ReturnGrant { amount: part, reason: reason(), evidence },
    }
}

pub fn loan_replacement(event: &LoanEvent, instead: Amount) -> Option<LoanCommand> {
    let evidence = evidence("RIGHT-3");
    match event {
        LoanEvent::InstalmentPaid { .. } => {
            let amount = Amount::from_cents(1 + instead.cents() / 100).unwrap();
            Some(LoanCommand::PayInstalment { amount, evidence })
        }
        LoanEvent::Disbursed { .. } => Some(LoanCommand::DisburseLoan { evidence }),
        LoanEvent::WrittenOff { .. } => {
            let amount = Amount::from_cents(1 + instead.cents() / 100).unwrap();
            Some(LoanCommand::WriteOffLoan { amount, reason: reason(), evidence })
        }
        _ => None,
    }
}

pub fn grant_replacement(event: &GrantEvent, instead: Amount) -> Option<GrantCommand> {
    let (amount, evidence) = (Amount::from_cents(1 + instead.cents() / 100).unwrap(), evidence("RIGHT-4"));
    match event {
        GrantEvent::Received { .. } => Some(GrantCommand::ReceiveGrant { amount, evidence }),
        GrantEvent::Recognised { .. } => Some(GrantCommand::RecogniseGrant { amount, evidence }),
        GrantEvent::PassedOn { .. } => Some(GrantCommand::PassOnGrant { amount, evidence }),
        _ => None,
    }
}
/// The VAT accounts that a return empties.
pub const GRIDS: [Account; 5] = [
    Account::VatOnSales,
    Account::VatOnCreditsReceived,
    Account::VatOnPurchases,
    Account::VatOnLostDebts,
    Account::VatOnCreditNotes,
];

pub const DAY: &str = "2025-03-10";
/// When an invoice issued on [`DAY`] is overdue.
pub const OVERDUE: &str = "2025-05-01";
/// When a resignation asked on [`DAY`] has taken effect.
pub const LATER: &str = "2025-07-01";

pub fn member_known() -> MemberKnown {
    let tests = Some(Tested { passed: true, room: balance("20.00") });
    MemberKnown { shareholders: 10, member_already: None, tests }
}

pub fn booked_in(unit: UnitId) -> StreamId {
    StreamId::Unit(unit)
}

pub fn reason() -> domain::text::ReasonCode {
    "asked".parse().unwrap()
}

pub fn one_of<T: Copy>(things: &[T], pick: usize) -> Option<T> {
    // The latest few, so that a story goes on.
    let recent = &things[things.len().saturating_sub(6)..];
    (!recent.is_empty()).then(|| recent[pick / 2 % recent.len()])
}

pub fn facts<S: Stream>(parameters: &Arc<Parameters>, on: &str, known: S::Known) -> Facts<S> {
    let (effective_on, parameters) = (day(on), Arc::clone(parameters));
    Facts { effective_on, year_is_open: true, parameters, known, original: None }
}

pub fn facts_of_series(parameters: &Arc<Parameters>) -> Facts<Series> {
    facts(parameters, DAY, ())
}

pub fn worker_kind(size: u32) -> WorkerKind {
    if size.is_multiple_of(2) { WorkerKind::Employee } else { WorkerKind::Artist }
}

pub fn one_day(size: u32) -> Vec<WorkDay> {
    let hours = Hours::from_hundredths(100 + size % 4 * 25);
    vec![WorkDay { on: day("2025-03-10"), hours }]
}

pub fn declare(contract: ContractId, budget: Amount, size: u32) -> UnitCommand {
    UnitCommand::DeclareContract {
        contract,
        holder: HOLDER,
        worker: WORKER,
        kind: worker_kind(size),
        order: None,
        client: None,
        risk: None,
        days: one_day(size),
        budget,
    }
}

pub fn claim(expense: ExpenseId, net: Amount, size: u32) -> UnitCommand {
    let kinds = [ExpenseKind::Travel, ExpenseKind::Materials, ExpenseKind::Services];
    let vat = net.times(rate("0.21"), domain::Rounding::HalfUp);
    UnitCommand::ClaimExpense {
        expense,
        holder: HOLDER,
        kind: kinds[size as usize % 3],
        payee: if size.is_multiple_of(5) { Payee::Supplier } else { Payee::Member },
        incurred_on: day("2025-03-03"),
        net,
        vat,
        vat_recoverable: if size.is_multiple_of(2) { vat } else { Balance::ZERO },
        evidence: evidence("NOTE-1"),
    }
}

/// What is left to credit of a category, which the refusal of too much tells.
pub fn credit_left(unit: &Unit, invoice: InvoiceId, vat: VatCategory, facts: &Facts<Unit>) -> Option<Amount> {
    let lines = vec![CreditLine { vat, net: amount("99999999.99") }];
    let (credit_note, number) = (CreditNoteId::new(Uuid::nil()), "C/0".parse().unwrap());
    let draft = CreditDraft { credit_note, invoice, lines, reason: reason(), evidence: evidence("C") };
    match unit.credit_invoice(&draft, number, facts) {
        Err(domain::unit::UnitRefusal::CreditsTooMuch { left, .. }) => Amount::try_from(left).ok(),
        _ => None,
    }
}

/// Whether something else could have been right instead.
pub fn is_replaceable(event: &Event, instead: Amount, size: u32) -> bool {
    match event {
        Event::Unit(event) => unit_replacement(event, instead, size).is_some(),
        Event::Member(event) => member_replacement(event).is_some(),
        Event::Loan(event) => loan_replacement(event, instead).is_some(),
        Event::Grant(event) => grant_replacement(event, instead).is_some(),
        Event::Structure(event) => crate::entity::replacement(event, instead, size).is_some(),
        Event::Meeting(event) => assembly::meeting_replacement(event).is_some(),
        Event::Mandate(event) => assembly::mandate_replacement(event, instead).is_some(),
        Event::Bank(event) => super::desk::bank_replacement(event).is_some(),
        Event::Course(_) | Event::Fitness(_) | Event::Cover(_) | Event::Resource(_) => false,
        // The others have no replacement here, or move no money.
        Event::Statutes(_)
        | Event::Year(_)
        | Event::Series(_)
        | Event::Filing(_)
        | Event::Participation(_)
        | Event::Activity(_)
        | Event::Control(_)
        | Event::Office(_)
        | Event::Board(_) => false,
    }
}

/// The command that would have been right instead of the one that led to an event.
pub fn unit_replacement(event: &UnitEvent, instead: Amount, size: u32) -> Option<UnitCommand> {
    let evidence = evidence("RIGHT-1");
    match event {
        UnitEvent::InvoicePaid { invoice, payment, .. }
        | UnitEvent::InvoiceRecovered { invoice, payment, .. } => {
            let (invoice, payment, received) = (*invoice, *payment, instead);
            Some(UnitCommand::ReceivePayment { invoice, payment, received, evidence })
        }
        UnitEvent::ContractDeclared { contract, .. } => Some(declare(*contract, instead, size)),
        UnitEvent::WorkDaysDeclared { employment, month, .. } => Some(UnitCommand::DeclareWorkDays {
            employment: *employment,
            holder: HOLDER,
            month: *month,
            risk: None,
            days: one_day(size),
            budget: instead,
        }),
        UnitEvent::SalaryCalculated { salary, work, .. } => Some(UnitCommand::CalculateSalary {
            salary: *salary,
            work: *work,
            work_bonus: Balance::from_cents(10),
            withholding_rate: Some(rate("0.18")),
            evidence,
        }),
        UnitEvent::ExpenseClaimed { expense, .. } => Some(claim(*expense, instead, size)),
        UnitEvent::ExpenseApproved { expense, .. } => Some(UnitCommand::ApproveExpense { expense: *expense }),
        UnitEvent::ExpensePaid { expense, .. } => {
            Some(UnitCommand::PayExpense { expense: *expense, evidence })
        }
        UnitEvent::SalaryPaid { salary, .. } => Some(UnitCommand::PaySalary { salary: *salary, evidence }),
        UnitEvent::AdvanceGranted { invoice, .. } => {
            Some(UnitCommand::GrantAdvance { invoice: *invoice, amount: instead })
        }
        UnitEvent::DeficitAbsorbed { .. } => Some(UnitCommand::AbsorbDeficit { reason: reason(), evidence }),
        _ => None,
    }
}

pub fn member_replacement(event: &MemberEvent) -> Option<MemberCommand> {
    let evidence = evidence("RIGHT-2");
    match event {
        MemberEvent::SharesSubscribed { class, .. } => {
            Some(MemberCommand::SubscribeShares { class: *class, shares: 2, evidence })
        }
        MemberEvent::SharesPaidUp { .. } => {
            let (amount, paid_from) = (amount("10.00"), PaidFrom::OwnMeans);
            Some(MemberCommand::PayUpShares { amount, paid_from, evidence })
        }
        MemberEvent::RefundDetermined { .. } => {
            Some(MemberCommand::DetermineRefund { net_assets_per_share: balance("21.35"), evidence })
        }
        _ => None,
    }
}

pub fn parameters(spendable_on: &str) -> Parameters {
    let mut parameters = Parameters::default();
    for parameter in Parameter::ALL {
        let value = match parameter {
            Parameter::ShareNominal => Value::Amount(amount("30.00")),
            Parameter::ShareGraceContracts => Value::Count(3),
            Parameter::ShareholdersMin => Value::Count(3),
            Parameter::ResignationLastMonth => Value::Count(6),
            Parameter::ContributionRate => Value::Rate(rate("0.065")),
            Parameter::BudgetSpendableOn => Value::Choice(spendable_on.parse().unwrap()),
            Parameter::WageCoefficient => Value::Rate(rate("1.69")),
            Parameter::WageMonthlyMinimum => Value::Amount(amount("2111.88")),
            Parameter::WageYearlyHours => Value::Count(1976),
            Parameter::WageDayHoursMax => Value::Count(11),
            Parameter::WageTermDays => Value::Count(7),
            Parameter::NssoEmployerRate => Value::Rate(rate("0.25")),
            Parameter::NssoEmployeeRate => Value::Rate(rate("0.1307")),
            Parameter::NssoArtistBase => Value::Rate(rate("1.08")),
            Parameter::WithholdingRate => Value::Rate(rate("0.1111")),
            Parameter::HolidayArtistRate => Value::Rate(rate("0.1584")),
            Parameter::HolidayEmployeeRate => Value::Rate(rate("0.1534")),
            Parameter::VatStandard => Value::Rate(rate("0.21")),
            Parameter::VatIntermediate => Value::Rate(rate("0.12")),
            Parameter::VatReduced => Value::Rate(rate("0.06")),
            Parameter::InvoiceTermDays => Value::Count(30),
            Parameter::ExpenseDeadlineDay => Value::Count(15),
            Parameter::ReminderFirstDays => Value::Count(7),
            Parameter::ReminderSecondDays => Value::Count(21),
            Parameter::ReminderThirdDays => Value::Count(35),
            Parameter::BankDifferenceMax => Value::Amount(amount("1.00")),
            Parameter::ReminderTermDays => Value::Count(14),
            Parameter::ReminderPostDays => Value::Count(3),
            Parameter::ReminderSmallDebt => Value::Amount(amount("150.00")),
            Parameter::ReminderSmallCap => Value::Amount(amount("20.00")),
            Parameter::ReminderMiddleDebt => Value::Amount(amount("500.00")),
            Parameter::ReminderMiddleBase => Value::Amount(amount("30.00")),
            Parameter::ReminderMiddleRate => Value::Rate(rate("0.10")),
            Parameter::ReminderLargeBase => Value::Amount(amount("65.00")),
            Parameter::ReminderLargeRate => Value::Rate(rate("0.05")),
            Parameter::ReminderLargeCap => Value::Amount(amount("2000.00")),
            Parameter::ReminderBusinessFlat => Value::Amount(amount("40.00")),
            Parameter::ReminderBusinessRate => Value::Rate(rate("0.115")),
            Parameter::ControlBeforeRate | Parameter::ControlAfterRate => Value::Rate(rate("0.05")),
            Parameter::MeetingNoticeDays => Value::Count(15),
            Parameter::MeetingProxiesMax => Value::Count(2),
            Parameter::MeetingVotesShareMax => Value::Rate(rate("0.1")),
            Parameter::MeetingQuorum | Parameter::MeetingOrdinaryMajority | Parameter::BoardQuorum => {
                Value::Rate(rate("0.5"))
            }
            Parameter::MeetingStatutesMajority => Value::Rate(rate("0.75")),
            Parameter::MeetingObjectMajority => Value::Rate(rate("0.8")),
            Parameter::BoardSeatsUsers => Value::Count(12),
            Parameter::BoardSeatsPartners => Value::Count(6),
            Parameter::MandateDirectorYears
            | Parameter::MandateDayToDayYears
            | Parameter::MandateEthicsYears => Value::Count(4),
            Parameter::MandateAuditorYears => Value::Count(3),
        };
        let valid_from: Day = day("2020-01-01");
        parameters.publish(*parameter, Published { valid_from, valid_to: None, value });
    }
    parameters
}
