"""The registry's workflows lived: every verb from every state, and by every role."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import learning
from quota import (
    aliases,
    cases,
    evidence,
    inspections,
    invitations,
    listings,
    meetings,
    memoranda,
    pledges,
    slots,
    states,
    vacancies,
)
from quota.attachments import Upload
from quota.calendar import local_day
from quota.cases import Case, Inspection
from quota.employers import Employer
from quota.evidence import Kind, Paper
from quota.inspections import NewCampaign
from quota.invitations import DeskInvitation
from quota.meetings import MeetingKind, Outcome, Result
from quota.memoranda import Memorandum
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source
from tests.factories import REGION, make_account, make_employer, make_vacancy
from tests.transitions import Act, Ground, Lived, act, try_everything

WHY = "записано по ошибке"
YEAR = timedelta(days=360)


def stand(session: Session, now: datetime, record: object, employer: Employer) -> Ground:
    """Around a record of the employer's: a second member of staff, and everybody else as near."""
    account = make_account(session, Role.STAFF, centre_id=employer.centre_id)
    near = Actor(
        Role.STAFF,
        account_id=account.id,
        centre_id=employer.centre_id,
        employer_id=employer.id,
        territory=REGION,
    )
    return Ground(session, now, type(record), record.key, near, more={"employer": employer.key})


def make_memorandum(session: Session, now: datetime) -> Ground:
    load_rates(session)
    employer = make_employer(session)
    memorandum = Memorandum(
        number="1", signed_on=now.date(), pledged=1, ends_on=(now + YEAR).date()
    )
    made = memoranda.add_memorandum(session, SYSTEM, employer, memorandum, now=now)
    return stand(session, now, made, employer)


def on_memorandum(verb: str) -> object:
    return lambda g, a: getattr(pledges, verb)(g.session, a, g.key, reason=WHY, now=g.now)


MEMORANDUM = Lived(
    states.MEMORANDUM,
    make_memorandum,
    (
        act(
            "sign",
            "memoranda.edit",
            lambda g, a: memoranda.sign_memorandum(g.session, a, g.record, now=g.now),
        ),
        *(
            act(verb, "memoranda.edit", on_memorandum(verb))
            for verb in ("suspend", "resume", "end", "discard")
        ),
        # It is again what it was before: which of the three, the journal knows.
        act(
            "undo_discard undo_end undo_end_suspended", "memoranda.edit", on_memorandum("undo_end")
        ),
    ),
)


def make_invitation(session: Session, now: datetime) -> Ground:
    employer = make_employer(session)
    invitations.invite(session, SYSTEM, employer.key, now=now)
    return stand(session, now, session.scalars(select(DeskInvitation)).one(), employer)


INVITATION = Lived(
    states.INVITATION,
    make_invitation,
    (
        act(
            "withdraw",
            "desk.manage",
            lambda g, a: invitations.withdraw_invitation(
                g.session, a, g.more["employer"], g.key, now=g.now
            ),
        ),
        # Whoever holds the link, without an account yet.
        act(
            "accept",
            "",
            lambda g, a: invitations.accept_invitation(
                g.session, g.record, invitations.Choice("firm.1", "steppe-wind-42", "Б"), now=g.now
            ),
        ),
    ),
)


def make_evidence(session: Session, now: datetime) -> Ground:
    employer = make_employer(session)
    paper = Paper(kind=Kind.PAYROLL, on=now.date(), upload=Upload("", b"%PDF-1.7 payroll"))
    folder = Path(session.info["folder"])
    sent = evidence.send_evidence(session, SYSTEM, employer, paper, folder=folder, now=now)
    return stand(session, now, sent, employer)


EVIDENCE = Lived(
    states.EVIDENCE,
    make_evidence,
    (
        act(
            "accept",
            "evidence.judge",
            lambda g, a: evidence.accept_evidence(g.session, a, g.key, now=g.now),
        ),
        act(
            "send_back",
            "evidence.judge",
            lambda g, a: evidence.return_evidence(g.session, a, g.key, reason=WHY, now=g.now),
        ),
        act(
            "undo",
            "evidence.judge",
            lambda g, a: evidence.undo_judgement(g.session, a, g.key, now=g.now),
        ),
        act(
            "withdraw",
            "evidence.send",
            lambda g, a: evidence.withdraw_evidence(g.session, a, g.key, now=g.now),
        ),
    ),
)


def make_meeting(session: Session, now: datetime) -> Ground:
    employer = make_employer(session)
    made = meetings.plan_meeting(session, SYSTEM, employer, MeetingKind.CALL, at=now, now=now)
    return stand(session, now, made, employer)


MEETING = Lived(
    states.MEETING,
    make_meeting,
    (
        act(
            "hold",
            "meetings.edit",
            lambda g, a: meetings.hold_meeting(
                g.session, a, g.key, Result(Outcome.AGREED), now=g.now
            ),
        ),
        act(
            "cancel",
            "meetings.edit",
            lambda g, a: meetings.cancel_meeting(g.session, a, g.key, reason=WHY, now=g.now),
        ),
        act(
            "undo",
            "meetings.edit",
            lambda g, a: meetings.undo_meeting(g.session, a, g.key, reason=WHY, now=g.now),
        ),
    ),
)


def make_slot(session: Session, now: datetime) -> Ground:
    employer = make_employer(session)
    pattern = Slot(source=Source.BEYOND)
    made = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)[0]
    return stand(session, now, made, employer)


def on_slot(verb: str) -> Act:
    """A slot moves because of a round, an answer or a placement: the right is the calling verb's."""
    return act(
        verb,
        "",
        lambda g, a: slots.move_slot(
            g.session, a, g.record, verb, now=g.now, holder=("person", None), reason=WHY
        ),
    )


SLOT = Lived(
    states.SLOT,
    make_slot,
    (
        act(
            "count_opening",
            "slots.edit",
            lambda g, a: slots.count_opening(
                g.session, a, g.record, on=g.now.date(), document="Приказ 1", now=g.now
            ),
        ),
        act(
            "undo_opening",
            "slots.edit",
            lambda g, a: slots.undo_opening(g.session, a, g.record, reason=WHY, now=g.now),
        ),
        act(
            "close",
            "slots.edit",
            lambda g, a: slots.close_slot(g.session, a, g.record, reason=WHY, now=g.now),
        ),
        act(
            "reopen",
            "slots.edit",
            lambda g, a: slots.reopen_slot(g.session, a, g.record, reason=WHY, now=g.now),
        ),
        *(
            on_slot(verb)
            for verb in (
                "reserve", "hold", "refer", "fill", "release", "vacate",
                "undo_release", "undo_vacate", "undo_fill",
            )
        ),
    ),
)  # fmt: skip


def make_draft(session: Session, now: datetime) -> Ground:
    load_rates(session)
    employer = make_employer(session)
    ends_on = local_day(now) + timedelta(days=30)
    vacancy = make_vacancy(session, employer, state="draft", expires_on=ends_on)
    vacancy.asked = {"beyond": 1}
    return stand(session, now, vacancy, employer)


def on_vacancy(verb: str) -> Act:
    named = getattr(listings, f"{verb}_vacancy")
    return act(
        verb, "vacancies.edit", lambda g, a: named(g.session, a, g.key, reason=WHY, now=g.now)
    )


VACANCY = Lived(
    states.VACANCY,
    make_draft,
    (
        act(
            "list",
            "vacancies.edit",
            lambda g, a: vacancies.list_vacancy(g.session, a, g.key, now=g.now),
        ),
        *(on_vacancy(verb) for verb in ("pause", "resume")),
        act(
            "withdraw",
            "vacancies.edit",
            lambda g, a: listings.withdraw_vacancy(g.session, a, g.key, reason=WHY, now=g.now),
        ),
        act(
            "undo_withdraw",
            "vacancies.edit",
            lambda g, a: listings.undo_withdraw(g.session, a, g.key, now=g.now),
        ),
        act(
            "renew",
            "vacancies.edit",
            lambda g, a: listings.renew_vacancy(
                g.session, a, g.key, expires_on=local_day(g.now) + timedelta(days=90), now=g.now
            ),
            stays=("listed", "paused"),
        ),
        act("expire", "", lambda g, a: listings.expire_due(g.session, a, now=g.now), days=40),
    ),
    apart=("fill", "reopen"),  # they follow the places
    forced=(("listed", "filled"),),
)


def make_campaign(session: Session, now: datetime) -> Ground:
    load_rates(session)
    employer = make_employer(session)
    early = now - timedelta(days=60)
    slot = slots.open_slots(
        session, SYSTEM, employer, Slot(source=Source.BEYOND), count=1, now=early
    )[0]
    for verb in ("reserve", "refer", "fill"):
        slots.move_slot(session, SYSTEM, slot, verb, now=early, holder=("person", None))
    new = NewCampaign("Осень", early.date(), now.date(), size=1, cases_each=1)
    prosecutor = Actor(Role.PROSECUTOR, territory=REGION)
    campaign = inspections.add_campaign(session, prosecutor, new, now=now)
    return stand(session, now, campaign, employer)


CAMPAIGN = Lived(
    states.CAMPAIGN,
    make_campaign,
    (
        act(
            "draw",
            "inspections.run",
            lambda g, a: cases.start_campaign(g.session, a, g.key, seed="1", now=g.now),
        ),
        *(
            act(
                verb,
                "inspections.run",
                lambda g, a, verb=verb: inspections.step_campaign(
                    g.session, a, g.key, verb, reason=WHY, now=g.now
                ),
            )
            for verb in ("close", "reopen", "cancel")
        ),
        act(
            "undo_cancel",
            "inspections.run",
            lambda g, a: inspections.step_campaign(
                g.session, a, g.key, "undo_cancel", reason=WHY, now=g.now
            ),
            prepare=lambda g: setattr(g.record, "seed", "1"),  # one never drawn stays cancelled
        ),
    ),
)


def make_inspection(session: Session, now: datetime) -> Ground:
    ground = make_campaign(session, now)
    cases.start_campaign(session, SYSTEM, ground.key, seed="1", now=now)
    found = session.scalars(select(Inspection)).one()
    return Ground(session, now, Inspection, found.key, ground.near)


def judge(doubt: str) -> object:
    def write(ground: Ground) -> None:
        ground.session.execute(
            Case.__table__.update().values(confirmed=not doubt, doubt=doubt or None)
        )

    return write


def conclude(ground: Ground, actor: Actor) -> object:
    return cases.conclude(ground.session, actor, ground.key, measure="remark", now=ground.now)


INSPECTION = Lived(
    states.INSPECTION,
    make_inspection,
    (
        act(
            "submit",
            "inspections.answer",
            lambda g, a: cases.submit(g.session, a, g.key, note="приложено", now=g.now),
        ),
        act("lapse", "", lambda g, a: cases.lapse_due(g.session, now=g.now), days=60),
        act("accept", "inspections.run", conclude, prepare=judge("")),
        act("question find", "inspections.run", conclude, prepare=judge("no_pay")),
        act(
            "hand_back undo_question undo_accept undo_find",
            "inspections.run",
            lambda g, a: cases.take_back(g.session, a, g.key, reason=WHY, now=g.now),
        ),
    ),
)


def make_alias(session: Session, now: datetime) -> Ground:
    employer = make_employer(session)
    first = make_account(session, Role.STAFF, centre_id=employer.centre_id)
    proposer = Actor(Role.STAFF, account_id=first.id, centre_id=employer.centre_id)
    made = aliases.propose(
        session, proposer, "шабашник", "9313", centre_id=employer.centre_id, now=now
    )
    return stand(session, now, made, employer)


def confirm_alias(ground: Ground, actor: Actor) -> object:
    return learning.confirm(
        ground.session, actor, ground.key, seen=learning.mark_of(()), now=ground.now
    )


ALIAS = Lived(
    states.ALIAS,
    make_alias,
    (
        act("confirm", "aliases.edit", confirm_alias),
        act(
            "decline",
            "aliases.edit",
            lambda g, a: aliases.decline(g.session, a, g.key, now=g.now),
        ),
        act("forget", "aliases.edit", lambda g, a: aliases.forget(g.session, a, g.key, now=g.now)),
    ),
)

LIVED = (
    MEMORANDUM, INVITATION, EVIDENCE, MEETING, SLOT, VACANCY, CAMPAIGN, INSPECTION, ALIAS,
)  # fmt: skip


@pytest.mark.parametrize("lived", LIVED, ids=lambda lived: lived.workflow.noun)
def test_every_verb_from_every_state_and_by_every_role(
    lived: Lived, session: Session, now: datetime, tmp_path: Path
) -> None:
    session.info["folder"] = str(tmp_path)
    try_everything(lived, session, now)


def test_no_workflow_is_left_out() -> None:
    known = {value.noun for value in vars(states).values() if isinstance(value, states.Workflow)}
    assert {lived.workflow.noun for lived in LIVED} == known
