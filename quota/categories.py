"""Categories: for whom a quota place is. Acts may name others than the known ones; a typing error is none."""

import re
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.clauses import Rule
from quota.columns import Labels
from quota.decrees import Category, Line
from quota.errors import Invalid, fault

CATEGORIES: Labels = {
    "probation": ("пробация", "пробация", "учет пробации", "пробация есебі"),
    "released": (
        "босатылған",
        "освобожденные",
        "освобождённые из мест лишения свободы",
        "released_from_prison",
    ),
    "disabled": ("мүгедектігі бар", "с инвалидностью", "инвалиды"),
    "minors_from_boarding_institutions": (
        "қамқорлықсыз қалған жастар",
        "молодёжь без попечения родителей",
        "выпускники интернатов",
    ),
}
_ALIKE = 0.8


def list_categories(session: Session) -> list[str]:
    """The codes of all categories: the known ones, then those that acts here have named."""
    known = [category.value for category in Category]
    named = {*session.scalars(select(Rule.category)), *session.scalars(select(Line.category))}
    return known + sorted(named - set(known))


def check_category(
    session: Session, code: str, *, new: bool = False, field: str = "category"
) -> str:
    """The code, when an act has named it, or when it is entered as `new` on purpose and looks like no
    other. Raises Invalid, with the one that was perhaps meant."""
    code = code.strip()
    if code in tuple(Category) or code in (known := list_categories(session)):
        return code
    alike = get_close_matches(code, known, n=1, cutoff=_ALIKE)
    if alike:
        raise Invalid(fault(field, "category_alike", like=alike[0]))
    if not new:
        raise Invalid(fault(field, "category_unknown"))
    if not re.fullmatch(r"[a-z_]{3,40}", code):
        raise Invalid(fault(field, "category_shape"))
    return code
