"""Vacancies from a sheet, by employer and number; listed when the profession is confirmed."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import columns as col
from quota import journal, vacancies
from quota.aliases import classifier_of
from quota.columns import Column, Reading
from quota.decrees import Category
from quota.employers import Employer
from quota.errors import Fault, fault
from quota.imports.importer import ADDRESS, DISTRICT, IDENTIFIER, PLACE, Importer
from quota.imports.report import Done, Status
from quota.professions import Classifier, Resolution
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
CATEGORY_PLACES = {
    "places_probation": Category.PROBATION.value,
    "places_released": Category.RELEASED.value,
    "places_disabled": Category.DISABLED.value,
    "places_without_care": Category.YOUTH_WITHOUT_CARE.value,
}
PLACES = {"places_any": ANY, **CATEGORY_PLACES, "places_beyond": BEYOND}
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
    Column("places_disabled", col.whole(1_000), "Мүгедектігі барларға орын", "Мест: инвалидность"),
    Column(
        "places_without_care",
        col.whole(1_000),
        "Қамқорлықсыз қалған жастарға орын",
        "Мест: молодёжь без попечения",
    ),
    Column("places_beyond", col.whole(1_000), "Квотадан тыс орын", "Мест сверх квоты"),
)


class VacancyImport(Importer):
    """Vacancies by employer and number. One whose profession the sheet gives (`isco08`), or that the
    resolver is sure of when `accept_sure` says that this counts as confirmed, is listed with the places
    it asks for; any other stays a draft with the best suggestion as a notice, for a person to confirm."""

    noun = "vacancies"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"kato": "place", "places": "places_any"}
    resolves = True

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = self.session.scalars(select(Vacancy).where(Vacancy.number != ""))
        self._known = {(vacancy.employer_id, vacancy.number): vacancy for vacancy in rows}
        unsaid = [r.values["title"] for r in readings if "isco08" not in r.values]
        self._resolved = resolve_titles(classifier_of(self.session, self.centre.id), unsaid)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["identifier"], values["number"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        employer = self.find_employer(values)
        fields = {name: values[name] for name in vacancies.EDITABLE if name in values}
        fields["kato"] = self.find_kato(values)
        asked = {key: values[c] for c, key in PLACES.items() if values.get(c)}
        if asked:
            fields["asked"] = asked
        done, vacancy = self.settle(
            self._known.get((employer.id, values["number"])),
            fields,
            add=lambda fields: self._add(employer, fields),
            change=lambda known, more: vacancies.change_vacancy(
                session, actor, known.key, more, now=now
            ),
        )
        if done.status is not Status.UNCHANGED:
            self._list_if_ready(vacancy)
        resolution = self._resolved.get(vacancy.title)
        if done.status is Status.CREATED and resolution and not vacancy.isco08:
            done.notices.append(suggest("title", resolution))
        return done

    def _add(self, employer: Employer, fields: Mapping[str, Any]) -> Vacancy:
        resolution = self._resolved.get(fields["title"])
        taken = resolution if self.accept_sure and resolution and resolution.sure else None
        said = {"isco08": taken.hits[0].isco08, **fields} if taken else fields
        vacancy = vacancies.add_vacancy(self.session, self.actor, employer, said, now=self.now)
        if taken:
            self._note_accepted(vacancy, taken)
        return vacancy

    def _list_if_ready(self, vacancy: Vacancy) -> None:
        if vacancy.state == "draft" and vacancy.isco08 and vacancy.asked:
            vacancies.list_vacancy(self.session, self.actor, vacancy.key, now=self.now)

    def _note_accepted(self, vacancy: Vacancy, resolution: Resolution) -> None:
        best = resolution.hits[0]
        detail = {"isco08": best.isco08, "term": best.term, "margin": resolution.margin}
        journal.write(
            self.session, self.actor, "accept_profession", vacancy, now=self.now, **detail
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
