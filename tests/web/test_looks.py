"""Who was shown whose name: every list leaves one line in the journal, with the keys of those named."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matching import codes, looks
from matching.consents import Consent
from matching.identities import Person
from quota import journal
from quota.errors import NotAllowed
from quota.journal import LISTS, Entry
from quota.rates import Rate, load_rates
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_account, make_candidate, make_centre
from tests.matching.journey import Journey


@pytest.fixture
def people(fill):
    with fill() as session:
        load_rates(session)
        centre = make_centre(session)
        names = ("Айдана", "Болат", "Гүлім")
        return [
            make_candidate(session, centre.id, person=Person("Ер", name), number=f"Н-{number}")
            for number, name in enumerate(names)
        ]


@pytest.fixture
def staff(sign_in, fill, people):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=people[0].centre_id, locale="en")
    return sign_in(account)


@pytest.fixture
def lines(fill):
    """The lists in the journal: (page, whose page, keys of those named)."""

    def read() -> list[tuple[str, str, set[str]]]:
        with fill() as session:
            rows = session.scalars(select(Entry).where(Entry.noun == LISTS).order_by(Entry.id))
            return [(r.record_key, r.detail["of"], set(r.detail["people"])) for r in rows]

    return read


def test_a_list_is_one_line_with_everybody_on_it(staff, people, lines) -> None:
    keys = {person.key for person in people}
    assert "Болат" in staff.get("/candidates").text
    assert lines() == [("/candidates", "", keys)]
    staff.submit("/candidates/search", query="болат")
    assert lines()[1:] == [("/candidates/search", "", {people[1].key})]


def test_a_page_that_names_nobody_or_one_person_leaves_no_line(staff, people, lines) -> None:
    staff.get("/candidates?readiness=declined")
    staff.get("/employers")
    staff.get(f"/candidates/{people[0].key}")
    staff.submit(f"/candidates/{people[0].key}", step="note", text="сөз")
    assert lines() == []


def test_reading_a_table_in_shows_nobody(staff, lines) -> None:
    table = "number;family_name;given_name;place;status\nН-1;Ер;Болат;Талгар;released\n".encode()
    form = {"noun": "candidates", "step": "check"}
    answer = staff.submit("/imports", files={"file": ("people.csv", table)}, **form)
    assert "Enter these rows" in answer.text
    assert lines() == []


def test_person_and_officer_learn_of_lists(staff, sign_in, people) -> None:
    for _ in range(2):
        staff.get("/candidates")
    person, officer = people[0], sign_in(Role.OFFICER)
    told = " ".join(officer.get(f"/candidates/{person.key}/data").text.split())
    assert "Employment centre 2 times, last on 23 Nov 2026, the line kept until 22 Nov 2029" in told
    found = officer.get(f"/journal?record={person.key}").text
    assert found.count("List of people: names shown") == 2
    assert "Candidates <a" in found
    assert people[1].key in found


def test_a_line_is_destroyed_when_its_term_is_over(fill, people, lines, now) -> None:
    """By the office's own rate, but never before a year; what was destroyed is counted in the journal."""
    staff, keys = Actor(Role.STAFF), [person.key for person in people]
    days = {"/old": 1096, "/kept": 1095, "/young": 370}
    with fill() as session:
        for page, age in days.items():
            at = now - timedelta(days=age)
            looks.write_list(session, staff, page, keys, of="", now=at)
            journal.write(session, staff, "view", people[0], now=at)
    for expected in ({"/kept", "/young"}, {"/kept", "/young"}):
        with fill() as session:
            looks.destroy_lists(session, SYSTEM, now=now)
        assert {page for page, _, _ in lines()} == expected
    with fill() as session:
        session.add(
            Rate(code="list_line_days", valid_from=now.date(), value=1, act="", unit="days")
        )
        assert looks.count_listed(session, people[0], now=now)[0].until == date(2026, 11, 18)
        assert looks.destroy_lists(session, SYSTEM, now=now) == 2
        entries = session.scalars(select(Entry).where(Entry.verb == "destroy")).all()
        assert [entry.detail for entry in entries] == [{"lists": 1}, {"lists": 2}]
        assert len(looks.list_looks(session, people[0])) == 4
        with pytest.raises(NotAllowed):
            looks.destroy_lists(session, staff, now=now)


def test_the_journal_names_a_long_address_whole(sign_in, fill, people, now) -> None:
    page = "/vacancies/{key:str}/who-could-fill-it/by-a-course"
    with fill() as session:
        looks.write_list(session, Actor(Role.STAFF), page, [people[0].key], of="v1", now=now)
    shown = sign_in(Role.OFFICER).get("/journal?noun=lists").text
    assert f">{page}</a>" in shown and "Vacancies <a" in shown


def test_an_employer_is_written_down_while_told_and_not_after(sign_in, fill, now, lines) -> None:
    with fill() as session:
        journey = Journey(session, now)
        journey.issue()
        account = make_account(session, Role.EMPLOYER, employer_id=journey.employer.id)
    boss, key = sign_in(account), journey.candidate.key
    boss.get("/referrals")
    assert lines() == [("/referrals", "", {key})]
    with fill() as session:
        session.scalars(select(Consent).where(Consent.state == "given")).one().state = "withdrawn"
    assert boss.get("/referrals").status_code == 200
    assert len(lines()) == 1


def test_the_persons_own_page_leaves_no_line(visit, fill, people, lines, now) -> None:
    with fill() as session:
        code = codes.issue_code(session, SYSTEM, people[0].key, codes.Purpose.PAGE, now=now).text
    assert "Айдана" in visit().get(f"/me/{code}").text
    assert lines() == []
