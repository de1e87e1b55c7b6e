"""Strata of a sample in words: basis, district, size of the employer, and whether a pattern shows."""

from sqlalchemy.orm import Session

from quota.places import find_place
from web.geography import place_name
from web.words import word


def say_stratum(session: Session, name: str) -> str:
    """A stratum such as `procurement/196200000/small/plain` for the reader."""
    basis, district, size, look = name.split("/")
    return ", ".join(
        (
            word("stratum_basis", basis),
            place_name(find_place(session, district).names()),
            word("employer_size", size),
            word("look", look),
        )
    )
