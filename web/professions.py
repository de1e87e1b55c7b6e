"""Professions by hand: titles resolved with their five best groups, corrected, and proposed to be learned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import learning
from matching.learning import Open
from quota import aliases, histories
from quota.aliases import Alias, classifier_of
from quota.errors import Fault, Invalid, fault
from quota.professions import Resolution, load_classifier
from quota.resolutions import COLUMNS, choose, row_of
from quota.sheets import Limits, read_sheet
from web.exports import send
from web.forms import Form, Typed
from web.guards import may
from web.questionnaire import name_of
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page

MOST_TITLES = 200
LIMITS = Limits(rows=MOST_TITLES, file_bytes=2 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A title with what was found and what a person chose: a group among the five or typed, or none."""

    found: Resolution
    offered: Sequence[tuple[str, str]]
    choice: str
    other: str
    learn: bool

    @property
    def code(self) -> str:
        return self.other or self.choice


@dataclass(frozen=True, slots=True)
class Preview:
    """An alias that may be proposed, with the open records it would change and what speaks against it."""

    title: str
    isco08: str
    group: str
    records: tuple[Open, ...]
    faults: Sequence[Fault]


class Professions(Controller):
    path = "/professions"
    guards = (may("aliases.edit"),)

    @get(sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return _show(request, unit, Form.blank())

    @post(sync_to_thread=True)
    def step(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            return STEPS[form.choose("step", STEPS)](request, unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, form, rows=_read_rows(unit, form), status=422)

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        alias = aliases.find_alias(unit.session, unit.actor, key)
        records = _find_open(unit, [alias.title], alias.centre_id)[alias.title]
        found = classifier_of(unit.session, alias.centre_id).resolve(alias.title)
        return page(
            request,
            "professions/show.html",
            alias=alias,
            group=name_of(alias.isco08),
            found=found,
            found_group=name_of(found.hits[0].isco08),
            records=records if alias.state == "proposed" else (),
            mark=learning.mark_of(records),
            own=unit.actor.account_id == alias.proposed_by,
            events=histories.tell_record(unit.session, alias),
        )

    @post("/{key:str}", sync_to_thread=True)
    def decide(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        verb, said = DECISIONS[form.choose("step", DECISIONS)]
        verb(unit, key, form)
        flash(request, said)
        return go(request, "/professions")


def _resolve(request: Request, unit: UnitOfWork, form: Form) -> Answer:
    titles = [line.strip() for line in form.value("titles").splitlines() if line.strip()]
    upload = form.files.get("file")
    if upload is not None and upload.filename:
        titles += _read_file(form)
    if not titles:
        raise Invalid(fault("titles", "required"))
    if len(titles) > MOST_TITLES:
        raise Invalid(fault("titles", "too_many_rows", most=MOST_TITLES))
    found = _classify(unit, titles)
    rows = [_correct(one, one.hits[0].isco08 if one.sure else "", "", learn=False) for one in found]
    return _show(request, unit, Form.blank(), rows=rows)


def _read_file(form: Form) -> list[str]:
    """The column `title` of a sheet. Raises Invalid."""
    sheet = read_sheet(form.file("file"), limits=LIMITS)
    if "title" not in sheet.headers:
        raise Invalid(fault("file", "no_title_column"))
    return [str(row.cells["title"]) for row in sheet.rows if "title" in row.cells]


def _take(request: Request, unit: UnitOfWork, form: Form) -> Answer:
    rows = _read_checked(unit, form)
    chosen = [choose(row.found, row.code) if row.code else row.found for row in rows]
    return send([list(COLUMNS), *map(row_of, chosen)], "professions", "csv")


def _preview(request: Request, unit: UnitOfWork, form: Form) -> Answer:
    rows = _read_checked(unit, form)
    wanted = {row.found.title: row.code for row in rows if row.learn and row.code}
    if not wanted:
        raise Invalid(fault("learn", "nothing_to_learn"))
    return _show(request, unit, form, rows=rows, previews=_foresee(unit, wanted))


def _propose(request: Request, unit: UnitOfWork, form: Form) -> Answer:
    pairs = list(zip(form.values("alias"), form.values("isco08"), strict=False))
    if not pairs:
        raise Invalid(fault("learn", "nothing_to_learn"))
    centre_id = unit.actor.centre_id or 0
    for title, isco08 in pairs:
        given = {"centre_id": centre_id, "now": unit.now}
        aliases.propose(unit.session, unit.actor, title, isco08, **given)
    flash(request, "alias_proposed")
    return go(request, "/professions")


STEPS: dict[str, Callable[[Request, UnitOfWork, Form], Answer]] = {
    "resolve": _resolve,
    "take": _take,
    "preview": _preview,
    "propose": _propose,
}


def _confirm(unit: UnitOfWork, key: str, form: Form) -> None:
    learning.confirm(unit.session, unit.actor, key, seen=form.value("seen"), now=unit.now)


def _decline(unit: UnitOfWork, key: str, form: Form) -> None:
    aliases.decline(unit.session, unit.actor, key, now=unit.now)


def _forget(unit: UnitOfWork, key: str, form: Form) -> None:
    aliases.forget(unit.session, unit.actor, key, now=unit.now)


# Each decision with the sentence that follows it.
DECISIONS: dict[str, tuple[Callable[[UnitOfWork, str, Form], None], str]] = {
    "confirm": (_confirm, "alias_learned"),
    "decline": (_decline, "alias_declined"),
    "forget": (_forget, "alias_forgotten"),
}


def _classify(unit: UnitOfWork, titles: Sequence[str]) -> list[Resolution]:
    return classifier_of(unit.session, unit.actor.centre_id).resolve_all(titles)


def _correct(found: Resolution, choice: str, other: str, *, learn: bool) -> Corrected:
    offered = [(hit.isco08, f"{name_of(hit.isco08)} · {hit.score}") for hit in found.hits]
    return Corrected(found, offered, choice, other.strip(), learn)


def _read_rows(unit: UnitOfWork, form: Form) -> list[Corrected]:
    """The rows as they were sent, in the order of the page."""
    titles = form.values("title")[:MOST_TITLES]
    learn = form.values("learn")
    choices, others = form.values("choice"), form.values("other")
    found = _classify(unit, titles)
    typed = zip(found, choices, others, strict=False)
    return [
        _correct(one, choice, other, learn=str(at) in learn)
        for at, (one, choice, other) in enumerate(typed)
    ]


def _read_checked(unit: UnitOfWork, form: Form) -> list[Corrected]:
    """The rows sent. Raises Invalid for groups that do not exist."""
    rows = _read_rows(unit, form)
    if not rows:
        raise Invalid(fault("titles", "required"))
    wrong = [at for at, row in enumerate(rows) if row.code and not _exists(row.code)]
    if wrong:
        raise Invalid(*(fault(f"other-{at}", "unknown_choice") for at in wrong))
    return rows


def _exists(isco08: str) -> bool:
    try:
        return bool(load_classifier().titles(isco08))
    except KeyError:
        return False


def _foresee(unit: UnitOfWork, wanted: dict[str, str]) -> list[Preview]:
    centre_id = unit.actor.centre_id or 0
    open_records = _find_open(unit, list(wanted), centre_id)
    return [
        Preview(
            title,
            isco08,
            name_of(isco08),
            open_records[title],
            aliases.find_faults(unit.session, title, isco08, centre_id=centre_id),
        )
        for title, isco08 in wanted.items()
    ]


def _find_open(unit: UnitOfWork, titles: list[str], centre_id: int) -> dict[str, tuple[Open, ...]]:
    return learning.find_open(unit.session, unit.actor, titles, centre_id=centre_id)


def _name(alias: Alias) -> tuple[Alias, str]:
    return alias, name_of(alias.isco08)


def _show(
    request: Request,
    unit: UnitOfWork,
    form: Form,
    *,
    rows: Sequence[Corrected] = (),
    previews: Sequence[Preview] = (),
    status: int = 200,
) -> Answer:
    context: dict[str, Any] = {"rows": rows, "previews": previews, "most": MOST_TITLES}
    known = list(map(_name, aliases.list_aliases(unit.session, unit.actor)))
    return page(request, "professions/list.html", known=known, form=form, status=status, **context)
