//! Typed ids: one type per kind of thing, so that a unit cannot be passed for a member.
//!
//! Ids come from outside; the domain never makes one. Each is a UUID, written in the usual
//! hyphenated form. Persons and clients are references into the vault: ids, never names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::money::TextVisitor;

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id such as 01890a5d-ac96-774b-bcce-b302099a8057, found {found:?}")]
pub struct IdError {
    found: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Its UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self).map_err(|_| IdError { found: text.to_owned() })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    return Uuid::deserialize(deserializer).map(Self);
                }
                deserializer.deserialize_str(TextVisitor {
                    expecting: "an id as text such as \"01890a5d-ac96-774b-bcce-b302099a8057\"",
                    parse: |text| text.parse().map_err(|e: IdError| e.to_string()),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}

ids! {
    /// A command: what makes it happen once only.
    CommandId;
    /// The legal entity whose books a log keeps.
    EntityId;
    /// A natural or legal person, the same in all logs of a group.
    PersonId;
    /// A client who is invoiced.
    ClientId;
    /// A membership: the stream of one member.
    MemberId;
    /// A production unit.
    UnitId;
    /// An order confirmed by a client.
    OrderId;
    /// A budgeted job of one worker, which the law calls an assignment under contract.
    ContractId;
    /// An employment contract.
    EmploymentId;
    /// An invoice to a client.
    InvoiceId;
    /// A credit note on an invoice.
    CreditNoteId;
    /// A payment received from a client.
    PaymentId;
    /// An expense claim.
    ExpenseId;
    /// A salary calculation.
    SalaryId;
    /// Who collects debts for the cooperative: a bailiff, a lawyer, an agency.
    CollectorId;
    /// A loan to a member.
    LoanId;
    /// What a loan pays for.
    ProjectId;
    /// A grant, to pass on or for own activity.
    GrantId;
    /// A supplier of the entity.
    SupplierId;
    /// A purchase of the entity itself.
    PurchaseId;
    /// The pay of the support staff for a month.
    StaffPayId;
    /// A thing that is depreciated.
    AssetId;
    /// A tax assessed.
    TaxId;
    /// A cost accrued.
    AccrualId;
    /// A voucher.
    VoucherId;
    /// A course that a unit gives.
    CourseId;
    /// A client's question about a course.
    EnquiryId;
    /// An accident.
    AccidentId;
    /// A claim upon an insurer.
    ClaimId;
    /// A bank account of the entity; its number is no part of the log.
    BankAccountId;
    /// A statement of a bank account.
    StatementId;
    /// A line of a statement.
    LineId;
    /// A desk, room or machine that units share.
    ResourceId;
    /// A booking of a resource.
    BookingId;
    /// A group of members: a working group, a SmartLab, a workers' assembly, a committee.
    GroupId;
    /// A recommendation on its way from a group to the board and the meeting.
    RecommendationId;
    /// A body elected by staff, such as the works council.
    BodyId;
    /// A case before the ethics committee.
    EthicsCaseId;
    /// A decision of the board.
    BoardDecisionId;
    /// A resolution of a general meeting.
    ResolutionId;
    /// What was done for the object: an activity, a publication, a plan, a job.
    ActivityId;
    /// An office of the cooperative.
    OfficeId;
    /// A general meeting.
    MeetingId;
    /// A mandate: one person's office for a term.
    MandateId;
    /// A meeting of the board.
    BoardMeetingId;
}
