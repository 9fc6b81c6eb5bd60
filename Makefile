PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# bash, so that pipes fail where they should
SHELL := /bin/bash

.PHONY: chat demo bot setup setup-dev test test-fast test-slow check format prove clean

chat: $(VENV)/.ready ## talk to Sayso here; CANDLES=path replays a file, EXCHANGE=binance follows present prices
	@$(BIN)/sayso chat $(if $(CANDLES),--candles "$(CANDLES)") $(if $(EXCHANGE),--exchange "$(EXCHANGE)") $(if $(SIMULATED),--simulated) $(if $(SPEED),--speed $(SPEED))

demo: $(VENV)/.ready ## the whole conversation by itself
	@$(BIN)/sayso demo

bot: $(VENV)/.ready ## the same conversation in Telegram
	@$(BIN)/sayso bot $(if $(CANDLES),--candles "$(CANDLES)") $(if $(EXCHANGE),--exchange "$(EXCHANGE)") $(if $(SPEED),--speed $(SPEED))

setup: $(VENV)/.ready

setup-dev: $(VENV)/.ready-dev

test: $(VENV)/.ready-dev ## the whole suite
	$(BIN)/pytest -n 2

test-fast: $(VENV)/.ready-dev
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(VENV)/.ready-dev
	$(BIN)/pytest -m slow

check: $(VENV)/.ready-dev ## the whole gate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.generated --check
	$(BIN)/pytest -n 2 -m "not slow"

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.generated

prove: $(VENV)/.ready-dev ## the long runs; writes their figures to docs/
	$(BIN)/python -m tests.prove

clean:
	rm -rf $(VENV)

# Plain Python is enough: pip checks every hash of the lock file.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sayso needs Python 3.11 or newer: make chat PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up (once, a minute or two)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m runtime.warm
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
