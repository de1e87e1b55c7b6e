"""What a verb may refuse, as codes and parameters; sentences are made in `web/i18n`.

A verb returns what it made, or raises one of these and has changed nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


class SenimError(Exception):
    """A refusal with a code and parameters that hold no personal data."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params


class NotAllowed(SenimError):  # noqa: N818  (a refusal reads better without the suffix)
    """The actor's role has no such right."""


class NotFound(SenimError):  # noqa: N818
    """No such record within the actor's reach; says nothing about other reaches."""


class WrongState(SenimError):  # noqa: N818
    """The record's state does not allow this verb, or changed meanwhile."""


class NotEntered(SenimError):  # noqa: N818
    """A setting that the office keeps by date, such as a rate, has no row for the day asked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field."""

    field: str
    code: str
    params: Mapping[str, object]


class Invalid(SenimError):  # noqa: N818
    """The input is refused; `faults` lists every field and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("invalid", fields=[fault.field for fault in faults])
        self.faults = faults


def fault(field: str, code: str, **params: object) -> Fault:
    return Fault(field, code, params)
