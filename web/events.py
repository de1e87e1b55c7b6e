"""Events of the journal and the ledger as sentences: what was done to which record."""

from collections.abc import Mapping

from web.i18n import NP_, pgettext

NOUNS: Mapping[str, str] = {
    "bases": NP_("record", "Basis"),
    "contacts": NP_("record", "Contact"),
    "decree_lines": NP_("record", "Decree line"),
    "decrees": NP_("record", "Decree"),
    "employers": NP_("record", "Employer"),
    "meetings": NP_("record", "Meeting"),
    "memoranda": NP_("record", "Memorandum"),
    "slots": NP_("record", "Place"),
    "vacancies": NP_("record", "Vacancy"),
}

VERBS: Mapping[str, str] = {
    "add": NP_("event", "entered"),
    "add_pledge": NP_("event", "line added"),
    "attach": NP_("event", "attached"),
    "cancel": NP_("event", "cancelled"),
    "change": NP_("event", "changed"),
    "close": NP_("event", "closed"),
    "count_opening": NP_("event", "counted as filled"),
    "detach": NP_("event", "taken off"),
    "discard": NP_("event", "discarded"),
    "dismiss": NP_("event", "no longer there"),
    "end": NP_("event", "ended"),
    "exempt": NP_("event", "let off the quota"),
    "expire": NP_("event", "expired"),
    "fill": NP_("event", "filled"),
    "hold": NP_("event", "held"),
    "lift_exemption": NP_("event", "exemption lifted"),
    "list": NP_("event", "listed"),
    "merge": NP_("event", "merged into another record"),
    "open": NP_("event", "opened"),
    "open_slots": NP_("event", "places opened"),
    "pause": NP_("event", "paused"),
    "plan": NP_("event", "planned"),
    "recall": NP_("event", "there again"),
    "recompute": NP_("event", "computed anew"),
    "refer": NP_("event", "somebody referred"),
    "release": NP_("event", "set free"),
    "remove_pledge": NP_("event", "line removed"),
    "renew": NP_("event", "renewed"),
    "reopen": NP_("event", "reopened"),
    "reserve": NP_("event", "reserved"),
    "resume": NP_("event", "resumed"),
    "sign": NP_("event", "signed"),
    "suspend": NP_("event", "suspended"),
    "take_in": NP_("event", "took another record in"),
    "undo": NP_("event", "taken back"),
    "undo_end": NP_("event", "ending taken back"),
    "undo_fill": NP_("event", "hire taken back"),
    "undo_merge": NP_("event", "merging taken back"),
    "undo_release": NP_("event", "release taken back"),
    "undo_vacate": NP_("event", "leaving taken back"),
    "undo_withdraw": NP_("event", "withdrawal taken back"),
    "vacate": NP_("event", "left"),
    "withdraw": NP_("event", "withdrawn"),
}


def tell_verb(verb: str) -> str:
    """What was done; a verb of a room that has no words here is told by its code."""
    return pgettext("event", VERBS[verb]) if verb in VERBS else verb.replace("_", " ")


def tell_noun(noun: str) -> str:
    return pgettext("record", NOUNS[noun]) if noun in NOUNS else noun
