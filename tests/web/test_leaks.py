"""What must never be read: markers stand in every sensitive field, and every page in reach is read.

A reader of each role starts at the first page and follows every link. No staff page shows a restriction's
source or rule, or what probation noted or decided; no specialist's page more than the name behind an own
task; no employer's page shows who the person is beyond a first name,
an identifier number, a restriction, or anything that was noted.
"""

import re
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matching import (
    checkins,
    closings,
    codes,
    consents,
    programmes,
    referrals,
    restrictions,
    reviews,
    schedule,
    tasks,
)
from matching.checkins import Decision
from matching.closings import Closing
from matching.codes import Purpose
from matching.consents import Evidence, Form
from matching.identities import Person
from matching.programmes import SECTIONS, NewMeasure, Outcome
from matching.restrictions import RULES, NewRestriction
from matching.reviews import Ruling
from quota.acts import load_acts
from quota.calendar import local_day
from quota.installation import mark_demonstration
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from tests.factories import (
    REGION,
    make_account,
    make_candidate,
    make_centre,
    make_course,
    make_employer,
    make_proposal,
    make_vacancy,
)
from tests.web.test_restrictions import BASIS
from web.words import WORDS

PARAMS = {
    "home_hours": {"days": "1234567", "start": "22:00", "end": "06:00"},
    "reporting": {"days": "2", "start": "10:00", "end": "12:00"},
    "treatment": {"days": "4", "start": "09:00", "end": "11:00"},
    "barred_places": {"places": ["196200000"]},
    "banned_professions": {"professions": ["53"]},
    "notice_to_leave": {"days_before": 2},
    "labour_hours": {"hours": 4},
    "corrective_labour": {"jobless_since": "2026-09-01"},
}
_numbers = count(1)
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
MARKS = st.text("abcdefghjkmnpqrstuvwxyz", min_size=12, max_size=12)


@pytest.fixture
def world(fill, now):
    """A centre with an employer, and the accounts that will read."""
    with fill() as session:
        load_rates(session)
        load_acts(session)
        mark_demonstration(session)
        centre = make_centre(session)
        employer = make_employer(session, centre_id=centre.id)
        make_vacancy(session, employer)
        return {
            "centre": centre,
            "firm": employer,
            Role.STAFF: make_account(session, Role.STAFF, centre_id=centre.id, locale="en"),
            Role.EMPLOYER: make_account(
                session, Role.EMPLOYER, employer_id=employer.id, locale="en"
            ),
            Role.SPECIALIST: make_account(session, Role.SPECIALIST, locale="en"),
        }


def make_marked(fill, world, now, rules: list[str], mark: str) -> dict[str, str]:
    """A person with a marker in every sensitive field, referred to the employer; returns the markers."""
    body = f"9901015{next(_numbers):04}"
    from quota.identifiers import control_digit

    digit = control_digit(body)
    iin = f"{body}{digit}" if digit is not None else None
    marks = {
        "source": f"zz{mark}s",
        "note": f"zz{mark}n",
        "own": f"zz{mark}o",
        "ruling": f"zz{mark}q",
        "paper": f"zz{mark}t",
        "order": f"zz{mark}u",
    }
    marks |= {"family": f"Zz{mark}f", "patronymic": f"Zz{mark}p", "number": f"zz{mark}r"}
    with fill() as session:
        person = Person(marks["family"], "Айдана", marks["patronymic"], iin, "+7 701 555 44 33")
        candidate = make_candidate(
            session, world["centre"].id, person=person, number=marks["number"]
        )
        probation = Actor(Role.PROBATION, territory=REGION)
        for rule in rules:
            new = NewRestriction(rule, PARAMS.get(rule, {}), f"{BASIS} {marks['source']}")
            restrictions.add_restriction(session, probation, candidate.key, new, now=now)
        tasks.add_note(session, probation, candidate.key, f"диагноз {marks['note']}", now=now)
        staff = Actor(Role.STAFF, centre_id=world["centre"].id)
        tasks.add_note(session, staff, candidate.key, marks["own"], now=now)
        codes.issue_code(session, SYSTEM, candidate.key, Purpose.PAGE, now=now)
        vacancy = make_vacancy(session, session.merge(world["firm"]))
        proposal = make_proposal(session, candidate, vacancy, now=now)
        reviews.approve(session, probation, proposal.key, Ruling(note=marks["ruling"]), now=now)
        asked = consents.ask_disclosure(session, SYSTEM, proposal.key, now=now)
        evidence = Evidence(Form.PAPER, local_day(now), "С-1")
        consents.give(session, SYSTEM, asked.key, evidence, now=now)
        referrals.issue(session, SYSTEM, proposal.key, now=now)
        support(session, world, candidate, marks, now)
        make_course(session, world["centre"].id, ends_on=local_day(now) + timedelta(days=90))
    return marks | ({"iin": iin} if iin else {})


def support(session, world, candidate, marks, now) -> None:
    """Two measures of a specialist, one to be closed on a signed paper, and a decision on check-ins."""
    day = local_day(now)
    new = NewMeasure("medical_screening", day + timedelta(days=9), world[Role.SPECIALIST].key, True)
    first, last = (programmes.plan(session, SYSTEM, candidate.key, new, now=now) for _ in "12")
    closings.propose(session, SYSTEM, first.key, Closing("not_needed", marks["paper"]), now=now)
    programmes.complete(session, SYSTEM, last.key, Outcome("carried_out"), now=now)
    decision = Decision(marks["order"], day, True, "1234567", "00:00", "24:00", day)
    checkins.order(session, SYSTEM, candidate.key, decision, now=now)
    schedule.make_due(session, now=now)


def read_everything(visitor, most: int = 120) -> dict[str, str]:
    """Every page a reader reaches by links from the first one, by address."""
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen or address.startswith(("/static", "/sign-out")):
            continue
        answer = visitor.get(address)
        seen[address] = answer.text if "text/html" in answer.headers["content-type"] else ""
        waiting += [found for found in LINK.findall(seen[address]) if found not in seen]
    return seen


RULE_WORDS = [
    word for code, word in WORDS["rule"].items() if code not in ("reporting", "treatment")
]
QUICK = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUICK
@given(rules=st.lists(st.sampled_from(RULES), min_size=4, unique=True), mark=MARKS)
def test_no_staff_page_tells_where_a_restriction_comes_from(
    sign_in, fill, world, now, rules, mark
) -> None:
    marks = make_marked(fill, world, now, rules, mark)
    pages = read_everything(sign_in(world[Role.STAFF]))
    together = "\n".join(pages.values())
    assert marks["family"] in together
    assert any("/candidates/" in address for address in pages)
    assert marks["paper"] in together
    for hidden in (BASIS, marks["source"], marks["note"], marks["order"]):
        assert hidden not in together
    for address, text in pages.items():
        if address.startswith(("/candidates", "/proposals", "/courses")):
            assert [word for word in RULE_WORDS if f">{word}<" in text] == [], address


@QUICK
@given(rules=st.lists(st.sampled_from(RULES), min_size=4, unique=True), mark=MARKS)
def test_no_employers_page_tells_more_than_a_first_name(
    sign_in, fill, world, now, rules, mark
) -> None:
    marks = make_marked(fill, world, now, rules, mark)
    pages = read_everything(sign_in(world[Role.EMPLOYER]))
    together = "\n".join(pages.values())
    assert "Айдана" in together
    for name, hidden in marks.items():
        assert hidden not in together, name
    kinds = [
        kind for section in ("medical", "psychological", "legal") for kind in SECTIONS[section]
    ]
    support_words = [*(WORDS["measure_kind"][kind] for kind in kinds), "heck-in"]
    for hidden in (BASIS, "701 555", *RULE_WORDS, *support_words):
        assert hidden not in together, hidden


@QUICK
@given(rules=st.lists(st.sampled_from(RULES), min_size=4, unique=True), mark=MARKS)
def test_no_specialists_page_tells_more_than_an_own_task(
    sign_in, fill, world, now, rules, mark
) -> None:
    marks = make_marked(fill, world, now, rules, mark)
    pages = read_everything(sign_in(world[Role.SPECIALIST]))
    together = "\n".join(pages.values())
    assert marks["family"] in together
    assert any(address.startswith("/queue/") for address in pages)
    for name in ("source", "note", "own", "ruling", "number", "order", "iin"):
        assert marks.get(name, BASIS) not in together, name
    assert [word for word in RULE_WORDS if f">{word}<" in together] == []
