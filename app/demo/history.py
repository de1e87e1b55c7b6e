"""The demonstration with a year behind it: filled as of a year ago, then lived through up to now."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.fill import fill
from app.demo.keys import seeded_keys
from app.demo.manners import Manners
from app.demo.offices import Opened
from app.demo.region import SEED, Region, make_region
from app.demo.tally import check_books
from app.demo.year import DAYS_IN_MONTH, MONTHS, Office, forget_surveys, live_year
from matching.solving import Tell
from quota.accounts import Account, actor_of
from quota.calendar import local_day

YEAR = timedelta(days=MONTHS * DAYS_IN_MONTH + 1)
# Of the register: in work today and not a year ago, beside those the rounds place.
FOUND_WORK = 0.031


def fill_year(
    session: Session,
    folder: Path,
    *,
    now: datetime,
    tell: Tell,
    region: Region | None = None,
    manners: Manners | None = None,
) -> tuple[str, list[Opened]]:
    """Fills the region as it stood a year before `now` and lives through the year; the password and the
    accounts. Raises BooksDiffer or DoesNotAddUp when the year's books do not agree."""
    since = now - YEAR
    region = region or make_region(local_day(since))
    with seeded_keys(session, SEED):
        people = len(region.tables["candidates"])
        before = forget_surveys(region, found_work=round(FOUND_WORK * people))
        opened = fill(session, folder, now=since, tell=tell, region=before)
        live_year(_open_office(session, since, manners), region, tell=tell)
        session.flush()
        check_books(session, since=since, until=now)
    return opened


def _open_office(session: Session, since: datetime, manners: Manners | None) -> Office:
    staff, second, probation = (
        actor_of(session, session.scalars(select(Account).where(Account.login == login)).one())
        for login in ("staff", "staff2", "probation")
    )
    assert staff.centre_id is not None
    return Office(
        session, staff.centre_id, staff, second, probation, since, SEED, manners or Manners()
    )
