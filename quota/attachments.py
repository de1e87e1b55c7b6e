"""Attachments: scans kept outside the database, under random names, handed out only through a guard.

A file's kind is read from its first bytes, never from its name. The folder holds nothing that says whose
a file is. What was taken off is destroyed after a term (`destroy_detached`); a row without its file or a
file without its row is found by `list_strays`.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal
from quota.calendar import local_day, midnight
from quota.errors import Invalid, NotFound, fault
from quota.rates import DETACHED_FILE_DAYS, rate_on
from quota.rights import Actor
from quota.tables import Keyed, Table, make_key

LARGEST = 8 * 1024 * 1024
MAGIC = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
_SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Attachment(Keyed, Table):
    """A file belonging to the record `noun`, `record_key`. `stored_as` is its name in the folder."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_noun_record_key", "noun", "record_key"),)

    noun: Mapped[str] = mapped_column(String(40))
    record_key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(60), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent: a title in words (not a path) and the bytes."""

    title: str
    content: bytes


def attach(
    session: Session, actor: Actor, record: Any, upload: Upload, *, folder: Path, now: datetime
) -> Attachment:
    """Stores a file beside `record` (a Keyed row) in `folder`. The calling verb has checked the right.

    Raises Invalid: empty, larger than LARGEST bytes, or neither PDF, JPEG nor PNG.
    """
    media_type = read_media_type(upload.content)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    attachment = Attachment(
        noun=record.__tablename__,
        record_key=record.key,
        title=upload.title.strip()[:200] or _SUFFIXES[media_type],
        media_type=media_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        stored_as=make_key(32),
        account_id=actor.account_id,
        added_at=now,
    )
    _write_file(folder / attachment.stored_as, upload.content)
    session.add(attachment)
    session.flush()
    journal.write(session, actor, "attach", record, now=now, attachment=attachment.key)
    return attachment


def read_media_type(content: bytes) -> str:
    """The kind of a file by its first bytes. Raises Invalid."""
    if not content:
        raise Invalid(fault("file", "required"))
    if len(content) > LARGEST:
        raise Invalid(fault("file", "file_too_large", most=LARGEST // 1024 // 1024))
    for media_type, magic in MAGIC.items():
        if content.startswith(magic):
            return media_type
    raise Invalid(fault("file", "file_type"))


def read_file(attachment: Attachment, *, folder: Path) -> bytes:
    """The bytes as they were stored. Raises NotFound when the file is missing or was altered."""
    try:
        content = (folder / attachment.stored_as).read_bytes()
    except FileNotFoundError:
        raise NotFound("file_missing") from None
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise NotFound("file_missing")
    return content


def name_file(attachment: Attachment) -> str:
    """The name a download gets: says nothing about anybody."""
    return f"{attachment.noun}-{attachment.key}.{_SUFFIXES[attachment.media_type]}"


def find_attachment(session: Session, record: Any, key: str) -> Attachment:
    """An attachment of this record. The caller has checked that the record may be read."""
    found = session.scalar(select(Attachment).where(Attachment.key == key, *_belongs(record)))
    if found is None:
        raise NotFound("not_found")
    return found


def list_attachments(session: Session, record: Any) -> list[Attachment]:
    """A record's files, newest first, those taken off left out."""
    mine = select(Attachment).where(*_belongs(record))
    return list(session.scalars(mine.order_by(Attachment.added_at.desc(), Attachment.id.desc())))


def detach(
    session: Session, actor: Actor, record: Any, key: str, *, reason: str, now: datetime
) -> Attachment:
    """Takes a file off its record; the bytes stay for a term, so that an error can be found out. The
    calling verb has checked the right. Raises NotFound, or Invalid without a reason."""
    attachment = find_attachment(session, record, key)
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    attachment.removed_at = now
    journal.write(session, actor, "detach", record, now=now, reason=reason, attachment=key)
    return attachment


def erase(session: Session, actor: Actor, record: Any, *, now: datetime) -> None:
    """Takes all files off a record for good: they have no title any more and no term. Rights are the
    caller's."""
    for attachment in list_attachments(session, record):
        detach(session, actor, record, attachment.key, reason="erased", now=now)
        attachment.title = ""
    session.flush()


def destroy_detached(session: Session, actor: Actor, *, folder: Path, now: datetime) -> int:
    """Destroys the bytes of files that were taken off longer ago than the term, and of those erased;
    returns how many. Run by the timer; the rows and the journal stay."""
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    today = local_day(now)
    off = select(Attachment).where(Attachment.removed_at.is_not(None)).order_by(Attachment.id)
    left = [found for found in session.scalars(off) if found.stored_as in there]
    if not left:
        return 0
    before = midnight(today - timedelta(days=rate_on(session, DETACHED_FILE_DAYS, today)))
    due = [a for a in left if not a.title or (a.removed_at and a.removed_at < before)]
    for attachment in due:
        journal.write(session, actor, "destroy", attachment, now=now)
    session.flush()
    for attachment in due:
        (folder / attachment.stored_as).unlink(missing_ok=True)
    return len(due)


def list_strays(session: Session, *, folder: Path) -> tuple[set[str], set[str]]:
    """(files without a row, rows in use without a file), by stored name: what a rolled-back upload or a
    partial restore leaves behind."""
    files = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    rows = set(session.scalars(select(Attachment.stored_as)))
    in_use = set(
        session.scalars(select(Attachment.stored_as).where(Attachment.removed_at.is_(None)))
    )
    return files - rows, in_use - files


def _belongs(record: Any) -> tuple[Any, ...]:
    return (
        Attachment.noun == record.__tablename__,
        Attachment.record_key == record.key,
        Attachment.removed_at.is_(None),
    )


def _write_file(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
