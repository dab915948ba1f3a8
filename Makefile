# A machine with Python 3.11 or newer and make is enough: every target builds what it needs.

VENV ?= .venv
BIN := $(VENV)/bin
NPM := PATH="$(abspath $(BIN)):$$PATH" npm --prefix app/web
STAMPS := $(VENV)/.stamps
CLUSTER := PYTHONPATH=tests $(BIN)/python -m cluster
UV := $(BIN)/uv pip
INSTALL := $(UV) install --quiet --python $(BIN)/python
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make requirements" $(UV) compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links $(UPGRADE)
# What dependencies ask for and the service does without: a tenth of its image. A test holds it to that.
UNUSED := faker markdown-it-py mdurl pycparser pygments rich-click
# The same for the operator and the backup program: what only the service needs, half as many again.
UNUSED_OPERATOR := $(UNUSED) anyio argon2-cffi argon2-cffi-bindings cffi granian h11 httpcore httpx litestar \
	litestar-htmx multipart polyfactory sniffio uvloop
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$name" && break; done)

WEB_SOURCES = $(shell find app/web/src app/web/public app/web/vite app/web/index.html \
	app/web/vite.config.ts app/web/svelte.config.js app/web/tsconfig.json -type f)

IMAGE ?= outlay:dev
OPERATOR_IMAGE ?= outlay-operator:dev
BASE ?=
BUILDER ?= $(shell command -v docker || command -v podman || command -v buildah)

.DEFAULT_GOAL := help
.PHONY: help run test browser azurite lint bench bench-load bench-operator cluster cluster-down e2e web api requirements image images sbom chart generated clean distclean

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile
	@echo 'ARGS="..." is passed on, as in: make test ARGS="tests/embedded -x"'

run: $(STAMPS)/outlay $(STAMPS)/pages ## start Outlay with a PostgreSQL of its own
	@$(BIN)/outlay serve $(ARGS)

test: $(STAMPS)/outlay $(STAMPS)/dev $(STAMPS)/pages ## run the tests
	@$(NPM) run --silent test
	@$(BIN)/pytest $(ARGS)

lint: $(STAMPS)/outlay $(STAMPS)/dev $(STAMPS)/npm ## check style, types and import boundaries
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NPM) run --silent lint
	@$(NPM) run --silent check

browser: $(STAMPS)/dev ## install Chromium for the tests, where none is found
	@$(BIN)/python tests/web/browser.py

azurite: $(STAMPS)/node ## install the Azure Blob store that the tests of backups use
	@PATH="$(abspath $(BIN)):$$PATH" npm --prefix tests/backup/azurite ci --silent

bench: $(STAMPS)/outlay $(STAMPS)/dev ## measure, and print the table
	@$(BIN)/python -m bench $(ARGS)

bench-load: $(STAMPS)/outlay $(STAMPS)/dev ## measure a thousand people on the local cluster
	@PYTHONPATH=tests $(BIN)/python -m bench.load $(ARGS)
	@PYTHONPATH=tests $(BIN)/python -m bench.load.start

bench-operator: $(STAMPS)/outlay $(STAMPS)/dev ## measure the operator with 100 schedules and 5,000 backups
	@PYTHONPATH=tests $(BIN)/python -m bench.operator $(ARGS)

cluster: $(BIN)/python ## start a Kubernetes cluster on this machine, and print how to reach it
	@$(CLUSTER) up

cluster-down: $(BIN)/python ## stop it, and leave nothing behind
	@$(CLUSTER) down

e2e: $(STAMPS)/outlay $(STAMPS)/dev browser ## build the image, install the chart on a cluster and use it; KUBECONFIG=... names one
	@$(CLUSTER) run $(BIN)/pytest -m e2e -n 3 --dist loadfile tests/e2e $(ARGS)

web: $(STAMPS)/outlay $(STAMPS)/npm ## serve the pages while they are being changed, beside `make run`
	@$(NPM) run dev

api: $(STAMPS)/outlay $(STAMPS)/npm ## write the pages' view of the API again
	@$(BIN)/python -m outlay.describe > app/web/openapi.json
	@$(NPM) run --silent api

requirements: $(STAMPS)/uv ## lock the dependencies again; UPGRADE=--upgrade takes newer ones
	$(COMPILE) --output-file requirements/uv.txt requirements/uv.in
	$(COMPILE) --output-file requirements/app.txt --extra embedded --extra backup \
		pyproject.toml requirements/build.in
	$(COMPILE) --output-file requirements/dev.txt --extra embedded --extra operator --group dev \
		--constraint requirements/app.txt pyproject.toml requirements/build.in
	$(COMPILE) --output-file requirements/service.txt --constraint requirements/app.txt \
		$(UNUSED:%=--no-emit-package %) pyproject.toml
	$(COMPILE) --output-file requirements/operator.txt --extra operator \
		--constraint requirements/dev.txt $(UNUSED_OPERATOR:%=--no-emit-package %) pyproject.toml
	$(COMPILE) --output-file requirements/build.txt --constraint requirements/app.txt \
		requirements/build.in
	$(COMPILE) --output-file requirements/web.txt requirements/web.in
	for image in postgres-16 object-store; do $(COMPILE) --constraint requirements/dev.txt \
		--output-file tests/cluster/images/$$image/requirements.txt tests/cluster/images/$$image/requirements.in; done

image: ## build the service's image; IMAGE=name:tag names it, BASE=image changes what it is built on
	@$(call built,app,$(IMAGE))

images: image ## build the operator's image too; OPERATOR_IMAGE=name:tag names it
	@$(call built,operator,$(OPERATOR_IMAGE))

built = test -n "$(BUILDER)" || { echo "Building images needs docker, podman or buildah." >&2; exit 1; }; \
	$(BUILDER) build --target $(1) --tag $(2) $(if $(BASE),--build-arg BASE=$(BASE)) \
		--build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) $(ARGS) .

sbom: $(STAMPS)/outlay ## list what the images hold, as CycloneDX
	@mkdir -p build
	@for image in service operator; do \
		$(BIN)/python requirements/sbom.py $$image > build/sbom-$$image.json && echo "build/sbom-$$image.json"; done

chart: $(STAMPS)/outlay $(STAMPS)/dev ## check the chart; builds helm and the like the first time
	@$(BIN)/pytest -m chart -n 2 tests/chart $(ARGS)

generated: $(STAMPS)/outlay $(STAMPS)/dev ## write the custom resources, the chart's dashboards and README again
	@$(BIN)/python -m outlay_operator.crds helm/outlay/crds
	@$(BIN)/python helm/dashboards/build.py helm/outlay/dashboards
	@PYTHONPATH=tests $(BIN)/python -m chart.readme

clean: ## remove caches and reports; neither the environment nor any data
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .cache \
		.coverage .coverage.* htmlcov coverage.xml dist build
	@find app operator tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment and the built pages too
	@rm -rf .venv app/web/node_modules app/outlay/pages/dist

# The environment, in steps that are done again only when their input changed.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Outlay needs Python 3.11 or newer, and none was found:" \
		"install one, or name it, as in: make run PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) cannot be used: Outlay needs Python 3.11 or newer." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make" \
		"environments: install its venv package (Debian and Ubuntu: apt install" \
		"python3-venv), then try again." >&2; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv $(VENV)

$(STAMPS)/uv: requirements/uv.txt $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements/uv.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/app: requirements/app.txt $(STAMPS)/uv
	@echo "Installing what Outlay needs"
	@$(INSTALL) --require-hashes --requirement requirements/app.txt
	@touch $@

$(STAMPS)/outlay: pyproject.toml $(STAMPS)/app
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/uv
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@

# The pages: Node comes from a wheel, so Python stays all that a machine needs.

$(STAMPS)/node: requirements/web.txt $(STAMPS)/uv
	@echo "Installing what builds the pages"
	@$(INSTALL) --require-hashes --requirement requirements/web.txt
	@touch $@

$(STAMPS)/npm: app/web/package.json app/web/package-lock.json $(STAMPS)/node
	@$(NPM) ci --silent
	@touch $@

$(STAMPS)/pages: $(WEB_SOURCES) $(STAMPS)/npm
	@echo "Building the pages"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@
