//! Acts in order, and the commands they become.
//!
//! An act is a number: day, rank within the day, index of what it is about. Sorted, acts give the
//! order of commands: days never go back, and within a day invoices and payments come before the jobs they
//! fund, jobs before their wages. The command itself is made only when it is asked for; those of sales
//! and expenses are told in `sales`, those of debts, loans, grants and closing where they are planned.

use domain::command::{Command, Request};
use domain::ids::{
    ClientId, CommandId, ContractId, EmploymentId, EntityId, InvoiceId, MemberId, OrderId, PersonId,
    SalaryId, UnitId,
};
use domain::joint::{JointCommand, TransferShares};
use domain::member::{Category, MemberCommand, PaidFrom};
use domain::payroll::WorkerKind;
use domain::statutes::StatutesCommand;
use domain::text::{Actor, ReasonCode, ShareClass, Token};
use domain::unit::{UnitCommand, Work as Paid, WorkDay};
use domain::{Amount, Balance, Day, Hours, Rate};

use crate::advances::Advances;
use crate::closing::{self, NET_ASSETS_PER_SHARE_CENTS, NOMINAL_CENTS};
use crate::days::{Dx, HALF_OF_2025, Span, days_of};
use crate::debts::Debts;
use crate::draw::{at, narrow};
use crate::holiday::Holiday;
use crate::ids::{Ids, Of};
use crate::lending::Lending;
use crate::money::Money;
use crate::people::{NONE, Outcome, People, Role};
use crate::planned::spendable_on_payment;
use crate::structure::Structure;
use crate::work::{Form, Job, Work};

/// Day, rank and index in one number, so that sorting is ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Act(u64);

macro_rules! ranks {
    ($($rank:ident)*) => {
        /// What is done, in the order of one day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rank { $($rank),* }

        impl Rank {
            const ALL: &[Self] = &[$(Self::$rank),*];
        }
    };
}

ranks! {
    OpenLog Publish SpendOnPayment Adopt OpenYear CloseYear ReverseBalances Audit Approve Allocate RecordTests
    Request Answer Subscribe PayUp Transfer ToPartner
    OpenUnit JoinUnit
    AskLoan AnswerLoan DisburseLoan
    ConfirmOrder IssueInvoice Credit ReceivePayment ConcludeOpenEnded
    SetLine Declare Conclude Amend CancelJob
    GrantAdvance Claim Decide End Calculate AccrueHoliday PaySalary PayHoliday PayExpense
    CallInstalment PayInstalment RescheduleLoan DoubtLoan WriteOffLoan
    AnnounceGrant ReceiveGrant PassOnGrant
    CancelOrder
    SettleDispute Remind ChargeIndemnity Dispute AgreePlan HandOver MarkDoubtful WriteOff
    LeaveUnit CloseUnit
    AskToLeave AnswerLeaver CancelShares Refund EndMembership PayRefund
    Structure DeferBalances
}

impl Act {
    pub(crate) fn new(on: Dx, rank: Rank, index: u32) -> Self {
        Self(u64::from(on) << 40 | (rank as u64) << 32 | u64::from(index))
    }

    fn on(self) -> Dx {
        narrow(self.0 >> 40)
    }

    fn rank(self) -> Rank {
        Rank::ALL[narrow::<u64, usize>(self.0 >> 32 & 0xff)]
    }

    fn index(self) -> u32 {
        narrow(self.0 & 0xffff_ffff)
    }
}

/// Everything planned, ready to be told as commands.
pub(crate) struct Plan {
    pub(crate) people: People,
    pub(crate) work: Work,
    pub(crate) holiday: Holiday,
    pub(crate) money: Money,
    pub(crate) debts: Debts,
    pub(crate) advances: Advances,
    pub(crate) lending: Lending,
    pub(crate) structure: Structure,
    pub(crate) span: Span,
    pub(crate) ids: Ids,
    pub(crate) acts: Vec<Act>,
}

const ACTOR: Actor = Token::literal("synthetic:reference-year");
const CLASS: ShareClass = Token::literal("A");
const EUR: Token<3> = Token::literal("EUR");
const OBJECTIVE: ReasonCode = Token::literal("statutes.10");
const RESIGNED: ReasonCode = Token::literal("resignation");
const MISTAKE: ReasonCode = Token::literal("declared-by-mistake");

impl Plan {
    /// Puts everything planned in order.
    pub(crate) fn order(
        people: People,
        (work, holiday): (Work, Holiday),
        (money, debts, advances, lending): (Money, Debts, Advances, Lending),
        structure: Structure,
        span: Span,
        ids: Ids,
    ) -> Self {
        let opening = [Rank::OpenLog, Rank::SpendOnPayment, Rank::Adopt];
        let mut acts: Vec<Act> = opening.into_iter().map(|rank| Act::new(0, rank, 0)).collect();
        let mut act = |on: Dx, rank: Rank, index: u32| acts.push(Act::new(on, rank, index));
        for (index, person) in
            (0..).zip(&people.persons).filter(|(_, person)| person.role != Role::EmployedOnly)
        {
            act(person.requested_on, Rank::Request, index);
            act(person.granted_on, Rank::Answer, index);
        }
        for (index, purchase) in (0..).zip(&people.purchases) {
            act(purchase.subscribed_on, Rank::Subscribe, index);
            act(purchase.paid_on, Rank::PayUp, index);
        }
        for (index, transfer) in (0..).zip(&people.transfers) {
            act(transfer.on, Rank::Transfer, index);
        }
        for (index, (_, on)) in (0..).zip(&people.to_partner) {
            act(*on, Rank::ToPartner, index);
        }
        for (index, unit) in (0..).zip(&people.units) {
            act(unit.opens_on, Rank::OpenUnit, index);
            if unit.second != NONE {
                // Second holders come before visitors; one index counts both.
                act(unit.second_joins_on, Rank::JoinUnit, index);
            }
        }
        let visits_from = narrow::<usize, u32>(people.units.len());
        for (index, visit) in (visits_from..).zip(&people.visits) {
            act(visit.joins_on, Rank::JoinUnit, index);
            if visit.leaves_on > 0 {
                act(visit.leaves_on, Rank::LeaveUnit, index);
            }
        }
        for (index, going) in (0..).zip(&people.resignations) {
            act(going.requested_on, Rank::AskToLeave, index);
            act(going.answered_on, Rank::AnswerLeaver, index);
            if going.outcome == Outcome::Left {
                act(HALF_OF_2025, Rank::CancelShares, index);
                act(HALF_OF_2025, Rank::Refund, index);
                act(HALF_OF_2025, Rank::EndMembership, index);
            }
        }
        for (index, (_, on)) in (0..).zip(&money.closings) {
            act(*on, Rank::CloseUnit, index);
        }
        for (index, (_, on)) in (0..).zip(&work.open_ended) {
            act(*on, Rank::ConcludeOpenEnded, index);
        }
        for (index, job) in (0..).zip(&work.jobs) {
            act(job.declared_on, Rank::Declare, index);
            if job.form == Form::Cancelled {
                act(job.paid_on, Rank::CancelJob, index);
                continue;
            }
            if job.form == Form::FixedTerm {
                act(job.concluded_on, Rank::Conclude, index);
            }
            if job.end_told {
                act(job.calculated_on, Rank::End, index);
            }
            act(job.calculated_on, Rank::Calculate, index);
            act(job.paid_on, Rank::PaySalary, index);
        }
        for (index, amendment) in (0..).zip(&work.amendments) {
            act(amendment.on, Rank::Amend, index);
        }
        for (index, invoice) in (0..).zip(&money.invoices) {
            act(invoice.on, Rank::IssueInvoice, index);
        }
        for (index, credit) in (0..).zip(&money.credits) {
            act(credit.on, Rank::Credit, index);
        }
        for (index, expense) in (0..).zip(&money.expenses) {
            act(expense.claimed_on, Rank::Claim, index);
            act(expense.decided_on, Rank::Decide, index);
            if expense.paid_on > 0 {
                act(expense.paid_on, Rank::PayExpense, index);
            }
        }
        for (index, order) in (0..).zip(&money.orders) {
            act(order.confirmed_on, Rank::ConfirmOrder, index);
            if order.cancelled_on > 0 {
                act(order.cancelled_on, Rank::CancelOrder, index);
            }
        }
        closing::acts(&people, &span, &mut act);
        debts.acts(&mut act);
        advances.acts(&mut act);
        holiday.acts(&people, &work, &mut act);
        lending.acts(&mut act);
        for (index, (on, _)) in (0..).zip(&structure.steps) {
            act(*on, Rank::Structure, index);
        }
        acts.sort_unstable();
        acts.shrink_to_fit();
        Self { people, work, holiday, money, debts, advances, lending, structure, span, ids, acts }
    }

    /// Every command in order, with the given parameters after the opening of the log.
    pub(crate) fn commands(&self, parameters: &[StatutesCommand]) -> impl Iterator<Item = Command> + Send {
        let (opening, rest) = self.acts.split_at(1);
        let publish =
            (0..narrow::<usize, u32>(parameters.len())).map(|index| Act::new(0, Rank::Publish, index));
        let acts = opening.iter().copied().chain(publish).chain(rest.iter().copied());
        let (mut day, mut nth_of_day) = (0, 0);
        (0..).zip(acts).map(move |(index, act)| {
            nth_of_day = if act.on() == day { nth_of_day + 1 } else { 0 };
            day = act.on();
            let effective_on = self.span.day(day);
            Command {
                id: CommandId::new(self.ids.command(index, nth_of_day, effective_on)),
                actor: ACTOR,
                effective_on,
                request: self.request(act, parameters),
            }
        })
    }

    fn request(&self, act: Act, parameters: &[StatutesCommand]) -> Request {
        let index = act.index();
        let i = at(index);
        match act.rank() {
            Rank::OpenLog => {
                let entity = EntityId::new(self.ids.of(Of::Entity, 0, self.span.day(0)));
                Request::Statutes(StatutesCommand::OpenLog { entity, currency: EUR, synthetic: true })
            }
            Rank::Publish => Request::Statutes(parameters[i].clone()),
            Rank::SpendOnPayment => Request::Statutes(spendable_on_payment()),
            Rank::Adopt => Request::Statutes(StatutesCommand::AdoptStatutes {
                version: 1,
                evidence: self.ids.evidence("statutes", "STAT", 1),
            }),
            Rank::OpenYear
            | Rank::CloseYear
            | Rank::ReverseBalances
            | Rank::DeferBalances
            | Rank::RecordTests
            | Rank::Audit
            | Rank::Approve
            | Rank::Allocate => self.closing(act.rank(), index),
            Rank::Request
            | Rank::Answer
            | Rank::Subscribe
            | Rank::PayUp
            | Rank::Transfer
            | Rank::ToPartner
            | Rank::AskToLeave
            | Rank::AnswerLeaver
            | Rank::CancelShares
            | Rank::Refund
            | Rank::PayRefund
            | Rank::EndMembership => self.membership(act.rank(), index),
            Rank::Structure => self.structure.steps[i].1.clone(),
            Rank::OpenUnit | Rank::JoinUnit | Rank::LeaveUnit | Rank::CloseUnit => {
                self.holding(act.rank(), index)
            }
            Rank::AskLoan
            | Rank::AnswerLoan
            | Rank::DisburseLoan
            | Rank::CallInstalment
            | Rank::PayInstalment
            | Rank::RescheduleLoan
            | Rank::DoubtLoan
            | Rank::WriteOffLoan => self.loan(act.rank(), index),
            Rank::AnnounceGrant | Rank::ReceiveGrant | Rank::PassOnGrant => self.grant(act.rank(), index),
            Rank::IssueInvoice => self.issue(index),
            Rank::Credit => self.credit(index),
            Rank::ReceivePayment => self.receive(index),
            Rank::SettleDispute
            | Rank::Remind
            | Rank::ChargeIndemnity
            | Rank::Dispute
            | Rank::AgreePlan
            | Rank::HandOver
            | Rank::MarkDoubtful
            | Rank::WriteOff => self.debt(act.rank(), index),
            Rank::SetLine | Rank::GrantAdvance => self.fund(act.rank(), index),
            Rank::AccrueHoliday | Rank::PayHoliday => self.holiday(act.rank(), index),
            Rank::ConfirmOrder | Rank::CancelOrder => self.order_of(act.rank(), index),
            Rank::Claim | Rank::Decide | Rank::PayExpense => self.expense(act.rank(), index),
            Rank::ConcludeOpenEnded
            | Rank::Declare
            | Rank::Conclude
            | Rank::Amend
            | Rank::CancelJob
            | Rank::End
            | Rank::Calculate
            | Rank::PaySalary => self.job(act.rank(), index),
        }
    }

    fn membership(&self, rank: Rank, index: u32) -> Request {
        let (people, i) = (&self.people, at(index));
        let (person, command) = match rank {
            Rank::Request => {
                let person = self.person_id(index);
                (index, MemberCommand::RequestAdmission { person, category: Category::User })
            }
            Rank::Answer if people.person(index).role == Role::Applicant => {
                (index, MemberCommand::RefuseAdmission { reason: OBJECTIVE })
            }
            Rank::Answer => (index, MemberCommand::GrantAdmission {}),
            Rank::Subscribe => {
                let purchase = &people.purchases[i];
                let evidence = self.ids.evidence("subscription of shares", "SUB", index);
                let shares = purchase.shares;
                (purchase.person, MemberCommand::SubscribeShares { class: CLASS, shares, evidence })
            }
            Rank::PayUp => {
                let purchase = &people.purchases[i];
                let evidence = self.ids.evidence("payment of shares", "PAY", index);
                let amount = amount(u64::from(purchase.shares) * NOMINAL_CENTS);
                (
                    purchase.person,
                    MemberCommand::PayUpShares { amount, paid_from: PaidFrom::OwnMeans, evidence },
                )
            }
            Rank::Transfer => {
                let transfer = &people.transfers[i];
                let to = self.member_id(transfer.to);
                let evidence = self.ids.evidence("transfer of shares", "TRF", index);
                let command = TransferShares { to, shares: 1, evidence };
                return Request::Joint(JointCommand::TransferShares(self.member_id(transfer.from), command));
            }
            Rank::ToPartner => {
                (people.to_partner[i].0, MemberCommand::ChangeCategory { to: Category::Partner })
            }
            Rank::AskToLeave => {
                let evidence = self.ids.evidence("letter of resignation", "RES", index);
                let going = &people.resignations[i];
                let filed_on = self.span.day(going.requested_on);
                (going.person, MemberCommand::RequestResignation { filed_on, evidence })
            }
            Rank::AnswerLeaver => {
                let going = &people.resignations[i];
                let answer = match going.outcome {
                    Outcome::Refused => MemberCommand::RefuseResignation { reason: OBJECTIVE },
                    Outcome::Left | Outcome::LeavesNextYear => MemberCommand::AcceptResignation {},
                };
                (going.person, answer)
            }
            Rank::CancelShares => {
                (people.resignations[i].person, MemberCommand::CancelShares { reason: RESIGNED })
            }
            Rank::Refund => {
                let evidence = self.ids.evidence("determination of a separation share", "SEP", index);
                let net_assets_per_share = balance(NET_ASSETS_PER_SHARE_CENTS);
                let person = people.resignations[i].person;
                (person, MemberCommand::DetermineRefund { net_assets_per_share, evidence })
            }
            Rank::PayRefund => (people.resignations[i].person, self.pay_refund(index)),
            Rank::EndMembership => {
                (people.resignations[i].person, MemberCommand::EndMembership { reason: RESIGNED })
            }
            _ => unreachable!("only acts of membership come here"),
        };
        Request::Member(self.member_id(person), command)
    }

    fn holding(&self, rank: Rank, index: u32) -> Request {
        let units = &self.people.units;
        let visit = |index: u32| &self.people.visits[at(index) - units.len()];
        let (unit, command) = match rank {
            Rank::OpenUnit => {
                (index, UnitCommand::OpenUnit { holder: self.person_id(units[at(index)].first) })
            }
            Rank::JoinUnit if at(index) < units.len() => {
                (index, UnitCommand::JoinUnit { holder: self.person_id(units[at(index)].second) })
            }
            Rank::JoinUnit => {
                let visit = visit(index);
                (visit.unit, UnitCommand::JoinUnit { holder: self.person_id(visit.person) })
            }
            Rank::LeaveUnit => {
                let visit = visit(index);
                (visit.unit, UnitCommand::LeaveUnit { holder: self.person_id(visit.person) })
            }
            Rank::CloseUnit => (self.money.closings[at(index)].0, UnitCommand::CloseUnit {}),
            _ => unreachable!("only acts of holding come here"),
        };
        Request::Unit(self.unit_id(unit), command)
    }

    fn job(&self, rank: Rank, index: u32) -> Request {
        let work = &self.work;
        if rank == Rank::ConcludeOpenEnded {
            let worker = work.open_ended[at(index)].0;
            let command = UnitCommand::ConcludeOpenEnded {
                employment: self.open_ended_id(index),
                worker: self.person_id(worker),
                kind: self.kind(worker),
            };
            return Request::Unit(self.unit_id(self.people.person(worker).unit), command);
        }
        if rank == Rank::Amend {
            let index = work.amendments[at(index)].job;
            let job = work.job(index);
            let days = self.work_days(job.month, job.days, work.quarters_of(job));
            let contract = self.contract_id(index);
            let command =
                UnitCommand::AmendContract { contract, days, budget: amount(u64::from(job.budget)) };
            return Request::Unit(self.unit_id(job.unit), command);
        }
        let job = work.job(index);
        let contract = self.contract_id(index);
        let command = match rank {
            Rank::Declare => self.declare(index, job),
            Rank::Conclude => {
                let employment = self.ids.of(Of::Employment, index, self.span.day(job.concluded_on));
                UnitCommand::ConcludeEmployment { employment: EmploymentId::new(employment), contract }
            }
            Rank::CancelJob => UnitCommand::CancelContract { contract, reason: MISTAKE },
            Rank::End => UnitCommand::EndContract { contract },
            Rank::Calculate => UnitCommand::CalculateSalary {
                salary: self.salary_id(index),
                work: match job.form {
                    Form::Month => {
                        let month = self.span.day(job.declared_on).month();
                        Paid::Month { employment: self.open_ended_of(job.worker), month }
                    }
                    Form::FixedTerm | Form::Cancelled => Paid::Contract(contract),
                },
                work_bonus: balance(u64::from(job.bonus)),
                withholding_rate: self.people.person(job.worker).more_tax.then(more_tax),
                evidence: self.ids.evidence("pay slip", "SLIP", index),
            },
            _ => {
                let evidence = self.ids.evidence("payment of a wage", "WAGE", index);
                UnitCommand::PaySalary { salary: self.salary_id(index), evidence }
            }
        };
        Request::Unit(self.unit_id(job.unit), command)
    }

    fn declare(&self, index: u32, job: &Job) -> UnitCommand {
        let amendment = self.work.amendment_of(index);
        let (days, quarters, budget) = match amendment {
            Some(before) => (before.days, &before.quarters[..], before.budget),
            None => (job.days, self.work.quarters_of(job), job.budget),
        };
        let days = self.work_days(job.month, days, quarters);
        let (holder, budget) = (self.person_id(job.holder), amount(u64::from(budget)));
        if job.form == Form::Month {
            let employment = self.open_ended_of(job.worker);
            let month = self.span.day(job.declared_on).month();
            return UnitCommand::DeclareWorkDays { employment, holder, month, risk: None, days, budget };
        }
        let client = self.money.job_clients[at(index)];
        UnitCommand::DeclareContract {
            contract: self.contract_id(index),
            holder,
            worker: self.person_id(job.worker),
            kind: self.kind(job.worker),
            order: None,
            client: (client != NONE).then(|| self.client_id(client)),
            risk: None,
            days,
            budget,
        }
    }

    fn work_days(&self, month: u8, days: u32, quarters: &[u8]) -> Vec<WorkDay> {
        let day = |(on, quarters): (Dx, &u8)| WorkDay {
            on: self.span.day(on),
            hours: Hours::from_hundredths(u32::from(*quarters) * 25),
        };
        days_of(month, days).zip(quarters).map(day).collect()
    }

    fn kind(&self, worker: u32) -> WorkerKind {
        if self.people.person(worker).artist { WorkerKind::Artist } else { WorkerKind::Employee }
    }

    pub(crate) fn person_id(&self, index: u32) -> PersonId {
        PersonId::new(self.ids.of(Of::Person, index, self.known_on(index)))
    }

    pub(crate) fn client_id(&self, index: u32) -> ClientId {
        ClientId::new(self.ids.of(Of::Client, index, self.span.day(0)))
    }

    fn known_on(&self, person: u32) -> Day {
        self.span.day(self.people.person(person).requested_on)
    }

    fn member_id(&self, person: u32) -> MemberId {
        MemberId::new(self.ids.of(Of::Member, person, self.known_on(person)))
    }

    pub(crate) fn unit_id(&self, index: u32) -> UnitId {
        UnitId::new(self.ids.of(Of::Unit, index, self.span.day(self.people.unit(index).opens_on)))
    }

    pub(crate) fn order_id(&self, index: u32) -> OrderId {
        let on = self.money.orders[at(index)].confirmed_on;
        OrderId::new(self.ids.of(Of::Order, index, self.span.day(on)))
    }

    pub(crate) fn invoice_id(&self, index: u32) -> InvoiceId {
        let on = self.money.invoices[at(index)].on;
        InvoiceId::new(self.ids.of(Of::Invoice, index, self.span.day(on)))
    }

    fn contract_id(&self, index: u32) -> ContractId {
        let on = self.work.job(index).declared_on;
        ContractId::new(self.ids.of(Of::Contract, index, self.span.day(on)))
    }

    pub(crate) fn salary_id(&self, job: u32) -> SalaryId {
        let on = self.work.job(job).calculated_on;
        SalaryId::new(self.ids.of(Of::Salary, job, self.span.day(on)))
    }

    /// Ids of open-ended employments count down, those of fixed-term ones up.
    fn open_ended_id(&self, index: u32) -> EmploymentId {
        let on = self.work.open_ended[at(index)].1;
        EmploymentId::new(self.ids.of(Of::Employment, NONE - index, self.span.day(on)))
    }

    fn open_ended_of(&self, worker: u32) -> EmploymentId {
        let found = self.work.open_ended.binary_search_by_key(&worker, |(worker, _)| *worker);
        self.open_ended_id(narrow(found.expect("months belong to open-ended employments")))
    }
}

pub(crate) fn more_tax() -> Rate {
    "0.18".parse().expect("a rate")
}

pub(crate) fn amount(cents: u64) -> Amount {
    Amount::from_cents(narrow(cents)).expect("planned amounts are above zero")
}

pub(crate) fn balance(cents: u64) -> Balance {
    Balance::from_cents(narrow(cents))
}
