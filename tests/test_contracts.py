"""The import contracts hold, and each of them breaks when somebody breaks it.

A copy of the four packages gets one wrong import for each contract; all must be named as broken.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("app", "web", "matching", "quota")
# Contract, the module that offends, and its wrong import.
OFFENCES = (
    ("The floors", "quota/errors.py", "import web.words"),
    ("The engine is pure", "matching/engine/policy.py", "import sqlalchemy"),
    ("One door to the engine", "web/words.py", "import matching.engine.policy"),
    ("Solvers are imported", "matching/states.py", "import ortools"),
    ("RapidFuzz is imported", "quota/states.py", "import rapidfuzz"),
    ("The order of the rooms inside quota", "quota/sealing.py", "import quota.vacancies"),
    ("The order of the rooms inside matching", "matching/states.py", "import matching.rounds"),
    (
        "The order of the rooms inside the solver",
        "matching/engine/instance.py",
        "import matching.engine.flow",
    ),
    (
        "The verifier knows no solver",
        "matching/engine/weighing.py",
        "import matching.engine.solver",
    ),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda _, names: _no_code(names))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _no_code(names: list[str]) -> set[str]:
    return {n for n in names if "." in n and not n.endswith(".py")} | {"__pycache__"} & set(names)


def lint(folder: Path) -> dict[str, str]:
    """{contract: KEPT or BROKEN} of the packages in `folder`."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout, re.M)
    assert found, done.stdout + done.stderr
    return dict(found)


def test_every_contract_holds(copy: Path) -> None:
    outcome = lint(copy)
    assert set(outcome.values()) == {"KEPT"}
    assert len(outcome) == len(OFFENCES)


def test_every_contract_breaks_when_it_is_broken(copy: Path) -> None:
    for _, module, wrong in OFFENCES:
        path = copy / module
        path.write_text(f"{path.read_text()}\n{wrong}\n")
    outcome = lint(copy)
    for contract, module, _ in OFFENCES:
        assert {v for k, v in outcome.items() if k.startswith(contract)} == {"BROKEN"}, module


def test_a_new_room_has_to_be_placed_on_purpose(copy: Path) -> None:
    for floor in ("quota", "matching"):
        (copy / floor / "novelty.py").write_text('"""A room nobody placed."""\n')
    outcome = lint(copy)
    for floor in ("quota", "matching"):
        assert outcome[f"The order of the rooms inside {floor}"] == "BROKEN"
