"""Notices as texts in their reader's language. None says why a person is on anybody's list."""

from collections.abc import Mapping

from matching.reminders import Message
from web.i18n import N_, day, gettext, speaking

SUBJECTS: Mapping[str, str] = {
    "answer_link": N_("Somebody comes to you for “%(vacancy)s”: please answer by %(term)s"),
    "answer_soon": N_("Referral No. %(number)s: please answer by %(term)s"),
    "answer_late": N_("Referral No. %(number)s: your answer was due on %(term)s"),
    "come_soon": N_("Please come to the employer by %(term)s"),
}

TEXTS: Mapping[str, str] = {
    "answer_link": N_(
        "The centre has sent somebody to %(employer)s for the vacancy “%(vacancy)s”, referral"
        " No. %(number)s. Please answer by %(term)s; this link opens the answer: %(link)s"
    ),
    "answer_soon": N_(
        "An answer to referral No. %(number)s for the vacancy “%(vacancy)s” is due by %(term)s."
        " One click is enough: %(link)s"
    ),
    "answer_late": N_(
        "The answer to referral No. %(number)s for the vacancy “%(vacancy)s” was due on"
        " %(term)s. One click is enough: %(link)s"
    ),
    "come_soon": N_("%(employer)s expects you by %(term)s for the vacancy “%(vacancy)s”."),
}
SIGNED = N_("%(centre)s, %(phone)s")


def write_notice(message: Message, site: str) -> tuple[str, str]:
    """Subject and text; `site` is the address people open Senim under."""
    with speaking(message.locale):
        told = {
            "number": message.number,
            "vacancy": message.vacancy,
            "employer": message.employer,
            "term": day(message.term),
            "link": f"{site.rstrip('/')}/answer/{message.answer_code}",
        }
        signed = gettext(SIGNED) % {
            "centre": message.centre[message.locale],
            "phone": message.centre_phone or "—",
        }
        subject = gettext(SUBJECTS[message.code]) % told
        return subject, f"{gettext(TEXTS[message.code]) % told}\n\n{signed}"
