"""The table of courses: every field that can be edited goes out and comes back, in any language."""

from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.courses import EDITABLE, Course
from matching.exports import export_courses
from matching.imports.courses import CourseImport
from quota.sheets import read_sheet, write_csv, write_xlsx
from tests.factories import make_course, make_employer
from tests.importing import prepare_centre, statuses

# No field has the value it would have anyway, so that one which got lost is seen.
WHOLE: dict[str, Any] = {
    "provider": "=Үлгі колледжі",
    "title": "Дәнекерлеуші; 2 разряд",
    "isco08": "0110",
    "kato": "196220100",
    "seats": 12,
    "least": 6,
    "starts_on": date(2027, 1, 11),
    "ends_on": date(2027, 3, 5),
    "cost": 140_000,
    "payer": "voucher",
}


def test_a_course_goes_out_and_comes_in_whole(session: Session, now: datetime) -> None:
    """To another office whose employer has pledged for it too."""
    ours, theirs = prepare_centre(session), prepare_centre(session)
    firm = make_employer(session, centre_id=ours.centre_id)
    told = WHOLE | {"pledged_by": firm.id}
    assert set(told) == set(EDITABLE)
    make_course(session, ours.centre_id or 0, **told)
    tables = [
        export_courses(session, ours, locale=locale, now=now) for locale in ("kk", "ru", "en")
    ]
    firm.centre_id = theirs.centre_id or 0
    session.flush()
    where = {"actor": theirs, "centre_id": theirs.centre_id, "now": now}
    for lines, write in product(tables, (lambda t: write_xlsx({"t": t}), write_csv)):
        assert len(lines) == 2
        sheet = read_sheet(write(lines))
        report = CourseImport.bring(session, sheet=sheet, **where)
        assert statuses(report) == ["created"], report.outcomes
        brought = session.scalars(select(Course).order_by(Course.id.desc())).first()
        assert brought is not None
        assert brought.centre_id == theirs.centre_id
        assert {name: getattr(brought, name) for name in EDITABLE} == told
        assert statuses(CourseImport.bring(session, sheet=sheet, **where)) == ["unchanged"]
        session.delete(brought)
