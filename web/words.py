"""Words for codes: roles, kinds, states. `word("role", "staff")` in Python and templates alike.

Each kind is a table of its codes; a state also has a tone for its badge: `kept`, `waiting`, `broken`
or `plain`. Add your noun's states as kind `<noun>`, in alphabetical order of kinds. The
kind is the context of the message, since Russian says open differently of a place and of an account.
"""

from collections.abc import Mapping

from web.i18n import NP_, pgettext
from web.inspection_words import INSPECTION_TONES, INSPECTION_WORDS
from web.order_words import ORDER_WORDS
from web.people_words import PEOPLE_TONES, PEOPLE_WORDS
from web.registry_words import REGISTRY_TONES, REGISTRY_WORDS
from web.report_words import REPORT_WORDS
from web.round_words import ROUND_TONES, ROUND_WORDS
from web.support_words import SUPPORT_TONES, SUPPORT_WORDS
from web.way_words import WAY_WORDS

WORDS: Mapping[str, Mapping[str, str]] = {
    **INSPECTION_WORDS,
    **ORDER_WORDS,
    **PEOPLE_WORDS,
    **REGISTRY_WORDS,
    **REPORT_WORDS,
    **ROUND_WORDS,
    **WAY_WORDS,
    **SUPPORT_WORDS,
    "account": {"open": NP_("account", "open"), "closed": NP_("account", "closed")},
    "consent": {
        "asked": NP_("consent", "asked"),
        "given": NP_("consent", "given"),
        "refused": NP_("consent", "refused"),
        "withdrawn": NP_("consent", "taken back"),
        "expired": NP_("consent", "no answer in time"),
    },
    "contract_term": {
        "indefinite": NP_("contract_term", "without an end"),
        "definite": NP_("contract_term", "until a day"),
        "replacement": NP_("contract_term", "in place of somebody absent"),
    },
    "ending": {
        "own_wish": NP_("ending", "own wish"),
        "agreement": NP_("ending", "by agreement"),
        "term_ended": NP_("ending", "the term ended"),
        "staff_cut": NP_("ending", "staff cut"),
        "employer_closed": NP_("ending", "the employer closed"),
        "better_work": NP_("ending", "better work"),
        "moved_away": NP_("ending", "moved away"),
        "health": NP_("ending", "health"),
        "discipline": NP_("ending", "dismissed for discipline"),
        "absence": NP_("ending", "stopped coming"),
        "custody": NP_("ending", "could not go on by law"),
    },
    "home": {
        "centre": NP_("home", "Employment centre"),
        "employer": NP_("home", "Employer"),
        "probation": NP_("home", "Probation service"),
        "prosecutor": NP_("home", "Prosecutor's office"),
        "specialists": NP_("home", "Support service"),
        "akimat": NP_("home", "Akimat"),
        "operator": NP_("home", "Operator of the system"),
    },
    "import": {
        "created": NP_("import", "created"),
        "changed": NP_("import", "changed"),
        "unchanged": NP_("import", "unchanged"),
        "refused": NP_("import", "refused"),
    },
    "import_noun": {
        "employers": NP_("import_noun", "Employers"),
        "memoranda": NP_("import_noun", "Memoranda"),
        "decree": NP_("import_noun", "Annex of a decree"),
        "clauses": NP_("import_noun", "Clauses of a decree"),
        "vacancies": NP_("import_noun", "Vacancies"),
        "candidates": NP_("import_noun", "Candidates"),
        "courses": NP_("import_noun", "Courses"),
        "travel": NP_("import_noun", "Travel times"),
        "restrictions": NP_("import_noun", "Restrictions"),
    },
    "mark": {
        "distance_unknown": NP_("mark", "how far it is, nobody recorded"),
        "hours_unknown": NP_("mark", "the hours of the job are not recorded"),
        "minutes_by_district": NP_(
            "mark", "how far it is was judged by minutes recorded for the district"
        ),
        "other_district": NP_("mark", "the job lies in another district"),
        "reserve": NP_(
            "mark", "called up from the reserve: the person sent before did not get the place"
        ),
        "next_best": NP_("mark", "the next best plan after a rejection"),
        "course_elsewhere": NP_("mark", "the course lies in another district"),
    },
    "notice": {
        "answer_link": NP_("notice", "link to answer, to the employer"),
        "answer_soon": NP_("notice", "reminder to the employer"),
        "answer_late": NP_("notice", "overdue, to the employer"),
        "come_soon": NP_("notice", "reminder to the candidate"),
    },
    "notice_way": {
        "email": NP_("notice_way", "sent by e-mail"),
        "sms": NP_("notice_way", "sent by SMS"),
        "waits": NP_("notice_way", "not sent yet"),
        "dropped": NP_("notice_way", "not needed any more"),
        "failed": NP_("notice_way", "could not be sent"),
    },
    "part": {
        "profession": NP_("part", "profession"),
        "pay": NP_("part", "pay"),
        "travel": NP_("part", "way to work"),
        "experience": NP_("part", "experience"),
        "replies": NP_("part", "how the employer answers"),
    },
    "placement": {
        "started": NP_("placement", "at work"),
        "kept": NP_("placement", "kept"),
        "ended": NP_("placement", "ended"),
        "annulled": NP_("placement", "annulled"),
    },
    "placement_list": {
        "in_work": NP_("placement_list", "at work"),
        "ended": NP_("placement_list", "ended"),
    },
    "proposal": {
        "proposed": NP_("proposal", "waits for review"),
        "first_yes": NP_("proposal", "waits for the second inspector"),
        "approved": NP_("proposal", "approved"),
        "rejected": NP_("proposal", "rejected"),
        "sent_back": NP_("proposal", "sent back"),
        "withdrawn": NP_("proposal", "withdrawn"),
        "referred": NP_("proposal", "referred"),
    },
    "queue": {
        "waiting": NP_("queue", "waiting"),
        "approved": NP_("queue", "approved, not yet referred"),
        "rejected": NP_("queue", "rejected"),
    },
    "referral": {
        "issued": NP_("referral", "issued"),
        "presented": NP_("referral", "came"),
        "accepted": NP_("referral", "will be hired"),
        "hired": NP_("referral", "hired"),
        "refused": NP_("referral", "refused by the employer"),
        "declined": NP_("referral", "declined by the person"),
        "no_show": NP_("referral", "did not come"),
        "expired": NP_("referral", "no answer"),
        "cancelled": NP_("referral", "called off"),
    },
    "referral_list": {
        "live": NP_("referral_list", "under way"),
        "hired": NP_("referral_list", "hired"),
        "ended": NP_("referral_list", "ended without a hire"),
    },
    "role": {
        "staff": NP_("role", "Employment centre"),
        "employer": NP_("role", "Employer"),
        "probation": NP_("role", "Probation inspector"),
        "prosecutor": NP_("role", "Prosecutor"),
        "specialist": NP_("role", "Specialist"),
        "clerk": NP_("role", "Clerk of a rural akim"),
        "administrator": NP_("role", "Administrator"),
        "officer": NP_("role", "Data-protection officer"),
        "candidate": NP_("role", "Candidate"),
        "system": NP_("role", "Command line"),
    },
    "rule": {
        "home_hours": NP_("rule", "hours at home"),
        "reporting": NP_("rule", "reporting days"),
        "treatment": NP_("rule", "treatment"),
        "barred_places": NP_("rule", "places not to visit"),
        "banned_professions": NP_("rule", "banned professions"),
        "minors": NP_("rule", "no work with minors"),
        "driving": NP_("rule", "no driving"),
        "money": NP_("rule", "no work with money"),
        "state_sector": NP_("rule", "no state service"),
        "notice_to_leave": NP_("rule", "notice before leaving the district"),
        "apart": NP_("rule", "not at one workplace with others of a case"),
        "tag": NP_("rule", "electronic tag"),
        "labour_hours": NP_("rule", "hours of community service"),
        "forced_labour": NP_("rule", "forced labour due"),
        "corrective_labour": NP_("rule", "corrective labour"),
    },
    "source": {
        "decree": NP_("source", "by decree"),
        "memorandum": NP_("source", "by memorandum"),
        "beyond": NP_("source", "beyond the quota"),
    },
}

TONES: Mapping[str, Mapping[str, str]] = {
    **INSPECTION_TONES,
    **PEOPLE_TONES,
    **REGISTRY_TONES,
    **ROUND_TONES,
    **SUPPORT_TONES,
    "account": {"open": "kept", "closed": "plain"},
    "consent": {
        "asked": "waiting",
        "given": "kept",
        "refused": "broken",
        "withdrawn": "broken",
        "expired": "broken",
    },
    "import": {"created": "kept", "changed": "kept", "refused": "broken"},
    "outcome_state": {"current": "kept", "annulled": "broken"},
    "placement": {"started": "kept", "kept": "kept", "ended": "plain", "annulled": "broken"},
    "proposal": {
        "proposed": "waiting",
        "first_yes": "waiting",
        "approved": "kept",
        "rejected": "broken",
        "sent_back": "waiting",
        "withdrawn": "plain",
        "referred": "kept",
    },
    "referral": {
        "issued": "waiting",
        "presented": "waiting",
        "accepted": "waiting",
        "hired": "kept",
        "refused": "broken",
        "declined": "broken",
        "no_show": "broken",
        "expired": "broken",
        "cancelled": "plain",
    },
}


# Decrees name further categories and may be of an older kind, rates name further units; licence letters
# are words themselves.
OPEN_KINDS = ("act_kind", "category", "licence", "unit")


def word(kind: str, code: str) -> str:
    """The word for a code. Raises KeyError for one without, except for kinds that offices add to."""
    if kind in OPEN_KINDS and code not in WORDS[kind]:
        return code
    return pgettext(kind, WORDS[kind][code])


def known_word(kind: str, code: str) -> str:
    """The word for a code, or what somebody called it."""
    return word(kind, code) if code in WORDS[kind] else code


def tone(kind: str, code: str) -> str:
    return TONES.get(kind, {}).get(code, "plain")
