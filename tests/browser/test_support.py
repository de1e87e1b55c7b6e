"""A check-in on a phone without scripts in Kazakh, and a specialist's queue from hours to result."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matching import checkins, codes, programmes, schedule
from matching.candidates import Candidate
from matching.checkins import CheckIn, Decision
from matching.codes import Purpose
from matching.programmes import Measure, NewMeasure
from quota.acts import load_acts
from quota.calendar import find_working_days, local_day
from quota.rights import SYSTEM, Role
from tests.factories import PASSWORD, make_account, make_candidate, make_centre

BUDGET = 50_000  # bytes of a page with all it loads


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_acts(session)
        return make_candidate(session, make_centre(session).id)


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")


def look(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def test_a_person_checks_in_on_a_phone_without_scripts(open_page, fill, person) -> None:
    now = datetime.now(UTC)
    day = local_day(now)
    decision = Decision("П-14", day, True, "1234567", "00:00", "24:00", day)
    with fill() as session:
        order = checkins.order(session, SYSTEM, person.key, decision, now=now)
        schedule.make_due(session, now=now)
        if find_working_days(session, [day])[day] != day:  # nobody works today: due all the same
            session.add(CheckIn(order_id=order.id, candidate_id=person.id, due_on=day))
        code = codes.issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text
    page = open_page(locale="kk", width=320, java_script_enabled=False)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if answer.ok else None)
    page.goto(f"/me/{code}")
    page.get_by_role("button", name="Мен орнымдамын").click()
    expect(page.get_by_text("Белгі қойылды.")).to_be_visible()
    expect(page.get_by_text("расталды").first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "kk"
    assert max(sizes) < BUDGET
    with fill() as session:
        done = session.scalars(select(CheckIn).where(CheckIn.due_on == day)).one()
        assert (done.state, done.way, done.kato) == ("confirmed", "code", None)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_specialist_works_the_queue(open_page, fill, person, scheme, width) -> None:
    now = datetime.now(UTC)
    with fill() as session:
        account = make_account(session, Role.SPECIALIST, locale="kk")
        new = NewMeasure("doctor", local_day(now) + timedelta(days=20), account.key, gate=True)
        measure = programmes.plan(session, SYSTEM, person.key, new, now=now)
    page = open_page(width=width, color_scheme=scheme)
    sign_in(page, account.login)
    page.goto("/queue")
    look(page, width)
    page.get_by_role("link", name="Қабылдау уақыты").click()
    look(page, width)
    page.get_by_role("button", name="Сақтау").click()
    page.get_by_role("link", name="Сапарова").click()
    look(page, width)
    page.get_by_label("Уақыты", exact=False).first.select_option(index=1)
    page.get_by_role("button", name="Уақытты белгілеу").click()
    expect(page.get_by_text("уақыты белгіленді").first).to_be_visible()
    page.locator("#result").select_option("carried_out")
    page.get_by_role("button", name="Нәтижені жазу").click()
    expect(page.get_by_text("орындалды").first).to_be_visible()
    look(page, width)
    with fill() as session:
        found = session.get_one(Measure, measure.id)
        assert (found.state, found.result) == ("done", "carried_out")


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 320)])
def test_probation_and_staff_read_their_pages(open_page, fill, person, scheme, width) -> None:
    now = datetime.now(UTC)
    day = local_day(now)
    decision = Decision("П-14", day, True, "1234567", "00:00", "24:00", day)
    with fill() as session:
        probation = make_account(session, Role.PROBATION, locale="kk")
        staff = make_account(session, Role.STAFF, locale="kk", centre_id=person.centre_id)
        new = NewMeasure("doctor", day + timedelta(days=20), staff.key)
        programmes.plan(session, SYSTEM, person.key, new, now=now)
        checkins.order(session, SYSTEM, person.key, decision, now=now)
        schedule.make_due(session, now=now)
    for login, paths in (
        (probation.login, ("/checkins", f"/candidates/{person.key}/checkins")),
        (staff.login, (f"/candidates/{person.key}/programme",)),
    ):
        page = open_page(width=width, color_scheme=scheme)
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            look(page, width)
