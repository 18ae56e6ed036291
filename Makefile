# Newsroom: `make run` starts a site, `make test` tests it, `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOCK := .lock
export PORT
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: $(LOCK)/requirements.txt
	@echo "Installing what Newsroom needs (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.test: $(LOCK)/requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/.run

.PHONY: run
run: $(VENV)/.run ## Start the site on 127.0.0.1 (PORT=8000)
	@exec $(BIN)/python manage.py start

.PHONY: test
test: $(VENV)/.test ## Run the whole suite: SQLite, PostgreSQL + Redis, browser
	@$(BIN)/python -m tests.suite

.PHONY: proof
proof: $(VENV)/.test ## Run the suite with its slow proofs (imports and servers killed midway)
	@$(BIN)/python -m tests.suite --proof

.PHONY: bench
bench: $(VENV)/.test ## Measure the desk and pages with 100,000 articles (SIZE=, DATABASE_URL=)
	@SIZE=$${SIZE:-100000} $(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.autosave
	@$(BIN)/python -m tests.bench.rankings
	@SIZE=$${SIZE:-100000} $(BIN)/python -m tests.bench.related
	@$(BIN)/python -m tests.bench.search $${SIZE:-100000}
	@$(BIN)/python -m tests.bench.misses
	@command -v wrk >/dev/null && $(BIN)/python -m tests.bench.views || echo "Views: left out (wrk is not installed)"
	@command -v wrk >/dev/null && command -v nginx >/dev/null && $(BIN)/python -m tests.bench.pages || echo "Pages: left out (wrk and nginx are not installed)"
	@command -v wrk >/dev/null && command -v nginx >/dev/null && $(BIN)/python -m tests.bench.baked || echo "Baked pages: left out (wrk and nginx are not installed)"
	@command -v taskset >/dev/null && $(BIN)/python -m tests.bench.storm || echo "Storm: left out (taskset is not installed)"

.PHONY: lint
lint: $(VENV)/.test ## Lint, format, templates, floors, security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(find templates -name '*.html')
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml articles newsroom

.PHONY: check
check: lint ## Everything CI runs
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://news.example SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(BIN)/python -W error manage.py check --deploy --fail-level WARNING
	$(MAKE) test

.PHONY: format
format: $(VENV)/.test ## Put code and templates into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

.PHONY: messages
messages: $(VENV)/.test ## Collect the sentences to translate, compile, say what is missing
	@$(BIN)/python manage.py makemessages --all --verbosity 0 --extension html,txt,xml,py \
		--add-location file --no-wrap --no-obsolete --ignore $(VENV) --ignore .data --ignore tests --ignore seeds
	@$(BIN)/python manage.py makemessages --all --verbosity 0 --domain djangojs \
		--add-location file --no-wrap --no-obsolete --ignore $(VENV) --ignore .data --ignore tests --ignore seeds
	@sed -i '/^"POT-Creation-Date/d' articles/locale/*/LC_MESSAGES/*.po
	@cd articles && ../$(BIN)/python ../manage.py compilemessages --verbosity 0
	@$(BIN)/python -m pytest -q -p no:randomly tests/test_languages.py

.PHONY: world
world: $(VENV)/.run ## Write seeds/world.json anew from the source texts
	@$(BIN)/python -m tests.world seeds/world.json

.PHONY: shots
shots: $(VENV)/.test ## Take the documentation's screenshots anew (needs Chromium)
	@$(BIN)/python -m tests.shots docs/shots

.PHONY: lock
lock: ## Lock the newest dependencies (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --upgrade --generate-hashes --no-header --no-annotate --quiet -o $(LOCK)/requirements.txt
	uv pip compile pyproject.toml --all-extras --group dev --universal --upgrade --generate-hashes --no-header --no-annotate --quiet -c $(LOCK)/requirements.txt -o $(LOCK)/requirements-dev.txt

.PHONY: clean
clean: ## Remove the environment and all local data (asks first)
	@read -p "Remove $(VENV) and .data with all articles? [y/N] " answer && [ "$$answer" = y ]
	rm -rf $(VENV) .data
