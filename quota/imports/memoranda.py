"""Memoranda from a sheet: signed pledges, put in force with their places opened."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from quota import columns as col
from quota import memoranda, pledges
from quota.columns import Column, Reading
from quota.employers import Basis, Employer
from quota.errors import Invalid, fault
from quota.imports.importer import IDENTIFIER, Importer
from quota.imports.report import Done
from quota.memoranda import Memorandum

COLUMNS = (
    IDENTIFIER,
    Column("number", col.text(60), "Меморандум нөмірі", "Номер меморандума", True, "М-12"),
    Column("signed_on", col.DAY, "Қол қойылған күні", "Дата подписания", True, "2026-02-16"),
    Column("ends_on", col.DAY, "Аяқталу күні", "Срок действия до", example="2027-02-16"),
    Column("parties", col.text(500), "Тараптар", "Стороны"),
    Column("pledged", col.whole(10_000), "Уәде етілген орын", "Обещано мест", True, 3),
    Column("basis_number", col.text(100), "Негіз нөмірі", "Номер основания", example="17-Т/2026"),
)


class MemorandumImport(Importer):
    """Signed memoranda by employer and number: put in force, with their places opened."""

    noun = "memoranda"
    columns = COLUMNS

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = self.session.scalars(select(Memorandum).where(Memorandum.number != ""))
        self._known = {
            (memorandum.employer_id, memorandum.number): memorandum for memorandum in rows
        }

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["identifier"], values["number"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        employer = self.find_employer(values)
        fields = {name: values[name] for name in memoranda.EDITABLE if name in values}
        if values.get("basis_number"):
            fields["basis_id"] = self._find_basis(employer, values["basis_number"])

        def add(fields: Mapping[str, Any]) -> Memorandum:
            paper = Memorandum(**fields)
            memoranda.add_memorandum(session, actor, employer, paper, now=now)
            return pledges.sign(session, actor, paper.key, now=now)

        done, _ = self.settle(
            self._known.get((employer.id, values["number"])),
            fields,
            add=add,
            change=lambda known, more: pledges.amend(session, actor, known, more, now=now),
        )
        return done

    def _find_basis(self, employer: Employer, number: str) -> int:
        wanted = select(Basis.id).where(Basis.employer_id == employer.id, Basis.number == number)
        basis_id = self.session.scalar(wanted.order_by(Basis.id).limit(1))
        if basis_id is None:
            raise Invalid(fault("basis_number", "unknown_basis"))
        return basis_id
