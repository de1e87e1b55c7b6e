"""Repeat offences: totals typed in by the prosecutor alone, small numbers hidden from others."""

import pytest
from sqlalchemy import select

from quota.centres import BodyKind
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account, make_body

PAGE = "/reports/offences"
MONTH = {
    "month": "2026-10",
    "in_work": "830",
    "without_work": "1670",
    "offences_in_work": "2",
    "offences_without_work": "41",
}
READERS = (Role.STAFF, Role.PROBATION, Role.PROSECUTOR)


@pytest.fixture
def prosecutor(sign_in):
    return sign_in(Role.PROSECUTOR)


def test_a_month_is_typed_in_shown_and_replaced_with_its_trace(prosecutor, fill) -> None:
    assert "No month is typed in yet" in prosecutor.get(PAGE).text
    assert prosecutor.submit(PAGE, **MONTH).status_code == 303
    text = prosecutor.get(PAGE).text
    assert "October 2026" in text and "24 per 1,000" in text
    assert prosecutor.submit(PAGE, **(MONTH | {"offences_in_work": "7"})).status_code == 303
    assert prosecutor.get(PAGE).text.count("October 2026</th>") == 1
    with fill() as session:
        kept = session.scalars(select(Entry).where(Entry.noun == "offence_totals")).all()
        assert [(one.verb, one.detail["offences_in_work"]) for one in kept] == [
            ("add", 2),
            ("change", 7),
        ]


def test_small_numbers_are_the_prosecutor_s_alone(prosecutor, sign_in) -> None:
    prosecutor.submit(PAGE, **MONTH)
    reader = sign_in(Role.PROBATION)
    assert "not shown" in reader.get(PAGE).text
    assert b";2;" not in reader.get(f"{PAGE}/csv").content
    assert b";2;" in prosecutor.get(f"{PAGE}/csv").content
    assert prosecutor.get(f"{PAGE}/xlsx").status_code == 200
    assert prosecutor.get(f"{PAGE}/pdf").status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"month": ""}, "month"),
        ({"month": "2026-13"}, "month"),
        ({"month": "2027-01"}, "month"),
        ({"in_work": "-1", "offences_in_work": "0"}, "in_work"),
        ({"offences_in_work": "831"}, "offences_in_work"),
        ({"without_work": "a lot"}, "without_work"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(prosecutor, changed, field) -> None:
    answer = prosecutor.submit(PAGE, **(MONTH | changed))
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "No month is typed in yet" in prosecutor.get(PAGE).text


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_readers_read_and_one_role_types(role: Role, sign_in) -> None:
    visitor = sign_in(role)
    for path in (PAGE, f"{PAGE}/csv"):
        assert visitor.get(path).status_code == (200 if role in READERS else 403)
    expected = 303 if role is Role.PROSECUTOR else 403
    assert visitor.submit(PAGE, **MONTH).status_code == expected


def test_another_territory_s_totals_are_not_shown(prosecutor, sign_in, fill) -> None:
    prosecutor.submit(PAGE, **MONTH)
    with fill() as session:
        body = make_body(session, BodyKind.PROSECUTOR, territory="/750000000/")
        far = make_account(session, Role.PROSECUTOR, body_id=body.id, locale="en")
    assert "No month is typed in yet" in sign_in(far).get(PAGE).text
