//! What a decision is told of other streams: their states, the facts, and what positions booked.
//!
//! Courses, fitness, bank statements and resources rest on streams beside their own. Each is loaded warm
//! and asked by the words of its own rules, so that a correction there counts at once.

use domain::bank::{BankCommand, BankKnown, BookedOnBank, Statement};
use domain::course::{Course, CourseKnown, CourseStanding};
use domain::cover::CoverKnown;
use domain::fitness::{Fit, Fitness};
use domain::ids::{PersonId, ResourceId, StatementId, UnitId};
use domain::resource::{Resource, ResourceCommand, ResourceKnown};
use domain::unit::{InvoiceDraft, Unit, UnitCommand};
use domain::{Balance, StreamId};
use ledger::{Account, Posting};

use super::core::{Core, Stopped, WithoutEntry, broken, post_sealed};

impl Core {
    /// When the worker of a command is fit for the risk that it states.
    pub(super) fn fit_for(&mut self, unit: UnitId, asked: &UnitCommand) -> Result<Option<Fit>, Stopped> {
        self.warm.load(StreamId::Unit(unit), self.log.reader()).map_err(broken)?;
        let Some((worker, risk)) = self.warm.state::<Unit>(unit).risk_of(asked) else { return Ok(None) };
        self.warm.load(StreamId::Fitness(worker), self.log.reader()).map_err(broken)?;
        Ok(self.warm.state::<Fitness>(worker).fit_for(risk))
    }

    /// How the course that an invoice cites stands for the unit that issues it.
    pub(super) fn course_cited(
        &mut self,
        unit: UnitId,
        draft: &InvoiceDraft,
    ) -> Result<Option<CourseStanding>, Stopped> {
        let Some(course) = draft.course else { return Ok(None) };
        self.warm.load(StreamId::Course(course), self.log.reader()).map_err(broken)?;
        Ok(Some(self.warm.state::<Course>(course).standing(unit)))
    }

    /// Whether a unit is open and a person holds it.
    pub(super) fn is_held(&mut self, unit: UnitId, holder: PersonId) -> Result<bool, Stopped> {
        self.warm.load(StreamId::Unit(unit), self.log.reader()).map_err(broken)?;
        let unit = self.warm.state::<Unit>(unit);
        Ok(unit.is_open() && unit.is_held_by(holder))
    }

    /// What is known of the statements around one, and of what the events that a command names booked.
    pub(super) fn bank_known(&mut self, id: StatementId, asked: &BankCommand) -> Result<BankKnown, Stopped> {
        self.warm.load(StreamId::Bank(id), self.log.reader()).map_err(broken)?;
        let previous = asked.account().and_then(|account| self.facts.statement_before(account, id));
        let account = self.warm.state::<Statement>(id).account();
        let has_later = account.is_some_and(|account| self.facts.has_statement_after(account, id));
        let mut booked = Vec::new();
        for position in asked.positions() {
            // Events of this batch are not on disk yet; nobody can have read their positions.
            if position > self.decided_on {
                continue;
            }
            let Some(stored) = self.log.reader().event_at(position).map_err(broken)? else { continue };
            let recorded = stored.decode().map_err(broken)?;
            // What a statement books itself, on suspense or as a difference, is no payment.
            if let StreamId::Bank(_) = recorded.stream {
                continue;
            }
            let posting = post_sealed(&recorded).map_err(broken)?;
            let moved = posting.entry().map(|entry| entry.effect_on_account(Account::Banks));
            if let Some(moved) = moved.filter(|moved| *moved != Balance::ZERO) {
                booked.push(BookedOnBank { position, moved, matched: self.facts.matched_at(position) });
            }
        }
        Ok(BankKnown { previous, has_later, booked })
    }

    /// What is known of the unit that books a resource or is charged for it.
    pub(super) fn resource_known(
        &mut self,
        id: ResourceId,
        asked: &ResourceCommand,
    ) -> Result<ResourceKnown, Stopped> {
        self.warm.load(StreamId::Resource(id), self.log.reader()).map_err(broken)?;
        let (unit, holder) = self.warm.state::<Resource>(id).unit_and_holder(asked);
        let is_holder = match unit.zip(holder) {
            Some((unit, holder)) => self.is_held(unit, holder)?,
            None => false,
        };
        Ok(ResourceKnown { budget: self.budget_known(unit)?, is_holder })
    }
}

impl WithoutEntry for CourseKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for CoverKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

// What a line was matched with is no entry; the statement takes it back itself.
impl WithoutEntry for BankKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for ResourceKnown {
    fn without(&mut self, posting: &Posting, stream: StreamId) {
        self.budget.without(posting, stream);
    }
}
