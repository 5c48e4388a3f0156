//! Given what has happened, when something is asked, then this happens or is refused.
//!
//! The only place of the rulebook that touches the domain's interface for deciding and folding.
//! An accepted command can be followed by another one, so that a rule about what a correction
//! leaves behind is stated by what may be asked afterwards, never by looking into a state.

use std::sync::Arc;

use domain::activity::Activity;
use domain::bank::Statement;
use domain::board::Board;
use domain::control::Control;
use domain::correction::Original;
use domain::course::Course;
use domain::cover::Cover;
use domain::filing::Filing;
use domain::fitness::Fitness;
use domain::grant::Grant;
use domain::joint::{self, Decided, TransferBudget, TransferShares};
use domain::loan::Loan;
use domain::mandate::Mandate;
use domain::meeting::Meeting;
use domain::member::Member;
use domain::office::Office;
use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::participation::{Participation, ParticipationId};
use domain::resource::Resource;
use domain::series::Series;
use domain::statutes::Statutes;
use domain::stream::decide;
use domain::structure::Structure;
use domain::unit::{CreditDraft, InvoiceDraft, Unit};
use domain::year::FiscalYear;
use domain::{Event, Facts, Position, Refusal, Refused, RuleName, Stream, StreamEvent, Year};

use crate::fixtures::{self, day};

/// The stream that specs of a kind are about.
pub trait Known: Stream {
    const ID: Self::Id;
}

impl Known for Statutes {
    const ID: () = ();
}

impl Known for FiscalYear {
    const ID: Year = Year::new(2025);
}

impl Known for Member {
    const ID: domain::ids::MemberId = fixtures::ALICES_MEMBERSHIP;
}

impl Known for Unit {
    const ID: domain::ids::UnitId = fixtures::ATELIER;
}

impl Known for Structure {
    const ID: Year = Year::new(2025);
}

impl Known for Filing {
    const ID: domain::FilingId = crate::filing::VAT_OF_THE_QUARTER;
}

impl Known for Series {
    const ID: domain::SeriesId =
        domain::SeriesId { code: domain::text::SeriesCode::literal("F"), year: Year::new(2025) };
}

impl Known for Loan {
    const ID: domain::ids::LoanId = fixtures::LOAN;
}

impl Known for Meeting {
    const ID: domain::ids::MeetingId = crate::meeting::FIRST;
}

impl Known for Mandate {
    const ID: domain::ids::MandateId = crate::mandate::SEAT;
}

impl Known for Board {
    const ID: domain::ids::BoardMeetingId = crate::mandate::BOARD;
}

impl Known for Grant {
    const ID: domain::ids::GrantId = fixtures::GRANT;
}

impl Known for Course {
    const ID: domain::ids::CourseId = fixtures::COURSE;
}

impl Known for Fitness {
    const ID: domain::ids::PersonId = fixtures::BOB;
}

impl Known for Cover {
    const ID: domain::ids::MemberId = fixtures::ALICES_MEMBERSHIP;
}

impl Known for Statement {
    const ID: domain::ids::StatementId = fixtures::STATEMENT;
}

impl Known for Resource {
    const ID: domain::ids::ResourceId = fixtures::RESOURCE;
}

impl Known for Participation {
    const ID: ParticipationId = ParticipationId::Group(fixtures::GROUP);
}

impl Known for Activity {
    const ID: domain::ids::ActivityId = fixtures::ACTIVITY;
}

impl Known for Control {
    const ID: domain::control::CheckId = crate::control::BEFORE;
}

impl Known for Office {
    const ID: domain::ids::OfficeId = fixtures::OFFICE;
}

/// One thing that was asked, with what was known and what came of it.
#[derive(Clone, Debug)]
pub struct Asked<S: Stream> {
    pub before: Vec<S::Event>,
    pub command: S::Command,
    pub facts: Facts<S>,
    pub events: Vec<S::Event>,
}

/// What has happened, and what is known.
#[derive(Clone, Debug)]
pub struct Given<S: Known> {
    pub id: S::Id,
    pub events: Vec<S::Event>,
    pub state: S,
    pub facts: Facts<S>,
    pub asked: Vec<Asked<S>>,
}

/// What came of a command.
#[derive(Debug)]
pub struct Outcome<S: Known> {
    given: Given<S>,
    decided: Result<Vec<S::Event>, S::Refusal>,
}

/// The rule that booked an event when it was new.
pub fn first_rule(event: &impl StreamEvent) -> RuleName {
    format!("{}@1", event.kind().name).parse().expect("names of rules are tokens")
}

/// These events have happened; it is 3 March 2025, the year is open, DOMAIN C1 holds.
pub fn given<S: Known>(events: impl IntoIterator<Item = S::Event>) -> Given<S> {
    let facts = Facts {
        effective_on: day("2025-03-03"),
        year_is_open: true,
        parameters: fixtures::parameters(),
        known: S::Known::default(),
        original: None,
    };
    let given = Given { id: S::ID, events: Vec::new(), state: S::default(), facts, asked: Vec::new() };
    given.and(events)
}

impl<S: Known> Given<S> {
    /// These events have happened as well.
    pub fn and(mut self, events: impl IntoIterator<Item = S::Event>) -> Self {
        for event in events {
            self.state.evolve(&event);
            self.events.push(event);
        }
        self
    }

    /// In another stream of the kind.
    pub fn of(mut self, id: S::Id) -> Self {
        self.id = id;
        self
    }

    /// Other streams say this.
    pub fn with(mut self, known: S::Known) -> Self {
        self.facts.known = known;
        self
    }

    /// The command takes effect on this day.
    pub fn on(mut self, text: &str) -> Self {
        self.facts.effective_on = day(text);
        self
    }

    /// The fiscal year of the day is not open.
    pub fn in_a_year_that_is_not_open(mut self) -> Self {
        self.facts.year_is_open = false;
        self
    }

    /// This parameter was published last, for all days.
    pub fn publishing(mut self, parameter: Parameter, value: Value) -> Self {
        let published = Published { valid_from: day("1900-01-01"), valid_to: None, value };
        Arc::make_mut(&mut self.facts.parameters).publish(parameter, published);
        self
    }

    /// No parameter was ever published.
    pub fn without_parameters(mut self) -> Self {
        self.facts.parameters = Arc::new(Parameters::default());
        self
    }

    /// The log holds the n-th event of this stream at position n.
    pub fn with_original(mut self, n: usize) -> Self {
        self.facts.original = Some(Original {
            position: Position(n as u64),
            event: self.events[n - 1].clone(),
            posting_rule: first_rule(&self.events[n - 1]),
        });
        self
    }

    /// Somebody asks this.
    pub fn when(self, command: S::Command) -> Outcome<S> {
        let decided = decide(&self.state, self.id, &command, &self.facts);
        let mut given = self;
        if let Ok(events) = &decided {
            let before = given.events.clone();
            given.asked.push(Asked { before, command, facts: given.facts.clone(), events: events.clone() });
        }
        Outcome { given, decided }
    }
}

impl<S: Known> Outcome<S> {
    /// Exactly these events happen; the spec may go on from there.
    pub fn then(self, expected: impl IntoIterator<Item = S::Event>) -> Given<S> {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(self.decided.as_ref(), Ok(&expected), "the command should have this effect");
        self.accepted()
    }

    /// It is accepted, whatever happens; the spec may go on from there.
    pub fn accepted(self) -> Given<S> {
        match self.decided {
            Ok(events) => self.given.and(events),
            Err(refusal) => panic!("refused, though the rules allow it: {refusal} ({})", refusal.code()),
        }
    }

    /// It is accepted as one event.
    pub fn event(self) -> S::Event {
        let before = self.given.events.len();
        let mut events = self.accepted().events.split_off(before);
        assert_eq!(events.len(), 1, "one event was expected");
        events.remove(0)
    }

    /// What happens, if no rule says no.
    pub fn events_or_none(self) -> Vec<S::Event> {
        self.decided.unwrap_or_default()
    }

    /// Precisely this rule says no.
    #[expect(clippy::wrong_self_convention, reason = "reads as a sentence")]
    pub fn is_refused(self, refusal: impl Into<S::Refusal>) {
        assert_eq!(self.decided, Err(refusal.into()), "the command should be refused");
    }

    /// A rule says no in these words.
    #[expect(clippy::wrong_self_convention, reason = "reads as a sentence")]
    pub fn is_refused_saying(self, sentence: &str) {
        assert_eq!(self.refusal().to_string(), sentence);
    }

    /// The rule that says no.
    pub fn refusal(self) -> S::Refusal {
        match self.decided {
            Ok(events) => panic!("accepted, though a rule forbids it: {events:?}"),
            Err(refusal) => refusal,
        }
    }
}

/// What a joint command comes to.
pub type Jointly = Result<Decided, Refused>;

/// The unit issues an invoice under the next number of the series.
pub fn issue(series: &Given<Series>, unit: &Given<Unit>, draft: &InvoiceDraft) -> Jointly {
    joint::issue_invoice(
        (series.id, &series.state, &series.facts),
        (unit.id, &unit.state, &unit.facts),
        draft,
    )?
    .map_err(Refused::from)
}

/// The unit invoices a deposit under the next number of the series.
pub fn invoice_deposit(series: &Given<Series>, unit: &Given<Unit>, draft: &InvoiceDraft) -> Jointly {
    joint::invoice_deposit(
        (series.id, &series.state, &series.facts),
        (unit.id, &unit.state, &unit.facts),
        draft,
    )?
    .map_err(Refused::from)
}

/// The unit invoices work under the next number of the series and deducts deposits.
pub fn issue_final(
    series: &Given<Series>,
    unit: &Given<Unit>,
    draft: &InvoiceDraft,
    deposits: &[domain::ids::InvoiceId],
) -> Jointly {
    joint::issue_final_invoice(
        (series.id, &series.state, &series.facts),
        (unit.id, &unit.state, &unit.facts),
        (draft, deposits),
    )?
    .map_err(Refused::from)
}

/// The unit credits an invoice under the next number of the series.
pub fn credit(series: &Given<Series>, unit: &Given<Unit>, draft: &CreditDraft) -> Jointly {
    joint::credit_invoice(
        (series.id, &series.state, &series.facts),
        (unit.id, &unit.state, &unit.facts),
        draft,
    )?
    .map_err(Refused::from)
}

/// One member transfers shares to another.
pub fn transfer(from: &Given<Member>, to: &Given<Member>, command: &TransferShares) -> Jointly {
    Ok(joint::transfer_shares((from.id, &from.state, &from.facts), &to.state, command)?)
}

/// One unit transfers budget to another.
pub fn give_budget(from: &Given<Unit>, to: &Given<Unit>, command: &TransferBudget) -> Jointly {
    Ok(joint::transfer_budget((from.id, &from.state, &from.facts), &to.state, command)?)
}

/// The events of one stream kind among those decided.
pub fn of_unit(decided: Decided) -> Vec<domain::unit::UnitEvent> {
    decided
        .into_iter()
        .filter_map(|(_, event)| match event {
            Event::Unit(event) => Some(event),
            _ => None,
        })
        .collect()
}
