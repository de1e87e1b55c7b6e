"""Learning what people call their work: an alias changes open records only when a second person has seen
which ones. A record somebody confirmed is never changed by it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Status
from matching.choices import Choice
from quota import aliases, journal, rights
from quota.aliases import Alias
from quota.errors import NotAllowed, WrongState
from quota.rights import Actor, Scope
from quota.terms import gist_of, gists_of
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Open:
    """A record that waits for its profession: a `vacancy`, or a candidate's `choice` or `retraining`.

    `key` and `number` are those of the vacancy or candidate, `id` is the row that would change.
    """

    kind: str
    id: int
    key: str
    number: str
    title: str


_COLUMNS: dict[str, Any] = {
    "vacancy": Vacancy.isco08,
    "choice": Choice.isco08,
    "retraining": Candidate.retraining_isco08,
}


def find_open(
    session: Session, actor: Actor, titles: Iterable[str], *, centre_id: int
) -> dict[str, tuple[Open, ...]]:
    """The open records that each title, learned as an alias, would change: those that say the same, in
    any spelling or form, and nothing else but noise.

    Raises NotAllowed, or NotFound for another centre.
    """
    rights.check(actor, "aliases.edit", Scope(centre_id=centre_id))
    gists = {title: gist_of(title) for title in titles}
    found: dict[str, list[Open]] = {gist: [] for gist in gists.values() if gist}
    for vacancy, gist in aliases.find_open_vacancies(session, centre_id, found):
        found[gist].append(Open("vacancy", vacancy.id, vacancy.key, vacancy.number, vacancy.title))
    for wish in _list_open_wishes(session, centre_id):
        for gist in gists_of(wish.title):
            if gist in found:
                found[gist].append(wish)
    return {title: tuple(found.get(gist, ())) for title, gist in gists.items()}


def mark_of(records: Sequence[Open]) -> str:
    """The digest by which `confirm` knows that these very records were seen."""
    rows = [(record.kind, record.id, record.title) for record in records]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def confirm(
    session: Session, actor: Actor, key: str, *, seen: str, now: datetime
) -> tuple[Open, ...]:
    """Learns an alias and confirms by it the open records of which `seen` is the mark; returns them.

    Raises NotAllowed also for whoever proposed it, NotFound, or WrongState: decided already, or the
    records are no longer those that were seen.
    """
    alias = aliases.find_alias(session, actor, key)
    if actor.account_id is None or actor.account_id == alias.proposed_by:
        raise NotAllowed("second_person_learns", right="aliases.edit")
    records = find_open(session, actor, [alias.title], centre_id=alias.centre_id)[alias.title]
    if mark_of(records) != seen:
        raise WrongState("changed_meanwhile", noun="alias", state=alias.state, verb="confirm")
    decided: dict[str, Any] = {"decided_at": now, "decided_by": actor.account_id}
    journal.move(session, actor, alias, "confirm", now=now, **decided)
    for record in records:
        _confirm_record(session, actor, alias, record, now=now)
    return records


def _confirm_record(
    session: Session, actor: Actor, alias: Alias, record: Open, *, now: datetime
) -> None:
    """Sets the profession if nobody has meanwhile, and writes it down."""
    column = _COLUMNS[record.kind]
    table = column.class_
    done = session.execute(
        update(table)
        .where(table.id == record.id, column.is_(None))
        .values({column.key: alias.isco08})
        .execution_options(synchronize_session="fetch")
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState("changed_meanwhile", noun="alias", state=alias.state, verb="confirm")
    owner: type[Vacancy] | type[Candidate] = Vacancy if record.kind == "vacancy" else Candidate
    named = session.scalars(select(owner).where(owner.key == record.key)).one()
    detail = {"isco08": alias.isco08, "alias": alias.key, "of": record.kind}
    journal.write(session, actor, "learn_profession", named, now=now, **detail)


def _list_open_wishes(session: Session, centre_id: int) -> list[Open]:
    """What candidates chose or want to learn, not confirmed; records that are closed stay untouched."""
    alive = (
        Candidate.centre_id == centre_id,
        Candidate.status != Status.OFF_REGISTER,
        Candidate.blocked_at.is_(None),
        Candidate.erased_at.is_(None),
        Candidate.merged_into_id.is_(None),
    )
    person = (Candidate.key, Candidate.number)
    chosen = (
        select(Choice.id, *person, Choice.title)
        .join(Candidate, Candidate.id == Choice.candidate_id)
        .where(*alive, Choice.isco08.is_(None))
        .order_by(Choice.id)
    )
    learning = (
        select(Candidate.id, *person, Candidate.retraining_title)
        .where(*alive, Candidate.retraining_isco08.is_(None), Candidate.retraining_title != "")
        .order_by(Candidate.id)
    )
    rows = [("choice", row) for row in session.execute(chosen)]
    rows += [("retraining", row) for row in session.execute(learning)]
    return [Open(kind, row[0], row[1], row[2], row[3]) for kind, row in rows]
