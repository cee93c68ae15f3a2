.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up down dev check test unit integration page soak e2e manifests lock format images clean \
  bench bench-operator bench-backend bench-kind bench-outage bench-page
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

BIN := .venv/bin
PYTEST := $(BIN)/pytest
NPM := npm --prefix frontend
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras
BENCH_REPORTS ?= artifacts
SOAK_OPERATIONS ?= 1000000
PYTHON_SOURCES := api app operator hack tests

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n\033[1m%s\033[0m\n", substr($$0, 4)} \
	  /^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Run it
up: ## From nothing to a page at http://localhost:8080 on kind (CLUSTER=current: on your kubectl context)
	@hack/up.sh
down: ## Remove what `make up` and `make e2e` made (CLUSTER=current: example and chart only)
	@hack/down.sh
dev: $(BIN)/.installed frontend/node_modules/.installed ## Backend and page on this machine's PostgreSQL and Redis, no cluster
	@hack/dev.sh

## Check it
test: ## Everything: check, unit, integration, page, e2e; installs what it needs
	@$(MAKE) --no-print-directory check unit integration page e2e
check: $(BIN)/.installed frontend/node_modules/.installed ## Lint, types, layers, generated files, chart
	$(BIN)/ruff check $(PYTHON_SOURCES)
	$(BIN)/ruff format --check $(PYTHON_SOURCES)
	$(BIN)/mypy
	$(BIN)/mypy tests hack/*.py
	PYTHONPATH= $(BIN)/lint-imports --no-cache
	hack/check_manifests.sh
	$(NPM) run check
	@hack/packages.sh shellcheck
	hack/check_scripts.sh
	hack/check_chart.sh
unit: $(BIN)/.installed frontend/node_modules/.installed ## Pure code, in seconds
	$(PYTEST) tests/unit tests/protocol
	$(NPM) test
integration: $(BIN)/.installed ## Backend on real PostgreSQL and Redis, operator on a real API server
	@hack/packages.sh initdb redis-server
	BITCOINCACHE_APISERVER_BIN=$$(hack/tools.sh apiserver) BITCOINCACHE_YARDSTICK_BIN=$$(hack/tools.sh yardstick) \
	  $(PYTEST) tests/integration
page: $(BIN)/.installed frontend/node_modules/.installed ## The page in Chromium on a fake API: every state, axe, 320 px, pictures
	@hack/packages.sh chromium nginx
	$(PYTEST) tests/page
soak: $(BIN)/.installed ## SOAK_OPERATIONS (a million) under every fault, alone and mixed: no stale read; the textbook has some
	@hack/packages.sh initdb redis-server
	PYTHONPATH=tests $(BIN)/python -m protocol.epoch_model --emptied 2 --suspended 2
	BITCOINCACHE_YARDSTICK_BIN=$$(hack/tools.sh yardstick) PYTHONPATH=tests \
	  $(BIN)/python -m consistency.soak --operations $(SOAK_OPERATIONS) --report $(BENCH_REPORTS)/soak.json
e2e: $(BIN)/.installed frontend/node_modules/.installed ## The whole stack on kind, and the page in Chromium
	@hack/packages.sh chromium
	@hack/e2e.sh

## Measure it
bench: bench-operator bench-backend bench-outage bench-page bench-kind ## All benches; reports go to BENCH_REPORTS, docs/ or artifacts/ (the default)
bench-operator: $(BIN)/.installed ## The operator with 200 resources on a bare API server: memory, CPU, drift
	BITCOINCACHE_APISERVER_BIN=$$(hack/tools.sh apiserver) PYTHONPATH=tests \
	  $(BIN)/python -m bench.operator.many --report $(BENCH_REPORTS)/bench-operator.md
bench-backend: $(BIN)/.installed ## The backend beside the same service in Go: requests per second, latency, memory (BENCH_OPTIONS='--rounds 9')
	@hack/packages.sh initdb redis-server wrk
	PYTHONPATH=tests $(BIN)/python -m bench.backend --yardstick $$(hack/tools.sh yardstick)/gin \
	  --backend $$(hack/tools.sh backend)/python \
	  --report $(BENCH_REPORTS)/bench-backend.md $(BENCH_OPTIONS)
bench-kind: $(BIN)/.installed ## First apply to Ready on kind, beside the same manifests applied by kubectl
	@hack/bench-kind.sh $(BENCH_REPORTS)
bench-outage: $(BIN)/.installed ## A stampede, and a Redis that is away: queries, reads, writes, hits
	@hack/packages.sh initdb redis-server
	PYTHONPATH=tests $(BIN)/python -m consistency.outage --report $(BENCH_REPORTS)/outage.json
bench-page: $(BIN)/.installed frontend/node_modules/.installed ## The page with 10,000 coins: first rows, scrolling, input to paint, size (BENCH_OPTIONS='--runs 9')
	@hack/packages.sh initdb redis-server chromium nginx
	PYTHONPATH=tests $(BIN)/python -m bench.page --report $(BENCH_REPORTS)/bench-page.md $(BENCH_OPTIONS)

## Change it
manifests: $(BIN)/.installed frontend/node_modules/.installed ## Write what is generated: crds/ and the chart's copy, references, the page's types
	$(BIN)/python hack/manifests.py .
	$(BIN)/python hack/reference.py .
	$(BIN)/python hack/chart_readme.py .
	hack/api_types.sh .
format: $(BIN)/.installed frontend/node_modules/.installed ## Format Python and TypeScript
	$(BIN)/ruff format $(PYTHON_SOURCES)
	$(BIN)/ruff check --fix $(PYTHON_SOURCES)
	$(NPM) run format
lock: $(BIN)/.installed ## Pin dependencies anew, with hashes
	$(PIP_COMPILE) --allow-unsafe --all-extras -o requirements/dev.txt pyproject.toml
	$(PIP_COMPILE) --extra app -c requirements/dev.txt -o requirements/app.txt pyproject.toml
	$(PIP_COMPILE) --extra operator -c requirements/dev.txt -o requirements/operator.txt pyproject.toml
images: ## Build the images and load them into the kind cluster
	@hack/images.sh bitcoincache
clean: ## Remove what was built in this folder
	rm -rf .venv frontend/node_modules frontend/dist artifacts .pytest-kind

$(BIN)/.installed: requirements/dev.txt pyproject.toml
	@hack/venv.sh
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	$(NPM) ci --no-audit --no-fund
	@touch $@
