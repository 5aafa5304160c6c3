# make demo       a class of submissions, graded, from a fresh clone
# make test       every test this machine can run, then a table of what was not run; JOBS=4 runs four at once
# make hostile    the whole hostile suite from the built wheel, in each isolation tier: before a release
# make lab        JupyterLab with the student's copies in my-course/
# make notebooks  rebuild the notebooks from solutions/*/*.md
# make pages      rebuild docs/variants.md, docs/mistakes/, docs/commands/, docs/imports.md, docs/lines.md from the code
# make sentences  write descentlab.pot, the templates that a translation needs
# make screenshots  remake docs/img (needs Chromium)
PYTHON ?= python3
VENV   ?= .venv
JOBS   ?= 3
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed

.PHONY: demo test hostile lab notebooks pages sentences screenshots lint lock clean
.DEFAULT_GOAL := demo

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "descentlab needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[lab,grader,cluster,site,postgresql,dev]'
	@$(BIN)/autograde notebooks
	@touch $@

.venv: $(STAMP)

demo: $(STAMP)
	@$(BIN)/autograde doctor --install-sandbox --quiet
	@$(BIN)/autograde demo --dir demo

test: $(STAMP)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

hostile: $(STAMP)
	@$(BIN)/python -m pytest -q -s tests/roles/hostile_suite.py

lab: $(STAMP)
	@$(BIN)/autograde lab

notebooks: $(STAMP)
	@$(BIN)/autograde notebooks

pages: $(STAMP)
	@$(BIN)/python docs/variants_page.py
	@$(BIN)/python docs/mistake_pages.py
	@$(BIN)/python docs/imports.py
	@$(BIN)/python docs/commands.py
	@$(BIN)/python docs/lines.py

sentences: $(STAMP)
	@$(BIN)/python docs/sentences.py

screenshots: $(STAMP)
	@$(BIN)/python docs/screenshots.py

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache

lock:  # exact versions of the environment in use, without any host name
	@$(BIN)/python -m pip freeze --exclude-editable --exclude pip | grep -v '@' > requirements.lock

clean:
	rm -rf demo
