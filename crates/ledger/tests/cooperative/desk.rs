//! Bank statements and a shared machine of the random cooperative.
//!
//! ```text
//! 550 = what the statements close with − lines not yet booked + bookings that no line was matched with
//! ```
//!
//! Holds after every event, whatever is matched, waits on suspense, comes back or is corrected.

use domain::bank::{
    BankCommand, BankEvent, BankKnown, BookedOnBank, LineKind, MatchedPart, PreviousStatement, Statement,
    StatementLine,
};
use domain::resource::{Resource, ResourceCommand, ResourceKind, ResourceKnown, Slot};

use super::*;

pub const ACCOUNT: BankAccountId = BankAccountId::new(Uuid::from_u128(0xACC));
pub const MACHINE: ResourceId = ResourceId::new(Uuid::from_u128(0xAC1));
pub const N_KINDS: u8 = 6;

#[derive(Default)]
pub struct Desk {
    pub statements: BTreeMap<StatementId, Statement>,
    pub order: Vec<StatementId>,
    pub lines: Vec<(StatementId, LineId, Balance)>,
    pub closing: Balance,
    /// Lines that nothing books yet.
    pub open: Balance,
    pub matched: BTreeMap<Position, Balance>,
    pub machine: Resource,
    /// What all other events booked on 550.
    pub booked: Balance,
}

impl Desk {
    pub fn fold(&mut self, event: &BankEvent, forth: bool) {
        let signed = |balance: Balance| if forth { balance } else { -balance };
        match event {
            BankEvent::StatementImported { opening_line, opening, lines, .. } => {
                let brought = opening_line.map_or(Balance::ZERO, |_| *opening);
                let sum = brought + lines.iter().map(|line| line.amount).sum();
                self.closing = self.closing + signed(sum);
                self.open = self.open + signed(sum);
            }
            BankEvent::LineMatched { amount, parts, released, .. } => {
                for MatchedPart { position, amount } in parts {
                    let matched = self.matched.entry(*position).or_default();
                    *matched = *matched + signed(*amount);
                }
                self.open = self.open - signed(*amount - *released);
            }
            BankEvent::LineUnmatched { amount, .. } | BankEvent::LineReturned { amount, .. } => {
                self.open = self.open - signed(*amount);
            }
            BankEvent::Corrected(correction) => {
                self.fold(&correction.original, !forth);
                correction.replacement.iter().for_each(|event| self.fold(event, forth));
            }
        }
    }
}

impl Cooperative {
    /// One step at the desk, on the latest of what was booked.
    pub fn desk_step(&mut self, kind: u8, (unit, pick): (UnitId, usize), some: Amount, size: u32) {
        let lines = self.desk.lines.len();
        let line = self.desk.lines.get(lines.saturating_sub(1 + pick % 12)).copied();
        match kind {
            0 => self.import(pick, some, size),
            1 | 2 => {
                let Some((statement, line, amount)) = line else { return };
                // Sometimes the client pays a cent more than was booked, or less.
                let difference = Balance::from_cents(i64::from(size % 3) - 1);
                let exact = |entry: &BookedOnBank| entry.moved - entry.matched == amount;
                let near = |entry: &BookedOnBank| entry.moved - entry.matched == amount - difference;
                let entries = self.on_bank();
                let found = entries.iter().find(|entry| exact(entry));
                let found = found.map(|entry| (entry, Balance::ZERO));
                let found = found.or(entries.iter().find(|e| near(e)).map(|entry| (entry, difference)));
                let Some((entry, difference)) = found else { return };
                let amount = amount - difference;
                let parts = vec![MatchedPart { position: entry.position, amount }];
                self.ask_bank(statement, BankCommand::MatchLine { line, parts, difference });
            }
            3 => {
                let Some((statement, line, _)) = line else { return };
                self.ask_bank(statement, BankCommand::UnmatchLine { line });
            }
            4 => {
                let entries = self.on_bank();
                let sent_back = |amount: Balance| {
                    let back = |entry: &&BookedOnBank| entry.moved == -amount && entry.matched == entry.moved;
                    entries.iter().find(back).map(|entry| entry.position)
                };
                let lines = self.desk.lines.iter().rev().take(12);
                let found = lines.filter_map(|(id, line, amount)| Some((*id, *line, sent_back(*amount)?)));
                let Some((statement, line, payment)) = found.collect::<Vec<_>>().first().copied() else {
                    return;
                };
                self.ask_bank(statement, BankCommand::ReturnLine { line, payment });
            }
            _ => self.use_machine(unit, some, size),
        }
    }

    /// What the latest events booked on 550, and how much of it was matched.
    fn on_bank(&self) -> Vec<BookedOnBank> {
        let latest = self.log.len().saturating_sub(80);
        let booked = self.log[latest..].iter().zip(latest as u64 + 1..).filter_map(|(booked, n)| {
            // What a statement books itself is no payment.
            if let Event::Bank(_) = booked.event {
                return None;
            }
            let moved = booked.posting.entry()?.effect_on_account(Account::Banks);
            let position = Position(n);
            let matched = self.desk.matched.get(&position).copied().unwrap_or_default();
            (moved != Balance::ZERO).then_some(BookedOnBank { position, moved, matched })
        });
        booked.collect()
    }

    /// A statement with some of what was booked, what came back, and something nobody knows.
    fn import(&mut self, pick: usize, some: Amount, size: u32) {
        let mut sums = Vec::new();
        for entry in self.on_bank().into_iter().rev().skip(pick % 3).take(4) {
            let left = entry.moved - entry.matched;
            let back = size.is_multiple_of(2) && entry.matched == entry.moved;
            sums.push(if back { -entry.moved } else { left });
        }
        sums.push(if size.is_multiple_of(5) { -some.balance() } else { some.balance() });
        sums.retain(|sum| *sum != Balance::ZERO);
        let line = |amount: Balance, line: Uuid| StatementLine {
            line: LineId::new(line),
            amount,
            kind: LineKind::Transfer,
            remittance: None,
            party: None,
        };
        let lines: Vec<_> = sums.into_iter().map(|sum| line(sum, self.id())).collect();
        let opening = if self.desk.order.is_empty() { amount("500.00").balance() } else { self.desk.closing };
        let closing = opening + lines.iter().map(|line| line.amount).sum();
        let (account, evidence) = (ACCOUNT, evidence("STAT-1"));
        let command = BankCommand::ImportStatement { account, opening, closing, lines, evidence };
        let id = StatementId::new(self.id());
        self.ask_bank(id, command);
    }

    fn use_machine(&mut self, unit: UnitId, some: Amount, size: u32) {
        let per_hour = some.balance();
        self.ask_machine(unit, ResourceCommand::OpenResource { kind: ResourceKind::Machine, per_hour });
        let booking = BookingId::new(self.id());
        let hour = size % 23;
        let time = |hour: u32| format!("{hour:02}:00").parse().unwrap();
        let on = day("2025-02-01").plus_days(i32::try_from(size / 23 % 28).unwrap());
        let slot = Slot { on, from: time(hour), to: time(hour + 1) };
        let holder = HOLDER;
        self.ask_machine(unit, ResourceCommand::BookResource { booking, unit, holder, slot });
        self.ask_machine(unit, ResourceCommand::ChargeBooking { booking });
    }

    fn ask_machine(&mut self, unit: UnitId, command: ResourceCommand) {
        let known = ResourceKnown { budget: self.budget_known(Some(unit), None), is_holder: true };
        let facts = facts(&self.parameters, DAY, known);
        let decided = decide(&self.desk.machine, MACHINE, &command, &facts).unwrap_or_default();
        let stream = StreamId::Resource(MACHINE);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn bank_known(&self, id: StatementId) -> BankKnown {
        let order = &self.desk.order;
        let at = order.iter().position(|found| *found == id).unwrap_or(order.len());
        let closing = self.desk.closing;
        let previous = (at > 0).then_some(PreviousStatement { on: day(DAY), closing });
        BankKnown { previous, has_later: at + 1 < order.len(), booked: self.on_bank() }
    }

    fn ask_bank(&mut self, id: StatementId, command: BankCommand) {
        let facts = facts(&self.parameters, DAY, self.bank_known(id));
        let state = self.desk.statements.get(&id).cloned().unwrap_or_default();
        let decided = decide(&state, id, &command, &facts).unwrap_or_default();
        let stream = StreamId::Bank(id);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    /// Folds what happened at the desk.
    pub fn record_at_desk(&mut self, stream: StreamId, event: &Event) {
        match (event, stream) {
            (Event::Bank(event), StreamId::Bank(id)) => {
                self.desk.statements.entry(id).or_default().evolve(event);
                self.desk.fold(event, true);
                match event {
                    BankEvent::StatementImported { opening_line, opening, lines, .. } => {
                        self.desk.order.push(id);
                        let brought = opening_line.map(|line| (id, line, *opening));
                        let new = lines.iter().map(|line| (id, line.line, line.amount));
                        self.desk.lines.extend(brought.into_iter().chain(new));
                    }
                    BankEvent::Corrected(correction) => {
                        if let BankEvent::StatementImported { .. } = &*correction.original {
                            self.desk.order.retain(|found| *found != id);
                            self.desk.lines.retain(|(found, ..)| *found != id);
                        }
                    }
                    _ => {}
                }
            }
            (Event::Resource(event), StreamId::Resource(_)) => self.desk.machine.evolve(event),
            _ => unreachable!("the cooperative has no other streams"),
        }
    }

    /// The statements and the books agree, whatever was matched.
    pub fn bank_ties_to_the_books(&self) {
        let desk = &self.desk;
        let matched: Balance = desk.matched.values().copied().sum();
        assert_eq!(
            self.balances.total(Account::Banks),
            desk.closing - desk.open + desk.booked - matched,
            "550 is what the statements say, less open lines, plus what no line was matched with"
        );
    }

    pub fn correct_at_desk(
        &mut self,
        position: Position,
        booked: (StreamId, Event, RuleName),
        replace: bool,
    ) {
        let (reason, authority) = (reason(), "board".parse().unwrap());
        match booked {
            (StreamId::Bank(id), Event::Bank(event), posting_rule) => {
                let replacement = bank_replacement(&event).filter(|_| replace).map(Box::new);
                let mut facts = facts(&self.parameters, DAY, self.bank_known(id));
                facts.original = Some(Original { position, event, posting_rule });
                let command = BankCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.desk.statements[&id], id, &command, &facts).unwrap_or_default();
                let stream = StreamId::Bank(id);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            (StreamId::Resource(id), Event::Resource(event), posting_rule) => {
                let mut facts = facts(&self.parameters, DAY, ResourceKnown::default());
                facts.original = Some(Original { position, event, posting_rule });
                let replacement = None;
                let command = ResourceCommand::Correct(Correct { position, reason, authority, replacement });
                let decided = decide(&self.desk.machine, id, &command, &facts).unwrap_or_default();
                let stream = StreamId::Resource(id);
                self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
            }
            _ => {}
        }
    }
}

/// The same line, matched after all with a cent less and a difference.
pub fn bank_replacement(event: &BankEvent) -> Option<BankCommand> {
    match event {
        BankEvent::LineMatched { line, parts, difference, .. } => {
            let [part] = parts[..] else { return None };
            let cent = Balance::from_cents(part.amount.cents().signum());
            let parts = vec![MatchedPart { amount: part.amount - cent, ..part }];
            let difference = *difference + cent;
            Some(BankCommand::MatchLine { line: *line, parts, difference })
        }
        _ => None,
    }
}
