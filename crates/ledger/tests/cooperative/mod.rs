//! A small cooperative that draws commands at random.
//!
//! Two units and four members, loans, grants, a year and the entity's own affairs. Commands are decided
//! by the streams of the domain on facts from these very balances, and what was decided is booked. After
//! every event identities I1–I3 hold, no owner is overdrawn who may not be, and the digest is the same
//! when asked again; after every command the registers tie to the books. What a rule refuses is simply
//! not done.
//!
//! ```text
//! mod.rs       the cooperative, its steps, and what is asked after every event
//! acts.rs      steps that are more than one command
//! assembly.rs  general meetings and mandates, beside a naive list of votes
//! desk.rs      bank statements and a shared machine, and how they tie to the books
//! naive.rs     registers summed from events alone: advances, shares, loans and grants
//! steps.rs     commands drawn from numbers, and the parameters of the cooperative
//! ```

mod acts;
pub mod assembly;
mod desk;
mod naive;
pub mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::common::{amount, balance, day, evidence, rate};
use crate::entity::{Entity, YEAR};
use domain::correction::{Correct, Original};
use domain::filing::{FilingCommand, FilingEvent};
use domain::grant::{Grant, GrantCommand, GrantEvent, GrantKind};
use domain::ids::*;
use domain::joint::{
    TransferBudget, TransferShares, credit_invoice, invoice_deposit, issue_final_invoice, issue_invoice,
    transfer_budget, transfer_shares,
};
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
use ledger::{Account, Balances, Line, Party, Posting, entry_digest, post, rule_for};
use uuid::Uuid;

use assembly::Assembly;
use desk::Desk;
use naive::{Advances, Lent, Register};
use steps::*;

/// One step: which kind of command, on which thing, for how much.
pub type Step = (u8, u16, u32);

/// One event as the log would hold it.
pub struct Booked {
    pub stream: StreamId,
    pub event: Event,
    pub rule: RuleName,
    pub posting: Posting,
}

/// What was ever named in a unit, so that steps can name it again.
#[derive(Default)]
pub struct Named {
    pub contracts: Vec<ContractId>,
    pub employments: Vec<EmploymentId>,
    pub work: Vec<Work>,
    pub invoices: Vec<InvoiceId>,
    pub deposits: Vec<InvoiceId>,
    pub expenses: Vec<ExpenseId>,
    pub salaries: Vec<SalaryId>,
}

pub struct Cooperative {
    pub parameters: Arc<Parameters>,
    pub units: BTreeMap<UnitId, (Unit, Named)>,
    pub members: BTreeMap<MemberId, Member>,
    /// The four who are members now; whoever leaves makes room for another.
    pub seats: [MemberId; 4],
    pub series: BTreeMap<SeriesId, Series>,
    pub loans: BTreeMap<LoanId, Loan>,
    pub grants: BTreeMap<GrantId, Grant>,
    pub lent: Lent,
    pub year: FiscalYear,
    pub entity: Entity,
    pub assembly: Assembly,
    pub balances: Balances,
    pub register: Register,
    pub advances: Advances,
    pub desk: Desk,
    pub log: Vec<Booked>,
    /// What was corrected so far: kinds, and whether something holds instead.
    pub corrected: BTreeSet<(&'static str, bool)>,
    pub n_ids: u128,
    pub on_issue: bool,
}

pub const HOLDER: PersonId = crate::common::ALICE;
pub const WORKER: PersonId = crate::common::BOB;
/// Who gets the grants that are passed on; nothing else is owed to this person.
pub const BENEFICIARY: PersonId = crate::common::BOB;
/// Of the cooperative's own steps; those of the entity follow.
pub const FIRST_OF_ENTITY: u8 = 64;
pub const FILE: u8 = FIRST_OF_ENTITY + crate::entity::N_KINDS - 1;
pub const FIRST_OF_DESK: u8 = FILE + 1;
pub const N_KINDS: u8 = FIRST_OF_DESK + desk::N_KINDS;

impl Cooperative {
    pub fn new(spendable_on: &str) -> Self {
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
            assembly: Assembly::default(),
            balances: Balances::default(),
            register: Register::default(),
            advances: Advances::default(),
            desk: Desk::default(),
            log: Vec::new(),
            corrected: BTreeSet::new(),
            // Above the ids of the people we know: a long life must not meet one of them by chance.
            n_ids: 1 << 64,
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

    pub fn admit(&mut self, seat: usize) {
        let (member, person) = (MemberId::new(self.id()), PersonId::new(self.id()));
        self.members.insert(member, Member::default());
        self.seats[seat] = member;
        self.ask_member(member, MemberCommand::RequestAdmission { person, category: Category::User });
        self.ask_member(member, MemberCommand::GrantAdmission {});
    }

    pub fn id(&mut self) -> Uuid {
        self.n_ids += 1;
        Uuid::from_u128(self.n_ids)
    }

    /// Does one step, if no rule says no.
    pub fn step(&mut self, (kind, pick, size): Step) {
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
                self.ask_unit(
                    unit,
                    UnitCommand::DeclareWorkDays { employment, holder, month, risk: None, days, budget },
                );
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
                let (funder, amount, evidence) = (crate::common::FUNDER, some, evidence("AWARD-1"));
                let project = ProjectId::new(self.id());
                self.ask_grant(
                    grant,
                    GrantCommand::AnnounceGrant { funder, kind, amount, project, evidence },
                );
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
            39 => {
                // A line of up to 300.00, for jobs that nothing is there for yet.
                let line = Balance::from_cents(some.cents() / 10);
                self.ask_unit(unit, UnitCommand::SetGuaranteeLine { line, evidence: evidence("LINE-1") });
            }
            40 => self.overspend(unit, some, size),
            41 => self.give_budget(unit, some),
            44 => self.declare_and_pay_holidays(unit, pick, size),
            42 | 43 => self.ask_deposit(unit, pick, some, size),
            45..=55 => self.correct(pick, some, size),
            kind @ 56..FIRST_OF_ENTITY => self.assemble(kind % 4, pick, some, size),
            FILE => self.file(pick, some, size),
            FIRST_OF_DESK.. => self.desk_step(kind % N_KINDS - FIRST_OF_DESK, (unit, pick), some, size),
            kind => {
                let command = self.entity.command(kind - FIRST_OF_ENTITY, new, pick, (some, size));
                let Some(command) = command else { return };
                self.ask_structure(&command);
            }
        }
    }

    pub fn ask_structure(&mut self, command: &StructureCommand) {
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

    pub fn file(&mut self, pick: usize, some: Amount, size: u32) {
        let (id, command) = self.entity.filing(pick, some, size);
        let mut facts = facts(&self.parameters, DAY, self.entity.known(id));
        facts.effective_on = id.last_day();
        let state = self.entity.filings.get(&id).cloned().unwrap_or_default();
        let decided = decide(&state, id, &command, &facts).unwrap_or_default();
        let stream = StreamId::Filing(id);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    /// What a return declares is no longer due; a VAT return leaves nothing on the grids.
    pub fn declare(&mut self, event: &FilingEvent) {
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

    /// What the ledger knows of the unit of a loan or grant, without a posting that is to be corrected.
    pub fn budget_known(&self, unit: Option<UnitId>, without: Option<&Posting>) -> BudgetKnown {
        let available = unit.map(|unit| self.known(unit, without).available).unwrap_or_default();
        BudgetKnown { is_open: unit.is_some(), available }
    }

    /// What the ledger knows of a unit, without a posting that is to be corrected.
    pub fn known(&self, unit: UnitId, without: Option<&Posting>) -> UnitKnown {
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

    pub fn ask_unit(&mut self, unit: UnitId, command: UnitCommand) {
        self.ask_unit_on(DAY, unit, command);
    }

    pub fn ask_unit_on(&mut self, on: &str, unit: UnitId, command: UnitCommand) {
        let facts = facts(&self.parameters, on, self.known(unit, None));
        let decided = decide(&self.units[&unit].0, unit, &command, &facts).unwrap_or_default();
        self.record_all(decided.into_iter().map(|event| (booked_in(unit), event.into())).collect());
    }

    pub fn ask_member(&mut self, member: MemberId, command: MemberCommand) {
        let on = match command {
            MemberCommand::CancelShares { .. } | MemberCommand::DetermineRefund { .. } => LATER,
            _ => DAY,
        };
        let facts = facts(&self.parameters, on, member_known());
        let decided = decide(&self.members[&member], member, &command, &facts).unwrap_or_default();
        let stream = StreamId::Member(member);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn ask_loan(&mut self, loan: LoanId, command: LoanCommand) {
        let state = self.loans.entry(loan).or_default().clone();
        let facts = facts(&self.parameters, DAY, self.budget_known(state.unit(), None));
        let decided = decide(&state, loan, &command, &facts).unwrap_or_default();
        let stream = StreamId::Loan(loan);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn ask_grant(&mut self, grant: GrantId, command: GrantCommand) {
        let state = self.grants.entry(grant).or_default().clone();
        let facts = facts(&self.parameters, DAY, self.budget_known(state.unit(), None));
        let decided = decide(&state, grant, &command, &facts).unwrap_or_default();
        let stream = StreamId::Grant(grant);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn ask_year(&mut self, on: &str, command: YearCommand) {
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

    pub fn held(&self) -> Balance {
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
    pub fn close_the_year(&mut self) {
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

    pub fn record_all(&mut self, events: Vec<(StreamId, Event)>) {
        for (stream, event) in events {
            self.record(stream, event);
        }
        // Not within a command: what a transfer takes out of one register is on its way to the other.
        self.register.ties_to(&self.balances);
        self.advances.tie_to(&self.balances);
        self.assembly.agrees(&self.parameters);
    }

    /// Books and folds an event, then asks whether the books still agree.
    pub fn record(&mut self, stream: StreamId, event: Event) {
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
            (Event::Meeting(event), StreamId::Meeting(_)) => self.assembly.meeting.evolve(event),
            (Event::Mandate(event), StreamId::Mandate(id)) => {
                self.assembly.mandates.entry(id).or_default().evolve(event);
            }
            (event, stream) => self.record_at_desk(stream, event),
        }
        self.assembly.fold(stream, &event, 1);
        if let (Event::Member(event), StreamId::Member(member)) = (&event, stream) {
            let at = Position(self.log.len() as u64 + 1);
            self.assembly.electorate.fold(member, at, day(DAY), event);
        }
        let rule = rule_for(&event);
        let posting = post(rule, stream, &event).unwrap();
        assert_eq!(entry_digest(&posting), entry_digest(&post(rule, stream, &event).unwrap()));
        self.balances.apply(&posting);
        if let (false, Some(entry)) = (matches!(event, Event::Bank(_)), posting.entry()) {
            self.desk.booked = self.desk.booked + entry.effect_on_account(Account::Banks);
        }
        self.bank_ties_to_the_books();
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
            // E23: below nothing only as far as the unit's guarantee line goes.
            let line_of = |unit: &UnitId| self.units[unit].0.guarantee_line();
            let below = match (line.account, line.of) {
                (Account::UnitAvailable, Some(Party::Unit(unit))) => line_of(&unit),
                _ => Balance::ZERO,
            };
            assert!(held + below >= Balance::ZERO, "after {kind}: {line} holds {held}\n{posting:#?}");
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
        if let Some((_, original, instead)) = event.as_correction() {
            self.corrected.insert((original.kind().name, instead.is_some()));
        }
        self.log.push(Booked { stream, event, rule, posting });
    }

    pub fn units_are_the_sum_of_their_lines(&self) {
        for account in [Account::UnitPending, Account::UnitAvailable, Account::UnitReserved] {
            let sum = self.units.keys().map(|unit| self.balances.of(account.of(*unit))).sum::<Balance>();
            assert_eq!(sum, self.balances.total(account), "{account}");
        }
        if self.on_issue {
            assert_eq!(self.balances.total(Account::UnitPending), Balance::ZERO, "budget waits for nobody");
        }
    }
}
