"""What is said in favour of a choice: the way, the rank, the pay, and nothing that is not known."""

from dataclasses import replace

from matching.engine.answer import answer_problem
from tests.matching.engine.problems import make_problem


def test_the_numbers_of_a_choice_are_the_person_s_own() -> None:
    problem = make_problem(3, people=40, jobs=12)
    answer = answer_problem(problem)
    people = {c.key: c for c in problem.candidates}
    jobs = {v.key: v for v in problem.vacancies}
    assert answer.choices
    for choice in answer.choices:
        facts, person = dict(choice.facts), people[choice.candidate]
        assert facts["pay"] == jobs[choice.vacancy].pay_from
        assert facts.get("wanted") == person.pay_wanted
        assert ("rank" in facts) == (bool(person.wishes) and choice.course is None)
        assert facts["options"] >= 1
        assert 0 <= facts.get("farther", 0) < facts["options"]
        assert not {"minutes", "km"} <= set(facts)


def test_an_unknown_way_is_left_out() -> None:
    problem = replace(make_problem(3, people=40, jobs=12), legs=())
    homes = {c.key: c.kato for c in problem.candidates}
    towns = {v.key: v.kato for v in problem.vacancies}
    away = [c for c in answer_problem(problem).choices if homes[c.candidate] != towns[c.vacancy]]
    assert away
    for choice in away:
        assert not {"minutes", "km", "farther"} & {name for name, _ in choice.facts}
