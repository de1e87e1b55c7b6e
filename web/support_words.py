"""Words for codes of the individual programme, of group work and of check-ins."""

from collections.abc import Mapping

from web.i18n import NP_

SUPPORT_WORDS: Mapping[str, Mapping[str, str]] = {
    "check_in": {
        "due": NP_("check_in", "awaited"),
        "confirmed": NP_("check_in", "confirmed"),
        "missed": NP_("check_in", "missed"),
        "excused": NP_("check_in", "excused"),
        "called_off": NP_("check_in", "called off"),
    },
    "check_in_excuse": {
        "ill": NP_("check_in_excuse", "was ill"),
        "came_in_person": NP_("check_in_excuse", "came in person"),
        "at_work": NP_("check_in_excuse", "could not leave work"),
        "no_connection": NP_("check_in_excuse", "no connection"),
        "family": NP_("check_in_excuse", "a family matter"),
        "fault_of_the_system": NP_("check_in_excuse", "the system was at fault"),
    },
    "check_in_way": {
        "code": NP_("check_in_way", "by the person"),
        "clerk": NP_("check_in_way", "at the akim's office"),
    },
    "closing": {
        "consultation": NP_("closing", "a consultation was enough"),
        "not_needed": NP_("closing", "not needed"),
        "refused_by_person": NP_("closing", "the person refuses it"),
        "solved_elsewhere": NP_("closing", "settled in another way"),
        "entered_by_mistake": NP_("closing", "entered by mistake"),
    },
    "gathering": {
        "planned": NP_("gathering", "planned"),
        "held": NP_("gathering", "held"),
        "cancelled": NP_("gathering", "called off"),
    },
    "measure": {
        "planned": NP_("measure", "planned"),
        "booked": NP_("measure", "time given"),
        "closing": NP_("measure", "closing to be confirmed"),
        "done": NP_("measure", "done"),
        "closed": NP_("measure", "closed, not done"),
    },
    "measure_kind": {
        "medical_screening": NP_("measure_kind", "medical screening"),
        "doctor": NP_("measure_kind", "doctor's appointment"),
        "school": NP_("measure_kind", "finishing school"),
        "training": NP_("measure_kind", "learning a profession"),
        "upgrading": NP_("measure_kind", "raising the qualification"),
        "job_search": NP_("measure_kind", "finding work"),
        "contract": NP_("measure_kind", "employment contract"),
        "individual_work": NP_("measure_kind", "talk with a psychologist"),
        "group_work": NP_("measure_kind", "group work with a psychologist"),
        "benefit": NP_("measure_kind", "benefits and payments"),
        "childcare_place": NP_("measure_kind", "a place in a nursery"),
        "family": NP_("measure_kind", "ties with the family"),
        "patronage": NP_("measure_kind", "patronage"),
        "lodging": NP_("measure_kind", "a place to stay"),
        "documents": NP_("measure_kind", "papers and registration"),
        "leisure": NP_("measure_kind", "culture and leisure"),
        "legal_consultation": NP_("measure_kind", "a lawyer's consultation"),
        "debts": NP_("measure_kind", "advice on debts"),
    },
    "measure_result": {
        "carried_out": NP_("measure_result", "carried out"),
        "paper_received": NP_("measure_result", "paper received"),
        "place_found": NP_("measure_result", "place found"),
        "enrolled": NP_("measure_result", "enrolled"),
    },
    "next_step": {
        "nothing": NP_("next_step", "nothing more"),
        "once_more": NP_("next_step", "come once more"),
        "other_specialist": NP_("next_step", "another specialist"),
        "papers": NP_("next_step", "bring papers"),
        "training": NP_("next_step", "training"),
        "job_search": NP_("next_step", "finding work"),
    },
    "section": {
        "medical": NP_("section", "Medical services"),
        "schooling": NP_("section", "Secondary education"),
        "profession": NP_("section", "Profession"),
        "employment": NP_("section", "Help with employment"),
        "psychological": NP_("section", "Psychological support"),
        "benefits": NP_("section", "Benefits and payments"),
        "social_ties": NP_("section", "Social ties"),
        "household": NP_("section", "Household"),
        "legal": NP_("section", "Legal consultations"),
    },
    "topic": {
        "adaptation": NP_("topic", "Settling in again"),
        "work_and_money": NP_("topic", "Work and money"),
        "family_ties": NP_("topic", "Family"),
        "conflicts": NP_("topic", "Without quarrels"),
    },
}

SUPPORT_TONES: Mapping[str, Mapping[str, str]] = {
    "check_in": {
        "due": "waiting",
        "confirmed": "kept",
        "missed": "broken",
        "excused": "plain",
    },
    "gathering": {"planned": "waiting", "held": "kept", "cancelled": "plain"},
    "measure": {
        "planned": "waiting",
        "booked": "waiting",
        "closing": "waiting",
        "done": "kept",
        "closed": "plain",
    },
}
