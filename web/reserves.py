"""The reserves of a solved round: who comes next for each place, and the chance that somebody takes it."""

from litestar import Controller, get
from litestar.params import FromPath

from matching import cockpit, reserves
from web.forms import Typed
from web.guards import may
from web.paging import turn_pages
from web.site import Answer, Request, Unit, page


class Reserves(Controller):
    path = "/rounds/{key:str}/reserves"
    guards = (may("rounds.run"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, key: FromPath[str], asked: Typed) -> Answer:
        lineup = reserves.show_lineup(unit.session, unit.actor, key)
        paging = turn_pages(request, asked, len(lineup.lines))
        shown = lineup.lines[paging.offset : paging.offset + paging.size]
        return page(
            request,
            "rounds/reserves.html",
            row=cockpit.show_round(unit.session, unit.actor, key),
            lineup=lineup,
            rows=reserves.name_lines(unit.session, shown),
            paging=paging,
        )
