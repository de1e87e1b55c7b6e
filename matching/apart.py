"""Keeping people of one criminal case apart: who may not be sent to an employer where another of them is.

A case is known here by an opaque number alone. Whoever holds a place counts as being there, from the
proposal on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Restriction
from matching.restrictions import APART, is_in_force
from quota.slots import Slot

_DIGITS = 12  # of a group: a number that JSON holds exactly everywhere


def case_of(restrictions: Iterable[Restriction], day: date) -> int | None:
    """The case of somebody with these restrictions on a day, as a number that says nothing else; None
    for whoever is in none. Raises ValueError when two are in force, or one cannot be read."""
    groups = {
        r.params.get("group") for r in restrictions if r.rule == APART and is_in_force(r, day)
    }
    if not groups:
        return None
    if len(groups) > 1:
        raise ValueError("in two cases at once")
    return int(str(groups.pop())[:_DIGITS], 16)


def count_met(
    session: Session, people: Sequence[Candidate], *, day: date
) -> Mapping[tuple[str, int], int]:
    """{(candidate key, employer id): others of the same case who hold a place there}, of these people."""
    group_of = _list_groups(session, day)
    there: dict[str, list[tuple[str, int]]] = defaultdict(list)
    holders = select(Slot.holder_key, Slot.employer_id).where(Slot.holder_key.in_(group_of))
    for key, employer_id in session.execute(holders):
        if key is not None:
            there[group_of[key]].append((key, employer_id))
    met: dict[tuple[str, int], int] = defaultdict(int)
    for person in people:
        for key, employer_id in there[group_of[person.key]] if person.key in group_of else ():
            met[person.key, employer_id] += key != person.key
    return {at: number for at, number in met.items() if number}


def _list_groups(session: Session, day: date) -> dict[str, str]:
    """{candidate key: group} of everybody who has to be kept apart from somebody on the day."""
    rows = session.execute(
        select(Candidate.key, Restriction)
        .join(Restriction, Restriction.candidate_id == Candidate.id)
        .where(Restriction.rule == APART)
    )
    return {key: str(r.params.get("group")) for key, r in rows if is_in_force(r, day)}
