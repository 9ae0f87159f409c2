# What people type. Each installs what is missing first; a second start needs no network.
# With HTTPS=1 the site is for phones in the venue's network too.
export HTTPS ?= 0
export HOST ?= $(if $(filter-out 0,$(HTTPS)),0.0.0.0,127.0.0.1)
export PORT ?= 8000

BIN := .venv/bin
LANGUAGES := $(wildcard site/pages/translations/*/LC_MESSAGES/messages.po)
CATALOGS := $(LANGUAGES:.po=.mo)
AXE := node_modules/axe-core/axe.min.js
LIGHTHOUSE := node_modules/lighthouse/package.json
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
HASHED := $(PIP) --require-hashes
# pip does it too, unless told not to write bytecode: each start would then take three times as long.
READY := $(BIN)/python -m compileall -q -j 0 .venv/lib
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.PHONY: run install test lint bench pictures lock tools clean

run: install
	@exec $(BIN)/flask --app app serve

install: .venv/installed static/vendor/fonts.css $(CATALOGS)

test: tools install .venv/installed-for-tests $(AXE)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(TESTS)

lint: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: tools install .venv/installed-for-tests $(if $(filter lighthouse,$(ONLY)),$(LIGHTHOUSE))
	PYTHONPATH=site $(BIN)/python -m benchmarks "$(ONLY)"

# The README's pictures, from a site with invented people.
pictures: tools install .venv/installed-for-tests
	PYTHONPATH=site $(BIN)/python -m tests.pictures

# Pins what pyproject.toml and package.json ask for; UPGRADE=--upgrade takes newer versions.
lock: .venv/installed
	$(PIP) uv
	$(COMPILE) --group run --output-file requirements.txt >/dev/null
	$(COMPILE) --group test --constraint requirements.txt --output-file tests/requirements.txt >/dev/null
	$(COMPILE) --group npm --output-file site/pages/vendor.txt >/dev/null
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:
	rm -rf .venv node_modules static/vendor $(CATALOGS) .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/installed: requirements.txt
	@test -x $(BIN)/python || { $(FIND_PYTHON) && "$$python" -m venv .venv; }
	$(HASHED) -r requirements.txt
	-@$(READY)
	@touch $@

.venv/installed-for-tests: tests/requirements.txt .venv/installed
	$(HASHED) -r tests/requirements.txt
	-@$(READY)
	@touch $@

# The last file that the step writes stands for all of them.
static/vendor/fonts.css: package-lock.json site/pages/vendor.py site/pages/vendor.txt | .venv/installed
	cd site && ../$(BIN)/python -m pages.vendor

# What tests ask of npm besides, and below it what one benchmark asks; a newer lock begins anew.
$(AXE): static/vendor/fonts.css
	cd site && ../$(BIN)/python -m pages.vendor tests
	@touch $@

$(LIGHTHOUSE): static/vendor/fonts.css
	cd site && ../$(BIN)/python -m pages.vendor bench
	@touch $@ $(AXE)

%.mo: %.po | .venv/installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Programs that tests drive: a browser, readers of PDF pages and of QR codes, a mailbox.
tools:
	@missing=; \
	for each in chromium,chromium-browser,google-chrome:chromium pdftotext:poppler-utils qpdf:qpdf zbarimg:zbar-tools certutil:libnss3-tools dovecot,/usr/sbin/dovecot:dovecot-imapd; do \
	  found=; for name in $$(echo "$${each%%:*}" | tr , ' '); do \
	    if command -v $$name >/dev/null 2>&1; then found=yes; fi; done; \
	  test "$$found" || missing="$$missing $${each#*:}"; done; \
	if test -z "$$missing"; then exit 0; fi; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y $$missing >/dev/null; \
	else echo "sudo apt-get install -y$$missing"; exit 1; fi

define FIND_PYTHON
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python none; do \
  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; done; \
if test "$$python" = none; then echo "Python 3.11 or newer, with its venv module, is needed."; exit 1; fi
endef
