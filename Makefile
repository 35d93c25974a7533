# Everything needs Python 3.11 or later with its venv module, make and a package registry. Nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Quiet, because a wall of text hides what matters; the steps are told by the lines below.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := src tests benchmarks tools hatch_build.py conftest.py
PO := $(wildcard src/ortsdialog/locale/*/LC_MESSAGES/*.po)
WORKERS ?= 2
say = @echo "==>"

.DEFAULT_GOAL := help
# The steps share one virtual environment.
.NOTPARALLEL:
.PHONY: help demo demo-reset test test-sqlite test-postgres bars check format translations lock clean

help: ## Show this list
	@echo "Ortsdialog: municipal dialogue, from the first consultation to measures that are carried out."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=8080 make demo   use another port"

demo: $(VENV)/.run $(VENV)/.translations ## Start the demonstration (Ctrl-C stops it, its data stay)
	@exec $(BIN)/ortsdialog demo $(if $(PORT),--port $(PORT))

demo-reset: $(VENV)/.run $(VENV)/.translations ## Delete the demonstration's data and start afresh
	@exec $(BIN)/ortsdialog demo --reset $(if $(PORT),--port $(PORT))

test: test-sqlite test-postgres ## Run all tests, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/.develop $(VENV)/.translations $(VENV)/.chromium ## Run all tests on SQLite
	$(say) "Tests on SQLite"
	@ORTSDIALOG_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-postgres: $(VENV)/.develop $(VENV)/.translations $(VENV)/.chromium ## Run all tests on PostgreSQL
	$(say) "Tests on PostgreSQL"
	@ORTSDIALOG_TEST_DATABASE=postgres $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bars: $(VENV)/.develop $(VENV)/.translations $(VENV)/.chromium ## Measure reliability and speed at full size (about two hours, alone on the machine)
	@PYTHONPATH=src:. $(BIN)/python -m tests.bars

check: $(VENV)/.develop $(VENV)/.translations ## Lint, format, types, import contracts, migrations, templates, translations
	@$(BIN)/python -m tools.check

format: $(VENV)/.develop ## Put code and templates into the agreed form
	@$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)
	@$(BIN)/djlint --reformat --quiet src || true

translations: $(VENV)/.develop ## Bring the catalogues up to date with the sources, and compile them
	@$(BIN)/python -m tools.catalogues update
	@$(BIN)/python -m tools.catalogues compile
	@touch $(VENV)/.translations

lock: ## Renew the locked versions (needs uv; commit the result)
	@command -v uv >/dev/null || { echo "make lock needs uv, see docs/decisions/0002-one-lock-pip-can-read.md" >&2; exit 1; }
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --extra postgres --group build -o requirements/run.txt
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --extra postgres --group build --group dev -o requirements/develop.txt

clean: ## Delete the virtual environment and everything built (the demonstration's data stay)
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find src -name '*.mo' -delete

# ---- What the targets stand on: a file in .venv says that a step is done ------------------------

$(VENV)/.made:
	$(say) "Creating the virtual environment"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Ortsdialog needs Python 3.11 or later; '$(PYTHON)' is not. Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# --no-deps: the lock names every package, and pip must not add one that has no hash.
$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml hatch_build.py
	$(say) "Installing the packages the site needs (once, about a minute)"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.develop: $(VENV)/.made requirements/develop.txt pyproject.toml hatch_build.py
	$(say) "Installing the packages for development and tests (once, about two minutes)"
	@$(PIP) install --require-hashes --no-deps -r requirements/develop.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

$(VENV)/.translations: $(PO) | $(VENV)/.run
	@$(BIN)/python -m tools.catalogues compile
	@touch $@

# No prerequisite but the packages: a browser that was found once is looked up again by the tests themselves.
$(VENV)/.chromium: $(VENV)/.develop
	@$(BIN)/python -m tools.chromium
	@touch $@
