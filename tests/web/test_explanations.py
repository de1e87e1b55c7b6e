"""Reasons of the engine in sentences: what speaks for a choice, what is missed, what would help."""

import pytest

from matching.cockpit import BrokenRow
from matching.engine.promises import ABSENT, BARRED, BY_COURSE, CLASH, OUTRANKED
from matching.engine.rules import RULES
from web import explanations
from web.i18n import set_locale


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"options": 4, "pay": 1, "minutes": 40, "farther": 3},
            "40 minutes to work. Of the 4 jobs that suit, 3 are farther.",
        ),
        ({"options": 1, "pay": 1, "km": 7, "farther": 0}, "7 km to work. The only job that suits."),
        (
            {"options": 3, "pay": 1, "km": 0, "farther": 1},
            "In the place where the person lives. Of the 3 jobs that suit, 1 is farther.",
        ),
        (
            {"options": 2, "pay": 1, "minutes": 40, "farther": 0, "by_district": 1},
            "40 minutes to work, as recorded for the district.",
        ),
        ({"options": 2, "pay": 1, "rank": 1}, "The first choice of profession."),
        ({"options": 2, "pay": 1, "rank": 2}, "Choice 2 of the professions."),
        ({"options": 2, "pay": 200, "wanted": 200}, "Pays 200 ₸, no less than was wanted."),
        ({"options": 2, "pay": 100, "wanted": 200}, "Pays 100 ₸; 200 ₸ was wanted."),
        ({"options": 2, "pay": 100}, ""),
        ({}, ""),
    ],
)
def test_what_speaks_for_a_choice_is_said_in_sentences(facts, sentence: str) -> None:
    set_locale("en")
    assert explanations.tell_facts(facts).replace("\u00a0", " ") == sentence


def test_a_plan_gives_the_better_option_that_others_got() -> None:
    set_locale("en")
    titles = {"v": "Mason"}
    said = [
        explanations.explain(
            {"code": "runner_up", "params": {"vacancy": "v", "course": None, "behind": behind}},
            titles,
        )
        for behind in (12, 0, -12)
    ]
    assert said[0] == "Next best: “Mason”, 12 points behind."
    assert said[1] == "Just as good: “Mason”."
    assert said[2].startswith("“Mason” would be 12 points better for this person")


def test_vacancies_missed_for_the_same_reason_stand_in_one_sentence() -> None:
    set_locale("en")
    full = [{"code": "full", "params": {"vacancy": key, "places": 1}} for key in ("a", "b", "c")]
    by = {"code": "displaced", "params": {"vacancy": "a", "places": 1, "by": "priority"}}
    told = explanations.explain_all([*full, by], {"a": "Mason", "b": "Mason", "c": "Cook"})
    assert told == [
        "Taken in the best plan: “Mason”, “Cook”.",
        "Given to people with priority by law: “Mason”.",
    ]


def test_the_smallest_change_is_said_once_and_in_numbers() -> None:
    set_locale("en")
    needed = [
        {"code": "distance", "params": {"minutes": 50, "most": 40}},
        {"code": "distance", "params": {"minutes": 70, "most": 40, "by_district": True}},
        {"code": "hours", "params": {"minutes": 90}},
        {"code": "licence", "params": {"missing": ["B", "C"]}},
        {"code": "dates", "params": {"free_in": 20, "last": 14}},
        {"code": "profession", "params": {"isco08": "7112", "similarity": 20}},
        {"code": "moving", "params": {}},
        {"code": "conditions", "params": {"flags": ["cold"]}},
    ]
    reason = {"code": "change", "params": {"vacancy": "v", "needed": needed}}
    assert explanations.explain(reason, {"v": "Mason"}) == (
        "The smallest change: a way of 50 minutes instead of 40; a way of 70 minutes, as recorded"
        " for the district, instead of 40; hours moved by 2 hours a week;"
        " a licence: B, C; a place kept 6 days longer; another profession: Bricklayers and Related"
        " Workers; a yes to work away from home; other conditions of work. Then “Mason” is open."
    )


def test_every_rule_has_a_neutral_sentence() -> None:
    shown = {rule.shown_as for rule in RULES.values()} | {"forbidden"}
    assert shown == set(explanations.BARS)
    movable = {rule.shown_as for rule in RULES.values() if rule.movable}
    assert movable - {"distance"} | {"minutes", "minutes_by_district", "km", "gate"} == set(
        explanations.CHANGES
    )


def test_a_promise_not_kept_has_a_sentence_for_each_reason() -> None:
    set_locale("en")
    for code in (ABSENT, BARRED, BY_COURSE, CLASH, OUTRANKED):
        row = BrokenRow(code, (("", "Mason"), ("A", "B")), ("licence", "hours"))
        said = explanations.tell_broken(row)
        assert "erased – “Mason”, A – “B”" in said
        assert ("a licence is missing; the hours do not fit" in said) == (code == BARRED)
