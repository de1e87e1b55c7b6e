"""Imports of the registry: every row accounted for, the same file twice changes nothing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import open_engine
from app.schema import METADATA
from quota import decrees, ledger, memoranda, references, slots
from quota.centres import Centre
from quota.clauses import Rule, find_overlaps
from quota.columns import Column
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotAllowed, NotFound, SenimError
from quota.imports import clauses, travel
from quota.imports import decrees as annex
from quota.imports import employers as firms
from quota.imports import memoranda as pledges
from quota.imports import vacancies as jobs
from quota.imports.clauses import import_clauses
from quota.imports.decrees import import_decree
from quota.imports.employers import import_employers
from quota.imports.memoranda import import_memoranda
from quota.imports.report import Report, Status
from quota.imports.travel import import_travel
from quota.imports.vacancies import import_vacancies
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.memoranda import Memorandum
from quota.places import load_places, travel_table
from quota.rates import load_rates
from quota.rights import Actor, Role
from quota.sealing import Keyring
from quota.sheets import Cell, Row, Sheet, read_sheet, write_xlsx
from quota.slots import Slot
from quota.vacancies import Vacancy
from tests.factories import FUZZ

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
Import = Callable[..., Report]


@pytest.fixture
def staff(session: Session) -> Actor:
    return prepare_centre(session)


def prepare_centre(session: Session) -> Actor:
    """Somebody of a new centre, with the reference tables filled."""
    load_places(session)
    load_rates(session)
    mark_demonstration(session)
    centre = Centre(name_kk="О", name_ru="Ц", name_en="C", territory="/190000000/")
    session.add(centre)
    session.flush()
    return Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory)


@pytest.fixture
def bring(session: Session, staff: Actor, now: datetime) -> Import:
    def run(verb: Import, *rows: dict[str, Cell | None], **options: Any) -> Report:
        centre_id = options.pop("centre_id", staff.centre_id)
        return verb(session, staff, to_sheet(*rows), centre_id=centre_id, now=now, **options)

    return run


def to_sheet(*rows: dict[str, Any]) -> Sheet:
    """The rows as a workbook, read again."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    lines: list[Sequence[Cell | None]] = [headers]
    lines += [[row.get(name) for name in headers] for row in rows]
    return read_sheet(write_xlsx({"sheet": lines}))


def statuses(report: Report) -> list[str]:
    return [outcome.status.value for outcome in report.outcomes]


def faults(report: Report) -> list[tuple[int, str, str]]:
    return [(o.row, f.field, f.code) for o in report.outcomes for f in o.faults]


def dump(session: Session) -> dict[str, list[str]]:
    session.flush()
    ask = session.connection().exec_driver_sql
    tables = [table.name for table in METADATA.sorted_tables if table.name != "places"]
    return {name: sorted(map(repr, ask(f'SELECT * FROM "{name}"'))) for name in tables}


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
    report = bring(import_employers, row)
    assert statuses(report) == ["created"]
    assert report.unknown == ("Примечание для себя",)
    employer = session.scalars(select(Employer)).one()
    assert (employer.identifier, employer.kato) == (A, "196843100")
    basis = session.scalars(select(Basis)).one()
    assert (basis.kind, basis.number, basis.amount) == ("procurement", "17-Т", 48_000_000)


def test_the_same_file_twice_changes_nothing(session: Session, bring: Import) -> None:
    steps = ((import_employers, EMPLOYER), (import_memoranda, PLEDGE), (import_decree, QUOTA))
    for verb, row in (*steps, (import_vacancies, JOB)):
        assert statuses(bring(verb, row)) == ["created"]
        before = dump(session)
        assert statuses(bring(verb, row)) == ["unchanged"]
        assert dump(session) == before


def test_a_dry_run_tells_everything_and_changes_nothing(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    before = dump(session)
    rows = (EMPLOYER | {"headcount": 9}, EMPLOYER | {"identifier": B}, {"identifier": "1"})
    report = bring(import_employers, *rows, dry_run=True)
    assert statuses(report) == ["changed", "created", "refused"]
    assert report.outcomes[1].key is None
    assert report.counts[Status.REFUSED] == 1
    assert dump(session) == before
    session.expire_all()
    assert session.scalars(select(Employer)).one().headcount is None


def test_blank_identifiers_match_nothing(session: Session, bring: Import) -> None:
    rows = (EMPLOYER | {"identifier": None}, EMPLOYER | {"identifier": "  "}, EMPLOYER)
    report = bring(import_employers, *rows)
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
    assert faults(bring(import_employers, *rows)) == [
        (2, "identifier", "control_digit"),
        (3, "place", "no_place"),
        (4, "headcount", "not_negative"),
        (4, "basis", "unknown_choice"),
        (5, "row", "twice_in_file"),
    ]
    assert faults(bring(import_employers, rows[3])) == [(2, "basis_to", "before_start")]


def test_the_second_row_with_an_identifier_is_refused(session: Session, bring: Import) -> None:
    report = bring(import_employers, EMPLOYER, EMPLOYER | {"name": "басқа"})
    assert statuses(report) == ["created", "refused"]
    assert faults(report) == [(3, "row", "twice_in_file")]
    assert session.scalars(select(Employer.name)).all() == ["ЖШС «Үлгі»"]


def test_a_refused_row_leaves_nothing_of_itself(session: Session, bring: Import) -> None:
    """The employer is fine, its basis is not: neither is kept."""
    row = EMPLOYER | {"basis": "subsidy", "basis_from": "2026-05-01", "basis_to": "2026-04-01"}
    assert statuses(bring(import_employers, row)) == ["refused"]
    assert session.scalar(select(func.count()).select_from(Employer)) == 0


def test_a_sheet_without_a_needed_column_is_refused_whole(bring: Import) -> None:
    with pytest.raises(Invalid) as refused:
        bring(import_employers, {"identifier": A})
    assert [f.params["column"] for f in refused.value.faults] == ["name", "place"]
    with pytest.raises(Invalid, match="invalid"):
        bring(import_employers, EMPLOYER | {"БИН/ИИН": B})


def test_ambiguous_places_ask_for_the_district(bring: Import) -> None:
    row = EMPLOYER | {"place": "Караой", "district": None}
    assert faults(bring(import_employers, row)) == [(2, "place", "ambiguous_place")]


def test_rights(session: Session, bring: Import, staff: Actor, now: datetime) -> None:
    other = Centre(name_kk="2", name_ru="2", name_en="2", territory="/190000000/196600000/")
    session.add(other)
    session.flush()
    with pytest.raises(NotFound):
        bring(import_employers, EMPLOYER, centre_id=other.id)
    prosecutor = Actor(Role.PROSECUTOR, territory="/190000000/")
    with pytest.raises(NotAllowed):
        import_employers(
            session, prosecutor, to_sheet(EMPLOYER), centre_id=staff.centre_id or 0, now=now
        )
    bring(import_employers, EMPLOYER)
    stranger = Actor(Role.STAFF, centre_id=other.id, territory=other.territory)
    report = import_employers(session, stranger, to_sheet(EMPLOYER), centre_id=other.id, now=now)
    assert faults(report) == [(2, "identifier", "taken")]


def test_a_memorandum_comes_into_force_with_its_places(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER | {"basis": "subsidy", "basis_number": "С-4"})
    report = bring(import_memoranda, PLEDGE | {"basis_number": "С-4"})
    assert statuses(report) == ["created"]
    memorandum = session.scalars(select(Memorandum)).one()
    assert memorandum.state == "active"
    assert memorandum.basis_id == session.scalars(select(Basis.id)).one()
    counts = slots.count_states(session, memorandum.employer_id)
    assert counts["memorandum"]["open"] == 3
    assert statuses(bring(import_memoranda, PLEDGE | {"pledged": 5})) == ["changed"]
    assert slots.count_states(session, memorandum.employer_id)["memorandum"]["open"] == 5
    less = bring(import_memoranda, PLEDGE | {"pledged": 2})
    assert faults(less) == [(2, "pledged", "not_lowered")]
    assert faults(bring(import_memoranda, PLEDGE | {"identifier": B})) == [
        (2, "identifier", "unknown_employer")
    ]
    assert faults(bring(import_memoranda, PLEDGE | {"basis_number": "нет"})) == [
        (2, "basis_number", "unknown_basis")
    ]


def test_an_annex_enters_the_act_once(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER, EMPLOYER | {"identifier": B})
    rows = (QUOTA, QUOTA | {"category": "released"}, QUOTA | {"identifier": B, "akimat": None})
    report = bring(import_decree, *rows)
    assert statuses(report) == ["created"] * 3
    assert session.scalar(select(func.count()).select_from(Decree)) == 1
    assert session.scalar(select(func.count()).select_from(Slot)) == 6
    assert {slot.category for slot in session.scalars(select(Slot))} == {"probation", "released"}


def test_the_stated_number_counts_and_the_difference_is_told(
    session: Session, bring: Import
) -> None:
    bring(import_employers, EMPLOYER)
    report = bring(import_decree, QUOTA | {"stated": 4})
    (notice,) = report.outcomes[0].notices
    assert (notice.code, notice.params) == ("differs_from_rule", {"stated": 4, "computed": 2})
    line = session.scalars(select(Line)).one()
    assert (line.stated, line.computed, line.basis_points) == (4, 2, 100)
    assert statuses(bring(import_decree, QUOTA | {"stated": 5})) == ["changed"]
    assert slots.count_states(session, line.employer_id)["decree"]["open"] == 5
    assert faults(bring(import_decree, QUOTA)) == [(2, "stated", "not_lowered")]


@pytest.mark.parametrize(
    ("written", "points"), [(1, 100), ("1,5 %", 150), (0.25, 25), ("101", None), ("много", None)]
)
def test_per_cent(bring: Import, session: Session, written: Cell, points: int | None) -> None:
    bring(import_employers, EMPLOYER)
    bring(import_decree, QUOTA | {"per_cent": written})
    assert session.scalar(select(Line.basis_points)) == points


def test_a_vacancy_with_its_profession_is_listed_on_slots(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    bring(import_memoranda, PLEDGE)
    bring(import_decree, QUOTA)
    row = JOB | {
        "places_any": 1,
        "places_beyond": 1,
        "isco08": 7212,
        "flags": "тяжелый труд; night",
    }
    assert statuses(bring(import_vacancies, row)) == ["created"]
    vacancy = session.scalars(select(Vacancy)).one()
    assert (vacancy.state, vacancy.isco08, vacancy.flags) == ("listed", "7212", ["heavy", "night"])
    assert vacancy.shifts == [{"days": "12345", "start": "08:00", "end": "17:00"}]
    drawn = session.scalars(select(Slot.source).where(Slot.vacancy_id == vacancy.id)).all()
    assert sorted(drawn) == ["beyond", "decree", "decree", "memorandum"]


def test_a_vacancy_that_asks_for_more_than_is_free_is_refused(bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    report = bring(import_vacancies, JOB)
    assert faults(report) == [(2, "row", "too_few_slots")]


def test_a_typed_title_waits_for_a_person(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    row = JOB | {"isco08": None, "places_probation": None, "places_beyond": 2}
    report = bring(import_vacancies, row)
    (notice,) = report.outcomes[0].notices
    assert (notice.field, notice.code) == ("title", "profession_suggested")
    assert notice.params["isco08"] == "7212"
    vacancy = session.scalars(select(Vacancy)).one()
    assert (vacancy.state, vacancy.isco08, vacancy.asked) == ("draft", None, {"beyond": 2})
    assert statuses(bring(import_vacancies, row | {"isco08": "7212"})) == ["changed"]
    assert session.scalars(select(Vacancy.state)).one() == "listed"


def test_sure_titles_count_as_confirmed_only_when_told_so(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    row = JOB | {"isco08": None, "places_probation": None, "places_beyond": 1}
    vague = row | {"number": "2", "title": "ккк"}
    assert statuses(bring(import_vacancies, row, vague, accept_sure=True)) == ["created"] * 2
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
        press | {"category": "single_parents"},
    )
    assert statuses(bring(import_clauses, *rows)) == ["created"] * 7
    assert statuses(bring(import_clauses, *rows)) == ["unchanged"] * 7
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


def test_an_annex_may_leave_the_number_of_places_open(session: Session, bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    act = {"akimat": "Талғар", "title": "Квота", "identifier": A}
    bring(import_clauses, act | {"identifier": None, "category": "disabled", "per_cent": 2})
    report = bring(import_decree, act | {"category": "инвалиды", "headcount": 150})
    assert statuses(report) == ["created"]
    line = session.scalars(select(Line)).one()
    assert (line.stated, line.computed, line.owed) == (None, 3, 3)
    assert session.scalar(select(func.count()).select_from(Decree)) == 1


def test_travel_times_by_names_in_either_direction(session: Session, bring: Import) -> None:
    row = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}
    village = {"from_place": "с.Каркара (194453100)", "to_place": "Талгарский район"}
    told = bring(import_travel, row, row | {"means": "поезд"}, village | {"minutes": 240})
    assert statuses(told) == ["created"] * 3
    times = references.list_travel_times(session)
    assert [(t.from_kato, t.to_kato, t.means, t.minutes) for t in times] == [
        ("191010000", "196220100", "bus", 95),
        ("191010000", "196220100", "train", 95),
        ("194453100", "196200000", "bus", 240),
    ]
    back = {"Откуда": "Қонаев", "Қайда": "г. Талгар", "minutes": 95}
    assert statuses(bring(import_travel, back)) == ["unchanged"]
    assert statuses(bring(import_travel, back | {"minutes": 80})) == ["changed"]
    assert travel_table(session)["191010000", "196220100"] == 80


def test_travel_times_name_what_is_wrong(session: Session, bring: Import) -> None:
    row = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}
    back = {"from_place": "Конаев", "to_place": "Талғар", "minutes": 90}
    wrong = (row | {"to_place": "Атлантида"}, row | {"to_place": "г.Талгар"}, row | {"minutes": 0})
    assert faults(bring(import_travel, *wrong, back)) == [
        (2, "to_place", "no_place"),
        (3, "to_place", "same_record"),
        (4, "minutes", "between"),
        (5, "row", "twice_in_file"),
    ]
    before = dump(session)
    assert statuses(bring(import_travel, row, dry_run=True)) == ["created"]
    assert dump(session) == before


def test_pay_below_the_minimum_wage_is_refused_beside_its_column(bring: Import) -> None:
    bring(import_employers, EMPLOYER)
    row = JOB | {"pay_from": 60_000, "places_probation": None, "places_beyond": 1}
    assert faults(bring(import_vacancies, row)) == [(2, "pay_from", "below_minimum_wage")]


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
    bring(import_employers, EMPLOYER)
    row = JOB | {"shifts": written, "places_probation": None, "places_beyond": 1}
    report = bring(import_vacancies, row)
    if shifts is None:
        assert faults(report) == [(2, "shifts", "not_a_schedule")]
        return
    stored = session.scalars(select(Vacancy.shifts)).one()
    assert [(s["days"], s["start"], s["end"]) for s in stored] == shifts


def test_verbs_refuse_what_does_not_fit(
    session: Session, bring: Import, staff: Actor, now: datetime
) -> None:
    bring(import_employers, EMPLOYER)
    bring(import_memoranda, PLEDGE)
    bring(import_decree, QUOTA)
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


IMPORTS = (
    (import_employers, firms.COLUMNS, EMPLOYER),
    (import_memoranda, pledges.COLUMNS, PLEDGE),
    (import_decree, annex.COLUMNS, QUOTA),
    (import_clauses, clauses.COLUMNS, QUOTA | {"headcount_from": 50, "headcount_to": 100}),
    (import_vacancies, jobs.COLUMNS, JOB),
    (import_travel, travel.COLUMNS, WAY),
)
CELLS = st.one_of(
    st.none(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(
        [A, B, "Талғар", "1-5 08:00-17:00", "9" * 40, "=1", "٣٣", "²", "\u202e", "1e9"]
    ),
)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_any_row_is_an_outcome_and_a_refused_one_changes_nothing(
    database: str, request: pytest.FixtureRequest, keyring: Keyring, now: datetime
) -> None:
    """One database for all the rows: each is tried in a savepoint of its own."""
    engine = open_engine(request.getfixturevalue(f"{database}_url"))
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        staff = prepare_centre(session)
        centre_id = staff.centre_id or 0
        import_employers(session, staff, to_sheet(EMPLOYER), centre_id=centre_id, now=now)
        before = dump(session)

        # A damaged row costs a server's round trips: PostgreSQL tries a fifth of them.
        @settings(max_examples=(FUZZ or 150) // (1 if database == "sqlite" else 5), deadline=None)
        @given(st.sampled_from(IMPORTS).flatmap(damage))
        def enter(case: tuple[Import, dict[str, Any]]) -> None:
            verb, row = case
            cells = {name: value for name, value in row.items() if value is not None}
            with session.begin_nested() as example:
                sheet = Sheet(tuple(row), (Row(2, cells),))
                (outcome,) = verb(session, staff, sheet, centre_id=centre_id, now=now).outcomes
                if outcome.status is Status.REFUSED:
                    assert outcome.faults
                    assert dump(session) == before
                example.rollback()

        enter()
    engine.dispose()


def damage(
    case: tuple[Import, Sequence[Column], dict[str, Any]],
) -> st.SearchStrategy[tuple[Import, dict[str, Any]]]:
    """A sound row of an import with up to four cells replaced by anything."""
    verb, columns, sound = case
    names = st.sampled_from([column.code for column in columns])
    damaged = st.dictionaries(names, CELLS, max_size=4)
    return damaged.map(lambda cells: (verb, {**sound, **cells}))
