"""What must never be read: markers stand in every sensitive field, and everything in reach is read.

A reader of each role starts at the first page and follows every link, to pages, papers and tables alike. No
staff page or file shows a restriction's source or rule, or what probation noted or decided; no specialist's
page more than the name behind an own task; nothing an employer gets, the letter carried there included,
shows who the person is beyond a name, an identifier number, a restriction, or anything that was noted.
"""

import re
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matching import (
    checkins,
    closings,
    codes,
    consents,
    enrolments,
    own,
    programmes,
    referrals,
    restrictions,
    reviews,
    schedule,
    surveys,
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
from matching.surveys import Way
from quota.acts import load_acts
from quota.calendar import local_day
from quota.installation import mark_demonstration
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.sheets import read_sheet
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
from tests.papers import read_docx, read_pdf
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
# The rounds of the factories were never solved: they have no plan to show.
SKIPPED = ("/static", "/sign-out", "/rounds/")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
OF_PROBATION = ("source", "note", "task", "order", "case")
HIDDEN = (
    *OF_PROBATION,
    "own",
    "objection",
    "ruling",
    "told",
    "paper",
    "consent",
    "certificate",
    "answer",
    "seat",
)
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
    marks = {name: f"zz{mark}{number:02}" for number, name in enumerate(HIDDEN)}
    marks |= {"family": f"Zz{mark}f", "patronymic": f"Zz{mark}p", "number": f"zz{mark}r"}
    with fill() as session:
        person = Person(marks["family"], "Айдана", marks["patronymic"], iin, "+7 701 555 44 33")
        candidate = make_candidate(
            session, world["centre"].id, person=person, number=marks["number"]
        )
        probation = Actor(Role.PROBATION, territory=REGION)
        params = PARAMS | {"apart": {"case_number": marks["case"]}}
        for rule in {*rules, "apart"}:
            new = NewRestriction(rule, params.get(rule, {}), f"{BASIS} {marks['source']}")
            restrictions.add_restriction(session, probation, candidate.key, new, now=now)
        tasks.add_note(session, probation, candidate.key, f"диагноз {marks['note']}", now=now)
        tasks.add_task(
            session, probation, candidate.key, marks["task"], due_on=local_day(now), now=now
        )
        staff = Actor(Role.STAFF, centre_id=world["centre"].id)
        tasks.add_note(session, staff, candidate.key, marks["own"], now=now)
        person = Actor(Role.CANDIDATE, candidate_id=candidate.id)
        own.object_to(session, person, candidate, marks["objection"], now=now)
        candidate.certificates = marks["certificate"]
        survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
        survey.answers = {"wishes": {"title_1": marks["answer"]}}
        codes.issue_code(session, SYSTEM, candidate.key, Purpose.PAGE, now=now)
        vacancy = make_vacancy(session, session.merge(world["firm"]))
        proposal = make_proposal(session, candidate, vacancy, now=now)
        ruling = Ruling(note=marks["ruling"], note_for_person=marks["told"])
        reviews.approve(session, probation, proposal.key, ruling, now=now)
        asked = consents.ask_disclosure(session, SYSTEM, proposal.key, now=now)
        evidence = Evidence(Form.PAPER, local_day(now), marks["consent"])
        consents.give(session, SYSTEM, asked.key, evidence, now=now)
        marks["answer_code"] = referrals.issue(session, SYSTEM, proposal.key, now=now).answer_code
        support(session, world, candidate, marks, now)
        ends = local_day(now) + timedelta(days=90)
        course = make_course(session, world["centre"].id, ends_on=ends)
        seat = enrolments.offer(session, SYSTEM, course.key, candidate.key, now=now)
        enrolments.accept(
            session, SYSTEM, seat.key, on=local_day(now), paper=marks["seat"], now=now
        )
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


def read_everything(visitor, most: int = 300, first: str = "/") -> dict[str, str]:
    """Every page, paper and table a reader reaches by links from the first page, by address."""
    seen: dict[str, str] = {}
    waiting = [first]
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen or address.startswith(SKIPPED):
            continue
        answer = visitor.get(address)
        seen[address] = read_answer(answer)
        if "text/html" in answer.headers["content-type"]:
            waiting += [unescape(found) for found in LINK.findall(seen[address])]
    return seen


def read_answer(answer) -> str:
    """What an answer says, whatever it is written as."""
    kind = answer.headers["content-type"].split(";")[0]
    if kind == "application/pdf":
        return read_pdf(answer.content)
    if "wordprocessingml" in kind:
        return read_docx(answer.content)
    if "spreadsheetml" in kind:
        return str(read_sheet(answer.content))
    return str(answer.text)


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
    for hidden in (BASIS, *(marks[name] for name in OF_PROBATION)):
        assert hidden not in together
    letters = [text for address, text in pages.items() if "/letter." in address]
    assert len(letters) >= 2, "as PDF and as DOCX"
    for name, hidden in marks.items():
        if name not in ("family", "seat"):  # a letter to a course names its own ground
            assert not any(hidden in text for text in letters), name
    assert not any(word in text for text in letters for word in RULE_WORDS)
    for address, text in pages.items():
        if address.startswith(("/candidates", "/proposals", "/courses")):
            assert [word for word in RULE_WORDS if f">{word}<" in text] == [], address


@QUICK
@given(rules=st.lists(st.sampled_from(RULES), min_size=4, unique=True), mark=MARKS)
def test_no_employers_page_tells_more_than_a_first_name(
    sign_in, fill, world, now, rules, mark
) -> None:
    marks = make_marked(fill, world, now, rules, mark)
    visitor = sign_in(world[Role.EMPLOYER])
    link = f"/answer/{marks.pop('answer_code')}"
    pages = {**read_everything(visitor), link: read_answer(visitor.get(link))}
    together = "\n".join(pages.values())
    assert "Айдана" in together and "Айдана" in pages[link]
    assert any(address.startswith("/exports/") for address in pages)
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
