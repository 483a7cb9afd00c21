# Two commands do all the set-up: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= $(or $(MONITOR_CONFIG),config)

.PHONY: demo run test check bench storm faults clean
.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo "make demo   play a storm over the example township (three minutes)"
	@echo "make run    start the service on $(CONFIG)/"
	@echo "make check  name every fault of $(CONFIG)/"
	@echo "make test   everything that must hold before a commit"
	@echo "make bench  the speed table of docs/benchmarks.md"
	@echo "make storm  1,000 gauges over their limits within a minute: who is told, how soon"
	@echo "make faults the fault table of docs/reliability.md in full counts (hours); ROW=name: one"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed. Where one has another name, say so: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "The venv module is missing. Install it with: sudo apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing with the test packages (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/installed

demo: $(VENV)/installed
	@$(BIN)/python -m simulators demo $(ARGS)

# The duty officer's token: the environment's, else one that is made once and stays on this machine.
TOKEN := var/token
WITH_TOKEN := MONITOR_TOKEN="$${MONITOR_TOKEN:-$$(cat $(TOKEN))}"

$(TOKEN): | $(BIN)/python
	@mkdir -p $(@D)
	@(umask 077; $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(32))' > $@)

run: $(VENV)/installed $(TOKEN)
	@[ -n "$$MONITOR_TOKEN" ] || echo "登录令牌在 $(TOKEN) / the token to sign in: cat $(TOKEN)"
	@export $(WITH_TOKEN); exec $(BIN)/monitor run $(CONFIG)

check: $(VENV)/installed $(TOKEN)
	@export $(WITH_TOKEN); exec $(BIN)/monitor check $(CONFIG)

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/installed-test
	@$(BIN)/python -m benchmarks $(ARGS)

storm: $(VENV)/installed-test
	@$(BIN)/python -m benchmarks.storm $(ARGS)

faults: $(VENV)/installed-test
	@$(BIN)/python -m tests.faults $(ROW) $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build *.egg-info
