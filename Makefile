# `make run` opens the control room on a demo; `make test` checks everything. Both do all set-up first.
.DEFAULT_GOAL := help
.PHONY: help run test libraries test-tools lint format bench soak histories density screenshots gallery translations lock clean

BIN := .venv/bin
READY := .venv/ready
CODE := gui engine state resources specs tests
# Twice as many as there are cores, since many tests wait; never more than eight.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); echo $$((n < 4 ? 2 * n : 8)))
# A worker that crashes fails the run at once; pytest-xdist's way of replacing it waits for ever.
CRASHES := --max-worker-restart=0

help: ## Tell what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): .ci/setup requirements.lock pyproject.toml
	@.ci/setup

run: $(READY) ## Open the control room on a demo home (without a display: run the demo with live progress)
	@$(BIN)/signalbox demo

test: libraries lint ## Lint, types, import contracts and the whole test suite
	$(BIN)/python -m pytest -n $(WORKERS) $(CRASHES)

# Without the libraries of Qt no test can even be collected: say so in a sentence, and first.
libraries: $(READY)
	@$(BIN)/python -m engine.system.display

test-tools: $(READY) ## Install the real coding tools into $SIGNALBOX_TOOLS (.tools), run each in every case, write specs/tools.md
	$(BIN)/python -m tests.helpers.tool_installation
	rm -f "$${SIGNALBOX_TOOLS:-$(CURDIR)/.tools}/figures.jsonl"
	SIGNALBOX_TOOLS="$${SIGNALBOX_TOOLS:-$(CURDIR)/.tools}" $(BIN)/python -m pytest tests/tools \
		--basetemp "$${SIGNALBOX_TOOLS:-$(CURDIR)/.tools}/run"  # codex lets its commands write anywhere below /tmp
	$(BIN)/python -m tests.helpers.tool_figures

lint: $(READY) ## Only lint, types, import contracts and dead names
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

format: $(READY) ## Format the code and mend what the linter can mend
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: $(READY) ## Measure speed and latency, and print the figures
	$(BIN)/python -m pytest tests/benchmarks -o norecursedirs='.*' -o timeout=1200 -s

soak: $(READY) ## The long fault tests: hundreds of kills, and SIGNALBOX_SOAK_S seconds (3600) of work; counts at the end
	SIGNALBOX_SOAK=1 $(BIN)/python -m pytest -q -o timeout=3600 -o faulthandler_timeout=0 \
		$$(grep -rlE 'mark\.soak|long_forms|SIGNALBOX_SOAK' tests --include='test_*.py')

histories: $(READY) ## Kill histories until 2,000 kills of one to three engines, their shims and windows; a breach is shrunk to history.json
	$(BIN)/python -m tests.helpers.histories run --kills 2000 --seconds 36000 --seed 1000

density: $(READY) ## Run each mutant through 200 histories and print the share that catches it; hours
	$(BIN)/python -m tests.helpers.histories density --seeds 200

screenshots: $(READY) ## Draw the window and its panels into resources/screenshots
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.helpers.screenshots resources/screenshots
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.helpers.review_screenshots resources/screenshots

gallery: $(READY) ## Draw every panel, sheet and empty state in all themes and sizes into build/gallery, for looking
	$(BIN)/python -m tests.helpers.gallery build/gallery
	QT_SCALE_FACTOR=2 $(BIN)/python -m tests.helpers.gallery build/gallery

translations: $(READY) ## Collect the texts of the window into resources/translations, compile them, and list what is not translated
	$(BIN)/python -m tests.helpers.translations

lock: $(READY) ## Resolve the dependencies anew into requirements.lock
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --quiet --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean: ## Remove the virtual environment and everything that was built
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache
	find $(CODE) -type d -name __pycache__ -prune -exec rm -rf {} +
