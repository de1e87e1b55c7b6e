"""Other outcomes on the person's page: recorded, ended, taken back; each role let in or not."""

import pytest

from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.journey import Journey


@pytest.fixture
def journey(fill, now) -> Journey:
    with fill() as session:
        return Journey(session, now)


@pytest.fixture
def staff(sign_in, fill, journey):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=journey.centre.id, locale="en")
    return sign_in(account)


def test_an_outcome_is_recorded_ended_and_taken_back(staff, journey) -> None:
    path = f"/candidates/{journey.candidate.key}/outcomes"
    assert f'href="{path}"' in staff.get(f"/candidates/{journey.candidate.key}").text
    assert "Nothing is recorded" in staff.get(path).text
    began = {"step": "record", "kind": "own_work", "starts_on": "2026-11-20", "paper": "Д-7"}
    assert staff.submit(path, **began).status_code == 303
    text = staff.get(path).text
    assert "work found alone" in text and "Д-7" in text
    assert staff.submit(path, **began).status_code == 409
    key = text.split('name="outcome"><option value="')[1].split('"')[0]
    ended = {"step": "end", "outcome": key, "on": "2026-11-21"}
    assert staff.submit(path, **ended).status_code == 422
    assert staff.submit(path, **ended, reason="the shop closed").status_code == 303
    assert staff.submit(path, step="take_back", outcome=key, why="it goes on").status_code == 303
    assert "goes on" in staff.get(path).text
    assert staff.submit(path, step="take_back", outcome="nothing", why="x").status_code == 404
    assert staff.submit(path, step="dance").status_code == 422


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_is_let_in_or_not(role: Role, sign_in, journey) -> None:
    visitor = sign_in(role)
    path = f"/candidates/{journey.candidate.key}/outcomes"
    expected = {Role.PROBATION: 200, Role.STAFF: 404}.get(role, 403)
    assert visitor.get(path).status_code == expected
    asked = visitor.submit(path, step="record", kind="study", starts_on="2026-11-20")
    assert asked.status_code == (404 if role is Role.STAFF else 403)
