# make run      the app, on a free port of this machine, which it prints
# make dev      the same, reloading changed files and showing errors in full
# make test     everything: make check, then the tests, browser included
# make check    ruff and mypy
# make format   put the code in ruff's format
# make bench    the benchmarks, never part of the tests
# make clean    remove environments and caches
#
# PYTHON=python3.13    another Python, 3.11 or newer
# STREAMLIT=1.62.0     that Streamlit, in an environment of its own
# ADDRESS=0.0.0.0      run, dev: listen on the network, not only on this machine
# PORT=8600            run, dev: this port
# ARGS="-k player"     test, bench: more arguments
# JOBS=1               test: how many processes; else two more than there are cores

PYTHON = python3
STREAMLIT =
VENV = .venv$(if $(STREAMLIT),-$(STREAMLIT))
ADDRESS = 127.0.0.1
PORT =
ARGS =
JOBS = $(shell $(PYTHON) -c 'import os; print(min((os.cpu_count() or 1) + 2, 8))')

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
PINNED = $(if $(STREAMLIT),streamlit==$(STREAMLIT))

.PHONY: run dev test check format bench browser clean

# 8501 as a link people may have kept, else whatever the system offers.
FREE_PORT = import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); \
	print(8501 if socket.socket().connect_ex(("127.0.0.1", 8501)) else s.getsockname()[1])
SERVE = port=$(PORT); test -n "$$port" || port=$$($(BIN)/python -c '$(FREE_PORT)') || exit 1; \
	echo "convviz: http://$(if $(filter 0.0.0.0,$(ADDRESS)),$$(hostname),$(ADDRESS)):$$port (Ctrl-C stops it)"; \
	exec $(BIN)/python -m streamlit run app.py --server.address $(ADDRESS) --server.port "$$port" \
		--logger.hideWelcomeMessage true

run: $(VENV)/run.stamp
	@$(SERVE)

dev: $(VENV)/run.stamp
	@$(SERVE) --server.fileWatcherType auto --server.runOnSave true --client.showErrorDetails full

test: check browser
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: $(VENV)/test.stamp
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(VENV)/test.stamp
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: $(VENV)/test.stamp browser
	$(BIN)/python -m benchmarks $(ARGS)

browser: $(VENV)/test.stamp
	@$(BIN)/python tests/browser/install.py

clean:
	rm -rf .venv .venv-* .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: requirements.txt | $(BIN)/pip
	@echo "Installing what the app needs into $(VENV) ..."
	@$(PIP) -r requirements.txt $(PINNED)
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt requirements.txt | $(BIN)/pip
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) -r requirements-dev.txt $(PINNED)
	@touch $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) was not found: install Python 3.11 or newer, or name yours: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), but 3.11 or newer is needed: make PYTHON=python3.12, for example" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
