"""One person proposed for one vacancy beside a published round: the engine is asked about this pair
alone, with every hard rule, and what it says goes the usual way through review and consent."""

from datetime import datetime

from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.engine.answer import Answer
from matching.engine.problem import write_problem
from matching.engine.records import from_json
from matching.engine.rules import RULES
from matching.publication import propose_choice
from matching.rounds import Proposal, Round, policy_of
from matching.snapshots import take_pair
from matching.solving import solve_problem
from quota.calendar import local_day
from quota.errors import WrongState
from quota.rights import Actor
from quota.vacancies import Vacancy


def propose_pair(
    session: Session,
    actor: Actor,
    round_id: int,
    pair: tuple[Candidate, Vacancy],
    *,
    now: datetime,
) -> Proposal:
    """Proposes the pair in this round by its order of goals, its slot reserved. Rights are the caller's.

    Raises WrongState when a rule or a full vacancy bars it, or the person may not enter a round.
    """
    policy = policy_of(session.get_one(Round, round_id))
    problem = take_pair(session, *pair, policy, day=local_day(now))
    solution = solve_problem(write_problem(problem)[0])
    answer = from_json(Answer, solution.plan)
    if not answer.choices:
        raise WrongState("not_suitable", noun="vacancy")
    return propose_choice(session, actor, round_id, answer.choices[0], now=now)


def list_tested() -> tuple[str, ...]:
    """The codes of what every pair is tested for, as its reasons would name them."""
    return tuple(dict.fromkeys(rule.shown_as for rule in RULES.values()))


def mark(proposal: Proposal, code: str) -> Proposal:
    """Says to the reviewer where the proposal comes from."""
    proposal.reasons = [*proposal.reasons, {"code": code, "params": {}}]
    return proposal
