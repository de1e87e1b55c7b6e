"""Words for codes about people: status, readiness, answers of the survey, rules of restrictions."""

from collections.abc import Mapping

from web.i18n import NP_

PEOPLE_WORDS: Mapping[str, Mapping[str, str]] = {
    "care": {
        "child_under_7": NP_("care", "a child under seven"),
        "child": NP_("care", "a child"),
        "ill_relative": NP_("care", "an ill relative"),
        "disabled_relative": NP_("care", "a relative with a disability"),
    },
    "code_purpose": {
        "survey": NP_("code_purpose", "Code for the survey"),
        "page": NP_("code_purpose", "Code for the own page"),
    },
    "condition": {
        "hazardous": NP_("condition", "harmful or dangerous work"),
        "heavy": NP_("condition", "heavy physical work"),
        "night": NP_("condition", "night work"),
        "rotational": NP_("condition", "work away from home by turns"),
        "minors": NP_("condition", "work with children"),
        "driving": NP_("condition", "driving"),
        "money": NP_("condition", "money or goods entrusted"),
        "state_sector": NP_("condition", "state sector"),
    },
    "consent_scope": {
        "matching": NP_("consent_scope", "Survey and matching"),
        "disclosure": NP_("consent_scope", "Telling an employer"),
    },
    "course_cancellation": {
        "too_few": NP_("course_cancellation", "too few people"),
        "provider": NP_("course_cancellation", "the provider cannot"),
        "no_money": NP_("course_cancellation", "no money"),
        "entered_by_mistake": NP_("course_cancellation", "entered by mistake"),
    },
    "leaving": {
        "found_work": NP_("leaving", "found work"),
        "health": NP_("leaving", "health"),
        "cares": NP_("leaving", "cares for somebody"),
        "moved_away": NP_("leaving", "moved away"),
        "not_suited": NP_("leaving", "the course does not suit"),
        "custody": NP_("leaving", "in custody"),
        "absence": NP_("leaving", "does not come"),
        "no_wish": NP_("leaving", "does not want to"),
    },
    "enrolment": {
        "offered": NP_("enrolment", "offered"),
        "accepted": NP_("enrolment", "accepted"),
        "attending": NP_("enrolment", "attending"),
        "completed": NP_("enrolment", "completed"),
        "left": NP_("enrolment", "left"),
        "expired": NP_("enrolment", "no answer in time"),
        "course_cancelled": NP_("enrolment", "course cancelled"),
    },
    "request": {
        "access": NP_("request", "to see what is stored"),
        "correction": NP_("request", "to correct it"),
        "blocking": NP_("request", "to block it"),
        "erasure": NP_("request", "to erase it"),
    },
    "request_outcome": {
        "done": NP_("request_outcome", "done"),
        "refused": NP_("request_outcome", "refused"),
    },
    "schooling": {
        "none": NP_("schooling", "none finished"),
        "basic": NP_("schooling", "nine classes"),
        "secondary": NP_("schooling", "secondary school"),
        "vocational": NP_("schooling", "vocational school"),
        "college": NP_("schooling", "college"),
        "higher": NP_("schooling", "university"),
    },
    "caseload_mark": {
        "unplaced_long": NP_("caseload_mark", "ready for over 30 days, no work"),
        "refused_twice": NP_("caseload_mark", "declined twice"),
        "course_ends": NP_("caseload_mark", "course ends this month"),
        "gate_open": NP_("caseload_mark", "something comes first"),
        "no_consent": NP_("caseload_mark", "no consent"),
        "no_profession": NP_("caseload_mark", "ready, no profession confirmed"),
        "no_location": NP_("caseload_mark", "ready, lives where no distance is known"),
        "closing_asked": NP_("caseload_mark", "a closing to confirm"),
        "measure_late": NP_("caseload_mark", "a measure is late"),
    },
    "travel": {
        "foot": NP_("travel", "on foot"),
        "bus": NP_("travel", "by bus"),
        "car": NP_("travel", "by own car"),
        "other": NP_("travel", "otherwise"),
    },
    "need": {
        "documents": NP_("need", "papers"),
        "housing": NP_("need", "a place to live"),
        "health": NP_("need", "a doctor"),
        "legal": NP_("need", "a lawyer's advice"),
        "childcare": NP_("need", "care for a child"),
        "debts": NP_("need", "debts"),
        "psychological": NP_("need", "a psychologist"),
    },
    "readiness": {
        "not_surveyed": NP_("readiness", "not surveyed"),
        "needs_support": NP_("readiness", "needs support first"),
        "ready": NP_("readiness", "ready"),
        "declined": NP_("readiness", "takes no part"),
        "employed": NP_("readiness", "at work"),
        "out_of_scope": NP_("readiness", "out of scope"),
    },
    "status": {
        "on_probation": NP_("status", "on probation"),
        "last_year": NP_("status", "last year of prison"),
        "released": NP_("status", "released"),
        "off_register": NP_("status", "off the register"),
    },
    "payer": {
        "centre": NP_("payer", "the centre"),
        "voucher": NP_("payer", "a voucher"),
        "employer": NP_("payer", "the employer"),
        "provider": NP_("payer", "the provider"),
        "other": NP_("payer", "somebody else"),
    },
    "survey": {
        "draft": NP_("survey", "begun"),
        "keyed": NP_("survey", "keyed in once"),
        "submitted": NP_("survey", "handed in"),
        "refused": NP_("survey", "refused"),
        "discarded": NP_("survey", "dropped"),
    },
    "survey_way": {
        "desk": NP_("survey_way", "At the desk"),
        "link": NP_("survey_way", "By the personal code"),
        "paper": NP_("survey_way", "On paper"),
    },
    "survey_refusal": {
        "has_work": NP_("survey_refusal", "has work"),
        "studies": NP_("survey_refusal", "studies"),
        "health": NP_("survey_refusal", "health does not allow it"),
        "cares": NP_("survey_refusal", "cares for somebody"),
        "moves_away": NP_("survey_refusal", "moves away"),
        "no_trust": NP_("survey_refusal", "does not trust it"),
        "no_wish": NP_("survey_refusal", "does not want to"),
    },
    "task": {
        "own": NP_("task", "Task"),
        "objection": NP_("task", "The person objects: look and answer"),
        "forced_labour_exemption": NP_("task", "Work began: exempt from forced labour"),
        "work_changed": NP_("task", "Work began or changed: note it"),
        "hire_annulled": NP_("task", "The hire was reported by mistake: note it"),
        "dismissal": NP_("task", "Corrective labour: the job ends, look before it does"),
        "evasion": NP_("task", "Corrective labour: the person stopped coming"),
        "next_best": NP_("task", "A proposal was rejected: look at the next best plan"),
        "no_reserve": NP_(
            "task", "The place was not taken and nobody stands in reserve: look for somebody"
        ),
        "issue_letter": NP_("task", "Approved and consented: issue the letter, or offer the seat"),
        "contract_missing": NP_("task", "The employer said yes: ask for the contract"),
        "says_left": NP_("task", "The person says they left the job: ask the employer"),
        "seat_begin": NP_("task", "The course has begun: write down whether the person came"),
        "seat_result": NP_("task", "The course is over: write down the result"),
        "leave_notice": NP_("task", "Work in another district: help the person give notice before"),
        "notice_due": NP_(
            "task", "Work in another district: the person gives notice before leaving"
        ),
        "support_done": NP_("task", "The support steps are done: look at the readiness"),
        "check_in_missed": NP_("task", "A check-in was missed: find out why"),
    },
    "weekday": {
        "1": NP_("weekday", "Mon"),
        "2": NP_("weekday", "Tue"),
        "3": NP_("weekday", "Wed"),
        "4": NP_("weekday", "Thu"),
        "5": NP_("weekday", "Fri"),
        "6": NP_("weekday", "Sat"),
        "7": NP_("weekday", "Sun"),
    },
    "yes_no": {"yes": NP_("yes_no", "yes"), "no": NP_("yes_no", "no")},
}

PEOPLE_TONES: Mapping[str, Mapping[str, str]] = {
    "enrolment": {
        "offered": "waiting",
        "accepted": "waiting",
        "attending": "kept",
        "completed": "kept",
        "expired": "broken",
        "course_cancelled": "broken",
    },
    "readiness": {"ready": "kept", "employed": "kept", "needs_support": "waiting"},
}
