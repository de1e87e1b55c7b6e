"""`senim import` and `senim template`: outcomes, exit statuses, nothing written by a dry run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.cli import main
from app.db import open_engine, work
from app.settings import load_secrets, load_settings
from matching.candidates import Restriction
from matching.imports.nouns import NOUNS
from quota.centres import Centre
from quota.employers import Employer
from quota.installation import mark_demonstration
from quota.places import load_places
from quota.sheets import read_sheet, write_csv, write_xlsx
from tests.factories import make_candidate, make_centre
from tests.importing import BASIS

FIRM = "БИН/ИИН;Наименование;Населённый пункт;Район\n500340000004;ТОО Үлгі;Талгар;\n"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared_sqlite: Path) -> Path:
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    settings = load_settings()
    shutil.copy(prepared_sqlite, tmp_path / "senim.db")
    engine = open_engine(settings.database)
    with work(engine, load_secrets(settings).keyring) as session:
        mark_demonstration(session)
        session.add(Centre(name_kk="О", name_ru="Ц", name_en="C", territory="/190000000/"))
    engine.dispose()
    return tmp_path


def run(installation: Path, text: str | bytes, *options: str) -> Result:
    file = installation / "firms.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return CliRunner().invoke(main, ["import", "employers", str(file), *options])


def names(installation: Path) -> list[str]:
    engine = open_engine(load_settings().database)
    with engine.connect() as connection:
        found = list(connection.scalars(select(Employer.name)))
    engine.dispose()
    return found


def test_a_dry_run_tells_and_writes_nothing(installation: Path) -> None:
    result = run(installation, FIRM, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "2\tcreated" in result.stdout
    assert "(dry run)" in result.stdout
    assert names(installation) == []


def test_rows_are_entered_and_refused_ones_exit_1(installation: Path) -> None:
    result = run(installation, FIRM + ";ТОО Жоқ;Талгар;\n")
    assert result.exit_code == 1
    assert "3\trefused\t-\tidentifier: Fill this in." in result.stdout
    assert "created 1, changed 0, unchanged 0, refused 1" in result.stdout
    assert names(installation) == ["ТОО Үлгі"]
    assert "unchanged 1" in run(installation, FIRM).stdout


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"a;b\n1;2\n"])
def test_an_unreadable_file_exits_2(installation: Path, content: bytes) -> None:
    result = run(installation, content)
    assert result.exit_code == 2
    assert "file:" in result.stderr


def test_a_column_nobody_knows_is_told(installation: Path) -> None:
    result = run(installation, FIRM.replace("Район", "Любимый цвет"))
    assert "Любимый цвет" in result.stderr


def test_a_header_is_mapped_once(installation: Path) -> None:
    theirs = FIRM.replace("Наименование", "Фирма=имя")
    assert run(installation, theirs).exit_code == 2
    asked = ("--map", "Фирма=имя=Наименование")
    assert run(installation, theirs, *asked, "--dry-run").exit_code == 0
    assert run(installation, theirs).exit_code == 2
    assert run(installation, theirs, *asked).exit_code == 0
    assert "unchanged 1" in run(installation, theirs).stdout
    assert run(installation, theirs, "--map", "Фирма=имя=secrets").exit_code == 2
    assert run(installation, theirs, "--map", "Фирма").exit_code == 2


def test_among_several_centres_one_is_chosen(installation: Path) -> None:
    engine = open_engine(load_settings().database)
    with work(engine, load_secrets(load_settings()).keyring) as session:
        second = Centre(name_kk="О", name_ru="Ц", name_en="Second", territory="/190000000/")
        session.add(second)
        session.flush()
        key = second.key
    engine.dispose()
    result = run(installation, FIRM)
    assert result.exit_code == 2
    assert "Second" in result.output
    assert run(installation, FIRM, "--centre", key).exit_code == 0


@pytest.fixture(params=["sqlite", "postgres"])
def people(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sessionmaker[Session]]:
    """An installation on either database with somebody on probation and somebody of another centre."""
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("SENIM_DATABASE_URL", request.getfixturevalue(f"{request.param}_url"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    engine, ring = open_engine(load_settings().database), load_secrets(load_settings()).keyring
    with work(engine, ring) as session:
        load_places(session)
        home, other = make_centre(session), make_centre(session)
        make_candidate(session, home.id, number="АО-1")
        make_candidate(session, other.id, number="АО-2")
    yield sessionmaker(engine, info={"keyring": ring})
    engine.dispose()


@pytest.mark.parametrize("make", [write_csv, lambda lines: write_xlsx({"s": lines})])
def test_restrictions_are_entered_from_a_file(people, tmp_path: Path, make) -> None:
    lines = [
        ["Номер учёта", "Ограничение", "Начало", "Правовое основание", "С часа", "До часа"],
        ["АО-1", "часы пребывания дома", "02.03.2026", BASIS, "22:00", "06:00"],
        ["АО-1", "часы пребывания дома", "02.03.2026", BASIS, "22:00", None],
        ["АО-2", "без вождения", "02.03.2026", BASIS, None, None],
    ]
    file = tmp_path / "restrictions.xlsx"
    file.write_bytes(make(lines))
    with people() as session:
        centre = session.scalars(select(Centre.key).order_by(Centre.id)).first()

    def enter(*options: str) -> Result:
        given = ["import", "restrictions", str(file), "--centre", centre, *options]
        return CliRunner().invoke(main, given)

    def list_stored() -> list[tuple[str, dict[str, str]]]:
        with people() as session:
            return [(r.rule, r.params) for r in session.scalars(select(Restriction))]

    checked = enter("--dry-run")
    assert (checked.exit_code, list_stored()) == (1, [])
    assert "created 1, changed 0, unchanged 0, refused 2 (dry run)" in checked.stdout
    done = enter()
    assert done.exit_code == 1
    assert "3\trefused\t-\tuntil: Write a time such as 08:30." in done.stdout
    assert "4\trefused\t-\trow: There is no such record" in done.stdout
    stored = [("home_hours", {"start": "22:00", "end": "06:00"})]
    assert list_stored() == stored
    assert "unchanged 1, refused 2" in enter().stdout
    assert list_stored() == stored
    assert BASIS not in checked.output + done.output


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
@pytest.mark.parametrize("noun", NOUNS)
def test_a_template_can_be_imported(tmp_path: Path, noun: str, locale: str) -> None:
    out = tmp_path / "t.xlsx"
    result = CliRunner().invoke(main, ["template", noun, str(out), "--locale", locale])
    assert result.exit_code == 0, result.output
    sheet = read_sheet(out.read_bytes())
    assert len(sheet.headers) == len(NOUNS[noun].columns)
    assert len(sheet.rows) == 1


def test_wording_that_turns_people_away_is_told_beside_its_row(installation: Path) -> None:
    run(installation, FIRM)
    head = "identifier;number;title;place;pay_from;duties\n"
    file = installation / "jobs.csv"
    file.write_text(f"{head}500340000004;1;Сварщик;Талгар;200000;без судимости\n")
    told = CliRunner().invoke(main, ["import", "vacancies", str(file), "--dry-run"])
    assert told.exit_code == 0, told.output
    assert "duties: “без судимости” speaks of a criminal record: this may turn" in told.stdout
