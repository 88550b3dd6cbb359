# Goodsout's commands. `make` alone prints them.
SHELL := /bin/bash
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run smoke day test check contract-live format lock replay upgrade-trial broker-trial screenshots bench bench-budget bench-portal env image sbom compose-trial clean

# Which programs build and run containers, and which image: podman and docker-compose do as well.
ENGINE ?= docker
COMPOSE ?= docker compose
GOODSOUT_IMAGE ?= goodsout:0.1.0

help: ## Print these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.venv/runtime: requirements/runtime.txt pyproject.toml deploy/embedded/make-venv.sh
	@deploy/embedded/make-venv.sh requirements/runtime.txt
	@touch $@

.venv/dev: requirements/dev.txt pyproject.toml deploy/embedded/make-venv.sh
	@deploy/embedded/make-venv.sh requirements/dev.txt
	@touch $@ .venv/runtime

run: .venv/runtime ## Set up and run the whole system, embedded, with a demo account
	@$(PY) -m deploy.embedded.run

smoke: $(if $(IN),,.venv/runtime) ## Walk 20 notes from webhook to shipped; DATABASE_URL=… BROKER_URL=… choose servers, IN=compose what runs there
	@$(if $(IN),$(COMPOSE) -f deploy/compose.yaml exec -T -e SMOKE_NOTES=$${SMOKE_NOTES:-20} portal python -m deploy.container.smoke,$(PY) -m deploy.embedded.smoke)

day: .venv/dev ## Play a day of DAY_NOTES=2000 notes fast: failures, a mail outage, a revoked connection, the report
	@DAY_NOTES=$${DAY_NOTES:-2000} $(PY) -m pytest -q tests/end_to_end/test_a_day.py

test: .venv/dev ## Set up and run every test, with real PostgreSQL, RabbitMQ and browser
	@$(PY) -m tests.run

check: .venv/dev ## Format, lint, types, borders, unit and contract tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) -m pytest -q -n 2 tests/unit tests/contract tests/test_docs.py

contract-live: .venv/dev ## Ask real test accounts what our fakes promise; docs/contract-live.md says how
	@$(PY) -m pytest -q tests/contract/vendors --live

format: .venv/dev ## Format the code and mend what the linter can
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

replay: .venv/runtime ## Post a signed fixture to the running system: make replay FIXTURE=tests/fixtures/…json
	@$(PY) -m deploy.embedded.replay $(FIXTURE)

upgrade-trial: .venv/dev ## Upgrade a running system from the version before; needs git's history; FROM=<commit>
	@FROM=$(FROM) $(PY) -m tests.side_by_side

broker-trial: .venv/dev ## Take each of three RabbitMQ nodes away and back under load; installs HAProxy where it may
	@$(PY) -m tests.rolling_brokers

screenshots: .venv/dev ## Take every page of the portal, light, dark and phone, into var/screenshots
	@$(PY) -m tests.screenshots

bench: .venv/dev ## Measure latency, relay throughput and the webhook endpoint
	@$(PY) -m bench.run

bench-budget: .venv/dev ## Measure what both vendors' budgets are spent on; minutes, on an idle machine
	@$(PY) -m bench.budget.run $(PART)

bench-portal: .venv/dev ## Measure the portal's pages with a million notes in PostgreSQL; ROWS=100000 for fewer
	@$(PY) -m bench.portal.run $(ROWS)

env: ## Write deploy/.env for compose, with fresh secrets
	@deploy/make-env.sh

image: ## Build the container image; ENGINE=podman and GOODSOUT_IMAGE=… choose
	$(ENGINE) build -f deploy/Dockerfile -t $(GOODSOUT_IMAGE) .

sbom: .venv/dev ## List what the image holds, as CycloneDX, in build/sbom.json
	@deploy/make-sbom.sh

compose-trial: .venv/runtime ## Try compose.yaml for real, on podman and base images built here; as root on Debian 12
	@deploy/trial/run.sh

lock: ## Lock the newest versions that pyproject.toml allows, with hashes
	python3 -m venv .venv-lock && .venv-lock/bin/pip install -q uv
	.venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra sandbox --extra install --extra tracing pyproject.toml -o requirements/runtime.txt
	.venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --all-extras pyproject.toml -o requirements/dev.txt
	rm -rf .venv-lock

clean: ## Remove what running and testing left behind, the demo's data included
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
