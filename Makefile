# Two commands: `make demo` and `make test`. Everything they need is in .venv, built from the hashed locks.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check format messages lock clean

.venv/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Senim needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Building the environment in .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Adding the test tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

demo: .venv/run.stamp
	@$(BIN)/senim demo --port $(PORT) $(if $(RESET),--reset)

test: .venv/dev.stamp
	@$(BIN)/python -m pytest

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Brings the message catalogues in line with the sources; then translate what is empty in kk and ru.
messages: .venv/dev.stamp
	@$(BIN)/python -m web.catalogues update

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# For developers: writes the locks again (needs uv in the environment).
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra build
lock:
	$(LOCK) --extra dev -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt -o requirements/run.txt

clean:
	rm -rf .venv var
