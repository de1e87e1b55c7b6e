"""Invented employers with their bases, memoranda, a decree's annex, and vacancies as people type them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from app.demo.ground import Ground, Trade, phone

VACANCIES, SLOTS = 60, 120
_DECREED, _DECREE_PLACES = 14, 40
# (branch, form, coined name): farms and sole proprietors carry an IIN, the others a BIN.
FIRMS = (
    ("build", "ЖШС", "Тасарық Құрылыс"), ("build", "ТОО", "Алатау-Мөлдір Строй"),
    ("build", "ТОО", "Қарлыбел Монтаж"), ("build", "ЖШС", "Сұлутөр Жол"),
    ("build", "ТОО", "Бозарал Сервис Строй"), ("build", "ИП", "Кірпішқала"),
    ("build", "АО", "Жетіқұрылыс Тораб"), ("build", "ТОО", "Аршалы Водоканалстрой"),
    ("build", "ЖШС", "Шатыркөл Құрылыс"), ("build", "ТОО", "Темірқазық Сварка"),
    ("farm", "КХ", "Ақжусан Бел"), ("farm", "ШҚ", "Көктөбе Егін"), ("farm", "КХ", "Сарыадыр"),
    ("farm", "ЖШС", "Үшарал Сүт"), ("farm", "ТОО", "Тополёк Агро"), ("farm", "ШҚ", "Боралдай Алма"),
    ("farm", "КХ", "Қызылсай Құс"), ("farm", "ТОО", "Теплица Жасылкүн"),
    ("farm", "ШҚ", "Майбұлақ Мал"), ("farm", "КХ", "Ырыс Көкөніс"), ("farm", "ЖШС", "Іле Күріші"),
    ("food", "ТОО", "Бидайнан"), ("food", "ЖШС", "Тандырхан"), ("food", "ТОО", "Мясокомбинат Ақбас"),
    ("food", "ИП", "Сүтті Ағын"), ("food", "ТОО", "Алмалы Шырын"),
    ("service", "ТОО", "Тазасай"), ("service", "ЖШС", "Дастарқан Кейтеринг"),
    ("service", "ТОО", "Ине-Жіп Фабрика"), ("service", "ИП", "Аппақ"),
    ("service", "КГП", "Көркем Аула"),
    ("transport", "ТОО", "Сарыжол Транс"), ("transport", "ЖШС", "Тұлпар Карго"),
    ("transport", "ИП", "Автодос"),
)  # fmt: skip
_OWN_NUMBER = ("КХ", "ШҚ", "ИП")  # forms headed by one person
_ACTIVITY = {
    "build": "строительство", "farm": "ауыл шаруашылығы", "food": "пищевое производство",
    "service": "қызмет көрсету", "transport": "перевозки",
}  # fmt: skip
_DAYS = (
    "1-5 08:00-17:00",
    "1-5 09:00-18:00",
    "1-6 08:00-16:00",
    "пн-пт 08:00-17:00; сб 09:00-13:00",
)
_NIGHTS = ("1-5 20:00-05:00", "135 20:00-08:00")


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer's row with what its vacancies need to know."""

    row: Mapping[str, Any]
    branch: str
    town: str


def make_firms(ground: Ground, *, today: date) -> list[Firm]:
    """34 employers: farms on subsidies outside the cities, the others on procurement."""
    return [
        _make_firm(ground, firm, today=today, serial=serial)
        for serial, firm in enumerate(FIRMS, start=1)
    ]


def _make_firm(ground: Ground, firm: tuple[str, str, str], *, today: date, serial: int) -> Firm:
    draw, (branch, form, coined) = ground.draw, firm
    female = draw.random() < 0.35
    own = form in _OWN_NUMBER
    year = draw.randint(1960, 1995)
    numbers = ground.numbers
    family, given, _, locale = ground.name(female=female)
    town = ground.draw_town(rural=branch == "farm")
    row = {
        "identifier": numbers.iin(year, female=female) if own else numbers.bin(),
        "name": f"{form} «{coined}»",
        **ground.write_place(town),
        "address": f"{draw.choice(('Бейбітшілік', 'Достық', 'Жастар', 'Садовая'))}, {serial}",
        "activity": _ACTIVITY[branch],
        "headcount": draw.randint(3, 18) if own else draw.randint(30, 420),
        "contact_name": f"{family} {given}",
        "contact_phone": phone(draw),
        "contact_email": f"kadr{serial}@senim.example",
        "locale": locale,
        **_basis(draw, branch, today=today, serial=serial),
    }
    return Firm(row, branch, town)


def _basis(draw: Random, branch: str, *, today: date, serial: int) -> dict[str, Any]:
    since = today - timedelta(days=draw.randint(60, 300))
    if branch == "farm":
        kind, subject = "subsidy", draw.choice(("суарылатын жер", "племенной скот", "жылыжай"))
        number, most = f"СБ-{serial:03d}/{since.year}", 40
    else:
        kind, subject = "procurement", draw.choice(("текущий ремонт школ", "жол жөндеу", "питание"))
        number, most = f"ГЗ-{serial:03d}/{since.year}", 160
    return {
        "basis": kind,
        "basis_number": number,
        "basis_subject": subject,
        "basis_amount": draw.randint(8, most) * 1_000_000,
        "basis_from": since,
        "basis_to": since + timedelta(days=540),
    }


def make_annex(draw: Random, firms: Sequence[Firm], *, today: date) -> list[dict[str, Any]]:
    """One decree for the larger employers: 40 places, some for those released."""
    named = sorted(firms, key=lambda firm: (-firm.row["headcount"], firm.row["identifier"]))[
        :_DECREED
    ]
    shares = _share(_DECREE_PLACES, len(named), draw)
    rows: list[dict[str, Any]] = []
    for firm, places in zip(named, shares, strict=True):
        released = 1 if places >= 3 else 0
        parts = (("probation", places - released), ("released", released))
        rows += [_line(firm, category, count, today) for category, count in parts if count]
    return rows


def _line(firm: Firm, category: str, places: int, today: date) -> dict[str, Any]:
    return {
        "decree_number": "214",
        "decree_date": date(today.year, 1, 20),
        "akimat": "Акимат Алматинской области",
        "title": "Об установлении квоты рабочих мест",
        "legal_basis": "Уголовно-исполнительный кодекс, статья 18; проверьте действующую редакцию",
        "valid_from": date(today.year, 2, 1),
        "identifier": firm.row["identifier"],
        "category": category,
        "headcount": firm.row["headcount"],
        "per_cent": "1",
        "stated": places,
    }


def make_memoranda(draw: Random, firms: Sequence[Firm], *, today: date) -> list[dict[str, Any]]:
    """A memorandum with every employer; with the decree they make 120 places."""
    shares = _share(SLOTS - _DECREE_PLACES, len(firms), draw)
    rows = []
    for serial, (firm, places) in enumerate(zip(firms, shares, strict=True), start=1):
        signed = today - timedelta(days=draw.randint(20, 250))
        rows.append(
            {
                "identifier": firm.row["identifier"],
                "number": f"М-{serial:02d}/{signed.year}",
                "signed_on": signed,
                "ends_on": signed + timedelta(days=730),
                "parties": f"{firm.row['name']}; областная прокуратура; центр трудовой мобильности",
                "pledged": places,
                "basis_number": firm.row["basis_number"],
            }
        )
    return rows


def _share(whole: int, parts: int, draw: Random) -> list[int]:
    """`whole` in `parts` numbers of at least one."""
    shares = [1] * parts
    for _ in range(whole - parts):
        shares[draw.randrange(parts)] += 1
    return shares


def make_vacancies(
    ground: Ground, firms: Sequence[Firm], free: Mapping[str, dict[str, int]], *, today: date
) -> list[dict[str, Any]]:
    """Sixty vacancies over the places each employer has free, by category."""
    jobs = list(_spread(ground.draw, firms, free))
    rows = []
    for serial, (firm, places) in enumerate(jobs, start=1):
        fitting = [trade for trade in ground.trades if trade.branch == firm.branch]
        trade = fitting[serial % len(fitting)]
        rows.append(_vacancy(ground, firm, trade, serial=serial, today=today) | places)
    return rows


def _spread(
    draw: Random, firms: Sequence[Firm], free: Mapping[str, dict[str, int]]
) -> Iterator[tuple[Firm, dict[str, int]]]:
    """Each employer's free places in one or two vacancies, sixty in all."""
    second = VACANCIES - len(firms)
    richest = sorted(
        firms, key=lambda f: (-sum(free[f.row["identifier"]].values()), f.row["identifier"])
    )
    doubled = {firm.row["identifier"] for firm in richest[:second]}
    for firm in firms:
        places = free[firm.row["identifier"]]
        if firm.row["identifier"] not in doubled:
            yield firm, places
            continue
        first = {
            name: count // 2 + count % 2 * draw.randint(0, 1) for name, count in places.items()
        }
        first = first if any(first.values()) else {**first, "places_any": 1}
        rest = {name: count - first[name] for name, count in places.items()}
        yield firm, first
        yield firm, rest if any(rest.values()) else {"places_beyond": 1}


def _vacancy(
    ground: Ground, firm: Firm, trade: Trade, *, serial: int, today: date
) -> dict[str, Any]:
    draw = ground.draw
    low = max(95_000, trade.pay[0] + draw.randint(-2, 3) * 10_000)
    night = "night" in trade.flags
    return {
        "identifier": firm.row["identifier"],
        "number": f"В-{serial:02d}",
        "title": trade.titles[serial % len(trade.titles)],
        **ground.write_place(firm.town),
        "address": firm.row["address"],
        "pay_from": low,
        "pay_to": max(low + 10_000, trade.pay[1] + draw.randint(-1, 4) * 10_000),
        "shifts": draw.choice(_NIGHTS if night else _DAYS),
        "flags": "; ".join(trade.flags) or None,
        "licences": "; ".join(trade.licences) or None,
        "experience_years": trade.experience if draw.random() < 0.5 else 0,
        "housing": "иә" if firm.branch == "farm" and draw.random() < 0.5 else "жоқ",
        "transport": "да" if draw.random() < 0.3 else "нет",
        "duties": None,
        "expires_on": today + timedelta(days=draw.randint(60, 150)),
    }
