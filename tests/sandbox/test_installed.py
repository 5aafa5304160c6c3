"""From an installation that is not editable a submission reads what a notebook needs, and nothing else."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_course import ASSIGNMENT, make_course

from autograde.sandbox import tiers
from sandbox.installations import ELSEWHERE, Environment, put_package, put_project

pytestmark = pytest.mark.needs("bubblewrap")

# Everything in reach is looked at: by name, and by words that stand in withheld files only.
HUNT = """
import os, sys
seen, looked = set(), set()
tops = ["/", sys.prefix, sys.base_prefix, sys.prefix + "/lib64", *sys.path, *LISTED]
for top in tops:
    for folder, folders, files in os.walk(top or "."):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/dev", "/sys")]
        one = os.stat(folder)
        if (one.st_dev, one.st_ino) in looked:
            folders.clear()
            continue
        looked.add((one.st_dev, one.st_ino))
        if not os.path.abspath(folder).startswith("/tmp") and os.access(folder, os.W_OK):
            print("WRITABLE", folder)
        if folder.endswith(("/autograde/grading", "share/nbgrader/exchange")):
            print("THERE", folder)
        for name in files:
            path = os.path.join(folder, name)
            if name in ("gradebook.db", "adam.py", "adam.ipynb", "grade.py", "rejudge.py", "SECRET"):
                seen.add(path)
for path in sorted(seen):
    if "/lessons/" in path:
        continue
    try:
        text = open(path, "rb").read()
    except OSError:
        continue
    if text and b"stand_ins" not in text:
        print("READ", path)
print("looked", len(looked) > 100)
"""
REFERENCE = """
import importlib.util, os, sys
for site in LISTED:
    folder = site + "/descentlab/rules"
    spec = importlib.util.spec_from_file_location(
        "descentlab.rules", folder + "/__init__.py", submodule_search_locations=[folder])
    try:
        module = importlib.util.module_from_spec(spec); sys.modules["descentlab.rules"] = module
        spec.loader.exec_module(module)
        print("READ", module.Adam())
    except Exception as error:
        print(type(error).__name__)
"""
DRAW = """
import matplotlib.pyplot as plt, numpy as np, IPython, ipywidgets, PIL.Image, zoneinfo
from descentlab import check
plt.plot([1, 2]); zoneinfo.ZoneInfo("Europe/Berlin")
import subprocess
subprocess.run([sys.executable, "-c", "import numpy, descentlab"], capture_output=True)
print("drawn", subprocess.run("ls / | head -1; python -c 'import numpy; print(numpy.pi)'", shell=True,
                              capture_output=True, text=True).stdout.split())
"""
EACH_TIER = (0, 2, 1)


def require_landlock() -> None:
    if not tiers.try_landlock().usable:
        pytest.skip("not run: this kernel has no Landlock: boot a kernel from 5.13 with lsm=landlock,…")


def hunt(*places: Path) -> list[str]:
    """Cells that look for what is withheld, and one that does what notebooks do."""
    listed = f"LISTED = {[str(place) for place in places]}\n"
    return [listed + HUNT, listed + REFERENCE, "import sys\n" + DRAW]


def assert_nothing_withheld(said: str, tier: int = 0) -> None:
    assert "READ" not in said
    assert tier == 1 or "THERE" not in said  # names can be seen in tier 1, and modes are the machine's
    assert tier == 1 or "WRITABLE" not in said
    assert "looked True" in said
    assert "drawn" in said
    assert "3.14159" in said


@pytest.mark.slow
def test_a_second_installation_beside_the_packages_is_not_there(tmp_path):
    """Packages come from a site folder that has descentlab itself, as on a host where students work, too."""
    require_landlock()
    theirs = Environment.venv(tmp_path / "theirs")
    for entry in ELSEWHERE.iterdir():
        if not entry.name.startswith(("_editable", "descentlab", "__pycache__")):
            (theirs.site / entry.name).symlink_to(entry)
    put_project(theirs.site)
    ours = Environment.venv(tmp_path / "ours").use(theirs.site)
    put_project(ours.site)
    for tier, said in ours.in_boxes(hunt(theirs.site, ours.site), (0, 1)).items():
        assert_nothing_withheld(said, tier)


@pytest.fixture
def conda() -> Iterator[Environment]:
    """Not below /tmp, of which each box has its own."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Environment.conda(Path(folder) / "conda").use(ELSEWHERE)


@pytest.mark.slow
def test_a_virtual_environment_inside_conda_that_uses_conda_s_packages(conda):
    require_landlock()
    put_project(conda.site)
    exchange = conda.root / "share/nbgrader/exchange/course/inbound"
    exchange.mkdir(parents=True)
    (exchange / "SECRET").write_text("a classmate's")
    inner = Environment.venv(conda.root / "envs/inner", str(conda.python), "--system-site-packages")
    put_project(inner.site)
    for tier, said in inner.in_boxes(hunt(conda.site, inner.site, exchange), (0, 1)).items():
        assert_nothing_withheld(said, tier)
    assert_nothing_withheld(conda.in_boxes(hunt(conda.site, exchange), (2,))[2])


def test_a_python_below_tmp_is_refused_in_one_line(tmp_path):
    inner = Environment.venv(tmp_path / "inner", str(Environment.conda(tmp_path / "python").python))
    put_project(inner.use(ELSEWHERE).site)
    assert "make the environment with a Python elsewhere" in command(inner, "doctor").stdout


@pytest.fixture
def with_extra(tmp_path: Path) -> Environment:
    """An installation with a distribution of the course's own."""
    environment = Environment.venv(tmp_path / "environment").use(ELSEWHERE)
    put_project(environment.site)
    tool = "def f():\n    return 'extra is there'\n"
    put_package(environment.site, "extra", "descentlab", tool=tool)  # whose own files that does not open
    put_package(environment.site, "other", tool="")
    return environment


POOL = """
import sys
from pathlib import Path
from autograde.sandbox import CellTask, Pool, SandboxError, Tier, pool as pool_module
if TIER:
    pool_module.best_tier = lambda: Tier(TIER, "")
try:
    withheld = {name: Path(path) for name, path in WITHHELD.items()}
    with Pool(jobs=1, packages=("extra",), withheld=withheld) as pool:
        pool.prove()
        print(pool.submit_run([CellTask("import extra.tool; print(extra.tool.f())"),
                               CellTask("import other")], 0).result().cells)
except SandboxError as error:
    print("refused:", error)
"""


def said_by_a_pool(environment: Environment, tier: int = 0, *words: str, **withheld: Path) -> str:
    named = {f"the {name}": str(path) for name, path in withheld.items()}
    done = environment.run(f"TIER = {tier}\nWITHHELD = {named!r}\n{POOL}", *words)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
def test_a_package_of_the_course_s_list_is_there_and_others_are_not(with_extra):
    said = said_by_a_pool(with_extra)
    assert "extra is there" in said
    assert "No module named 'other'" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tier", "file"),
    [*((tier, "rules/adam.py") for tier in EACH_TIER), (EACH_TIER[0], "exercises/adam/withheld/mistakes.md")],
)
def test_a_copy_of_a_withheld_file_under_any_name_stops_the_run(with_extra, tier, file):
    require_landlock()
    copy = with_extra.site / "extra/notes.txt"
    shutil.copy(with_extra.site / "descentlab" / file, copy)
    said = said_by_a_pool(with_extra, tier)
    assert said.startswith(f"refused: a submission could read {copy} (descentlab/{file})")
    assert said.count("\n") == 1


@pytest.mark.slow
def test_a_package_that_no_submission_can_read_stops_the_run(with_extra):
    closed = with_extra.site / "extra"
    closed.chmod(0)
    try:
        said = said_by_a_pool(with_extra)
    finally:
        closed.chmod(0o755)
    assert said.startswith(
        f"refused: a submission cannot read {closed}, which it needs: chmod -R o+rX {closed}"
    )
    assert said.count("\n") == 1


@pytest.mark.slow
def test_another_descentlab_within_a_package_stops_the_run(with_extra):
    folder = with_extra.site / "extra/vendored/descentlab"
    shutil.copytree(with_extra.site / "descentlab", folder)
    assert f"could read {folder}" in said_by_a_pool(with_extra)


@pytest.mark.parametrize("what", ["course", "exchange", "submissions"])
def test_a_folder_below_what_is_shown_is_refused_by_name_and_says_what_to_move(with_extra, what):
    folder = with_extra.site / "extra/of_the_course"
    folder.mkdir()
    said = said_by_a_pool(with_extra, **{what: folder})
    shown = with_extra.site / "extra"
    assert said == (
        f"refused: the {what}, {folder}, lies in {shown}, which every submission can read. "
        "Move one of the two.\n"
    )


@pytest.mark.slow
def test_a_course_that_is_shown_under_another_name_is_found(with_extra, tmp_path):
    """The same folder, mounted twice."""
    course = tmp_path / "course"
    course.mkdir()
    (course / "gradebook.db").write_text("grades")
    alias = with_extra.site / "extra/data"
    alias.mkdir()
    words = ["bwrap", "--dev-bind", "/", "/", "--bind", str(course), str(alias)]
    said = said_by_a_pool(with_extra, 2, *words, course=course)
    assert "refused: a submission could read" in said
    assert "(the course)" in said


def command(environment: Environment, *words: str) -> subprocess.CompletedProcess[str]:
    source = f"import sys; sys.argv = ['autograde', *{list(map(str, words))!r}]\n"
    return environment.run(f"{source}from autograde.cli import main; main()", COLUMNS="1000")


@pytest.mark.slow
def test_the_commands_refuse_an_exposed_run_in_one_line_before_any_submission(with_extra, tmp_path):
    make_course(course := tmp_path / "course", 1)
    (course / "nbgrader_config.py").write_text('c.Sandbox.packages = ["extra"]\n')
    graded = command(with_extra, "grade", ASSIGNMENT, "--course-dir", course)
    assert graded.returncode == 0, graded.stderr
    copy = with_extra.site / "extra/notes.py"
    shutil.copy(with_extra.site / "verdicts/comparing/differences.py", copy)
    shutil.rmtree(course / "autograded")
    for words in (["grade", ASSIGNMENT, "--force"], ["doctor", "--quiet"]):
        refused = command(with_extra, *words, "--course-dir", course)
        line = f"a submission could read {copy} (verdicts/comparing/differences.py)"
        *before, last = refused.stderr.splitlines()
        assert (refused.returncode, before in ([], ["grading 1 submission …"])) == (2, True), refused.stderr
        assert last.startswith(f"autograde {words[0]}: {line}")
    assert not (course / "autograded").exists()
    assert command(with_extra, "doctor", "--quiet").returncode == 0
