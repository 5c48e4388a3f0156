//! The list of streams, written once.
//!
//! [`for_each_stream!`](crate::for_each_stream) hands it to a macro, which writes one variant, one arm
//! or one implementation for each, so that a stream is added here and nowhere else of its kind: ids,
//! events, commands, refusals, warm states and refolds follow. Two streams stand beside the list and
//! are written out where they differ: *statutes* has no key, and nobody sends a command to *series*.
//!
//! ```text
//! /// What its variants say.
//! Variant: module::State;        the state's `Stream` implementation says the rest
//! ```

/// Calls a macro with every stream but *statutes* and *series*, as `Variant: module::State;`.
#[macro_export]
macro_rules! for_each_stream {
    ($make:ident) => {
        $make! {
            /// Of a fiscal year.
            Year: year::FiscalYear;
            /// Of a member.
            Member: member::Member;
            /// Of a production unit.
            Unit: unit::Unit;
            /// Of a loan.
            Loan: loan::Loan;
            /// Of a grant.
            Grant: grant::Grant;
            /// Of what the entity itself does, begun in a year.
            Structure: structure::Structure;
            /// Of a return of a period.
            Filing: filing::Filing;
            /// Of a course.
            Course: course::Course;
            /// Of a worker's fitness.
            Fitness: fitness::Fitness;
            /// Of a member's cover.
            Cover: cover::Cover;
            /// Of a bank statement.
            Bank: bank::Statement;
            /// Of a shared resource.
            Resource: resource::Resource;
            /// Of a group, a recommendation, an elected body or a case of ethics.
            Participation: participation::Participation;
            /// Of something done for the object.
            Activity: activity::Activity;
            /// Of a check before or after the fact.
            Control: control::Control;
            /// Of an office.
            Office: office::Office;
            /// Of a general meeting.
            Meeting: meeting::Meeting;
            /// Of a mandate.
            Mandate: mandate::Mandate;
            /// Of a meeting of the board.
            Board: board::Board;
        }
    };
}
