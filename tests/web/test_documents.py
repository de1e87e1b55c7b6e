"""Letters on paper: every Kazakh letter drawn, both languages said, names that look like markup kept."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import fontpkg
import pytest
from docx import Document
from fontTools.ttLib import TTFont

from matching.letters import Letter
from tests.papers import draw_words, read_docx, read_pdf
from web.documents import LAYOUT, fields_of

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
KAZAKH, ALIKE = "әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноухиАГКНОУХИ"  # and what would stand in their place
AWKWARD = "Ә&Қ <b>Ғ</b> {{ Ң }}"
LETTER = Letter(
    number=12,
    issued_on=date(2026, 11, 23),
    centre={
        "kk": "Еңбек мобильділігі орталығы",
        "ru": "Центр трудовой мобильности",
        "en": "Centre",
    },
    centre_address="Қонаев қ., Жамбыл көшесі, 13",
    centre_phone="+7 000 000 00 01",
    person=f"Өтеғұлова {AWKWARD}",
    employer="ТОО «Жаңа & Ұлы»",
    vacancy=ALPHABET + ALPHABET.upper(),
    place={"kk": "Талғар", "ru": "Талгар"},
    address="",
    pay_from=180_000,
    pay_to=220_000,
    come_by=date(2026, 11, 30),
    answer_by=date(2026, 12, 1),
    come_act="Own act, Art. 1",
    answer_act="Own act, Art. 2",
)


def test_the_font_has_every_letter_of_the_alphabet() -> None:
    for weight in (400, 700):
        known = TTFont(fontpkg.path("PT Sans", weight)).getBestCmap()
        assert [c for c in ALPHABET + ALPHABET.upper() + "№«»–" if ord(c) not in known] == []


def test_the_pdf_embeds_its_font_and_misses_no_glyph(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "fpdf"):
        content = LAYOUT.write_pdf(fields_of(LETTER))
    assert content.startswith(b"%PDF-") and b"/FontFile2" in content and b"PTSans" in content
    assert b"/Count 1" in content, "one page"
    assert caplog.records == []


def test_on_the_drawn_letter_every_kazakh_letter_has_a_shape_of_its_own() -> None:
    letters = f"{KAZAKH}{ALIKE}"
    content = LAYOUT.write_pdf(fields_of(replace(LETTER, vacancy=" ".join(letters))))
    drawn = {word: picture for word, picture in draw_words(content) if len(word) == 1}
    assert set(letters) <= set(drawn)
    shapes = {word: (drawn[word].size, drawn[word].tobytes()) for word in letters}
    assert all(min(size) > 1 for size, _ in shapes.values()), "something is not drawn"
    assert len(set(shapes.values())) == len(letters), "two letters look the same: a box for both?"


def test_the_pdf_says_it_in_both_languages() -> None:
    told = read_pdf(LAYOUT.write_pdf(fields_of(LETTER)))
    assert "№ 12 жолдама / Направление № 12" in told
    assert f"Өтеғұлова {AWKWARD}" in told
    assert "30.11.2026" in told and "01.12.2026" in told and "Own act, Art. 2" in told
    assert set(ALPHABET + ALPHABET.upper()) <= set(told)


def test_the_docx_says_the_same_and_survives_names_like_markup(tmp_path: Path) -> None:
    told = read_docx(LAYOUT.write_docx(fields_of(LETTER), tmp_path))
    assert f"Өтеғұлова {AWKWARD}" in told and "ТОО «Жаңа & Ұлы»" in told
    assert "№ 12 жолдама / Направление № 12" in told
    assert "180\xa0000 – 220\xa0000" in told
    assert "Жыртып" not in told and "орталыққа 01.12.2026 күнінен" in told


def test_the_blank_template_names_every_field_it_can() -> None:
    told = read_docx(LAYOUT.blank_template())
    assert [n for n in fields_of(LETTER) if f"{{{{ {n} }}}}" not in told] == []
    assert "%(" not in told


def test_the_office_s_own_template_goes_first(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("Біздің хат: {{ person }}")
    own.save(str(tmp_path / LAYOUT.template))
    assert (
        read_docx(LAYOUT.write_docx(fields_of(LETTER), tmp_path)) == f"Біздің хат: {LETTER.person}"
    )
