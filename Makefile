# The menu: `make` prints it. Every target works as the first command on a bare machine with
# Python 3.11 or later; what Debian packages it needs, it installs as root or names in one line.

SHELL := /bin/sh
.DEFAULT_GOAL := menu
.PHONY: menu demo test check bench faults up docs clean debian
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
PYTEST := $(BIN)/python -m pytest -q
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

menu:
	@echo "Fairwitness: WhatsApp as a channel that a firm can keep, check and trust."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "ARGS passes more to the command behind a target: make demo ARGS=--exit"

demo: $(READY) ## replay a pilot of 13 people through a real door, and open the hub on it
	@$(BIN)/fairwitness demo $(ARGS)

up: $(READY) ## start the door, the keeper and the hub (after: .venv/bin/fairwitness init)
	@$(BIN)/fairwitness up $(ARGS)

test: $(READY) debian ## every check and test, as in continuous integration (15 minutes at most)
	@failed=; \
	stage() { echo; echo "== $$1"; shift; "$$@" || failed=yes; }; \
	stage check $(MAKE) check; \
	stage "unit, conformance, house, docs" $(PYTEST) -n 2 $(wildcard tests/unit tests/corpus tests/conformance tests/migrations tests/house tests/docs); \
	stage hub $(PYTEST) -n 2 tests/hub; \
	stage journeys $(PYTEST) tests/journeys; \
	stage faults $(PYTEST) tests/faults; \
	echo; test -z "$$failed" || { echo "make test: something above failed." >&2; exit 1; }

check: $(READY) ## style, types and the floor plan, without running anything
	@failed=; \
	for tool in "ruff check ." mypy "lint-imports --no-logo"; do $(BIN)/$$tool || failed=yes; done; \
	test -z "$$failed"

faults: $(READY) debian ## all the faults: 200 kills under load, 1,000 flipped bits
	@FAIRWITNESS_KILLS=200 FAIRWITNESS_FLIPS=1000 $(PYTEST) --timeout 3600 tests/faults $(ARGS)

bench: $(READY) ## speeds on this machine, as a table in docs/benchmarks.md
	@$(BIN)/python -m bench $(ARGS)

docs: $(READY) ## hold the documents against the code
	@$(PYTEST) -n 0 tests/docs

clean: ## remove what make made: .venv, caches, builds, the demo's data
	@rm -rf $(VENV) build dist demo-data .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python that the lock has wheels for. A shim may exist and still not run: so each is tried.
$(READY): requirements.lock pyproject.toml
	@if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		rm -rf $(VENV); found=; \
		for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then echo "make: no Python 3.11 or later was found; install one (Debian: apt-get install python3 python3-venv)." >&2; exit 2; fi; \
		if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
			package=$$("$$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
			if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(call apt,$$package); fi; \
			"$$found" -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $$found cannot make virtual environments; install $$package (Debian: apt-get install $$package)." >&2; exit 2; }; \
		fi; \
		echo "Making $(VENV) with $$("$$found" --version) …"; \
		"$$found" -m venv $(VENV) || exit 2; \
	fi
	@echo "Installing the locked packages (once, a minute or two) …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# The journeys drive a real browser, and a hardware security module is played by SoftHSM.
debian:
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(call apt,chromium); fi; \
		command -v chromium >/dev/null || { echo "make: the journeys need a browser; install chromium (Debian: apt-get install chromium)." >&2; exit 2; }; \
	}
	@ldconfig -p 2>/dev/null | grep -q libatomic.so.1 || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(call apt,libatomic1); fi; \
		ldconfig -p | grep -q libatomic.so.1 || { echo "make: what drives the browser needs libatomic (Debian: apt-get install libatomic1)." >&2; exit 2; }; \
	}
	@command -v softhsm2-util >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(call apt,softhsm2); fi; \
		command -v softhsm2-util >/dev/null || { echo "make: keys in a hardware module are tested with softhsm2 (Debian: apt-get install softhsm2)." >&2; exit 2; }; \
	}

define apt
echo "Installing $(1) …"; \
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(1); } >/dev/null 2>$(VENV).apt.log \
	|| sed -n '$$p' $(VENV).apt.log >&2; rm -f $(VENV).apt.log
endef
