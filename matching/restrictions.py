"""Restrictions: what law or court forbids or requires, as rule codes; the source stays with probation.

Params by rule: weekly hours (`home_hours`, `reporting`, `treatment`) are days, start and end ("12345",
"22:00", "06:00"; days missing: every day); `barred_places` has places (KATO codes);
`banned_professions` has professions (ISCO-08 codes or their beginnings); `notice_to_leave` days_before;
`labour_hours` a number of hours a day; `corrective_labour` jobless_since (ISO date). `apart` is entered
with a case_number, which is sealed; the params keep a keyed group, the same for everybody of the case.
A life ban has no last day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Restriction, find_candidate, need_open
from quota import journal, rights
from quota.acts import act_on
from quota.calendar import is_time_of_day, local_day
from quota.errors import Fault, Invalid, NotFound, fault
from quota.rights import Actor
from quota.sealing import Keyring, keyring_of

HOURS = ("home_hours", "reporting", "treatment")
WORKPLACE = ("banned_professions", "minors", "driving", "money", "state_sector")
# A vacancy can clash with these; the others bring duties or priority.
BARRING = (*HOURS, "barred_places", *WORKPLACE)
DUTIES = ("notice_to_leave", "tag", "labour_hours", "forced_labour", "corrective_labour")
APART = "apart"  # not at one employer with the others of a criminal case
RULES = (*BARRING, *DUTIES, APART)
# What each rule reads of its params; the others read none.
PARAMS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(HOURS, ("days", "start", "end")),
    "barred_places": ("places",),
    "banned_professions": ("professions",),
    "notice_to_leave": ("days_before",),
    "labour_hours": ("hours",),
    "corrective_labour": ("jobless_since",),
    APART: ("case_number",),
}
MOST_LABOUR_HOURS = 4  # a day, for those who work (Penal Execution Code, Art. 58)
MOST_NOTICE_DAYS = 30
SHORTEST_PURPOSE = 5  # characters
LONGEST_CASE_NUMBER = 80


@dataclass(frozen=True, slots=True)
class NewRestriction:
    """`legal_basis` names act, court and case; it is sealed and shown only on a stated purpose."""

    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)
    legal_basis: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    """A restriction for those who may see its rule; the legal basis needs a reveal."""

    key: str
    rule: str
    params: Mapping[str, Any]
    starts_on: date | None
    ends_on: date | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What stands behind a restriction, `case_number` only where people are kept apart. `act` is that of
    the rule on the day it began."""

    rule: str
    legal_basis: str
    act: str
    act_verified: bool
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a restriction means for work, neutral: a code with parameters and no reason."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def add_restriction(
    session: Session, actor: Actor, key: str, new: NewRestriction, *, now: datetime
) -> Restriction:
    """Enters a dated restriction. Raises NotAllowed, NotFound, WrongState, or Invalid with every faulty
    field."""
    candidate = find_candidate(session, actor, key, right="restrictions.edit")
    need_open(candidate)
    faults = check_restriction(new)
    if new.rule == APART and not faults and _is_in_a_case(session, candidate, new):
        faults = [fault("case_number", "in_another_case")]
    if faults:
        raise Invalid(*faults)
    ring = keyring_of(session)
    basis, case_number = new.legal_basis.strip(), _read_case_number(new.params)
    restriction = Restriction(
        candidate_id=candidate.id,
        rule=new.rule,
        params=dict(new.params) if new.rule != APART else {"group": group_of(ring, case_number)},
        legal_basis=ring.seal(basis) if basis else "",
        case_number=ring.seal(case_number) if case_number else "",
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        entered_at=now,
        entered_by=actor.account_id,
    )
    session.add(restriction)
    session.flush()
    journal.write(session, actor, "restrict", candidate, now=now)
    return restriction


def end_restriction(
    session: Session, actor: Actor, key: str, *, on: date, reason: str, now: datetime
) -> Restriction:
    """Sets the last day of a restriction, earlier or later than before, with a reason for the journal.

    Raises NotAllowed, NotFound, or Invalid without a reason or with a day before the first.
    """
    restriction, _ = _find(session, actor, key, right="restrictions.edit")
    faults = [] if reason.strip() else [fault("reason", "required")]
    if restriction.starts_on and on < restriction.starts_on:
        faults.append(fault("on", "before_start"))
    if faults:
        raise Invalid(*faults)
    restriction.ends_on = on
    journal.write(session, actor, "end_restriction", restriction, now=now, reason=reason.strip())
    return restriction


def reveal_source(
    session: Session, actor: Actor, key: str, *, purpose: str, now: datetime
) -> Source:
    """Opens the source of a restriction; who asked and what for is written down first.

    Raises NotAllowed, NotFound, or Invalid without a purpose.
    """
    restriction, _ = _find(session, actor, key, right="restrictions.read")
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Invalid(fault("purpose", "too_short", least=SHORTEST_PURPOSE))
    journal.write(session, actor, "reveal_source", restriction, now=now, reason=purpose.strip())
    act = act_on(session, restriction.rule, restriction.starts_on or local_day(now))
    ring = keyring_of(session)
    basis, case_number = restriction.legal_basis, restriction.case_number
    return Source(
        rule=restriction.rule,
        legal_basis=ring.open(basis) if basis else "",
        act=act.act if act else "",
        act_verified=bool(act and act.verified),
        case_number=ring.open(case_number) if case_number else "",
    )


def group_of(ring: Keyring, case_number: str) -> str:
    """The keyed group of a case: the same however its number is spaced or capitalised."""
    written = "".join(c for c in case_number.casefold() if c.isalnum() or c in "-/.")
    return ring.token("case", written)


def list_restrictions(
    session: Session, actor: Actor, candidate: Candidate, *, now: datetime
) -> list[RestrictionRow]:
    """All restrictions ever entered, those in force first, for those who may read rules.

    Raises NotAllowed or NotFound.
    """
    rights.check(actor, "restrictions.read", candidate.scope())
    today = local_day(now)
    rows = [
        RestrictionRow(r.key, r.rule, r.params, r.starts_on, r.ends_on, is_in_force(r, today))
        for r in _of(session, candidate)
    ]
    return sorted(rows, key=lambda row: not row.in_force)


def list_effects(
    session: Session, actor: Actor, candidate: Candidate, *, now: datetime
) -> list[Effect]:
    """What the restrictions in force mean for work, without saying which they are.

    Raises NotAllowed or NotFound.
    """
    rights.check(actor, "restrictions.effects", candidate.scope())
    today = local_day(now)
    return effects_of(r for r in _of(session, candidate) if is_in_force(r, today))


def effects_of(restrictions: Iterable[Restriction]) -> list[Effect]:
    """Neutral effects, each said once. Hours are told as hours when the person is not free, whatever
    the rule; posts and activities all as one kind of workplace."""
    found: list[Effect] = []
    for restriction in restrictions:
        effect = _effect_of(restriction.rule, restriction.params)
        if effect is not None and effect not in found:
            found.append(effect)
    return sorted(found, key=lambda effect: (effect.code, str(sorted(effect.params.items()))))


def is_in_force(restriction: Restriction, day: date) -> bool:
    started = restriction.starts_on is None or restriction.starts_on <= day
    return started and (restriction.ends_on is None or day <= restriction.ends_on)


def check_restriction(new: NewRestriction) -> list[Fault]:
    """What is wrong with a restriction: its rule, the params the rule needs, its days."""
    if new.rule not in RULES:
        return [fault("rule", "unknown_choice")]
    faults = _check_params(new.rule, new.params)
    if new.starts_on and new.ends_on and new.ends_on < new.starts_on:
        faults.append(fault("ends_on", "before_start"))
    return faults


def _effect_of(rule: str, params: Mapping[str, Any]) -> Effect | None:
    if rule in HOURS:
        return Effect("not_free", {name: params.get(name, "") for name in ("days", "start", "end")})
    if rule == "barred_places":
        return Effect("not_in_places", {"places": sorted(params.get("places", ()))})
    if rule in (*WORKPLACE, APART):
        return Effect("not_every_workplace")
    if rule == "notice_to_leave":
        return Effect("notice_before_leaving", {"days": params.get("days_before", 1)})
    if rule == "labour_hours":
        return Effect("hours_of_duty", {"hours": params.get("hours", MOST_LABOUR_HOURS)})
    return None


def _check_params(rule: str, params: Mapping[str, Any]) -> list[Fault]:
    if rule in HOURS:
        return _check_hours(params)
    if rule in ("barred_places", "banned_professions"):
        return _check_codes(rule, params)
    if rule == "labour_hours":
        return _check_number("hours", params, most=MOST_LABOUR_HOURS)
    if rule == "notice_to_leave":
        return _check_number("days_before", params, most=MOST_NOTICE_DAYS)
    if rule == APART:
        return _check_case_number(params)
    if rule == "corrective_labour" and "jobless_since" in params:
        return [] if _is_day(params["jobless_since"]) else [fault("jobless_since", "not_a_date")]
    return []


def _read_case_number(params: Mapping[str, Any]) -> str:
    return str(params.get("case_number") or "").strip()


def _check_case_number(params: Mapping[str, Any]) -> list[Fault]:
    number = _read_case_number(params)
    if not any(c.isdigit() for c in number):
        return [fault("case_number", "required")]
    if len(number) > LONGEST_CASE_NUMBER:
        return [fault("case_number", "too_long", most=LONGEST_CASE_NUMBER)]
    return []


def _is_in_a_case(session: Session, candidate: Candidate, new: NewRestriction) -> bool:
    """Whether another case keeps the person apart on one of the same days: a round knows of one only."""
    return any(
        held.rule == APART
        and (held.ends_on is None or new.starts_on is None or new.starts_on <= held.ends_on)
        and (new.ends_on is None or held.starts_on is None or held.starts_on <= new.ends_on)
        for held in _of(session, candidate)
    )


def _check_codes(rule: str, params: Mapping[str, Any]) -> list[Fault]:
    name = "places" if rule == "barred_places" else "professions"
    codes = params.get(name)
    if not isinstance(codes, list) or not codes:
        return [fault(name, "required")]
    digits = all(isinstance(code, str) and code.isdigit() for code in codes)
    short = name == "places" or all(len(str(code)) <= 4 for code in codes)
    return [] if digits and short else [fault(name, "unknown_choice")]


def _check_hours(params: Mapping[str, Any]) -> list[Fault]:
    faults = [fault(n, "not_a_time") for n in ("start", "end") if not is_time_of_day(params.get(n))]
    days = params.get("days", "1")
    if not days or not set(days) <= set("1234567"):
        faults.append(fault("days", "unknown_choice"))
    return faults


def _check_number(name: str, params: Mapping[str, Any], *, most: int) -> list[Fault]:
    number = params.get(name)
    if not isinstance(number, int):
        return [fault(name, "required")]
    return [] if 1 <= number <= most else [fault(name, "between", least=1, most=most)]


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _of(session: Session, candidate: Candidate) -> list[Restriction]:
    return list(
        session.scalars(
            select(Restriction)
            .where(Restriction.candidate_id == candidate.id)
            .order_by(Restriction.id)
        )
    )


def _find(session: Session, actor: Actor, key: str, *, right: str) -> tuple[Restriction, Candidate]:
    row = session.execute(
        select(Restriction, Candidate)
        .join(Candidate, Candidate.id == Restriction.candidate_id)
        .where(Restriction.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0], row[1]
