"""Today: what is due for each role, each number a link to where the work is done."""

from datetime import datetime

import pytest

from matching.cockpit import open_names
from matching.duties import WORK_CHANGED
from matching.tasks import Task, raise_task
from quota.acts import load_acts
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account
from tests.matching.journey import Journey
from tests.matching.scene import make_mason, make_opening, make_scene, solve_round
from web.due_words import DUE_WORDS, due_word
from web.i18n import speaking
from web.today import MOST_DUTIES


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_every_role_has_a_first_page_in_its_language(sign_in, fill, role: Role) -> None:
    with fill() as session:
        load_rates(session)
    answer = sign_in(role).get("/")
    assert answer.status_code == 200
    assert "Monday, 23 November 2026" in answer.text
    assert ("Import a table" in answer.text) == (role in (Role.STAFF, Role.PROBATION))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, "закрытие меры на подтверждение"),
        (2, "закрытия мер на подтверждение"),
        (5, "закрытий мер на подтверждение"),
        (11, "закрытий мер на подтверждение"),
        (21, "закрытие меры на подтверждение"),
    ],
)
def test_what_is_due_follows_its_number(number: int, told: str) -> None:
    with speaking("ru"):
        assert due_word("closings", number) == told
        for code in DUE_WORDS:
            assert len({due_word(code, n) for n in (1, 2, 5)}) > 1, code
    with speaking("kk"):
        assert all("лер" not in due_word(code, 1).split()[-1] for code in DUE_WORDS)


def test_whoever_is_not_signed_in_is_led_to_the_door(client) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_a_solved_round_waits_for_its_centre_alone(
    sign_in, fill, now: datetime, count_queries
) -> None:
    with fill() as session:
        scene = make_scene(session)
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    staff, stranger = sign_in(account), sign_in(Role.STAFF)
    with count_queries() as empty:
        staff.get("/")
    with fill() as session:
        make_mason(session, scene.centre)
        make_opening(session, scene.employer)
        for _ in range(2):
            solve_round(session, scene, now)
    with count_queries() as full:
        text = staff.get("/").text
    assert '<a href="/rounds"><span class="figure">2</span>' in text
    assert "rounds with a plan to look at and publish" in text
    assert "rounds with a plan" not in stranger.get("/").text
    assert len(full) == len(empty)


def test_what_the_law_asks_names_the_person_and_its_act_and_does_not_bury_the_page(
    sign_in, fill, now: datetime, count_queries
) -> None:
    with fill() as session:
        load_acts(session)
        journey = Journey(session, now)
        about = {"candidate_id": journey.candidate.id, "role": "probation", "due_on": now.date()}
        for number in range(MOST_DUTIES + 2):
            task = Task(code=WORK_CHANGED, params={"placement": f"p{number}"}, **about)
            raise_task(session, SYSTEM, task, now=now)
        name = open_names(session, {journey.candidate.key})[journey.candidate.key]
    text = sign_in(Role.PROBATION).get("/").text
    assert text.count(f"/candidates/{journey.candidate.key}") == MOST_DUTIES
    assert name in text and "2 more follow when these are done." in text
    with fill() as session:
        staff = make_account(session, Role.STAFF, centre_id=journey.centre.id, locale="en")
    assert name not in sign_in(staff).get("/").text
