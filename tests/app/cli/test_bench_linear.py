"""The linear programs that `senim bench engine --lp` puts to other libraries have one optimum."""

from app.cli.bench_linear import compare_linear, record, slower, tell_linear
from matching.engine.generator import generate


def test_every_library_proves_the_engines_values():
    timings = compare_linear("today", 1, 1)
    assert {(timing.solves, timing.failed) for timing in timings} == {(timings[0].solves, 0)}
    assert timings[0].solves > 5
    assert max(timing.apart for timing in timings) < 1e-6
    assert slower(timings) > 0
    assert [line.split("  ")[0] for line in tell_linear(timings)][1:] == [t.name for t in timings]


def test_a_recorded_solve_leaves_the_engine_as_it_was():
    first = [[call.value for call in journal] for journal in record(generate("tiny", 1))]
    assert first == [[call.value for call in journal] for journal in record(generate("tiny", 1))]
