"""Courses from a sheet, by provider, title and first day."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import courses
from matching.courses import Course
from quota import columns as col
from quota import rights
from quota.centres import Centre
from quota.columns import Column, Reading
from quota.errors import Invalid, fault
from quota.imports.employers import DISTRICT, PLACE, find_kato, index_employers, pick_changed
from quota.imports.report import Done, Report, Status, Watch, run
from quota.places import Gazetteer
from quota.rights import Actor, Scope
from quota.sheets import Sheet

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


def import_courses(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Enters courses. Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column."""
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Courses(session, actor, centre_id, now)
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Courses:
    noun = "courses"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"kato": "place"}

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._centre = session.get_one(Centre, centre_id)

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._places = Gazetteer(self._session, self._centre.territory)
        rows = self._session.scalars(select(Course).where(Course.centre_id == self._centre.id))
        self._employers = index_employers(self._session, self._centre.id)
        self._known = {(c.provider, c.title, c.starts_on): c for c in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["provider"], values["title"], values["starts_on"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self._session, self._actor, self._now
        fields = {name: values[name] for name in courses.EDITABLE if name in values}
        fields["kato"] = find_kato(self._places, values)
        if "pledged_by" in values:
            fields["pledged_by"] = self._find_employer(values["pledged_by"])
        known = self._known.get((values["provider"], values["title"], values["starts_on"]))
        if known is None:
            course = Course(centre_id=self._centre.id, **{"least": 1, "cost": 0, **fields})
            courses.add_course(session, actor, course, now=now)
            return Done(Status.CREATED, course.key)
        if changed := pick_changed(known, fields):
            courses.change_course(session, actor, known, changed, now=now)
            return Done(Status.CHANGED, known.key)
        return Done(Status.UNCHANGED, known.key)

    def _find_employer(self, identifier: str) -> int:
        """Raises Invalid when the centre has no such employer."""
        employer = self._employers.get(identifier)
        if employer is None:
            raise Invalid(fault("pledged_by", "unknown_employer"))
        return employer.id
