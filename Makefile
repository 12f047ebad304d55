# Two commands for a fresh machine: `make demo` pairs the example cohort, `make test` runs every check.
# Both set up .venv first, from the hashes in requirements.lock, with nothing but Python 3.11+ and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test lint types layers unit cover docs fuzz lowest bench bench-quick lock format clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("rmatch needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

demo: $(READY)
	@$(BIN)/rmatch demo

test: lint types layers cover

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy
	$(BIN)/mypy --config-file pyproject.toml tests/typing_examples.py

layers: $(READY)
	$(BIN)/lint-imports --no-cache

unit: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal -q

cover: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal -q --cov --cov-report=term --cov-fail-under=95

# The site, strictly: a warning is an error. tests/test_site.py builds it too.
docs: $(READY)
	$(BIN)/sphinx-build --fail-on-warning --keep-going -d build/doctrees docs build/docs

# Long fuzzing, outside `make test`: 20 000 programmes a property; docs/fuzzing.md records the last run.
fuzz: $(READY)
	RMATCH_PROFILE=fuzz $(BIN)/pytest -n 2 --dist worksteal -q -m fuzz

# The oldest versions that pyproject.toml allows, in an environment of their own.
lowest:
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet filelock==3.16.0 numpy==2.0.2 ortools==9.15.6755 pydantic==2.10.6 \
	  jinja2==3.1.6 openpyxl==3.1.5 rich==13.9.4 typer==0.20.0 hypothesis narwhals polars pytest pytest-xdist scipy
	.venv-lowest/bin/python -m pip install --quiet --no-deps --editable .
	.venv-lowest/bin/pytest -n 2 --dist worksteal -q

# Takes hours; benchmarks/run_all.py takes names and options (docs/benchmarks.md).
bench: $(READY)
	$(BIN)/python benchmarks/run_all.py

# Minutes: rmatch beside its peers, each in an environment of its own below build/peers, which are kept.
bench-quick: $(READY)
	$(BIN)/python benchmarks/environments.py
	$(BIN)/python benchmarks/run_all.py --quick

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv (pip install uv); writes the lock that setup installs from.
lock:
	uv pip compile pyproject.toml --group dev --extra coordinator --extra equity --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
