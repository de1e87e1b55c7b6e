"""Workflows of people and rounds, as tables of (verb, from, to)."""

from quota.states import Workflow

ROUND = Workflow(
    "round",
    (
        ("queue", "draft", "queued"),
        ("start", "queued", "solving"),
        ("finish", "solving", "solved"),
        ("fail", "solving", "failed"),
        ("fail", "queued", "failed"),
        ("cancel", "draft", "cancelled"),
        ("cancel", "queued", "cancelled"),
        ("cancel", "solving", "cancelled"),
        ("queue", "failed", "queued"),
        ("queue", "cancelled", "queued"),
        ("queue", "solved", "queued"),
        ("publish", "solved", "published"),
        ("close", "published", "closed"),
        ("undo_close", "closed", "published"),
    ),
    lasting=(
        ("queue", "it is cancelled while it waits or is solved, and can be queued again"),
        ("start", "the process that solves cannot give it back; it is cancelled"),
        ("finish", "a plan hurts nobody: the round is solved again or left"),
        ("fail", "it is queued again"),
        ("cancel", "it is queued again"),
        ("publish", "people may have been reviewed since: proposals are withdrawn one by one"),
    ),
)

# What is worked out about a solved round in a process of its own.
STUDY = Workflow(
    "study",
    (
        ("start", "queued", "working"),
        ("finish", "working", "done"),
        ("fail", "queued", "failed"),
        ("fail", "working", "failed"),
        ("cancel", "queued", "cancelled"),
        ("cancel", "working", "cancelled"),
        ("queue", "failed", "queued"),
        ("queue", "cancelled", "queued"),
    ),
    lasting=(
        ("start", "the process that works cannot give it back; it is cancelled"),
        ("finish", "what was worked out hurts nobody; it is asked for again"),
        ("cancel", "it is queued again"),
        ("fail", "it is queued again"),
    ),
)

PROPOSAL = Workflow(
    "proposal",
    (
        ("approve", "proposed", "approved"),
        ("approve_first", "proposed", "first_yes"),
        ("approve", "first_yes", "approved"),
        ("reject", "proposed", "rejected"),
        ("reject", "first_yes", "rejected"),
        ("send_back", "proposed", "sent_back"),
        ("send_back", "first_yes", "sent_back"),
        ("resubmit", "sent_back", "proposed"),
        ("withdraw", "proposed", "withdrawn"),
        ("withdraw", "first_yes", "withdrawn"),
        ("withdraw", "sent_back", "withdrawn"),
        ("withdraw", "approved", "withdrawn"),
        ("undo_first", "first_yes", "proposed"),
        ("undo_approve", "approved", "proposed"),
        ("undo_reject", "rejected", "proposed"),
        ("undo_withdraw", "withdrawn", "proposed"),
        ("reinstate", "withdrawn", "approved"),
        ("escalate", "proposed", "proposed"),
        ("escalate", "first_yes", "first_yes"),
        ("escalate", "sent_back", "sent_back"),
        ("escalate", "approved", "approved"),
        ("refer", "approved", "referred"),
    ),
    lasting=(
        ("send_back", "the centre's answer puts it before the reviewer again"),
        ("refer", "the letter is out: its referral is called off, and can be opened again"),
    ),
)

# Before a reviewer, or back at the centre with a question; and all that claim a slot.
WAITING = ("proposed", "first_yes", "sent_back")
CLAIMING = (*WAITING, "approved")

CONSENT = Workflow(
    "consent",
    (
        ("give", "asked", "given"),
        ("refuse", "asked", "refused"),
        ("expire", "asked", "expired"),
        ("withdraw", "given", "withdrawn"),
        ("undo_give", "given", "asked"),
        ("undo_refuse", "refused", "asked"),
        ("undo_expire", "expired", "asked"),
        ("undo_withdraw", "withdrawn", "asked"),
    ),
)

REFERRAL = Workflow(
    "referral",
    (
        ("present", "issued", "presented"),
        ("accept", "issued", "accepted"),
        ("accept", "presented", "accepted"),
        ("hire", "issued", "hired"),
        ("hire", "presented", "hired"),
        ("hire", "accepted", "hired"),
        ("refuse", "issued", "refused"),
        ("refuse", "presented", "refused"),
        ("refuse", "accepted", "refused"),
        ("decline", "issued", "declined"),
        ("decline", "presented", "declined"),
        ("decline", "accepted", "declined"),
        ("miss", "issued", "no_show"),
        ("expire", "issued", "expired"),
        ("expire", "presented", "expired"),
        ("expire", "accepted", "expired"),
        ("cancel", "issued", "cancelled"),
        ("cancel", "presented", "cancelled"),
        ("cancel", "accepted", "cancelled"),
        ("undo_present", "presented", "issued"),
        ("undo_accept", "accepted", "presented"),
        ("undo_hire", "hired", "presented"),
        ("undo_refuse", "refused", "presented"),
        ("undo_decline", "declined", "presented"),
        ("undo_miss", "no_show", "issued"),
        ("undo_cancel", "cancelled", "issued"),
        ("undo_expire", "expired", "issued"),
    ),
)

ENROLMENT = Workflow(
    "enrolment",
    (
        ("accept", "offered", "accepted"),
        ("attend", "accepted", "attending"),
        ("complete", "attending", "completed"),
        ("leave", "offered", "left"),
        ("leave", "accepted", "left"),
        ("leave", "attending", "left"),
        ("cancel_course", "offered", "course_cancelled"),
        ("cancel_course", "accepted", "course_cancelled"),
        ("cancel_course", "attending", "course_cancelled"),
        ("expire", "offered", "expired"),
        ("undo_accept", "accepted", "offered"),
        ("undo_attend", "attending", "accepted"),
        ("undo_leave", "left", "accepted"),
        ("undo_complete", "completed", "attending"),
        ("undo_expire", "expired", "offered"),
        ("undo_cancel_offer", "course_cancelled", "offered"),
        ("undo_cancel_seat", "course_cancelled", "accepted"),
    ),
)

SURVEY = Workflow(
    "survey",
    (
        ("key_again", "draft", "keyed"),
        ("submit", "draft", "submitted"),
        ("submit", "keyed", "submitted"),
        ("refuse", "draft", "refused"),
        ("refuse", "keyed", "refused"),
        ("undo_refuse", "refused", "draft"),
        ("discard", "draft", "discarded"),
        ("discard", "keyed", "discarded"),
    ),
    lasting=(
        ("key_again", "the draft is discarded and keyed anew"),
        ("submit", "the next survey starts from these answers and replaces them"),
        ("discard", "a discarded draft is emptied at once: nothing of it is kept"),
    ),
)

MEASURE = Workflow(
    "measure",
    (
        ("book", "planned", "booked"),
        ("unbook", "booked", "planned"),
        ("complete", "planned", "done"),
        ("complete", "booked", "done"),
        ("miss", "booked", "planned"),
        ("propose_closing", "planned", "closing"),
        ("propose_closing", "booked", "closing"),
        ("confirm_closing", "closing", "closed"),
        ("keep_open", "closing", "planned"),
        ("undo_complete", "done", "planned"),
        ("undo_closing", "closed", "planned"),
    ),
    lasting=(("propose_closing", "a second person keeps it open; its time is given anew"),),
)

# A measure in one of these is not settled: a gate among them holds its person out of rounds.
UNSETTLED = ("planned", "booked", "closing")

GATHERING = Workflow(
    "gathering",
    (
        ("hold", "planned", "held"),
        ("undo_hold", "held", "planned"),
        ("cancel", "planned", "cancelled"),
        ("undo_cancel", "cancelled", "planned"),
    ),
)

CHECK_IN = Workflow(
    "check_in",
    (
        ("confirm", "due", "confirmed"),
        ("miss", "due", "missed"),
        ("excuse", "due", "excused"),
        ("excuse", "missed", "excused"),
        ("undo_confirm", "confirmed", "due"),
        # What was excused is awaited again; when its time has passed the next tick marks it missed.
        ("undo_excuse", "excused", "due"),
        ("call_off", "due", "called_off"),
    ),
    lasting=(
        ("miss", "the day has passed; an excuse may follow"),
        ("call_off", "the order it belongs to has ended; a new order sets new days"),
    ),
)

PLACEMENT = Workflow(
    "placement",
    (
        ("keep", "started", "kept"),
        ("keep", "kept", "kept"),
        ("undo_keep", "kept", "started"),
        ("end", "started", "ended"),
        ("end", "kept", "ended"),
        ("undo_end", "ended", "started"),
        ("annul", "started", "annulled"),
        ("annul", "kept", "annulled"),
    ),
    lasting=(("annul", "the hire is reported again, as a placement of its own"),),
)

OUTCOME = Workflow(
    "outcome",
    (
        ("end", "current", "ended"),
        ("undo_end", "ended", "current"),
        ("annul", "current", "annulled"),
    ),
    lasting=(("annul", "it is recorded again"),),
)
