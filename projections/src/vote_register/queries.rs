//! Meetings as they stand on a day, as known at a position: who took part, who voted, what was decided.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{MeetingId, PersonId};
use domain::{Day, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times, Value};
use crate::row::Row;

/// One general meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeetingOverview {
    /// The meeting.
    pub meeting: MeetingId,
    /// `ordinary`, `special` or `extraordinary`.
    pub kind: String,
    /// The day for which it was called.
    pub held_on: Day,
    /// The day whose members may vote.
    pub record_on: Day,
    /// Position of the last event on which the sealed roll rests.
    pub known_at: Option<Position>,
    /// SHA-256 of the sealed list of voters.
    pub roll: Option<String>,
    /// Voters on it who work through the cooperative.
    pub users: u64,
    /// Voters on it who are staff, clients or partners.
    pub partners: u64,
    /// All shares in issue.
    pub shares_issued: u64,
    /// Voters who attend.
    pub present: u64,
    /// Votes of those who attend and of those whose proxy does.
    pub votes_represented: u64,
    /// Their shares.
    pub shares_represented: u64,
    /// Shares that a change of the statutes needs represented.
    pub quorum: Option<u64>,
    /// Where it stands: `convened`, `sealed`, `opened`, `closed` or `signed`.
    pub state: String,
}

/// One item of an agenda, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemOverview {
    /// Its number.
    pub item: i64,
    /// What it asks for, by its word.
    pub kind: String,
    /// `open` or `secret`.
    pub ballot: String,
    /// How many voted.
    pub voters: u64,
    /// For it; of an open vote as cast so far, of a secret one as tallied.
    pub in_favour: i64,
    /// Against it.
    pub against: i64,
    /// Neither.
    pub abstained: i64,
    /// Votes represented when it was decided.
    pub votes_represented: Option<i64>,
    /// Most votes, own and by proxy, that one person cast.
    pub votes_greatest: u64,
    /// Whether it was adopted; none for an election, and while it is not decided.
    pub adopted: Option<bool>,
    /// Who stood for election, once that is decided.
    pub candidates: Vec<Candidate>,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Who stood.
    pub candidate: PersonId,
    /// How many wanted that.
    pub votes: i64,
    /// Whether the candidate is elected.
    pub elected: bool,
}

/// One vote: of a secret one it is known that it was cast, never how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoteLine {
    /// Position of the event.
    pub position: Position,
    /// Under which item.
    pub item: i64,
    /// Whose vote it is.
    pub voter: PersonId,
    /// Who cast it.
    pub by: PersonId,
    /// `in_favour`, `against`, `abstain` or `elect`; none of a secret vote.
    pub choice: Option<String>,
    /// The candidates it is for.
    pub candidates: Vec<PersonId>,
}

/// One who attends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// Position of the event.
    pub position: Position,
    /// Who.
    pub person: PersonId,
    /// `in_person` or `remote`.
    pub presence: String,
    /// The category of the person's own vote; none for whoever only holds proxies.
    pub category: Option<String>,
    /// The person's own shares.
    pub shares: u64,
    /// How many votes of others the person holds.
    pub proxies: u64,
}

/// One proxy that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Proxy {
    /// Position of the event.
    pub position: Position,
    /// Who gave the vote.
    pub giver: PersonId,
    /// Who holds it.
    pub holder: PersonId,
    /// Shares of the giver.
    pub shares: u64,
}

/// Every general meeting that was convened, as it stands on a day, as known at a position, by id.
pub fn meetings(reader: &dyn Reader, times: Times) -> Result<Vec<MeetingOverview>, ReadError> {
    let found = reader.query(
        "SELECT meeting, position, sign, voids, step, kind, held_on, record_on, known_at, digest, users,
                partners, shares, quorum
         FROM meeting_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY meeting, position, line",
        &[times.day(), times.position()],
    )?;
    let mut overviews = Vec::new();
    for of_meeting in standing(&found, |row| row.id())?.chunk_by(|a, b| a.0 == b.0) {
        let meeting = MeetingId::new(of_meeting[0].0);
        let mut overview = None;
        for (_, _, cells) in of_meeting {
            let mut row = Row::new(&cells[4..]);
            let step = row.text()?;
            let (kind, held_on, record_on) = (row.optional_text()?, row.optional_day()?, row.optional_day()?);
            let (known_at, digest) = (row.optional_position()?, row.optional_text()?);
            let (users, partners, shares) = (row.count()?, row.count()?, row.count()?);
            let quorum = row.optional_position()?.map(|shares| shares.0);
            if step == "convened" {
                overview =
                    kind.zip(held_on).zip(record_on).map(|((kind, held_on), record_on)| MeetingOverview {
                        meeting,
                        kind: kind.to_owned(),
                        held_on,
                        record_on,
                        known_at: None,
                        roll: None,
                        users: 0,
                        partners: 0,
                        shares_issued: 0,
                        present: 0,
                        votes_represented: 0,
                        shares_represented: 0,
                        quorum: None,
                        state: String::new(),
                    });
            }
            let Some(overview) = &mut overview else { continue };
            step.clone_into(&mut overview.state);
            match step {
                "sealed" => {
                    (overview.known_at, overview.roll) = (known_at, digest.map(str::to_owned));
                    (overview.users, overview.partners, overview.shares_issued) = (users, partners, shares);
                }
                "opened" => overview.quorum = quorum,
                _ => {}
            }
        }
        if let Some(mut overview) = overview {
            represented(reader, &mut overview, times)?;
            overviews.push(overview);
        }
    }
    Ok(overviews)
}

/// Who attends a meeting, in the order of the log.
pub fn attendance(
    reader: &dyn Reader,
    meeting: MeetingId,
    times: Times,
) -> Result<Vec<Attendance>, ReadError> {
    let proxies = proxies(reader, meeting, times)?;
    let mut held: BTreeMap<PersonId, u64> = BTreeMap::new();
    proxies.iter().for_each(|proxy| *held.entry(proxy.holder).or_default() += 1);
    let steps = personal(reader, meeting, times)?;
    let attended = steps.into_iter().filter(|step| step.step == "attended");
    Ok(attended
        .map(|step| Attendance {
            position: step.position,
            person: step.person,
            presence: step.word.unwrap_or_default(),
            category: step.category,
            shares: step.shares,
            proxies: held.get(&step.person).copied().unwrap_or_default(),
        })
        .collect())
}

/// The proxies that hold at a meeting, in the order in which they were given.
pub fn proxies(reader: &dyn Reader, meeting: MeetingId, times: Times) -> Result<Vec<Proxy>, ReadError> {
    let mut proxies: Vec<Proxy> = Vec::new();
    for step in personal(reader, meeting, times)? {
        match (step.step.as_str(), step.by) {
            ("proxy_given", Some(holder)) => {
                let (position, giver, shares) = (step.position, step.person, step.shares);
                proxies.push(Proxy { position, giver, holder, shares });
            }
            ("proxy_revoked", _) => proxies.retain(|proxy| proxy.giver != step.person),
            _ => {}
        }
    }
    Ok(proxies)
}

/// Every vote of a meeting that stands, in the order of the log.
pub fn votes(reader: &dyn Reader, meeting: MeetingId, times: Times) -> Result<Vec<VoteLine>, ReadError> {
    let named = candidates(reader, meeting)?;
    let steps = personal(reader, meeting, times)?;
    let votes = steps.into_iter().filter(|step| matches!(step.step.as_str(), "voted" | "balloted"));
    Ok(votes
        .filter_map(|step| {
            let named = named.get(&(step.position, step.line)).map_or(&[][..], Vec::as_slice);
            Some(VoteLine {
                position: step.position,
                item: step.item?,
                voter: step.person,
                by: step.by?,
                choice: step.word,
                candidates: named.iter().map(|of| of.candidate).collect(),
            })
        })
        .collect())
}

/// The agenda of a meeting, by number, with what became of each item.
pub fn items(reader: &dyn Reader, meeting: MeetingId, times: Times) -> Result<Vec<ItemOverview>, ReadError> {
    let votes = votes(reader, meeting, times)?;
    let mut items = agenda(reader, meeting, times)?;
    for item in &mut items {
        let of_item: Vec<_> = votes.iter().filter(|vote| vote.item == item.item).collect();
        let count = |word: &str| of_item.iter().filter(|vote| vote.choice.as_deref() == Some(word)).count();
        let mut by: BTreeMap<PersonId, u64> = BTreeMap::new();
        of_item.iter().for_each(|vote| *by.entry(vote.by).or_default() += 1);
        item.voters = of_item.len() as u64;
        item.votes_greatest = by.into_values().max().unwrap_or_default();
        [item.in_favour, item.against, item.abstained] =
            ["in_favour", "against", "abstain"].map(|word| count(word) as i64);
    }
    let found = reader.query(
        "SELECT item, position, sign, voids, line, step, in_favour, against, abstained, votes_represented,
                adopted
         FROM decision_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND meeting = ?3
         ORDER BY position, line",
        &[times.day(), times.position(), Value::Id(meeting.uuid())],
    )?;
    let results = candidates(reader, meeting)?;
    for (number, position, cells) in standing(&found, |row| row.integer())? {
        let Some(item) = items.iter_mut().find(|item| item.item == number) else { continue };
        let mut row = Row::new(&cells[4..]);
        let (line, step) = (row.integer()?, row.text()?);
        let counts = [row.integer()?, row.integer()?, row.integer()?];
        let (represented, adopted) = (row.integer()?, row.optional_position()?);
        [item.in_favour, item.against, item.abstained] = counts;
        if step != "tallied" {
            item.votes_represented = Some(represented);
            item.adopted = adopted.map(|adopted| adopted.0 != 0);
            item.candidates = results.get(&(position, line)).cloned().unwrap_or_default();
        }
    }
    Ok(items)
}

/// A step of a person that stands.
struct Personal {
    position: Position,
    line: i64,
    step: String,
    item: Option<i64>,
    person: PersonId,
    by: Option<PersonId>,
    word: Option<String>,
    category: Option<String>,
    shares: u64,
}

fn personal(reader: &dyn Reader, meeting: MeetingId, times: Times) -> Result<Vec<Personal>, ReadError> {
    let found = reader.query(
        "SELECT line, position, sign, voids, step, item, person, by_person, word, category, shares
         FROM vote_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND meeting = ?3
         ORDER BY position, line",
        &[times.day(), times.position(), Value::Id(meeting.uuid())],
    )?;
    let step = |(line, position, cells): (i64, Position, &[Cell])| {
        let mut row = Row::new(&cells[4..]);
        Ok(Personal {
            position,
            line,
            step: row.text()?.to_owned(),
            item: row.optional_position()?.map(|item| i64::try_from(item.0).unwrap_or_default()),
            person: row.person()?,
            by: row.optional_person()?,
            word: row.optional_text()?.map(str::to_owned),
            category: row.optional_text()?.map(str::to_owned),
            shares: row.integer()?.try_into().unwrap_or_default(),
        })
    };
    standing(&found, |row| row.integer())?.into_iter().map(step).collect()
}

fn agenda(reader: &dyn Reader, meeting: MeetingId, times: Times) -> Result<Vec<ItemOverview>, ReadError> {
    let found = reader.query(
        "SELECT called.position, called.position, called.sign, called.voids, items.item, items.kind, items.ballot
         FROM meeting_lines AS called
         LEFT JOIN meeting_items AS items
           ON items.position = called.position AND items.line = called.line
         WHERE called.effective_on <= ?1
           AND called.position <= ?2
           AND called.meeting = ?3
           AND called.step = 'convened'
         ORDER BY called.position, called.line, items.item",
        &[times.day(), times.position(), Value::Id(meeting.uuid())],
    )?;
    let item = |(_, _, cells): (i64, Position, &[Cell])| {
        let mut row = Row::new(&cells[4..]);
        Ok(ItemOverview {
            item: row.integer()?,
            kind: row.text()?.to_owned(),
            ballot: row.text()?.to_owned(),
            voters: 0,
            in_favour: 0,
            against: 0,
            abstained: 0,
            votes_represented: None,
            votes_greatest: 0,
            adopted: None,
            candidates: Vec::new(),
        })
    };
    standing(&found, |row| row.integer())?.into_iter().map(item).collect()
}

type Named = BTreeMap<(Position, i64), Vec<Candidate>>;

/// The candidates under each line of a meeting.
fn candidates(reader: &dyn Reader, meeting: MeetingId) -> Result<Named, ReadError> {
    let found = reader.query(
        "SELECT position, line, candidate, votes, elected
         FROM candidate_lines
         WHERE meeting = ?1
         ORDER BY position, line, n",
        &[Value::Id(meeting.uuid())],
    )?;
    let mut named = Named::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let under = (row.position()?, row.integer()?);
        let (candidate, votes, elected) = (row.person()?, row.integer()?, row.integer()? != 0);
        named.entry(under).or_default().push(Candidate { candidate, votes, elected });
    }
    Ok(named)
}

fn represented(reader: &dyn Reader, overview: &mut MeetingOverview, times: Times) -> Result<(), ReadError> {
    let attends = attendance(reader, overview.meeting, times)?;
    let there: BTreeSet<_> = attends.iter().map(|of| of.person).collect();
    let own = attends.iter().filter(|of| of.category.is_some());
    let proxies = proxies(reader, overview.meeting, times)?;
    let held = proxies.iter().filter(|proxy| there.contains(&proxy.holder));
    overview.present = own.clone().count() as u64;
    overview.votes_represented = overview.present + held.clone().count() as u64;
    overview.shares_represented =
        own.map(|of| of.shares).sum::<u64>() + held.map(|proxy| proxy.shares).sum::<u64>();
    Ok(())
}

/// The rows that stand: neither what takes back nor what was taken back.
///
/// Each row begins with its key, then `position, sign, voids`.
fn standing<'a, K>(
    found: &'a [Vec<Cell>],
    key: impl Fn(&mut Row<'a>) -> Result<K, ReadError>,
) -> Result<Vec<(K, Position, &'a [Cell])>, ReadError> {
    let mut void = BTreeSet::new();
    let mut rows = Vec::with_capacity(found.len());
    for cells in found {
        let mut row = Row::new(cells);
        let key = key(&mut row)?;
        let (position, sign) = (row.position()?, row.integer()?);
        void.extend(row.optional_position()?);
        if sign > 0 {
            rows.push((key, position, cells.as_slice()));
        }
    }
    rows.retain(|(_, position, _)| !void.contains(position));
    Ok(rows)
}
