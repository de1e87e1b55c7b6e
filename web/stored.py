"""What is stored about a person, in words: for the centre, the officer, and the person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching.access import Report, Trace
from web.i18n import LOCALES, N_, day, get_locale, gettext, ngettext, tenge
from web.people import say_days, say_hours
from web.questionnaire import name_of
from web.words import word

Pairs = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Stored:
    """Pairs of label and value, and under titles what happened, each as a sentence."""

    person: Pairs
    record: Pairs
    choices: Sequence[str]
    happened: Sequence[tuple[str, Sequence[str]]]


def tell_stored(told: Report) -> Stored:
    return Stored(
        person=[(gettext(label), told.person.get(name)) for name, label in _PERSON.items()],
        record=_tell_record(told),
        choices=[f"{c['rank']}. {c['title']} — {name_of(c['isco08'])}" for c in told.choices],
        happened=[(title, said) for title, said in _tell_happened(told) if said],
    )


_PERSON = {
    "family_name": N_("Family name"),
    "given_name": N_("Given name"),
    "patronymic": N_("Patronymic"),
    "iin": N_("Identifier number"),
    "phone": N_("Phone"),
}
_FIELDS = {
    "number": N_("Number in the register"),
    "kato": N_("Home"),
    "sex": N_("Sex"),
    "birth_year": N_("Year of birth"),
    "language": N_("Language"),
    "status": N_("Status"),
    "status_since": N_("Status since"),
    "earliest_start": N_("Can start from"),
    "released_on": N_("Released on"),
    "readiness": N_("Readiness"),
    "registered_on": N_("Registered"),
    "surveyed_on": N_("Surveyed"),
    "pay_wanted": N_("Pay wanted"),
    "pay_accepted": N_("Least pay accepted"),
    "max_minutes": N_("Longest way, minutes"),
    "max_km": N_("Longest way, kilometres"),
    "may_move": N_("Moving"),
    "hours": N_("Hours"),
    "licences": N_("Driving licence"),
    "avoids": N_("Does not suit for health"),
    "experience_years": N_("Years of work in all"),
    "retraining_isco08": N_("Profession to learn"),
    "retraining_title": N_("Would learn"),
    "means": N_("Way to work"),
    "education": N_("Schooling"),
    "certificates": N_("Certificates and diplomas"),
    "cares": N_("Cares for"),
    "needs": N_("To be sorted out first"),
    "jobless_since": N_("Without work since"),
}


def _tell_happened(told: Report) -> list[tuple[str, list[str]]]:
    surveys = [Trace(word("survey_way", t.about), t.state, t.since) for t in told.surveys]
    consents = [
        _line(": ".join(filter(None, (word("consent_scope", scope), t.about))), "consent", t)
        for scope, t in told.consents
    ]
    return [
        (gettext(N_("Surveys")), [_line(t.about, "survey", t) for t in surveys]),
        (gettext(N_("Consents")), consents),
        (gettext(N_("Proposals")), [_line(t.about, "proposal", t) for t in told.proposals]),
        (
            gettext(N_("What reviewers wrote to the person")),
            [f"{t.about}: {t.state}, {day(t.since)}" for t in told.words],
        ),
        (
            gettext(N_("Employers who were told")),
            [_line(t.about, "referral", t) for t in told.referrals],
        ),
        (gettext(N_("Courses")), [_line(t.about, "enrolment", t) for t in told.enrolments]),
        (gettext(N_("Work")), [_line(t.about, "placement", t) for t in told.placements]),
        (
            gettext(N_("Other outcomes")),
            [_line(word("outcome_kind", t.about), "outcome_state", t) for t in told.outcomes],
        ),
        (
            gettext(N_("Individual programme")),
            [_line(word("measure_kind", t.about), "measure", t) for t in told.measures],
        ),
        (
            gettext(N_("Decisions on check-ins")),
            [f"{t.about}: {say_days(t.state)}, {day(t.since)}" for t in told.check_in_orders],
        ),
        (gettext(N_("Check-ins")), [_line(*_name_way(t)) for t in told.check_ins]),
        (
            gettext(N_("Status and readiness")),
            [f"{word(t.about, t.state)}, {day(t.since)}" for t in told.standings],
        ),
        (gettext(N_("Requests")), [_tell_request(t) for t in told.requests]),
        (
            gettext(N_("Messages with a code")),
            [_line(word("code_purpose", t.about), "notice_way", t) for t in told.code_messages],
        ),
        (gettext(N_("Notes")), _count_sealed(told.notes)),
        (gettext(N_("Tasks")), _count_sealed(told.tasks)),
    ]


def _tell_request(trace: Trace) -> str:
    outcome = (
        word("request_outcome", trace.state) if trace.state else gettext(N_("not answered yet"))
    )
    return f"{word('request', trace.about)}, {day(trace.since)}: {outcome}"


def _count_sealed(number: int) -> list[str]:
    said = ngettext(
        "%(num)s is kept sealed; whoever wrote it reads it out on request.",
        "%(num)s are kept sealed; whoever wrote them reads them out on request.",
        number,
    )
    return [said % {"num": number}] if number else []


def _name_way(trace: Trace) -> tuple[str, str, Trace]:
    way = word("check_in_way", trace.about) if trace.about else gettext(N_("Check-in"))
    return way, "check_in", trace


def _line(about: str, kind: str, trace: Trace) -> str:
    since = f", {day(trace.since)}" if trace.since else ""
    return f"{about}: {word(kind, trace.state)}{since}"


def _tell_record(told: Report) -> list[tuple[str, str]]:
    """The record's fields that hold something, in words where there are any."""
    return [
        (gettext(_FIELDS[name]), _say(name, value, told))
        for name, value in told.record.items()
        if value not in (None, "", [], False, 0) or name == "hours"
    ]


_KINDS = {
    "sex": "own_sex",
    "status": "status",
    "readiness": "readiness",
    "education": "schooling",
    "means": "travel",
    "cares": "care",
    "needs": "need",
    "avoids": "condition",
}


def _say(name: str, value: Any, told: Report) -> str:
    if name == "kato":
        return told.place[get_locale()]
    if name == "hours":
        return say_hours(value)
    if name == "retraining_isco08":
        return name_of(value)
    if name in ("pay_wanted", "pay_accepted"):
        return tenge(value)
    if name in _KINDS:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(word(_KINDS[name], code) for code in codes)
    if isinstance(value, date):
        return day(value)
    if value is True:
        return word("yes_no", "yes")
    return ", ".join(value) if isinstance(value, list) else LOCALES.get(str(value), str(value))
