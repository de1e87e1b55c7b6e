"""Real acts entered by hand: what an act says is kept, and what it leaves out stays open."""

from sqlalchemy import update

from quota.decrees import Decree
from quota.rights import Role
from tests.acts import ROWS, expect, tell
from tests.visits import Visitor


def test_every_row_of_real_acts_is_entered_on_the_page_without_loss(sign_in, fill) -> None:
    staff: Visitor = sign_in(Role.STAFF)
    pages: dict[str, str] = {}
    for row in ROWS:
        told = expect(row)
        act, rule = ({n: v for n, v in part.items() if v is not None} for part in told.values())
        if repr(act) not in pages:
            done = staff.submit("/decrees/new", **{n: str(v) for n, v in act.items()})
            assert done.status_code == 303, done.text
            pages[repr(act)] = done.headers["location"]
        page = pages[repr(act)]
        shares = {
            their: str(rule.pop(our) // 100)
            for our, their in (("basis_points", "per_cent"), ("basis_points_to", "per_cent_to"))
            if our in rule
        }
        done = staff.submit(page, step="add_clause", **rule, **shares)
        assert done.status_code == 303, done.text
        with fill() as session:
            assert tell(session, row) == told
        shown = staff.get(page).text
        assert row["record_id"] in shown and row["territory_ru"] in shown
    assert len(pages) == 5


def test_an_act_of_a_kind_nobody_knows_now_is_shown_by_its_code(sign_in, fill) -> None:
    staff: Visitor = sign_in(Role.STAFF)
    done = staff.submit("/decrees/new", akimat="Әкімдік", kind="decree_rule")
    with fill() as session:
        session.execute(update(Decree).values(kind="letter"))
    for page in ("/decrees", done.headers["location"]):
        shown = staff.get(page)
        assert shown.status_code == 200
        assert "letter" in shown.text
