//! `register votes`, `register roll` and `mandates`: who may vote, who did, what was decided, who sits.
//!
//! Persons are ids here: names lie in the vault. Of a secret vote it is shown who voted, never how.

use std::process::ExitCode;

use anyhow::Result;
use domain::ids::MeetingId;
use domain::member::Category;
use projections::mandates::{self, State};
use projections::vote_register::{self, ItemOverview, MeetingOverview};

use crate::args::{MandatesArgs, RollArgs, TimesArgs, VotesArgs};
use crate::failure::{BadInput, Exit};
use crate::output::{Answer, Cell, Column, Output, Sheet};
use crate::views::{self, Asked};

const MEETING_COLUMNS: [Column; 13] = [
    Column::left("meeting", "meeting"),
    Column::left("kind", "kind"),
    Column::left("held_on", "held on"),
    Column::left("record_on", "record date"),
    Column::left("state", "state"),
    Column::right("users", "users"),
    Column::right("partners", "partners"),
    Column::right("shares_issued", "shares issued"),
    Column::right("present", "present"),
    Column::right("votes_represented", "votes represented"),
    Column::right("shares_represented", "shares represented"),
    Column::right("quorum", "quorum"),
    Column::right("roll_known_at", "roll known at"),
];

const ITEM_COLUMNS: [Column; 10] = [
    Column::right("item", "item"),
    Column::left("kind", "kind"),
    Column::left("ballot", "ballot"),
    Column::right("voters", "voters"),
    Column::right("in_favour", "for"),
    Column::right("against", "against"),
    Column::right("abstained", "abstained"),
    Column::right("votes_represented", "represented"),
    Column::right("votes_greatest", "greatest"),
    Column::left("outcome", "outcome"),
];

const CANDIDATE_COLUMNS: [Column; 4] = [
    Column::right("item", "item"),
    Column::left("candidate", "candidate"),
    Column::right("votes", "votes"),
    Column::left("elected", "elected"),
];

const ATTENDANCE_COLUMNS: [Column; 5] = [
    Column::left("person", "person"),
    Column::left("presence", "presence"),
    Column::left("category", "category"),
    Column::right("shares", "shares"),
    Column::right("proxies", "proxies"),
];

const PROXY_COLUMNS: [Column; 3] =
    [Column::left("giver", "giver"), Column::left("holder", "holder"), Column::right("shares", "shares")];

const VOTE_COLUMNS: [Column; 5] = [
    Column::right("position", "position"),
    Column::left("voter", "voter"),
    Column::left("by", "by"),
    Column::left("choice", "choice"),
    Column::left("candidates", "candidates"),
];

const ROLL_COLUMNS: [Column; 3] = [
    Column::left("person", "person"),
    Column::left("category", "category"),
    Column::right("shares", "shares"),
];

const MANDATE_COLUMNS: [Column; 9] = [
    Column::left("mandate", "mandate"),
    Column::left("person", "person"),
    Column::left("kind", "kind"),
    Column::left("state", "state"),
    Column::left("from", "from"),
    Column::left("until", "until"),
    Column::left("ended_on", "ended on"),
    Column::right("allowance_voted", "allowance voted"),
    Column::right("allowance_paid", "allowance paid"),
];

const SEAT_COLUMNS: [Column; 3] =
    [Column::left("kind", "seats for"), Column::right("seats", "seats"), Column::right("taken", "taken")];

/// Prints the general meetings, one of them, or each vote on one of its items.
pub fn votes(args: &VotesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let meetings = vote_register::meetings(&asked.views, asked.times)?;
    let Some(id) = args.meeting else {
        let shown = out.first(&meetings, args.limit);
        let mut sheet = Sheet::new("meetings", "General meetings", &MEETING_COLUMNS);
        shown.iter().for_each(|meeting| sheet.row(cells(meeting)));
        out.answer(&asked.answer().sheet(sheet))?;
        out.tell_cut("meetings", shown.len(), meetings.len());
        return Ok(Exit::Ok.into());
    };
    let Some(meeting) = meetings.iter().find(|meeting| meeting.meeting == id) else {
        let sentence = format!("--meeting {id}: expected a meeting that was convened by then, found none");
        return Err(BadInput::new(sentence).into());
    };
    let facts = MEETING_COLUMNS.iter().zip(cells(meeting));
    let answer = facts.fold(asked.answer(), |answer, (column, cell)| answer.fact(column.key(), cell));
    match args.item {
        Some(item) => votes_on(&asked, answer, (id, i64::from(item.number())), args, out),
        None => one_meeting(&asked, answer, id, args, out),
    }
}

fn one_meeting(
    asked: &Asked,
    answer: Answer,
    id: MeetingId,
    args: &VotesArgs,
    out: &Output,
) -> Result<ExitCode> {
    let items = vote_register::items(&asked.views, id, asked.times)?;
    let mut agenda = Sheet::new("items", "Agenda", &ITEM_COLUMNS);
    let mut candidates = Sheet::new("candidates", "Candidates", &CANDIDATE_COLUMNS);
    for item in &items {
        agenda.row(item_cells(item));
        for of in &item.candidates {
            candidates.row([
                Cell::from(item.item),
                Cell::shown(of.candidate),
                Cell::from(of.votes),
                Cell::from(of.elected),
            ]);
        }
    }
    let mut proxies = Sheet::new("proxies", "Proxies", &PROXY_COLUMNS);
    for proxy in vote_register::proxies(&asked.views, id, asked.times)? {
        proxies.row([Cell::shown(proxy.giver), Cell::shown(proxy.holder), Cell::from(proxy.shares)]);
    }
    let all = vote_register::attendance(&asked.views, id, asked.times)?;
    let shown = out.first(&all, args.limit);
    let mut attendance = Sheet::new("attendance", "Attendance", &ATTENDANCE_COLUMNS);
    for of in shown {
        attendance.row([
            Cell::shown(of.person),
            Cell::shown(&of.presence),
            Cell::optional(of.category.as_deref()),
            Cell::from(of.shares),
            Cell::from(of.proxies),
        ]);
    }
    out.answer(&answer.sheet(agenda).sheet(candidates).sheet(attendance).sheet(proxies))?;
    out.tell_cut_beside_totals("attending", shown.len(), all.len());
    Ok(Exit::Ok.into())
}

fn votes_on(
    asked: &Asked,
    answer: Answer,
    (id, item): (MeetingId, i64),
    args: &VotesArgs,
    out: &Output,
) -> Result<ExitCode> {
    let mut found = vote_register::votes(&asked.views, id, asked.times)?;
    found.retain(|vote| vote.item == item);
    let shown = out.first(&found, args.limit);
    let mut sheet = Sheet::new("votes", "Votes", &VOTE_COLUMNS);
    for vote in shown {
        let candidates: Vec<String> = vote.candidates.iter().map(ToString::to_string).collect();
        sheet.row([
            Cell::from(vote.position),
            Cell::shown(vote.voter),
            Cell::shown(vote.by),
            Cell::optional(vote.choice.as_deref()),
            Cell::shown(candidates.join(" ")),
        ]);
    }
    out.answer(&answer.sheet(sheet))?;
    out.tell_cut("votes", shown.len(), found.len());
    Ok(Exit::Ok.into())
}

/// Prints who may vote at a record date, as the command that seals the roll wants it stated.
pub fn roll(args: &RollArgs, out: &Output) -> Result<ExitCode> {
    let times = TimesArgs { as_of: Some(args.record_on), known_at: args.known_at };
    let asked = views::ask(&args.at.dir, times, out)?;
    let roll = vote_register::roll(&asked.views, asked.times)?;
    let voters: Vec<_> = roll.voters.iter().collect();
    let shown = out.first(&voters, args.limit);
    let mut sheet = Sheet::new("voters", "Voters", &ROLL_COLUMNS);
    for (person, voter) in shown {
        let category = match voter.category {
            Category::User => "user",
            Category::Partner => "partner",
        };
        sheet.row([Cell::shown(person), Cell::shown(category), Cell::from(u64::from(voter.shares))]);
    }
    let answer = asked
        .answer()
        .fact("record_on", Cell::shown(args.record_on))
        .fact("digest", Cell::shown(app::digest_of_roll(&roll)))
        .fact("users", Cell::from(u64::from(roll.count(Category::User))))
        .fact("partners", Cell::from(u64::from(roll.count(Category::Partner))))
        .fact("shares_issued", Cell::from(roll.shares_issued));
    out.answer(&answer.sheet(sheet))?;
    out.tell_cut("voters", shown.len(), voters.len());
    Ok(Exit::Ok.into())
}

/// Prints the mandates, and the seats of the board that are taken.
pub fn mandates(args: &MandatesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let all = mandates::mandates(&asked.views, asked.times)?;
    let mut seats = Sheet::new("seats", "Seats of the board", &SEAT_COLUMNS);
    for of in mandates::seats(&asked.views, &all, asked.times)? {
        seats.row([Cell::shown(of.kind), of.seats.map_or(Cell::Nothing, Cell::from), Cell::from(of.taken)]);
    }
    let ends_by =
        args.expiring.zip(asked.times.as_of).map(|(days, day)| day.number().saturating_add_unsigned(days));
    let mut found = all;
    found.retain(|mandate| {
        args.kind.is_none_or(|kind| mandate.kind == kind)
            && ends_by.is_none_or(|last| {
                mandate.state == State::InForce && mandate.until.is_some_and(|until| until.number() <= last)
            })
    });
    let shown = out.first(&found, args.limit);
    let mut sheet = Sheet::new("mandates", "Mandates", &MANDATE_COLUMNS);
    for mandate in shown {
        sheet.row([
            Cell::shown(mandate.mandate),
            Cell::shown(mandate.person),
            Cell::shown(mandate.kind),
            Cell::shown(mandate.state),
            Cell::optional(mandate.from),
            Cell::optional(mandate.until),
            Cell::optional(mandate.ended_on),
            Cell::shown(mandate.allowance_voted),
            Cell::shown(mandate.allowance_paid),
        ]);
    }
    out.answer(&asked.answer().sheet(sheet).sheet(seats))?;
    out.tell_cut("mandates", shown.len(), found.len());
    Ok(Exit::Ok.into())
}

fn cells(meeting: &MeetingOverview) -> [Cell; MEETING_COLUMNS.len()] {
    [
        Cell::shown(meeting.meeting),
        Cell::shown(&meeting.kind),
        Cell::shown(meeting.held_on),
        Cell::shown(meeting.record_on),
        Cell::shown(&meeting.state),
        Cell::from(meeting.users),
        Cell::from(meeting.partners),
        Cell::from(meeting.shares_issued),
        Cell::from(meeting.present),
        Cell::from(meeting.votes_represented),
        Cell::from(meeting.shares_represented),
        meeting.quorum.map_or(Cell::Nothing, Cell::from),
        meeting.known_at.map_or(Cell::Nothing, Cell::from),
    ]
}

fn item_cells(item: &ItemOverview) -> [Cell; ITEM_COLUMNS.len()] {
    let outcome = match (item.adopted, item.candidates.is_empty()) {
        (Some(true), _) => Some("adopted"),
        (Some(false), _) => Some("rejected"),
        (None, false) => Some("elected"),
        (None, true) => None,
    };
    [
        Cell::from(item.item),
        Cell::shown(&item.kind),
        Cell::shown(&item.ballot),
        Cell::from(item.voters),
        Cell::from(item.in_favour),
        Cell::from(item.against),
        Cell::from(item.abstained),
        item.votes_represented.map_or(Cell::Nothing, Cell::from),
        Cell::from(item.votes_greatest),
        Cell::optional(outcome),
    ]
}
