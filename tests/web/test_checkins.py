"""Check-ins in pages: probation decides and sees the week; the person and the clerk confirm."""

import re
from datetime import UTC, date, datetime

import pytest

from matching import checkins, codes, schedule
from matching.candidates import Candidate
from matching.checkins import Decision
from matching.codes import Purpose
from matching.identities import Person
from quota.calendar import ALMATY
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from tests.factories import REGION, make_account, make_candidate, make_centre

MONDAY = date(2026, 11, 23)
DECISION = Decision("П-14", MONDAY, True, "12345", "09:00", "13:00", MONDAY)
GIVEN = {
    "step": "decide",
    "number": "П-15",
    "decided_on": "2026-11-20",
    "starts_on": "2026-11-23",
    "days": ["1", "3"],
    "start": "09:00",
    "end": "13:00",
}
NOON = datetime(2026, 11, 23, 13, 30, tzinfo=ALMATY).astimezone(UTC)


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_rates(session)
        return make_candidate(session, make_centre(session).id, person=Person("Қуандықова", "Әсел"))


@pytest.fixture
def address(person) -> str:
    return f"/candidates/{person.key}/checkins"


def decide(fill, person, now) -> None:
    with fill() as session:
        probation = Actor(Role.PROBATION, territory=REGION)
        checkins.order(session, probation, person.key, DECISION, now=now)
        schedule.make_due(session, now=now)


def issue(fill, person, now) -> str:
    with fill() as session:
        return f"/me/{codes.issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text}"


def test_without_a_decision_the_pages_say_that_nothing_is_replaced(
    sign_in, client, fill, person, address, now
) -> None:
    probation = sign_in(Role.PROBATION)
    assert "they would replace no legal appearance" in probation.get(address).text
    assert "would replace no appearance" in client.get(issue(fill, person, now)).text
    refused = probation.submit(address, **GIVEN)
    assert refused.status_code == 422
    assert "Only a decision that lightens a duty is recorded" in refused.text
    assert probation.submit(address, **GIVEN, lightens="1").status_code == 303
    shown = probation.get(address).text
    assert "No. П-15 of 20.11.2026" in shown or "П-15" in shown
    assert "replace no legal appearance" not in shown
    assert probation.submit(address, **GIVEN, lightens="1").status_code == 409
    assert probation.submit(address, step="end", on="2026-11-30").status_code == 303


def test_a_person_checks_in_by_code(sign_in, client, fill, person, address, now) -> None:
    decide(fill, person, now)
    path = issue(fill, person, now)
    shown = client.get(path).text
    assert "I am present" in shown
    assert "Where you are" not in shown.replace("Where you are is not", "")
    key = re.search(r'name="check_in" value="(\w+)"', shown)[1]
    told = client.submit(path, step="check_in", check_in=key, kato=person.kato)
    assert told.status_code == 422
    assert client.submit(path, step="tell_place").status_code == 303
    assert 'name="kato"' in client.get(path).text
    assert client.submit(path, step="check_in", check_in=key, kato=person.kato).status_code == 303
    shown = client.get(path).text
    assert "confirmed" in shown
    assert "11:30" in shown
    assert client.submit(path, step="check_in", check_in=key).status_code == 409
    assert client.submit(path, step="hide_place").status_code == 303
    week = sign_in(Role.PROBATION).get("/checkins").text
    assert "11:30" in week
    assert "Талгар" in week or "Талғар" in week or "Talgar" in week


def test_a_missed_one_is_seen_and_excused(sign_in, fill, person, address, now, clock) -> None:
    decide(fill, person, now)
    clock.now = NOON
    with fill() as session:
        schedule.mark_missed(session, now=NOON)
    probation = sign_in(Role.PROBATION)
    first = probation.get("/").text
    assert "missed check-in to look into" in first
    assert f'href="{address}"' in first
    assert "missed" in probation.get("/checkins").text
    shown = probation.get(address).text
    key = re.search(r'<option value="(\w{10})">23\.11\.2026', shown)[1]
    assert probation.submit(address, step="excuse", check_in=key).status_code == 422
    sent = probation.submit(address, step="excuse", check_in=key, reason="at_work")
    assert sent.status_code == 303
    assert "could not leave work" in probation.get(address).text
    assert "missed check-ins" not in probation.get("/").text
    back = probation.submit(address, step="take_back", check_in=key, was="excused")
    assert back.status_code == 303


def test_the_clerk_confirms_at_the_desk(sign_in, fill, person, now) -> None:
    decide(fill, person, now)
    clerk = sign_in(Role.CLERK)
    assert "check-in awaited today" in clerk.get("/").text
    shown = clerk.get("/checkins").text
    assert "Қуандықова Әсел" in shown
    assert f"/candidates/{person.key}" not in shown
    key = re.search(r'name="check_in" value="(\w+)"', shown)[1]
    assert clerk.submit("/checkins", step="confirm", check_in=key).status_code == 303
    assert "Confirmed by mistake" in clerk.get("/checkins").text
    assert clerk.submit("/checkins", step="undo_confirm", check_in=key).status_code == 303
    assert clerk.submit("/checkins", step="dance", check_in=key).status_code == 422
    assert clerk.submit("/checkins", step="confirm", check_in="nosuch").status_code == 404


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_at_each_door(sign_in, fill, person, address, now, role: Role) -> None:
    decide(fill, person, now)
    given = {"centre_id": person.centre_id} if role is Role.STAFF else {}
    with fill() as session:
        account = make_account(session, role, **given)
    visitor = sign_in(account)
    decides, confirms = role is Role.PROBATION, role is Role.CLERK
    assert visitor.get("/checkins").status_code == (200 if decides or confirms else 403)
    assert visitor.submit("/checkins").status_code == (422 if confirms else 403)
    assert visitor.get(address).status_code == (200 if decides else 403)
    assert visitor.submit(address).status_code == (422 if decides else 403)


def test_other_territories_are_not_found(sign_in, fill, person, address, now) -> None:
    from quota.centres import BodyKind
    from tests.factories import make_body

    decide(fill, person, now)
    with fill() as session:
        body = make_body(session, BodyKind.PROBATION, territory="/750000000/")
        account = make_account(session, Role.PROBATION, body_id=body.id)
    elsewhere = sign_in(account)
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.submit(address, **GIVEN, lightens="1").status_code == 404
    assert "Қуандықова" not in elsewhere.get("/checkins").text


def test_the_week_asks_the_same_of_one_person_and_of_three(
    sign_in, fill, person, now, count_queries
) -> None:
    probation = sign_in(Role.PROBATION)
    counts = []
    people = [person]
    for number in (1, 2):
        for one in people:
            decide(fill, one, now)
        with count_queries() as statements:
            text = probation.get("/checkins").text
        counts.append(len(statements))
        assert text.count('/checkins">') >= number
        with fill() as session:
            people = [make_candidate(session, person.centre_id) for _ in range(2)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("week", ["2026-11-16", "2026-12-31"])
def test_other_weeks_are_a_link_away(sign_in, fill, person, now, week: str) -> None:
    decide(fill, person, now)
    probation = sign_in(Role.PROBATION)
    assert "Nobody checks in this week" in probation.get(f"/checkins?week={week}").text
    for wrong in ("tomorrow", "9999-12-31", "0001-01-01"):
        assert probation.get(f"/checkins?week={wrong}").status_code == 422
    for odd in ("0", "-1", "x", "9" * 30):
        assert probation.get(f"/checkins?page={odd}").status_code < 500


def test_the_tick_makes_and_misses_check_ins() -> None:
    from app.cli.tick import TASKS

    assert {"check-ins awaited", "check-ins missed or called off"} <= set(TASKS)
