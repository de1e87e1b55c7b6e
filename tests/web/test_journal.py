"""The journal page: for the data-protection officer alone, filtered, in pages."""

from datetime import timedelta

import pytest

from matching import states as matching_states
from quota import journal
from quota import states as quota_states
from quota.rights import ACCOUNT_ROLES, Actor, Role
from quota.states import Workflow
from tests.factories import make_account, make_centre, make_employer
from web.events import VERBS


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.OFFICER)


@pytest.fixture
def entries(fill, now):
    """One entry of each of three days, about two employers, by one account; the first key."""
    with fill() as session:
        account = make_account(session, Role.STAFF, name="Ерлан Ұлықбек", login="erlan")
        actor = Actor(Role.STAFF, account_id=account.id)
        first, second = make_employer(session), make_employer(session)
        for days, record, reason in (
            (0, first, "today"),
            (1, second, "day-1"),
            (2, first, "day-2"),
        ):
            at = now - timedelta(days=days)
            journal.write(session, actor, "merge", record, now=at, reason=reason, count=days)
        return first.key, account.key


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.OFFICER])
def test_the_journal_is_the_officer_s_alone(sign_in, entries, role: Role) -> None:
    answer = sign_in(role).get("/journal")
    assert answer.status_code == 403
    assert "Ұлықбек" not in answer.text


def test_an_entry_says_who_did_what_to_which_record_when_and_why(officer, entries) -> None:
    text = officer.get("/journal").text
    assert "Employer: merged into another record" in text
    assert "23 Nov 2026, 11:30" in text
    assert "Ерлан Ұлықбек" in text
    assert "count: 2" in text
    assert f'href="/journal?noun=employers&amp;record={entries[0]}"' in text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("noun=employers", {"today", "day-1", "day-2"}),
        ("noun=rounds", set()),
        ("record={0}", {"today", "day-2"}),
        ("account={1}", {"today", "day-1", "day-2"}),
        ("account=nobody", set()),
        ("since=2026-11-22", {"today", "day-1"}),
        ("since=2026-11-22&until=22.11.2026", {"day-1"}),
        ("record={0}&until=2026-11-21", {"day-2"}),
    ],
)
def test_filters_narrow_and_work_together(officer, entries, asked: str, shown: set[str]) -> None:
    text = officer.get("/journal?" + asked.format(*entries)).text
    assert {reason for reason in ("today", "day-1", "day-2") if f">{reason} " in text} == shown


@pytest.mark.parametrize("asked", ["since=soon", "until=9999-12-31", "since=0001-01-01"])
def test_a_date_that_is_none_is_said_beside_its_field(officer, entries, asked: str) -> None:
    answer = officer.get(f"/journal?{asked}")
    assert answer.status_code == 422
    assert "Write a date such as 23.11.2026." in answer.text


def test_a_long_journal_is_turned_in_pages_of_constant_queries(
    officer, entries, fill, now, count_queries
) -> None:
    with count_queries() as short:
        officer.get("/journal?noun=centres")
    with fill() as session:
        centre = make_centre(session)
        actor = Actor(Role.SYSTEM)
        for number in range(60):
            journal.write(session, actor, "change", _Named(centre), now=now, reason=f"n{number}.")
    with count_queries() as long:
        first = officer.get("/journal?noun=centres").text
    assert len(long) == len(short)
    assert "60 entries, latest first" in first
    assert "n59." in first
    assert "n9." not in first
    assert "n9." in officer.get("/journal?noun=centres&page=2").text


class _Named:
    __tablename__ = "centres"

    def __init__(self, centre) -> None:
        self.key = centre.key


def test_a_swapped_list_equals_a_reloaded_one(officer, entries) -> None:
    part = officer.swap("/journal?noun=employers").text
    assert part.strip() in officer.get("/journal?noun=employers").text


def test_every_step_of_every_workflow_has_a_word() -> None:
    rooms = (quota_states, matching_states)
    flows = [flow for room in rooms for flow in vars(room).values() if isinstance(flow, Workflow)]
    assert {verb for flow in flows for verb, _, _ in flow.rows} <= set(VERBS)
