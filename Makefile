# The commands of this project. `make run` needs Python 3.11 or newer and a package registry.
PYTHON ?= python3
VENV := .venv/bin

# For tools that load the settings but talk to no server.
NO_SERVERS := DJANGO_SETTINGS_MODULE=config.settings.test DATABASE_URL=postgresql:///none REDIS_URL=unix:///none

.DEFAULT_GOAL := help
.PHONY: help run test check format install install-dev python lock

help: ## Show the commands.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: install ## Run everything with demo data on http://127.0.0.1:8000 (PORT, HOST, VAR_DIR).
	@$(VENV)/python -m config.embedded.run --with-parent

test: install-dev ## Run all tests in parallel on throw-away servers, then the coverage gate.
	@$(VENV)/python -m config.embedded.testrun

check: install-dev ## Run the static checks: format, lint, types, layers, drift.
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(NO_SERVERS) $(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/python -m config.embedded.scratch manage.py makemigrations --check --dry-run
	$(VENV)/python -m config.embedded.scratch manage.py openapi --check
	$(VENV)/python -m config.embedded.lockcheck

format: install-dev ## Format the code and repair what ruff can.
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

lock: install-dev ## Resolve the dependencies of pyproject.toml anew into both lock files.
	$(VENV)/uv pip compile --generate-hashes --all-extras pyproject.toml -o requirements-dev.lock
	$(VENV)/uv pip compile --generate-hashes pyproject.toml -o requirements.lock -c requirements-dev.lock

install: python
	@$(PYTHON) -m config.embedded.install requirements.lock

install-dev: python
	@$(PYTHON) -m config.embedded.install requirements-dev.lock

python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON to one.")'
