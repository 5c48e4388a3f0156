//! `init`: a new log with its books opened, parameters published and a fiscal year opened.
//!
//! Everything goes through the command path, so what a log begins with stands in the log. Ids and
//! keys are made here, from the operating system's randomness. A log that is there is refused; one
//! whose creation was interrupted before its first event is finished.

use std::process::ExitCode;

use anyhow::Result;
use app::books::Books;
use app::clock::{Clock as _, SystemClock};
use app::inspect::identity;
use app::writer::{Answer as WriterAnswer, Writer};
use app::{LogId, LogReader, OsRandomness, StoreError, seed};
use domain::ids::{CommandId, EntityId};
use domain::statutes::StatutesCommand;
use domain::text::{Actor, Token};
use domain::year::YearCommand;
use domain::{Command, Position, Request, Year};
use uuid::Uuid;

use crate::args::InitArgs;
use crate::failure::Exit;
use crate::output::{Answer, Cell, Output};

/// Who acts when a log is created.
const ACTOR: Actor = Actor::literal("coledger:init");
/// The functional currency of the books.
const CURRENCY: Token<3> = Token::literal("EUR");

/// Creates the log and sends its first commands.
pub fn run(args: &InitArgs, out: &Output) -> Result<ExitCode> {
    let dir = &args.at.dir;
    let today = SystemClock.now(Year::new(2025).first_day()).day_in_brussels();
    let year = args.year.unwrap_or(today.year());
    let entity = args.entity.unwrap_or_else(|| EntityId::new(Uuid::now_v7()));
    match LogReader::open(dir).and_then(|reader| reader.head()) {
        Ok(head) if head.position > Position(0) => {
            return Err(StoreError::AlreadyExists { dir: dir.clone() }.into());
        }
        // An earlier creation ended before its first event.
        Ok(_) => {}
        Err(_) => Books::create(dir, LogId::new(Uuid::now_v7()), &mut OsRandomness)?,
    }

    let (writer, thread) = Writer::open(dir, std::sync::Arc::new(SystemClock))?;
    let sent = send_all(&writer, first_commands(entity, year)?);
    drop(writer);
    thread.join();
    let last = sent?;

    let identity = identity(dir)?;
    let answer = Answer::new()
        .fact("log", Cell::shown(identity.log))
        .fact("entity", Cell::shown(entity))
        .fact("directory", Cell::shown(dir.display()))
        .fact("fiscal_year", Cell::shown(year))
        .fact("events", last)
        .fact("key", identity.key);
    out.answer(&answer)?;
    out.note("Hand out the key to whoever is to check checkpoints of this log.");
    Ok(Exit::Ok.into())
}

/// The commands that every log begins with.
fn first_commands(entity: EntityId, year: Year) -> Result<Vec<Command>> {
    let open = StatutesCommand::OpenLog { entity, currency: CURRENCY, synthetic: false };
    let parameters = seed::reviewed_parameters()?;
    let requests = [open].into_iter().chain(parameters).map(Request::Statutes);
    let commands = requests.chain([Request::Year(year, YearCommand::OpenYear {})]).map(|request| Command {
        id: CommandId::new(Uuid::now_v7()),
        actor: ACTOR,
        effective_on: year.first_day(),
        request,
    });
    Ok(commands.collect())
}

/// Queues all commands and waits for the last; says where the log then ends.
fn send_all(writer: &Writer, commands: Vec<Command>) -> Result<Position> {
    let (reply, answers) = std::sync::mpsc::channel::<WriterAnswer>();
    for command in commands {
        let reply = reply.clone();
        writer.queue_blocking(command, move |said| drop(reply.send(said)));
    }
    drop(reply);
    let mut last = Position(0);
    for answer in answers {
        last = last.max(answer?.receipt.last);
    }
    Ok(last)
}
