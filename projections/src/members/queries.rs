//! Who is a member, at a day, as known at a position.

use domain::ids::{MemberId, PersonId};
use domain::member::Category;
use domain::{Day, Position};
use serde::Serialize;

use super::category_of;
use crate::port::{ReadError, Reader, Times};
use crate::row::Row;

/// One membership, from request to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// The membership.
    pub member: MemberId,
    /// Whose it is.
    pub person: PersonId,
    /// In which category.
    pub category: Category,
    /// Where it stands on the day asked for.
    pub standing: Standing,
    /// Since when the person is or was a member.
    pub since: Option<Day>,
    /// When and how the person leaves or left.
    pub departure: Option<Departure>,
    /// Why admission was refused.
    pub refused_because: Option<String>,
}

/// Where a membership stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Asked, not yet decided.
    Requested,
    /// Admission was refused.
    Refused,
    /// A member; whoever resigns is one up to and including the day on which that takes effect.
    Member,
    /// No member any more.
    Left,
}

/// When and how one leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Departure {
    /// The last day as a member after a resignation; otherwise the day on which it ended.
    pub on: Day,
    /// How.
    pub how: How,
}

/// How one leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By a resignation that was accepted.
    Resigned,
    /// By exclusion, for the reason of this code.
    Excluded(String),
    /// By death, bankruptcy or incapacity.
    ByLaw(String),
    /// Without resignation, for the reason of this code.
    Ended(String),
}

/// How many memberships stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Members who work through the cooperative.
    pub users: u64,
    /// Staff, clients and partners who are members.
    pub partners: u64,
    /// Requests not yet decided.
    pub requested: u64,
    /// Requests refused.
    pub refused: u64,
    /// Members who left.
    pub left: u64,
}

/// Every membership as it stands on a day, as known at a position, by member id.
///
/// Steps count in the order of the log. Without a day every departure has come to pass, even one
/// that lies ahead: whoever asks about today must say which day that is.
pub fn members(reader: &dyn Reader, times: Times) -> Result<Vec<Membership>, ReadError> {
    let found = reader.query(
        "SELECT member, position, sign, voids, step, person, category, effective_on, until, reason
         FROM member_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY member, position, line",
        &[times.day(), times.position()],
    )?;
    let mut steps = Vec::with_capacity(found.len());
    for cells in &found {
        steps.push(StepRow::read(cells)?);
    }
    let of_one_member = steps.chunk_by(|a, b| a.member == b.member);
    Ok(of_one_member.filter_map(|steps| membership(steps, times.as_of)).collect())
}

/// Counts memberships by where they stand.
pub fn counts(memberships: &[Membership]) -> Counts {
    let mut counts = Counts::default();
    for membership in memberships {
        *match (membership.standing, membership.category) {
            (Standing::Member, Category::User) => &mut counts.users,
            (Standing::Member, Category::Partner) => &mut counts.partners,
            (Standing::Requested, _) => &mut counts.requested,
            (Standing::Refused, _) => &mut counts.refused,
            (Standing::Left, _) => &mut counts.left,
        } += 1;
    }
    counts
}

struct StepRow<'a> {
    member: MemberId,
    position: Position,
    sign: i64,
    voids: Option<Position>,
    step: &'a str,
    person: Option<PersonId>,
    category: Option<Category>,
    effective_on: Day,
    until: Option<Day>,
    reason: Option<&'a str>,
}

impl<'a> StepRow<'a> {
    fn read(cells: &'a [crate::port::Cell]) -> Result<Self, ReadError> {
        let mut row = Row::new(cells);
        Ok(Self {
            member: row.member()?,
            position: row.position()?,
            sign: row.integer()?,
            voids: row.optional_position()?,
            step: row.text()?,
            person: row.optional_person()?,
            category: row.optional_parsed("a category", category_of)?,
            effective_on: row.day()?,
            until: row.optional_day()?,
            reason: row.optional_text()?,
        })
    }
}

/// One membership of its steps; none when the request itself is not yet in effect.
fn membership(steps: &[StepRow<'_>], as_of: Option<Day>) -> Option<Membership> {
    let voided = |position: Position| steps.iter().any(|step| step.voids == Some(position));
    let first = steps.iter().find(|step| step.person.is_some())?;
    let mut found = Membership {
        member: first.member,
        person: first.person?,
        category: first.category?,
        standing: Standing::Requested,
        since: None,
        departure: None,
        refused_because: None,
    };
    for step in steps.iter().filter(|step| step.sign > 0 && !voided(step.position)) {
        found.category = step.category.unwrap_or(found.category);
        match step.step {
            "granted" => {
                found.standing = Standing::Member;
                found.since = Some(step.effective_on);
            }
            "refused" => {
                found.standing = Standing::Refused;
                found.refused_because = step.reason.map(str::to_owned);
            }
            "resignation_accepted" => {
                found.departure = step.until.map(|on| Departure { on, how: How::Resigned });
            }
            "excluded" => {
                let how = How::Excluded(step.reason.unwrap_or_default().to_owned());
                found.departure = Some(Departure { on: step.effective_on, how });
                found.standing = Standing::Left;
            }
            "left_by_law" => {
                let how = How::ByLaw(step.reason.unwrap_or_default().to_owned());
                found.departure = Some(Departure { on: step.effective_on, how });
                found.standing = Standing::Left;
            }
            // Whoever resigned left on the day of the resignation and the end only records it, unless
            // it comes before that day.
            "ended" if found.departure.as_ref().is_none_or(|left| step.effective_on < left.on) => {
                let how = How::Ended(step.reason.unwrap_or_default().to_owned());
                found.departure = Some(Departure { on: step.effective_on, how });
                found.standing = Standing::Left;
            }
            _ => {}
        }
    }
    if let Some(departure) = &found.departure
        && as_of.is_none_or(|day| day > departure.on)
    {
        found.standing = Standing::Left;
    }
    Some(found)
}
