"""Forms: what somebody typed becomes a frozen dataclass, or faults beside the fields; nothing is lost.

    @dataclass(frozen=True, slots=True)
    class NewCourse:
        title: str = field(metadata={"most": 120})     # required, since there is no default
        seats: int
        starts: date | None = None                     # optional
        kind: Kind = Kind.DAY                          # an enum: one of its values
        places: tuple[str, ...] = ()                   # several values of one name
    phrase: str = field(default="", metadata={"exact": True})   # spaces around it are kept
        paid: bool = False                             # a checkbox

    @post("/new", guards=[may("courses.edit")])
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            course = courses.add(unit.session, unit.actor, form.read(NewCourse), now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)              # rolls back; the page shows every fault
            return page(request, "courses/new.html", form=form, status=422)
        flash(request, "course_added")
        return go(request, f"/courses/{course.key}")

A form posts to the address that shows it, so that reloading or switching the language there works.
The page of a GET passes `form=Form.blank(seats=12)`; the template draws `{{ ui.summary(form) }}` and
`{{ ui.field(form, "title", _("Title")) }}`. The filters of a list read their address the same way, as
`asked: Typed`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from quota.errors import Fault, Invalid, fault

MOST_CHARACTERS = 2000
Shape = TypeVar("Shape")


class Refused(Exception):  # noqa: N818  (caught in this module; carries one field's code)
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Form:
    """What was typed, by field, and what is wrong with it."""

    def __init__(
        self, values: Mapping[str, Sequence[str]], files: Mapping[str, UploadFile] | None = None
    ) -> None:
        self._values = {name: list(typed) for name, typed in values.items()}
        self.files = dict(files or {})
        self.faults: tuple[Fault, ...] = ()

    @classmethod
    def blank(cls, **values: object) -> "Form":
        """A form to fill in, with what is already known; None leaves a field empty."""
        return cls({name: _show(value) for name, value in values.items()})

    def value(self, name: str) -> str:
        return next(iter(self._values.get(name, ())), "")

    def values(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def faults_of(self, name: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.field == name]

    def choose(self, name: str, offered: Container[str]) -> str:
        """The value of a button or list that must be one of those offered. Raises Invalid."""
        if self.value(name) not in offered:
            raise Invalid(fault(name, "unknown_choice"))
        return self.value(name)

    def file(self, name: str) -> bytes:
        """The content of an uploaded file. Raises Invalid when none was chosen."""
        upload = self.files.get(name)
        if upload is None or not upload.filename:
            raise Invalid(fault(name, "required"))
        upload.file.seek(0)
        return upload.file.read()

    def read(self, shape: type[Shape]) -> Shape:
        """`shape` filled from the fields of its names. Raises Invalid with the fault of each field."""
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        hints = get_type_hints(shape)
        for part in fields(shape):  # type: ignore[arg-type]
            has_default = part.default is not MISSING or part.default_factory is not MISSING
            try:
                typed = [_clean(text, part.metadata) for text in self.values(part.name)]
                value = _parse(typed, hints[part.name])
            except Refused as refused:
                faults.append(fault(part.name, refused.code, **refused.params))
                continue
            if value is not None:
                found[part.name] = value
            elif not has_default:
                faults.append(fault(part.name, "required"))
        if faults:
            raise Invalid(*faults)
        return shape(**found)

    def refuse(self, session: Session, refusal: Invalid) -> None:
        """Takes back whatever the verb did and keeps the faults for the page."""
        session.rollback()
        self.faults = refusal.faults


async def provide_form(request: Request[Any, Any, Any]) -> Form:
    typed = await request.form()
    values: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in typed.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            values.setdefault(name, []).append(str(value))
    return Form(values, files)


async def provide_query(request: Request[Any, Any, Any]) -> Form:
    return Form(request.query_params.dict())


Typed = NamedDependency[Form]


def _parse(typed: list[str], wanted: Any) -> Any:
    """The value of a field, or None when it was left empty. Raises Refused."""
    if get_origin(wanted) in (Union, UnionType):
        wanted = next(kind for kind in get_args(wanted) if kind is not NoneType)
    if wanted is bool:
        return bool(typed) and typed[0] not in ("", "0")
    texts = [text for text in typed if text]
    if get_origin(wanted) is tuple:
        return tuple(_convert(text, get_args(wanted)[0]) for text in texts) or None
    return _convert(texts[0], wanted) if texts else None


def _clean(text: str, hints: Mapping[str, Any]) -> str:
    text = text.replace("\r\n", "\n")
    if not hints.get("exact"):
        text = text.strip()
    most = hints.get("most", MOST_CHARACTERS)
    if any(ord(c) < 32 and c not in "\n\t" for c in text) or "\ufffd" in text:
        raise Refused("unreadable")
    if len(text) > most:
        raise Refused("too_long", most=most)
    return text


def _convert(text: str, wanted: Any) -> Any:
    if wanted is int:
        return _read_number(text)
    if wanted is date:
        return _read_date(text)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        try:
            return wanted(text)
        except ValueError:
            raise Refused("unknown_choice") from None
    return text


def _read_number(text: str) -> int:
    # People write 150 000 with plain and unbreakable spaces.
    digits = "".join(text.split())
    sign = -1 if digits.startswith("-") else 1
    digits = digits.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise Refused("not_a_number")
    if len(digits) > 15:
        raise Refused("too_large")
    return sign * int(digits)


def _read_date(text: str) -> date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise Refused("not_a_date")


def _show(value: object) -> list[str]:
    if value is None or value is False:
        return []
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in _show(part)]
    if isinstance(value, Enum):
        return [str(value.value)]
    if isinstance(value, date):
        return [value.isoformat()]
    return ["1" if value is True else str(value)]
