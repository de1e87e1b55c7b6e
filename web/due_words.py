"""What is due on Today, in words that follow its number: one proposal, two proposals."""

from collections.abc import Mapping

from web.i18n import NN_, ngettext

DUE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "check_ins_missed": NN_(
        "missed check-in to look into", "missed check-ins to look into", "number"
    ),
    "check_ins_today": NN_("check-in awaited today", "check-ins awaited today", "number"),
    "closings": NN_("closing of a measure to confirm", "closings of measures to confirm", "number"),
    "consents_asked": NN_("consent to ask and record", "consents to ask and record", "number"),
    "contracts": NN_("contract to report", "contracts to report", "number"),
    "evidence": NN_(
        "inspection that waits for evidence", "inspections that wait for evidence", "number"
    ),
    "evidence_asked": NN_("inspection with an employer", "inspections with employers", "number"),
    "firms_without_account": NN_(
        "employer with people under way and no account",
        "employers with people under way and no account",
        "number",
    ),
    "follow_ups": NN_(
        "person to ask whether they still work", "people to ask whether they still work", "number"
    ),
    "logins_guessed": NN_("login somebody guesses at", "logins somebody guesses at", "number"),
    "measures_late": NN_("measure past its term", "measures past their term", "number"),
    "my_measures": NN_("task of yours", "tasks of yours", "number"),
    "papers": NN_("paper of an employer to look at", "papers of employers to look at", "number"),
    "pledges_ending": NN_(
        "pledge that ends soon or has ended", "pledges that end soon or have ended", "number"
    ),
    "rates_unchecked": NN_(
        "rate to check against its act", "rates to check against their act", "number"
    ),
    "received_today": NN_("person you receive today", "people you receive today", "number"),
    "records_expired": NN_(
        "record whose time has passed", "records whose time has passed", "number"
    ),
    "refusals_to_settle": NN_(
        "person whose refusals need a decision", "people whose refusals need a decision", "number"
    ),
    "requests_open": NN_("request of a person to answer", "requests of people to answer", "number"),
    "returned_papers": NN_("paper that came back to you", "papers that came back to you", "number"),
    "sent_back": NN_(
        "question of a reviewer to answer", "questions of reviewers to answer", "number"
    ),
    "silent_employers": NN_(
        "employer who owes three answers or more",
        "employers who owe three answers or more",
        "number",
    ),
    "to_answer": NN_("person to answer about", "people to answer about", "number"),
    "to_draw": NN_("campaign to draw", "campaigns to draw", "number"),
    "to_publish": NN_(
        "round with a plan to look at and publish",
        "rounds with a plan to look at and publish",
        "number",
    ),
    "to_read": NN_("inspection to read", "inspections to read", "number"),
    "to_refer": NN_("referral to issue", "referrals to issue", "number"),
    "to_review": NN_("proposal to review", "proposals to review", "number"),
    "with_employers": NN_(
        "referral without an answer yet", "referrals without an answer yet", "number"
    ),
    "with_probation": NN_("proposal with probation", "proposals with probation", "number"),
}


def due_word(code: str, number: int) -> str:
    """What so many of them are called. Raises KeyError for a code without words."""
    one, many, _ = DUE_WORDS[code]
    return ngettext(one, many, number)
