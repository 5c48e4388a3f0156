//! What is read from callers: the field at fault, what was found there and what would be right.

use std::collections::BTreeSet;

use domain::activity::{ActivityCommand, Answered, Scope, SurveyResult};
use domain::bank::{BankCommand, BankKnown, LineKind, MatchedPart, StatementLine};
use domain::board::BoardCommand;
use domain::control::{CheckId, ControlCommand, Timing};
use domain::correction::Correct;
use domain::course::CourseCommand;
use domain::cover::CoverCommand;
use domain::filing::{FilingCommand, FilingKind, FilingKnown, Period};
use domain::fitness::{FitnessCommand, Whereabouts};
use domain::grant::{GrantCommand, GrantKind};
use domain::ids::*;
use domain::joint::{
    CreditInvoice, IssueFinalInvoice, IssueInvoice, JointCommand, TransferBudget, TransferShares,
};
use domain::loan::{Instalment, LoanCommand, LoanKind};
use domain::mandate::MandateCommand;
use domain::meeting::MeetingCommand;
use domain::member::{Category, ExclusionOutcome, ExitCause, MemberCommand, MemberKnown, PaidFrom, Remarks};
use domain::office::OfficeCommand;
use domain::parameters::{CodeList, Parameter, Value};
use domain::participation::{Opinion, ParticipationCommand, ParticipationId, ParticipationKnown};
use domain::payroll::WorkerKind;
use domain::resource::{ResourceCommand, ResourceKind, ResourceKnown, Slot};
use domain::series::Series;
use domain::statutes::{Source, StatutesCommand};
use domain::structure::{
    AskedMovement, AssetKind, Bill, CostKind, PersonnelCostKind, StructureCommand, TaxKind,
};
use domain::unit::{
    BudgetKnown, Channel, CreditDraft, CreditLine, ExpenseKind, Indemnity, InvoiceDraft, InvoiceLine, Payee,
    ReminderLevel, SocialDocument, UnitCommand, UnitKnown, Work, WorkDay,
};
use domain::vat::{Price, VatCategory};
use domain::year::{FiscalYear, Tested, YearCommand, YearKnown};
use domain::{
    Amount, Balance, Command, Day, Digest, Evidence, FilingId, Hours, Month, Position, Rate, Request,
    StreamId, Year,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rstest::rstest;
use uuid::Uuid;

use crate::harness::{
    Given, Known, credit, give_budget, given, invoice_deposit, issue, issue_final, transfer,
};
use crate::{bodies, stories};

const ID: &str = "00000000-0000-0000-0000-00000000000a";

/// A command with this name, stream (none when empty) and body.
fn text(command: &str, stream: &str, body: &str) -> String {
    let stream = if stream.is_empty() { String::new() } else { format!(r#""stream":"{stream}","#) };
    format!(
        r#"{{"id":"{ID}","actor":"service:desk","effective_on":"2025-03-03","command":"{command}",{stream}"body":{body}}}"#
    )
}

fn contract(day: &str, hours: &str, budget: &str) -> String {
    let body = format!(
        r#"{{"contract":"{ID}","holder":"{ID}","worker":"{ID}","kind":"employee","days":[{{"on":{day},"hours":{hours}}}],"budget":{budget}}}"#
    );
    text("unit.declare_contract", ID, &body)
}

fn complaint(json: &str) -> String {
    match Command::parse(json) {
        Ok(command) => panic!("read as {command:?}"),
        Err(malformed) => malformed.to_string(),
    }
}

// columns: JSON | field: what was found, what would be right
#[rstest]
#[case::no_json("{", "command: EOF while parsing an object")]
#[case::no_object("[]", "command: invalid length 0, expected struct Outer with 6 elements")]
#[case::nothing_asked("{}", "command: missing field `id`")]
#[case::more_text(
    &(text("year.open_year", "2025", "{}") + " {}"),
    "command: expected one JSON object, found more text after it"
)]
#[case::unknown_outer_field(
    &text("year.open_year", "2025", "{}").replacen("{", r#"{"when":"now","#, 1),
    "when: unknown field `when`, expected one of `id`, `actor`, `effective_on`, `command`, `stream`, `body`"
)]
#[case::bad_command_id(
    &text("year.open_year", "2025", "{}").replace(ID, "17"),
    "id: expected an id such as 01890a5d-ac96-774b-bcce-b302099a8057, found \"17\""
)]
#[case::bad_actor(
    &text("year.open_year", "2025", "{}").replace("service:desk", "the desk"),
    "actor: expected 1 to 48 characters from A-Z a-z 0-9 . _ - / : @, found \"the desk\""
)]
#[case::a_day_that_no_calendar_has(
    &text("year.open_year", "2025", "{}").replace("2025-03-03", "2025-02-29"),
    "effective_on: expected a day such as 2025-03-31, between 1900 and 2199, found \"2025-02-29\""
)]
#[case::a_day_as_number(
    &text("year.open_year", "2025", "{}").replace("\"2025-03-03\"", "20250303"),
    "effective_on: invalid type: integer `20250303`, expected a day as text such as \"2025-03-31\""
)]
#[case::unknown_family(
    &text("choir.sing", ID, "{}"),
    "command: unknown command \"choir.sing\", expected one of statutes.…, year.…, member.…, unit.…, loan.…, \
     grant.…, structure.…, filing.…, course.…, fitness.…, cover.…, bank.…, resource.…, participation.…, \
     activity.…, control.…, office.…, meeting.…, mandate.… or board.…"
)]
#[case::unknown_year_command(
    &text("year.reopen", "2025", "{}"),
    "command: unknown command \"year.reopen\", expected one of `open_year`, `close_year`, `record_tests`, \
     `defer_unit_balances`, `reverse_unit_balances`, `audit_accounts`, `approve_accounts`, \
     `allocate_result`, `correct`"
)]
#[case::no_name(
    &text("year", "2025", "{}"),
    "command: unknown command \"year\", expected one of `open_year`, `close_year`, `record_tests`, \
     `defer_unit_balances`, `reverse_unit_balances`, `audit_accounts`, `approve_accounts`, \
     `allocate_result`, `correct`"
)]
#[case::unknown_member_command(
    &text("member.expel", ID, "{}"),
    "command: unknown command \"member.expel\", expected one of `request_admission`, `grant_admission`, \
     `refuse_admission`, `change_category`, `subscribe_shares`, `pay_up_shares`, `request_resignation`, \
     `accept_resignation`, `refuse_resignation`, `cancel_shares`, `propose_exclusion`, `receive_remarks`, \
     `decide_exclusion`, `exit_by_law`, `pay_refund`, `resume_refund`, `determine_refund`, \
     `credit_current_account`, `repay_current_account`, `end_membership`, `correct`, `transfer_shares`"
)]
#[case::missing_stream(
    &text("unit.close_unit", "", "{}"),
    "stream: missing; a unit command names its unit"
)]
#[case::missing_stream_of_a_joint_command(
    &text("member.transfer_shares", "", &format!(r#"{{"to":"{ID}","shares":1,"evidence":{{"document":"deed","digest":"{}"}}}}"#, "0".repeat(64))),
    "stream: missing; a member command names its member"
)]
#[case::bad_stream(
    &text("unit.close_unit", "atelier", "{}"),
    "stream: expected a unit's id (a UUID), found \"atelier\""
)]
#[case::bad_year(
    &text("year.open_year", "25", "{}"),
    "stream: expected a year such as \"2025\", found \"25\""
)]
#[case::missing_field(&text("unit.open_unit", ID, "{}"), "body: missing field `holder`")]
#[case::unknown_field(
    &text("unit.open_unit", ID, &format!(r#"{{"holder":"{ID}","name":"Zoë"}}"#)),
    "body.name: unknown field `name`, expected `holder`"
)]
#[case::unknown_field_where_none_is(
    &text("unit.close_unit", ID, r#"{"now":true}"#),
    "body.now: unknown field `now`, there are no fields"
)]
#[case::body_of_another_kind(
    &text("unit.close_unit", ID, "7"),
    "body: invalid type: integer `7`, expected struct variant UnitCommand::CloseUnit"
)]
#[case::bad_id(
    &text("unit.open_unit", ID, r#"{"holder":"alice"}"#),
    "body.holder: expected an id such as 01890a5d-ac96-774b-bcce-b302099a8057, found \"alice\""
)]
#[case::an_id_as_number(
    &text("unit.open_unit", ID, r#"{"holder":7}"#),
    "body.holder: invalid type: integer `7`, expected an id as text such as \"01890a5d-ac96-774b-bcce-b302099a8057\""
)]
#[case::three_decimals(
    &contract("\"2025-03-03\"", "\"7.00\"", "\"169.001\""),
    "body.budget: expected an amount with exactly two decimals such as \"12.50\", found \"169.001\""
)]
#[case::an_amount_as_float(
    &contract("\"2025-03-03\"", "\"7.00\"", "169.0"),
    "body.budget: invalid type: floating point `169.0`, expected an amount as text with exactly two decimals such as \"12.50\""
)]
#[case::nothing_is_no_amount(
    &contract("\"2025-03-03\"", "\"7.00\"", "\"0.00\""),
    "body.budget: expected an amount above 0.00, found 0.00"
)]
#[case::a_negative_amount(
    &contract("\"2025-03-03\"", "\"7.00\"", "\"-1.00\""),
    "body.budget: expected an amount above 0.00, found -1.00"
)]
#[case::too_large_an_amount(
    &contract("\"2025-03-03\"", "\"7.00\"", "\"100000000000.01\""),
    "body.budget: expected at most 100000000000.00, found 100000000000.01"
)]
#[case::hours_in_a_list(
    &contract("\"2025-03-03\"", "\"7.5\"", "\"169.00\""),
    "body.days[0].hours: expected hours with exactly two decimals such as 7.50, found \"7.5\""
)]
#[case::hours_as_float(
    &contract("\"2025-03-03\"", "7.5", "\"169.00\""),
    "body.days[0].hours: invalid type: floating point `7.5`, expected hours as text with exactly two decimals such as \"7.50\""
)]
#[case::a_working_day_that_does_not_exist(
    &contract("\"2025-04-31\"", "\"7.00\"", "\"169.00\""),
    "body.days[0].on: expected a day such as 2025-03-31, between 1900 and 2199, found \"2025-04-31\""
)]
#[case::a_word_that_is_none(
    &contract("\"2025-03-03\"", "\"7.00\"", "\"169.00\"").replace("employee", "volunteer"),
    "body.kind: unknown variant `volunteer`, expected `employee` or `artist`"
)]
#[case::the_same_field_twice(
    &text("unit.open_unit", ID, &format!(r#"{{"holder":"{ID}","holder":"{ID}"}}"#)),
    "body: duplicate field `holder`"
)]
#[case::a_field_within_a_joint_command(
    &text("member.transfer_shares", ID, &format!(r#"{{"to":"{ID}","shares":-1}}"#)),
    "body.shares: invalid value: integer `-1`, expected u32"
)]
#[case::a_replacement_inside_a_correction(
    &text("member.correct", ID, r#"{"position":7,"reason":"x","authority":"board","replacement":{"pay_up_shares":{"amount":"1"}}}"#),
    "body.replacement.pay_up_shares.amount: expected an amount with exactly two decimals such as \"12.50\", found \"1\""
)]
#[case::a_rate_as_float(
    &text("statutes.publish_parameter", "", r#"{"name":"contribution.rate","value":{"rate":0.065}}"#),
    "body.value.rate: invalid type: floating point `0.065`, expected a Decimal type representing a fixed-point number"
)]
fn a_malformed_command_is_told_what_would_be_right(#[case] json: &str, #[case] expected: &str) {
    assert_eq!(complaint(json), expected);
}

#[test]
fn an_unknown_parameter_is_told_which_exist() {
    let body = r#"{"name":"vat.luxury","value":{"rate":"0.33"}}"#;
    let said = complaint(&text("statutes.publish_parameter", "", body));
    assert!(
        said.starts_with("body.name: unknown variant `vat.luxury`, expected one of `share.nominal`"),
        "{said}"
    );
    for parameter in Parameter::ALL {
        assert!(said.contains(&format!("`{}`", parameter.name())), "{said}");
        assert_eq!(parameter.name().parse(), Ok(*parameter));
    }
}

#[test]
fn whitespace_and_the_order_of_fields_are_free() {
    let spread = format!(
        "\n {{ \"body\" : {{ \"holder\" : \"{ID}\" }} , \"stream\": \"{ID}\", \"command\":\"unit.open_unit\",\n \"effective_on\":\"2025-03-03\", \"actor\":\"service:desk\", \"id\":\"{ID}\" }} \n"
    );
    let tight = text("unit.open_unit", ID, &format!(r#"{{"holder":"{ID}"}}"#));
    assert_eq!(Command::parse(&spread), Command::parse(&tight));
    assert_eq!(Command::parse(&spread).expect("well formed").to_json(), tight);
}

#[test]
fn fields_that_may_be_left_out_may_be() {
    let command = Command::parse(&contract("\"2025-03-03\"", "\"7.00\"", "\"169.00\"")).expect("well formed");
    let Request::Unit(_, UnitCommand::DeclareContract { order: None, client: None, .. }) = command.request
    else {
        panic!("a job without order or client: {command:?}");
    };
}

// Generated commands of all families.

/// Any id, and often one that the stories know.
pub fn uuids() -> impl Strategy<Value = Uuid> {
    use crate::fixtures::*;
    let known = [
        ALICE.uuid(),
        BOB.uuid(),
        ORDER.uuid(),
        JOB.uuid(),
        EMPLOYMENT.uuid(),
        OPEN_ENDED.uuid(),
        INVOICE.uuid(),
        EXPENSE.uuid(),
        SALARY.uuid(),
    ];
    prop_oneof![any::<u128>().prop_map(Uuid::from_u128), proptest::sample::select(known.to_vec())]
}

macro_rules! id {
    ($name:ident) => {
        uuids().prop_map($name::new)
    };
}

pub fn amounts() -> impl Strategy<Value = Amount> {
    (1..=domain::money::CENTS_MAX).prop_map(|cents| Amount::from_cents(cents).expect("in range"))
}

/// Up to a thousand euro: what a loan or grant of the stories can bear.
fn cents() -> impl Strategy<Value = Amount> {
    (1_i64..100_000).prop_map(|cents| Amount::from_cents(cents).expect("in range"))
}

pub fn balances() -> impl Strategy<Value = Balance> {
    (-domain::money::CENTS_MAX..=domain::money::CENTS_MAX).prop_map(Balance::from_cents)
}

fn rates() -> impl Strategy<Value = Rate> {
    let usual = (0_u32..20_000).prop_map(|n| format!("{}.{:04}", n / 10_000, n % 10_000));
    let edges = ["79228162514264337593543950335", "-1", "0", "0.0000000000000000000000000001"];
    prop_oneof![9 => usual, 1 => proptest::sample::select(edges.map(str::to_owned).to_vec())]
        .prop_map(|text| text.parse().expect("a decimal"))
}

pub fn all_days() -> impl Strategy<Value = Day> {
    let any_day = (-25_567_i32..84_005).prop_map(|n| Day::from_number(n).expect("in range"));
    let edges = ["1900-01-01", "2150-12-31", "2199-12-31", "2025-03-03", "2025-03-10"];
    prop_oneof![2 => any_day, 1 => proptest::sample::select(edges.map(crate::fixtures::day).to_vec())]
}

fn months() -> impl Strategy<Value = Month> {
    all_days().prop_map(Day::month)
}

pub fn words<const N: usize>() -> impl Strategy<Value = domain::text::Token<N>> {
    proptest::string::string_regex(&format!("[A-Za-z0-9._/:@-]{{1,{N}}}"))
        .expect("a pattern")
        .prop_map(|text| text.parse().expect("a token"))
}

pub fn papers() -> impl Strategy<Value = Evidence> {
    (words(), any::<[u8; 32]>()).prop_map(|(document, digest)| Evidence { document, digest: Digest(digest) })
}

fn work_days() -> impl Strategy<Value = Vec<WorkDay>> {
    let day = (all_days(), any::<u32>()).prop_map(|(on, h)| WorkDay { on, hours: Hours::from_hundredths(h) });
    proptest::collection::vec(day, 0..4)
}

fn kinds() -> impl Strategy<Value = WorkerKind> {
    prop_oneof![Just(WorkerKind::Employee), Just(WorkerKind::Artist)]
}

fn categories() -> impl Strategy<Value = VatCategory> {
    use VatCategory::*;
    prop_oneof![
        Just(Standard),
        Just(Intermediate),
        Just(Reduced),
        Just(Zero),
        Just(ReverseCharge),
        Just(Exempt)
    ]
}

pub fn corrections<C: std::fmt::Debug + Clone + 'static>(
    instead: impl Strategy<Value = C> + 'static,
) -> impl Strategy<Value = Correct<C>> {
    let instead = proptest::option::of(instead.prop_map(Box::new));
    (any::<u64>(), words(), words(), instead).prop_map(|(position, reason, authority, replacement)| Correct {
        position: Position(position),
        reason,
        authority,
        replacement,
    })
}

fn of_statutes() -> BoxedStrategy<StatutesCommand> {
    let value = prop_oneof![
        rates().prop_map(Value::Rate),
        amounts().prop_map(Value::Amount),
        any::<u32>().prop_map(Value::Count),
        words().prop_map(Value::Choice),
    ];
    let source =
        || "[A-Za-z0-9,.;% \"\\\\é€]{1,60}".prop_filter_map("a source is not blank", |t| Source::try_new(&t));
    let alone = prop_oneof![
        (id!(EntityId), words(), any::<bool>()).prop_map(|(entity, currency, synthetic)| {
            StatutesCommand::OpenLog { entity, currency, synthetic }
        }),
        (any::<u32>(), papers())
            .prop_map(|(version, evidence)| StatutesCommand::AdoptStatutes { version, evidence }),
        (
            proptest::sample::select(Parameter::ALL),
            value,
            all_days(),
            proptest::option::of(all_days()),
            source(),
            any::<bool>()
        )
            .prop_map(|(name, value, valid_from, valid_to, source, verified)| {
                StatutesCommand::PublishParameter { name, value, valid_from, valid_to, source, verified }
            }),
        (
            proptest::sample::select(CodeList::ALL),
            codes(),
            all_days(),
            proptest::option::of(all_days()),
            source()
        )
            .prop_map(|(list, code, valid_from, valid_to, source)| {
                StatutesCommand::PublishCode { list, code, valid_from, valid_to, source }
            }),
    ]
    .boxed();
    prop_oneof![3 => alone.clone(), 1 => corrections(alone).prop_map(StatutesCommand::Correct)].boxed()
}

fn of_year() -> BoxedStrategy<YearCommand> {
    let some = || proptest::option::of(amounts());
    let alone = prop_oneof![
        Just(YearCommand::OpenYear {}),
        Just(YearCommand::CloseYear {}),
        (balances(), balances(), any::<u32>(), papers()).prop_map(
            |(net_assets, unavailable_equity, debts_payable_months, evidence)| YearCommand::RecordTests {
                net_assets,
                unavailable_equity,
                debts_payable_months,
                evidence
            }
        ),
        Just(YearCommand::DeferUnitBalances {}),
        Just(YearCommand::ReverseUnitBalances {}),
        papers().prop_map(|evidence| YearCommand::AuditAccounts { evidence }),
        papers().prop_map(|evidence| YearCommand::ApproveAccounts { evidence }),
        (some(), some(), papers()).prop_map(|(to_reserves, dividend, evidence)| {
            YearCommand::AllocateResult { to_reserves, dividend, evidence }
        }),
    ]
    .boxed();
    prop_oneof![alone.clone(), corrections(alone).prop_map(YearCommand::Correct)].boxed()
}

fn of_member() -> BoxedStrategy<MemberCommand> {
    let category = || prop_oneof![Just(Category::User), Just(Category::Partner)];
    let from = prop_oneof![Just(PaidFrom::OwnMeans), Just(PaidFrom::UnitBudget), Just(PaidFrom::ExpenseNote)];
    let alone = prop_oneof![
        (id!(PersonId), category())
            .prop_map(|(person, category)| MemberCommand::RequestAdmission { person, category }),
        Just(MemberCommand::GrantAdmission {}),
        words().prop_map(|reason| MemberCommand::RefuseAdmission { reason }),
        category().prop_map(|to| MemberCommand::ChangeCategory { to }),
        (words(), any::<u32>(), papers()).prop_map(|(class, shares, evidence)| {
            MemberCommand::SubscribeShares { class, shares, evidence }
        }),
        (amounts(), from, papers()).prop_map(|(amount, paid_from, evidence)| {
            MemberCommand::PayUpShares { amount, paid_from, evidence }
        }),
        (all_days(), papers())
            .prop_map(|(filed_on, evidence)| MemberCommand::RequestResignation { filed_on, evidence }),
        Just(MemberCommand::AcceptResignation {}),
        words().prop_map(|reason| MemberCommand::RefuseResignation { reason }),
        words().prop_map(|reason| MemberCommand::CancelShares { reason }),
        (balances(), papers()).prop_map(|(net_assets_per_share, evidence)| {
            MemberCommand::DetermineRefund { net_assets_per_share, evidence }
        }),
        (words(), papers())
            .prop_map(|(reason, evidence)| MemberCommand::ProposeExclusion { reason, evidence }),
        (prop_oneof![Just(Remarks::Written), Just(Remarks::Waived)], papers())
            .prop_map(|(remarks, evidence)| MemberCommand::ReceiveRemarks { remarks, evidence }),
        (prop_oneof![Just(ExclusionOutcome::Excluded), Just(ExclusionOutcome::Kept)], words(), papers())
            .prop_map(|(outcome, reason, evidence)| {
                MemberCommand::DecideExclusion { outcome, reason, evidence }
            }),
        (
            proptest::sample::select(&[ExitCause::Death, ExitCause::Bankruptcy, ExitCause::Incapacity]),
            papers()
        )
            .prop_map(|(cause, evidence)| MemberCommand::ExitByLaw { cause, evidence }),
        (amounts(), papers()).prop_map(|(amount, evidence)| MemberCommand::PayRefund { amount, evidence }),
        Just(MemberCommand::ResumeRefund {}),
        (amounts(), proptest::option::of(rates()), papers()).prop_map(|(amount, interest, evidence)| {
            MemberCommand::CreditCurrentAccount { amount, interest, evidence }
        }),
        (amounts(), papers())
            .prop_map(|(amount, evidence)| MemberCommand::RepayCurrentAccount { amount, evidence }),
        words().prop_map(|reason| MemberCommand::EndMembership { reason }),
    ]
    .boxed();
    prop_oneof![9 => alone.clone(), 1 => corrections(alone).prop_map(MemberCommand::Correct)].boxed()
}

/// What is done about an invoice that is not paid.
fn of_debts() -> BoxedStrategy<UnitCommand> {
    let level = (1_u8..=3).prop_map(|level| ReminderLevel::try_from(level).expect("in range"));
    let channel = prop_oneof![Just(Channel::Email), Just(Channel::Post)];
    let indemnity =
        prop_oneof![amounts().prop_map(|amount| Indemnity::B2c { amount }), Just(Indemnity::B2b {})];
    let instalment = (all_days(), amounts()).prop_map(|(due_on, amount)| Instalment { due_on, amount });
    prop_oneof![
        (id!(InvoiceId), level, channel).prop_map(|(invoice, level, channel)| UnitCommand::RemindClient {
            invoice,
            level,
            channel
        }),
        (id!(InvoiceId), indemnity)
            .prop_map(|(invoice, indemnity)| UnitCommand::ChargeIndemnity { invoice, indemnity }),
        (id!(InvoiceId), words())
            .prop_map(|(invoice, reason)| UnitCommand::DisputeInvoice { invoice, reason }),
        (id!(InvoiceId), words())
            .prop_map(|(invoice, reason)| UnitCommand::SettleDispute { invoice, reason }),
        (id!(InvoiceId), proptest::collection::vec(instalment, 0..4), papers()).prop_map(
            |(invoice, instalments, evidence)| UnitCommand::AgreePaymentPlan {
                invoice,
                instalments,
                evidence
            }
        ),
        (id!(InvoiceId), words(), papers())
            .prop_map(|(invoice, reason, evidence)| UnitCommand::MarkDoubtful { invoice, reason, evidence }),
        (id!(InvoiceId), proptest::option::of(all_days()), papers()).prop_map(
            |(invoice, judgment_on, evidence)| UnitCommand::WriteOffInvoice {
                invoice,
                judgment_on,
                evidence
            }
        ),
        (id!(InvoiceId), amounts())
            .prop_map(|(invoice, amount)| UnitCommand::GrantAdvance { invoice, amount }),
        (id!(InvoiceId), id!(CollectorId))
            .prop_map(|(invoice, collector)| UnitCommand::HandOverInvoice { invoice, collector }),
    ]
    .boxed()
}

/// Holiday pay, Dimona and social documents.
fn of_social_security() -> BoxedStrategy<UnitCommand> {
    let document = prop_oneof![
        id!(EmploymentId).prop_map(|employment| SocialDocument::Unemployment { employment }),
        (id!(PersonId), 1900_u16..2200)
            .prop_map(|(worker, year)| SocialDocument::Income { worker, year: Year::new(year) }),
    ];
    prop_oneof![
        (id!(SalaryId), papers())
            .prop_map(|(salary, evidence)| UnitCommand::AccrueHolidayPay { salary, evidence }),
        (id!(PersonId), balances(), balances(), papers()).prop_map(|(worker, employee, tax, evidence)| {
            UnitCommand::PayHolidayPay { worker, employee, tax, evidence }
        }),
        (id!(EmploymentId), proptest::option::of(words()), papers())
            .prop_map(|(employment, late, evidence)| UnitCommand::SendDimona { employment, late, evidence }),
        (id!(EmploymentId), papers())
            .prop_map(|(employment, evidence)| UnitCommand::AcceptDimona { employment, evidence }),
        (id!(EmploymentId), words(), papers()).prop_map(|(employment, reason, evidence)| {
            UnitCommand::RefuseDimona { employment, reason, evidence }
        }),
        (id!(EmploymentId), words(), papers()).prop_map(|(employment, reason, evidence)| {
            UnitCommand::CancelDimona { employment, reason, evidence }
        }),
        (document, papers())
            .prop_map(|(document, evidence)| UnitCommand::IssueSocialDocument { document, evidence }),
    ]
    .boxed()
}

fn of_unit() -> BoxedStrategy<UnitCommand> {
    let work = prop_oneof![
        id!(ContractId).prop_map(Work::Contract),
        (id!(EmploymentId), months()).prop_map(|(employment, month)| Work::Month { employment, month }),
    ];
    let expense_kind = proptest::sample::select(&[
        ExpenseKind::PublicTransport,
        ExpenseKind::Travel,
        ExpenseKind::Lodging,
        ExpenseKind::PerDiem,
        ExpenseKind::Office,
        ExpenseKind::Telecom,
        ExpenseKind::Materials,
        ExpenseKind::Services,
    ]);
    let payee = prop_oneof![Just(Payee::Member), Just(Payee::Supplier)];
    let alone = prop_oneof![
        of_social_security(),
        (balances(), papers()).prop_map(|(line, evidence)| UnitCommand::SetGuaranteeLine { line, evidence }),
        (words(), papers()).prop_map(|(reason, evidence)| UnitCommand::AbsorbDeficit { reason, evidence }),
        id!(PersonId).prop_map(|holder| UnitCommand::OpenUnit { holder }),
        id!(PersonId).prop_map(|holder| UnitCommand::JoinUnit { holder }),
        id!(PersonId).prop_map(|holder| UnitCommand::LeaveUnit { holder }),
        Just(UnitCommand::CloseUnit {}),
        (id!(OrderId), id!(ClientId), amounts(), papers()).prop_map(|(order, client, net, evidence)| {
            UnitCommand::ConfirmOrder { order, client, net, evidence }
        }),
        (id!(OrderId), words()).prop_map(|(order, reason)| UnitCommand::CancelOrder { order, reason }),
        (
            id!(ContractId),
            id!(PersonId),
            id!(PersonId),
            kinds(),
            proptest::option::of(id!(OrderId)),
            proptest::option::of(id!(ClientId)),
            proptest::option::of(risks()),
            work_days(),
            amounts()
        )
            .prop_map(|(contract, holder, worker, kind, order, client, risk, days, budget)| {
                UnitCommand::DeclareContract {
                    contract,
                    holder,
                    worker,
                    kind,
                    order,
                    client,
                    risk,
                    days,
                    budget,
                }
            }),
        (id!(ContractId), work_days(), amounts())
            .prop_map(|(contract, days, budget)| { UnitCommand::AmendContract { contract, days, budget } }),
        (id!(ContractId), words())
            .prop_map(|(contract, reason)| UnitCommand::CancelContract { contract, reason }),
        id!(ContractId).prop_map(|contract| UnitCommand::EndContract { contract }),
        (id!(EmploymentId), id!(ContractId))
            .prop_map(|(employment, contract)| UnitCommand::ConcludeEmployment { employment, contract }),
        (id!(EmploymentId), id!(PersonId), kinds()).prop_map(|(employment, worker, kind)| {
            UnitCommand::ConcludeOpenEnded { employment, worker, kind }
        }),
        (id!(EmploymentId), words())
            .prop_map(|(employment, reason)| UnitCommand::EndEmployment { employment, reason }),
        (id!(EmploymentId), id!(PersonId), months(), proptest::option::of(risks()), work_days(), amounts())
            .prop_map(|(employment, holder, month, risk, days, budget)| UnitCommand::DeclareWorkDays {
                employment,
                holder,
                month,
                risk,
                days,
                budget
            }),
        (id!(InvoiceId), id!(PaymentId), amounts(), papers()).prop_map(
            |(invoice, payment, received, evidence)| UnitCommand::ReceivePayment {
                invoice,
                payment,
                received,
                evidence
            }
        ),
        (
            (id!(ExpenseId), id!(PersonId), expense_kind, payee),
            (all_days(), amounts(), balances(), balances(), papers())
        )
            .prop_map(
                |((expense, holder, kind, payee), (incurred_on, net, vat, vat_recoverable, evidence))| {
                    UnitCommand::ClaimExpense {
                        expense,
                        holder,
                        kind,
                        payee,
                        incurred_on,
                        net,
                        vat,
                        vat_recoverable,
                        evidence,
                    }
                }
            ),
        of_debts(),
        id!(ExpenseId).prop_map(|expense| UnitCommand::ApproveExpense { expense }),
        (id!(ExpenseId), words())
            .prop_map(|(expense, reason)| UnitCommand::RefuseExpense { expense, reason }),
        (id!(ExpenseId), papers())
            .prop_map(|(expense, evidence)| UnitCommand::PayExpense { expense, evidence }),
        (id!(SalaryId), work, balances(), proptest::option::of(rates()), papers()).prop_map(
            |(salary, work, work_bonus, withholding_rate, evidence)| UnitCommand::CalculateSalary {
                salary,
                work,
                work_bonus,
                withholding_rate,
                evidence
            }
        ),
        (id!(SalaryId), papers()).prop_map(|(salary, evidence)| UnitCommand::PaySalary { salary, evidence }),
    ]
    .boxed();
    prop_oneof![20 => alone.clone(), 1 => corrections(alone).prop_map(UnitCommand::Correct)].boxed()
}

fn of_loan() -> BoxedStrategy<LoanCommand> {
    let kind = prop_oneof![Just(LoanKind::Cash), id!(UnitId).prop_map(|unit| LoanKind::Internal { unit })];
    let charges = (proptest::option::of(rates()), proptest::option::of(balances()));
    let alone = prop_oneof![
        (id!(PersonId), id!(ProjectId), kind, amounts()).prop_map(|(borrower, project, kind, amount)| {
            LoanCommand::RequestLoan { borrower, project, kind, amount }
        }),
        (amounts(), any::<u32>(), all_days(), charges, papers()).prop_map(
            |(principal, instalments, first_due_on, (interest, fee), evidence)| LoanCommand::GrantLoan {
                principal,
                instalments,
                first_due_on,
                interest,
                fee,
                evidence
            }
        ),
        words().prop_map(|reason| LoanCommand::RefuseLoan { reason }),
        papers().prop_map(|evidence| LoanCommand::DisburseLoan { evidence }),
        Just(LoanCommand::CallInstalment {}),
        (prop_oneof![amounts(), cents()], papers())
            .prop_map(|(amount, evidence)| LoanCommand::PayInstalment { amount, evidence }),
        (0_u32..40, all_days(), papers()).prop_map(|(instalments, first_due_on, evidence)| {
            LoanCommand::RescheduleLoan { instalments, first_due_on, evidence }
        }),
        (words(), papers()).prop_map(|(reason, evidence)| LoanCommand::DoubtLoan { reason, evidence }),
        (prop_oneof![amounts(), cents()], words(), papers())
            .prop_map(|(amount, reason, evidence)| LoanCommand::WriteOffLoan { amount, reason, evidence }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(LoanCommand::Correct)].boxed()
}

fn of_grant() -> BoxedStrategy<GrantCommand> {
    let kind = prop_oneof![
        id!(PersonId).prop_map(|beneficiary| GrantKind::PassThrough { beneficiary }),
        id!(UnitId).prop_map(|unit| GrantKind::Own { unit }),
    ];
    let some = || prop_oneof![amounts(), cents()];
    let alone = prop_oneof![
        (id!(PersonId), kind, amounts(), id!(ProjectId), papers()).prop_map(
            |(funder, kind, amount, project, evidence)| {
                GrantCommand::AnnounceGrant { funder, kind, amount, project, evidence }
            }
        ),
        (some(), papers()).prop_map(|(amount, evidence)| GrantCommand::ReceiveGrant { amount, evidence }),
        (some(), papers()).prop_map(|(amount, evidence)| GrantCommand::RecogniseGrant { amount, evidence }),
        (some(), papers()).prop_map(|(amount, evidence)| GrantCommand::PassOnGrant { amount, evidence }),
        (some(), words(), papers()).prop_map(|(amount, reason, evidence)| GrantCommand::ReturnGrant {
            amount,
            reason,
            evidence
        }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(GrantCommand::Correct)].boxed()
}

fn of_structure() -> BoxedStrategy<StructureCommand> {
    use StructureCommand as C;
    let cost = || {
        use CostKind::*;
        proptest::sample::select(&[Rent, OfficeSupplies, Insurance, Telecom, Services, Other])
    };
    let asset = {
        use AssetKind::*;
        proptest::sample::select(&[Software, Machines, Furniture, Vehicles])
    };
    let personnel_cost = {
        use PersonnelCostKind::*;
        proptest::sample::select(&[WorkAccidents, YearEndPremium, MedicalService])
    };
    let tax = prop_oneof![Just(TaxKind::Result), Just(TaxKind::Business)];
    let bill = || {
        (amounts(), balances(), balances()).prop_map(|(net, vat_recoverable, vat_not_recoverable)| Bill {
            net,
            vat_recoverable,
            vat_not_recoverable,
        })
    };
    let code = || {
        prop_oneof![
            words(),
            proptest::sample::select(&["179", "6500", "133", "550"]).prop_map(crate::fixtures::token)
        ]
    };
    let movements = || {
        let movement = (code(), code(), amounts()).prop_map(|(debit, credit, amount)| AskedMovement {
            debit,
            credit,
            amount,
        });
        proptest::collection::vec(movement, 0..3)
    };
    // Ids that the story knows, and others.
    let purchase = || {
        prop_oneof![id!(PurchaseId), Just(crate::structure::PURCHASE), Just(crate::structure::OTHER_PURCHASE)]
    };
    let machine = || prop_oneof![id!(AssetId), Just(crate::structure::MACHINE)];
    let alone = prop_oneof![
        (purchase(), id!(SupplierId), cost(), bill(), papers()).prop_map(
            |(purchase, supplier, kind, bill, evidence)| C::RecordPurchase {
                purchase,
                supplier,
                kind,
                bill,
                evidence
            }
        ),
        (purchase(), id!(SupplierId), personnel_cost, bill(), papers()).prop_map(
            |(purchase, supplier, kind, bill, evidence)| C::RecordPersonnelCost {
                purchase,
                supplier,
                kind,
                bill,
                evidence
            }
        ),
        (purchase(), amounts(), papers()).prop_map(|(purchase, amount, evidence)| C::PayPurchase {
            purchase,
            amount,
            evidence
        }),
        (purchase(), bill(), papers()).prop_map(|(purchase, bill, evidence)| C::CreditPurchase {
            purchase,
            bill,
            evidence
        }),
        ((id!(StaffPayId), months(), amounts()), balances(), balances(), balances(), amounts(), papers())
            .prop_map(|((pay, month, gross), employer, employee, withholding, net, evidence)| {
                C::RecordStaffPay { pay, month, gross, employer, employee, withholding, net, evidence }
            }),
        (id!(StaffPayId), papers()).prop_map(|(pay, evidence)| C::PayStaff { pay, evidence }),
        ((machine(), purchase(), id!(SupplierId), asset), (bill(), any::<u32>(), months(), papers()))
            .prop_map(|((asset, purchase, supplier, kind), (bill, life_months, in_use_from, evidence))| {
                C::AcquireAsset { asset, purchase, supplier, kind, bill, life_months, in_use_from, evidence }
            }),
        (machine(), months()).prop_map(|(asset, month)| C::DepreciateAsset { asset, month }),
        (machine(), balances(), balances(), papers())
            .prop_map(|(asset, proceeds, vat, evidence)| C::DisposeAsset { asset, proceeds, vat, evidence }),
        (amounts(), papers()).prop_map(|(amount, evidence)| C::ChargeBankFee { amount, evidence }),
        (id!(TaxId), tax, amounts(), papers()).prop_map(|(tax, kind, amount, evidence)| C::AssessTax {
            tax,
            kind,
            amount,
            evidence
        }),
        (id!(TaxId), amounts(), papers()).prop_map(|(tax, amount, evidence)| C::PayTax {
            tax,
            amount,
            evidence
        }),
        (id!(AccrualId), cost(), amounts(), papers()).prop_map(|(accrual, kind, amount, evidence)| {
            C::RecordAccrual { accrual, kind, amount, evidence }
        }),
        id!(AccrualId).prop_map(|accrual| C::ReverseAccrual { accrual }),
        (id!(VoucherId), movements(), papers()).prop_map(|(voucher, movements, evidence)| C::BookVoucher {
            voucher,
            movements,
            evidence
        }),
        (movements(), papers())
            .prop_map(|(movements, evidence)| C::BookOpeningBalance { movements, evidence }),
    ]
    .boxed();
    prop_oneof![15 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

fn filings() -> impl Strategy<Value = FilingId> {
    use FilingKind::*;
    let kinds = proptest::sample::select(&[Vat, Dmfa, Withholding, CustomerListing, Accounts]);
    let periods = prop_oneof![
        months().prop_map(Period::Month),
        (1900_u16..2200, 1_u8..=4).prop_map(|(year, quarter)| Period::Quarter(Year::new(year), quarter)),
        (1900_u16..2200).prop_map(|year| Period::Year(Year::new(year))),
    ];
    (kinds, periods)
        .prop_filter_map("a kind has its periods", |(kind, period)| FilingId::try_new(kind, period))
}

fn of_filing() -> BoxedStrategy<FilingCommand> {
    let alone = prop_oneof![
        papers().prop_map(|receipt| FilingCommand::File { receipt }),
        (amounts(), papers()).prop_map(|(amount, evidence)| FilingCommand::Pay { amount, evidence }),
    ]
    .boxed();
    prop_oneof![3 => alone.clone(), 1 => corrections(alone).prop_map(FilingCommand::Correct)].boxed()
}

fn of_course() -> BoxedStrategy<CourseCommand> {
    let alone = prop_oneof![
        (id!(UnitId), id!(PersonId), papers())
            .prop_map(|(unit, holder, evidence)| CourseCommand::SubmitCourse { unit, holder, evidence }),
        papers().prop_map(|evidence| CourseCommand::ValidateCourse { evidence }),
        words().prop_map(|reason| CourseCommand::RefuseCourse { reason }),
        Just(CourseCommand::ListCourse {}),
        words().prop_map(|reason| CourseCommand::WithdrawCourse { reason }),
        (id!(EnquiryId), id!(ClientId), 0_u32..3).prop_map(|(enquiry, client, participants)| {
            CourseCommand::ReceiveEnquiry { enquiry, client, participants }
        }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(CourseCommand::Correct)].boxed()
}

fn risks() -> impl Strategy<Value = domain::text::RiskCode> {
    prop_oneof![Just(crate::fitness::HEIGHT), words()]
}

fn of_fitness() -> BoxedStrategy<FitnessCommand> {
    let alone = prop_oneof![
        (risks(), papers()).prop_map(|(risk, evidence)| FitnessCommand::DeclareRisk { risk, evidence }),
        (risks(), all_days()).prop_map(|(risk, by)| FitnessCommand::RequireExam { risk, by }),
        (risks(), all_days(), papers()).prop_map(|(risk, fit_until, evidence)| {
            FitnessCommand::PassExam { risk, fit_until, evidence }
        }),
        (risks(), papers()).prop_map(|(risk, evidence)| FitnessCommand::FailExam { risk, evidence }),
        risks().prop_map(|risk| FitnessCommand::ExpireExam { risk }),
        (id!(AccidentId), all_days(), papers()).prop_map(|(accident, happened_on, evidence)| {
            let whereabouts = Whereabouts::AtWork;
            FitnessCommand::ReportAccident { accident, happened_on, whereabouts, evidence }
        }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(FitnessCommand::Correct)].boxed()
}

fn of_cover() -> BoxedStrategy<CoverCommand> {
    let claims = || prop_oneof![Just(crate::fixtures::CLAIM), id!(ClaimId)];
    let some = || prop_oneof![cents(), amounts()];
    let alone = prop_oneof![
        (words(), papers()).prop_map(|(policy, evidence)| CoverCommand::ActivateCover { policy, evidence }),
        words().prop_map(|reason| CoverCommand::LapseCover { reason }),
        (claims(), all_days(), papers()).prop_map(|(claim, accident_on, evidence)| {
            let whereabouts = Whereabouts::Private;
            CoverCommand::FileClaim { claim, accident_on, whereabouts, evidence }
        }),
        (claims(), some(), papers()).prop_map(|(claim, amount, evidence)| CoverCommand::AcceptClaim {
            claim,
            amount,
            evidence
        }),
        (claims(), words(), papers()).prop_map(|(claim, reason, evidence)| CoverCommand::RefuseClaim {
            claim,
            reason,
            evidence
        }),
        (claims(), some(), papers()).prop_map(|(claim, amount, evidence)| CoverCommand::PayClaim {
            claim,
            amount,
            evidence
        }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(CoverCommand::Correct)].boxed()
}

fn of_bank() -> BoxedStrategy<BankCommand> {
    let lines = || prop_oneof![3 => (0_u128..4).prop_map(crate::bank::line_id), 1 => id!(LineId)];
    let sums = || prop_oneof![balances(), (-2_i64..3).prop_map(Balance::from_cents)];
    let of = || {
        prop_oneof![
            Just(Position(7)),
            Just(Position(40)),
            Just(Position(41)),
            any::<u64>().prop_map(Position)
        ]
    };
    let digest = || proptest::option::of(any::<[u8; 32]>().prop_map(Digest));
    let line = (lines(), sums(), digest(), digest()).prop_map(|(line, amount, remittance, party)| {
        StatementLine { line, amount, kind: LineKind::Card, remittance, party }
    });
    let part = (of(), sums()).prop_map(|(position, amount)| MatchedPart { position, amount });
    let alone = prop_oneof![
        (id!(BankAccountId), sums(), sums(), proptest::collection::vec(line, 0..3), papers()).prop_map(
            |(account, opening, closing, lines, evidence)| BankCommand::ImportStatement {
                account,
                opening,
                closing,
                lines,
                evidence
            }
        ),
        (lines(), proptest::collection::vec(part, 0..3), sums())
            .prop_map(|(line, parts, difference)| BankCommand::MatchLine { line, parts, difference }),
        lines().prop_map(|line| BankCommand::UnmatchLine { line }),
        (lines(), of()).prop_map(|(line, payment)| BankCommand::ReturnLine { line, payment }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(BankCommand::Correct)].boxed()
}

fn of_resource() -> BoxedStrategy<ResourceCommand> {
    let time = || {
        let text = (0_u32..97).prop_map(|n| format!("{:02}:{:02}", n / 4, n % 4 * 15));
        text.prop_map(|text| text.parse().expect("a time"))
    };
    let slot = (all_days(), time(), time()).prop_map(|(on, from, to)| Slot { on, from, to });
    let bookings = || prop_oneof![Just(crate::fixtures::BOOKING), id!(BookingId)];
    let alone = prop_oneof![
        balances().prop_map(|per_hour| ResourceCommand::OpenResource { kind: ResourceKind::Desk, per_hour }),
        (bookings(), id!(UnitId), id!(PersonId), slot).prop_map(|(booking, unit, holder, slot)| {
            ResourceCommand::BookResource { booking, unit, holder, slot }
        }),
        bookings().prop_map(|booking| ResourceCommand::ChargeBooking { booking }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(ResourceCommand::Correct)].boxed()
}

/// Any word, and often a code that the specs have published.
fn codes() -> impl Strategy<Value = domain::text::Code> {
    let known = [
        "smart-in-progress",
        "wages",
        "works-council",
        "info-session",
        "liege",
        "analysis",
        "request",
        "members",
        "stay",
        "gembloux",
        "users",
        "federation",
        "diversity",
        "production",
        "no-receipt",
        "mentors",
    ];
    prop_oneof![
        1 => words(),
        3 => proptest::sample::select(known.to_vec()).prop_map(|code| code.parse().expect("a token")),
    ]
}

fn all_hours() -> impl Strategy<Value = Hours> {
    any::<u32>().prop_map(Hours::from_hundredths)
}

fn participations() -> impl Strategy<Value = ParticipationId> {
    use crate::participation::{OF_CASE, OF_COUNCIL, OF_GROUP, OF_RECOMMENDATION};
    prop_oneof![
        uuids().prop_map(|id| ParticipationId::Group(GroupId::new(id))),
        uuids().prop_map(|id| ParticipationId::Recommendation(RecommendationId::new(id))),
        uuids().prop_map(|id| ParticipationId::Body(BodyId::new(id))),
        uuids().prop_map(|id| ParticipationId::EthicsCase(EthicsCaseId::new(id))),
        proptest::sample::select(&[OF_GROUP, OF_RECOMMENDATION, OF_COUNCIL, OF_CASE]),
    ]
}

fn of_participation() -> BoxedStrategy<ParticipationCommand> {
    use ParticipationCommand as C;
    let decision = || id!(BoardDecisionId);
    let opinions = [Opinion::Favourable, Opinion::WithReservations, Opinion::Unfavourable];
    let alone = prop_oneof![
        (codes(), codes()).prop_map(|(kind, topic)| C::OpenGroup { kind, topic }),
        (any::<u32>(), all_hours(), papers()).prop_map(|(participants, hours, minutes)| C::MeetGroup {
            participants,
            hours,
            minutes
        }),
        words().prop_map(|reason| C::CloseGroup { reason }),
        (proptest::option::of(id!(GroupId)), codes(), papers())
            .prop_map(|(group, topic, text)| C::MakeRecommendation { group, topic, text }),
        (id!(GroupId), papers()).prop_map(|(group, minutes)| C::DebateRecommendation { group, minutes }),
        decision().prop_map(|decision| C::ValidateRecommendation { decision }),
        (decision(), papers()).prop_map(|(decision, text)| C::AmendRecommendation { decision, text }),
        (decision(), words()).prop_map(|(decision, reason)| C::RejectRecommendation { decision, reason }),
        (id!(MeetingId), id!(ResolutionId), any::<bool>()).prop_map(|(meeting, resolution, adopted)| {
            C::VoteRecommendation { meeting, resolution, adopted }
        }),
        papers().prop_map(|evidence| C::CarryOutRecommendation { evidence }),
        (codes(), any::<u32>(), all_days(), papers()).prop_map(|(kind, seats, term_ends_on, minutes)| {
            C::ElectBody { kind, seats, term_ends_on, minutes }
        }),
        (codes(), proptest::sample::select(opinions.to_vec()), papers())
            .prop_map(|(topic, opinion, text)| C::GiveAdvice { topic, opinion, text }),
        (codes(), papers()).prop_map(|(topic, request)| C::OpenEthicsCase { topic, request }),
        proptest::option::of(papers()).prop_map(|recommendation| C::ConcludeEthicsCase { recommendation }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

fn of_activity() -> BoxedStrategy<ActivityCommand> {
    use ActivityCommand as C;
    let scope = || proptest::sample::select(&[Scope::Own, Scope::Partner]);
    let result = prop_oneof![
        any::<u32>().prop_map(|yes| SurveyResult::Share { yes }),
        (any::<u32>(), any::<u32>()).prop_map(|(sum, best)| SurveyResult::Mean { sum, best }),
    ];
    let answered =
        (codes(), any::<u32>(), result).prop_map(|(question, n, result)| Answered { question, n, result });
    let begins = prop_oneof![
        (codes(), scope(), codes(), any::<u32>(), all_hours()).prop_map(
            |(kind, scope, place, participants, hours)| C::HoldActivity {
                kind,
                scope,
                place,
                participants,
                hours
            }
        ),
        (codes(), scope(), papers()).prop_map(|(kind, scope, document)| C::ReleasePublication {
            kind,
            scope,
            document
        }),
        codes().prop_map(|kind| C::HandleLegalCase { kind }),
        (codes(), any::<u32>(), all_hours()).prop_map(|(kind, participants, hours)| C::HoldTrainingDay {
            kind,
            participants,
            hours
        }),
        (any::<u32>(), any::<u32>(), proptest::collection::vec(answered, 0..3), papers()).prop_map(
            |(invited, answers, results, evidence)| C::CloseSurvey { invited, answers, results, evidence }
        ),
        (codes(), papers()).prop_map(|(guide, document)| C::PublishArticle { guide, document }),
        (codes(), rates(), papers()).prop_map(|(project, full_time_share, evidence)| C::CreateJob {
            project,
            full_time_share,
            evidence
        }),
    ];
    let more = prop_oneof![
        words().prop_map(|reason| C::EndJob { reason }),
        (codes(), id!(PersonId)).prop_map(|(kind, organisation)| C::JoinAffiliation { kind, organisation }),
        words().prop_map(|reason| C::LeaveAffiliation { reason }),
        (codes(), proptest::collection::vec(codes(), 0..3), papers())
            .prop_map(|(kind, actions, document)| C::ApprovePlan { kind, actions, document }),
        (codes(), papers()).prop_map(|(action, evidence)| C::CarryOutPlanAction { action, evidence }),
        (id!(BoardDecisionId), papers())
            .prop_map(|(decision, document)| C::AdoptStrategy { decision, document }),
    ];
    let alone = prop_oneof![begins, more].boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

fn checks() -> impl Strategy<Value = CheckId> {
    (proptest::sample::select(&Timing::ALL), 1..u64::MAX)
        .prop_map(|(timing, action)| CheckId { timing, action: Position(action) })
}

fn of_control() -> BoxedStrategy<ControlCommand> {
    use ControlCommand as C;
    let alone = prop_oneof![
        Just(C::SampleCheck {}),
        proptest::option::of(words()).prop_map(|reason| C::OpenCheck { reason }),
        papers().prop_map(|evidence| C::PassCheck { evidence }),
        (proptest::collection::vec(codes(), 0..3), papers())
            .prop_map(|(findings, evidence)| C::FailCheck { findings, evidence }),
        papers().prop_map(|evidence| C::RemedyCheck { evidence }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

fn of_office() -> BoxedStrategy<OfficeCommand> {
    use OfficeCommand as C;
    let alone = prop_oneof![
        codes().prop_map(|place| C::OpenOffice { place }),
        words().prop_map(|reason| C::CloseOffice { reason }),
        (id!(PersonId), codes()).prop_map(|(adviser, track)| C::AssignAdviser { adviser, track }),
        (id!(PersonId), words()).prop_map(|(adviser, reason)| C::ReleaseAdviser { adviser, reason }),
    ]
    .boxed();
    prop_oneof![4 => alone.clone(), 1 => corrections(alone).prop_map(C::Correct)].boxed()
}

fn jointly() -> BoxedStrategy<JointCommand> {
    let price = prop_oneof![amounts().prop_map(Price::Net), amounts().prop_map(Price::Inclusive)];
    let line = (categories(), price).prop_map(|(vat, price)| InvoiceLine { vat, price });
    let credit_line = (categories(), amounts()).prop_map(|(vat, net)| CreditLine { vat, net });
    let invoice = (
        id!(InvoiceId),
        id!(PersonId),
        id!(ClientId),
        proptest::option::of(id!(OrderId)),
        proptest::option::of(id!(CourseId)),
        proptest::collection::vec(line, 0..3),
        papers(),
    )
        .prop_map(|(invoice, holder, client, order, course, lines, evidence)| InvoiceDraft {
            invoice,
            holder,
            client,
            order,
            course,
            lines,
            evidence,
        })
        .boxed();
    let credit =
        (id!(CreditNoteId), id!(InvoiceId), proptest::collection::vec(credit_line, 0..3), words(), papers())
            .prop_map(|(credit_note, invoice, lines, reason, evidence)| CreditDraft {
                credit_note,
                invoice,
                lines,
                reason,
                evidence,
            });
    prop_oneof![
        (id!(UnitId), words(), invoice.clone()).prop_map(|(unit, series, draft)| JointCommand::IssueInvoice(
            unit,
            IssueInvoice { series, draft }
        )),
        (id!(UnitId), words(), invoice.clone()).prop_map(|(unit, series, draft)| {
            JointCommand::InvoiceDeposit(unit, IssueInvoice { series, draft })
        }),
        (id!(UnitId), words(), proptest::collection::vec(id!(InvoiceId), 0..3), invoice).prop_map(
            |(unit, series, deposits, draft)| {
                JointCommand::IssueFinalInvoice(unit, IssueFinalInvoice { series, deposits, draft })
            }
        ),
        (id!(UnitId), words(), credit).prop_map(|(unit, series, draft)| {
            JointCommand::CreditInvoice(unit, CreditInvoice { series, draft })
        }),
        (id!(MemberId), id!(MemberId), any::<u32>(), papers()).prop_map(|(from, to, shares, evidence)| {
            JointCommand::TransferShares(from, TransferShares { to, shares, evidence })
        }),
        (id!(UnitId), id!(UnitId), id!(PersonId), amounts(), words(), papers()).prop_map(
            |(from, to, holder, amount, reason, evidence)| {
                JointCommand::TransferBudget(from, TransferBudget { to, holder, amount, reason, evidence })
            }
        ),
    ]
    .boxed()
}

fn any_command() -> impl Strategy<Value = Command> {
    let request = prop_oneof![
        2 => of_statutes().prop_map(Request::Statutes),
        1 => (1900_u16..2200, of_year()).prop_map(|(year, command)| Request::Year(Year::new(year), command)),
        6 => (id!(MemberId), of_member()).prop_map(|(id, command)| Request::Member(id, command)),
        16 => (id!(UnitId), of_unit()).prop_map(|(id, command)| Request::Unit(id, command)),
        2 => (id!(LoanId), of_loan()).prop_map(|(id, command)| Request::Loan(id, command)),
        2 => (id!(GrantId), of_grant()).prop_map(|(id, command)| Request::Grant(id, command)),
        5 => (1900_u16..2200, of_structure())
            .prop_map(|(year, command)| Request::Structure(Year::new(year), command)),
        1 => (filings(), of_filing()).prop_map(|(id, command)| Request::Filing(id, command)),
        2 => (id!(CourseId), of_course()).prop_map(|(id, command)| Request::Course(id, command)),
        2 => (id!(PersonId), of_fitness()).prop_map(|(id, command)| Request::Fitness(id, command)),
        2 => (id!(MemberId), of_cover()).prop_map(|(id, command)| Request::Cover(id, command)),
        2 => (id!(StatementId), of_bank()).prop_map(|(id, command)| Request::Bank(id, command)),
        2 => (id!(ResourceId), of_resource()).prop_map(|(id, command)| Request::Resource(id, command)),
        4 => (participations(), of_participation())
            .prop_map(|(id, command)| Request::Participation(id, command)),
        4 => (id!(ActivityId), of_activity()).prop_map(|(id, command)| Request::Activity(id, command)),
        2 => (checks(), of_control()).prop_map(|(id, command)| Request::Control(id, command)),
        2 => (id!(OfficeId), of_office()).prop_map(|(id, command)| Request::Office(id, command)),
        3 => (id!(MeetingId), bodies::of_meeting()).prop_map(|(id, command)| Request::Meeting(id, command)),
        2 => (id!(MandateId), bodies::of_mandate()).prop_map(|(id, command)| Request::Mandate(id, command)),
        1 => (id!(BoardMeetingId), bodies::of_board()).prop_map(|(id, command)| Request::Board(id, command)),
        2 => jointly().prop_map(Request::Joint),
    ];
    (id!(CommandId), words(), all_days(), request).prop_map(|(id, actor, effective_on, request)| Command {
        id,
        actor,
        effective_on,
        request,
    })
}

proptest! {
    #[test]
    fn a_command_survives_its_json(command in any_command()) {
        let json = command.to_json();
        let back = Command::parse(&json);
        prop_assert_eq!(back.as_ref(), Ok(&command), "{}", json);
        prop_assert!(!json.contains('\n'), "one command is one line");
    }

    #[test]
    fn content_is_all_but_id_and_actor(a in any_command(), b in any_command(), id in any::<u128>()) {
        let renamed = Command {
            id: CommandId::new(Uuid::from_u128(id)),
            actor: "somebody:else".parse().expect("a token"),
            ..a.clone()
        };
        prop_assert_eq!(a.content(), renamed.content());
        let same = (a.effective_on, &a.request) == (b.effective_on, &b.request);
        prop_assert_eq!(a.content() == b.content(), same);
        let another_day = Command { effective_on: b.effective_on, ..a.clone() };
        prop_assert_eq!(a.content() == another_day.content(), a.effective_on == b.effective_on);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,80}", body in "[\\[\\]{}\":,a-z0-9 ]{0,40}") {
        let _ = Command::parse(&text);
        let _ = Command::parse(&self::text("unit.open_unit", ID, &body));
        let _ = Command::parse(&self::text(&text.replace(['"', '\\'], ""), ID, "{}"));
    }
}

/// Decides after any number of a story's events, whatever is known, and correcting any of them.
pub fn is_answered<S: Known>(story: Given<S>, n: usize, known: S::Known, command: &S::Command, on: Day) {
    let n = 1 + n % story.events.len();
    let mut given = given::<S>(story.events[..n].to_vec()).of(story.id).with(known).with_original(n);
    given.facts.effective_on = on;
    given.facts.year_is_open = on.year() <= FiscalYear::LAST;
    let decided = domain::stream::decide(&given.state, given.id, command, &given.facts);
    // What is decided can be folded, and what is written can be read.
    for event in decided.into_iter().flatten() {
        let json = serde_json::to_string(&event).expect("events are JSON");
        assert_eq!(serde_json::from_str::<S::Event>(&json).expect(&json), event);
        given = given.and([event]);
    }
}

fn position_of(command: &Command) -> Option<Position> {
    match &command.request {
        Request::Statutes(StatutesCommand::Correct(correct)) => Some(correct.position),
        Request::Member(_, MemberCommand::Correct(correct)) => Some(correct.position),
        Request::Unit(_, UnitCommand::Correct(correct)) => Some(correct.position),
        Request::Loan(_, LoanCommand::Correct(correct)) => Some(correct.position),
        Request::Grant(_, GrantCommand::Correct(correct)) => Some(correct.position),
        Request::Structure(_, StructureCommand::Correct(correct)) => Some(correct.position),
        Request::Filing(_, FilingCommand::Correct(correct)) => Some(correct.position),
        Request::Course(_, CourseCommand::Correct(correct)) => Some(correct.position),
        Request::Fitness(_, FitnessCommand::Correct(correct)) => Some(correct.position),
        Request::Cover(_, CoverCommand::Correct(correct)) => Some(correct.position),
        Request::Bank(_, BankCommand::Correct(correct)) => Some(correct.position),
        Request::Resource(_, ResourceCommand::Correct(correct)) => Some(correct.position),
        Request::Participation(_, ParticipationCommand::Correct(correct)) => Some(correct.position),
        Request::Activity(_, ActivityCommand::Correct(correct)) => Some(correct.position),
        Request::Control(_, ControlCommand::Correct(correct)) => Some(correct.position),
        Request::Office(_, OfficeCommand::Correct(correct)) => Some(correct.position),
        Request::Meeting(_, MeetingCommand::Correct(correct)) => Some(correct.position),
        Request::Mandate(_, MandateCommand::Correct(correct)) => Some(correct.position),
        Request::Board(_, BoardCommand::Correct(correct)) => Some(correct.position),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn every_command_is_answered_and_none_crashes_the_rules(
        command in any_command(),
        n in any::<usize>(),
        balances in [balances(), balances(), balances()],
        shares in 0_u32..5,
        today in any::<bool>(),
    ) {
        let on = if today { crate::fixtures::day("2025-06-30") } else { command.effective_on };
        let mut command = command;
        if let Some(position) = position_of(&command) {
            // Corrections find what they name.
            let json = command.to_json();
            let events = match &command.request {
                Request::Statutes(_) => stories::statutes().events.len(),
                Request::Member(..) => stories::member().events.len(),
                Request::Loan(..) => stories::loan().events.len(),
                Request::Grant(..) => stories::grant().events.len(),
                Request::Structure(..) => stories::structure().events.len(),
                Request::Filing(..) => stories::vat_return().events.len(),
                Request::Course(..) => stories::course().events.len(),
                Request::Fitness(..) => stories::fitness().events.len(),
                Request::Cover(..) => stories::cover().events.len(),
                Request::Bank(..) => stories::bank().events.len(),
                Request::Resource(..) => stories::resource().events.len(),
                Request::Participation(id, _) => stories::participation(*id).events.len(),
                Request::Activity(..) => stories::plan_of_actions().events.len(),
                Request::Control(..) => stories::check().events.len(),
                Request::Office(..) => stories::office().events.len(),
                _ => stories::unit().events.len(),
            };
            let found = format!("\"position\":{}", 1 + n % events);
            let named = json.replace(&format!("\"position\":{position}"), &found);
            command = Command::parse(&named).expect("well formed");
        }
        let [pending, available, reserved] = balances;
        let known = UnitKnown { pending, available, reserved, shares, ..UnitKnown::default() };
        let members = MemberKnown {
            shareholders: shares,
            tests: Some(Tested { passed: today, room: pending }),
            ..MemberKnown::default()
        };
        match &command.request {
            Request::Statutes(asked) => is_answered(stories::statutes(), n, (), asked, on),
            Request::Year(_, asked) => {
                let (made, held, deferred, shares) = (pending, available, reserved, u64::from(shares));
                let books = YearKnown { made, held, deferred, deferred_change: deferred, shares };
                is_answered(stories::year(), n, books, asked, on);
            }
            Request::Member(_, asked) => is_answered(stories::member(), n, members, asked, on),
            Request::Unit(_, asked) => is_answered(stories::unit(), n, known, asked, on),
            Request::Loan(_, asked) if shares.is_multiple_of(2) => {
                is_answered(stories::loan(), n, BudgetKnown::default(), asked, on);
            }
            Request::Loan(_, asked) => {
                is_answered(stories::internal_loan(), n, BudgetKnown { is_open: today, available }, asked, on);
            }
            Request::Grant(_, asked) if shares.is_multiple_of(2) => {
                is_answered(stories::grant(), n, BudgetKnown::default(), asked, on);
            }
            Request::Grant(_, asked) => {
                is_answered(stories::own_grant(), n, BudgetKnown { is_open: today, available }, asked, on);
            }
            Request::Structure(_, asked) => is_answered(stories::structure(), n, (), asked, on),
            Request::Filing(_, asked) => {
                let due = domain::filing::Due { on_sales: pending, on_purchases: available, ..Default::default() };
                is_answered(stories::vat_return(), n, FilingKnown { due, later: None }, asked, on);
            }
            Request::Course(_, asked) => {
                let last_on = (shares > 0).then_some("2025-03-03");
                is_answered(stories::course(), n, crate::course::invoiced(shares, last_on), asked, on);
            }
            Request::Fitness(_, asked) => is_answered(stories::fitness(), n, (), asked, on),
            Request::Cover(_, asked) => is_answered(stories::cover(), n, crate::cover::MEMBER, asked, on),
            Request::Bank(_, asked) => {
                let known = BankKnown { has_later: !today, ..crate::bank::books() };
                is_answered(stories::bank(), n, known, asked, on);
            }
            Request::Resource(_, asked) => {
                let budget = BudgetKnown { is_open: today, available };
                let known = ResourceKnown { budget, is_holder: shares > 0 };
                is_answered(stories::resource(), n, known, asked, on);
            }
            Request::Participation(id, asked) => {
                let known = ParticipationKnown { group_is_known: today };
                is_answered(stories::participation(*id), n, known, asked, on);
            }
            Request::Activity(_, asked) if today => is_answered(stories::plan_of_actions(), n, (), asked, on),
            Request::Activity(_, asked) => {
                let story = stories::activities().swap_remove(n % stories::activities().len());
                is_answered(story, n, (), asked, on);
            }
            Request::Control(_, asked) => {
                is_answered(stories::check(), n, crate::control::action(n as u64, n as u64), asked, on);
            }
            Request::Office(_, asked) => is_answered(stories::office(), n, (), asked, on),
            Request::Meeting(_, asked) => bodies::meeting_is_answered(asked, n, shares, on),
            Request::Mandate(_, asked) => bodies::mandate_is_answered(asked, n, shares, on),
            Request::Board(_, asked) => bodies::board_is_answered(asked, n, shares, on),
            Request::Joint(asked) => {
                let mut unit = stories::unit().with(known);
                let mut series = given::<Series>([]);
                unit.facts.effective_on = on;
                series.facts.effective_on = on;
                series.facts.year_is_open = on.year() <= FiscalYear::LAST;
                series.id.year = on.year();
                match asked {
                    JointCommand::IssueInvoice(_, asked) => drop(issue(&series, &unit, &asked.draft)),
                    JointCommand::InvoiceDeposit(_, asked) => {
                        drop(invoice_deposit(&series, &unit, &asked.draft));
                    }
                    JointCommand::IssueFinalInvoice(_, asked) => {
                        drop(issue_final(&series, &unit, &asked.draft, &asked.deposits));
                    }
                    JointCommand::CreditInvoice(_, asked) => drop(credit(&series, &unit, &asked.draft)),
                    JointCommand::TransferBudget(_, asked) => {
                        let asked = TransferBudget { holder: crate::fixtures::ALICE, ..asked.clone() };
                        drop(give_budget(&unit, &stories::unit(), &asked));
                    }
                    JointCommand::TransferShares(_, asked) => {
                        let (from, to) = (stories::member().with(members), stories::refused_member());
                        drop(transfer(&from, &to, asked));
                    }
                }
            }
        }
    }
}

#[test]
fn content_differs_with_the_stream_the_name_and_the_body() {
    let command = |json: String| Command::parse(&json).expect("well formed").content();
    let other = "00000000-0000-0000-0000-00000000000b";
    let one = text("unit.join_unit", ID, &format!(r#"{{"holder":"{ID}"}}"#));
    let variants = [
        one.clone(),
        text("unit.leave_unit", ID, &format!(r#"{{"holder":"{ID}"}}"#)),
        text("unit.join_unit", other, &format!(r#"{{"holder":"{ID}"}}"#)),
        text("unit.join_unit", ID, &format!(r#"{{"holder":"{other}"}}"#)),
        one.replace("2025-03-03", "2025-03-04"),
    ];
    let contents: BTreeSet<_> = variants.into_iter().map(command).collect();
    assert_eq!(contents.len(), 5);
}

#[test]
fn every_command_that_exists_is_generated_above_and_listed_to_callers() {
    let mut runner = TestRunner::deterministic();
    let mut generated = BTreeSet::new();
    let strategy = any_command();
    for _ in 0..10_000 {
        let command = strategy.new_tree(&mut runner).expect("a command").current();
        let json: serde_json::Value = serde_json::from_str(&command.to_json()).expect("JSON");
        generated.insert(json["command"].as_str().expect("a name").to_owned());
        let of_family =
            json["command"].as_str().expect("a name").split_once('.').expect("a family").0.to_owned();
        assert_eq!(command.request.stream().aggregate_type(), of_family);
    }
    let listed: BTreeSet<String> = [
        "statutes",
        "year",
        "member",
        "unit",
        "loan",
        "grant",
        "structure",
        "filing",
        "course",
        "fitness",
        "cover",
        "bank",
        "resource",
        "participation",
        "activity",
        "control",
        "office",
        "meeting",
        "mandate",
        "board",
    ]
    .into_iter()
    .flat_map(|family| {
        let said = complaint(&text(&format!("{family}.nonsense"), stream_of(family), "{}"));
        let names = said.split("expected one of ").nth(1).expect("what exists").to_owned();
        names.split(", ").map(|name| format!("{family}.{}", name.trim_matches('`'))).collect::<Vec<_>>()
    })
    .collect();
    assert_eq!(generated, listed);
}

fn stream_of(family: &str) -> &str {
    match family {
        "statutes" => "",
        "year" | "structure" => "2025",
        "filing" => "vat-2025-03",
        "participation" => "group-00000000-0000-0000-0000-00000000000a",
        "control" => "before-4711",
        _ => ID,
    }
}

#[test]
fn a_request_names_the_stream_it_asks_first() {
    let stream = |json: String| Command::parse(&json).expect("well formed").request.stream();
    assert_eq!(stream(text("year.open_year", "2025", "{}")), StreamId::Year(Year::new(2025)));
    assert_eq!(stream(text("unit.close_unit", ID, "{}")).to_string(), format!("unit {ID}"));
}
