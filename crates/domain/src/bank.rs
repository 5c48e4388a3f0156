//! Bank statements: what the bank says, line by line, and what of it the books hold already.
//!
//! One stream per statement of an account, so that a stream stays small. Payments are booked on account
//! 550 by the events that make them; a statement books nothing by itself. Each of its lines is matched
//! with what was booked, so that no cent is booked twice, or waits on the suspense account until
//! somebody knows what it is. What the first statement of an account begins with is a line too, under
//! the statement's own id: it is matched with the opening balance. So the balance of 550 always is what
//! the statements close with, less lines not yet booked, plus bookings that no statement shows yet.
//! A payment that comes back waits on the suspense account until the event that made it is corrected,
//! and is then matched with that correction. Account numbers, parties and remittances are salted digests.
//! Left out: reading the formats of banks; several currencies.
//! Source: WER III.83–III.86 \[R\]; DOMAIN C2 (customer paid, unmatched), F2 (bank fee, difference, return).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Claimed, Kind, Position, StreamId};
use crate::evidence::{Digest, Evidence};
use crate::ids::{BankAccountId, LineId, StatementId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::Balance;
use crate::parameters::{NoParameter, Parameter};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};

/// What kind of movement a line is, as the bank calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A transfer, single or of many orders together.
    Transfer,
    /// A direct debit.
    DirectDebit,
    /// A payment by card.
    Card,
    /// A fee of the bank.
    Fee,
    /// An order that came back.
    Return,
    /// Anything else.
    Other,
}

/// One movement on a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StatementLine {
    /// Its id.
    pub line: LineId,
    /// Above zero what came in, below zero what went out.
    pub amount: Balance,
    /// What kind of movement it is.
    pub kind: LineKind,
    /// Salted digest of what the order said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remittance: Option<Digest>,
    /// Salted digest of the other side's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Digest>,
}

/// What a line is matched with: a part or all of what an event booked on 550.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MatchedPart {
    /// The position of the event that booked it.
    pub position: Position,
    /// How much of it; above zero what came in, below zero what went out.
    pub amount: Balance,
}

/// One statement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    imported: Option<Imported>,
    lines: BTreeMap<LineId, Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Imported {
    account: BankAccountId,
    evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    amount: Balance,
    stage: LineStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum LineStage {
    Open,
    /// On the suspense account.
    Suspended,
    Matched,
}

/// What can have happened to a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum BankEvent {
    /// A statement of an account was imported, whole.
    #[serde(rename = "statement.imported")]
    StatementImported {
        account: BankAccountId,
        /// What the account held before any statement of it, as a line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opening_line: Option<LineId>,
        opening: Balance,
        closing: Balance,
        lines: Vec<StatementLine>,
        evidence: Evidence,
    },
    /// A line is what these events booked, up to a small difference; `released` leaves suspense.
    #[serde(rename = "line.matched")]
    LineMatched {
        account: BankAccountId,
        line: LineId,
        amount: Balance,
        parts: Vec<MatchedPart>,
        difference: Balance,
        released: Balance,
        evidence: Evidence,
    },
    /// Nobody can say yet what a line is: it waits on suspense.
    #[serde(rename = "line.unmatched")]
    LineUnmatched { account: BankAccountId, line: LineId, amount: Balance, evidence: Evidence },
    /// A line gives back what an event paid: it waits on suspense until that event is corrected.
    #[serde(rename = "line.returned")]
    LineReturned {
        account: BankAccountId,
        line: LineId,
        amount: Balance,
        payment: Position,
        evidence: Evidence,
    },
    /// An earlier event was wrong.
    #[serde(rename = "bank.corrected")]
    Corrected(Correction<BankEvent>),
}

kinds!(BankEvent {
    StatementImported = "statement.imported" v 1,
    LineMatched = "line.matched" v 1,
    LineUnmatched = "line.unmatched" v 1,
    LineReturned = "line.returned" v 1,
    Corrected = "bank.corrected" v 1,
});

/// What may be asked of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum BankCommand {
    /// Import a statement of an account, on its day.
    ImportStatement {
        account: BankAccountId,
        opening: Balance,
        closing: Balance,
        lines: Vec<StatementLine>,
        evidence: Evidence,
    },
    /// Say what a line is; the difference, where there is one, is charged to the pool or is its income.
    MatchLine {
        line: LineId,
        parts: Vec<MatchedPart>,
        #[serde(default)]
        difference: Balance,
    },
    /// Say that nobody knows yet what a line is.
    UnmatchLine { line: LineId },
    /// Say that a line gives back what the event at a position paid.
    ReturnLine { line: LineId, payment: Position },
    /// Correct an earlier event.
    Correct(Correct<BankCommand>),
}

/// What a statement's rules ask about other statements and about the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankKnown {
    /// The statement of the account before this one.
    pub previous: Option<PreviousStatement>,
    /// Whether a later statement of the account was imported.
    pub has_later: bool,
    /// What the events that the command names booked on 550; none for those that booked nothing there.
    pub booked: Vec<BookedOnBank>,
}

/// How the statement before ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousStatement {
    /// Its day.
    pub on: Day,
    /// What it closed with.
    pub closing: Balance,
}

/// What an event booked on 550, and how much of it lines were matched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookedOnBank {
    /// The event's position.
    pub position: Position,
    /// Above zero what came in, below zero what went out.
    pub moved: Balance,
    /// How much of it lines were matched with.
    pub matched: Balance,
}

/// Which rules of bank statements can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum BankRefusal {
    /// A statement is imported once.
    #[error("this statement was imported already")]
    AlreadyImported,
    /// Nothing is matched on a statement that is not there.
    #[error("no statement was imported here")]
    NotImported,
    /// Statements of an account follow each other.
    #[error("the last statement of the account is of {previous_on}; one of {effective_on} cannot follow it")]
    OutOfOrder { previous_on: Day, effective_on: Day },
    /// A statement begins where the one before ended.
    #[error("the statement opens with {opening}; the one before closed with {previous_closing}")]
    OpeningDiffers { opening: Balance, previous_closing: Balance },
    /// Opening and movements make the closing, to the cent.
    #[error("{opening} and movements of {moved} do not make the {closing} that the statement closes with")]
    DoesNotAddUp { opening: Balance, moved: Balance, closing: Balance },
    /// A line moves something.
    #[error("line {line} moves nothing; expected an amount above or below 0.00")]
    EmptyLine { line: LineId },
    /// A line stands on a statement once, and bears no id of a statement.
    #[error("line {line} stands on the statement twice")]
    LineTwice { line: LineId },
    /// What later statements begin with is not taken back.
    #[error("later statements of the account rest upon this one; it closed with {closing}")]
    LaterStatement { closing: Balance },
    /// The line named is not on this statement.
    #[error("no line {line} stands on this statement")]
    UnknownLine { line: LineId },
    /// Each line is matched once.
    #[error("line {line} of {amount} is {found}; this needs one that is {expected}")]
    WrongStage { line: LineId, amount: Balance, found: &'static str, expected: &'static str },
    /// A line is matched with something.
    #[error("expected at least one booking to match line {line} with, found none")]
    NoParts { line: LineId },
    /// Only a payment that is booked on 550 is matched; what a statement books itself is none.
    #[error("the event at position {position} booked no payment on account 550")]
    NothingBooked { position: Position },
    /// Nothing that was booked is matched twice.
    #[error(
        "{asked} is outside the {left} left to match of the {moved} booked on 550 at position {position}"
    )]
    MatchedAlready { position: Position, asked: Balance, left: Balance, moved: Balance },
    /// A line is matched to the cent.
    #[error("line {line} of {amount} is not the {booked} named and a difference of {difference}")]
    DoesNotMatch { line: LineId, amount: Balance, booked: Balance, difference: Balance },
    /// Only a small difference is borne by the pool.
    #[error("a difference of {difference} is more than the {max} that the pool bears without asking")]
    DifferenceTooLarge { difference: Balance, max: Balance },
    /// What comes back is what left.
    #[error("line {line} of {amount} does not give back the {moved} booked at position {position}")]
    ReturnsOther { line: LineId, amount: Balance, position: Position, moved: Balance },
    /// Only what left by a statement comes back.
    #[error(
        "of the {moved} booked at position {position}, {matched} is on a statement; only what left comes back"
    )]
    NeverLeft { position: Position, moved: Balance, matched: Balance },
    /// A parameter is missing.
    #[error(transparent)]
    NoParameter(#[from] NoParameter),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(BankRefusal {
    AlreadyImported = "bank.already_imported",
    NotImported = "bank.not_imported",
    OutOfOrder = "bank.out_of_order",
    OpeningDiffers = "bank.opening_differs",
    DoesNotAddUp = "bank.does_not_add_up",
    EmptyLine = "bank.empty_line",
    LineTwice = "bank.line_twice",
    LaterStatement = "bank.later_statement",
    UnknownLine = "bank.unknown_line",
    WrongStage = "bank.wrong_stage",
    NoParts = "bank.no_parts",
    NothingBooked = "bank.nothing_booked",
    MatchedAlready = "bank.matched_already",
    DoesNotMatch = "bank.does_not_match",
    DifferenceTooLarge = "bank.difference_too_large",
    ReturnsOther = "bank.returns_other",
    NeverLeft = "bank.never_left",
    NoParameter = "parameter.missing",
});

impl StreamEvent for BankEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            // The same file is not imported twice, nor the same line by way of another file.
            Self::StatementImported { lines, evidence, .. } => {
                let of_line = |line: &StatementLine| Claim {
                    what: Claimed::BankLine,
                    key: *line.line.uuid().as_bytes(),
                };
                std::iter::once(Claim::of_document(evidence)).chain(lines.iter().map(of_line)).collect()
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            // What is matched may be taken back and matched again, so it is a fact and no claim.
            Self::LineMatched { .. } | Self::LineUnmatched { .. } | Self::LineReturned { .. } => Vec::new(),
        }
    }
}

impl Stream for Statement {
    const TYPE: &'static str = "bank";
    const STATE_VERSION: u16 = 1;
    type Id = StatementId;
    type Command = BankCommand;
    type Event = BankEvent;
    type Refusal = BankRefusal;
    type Known = BankKnown;

    fn stream_id(id: StatementId) -> StreamId {
        StreamId::Bank(id)
    }

    fn decide(
        &self,
        id: StatementId,
        command: &BankCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<BankEvent>, BankRefusal> {
        if let BankCommand::Correct(correct) = command {
            return self.correct(id, correct, facts);
        }
        if let BankCommand::ImportStatement { account, opening, closing, lines, evidence } = command {
            if self.imported.is_some() {
                return Err(BankRefusal::AlreadyImported);
            }
            let follows = require_follows(*opening, facts)?;
            // What no statement brought here is a line of this one.
            let opening_line = LineId::new(id.uuid());
            let opening_line = (!follows && *opening != Balance::ZERO).then_some(opening_line);
            require_adds_up(id, (*opening, *closing), lines)?;
            return Ok(vec![BankEvent::StatementImported {
                account: *account,
                opening_line,
                opening: *opening,
                closing: *closing,
                lines: lines.clone(),
                evidence: *evidence,
            }]);
        }
        let Imported { account, evidence } = self.imported.ok_or(BankRefusal::NotImported)?;
        let event = match command {
            BankCommand::ImportStatement { .. } | BankCommand::Correct(_) => unreachable!("answered above"),
            BankCommand::MatchLine { line, parts, difference } => {
                let (line, difference) = (*line, *difference);
                let Line { amount, stage } = self.line(line)?;
                let released = match stage {
                    LineStage::Open => Balance::ZERO,
                    LineStage::Suspended => amount,
                    LineStage::Matched => return Err(stage.is_not(line, amount, "not matched")),
                };
                let booked = require_unmatched(line, parts, &facts.known.booked)?;
                if booked + difference != amount {
                    return Err(BankRefusal::DoesNotMatch { line, amount, booked, difference });
                }
                require_small(difference, facts)?;
                let parts = parts.clone();
                BankEvent::LineMatched { account, line, amount, parts, difference, released, evidence }
            }
            BankCommand::UnmatchLine { line } => {
                let amount = self.require_open(*line)?;
                BankEvent::LineUnmatched { account, line: *line, amount, evidence }
            }
            BankCommand::ReturnLine { line, payment } => {
                let (line, position) = (*line, *payment);
                let amount = self.require_open(line)?;
                let BookedOnBank { moved, matched, .. } = booked_at(position, &facts.known.booked)?;
                if amount != -moved {
                    return Err(BankRefusal::ReturnsOther { line, amount, position, moved });
                }
                if matched != moved {
                    return Err(BankRefusal::NeverLeft { position, moved, matched });
                }
                BankEvent::LineReturned { account, line, amount, payment: position, evidence }
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &BankEvent) {
        match event {
            BankEvent::StatementImported { account, opening_line, opening, lines, evidence, .. } => {
                self.imported = Some(Imported { account: *account, evidence: *evidence });
                let open = |amount| Line { amount, stage: LineStage::Open };
                self.lines = lines.iter().map(|line| (line.line, open(line.amount))).collect();
                self.lines.extend(opening_line.map(|line| (line, open(*opening))));
            }
            BankEvent::LineMatched { line, .. } => self.known_line(*line).stage = LineStage::Matched,
            BankEvent::LineUnmatched { line, .. } | BankEvent::LineReturned { line, .. } => {
                self.known_line(*line).stage = LineStage::Suspended;
            }
            BankEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &BankEvent) -> Result<(), CorrectionRefused> {
        let relied_upon = |because| CorrectionRefused::ReliedUpon { kind: original.kind().name, because };
        match original {
            BankEvent::StatementImported { .. } => {
                if self.lines.values().any(|line| line.stage != LineStage::Open) {
                    return Err(relied_upon("lines of it were matched or put on suspense since"));
                }
                *self = Self::default();
            }
            BankEvent::LineMatched { line, released, .. } => {
                let was_suspended = *released != Balance::ZERO;
                let line = self.lines.get_mut(line).filter(|line| line.stage == LineStage::Matched);
                let line = line.ok_or_else(|| relied_upon("it was taken back before"))?;
                line.stage = if was_suspended { LineStage::Suspended } else { LineStage::Open };
            }
            BankEvent::LineUnmatched { line, .. } | BankEvent::LineReturned { line, .. } => {
                let suspended = |line: &&mut Line| line.stage == LineStage::Suspended;
                let line = self.lines.get_mut(line).filter(suspended);
                line.ok_or_else(|| relied_upon("the line was matched since"))?.stage = LineStage::Open;
            }
            BankEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<BankEvent>) -> BankEvent {
        BankEvent::Corrected(correction)
    }
}

impl Statement {
    /// The account that it is of, once it was imported.
    pub fn account(&self) -> Option<BankAccountId> {
        self.imported.map(|imported| imported.account)
    }

    /// Corrects an event as if what it had matched were not matched.
    fn correct(
        &self,
        id: StatementId,
        correct: &Correct<BankCommand>,
        facts: &Facts<Self>,
    ) -> Result<Vec<BankEvent>, BankRefusal> {
        let mut facts = facts.clone();
        match facts.original.as_ref().map(|original| &original.event) {
            Some(BankEvent::StatementImported { closing, .. }) if facts.known.has_later => {
                return Err(BankRefusal::LaterStatement { closing: *closing });
            }
            Some(BankEvent::LineMatched { parts, .. }) => {
                for booked in &mut facts.known.booked {
                    let of_it = parts.iter().filter(|part| part.position == booked.position);
                    booked.matched = booked.matched - of_it.map(|part| part.amount).sum();
                }
            }
            _ => {}
        }
        decide_correction(self, id, correct, &facts)
    }

    fn line(&self, line: LineId) -> Result<Line, BankRefusal> {
        self.lines.get(&line).copied().ok_or(BankRefusal::UnknownLine { line })
    }

    /// The amount of a line of which nothing was said yet.
    fn require_open(&self, line: LineId) -> Result<Balance, BankRefusal> {
        match self.line(line)? {
            Line { amount, stage: LineStage::Open } => Ok(amount),
            Line { amount, stage } => Err(stage.is_not(line, amount, "open")),
        }
    }

    fn known_line(&mut self, line: LineId) -> &mut Line {
        self.lines.get_mut(&line).expect("events name lines that were imported")
    }
}

impl BankCommand {
    /// The account of the statement that it imports.
    pub fn account(&self) -> Option<BankAccountId> {
        match self {
            Self::ImportStatement { account, .. } => Some(*account),
            Self::Correct(correct) => correct.replacement.as_deref()?.account(),
            Self::MatchLine { .. } | Self::UnmatchLine { .. } | Self::ReturnLine { .. } => None,
        }
    }

    /// The positions of the events that it names as booked.
    pub fn positions(&self) -> Vec<Position> {
        match self {
            Self::MatchLine { parts, .. } => parts.iter().map(|part| part.position).collect(),
            Self::ReturnLine { payment, .. } => vec![*payment],
            Self::Correct(correct) => correct.replacement.as_deref().map_or_else(Vec::new, Self::positions),
            Self::ImportStatement { .. } | Self::UnmatchLine { .. } => Vec::new(),
        }
    }
}

impl LineStage {
    fn is_not(self, line: LineId, amount: Balance, expected: &'static str) -> BankRefusal {
        let found = match self {
            Self::Open => "open",
            Self::Suspended => "on the suspense account",
            Self::Matched => "matched",
        };
        BankRefusal::WrongStage { line, amount, found, expected }
    }
}

/// Whether a statement came before; refused unless this one begins when and where that one ended.
fn require_follows(opening: Balance, facts: &Facts<Statement>) -> Result<bool, BankRefusal> {
    let Some(PreviousStatement { on: previous_on, closing: previous_closing }) = facts.known.previous else {
        return Ok(false);
    };
    let effective_on = facts.effective_on;
    if effective_on < previous_on {
        return Err(BankRefusal::OutOfOrder { previous_on, effective_on });
    }
    if opening != previous_closing {
        return Err(BankRefusal::OpeningDiffers { opening, previous_closing });
    }
    Ok(true)
}

/// Refuses a statement, whole, whose lines are not each one movement or do not make its closing.
fn require_adds_up(
    id: StatementId,
    (opening, closing): (Balance, Balance),
    lines: &[StatementLine],
) -> Result<(), BankRefusal> {
    let mut seen = BTreeSet::from([LineId::new(id.uuid())]);
    // A sum of many lines may leave 64 bits; it then makes no closing either.
    let mut moved = Some(0_i64);
    for StatementLine { line, amount, .. } in lines {
        let line = *line;
        if *amount == Balance::ZERO {
            return Err(BankRefusal::EmptyLine { line });
        }
        if !seen.insert(line) {
            return Err(BankRefusal::LineTwice { line });
        }
        moved = moved.and_then(|sum| sum.checked_add(amount.cents()));
    }
    let adds_up = moved.and_then(|moved| opening.cents().checked_add(moved)) == Some(closing.cents());
    if adds_up {
        return Ok(());
    }
    let moved = Balance::from_cents(moved.unwrap_or(i64::MAX));
    Err(BankRefusal::DoesNotAddUp { opening, moved, closing })
}

/// What was booked at a position; refused when nothing was.
fn booked_at(position: Position, booked: &[BookedOnBank]) -> Result<BookedOnBank, BankRefusal> {
    let found = booked.iter().find(|booked| booked.position == position);
    found.copied().ok_or(BankRefusal::NothingBooked { position })
}

/// The sum of the parts named; refused unless each is left to match of what was booked.
fn require_unmatched(
    line: LineId,
    parts: &[MatchedPart],
    booked: &[BookedOnBank],
) -> Result<Balance, BankRefusal> {
    if parts.is_empty() {
        return Err(BankRefusal::NoParts { line });
    }
    let mut sum = Balance::ZERO;
    for (n, MatchedPart { position, amount: asked }) in parts.iter().enumerate() {
        let (position, asked) = (*position, *asked);
        let BookedOnBank { moved, matched, .. } = booked_at(position, booked)?;
        let named_before = parts[..n].iter().filter(|part| part.position == position);
        let left = moved - matched - named_before.map(|part| part.amount).sum();
        let (from, to) = if moved.is_negative() { (left, Balance::ZERO) } else { (Balance::ZERO, left) };
        if asked == Balance::ZERO || asked < from || to < asked {
            return Err(BankRefusal::MatchedAlready { position, asked, left, moved });
        }
        sum = sum + asked;
    }
    Ok(sum)
}

/// Refuses a difference that the pool does not bear without asking.
fn require_small(difference: Balance, facts: &Facts<Statement>) -> Result<(), BankRefusal> {
    if difference == Balance::ZERO {
        return Ok(());
    }
    let max = facts.parameters.amount(Parameter::BankDifferenceMax, facts.effective_on)?.balance();
    if max < difference || max < -difference {
        return Err(BankRefusal::DifferenceTooLarge { difference, max });
    }
    Ok(())
}
