//! Who may cast a vote, how votes are counted, and what is decided by them.
//!
//! Source: WVV 6:85, 6:86; KB 28-06-2019 art. 6 §1; DOMAIN E6–E9, F5 19–21.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::agenda::{
    Ballot, CandidateVotes, Choice, Item, ItemKind, ItemNumber, Tally, Votes, elected, votes_cap,
};
use super::{Meeting, MeetingEvent, MeetingRefusal};
use crate::ids::PersonId;
use crate::parameters::Parameter;
use crate::stream::Facts;

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The resolution was adopted.
    Adopted,
    /// The resolution was rejected.
    Rejected,
    /// These were elected.
    Elected(Vec<PersonId>),
}

/// The votes on one item, as cast in the open or as tallied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// How many voted.
    pub(super) voters: u32,
    votes: Votes,
    candidates: BTreeMap<PersonId, u32>,
    pub(super) tallied: bool,
    pub(super) outcome: Option<Outcome>,
}

impl Counted {
    pub(super) fn add(&mut self, choice: &Choice) {
        match choice {
            Choice::InFavour => self.votes.in_favour += 1,
            Choice::Against => self.votes.against += 1,
            Choice::Abstain => self.votes.abstained += 1,
            Choice::Elect(candidates) => {
                for candidate in candidates {
                    *self.candidates.entry(*candidate).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn remove(&mut self, choice: &Choice) {
        match choice {
            Choice::InFavour => self.votes.in_favour -= 1,
            Choice::Against => self.votes.against -= 1,
            Choice::Abstain => self.votes.abstained -= 1,
            Choice::Elect(candidates) => {
                for candidate in candidates {
                    *self.candidates.entry(*candidate).or_default() -= 1;
                }
            }
        }
    }

    pub(super) fn take(&mut self, tally: &Tally) {
        self.tallied = true;
        match tally {
            Tally::Resolution { votes, .. } => self.votes = *votes,
            Tally::Election { votes, abstained, .. } => {
                self.votes.abstained = *abstained;
                self.candidates = votes.iter().map(|of| (of.candidate, of.votes)).collect();
            }
        }
    }

    pub(super) fn forget_tally(&mut self) {
        *self = Self { voters: self.voters, ..Self::default() };
    }
}

impl Meeting {
    /// The item, when votes on it may be cast or counted now.
    fn votable(&self, number: ItemNumber) -> Result<&Item, MeetingRefusal> {
        let began = self.running()?;
        let items = self.called()?.agenda.len();
        let item = self.item(number).ok_or(MeetingRefusal::NotOnAgenda { item: number, items })?;
        if self.outcome(number).is_some() {
            return Err(MeetingRefusal::Decided { item: number });
        }
        let represented = self.represented.shares;
        if let Some(needed) = began.quorum.filter(|needed| item.kind.needs_quorum() && represented < *needed)
        {
            let issued = self.roll.ok_or(MeetingRefusal::RollNotSealed)?.shares_issued;
            return Err(MeetingRefusal::NoQuorum { item: number, needed, issued, represented });
        }
        Ok(item)
    }

    /// Whether the vote of one person may be cast by another, or by the same.
    pub(super) fn may_cast(
        &self,
        number: ItemNumber,
        (voter, by): (PersonId, PersonId),
        ballot: Ballot,
        facts: &Facts<Self>,
    ) -> Result<(), MeetingRefusal> {
        let item = self.votable(number)?;
        if item.ballot != ballot {
            let (found, expected) = (ballot.word(), item.ballot.word());
            return Err(MeetingRefusal::OtherBallot { item: number, found, expected });
        }
        if self.is_counted(number) {
            return Err(MeetingRefusal::TalliedAlready { item: number });
        }
        self.voter(voter, facts)?;
        let part = self.part(voter);
        if by != voter && part.proxy != Some(by) {
            return Err(MeetingRefusal::NotTheProxy { by, voter });
        }
        if !self.part(by).present {
            return Err(MeetingRefusal::NotPresent { person: by });
        }
        if part.voted & number.bit() != 0 {
            return Err(MeetingRefusal::VotedAlready { voter, item: number });
        }
        let represented = self.represented.votes;
        let share = facts.parameters.rate(Parameter::MeetingVotesShareMax, facts.effective_on)?;
        let (votes, cap) = (self.votes_of(by, number) + 1, votes_cap(represented, share));
        if votes > cap {
            return Err(MeetingRefusal::AboveTenth { by, item: number, votes, represented, cap });
        }
        Ok(())
    }

    /// Whether a vote says something that the item asks.
    pub(super) fn require_choice(
        &self,
        number: ItemNumber,
        choice: &Choice,
        facts: &Facts<Self>,
    ) -> Result<(), MeetingRefusal> {
        let item = self.votable(number)?;
        match (item.kind, choice) {
            (ItemKind::Election { seats, .. }, Choice::Elect(candidates)) => {
                require_candidates(number, candidates, facts)?;
                let chosen = candidates.len();
                if chosen > seats as usize {
                    return Err(MeetingRefusal::TooManyChosen { item: number, chosen, seats });
                }
                if chosen == 0 {
                    return Err(MeetingRefusal::Nobody { what: "candidate" });
                }
                Ok(())
            }
            (ItemKind::Election { .. }, Choice::Abstain) => Ok(()),
            (ItemKind::Election { .. }, Choice::InFavour | Choice::Against) => {
                Err(MeetingRefusal::WrongChoice { item: number, expected: "an election" })
            }
            (_, Choice::Elect(_)) => {
                Err(MeetingRefusal::WrongChoice { item: number, expected: "a resolution" })
            }
            (_, Choice::InFavour | Choice::Against | Choice::Abstain) => Ok(()),
        }
    }

    /// Whether what the scrutineers counted can be so.
    pub(super) fn require_tally(
        &self,
        number: ItemNumber,
        tally: &Tally,
        scrutineers: &[PersonId],
        facts: &Facts<Self>,
    ) -> Result<(), MeetingRefusal> {
        let item = self.votable(number)?;
        let (found, expected) = (Ballot::Secret.word(), item.ballot.word());
        if item.ballot != Ballot::Secret {
            return Err(MeetingRefusal::OtherBallot { item: number, found, expected });
        }
        if self.is_counted(number) {
            return Err(MeetingRefusal::TalliedAlready { item: number });
        }
        if scrutineers.is_empty() {
            return Err(MeetingRefusal::Nobody { what: "scrutineer" });
        }
        let named = &self.began()?.scrutineers;
        if let Some(person) = scrutineers.iter().find(|person| !named.contains(person)) {
            return Err(MeetingRefusal::NotAScrutineer { person: *person });
        }
        let voters = self.counted.get(&number).map_or(0, |counted| counted.voters);
        let above = |tallied: u64| {
            (tallied > u64::from(voters)).then_some(MeetingRefusal::TallyAboveVoters {
                item: number,
                tallied,
                voters,
            })
        };
        match (item.kind, tally) {
            (ItemKind::Election { seats, .. }, Tally::Election { votes, abstained, invalid }) => {
                let named: Vec<_> = votes.iter().map(|of| of.candidate).collect();
                require_candidates(number, &named, facts)?;
                let apart = u64::from(*abstained) + u64::from(*invalid);
                let most = votes.iter().map(|of| u64::from(of.votes)).max().unwrap_or(0);
                let sum: u64 = votes.iter().map(|of| u64::from(of.votes)).sum();
                // One paper names each candidate once, and no more of them than there are seats.
                let papers = most.max(sum.div_ceil(u64::from(seats.max(1))));
                above(papers + apart).map_or(Ok(()), Err)
            }
            (ItemKind::Election { .. }, Tally::Resolution { .. }) => {
                Err(MeetingRefusal::WrongChoice { item: number, expected: "an election" })
            }
            (_, Tally::Election { .. }) => {
                Err(MeetingRefusal::WrongChoice { item: number, expected: "a resolution" })
            }
            (_, Tally::Resolution { votes, invalid }) => {
                let Votes { in_favour, against, abstained } = *votes;
                above([in_favour, against, abstained, *invalid].map(u64::from).iter().sum())
                    .map_or(Ok(()), Err)
            }
        }
    }

    /// What the votes on an item decide.
    pub(super) fn decide_item(
        &self,
        number: ItemNumber,
        facts: &Facts<Self>,
    ) -> Result<MeetingEvent, MeetingRefusal> {
        let item = self.votable(number)?;
        let counted = self.counted.get(&number).cloned().unwrap_or_default();
        if item.ballot == Ballot::Secret && !counted.tallied {
            return Err(MeetingRefusal::NotTallied { item: number });
        }
        let (votes_represented, votes_greatest) = (self.represented.votes, self.votes_greatest(number));
        let majority = item.kind.majority(&facts.parameters, facts.effective_on)?;
        Ok(match (item.kind, majority) {
            (kind, Some(majority)) => MeetingEvent::ResolutionDecided {
                item: number,
                kind,
                majority,
                quorum: self.began()?.quorum.filter(|_| kind.needs_quorum()),
                shares_represented: self.represented.shares,
                votes_represented,
                votes_greatest,
                votes: counted.votes,
                adopted: majority.is_reached_by(counted.votes),
            },
            (ItemKind::Election { mandate, seats }, None) => {
                let mut votes: BTreeMap<PersonId, u32> =
                    facts.known.candidates.iter().map(|candidate| (*candidate, 0)).collect();
                votes.extend(&counted.candidates);
                let votes =
                    votes.into_iter().map(|(candidate, votes)| CandidateVotes { candidate, votes }).collect();
                MeetingEvent::ElectionDecided {
                    item: number,
                    mandate,
                    seats,
                    votes_represented,
                    votes_greatest,
                    results: elected(votes, seats),
                    abstained: counted.votes.abstained,
                }
            }
            (_, None) => unreachable!("only an election goes by most votes"),
        })
    }

    /// How many votes on an item a person has cast: the own one and those held.
    fn votes_of(&self, by: PersonId, item: ItemNumber) -> u32 {
        let has_voted = |person: &PersonId| self.part(*person).voted & item.bit() != 0;
        let own = u32::from(has_voted(&by) && self.part(by).proxy.is_none());
        let held = self.givers.get(&by).into_iter().flatten().filter(|giver| has_voted(giver));
        own + u32::try_from(held.count()).expect("proxies are counted in 32 bits")
    }

    fn votes_greatest(&self, item: ItemNumber) -> u32 {
        let voters = self.counted.get(&item).map_or(0, |counted| counted.voters);
        let by_proxies = self.givers.keys().map(|holder| self.votes_of(*holder, item)).max();
        by_proxies.unwrap_or(0).max(voters.min(1))
    }
}

/// Each is named once and stands for election.
fn require_candidates(
    item: ItemNumber,
    named: &[PersonId],
    facts: &Facts<Meeting>,
) -> Result<(), MeetingRefusal> {
    for (n, person) in named.iter().enumerate() {
        if named[..n].contains(person) {
            return Err(MeetingRefusal::NamedTwice { person: *person, item });
        }
        if !facts.known.candidates.contains(person) {
            return Err(MeetingRefusal::NotACandidate { person: *person, item });
        }
    }
    Ok(())
}
