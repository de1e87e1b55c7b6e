"""Aliases: what people of a centre call their work, learned by two persons, beside the package's terms."""

from collections.abc import Container
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.employers import Employer
from quota.errors import Fault, Invalid, NotFound, fault
from quota.professions import Classifier, load_classifier
from quota.rights import Actor, Scope
from quota.states import ALIAS
from quota.tables import Keyed, Table
from quota.terms import Term, gist_of, gists_of, group_names
from quota.vacancies import Vacancy

LONGEST = 200


class Alias(Keyed, Table):
    """A title and the unit group it means. `gist` is what all its spellings share (`terms.gist_of`)."""

    __tablename__ = "aliases"
    WORKFLOW = ALIAS

    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST))
    gist: Mapped[str] = mapped_column(String(2 * LONGEST))
    isco08: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id)


def classifier_of(session: Session, centre_id: int | None) -> Classifier:
    """The classifier with what the centre has learned; without a centre the package's own."""
    if centre_id is None:
        return load_classifier()
    learned = select(Alias.isco08, Alias.title).where(
        Alias.centre_id == centre_id, Alias.state == "learned"
    )
    terms = sorted((isco08, title) for isco08, title in session.execute(learned))
    return load_classifier(Term(isco08, "", title) for isco08, title in terms)


def propose(
    session: Session, actor: Actor, title: str, isco08: str, *, centre_id: int, now: datetime
) -> Alias:
    """Proposes that a title means a unit group; nothing changes before a second person confirms it.

    Raises NotAllowed, NotFound for another centre, or Invalid: a title that names no work or two jobs,
    that is proposed or learned already, an unknown group.
    """
    rights.check(actor, "aliases.edit", Scope(centre_id=centre_id))
    title = title.strip()
    faults = find_faults(session, title, isco08, centre_id=centre_id)
    if faults:
        raise Invalid(*faults)
    alias = Alias(centre_id=centre_id, title=title, isco08=isco08, state="proposed")
    alias.gist = gist_of(title)
    alias.proposed_at, alias.proposed_by = now, actor.account_id
    session.add(alias)
    session.flush()
    journal.write(session, actor, "propose", alias, now=now, isco08=isco08)
    return alias


def decline(session: Session, actor: Actor, key: str, *, now: datetime) -> Alias:
    """Drops a proposal; who made it may do so too. Raises NotAllowed, NotFound or WrongState."""
    alias = find_alias(session, actor, key)
    decided: dict[str, Any] = {"decided_at": now, "decided_by": actor.account_id}
    journal.move(session, actor, alias, "decline", now=now, **decided)
    return alias


def forget(session: Session, actor: Actor, key: str, *, now: datetime) -> Alias:
    """Titles are no longer read by this alias; records confirmed by it stay. Raises NotAllowed,
    NotFound or WrongState."""
    alias = find_alias(session, actor, key)
    journal.move(session, actor, alias, "forget", now=now)
    return alias


def find_alias(session: Session, actor: Actor, key: str) -> Alias:
    """The alias with this key. Raises NotAllowed, or NotFound also when out of reach."""
    alias = session.scalar(select(Alias).where(Alias.key == key))
    if alias is None:
        rights.reach(actor, "aliases.edit")
        raise NotFound("not_found")
    rights.check(actor, "aliases.edit", alias.scope())
    return alias


def list_aliases(session: Session, actor: Actor) -> list[Alias]:
    """Proposed and learned aliases within reach, proposals first, then by title. Raises NotAllowed."""
    statement = select(Alias).where(Alias.state.in_(("proposed", "learned")))
    within = rights.limit(statement, actor, "aliases.edit", centre=Alias.centre_id)
    order = (Alias.state.desc(), Alias.title, Alias.id)
    return list(session.scalars(within.order_by(*order)))


def find_open_vacancies(
    session: Session, centre_id: int, gists: Container[str]
) -> list[tuple[Vacancy, str]]:
    """The centre's vacancies whose profession nobody confirmed and whose title has one of the gists,
    each with it, the oldest first. Rights are the caller's."""
    rows = session.scalars(
        select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(
            Employer.centre_id == centre_id,
            Vacancy.isco08.is_(None),
            Vacancy.state != "withdrawn",
        )
        .order_by(Vacancy.id)
    )
    return [(row, gist) for row in rows for gist in gists_of(row.title) if gist in gists]


def find_faults(session: Session, title: str, isco08: str, *, centre_id: int) -> list[Fault]:
    """What speaks against proposing an alias. Rights are the caller's."""
    faults = []
    gist = gist_of(title)
    if not title.isprintable():
        faults.append(fault("title", "unreadable"))
    if len(title) > LONGEST:
        faults.append(fault("title", "too_long", most=LONGEST))
    if not gist:
        faults.append(fault("title", "names_no_single_job"))
    if isco08 not in group_names():
        faults.append(fault("isco08", "unknown_choice"))
    standing = select(Alias.id).where(
        Alias.centre_id == centre_id,
        Alias.gist == gist,
        Alias.state.in_(("proposed", "learned")),
    )
    if not faults and session.scalar(standing.limit(1)) is not None:
        faults.append(fault("title", "alias_known"))
    return faults
