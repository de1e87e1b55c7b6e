"""Restrictions from a table: each rule, its last day corrected, and nobody learns who is registered."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.numbers import Numbers
from app.schema import METADATA
from matching import consents, lookups
from matching.candidates import Candidate, Restriction, add_candidate
from matching.consents import Evidence, Form
from matching.identities import Person
from matching.imports.restrictions import RULES as LABELS
from matching.imports.restrictions import RestrictionImport
from matching.restrictions import RULES
from quota.accounts import FREE_ATTEMPTS
from quota.errors import NotAllowed
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from tests.factories import OPENED, make_candidate, make_place
from tests.importing import (
    BASIS,
    HOURS,
    RESTRICTION,
    Import,
    dump,
    faults,
    prepare_centre,
    statuses,
    to_sheet,
)
from tests.importing import RULES as EACH
from web.i18n import set_locale
from web.words import word

FAR = Actor(Role.PROBATION, territory="/710000000/")
FAULTY = [
    ("home_hours", {"from": "22:00"}, "until"),
    ("home_hours", HOURS | {"days": "8"}, "days"),
    ("home_hours", HOURS | {"from": "late"}, "from"),
    ("barred_places", {"places": "Жоқ жер"}, "places"),
    ("banned_professions", {"professions": "welder"}, "professions"),
    ("labour_hours", {"hours": 9}, "hours"),
    ("notice_to_leave", {}, "days_before"),
    ("apart", {"case_number": "none"}, "case_number"),
    ("driving", {"ends": date(2026, 1, 1)}, "ends"),
    ("flying", {}, "rule"),
]


@pytest.fixture
def staff(session: Session) -> Actor:
    actor = prepare_centre(session)
    make_candidate(session, actor.centre_id or 0, number="АО-1", status="on_probation")
    return actor


@pytest.fixture
def bring(session: Session, staff: Actor, now: datetime) -> Import:
    probation = Actor(Role.PROBATION, territory=staff.territory)

    def run(*rows: dict[str, Any], actor: Actor = probation, **options: Any) -> Any:
        given = {"centre_id": actor.centre_id or 0, "now": now} | options
        return RestrictionImport.bring(session, actor, to_sheet(*rows), **given)

    return run


def test_each_rule_is_entered_once(session: Session, bring: Import) -> None:
    rows = [RESTRICTION | {"rule": rule} | params for rule, params in EACH.items()]
    before = dump(session)
    assert statuses(bring(*rows, dry_run=True)) == ["created"] * len(RULES)
    assert dump(session) == before
    assert statuses(bring(*rows)) == ["created"] * len(RULES)
    stored = {r.rule: r.params for r in session.scalars(select(Restriction))}
    assert stored["home_hours"] == {"days": "12345", "start": "22:00", "end": "06:00"}
    assert stored["banned_professions"] == {"professions": ["7212", "83"]}
    assert stored["corrective_labour"] == {"jobless_since": "2026-04-01"}
    assert len(stored["barred_places"]["places"]) == 2
    assert stored["driving"] == {}
    entered = dump(session)
    again = bring(*rows)
    assert statuses(again) == ["unchanged"] * len(RULES)
    assert dump(session) == entered
    for told in (repr(entered), repr(again)):
        assert BASIS not in told
        assert "26-1911/55" not in told
    assert set(entered) <= set(METADATA.tables)


def test_a_last_day_is_corrected_with_a_reason(session: Session, bring: Import) -> None:
    row = RESTRICTION | {"rule": "driving"}
    bring(row)
    assert statuses(bring(row | {"ends": date(2026, 9, 1)})) == ["changed"]
    assert statuses(bring(row)) == ["unchanged"]  # a blank cell says nothing
    assert session.scalars(select(Restriction.ends_on)).one() == date(2026, 9, 1)
    (entry,) = session.scalars(select(Entry).where(Entry.verb == "end_restriction"))
    assert entry.reason == "corrected_by_table"


@pytest.mark.parametrize(("rule", "params", "column"), FAULTY)
def test_a_fault_stands_beside_its_column(
    session: Session, bring: Import, rule: str, params: dict[str, Any], column: str
) -> None:
    told = [field for _, field, _ in faults(bring(RESTRICTION | {"rule": rule} | params))]
    assert told == [column]
    assert session.scalars(select(Restriction)).all() == []


def test_whoever_is_out_of_reach_is_refused_like_nobody(
    session: Session, staff: Actor, bring: Import
) -> None:
    iin = "990101500708"
    add_released(session, staff, iin)
    rows = ({"number": "АО-2"}, {"number": "АО-99"}, {"iin": iin}, {"iin": "990101500006"})
    told = [faults(bring({"rule": "driving"} | row)) for row in rows]
    told.append(faults(bring(RESTRICTION | {"rule": "driving"}, actor=FAR)))
    assert told == [[(2, "row", "not_found")]] * 5
    assert session.scalars(select(Restriction)).all() == []


def add_released(session: Session, staff: Actor, iin: str) -> None:
    person = Person("Үлгіұлы", "Санжар", iin=iin)
    fields = {"number": "АО-2", "status": "released", "kato": make_place(session).kato}
    add_candidate(session, SYSTEM, person, fields, centre_id=staff.centre_id or 0, now=OPENED)


def test_a_released_person_who_takes_part_is_found_by_the_whole_number(
    session: Session, staff: Actor, bring: Import, now: datetime
) -> None:
    iin = "990101500708"
    add_released(session, staff, iin)
    released = session.scalars(select(Candidate).where(Candidate.status == "released")).one()
    consent = consents.ask_matching(session, staff, released.key, now=now)
    consents.give(session, staff, consent.key, Evidence(Form.PAPER, now.date(), "С-1"), now=now)
    assert statuses(bring(RESTRICTION | {"rule": "minors", "number": released.number})) == [
        "refused"
    ]
    assert statuses(bring({"iin": iin, "rule": "minors"})) == ["created"]
    assert session.scalars(select(Restriction.candidate_id)).all() == [released.id]


def test_a_table_full_of_unknown_numbers_is_not_looked_up_to_its_end(
    session: Session, staff: Actor, bring: Import, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked up is written down even by a check, and a check that missed much makes the next
    wait; whoever is under supervision is entered all the same."""
    monkeypatch.setattr(lookups, "MOST_OF_A_TABLE", FREE_ATTEMPTS)
    iin = "990101500708"
    add_released(session, staff, iin)
    released = session.scalars(select(Candidate).where(Candidate.status == "released")).one()
    consents.give(
        session,
        staff,
        consents.ask_matching(session, staff, released.key, now=now).key,
        Evidence(Form.PAPER, now.date(), "С-1"),
        now=now,
    )
    numbers = Numbers(random.Random(1))
    unknown = [
        {"iin": numbers.iin(1990, female=False), "rule": "tag"} for _ in range(FREE_ATTEMPTS)
    ]
    sought, mine = {"iin": iin, "rule": "minors"}, RESTRICTION | {"rule": "driving"}
    assert statuses(bring(sought, *unknown, mine, dry_run=True)) == [
        "created",
        *["refused"] * FREE_ATTEMPTS,
        "created",
    ]
    told = {e.noun: e.detail for e in session.scalars(select(Entry).where(Entry.verb == "look_up"))}
    assert told == {"candidates": {}, "lookups": {"misses": FREE_ATTEMPTS}}
    late = bring(sought, mine, dry_run=True)
    assert faults(late) == [(2, "row", "not_looked_up")]
    assert statuses(late) == ["refused", "created"]
    # What was checked is entered as the check said, and no further.
    entered = bring(*unknown, sought, mine)
    assert faults(entered)[-1] == (FREE_ATTEMPTS + 2, "row", "not_looked_up")
    assert statuses(bring(sought, *unknown, mine)) == [
        "created",
        *["refused"] * FREE_ATTEMPTS,
        "unchanged",
    ]


def test_staff_may_not_and_the_command_line_may(staff: Actor, bring: Import) -> None:
    row = RESTRICTION | {"rule": "driving"}
    with pytest.raises(NotAllowed):
        bring(row, actor=staff)
    assert statuses(bring(row, actor=SYSTEM, centre_id=staff.centre_id)) == ["created"]


def test_rules_are_named_as_pages_name_them() -> None:
    assert set(LABELS) == set(RULES)
    try:
        for place, locale in enumerate(("kk", "ru", "en")):
            set_locale(locale)
            assert {r: names[place] for r, names in LABELS.items()} == {
                r: word("rule", r) for r in LABELS
            }
    finally:
        set_locale("en")
