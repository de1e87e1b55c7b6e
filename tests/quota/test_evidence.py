"""Evidence: sent by an employer, accepted or returned by staff, read through a guard alone."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import evidence
from quota.attachments import LARGEST, Upload, list_attachments
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.evidence import Evidence, Kind, Paper
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from quota.slots import open_slots
from quota.states import EVIDENCE
from tests.factories import make_employer
from tests.quota.conftest import add_pledge
from web.words import TONES, WORDS

PDF = b"%PDF-1.7 payroll"


@pytest.fixture
def boss(employer: Employer) -> Actor:
    return Actor(Role.EMPLOYER, employer_id=employer.id)


@pytest.fixture
def sent(
    session: Session, boss: Actor, employer: Employer, now: datetime, tmp_path: Path
) -> Evidence:
    return evidence.send_evidence(
        session, boss, employer, paper(now), folder=tmp_path / "kept", now=now
    )


def paper(now: datetime, content: bytes = PDF, **given: object) -> Paper:
    values = {"kind": Kind.PAYROLL, "on": now.date(), "upload": Upload("", content)} | given
    return Paper(**values)  # type: ignore[arg-type]


def test_a_paper_is_kept_outside_the_database_and_read_by_three_roles(
    session: Session, sent: Evidence, staff: Actor, boss: Actor, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    [file] = list_attachments(session, sent)
    assert (folder / file.stored_as).read_bytes() == PDF
    prosecutor = Actor(Role.PROSECUTOR, territory="/190000000/")
    for actor in (staff, boss, prosecutor):
        name, media_type, content = evidence.read_content(
            session, actor, sent.key, folder=folder, now=now
        )
        assert (media_type, content) == ("application/pdf", PDF)
        assert name == f"evidence-{file.key}.pdf"
    seen = session.scalars(select(Entry.role).where(Entry.verb == "view")).all()
    assert seen == ["staff", "employer", "prosecutor"]


def test_nobody_else_reads_it(
    session: Session, sent: Evidence, employer: Employer, now: datetime, tmp_path: Path
) -> None:
    strangers = [
        Actor(Role.EMPLOYER, employer_id=employer.id + 1),
        Actor(Role.STAFF, centre_id=employer.centre_id + 1),
        Actor(Role.PROSECUTOR, territory="/750000000/"),
    ]
    for actor in strangers:
        with pytest.raises(NotFound):
            evidence.read_content(session, actor, sent.key, folder=tmp_path, now=now)
        assert evidence.list_evidence(session, actor, states=("sent",)) == []
    for role in (Role.PROBATION, Role.SPECIALIST, Role.CLERK, Role.ADMINISTRATOR, Role.OFFICER):
        with pytest.raises(NotAllowed):
            evidence.find_evidence(session, Actor(role, territory="/"), sent.key)


def test_staff_accept_return_and_think_again(
    session: Session, sent: Evidence, staff: Actor, boss: Actor, now: datetime
) -> None:
    evidence.accept_evidence(session, staff, sent.key, now=now)
    with pytest.raises(WrongState):
        evidence.withdraw_evidence(session, boss, sent.key, now=now)
    evidence.undo_judgement(session, staff, sent.key, now=now)
    with pytest.raises(Invalid):
        evidence.return_evidence(session, staff, sent.key, reason=" ", now=now)
    evidence.return_evidence(session, staff, sent.key, reason="no stamp", now=now)
    assert (sent.state, sent.reason) == ("returned", "no stamp")
    [row] = evidence.list_evidence(session, boss, states=("returned",))
    assert row.reason == "no stamp"
    for verb in (evidence.accept_evidence, evidence.undo_judgement):
        with pytest.raises(NotAllowed):
            verb(session, boss, sent.key, now=now)


def test_a_paper_taken_back_has_no_file_any_more(
    session: Session, sent: Evidence, boss: Actor, staff: Actor, now: datetime, tmp_path: Path
) -> None:
    evidence.withdraw_evidence(session, boss, sent.key, now=now)
    with pytest.raises(NotFound):
        evidence.read_content(session, staff, sent.key, folder=tmp_path / "kept", now=now)


@pytest.mark.parametrize("content", [b"", b"MZ program", b"%PDF-" + b"x" * LARGEST])
def test_what_is_no_paper_is_refused_and_nothing_is_kept(
    session: Session, boss: Actor, employer: Employer, now: datetime, tmp_path: Path, content: bytes
) -> None:
    asked = paper(now, content, on=now.date() + timedelta(days=2))
    with pytest.raises(Invalid) as refusal:
        evidence.send_evidence(session, boss, employer, asked, folder=tmp_path / "kept", now=now)
    assert [f.field for f in refusal.value.faults] == ["on", "file"]
    assert session.scalars(select(Evidence)).all() == []
    assert not (tmp_path / "kept").exists()


def test_a_paper_about_a_slot_is_about_the_employer_s_own(
    session: Session, boss: Actor, employer: Employer, now: datetime, tmp_path: Path
) -> None:
    other = make_employer(session, centre_id=employer.centre_id)
    [mine] = open_slots(
        session, SYSTEM, employer, add_pledge(session, employer, now), count=1, now=now
    )
    [foreign] = open_slots(
        session, SYSTEM, other, add_pledge(session, other, now), count=1, now=now
    )
    about = paper(now, slot=mine, about_key="k")
    made = evidence.send_evidence(session, boss, employer, about, folder=tmp_path, now=now)
    assert (made.slot_id, made.about_key) == (mine.id, "k")
    with pytest.raises(NotFound):
        wrong = paper(now, slot=foreign)
        evidence.send_evidence(session, boss, employer, wrong, folder=tmp_path, now=now)
    with pytest.raises(NotFound):
        evidence.send_evidence(session, boss, other, paper(now), folder=tmp_path, now=now)


def test_every_state_and_kind_has_its_word() -> None:
    assert set(EVIDENCE.states) == set(WORDS["evidence"])
    assert set(WORDS["evidence_kind"]) == {kind.value for kind in Kind}
    assert set(TONES["evidence"]) <= set(EVIDENCE.states)
