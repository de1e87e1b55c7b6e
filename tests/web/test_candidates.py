"""The caseload and a person's page: who sees what, searches that leave no trace in an address."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from matching.candidates import Candidate
from matching.identities import Person
from matching.standings import list_standings
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account, make_candidate, make_centre

ALLOWED = (Role.STAFF, Role.PROBATION)


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        centre = make_centre(session)
        return make_candidate(
            session,
            centre.id,
            person=Person("Қуандықова", "Әсел", "Ермекқызы", phone="+7 701 555 44 33"),
            number="АО-7",
        )


@pytest.fixture
def staff(sign_in, fill, person):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    return sign_in(account)


def test_the_caseload_lists_people_of_the_centre(staff, person) -> None:
    answer = staff.get("/candidates")
    assert "Қуандықова Әсел Ермекқызы" in answer.text
    assert f"/candidates/{person.key}" in answer.text


@pytest.mark.parametrize(
    "query", ["Қуандықова", "куандыкова", "ӘСЕЛ", "асе", "әсел қуандық", "АО-7"]
)
def test_a_person_is_found_by_words_first_letters_or_number(staff, person, query) -> None:
    answer = staff.submit("/candidates/search", query=query)
    assert answer.status_code == 200
    assert "Қуандықова" in answer.text


@pytest.mark.parametrize("query", ["Қуаныш", "ндықова", "АО-8", "990101500006"])
def test_nobody_else_is_found(staff, person, query) -> None:
    answer = staff.submit("/candidates/search", query=query)
    assert "Қуандықова" not in answer.text
    assert "Nobody fits" in answer.text


def test_a_search_is_never_in_an_address(staff, person) -> None:
    assert "Қуандықова" in staff.get("/candidates?query=ешкім").text  # an address is no search
    assert staff.get("/candidates/search?query=x").status_code in (404, 405)
    assert staff.submit("/candidates/search", query="а").status_code == 422


def test_the_page_of_a_person_is_journalled(staff, person, fill) -> None:
    answer = staff.get(f"/candidates/{person.key}")
    assert "Қуандықова" in answer.text
    with fill() as session:
        seen = session.scalars(select(Entry).where(Entry.record_key == person.key)).all()
        assert "view" in [entry.verb for entry in seen]


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_other_roles_and_other_centres_see_nothing(sign_in, person, role: Role) -> None:
    visitor = sign_in(role)
    listed = visitor.get("/candidates", follow_redirects=False)
    sees_list = role in (Role.STAFF, Role.PROBATION, Role.CLERK)
    assert listed.status_code == (200 if sees_list else 403)
    shown = visitor.get(f"/candidates/{person.key}", follow_redirects=False)
    wanted = {Role.PROBATION: 200, Role.STAFF: 404}.get(role, 403)
    assert shown.status_code == wanted
    if role is not Role.PROBATION and role is not Role.CLERK:
        assert "Қуандықова" not in listed.text + shown.text


def test_a_clerk_learns_whom_to_survey_and_no_more(sign_in, person) -> None:
    clerk = sign_in(Role.CLERK)
    listed = clerk.get("/candidates").text
    assert f"/candidates/{person.key}/survey" in listed
    for hidden in ("on probation", "released", "?mark=", 'name="status"', "to be sorted out"):
        assert hidden not in listed, hidden
    for asked in ("mark=refused_twice", "status=on_probation"):
        assert clerk.get(f"/candidates?{asked}").status_code == 403
    assert clerk.get("/candidates?readiness=not_surveyed").status_code == 200


def test_a_person_is_registered(staff, person, fill) -> None:
    assert staff.get("/candidates/new").status_code == 200
    given = {"family_name": "Оспанов", "given_name": "Дәурен", "status": "on_probation"}
    given["released_on"] = "2026-05-01"
    wrong = staff.submit("/candidates/new", **given)
    assert wrong.status_code == 422
    answer = staff.submit("/candidates/new", kato=person.kato, **given)
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    shown = staff.get(address).text
    assert "Оспанов Дәурен" in shown and "Released on" in shown and "1 May 2026" in shown
    # A new status says nothing of the day unless it is given.
    status = {"status": "on_probation", "status_since": "2026-11-01"}
    for day, stands in (("", "1 May 2026"), ("2026-06-02", "2 Jun 2026")):
        assert staff.submit(address, step="status", released_on=day, **status).status_code == 303
        assert stands in staff.get(address).text


@pytest.mark.parametrize(
    ("step", "data", "said"),
    [
        ("note", {"text": "қоңырау шалу керек"}, "қоңырау шалу керек"),
        ("task", {"text": "құжат сұрау", "due_on": "2026-12-01"}, "құжат сұрау"),
        ("status", {"status": "released", "status_since": "2026-11-01"}, "released"),
        ("readiness", {"readiness": "needs_support"}, "needs support first"),
    ],
)
def test_what_staff_do_on_a_page_stands_there_afterwards(staff, person, step, data, said) -> None:
    address = f"/candidates/{person.key}"
    assert staff.submit(address, step=step, **data).status_code == 303
    assert said in staff.get(address).text


def test_who_is_taken_out_has_a_coded_reason_in_the_history(staff, person, fill) -> None:
    address = f"/candidates/{person.key}"
    for readiness, reason in (
        ("declined", ""),
        ("out_of_scope", ""),
        ("out_of_scope", "no_trust"),
        ("declined", "guessed"),
    ):
        answer = staff.submit(address, step="readiness", readiness=readiness, reason=reason)
        assert answer.status_code == 422 and 'id="reason-fault"' in answer.text
        with fill() as session:
            assert session.get_one(Candidate, person.id).readiness == person.readiness
    for readiness, reason, kept in (
        ("declined", "no_trust", "no_trust"),
        ("ready", "no_trust", ""),
        ("out_of_scope", "retired", "retired"),
    ):
        answer = staff.submit(address, step="readiness", readiness=readiness, reason=reason)
        assert answer.status_code == 303, answer.text
        with fill() as session:
            last = list_standings(session, person.id)[-1]
            assert (last.value_to, last.reason) == (readiness, kept)
    history = staff.get(address).text.split('<ol class="history">')[1]
    assert "does not trust it" in history and "is on a pension" in history


def test_a_task_is_done_and_opened_again(staff, person, fill) -> None:
    from matching.tasks import Task

    address = f"/candidates/{person.key}"
    staff.submit(address, step="task", text="құжат", due_on="2026-12-01")
    with fill() as session:
        key = session.scalars(select(Task.key)).one()
    for step in ("finish", "reopen"):
        assert staff.submit(address, step=step, task=key).status_code == 303
    assert staff.submit(address, step="task", text="", due_on="").status_code == 422


def test_a_slip_shows_its_code_once_and_opens_the_survey(staff, person, visit) -> None:
    answer = staff.submit(f"/candidates/{person.key}/slip", purpose="survey")
    assert "<svg" in answer.text
    code = answer.text.split("/me/")[1][:12]
    assert code not in staff.get(f"/candidates/{person.key}").text
    stranger = visit()
    assert stranger.submit(f"/me/{code}/survey").status_code == 303


def test_the_list_asks_as_much_for_many_as_for_one(staff, person, fill, count_queries) -> None:
    with count_queries() as one:
        staff.get("/candidates")
    with fill() as session:
        for _ in range(3):
            make_candidate(session, person.centre_id, person=Person("Асанов", "Бек"))
    with count_queries() as many:
        staff.get("/candidates")
    assert len(one) == len(many)


def test_a_code_goes_by_sms_where_there_is_a_gateway(staff, person, fill, app) -> None:
    address = f"/candidates/{person.key}"
    assert "by SMS" not in staff.get(address).text
    assert staff.submit(f"{address}/sms", purpose="page").status_code == 409
    app.state.settings = replace(app.state.settings, sms_url="http://127.0.0.1:1/")
    assert "Own page by SMS" in staff.get(address).text
    assert staff.submit(f"{address}/sms", purpose="page").status_code == 303
    shown = staff.get(address).text
    assert "The code goes out by SMS within minutes." in shown
    assert "not sent yet" in shown
