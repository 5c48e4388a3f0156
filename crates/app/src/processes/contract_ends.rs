//! The work of a job is over: the contract ended, and from then on its wage is due by a day.
//!
//! The event that declared or last amended the job's days triggers it, one step. A job whose wage was
//! calculated meanwhile needs no end: the wage says by when it is due. Months of open-ended work do not
//! end; their wage is due once calculated.

use domain::Request;
use domain::unit::{UnitCommand, Work};
use projections::wages_due::WageDue;

use super::{Planned, Process};

/// The ends that jobs call for, whose work is over.
pub fn contract_ends(wages: &[WageDue]) -> Vec<Planned> {
    let ended = |wage: &WageDue| match wage.work {
        Work::Contract(contract) if wage.due_on.is_none() => Some(Planned {
            process: Process::ContractEnds,
            trigger: wage.position,
            step: 1,
            request: Request::Unit(wage.unit, UnitCommand::EndContract { contract }),
        }),
        Work::Contract(_) | Work::Month { .. } => None,
    };
    wages.iter().filter_map(ended).collect()
}
