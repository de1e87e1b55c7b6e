"""Words of rounds: their states, goals and phases, and the parts of a score."""

from collections.abc import Mapping

from web.i18n import NP_

ROUND_WORDS: Mapping[str, Mapping[str, str]] = {
    "check_level": {
        "good": NP_("check_level", "good"),
        "warn": NP_("check_level", "look at it"),
        "stop": NP_("check_level", "missing"),
    },
    "goal": {
        "promises": NP_("goal", "promises kept"),
        "priority": NP_("goal", "people with priority by law"),
        "placements": NP_("goal", "people placed"),
        "shortage": NP_("goal", "quota places filled evenly"),
        "score": NP_("goal", "points in all"),
        "waiting": NP_("goal", "days waited by those placed"),
    },
    "pair": {
        "locked": NP_("pair", "kept"),
        "forbidden": NP_("pair", "ruled out"),
    },
    "phase": {
        "start": NP_("phase", "Starting"),
        "options": NP_("phase", "Looking who may work where"),
        "parts": NP_("phase", "Looking for the best plan, part by part"),
        "parts under one budget": NP_("phase", "Looking for the best plan within the budget"),
        "standard order": NP_("phase", "Looking what the standard order would place"),
        "frontier": NP_("phase", "Looking what could be traded, plan by plan"),
        "preferences": NP_("phase", "Granting wishes in turn"),
        "reasons": NP_("phase", "Writing down the reasons"),
        "prices": NP_("phase", "Reckoning what one more place is worth"),
        "check": NP_("phase", "Checking the plan independently"),
    },
    "policy": {"standard": NP_("policy", "standard order")},
    "price": {
        "slot": NP_("price", "one more place"),
        "seat": NP_("price", "one more seat on the course"),
        "pay": NP_("price", "more pay"),
        "budget": NP_("price", "a larger budget"),
        "gate": NP_("price", "what comes first for this person, settled"),
    },
    "price_group": {
        "vacancy": NP_("price_group", "by vacancy"),
        "employer": NP_("price_group", "by employer"),
        "profession": NP_("price_group", "by profession"),
        "district": NP_("price_group", "by district"),
    },
    "round": {
        "draft": NP_("round", "draft"),
        "queued": NP_("round", "waits to be solved"),
        "solving": NP_("round", "being solved"),
        "solved": NP_("round", "solved"),
        "published": NP_("round", "published"),
        "closed": NP_("round", "closed"),
        "failed": NP_("round", "failed"),
        "cancelled": NP_("round", "cancelled"),
    },
    "solution": {
        "optimal": NP_("solution", "proven: no better plan exists"),
        "feasible": NP_("solution", "a good plan; a better one is not ruled out"),
        "infeasible": NP_("solution", "no plan keeps every promise"),
    },
    "study": {
        "queued": NP_("study", "waits to be worked out"),
        "working": NP_("study", "being worked out"),
        "done": NP_("study", "worked out"),
        "failed": NP_("study", "failed"),
        "cancelled": NP_("study", "given up"),
    },
    "tested": {
        "profession": NP_("tested", "professions asked for"),
        "category": NP_("tested", "quota category"),
        "consent": NP_("tested", "consent to matching"),
        "licence": NP_("tested", "licences"),
        "distance": NP_("tested", "the way to work"),
        "moving": NP_("tested", "work away from home"),
        "hours": NP_("tested", "hours"),
        "place": NP_("tested", "place"),
        "workplace": NP_("tested", "kind of workplace"),
        "pay": NP_("tested", "pay"),
        "conditions": NP_("tested", "conditions of work"),
        "dates": NP_("tested", "dates"),
    },
    "unplaced": {
        "no_option": NP_("unplaced", "nothing suits"),
        "full": NP_("unplaced", "what suits is taken"),
        "displaced": NP_("unplaced", "others go first"),
    },
}

ROUND_TONES: Mapping[str, Mapping[str, str]] = {
    "check_level": {"good": "kept", "warn": "waiting", "stop": "broken"},
    "pair": {"locked": "kept", "forbidden": "broken"},
    "round": {
        "queued": "waiting",
        "solving": "waiting",
        "solved": "waiting",
        "published": "kept",
        "failed": "broken",
    },
    "solution": {"optimal": "kept", "feasible": "waiting", "infeasible": "broken"},
    "study": {"queued": "waiting", "working": "waiting", "done": "kept", "failed": "broken"},
}
