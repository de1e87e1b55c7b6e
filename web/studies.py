"""Studies of a solved round: asked for, given up and taken up again; each is read on its own page."""

from litestar import Controller, post
from litestar.params import FromPath

from matching import studies
from matching.studies import Study
from web.forms import Typed
from web.guards import may
from web.site import Answer, Request, Unit, go

PAGES = {"frontier": "frontier", "prices": "prices", "variant": "variants"}
STEPS = {"cancel": studies.cancel_study, "queue": studies.queue_study}
ASKED = (studies.FRONTIER, studies.PRICES)


class Studies(Controller):
    path = "/rounds/{key:str}/studies"
    guards = (may("rounds.run"),)

    @post(sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        kind = form.choose("kind", ASKED)
        studies.ask_once(unit.session, unit.actor, key, kind, now=unit.now)
        return go(request, f"/rounds/{key}/{PAGES[kind]}")

    @post("/{study:str}", sync_to_thread=True)
    def change(
        self, request: Request, unit: Unit, key: FromPath[str], study: FromPath[str], form: Typed
    ) -> Answer:
        step = STEPS[form.choose("step", STEPS)]
        found = step(unit.session, unit.actor, study, now=unit.now)
        return go(request, _page_of(key, found))


def _page_of(key: str, found: Study) -> str:
    """Where a study is read."""
    if found.kind == studies.NEXT:
        return f"/proposals/{found.question['proposal']}/next"
    return f"/rounds/{key}/{PAGES[found.kind]}"
