"""The tables of acts and their annexes: every field goes out and comes back, in any language."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.decrees import ACT_EDITABLE, ACT_KINDS, LINE_EDITABLE, RULE_EDITABLE, Decree, Line, Rule
from quota.employers import Employer
from quota.exports import Lines, export_annexes, export_clauses
from quota.imports.clauses import COLUMNS, ClauseImport
from quota.imports.decrees import KINDS, AnnexImport
from quota.rights import Actor
from quota.sheets import Sheet, read_sheet, write_csv, write_xlsx
from tests.factories import make_employer
from tests.importing import A, B, Import, faults, statuses

# No field has the value it would have anyway, so that one which got lost is seen.
ACT: dict[str, Any] = {
    "kind": "official_site_article",
    "title": "=Об установлении квоты",
    "akimat": "Талғар ауданының әкімдігі",
    "oblast": "Алматы облысы",
    "number": "007",
    "dated": date(2026, 1, 20),
    "legal_basis": "Бап 18",
    "valid_from": date(2026, 2, 1),
    "valid_until": date(2027, 1, 31),
    "registry_id": "V26X",
    "registered": "2026-01-25 № 4072",
    "status": "күшінде",
    "source": "https://acts.example/1",
    "note": "+қолмен\nкөшірілген",
}
RULE: dict[str, Any] = {
    "category": "single_parents",
    "headcount_from": 50,
    "headcount_to": 100,
    "basis_points": 125,
    "basis_points_to": 400,
    "counted": "тізімдік саны",
    "excludes": "ауыр жұмыс",
    "rounding": "nearest",
    "grace_months": 6,
    "note": "1-тармақ",
    "reference": "0042",
}
LINE: dict[str, Any] = {
    "headcount": 260,
    "excluded": 20,
    "basis_points": 7,
    "stated": 3,
    "named": "ТОО «Үлгі», как в акте",
    "reference": "0043",
}
FIELDS: dict[type[Any], tuple[str, ...]] = {
    Decree: ACT_EDITABLE,
    Rule: RULE_EDITABLE,
    Line: ("category", *LINE_EDITABLE),
}


def test_the_example_leaves_no_field_as_it_would_be_anyway() -> None:
    assert set(ACT) == set(ACT_EDITABLE)
    assert set(RULE) == set(RULE_EDITABLE)
    assert set(LINE) == set(LINE_EDITABLE)
    for table, values in ((Decree, ACT), (Rule, RULE), (Line, LINE)):
        for name, value in values.items():
            default = table.__table__.columns[name].default
            assert value and value != (default.arg if default is not None else None), name
    assert tuple(KINDS) == ACT_KINDS


def add_acts(session: Session, office: Actor, first: Employer, second: Employer) -> None:
    """A whole act, one that leaves out what it can, and one of which no clause is known."""
    bare = {"title": "", "akimat": "Отырар ауданы"}
    home = {"centre_id": office.centre_id, "territory": office.territory}
    acts = [Decree(**home, **fields) for fields in (ACT, bare, bare | {"registry_id": "V17"})]
    session.add_all(acts)
    session.flush()
    whole, left_out, _ = acts
    for decree, fields in (
        (whole, RULE),
        (whole, RULE | {"reference": "", "headcount_from": 100, "headcount_to": None}),
        (left_out, {"category": "disabled"}),
    ):
        session.add(Rule(decree_id=decree.id, **fields))
    for decree, firm, fields in (
        (whole, first, LINE | {"category": "released"}),
        (whole, second, LINE | {"category": "single_parents", "reference": ""}),
        (left_out, second, {"category": "disabled"}),
    ):
        session.add(Line(decree_id=decree.id, employer_id=firm.id, **fields))
    session.flush()


def tell(session: Session) -> list[list[dict[str, Any]]]:
    return [
        [
            {name: getattr(record, name) for name in names}
            for record in session.scalars(select(table).order_by(table.id))
        ]
        for table, names in FIELDS.items()
    ]


def as_files(lines: Lines) -> Iterator[Sheet]:
    for content in (write_xlsx({"t": lines}), write_csv(lines)):
        yield read_sheet(content)


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
def test_acts_go_out_and_come_into_an_empty_registry_whole(
    session: Session, office: Actor, now: datetime, locale: str
) -> None:
    asked = {"locale": locale, "now": now}
    firms = [make_employer(session, centre_id=office.centre_id, identifier=i) for i in (A, B)]
    with session.begin_nested() as theirs:
        add_acts(session, office, *firms)
        told = tell(session)
        acts = export_clauses(session, office, **asked)
        annex = export_annexes(session, office, **asked)
        theirs.rollback()
    session.expunge_all()
    where = {"actor": office, "centre_id": office.centre_id, "now": now}
    for clauses, lines in product(as_files(acts), as_files(annex)):
        with session.begin_nested() as ours:
            for importer, sheet in ((ClauseImport, clauses), (AnnexImport, lines)):
                first = importer.bring(session, sheet=sheet, **where)
                assert set(statuses(first)) == {"created"}, first.outcomes
                again = importer.bring(session, sheet=sheet, dry_run=True, **where)
                assert set(statuses(again)) == {"unchanged"}, again.outcomes
            assert tell(session) == told
            ours.rollback()
        session.expunge_all()


def test_an_act_without_clauses_is_a_row_and_a_clause_needs_its_category(bring: Import) -> None:
    act = {"akimat": "Облыс", "title": "Квота", "status": "жоба"}
    assert statuses(bring(ClauseImport.bring, act)) == ["created"]
    assert statuses(bring(ClauseImport.bring, act | {"status": "күшінде"})) == ["changed"]
    for code in ("per_cent", "note", "reference"):
        row = act | {"status": "күшінде", code: "1"}
        assert faults(bring(ClauseImport.bring, row)) == [(2, "category", "required")]
    assert statuses(bring(ClauseImport.bring, act | {"status": "күшінде"})) == ["unchanged"]


def test_a_kind_of_act_that_no_page_has_a_word_for_is_refused(bring: Import) -> None:
    row = {"akimat": "Облыс", "category": "probation", "kind": "hearsay"}
    assert faults(bring(ClauseImport.bring, row)) == [(2, "kind", "unknown_choice")]
    assert statuses(bring(ClauseImport.bring, row | {"kind": "Заявление в прессе"})) == ["created"]


def test_a_table_names_its_columns_once_and_in_the_language(
    session: Session, office: Actor, now: datetime
) -> None:
    for locale in ("kk", "ru", "en"):
        (head,) = export_clauses(session, office, locale=locale, now=now)
        assert head == [column.name(locale) for column in COLUMNS]
