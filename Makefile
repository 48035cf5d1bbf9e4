PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements/test.txt
WITH_TOOLS := .[test,check]
TCCLI := $(shell sed -n 's/^tccli = "\(.*\)"/\1/p' pyproject.toml)
INTL := $(shell sed -n 's/^sdk-intl = "\(.*\)"/\1/p' pyproject.toml)

help:  ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/run  ## Serve the default scenario on http://127.0.0.1:5530
	$(BIN)/lke-emulator serve

test: clients  ## Run the whole suite, with the versions of requirements/test.txt
	$(BIN)/python -m compileall -q emulator benchmarks contract_tests  # once, not in each process that a test starts
	$(BIN)/pytest -n auto --dist worksteal

test-latest: latest  ## Run it with the newest versions, in an environment of its own
	.venv-latest/bin/python -m contract_tests.clients
	.venv-latest/bin/pytest -n auto --dist worksteal

clients: .venv/test  ## Prepare the clients of the other languages whose tools are here, which the suite drives
	$(BIN)/python -m contract_tests.clients

check: .venv/test  ## Format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/test  ## Measure side by side with bare Starlette, as ratios
	$(BIN)/python -m benchmarks

spec: .venv/test  ## Read the API definitions anew from the pinned tccli package; prints what changed
	$(BIN)/python -m lke_emulator.protocol.definitions.update

docs: .venv/test  ## Write the pages of docs/ that are made from the code
	$(BIN)/lke-emulator assumptions > docs/assumptions.md

vendor: .venv/test  ## Take the console's libraries from their packages, at the versions of pyproject.toml
	$(BIN)/python -m lke_emulator.console.vendor

screenshots: .venv/test  ## Take a picture of every page of the console in both themes, in screenshots/
	$(BIN)/python -m contract_tests.browser.screenshots

lock: latest  ## Write the newest versions to requirements/test.txt
	.venv-latest/bin/pip freeze --exclude-editable --exclude tccli > $(LOCK)

clean:  ## Remove the virtual environments
	rm -rf .venv .venv-latest

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lke-emulator needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/run .venv/test: export PIP_CONSTRAINT := $(LOCK)

.venv/run: pyproject.toml $(LOCK) | .venv/bin/python
	$(call project,.venv,.)
	touch $@

.venv/test: pyproject.toml $(LOCK) | .venv/bin/python
	$(call suite,.venv)
	touch .venv/run $@

latest: .venv/bin/python
	.venv/bin/python -m venv --clear .venv-latest
	$(call suite,.venv-latest)

# Built by what stands in the environment, so that the build has exact versions too.
define project
	$(1)/bin/pip install --quiet hatchling editables
	$(1)/bin/pip install --quiet --no-build-isolation --editable '$(2)'
endef

# The project, and the packages whose definitions and names the suite compares. crcmod, which the
# object SDK needs, comes as source only; the setuptools of a Python 3.11 build no wheel by themselves.
define suite
	$(1)/bin/pip install --quiet setuptools wheel
	$(call project,$(1),$(WITH_TOOLS))
	$(1)/bin/pip install --quiet --no-deps tccli==$(TCCLI)
	$(1)/bin/pip install --quiet --no-deps --no-compile --upgrade --target $(1)/intl tencentcloud-sdk-python-intl-en==$(INTL)
endef

.PHONY: help run test test-latest clients check bench spec docs vendor screenshots lock latest clean
