"""The whole cockpit of a round in a real browser, in Russian and Kazakh: from the checks and the order of
goals over locks, variants, what could be traded and the call list to the published plan."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Locator, Page, expect

from app.asgi import make_app
from app.settings import Secrets, Settings
from matching.policies import load_policies
from quota.rights import Role
from quota.sealing import Keyring
from tests.browser.test_shell import check, enter
from tests.factories import make_account
from tests.matching.scene import make_mason, make_opening, make_scene
from web import catalogues

PATIENCE = 60_000
Say = Callable[..., str]


@pytest.fixture
def served_app(sqlite_url: str, tmp_path: Path, keyring: Keyring) -> Litestar:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    return make_app(settings, Secrets("s" * 64, keyring), solves=True)


def speak(locale: str) -> Say:
    """The words of the pages in a language, by those of the sources."""
    known = {(m.context, m.id): m.string for m in catalogues.read(locale) if m.id}

    def say(text: str, context: str | None = None, **shown: object) -> str:
        return str(known[context, text]) % shown if shown else str(known[context, text])

    return say


@pytest.mark.parametrize(("locale", "width"), [("ru", 1280), ("kk", 320)], ids=["ru", "kk"])
def test_the_whole_cockpit(open_page: Callable[..., Page], fill, locale: str, width: int) -> None:
    say = speak(locale)
    with fill() as session:
        load_policies(session)
        scene = make_scene(session)
        make_opening(session, scene.employer, licences=["B"], title="Жүргізуші")
        make_mason(session, scene.centre, consented=False)
        centre_id = scene.centre.id
        login = make_account(session, Role.STAFF, centre_id=centre_id, locale=locale).login
    page = open_page(width=width)
    enter(page, login)
    copy_an_order(page, say)
    choose_the_order(page, say)
    solve(page, say)
    address = page.url
    fix_pairs(page, say)
    compare_variants(page, say, address)
    trade(page, say, address)
    read_the_call_list(page, say, address)
    publish(page, say, address)


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).first.click()


def wait_until_worked_out(page: Page) -> None:
    """While a study is under way the page asks again by itself."""
    expect(page.locator("#work:not([hx-trigger])")).to_be_visible(timeout=PATIENCE)


def copy_an_order(page: Page, say: Say) -> None:
    """The order an office starts with is copied, one number changed, and the difference shown."""
    page.goto("/rounds/orders")
    check(page)
    page.get_by_role("link", name=say("Copy and change")).click()
    check(page)
    page.get_by_label(say("Title")).fill("Жақын жұмыс")
    page.get_by_label(say("Reason")).fill("Комиссия шешті")
    field = page.get_by_label(say("A way earns points up to, by time", "policy_number"))
    field.fill("0")
    press(page, say("Record the order"))
    expect(page.locator("#travel_minutes-fault")).to_be_visible()
    check(page)
    field.fill("90")
    press(page, say("Record the order"))
    expect(page.get_by_role("status")).to_contain_text(
        say("The order is recorded. Rounds can choose it.")
    )
    expect(
        page.get_by_role(
            "rowheader", name=say("A way earns points up to, by time", "policy_number")
        )
    ).to_be_visible()
    check(page)


def choose_the_order(page: Page, say: Say) -> None:
    """The checks lead to what is to be mended; the order of goals is chosen with a reason."""
    page.goto("/rounds/new")
    press(page, say("Open the round"))
    expect(page.get_by_role("heading", name=say("Before you solve"))).to_be_visible()
    expect(page.locator('.checks a[href^="/candidates"]').first).to_be_visible()
    check(page)
    page.get_by_text(say("Another order of goals")).click()
    page.get_by_label(say("Order of goals")).select_option(index=1)
    press(page, say("Choose the order"))
    expect(page.get_by_text(say("Fill this in.")).first).to_be_visible()
    page.get_by_label(say("Reason")).fill("Комиссия шешті")
    press(page, say("Choose the order"))
    expect(page.get_by_role("status")).to_contain_text(say("The order of goals is chosen."))


def solve(page: Page, say: Say) -> None:
    """Live progress, and then the plan with each person's reasons."""
    press(page, say("Solve"))
    expect(page.locator("#work[hx-trigger]")).to_be_visible()
    check(page)
    wait_until_worked_out(page)
    proven = say("proven: no better plan exists", "solution")
    expect(page.get_by_text(proven)).to_be_visible()
    expect(page.get_by_role("heading", name=say("Without a place"))).to_be_visible()
    expect(page.get_by_text("«Қалаушы»").first).to_be_visible()
    check(page)


def fix_pairs(page: Page, say: Say) -> None:
    """A pair is kept, set free and ruled out; nothing is signed by that."""
    for step, said in (
        ("Keep this pair", "kept"),
        ("Rule this pair out", "ruled out"),
    ):
        page.get_by_text(say("Decide otherwise"), exact=True).first.click()
        press(page, say(step))
        expect(page.get_by_role("heading", name=say("Pairs fixed by you"))).to_be_visible()
        expect(page.locator(".badge", has_text=say(said, "pair")).first).to_be_visible()
    check(page)
    press(page, say("Set free"))
    expect(page.get_by_role("heading", name=say("Pairs fixed by you"))).to_have_count(0)


def compare_variants(page: Page, say: Say, address: str) -> None:
    """Without a pair, with more places and with other pay; then the difference person by person."""
    page.get_by_text(say("Decide otherwise"), exact=True).first.click()
    press(page, say("See the plan without this pair"))
    wait_until_worked_out(page)
    expect(page.get_by_role("cell", name=say("no place")).first).to_be_visible()
    check(page)
    for label, typed in (("More places", "1"), ("Other pay, tenge a month", "900000")):
        page.goto(f"{address}/variants")
        page.get_by_label(say("Title")).fill(label)
        page.get_by_label(say("Vacancy"), exact=False).first.select_option(index=1)
        page.get_by_label(say(label)).fill(typed)
        press(page, say("Solve the variant"))
        wait_until_worked_out(page)
        expect(page.locator(".notice")).to_be_visible()
    page.goto(f"{address}/variants")
    expect(page.get_by_role("rowheader")).to_have_count(4)
    check(page)


def trade(page: Page, say: Say, address: str) -> None:
    """The frontier as a picture or table; a plan of it and wishes in turn are tried."""
    page.goto(address)
    page.get_by_role("link", name=say("What could be traded")).click()
    press(page, say("Work out what could be traded"))
    wait_until_worked_out(page)
    expect(page.get_by_text(say("proven"), exact=True).first).to_be_visible()
    check(page)
    page.get_by_label(say("Share of the best plan, per cent")).fill("80")
    press(page, say("Try wishes in turn"))
    wait_until_worked_out(page)
    page.goto(f"{address}/frontier")
    press(page, say("Try plan %(number)s", number=1))
    wait_until_worked_out(page)
    page.get_by_label(say("Reason")).fill("Келісілді")
    press(page, say("Make it the plan of the round"))
    told = say("The variant is now the plan of the round.")
    expect(page.get_by_role("status")).to_contain_text(told)
    check(page)


def read_the_call_list(page: Page, say: Say, address: str) -> None:
    page.goto(f"{address}/prices")
    wait_until_worked_out(page)
    expect(page.get_by_text(say("one more place", "price")).first).to_be_visible()
    expect(page.get_by_role("heading", name=say("Places left open, and why"))).to_be_visible()
    check(page)


def publish(page: Page, say: Say, address: str) -> None:
    page.goto(address)
    press(page, say("Solve again with today's people and places"))
    wait_until_worked_out(page)
    page.get_by_role("link", name=say("Publish the plan")).click()
    check(page)
    page.get_by_role("button", name=re.compile(say("Publish"))).first.click()
    expect(page.get_by_role("status")).to_contain_text(
        say("The plan is published: the proposals wait for review.")
    )
    check(page)
