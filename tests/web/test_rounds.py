"""The pages of rounds: who may do what, a round from its opening to its closing, reasons in words."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from matching import publication, rounds, solving
from matching.rounds import Proposal, Round
from quota import journal
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account, make_course, make_slots
from tests.matching.scene import Scene, make_mason, make_opening, make_scene, solve_queued
from tests.visits import Visitor

READERS = (Role.STAFF, Role.PROBATION, Role.PROSECUTOR)


@pytest.fixture
def scene(fill) -> Scene:
    with fill() as session:
        return make_scene(session)


@pytest.fixture
def staff(sign_in, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


@pytest.fixture
def bring(fill, scene: Scene, now: datetime) -> Callable[[str], str]:
    """The key of a new round in a state, brought there by its verbs."""

    def bring_to(state: str) -> str:
        with fill() as session:
            opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
            args = (session, scene.staff, opened.key)
            if state != "draft":
                solving.queue_round(*args, now=now)
            if state in ("solved", "published"):
                solve_queued(session, scene, opened, now)
            if state == "solving":
                solving.start_round(*args, worker="w", now=now)
            if state == "failed":
                solving.fail_round(*args, failure="process_lost", now=now)
            if state == "published":
                publication.publish_round(*args, now=now)
            assert opened.state == state
            return opened.key

    return bring_to


def steps(key: str) -> list[tuple[str, dict[str, str]]]:
    """Everything that changes a round, as addresses and forms."""
    address = f"/rounds/{key}"
    said = [{"step": step} for step in ("solve", "cancel", "close")]
    return [("/rounds/new", {"title": "x"}), (f"{address}/publish", {})] + [
        (address, form) for form in said
    ]


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role not in READERS])
def test_rounds_are_closed_to_other_roles(sign_in, bring, role: Role) -> None:
    visitor, key = sign_in(role), bring("draft")
    for path in ("/rounds", "/rounds/new", f"/rounds/{key}", f"/rounds/{key}/publish"):
        assert visitor.get(path).status_code == 403
    for path, form in steps(key):
        assert visitor.submit(path, **form).status_code == 403


@pytest.mark.parametrize("role", [Role.PROBATION, Role.PROSECUTOR])
def test_inspectors_see_numbers_and_no_names_and_change_nothing(sign_in, bring, role: Role) -> None:
    visitor, key = sign_in(role), bring("solved")
    assert f'href="/rounds/{key}"' in visitor.get("/rounds").text
    text = visitor.get(f"/rounds/{key}").text
    assert "people placed" in text
    assert "Сапарова" not in text
    assert "<button" not in text.split("<main")[1]
    for path in ("/rounds/new", f"/rounds/{key}/publish"):
        assert visitor.get(path).status_code == 403
    for path, form in steps(key):
        assert visitor.submit(path, **form).status_code == 403


def test_a_round_of_another_centre_is_not_there(sign_in, bring) -> None:
    stranger, key = sign_in(Role.STAFF), bring("solved")
    assert stranger.get(f"/rounds/{key}").status_code == 404
    assert stranger.get(f"/rounds/{key}/publish").status_code == 404
    for path, form in steps(key)[1:]:
        assert stranger.submit(path, **form).status_code == 404
    assert key not in stranger.get("/rounds").text


def test_a_round_is_opened_and_its_checks_lead_to_what_is_missing(staff, fill, scene) -> None:
    with fill() as session:
        make_mason(session, scene.centre, consented=False)
        make_mason(session, scene.centre, wishes=())
    assert staff.submit("/rounds/new", title="x" * 201).status_code == 422
    answer = staff.submit("/rounds/new", title="November <b>")
    assert answer.status_code == 303
    text = staff.get(answer.headers["location"]).text
    assert "Round 1: November &lt;b&gt;" in text
    assert "3 people enter the round." in text
    assert "1 ready person has not consented to matching in writing and stays out." in text
    links = re.findall(r'href="(/candidates[^"]*)">Mend it</a>', text)
    assert links == [
        "/candidates?mark=no_consent&amp;readiness=ready",
        "/candidates?mark=no_profession",
        "/candidates?mark=no_location",
    ]
    assert "ready, no profession confirmed" in staff.get(links[1]).text


def test_a_round_is_queued_watched_and_cancelled(staff, fill, bring, scene, now) -> None:
    key = bring("draft")
    address = f"/rounds/{key}"
    assert staff.submit(address, step="solve").status_code == 303
    assert 'hx-trigger="every 1s"' in staff.get(address).text
    assert staff.swap(address).status_code == 200
    with fill() as session:
        solving.start_round(session, SYSTEM, key, worker="w", now=now)
        rows = [("promises", 0, 0), ("placements", 640, 655), ("shortage", 9, 4), ("score", 5, 99)]
        tiers = [{"name": name, "value": value, "bound": bound} for name, value, bound in rows]
        told = {"phase": "parts", "done": 3, "total": 7, "tiers": tiers}
        solving.note_progress(session, key, worker="w", progress=told, now=now)
    shown = staff.swap(address).text
    assert "Looking for the best plan, part by part: 3 / 7" in shown
    assert "Placed so far: 640; the best plan has no more than 655." in shown
    assert "Quota gaps" not in shown
    assert staff.submit(address, step="cancel").status_code == 303
    assert "It is being cancelled." in staff.get(address).text
    with fill() as session:
        solving.stop_round(session, SYSTEM, key, worker="w", now=now)
    last = staff.swap(address)
    assert last.status_code == 286
    assert "hx-trigger" not in last.text


@pytest.mark.parametrize("state", ["draft", "queued", "solving", "solved", "published", "failed"])
def test_what_htmx_asks_for_equals_a_reload(staff, bring, state: str) -> None:
    address = f"/rounds/{bring(state)}"
    whole = staff.get(address).text.replace(staff.token, "")
    part = staff.swap(address).text.replace(staff.token, "").strip()
    assert part in whole


def test_a_failed_round_says_why_and_runs_again(staff, bring, fill) -> None:
    key = bring("failed")
    text = staff.get(f"/rounds/{key}").text
    assert "Not solved: the solving process fell silent." in text
    assert "Run again" in text
    assert staff.submit(f"/rounds/{key}", step="solve").status_code == 303
    with fill() as session:
        assert session.scalars(select(Round.state)).one() == "queued"


def test_the_plan_shows_scores_and_reasons_in_words(staff, bring, scene) -> None:
    text = staff.get(f"/rounds/{bring('solved')}").text
    assert f'href="/candidates/{scene.first.key}"' in text
    assert scene.employer.name in text
    assert "proven: no better plan exists" in text
    assert 'role="img"' in text
    assert "profession 400/400" in text
    assert "Taken in the best plan: “Қалаушы” (would cost the plan: points in all −80)." in text


def test_the_plan_says_that_courses_are_held_and_that_costs_were_solved_again(
    staff, bring, fill, scene, now
) -> None:
    with fill() as session:
        course = make_course(session, scene.centre.id)
        smiths = make_opening(session, scene.employer, isco08="7212")
        make_slots(session, scene.employer, vacancy_id=smiths.id)
        for _ in "12":
            make_mason(session, scene.centre, wishes=(), retraining_isco08="7212")
    text = staff.get(f"/rounds/{bring('solved')}").text
    assert re.search(r"\d of the costs told here, drawn at random, w\w+ solved again", text)
    assert f"Costs are reckoned with the courses as in this plan: “{course.title}” (2)" in text


def test_a_plan_is_published_after_it_said_who_reviews(staff, bring, fill) -> None:
    key = bring("solved")
    asked = staff.get(f"/rounds/{key}/publish").text
    assert "1 proposal goes to probation for review." in asked
    assert "0 proposals go to a second person" in asked
    assert staff.submit(f"/rounds/{key}/publish").status_code == 303
    text = staff.get(f"/rounds/{key}").text
    assert "The plan is published" in text
    assert "waits for review" in text
    assert staff.submit(f"/rounds/{key}/publish").status_code == 409
    assert "no plan to publish" in staff.get(f"/rounds/{key}/publish").text
    refused = staff.submit(f"/rounds/{key}", step="close")
    assert refused.status_code == 409
    assert "1 proposal of the round still awaits a decision." in refused.text


def test_nothing_is_published_of_a_plan_out_of_date(staff, bring, fill, scene) -> None:
    key = bring("solved")
    with fill() as session:
        session.merge(scene.first).readiness = "employed"
    answer = staff.submit(f"/rounds/{key}/publish")
    assert answer.status_code == 409
    assert "Nothing was published; solve the round again." in answer.text
    with fill() as session:
        assert session.scalars(select(Proposal)).all() == []


def test_a_round_whose_proposals_are_decided_is_closed(staff, bring, fill, scene, now) -> None:
    key = bring("published")
    with fill() as session:
        journal.move(session, SYSTEM, session.scalars(select(Proposal)).one(), "reject", now=now)
    assert staff.submit(f"/rounds/{key}", step="close").status_code == 303
    assert "The round is closed." in staff.get(f"/rounds/{key}").text
    assert staff.submit(f"/rounds/{key}", step="undo_close", note=" ").status_code == 422
    assert staff.submit(f"/rounds/{key}", step="undo_close", note="too soon").status_code == 303
    assert "The round is open again." in staff.get(f"/rounds/{key}").text
    assert staff.submit(f"/rounds/{key}", step="undo_close", note="again").status_code == 409


def test_a_pair_is_ruled_out_kept_and_set_free(staff, bring, scene) -> None:
    address = f"/rounds/{bring('solved')}"
    pair = {"candidate": scene.first.key, "vacancy": scene.vacancy.key}
    for step, said in (
        ("forbid", "The pair is ruled out."),
        ("keep", "The pair is kept."),
        ("free", "The pair is free again."),
    ):
        assert staff.submit(address, step=step, **pair).status_code == 303
        text = staff.get(address).text
        assert said in text
        assert ("Pairs fixed by you" in text) == (step != "free")
    assert staff.submit(address, step="keep", candidate=scene.first.key).status_code == 422
    assert staff.submit(address, step="keep", **pair | {"vacancy": "nosuch"}).status_code == 404
    busy = f"/rounds/{bring('queued')}"
    assert staff.submit(busy, step="keep", **pair).status_code == 409


def test_pairs_that_cannot_all_be_kept_are_named(staff, bring, fill, scene, now) -> None:
    key = bring("solved")
    for person in (scene.first, scene.second):
        pair = {"candidate": person.key, "vacancy": scene.vacancy.key}
        staff.submit(f"/rounds/{key}", step="keep", **pair)
    staff.submit(f"/rounds/{key}", step="solve")
    with fill() as session:
        solve_queued(session, scene, rounds.find_round(session, SYSTEM, key), now)
    text = staff.get(f"/rounds/{key}").text
    assert "Promises this plan does not keep" in text
    assert "These pairs cannot all be kept; without any one of them the others can:" in text
    assert text.count("– “Қалаушы”") == 2


def test_a_blank_pair_or_an_unknown_step_is_a_fault_on_the_page_of_the_round(staff, bring) -> None:
    address = f"/rounds/{bring('solved')}"
    for given in ({"step": "keep"}, {"step": "forbid", "candidate": "x"}, {"step": "nonsense"}, {}):
        answer = staff.submit(address, **given)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "The plan" in answer.text


def test_an_unknown_step_is_refused(staff, bring) -> None:
    assert staff.submit(f"/rounds/{bring('draft')}", step="erase").status_code == 422
    assert staff.submit("/rounds/nosuchkey", step="solve").status_code == 404


def test_longer_lists_ask_the_database_no_more(staff, bring, fill, scene, count_queries) -> None:
    key = bring("solved")
    with count_queries() as short:
        staff.get("/rounds")
        staff.get(f"/rounds/{key}")
    with fill() as session:
        for _ in range(3):
            make_mason(session, scene.centre)
            make_opening(session, scene.employer)
    other = bring("solved")
    with count_queries() as long:
        staff.get("/rounds")
        staff.get(f"/rounds/{other}")
    assert len(long) == len(short)
