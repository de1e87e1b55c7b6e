"""Tables taken out: typed, masked, journalled, within reach, and readable by their own import."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from matching.candidates import Candidate
from matching.exports import NOUNS, export_candidates
from matching.identities import Person
from matching.imports.nouns import NOUNS as IMPORTS
from quota.clauses import Rule
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotAllowed
from quota.exports import export_annexes, export_clauses, export_employers, export_vacancies
from quota.imports.report import Status
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.places import Place, TravelTime
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from quota.sheets import read_sheet, write_csv, write_xlsx
from tests.factories import (
    REGION,
    make_candidate,
    make_centre,
    make_course,
    make_employer,
    make_place,
    make_slots,
    make_vacancy,
)
from tests.visits import Visitor

IIN = "990101500006"


@pytest.fixture
def staff(sign_in, fill) -> Visitor:
    """Somebody of a centre with one record of each noun, all awkward."""
    visitor = sign_in(Role.STAFF)
    with fill() as session:
        load_rates(session)
        mark_demonstration(session)
        centre_id = visitor.account.centre_id
        employer = make_employer(session, centre_id=centre_id, name="=cmd|' /C calc'!A0", notes="!")
        basis = Basis(
            employer_id=employer.id, kind="subsidy", number="С-1", ends_on=date(2026, 12, 1)
        )
        session.add(basis)
        make_slots(session, employer, 2)
        shift = {"days": "12345", "start": "08:00", "end": "17:00"}
        asked = {"any": 1, "probation": 2, "released": 1}
        make_vacancy(
            session,
            employer,
            number="1",
            shifts=[shift],
            flags=["heavy", "night"],
            licences=["B"],
            asked=asked,
            expires_on=date(2026, 12, 31),
            languages=[{"language": "kk", "level": "b1"}],
            support=["housing"],
        )
        make_vacancy(session, employer, number="2", state="draft")
        person = Person("Сапарова", "Айгерім", iin=IIN, phone="+7 700 000 00 00")
        make_candidate(session, centre_id, person=person, number="АО-7")
        make_employer(session, name="ТОО Чужое")
        far = make_place(session, kato="196600000", path="/190000000/196600000/")
        session.add(TravelTime(from_kato=employer.kato, to_kato=far.kato, minutes=95))
        decree = Decree(title="К", akimat="=А", territory=REGION, centre_id=centre_id)
        session.add(decree)
        session.flush()
        session.add(Rule(decree_id=decree.id, category="orphans_of_war", basis_points=150))
        session.add(Line(decree_id=decree.id, employer_id=employer.id, category="probation"))
        make_course(session, centre_id, pledged_by=employer.id)
        elsewhere = make_centre(session)
        make_course(session, elsewhere.id, title="Чужое")
        session.add(Decree(title="", akimat="Чужое", territory="/", centre_id=elsewhere.id))
    return visitor


def cells(content: bytes) -> list[dict]:
    return [dict(row.cells) for row in read_sheet(content).rows]


def entries(fill) -> list[Entry]:
    with fill() as session:
        return list(session.scalars(select(Entry).where(Entry.verb == "export")))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("noun", NOUNS)
def test_each_noun_is_a_file_of_ones_own_records(staff, fill, noun: str, form: str) -> None:
    answer = staff.get(f"/exports/{noun}?form={form}")
    assert answer.status_code == 200
    assert f"senim-{noun}.{form}" in answer.headers["content-disposition"]
    assert len(cells(answer.content)) == (2 if noun == "vacancies" else 1)
    assert "Чужое" not in str(cells(answer.content))
    (entry,) = entries(fill)
    assert entry.detail["rows"] >= 1
    assert entry.account_id == staff.account.id


def test_dates_and_numbers_are_typed_and_no_text_is_a_formula(staff) -> None:
    (firm,) = cells(staff.get("/exports/employers").content)
    assert firm["basis_to"] == date(2026, 12, 1)
    assert firm["name"].startswith("=cmd")
    assert b"'=cmd" in staff.get("/exports/employers?form=csv").content
    (job,) = [c for c in cells(staff.get("/exports/vacancies").content) if c["number"] == "1"]
    assert job["pay_from"] == 180_000
    assert job["expires_on"] == date(2026, 12, 31)


def test_people_are_masked_without_a_purpose(staff, fill) -> None:
    (row,) = cells(staff.get("/exports/candidates").content)
    assert row["key"]
    told = str(row)
    for secret in ("Сапарова", "Айгерім", IIN, "700", "АО-7", "Talgar", "196200000", "1990"):
        assert secret not in told
    assert not row.keys() & {"place", "birth_year", "registered_on", "surveyed_on", "profession_1"}
    assert [entry.detail["named"] for entry in entries(fill)] == [False]


def test_what_a_neighbour_knows_is_told_of_several_alike(staff, fill, now) -> None:
    with fill() as session:
        for year, sex in (*[(1990, "f")] * 6, *[(1970, "f")] * 5, (1990, "m")):
            make_candidate(session, staff.account.centre_id, birth_year=year, sex=sex)
    rows = cells(staff.get("/exports/candidates").content)
    told = Counter((row.get("district"), row.get("age"), row.get("sex")) for row in rows)
    # Two stand alone, and the smaller of the two groups goes with them.
    assert told == {("Талгар", "35-44", "f"): 6, (None, None, None): 7}


def test_a_purpose_names_people_and_is_kept(staff, fill) -> None:
    refused = staff.submit("/exports/candidates/named", form="xlsx", purpose=" ")
    assert refused.status_code == 422
    assert "Fill this in." in refused.text
    assert staff.submit("/exports/candidates/named", form="exe", purpose="x").status_code == 422
    assert entries(fill) == []
    answer = staff.submit("/exports/candidates/named", form="xlsx", purpose="Сверка со службой")
    (row,) = cells(answer.content)
    assert (row["family_name"], row["iin"], row["number"]) == ("Сапарова", IIN, "АО-7")
    (entry,) = entries(fill)
    assert (entry.detail["named"], entry.reason) == (True, "Сверка со службой")


def test_unknown_nouns_and_forms_are_refused(staff) -> None:
    assert staff.get("/exports/accounts").status_code == 404
    assert staff.get("/exports/employers?form=exe").status_code == 422
    assert staff.get("/exports/vacancies-exchange?employer=nobody").status_code == 404


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_roles_take_out_what_they_may_read(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    readers = {Role.STAFF, Role.PROBATION}
    assert visitor.get("/exports/candidates").status_code == (200 if role in readers else 403)
    readers |= {Role.PROSECUTOR, Role.EMPLOYER}
    assert visitor.get("/exports/employers").status_code == (200 if role in readers else 403)


def test_the_lists_lead_to_their_tables(staff) -> None:
    own = ("employers", "vacancies", "candidates", "memoranda", "courses")
    for noun in own:
        assert f'href="/exports/{noun}?form=xlsx"' in staff.get(f"/{noun}").text
    for noun in ("clauses", "decree"):
        assert f'href="/exports/{noun}?form=xlsx"' in staff.get("/decrees").text
    assert "Names, identifier numbers" in staff.get("/exports/candidates/named").text


def test_an_employer_sees_no_categories_and_no_notes(staff, fill) -> None:
    with fill() as session:
        employer = session.scalars(select(Employer).where(Employer.notes == "!")).one()
        own = Actor(Role.EMPLOYER, employer_id=employer.id)
        now = employer.created_at
        (head, first, _) = export_vacancies(session, own, locale="en", now=now)
        assert "places_probation" not in head
        assert first[head.index("places_any")] == 4
        assert "notes" not in export_employers(session, own, locale="en", now=now)[0]
        for verb in (export_clauses, export_annexes):
            assert len(verb(session, own, locale="en", now=now)) == 2
        session.query(Line).delete()
        for verb in (export_clauses, export_annexes):
            assert len(verb(session, own, locale="en", now=now)) == 1
        sheet = NOUNS["vacancies-exchange"](session, own, locale="en", now=now)
        told = dict(zip(*sheet, strict=True))
        assert told["Всего вакантных мест"] == 4
        assert told["из них для лиц на учёте службы пробации"] is None


def test_the_state_exchange_gets_its_own_columns(staff, fill) -> None:
    with fill() as session:
        region = Place(
            kato="190000000", kind="oblast", name_ru="Алматинская область", name_kk="Алматы облысы"
        )
        region.path = "/190000000/"
        session.add(region)
    (job,) = cells(staff.get("/exports/vacancies-exchange").content)
    assert job["Должность"] == "Сварщик"
    assert job["Область"] == "Алматинская область"
    assert job["Режим работы"] == "Полный день"
    assert job["Всего вакантных мест"] == 4
    assert job["из них для лиц на учёте службы пробации"] == 2
    assert job["из них для освобождённых из мест лишения свободы"] == 1
    assert job["Категории водительских прав"] == "B"
    assert job["Знание языков"] == "казахский B1"
    assert job["Дополнительная социальная поддержка"] == "Жильё"
    assert job["Срок публикации до"] == date(2026, 12, 31)


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
@pytest.mark.parametrize("write", [lambda lines: write_xlsx({"t": lines}), write_csv])
def test_what_goes_out_comes_back_unchanged(staff, fill, now, locale: str, write) -> None:
    actor = Actor(
        Role.STAFF, account_id=staff.account.id, centre_id=staff.account.centre_id, territory="/"
    )
    with fill() as session:
        for noun in NOUNS.keys() & IMPORTS.keys():
            verb = NOUNS[noun]
            options = {"purpose": "x"} if noun == "candidates" else {}
            lines = verb(session, actor, locale=locale, now=now, **options)
            report = IMPORTS[noun].bring(
                session, actor, read_sheet(write(lines)), centre_id=actor.centre_id, now=now
            )
            told = [(noun, o.status, o.faults) for o in report.outcomes]
            assert {status for _, status, _ in told} == {Status.UNCHANGED}, told


def test_an_erased_person_and_a_clerk_get_nothing(staff, fill, now) -> None:
    with fill() as session:
        candidate = session.scalars(select(Candidate)).one()
        candidate.erased_at = now
        session.flush()
        assert len(export_candidates(session, SYSTEM, locale="kk", now=now)) == 1
        with pytest.raises(NotAllowed):
            export_candidates(session, Actor(Role.CLERK, territory="/"), locale="kk", now=now)
        with pytest.raises(Invalid):
            export_candidates(session, SYSTEM, locale="kk", now=now, purpose="x" * 501)


def test_whatever_is_brought_in_can_be_taken_out() -> None:
    """Restrictions alone are not: the number of a case is kept as a token, and a table of them would lie
    about outside the one room that may see where they come from."""
    assert IMPORTS.keys() - NOUNS.keys() == {"restrictions"}
    assert NOUNS.keys() - IMPORTS.keys() == {"vacancies-exchange"}
