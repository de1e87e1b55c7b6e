"""What can be imported, by noun."""

from collections.abc import Mapping

from matching.imports.candidates import CandidateImport
from matching.imports.courses import CourseImport
from matching.imports.restrictions import RestrictionImport
from quota.imports.clauses import ClauseImport
from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.imports.importer import Importer
from quota.imports.memoranda import MemorandumImport
from quota.imports.travel import TravelImport
from quota.imports.vacancies import VacancyImport

_IMPORTERS: tuple[type[Importer], ...] = (
    EmployerImport,
    MemorandumImport,
    AnnexImport,
    ClauseImport,
    VacancyImport,
    CandidateImport,
    CourseImport,
    TravelImport,
    RestrictionImport,
)
NOUNS: Mapping[str, type[Importer]] = {importer.noun: importer for importer in _IMPORTERS}
