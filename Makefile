# Two commands do all the set-up from a clean checkout on a machine with Python ≥ 3.11 and make:
#   make demo   installs, writes the example workbooks and reviews Syddjurs
#   make test   installs what tests need and runs them
# Everything is pinned by version and hash; nothing is installed outside the checkout.

PYTHON ?= python3
BIN := .venv/bin
DEV := .venv-dev/bin

.PHONY: demo test lint types check bench fuzz build examples golden schema clean

demo: .venv/ready
	$(BIN)/styring demo styring-demo

test: .venv-dev/ready
	$(DEV)/python -m pytest -q -n auto --dist loadfile

lint: .venv-dev/ready
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .

types: .venv-dev/ready
	$(DEV)/mypy

check: lint types test

bench: .venv-dev/ready
	$(DEV)/python tests/benchmarks/bench.py
	$(DEV)/python tests/benchmarks/scale.py --rows 10000,100000 --jobs-of 8

# Five thousand workbooks broken at random; the tests break some hundreds.
fuzz: .venv-dev/ready
	$(DEV)/python tests/fuzz.py --count 5000 --seed 1

build: .venv-dev/ready
	$(DEV)/python -m build --no-isolation --wheel --sdist --outdir dist .

# The files that are made from others; tests fail when they are stale.
examples: .venv-dev/ready
	$(DEV)/python examples/generate.py
	$(DEV)/styring peers build examples/*.xlsx --out examples/peers.csv --overwrite

golden: .venv-dev/ready
	$(DEV)/python -m pytest -q tests/test_golden.py --refresh-golden

schema: .venv-dev/ready
	$(DEV)/python docs/schema.py

.venv/ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation .
	touch $@

.venv-dev/ready: constraints-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv-dev
	$(DEV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints-dev.txt
	$(DEV)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf .venv .venv-dev dist styring-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
