"""The page of imports: a table is checked, then entered; a bad file is refused with its cause."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import fields as fields_of

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from matching.imports.nouns import NOUNS
from quota.employers import Employer
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.mappings import HeaderMapping
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, Role
from quota.sheets import XLSX, read_sheet, write_xlsx
from quota.spelling import normalise
from quota.vacancies import EDITABLE
from tests.factories import FUZZ, make_employer, make_place
from tests.visits import Visitor
from web.blanks import make_blank
from web.i18n import get_locale, set_locale
from web.vacancy_form import Content, Written
from web.words import word

FIRM = "БИН/ИИН;Наименование;Населённый пункт\n500340000004;ТОО Үлгі <b>;Талгар\n"
REFUSED_ROW = ";ТОО Без номера;Талгар\n"


@pytest.fixture
def staff(sign_in, fill) -> Visitor:
    with fill() as session:
        mark_demonstration(session)
        make_place(session)
    return sign_in(Role.STAFF)


def send(visitor: Visitor, content: str | bytes, **fields: str) -> httpx.Response:
    body = content.encode() if isinstance(content, str) else content
    form = {"noun": "employers", "step": "check"} | fields
    return visitor.submit("/imports", files={"file": ("firms.csv", body)}, **form)


def mark_of(answer: httpx.Response) -> str:
    return answer.text.split('name="checked" value="')[1].split('"')[0]


def count_firms(fill) -> int:
    with fill() as session:
        return session.scalar(select(func.count()).select_from(Employer))


OFFERED = {Role.STAFF: set(NOUNS) - {"restrictions"}, Role.PROBATION: {"restrictions"}}


@pytest.mark.parametrize("role", OFFERED)
def test_restrictions_are_brought_by_probation_and_the_rest_by_staff(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    shown = visitor.get("/imports").text
    for noun in NOUNS:
        offered = noun in OFFERED[role]
        assert (f'value="{noun}"' in shown) == offered
        blank = visitor.get(f"/imports/blank/{noun}")
        assert blank.status_code == (200 if offered else 404)
        sheet = make_blank(noun, "en")
        assert send(visitor, sheet, noun=noun).status_code == (200 if offered else 422)


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role not in OFFERED])
def test_imports_are_for_nobody_else(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    assert visitor.get("/imports").status_code == 403
    assert visitor.get("/imports/blank/employers").status_code == 403
    assert send(visitor, FIRM).status_code == 403


def test_a_table_is_checked_first_and_nothing_is_written(staff, fill) -> None:
    with fill() as session:
        before = session.scalar(select(func.count()).select_from(Entry))
    answer = send(staff, FIRM + REFUSED_ROW)
    assert answer.status_code == 200
    assert "What would happen" in answer.text
    assert "created" in answer.text
    assert "identifier: Fill this in." in answer.text
    assert count_firms(fill) == 0
    with fill() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == before


def test_the_same_file_is_entered_and_a_second_time_changes_nothing(staff, fill) -> None:
    checked = send(staff, FIRM + REFUSED_ROW)
    answer = send(staff, FIRM + REFUSED_ROW, step="enter", checked=mark_of(checked))
    assert "What was done" in answer.text
    with fill() as session:
        employer = session.scalars(select(Employer)).one()
    assert employer.centre_id == staff.account.centre_id
    assert f'href="/employers/{employer.key}"' in answer.text
    again = send(staff, FIRM)
    assert "unchanged" in again.text
    assert "Enter these rows" not in again.text


def test_another_file_than_the_one_checked_is_not_entered(staff, fill) -> None:
    mark = mark_of(send(staff, FIRM))
    other = FIRM.replace("Үлгі", "Басқа")
    for fields in ({"checked": mark}, {"checked": ""}, {"checked": mark, "noun": "memoranda"}):
        answer = send(staff, other, step="enter", **fields)
        assert answer.status_code == 422
        assert "This is not the file that was checked." in answer.text
    assert count_firms(fill) == 0


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 210_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line must hold the names of the columns."),
        (b"PK\x03\x04 broken", "The file is damaged or is neither xlsx nor csv."),
        (b"\x00\x01\x02;\x03", "The file is damaged or is neither xlsx nor csv."),
        (bomb(), "The file is too large: at most 200,000,000 bytes."),
        ("Наименование;БИН/ИИН\n", "The column place is missing."),
        ("a;" * 200 + "\n", "The sheet has too many columns: at most 100."),
        (FIRM + "1;2;3\n" * 5001, "The sheet has too many rows: at most 5,000."),
    ],
    ids=["empty", "no zip", "binary", "bomb", "column", "wide", "long"],
)
def test_a_bad_file_is_refused_with_its_cause(staff, fill, content, sentence: str) -> None:
    for step in ("check", "enter"):
        answer = send(staff, content, step=step)
        assert answer.status_code == 422
    assert sentence in send(staff, content).text
    assert count_firms(fill) == 0


def test_a_file_beyond_what_is_received_is_refused(staff) -> None:
    assert send(staff, b"a" * (10 * 1024 * 1024 + 1)).status_code == 413


def test_a_form_without_file_noun_or_button_says_so(staff) -> None:
    assert "Fill this in." in staff.submit("/imports", noun="employers", step="check").text
    assert send(staff, FIRM, noun="secrets").status_code == 422
    assert send(staff, FIRM, step="erase").status_code == 422


@pytest.mark.parametrize("noun", sorted(OFFERED[Role.STAFF]))
def test_each_noun_has_a_blank_that_can_be_checked(staff, noun: str) -> None:
    answer = staff.get(f"/imports/blank/{noun}")
    assert answer.headers["content-type"] == XLSX
    assert len(read_sheet(answer.content).rows) == 1
    assert send(staff, answer.content, noun=noun).status_code < 300
    assert staff.get("/imports/blank/secrets").status_code == 404


def test_a_swapped_report_is_part_of_the_whole_page(staff) -> None:
    headers = {"HX-Request": "true", "x-csrftoken": staff.token}
    form = {"noun": "employers", "step": "check"}
    whole = send(staff, FIRM).text
    part = staff.post("/imports", data=form, files={"file": ("a", FIRM)}, headers=headers).text
    assert part.strip() in whole


def test_what_a_cell_holds_is_never_run_or_repeated_in_a_fault(staff) -> None:
    book = write_xlsx({"a": [["identifier", "name", "place"], ["<script>", "=1+1", "Талгар"]]})
    answer = send(staff, book)
    assert "The number has twelve digits." in answer.text
    assert "&lt;script" not in answer.text
    assert "<script>" not in answer.text


FOREIGN = "БИН/ИИН;Фирма;Населённый пункт;Цвет\n500340000004;ТОО Үлгі;Талгар;синий\n"


def test_foreign_columns_are_mapped_once_and_remembered(staff, fill) -> None:
    first = send(staff, FOREIGN)
    assert first.status_code == 422
    assert "The column name is missing." in first.text
    assert 'name="map_header" value="Фирма"' in first.text
    chosen = {"map_header": ["Фирма", "Цвет"], "map_code": ["name", ""]}
    checked = send(staff, FOREIGN, **chosen)
    assert checked.status_code < 300
    assert '<option value="name" selected>' in checked.text
    assert send(staff, FOREIGN).status_code == 422
    unlike = send(staff, FOREIGN, step="enter", checked=mark_of(checked))
    assert "This is not the file that was checked." in unlike.text
    done = send(staff, FOREIGN, step="enter", checked=mark_of(checked), **chosen)
    assert "What was done" in done.text
    assert count_firms(fill) == 1
    again = send(staff, FOREIGN.replace("Фирма", "ФИРМА:"))
    assert again.status_code < 300
    assert "unchanged" in again.text
    with fill() as session:
        (entry,) = session.scalars(select(Entry).where(Entry.noun == "header_mappings"))
    assert entry.detail == {"column": "name"}


def test_another_centre_maps_for_itself_and_what_is_unknown_is_refused(
    staff, sign_in, fill
) -> None:
    chosen = {"map_header": ["Фирма"], "map_code": ["name"]}
    mark = mark_of(send(staff, FOREIGN, **chosen))
    send(staff, FOREIGN, step="enter", checked=mark, **chosen)
    assert send(sign_in(Role.STAFF), FOREIGN).status_code == 422
    for code in ("secrets", "identifier"):
        assert send(staff, FOREIGN, map_header="Фирма", map_code=code).status_code == 422
    blank = {"map_header": ["Фирма"], "map_code": [""]}
    assert send(staff, FOREIGN, **blank).status_code == 422


def test_a_mapping_is_older_than_a_column_that_came_since(staff, fill) -> None:
    """A header that a centre led elsewhere keeps leading there when a column takes up its name."""
    table = "identifier;Адрес;place;Фактический\n500340000004;ТОО Үлгі;Талгар;Абай, 1\n"
    with fill() as session:
        centre_id = staff.account.centre_id
        for header, code in (("адрес", "name"), ("фактический", "address")):
            session.add(
                HeaderMapping(centre_id=centre_id, noun="employers", header=header, code=code)
            )
    checked = send(staff, table)
    assert checked.status_code < 300
    assert 'name="map_header" value="Адрес"' in checked.text
    send(staff, table, step="enter", checked=mark_of(checked))
    with fill() as session:
        employer = session.scalars(select(Employer)).one()
    assert (employer.name, employer.address) == ("ТОО Үлгі", "Абай, 1")
    forgotten = {"map_header": ["Адрес", "Фактический"], "map_code": ["", ""]}
    assert "The column name is missing." in send(staff, table, **forgotten).text


WORDED = {
    "kind": "act_kind",
    "basis": "basis",
    "character": "character",
    "conditions": "conditions",
    "education": "education",
    "flags": "flag",
    "licences": "licence",
    "means": "means",
    "regime": "regime",
    "rounding": "rounding",
    "support": "support",
}


@pytest.fixture(params=["kk", "ru", "en"])
def locale(request) -> Iterator[str]:
    before = get_locale()
    set_locale(request.param)
    yield request.param
    set_locale(before)


def test_a_choice_is_read_by_the_word_the_pages_show(locale: str) -> None:
    told = set()
    for column in (column for noun in NOUNS.values() for column in noun.columns):
        kind = WORDED.get(column.code)
        for code in (column.kind.labels or ()) if kind else ():
            read = column.kind.parse(word(kind, code))
            assert read in (code, [code]), (column.code, locale, word(kind, code))
            told.add(column.code)
    assert told == WORDED.keys()


def test_no_two_columns_of_a_noun_share_a_name() -> None:
    for noun in NOUNS.values():
        names = [{normalise(name) for name in (c.code, c.kk, c.ru)} for c in noun.columns]
        assert len(set().union(*names)) == sum(map(len, names)), noun.noun


def test_the_form_of_a_vacancy_asks_for_what_can_be_edited_and_nothing_else() -> None:
    """What the table has is compared with the same list of fields."""
    read_further = {"place": "kato", "sites": "sites"}
    asked = {read_further.get(f.name, f.name) for f in (*fields_of(Content), *fields_of(Written))}
    assert asked | {"isco08", "isco08_suffix", "shifts", "languages", "asked"} == set(EDITABLE)


def test_any_damaged_file_gets_an_answer_and_is_entered_whole_or_not_at_all(staff, fill) -> None:
    """What a browser may send, whole and broken; never an error of the server. What can be entered is, and
    then nothing of it is left to enter; whatever cannot leaves no line in the journal."""
    sound = [make_blank(noun, "ru") for noun in NOUNS] + [FIRM.encode()]
    damage = st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), max_size=9)
    headers = {"HX-Request": "true", "x-csrftoken": staff.token}

    def ask(table: bytes, noun: str, **fields: str) -> httpx.Response:
        form = {"noun": noun, "step": "check"} | fields
        return staff.post("/imports", data=form, files={"file": ("a", table)}, headers=headers)

    def count() -> int:
        with fill() as session:
            return session.scalar(select(func.count()).select_from(Entry)) or 0

    lines = [count()]

    @settings(max_examples=FUZZ or 25, deadline=None)
    @example(FIRM.encode(), [], "employers")
    @given(st.sampled_from(sound) | st.binary(max_size=200), damage, st.sampled_from(list(NOUNS)))
    def upload(content: bytes, places: list[tuple[int, int]], noun: str) -> None:
        damaged = bytearray(content)
        for place, value in places:
            damaged[place % max(len(damaged), 1) : place % max(len(damaged), 1) + 1] = bytes(
                [value]
            )
        table = bytes(damaged)
        checked = ask(table, noun)
        assert checked.status_code in (200, 201, 422)
        if 'name="checked"' not in checked.text:
            return
        assert count() == lines[-1]
        done = ask(table, noun, step="enter", checked=mark_of(checked))
        assert done.status_code in (200, 201)
        lines.append(count())
        assert lines[-1] > lines[-2]
        assert 'name="checked"' not in ask(table, noun).text

    upload()
    assert count() == lines[-1]
    assert len(lines) > 1


def test_wording_that_turns_people_away_is_told_in_words_beside_the_row(staff, fill) -> None:
    with fill() as session:
        load_rates(session)
        firm = make_employer(session, centre_id=staff.account.centre_id)
        head = "identifier;number;title;place;pay_from;duties"
        table = f"{head}\n{firm.identifier};1;Сварщик;Талгар;200000;только мужчины\n"
    checked = send(staff, table, noun="vacancies").text
    told = "duties: “только мужчины” speaks of sex: this may turn people away"
    assert told in checked
    mark = checked.split('name="checked" value="')[1].split('"')[0]
    done = send(staff, table, noun="vacancies", step="enter", checked=mark).text
    assert told in done and "What was done" in done
