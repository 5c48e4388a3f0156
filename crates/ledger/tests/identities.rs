//! Whatever the cooperative does, the books agree after every event.
//!
//! A small cooperative of two units and four members draws commands at random, has them decided by
//! the streams of the domain on facts from these very balances, and books what was decided. After
//! every event identities I1–I3 hold, no owner is overdrawn who may not be, and the digest is the same
//! when asked again; after every command the share register ties to the books (E18), and so do loans
//! (I6) and grants to pass on (I7). What a rule
//! refuses is simply not done.

mod common;
mod entity;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::{amount, balance, day, evidence, rate};
use domain::correction::{Correct, Original};
use domain::filing::{FilingCommand, FilingEvent};
use domain::grant::{Grant, GrantCommand, GrantEvent, GrantKind};
use domain::ids::*;
use domain::joint::{TransferShares, credit_invoice, issue_invoice, transfer_shares};
use domain::loan::{Loan, LoanCommand, LoanEvent, LoanKind};
use domain::member::{
    Category, ExclusionOutcome, Member, MemberCommand, MemberEvent, MemberKnown, PaidFrom, Remarks,
};
use domain::money::{Amount, Balance};
use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::payroll::WorkerKind;
use domain::series::Series;
use domain::stream::decide;
use domain::structure::StructureCommand;
use domain::unit::{
    BudgetKnown, Channel, CreditDraft, CreditLine, ExpenseKind, Indemnity, InvoiceDraft, InvoiceLine, Payee,
    ReminderLevel, Unit, UnitCommand, UnitEvent, UnitKnown, Work, WorkDay,
};
use domain::vat::{Price, VatCategory};
use domain::year::{FiscalYear, Tested, YearCommand, YearKnown};
use domain::{Day, Event, Facts, Hours, Position, RuleName, SeriesId, Stream, StreamId, Year};
use entity::{Entity, YEAR};
use ledger::{Account, Balances, Line, Posting, entry_digest, post, rule_for};
use proptest::prelude::*;
use uuid::Uuid;

/// One step: which kind of command, on which thing, for how much.
type Step = (u8, u16, u32);

/// One event as the log would hold it.
struct Booked {
    stream: StreamId,
    event: Event,
    rule: RuleName,
    posting: Posting,
}

/// What was ever named in a unit, so that steps can name it again.
#[derive(Default)]
struct Named {
    contracts: Vec<ContractId>,
    employments: Vec<EmploymentId>,
    work: Vec<Work>,
    invoices: Vec<InvoiceId>,
    expenses: Vec<ExpenseId>,
    salaries: Vec<SalaryId>,
}

struct Cooperative {
    parameters: Arc<Parameters>,
    units: BTreeMap<UnitId, (Unit, Named)>,
    members: BTreeMap<MemberId, Member>,
    /// The four who are members now; whoever leaves makes room for another.
    seats: [MemberId; 4],
    series: BTreeMap<SeriesId, Series>,
    loans: BTreeMap<LoanId, Loan>,
    grants: BTreeMap<GrantId, Grant>,
    lent: Lent,
    year: FiscalYear,
    entity: Entity,
    balances: Balances,
    register: Register,
    advances: Advances,
    log: Vec<Booked>,
    n_ids: u128,
    on_issue: bool,
}

const HOLDER: PersonId = common::ALICE;
const WORKER: PersonId = common::BOB;
/// Who gets the grants that are passed on; nothing else is owed to this person.
const BENEFICIARY: PersonId = common::BOB;
/// Of the cooperative's own steps; those of the entity follow.
const FIRST_OF_ENTITY: u8 = 50;
const N_KINDS: u8 = FIRST_OF_ENTITY + entity::N_KINDS;
const FILE: u8 = N_KINDS - 1;

impl Cooperative {
    fn new(spendable_on: &str) -> Self {
        let unit = |n| UnitId::new(Uuid::from_u128(n));
        let mut new = Self {
            parameters: Arc::new(parameters(spendable_on)),
            units: [unit(1), unit(2)].map(|id| (id, Default::default())).into(),
            members: BTreeMap::new(),
            seats: [MemberId::new(Uuid::nil()); 4],
            series: BTreeMap::new(),
            loans: BTreeMap::new(),
            grants: BTreeMap::new(),
            lent: Lent::default(),
            year: FiscalYear::default(),
            entity: Entity::default(),
            balances: Balances::default(),
            register: Register::default(),
            advances: Advances::default(),
            log: Vec::new(),
            n_ids: 1000,
            on_issue: spendable_on == "issue",
        };
        for id in [unit(1), unit(2)] {
            new.ask_unit(id, UnitCommand::OpenUnit { holder: HOLDER });
        }
        for seat in 0..4 {
            new.admit(seat);
        }
        assert_eq!(new.log.len(), 10, "the cooperative is set up");
        new
    }

    fn admit(&mut self, seat: usize) {
        let (member, person) = (MemberId::new(self.id()), PersonId::new(self.id()));
        self.members.insert(member, Member::default());
        self.seats[seat] = member;
        self.ask_member(member, MemberCommand::RequestAdmission { person, category: Category::User });
        self.ask_member(member, MemberCommand::GrantAdmission {});
    }

    fn id(&mut self) -> Uuid {
        self.n_ids += 1;
        Uuid::from_u128(self.n_ids)
    }

    /// Does one step, if no rule says no.
    fn step(&mut self, (kind, pick, size): Step) {
        let pick = usize::from(pick);
        let unit = *self.units.keys().nth(pick % 2).unwrap();
        let member = self.seats[pick % 4];
        // From one cent to 3,000 euro, with many small and odd amounts.
        let some = Amount::from_cents(1 + i64::from(if size % 3 == 0 { size % 300 } else { size % 300_000 }));
        let some = some.unwrap();
        let bool = size % 2 == 0;
        let new = self.id();
        let named = &mut self.units.get_mut(&unit).unwrap().1;
        match kind % N_KINDS {
            0 | 1 => self.issue(unit, some, size),
            2 => self.credit(unit, pick, some),
            3 | 4 => {
                let Some(invoice) = one_of(&named.invoices, pick) else { return };
                let (payment, evidence) = (PaymentId::new(new), evidence("BNK-1"));
                let command = UnitCommand::ReceivePayment { invoice, payment, received: some, evidence };
                self.ask_unit(unit, command);
            }
            5 | 6 => {
                let contract = ContractId::new(new);
                named.contracts.push(contract);
                named.work.push(Work::Contract(contract));
                self.ask_unit(unit, declare(contract, some, size));
            }
            7 => {
                let Some(contract) = one_of(&named.contracts, pick) else { return };
                let command = UnitCommand::AmendContract { contract, days: one_day(size), budget: some };
                self.ask_unit(unit, command);
            }
            8 => {
                let Some(contract) = one_of(&named.contracts, pick) else { return };
                self.ask_unit(unit, UnitCommand::CancelContract { contract, reason: reason() });
            }
            9 | 10 => {
                let Some(contract) = one_of(&named.contracts, pick) else { return };
                let employment = EmploymentId::new(new);
                self.ask_unit(unit, UnitCommand::ConcludeEmployment { employment, contract });
            }
            11 => {
                let Some(contract) = one_of(&named.contracts, pick) else { return };
                self.ask_unit(unit, UnitCommand::EndContract { contract });
            }
            12 => {
                let employment = EmploymentId::new(new);
                named.employments.push(employment);
                let kind = worker_kind(size);
                self.ask_unit(unit, UnitCommand::ConcludeOpenEnded { employment, worker: WORKER, kind });
            }
            13 => {
                let Some(employment) = one_of(&named.employments, pick) else { return };
                let month = day("2025-03-03").month();
                named.work.push(Work::Month { employment, month });
                let (holder, days, budget) = (HOLDER, one_day(size), some);
                self.ask_unit(unit, UnitCommand::DeclareWorkDays { employment, holder, month, days, budget });
            }
            14 | 15 => {
                let Some(work) = one_of(&named.work, pick) else { return };
                let salary = SalaryId::new(new);
                named.salaries.push(salary);
                let (work_bonus, withholding_rate) = (Balance::from_cents(i64::from(size % 5)), None);
                let evidence = evidence("LON-1");
                self.ask_unit(
                    unit,
                    UnitCommand::CalculateSalary { salary, work, work_bonus, withholding_rate, evidence },
                );
            }
            16 => {
                let Some(salary) = one_of(&named.salaries, pick) else { return };
                self.ask_unit(unit, UnitCommand::PaySalary { salary, evidence: evidence("BNK-2") });
            }
            17 => {
                let expense = ExpenseId::new(new);
                named.expenses.push(expense);
                self.ask_unit(unit, claim(expense, some, size));
            }
            18 => {
                let Some(expense) = one_of(&named.expenses, pick) else { return };
                self.ask_unit(unit, UnitCommand::ApproveExpense { expense });
            }
            19 => {
                let Some(expense) = one_of(&named.expenses, pick) else { return };
                self.ask_unit(unit, UnitCommand::PayExpense { expense, evidence: evidence("BNK-3") });
            }
            20 => {
                let (class, shares, evidence) = ("A".parse().unwrap(), 1 + size % 5, evidence("SUB-1"));
                self.ask_member(member, MemberCommand::SubscribeShares { class, shares, evidence });
            }
            21 => {
                let (paid_from, evidence) = (PaidFrom::OwnMeans, evidence("BNK-4"));
                let amount = if bool { amount("30.00") } else { some };
                self.ask_member(member, MemberCommand::PayUpShares { amount, paid_from, evidence });
            }
            22 if bool => self.transfer(member, pick, 1 + size % 3),
            // Sometimes nothing is left for a leaver, or less than that.
            22 => self.leave(pick % 4, some.balance() - amount("50.00").balance()),
            23 | 24 => self.lend(unit, some, size),
            25..=28 => {
                let Some(loan) = one_of(&Vec::from_iter(self.loans.keys().copied()), pick) else { return };
                self.ask_loan(loan, loan_step(pick, some, size));
            }
            29 => {
                let grant = GrantId::new(new);
                let pass_through = GrantKind::PassThrough { beneficiary: BENEFICIARY };
                let kind = if bool { pass_through } else { GrantKind::Own { unit } };
                let (funder, amount, evidence) = (common::FUNDER, some, evidence("AWARD-1"));
                self.ask_grant(grant, GrantCommand::AnnounceGrant { funder, kind, amount, evidence });
            }
            30..=33 => {
                let Some(grant) = one_of(&Vec::from_iter(self.grants.keys().copied()), pick) else { return };
                self.ask_grant(grant, grant_step(pick, some, size));
            }
            34 => self.exclude(pick % 4, some.balance()),
            35 => self.refund(pick, some),
            36 => self.chase(unit, pick, some, size),
            37 => self.lose(unit, pick, size),
            38 => {
                let Some(invoice) = one_of(&named.invoices, pick) else { return };
                self.ask_unit(unit, UnitCommand::GrantAdvance { invoice, amount: some });
            }
            39..FIRST_OF_ENTITY => self.correct(pick, some, size),
            FILE => self.file(pick, some, size),
            kind => {
                let command = self.entity.command(kind - FIRST_OF_ENTITY, new, pick, (some, size));
                let Some(command) = command else { return };
                self.ask_structure(&command);
            }
        }
    }

    fn ask_structure(&mut self, command: &StructureCommand) {
        // Months are depreciated once begun, all else happens with the rest of the cooperative.
        let on = match command {
            StructureCommand::DepreciateAsset { .. } => LATER,
            StructureCommand::BookOpeningBalance { .. } => "2025-01-01",
            _ => DAY,
        };
        let facts = facts(&self.parameters, on, ());
        let decided = decide(&self.entity.structure, YEAR, command, &facts).unwrap_or_default();
        let stream = StreamId::Structure(YEAR);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    fn file(&mut self, pick: usize, some: Amount, size: u32) {
        let (id, command) = self.entity.filing(pick, some, size);
        let mut facts = facts(&self.parameters, DAY, self.entity.known(id));
        facts.effective_on = id.last_day();
        let state = self.entity.filings.get(&id).cloned().unwrap_or_default();
        let decided = decide(&state, id, &command, &facts).unwrap_or_default();
        let stream = StreamId::Filing(id);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    /// What a return declares is no longer due; a VAT return leaves nothing on the grids.
    fn declare(&mut self, event: &FilingEvent) {
        match event {
            FilingEvent::Corrected(correction) => {
                let taken_back = correction.original.declares().unwrap_or_default();
                let instead = correction.replacement.as_ref().and_then(|event| event.declares());
                self.entity.due = self.entity.due + taken_back - instead.unwrap_or_default();
            }
            _ => self.entity.due = self.entity.due - event.declares().unwrap_or_default(),
        }
        if matches!(event, FilingEvent::VatReturnFiled { .. }) {
            for grid in GRIDS {
                assert_eq!(self.balances.total(grid), Balance::ZERO, "the return clears {grid}");
            }
        }
    }

    /// The way out of a member who is excluded after remarks; another comes in.
    fn exclude(&mut self, seat: usize, net_assets_per_share: Balance) {
        let (member, evidence, before) = (self.seats[seat], evidence("LETTER-2"), self.log.len());
        self.ask_member(member, MemberCommand::ProposeExclusion { reason: reason(), evidence });
        self.ask_member(member, MemberCommand::ReceiveRemarks { remarks: Remarks::Written, evidence });
        let outcome = ExclusionOutcome::Excluded;
        self.ask_member(member, MemberCommand::DecideExclusion { outcome, reason: reason(), evidence });
        self.ask_member(member, MemberCommand::CancelShares { reason: reason() });
        self.ask_member(member, MemberCommand::DetermineRefund { net_assets_per_share, evidence });
        if self.log.len() > before {
            self.admit(seat);
        }
    }

    /// A member lends and is paid back 10.00. Pays somebody who is owed a refund, or lets go on what waits; tests leave room for 20.00.
    fn refund(&mut self, pick: usize, some: Amount) {
        let (member, evidence_of) = (self.seats[pick % 4], evidence("BNK-6"));
        let lend =
            MemberCommand::CreditCurrentAccount { amount: some, interest: None, evidence: evidence_of };
        self.ask_member(member, lend);
        let repay = MemberCommand::RepayCurrentAccount { amount: amount("10.00"), evidence: evidence_of };
        self.ask_member(member, repay);
        let owed: Vec<_> = self.register.owed_per_person.keys().copied().collect();
        let Some(person) = one_of(&owed, pick) else { return };
        let member = self.register.member_of[&person];
        let (due, _) = self.register.owed_per_person[&person];
        let amount = Amount::from_cents(due).unwrap_or(some);
        self.ask_member(member, MemberCommand::PayRefund { amount, evidence: evidence("BNK-5") });
        self.ask_member(member, MemberCommand::ResumeRefund {});
    }

    /// Something is done about an invoice that is not paid in time.
    fn chase(&mut self, unit: UnitId, pick: usize, some: Amount, size: u32) {
        let Some(invoice) = one_of(&self.units[&unit].1.invoices, pick) else { return };
        let indemnity =
            if size.is_multiple_of(3) { Indemnity::B2c { amount: some } } else { Indemnity::B2b {} };
        let (level, channel) = (ReminderLevel::after(0).unwrap(), Channel::Email);
        self.ask_unit_on(OVERDUE, unit, UnitCommand::RemindClient { invoice, level, channel });
        self.ask_unit_on(LATER, unit, UnitCommand::ChargeIndemnity { invoice, indemnity });
    }

    /// An invoice is feared lost, or is lost.
    fn lose(&mut self, unit: UnitId, pick: usize, size: u32) {
        let Some(invoice) = one_of(&self.units[&unit].1.invoices, pick) else { return };
        let evidence = evidence("DOS-1");
        let judgment_on = size.is_multiple_of(2).then(|| day(DAY));
        self.ask_unit(
            unit,
            if size.is_multiple_of(4) {
                UnitCommand::WriteOffInvoice { invoice, judgment_on, evidence }
            } else {
                UnitCommand::MarkDoubtful { invoice, reason: reason(), evidence }
            },
        );
    }

    fn issue(&mut self, unit: UnitId, price: Amount, size: u32) {
        let invoice = InvoiceId::new(self.id());
        let vat = [VatCategory::Standard, VatCategory::Reduced, VatCategory::ReverseCharge];
        let line = |vat, price| InvoiceLine { vat, price: Price::Net(price) };
        let mut lines = vec![line(vat[size as usize % 3], price)];
        if size.is_multiple_of(4) {
            lines.push(line(VatCategory::Intermediate, amount("50.25")));
        }
        let draft = InvoiceDraft {
            invoice,
            holder: HOLDER,
            client: common::ACME,
            order: None,
            lines,
            evidence: evidence("F"),
        };
        let id = SeriesId { code: "F".parse().unwrap(), year: Year::new(2025) };
        let (state, named) = &mut self.units.get_mut(&unit).unwrap();
        named.invoices.push(invoice);
        let series = self.series.entry(id).or_default().clone();
        let facts = facts(&self.parameters, DAY, UnitKnown::default());
        let series_facts = facts_of_series(&self.parameters);
        let decided = issue_invoice((id, &series, &series_facts), (unit, state, &facts), &draft);
        self.record_all(decided.unwrap().unwrap_or_default());
    }

    fn credit(&mut self, unit: UnitId, pick: usize, net: Amount) {
        let credit_note = CreditNoteId::new(self.id());
        let (state, named) = &self.units[&unit];
        let Some(invoice) = one_of(&named.invoices, pick) else { return };
        let known = self.known(unit, None);
        let facts = facts(&self.parameters, DAY, known);
        // Too much is refused, and then the category's whole base is tried by halving.
        let categories = [
            VatCategory::Standard,
            VatCategory::Intermediate,
            VatCategory::Reduced,
            VatCategory::ReverseCharge,
        ];
        let id = SeriesId { code: "C".parse().unwrap(), year: Year::new(2025) };
        let series = self.series.entry(id).or_default().clone();
        let series_facts = facts_of_series(&self.parameters);
        for vat in categories {
            let left = credit_left(state, invoice, vat, &facts);
            let Some(left) = left else { continue };
            let net = if pick.is_multiple_of(3) { left } else { net.min(left) };
            let lines = vec![CreditLine { vat, net }];
            let (reason, evidence) = (reason(), evidence("C"));
            let draft = CreditDraft { credit_note, invoice, lines, reason, evidence };
            let decided = credit_invoice((id, &series, &series_facts), (unit, state, &facts), &draft);
            return self.record_all(decided.unwrap().unwrap_or_default());
        }
    }

    fn transfer(&mut self, from: MemberId, pick: usize, shares: u32) {
        let to = self.seats[(pick / 4) % 4];
        let command = TransferShares { to, shares, evidence: evidence("DEED-1") };
        let facts = facts(&self.parameters, DAY, member_known());
        let decided = transfer_shares((from, &self.members[&from], &facts), &self.members[&to], &command);
        self.record_all(decided.unwrap_or_default());
    }

    /// A loan is asked for and granted, and most often disbursed.
    fn lend(&mut self, unit: UnitId, principal: Amount, size: u32) {
        let (loan, project) = (LoanId::new(self.id()), ProjectId::new(self.id()));
        let kind = if size.is_multiple_of(3) { LoanKind::Internal { unit } } else { LoanKind::Cash };
        let (borrower, evidence) = (HOLDER, evidence("ORDER-1"));
        self.ask_loan(loan, LoanCommand::RequestLoan { borrower, project, kind, amount: principal });
        let (instalments, first_due_on) = (1 + size % 30, day("2025-03-31"));
        let (interest, fee) = (None, None);
        self.ask_loan(
            loan,
            LoanCommand::GrantLoan { principal, instalments, first_due_on, interest, fee, evidence },
        );
        if !size.is_multiple_of(7) {
            self.ask_loan(loan, LoanCommand::DisburseLoan { evidence });
        }
    }

    /// The whole way out, as far as rules let the member go; another comes in.
    fn leave(&mut self, seat: usize, net_assets_per_share: Balance) {
        let (member, evidence, before) = (self.seats[seat], evidence("LETTER-1"), self.log.len());
        self.ask_member(member, MemberCommand::RequestResignation { filed_on: day(DAY), evidence });
        self.ask_member(member, MemberCommand::AcceptResignation {});
        self.ask_member(member, MemberCommand::CancelShares { reason: reason() });
        self.ask_member(member, MemberCommand::DetermineRefund { net_assets_per_share, evidence });
        if self.log.len() > before {
            self.admit(seat);
        }
    }

    /// Corrects one of the latest events, with or without something instead.
    fn correct(&mut self, pick: usize, instead: Amount, size: u32) {
        let at = self.log.len() - 1 - pick % self.log.len().min(40);
        let position = Position(at as u64 + 1);
        // The log lets nothing be corrected twice: the correction claims the position.
        let named = |booked: &Booked| booked.event.as_correction().map(|(position, ..)| position);
        if self.log[at..].iter().any(|booked| named(booked) == Some(position)) {
            return;
        }
        let booked = &self.log[at];
        let (reason, authority, posting_rule) = (reason(), "board".parse().unwrap(), booked.rule);
        let replace = size.is_multiple_of(2);
        match (booked.stream, booked.event.clone()) {
            (StreamId::Unit(unit), Event::Unit(event)) => {
                let replacement = unit_replacement(&event, instead, size).filter(|_| replace).map(Box::new);
                let known = self.known(unit, Some(&booked.posting));
                let mut facts = facts(&self.parameters, DAY, known);
                facts.original = Some(Original { position, event, posting_rule });
                let command = UnitCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.units[&unit].0, unit, &command, &facts).unwrap_or_default();
                self.record_all(decided.into_iter().map(|event| (booked_in(unit), event.into())).collect());
            }
            (StreamId::Member(member), Event::Member(event)) => {
                let replacement = member_replacement(&event).filter(|_| replace).map(Box::new);
                let mut facts = facts(&self.parameters, LATER, member_known());
                facts.original = Some(Original { position, event, posting_rule });
                let command = MemberCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.members[&member], member, &command, &facts).unwrap_or_default();
                let stream = StreamId::Member(member);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Loan(loan), Event::Loan(event)) => {
                let replacement = loan_replacement(&event, instead).filter(|_| replace).map(Box::new);
                let known = self.budget_known(self.loans[&loan].unit(), Some(&booked.posting));
                let mut facts = facts(&self.parameters, DAY, known);
                facts.original = Some(Original { position, event, posting_rule });
                let command = LoanCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.loans[&loan], loan, &command, &facts).unwrap_or_default();
                let stream = StreamId::Loan(loan);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Grant(grant), Event::Grant(event)) => {
                let replacement = grant_replacement(&event, instead).filter(|_| replace).map(Box::new);
                let known = self.budget_known(self.grants[&grant].unit(), Some(&booked.posting));
                let mut facts = facts(&self.parameters, DAY, known);
                facts.original = Some(Original { position, event, posting_rule });
                let command = GrantCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.grants[&grant], grant, &command, &facts).unwrap_or_default();
                let stream = StreamId::Grant(grant);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Structure(_), Event::Structure(event)) => {
                let replacement =
                    entity::replacement(&event, instead, size).filter(|_| replace).map(Box::new);
                let mut facts = facts(&self.parameters, LATER, ());
                facts.original = Some(Original { position, event, posting_rule });
                let command = StructureCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.entity.structure, YEAR, &command, &facts).unwrap_or_default();
                let stream = StreamId::Structure(YEAR);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Filing(id), Event::Filing(event)) => {
                let mut facts = facts(&self.parameters, DAY, self.entity.known(id));
                facts.effective_on = id.last_day();
                facts.original = Some(Original { position, event, posting_rule });
                let command =
                    FilingCommand::Correct(Correct { position, reason, authority, replacement: None });
                let decided = decide(&self.entity.filings[&id], id, &command, &facts).unwrap_or_default();
                let stream = StreamId::Filing(id);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            _ => {}
        }
    }

    /// What the ledger knows of the unit of a loan or grant, without a posting that is to be corrected.
    fn budget_known(&self, unit: Option<UnitId>, without: Option<&Posting>) -> BudgetKnown {
        let available = unit.map(|unit| self.known(unit, without).available).unwrap_or_default();
        BudgetKnown { is_open: unit.is_some(), available }
    }

    /// What the ledger knows of a unit, without a posting that is to be corrected.
    fn known(&self, unit: UnitId, without: Option<&Posting>) -> UnitKnown {
        let budget = match without.and_then(Posting::entry) {
            Some(entry) => self.balances.unit_without(unit, entry),
            None => self.balances.unit(unit),
        };
        UnitKnown {
            pending: budget.pending,
            available: budget.available,
            reserved: budget.reserved,
            shares: 99,
            ..UnitKnown::default()
        }
    }

    fn ask_unit(&mut self, unit: UnitId, command: UnitCommand) {
        self.ask_unit_on(DAY, unit, command);
    }

    fn ask_unit_on(&mut self, on: &str, unit: UnitId, command: UnitCommand) {
        let facts = facts(&self.parameters, on, self.known(unit, None));
        let decided = decide(&self.units[&unit].0, unit, &command, &facts).unwrap_or_default();
        self.record_all(decided.into_iter().map(|event| (booked_in(unit), event.into())).collect());
    }

    fn ask_member(&mut self, member: MemberId, command: MemberCommand) {
        let on = match command {
            MemberCommand::CancelShares { .. } | MemberCommand::DetermineRefund { .. } => LATER,
            _ => DAY,
        };
        let facts = facts(&self.parameters, on, member_known());
        let decided = decide(&self.members[&member], member, &command, &facts).unwrap_or_default();
        let stream = StreamId::Member(member);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    fn ask_loan(&mut self, loan: LoanId, command: LoanCommand) {
        let state = self.loans.entry(loan).or_default().clone();
        let facts = facts(&self.parameters, DAY, self.budget_known(state.unit(), None));
        let decided = decide(&state, loan, &command, &facts).unwrap_or_default();
        let stream = StreamId::Loan(loan);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    fn ask_grant(&mut self, grant: GrantId, command: GrantCommand) {
        let state = self.grants.entry(grant).or_default().clone();
        let facts = facts(&self.parameters, DAY, self.budget_known(state.unit(), None));
        let decided = decide(&state, grant, &command, &facts).unwrap_or_default();
        let stream = StreamId::Grant(grant);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    fn ask_year(&mut self, on: &str, command: YearCommand) {
        // One year, so what is deferred changes by all that stands there.
        let deferred = self.balances.total(Account::DeferredUnitBudgets);
        let known = YearKnown {
            made: self.balances.total(Account::ProfitAndLoss),
            held: self.held(),
            deferred,
            deferred_change: deferred,
            shares: 0,
        };
        let year = Year::new(2025);
        let decided = decide(&self.year, year, &command, &facts(&self.parameters, on, known));
        let decided = decided.unwrap_or_default().into_iter();
        self.record_all(decided.map(|event| (StreamId::Year(year), event.into())).collect());
    }

    fn held(&self) -> Balance {
        let units = [Account::UnitPending, Account::UnitAvailable, Account::UnitReserved];
        // A debit balance of the pool is what the units owe it.
        let accounts = units.into_iter().chain([Account::LoanPool]);
        accounts.map(|account| self.balances.total(account)).sum()
    }

    /// The whole closing of the year, in its order; half of a profit goes to the reserves.
    ///
    /// I4: what stands deferred is what the units hold less what they have borrowed, so that the result
    /// is what the pool, the margin and the fund have gained. Units that owe more than they hold leave
    /// nothing to defer.
    fn close_the_year(&mut self) {
        let (evidence, last_day) = (evidence("MINUTES-1"), "2025-12-31");
        self.ask_year("2025-01-01", YearCommand::OpenYear {});
        self.ask_year(last_day, YearCommand::DeferUnitBalances {});
        let held = self.held();
        let deferred = held.max(Balance::ZERO);
        assert_eq!(self.balances.total(Account::DeferredUnitBudgets), deferred, "I4: deferred");
        self.ask_year(last_day, YearCommand::CloseYear {});
        self.ask_year("2026-05-20", YearCommand::AuditAccounts { evidence });
        self.ask_year("2026-05-20", YearCommand::ApproveAccounts { evidence });
        let total = |this: &Self, account| this.balances.total(account);
        let gained = [Account::Pool, Account::Margin, Account::Fund];
        let gained: Balance = gained.into_iter().map(|account| total(self, account)).sum();
        let result = gained + (held - deferred);
        let to_reserves = Amount::from_cents(result.cents() / 2).ok();
        let allocate = YearCommand::AllocateResult { to_reserves, dividend: None, evidence };
        let kept = |this: &Self| {
            total(this, Account::AvailableReserves) + total(this, Account::ProfitBroughtForward)
                - total(this, Account::LossBroughtForward)
        };
        // An opening balance brought some of it forward.
        let before = kept(self);
        self.ask_year("2026-05-20", allocate);
        assert_eq!(kept(self) - before, result, "I4: the result is what pool, margin and fund have gained");
        self.ask_year("2026-01-01", YearCommand::ReverseUnitBalances {});
        assert_eq!(total(self, Account::DeferredUnitBudgets), Balance::ZERO, "I4: all came back");
        for account in Account::ALWAYS_ZERO {
            assert_eq!(total(self, account), Balance::ZERO, "E16: {account}");
        }
    }

    fn record_all(&mut self, events: Vec<(StreamId, Event)>) {
        for (stream, event) in events {
            self.record(stream, event);
        }
        // Not within a command: what a transfer takes out of one register is on its way to the other.
        self.register.ties_to(&self.balances);
        self.advances.tie_to(&self.balances);
    }

    /// Books and folds an event, then asks whether the books still agree.
    fn record(&mut self, stream: StreamId, event: Event) {
        match (&event, stream) {
            (Event::Unit(event), StreamId::Unit(id)) => self.units.get_mut(&id).unwrap().0.evolve(event),
            (Event::Member(event), StreamId::Member(id)) => self.members.get_mut(&id).unwrap().evolve(event),
            (Event::Year(event), StreamId::Year(_)) => self.year.evolve(event),
            (Event::Series(event), StreamId::Series(id)) => self.series.entry(id).or_default().evolve(event),
            (Event::Loan(event), StreamId::Loan(id)) => self.loans.get_mut(&id).unwrap().evolve(event),
            (Event::Grant(event), StreamId::Grant(id)) => self.grants.get_mut(&id).unwrap().evolve(event),
            (Event::Structure(event), StreamId::Structure(_)) => self.entity.structure.evolve(event),
            (Event::Filing(event), StreamId::Filing(id)) => {
                self.entity.filings.entry(id).or_default().evolve(event);
            }
            _ => unreachable!("the cooperative has no other streams"),
        }
        let rule = rule_for(&event);
        let posting = post(rule, stream, &event).unwrap();
        assert_eq!(entry_digest(&posting), entry_digest(&post(rule, stream, &event).unwrap()));
        self.balances.apply(&posting);
        match (&event, posting.entry()) {
            (Event::Filing(event), _) => self.declare(event),
            (_, Some(entry)) => self.entity.due = self.entity.due + entry.due(),
            (_, None) => {}
        }
        let on_grids = GRIDS.map(|grid| self.balances.total(grid));
        let due = self.entity.due;
        let undeclared = [
            due.on_sales,
            due.on_credits_received,
            due.on_purchases,
            due.on_lost_debts,
            due.on_credits_issued,
        ];
        assert_eq!(on_grids, undeclared, "the grids hold what no return has declared");
        let kind = event.kind().name;
        if let Err(broken) = self.balances.identities() {
            panic!("after {kind}: {broken}\n{posting:#?}");
        }
        for (line, held) in self.balances.owners() {
            assert!(!held.is_negative(), "after {kind}: {line} holds {held}\n{posting:#?}");
        }
        self.units_are_the_sum_of_their_lines();
        if let Event::Member(event) = &event {
            self.register.fold(event, 1);
            self.register.book(&posting);
        }
        if let (Event::Member(MemberEvent::AdmissionRequested { person, .. }), StreamId::Member(member)) =
            (&event, stream)
        {
            self.register.member_of.insert(*person, member);
        }
        self.lent.fold(&event, 1);
        self.lent.book(&posting);
        self.lent.ties_to(&self.balances);
        if let Event::Unit(event) = &event {
            self.advances.fold(event, 1);
        }
        self.log.push(Booked { stream, event, rule, posting });
    }

    fn units_are_the_sum_of_their_lines(&self) {
        for account in [Account::UnitPending, Account::UnitAvailable, Account::UnitReserved] {
            let sum = self.units.keys().map(|unit| self.balances.of(account.of(*unit))).sum::<Balance>();
            assert_eq!(sum, self.balances.total(account), "{account}");
        }
        if self.on_issue {
            assert_eq!(self.balances.total(Account::UnitPending), Balance::ZERO, "budget waits for nobody");
        }
    }
}

/// What the fund advanced on each invoice, summed from what units' events say.
///
/// E30: granted − recovered − absorbed = outstanding ≥ 0, and the memo accounts say the same.
/// I5: per invoice no more is outstanding than the unit's share of what is open, and nothing on a
/// doubtful debt. Holds after every command.
#[derive(Default)]
struct Advances(BTreeMap<InvoiceId, Advanced>);

#[derive(Default)]
struct Advanced {
    gross: i64,
    unit_share: i64,
    settled: i64,
    doubtful: i64,
    outstanding: i64,
}

impl Advances {
    fn fold(&mut self, event: &UnitEvent, sign: i64) {
        match event {
            UnitEvent::InvoiceIssued { invoice, gross, unit_share, .. } => {
                let of = self.0.entry(*invoice).or_default();
                of.gross = gross.cents();
                of.unit_share = unit_share.cents();
            }
            UnitEvent::InvoiceCredited { invoice, gross, net, contribution, .. } => {
                let of = self.0.entry(*invoice).or_default();
                of.gross -= gross.cents();
                of.unit_share -= net.cents() - contribution.cents();
            }
            UnitEvent::InvoicePaid { invoice, settled, .. } => {
                self.0.entry(*invoice).or_default().settled += sign * settled.cents();
            }
            UnitEvent::InvoiceDoubtful { invoice, .. } => {
                self.0.entry(*invoice).or_default().doubtful += sign;
            }
            UnitEvent::AdvanceGranted { invoice, amount } => {
                self.0.entry(*invoice).or_default().outstanding += sign * amount.cents();
            }
            UnitEvent::AdvanceRecovered { invoice, amount, .. }
            | UnitEvent::AdvanceAbsorbed { invoice, amount } => {
                self.0.entry(*invoice).or_default().outstanding -= sign * amount.cents();
            }
            UnitEvent::Corrected(correction) => {
                self.fold(&correction.original, -sign);
                correction.replacement.iter().for_each(|event| self.fold(event, sign));
            }
            _ => {}
        }
    }

    fn tie_to(&self, balances: &Balances) {
        let outstanding: i64 = self.0.values().map(|of| of.outstanding).sum();
        for account in [Account::Advances, Account::AdvancesControl] {
            assert_eq!(balances.total(account).cents(), outstanding, "E30: {account}");
        }
        for (invoice, of) in &self.0 {
            assert!(of.outstanding >= 0, "E30: {} outstanding on {invoice}", of.outstanding);
            if of.outstanding > 0 {
                assert_eq!(of.doubtful, 0, "I5: an advance and a loss on {invoice}");
                // Half up: 2·a·gross ≤ 2·share·open + gross.
                let [a, gross, share, open] =
                    [of.outstanding, of.gross, of.unit_share, of.gross - of.settled].map(i128::from);
                assert!(2 * a * gross <= 2 * share * open + gross, "I5: {a} advanced on {invoice}");
            }
        }
    }
}

/// The share register, summed from what members' events say, beside what is owed to leavers.
///
/// ```text
/// E18   1109 + 1119 − 410 = paid on shares held + paid on cancelled shares without a refund yet
///                     410 = still unpaid on shares held
///   489 (leavers) + 1109NR = paid on cancelled shares whose refund was determined, less what was paid out
/// I7        489 per person = due to that person; 489S per person = suspended
/// ```
///
/// Subscribing leaves all three alone, paying raises the first, cancelling moves within it, and
/// determining a refund moves what was paid in from the first to the third.
/// Holds after every command.
#[derive(Default)]
struct Register {
    paid: i64,
    unpaid: i64,
    to_refund: i64,
    refunded: i64,
    not_refunded: i64,
    /// What refunds moved on 489 and 489S; 489 also holds what is owed on expense notes.
    owed_to_leavers: BTreeMap<Line, i64>,
    /// Due and suspended, by person.
    owed_per_person: BTreeMap<PersonId, (i64, i64)>,
    member_of: BTreeMap<PersonId, MemberId>,
}

impl Register {
    fn fold(&mut self, event: &MemberEvent, sign: i64) {
        match event {
            MemberEvent::SharesSubscribed { amount, .. } => self.unpaid += sign * amount.cents(),
            MemberEvent::SharesPaidUp { amount, .. } => {
                self.unpaid -= sign * amount.cents();
                self.paid += sign * amount.cents();
            }
            MemberEvent::SharesCancelled { paid, unpaid, .. } => {
                self.paid -= sign * paid.cents();
                self.unpaid -= sign * unpaid.cents();
                self.to_refund += sign * paid.cents();
            }
            MemberEvent::SharesTransferred { paid, .. } => self.paid -= sign * paid.cents(),
            MemberEvent::SharesReceived { paid, .. } => self.paid += sign * paid.cents(),
            MemberEvent::RefundPaid { person, amount, .. } => {
                self.refunded -= sign * amount.cents();
                self.owed_per_person.entry(*person).or_default().0 -= sign * amount.cents();
            }
            MemberEvent::RefundSuspended { person, amount } => self.wait(*person, sign * amount.cents()),
            MemberEvent::RefundResumed { person, amount } => self.wait(*person, -sign * amount.cents()),
            MemberEvent::RefundDetermined { person, paid_in, amount, not_refunded, .. } => {
                let person = person.expect("events of today name the person");
                self.owed_per_person.entry(person).or_default().0 += sign * amount.cents();
                self.to_refund -= sign * paid_in.cents();
                self.refunded += sign * amount.cents();
                self.not_refunded += sign * not_refunded.cents();
            }
            MemberEvent::Corrected(correction) => {
                self.fold(&correction.original, -sign);
                correction.replacement.iter().for_each(|event| self.fold(event, sign));
            }
            MemberEvent::AdmissionRequested { .. }
            | MemberEvent::AdmissionGranted { .. }
            | MemberEvent::AdmissionRefused { .. }
            | MemberEvent::CategoryChanged { .. }
            | MemberEvent::ResignationRequested { .. }
            | MemberEvent::ResignationAccepted { .. }
            | MemberEvent::ResignationRefused { .. }
            | MemberEvent::ExclusionProposed { .. }
            | MemberEvent::ExclusionRemarksReceived { .. }
            | MemberEvent::ExclusionDecided { .. }
            | MemberEvent::ExitByLaw { .. }
            | MemberEvent::CurrentAccountCredited { .. }
            | MemberEvent::CurrentAccountRepaid { .. }
            | MemberEvent::MembershipEnded { .. } => {}
        }
    }

    fn wait(&mut self, person: PersonId, cents: i64) {
        let (due, suspended) = self.owed_per_person.entry(person).or_default();
        *due -= cents;
        *suspended += cents;
    }

    fn book(&mut self, posting: &Posting) {
        for movement in posting.movements() {
            let cents = movement.amount.cents();
            for (line, cents) in [(movement.credit, cents), (movement.debit, -cents)] {
                if [Account::SundryPayables, Account::SuspendedRefunds].contains(&line.account) {
                    *self.owed_to_leavers.entry(line).or_default() += cents;
                }
            }
        }
    }

    fn ties_to(&self, balances: &Balances) {
        let total = |account| balances.total(account).cents();
        let contribution = total(Account::Contribution) + total(Account::ContributionUnavailable);
        let called = total(Account::UnpaidContribution);
        assert_eq!(contribution - called, self.paid + self.to_refund, "E18: what was paid in");
        assert_eq!(called, self.unpaid, "E18: what is still unpaid");
        assert_eq!(total(Account::ContributionNotRefunded), self.not_refunded, "E18: not refunded");
        assert_eq!(self.owed_to_leavers.values().sum::<i64>(), self.refunded, "E18: refunds owed");
        for (person, (due, suspended)) in &self.owed_per_person {
            let owed = |account: Account| {
                self.owed_to_leavers.get(&account.of(*person)).copied().unwrap_or_default()
            };
            assert_eq!(owed(Account::SundryPayables), *due, "I7: 489 of {person}");
            assert_eq!(owed(Account::SuspendedRefunds), *suspended, "I7: 489S of {person}");
            assert!(*due >= 0 && *suspended >= 0, "I7: {person} is owed {due} and {suspended}");
        }
        let sums = [self.paid, self.unpaid, self.to_refund, self.refunded, self.not_refunded];
        assert!(sums.iter().all(|sum| *sum >= 0), "E18: {sums:?}");
    }
}

/// What is outstanding of loans and still to be passed on of grants, summed from what events say.
///
/// ```text
/// I6   cash loans: cash_loans of the budget ledger = 416 + 2910 + 417 of the borrower = outstanding
///      internal loans: what the loan pool is below nothing = outstanding; no claim in the general ledger
/// I7   489 of the beneficiary = received − passed on − returned
/// ```
///
/// Holds after every event.
#[derive(Default)]
struct Lent {
    cash: i64,
    internal: i64,
    to_pass_on: i64,
    /// What the borrower's 416 holds; funders have lines of their own there.
    on_416: Balance,
    /// What the beneficiary's 489 holds; whoever pays expenses has another line there.
    on_489: Balance,
}

impl Lent {
    fn fold(&mut self, event: &Event, sign: i64) {
        if let Some((_, original, replacement)) = event.as_correction() {
            self.fold(&original, -sign);
            replacement.iter().for_each(|event| self.fold(event, sign));
        }
        match event {
            Event::Loan(LoanEvent::Disbursed { kind, principal, .. }) => {
                *self.of(*kind) += sign * principal.cents();
            }
            Event::Loan(
                LoanEvent::InstalmentPaid { kind, amount, .. } | LoanEvent::WrittenOff { kind, amount, .. },
            ) => *self.of(*kind) -= sign * amount.cents(),
            Event::Grant(GrantEvent::Received { kind: GrantKind::PassThrough { .. }, amount, .. }) => {
                self.to_pass_on += sign * amount.cents();
            }
            Event::Grant(
                GrantEvent::PassedOn { amount, .. }
                | GrantEvent::Returned { kind: GrantKind::PassThrough { .. }, amount, .. },
            ) => self.to_pass_on -= sign * amount.cents(),
            _ => {}
        }
    }

    fn of(&mut self, kind: LoanKind) -> &mut i64 {
        match kind {
            LoanKind::Cash => &mut self.cash,
            LoanKind::Internal { .. } => &mut self.internal,
        }
    }

    fn book(&mut self, posting: &Posting) {
        let Some(entry) = posting.entry() else { return };
        self.on_416 = self.on_416 + entry.effect_on(Account::SundryReceivables.of(HOLDER));
        self.on_489 = self.on_489 + entry.effect_on(Account::SundryPayables.of(BENEFICIARY));
    }

    fn ties_to(&self, balances: &Balances) {
        let total = |account| balances.total(account);
        let (long, doubtful) = (total(Account::ReceivablesLong), total(Account::DoubtfulSundry));
        assert_eq!(total(Account::CashLoans).cents(), self.cash, "I6: cash loans outstanding");
        assert_eq!((self.on_416 + long + doubtful).cents(), self.cash, "I6: 416 + 2910 + 417");
        assert!([self.on_416, long, doubtful].iter().all(|part| !part.is_negative()), "I6: claims");
        assert_eq!(-total(Account::LoanPool).cents(), self.internal, "I6: internal loans outstanding");
        assert_eq!(self.on_489.cents(), self.to_pass_on, "I7: to be passed on");
        assert!(self.to_pass_on >= 0, "I7: {}", self.to_pass_on);
        // Only what is doubtful is written down, and wholly.
        assert_eq!(total(Account::SundryWriteDowns), doubtful, "419 covers 417");
    }
}

/// One of the things that can be asked of a loan that was granted.
fn loan_step(pick: usize, amount: Amount, size: u32) -> LoanCommand {
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
fn grant_step(pick: usize, amount: Amount, size: u32) -> GrantCommand {
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

fn loan_replacement(event: &LoanEvent, instead: Amount) -> Option<LoanCommand> {
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

fn grant_replacement(event: &GrantEvent, instead: Amount) -> Option<GrantCommand> {
    let (amount, evidence) = (Amount::from_cents(1 + instead.cents() / 100).unwrap(), evidence("RIGHT-4"));
    match event {
        GrantEvent::Received { .. } => Some(GrantCommand::ReceiveGrant { amount, evidence }),
        GrantEvent::Recognised { .. } => Some(GrantCommand::RecogniseGrant { amount, evidence }),
        GrantEvent::PassedOn { .. } => Some(GrantCommand::PassOnGrant { amount, evidence }),
        _ => None,
    }
}
/// The VAT accounts that a return empties.
const GRIDS: [Account; 5] = [
    Account::VatOnSales,
    Account::VatOnCreditsReceived,
    Account::VatOnPurchases,
    Account::VatOnLostDebts,
    Account::VatOnCreditNotes,
];

const DAY: &str = "2025-03-10";
/// When an invoice issued on [`DAY`] is overdue.
const OVERDUE: &str = "2025-05-01";
/// When a resignation asked on [`DAY`] has taken effect.
const LATER: &str = "2025-07-01";

fn member_known() -> MemberKnown {
    let tests = Some(Tested { passed: true, room: balance("20.00") });
    MemberKnown { shareholders: 10, member_already: None, tests }
}

fn booked_in(unit: UnitId) -> StreamId {
    StreamId::Unit(unit)
}

fn reason() -> domain::text::ReasonCode {
    "asked".parse().unwrap()
}

fn one_of<T: Copy>(things: &[T], pick: usize) -> Option<T> {
    // The latest few, so that a story goes on.
    let recent = &things[things.len().saturating_sub(6)..];
    (!recent.is_empty()).then(|| recent[pick / 2 % recent.len()])
}

fn facts<S: Stream>(parameters: &Arc<Parameters>, on: &str, known: S::Known) -> Facts<S> {
    let (effective_on, parameters) = (day(on), Arc::clone(parameters));
    Facts { effective_on, year_is_open: true, parameters, known, original: None }
}

fn facts_of_series(parameters: &Arc<Parameters>) -> Facts<Series> {
    facts(parameters, DAY, ())
}

fn worker_kind(size: u32) -> WorkerKind {
    if size.is_multiple_of(2) { WorkerKind::Employee } else { WorkerKind::Artist }
}

fn one_day(size: u32) -> Vec<WorkDay> {
    let hours = Hours::from_hundredths(100 + size % 4 * 25);
    vec![WorkDay { on: day("2025-03-10"), hours }]
}

fn declare(contract: ContractId, budget: Amount, size: u32) -> UnitCommand {
    UnitCommand::DeclareContract {
        contract,
        holder: HOLDER,
        worker: WORKER,
        kind: worker_kind(size),
        order: None,
        client: None,
        days: one_day(size),
        budget,
    }
}

fn claim(expense: ExpenseId, net: Amount, size: u32) -> UnitCommand {
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
fn credit_left(unit: &Unit, invoice: InvoiceId, vat: VatCategory, facts: &Facts<Unit>) -> Option<Amount> {
    let lines = vec![CreditLine { vat, net: amount("99999999.99") }];
    let (credit_note, number) = (CreditNoteId::new(Uuid::nil()), "C/0".parse().unwrap());
    let draft = CreditDraft { credit_note, invoice, lines, reason: reason(), evidence: evidence("C") };
    match unit.credit_invoice(&draft, number, facts) {
        Err(domain::unit::UnitRefusal::CreditsTooMuch { left, .. }) => Amount::try_from(left).ok(),
        _ => None,
    }
}

/// The command that would have been right instead of the one that led to an event.
fn unit_replacement(event: &UnitEvent, instead: Amount, size: u32) -> Option<UnitCommand> {
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
        _ => None,
    }
}

fn member_replacement(event: &MemberEvent) -> Option<MemberCommand> {
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

fn parameters(spendable_on: &str) -> Parameters {
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
            Parameter::VatStandard => Value::Rate(rate("0.21")),
            Parameter::VatIntermediate => Value::Rate(rate("0.12")),
            Parameter::VatReduced => Value::Rate(rate("0.06")),
            Parameter::InvoiceTermDays => Value::Count(30),
            Parameter::ExpenseDeadlineDay => Value::Count(15),
            Parameter::ReminderFirstDays => Value::Count(7),
            Parameter::ReminderSecondDays => Value::Count(21),
            Parameter::ReminderThirdDays => Value::Count(35),
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
        };
        let valid_from: Day = day("2020-01-01");
        parameters.publish(*parameter, Published { valid_from, valid_to: None, value });
    }
    parameters
}

fn steps(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..N_KINDS, any::<u16>(), any::<u32>()), n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_books_agree_after_every_event(steps in steps(1..250), on_issue in any::<bool>()) {
        let mut cooperative = Cooperative::new(if on_issue { "issue" } else { "payment" });
        for step in steps {
            cooperative.step(step);
        }
    }

    #[test]
    fn i4_the_books_agree_after_every_step_of_closing(steps in steps(1..150)) {
        let mut cooperative = Cooperative::new("payment");
        for step in steps {
            cooperative.step(step);
        }
        cooperative.close_the_year();
    }

    #[test]
    fn a_cooperative_whose_every_entry_is_mirrored_holds_nothing(steps in steps(1..120)) {
        let mut cooperative = Cooperative::new("payment");
        for step in steps {
            cooperative.step(step);
        }
        let entries: Vec<_> = cooperative.log.iter().filter_map(|booked| booked.posting.entry()).collect();
        for movement in entries.iter().flat_map(|entry| &entry.movements) {
            cooperative.balances.book(&movement.mirrored());
        }
        prop_assert!(cooperative.balances.trial_balance().iter().all(|row| row.balance == Balance::ZERO));
        prop_assert!(cooperative.balances.owners().is_empty());
    }
}

// E18, step by step: a member subscribes 90.00 and pays 50.00, and leaves when a share is worth 10.00.
#[test]
fn the_register_of_paid_in_shares_is_the_contribution_less_what_is_still_called() {
    let mut cooperative = Cooperative::new("payment");
    let (member, evidence) = (cooperative.seats[0], evidence("PAPER-1"));
    let (class, paid_from) = ("A".parse().unwrap(), PaidFrom::OwnMeans);
    let steps = [
        MemberCommand::SubscribeShares { class, shares: 3, evidence },
        MemberCommand::PayUpShares { amount: amount("50.00"), paid_from, evidence },
        MemberCommand::RequestResignation { filed_on: day(DAY), evidence },
        MemberCommand::AcceptResignation {},
        MemberCommand::CancelShares { reason: reason() },
        MemberCommand::DetermineRefund { net_assets_per_share: balance("10.00"), evidence },
    ];
    let head = ["after", "1109", "410", "paid in", "489", "1109NR"];
    let row = |[kind, rest @ ..]: [&str; 6]| {
        let cells: String = rest.iter().map(|cell| format!("{cell:>8}")).collect();
        format!("{kind:<21}{cells}\n")
    };
    let mut found = row(head);
    for step in steps {
        cooperative.ask_member(member, step);
        let total = |account| cooperative.balances.total(account);
        let (contribution, called) = (total(Account::Contribution), total(Account::UnpaidContribution));
        let (owed, kept) = (total(Account::SundryPayables), total(Account::ContributionNotRefunded));
        let sums = [contribution, called, contribution - called, owed, kept].map(|sum| sum.to_string());
        let [contribution, called, paid_in, owed, kept] = sums.each_ref().map(String::as_str);
        let kind = cooperative.log.last().unwrap().event.kind().name;
        found += &row([kind, contribution, called, paid_in, owed, kept]);
    }
    insta::assert_snapshot!(found, @r"
    after                    1109     410 paid in     489  1109NR
    shares.subscribed       90.00   90.00    0.00    0.00    0.00
    shares.paid_up          90.00   40.00   50.00    0.00    0.00
    resignation.requested   90.00   40.00   50.00    0.00    0.00
    resignation.accepted    90.00   40.00   50.00    0.00    0.00
    shares.cancelled        50.00    0.00   50.00    0.00    0.00
    refund.determined        0.00    0.00    0.00   30.00   20.00
    ");
}

// A property that nothing reaches proves nothing.
#[test]
fn the_harness_reaches_every_event_that_is_booked_and_every_correction() {
    let mut booked = BTreeSet::new();
    let mut corrected = BTreeSet::new();
    for spendable_on in ["issue", "payment"] {
        let mut cooperative = Cooperative::new(spendable_on);
        let mut seed: u64 = 2025;
        for _ in 0..36_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [a, b, c, d, e, f, g, _] = seed.rotate_left(17).to_le_bytes();
            cooperative.step((a, u16::from_le_bytes([b, c]), u32::from_le_bytes([d, e, f, g])));
        }
        cooperative.close_the_year();
        for Booked { event, posting, .. } in &cooperative.log {
            if posting.entry().is_some() {
                booked.insert(event.kind().name);
            }
            if let Some((_, original, replacement)) = event.as_correction() {
                corrected.insert((original.kind().name, replacement.is_some()));
            }
        }
    }
    let silent = |(stream, event): (StreamId, Event)| {
        let posting = post(rule_for(&event), stream, &event).unwrap();
        posting.entry().is_some().then(|| event.kind().name)
    };
    let expected: BTreeSet<_> = common::samples().into_iter().filter_map(silent).collect();
    assert_eq!(booked, expected);
    let with_replacement = [
        "advance.granted",
        "contract.declared",
        "expense.approved",
        "expense.claimed",
        "expense.paid",
        "grant.passed_on",
        "grant.received",
        "grant.recognised",
        "instalment.paid",
        "invoice.paid",
        "loan.disbursed",
        "loan.written_off",
        "invoice.recovered",
        "bank_fee.charged",
        "purchase.paid",
        "purchase.recorded",
        "refund.determined",
        "salary.calculated",
        "salary.paid",
        "shares.paid_up",
        "shares.subscribed",
        "staff_pay.recorded",
        "work_days.declared",
    ];
    for kind in with_replacement {
        assert!(corrected.contains(&(kind, true)), "{kind} is corrected and replaced");
        assert!(corrected.contains(&(kind, false)), "{kind} is corrected and taken back");
    }
    assert!(corrected.contains(&("contract.cancelled", false)));
}
