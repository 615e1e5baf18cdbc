# Everyday commands. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Compiled modules are kept, or each process of a test run would compile everything for itself.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/*.po))

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# ---------------------------------------------------------------- the environment
.PHONY: setup dev
setup: .venv/runtime.stamp $(CATALOGUES) ## make the environment; costs nothing when it stands
	@:
dev: .venv/dev.stamp $(CATALOGUES) ## the same with everything for tests and checks
	@:

.venv/bin/python:
	@python=$$(tools/find-python.sh) && "$$python" -m venv .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	@tools/install.sh requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@tools/install.sh requirements-dev.txt
	@touch .venv/runtime.stamp $@

%.mo: %.po .venv/runtime.stamp
	@$(BIN)/pybabel -q compile -i $< -o $@

# ---------------------------------------------------------------- running
.PHONY: run demo-reset
run: setup ## start on http://localhost:5000 with the demo year (PORT=8080 for another port)
	@exec $(BIN)/python -m app.serve

demo-reset: setup ## throw the demo year away and tell it anew
	@DEMO=1 $(FLASK) demo reset

# ---------------------------------------------------------------- proving
.PHONY: lint check test test-full
lint: dev ## style, types, import contracts, templates, pins
	@tools/lint.sh

check: dev ## under a minute: style, types, import contracts, quick tests on SQLite
	@tools/check.sh

test: dev ## everything: checks, the suite on SQLite and PostgreSQL, real browsers
	@tools/system-packages.sh
	@tools/lint.sh
	@$(BIN)/python -m tests.support.services run -- tools/suite.sh

# Other counts live in an environment of their own; goldens keep their answers for everyday tests.
.venv-oracle/stamp: requirements-oracle.txt | .venv/bin/python
	@python=$$(tools/find-python.sh) && "$$python" -m venv .venv-oracle
	@tools/install.sh requirements-oracle.txt .venv-oracle
	@touch $@

.PHONY: test-oracle
test-oracle: .venv-oracle/stamp ## compare the counting engine with other people's counts
	@.venv-oracle/bin/pytest -q -m oracle tests/oracle --override-ini filterwarnings=error::UserWarning

# The tool that changes lines stands apart too, and works on a copy: it writes thousands of variants.
.venv-mutants/stamp: requirements-mutants.txt | .venv/bin/python
	@python=$$(tools/find-python.sh) && "$$python" -m venv .venv-mutants
	@tools/install.sh requirements-mutants.txt .venv-mutants
	@touch $@

.PHONY: test-mutants
test-mutants: dev .venv-mutants/stamp ## change the counting engine line by line: 85 of 100 must be noticed
	@$(BIN)/python -m tools.mutants

test-full: export MADANG_FULL := 1
test-full: test ## the same with the fault tests at full figures

# ---------------------------------------------------------------- measuring and showing
.PHONY: bench-board bench-cast bench-count bench-forum gallery
bench-board: dev ## measure the board against a bare Flask list page
	@$(BIN)/python -m bench.board

bench-cast: dev ## measure casting a ballot against a bare Flask endpoint
	@$(BIN)/python -m bench.cast

bench-count: dev .venv-oracle/stamp ## measure the counting engine against GROUP BY and pabutools
	@$(BIN)/python -m bench.count

bench-forum: dev ## measure maps, topics, long threads and weighing beside a bare page
	@$(BIN)/python -m bench.forum

gallery: dev ## photograph every page, phone and desk, into gallery/index.html
	@$(BIN)/python -m tools.gallery

# ---------------------------------------------------------------- keeping
.PHONY: pins messages
pins: dev ## choose the newest fitting versions and write requirements*.txt again
	@tools/compile-pins.sh
	@$(BIN)/python -m tools.pins

messages: dev ## collect the sentences to translate; fails while English lacks one
	@$(BIN)/python -m tools.messages
