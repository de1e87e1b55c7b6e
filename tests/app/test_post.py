"""The post: real SMTP and HTTP servers on loopback take what is due; refusals wait for another try."""

import logging
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db import work
from app.post import deliver
from app.settings import Settings, SettingsError, describe, load_settings
from matching import code_messages, codes, inspection_notices, reminders
from matching.codes import Purpose
from matching.identities import Person
from matching.notices import Notice
from quota import cases, inspections
from quota.calendar import midnight
from quota.cases import Case, Inspection
from quota.errors import NotFound
from quota.inspections import NewCampaign
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.sealing import Keyring
from quota.slots import Slot, Source, move_slot, open_slots
from tests.factories import REGION, make_candidate, make_centre, make_employer
from tests.matching.journey import Journey

PERSON = Person("Өтеғұлова", "Айгерім", phone="+7 700 000 00 00")
FORBIDDEN = re.compile(r"probation|пробац|prison|түрме|колони|сот|суд|өтеғұлова|айгерім", re.I)


class Mailbox(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to hand over a message."""

    def handle(self) -> None:
        self.say("220 mail.test ESMTP")
        for line in iter(self.rfile.readline, b""):
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.take()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            elif verb == b"RCPT" and self.server.refuses:  # type: ignore[attr-defined]
                self.say("550 no such mailbox")
            else:
                self.say("250 ok")

    def take(self) -> None:
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letters = self.server.letters  # type: ignore[attr-defined]
        letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.say("250 taken")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.forms.append(parse_qs(content.decode()))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mailbox() -> Iterator[Any]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox)
    server.letters, server.refuses = [], False
    with serving(server):
        yield server


@pytest.fixture
def gateway() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.forms, server.status = [], 200
    with serving(server):
        yield server


@pytest.fixture
def begin(engine: Engine, keyring: Keyring) -> Callable[..., Any]:
    return partial(work, engine, keyring)


def smtp(server: Any, **more: str) -> Settings:
    port = server.server_address[1]
    return Settings(smtp_url=f"smtp://127.0.0.1:{port}", public_url="https://senim.test/", **more)


def issue(begin: Callable[..., Any], now: datetime, **fields: str) -> str:
    """A referral with its first notice; returns the employer's code."""
    with begin() as session:
        journey = Journey(session, now, candidate_fields={"person": PERSON})
        for name, value in fields.items():
            setattr(journey.employer, name, value)
        return journey.issue().answer_code


def read(session: Session) -> Notice:
    return session.scalars(select(Notice).where(Notice.code == "answer_link")).one()


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
def test_the_link_arrives_in_a_real_mailbox_and_only_once(
    begin, mailbox, now: datetime, locale: str
) -> None:
    code = issue(begin, now, contact_email="hr@firm.test", locale=locale)
    assert deliver(begin, smtp(mailbox), now=now) == 1
    assert deliver(begin, smtp(mailbox), now=now + timedelta(days=1)) == 0
    (letter,) = mailbox.letters
    text = letter.get_content()
    assert (letter["To"], letter["From"]) == ("hr@firm.test", "senim@localhost")
    assert f"https://senim.test/answer/{code}" in text
    assert not FORBIDDEN.search(f"{letter['Subject']} {text}")
    assert (("Сварщик" in letter["Subject"]) and "№" in text) or locale == "en"
    with begin() as session:
        assert (read(session).way, read(session).sent_at) == ("email", now)


def test_a_refused_letter_is_tried_again_later(begin, mailbox, now: datetime) -> None:
    issue(begin, now, contact_email="hr@firm.test")
    mailbox.refuses = True
    assert deliver(begin, smtp(mailbox), now=now) == 0
    with begin() as session:
        assert (read(session).fault, read(session).sent_at) == ("SMTPRecipientsRefused", None)
    mailbox.refuses = False
    assert deliver(begin, smtp(mailbox), now=now) == 0, "not before its time"
    assert deliver(begin, smtp(mailbox), now=now + timedelta(minutes=11)) == 1


def test_a_server_that_is_not_there_stops_nothing(begin, now: datetime) -> None:
    issue(begin, now, contact_email="hr@firm.test")
    nowhere = Settings(smtp_url="smtp://127.0.0.1:1")
    assert deliver(begin, nowhere, now=now) == 0
    with begin() as session:
        assert read(session).fault == "ConnectionRefusedError"


def test_without_an_e_mail_address_the_gateway_gets_it(
    begin, mailbox, gateway, now: datetime
) -> None:
    code = issue(begin, now, contact_phone="+7 701 000 00 00", locale="ru")
    url = f"http://127.0.0.1:{gateway.server_address[1]}/send?token=t"
    assert deliver(begin, smtp(mailbox, sms_url=url), now=now) == 1
    assert mailbox.letters == []
    assert gateway.forms[0]["to"] == ["+7 701 000 00 00"]
    assert code in gateway.forms[0]["text"][0]


def test_the_candidate_is_reminded_by_sms_without_a_word_of_why(
    begin, gateway, now: datetime
) -> None:
    code = issue(begin, now)
    later = now + timedelta(days=4)
    settings = Settings(sms_url=f"http://127.0.0.1:{gateway.server_address[1]}/")
    with begin() as session:
        reminders.make_reminders(session, now=later)
    assert deliver(begin, settings, now=later) == 1, "the employer has no address"
    (form,) = gateway.forms
    assert form["to"] == [PERSON.phone]
    assert not FORBIDDEN.search(form["text"][0]) and code not in form["text"][0]


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_a_personal_code_goes_out_by_sms_and_lies_nowhere(
    begin, gateway, now: datetime, caplog, locale: str
) -> None:
    with begin() as session:
        centre = make_centre(session)
        key = make_candidate(session, centre.id, person=PERSON, language=locale).key
        code_messages.ask(session, SYSTEM, key, Purpose.PAGE, now=now)
    address = f"http://127.0.0.1:{gateway.server_address[1]}/"
    settings = Settings(sms_url=address, public_url="https://senim.test/")
    gateway.status = 503
    with caplog.at_level(logging.DEBUG):
        assert deliver(begin, settings, now=now) == 0
        gateway.status = 200
        assert deliver(begin, settings, now=now + timedelta(minutes=11)) == 1
    lost, sent = (form["text"][0] for form in gateway.forms)
    assert not FORBIDDEN.search(sent)
    texts = [re.search(r"/me/([0-9a-z]{12})\b", text).group(1) for text in (lost, sent)]  # type: ignore[union-attr]
    with begin() as session:
        _, person, purpose = codes.enter(session, texts[1], now=now)
        assert (person.key, purpose) == (key, Purpose.PAGE)
        with pytest.raises(NotFound):
            codes.enter(session, texts[0], now=now)
        stored = "\n".join(session.connection().connection.iterdump())  # type: ignore[attr-defined]
    for text in texts:
        assert text not in stored and text not in caplog.text


def ask_for_evidence(begin: Callable[..., Any], now: datetime, locale: str = "ru") -> str:
    """A firm drawn for an inspection; the key of its inspection."""
    with begin() as session:
        load_rates(session)
        employer = make_employer(session, contact_email="hr@firm.test", locale=locale)
        early = now - timedelta(days=60)
        slot = open_slots(
            session, SYSTEM, employer, Slot(source=Source.BEYOND), count=1, now=early
        )[0]
        for verb in ("reserve", "refer", "fill"):
            move_slot(session, SYSTEM, slot, verb, now=early, holder=("person", None))
        new = NewCampaign("Осенняя проверка", early.date(), now.date(), size=1, cases_each=1)
        prosecutor = Actor(Role.PROSECUTOR, territory=REGION)
        campaign = inspections.add_campaign(session, prosecutor, new, now=now)
        cases.start_campaign(session, prosecutor, campaign.key, seed="1", now=now)
        return session.scalars(select(Inspection.key)).one()


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
def test_who_is_asked_for_evidence_hears_of_it_and_is_reminded_once(
    begin, mailbox, now: datetime, locale: str
) -> None:
    key = ask_for_evidence(begin, now, locale)
    for moment in (now, now + timedelta(hours=1), now + timedelta(days=40)):
        with begin() as session:
            inspection_notices.make_notices(session, now=moment)
        deliver(begin, smtp(mailbox), now=moment)
    (asked,) = mailbox.letters  # past its term nobody is asked any more
    text = f"{asked['Subject']} {asked.get_content()}"
    assert asked["To"] == "hr@firm.test"
    assert f"https://senim.test/inspections/{key}" in text
    assert not FORBIDDEN.search(text) and "%(" not in text and "Осенняя" not in text
    with begin() as session:
        due_on = session.scalars(select(Inspection.due_on)).one()
    before = midnight(due_on) + timedelta(hours=9)
    for _ in range(2):
        with begin() as session:
            inspection_notices.make_notices(session, now=before)
        deliver(begin, smtp(mailbox), now=before)
    assert len(mailbox.letters) == 2
    assert not FORBIDDEN.search(mailbox.letters[1].get_content())


def test_questions_are_told_of_and_what_was_answered_meanwhile_is_not(
    begin, mailbox, now: datetime
) -> None:
    key = ask_for_evidence(begin, now)
    with begin() as session:
        assert inspection_notices.make_notices(session, now=now) == 1
        firm = Actor(
            Role.EMPLOYER, employer_id=session.scalars(select(Inspection.employer_id)).one()
        )
        cases.submit(session, firm, key, note="всё приложено", now=now)
    assert deliver(begin, smtp(mailbox), now=now) == 0, "answered before it was sent"
    with begin() as session:
        prosecutor = Actor(Role.PROSECUTOR, territory=REGION)
        (case,) = session.scalars(select(Case.key))
        cases.judge_case(session, prosecutor, key, case, doubt="no_pay", note="", now=now)
        cases.conclude(session, prosecutor, key, measure="", now=now)
        assert inspection_notices.make_notices(session, now=now) == 1
    assert deliver(begin, smtp(mailbox), now=now) == 1
    text = mailbox.letters[0].get_content()
    assert "До решения" in text and not FORBIDDEN.search(text)


def test_a_gateway_that_refuses_is_tried_again(begin, gateway, now: datetime) -> None:
    issue(begin, now, contact_phone="+7 701 000 00 00")
    gateway.status = 503
    settings = Settings(sms_url=f"http://127.0.0.1:{gateway.server_address[1]}/")
    assert deliver(begin, settings, now=now) == 0
    with begin() as session:
        assert read(session).fault == "HTTPError"


def test_without_addresses_of_servers_nothing_is_touched(begin, now: datetime) -> None:
    issue(begin, now, contact_email="hr@firm.test")
    assert deliver(begin, Settings(), now=now) == 0
    with begin() as session:
        assert (read(session).tries, read(session).fault) == (0, "")


@pytest.mark.parametrize(
    "given", [{"SENIM_SMTP_URL": "mail.test:25"}, {"SENIM_SMS_URL": "file:///etc/passwd"}]
)
def test_an_address_that_cannot_be_used_is_named_at_once(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(given))):
        load_settings(given)


def test_settings_show_no_password_of_a_server() -> None:
    settings = Settings(smtp_url="smtp://me:hidden@mail.test", sms_url="https://sms.test/?k=hidden")
    assert "hidden" not in str(describe(settings))


def test_a_letter_is_plain_text(begin, mailbox, now: datetime) -> None:
    issue(begin, now, contact_email="hr@firm.test")
    deliver(begin, smtp(mailbox), now=now)
    letter: EmailMessage = mailbox.letters[0]
    assert letter.get_content_type() == "text/plain"
    assert letter["Auto-Submitted"] == "auto-generated"
