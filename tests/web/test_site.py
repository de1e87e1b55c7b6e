"""Pages and fragments, paging, and the parts of `ui` that every page is made of."""

import pytest
from jinja2 import UndefinedError
from litestar import Controller, get, post

from app import asgi
from quota.errors import Invalid, fault
from tests.visits import share_app
from web.controllers import CONTROLLERS
from web.forms import Form, Typed
from web.guards import PUBLIC, may
from web.paging import turn_pages
from web.site import Answer, Request, Response, environment, flash, go, page


class Lists(Controller):
    path = "/lists"
    opt = PUBLIC

    @get(sync_to_thread=True)
    def browse(self, request: Request, asked: Typed) -> Answer:
        paging = turn_pages(request, asked, total=120)
        return Response(f"{paging.number}/{paging.count} {paging.before} {paging.after}")

    @get("/error", sync_to_thread=True)
    def fragment(self, request: Request) -> Answer:
        shown = {"title": "T", "sentences": ["<script>"], "links": [], "fragment": True}
        return page(request, "error.html", block="notice", **shown)

    @post("/sheet", sync_to_thread=True)
    def take(self, form: Typed) -> Answer:
        return Response(f"{form.value('note')} {len(form.file('sheet'))}", status_code=200)

    @get("/told", sync_to_thread=True)
    def tell(self, request: Request) -> Answer:
        flash(request, "too_long", most=12345)
        return go(request, "/sign-in")


@pytest.fixture(scope="module")
def shared_app(shared_clock, keyring, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asgi, "CONTROLLERS", (*CONTROLLERS, Lists))
        yield from share_app(tmp_path_factory.mktemp("lists"), keyring, clock=shared_clock)


def ui(call: str, **names: object) -> str:
    return environment().from_string("{{ ui." + call + " }}").render(names)


def test_an_htmx_request_gets_the_block_and_a_reader_the_page(client) -> None:
    whole, part = client.get("/lists/error"), client.swap("/lists/error")
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert whole.headers["vary"] == "HX-Request"
    assert "&lt;script&gt;" in part.text


def test_a_message_left_for_the_next_page_is_said_once(client) -> None:
    assert "At most 12,345 characters fit here." in client.get("/lists/told").text
    assert "At most 12,345" not in client.get("/sign-in").text


def test_a_file_arrives_whole_with_what_was_typed_beside_it(client) -> None:
    sheet = {"sheet": ("қызмет.csv", bytes(range(256)) * 4)}
    assert client.submit("/lists/sheet", files=sheet, note="Ескертпе").text == "Ескертпе 1024"
    assert client.submit("/lists/sheet", note="no file").status_code == 422


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=x", b"\xff\x00"),
        ("application/x-www-form-urlencoded", b"note=%ff%fe&sheet=%00"),
        ("application/json", b"{"),
        ("text/plain", b"note=1"),
        ("", b"note=1"),
    ],
)
def test_a_body_that_is_no_form_is_refused(client, kind: str, body: bytes) -> None:
    client.get("/sign-in")
    headers = {"x-csrftoken": client.token, "content-type": kind}
    assert client.post("/lists/sheet", content=body, headers=headers).status_code in (400, 422)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", "1/3  /lists?page=2"),
        ("?page=2&state=open&state=%D2%93", "2/3 /lists?state=open&state=%D2%93&page=1 /lists?"),
        ("?page=99", "3/3 /lists?page=2 "),
        ("?page=-1", "1/3 "),
        ("?page=²", "1/3 "),
    ],
)
def test_lists_are_paged_by_their_address(client, asked: str, shown: str) -> None:
    assert client.get(f"/lists{asked}").text.startswith(shown)


def test_a_field_shows_label_then_fault_then_control_then_hint() -> None:
    form = Form({"seats": ["x<y"]})
    form.faults = (fault("seats", "not_a_number"),)
    text = ui('field(form, "seats", "Seats", kind="number", hint="How many")', form=form)
    order = [text.index(part) for part in ("<label", 'class="fault"', "<input", 'class="hint"')]
    assert order == sorted(order)
    assert 'aria-describedby="seats-hint seats-fault"' in text
    assert 'aria-invalid="true"' in text
    assert 'value="x&lt;y"' in text


@pytest.mark.parametrize("kind", ["select", "radios", "checks"])
def test_a_choice_keeps_what_was_chosen(kind: str) -> None:
    options = [(1, "one"), (2, "two")]
    call = f'field(form, "n", "N", kind="{kind}", options=options)'
    text = ui(call, form=Form({"n": ["2"]}), options=options)
    chosen = "selected" if kind == "select" else "checked"
    assert text.count(chosen) == 1
    assert f'value="2" {chosen}' in text


def test_passwords_are_never_sent_back() -> None:
    assert "secret" not in ui(
        'field(form, "p", "P", kind="password")', form=Form({"p": ["secret"]})
    )


def test_a_filter_offers_its_empty_choice_under_its_name() -> None:
    call = 'field(form, "s", "S", kind="select", options=[("a", "A")], blank="All")'
    text = ui(call, form=Form({"s": ["a"]}))
    assert '<option value="">All</option>' in text


def test_names_in_templates_must_exist() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


def test_a_guard_of_an_unknown_right_fails_at_start() -> None:
    with pytest.raises(KeyError):
        may("accounts.mange")


def test_a_form_read_from_nothing_names_what_is_missing() -> None:
    with pytest.raises(Invalid):
        Form({}).choose("step", ("close",))
