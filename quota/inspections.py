"""Inspection campaigns: a seeded sample of employers, their evidence in two phases, result and measure.

The list the sample is drawn from is frozen and published with its SHA-256, the seed and the size, so
that anybody can draw it again (`quota/sampling.py`). A campaign that was drawn can be called off but
not drawn anew, and stays in the list: a seed cannot be tried until it pleases.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights, sampling
from quota.calendar import local_day
from quota.employers import Basis, BasisKind, Employer
from quota.errors import Fault, Invalid, NotFound, fault
from quota.patterns import Stay, find_patterns, list_stays
from quota.places import Place
from quota.rights import Actor, Scope
from quota.sampling import Unit
from quota.slots import Slot, SlotEvent
from quota.states import CAMPAIGN
from quota.tables import Keyed, Table, make_key

# Employers whose ledger shows a pattern weigh so much more; published with the list.
SUSPECT_WEIGHT = 3
MOST_DRAWN, MOST_CASES = 500, 50
# Entrepreneurial Code of 29.10.2015, Art. 24: small up to 100 workers, medium up to 250.
SIZES = ((100, "small"), (250, "medium"))


class Campaign(Keyed, Table):
    """`size` employers with at most `cases_each` stays of theirs within [`since`, `until`]; `code` is
    of the open page."""

    __tablename__ = "campaigns"
    WORKFLOW = CAMPAIGN

    title: Mapped[str] = mapped_column(String(200))
    territory: Mapped[str] = mapped_column(String(80), index=True)
    since: Mapped[date]
    until: Mapped[date]
    size: Mapped[int]
    cases_each: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    seed: Mapped[str] = mapped_column(String(80), default="")
    frame: Mapped[str] = mapped_column(Text, default="", deferred=True)
    frame_sha256: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(16), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]

    def scope(self) -> Scope:
        return Scope(territory=self.territory)


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a campaign looks at: stays on places within these days, both included."""

    title: str
    since: date
    until: date
    size: int
    cases_each: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An employer in the sample: its stratum, the patterns its ledger shows, and the stays to look at."""

    employer: Employer
    stratum: str
    patterns: tuple[str, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many employers a stratum has and how many were drawn."""

    name: str
    weight: int
    units: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What the open page shows: enough to draw the sample again, and opaque keys alone."""

    seed: str
    size: int
    frame: str
    frame_sha256: str
    drawn_at: datetime
    state: str
    drawn: tuple[str, ...]


def add_campaign(session: Session, actor: Actor, new: NewCampaign, *, now: datetime) -> Campaign:
    """Prepares a campaign over the actor's territory. Raises NotAllowed, or Invalid with every faulty
    field."""
    territory = actor.territory or ""
    rights.check(actor, "inspections.run", Scope(territory=territory))
    if faults := _check(new, today=local_day(now)):
        raise Invalid(*faults)
    campaign = Campaign(
        title=new.title.strip(),
        territory=territory,
        since=new.since,
        until=new.until,
        size=new.size,
        cases_each=new.cases_each,
        code=make_key(12),
        made_by=actor.account_id,
        made_at=now,
    )
    session.add(campaign)
    session.flush()
    journal.write(session, actor, "add", campaign, now=now)
    return campaign


def draw_sample(
    session: Session, actor: Actor, key: str, *, seed: str = "", now: datetime
) -> tuple[Campaign, list[Drawn]]:
    """Freezes the list of employers with filled places, draws from it by `seed` (a random one if
    empty) and publishes both.

    Raises NotAllowed, NotFound, WrongState, or Invalid when there is nobody to draw from.
    """
    campaign = find_campaign(session, actor, key, right="inspections.run")
    CAMPAIGN.next(campaign.state, "draw")
    candidates = _list_frame(session, campaign)
    if not candidates:
        raise Invalid(fault("seed", "nobody_to_draw"))
    seed = seed.strip() or secrets.token_hex(8)
    if len(seed) > 80 or not seed.isprintable():
        raise Invalid(fault("seed", "too_long", most=80))
    units = [_to_unit(one) for one in candidates.values()]
    frame = sampling.write_frame(units)
    journal.move(
        session,
        actor,
        campaign,
        "draw",
        now=now,
        seed=seed,
        frame=frame,
        frame_sha256=sampling.fingerprint(frame),
        drawn_at=now,
    )
    drawn = sampling.draw(units, seed=seed, size=campaign.size)
    return campaign, [_pick_stays(candidates[unit], seed, campaign.cases_each) for unit in drawn]


def step_campaign(
    session: Session, actor: Actor, key: str, verb: str, *, reason: str, now: datetime
) -> Campaign:
    """Cancels, closes, or takes either back, for a reason. Raises NotAllowed, NotFound, Invalid without
    a reason or WrongState; one that was never drawn stays cancelled."""
    campaign = find_campaign(session, actor, key, right="inspections.run")
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if verb == "undo_cancel" and not campaign.seed:
        CAMPAIGN.next("draft", verb)
    journal.move(session, actor, campaign, verb, now=now, reason=reason.strip())
    return campaign


def find_campaign(
    session: Session, actor: Actor, key: str, *, right: str = "inspections.run"
) -> Campaign:
    """The campaign with this key. Raises NotAllowed, or NotFound also when out of reach."""
    campaign = session.scalar(select(Campaign).where(Campaign.key == key))
    if campaign is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, campaign.scope())
    return campaign


def list_campaigns(session: Session, actor: Actor) -> list[Campaign]:
    """Campaigns of the actor's territory, the latest first. Raises NotAllowed."""
    statement = rights.limit(
        select(Campaign), actor, "inspections.run", territory=Campaign.territory
    )
    return list(session.scalars(statement.order_by(Campaign.id.desc())))


def find_publication(session: Session, code: str) -> Publication:
    """What is published under a code. Open to all. Raises NotFound."""
    campaign = session.scalar(
        select(Campaign).where(
            Campaign.code == code.strip().lower(), Campaign.drawn_at.is_not(None)
        )
    )
    if campaign is None or campaign.drawn_at is None:
        raise NotFound("not_found")
    drawn = sampling.draw(read_units(campaign), seed=campaign.seed, size=campaign.size)
    return Publication(
        seed=campaign.seed,
        size=campaign.size,
        frame=campaign.frame,
        frame_sha256=campaign.frame_sha256,
        drawn_at=campaign.drawn_at,
        state=campaign.state,
        drawn=drawn,
    )


def read_units(campaign: Campaign) -> list[Unit]:
    """The frozen list of a drawn campaign."""
    return sampling.read_frame(campaign.frame.encode())


def list_strata(campaign: Campaign) -> list[Stratum]:
    """Strata of a drawn campaign by name, with how many of each were drawn."""
    units: dict[str, list[Unit]] = defaultdict(list)
    for unit in read_units(campaign):
        units[unit.stratum].append(unit)
    places = sampling.share_out(units, seed=campaign.seed, size=campaign.size)
    return [
        Stratum(name, units[name][0].weight, len(units[name]), number)
        for name, number in places.items()
    ]


def size_of(headcount: int | None) -> str:
    """The size of an employer by its workers: small, medium, large, or unknown."""
    if headcount is None:
        return "unknown"
    return next((name for most, name in SIZES if headcount <= most), "large")


def _check(new: NewCampaign, *, today: date) -> list[Fault]:
    faults = [] if new.title.strip() else [fault("title", "required")]
    if new.until < new.since:
        faults.append(fault("until", "before_start"))
    if new.until > today:
        faults.append(fault("until", "date_in_future"))
    if not 1 <= new.size <= MOST_DRAWN:
        faults.append(fault("size", "between", least=1, most=MOST_DRAWN))
    if not 1 <= new.cases_each <= MOST_CASES:
        faults.append(fault("cases_each", "between", least=1, most=MOST_CASES))
    return faults


def _list_frame(session: Session, campaign: Campaign) -> dict[str, Drawn]:
    """Employers of the territory with a stay within the days, by key; four queries."""
    stays = _load_stays(session, campaign)
    rows = session.execute(
        select(Employer, Place.district_kato)
        .join(Place, Place.kato == Employer.kato)
        .where(Employer.id.in_(stays), Employer.merged_into_id.is_(None))
    ).all()
    bases = _load_bases(session, [employer.id for employer, _ in rows])
    found = {}
    for employer, district in rows:
        patterns = find_patterns(stays[employer.id])
        stratum = "/".join(
            (
                bases.get(employer.id, "none"),
                district or employer.kato,
                size_of(employer.headcount),
                "pattern" if patterns else "plain",
            )
        )
        found[employer.key] = Drawn(employer, stratum, patterns, tuple(stays[employer.id]))
    return found


def _load_stays(session: Session, campaign: Campaign) -> dict[int, list[Stay]]:
    """Stays within the campaign's days by employer, in the order of their slots."""
    rows = session.execute(
        select(SlotEvent, Slot.employer_id)
        .join(Slot, Slot.id == SlotEvent.slot_id)
        .join(Employer, Employer.id == Slot.employer_id)
        .where(Employer.territory.startswith(campaign.territory, autoescape=True))
        .order_by(SlotEvent.slot_id, SlotEvent.id)
    )
    lines: dict[tuple[int, int], list[SlotEvent]] = defaultdict(list)
    for event, employer_id in rows:
        lines[employer_id, event.slot_id].append(event)
    stays: dict[int, list[Stay]] = defaultdict(list)
    for (employer_id, _), events in lines.items():
        within = [stay for stay in list_stays(events) if _overlaps(stay, campaign)]
        if within:
            stays[employer_id] += within
    return stays


def _overlaps(stay: Stay, campaign: Campaign) -> bool:
    begun = stay.filled <= campaign.until
    return begun and (stay.left is None or stay.left >= campaign.since)


def _load_bases(session: Session, employer_ids: Sequence[int]) -> Mapping[int, str]:
    """The basis an employer is drawn under: the first of BasisKind that it has."""
    order = [kind.value for kind in BasisKind]
    rows = session.execute(
        select(Basis.employer_id, Basis.kind).where(Basis.employer_id.in_(employer_ids))
    )
    found: dict[int, str] = {}
    for employer_id, kind in rows:
        known = found.get(employer_id, kind)
        found[employer_id] = min(known, kind, key=order.index)
    return found


def _to_unit(one: Drawn) -> Unit:
    return Unit(one.employer.key, one.stratum, SUSPECT_WEIGHT if one.patterns else 1)


def _pick_stays(one: Drawn, seed: str, most: int) -> Drawn:
    """The stays to look at, by the same seed: named by slot and day."""
    ordered = sorted(
        one.stays,
        key=lambda stay: sampling.rank(seed, f"{stay.slot_id}:{stay.filled.isoformat()}"),
    )
    return Drawn(one.employer, one.stratum, one.patterns, tuple(ordered[:most]))
