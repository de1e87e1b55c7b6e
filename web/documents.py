"""The referral letter: what it says, and the fields of one referral."""

from matching.letters import Letter
from web.act_words import name_act
from web.i18n import N_, number, speaking
from web.letter_layout import LANGUAGES, Fields, Layout, join, show_day

_ACTS = ("come_act", "answer_act")
LAYOUT = Layout(
    template="letter.docx",
    title=N_("Referral No. %(number)s"),
    facts=(
        (N_("To the employer"), "employer"),
        (N_("Is sent"), "person"),
        (N_("For the vacancy"), "vacancy"),
        (N_("Place of work"), "place"),
        (N_("Pay a month, in tenge"), "pay"),
    ),
    terms=(
        N_("Come to the employer no later than %(come_by)s. Ground: %(come_act)s."),
        N_(
            "The employer answers no later than %(answer_by)s: hired, or not hired and why."
            " Ground: %(answer_act)s."
        ),
    ),
    tear_off=N_("Tear off here and return to the centre no later than %(answer_by)s"),
    answer=N_("The employer's answer"),
    answers=(N_("Hired. Number and date of the contract:"), N_("Not hired. Reason:")),
    fields=(
        "number",
        "issued_on",
        "centre_kk",
        "centre_ru",
        "centre_address",
        "centre_phone",
        "person",
        "employer",
        "vacancy",
        "place",
        "pay",
        "come_by",
        "answer_by",
        *(f"{name}_{locale}" for name in _ACTS for locale in LANGUAGES),
    ),
    spoken=_ACTS,
)


def fields_of(letter: Letter) -> Fields:
    """What a template may name. A field that differs by language ends in _kk or _ru."""
    fields = {
        "number": str(letter.number),
        "issued_on": show_day(letter.issued_on),
        "centre_address": letter.centre_address,
        "centre_phone": letter.centre_phone,
        "person": letter.person,
        "employer": letter.employer,
        "vacancy": letter.vacancy,
        "place": join(letter.place["kk"], letter.place["ru"]) + _after(letter.address),
        "pay": _pay(letter),
        "come_by": show_day(letter.come_by),
        "answer_by": show_day(letter.answer_by),
    }
    for locale in LANGUAGES:
        with speaking(locale):
            fields[f"centre_{locale}"] = letter.centre[locale]
            fields[f"come_act_{locale}"] = name_act(letter.come_act)
            fields[f"answer_act_{locale}"] = name_act(letter.answer_act)
    return fields


def _after(text: str) -> str:
    return f", {text}" if text else ""


def _pay(letter: Letter) -> str:
    with speaking("ru"):
        shown = [number(letter.pay_from)]
        if letter.pay_to > letter.pay_from:
            shown.append(number(letter.pay_to))
    return " – ".join(shown)
