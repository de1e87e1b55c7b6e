"""A paper form keyed twice: the second time by another person, compared, settled by what stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching import questions, surveys
from matching.questions import STEPS
from matching.surveys import Survey, Way
from quota import journal
from quota.calendar import local_day
from quota.errors import Fault, Invalid, WrongState, fault
from quota.rights import Actor

FIRST, SECOND = "first", "second"


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer keyed differently the two times."""

    step: str
    field: str
    first: Any
    second: Any

    @property
    def name(self) -> str:
        return f"{self.step}.{self.field}"


def key_again(session: Session, actor: Actor, key: str, *, now: datetime) -> Survey:
    """Ends the first keying of a paper form; then another person keys it, from nothing.

    Raises NotAllowed, NotFound, WrongState, or Invalid naming the steps still missing.
    """
    survey, _ = surveys.find_draft(session, actor, key, "key_again")
    if survey.way != Way.PAPER:
        raise WrongState("wrong_state", noun="survey", state=survey.state, verb="key_again")
    surveys.need_complete(survey.answers)
    journal.move(session, actor, survey, "key_again", now=now, keyed_by=actor.account_id)
    return survey


def compare(survey: Survey) -> list[Difference]:
    """Where the two keyings of a paper form differ, in the order of the form."""
    return [
        Difference(step, name, first.get(name), second.get(name))
        for step in STEPS
        for first, second in [(survey.answers.get(step, {}), survey.second.get(step, {}))]
        for name in {**first, **second}
        if first.get(name) != second.get(name)
    ]


def settle(
    session: Session, actor: Actor, key: str, chosen: Mapping[str, str], *, now: datetime
) -> Survey:
    """Takes for each answer keyed differently the one that stands on the paper: FIRST or SECOND, by the
    name of the difference.

    Raises NotAllowed, NotFound, WrongState, or Invalid for a choice left out or answers that do not fit
    together.
    """
    survey, _ = surveys.find_draft(session, actor, key, "settle")
    surveys.need_second_person(survey, actor)
    surveys.need_complete(survey.second)
    found = compare(survey)
    faults = [fault(d.name, "required") for d in found if chosen.get(d.name) not in (FIRST, SECOND)]
    if faults:
        raise Invalid(*faults)
    settled = {step: dict(answers) for step, answers in survey.second.items()}
    for d in found:
        settled[d.step][d.field] = d.first if chosen[d.name] == FIRST else d.second
    _check(settled, {d.step for d in found}, now=now)
    survey.answers = survey.second = settled
    survey.saved_at = now
    journal.write(session, actor, "settle", survey, now=now, fields=[d.name for d in found])
    return survey


def _check(settled: Mapping[str, Any], steps: set[str], *, now: datetime) -> None:
    read = {step: questions.read(step, settled[step]) for step in STEPS}
    faults: list[Fault] = questions.check_meaning(read["meaning"], settled["wishes"])
    for step in steps:
        faults += questions.check(read[step], today=local_day(now))
    if faults:
        raise Invalid(*faults)
