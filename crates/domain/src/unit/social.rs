//! Towards social security: Dimona declarations and social documents.
//!
//! An employment is declared to social security before the work begins; a declaration that comes later
//! says why, and stays late for ever. It is sent, and then accepted or refused; what was refused or
//! cancelled is sent anew. Once a declaration was sent, no wage is calculated before it is accepted.
//! When the work is over, the worker gets the document for unemployment benefit (C4), once; after the
//! year the statement of income (281.10), once a year.
//! Left out: declarations of end and of change, employments whose declaration is in no log, such as
//! those of the reference year, and that a person has one statement of all units together.
//! Source: KB 05-11-2002 (Dimona); DOMAIN C1 (Dimona), D, E24, F3 (social_document.issued). \[R\]

use super::event::{SocialDocument, UnitEvent, Work};
use super::{Dimona, Employment, JobStage, Unit, UnitRefusal, relied_upon, unknown, wrong_state};
use crate::correction::CorrectionRefused;
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::EmploymentId;
use crate::stream::Facts;
use crate::text::ReasonCode;

impl Unit {
    pub(super) fn send_dimona(
        &self,
        id: EmploymentId,
        late: Option<ReasonCode>,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let found = self.employment(id)?;
        match found.dimona() {
            None | Some(Dimona::Refused | Dimona::Cancelled) => {}
            Some(stage @ (Dimona::Sent | Dimona::Accepted)) => {
                return Err(wrong_state("dimona of employment", id, stage.word(), "not standing"));
            }
        }
        let (first_day, days_late) = (found.from, days_after(found.from, facts.effective_on));
        let late = late.filter(|_| days_late > 0);
        if days_late > 0 && late.is_none() {
            return Err(UnitRefusal::DimonaLate { first_day, effective_on: facts.effective_on });
        }
        Ok(UnitEvent::DimonaSent {
            employment: id,
            worker: found.worker,
            first_day,
            days_late,
            late,
            evidence,
        })
    }

    pub(super) fn accept_dimona(
        &self,
        id: EmploymentId,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let found = self.employment_at(id, &[Dimona::Sent], "sent")?;
        let days_late = days_after(found.from, facts.effective_on);
        Ok(UnitEvent::DimonaAccepted { employment: id, worker: found.worker, days_late, evidence })
    }

    pub(super) fn refuse_dimona(
        &self,
        id: EmploymentId,
        reason: ReasonCode,
        evidence: Evidence,
    ) -> Result<UnitEvent, UnitRefusal> {
        let found = self.employment_at(id, &[Dimona::Sent], "sent")?;
        Ok(UnitEvent::DimonaRefused { employment: id, worker: found.worker, reason, evidence })
    }

    pub(super) fn cancel_dimona(
        &self,
        id: EmploymentId,
        reason: ReasonCode,
        evidence: Evidence,
    ) -> Result<UnitEvent, UnitRefusal> {
        let found = self.employment_at(id, &[Dimona::Sent, Dimona::Accepted], "sent or accepted")?;
        let worked = |(work, job): (&Work, &super::Job)| match work {
            Work::Contract(_) => job.employment == Some(id) && job.stage != JobStage::Declared,
            Work::Month { employment, .. } => *employment == id,
        };
        if self.jobs.iter().any(worked) {
            return Err(wrong_state("employment", id, "worked under", "not worked under"));
        }
        Ok(UnitEvent::DimonaCancelled { employment: id, worker: found.worker, reason, evidence })
    }

    pub(super) fn issue_social_document(
        &self,
        document: SocialDocument,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let on = facts.effective_on;
        let worker = match document {
            SocialDocument::Unemployment { employment } => {
                let found = self.employment(employment)?;
                if !self.is_over(found, on) {
                    return Err(wrong_state("employment", employment, "in force", "over"));
                }
                found.worker
            }
            SocialDocument::Income { worker, year } => {
                if !self.salaries.values().any(|salary| salary.worker == worker) {
                    return Err(unknown("wage of worker", worker));
                }
                if on.year() <= year {
                    return Err(UnitRefusal::BadDay { day: on, problem: "before the year is over" });
                }
                worker
            }
        };
        if self.social_documents.contains(&document) {
            return Err(wrong_state("social document of worker", worker, "issued", "not issued yet"));
        }
        Ok(UnitEvent::SocialDocumentIssued { document, worker, evidence })
    }

    /// Refuses work under an employment whose declaration was sent and is not accepted.
    pub(super) fn require_dimona(&self, id: EmploymentId) -> Result<(), UnitRefusal> {
        match self.employment(id)?.dimona() {
            None | Some(Dimona::Accepted) => Ok(()),
            Some(stage) => Err(wrong_state("dimona of employment", id, stage.word(), "accepted")),
        }
    }

    fn is_over(&self, employment: &Employment, on: Day) -> bool {
        match employment.job {
            None => employment.ended,
            Some(contract) => {
                let job = self.jobs.get(&Work::Contract(contract));
                job.is_some_and(|job| job.last_day <= on)
            }
        }
    }

    fn employment(&self, id: EmploymentId) -> Result<&Employment, UnitRefusal> {
        self.employments.get(&id).ok_or_else(|| unknown("employment", id))
    }

    fn employment_at(
        &self,
        id: EmploymentId,
        stages: &[Dimona],
        expected: &'static str,
    ) -> Result<&Employment, UnitRefusal> {
        let found = self.employment(id)?;
        match found.dimona() {
            Some(stage) if stages.contains(&stage) => Ok(found),
            Some(stage) => Err(wrong_state("dimona of employment", id, stage.word(), expected)),
            None => Err(wrong_state("dimona of employment", id, "not sent", expected)),
        }
    }

    pub(super) fn evolve_social(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::DimonaSent { employment, .. } => self.declared(*employment, Dimona::Sent),
            UnitEvent::DimonaAccepted { employment, .. } => self.declared(*employment, Dimona::Accepted),
            UnitEvent::DimonaRefused { employment, .. } => self.declared(*employment, Dimona::Refused),
            UnitEvent::DimonaCancelled { employment, .. } => self.declared(*employment, Dimona::Cancelled),
            UnitEvent::SocialDocumentIssued { document, .. } => {
                self.social_documents.insert(*document);
            }
            _ => unreachable!("only events of social security come here"),
        }
    }

    fn declared(&mut self, employment: EmploymentId, stage: Dimona) {
        let found = self.employments.get_mut(&employment);
        found.expect("events name employments that were concluded").declarations.push(stage);
    }

    pub(super) fn void_social(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        let (employment, stage) = match original {
            UnitEvent::DimonaSent { employment, .. } => (employment, Dimona::Sent),
            UnitEvent::DimonaAccepted { employment, .. } => (employment, Dimona::Accepted),
            UnitEvent::DimonaRefused { employment, .. } => (employment, Dimona::Refused),
            UnitEvent::DimonaCancelled { employment, .. } => (employment, Dimona::Cancelled),
            UnitEvent::SocialDocumentIssued { document, .. } => {
                self.social_documents.remove(document);
                return Ok(());
            }
            _ => unreachable!("only events of social security come here"),
        };
        let gone = || relied_upon(original, "the declaration moved on since, or a wage rests upon it");
        let waged =
            |job: &super::Job| job.employment == Some(*employment) && job.stage == JobStage::Calculated;
        let relied = stage == Dimona::Accepted && self.jobs.values().any(waged);
        let found = self.employments.get_mut(employment).filter(|found| found.dimona() == Some(stage));
        found.filter(|_| !relied).ok_or_else(gone)?.declarations.pop();
        Ok(())
    }
}

impl Employment {
    /// Where its declaration is now.
    pub(super) fn dimona(&self) -> Option<Dimona> {
        self.declarations.last().copied()
    }
}

impl Dimona {
    const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// By how many days a day comes after the first day of work.
fn days_after(first_day: Day, on: Day) -> u32 {
    u32::try_from(on.number() - first_day.number()).unwrap_or(0)
}
