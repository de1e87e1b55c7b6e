"""Words of an order of goals: what its numbers are called, in what they are counted, what they do."""

from collections.abc import Mapping

from web.i18n import N_, NP_

ORDER_WORDS: Mapping[str, Mapping[str, str]] = {
    "policy_part": {
        "points": NP_("policy_part", "What a score is made of"),
        "shares": NP_("policy_part", "What a wish is worth"),
        "limits": NP_("policy_part", "Where limits lie"),
        "employers": NP_("policy_part", "Employers' answers and reserves"),
        "wishes": NP_("policy_part", "Wishes in turn"),
    },
    "policy_number": {
        "profession": NP_("policy_number", "Points for the profession"),
        "pay": NP_("policy_number", "Points for pay"),
        "travel": NP_("policy_number", "Points for the way to work"),
        "experience": NP_("policy_number", "Points for experience"),
        "replies": NP_("policy_number", "Points for the employer's answers"),
        "share1": NP_("policy_number", "Worth of the first wish"),
        "share2": NP_("policy_number", "Worth of the second wish"),
        "share3": NP_("policy_number", "Worth of the third wish"),
        "share4": NP_("policy_number", "Worth of the fourth wish"),
        "share5": NP_("policy_number", "Worth of the fifth wish"),
        "course_share": NP_("policy_number", "Worth of a profession learned on a course"),
        "similarity": NP_("policy_number", "Least likeness of the profession asked for"),
        "taught_similarity": NP_("policy_number", "Least likeness of the profession taught"),
        "hold_days": NP_("policy_number", "A place is kept for at most"),
        "course_days": NP_("policy_number", "A course ends within"),
        "travel_minutes": NP_("policy_number", "A way earns points up to, by time"),
        "travel_km": NP_("policy_number", "A way earns points up to, by distance"),
        "full_experience_years": NP_("policy_number", "Experience counts in full from"),
        "case_limit": NP_("policy_number", "Kept apart: at most at one employer"),
        "course_budget": NP_("policy_number", "Budget for courses"),
        "prior_replies": NP_("policy_number", "Good answers a new employer begins with"),
        "prior_referrals": NP_("policy_number", "Referrals a new employer begins with"),
        "reserve_target": NP_("policy_number", "Chance of filling a place to aim at"),
        "preference_share": NP_("policy_number", "Share of the best plan to keep"),
    },
    "policy_unit": {
        "points": NP_("policy_unit", "points"),
        "percent": NP_("policy_unit", "per cent"),
        "days": NP_("policy_unit", "days"),
        "minutes": NP_("policy_unit", "minutes"),
        "km": NP_("policy_unit", "kilometres"),
        "years": NP_("policy_unit", "years"),
        "people": NP_("policy_unit", "people"),
        "cases": NP_("policy_unit", "number"),
        "tenge": NP_("policy_unit", "tenge"),
    },
}

# The numbers of a policy part by part, each with its unit.
PARTS: Mapping[str, Mapping[str, str]] = {
    "points": dict.fromkeys(("profession", "pay", "travel", "experience", "replies"), "points"),
    "shares": dict.fromkeys(
        ("share1", "share2", "share3", "share4", "share5", "course_share"), "percent"
    ),
    "limits": {
        "similarity": "percent",
        "taught_similarity": "percent",
        "hold_days": "days",
        "course_days": "days",
        "travel_minutes": "minutes",
        "travel_km": "km",
        "full_experience_years": "years",
        "case_limit": "people",
        "course_budget": "tenge",
    },
    "employers": {
        "prior_replies": "cases",
        "prior_referrals": "cases",
        "reserve_target": "percent",
    },
    "wishes": {"preference_share": "percent"},
}
UNITS = {name: unit for part in PARTS.values() for name, unit in part.items()}

# What a number does, where its name does not say it.
MEANINGS: Mapping[str, str] = {
    "share1": N_("Of the points for the profession. The last share given holds for later wishes."),
    "similarity": N_("Jobs less like it than this do not suit."),
    "taught_similarity": N_("Of a course to the retraining wanted, and of a job to the course."),
    "travel_minutes": N_("Farther is not ruled out by this; it earns nothing."),
    "travel_km": N_("Where no minutes are recorded."),
    "full_experience_years": N_("Where the vacancy names no years."),
    "hold_days": N_("For a person who is free to begin later."),
    "course_days": N_("Counted from the day of the round."),
    "case_limit": N_(
        "How many people who must not meet may be at one employer. The number is the office's own;"
        " it has not been verified against an act."
    ),
    "course_budget": N_("For all courses of one round together. Empty: no bound."),
    "prior_referrals": N_(
        "They stand in for an employer's record until it has one, and keep one answer from counting too much."
    ),
    "reserve_target": N_("Reserves are lined up for each place until this chance is reached."),
    "preference_share": N_(
        "Each person in turn gets the best wish that leaves this share of the best plan's people and"
        " points. Empty: the order of goals alone decides."
    ),
}
OPTIONAL = ("share2", "share3", "share4", "share5", "course_budget", "preference_share")
