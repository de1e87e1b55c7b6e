"""Restrictions in pages: probation enters, ends and reveals; the centre never sees a source."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matching import consents, withdrawals
from matching.candidates import Candidate, Restriction
from matching.consents import Evidence, Form
from matching.identities import Person
from matching.restrictions import RULES
from quota.acts import load_acts
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account, make_candidate, make_centre, make_place
from web.words import word

BASIS = "приговор № 1-77/2025"
GIVEN: dict[str, dict[str, object]] = {
    "home_hours": {"days": list("1234567"), "start": "22:00", "end": "06:00"},
    "reporting": {"days": ["2"], "start": "10:00", "end": "12:00"},
    "treatment": {"days": ["4"], "start": "09:00", "end": "11:00"},
    "barred_places": {"place": "196200000"},
    "banned_professions": {"professions": "53, 2341"},
    "notice_to_leave": {"days_before": "2"},
    "labour_hours": {"hours": "4"},
    "corrective_labour": {"jobless_since": "2026-09-01"},
    "apart": {"case_number": "257500031000044"},
}


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_acts(session)
        make_place(session)
        return make_candidate(session, make_centre(session).id, person=Person("Қуандықова", "Әсел"))


@pytest.fixture
def address(person) -> str:
    return f"/candidates/{person.key}/restrictions"


@pytest.mark.parametrize("rule", RULES)
def test_probation_enters_every_rule(sign_in, address, fill, rule: str) -> None:
    probation = sign_in(Role.PROBATION)
    assert probation.get(f"{address}/{rule}").status_code == 200
    sent = probation.submit(f"{address}/{rule}", legal_basis=BASIS, **GIVEN.get(rule, {}))
    assert sent.status_code == 303, sent.text
    shown = probation.get(address)
    assert BASIS not in shown.text
    assert probation.get(address.removesuffix("/restrictions")).status_code == 200


def test_a_source_opens_on_a_purpose(sign_in, address, fill) -> None:
    probation = sign_in(Role.PROBATION)
    probation.submit(f"{address}/minors", legal_basis=BASIS)
    with fill() as session:
        key = session.scalars(select(Restriction.key)).one()
    silent = probation.submit(address, step="reveal", restriction=key, purpose="")
    assert silent.status_code == 422
    assert BASIS not in silent.text
    opened = probation.submit(address, step="reveal", restriction=key, purpose="жалоба")
    assert BASIS in opened.text
    assert "Labour Code, Art. 26" in opened.text
    with fill() as session:
        entries = session.scalars(select(Entry).where(Entry.verb == "reveal_source")).all()
        assert [entry.reason for entry in entries] == ["жалоба"]


def test_a_restriction_ends_with_a_reason(sign_in, address, fill) -> None:
    probation = sign_in(Role.PROBATION)
    probation.submit(f"{address}/tag")
    with fill() as session:
        key = session.scalars(select(Restriction.key)).one()
    wrong = probation.submit(address, step="end", ended=key, on="2026-11-01", reason="")
    assert wrong.status_code == 422
    done = probation.submit(address, step="end", ended=key, on="2026-11-01", reason="суд")
    assert done.status_code == 303
    assert "not in force" in probation.get(address).text


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("home_hours", {"start": "25:00", "end": "06:00", "days": ["1"]}),
        ("barred_places", {}),
        ("banned_professions", {"professions": "учитель"}),
        ("labour_hours", {"hours": "9"}),
        ("minors", {"starts_on": "2026-11-20", "ends_on": "2026-11-01"}),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(sign_in, address, fill, rule, given) -> None:
    probation = sign_in(Role.PROBATION)
    answer = probation.submit(f"{address}/{rule}", **given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with fill() as session:
        assert session.scalars(select(Restriction)).all() == []


@pytest.mark.parametrize("role", [r for r in ACCOUNT_ROLES if r is not Role.PROBATION])
def test_nobody_but_probation_comes_here(sign_in, fill, person, address, role: Role) -> None:
    given = {"centre_id": person.centre_id} if role is Role.STAFF else {}
    with fill() as session:
        visitor = make_account(session, role, **given)
    visitor = sign_in(visitor)
    for method in (visitor.get, visitor.submit):
        assert method(address).status_code == 403
        assert method(f"{address}/minors").status_code == 403


def test_a_ban_of_a_released_person_is_entered_by_the_whole_number(
    sign_in, fill, person, now, clock
) -> None:
    number = "990101500006"
    with fill() as session:
        mark_demonstration(session)
        named = Person("Сейітов", "Айдос", iin=number)
        freed = make_candidate(session, person.centre_id, person=named, status="released")
        consent = consents.ask_matching(session, SYSTEM, freed.key, now=now)
        consents.give(
            session, SYSTEM, consent.key, Evidence(Form.PAPER, now.date(), "С-1"), now=now
        )
    probation = sign_in(Role.PROBATION)
    assert "Сейітов" not in probation.get("/candidates").text
    for wrong in ("", number[:-1], "990101500708", "990101500708", "990101500708"):
        answer = probation.submit("/candidates/by-number", iin=wrong)
        assert answer.status_code == 422 and "Nobody with this number" in answer.text
    slowed = probation.submit("/candidates/by-number", iin=number)
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "2")
    assert "Too many tries. Wait 2 seconds" in slowed.text
    clock.now += timedelta(seconds=3)
    answer = probation.submit("/candidates/by-number", iin=number)
    assert answer.headers["location"] == f"/candidates/{freed.key}/restrictions"
    shown = probation.get(answer.headers["location"]).text
    assert "Сейітов" in shown and f'"/candidates/{freed.key}"' not in shown
    sent = probation.submit(f"/candidates/{freed.key}/restrictions/minors", legal_basis=BASIS)
    assert sent.status_code == 303
    assert probation.get(f"/candidates/{freed.key}").status_code == 404
    assert sign_in(Role.STAFF).submit("/candidates/by-number", iin=number).status_code == 403
    officer = sign_in(Role.OFFICER)
    assert officer.get("/journal?noun=lookups").text.count("misses: 1") == 5
    assert number not in officer.get("/journal").text

    with fill() as session:
        rule = session.scalars(select(Restriction.key)).one()
        withdrawals.withdraw_consent(session, SYSTEM, consent.key, now=now)
    for key in (freed.key, "nobodysuchkey"):
        address = f"/candidates/{key}/restrictions"
        answers = [
            probation.get(address),
            probation.get(f"{address}/minors"),
            probation.submit(f"{address}/minors", legal_basis=BASIS),
            probation.submit(address, step="reveal", restriction=rule, purpose="жалоба"),
            probation.submit(address, step="end", ended=rule, on="2026-11-01", reason="суд"),
        ]
        assert {answer.status_code for answer in answers} == {404}
        for marker in ("Сейітов", "Айдос", BASIS, number, word("rule", "minors")):
            assert not [answer for answer in answers if marker in answer.text]


def test_unknown_rules_and_other_territories_are_not_found(sign_in, fill, address) -> None:
    from quota.centres import BodyKind
    from tests.factories import make_body

    assert sign_in(Role.PROBATION).get(f"{address}/unheard_of").status_code == 404
    with fill() as session:
        body = make_body(session, BodyKind.PROBATION, territory="/750000000/")
        account = make_account(session, Role.PROBATION, body_id=body.id)
    elsewhere = sign_in(account)
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.submit(f"{address}/minors").status_code == 404
