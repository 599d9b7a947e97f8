# The commands of this project. `make run` needs Python 3.11 or newer and a package registry.
PYTHON ?= python3
VENV := .venv/bin
PY := $(VENV)/python

# Where branch coverage must be complete.
STRICT := */services.py,*/services/*,*/selectors.py,*/selectors/*,config/common/*

# For tools that load the settings but talk to no server.
NO_SERVERS := DJANGO_SETTINGS_MODULE=config.settings.test DATABASE_URL=postgresql:///none REDIS_URL=unix:///none

.DEFAULT_GOAL := help
.PHONY: help run test check bench check-style check-types check-layers check-drift check-locks format install install-dev python lock

help: ## Show the commands.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: install ## Run everything with demo data on http://127.0.0.1:8000 (PORT, HOST, VAR_DIR).
	@$(PY) -m config.embedded.run --with-parent

test: install-dev ## Run all tests in parallel on throw-away servers, then the coverage gate.
	@$(PY) -m pytest --numprocesses auto --cov --cov-report= $(ARGS)
	@echo "Branch coverage of services, selectors and kernel: 100 % or what is missing."
	@$(PY) -m coverage report --include="$(STRICT)" --fail-under=100
	@echo "Branch coverage overall: at least 90 %."
	@$(PY) -m coverage report --format=total --fail-under=90

check: check-style check-types check-layers check-drift check-locks ## Run the static checks (-k shows all that fail).

check-style: install-dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

check-types: install-dev
	$(NO_SERVERS) $(PY) -m mypy

check-layers: install-dev
	$(VENV)/lint-imports

check-drift: install-dev
	$(PY) -m config.embedded.scratch manage.py makemigrations --check --dry-run
	$(PY) -m config.embedded.scratch manage.py openapi --check

check-locks: install-dev
	$(PY) .ci/check_lock.py
	$(PY) -m pip check

bench: install-dev ## Measure the product against the yardstick, as ratios (needs wrk).
	@$(PY) -m benchmarks.run $(ARGS)

format: install-dev ## Format the code and repair what ruff can.
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: install-dev ## Resolve the dependencies of pyproject.toml anew into both lock files.
	$(PY) -m uv pip compile --universal --generate-hashes --all-extras pyproject.toml -o requirements-dev.lock
	$(PY) -m uv pip compile --universal --generate-hashes pyproject.toml -o requirements.lock -c requirements-dev.lock

install: python
	@$(PYTHON) -m config.embedded.install requirements.lock

install-dev: python
	@$(PYTHON) -m config.embedded.install requirements-dev.lock

python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON to one.")'
