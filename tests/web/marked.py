"""People with a marker in every sensitive field, and a centre with one of everything they can stand on.

marked = make_marked(session, world, rules, mark, now=now)       # referred to the world's employer
hire(session, world, marked, now=now)                            # ... and hired
addresses = furnish(session, world, now=now, folder=...)         # pages that no link leads to
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matching import (
    checkins,
    closings,
    codes,
    consents,
    enrolments,
    gatherings,
    own,
    placements,
    policies,
    programmes,
    referrals,
    restrictions,
    reviews,
    schedule,
    surveys,
    tasks,
    variants,
)
from matching.candidates import Candidate
from matching.checkins import Decision
from matching.choices import Choice, choose_professions
from matching.closings import Closing
from matching.codes import Purpose
from matching.consents import MATCHING, Consent, Evidence, Form
from matching.courses import Enrolment
from matching.gatherings import NewGathering
from matching.identities import Person
from matching.placements import Contract
from matching.programmes import Measure, NewMeasure, Outcome
from matching.restrictions import NewRestriction
from matching.reviews import Ruling
from matching.rounds import Proposal
from matching.surveys import Way
from quota import (
    aliases,
    attachments,
    cases,
    certificates,
    contacts,
    decrees,
    evidence,
    inspections,
    meetings,
)
from quota.accounts import Account
from quota.acts import load_acts
from quota.attachments import Upload
from quota.calendar import local_day
from quota.centres import Centre
from quota.decrees import Decree, Line
from quota.employers import Employer
from quota.evidence import Kind, Paper
from quota.identifiers import control_digit
from quota.inspection_rows import list_inspections
from quota.inspections import NewCampaign
from quota.installation import mark_demonstration
from quota.meetings import MeetingKind
from quota.memoranda import Memorandum
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from quota.slots import Slot
from tests.factories import (
    REGION,
    make_account,
    make_candidate,
    make_centre,
    make_course,
    make_employer,
    make_proposal,
    make_slots,
    make_vacancy,
)
from tests.matching.scene import Scene, make_mason, make_opening, solve_round, work_off
from tests.web.test_restrictions import BASIS

PDF = Upload("", b"%PDF-1.7 invented")
PARTS = ("", "/data", "/survey")
# What is linked only while something waits there, or for another role.
UNLINKED = (
    "/exports/candidates?form=csv",
    "/open-vacancies",
    "/refusals",
    "/reference",
    "/reports/offences/xlsx",
    "/reports/quota",
    "/rounds/orders",
    "/survey-form/kk.pdf",
)
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
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class World:
    centre: Centre
    firm: Employer
    accounts: dict[Role, Account]

    @property
    def staff(self) -> Actor:
        account = self.accounts[Role.STAFF]
        return Actor(Role.STAFF, account.id, self.centre.id, territory=REGION)


@dataclass(frozen=True, slots=True)
class Marked:
    """A person, what must not be read by name, the given name, the own code and the employer's link."""

    key: str
    marks: dict[str, str]
    given: str
    code: str
    link: str


def make_world(session: Session) -> World:
    """A centre with an employer, and an account of every role that reads there."""
    load_rates(session)
    load_acts(session)
    policies.load_policies(session)
    mark_demonstration(session)
    centre = make_centre(session)
    firm = make_employer(session, centre_id=centre.id)
    homes: dict[Role, dict[str, Any]] = {
        Role.STAFF: {"centre_id": centre.id},
        Role.EMPLOYER: {"employer_id": firm.id},
    }
    accounts = {
        role: make_account(session, role, locale="en", **homes.get(role, {}))
        for role in ACCOUNT_ROLES
    }
    return World(centre, firm, accounts)


def make_marked(
    session: Session, world: World, rules: list[str], mark: str, *, now: datetime
) -> Marked:
    """A person on probation with a marker in every sensitive field, referred to the employer."""
    marks = {name: f"zz{mark}{number:02}" for number, name in enumerate(HIDDEN)}
    marks |= {"family": f"Zz{mark}f", "patronymic": f"Zz{mark}p", "number": f"zz{mark}r"}
    body, given = f"9901015{next(_numbers):04}", f"Айдана-{mark}"
    digit = control_digit(body)
    if digit is not None:
        marks["iin"] = f"{body}{digit}"
    person = Person(
        marks["family"], given, marks["patronymic"], marks.get("iin"), "+7 701 555 44 33"
    )
    candidate = make_candidate(session, world.centre.id, person=person, number=marks["number"])
    _restrict(session, candidate, rules, marks, now)
    _talk_about(session, world, candidate, marks, now)
    link = _refer(session, world, candidate, marks, now)
    _support(session, world, candidate, marks, now)
    _seat(session, world, candidate, marks, now)
    code = codes.issue_code(session, SYSTEM, candidate.key, Purpose.PAGE, now=now).text
    return Marked(candidate.key, marks, given, code, f"/answer/{link}")


def _restrict(
    session: Session, candidate: Candidate, rules: list[str], marks: dict[str, str], now: datetime
) -> None:
    probation = Actor(Role.PROBATION, territory=REGION)
    params = PARAMS | {"apart": {"case_number": f"1{marks['case']}"}}
    for rule in sorted({*rules, "apart"}):
        new = NewRestriction(rule, params.get(rule, {}), f"{BASIS} {marks['source']}")
        restrictions.add_restriction(session, probation, candidate.key, new, now=now)


def _talk_about(
    session: Session, world: World, candidate: Candidate, marks: dict[str, str], now: datetime
) -> None:
    probation, staff = Actor(Role.PROBATION, territory=REGION), world.staff
    day = local_day(now)
    tasks.add_note(session, probation, candidate.key, f"диагноз {marks['note']}", now=now)
    tasks.add_task(session, probation, candidate.key, marks["task"], due_on=day, now=now)
    tasks.add_note(session, staff, candidate.key, marks["own"], now=now)
    person = Actor(Role.CANDIDATE, candidate_id=candidate.id)
    own.object_to(session, person, candidate, marks["objection"], now=now)
    candidate.certificates = marks["certificate"]
    survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    survey.answers = {"wishes": {"title_1": marks["answer"]}}


def _refer(
    session: Session, world: World, candidate: Candidate, marks: dict[str, str], now: datetime
) -> str:
    probation = Actor(Role.PROBATION, territory=REGION)
    proposal = make_proposal(
        session, candidate, make_vacancy(session, session.merge(world.firm)), now=now
    )
    ruling = Ruling(note=marks["ruling"], note_for_person=marks["told"])
    reviews.approve(session, probation, proposal.key, ruling, now=now)
    asked = consents.ask_disclosure(session, SYSTEM, proposal.key, now=now)
    on_paper = Evidence(Form.PAPER, local_day(now), marks["consent"])
    consents.give(session, SYSTEM, asked.key, on_paper, now=now)
    return referrals.issue(session, SYSTEM, proposal.key, now=now).answer_code


def _support(
    session: Session, world: World, candidate: Candidate, marks: dict[str, str], now: datetime
) -> None:
    """Measures of a specialist, one to be closed on a signed paper, and a decision on check-ins."""
    day, doctor = local_day(now), world.accounts[Role.SPECIALIST].key
    screening = NewMeasure("medical_screening", day + timedelta(days=9), doctor, True)
    group = replace(screening, kind="group_work", gate=False)
    closed, done, _ = (
        programmes.plan(session, SYSTEM, candidate.key, new, now=now)
        for new in (screening, screening, group)
    )
    closings.propose(session, SYSTEM, closed.key, Closing("not_needed", marks["paper"]), now=now)
    programmes.complete(session, SYSTEM, done.key, Outcome("carried_out"), now=now)
    decision = Decision(marks["order"], day, True, "1234567", "00:00", "24:00", day)
    checkins.order(session, SYSTEM, candidate.key, decision, now=now)
    schedule.make_due(session, now=now)


def _seat(
    session: Session, world: World, candidate: Candidate, marks: dict[str, str], now: datetime
) -> None:
    day = local_day(now)
    course = make_course(session, world.centre.id, ends_on=day + timedelta(days=90))
    seat = enrolments.offer(session, SYSTEM, course.key, candidate.key, now=now)
    enrolments.accept(session, SYSTEM, seat.key, on=day, paper=marks["seat"], now=now)


def hire(session: Session, world: World, marked: Marked, *, now: datetime) -> str:
    """The marked person is hired; the key of the placement."""
    boss = Actor(Role.EMPLOYER, employer_id=world.firm.id)
    referral = referrals.find_by_answer_code(session, marked.link.removeprefix("/answer/"))[0]
    contract = Contract("15", local_day(now), local_day(now), 180_000)
    return placements.hire(session, boss, referral.key, contract, now=now).key


def free(session: Session, world: World, marked: Marked, *, now: datetime) -> str:
    """The marked person is sent nowhere any more, and may enter a round; the key of the ended proposal."""
    referral = referrals.find_by_answer_code(session, marked.link.removeprefix("/answer/"))[0]
    referrals.cancel(session, SYSTEM, referral.key, reason="transferred", now=now)
    candidate = session.get_one(Candidate, referral.candidate_id)
    mine = {"candidate_id": candidate.id}
    for seat in session.query(Enrolment).filter_by(**mine):
        enrolments.leave(session, SYSTEM, seat.key, reason="found_work", now=now)
    for measure in session.query(Measure).filter_by(state="closing", **mine):
        closings.confirm(session, world.staff, measure.key, now=now)
    choices = [Choice(title="қалаушы", isco08="7112")]
    choose_professions(session, SYSTEM, candidate, choices, now=now)
    session.add(Consent(candidate_id=candidate.id, scope=MATCHING, state="given", asked_at=now))
    session.flush()
    return session.get_one(Proposal, referral.proposal_id).key


def furnish(session: Session, world: World, *, now: datetime, folder: Path) -> list[str]:
    """One of everything else that has a page in the centre; the addresses no link leads to."""
    firm, staff, day = session.merge(world.firm), world.staff, local_day(now)
    boss = Actor(Role.EMPLOYER, employer_id=firm.id)
    prosecutor = Actor(Role.PROSECUTOR, territory=REGION)
    contact = contacts.add_contact(session, staff, firm, {"name": "Сауле"}, now=now)
    meeting = meetings.plan_meeting(session, staff, firm, MeetingKind.MEETING, at=now, now=now)
    make_slots(session, firm)
    memorandum = session.query(Memorandum).filter_by(employer_id=firm.id).first()
    scan = attachments.attach(session, staff, memorandum, PDF, folder=folder, now=now)
    act = {"akimat": "Облыс", "number": "7", "title": "Квота", "territory": REGION}
    decree = Decree(centre_id=world.centre.id, dated=day, **act)
    decrees.add_decree(session, staff, decree, [], now=now)
    line = Line(category="probation", stated=1)
    decrees.add_line(session, staff, decree, firm, line, now=now)
    paper = Paper(Kind.PAYROLL, day, PDF)
    evidence.send_evidence(session, boss, firm, paper, folder=folder, now=now)
    alias = aliases.propose(session, staff, "шабашник", "9313", centre_id=world.centre.id, now=now)
    certificate = certificates.issue_certificate(session, staff, firm, now=now)
    group = NewGathering("conflicts", now + timedelta(days=2), 5)
    specialist = Actor(Role.SPECIALIST, world.accounts[Role.SPECIALIST].id)
    gathering = gatherings.call_together(session, specialist, group, now=now)
    new = NewCampaign("Күз", day - timedelta(days=60), day, size=5, cases_each=3)
    campaign = inspections.add_campaign(session, prosecutor, new, now=now)
    cases.start_campaign(session, prosecutor, campaign.key, seed="1", now=now)
    rows = list_inspections(session, prosecutor, campaign=campaign, now=now)
    drawn = next(row for row in rows if row.employer_name == firm.name)
    proof = cases.attach_evidence(session, boss, drawn.key, PDF, folder=folder, now=now)
    round_ = _solve(session, world, firm, now)
    slot = session.query(Slot).filter_by(employer_id=firm.id).first()
    people = [one.key for one in session.query(Candidate)]
    return [
        f"/contacts/{contact.key}",
        f"/meetings/{meeting.key}",
        f"/memoranda/{memorandum.key}/files/{scan.key}",
        f"/decree-lines/{line.key}",
        f"/professions/{alias.key}",
        f"/certificates/{certificate.key}",
        f"/slots/{slot.key}",
        f"/verify/{certificate.code}",
        f"/inspections/{drawn.key}/files/{proof.key}",
        f"/draws/{campaign.code}",
        f"/draws/{campaign.code}/frame.csv",
        f"/queue/groups/{gathering.key}",
        *(f"/rounds/{round_}/{name}" for name in ("", "frontier", "prices", "reserves")),
        *(f"/rounds/{round_}/people/{key}" for key in people),
        *(f"/candidates/{key}{part}" for key in people for part in PARTS),
        *UNLINKED,
    ]


def _solve(session: Session, world: World, firm: Employer, now: datetime) -> str:
    """A solved round with its call list and a variant; somebody can be placed whatever the rules say."""
    job, other = make_opening(session, firm), make_mason(session, world.centre)
    scene = Scene(world.centre, world.staff, firm, job, other, other)
    key = solve_round(session, scene, now).key
    wish = variants.Wish(vacancy=job.key, places=1)
    variants.try_wish(session, world.staff, key, "Бір орын артық", wish, now=now)
    work_off(session, now)
    return key
