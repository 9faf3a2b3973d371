# Every check and every way to start MultiMail. Continuous integration and pre-commit call these
# targets and nothing else. A machine needs CPython 3.11 or later with pip and venv, make and git;
# the browser tests need Chromium.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# Half as many again as there are processors: a quarter of the time a test waits for a process or the disk.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(3 * (os.cpu_count() or 1) // 2)')
# Folders that hold Python of ours; those that do not exist yet are left out.
CODE := $(wildcard src tests tools benchmarks examples)
CHROMIUM = $(or $(MULTIMAIL_TEST_CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))

# The tests start hundreds of processes: without bytecode files each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env run test test-core test-rest soak bench check lint types fresh generate format lock browser screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

# --- the environment -------------------------------------------------------------------------------

env: $(VENV)/.project ## create or refresh .venv from the lock file

# The locked packages, every file checked against its hash.
$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "MultiMail needs Python 3.11 or later: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# MultiMail itself, editable; its requirements are the locked ones, so pip resolves nothing. Compiled as pip compiles
# what it installs, so that the first start is as quick as the next.
$(VENV)/.project: $(VENV)/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

lock: $(VENV)/.project ## resolve again: write requirements.lock for all platforms, with hashes
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --group dev --output-file requirements.lock pyproject.toml

clean: ## remove the environment and everything tools left behind
	rm -rf $(VENV) dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the product -----------------------------------------------------------------------------------

run: env ## start MultiMail; prints a ready mailbox and the next steps
	$(BIN)/python -m multimail serve

bench: env ## measure against bare baselines; prints one table
	$(BIN)/python -m benchmarks

# --- the checks ------------------------------------------------------------------------------------

check: lint types fresh ## everything that reads the source without running it

lint: env ## style, format, and who may import whom
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports

types: env ## mypy, strict, tests included
	$(BIN)/mypy $(CODE)

fresh: env ## fail when a generated file is not what its source says
	$(BIN)/python -m tools.fresh --check

generate: env ## write the generated files
	$(BIN)/python -m tools.fresh

format: env ## put the source in order
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

test: test-core test-rest ## every test but the long ones, the browser's included

# The core is covered by its own tests, every line and branch: what other tests happen to touch does not count.
test-core: env
	$(PYTEST) -n auto tests/core --cov=multimail.core --cov-branch --cov-fail-under=100

test-rest: env browser
	MULTIMAIL_TEST_CHROMIUM=$(CHROMIUM) $(PYTEST) -n $(WORKERS) --dist worksteal --ignore=tests/core

# No stacks after two minutes: these take longer, and printing those of a process at work has crashed it.
soak: env browser ## the runs that take minutes: crashes, load, many processes, rare inputs
	MULTIMAIL_TEST_CHROMIUM=$(CHROMIUM) $(PYTEST) -m soak --durations=0 -o faulthandler_timeout=0
	MULTIMAIL_TEST_PROFILE=soak $(PYTEST) -n auto tests/core tests/mime

# The same data each time, so that a picture changes only where a page did.
screenshots: env browser ## make the pictures in docs/screenshots anew, by the tests of every page and state
	rm -f docs/screenshots/*.png
	MULTIMAIL_TEST_SCREENSHOTS=docs/screenshots MULTIMAIL_TEST_CHROMIUM=$(CHROMIUM) $(PYTEST) -n auto --dist worksteal tests/e2e/browser/test_every_page.py tests/e2e/browser/test_every_state.py \
	  --deselect tests/e2e/browser/test_every_state.py::test_every_page_and_state_has_its_picture

browser: ## the Chromium that the tests drive, installed where that is allowed
	@MULTIMAIL_TEST_CHROMIUM="$(MULTIMAIL_TEST_CHROMIUM)" sh tools/browser.sh
