# Every target sets up what it needs in .venv; python3 >= 3.11, make and a package index are enough.
PYTHON ?= python3
BIN := .venv/bin
export OMP_NUM_THREADS ?= 1
# Nothing is sent home while building, testing or running.
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False

.PHONY: demo test serve eval check setup train-reader train-asr clean

demo: setup  ## the whole main job on the sample meeting
	$(BIN)/handenhet demo --headless --out demo-output

test: setup .venv-vllm/installed  ## everything CI runs, integration tests included
	$(BIN)/pytest -q

serve: setup  ## the hand-held page, the screens and the API on loopback
	$(BIN)/handenhet serve

eval: setup  ## the eval suites, one table
	$(BIN)/handenhet eval

check: setup  ## style, types, import contracts, layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check agent tools prompts knowledge serving evals tests
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_layout.py

train-reader: setup  ## train the embedded reader's classifier from the written corpus
	$(BIN)/python -m handenhet.evals.train_reader

train-asr: setup  ## synthesise speech and train the embedded recognizer
	$(BIN)/python -m handenhet.evals.train_asr

setup: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("handenhet needs Python 3.11 or newer; run make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[asr,dev]'
	touch $@

# Real vLLM for the tests, on the CPU and apart from everything else, since it pins its own half of the world. Every
# package is named in the list, so nothing is resolved and nothing unlisted comes along; torch alone, as everywhere,
# brings what the build that pip finds needs.
.venv-vllm/installed: tests/integration/vllm-requirements.txt tests/integration/name_vllm.py
	$(PYTHON) -m venv .venv-vllm
	.venv-vllm/bin/pip install --quiet --disable-pip-version-check -c $< torch
	.venv-vllm/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	.venv-vllm/bin/python tests/integration/name_vllm.py
	touch $@

clean:
	rm -rf .venv .venv-vllm demo-output .pytest_cache .ruff_cache .hypothesis
