# Every target works alone on a fresh machine with Python 3.11-3.13, git and make.
SHELL := /bin/bash
PYTHON ?= $(shell for v in 3.11 3.12 3.13; do command -v python$$v >/dev/null 2>&1 && python$$v -c 'import venv, ensurepip' >/dev/null 2>&1 && { echo python$$v; exit; }; done; echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PIP_DISABLE_PIP_VERSION_CHECK := 1
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.installed ## Install what is needed, prepare the database, serve the demo town on http://127.0.0.1:8000
	$(BIN)/inclusion serve --host $(HOST) --port $(PORT)

test: $(VENV)/.tests-installed system-packages ## Run the whole suite (about 13 minutes on 2 cores)
	$(BIN)/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder

check: $(VENV)/.tests-installed ## Lint, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench-installed ## Measure speed beside a peer or baseline (docs/benchmarks.md)
	$(BIN)/python -m tests.benchmarks

soak: $(VENV)/.tests-installed system-packages prism ## Long proofs
	$(BIN)/python -m pytest -m soak

# On a machine with a graphics card and many cores: make ears EARS="--device cuda --readers 15 --texts 170000 --minutes 9"
ears: $(VENV)/.tests-installed ## Teach the town's own ears anew (many hours on 2 cores; may be stopped and called again)
	mkdir -p var/ears
	$(BIN)/python -m inclusion.sayings > var/ears/material.json
	$(BIN)/python -W ignore -m accessibility.hearing.training var/ears/material.json var/ears $(EARS)

clean: ## Remove the environment and everything made at run time
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11, 3.12 or 3.13 is needed. Install one and run: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install -q -c constraints.txt setuptools
	$(PIP) install -q -c constraints.txt --no-build-isolation -e .
	$(PIP) install -q -c constraints.txt --no-build-isolation --no-deps openai-whisper
	@touch $@

$(VENV)/.tests-installed: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt --no-build-isolation -e '.[test]'
	@sh tests/torch.sh $(BIN)/python
	@touch $@

$(VENV)/.bench-installed: $(VENV)/.tests-installed
	$(PIP) install -q -c constraints.txt --no-build-isolation -e '.[bench]'
	@touch $@

system-packages:
	@sh tests/system-packages.sh

# The second opinion on what we send to LINE; it needs Node. Where npm is not, its tests are skipped.
prism:
	@[ -x $(VENV)/prism/node_modules/.bin/prism ] || ! command -v npm >/dev/null || npm install --silent --no-fund --no-audit --prefix $(VENV)/prism @stoplight/prism-cli@5.14.2

.PHONY: help run test check bench soak ears clean system-packages prism
