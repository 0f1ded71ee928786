.DEFAULT_GOAL := help
.SHELLFLAGS := -euo pipefail -c
SHELL := bash

PYTHON ?= python3
ARGS ?=
NAME ?=
# Many tests wait for processes that they start or kill: one worker more than there are cores keeps these busy.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(os.cpu_count() + 1)")

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
PACKAGES := $(VENV)/.packages
INSTALLED := $(VENV)/.installed
IMAGE := proto/gen/rappit/contract.binpb
BASELINE := proto/baseline.binpb

# Folders too: their time says that a file came or went.
CONTRACT := $(shell find proto/rappit) proto/compile.py clients/python/generate.py
# What can be tried on the system that runs in this folder.
FOLDER ?= .rappit
TRY = $(BIN)/python -m laptop.tries --folder "$(FOLDER)"

CHECKED := $(wildcard services deploy/laptop clients proto/*.py tests)

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-13s\033[0m %s\n", $$1, $$2}' Makefile

.PHONY: run
run: install ## Start everything on this machine, with a demo (ARGS=--help for choices)
	@$(BIN)/python -m laptop $(ARGS)

.PHONY: why
why: install ## Why is this number 47? What moved an item's units, in words (SKU=MUG-WALK); `make run` runs
	@$(TRY) why "$(SKU)" $(ARGS)

.PHONY: try-launch
try-launch: install ## Sell 100 units to 1,000 buyers at once (ARGS="--buyers 200 --units 20"); `make run` runs
	@$(TRY) launch $(ARGS)

.PHONY: try-kill
try-kill: install ## The same, and kill -9 the process that keeps the stock in the middle
	@$(TRY) kill $(ARGS)

.PHONY: try-duplicate
try-duplicate: install ## Send one delivery many times, at once and late
	@$(TRY) duplicate

.PHONY: try-forged
try-forged: install ## Forge orders in every way
	@$(TRY) forged

.PHONY: try-day
try-day: install ## Live a day of the demo in a quarter of an hour, in a folder of its own (ARGS="--seconds 60")
	@$(BIN)/python -m laptop.day $(ARGS)

.PHONY: test
test: install ## Run the tests, in parallel (ARGS="tests/orders -k late")
	$(BIN)/pytest --numprocesses=$(WORKERS) $(ARGS)

.PHONY: bench
bench: install ## Measure against what this machine can do, on a machine that is quiet (NAME=hot-item,spread-items)
	@$(BIN)/python -m tests.bench $(NAME) $(ARGS)

.PHONY: lint
lint: install ## Check style, types, imports and the contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/buf format --diff --exit-code
	$(BIN)/buf lint $(IMAGE) --path rappit
	$(BIN)/buf breaking $(IMAGE) --against $(BASELINE) --path rappit

.PHONY: format
format: install ## Put code and contract into the one format
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/buf format --write

.PHONY: map
map: install ## Print each RPC with its file, its test and what it may publish
	@$(BIN)/python proto/map.py

.PHONY: install
install: $(INSTALLED) ## Install what development needs into .venv, from the lock

.PHONY: proto
proto: $(INSTALLED) ## Compile the contract into proto/gen (as every other target does when a .proto changed)

.PHONY: lock
lock: $(UV) ## Resolve the dependencies of pyproject.toml into requirements.lock (ARGS=--upgrade for newer ones)
	$(UV) pip compile pyproject.toml --quiet --all-extras --group dev --universal --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-package rappit-contract \
		--output-file requirements.lock $(ARGS)

.PHONY: baseline
baseline: install ## Record the contract as released: `make lint` refuses what breaks it
	$(BIN)/buf build $(IMAGE) --path rappit --exclude-source-info --output $(BASELINE)

.PHONY: clean
clean: ## Remove all that was made here: .rappit with its data, .venv, stubs and caches
	@[ ! -e .rappit/lock ] || $(PYTHON) -c 'import fcntl; fcntl.flock(open(".rappit/lock"), fcntl.LOCK_EX | fcntl.LOCK_NB)' \
		2>/dev/null || { echo "RAPPIT runs here: stop it first, by Ctrl-C where \`make run\` is"; exit 1; }
	rm -rf .rappit $(VENV) proto/gen clients/python/rappit_client/gen
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find services deploy proto clients tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# pip brings only the pinned uv; uv, eight times as fast, brings the rest.
$(UV):
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11)' 2>/dev/null || \
		{ echo "RAPPIT needs Python 3.11 or newer, and $(PYTHON) is not: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >$(VENV)/uv.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $(VENV)/uv.lock

$(PACKAGES): requirements.lock | $(UV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	touch $@

# Where only the contract changed, compiling it is all there is to do, and writing what of the client follows from it. The
# build tools are the locked ones: stubs of an unpinned grpcio-tools may be refused by the locked grpcio.
$(INSTALLED): $(PACKAGES) pyproject.toml proto/pyproject.toml clients/python/pyproject.toml $(CONTRACT)
	$(if $(filter-out $(CONTRACT),$?), \
		$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable ./proto --editable . && \
		$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable ./clients/python, \
		$(BIN)/python proto/compile.py && $(BIN)/python clients/python/generate.py)
	touch $@
