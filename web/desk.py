"""The employer's desk: what was pledged or owed, who was sent, and the one big next step."""

from litestar import Controller, get

from matching.placement_rows import list_placements
from matching.referral_rows import list_referrals
from matching.replies import read_replies
from matching.today import list_due
from quota.employers import Employer
from quota.slots import count_states
from web.guards import may
from web.site import Answer, Request, Unit, page


class Desk(Controller):
    path = "/desk"
    guards = (may("desk.read"),)

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit) -> Answer:
        session, actor, now = unit.session, unit.actor, unit.now
        counts = count_states(session, actor.employer_id or 0)
        return page(
            request,
            "desk/show.html",
            due=list_due(session, actor, now=now),
            sources=[(source, states) for source, states in counts.items() if states],
            referred=list_referrals(session, actor, now=now),
            at_work=list_placements(session, actor, now=now),
            replies=read_replies(
                session, actor, session.get_one(Employer, actor.employer_id), now=now
            ),
        )
