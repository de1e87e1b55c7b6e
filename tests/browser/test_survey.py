"""The survey on a phone: 320 pixels wide, no script, in Kazakh; and the page of a person under axe."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from matching import codes
from matching.candidates import Candidate, Readiness
from matching.choices import Choice, choose_professions
from matching.codes import Purpose
from matching.identities import Person
from quota.rights import SYSTEM, Role
from tests.factories import OPENED, PASSWORD, make_account, make_candidate, make_centre

BUDGET = 50_000  # bytes of a page with all it loads


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        return make_candidate(session, make_centre(session).id, readiness=Readiness.NOT_SURVEYED)


def go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Сақтап, әрі қарай").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.locator("html").get_attribute("lang") == "kk"


def test_a_person_answers_on_a_phone_without_scripts(open_page, fill, person) -> None:
    with fill() as session:
        now = datetime.now(UTC)
        code = codes.issue_code(session, SYSTEM, person.key, Purpose.SURVEY, now=now).text
    page = open_page(locale="kk", width=320, java_script_enabled=False)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if answer.ok else None)
    page.goto(f"/me/{code}")
    page.get_by_role("button", name="Сауалнаманы бастау").click()
    assert sum(sizes) < BUDGET
    page.get_by_label("иә").check()
    go_on(page, "Қандай жұмыс керек")
    page.get_by_label("Бірінші таңдау").fill("дәнекерлеуші")
    page.get_by_label("Осы жұмыстағы өтілі, жыл").first.fill("3")
    go_on(page, "Дұрыс түсіндік пе?")
    go_on(page, "Тәжірибе мен құжаттар")
    page.get_by_label("Жалпы еңбек өтілі, жыл").fill("5")
    go_on(page, "Жалақы")
    page.get_by_label("Қалаған жалақы").fill("250 000")
    page.get_by_label("Келісетін ең аз жалақы").fill("180 000")
    go_on(page, "Тұратын жері мен жұмысқа жол")
    page.get_by_label("Ең ұзақ жол, минут").fill("40")
    go_on(page, "Күндер мен сағаттар")
    page.get_by_label("Кез келген уақытта, ауысыммен де").check()
    go_on(page, "Денсаулық пен отбасы")
    page.get_by_label("ауыр дене жұмысы").check()
    go_on(page, "Алдымен не керек")
    go_on(page, "Жауаптарды қарап шығу")
    expect(page.get_by_text("дәнекерлеуші", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Сауалнаманы тапсыру").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Рақмет")
    with fill() as session:
        found = session.get_one(Candidate, person.id)
        assert (found.readiness, found.pay_accepted) == (Readiness.READY, 180_000)


@pytest.mark.parametrize("role", [Role.STAFF, Role.PROBATION])
@pytest.mark.parametrize(
    ("scheme", "width", "locale"), [("light", 320, "kk"), ("dark", 1280, "ru")]
)
def test_pages_of_people_are_readable(open_page, fill, person, role, scheme, width, locale) -> None:
    given = {"centre_id": person.centre_id} if role is Role.STAFF else {}
    with fill() as session:
        account = make_account(session, role, locale=locale, **given)
        # Long words in every column of the list.
        named = Person("Нұрмұхамедқызы", "Гүлбахрам", "Әбутөліпқызы")
        whole = {"number": "АО-00000021", "readiness": Readiness.NEEDS_SUPPORT, "person": named}
        other = make_candidate(session, person.centre_id, **whole)
        choose_professions(
            session, SYSTEM, other, [Choice(title="слесарь по ремонту сельхозтехники")], now=OPENED
        )
    page = open_page(width=width, color_scheme=scheme)
    page.goto("/sign-in")
    page.fill("#login", account.login)
    page.fill("#password", PASSWORD)
    page.click("main button")
    addresses = ["/candidates", f"/candidates/{person.key}"]
    addresses.append(
        f"/candidates/{person.key}/{'survey' if role is Role.STAFF else 'restrictions'}"
    )
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
