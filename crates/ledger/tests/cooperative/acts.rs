//! Steps of the random cooperative that are more than one command: a story each.

use super::*;
use assembly::{mandate_replacement, meeting_replacement};
use domain::mandate::MandateCommand;
use domain::meeting::MeetingCommand;

impl Cooperative {
    /// A unit works for more than it has or waits for, and the fund bears what is missing.
    pub(super) fn overspend(&mut self, unit: UnitId, some: Amount, size: u32) {
        let (UnitKnown { pending, available, reserved, .. }, evidence) =
            (self.known(unit, None), evidence("LINE-2"));
        let line = (pending + reserved + some.balance()).max(-available);
        let (contract, employment) = (ContractId::new(self.id()), EmploymentId::new(self.id()));
        if let Ok(budget) = Amount::try_from(available + line)
            && size.is_multiple_of(11)
        {
            self.ask_unit(unit, UnitCommand::SetGuaranteeLine { line, evidence });
            self.ask_unit(unit, declare(contract, budget, size));
            self.ask_unit(unit, UnitCommand::ConcludeEmployment { employment, contract });
            let (salary, work) = (SalaryId::new(self.id()), Work::Contract(contract));
            let (work_bonus, withholding_rate) = (Balance::ZERO, None);
            let calculate =
                UnitCommand::CalculateSalary { salary, work, work_bonus, withholding_rate, evidence };
            self.ask_unit(unit, calculate);
        }
        self.ask_unit(unit, UnitCommand::AbsorbDeficit { reason: reason(), evidence });
    }

    /// A deposit is asked for, and an older one is paid or deducted from the invoice for the work.
    pub(super) fn ask_deposit(&mut self, unit: UnitId, pick: usize, some: Amount, size: u32) {
        let invoice = InvoiceId::new(self.id());
        let id = SeriesId { code: "F".parse().unwrap(), year: Year::new(2025) };
        let line = |price| InvoiceLine { vat: VatCategory::Standard, price: Price::Net(price) };
        let draft = |price| InvoiceDraft {
            invoice,
            holder: HOLDER,
            client: crate::common::ACME,
            order: None,
            course: None,
            lines: vec![line(price)],
            evidence: evidence("F"),
        };
        let series = self.series.entry(id).or_default().clone();
        let named = &mut self.units.get_mut(&unit).unwrap().1;
        let older = one_of(&named.deposits, pick);
        if size.is_multiple_of(2) {
            named.deposits.push(invoice);
            named.invoices.push(invoice);
        }
        let facts = facts(&self.parameters, DAY, UnitKnown::default());
        let (of_series, state) = (facts_of_series(&self.parameters), &self.units[&unit].0);
        let (series, of_unit) = ((id, &series, &of_series), (unit, state, &facts));
        let decided = match older {
            _ if size.is_multiple_of(2) => invoice_deposit(series, of_unit, &draft(some)),
            // At least as much as any deposit that was asked for.
            Some(deposit) => issue_final_invoice(series, of_unit, (&draft(amount("3000.00")), &[deposit])),
            None => return,
        };
        self.record_all(decided.unwrap().unwrap_or_default());
        if let (Some(invoice), true) = (older, size.is_multiple_of(4)) {
            let (payment, evidence) = (PaymentId::new(self.id()), evidence("BNK-7"));
            let received = amount("3630.00");
            self.ask_unit(unit, UnitCommand::ReceivePayment { invoice, payment, received, evidence });
        }
    }

    /// An employment is declared; a wage earns holiday pay, and sometimes it is paid.
    pub(super) fn declare_and_pay_holidays(&mut self, unit: UnitId, pick: usize, size: u32) {
        let (named, evidence) = (&self.units[&unit].1, evidence("SOC-1"));
        let (employment, salary) = (one_of(&named.employments, pick), one_of(&named.salaries, pick));
        if let Some(employment) = employment.filter(|_| size.is_multiple_of(3)) {
            self.ask_unit(unit, UnitCommand::SendDimona { employment, late: None, evidence });
            self.ask_unit(unit, UnitCommand::AcceptDimona { employment, evidence });
        }
        if let Some(salary) = salary {
            self.ask_unit(unit, UnitCommand::AccrueHolidayPay { salary, evidence });
        }
        if size.is_multiple_of(4) {
            for employment in self.units[&unit].1.employments.clone() {
                self.ask_unit(unit, UnitCommand::EndEmployment { employment, reason: reason() });
            }
            let (employee, tax) = (Balance::from_cents(1), Balance::from_cents(i64::from(size % 3)));
            self.ask_unit(unit, UnitCommand::PayHolidayPay { worker: WORKER, employee, tax, evidence });
        }
    }

    /// A unit gives the other one a tenth of what it was asked for.
    pub(super) fn give_budget(&mut self, from: UnitId, some: Amount) {
        let to = *self.units.keys().find(|unit| **unit != from).unwrap();
        let amount = Amount::from_cents(1 + some.cents() / 10).unwrap();
        let (holder, reason, evidence) = (HOLDER, reason(), evidence("ORDER-2"));
        let command = TransferBudget { to, holder, amount, reason, evidence };
        let facts = facts(&self.parameters, DAY, self.known(from, None));
        let decided = transfer_budget((from, &self.units[&from].0, &facts), &self.units[&to].0, &command);
        self.record_all(decided.unwrap_or_default());
    }

    /// The way out of a member who is excluded after remarks; another comes in.
    pub(super) fn exclude(&mut self, seat: usize, net_assets_per_share: Balance) {
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
    pub(super) fn refund(&mut self, pick: usize, some: Amount) {
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
    pub(super) fn chase(&mut self, unit: UnitId, pick: usize, some: Amount, size: u32) {
        let Some(invoice) = one_of(&self.units[&unit].1.invoices, pick) else { return };
        let indemnity =
            if size.is_multiple_of(3) { Indemnity::B2c { amount: some } } else { Indemnity::B2b {} };
        let (level, channel) = (ReminderLevel::after(0).unwrap(), Channel::Email);
        self.ask_unit_on(OVERDUE, unit, UnitCommand::RemindClient { invoice, level, channel });
        self.ask_unit_on(LATER, unit, UnitCommand::ChargeIndemnity { invoice, indemnity });
    }

    /// An invoice is feared lost, or is lost.
    pub(super) fn lose(&mut self, unit: UnitId, pick: usize, size: u32) {
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

    pub(super) fn issue(&mut self, unit: UnitId, price: Amount, size: u32) {
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
            client: crate::common::ACME,
            order: None,
            course: None,
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

    pub(super) fn credit(&mut self, unit: UnitId, pick: usize, net: Amount) {
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

    pub(super) fn transfer(&mut self, from: MemberId, pick: usize, shares: u32) {
        let to = self.seats[(pick / 4) % 4];
        let command = TransferShares { to, shares, evidence: evidence("DEED-1") };
        let facts = facts(&self.parameters, DAY, member_known());
        let decided = transfer_shares((from, &self.members[&from], &facts), &self.members[&to], &command);
        self.record_all(decided.unwrap_or_default());
    }

    /// A loan is asked for and granted, and most often disbursed.
    pub(super) fn lend(&mut self, unit: UnitId, principal: Amount, size: u32) {
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
    pub(super) fn leave(&mut self, seat: usize, net_assets_per_share: Balance) {
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
    pub(super) fn correct(&mut self, pick: usize, instead: Amount, size: u32) {
        let replace = size.is_multiple_of(2);
        let latest = self.log.len().min(40);
        let backwards = |n: usize| self.log.len() - 1 - (pick + n) % latest;
        // First what was never corrected in this way, so that every kind has its turn.
        let new = |at: &usize| {
            let event = &self.log[*at].event;
            is_replaceable(event, instead, size) && !self.corrected.contains(&(event.kind().name, replace))
        };
        let at = (0..latest).map(backwards).find(new).unwrap_or(backwards(0));
        let position = Position(at as u64 + 1);
        // The log lets nothing be corrected twice: the correction claims the position.
        let named = |booked: &Booked| booked.event.as_correction().map(|(position, ..)| position);
        if self.log[at..].iter().any(|booked| named(booked) == Some(position)) {
            return;
        }
        let booked = &self.log[at];
        let (reason, authority, posting_rule) = (reason(), "board".parse().unwrap(), booked.rule);
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
                    crate::entity::replacement(&event, instead, size).filter(|_| replace).map(Box::new);
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
            (StreamId::Meeting(id), Event::Meeting(event)) if self.assembly.id == Some(id) => {
                let replacement = meeting_replacement(&event).filter(|_| replace).map(Box::new);
                let command = MeetingCommand::Correct(Correct { position, reason, authority, replacement });
                let mut facts = facts(&self.parameters, LATER, self.meeting_known(&command));
                facts.original = Some(Original { position, event, posting_rule });
                let decided = decide(&self.assembly.meeting, id, &command, &facts).unwrap_or_default();
                let stream = StreamId::Meeting(id);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Mandate(mandate), Event::Mandate(event)) => {
                let replacement = mandate_replacement(&event, instead).filter(|_| replace).map(Box::new);
                let command = MandateCommand::Correct(Correct { position, reason, authority, replacement });
                let mut facts = facts(&self.parameters, LATER, self.mandate_known(mandate, &command));
                facts.original = Some(Original { position, event, posting_rule });
                let state = &self.assembly.mandates[&mandate];
                let decided = decide(state, mandate, &command, &facts).unwrap_or_default();
                let stream = StreamId::Mandate(mandate);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (stream, event) => self.correct_at_desk(position, (stream, event, posting_rule), replace),
        }
    }
}
