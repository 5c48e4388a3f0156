//! How membership is booked: contributions and what leavers get back.
//!
//! Contributions stand on 1109 as a whole: who holds which share is the register's business. 1109 less
//! 410 is what the register shows as paid in, on shares that are held and on cancelled ones whose
//! separation share is not yet determined. Shares never touch the budget ledger, since they are paid
//! from the member's own means.
//! Source: WVV 6:120; DOMAIN C1, E17, E18, F2 (shares, refund).

use domain::member::MemberEvent;
use domain::money::Balance;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(MemberEvent {
    AdmissionRequested = "admission.requested" @ 1,
    AdmissionGranted = "admission.granted" @ 1,
    AdmissionRefused = "admission.refused" @ 1,
    CategoryChanged = "category.changed" @ 1,
    SharesSubscribed = "shares.subscribed" @ 1,
    SharesPaidUp = "shares.paid_up" @ 1,
    SharesCancelled = "shares.cancelled" @ 1,
    SharesTransferred = "shares.transferred" @ 1,
    SharesReceived = "shares.received" @ 1,
    ResignationRequested = "resignation.requested" @ 1,
    ResignationAccepted = "resignation.accepted" @ 1,
    ResignationRefused = "resignation.refused" @ 1,
    ExclusionProposed = "exclusion.proposed" @ 1,
    ExclusionRemarksReceived = "exclusion.remarks_received" @ 1,
    ExclusionDecided = "exclusion.decided" @ 1,
    ExitByLaw = "exit.by_law" @ 1,
    RefundDetermined = "refund.determined" @ 2,
    RefundPaid = "refund.paid" @ 1,
    RefundSuspended = "refund.suspended" @ 1,
    RefundResumed = "refund.resumed" @ 1,
    CurrentAccountCredited = "current_account.credited" @ 1,
    CurrentAccountRepaid = "current_account.repaid" @ 1,
    MembershipEnded = "membership.ended" @ 1,
    Corrected = "member.corrected" @ 2,
});

pub(super) fn post(revision: u16, event: &MemberEvent) -> Result<Posting, UnknownRule> {
    use MemberEvent as E;
    match (event, revision) {
        (E::AdmissionRequested { .. } | E::AdmissionRefused { .. }, 1) => no_entry(Why::RequestOnly),
        (
            E::AdmissionGranted { .. }
            | E::CategoryChanged { .. }
            | E::ExclusionDecided { .. }
            | E::ExitByLaw { .. }
            | E::MembershipEnded { .. },
            1,
        ) => no_entry(Why::RightsOnly),

        // A subscription is called at once: the member owes its price, and it is equity from then on.
        (E::SharesSubscribed { amount, evidence, .. }, 1) => {
            Ok(Draft::new(Journal::Shares, Some(evidence.document), 1)
                .book(Account::UnpaidContribution, Account::Contribution, *amount)
                .done())
        }
        // The member pays what was called.
        (E::SharesPaidUp { amount, evidence }, 1) => {
            Ok(Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Banks, Account::UnpaidContribution, *amount)
                .done())
        }
        // What was never paid is no longer owed, and was no contribution. What was paid stays in equity
        // until the separation share is determined.
        (E::SharesCancelled { unpaid: Balance::ZERO, .. }, 1) => no_entry(Why::BookedWithRefund),
        (E::SharesCancelled { unpaid, .. }, 1) => Ok(Draft::new(Journal::Shares, None, 1)
            .book(Account::Contribution, Account::UnpaidContribution, *unpaid)
            .done()),
        (E::SharesTransferred { .. } | E::SharesReceived { .. }, 1) => no_entry(Why::SameAccount),

        (
            E::ResignationRequested { .. }
            | E::ResignationAccepted { .. }
            | E::ResignationRefused { .. }
            | E::ExclusionProposed { .. }
            | E::ExclusionRemarksReceived { .. },
            1,
        ) => no_entry(Why::RequestOnly),
        // The separation share leaves equity and is owed. What is not refunded stays in equity, apart,
        // until the general meeting allocates it: no gain of anybody before that. Where nothing was paid
        // there is neither.
        (E::RefundDetermined { amount, not_refunded, evidence, .. }, 1) => {
            Ok(Draft::new(Journal::Shares, Some(evidence.document), 2)
                .book(Account::Contribution, Account::SundryPayables, *amount)
                .book(Account::Contribution, Account::ContributionNotRefunded, *not_refunded)
                .done())
        }

        // The same, owed to the person who left, so that 489 can be asked per person.
        (E::RefundDetermined { person, amount, not_refunded, evidence, .. }, 2) => {
            let owed =
                person.map_or(Account::SundryPayables.total(), |person| Account::SundryPayables.of(person));
            Ok(Draft::new(Journal::Shares, Some(evidence.document), 2)
                .book(Account::Contribution, owed, *amount)
                .book(Account::Contribution, Account::ContributionNotRefunded, *not_refunded)
                .done())
        }
        (E::RefundPaid { person, amount, evidence }, 1) => {
            Ok(Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::SundryPayables.of(*person), Account::Banks, *amount)
                .done())
        }
        // It stays owed, without interest; it is only not payable while tests fail.
        (E::RefundSuspended { person, amount }, 1) => Ok(Draft::new(Journal::Shares, None, 1)
            .book(Account::SundryPayables.of(*person), Account::SuspendedRefunds.of(*person), *amount)
            .done()),
        (E::RefundResumed { person, amount }, 1) => Ok(Draft::new(Journal::Shares, None, 1)
            .book(Account::SuspendedRefunds.of(*person), Account::SundryPayables.of(*person), *amount)
            .done()),

        // A loan of more than a year, so 174 and not 489, where separation shares are owed.
        (E::CurrentAccountCredited { person, amount, evidence, .. }, 1) => {
            Ok(Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Banks, Account::OtherLoansLong.of(*person), *amount)
                .done())
        }
        (E::CurrentAccountRepaid { person, amount, evidence }, 1) => {
            Ok(Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::OtherLoansLong.of(*person), Account::Banks, *amount)
                .done())
        }

        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (E::Corrected(corrected), 2) => {
            let replaced_by = match corrected.replacement.as_deref() {
                Some(E::RefundDetermined { .. }) => 2,
                _ => 1,
            };
            correction(corrected, replaced_by, post)
        }
        (_, 0 | 2..) => unknown(event, revision),
    }
}
