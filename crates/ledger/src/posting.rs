//! What is booked: movements gathered into an entry, or silence with its reason.
//!
//! A movement has one debit, one credit and one amount above zero, both sides in the same book; so
//! every entry balances in each book by construction. An entry carries the movements of both books.

use std::fmt;

use domain::money::{Amount, Balance};
use domain::text::DocumentNumber;

use crate::chart::{Account, Book, Language};
use crate::line::Line;

/// One debit, one credit, one amount above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Movement {
    /// What is debited.
    pub debit: Line,
    /// What is credited.
    pub credit: Line,
    /// How much.
    pub amount: Amount,
}

/// What an event does to the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posting {
    /// It moves money or budget.
    Entry(Entry),
    /// It moves nothing, for a reason.
    NoEntry(Why),
}

/// The movements of one event in both books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The journal that it stands in and is numbered in.
    pub journal: Journal,
    /// At least one movement; those of the general ledger come first.
    pub movements: Vec<Movement>,
    /// The supporting document, where there is one.
    pub document: Option<DocumentNumber>,
}

/// A journal: a kind of operation with numbers of its own per fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Journal {
    /// Invoices and credit notes to clients.
    Sales,
    /// Expense notes and supplier invoices.
    Purchases,
    /// Wages as calculated.
    Payroll,
    /// Money received and paid.
    Bank,
    /// Contributions of the members.
    Shares,
    /// Corrections and what has no journal of its own.
    Miscellaneous,
    /// What moves budget only and no account of the statutory books.
    BudgetOnly,
}

/// Why an event is not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It opens or closes a period.
    PeriodOnly,
    /// It sets a rule or a rate.
    RuleOnly,
    /// It says who may act.
    RightsOnly,
    /// It tells what people did, and moves no money.
    NoPecuniaryEffect,
    /// It asks, or answers a question.
    RequestOnly,
    /// It is a promise of both sides.
    PromiseOnly,
    /// It numbers a document.
    NumberOnly,
    /// It ends work whose budget is reserved already.
    BookedWithWage,
    /// It declares what is owed already, wage by wage.
    OwedAlready,
    /// It deposits a document with an office.
    DepositedOnly,
    /// It ends shares whose refund is not yet known.
    BookedWithRefund,
    /// It says what falls due or is settled of a loan.
    BookedWithLoan,
    /// It states what is booked already.
    StatementOnly,
    /// It is the receiving half of what the giver's event books.
    BookedWithGiver,
    /// It calls people together, counts votes, or says what was decided.
    DecisionOnly,
    /// An insurer pays it to a member.
    PaidByOthers,
    /// It changes who holds a contribution.
    SameAccount,
    /// All its amounts are nothing.
    AmountsToNothing,
    /// It takes back what was not booked.
    NothingToMirror,
}

impl Movement {
    /// The movement; both sides must stand in the same book.
    pub fn new(debit: Line, credit: Line, amount: Amount) -> Self {
        assert!(debit.book() == credit.book(), "a movement stays in one book: {debit} {credit}");
        Self { debit, credit, amount }
    }

    /// The book that it stands in.
    pub const fn book(&self) -> Book {
        self.debit.book()
    }

    /// The same amount the other way round.
    pub const fn mirrored(&self) -> Self {
        Self { debit: self.credit, credit: self.debit, amount: self.amount }
    }
}

impl Posting {
    /// The entry, when there is one.
    pub const fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Entry(entry) => Some(entry),
            Self::NoEntry(_) => None,
        }
    }

    /// The movements; empty when nothing is booked.
    pub fn movements(&self) -> &[Movement] {
        self.entry().map_or(&[], |entry| &entry.movements)
    }
}

impl Entry {
    /// The movements of one book.
    pub fn of_book(&self, book: Book) -> impl Iterator<Item = &Movement> {
        self.movements.iter().filter(move |movement| movement.book() == book)
    }

    /// By how much the entry raises the balance of an account on its normal side, whoever is named.
    pub fn effect_on_account(&self, account: Account) -> Balance {
        let sum = |side: fn(&Movement) -> Line| {
            let moved = self.movements.iter().filter(|movement| side(movement).account == account);
            moved.map(|movement| movement.amount.balance()).sum()
        };
        account.signed(sum(|movement| movement.debit), sum(|movement| movement.credit))
    }

    /// By how much the entry raises the balance of a line on its account's normal side.
    ///
    /// What a correction must leave out of the facts it is decided on.
    pub fn effect_on(&self, line: Line) -> Balance {
        let (mut debit, mut credit) = (Balance::ZERO, Balance::ZERO);
        for movement in &self.movements {
            if movement.debit == line {
                debit = debit + movement.amount.balance();
            }
            if movement.credit == line {
                credit = credit + movement.amount.balance();
            }
        }
        line.account.signed(debit, credit)
    }
}

impl Journal {
    /// Every journal.
    pub const ALL: [Self; 7] = [
        Self::Sales,
        Self::Purchases,
        Self::Payroll,
        Self::Bank,
        Self::Shares,
        Self::Miscellaneous,
        Self::BudgetOnly,
    ];

    /// Its short code, by its Dutch name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sales => "VEN",
            Self::Purchases => "AAN",
            Self::Payroll => "LON",
            Self::Bank => "BNK",
            Self::Shares => "INB",
            Self::Miscellaneous => "DIV",
            Self::BudgetOnly => "BUD",
        }
    }

    /// The journal with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|journal| journal.code() == code)
    }

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        let [dutch, french, english] = match self {
            Self::Sales => ["Verkopen", "Ventes", "Sales"],
            Self::Purchases => ["Aankopen en onkosten", "Achats et frais", "Purchases and expenses"],
            Self::Payroll => ["Lonen", "Salaires", "Payroll"],
            Self::Bank => ["Bank", "Banque", "Bank"],
            Self::Shares => ["Inbreng", "Apports", "Contributions"],
            Self::Miscellaneous => ["Diverse verrichtingen", "Opérations diverses", "Miscellaneous"],
            Self::BudgetOnly => ["Budgetten", "Budgets", "Budgets"],
        };
        match language {
            Language::Dutch => dutch,
            Language::French => french,
            Language::English => english,
        }
    }
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 19] = [
        Self::PeriodOnly,
        Self::RuleOnly,
        Self::RightsOnly,
        Self::NoPecuniaryEffect,
        Self::RequestOnly,
        Self::PromiseOnly,
        Self::NumberOnly,
        Self::BookedWithWage,
        Self::OwedAlready,
        Self::DepositedOnly,
        Self::BookedWithRefund,
        Self::BookedWithLoan,
        Self::StatementOnly,
        Self::BookedWithGiver,
        Self::DecisionOnly,
        Self::PaidByOthers,
        Self::SameAccount,
        Self::AmountsToNothing,
        Self::NothingToMirror,
    ];

    /// Its stable code, which is sealed; the text may be reworded, the code may not.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PeriodOnly => "period-only",
            Self::RuleOnly => "rule-only",
            Self::RightsOnly => "rights-only",
            Self::NoPecuniaryEffect => "no-pecuniary-effect",
            Self::RequestOnly => "request-only",
            Self::PromiseOnly => "promise-only",
            Self::NumberOnly => "number-only",
            Self::BookedWithWage => "booked-with-wage",
            Self::OwedAlready => "owed-already",
            Self::DepositedOnly => "deposited-only",
            Self::BookedWithRefund => "booked-with-refund",
            Self::BookedWithLoan => "booked-with-loan",
            Self::StatementOnly => "statement-only",
            Self::BookedWithGiver => "booked-with-giver",
            Self::DecisionOnly => "decision-only",
            Self::PaidByOthers => "paid-by-others",
            Self::SameAccount => "same-account",
            Self::AmountsToNothing => "amounts-to-nothing",
            Self::NothingToMirror => "nothing-to-mirror",
        }
    }

    /// The reason as a sentence.
    pub const fn text(self) -> &'static str {
        match self {
            Self::PeriodOnly => {
                "it opens or closes a period; opening and closing entries are events of their own"
            }
            Self::RuleOnly => "it sets a rule or a rate; what follows from it is booked when it is applied",
            Self::RightsOnly => "it says who may act or belongs; nothing is owed by it",
            Self::NoPecuniaryEffect => "it tells what people did, and moves no money",
            Self::RequestOnly => "it asks, or answers a question; nothing is owed until it is carried out",
            Self::PromiseOnly => "it is a promise of both sides; it is booked when one of them has performed",
            Self::NumberOnly => "it takes a number; the document that bears the number is booked",
            Self::BookedWithWage => {
                "its budget is reserved already; the rest is booked when the wage is calculated"
            }
            Self::OwedAlready => "it declares what is owed already; each wage booked its part",
            Self::DepositedOnly => "it deposits a document with an office; nothing is owed by it",
            Self::BookedWithRefund => "the contribution stays in equity until its refund is determined",
            Self::BookedWithLoan => "the loan is booked when it is lent, and again when it is paid back",
            Self::StatementOnly => "it states what is booked already; nothing is owed by it",
            Self::BookedWithGiver => "the event of the giver books both halves of it",
            Self::DecisionOnly => {
                "it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out"
            }
            Self::PaidByOthers => "an insurer pays it to the member; no money of the entity moves by it",
            Self::SameAccount => "the contribution stays on the same account; only its holder changes",
            Self::AmountsToNothing => "all its amounts are nothing",
            Self::NothingToMirror => "neither what is void nor what replaces it is booked",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// An entry being written; amounts of nothing are left out.
pub(crate) struct Draft(Entry);

impl Draft {
    /// An entry in a journal on a document, for about so many movements.
    pub(crate) fn new(journal: Journal, document: Option<DocumentNumber>, n_movements: usize) -> Self {
        Self(Entry { journal, movements: Vec::with_capacity(n_movements), document })
    }

    /// Adds a movement: nothing is left out, and less than nothing goes the other way.
    pub(crate) fn book(
        mut self,
        debit: impl Into<Line>,
        credit: impl Into<Line>,
        amount: impl Into<Balance>,
    ) -> Self {
        let (debit, credit, amount) = (debit.into(), credit.into(), amount.into());
        if amount != Balance::ZERO {
            let (debit, credit, amount) =
                if amount.is_negative() { (credit, debit, -amount) } else { (debit, credit, amount) };
            let amount = Amount::try_from(amount).expect("a part is no larger than a document may be");
            self.0.movements.push(Movement::new(debit, credit, amount));
        }
        self
    }

    /// Adds a movement when a condition holds.
    pub(crate) fn book_if(
        self,
        condition: bool,
        debit: impl Into<Line>,
        credit: impl Into<Line>,
        amount: impl Into<Balance>,
    ) -> Self {
        if condition { self.book(debit, credit, amount) } else { self }
    }

    /// The posting; none when every amount was nothing.
    pub(crate) fn done(self) -> Posting {
        if self.0.movements.is_empty() {
            Posting::NoEntry(Why::AmountsToNothing)
        } else {
            Posting::Entry(self.0)
        }
    }
}
