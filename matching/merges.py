"""Merges and transfers: two records of one person made one, a person moved to another centre.

The record merged away stays as an empty shell that points to the one that lives on, so that every
journal entry and stored round still finds its key. What moved is listed, and so can be taken back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate, Readiness, find_candidate, need_open, set_readiness
from matching.consents import note_part
from matching.identities import Identity, NameToken, note_shown, read_persons
from matching.referrals import LIVE, Referral
from matching.rounds import Proposal
from matching.standings import Kind, Standing, write_down
from matching.states import CLAIMING
from quota import journal, rights
from quota.centres import Centre
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor
from quota.tables import Keyed, Table

# Rows that stay with their record: what names it, its own wishes, and who was where when.
_STAY = (Identity, NameToken, Standing)


class Merge(Keyed, Table):
    """`moved` lists the ids of the rows that changed hands, by table; `readiness` is what was before."""

    __tablename__ = "merges"

    from_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]


def merge(session: Session, actor: Actor, from_key: str, into_key: str, *, now: datetime) -> Merge:
    """Makes two records of one person one: everything of the first hangs on the second.

    Raises NotAllowed, NotFound, WrongState for closed records, or Invalid for one and the same, or two
    people with different identifier numbers.
    """
    source = find_candidate(session, actor, from_key, right="candidates.edit")
    target = find_candidate(session, actor, into_key, right="candidates.edit")
    need_open(source)
    need_open(target)
    _need_one_person(session, source, target)
    done = Merge(
        from_id=source.id,
        into_id=target.id,
        at=now,
        account_id=actor.account_id,
        moved=_move_all(session, source.id, target.id) | {"readiness": source.readiness},
    )
    session.add(done)
    session.flush()
    set_readiness(session, actor, source, Readiness.OUT_OF_SCOPE, reason="merged", now=now)
    source.merged_into_id = target.id
    note_part(session, source.id)
    note_part(session, target.id)
    journal.write(session, actor, "merge", source, now=now, into=target.key)
    journal.write(session, actor, "take_in", target, now=now, source=source.key)
    return done


def undo_merge(session: Session, actor: Actor, from_key: str, *, now: datetime) -> Merge:
    """Gives back what moved, as far as it still hangs on the other record.

    Raises NotAllowed, NotFound, or WrongState when it is not merged.
    """
    source = find_candidate(session, actor, from_key, right="candidates.edit")
    done = session.scalar(
        select(Merge)
        .where(Merge.from_id == source.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(1)
    )
    if done is None or source.merged_into_id is None:
        raise WrongState("not_merged", noun="candidate")
    for table in _tables():
        _give(session, table, done.moved.get(table.name, ()), done.into_id, done.from_id)
    source.merged_into_id, done.undone_at = None, now
    note_part(session, done.from_id)
    note_part(session, done.into_id)
    before = Readiness(done.moved["readiness"])
    set_readiness(session, actor, source, before, reason="unmerged", now=now)
    journal.write(session, actor, "undo_merge", source, now=now)
    return done


def transfer(
    session: Session, actor: Actor, key: str, centre_key: str, *, reason: str, now: datetime
) -> Candidate:
    """Moves a person to another centre, which then alone reaches the record. The centre there can send
    the person back the same way.

    Raises NotAllowed, NotFound, Invalid, or WrongState while a proposal or referral is under way here.
    """
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    need_open(candidate)
    centre = session.scalar(select(Centre).where(Centre.key == centre_key))
    if centre is None or centre.id == candidate.centre_id:
        raise Invalid(fault("centre", "unknown_choice"))
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if _in_progress(session, candidate):
        raise WrongState("in_progress", noun="candidate")
    home = session.get_one(Centre, candidate.centre_id)
    standing = Standing(
        candidate_id=candidate.id,
        kind=Kind.CENTRE,
        value_from=home.key,
        value_to=centre.key,
        reason="transferred",
    )
    write_down(session, actor, standing, now=now)
    candidate.centre_id = centre.id
    journal.write(session, actor, "transfer", candidate, now=now, reason=reason.strip())
    return candidate


def list_centres(session: Session, actor: Actor) -> list[Centre]:
    """The other centres, by key. Raises NotAllowed."""
    rights.reach(actor, "candidates.edit")
    others = select(Centre).where(Centre.id != (actor.centre_id or 0))
    return list(session.scalars(others.order_by(Centre.id)))


def list_likely(session: Session, actor: Actor, key: str) -> list[str]:
    """Keys of the centre's other records that bear the same name. Raises NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    mine = select(NameToken.token).where(NameToken.candidate_id == candidate.id)
    near = session.scalars(
        select(NameToken.candidate_id)
        .join(Candidate, Candidate.id == NameToken.candidate_id)
        .where(
            NameToken.token.in_(mine),
            NameToken.candidate_id != candidate.id,
            Candidate.centre_id == candidate.centre_id,
            Candidate.merged_into_id.is_(None),
        )
        .distinct()
    ).all()
    persons = read_persons(session, [candidate.id, *near])
    if candidate.id not in persons:
        return []
    name = persons[candidate.id].full_name.casefold()
    same = [i for i in near if i in persons and persons[i].full_name.casefold() == name]
    note_shown(session, same)
    return list(session.scalars(select(Candidate.key).where(Candidate.id.in_(same))))


def _need_one_person(session: Session, source: Candidate, target: Candidate) -> None:
    if source.id == target.id:
        raise Invalid(fault("into", "same_record"))
    persons = read_persons(session, [source.id, target.id])
    numbers = {p.iin for p in persons.values() if p.iin}
    if len(numbers) > 1:
        raise Invalid(fault("into", "numbers_differ"))


def _tables() -> Sequence[Any]:
    """Every table whose rows belong to a candidate, but those that stay."""
    stay = {table.__tablename__ for table in _STAY} | {"choices"}
    return [
        table
        for table in Table.metadata.sorted_tables
        if "candidate_id" in table.c and table.name not in stay
    ]


def _move_all(session: Session, source_id: int, target_id: int) -> dict[str, Any]:
    moved: dict[str, Any] = {}
    for table in _tables():
        ids = session.scalars(select(table.c.id).where(table.c.candidate_id == source_id)).all()
        _give(session, table, ids, source_id, target_id)
        if ids:
            moved[table.name] = list(ids)
    return moved


def _give(session: Session, table: Any, ids: Sequence[int], old: int, new: int) -> None:
    session.flush()
    mine = update(table).where(table.c.id.in_(ids), table.c.candidate_id == old)
    session.execute(mine.values(candidate_id=new))
    session.expire_all()


def _in_progress(session: Session, candidate: Candidate) -> bool:
    proposal = select(Proposal.id).where(
        Proposal.candidate_id == candidate.id, Proposal.state.in_(CLAIMING)
    )
    referral = select(Referral.id).where(
        Referral.candidate_id == candidate.id, Referral.state.in_(LIVE)
    )
    return any(session.scalar(s.limit(1)) is not None for s in (proposal, referral))
