"""The survey as a printed form, blank, in one language: the wizard's questions under the same numbers.

It is filled in by hand and keyed in twice; nothing is asked on it that the wizard does not ask.
"""

from litestar import Controller, Response, get
from litestar.params import FromPath

from matching.questions import MEANINGS, OFFERED, STEPS
from quota.errors import NotFound
from web.guards import may
from web.i18n import N_, gettext, speaking
from web.paper import Paper
from web.questionnaire import LEADS, QUESTIONS, TITLES, Question, number_of, say_offered
from web.site import Answer
from web.words import word

LANGUAGES = ("kk", "ru")
_HEAD = N_("Survey: what work fits")
_ABOUT = N_(
    "Fill in by hand. What you do not want to say stays empty. Nothing is asked about the past."
)
_WHO = (N_("Family name, given name"), N_("Number in the register"))
_KEYED = N_("The centre fills this in")
_SIGNED = N_("Day and signature")


class SurveyForms(Controller):
    path = "/survey-form"
    guards = (may("surveys.take"),)

    @get("/{file:str}", sync_to_thread=True)
    def print(self, file: FromPath[str]) -> Answer:
        """The blank form as `kk.pdf` or `ru.pdf`."""
        locale = file.removesuffix(".pdf")
        if locale not in LANGUAGES or locale == file:
            raise NotFound("not_found")
        headers = {"Content-Disposition": f'inline; filename="senim-survey-{file}"'}
        return Response(write_form(locale), media_type="application/pdf", headers=headers)


def write_form(locale: str) -> bytes:
    """The form as PDF, its fonts embedded. `locale` is one of LANGUAGES."""
    with speaking(locale):
        paper = Paper(numbered=True)
        paper.title(gettext(_HEAD), gettext(_ABOUT))
        for label in _WHO:
            paper.entry(gettext(label))
        for number, step in enumerate(STEPS, start=1):
            lead = _KEYED if step == "meaning" else LEADS.get(step)
            paper.heading(f"{number}. {gettext(TITLES[step])}", gettext(lead) if lead else "")
            _print_step(paper, step)
        paper.entry(gettext(_SIGNED))
        return paper.write()


def _print_step(paper: Paper, step: str) -> None:
    if step == "meaning":
        wishes = {q.name: q.label for q in QUESTIONS["wishes"]}
        for title, code in MEANINGS.items():
            paper.entry(f"{number_of(step, code)}. {gettext(wishes[title])}: ISCO-08")
        return
    for question in QUESTIONS[step]:
        _print_question(paper, question, f"{number_of(step, question.name)}. ")


def _print_question(paper: Paper, question: Question, number: str) -> None:
    label = number + gettext(question.label)
    if question.kind == "check":
        paper.ticks(label, [word("yes_no", "yes")])
    elif question.name in OFFERED:
        paper.ticks(label, [say_offered(question, code) for code in OFFERED[question.name]])
    else:
        paper.entry(label)
        if question.kind == "textarea":
            paper.entry(" ")
