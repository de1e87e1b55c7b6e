"""`senim bench pages` at a small size: every page answers, and its queries are counted."""

from click.testing import CliRunner

from app.cli import main
from app.cli.bench_pages import PAGES


def test_every_page_answers_with_its_queries() -> None:
    sizes = ("--employers", "60", "--vacancies", "60", "--candidates", "60", "--times", "1")
    result = CliRunner().invoke(main, ["bench", "pages", *sizes])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()[3:-1]
    assert len(lines) == len(PAGES)
    assert all(int(line.split()[-1]) > 0 for line in lines)
