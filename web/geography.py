"""Places in forms: typed by name or chosen from the ones nearby, kept as KATO codes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.errors import Invalid, SenimError, fault
from quota.places import Gazetteer, Place, label_place
from web.i18n import get_locale
from web.words import word


def place_name(names: dict[str, str]) -> str:
    """A place in the reader's language."""
    return names[get_locale()]


def tell_place(place: Place) -> str:
    """Its name, and whether distances from it are known at all."""
    name = place_name(place.names())
    return name if place.located else f"{name} ({word('point', place.point)})"


def suggest_places(session: Session, territory: str) -> Sequence[str]:
    """The places under `territory` as the field shows them: name and code."""
    inside = select(Place).where(Place.path.startswith(territory)).order_by(Place.kato)
    return [write_place(place) for place in session.scalars(inside)]


def write_place(place: Place) -> str:
    return label_place(place_name(place.names()), place.kato)


def read_place(session: Session, field: str, typed: str, territory: str) -> str:
    """The code of what was typed: a name, a code, or both. Raises Invalid."""
    try:
        return Gazetteer(session, territory).find(typed).kato
    except SenimError as problem:
        raise Invalid(fault(field, problem.code, **problem.params)) from None


def oblast_of(path: str) -> str:
    """The path of the oblast a place lies in."""
    return "/" + path.strip("/").split("/")[0] + "/"
