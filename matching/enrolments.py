"""Enrolments: a seat offered, accepted in writing, attended, finished or left, with the slot behind it.

The slot of a proposal that goes by way of a course is held until a day, and freed when the course is
cancelled or left. Study outside the unit needs probation's recorded consent (Penal Execution Code,
Art. 66(2)).
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import proposals, reasons
from matching.candidates import Candidate, find_candidate, need_open
from matching.courses import Attendance, Course, Enrolment, find_course
from matching.rounds import Proposal
from matching.seats import HELD, LIVE, count_settled, need_seat, needs_permit
from matching.states import CLAIMING, ENROLMENT
from quota import journal, rates, rights
from quota.calendar import add_working_days, local_day
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Role

_UNDO = {
    "left": "undo_leave",
    "accepted": "undo_accept",
    "attending": "undo_attend",
    "completed": "undo_complete",
    "expired": "undo_expire",
}
UNDONE_FROM = tuple(_UNDO)


def offer(
    session: Session,
    actor: Actor,
    course_key: str,
    candidate_key: str,
    *,
    now: datetime,
) -> Enrolment:
    """Offers a seat. Where an approved proposal goes by way of this course, its slot is held for some
    days after the course.

    Raises NotAllowed, NotFound, or WrongState for a course that is cancelled, over or full, and for
    somebody who has a seat already.
    """
    course = find_course(session, actor, course_key, right="courses.edit")
    candidate = find_candidate(session, actor, candidate_key, right="candidates.edit")
    need_open(candidate)
    need_seat(session, course, candidate, today=local_day(now))
    proposal, held = _find_proposal(session, course, candidate), None
    if proposal is not None:
        days = rates.rate_on(session, rates.COURSE_HOLD_DAYS, local_day(now))
        held = course.ends_on + timedelta(days=days)
    enrolment = Enrolment(
        course_id=course.id,
        candidate_id=candidate.id,
        proposal_id=proposal.id if proposal else None,
        state="offered",
        offered_at=now,
        held_until=held,
    )
    session.add(enrolment)
    session.flush()
    journal.write(session, actor, "offer", enrolment, now=now)
    return enrolment


def accept(
    session: Session, actor: Actor, key: str, *, on: date, paper: str = "", now: datetime
) -> Enrolment:
    """The person takes the seat, in writing: on paper with its number, or by the own code.

    Raises NotAllowed, NotFound, Invalid, or WrongState, also while probation's consent is missing.
    """
    enrolment, _ = _find(session, actor, key, right="enrolments.answer")
    if needs_permit(session, enrolment) and enrolment.probation_consent_on is None:
        raise WrongState("probation_consent_needed", noun="enrolment")
    faults = [fault("on", "date_in_future")] if on > local_day(now) else []
    if actor.role is not Role.CANDIDATE and not paper.strip():
        faults.append(fault("paper", "required"))
    if faults:
        raise Invalid(*faults)
    given: dict[str, Any] = {"consent_on": on, "consent_paper": paper.strip()}
    journal.move(session, actor, enrolment, "accept", now=now, **given)
    return enrolment


def permit(
    session: Session, actor: Actor, key: str, *, on: date, paper: str, now: datetime
) -> Enrolment:
    """Records probation's consent to study outside the unit. Raises NotAllowed, NotFound, Invalid, or
    WrongState when the seat is no longer offered."""
    enrolment, _ = _find(session, actor, key, right="enrolments.permit")
    if enrolment.state != "offered":
        raise WrongState("wrong_state", noun="enrolment", state=enrolment.state, verb="permit")
    if not paper.strip():
        raise Invalid(fault("paper", "required"))
    enrolment.probation_consent_on, enrolment.probation_paper = on, paper.strip()
    journal.write(session, actor, "permit", enrolment, now=now)
    return enrolment


def attend(session: Session, actor: Actor, key: str, *, now: datetime) -> Enrolment:
    """The person has begun. Raises NotAllowed, NotFound, or WrongState also while fewer than the course's
    least number have taken a seat: then it does not open."""
    enrolment, _ = _find(session, actor, key, right="courses.edit")
    course = session.get_one(Course, enrolment.course_id)
    if (there := count_settled(session, course)) < course.least:
        raise WrongState("too_few_to_open", noun="course", number=there, least=course.least)
    journal.move(session, actor, enrolment, "attend", now=now)
    return enrolment


def mark_day(
    session: Session,
    actor: Actor,
    course_key: str,
    day: date,
    present: Iterable[str],
    *,
    now: datetime,
) -> int:
    """Writes down who of those attending was there on a day (`present` are keys of enrolments); the last
    word on a day counts. Raises NotAllowed, NotFound, or Invalid for a day outside the course."""
    course = find_course(session, actor, course_key, right="courses.edit")
    if not course.starts_on <= day <= min(course.ends_on, local_day(now)):
        raise Invalid(fault("day", "outside_course"))
    there = set(present)
    attending = session.scalars(
        select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.state == "attending")
    ).all()
    for enrolment in attending:
        _mark(session, enrolment, day, enrolment.key in there)
    journal.write(
        session, actor, "mark_day", course, now=now, day=day.isoformat(), there=len(there)
    )
    return len(attending)


def complete(
    session: Session, actor: Actor, key: str, *, certificate: str, now: datetime
) -> Enrolment:
    """The person has finished; the certificate's number may follow. Raises NotAllowed, NotFound or
    WrongState."""
    enrolment, _ = _find(session, actor, key, right="courses.edit")
    done: dict[str, Any] = {
        "result": "passed" if certificate.strip() else "finished",
        "certificate_number": certificate.strip(),
        "ended_on": local_day(now),
    }
    journal.move(session, actor, enrolment, "complete", now=now, **done)
    return enrolment


def leave(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Enrolment:
    """The person leaves for an active code of `reasons.LEAVINGS`; the slot behind the seat is freed.

    Raises NotAllowed, NotFound, Invalid or WrongState.
    """
    enrolment, _ = _find(session, actor, key, right="enrolments.answer")
    code = reasons.choose(reasons.LEAVINGS, reason).code
    _end(session, actor, enrolment, "leave", reason=code, now=now)
    return enrolment


def undo(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Enrolment:
    """Takes the last step back: taken, begun, finished, left or not answered in time. A slot that was
    freed by it is taken again if it is still free.

    Raises NotAllowed, NotFound, Invalid without a note, or WrongState.
    """
    enrolment, candidate = _find(session, actor, key, right="courses.edit")
    verb = _UNDO.get(enrolment.state, "undo_leave")
    ENROLMENT.next(enrolment.state, verb)
    note = proposals.need(note)
    if verb in ("undo_leave", "undo_expire"):
        need_seat(
            session, session.get_one(Course, enrolment.course_id), candidate, today=local_day(now)
        )
        _take_slot_again(session, actor, enrolment, note=note, now=now)
    cleared: dict[str, Any] = {"result": None, "ended_on": None, "certificate_number": ""}
    if verb in ("undo_accept", "undo_expire"):
        cleared |= {"consent_on": None, "consent_paper": "", "offered_at": now}
    journal.move(session, actor, enrolment, verb, now=now, reason=note, **cleared)
    return enrolment


def cancel_course(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Course:
    """Calls a course off: everybody's seat ends and the slots behind them are freed.

    Raises NotAllowed, NotFound, Invalid, or WrongState when it is called off already.
    """
    course = find_course(session, actor, key, right="courses.edit")
    code = reasons.choose(reasons.COURSE_CANCELLATIONS, reason).code
    if course.cancelled_at is not None:
        raise WrongState("already_cancelled", noun="course")
    course.cancelled_at, course.cancel_reason = now, code
    live = select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.state.in_(LIVE))
    for enrolment in session.scalars(live.order_by(Enrolment.id)).all():
        _end(session, actor, enrolment, "cancel_course", reason=code, now=now)
    journal.write(session, actor, "cancel", course, now=now, reason=code)
    return course


def undo_cancel_course(
    session: Session, actor: Actor, key: str, *, note: str, now: datetime
) -> Course:
    """Takes it back that a course was called off: whoever had taken a seat has it again, whoever had an
    offer is asked again, with their slots where these are still free.

    Raises NotAllowed, NotFound, Invalid without a note, or WrongState for a course that is not called
    off.
    """
    course = find_course(session, actor, key, right="courses.edit")
    note = proposals.need(note)
    if course.cancelled_at is None:
        raise WrongState("not_cancelled", noun="course")
    course.cancelled_at = course.cancel_reason = None
    ended = select(Enrolment).where(
        Enrolment.course_id == course.id, Enrolment.state == "course_cancelled"
    )
    for enrolment in session.scalars(ended.order_by(Enrolment.id)).all():
        verb = "undo_cancel_seat" if enrolment.consent_on else "undo_cancel_offer"
        back: dict[str, Any] = {"ended_on": None, "offered_at": now}
        journal.move(session, actor, enrolment, verb, now=now, reason=note, **back)
        enrolment.reason = None
        _take_slot_again(session, actor, enrolment, note=note, now=now)
    journal.write(session, actor, "undo_cancel", course, now=now, reason=note)
    return course


def expire_offers(session: Session, actor: Actor, *, now: datetime) -> int:
    """Ends offers of seats nobody answered within ENROLMENT_DAYS working days; the slots behind them are
    freed. Returns how many."""
    today = local_day(now)
    days = rates.rate_on(session, rates.ENROLMENT_DAYS, today)
    offered = session.scalars(
        select(Enrolment).where(Enrolment.state == "offered").order_by(Enrolment.id)
    ).all()
    late = [e for e in offered if add_working_days(session, local_day(e.offered_at), days) < today]
    for enrolment in late:
        _end(session, actor, enrolment, "expire", reason="no_answer", now=now)
    return len(late)


def free_overdue(session: Session, actor: Actor, *, now: datetime) -> int:
    """Frees slots held beyond their day, for people who finished and were not referred in time or whose
    end nobody wrote down. Returns how many."""
    late = session.scalars(
        select(Enrolment)
        .where(Enrolment.state.in_(HELD), Enrolment.held_until < local_day(now))
        .order_by(Enrolment.id)
    ).all()
    return sum(_free(session, actor, e, reason="hold_ended", now=now) for e in late)


def need_completed(session: Session, proposal: Proposal) -> None:
    """Raises WrongState when a proposal goes by way of a course that the person has not finished."""
    if proposal.course_id is None:
        return
    finished = select(Enrolment.id).where(
        Enrolment.course_id == proposal.course_id,
        Enrolment.candidate_id == proposal.candidate_id,
        Enrolment.state == "completed",
    )
    if session.scalar(finished.limit(1)) is None:
        raise WrongState("course_first", noun="enrolment")


def _find_proposal(session: Session, course: Course, candidate: Candidate) -> Proposal | None:
    return session.scalar(
        select(Proposal)
        .where(
            Proposal.course_id == course.id,
            Proposal.candidate_id == candidate.id,
            Proposal.state == "approved",
        )
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def _end(
    session: Session, actor: Actor, enrolment: Enrolment, verb: str, *, reason: str, now: datetime
) -> None:
    journal.move(session, actor, enrolment, verb, now=now, reason=reason, ended_on=local_day(now))
    enrolment.reason = reason
    _free(session, actor, enrolment, reason=reason, now=now)


def _free(
    session: Session, actor: Actor, enrolment: Enrolment, *, reason: str, now: datetime
) -> bool:
    if enrolment.proposal_id is None:
        return False
    proposal = session.get_one(Proposal, enrolment.proposal_id)
    if proposal.state not in CLAIMING:
        return False
    proposals.withdraw(session, actor, proposal, reason=reason, now=now)
    return True


def _take_slot_again(
    session: Session, actor: Actor, enrolment: Enrolment, *, note: str, now: datetime
) -> None:
    proposal = enrolment.proposal_id and session.get_one(Proposal, enrolment.proposal_id)
    if not proposal or proposal.state != "withdrawn":
        return
    with suppress(WrongState), session.begin_nested():  # the slot may be somebody else's by now
        proposals.revive(session, actor, proposal, "reinstate", reason=note, now=now)


def _mark(session: Session, enrolment: Enrolment, day: date, present: bool) -> None:
    known = session.scalar(
        select(Attendance).where(Attendance.enrolment_id == enrolment.id, Attendance.day == day)
    )
    if known is None:
        session.add(Attendance(enrolment_id=enrolment.id, day=day, present=present))
    else:
        known.present = present
    session.flush()


def find_enrolment(session: Session, actor: Actor, key: str, *, right: str) -> Enrolment:
    """The seat with this key. Raises NotAllowed, or NotFound also when out of reach."""
    return _find(session, actor, key, right=right)[0]


def _find(session: Session, actor: Actor, key: str, *, right: str) -> tuple[Enrolment, Candidate]:
    row = session.execute(
        select(Enrolment, Candidate)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(Enrolment.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0], row[1]
