"""Memoranda from a sheet: signed pledges, put in force with their places opened."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import columns as col
from quota import ledger, memoranda, rights
from quota.columns import Column, Reading
from quota.employers import Basis, Employer
from quota.errors import Invalid, fault
from quota.imports.employers import IDENTIFIER, find_employer_of, index_employers, pick_changed
from quota.imports.report import Done, Report, Status, Watch, run
from quota.memoranda import Memorandum
from quota.rights import Actor, Scope
from quota.sheets import Sheet

COLUMNS = (
    IDENTIFIER,
    Column("number", col.text(60), "Меморандум нөмірі", "Номер меморандума", True, "М-12"),
    Column("signed_on", col.DAY, "Қол қойылған күні", "Дата подписания", True, "2026-02-16"),
    Column("ends_on", col.DAY, "Аяқталу күні", "Срок действия до", example="2027-02-16"),
    Column("parties", col.text(500), "Тараптар", "Стороны"),
    Column("pledged", col.whole(10_000), "Уәде етілген орын", "Обещано мест", True, 3),
    Column("basis_number", col.text(100), "Негіз нөмірі", "Номер основания", example="17-Т/2026"),
)


def import_memoranda(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Enters signed memoranda by employer and number, puts them in force and opens their places.

    Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column.
    """
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Memoranda(session, actor, centre_id, now)
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Memoranda:
    noun = "memoranda"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {}

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._centre_id, self._now = session, actor, centre_id, now

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._employers = index_employers(self._session, self._centre_id)
        rows = self._session.scalars(select(Memorandum).where(Memorandum.number != ""))
        self._known = {
            (memorandum.employer_id, memorandum.number): memorandum for memorandum in rows
        }

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["identifier"], values["number"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        employer = find_employer_of(self._employers, values)
        fields = {name: values[name] for name in memoranda.EDITABLE if name in values}
        if values.get("basis_number"):
            fields["basis_id"] = self._find_basis(employer, values["basis_number"])
        known = self._known.get((employer.id, values["number"]))
        if known is None:
            return self._add(employer, fields)
        if not (changed := pick_changed(known, fields)):
            return Done(Status.UNCHANGED, known.key)
        memoranda.change_memorandum(self._session, self._actor, known, changed, now=self._now)
        if known.state == "active":
            ledger.open_pledged(self._session, self._actor, known, now=self._now)
        return Done(Status.CHANGED, known.key)

    def _add(self, employer: Employer, fields: Mapping[str, Any]) -> Done:
        session, actor, now = self._session, self._actor, self._now
        memorandum = memoranda.add_memorandum(
            session, actor, employer, Memorandum(**fields), now=now
        )
        memoranda.sign_memorandum(session, actor, memorandum, now=now)
        ledger.open_pledged(session, actor, memorandum, now=now)
        return Done(Status.CREATED, memorandum.key)

    def _find_basis(self, employer: Employer, number: str) -> int:
        wanted = select(Basis.id).where(Basis.employer_id == employer.id, Basis.number == number)
        basis_id = self._session.scalar(wanted.order_by(Basis.id).limit(1))
        if basis_id is None:
            raise Invalid(fault("basis_number", "unknown_basis"))
        return basis_id
