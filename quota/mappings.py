"""Mappings: how a centre's own headers lead to the columns of a noun, set once by hand and remembered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.columns import Column
from quota.errors import Invalid, fault
from quota.rights import Actor, Scope
from quota.sheets import Row, Sheet
from quota.spelling import normalise
from quota.tables import Code, Keyed, Table

LONGEST = 200


class HeaderMapping(Keyed, Table):
    """`header` is a foreign header without case and punctuation, `code` the column it means."""

    __tablename__ = "header_mappings"
    __table_args__ = (UniqueConstraint("centre_id", "noun", "header"),)

    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"))
    noun: Mapped[Code]
    header: Mapped[str] = mapped_column(String(LONGEST))
    code: Mapped[Code]


def find_foreign(
    headers: Iterable[str], columns: Sequence[Column], mapping: Mapping[str, str]
) -> tuple[str, ...]:
    """The headers that are neither code nor name of a column, and those that the centre's mapping leads
    to another column than their name would: a mapping is older than a column that came since."""
    own = {normalise(name): c.code for c in columns for name in (c.code, c.kk, c.ru)}
    return tuple(
        header
        for header in headers
        if (name := normalise(header)) not in own or mapping.get(name, own[name]) != own[name]
    )


def recall(session: Session, centre_id: int, noun: str) -> dict[str, str]:
    """{normalised header: column code} as the centre set it for the noun."""
    rows = select(HeaderMapping).where(
        HeaderMapping.centre_id == centre_id, HeaderMapping.noun == noun
    )
    return {row.header: row.code for row in session.scalars(rows.order_by(HeaderMapping.id))}


def read_mapping(pairs: Iterable[tuple[str, str]], columns: Sequence[Column]) -> dict[str, str]:
    """{normalised header: column code, or empty for none} from headers and columns as people name them.

    Raises Invalid for a column nobody knows.
    """
    by_name = {normalise(name): c.code for c in columns for name in (c.kk, c.ru, c.code)}
    mapping = {}
    for header, name in pairs:
        code = by_name.get(normalise(name), "") if name else ""
        if name and not code:
            raise Invalid(fault("map", "unknown_choice"))
        mapping[normalise(header)] = code
    return mapping


def apply_mapping(sheet: Sheet, mapping: Mapping[str, str], columns: Sequence[Column]) -> Sheet:
    """The sheet with its foreign headers replaced by the columns they mean; own ones stay."""
    foreign = find_foreign(sheet.headers, columns, mapping)
    codes = {header: code for header in foreign if (code := mapping.get(normalise(header)))}
    rows = (
        Row(row.number, {codes.get(header, header): cell for header, cell in row.cells.items()})
        for row in sheet.rows
    )
    return Sheet(tuple(codes.get(header, header) for header in sheet.headers), tuple(rows))


def remember(
    session: Session,
    actor: Actor,
    mapping: Mapping[str, str],
    *,
    noun: str,
    centre_id: int,
    now: datetime,
) -> None:
    """Keeps the mapping for the centre's next files; an empty code forgets a header. Raises NotAllowed
    or NotFound."""
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    statement = select(HeaderMapping).where(
        HeaderMapping.centre_id == centre_id, HeaderMapping.noun == noun
    )
    known = {row.header: row for row in session.scalars(statement)}
    for header, code in mapping.items():
        row = known.get(header)
        if not header or len(header) > LONGEST or code == (row.code if row else ""):
            continue
        if row is None:
            row = HeaderMapping(centre_id=centre_id, noun=noun, header=header, code=code)
            session.add(row)
            session.flush()
        elif code:
            row.code = code
        else:
            session.delete(row)
        journal.write(session, actor, "set", row, now=now, column=code)
