# guanshu: `make run` starts the demo on http://127.0.0.1:8000, `make test` runs everything CI runs.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two workers suit the two cores everything is sized for; PYTEST_WORKERS=0 runs in one process.
PYTEST_WORKERS ?= 2
PYTEST := $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadfile
RUN_STAMP := $(VENV)/.run-ready
DEV_STAMP := $(VENV)/.dev-ready
BENCH_STAMP := $(VENV)/.bench-ready

.PHONY: run test gallery lint format unit portal-sqlite portal-postgres e2e system bench guide-pictures lock clean

run: $(RUN_STAMP) node_modules/.ready
	@GUANSHU_DEMO=1 $(BIN)/guanshu demo $(if $(MUSEUMS),--museums $(MUSEUMS)) $(if $(TODAY),--today $(TODAY))
	@GUANSHU_DEMO=1 $(BIN)/guanshu run --port $(PORT)

test: $(DEV_STAMP) node_modules/.ready system lint unit portal-sqlite portal-postgres e2e
	@echo "make test: everything passed"

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	GUANSHU_DEMO=1 GUANSHU_VAR=$(VENV)/var $(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit --quiet --recursive --severity-level medium src tools

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

unit: $(DEV_STAMP)
	$(PYTEST) tests/survey tests/questionnaires tests/project

# Writes the approved pictures of all documents anew: look at them before they are committed.
gallery: $(DEV_STAMP) system
	GALLERY=approve $(BIN)/pytest tests/survey/documents/gallery

portal-sqlite: $(DEV_STAMP) node_modules/.ready
	$(BIN)/python tools/with_sqlite.py $(PYTEST) tests/portal tests/cli

portal-postgres: $(DEV_STAMP) node_modules/.ready
	$(BIN)/python tools/with_postgres.py $(PYTEST) tests/portal tests/cli

e2e: $(DEV_STAMP) node_modules/.ready
	$(BIN)/python tools/with_sqlite.py $(BIN)/pytest -n $(PYTEST_WORKERS) tests/e2e
	$(BIN)/python tools/with_postgres.py $(BIN)/pytest tests/e2e -m short

# Names what the tests need from the system and installs it when it may.
system: $(DEV_STAMP)
	@sh tools/system.sh

bench: $(BENCH_STAMP) node_modules/.ready
	$(BIN)/python bench/checks.py
	$(BIN)/python bench/documents.py
	$(BIN)/python bench/export.py
	$(BIN)/python bench/package.py
	$(BIN)/python bench/scans.py
	$(BIN)/python bench/uploads.py
	$(BIN)/python tools/with_sqlite.py $(BIN)/python bench/lists.py
	$(BIN)/python tools/with_sqlite.py $(BIN)/python bench/dashboard.py
	$(BIN)/python tools/with_sqlite.py $(BIN)/python bench/logins.py
	$(BIN)/python tools/with_sqlite.py $(BIN)/python bench/save.py
	$(BIN)/python tools/with_postgres.py $(BIN)/python bench/save.py

$(VENV)/.made:
	@sh tools/make_venv.sh $(PYTHON) $(VENV)
	@touch $@

$(RUN_STAMP): $(VENV)/.made requirements/build.txt requirements/base.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# What the benchmarks measure against; nothing of it ships.
$(BENCH_STAMP): $(DEV_STAMP) requirements/bench.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

node_modules/.ready: package.json package-lock.json $(VENV)/.made
	@sh tools/make_node_modules.sh $(BIN)
	@touch $@

# After a change of the screens; look at the pictures before they are committed.
guide-pictures: $(DEV_STAMP) node_modules/.ready
	$(BIN)/python tools/guide_pictures.py

# Locks hold exact versions with hashes and no addresses.
lock:
	for name in build base node; do \
	  uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; \
	done
	for name in dev sms-aliyun sms-tencent; do \
	  uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 -c requirements/base.txt requirements/$$name.in -o requirements/$$name.txt; \
	done
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 -c requirements/base.txt -c requirements/dev.txt requirements/bench.in -o requirements/bench.txt
	npm install --package-lock-only

clean:
	rm -rf $(VENV) node_modules var
