"""Vacancies from a table: listed on slots, or a draft until a person confirms the profession."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.imports.memoranda import MemorandumImport
from quota.imports.vacancies import VacancyImport
from quota.journal import Entry
from quota.slots import Slot
from quota.vacancies import Vacancy
from tests.importing import (
    EMPLOYER,
    JOB,
    PLEDGE,
    QUOTA,
    Import,
    faults,
    statuses,
)


def test_a_vacancy_with_its_profession_is_listed_on_slots(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    bring(MemorandumImport.bring, PLEDGE)
    bring(AnnexImport.bring, QUOTA)
    row = JOB | {
        "places_any": 1,
        "places_beyond": 1,
        "isco08": 7212,
        "flags": "тяжелый труд; night",
    }
    assert statuses(bring(VacancyImport.bring, row)) == ["created"]
    vacancy = session.scalars(select(Vacancy)).one()
    assert (vacancy.state, vacancy.isco08, vacancy.flags) == ("listed", "7212", ["heavy", "night"])
    assert vacancy.shifts == [{"days": "12345", "start": "08:00", "end": "17:00"}]
    drawn = session.scalars(select(Slot.source).where(Slot.vacancy_id == vacancy.id)).all()
    assert sorted(drawn) == ["beyond", "decree", "decree", "memorandum"]


def test_a_vacancy_that_asks_for_more_than_is_free_is_refused(bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    report = bring(VacancyImport.bring, JOB)
    assert faults(report) == [(2, "row", "too_few_slots")]


def test_a_typed_title_waits_for_a_person(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    row = JOB | {"isco08": None, "places_probation": None, "places_beyond": 2}
    report = bring(VacancyImport.bring, row)
    (notice,) = report.outcomes[0].notices
    assert (notice.field, notice.code) == ("title", "profession_suggested")
    assert notice.params["isco08"] == "7212"
    vacancy = session.scalars(select(Vacancy)).one()
    assert (vacancy.state, vacancy.isco08, vacancy.asked) == ("draft", None, {"beyond": 2})
    assert statuses(bring(VacancyImport.bring, row | {"isco08": "7212"})) == ["changed"]
    assert session.scalars(select(Vacancy.state)).one() == "listed"


def test_sure_titles_count_as_confirmed_only_when_told_so(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    row = JOB | {"isco08": None, "places_probation": None, "places_beyond": 1}
    vague = row | {"number": "2", "title": "ккк"}
    assert statuses(bring(VacancyImport.bring, row, vague, accept_sure=True)) == ["created"] * 2
    states = dict(session.execute(select(Vacancy.number, Vacancy.state)).all())
    assert states == {"1": "listed", "2": "draft"}
    entry = session.scalars(select(Entry).where(Entry.verb == "accept_profession")).one()
    assert entry.detail["isco08"] == "7212"


def test_pay_below_the_minimum_wage_is_refused_beside_its_column(bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    row = JOB | {"pay_from": 60_000, "places_probation": None, "places_beyond": 1}
    assert faults(bring(VacancyImport.bring, row)) == [(2, "pay_from", "below_minimum_wage")]


@pytest.mark.parametrize(
    ("written", "shifts"),
    [
        ("1-5 8:00-17:00", [("12345", "08:00", "17:00")]),
        (
            "пн-пт 08:00-17:00; сб 09:00-13:00",
            [("12345", "08:00", "17:00"), ("6", "09:00", "13:00")],
        ),
        ("дс,ср 20:00 - 08:00", [("13", "20:00", "08:00")]),
        ("135 10:00-18:00", [("135", "10:00", "18:00")]),
        ("8 10:00-18:00", None),
        ("1-5 25:00-18:00", None),
        ("пт-пн 10:00-18:00", None),
        ("когда придётся", None),
    ],
)
def test_schedules(
    session: Session, bring: Import, written: str, shifts: list[tuple[str, str, str]] | None
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    row = JOB | {"shifts": written, "places_probation": None, "places_beyond": 1}
    report = bring(VacancyImport.bring, row)
    if shifts is None:
        assert faults(report) == [(2, "shifts", "not_a_schedule")]
        return
    stored = session.scalars(select(Vacancy.shifts)).one()
    assert [(s["days"], s["start"], s["end"]) for s in stored] == shifts


def test_wording_that_turns_people_away_is_told_beside_its_row(bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    plain = JOB | {"isco08": None, "places_probation": None}
    row = plain | {"number": "2", "duties": "Смены, без судимости", "essential": "35 жасқа дейін"}
    for dry_run, outcome in ((True, "created"), (False, "created"), (False, "unchanged")):
        report = bring(VacancyImport.bring, plain, row, dry_run=dry_run)
        assert statuses(report) == [outcome] * 2
        told = [
            [(n.field, n.params) for n in one.notices if n.code == "turns_away"]
            for one in report.outcomes
        ]
        assert told == [
            [],
            [
                ("duties", {"words": "без судимости", "ground": "conviction"}),
                ("essential", {"words": "жасқа дейін", "ground": "age"}),
            ],
        ]
