"""The survey's questions in words: what each field asks, how it is answered, how an answer is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matching.keying import Difference
from matching.questions import MEANINGS, NONE, OFFERED, WISHES
from quota.data import read_rows
from quota.places import PlaceName
from quota.professions import Classifier, Resolution, load_classifier
from web.i18n import N_, day, get_locale, gettext, tenge
from web.words import known_word, word

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a step. `words` is the kind of words its offered values are said with."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    words: str = ""
    optional: bool = True
    attrs: Mapping[str, str] = field(default_factory=dict)


TITLES: Mapping[str, str] = {
    "agreement": N_("Consent"),
    "wishes": N_("What work is wanted"),
    "meaning": N_("Did we understand it right?"),
    "skills": N_("Experience and papers"),
    "pay": N_("Pay"),
    "way": N_("Home and way to work"),
    "hours": N_("Days and hours"),
    "conditions": N_("Health and family"),
    "needs": N_("What comes first"),
}
LEADS: Mapping[str, str] = {
    "agreement": N_(
        "The answers are used to find work and courses. No employer hears of you before your separate "
        "written yes to that employer. You can take your consent back at any time."
    ),
    "wishes": N_("In your own words, the most wanted first. Kazakh and Russian are both fine."),
    "meaning": N_("Choose what is meant, or that none of these is."),
    "pay": N_("Tenge a month, before tax."),
    "conditions": N_("No diagnosis is asked for: only which work does not suit."),
    "needs": N_("While something here is open, no vacancy is proposed: first it is sorted out."),
}
_WISH_LABELS = (N_("First choice"), N_("Second choice"), N_("Third choice"))
_YEAR_LABEL = N_("Years of such work")
QUESTIONS: Mapping[str, Sequence[Question]] = {
    "agreement": (
        Question(
            "agreed",
            N_("Do you agree to the survey and to being matched?"),
            "radios",
            words="yes_no",
            optional=False,
        ),
        Question("paper_number", N_("Number of the signed paper"), optional=False),
        Question("signed_on", N_("Signed on"), "date", optional=False),
    ),
    "wishes": (
        *(
            question
            for n, label in zip(WISHES, _WISH_LABELS, strict=True)
            for question in (
                Question(f"title_{n}", label, hint=N_("Welder, driver, seller ...")),
                Question(f"years_{n}", _YEAR_LABEL, "number"),
            )
        ),
        Question("retraining_title", N_("What would you like to learn?")),
    ),
    "skills": (
        Question("experience_years", N_("Years of work in all"), "number"),
        Question("education", N_("Schooling"), "select", words="schooling"),
        Question("certificates", N_("Certificates and diplomas"), "textarea"),
        Question("licences", N_("Driving licence"), "checks", words="licence"),
        Question("jobless_since", N_("Without work since"), "date"),
    ),
    "pay": (
        Question("pay_wanted", N_("Pay wanted"), "number", optional=False),
        Question("pay_accepted", N_("Least pay accepted"), "number", optional=False),
    ),
    "way": (
        Question("kato", N_("Home"), "select", optional=False),
        Question("means", N_("How do you get to work?"), "select", words="travel"),
        Question("max_minutes", N_("Longest way, minutes"), "number"),
        Question("max_km", N_("Longest way, kilometres"), "number"),
        Question("may_move", N_("Agrees to move or to work away from home by turns"), "check"),
    ),
    "hours": (
        Question("any_time", N_("At any time, shifts too"), "check"),
        Question("days", N_("Or on these days"), "checks", words="weekday"),
        Question("start", N_("From"), "time"),
        Question("end", N_("To"), "time", hint=N_("A night shift ends on the next day.")),
        Question("other_days", N_("On other days at other hours"), "checks", words="weekday"),
        Question("other_start", N_("From"), "time"),
        Question("other_end", N_("To"), "time"),
    ),
    "conditions": (
        Question("avoids", N_("What work does not suit for health?"), "checks", words="condition"),
        Question("cares", N_("Whom do you care for?"), "checks", words="care"),
    ),
    "needs": (
        Question("needs", N_("What has to be sorted out before work?"), "checks", words="need"),
        Question("earliest_start", N_("Can start from"), "date"),
    ),
}
_NONE_MEANT = N_("None of these")


def questions_of(step: str, *, on_paper: bool, wishes: Mapping[str, Any]) -> list[Question]:
    """The questions of a step; the paper's number is not asked of a person who answers by code."""
    if step == "meaning":
        return [
            Question(code, wishes[title], "radios", optional=False)
            for title, code in MEANINGS.items()
            if wishes.get(title)
        ]
    paper = ("paper_number", "signed_on")
    return [q for q in QUESTIONS[step] if on_paper or q.name not in paper]


def number_of(step: str, name: str) -> str:
    """The number of a question on the printed form: that of its step, then its own."""
    names = list(MEANINGS.values()) if step == "meaning" else [q.name for q in QUESTIONS[step]]
    return f"{list(TITLES).index(step) + 1}.{names.index(name) + 1}"


def understand(classifier: Classifier, wishes: Mapping[str, Any]) -> dict[str, Resolution]:
    """What the typed titles may mean, by the field of the answer."""
    typed = {code: wishes[title] for title, code in MEANINGS.items() if wishes.get(title)}
    found = classifier.resolve_all(list(typed.values()))
    return dict(zip(typed, found, strict=True))


def options_of(
    question: Question, meant: Mapping[str, Resolution], places: Sequence[PlaceName]
) -> Options:
    """The values a question offers, in words."""
    if question.name in meant:
        hits = [(hit.isco08, name_of(hit.isco08)) for hit in meant[question.name].hits]
        return [*hits, (NONE, gettext(_NONE_MEANT))]
    if question.name == "kato":
        return [(place.kato, place.names[get_locale()]) for place in places]
    return [(code, say_offered(question, code)) for code in OFFERED.get(question.name, ())]


def name_of(isco08: str | None) -> str:
    """The name of a unit group in the reader's language, with its code; a dash for none."""
    if not isco08 or isco08 == NONE:
        return "—"
    names = load_classifier().titles(isco08)
    return f"{names[get_locale()] or names['ru']} ({isco08})"


def offer_groups() -> Options:
    """Every unit group by its name, for a list of choices."""
    codes = {row["isco08"] for row in read_rows("occupations.csv")}
    return sorted(((code, name_of(code)) for code in codes), key=lambda pair: pair[1])


def tell(
    step: str, answers: Mapping[str, Any], wishes: Mapping[str, Any], places: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The answers of one step as pairs of question and answer, empty ones left out."""
    asked = questions_of(step, on_paper=True, wishes=wishes)
    shown = [(q, answers.get(q.name)) for q in asked]
    return [
        (q.label if step == "meaning" else gettext(q.label), _tell(q, value, places))
        for q, value in shown
        if value not in (None, "", [], False, 0) or q.name in ("agreed",)
    ]


def tell_difference(
    difference: Difference, wishes: Mapping[str, Any], places: Mapping[str, str]
) -> tuple[str, str, str]:
    """Question and both answers of a form keyed differently the two times."""
    step, name = difference.step, difference.field
    number = number_of(step, name)
    if step == "meaning":
        title = next(title for title, code in MEANINGS.items() if code == name)
        question = Question(name, wishes.get(title) or gettext(TITLES[step]), "radios")
        label = question.label
    else:
        question = next(q for q in QUESTIONS[step] if q.name == name)
        label = gettext(question.label)
    first, second = (
        _tell(question, value, places) if value not in (None, "", [], False) else "—"
        for value in (difference.first, difference.second)
    )
    return f"{number}. {label}", first, second


def _tell(question: Question, value: Any, places: Mapping[str, str]) -> str:
    if question.name == "kato":
        return places.get(value, value)
    if question.name in MEANINGS.values():
        return name_of(value)
    if question.kind == "date":
        return day(date.fromisoformat(value))
    if question.name in ("pay_wanted", "pay_accepted"):
        return tenge(value)
    if value is True:
        return word("yes_no", "yes")
    if isinstance(value, list):
        return ", ".join(say_offered(question, code) for code in value)
    return say_offered(question, value) if question.words else str(value)


def say_offered(question: Question, code: str) -> str:
    """One of the values a question offers, in words."""
    return known_word(question.words, code) if question.words else code
