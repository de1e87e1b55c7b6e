"""Today for each role in a real browser: what is due leads to where it is done; and a person's own page."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matching import checkins, codes, privacy, programmes, referrals, reviews
from matching.checkins import CheckIn, Decision
from matching.codes import Purpose
from matching.consents import Consent
from matching.privacy import Kind
from matching.programmes import NewMeasure
from matching.referrals import Referral
from matching.reviews import Ruling
from quota.acts import load_acts
from quota.calendar import local_day
from quota.centres import BodyKind
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.browser.test_shell import check, enter
from tests.factories import make_account, make_body
from tests.matching.journey import Journey
from web.due_words import DUE_WORDS

# What each role finds on Today, and a heading of the page it leads to.
DUE = {
    Role.STAFF: ("to_review", "Proposals"),
    Role.EMPLOYER: ("to_answer", "Referrals"),
    Role.PROBATION: ("to_review", "Proposals"),
    Role.PROSECUTOR: ("silent_employers", "Employers"),
    Role.SPECIALIST: ("my_measures", "My tasks"),
    Role.CLERK: ("check_ins_today", "Check-ins"),
    Role.ADMINISTRATOR: ("rates_unchecked", "Reference books"),
    Role.OFFICER: ("requests_open", "Requests"),
}
WIDTHS = {Role.EMPLOYER: 320, Role.SPECIALIST: 320, Role.CLERK: 320, Role.OFFICER: 320}
BODIES = {
    Role.PROBATION: BodyKind.PROBATION,
    Role.PROSECUTOR: BodyKind.PROSECUTOR,
    Role.SPECIALIST: BodyKind.SPECIALISTS,
    Role.CLERK: BodyKind.AKIMAT,
}


@pytest.fixture
def logins(fill) -> dict[Role, str]:
    """A day on which something waits on everybody."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    with fill() as session:
        load_acts(session)
        journey = Journey(session, now)
        journey.issue()
        journey.proposal = journey.propose()
        journey.supervised = False
        unsupervised = Journey(session, now, supervised=False)
        journey.employer.referrals_sent = 4
        asked_on = local_day(now)
        args = (session, SYSTEM, journey.candidate.key, Kind.ACCESS)
        privacy.enter_request(*args, asked_on=asked_on, now=now)
        homes = {
            Role.STAFF: {"centre_id": unsupervised.centre.id},
            Role.EMPLOYER: {"employer_id": journey.employer.id},
            **{role: {"body_id": make_body(session, kind).id} for role, kind in BODIES.items()},
        }
        accounts = {
            role: make_account(session, role, locale="en", **homes.get(role, {})) for role in DUE
        }
        decision = Decision("П-1", asked_on, True, "1234567", "00:00", "23:59", asked_on)
        order = checkins.order(session, SYSTEM, journey.candidate.key, decision, now=now)
        # Written down: on a day off the timer would make it due on the next working day.
        due = {"candidate_id": journey.candidate.id, "due_on": asked_on}
        session.add(CheckIn(order_id=order.id, **due))
        doctor = NewMeasure("doctor", asked_on + timedelta(days=5), accounts[Role.SPECIALIST].key)
        programmes.plan(session, SYSTEM, journey.candidate.key, doctor, now=now)
        return {role: account.login for role, account in accounts.items()}


def test_every_role_with_an_account_has_its_today() -> None:
    assert set(DUE) == set(ACCOUNT_ROLES)


@pytest.mark.parametrize("role", DUE, ids=lambda role: role.value)
def test_what_is_due_leads_to_where_it_is_done(open_page, logins, role: Role) -> None:
    page = open_page(width=WIDTHS.get(role, 1280))
    enter(page, logins[role])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    check(page)
    code, heading = DUE[role]
    one, many, _ = DUE_WORDS[code]
    page.get_by_role("link", name=re.compile(f"{one}|{many}")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    check(page)


@pytest.fixture
def offer(fill) -> tuple[str, Callable[[], Referral]]:
    """The code of a person who is asked about a job, and the letter that follows a yes."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    with fill() as session:
        journey = Journey(session, now)
        key = journey.proposal.key
        reviews.approve(session, SYSTEM, key, Ruling(), now=now)
        code = codes.issue_code(session, SYSTEM, journey.candidate.key, Purpose.PAGE, now=now).text

    def refer() -> Referral:
        with fill() as session:
            return referrals.issue(session, SYSTEM, key, now=datetime.now(UTC))

    return code, refer


def open_own(open_page, code: str) -> Page:
    """The own page on a phone without scripts, in Kazakh, by typing the code."""
    page = open_page(locale="kk", width=320, java_script_enabled=False)
    page.goto("/me")
    page.locator("#code").fill(" ".join(re.findall(".{1,4}", code)))
    page.locator("main form button").first.click()
    return page


def test_a_person_accepts_and_declines_by_code_on_a_phone_without_scripts(
    open_page, fill, offer
) -> None:
    code, refer = offer
    page = open_own(open_page, code)
    page.get_by_role("button", name="Иә, келісемін").click()
    expect(page.get_by_role("status")).to_contain_text("Келісіміңіз жазылды")
    referral = refer()
    page.reload()
    page.locator("select[name=reason]").select_option("too_far")
    page.locator("button[value=decline]").click()
    expect(page.get_by_role("status")).to_contain_text("Жауабыңыз жазылды")
    with fill() as session:
        found = session.get_one(Referral, referral.id)
        assert (found.state, found.reason) == ("declined", "too_far")


def test_a_person_says_no_by_code_on_a_phone_without_scripts(open_page, fill, offer) -> None:
    code, _ = offer
    page = open_own(open_page, code)
    page.locator("button[value=refuse]").click()
    expect(page.get_by_role("status")).to_be_visible()
    with fill() as session:
        assert session.scalars(select(Consent.state)).one() == "refused"
