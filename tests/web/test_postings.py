"""Open vacancies for people who agree to nothing: on a page, on paper, by the own code."""

import re

import pytest

from matching import codes
from matching.codes import Purpose
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_candidate, make_centre, make_employer
from tests.papers import read_pdf
from tests.quota.test_postings import make_open

TELLING = re.compile(r"quota|probation|released|obligation|memorandum|pledge", re.I)


@pytest.fixture
def person(fill, now):
    with fill() as session:
        centre = make_centre(session)
        firm = make_employer(session, centre_id=centre.id, name="ТОО «Өріс»")
        shifts = [{"days": "12345", "start": "09:00", "end": "18:00"}]
        make_open(session, firm, now, title="Дәнекерлеуші", shifts=shifts)
        make_open(session, firm, now, title="Қалаушы", category="probation")
        return make_candidate(session, centre.id)


def test_the_page_and_the_paper_say_what_the_vacancy_says(sign_in, person) -> None:
    staff = sign_in(Role.STAFF)
    shown = staff.get("/open-vacancies").text
    main = shown.split("<main", 1)[1]
    for said in ("Дәнекерлеуші", "Өріс", "180,000", "09:00–18:00"):
        assert said in main, said
    assert "Қалаушы" not in main
    assert "/open-vacancies" in staff.get("/candidates").text
    paper = staff.get("/open-vacancies/list.pdf?kato=196200000")
    told = read_pdf(paper.content)
    assert "Дәнекерлеуші" in told and "Қалаушы" not in told
    assert not TELLING.search(told)


def test_the_own_page_leads_to_them_without_consent_and_without_a_script(
    visit, fill, person, now
) -> None:
    with fill() as session:
        code = codes.issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text
        survey = codes.issue_code(session, SYSTEM, person.key, Purpose.SURVEY, now=now).text
    phone = visit()
    assert f"/me/{code}/vacancies" in phone.get(f"/me/{code}").text
    shown = phone.get(f"/me/{code}/vacancies")
    assert "Дәнекерлеуші" in shown.text and "<script" not in shown.text
    assert not TELLING.search(shown.text.split("<main", 1)[1])
    assert len(shown.content) < 25_000
    assert phone.get(f"/me/{survey}/vacancies").status_code == 404


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_they_are_for_who_takes_surveys(sign_in, role: Role) -> None:
    takes = role in (Role.STAFF, Role.CLERK)
    assert sign_in(role).get("/open-vacancies").status_code == (200 if takes else 403)


@pytest.mark.parametrize("kato", ["x", "750000000"])
def test_a_district_elsewhere_is_refused(sign_in, person, kato: str) -> None:
    assert sign_in(Role.STAFF).get(f"/open-vacancies?kato={kato}").status_code == 422
