"""Fills an empty database with the demonstration region, through the importers anybody would use."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.offices import Opened, open_accounts, open_bodies, open_centres
from app.demo.people import Limit
from app.demo.region import FILES, Region, make_region, write_files
from matching.candidates import Candidate
from matching.imports.nouns import NOUNS
from matching.restrictions import NewRestriction, add_restriction
from matching.solving import Progress, Tell
from quota.calendar import local_day
from quota.centres import Body, BodyKind, Centre
from quota.imports.report import Report, Status
from quota.installation import Installation, is_demonstration, mark_demonstration
from quota.places import TravelTime, load_places
from quota.rates import load_rates
from quota.rights import Actor, Role
from quota.sheets import read_sheet

RESTRICTIONS = "restrictions"


def is_filled(session: Session) -> bool:
    return is_demonstration(session)


def is_taken(session: Session) -> bool:
    """Whether the database belongs to an office: a demonstration must never be mixed into it."""
    return not is_demonstration(session) and (
        session.scalar(select(Centre.id).limit(1)) is not None
        or session.scalar(select(Installation.id).limit(1)) is not None
    )


def fill(
    session: Session, folder: Path, *, now: datetime, tell: Tell, region: Region | None = None
) -> tuple[str, list[Opened]]:
    """Writes the region's files to `folder` and enters them; returns the password and the accounts.

    Raises SenimError when a file of our own is refused, which leaves the database as it was.
    """
    load_places(session)
    load_rates(session)
    mark_demonstration(session)
    region = region or make_region(local_day(now))
    write_files(region, folder)
    session.add_all(
        TravelTime(from_kato=a, to_kato=b, means=means, minutes=minutes)
        for a, b, means, minutes in region.travel
    )
    centres, bodies = open_centres(session), open_bodies(session)
    for noun, name in FILES.items():
        _enter(session, centres[0], noun, folder / name, now=now, tell=tell)
    _restrict(session, bodies[BodyKind.PROBATION], region.limits, now=now, tell=tell)
    return open_accounts(session, centres, bodies, now=now)


def _enter(
    session: Session, centre: Centre, noun: str, file: Path, *, now: datetime, tell: Tell
) -> Report:
    staff = Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory)
    options = {"accept_sure": True} if NOUNS[noun].resolves else {}
    report = NOUNS[noun].bring(
        session,
        staff,
        read_sheet(file.read_bytes()),
        centre_id=centre.id,
        now=now,
        watch=lambda done, total: tell(Progress(noun, done, total)),
        **options,
    )
    refused = [outcome for outcome in report.outcomes if outcome.status is Status.REFUSED]
    if refused:
        raise AssertionError(f"{file.name}: {refused[0]}")
    return report


def _restrict(
    session: Session, probation: Body, limits: Sequence[Limit], *, now: datetime, tell: Tell
) -> None:
    """Restrictions come from probation, never from a file of the centre."""
    inspector = Actor(Role.PROBATION, territory=probation.territory)
    people = dict(session.execute(select(Candidate.number, Candidate.key)).all())
    for done, limit in enumerate(limits, start=1):
        restriction = NewRestriction(
            rule=limit.rule,
            params=dict(limit.params),
            legal_basis=limit.legal_basis,
            starts_on=limit.starts_on,
            ends_on=limit.ends_on,
        )
        add_restriction(session, inspector, people[limit.number], restriction, now=now)
        tell(Progress(RESTRICTIONS, done, len(limits)))


def write_accounts(path: Path, password: str, accounts: Sequence[Opened]) -> None:
    """Keeps what was printed, for the next start; only the owner can read it."""
    path.unlink(missing_ok=True)
    lines = [f"{opened.login:<14} {password}   {opened.home}" for opened in accounts]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
