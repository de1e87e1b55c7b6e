"""Variants: a round solved again beside itself with something changed, and one of them chosen.

A variant that only orders goals or fixes pairs anew can take the place of the round's plan. One that
supposes places or pay that do not exist yet shows what to ask for; the registry has to change first.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.cockpit import find_round_with_people, name_courses, name_vacancies, open_names
from matching.engine.answer import Answer
from matching.engine.changes import (
    Changes,
    Measures,
    UnknownKeyError,
    apply_changes,
    list_moves,
    measure,
)
from matching.engine.problem import Problem, read_problem, write_problem
from matching.engine.records import canonical, from_json
from matching.policies import NAME_LENGTH, REASON_LENGTH, check_reason, find_policy
from matching.rounds import Round, find_round
from matching.studies import VARIANT, Study, StudyRow, ask_prices, ask_study, row_of
from quota import journal
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.tables import Keyed, Table

MOST_PLACES, MOST_PAY = 100, 10_000_000


class Variant(Keyed, Table):
    """`changes` are the engine's Changes; its plan is the outcome of its study."""

    __tablename__ = "variants"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    changes: Mapped[dict[str, Any]]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A variant beside its round: the state of its study, and once that is done the worth by each goal
    (None before), how many people are elsewhere, how many the standard order would place where that is
    not the order of the variant, and the promises not kept."""

    key: str
    name: str
    made_at: datetime
    study: StudyRow
    measures: Measures | None
    gained: int
    lost: int
    moved: int
    standard: Mapping[str, Any] | None
    broken: Sequence[Mapping[str, Any]]
    supposes: bool
    chosen_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One person elsewhere: vacancy and employer before and after ("" for none)."""

    candidate_key: str
    candidate_name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A vacancy of the round's problem, for choosing one."""

    key: str
    title: str
    employer: str
    pay_from: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like to see changed, as typed: another policy's key; a vacancy with so many
    more `places` for anyone, or other `pay` in tenge; or with a candidate, a pair `locked`,
    `forbidden` or `freed`."""

    policy: str = ""
    vacancy: str = ""
    places: int = 0
    pay: int | None = None
    candidate: str = ""
    fixed: str = ""


def list_openings(session: Session, actor: Actor, key: str) -> list[Opening]:
    """The vacancies of a solved round by title. Raises NotAllowed, NotFound or WrongState."""
    _, problem = _find_solved(session, actor, key)
    pay = {job.key: job.pay_from for job in problem.vacancies}
    names = name_vacancies(session, set(pay))
    rows = [Opening(job, names[job][0], names[job][2], pay[job]) for job in pay if job in names]
    return sorted(rows, key=lambda row: (row.title.casefold(), row.employer, row.key))


def try_wish(
    session: Session, actor: Actor, key: str, name: str, wish: Wish, *, now: datetime
) -> Variant:
    """As `try_variant`, of one wish. Raises Invalid for one that changes nothing, or for numbers out of
    range, too."""
    found = find_round(session, actor, key, right="rounds.run")
    if faults := list(_find_faults(wish)):
        raise Invalid(*faults)
    policy = find_policy(session, found, wish.policy, now=now) if wish.policy else None
    pair = ((wish.candidate, wish.vacancy),) if wish.candidate else ()
    changes = Changes(
        places=((wish.vacancy, None, False, wish.places),) if wish.places else (),
        pay=((wish.vacancy, wish.pay, wish.pay),) if wish.pay else (),
        policy=policy,
        **({wish.fixed: pair} if pair else {}),
    )
    return try_variant(session, actor, key, name, changes, now=now)


def _find_faults(wish: Wish) -> Iterator[Fault]:
    if not (wish.policy or wish.places or wish.pay is not None or wish.candidate):
        yield fault("policy", "nothing_changed")
    if not 0 <= wish.places <= MOST_PLACES:
        yield fault("places", "between", least=0, most=MOST_PLACES)
    if wish.pay is not None and not 1 <= wish.pay <= MOST_PAY:
        yield fault("pay", "between", least=1, most=MOST_PAY)
    if (wish.places or wish.pay is not None or wish.candidate) and not wish.vacancy:
        yield fault("vacancy", "required")
    if wish.candidate and wish.fixed not in ("locked", "forbidden", "freed"):
        yield fault("fixed", "unknown_choice")


def try_variant(
    session: Session, actor: Actor, key: str, name: str, changes: Changes, *, now: datetime
) -> Variant:
    """Asks for a solved round's problem to be solved with changes, its plan kept beside the round's.

    Raises NotAllowed, NotFound (also for a vacancy or candidate the round has not), Invalid or
    WrongState.
    """
    found, problem = _find_solved(session, actor, key)
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        code = "too_long" if name else "required"
        raise Invalid(fault("name", code, most=NAME_LENGTH))
    try:
        apply_changes(problem, changes)
    except UnknownKeyError:
        raise NotFound("not_found") from None
    study = ask_study(session, actor, found, VARIANT, now=now, question=asdict(changes))
    variant = Variant(
        round_id=found.id, study_id=study.id, name=name, changes=asdict(changes), reason=""
    )
    session.add(variant)
    session.flush()
    journal.write(session, actor, "try", variant, now=now, round=found.key)
    return variant


def list_variants(session: Session, actor: Actor, key: str) -> list[VariantRow]:
    """Variants of the round's present problem, the oldest first. Raises NotAllowed or NotFound."""
    found = find_round(session, actor, key, right="rounds.run")
    statement = (
        select(Variant, Study)
        .join(Study, Study.id == Variant.study_id)
        .where(Variant.round_id == found.id, Study.base_sha256 == found.problem_sha256)
    )
    return [_to_row(*row) for row in session.execute(statement.order_by(Variant.id))]


def show_round_measures(session: Session, actor: Actor, key: str) -> Measures:
    """What the round's own plan is worth by each goal. Raises NotAllowed, NotFound or WrongState."""
    found, problem = _find_solved(session, actor, key)
    assert found.plan is not None
    return measure(problem, from_json(Answer, found.plan))


def list_variant_moves(session: Session, actor: Actor, key: str, variant_key: str) -> list[MoveRow]:
    """Person by person who would be elsewhere. Raises NotAllowed, NotFound or WrongState."""
    found = find_round_with_people(session, actor, key)
    study = session.get_one(Study, _find_variant(session, found, variant_key).study_id)
    if found.plan is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="compare")
    if study.outcome is None:
        return []
    after = from_json(Answer, json.loads(study.outcome)["plan"])
    moves = list_moves(from_json(Answer, found.plan), after)
    names = open_names(session, {move.candidate for move in moves})
    spots = [spot for move in moves for spot in (move.before, move.after) if spot]
    jobs = name_vacancies(session, {job for job, _ in spots})
    courses = name_courses(session, {course for _, course in spots if course})
    titles = {job: f"{row[0]}, {row[2]}" for job, row in jobs.items()} | courses

    def tell(spot: tuple[str, str | None] | None) -> str:
        return " ← ".join(titles.get(part, "—") for part in spot if part) if spot else ""

    return [
        MoveRow(m.candidate, names.get(m.candidate, ""), tell(m.before), tell(m.after))
        for m in moves
    ]


def choose_variant(
    session: Session, actor: Actor, key: str, variant_key: str, *, reason: str, now: datetime
) -> Round:
    """Makes a variant's plan the plan of a solved round, for a reason that the journal keeps.

    Raises NotAllowed, NotFound, Invalid without a reason, or WrongState (`variant_supposes` when it
    needs places or pay that are not there, `variant_outdated` when the round was solved anew or the
    variant is not solved yet).
    """
    found, _ = _find_solved(session, actor, key)
    variant = _find_variant(session, found, variant_key)
    said = check_reason(reason)
    changes = _read_changes(variant)
    if changes.supposes:
        raise WrongState("variant_supposes", noun="round", state=found.state)
    study = session.get_one(Study, variant.study_id)
    if study.base_sha256 != found.problem_sha256 or study.outcome is None:
        raise WrongState("variant_outdated", noun="round", state=found.state)
    _adopt(found, study, changes)
    variant.chosen_by, variant.chosen_at, variant.reason = actor.account_id, now, said
    session.flush()
    journal.write(
        session, actor, "choose_variant", found, now=now, reason=said, variant=variant.key
    )
    ask_prices(session, actor, key, now=now)
    return found


def _adopt(found: Round, study: Study, changes: Changes) -> None:
    assert found.problem is not None and study.outcome is not None
    problem = apply_changes(read_problem(found.problem), changes)
    found.problem, found.problem_sha256 = write_problem(problem)
    texts = json.loads(study.outcome)
    found.plan, found.run = texts["plan"], texts["run"]
    found.summary = found.summary | study.summary["solution"]
    found.policy = asdict(problem.policy)
    fixed = {*changes.locked, *changes.forbidden, *changes.freed}
    for name in ("locked", "forbidden"):
        kept = [pair for pair in getattr(found, name) if tuple(pair) not in fixed]
        setattr(found, name, [*kept, *(list(pair) for pair in getattr(changes, name))])


def _find_solved(session: Session, actor: Actor, key: str) -> tuple[Round, Problem]:
    found = find_round(session, actor, key, right="rounds.run")
    if found.state != "solved" or found.plan is None or found.problem is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="try")
    return found, read_problem(found.problem)


def _find_variant(session: Session, found: Round, key: str) -> Variant:
    variant = session.scalar(
        select(Variant).where(Variant.key == key, Variant.round_id == found.id)
    )
    if variant is None:
        raise NotFound("not_found")
    return variant


def _read_changes(variant: Variant) -> Changes:
    return from_json(Changes, canonical(variant.changes))


def _to_row(row: Variant, study: Study) -> VariantRow:
    told = study.summary
    solution = told.get("solution", {})
    return VariantRow(
        row.key,
        row.name,
        study.asked_at,
        row_of(study),
        Measures(**told["measures"]) if told else None,
        told.get("gained", 0),
        told.get("lost", 0),
        told.get("moved", 0),
        solution.get("standard"),
        solution.get("broken", ()),
        _read_changes(row).supposes,
        row.chosen_at,
        row.reason,
    )
