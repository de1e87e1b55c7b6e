"""The application as a whole: headers, forms without a token, one transaction a request, quiet logs."""

import logging

import pytest
from litestar import Controller, get, post
from litestar.params import FromPath
from sqlalchemy import func, select

from app import asgi
from app.settings import Secrets
from quota.centres import Centre
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Role
from tests.factories import make_centre
from tests.visits import Visitor, share_app
from web.controllers import CONTROLLERS
from web.guards import PUBLIC, WRITES
from web.site import Answer, Request, Unit, go


class Trials(Controller):
    """Handlers that go wrong in every way."""

    path = "/trial"
    opt = PUBLIC

    @post("/save", sync_to_thread=True)
    def save(self, request: Request, unit: Unit) -> Answer:
        make_centre(unit.session)
        return go(request, "/")

    @post("/refuse", sync_to_thread=True)
    def refuse(self, request: Request, unit: Unit) -> Answer:
        make_centre(unit.session)
        raise WrongState("already_closed", noun="account")

    @post("/invalid", sync_to_thread=True)
    def invalid(self, unit: Unit) -> Answer:
        raise Invalid(fault("seats", "at_least", least=12345))

    @post("/break", sync_to_thread=True)
    def break_down(self, request: Request, unit: Unit) -> Answer:
        make_centre(unit.session)
        raise ValueError("Иванов Иван, 900101300123")

    @post("/twice", sync_to_thread=True)
    def twice(self, request: Request, unit: Unit) -> Answer:
        unit.session.add_all([Centre(key="same", **NAMES), Centre(key="same", **NAMES)])
        return go(request, "/")

    @get("/peek", sync_to_thread=True)
    def peek(self, request: Request, unit: Unit) -> Answer:
        make_centre(unit.session)
        return go(request, "/")

    @get("/look", opt=WRITES, sync_to_thread=True)
    def look(self, request: Request, unit: Unit) -> Answer:
        make_centre(unit.session)
        return go(request, "/")

    @get("/find/{key:str}", sync_to_thread=True)
    def find(self, key: FromPath[str]) -> Answer:
        raise NotFound("not_found")

    @get("/away", sync_to_thread=True)
    def away(self, request: Request) -> Answer:
        return go(request, "/trial/Талғар?б=ұ")


NAMES = {"name_kk": "а", "name_ru": "б", "name_en": "c", "territory": "/1/"}


@pytest.fixture(scope="module")
def shared_app(shared_clock, keyring, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asgi, "CONTROLLERS", (*CONTROLLERS, Trials))
        yield from share_app(tmp_path_factory.mktemp("trial"), keyring, clock=shared_clock)


def count_centres(fill) -> int:
    with fill() as session:
        return session.scalar(select(func.count()).select_from(Centre))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/accounts", 303),
        ("DELETE", "/sign-in", 405),
        ("POST", "/sign-in", 403),
        ("GET", "/static/senim.css", 404),
        ("GET", "/a\x00b", 404),
        ("GET", "/sign-in?next=%00", 404),
    ],
)
def test_every_answer_carries_the_headers(client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path.replace("\x00", "%00"), follow_redirects=False)
    assert answer.status_code == status
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    if status >= 400:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>" in answer.text


def test_what_is_done_is_committed_before_the_answer(client, fill) -> None:
    assert client.submit("/trial/save").status_code == 303
    assert count_centres(fill) == 1


@pytest.mark.parametrize(("path", "status"), [("refuse", 409), ("break", 500), ("twice", 409)])
def test_what_fails_changes_nothing(client, fill, path: str, status: int) -> None:
    assert client.submit(f"/trial/{path}").status_code == status
    assert count_centres(fill) == 0


def test_a_page_that_promised_to_read_cannot_write(client, fill) -> None:
    assert client.get("/trial/peek", follow_redirects=False).status_code == 503
    assert count_centres(fill) == 0
    assert client.get("/trial/look", follow_redirects=False).status_code == 303
    assert count_centres(fill) == 1


def test_a_failure_is_logged_by_its_place_and_not_by_what_was_typed(client, caplog) -> None:
    caplog.set_level(logging.INFO, "senim")
    answer = client.submit("/trial/break?name=Иванов", name="Иванов", number="900101300123")
    reference = answer.text.split("this number: ")[1].split("<")[0]
    assert reference in caplog.text
    assert "ValueError" in caplog.text
    assert "break_down" in caplog.text
    assert "Иванов" not in answer.text + caplog.text
    assert "900101300123" not in answer.text + caplog.text
    assert "POST /trial/break 500" in caplog.text


def test_the_log_names_the_route_and_not_the_record(client, caplog) -> None:
    caplog.set_level(logging.INFO, "senim")
    client.get("/trial/find/secretcode?name=Иванов")
    assert "GET /trial/find/{key} 404" in caplog.text
    assert "secretcode" not in caplog.text


def test_a_form_without_its_token_is_refused(client, fill) -> None:
    client.get("/sign-in")
    assert client.post("/trial/save").status_code == 403
    assert client.post("/trial/save", data={"_csrf_token": "0" * 128}).status_code == 403
    stranger = {"x-csrftoken": client.token[:-1] + "x"}
    assert client.post("/trial/save", headers=stranger).status_code == 403
    assert count_centres(fill) == 0
    given = client.post("/trial/save", data={"_csrf_token": client.token}, follow_redirects=False)
    assert given.status_code == 303


def test_a_token_of_an_earlier_installation_does_not_block_the_door(
    client, settings, keyring
) -> None:
    client.get("/sign-in")
    later_app = asgi.make_app(settings, Secrets("t" * 64, keyring))
    with Visitor(later_app, base_url="http://senim.test", cookies=client.cookies) as later:
        (token,) = later.get("/sign-in").cookies.values()
        answer = later.post("/sign-in", data={"_csrf_token": token, "login": "a", "password": "b"})
        assert answer.status_code == 422


def test_refusals_are_said_in_the_reader_s_language(client) -> None:
    assert "At least 12,345 is needed here." in client.submit("/trial/invalid").text
    client.headers["accept-language"] = "kk"
    assert "Бұл бұрын жабылған." in client.submit("/trial/refuse").text
    assert "Мұнда ештеңе жоқ" in client.get("/nowhere").text
    client.headers["accept-language"] = "ru-RU,ru;q=0.9"
    assert "Это уже закрыто." in client.submit("/trial/refuse").text


def test_an_htmx_request_gets_the_notice_alone(client) -> None:
    client.get("/sign-in")
    headers = {"x-csrftoken": client.token, "HX-Request": "true"}
    answer = client.post("/trial/refuse", headers=headers)
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "It is already closed." in answer.text


def test_an_htmx_request_after_the_session_s_end_leads_to_the_door(client) -> None:
    answer = client.swap("/accounts")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_kazakh_addresses_are_safe_in_headers(client) -> None:
    wanted = "/trial/%D0%A2%D0%B0%D0%BB%D2%93%D0%B0%D1%80?%D0%B1=%D2%B1"
    assert client.swap("/trial/away").headers["hx-redirect"] == wanted
    assert client.get("/trial/away", follow_redirects=False).headers["location"] == wanted


def test_a_body_too_large_is_refused(sign_in) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)
    large = {"file": ("a.bin", b"0" * (asgi.LARGEST_BODY + 1))}
    assert visitor.submit("/accounts/new", files=large).status_code == 413


def test_static_files_have_addresses_by_content_and_are_kept(client) -> None:
    text = client.get("/sign-in").text
    addresses = [part.split('"')[0] for part in text.split('="')[1:] if part.startswith("/static/")]
    assert len(addresses) == 3
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers
    script = next(a for a in addresses if a.endswith(".js"))
    assert 'version:"2.' in client.get(script).text
