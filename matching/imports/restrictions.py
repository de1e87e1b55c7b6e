"""Restrictions from a table that probation keeps: dated records with their legal basis.

What a row says is judged before its person is looked up, and whoever is not within reach is refused like
somebody who is not registered, so that a table cannot ask who is registered elsewhere. Whoever stands in
no list of the actor is looked up as on the page: each is written down, and a table full of numbers that
lead to nobody is not looked up to its end.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select

from matching import lookups, restrictions
from matching.candidates import Candidate, Restriction
from matching.imports.candidates import IIN
from matching.restrictions import APART, HOURS, LONGEST_CASE_NUMBER, PARAMS, NewRestriction
from quota import columns as col
from quota import rights
from quota.calendar import is_time_of_day
from quota.columns import Column, Kind, Reading
from quota.errors import Invalid, SenimError, fault
from quota.imports.importer import Importer
from quota.imports.report import Done, Status
from quota.rights import Role
from quota.sealing import keyring_of
from quota.sheets import Cell

REASON = "corrected_by_table"
EVERY_DAY = "1234567"
RULES: col.Labels = {
    "home_hours": ("үйде болу уақыты", "часы пребывания дома", "hours at home"),
    "reporting": ("келу күндері", "дни явки", "reporting days"),
    "treatment": ("емделу", "лечение", "treatment"),
    "barred_places": ("баруға тыйым салынған орындар", "запрещённые места", "places not to visit"),
    "banned_professions": (
        "тыйым салынған мамандықтар",
        "запрещённые профессии",
        "banned professions",
    ),
    "minors": (
        "кәмелетке толмағандармен жұмыс істеуге болмайды",
        "без работы с несовершеннолетними",
        "no work with minors",
    ),
    "driving": ("көлік жүргізуге болмайды", "без вождения", "no driving"),
    "money": ("ақшамен жұмыс істеуге болмайды", "без работы с деньгами", "no work with money"),
    "state_sector": (
        "мемлекеттік қызметке болмайды",
        "без государственной службы",
        "no state service",
    ),
    "notice_to_leave": (
        "кету туралы хабарлау",
        "уведомление о выезде",
        "notice before leaving the district",
    ),
    "tag": ("электрондық білезік", "электронный браслет", "electronic tag"),
    "labour_hours": (
        "қоғамдық жұмыс сағаттары",
        "часы общественных работ",
        "hours of community service",
    ),
    "forced_labour": (
        "мәжбүрлі еңбек тағайындалған",
        "назначен принудительный труд",
        "forced labour due",
    ),
    "corrective_labour": ("түзеу жұмыстары", "исправительные работы", "corrective labour"),
    "apart": (
        "істегі басқалармен бір жұмыс орнында емес",
        "не на одном месте работы с другими по делу",
        "not at one workplace with others of a case",
    ),
}


def _parse_time(cell: Cell) -> str:
    """A time as written, or as a spreadsheet keeps it."""
    written = str(cell).strip()
    written = written.zfill(5) if ":" in written else written
    written = written[:5] if written.endswith(":00") and len(written) == 8 else written
    if not is_time_of_day(written):
        raise SenimError("not_a_time")
    return written


def _parse_days(cell: Cell) -> str:
    """Days of the week from Monday 1, such as 12345, 1-5 or `пн, ср`."""
    try:
        return col.parse_days("".join(str(cell).split()))
    except SenimError:
        raise SenimError("unknown_choice") from None


def _parse_list(cell: Cell) -> list[str]:
    return list(dict.fromkeys(p for part in re.split("[;\n]", str(cell)) if (p := part.strip())))


TIME = Kind("time", _parse_time)
WEEKDAYS = Kind("weekdays", _parse_days)
LIST = Kind("list", _parse_list)
COLUMNS = (
    IIN,
    Column("number", col.text(40), "Есеп нөмірі", "Номер учёта", example="АО-0001"),
    Column("rule", col.choice(RULES), "Шектеу", "Ограничение", True, "home_hours"),
    Column("starts", col.DAY, "Басталуы", "Начало", example="2026-03-02"),
    Column("ends", col.DAY, "Аяқталуы", "Окончание", example="2027-03-01"),
    Column("basis", col.text(300), "Құқықтық негізі", "Правовое основание"),
    Column("days", WEEKDAYS, "Апта күндері", "Дни недели", example="1-7"),
    Column("from", TIME, "Сағаттан", "С часа", example="22:00"),
    Column("until", TIME, "Сағатқа дейін", "До часа", example="06:00"),
    Column("places", LIST, "Орындар", "Места"),
    Column("professions", LIST, "Мамандықтар, ISCO-08", "Профессии, коды ISCO-08"),
    Column("hours", col.whole(24), "Күніне сағат", "Часов в день"),
    Column("days_before", col.whole(365), "Неше күн бұрын", "За сколько дней"),
    Column("jobless_since", col.DAY, "Жұмыссыз болған күннен", "Без работы с"),
    Column("case_number", col.text(LONGEST_CASE_NUMBER), "Іс нөмірі", "Номер дела"),
)


class RestrictionImport(Importer):
    noun = "restrictions"
    columns = COLUMNS
    right = "restrictions.edit"
    of_a_centre = False
    named: ClassVar[Mapping[str, str]] = {
        "start": "from",
        "end": "until",
        "starts_on": "starts",
        "ends_on": "ends",
        "on": "ends",
        "legal_basis": "basis",
    }

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._looked_up: dict[int, Candidate] = {}
        self._misses = 0
        self._wait = lookups.seconds_to_wait(self.session, self.actor, now=self.now)
        numbers = {r.values["number"] for r in readings if r.values.get("number")}
        self._by_number: dict[str, list[Candidate]] = {}
        rows = select(Candidate).where(Candidate.number.in_(numbers)).order_by(Candidate.id)
        for candidate in self.session.scalars(rows):
            if self._reaches(candidate):
                self._by_number.setdefault(candidate.number, []).append(candidate)

    def conclude(self) -> None:
        found, misses = list(self._looked_up.values()), self._misses
        lookups.write_down(self.session, self.actor, found, misses, now=self.now)
        if self.dry_run:
            lookups.count_misses(self.session, self.actor, misses, now=self.now)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        taken = PARAMS.get(values["rule"], ())
        told = tuple(repr(values.get(self.named.get(name, name))) for name in taken)
        who = (values.get("iin"), values.get("number"))
        return ((who, values["rule"], values.get("starts"), told),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        new = self._read(values)
        candidate = self._find(values)
        known = self._find_known(candidate, new)
        session, actor, now = self.session, self.actor, self.now
        if known is None:
            added = restrictions.add_restriction(session, actor, candidate.key, new, now=now)
            return Done(Status.CREATED, added.key)
        if new.ends_on in (None, known.ends_on):
            return Done(Status.UNCHANGED, known.key)
        restrictions.end_restriction(
            session, actor, known.key, on=new.ends_on, reason=REASON, now=now
        )
        return Done(Status.CHANGED, known.key)

    def _read(self, values: Mapping[str, Any]) -> NewRestriction:
        """The restriction of a row, with the params its rule reads. Raises Invalid."""
        if not values.get("iin") and not values.get("number"):
            raise Invalid(fault("iin", "number_needed"))
        told = {
            name: values.get(self.named.get(name, name)) for name in PARAMS.get(values["rule"], ())
        }
        params = {name: value for name, value in told.items() if value is not None}
        if "places" in params:
            params["places"] = [self._find_place(written) for written in params["places"]]
        if isinstance(day := params.get("jobless_since"), date):
            params["jobless_since"] = day.isoformat()
        basis, starts, ends = values.get("basis", ""), values.get("starts"), values.get("ends")
        new = NewRestriction(values["rule"], params, basis, starts, ends)
        if faults := restrictions.check_restriction(new):
            raise Invalid(*faults)
        return new

    def _find_place(self, written: str) -> str:
        try:
            return self.places.find(written).kato
        except SenimError as error:
            raise Invalid(fault("places", error.code, **error.params)) from None

    def _reaches(self, candidate: Candidate) -> bool:
        """Whether the actor may read the person's page too, and so may name the person by any number.
        The command line, which reaches all, enters for one centre."""
        if self.actor.role is Role.SYSTEM and candidate.centre_id != self.centre.id:
            return False
        return rights.covers(self.actor, "candidates.read", candidate.scope())

    def _find(self, values: Mapping[str, Any]) -> Candidate:
        """The person a row names. Raises Invalid, the same for whoever is unknown, out of reach, or not
        the one whom the other number names."""
        iin, number = values.get("iin", ""), values.get("number", "")
        if iin:
            held = self._find_by_iin(iin)
            found = [held] if held and number in ("", held.number) else []
        else:
            found = self._by_number.get(number, [])
        if len(found) != 1:
            raise Invalid(fault("row", "not_found"))
        return found[0]

    def _find_by_iin(self, iin: str) -> Candidate | None:
        """Whoever is not under supervision is found as on the page, by the whole number alone."""
        held = lookups.find_by_iin(self.session, iin)
        if held is not None and self._reaches(held):
            return held
        if self.actor.role is Role.SYSTEM:
            return None
        # A table that was checked is entered as the check said.
        waits = self._wait if self.dry_run else 0
        if waits or self._misses >= lookups.MOST_OF_A_TABLE:
            raise Invalid(fault("row", "not_looked_up"))
        known = lookups.find_known(self.session, self.actor, iin)
        if known is None:
            self._misses += 1
        else:
            self._looked_up[known.id] = known
        return known

    def _find_known(self, candidate: Candidate, new: NewRestriction) -> Restriction | None:
        """The stored restriction a row is about; of several, the one with its last day."""
        params = dict(new.params)
        if new.rule == APART:
            params = {
                "group": restrictions.group_of(keyring_of(self.session), params["case_number"])
            }
        rows = self.session.scalars(
            select(Restriction)
            .where(Restriction.candidate_id == candidate.id, Restriction.rule == new.rule)
            .order_by(Restriction.id.desc())
        )
        wanted = _level(new.rule, params)
        same = [
            r for r in rows if r.starts_on == new.starts_on and _level(r.rule, r.params) == wanted
        ]
        return next((r for r in same if r.ends_on == new.ends_on), same[0] if same else None)


def _level(rule: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Params that mean the same, made equal: every day when none is named, lists in any order."""
    level = {name: sorted(v) if isinstance(v, list) else v for name, v in params.items()}
    if rule in HOURS:
        level["days"] = "".join(sorted(level.get("days") or EVERY_DAY))
    return level
