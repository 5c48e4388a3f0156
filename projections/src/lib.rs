//! Read models: each folder answers one question from the log, and can be deleted and rebuilt.
//!
//! ```text
//! port             tables as data, rows in, queries out; neither database is known here
//! journal          what was booked, in order, per journal and number
//! balances         what each account, unit and member holds, at a date, as known at a position
//! members          who is a member, since when, until when
//! share_register   who holds which shares, and paid what on them
//! units            holders, jobs, days, hours, turnover of production units
//! receivables      open invoices by age, and what was done to get them paid
//! wages_due        what wage must be paid by when, what was late
//! special_report   the figures of a year, each with its definition
//! annual_accounts  balance sheet, profit and loss, and trial balance of a year
//! loans            which loans were asked for, granted and lent, what is outstanding and due
//! grants           which grants were awarded and received, what is still to be passed on
//! guarantee_fund   what the guarantee fund advanced, got back, absorbed and bore
//! money_flow       where money comes from and where it goes
//! bank             whether the books hold what the bank statements say, and what explains the rest
//! covers           who is covered against accidents on a day, and what became of claims
//! courses          which courses are validated and listed, and their exempt turnover
//! fitness          who is fit for which risky work until when, and accidents
//! resources        who booked which shared desk, room or machine, and paid what for it
//! participation    which groups met, how far recommendations have come
//! activities       what was done for the object, how often, with how many people
//! controls         which share of actions was checked, and what was found
//! offices          which offices are open, who advises there
//! vote_register    who could vote at each general meeting, who did, and what was decided
//! mandates         who sits where, until when, and which seats are free
//! ```
//!
//! An event that reaches no rows is listed in [`LOG_ONLY`] with the reason; a test holds it.

pub mod activities;
pub mod annual_accounts;
pub mod balances;
pub mod bank;
pub mod controls;
pub mod courses;
pub mod covers;
pub mod fitness;
pub mod grants;
pub mod guarantee_fund;
pub mod journal;
pub mod loans;
pub mod mandates;
pub mod members;
pub mod money_flow;
pub mod offices;
pub mod participation;
pub mod port;
pub mod receivables;
pub mod resources;
mod row;
pub mod share_register;
pub mod special_report;
pub mod units;
pub mod vote_register;
pub mod wages_due;

use port::Projection;

/// Every projection, as it is before the first event.
pub fn all() -> Vec<Box<dyn Projection>> {
    vec![
        Box::new(journal::Journals::default()),
        Box::new(balances::Balances),
        Box::new(members::Members),
        Box::new(share_register::ShareRegister::default()),
        Box::new(units::Units),
        Box::new(receivables::Receivables),
        Box::new(wages_due::WagesDue),
        Box::new(loans::Loans),
        Box::new(grants::Grants),
        Box::new(guarantee_fund::GuaranteeFund),
        Box::new(money_flow::MoneyFlows),
        Box::new(bank::Bank),
        Box::new(covers::Covers),
        Box::new(courses::Courses),
        Box::new(fitness::FitnessOfWorkers),
        Box::new(resources::Resources),
        Box::new(participation::Participations),
        Box::new(activities::Activities),
        Box::new(controls::Controls::default()),
        Box::new(offices::Offices),
        Box::new(vote_register::VoteRegister),
        Box::new(mandates::Mandates),
    ]
}

/// Events that reach no rows, by stored name, and why the log is enough for them.
pub const LOG_ONLY: &[(&str, &str)] = &[
    ("log.opened", "says whose log it is, which its reader knows before it asks"),
    ("statutes.adopted", "the recognition read model will tell which statutes held when"),
    ("statutes.corrected", "takes back or replaces what is itself in no read model"),
    ("year.opened", "which years are open is a fact of the writer; nothing is counted or booked"),
    ("year.closed", "closing entries are events of their own"),
    ("tests.recorded", "refunds read the latest tests from the writer's facts"),
    ("accounts.audited", "which step of closing comes next is a rule of the year"),
    ("accounts.approved", "which step of closing comes next is a rule of the year"),
    ("year.corrected", "takes back what is itself in no read model"),
    ("exclusion.proposed", "nobody has left yet; whether the member was heard is a rule of the membership"),
    ("exclusion.remarks_received", "whether the member was heard is a rule of the membership"),
    ("number.taken", "the document that took the number bears it"),
    ("series.corrected", "a number once taken is spent; it never happens"),
    ("order.confirmed", "a promise: nothing of it is invoiced, worked or owed yet"),
    ("order.cancelled", "the end of a promise"),
    ("dmfa.filed", "what is owed to NSSO stands in the books already; the return is in the log"),
    ("withholding_return.filed", "what is withheld stands in the books already; the return is in the log"),
    ("customer_listing.filed", "a document deposited; the recognition read model will tell when"),
    ("accounts.filed", "a document deposited; the recognition read model will tell when"),
    ("expense.claimed", "an expense counts when it is approved"),
    ("expense.refused", "an expense counts when it is approved"),
    ("dimona.sent", "where a declaration is, is a rule of the unit; the days declared are counted"),
    ("dimona.accepted", "where a declaration is, is a rule of the unit"),
    ("dimona.refused", "where a declaration is, is a rule of the unit"),
    ("dimona.cancelled", "where a declaration is, is a rule of the unit"),
    ("social_document.issued", "states what the wages say already"),
    ("guarantee_line.set", "how far a unit may go is a rule of the unit; what it spends is booked"),
    ("budget.received", "the event of the giver is booked, for both units"),
    ("conflict.declared", "who has a conflict is a fact of the writer; the decision of the board names them"),
    ("board.convened", "what the board decided is in the log; its minutes are documents"),
    ("board.met", "what the board decided is in the log; its minutes are documents"),
    ("board.decided", "what the board decided is in the log; its minutes are documents"),
    ("board.corrected", "what the board decided is in the log; its minutes are documents"),
];
