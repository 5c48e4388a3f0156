//! The reference year: the cooperative's year 2025 as commands, deterministic by seed and scale.
//!
//! It emits commands, never events or totals: each person, membership, unit, job, employment,
//! invoice, expense and wage is a thing of its own, and what the books compute is left to them. At
//! full scale they come to the published figures exactly. What the cooperative did not publish
//! (amounts of an invoice, names, dates) is synthetic and says so.
//!
//! ```text
//! quotas     the whole numbers the year must come to     days   the span of the log
//! people     who: members, units, shares                 draw   seeded draws, whole numbers only
//! work       days, hours, wages               ids        ids and documents
//! holiday    holiday pay
//! lending    loans and grants                            acts   order, and the commands
//! money      expenses, and the invoices that fund all    sales  the commands of these
//! debts      payments, reminders, losses      advances   what the guarantee fund advances
//! structure  staff, offices, assets, taxes, returns
//! closing    tests, deferral, approval of the accounts
//! ```
//!
//! The year 2024 comes first, as the opening state: everybody who was active in it is admitted,
//! holds shares and a unit, and invoices once. The last wages of December are paid on 2026-01-12; the
//! log ends in June, when the general meeting approves the accounts and allocates the result, and they
//! are filed. Budget is spendable when the client pays: the year publishes this reading after the given
//! parameters. No command is ever refused, as long as the parameters are those the year was planned
//! with; [`ReferenceYear::check`] says when they are not.
//! Left out: corrections, which name positions that only a log knows.
//! Source: figures-2025.json; DOMAIN A1, A2, F1.

mod acts;
mod advances;
mod closing;
mod days;
mod debts;
mod draw;
mod holiday;
mod ids;
mod lending;
mod money;
mod people;
mod planned;
mod quotas;
mod sales;
mod structure;
mod work;

use domain::command::Command;
use domain::ids::PersonId;
use domain::statutes::StatutesCommand;

pub use planned::Unplanned;
pub use quotas::{Quotas, Scale, ScaleError, Target};

use acts::Plan;
use advances::Advances;
use days::Span;
use debts::Debts;
use holiday::Holiday;
use ids::Ids;
use lending::Lending;
use money::Money;
use people::{People, Role};
use structure::Structure;
use work::Work;

/// The planned year.
pub struct ReferenceYear {
    quotas: Quotas,
    plan: Plan,
}

/// A record for the vault of somebody who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntheticPerson {
    /// Such as `Synthetic Person 000123`.
    pub name: String,
    /// Such as `Synthetic Street 124, 0000 Nowhere`.
    pub address: String,
    /// At a domain that is reserved for examples.
    pub email: String,
    /// Whether it is a client, who is invoiced; its id is the client's id.
    pub is_client: bool,
}

impl ReferenceYear {
    /// Draws the year: quotas first, then who and when.
    pub fn plan(seed: u64, scale: Scale) -> Self {
        let quotas = Quotas::at(scale);
        let span = Span::new();
        let mut people = People::draw(seed, &quotas);
        let work = Work::plan(seed, &quotas, &mut people, &span);
        let mut lending = Lending::plan(seed, &quotas, &people, &span);
        let mut money = Money::plan(seed, &quotas, &people, (&work, &lending), &span);
        let debts = Debts::plan(seed, &quotas, &people, &money, &span);
        people.buy_shares(seed, &money.first_use(&people, &work));
        let advances = Advances::plan(&work, &mut money, &debts, &mut lending, &span);
        let holiday = Holiday::plan(&people, &work, &span);
        let ids = Ids::new(seed);
        let owed = (&people, &work, &holiday, &money, &debts);
        let structure = Structure::plan(seed, &quotas, owed, &span, &ids);
        let (work, money) = ((work, holiday), (money, debts, advances, lending));
        Self { quotas, plan: Plan::order(people, work, money, structure, span, ids) }
    }

    /// Says which of the parameters differs from what the year was planned with, if any.
    pub fn check(parameters: &[StatutesCommand]) -> Result<(), Unplanned> {
        planned::unplanned(parameters)
    }

    /// Every command in the order of effective dates, made when asked for.
    ///
    /// The log is opened first, as a synthetic one; then the given parameters are published.
    pub fn commands(&self, parameters: &[StatutesCommand]) -> impl Iterator<Item = Command> + Send {
        self.plan.commands(parameters)
    }

    /// How many commands there are with these parameters.
    pub fn n_commands(&self, parameters: &[StatutesCommand]) -> u64 {
        (self.plan.acts.len() + parameters.len()) as u64
    }

    /// The whole numbers that the year comes to.
    pub fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// Records for the vault: of every person first, then of every client, and of the foundation.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, SyntheticPerson)> {
        let persons = (0_u32..).zip(&self.plan.people.persons).map(|(index, person)| {
            let what = if person.role == Role::Applicant { "Applicant" } else { "Person" };
            (self.plan.person_id(index), SyntheticPerson::new(what, index, false))
        });
        let clients = (0..self.plan.money.n_clients).map(|index| {
            let id = PersonId::new(self.plan.client_id(index).uuid());
            (id, SyntheticPerson::new("Client", index, true))
        });
        let funder = (self.plan.funder_id(), SyntheticPerson::new("Foundation", 0, false));
        persons.chain(clients).chain(std::iter::once(funder))
    }
}

impl SyntheticPerson {
    fn new(what: &str, index: u32, is_client: bool) -> Self {
        Self {
            name: format!("Synthetic {what} {index:06}"),
            address: format!("Synthetic Street {}, 0000 Nowhere", index + 1),
            email: format!("{}.{index:06}@synthetic.example", what.to_lowercase()),
            is_client,
        }
    }
}
