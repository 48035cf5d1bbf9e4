PYTHON ?= python3
BIN := .venv/bin
TCCLI := $(shell sed -n 's/^tccli = "\(.*\)"/\1/p' pyproject.toml)
INTL := $(shell sed -n 's/^sdk-intl = "\(.*\)"/\1/p' pyproject.toml)

help:  ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/run  ## Serve the default scenario on http://127.0.0.1:5530
	$(BIN)/lke-emulator serve

test: .venv/test  ## Run the whole suite
	$(BIN)/pytest -n auto

check: .venv/test  ## Format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/test  ## Measure side by side with bare Starlette, as ratios
	$(BIN)/python -m benchmarks

spec: .venv/test  ## Read the API definitions anew from the pinned tccli package; prints what changed
	$(BIN)/python -m lke_emulator.protocol.definitions.update

clean:  ## Remove the virtual environment
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lke-emulator needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/run: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/test: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[test,check]'
	$(BIN)/pip install --quiet --no-deps tccli==$(TCCLI)
	$(BIN)/pip install --quiet --no-deps --no-compile --upgrade --target .venv/intl tencentcloud-sdk-python-intl-en==$(INTL)
	touch .venv/run $@

.PHONY: help run test check bench spec clean
