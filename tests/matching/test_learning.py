"""Learning an alias: shown first, confirmed by a second person; what somebody confirmed stays."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import learning
from matching.choices import Choice, list_choices, set_choices
from quota import aliases
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from quota.terms import gist_of, gists_of
from tests.factories import (
    make_account,
    make_candidate,
    make_centre,
    make_employer,
    make_vacancy,
)

WORD = "шабашник"


class Office:
    """A centre with two members of staff, and open and confirmed records that speak of a шабашник."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.centre = make_centre(session)
        self.first, self.second = (self._member(session) for _ in range(2))
        employer = make_employer(session, centre_id=self.centre.id)
        self.waiting = make_vacancy(session, employer, title=WORD, isco08=None, state="draft")
        self.decided = make_vacancy(session, employer, title=WORD, isco08="7212")
        self.person = make_candidate(session, self.centre.id, retraining_title="shabashnik")
        wishes = [Choice(title="Требуются шабашники!"), Choice(title="Шабашник", isco08="7111")]
        set_choices(session, SYSTEM, self.person, wishes, now=now)

    def _member(self, session: Session) -> Actor:
        account = make_account(session, Role.STAFF, centre_id=self.centre.id)
        return Actor(Role.STAFF, account_id=account.id, centre_id=self.centre.id)


@pytest.fixture
def office(any_session: Session, now: datetime) -> Office:
    return Office(any_session, now)


def propose(session: Session, office: Office, now: datetime, title: str = WORD) -> aliases.Alias:
    centre = {"centre_id": office.centre.id, "now": now}
    return aliases.propose(session, office.first, title, "9313", **centre)


def see(session: Session, office: Office, title: str = WORD) -> tuple[learning.Open, ...]:
    found = learning.find_open(session, office.second, [title], centre_id=office.centre.id)
    return found[title]


def test_open_records_are_shown_and_changed_by_a_second_person(
    any_session: Session, office: Office, now: datetime
) -> None:
    session = any_session
    alias = propose(session, office, now)
    records = see(session, office)
    assert [(r.kind, r.title) for r in records] == [
        ("vacancy", WORD),
        ("choice", "Требуются шабашники!"),
        ("retraining", "shabashnik"),
    ]
    assert office.waiting.isco08 is None
    mark = learning.mark_of(records)
    assert learning.confirm(session, office.second, alias.key, seen=mark, now=now) == records
    session.expire_all()
    assert alias.state == "learned"
    assert (office.waiting.isco08, office.person.retraining_isco08) == ("9313", "9313")
    # Confirmed records keep what a person said.
    assert office.decided.isco08 == "7212"
    assert [choice.isco08 for choice in list_choices(session, office.person)] == ["9313", "7111"]
    told = session.execute(
        select(Entry.noun, Entry.account_id, Entry.detail).where(Entry.verb == "learn_profession")
    ).all()
    assert [noun for noun, _, _ in told] == ["vacancies", "candidates", "candidates"]
    assert {by for _, by, _ in told} == {office.second.account_id}
    assert all(detail["alias"] == alias.key for _, _, detail in told)


def test_who_proposed_cannot_confirm(session: Session, now: datetime) -> None:
    office = Office(session, now)
    alias = propose(session, office, now)
    mark = learning.mark_of(see(session, office))
    for actor in (office.first, SYSTEM):
        with pytest.raises(NotAllowed, match="second_person_learns"):
            learning.confirm(session, actor, alias.key, seen=mark, now=now)
    assert (alias.state, office.waiting.isco08) == ("proposed", None)


def test_other_records_than_those_seen_are_not_changed(session: Session, now: datetime) -> None:
    office = Office(session, now)
    alias = propose(session, office, now)
    mark = learning.mark_of(see(session, office))
    office.waiting.isco08 = "7212"
    session.flush()
    with pytest.raises(WrongState, match="changed_meanwhile"):
        learning.confirm(session, office.second, alias.key, seen=mark, now=now)
    assert (alias.state, office.person.retraining_isco08) == ("proposed", None)


def test_what_a_centre_learned_is_read_by_it_alone_until_forgotten(
    session: Session, now: datetime
) -> None:
    office = Office(session, now)
    alias = propose(session, office, now)
    mark = learning.mark_of(see(session, office))
    learning.confirm(session, office.second, alias.key, seen=mark, now=now)
    best = aliases.classifier_of(session, office.centre.id).resolve("шабашники керек").hits[0]
    assert (best.isco08, best.term) == ("9313", WORD)
    elsewhere = aliases.classifier_of(session, make_centre(session).id)
    assert elsewhere is aliases.classifier_of(session, None)
    aliases.forget(session, office.first, alias.key, now=now)
    assert aliases.classifier_of(session, office.centre.id) is elsewhere
    assert office.waiting.isco08 == "9313"
    with pytest.raises(WrongState):
        aliases.forget(session, office.first, alias.key, now=now)


def test_a_learned_alias_goes_before_the_package(session: Session, now: datetime) -> None:
    office = Office(session, now)
    alias = propose(session, office, now, "сварщик")
    learning.confirm(
        session,
        office.second,
        alias.key,
        seen=learning.mark_of(see(session, office, "сварщик")),
        now=now,
    )
    found = aliases.classifier_of(session, office.centre.id).resolve("Сварщик")
    assert (found.hits[0].isco08, found.sure) == ("9313", True)


@pytest.mark.parametrize(
    ("title", "isco08", "code"),
    [
        ("", "9313", "names_no_single_job"),
        ("сварщик / токарь", "7212", "names_no_single_job"),
        ("срочно 200 000 тг", "7212", "names_no_single_job"),
        ("шабашник", "9999", "unknown_choice"),
        ("ш" * 201, "9313", "too_long"),
        ("шабаш\x00ник", "9313", "unreadable"),
    ],
)
def test_what_cannot_be_learned_is_refused(
    session: Session, now: datetime, title: str, isco08: str, code: str
) -> None:
    office = Office(session, now)
    with pytest.raises(Invalid) as refused:
        aliases.propose(session, office.first, title, isco08, centre_id=office.centre.id, now=now)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_one_alias_for_a_title_at_a_time(session: Session, now: datetime) -> None:
    office = Office(session, now)
    alias = propose(session, office, now)
    with pytest.raises(Invalid):
        propose(session, office, now, "Шабашники")
    assert aliases.list_aliases(session, office.first) == [alias]
    aliases.decline(session, office.first, alias.key, now=now)
    assert aliases.list_aliases(session, office.first) == []
    assert propose(session, office, now).state == "proposed"


def test_another_centre_sees_and_changes_nothing(session: Session, now: datetime) -> None:
    office, other = Office(session, now), Office(session, now)
    alias = propose(session, office, now)
    assert aliases.list_aliases(session, other.first) == []
    with pytest.raises(NotFound):
        learning.find_open(session, other.first, [WORD], centre_id=office.centre.id)
    for verb in (aliases.decline, aliases.forget):
        with pytest.raises(NotFound):
            verb(session, other.first, alias.key, now=now)
    keys = {record.key for record in see(session, office)}
    assert keys == {office.waiting.key, office.person.key}


def test_closed_records_stay_untouched(session: Session, now: datetime) -> None:
    office = Office(session, now)
    office.waiting.state = "withdrawn"
    office.person.blocked_at = now
    session.flush()
    assert see(session, office) == ()


WRAPPINGS = st.sampled_from(
    ["{}", "Требуется {}", "{} (срочно)", "{}, з/п 200 000 тг", "СРОЧНО {}!"]
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["доярка", "тігінші", "слесарь-сантехник", "cook"]), WRAPPINGS)
def test_noise_does_not_change_what_a_title_says(title: str, wrapping: str) -> None:
    assert gist_of(wrapping.format(title)) == gist_of(title)
    assert gist_of(wrapping.format(title).upper()) == gist_of(title)


def test_a_gist_is_one_for_all_ways_to_type() -> None:
    for typed in ("тигинши", "tiginshi", "n3u3yi3", "Тігінші"):
        assert gist_of("тігінші") in gists_of(typed)
    assert gist_of("водитель") not in gists_of("водитель на такси")
    assert gists_of("???") == []
