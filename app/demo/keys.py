"""Public keys from a seed, so that a simulated year runs the same way twice.

For invented records only: whoever knows the seed knows the keys.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from quota.tables import KEY_ALPHABET, Keyed


@contextmanager
def seeded_keys(session: Session, seed: int) -> Iterator[None]:
    """Every new record of the session gets the next key of the seed."""
    source = Random(seed)

    def name(session: Session, *_: Any) -> None:
        for record in session.new:
            if isinstance(record, Keyed) and record.key is None:
                record.key = "".join(source.choices(KEY_ALPHABET, k=10))

    event.listen(session, "before_flush", name)
    try:
        yield
    finally:
        event.remove(session, "before_flush", name)
