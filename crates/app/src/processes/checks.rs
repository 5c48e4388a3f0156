//! An action is of a kind of which a share is checked: the log draws, and the check begins.
//!
//! The event that records the action triggers it; step 1 is the check before the fact, step 2 the one
//! after it. What is drawn follows from the leaf of the event and the rate of its day, so that running
//! the process again, later, or elsewhere draws the same; and the rules refuse whoever asks for another.
//! A check that was taken back is not begun again: that is for people.
//! Source: strategy Smart 2025 (objective 5 %); DOMAIN A4.

use domain::control::{ControlCommand, Timing, lots_below};
use domain::parameters::Parameters;
use domain::{Digest, Request};
use projections::controls::Unchecked;

use super::{Planned, Process};

/// The checks that actions call for, each with the hash of its leaf.
pub fn checks(actions: &[(Unchecked, Digest)], parameters: &Parameters) -> Vec<Planned> {
    let drawn = |(action, leaf): &(Unchecked, Digest)| {
        let timing = action.check.timing;
        // Where no rate holds, nothing is drawn.
        let rate = parameters.rate(timing.rate(), action.effective_on).ok()?;
        (timing.lot(*leaf) < lots_below(rate)).then(|| planned(action))
    };
    actions.iter().filter_map(drawn).collect()
}

fn planned(action: &Unchecked) -> Planned {
    let (step, command) = match action.check.timing {
        Timing::Before => (1, ControlCommand::SampleCheck {}),
        Timing::After => (2, ControlCommand::OpenCheck { reason: None }),
    };
    Planned {
        process: Process::Checks,
        trigger: action.check.action,
        step,
        request: Request::Control(action.check, command),
    }
}
