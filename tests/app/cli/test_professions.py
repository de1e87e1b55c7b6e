"""`senim professions`."""

import csv
from pathlib import Path

from click.testing import CliRunner

from app.cli import main


def test_resolves_a_file(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,title\n1,Повар\n2,Ведущий аналитик\n3,\n", encoding="utf-8-sig")
    result = CliRunner().invoke(main, ["professions", str(source), "--out", str(target)])
    assert result.exit_code == 0, result.output
    with target.open(encoding="utf-8", newline="") as lines:
        cook, analyst, empty = csv.DictReader(lines)
    columns = "title,isco08,score,margin,term,isco08_2,isco08_3,isco08_4,isco08_5,sure"
    assert ",".join(cook) == columns
    assert (cook["isco08"], cook["sure"]) == ("5120", "yes")
    assert (analyst["title"], analyst["sure"]) == ("Ведущий аналитик", "no")
    assert empty["isco08_5"]


def test_a_file_without_titles_is_refused(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    for content in (b"name\nx\n", b"title\n\xff\xfe\xff\n", b""):
        source.write_bytes(content)
        result = CliRunner().invoke(main, ["professions", str(source), "--out", str(target)])
        assert result.exit_code == 1
        assert "in.csv" in result.output
        assert not target.exists()
