"""From a proposal to a job in a real browser: an inspector, the centre and an employer on a narrow screen."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from matching.candidates import Restriction
from quota.centres import BodyKind
from quota.rights import Role
from tests.browser.test_shell import check, enter
from tests.factories import make_account, make_body
from tests.matching.journey import Journey

HOURS = [{"days": "12345", "start": "08:00", "end": "17:00"}]


@pytest.fixture
def logins(fill) -> dict[str, str]:
    # The server reads the real clock: the proposal was made a moment ago.
    now = datetime.now(UTC) - timedelta(minutes=1)
    with fill() as session:
        journey = Journey(
            session, now, candidate_fields={"hours": HOURS}, vacancy_fields={"shifts": HOURS}
        )
        journey.proposal.parts = {"profession": 300, "pay": 150, "travel": 50}
        journey.proposal.reasons = [{"code": "other_district", "params": {}}]
        session.add(
            Restriction(candidate_id=journey.candidate.id, rule="home_hours", entered_at=now)
        )
        body = make_body(session, BodyKind.PROBATION)
        homes = {
            Role.PROBATION: ("en", {"body_id": body.id}),
            Role.STAFF: ("ru", {"centre_id": journey.centre.id}),
            Role.EMPLOYER: ("kk", {"employer_id": journey.employer.id}),
        }
        return {
            role.value: make_account(session, role, locale=locale, **home).login
            for role, (locale, home) in homes.items()
        }


def test_a_proposal_becomes_a_job(open_page, logins: dict[str, str]) -> None:
    _approve(open_page(width=1280), logins["probation"])
    _record_and_refer(open_page(width=1280, color_scheme="dark"), logins["staff"])
    _hire(open_page(width=320), logins["employer"])


def _approve(page: Page, login: str) -> None:
    enter(page, login)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    check(page)
    page.get_by_role("link", name="proposal to review").click()
    check(page)
    page.get_by_role("link", name="Сапарова Айгерім").click()
    told = page.get_by_role("listitem").filter(has_text="hours at home")
    expect(told).to_be_visible()
    check(page)
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Done, and kept in the journal.")


def _record_and_refer(page: Page, login: str) -> None:
    enter(page, login)
    page.get_by_role("link", name="согласие спросить и записать").click()
    check(page)
    page.get_by_label("Состояние").select_option("approved")
    page.get_by_role("link", name="Сапарова Айгерім").click()
    check(page)
    page.get_by_label("Номер документа").fill("С-17")
    page.get_by_role("button", name="Записать согласие").click()
    page.get_by_role("button", name="Выдать направление").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Направление № 1")
    check(page)


def _hire(page: Page, login: str) -> None:
    enter(page, login)
    check(page)
    page.get_by_role("link", name="Менің жұмыс үстелім", exact=True).click()
    check(page)
    page.get_by_role("link", name="Айгерім", exact=True).click()
    check(page)
    page.get_by_label("Шарт нөмірі").fill("15")
    page.get_by_label("Айлық жалақы").fill("180 000")
    page.get_by_role("button", name="Шарт туралы хабарлау").click()
    expect(page.get_by_text("жұмысқа алынды").first).to_be_visible()
    page.goto("/placements")
    check(page)
    page.get_by_role("link", name="Айгерім").click()
    check(page)
