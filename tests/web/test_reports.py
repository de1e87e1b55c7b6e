"""The pages of reports: per role, on screen, as files and on paper, with filters in the address."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.reports import read_month
from quota.calendar import local_day
from quota.rights import Role
from quota.sheets import read_sheet
from quota.slots import Slot, SlotEvent
from tests.factories import REGION, make_account, make_candidate, make_centre, make_slots
from tests.matching.journey import Journey
from tests.matching.scene import make_mason, make_opening, make_scene, solve_round
from web.reports import NAMES

READERS = (Role.STAFF, Role.PROBATION, Role.PROSECUTOR)
OTHERS = (Role.EMPLOYER, Role.SPECIALIST, Role.CLERK, Role.ADMINISTRATOR, Role.OFFICER)


@pytest.fixture
def hired(fill, now) -> Journey:
    with fill() as session:
        journey = Journey(session, now)
        journey.hire()
        for _ in range(9):
            make_candidate(session, journey.centre.id)
    return journey


def staff_of(fill, centre_id: int):
    with fill() as session:
        return make_account(session, Role.STAFF, centre_id=centre_id, locale="en")


@pytest.mark.parametrize("role", READERS)
def test_readers_see_every_report(role: Role, sign_in, hired, clock) -> None:
    clock.now += timedelta(hours=1)
    reader = sign_in(role)
    assert "Wage map" in reader.get("/reports").text
    for name in NAMES:
        answer = reader.get(f"/reports/{name}")
        assert answer.status_code == 200, name
        assert answer.text.count("<table") >= 1
        assert reader.swap(f"/reports/{name}").text.strip() in answer.text


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(role: Role, sign_in) -> None:
    visitor = sign_in(role)
    for path in ("", *(f"/{name}" for name in NAMES), "/funnel/xlsx", "/month/print?language=ru"):
        assert visitor.get(f"/reports{path}").status_code == 403


def test_a_stranger_signs_in_first(client) -> None:
    assert client.get("/reports/funnel", follow_redirects=False).status_code in (302, 303, 401)


def test_another_centre_s_people_are_not_counted(sign_in, hired, fill) -> None:
    with fill() as session:
        other = make_centre(session, territory="/750000000/")
    text = sign_in(staff_of(fill, other.id)).get("/reports/funnel").text
    assert "in work already" not in text
    mine = sign_in(staff_of(fill, hired.centre.id)).get("/reports/funnel").text
    assert "On the register: 10." in mine


def test_a_picture_has_a_title_a_description_and_its_table(sign_in, hired, fill) -> None:
    text = sign_in(staff_of(fill, hired.centre.id)).get("/reports/funnel").text
    assert 'role="img" aria-labelledby="plot-title plot-text"' in text
    assert '<title id="plot-title">' in text
    assert '<desc id="plot-text">' in text
    assert "not shown" in text  # one hire is one person


@pytest.mark.parametrize("name", NAMES)
def test_every_report_can_be_taken_along(name: str, sign_in, hired, fill) -> None:
    staff = sign_in(staff_of(fill, hired.centre.id))
    for form in ("xlsx", "csv"):
        answer = staff.get(f"/reports/{name}/{form}?district=196200000")
        assert answer.status_code == 200
        assert f"{name}.{form}" in answer.headers["content-disposition"]
        assert read_sheet(answer.content).headers
    assert staff.get(f"/reports/{name}/pdf").status_code == 404


def test_the_month_and_the_pledges_are_taken_along_in_either_language(sign_in, hired, fill) -> None:
    staff = sign_in(staff_of(fill, hired.centre.id))
    for name in ("month", "pledges"):
        for language, head in (("kk", "Жұмыс беруші"), ("ru", "Работодатель")):
            assert f"/reports/{name}/csv?language={language}" in staff.get(f"/reports/{name}").text
            answer = staff.get(f"/reports/{name}/csv?language={language}")
            assert head in answer.content.decode("utf-8-sig")
            assert hired.employer.name in answer.content.decode("utf-8-sig")
        assert staff.get(f"/reports/{name}/csv?language=xx").status_code == 422
    assert hired.employer.name not in staff.get("/reports/pledges?district=751110000").text


def test_numbers_stay_numbers_in_the_workbook(sign_in, hired, fill) -> None:
    content = sign_in(staff_of(fill, hired.centre.id)).get("/reports/funnel/xlsx").content
    first = read_sheet(content).rows[0].cells
    assert (first["Step"], first["Reached"]) == ("On the register", 10)


def test_a_narrowed_report_tells_fives_on_the_page_and_in_the_workbook(
    sign_in, hired, fill
) -> None:
    with fill() as session:
        make_candidate(session, hired.centre.id)
        make_candidate(session, hired.centre.id)
    staff = sign_in(staff_of(fill, hired.centre.id))
    whole, narrowed = (staff.get(f"/reports/funnel{q}").text for q in ("", "?until=2026-11-24"))
    assert "On the register: 12." in whole and "rounded to the nearest five" not in whole
    assert "On the register: 10." in narrowed and "rounded to the nearest five" in narrowed
    content = staff.get("/reports/funnel/xlsx?until=2026-11-24").content
    assert read_sheet(content).rows[0].cells["Reached"] == 10


@pytest.mark.parametrize(
    "query", ["since=x", "until=31.31.2026", "source=other", "month=2030-01", "month=x"]
)
def test_a_filter_that_does_not_fit_is_told_beside_it(query: str, sign_in) -> None:
    name = "month" if query.startswith("month") else "funnel"
    answer = sign_in(Role.STAFF).get(f"/reports/{name}?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_unknown_reports_are_not_found(sign_in) -> None:
    assert sign_in(Role.STAFF).get("/reports/other").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("kk", "Аудан"), ("ru", "Район")])
def test_the_month_s_report_is_printed_in_both_languages(
    language: str, word: str, sign_in, hired, fill, now
) -> None:
    assert read_month("", now=now) == (2026, 11)
    staff = sign_in(staff_of(fill, hired.centre.id))
    text = staff.get(f"/reports/month/print?language={language}").text
    assert f'lang="{language}"' in text
    assert word in text
    assert hired.employer.name in text
    assert staff.get("/reports/month/print?language=xx").status_code == 422
    assert "Wage map" in staff.get("/reports").text  # the reader's own language stays


def test_pages_ask_the_same_of_one_and_three(sign_in, fill, hired, now, count_queries) -> None:
    staff = sign_in(staff_of(fill, hired.centre.id))
    for name in NAMES:
        staff.get(f"/reports/{name}")
        with count_queries() as one:
            staff.get(f"/reports/{name}")
        with fill() as session:
            for _ in range(2):
                make_candidate(session, hired.centre.id)
        with count_queries() as three:
            staff.get(f"/reports/{name}")
        assert len(one) == len(three), name


def test_the_mirror_of_a_round_is_a_page_and_a_fragment(sign_in, fill, now) -> None:
    with fill() as session:
        scene = make_scene(session)
        found = solve_round(session, scene, now)
    staff = sign_in(staff_of(fill, scene.centre.id))
    text = staff.get(f"/reports/rounds/{found.key}").text
    assert "Median pay" in text
    assert staff.swap(f"/reports/rounds/{found.key}").text.strip().startswith("<section")
    assert sign_in(Role.STAFF).get(f"/reports/rounds/{found.key}").status_code == 404
    assert sign_in(Role.PROSECUTOR).get(f"/reports/rounds/{found.key}").status_code == 403
    assert REGION in scene.centre.territory


def test_a_group_behind_leads_to_what_evening_it_out_would_cost(sign_in, fill, now) -> None:
    with fill() as session:
        scene = make_scene(session)
        scene.first.sex, scene.second.sex = "m", "f"
        for _ in range(15):
            make_mason(session, scene.centre, sex="m")
            make_mason(session, scene.centre, sex="f", wishes=("9412", "7112"))
        for _ in range(20):
            make_opening(session, scene.employer)
        found = solve_round(session, scene, now)
    staff = sign_in(staff_of(fill, scene.centre.id))
    page = f"/reports/rounds/{found.key}"
    assert f'href="{page}?facet=sex&amp;group=f"' in staff.get(page).text
    text = staff.get(f"{page}?facet=sex&group=f").text
    assert "11 people placed instead of 5" in text
    assert staff.get(f"{page}?facet=sex&group=m").status_code == 404
    assert staff.get(f"{page}?facet=nothing&group=f").status_code == 404


# The first sheet of the month's workbook, as its readers know the columns.
QUOTA_HEAD = {
    "kk": "Жұмыс беруші; БСН немесе ЖСН; Аудан; Негіз; Міндетті орын; Ай басында толған; Есепке алынған; "
    "Жұмысқа алынғаны; Кеткені; Ай соңында толған; Толған, %; Жұмыс істелген күндер; Ашық бос орындар",
    "ru": "Работодатель; БИН или ИИН; Район; Основание; Положено; Занято на начало; Засчитано; Принято; "
    "Ушло; Занято на конец; Занято, %; Отработано дней; Открытые вакансии",
}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_month_s_workbook_says_what_the_csv_and_the_ledger_say(
    language: str, sign_in, hired, fill, clock
) -> None:
    """Read by another hand than wrote it, and counted anew from the lines of the ledger."""
    with fill() as session:
        make_slots(session, hired.employer, 3)
        ledger = count_ledger(session, hired.employer.id, first=date(2026, 11, 1))
    clock.now += timedelta(days=1)
    staff = sign_in(staff_of(fill, hired.centre.id))
    address = f"/reports/month/xlsx?language={language}"
    book = load_workbook(io.BytesIO(staff.get(address).content))
    written = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]
    text = staff.get(address.replace("xlsx?", "csv?")).content.decode("utf-8-sig")
    tables = [grid.split("\r\n", 1)[1] for grid in text.split("\r\n\r\n") if grid.strip()]
    assert len(tables) == len(written) == 5
    for sheet, table in zip(written, tables, strict=True):
        plain = [["" if cell is None else str(cell) for cell in row] for row in sheet]
        assert plain == list(csv.reader(io.StringIO(table), delimiter=";"))
    head, *lines, _total = written[0]
    assert "; ".join(head) == QUOTA_HEAD[language]
    (row,) = [line for line in lines if line[1] == hired.employer.identifier]
    assert (
        dict(zip(("owed", "start", "counted", "hired", "left", "end"), row[4:10], strict=True))
        == ledger
    )
    assert row[10] == 100 * ledger["end"] // ledger["owed"]
    assert all(type(cell) is int for cell in row[4:])
    totals = [line[4:10] for line in written[0][1:] if line[1] is None]
    assert [sum(column) for column in zip(*totals, strict=True)] == list(ledger.values())


def count_ledger(session: Session, employer_id: int, *, first: date) -> dict[str, int]:
    """What the lines say of the month that begins on `first`, without the report's own arithmetic."""
    places = session.scalars(select(Slot).where(Slot.employer_id == employer_id)).all()
    lines = session.scalars(
        select(SlotEvent).where(SlotEvent.slot_id.in_([p.id for p in places]))
    ).all()
    filled = [e for e in lines if e.state_to == "filled" and e.state_from != "filled"]
    left = [e for e in lines if e.state_from == "filled" and e.state_to != "filled"]
    before = sum(local_day(e.at) < first for e in filled) - sum(
        local_day(e.at) < first for e in left
    )
    hired = sum(local_day(e.at) >= first for e in filled)
    gone = sum(local_day(e.at) >= first for e in left)
    return {
        "owed": sum(place.state != "closed" for place in places),
        "start": before,
        "counted": 0,
        "hired": hired,
        "left": gone,
        "end": before + hired - gone,
    }
