"""Imports of the registry: every row accounted for, the same file twice changes nothing."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import open_engine
from app.demo.numbers import Numbers
from quota import decrees, ledger, memoranda, references, slots
from quota.centres import Centre
from quota.clauses import Rule, find_overlaps
from quota.data import read_rows
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotAllowed, NotFound, SenimError
from quota.imports.clauses import ClauseImport
from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.imports.importer import Importer
from quota.imports.memoranda import MemorandumImport
from quota.imports.report import Report, Status
from quota.imports.travel import TravelImport
from quota.imports.vacancies import VacancyImport
from quota.journal import Entry
from quota.memoranda import Memorandum
from quota.places import travel_table
from quota.rights import Actor, Role
from quota.sealing import Keyring
from quota.sheets import Cell, read_sheet, write_csv, write_xlsx
from quota.slots import Slot
from quota.vacancies import Vacancy
from tests.factories import FUZZ
from tests.importing import (
    ROWS_A_FILE,
    Import,
    Vary,
    bring_damaged,
    dump,
    faults,
    make_damaged,
    prepare_centre,
    statuses,
    to_sheet,
    watch_writes,
)

A, B = "500340000004", "500340000500"
EMPLOYER = {"identifier": A, "name": "ЖШС «Үлгі»", "place": "Талғар", "district": "Талғар ауданы"}
PLEDGE = {"identifier": A, "number": "М-1", "signed_on": date(2026, 2, 2), "pledged": 3}
QUOTA = {
    "decree_number": "214",
    "decree_date": date(2026, 1, 20),
    "akimat": "Талғар ауданының әкімдігі",
    "identifier": A,
    "category": "probation",
    "headcount": 260,
    "per_cent": "1",
    "stated": 2,
}
JOB = {
    "identifier": A,
    "number": "1",
    "title": "эл.сварщик",
    "isco08": "7212",
    "place": "Талғар",
    "pay_from": 200_000,
    "shifts": "1-5 08:00-17:00",
    "places_probation": 2,
}
WAY = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}


@pytest.fixture
def staff(session: Session) -> Actor:
    return prepare_centre(session)


@pytest.fixture
def bring(session: Session, staff: Actor, now: datetime) -> Import:
    def run(verb: Import, *rows: dict[str, Cell | None], **options: Any) -> Report:
        centre_id = options.pop("centre_id", staff.centre_id)
        return verb(session, staff, to_sheet(*rows), centre_id=centre_id, now=now, **options)

    return run


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
        (5, "row", "twice_in_file"),
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


def test_a_sheet_without_a_needed_column_is_refused_whole(bring: Import) -> None:
    with pytest.raises(Invalid) as refused:
        bring(EmployerImport.bring, {"identifier": A})
    assert [f.params["column"] for f in refused.value.faults] == ["name", "place"]
    with pytest.raises(Invalid, match="invalid"):
        bring(EmployerImport.bring, EMPLOYER | {"БИН/ИИН": B})


def test_ambiguous_places_ask_for_the_district(bring: Import) -> None:
    row = EMPLOYER | {"place": "Караой", "district": None}
    assert faults(bring(EmployerImport.bring, row)) == [(2, "place", "ambiguous_place")]


def test_rights(session: Session, bring: Import, staff: Actor, now: datetime) -> None:
    other = Centre(name_kk="2", name_ru="2", name_en="2", territory="/190000000/196600000/")
    session.add(other)
    session.flush()
    with pytest.raises(NotFound):
        bring(EmployerImport.bring, EMPLOYER, centre_id=other.id)
    prosecutor = Actor(Role.PROSECUTOR, territory="/190000000/")
    with pytest.raises(NotAllowed):
        EmployerImport.bring(
            session, prosecutor, to_sheet(EMPLOYER), centre_id=staff.centre_id or 0, now=now
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


def test_verbs_refuse_what_does_not_fit(
    session: Session, bring: Import, staff: Actor, now: datetime
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    bring(MemorandumImport.bring, PLEDGE)
    bring(AnnexImport.bring, QUOTA)
    memorandum = session.scalars(select(Memorandum)).one()
    line = session.scalars(select(Line)).one()
    with pytest.raises(SenimError, match="wrong_state"):
        memoranda.sign_memorandum(session, staff, memorandum, now=now)
    with pytest.raises(Invalid):
        memoranda.change_memorandum(session, staff, memorandum, {"number": " "}, now=now)
    with pytest.raises(Invalid):
        decrees.change_line(session, staff, line, {"excluded": -1}, now=now)
    with pytest.raises(Invalid):
        decrees.change_line(session, staff, line, {"computed": 9}, now=now)
    assert ledger.open_pledged(session, staff, memorandum, now=now) == []
    assert ledger.open_stated(session, staff, line, now=now) == []


MONEY = {"basis": "subsidy", "basis_from": date(2026, 3, 1), "basis_to": date(2027, 1, 1)}
TIER = {"headcount_from": 50, "headcount_to": 100}
VILLAGES = [row["kato"] for row in read_rows("places.csv") if row["kato"].startswith("19")]
# A sound row of each noun, and what tells the rows of one file apart. Some are refused only after
# something of them was written: a basis that ends too early, a new act, a vacancy without places.
IMPORTS: tuple[tuple[type[Importer], dict[str, Any], Vary], ...] = (
    (EmployerImport, EMPLOYER | MONEY, lambda _, draw: {"identifier": Numbers(draw).bin()}),
    (MemorandumImport, PLEDGE, lambda number, _: {"number": f"М-{number}"}),
    (AnnexImport, QUOTA, lambda number, _: {"decree_number": f"{number}"}),
    (ClauseImport, QUOTA | TIER, lambda number, _: {"decree_number": f"{number}"}),
    (
        VacancyImport,
        JOB,
        lambda number, draw: {
            "number": f"В-{number}",
            "places_beyond": 1,
            "places_probation": draw.choice((None, 1)),
        },
    ),
    (TravelImport, WAY, lambda number, _: {"to_place": f"x ({VILLAGES[number]})"}),
)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_any_row_is_an_outcome_and_a_refused_one_changes_nothing(
    database: str, request: pytest.FixtureRequest, keyring: Keyring, now: datetime
) -> None:
    engine = open_engine(request.getfixturevalue(f"{database}_url"))
    files = (FUZZ or 300) // ROWS_A_FILE
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        staff = prepare_centre(session)
        where = {"actor": staff, "centre_id": staff.centre_id, "now": now}
        EmployerImport.bring(session, sheet=to_sheet(EMPLOYER), **where)
        before, refused = dump(session), 0
        with watch_writes(engine) as writes:
            for number in range(files):
                importer, sound, vary = IMPORTS[number % len(IMPORTS)]
                sheet = make_damaged(importer, sound, vary, random.Random(number))
                with session.begin_nested() as example:
                    refused += bring_damaged(session, writes, importer, sheet, **where)
                    example.rollback()
        assert dump(session) == before
        assert files * ROWS_A_FILE // 10 < refused < files * ROWS_A_FILE, "some pass, some do not"
    engine.dispose()


def test_any_damaged_file_is_refused_or_read_row_by_row(
    session: Session, staff: Actor, now: datetime
) -> None:
    """Bytes changed in files of every noun, entered without a page around them."""
    where = {"actor": staff, "centre_id": staff.centre_id, "now": now}
    EmployerImport.bring(session, sheet=to_sheet(EMPLOYER), **where)
    before, draw = dump(session), random.Random(7)
    sound = []
    for importer, row, _ in IMPORTS:
        lines = [list(row), list(row.values())]
        sound += [(importer, write_csv(lines)), (importer, write_xlsx({"s": lines}))]
    with watch_writes(session.get_bind()) as writes:  # type: ignore[arg-type]
        for number in range(FUZZ or 300):
            importer, content = sound[number % len(sound)]
            damaged = bytearray(content)
            for _ in range(draw.randint(1, 6)):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
            with session.begin_nested() as example:
                try:
                    sheet = read_sheet(bytes(damaged))
                    bring_damaged(session, writes, importer, sheet, **where)
                except Invalid as refusal:
                    assert {fault.field for fault in refusal.faults} == {"file"}
                example.rollback()
    assert dump(session) == before
