"""Vacancies from a sheet, by employer and number; listed when the profession is confirmed."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import journal, vacancies
from quota.aliases import classifier_of
from quota.columns import Reading
from quota.employers import Employer
from quota.errors import Fault, Invalid, SenimError, fault
from quota.imports.importer import Importer
from quota.imports.report import Done, Status
from quota.imports.vacancy_columns import COLUMNS, read_asked
from quota.professions import Classifier, Resolution
from quota.requirements import find_wording
from quota.vacancies import Vacancy


class VacancyImport(Importer):
    """Vacancies by employer and number. One whose profession the sheet gives (`isco08`), or that the
    resolver is sure of when `accept_sure` says that this counts as confirmed, is listed with the places
    it asks for; any other stays a draft with the best suggestion as a notice, for a person to confirm."""

    noun = "vacancies"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"kato": "place", "places": "places_any"}
    resolves = True

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = self.session.scalars(select(Vacancy))
        # One without a number goes out under its key, and is known by it when it comes back.
        self._known = {(row.employer_id, row.number or row.key): row for row in rows}
        unsaid = [r.values["title"] for r in readings if "isco08" not in r.values]
        self._resolved = resolve_titles(classifier_of(self.session, self.centre.id), unsaid)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((values["identifier"], values["number"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        employer = self.find_employer(values)
        known = self._known.get((employer.id, values["number"]))
        said = self._read(values)
        done, vacancy = self.settle(
            known,
            said | ({"number": known.number} if known else {}),
            add=lambda fields: self._add(employer, fields),
            change=lambda known, more: vacancies.change_vacancy(
                session, actor, known.key, more, now=now
            ),
        )
        if done.status is not Status.UNCHANGED:
            self._list_if_ready(vacancy)
        resolution = self._resolved.get(vacancy.title)
        if done.status is Status.CREATED and resolution and not vacancy.isco08:
            done.notices.append(suggest("title", resolution))
        done.notices += _warn_of_wording(said)
        return done

    def _read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that the verbs take. Raises Invalid for a place that cannot be told."""
        fields = {name: values[name] for name in vacancies.EDITABLE if name in values}
        fields["kato"] = self.find_kato(values)
        if "isco08" in values:
            fields["isco08"], fields["isco08_suffix"] = values["isco08"]
        if "sites" in values:
            fields["sites"] = [self._find_site(site) for site in values["sites"]]
        if asked := read_asked(values):
            fields["asked"] = asked
        return fields

    def _find_site(self, site: Mapping[str, str]) -> Mapping[str, str]:
        try:
            kato = self.places.find(site["place"]).kato
        except SenimError as error:
            raise Invalid(fault("sites", error.code, **error.params)) from None
        return {"kato": kato, "address": site["address"]}

    def _add(self, employer: Employer, fields: Mapping[str, Any]) -> Vacancy:
        resolution = self._resolved.get(fields["title"])
        taken = resolution if self.accept_sure and resolution and resolution.sure else None
        said = {"isco08": taken.hits[0].isco08, **fields} if taken else fields
        vacancy = vacancies.add_vacancy(self.session, self.actor, employer, said, now=self.now)
        if taken:
            self._note_accepted(vacancy, taken)
        return vacancy

    def _list_if_ready(self, vacancy: Vacancy) -> None:
        if vacancy.state == "draft" and vacancy.isco08 and vacancy.asked:
            vacancies.list_vacancy(self.session, self.actor, vacancy.key, now=self.now)

    def _note_accepted(self, vacancy: Vacancy, resolution: Resolution) -> None:
        best = resolution.hits[0]
        detail = {"isco08": best.isco08, "term": best.term, "margin": resolution.margin}
        journal.write(
            self.session, self.actor, "accept_profession", vacancy, now=self.now, **detail
        )


def _warn_of_wording(fields: Mapping[str, Any]) -> list[Fault]:
    """What a row says that may turn people away: told, never refused by a machine."""
    return [
        fault(remark.field, "turns_away", words=remark.words, ground=remark.ground)
        for remark in find_wording(fields)
    ]


def resolve_titles(classifier: Classifier, titles: Sequence[str]) -> dict[str, Resolution]:
    """Each distinct title resolved, all in one go."""
    distinct = sorted(set(titles))
    if not distinct:
        return {}
    return dict(zip(distinct, classifier.resolve_all(distinct), strict=True))


def suggest(column: str, resolution: Resolution) -> Fault:
    """The best group for a title, as a notice: a person confirms it."""
    best = resolution.hits[0]
    return fault(
        column, "profession_suggested", isco08=best.isco08, term=best.term, margin=resolution.margin
    )
