"""A student: the extra `lab` from the wheel, as an ordinary user, outside any clone."""

import json
import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from support import ROOT

from roles import readme

pytestmark = [
    pytest.mark.xdist_group("student"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.parametrize("folder", ["student"], indirect=True),
]
HERE = Path(__file__).parent
SETTINGS = re.compile(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', re.DOTALL)
OPENS = {"lab": "lab/tree", "tree": "notebooks"}
LESSON = Path("my-course", "01-sgd", "sgd.ipynb")


@pytest.fixture(params=["here", "elsewhere"])
def system(request, student, monkeypatch):
    """This system, and what it would be without what Windows lacks and with its encoding of files."""
    (site,) = (student.base / "venv" / "lib").glob("python*/site-packages")
    shutil.copy(HERE / "elsewhere.py", site / "elsewhere.py")
    (site / "elsewhere.pth").write_text("import elsewhere\n")
    if request.param == "elsewhere":
        monkeypatch.setitem(student.environment, "ELSEWHERE", "1")
        monkeypatch.setitem(student.environment, "PYTHONUTF8", "0")
        monkeypatch.setitem(student.environment, "PYTHONIOENCODING", "cp1252")
    return request.param


def test_elsewhere_is_another_system_for_our_code(student, folder, system):
    """Or the other tests would say nothing of it."""
    code = "\n".join(
        [
            "import locale, pathlib, signal, subprocess",
            "pathlib.Path('x').write_text('é')",
            "try:\n    import fcntl\nexcept ImportError:\n    print('absent')",
            "print(hasattr(signal, 'pthread_kill'), pathlib.Path('x').read_bytes())",
        ]
    )
    (folder / "probe.py").write_text(code)
    student.own(folder)
    said = student.good("python", folder / "probe.py", cwd=folder).split()
    assert said == (["absent", "False", r"b'\xe9'"] if system == "elsewhere" else ["True", r"b'\xc3\xa9'"])


def test_the_first_check_says_not_answered_then_passes_and_progress_knows(student, folder, system):
    student.good("autograde", "lab", "--no-start", cwd=folder)
    lesson, solved = folder / LESSON, _readable(student, ROOT / "solutions" / LESSON.relative_to("my-course"))
    ends = ["--crlf"] if system == "elsewhere" else []
    student.good("python", _readable(student, HERE / "journey.py"), lesson, solved, *ends, cwd=folder)
    assert (b"\r\n" in lesson.read_bytes()) == (system == "elsewhere")


@pytest.mark.parametrize(("application", "options"), [("lab", []), ("tree", ["--notebook"])])
def test_jupyter_shows_the_lessons_and_nothing_of_the_teachers_in_silence(
    student, folder, system, application, options
):
    words = ["autograde", "lab", *options, "--no-browser", "--port", "0"]
    with student.opened(*words, cwd=folder) as lab:
        assert lab.page("tree")[0] == 200
        listing = json.loads(lab.page("api/contents")[1])["content"]
        settings = json.loads(SETTINGS.search(lab.page(application)[1])[1])
        assert lab.complaints() == []
        assert lab.page("formgrader")[0] == 404
        assert lab.page("api/contents/..%2Fsolutions")[0] == 404
    assert sorted(entry["name"] for entry in listing) == [*_lessons(), "START.md"]
    hidden = {"assignment-list", "course-list", "create-assignment", "formgrader", "menu"}
    assert {name.partition(":")[2] for name in settings["disabledExtensions"]} >= hidden


def test_the_line_that_names_an_extra_installs_it(student, folder):
    said = student.run("autograde", "grade", "x", cwd=folder).stderr
    words = said.partition("Type: ")[2].split()
    assert words[:2] == ["pip", "install"]
    student.good(f"{said.partition('Type: ')[2].strip()} --dry-run --no-deps --quiet", cwd=folder)


def test_a_course_in_a_students_folder_is_read_without_the_graders_packages(student, folder):
    """Whoever starts Jupyter by hand in a teacher's folder."""
    (folder / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    student.own(folder)
    with student.opened("jupyter", "lab", "--no-browser", "--ServerApp.port=0", cwd=folder) as lab:
        assert lab.page("lab")[0] == 200
    assert lab.complaints() == []


def test_a_folder_that_can_be_written_and_not_read_will_do(student, folder):
    folder.chmod(0o300)
    student.good("autograde", "lab", "--no-start", cwd=folder)
    folder.chmod(0o700)
    assert len(list((folder / "my-course").glob("*/*.ipynb"))) == 11


def test_a_folder_that_cannot_be_written_is_one_line(student, folder):
    folder.chmod(0o555)
    done = student.run("autograde", "lab", "--no-start", cwd=folder)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("autograde"), line
    assert "Permission denied" in line


def test_two_at_once_both_start_and_every_lesson_is_whole(student, folder):
    words = ["autograde", "lab", "--no-browser", "--port", "0"]
    with student.opened(*words, cwd=folder) as one:
        with student.started("autograde", "lab", "--no-start", cwd=folder) as two:
            assert two.wait(60) == 0, two.stdout.read()
        assert one.page("lab")[0] == 200
    for path in (ROOT / "notebooks").glob("*/*.ipynb"):
        assert (folder / "my-course" / path.relative_to(ROOT / "notebooks")).read_bytes() == path.read_bytes()


def _run_first_cell(page) -> None:
    """Again where the request came before the kernel was ready."""
    from playwright.sync_api import expect

    cell = page.locator(".jp-CodeCell").first
    for _ in range(20):
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        with suppress(AssertionError):
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=5_000)
            return
    raise AssertionError("the first cell did not run")


def _readable(student, path: Path) -> Path:
    """A copy where the role's user can read it."""
    return Path(shutil.copy(path, student.base))


def _lessons() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "notebooks").glob("*/*.ipynb"))


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("application", ["lab", "tree"])
def test_in_a_browser_no_tool_of_the_teachers_is_seen_and_the_log_stays_silent(student, folder, application):
    from browser.harness import accept_the_kernel, browser
    from playwright.sync_api import expect

    words = ["autograde", "lab", "--no-browser", "--port", "0"]
    with student.opened(*words, cwd=folder) as lab, browser() as web:
        page = web.new_page(viewport={"width": 1400, "height": 900})
        accept_the_kernel(page)
        page.goto(f"{lab.address}/{application}?token={lab.token}")
        page.get_by_text("06-adam").first.wait_for(timeout=60_000)
        names = page.locator(".jp-DirListing-itemText").all_inner_texts()
        assert sorted(map(str.strip, names)) == [*_lessons(), "START.md"]
        seen = page.inner_text("body")
        page.locator(".lm-MenuBar-item", has_text="View").first.click()
        seen += page.locator(".lm-Menu").first.inner_text()
        page.goto(f"{lab.address}/{OPENS[application]}/01-sgd/sgd.ipynb?token={lab.token}")
        lab.says("Connecting to kernel")
        kernel = page.locator(".jp-Notebook-ExecutionIndicator, .jp-Toolbar-kernelStatus").first
        expect(kernel).to_have_attribute("data-status", "idle", timeout=60_000)
        _run_first_cell(page)
        seen += page.inner_text("body")
        assert not re.search("nbgrader|formgrader|assignment|course list", seen, re.IGNORECASE), seen
        assert lab.complaints() == []


@pytest.mark.parametrize("line", readme.STUDENT_INSTALLS)
def test_readmes_install_lines_work_and_then_its_next_one(student, built, folder, line):
    student.install(line, cwd=built.clone if "'.[" in line else built.wheel.parent)
    student.good(f"{readme.STUDENT_WAITS[0]} --no-start", cwd=folder)
    assert sorted(path.parent.name for path in folder.glob("my-course/*/*.ipynb")) == _lessons()
