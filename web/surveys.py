"""The survey as a wizard: at the desk, from paper, and by the person through a one-time code.

Each step is saved when it is sent; whoever comes back finds the next one. No script is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from matching import codes, intake, keying, surveys
from matching.questions import STEPS
from matching.surveys import REFUSALS, Survey, Way
from quota.aliases import classifier_of
from quota.errors import Invalid
from quota.places import find_place, list_around
from quota.professions import Resolution
from quota.rights import Actor
from web import questionnaire
from web.forms import Form, Typed
from web.guards import PUBLIC, may
from web.i18n import get_locale
from web.questionnaire import LEADS, TITLES, Question
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

CHECK = "check"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who answers whose survey, at which address."""

    unit: UnitOfWork
    actor: Actor
    survey: Survey
    home_kato: str
    centre_id: int
    base: str
    own: bool

    @property
    def frame(self) -> str:
        return "me/frame.html" if self.own else "layout.html"


class DeskSurveys(Controller):
    path = "/candidates/{key:str}/survey"
    guards = (may("surveys.take"),)

    @get(sync_to_thread=True)
    def start(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        candidate = surveys.find_person(unit.session, unit.actor, key)
        if survey := surveys.find_open(unit.session, candidate):
            return go(request, f"{_desk(key)}/{surveys.next_step(survey) or CHECK}")
        return page(request, "survey/start.html", key=key, surveyed=candidate.surveyed_on)

    @post(sync_to_thread=True)
    def begin(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        way = Way(form.choose("way", (Way.DESK, Way.PAPER)))
        survey = surveys.begin(unit.session, unit.actor, key, way, now=unit.now)
        return go(request, f"{_desk(key)}/{surveys.next_step(survey) or CHECK}")

    @get("/{step:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str], step: FromPath[str]) -> Answer:
        return _show(request, _at_desk(unit, key), step)

    @post("/{step:str}", sync_to_thread=True)
    def save(
        self,
        request: Request,
        unit: Unit,
        key: FromPath[str],
        step: FromPath[str],
        form: Typed,
    ) -> Answer:
        return _take(request, _at_desk(unit, key), step, form)


class OwnSurveys(Controller):
    path = "/me/{code:str}/survey"
    opt = PUBLIC

    @post(sync_to_thread=True)
    def begin(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        actor, candidate, _ = codes.enter(unit.session, code, now=unit.now)
        codes.mark_used(unit.session, actor, code, now=unit.now)
        survey = surveys.begin(unit.session, actor, candidate.key, Way.LINK, now=unit.now)
        return go(request, f"/me/{code}/survey/{surveys.next_step(survey) or CHECK}")

    @get("/{step:str}", sync_to_thread=True)
    def show(
        self, request: Request, unit: Unit, code: FromPath[str], step: FromPath[str]
    ) -> Answer:
        return _show(request, _by_code(unit, code), step)

    @post("/{step:str}", sync_to_thread=True)
    def save(
        self,
        request: Request,
        unit: Unit,
        code: FromPath[str],
        step: FromPath[str],
        form: Typed,
    ) -> Answer:
        return _take(request, _by_code(unit, code), step, form)


def _desk(key: str) -> str:
    return f"/candidates/{key}/survey"


def _at_desk(unit: UnitOfWork, key: str) -> Visit:
    survey, candidate = surveys.find_survey(unit.session, unit.actor, key)
    surveys.need_second_person(survey, unit.actor)
    return Visit(
        unit, unit.actor, survey, candidate.kato, candidate.centre_id, _desk(key), own=False
    )


def _by_code(unit: UnitOfWork, code: str) -> Visit:
    actor, candidate, _ = codes.enter(unit.session, code, now=unit.now)
    survey, _ = surveys.find_survey(unit.session, actor, candidate.key)
    base = f"/me/{code}/survey"
    return Visit(unit, actor, survey, candidate.kato, candidate.centre_id, base, own=True)


def _take(request: Request, visit: Visit, step: str, form: Form) -> Answer:
    """Does what the button says: save a step, or end the survey one way or another."""
    if step != CHECK and step not in STEPS:
        raise NotFoundException
    try:
        if step == CHECK:
            return ENDINGS[form.choose("step", ENDINGS)](request, visit, form)
        survey = surveys.save(
            visit.unit.session,
            visit.actor,
            visit.survey.key,
            step,
            form.read(STEPS[step]),
            now=visit.unit.now,
        )
    except Invalid as refusal:
        form.refuse(visit.unit.session, refusal)
        return _show(request, visit, step, form, status=422)
    return go(request, f"{visit.base}/{_after(step, survey)}")


def _after(step: str, survey: Survey) -> str:
    order = [*STEPS, CHECK]
    following = order[order.index(step) + 1 :]
    return next((s for s in following if s not in survey.keyed), CHECK)


def _submit(request: Request, visit: Visit, form: Form) -> Answer:
    unit = visit.unit
    intake.submit(unit.session, visit.actor, visit.survey.key, now=unit.now)
    return _leave(request, visit, "survey_submitted")


def _refuse(request: Request, visit: Visit, form: Form) -> Answer:
    unit, reason = visit.unit, form.value("reason")
    surveys.refuse(unit.session, visit.actor, visit.survey.key, reason=reason, now=unit.now)
    return _leave(request, visit, "survey_refused")


def _discard(request: Request, visit: Visit, form: Form) -> Answer:
    surveys.discard(visit.unit.session, visit.actor, visit.survey.key, now=visit.unit.now)
    return _leave(request, visit, "survey_discarded")


def _key_again(request: Request, visit: Visit, form: Form) -> Answer:
    keying.key_again(visit.unit.session, visit.actor, visit.survey.key, now=visit.unit.now)
    return _leave(request, visit, "survey_key_again")


def _settle(request: Request, visit: Visit, form: Form) -> Answer:
    unit, found = visit.unit, keying.compare(visit.survey)
    chosen = {d.name: form.value(d.name) for d in found}
    keying.settle(unit.session, visit.actor, visit.survey.key, chosen, now=unit.now)
    flash(request, "survey_settled")
    return go(request, f"{visit.base}/{CHECK}")


ENDINGS: dict[str, Callable[[Request, Visit, Form], Answer]] = {
    "submit": _submit,
    "refuse": _refuse,
    "discard": _discard,
    "key_again": _key_again,
    "settle": _settle,
}


def _leave(request: Request, visit: Visit, said: str) -> Answer:
    if visit.own:
        # The code has ended with the survey: there is no page to go back to.
        return page(request, "survey/done.html", said=said)
    flash(request, said)
    back = "/candidates" if visit.actor.role == "clerk" else visit.base.removesuffix("/survey")
    return go(request, back)


def _show(
    request: Request, visit: Visit, step: str, form: Form | None = None, *, status: int = 200
) -> Answer:
    if step == CHECK:
        return _show_check(request, visit, form or Form.blank(), status=status)
    if step not in STEPS:
        raise NotFoundException
    given = visit.survey.keyed
    wishes = given.get("wishes", {})
    meant = _understand(visit, wishes) if step == "meaning" else {}
    asked = questionnaire.questions_of(step, on_paper=not visit.own, wishes=wishes)
    places = _places(visit) if step == "way" else ()
    order = list(STEPS)
    return page(
        request,
        "survey/step.html",
        status=status,
        frame=visit.frame,
        base=visit.base,
        step=step,
        number=order.index(step) + 1,
        steps=len(order),
        before=order[order.index(step) - 1] if order.index(step) else "",
        title=TITLES[step],
        lead=LEADS.get(step, ""),
        form=form or Form.blank(**_known(visit, step, meant)),
        asked=[(q, questionnaire.options_of(q, meant, places)) for q in asked],
        numbers=_numbers(visit, step, asked),
        second=visit.survey.state == "keyed",
        own=visit.own,
    )


def _numbers(visit: Visit, step: str, asked: Sequence[Question]) -> dict[str, str]:
    """The numbers that stand on the paper form, for who keys it in."""
    if visit.survey.way != Way.PAPER:
        return {}
    return {q.name: f"{questionnaire.number_of(step, q.name)}. " for q in asked}


def _understand(visit: Visit, wishes: dict[str, Any]) -> dict[str, Resolution]:
    classifier = classifier_of(visit.unit.session, visit.centre_id)
    return questionnaire.understand(classifier, wishes)


def _known(visit: Visit, step: str, meant: dict[str, Any]) -> dict[str, Any]:
    """What a step's form starts from: the answers saved, else what is known already."""
    if step in visit.survey.keyed:
        return dict(visit.survey.keyed[step])
    if step == "way":
        return {"kato": visit.home_kato}
    return {code: found.hits[0].isco08 for code, found in meant.items() if found.sure}


def _places(visit: Visit) -> list[Any]:
    towns, districts = list_around(visit.unit.session, visit.home_kato)
    home = [p for p in towns + districts if p.kato == visit.home_kato]
    return [*home, *(p for p in towns + districts if p.kato != visit.home_kato)]


def _show_check(request: Request, visit: Visit, form: Form, *, status: int) -> Answer:
    survey = visit.survey
    wishes = survey.keyed.get("wishes", {})
    names = _name_places(visit)
    missing = [(s, TITLES[s]) for s in STEPS if s not in survey.keyed]
    # The first keying is shown only once the second is whole, so that it leads nobody.
    differ = keying.compare(survey) if survey.state == "keyed" and not missing else []
    return page(
        request,
        "survey/check.html",
        status=status,
        frame=visit.frame,
        base=visit.base,
        steps=[
            (s, TITLES[s], questionnaire.tell(s, survey.keyed[s], wishes, names))
            for s in STEPS
            if s in survey.keyed
        ],
        missing=missing,
        differences=[
            (d.name, *questionnaire.tell_difference(d, wishes, names), d.step) for d in differ
        ],
        paper=survey.way == Way.PAPER,
        second=survey.state == "keyed",
        reasons=[(reason, word("survey_refusal", reason)) for reason in REFUSALS],
        form=form,
        own=visit.own,
    )


def _name_places(visit: Visit) -> dict[str, str]:
    """The homes that were answered, by name."""
    survey = visit.survey
    homes = {answers.get("way", {}).get("kato") for answers in (survey.answers, survey.second)}
    return {
        kato: find_place(visit.unit.session, kato).names()[get_locale()] for kato in homes - {None}
    }
