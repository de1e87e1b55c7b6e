"""`senim bench professions`: mistyped titles by rule, and the figures."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.bench_professions import (
    answer,
    choose_listed,
    derive_queries,
    figures,
    leave_out,
    part_of,
    print_labelled,
    row_of,
)
from app.cli.derived_titles import derive_titles, misspell
from quota.professions import Term, load_classifier
from quota.terms import package_terms


def test_a_kazakh_term_is_mistyped_in_five_ways() -> None:
    assert dict(derive_titles(Term("8153", "kk", "Тігінші"))) == {
        "Kazakh without its letters": "тигинши",
        "Kazakh in Latin letters": "tıgınşı",
        "Kazakh transliterated": "tiginshi",
        "Kazakh on the other keyboard": "n3u3yi3",
        "Kazakh misspelt": misspell("тігінші"),
    }


def test_a_russian_term_is_mistyped_in_three_ways() -> None:
    ways = dict(derive_titles(Term("8322", "ru", "водитель")))
    assert ways["Russian transliterated"] == "voditel"
    assert ways["Russian on the other keyboard"] == "djlbntkm"
    assert list(derive_titles(Term("8322", "en", "driver"))) == []


@pytest.mark.parametrize("word", ["тракторист", "сварщик", "жүргізуші", "официант"])
def test_a_misspelt_word_has_one_slip(word: str) -> None:
    assert misspell(word) != word
    assert abs(len(misspell(word)) - len(word)) <= 1
    assert misspell("няня") == "няня"


def test_most_mistyped_terms_are_found() -> None:
    answers = answer(load_classifier(), derive_queries(package_terms())[::150])
    right = [resolution.hits[0].isco08 in query.right for query, resolution in answers]
    assert len(right) > 150
    assert sum(right) / len(right) >= 0.95


def test_figures_count_shares() -> None:
    classifier = load_classifier()
    queries = derive_queries([Term("5120", "ru", "повар", "title")])
    answers = answer(classifier, queries)
    assert figures(answers).split() == [str(len(queries)), "100.0%", "100.0%", "100.0%", "0.0%"]
    assert figures([]).split() == ["0", "-", "-", "-", "-"]


def test_a_term_is_left_out_by_itself_or_with_all_its_forms() -> None:
    one, form, other = (Term("8322", "ru", text) for text in ("водитель", "Водители", "шофёр"))
    assert row_of(one) == row_of(Term("8331", "kk", "ВОДИТЕЛЬ"))
    assert row_of(one) != row_of(form)
    assert part_of(one) == part_of(form) != part_of(other)


def test_of_a_list_its_own_terms_are_asked_for_with_the_groups_it_names() -> None:
    queries = derive_queries(package_terms())
    rows = [{"term": "Грузчик", "isco08": "9333", "other_isco08": "9334;9329"}]
    listed = choose_listed(queries, rows)
    assert {query.kind for query in listed} == {
        query.kind for query in queries if query.kind[0] == "R"
    }
    assert all(query.right >= {"9333", "9334", "9329"} for query in listed)


def test_what_is_left_out_is_asked_for_once_and_not_known() -> None:
    terms = [Term("9333", "ru", "грузчик", "title")]
    asked = leave_out(derive_queries(terms), row_of, 2, 1)
    assert len(asked) == len(derive_queries(terms))
    assert all(hit.term.lower() != "грузчик" for _, resolution in asked for hit in resolution.hits)


def test_labelled_titles_and_the_others_apart(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"title": "Повар", "isco08_accept": "5120;5246"},
        {"title": "Ведущий аналитик DWH", "isco08_accept": ""},
    ]
    print_labelled(load_classifier(), rows)
    printed = capsys.readouterr().out
    assert "100.0%" in printed
    assert "Unlabelled titles: 1, not sure 100.0%" in printed


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("title\nПовар\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["bench", "professions", str(source)])
    assert result.exit_code == 1
    assert "isco08_accept" in result.output
