"""The call list and what would help one person, for those who run the round and nobody else."""

import pytest

from matching import rounds, solving
from matching.insights import RemedyRow
from matching.studies import PRICES, show_study
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.scene import Scene, make_opening, make_scene, solve_round, work_off
from tests.visits import Visitor
from web import insights
from web.i18n import set_locale


@pytest.fixture
def scene(fill) -> Scene:
    with fill() as session:
        return make_scene(session)


@pytest.fixture
def key(fill, scene: Scene, now) -> str:
    with fill() as session:
        make_opening(session, scene.employer, licences=["B"], title="Жүргізуші")
        key = solve_round(session, scene, now).key
        work_off(session, now)
        return key


@pytest.fixture
def staff(sign_in, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


@pytest.mark.parametrize("by", ["", "employer", "profession", "district"])
def test_the_call_list_names_what_one_more_place_adds(staff, scene, key: str, by: str) -> None:
    assert f'href="/rounds/{key}/prices"' in staff.get(f"/rounds/{key}").text
    text = staff.get(f"/rounds/{key}/prices?by={by}").text
    assert "people placed +1" in text
    assert "one more place" in text
    assert ">exact<" in text
    assert "Places left open, and why" in text
    assert "Nobody of the round may take it. a licence is missing: 2" in text
    assert by != "employer" or scene.employer.name in text


def test_what_would_help_is_said_and_names_nobody_else(staff, scene, key: str) -> None:
    address = f"/rounds/{key}/people/{scene.second.key}"
    assert f'href="{address}"' in staff.get(f"/rounds/{key}").text
    text = staff.get(address).text
    assert "a licence: B" in text
    assert "people placed +1" in text
    assert scene.first.key not in text
    nothing = staff.get(f"/rounds/{key}/people/{scene.first.key}").text
    assert "No single change" in nothing


def test_a_change_is_said_with_what_comes_first_and_its_course() -> None:
    set_locale("en")
    gate, licence = (
        {"code": "gate", "params": {}},
        {"code": "licence", "params": {"missing": ["B"]}},
    )
    taught = {"code": "retraining", "params": {"course": "k"}}
    for course, needed, told in (
        (None, (gate, licence), "what comes first for this person, settled; a licence: B"),
        ("k", (gate,), "what comes first for this person, settled; a course: “Welding”"),
        ("k", (taught,), "a course: “Welding”"),
    ):
        row = RemedyRow("x", "v", course, needed, {"k": "Welding"}, ())
        assert insights.tell_remedy(row) == told


def test_strange_addresses_and_groups_are_refused(staff, fill, scene, key: str, now) -> None:
    assert staff.get(f"/rounds/{key}/prices?by=colour").status_code == 422
    assert staff.get("/rounds/nothing/prices").status_code == 404
    assert staff.get(f"/rounds/{key}/people/nobody").status_code == 404
    with fill() as session:
        opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
        solving.snapshot_round(session, scene.staff, opened.key, now=now)
        draft = opened.key
    assert staff.get(f"/rounds/{draft}/prices").status_code == 409


def test_other_roles_and_centres_learn_nothing(sign_in, scene, key: str) -> None:
    paths = (f"/rounds/{key}/prices", f"/rounds/{key}/people/{scene.second.key}")
    for role in ACCOUNT_ROLES:
        visitor = sign_in(role)
        expected = 404 if role is Role.STAFF else 403
        assert [visitor.get(path).status_code for path in paths] == [expected] * 2


def test_the_call_list_is_worked_out_beside_the_round(
    staff, fill, scene: Scene, now, sign_in
) -> None:
    with fill() as session:
        key = solve_round(session, scene, now).key
        study = show_study(session, scene.staff, key, PRICES).key
    page = staff.get(f"/rounds/{key}/prices").text
    assert "waits to be worked out" in page
    assert 'hx-trigger="every 1s"' in page
    swapped = staff.swap(f"/rounds/{key}/prices")
    assert swapped.status_code == 200
    assert swapped.text.strip() in page
    change = f"/rounds/{key}/studies/{study}"
    assert sign_in(Role.STAFF).submit(change, step="cancel").status_code == 404
    assert sign_in(Role.PROSECUTOR).submit(change, step="cancel").status_code == 403
    assert staff.submit(change, step="marry").status_code == 422
    assert staff.submit(change, step="cancel").status_code == 303
    assert "given up" in staff.get(f"/rounds/{key}/prices").text
    assert staff.submit(change, step="cancel").status_code == 409
    assert staff.submit(change, step="queue").status_code == 303
    with fill() as session:
        work_off(session, now)
    assert staff.swap(f"/rounds/{key}/prices").status_code == 286
    assert staff.submit(f"/rounds/{key}/studies", kind="prices").status_code == 303
    assert staff.submit(f"/rounds/{key}/studies", kind="colour").status_code == 422
