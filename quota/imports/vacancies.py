"""Vacancies from a sheet, by employer and number; listed when the profession is confirmed."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import columns as col
from quota import journal, rights, vacancies
from quota.aliases import classifier_of
from quota.centres import Centre
from quota.columns import Column, Reading
from quota.employers import Employer
from quota.errors import Fault, fault
from quota.imports.employers import (
    ADDRESS,
    DISTRICT,
    IDENTIFIER,
    PLACE,
    find_employer_of,
    find_kato,
    index_employers,
    pick_changed,
)
from quota.imports.report import Done, Report, Status, Watch, run
from quota.places import Gazetteer
from quota.professions import Classifier, Resolution
from quota.rights import Actor, Scope
from quota.sheets import Sheet
from quota.vacancies import ANY, BEYOND, Vacancy

FLAGS: col.Labels = {
    "minors": ("балалармен жұмыс", "работа с детьми", "несовершеннолетние"),
    "driving": ("көлік жүргізу", "вождение"),
    "money": ("материалдық жауапкершілік", "материальная ответственность", "деньги"),
    "state_sector": ("мемлекеттік сектор", "государственный сектор", "госсектор"),
    "hazardous": ("қауіпті еңбек", "вредные условия", "опасные условия"),
    "heavy": ("ауыр еңбек", "тяжелый труд"),
    "night": ("түнгі ауысым", "ночные смены"),
    "rotational": ("вахталық әдіс", "вахта", "вахтовый метод"),
}
LICENCES: col.Labels = {
    **{code: () for code in vacancies.LICENCES if code != "tractor"},
    "tractor": ("трактор", "тракторист"),
}
PAY_EXAMPLE = 180_000
PLACES = {
    "places_any": ANY,
    "places_probation": "probation",
    "places_released": "released",
    "places_beyond": BEYOND,
}
COLUMNS = (
    IDENTIFIER,
    Column("number", col.text(40), "Бос орын нөмірі", "Номер вакансии", True, "В-7"),
    Column("title", col.text(200), "Лауазым", "Должность", True, "эл.сварщик"),
    Column("isco08", col.ISCO08, "ISCO-08 коды", "Код ISCO-08", example="7212"),
    PLACE,
    DISTRICT,
    ADDRESS,
    Column("pay_from", col.TENGE, "Жалақы, бастап", "Оплата от", True, PAY_EXAMPLE),
    Column("pay_to", col.TENGE, "Жалақы, дейін", "Оплата до", example=240_000),
    Column("shifts", col.SHIFTS, "Жұмыс кестесі", "График", example="1-5 08:00-17:00"),
    Column("flags", col.choices(FLAGS), "Жұмыс шарттары", "Условия труда", example="heavy"),
    Column("licences", col.choices(LICENCES), "Жүргізуші санаттары", "Категории прав"),
    Column("experience_years", col.whole(60), "Өтілі, жыл", "Стаж, лет", example=1),
    Column("housing", col.FLAG, "Тұрғын үй беріледі", "Жильё предоставляется", example="жоқ"),
    Column("transport", col.FLAG, "Көлік беріледі", "Развозка", example="иә"),
    Column("duties", col.text(5_000), "Міндеттері", "Обязанности"),
    Column("expires_on", col.DAY, "Жарамдылық мерзімі", "Действует до"),
    Column("places_any", col.whole(1_000), "Кез келген санатқа орын", "Мест любой категории"),
    Column("places_probation", col.whole(1_000), "Пробация орны", "Мест: пробация", example=2),
    Column("places_released", col.whole(1_000), "Босатылғандар орны", "Мест: освобождённые"),
    Column("places_beyond", col.whole(1_000), "Квотадан тыс орын", "Мест сверх квоты"),
)


def import_vacancies(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    accept_sure: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Enters vacancies. One whose profession the sheet gives (`isco08`), or that the resolver is sure
    of when `accept_sure` says that this counts as confirmed, is listed with the places it asks for;
    any other stays a draft with the best suggestion as a notice, for a person to confirm.

    Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column.
    """
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Vacancies(session, actor, centre_id, now)
    importer.accept_sure = accept_sure
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Vacancies:
    noun = "vacancies"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"kato": "place", "places": "places_any"}
    accept_sure = False

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._centre = session.get_one(Centre, centre_id)

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._places = Gazetteer(self._session, self._centre.territory)
        self._employers = index_employers(self._session, self._centre.id)
        rows = self._session.scalars(select(Vacancy).where(Vacancy.number != ""))
        self._known = {(vacancy.employer_id, vacancy.number): vacancy for vacancy in rows}
        unsaid = [r.values["title"] for r in readings if "isco08" not in r.values]
        self._resolved = resolve_titles(classifier_of(self._session, self._centre.id), unsaid)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["identifier"], values["number"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        employer = find_employer_of(self._employers, values)
        fields = {name: values[name] for name in vacancies.EDITABLE if name in values}
        fields["kato"] = find_kato(self._places, values)
        asked = {key: values[c] for c, key in PLACES.items() if values.get(c)}
        if asked:
            fields["asked"] = asked
        known = self._known.get((employer.id, values["number"]))
        if known is None:
            return self._add(employer, fields)
        if not (changed := pick_changed(known, fields)):
            return Done(Status.UNCHANGED, known.key)
        vacancies.change_vacancy(self._session, self._actor, known.key, changed, now=self._now)
        self._list_if_ready(known)
        return Done(Status.CHANGED, known.key)

    def _add(self, employer: Employer, fields: dict[str, Any]) -> Done:
        resolution = self._resolved.get(fields["title"])
        accepted = bool(self.accept_sure and resolution and resolution.sure)
        if accepted and resolution:
            fields["isco08"] = resolution.hits[0].isco08
        vacancy = vacancies.add_vacancy(self._session, self._actor, employer, fields, now=self._now)
        if accepted and resolution:
            self._note_accepted(vacancy, resolution)
        self._list_if_ready(vacancy)
        notices = [] if vacancy.isco08 or not resolution else [suggest("title", resolution)]
        return Done(Status.CREATED, vacancy.key, notices)

    def _list_if_ready(self, vacancy: Vacancy) -> None:
        if vacancy.state == "draft" and vacancy.isco08 and vacancy.asked:
            vacancies.list_vacancy(self._session, self._actor, vacancy.key, now=self._now)

    def _note_accepted(self, vacancy: Vacancy, resolution: Resolution) -> None:
        best = resolution.hits[0]
        detail = {"isco08": best.isco08, "term": best.term, "margin": resolution.margin}
        journal.write(
            self._session, self._actor, "accept_profession", vacancy, now=self._now, **detail
        )


def resolve_titles(classifier: Classifier, titles: Sequence[str]) -> dict[str, Resolution]:
    """Each distinct title resolved, all in one go."""
    distinct = sorted(set(titles))
    if not distinct:
        return {}
    return dict(zip(distinct, classifier.resolve_all(distinct), strict=True))


def suggest(column: str, resolution: Resolution) -> Fault:
    """The best group for a title, as a notice: a person confirms it."""
    best = resolution.hits[0]
    return fault(
        column, "profession_suggested", isco08=best.isco08, term=best.term, margin=resolution.margin
    )
