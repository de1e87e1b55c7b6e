"""Candidates from a sheet, with their survey: known by identifier number or by the register's number."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import select

from matching import candidates, consents
from matching.candidates import Candidate
from matching.choices import Choice, choose_professions
from matching.consents import MATCHING, Consent, Evidence, Form
from matching.fields import EDITABLE
from matching.identities import Identity, Person, read_persons
from matching.imports import survey
from matching.imports.survey import Told, Wish
from quota import columns as col
from quota.aliases import classifier_of
from quota.columns import Column, Reading
from quota.errors import Fault, Invalid, fault
from quota.imports.employers import LANGUAGES
from quota.imports.importer import DISTRICT, PLACE, Importer, pick_changed
from quota.imports.report import Done, Status
from quota.imports.vacancies import resolve_titles
from quota.sealing import keyring_of

SEXES: col.Labels = {
    "m": ("е", "ер", "м", "муж", "мужской"),
    "f": ("ә", "әйел", "ж", "жен", "женский"),
}
STATUSES: col.Labels = {
    "on_probation": ("пробация есебінде", "на учете пробации", "на учёте службы пробации"),
    "last_year": ("бас бостандығынан айырудың соңғы жылы", "последний год лишения свободы"),
    "released": ("босатылған", "освобожден", "освобождена"),
    "off_register": ("есептен шығарылған", "снят с учета", "снята с учета"),
}
READINESS: col.Labels = {
    "not_surveyed": ("сауалнама алынбаған", "не опрошен"),
    "needs_support": ("қолдау қажет", "нужна поддержка"),
    "ready": ("дайын", "готов"),
    "declined": ("бас тартты", "отказался"),
    "employed": ("жұмыс істейді", "работает"),
    "out_of_scope": ("қамтылмайды", "вне охвата"),
}
IIN = Column("iin", col.NUMBER12, "ЖСН", "ИИН", example="990101500006")
COLUMNS = (
    Column("number", col.text(40), "Есеп нөмірі", "Номер учёта", example="АО-0001"),
    IIN,
    Column("family_name", col.text(100), "Тегі", "Фамилия", True, "Үлгіұлы"),
    Column("given_name", col.text(100), "Аты", "Имя", True, "Санжар"),
    Column("patronymic", col.text(100), "Әкесінің аты", "Отчество"),
    Column("phone", col.text(60), "Телефон", "Телефон"),
    PLACE,
    DISTRICT,
    Column("sex", col.choice(SEXES), "Жынысы", "Пол", example="m"),
    Column("birth_year", col.whole(2100), "Туған жылы", "Год рождения", example=1990),
    Column("language", col.choice(LANGUAGES), "Тілі", "Язык", example="kk"),
    Column("status", col.choice(STATUSES), "Мәртебесі", "Статус", True, "on_probation"),
    Column("status_since", col.DAY, "Мәртебе басталған күн", "Статус с"),
    Column("released_on", col.DAY, "Босатылған күні", "Дата освобождения"),
    Column("earliest_start", col.DAY, "Жұмысқа шығу күні", "Может начать с"),
    Column("registered_on", col.DAY, "Тіркелген күні", "Дата постановки", example="2026-03-02"),
    Column("readiness", col.choice(READINESS), "Дайындығы", "Готовность", example="ready"),
    *survey.COLUMNS,
)
_PERSON = tuple(field.name for field in fields_of(Person))


class CandidateImport(Importer):
    """People and what they said in the survey. A typed profession is confirmed when the sheet gives its
    code, or the resolver is sure and `accept_sure` says that this counts."""

    noun = "candidates"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {
        "kato": "place",
        "on": "consent_on",
        "paper_number": "consent_paper",
    }
    resolves = True

    def prepare(self, readings: Sequence[Reading]) -> None:
        session = self.session
        rows = session.scalars(select(Candidate).where(Candidate.centre_id == self.centre.id))
        self._by_id = {candidate.id: candidate for candidate in rows}
        self._by_number = {c.number: c for c in self._by_id.values() if c.number}
        tokens = select(Identity.iin_token, Identity.candidate_id)
        self._by_token = {token: holder for token, holder in session.execute(tokens) if token}
        self._index_known(readings)
        asked_only = Consent.state == "asked"
        decided = select(Consent.candidate_id).where(Consent.scope == MATCHING, ~asked_only)
        self._consented = set(session.scalars(decided))
        titles = [title for reading in readings for title in survey.titles_of(reading.values)]
        self._resolved = resolve_titles(classifier_of(session, self.centre.id), titles)

    def _index_known(self, readings: Sequence[Reading]) -> None:
        """Opens only the people that the sheet names."""
        found = (self._match(reading.values) for reading in readings)
        ids = {candidate.id for candidate, faults in found if candidate and not faults}
        self._persons = read_persons(self.session, ids)
        self._wishes: dict[int, list[Wish]] = {}
        rows = self.session.scalars(select(Choice).order_by(Choice.candidate_id, Choice.rank))
        for choice in rows:
            wish = Wish(choice.title, choice.isco08, choice.years)
            self._wishes.setdefault(choice.candidate_id, []).append(wish)

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return [(name, values[name]) for name in ("iin", "number") if values.get(name)]

    def may_join(self, values: Mapping[str, Any]) -> bool:
        """New people: whoever is known is compared one by one."""
        return self._match(values) == (None, [])

    def enter_together(self, rows: Sequence[Mapping[str, Any]]) -> list[Done]:
        read = [self._read(values) for values in rows]
        people = candidates.add_candidates(
            self.session,
            self.actor,
            [(Person(**person), fields) for person, fields, _ in read],
            centre_id=self.centre.id,
            now=self.now,
        )
        entered = [Done(Status.CREATED, candidate.key) for candidate in people]
        for candidate, values, (_, _, told), done in zip(people, rows, read, entered, strict=True):
            self._survey(candidate, values, told, done, confirmed=set())
        return entered

    def enter(self, values: Mapping[str, Any]) -> Done:
        known, faults = self._match(values)
        if faults:
            raise Invalid(*faults)
        if known is None:
            return self.enter_together([values])[0]
        person, fields, told = self._read(values)
        confirmed = self._confirmed(known)
        done = self._change(known, person, fields)
        self._survey(known, values, told, done, confirmed=confirmed)
        return done

    def _read(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], Told]:
        """Who the row is about, the fields of the record, and the survey. Raises Invalid."""
        fields = {name: values[name] for name in EDITABLE if name in values}
        fields["kato"] = self.find_kato(values)
        told = survey.read(values, self._resolved, accept_sure=self.accept_sure)
        if "retraining" in values:
            fields["retraining_title"] = values["retraining"]
        if told.retraining:
            fields["retraining_isco08"] = told.retraining
        return {name: values[name] for name in _PERSON if name in values}, fields, told

    def _survey(
        self,
        candidate: Candidate,
        values: Mapping[str, Any],
        told: Told,
        done: Done,
        *,
        confirmed: set[str | None],
    ) -> None:
        self._choose(candidate, told.wishes, done)
        self._record_consent(candidate, values, done)
        done.notices += told.notices
        news = [r for r in told.accepted if r.hits[0].isco08 not in confirmed]
        survey.note_accepted(self.session, self.actor, candidate, news, now=self.now)

    def _confirmed(self, known: Candidate) -> set[str | None]:
        return {known.retraining_isco08, *(w.isco08 for w in self._wishes.get(known.id, []))}

    def _match(self, values: Mapping[str, Any]) -> tuple[Candidate | None, list[Fault]]:
        """The candidate a row is about, by either number; blanks match nobody."""
        iin, number = values.get("iin", ""), values.get("number", "")
        if not iin and not number:
            return None, [fault("iin", "number_needed")]
        numbered = self._by_number.get(number) if number else None
        holder = self._by_token.get(keyring_of(self.session).token("iin", iin)) if iin else None
        if holder is None:
            return numbered, self._check_same(numbered, iin)
        if holder not in self._by_id:
            return None, [fault("iin", "taken")]
        held = self._by_id[holder]
        if numbered not in (None, held):
            return None, [fault("number", "numbers_differ")]
        return held, []

    def _check_same(self, numbered: Candidate | None, iin: str) -> list[Fault]:
        """A register number must not lead to a person who has another identifier number."""
        if numbered is None or not iin or numbered.id not in self._by_token.values():
            return []
        return [fault("iin", "numbers_differ")]

    def _change(
        self, candidate: Candidate, person: Mapping[str, Any], fields: Mapping[str, Any]
    ) -> Done:
        done = Done(Status.UNCHANGED, candidate.key)
        session, actor, now = self.session, self.actor, self.now
        if changed := pick_changed(candidate, fields):
            candidates.change_candidate(session, actor, candidate.key, changed, now=now)
            done.mark_changed()
        known = self._persons.get(candidate.id)
        if known is not None and (merged := replace(known, **person)) != known:
            candidates.set_person(session, actor, candidate.key, merged, now=now)
            done.mark_changed()
        return done

    def _choose(self, candidate: Candidate, wishes: Sequence[Wish], done: Done) -> None:
        known = self._wishes.get(candidate.id, [])
        wanted = survey.keep_confirmed(wishes, known)
        if not wanted or wanted == known:
            return
        choices = [Choice(title=w.title, isco08=w.isco08, years=w.years) for w in wanted]
        choose_professions(self.session, self.actor, candidate, choices, now=self.now)
        done.mark_changed()

    def _record_consent(self, candidate: Candidate, values: Mapping[str, Any], done: Done) -> None:
        """The signed consent to matching; one that was withdrawn is never given back by a file."""
        if "consent_on" not in values or candidate.id in self._consented:
            return
        session, actor, now = self.session, self.actor, self.now
        paper = values.get("consent_paper", "")
        consent = consents.ask_matching(session, actor, candidate.key, now=now)
        signed = Evidence(Form.PAPER, values["consent_on"], paper)
        consents.give(session, actor, consent.key, signed, now=now)
        done.mark_changed()
