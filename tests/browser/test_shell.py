"""The shell in a real browser: the door, languages, a form with faults, narrow and dark screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from quota.rights import Role
from tests.factories import PASSWORD, make_account


def check(page: Page) -> None:
    """No violation that axe finds, and nothing wider than the screen."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def enter(page: Page, login: str) -> None:
    page.goto("/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def login(fill) -> str:
    with fill() as session:
        make_account(session, Role.STAFF, name="Бауыржан Ұзақбайұлы")
        return make_account(session, Role.ADMINISTRATOR, name="Айгүл", locale="en").login


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
)
def test_an_administrator_signs_in_opens_an_account_and_switches_the_language(
    open_page, login: str, width: int, scheme: str
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    page.goto("/accounts")
    check(page)
    enter(page, login)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    check(page)
    page.get_by_role("link", name="Accounts", exact=True).click()
    check(page)
    page.get_by_role("link", name="Open an account").click()
    page.get_by_label("Name").fill("Әсел")
    page.get_by_role("button", name="Open the account").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("4 things do not fit")
    expect(page.get_by_label("Name")).to_have_value("Әсел")
    check(page)
    summary.get_by_role("link", name="Role").click()
    expect(page.get_by_label("Role")).to_be_focused()
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Открыть учётную запись")
    page.get_by_role("button", name="Қазақша").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Есептік жазба ашу")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    check(page)
    page.get_by_role("button", name="Шығу").click()
    expect(page.get_by_role("status")).to_contain_text("Сіз жүйеден шықтыңыз.")
    check(page)


def test_everything_is_reached_with_the_keyboard(open_page, login: str) -> None:
    page = open_page()
    enter(page, login)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_error_pages_are_readable(open_page, login: str) -> None:
    page = open_page(width=320)
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    check(page)


def test_without_scripts_the_site_works(open_page, login: str) -> None:
    page = open_page(java_script_enabled=False)
    enter(page, login)
    page.get_by_role("link", name="Accounts", exact=True).click()
    expect(page.get_by_role("cell", name="Бауыржан Ұзақбайұлы")).to_be_visible()
