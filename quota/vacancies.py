"""Vacancies: jobs an employer lists against slots, with what a fair match has to know of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from quota import journal, ledger, rights, slots
from quota.calendar import local_day
from quota.categories import list_categories
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.occupations import LONGEST_SUFFIX
from quota.places import find_place
from quota.requirements import FLAGS as FLAGS
from quota.requirements import LICENCES as LICENCES
from quota.requirements import check_fields
from quota.rights import Actor
from quota.slots import Slot, Source
from quota.spelling import order_key
from quota.states import VACANCY
from quota.tables import Code, Keyed, OrderKey, Table, Tenge

ANY, BEYOND = "any", "beyond"  # keys of `asked` for places of any category, and beyond quota


class Vacancy(Keyed, Table):
    """A job. `shifts` is a list of {"days": "12345", "start": "08:00", "end": "17:00"}, days from
    Monday 1 to Sunday 7; a shift whose end is not after its start ends on the next day. `asked` is how
    many places a listing draws: {category, ANY or BEYOND: number}. `languages` are
    {"language": "kk", "level": "b1"}, further `sites` {"kato": "196220100", "address": "..."}; `essential`
    and `desirable` are lists of sentences. `isco08_suffix` is the national level below the unit group; by it
    nobody is matched."""

    __tablename__ = "vacancies"
    WORKFLOW = VACANCY

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    title_order: Mapped[OrderKey] = mapped_column(index=True)
    isco08: Mapped[str | None] = mapped_column(String(4), index=True)
    isco08_suffix: Mapped[str] = mapped_column(String(LONGEST_SUFFIX), default="")
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    address: Mapped[str] = mapped_column(String(300), default="")
    pay_from: Mapped[Tenge]
    pay_to: Mapped[Tenge]
    shifts: Mapped[list[Any]] = mapped_column(default=list)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    licences: Mapped[list[Any]] = mapped_column(default=list)
    experience_years: Mapped[int] = mapped_column(default=0)
    housing: Mapped[bool] = mapped_column(default=False)
    transport: Mapped[bool] = mapped_column(default=False)
    duties: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[str] = mapped_column(String(100), default="")
    post: Mapped[str] = mapped_column(String(300), default="")
    regime: Mapped[Code] = mapped_column(default="full")
    character: Mapped[Code] = mapped_column(default="permanent")
    conditions: Mapped[Code] = mapped_column(default="normal")
    education: Mapped[Code] = mapped_column(default="any")
    internship: Mapped[bool] = mapped_column(default=False)
    graduates: Mapped[bool] = mapped_column(default=False)
    support: Mapped[list[Any]] = mapped_column(default=list)
    skills: Mapped[str] = mapped_column(Text, default="")
    qualities: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[Any]] = mapped_column(default=list)
    sites: Mapped[list[Any]] = mapped_column(default=list)
    essential: Mapped[list[Any]] = mapped_column(default=list)
    desirable: Mapped[list[Any]] = mapped_column(default=list)
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    listed_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    created_at: Mapped[datetime]

    @validates("title")
    def _follow_title(self, _: str, title: str) -> str:
        self.title_order = order_key(title)
        return title


EDITABLE = (
    "number",
    "title",
    "isco08",
    "isco08_suffix",
    "kato",
    "address",
    "pay_from",
    "pay_to",
    "shifts",
    "flags",
    "licences",
    "experience_years",
    "housing",
    "transport",
    "duties",
    "field",
    "post",
    "regime",
    "character",
    "conditions",
    "education",
    "internship",
    "graduates",
    "support",
    "skills",
    "qualities",
    "languages",
    "sites",
    "essential",
    "desirable",
    "asked",
    "expires_on",
)

NEEDED = ("title", "kato", "pay_from")


def add_vacancy(
    session: Session, actor: Actor, employer: Employer, fields: Mapping[str, Any], *, now: datetime
) -> Vacancy:
    """Enters a draft. `fields` are of EDITABLE; title, kato and pay_from are needed.

    Raises NotAllowed, NotFound, or Invalid with every faulty field (pay below the minimum wage of
    the day among them).
    """
    rights.check(actor, "vacancies.edit", employer.scope())
    complete = {"pay_to": fields.get("pay_from"), **fields}
    _refuse(session, complete, needed=NEEDED, now=now)
    _find_sites(session, complete)
    complete["title"] = complete["title"].strip()
    vacancy = Vacancy(employer_id=employer.id, created_at=now, state="draft", **complete)
    session.add(vacancy)
    session.flush()
    journal.write(session, actor, "add", vacancy, now=now)
    return vacancy


def change_vacancy(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Vacancy:
    """Changes some EDITABLE fields of a vacancy that is not withdrawn. Raises NotAllowed, NotFound,
    WrongState or Invalid."""
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    if vacancy.state == "withdrawn":
        raise WrongState("wrong_state", noun="vacancy", state=vacancy.state, verb="change")
    if "isco08" in fields:
        # What stands below one group says nothing of another.
        fields = {"isco08_suffix": "", **fields}
    together = {name: getattr(vacancy, name) for name in EDITABLE} | dict(fields)
    _refuse(session, together, needed=NEEDED, now=now)
    _find_sites(session, together)
    changed = sorted(name for name in fields if getattr(vacancy, name) != fields[name])
    if "asked" in changed and vacancy.state != "draft":
        raise Invalid(fault("places", "already_listed"))
    for name in changed:
        setattr(vacancy, name, fields[name])
    if changed:
        journal.write(session, actor, "change", vacancy, now=now, fields=changed)
    return vacancy


def list_vacancy(
    session: Session,
    actor: Actor,
    key: str,
    *,
    asked: Mapping[str, int] | None = None,
    now: datetime,
) -> Vacancy:
    """Lists a draft: draws the places it asks for (or `asked`, remembered instead) from the
    employer's free slots and opens those beyond quota.

    Raises NotAllowed, NotFound, WrongState (not a draft, too few slots) or Invalid (no place at all,
    profession not confirmed, or what `check_today` refuses).
    """
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    VACANCY.next(vacancy.state, "list")
    places = {name: count for name, count in (asked or vacancy.asked).items() if count > 0}
    if vacancy.isco08 is None:
        raise Invalid(fault("isco08", "confirm_profession"))
    if not places:
        raise Invalid(fault("places", "at_least", least=1))
    if vacancy.expires_on and vacancy.expires_on < local_day(now):
        raise Invalid(fault("expires_on", "date_in_past"))
    check_today(session, vacancy, now=now, asked=places)
    vacancy.asked = places
    draw_places(session, actor, vacancy, now=now)
    journal.move(session, actor, vacancy, "list", now=now, listed_at=now)
    return vacancy


def check_today(
    session: Session, vacancy: Vacancy, *, now: datetime, asked: Mapping[str, int] | None = None
) -> None:
    """Raises Invalid when a vacancy written earlier, with the places now `asked`, could not be entered
    today, such as for pay below the minimum wage of the day."""
    fields = {name: getattr(vacancy, name) for name in EDITABLE}
    _refuse(session, fields | ({"asked": asked} if asked else {}), needed=NEEDED, now=now)


def draw_places(
    session: Session,
    actor: Actor,
    vacancy: Vacancy,
    *,
    now: datetime,
    partly: bool = False,
) -> None:
    """Brings a vacancy up to the places it asks for, counting those it still has. The right is the
    calling verb's. Raises WrongState for too few free slots, unless `partly` makes do with fewer."""
    lacking = Counter(vacancy.asked)
    lacking.subtract(
        _key_of(s) for s in slots.list_listed(session, vacancy.id) if s.state != "closed"
    )
    # Places of a named category first: a place for anybody must not use up a scarcer one.
    for name in [*sorted(set(vacancy.asked) - {ANY, BEYOND}), ANY]:
        category = None if name == ANY else name
        free = slots.find_free_slots(session, vacancy.employer_id, category=category)
        if len(free) < lacking[name] and not partly:
            raise WrongState("too_few_slots", noun="slot", free=len(free), wanted=lacking[name])
        taken = free[: max(0, lacking[name])]
        slots.attach_slots(session, actor, taken, vacancy_id=vacancy.id, now=now)
    if lacking[BEYOND] > 0:
        ledger.offer_beyond(session, actor, vacancy, count=lacking[BEYOND], now=now)


def _key_of(slot: Slot) -> str:
    return BEYOND if slot.source == Source.BEYOND else slot.category or ANY


def find_vacancy(
    session: Session, actor: Actor, key: str, *, right: str = "vacancies.read"
) -> Vacancy:
    """The vacancy with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Vacancy, Employer)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Vacancy.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0]


def count_places(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """{vacancy id: (places, open places)}."""
    is_open = func.sum(case((Slot.state == "open", 1), else_=0))
    rows = session.execute(
        select(Slot.vacancy_id, func.count(), is_open)
        .where(Slot.vacancy_id.in_(ids), Slot.state != "closed")
        .group_by(Slot.vacancy_id)
    )
    return {vacancy: (places, int(free)) for vacancy, places, free in rows}


def _refuse(
    session: Session, fields: Mapping[str, Any], *, needed: Sequence[str], now: datetime
) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    faults += [fault(n, "required") for n in needed if not str(fields.get(n) or "").strip()]
    faults += check_fields(session, fields, now=now)
    if set(fields.get("asked") or ()) - {ANY, BEYOND, *list_categories(session)}:
        faults.append(fault("places", "unknown_choice"))
    if faults:
        raise Invalid(*faults)


def _find_sites(session: Session, fields: Mapping[str, Any]) -> None:
    """Raises NotFound for a place that does not exist."""
    for kato in (fields["kato"], *(site["kato"] for site in fields.get("sites") or ())):
        find_place(session, kato)
