//! Who is covered on a day, and each claim as it stands.

use domain::ids::{ClaimId, MemberId, PersonId};
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// A member whose cover runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MemberCover {
    /// The membership.
    pub member: MemberId,
    /// Who is covered.
    pub person: PersonId,
    /// Since when without a gap.
    pub from: Day,
}

/// A claim upon the insurer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The claim.
    pub claim: ClaimId,
    /// The membership under whose cover it was filed.
    pub member: MemberId,
    /// Who had the accident.
    pub person: PersonId,
    /// When it happened.
    pub accident_on: Day,
    /// What the insurer said.
    pub state: ClaimState,
    /// What it will pay in all.
    pub accepted: Balance,
    /// What it paid.
    pub paid: Balance,
}

/// What the insurer said to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// Nothing yet.
    Filed,
    /// That it will pay.
    Accepted,
    /// That it will not.
    Refused,
}

/// Who is covered on the day asked for, else on the last day that anything is known of, by membership.
pub fn covered(reader: &dyn Reader, times: Times) -> Result<Vec<MemberCover>, ReadError> {
    let cells = cells(reader, times)?;
    let lines = lines(&cells)?;
    let of_member = |lines: &[Line<'_>]| {
        let mut running = None;
        for line in lines {
            match line.step {
                // What begins when the last cover ended goes on with it.
                "activated" => {
                    let from = match running {
                        Some((from, Some(end))) if line.about_on == Some(end) => from,
                        _ => line.about_on?,
                    };
                    running = Some((from, None));
                }
                "lapsed" => running = running.map(|(from, _)| (from, line.about_on)),
                _ => {}
            }
        }
        let (from, end) = running?;
        let covers = |day: Day| end.is_none_or(|end| day < end);
        let covered = times.as_of.map_or(end.is_none(), covers);
        covered.then_some(MemberCover { member: lines[0].member, person: lines[0].person, from })
    };
    Ok(lines.chunk_by(|a, b| a.member == b.member).filter_map(of_member).collect())
}

/// Every claim as it stands on a day, by membership and in the order of the log.
pub fn claims(reader: &dyn Reader, times: Times) -> Result<Vec<Claim>, ReadError> {
    let cells = cells(reader, times)?;
    let mut claims: Vec<Claim> = Vec::new();
    for line in lines(&cells)? {
        let Some(claim) = line.claim else { continue };
        if let ("filed", Some(accident_on)) = (line.step, line.about_on) {
            let (state, [accepted, paid]) = (ClaimState::Filed, [Balance::ZERO; 2]);
            let Line { member, person, .. } = line;
            claims.push(Claim { claim, member, person, accident_on, state, accepted, paid });
            continue;
        }
        let Some(found) = claims.iter_mut().find(|found| found.claim == claim) else { continue };
        match line.step {
            "accepted" => {
                found.state = ClaimState::Accepted;
                found.accepted = line.amount;
            }
            "refused" => found.state = ClaimState::Refused,
            _ => found.paid = found.paid + line.amount,
        }
    }
    Ok(claims)
}

impl ClaimState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }
}

struct Line<'a> {
    position: Position,
    voids: Option<Position>,
    member: MemberId,
    person: PersonId,
    step: &'a str,
    about_on: Option<Day>,
    claim: Option<ClaimId>,
    amount: Balance,
}

fn cells(reader: &dyn Reader, times: Times) -> Result<Vec<Vec<Cell>>, ReadError> {
    reader.query(
        "SELECT position, voids, member_id, person, step, about_on, claim_id, amount
         FROM cover_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY member_id, position, line",
        &[times.day(), times.position()],
    )
}

/// The steps that stand, by membership and in the order of the log.
fn lines(cells: &[Vec<Cell>]) -> Result<Vec<Line<'_>>, ReadError> {
    let read = |cells| {
        let mut row = Row::new(cells);
        Ok(Line {
            position: row.position()?,
            voids: row.optional_position()?,
            member: row.member()?,
            person: row.person()?,
            step: row.text()?,
            about_on: row.optional_day()?,
            claim: row.optional_id()?.map(ClaimId::new),
            amount: row.balance()?,
        })
    };
    let all = cells.iter().map(|cells| read(cells)).collect::<Result<Vec<_>, _>>()?;
    let voided: std::collections::BTreeSet<_> = all.iter().filter_map(|line| line.voids).collect();
    Ok(all.into_iter().filter(|line| line.voids.is_none() && !voided.contains(&line.position)).collect())
}
