"""Memoranda from a sheet: signed pledges, put in force with their places opened."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from quota import columns as col
from quota import memoranda, pledges
from quota.columns import Column, Kind, Reading
from quota.employers import Basis, Employer
from quota.errors import Fault, Invalid, SenimError, fault
from quota.imports.importer import IDENTIFIER, Importer
from quota.imports.report import Done
from quota.memoranda import Memorandum, Pledge
from quota.sheets import Cell

_PLACES = col.whole(10_000)


def _parse_lines(cell: Cell) -> list[Mapping[str, Any]]:
    """Each line's profession, its code, place and number; all but the number may be left out."""
    lines = [line.strip() for line in str(cell).splitlines() if line.strip()]
    return [_parse_line([part.strip() for part in line.rsplit(";", 3)]) for line in lines]


def _parse_line(parts: Sequence[str]) -> Mapping[str, Any]:
    if len(parts) != 4:
        raise SenimError("not_a_pledge")
    title, isco08, place, number = parts
    return {
        "title": col.text(200).parse(title),
        "isco08": col.ISCO08.parse(isco08) if isco08 else None,
        "place": place,
        "number": _PLACES.parse(number),
    }


def _write_lines(lines: Sequence[Mapping[str, Any]], _locale: str) -> str:
    return "\n".join(
        f"{line['title']}; {line['isco08'] or ''}; {line['place']}; {line['number']}"
        for line in lines
    )


LINES = Kind("pledges", _parse_lines, write=_write_lines)
COLUMNS = (
    IDENTIFIER,
    Column("number", col.text(60), "Меморандум нөмірі", "Номер меморандума", True, "М-12"),
    Column("signed_on", col.DAY, "Қол қойылған күні", "Дата подписания", True, "2026-02-16"),
    Column("ends_on", col.DAY, "Аяқталу күні", "Срок действия до", example="2027-02-16"),
    Column("parties", col.text(500), "Тараптар", "Стороны"),
    Column("pledged", col.whole(10_000), "Уәде етілген орын", "Обещано мест", True, 3),
    Column("lines", LINES, "Мамандық пен орын бойынша", "По профессиям и местам"),
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

        lines = [self._read_line(line) for line in values.get("lines", ())]
        known = self._known.get((employer.id, values["number"]))
        if known and "lines" in values and self._tell_lines(known) != lines:
            raise Invalid(fault("lines", "lines_signed"))

        def add(fields: Mapping[str, Any]) -> Memorandum:
            paper = Memorandum(**fields)
            memoranda.add_memorandum(session, actor, employer, paper, now=now)
            for line in lines:
                self._add_line(paper, line)
            return pledges.sign(session, actor, paper.key, now=now)

        done, _ = self.settle(
            known,
            fields,
            add=add,
            change=lambda known, more: pledges.amend(session, actor, known, more, now=now),
        )
        return done

    def _read_line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """A line as it is stored. Raises Invalid for a place that cannot be told."""
        try:
            kato = self.places.find(line["place"]).kato if line["place"] else None
        except SenimError as error:
            raise Invalid(fault("lines", error.code, **error.params)) from None
        return {**{n: line[n] for n in ("title", "isco08", "number")}, "kato": kato}

    def _tell_lines(self, known: Memorandum) -> list[dict[str, Any]]:
        return [
            {name: getattr(line, name) for name in ("title", "isco08", "number", "kato")}
            for line in memoranda.list_pledges(self.session, known)
        ]

    def _add_line(self, paper: Memorandum, line: Mapping[str, Any]) -> None:
        try:
            memoranda.add_pledge(self.session, self.actor, paper, Pledge(**line), now=self.now)
        except Invalid as refusal:
            faults = (Fault("lines", f.code, f.params) for f in refusal.faults)
            raise Invalid(*faults) from None

    def _find_basis(self, employer: Employer, number: str) -> int:
        wanted = select(Basis.id).where(Basis.employer_id == employer.id, Basis.number == number)
        basis_id = self.session.scalar(wanted.order_by(Basis.id).limit(1))
        if basis_id is None:
            raise Invalid(fault("basis_number", "unknown_basis"))
        return basis_id
