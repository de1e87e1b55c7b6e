"""What is stored about a person: told, requested, blocked, erased, merged, moved."""

import pytest
from sqlalchemy import select

from matching import checkins, code_messages, outcomes, privacy, restrictions, tasks
from matching.candidates import Candidate
from matching.checkins import Decision
from matching.codes import Purpose, issue_code
from matching.identities import Person
from matching.outcomes import NewOutcome
from matching.privacy import Kind
from matching.referral_rows import show_referral
from matching.restrictions import NewRestriction
from matching.reviews import Review
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from tests.factories import REGION, make_account, make_candidate, make_centre
from tests.matching.journey import Journey

NAME = Person("Сейітқали", "Дәурен", phone="+7 701 555 44 33")


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_rates(session)
        return make_candidate(
            session,
            make_centre(session).id,
            person=NAME,
            pay_wanted=200_000,
            needs=["documents"],
            sex="f",
        )


@pytest.fixture
def staff(sign_in, fill, person):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    return sign_in(account)


@pytest.fixture
def address(person) -> str:
    return f"/candidates/{person.key}/data"


def test_the_report_tells_what_is_stored_and_who_looked(staff, address) -> None:
    staff.get(address)
    told = staff.get(address).text
    for said in (
        "Сейітқали",
        "701 555",
        "200,000",
        "papers",
        "female",
        "looked",
        "Employment centre",
    ):
        assert said in told, said


def test_the_report_tells_who_may_see_the_person(staff, sign_in, address, count_queries) -> None:
    with count_queries() as few:
        told = staff.get(address).text
    assert staff.account.name in told
    officer = sign_in(Role.OFFICER)
    for role in (Role.PROBATION, Role.CLERK, Role.STAFF):
        sign_in(role)
    with count_queries() as many:
        told = staff.get(address).text
    for said in ("Who may see it", "Probation inspector", officer.account.name):
        assert said in told, said
    assert len(many) == len(few)


def test_a_request_is_entered_and_answered(staff, sign_in, address) -> None:
    import re

    assert staff.submit(address, step="enter", kind="access").status_code == 422
    asked = staff.submit(address, step="enter", kind="access", asked_on="2026-11-20")
    assert asked.status_code == 303
    officer = sign_in(Role.OFFICER)
    assert "to see what is stored" in officer.get("/requests").text
    key = re.search(r'name="request" value="(\w+)"', officer.get(address).text)[1]
    assert officer.submit(address, step="answer", request=key, outcome="done").status_code == 303
    assert officer.submit(address, step="answer", request=key, outcome="done").status_code == 409


def test_a_record_is_blocked_and_the_block_lifted(staff, address, person) -> None:
    assert staff.submit(address, step="block", reason="").status_code == 422
    assert staff.submit(address, step="block", reason="өтініш").status_code == 303
    refused = staff.submit(f"/candidates/{person.key}", step="note", text="x")
    assert refused.status_code == 409
    assert staff.submit(address, step="unblock", reason="шешілді").status_code == 303
    assert staff.submit(f"/candidates/{person.key}", step="note", text="x").status_code == 303


def test_only_the_officer_erases(staff, sign_in, address, person) -> None:
    assert staff.submit(address, step="erase", reason="өтініш").status_code == 403
    officer = sign_in(Role.OFFICER)
    assert officer.submit(address, step="erase", reason="өтініш").status_code == 303
    assert "Сейітқали" not in staff.get("/candidates").text
    assert "Сейітқали" not in officer.get(address).text
    assert "is erased" in officer.get(address).text


def test_duplicates_are_merged_and_parted(staff, fill, person, address) -> None:
    with fill() as session:
        other = make_candidate(session, person.centre_id, person=NAME)
    assert other.key in staff.get(address).text
    assert staff.submit(address, step="merge", into="nobody").status_code == 404
    merged = staff.submit(address, step="merge", into=other.key)
    assert merged.headers["location"] == f"/candidates/{other.key}"
    assert staff.submit(address, step="unmerge").status_code == 303


def test_a_person_moves_to_another_centre(staff, fill, person, address) -> None:
    with fill() as session:
        there = make_centre(session)
    assert staff.submit(address, step="transfer", centre=there.key, why="").status_code == 422
    moved = staff.submit(address, step="transfer", centre=there.key, why="көшті")
    assert moved.status_code == 303
    assert staff.get(address).status_code == 404


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_other_roles_and_centres_are_kept_out(sign_in, address, role: Role) -> None:
    visitor = sign_in(role)
    wanted = {Role.OFFICER: 200, Role.STAFF: 404}.get(role, 403)
    assert visitor.get(address).status_code == wanted
    assert visitor.get("/requests").status_code == (403 if wanted == 403 else 200)
    tried = visitor.submit(address, step="block", reason="өтініш").status_code
    assert tried == (303 if wanted == 200 else wanted)


def test_the_person_reads_what_is_stored_and_who_saw_it(visit, fill, now) -> None:
    with fill() as session:
        journey = Journey(session, now, candidate_fields={"person": NAME})
        referral = journey.issue()
        boss = journey.boss
        show_referral(session, boss, referral.key, now=now)
        make_account(session, Role.STAFF, centre_id=journey.centre.id, name="Айдана Серік")
        office = journey.centre.name_en
        inspector = Actor(Role.PROBATION, territory=REGION)
        rule = NewRestriction("minors", {}, "приговор № 7")
        restrictions.add_restriction(session, inspector, journey.candidate.key, rule, now=now)
        code = issue_code(session, SYSTEM, journey.candidate.key, Purpose.PAGE, now=now).text
        survey = issue_code(session, SYSTEM, journey.candidate.key, Purpose.SURVEY, now=now).text
        tasks.add_task(
            session, journey.staff, journey.candidate.key, "қоңырау", due_on=now.date(), now=now
        )
        study = NewOutcome("study", now.date(), "бұйрық № 3")
        outcomes.record_outcome(session, journey.staff, journey.candidate.key, study, now=now)
        firm = journey.employer.name
        review = session.scalars(select(Review)).one()
        review.note, review.note_for_person = "тек орталыққа", "Гүлжан, келіңіз"
        on = now.date()
        decision = Decision("П-14", on, True, "135", "09:00", "12:00", on)
        checkins.order(session, inspector, journey.candidate.key, decision, now=now)
        key = journey.candidate.key
        privacy.enter_request(session, SYSTEM, key, Kind.CORRECTION, asked_on=on, now=now)
        code_messages.ask(session, SYSTEM, key, Purpose.PAGE, now=now)
    phone = visit()
    assert f"/me/{code}/data" in phone.get(f"/me/{code}").text
    told = phone.get(f"/me/{code}/data").text
    for said in (
        "Сейітқали",
        "701 555",
        firm,
        "Telling an employer",
        "Employer</",
        "looked",
        office,
        "study: ",
        "on probation, ",
        "1 is kept sealed",
        ": referred, ",
        "Гүлжан, келіңіз",
        "П-14: Mon, Wed, Fri, ",
        "to correct it, 23 Nov 2026: not answered yet",
        "Code for the own page: not sent yet, ",
    ):
        assert said in told, said
    assert "Who may see it" in told
    assert "Айдана" not in told and "тек орталыққа" not in told
    assert "<script" not in told
    assert "приговор" not in told and "restrict" not in told.lower()
    assert phone.get(f"/me/{survey}/data").status_code == 404


def test_the_person_asks_to_correct_block_or_erase(visit, fill, person, sign_in, now) -> None:
    with fill() as session:
        code = issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text
    phone = visit()
    assert phone.submit(f"/me/{code}", step="ask", kind="access").status_code == 422
    assert phone.submit(f"/me/{code}", step="ask", kind="erasure").status_code == 303
    assert "is written down" in phone.get(f"/me/{code}").text
    officer = sign_in(Role.OFFICER)
    assert person.key in officer.get("/requests").text
    assert (
        officer.submit(f"/candidates/{person.key}/data", step="erase", reason="өтініш").status_code
        == 303
    )
    assert phone.get(f"/me/{code}/data").status_code == 404
