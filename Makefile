# The list of commands. Each sets up what it needs from nothing; ARGS go to the command behind it.
#   make demo ARGS=--once        make test ARGS='tests/engine -x'

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
BROWSER := $(VENV)/browser
CONTRACT := $(VENV)/contract
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: bench coverage help setup demo serve sandbox test check format lint types imports integrations schema lock clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY) ## install everything into .venv, from the lock file

# uv when there is one, else venv and pip; both install exactly what the lock file names.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "polyhire needs Python 3.11 or newer, $(PYTHON) is older; say which: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
	  { [ -x $(BIN)/python ] || uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV); } && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	else \
	  { [ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); } && \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $@

demo: $(READY) ## sandbox and API together, connected and ready to try (ARGS=--once to show and exit)
	@$(BIN)/polyhire demo $(ARGS)

serve: $(READY) ## the API server
	@$(BIN)/polyhire serve $(ARGS)

sandbox: $(READY) ## the simulated providers
	@$(BIN)/polyhire sandbox $(ARGS)

# Chromium, and the npm package whose users come to the connect page. Without them their tests are skipped.
$(BROWSER): tests/connect/prepare.py | $(READY)
	@$(BIN)/python -m tests.connect.prepare && touch $@ || true

# The contract's own Python client, in a venv of its own: it wants Python 3.12. Without one its test is skipped.
$(CONTRACT): tests/contract/prepare.py requirements.lock | $(READY)
	@$(BIN)/python -m tests.contract.prepare && touch $@ || true

test: $(READY) $(BROWSER) $(CONTRACT) ## the test suite
	@$(BIN)/pytest -n 2 $(ARGS)

bench: $(READY) ## what a call costs, beside peers in one run (ARGS='--quick --json': under a minute, for scripts)
	@$(BIN)/python -m benchmarks $(ARGS)

check: format lint types imports integrations test ## all that CI runs

format: $(READY) ## is everything formatted? (fix: .venv/bin/ruff format)
	@$(BIN)/ruff format --check

lint: $(READY) ## ruff
	@$(BIN)/ruff check

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

imports: $(READY) ## the rooms import downwards only
	@$(BIN)/lint-imports

integrations: $(READY) ## polyhire lint: every mistake in integrations/
	@$(BIN)/polyhire lint

schema: $(READY) ## write the JSON Schemas for editors
	@$(BIN)/polyhire schema

lock: $(READY) ## write requirements.lock anew from pyproject.toml
	@$(BIN)/python -m pip show -qq uv 2>/dev/null || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-find-links --no-emit-index-url \
	  --group dev pyproject.toml --custom-compile-command 'make lock' -o requirements.lock $(ARGS)

clean: ## forget the environment and every cache
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

coverage: $(READY) ## write docs/reference/coverage.md anew
	@{ printf '# Coverage\n\nWhat each integration offers, from `polyhire coverage --markdown`. `polyhire coverage` gives the reasons for the rest,\n'; \
	  printf '`GET /integration/{slug}/capabilities` filters and fields.\n\n'; $(BIN)/polyhire coverage --markdown; } > docs/reference/coverage.md
