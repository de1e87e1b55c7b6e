"""The simulated year: the same from the same seed, and every book tells the same at its end."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db import open_engine, work
from app.demo.history import YEAR, fill_year
from app.demo.manners import choose, draw
from app.demo.region import make_region, thin_out
from app.demo.tally import BooksDiffer, check_books, count_figures
from matching import reports
from matching.candidates import Candidate
from matching.funnel import Period, count_steps, find_farthest
from matching.placements import FollowUp, Placement
from matching.referrals import Referral
from matching.rounds import Proposal, Round
from matching.ways import load_ways
from quota.calendar import local_day
from quota.compliance import report_month
from quota.journal import Entry
from quota.rights import SYSTEM
from quota.slots import Slot
from tests.conftest import NOW


def begin(prepared: Path, folder: Path) -> Engine:
    """A new installation in the folder."""
    shutil.copy(prepared, folder / "senim.db")
    return open_engine(f"sqlite:///{folder / 'senim.db'}")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, prepared_sqlite, keyring) -> Iterator[Session]:
    """A year of 204 people."""
    folder = tmp_path_factory.mktemp("year")
    engine = begin(prepared_sqlite, folder)
    with work(engine, keyring) as session:
        region = thin_out(make_region(local_day(NOW - YEAR)), surveyed=3, others=17)
        fill_year(session, folder, now=NOW, tell=lambda *_: None, region=region)
        yield session
    engine.dispose()


def count(session: Session, table: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def test_the_year_has_everything_that_happens(lived: Session) -> None:
    assert count(lived, Candidate) == 204
    assert count(lived, Round, Round.state == "published") == 12
    decided = set(lived.scalars(select(Proposal.state).distinct()))
    assert {"referred", "rejected", "withdrawn"} <= decided
    answered = set(lived.scalars(select(Referral.state).distinct()))
    assert {"hired", "refused", "declined"} <= answered
    assert count(lived, FollowUp, FollowUp.kept_at.is_not(None))
    assert count(lived, Placement, Placement.state == "ended")


def test_nothing_in_it_lies_in_the_future(lived: Session) -> None:
    assert lived.scalar(select(func.max(Entry.at))) <= NOW
    assert lived.scalar(select(func.min(Entry.at))) >= NOW - YEAR


def test_its_books_agree(lived: Session) -> None:
    months = check_books(lived, since=NOW - YEAR, until=NOW)
    assert len(months) == 13
    assert sum(t.hired for report in months for t in report.totals.values()) > 5


def test_books_that_differ_are_told(lived: Session) -> None:
    with lived.begin_nested() as taken_back:
        job = lived.scalars(select(Placement).where(Placement.state == "ended")).first()
        assert job is not None
        job.state = "kept"
        with pytest.raises(BooksDiffer):
            check_books(lived, since=NOW - YEAR, until=NOW)
        taken_back.rollback()


def test_the_reports_add_up_to_the_ledger(lived: Session) -> None:
    ways = load_ways(lived, SYSTEM)
    period = Period(local_day(NOW))
    hired = sum(any(offer.job for offer in way.offers) for way in ways)
    figures = {figure.name: figure.reached for figure in count_figures(lived)}
    assert hired == figures["hired"]
    assert sum(find_farthest(way, period)[0] >= 6 for way in ways) == hired
    assert count_steps(ways, period)[0].reached == 204
    for month in (3, 9):
        when = {"year": 2026, "month": month, "now": NOW}
        report = report_month(lived, SYSTEM, **when)
        rows = reports.sum_districts(report)
        for source, total in report.totals.items():
            parts = [r.tally for r in rows if r.district and r.source == source]
            assert sum(tally.filled_at_end for tally in parts) == total.filled_at_end
        told = reports.follow_month(lived, SYSTEM, **when)
        assert told.overdue == sum(row.number for row in told.late)


def test_nobody_holds_two_places(lived: Session) -> None:
    holders = lived.scalars(select(Slot.holder_key).where(Slot.holder_key.is_not(None))).all()
    assert len(holders) == len(set(holders))
    states = ("reserved", "held", "referred", "filled")
    assert len(holders) == count(lived, Slot, Slot.state.in_(states))


def test_the_whole_region_s_year_comes_to_what_was_published(
    tmp_path: Path, prepared_sqlite: Path, keyring
) -> None:
    """Nothing stops the year: its rates lead there, and a change of the engine may move it a little."""
    engine = begin(prepared_sqlite, tmp_path)
    with work(engine, keyring) as session:
        fill_year(session, tmp_path, now=NOW, tell=lambda *_: None)
        figures = {figure.name: figure.reached for figure in count_figures(session)}
        check_books(session, since=NOW - YEAR, until=NOW)
    engine.dispose()
    assert abs(figures.pop("hired") - 87) <= 6
    assert abs(figures.pop("sent to retraining") - 18) <= 4
    assert figures == {
        "people on the register": 2500,
        "of them in work, per cent": 33,
        "surveyed": 205,
        "organisations with a memorandum": 34,
    }


def test_the_same_seed_lives_the_same_year(tmp_path: Path, prepared_sqlite: Path, keyring) -> None:
    histories = []
    for _ in ("once", "again"):
        engine = begin(prepared_sqlite, tmp_path)
        with work(engine, keyring) as session:
            region = thin_out(make_region(local_day(NOW - YEAR)), surveyed=12, others=120)
            fill_year(session, tmp_path, now=NOW, tell=lambda *_: None, region=region)
            histories.append(history_of(session))
        engine.dispose()
    assert histories[0] == histories[1]
    assert len(histories[0]) > 20


def history_of(session: Session) -> list[tuple[object, ...]]:
    """Every move of proposals, referrals and jobs, by record and moment."""
    nouns = ("proposals", "referrals", "placements", "consents")
    rows = session.execute(
        select(Entry.at, Entry.noun, Entry.record_key, Entry.verb, Entry.reason)
        .where(Entry.noun.in_(nouns))
        .order_by(Entry.id)
    )
    return [tuple(row) for row in rows]


def test_a_draw_depends_on_person_and_step_alone() -> None:
    assert draw(1, "answer", "АО-0001", "2026-01-01") == draw(1, "answer", "АО-0001", "2026-01-01")
    assert len({draw(1, "answer", f"АО-{n:04}", "d") for n in range(300)}) > 60
    shares = {"yes": 60, "no": 30}
    assert [choose(n, shares) for n in (0, 59, 60, 89, 90, 99)] == [
        "yes",
        "yes",
        "no",
        "no",
        "",
        "",
    ]
    assert timedelta(days=300) < YEAR < timedelta(days=366)
