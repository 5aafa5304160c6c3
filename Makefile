# make demo       a class of submissions, graded, from a fresh clone; STUDENTS=3 grades three
# make quick      the tests that catch most mistakes, two minutes on two cores; stops at the first failure
# make test       every test but the slow ones and the lessons', eight minutes on two cores; lists what was not run; JOBS=4 runs four at once
# make journeys   each lesson; one way through each role, browser, cluster, site, hub and the attacks
# make upstream   what guards against other projects' changes; .ci/run runs it when requirements.lock has changed
# make test-all   every test, with all attacks, kills and locations: an hour and a half; as root it makes users
# make lowest     most tests with the lowest versions that pyproject.toml allows, on Python 3.11
# make newest     `make test` with the newest
# make lint       style, spelling, imports, types, what pages name, packages, and the lessons' length
# make lab        JupyterLab with the student's copies in my-course/
# make mutants    FILES=autograde/book/late.py TESTS=tests/book/test_lateness.py: changes that no test notices
# make notebooks  rebuild the notebooks from solutions/*/*.md
# make screenshots  remake docs/img (needs Chromium)
PYTHON ?= python3
# Threads for small matrices only wait for each other where others compute, too.
export OPENBLAS_NUM_THREADS ?= 1
VENV   ?= .venv
JOBS   ?= 2
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check
STAMP   = $(VENV)/.installed

.PHONY: demo quick test upstream journeys test-all lowest newest mutants lab notebooks screenshots lint lock clean
.DEFAULT_GOAL := demo

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "descentlab needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)  # or what an interrupted run left
	@echo "installing into $(VENV) …"
	@awk '/^[a-z]/ { on = /^uv==/ } on' requirements.lock > $(VENV)/uv.lock && $(PIP) --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock 2>/dev/null || \
	  $(PIP) --require-hashes -r requirements.lock  # five times as slow, but it knows the package index of pip's own settings
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/autograde notebooks
	@touch $@

.venv: $(STAMP)

demo: $(STAMP)
	@$(BIN)/autograde doctor --install-sandbox --quiet
	@$(BIN)/autograde demo --dir demo $(if $(STUDENTS),--students $(STUDENTS))

# What takes little time and caught the faults put into the code on purpose.
QUICK = $(filter-out $(addprefix tests/,book browser cluster commands course grading lessons people pipeline release \
  roles sandbox selftest site __pycache__),$(patsubst %/,%,$(wildcard tests/*/))) $(wildcard $(addprefix tests/, \
  people/test_collect.py people/test_read_list.py book/test_lateness.py pipeline/test_match.py grading/test_borrowed.py \
  grading/test_grade_class.py sandbox/test_filter.py sandbox/test_patience.py))

# What runs each lesson whole, or looks through its box.
LESSONS = tests/lessons/test_lessons.py tests/sandbox/test_nothing_knows.py

JOURNEYS = tests/roles/hub/test_hub_exchange.py tests/browser/test_journeys.py tests/browser/test_marks_page.py tests/roles/test_site_builder.py tests/site/test_reading.py \
  tests/browser/test_site.py::test_a_wrong_answer_is_named_and_a_right_one_passes \
  tests/browser/test_site.py::test_work_that_is_there_is_replaced_only_by_who_says_so \
  tests/browser/test_explorers.py::test_every_control_moves_the_picture_by_key_and_by_mouse \
  tests/roles/test_student.py::test_the_first_check_says_not_answered_then_passes_and_progress_knows \
  tests/roles/test_teacher.py::test_the_right_answers_earn_all_and_the_stubs_nothing \
  tests/roles/test_term.py tests/roles/test_worker.py::test_it_joins_a_scheduler_and_runs_a_notebook_in_its_sandbox \
  tests/roles/test_wheel.py::test_no_solution_is_in_the_wheel \
  'tests/roles/test_locations.py::test_make_demo_works_there[an ordinary user]' \
  tests/cluster/test_cluster_commands.py::test_the_pages_lines_start_a_scheduler_and_workers_and_grade_on_them \
  tests/sandbox/test_hostile.py::test_no_attack_gets_through

PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

quick: $(STAMP)
	@$(PYTEST) -x -m 'not slow' $(QUICK)

test: $(STAMP)
	@$(PYTEST) -m 'not slow' $(addprefix --ignore=,$(LESSONS))

upstream: $(STAMP)
	@$(PYTEST) -m upstream tests/grading tests/sandbox

journeys: $(STAMP)
	@HUB_TEST=1 $(PYTEST) $(JOURNEYS) $(LESSONS)

test-all: $(STAMP)  # first what would starve other tests
	@status=0; \
	$(BIN)/python -m pytest tests/sandbox/test_fairness.py || status=$$?; \
	HUB_TEST=1 EXAMPLES=1500 $(PYTEST) --ignore tests/sandbox/test_fairness.py || status=$$?; \
	exit $$status

lowest: VERSIONS = --resolution lowest-direct
lowest: LEFT_OUT = --ignore tests/diagnosis
newest: VERSIONS = --upgrade
lowest newest: $(STAMP)
	@$(BIN)/uv venv --quiet --clear --python 3.11 build/$@
	@$(BIN)/uv pip install --quiet --python build/$@ $(VERSIONS) -e '.[lab,grader,cluster,site,postgresql,dev]'
	@build/$@/bin/python -m pytest -n $(JOBS) --dist loadgroup -m 'not slow' $(LEFT_OUT)

mutants: $(STAMP)
	@$(BIN)/python tools/mutants.py $(FILES) $(TESTS)

lab: $(STAMP)
	@$(BIN)/autograde lab

notebooks: $(STAMP)
	@$(BIN)/autograde notebooks

screenshots: $(STAMP)
	@$(BIN)/python docs/screenshots.py

# The engine judges any subject.
COURSE_WORDS = params|grads|gradients?|θ|learning rates?|optimi[sz]ers?|sgd|momentum|nesterov|adagrad|rmsprop|adam
# What a result is only src/verdicts/values knows; own checks also read a call's words, which are lists, tuples and dicts.
ASKS_TYPE = isinstance\([^)]*\b(str|bytes|set|complex|ndarray|generic
JUDGE = src/verdicts/comparing src/verdicts/judging src/verdicts/diagnosis autograde/pipeline/defining.py autograde/pipeline/solver.py

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/codespell solutions/*/*.md docs *.md src autograde
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/python tools/words.py
	@$(BIN)/python tools/pages.py
	@$(BIN)/python tools/packages.py
	@$(BIN)/python tools/reference.py --check
	@$(BIN)/python tools/lesson_times.py
	@if grep -rnwiE '$(COURSE_WORDS)' src/verdicts --include='*.[pmt]*'; then echo "a word of the course: its place is src/descentlab"; exit 1; fi
	@if grep -rnE '$(ASKS_TYPE)|list|tuple|dict|Mapping)\b' $(JUDGE) --include='*.py' || \
	  grep -nE '$(ASKS_TYPE))\b' src/verdicts/inline.py src/verdicts/solving.py; then echo "ask src/verdicts/values what a result is"; exit 1; fi
	@awk 'FNR > 1 && $$0 == before && /[a-z(]/ {print FILENAME ":" FNR ": stands twice: " $$0; bad = 1} {before = $$0} END {exit bad}' $$(git ls-files 'src/*.py' 'autograde/*.py' 'tools/*.py')
	@if grep -nE '#[0-9A-Fa-f]{6}' solutions/*/*.md; then echo "name the color: see src/descentlab/figures"; exit 1; fi

lock:  # exact versions with hashes, for every system; UPGRADE=--upgrade takes the newest
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-header --no-annotate $(UPGRADE) pyproject.toml --output-file requirements.lock

clean:
	rm -rf demo
