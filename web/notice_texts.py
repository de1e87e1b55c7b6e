"""Messages as texts in their reader's language. None says why a person is on anybody's list."""

from collections.abc import Mapping
from dataclasses import dataclass

from matching.code_messages import CodeText
from matching.inspection_notices import InspectionMessage
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


INSPECTION_SUBJECTS: Mapping[str, str] = {
    "evidence_asked": N_("Papers are asked for, please send them by %(term)s"),
    "reply_asked": N_("A reply to questions about your papers is due by %(term)s"),
    "evidence_soon": N_("Reminder: papers are due by %(term)s"),
    "reply_soon": N_("Reminder: your reply is due by %(term)s"),
}
INSPECTION_TEXTS: Mapping[str, str] = {
    "evidence_asked": N_(
        "%(employer)s was drawn by lot for a check of places reported as filled. What is asked for"
        " stands here, after signing in: %(link)s. Please answer by %(term)s."
    ),
    "reply_asked": N_(
        "The inspectors have questions about the papers of %(employer)s. You have the right to reply"
        " by %(term)s, before anything is decided: %(link)s"
    ),
    "evidence_soon": N_("The papers of %(employer)s are due by %(term)s: %(link)s"),
    "reply_soon": N_("The reply of %(employer)s is due by %(term)s: %(link)s"),
}
CODE_TEXTS: Mapping[str, str] = {
    "survey": N_("Your questions about work, until %(day)s: %(link)s"),
    "page": N_("Your page, until %(day)s: %(link)s"),
}
CODE_HINT = N_("Do not hand this on.")


@dataclass(frozen=True, slots=True)
class Written:
    """A message ready to go, by whichever of the two addresses there is."""

    email: str
    phone: str
    subject: str
    text: str


def write_notice(message: Message, site: str) -> Written:
    """What goes out about a referral; `site` is the address people open Senim under."""
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
        text = f"{gettext(TEXTS[message.code]) % told}\n\n{signed}"
    return Written(message.email, message.phone, subject, text)


def write_inspection(message: InspectionMessage, site: str) -> Written:
    """What goes out about an inspection: no person, and nothing that could be found."""
    with speaking(message.locale):
        told = {
            "employer": message.employer,
            "term": day(message.term),
            "link": f"{site.rstrip('/')}/inspections/{message.inspection}",
        }
        subject = gettext(INSPECTION_SUBJECTS[message.code]) % told
        text = gettext(INSPECTION_TEXTS[message.code]) % told
    return Written(message.email, message.phone, subject, text)


def write_code(message: CodeText, site: str) -> Written:
    """A personal code as the address it opens. The centre is named by its telephone alone: whoever reads
    over a shoulder learns of no office."""
    with speaking(message.locale):
        link = f"{site.rstrip('/')}/me/{message.personal_code}"
        told = {"day": day(message.expires_at), "link": link}
        text = f"{gettext(CODE_TEXTS[message.purpose]) % told}\n{gettext(CODE_HINT)}"
    signed = f"\n{message.centre_phone}" if message.centre_phone else ""
    return Written("", message.phone, "", text + signed)
