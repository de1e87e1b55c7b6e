"""The demonstration: as large as promised, the same every time, and about nobody."""

import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli import main
from app.db import migrate, open_engine, work
from app.demo.offices import ACCOUNTS
from app.demo.region import FILES, make_region, write_files
from app.settings import load_secrets, load_settings
from matching.barriers import read_restriction
from matching.candidates import Candidate, Readiness, Restriction
from matching.checkins import CheckIn
from matching.courses import Course
from matching.identities import Identity
from matching.imports.nouns import NOUNS
from matching.measure_rows import list_own
from matching.today import list_due
from quota.accounts import Account, actor_of, sign_in
from quota.centres import Centre
from quota.decrees import Decree
from quota.employers import Employer
from quota.identifiers import check_employer_number, check_person_number
from quota.imports.report import Status
from quota.memoranda import Memorandum
from quota.places import TravelTime
from quota.rights import Role
from quota.sealing import keyring_of
from quota.sheets import read_sheet
from quota.slots import Slot, Source
from quota.vacancies import Vacancy
from tests.conftest import NOW

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that `senim demo` has filled."""
    folder = tmp_path_factory.mktemp("demonstration")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENIM_VAR_DIR", str(folder))
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.delenv("SENIM_DATABASE_URL", raising=False)
        result = CliRunner().invoke(main, ["demo", "--no-serve"])
        assert result.exit_code == 0, result.output
        yield folder


@pytest.fixture
def filled(installation: Path) -> Iterator[Session]:
    settings = load_settings()
    engine = open_engine(settings.database)
    keyring = load_secrets(settings).keyring
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def count(session: Session, table: type, *conditions: object) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
    return session.scalar(statement) or 0


def test_it_is_as_large_as_the_project(filled: Session) -> None:
    assert count(filled, Candidate) == 2_500
    assert count(filled, Candidate, Candidate.readiness == Readiness.EMPLOYED) == 833
    assert count(filled, Candidate, Candidate.surveyed_on.is_not(None)) == 205
    assert count(filled, Candidate, Candidate.readiness == Readiness.READY) == 192
    assert count(filled, Employer) == count(filled, Memorandum) == 34
    assert count(filled, Decree) == 1
    assert count(filled, Slot, Slot.source != Source.BEYOND) == 120
    assert count(filled, Vacancy) == 60
    assert count(filled, Vacancy, Vacancy.state == "listed") >= 50
    assert count(filled, Course) == 6
    assert filled.scalar(select(func.sum(Course.seats))) == 60
    assert count(filled, TravelTime) > 50
    assert count(filled, Centre) == 2


def test_some_titles_wait_for_a_person(filled: Session) -> None:
    drafts = filled.scalars(select(Vacancy).where(Vacancy.state == "draft")).all()
    assert drafts
    assert all(vacancy.isco08 is None and vacancy.asked for vacancy in drafts)


def test_no_identifier_belongs_to_anyone(filled: Session) -> None:
    today = NOW.date()
    ring = keyring_of(filled)
    people = [ring.open(number) for number in filled.scalars(select(Identity.iin)) if number]
    firms = filled.scalars(select(Employer.identifier)).all()
    assert len(set(people) | set(firms)) == 2_534
    for number in people:
        assert [f.code for f in check_person_number(number, today=today)] == ["date_in_future"]
    for number in firms:
        assert [f.code for f in check_employer_number(number, today=today)] == ["date_in_future"]


def test_every_restriction_can_be_read_by_the_rules(filled: Session) -> None:
    rows = filled.execute(select(Restriction.rule, Restriction.params)).all()
    assert len(rows) > 100
    for rule, params in rows:
        assert read_restriction(rule, params).code == rule


def test_importing_its_files_again_changes_nothing(filled: Session, installation: Path) -> None:
    centre = filled.scalars(select(Centre).order_by(Centre.id)).first()
    assert centre is not None
    staff = actor_of(filled, sign_in(filled, "staff", password_of(installation), now=NOW).account)
    for noun, name in FILES.items():
        sheet = read_sheet((installation / "demo" / name).read_bytes())
        verb = NOUNS[noun].bring
        report = verb(filled, staff, sheet, centre_id=centre.id, now=NOW)
        assert report.unknown == ()
        assert report.counts[Status.UNCHANGED] == len(sheet.rows)


def test_every_role_can_sign_in(filled: Session, installation: Path) -> None:
    password = password_of(installation)
    roles = set()
    for login, role, *_ in ACCOUNTS:
        account = sign_in(filled, login, password, now=NOW).account
        assert account is not None
        roles.add(role)
    assert roles == set(Role) - {Role.CANDIDATE, Role.SYSTEM}


def password_of(installation: Path) -> str:
    return accounts_file(installation).read_text().split()[1]


def accounts_file(installation: Path) -> Path:
    return installation / "demo-accounts.txt"


def test_only_the_owner_can_read_the_passwords(installation: Path) -> None:
    assert stat.S_IMODE(accounts_file(installation).stat().st_mode) == 0o600


def test_a_second_run_keeps_the_data_and_tells_the_accounts(installation: Path) -> None:
    before = accounts_file(installation).read_text()
    result = CliRunner().invoke(main, ["demo", "--no-serve"])
    assert result.exit_code == 0
    assert "Filled" not in result.output
    assert before in result.output


def test_the_same_seed_gives_the_same_region(tmp_path: Path) -> None:
    region = make_region(DAY)
    assert make_region(DAY) == region
    assert make_region(DAY, seed=2) != region
    write_files(region, tmp_path / "a")
    write_files(make_region(DAY), tmp_path / "b")
    for name in FILES.values():
        first, second = (read_sheet((tmp_path / f / name).read_bytes()) for f in "ab")
        assert first == second


@pytest.mark.parametrize("options", [(), ("--reset",)])
def test_the_database_of_an_office_is_never_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    settings = load_settings()
    migrate(settings.database)
    engine = open_engine(settings.database)
    with work(engine, load_secrets(settings).keyring) as session:
        session.add(Centre(name_kk="О", name_ru="Ц", name_en="C", territory="/190000000/"))
    result = CliRunner().invoke(main, ["demo", "--no-serve", *options])
    assert result.exit_code == 1
    assert "in use by an office" in result.output
    with work(engine, load_secrets(settings).keyring) as session:
        assert count(session, Centre) == 1
        assert count(session, Candidate) == 0
    engine.dispose()


def test_specialist_clerk_and_probation_have_something_to_do(filled: Session) -> None:
    due = {}
    for login in ("specialist", "clerk", "probation", "staff"):
        account = filled.scalars(select(Account).where(Account.login == login)).one()
        actor = actor_of(filled, account)
        due[login] = {one.code for one in list_due(filled, actor, now=datetime.now(UTC))}
        if login == "specialist":
            states = {row.measure.state for row in list_own(filled, actor, now=datetime.now(UTC))}
            assert states == {"planned", "booked", "closing", "done"}
    assert "my_measures" in due["specialist"]
    assert "closings" in due["staff"] & due["probation"]
    assert "check_ins_missed" in due["probation"]
    states = set(filled.scalars(select(CheckIn.state)))
    assert {"confirmed", "missed", "excused", "due"} <= states
