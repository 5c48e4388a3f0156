//! Lending: interest-free loans to holders, and grants of a foundation that are passed on to them.
//!
//! The numbers and sums of each group of loans are quotas; each loan's principal is drawn so that the
//! group sums to them. A loan in cash is paid back by the borrower, now and then late, and a few are
//! not paid back at all. An internal one buys something for the unit on the days after it is
//! disbursed, and its instalments are needs that the unit's invoices fund. Instalments that fall due
//! after the run are left to the borrowers.
//!
//! The service is older than the log. The loans of the years before stand in 2024, the opening state:
//! two thirds of them in cash, with short terms and repaid in that year, the others running into 2025.
//! Terms, purposes and who gets a loan are synthetic.
//! Source: figures-2025.json (loans, projects, grants); DOMAIN A1 F13–F16, A2 6–7, E29, E30, F1.

use domain::Request;
use domain::grant::{GrantCommand, GrantKind};
use domain::ids::{GrantId, LoanId, PersonId, ProjectId};
use domain::loan::{LoanCommand, LoanKind};
use domain::text::{ReasonCode, Token};

use crate::acts::{Plan, Rank, amount};
use crate::days::{Dx, END, FIRST_OF_2025, LAST_OF_2024, LAST_OF_2025, Span};
use crate::draw::{ALL, Draw, Quantiles, apportion, at, narrow, scattered};
use crate::ids::Of;
use crate::people::{NONE, People, Role};
use crate::quotas::Quotas;

/// A request for a loan, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Loan {
    pub(crate) borrower: u32,
    /// The unit that is lent budget; none for a loan in cash.
    pub(crate) unit: u32,
    /// In cents.
    pub(crate) asked: u32,
    /// In cents; 0 when it is refused.
    pub(crate) principal: u32,
    pub(crate) instalments: u16,
    pub(crate) requested_on: Dx,
    /// Is granted, or refused.
    pub(crate) answered_on: Dx,
    pub(crate) disbursed_on: Dx,
    pub(crate) first_due_on: Dx,
}

/// An instalment, called on the day it falls due.
#[derive(Clone, Debug)]
pub(crate) struct Instalment {
    pub(crate) loan: u32,
    /// In cents.
    pub(crate) amount: u32,
    pub(crate) due_on: Dx,
    /// Day of payment; 0 when it is not paid within the run.
    pub(crate) paid_on: Dx,
}

/// What is outstanding gets another schedule.
#[derive(Clone, Debug)]
pub(crate) struct Rescheduling {
    pub(crate) loan: u32,
    pub(crate) on: Dx,
    pub(crate) instalments: u16,
    pub(crate) first_due_on: Dx,
}

/// A loan in cash that may not be paid back.
#[derive(Clone, Debug)]
pub(crate) struct Failing {
    pub(crate) loan: u32,
    pub(crate) doubted_on: Dx,
    /// Day on which a half of what is outstanding is given up.
    pub(crate) written_off_on: Dx,
    /// In cents.
    pub(crate) written_off: u32,
}

/// A grant to pass on.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) beneficiary: u32,
    /// In cents.
    pub(crate) amount: u32,
    pub(crate) announced_on: Dx,
    pub(crate) received_on: Dx,
    pub(crate) passed_on: Dx,
}

/// All loans and grants.
pub(crate) struct Lending {
    pub(crate) loans: Vec<Loan>,
    pub(crate) instalments: Vec<Instalment>,
    pub(crate) reschedulings: Vec<Rescheduling>,
    pub(crate) failings: Vec<Failing>,
    pub(crate) grants: Vec<Grant>,
}

/// When a loan was granted and disbursed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Before 2025, and repaid before it.
    Repaid,
    /// Before 2025, and running into it.
    Running,
    /// Granted in December 2024, disbursed in January 2025.
    Carried,
    /// Granted and disbursed in 2025.
    Granted,
}

/// Principal of a loan before calibration, in euro. Source: mean of 3,283 in 2025, DOMAIN A2 6.
const PRINCIPAL: Quantiles =
    Quantiles(&[(0, 600), (2_500, 1_400), (5_000, 2_500), (7_500, 4_200), (9_500, 8_000), (ALL, 15_000)]);
/// Least that a grant passes on, in cents. Source: figures-2025.json.
const GRANT_LEAST: u64 = 350_000;
/// Requests refused in the whole cooperative; not published.
const REFUSED: u64 = 12;
/// One running loan in so many is not paid back, beginning with the first.
const FAILING_EVERY: usize = 20;
/// One loan of the year in so many is rescheduled; the eighth of each.
const RESCHEDULED_EVERY: usize = 20;

const NO_MEANS: ReasonCode = Token::literal("loan-repayment-unlikely");
const IN_ARREARS: ReasonCode = Token::literal("loan-in-arrears");
const INSOLVENT: ReasonCode = Token::literal("borrower-insolvent");

impl Lending {
    /// Draws all loans and grants.
    pub(crate) fn plan(seed: u64, quotas: &Quotas, people: &People, span: &Span) -> Self {
        let draw = &mut Draw::new(seed, "lending");
        let mut lending = Self {
            loans: Vec::new(),
            instalments: Vec::new(),
            reschedulings: Vec::new(),
            failings: Vec::new(),
            grants: Vec::new(),
        };
        let holds_first = |person: &u32| people.unit(people.person(*person).unit).first == *person;
        let holders: Vec<u32> = people.of(Role::Continuing).filter(holds_first).collect();
        let mut chosen = scattered(holders.len(), draw.below(narrow(holders.len()))).map(|nth| holders[nth]);
        let mut borrowers = |n: u64| chosen.by_ref().take(narrow(n)).collect::<Vec<u32>>();
        let before = borrowers(quotas.loans_before);
        let carried = borrowers(quotas.loans_carried);
        let granted = borrowers(quotas.loans_granted);
        let refused = borrowers(quotas.some_of(REFUSED));
        let beneficiaries = borrowers(quotas.grants_passed_on);

        let principals = principals_of(draw, before.len(), quotas.loans_before_amount);
        for (nth, (borrower, principal)) in before.into_iter().zip(principals).enumerate() {
            let group = if nth % 3 == 0 { Group::Running } else { Group::Repaid };
            let fails = nth % (3 * FAILING_EVERY) == 0;
            // What fails is in cash: budget that is not given back is not owed by the borrower.
            let in_cash = group == Group::Repaid || fails || nth % 2 == 0;
            let loan = lending.lend(draw, people, span, (group, borrower, in_cash, principal));
            if fails {
                lending.fail(draw, span, loan);
            } else {
                lending.repay(draw, span, loan);
            }
        }
        let principals = principals_of(draw, carried.len(), quotas.loans_carried_amount);
        for (borrower, principal) in carried.into_iter().zip(principals) {
            let loan = lending.lend(draw, people, span, (Group::Carried, borrower, true, principal));
            lending.repay(draw, span, loan);
        }
        let principals = principals_of(draw, granted.len(), quotas.loans_granted_amount);
        for (nth, (borrower, principal)) in granted.into_iter().zip(principals).enumerate() {
            let reschedules = nth % RESCHEDULED_EVERY == 7;
            let in_cash = reschedules || nth % 5 > 2;
            let loan = lending.lend(draw, people, span, (Group::Granted, borrower, in_cash, principal));
            lending.repay(draw, span, loan);
            if reschedules {
                lending.reschedule(draw, span, loan);
            }
        }
        for borrower in refused {
            lending.refuse(draw, borrower);
        }
        lending.pass_on(draw, &beneficiaries, quotas);
        lending
    }

    /// A loan of a group, from request to disbursement; gives its index.
    fn lend(
        &mut self,
        draw: &mut Draw,
        people: &People,
        span: &Span,
        (group, borrower, in_cash, principal): (Group, u32, bool, u32),
    ) -> u32 {
        let own = people.person(borrower).unit;
        let opens_on = people.unit(own).opens_on;
        let (answered_on, disbursed_on) = match group {
            Group::Repaid | Group::Running => {
                let requested_on = draw.day(opens_on + 2, 322);
                let answered_on = requested_on.max(opens_on + 2) + draw.day(3, 12);
                (answered_on, answered_on + draw.day(1, 8))
            }
            // In December, and in January.
            Group::Carried => (draw.day(337, 355), draw.day(FIRST_OF_2025 + 5, FIRST_OF_2025 + 25)),
            Group::Granted => {
                let answered_on = draw.day(FIRST_OF_2025 + 8, LAST_OF_2025 - 30);
                (answered_on, answered_on + draw.day(2, 18))
            }
        };
        let first_due_on = disbursed_on + draw.day(30, 45);
        let instalments = match group {
            // A month each, and the last one before the year ends.
            Group::Repaid => {
                let months = LAST_OF_2024.saturating_sub(first_due_on + 5) / 31;
                1 + months.min(draw.day(0, 8))
            }
            _ => [12, 18, 24, 36][at(draw.below(4))],
        };
        let first_due_on = match group {
            Group::Repaid => first_due_on.min(LAST_OF_2024 - 5),
            // Budget is given back from invoices of 2025.
            Group::Running if !in_cash => first_due_on.max(FIRST_OF_2025 + 10),
            Group::Running | Group::Carried | Group::Granted => first_due_on,
        };
        let more = if draw.chance(1_500) { draw.between(1, 10) * 10_000 } else { 0 };
        self.loans.push(Loan {
            borrower,
            unit: if in_cash { NONE } else { own },
            asked: principal + more,
            principal,
            instalments,
            requested_on: answered_on - draw.day(1, 3),
            answered_on,
            disbursed_on: span.bank_day_until(disbursed_on).max(answered_on),
            first_due_on,
        });
        narrow(self.loans.len() - 1)
    }

    fn refuse(&mut self, draw: &mut Draw, borrower: u32) {
        let requested_on = draw.day(FIRST_OF_2025 + 8, LAST_OF_2025 - 40);
        self.loans.push(Loan {
            borrower,
            unit: NONE,
            asked: draw.quantile(&PRINCIPAL) * 100,
            principal: 0,
            instalments: 0,
            requested_on,
            answered_on: requested_on + draw.day(3, 25),
            disbursed_on: 0,
            first_due_on: 0,
        });
    }

    /// The instalments of a loan that is paid back, now and then late.
    fn repay(&mut self, draw: &mut Draw, span: &Span, index: u32) {
        let loan = &self.loans[at(index)];
        let (in_cash, last) = (loan.unit == NONE, if loan.is_repaid_in_2024() { LAST_OF_2024 } else { END });
        for instalment in schedule(span, index, loan) {
            let late = match draw.below(100) {
                0..80 => draw.day(0, 4),
                80..96 => 0,
                _ => draw.day(8, 40),
            };
            // A unit gives budget back on the day.
            let late = if in_cash { late } else { 0 };
            let paid_on =
                if last == END { instalment.due_on + late } else { (instalment.due_on + late).min(last) };
            let paid_on = if paid_on > END { 0 } else { paid_on };
            self.instalments.push(Instalment { paid_on, ..instalment });
        }
    }

    /// A loan that is paid back for a few months; then it is feared lost, and a half of it given up.
    fn fail(&mut self, draw: &mut Draw, span: &Span, index: u32) {
        let loan = &self.loans[at(index)];
        let n_paid = at(draw.between(2, 5));
        let doubted_on = draw.day(FIRST_OF_2025 + 90, FIRST_OF_2025 + 150);
        let mut outstanding = loan.principal;
        for (nth, instalment) in schedule(span, index, loan).enumerate() {
            if instalment.due_on >= doubted_on {
                break;
            }
            let paid_on = if nth < n_paid { instalment.due_on } else { 0 };
            outstanding -= if nth < n_paid { instalment.amount } else { 0 };
            self.instalments.push(Instalment { paid_on, ..instalment });
        }
        let written_off_on = doubted_on + draw.day(90, 150);
        self.failings.push(Failing { loan: index, doubted_on, written_off_on, written_off: outstanding / 2 });
    }

    /// What is left of a loan after its third instalment gets smaller instalments.
    fn reschedule(&mut self, draw: &mut Draw, span: &Span, index: u32) {
        let of_loan = |instalment: &Instalment| instalment.loan == index;
        let from = self.instalments.iter().position(of_loan).unwrap_or(self.instalments.len());
        let Some(third) = self.instalments.get(from + 2).filter(|third| of_loan(third)) else { return };
        let on = third.due_on + draw.day(1, 5);
        if on > LAST_OF_2025 {
            return;
        }
        self.instalments.truncate(from + 3);
        let mut outstanding = self.loans[at(index)].principal;
        for instalment in &mut self.instalments[from..] {
            instalment.paid_on = instalment.due_on;
            outstanding -= instalment.amount;
        }
        let loan = &self.loans[at(index)];
        let (instalments, first_due_on) = (loan.instalments * 2, on + 30);
        let rest = Loan { principal: outstanding, instalments, first_due_on, ..loan.clone() };
        for instalment in schedule(span, index, &rest) {
            self.instalments.push(Instalment { paid_on: instalment.due_on, ..instalment });
        }
        self.reschedulings.push(Rescheduling { loan: index, on, instalments, first_due_on });
    }

    /// The grants of the year: each above the least, and together the quota.
    fn pass_on(&mut self, draw: &mut Draw, beneficiaries: &[u32], quotas: &Quotas) {
        let least = GRANT_LEAST * beneficiaries.len() as u64;
        let weights: Vec<u64> = beneficiaries.iter().map(|_| u64::from(draw.between(50, 150))).collect();
        let more = apportion(quotas.grants_passed_on_amount * 100 - least, &weights);
        for (beneficiary, more) in beneficiaries.iter().zip(more) {
            let announced_on = draw.day(FIRST_OF_2025 + 20, LAST_OF_2025 - 90);
            let received_on = announced_on + draw.day(10, 40);
            self.grants.push(Grant {
                beneficiary: *beneficiary,
                amount: narrow(GRANT_LEAST + more),
                announced_on,
                received_on,
                passed_on: received_on + draw.day(1, 20),
            });
        }
    }

    /// Every act, with its day and rank.
    pub(crate) fn acts(&self, act: &mut impl FnMut(Dx, Rank, u32)) {
        for (index, loan) in (0..).zip(&self.loans) {
            act(loan.requested_on, Rank::AskLoan, index);
            act(loan.answered_on, Rank::AnswerLoan, index);
            if loan.principal > 0 {
                act(loan.disbursed_on, Rank::DisburseLoan, index);
            }
        }
        for (index, instalment) in (0..).zip(&self.instalments) {
            act(instalment.due_on, Rank::CallInstalment, index);
            if instalment.paid_on > 0 {
                act(instalment.paid_on, Rank::PayInstalment, index);
            }
        }
        for (index, rescheduling) in (0..).zip(&self.reschedulings) {
            act(rescheduling.on, Rank::RescheduleLoan, index);
        }
        for (index, failing) in (0..).zip(&self.failings) {
            act(failing.doubted_on, Rank::DoubtLoan, index);
            act(failing.written_off_on, Rank::WriteOffLoan, index);
        }
        for (index, grant) in (0..).zip(&self.grants) {
            act(grant.announced_on, Rank::AnnounceGrant, index);
            act(grant.received_on, Rank::ReceiveGrant, index);
            act(grant.passed_on, Rank::PassOnGrant, index);
        }
    }

    /// What units must have to give budget back: unit, day and cents.
    pub(crate) fn needs(&self) -> impl Iterator<Item = (u32, Dx, u32)> {
        let of_unit = |instalment: &Instalment| {
            let unit = self.loans[at(instalment.loan)].unit;
            let paid = unit != NONE && instalment.paid_on > 0;
            // What is due after the last invoices is set aside before.
            paid.then(|| (unit, instalment.paid_on.min(LAST_OF_2025), instalment.amount))
        };
        self.instalments.iter().filter_map(of_unit)
    }

    /// Loans of budget, which pay for something.
    pub(crate) fn internal(&self) -> impl Iterator<Item = &Loan> {
        self.loans.iter().filter(|loan| loan.unit != NONE && loan.principal > 0)
    }
}

impl Loan {
    fn is_repaid_in_2024(&self) -> bool {
        self.instalments < 12
    }
}

/// The instalments of a loan that fall due within the run, none of them paid.
fn schedule<'a>(span: &'a Span, index: u32, loan: &Loan) -> impl Iterator<Item = Instalment> + use<'a> {
    let (n, principal, first_due_on) = (u32::from(loan.instalments), loan.principal, loan.first_due_on);
    let part = principal / n;
    (0..n)
        .map(move |nth| Instalment {
            loan: index,
            amount: if nth + 1 == n { principal - part * (n - 1) } else { part },
            due_on: span.months_after(first_due_on, nth),
            paid_on: 0,
        })
        .take_while(|instalment| instalment.due_on <= END)
}

/// Principals in cents that sum to so many euro; in whole euro.
fn principals_of(draw: &mut Draw, n: usize, sum: u64) -> Vec<u32> {
    let weights: Vec<u64> = (0..n).map(|_| u64::from(draw.quantile(&PRINCIPAL))).collect();
    apportion(sum, &weights).into_iter().map(|euro| narrow(euro * 100)).collect()
}

impl Plan {
    /// A command of a loan.
    pub(crate) fn loan(&self, rank: Rank, index: u32) -> Request {
        let lending = &self.lending;
        let (loan, command) = match rank {
            Rank::AskLoan => {
                let loan = &lending.loans[at(index)];
                let unit = loan.unit;
                let project = self.ids.of(Of::Project, index, self.span.day(loan.requested_on));
                let kind = if unit == NONE {
                    LoanKind::Cash
                } else {
                    LoanKind::Internal { unit: self.unit_id(unit) }
                };
                let command = LoanCommand::RequestLoan {
                    borrower: self.person_id(loan.borrower),
                    project: ProjectId::new(project),
                    kind,
                    amount: amount(loan.asked.into()),
                };
                (index, command)
            }
            Rank::AnswerLoan => (index, self.answer_loan(index)),
            Rank::DisburseLoan => {
                let evidence = self.ids.evidence("payment order of a loan", "LEND", index);
                (index, LoanCommand::DisburseLoan { evidence })
            }
            Rank::CallInstalment => (lending.instalments[at(index)].loan, LoanCommand::CallInstalment {}),
            Rank::PayInstalment => {
                let instalment = &lending.instalments[at(index)];
                let evidence = self.ids.evidence("payment of an instalment", "INST", index);
                let amount = amount(instalment.amount.into());
                (instalment.loan, LoanCommand::PayInstalment { amount, evidence })
            }
            Rank::RescheduleLoan => {
                let rescheduling = &lending.reschedulings[at(index)];
                let command = LoanCommand::RescheduleLoan {
                    instalments: rescheduling.instalments.into(),
                    first_due_on: self.span.day(rescheduling.first_due_on),
                    evidence: self.ids.evidence("agreement on another schedule", "RSCH", index),
                };
                (rescheduling.loan, command)
            }
            Rank::DoubtLoan => {
                let evidence = self.ids.evidence("file of a doubtful loan", "DOUBT", index);
                (lending.failings[at(index)].loan, LoanCommand::DoubtLoan { reason: IN_ARREARS, evidence })
            }
            _ => {
                let failing = &lending.failings[at(index)];
                let command = LoanCommand::WriteOffLoan {
                    amount: amount(failing.written_off.into()),
                    reason: INSOLVENT,
                    evidence: self.ids.evidence("decision to give up a loan", "LOSS", index),
                };
                (failing.loan, command)
            }
        };
        let requested_on = self.span.day(lending.loans[at(loan)].requested_on);
        Request::Loan(LoanId::new(self.ids.of(Of::Loan, loan, requested_on)), command)
    }

    fn answer_loan(&self, index: u32) -> LoanCommand {
        let loan = &self.lending.loans[at(index)];
        if loan.principal == 0 {
            return LoanCommand::RefuseLoan { reason: NO_MEANS };
        }
        LoanCommand::GrantLoan {
            principal: amount(loan.principal.into()),
            instalments: loan.instalments.into(),
            first_due_on: self.span.day(loan.first_due_on),
            interest: None,
            fee: None,
            evidence: self.ids.evidence("loan agreement", "LOAN", index),
        }
    }

    /// A command of a grant.
    pub(crate) fn grant(&self, rank: Rank, index: u32) -> Request {
        let grant = &self.lending.grants[at(index)];
        let announced_on = self.span.day(grant.announced_on);
        let amount = amount(grant.amount.into());
        let command = match rank {
            Rank::AnnounceGrant => GrantCommand::AnnounceGrant {
                funder: self.funder_id(),
                kind: GrantKind::PassThrough { beneficiary: self.person_id(grant.beneficiary) },
                amount,
                project: ProjectId::new(self.ids.of(Of::GrantProject, index, announced_on)),
                evidence: self.ids.evidence("award of a grant", "AWARD", index),
            },
            Rank::ReceiveGrant => {
                let evidence = self.ids.evidence("receipt of a grant", "GRANT", index);
                GrantCommand::ReceiveGrant { amount, evidence }
            }
            _ => {
                let evidence = self.ids.evidence("payment of a grant", "PASS", index);
                GrantCommand::PassOnGrant { amount, evidence }
            }
        };
        Request::Grant(GrantId::new(self.ids.of(Of::Grant, index, announced_on)), command)
    }

    /// The one foundation.
    pub(crate) fn funder_id(&self) -> PersonId {
        PersonId::new(self.ids.of(Of::Funder, 0, self.span.day(0)))
    }
}
