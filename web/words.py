"""Words for codes: roles, kinds, states. `word("role", "staff")` in Python and templates alike.

Each kind is a table of its codes; a state also has a tone for its badge: `kept`, `waiting`, `broken`
or `plain`. Add your noun's states as kind `<noun>`, in alphabetical order of kinds. The
kind is the context of the message, since Russian says open differently of a place and of an account.
"""

from collections.abc import Mapping

from web.i18n import NP_, pgettext

WORDS: Mapping[str, Mapping[str, str]] = {
    "account": {"open": NP_("account", "open"), "closed": NP_("account", "closed")},
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
}

TONES: Mapping[str, Mapping[str, str]] = {
    "account": {"open": "kept", "closed": "plain"},
}


def word(kind: str, code: str) -> str:
    """The word for a code. Raises KeyError for one without."""
    return pgettext(kind, WORDS[kind][code])


def tone(kind: str, code: str) -> str:
    return TONES.get(kind, {}).get(code, "plain")
