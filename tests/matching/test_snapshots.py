"""From the tables to the problem: each field, each reason to be held out, on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matching import restrictions, standings
from matching.bans import ban_pair
from matching.candidates import Candidate, Readiness, Restriction, set_fields, set_readiness
from matching.courses import Course, Enrolment
from matching.engine import problem as engine
from matching.engine import rules
from matching.engine.eligibility import check_pair
from matching.engine.ground import Ground
from matching.engine.policy import STANDARD
from matching.engine.problem import Leg
from matching.snapshots import take_pair, take_snapshot
from quota.places import Place, TravelTime
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, move_slot
from tests.factories import OPENED, REGION, make_employer, make_slots
from tests.matching.scene import Scene, make_mason, make_opening, make_scene

TODAY = date(2026, 11, 23)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def snapshot(session: Session, scene: Scene) -> engine.Problem:
    return take_snapshot(session, scene.centre.id, STANDARD, day=TODAY)[0]


def person_in(problem: engine.Problem, key: str) -> engine.Candidate:
    return next(person for person in problem.candidates if person.key == key)


def restrict(session: Session, scene: Scene, rule: str, **given: Any) -> None:
    restriction = Restriction(
        candidate_id=scene.first.id,
        rule=rule,
        params=given.pop("params", {}),
        entered_at=datetime.fromisoformat("2026-01-05T04:00:00+00:00"),
        **given,
    )
    session.add(restriction)
    session.flush()


def test_the_engine_and_the_tables_name_the_same_restrictions() -> None:
    assert set(rules.RESTRICTIONS) == set(restrictions.RULES)
    assert set(rules.BARRING) == set(restrictions.BARRING)


def test_a_candidate_is_read_whole(session: Session, scene: Scene) -> None:
    person = make_mason(
        session,
        scene.centre,
        wishes=("7411", "7112"),
        pay_wanted=300_000,
        pay_accepted=200_000,
        hours=[{"days": "21", "start": "08:00", "end": "17:00"}],
        licences=["C", "B"],
        avoids=["night"],
        max_minutes=45,
        may_move=True,
        retraining_isco08="7212",
        status="last_year",
        earliest_start=TODAY + timedelta(days=30),
        surveyed_on=TODAY - timedelta(days=400),
    )
    assert person_in(snapshot(session, scene), person.key) == engine.Candidate(
        key=person.key,
        kato=person.kato,
        wishes=(engine.Wish("7411"), engine.Wish("7112")),
        categories=("released",),
        pay_wanted=300_000,
        pay_accepted=200_000,
        hours=(engine.Span("12", "08:00", "17:00"),),
        licences=("B", "C"),
        avoids=("night",),
        max_minutes=45,
        may_move=True,
        retraining="7212",
        waiting_days=400,
        free_in=30,
        supervised=False,
    )


def test_who_answers_the_survey_anew_or_says_no_has_not_waited_less(
    session: Session, scene: Scene, now: datetime
) -> None:
    before = person_in(snapshot(session, scene), scene.first.key)
    set_fields(session, SYSTEM, scene.first, {"surveyed_on": TODAY}, reason="surveyed", now=now)
    job = make_opening(session, make_employer(session, centre_id=scene.centre.id))
    ban_pair(session, SYSTEM, (scene.first.id, job.id), cause="decline", now=now)
    after = snapshot(session, scene)
    assert person_in(after, scene.first.key) == before
    assert before.waiting_days == (TODAY - OPENED.date()).days
    for days, readiness, reason in ((9, "employed", "hired"), (4, "ready", "placement_ended")):
        at = now - timedelta(days=days)
        set_readiness(session, SYSTEM, scene.first, Readiness(readiness), reason=reason, now=at)
    back = person_in(snapshot(session, scene), scene.first.key)
    assert back.waiting_days == 4  # nobody waits for work while at work
    assert standings.find_left(session) == {scene.first.id: TODAY - timedelta(days=4)}
    assert after.forbidden == ((scene.first.key, job.key),)


def test_restrictions_in_force_on_the_day_enter_and_others_do_not(
    session: Session, scene: Scene
) -> None:
    night = {"start": "22:00", "end": "06:00"}
    restrict(session, scene, "home_hours", params=night, starts_on=TODAY, ends_on=TODAY)
    restrict(session, scene, "minors", ends_on=TODAY - timedelta(days=1))
    restrict(session, scene, "driving", starts_on=TODAY + timedelta(days=1))
    restrict(session, scene, "tag")
    person = person_in(snapshot(session, scene), scene.first.key)
    assert person.restrictions == (
        engine.Restriction("home_hours", (engine.Span("1234567", "22:00", "06:00"),)),
        engine.Restriction("tag"),
    )


@pytest.mark.parametrize(
    ("rule", "params"),
    [
        ("unheard_of", {}),
        ("home_hours", {"start": "22:00", "end": "late"}),
        ("barred_places", {}),
        ("banned_professions", {"professions": "23"}),
    ],
)
def test_whoever_has_a_restriction_that_cannot_be_read_is_held_out(
    session: Session, scene: Scene, rule: str, params: dict[str, Any]
) -> None:
    restrict(session, scene, rule, params=params)
    problem, held_out = take_snapshot(session, scene.centre.id, STANDARD, day=TODAY)
    assert [person.key for person in problem.candidates] == [scene.second.key]
    assert held_out["unread_restriction"] == 1


def keep_apart(session: Session, scene: Scene, now: datetime, *people: Candidate) -> None:
    probation = Actor(Role.PROBATION, territory=scene.centre.territory)
    for person in people:
        new = restrictions.NewRestriction("apart", {"case_number": "257500031000044"})
        restrictions.add_restriction(session, probation, person.key, new, now=now)


def test_people_of_one_case_share_a_number_and_nothing_else(
    session: Session, scene: Scene, now: datetime
) -> None:
    keep_apart(session, scene, now, scene.first, scene.second)
    problem = snapshot(session, scene)
    first, second = problem.candidates
    assert first.case == second.case is not None
    assert (first.restrictions, second.restrictions) == ((), ())
    assert "257500031000044" not in engine.write_problem(problem)[0]


def test_nobody_is_sent_where_another_of_the_case_is_already(
    session: Session, scene: Scene, now: datetime
) -> None:
    keep_apart(session, scene, now, scene.first, scene.second)
    elsewhere = make_opening(session, make_employer(session, centre_id=scene.centre.id))
    slot = make_slots(session, scene.employer)[0]
    move_slot(session, SYSTEM, slot, "reserve", now=now, holder=(scene.first.key, None))
    assert snapshot(session, scene).forbidden == ((scene.second.key, scene.vacancy.key),)
    alone = take_pair(session, scene.second, scene.vacancy, STANDARD, day=TODAY)
    assert alone.forbidden == ((scene.second.key, scene.vacancy.key),)
    assert take_pair(session, scene.second, elsewhere, STANDARD, day=TODAY).forbidden == ()


def test_whoever_is_in_two_cases_at_once_is_held_out(
    session: Session, scene: Scene, now: datetime
) -> None:
    keep_apart(session, scene, now, scene.first)
    restrict(session, scene, "apart", params={"group": "0f" * 16})
    assert [p.key for p in snapshot(session, scene).candidates] == [scene.second.key]


@pytest.mark.parametrize("field", ["blocked_at", "erased_at"])
def test_closed_records_stay_out(session: Session, scene: Scene, now: datetime, field: str) -> None:
    setattr(scene.first, field, now)
    session.flush()
    assert [p.key for p in snapshot(session, scene).candidates] == [scene.second.key]


def test_whoever_holds_a_slot_stays_out(session: Session, scene: Scene, now: datetime) -> None:
    slot = make_slots(session, scene.employer)[0]
    move_slot(session, SYSTEM, slot, "reserve", now=now, holder=(scene.first.key, None))
    problem, held_out = take_snapshot(session, scene.centre.id, STANDARD, day=TODAY)
    assert [person.key for person in problem.candidates] == [scene.second.key]
    assert held_out["in_progress"] == 1


def test_places_are_grouped_by_category_and_quota(
    session: Session, scene: Scene, now: datetime
) -> None:
    listed = {"vacancy_id": scene.vacancy.id}
    make_slots(session, scene.employer, 2, category="probation", **listed)
    taken: Slot = make_slots(session, scene.employer, 1, **listed)[0]
    move_slot(session, SYSTEM, taken, "reserve", now=now, holder=("somebody", None))
    make_slots(session, scene.employer, 1)  # pledged, under no vacancy yet
    problem = snapshot(session, scene)
    assert problem.vacancies[0].places == (
        engine.Places("probation", True, 2),
        engine.Places(None, False, 1),
    )
    assert problem.employers[0].quota_open == 3


@pytest.mark.parametrize(
    ("given", "enters"),
    [
        ({}, True),
        ({"expires_on": TODAY}, True),
        ({"expires_on": TODAY - timedelta(days=1)}, False),
        ({"state": "paused"}, False),
        ({"isco08": None}, False),
    ],
)
def test_vacancies_enter_while_they_are_open(
    session: Session, scene: Scene, given: dict[str, Any], enters: bool
) -> None:
    vacancy = make_opening(session, scene.employer, **given)
    assert (vacancy.key in {v.key for v in snapshot(session, scene).vacancies}) is enters


def test_a_course_offers_its_free_seats(session: Session, scene: Scene, now: datetime) -> None:
    course = Course(
        centre_id=scene.centre.id,
        provider="Колледж",
        title="Сварщик",
        isco08="7212",
        kato=scene.first.kato,
        territory=REGION,
        seats=10,
        least=5,
        starts_on=TODAY + timedelta(days=7),
        ends_on=TODAY + timedelta(days=67),
        cost=90_000,
        created_at=now,
    )
    session.add(course)
    session.flush()
    session.add(
        Enrolment(
            course_id=course.id,
            candidate_id=scene.first.id,
            state="accepted",
            offered_at=now,
        )
    )
    session.flush()
    (found,) = snapshot(session, scene).courses
    assert (found.seats, found.least, found.cost) == (9, 4, 90_000)
    assert (found.starts_in, found.ends_in) == (7, 67)
    course.cancelled_at = now
    session.flush()
    assert snapshot(session, scene).courses == ()


def test_recorded_minutes_of_a_district_hold_for_its_places(session: Session, scene: Scene) -> None:
    for kato, district in (("196233100", "196230000"), ("196243100", "196240000")):
        session.add(
            Place(
                kato=kato,
                kind="village",
                name_ru=kato,
                name_kk=kato,
                path=f"{REGION}{district}/{kato}/",
                district_kato=district,
            )
        )
        session.add(
            Place(
                kato=district, kind="district", name_ru="", name_kk="", path=f"{REGION}{district}/"
            )
        )
    session.flush()
    session.add(TravelTime(from_kato="196240000", to_kato="196230000", minutes=70))
    session.flush()
    home = make_mason(session, scene.centre, kato="196233100")
    make_opening(session, scene.employer).kato = "196243100"
    session.flush()
    legs = {(leg.home, leg.work): leg for leg in snapshot(session, scene).legs}
    assert legs[home.kato, "196243100"] == Leg(home.kato, "196243100", 70, None, by_district=True)
    assert (home.kato, scene.vacancy.kato) not in legs  # unknown is left out, not guessed
    # The nearer to the two places a time is recorded, the sooner it counts.
    for start, end, minutes, by_district in (
        ("196230000", "196243100", 75, True),
        ("196240000", home.kato, 85, True),
        (home.kato, "196243100", 80, False),
    ):
        session.add(TravelTime(from_kato=start, to_kato=end, minutes=minutes))
        session.flush()
        legs = {(leg.home, leg.work): leg for leg in snapshot(session, scene).legs}
        known = Leg(home.kato, "196243100", minutes, None, by_district=by_district)
        assert legs[home.kato, "196243100"] == known


def test_a_place_known_only_by_its_district_excludes_nobody(session: Session, scene: Scene) -> None:
    for kato, lat, located in (("196233100", 43.3, True), ("198000100", 47.0, False)):
        place = Place(
            kato=kato, kind="village", name_ru=kato, name_kk=kato, path=f"{REGION}{kato}/"
        )
        place.lat, place.lon, place.located = lat, 77.0, located
        session.add(place)
    session.flush()
    person = make_mason(session, scene.centre, kato="196233100", max_km=1)
    far = make_opening(session, scene.employer)
    far.kato = "198000100"
    session.flush()
    problem = snapshot(session, scene)
    assert ("196233100", "198000100") not in {(leg.home, leg.work) for leg in problem.legs}
    home = person_in(problem, person.key)
    job = next(job for job in problem.vacancies if job.key == far.key)
    assert (home.max_km, job.kato) == (1, "198000100")
    assert "distance" not in dict(check_pair(home, job, Ground(problem)))


def test_the_same_tables_give_the_same_bytes_on_both_databases(any_session: Session) -> None:
    scene = make_scene(any_session)
    make_opening(any_session, scene.employer)
    first = engine.write_problem(snapshot(any_session, scene))
    any_session.expire_all()
    assert engine.write_problem(snapshot(any_session, scene)) == first
    assert engine.write_problem(engine.read_problem(first[0])) == first
