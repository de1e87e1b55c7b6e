"""Transfers: a referral under way is called off and the person proposed for another vacancy instead.

The engine is asked about this one pair, with every hard rule; the new proposal then goes the usual way
through review, consent and a letter of its own.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matching import referrals
from matching.candidates import Candidate
from matching.engine.answer import Answer
from matching.engine.problem import write_problem
from matching.engine.records import from_json
from matching.openings import load_vacancies
from matching.publication import propose_choice
from matching.referrals import Referral, find_referral
from matching.rounds import Proposal, Round, policy_of
from matching.snapshots import take_pair
from matching.solving import solve_problem
from matching.states import REFERRAL
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor
from quota.vacancies import Vacancy


def list_targets(
    session: Session, actor: Actor, referral_key: str, *, now: datetime
) -> Sequence[Vacancy]:
    """Listed vacancies of the centre, other than the referral's. Raises NotAllowed or NotFound."""
    referral = find_referral(session, actor, referral_key, right="referrals.issue")
    jobs = load_vacancies(session, referral.centre_id, day=local_day(now))
    return [job for job in jobs if job.id != referral.vacancy_id]


def transfer(
    session: Session, actor: Actor, referral_key: str, vacancy_key: str, *, now: datetime
) -> Proposal:
    """Calls the referral off and proposes the person for the other vacancy, whose slot is reserved.

    Raises NotAllowed, NotFound, WrongState (the referral has ended, or a rule or a full vacancy bars
    this pair), or Invalid for a vacancy that is not offered. A refusal changes nothing.
    """
    targets = {job.key: job for job in list_targets(session, actor, referral_key, now=now)}
    if vacancy_key not in targets:
        raise Invalid(fault("vacancy", "unknown_choice"))
    referral = find_referral(session, actor, referral_key, right="referrals.issue")
    REFERRAL.next(referral.state, "cancel")
    rights.reach(actor, "rounds.run")
    with session.begin_nested():
        referrals.finish(session, actor, referral, "cancel", reason="transferred", now=now)
        return _propose(session, actor, referral, targets[vacancy_key], now=now)


def _propose(
    session: Session, actor: Actor, referral: Referral, vacancy: Vacancy, *, now: datetime
) -> Proposal:
    candidate = session.get_one(Candidate, referral.candidate_id)
    old = session.get_one(Proposal, referral.proposal_id)
    policy = policy_of(session.get_one(Round, old.round_id))
    problem = take_pair(session, candidate, vacancy, policy, day=local_day(now))
    solution = solve_problem(write_problem(problem)[0], priced=False)
    answer = from_json(Answer, solution.plan)
    if not answer.choices:
        raise WrongState("not_suitable", noun="vacancy")
    return propose_choice(session, actor, old.round_id, answer.choices[0], now=now)
