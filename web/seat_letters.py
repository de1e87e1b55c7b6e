"""The letter to a course: what it says, and the fields of one seat."""

from matching.letters import SeatLetter
from quota.professions import load_classifier
from web.i18n import N_
from web.letter_layout import Fields, Layout, join, show_day

LAYOUT = Layout(
    template="course-letter.docx",
    title=N_("Letter to a course No. %(number)s"),
    facts=(
        (N_("To the provider"), "provider"),
        (N_("Is sent"), "person"),
        (N_("To the course"), "course"),
        (N_("Profession taught"), "profession"),
        (N_("Place"), "place"),
        (N_("First day"), "starts_on"),
        (N_("Last day"), "ends_on"),
    ),
    terms=(
        N_("The person took this seat in writing on %(consent_on)s (paper: %(consent_paper)s)."),
        N_(
            "Come on the first day, %(starts_on)s, with an identity document. Whoever cannot come tells"
            " the centre before."
        ),
    ),
    tear_off=N_("Tear off here and return to the centre no later than %(ends_on)s"),
    answer=N_("The provider's answer"),
    answers=(
        N_("Came. First day attended:"),
        N_("Did not come, or left. Day and reason:"),
        N_("Finished. Number of the certificate:"),
    ),
    fields=(
        "number",
        "issued_on",
        "centre_kk",
        "centre_ru",
        "centre_address",
        "centre_phone",
        "person",
        "provider",
        "course",
        "profession",
        "place",
        "starts_on",
        "ends_on",
        "consent_on",
        "consent_paper",
    ),
)


def fields_of(letter: SeatLetter) -> Fields:
    """What a template may name. A field that differs by language ends in _kk or _ru."""
    titles = load_classifier().titles(letter.isco08)
    return {
        "number": str(letter.number),
        "issued_on": show_day(letter.issued_on),
        "centre_kk": letter.centre["kk"],
        "centre_ru": letter.centre["ru"],
        "centre_address": letter.centre_address,
        "centre_phone": letter.centre_phone,
        "person": letter.person,
        "provider": letter.provider,
        "course": letter.course,
        "profession": join(titles["kk"], titles["ru"]),
        "place": join(letter.place["kk"], letter.place["ru"]),
        "starts_on": show_day(letter.starts_on),
        "ends_on": show_day(letter.ends_on),
        "consent_on": show_day(letter.consent_on),
        "consent_paper": letter.consent_paper or "—",
    }
