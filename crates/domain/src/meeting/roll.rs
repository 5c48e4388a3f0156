//! Who may vote: members with a share at a record date, as known at a position.
//!
//! A timeline per person of what the register of members says: admission, category, shares, leaving.
//! The roll is computed from it twice: as a whole when it is sealed, and for one person when that
//! person gives a proxy, attends or votes. Both ask the same record date and the same position, so
//! what is recorded after the sealing changes nothing, even when it takes effect before.
//! Source: WVV 6:24–6:25 (register), 6:70; DESIGN 2, promise 8.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::dates::Day;
use crate::envelope::Position;
use crate::ids::{MemberId, PersonId};
use crate::member::{Category, ExclusionOutcome, MemberEvent};

/// One entry of a roll: votes are equal, shares count for the quorum of a change of the statutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Voter {
    /// In which category.
    pub category: Category,
    /// How many shares are held.
    pub shares: u32,
}

/// A record date and the position as known at which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsKnown {
    /// What had taken effect on this day.
    pub on: Day,
    /// What was recorded up to this position.
    pub at: Position,
}

/// Everybody who may vote, by person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    /// The voters, by person.
    pub voters: BTreeMap<PersonId, Voter>,
    /// All shares in issue, whoever holds them.
    pub shares_issued: u64,
}

/// Everybody's memberships and shares, in the order of the log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Electorate {
    persons: BTreeMap<MemberId, PersonId>,
    steps: BTreeMap<PersonId, Vec<Step>>,
    changed_at: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    on: Day,
    at: Position,
    says: Says,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Says {
    Admitted(Category),
    Moved(Category),
    /// So many came, or went when negative.
    Shares(i64),
    LeavesOn(Day),
    Left,
    /// What stands at this position is void.
    Void(Position),
}

impl Roll {
    /// How many voters are in a category.
    pub fn count(&self, category: Category) -> u32 {
        let found = self.voters.values().filter(|voter| voter.category == category).count();
        u32::try_from(found).expect("voters are counted in 32 bits")
    }

    /// The document that is sealed: a line per voter by person, then the shares in issue.
    ///
    /// `person category shares`, apart by one space, each line ended; the digest is SHA-256 of its bytes.
    pub fn document(&self) -> String {
        let mut text = String::with_capacity(self.voters.len() * 56 + 32);
        for (person, Voter { category, shares }) in &self.voters {
            let category = match category {
                Category::User => "user",
                Category::Partner => "partner",
            };
            writeln!(text, "{person} {category} {shares}").expect("memory suffices");
        }
        writeln!(text, "issued {}", self.shares_issued).expect("memory suffices");
        text
    }
}

impl Electorate {
    /// The last position at which the register of members changed who may vote, or with which shares.
    pub fn changed_at(&self) -> Position {
        self.changed_at
    }

    /// Folds an event of a membership.
    pub fn fold(&mut self, member: MemberId, at: Position, on: Day, event: &MemberEvent) {
        match event {
            MemberEvent::Corrected(correction) => {
                if says(&correction.original).is_some() {
                    self.push(member, Step { on, at, says: Says::Void(correction.position) });
                }
                if let Some(replacement) = correction.replacement.as_deref() {
                    self.fold(member, at, on, replacement);
                }
            }
            event => {
                if let MemberEvent::AdmissionGranted { person, .. } = event {
                    self.persons.insert(member, *person);
                }
                if let Some(says) = says(event) {
                    self.push(member, Step { on, at, says });
                }
            }
        }
    }

    /// The person's entry in the roll; none for whoever is no member, or holds no share.
    pub fn voter(&self, person: PersonId, known: AsKnown) -> Option<Voter> {
        let (category, shares) = stands(self.steps.get(&person)?, known);
        let shares = u32::try_from(shares).expect("a member holds no more shares than 32 bits count");
        category.filter(|_| shares > 0).map(|category| Voter { category, shares })
    }

    /// The person's category as a member on a day, as known now; none for whoever is no member.
    pub fn category(&self, person: PersonId, on: Day) -> Option<Category> {
        stands(self.steps.get(&person)?, AsKnown { on, at: Position(u64::MAX) }).0
    }

    /// Everybody who may vote.
    pub fn roll(&self, known: AsKnown) -> Roll {
        let mut roll = Roll::default();
        for (person, steps) in &self.steps {
            let (category, shares) = stands(steps, known);
            let shares = u32::try_from(shares).expect("a member holds no more shares than 32 bits count");
            roll.shares_issued += u64::from(shares);
            if let Some(category) = category.filter(|_| shares > 0) {
                roll.voters.insert(*person, Voter { category, shares });
            }
        }
        roll
    }

    fn push(&mut self, member: MemberId, step: Step) {
        // Whoever was never admitted has no vote that could change.
        let Some(person) = self.persons.get(&member) else { return };
        self.steps.entry(*person).or_default().push(step);
        self.changed_at = step.at;
    }
}

/// What an event of a membership says about votes and shares.
fn says(event: &MemberEvent) -> Option<Says> {
    let gone = |shares: &u32| Says::Shares(-i64::from(*shares));
    Some(match event {
        MemberEvent::AdmissionGranted { category, .. } => Says::Admitted(*category),
        MemberEvent::CategoryChanged { to, .. } => Says::Moved(*to),
        MemberEvent::SharesSubscribed { shares, .. } | MemberEvent::SharesReceived { shares, .. } => {
            Says::Shares(i64::from(*shares))
        }
        MemberEvent::SharesCancelled { shares, .. } | MemberEvent::SharesTransferred { shares, .. } => {
            gone(shares)
        }
        MemberEvent::ResignationAccepted { leaves_on, .. } => Says::LeavesOn(*leaves_on),
        MemberEvent::ExclusionDecided { outcome: ExclusionOutcome::Excluded, .. }
        | MemberEvent::ExitByLaw { .. }
        | MemberEvent::MembershipEnded { .. } => Says::Left,
        _ => return None,
    })
}

/// In which category one is a member, and how many shares one holds; steps count in the order of the log.
fn stands(steps: &[Step], known: AsKnown) -> (Option<Category>, i64) {
    let counts = |step: &&Step| step.on <= known.on && step.at <= known.at;
    let is_void = |at| steps.iter().filter(counts).any(|step| step.says == Says::Void(at));
    let (mut category, mut shares, mut leaves_on) = (None, 0, None);
    for step in steps.iter().filter(counts).filter(|step| !is_void(step.at)) {
        match step.says {
            Says::Admitted(to) => (category, leaves_on) = (Some(to), None),
            Says::Moved(to) => category = Some(to),
            Says::Shares(n) => shares += n,
            Says::LeavesOn(day) => leaves_on = Some(day),
            Says::Left => category = None,
            Says::Void(_) => {}
        }
    }
    // Whoever resigned is a member up to and including the day on which that takes effect.
    let has_left = leaves_on.is_some_and(|day| known.on > day);
    (category.filter(|_| !has_left), shares.max(0))
}
