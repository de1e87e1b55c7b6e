"""Words of inspections: states of a campaign and of a drawn employer, patterns, doubts, measures, strata."""

from collections.abc import Mapping

from web.i18n import NP_

INSPECTION_WORDS: Mapping[str, Mapping[str, str]] = {
    "campaign": {
        "draft": NP_("campaign", "prepared"),
        "drawn": NP_("campaign", "drawn"),
        "closed": NP_("campaign", "closed"),
        "cancelled": NP_("campaign", "called off"),
    },
    "doubt": {
        "no_contract": NP_("doubt", "no contract is shown"),
        "no_pay": NP_("doubt", "no pay is shown"),
        "never_came": NP_("doubt", "never came to work"),
        "left_early": NP_("doubt", "left earlier than reported"),
        "other_person": NP_("doubt", "another person"),
        "counted_twice": NP_("doubt", "counted twice"),
        "other": NP_("doubt", "another doubt (write a note)"),
    },
    "employer_size": {
        "small": NP_("employer_size", "up to 100 workers"),
        "medium": NP_("employer_size", "up to 250 workers"),
        "large": NP_("employer_size", "over 250 workers"),
        "unknown": NP_("employer_size", "number of workers not known"),
    },
    "inspection": {
        "asked": NP_("inspection", "evidence asked for"),
        "reading": NP_("inspection", "being read"),
        "questioned": NP_("inspection", "reply asked for"),
        "rereading": NP_("inspection", "reply being read"),
        "accepted": NP_("inspection", "confirmed"),
        "found": NP_("inspection", "a measure follows"),
    },
    "look": {
        "plain": NP_("look", "no pattern"),
        "pattern": NP_("look", "a pattern shows"),
    },
    "measure_taken": {
        "remark": NP_("measure_taken", "remark"),
        "places_not_counted": NP_("measure_taken", "the places are not counted"),
        "certificate_annulled": NP_("measure_taken", "the certificate is annulled"),
        "representation": NP_("measure_taken", "representation of the prosecutor"),
        "proceedings": NP_("measure_taken", "administrative proceedings"),
    },
    "pattern": {
        "before_report": NP_("pattern", "filled just before the report"),
        "brief": NP_("pattern", "brief work"),
        "at_once": NP_("pattern", "several on one day"),
        "opening_only": NP_("pattern", "counted from before only"),
    },
    "pattern_lead": {
        "before_report": NP_("pattern_lead", "A place was filled in the last two days of a month."),
        "brief": NP_("pattern_lead", "Somebody worked two weeks or less."),
        "at_once": NP_("pattern_lead", "Three places or more were filled on one day."),
        "opening_only": NP_(
            "pattern_lead", "All places are filled by people counted from before; nobody was hired."
        ),
    },
    "stratum_basis": {
        "procurement": NP_("stratum_basis", "procurement"),
        "subsidy": NP_("stratum_basis", "subsidy"),
        "decree": NP_("stratum_basis", "decree"),
        "goodwill": NP_("stratum_basis", "goodwill"),
        "none": NP_("stratum_basis", "no basis entered"),
    },
}

INSPECTION_TONES: Mapping[str, Mapping[str, str]] = {
    "campaign": {"draft": "waiting", "drawn": "kept", "cancelled": "broken"},
    "inspection": {
        "asked": "waiting",
        "reading": "waiting",
        "questioned": "waiting",
        "rereading": "waiting",
        "accepted": "kept",
        "found": "broken",
    },
}
