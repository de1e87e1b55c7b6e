"""Imports of the registry: every row accounted for, the same file twice changes nothing."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import decrees, ledger, memoranda, references, slots
from quota.centres import Centre
from quota.decrees import Line
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotAllowed, NotFound, SenimError
from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.imports.memoranda import MemorandumImport
from quota.imports.report import Status
from quota.imports.travel import TravelImport
from quota.imports.vacancies import VacancyImport
from quota.memoranda import Memorandum
from quota.places import travel_table
from quota.rights import Actor, Role
from tests.importing import (
    EMPLOYER,
    JOB,
    PLEDGE,
    QUOTA,
    A,
    B,
    Import,
    dump,
    faults,
    statuses,
    to_sheet,
)


def test_the_same_file_twice_changes_nothing(session: Session, bring: Import) -> None:
    steps = (
        (EmployerImport.bring, EMPLOYER),
        (MemorandumImport.bring, PLEDGE),
        (AnnexImport.bring, QUOTA),
    )
    for verb, row in (*steps, (VacancyImport.bring, JOB)):
        assert statuses(bring(verb, row)) == ["created"]
        before = dump(session)
        assert statuses(bring(verb, row)) == ["unchanged"]
        assert dump(session) == before


def test_a_dry_run_tells_everything_and_changes_nothing(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    before = dump(session)
    rows = (EMPLOYER | {"headcount": 9}, EMPLOYER | {"identifier": B}, {"identifier": "1"})
    report = bring(EmployerImport.bring, *rows, dry_run=True)
    assert statuses(report) == ["changed", "created", "refused"]
    assert report.outcomes[1].key is None
    assert report.counts[Status.REFUSED] == 1
    assert dump(session) == before
    session.expire_all()
    assert session.scalars(select(Employer)).one().headcount is None


def test_a_sheet_without_a_needed_column_is_refused_whole(bring: Import) -> None:
    with pytest.raises(Invalid) as refused:
        bring(EmployerImport.bring, {"identifier": A})
    assert [f.params["column"] for f in refused.value.faults] == ["name", "place"]
    with pytest.raises(Invalid, match="invalid"):
        bring(EmployerImport.bring, EMPLOYER | {"БИН/ИИН": B})


def test_rights(session: Session, bring: Import, office: Actor, now: datetime) -> None:
    other = Centre(name_kk="2", name_ru="2", name_en="2", territory="/190000000/196600000/")
    session.add(other)
    session.flush()
    with pytest.raises(NotFound):
        bring(EmployerImport.bring, EMPLOYER, centre_id=other.id)
    prosecutor = Actor(Role.PROSECUTOR, territory="/190000000/")
    with pytest.raises(NotAllowed):
        EmployerImport.bring(
            session, prosecutor, to_sheet(EMPLOYER), centre_id=office.centre_id or 0, now=now
        )
    bring(EmployerImport.bring, EMPLOYER)
    stranger = Actor(Role.STAFF, centre_id=other.id, territory=other.territory)
    report = EmployerImport.bring(
        session, stranger, to_sheet(EMPLOYER), centre_id=other.id, now=now
    )
    assert faults(report) == [(2, "identifier", "taken")]


def test_a_memorandum_comes_into_force_with_its_places(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER | {"basis": "subsidy", "basis_number": "С-4"})
    report = bring(MemorandumImport.bring, PLEDGE | {"basis_number": "С-4"})
    assert statuses(report) == ["created"]
    memorandum = session.scalars(select(Memorandum)).one()
    assert memorandum.state == "active"
    assert memorandum.basis_id == session.scalars(select(Basis.id)).one()
    counts = slots.count_states(session, memorandum.employer_id)
    assert counts["memorandum"]["open"] == 3
    assert statuses(bring(MemorandumImport.bring, PLEDGE | {"pledged": 5})) == ["changed"]
    assert slots.count_states(session, memorandum.employer_id)["memorandum"]["open"] == 5
    less = bring(MemorandumImport.bring, PLEDGE | {"pledged": 2})
    assert faults(less) == [(2, "pledged", "not_lowered")]
    assert faults(bring(MemorandumImport.bring, PLEDGE | {"identifier": B})) == [
        (2, "identifier", "unknown_employer")
    ]
    assert faults(bring(MemorandumImport.bring, PLEDGE | {"basis_number": "нет"})) == [
        (2, "basis_number", "unknown_basis")
    ]


def test_travel_times_by_names_in_either_direction(session: Session, bring: Import) -> None:
    row = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}
    village = {"from_place": "с.Каркара (194453100)", "to_place": "Талгарский район"}
    told = bring(TravelImport.bring, row, row | {"means": "поезд"}, village | {"minutes": 240})
    assert statuses(told) == ["created"] * 3
    times = references.list_travel_times(session)
    assert [(t.from_kato, t.to_kato, t.means, t.minutes) for t in times] == [
        ("191010000", "196220100", "bus", 95),
        ("191010000", "196220100", "train", 95),
        ("194453100", "196200000", "bus", 240),
    ]
    back = {"Откуда": "Қонаев", "Қайда": "г. Талгар", "minutes": 95}
    assert statuses(bring(TravelImport.bring, back)) == ["unchanged"]
    assert statuses(bring(TravelImport.bring, back | {"minutes": 80})) == ["changed"]
    assert travel_table(session)["191010000", "196220100"] == 80


def test_travel_times_name_what_is_wrong(session: Session, bring: Import) -> None:
    row = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}
    back = {"from_place": "Конаев", "to_place": "Талғар", "minutes": 90}
    wrong = (row | {"to_place": "Атлантида"}, row | {"to_place": "г.Талгар"}, row | {"minutes": 0})
    assert faults(bring(TravelImport.bring, *wrong, back)) == [
        (2, "to_place", "no_place"),
        (3, "to_place", "same_record"),
        (4, "minutes", "between"),
        (5, "row", "twice_in_file"),
    ]
    before = dump(session)
    assert statuses(bring(TravelImport.bring, row, dry_run=True)) == ["created"]
    assert dump(session) == before


def test_verbs_refuse_what_does_not_fit(
    session: Session, bring: Import, office: Actor, now: datetime
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    bring(MemorandumImport.bring, PLEDGE)
    bring(AnnexImport.bring, QUOTA)
    memorandum = session.scalars(select(Memorandum)).one()
    line = session.scalars(select(Line)).one()
    with pytest.raises(SenimError, match="wrong_state"):
        memoranda.sign_memorandum(session, office, memorandum, now=now)
    with pytest.raises(Invalid):
        memoranda.change_memorandum(session, office, memorandum, {"number": " "}, now=now)
    with pytest.raises(Invalid):
        decrees.change_line(session, office, line, {"excluded": -1}, now=now)
    with pytest.raises(Invalid):
        decrees.change_line(session, office, line, {"computed": 9}, now=now)
    assert ledger.open_pledged(session, office, memorandum, now=now) == []
    assert ledger.open_stated(session, office, line, now=now) == []
