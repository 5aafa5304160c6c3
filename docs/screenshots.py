"""`python docs/screenshots.py [NAME ...]`: remakes the pictures in docs/img with JupyterLab and Chromium.

A picture is a function below, named like its file. `--whole FOLDER LESSON ...` writes whole lessons, from top
to bottom, to be looked at.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
IMAGES = ROOT / "docs" / "img"
sys.path.insert(0, str(ROOT / "tests"))

from browser.harness import TOKEN, Lab, Notebook, browser, server  # noqa: E402

from autograde.lab.workspace import SETTINGS  # noqa: E402
from verdicts.canvas import SECONDS  # noqa: E402

STUDENTS = SETTINGS / "student"
"""Jupyter's configuration in a student's Lab."""
PICTURES: dict[str, Callable[[Path], None]] = {}
WRONG_ADAM = (
    "params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
    "params[k] -= self.lr * m_hat / np.sqrt(v_hat + self.eps)",
)


def picture(function: Callable[[Path], None]) -> Callable[[Path], None]:
    """A function of a file to write is a picture."""
    PICTURES[function.__name__.replace("_", "-")] = function
    return function


@picture
def lesson_adam(target: Path) -> None:
    """The lesson's first screen, still and moving: one round of its dots."""
    with solved("06-adam", height=900, width=1000) as notebook:
        panel = notebook.page.locator(".jp-WindowedPanel-outer").bounding_box()
        around = panel | {"height": 700}
        frames, times = [], [time.monotonic()]
        while times[-1] < times[0] + SECONDS:
            seen = Image.open(io.BytesIO(notebook.page.screenshot(clip=around))).convert("RGB")
            frames.append(seen.quantize(128, palette=frames[0] if frames else None, dither=Image.Dither.NONE))
            times.append(time.monotonic())
        frames[0].save(target)
        shown = [round(1000 * (end - begin)) for begin, end in pairwise(times)]
        frames[0].save(
            target.with_suffix(".gif"), save_all=True, append_images=frames[1:], duration=shown, loop=0
        )


@picture
def check_passing(target: Path) -> None:
    with solved("06-adam") as notebook:
        _check_cell(notebook, "adam/update").screenshot(path=target)


@picture
def check_failing(target: Path) -> None:
    with solved("06-adam", *WRONG_ADAM) as notebook:
        _check_cell(notebook, "adam/update").screenshot(path=target)


@picture
def feedback_page(target: Path) -> None:
    _file_in_a_browser(demo() / "feedback" / "s05" / "06-adam" / "adam.html", target, 1200, 1000)


@picture
def report_class(target: Path) -> None:
    with _copy_of_the_demo() as course:
        subprocess.run([BIN / "autograde", "report", "06-adam", "--course-dir", course], check=True)
        _file_in_a_browser(course / "report-06-adam.html", target, 960, 1250)


def _file_in_a_browser(file: Path, target: Path, width: int, height: int) -> None:
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.goto(file.as_uri())
        page.screenshot(path=target)


@picture
def formgrader(target: Path) -> None:
    with _submissions() as page:
        page.screenshot(path=target)


@picture
def formgrader_answer(target: Path) -> None:
    with _submissions() as page:
        page.get_by_role("link", name="Submission #1", exact=True).click()
        page.wait_for_load_state("networkidle")  # its scripts fill the scores in that there are
        page.locator("input.score").last.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        page.screenshot(path=target)


@contextmanager
def _copy_of_the_demo() -> Iterator[Path]:
    """A course of its own, as what is done there would change the demo's."""
    with tempfile.TemporaryDirectory() as scratch:
        yield shutil.copytree(demo(), Path(scratch) / "demo")


@contextmanager
def _submissions() -> Iterator[Page]:
    """Formgrader's list of submissions that need manual grading."""
    with _copy_of_the_demo() as course, browser() as chromium, server(course) as running:
        page = chromium.new_page(viewport={"width": 1200, "height": 900})
        page.goto(f"{running.url}tree?token={TOKEN}")  # signs in: the pages below ask with a cookie
        page.goto(f"{running.url}formgrader/gradebook/06-adam/adam")
        page.locator("table tbody tr").nth(5).wait_for()
        yield page


def demo() -> Path:
    """The demo course, made and graded where it is not there yet."""
    course = ROOT / "demo"
    if not (course / "gradebook.db").exists():
        subprocess.run([BIN / "autograde", "demo", "--dir", course], check=True, cwd=ROOT)
    return course


@contextmanager
def solved(
    lesson: str, right: str = "", wrong: str = "", height: int = 1400, width: int = 1200
) -> Iterator[Notebook]:
    """A lesson's solution in JupyterLab, all cells run; `right` may be replaced by `wrong` beforehand."""
    with tempfile.TemporaryDirectory() as scratch, browser() as chromium:
        root = Path(scratch) / "course"
        name = f"{lesson}/{lesson.partition('-')[2]}.ipynb"
        (root / lesson).mkdir(parents=True)
        text = (ROOT / "solutions" / name).read_text(encoding="utf-8")
        if right not in text:
            raise SystemExit(f"{lesson} no longer has the line {right!r}: change it in {__file__}")
        (root / name).write_text(text.replace(right, wrong) if right else text, encoding="utf-8")
        with server(root, environment={"JUPYTER_CONFIG_PATH": str(STUDENTS)}) as running:
            notebook = _open(running, chromium, name, width, height)
            notebook.run_all()
            notebook.page.locator(".jp-Notebook").hover()
            notebook.page.mouse.wheel(0, -100_000)
            notebook.page.wait_for_timeout(800)
            yield notebook


def _open(running: Lab, chromium, name: str, width: int, height: int) -> Notebook:
    """The notebook without the list of files next to it."""
    notebook = running.open(chromium, name, width=width, height=height)
    if notebook.page.locator("#jp-left-stack").is_visible():
        notebook.page.keyboard.press("Control+b")
    return notebook


def _check_cell(notebook: Notebook, check: str):
    cell = notebook.page.locator(".jp-CodeCell", has_text=f'check("{check}"').first
    cell.scroll_into_view_if_needed()
    return cell


def whole(folder: Path, lessons: list[str], height: int = 2600) -> None:
    """Writes every screenful of the lessons, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        with solved(lesson, height=height) as notebook:
            panel = notebook.page.locator(".jp-WindowedPanel-outer").first
            length = panel.evaluate("panel => panel.scrollHeight")
            for number, top in enumerate(range(0, length, height - 150)):
                panel.evaluate("(panel, top) => { panel.scrollTop = top }", top)
                notebook.page.wait_for_timeout(300)
                notebook.page.screenshot(path=folder / f"{lesson}-{number:02d}.png")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--whole"]:
        whole(Path(arguments[1]), arguments[2:])
        return
    IMAGES.mkdir(parents=True, exist_ok=True)
    unknown = set(arguments) - set(PICTURES)
    if unknown:
        raise SystemExit(f"no picture named {', '.join(sorted(unknown))}; there are: {', '.join(PICTURES)}")
    for name in arguments or PICTURES:
        with tempfile.TemporaryDirectory() as scratch:
            PICTURES[name](Path(scratch) / f"{name}.png")
            for made in sorted(Path(scratch).iterdir()):
                shutil.move(made, IMAGES / made.name)
                print(f"wrote docs/img/{made.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
