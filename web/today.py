"""Today: where everybody starts; what is due for this reader."""

from litestar import Controller, get

from matching import duties, oversight
from matching.cockpit import open_names
from matching.open_tasks import list_tasks
from matching.today import list_due
from web.act_words import name_act
from web.guards import PUBLIC
from web.navigation import further_for
from web.site import Answer, Request, Unit, go, page

MOST_DUTIES = 20


class Today(Controller):
    path = "/"
    opt = PUBLIC

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit) -> Answer:
        if unit.reader is None:
            return go(request, "/sign-in")
        due = list_due(unit.session, unit.actor, now=unit.now)
        due += oversight.list_due(unit.session, unit.actor, now=unit.now)
        told = duties.list_open(unit.session, unit.actor, now=unit.now)
        first = told[:MOST_DUTIES]
        names = open_names(unit.session, {duty.candidate_key for duty in first})
        return page(
            request,
            "today/show.html",
            now=unit.now,
            due=due,
            tasks=list_tasks(unit.session, unit.actor, now=unit.now),
            further=further_for(request.app, unit.reader),
            duties=[
                (duty, names.get(duty.candidate_key, ""), name_act(duty.act)) for duty in first
            ],
            more_duties=len(told) - len(first),
        )
