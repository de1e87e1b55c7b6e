"""Acts from a table: their clauses, and the annex with its stated places."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota import decrees, slots
from quota.clauses import Rule, find_overlaps
from quota.decrees import Decree, Line
from quota.imports.clauses import ClauseImport
from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.journal import Entry
from quota.rights import Actor
from quota.sheets import Cell
from quota.slots import Slot
from tests.acts import read_acts
from tests.importing import (
    EMPLOYER,
    QUOTA,
    A,
    B,
    Import,
    faults,
    statuses,
)


def test_an_annex_enters_the_act_once(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER, EMPLOYER | {"identifier": B})
    rows = (QUOTA, QUOTA | {"category": "released"}, QUOTA | {"identifier": B, "akimat": None})
    report = bring(AnnexImport.bring, *rows)
    assert statuses(report) == ["created"] * 3
    assert session.scalar(select(func.count()).select_from(Decree)) == 1
    assert session.scalar(select(func.count()).select_from(Slot)) == 6
    assert {slot.category for slot in session.scalars(select(Slot))} == {"probation", "released"}


def test_the_stated_number_counts_and_the_difference_is_told(
    session: Session, bring: Import
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    report = bring(AnnexImport.bring, QUOTA | {"stated": 4})
    (notice,) = report.outcomes[0].notices
    assert (notice.code, notice.params) == ("differs_from_rule", {"stated": 4, "computed": 2})
    line = session.scalars(select(Line)).one()
    assert (line.stated, line.computed, line.basis_points) == (4, 2, 100)
    assert statuses(bring(AnnexImport.bring, QUOTA | {"stated": 5})) == ["changed"]
    assert slots.count_states(session, line.employer_id)["decree"]["open"] == 5
    assert faults(bring(AnnexImport.bring, QUOTA)) == [(2, "stated", "not_lowered")]


@pytest.mark.parametrize(
    ("written", "points"), [(1, 100), ("1,5 %", 150), (0.25, 25), ("101", None), ("много", None)]
)
def test_per_cent(bring: Import, session: Session, written: Cell, points: int | None) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    bring(AnnexImport.bring, QUOTA | {"per_cent": written})
    assert session.scalar(select(Line.basis_points)) == points


def test_clauses_of_any_act_are_entered_without_loss(session: Session, bring: Import) -> None:
    """Without number or day, of other categories, with tiers that overlap, a range or no figure at all."""
    bare = {"akimat": "Отырар ауданы", "registry_id": "V17", "category": "disabled", "note": "n"}
    tier = {"headcount_from": 50, "headcount_to": 100, "per_cent": "2"}
    press = {"akimat": "Облыс", "decree_date": date(2017, 1, 6), "kind": "press_statement"}
    rows = (
        bare | tier | {"counted": "списочная численность"},
        bare | {"headcount_from": 100, "headcount_to": 250, "per_cent": 3},
        bare | {"registry_id": "V18", "per_cent": 2, "per_cent_to": 4},
        bare | {"registry_id": "V19", "status": "утратило силу", "registered": "2017 № 4"},
        press | {"category": "released_from_prison", "per_cent": "0,25"},
        press | {"category": "minors_from_boarding_institutions", "grace_months": 3},
        press | {"category": "single_parents", "new_category": "иә"},
    )
    assert statuses(bring(ClauseImport.bring, *rows)) == ["created"] * 7
    assert statuses(bring(ClauseImport.bring, *rows)) == ["unchanged"] * 7
    acts = session.scalars(select(Decree).order_by(Decree.id)).all()
    assert [(a.number, a.dated, a.registry_id) for a in acts] == [
        *(("", None, code) for code in ("V17", "V18", "V19")),
        ("", date(2017, 1, 6), ""),
    ]
    rules = session.scalars(select(Rule).order_by(Rule.id)).all()
    first, _, ranged, open_, released, *others = rules
    assert (first.headcount_from, first.headcount_to, first.basis_points) == (50, 100, 200)
    assert (first.counted, first.note) == ("списочная численность", "n")
    assert len(find_overlaps(decrees.list_rules(session, acts[0]))) == 1
    assert (ranged.basis_points, ranged.basis_points_to) == (200, 400)
    assert open_.basis_points is None
    assert (released.category, released.basis_points) == ("released", 25)
    assert [rule.category for rule in others] == [
        "minors_from_boarding_institutions",
        "single_parents",
    ]


def test_a_typing_error_makes_no_category(session: Session, bring: Import) -> None:
    act = {"akimat": "Облыс", "title": "Квота"}
    rows = [
        act | {"category": "probaton"},
        act | {"category": "relesed", "new_category": "иә"},
        act | {"category": "single_parents"},
        act | {"category": "единственные", "new_category": "иә"},
    ]
    assert faults(bring(ClauseImport.bring, *rows)) == [
        (2, "category", "category_alike"),
        (3, "category", "category_alike"),
        (4, "category", "category_unknown"),
        (5, "category", "unknown_choice"),
    ]
    assert session.scalars(select(Decree)).all() == []
    new = act | {"category": "single_parents", "new_category": "иә", "per_cent": 1}
    again = act | {"category": "single_parents", "per_cent": 2}
    assert statuses(bring(ClauseImport.bring, new, again)) == ["created"] * 2
    assert faults(bring(ClauseImport.bring, act | {"category": "single_parent"})) == [
        (2, "category", "category_alike")
    ]


def test_an_annex_may_leave_the_number_of_places_open(session: Session, bring: Import) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    act = {"akimat": "Талғар", "title": "Квота", "identifier": A}
    bring(ClauseImport.bring, act | {"identifier": None, "category": "disabled", "per_cent": 2})
    report = bring(AnnexImport.bring, act | {"category": "инвалиды", "headcount": 150})
    assert statuses(report) == ["created"]
    line = session.scalars(select(Line)).one()
    assert (line.stated, line.computed, line.owed) == (None, 3, 3)
    assert session.scalar(select(func.count()).select_from(Decree)) == 1


# As an office collects acts: a whole one, one of tiers without number and day, one of which only the head is
# known, what a newspaper said, and a line of an annex. Acts and figures are invented.
COLLECTED = Path(__file__).with_name("collected_acts.csv").read_text()
ANNEX = """identifier,record_id,organisation,act_date,act_number,category,percent,headcount,slots
500340000004,D11,ТОО Үлгі как в акте,2026-01-20,214,probation,1,260,3
"""


def test_a_clause_is_corrected_by_its_row_in_the_source(
    session: Session, office: Actor, now: datetime, bring: Import
) -> None:
    where = {"actor": office, "centre_id": office.centre_id, "now": now}
    bring(EmployerImport.bring, EMPLOYER)
    # Entered before the table's own numbers of rows were kept: known by what it says.
    bare = COLLECTED.replace("D01,", ",")
    ClauseImport.bring(session, sheet=read_acts(bare), **where)
    again = ClauseImport.bring(session, sheet=read_acts(COLLECTED), **where)
    assert statuses(again) == ["changed", *["unchanged"] * 5]
    report = AnnexImport.bring(session, sheet=read_acts(ANNEX), **where)
    assert statuses(report) == ["created"], report.outcomes
    line = session.scalars(select(Line)).one()
    assert (line.named, line.reference) == ("ТОО Үлгі как в акте", "D11")
    assert (line.headcount, line.stated, line.basis_points) == (260, 3, 100)
    corrected = COLLECTED.replace("D04,decree_rule", "D04,press_statement", 1)
    assert faults(ClauseImport.bring(session, sheet=read_acts(corrected), **where)) == [
        (5, "kind", "differs_in_file")
    ]
    changed = COLLECTED.replace("50,100,2,,", "50,100,2.5,,").replace("утратило силу", "действует")
    report = ClauseImport.bring(session, sheet=read_acts(changed), **where)
    assert statuses(report) == ["unchanged"] * 2 + ["changed", "unchanged"] * 2
    rule = session.scalars(select(Rule).where(Rule.reference == "D04")).one()
    assert (rule.basis_points, session.get_one(Decree, rule.decree_id).status) == (250, "действует")
    assert session.scalar(select(func.count()).select_from(Rule)) == 6
    history = session.scalars(select(Entry.verb).where(Entry.noun == "decrees")).all()
    assert "change_clause" in history and "change" in history
