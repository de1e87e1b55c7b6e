"""A simulated year: monthly rounds over the demonstration region, through the verbs anybody uses.

People are surveyed month by month; each round is solved in this process; inspectors, candidates and
employers answer, refuse, leave or stay silent as `manners` draws it from the seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import study
from app.demo.ground import to_table
from app.demo.manners import Manners, choose, draw
from app.demo.region import SEED, Region
from matching import (
    answers,
    consents,
    duties,
    enrolments,
    placements,
    referrals,
    reviews,
    rounds,
    solving,
    tasks,
)
from matching.candidates import Candidate
from matching.consents import DISCLOSURE, Consent, Evidence, Form
from matching.courses import Enrolment
from matching.imports.candidates import CandidateImport
from matching.imports.courses import CourseImport
from matching.placements import Contract, FollowUp, Placement
from matching.publication import publish_round
from matching.referrals import LIVE, Referral
from matching.reviews import Ruling
from matching.rounds import Proposal
from matching.solving import Progress, Tell
from quota import listings
from quota.calendar import local_day
from quota.imports.report import Report, Status
from quota.rights import SYSTEM, Actor, Role
from quota.sheets import read_sheet, write_xlsx
from quota.vacancies import Vacancy

MONTHS = 12
DAYS_IN_MONTH = 30
SURVEYING = 10  # months in which people are surveyed
COURSES_EVERY = 2
SAID = ("surveyed_on", "consent_on")  # days that belong to the survey itself


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts in the year, and how people behave. `second` reviews what `staff` published."""

    session: Session
    centre_id: int
    staff: Actor
    second: Actor
    probation: Actor
    since: datetime
    seed: int = SEED
    manners: Manners = field(default_factory=Manners)

    def draw(self, step: str, candidate_id: int, now: datetime) -> int:
        """By person, step and day of the year, so that a year begun on another day draws alike."""
        number = self.session.get_one(Candidate, candidate_id).number
        return draw(self.seed, step, number, (now - self.since).days)


def forget_surveys(region: Region, *, found_work: int) -> Region:
    """The region before anybody was surveyed, with `found_work` fewer people in work."""
    people, left = [], found_work
    for row in region.tables["candidates"]:
        readiness = row["readiness"]
        if "surveyed_on" in row or (readiness == "employed" and left > 0):
            left -= "surveyed_on" not in row
            row = {name: row[name] for name in _REGISTER} | {"readiness": "not_surveyed"}
        people.append(row)
    return Region({**region.tables, "candidates": people}, region.travel, region.limits)


def live_year(office: Office, region: Region, *, tell: Tell) -> datetime:
    """Twelve months from the office's `since`; `region` is the one with the surveys. Returns the year's
    last moment."""
    since = office.since
    surveyed = [row for row in region.tables["candidates"] if "surveyed_on" in row]
    for month in range(MONTHS):
        first = since + timedelta(days=1 + month * DAYS_IN_MONTH)
        survey(office, surveyed[month::SURVEYING] if month < SURVEYING else [], now=first)
        if month and month % COURSES_EVERY == 0:
            offer_courses(office, region.tables["courses"], month=month, now=first)
        renew_vacancies(office, now=first)
        hold_round(office, now=first + timedelta(days=1))
        for days, step in WALK:
            step(office, now=first + timedelta(days=days))
            expire(office, now=first + timedelta(days=days, hours=1))
        tell(Progress("year", month + 1, MONTHS))
    return since + timedelta(days=MONTHS * DAYS_IN_MONTH + 1)


def survey(office: Office, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Enters what people said today, as the desk's own table."""
    if rows:
        today = dict.fromkeys(SAID, local_day(now))
        told = [{**row, **{n: d for n, d in today.items() if n in row}} for row in rows]
        sheet = read_sheet(write_xlsx({"survey": to_table(told)}))
        where = {"centre_id": office.centre_id, "now": now}
        _need_all(
            CandidateImport.bring(office.session, office.staff, sheet, accept_sure=True, **where)
        )


def offer_courses(
    office: Office, rows: Sequence[Mapping[str, Any]], *, month: int, now: datetime
) -> None:
    """The same courses again, later."""
    later = timedelta(days=month * DAYS_IN_MONTH)
    moved = [
        {**row, "starts_on": row["starts_on"] + later, "ends_on": row["ends_on"] + later}
        for row in rows
    ]
    sheet = read_sheet(write_xlsx({"courses": to_table(moved)}))
    where = {"centre_id": office.centre_id, "now": now}
    _need_all(CourseImport.bring(office.session, office.staff, sheet, **where))


def renew_vacancies(office: Office, *, now: datetime) -> None:
    today = local_day(now)
    soon = today + timedelta(days=DAYS_IN_MONTH + 1)
    listed = select(Vacancy.key).where(Vacancy.state == "listed", Vacancy.expires_on < soon)
    for key in office.session.scalars(listed.order_by(Vacancy.id)).all():
        term = today + timedelta(days=3 * DAYS_IN_MONTH)
        listings.renew_vacancy(office.session, office.staff, key, expires_on=term, now=now)


def hold_round(office: Office, *, now: datetime) -> None:
    session, staff = office.session, office.staff
    key = rounds.open_round(session, staff, centre_id=office.centre_id, now=now).key
    solving.queue_round(session, staff, key, now=now)
    problem = solving.start_round(session, staff, key, worker="year", now=now)
    solving.finish_round(session, staff, key, solving.solve_problem(problem), now=now)
    publish_round(session, staff, key, now=now)


def review(office: Office, *, now: datetime) -> None:
    waiting = select(Proposal).where(Proposal.state == "proposed", Proposal.escalated_at.is_(None))
    manners = office.manners
    for proposal in office.session.scalars(waiting.order_by(Proposal.id)).all():
        actor = office.probation if proposal.supervised else office.second
        number = office.draw("review", proposal.candidate_id, now)
        match choose(number, {"approve": manners.approve, "reject": manners.reject}):
            case "approve":
                reviews.approve(office.session, actor, proposal.key, Ruling(), now=now)
            case "reject":
                why = Ruling(("too_far", "hours_clash", "profession_mismatch")[number % 3])
                reviews.reject(office.session, actor, proposal.key, why, now=now)


def consent(office: Office, *, now: datetime) -> None:
    asked = select(Consent).where(Consent.state == "asked", Consent.scope == DISCLOSURE)
    manners = office.manners
    for one in office.session.scalars(asked.order_by(Consent.id)).all():
        number = office.draw("consent", one.candidate_id, now)
        match choose(number, {"give": manners.consent, "refuse": manners.refuse_consent}):
            case "give":
                paper = Evidence(Form.PAPER, local_day(now), f"К-{one.id}")
                consents.give(office.session, office.staff, one.key, paper, now=now)
            case "refuse":
                consents.refuse(office.session, office.staff, one.key, now=now)


def send(office: Office, *, now: datetime) -> None:
    """Letters for everybody who consented; after a course when it is finished."""
    ready = (
        select(Proposal, Enrolment.state)
        .join(Consent, Consent.proposal_id == Proposal.id)
        .outerjoin(Enrolment, Enrolment.proposal_id == Proposal.id)
        .where(Proposal.state == "approved", Consent.state == "given")
        .order_by(Proposal.id)
    )
    for proposal, seat in office.session.execute(ready).all():
        if proposal.course_id is None or seat == "completed":
            referrals.issue(office.session, office.staff, proposal.key, now=now)


def retrain(office: Office, *, now: datetime) -> None:
    """Seats are taken, courses go on; a few leave theirs."""
    session = office.session
    seated = set(session.scalars(select(Enrolment.candidate_id)))
    leaves = {c for c in seated if office.draw("course", c, now) < office.manners.drop}
    study.study(session, office.staff, leaves=frozenset(leaves), now=now)

    def learns(candidate_id: int) -> bool:
        # Asked again they answer the same.
        return office.draw("learn", candidate_id, office.since) < office.manners.learn

    study.enrol(session, office.staff, office.probation, learns=learns, now=now)
    study.invite(session, office.staff, office.probation, learns=learns, now=now)


def answer(office: Office, *, now: datetime) -> None:
    manners = office.manners
    shares = {"hire": manners.hire, "refuse": manners.refuse, "decline": manners.decline}
    live = select(Referral).where(Referral.state == "issued").order_by(Referral.id)
    for referral in office.session.scalars(live).all():
        if referral.state in LIVE:  # a hire before in this loop may have closed it
            number = office.draw("answer", referral.candidate_id, now)
            step = ANSWERS.get(choose(number, shares))
            if step:
                step(office, referral, number=number, now=now)


def _hire(office: Office, referral: Referral, *, number: int, now: datetime) -> None:
    boss, key = _boss(referral.employer_id), referral.key
    vacancy = office.session.get_one(Vacancy, referral.vacancy_id)
    pay = vacancy.pay_from + (vacancy.pay_to - vacancy.pay_from) * (number % 5) // 8
    answers.present(office.session, boss, key, now=now)
    answers.accept(office.session, boss, key, now=now)
    today = local_day(now)
    contract = Contract(f"Д-{referral.number}", today, today, pay)
    placements.hire(office.session, boss, key, contract, now=now)


def _refuse(office: Office, referral: Referral, *, number: int, now: datetime) -> None:
    reason = ("qualification", "vacancy_filled", "health", "no_ground")[number % 4]
    boss = _boss(referral.employer_id)
    answers.refuse(office.session, boss, referral.key, reason=reason, now=now)


def _decline(office: Office, referral: Referral, *, number: int, now: datetime) -> None:
    reason = ("pay_below_accepted", "pay_below_accepted", "too_far", "not_interested")[number % 4]
    answers.decline(office.session, office.staff, referral.key, reason=reason, now=now)


ANSWERS = {"hire": _hire, "refuse": _refuse, "decline": _decline}


def miss(office: Office, *, now: datetime) -> None:
    """Of those who did not come some are told about; the rest is silence."""
    waiting = select(Referral).where(Referral.state == "issued", Referral.come_by < local_day(now))
    for referral in office.session.scalars(waiting.order_by(Referral.id)).all():
        if office.draw("miss", referral.candidate_id, now) < 100 * office.manners.miss // 24:
            boss = _boss(referral.employer_id)
            answers.miss(office.session, boss, referral.key, now=now)


def follow(office: Office, *, now: datetime) -> None:
    """Asks about everybody whose day has come: still there, gone, or no answer this time."""
    due = (
        select(Placement)
        .join(FollowUp, FollowUp.placement_id == Placement.id)
        .where(Placement.state.in_(("started", "kept")))
        .where(FollowUp.kept_at.is_(None), FollowUp.due_on <= local_day(now))
        .order_by(Placement.id)
        .distinct()
    )
    manners = office.manners
    for job in office.session.scalars(due).all():
        number = office.draw("follow", job.candidate_id, now)
        boss = _boss(job.employer_id)
        match choose(number, {"keep": manners.keep, "leave": manners.leave}):
            case "keep":
                placements.keep(office.session, boss, job.key, now=now)
            case "leave":
                why = ("own_wish", "better_work", "absence", "agreement")[number % 4]
                leaving = (why, local_day(now))
                placements.end(office.session, boss, job.key, leaving, now=now)


def notify(office: Office, *, now: datetime) -> None:
    """Probation writes down what it has to be told by law."""
    mine = tasks.list_due(office.session, office.probation, until=local_day(now))
    for task in mine:
        if task.code in duties.CODES:
            tasks.finish_task(office.session, office.probation, task.key, now=now)


def expire(office: Office, *, now: datetime) -> None:
    """What the timer does."""
    session = office.session
    listings.expire_due(session, SYSTEM, now=now)
    enrolments.free_overdue(session, SYSTEM, now=now)
    reviews.expire_proposals(session, now=now)
    consents.expire_consents(session, SYSTEM, now=now)
    referrals.expire_referrals(session, now=now)


# Days after the month's first, and who is busy on them.
WALK: tuple[tuple[int, Callable[..., None]], ...] = (
    (3, review),
    (5, consent),
    (6, retrain),
    (7, send),
    (10, answer),
    (15, miss),
    (17, retrain),
    (18, send),
    (20, follow),
    (21, notify),
    (22, answer),
    (26, expire),
)
_REGISTER = (
    "number", "iin", "family_name", "given_name", "patronymic", "phone", "place", "district", "sex",
    "birth_year", "language", "status", "status_since", "earliest_start", "registered_on",
)  # fmt: skip


def _boss(employer_id: int) -> Actor:
    return Actor(Role.EMPLOYER, employer_id=employer_id)


def _need_all(report: Report) -> None:
    refused = [outcome for outcome in report.outcomes if outcome.status is Status.REFUSED]
    if refused:
        raise AssertionError(f"{refused[0]}")
