"""The survey: saved steps, taken up again, handed in, keyed twice, refused."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import intake, keying, questions, surveys
from matching.candidates import Candidate, Readiness
from matching.choices import list_choices
from matching.codes import Purpose, enter, issue_code
from matching.consents import Consent
from matching.questions import STEPS
from matching.standings import Kind, list_standings
from matching.surveys import Survey, Way
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from tests.factories import REGION, make_account, make_candidate, make_centre

ANSWERS = {
    "agreement": questions.Agreement("yes", "С-17", date(2026, 11, 20)),
    "wishes": questions.Wishes("дәнекерлеуші", 4, "жүк тиеуші", 1, retraining_title="токарь"),
    "meaning": questions.Meaning("7212", "9333", retraining_isco08="7223"),
    "skills": questions.Skills(5, "vocational", "сварка, 3 разряд", ("B",), date(2025, 6, 1)),
    "pay": questions.Pay(250_000, 180_000),
    "way": questions.Way("196200000", "bus", 40),
    "hours": questions.Hours(days=("1", "2", "3"), start="08:00", end="17:00"),
    "conditions": questions.Conditions(("heavy",), ("child",)),
    "needs": questions.Needs(),
}


@pytest.fixture
def candidate(session: Session) -> Candidate:
    centre = make_centre(session)
    return make_candidate(session, centre.id, readiness=Readiness.NOT_SURVEYED)


@pytest.fixture
def staff(candidate: Candidate) -> Actor:
    return Actor(Role.STAFF, centre_id=candidate.centre_id, territory=REGION)


def answer(
    session: Session, actor: Actor, survey: Survey, now: datetime, **changed: object
) -> Survey:
    for step, answers in ({**ANSWERS, **changed}).items():
        surveys.save(session, actor, survey.key, step, answers, now=now)
    return survey


def hand_in(
    session: Session, actor: Actor, candidate: Candidate, now: datetime, **changed: object
) -> Candidate:
    survey = surveys.begin(session, actor, candidate.key, Way.DESK, now=now)
    answer(session, actor, survey, now, **changed)
    return intake.submit(session, actor, survey.key, now=now)


def test_a_survey_handed_in_is_the_candidates_record(session, candidate, staff, now) -> None:
    hand_in(session, staff, candidate, now)
    assert candidate.readiness == Readiness.READY
    assert candidate.surveyed_on == date(2026, 11, 23)
    assert (candidate.pay_wanted, candidate.pay_accepted) == (250_000, 180_000)
    assert candidate.hours == [{"days": "123", "start": "08:00", "end": "17:00"}]
    assert (candidate.avoids, candidate.licences, candidate.cares) == (["heavy"], ["B"], ["child"])
    assert (candidate.retraining_title, candidate.retraining_isco08) == ("токарь", "7223")
    chosen = [(c.rank, c.title, c.isco08, c.years) for c in list_choices(session, candidate)]
    assert chosen == [(1, "дәнекерлеуші", "7212", 4), (2, "жүк тиеуші", "9333", 1)]
    consent = session.scalars(select(Consent)).one()
    assert (consent.scope, consent.state, consent.paper_number) == ("matching", "given", "С-17")


def test_what_must_be_sorted_out_first_holds_the_person_back(
    session, candidate, staff, now
) -> None:
    hand_in(session, staff, candidate, now, needs=questions.Needs(("documents",)))
    assert (candidate.readiness, candidate.needs) == (Readiness.NEEDS_SUPPORT, ["documents"])


def test_a_draft_is_taken_up_again_where_it_was_left(session, candidate, staff, now) -> None:
    survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    surveys.save(session, staff, survey.key, "agreement", ANSWERS["agreement"], now=now)
    session.commit()
    session.expunge_all()
    again = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    assert again.key == survey.key
    assert surveys.next_step(again) == "wishes"
    assert questions.read("agreement", again.answers["agreement"]) == ANSWERS["agreement"]


def test_the_next_survey_starts_from_the_last_one_but_asks_again(
    session, candidate, staff, now
) -> None:
    hand_in(session, staff, candidate, now)
    again = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    assert set(again.answers) == set(STEPS) - {"agreement"}


def test_a_survey_with_steps_missing_is_not_handed_in(session, candidate, staff, now) -> None:
    survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    surveys.save(session, staff, survey.key, "pay", ANSWERS["pay"], now=now)
    with pytest.raises(Invalid) as refusal:
        intake.submit(session, staff, survey.key, now=now)
    assert [f.field for f in refusal.value.faults] == [s for s in STEPS if s != "pay"]
    assert candidate.readiness == Readiness.NOT_SURVEYED


def test_without_consent_nothing_is_written(session, candidate, staff, now) -> None:
    no = questions.Agreement("no")
    with pytest.raises(Invalid) as refusal:
        hand_in(session, staff, candidate, now, agreement=no)
    assert refusal.value.faults[0].code == "needs_consent"
    assert session.scalars(select(Consent)).all() == []


def test_the_person_answers_by_a_code_that_ends_with_the_survey(
    session, candidate, staff, now
) -> None:
    code = issue_code(session, staff, candidate.key, Purpose.SURVEY, now=now).text
    person, found, purpose = enter(session, f" {code[:4].upper()}-{code[4:]}", now=now)
    assert (found, purpose) == (candidate, Purpose.SURVEY)
    survey = surveys.begin(session, person, candidate.key, Way.LINK, now=now)
    answer(session, person, survey, now, agreement=questions.Agreement("yes"))
    intake.submit(session, person, survey.key, now=now)
    assert session.scalars(select(Consent)).one().form == "code"
    with pytest.raises(NotFound):
        enter(session, code, now=now)


@pytest.fixture
def keyers(session: Session, candidate: Candidate) -> list[Actor]:
    """Two people of the centre with accounts of their own."""
    accounts = [make_account(session, Role.STAFF, centre_id=candidate.centre_id) for _ in "12"]
    return [Actor(Role.STAFF, a.id, candidate.centre_id, territory=REGION) for a in accounts]


def test_a_paper_form_is_keyed_twice_by_two_people_and_must_agree(
    session, candidate, keyers, now
) -> None:
    one, other = keyers
    survey = surveys.begin(session, one, candidate.key, Way.PAPER, now=now)
    answer(session, one, survey, now)
    with pytest.raises(WrongState, match="keyed_once"):
        intake.submit(session, one, survey.key, now=now)
    keying.key_again(session, one, survey.key, now=now)
    assert surveys.next_step(survey) == "agreement"
    with pytest.raises(WrongState, match="second_person_keys"):
        surveys.save(session, one, survey.key, "pay", ANSWERS["pay"], now=now)
    wrong = replace(ANSWERS["pay"], pay_accepted=18_000)
    answer(session, other, survey, now, pay=wrong)
    with pytest.raises(WrongState, match="keyed_differently"):
        intake.submit(session, other, survey.key, now=now)
    difference = keying.Difference("pay", "pay_accepted", 180_000, 18_000)
    assert keying.compare(survey) == [difference]
    surveys.save(session, other, survey.key, "pay", ANSWERS["pay"], now=now)
    intake.submit(session, other, survey.key, now=now)
    assert candidate.pay_accepted == 180_000


def test_what_was_keyed_differently_is_settled_by_the_paper(
    session, candidate, keyers, now
) -> None:
    one, other = keyers
    survey = surveys.begin(session, one, candidate.key, Way.PAPER, now=now)
    answer(session, one, survey, now, pay=replace(ANSWERS["pay"], pay_accepted=18_000))
    keying.key_again(session, one, survey.key, now=now)
    answer(session, other, survey, now, skills=replace(ANSWERS["skills"], experience_years=15))
    with pytest.raises(Invalid) as refusal:
        keying.settle(session, other, survey.key, {"pay.pay_accepted": "second"}, now=now)
    assert [f.field for f in refusal.value.faults] == ["skills.experience_years"]
    chosen = {"pay.pay_accepted": "second", "skills.experience_years": "first"}
    with pytest.raises(WrongState, match="second_person_keys"):
        keying.settle(session, one, survey.key, chosen, now=now)
    keying.settle(session, other, survey.key, chosen, now=now)
    assert keying.compare(survey) == []
    intake.submit(session, other, survey.key, now=now)
    assert (candidate.pay_accepted, candidate.experience_years) == (180_000, 5)


def test_settling_must_leave_answers_that_fit_together(session, candidate, keyers, now) -> None:
    one, other = keyers
    survey = surveys.begin(session, one, candidate.key, Way.PAPER, now=now)
    answer(session, one, survey, now, pay=questions.Pay(250_000, 240_000))
    keying.key_again(session, one, survey.key, now=now)
    answer(session, other, survey, now, pay=questions.Pay(200_000, 180_000))
    crossed = {"pay.pay_wanted": "second", "pay.pay_accepted": "first"}
    with pytest.raises(Invalid) as refusal:
        keying.settle(session, other, survey.key, crossed, now=now)
    assert [(f.field, f.code) for f in refusal.value.faults] == [("pay_accepted", "above_wanted")]


def test_a_refusal_has_a_reason_and_can_be_taken_back(session, candidate, staff, now) -> None:
    survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    with pytest.raises(Invalid):
        surveys.refuse(session, staff, survey.key, reason="", now=now)
    surveys.refuse(session, staff, survey.key, reason="studies", now=now)
    assert (survey.state, survey.reason) == ("refused", "studies")
    history = list_standings(session, candidate.id, kinds=[Kind.READINESS])
    assert [(s.value_from, s.value_to, s.reason) for s in history] == [
        (None, "not_surveyed", ""),
        ("not_surveyed", "declined", "studies"),
    ]
    surveys.undo_refuse(session, staff, survey.key, now=now)
    assert surveys.find_open(session, candidate) == survey


@pytest.mark.parametrize(
    ("step", "answers", "fields"),
    [
        ("pay", questions.Pay(100, 200), ["pay_accepted"]),
        ("pay", questions.Pay(-1, -2), ["pay_wanted", "pay_accepted"]),
        ("way", questions.Way("000000000"), ["kato"]),
        ("way", questions.Way("196200000", "horse"), ["means"]),
        ("hours", questions.Hours(), ["days"]),
        ("hours", questions.Hours(days=("1",), start="8", end="25:00"), ["start", "end"]),
        ("hours", questions.Hours(days=("9",), start="08:00", end="17:00"), ["days"]),
        ("conditions", questions.Conditions(("asthma",)), ["avoids"]),
        ("skills", questions.Skills(jobless_since=date(2027, 1, 1)), ["jobless_since"]),
        ("agreement", questions.Agreement("yes"), ["paper_number", "signed_on"]),
    ],
)
def test_answers_that_do_not_fit_are_refused(
    session, candidate, staff, now, step, answers, fields
) -> None:
    survey = surveys.begin(session, staff, candidate.key, Way.DESK, now=now)
    with pytest.raises(Invalid) as refusal:
        surveys.save(session, staff, survey.key, step, answers, now=now)
    assert [f.field for f in refusal.value.faults] == fields
    assert step not in survey.answers


@pytest.mark.parametrize("step", STEPS)
def test_answers_come_out_of_storage_as_they_went_in(step: str) -> None:
    assert questions.read(step, questions.store(ANSWERS[step])) == ANSWERS[step]


def test_a_village_clerk_takes_surveys_of_the_territory_only(session, candidate, now) -> None:
    here = Actor(Role.CLERK, territory=REGION)
    assert hand_in(session, here, candidate, now).readiness == Readiness.READY
    with pytest.raises(NotFound):
        surveys.begin(
            session, Actor(Role.CLERK, territory="/75/"), candidate.key, Way.DESK, now=now
        )


def test_other_centres_and_roles_are_kept_out(session, candidate, now) -> None:
    elsewhere = Actor(Role.STAFF, centre_id=candidate.centre_id + 1)
    with pytest.raises(NotFound):
        surveys.begin(session, elsewhere, candidate.key, Way.DESK, now=now)
    for role in (Role.EMPLOYER, Role.PROSECUTOR, Role.PROBATION, Role.SPECIALIST):
        with pytest.raises(NotAllowed):
            surveys.begin(session, Actor(role), candidate.key, Way.DESK, now=now)
