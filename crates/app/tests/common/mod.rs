//! Fixtures: a small cooperative, told by commands.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::path::Path;
use std::sync::Arc;

use app::clock::SyntheticClock;
use app::writer::{Answer, Writer, WriterThread};
use domain::ids::{ClientId, CommandId, EntityId, InvoiceId, MemberId, PersonId, UnitId};
use domain::joint::{IssueInvoice, JointCommand};
use domain::member::{Category, MemberCommand, PaidFrom};
use domain::money::Amount;
use domain::statutes::StatutesCommand;
use domain::text::Token;
use domain::unit::{InvoiceDraft, InvoiceLine, UnitCommand};
use domain::vat::{Price, VatCategory};
use domain::year::YearCommand;
use domain::{Command, Day, Digest, Evidence, Request, Year};
use store::{Log, LogId, Randomness};
use uuid::Uuid;

pub const ALICE: PersonId = PersonId::new(Uuid::from_u128(0xA11CE));
pub const BOB: PersonId = PersonId::new(Uuid::from_u128(0xB0B));
pub const ALICE_MEMBER: MemberId = MemberId::new(Uuid::from_u128(0x0A11_CE00));
pub const ATELIER: UnitId = UnitId::new(Uuid::from_u128(0xA7E11E));
pub const CLIENT: ClientId = ClientId::new(Uuid::from_u128(0xC11E47));

/// The same bytes in every run.
pub struct Counting(pub u8);

impl Randomness for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(31);
            *byte = self.0;
        }
    }
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn evidence(n: u128) -> Evidence {
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(&n.to_be_bytes());
    Evidence { document: format!("DOC-{n}").parse().unwrap(), digest: Digest(digest) }
}

pub fn command(id: u128, on: &str, request: Request) -> Command {
    Command {
        id: CommandId::new(Uuid::from_u128(id)),
        actor: Token::literal("service:desk"),
        effective_on: day(on),
        request,
    }
}

pub fn unit(id: u128, on: &str, asked: UnitCommand) -> Command {
    command(id, on, Request::Unit(ATELIER, asked))
}

pub fn invoice(id: u128, on: &str, net: &str) -> Command {
    let draft = InvoiceDraft {
        invoice: InvoiceId::new(Uuid::from_u128(id)),
        holder: ALICE,
        client: CLIENT,
        order: None,
        course: None,
        lines: vec![InvoiceLine { vat: VatCategory::Standard, price: Price::Net(amount(net)) }],
        evidence: evidence(id),
    };
    let issue = IssueInvoice { series: Token::literal("F"), draft };
    command(id, on, Request::Joint(JointCommand::IssueInvoice(ATELIER, issue)))
}

/// The commands that open synthetic books with parameters, the year 2025, a member and a unit.
pub fn opening() -> Vec<Command> {
    let entity = EntityId::new(Uuid::from_u128(1));
    let open = StatutesCommand::OpenLog { entity, currency: Token::literal("EUR"), synthetic: true };
    let mut asked = vec![Request::Statutes(open)];
    asked.extend(app::seed::reviewed_parameters().unwrap().into_iter().map(Request::Statutes));
    asked.push(Request::Year(Year::new(2025), YearCommand::OpenYear {}));
    let member = |asked| Request::Member(ALICE_MEMBER, asked);
    asked.push(member(MemberCommand::RequestAdmission { person: ALICE, category: Category::User }));
    asked.push(member(MemberCommand::GrantAdmission {}));
    asked.push(member(MemberCommand::SubscribeShares {
        class: Token::literal("A"),
        shares: 1,
        evidence: evidence(1),
    }));
    asked.push(member(MemberCommand::PayUpShares {
        amount: amount("30.00"),
        paid_from: PaidFrom::OwnMeans,
        evidence: evidence(2),
    }));
    asked.push(Request::Unit(ATELIER, UnitCommand::OpenUnit { holder: ALICE }));
    let numbered = asked.into_iter().zip(1_000..);
    numbered.map(|(request, id)| command(id, "2025-01-01", request)).collect()
}

/// Creates a log and opens its books.
pub fn create(dir: &Path) -> (Writer, WriterThread) {
    Log::create(dir, LogId::new(Uuid::from_u128(7)), &mut Counting(0)).unwrap();
    let (writer, thread) = open(dir);
    for command in opening() {
        accept(writer.send_blocking(command));
    }
    (writer, thread)
}

pub fn open(dir: &Path) -> (Writer, WriterThread) {
    Writer::open(dir, Arc::new(SyntheticClock)).unwrap()
}

#[track_caller]
pub fn accept(answer: Answer) -> domain::Receipt {
    match answer {
        Ok(accepted) => accepted.receipt,
        Err(error) => panic!("refused: {} ({error})", error.code()),
    }
}

#[track_caller]
pub fn refusal(answer: Answer) -> &'static str {
    match answer {
        Ok(accepted) => panic!("accepted at {}", accepted.receipt.first),
        Err(error) => error.code(),
    }
}
