"""Courses from a sheet, by provider, title and first day."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from matching import courses
from matching.courses import Course
from quota import columns as col
from quota.columns import Column, Reading
from quota.imports.importer import DISTRICT, PLACE, Importer
from quota.imports.report import Done

PAYERS: col.Labels = {
    "centre": ("орталық", "центр"),
    "voucher": ("ваучер",),
    "employer": ("жұмыс беруші", "работодатель"),
    "provider": ("оқу орны", "учебная организация"),
    "other": ("басқа", "другое"),
}
COLUMNS = (
    Column("provider", col.text(200), "Оқу орны", "Учебная организация", True, "Үлгі колледжі"),
    Column("title", col.text(200), "Курс атауы", "Название курса", True, "Газэлектрсварщик"),
    Column("isco08", col.ISCO08, "ISCO-08 коды", "Код ISCO-08", True, "7212"),
    PLACE,
    DISTRICT,
    Column("seats", col.whole(1_000), "Орын саны", "Мест", True, 12),
    Column("least", col.whole(1_000), "Ең аз топ", "Группа не менее", example=6),
    Column("starts_on", col.DAY, "Басталуы", "Начало", True, "2027-01-11"),
    Column("ends_on", col.DAY, "Аяқталуы", "Окончание", True, "2027-03-05"),
    Column("cost", col.TENGE, "Бір адамға құны", "Стоимость на человека", example=140_000),
    Column("payer", col.choice(PAYERS), "Кім төлейді", "Кто платит", example="centre"),
    Column("pledged_by", col.NUMBER12, "Алуға уәде берген (БСН/ЖСН)", "Обещал нанять (БИН/ИИН)"),
)


class CourseImport(Importer):
    noun = "courses"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"kato": "place"}

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = self.session.scalars(select(Course).where(Course.centre_id == self.centre.id))
        self._known = {(c.provider, c.title, c.starts_on): c for c in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["provider"], values["title"], values["starts_on"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        fields = {name: values[name] for name in courses.EDITABLE if name in values}
        fields["kato"] = self.find_kato(values)
        if "pledged_by" in values:
            fields["pledged_by"] = self.find_employer(values, "pledged_by").id
        usual = {"centre_id": self.centre.id, "least": 1, "cost": 0}
        done, _ = self.settle(
            self._known.get((values["provider"], values["title"], values["starts_on"])),
            fields,
            add=lambda fields: courses.add_course(
                session, actor, Course(**{**usual, **fields}), now=now
            ),
            change=lambda known, more: courses.change_course(session, actor, known, more, now=now),
        )
        return done
