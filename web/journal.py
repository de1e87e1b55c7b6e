"""The journal: who saw or changed what, for the data-protection officer."""

from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get

from quota import journal_rows
from quota.errors import Invalid, fault
from quota.journal_rows import Wanted
from web.events import NOUNS, tell_noun, tell_state
from web.forms import Form, Typed
from web.guards import may
from web.navigation import name_page
from web.paging import turn_pages
from web.site import Answer, Request, Unit, page

YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Filter:
    noun: str = field(default="", metadata={"most": 40})
    record: str = field(default="", metadata={"most": 40})
    account: str = field(default="", metadata={"most": 40})
    since: date | None = None
    until: date | None = None


class Journal(Controller):
    path = "/journal"
    guards = (may("journal.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        wanted, status = _read(asked)
        total = journal_rows.count_entries(unit.session, unit.actor, wanted)
        paging = turn_pages(request, asked, total)
        rows = journal_rows.list_entries(
            unit.session, unit.actor, wanted, limit=paging.size, offset=paging.offset
        )
        return page(
            request,
            "journal/list.html",
            block="rows",
            status=status,
            rows=rows,
            tell_state=tell_state,
            name_page=name_page,
            total=total,
            paging=paging,
            asked=asked,
            nouns_of_records=sorted(((noun, tell_noun(noun)) for noun in NOUNS), key=_by_word),
            writers=journal_rows.list_writers(unit.session, unit.actor),
        )


def _read(asked: Form) -> tuple[Wanted, int]:
    """What the address asks for; of a filter that does not fit, everything, and the faults beside it."""
    try:
        wanted = asked.read(Filter)
        for name, day in (("since", wanted.since), ("until", wanted.until)):
            if day and day.year not in YEARS:
                raise Invalid(fault(name, "not_a_date"))
    except Invalid as refusal:
        asked.faults = refusal.faults
        return Wanted(), 422
    return Wanted(wanted.noun, wanted.record, wanted.account, wanted.since, wanted.until), 200


def _by_word(option: tuple[str, str]) -> str:
    return option[1]
