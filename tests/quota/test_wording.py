"""Wording: phrases that turn people away are seen in three languages; ordinary duties are not."""

import pytest

from quota.data import read_rows
from quota.wording import find_remarks

GROUNDS = {
    "conviction", "age", "sex", "origin", "religion", "appearance", "family", "residence", "health",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Сварщик, без судимости!", "conviction"),
        ("БЕЗ  СУДИМОСТЕЙ", "conviction"),
        ("Соттылығы жоқ азаматтар", "conviction"),
        ("мужчина до 35 лет", "age"),
        ("35 жасқа дейін", "age"),
        ("Требуется девушка приятной внешности", "sex"),
        ("тек ерлер", "sex"),
        ("славянская внешность", "origin"),
        ("Наличие прописки обязательно", "residence"),
        ("no criminal record, please", "conviction"),
    ],
)
def test_a_phrase_that_turns_away_is_seen(text: str, ground: str) -> None:
    assert ground in [remark.ground for remark in find_remarks({"duties": text})]


@pytest.mark.parametrize(
    "text",
    [
        "Сварка труб, опыт от 1 года, смены по 8 часов",
        "Мал бағу, сауу, қораны тазалау",
        "Погрузка до 30 кг, вечерние смены",
        "Welding pipes, two shifts",
        "",
    ],
)
def test_ordinary_duties_pass(text: str) -> None:
    assert find_remarks({"duties": text}) == []


def test_a_phrase_is_told_once_a_field_with_its_words() -> None:
    text = "без судимости, без судимости"
    remarks = find_remarks({"title": "Сторож", "duties": text, "skills": text})
    assert [(r.field, r.words) for r in remarks] == [
        ("duties", "без судимости"),
        ("skills", "без судимости"),
    ]


def test_the_list_is_dated_and_its_grounds_are_known() -> None:
    rows = read_rows("wording.csv")
    assert {row["ground"] for row in rows} == GROUNDS
    assert {row["lang"] for row in rows} == {"kk", "ru", "en"}
    assert all(row["since"] and row["words"] for row in rows)
