"""In a box there is nothing from which an answer can be had without computing it."""

import ast
import base64
import io
import json
import subprocess
import sys
import tokenize
from contextlib import closing
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest
from support import CATALOGUE, EXAMPLES

from autograde.sandbox.staging import Stage
from descentlab.exercises import all_checks, checks_by_lesson
from descentlab.registry import RULES
from verdicts import judging, recorders
from verdicts.judging.examiners import reference_runs
from verdicts.recording import evidence_bytes
from verdicts.spec import FunctionCheck, ValueCheck

SEED = 5  # of box_search, too
FIRST_STEP = 0.4  # the share of a first step and of gradients left alone, which many rules have in common

LESSONS = checks_by_lesson()
ARGUMENTS = {
    section.name: [word.partition("=")[0].strip() for word in section.arguments.split(",")]
    for section in CATALOGUE.check_sections
}


@pytest.fixture(params=LESSONS, scope="module")
def box(request):
    """The staged files of a lesson's assignment, and its checks."""
    with closing(Stage(checks=[check.name for check in LESSONS[request.param]])) as stage:
        yield stage.folder / "site", LESSONS[request.param]


def run_in(site: Path, *words: str, **options) -> subprocess.CompletedProcess:
    env = {"PYTHONPATH": str(site), "HOME": "/nonexistent", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    return subprocess.run(
        [sys.executable, "-s", *words], env=env, cwd="/", capture_output=True, text=True, **options
    )


def packages(site: Path, pattern: str = "*") -> list[Path]:
    """The files of the engine and the course."""
    return [file for name in ("verdicts", "descentlab") for file in site.joinpath(name).rglob(pattern)]


# The search takes ten seconds a box: here those of a rule, and of functions; all of them in `make test-all`.
@pytest.mark.parametrize("box", LESSONS if EXAMPLES > 150 else ["momentum", "landscapes"], indirect=True)
def test_no_class_and_no_function_that_can_be_reached_answers_a_check(box, tmp_path):
    site, asked = box
    functions = [check for check in asked if isinstance(check, FunctionCheck)]
    expected = {
        "drawn": {
            check.name: base64.b64encode(recorders.arguments(check.name, SEED)).decode()
            for check in functions
            if check.drawn_outside
        },
        "results": {check.name: reference_runs(check.name, SEED) for check in functions},
        "names": {check.name: ARGUMENTS[check.name] for check in functions},
    }
    file = tmp_path / "expected"
    file.write_bytes(evidence_bytes.pack({"check": "", "expected": expected}))
    done = run_in(site, str(Path(__file__).with_name("box_search.py")), str(file), timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    answered = json.loads(done.stdout)
    earned = {
        f"{name}: {what}": fraction
        for name, answers in answered["evidence"].items()
        for what, evidence in answers.items()
        if (fraction := judging.judge(name, base64.b64decode(evidence), SEED).fraction) > FIRST_STEP
    }
    assert (earned, answered["finds"]) == ({}, [])
    assert min(answered["looked"]) > 20


def test_no_line_of_it_says_anything_but_what_it_does(box):
    """No comment and no docstring, which may state a result, and no formula of a rule in words."""
    site, _ = box
    for file in packages(site):
        if file.is_dir() or file.suffix not in (".py", ".json", ".md"):
            continue
        assert file.suffix == ".py", file
        text = file.read_text()
        assert "←" not in text, file
        kinds = [token.type for token in tokenize.generate_tokens(io.StringIO(text).readline)]
        assert tokenize.COMMENT not in kinds, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                assert ast.get_docstring(node) is None, (file, getattr(node, "name", ""))


def test_no_constant_is_a_value_that_is_asked_for(box):
    site, asked = box
    wanted = [
        float(reference_runs(check.name, 0)["value"]["result"])
        for check in asked
        if isinstance(check, ValueCheck) and check.name != "nesterov/slip"  # one of four letters
    ]
    for file in packages(site, "*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                assert not any(np.isclose(node.value, value, rtol=2e-3) for value in wanted), (
                    file,
                    node.value,
                )


def test_it_has_the_checks_of_this_assignment_alone(box):
    site, asked = box
    done = run_in(site, "-c", "from descentlab.exercises import all_checks; print(*all_checks())")
    assert done.stdout.split() == [check.name for check in asked]


NAMES = """
import importlib, sys
from verdicts.recording import evidence_outbox
evidence_outbox.enter_grading()
for name, words in %r.items():
    module = importlib.import_module(name)
    for word in words:
        getattr(module, word)
"""


def test_every_public_name_can_be_imported_there(box):
    rooms = ("", ".rules", ".explorers", ".figures", ".models", ".objectives")
    rooms = [*(f"descentlab{room}" for room in rooms), "verdicts", "verdicts.judging", "verdicts.diagnosis"]
    names = {room: [*getattr(import_module(room), "__all__", ())] for room in rooms}
    done = run_in(box[0], "-c", NAMES % names)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (["adam/update"], "SGD Momentum Nesterov AdaGrad RMSprop"),
        (["graves/update"], "SGD Momentum Nesterov AdaGrad"),
        (["adam/weight-sum"], "SGD Momentum Nesterov AdaGrad RMSprop Adam"),
        (["momentum/update", "adam/update"], "SGD"),
        (["no/such-check"], "SGD Momentum Nesterov AdaGrad RMSprop Adam"),
    ],
)
def test_rules_of_lessons_before_the_first_that_is_asked_for_are_given(asked, given):
    with closing(Stage(checks=asked)) as stage:
        rules = stage.folder / "site/descentlab/rules"
        held = [name for name in RULES if "def update" in (rules / f"{name.lower()}.py").read_text()]
    assert held == given.split()


@pytest.mark.parametrize(
    ("check", "call"),
    [
        (
            "comparison/all-pairs",
            "from descentlab.models import squared_error as of; print(of(np.ones((2, 1)), np.ones((2, 1)))[1].shape)",
        ),
        (
            "comparison/walk",
            "from descentlab.objectives import bowl, descend; from descentlab.rules import SGD; print(descend(SGD(), bowl, 1).shape)",
        ),
    ],
    ids=["squared_error", "descend"],
)
def test_a_helper_that_states_an_answer_says_so_where_that_is_asked(check, call):
    call = f"import numpy as np; {call}"
    for asked, said in (([check], "is not there while grading"), (["adam/update"], "(2, ")):
        with closing(Stage(checks=asked)) as stage:
            done = run_in(stage.folder / "site", "-c", call)
        assert said in done.stdout + done.stderr


def test_each_helper_that_is_kept_back_exists():
    for check in all_checks().values():
        if getattr(check, "stated_by", ""):
            assert callable(resolve_name(check.stated_by))
