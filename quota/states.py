"""Workflows as tables of (verb, from, to): the truth about what may happen to a record."""

from dataclasses import dataclass

from quota.errors import WrongState


@dataclass(frozen=True, slots=True)
class Workflow:
    """A noun's states; the first row's `from` is where it starts.

    Every step has its way back among the rows, or stands in `lasting` with the reason why it has none.
    """

    noun: str
    rows: tuple[tuple[str, str, str], ...]
    lasting: tuple[tuple[str, str], ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for _, old, new in self.rows for s in (old, new)))

    def next(self, state: str, verb: str) -> str:
        """The state `verb` leads to from `state`; raises WrongState when no row says so."""
        for name, old, new in self.rows:
            if name == verb and old == state:
                return new
        raise WrongState("wrong_state", noun=self.noun, state=state, verb=verb)

    def verbs(self, state: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, old, _ in self.rows if old == state))


MEMORANDUM = Workflow(
    "memorandum",
    (
        ("sign", "draft", "active"),
        ("suspend", "active", "suspended"),
        ("resume", "suspended", "active"),
        ("end", "active", "ended"),
        ("end", "suspended", "ended"),
        ("undo_end", "ended", "active"),
        ("undo_end_suspended", "ended", "suspended"),
        ("discard", "draft", "ended"),
        ("undo_discard", "ended", "draft"),
    ),
    lasting=(("sign", "a signed pledge is ended, and its open places close with it"),),
)

INVITATION = Workflow(
    "invitation",
    (
        ("accept", "open", "accepted"),
        ("withdraw", "open", "withdrawn"),
    ),
    lasting=(
        ("accept", "the account exists; an administrator closes it"),
        ("withdraw", "a new invitation is issued instead"),
    ),
)

EVIDENCE = Workflow(
    "evidence",
    (
        ("accept", "sent", "accepted"),
        ("send_back", "sent", "returned"),
        ("withdraw", "sent", "withdrawn"),
        ("withdraw", "returned", "withdrawn"),
        ("undo", "accepted", "sent"),
        ("undo", "returned", "sent"),
    ),
    lasting=(("withdraw", "its file is taken off; the paper is sent in anew"),),
)

MEETING = Workflow(
    "meeting",
    (
        ("hold", "planned", "held"),
        ("cancel", "planned", "cancelled"),
        ("undo", "cancelled", "planned"),
        ("undo", "held", "planned"),
    ),
)

SLOT = Workflow(
    "slot",
    (
        ("reserve", "open", "reserved"),
        ("hold", "open", "held"),
        ("hold", "reserved", "held"),
        ("refer", "reserved", "referred"),
        ("refer", "held", "referred"),
        ("fill", "referred", "filled"),
        ("count_opening", "open", "filled"),
        ("undo_opening", "filled", "open"),
        ("release", "reserved", "open"),
        ("release", "held", "open"),
        ("release", "referred", "open"),
        ("vacate", "filled", "open"),
        ("undo_release", "open", "referred"),
        ("undo_vacate", "open", "filled"),
        ("undo_fill", "filled", "referred"),
        ("close", "open", "closed"),
        ("reopen", "closed", "open"),
    ),
    lasting=(
        ("hold", "a held place is released, and held or reserved anew"),
        ("refer", "the place is released with its referral, and taken again with it"),
    ),
)

VACANCY = Workflow(
    "vacancy",
    (
        ("list", "draft", "listed"),
        ("pause", "listed", "paused"),
        ("resume", "paused", "listed"),
        ("fill", "listed", "filled"),
        ("reopen", "filled", "listed"),
        ("withdraw", "draft", "withdrawn"),
        ("withdraw", "listed", "withdrawn"),
        ("withdraw", "paused", "withdrawn"),
        ("undo_withdraw", "withdrawn", "paused"),
        ("expire", "listed", "expired"),
        ("expire", "paused", "expired"),
        ("renew", "expired", "listed"),
    ),
    lasting=(
        ("list", "what employers offered stays in the record: it is paused or withdrawn"),
        ("expire", "a new term lists it again"),
    ),
)

CAMPAIGN = Workflow(
    "campaign",
    (
        ("draw", "draft", "drawn"),
        ("cancel", "draft", "cancelled"),
        ("cancel", "drawn", "cancelled"),
        ("undo_cancel", "cancelled", "drawn"),
        ("close", "drawn", "closed"),
        ("reopen", "closed", "drawn"),
    ),
    lasting=(("draw", "the seed is out: the campaign is cancelled, and another one draws anew"),),
)

# Two phases: evidence, and a right of reply before anything is found against the employer. What is
# being read is frozen; silence is read too, but nothing is found without the second phase.
INSPECTION = Workflow(
    "inspection",
    (
        ("submit", "asked", "reading"),
        ("lapse", "asked", "reading"),
        ("hand_back", "reading", "asked"),
        ("accept", "reading", "accepted"),
        ("question", "reading", "questioned"),
        ("undo_question", "questioned", "reading"),
        ("submit", "questioned", "rereading"),
        ("lapse", "questioned", "rereading"),
        ("hand_back", "rereading", "questioned"),
        ("accept", "rereading", "accepted"),
        ("find", "rereading", "found"),
        ("undo_accept", "accepted", "rereading"),
        ("undo_find", "found", "rereading"),
    ),
)

ALIAS = Workflow(
    "alias",
    (
        ("confirm", "proposed", "learned"),
        ("decline", "proposed", "declined"),
        ("forget", "learned", "forgotten"),
    ),
    lasting=(
        ("confirm", "a learned title is forgotten, and nothing more is read by it"),
        ("decline", "the title is proposed anew"),
        ("forget", "the title is proposed anew"),
    ),
)
