"""Imports of people and courses: nobody is matched by a blank, nobody is matched wrongly."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.choices import Choice, choose_professions, list_choices
from matching.consents import Consent
from matching.courses import Course
from matching.identities import Identity, NameToken, open_person, read_persons
from matching.imports.candidates import CandidateImport
from matching.imports.courses import CourseImport
from matching.imports.nouns import NOUNS
from matching.standings import Standing
from quota.centres import Centre
from quota.imports.report import Report
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_employer
from tests.importing import (
    COURSE,
    IIN,
    PERSON,
    SURVEY,
    Import,
    dump,
    faults,
    prepare_centre,
    statuses,
    to_sheet,
    watch_writes,
)

OTHER_IIN = "990101500708"


@pytest.fixture
def centre(session: Session) -> Centre:
    return session.get_one(Centre, prepare_centre(session).centre_id)


@pytest.fixture
def bring(session: Session, centre: Centre, now: datetime) -> Import:
    staff = Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory)

    def run(*rows: dict[str, Any], verb: Import = CandidateImport.bring, **options: Any) -> Report:
        sheet = to_sheet(*rows)
        return verb(session, staff, sheet, **{"centre_id": centre.id, "now": now, **options})

    return run


def test_rows_entered_at_once_are_entered_as_by_themselves(session: Session, bring: Import) -> None:
    """One row has no such place, one repeats a number, one is known already: the rest may join."""
    bring(PERSON | {"number": "АО-9", "iin": None})
    people = [PERSON | {"number": f"АО-{n}", "iin": None, "patronymic": "Ү" * n} for n in range(12)]
    people[3] |= {"place": "Жоқ"}
    people[7] = people[6]
    people[5] |= SURVEY | {"iin": IIN, "consent_on": None}
    people[10] |= SURVEY | {"consent_on": date(2027, 1, 1)}  # not come yet: refused
    people[11] |= SURVEY | {"iin": OTHER_IIN}
    told, books = [], []
    for files in ([people], [[row] for row in people]):
        with session.begin_nested() as taken_back:
            reports = [bring(*rows) for rows in files]
            told.append([(o.status, o.faults, o.notices) for r in reports for o in r.outcomes])
            books.append(_read_books(session))
            taken_back.rollback()
    at_once, alone = told
    # A number of the file's own row before is not yet in the register.
    assert (at_once.pop(7)[1][0].code, alone.pop(7)[0]) == ("twice_in_file", "unchanged")
    assert at_once == alone
    assert [status for status, *_ in alone].count("refused") == 2
    assert books[0] == books[1]


def _read_books(session: Session) -> dict[str, list[str]]:
    """What the tables hold, without ids and keys, which are drawn, and with what is sealed opened."""
    drawn = ("id", "key", "candidate_id", "record_key")
    people = read_persons(session, session.scalars(select(Candidate.id)))
    books = {"persons": sorted(map(repr, people.values()))}
    books["tokens"] = [str(session.scalar(select(func.count()).select_from(NameToken)))]
    for table in (Candidate, Standing, Choice, Consent, Entry):
        columns = [c for c in table.__table__.columns if c.name not in drawn]
        books[table.__tablename__] = sorted(map(repr, session.execute(select(*columns))))
    return books


def test_somebody_new_costs_one_statement(session: Session, bring: Import) -> None:
    def count(*numbers: int) -> int:
        rows = [PERSON | {"number": f"АО-{n}", "iin": None} for n in numbers]
        with watch_writes(session.get_bind()) as writes:  # type: ignore[arg-type]
            bring(*rows)
        return writes.standing

    assert count(*range(10, 40)) - count(*range(50, 60)) == 20


def test_a_person_with_a_survey(session: Session, bring: Import) -> None:
    report = bring(PERSON | SURVEY)
    assert statuses(report) == ["created"]
    candidate = session.scalars(select(Candidate)).one()
    assert (candidate.status, candidate.readiness) == ("on_probation", "ready")
    assert (candidate.pay_wanted, candidate.may_move) == (220_000, False)
    assert (candidate.licences, candidate.avoids) == (["B", "C"], ["night"])
    assert candidate.hours == [{"days": "123456", "start": "07:00", "end": "20:00"}]
    person = open_person(session, candidate.id)
    assert person is not None
    assert (person.full_name, person.iin) == ("Үлгіұлы Санжар", IIN)
    choices = list_choices(session, candidate)
    assert [(c.title, c.isco08, c.years) for c in choices] == [
        ("эл.сварщик", None, 4),
        ("жүргізуші", "8332", 0),
    ]
    suggested = {n.field: n.params["isco08"] for n in report.outcomes[0].notices}
    assert suggested == {"profession_1": "7212", "retraining": "7212"}
    assert candidate.retraining_isco08 is None


def test_sure_professions_are_taken_only_when_told_so(session: Session, bring: Import) -> None:
    bring(PERSON | SURVEY, accept_sure=True)
    candidate = session.scalars(select(Candidate)).one()
    assert candidate.retraining_isco08 == "7212"
    assert list_choices(session, candidate)[0].isco08 == "7212"
    accepted = session.scalars(select(Entry.detail).where(Entry.verb == "accept_profession")).all()
    assert {row["isco08"] for row in accepted} == {"7212"}


@pytest.mark.parametrize("accept_sure", [True, False])
def test_the_same_file_twice_changes_nothing(
    session: Session, bring: Import, accept_sure: bool
) -> None:
    rows = (PERSON | SURVEY, PERSON | {"iin": OTHER_IIN, "number": None})
    assert statuses(bring(*rows, accept_sure=accept_sure)) == ["created"] * 2
    assert statuses(bring(COURSE, verb=CourseImport.bring)) == ["created"]
    before = dump(session)
    assert statuses(bring(*rows, accept_sure=accept_sure)) == ["unchanged"] * 2
    assert statuses(bring(*rows)) == ["unchanged"] * 2
    assert statuses(bring(COURSE, verb=CourseImport.bring)) == ["unchanged"]
    assert dump(session) == before


def test_a_dry_run_changes_nothing(session: Session, bring: Import) -> None:
    bring(PERSON)
    before = dump(session)
    report = bring(PERSON | SURVEY | {"given_name": "Санжар-Бек"}, dry_run=True)
    assert statuses(report) == ["changed"]
    assert dump(session) == before


def test_blank_numbers_match_nobody(session: Session, bring: Import) -> None:
    unnumbered = PERSON | {"iin": None, "number": None}
    assert faults(bring(unnumbered, unnumbered)) == [
        (2, "iin", "number_needed"),
        (3, "iin", "number_needed"),
    ]
    assert statuses(bring(PERSON | {"number": None}, PERSON | {"iin": None, "number": "АО-2"})) == [
        "created",
        "created",
    ]
    assert session.scalar(select(func.count()).select_from(Candidate)) == 2
    assert session.scalars(select(Identity.iin_token).where(Identity.iin_token.is_(None))).all()


def test_either_number_finds_the_person_and_both_must_agree(
    session: Session, bring: Import
) -> None:
    bring(PERSON, PERSON | {"number": "АО-2", "iin": None})
    assert statuses(bring(PERSON | {"number": None, "phone": "+7 000"})) == ["changed"]
    assert statuses(bring(PERSON | {"iin": None, "experience_years": 7})) == ["changed"]
    assert faults(bring(PERSON | {"iin": OTHER_IIN})) == [(2, "iin", "numbers_differ")]
    assert faults(bring(PERSON | {"number": "АО-2"})) == [(2, "number", "numbers_differ")]
    assert statuses(bring(PERSON | {"number": "АО-2", "iin": OTHER_IIN})) == ["changed"]
    second = session.scalars(select(Candidate).where(Candidate.number == "АО-2")).one()
    person = open_person(session, second.id)
    assert person is not None
    assert person.iin == OTHER_IIN
    assert faults(bring(PERSON, PERSON | {"number": None})) == [(3, "row", "twice_in_file")]


def test_a_person_of_another_centre_is_not_taken_over(
    session: Session, bring: Import, now: datetime
) -> None:
    bring(PERSON)
    other = Centre(name_kk="2", name_ru="2", name_en="2", territory="/190000000/")
    session.add(other)
    session.flush()
    sheet = to_sheet(PERSON)
    report = CandidateImport.bring(session, SYSTEM, sheet, centre_id=other.id, now=now)
    assert faults(report) == [(2, "iin", "taken")]


def test_what_a_person_confirmed_is_kept(session: Session, bring: Import, now: datetime) -> None:
    bring(PERSON | SURVEY)
    candidate = session.scalars(select(Candidate)).one()
    chosen = list_choices(session, candidate)
    confirmed = [Choice(title=c.title, isco08=c.isco08 or "7212", years=c.years) for c in chosen]
    choose_professions(session, SYSTEM, candidate, confirmed, now=now)
    assert statuses(bring(PERSON | SURVEY)) == ["unchanged"]
    assert statuses(bring(PERSON | SURVEY | {"years_1": 5})) == ["changed"]
    kept = list_choices(session, candidate)
    assert [(c.isco08, c.years) for c in kept] == [("7212", 5), ("8332", 0)]


def test_consent_on_paper(session: Session, bring: Import) -> None:
    assert faults(bring(PERSON | SURVEY | {"consent_paper": None})) == [
        (2, "consent_paper", "required")
    ]
    bring(PERSON | SURVEY)
    consent = session.scalars(select(Consent)).one()
    assert (consent.state, consent.scope, consent.paper_number) == ("given", "matching", "С-1")
    consent.state = "withdrawn"
    assert statuses(bring(PERSON | SURVEY)) == ["unchanged"]
    assert session.scalars(select(Consent.state)).all() == ["withdrawn"]


def test_no_name_or_number_reaches_the_journal_or_the_report(
    session: Session, bring: Import
) -> None:
    report = bring(PERSON | SURVEY, PERSON | {"iin": "990101500007", "number": "x" * 60})
    session.flush()
    told = repr(report) + repr(session.execute(select(Entry.detail, Entry.reason)).all())
    assert not any(word in told for word in ("Үлгіұлы", "Санжар", IIN, "990101500007"))


def test_courses(session: Session, bring: Import) -> None:
    assert statuses(bring(COURSE | {"least": 4}, verb=CourseImport.bring)) == ["created"]
    assert statuses(bring(COURSE | {"seats": 12}, verb=CourseImport.bring)) == ["changed"]
    course = session.scalars(select(Course)).one()
    assert (course.seats, course.least) == (12, 4)
    firm = make_employer(session, centre_id=course.centre_id)
    pledge = {"payer": "ваучер", "pledged_by": firm.identifier}
    assert statuses(bring(COURSE | pledge, verb=CourseImport.bring)) == ["changed"]
    assert (course.payer, course.pledged_by) == ("voucher", firm.id)
    unknown = bring(COURSE | {"pledged_by": "500340000004"}, verb=CourseImport.bring)
    assert faults(unknown) == [(2, "pledged_by", "unknown_employer")]
    wrong = (COURSE | {"title": "2", "least": 99}, COURSE | {"ends_on": date(2026, 1, 1)})
    assert faults(bring(*wrong, verb=CourseImport.bring)) == [
        (2, "least", "between"),
        (3, "ends_on", "before_start"),
    ]


@pytest.mark.parametrize("noun", NOUNS)
def test_columns_of_a_noun_have_distinct_names(noun: str) -> None:
    from quota.spelling import normalise

    columns = NOUNS[noun].columns
    for column in columns:
        others = [c for c in columns if c is not column]
        taken = {normalise(n) for c in others for n in (c.code, c.kk, c.ru)}
        assert not taken & {normalise(n) for n in (column.code, column.kk, column.ru)}


@pytest.mark.parametrize("noun", NOUNS)
def test_examples_of_a_noun_can_be_read(noun: str) -> None:
    for column in NOUNS[noun].columns:
        if column.example is not None:
            column.kind.parse(column.example)
        assert column.example is not None or not column.needed
