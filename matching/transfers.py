"""Transfers: a referral under way is called off and the person proposed for another vacancy instead."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matching import referrals
from matching.candidates import Candidate
from matching.openings import load_vacancies
from matching.pairs import propose_pair
from matching.referrals import find_referral
from matching.rounds import Proposal
from matching.states import REFERRAL
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid, fault
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
        candidate = session.get_one(Candidate, referral.candidate_id)
        old = session.get_one(Proposal, referral.proposal_id)
        pair = (candidate, targets[vacancy_key])
        return propose_pair(session, actor, old.round_id, pair, now=now)
