"""Privacy: found by tokens, reported, blocked, erased; what was counted stays true."""

import json
from dataclasses import asdict, replace
from datetime import date

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from matching import access, caseload, consents, placements, privacy, tasks
from matching.candidates import (
    Candidate,
    Readiness,
    Restriction,
    Status,
    change_candidate,
    set_person,
)
from matching.caseload import Filter
from matching.codes import Purpose, enter, issue_code, revoke_codes
from matching.consents import Consent, Evidence, Form
from matching.engine.runs import replay_round_run, verify_round_run
from matching.identities import (
    Identity,
    NameToken,
    Person,
    fold,
    list_shown,
    name_parts,
    open_names,
    open_person,
)
from matching.privacy import Kind
from matching.resealing import rebuild_tokens, reseal
from matching.restrictions import NewRestriction, add_restriction
from matching.rounds import Round
from quota.attachments import Upload, list_attachments
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.evidence import Kind as PaperKind
from quota.evidence import Paper, read_content, send_evidence
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.sealing import Keyring
from tests.factories import REGION, make_candidate, make_centre
from tests.matching.journey import Journey
from tests.matching.scene import make_scene, solve_round

IIN = "990101500006"
PERSON = Person("Мұхаммедәлиева", "Гүлжан", "Әбдіқызы", IIN, "+7 700 000 00 01")
OFFICER = Actor(Role.OFFICER)


@pytest.fixture
def candidate(session: Session) -> Candidate:
    mark_demonstration(session)
    return make_candidate(session, make_centre(session).id, person=PERSON, number="АО-0001")


@pytest.fixture
def staff(candidate: Candidate) -> Actor:
    return Actor(Role.STAFF, centre_id=candidate.centre_id, territory=REGION)


def found(session: Session, actor: Actor, query: str) -> list[str]:
    return [row.key for row in caseload.search(session, actor, query)]


@pytest.mark.parametrize(
    "query",
    ["Мұхаммедәлиева", "мухаммедалиева", "гүлжан", "ГУЛ", "мұх гүл", "әбдіқызы", IIN, "АО-0001"],
)
def test_a_person_is_found(session, candidate, staff, query: str) -> None:
    assert found(session, staff, query) == [candidate.key]


@pytest.mark.parametrize(
    "query", ["хаммед", "гүлжанар", "мұх бек", "990101500708", "АО-000", "ауа"]
)
def test_nobody_else_is(session, candidate, staff, query: str) -> None:
    assert found(session, staff, query) == []


def test_a_search_ends_at_the_reach(session, candidate) -> None:
    assert found(session, Actor(Role.STAFF, centre_id=999), "гүлжан") == []
    assert found(session, Actor(Role.PROBATION, territory="/75/"), "гүлжан") == []
    assert found(session, Actor(Role.PROBATION, territory=REGION), "гүлжан") == [candidate.key]
    with pytest.raises(NotAllowed):
        found(session, Actor(Role.EMPLOYER, employer_id=1), "гүлжан")
    with pytest.raises(Invalid):
        found(session, SYSTEM, "м")


def test_a_corrected_name_is_found_and_the_old_one_is_not(session, candidate, staff, now) -> None:
    set_person(session, staff, candidate.key, replace(PERSON, given_name="Айжан"), now=now)
    assert found(session, staff, "гүлжан") == []
    assert found(session, staff, "айжан") == [candidate.key]


NAMES = st.text(st.sampled_from("аәбвгғдеёжқңөұүһі-' "), min_size=1, max_size=20)


@given(NAMES, st.data())
def test_any_word_or_its_first_letters_lead_to_a_name(name: str, data: st.DataObject) -> None:
    parts = name_parts(name)
    for word in fold(name).split():
        letters = data.draw(st.integers(3, 8))
        assert word in parts
        assert len(word) < letters or word[:letters] in parts


def test_nothing_readable_lies_in_the_database(session, candidate, now) -> None:
    session.flush()
    for table in ("identities", "name_tokens", "candidates"):
        stored = str(session.execute(text(f"SELECT * FROM {table}")).all())
        for secret in (*asdict(PERSON).values(), "мұхаммедәлиева", "мухаммед"):
            assert str(secret) not in stored


def test_the_report_tells_everything_and_who_looked(session, candidate, staff, now) -> None:
    report = access.report_on(session, OFFICER, candidate.key, now=now)
    assert report.person == asdict(PERSON)
    assert report.record["number"] == "АО-0001"
    assert [look.verb for look in report.looks] == ["add", "report"]
    own = Actor(Role.CANDIDATE, candidate_id=candidate.id)
    assert access.report_on(session, own, candidate.key, now=now).person == asdict(PERSON)
    other = Actor(Role.CANDIDATE, candidate_id=candidate.id + 1)
    with pytest.raises(NotFound):
        access.report_on(session, other, candidate.key, now=now)
    with pytest.raises(NotAllowed):
        access.report_on(session, Actor(Role.PROBATION), candidate.key, now=now)


def test_a_request_has_its_term(session, candidate, now) -> None:
    asked = privacy.enter_request(
        session, OFFICER, candidate.key, Kind.ACCESS, asked_on=date(2026, 11, 23), now=now
    )
    assert asked.due_on == date(2026, 11, 26)
    with pytest.raises(Invalid):
        privacy.enter_request(
            session, OFFICER, candidate.key, Kind.ACCESS, asked_on=date(2026, 11, 24), now=now
        )


def test_a_blocked_record_takes_no_changes(session, candidate, staff, now) -> None:
    privacy.block(session, staff, candidate.key, reason="өтініш", now=now)
    for refused in (
        lambda: tasks.add_note(session, staff, candidate.key, "x", now=now),
        lambda: issue_code(session, staff, candidate.key, Purpose.PAGE, now=now),
        lambda: privacy.block(session, staff, candidate.key, reason="тағы", now=now),
    ):
        with pytest.raises(WrongState, match="blocked"):
            refused()
    privacy.unblock(session, staff, candidate.key, reason="шешілді", now=now)
    tasks.add_note(session, staff, candidate.key, "x", now=now)
    with pytest.raises(WrongState):
        privacy.unblock(session, staff, candidate.key, reason="тағы", now=now)


def test_erasing_destroys_the_person_and_leaves_what_was_counted(session, now) -> None:
    journey = Journey(session, now)
    journey.issue()
    key = journey.candidate.key
    asked = consents.ask_matching(session, journey.staff, key, now=now)
    evidence = Evidence(Form.PAPER, now.date(), "С-1")
    consents.give(session, journey.staff, asked.key, evidence, now=now)
    tasks.add_note(session, journey.staff, key, "звонила сестра Жанна", now=now)
    before = session.scalar(select(func.count()).select_from(Entry))
    privacy.erase(session, OFFICER, key, reason="өтініш № 4", now=now)
    assert open_person(session, journey.candidate.id) is None
    assert session.scalars(select(NameToken)).all() == []
    assert session.scalars(text("SELECT text FROM notes")).all() == [""]
    assert journey.candidate.readiness == Readiness.OUT_OF_SCOPE
    assert {c.state for c in session.scalars(select(Consent))} == {"withdrawn"}
    assert journey.slot.state == "open"
    assert session.scalar(select(func.count()).select_from(Entry)) > before
    assert found(session, journey.staff, "айгерім") == []
    assert caseload.browse(session, journey.staff, Filter(), now=now) == []
    with pytest.raises(WrongState, match="erased"):
        privacy.erase(session, OFFICER, key, reason="тағы", now=now)


def test_papers_about_an_erased_person_are_out_of_reach(session, now, tmp_path) -> None:
    journey = Journey(session, now)
    placement = journey.hire()
    contract = Paper(
        PaperKind.CONTRACT,
        journey.today,
        Upload("", b"%PDF-"),
        "about her",
        about_key=placement.key,
    )
    sent = send_evidence(
        session, journey.boss, journey.employer, contract, folder=tmp_path, now=now
    )
    placements.end(session, journey.boss, placement.key, ("own_wish", journey.today), now=now)
    privacy.erase(session, OFFICER, journey.candidate.key, reason="өтініш", now=now)
    session.expire_all()
    assert sent.note == "" and list_attachments(session, sent) == []
    with pytest.raises(NotFound):
        read_content(session, journey.boss, sent.key, folder=tmp_path, now=now)


def test_somebody_at_work_is_not_erased(session, now) -> None:
    journey = Journey(session, now)
    journey.hire()
    with pytest.raises(WrongState, match="still_employed"):
        privacy.erase(session, OFFICER, journey.candidate.key, reason="өтініш", now=now)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICER, Role.SYSTEM)])
def test_only_the_officer_erases(session, candidate, now, role: Role) -> None:
    actor = Actor(role, centre_id=candidate.centre_id, candidate_id=candidate.id, territory=REGION)
    with pytest.raises(NotAllowed):
        privacy.erase(session, actor, candidate.key, reason="x", now=now)


def test_retention_ends_on_its_day(session, candidate, now) -> None:
    candidate.retain_until = date(2026, 11, 22)
    assert privacy.list_expired(session, OFFICER, now=now) == [candidate.key]
    candidate.retain_until = date(2026, 11, 23)
    assert privacy.list_expired(session, OFFICER, now=now) == []


@pytest.mark.parametrize(
    ("off", "last"),
    [(date(2026, 11, 23), date(2031, 11, 23)), (date(2024, 2, 29), date(2029, 3, 1))],
)
def test_who_left_the_register_is_kept_for_the_whole_term(
    session, candidate, staff, now, off, last
) -> None:
    load_rates(session)
    fields = {"status": Status.OFF_REGISTER, "status_since": off}
    change_candidate(session, staff, candidate.key, fields, now=now)
    assert candidate.retain_until == last
    change_candidate(session, staff, candidate.key, {"status": Status.RELEASED}, now=now)
    assert candidate.retain_until is None


def test_the_timer_erases_whose_term_is_over_once(session, candidate, now) -> None:
    journey = Journey(session, now)
    journey.hire()
    other = make_candidate(session, candidate.centre_id)
    for expired in (candidate, journey.candidate):
        expired.retain_until = date(2026, 11, 22)
    other.retain_until = date(2026, 11, 23)
    assert privacy.erase_expired(session, SYSTEM, now=now) == 1
    assert candidate.erased_at == now and other.erased_at is None
    assert journey.candidate.erased_at is None, "somebody at work stays"
    assert privacy.erase_expired(session, SYSTEM, now=now) == 0
    with pytest.raises(NotAllowed):
        privacy.erase_expired(session, Actor(Role.STAFF), now=now)


def test_rounds_of_an_erased_person_come_again_byte_for_byte(session, now) -> None:
    scene = make_scene(session)
    solved = solve_round(session, scene, now)
    before, totals = str(solved.run), dict(solved.summary)
    privacy.erase(session, OFFICER, scene.first.key, reason="өтініш № 5", now=now)
    session.expire_all()
    again = session.get_one(Round, solved.id)
    assert (again.run, again.summary) == (before, totals)
    assert verify_round_run(json.loads(before)).failures == ()
    assert replay_round_run(json.loads(before)) == []


def test_data_moves_under_a_new_key_and_the_old_one_opens_nothing(
    session, candidate, staff, now
) -> None:
    old = session.info["keyring"]
    tasks.add_note(session, staff, candidate.key, "жазба", now=now)
    new = Fernet.generate_key()
    session.info["keyring"] = Keyring((new, *old.seal_keys), old.index_key)
    assert reseal(session) == 6
    session.info["keyring"] = Keyring((new,), old.index_key)
    assert open_person(session, candidate.id) == PERSON
    assert [n.text for n in tasks.list_notes(session, staff, candidate)] == ["жазба"]
    session.info["keyring"] = old
    with pytest.raises(InvalidToken):
        open_person(session, candidate.id)


def test_a_new_index_key_finds_people_and_ends_codes(session, candidate, staff, now) -> None:
    code = issue_code(session, staff, candidate.key, Purpose.PAGE, now=now).text
    before = session.scalars(select(Identity.iin_token)).one()
    ring = Keyring(session.info["keyring"].seal_keys, b"n" * 32)
    assert rebuild_tokens(session, ring, now=now) == 1
    session.info["keyring"] = ring
    session.expire_all()
    assert session.scalars(select(Identity.iin_token)).one() != before
    assert found(session, staff, "гүлжан") == found(session, staff, IIN) == [candidate.key]
    with pytest.raises(NotFound):
        enter(session, code, now=now)


def test_a_new_index_key_keeps_a_case_together(session, candidate, now) -> None:
    def enter_case(number: str) -> Restriction:
        person = make_candidate(session, candidate.centre_id)
        new = NewRestriction("apart", {"case_number": number})
        return add_restriction(session, SYSTEM, person.key, new, now=now)

    first, second = enter_case("1-77/2025"), enter_case("2-11/2026")
    before = first.params
    ring = Keyring(session.info["keyring"].seal_keys, b"n" * 32)
    rebuild_tokens(session, ring, now=now)
    session.info["keyring"] = ring
    assert before != first.params == enter_case("1-77/2025").params != second.params


def test_a_code_ends_when_it_is_replaced_revoked_or_old(session, candidate, staff, now) -> None:
    first = issue_code(session, staff, candidate.key, Purpose.PAGE, now=now)
    second = issue_code(session, staff, candidate.key, Purpose.PAGE, now=now)
    with pytest.raises(NotFound):
        enter(session, first.text, now=now)
    assert enter(session, second.text, now=now)[1] == candidate
    with pytest.raises(NotFound):
        enter(session, second.text, now=second.expires_at)
    revoke_codes(session, staff, candidate.key, Purpose.PAGE, now=now)
    with pytest.raises(NotFound):
        enter(session, second.text, now=now)
    with pytest.raises(WrongState):
        revoke_codes(session, staff, candidate.key, Purpose.PAGE, now=now)
    assert first.text not in str(session.execute(text("SELECT * FROM personal_codes")).all())


def test_lists_open_names_and_leave_numbers_sealed(session, candidate) -> None:
    spoilt = update(Identity).where(Identity.candidate_id == candidate.id)
    session.execute(spoilt.values(iin="no seal", phone="no seal"))
    assert open_names(session, [candidate.id, 0]) == {candidate.id: PERSON.full_name}
    assert list_shown(session) == {candidate.id}
