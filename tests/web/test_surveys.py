"""The survey in pages: at the desk, by code without a script, from paper; and the person's own page."""

from datetime import date

import pytest
from sqlalchemy import select

from app.asgi import make_app
from app.settings import Secrets
from matching import codes, consents, reviews
from matching.candidates import Candidate, Readiness
from matching.codes import Purpose
from matching.consents import Consent, Evidence, Form
from matching.identities import Person
from matching.questions import OFFERED, STEPS
from matching.reviews import Ruling
from matching.tasks import Task
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from tests.factories import (
    REGION,
    make_account,
    make_candidate,
    make_centre,
    make_employer,
    make_proposal,
    make_vacancy,
)
from tests.papers import read_pdf
from tests.visits import Visitor
from web.i18n import gettext, speaking
from web.questionnaire import QUESTIONS, TITLES, number_of, say_offered

ANSWERS: dict[str, dict[str, object]] = {
    "agreement": {"agreed": "yes", "paper_number": "С-17", "signed_on": "2026-11-20"},
    "wishes": {"title_1": "дәнекерлеуші", "years_1": "4", "retraining_title": "токарь"},
    "meaning": {"isco08_1": "7212", "retraining_isco08": "7223"},
    "skills": {"experience_years": "5", "education": "vocational", "licences": ["B", "C"]},
    "pay": {"pay_wanted": "250 000", "pay_accepted": "180000"},
    "way": {"kato": "196200000", "means": "bus", "max_minutes": "40"},
    "hours": {"days": ["1", "2"], "start": "08:00", "end": "17:00"},
    "conditions": {"avoids": ["heavy"]},
    "needs": {},
}


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_rates(session)
        centre = make_centre(session)
        return make_candidate(
            session,
            centre.id,
            person=Person("Қуандықова", "Әсел"),
            readiness=Readiness.NOT_SURVEYED,
        )


@pytest.fixture
def staff(sign_in, fill, person):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    return sign_in(account)


def issue(fill, person: Candidate, purpose: Purpose, now) -> str:
    with fill() as session:
        return codes.issue_code(session, SYSTEM, person.key, purpose, now=now).text


def answer_all(visitor, base: str) -> None:
    for step in STEPS:
        shown = visitor.get(f"{base}/{step}")
        assert shown.status_code == 200, shown.text
        sent = visitor.submit(f"{base}/{step}", **ANSWERS[step])
        assert sent.status_code == 303, sent.text


def test_the_desk_survey_leads_step_by_step_to_a_ready_person(staff, person, fill) -> None:
    base = f"/candidates/{person.key}/survey"
    assert "At the desk" in staff.get(base).text
    begun = staff.submit(base, way="desk")
    assert begun.headers["location"] == f"{base}/agreement"
    answer_all(staff, base)
    looked = staff.get(f"{base}/check").text
    for told in ("дәнекерлеуші", "250,000", "Mon, Tue", "B, C", "heavy physical work", "С-17"):
        assert told in looked, told
    handed = staff.submit(f"{base}/check", step="submit")
    assert handed.headers["location"] == f"/candidates/{person.key}"
    assert "The survey is handed in." in staff.get(handed.headers["location"]).text
    with fill() as session:
        assert session.get_one(Candidate, person.id).readiness == Readiness.READY


def test_the_survey_goes_on_after_the_server_was_restarted(
    staff, person, app, settings, keyring, clock, fill
) -> None:
    base = f"/candidates/{person.key}/survey"
    staff.submit(base, way="desk")
    steps = list(STEPS)
    for step in steps[:3]:
        staff.submit(f"{base}/{step}", **ANSWERS[step])
    restarted = make_app(settings, Secrets("s" * 64, keyring), clock=clock)
    with Visitor(restarted, base_url="http://senim.test") as again:
        again.cookies = staff.cookies
        taken_up = again.get(base, follow_redirects=False)
        assert taken_up.headers["location"] == f"{base}/{steps[3]}"
        assert "дәнекерлеуші" in again.get(f"{base}/wishes").text
        for step in steps[3:]:
            assert again.submit(f"{base}/{step}", **ANSWERS[step]).status_code == 303
        assert again.submit(f"{base}/check", step="submit").status_code == 303
    restarted.state.engine.dispose()
    with fill() as session:
        assert session.get_one(Candidate, person.id).readiness == Readiness.READY


def test_what_was_typed_stays_beside_what_is_wrong(staff, person) -> None:
    base = f"/candidates/{person.key}/survey"
    staff.submit(base, way="desk")
    wrong = staff.submit(f"{base}/pay", pay_wanted="much", pay_accepted="180000")
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.text
    assert "Write a whole number." in wrong.text
    early = staff.submit(f"{base}/check", step="submit")
    assert early.status_code == 422
    assert "This step is not answered yet." in early.text
    assert staff.get(f"{base}/nowhere").status_code == 404
    assert staff.submit(f"{base}/nowhere").status_code == 404


def test_a_paper_form_is_keyed_twice_by_two_people(staff, person, sign_in, fill) -> None:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    other = sign_in(account)
    base = f"/candidates/{person.key}/survey"
    assert "/survey-form/kk.pdf" in staff.get(base).text
    staff.submit(base, way="paper")
    assert "5.2. Least pay accepted" in staff.get(f"{base}/pay").text
    answer_all(staff, base)
    assert "second time" in staff.get(f"{base}/check").text
    assert staff.submit(f"{base}/check", step="key_again").status_code == 303
    assert staff.get(f"{base}/pay").status_code == 409
    for step in STEPS:
        changed = {"pay_accepted": "18000"} if step == "pay" else {}
        other.submit(f"{base}/{step}", **ANSWERS[step] | changed)
    looked = other.get(f"{base}/check").text
    for told in ("Keyed differently", "5.2. Least pay accepted", "180,000", "18,000"):
        assert told in looked, told
    assert other.submit(f"{base}/check", step="submit").status_code == 409
    assert other.submit(f"{base}/check", step="settle").status_code == 422
    chosen = {"step": "settle", "pay.pay_accepted": "first"}
    assert other.submit(f"{base}/check", **chosen).status_code == 303
    assert other.submit(f"{base}/check", step="submit").status_code == 303


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_the_printed_form_asks_what_the_wizard_asks(staff, locale: str, caplog) -> None:
    answer = staff.get(f"/survey-form/{locale}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert caplog.records == [], "a glyph was missing"
    told = " ".join(read_pdf(answer.content).split())
    with speaking(locale):
        for step, questions in QUESTIONS.items():
            assert gettext(TITLES[step]) in told
            for question in questions:
                asked = f"{number_of(step, question.name)}. {gettext(question.label)}"
                assert asked in told, asked
                for code in OFFERED.get(question.name, ()):
                    assert say_offered(question, code) in told, code
    for number in ("3.1.", "3.4."):
        assert number in told


def test_there_are_forms_in_two_languages_for_who_takes_surveys(staff, sign_in) -> None:
    for wrong in ("en.pdf", "kk", "kk.docx"):
        assert staff.get(f"/survey-form/{wrong}").status_code == 404
    assert sign_in(Role.CLERK).get("/survey-form/kk.pdf").status_code == 200
    assert sign_in(Role.EMPLOYER).get("/survey-form/kk.pdf").status_code == 403


def test_a_refusal_needs_its_reason(staff, person) -> None:
    base = f"/candidates/{person.key}/survey"
    staff.submit(base, way="desk")
    assert staff.submit(f"{base}/check", step="refuse").status_code == 422
    assert staff.submit(f"{base}/check", step="refuse", reason="studies").status_code == 303
    assert "takes no part" in staff.get(f"/candidates/{person.key}").text


def test_the_person_answers_by_code_on_small_pages(visit, fill, person, now) -> None:
    code = issue(fill, person, Purpose.SURVEY, now)
    phone = visit()
    assert phone.submit("/me", code=f"{code[:4].upper()} {code[4:]}").headers["location"] == (
        f"/me/{code}"
    )
    assert "Begin the survey" in phone.get(f"/me/{code}").text
    base = f"/me/{code}/survey"
    phone.submit(base)
    for step in STEPS:
        shown = phone.get(f"{base}/{step}")
        assert "<script" not in shown.text
        assert len(shown.content) < 25_000  # with the stylesheet under 50 kB
        given = {"agreed": "yes"} if step == "agreement" else ANSWERS[step]
        assert phone.submit(f"{base}/{step}", **given).status_code == 303
    done = phone.submit(f"{base}/check", step="submit")
    assert "Thank you" in done.text
    assert phone.get(f"/me/{code}").status_code == 404


@pytest.mark.parametrize("code", ["zzzzzzzzzzzz", "x"])
def test_an_unknown_code_opens_nothing(client, code: str) -> None:
    assert client.get(f"/me/{code}").status_code == 404
    assert client.get(f"/me/{code}/survey/pay").status_code == 404
    assert client.submit(f"/me/{code}/survey").status_code == 404
    wrong = client.submit("/me", code=code)
    assert wrong.status_code == 422
    assert "no longer open" in wrong.text


def test_a_survey_code_does_not_open_the_own_page(visit, fill, person, now) -> None:
    code = issue(fill, person, Purpose.SURVEY, now)
    phone = visit()
    assert "Қуандықова" not in phone.get(f"/me/{code}").text
    assert phone.submit(f"/me/{code}", step="object", text="жоқ").status_code == 404


def make_offer(fill, person: Candidate, now) -> None:
    with fill() as session:
        employer = make_employer(session, centre_id=person.centre_id)
        vacancy = make_vacancy(session, employer, title="Сварщик на ферму")
        proposal = make_proposal(session, session.merge(person), vacancy, now=now)
        inspector = Actor(Role.PROBATION, territory=REGION)
        reviews.approve(session, inspector, proposal.key, Ruling(), now=now)
        consents.ask_disclosure(session, SYSTEM, proposal.key, now=now)


def test_the_own_page_shows_an_offer_and_takes_the_answer(visit, fill, person, now) -> None:
    make_offer(fill, person, now)
    code = issue(fill, person, Purpose.PAGE, now)
    phone = visit()
    shown = phone.get(f"/me/{code}")
    assert "Сварщик на ферму" in shown.text
    assert "<script" not in shown.text
    assert len(shown.content) < 25_000  # with the stylesheet under 50 kB
    with fill() as session:
        key = session.scalars(select(Consent.key)).one()
    assert phone.submit(f"/me/{code}", step="agree", consent=key).status_code == 303
    assert "preparing the letter" in phone.get(f"/me/{code}").text
    assert phone.submit(f"/me/{code}", step="withdraw", consent=key).status_code == 303
    assert "No offer at the moment" in phone.get(f"/me/{code}").text


def test_one_person_cannot_answer_for_another(visit, fill, person, now) -> None:
    make_offer(fill, person, now)
    with fill() as session:
        other = make_candidate(session, person.centre_id)
        key = session.scalars(select(Consent.key)).one()
    phone = visit()
    code = issue(fill, other, Purpose.PAGE, now)
    assert phone.submit(f"/me/{code}", step="agree", consent=key).status_code == 404


def test_an_objection_becomes_a_task_of_the_centre(visit, staff, fill, person, now) -> None:
    code = issue(fill, person, Purpose.PAGE, now)
    phone = visit()
    assert phone.submit(f"/me/{code}", step="object", text="").status_code == 422
    assert phone.submit(f"/me/{code}", step="object", text="нөмірім қате").status_code == 303
    assert "нөмірім қате" in staff.get(f"/candidates/{person.key}").text
    with fill() as session:
        assert session.scalars(select(Task)).one().due_on == date(2026, 11, 30)


def test_consent_to_matching_is_taken_back_on_the_own_page(visit, fill, person, now) -> None:
    with fill() as session:
        asked = consents.ask_matching(session, SYSTEM, person.key, now=now)
        evidence = Evidence(Form.PAPER, now.date(), "С-1")
        consents.give(session, SYSTEM, asked.key, evidence, now=now)
        key = asked.key
    code = issue(fill, person, Purpose.PAGE, now)
    phone = visit()
    assert "Take no further part" in phone.get(f"/me/{code}").text
    assert phone.submit(f"/me/{code}", step="withdraw", consent=key).status_code == 303
    with fill() as session:
        assert session.get_one(Candidate, person.id).readiness == Readiness.DECLINED


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.PROSECUTOR, Role.SPECIALIST, Role.OFFICER])
def test_roles_without_the_right_take_no_survey(sign_in, person, role: Role) -> None:
    visitor = sign_in(role)
    base = f"/candidates/{person.key}/survey"
    assert visitor.get(base).status_code == 403
    assert visitor.submit(base, way="desk").status_code == 403


def test_another_centre_takes_no_survey_here_but_the_clerk_of_the_village_does(
    sign_in, person
) -> None:
    base = f"/candidates/{person.key}/survey"
    assert sign_in(Role.STAFF).submit(base, way="desk").status_code == 404
    clerk = sign_in(Role.CLERK)
    assert clerk.submit(base, way="desk").status_code == 303
    answer_all(clerk, base)
    handed = clerk.submit(f"{base}/check", step="submit")
    assert handed.headers["location"] == "/candidates"
