"""The programme's page and the specialist's queue: planned, given a time, done, closed by two."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matching import programmes
from matching.candidates import Candidate
from matching.identities import Person
from matching.programmes import Measure, NewMeasure
from quota.acts import load_acts
from quota.calendar import local_day
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account, make_candidate, make_centre

HOURS = {"days": list("12345"), "start": "09:00", "minutes": "30", "per_day": "8", "per_week": "9"}


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_acts(session)
        load_rates(session)
        named = Person("Қуандықова", "Әсел", phone="+7 701 555 44 33")
        return make_candidate(session, make_centre(session).id, person=named, needs=["legal"])


@pytest.fixture
def doctor(fill):
    with fill() as session:
        return make_account(session, Role.SPECIALIST, locale="en", name="Марина, врач")


@pytest.fixture
def staff(sign_in, fill, person):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    return sign_in(account)


@pytest.fixture
def address(person) -> str:
    return f"/candidates/{person.key}/programme"


def plan(fill, person, executor, now, kind="doctor", **given) -> str:
    new = NewMeasure(kind, local_day(now) + timedelta(days=20), executor.key, **given)
    with fill() as session:
        return programmes.plan(session, SYSTEM, person.key, new, now=now).key


def test_staff_plan_what_the_survey_named(staff, address, doctor, person) -> None:
    shown = staff.get(address).text
    assert f'href="{address}?kind=legal_consultation"' in shown
    assert "Probation Law of 30.12.2016 No. 38-VI, Art. 6 (to be checked)" in shown
    faulty = staff.submit(address, step="plan", kind="legal_consultation", executor=doctor.key)
    assert faulty.status_code == 422
    sent = staff.submit(
        address,
        step="plan",
        kind="legal_consultation",
        executor=doctor.key,
        due_on="2026-12-20",
        gate="1",
    )
    assert sent.status_code == 303, sent.text
    shown = staff.get(address).text
    assert "Waits for a support step" in shown
    assert "Марина, врач" in shown
    assert "?kind=" not in shown
    assert "Waits for a support step" in staff.get(f"/candidates/{person.key}").text


def test_a_measure_is_closed_by_two(staff, sign_in, fill, address, person, doctor, now) -> None:
    key = plan(fill, person, doctor, now)
    given = {"step": "propose", "measure": key, "reason": "not_needed"}
    assert "signed refusal is needed" in staff.submit(address, **given).text
    assert staff.submit(address, **given, refusal_paper="О-7").status_code == 303
    assert "Confirm the closing" not in staff.get(address).text
    assert staff.submit(address, step="confirm", measure=key).status_code == 409
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    second = sign_in(account)
    assert "closing of a measure to confirm" in second.get("/").text
    assert "closing of a measure to confirm" not in staff.get("/").text
    assert "Confirm the closing" in second.get(address).text
    assert second.submit(address, step="confirm", measure=key).status_code == 303
    assert "closed, not done" in second.get(address).text
    assert second.submit(address, step="undo_closing", measure=key).status_code == 303


def test_probation_reads_and_confirms_but_plans_nothing(
    staff, sign_in, fill, address, person, doctor, now
) -> None:
    key = plan(fill, person, doctor, now)
    staff.submit(address, step="propose", measure=key, reason="consultation", refusal_paper="О-7")
    probation = sign_in(Role.PROBATION)
    assert "Plan a measure" not in probation.get(address).text
    for step in ("complete", "unbook", "undo_complete", "propose", "gate"):
        given = {"result": "carried_out", "reason": "consultation", "refusal_paper": "О-1"}
        answer = probation.submit(address, step=step, measure=key, gate="yes", **given)
        assert answer.status_code == 403, step
    assert probation.submit(address, step="confirm", measure=key).status_code == 303


def test_a_specialist_works_the_queue(sign_in, fill, person, doctor, now, clock) -> None:
    key = plan(fill, person, doctor, now)
    visitor = sign_in(doctor)
    assert "task of yours" in visitor.get("/").text
    queue = visitor.get("/queue").text
    assert "Қуандықова Әсел" in queue
    assert "hours of reception are set" in queue
    assert visitor.get("/queue/hours").status_code == 200
    assert visitor.submit("/queue/hours", **HOURS | {"per_day": "99"}).status_code == 422
    assert visitor.submit("/queue/hours", **HOURS).status_code == 303
    shown = visitor.get(f"/queue/{key}").text
    assert "+7 701 555 44 33" in shown
    at = re.findall(r'<option value="(2026-[^"]+)"', shown)[0]
    assert visitor.submit(f"/queue/{key}", step="book", at="2026-11-24").status_code == 422
    assert visitor.submit(f"/queue/{key}", step="book", at=at).status_code == 303
    assert "person you receive today" in visitor.get("/").text
    assert visitor.submit(f"/queue/{key}", step="miss").status_code == 409
    wrong = visitor.submit(f"/queue/{key}", step="complete", result="carried_out")
    assert wrong.status_code == 303, wrong.text
    assert "carried out" in visitor.get(f"/queue/{key}").text
    assert visitor.submit(f"/queue/{key}", step="undo_complete").status_code == 303
    closing = {"reason": "refused_by_person", "refused_on": "2026-11-20"}
    assert visitor.submit(f"/queue/{key}", step="propose", **closing).status_code == 303
    assert "confirms the closing" in visitor.get(f"/queue/{key}").text


def test_another_specialists_task_is_not_found(sign_in, fill, person, doctor, now) -> None:
    key = plan(fill, person, doctor, now)
    other = sign_in(Role.SPECIALIST)
    assert "Қуандықова" not in other.get("/queue").text
    assert other.get(f"/queue/{key}").status_code == 404
    given = {"result": "carried_out", "reason": "not_needed", "refusal_paper": "О-1"}
    for step in ("book", "unbook", "miss", "complete", "undo_complete", "propose"):
        at = "2026-11-24T09:00:00+05:00"
        answer = other.submit(f"/queue/{key}", step=step, at=at, **given)
        assert answer.status_code == 404, step
    # A key in the form cannot stand for the one in the address.
    mine = plan(fill, person, other.account, now)
    other.submit(f"/queue/{mine}", step="complete", measure=key, result="carried_out")
    with fill() as session:
        states = dict(session.execute(select(Measure.key, Measure.state)).all())
    assert states == {key: "planned", mine: "done"}


def test_a_group_is_called_together_and_attended(sign_in, fill, person, doctor, now, clock) -> None:
    key = plan(fill, person, doctor, now, "group_work")
    visitor = sign_in(doctor)
    assert visitor.get("/queue/groups/new").status_code == 200
    new = {"topic": "adaptation", "day": "2026-11-24", "seats": "5"}
    assert visitor.submit("/queue/groups/new", **new, time="9").status_code == 422
    sent = visitor.submit("/queue/groups/new", **new, time="15:00")
    group = sent.headers["location"]
    assert "Қуандықова Әсел" in visitor.get(group).text
    assert visitor.submit(group, step="invite", measure=key).status_code == 303
    assert visitor.submit(group, step="hold", came=key).status_code == 409
    clock.now = now + timedelta(days=2)
    visitor = sign_in(doctor)
    assert "Who came?" in visitor.get(group).text
    assert visitor.submit(group, step="hold", came=key).status_code == 303
    assert "came" in visitor.get(group).text
    assert "Settling in again" in visitor.get("/queue").text
    assert sign_in(Role.SPECIALIST).get(group).status_code == 404
    assert sign_in(Role.SPECIALIST).submit(group, step="cancel").status_code == 404
    assert visitor.submit(group, step="undo_hold").status_code == 303
    assert visitor.submit(group, step="cancel").status_code == 303
    assert visitor.submit(group, step="undo_cancel").status_code == 303
    assert visitor.submit(group, step="dance").status_code == 422


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_at_each_door(sign_in, fill, person, doctor, now, address, role: Role) -> None:
    key = plan(fill, person, doctor, now)
    given = {"centre_id": person.centre_id} if role is Role.STAFF else {}
    with fill() as session:
        visitor = make_account(session, role, **given)
    visitor = sign_in(visitor)
    reads = role in (Role.STAFF, Role.PROBATION)
    assert visitor.get(address).status_code == (200 if reads else 403)
    assert visitor.submit(address, step="x").status_code == (422 if reads else 403)
    works = role is Role.SPECIALIST
    for path in ("/queue", "/queue/hours", "/queue/groups/new"):
        assert visitor.get(path).status_code == (200 if works else 403), path
    for path in ("/queue/hours", "/queue/groups/new"):
        assert visitor.submit(path).status_code == (422 if works else 403), path
    for path in (f"/queue/{key}", "/queue/groups/nosuch"):
        assert visitor.get(path).status_code == (404 if works else 403), path


def test_the_queue_asks_the_same_of_one_row_and_of_three(
    sign_in, fill, person, doctor, now, count_queries
) -> None:
    visitor = sign_in(doctor)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            plan(fill, person, doctor, now)
        with count_queries() as statements:
            visitor.get("/queue")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_round_says_who_waits_and_not_why(staff, sign_in, fill, person, doctor, now) -> None:
    from matching import rounds
    from matching.consents import MATCHING, Consent

    plan(fill, person, doctor, now, gate=True)
    with fill() as session:
        consent = Consent(candidate_id=person.id, scope=MATCHING, state="given", asked_at=now)
        session.add(consent)
        opened = rounds.open_round(session, SYSTEM, centre_id=person.centre_id, now=now)
    shown = staff.get(f"/rounds/{opened.key}").text
    assert "1 person waits for a support step and stays out until it is done." in shown
    assert "doctor" not in shown
