"""Postings: open to anybody, and without a category."""

from datetime import timedelta

from quota.calendar import local_day
from quota.postings import count_postings, list_postings
from quota.rights import SYSTEM
from quota.slots import Slot, Source, open_slots
from tests.factories import REGION, make_employer, make_slots, make_vacancy


def make_open(session, employer, now, *, category=None, **given):
    vacancy = make_vacancy(session, employer, **given)
    pattern = Slot(source=Source.BEYOND, vacancy_id=vacancy.id)
    open_slots(session, SYSTEM, employer, pattern, count=1, now=now)
    if category:
        make_slots(session, employer, vacancy_id=vacancy.id, category=category)
    return vacancy


def test_only_what_is_open_and_names_no_category_is_posted(session, now) -> None:
    today = local_day(now)
    firm = make_employer(session, contact_phone="+7 700 000 00 01")
    make_open(session, firm, now, title="Сварщик", duties="Варить ворота")
    make_open(session, firm, now, title="Каменщик", category="probation")
    make_open(session, firm, now, title="Пекарь", state="paused")
    make_open(session, firm, now, title="Швея", expires_on=today - timedelta(days=1))
    make_vacancy(session, firm, title="Водитель")
    (posting,) = list_postings(session, REGION, day=today, limit=10)
    assert (posting.title, posting.duties, posting.phone) == (
        "Сварщик",
        "Варить ворота",
        "+7 700 000 00 01",
    )
    assert count_postings(session, REGION, day=today) == 1
    assert count_postings(session, "/750000000/", day=today) == 0
