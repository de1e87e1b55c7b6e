"""Open vacancies that name no category: for whoever takes no part, to read, to print, on the own page."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from matching import codes
from matching.codes import Purpose
from quota import postings
from quota.calendar import local_day
from quota.centres import Centre
from quota.errors import Invalid, NotFound, fault
from quota.places import find_place, list_districts
from quota.postings import Posting
from web.forms import Form, Typed
from web.guards import PUBLIC, may
from web.i18n import N_, get_locale, gettext, number
from web.paging import turn_pages
from web.paper import Paper
from web.people import say_hours
from web.site import Answer, Request, Unit, UnitOfWork, page
from web.words import known_word

PAGE = 20  # of them fit into 50 kB
MOST_PRINTED = 200


@dataclass(frozen=True, slots=True)
class Filter:
    kato: str = ""  # a district; empty for the whole territory


class Postings(Controller):
    path = "/open-vacancies"
    guards = (may("surveys.take"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        territory = unit.actor.territory or "/"
        return _list(request, unit, asked, territory, frame="layout.html", back="")

    @get("/list.pdf", sync_to_thread=True)
    def print(self, unit: Unit, asked: Typed) -> Answer:
        path = _path(unit, asked.read(Filter), unit.actor.territory or "/")
        rows = postings.list_postings(
            unit.session, path, day=local_day(unit.now), limit=MOST_PRINTED
        )
        headers = {"Content-Disposition": 'inline; filename="vacancies.pdf"'}
        return Response(write_list(rows), media_type="application/pdf", headers=headers)


class OwnPostings(Controller):
    path = "/me/{code:str}/vacancies"
    opt = PUBLIC

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, code: FromPath[str], asked: Typed) -> Answer:
        _, candidate, purpose = codes.enter(unit.session, code, now=unit.now)
        if purpose is not Purpose.PAGE:
            raise NotFound("no_such_code")
        territory = unit.session.get_one(Centre, candidate.centre_id).territory
        return _list(request, unit, asked, territory, frame="me/frame.html", back=f"/me/{code}")


def write_list(rows: list[Posting]) -> bytes:
    """The postings as PDF in the reader's language."""
    paper = Paper(numbered=True)
    paper.title(gettext(TITLE), "")
    heads = (N_("Vacancy"), N_("Employer"), N_("Place"), N_("Pay a month, in tenge"), N_("Hours"))
    told = [_describe(row) for row in rows]
    paper.table(
        [gettext(head) for head in heads],
        [[t["title"], t["employer"], t["place"], t["pay"], t["hours"]] for t in told],
    )
    return paper.write()


TITLE = N_("Open vacancies")


def _list(
    request: Request, unit: UnitOfWork, asked: Form, territory: str, *, frame: str, back: str
) -> Answer:
    path, day = _path(unit, asked.read(Filter), territory), local_day(unit.now)
    total = postings.count_postings(unit.session, path, day=day)
    paging = turn_pages(request, asked, total, size=PAGE)
    rows = postings.list_postings(unit.session, path, day=day, limit=PAGE, offset=paging.offset)
    districts = list_districts(unit.session, territory)
    return page(
        request,
        "postings/list.html",
        frame=frame,
        back=back,
        rows=[_describe(row) for row in rows],
        total=total,
        paging=paging,
        asked=asked,
        districts=[(p.kato, p.names[get_locale()]) for p in districts],
        address=request.url.path,
    )


def _path(unit: UnitOfWork, asked: Filter, territory: str) -> str:
    """The path of the district asked for. Raises Invalid for one outside the territory."""
    if not asked.kato:
        return territory
    try:
        place = find_place(unit.session, asked.kato)
    except NotFound:
        raise Invalid(fault("kato", "unknown_choice")) from None
    if not place.path.startswith(territory):
        raise Invalid(fault("kato", "unknown_choice"))
    return place.path


def _describe(row: Posting) -> dict[str, Any]:
    """A posting in words."""
    pay = [number(row.pay_from)] + ([number(row.pay_to)] if row.pay_to != row.pay_from else [])
    return {
        "title": row.title,
        "employer": ", ".join(part for part in (row.employer, row.phone) if part),
        "place": ", ".join(part for part in (row.place[get_locale()], row.address) if part),
        "pay": " – ".join(pay),
        "hours": say_hours(row.shifts) if row.shifts else "—",
        "licences": ", ".join(known_word("licence", code) for code in row.licences),
        "posting": row,
    }
