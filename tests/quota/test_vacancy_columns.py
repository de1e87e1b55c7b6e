"""The table of vacancies: every field that can be edited goes out and comes back, in any language."""

from datetime import date, datetime
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import requirements
from quota.exchange import export_for_exchange
from quota.exports import export_vacancies, show
from quota.imports.clauses import ClauseImport
from quota.imports.report import Status
from quota.imports.vacancies import VacancyImport
from quota.imports.vacancy_columns import COLUMNS, PLACES, read_asked, show_asked
from quota.rights import Actor
from quota.sheets import read_sheet, write_csv, write_xlsx
from quota.vacancies import ANY, BEYOND, EDITABLE, Vacancy
from tests.factories import make_employer
from tests.importing import A, B, faults, statuses, to_sheet

BY_CODE = {column.code: column for column in COLUMNS}
# No field has the value it would have anyway, so that one which got lost is seen.
WHOLE: dict[str, Any] = {
    "number": "7-Б",
    "title": "эл.сварщик",
    "isco08": "7212",
    "isco08_suffix": "01-002",
    "kato": "196220100",
    "address": "Жастар көшесі, 1",
    "pay_from": 200_000,
    "pay_to": 260_000,
    "shifts": [
        {"days": "12345", "start": "08:00", "end": "17:00"},
        {"days": "6", "start": "20:00", "end": "06:00"},
    ],
    "flags": ["money", "heavy", "night"],
    "licences": ["B", "tractor"],
    "experience_years": 3,
    "housing": True,
    "transport": True,
    "duties": "Дәнекерлеу;\nқұбыр төсеу",
    "field": "Құрылыс",
    "post": "Сварщик ручной сварки",
    "regime": "shifts",
    "character": "seasonal",
    "conditions": "outdoors",
    "education": "vocational",
    "internship": True,
    "graduates": True,
    "support": ["money", "land"],
    "skills": "Сызба оқу",
    "qualities": "Ұқыпты",
    "languages": [{"language": "kk", "level": "native"}, {"language": "en", "level": "a2"}],
    "sites": [
        {"kato": "191010000", "address": "Абай; 5"},
        {"kato": "194453100", "address": ""},
    ],
    "essential": ["Дәнекерлеуші куәлігі; 3 разряд", "Биіктікте жұмыс"],
    "desirable": ["Жүргізуші куәлігі"],
    "asked": {"any": 1, "probation": 2, "single_parents": 1, "beyond": 4},
    "expires_on": date(2026, 12, 31),
}


def add(session: Session, office: Actor, now: datetime, **fields: Any) -> Vacancy:
    employer = make_employer(session, centre_id=office.centre_id, identifier=A)
    vacancy = Vacancy(employer_id=employer.id, created_at=now, **(WHOLE | fields))
    session.add(vacancy)
    session.flush()
    return vacancy


def test_the_example_leaves_no_field_as_it_would_be_anyway() -> None:
    assert set(WHOLE) == set(EDITABLE)
    blank = {column.name: column.default for column in Vacancy.__table__.columns}
    for name, value in WHOLE.items():
        default = blank[name].arg if blank[name] is not None else None
        assert value and value != default, name


def test_every_field_that_can_be_edited_has_a_column() -> None:
    told = {"kato": "place", "asked": "places_any", "isco08_suffix": "isco08"}
    assert {told.get(name, name) for name in EDITABLE} <= BY_CODE.keys()


def test_a_vacancy_goes_out_and_comes_in_whole(
    session: Session, office: Actor, now: datetime
) -> None:
    """To another employer, who does not owe its places: once without them, once without its profession."""
    add(session, office, now)
    other = make_employer(session, centre_id=office.centre_id, identifier=B)
    where = {"actor": office, "centre_id": office.centre_id, "now": now}
    category = {"category": "single_parents", "new_category": "yes", "akimat": "О", "title": "К"}
    ClauseImport.bring(session, sheet=to_sheet(category), **where)
    places = [code for code in BY_CODE if code.startswith("places_")]
    for locale, left_out in product(("kk", "ru", "en"), (places, ["isco08"])):
        head, line = export_vacancies(session, office, locale=locale, now=now)
        for code, cell in {"identifier": B, **dict.fromkeys(left_out)}.items():
            line[head.index(BY_CODE[code].name(locale))] = cell
        for content in (write_xlsx({"t": [head, line]}), write_csv([head, line])):
            report = VacancyImport.bring(session, sheet=read_sheet(content), **where)
            assert statuses(report) == ["created"], report.outcomes
            theirs = select(Vacancy).where(Vacancy.employer_id == other.id)
            brought = session.scalars(theirs).one()
            told = {name: getattr(brought, name) for name in EDITABLE}
            without: dict[str, Any] = {"isco08": None, "isco08_suffix": ""}
            assert told == WHOLE | ({"asked": {}} if left_out == places else without)
            session.delete(brought)


def test_one_without_a_number_is_known_by_its_key(
    session: Session, office: Actor, now: datetime
) -> None:
    vacancy = add(session, office, now, number="", asked={})
    lines = export_vacancies(session, office, locale="ru", now=now)
    place = lines[0].index("Должность")
    lines[1][place] = "Сварщик"
    report = VacancyImport.bring(
        session, office, read_sheet(write_csv(lines)), centre_id=office.centre_id or 0, now=now
    )
    assert [(o.status, o.key) for o in report.outcomes] == [(Status.CHANGED, vacancy.key)]
    assert (vacancy.title, vacancy.number) == ("Сварщик", "")


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("languages", "қазақша", "unknown_choice"),
    ("languages", "клингон B1", "unknown_choice"),
    ("sites", "Атлантида; 1", "no_place"),
    ("essential", "\n".join("x" * 21), "too_many_lines"),
    ("desirable", "x" * 301, "line_too_long"),
    ("sites", f"Талғар; {'x' * 301}", "line_too_long"),
    ("places_other", "единственные 2", "unknown_choice"),
    ("places_other", "single_parents", "not_a_number"),
    ("regime", "иногда", "unknown_choice"),
    ("experience_years", 51, "too_large"),
)


def test_a_cell_that_cannot_be_read_says_so_beside_its_column(
    session: Session, office: Actor, now: datetime
) -> None:
    make_employer(session, centre_id=office.centre_id, identifier=A)
    sound = {"identifier": A, "title": "Сварщик", "place": "Талғар", "pay_from": 200_000}
    rows = [sound | {"number": str(n), column: c} for n, (column, c, _) in enumerate(WRONG)]
    report = VacancyImport.bring(
        session, office, to_sheet(*rows), centre_id=office.centre_id or 0, now=now
    )
    assert faults(report) == [(n, column, code) for n, (column, _, code) in enumerate(WRONG, 2)]


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
SUBSETS = {
    "flags": requirements.FLAGS,
    "licences": requirements.LICENCES,
    "support": requirements.SUPPORT,
}
SHIFT = st.builds(
    lambda days, start, end: {"days": "".join(sorted(days)), "start": start, "end": end},
    st.sets(st.sampled_from("1234567"), min_size=1),
    *[st.times().map(lambda time: f"{time:%H:%M}")] * 2,
)
VALUES = {
    "isco08": st.tuples(
        st.just("7212"), st.from_regex(r"([0-9]{1,3}(-[0-9]{1,4})?)?", fullmatch=True)
    ),
    "regime": st.sampled_from(requirements.REGIMES),
    "character": st.sampled_from(requirements.CHARACTERS),
    "conditions": st.sampled_from(requirements.CONDITIONS),
    "education": st.sampled_from(requirements.EDUCATIONS),
    "shifts": st.lists(SHIFT, min_size=1),
    "sites": st.lists(
        st.fixed_dictionaries({"place": TEXT.filter(lambda t: ";" not in t), "address": TEXT}),
        min_size=1,
    ),
    "languages": st.sets(st.sampled_from(requirements.LANGUAGES), min_size=1).flatmap(
        lambda known: st.tuples(
            *(
                st.fixed_dictionaries(
                    {"language": st.just(code), "level": st.sampled_from(requirements.LEVELS)}
                )
                for code in requirements.LANGUAGES
                if code in known
            )
        ).map(list)
    ),
    **{name: st.lists(TEXT, min_size=1) for name in ("essential", "desirable")},
    **{name: st.booleans() for name in ("housing", "transport", "graduates", "internship")},
    **{
        name: st.sets(st.sampled_from(codes), min_size=1).map(
            lambda chosen, codes=codes: [code for code in codes if code in chosen]
        )
        for name, codes in SUBSETS.items()
    },
}
PLAIN = {"text", "whole", "number12", "day"}


def test_a_property_is_stated_of_every_kind_that_is_written_in_words() -> None:
    written = {column.code for column in COLUMNS if column.kind.name not in PLAIN}
    assert written == VALUES.keys() | {"places_other"}


@given(st.data(), st.sampled_from(sorted(VALUES)), st.sampled_from(["kk", "ru", "en"]))
def test_what_a_cell_shows_is_what_was_meant(data: Any, code: str, locale: str) -> None:
    column, value = BY_CODE[code], data.draw(VALUES[code])
    cell = show(column.kind, value, locale)
    assert cell is not None
    assert column.kind.parse(cell) == value


@given(
    st.dictionaries(
        st.sampled_from([ANY, BEYOND, *PLACES.values(), "single_parents", "orphans_of_war"]),
        st.integers(1, 1_000),
    ),
    st.sampled_from(["kk", "ru", "en"]),
)
def test_places_of_any_category_are_told_by_their_columns(
    asked: dict[str, int], locale: str
) -> None:
    told = show_asked(asked)
    values = {
        c: BY_CODE[c].kind.parse(show(BY_CODE[c].kind, v, locale) or "") for c, v in told.items()
    }
    assert read_asked(values) == asked


def test_the_exchange_gets_everything_it_asks_for(
    session: Session, office: Actor, now: datetime
) -> None:
    add(session, office, now, state="listed")
    told = dict(zip(*export_for_exchange(session, office, now=now), strict=True))
    assert [name for name, cell in told.items() if cell is None] == ["из них для молодёжи"]
    assert told["Дополнительная социальная поддержка"] == "Деньги; Земля; Жильё"
    assert told["Знание языков"] == "казахский родной; английский A2"
    assert told["Характер работы"] == "Сезонная"
    assert told["Личные качества"] == "Ұқыпты"
