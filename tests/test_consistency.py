"""What must hold of the whole code: messages, templates, doors, settings and commands."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from babel.messages import Message
from litestar.handlers import HTTPRouteHandler

from app.asgi import make_app
from app.cli import main
from app.settings import Secrets, Settings, variable_of
from quota.sealing import Keyring
from web import catalogues
from web.controllers import CONTROLLERS
from web.guards import is_open_door
from web.i18n import LOCALES
from web.navigation import LABELS, NOUNS
from web.sentences import COUNTED, SENTENCES

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "web" / "templates"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# Where a code stands in the call that raises or says it.
CODE_PLACES = {
    "fault": 1,
    "NotAllowed": 0,
    "NotFound": 0,
    "WrongState": 0,
    "flash": 1,
    "Refused": 0,
}


def messages_of(locale: str) -> dict[tuple[str | None, object], Message]:
    return {(m.context, m.id): m for m in catalogues.read(locale) if m.id}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_holds_exactly_the_messages_of_the_sources(locale: str) -> None:
    wanted = {(m.context, m.id) for m in catalogues.extract() if m.id}
    assert set(messages_of(locale)) == wanted, "run `make messages`"


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_every_message_is_translated_with_the_same_placeholders(locale: str) -> None:
    for (_, key), message in messages_of(locale).items():
        assert not message.fuzzy, key
        originals = key if isinstance(key, tuple) else (key,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(said), f"{locale}: {key}"
        wanted = {name for text in originals for name in PLACEHOLDER.findall(text)}
        for text in said:
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{locale}: {key}"


def test_every_code_a_verb_raises_has_a_sentence() -> None:
    said = set(SENTENCES) | set(COUNTED)
    unsaid = {(code, where) for code, where in codes_raised() if code not in said}
    assert unsaid == set()


def codes_raised() -> Iterator[tuple[str, str]]:
    for package in ("quota", "matching", "web"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                place = CODE_PLACES.get(node.func.id)
                if place is None or len(node.args) <= place:
                    continue
                code = node.args[place]
                if isinstance(code, ast.Constant):
                    yield code.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_template_is_used() -> None:
    sources = [*ROOT.glob("web/**/*.py"), *TEMPLATES.rglob("*.html")]
    texts = "\n".join(path.read_text() for path in sources)
    for path in TEMPLATES.rglob("*.html"):
        assert f'"{path.relative_to(TEMPLATES)}"' in texts, path


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_template_sends_tokens_and_holds_nothing_the_browser_would_refuse(path: Path) -> None:
    text = path.read_text()
    for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
        assert 'method="post"' not in form or "csrf_input" in form
    assert not re.search(
        r'\sstyle="|\son\w+="|hx-on|<style|<script(?! src=)|javascript:|\| ?safe', text
    )


def test_every_handler_is_guarded_or_says_that_it_is_public(tmp_path: Path) -> None:
    app = make_app(Settings(var_dir=tmp_path), Secrets("s" * 64, Keyring((), b"")))
    handlers = [h for route in app.routes for h in getattr(route, "route_handlers", ())]
    assert len(handlers) > len(CONTROLLERS)
    ours = [
        h for h in handlers if isinstance(h, HTTPRouteHandler) and h.http_methods != {"OPTIONS"}
    ]
    assert [str(h) for h in ours if is_open_door(h)] == []


def test_a_side_bar_has_at_most_seven_nouns() -> None:
    assert all(len(nouns) <= 7 for nouns in NOUNS.values())
    assert {noun for nouns in NOUNS.values() for noun in nouns} <= set(LABELS)


def test_every_setting_and_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    names = [variable_of(field.name) for field in fields(Settings)]
    names += [f"senim {name}" for name in commands_of(main)]
    assert [name for name in names if f"`{name}`" not in readme] == []


def commands_of(group: click.Group) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in commands_of(command))
        else:
            yield name
