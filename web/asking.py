"""A page that asks for one record: title, fields, button. Longer forms have templates of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.forms import Form
from web.site import Answer, Request, page
from web.words import word

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field as `ui.field` draws it. `suggested` is a list to choose from while typing."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Options = ()
    optional: bool = False
    suggested: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks. `steps` are the crumbs above it; `files` when it sends any."""

    title: str
    button: str
    fields: Sequence[Field]
    steps: Sequence[tuple[str, str]] = ()
    lead: str = ""
    files: bool = False
    danger: bool = False


def ask(request: Request, question: Question, form: Form, *, status: int = 200) -> Answer:
    """The page of a question; a form posts to the address that shows it."""
    return page(request, "question.html", question=question, form=form, status=status)


def offer(codes: Iterable[str], kind: str) -> Options:
    """Codes with their words, for a list of choices."""
    return [(str(code), word(kind, str(code))) for code in codes]
