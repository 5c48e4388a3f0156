//! A naive writer: decides every command on folded streams, with facts counted the plain way.
//!
//! It knows nothing of the plan: balances come from the amounts in events, shares and years of use
//! from the events of members and units. It keeps the figures of the year beside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::command::Refused;
use domain::filing::{Due, Filing, FilingEvent, FilingId, FilingKnown};
use domain::grant::{Grant, GrantEvent};
use domain::ids::{
    ContractId, EmploymentId, ExpenseId, GrantId, InvoiceId, LoanId, MemberId, PersonId, SalaryId, UnitId,
};
use domain::joint::{self, Decided, JointCommand};
use domain::loan::{Loan, LoanEvent, LoanKind};
use domain::member::{Member, MemberCommand, MemberEvent, MemberKnown, YearsOfUse};
use domain::parameters::{Parameters, Published};
use domain::series::Series;
use domain::statutes::{Statutes, StatutesCommand, StatutesEvent};
use domain::structure::{Structure, StructureEvent};
use domain::text::SeriesCode;
use domain::unit::{BudgetKnown, Term, Unit, UnitCommand, UnitEvent, UnitKnown, WorkDay};
use domain::year::{FiscalYear, YearEvent, YearKnown};
use domain::{Balance, Claim, Command, Day, Event, Facts, Request, SeriesId, Stream, StreamId, Year, stream};

/// The parameters that the program seeds a log with.
pub fn parameters() -> Vec<StatutesCommand> {
    #[derive(serde::Deserialize)]
    struct File {
        parameter: Vec<toml::Value>,
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/parameters.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let file: File = toml::from_str(&text).unwrap();
    let publish = |value: toml::Value| {
        let tagged = toml::Table::from_iter([("publish_parameter".to_owned(), value)]);
        toml::Value::Table(tagged).try_into::<StatutesCommand>().unwrap()
    };
    file.parameter.into_iter().map(publish).collect()
}

#[derive(Default)]
pub struct Writer {
    pub figures: Figures,
    parameters: Arc<Parameters>,
    statutes: Statutes,
    years: BTreeMap<Year, FiscalYear>,
    members: BTreeMap<MemberId, Member>,
    units: BTreeMap<UnitId, Unit>,
    structures: BTreeMap<Year, Structure>,
    filings: BTreeMap<FilingId, Filing>,
    /// What became due to the State, by day; what returns declared of it.
    due: BTreeMap<Day, Due>,
    declared: Due,
    loans: BTreeMap<LoanId, Loan>,
    grants: BTreeMap<GrantId, Grant>,
    series: BTreeMap<SeriesId, Series>,
    budgets: BTreeMap<UnitId, UnitKnown>,
    holders: BTreeMap<UnitId, BTreeSet<PersonId>>,
    persons: BTreeMap<PersonId, (u32, YearsOfUse)>,
    shareholders: u32,
    admitted: BTreeMap<PersonId, MemberId>,
    last_day: Option<Day>,
    /// Internal loans outstanding.
    lent_to_units: i64,
    /// How far below nothing each unit may go to declare work.
    lines: BTreeMap<UnitId, i64>,
    /// Unit balances that stand deferred.
    deferred: i64,
    tests: BTreeMap<Year, domain::year::Tested>,
    claims: BTreeSet<Claim>,
}

/// What the year comes to, counted from events.
#[derive(Default)]
pub struct Figures {
    pub n_events: BTreeMap<&'static str, u64>,
    pub n_commands: u64,
    pub concluded: u64,
    pub concluded_open_ended: u64,
    pub days: i64,
    pub hours_hundredths: i64,
    pub employed: BTreeSet<PersonId>,
    pub worked_open_ended: BTreeSet<PersonId>,
    /// Holders of units with activity, by year.
    pub active: BTreeMap<Year, BTreeSet<PersonId>>,
    /// Persons who act for a unit themselves, by year.
    pub acting: BTreeMap<Year, BTreeSet<PersonId>>,
    pub invoicing: BTreeMap<Year, BTreeSet<PersonId>>,
    pub invoices: BTreeMap<Year, u64>,
    pub turnover: BTreeMap<Year, i64>,
    pub turnover_by_unit: BTreeMap<UnitId, i64>,
    pub contracts_by_person: BTreeMap<PersonId, u32>,
    pub budgets: i64,
    pub gross: i64,
    pub expenses: i64,
    pub credit_notes: u64,
    pub credited: i64,
    pub amended: u64,
    pub cancelled: u64,
    pub from_fund: i64,
    pub opening: i64,
    pub closing: i64,
    pub late_wages: u64,
    pub wages: u64,
    pub late_payments: u64,
    pub payments: u64,
    /// Reminders of each level, by year.
    pub reminders: BTreeMap<Year, [u64; 3]>,
    pub indemnities: u64,
    /// Events of disputes, plans, hand-overs, doubtful, recovered and lost debts.
    pub chased: BTreeMap<&'static str, u64>,
    /// What clients owe beside what they were invoiced.
    charged: BTreeMap<InvoiceId, i64>,
    owed: BTreeMap<InvoiceId, i64>,
    pub artists: BTreeSet<PersonId>,
    pub advances: Advances,
    pub holiday: Holiday,
    /// What is left of wages' budgets beside what the wages cost.
    pub margins: i64,
    /// What members' work costs beside wages, contributions and holiday pay.
    pub personnel_costs: i64,
    /// Days of every job that is not cancelled, by contract or employment and month.
    pub days_of_work: BTreeMap<(PersonId, uuid::Uuid, String), Vec<WorkDay>>,
    pub unpaid_wages: BTreeSet<SalaryId>,
    pub unpaid_expenses: BTreeSet<ExpenseId>,
    /// Principal of each loan granted, by year of granting.
    pub loans_granted: BTreeMap<Year, Vec<i64>>,
    /// Principal of each loan disbursed, by year of disbursement.
    pub loans_disbursed: BTreeMap<Year, Vec<i64>>,
    pub grants_passed_on: BTreeMap<Year, Vec<i64>>,
    /// Of the structure, and not paid yet.
    pub owed_to_suppliers: i64,
    /// What each return left to pay or recover and is not settled.
    pub open_returns: BTreeMap<String, i64>,
    /// Years whose result was allocated.
    pub allocated: BTreeSet<Year>,
    /// What leavers are owed, less what they were paid.
    pub refunds_due: i64,
    /// What was received less what was passed on.
    pub grants_held: i64,
    /// Lent less repaid and written off.
    pub outstanding: i64,
    jobs: BTreeMap<ContractId, (PersonId, i64)>,
    open: BTreeMap<InvoiceId, Day>,
    employments: BTreeMap<EmploymentId, PersonId>,
}

/// What the guarantee fund advanced, and what became of it, in cents.
#[derive(Default)]
pub struct Advances {
    pub granted: i64,
    pub recovered: i64,
    pub absorbed: i64,
    /// Most that was ever open, and what was open when 2025 was over.
    pub peak: i64,
    pub at_year_end: i64,
    /// What is open, by invoice.
    pub open: BTreeMap<InvoiceId, i64>,
    /// Wages that were paid on a day on which the fund advanced for their unit.
    pub n_wages: u64,
    last: BTreeMap<UnitId, Day>,
}

/// Holiday pay of employees, in cents.
#[derive(Default)]
pub struct Holiday {
    pub accrued: i64,
    pub paid: i64,
    /// Wages of employees without it.
    pub missing: BTreeSet<SalaryId>,
    /// What each worker is owed by a unit, wage by wage.
    pub owed: BTreeMap<(UnitId, PersonId), BTreeMap<SalaryId, i64>>,
    gross: BTreeMap<SalaryId, i64>,
}

impl Advances {
    pub fn outstanding(&self) -> i64 {
        self.open.values().sum()
    }

    fn change(&mut self, invoice: InvoiceId, more: i64) {
        let open = self.open.entry(invoice).or_default();
        *open += more;
        assert!(*open >= 0, "no more of an advance is taken back than was given");
        self.peak = self.peak.max(self.granted - self.recovered - self.absorbed);
    }
}

const YEAR: Year = Year::new(2025);

impl Writer {
    /// Decides and folds one command.
    pub fn write(&mut self, command: &Command) -> Result<(), Refused> {
        assert!(self.last_day <= Some(command.effective_on), "dates never go back");
        if self.last_day.is_none_or(|last| last.year() < YEAR) && command.effective_on.year() == YEAR {
            self.figures.opening = self.unspent();
        }
        self.last_day = Some(command.effective_on);
        self.figures.n_commands += 1;
        let on = command.effective_on;
        let decided: Decided = match &command.request {
            Request::Statutes(body) => {
                let events = stream::decide(&self.statutes, (), body, &self.facts(on, ()))?;
                events.into_iter().map(|event| (StreamId::Statutes, event.into())).collect()
            }
            Request::Year(year, body) => {
                let state = self.years.entry(*year).or_default().clone();
                // What the books made is the ledger's to say; the rest is counted here.
                let held = Balance::from_cents(self.unspent() + self.reserved() - self.lent_to_units);
                let deferred = Balance::from_cents(self.deferred);
                let known = YearKnown { held, deferred, ..YearKnown::default() };
                let events = stream::decide(&state, *year, body, &self.facts(on, known))?;
                events.into_iter().map(|event| (StreamId::Year(*year), event.into())).collect()
            }
            Request::Member(id, body) => {
                let asking = match body {
                    MemberCommand::RequestAdmission { person, .. } => Some(*person),
                    _ => None,
                };
                let facts = self.facts(on, self.member_known(asking));
                let events = stream::decide(self.members.entry(*id).or_default(), *id, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Member(*id), event.into())).collect()
            }
            Request::Unit(id, body) => {
                let holder = match body {
                    UnitCommand::DeclareContract { holder, .. }
                    | UnitCommand::DeclareWorkDays { holder, .. } => Some(*holder),
                    _ => None,
                };
                let facts = self.facts(on, self.known(*id, holder));
                let events = stream::decide(self.units.entry(*id).or_default(), *id, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Unit(*id), event.into())).collect()
            }
            Request::Structure(year, body) => {
                let facts = self.facts(on, ());
                let events = stream::decide(self.structures.entry(*year).or_default(), *year, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Structure(*year), event.into())).collect()
            }
            Request::Filing(id, body) => {
                let until = self.due.range(..=id.last_day()).map(|(_, due)| *due);
                let due = until.fold(Due::default(), |sum, due| sum + due) - self.declared;
                let facts = self.facts(on, FilingKnown { due, later: None });
                let events = stream::decide(self.filings.entry(*id).or_default(), *id, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Filing(*id), event.into())).collect()
            }
            Request::Loan(id, body) => {
                let state = self.loans.get(id).cloned().unwrap_or_default();
                let facts = self.facts(on, self.budget_known(state.unit()));
                let events = stream::decide(&state, *id, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Loan(*id), event.into())).collect()
            }
            Request::Grant(id, body) => {
                let state = self.grants.get(id).cloned().unwrap_or_default();
                let facts = self.facts(on, self.budget_known(state.unit()));
                let events = stream::decide(&state, *id, body, &facts)?;
                events.into_iter().map(|event| (StreamId::Grant(*id), event.into())).collect()
            }
            Request::Course(..)
            | Request::Fitness(..)
            | Request::Cover(..)
            | Request::Bank(..)
            | Request::Resource(..)
            | Request::Participation(..)
            | Request::Activity(..)
            | Request::Control(..)
            | Request::Office(..)
            | Request::Meeting(..)
            | Request::Mandate(..)
            | Request::Board(..) => unreachable!("the year asks nothing of these streams"),
            Request::Joint(JointCommand::IssueInvoice(id, body)) => {
                let (series, number) = self.numbering(body.series, on);
                let facts = self.facts(on, self.known(*id, Some(body.draft.holder)));
                let unit = &self.units[id];
                joint::issue_invoice(
                    (series, &number, &self.facts(on, ())),
                    (*id, unit, &facts),
                    &body.draft,
                )??
            }
            Request::Joint(JointCommand::CreditInvoice(id, body)) => {
                let (series, number) = self.numbering(body.series, on);
                let facts = self.facts(on, self.known(*id, None));
                let unit = &self.units[id];
                joint::credit_invoice(
                    (series, &number, &self.facts(on, ())),
                    (*id, unit, &facts),
                    &body.draft,
                )??
            }
            Request::Joint(
                JointCommand::TransferBudget(..)
                | JointCommand::InvoiceDeposit(..)
                | JointCommand::IssueFinalInvoice(..),
            ) => unreachable!("the year's units keep their budgets and ask for no deposit"),
            Request::Joint(JointCommand::TransferShares(id, body)) => {
                let facts = self.facts(on, self.member_known(None));
                let (from, to) = (&self.members[id], &self.members[&body.to]);
                joint::transfer_shares((*id, from, &facts), to, body)?
            }
        };
        assert!(!decided.is_empty(), "every accepted command writes at least one event");
        for (stream, event) in &decided {
            self.fold(*stream, on, event);
        }
        Ok(())
    }

    fn facts<S: Stream>(&self, effective_on: Day, known: S::Known) -> Facts<S> {
        let year_is_open = self.years.get(&effective_on.year()).is_some_and(FiscalYear::is_open);
        Facts { effective_on, year_is_open, parameters: self.parameters.clone(), known, original: None }
    }

    fn member_known(&self, asking: Option<PersonId>) -> MemberKnown {
        let member_already = asking.and_then(|person| self.admitted.get(&person)).copied();
        let tests = self.last_day.and_then(|on| self.tests.get(&on.year())).copied();
        MemberKnown { shareholders: self.shareholders, member_already, tests }
    }

    fn budget_known(&self, unit: Option<UnitId>) -> BudgetKnown {
        let Some(unit) = unit else { return BudgetKnown::default() };
        let is_open = self.units.get(&unit).is_some_and(Unit::is_open);
        BudgetKnown { is_open, available: self.known(unit, None).available }
    }

    fn known(&self, unit: UnitId, holder: Option<PersonId>) -> UnitKnown {
        let budget = self.budgets.get(&unit).copied().unwrap_or_default();
        let (shares, years_of_use) =
            holder.and_then(|holder| self.persons.get(&holder)).copied().unwrap_or_default();
        // No grace here: the reference year never needs it.
        UnitKnown { shares, years_of_use, grace_contracts_used: 1_000, ..budget }
    }

    fn numbering(&self, code: SeriesCode, on: Day) -> (SeriesId, Series) {
        let id = SeriesId { code, year: on.year() };
        (id, self.series.get(&id).cloned().unwrap_or_default())
    }

    /// What all units have available, or will have when their clients pay.
    pub fn unspent(&self) -> i64 {
        self.budgets.values().map(|known| (known.pending + known.available).cents()).sum()
    }

    /// What all units have reserved.
    pub fn reserved(&self) -> i64 {
        self.budgets.values().map(|known| known.reserved.cents()).sum()
    }

    fn fold(&mut self, stream: StreamId, on: Day, event: &Event) {
        *self.figures.n_events.entry(event.kind().name).or_default() += 1;
        for claim in event.claims() {
            assert!(self.claims.insert(claim), "{} stands in the log already", claim.what.word());
        }
        match (stream, event) {
            (_, Event::Statutes(event)) => {
                self.statutes.evolve(event);
                if let StatutesEvent::ParameterPublished { name, value, valid_from, valid_to, .. } = event {
                    let published = Published { valid_from: *valid_from, valid_to: *valid_to, value: *value };
                    Arc::make_mut(&mut self.parameters).publish(*name, published);
                }
            }
            (StreamId::Year(year), Event::Year(event)) => {
                self.years.entry(year).or_default().evolve(event);
                match event {
                    YearEvent::Opened { .. } if year == YEAR.next() => {
                        let advances = &mut self.figures.advances;
                        advances.at_year_end = advances.outstanding();
                        self.figures.closing = self.unspent();
                    }
                    YearEvent::UnitBalancesDeferred { amount } => self.deferred += amount.cents(),
                    YearEvent::UnitBalancesReversed { amount } => self.deferred -= amount.cents(),
                    YearEvent::TestsRecorded { room, net_assets_passed, liquidity_passed, .. } => {
                        let passed = *net_assets_passed && *liquidity_passed;
                        self.tests.insert(year, domain::year::Tested { passed, room: *room });
                    }
                    YearEvent::ResultAllocated { .. } => {
                        self.figures.allocated.insert(year);
                    }
                    _ => {}
                }
            }
            (StreamId::Member(id), Event::Member(event)) => {
                self.members.entry(id).or_default().evolve(event);
                self.fold_shares(id, event);
                match event {
                    MemberEvent::RefundDetermined { amount, .. } => {
                        self.figures.refunds_due += amount.cents();
                    }
                    MemberEvent::RefundPaid { amount, .. } => self.figures.refunds_due -= amount.cents(),
                    _ => {}
                }
            }
            (StreamId::Unit(id), Event::Unit(event)) => {
                self.units.entry(id).or_default().evolve(event);
                self.fold_unit(id, on, event);
            }
            (StreamId::Structure(year), Event::Structure(event)) => {
                self.structures.entry(year).or_default().evolve(event);
                self.fold_structure(on, event);
            }
            (StreamId::Filing(id), Event::Filing(event)) => {
                self.filings.entry(id).or_default().evolve(event);
                self.fold_filing(id, event);
            }
            (StreamId::Loan(id), Event::Loan(event)) => {
                self.loans.entry(id).or_default().evolve(event);
                self.fold_loan(on.year(), event);
            }
            (StreamId::Grant(id), Event::Grant(event)) => {
                self.grants.entry(id).or_default().evolve(event);
                let figures = &mut self.figures;
                match event {
                    GrantEvent::Received { amount, .. } => figures.grants_held += amount.cents(),
                    GrantEvent::PassedOn { amount, .. } => {
                        figures.grants_held -= amount.cents();
                        figures.grants_passed_on.entry(on.year()).or_default().push(amount.cents());
                    }
                    _ => {}
                }
            }
            (StreamId::Series(id), Event::Series(event)) => self.series.entry(id).or_default().evolve(event),
            (stream, _) => unreachable!("an event of another stream stands in {stream:?}"),
        }
    }

    fn fold_shares(&mut self, id: MemberId, event: &MemberEvent) {
        let mut hold = |person: PersonId, change: i64| {
            let held = &mut self.persons.entry(person).or_default().0;
            let before = *held;
            *held = u32::try_from(i64::from(before) + change).unwrap();
            self.shareholders = self.shareholders + u32::from(*held > 0) - u32::from(before > 0);
        };
        match event {
            MemberEvent::AdmissionRequested { person, .. } => {
                self.admitted.insert(*person, id);
            }
            MemberEvent::MembershipEnded { person, .. } => {
                self.admitted.remove(person);
            }
            MemberEvent::SharesSubscribed { person, shares, .. } => hold(*person, i64::from(*shares)),
            MemberEvent::SharesReceived { to, shares, .. } => hold(*to, i64::from(*shares)),
            MemberEvent::SharesTransferred { from, shares, .. } => hold(*from, -i64::from(*shares)),
            MemberEvent::SharesCancelled { person, shares, .. } => hold(*person, -i64::from(*shares)),
            _ => {}
        }
    }

    fn owe(&mut self, on: Day, more: Due) {
        let due = self.due.entry(on).or_default();
        *due = *due + more;
    }

    fn fold_structure(&mut self, on: Day, event: &StructureEvent) {
        let none = Due::default();
        let figures = &mut self.figures;
        match event {
            StructureEvent::PersonnelCostRecorded { bill, .. } => {
                figures.owed_to_suppliers += bill.owed().cents();
                figures.personnel_costs += bill.cost().cents();
            }
            StructureEvent::PurchaseRecorded { bill, .. } | StructureEvent::AssetAcquired { bill, .. } => {
                figures.owed_to_suppliers += bill.owed().cents();
                self.owe(on, Due { on_purchases: bill.vat_recoverable, ..none });
            }
            StructureEvent::PurchaseCredited { bill, .. } => {
                figures.owed_to_suppliers -= bill.owed().cents();
                self.owe(on, Due { on_credits_received: bill.vat_recoverable, ..none });
            }
            StructureEvent::PurchasePaid { amount, .. } => figures.owed_to_suppliers -= amount.cents(),
            StructureEvent::StaffPayRecorded { employer, employee, withholding, .. } => {
                self.owe(on, Due { nsso: *employer + *employee, withholding: *withholding, ..none });
            }
            StructureEvent::AssetDisposed { vat, .. } => self.owe(on, Due { on_sales: *vat, ..none }),
            _ => {}
        }
    }

    fn fold_filing(&mut self, id: FilingId, event: &FilingEvent) {
        let open = self.figures.open_returns.entry(id.to_string()).or_default();
        if let Some(due) = event.declares() {
            self.declared = self.declared + due;
            *open = due.vat().cents().abs() + due.nsso.cents() + due.withholding.cents();
        }
        match event {
            FilingEvent::VatReturnPaid { amount, .. }
            | FilingEvent::DmfaPaid { amount, .. }
            | FilingEvent::WithholdingReturnPaid { amount, .. } => *open -= amount.cents(),
            _ => {}
        }
    }

    fn fold_loan(&mut self, year: Year, event: &LoanEvent) {
        let figures = &mut self.figures;
        let in_unit = match event {
            LoanEvent::Granted { principal, .. } => {
                figures.loans_granted.entry(year).or_default().push(principal.cents());
                None
            }
            LoanEvent::Disbursed { kind, principal, .. } => {
                figures.loans_disbursed.entry(year).or_default().push(principal.cents());
                figures.outstanding += principal.cents();
                Some((kind, principal.balance()))
            }
            LoanEvent::InstalmentPaid { kind, amount, .. } => {
                figures.outstanding -= amount.cents();
                Some((kind, Balance::ZERO - amount.balance()))
            }
            LoanEvent::WrittenOff { amount, .. } => {
                figures.outstanding -= amount.cents();
                None
            }
            _ => None,
        };
        if let Some((LoanKind::Internal { unit }, change)) = in_unit {
            self.lent_to_units += change.cents();
            let known = self.budgets.entry(*unit).or_default();
            known.available = known.available + change;
            assert!(!known.available.is_negative(), "{unit} is overdrawn by a loan");
        }
    }

    fn act(&mut self, unit: UnitId, on: Day, who: PersonId) {
        let figures = &mut self.figures;
        figures.active.entry(on.year()).or_default().extend(&self.holders[&unit]);
        figures.acting.entry(on.year()).or_default().insert(who);
    }

    fn r#use(&mut self, on: Day, who: PersonId) {
        self.persons.entry(who).or_default().1.insert(on.year());
    }

    fn fold_unit(&mut self, unit: UnitId, on: Day, event: &UnitEvent) {
        self.fold_budget(unit, event);
        let in_year = on.year() == YEAR;
        match event {
            UnitEvent::Opened { holder } | UnitEvent::HolderJoined { holder } => {
                self.holders.entry(unit).or_default().insert(*holder);
            }
            UnitEvent::HolderLeft { holder } => {
                self.holders.entry(unit).or_default().remove(holder);
            }
            UnitEvent::ContractDeclared {
                contract,
                holder,
                worker,
                days,
                budget,
                minimum_gross,
                gross,
                ..
            } => {
                assert!(gross >= minimum_gross);
                self.act(unit, on, *holder);
                self.r#use(on, *holder);
                self.figures.jobs.insert(*contract, (*worker, budget.cents()));
                self.figures.days_of_work.insert((*worker, contract.uuid(), String::new()), days.clone());
            }
            UnitEvent::ContractAmended {
                contract,
                worker,
                days_before,
                hours_before,
                days,
                hours,
                budget,
                employment,
                ..
            } => {
                assert!(employment.is_some(), "amended after the employment was concluded");
                let figures = &mut self.figures;
                figures.amended += 1;
                figures.days += days.len() as i64 - i64::from(*days_before);
                figures.hours_hundredths +=
                    i64::from(hours.hundredths()) - i64::from(hours_before.hundredths());
                figures.jobs.insert(*contract, (*worker, budget.cents()));
                figures.days_of_work.insert((*worker, contract.uuid(), String::new()), days.clone());
            }
            UnitEvent::ContractCancelled { contract, .. } => {
                self.figures.cancelled += 1;
                let (worker, _) = self.figures.jobs.remove(contract).unwrap();
                self.figures.days_of_work.remove(&(worker, contract.uuid(), String::new()));
            }
            UnitEvent::EmploymentConcluded { employment, worker, term, n_days, hours, kind } => {
                let figures = &mut self.figures;
                if *kind == domain::payroll::WorkerKind::Artist {
                    figures.artists.insert(*worker);
                }
                match term {
                    Term::FixedTerm { from, .. } => {
                        assert!(in_year && on <= *from);
                        figures.concluded += 1;
                        figures.days += i64::from(*n_days);
                        figures.hours_hundredths += i64::from(hours.hundredths());
                        figures.employed.insert(*worker);
                        *figures.contracts_by_person.entry(*worker).or_default() += 1;
                    }
                    Term::OpenEnded { .. } => {
                        assert!(!in_year);
                        figures.concluded_open_ended += 1;
                        figures.employments.insert(*employment, *worker);
                    }
                }
            }
            UnitEvent::WorkDaysDeclared { holder, worker, employment, month, days, hours, .. } => {
                self.act(unit, on, *holder);
                self.r#use(on, *holder);
                let figures = &mut self.figures;
                figures.days += days.len() as i64;
                figures.hours_hundredths += i64::from(hours.hundredths());
                figures.employed.insert(*worker);
                figures.worked_open_ended.insert(figures.employments[employment]);
                figures.days_of_work.insert((*worker, employment.uuid(), month.to_string()), days.clone());
            }
            UnitEvent::InvoiceIssued { invoice, holder, net, gross, due_on, .. } => {
                self.figures.owed.insert(*invoice, gross.cents());
                let on_sales = gross.balance() - net.balance();
                self.owe(on, Due { on_sales, ..Due::default() });
                self.act(unit, on, *holder);
                self.r#use(on, *holder);
                let figures = &mut self.figures;
                figures.invoicing.entry(on.year()).or_default().insert(*holder);
                *figures.invoices.entry(on.year()).or_default() += 1;
                *figures.turnover.entry(on.year()).or_default() += net.cents();
                figures.open.insert(*invoice, *due_on);
                if in_year {
                    *figures.turnover_by_unit.entry(unit).or_default() += net.cents();
                }
            }
            UnitEvent::InvoiceCredited { invoice, net, gross, from_fund, .. } => {
                let on_credits_issued = gross.balance() - net.balance();
                self.owe(on, Due { on_credits_issued, ..Due::default() });
                let figures = &mut self.figures;
                *figures.owed.get_mut(invoice).unwrap() -= gross.cents();
                figures.credit_notes += 1;
                figures.credited += net.cents();
                figures.from_fund += from_fund.cents();
                *figures.turnover.entry(on.year()).or_default() -= net.cents();
                if in_year {
                    *figures.turnover_by_unit.entry(unit).or_default() -= net.cents();
                }
            }
            UnitEvent::InvoicePaid { invoice, settled, excess, .. } => {
                assert!(*settled > Balance::ZERO, "a payment settles something");
                assert!([0, 1_000].contains(&excess.cents()), "{excess} too much");
                let owed = self.figures.owed.get_mut(invoice).unwrap();
                *owed -= settled.cents();
                if self.figures.charged.contains_key(invoice) {
                    assert_eq!(*owed, 0, "who is charged an indemnity pays it with the invoice");
                }
                self.figures.payments += 1;
                self.figures.late_payments += u64::from(on > self.figures.open[invoice]);
            }
            UnitEvent::ExpenseClaimed { expense, holder, .. } => {
                self.act(unit, on, *holder);
                self.figures.unpaid_expenses.insert(*expense);
            }
            UnitEvent::ExpenseApproved { cost, vat_recoverable, .. } => {
                self.owe(on, Due { on_purchases: *vat_recoverable, ..Due::default() });
                if in_year {
                    self.figures.expenses += cost.cents();
                }
            }
            UnitEvent::ExpenseRefused { expense, .. } | UnitEvent::ExpensePaid { expense, .. } => {
                self.figures.unpaid_expenses.remove(expense);
            }
            UnitEvent::SalaryCalculated { salary, wage, budget, margin, kind, .. } => {
                assert!(in_year, "wages of the year are calculated in the year");
                let nsso = wage.employee + wage.employer + wage.holiday;
                self.owe(on, Due { nsso, withholding: wage.tax, ..Due::default() });
                let figures = &mut self.figures;
                figures.gross += wage.gross.cents();
                figures.budgets += budget.cents();
                figures.unpaid_wages.insert(*salary);
                figures.margins += margin.cents();
                if *kind == domain::payroll::WorkerKind::Employee {
                    figures.holiday.missing.insert(*salary);
                    figures.holiday.gross.insert(*salary, wage.gross.cents());
                }
            }
            UnitEvent::SalaryPaid { salary, due_on, .. } => {
                let figures = &mut self.figures;
                figures.wages += 1;
                figures.late_wages += u64::from(on > *due_on);
                figures.advances.n_wages += u64::from(figures.advances.last.get(&unit) == Some(&on));
                figures.unpaid_wages.remove(salary);
            }
            UnitEvent::Closed {}
            | UnitEvent::OrderConfirmed { .. }
            | UnitEvent::OrderCancelled { .. }
            | UnitEvent::ContractEnded { .. }
            | UnitEvent::EmploymentEnded { .. } => {}
            UnitEvent::InvoiceReminded { level, .. } => {
                self.figures.reminders.entry(on.year()).or_default()[level.n_before()] += 1;
            }
            UnitEvent::IndemnityCharged { invoice, flat, interest, .. } => {
                let figures = &mut self.figures;
                figures.indemnities += 1;
                let charged = flat.cents() + interest.cents();
                figures.charged.insert(*invoice, charged);
                *figures.owed.get_mut(invoice).unwrap() += charged;
            }
            UnitEvent::InvoiceDisputed { .. }
            | UnitEvent::DisputeSettled { .. }
            | UnitEvent::PaymentPlanAgreed { .. }
            | UnitEvent::InvoiceHandedOver { .. }
            | UnitEvent::InvoiceDoubtful { .. }
            | UnitEvent::InvoiceRecovered { .. }
            | UnitEvent::InvoiceWrittenOff { .. } => {
                if let UnitEvent::InvoiceWrittenOff { vat_recoverable, .. } = event {
                    self.owe(on, Due { on_lost_debts: *vat_recoverable, ..Due::default() });
                }
                *self.figures.chased.entry(domain::StreamEvent::kind(event).name).or_default() += 1;
            }
            UnitEvent::AdvanceGranted { .. }
            | UnitEvent::AdvanceRecovered { .. }
            | UnitEvent::AdvanceAbsorbed { .. } => self.fold_advance(unit, on, event),
            UnitEvent::HolidayPayAccrued { .. } | UnitEvent::HolidayPayPaid { .. } => {
                self.fold_holiday(unit, on, event);
            }
            UnitEvent::DepositInvoiced { .. }
            | UnitEvent::DepositDeducted { .. }
            | UnitEvent::DepositCredited { .. } => unreachable!("the generator's clients pay afterwards"),
            UnitEvent::DimonaSent { .. }
            | UnitEvent::DimonaAccepted { .. }
            | UnitEvent::DimonaRefused { .. }
            | UnitEvent::DimonaCancelled { .. }
            | UnitEvent::SocialDocumentIssued { .. } => {
                unreachable!("the generator declares nothing to social security")
            }
            UnitEvent::GuaranteeLineSet { line, before, .. } => {
                assert_eq!(before.cents(), 0, "{unit} gets its line once");
                self.lines.insert(unit, line.cents());
            }
            UnitEvent::BudgetTransferred { .. }
            | UnitEvent::BudgetReceived { .. }
            | UnitEvent::DeficitAbsorbed { .. } => {
                unreachable!("the generator's units spend what they have")
            }
            UnitEvent::Corrected(_) => unreachable!("the generator knows no positions"),
        }
    }

    fn fold_advance(&mut self, unit: UnitId, on: Day, event: &UnitEvent) {
        let figures = &mut self.figures;
        let (advances, owed) = (&mut figures.advances, &figures.owed);
        match event {
            UnitEvent::AdvanceGranted { invoice, amount } => {
                advances.granted += amount.cents();
                advances.change(*invoice, amount.cents());
                advances.last.insert(unit, on);
                // I5, as far as VAT and cents allow: 93.5 % of what the client owes bounds it.
                assert!(advances.open[invoice] * 1_000 <= owed[invoice] * 935 + 1_000);
            }
            UnitEvent::AdvanceRecovered { invoice, amount, .. } => {
                advances.recovered += amount.cents();
                advances.change(*invoice, -amount.cents());
                assert!(owed[invoice] > 0 || advances.open[invoice] == 0, "what is paid recovers all of it");
            }
            UnitEvent::AdvanceAbsorbed { invoice, amount } => {
                advances.absorbed += amount.cents();
                advances.change(*invoice, -amount.cents());
                assert_eq!(advances.open[invoice], 0, "the fund absorbs all that was advanced");
            }
            _ => unreachable!("only events of advances come here"),
        }
    }

    fn fold_holiday(&mut self, unit: UnitId, on: Day, event: &UnitEvent) {
        let holiday = &mut self.figures.holiday;
        match event {
            UnitEvent::HolidayPayAccrued { salary, worker, amount, .. } => {
                assert!(holiday.missing.remove(salary), "each wage of an employee earns it once");
                // 15.34 %, a half up.
                assert_eq!(amount.cents(), (holiday.gross[salary] * 1_534 * 2 + 10_000) / 20_000);
                holiday.accrued += amount.cents();
                holiday.owed.entry((unit, *worker)).or_default().insert(*salary, amount.cents());
            }
            UnitEvent::HolidayPayPaid { worker, accrued, employee, tax, net, .. } => {
                let owed = holiday.owed.remove(&(unit, *worker)).unwrap();
                assert_eq!(owed.values().sum::<i64>(), accrued.cents(), "all of it is paid at once");
                assert_eq!(accrued.cents(), (net.balance() + *employee + *tax).cents());
                holiday.paid += accrued.cents();
                self.owe(on, Due { nsso: *employee, withholding: *tax, ..Due::default() });
            }
            _ => unreachable!("only events of holiday pay come here"),
        }
    }

    fn fold_budget(&mut self, unit: UnitId, event: &UnitEvent) {
        let known = self.budgets.entry(unit).or_default();
        match event {
            UnitEvent::ContractDeclared { budget, .. } | UnitEvent::WorkDaysDeclared { budget, .. } => {
                known.available = known.available - budget.balance();
                known.reserved = known.reserved + budget.balance();
            }
            UnitEvent::ContractAmended { budget_before, budget, .. } => {
                let more = budget.balance() - budget_before.balance();
                known.available = known.available - more;
                known.reserved = known.reserved + more;
            }
            UnitEvent::ContractCancelled { budget, .. } => {
                known.available = known.available + budget.balance();
                known.reserved = known.reserved - budget.balance();
            }
            UnitEvent::InvoiceIssued { unit_share, spendable: true, .. } => {
                known.available = known.available + *unit_share;
            }
            UnitEvent::InvoiceIssued { unit_share, .. } => known.pending = known.pending + *unit_share,
            UnitEvent::InvoiceCredited { from_pending, from_available, released, .. } => {
                known.pending = known.pending - *from_pending - *released;
                known.available = known.available - *from_available + *released;
            }
            UnitEvent::InvoicePaid { released, .. } | UnitEvent::InvoiceDoubtful { released, .. } => {
                known.pending = known.pending - *released;
                known.available = known.available + *released;
            }
            UnitEvent::AdvanceGranted { amount, .. } => {
                known.pending = known.pending - amount.balance();
                known.available = known.available + amount.balance();
            }
            UnitEvent::ExpenseApproved { cost, .. } => known.available = known.available - cost.balance(),
            UnitEvent::SalaryCalculated { budget, .. } => known.reserved = known.reserved - budget.balance(),
            _ => {}
        }
        let line = Balance::from_cents(self.lines.get(&unit).copied().unwrap_or_default());
        assert!(known.available + line >= Balance::ZERO, "{unit} is overdrawn");
        assert!(!known.reserved.is_negative() && !known.pending.is_negative(), "{unit} is overdrawn");
    }
}
