# Two commands: `make demo` and `make test`. Both make the virtual environment first.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
CORES  ?= -n auto --dist worksteal

.PHONY: demo test check unit shells secret-service test-clients pythons benchmark install clean

demo: $(VENV)/installed
	$(BIN)/aibridge demo

test: check unit shells secret-service test-clients pythons

install: $(VENV)/installed-dev

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/installed-dev
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -q $(CORES) --cov --cov-report= --ignore tests/real_clients --ignore tests/real_shells --ignore tests/secret_service
	$(BIN)/coverage report --include '$(PURE)' --fail-under 100
	$(BIN)/coverage report | tail -n 1

shells: $(VENV)/installed-dev
	PYTHON=$(BIN)/python sh tests/real_shells/install.sh
	$(BIN)/python -m pytest -q $(CORES) tests/real_shells

secret-service: $(VENV)/installed-dev
	sh tests/secret_service/install.sh
	$(BIN)/python -m pytest -q $(CORES) tests/secret_service

test-clients: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet --group libraries
	PYTHON=$(BIN)/python sh tests/real_shells/install.sh
	$(BIN)/python -m tests.real_clients.install_python & from_pypi=$$!; \
	$(BIN)/python tests/real_clients/install.py; from_npm=$$?; wait $$from_pypi && exit $$from_npm
	$(BIN)/python -m pytest -q $(CORES) tests/real_clients

pythons: $(VENV)/installed-dev
	$(BIN)/python tests/other_pythons.py

benchmark: $(VENV)/installed-dev
	$(BIN)/python benchmarks/startup.py
	sh tests/secret_service/install.sh
	$(BIN)/python benchmarks/signing_in.py
	$(BIN)/python benchmarks/editing.py
	$(BIN)/python benchmarks/prompt.py

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

clean:
	rm -rf $(VENV) dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Parts that get values and return values; every line and branch of them is run by the tests.
PURE := aibridge_cli/documents/*,aibridge_cli/changes/plan.py,aibridge_cli/changes/desire.py,aibridge_cli/changes/working.py,aibridge_cli/changes/takeback.py,aibridge_cli/changes/state.py,aibridge_cli/changes/diff.py,aibridge_cli/changes/undoing.py,aibridge_cli/diagnosis/drift.py,aibridge_cli/diagnosis/explanation.py,aibridge_cli/diagnosis/showing.py,aibridge_cli/diagnosis/taking_out.py,aibridge_cli/diagnosis/tokens.py,aibridge_cli/clients/*,aibridge_cli/completions/*,aibridge_cli/shells/*,aibridge_cli/terraform/*,aibridge_cli/packs/pack.py,aibridge_cli/packs/archive.py,aibridge_cli/packs/programs.py,aibridge_cli/pack_index.py,aibridge_cli/deployment/urls.py,aibridge_cli/deployment/answer.py,aibridge_cli/deployment/limits.py,aibridge_cli/deployment/proxies.py,aibridge_cli/deployment/refusals.py,aibridge_cli/deployment/shapes.py,aibridge_cli/errors.py,aibridge_cli/secret.py,aibridge_cli/deployment/gateway_answers.py,aibridge_cli/diagnosis/sources.py,aibridge_cli/diagnosis/effective.py,aibridge_cli/diagnosis/effective_findings.py,aibridge_cli/diagnosis/start_up.py,aibridge_cli/diagnosis/other_tools.py,aibridge_cli/diagnosis/sign_ins.py,aibridge_cli/diagnosis/start_up_files.py
