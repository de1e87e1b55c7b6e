"""Professions by hand: titles looked up, corrected, taken as a table, and proposed to be learned."""

import csv
import io
import re

import pytest

from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account, make_centre, make_employer, make_vacancy

PATH = "/professions"


@pytest.fixture
def office(sign_in, fill):
    """Two of a centre's staff, and a vacancy nobody could place."""
    with fill() as session:
        centre = make_centre(session)
        accounts = [
            make_account(session, Role.STAFF, centre_id=centre.id, locale="en") for _ in range(2)
        ]
        employer = make_employer(session, centre_id=centre.id)
        make_vacancy(session, employer, title="шабашник", isco08=None, number="V-7", state="draft")
    return [sign_in(account) for account in accounts]


def read_csv(answer) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.STAFF])
def test_professions_are_corrected_by_staff(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    assert visitor.get(PATH).status_code == 403
    assert visitor.get(f"{PATH}/nosuch").status_code == 403
    for step in ("resolve", "take", "preview", "propose"):
        assert visitor.submit(PATH, step=step, titles="повар").status_code == 403
    for step in ("confirm", "decline", "forget"):
        assert visitor.submit(f"{PATH}/nosuch", step=step).status_code == 403


def test_pasted_titles_show_alias_score_margin_and_five_groups(office) -> None:
    shown = office[0].submit(PATH, step="resolve", titles="Повар\n\nшабашник").text
    assert shown.count('name="choice"') == 2
    row = shown.split('value="Повар"')[1].split("</tr>")[0]
    assert row.count("<option") == 6
    assert 'value="5120" selected' in row
    assert "not sure" in shown.split(">шабашник</th>")[1].split("</tr>")[0]


@pytest.mark.parametrize("line", ["title", "title;other"])
def test_an_uploaded_file_is_read_too(office, line: str) -> None:
    table = f"{line}\nаспаз\n".encode()
    answer = office[0].submit(PATH, step="resolve", titles="", files={"file": ("t.csv", table)})
    assert 'value="5120" selected' in answer.text
    wrong = office[0].submit(PATH, step="resolve", files={"file": ("t.csv", b"job\nx\n")})
    assert (wrong.status_code, "column named title" in wrong.text) == (422, True)


@pytest.mark.parametrize("titles", ["", " \n ", "повар\n" * 201])
def test_none_and_too_many_are_refused(office, titles: str) -> None:
    assert office[0].submit(PATH, step="resolve", titles=titles).status_code == 422


def test_the_corrected_table_has_the_columns_of_the_command(office) -> None:
    sent = {
        "title": ["Повар", "шабашник", "шабашник"],
        "choice": ["5120", "", ""],
        "other": ["", "9313", ""],
    }
    rows = read_csv(office[0].submit(PATH, step="take", **sent))
    assert list(rows[0]) == [
        *("title", "isco08", "score", "margin", "term"),
        *("isco08_2", "isco08_3", "isco08_4", "isco08_5", "sure"),
    ]
    assert [(r["isco08"], r["sure"]) for r in rows[:2]] == [("5120", "yes"), ("9313", "yes")]
    assert rows[2]["sure"] == "no"
    assert all(row[f"isco08_{n}"] for row in rows for n in range(2, 6))


def test_a_group_that_does_not_exist_is_refused_beside_its_field(office) -> None:
    answer = office[0].submit(PATH, step="take", title=["повар"], choice=[""], other=["12"])
    assert (answer.status_code, 'id="other-0-fault"' in answer.text) == (422, True)
    assert 'value="12"' in answer.text


def test_learning_is_foreseen_proposed_and_confirmed_by_somebody_else(office) -> None:
    first, second = office
    sent = {"title": ["шабашник"], "choice": [""], "other": ["9313"], "learn": ["0"]}
    foreseen = first.submit(PATH, step="preview", **sent).text
    assert "It would change 1 open record" in foreseen
    assert "(V-7)" in foreseen
    proposed = first.submit(PATH, step="propose", alias=["шабашник"], isco08=["9313"])
    assert proposed.status_code == 303
    key = re.search(r"/professions/(\w+)", first.get(PATH).text)[1]
    path = f"{PATH}/{key}"
    mine = first.get(path).text
    assert "Somebody else has to confirm" in mine
    assert 'value="confirm"' not in mine
    seen = re.search(r'name="seen" value="(\w+)"', mine)[1]
    assert first.submit(path, step="confirm", seen=seen).status_code == 403
    assert second.submit(path, step="confirm", seen="other").status_code == 409
    theirs = second.get(path).text
    assert 'value="confirm"' in theirs
    assert "(V-7)" in theirs
    assert second.submit(path, step="confirm", seen=seen).status_code == 303
    assert 'value="forget"' in second.get(path).text
    vacancy = re.search(r"/vacancies/(\w+)", theirs)[1]
    page = second.get(f"/vacancies/{vacancy}").text
    assert "profession learned from an alias" in page
    again = first.submit(PATH, step="resolve", titles="Требуются шабашники").text
    assert 'value="9313" selected' in again
    assert second.submit(path, step="forget").status_code == 303
    assert second.submit(path, step="forget").status_code == 409


def test_what_cannot_be_learned_is_said_in_the_preview(office) -> None:
    sent = {"title": ["сварщик / токарь"], "choice": ["7212"], "other": [""], "learn": ["0"]}
    shown = office[0].submit(PATH, step="preview", **sent).text
    assert "more than one job" in shown
    assert 'value="propose"' not in shown
    assert office[0].submit(PATH, step="preview", **{**sent, "learn": []}).status_code == 422
    assert office[0].submit(PATH, step="propose").status_code == 422
    bad = office[0].submit(PATH, step="propose", alias=["x\x00"], isco08=["7212"])
    assert bad.status_code == 422


def test_a_proposal_is_dropped_by_either(office) -> None:
    office[0].submit(PATH, step="propose", alias=["шабашник"], isco08=["9313"])
    key = re.search(r"/professions/(\w+)", office[0].get(PATH).text)[1]
    assert office[0].submit(f"{PATH}/{key}", step="decline").status_code == 303
    assert key not in office[0].get(PATH).text


def test_another_centre_finds_no_such_alias(office, sign_in) -> None:
    office[0].submit(PATH, step="propose", alias=["шабашник"], isco08=["9313"])
    key = re.search(r"/professions/(\w+)", office[0].get(PATH).text)[1]
    other = sign_in(Role.STAFF)
    assert key not in other.get(PATH).text
    assert other.get(f"{PATH}/{key}").status_code == 404
    assert other.submit(f"{PATH}/{key}", step="decline").status_code == 404
