"""Employers from a table: one row an employer and basis."""

from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from quota.employers import BASIS_EDITABLE, EDITABLE, Basis, Employer, add_basis
from quota.exports import export_employers
from quota.imports.employers import EmployerImport
from quota.rights import Actor
from quota.sheets import read_sheet, write_xlsx
from tests.importing import (
    EMPLOYER,
    A,
    B,
    Import,
    faults,
    statuses,
)


def test_an_employer_with_its_basis_in_any_language(session: Session, bring: Import) -> None:
    row = {
        "БИН/ИИН": int(A),
        "Наименование": "ТОО Үлгі",
        "Елді мекен": "с.Караой",
        "Район": "Илийский район",
        "Негіз": "госзакуп",
        "basis_number": "17-Т",
        "Сумма основания": "48 000 000 тг",
        "Примечание для себя": "?",
    }
    report = bring(EmployerImport.bring, row)
    assert statuses(report) == ["created"]
    assert report.unknown == ("Примечание для себя",)
    employer = session.scalars(select(Employer)).one()
    assert (employer.identifier, employer.kato) == (A, "196843100")
    basis = session.scalars(select(Basis)).one()
    assert (basis.kind, basis.number, basis.amount) == ("procurement", "17-Т", 48_000_000)


def test_blank_identifiers_match_nothing(session: Session, bring: Import) -> None:
    rows = (EMPLOYER | {"identifier": None}, EMPLOYER | {"identifier": "  "}, EMPLOYER)
    report = bring(EmployerImport.bring, *rows)
    assert statuses(report) == ["refused", "refused", "created"]
    assert faults(report) == [(2, "identifier", "required"), (3, "identifier", "required")]


def test_faults_name_row_and_column(bring: Import) -> None:
    rows = (
        EMPLOYER | {"identifier": "500340000005"},
        EMPLOYER | {"identifier": B, "place": "Атлантида"},
        EMPLOYER | {"identifier": B, "headcount": -3, "basis": "хз"},
        EMPLOYER
        | {"identifier": B, "basis": "субсидия", "basis_from": "05.02.2026"}
        | {"basis_to": "04.02.2026"},
    )
    assert faults(bring(EmployerImport.bring, *rows)) == [
        (2, "identifier", "control_digit"),
        (3, "place", "no_place"),
        (4, "headcount", "not_negative"),
        (4, "basis", "unknown_choice"),
        (5, "basis_to", "before_start"),
    ]
    assert faults(bring(EmployerImport.bring, rows[3])) == [(2, "basis_to", "before_start")]


def test_the_second_row_with_an_identifier_is_refused(session: Session, bring: Import) -> None:
    report = bring(EmployerImport.bring, EMPLOYER, EMPLOYER | {"name": "басқа"})
    assert statuses(report) == ["created", "refused"]
    assert faults(report) == [(3, "row", "twice_in_file")]
    assert session.scalars(select(Employer.name)).all() == ["ЖШС «Үлгі»"]


def test_a_refused_row_leaves_nothing_of_itself(session: Session, bring: Import) -> None:
    """The employer is fine, its basis is not: neither is kept."""
    row = EMPLOYER | {"basis": "subsidy", "basis_from": "2026-05-01", "basis_to": "2026-04-01"}
    assert statuses(bring(EmployerImport.bring, row)) == ["refused"]
    assert session.scalar(select(func.count()).select_from(Employer)) == 0


def test_ambiguous_places_ask_for_the_district(bring: Import) -> None:
    row = EMPLOYER | {"place": "Караой", "district": None}
    assert faults(bring(EmployerImport.bring, row)) == [(2, "place", "ambiguous_place")]


GROUNDS = (
    Basis(kind="procurement", number="17-Т", subject="Жөндеу; 1-кезең", amount=48_000_000),
    Basis(kind="procurement", number="18-Т", starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 1)),
    # A programme of several years, and two reasons that nobody numbered.
    Basis(kind="subsidy", number="Ауыл", starts_on=date(2025, 1, 1), amount=1_000_000),
    Basis(kind="subsidy", number="Ауыл", starts_on=date(2026, 1, 1), amount=2_000_000),
    Basis(kind="decree"),
    Basis(kind="goodwill", subject="Директордың хаты"),
    Basis(kind="goodwill", subject="Кеңес"),
)


def test_several_bases_go_out_and_come_in_without_loss(
    session: Session, office: Actor, bring: Import, now: datetime
) -> None:
    told = EMPLOYER | {"headcount": 84, "notes": "n", "locale": "kk", "contact_name": "Ә. Ә."}
    bring(EmployerImport.bring, told, EMPLOYER | {"identifier": B, "parent": A})
    firm, branch = session.scalars(select(Employer).order_by(Employer.identifier))
    for basis in GROUNDS:
        add_basis(session, office, firm, clone(basis), now=now)
    add_basis(session, office, branch, Basis(kind="goodwill"), now=now)
    lines = export_employers(session, office, locale="ru", now=now)
    assert [line[0] for line in lines[1:]] == [A] * len(GROUNDS) + [B]
    where = {"centre_id": office.centre_id, "now": now}
    sheet = read_sheet(write_xlsx({"t": lines}))
    before = picture(session)
    assert set(statuses(EmployerImport.bring(session, office, sheet, **where))) == {"unchanged"}
    assert picture(session) == before
    session.execute(delete(Basis))
    session.execute(delete(Employer).where(Employer.id == branch.id))
    session.execute(delete(Employer))
    session.expunge_all()
    report = EmployerImport.bring(session, office, sheet, **where)
    assert statuses(report) == ["created", *["changed"] * (len(GROUNDS) - 1), "created"]
    assert picture(session) == before


def test_an_amount_is_corrected_by_kind_and_number(session: Session, bring: Import) -> None:
    row = EMPLOYER | {"basis": "subsidy", "basis_number": "Ауыл", "basis_amount": 1}
    bring(EmployerImport.bring, row)
    changed = bring(EmployerImport.bring, row | {"basis_amount": 2, "basis_subject": "2026"})
    assert statuses(changed) == ["changed"]
    assert session.scalars(select(Basis.amount)).all() == [2]


def test_rows_of_one_employer_must_not_differ(session: Session, bring: Import) -> None:
    ground = {"basis": "decree"}
    rows = (
        EMPLOYER | {"headcount": 9},
        EMPLOYER | ground | {"headcount": None},
        EMPLOYER | ground | {"basis_number": "2", "headcount": 10, "name": "Басқа"},
        EMPLOYER | ground,
        EMPLOYER | {"identifier": B, "parent": "990140004654"},
    )
    report = bring(EmployerImport.bring, *rows)
    assert faults(report) == [
        (4, "name", "differs_in_file"),
        (4, "headcount", "differs_in_file"),
        (5, "row", "twice_in_file"),
        (6, "parent", "unknown_employer"),
    ]
    assert session.scalars(select(Basis.number)).all() == [""]
    assert session.scalars(select(Employer.headcount)).all() == [9]


def clone(basis: Basis) -> Basis:
    return Basis(kind=basis.kind, **{name: getattr(basis, name) for name in BASIS_EDITABLE})


def picture(session: Session) -> list[tuple[object, ...]]:
    """Every employer with its head and bases, as people wrote them."""
    head = aliased(Employer)
    about = [getattr(Employer, name) for name in (*EDITABLE, "identifier")]
    ground = [getattr(Basis, name) for name in ("kind", *BASIS_EDITABLE)]
    rows = session.execute(
        select(*about, head.identifier, *ground)
        .outerjoin(head, head.id == Employer.parent_id)
        .outerjoin(Basis, Basis.employer_id == Employer.id)
        .order_by(Employer.identifier, Basis.id)
    )
    return [tuple(row) for row in rows]
