//! The naive model: registers summed from events alone, which the books must agree with.

use super::*;

/// What the fund advanced on each invoice, summed from what units' events say.
///
/// E30: granted − recovered − absorbed = outstanding ≥ 0, and the memo accounts say the same.
/// I5: per invoice no more is outstanding than the unit's share of what is open, and nothing on a
/// doubtful debt. Holds after every command.
#[derive(Default)]
pub struct Advances(pub BTreeMap<InvoiceId, Advanced>);

#[derive(Default)]
pub struct Advanced {
    pub gross: i64,
    pub unit_share: i64,
    pub settled: i64,
    pub doubtful: i64,
    pub outstanding: i64,
}

impl Advances {
    pub fn fold(&mut self, event: &UnitEvent, sign: i64) {
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
            UnitEvent::DepositDeducted { invoice, gross, .. } => {
                self.0.entry(*invoice).or_default().settled += gross.cents();
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

    pub fn tie_to(&self, balances: &Balances) {
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
pub struct Register {
    pub paid: i64,
    pub unpaid: i64,
    pub to_refund: i64,
    pub refunded: i64,
    pub not_refunded: i64,
    /// What refunds moved on 489 and 489S; 489 also holds what is owed on expense notes.
    pub owed_to_leavers: BTreeMap<Line, i64>,
    /// Due and suspended, by person.
    pub owed_per_person: BTreeMap<PersonId, (i64, i64)>,
    pub member_of: BTreeMap<PersonId, MemberId>,
}

impl Register {
    pub fn fold(&mut self, event: &MemberEvent, sign: i64) {
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

    pub fn wait(&mut self, person: PersonId, cents: i64) {
        let (due, suspended) = self.owed_per_person.entry(person).or_default();
        *due -= cents;
        *suspended += cents;
    }

    pub fn book(&mut self, posting: &Posting) {
        for movement in posting.movements() {
            let cents = movement.amount.cents();
            for (line, cents) in [(movement.credit, cents), (movement.debit, -cents)] {
                if [Account::SundryPayables, Account::SuspendedRefunds].contains(&line.account) {
                    *self.owed_to_leavers.entry(line).or_default() += cents;
                }
            }
        }
    }

    pub fn ties_to(&self, balances: &Balances) {
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
pub struct Lent {
    pub cash: i64,
    pub internal: i64,
    pub to_pass_on: i64,
    /// What the borrower's 416 holds; funders have lines of their own there.
    pub on_416: Balance,
    /// What the beneficiary's 489 holds; whoever pays expenses has another line there.
    pub on_489: Balance,
}

impl Lent {
    pub fn fold(&mut self, event: &Event, sign: i64) {
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

    pub fn of(&mut self, kind: LoanKind) -> &mut i64 {
        match kind {
            LoanKind::Cash => &mut self.cash,
            LoanKind::Internal { .. } => &mut self.internal,
        }
    }

    pub fn book(&mut self, posting: &Posting) {
        let Some(entry) = posting.entry() else { return };
        self.on_416 = self.on_416 + entry.effect_on(Account::SundryReceivables.of(HOLDER));
        self.on_489 = self.on_489 + entry.effect_on(Account::SundryPayables.of(BENEFICIARY));
    }

    pub fn ties_to(&self, balances: &Balances) {
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
