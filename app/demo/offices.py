"""The offices of the demonstration, and one account for everybody who works in Senim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.accounts import NewAccount, open_account
from quota.centres import Body, BodyKind, Centre
from quota.employers import Employer
from quota.homes import ensure_operator
from quota.rights import SYSTEM, Role
from quota.tables import make_key

_REGION = "/190000000/"
_UYGUR = "/190000000/196600000/"
_SHELEK = "/190000000/194000000/194083000/"
# Login, role, office, name, language. Employers' offices are the first two of the registry.
ACCOUNTS = (
    ("staff", Role.STAFF, "centre", "Айнұр, жұмыс берушілер бөлімі", "kk"),
    ("staff2", Role.STAFF, "centre", "Марина, отдел соискателей", "ru"),
    ("uygur", Role.STAFF, "small_centre", "Гүлнәр, Ұйғыр ауданы", "kk"),
    ("probation", Role.PROBATION, BodyKind.PROBATION, "Ерлан, инспектор", "ru"),
    ("prosecutor", Role.PROSECUTOR, BodyKind.PROSECUTOR, "Сәуле, прокуратура", "kk"),
    ("specialist", Role.SPECIALIST, BodyKind.SPECIALISTS, "Ольга, психолог", "ru"),
    ("clerk", Role.CLERK, BodyKind.AKIMAT, "Нұрлан, Шелек ауылдық округі", "kk"),
    ("administrator", Role.ADMINISTRATOR, BodyKind.OPERATOR, "Тимур, администратор", "ru"),
    ("officer", Role.OFFICER, BodyKind.OPERATOR, "Әсел, дербес деректер", "kk"),
    ("employer", Role.EMPLOYER, 0, "Кадрлар бөлімі", "kk"),
    ("employer2", Role.EMPLOYER, 1, "Отдел кадров", "ru"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An account as printed for whoever tries the demonstration."""

    login: str
    role: Role
    home: str


def open_centres(session: Session) -> tuple[Centre, Centre]:
    """The centre of the region, and a small one that must not see the other's records."""
    region = Centre(
        name_kk="Алматы облысының еңбек мобильділігі орталығы",
        name_ru="Центр трудовой мобильности Алматинской области",
        name_en="Labour mobility centre of Almaty region",
        territory=_REGION,
        address="Қонаев қ., Жамбыл көшесі, 13",
        phone="+7 000 000 00 01",
    )
    small = Centre(
        name_kk="Ұйғыр ауданының мансап орталығы",
        name_ru="Карьерный центр Уйгурского района",
        name_en="Career centre of Uygur district",
        territory=_UYGUR,
        address="Шонжы ауылы",
        phone="+7 000 000 00 02",
    )
    session.add_all([region, small])
    session.flush()
    return region, small


def open_bodies(session: Session) -> dict[BodyKind, Body]:
    rows = (
        (BodyKind.PROBATION, "Алматы облысының пробация қызметі",
         "Служба пробации Алматинской области", "Probation service of Almaty region", _REGION),
        (BodyKind.PROSECUTOR, "Алматы облысының прокуратурасы",
         "Прокуратура Алматинской области", "Prosecutor's office of Almaty region", _REGION),
        (BodyKind.SPECIALISTS, "Қолдау қызметі",
         "Служба поддержки", "Support service", _REGION),
        (BodyKind.AKIMAT, "Шелек ауылдық округі әкімінің аппараты",
         "Аппарат акима Шелекского сельского округа", "Akim's office of Shelek", _SHELEK),
    )  # fmt: skip
    bodies = {
        kind: Body(kind=kind.value, name_kk=kk, name_ru=ru, name_en=en, territory=territory)
        for kind, kk, ru, en, territory in rows
    }
    session.add_all(bodies.values())
    session.flush()
    return bodies | {BodyKind.OPERATOR: ensure_operator(session)}


def open_accounts(
    session: Session,
    centres: tuple[Centre, Centre],
    bodies: dict[BodyKind, Body],
    *,
    now: datetime,
) -> tuple[str, list[Opened]]:
    """Opens ACCOUNTS under one new password; returns it with what to print."""
    employers = session.scalars(select(Employer).order_by(Employer.id).limit(2)).all()
    password = "-".join(make_key(4) for _ in range(3))
    opened = []
    for login, role, office, name, locale in ACCOUNTS:
        home, told = _find_home(office, centres, bodies, employers)
        new = NewAccount(login, password, role, name, locale=locale, **home)
        open_account(session, SYSTEM, new, now=now)
        opened.append(Opened(login, role, told))
    return password, opened


def _find_home(
    office: str | int,
    centres: tuple[Centre, Centre],
    bodies: dict[BodyKind, Body],
    employers: Sequence[Employer],
) -> tuple[dict[str, int], str]:
    if isinstance(office, int):
        return {"employer_id": employers[office].id}, employers[office].name
    if office in ("centre", "small_centre"):
        centre = centres[office == "small_centre"]
        return {"centre_id": centre.id}, centre.name_en
    body = bodies[BodyKind(office)]
    return {"body_id": body.id}, body.name_en
