"""Employers from a sheet: one row an organisation and reason why it is asked, or the organisation alone."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import columns as col
from quota import employers
from quota.columns import Column, Reading
from quota.employers import Basis, Employer
from quota.errors import Invalid, fault
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
    Column("parent", col.NUMBER12, "Бас ұйымның БСН-і", "БИН головной организации"),
    *_BASIS_COLUMNS,
)


_ABOUT = tuple(column.code for column in COLUMNS if column not in _BASIS_COLUMNS)


class EmployerImport(Importer):
    """Employers by BIN or IIN. Further rows of one employer bring further bases, and repeat what the first
    row says of it or leave it blank."""

    noun = "employers"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {
        "kato": "place",
        "amount": "basis_amount",
        "starts_on": "basis_from",
        "ends_on": "basis_to",
    }

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._told: dict[str, Mapping[str, Any]] = {}
        self._meant = Counter(_ground(r.values) for r in readings)
        self._bases: defaultdict[Hashable, list[Basis]] = defaultdict(list)
        known = select(Basis, Employer.identifier).join(Employer, Employer.id == Basis.employer_id)
        rows = self.session.execute(known.where(Employer.centre_id == self.centre.id))
        for basis, identifier in rows:
            self._bases[identifier, basis.kind, basis.number].append(basis)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((*_ground(values), *(values.get(name) for name in _APART.values())),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        number, centre_id = values["identifier"], self.centre.id
        self._refuse_otherwise(values)
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
        if "parent" in values:
            self._set_parent(done, employer, values)
        if "basis" in values and self._enter_basis(employer, values) is not Status.UNCHANGED:
            done.mark_changed()
        self.employers[number] = employer
        self._told.setdefault(number, values)
        return done

    def _refuse_otherwise(self, values: Mapping[str, Any]) -> None:
        """Raises Invalid where an earlier row of the file says otherwise of the same employer."""
        told = self._told.get(values["identifier"], {})
        both = [name for name in _ABOUT if name in told and name in values]
        if faults := [fault(n, "differs_in_file") for n in both if told[n] != values[n]]:
            raise Invalid(*faults)

    def _set_parent(self, done: Done, employer: Employer, values: Mapping[str, Any]) -> None:
        known = self.session.get(Employer, employer.parent_id or 0)
        if known is None or known.identifier != values["parent"]:
            parent = self.find_employer(values, "parent")
            employers.set_parent(self.session, self.actor, employer.key, parent, now=self.now)
            done.mark_changed()

    def _enter_basis(self, employer: Employer, values: Mapping[str, Any]) -> Status:
        session, actor, now = self.session, self.actor, self.now
        names = {"subject": "subject", "amount": "amount", "starts_on": "from", "ends_on": "to"}
        fields = {n: values[f"basis_{c}"] for n, c in names.items() if f"basis_{c}" in values}
        kind, number = values["basis"], values.get("basis_number", "")
        known = self._find_basis(values)
        done, basis = self.settle(
            known,
            fields,
            add=lambda fields: employers.add_basis(
                session, actor, employer, Basis(kind=kind, number=number, **fields), now=now
            ),
            change=lambda known, more: employers.change_basis(session, actor, known, more, now=now),
        )
        if known is None:
            self._bases[_ground(values)].append(basis)
        return done.status

    def _find_basis(self, values: Mapping[str, Any]) -> Basis | None:
        """The basis a row means: of its kind and number; where there are several such, here or in the
        file, the one of the same subject and beginning."""
        alike = self._bases[_ground(values)]
        if len(alike) == 1 == self._meant[_ground(values)]:
            return alike[0]
        wanted = {name: values.get(column) for name, column in _APART.items()}
        told = (b for b in alike if all((getattr(b, n) or None) == v for n, v in wanted.items()))
        return next(told, None)


# What tells bases of one kind and number apart, and its column: a programme has years, a contract parts.
_APART = {"subject": "basis_subject", "starts_on": "basis_from"}


def _ground(values: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return values.get("identifier"), values.get("basis"), values.get("basis_number", "")
