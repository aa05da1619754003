# Two commands on a fresh machine with Python 3.11 or newer and make: `make run` and `make test`.
# Set-up leaves a stamp in .venv; it is done again only when the pins or pyproject.toml change.

BIN := .venv/bin
CANDIDATES := python3.13 python3.12 python3.11 python3 python
PYTHON = $(shell for p in $(CANDIDATES); do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
CORE_TESTS := $(addprefix tests/,attribute estate files flow rate respond share stress test_errors.py test_settings.py)
# Those that need cases of their own run by bench-stress.
STRESS := benchmarks/bench_screening.py benchmarks/bench_cascade.py
BENCHMARKS := $(filter-out $(STRESS),$(wildcard benchmarks/bench_*.py))

.PHONY: help run test test-browser pictures ui ui-check setup lint coverage peers docs bench bench-share bench-stress bundle bundle-check lock ci clean
.DELETE_ON_ERROR:

help:
	@echo "make run       set up, print the brief for japan, serve it on http://127.0.0.1:8600/ (Ctrl-C stops)"
	@echo "make test      set up and run the tests"
	@echo "make test-browser  the same for the screen, in Debian's Chromium"
	@echo "make pictures  make anew the pictures that pages are compared with, and those of the documents"
	@echo "make ui        build ui/ into src/noroshi/web/static; make ui-check proves that what is committed is that"
	@echo "make lint      style, types, import contracts"
	@echo "make coverage  branch coverage of the core, kernels uncompiled"
	@echo "make peers     compare with other packages, in an environment of their own (.venv-peers)"
	@echo "make docs      write docs/reference from the code"
	@echo "make bench     run every benchmark"
	@echo "make bench-stress CASES=FOLDER  screening and cascades on a folder of MATPOWER cases, beside the tools of the field"
	@echo "make bench-share  the hub on SQLite and PostgreSQL, with one worker and two, a million objects; medallion (30 minutes)"
	@echo "make bundle    one archive in dist/ that installs without a network; make bundle-check installs it without one"
	@echo "make ci        what the build server runs"
	@echo "make lock      pin the dependencies again (needs uv)"
	@echo "make clean     remove what was built"

# Ctrl-C goes to make, the shell and noroshi alike; the shell's trap lets noroshi end and then says all is well.
run: .venv/ready-run
	@trap 'exit 0' INT TERM; $(BIN)/noroshi brief japan && $(BIN)/noroshi serve

test: .venv/ready-test
	$(BIN)/python -m pytest -n 2 --quiet

setup: .venv/ready-lint

lint: .venv/ready-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-browser: .venv/ready-browser
	$(BIN)/python -m pytest -m browser -n 2 --dist loadfile --quiet

pictures: .venv/ready-browser
	$(BIN)/python -m tests.browser.draw

# Node comes with the pins of the browser tests; npm takes exactly what the lock file names.
ui: .venv/ready-browser
	$(BIN)/python ui/with_node.py build

ui-check: .venv/ready-browser
	$(BIN)/python ui/with_node.py check

# Matching is left out: its kernels count on whole numbers that wrap around, which only compiled code does.
coverage: .venv/ready-test
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest $(CORE_TESTS) -m 'not compiled and not slow and not browser and not peers' \
	  --ignore-glob='*/share/test_matching*' -n 2 --quiet --cov --cov-report=term-missing:skip-covered

peers: .venv-peers/ready-peers
	.venv-peers/bin/python -m pytest -m peers --quiet

docs: .venv/ready-run
	$(BIN)/python docs/build_reference.py

bench: .venv/ready-run
	@for f in $(BENCHMARKS); do echo "== $$f"; $(BIN)/python $$f || exit 1; done

# CASES: a folder of MATPOWER cases, as pglib-opf has them; beside the tools of the field, in their environment.
bench-stress: .venv-peers/ready-peers
	@test -n "$(CASES)" || { echo "name a folder of MATPOWER cases: make bench-stress CASES=FOLDER" >&2; exit 2; }
	@for f in $(STRESS); do echo "== $$f"; .venv-peers/bin/python $$f $(CASES) || exit 1; done

# medallion in the environment of the peers, so that nothing of it is needed to run; PostgreSQL comes with the tests.
bench-share: .venv/ready-test .venv-peers/ready-peers
	$(BIN)/python benchmarks/bench_share.py --objects 20000 1000000 --workers 1 2 --postgres \
		--medallion .venv-peers/bin/python

# In the environment of the tests, which has what builds the few pins that come as source alone.
bundle: .venv/ready-test
	$(BIN)/python bundle/pack.py

bundle-check: bundle
	$(BIN)/python bundle/check.py dist/$$($(BIN)/python bundle/pack.py --name)

ci:
	./.ci/run

lock:
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test -c requirements/run.txt -o requirements/test.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra postgres --extra misp -c requirements/test.txt -o requirements/hub.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra lint -c requirements/test.txt -o requirements/lint.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra lint --extra browser --extra ui -c requirements/lint.txt -o requirements/browser.txt
	$(COMPILE) pyproject.toml requirements/build.in requirements/peers.in --extra test -o requirements/peers.txt

clean:
	rm -rf .venv .venv-peers build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

%/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with the venv module was not found on PATH (looked for: $(CANDIDATES))." >&2; \
		echo "Install it (on Debian: python3 and python3-venv) and run make again." >&2; exit 2; }
	$(PYTHON) -m venv $*

# $(1): environment, $(2): which pins. One recipe for the project's own environment and the peers'.
define environment
$(1)/ready-$(2): requirements/$(2).txt pyproject.toml | $(1)/bin/python
	@echo "Setting up $(1) from requirements/$(2).txt (once; about a minute) ..."
	@$(1)/bin/python -m pip --version >/dev/null 2>&1 || $(1)/bin/python -m ensurepip >/dev/null
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/$(2).txt
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $$@
endef

$(foreach pins,run test lint browser,$(eval $(call environment,.venv,$(pins))))
$(eval $(call environment,.venv-peers,peers))
