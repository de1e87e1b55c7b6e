"""Places by KATO code, and minutes of travel between them as somebody recorded them."""

import csv
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.errors import NotFound, SenimError
from quota.tables import Table


class Place(Table):
    """A row of the KATO classifier. `path` lists the codes from the oblast down: territory by prefix.

    `located` is False when the coordinates are those of the district's centre, or of nothing, not its own.
    """

    __tablename__ = "places"

    kato: Mapped[str] = mapped_column(String(9), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    name_ru: Mapped[str] = mapped_column(String(200))
    name_kk: Mapped[str] = mapped_column(String(200))
    parent_kato: Mapped[str | None] = mapped_column(String(9), index=True)
    path: Mapped[str] = mapped_column(String(80), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    located: Mapped[bool] = mapped_column(default=False)
    aliases: Mapped[str] = mapped_column(String(400), default="")
    district_kato: Mapped[str | None] = mapped_column(String(9))

    @property
    def district(self) -> str:
        """The KATO of the district it lies in, or its own."""
        return self.district_kato or self.kato

    @property
    def point(self) -> str:
        """Whose coordinates these are: its "own", those of the "district", or "none"."""
        return "own" if self.located else "none" if self.lat is None else "district"

    def names(self) -> dict[str, str]:
        return {"kk": self.name_kk, "ru": self.name_ru, "en": self.name_ru}


class TravelTime(Table):
    """Minutes from one place or district to another by one means, both directions alike."""

    __tablename__ = "travel_times"
    __table_args__ = (UniqueConstraint("from_kato", "to_kato", "means"),)

    from_kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    to_kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    means: Mapped[str] = mapped_column(String(10), default="bus")
    minutes: Mapped[int]

    @property
    def key(self) -> str:
        return f"{self.from_kato}-{self.to_kato}-{self.means}"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as pages show it."""

    kato: str
    names: dict[str, str]
    path: str


def load_places(session: Session) -> int:
    """Fills an empty table from the package's KATO file; returns the number of rows added."""
    if session.scalar(select(func.count()).select_from(Place)):
        return 0
    rows = _read_package()
    session.execute(insert(Place), rows)
    return len(rows)


@cache
def _read_package() -> Sequence[dict[str, object]]:
    with resources.files("quota.data").joinpath("places.csv").open(encoding="utf-8") as file:
        rows = {row["kato"]: row for row in csv.DictReader(file)}
    return [_to_columns(row, rows) for row in rows.values()]


def find_place(session: Session, kato: str) -> Place:
    """The place with this code. Raises NotFound."""
    place = session.scalar(select(Place).where(Place.kato == kato))
    if place is None:
        raise NotFound("no_place", kato=kato)
    return place


def find_paths(session: Session, katos: Iterable[str]) -> dict[str, str]:
    """The paths of these places, by code, in one query. Raises NotFound for the first that is none."""
    wanted = dict.fromkeys(katos)
    columns = select(Place.kato, Place.path).where(Place.kato.in_(wanted))
    paths = dict(session.execute(columns).all())
    for kato in wanted:
        if kato not in paths:
            raise NotFound("no_place", kato=kato)
    return paths


def list_around(session: Session, kato: str) -> tuple[list[PlaceName], list[PlaceName]]:
    """The places of the district that `kato` lies in, and the districts of its oblast, by code.

    Raises NotFound.
    """
    home = find_place(session, kato)
    within = Place.district_kato == (home.district_kato or home.kato)
    towns = select(Place).where(within, Place.kato != Place.district_kato)
    oblast = f"/{home.path.split('/')[1]}/"
    return _name_all(session, towns), list_districts(session, oblast)


def list_districts(session: Session, territory: str) -> list[PlaceName]:
    """The districts within a territory (a path such as `/190000000/`), by code."""
    inside = Place.path.startswith(territory)
    return _name_all(session, select(Place).where(inside, Place.kind.in_(_DISTRICT_KINDS)))


POINTS = ("own", "district", "none")


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which places: of a district (KATO code) and of one kind of POINTS; empty parts leave all in."""

    district: str = ""
    point: str = ""


def count_places(session: Session, territory: str, asked: PlaceFilter) -> int:
    statement = _select_places(territory, asked).with_only_columns(func.count())
    return session.scalar(statement) or 0


def list_places(
    session: Session, territory: str, asked: PlaceFilter, *, limit: int, offset: int
) -> Sequence[Place]:
    """The places within a territory by code."""
    statement = _select_places(territory, asked).order_by(Place.kato)
    return session.scalars(statement.limit(limit).offset(offset)).all()


def _select_places(territory: str, asked: PlaceFilter) -> Select[Place]:
    chosen = select(Place).where(Place.path.startswith(territory))
    if asked.district:
        chosen = chosen.where(Place.district_kato == asked.district)
    match asked.point:
        case "own":
            chosen = chosen.where(Place.located)
        case "district":
            chosen = chosen.where(~Place.located, Place.lat.is_not(None))
        case "none":
            chosen = chosen.where(Place.lat.is_(None))
    return chosen


def names_of(session: Session, katos: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of these places by language, by code; unknown codes are left out."""
    columns = (Place.kato, Place.name_kk, Place.name_ru)
    rows = session.execute(select(*columns).where(Place.kato.in_(set(katos))))
    return {kato: {"kk": kk, "ru": ru, "en": ru} for kato, kk, ru in rows}


def _name_all(session: Session, statement: Select[Place]) -> list[PlaceName]:
    rows = session.scalars(statement.order_by(Place.kato))
    return [PlaceName(row.kato, row.names(), row.path) for row in rows]


def index_by_name(session: Session) -> dict[str, list[PlaceName]]:
    """Places under each Kazakh or Russian name and alias, without case and prefix; see `bare_name`."""
    index: dict[str, list[PlaceName]] = {}
    # Columns and not records: every import and every form with a place reads the whole book.
    columns = (Place.kato, Place.name_kk, Place.name_ru, Place.path, Place.aliases)
    for kato, kk, ru, path, aliases in session.execute(select(*columns).order_by(Place.kato)):
        place = PlaceName(kato, {"kk": kk, "ru": ru, "en": ru}, path)
        for spelling in {bare_name(name) for name in (ru, kk, *aliases.split(";")) if name}:
            index.setdefault(spelling, []).append(place)
    return index


def label_place(name: str, kato: str) -> str:
    """The name with its code, since villages of one district share names; a Gazetteer reads both."""
    return f"{name} ({kato})"


_CODE = re.compile(r"(?<![0-9])([0-9]{9})\s*\)?\s*$")


class Gazetteer:
    """Finds places as people write them; looked up once, for many rows. Within a territory first."""

    def __init__(self, session: Session, territory: str = "/") -> None:
        self._territory = territory
        self._by_name = index_by_name(session)
        self._by_kato = {place.kato: place for row in self._by_name.values() for place in row}

    def find(self, written: str, district: str = "") -> PlaceName:
        """The place of a name, a KATO code, or both as exports write them, `с.Каркара (194453100)`.
        Raises SenimError: no_place, ambiguous_place."""
        if code := _CODE.search(written):
            found = [self._by_kato[code[1]]] if code[1] in self._by_kato else []
        else:
            found = self._by_name.get(bare_name(written), [])
            found = [p for p in found if p.path.startswith(self._territory)] or found
            found = [p for p in found if _is_named(p, written)] or found
        if district:
            around = {f"/{p.kato}/" for p in self._by_name.get(bare_name(district), [])}
            found = [place for place in found if any(kato in place.path for kato in around)]
        if not found:
            raise SenimError("no_place")
        deepest = max(found, key=lambda place: len(place.path))
        # A town, its akimat and its district often share a name: the town is meant.
        if not all(deepest.path.startswith(place.path) for place in found):
            raise SenimError("ambiguous_place", number=len(found))
        return deepest


def _is_named(place: PlaceName, written: str) -> bool:
    """Whether the name is written out with the word for its kind, as in `г.Алатау`."""
    words = "".join(written.casefold().split())
    return words in ("".join(name.casefold().split()) for name in place.names.values())


def distance_km(a: Place, b: Place) -> int | None:
    """Whole kilometres as the crow flies, or None when either place has no point of its own."""
    if a.kato == b.kato:
        return 0
    if not (a.located and b.located):
        return None
    assert a.lat is not None and a.lon is not None and b.lat is not None and b.lon is not None
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    half = (
        math.sin((phi_b - phi_a) / 2) ** 2
        + math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return round(2 * 6371 * math.asin(math.sqrt(half)))


def travel_table(session: Session) -> dict[tuple[str, str], int]:
    """All recorded minutes, both directions; the fastest means counts."""
    table: dict[tuple[str, str], int] = {}
    for row in session.scalars(select(TravelTime)):
        for pair in ((row.from_kato, row.to_kato), (row.to_kato, row.from_kato)):
            table[pair] = min(row.minutes, table.get(pair, row.minutes))
    return table


def _to_columns(row: dict[str, str], rows: dict[str, dict[str, str]]) -> dict[str, object]:
    chain = _chain(row, rows)
    point = row if row["lat"] else next((r for r in chain if r["lat"]), row)
    district = next((r["kato"] for r in chain if r["type"] in _DISTRICT_KINDS), None)
    return {
        "kato": row["kato"],
        "kind": row["type"],
        "name_ru": row["name_ru"],
        "name_kk": row["name_kk"],
        "parent_kato": row["parent_kato"] or None,
        "path": "/" + "".join(f"{r['kato']}/" for r in reversed(chain)),
        "lat": float(point["lat"]) if point["lat"] else None,
        "lon": float(point["lon"]) if point["lon"] else None,
        "located": bool(row["lat"]) and not row["coord_source"].startswith("centre:"),
        "aliases": row["aliases"],
        "district_kato": district,
    }


_DISTRICT_KINDS = (
    "district",
    "city_administration",
    "city_district",
    "city_of_republican_significance",
)


def _chain(row: dict[str, str], rows: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """The place and those above it, lowest first."""
    chain = [row]
    while chain[-1]["parent_kato"] and chain[-1]["parent_kato"] in rows:
        chain.append(rows[chain[-1]["parent_kato"]])
    return chain


_PREFIXES = ("г.", "с.о.", "с.", "п.", "қ.", "а.о.", "а.", "ауыл", "село", "город", "поселок")
_SUFFIXES = (
    " район",
    " ауданы",
    " облысы",
    " область",
    " г.а.",
    " қ.ә.",
    " қ.",
    " а.о.",
    " с.о.",
    " а.",
)


@lru_cache(maxsize=20_000)
def bare_name(name: str) -> str:
    """A place name as people write it, without case, ё and the words for its kind."""
    text = " ".join(name.casefold().replace("ё", "е").split())
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix).strip()
    for suffix in _SUFFIXES:
        text = text.removesuffix(suffix).strip()
    return text
