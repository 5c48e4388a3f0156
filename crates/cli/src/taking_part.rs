//! `participation`, `activities`, `controls` and `offices`: what members and staff do together.
//!
//! Advisers and organisations are counted, never named here: names lie in the vault.

use std::process::ExitCode;

use anyhow::Result;
use domain::Balance;
use projections::controls::CheckState;
use projections::{activities, controls, offices, participation};

use crate::args::{ActivitiesArgs, ControlsArgs, OfficesArgs, ParticipationArgs};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const GROUP_COLUMNS: [Column; 8] = [
    Column::left("group", "group"),
    Column::left("kind", "kind"),
    Column::left("topic", "topic"),
    Column::left("opened_on", "opened on"),
    Column::left("closed_on", "closed on"),
    Column::right("n_meetings", "meetings"),
    Column::right("attendances", "attendances"),
    Column::right("hours", "hours"),
];

const RECOMMENDATION_COLUMNS: [Column; 9] = [
    Column::left("recommendation", "recommendation"),
    Column::left("group", "group"),
    Column::left("topic", "topic"),
    Column::left("stage", "stage"),
    Column::left("made_on", "made on"),
    Column::right("n_debates", "debates"),
    Column::left("decision", "board decision"),
    Column::left("resolution", "resolution"),
    Column::left("last_on", "last step on"),
];

const PARTICIPATION_YEAR_COLUMNS: [Column; 15] = [
    Column::left("year", "year"),
    Column::right("groups", "groups opened"),
    Column::right("meetings", "meetings"),
    Column::right("attendances", "attendances"),
    Column::right("hours", "hours"),
    Column::right("made", "recommendations"),
    Column::right("debates", "debates"),
    Column::right("accepted", "accepted"),
    Column::right("rejected", "rejected"),
    Column::right("carried_out", "carried out"),
    Column::right("elections", "elections"),
    Column::right("advices", "advice"),
    Column::right("cases", "ethics cases"),
    Column::right("cases_with", "with recommendation"),
    Column::right("cases_without", "without"),
];

const COUNT_COLUMNS: [Column; 7] = [
    Column::left("year", "year"),
    Column::left("what", "what"),
    Column::left("kind", "kind"),
    Column::left("scope", "scope"),
    Column::right("n", "count"),
    Column::right("participants", "participants"),
    Column::right("hours", "hours"),
];

const STOCK_COLUMNS: [Column; 4] = [
    Column::left("what", "what"),
    Column::left("kind", "kind"),
    Column::right("n", "count"),
    Column::right("full_time", "full time"),
];

const SURVEY_COLUMNS: [Column; 6] = [
    Column::left("survey", "survey"),
    Column::left("closed_on", "closed on"),
    Column::left("question", "question"),
    Column::right("n", "answers"),
    Column::right("mean_or_percent", "mean or %"),
    Column::right("best", "out of"),
];

const PLAN_COLUMNS: [Column; 4] = [
    Column::left("plan", "plan"),
    Column::left("kind", "kind"),
    Column::right("planned", "planned"),
    Column::right("carried_out", "carried out"),
];

const SAMPLING_COLUMNS: [Column; 8] = [
    Column::left("year", "year"),
    Column::left("timing", "timing"),
    Column::left("kind", "action"),
    Column::right("actions", "actions"),
    Column::right("drawn", "drawn"),
    Column::right("for_a_reason", "for a reason"),
    Column::right("reached_percent", "reached %"),
    Column::right("objective_percent", "objective %"),
];

const CHECK_COLUMNS: [Column; 6] = [
    Column::left("check", "check"),
    Column::left("kind", "action"),
    Column::left("drawn", "drawn"),
    Column::left("state", "state"),
    Column::left("begun_on", "begun on"),
    Column::left("last_on", "last step on"),
];

const FINDING_COLUMNS: [Column; 3] =
    [Column::left("finding", "finding"), Column::right("n", "checks"), Column::right("remedied", "remedied")];

const OFFICE_COLUMNS: [Column; 5] = [
    Column::left("office", "office"),
    Column::left("place", "place"),
    Column::left("opened_on", "opened on"),
    Column::left("closed_on", "closed on"),
    Column::right("n_advisers", "advisers"),
];

/// Prints the groups, the recommendations and how far they have come, and what each year counts.
pub fn participation(args: &ParticipationArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let groups = participation::groups(&asked.views, asked.times)?;
    let recommendations = participation::recommendations(&asked.views, asked.times)?;
    let mut of_groups = Sheet::new("groups", "Groups", &GROUP_COLUMNS);
    let groups_shown = out.first(&groups, args.limit);
    for group in groups_shown {
        of_groups.row([
            Cell::shown(group.group),
            Cell::from(group.kind.as_str()),
            Cell::from(group.topic.as_str()),
            Cell::shown(group.opened_on),
            Cell::optional(group.closed_on),
            Cell::from(group.n_meetings),
            Cell::from(group.attendances),
            hundredths(group.hours_hundredths),
        ]);
    }
    let mut way = Sheet::new("recommendations", "Recommendations", &RECOMMENDATION_COLUMNS);
    let recommendations_shown = out.first(&recommendations, args.limit);
    for one in recommendations_shown {
        way.row([
            Cell::shown(one.recommendation),
            Cell::optional(one.group),
            Cell::from(one.topic.as_str()),
            Cell::shown(one.stage),
            Cell::shown(one.made_on),
            Cell::from(one.n_debates),
            Cell::optional(one.decision),
            Cell::optional(one.resolution),
            Cell::shown(one.last_on),
        ]);
    }
    let mut years = Sheet::new("years", "Years", &PARTICIPATION_YEAR_COLUMNS);
    for year in participation::years(&asked.views, asked.times)? {
        years.row([
            Cell::shown(year.year),
            Cell::from(year.groups),
            Cell::from(year.meetings),
            Cell::from(year.attendances),
            hundredths(year.hours_hundredths),
            Cell::from(year.made),
            Cell::from(year.debates),
            Cell::from(year.accepted),
            Cell::from(year.rejected),
            Cell::from(year.carried_out),
            Cell::from(year.elections),
            Cell::from(year.advices),
            Cell::from(year.cases),
            Cell::from(year.cases_with),
            Cell::from(year.cases_without),
        ]);
    }
    let funnel = participation::funnel(&recommendations);
    let answer = asked
        .answer()
        .fact("n_groups", i64::try_from(groups.len())?)
        .fact("made", funnel.made)
        .fact("debated", funnel.debated)
        .fact("answered", funnel.answered)
        .fact("accepted", funnel.accepted)
        .fact("adopted", funnel.adopted)
        .fact("carried_out", funnel.carried_out);
    out.answer(&answer.sheet(of_groups).sheet(way).sheet(years))?;
    out.tell_cut("groups", groups_shown.len(), groups.len());
    out.tell_cut("recommendations", recommendations_shown.len(), recommendations.len());
    Ok(Exit::Ok.into())
}

/// Prints what was done per year and kind, what is there, what surveys say, and how plans go.
pub fn activities(args: &ActivitiesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let mut counts = Sheet::new("counts", "What was done", &COUNT_COLUMNS);
    let found = activities::counts(&asked.views, asked.times)?;
    for count in found.iter().filter(|count| args.year.is_none_or(|year| count.year == year)) {
        counts.row([
            Cell::shown(count.year),
            Cell::from(count.what.as_str()),
            Cell::optional(count.kind.as_deref()),
            Cell::optional(count.scope.as_deref()),
            Cell::from(count.n),
            Cell::from(count.participants),
            hundredths(count.hours_hundredths),
        ]);
    }
    let mut stocks = Sheet::new("stocks", "What is there", &STOCK_COLUMNS);
    for stock in activities::stocks(&asked.views, asked.times)? {
        stocks.row([
            Cell::from(stock.what.as_str()),
            Cell::from(stock.kind.as_str()),
            Cell::from(stock.n),
            hundredths(stock.full_time_hundredths),
        ]);
    }
    let mut surveys = Sheet::new("surveys", "Surveys", &SURVEY_COLUMNS);
    let answers = activities::surveys(&asked.views, asked.times)?;
    for answer in answers.iter().filter(|one| args.year.is_none_or(|year| one.closed_on.year() == year)) {
        surveys.row([
            Cell::shown(answer.survey),
            Cell::shown(answer.closed_on),
            Cell::from(answer.question.as_str()),
            Cell::from(answer.n),
            Cell::from(format!("{}.{}", answer.tenths / 10, answer.tenths % 10)),
            Cell::optional(answer.best),
        ]);
    }
    let mut plans = Sheet::new("plans", "Plans", &PLAN_COLUMNS);
    for plan in activities::plans(&asked.views, asked.times)? {
        plans.row([
            Cell::shown(plan.plan),
            Cell::from(plan.kind.as_str()),
            Cell::from(plan.planned),
            Cell::from(plan.carried_out),
        ]);
    }
    out.answer(&asked.answer().sheet(counts).sheet(stocks).sheet(surveys).sheet(plans))?;
    Ok(Exit::Ok.into())
}

/// Prints the share that was checked against the objective, the checks, and what they found.
pub fn controls(args: &ControlsArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let mut sampling = Sheet::new("sampling", "Share checked", &SAMPLING_COLUMNS);
    for one in controls::sampling(&asked.views, asked.times)? {
        sampling.row([
            Cell::shown(one.year),
            Cell::from(one.timing.word()),
            Cell::from(one.kind.as_str()),
            Cell::from(one.actions),
            Cell::from(one.drawn),
            Cell::from(one.for_a_reason),
            Cell::optional(one.reached_hundredths().map(Balance::from_cents)),
            Cell::optional(one.objective_hundredths().map(Balance::from_cents)),
        ]);
    }
    let found = controls::checks(&asked.views, asked.times)?;
    let is_open = |state| matches!(state, CheckState::UnderWay | CheckState::Failed);
    let n_open = found.iter().filter(|check| is_open(check.state)).count();
    let picked: Vec<_> = found.iter().filter(|check| !args.open || is_open(check.state)).collect();
    let shown = out.first(&picked, args.limit);
    let mut checks = Sheet::new("checks", "Checks", &CHECK_COLUMNS);
    for check in shown {
        checks.row([
            Cell::shown(check.check),
            Cell::from(check.kind.as_str()),
            Cell::from(check.drawn),
            Cell::shown(check.state),
            Cell::shown(check.begun_on),
            Cell::shown(check.last_on),
        ]);
    }
    let mut findings = Sheet::new("findings", "Findings", &FINDING_COLUMNS);
    for one in controls::findings(&asked.views, asked.times)? {
        findings.row([Cell::from(one.finding.as_str()), Cell::from(one.n), Cell::from(one.remedied)]);
    }
    let answer =
        asked.answer().fact("n_checks", i64::try_from(found.len())?).fact("n_open", i64::try_from(n_open)?);
    out.answer(&answer.sheet(sampling).sheet(checks).sheet(findings))?;
    out.tell_cut("checks", shown.len(), picked.len());
    Ok(Exit::Ok.into())
}

/// Prints the offices, and for a year how many holders there are per adviser.
pub fn offices(args: &OfficesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let found = offices::offices(&asked.views, asked.times)?;
    let mut sheet = Sheet::new("offices", "Offices", &OFFICE_COLUMNS);
    for office in &found {
        sheet.row([
            Cell::shown(office.office),
            Cell::from(office.place.as_str()),
            Cell::shown(office.opened_on),
            Cell::optional(office.closed_on),
            Cell::from(office.n_advisers),
        ]);
    }
    let n_open = found.iter().filter(|office| office.closed_on.is_none()).count();
    let mut answer = asked.answer().fact("n_open", i64::try_from(n_open)?);
    if let Some(year) = args.year {
        let caseload = offices::caseload(&asked.views, year, asked.times)?;
        answer = answer
            .fact("year", Cell::shown(year))
            .fact("offices_at_year_end", caseload.offices)
            .fact("advisers", caseload.advisers)
            .fact("active_holders", caseload.holders)
            .fact("holders_per_adviser", caseload.holders_per_adviser.map_or(Cell::Nothing, Cell::from));
    }
    out.answer(&answer.sheet(sheet))?;
    Ok(Exit::Ok.into())
}

/// Hundredths with two decimals, as money is written.
fn hundredths(n: i64) -> Cell {
    Cell::shown(Balance::from_cents(n))
}
