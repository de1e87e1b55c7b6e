"""`senim bench engine`: the proven values of the engine and of independent solvers agree."""

from click.testing import CliRunner

from app.cli import main


def test_the_table_shows_one_proven_value_for_every_exact_method():
    chosen = ["--method", "engine", "--method", "highs_mip"]
    command = ["bench", "engine", "--size", "tiny", "--repeat", "1", *chosen]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    pure, side = result.output.split("all side rows")
    rows = [line.split() for line in side.splitlines() if " optimal " in line]
    exact = {row[0]: row[2:6] for row in rows if row[0] != "bare_flow"}
    assert set(exact) == {"engine", "highs_mip"}
    assert len(set(map(tuple, exact.values()))) == 1
    values = {tuple(line.split()[2:6]) for line in pure.splitlines() if " optimal " in line}
    assert len(values) == 1
