"""Restrictions: entered by probation, neutral for the centre, their source only on a purpose."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matching import restrictions
from matching.candidates import Candidate, Restriction
from matching.restrictions import RULES, Effect, NewRestriction
from quota.acts import load_acts
from quota.errors import Invalid, NotAllowed, NotFound
from quota.journal import Entry
from quota.rights import Actor, Role
from tests.factories import REGION, make_candidate, make_centre

BASIS = "приговор № 1-77/2025"
NIGHT = {"days": "1234567", "start": "22:00", "end": "06:00"}
PARAMS = {
    "home_hours": NIGHT,
    "reporting": {"days": "2", "start": "10:00", "end": "12:00"},
    "treatment": {"days": "4", "start": "09:00", "end": "11:00"},
    "barred_places": {"places": ["196220100"]},
    "banned_professions": {"professions": ["53"]},
    "notice_to_leave": {"days_before": 2},
    "labour_hours": {"hours": 4},
    "corrective_labour": {"jobless_since": "2026-09-20"},
    "apart": {"case_number": "257500031000044"},
}


@pytest.fixture
def candidate(session: Session) -> Candidate:
    return make_candidate(session, make_centre(session).id)


@pytest.fixture
def probation() -> Actor:
    return Actor(Role.PROBATION, territory=REGION)


@pytest.fixture
def staff(candidate: Candidate) -> Actor:
    return Actor(Role.STAFF, centre_id=candidate.centre_id)


def enter(
    session: Session, actor: Actor, candidate: Candidate, now: datetime, rule: str, **given: object
) -> Restriction:
    new = NewRestriction(rule, PARAMS.get(rule, {}), BASIS, **given)
    return restrictions.add_restriction(session, actor, candidate.key, new, now=now)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_entered_and_its_source_is_sealed(
    session, candidate, probation, now, rule: str
) -> None:
    enter(session, probation, candidate, now, rule)
    assert BASIS not in session.scalar(text("SELECT legal_basis FROM restrictions"))
    (row,) = restrictions.list_restrictions(session, probation, candidate, now=now)
    assert (row.rule, row.in_force) == (rule, True)


@pytest.mark.parametrize("rule", RULES)
def test_staff_learn_what_is_possible_and_not_why(
    session, candidate, probation, staff, now, rule: str
) -> None:
    enter(session, probation, candidate, now, rule)
    effects = restrictions.list_effects(session, staff, candidate, now=now)
    assert rule not in str(effects)
    expected = {
        "home_hours": Effect("not_free", NIGHT),
        "reporting": Effect("not_free", PARAMS["reporting"]),
        "treatment": Effect("not_free", PARAMS["treatment"]),
        "barred_places": Effect("not_in_places", {"places": ["196220100"]}),
        "notice_to_leave": Effect("notice_before_leaving", {"days": 2}),
        "labour_hours": Effect("hours_of_duty", {"hours": 4}),
    }
    silent = ("tag", "forced_labour", "corrective_labour")
    wanted = expected.get(rule, Effect("not_every_workplace"))
    assert effects == ([] if rule in silent else [wanted])
    for refused in (restrictions.list_restrictions,):
        with pytest.raises(NotAllowed):
            refused(session, staff, candidate, now=now)


def test_kinds_of_workplace_are_told_once(session, candidate, probation, staff, now) -> None:
    for rule in ("minors", "driving", "state_sector"):
        enter(session, probation, candidate, now, rule)
    effects = restrictions.list_effects(session, staff, candidate, now=now)
    assert effects == [Effect("not_every_workplace")]


def test_the_source_opens_on_a_purpose_that_is_written_down(
    session, candidate, probation, now
) -> None:
    load_acts(session)
    restriction = enter(session, probation, candidate, now, "minors", starts_on=date(2026, 1, 1))
    with pytest.raises(Invalid):
        restrictions.reveal_source(session, probation, restriction.key, purpose=" ", now=now)
    source = restrictions.reveal_source(
        session, probation, restriction.key, purpose="проверка жалобы", now=now
    )
    assert source.legal_basis == BASIS
    assert source.act.startswith("Labour Code, Art. 26")
    session.flush()
    entry = session.scalars(select(Entry).where(Entry.verb == "reveal_source")).one()
    assert (entry.reason, entry.record_key) == ("проверка жалобы", restriction.key)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.PROBATION, Role.SYSTEM)])
def test_nobody_but_probation_sees_a_source(session, candidate, probation, now, role) -> None:
    restriction = enter(session, probation, candidate, now, "minors")
    actor = Actor(role, centre_id=candidate.centre_id, candidate_id=candidate.id, territory=REGION)
    with pytest.raises(NotAllowed):
        restrictions.reveal_source(session, actor, restriction.key, purpose="работа", now=now)
    with pytest.raises(NotAllowed):
        enter(session, actor, candidate, now, "minors")


def test_another_territory_is_out_of_reach(session, candidate, now) -> None:
    with pytest.raises(NotFound):
        enter(session, Actor(Role.PROBATION, territory="/75/"), candidate, now, "minors")


def test_a_restriction_ends_on_its_day(session, candidate, probation, staff, now) -> None:
    restriction = enter(session, probation, candidate, now, "home_hours")
    key = restriction.key
    end = restrictions.end_restriction
    with pytest.raises(Invalid):
        end(session, probation, key, on=date(2026, 11, 22), reason="", now=now)
    end(session, probation, key, on=date(2026, 11, 22), reason="суд отменил", now=now)
    assert restrictions.list_effects(session, staff, candidate, now=now) == []


def test_a_life_ban_has_no_last_day(session, candidate, probation, now) -> None:
    ban = enter(session, probation, candidate, now, "minors", starts_on=date(2001, 5, 1))
    assert restrictions.is_in_force(ban, date(2090, 1, 1))


@pytest.mark.parametrize(
    ("rule", "params", "field"),
    [
        ("unheard_of", {}, "rule"),
        ("home_hours", {}, "start"),
        ("home_hours", {**NIGHT, "days": "18"}, "days"),
        ("reporting", {"start": "10", "end": "12:00"}, "start"),
        ("barred_places", {}, "places"),
        ("banned_professions", {"professions": []}, "professions"),
        ("labour_hours", {"hours": 5}, "hours"),
        ("notice_to_leave", {}, "days_before"),
        ("corrective_labour", {"jobless_since": "soon"}, "jobless_since"),
        ("apart", {}, "case_number"),
        ("apart", {"case_number": "none"}, "case_number"),
        ("apart", {"case_number": "7" * 81}, "case_number"),
    ],
)
def test_params_that_a_rule_cannot_read_are_refused(
    session, candidate, probation, now, rule, params, field
) -> None:
    with pytest.raises(Invalid) as refusal:
        restrictions.add_restriction(
            session, probation, candidate.key, NewRestriction(rule, params), now=now
        )
    assert refusal.value.faults[0].field == field
    assert session.scalars(select(Restriction)).all() == []


def test_a_case_is_kept_sealed_and_known_by_an_opaque_group(
    session, candidate, probation, now
) -> None:
    def enter_case(person: Candidate, number: str, **given: object) -> Restriction:
        new = NewRestriction("apart", {"case_number": number}, BASIS, **given)
        return restrictions.add_restriction(session, probation, person.key, new, now=now)

    mine = enter_case(candidate, "1-77/2025", ends_on=date(2026, 12, 31))
    other = enter_case(make_candidate(session, candidate.centre_id), " № 1-77 / 2025")
    third = enter_case(make_candidate(session, candidate.centre_id), "17-7/2025")
    assert mine.params == other.params != third.params
    assert (
        "77" not in f"{mine.params}{session.scalar(text('SELECT case_number FROM restrictions'))}"
    )
    reveal = restrictions.reveal_source
    source = reveal(session, probation, other.key, purpose="проверка", now=now)
    assert source.case_number == "№ 1-77 / 2025"
    with pytest.raises(Invalid) as refusal:
        enter_case(candidate, "2-11/2026", starts_on=date(2026, 12, 31))
    assert refusal.value.faults[0].code == "in_another_case"
    enter_case(candidate, "2-11/2026", starts_on=date(2027, 1, 1))


@given(st.lists(st.sampled_from(RULES), max_size=6))
def test_effects_do_not_depend_on_the_order_of_entry(rules: list[str]) -> None:
    rows = [Restriction(rule=rule, params=PARAMS.get(rule, {})) for rule in rules]
    assert restrictions.effects_of(rows) == restrictions.effects_of(reversed(rows))
