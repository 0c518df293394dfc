# `make` alone explains every target.

PYTHON ?= python3
BIN := .venv/bin
LOCKS := .ci/locks
PORT ?= 8000
# The oldest pip that Python 3.11 brought, that of Debian 12, that of Python 3.11.7, and the newest.
PIPS ?= 22.3 23.0.1 23.2.1 newest
TEST_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
LINT_ENVIRONMENT := SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	FIELD_ENCRYPTION_KEY=$$($(BIN)/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
	ALLOWED_HOSTS=contabilidad.example DEBUG=false

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo run test test-fast test-postgres lint bench docs lock check-install screenshots guide-pictures fuzz proof soak

help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: $(LOCKS)/requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/installed-dev: $(LOCKS)/requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

install: .venv/installed ## Prepare .venv with what the product needs
install-dev: .venv/installed-dev ## Add what its tests and tools need

demo: install ## Bring the whole product up with example data; EXIT=1 stops after the table, PORT=… chooses the port
	@$(BIN)/python manage.py demo --port $(PORT) $(if $(EXIT),--exit)

run: install ## Serve the web and the queue without example data (reads .env)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py bootstrap
	@$(BIN)/python manage.py serve --port $(PORT)

test-fast: install-dev ## The tests of the edit loop, in a minute or so: nothing that starts processes, waits or weighs memory
	@$(BIN)/python -m pytest -q --numprocesses 2 -m "not slow and not browser and not queue and not postgres and not redis"

test: install-dev ## Run every test; what needs PostgreSQL, Redis or Chromium is skipped where they are not
	@$(BIN)/python -m pytest -q --numprocesses 3 --dist worksteal --cov --cov-report=term:skip-covered

test-postgres: install-dev ## Run those that touch the database once more on PostgreSQL, which refuses what SQLite may take
	@TEST_DATABASE_URL=$(TEST_POSTGRES_URL) $(BIN)/python -m pytest -q --numprocesses 3 --dist worksteal --create-db \
		-m "django_db and not queue" --ignore=tests/browser --ignore=tests/protocol

lint: install-dev ## Style, types, import contracts, templates, migrations, deployment checks
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@DEBUG=true $(BIN)/mypy --no-error-summary config integrations ledger catalog tests
	@DEBUG=true $(BIN)/lint-imports --no-logo > .venv/import-linter.log 2>&1 || (cat .venv/import-linter.log; exit 1)
	@$(BIN)/djlint --quiet --check --lint templates
	@DEBUG=true $(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0
	@DEBUG=true $(BIN)/python manage.py generate_docs --check > /dev/null
	@$(LINT_ENVIRONMENT) $(BIN)/python manage.py check --deploy --fail-level WARNING > /dev/null

bench: install-dev ## Measure, each claim as a ratio in one run
	@for script in tests/benchmarks/bench_*.py; do $(BIN)/python -m tests.benchmarks.$$(basename $$script .py) || exit 1; done

fuzz: install-dev ## Every awkward text in every input of the administration; `make test` tries one in each
	@EVERY_TEXT=1 $(BIN)/python -m pytest -q --numprocesses 2 tests/integrations/admin/test_any_text.py

proof: install-dev ## Measure «exactly once» against every fault, into docs/exactly-once.md
	@$(BIN)/python -m tests.protocol.report

soak: install-dev ## DOCUMENTS=10000 through both ERPs under random faults and kill -9; SEED=… repeats one, FAULT_EVERY=40 is how often
	@$(BIN)/python -m tests.protocol.soak --documents $(or $(DOCUMENTS),10000) $(if $(SEED),--seed $(SEED)) $(if $(FAULT_EVERY),--fault-every $(FAULT_EVERY))

docs: install ## Write docs/fields from the catalogue
	@DEBUG=true $(BIN)/python manage.py generate_docs

screenshots: install-dev ## Pictures of every page into screenshots/, from a demo of its own; ADDRESS=… uses one that runs here
	@$(BIN)/python tests/browser/take_screenshots.py $(if $(ADDRESS),--address $(ADDRESS))

guide-pictures: install-dev ## The pictures of docs/guia.md, into docs/images/
	@$(BIN)/python tests/browser/take_screenshots.py --guide $(if $(ADDRESS),--address $(ADDRESS))

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate

lock: install-dev ## Pin every dependency again for every supported Python, with hashes and no index address
	@$(LOCK) --output-file $(LOCKS)/requirements.txt pyproject.toml
	@$(LOCK) --extra dev --constraint $(LOCKS)/requirements.txt --output-file $(LOCKS)/requirements-dev.txt pyproject.toml

check-install: ## Can the locks be installed with the pip of a fresh machine? PYTHON=… and PIPS=… choose which
	@for pip in $(PIPS); do .ci/check_install $(PYTHON) $$pip || exit 1; done
