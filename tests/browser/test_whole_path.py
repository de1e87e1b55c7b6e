"""The whole path by hand in a browser, on a fresh demonstration: from a table to a job.

`senim demo` runs as a process of its own, as it does for whoever types `make demo`.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

SECOND = 1_000
NUMBER = "500340000004"  # a BIN registered in 2050: nobody's


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """A demonstration being served, filled a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SENIM_")}
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "demo", "--port", str(port)],
        env=environment | {"SENIM_VAR_DIR": str(folder), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/sign-in", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the demonstration ended by itself"
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the demonstration did not start within two minutes")


@pytest.fixture
def sign_in(browser: Browser, address: str, folder: Path) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own for each account, in English unless another language is asked for."""
    contexts: list[BrowserContext] = []

    def sign_in(login: str, password: str = "", *, language: str = "English") -> Page:
        listed = re.findall(rf"^{login} +(\S+)", (folder / "demo-accounts.txt").read_text(), re.M)
        contexts.append(browser.new_context(base_url=address, locale="en"))
        page = contexts[-1].new_page()
        page.goto("/")
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(password or listed[0])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name=language).click()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_from_a_table_to_a_job(sign_in: Callable[..., Page], folder: Path) -> None:
    staff = sign_in("staff")
    import_tables(staff, folder)
    list_a_draft(staff)
    solve_and_publish(staff)

    inspector = sign_in("probation")
    proposal, employer = approve_first(inspector)

    login = open_employer_account(sign_in("administrator"), employer)
    firm = sign_in(login, "steppe-wind-42")
    expect(firm.get_by_role("main")).to_be_visible()
    firm.goto("/desk")
    expect(firm.get_by_text("Nobody is on the way to you")).to_be_visible()

    referral, family, given = consent_and_refer(staff, proposal)
    hire(firm, family, given)

    staff.goto(referral)
    expect(staff.locator("dl.facts").first).to_contain_text("hired")
    staff.goto("/placements")
    expect(staff.get_by_role("link", name=f"{family} {given}")).to_be_visible()
    for language, heading in (("Қазақша", "Жұмысқа орналасу"), ("Русский", "Трудоустройств")):
        staff.get_by_role("button", name=language).click()
        expect(staff.get_by_role("heading", level=1)).to_contain_text(heading)


def import_tables(page: Page, folder: Path) -> None:
    """The table the demonstration entered through changes nothing again; a new employer is entered."""
    check_table(page, "vacancies", folder / "demo" / "4-vacancies.xlsx")
    rows = page.locator("#report tbody tr")
    expect(rows).to_have_count(60)
    expect(rows.filter(has_text="unchanged")).to_have_count(60)
    table = folder / "new.csv"
    table.write_text(f"identifier,name,place\n{NUMBER},ЖШС Жаңа,Талгар\n12,ЖШС Бұзық,Талгар\n")
    check_table(page, "employers", table)
    expect(page.locator("#report")).to_contain_text("The number has twelve digits.")
    page.get_by_role("button", name="Enter these rows").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    page.goto("/employers")
    expect(page.get_by_role("link", name="ЖШС Жаңа")).to_be_visible()
    expect(page.get_by_role("link", name="ЖШС Бұзық")).to_have_count(0)


def check_table(page: Page, noun: str, table: Path) -> None:
    page.goto("/imports")
    page.get_by_label("What the table holds").select_option(noun)
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Check the table").click()
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()


def list_a_draft(page: Page) -> None:
    """A title that the machine was not sure of: a person confirms it, and the vacancy is listed."""
    page.goto("/vacancies?state=draft")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Confirm the profession").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.get_by_label("Beyond quota").fill("1")
    page.get_by_role("button", name="List the vacancy").click()
    expect(page.locator("dl.facts").first).to_contain_text("listed")


def solve_and_publish(page: Page) -> None:
    page.goto("/rounds/new")
    page.get_by_label("Title").fill("November")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_role("button", name="Solve").click()
    expect(page.get_by_role("heading", name="The plan")).to_be_visible(timeout=120 * SECOND)
    expect(page.get_by_role("heading", name="Without a place")).to_be_visible()
    expect(page.get_by_text("The smallest change").first).to_be_visible()
    page.get_by_role("link", name="Publish the plan").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("dl.facts").first).to_contain_text("published")


def approve_first(page: Page) -> tuple[str, str]:
    """The address of the first proposal without a course before the job, and the name of its employer."""
    page.goto("/proposals")
    rows = page.locator("tbody tr").filter(has=page.get_by_role("checkbox"))
    addresses = [row.get_by_role("link").get_attribute("href") for row in rows.all()]
    for address in addresses:
        page.goto(str(address))
        if not page.locator("dl.facts").first.get_by_text("first “").count():
            break
    employer = page.locator("dl.facts").first.locator("dd").nth(2).inner_text()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("kept in the journal")
    return page.url, employer


def open_employer_account(page: Page, employer: str) -> str:
    page.goto("/accounts/new")
    page.get_by_label("Name").fill("Контакт")
    page.get_by_label("Role").select_option("employer")
    homes = page.get_by_label("Belongs to")
    home = homes.locator("option").filter(has_text=employer).get_attribute("value")
    homes.select_option(home)
    page.get_by_label("Login").fill("the-firm")
    page.get_by_label("Password").fill("steppe-wind-42")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("status")).to_be_visible()
    return "the-firm"


def consent_and_refer(page: Page, proposal: str) -> tuple[str, str, str]:
    """The referral's address, and the candidate's family and given name."""
    page.goto(proposal)
    family, given = page.get_by_role("heading", level=1).inner_text().split(" → ")[0].split()[:2]
    page.get_by_label("Number of the paper").fill("C-1")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_role("button", name="Issue the referral").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Referral No. 1")
    return page.url, family, given


def hire(page: Page, family: str, given: str) -> None:
    """After consent the employer reads a first name, and nothing that names the person further."""
    page.goto("/desk")
    page.get_by_role("link", name=given, exact=True).click()
    expect(page.get_by_role("heading", name=given)).to_be_visible()
    assert family not in page.content()
    assert "robation" not in page.content()
    page.get_by_label("Number of the contract").fill("15")
    page.get_by_label("Pay a month").fill("180000")
    page.get_by_role("button", name="Report the contract").click()
    expect(page.locator("dl.facts").first).to_contain_text("hired")
