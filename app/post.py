"""The post: notices go out by e-mail or SMS through what the settings name, one after another.

A notice is claimed in one unit of work, sent outside of any, and marked in another, so that no network
holds the database. A process that dies in between leaves a notice which is tried again later.
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
from matching import notices, reminders
from matching.reminders import Message
from web.notice_texts import write_notice

log = logging.getLogger("senim.post")

SECONDS = 10  # for each answer of a server
PORTS = {"smtp": 25, "smtps": 465}

Work = Callable[[], AbstractContextManager[Session]]


def deliver(work: Work, settings: Settings, *, now: datetime) -> int:
    """Sends what is due and has an address; returns how many notices went out. Without an SMTP or SMS
    address nothing is touched: the pages tell the same."""
    if not (settings.smtp_url or settings.sms_url):
        return 0
    with work() as session:
        keys = notices.list_due(session, now=now)
    return sum(_deliver_one(work, settings, key, now=now) for key in keys)


def _deliver_one(work: Work, settings: Settings, key: str, *, now: datetime) -> bool:
    with work() as session:
        message = reminders.compose(session, key, now=now)
    if message is None:
        return False
    way = _choose_way(message, settings)
    fault = "" if way else "no_address"
    if way:
        try:
            WAYS[way](message, settings)
        except (OSError, smtplib.SMTPException, HTTPException, ValueError) as problem:
            # The text of such an error can hold an address: only its kind is kept.
            fault = type(problem).__name__
            log.warning("notice %s was not sent by %s: %s", key, way, fault)
    with work() as session:
        if fault:
            notices.record_failed(session, key, fault)
        else:
            notices.record_sent(session, key, way, now=now)
    return not fault


def _choose_way(message: Message, settings: Settings) -> str:
    if settings.smtp_url and message.email:
        return "email"
    return "sms" if settings.sms_url and message.phone else ""


def send_email(message: Message, settings: Settings) -> None:
    """Raises OSError or smtplib.SMTPException when the server does not take it."""
    subject, text = write_notice(message, settings.site)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        settings.mail_from,
        message.email,
        " ".join(subject.split()),
    )
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    address = urlsplit(settings.smtp_url)
    client = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    port = address.port or PORTS[address.scheme]
    with client(address.hostname or "", port, timeout=SECONDS) as server:
        if address.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(letter)


def send_sms(message: Message, settings: Settings) -> None:
    """POSTs `to` and `text` as a form. Raises OSError when the gateway does not answer with success."""
    _, text = write_notice(message, settings.site)
    form = urlencode({"to": message.phone, "text": text}).encode()
    with urlopen(Request(settings.sms_url, data=form), timeout=SECONDS):
        pass


WAYS: dict[str, Callable[[Message, Settings], None]] = {"email": send_email, "sms": send_sms}
