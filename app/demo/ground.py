"""The ground of the demonstration: towns with their weight, trades with their titles, travel times."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from random import Random
from typing import Any

from mimesis import Person as Names
from mimesis.enums import Gender
from mimesis.locales import Locale

from app.demo.numbers import Numbers
from quota.data import read_rows

OBLAST = "190000000"
# Settlements with a point of their own, and how much of the region lives in and around each.
TOWNS: Mapping[str, int] = {
    "194020100": 14,  # Есик
    "194083100": 7,  # Шелек
    "194081100": 3,  # Тургень
    "195220100": 16,  # Каскелен
    "195259100": 6,  # Шамалган
    "195253100": 4,  # Райымбек
    "196220100": 14,  # Талгар
    "196245100": 6,  # Туздыбастау
    "196830100": 10,  # Отеген батыра
    "196835100": 6,  # Боралдай
    "196847100": 4,  # Байсерке
    "194230100": 8,  # Узынагаш
    "194279100": 3,  # Каргалы
    "191010000": 8,  # Конаев
    "191810000": 4,  # Алатау
    "196630100": 4,  # Чунджа
    "194430100": 2,  # Кеген
    "195830100": 2,  # Нарынкол
    "193630100": 2,  # Баканас
}
CITIES = ("191010000", "191810000")
_ROAD = 1.3  # how much longer a road is than the crow's flight
_BUS_KM_PER_MINUTE, _BUS_WAIT = 0.75, 10
_LONGEST_TRIP = 240


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation with the titles employers type, the names people say, and its usual terms."""

    isco08: str
    branch: str
    pay: tuple[int, int]
    flags: tuple[str, ...]
    licences: tuple[str, ...]
    experience: int
    titles: tuple[str, ...]
    said: tuple[str, ...]


def read_trades() -> list[Trade]:
    text = resources.files("app.demo").joinpath("titles.csv").read_text(encoding="utf-8")
    return [_to_trade(row) for row in csv.DictReader(text.splitlines())]


def read_places() -> dict[str, dict[str, str]]:
    """Rows of the classifier for the oblast, by code."""
    rows = read_rows("places.csv")
    return {row["kato"]: row for row in rows if row["oblast_kato"] == OBLAST}


def district_of(kato: str, places: Mapping[str, Mapping[str, str]]) -> str:
    """The code of the district or city administration around a place."""
    while places[kato]["parent_kato"] != OBLAST:
        kato = places[kato]["parent_kato"]
    return kato


def measure_travel(places: Mapping[str, Mapping[str, str]]) -> list[list[Any]]:
    """Minutes by bus between towns, estimated from their distance; long trips are left out."""
    codes = list(TOWNS)
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    timed = [(a, b, _minutes(places[a], places[b])) for a, b in pairs]
    return [[a, b, "bus", minutes] for a, b, minutes in timed if minutes <= _LONGEST_TRIP]


class Ground:
    """What the parts of the region are drawn from: one random stream, names, numbers, towns."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.numbers = Numbers(self.draw)
        self.trades = read_trades()
        self.places = read_places()
        self._names = {locale: Names(locale, seed=seed) for locale in (Locale.KK, Locale.RU)}

    def name(self, *, female: bool) -> tuple[str, str, str, str]:
        """Family name, given name, patronymic, language; most are Kazakh, some Russian."""
        locale = Locale.KK if self.draw.random() < 0.72 else Locale.RU
        gender = Gender.FEMALE if female else Gender.MALE
        names = self._names[locale]
        family, given = names.last_name(gender=gender), names.first_name(gender=gender)
        father = names.first_name(gender=Gender.MALE)
        patronymic = father + ("қызы" if female else "ұлы") if locale is Locale.KK else ""
        return family, given, patronymic, locale.value

    def draw_town(self, *, rural: bool = False) -> str:
        """A town by its weight; `rural` leaves the cities out."""
        weights = [0 if rural and town in CITIES else most for town, most in TOWNS.items()]
        return self.draw.choices(list(TOWNS), weights=weights)[0]

    def write_place(self, town: str) -> dict[str, str]:
        """The place and its district as somebody writes them, in one language or the other."""
        name = self.draw.choice(("name_ru", "name_kk"))
        district = self.places[district_of(town, self.places)]
        return {"place": self.places[town][name], "district": district[name]}


def phone(draw: Random) -> str:
    """No operator has the code 000."""
    return f"+7 000 {draw.randrange(1000):03d} {draw.randrange(100):02d} {draw.randrange(100):02d}"


def to_table(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """A header line and the rows under it."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return [headers, *([row.get(name) for name in headers] for row in rows)]


def _to_trade(row: Mapping[str, str]) -> Trade:
    return Trade(
        isco08=row["isco08"],
        branch=row["trade"],
        pay=(int(row["pay_from"]), int(row["pay_to"])),
        flags=tuple(filter(None, row["flags"].split(";"))),
        licences=tuple(filter(None, row["licences"].split(";"))),
        experience=int(row["experience"]),
        titles=tuple(row["titles"].split("|")),
        said=tuple(row["said"].split("|")),
    )


def _minutes(a: Mapping[str, str], b: Mapping[str, str]) -> int:
    north = (float(a["lat"]) - float(b["lat"])) * 111.2
    east = (float(a["lon"]) - float(b["lon"])) * 111.2 * math.cos(math.radians(float(a["lat"])))
    minutes = math.hypot(north, east) * _ROAD / _BUS_KM_PER_MINUTE + _BUS_WAIT
    return round(minutes / 5) * 5
