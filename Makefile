# Passeplat. Two commands matter: `make demo` shows it, `make test` proves it.
PYTHON ?= python3
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

.PHONY: demo up test check bench proof messages screenshots setup setup-dev
.SILENT:

# Three cities with simulated people; SPEED=1 to 60 and AT=HH:MM are theirs when they are new.
demo: setup
	echo "Passeplat starts, with people in it"
	exec $(BIN)/python manage.py up --demo $(if $(SPEED),--speed $(SPEED)) $(if $(AT),--at $(AT))

# The same cities with nobody in them.
up: setup
	echo "Passeplat starts"
	exec $(BIN)/python manage.py up --demo-data

test: setup-dev
	CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && exec $(BIN)/pytest

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check
	$(BIN)/pytest --quiet tests/unit tests/architecture

# New texts into the catalogues of locale/, for translators.
messages: setup-dev
	$(BIN)/python -m tests.catalogues

# The pictures of docs/screenshots, from a running copy; look at each before you commit it.
screenshots: setup-dev
	CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && exec $(BIN)/python -m tests.screenshots

# Ratios against bare yardsticks, measured in one run; then the dispatch engine on public days, where they are.
bench: setup-dev
	$(BIN)/pytest -s tests/benchmarks
	$(BIN)/python -m tests.benchmarks.days quick

# The long proofs in full length; PART=word chooses among them.
proof: setup-dev
	CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && PROOF=full exec $(BIN)/pytest $(if $(PART),-k $(PART))

setup: .venv/installed $(CATALOGUES)

setup-dev: .venv/installed-dev $(CATALOGUES)

.venv/installed: requirements.lock | .venv/bin/python
	echo "Installing the pinned libraries (the first time takes about a minute)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.venv/installed-dev: requirements-dev.lock | .venv/bin/python
	echo "Installing the pinned libraries and the tools of the tests (the first time takes about two minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@ .venv/installed

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; choose one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python lacks its venv module; as root: apt-get install -y python3-venv"; exit 1; }
	echo "Making .venv"
	$(PYTHON) -m venv .venv

%.mo: %.po | .venv/bin/python
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
