//! Groups and recommendations as they stand on a day, and what each year counts.

use std::collections::BTreeSet;
use std::fmt;

use domain::ids::{BoardDecisionId, GroupId, RecommendationId, ResolutionId};
use domain::{Day, Position, Year};
use serde::Serialize;
use uuid::Uuid;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// One group in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupOverview {
    /// The group.
    pub group: GroupId,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub topic: String,
    /// When it opened.
    pub opened_on: Day,
    /// When it closed, if it did.
    pub closed_on: Option<Day>,
    /// How often it met.
    pub n_meetings: i64,
    /// Participants, summed over its meetings.
    pub attendances: i64,
    /// Hundredths of an hour that it met.
    pub hours_hundredths: i64,
}

/// How far a recommendation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It was made.
    Made,
    /// A group debated it.
    Debated,
    /// The board accepted it as made.
    Validated,
    /// The board accepted it in other words.
    Amended,
    /// The board did not accept it.
    Rejected,
    /// The general meeting adopted it.
    Adopted,
    /// The general meeting voted it down.
    VotedDown,
    /// It was carried out.
    CarriedOut,
}

/// One recommendation and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecommendationOverview {
    /// The recommendation.
    pub recommendation: RecommendationId,
    /// The group that made it, if one did.
    pub group: Option<GroupId>,
    /// What it is about.
    pub topic: String,
    /// How far it has come.
    pub stage: Stage,
    /// When it was made.
    pub made_on: Day,
    /// How often it was debated.
    pub n_debates: i64,
    /// The board's answer.
    pub decision: Option<BoardDecisionId>,
    /// The meeting's resolution.
    pub resolution: Option<ResolutionId>,
    /// Day of its last step.
    pub last_on: Day,
}

/// How many recommendations came how far, of all that were made by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Made.
    pub made: i64,
    /// Of which debated at least once.
    pub debated: i64,
    /// Of which the board answered.
    pub answered: i64,
    /// Of which it accepted, as made or in other words.
    pub accepted: i64,
    /// Of which the meeting adopted.
    pub adopted: i64,
    /// Carried out.
    pub carried_out: i64,
}

/// What a year counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct YearCounts {
    /// The year.
    pub year: Year,
    /// Groups opened.
    pub groups: i64,
    /// Meetings of groups.
    pub meetings: i64,
    /// Participants, summed over meetings.
    pub attendances: i64,
    /// Hundredths of an hour.
    pub hours_hundredths: i64,
    /// Recommendations made.
    pub made: i64,
    /// Debates of recommendations.
    pub debates: i64,
    /// Answers of the board that accept.
    pub accepted: i64,
    /// Answers of the board that reject.
    pub rejected: i64,
    /// Recommendations carried out.
    pub carried_out: i64,
    /// Elections of bodies.
    pub elections: i64,
    /// Advice given by bodies.
    pub advices: i64,
    /// Cases of ethics opened.
    pub cases: i64,
    /// Cases concluded with a recommendation.
    pub cases_with: i64,
    /// Cases concluded without.
    pub cases_without: i64,
}

/// Every group opened by then, by kind and day of opening.
pub fn groups(reader: &dyn Reader, times: Times) -> Result<Vec<GroupOverview>, ReadError> {
    let lines = lines_of(reader, "group", times)?;
    let mut groups: Vec<_> = lines.chunk_by(|a, b| a.thing == b.thing).filter_map(group).collect();
    groups.sort_by(|a, b| (&a.kind, a.opened_on, a.group).cmp(&(&b.kind, b.opened_on, b.group)));
    Ok(groups)
}

/// Every recommendation made by then, in the order in which they were made.
pub fn recommendations(reader: &dyn Reader, times: Times) -> Result<Vec<RecommendationOverview>, ReadError> {
    let lines = lines_of(reader, "recommendation", times)?;
    let mut found: Vec<_> = lines.chunk_by(|a, b| a.thing == b.thing).filter_map(recommendation).collect();
    found.sort_by_key(|one| (one.made_on, one.recommendation));
    Ok(found)
}

/// How many recommendations came how far.
pub fn funnel(recommendations: &[RecommendationOverview]) -> Funnel {
    let count = |fits: fn(&RecommendationOverview) -> bool| {
        let n = recommendations.iter().filter(|one| fits(one)).count();
        i64::try_from(n).expect("counts fit")
    };
    Funnel {
        made: count(|_| true),
        debated: count(|one| one.n_debates > 0),
        answered: count(|one| one.decision.is_some()),
        accepted: count(|one| one.decision.is_some() && one.stage != Stage::Rejected),
        adopted: count(|one| one.resolution.is_some() && one.stage != Stage::VotedDown),
        carried_out: count(|one| one.stage == Stage::CarriedOut),
    }
}

/// Each year in which anything happened, up to the day asked for.
///
/// What is taken back later is taken off the year in which that takes effect.
pub fn years(reader: &dyn Reader, times: Times) -> Result<Vec<YearCounts>, ReadError> {
    let sum = |steps: &str, column: &str| {
        format!("CAST(SUM(CASE WHEN step IN ({steps}) THEN {column} ELSE 0 END) AS BIGINT)")
    };
    let columns = [
        sum("'opened'", "n"),
        sum("'met'", "n"),
        sum("'met'", "participants"),
        sum("'met'", "hours"),
        sum("'made'", "n"),
        sum("'debated'", "n"),
        sum("'validated', 'amended'", "n"),
        sum("'rejected'", "n"),
        sum("'carried_out'", "n"),
        sum("'elected'", "n"),
        sum("'advised'", "n"),
        sum("'case_opened'", "n"),
        sum("'concluded_with'", "n"),
        sum("'concluded_without'", "n"),
    ];
    let sql = format!(
        "SELECT effective_on / 10000, {}
         FROM participation_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY effective_on / 10000
         ORDER BY 1",
        columns.join(", ")
    );
    let counts = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(YearCounts {
            year: row.year()?,
            groups: row.integer()?,
            meetings: row.integer()?,
            attendances: row.integer()?,
            hours_hundredths: row.integer()?,
            made: row.integer()?,
            debates: row.integer()?,
            accepted: row.integer()?,
            rejected: row.integer()?,
            carried_out: row.integer()?,
            elections: row.integer()?,
            advices: row.integer()?,
            cases: row.integer()?,
            cases_with: row.integer()?,
            cases_without: row.integer()?,
        })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(counts).collect()
}

struct Line {
    thing: Uuid,
    position: Position,
    voids: Option<Position>,
    step: String,
    kind: Option<String>,
    topic: Option<String>,
    group: Option<Uuid>,
    decision: Option<Uuid>,
    resolution: Option<Uuid>,
    n: i64,
    participants: i64,
    hours: i64,
    effective_on: Day,
}

/// The lines of all things of a kind, thing by thing, in the order of the log.
fn lines_of(reader: &dyn Reader, what: &str, times: Times) -> Result<Vec<Line>, ReadError> {
    let found = reader.query(
        &format!(
            "SELECT thing, position, voids, step, kind, topic, group_id, decision, resolution, n,
                    participants, hours, effective_on
             FROM participation_lines
             WHERE what = '{what}' AND effective_on <= ?1 AND position <= ?2
             ORDER BY thing, position, line"
        ),
        &[times.day(), times.position()],
    )?;
    let line = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(Line {
            thing: row.id()?,
            position: row.position()?,
            voids: row.optional_position()?,
            step: row.text()?.to_owned(),
            kind: row.optional_text()?.map(str::to_owned),
            topic: row.optional_text()?.map(str::to_owned),
            group: row.optional_id()?,
            decision: row.optional_id()?,
            resolution: row.optional_id()?,
            n: row.integer()?,
            participants: row.integer()?,
            hours: row.integer()?,
            effective_on: row.day()?,
        })
    };
    found.iter().map(line).collect()
}

/// The lines of one thing that stand: neither taken back nor taking back.
fn standing(lines: &[Line]) -> Vec<&Line> {
    let voided: BTreeSet<Position> = lines.iter().filter_map(|line| line.voids).collect();
    lines.iter().filter(|line| line.voids.is_none() && !voided.contains(&line.position)).collect()
}

fn group(lines: &[Line]) -> Option<GroupOverview> {
    let standing = standing(lines);
    let opened = standing.iter().find(|line| line.step == "opened")?;
    let met = || lines.iter().filter(|line| line.step == "met");
    Some(GroupOverview {
        group: GroupId::new(opened.thing),
        kind: opened.kind.clone()?,
        topic: opened.topic.clone()?,
        opened_on: opened.effective_on,
        closed_on: standing.iter().find(|line| line.step == "closed").map(|line| line.effective_on),
        n_meetings: met().map(|line| line.n).sum(),
        attendances: met().map(|line| line.participants).sum(),
        hours_hundredths: met().map(|line| line.hours).sum(),
    })
}

fn recommendation(lines: &[Line]) -> Option<RecommendationOverview> {
    let standing = standing(lines);
    let made = standing.iter().find(|line| line.step == "made")?;
    let stage = standing.iter().filter_map(|line| Stage::from_word(&line.step)).max()?;
    Some(RecommendationOverview {
        recommendation: RecommendationId::new(made.thing),
        group: made.group.map(GroupId::new),
        topic: made.topic.clone()?,
        stage,
        made_on: made.effective_on,
        n_debates: lines.iter().filter(|line| line.step == "debated").map(|line| line.n).sum(),
        decision: standing.iter().find_map(|line| line.decision).map(BoardDecisionId::new),
        resolution: standing.iter().find_map(|line| line.resolution).map(ResolutionId::new),
        last_on: standing.iter().map(|line| line.effective_on).max()?,
    })
}

impl Stage {
    /// Every stage, in the order of the way.
    pub const ALL: [Self; 8] = [
        Self::Made,
        Self::Debated,
        Self::Validated,
        Self::Amended,
        Self::Rejected,
        Self::Adopted,
        Self::VotedDown,
        Self::CarriedOut,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Debated => "debated",
            Self::Validated => "validated",
            Self::Amended => "amended",
            Self::Rejected => "rejected",
            Self::Adopted => "adopted",
            Self::VotedDown => "voted_down",
            Self::CarriedOut => "carried_out",
        }
    }

    /// The stage of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
