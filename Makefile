# make build [ARGS="--data fer2013.tar.gz --votes fer2013new.csv"]   train, quantise, convert, verify, report
# make serve [ARGS="--port 8000 --open"]                             the page; installs Flask and waitress only, into .venv-web
# make android                                                       the library (a Maven repository folder) and the sample app's APK into build/android/, with Maven
# make test                                                          tests with coverage, linters, types, contracts of imports
# make package                                                      wheel, sdist and npm package into build/packages/, checked; make publish uploads them
# make sbom                                                          what wheel, page and APK consist of (CycloneDX), into build/sbom/
# make test-all                                                      the exhaustive tests as well: before a release
#
# Each target sets up .venv first, from locks/, which pip compares each file with (.ci/locks.py writes them from
# requirements*.txt); nothing outside this folder is touched.

VENV := .venv
VENV_WEB := .venv-web
VENV_PACKAGE := .venv-package
VENV_RAY := .venv-ray
RUN := $(VENV)/bin/python
ARGS ?=
INSTALL := install --quiet --disable-pip-version-check --require-hashes
PIP := $(RUN) -m pip $(INSTALL)

# The first Python that fits, of the PATH or of pyenv; `make PYTHON=… TARGET` names another one.
PYTHONS := $(or $(PYTHON),python3 python3.12 python3.11 python3.13 \
	$(wildcard $(foreach minor,11 12 13,$(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.$(minor).*/bin/python)))
first = $(shell for python in $(PYTHONS); do \
	"$$python" -c 'import sys, venv; sys.exit(not ($(1)))' 2>/dev/null && { echo "$$python"; break; }; done)
BUILDS := (3, 11) <= sys.version_info < (3, 13) and __import__("ensurepip")
SERVES := sys.version_info >= (3, 11)
PYTHON_BUILD = $(call first,$(BUILDS))
PYTHON_WEB = $(call first,$(SERVES))

.PHONY: build test test-all serve android package publish sbom clean
.DELETE_ON_ERROR:

build: $(VENV)/build-ready
	$(RUN) -m model_build build $(ARGS)

test: TESTS := -m "not exhaustive"
test test-all: $(VENV)/test-ready $(VENV_PACKAGE)/ready $(VENV_RAY)/ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(RUN) -m mypy
	$(RUN) -m pytest --cov=model_build --cov=converters --cov=face_emotion --cov=web --cov=benchmarks --cov-report=term \
		-n 2 --dist loadgroup --no-loadscope-reorder $(TESTS) $(ARGS)

serve: $(VENV_WEB)/ready
	@$(VENV_WEB)/bin/python -m web serve $(ARGS)

android:
	@$(or $(PYTHON_WEB),python3) -m mobile.android.ci.package $(ARGS)

package publish: $(VENV)/build-ready $(VENV_PACKAGE)/ready
	$(RUN) .ci/package.py $(if $(filter publish,$@),--publish) $(ARGS)

sbom: $(VENV)/build-ready $(VENV_PACKAGE)/ready
	$(VENV_PACKAGE)/bin/python .ci/sbom.py $(ARGS)

clean:
	rm -rf $(VENV) $(VENV_WEB) $(VENV_PACKAGE) $(VENV_RAY) build

$(VENV_WEB)/ready: locks/requirements-web.txt
	@test -n "$(PYTHON_WEB)" || { echo "error: no Python 3.11 or newer found: install one, or name it: make PYTHON=/path/to/python3 serve" >&2; exit 2; }
# Most of a venv's time goes into its own copy of pip: the pip of $(PYTHON_WEB) does as well where it can (23 and newer).
	$(PYTHON_WEB) -m venv --without-pip $(VENV_WEB)
	@if $(PYTHON_WEB) -c 'import pip, sys; sys.exit(int(pip.__version__.split(".")[0]) < 23)' 2>/dev/null; \
	then set -- $(PYTHON_WEB) -m pip --python $(VENV_WEB)/bin/python; \
	else $(VENV_WEB)/bin/python -m ensurepip >/dev/null && set -- $(VENV_WEB)/bin/python -m pip; fi && \
	"$$@" $(INSTALL) -r locks/requirements-web.txt
	@touch $@

# hatchling, build and twine want a newer packaging than tensorflowjs allows: an environment of their own.
$(VENV_PACKAGE)/ready: locks/requirements-package.txt | $(VENV)/build-ready
	$(RUN) -m venv $(VENV_PACKAGE)
	$(VENV_PACKAGE)/bin/python -m pip $(INSTALL) -r locks/requirements-package.txt
	@touch $@

# Ray wants a packaging newer than tensorflowjs allows, too. uv makes an environment without pip.
$(VENV_RAY)/ready: locks/requirements-ray.txt | $(VENV_PACKAGE)/ready
	$(VENV_PACKAGE)/bin/uv venv --quiet --allow-existing --python $(RUN) $(VENV_RAY)
	$(VENV_PACKAGE)/bin/uv pip sync --quiet --require-hashes --python $(VENV_RAY)/bin/python locks/requirements-ray.txt
	@touch $@

$(VENV)/build-ready: locks/requirements.txt
	@test -n "$(PYTHON_BUILD)" || { echo "error: no Python 3.11 or 3.12 found, which TensorFlow needs here: install one, or name it: make PYTHON=/path/to/python3.11 build" >&2; exit 2; }
	@case "$$(uname -sm)" in ("Linux x86_64"|"Linux aarch64"|"Darwin arm64");; (*) \
		echo "error: TensorFlow has no package for $$(uname -sm); Linux on x86-64 and ARM64, and macOS on ARM64 have one" >&2; exit 2;; esac
	@echo "setting up $(VENV): TensorFlow is large, this takes a few minutes the first time"
	$(PYTHON_BUILD) -m venv $(VENV)
	$(PIP) -r locks/requirements.txt
	@touch $@

$(VENV)/test-ready: $(VENV)/build-ready locks/requirements-dev.txt
	$(PIP) -r locks/requirements-dev.txt
	@touch $@
