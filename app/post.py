"""The post: messages go out by e-mail or SMS through what the settings name, one after another.

A message is claimed in one unit of work, sent outside of any, and marked in another, so that no network
holds the database. A process that dies in between leaves a message which is tried again later.
"""

import logging
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from email.message import EmailMessage
from http.client import HTTPException
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from sqlalchemy.orm import Session

from app.settings import Settings
from matching import code_messages, inspection_notices, outbox, reminders
from matching.code_messages import CodeMessage
from matching.inspection_notices import InspectionNotice
from matching.notices import Notice
from matching.outbox import Outgoing
from web.notice_texts import Written, write_code, write_inspection, write_notice

log = logging.getLogger("senim.post")

SECONDS = 10  # for each answer of a server
PORTS = {"smtp": 25, "smtps": 465}

Work = Callable[[], AbstractContextManager[Session]]
Write = Callable[[Session, str, str, datetime], Written | None]


def _write_notice(session: Session, key: str, site: str, now: datetime) -> Written | None:
    message = reminders.compose(session, key, now=now)
    return message and write_notice(message, site)


def _write_code(session: Session, key: str, site: str, now: datetime) -> Written | None:
    message = code_messages.compose(session, key, now=now)
    return message and write_code(message, site)


def _write_inspection(session: Session, key: str, site: str, now: datetime) -> Written | None:
    message = inspection_notices.compose(session, key, now=now)
    return message and write_inspection(message, site)


KINDS: dict[type[Outgoing], Write] = {
    Notice: _write_notice,
    CodeMessage: _write_code,
    InspectionNotice: _write_inspection,
}


def deliver(work: Work, settings: Settings, *, now: datetime) -> int:
    """Sends what is due and has an address; returns how many messages went out. Without an SMTP or SMS
    address nothing is touched: the pages tell the same."""
    if not (settings.smtp_url or settings.sms_url):
        return 0
    sent = 0
    for table in KINDS:
        with work() as session:
            keys = outbox.list_due(session, table, now=now)
        sent += sum(_deliver_one(work, settings, (table, key), now=now) for key in keys)
    return sent


def _deliver_one(
    work: Work, settings: Settings, which: tuple[type[Outgoing], str], *, now: datetime
) -> bool:
    table, key = which
    with work() as session:
        written = KINDS[table](session, key, settings.site, now)
    if written is None:
        return False
    way = _choose_way(written, settings)
    fault = "" if way else "no_address"
    if way:
        try:
            WAYS[way](written, settings)
        except (OSError, smtplib.SMTPException, HTTPException, ValueError) as problem:
            # The text of such an error can hold an address: only its kind is kept.
            fault = type(problem).__name__
            log.warning("message %s was not sent by %s: %s", key, way, fault)
    with work() as session:
        if fault:
            outbox.record_failed(session, table, key, fault)
        else:
            outbox.record_sent(session, table, key, way, now=now)
    return not fault


def _choose_way(written: Written, settings: Settings) -> str:
    if settings.smtp_url and written.email:
        return "email"
    return "sms" if settings.sms_url and written.phone else ""


def send_email(written: Written, settings: Settings) -> None:
    """Raises OSError or smtplib.SMTPException when the server does not take it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        settings.mail_from,
        written.email,
        " ".join(written.subject.split()),
    )
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(written.text)
    address = urlsplit(settings.smtp_url)
    client = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    port = address.port or PORTS[address.scheme]
    with client(address.hostname or "", port, timeout=SECONDS) as server:
        if address.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(letter)


def send_sms(written: Written, settings: Settings) -> None:
    """POSTs `to` and `text` as a form. Raises OSError when the gateway does not answer with success."""
    form = urlencode({"to": written.phone, "text": written.text}).encode()
    with urlopen(Request(settings.sms_url, data=form), timeout=SECONDS):
        pass


WAYS: dict[str, Callable[[Written, Settings], None]] = {"email": send_email, "sms": send_sms}
