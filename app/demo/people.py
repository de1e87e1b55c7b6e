"""Invented people on the register: 2,500, a third employed, 205 surveyed, some under restrictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.demo.firms import Firm
from app.demo.ground import Ground, Trade, phone

REGISTERED, EMPLOYED, SURVEYED = 2_500, 833, 205
_STATUSES = {"on_probation": 84, "released": 12, "last_year": 4}
_UNREADY = {"needs_support": 8, "declined": 5}  # of those surveyed
_RETRAIN_SHARE = 0.24
_PREFIX = "АО"


@dataclass(frozen=True, slots=True)
class Limit:
    """A restriction to be entered by probation, for the person under this register number."""

    number: str
    rule: str
    params: Mapping[str, Any]
    legal_basis: str
    starts_on: date
    ends_on: date | None


def make_people(ground: Ground, firms: Sequence[Firm], *, today: date) -> list[dict[str, Any]]:
    """Rows of the register; those surveyed say what they can and want."""
    surveyed = _share_out(_UNREADY, SURVEYED, "ready")
    rest = _share_out(
        {"employed": EMPLOYED, "out_of_scope": 40}, REGISTERED - SURVEYED, "not_surveyed"
    )
    ground.draw.shuffle(surveyed)
    ground.draw.shuffle(rest)
    rows = []
    for serial in range(REGISTERED):
        row = _make_person(ground, serial, today=today)
        if serial < SURVEYED:
            row |= {"readiness": surveyed[serial], **_survey(ground, firms, row, today=today)}
        else:
            row["readiness"] = rest[serial - SURVEYED]
        rows.append(row)
    return rows


def _share_out(parts: Mapping[str, int], whole: int, remaining: str) -> list[str]:
    named = [name for name, count in parts.items() for _ in range(count)]
    return named + [remaining] * (whole - len(named))


def _make_person(ground: Ground, serial: int, *, today: date) -> dict[str, Any]:
    draw = ground.draw
    female = draw.random() < 0.14
    born = today.year - min(63, max(19, round(draw.gauss(36, 10))))
    family, given, patronymic, language = ground.name(female=female)
    status = draw.choices(list(_STATUSES), weights=list(_STATUSES.values()))[0]
    registered = today - timedelta(days=draw.randint(10, 700))
    ahead = today + timedelta(days=draw.randint(20, 300)) if status == "last_year" else None
    return {
        "number": f"{_PREFIX}-{serial + 1:04d}",
        "iin": ground.numbers.iin(born, female=female),
        "family_name": family,
        "given_name": given,
        "patronymic": patronymic or None,
        "phone": phone(draw) if draw.random() < 0.8 else None,
        **ground.write_place(ground.draw_town()),
        "sex": "f" if female else "m",
        "birth_year": born,
        "language": language,
        "status": status,
        "status_since": registered,
        "earliest_start": ahead,
        "registered_on": registered,
    }


def _survey(
    ground: Ground, firms: Sequence[Firm], person: Mapping[str, Any], *, today: date
) -> dict[str, Any]:
    draw = ground.draw
    learns = _wish_to_learn(ground)
    trades = _choose_trades(ground, firms, learns=learns is not None)
    wanted = round(trades[0].pay[0] * draw.uniform(0.95, 1.45) / 10_000) * 10_000
    surveyed = max(person["registered_on"], today - timedelta(days=draw.randint(5, 120)))
    licences = sorted({code for trade in trades for code in trade.licences})
    said: dict[str, Any] = {"surveyed_on": surveyed}
    for rank, trade in enumerate(trades, start=1):
        said[f"profession_{rank}"] = draw.choice(trade.said)
        said[f"years_{rank}"] = (
            draw.choice((0, 0, 1, 2, 3, 5, 8, 12)) if rank == 1 else draw.randint(0, 2)
        )
    return said | {
        "retraining": learns,
        "pay_wanted": wanted,
        "pay_accepted": max(95_000, round(wanted * draw.uniform(0.65, 1) / 5_000) * 5_000),
        "max_minutes": 120 if learns else draw.choice((20, 30, 40, 45, 60, 75)),
        "may_move": "иә" if draw.random() < 0.2 else "жоқ",
        "hours": "1-6 07:00-20:00" if draw.random() < 0.12 else None,
        "licences": "; ".join(licences) or None,
        "avoids": "heavy" if draw.random() < 0.08 else None,
        "experience_years": draw.randint(0, 18),
        "consent_on": surveyed,
        "consent_paper": f"С-{person['number']}",
    }


def _choose_trades(ground: Ground, firms: Sequence[Firm], *, learns: bool) -> list[Trade]:
    """One to three trades, the first from the branches that hire around here; who wants to learn a
    trade has none yet."""
    draw = ground.draw
    if learns:
        return [draw.choice([trade for trade in ground.trades if trade.isco08.startswith("96")])]
    branch = draw.choice(firms).branch
    near = [trade for trade in ground.trades if trade.branch == branch]
    count = draw.choices((1, 2, 3), weights=(35, 45, 20))[0]
    chosen = draw.sample(near, min(count, len(near)))
    if draw.random() < 0.25:
        chosen[-1] = draw.choice([t for t in ground.trades if t not in chosen])
    return chosen


COURSES = ("7212", "7411", "8341", "7512", "8153", "5120")
_LEARN = {
    "7212": "сварщик", "7411": "электрик", "8341": "тракторист", "7512": "наубайшы",
    "8153": "тігінші", "5120": "повар",
}  # fmt: skip


def _wish_to_learn(ground: Ground) -> str | None:
    if ground.draw.random() > _RETRAIN_SHARE:
        return None
    return _LEARN[ground.draw.choice(COURSES)]


def make_courses(ground: Ground, *, today: date) -> list[dict[str, Any]]:
    """Six courses of ten seats, from soon on."""
    towns = ("195220100", "196220100", "194020100", "194230100", "196830100", "191010000")
    titles = (
        "Газэлектросварщик",
        "Электромонтер",
        "Тракторшы-машинист",
        "Наубайшы",
        "Швея",
        "Аспаз",
    )
    rows = []
    for serial, (code, title, town) in enumerate(zip(COURSES, titles, towns, strict=True), start=1):
        starts = today + timedelta(days=14 + 5 * serial)
        rows.append(
            {
                "provider": f"Үлгі көп салалы колледжі № {serial}",
                "title": title,
                "isco08": code,
                **ground.write_place(town),
                "seats": 10,
                "least": 2,
                "starts_on": starts,
                "ends_on": starts + timedelta(days=40),
                "cost": 90_000 + 15_000 * serial,
                "payer": "voucher" if serial % 3 == 0 else "centre",
            }
        )
    return rows


def make_limits(ground: Ground, people: Sequence[Mapping[str, Any]], *, today: date) -> list[Limit]:
    """Restrictions of those on probation: of one in three surveyed, of one in twenty others."""
    limits = []
    for serial, person in enumerate(people):
        share = 0.33 if serial < SURVEYED else 0.05
        if person["status"] == "on_probation" and ground.draw.random() < share:
            limits += _limits_of(ground, person, today=today)
    return limits


def _limits_of(ground: Ground, person: Mapping[str, Any], *, today: date) -> list[Limit]:
    draw = ground.draw
    ends = today + timedelta(days=draw.randint(90, 700))
    picked = draw.choices(_KINDS, weights=[weight for weight, *_ in _KINDS])[0]
    return [
        Limit(
            number=person["number"],
            rule=rule,
            params=_date_params(rule, params, today=today, days=draw.randint(10, 85)),
            legal_basis=basis,
            starts_on=person["registered_on"],
            ends_on=ends if rule != "minors" else None,
        )
        for rule, params, basis in picked[1]
    ]


def _date_params(rule: str, params: Mapping[str, Any], *, today: date, days: int) -> dict[str, Any]:
    if rule != "corrective_labour":
        return dict(params)
    return {"jobless_since": (today - timedelta(days=days)).isoformat()}


_NIGHT_AT_HOME = {"start": "22:00", "end": "06:00"}
_LIBERTY = "Уголовный кодекс, статья 44"
_PROBATION = "Уголовно-исполнительный кодекс, статья 66"
_BAN = "Уголовный кодекс, статья 50"
_KINDS: Sequence[tuple[int, Sequence[tuple[str, Mapping[str, Any], str]]]] = (
    (30, (("home_hours", _NIGHT_AT_HOME, _LIBERTY), ("forced_labour", {}, _LIBERTY))),
    (25, (("reporting", {"days": "1", "start": "09:00", "end": "12:00"}, _PROBATION),)),
    (12, (("driving", {}, _BAN),)),
    (10, (("home_hours", _NIGHT_AT_HOME, _LIBERTY), ("tag", {}, _PROBATION))),
    (8, (("money", {}, _BAN),)),
    (6, (("barred_places", {"places": ["195220100"]}, _PROBATION),)),
    (5, (("banned_professions", {"professions": ["8322", "8332"]}, _BAN),)),
    (5, (("corrective_labour", {}, "Уголовно-исполнительный кодекс, статья 54"),)),
    (5, (("minors", {}, "Трудовой кодекс, статья 26"),)),
    (4, (("notice_to_leave", {"days_before": 3}, _PROBATION),)),
)
