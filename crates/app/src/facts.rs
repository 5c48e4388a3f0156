//! Facts: the one in-memory fold of what rules ask across streams.
//!
//! Parameters, open years, what took effect in each of them, the latest tests of the board, balances
//! of the units' budgets, shares and years of use of each person, who may vote, who sits where.
//! The writer folds every decided event into it, throws it away when a commit fails, and keeps a
//! snapshot in the log's file, so that opening costs the tail and not the history. Budget rules read
//! these balances; no stream keeps a second sum.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::bank::{BankEvent, MatchedPart, PreviousStatement};
use domain::course::CourseInvoiced;
use domain::filing::{Due, FilingEvent, FilingId, FilingKnown};
use domain::ids::{BankAccountId, CourseId, MemberId, PersonId, StatementId, UnitId};
use domain::mandate::Bodies;
use domain::meeting::{AsKnown, Electorate, Roll, RollKnown, Voter};
use domain::member::{Category, MemberEvent, MemberKnown, YearsOfUse};
use domain::parameters::{Parameter, Parameters, Published, Validity};
use domain::statutes::StatutesEvent;
use domain::unit::{UnitEvent, UnitKnown};
use domain::year::{Tested, YearEvent, YearKnown};
use domain::{Balance, Day, Digest, Event, Month, Position, StreamId, Year};
use ledger::{Account, Movement, Party, Posting};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Version of the snapshot's shape; another version is not used.
pub const FACTS_VERSION: u16 = 4;

/// What rules ask across streams.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    #[serde(with = "shared")]
    parameters: Arc<Parameters>,
    years: BTreeMap<Year, bool>,
    sums: BTreeMap<Year, Sums>,
    tests: BTreeMap<Year, Tested>,
    synthetic: Option<bool>,
    budgets: FxHashMap<UnitId, Budget>,
    persons: FxHashMap<PersonId, Person>,
    shareholders: u32,
    shares: u64,
    /// What became due to the State in each month of effect.
    due: BTreeMap<Month, Due>,
    /// What each return declared of it.
    declared: BTreeMap<FilingId, Due>,
    /// Who may vote, on any day as known at any position.
    electorate: Electorate,
    /// Who sits where.
    bodies: Bodies,
    /// What was invoiced as each course.
    courses: BTreeMap<CourseId, CourseInvoiced>,
    /// The statements of each bank account, in their order.
    statements: BTreeMap<BankAccountId, Vec<(StatementId, PreviousStatement)>>,
    /// How much of what the event at a position booked on 550 bank lines were matched with, in cents.
    matched: BTreeMap<Position, i64>,
}

/// What took effect in one year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Sums {
    /// Income less charges, before appropriation and deferral.
    made: i64,
    /// By how much the budgets of all units grew.
    held: i64,
    /// By how much deferred unit budgets grew.
    deferred: i64,
}

/// Pending, available and reserved budget of one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Budget {
    pending: i64,
    available: i64,
    reserved: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Person {
    member: Option<MemberId>,
    shares: u32,
    years_of_use: YearsOfUse,
    grace_contracts_used: u32,
}

impl Facts {
    /// The parameters published so far.
    pub fn parameters(&self) -> &Arc<Parameters> {
        &self.parameters
    }

    /// Whether the fiscal year of a day is open.
    pub fn year_is_open(&self, day: Day) -> bool {
        self.years.get(&day.year()).copied().unwrap_or(false)
    }

    /// Whether the log is synthetic; nothing before its first event.
    pub fn is_synthetic(&self) -> Option<bool> {
        self.synthetic
    }

    /// What a unit's rules ask, for the holder who acts.
    pub fn unit(&self, unit: UnitId, holder: Option<PersonId>) -> UnitKnown {
        let budget = self.budgets.get(&unit).copied().unwrap_or_default();
        let person = holder.and_then(|holder| self.persons.get(&holder)).copied().unwrap_or_default();
        UnitKnown {
            pending: Balance::from_cents(budget.pending),
            available: Balance::from_cents(budget.available),
            reserved: Balance::from_cents(budget.reserved),
            shares: person.shares,
            years_of_use: person.years_of_use,
            grace_contracts_used: person.grace_contracts_used,
            ..UnitKnown::default()
        }
    }

    /// What a fiscal year's rules ask, of the books as of its last day.
    pub fn year(&self, year: Year) -> YearKnown {
        let of_year = self.sums.get(&year).copied().unwrap_or_default();
        let until = |sum: fn(&Sums) -> i64| {
            Balance::from_cents(self.sums.range(..=year).map(|(_, sums)| sum(sums)).sum())
        };
        YearKnown {
            made: Balance::from_cents(of_year.made),
            held: until(|sums| sums.held),
            deferred: until(|sums| sums.deferred),
            deferred_change: Balance::from_cents(of_year.deferred),
            shares: self.shares,
        }
    }

    /// What a member's rules ask, for the person who asks for admission.
    pub fn member(&self, asking: Option<PersonId>, day: Day) -> MemberKnown {
        let member_already = asking.and_then(|person| self.persons.get(&person)?.member);
        let tests = self.tests.get(&day.year()).copied();
        MemberKnown { shareholders: self.shareholders, member_already, tests }
    }

    /// What a filing's rules ask: what is due up to its period's end and no other return declared.
    pub fn filing(&self, id: FilingId) -> FilingKnown {
        let last_day = id.last_day();
        let due = self.due.range(..=last_day.month()).fold(Due::default(), |sum, (_, due)| sum + *due);
        let others = self.declared.iter().filter(|(other, _)| other.kind() == id.kind() && **other != id);
        let (mut due, mut later) = (due, None);
        for (other, declared) in others {
            if other.last_day() <= last_day {
                due = due - *declared;
            } else {
                later = later.or(Some(*other));
            }
        }
        FilingKnown { due, later }
    }

    /// The roll of a record date, as known now.
    pub fn roll(&self, record_on: Day) -> RollKnown {
        let changed_at = self.electorate.changed_at();
        let roll = self.electorate.roll(AsKnown { on: record_on, at: changed_at });
        RollKnown {
            digest: digest_of_roll(&roll),
            users: roll.count(Category::User),
            partners: roll.count(Category::Partner),
            shares_issued: roll.shares_issued,
            changed_at,
        }
    }

    /// A person's entry in a sealed roll.
    pub fn voter(&self, person: PersonId, sealed: AsKnown) -> Option<Voter> {
        self.electorate.voter(person, sealed)
    }

    /// The category in which a person is a member on a day.
    pub fn category(&self, person: PersonId, on: Day) -> Option<Category> {
        self.electorate.category(person, on)
    }

    /// Who sits where, stands for what and is conflicted on what.
    pub fn bodies(&self) -> &Bodies {
        &self.bodies
    }

    /// What was invoiced as a course.
    pub fn invoiced_as(&self, course: CourseId) -> CourseInvoiced {
        self.courses.get(&course).copied().unwrap_or_default()
    }

    /// How the statement before one of an account ended; the last one's end when it is new.
    pub fn statement_before(&self, account: BankAccountId, id: StatementId) -> Option<PreviousStatement> {
        let chain = self.statements.get(&account)?;
        let at = chain.iter().position(|(statement, _)| *statement == id).unwrap_or(chain.len());
        at.checked_sub(1).map(|before| chain[before].1)
    }

    /// Whether a statement of an account came after another.
    pub fn has_statement_after(&self, account: BankAccountId, id: StatementId) -> bool {
        let last = self.statements.get(&account).and_then(|chain| chain.last());
        last.is_some_and(|(last, _)| *last != id)
    }

    /// How much of what was booked on 550 at a position bank lines were matched with.
    pub fn matched_at(&self, position: Position) -> Balance {
        Balance::from_cents(self.matched.get(&position).copied().unwrap_or_default())
    }

    /// Folds one decided event and its entry, which stand at a position.
    pub fn evolve(
        &mut self,
        at: Position,
        (stream, effective_on): (StreamId, Day),
        event: &Event,
        posting: &Posting,
    ) {
        if let (StreamId::Member(member), Event::Member(event)) = (stream, event) {
            self.electorate.fold(member, at, effective_on, event);
        }
        if let Posting::Entry(entry) = posting {
            self.book(&entry.movements, effective_on.year());
            // Returns and their payments settle what is due; all else makes it.
            if !matches!(stream, StreamId::Filing(_)) {
                let adds = entry.due();
                if adds != Due::default() {
                    let due = self.due.entry(effective_on.month()).or_default();
                    *due = *due + adds;
                }
            }
        }
        match event.as_correction() {
            None => self.fold(stream, effective_on, event, true),
            Some((_, original, replacement)) => {
                self.fold(stream, effective_on, &original, false);
                if let Some(replacement) = replacement {
                    self.fold(stream, effective_on, &replacement, true);
                }
            }
        }
    }

    /// Adds movements to the units' budgets and to the sums of the year in which they take effect.
    fn book(&mut self, movements: &[Movement], year: Year) {
        for movement in movements {
            // Budgets are owed to the unit, as income is to all: a credit adds, a debit takes away.
            for (line, cents) in
                [(movement.credit, movement.amount.cents()), (movement.debit, -movement.amount.cents())]
            {
                self.touch(line, cents);
                self.sum(year, line.account, cents);
            }
        }
    }

    fn sum(&mut self, year: Year, account: Account, cents: i64) {
        let sums = self.sums.entry(year).or_default();
        let sum = match account {
            // What the loan pool has lent to units is spent from their budgets, but not theirs (I4).
            Account::UnitPending | Account::UnitAvailable | Account::UnitReserved | Account::LoanPool => {
                &mut sums.held
            }
            Account::DeferredUnitBudgets => &mut sums.deferred,
            account if account.makes_result() => &mut sums.made,
            _ => return,
        };
        *sum = sum.checked_add(cents).expect("sums of cents fit in 64 bits");
    }

    fn touch(&mut self, line: ledger::Line, cents: i64) {
        let Some(Party::Unit(unit)) = line.of else { return };
        let budget = self.budgets.entry(unit).or_default();
        let balance = match line.account {
            Account::UnitPending => &mut budget.pending,
            Account::UnitAvailable => &mut budget.available,
            Account::UnitReserved => &mut budget.reserved,
            _ => return,
        };
        *balance = balance.checked_add(cents).expect("sums of cents fit in 64 bits");
    }

    fn fold(&mut self, stream: StreamId, effective_on: Day, event: &Event, happened: bool) {
        match event {
            Event::Statutes(StatutesEvent::LogOpened { synthetic, .. }) => self.synthetic = Some(*synthetic),
            Event::Statutes(StatutesEvent::ParameterPublished {
                name, value, valid_from, valid_to, ..
            }) => {
                let published = Published { valid_from: *valid_from, valid_to: *valid_to, value: *value };
                self.publish(*name, published, happened);
            }
            Event::Statutes(StatutesEvent::CodePublished { list, code, valid_from, valid_to, .. }) => {
                let validity = Validity { valid_from: *valid_from, valid_to: *valid_to };
                let parameters = Arc::make_mut(&mut self.parameters);
                match happened {
                    true => parameters.publish_code(*list, *code, validity),
                    false => parameters.withdraw_code(*list, *code, validity),
                }
            }
            Event::Year(year_event) => self.fold_year(stream, year_event),
            Event::Member(member_event) => self.fold_member((stream, effective_on), member_event, happened),
            Event::Unit(unit_event) => self.fold_unit(unit_event, effective_on, happened),
            Event::Filing(filing_event) => self.fold_filing(stream, filing_event, happened),
            Event::Mandate(mandate_event) => {
                let StreamId::Mandate(mandate) = stream else { unreachable!("events stand in their stream") };
                self.bodies.fold(mandate, mandate_event, happened);
            }
            Event::Bank(bank_event) => self.fold_bank((stream, effective_on), bank_event, happened),
            Event::Statutes(_)
            | Event::Series(_)
            | Event::Loan(_)
            | Event::Grant(_)
            | Event::Structure(_)
            | Event::Participation(_)
            | Event::Activity(_)
            | Event::Control(_)
            | Event::Office(_)
            | Event::Meeting(_)
            | Event::Board(_)
            | Event::Course(_)
            | Event::Fitness(_)
            | Event::Cover(_)
            | Event::Resource(_) => {}
        }
    }

    fn publish(&mut self, name: Parameter, published: Published, happened: bool) {
        let parameters = Arc::make_mut(&mut self.parameters);
        if happened {
            parameters.publish(name, published);
        } else {
            parameters.withdraw(name, &published);
        }
    }

    fn fold_year(&mut self, stream: StreamId, event: &YearEvent) {
        let StreamId::Year(year) = stream else { unreachable!("events of a year stand in a year's stream") };
        match event {
            YearEvent::Opened { .. } => {
                self.years.insert(year, true);
            }
            YearEvent::Closed {} => {
                self.years.insert(year, false);
            }
            YearEvent::TestsRecorded { room, net_assets_passed, liquidity_passed, .. } => {
                let passed = *net_assets_passed && *liquidity_passed;
                self.tests.insert(year, Tested { passed, room: *room });
            }
            YearEvent::UnitBalancesDeferred { .. }
            | YearEvent::UnitBalancesReversed { .. }
            | YearEvent::AccountsAudited { .. }
            | YearEvent::AccountsApproved { .. }
            | YearEvent::ResultAllocated { .. } => {}
            YearEvent::Corrected(_) => unreachable!("corrections are taken apart before"),
        }
    }

    fn fold_filing(&mut self, stream: StreamId, event: &FilingEvent, happened: bool) {
        let StreamId::Filing(id) = stream else { unreachable!("events of a filing stand in its stream") };
        match event.declares() {
            Some(declared) if happened => self.declared.insert(id, declared),
            Some(_) => self.declared.remove(&id),
            None => None,
        };
    }

    fn fold_bank(&mut self, (stream, on): (StreamId, Day), event: &BankEvent, happened: bool) {
        let StreamId::Bank(id) = stream else { unreachable!("events of a statement stand in its stream") };
        match event {
            BankEvent::StatementImported { account, closing, .. } => {
                let chain = self.statements.entry(*account).or_default();
                if happened {
                    chain.push((id, PreviousStatement { on, closing: *closing }));
                } else {
                    chain.retain(|(statement, _)| *statement != id);
                }
            }
            BankEvent::LineMatched { parts, .. } => {
                for MatchedPart { position, amount } in parts {
                    let cents = if happened { amount.cents() } else { -amount.cents() };
                    let matched = self.matched.entry(*position).or_default();
                    *matched = matched.checked_add(cents).expect("sums of cents fit in 64 bits");
                }
            }
            BankEvent::LineUnmatched { .. } | BankEvent::LineReturned { .. } | BankEvent::Corrected(_) => {}
        }
    }

    fn fold_member(&mut self, (stream, effective_on): (StreamId, Day), event: &MemberEvent, happened: bool) {
        let StreamId::Member(member) = stream else { unreachable!("events of a member stand in its stream") };
        match event {
            MemberEvent::AdmissionRequested { person, .. } => {
                self.persons.entry(*person).or_default().member = Some(member);
            }
            MemberEvent::AdmissionRefused { person, .. } | MemberEvent::MembershipEnded { person, .. } => {
                self.persons.entry(*person).or_default().member = None;
            }
            MemberEvent::SharesSubscribed { person, shares, .. }
            | MemberEvent::SharesReceived { to: person, shares, .. } => self.hold(*person, *shares, happened),
            MemberEvent::SharesCancelled { person, shares, .. }
            | MemberEvent::SharesTransferred { from: person, shares, .. } => {
                self.hold(*person, *shares, !happened)
            }
            // What was paid uses up room. A payment that is taken back leaves it used up until the
            // next tests, since they may have counted it.
            MemberEvent::RefundPaid { amount, .. } => {
                if let Some(tests) = self.tests.get_mut(&effective_on.year()).filter(|_| happened) {
                    tests.room = tests.room - amount.balance();
                }
            }
            MemberEvent::AdmissionGranted { .. }
            | MemberEvent::CategoryChanged { .. }
            | MemberEvent::SharesPaidUp { .. }
            | MemberEvent::ResignationRequested { .. }
            | MemberEvent::ResignationAccepted { .. }
            | MemberEvent::ResignationRefused { .. }
            | MemberEvent::ExclusionProposed { .. }
            | MemberEvent::ExclusionRemarksReceived { .. }
            | MemberEvent::ExclusionDecided { .. }
            | MemberEvent::ExitByLaw { .. }
            | MemberEvent::RefundDetermined { .. }
            | MemberEvent::RefundSuspended { .. }
            | MemberEvent::CurrentAccountCredited { .. }
            | MemberEvent::CurrentAccountRepaid { .. }
            | MemberEvent::RefundResumed { .. }
            | MemberEvent::Corrected(_) => {}
        }
    }

    fn hold(&mut self, person: PersonId, shares: u32, more: bool) {
        let held = &mut self.persons.entry(person).or_default().shares;
        let before = *held;
        *held = if more { before + shares } else { before.saturating_sub(shares) };
        self.shares = self.shares + u64::from(*held) - u64::from(before);
        match (before, *held) {
            (0, 1..) => self.shareholders += 1,
            (1.., 0) => self.shareholders -= 1,
            _ => {}
        }
    }

    fn fold_unit(&mut self, event: &UnitEvent, effective_on: Day, happened: bool) {
        if let UnitEvent::InvoiceIssued { course: Some(course), .. }
        | UnitEvent::DepositInvoiced { course: Some(course), .. } = event
        {
            let invoiced = self.courses.entry(*course).or_default();
            invoiced.n_invoices += 1;
            invoiced.last_on = invoiced.last_on.max(Some(effective_on));
        }
        let (holder, is_contract) = match event {
            UnitEvent::ContractDeclared { holder, .. } | UnitEvent::WorkDaysDeclared { holder, .. } => {
                (*holder, true)
            }
            UnitEvent::InvoiceIssued { holder, .. } | UnitEvent::DepositInvoiced { holder, .. } => {
                (*holder, false)
            }
            _ => return,
        };
        // A year once used stays used: taking one job back does not undo the others of that year.
        if !happened {
            return;
        }
        let person = self.persons.entry(holder).or_default();
        let year = effective_on.year();
        if is_contract && person.years_of_use.shares_needed_for(year, person.shares) > 0 {
            person.grace_contracts_used += 1;
        }
        person.years_of_use.insert(year);
    }
}

/// The digest under which a roll is sealed: SHA-256 of its document.
pub fn digest_of_roll(roll: &Roll) -> Digest {
    Digest(Sha256::digest(roll.document()).into())
}

/// Shared parameters in a snapshot: written once, read into a new share.
mod shared {
    use super::{Arc, Deserialize, Parameters, Serialize};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        shared: &Arc<Parameters>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        shared.as_ref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<Parameters>, D::Error> {
        Parameters::deserialize(deserializer).map(Arc::new)
    }
}
