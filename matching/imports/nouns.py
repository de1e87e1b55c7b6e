"""What can be imported, by noun: its columns and the verb that enters them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matching.imports import candidates, courses
from quota.columns import Column
from quota.imports import clauses, decrees, employers, memoranda, travel, vacancies
from quota.imports.report import Report


@dataclass(frozen=True, slots=True)
class Noun:
    """`resolves` tells that the verb takes `accept_sure`: the sheet holds typed professions."""

    columns: Sequence[Column]
    verb: Callable[..., Report]
    resolves: bool = False


NOUNS: Mapping[str, Noun] = {
    "employers": Noun(employers.COLUMNS, employers.import_employers),
    "memoranda": Noun(memoranda.COLUMNS, memoranda.import_memoranda),
    "decree": Noun(decrees.COLUMNS, decrees.import_decree),
    "clauses": Noun(clauses.COLUMNS, clauses.import_clauses),
    "vacancies": Noun(vacancies.COLUMNS, vacancies.import_vacancies, resolves=True),
    "candidates": Noun(candidates.COLUMNS, candidates.import_candidates, resolves=True),
    "courses": Noun(courses.COLUMNS, courses.import_courses),
    "travel": Noun(travel.COLUMNS, travel.import_travel),
}
