"""Frozen dataclasses to canonical JSON and back: the same record is the same bytes, always.

Keys are sorted, nothing is padded, text stays as it is. A record may hold numbers, text, booleans,
None, other records, and tuples of these.
"""

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def to_json(record: Any) -> str:
    return canonical(asdict(record))


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(kind: type[Record], text: str) -> Record:
    """The record of this kind. Raises ValueError when the text is no such record."""
    try:
        return kind(**_fields(kind, json.loads(text)))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _fields(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    hints = _hints(kind)
    return {name: _build(hints[name], value) for name, value in values.items()}


def _build(hint: Any, value: Any) -> Any:
    if get_origin(hint) is UnionType:
        inner = next(kind for kind in get_args(hint) if kind is not NoneType)
        return None if value is None else _build(inner, value)
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        if kinds[1:] == (Ellipsis,):
            return tuple(_build(kinds[0], part) for part in value)
        return tuple(_build(k, part) for k, part in zip(kinds, value, strict=True))
    return hint(**_fields(hint, value)) if is_dataclass(hint) and isinstance(hint, type) else value
