"""Templates of letters handed out and taken back, and the letter to a course on paper."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from matching import enrolments
from matching.candidates import Person
from matching.letters import SeatLetter
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account, make_course
from tests.matching.journey import Journey
from tests.papers import read_docx, read_pdf
from web import seat_letters
from web.letter_templates import KINDS

LETTER = SeatLetter(
    number=7,
    issued_on=date(2026, 11, 23),
    centre={"kk": "Орталық", "ru": "Центр", "en": "Centre"},
    centre_address="Қонаев қ.",
    centre_phone="+7 000",
    person="Өтеғұлова & Ұлы",
    provider="Талғар колледжі",
    course="Дәнекерлеуші, 2 разряд",
    isco08="7212",
    place={"kk": "Талғар", "ru": "Талгар"},
    starts_on=date(2026, 12, 1),
    ends_on=date(2027, 1, 15),
    consent_on=date(2026, 11, 20),
    consent_paper="С-5",
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(text: str, *, subject: str = "") -> bytes:
    document = Document()
    document.core_properties.subject = subject
    document.add_paragraph(text)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def named(*fields: str) -> str:
    return "Біз: " + " ".join(f"{{{{ {field} }}}}" for field in fields)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_letter_to_a_course_says_it_in_both_languages(tmp_path, form: str) -> None:
    content = seat_letters.LAYOUT.write(seat_letters.fields_of(LETTER), form, tmp_path)
    told = (read_pdf if form == "pdf" else read_docx)(content)
    flat = " ".join(told.split())
    for said in ("Өтеғұлова & Ұлы", "Талғар колледжі", "01.12.2026", "15.01.2027", "С-5"):
        assert said in flat
    assert "№ 7" in flat and "Направление на курс" in flat and "Курсқа жолдама" in flat
    assert "{{" not in flat


@pytest.mark.parametrize("name", KINDS)
def test_the_blank_template_passes_its_own_check_and_names_every_field(name: str) -> None:
    told = read_docx(KINDS[name].blank())
    assert [f for f in KINDS[name].fields if f"{{{{ {f} }}}}" not in told] == []


def bring(visitor, content: bytes, kind: str = "course", **more):
    files = {"file": ("letter.docx", content, DOCX)}
    return visitor.submit(f"/letters/{kind}", files=files, **({"step": "keep"} | more))


@pytest.fixture
def staff(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def folder(settings):
    return settings.var_dir


def test_a_template_goes_out_and_comes_back_changed(staff, folder, fill) -> None:
    for kind in KINDS:
        assert (
            bring(staff, staff.get(f"/letters/{kind}/blank.docx").content, kind).status_code == 303
        )
    changed = write(named(*KINDS["course"].needed))
    assert staff.get("/letters/course/own.docx").status_code == 200
    assert bring(staff, changed).status_code == 303
    assert staff.get("/letters/course/own.docx").content == changed
    told = read_docx(seat_letters.LAYOUT.write_docx(seat_letters.fields_of(LETTER), folder))
    assert told.startswith("Біз: ") and "Өтеғұлова & Ұлы" in told
    assert staff.submit("/letters/course", step="drop").status_code == 303
    assert staff.get("/letters/course/own.docx").status_code == 404
    with fill() as session:
        verbs = session.scalars(
            select(Entry.verb).where(Entry.noun == "letters").order_by(Entry.id)
        ).all()
    assert verbs == ["keep_template"] * 3 + ["drop_template"]


NEEDED = named(*KINDS["course"].needed)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK no docx", "is no Word document"),
        (b"", "is no Word document"),
        (write(NEEDED + "{{ salary }}"), "do not exist: salary"),
        (write(named("number")), "lacks these fields: course"),
        (write(NEEDED + "{% for x in range(9) %}{{ x }}{% endfor %}"), "does nothing else"),
        (write(NEEDED + "{{ person.__class__ }}"), "does nothing else"),
        (write(NEEDED + "{{ 1 + 1 }}"), "does nothing else"),
        (write(NEEDED, subject="{{ person.__class__ }}"), "does nothing else"),
        (write(NEEDED + "{{ person"), "is no Word document"),
    ],
)
def test_what_is_no_such_template_is_refused_and_nothing_changed(
    staff, folder, content: bytes, said: str
) -> None:
    answer = bring(staff, content)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert not (folder / seat_letters.LAYOUT.template).exists()


def test_no_file_no_step_and_no_such_letter(staff, folder) -> None:
    assert staff.submit("/letters/course", step="keep").status_code == 422
    assert bring(staff, b"", step="nonsense").status_code == 422
    assert bring(staff, b"", "nosuch").status_code == 404
    assert staff.get("/letters/course/other.docx").status_code == 404


def test_a_small_file_that_is_huge_inside_is_refused(staff, folder) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    answer = bring(staff, content.getvalue())
    assert (answer.status_code, "too large" in answer.text) == (422, True)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_templates_are_the_offices(sign_in, role: Role) -> None:
    wanted = 200 if role in (Role.STAFF, Role.ADMINISTRATOR) else 403
    assert sign_in(role).get("/letters").status_code == wanted


def test_the_letter_is_printed_once_the_person_said_yes(sign_in, fill, now: datetime) -> None:
    with fill() as session:
        person = Person(family_name="Өтеғұлова", given_name="Айгерім")
        journey = Journey(session, now, candidate_fields={"person": person})
        course = make_course(session, journey.centre.id)
        seat = enrolments.offer(session, SYSTEM, course.key, journey.candidate.key, now=now)
        path = f"/courses/{course.key}/seats/{seat.key}/letter"
        account = make_account(session, Role.STAFF, centre_id=journey.centre.id, locale="en")
        seat_key = seat.key
    staff, stranger = sign_in(account), sign_in(Role.STAFF)
    assert staff.get(f"{path}.pdf").status_code == 409
    with fill() as session:
        day = now.date()
        enrolments.accept(session, SYSTEM, seat_key, on=day, paper="С-5", now=now)
    assert f'href="{path}.pdf"' in staff.get(path.split("/seats")[0]).text
    for form in ("pdf", "docx"):
        answer = staff.get(f"{path}.{form}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert stranger.get(f"{path}.{form}").status_code == 404
    assert "Өтеғұлова Айгерім" in read_pdf(staff.get(f"{path}.pdf").content)
    assert staff.get(f"{path}.txt").status_code == 404
    assert sign_in(Role.PROBATION).get(f"{path}.pdf").status_code == 403
    with fill() as session:
        printed = session.scalars(select(Entry).where(Entry.verb == "print_letter")).all()
        assert {entry.noun for entry in printed} == {"enrolments"}
