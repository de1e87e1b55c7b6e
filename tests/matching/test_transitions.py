"""The workflows of people and rounds lived: every verb from every state, and by every role."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching import (
    answers,
    checkins,
    clocks,
    closings,
    consents,
    enrolments,
    gatherings,
    intake,
    keying,
    outcomes,
    placements,
    programmes,
    publication,
    receptions,
    referrals,
    reviews,
    rounds,
    schedule,
    solving,
    states,
    studies,
    surveys,
    withdrawals,
)  # fmt: skip
from matching.candidates import Readiness
from matching.checkins import CheckIn, Decision
from matching.closings import Closing
from matching.consents import Evidence, Form
from matching.courses import Course
from matching.gatherings import NewGathering
from matching.outcomes import NewOutcome
from matching.placements import Placement
from matching.programmes import Measure, NewMeasure, Outcome
from matching.receptions import Hours
from matching.reviews import Ruling
from matching.rounds import Proposal
from matching.studies import Finding
from matching.surveys import Survey, Way
from quota.acts import load_acts
from quota.calendar import local_day
from quota.rights import SYSTEM, Actor, Role
from quota.states import Workflow
from tests.factories import REGION, make_account, make_candidate, make_centre, make_course
from tests.matching.journey import Journey
from tests.matching.scene import make_scene, solve_round
from tests.matching.test_surveys import answer
from tests.transitions import Act, Ground, Lived, act, try_everything

WHY = "записано по ошибке"


def stand(journey: Journey, record: object) -> Ground:
    """Around a record of the journey: the second member of staff, and everybody else as near."""
    near = Actor(
        Role.STAFF,
        account_id=journey.second.account_id,
        centre_id=journey.centre.id,
        employer_id=journey.employer.id,
        candidate_id=journey.candidate.id,
        territory=REGION,
    )
    more = {
        "proposal": journey.proposal.key,
        "person": journey.candidate.key,
        "staff": journey.publisher,
    }
    return Ground(journey.session, journey.now, type(record), record.key, near, more=more)


def with_note(verb: object, name: str, right: str) -> Act:
    """A step that asks for a reason and nothing else."""
    return act(name, right, lambda g, a: verb(g.session, a, g.key, note=WHY, now=g.now))


def plainly(verb: object, name: str, right: str, **more: object) -> Act:
    """A step that asks for nothing."""
    return act(name, right, lambda g, a: verb(g.session, a, g.key, now=g.now), **more)


# --- proposal and consent

REVIEW = "proposals.review_supervised"


def give_consent(ground: Ground) -> None:
    """The person says yes, and the centre writes it down."""
    session, now = ground.session, ground.now
    asked = consents.ask_disclosure(session, SYSTEM, ground.more["proposal"], now=now)
    paper = Evidence(Form.PAPER, local_day(now), "С-17")
    consents.give(session, SYSTEM, asked.key, paper, now=now)


def ruling(verb: object, name: str, said: Ruling) -> Act:
    return act(name, REVIEW, lambda g, a: verb(g.session, a, g.key, said, now=g.now))


def make_proposal(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    return stand(journey, journey.proposal)


PROPOSAL = Lived(
    states.PROPOSAL,
    make_proposal,
    (
        ruling(reviews.approve, "approve", Ruling()),
        ruling(reviews.reject, "reject", Ruling("too_far")),
        ruling(reviews.send_back, "send_back", Ruling(note=WHY)),
        with_note(reviews.undo_first, "undo_first", REVIEW),
        with_note(reviews.undo_approve, "undo_approve", REVIEW),
        with_note(reviews.undo_reject, "undo_reject", REVIEW),
        with_note(reviews.resubmit, "resubmit", "rounds.run"),
        with_note(reviews.withdraw, "withdraw", "rounds.run"),
        with_note(reviews.undo_withdraw, "undo_withdraw", "rounds.run"),
        plainly(referrals.issue, "refer", "referrals.issue", prepare=give_consent),
        act("escalate", "", lambda g, a: reviews.expire_proposals(g.session, now=g.now), days=9),
        act("escalate", "", lambda g, a: clocks.watch(g.session, now=g.now), days=30),
    ),
    # Two inspectors need a dated setting (tests/web/test_second_inspector.py); `reinstate` follows a hire
    # or an outcome taken back (tests/matching/test_placements.py, test_outcomes.py).
    apart=("approve_first", "reinstate"),
    forced=(("proposed", "first_yes"),),
)


def make_consent(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    return stand(journey, journey.approve())


def say_yes(ground: Ground, actor: Actor) -> object:
    own = actor.role is Role.CANDIDATE
    today = local_day(ground.now)
    evidence = Evidence(Form.CODE, today) if own else Evidence(Form.PAPER, today, "С-17")
    return consents.give(ground.session, actor, ground.key, evidence, now=ground.now)


RECORD = "consents.record"
CONSENT = Lived(
    states.CONSENT,
    make_consent,
    (
        act("give", RECORD, say_yes),
        plainly(consents.refuse, "refuse", RECORD),
        plainly(withdrawals.withdraw_consent, "withdraw", RECORD),
        with_note(consents.undo, "undo_give undo_refuse undo_expire undo_withdraw", RECORD),
        act("expire", "", lambda g, a: consents.expire_consents(g.session, a, now=g.now), days=40),
    ),
)


# --- referral and placement


def make_referral(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    return stand(journey, journey.issue())


def reasoned(verb: object, name: str, right: str, reason: str, **more: object) -> Act:
    return act(
        name,
        right,
        lambda g, a: verb(g.session, a, g.key, reason=reason, now=g.now),
        **more,
    )


def hire(ground: Ground, actor: Actor) -> object:
    today = local_day(ground.now)
    contract = placements.Contract("15", today, today, 180_000)
    return placements.hire(ground.session, actor, ground.key, contract, now=ground.now)


ANSWER = "referrals.answer"
REFERRAL = Lived(
    states.REFERRAL,
    make_referral,
    (
        plainly(answers.present, "present", ANSWER),
        plainly(answers.accept, "accept", ANSWER),
        act("hire", ANSWER, hire),
        reasoned(answers.refuse, "refuse", ANSWER, "qualification"),
        reasoned(answers.decline, "decline", "referrals.decline", "too_far"),
        plainly(answers.miss, "miss", ANSWER, days=9),
        reasoned(referrals.cancel, "cancel", "referrals.issue", "transferred"),
        with_note(answers.undo_present, "undo_present", ANSWER),
        with_note(answers.undo_accept, "undo_accept", ANSWER),
        with_note(answers.undo_refuse, "undo_refuse", ANSWER),
        with_note(answers.undo_decline, "undo_decline", "referrals.decline"),
        with_note(answers.undo_miss, "undo_miss", ANSWER),
        with_note(placements.undo_hire, "undo_hire", ANSWER),
        with_note(referrals.undo_cancel, "undo_cancel", "referrals.issue"),
        with_note(referrals.undo_expire, "undo_expire", "referrals.issue"),
        act("expire", "", lambda g, a: referrals.expire_referrals(g.session, now=g.now), days=40),
        act("expire", "", lambda g, a: clocks.watch(g.session, now=g.now), days=90),
    ),
)


def make_placement(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    referral = journey.issue()
    ground = stand(journey, journey.hire(referral))
    ground.more["referral"] = referral.key
    return ground


PLACEMENT = Lived(
    states.PLACEMENT,
    make_placement,
    (
        plainly(placements.keep, "keep", "placements.answer", days=190),
        with_note(placements.undo_keep, "undo_keep", "placements.record"),
        act(
            "end",
            "placements.record",
            lambda g, a: placements.end(
                g.session, a, g.key, ("own_wish", local_day(g.now)), now=g.now
            ),
        ),
        with_note(placements.undo_end, "undo_end", "placements.record"),
        act(
            "annul",
            ANSWER,
            lambda g, a: placements.undo_hire(
                g.session, a, g.more["referral"], note=WHY, now=g.now
            ),
        ),
    ),
)


def make_outcome(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    new = NewOutcome("own_work", local_day(now))
    key = journey.candidate.key
    return stand(journey, outcomes.record_outcome(session, SYSTEM, key, new, now=now))


OUTCOME = Lived(
    states.OUTCOME,
    make_outcome,
    (
        act(
            "end",
            "candidates.edit",
            lambda g, a: outcomes.end_outcome(
                g.session, a, g.key, on=local_day(g.now), reason=WHY, now=g.now
            ),
        ),
        reasoned(outcomes.take_back, "undo_end annul", "candidates.edit", WHY),
    ),
)


# --- courses


def make_seat(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    course = make_course(session, journey.centre.id, starts_on=local_day(now), seats=2)
    key = journey.candidate.key
    seat = enrolments.offer(session, SYSTEM, course.key, key, now=now)
    ground = stand(journey, seat)
    ground.more["course"] = course.key
    return ground


def is_off(ground: Ground) -> bool:
    found = ground.session.scalars(select(Course)).one()
    return found.cancelled_at is not None


ENROLMENT = Lived(
    states.ENROLMENT,
    make_seat,
    (
        act(
            "accept",
            "enrolments.answer",
            lambda g, a: enrolments.accept(
                g.session, a, g.key, on=local_day(g.now), paper="С-5", now=g.now
            ),
        ),
        plainly(enrolments.attend, "attend", "courses.edit"),
        act(
            "complete",
            "courses.edit",
            lambda g, a: enrolments.complete(g.session, a, g.key, certificate="СВ-9", now=g.now),
        ),
        reasoned(enrolments.leave, "leave", "enrolments.answer", "health"),
        with_note(
            enrolments.undo,
            "undo_accept undo_attend undo_leave undo_complete undo_expire",
            "courses.edit",
        ),
        act(
            "cancel_course",
            "courses.edit",
            lambda g, a: enrolments.cancel_course(
                g.session, a, g.more["course"], reason="too_few", now=g.now
            ),
            stays=("completed", "left", "expired"),  # the course goes, what is over stays
        ),
        act(
            "undo_cancel_offer undo_cancel_seat",
            "courses.edit",
            lambda g, a: enrolments.undo_cancel_course(
                g.session, a, g.more["course"], note=WHY, now=g.now
            ),
        ),
        act("expire", "", lambda g, a: enrolments.expire_offers(g.session, a, now=g.now), days=30),
    ),
)


# --- rounds and studies


def make_round(session: Session, now: datetime) -> Ground:
    scene = make_scene(session)
    solved = solve_round(session, scene, now)
    assert solved.plan and solved.run
    answer = solving.Solution(solved.plan, solved.run)
    made = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    return Ground(session, now, type(made), made.key, scene.staff, more={"answer": answer})


def finish(ground: Ground, actor: Actor) -> object:
    answer = ground.more["answer"]
    return solving.finish_round(ground.session, actor, ground.key, answer, now=ground.now)


def decide_all(ground: Ground) -> None:
    ground.session.execute(update(Proposal).values(state="rejected"))


RUN = "rounds.run"
ROUND = Lived(
    states.ROUND,
    make_round,
    (
        plainly(solving.queue_round, "queue", RUN),
        act(
            "start",
            RUN,
            lambda g, a: solving.start_round(g.session, a, g.key, worker="w", now=g.now),
        ),
        act("finish", RUN, finish),
        act(
            "fail",
            RUN,
            lambda g, a: solving.fail_round(g.session, a, g.key, failure="x", now=g.now),
        ),
        plainly(rounds.cancel_round, "cancel", RUN, stays=("solving",)),  # its process is asked
        plainly(publication.publish_round, "publish", RUN),
        plainly(rounds.close_round, "close", RUN, prepare=decide_all),
        with_note(rounds.undo_close, "undo_close", RUN),
    ),
)


def make_study(session: Session, now: datetime) -> Ground:
    scene = make_scene(session)
    solve_round(session, scene, now)
    study = session.scalars(select(studies.Study)).one()
    return Ground(session, now, studies.Study, study.key, scene.staff)


STUDY = Lived(
    states.STUDY,
    make_study,
    (
        act(
            "start",
            RUN,
            lambda g, a: studies.start_study(g.session, a, g.key, worker="w", now=g.now),
        ),
        act(
            "finish",
            RUN,
            lambda g, a: studies.finish_study(g.session, a, g.key, Finding("{}", {}), now=g.now),
        ),
        act(
            "fail",
            RUN,
            lambda g, a: studies.fail_study(g.session, a, g.key, failure="x", now=g.now),
        ),
        plainly(studies.cancel_study, "cancel", RUN),
        plainly(studies.queue_study, "queue", RUN),
    ),
)


# --- survey


def make_survey(way: Way) -> object:
    def make(session: Session, now: datetime) -> Ground:
        centre = make_centre(session)
        person = make_candidate(session, centre.id, readiness=Readiness.NOT_SURVEYED)
        first, second = (
            make_account(session, Role.STAFF, centre_id=centre.id).id for _ in range(2)
        )
        near = Actor(
            Role.STAFF,
            account_id=second,
            centre_id=centre.id,
            candidate_id=person.id,
            territory=REGION,
        )
        beginner = Actor(Role.STAFF, account_id=first, centre_id=centre.id, territory=REGION)
        survey = surveys.begin(session, beginner, person.key, way, now=now)
        answer(session, beginner, survey, now)
        return Ground(session, now, Survey, survey.key, near, more={"first": beginner})

    return make


def key_twice(ground: Ground) -> None:
    """What the second person types agrees with the first."""
    survey = ground.record
    if survey.state == "keyed":
        survey.second = dict(survey.answers)
        ground.session.flush()


TAKE = "surveys.take"
ENDS = (
    plainly(intake.submit, "submit", TAKE, prepare=key_twice),
    reasoned(surveys.refuse, "refuse", TAKE, "no_wish"),
    plainly(surveys.undo_refuse, "undo_refuse", TAKE),
    plainly(surveys.discard, "discard", TAKE),
)
SURVEY = Lived(
    states.SURVEY,
    make_survey(Way.DESK),
    ENDS,
    apart=("key_again",),  # of paper alone: below
    forced=(("draft", "keyed"),),
)
PAPER_SURVEY = Lived(
    states.SURVEY,
    make_survey(Way.PAPER),
    (
        plainly(keying.key_again, "key_again", TAKE),
        plainly(intake.submit, "submit", TAKE, prepare=key_twice, barred=("draft",)),
        *ENDS[1:],
    ),
)


# --- programme, groups, check-ins


def make_measure(session: Session, now: datetime) -> Ground:
    load_acts(session)
    journey = Journey(session, now)
    doctor = make_account(session, Role.SPECIALIST)
    own = Actor(Role.SPECIALIST, account_id=doctor.id, territory=REGION)
    receptions.set_hours(session, own, Hours("12345", "09:00", 30, 8, 30), now=now)
    new = NewMeasure("doctor", local_day(now) + timedelta(days=30), doctor.key, False)
    measure = programmes.plan(session, journey.staff, journey.candidate.key, new, now=now)
    ground = stand(journey, measure)
    ground.actors[Role.SPECIALIST] = own
    inspector = make_account(session, Role.PROBATION)
    ground.actors[Role.PROBATION] = Actor(Role.PROBATION, account_id=inspector.id, territory=REGION)
    return ground


def book(ground: Ground, actor: Actor) -> object:
    doctor = ground.actors[Role.SPECIALIST].account_id
    at = receptions.list_free(ground.session, doctor, now=ground.now)[0]
    return receptions.book(ground.session, actor, ground.key, at, now=ground.now)


def propose_closing(ground: Ground, actor: Actor) -> object:
    # Asked for by the first of the centre, so that whoever confirms is a second person.
    by = ground.more["staff"] if actor.role is Role.STAFF else actor
    signed = Closing("not_needed", "О-7")
    return closings.propose(ground.session, by, ground.key, signed, now=ground.now)


DO, CONFIRM = "measures.do", "measures.confirm"
MEASURE = Lived(
    states.MEASURE,
    make_measure,
    (
        act("book", DO, book),
        plainly(receptions.unbook, "unbook", DO),
        plainly(receptions.miss, "miss", DO, days=20),
        act(
            "complete",
            DO,
            lambda g, a: programmes.complete(
                g.session, a, g.key, Outcome("carried_out", "nothing"), now=g.now
            ),
        ),
        plainly(programmes.undo_complete, "undo_complete", DO),
        act("propose_closing", DO, propose_closing),
        plainly(closings.confirm, "confirm_closing", CONFIRM),
        plainly(closings.keep_open, "keep_open", CONFIRM),
        plainly(closings.undo, "undo_closing", CONFIRM),
    ),
)


def make_gathering(session: Session, now: datetime) -> Ground:
    host = make_account(session, Role.SPECIALIST)
    own = Actor(Role.SPECIALIST, account_id=host.id, territory=REGION)
    new = NewGathering("adaptation", now + timedelta(days=3), 8)
    made = gatherings.call_together(session, own, new, now=now)
    return Ground(session, now, type(made), made.key, own)


HOLD = "receptions.hold"
GATHERING = Lived(
    states.GATHERING,
    make_gathering,
    (
        act(
            "hold",
            HOLD,
            lambda g, a: gatherings.hold(g.session, a, g.key, present=(), now=g.now),
            days=4,
        ),
        plainly(gatherings.undo_hold, "undo_hold", HOLD),
        plainly(gatherings.cancel, "cancel", HOLD),
        plainly(gatherings.undo_cancel, "undo_cancel", HOLD),
    ),
)


def make_check_in(session: Session, now: datetime) -> Ground:
    journey = Journey(session, now)
    day = local_day(now)
    decision = Decision("П-14", day, True, "1234567", "00:00", "23:59", day)
    order = checkins.order(session, SYSTEM, journey.candidate.key, decision, now=now)
    schedule.make_due(session, now=now)
    due = select(CheckIn).where(CheckIn.due_on == day)
    ground = stand(journey, session.scalars(due).one())
    ground.more["order"] = order.key
    return ground


def end_yesterday(ground: Ground) -> object:
    """Probation's decision ends before the check-in, whose day therefore is called off."""
    on = ground.record.due_on - timedelta(days=1)
    begun = {"starts_on": on, "decided_on": on}
    ground.session.execute(update(checkins.CheckInOrder).values(**begun))
    return None


DECIDE = "checkins.decide"
CHECK_IN = Lived(
    states.CHECK_IN,
    make_check_in,
    (
        plainly(checkins.confirm, "confirm", "checkins.confirm"),
        plainly(checkins.undo_confirm, "undo_confirm", "checkins.read"),
        reasoned(checkins.excuse, "excuse", DECIDE, "ill"),
        plainly(checkins.undo_excuse, "undo_excuse", DECIDE),
        act("miss", "", lambda g, a: schedule.mark_missed(g.session, now=g.now), days=2),
        act(
            "call_off",
            DECIDE,
            lambda g, a: checkins.end_order(
                g.session,
                a,
                g.more["order"],
                on=g.record.due_on - timedelta(days=1),
                now=g.now,
            ),
            prepare=end_yesterday,
            stays=(
                "confirmed",
                "missed",
                "excused",
                "called_off",
            ),  # the decision ends all the same
        ),
    ),
)

LIVED = (
    PROPOSAL, CONSENT, REFERRAL, PLACEMENT, OUTCOME, ENROLMENT, ROUND, STUDY, SURVEY, PAPER_SURVEY,
    MEASURE, GATHERING, CHECK_IN,
)  # fmt: skip


@pytest.mark.parametrize("lived", LIVED, ids=lambda lived: lived.workflow.noun)
def test_every_verb_from_every_state_and_by_every_role(
    lived: Lived, session: Session, now: datetime
) -> None:
    try_everything(lived, session, now)


def test_no_workflow_is_left_out() -> None:
    known = {value.noun for value in vars(states).values() if isinstance(value, Workflow)}
    assert {lived.workflow.noun for lived in LIVED} == known
    assert Placement.WORKFLOW is states.PLACEMENT and Measure.WORKFLOW is states.MEASURE
