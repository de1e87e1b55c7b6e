"""The pages from a proposal to a year in work: who sees which, what each button does, in three languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import select

from matching import codes, restrictions
from matching.bans import PairBan
from matching.candidates import Candidate, Person, Restriction
from matching.codes import Purpose
from matching.consents import Consent
from matching.placements import Placement
from matching.reasons import DECLINES, REFUSALS, REJECTIONS
from matching.referrals import Referral
from matching.restrictions import NewRestriction
from matching.rounds import Proposal
from matching.states import CONSENT, PLACEMENT, PROPOSAL, REFERRAL
from quota.acts import load_acts
from quota.centres import BodyKind
from quota.employers import Employer
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from quota.vacancies import Vacancy
from tests.factories import make_account, make_body, make_proposal
from tests.matching.journey import Journey
from web.i18n import day, speaking
from web.letter_layout import TYPES
from web.words import TONES, WORDS

MARKER = "МАРКЕР"
PERSON = Person(family_name=f"{MARKER}ова", given_name="Айгерім", phone=MARKER)


@dataclass
class Stage:
    """A journey on the running application, and a visitor for each of its people."""

    fill: Callable
    sign_in: Callable
    proposal_key: str
    centre_id: int
    employer_id: int

    def __post_init__(self) -> None:
        self.visitors: dict[Role, object] = {}

    def visit(self, role: Role):
        if role not in self.visitors:
            with self.fill() as session:
                home = {}
                if role is Role.STAFF:
                    home = {"centre_id": self.centre_id}
                if role is Role.EMPLOYER:
                    home = {"employer_id": self.employer_id}
                if role is Role.PROBATION:
                    home = {"body_id": make_body(session, BodyKind.PROBATION).id}
                account = make_account(session, role, locale="en", **home)
            self.visitors[role] = self.sign_in(account)
        return self.visitors[role]

    def state(self, table: type) -> str:
        with self.fill() as session:
            return session.scalars(select(table)).one().state

    def key(self, table: type) -> str:
        with self.fill() as session:
            return session.scalars(select(table)).one().key


@pytest.fixture
def stage(fill, sign_in, now: datetime) -> Stage:
    with fill() as session:
        fields = {"person": PERSON, "number": MARKER}
        journey = Journey(session, now, candidate_fields=fields)
        journey.proposal.parts = {"profession": 300, "pay": 200}
        second = {"vacancy": journey.vacancy.key, "course": None, "behind": 20}
        journey.proposal.reasons = [
            {"code": "hours_unknown", "params": {}},
            {"code": "runner_up", "params": second},
        ]
        session.add(
            Restriction(
                candidate_id=journey.candidate.id,
                rule="minors",
                legal_basis=MARKER,
                entered_at=now,
            )
        )
        return Stage(fill, sign_in, journey.proposal.key, journey.centre.id, journey.employer.id)


def walk(stage: Stage, until: str) -> None:
    """The usual way by the pages themselves, up to a step."""
    proposal = f"/proposals/{stage.proposal_key}"
    steps = [
        (Role.PROBATION, lambda: proposal, {"step": "approve"}),
        (
            Role.STAFF,
            lambda: proposal,
            {"step": "give_consent", "paper_number": "С-17", "on": "2026-11-23"},
        ),
        (Role.STAFF, lambda: proposal, {"step": "refer"}),
        (Role.EMPLOYER, lambda: f"/referrals/{stage.key(Referral)}", {"step": "present"}),
        (
            Role.EMPLOYER,
            lambda: f"/referrals/{stage.key(Referral)}",
            {
                "step": "hire",
                "number": "15",
                "signed_on": "2026-11-23",
                "starts_on": "2026-11-23",
                "pay": "180 000",
            },
        ),
    ]
    for role, path, data in steps:
        answer = stage.visit(role).submit(path(), **data)
        assert answer.status_code == 303, answer.text
        if data["step"] == until:
            return


def test_the_whole_way_by_the_buttons_of_the_pages(stage: Stage) -> None:
    walk(stage, "hire")
    assert (stage.state(Proposal), stage.state(Referral)) == ("referred", "hired")
    assert stage.state(Placement) == "started"
    path = f"/placements/{stage.key(Placement)}"
    ended = stage.visit(Role.EMPLOYER).submit(path, step="end", reason="own_wish", on="2026-11-23")
    assert ended.status_code == 303
    assert stage.state(Placement) == "ended"
    back = stage.visit(Role.STAFF).submit(path, step="undo_end", note="по ошибке")
    assert (back.status_code, stage.state(Placement)) == (303, "started")


PAGES = {
    "/proposals": {Role.STAFF, Role.PROBATION},
    "/referrals": {Role.STAFF, Role.PROBATION, Role.EMPLOYER},
    "/placements": {Role.STAFF, Role.PROBATION, Role.EMPLOYER},
    "/desk": {Role.EMPLOYER},
}


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_page_opens_to_its_roles_alone(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    for path, roles in PAGES.items():
        status = visitor.get(path).status_code
        assert status == (200 if role in roles else 403), (role, path)


def test_strangers_are_led_to_the_door(client) -> None:
    for path in PAGES:
        answer = client.get(path, follow_redirects=False)
        assert answer.headers["location"].startswith("/sign-in")


def test_other_centres_employers_and_territories_find_nothing(stage: Stage, sign_in, fill) -> None:
    walk(stage, "hire")
    paths = [
        f"/referrals/{stage.key(Referral)}",
        f"/placements/{stage.key(Placement)}",
        f"/proposals/{stage.proposal_key}",
    ]
    with fill() as session:
        far = make_body(session, BodyKind.PROBATION, territory="/750000000/")
        account = make_account(session, Role.PROBATION, body_id=far.id)
    for visitor in (sign_in(Role.STAFF), sign_in(account)):
        assert [visitor.get(path).status_code for path in paths] == [404] * 3
    stranger = sign_in(Role.EMPLOYER)
    assert [stranger.get(path).status_code for path in paths[:2]] == [404] * 2
    refused = stranger.submit(paths[0], step="undo_hire", note="x")
    assert (refused.status_code, stage.state(Referral)) == (404, "hired")


def test_no_page_of_an_employer_holds_what_it_must_not_see(stage: Stage) -> None:
    walk(stage, "refer")
    boss = stage.visit(Role.EMPLOYER)
    with stage.fill() as session:
        code = session.scalars(select(Referral.answer_code)).one()
    paths = ["/", "/desk", "/referrals", f"/referrals/{stage.key(Referral)}", f"/answer/{code}"]
    walk_on = [boss.get(path) for path in paths]
    assert all(page.status_code == 200 for page in walk_on)
    text = "".join(page.text for page in walk_on)
    assert "Айгерім" in text
    for hidden in (MARKER, "minors", "probation", "offence", "convict"):
        assert hidden not in text, hidden


def test_after_the_consent_is_taken_back_the_employer_reads_nothing(stage: Stage) -> None:
    walk(stage, "refer")
    with stage.fill() as session:
        code = session.scalars(select(Referral.answer_code)).one()
    staff = stage.visit(Role.STAFF)
    staff.submit(f"/proposals/{stage.proposal_key}", step="withdraw_consent")
    page = stage.visit(Role.EMPLOYER).get(f"/referrals/{stage.key(Referral)}")
    assert page.status_code == 200
    assert "Айгерім" not in page.text
    assert stage.visit(Role.EMPLOYER).get(f"/answer/{code}").status_code == 404


def test_the_answer_by_link_needs_no_account_and_only_the_right_code(stage: Stage, client) -> None:
    walk(stage, "refer")
    with stage.fill() as session:
        code = session.scalars(select(Referral.answer_code)).one()
    assert client.get("/answer/nosuchcode").status_code == 404
    assert client.get(f"/answer/{code}").status_code == 200
    empty = client.submit(f"/answer/{code}", step="refuse")
    assert (empty.status_code, stage.state(Referral)) == (422, "issued")
    for forbidden in ("cancel", "decline", "nonsense"):
        answer = client.submit(f"/answer/{code}", step=forbidden, reason="transferred")
        assert answer.status_code in (403, 422), forbidden
    done = client.submit(f"/answer/{code}", step="refuse", reason="qualification")
    assert (done.status_code, stage.state(Referral)) == (303, "refused")


def test_a_no_without_a_reason_stays_on_the_page_with_what_was_typed(stage: Stage) -> None:
    path = f"/proposals/{stage.proposal_key}"
    answer = stage.visit(Role.PROBATION).submit(path, step="reject", note="ерекше сөз")
    assert answer.status_code == 422
    assert "ерекше сөз" in answer.text and "Fill this in." in answer.text
    assert stage.state(Proposal) == "proposed"


def test_the_source_opens_beside_the_decision_on_a_purpose_that_is_written_down(
    stage: Stage, now
) -> None:
    path = f"/proposals/{stage.proposal_key}"
    with stage.fill() as session:
        person = session.scalars(select(Candidate)).one()
        basis = "Әмбебап соты, іс 7-17"
        new = NewRestriction("home_hours", {"start": "22:00", "end": "06:00"}, basis)
        key = restrictions.add_restriction(session, SYSTEM, person.key, new, now=now).key
    inspector = stage.visit(Role.PROBATION)
    shown = inspector.get(path).text
    assert "every day 22:00–06:00" in shown and basis not in shown
    assert "professions asked for" in shown
    refused = inspector.submit(f"{path}/source", restriction=key, purpose="")
    assert refused.status_code == 422 and basis not in refused.text
    opened = inspector.submit(f"{path}/source", restriction=key, purpose="before a decision")
    assert opened.status_code == 200
    assert basis in opened.text and 'value="approve"' in opened.text
    assert basis not in inspector.get(path).text
    with stage.fill() as session:
        told = select(Entry.reason).where(Entry.verb == "reveal_source")
        assert session.scalars(told).all() == ["before a decision"]
    for role in (Role.STAFF, Role.PROSECUTOR, Role.EMPLOYER):
        answer = stage.visit(role).submit(f"{path}/source", restriction=key, purpose="curious")
        assert answer.status_code == 403 and basis not in answer.text


def test_a_rejected_pair_says_until_when_it_is_not_proposed(stage: Stage) -> None:
    path = f"/proposals/{stage.proposal_key}"
    inspector = stage.visit(Role.PROBATION)
    assert "Not proposed again before" not in inspector.get(path).text
    inspector.submit(path, step="reject", reason="too_far")
    with stage.fill() as session:
        ends_on = session.scalars(select(PairBan.ends_on)).one()
    shown = re.sub("<[^>]+>|\\s+", " ", inspector.get(path).text)
    with speaking("en"):
        assert re.search(f"Not proposed again before +{day(ends_on)}", shown)


def test_words_for_the_person_and_for_the_centre_reach_each_their_own(
    stage: Stage, sign_in, client, now
) -> None:
    path = f"/proposals/{stage.proposal_key}"
    said = {"note": "тек орталыққа", "note_for_person": "жол тым алыс"}
    stage.visit(Role.PROBATION).submit(
        "/proposals", step="reject", reason="too_far", key=stage.proposal_key, **said
    )
    assert stage.state(Proposal) == "rejected"
    told = stage.visit(Role.STAFF).get(path).text
    assert said["note"] in told and said["note_for_person"] in told
    with stage.fill() as session:
        person = session.scalars(select(Candidate)).one()
        code = codes.issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text
    own = client.get(f"/me/{code}").text
    assert said["note_for_person"] in own and said["note"] not in own


def test_several_at_once_say_what_each_row_came_to(stage: Stage) -> None:
    inspector = stage.visit(Role.PROBATION)
    nothing = inspector.submit("/proposals", step="approve")
    assert nothing.status_code == 422
    answer = inspector.submit("/proposals", step="approve", key=stage.proposal_key)
    assert answer.status_code == 200
    assert f"{MARKER}ова Айгерім: done" in answer.text
    assert stage.state(Proposal) == "approved"


def test_a_step_the_state_forbids_is_refused(stage: Stage) -> None:
    path = f"/proposals/{stage.proposal_key}"
    for role, step, status in (
        (Role.STAFF, "approve", 403),
        (Role.STAFF, "refer", 409),
        (Role.PROBATION, "refer", 403),
        (Role.PROBATION, "nonsense", 422),
    ):
        answer = stage.visit(role).submit(path, step=step)
        assert answer.status_code == status, (role, step)
    assert stage.state(Proposal) == "proposed"


def test_a_filtered_list_equals_the_reloaded_one(stage: Stage) -> None:
    walk(stage, "refer")
    boss = stage.visit(Role.EMPLOYER)
    for path in ("/referrals?state=live", "/referrals?state=ended", "/placements?state=in_work"):
        part = boss.swap(path).text.strip()
        assert part and part in boss.get(path).text
    for path in ("/proposals?state=waiting", "/proposals?state=approved"):
        part = stage.visit(Role.STAFF).swap(path).text.strip()
        assert part and part in stage.visit(Role.STAFF).get(path).text


def test_today_shows_what_waits_for_whom(stage: Stage) -> None:
    assert "proposal to review" in stage.visit(Role.PROBATION).get("/").text
    walk(stage, "refer")
    assert "person to answer about" in stage.visit(Role.EMPLOYER).get("/").text
    assert "referral without an answer yet" in stage.visit(Role.STAFF).get("/").text


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
def test_every_page_speaks_three_languages(stage: Stage, locale: str) -> None:
    walk(stage, "hire")
    visits = [
        (Role.PROBATION, f"/proposals/{stage.proposal_key}"),
        (Role.STAFF, f"/proposals/{stage.proposal_key}"),
        (Role.STAFF, "/proposals?state=approved"),
        (Role.STAFF, f"/referrals/{stage.key(Referral)}"),
        (Role.EMPLOYER, "/desk"),
        (Role.EMPLOYER, f"/placements/{stage.key(Placement)}"),
    ]
    for role, path in visits:
        visitor = stage.visit(role)
        visitor.submit("/language", locale=locale, back="/")
        page: httpx.Response = visitor.get(path)
        assert page.status_code == 200
        assert f'<html lang="{locale}">' in page.text


def test_every_state_and_reason_has_its_word() -> None:
    workflows = SimpleNamespace(
        proposal=PROPOSAL, consent=CONSENT, referral=REFERRAL, placement=PLACEMENT
    )
    for kind, workflow in vars(workflows).items():
        assert set(workflow.states) == set(WORDS[kind]) == set(TONES[kind])
    for kind, table in (("rejection", REJECTIONS), ("refusal", REFUSALS), ("decline", DECLINES)):
        assert set(table) == set(WORDS[kind])


@pytest.mark.parametrize("form", TYPES)
def test_staff_download_the_letter_and_nobody_else(stage: Stage, form: str) -> None:
    walk(stage, "refer")
    path = f"/referrals/{stage.key(Referral)}/letter.{form}"
    answer = stage.visit(Role.STAFF).get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(TYPES[form])
    assert f"referral-1.{form}" in answer.headers["content-disposition"]
    odt = f"/referrals/{stage.key(Referral)}/letter.odt"
    assert stage.visit(Role.STAFF).get(odt).status_code == 404
    for role in (Role.EMPLOYER, Role.PROBATION):
        assert stage.visit(role).get(path).status_code == 403
        page = stage.visit(role).get(f"/referrals/{stage.key(Referral)}").text
        assert "letter.pdf" not in page
    assert "letter.pdf" in stage.visit(Role.STAFF).get(f"/referrals/{stage.key(Referral)}").text


def test_probation_s_today_tells_a_hire_with_its_act_and_nobody_else_s(stage: Stage) -> None:
    with stage.fill() as session:
        load_acts(session)
        restriction = session.scalars(select(Restriction)).one()
        restriction.rule = "forced_labour"
    walk(stage, "hire")
    today = stage.visit(Role.PROBATION).get("/").text
    assert "Work began: exempt from forced labour" in today
    assert "Criminal Code, Art. 44(1)" in today and "to be checked" in today
    for role in (Role.STAFF, Role.EMPLOYER):
        assert "forced labour" not in stage.visit(role).get("/").text
    path = f"/placements/{stage.key(Placement)}"
    told = stage.visit(Role.EMPLOYER).submit(path, step="report_absence")
    assert told.status_code == 303
    page = stage.visit(Role.EMPLOYER).get(path).text
    assert "labour" not in page.replace("Labour mobility", "")


def test_staff_decide_on_repeated_refusals_on_a_page_of_their_own(stage: Stage) -> None:
    with stage.fill() as session:
        candidate = session.scalars(select(Candidate)).one()
        centre = candidate.centre_id
        vacancy = session.scalars(select(Vacancy)).one()
        for _ in range(2):
            proposal = make_proposal(session, candidate, vacancy, now=candidate.created_at)
            session.add(_decline(session, proposal, centre))
    staff = stage.visit(Role.STAFF)
    assert "/refusals" in staff.get("/").text
    page = staff.get("/refusals").text
    assert "not interested" in page and "Айгерім" in page
    refused = staff.submit("/refusals", key=candidate.key, note="")
    assert refused.status_code == 422 and "Decision" in refused.text
    assert staff.submit("/refusals", key=candidate.key, note="Келістік").status_code == 303
    assert "Айгерім" not in staff.get("/refusals").text
    assert stage.visit(Role.PROBATION).get("/refusals").status_code == 403


def _decline(session, proposal: Proposal, centre: int) -> Referral:
    consent = Consent(candidate_id=proposal.candidate_id, scope="disclosure", state="given")
    consent.asked_at = proposal.proposed_at
    session.add(consent)
    session.flush()
    vacancy = session.get_one(Vacancy, proposal.vacancy_id)
    return Referral(
        number=proposal.id,
        proposal_id=proposal.id,
        consent_id=consent.id,
        candidate_id=proposal.candidate_id,
        vacancy_id=vacancy.id,
        employer_id=vacancy.employer_id,
        slot_id=proposal.slot_id,
        centre_id=centre,
        territory="/190000000/",
        state="declined",
        reason="not_interested",
        counted=True,
        issued_at=proposal.proposed_at,
        come_by=proposal.proposed_at.date(),
        answer_by=proposal.proposed_at.date(),
    )


def test_an_employer_sees_how_it_answers_beside_the_mean(stage: Stage) -> None:
    walk(stage, "hire")
    desk = stage.visit(Role.EMPLOYER).get("/desk").text
    assert "Share of answers" in desk and "few cases" in desk
    with stage.fill() as session:
        key = session.get_one(Employer, stage.employer_id).key
    assert "Share of answers" in stage.visit(Role.STAFF).get(f"/employers/{key}").text


def test_a_consent_is_undone_by_asking_again(stage: Stage) -> None:
    staff, path = stage.visit(Role.STAFF), f"/proposals/{stage.proposal_key}"
    walk(stage, "give_consent")
    assert "undo_consent" in staff.get(path).text
    assert staff.submit(path, step="undo_consent", note=" ").status_code == 422
    for _ in range(2):
        assert staff.submit(path, step="undo_consent", note="wrong paper").status_code == 303
        assert (stage.state(Consent), stage.state(Proposal)) == ("asked", "approved")
        assert 'value="undo_consent"' not in staff.get(path).text
        assert staff.submit(path, step="refuse_consent").status_code == 303
        assert (stage.state(Consent), stage.state(Proposal)) == ("refused", "withdrawn")


def test_both_sides_answer_whether_the_person_still_works(stage: Stage, client, clock) -> None:
    walk(stage, "hire")
    path = f"/placements/{stage.key(Placement)}"
    clock.now += timedelta(days=40)
    with stage.fill() as session:
        person = session.scalars(select(Candidate.key)).first()
        code = codes.issue_code(session, SYSTEM, person, Purpose.PAGE, now=clock.now).text
    own = client.get(f"/me/{code}").text
    job = {"job": stage.key(Placement)}
    assert "Do you still work there?" in own
    assert client.submit(f"/me/{code}", step="still", **job).status_code == 303
    assert "Do you still work there?" not in client.get(f"/me/{code}").text
    assert client.submit(f"/me/{code}", step="left", **job).status_code == 303
    staff = stage.sign_in(stage.visitors[Role.STAFF].account)
    assert f'href="{path}"' in staff.get("/").text
    shown = staff.get(path).text
    assert "The person says" in shown and 'name="side"' in shown
    assert staff.submit(path, step="keep", side="employer").status_code == 303
