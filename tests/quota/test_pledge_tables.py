"""The table of memoranda: places by profession and place go out and come back, in any language."""

from datetime import datetime
from itertools import product

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota.exports import export_memoranda
from quota.imports.employers import EmployerImport
from quota.imports.memoranda import MemorandumImport
from quota.memoranda import Memorandum, Pledge
from quota.rights import Actor
from quota.sheets import read_sheet, write_csv, write_xlsx
from quota.slots import Slot
from tests.importing import EMPLOYER, PLEDGE, Import, faults, statuses

LINES = "Сварщик; 3 разряд; 7212; Талғар; 1\n; ; с.Каркара (194453100); 1"


def test_places_by_profession_and_place_go_out_and_come_back(
    session: Session, office: Actor, now: datetime, bring: Import
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    assert statuses(bring(MemorandumImport.bring, PLEDGE | {"lines": LINES})) == ["created"]
    told = [
        (line.title, line.isco08, line.kato, line.number)
        for line in session.scalars(select(Pledge).order_by(Pledge.id))
    ]
    assert told[0] == ("Сварщик; 3 разряд", "7212", "196220100", 1)
    assert told[1] == ("", None, "194453100", 1)
    pledged = select(func.count()).where(Slot.pledge_id.is_not(None))
    assert session.scalar(pledged) == 2 and session.scalar(select(func.count(Slot.id))) == 3
    for locale, write in product(("kk", "ru", "en"), (lambda t: write_xlsx({"t": t}), write_csv)):
        sheet = read_sheet(write(export_memoranda(session, office, locale=locale, now=now)))
        report = MemorandumImport.bring(
            session, office, sheet, centre_id=office.centre_id or 0, now=now
        )
        assert statuses(report) == ["unchanged"], report.outcomes


def test_a_line_that_does_not_fit_is_refused_beside_its_column(
    session: Session, bring: Import
) -> None:
    bring(EmployerImport.bring, EMPLOYER)
    wrong = {
        "Сварщик": "not_a_pledge",
        "; ; Атлантида; 1": "no_place",
        "; 99; ; 1": "unknown_choice",
        "; ; ; x": "not_a_number",
        "; ; ; 0": "at_least",
        "; ; ; 4": "more_than_pledged",
    }
    for lines, code in wrong.items():
        assert faults(bring(MemorandumImport.bring, PLEDGE | {"lines": lines})) == [
            (2, "lines", code)
        ]
    assert session.scalars(select(Memorandum)).all() == []
    bring(MemorandumImport.bring, PLEDGE)
    again = bring(MemorandumImport.bring, PLEDGE | {"lines": "; ; ; 1"})
    assert faults(again) == [(2, "lines", "lines_signed")]
