# make build [ARGS="--data fer2013.tar.gz --votes fer2013new.csv"]   train, quantise, convert, verify, report
# make serve [ARGS="--port 8000 --open"]                             the page; installs Flask and waitress only, into .venv-web
# make android                                                       emotion.aar and the sample app's APK into build/android/, with Maven
# make test                                                          tests with coverage, linters, types, contracts of imports
# make test-all                                                      the exhaustive tests as well: before a release
#
# Each target sets up .venv from the pinned requirements first; nothing outside this folder is touched.

PYTHON ?= python3
VENV := .venv
VENV_WEB := .venv-web
RUN := $(VENV)/bin/python
ARGS ?=
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check

.PHONY: build test test-all serve android clean
.DELETE_ON_ERROR:

build: $(VENV)/build-ready
	$(RUN) -m model_build build $(ARGS)

test: TESTS := -m "not exhaustive"
test test-all: $(VENV)/test-ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(RUN) -m mypy
	$(RUN) -m pytest --cov=model_build --cov=converters --cov=face_emotion --cov=web --cov=benchmarks --cov-report=term \
		-n 2 --dist loadgroup --no-loadscope-reorder $(TESTS) $(ARGS)

serve: $(VENV_WEB)/ready
	@$(VENV_WEB)/bin/python -m web serve $(ARGS)

android:
	@$(PYTHON) -m mobile.android.ci.package $(ARGS)

clean:
	rm -rf $(VENV) $(VENV_WEB) build

$(VENV_WEB)/ready: requirements-web.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "error: Python %d.%d: the page needs Python 3.11 or newer; try make PYTHON=python3.11 serve" % sys.version_info[:2])'
# Most of a venv's time goes into its own copy of pip: the pip of $(PYTHON) does as well where it can (23 and newer).
	$(PYTHON) -m venv --without-pip $(VENV_WEB)
	@if $(PYTHON) -c 'import pip, sys; sys.exit(int(pip.__version__.split(".")[0]) < 23)' 2>/dev/null; \
	then set -- $(PYTHON) -m pip --python $(VENV_WEB)/bin/python; \
	else $(VENV_WEB)/bin/python -m ensurepip >/dev/null && set -- $(VENV_WEB)/bin/python -m pip; fi && \
	"$$@" install --quiet --disable-pip-version-check -r requirements-web.txt
	@touch $@

$(VENV)/build-ready: requirements.txt requirements-runtime.txt constraints.txt
	@$(PYTHON) -c 'import sys, platform; ok = (3, 11) <= sys.version_info < (3, 13) and platform.system() == "Linux" and platform.machine() == "x86_64"; sys.exit(0 if ok else "error: Python %d.%d on %s %s: the pinned packages need Python 3.11 or 3.12 on Linux x86_64; try make PYTHON=python3.11" % (*sys.version_info[:2], platform.system(), platform.machine()))'
	@echo "setting up $(VENV): TensorFlow is large, this takes a few minutes the first time"
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test-ready: $(VENV)/build-ready requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@
