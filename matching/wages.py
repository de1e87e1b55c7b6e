"""The wage map: what people would accept against what vacancies offer, and refusals over pay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import cells
from matching.ways import Way
from quota import rights
from quota.employers import Employer
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy

OVER_PAY = "pay_below_accepted"
BY = ("profession", "district")


@dataclass(frozen=True, slots=True)
class Opening:
    """A listed vacancy: `pay_from` in tenge a month for each of `places`."""

    profession: str | None
    district: str
    pay_from: int
    places: int


@dataclass(frozen=True, slots=True)
class WageRow:
    """One profession (ISCO-08) or district; `code` is empty for the total, "?" where it is not known.

    `accepted` and `offered` are medians in tenge a month, of people and of places. Numbers of people
    are None where hidden; numbers of places are nobody's secret.
    """

    code: str
    people: int | None
    accepted: int | None
    places: int
    offered: int | None
    declined: int | None
    over_pay: int | None

    @property
    def gap(self) -> int | None:
        """What the offer lacks, in tenge; below zero where it is higher than asked."""
        if self.accepted is None or self.offered is None:
            return None
        return self.accepted - self.offered


def load_openings(session: Session, actor: Actor) -> list[Opening]:
    """The listed vacancies within reach with their places; one query. Raises NotAllowed."""
    places = (
        select(Slot.vacancy_id, func.count().label("number"))
        .where(Slot.state != "closed")
        .group_by(Slot.vacancy_id)
        .subquery()
    )
    statement = (
        select(Vacancy.isco08, Place.district_kato, Vacancy.pay_from, places.c.number)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Place, Place.kato == Vacancy.kato)
        .join(places, places.c.vacancy_id == Vacancy.id)
        .where(Vacancy.state == "listed")
    )
    reached = rights.limit(
        statement,
        actor,
        "reports.read",
        centre=Employer.centre_id,
        territory=Employer.territory,
    )
    return [
        Opening(isco08, district or "", pay, n)
        for isco08, district, pay, n in session.execute(reached)
    ]


def map_wages(ways: Iterable[Way], openings: Iterable[Opening], *, by: str) -> list[WageRow]:
    """Rows by one of BY, the total last, small cells hidden."""
    asked: dict[str, list[int]] = defaultdict(list)
    offered: dict[str, list[int]] = defaultdict(list)
    declined: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for way in ways:
        if way.pay_accepted:
            asked[getattr(way, by) or "?"].append(way.pay_accepted)
        for offer in way.offers:
            if offer.referral == "declined":
                declined[getattr(offer, by) or "?"][offer.reason != OVER_PAY] += 1
    for opening in openings:
        offered[getattr(opening, by) or "?"] += [opening.pay_from] * opening.places
    people = cells.hide({code: len(pays) for code, pays in asked.items()})
    hidden = cells.find_hidden(declined)
    codes = sorted({*asked, *offered, *declined})
    rows = [
        _make_row(
            code, people.get(code, 0), asked[code], offered[code], _pair(code, declined, hidden)
        )
        for code in codes
    ]
    return [*rows, _total(asked, offered, declined)]


def _pair(
    code: str, declined: Mapping[str, Sequence[int]], hidden: Iterable[str]
) -> tuple[int | None, int | None]:
    if code in hidden:
        return None, None
    over_pay, others = declined.get(code, (0, 0))
    return over_pay + others, over_pay


def _total(
    asked: Mapping[str, list[int]],
    offered: Mapping[str, list[int]],
    declined: Mapping[str, Sequence[int]],
) -> WageRow:
    people = [pay for pays in asked.values() for pay in pays]
    places = [pay for pays in offered.values() for pay in pays]
    pair = [sum(row[part] for row in declined.values()) for part in (0, 1)]
    small = any(map(cells.is_small, pair))
    said = (None, None) if small else (sum(pair), pair[0])
    return _make_row("", cells.show(len(people)), people, places, said)


def _make_row(
    code: str,
    number: int | None,
    asked: Sequence[int],
    offered: Sequence[int],
    declined: tuple[int | None, int | None],
) -> WageRow:
    return WageRow(
        code=code,
        people=number,
        accepted=round(median(asked)) if number else None,
        places=len(offered),
        offered=round(median(offered)) if offered else None,
        declined=declined[0],
        over_pay=declined[1],
    )
