//! Load, decide, post, append: the one readable way from a command to the log.
//!
//! The core is not shared and does not wait: it prepares commands one after another on the state
//! that the ones before them have made, and commits the whole batch at once.

mod governance;

use std::sync::Arc;

use domain::activity::{Activity, ActivityCommand};
use domain::bank::{BankCommand, Statement};
use domain::board::{Board, BoardCommand};
use domain::control::{Action, CheckId, Control, ControlCommand, ControlKnown};
use domain::correction::{Correct, CorrectionRefused, Original};
use domain::course::{Course, CourseCommand, CourseKnown};
use domain::cover::{Cover, CoverCommand, CoverKnown};
use domain::envelope::{Metadata, Prepared, PreparedCommand};
use domain::filing::{Filing, FilingCommand, FilingKnown};
use domain::fitness::{Fitness, FitnessCommand};
use domain::grant::{Grant, GrantCommand};
use domain::ids::{CommandId, PersonId, UnitId};
use domain::joint::{self, JointCommand};
use domain::loan::{Loan, LoanCommand};
use domain::mandate::{Mandate, MandateCommand};
use domain::meeting::{Meeting, MeetingCommand};
use domain::member::{Member, MemberCommand, MemberKnown};
use domain::office::{Office, OfficeCommand};
use domain::participation::{Participation, ParticipationCommand, ParticipationId, ParticipationKnown};
use domain::resource::{Resource, ResourceCommand};
use domain::series::{Series, SeriesRefusal};
use domain::statutes::{Statutes, StatutesCommand};
use domain::stream::{Facts as Given, decide};
use domain::structure::{Structure, StructureCommand};
use domain::text::{Actor, SeriesCode};
use domain::unit::{BudgetKnown, InvoiceDraft, Unit, UnitCommand, UnitKnown, UnitRefusal};
use domain::year::{FiscalYear, YearCommand, YearKnown};
use domain::{
    Claim, Command, Day, Digest, Event, Position, Receipt, Recorded, Refused, Request, SeriesId, StreamId,
};
use ledger::{Account, Party, Posting};
use rustc_hash::FxHashSet;
use store::{AppendError, FactsSnapshot, Log, Snapshot, StreamCommit};

use super::warm::{Warm, WarmStreams};
use super::{Answer, CommandError, WriteError};
use crate::clock::Clock;
use crate::facts::{FACTS_VERSION, Facts};

/// Facts are snapshotted after so many events while the writer runs.
const FACTS_SNAPSHOT_EVERY_EVENTS: u64 = 500_000;
/// A shorter tail than this is folded faster than the facts are written when the writer closes.
const FACTS_TAIL_EVENTS_MAX: u64 = 2_000;
/// Snapshots of streams saved in one transaction, at least; the rest when the writer closes.
const SNAPSHOTS_PER_SAVE: usize = 64;
/// Events read at a time when facts are folded from the log.
const TAIL_EVENTS_PER_READ: usize = 10_000;

pub(super) struct Core {
    pub(super) log: Log,
    clock: Arc<dyn Clock>,
    pub(super) warm: WarmStreams,
    pub(super) facts: Facts,
    facts_saved_at: Position,
    /// The log's position that everything in memory rests upon.
    pub(super) decided_on: Position,
    batch: Vec<PreparedCommand>,
    batch_ids: FxHashSet<CommandId>,
    batch_claims: FxHashSet<Claim>,
    batch_events: u64,
    /// Snapshots that are due and not yet saved; a few share one transaction.
    snapshots: Vec<Snapshot>,
}

/// What became of a command so far.
pub(super) enum Outcome {
    /// Prepared, as the last of the batch so far.
    Prepared,
    /// Answered: accepted before, refused, or failed.
    Answered(Answer),
    /// The same id stands in this very batch: commit first, then ask again.
    CommitFirst,
}

/// Why a batch was not committed.
pub(super) enum CommitFailed {
    /// Somebody else appended: everything was reloaded; prepare again.
    Moved,
    /// The machine failed.
    Broken(Arc<WriteError>),
}

/// What became of a decision: events, a refusal, or a machine that failed.
pub(super) enum Stopped {
    Refused(Refused),
    Broken(WriteError),
}

fn refused(refusal: impl Into<Refused>) -> Stopped {
    Stopped::Refused(refusal.into())
}

pub(super) fn broken(error: impl Into<WriteError>) -> Stopped {
    Stopped::Broken(error.into())
}

type Decided = Vec<(StreamId, Event)>;

/// What a stream's command corrects, when it is a correction.
macro_rules! correct_of {
    ($asked:expr, $command:ident) => {
        match $asked {
            $command::Correct(correct) => Some(correct),
            _ => None,
        }
    };
}

impl Core {
    pub(super) fn open(log: Log, clock: Arc<dyn Clock>) -> Result<Self, WriteError> {
        let mut core = Self {
            log,
            clock,
            warm: WarmStreams::default(),
            facts: Facts::default(),
            facts_saved_at: Position(0),
            decided_on: Position(0),
            batch: Vec::new(),
            batch_ids: FxHashSet::default(),
            batch_claims: FxHashSet::default(),
            batch_events: 0,
            snapshots: Vec::new(),
        };
        core.reload()?;
        if core.facts.is_synthetic().is_some_and(|synthetic| synthetic != core.clock.is_synthetic()) {
            return Err(WriteError::WrongClock);
        }
        Ok(core)
    }

    pub(super) fn position(&self) -> Position {
        self.log.head().position
    }

    /// Whether commands are prepared that are not on disk yet.
    pub(super) fn has_batch(&self) -> bool {
        !self.batch.is_empty()
    }

    pub(super) fn sign_checkpoint(&mut self) -> Result<String, WriteError> {
        Ok(self.log.checkpoint()?)
    }

    /// Prepares one command on the state that the commands before it have made.
    pub(super) fn prepare(&mut self, command: &Command) -> Outcome {
        if let Err(error) = self.log.hold_cut() {
            return Outcome::Answered(Err(CommandError::Failed(Arc::new(error.into()))));
        }
        if self.batch_ids.contains(&command.id) {
            return Outcome::CommitFirst;
        }
        let request = self.log.request_digest(&command.actor, &command.content());
        match self.try_prepare(command, request) {
            Ok(Some(receipt)) => Outcome::Answered(Ok(super::Accepted { receipt, repeated: true })),
            Ok(None) => Outcome::Prepared,
            Err(Stopped::Refused(refused)) => Outcome::Answered(Err(CommandError::Refused(refused))),
            Err(Stopped::Broken(error)) => Outcome::Answered(Err(CommandError::Failed(Arc::new(error)))),
        }
    }

    fn try_prepare(&mut self, command: &Command, request: Digest) -> Result<Option<Receipt>, Stopped> {
        if let Some((receipt, accepted)) = self.log.reader().receipt_of(command.id).map_err(broken)? {
            if accepted == request {
                return Ok(Some(receipt));
            }
            return Err(refused(Refused::OtherContent { id: command.id, position: receipt.first }));
        }
        let decided = self.decide(command)?;
        self.seal((command.id, command.actor, request), command.effective_on, decided)?;
        Ok(None)
    }

    /// Prepares events that were decided elsewhere, for cqrs-es: their stream must not have moved on.
    pub(super) fn prepare_commit(
        &mut self,
        commit: &StreamCommit,
        (id, actor, effective_on): (CommandId, Actor, Day),
    ) -> Result<Outcome, WriteError> {
        if self.batch_ids.contains(&id) {
            return Ok(Outcome::CommitFirst);
        }
        self.warm.load(commit.stream, self.log.reader())?;
        if self.warm.get(commit.stream).sequence() != commit.expected {
            return Ok(Outcome::Answered(Err(CommandError::Moved)));
        }
        let content: String = commit.events.iter().map(Event::to_json).collect();
        let request = self.log.request_digest(&actor, content.as_bytes());
        let decided = commit.events.iter().map(|event| (commit.stream, event.clone())).collect();
        match self.seal((id, actor, request), effective_on, decided) {
            Ok(()) => Ok(Outcome::Prepared),
            Err(Stopped::Refused(refused)) => Ok(Outcome::Answered(Err(CommandError::Refused(refused)))),
            Err(Stopped::Broken(error)) => Err(error),
        }
    }

    fn decide(&mut self, command: &Command) -> Result<Decided, Stopped> {
        let day = command.effective_on;
        match &command.request {
            Request::Statutes(asked) => {
                if let StatutesCommand::OpenLog { synthetic, .. } = asked
                    && *synthetic != self.clock.is_synthetic()
                {
                    return Err(broken(WriteError::WrongClock));
                }
                let correct = correct_of!(asked, StatutesCommand);
                self.decide_one::<Statutes>((), asked, correct, (), day)
            }
            Request::Year(year, asked) => {
                let correct = correct_of!(asked, YearCommand);
                let known = self.facts.year(*year);
                self.decide_one::<FiscalYear>(*year, asked, correct, known, day)
            }
            Request::Member(id, asked) => {
                let correct = correct_of!(asked, MemberCommand);
                let known = self.member_known(asked, day);
                self.decide_one::<Member>(*id, asked, correct, known, day)
            }
            Request::Unit(id, asked) => {
                let correct = correct_of!(asked, UnitCommand);
                let mut known = self.facts.unit(*id, acting_holder(asked));
                known.fit = self.fit_for(*id, asked)?;
                self.decide_one::<Unit>(*id, asked, correct, known, day)
            }
            Request::Loan(id, asked) => {
                let correct = correct_of!(asked, LoanCommand);
                self.warm.load(StreamId::Loan(*id), self.log.reader()).map_err(broken)?;
                let known = self.budget_known(self.warm.state::<Loan>(*id).unit())?;
                self.decide_one::<Loan>(*id, asked, correct, known, day)
            }
            Request::Grant(id, asked) => {
                let correct = correct_of!(asked, GrantCommand);
                self.warm.load(StreamId::Grant(*id), self.log.reader()).map_err(broken)?;
                let known = self.budget_known(self.warm.state::<Grant>(*id).unit())?;
                self.decide_one::<Grant>(*id, asked, correct, known, day)
            }
            Request::Structure(year, asked) => {
                let correct = correct_of!(asked, StructureCommand);
                self.decide_one::<Structure>(*year, asked, correct, (), day)
            }
            Request::Filing(id, asked) => {
                let correct = correct_of!(asked, FilingCommand);
                let known = self.facts.filing(*id);
                self.decide_one::<Filing>(*id, asked, correct, known, day)
            }
            Request::Course(id, asked) => {
                let correct = correct_of!(asked, CourseCommand);
                let is_held = match asked {
                    CourseCommand::SubmitCourse { unit, holder, .. } => self.is_held(*unit, *holder)?,
                    _ => false,
                };
                let known = CourseKnown { is_held, invoiced: self.facts.invoiced_as(*id) };
                self.decide_one::<Course>(*id, asked, correct, known, day)
            }
            Request::Fitness(id, asked) => {
                let correct = correct_of!(asked, FitnessCommand);
                self.decide_one::<Fitness>(*id, asked, correct, (), day)
            }
            Request::Cover(id, asked) => {
                let correct = correct_of!(asked, CoverCommand);
                self.warm.load(StreamId::Member(*id), self.log.reader()).map_err(broken)?;
                let known = CoverKnown { person: self.warm.state::<Member>(*id).in_force() };
                self.decide_one::<Cover>(*id, asked, correct, known, day)
            }
            Request::Bank(id, asked) => {
                let correct = correct_of!(asked, BankCommand);
                let known = self.bank_known(*id, asked)?;
                self.decide_one::<Statement>(*id, asked, correct, known, day)
            }
            Request::Resource(id, asked) => {
                let correct = correct_of!(asked, ResourceCommand);
                let known = self.resource_known(*id, asked)?;
                self.decide_one::<Resource>(*id, asked, correct, known, day)
            }
            Request::Participation(id, asked) => {
                let correct = correct_of!(asked, ParticipationCommand);
                let known = self.participation_known(asked)?;
                self.decide_one::<Participation>(*id, asked, correct, known, day)
            }
            Request::Activity(id, asked) => {
                let correct = correct_of!(asked, ActivityCommand);
                self.decide_one::<Activity>(*id, asked, correct, (), day)
            }
            Request::Control(id, asked) => {
                let correct = correct_of!(asked, ControlCommand);
                let known = self.control_known(*id)?;
                self.decide_one::<Control>(*id, asked, correct, known, day)
            }
            Request::Office(id, asked) => {
                let correct = correct_of!(asked, OfficeCommand);
                self.decide_one::<Office>(*id, asked, correct, (), day)
            }
            Request::Meeting(id, asked) => {
                let correct = correct_of!(asked, MeetingCommand);
                let known = self.meeting_known(*id, asked)?;
                self.decide_one::<Meeting>(*id, asked, correct, known, day)
            }
            Request::Mandate(id, asked) => {
                let correct = correct_of!(asked, MandateCommand);
                let known = self.mandate_known(*id, asked, day)?;
                self.decide_one::<Mandate>(*id, asked, correct, known, day)
            }
            Request::Board(id, asked) => {
                let correct = correct_of!(asked, BoardCommand);
                let known = self.board_known(*id, asked, day);
                self.decide_one::<Board>(*id, asked, correct, known, day)
            }
            Request::Joint(asked) => self.decide_joint(asked, day),
        }
    }

    fn decide_one<S: Warm>(
        &mut self,
        id: S::Id,
        asked: &S::Command,
        correct: Option<&Correct<S::Command>>,
        known: S::Known,
        day: Day,
    ) -> Result<Decided, Stopped>
    where
        Event: From<S::Event>,
        S::Refusal: Into<Refused>,
        S::Known: WithoutEntry,
    {
        let stream = S::stream_id(id);
        self.warm.load(stream, self.log.reader()).map_err(broken)?;
        let mut given = self.given::<S>(known, day);
        if let Some(correct) = correct {
            given.original = self.original::<S>(stream, correct.position, &mut given.known)?;
        }
        let events = decide(self.warm.state::<S>(id), id, asked, &given).map_err(refused)?;
        Ok(events.into_iter().map(|event| (stream, event.into())).collect())
    }

    fn decide_joint(&mut self, asked: &JointCommand, day: Day) -> Result<Decided, Stopped> {
        match asked {
            JointCommand::IssueInvoice(unit, issue) => {
                let asked = (*unit, Some(&issue.draft), issue.series);
                self.decide_numbered(asked, day, |series, unit| {
                    joint::issue_invoice(series, unit, &issue.draft)
                })
            }
            JointCommand::InvoiceDeposit(unit, issue) => {
                let asked = (*unit, Some(&issue.draft), issue.series);
                self.decide_numbered(asked, day, |series, unit| {
                    joint::invoice_deposit(series, unit, &issue.draft)
                })
            }
            JointCommand::IssueFinalInvoice(unit, issue) => {
                let asked = (*unit, Some(&issue.draft), issue.series);
                self.decide_numbered(asked, day, |series, unit| {
                    joint::issue_final_invoice(series, unit, (&issue.draft, &issue.deposits[..]))
                })
            }
            JointCommand::CreditInvoice(unit, credit) => {
                self.decide_numbered((*unit, None, credit.series), day, |series, unit| {
                    joint::credit_invoice(series, unit, &credit.draft)
                })
            }
            JointCommand::TransferBudget(from, transfer) => {
                for unit in [*from, transfer.to] {
                    self.warm.load(StreamId::Unit(unit), self.log.reader()).map_err(broken)?;
                }
                let given = self.given::<Unit>(self.facts.unit(*from, None), day);
                let giver = (*from, self.warm.state::<Unit>(*from), &given);
                joint::transfer_budget(giver, self.warm.state::<Unit>(transfer.to), transfer).map_err(refused)
            }
            JointCommand::TransferShares(from, transfer) => {
                for member in [*from, transfer.to] {
                    self.warm.load(StreamId::Member(member), self.log.reader()).map_err(broken)?;
                }
                let given = self.given::<Member>(self.facts.member(None, day), day);
                let giver = (*from, self.warm.state::<Member>(*from), &given);
                joint::transfer_shares(giver, self.warm.state::<Member>(transfer.to), transfer)
                    .map_err(refused)
            }
        }
    }

    /// Decides a document of a unit that bears the next number of a series.
    fn decide_numbered(
        &mut self,
        (unit, draft, code): (UnitId, Option<&InvoiceDraft>, SeriesCode),
        day: Day,
        decide: impl FnOnce(
            (SeriesId, &Series, &Given<Series>),
            (UnitId, &Unit, &Given<Unit>),
        ) -> Result<Result<Decided, UnitRefusal>, SeriesRefusal>,
    ) -> Result<Decided, Stopped> {
        let series = SeriesId { code, year: day.year() };
        for stream in [StreamId::Series(series), StreamId::Unit(unit)] {
            self.warm.load(stream, self.log.reader()).map_err(broken)?;
        }
        let of_series = self.given::<Series>((), day);
        let mut known = self.facts.unit(unit, draft.map(|draft| draft.holder));
        if let Some(draft) = draft {
            known.course = self.course_cited(unit, draft)?;
        }
        let of_unit = self.given::<Unit>(known, day);
        let series = (series, self.warm.state::<Series>(series), &of_series);
        let unit = (unit, self.warm.state::<Unit>(unit), &of_unit);
        decide(series, unit).map_err(refused)?.map_err(refused)
    }

    fn given<S: Warm>(&self, known: S::Known, effective_on: Day) -> Given<S>
    where
        Event: From<S::Event>,
    {
        Given {
            effective_on,
            year_is_open: self.facts.year_is_open(effective_on),
            parameters: Arc::clone(self.facts.parameters()),
            known,
            original: None,
        }
    }

    /// What is known of the unit that a loan or grant is for, where there is one.
    pub(super) fn budget_known(&mut self, unit: Option<UnitId>) -> Result<BudgetKnown, Stopped> {
        let Some(unit) = unit else { return Ok(BudgetKnown::default()) };
        self.warm.load(StreamId::Unit(unit), self.log.reader()).map_err(broken)?;
        let is_open = self.warm.state::<Unit>(unit).is_open();
        Ok(BudgetKnown { is_open, available: self.facts.unit(unit, None).available })
    }

    /// Whether the group exists that a command names.
    fn participation_known(&mut self, asked: &ParticipationCommand) -> Result<ParticipationKnown, Stopped> {
        let Some(group) = asked.names_group() else { return Ok(ParticipationKnown::default()) };
        let id = ParticipationId::Group(group);
        self.warm.load(StreamId::Participation(id), self.log.reader()).map_err(broken)?;
        Ok(ParticipationKnown { group_is_known: self.warm.state::<Participation>(id).is_group() })
    }

    /// The action that a check is about, as it stands on disk; its leaf decides whether it is drawn.
    fn control_known(&self, check: CheckId) -> Result<ControlKnown, Stopped> {
        if check.action > self.decided_on {
            return Ok(ControlKnown::default());
        }
        let stored = self.log.reader().event_at(check.action).map_err(broken)?;
        let action = stored.map(|stored| Action {
            kind: stored.event_type.parse().expect("names of events are tokens"),
            effective_on: stored.effective_on,
            leaf: stored.leaf_hash,
        });
        Ok(ControlKnown { action })
    }

    fn member_known(&self, asked: &MemberCommand, day: Day) -> MemberKnown {
        let asking = match asked {
            MemberCommand::RequestAdmission { person, .. } => Some(*person),
            _ => None,
        };
        self.facts.member(asking, day)
    }

    /// The event that a correction names, and the balances as they would be without it.
    fn original<S: Warm>(
        &self,
        stream: StreamId,
        position: Position,
        known: &mut S::Known,
    ) -> Result<Option<Original<S::Event>>, Stopped>
    where
        Event: From<S::Event>,
        S::Known: WithoutEntry,
    {
        // Events of this batch are not on disk yet; nobody can have read their positions.
        if position > self.decided_on {
            return Ok(None);
        }
        let Some(stored) = self.log.reader().event_at(position).map_err(broken)? else { return Ok(None) };
        let recorded = stored.decode().map_err(broken)?;
        if recorded.stream != stream {
            return Ok(None);
        }
        let claim = Claim::of_correction(position);
        if self.batch_claims.contains(&claim)
            || self.log.reader().claim_holder(&claim).map_err(broken)?.is_some()
        {
            return Err(refused(CorrectionRefused::AlreadyVoid { position }));
        }
        known.without(&post_sealed(&recorded).map_err(broken)?, stream);
        let (event, posting_rule) = (recorded.event, recorded.posting_rule);
        Ok(S::event_of(event).map(|event| Original { position, event, posting_rule }))
    }

    /// Checks what must be new, folds the events in, posts and seals them.
    fn seal(
        &mut self,
        (id, actor, request): (CommandId, Actor, Digest),
        effective_on: Day,
        decided: Decided,
    ) -> Result<(), Stopped> {
        let claims: Vec<Claim> = decided.iter().flat_map(|(_, event)| event.claims()).collect();
        for claim in &claims {
            let holder = match self.batch_claims.contains(claim) {
                true => Some(Position(self.decided_on.0 + self.batch_events)),
                false => self.log.reader().claim_holder(claim).map_err(broken)?,
            };
            if let Some(position) = holder {
                return Err(refused(Refused::AlreadyInLog { what: claim.what.word(), position }));
            }
        }
        let mut events = Vec::with_capacity(decided.len());
        for (stream, event) in decided {
            self.warm.load(stream, self.log.reader()).map_err(broken)?;
            let posting_rule = ledger::rule_for(&event);
            let posting = ledger::post(posting_rule, stream, &event).map_err(broken)?;
            self.warm.evolve(stream, &event);
            self.batch_events += 1;
            let at = Position(self.decided_on.0 + self.batch_events);
            self.facts.evolve(at, (stream, effective_on), &event, &posting);
            let request = events.is_empty().then_some(request);
            events.push(Prepared {
                stream,
                sequence: self.warm.get(stream).sequence(),
                kind: event.kind(),
                effective_on,
                payload: event.to_json(),
                metadata: serde_json::to_string(&Metadata { actor, request }).expect("metadata is text"),
                posting_rule,
                entry_digest: ledger::entry_digest(&posting),
            });
        }
        self.batch_ids.insert(id);
        self.batch_claims.extend(&claims);
        let recorded_at = self.clock.now(effective_on);
        self.batch.push(PreparedCommand {
            command: id,
            request_digest: request,
            events,
            claims,
            recorded_at,
        });
        Ok(())
    }

    /// Appends the prepared commands, all or none, and answers their receipts in order.
    pub(super) fn commit(&mut self) -> Result<Vec<Receipt>, CommitFailed> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_ids.clear();
        self.batch_claims.clear();
        self.batch_events = 0;
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        match self.log.append(self.decided_on, &batch) {
            Ok(receipts) => {
                self.decided_on = self.log.head().position;
                // A snapshot that cannot be saved costs time at the next start, nothing else.
                if let Err(error) = self.save_snapshots(&batch, &receipts) {
                    tracing::warn!(%error, "snapshots could not be saved");
                }
                Ok(receipts)
            }
            Err(AppendError::Store(error)) => Err(self.give_up(error)),
            Err(AppendError::OutOfSequence { .. } | AppendError::NoEvents { .. }) => {
                unreachable!("sequences are counted and commands write events")
            }
            // Another process wrote meanwhile: what was decided rests on an older state.
            Err(
                AppendError::Moved { .. }
                | AppendError::CommandExists { .. }
                | AppendError::ClaimTaken { .. },
            ) => match self.reload() {
                Ok(()) => Err(CommitFailed::Moved),
                Err(error) => Err(CommitFailed::Broken(Arc::new(error))),
            },
        }
    }

    fn give_up(&mut self, error: impl Into<WriteError>) -> CommitFailed {
        let error = error.into();
        if let Err(again) = self.reload() {
            tracing::error!(%again, "the log cannot be read after a failed commit");
        }
        CommitFailed::Broken(Arc::new(error))
    }

    fn save_snapshots(&mut self, batch: &[PreparedCommand], receipts: &[Receipt]) -> Result<(), WriteError> {
        let due = self.warm.take_snapshots_due();
        for (stream, sequence, state_version, state) in due {
            let leaf = batch.iter().zip(receipts).find_map(|(command, receipt)| {
                let n = command.events.iter().position(|e| e.stream == stream && e.sequence == sequence)?;
                Some((Position(receipt.first.0 + n as u64), receipt.leaf_hashes[n]))
            });
            if let Some((position, leaf_hash)) = leaf {
                self.snapshots.push(Snapshot { stream, sequence, position, leaf_hash, state_version, state });
            }
        }
        if self.snapshots.len() >= SNAPSHOTS_PER_SAVE {
            self.log.save_snapshots(&std::mem::take(&mut self.snapshots))?;
        }
        if self.decided_on.0 >= self.facts_saved_at.0 + FACTS_SNAPSHOT_EVERY_EVENTS {
            self.save_facts()?;
        }
        Ok(())
    }

    /// Saves what makes the next start short: snapshots that are due, and the facts.
    pub(super) fn save_for_next_start(&mut self) -> Result<(), WriteError> {
        if !self.snapshots.is_empty() {
            self.log.save_snapshots(&std::mem::take(&mut self.snapshots))?;
        }
        if self.decided_on.0 < self.facts_saved_at.0 + FACTS_TAIL_EVENTS_MAX {
            return Ok(());
        }
        self.save_facts()
    }

    fn save_facts(&mut self) -> Result<(), WriteError> {
        let position = self.decided_on;
        if position == self.facts_saved_at || position == Position(0) {
            return Ok(());
        }
        let leaf_hash = self.log.reader().leaf_hashes(position, position)?[0];
        let state = postcard::to_stdvec(&self.facts).expect("facts can be written");
        self.log.save_facts(&FactsSnapshot { position, leaf_hash, version: FACTS_VERSION, state })?;
        self.facts_saved_at = position;
        Ok(())
    }

    /// Forgets everything in memory and folds the facts anew, from their snapshot and the tail.
    fn reload(&mut self) -> Result<(), WriteError> {
        self.warm.clear();
        self.batch.clear();
        self.batch_ids.clear();
        self.batch_claims.clear();
        self.batch_events = 0;
        let head = self.log.reload_head()?.position;
        let saved = self.log.reader().load_facts(FACTS_VERSION)?;
        let decoded =
            saved.and_then(|saved| Some((saved.position, postcard::from_bytes(&saved.state).ok()?)));
        let (mut at, mut facts) = decoded.unwrap_or((Position(0), Facts::default()));
        self.facts_saved_at = at;
        while at < head {
            let tail = self.log.reader().read(Position(at.0 + 1), TAIL_EVENTS_PER_READ)?;
            let Some(last) = tail.last() else { break };
            let end = last.position.min(head);
            for stored in tail.iter().take_while(|stored| stored.position <= head) {
                let recorded = stored.decode()?;
                let posting = post_sealed(&recorded)?;
                facts.evolve(
                    recorded.position,
                    (recorded.stream, recorded.effective_on),
                    &recorded.event,
                    &posting,
                );
            }
            at = end;
        }
        self.facts = facts;
        self.decided_on = head;
        Ok(())
    }
}

/// Posts a recorded event by its sealed rule; the entry must be the one that was sealed.
pub(crate) fn post_sealed(recorded: &Recorded) -> Result<Posting, WriteError> {
    let posting = ledger::post(recorded.posting_rule, recorded.stream, &recorded.event)?;
    if ledger::entry_digest(&posting) != recorded.entry_digest {
        return Err(WriteError::EntryDrifted { position: recorded.position, rule: recorded.posting_rule });
    }
    Ok(posting)
}

/// What rules know, as it would be without an entry.
pub(super) trait WithoutEntry {
    fn without(&mut self, posting: &Posting, stream: StreamId);
}

impl WithoutEntry for () {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

// A correction replaces a deferral or an allocation; neither is part of what they are computed from.
impl WithoutEntry for YearKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for MemberKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for BudgetKnown {
    /// Loans, grants and resources book on one unit only, so its account is the one they name.
    fn without(&mut self, posting: &Posting, _: StreamId) {
        for movement in posting.movements() {
            let amount = movement.amount.balance();
            for (line, taken_back) in [(movement.credit, -amount), (movement.debit, amount)] {
                if line.account == Account::UnitAvailable {
                    self.available = self.available + taken_back;
                }
            }
        }
    }
}

/// What other returns declared is known without what this one did.
impl WithoutEntry for FilingKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

// Taking part and being checked move no money.
impl WithoutEntry for ParticipationKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for ControlKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for UnitKnown {
    fn without(&mut self, posting: &Posting, stream: StreamId) {
        let (Posting::Entry(entry), StreamId::Unit(unit)) = (posting, stream) else { return };
        for movement in &entry.movements {
            let amount = movement.amount.balance();
            for (line, taken_back) in [(movement.credit, -amount), (movement.debit, amount)] {
                if line.of != Some(Party::Unit(unit)) {
                    continue;
                }
                match line.account {
                    Account::UnitPending => self.pending = self.pending + taken_back,
                    Account::UnitAvailable => self.available = self.available + taken_back,
                    Account::UnitReserved => self.reserved = self.reserved + taken_back,
                    _ => {}
                }
            }
        }
    }
}

/// The holder on whose behalf a command acts, whose shares and years of use the rules ask.
fn acting_holder(asked: &UnitCommand) -> Option<PersonId> {
    match asked {
        UnitCommand::DeclareContract { holder, .. } | UnitCommand::DeclareWorkDays { holder, .. } => {
            Some(*holder)
        }
        UnitCommand::Correct(correct) => correct.replacement.as_deref().and_then(acting_holder),
        _ => None,
    }
}

/// Names a rule that this program does not know.
impl From<ledger::UnknownRule> for WriteError {
    fn from(unknown: ledger::UnknownRule) -> Self {
        Self::UnknownRule(unknown)
    }
}
