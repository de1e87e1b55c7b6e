"""Attachments: kind by first bytes, private files under random names, nothing served that was altered."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import attachments
from quota.attachments import Upload
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, NotFound
from quota.journal import Entry
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor

PDF = b"%PDF-1.7 scan"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n picture", "image/png"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str) -> None:
    assert attachments.read_media_type(content) == kind


@given(st.binary(max_size=40))
def test_anything_else_is_refused(content: bytes) -> None:
    if not content.startswith(tuple(attachments.MAGIC.values())):
        with pytest.raises(Invalid):
            attachments.read_media_type(content)


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        attachments.read_media_type(PDF + bytes(attachments.LARGEST))
    assert refusal.value.faults[0].code == "file_too_large"


def test_a_scan_is_stored_read_and_taken_off(
    session: Session, employer: Employer, staff: Actor, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    upload = Upload("../../меморандум.pdf", PDF)
    scan = attachments.attach(session, staff, employer, upload, folder=folder, now=now)
    [path] = folder.iterdir()
    assert path.name == scan.stored_as and path.stat().st_mode & 0o077 == 0
    assert attachments.read_file(scan, folder=folder) == PDF
    assert attachments.name_file(scan) == f"employers-{scan.key}.pdf"
    assert attachments.list_attachments(session, employer) == [scan]
    with pytest.raises(Invalid):
        attachments.detach(session, staff, employer, scan.key, reason="", now=now)
    attachments.detach(session, staff, employer, scan.key, reason="the wrong scan", now=now)
    assert attachments.list_attachments(session, employer) == []
    with pytest.raises(NotFound):
        attachments.find_attachment(session, employer, scan.key)


def test_a_file_that_was_altered_or_lost_is_not_handed_out(
    session: Session, employer: Employer, staff: Actor, now: datetime, tmp_path: Path
) -> None:
    scan = attachments.attach(session, staff, employer, Upload("", PDF), folder=tmp_path, now=now)
    assert scan.title == "pdf"
    (tmp_path / scan.stored_as).write_bytes(PDF + b"!")
    with pytest.raises(NotFound):
        attachments.read_file(scan, folder=tmp_path)
    (tmp_path / scan.stored_as).unlink()
    with pytest.raises(NotFound):
        attachments.read_file(scan, folder=tmp_path)


def test_strays_are_told(
    session: Session, employer: Employer, staff: Actor, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    assert attachments.list_strays(session, folder=folder) == (set(), set())
    scan = attachments.attach(session, staff, employer, Upload("s", PDF), folder=folder, now=now)
    (folder / scan.stored_as).rename(folder / "stray")
    assert attachments.list_strays(session, folder=folder) == ({"stray"}, {scan.stored_as})


def test_what_was_taken_off_is_destroyed_after_its_term_and_what_was_erased_at_once(
    session: Session, employer: Employer, staff: Actor, now: datetime, tmp_path: Path
) -> None:
    load_rates(session)
    folder = tmp_path / "files"
    kept, off, erased = (
        attachments.attach(session, staff, record, Upload(name, PDF), folder=folder, now=now)
        for record, name in ((employer, "kept"), (employer, "off"), (other_record(session), "name"))
    )
    attachments.detach(session, staff, employer, off.key, reason="the wrong scan", now=now)
    attachments.erase(session, staff, other_record(session), now=now)
    assert erased.title == ""

    def sweep(days: int) -> list[str]:
        later = now + timedelta(days=days)
        attachments.destroy_detached(session, SYSTEM, folder=folder, now=later)
        return sorted(path.name for path in folder.iterdir())

    assert sweep(0) == sorted([kept.stored_as, off.stored_as])
    assert sweep(30) == sorted([kept.stored_as, off.stored_as])
    assert sweep(31) == [kept.stored_as] == sweep(400)
    told = session.scalars(select(Entry.record_key).where(Entry.verb == "destroy")).all()
    assert told == [erased.key, off.key], "each once"
    assert attachments.list_strays(session, folder=folder) == (set(), set())


def other_record(session: Session) -> Centre:
    """Another record to attach to."""
    return session.scalars(select(Centre)).one()
