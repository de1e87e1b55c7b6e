"""Lists of employers and vacancies go by the Kazakh alphabet, on either database."""

from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from quota import board, directory, employers
from quota.board import VacancyFilter
from quota.directory import EmployerFilter
from quota.rights import SYSTEM
from tests.factories import make_centre, make_employer, make_slots, make_vacancy

IN_ORDER = ["Айша", "«Әділ»", "Бота", "Галым", "ғалам", "Дана", "Нұр", "Ңақ", "Ық", "Ім", "Юг"]


def test_employers_and_titles_go_by_the_alphabet(any_session: Session, now: datetime) -> None:
    centre = make_centre(any_session)
    for name in sorted(IN_ORDER, key=len):
        make_vacancy(any_session, make_employer(any_session, name=name), title=name)
    listed = directory.list_employers(any_session, SYSTEM, EmployerFilter(), limit=50)
    assert [row.name for row in listed] == IN_ORDER
    for order in (board.Order.TITLE, board.Order.EMPLOYER):
        jobs = board.list_vacancies(any_session, SYSTEM, VacancyFilter(order=order), limit=50)
        assert [job.title for job in jobs] == IN_ORDER
    renamed = listed[0].key
    employers.change_employer(any_session, SYSTEM, renamed, {"name": "Ярослав"}, now=now)
    again = directory.list_employers(any_session, SYSTEM, EmployerFilter(), limit=50)
    assert again[-1].key == renamed
    long = {"name": "ß" * 300, "kato": "196200000"}
    added = employers.add_employer(
        any_session, SYSTEM, "940140000385", long, centre_id=centre.id, now=now
    )
    assert (len(added.name_search), added.name_order) == (300, "s" * 200)


FITS = {"": lambda row: True, "open": lambda row: row.open, "unmet": lambda row: True}


def test_lists_are_ordered_and_narrowed_by_their_own_figures(any_session: Session) -> None:
    for number, states in enumerate((("open",), (), ("filled", "open", "open"), ("filled",))):
        employer = make_employer(any_session, name=f"{9 - number}", headcount=number)
        for slot in make_slots(any_session, employer, len(states)) if states else ():
            slot.state = states[0]
            states = states[1:]
    everybody = directory.list_employers(any_session, SYSTEM, EmployerFilter(), limit=50)
    assert [(row.owed, row.filled, row.open) for row in everybody] == [
        *((1, 1, 0), (3, 1, 2), (0, 0, 0), (1, 0, 1)),
    ]
    for order, attention in product(directory.Order, [None, *directory.Attention]):
        asked = EmployerFilter(order=order, attention=attention)
        rows = directory.list_employers(any_session, SYSTEM, asked, limit=50)
        fits = FITS.get(attention or "", lambda row: False)  # no place of a decree is left unfilled
        expected = [row for row in everybody if fits(row)]
        if order in ("owed", "filled", "open", "headcount"):
            expected.sort(key=lambda row: (-getattr(row, order), row.name))
        assert rows == expected
        assert directory.count_employers(any_session, SYSTEM, asked) == len(expected)
