"""Two inspectors by the buttons of the desk, where the office's dated setting asks for them."""

from datetime import datetime

from quota import references
from quota.centres import BodyKind
from quota.rates import Rate
from quota.rights import SYSTEM, Role
from tests.factories import make_account, make_body
from tests.matching.journey import Journey


def test_the_second_of_two_inspectors_says_the_last_yes(sign_in, fill, now: datetime) -> None:
    with fill() as session:
        path = f"/proposals/{Journey(session, now).proposal.key}"
        day = now.date()
        rate = Rate(code="inspectors_goodwill", valid_from=day, value=2, unit="inspectors")
        rate.act = "№ 1"
        references.set_rate(session, SYSTEM, rate, now=now)
        body = make_body(session, BodyKind.PROBATION)
        accounts = [
            make_account(session, Role.PROBATION, body_id=body.id, locale="en") for _ in range(2)
        ]
    first, second = (sign_in(account) for account in accounts)
    assert first.submit(path, step="approve").status_code == 303
    mine = first.get(path).text
    assert "waits for the second inspector" in mine
    assert 'value="approve"' not in mine
    assert 'value="undo_first"' in mine
    again = first.submit(path, step="approve")
    assert (again.status_code, "not yours again" in again.text) == (403, True)
    assert 'name="key"' not in first.get("/proposals").text
    assert 'name="key"' in second.get("/proposals").text
    assert second.submit(path, step="approve").status_code == 303
    assert "approved by the first inspector" in second.get(path).text
    assert first.submit(path, step="undo_first", note="x").status_code == 409
