"""The survey's columns of a candidate's row: ranked professions, retraining, pay, travel, hours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.candidates import Candidate
from quota import columns as col
from quota import journal
from quota.columns import Column
from quota.errors import Fault
from quota.imports.vacancies import suggest
from quota.imports.vacancy_columns import FLAGS, LICENCES
from quota.professions import Resolution
from quota.rights import Actor

RANKS = (1, 2, 3)
_TITLES = ("сварщик", "жүк көлігінің жүргізушісі", "разнорабочий")


def _rank_columns(rank: int) -> tuple[Column, ...]:
    title = _TITLES[rank - 1]
    return (
        Column(f"profession_{rank}", col.text(200), f"Мамандық {rank}", f"Профессия {rank}")
        if rank > 1
        else Column("profession_1", col.text(200), "Мамандық 1", "Профессия 1", example=title),
        Column(f"isco08_{rank}", col.ISCO08, f"ISCO-08 коды {rank}", f"Код ISCO-08 {rank}"),
        Column(f"years_{rank}", col.whole(60), f"Өтілі {rank}, жыл", f"Стаж {rank}, лет"),
    )


COLUMNS = (
    Column("surveyed_on", col.DAY, "Сауалнама күні", "Дата опроса", example="2026-10-05"),
    *(column for rank in RANKS for column in _rank_columns(rank)),
    Column("retraining", col.text(200), "Қайта оқығысы келеді", "Хочет переобучиться на"),
    Column("retraining_isco08", col.ISCO08, "Қайта оқу, ISCO-08", "Переобучение, код ISCO-08"),
    Column("pay_wanted", col.TENGE, "Қалаған жалақы", "Желаемая оплата", example=220_000),
    Column("pay_accepted", col.TENGE, "Ең аз жалақы", "Согласен на оплату от", example=150_000),
    Column("max_minutes", col.whole(600), "Жолға дейін, мин", "В пути до, мин", example=60),
    Column("max_km", col.whole(2_000), "Жолға дейін, км", "В пути до, км"),
    Column("may_move", col.FLAG, "Көшуге келіседі", "Согласен на переезд", example="жоқ"),
    Column("hours", col.SHIFTS, "Жұмыс істей алатын уақыты", "Может работать"),
    Column("licences", col.choices(LICENCES), "Жүргізуші санаттары", "Категории прав"),
    Column("avoids", col.choices(FLAGS), "Қолайсыз жағдайлар", "Неподходящие условия"),
    Column("experience_years", col.whole(60), "Жалпы өтілі, жыл", "Общий стаж, лет", example=6),
    Column("consent_on", col.DAY, "Келісім күні", "Дата согласия", example="2026-10-05"),
    Column("consent_paper", col.text(60), "Келісім нөмірі", "Номер согласия", example="С-1"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A profession as said, its confirmed code, years worked in it."""

    title: str
    isco08: str | None = None
    years: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells; `accepted` are the resolutions taken as confirmed without a person."""

    wishes: tuple[Wish, ...]
    retraining: str | None
    notices: tuple[Fault, ...]
    accepted: tuple[Resolution, ...]


def titles_of(values: Mapping[str, Any]) -> Iterator[str]:
    """The titles of a row that come without their code."""
    for title, code in _PAIRS:
        if values.get(title) and code not in values:
            yield values[title]


_PAIRS = [(f"profession_{r}", f"isco08_{r}") for r in RANKS] + [("retraining", "retraining_isco08")]


def read(
    values: Mapping[str, Any], resolved: Mapping[str, Resolution], *, accept_sure: bool
) -> Told:
    """The survey of a row. Titles without a code are looked up in `resolved`."""
    codes: dict[str, str | None] = {}
    notices, accepted = [], []
    for title, code in _PAIRS:
        codes[title] = values.get(code)
        if not values.get(title) or codes[title]:
            continue
        resolution = resolved[values[title]]
        if accept_sure and resolution.sure:
            codes[title] = resolution.hits[0].isco08
            accepted.append(resolution)
        else:
            notices.append(suggest(title, resolution))
    wishes = tuple(
        Wish(values[title], codes[title], values.get(f"years_{rank}", 0))
        for rank, (title, _) in zip(RANKS, _PAIRS, strict=False)
        if values.get(title)
    )
    return Told(wishes, codes["retraining"], tuple(notices), tuple(accepted))


def keep_confirmed(wishes: Sequence[Wish], known: Sequence[Wish]) -> list[Wish]:
    """The wishes, with the codes that a person confirmed meanwhile for the same titles."""
    confirmed = {wish.title: wish.isco08 for wish in known}
    return [
        wish if wish.isco08 else replace(wish, isco08=confirmed.get(wish.title)) for wish in wishes
    ]


def note_accepted(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    accepted: Iterable[Resolution],
    *,
    now: datetime,
) -> None:
    """Writes down each profession that was taken as confirmed without a person."""
    for resolution in accepted:
        best = resolution.hits[0]
        detail = {"isco08": best.isco08, "term": best.term, "margin": resolution.margin}
        journal.write(session, actor, "accept_profession", candidate, now=now, **detail)
