# Everything is made in this folder: packages in .venv, the demonstration in demo/.
# Needed beforehand: Python 3.11 or newer, git and make. Only the first run needs the network.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
VERMONT := examples/vermont
CHONGQING := examples/chongqing
DEBIAN_PACKAGES := gdal-bin locales poppler-utils libreoffice-writer-nogui
DEBIAN_PROGRAMS := ogrinfo pdftotext soffice
DEBIAN_LOCALES := zh_CN.GBK zh_CN.UTF-8
ARGS ?=

# A Python of the caller's own must not leak into ours.
unexport PYTHONPATH
unexport PYTHONHOME

.PHONY: help install borders demo demo-vermont test test-deps lint check docs lock clean

help:
	@echo "make install    set up .venv from requirements-dev.lock"
	@echo "make demo       build the sample city and tell its story, check it, write reports"
	@echo "make borders    fetch the borders of districts that make demo wants"
	@echo "make demo-vermont  the same with a real county abroad, without the network"
	@echo "make test       run the tests (ARGS=\"tests/unit -k name\" to choose)"
	@echo "make test-deps  install the Debian packages that some tests want"
	@echo "make lint       ruff: rules and layout"
	@echo "make check      mypy: types"
	@echo "make docs       build the site of documents in build/site"
	@echo "make lock       work out the lockfiles again (needs uv)"
	@echo "make clean      remove what the commands above made, except .venv"

# The stamp holds the folder's name, so that a copied or moved folder is set up again.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif

install: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	@rm -f $(STAMP)
	@fits='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(BIN)/python -c "$$fits" >/dev/null 2>&1; then \
	  for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python none; do \
	    if [ "$$python" = none ]; then \
	      echo "error: found no Python 3.11 or newer with its venv module" >&2; \
	      echo "hint: install one (Debian: apt-get install python3 python3-venv) or say: make PYTHON=/path/to/python" >&2; \
	      exit 1; \
	    fi; \
	    if "$$python" -c "$$fits" >/dev/null 2>&1; then break; fi; \
	  done; \
	  echo "making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@printf '%s\n' '$(CURDIR)' > $(STAMP)

demo: $(STAMP)
	$(BIN)/python $(CHONGQING)/make_sample.py --out demo/chongqing
	$(BIN)/yudi edition build demo/chongqing/scheme.toml --out demo/edition --replace
	$(BIN)/python $(CHONGQING)/picture.py demo/chongqing demo/chongqing.svg
	$(BIN)/python $(CHONGQING)/story.py demo/chongqing demo/edition
	$(BIN)/yudi screen demo/chongqing/projects/*.json --edition demo/edition --out demo/report.xlsx
	$(BIN)/yudi screen demo/chongqing/projects/*.json --edition demo/edition --out demo/report.geojson
	$(BIN)/yudi edition check demo/edition
	$(BIN)/yudi report demo/chongqing/projects/battery-300m.json --edition demo/edition --ways-out 2 --lang both --out demo/battery-300m.pdf
	$(BIN)/yudi report demo/chongqing/projects/battery-300m.json --edition demo/edition --ways-out 2 --lang zh --out demo/battery-300m.docx

borders: $(STAMP)
	$(BIN)/python $(CHONGQING)/make_sample.py --out demo/chongqing --borders-only

demo-vermont: $(STAMP)
	$(BIN)/yudi edition build $(VERMONT)/scheme.toml --out demo/vermont --replace
	$(BIN)/yudi screen $(VERMONT)/projects/*.json --edition demo/vermont
	$(BIN)/yudi screen $(VERMONT)/projects/*.json --edition demo/vermont --out demo/vermont.xlsx

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --maxprocesses=8 $(ARGS)

# Looks first, so that it asks for neither root nor network where all is there.
test-deps:
	@missing=; \
	for name in $(DEBIAN_PROGRAMS); do \
	  command -v "$$name" >/dev/null 2>&1 || missing=yes; \
	done; \
	for name in $(DEBIAN_LOCALES); do \
	  [ "$$(LC_ALL=$$name locale charmap 2>/dev/null)" = "$${name#*.}" ] || missing=yes; \
	done; \
	if [ -z "$$missing" ]; then echo "all that the tests want is installed"; exit 0; fi; \
	if ! command -v apt-get >/dev/null 2>&1; then \
	  echo "error: this is no Debian; install by hand: $(DEBIAN_PROGRAMS) (GDAL, Poppler, LibreOffice) and the locales $(DEBIAN_LOCALES)" >&2; exit 1; \
	fi; \
	if [ "$$(id -u)" != 0 ]; then \
	  echo "error: this needs root" >&2; echo "hint: sudo make test-deps" >&2; exit 1; \
	fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -qq -y --no-install-recommends $(DEBIAN_PACKAGES) || exit 1; \
	for name in $(DEBIAN_LOCALES); do \
	  localedef -c --no-warnings=ascii -i "$${name%.*}" -f "$${name#*.}" "$$name" || exit 1; \
	done

lint: $(STAMP)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

check: $(STAMP)
	$(BIN)/python -m mypy

docs: $(STAMP)
	YUDI_RUN_NOTEBOOKS=true $(BIN)/python -m mkdocs build --quiet --clean
	@echo "build/site/index.html"

COMPILE := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --no-strip-extras pyproject.toml

lock:
	$(COMPILE) --all-extras --group dev --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock

clean:
	rm -rf demo/edition demo/vermont demo/chongqing demo/*.svg demo/*.xlsx demo/*.geojson demo/*.pdf demo/*.docx build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
