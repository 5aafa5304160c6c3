"""Figures as readers meet them: named, sharp, quiet on a dark page; in both applications and in exports."""

import io

import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image
from playwright.sync_api import expect
from support import ROOT
from traitlets.config import Config

from autograde.course.configuration import clean_students_pages
from autograde.entries.answer_key import KeyNotebook
from autograde.pages.student_page import cells_of
from browser.harness import server, write

pytestmark = pytest.mark.needs("chromium")
CELL = """import numpy as np
from descentlab import figures
path = np.array([[-7.0, 2.0], [-3.0, -1.0], [-1.0, 0.2]])
from descentlab.objectives import bowl
figures.trajectories(bowl, {"SGD": path}, title="SGD arrives in 2 steps")"""
COLORED = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop")
FLAT = """from descentlab import figures
figures.curves({{"{rule}": [0, 1]}}, xlabel="x", ylabel="y", title="")"""
WORDS = (
    "SGD arrives in 2 steps. Paths over the contours of x²/20 + y²: "
    "SGD goes from (-7, 2) to (-1, 0.2) in 2 steps."
)
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("figures") / "root"
    write(root / "figure.ipynb", [CELL])
    write(root / "colors.ipynb", [FLAT.format(rule=rule) for rule in COLORED])
    return root


@pytest.fixture(scope="module", params=["lab", "notebook"])
def application(root, request):
    with server(root, request.param) as running:
        yield running


def is_named_and_sharp(picture):
    expect(picture).to_have_count(1)
    expect(picture).to_have_attribute("alt", WORDS)
    real, shown = picture.evaluate("img => [img.naturalWidth, img.getBoundingClientRect().width]")
    assert real >= 2 * shown > 0


def lightness(picture):
    """The mean of the corner's color as it is painted, 0 black and 1 white."""
    painted = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB"), float)
    return float(painted[2:6, 2:6].mean()) / 255


def contrasts(picture, background):
    """WCAG's ratio of each painted pixel that has a color of its own to the picture's background."""
    painted = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB"), float) / 255
    linear = np.where(painted <= 0.04045, painted / 12.92, ((painted + 0.055) / 1.055) ** 2.4)
    light, ground = linear @ [0.2126, 0.7152, 0.0722], ((background + 0.055) / 1.055) ** 2.4
    return (light[np.ptp(painted, axis=2) > 0.45] + 0.05) / (ground + 0.05)


def put_on(page, theme):
    """The server remembers a theme: every test says its own."""
    page.evaluate(THEME, f"JupyterLab {theme}")
    light = "true" if theme == "Light" else "false"
    page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
    page.wait_for_timeout(500)


def test_every_rules_color_can_be_seen_on_a_dark_page(application, chromium):
    notebook = application.open(chromium, "colors.ipynb")
    notebook.run_all()
    put_on(notebook.page, "Dark")
    pictures = notebook.page.locator(".jp-OutputArea-output img").all()
    assert len(pictures) == len(COLORED)
    for picture in pictures:
        assert np.median(contrasts(picture, lightness(picture))) > 4.5


def test_a_figure_is_named_and_sharp_and_quiet_on_a_dark_page(application, chromium):
    notebook = application.open(chromium, "figure.ipynb")
    notebook.run_all()
    picture = notebook.page.locator(".jp-OutputArea-output img")
    put_on(notebook.page, "Light")
    is_named_and_sharp(picture)
    assert lightness(picture) > 0.97
    put_on(notebook.page, "Dark")
    assert 0.05 < lightness(picture) < 0.2
    notebook.page.emulate_media(media="print")
    assert picture.evaluate("img => getComputedStyle(img).filter") == "none"


def executed():
    return NotebookClient(new_notebook(cells=[new_code_cell(CELL)]), kernel_name="python3").execute()


def test_a_figure_is_named_in_exports_and_in_feedback(chromium):
    notebook = executed()
    cleaned = Config()
    clean_students_pages(cleaned)
    pages = [HTMLExporter(config=config).from_notebook_node(notebook)[0] for config in (Config(), cleaned)]
    pages.append("".join(cells_of(notebook, KeyNotebook("n", {}, {}))))
    for html in pages:
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.set_content(html, wait_until="commit")
        is_named_and_sharp(page.locator("img").last)
        page.context.close()


def test_every_picture_of_the_solved_lessons_is_made_by_what_these_tests_look_at():
    for lesson in sorted((ROOT / "solutions").glob("*/*.md")):
        text = lesson.read_text(encoding="utf-8")
        assert "pyplot" not in text, lesson
        assert "IPython.display" not in text, lesson
