//! The rulebook of courses: what was validated is exempt, and what was invoiced stays validated.

use domain::course::{Course, CourseCommand, CourseEvent, CourseInvoiced, CourseKnown, CourseStanding};
use domain::unit::{InvoiceDraft, UnitEvent, UnitKnown};
use domain::vat::VatCategory;

use crate::fixtures::*;
use crate::harness::{Given, Jointly, given, invoice_deposit, issue, issue_final, of_unit};

pub fn submit() -> CourseCommand {
    CourseCommand::SubmitCourse { unit: ATELIER, holder: ALICE, evidence: paper("programme") }
}

pub fn validate() -> CourseCommand {
    CourseCommand::ValidateCourse { evidence: paper("validation") }
}

pub fn refuse() -> CourseCommand {
    CourseCommand::RefuseCourse { reason: token("no-training") }
}

pub fn withdraw() -> CourseCommand {
    CourseCommand::WithdrawCourse { reason: token("trainer-left") }
}

pub fn enquire(participants: u32) -> CourseCommand {
    CourseCommand::ReceiveEnquiry { enquiry: ENQUIRY, client: CLIENT, participants }
}

/// So many invoices up to a day cite the course, which a holder submits.
pub fn invoiced(n_invoices: u32, last_on: Option<&str>) -> CourseKnown {
    CourseKnown { is_held: true, invoiced: CourseInvoiced { n_invoices, last_on: last_on.map(day) } }
}

pub fn submitted() -> Given<Course> {
    given([]).with(invoiced(0, None)).when(submit()).accepted()
}

/// Validated on 3 March 2025.
pub fn validated() -> Given<Course> {
    submitted().when(validate()).accepted()
}

pub fn listed() -> Given<Course> {
    validated().when(CourseCommand::ListCourse {}).accepted()
}

#[test]
fn only_a_holder_submits_a_course() {
    let stranger = CourseKnown { is_held: false, ..invoiced(0, None) };
    given::<Course>([]).with(stranger).when(submit()).is_refused_saying(&format!(
        "person {ALICE} holds no open unit {ATELIER} and cannot submit a course for it"
    ));
}

#[test]
fn a_course_is_submitted_validated_listed_and_withdrawn_in_this_order() {
    let refused = |course: Given<Course>, asked, said: &str| course.when(asked).is_refused_saying(said);
    refused(given::<Course>([]), validate(), "the course is not submitted; this needs one that is submitted");
    refused(submitted(), submit(), "the course is submitted; this needs one that is not submitted");
    refused(
        submitted(),
        CourseCommand::ListCourse {},
        "the course is submitted; this needs one that is validated",
    );
    let no = submitted().when(refuse()).accepted();
    refused(no, validate(), "the course is refused; this needs one that is submitted");
    refused(validated(), refuse(), "the course is validated; this needs one that is submitted");
    refused(validated(), enquire(4), "the course is validated; this needs one that is listed");
    let gone = listed().when(withdraw()).accepted();
    refused(gone.clone(), withdraw(), "the course is withdrawn; this needs one that is validated");
    refused(gone, enquire(4), "the course is withdrawn; this needs one that is listed");
    validated().when(withdraw()).then([CourseEvent::Withdrawn {
        unit: ATELIER,
        from: day("2025-03-03"),
        reason: token("trainer-left"),
    }]);
}

#[test]
fn a_client_enquires_for_somebody() {
    listed().when(enquire(0)).is_refused_saying("expected an enquiry for at least one participant, found 0");
    let event = listed().when(enquire(12)).event();
    assert_eq!(domain::StreamEvent::claims(&event).len(), 1, "an enquiry is recorded once");
}

#[test]
fn a_course_that_was_invoiced_ends_after_its_last_invoice() {
    let used = || validated().with(invoiced(2, Some("2025-05-12"))).with_original(2);
    let said =
        |on: &str| format!("2 exempt invoices up to 2025-05-12 rest upon the course; it cannot end on {on}");
    used().on("2025-05-12").when(withdraw()).is_refused_saying(&said("2025-05-12"));
    used().on("2025-05-13").when(withdraw()).accepted();
    // That it was validated at all is not taken back either.
    let take_back = || CourseCommand::Correct(correct(2, None));
    used().on("2025-06-01").when(take_back()).is_refused_saying(&said("2025-06-01"));
    validated().with_original(2).when(take_back()).accepted().when(refuse()).accepted();
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let said = |course: Given<Course>, n| {
        course.with_original(n).when(CourseCommand::Correct(correct(n, None))).refusal().to_string()
    };
    let begins = |found: String, kind: &str| assert!(found.starts_with(kind), "{found}");
    begins(said(validated(), 1), "course.submitted cannot be taken back: it was validated or refused since");
    begins(said(listed(), 2), "course.validated cannot be taken back: the course was listed");
    begins(said(listed().when(enquire(4)).accepted(), 3), "course.listed cannot be taken back: clients");
    let enquired = listed().when(enquire(4)).accepted().with_original(4);
    let back = enquired.when(CourseCommand::Correct(correct(4, None))).accepted().with_original(3);
    back.when(CourseCommand::Correct(correct(3, None)))
        .accepted()
        .when(CourseCommand::ListCourse {})
        .accepted();
}

// What an invoice cites.

/// Training of 121.00 without VAT, as this course.
fn training(course: Option<domain::ids::CourseId>) -> InvoiceDraft {
    InvoiceDraft { course, ..invoice(&[net(VatCategory::Exempt, "121.00")]) }
}

fn issue_knowing(course: Option<CourseStanding>, draft: &InvoiceDraft, on: &str) -> Jointly {
    let unit = given([opened()]).with(UnitKnown { course, ..available("0.00") }).on(on);
    issue(&given([]).on(on), &unit, draft)
}

fn says(answer: Jointly) -> String {
    answer.expect_err("a rule should say no").to_string()
}

#[test]
fn e30_exempt_training_cites_the_course_that_it_is() {
    let standing = validated().state.standing(ATELIER);
    let said = "exempt training of 121.00 cites the course that it is; none was named";
    assert_eq!(says(issue_knowing(Some(standing), &training(None), "2025-03-03")), said);
    let deposit = invoice_deposit(&given([]), &given([opened()]), &training(None));
    assert_eq!(says(deposit), said);
    let last = issue_final(&given([]), &given([opened()]), &training(None), &[OTHER_INVOICE]);
    assert_eq!(says(last), said);
    let issued = issue_knowing(Some(standing), &training(Some(COURSE)), "2025-03-03").map(of_unit);
    let issued = issued.expect("nothing forbids it");
    let UnitEvent::InvoiceIssued { course, .. } = &issued[0] else {
        panic!("an invoice was issued");
    };
    assert_eq!(*course, Some(COURSE));
    let json = serde_json::to_string(&issued[0]).expect("events are JSON");
    assert!(json.contains(&format!("\"course\":\"{COURSE}\"")), "{json}");
    assert_eq!(serde_json::from_str::<UnitEvent>(&json).expect("it reads back"), issued[0]);
}

// columns: what is known of the course | day | what it is found to be
#[test]
fn e30_the_course_cited_is_validated_on_the_day_and_of_the_unit() {
    let of_atelier = |course: Given<Course>| Some(course.state.standing(ATELIER));
    let gone = || validated().on("2025-05-01").when(withdraw()).accepted();
    let table = [
        (None, "2025-03-03", "not a course of this unit"),
        (Some(validated().state.standing(GARAGE)), "2025-03-03", "not a course of this unit"),
        (of_atelier(submitted()), "2025-03-03", "not validated"),
        (of_atelier(submitted().when(refuse()).accepted()), "2025-03-03", "not validated"),
        (of_atelier(validated()), "2025-03-02", "not validated yet"),
        (of_atelier(gone()), "2025-05-01", "withdrawn"),
    ];
    for (standing, on, found) in table {
        assert_eq!(
            says(issue_knowing(standing, &training(Some(COURSE)), on)),
            format!("course {COURSE} is {found} on {on}; exempt training cites one that is validated")
        );
    }
    issue_knowing(of_atelier(gone()), &training(Some(COURSE)), "2025-04-30").expect("the day before");
}

#[test]
fn what_bears_vat_cites_no_course() {
    let standing = Some(validated().state.standing(ATELIER));
    let draft = InvoiceDraft { course: Some(COURSE), ..invoice(&[net(VatCategory::Standard, "100.00")]) };
    assert_eq!(
        says(issue_knowing(standing, &draft, "2025-03-03")),
        format!("course {COURSE} is cited, but no line is exempt training")
    );
    // Beside what bears VAT, training is training.
    let lines = [net(VatCategory::Standard, "100.00"), net(VatCategory::Exempt, "121.00")];
    let both = InvoiceDraft { course: Some(COURSE), ..invoice(&lines) };
    issue_knowing(standing, &both, "2025-03-03").expect("nothing forbids it");
}
