"""Employers from a sheet: one row an organisation, perhaps with one reason why it is asked."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import columns as col
from quota import employers, rights
from quota.centres import Centre
from quota.columns import Column, Reading
from quota.employers import Basis, Employer
from quota.errors import Invalid, SenimError, fault
from quota.imports.report import Done, Report, Status, Watch, run
from quota.places import Gazetteer
from quota.rights import Actor, Scope
from quota.sheets import Sheet

BASES: col.Labels = {
    "procurement": ("мемлекеттік сатып алу", "государственные закупки", "госзакуп", "госзакупки"),
    "subsidy": ("субсидия", "субсидия"),
    "decree": ("қаулы", "постановление"),
    "goodwill": ("өз еркімен", "добровольно"),
}
LANGUAGES: col.Labels = {
    "kk": ("қазақша", "казахский"),
    "ru": ("орысша", "русский"),
    "en": ("ағылшынша", "английский"),
}

IDENTIFIER = Column("identifier", col.NUMBER12, "БСН/ЖСН", "БИН/ИИН", True, "500340000004")
PLACE = Column("place", col.text(200), "Елді мекен", "Населённый пункт", True, "Талғар")
DISTRICT = Column("district", col.text(200), "Аудан", "Район", example="Талғар ауданы")
ADDRESS = Column("address", col.text(300), "Мекенжай", "Адрес", example="Жастар көшесі, 1")
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


def import_employers(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Enters employers by BIN or IIN. Raises NotAllowed, NotFound, or Invalid for a sheet without a
    needed column; what is wrong with single rows stands in the report."""
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Employers(session, actor, centre_id, now)
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Employers:
    noun = "employers"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {
        "kato": "place",
        "amount": "basis_amount",
        "starts_on": "basis_from",
        "ends_on": "basis_to",
    }

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._centre = session.get_one(Centre, centre_id)

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._places = Gazetteer(self._session, self._centre.territory)
        self._known = index_employers(self._session, self._centre.id)
        rows = self._session.scalars(select(Basis))
        self._bases = {(basis.employer_id, basis.kind, basis.number): basis for basis in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return (values["identifier"],)

    def enter(self, values: Mapping[str, Any]) -> Done:
        fields = {name: values[name] for name in employers.EDITABLE if name in values}
        fields["kato"] = find_kato(self._places, values)
        done, employer = self._enter_employer(values["identifier"], fields)
        if "basis" in values:
            self._enter_basis(employer, values, done)
        return done

    def _enter_employer(self, identifier: str, fields: dict[str, Any]) -> tuple[Done, Employer]:
        session, actor, now = self._session, self._actor, self._now
        employer = self._known.get(identifier)
        if employer is None:
            employer = employers.add_employer(
                session, actor, identifier, fields, centre_id=self._centre.id, now=now
            )
            return Done(Status.CREATED, employer.key), employer
        if changed := pick_changed(employer, fields):
            employers.change_employer(session, actor, employer.key, changed, now=now)
            return Done(Status.CHANGED, employer.key), employer
        return Done(Status.UNCHANGED, employer.key), employer

    def _enter_basis(self, employer: Employer, values: Mapping[str, Any], done: Done) -> None:
        names = {"subject": "subject", "amount": "amount", "starts_on": "from", "ends_on": "to"}
        fields = {n: values[f"basis_{c}"] for n, c in names.items() if f"basis_{c}" in values}
        number = values.get("basis_number", "")
        known = self._bases.get((employer.id, values["basis"], number))
        if known is None:
            basis = Basis(kind=values["basis"], number=number, **fields)
            employers.add_basis(self._session, self._actor, employer, basis, now=self._now)
        elif changed := pick_changed(known, fields):
            employers.change_basis(self._session, self._actor, known, changed, now=self._now)
        else:
            return
        done.mark_changed()


def index_employers(session: Session, centre_id: int) -> dict[str, Employer]:
    """The centre's employers by identifier."""
    rows = session.scalars(select(Employer).where(Employer.centre_id == centre_id))
    return {employer.identifier: employer for employer in rows}


def find_employer_of(known: Mapping[str, Employer], values: Mapping[str, Any]) -> Employer:
    """The employer a row names. Raises Invalid when the centre has none with this identifier."""
    employer = known.get(values["identifier"])
    if employer is None:
        raise Invalid(fault("identifier", "unknown_employer"))
    return employer


def find_kato(places: Gazetteer, values: Mapping[str, Any]) -> str:
    """The code of the place a row names. Raises Invalid."""
    try:
        return places.find(values["place"], values.get("district", "")).kato
    except SenimError as error:
        raise Invalid(fault("place", error.code, **error.params)) from None


def pick_changed(record: object, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `fields` that the record has otherwise."""
    return {name: value for name, value in fields.items() if getattr(record, name) != value}
