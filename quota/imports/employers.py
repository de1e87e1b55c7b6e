"""Employers from a sheet: one row an organisation, perhaps with one reason why it is asked."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import columns as col
from quota import employers
from quota.columns import Column, Reading
from quota.employers import Basis, Employer
from quota.imports.importer import ADDRESS, DISTRICT, IDENTIFIER, PLACE, Importer
from quota.imports.report import Done, Status

BASES: col.Labels = {
    "procurement": (
        *("мемлекеттік сатып алу", "государственные закупки", "госзакуп", "госзакупки"),
        "public procurement",
    ),
    "subsidy": ("субсидия", "субсидия"),
    "decree": ("қаулы", "постановление"),
    "goodwill": ("өз еркімен", "добровольно", "добрая воля"),
}
LANGUAGES: col.Labels = {
    "kk": ("қазақша", "казахский"),
    "ru": ("орысша", "русский"),
    "en": ("ағылшынша", "английский"),
}

_BASIS_COLUMNS = (
    Column("basis", col.choice(BASES), "Негіз", "Основание", example="procurement"),
    Column("basis_number", col.text(100), "Негіз нөмірі", "Номер основания", example="17-Т/2026"),
    Column("basis_subject", col.text(300), "Негіз мәні", "Предмет основания"),
    Column("basis_amount", col.TENGE, "Негіз сомасы", "Сумма основания", example=48_000_000),
    Column("basis_from", col.DAY, "Негіз басталуы", "Начало основания"),
    Column("basis_to", col.DAY, "Негіз аяқталуы", "Окончание основания"),
)
COLUMNS = (
    IDENTIFIER,
    Column("name", col.text(300), "Атауы", "Наименование", True, "ЖШС «Үлгі Құрылыс»"),
    PLACE,
    DISTRICT,
    ADDRESS,
    Column("activity", col.text(200), "Қызмет түрі", "Вид деятельности", example="құрылыс"),
    Column("headcount", col.whole(), "Қызметкерлер саны", "Численность", example=84),
    Column("contact_name", col.text(200), "Байланыс тұлғасы", "Контактное лицо"),
    Column("contact_phone", col.text(60), "Телефон", "Телефон"),
    Column("contact_email", col.text(200), "Электрондық пошта", "Электронная почта"),
    Column("locale", col.choice(LANGUAGES), "Хат алмасу тілі", "Язык переписки", example="kk"),
    Column("notes", col.text(2_000), "Ескертпе", "Примечание"),
    *_BASIS_COLUMNS,
)


class EmployerImport(Importer):
    """Employers by BIN or IIN."""

    noun = "employers"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {
        "kato": "place",
        "amount": "basis_amount",
        "starts_on": "basis_from",
        "ends_on": "basis_to",
    }

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = self.session.scalars(select(Basis))
        self._bases = {(basis.employer_id, basis.kind, basis.number): basis for basis in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return (values["identifier"],)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        number, centre_id = values["identifier"], self.centre.id
        fields = {name: values[name] for name in employers.EDITABLE if name in values}
        fields["kato"] = self.find_kato(values)
        done, employer = self.settle(
            self.employers.get(number),
            fields,
            add=lambda fields: employers.add_employer(
                session, actor, number, fields, centre_id=centre_id, now=now
            ),
            change=lambda known, more: employers.change_employer(
                session, actor, known.key, more, now=now
            ),
        )
        if "basis" in values and self._enter_basis(employer, values) is not Status.UNCHANGED:
            done.mark_changed()
        return done

    def _enter_basis(self, employer: Employer, values: Mapping[str, Any]) -> Status:
        session, actor, now = self.session, self.actor, self.now
        names = {"subject": "subject", "amount": "amount", "starts_on": "from", "ends_on": "to"}
        fields = {n: values[f"basis_{c}"] for n, c in names.items() if f"basis_{c}" in values}
        kind, number = values["basis"], values.get("basis_number", "")
        done, _ = self.settle(
            self._bases.get((employer.id, kind, number)),
            fields,
            add=lambda fields: employers.add_basis(
                session, actor, employer, Basis(kind=kind, number=number, **fields), now=now
            ),
            change=lambda known, more: employers.change_basis(session, actor, known, more, now=now),
        )
        return done.status
