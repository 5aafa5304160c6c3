"""Explorers in a real browser: moved by key and by mouse, after a restart, in two cells, with broken code."""

import re

import pytest
from playwright.sync_api import expect
from support import ROOT

from browser.harness import moves, moves_by_key_and_by_mouse, picture, write
from descentlab.explorers.paths import Paths
from descentlab.explorers.widget import Explorer
from descentlab.rules import Momentum

pytestmark = pytest.mark.needs("chromium")
RULES = (ROOT / "tests" / "explorers" / "explorer_rules.py").read_text(encoding="utf-8")
IMPORTS = "from descentlab.explorers import *\nfrom descentlab.objectives import bowl"
NOTEBOOKS = {
    "paths": ["explore(Momentum, steps=30, goal=1e-6, lr=0.1)"],
    "saved": ["explore(Momentum, bowl, steps=30, lr=0.1)"],
    "two": ["explore(SGD, bowl, lr=0.1)", "explore(Momentum, bowl, lr=0.1)"],
    "others": ["explore_bias(Adam, [1, 1], silence=100, goal=7)"],
    "figure": [
        "from descentlab import figures",
        "def line(slope=1.0):\n    assert slope < 1.5, 'steep'\n"
        "    figures.curves({'line': [0, slope]}, xlabel='x', ylabel='y', title=f'up by {slope:g}')",
        "explore_figure(line, slope=(0.0, 2.0, 0.5))",
    ],
    "broken": ["explore(RaisesLater, bowl)", "explore(Endless, bowl)", "explore(MakesNaN, bowl)"],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("explorers") / "root"
    for name, cells in NOTEBOOKS.items():
        write(root / f"{name}.ipynb", [IMPORTS, RULES, *cells])
    return root


def opened(lab, chromium, name, explorers):
    """The notebook, run, and its explorers."""
    notebook = lab.open(chromium, f"{name}.ipynb")
    notebook.run_all()
    return notebook, drawn(notebook, explorers)


def drawn(notebook, explorers):
    found = notebook.page.locator(".explorer")
    expect(found).to_have_count(explorers, timeout=30_000)
    return found.all()


def test_both_applications_send_a_kernels_messages_at_once(lab, notebook_7):
    for running in (lab, notebook_7):
        assert "a kernel's messages go to the browser at once" in running.log.read_text()


def test_every_control_moves_the_picture_by_key_and_by_mouse(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    for slider in explorer.locator("input[type=range]").all():
        with moves(explorer):
            slider.press("ArrowLeft")
        with moves(explorer):
            slider.click(position={"x": 60, "y": 5})
    for label in ("one step forward", "one step back", "diverges", "rings", "crawls", "as at first"):
        with moves(explorer):
            explorer.get_by_role("button", name=label, exact=True).click()
    assert notebook.errors() == []
    assert notebook.console_errors() == []


def test_moving_averages_move_by_key_by_mouse_and_by_their_text(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "others", 1)
    moves_by_key_and_by_mouse(explorer)
    with moves(explorer):
        explorer.get_by_role("textbox").fill("1, 2, 3")
    notebook.page.set_viewport_size({"width": 480, "height": 900})
    assert explorer.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth")
    assert notebook.errors() == []
    assert notebook.console_errors() == []


def test_a_figure_that_cannot_be_drawn_is_said_and_the_next_move_draws_it(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "figure", 1)
    slider, shown = explorer.get_by_role("slider"), explorer.get_by_role("img")
    expect(shown).to_have_attribute("alt", re.compile("^up by 1[.]"))
    slider.press("ArrowRight")
    expect(explorer.locator(".explorer-status")).to_have_text(re.compile("drawn: AssertionError: steep"))
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    expect(shown).to_have_attribute("alt", re.compile("^up by 0.5[.]"))
    expect(explorer.locator(".explorer-status")).to_have_text("up by 0.5.")
    assert notebook.console_errors() == []


def test_the_start_is_moved_by_key_by_click_and_by_dragging(lab, chromium):
    _, (explorer,) = opened(lab, chromium, "paths", 1)
    panel = explorer.get_by_role("application")
    here, there = {"x": 150, "y": 80}, {"x": 90, "y": 120}
    for act in (
        lambda: panel.press("ArrowUp"),
        lambda: panel.press("Shift+ArrowLeft"),
        lambda: panel.click(position=here),
        lambda: panel.drag_to(panel, source_position=here, target_position=there),
    ):
        with moves(explorer):
            act()
    expect(panel).to_be_focused()


WATCH = """explorer => {
    const found = window.watched = { shifts: 0, blank: 0, late: [] };
    const add = (list) => list.getEntries().forEach((entry) => (found.shifts += entry.value));
    new PerformanceObserver(add).observe({ type: 'layout-shift' });
    const height = explorer.offsetHeight;
    new ResizeObserver(() => (found.shifts += Math.abs(explorer.offsetHeight - height))).observe(explorer);
    const pictures = [...explorer.querySelectorAll('.explorer-moving')];
    const look = () => {
        found.blank += pictures.filter((one) => !one.querySelector('path[d^=M]')).length;
        requestAnimationFrame(look);
    };
    look();
    addEventListener('pointerup', () => {
        const note = () => found.late.push(explorer.dataset.answered);
        new MutationObserver(note).observe(explorer, { attributeFilter: ['data-answered'] });
    }, { capture: true, once: true });
}"""


@pytest.mark.parametrize("grip", ["input[type=range]", ".explorer-pointing"])
def test_a_drag_ends_where_the_hand_is_without_a_queue_a_jump_or_a_blank(lab, chromium, grip):
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    page, grip_ = notebook.page, explorer.locator(grip).first
    grip_.scroll_into_view_if_needed()
    explorer.evaluate(WATCH)
    box = grip_.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    with moves(explorer):
        page.mouse.down()
        for place in range(60):
            page.mouse.move(box["x"] + (0.4 + 0.2 * abs(1 - place / 20)) * box["width"], middle)
        page.mouse.up()
    watched = page.evaluate("window.watched")
    assert watched["blank"] == 0
    assert watched["shifts"] < 0.01
    # One was on its way, one is for all that was moved meanwhile, one for the end.
    assert len(set(watched["late"])) <= 3
    assert page.evaluate("getSelection().toString()") == ""
    at_rest = picture(explorer)
    for key in ("ArrowRight", "ArrowLeft"):
        with moves(explorer):
            grip_.press(key)
    assert picture(explorer) == at_rest


def test_many_moves_leave_one_picture_and_no_more_elements(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    count = "() => [document.images.length, document.querySelectorAll('*').length]"
    slider = explorer.locator(".explorer-controls input[type=range]").first
    explorer.get_by_role("button", name="crawls").click()
    for round_ in range(3):
        for key in ("ArrowLeft",) * 10 + ("ArrowRight",) * 9:
            slider.press(key)
        with moves(explorer):
            slider.press("ArrowRight")
        if round_ == 0:
            first = notebook.page.evaluate(count)
    assert notebook.page.evaluate(count) == first


def test_keys_stay_in_an_explorer_until_escape_and_control_s_saves(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "saved", 1)
    page = notebook.page
    slider = explorer.locator("input[type=range]").first
    with moves(explorer):
        slider.press("ArrowDown")
    expect(slider).to_be_focused()
    cells = page.locator(".jp-Cell").count()
    page.keyboard.press("a")  # a new cell, in JupyterLab's hands
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0, timeout=10_000)
    assert page.locator(".jp-Cell").count() == cells
    page.keyboard.press("Escape")
    expect(slider).not_to_be_focused()
    assert explorer.evaluate("explorer => !explorer.contains(document.activeElement)")
    page.emulate_media(reduced_motion="reduce")
    expect(explorer.locator(".explorer-play")).to_be_hidden()

    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    (explorer,) = drawn(notebook, 1)
    with moves(explorer):
        explorer.locator("input[type=range]").first.press("ArrowRight")


def test_a_notebook_opened_again_without_its_kernel_shows_the_picture_and_what_to_do(lab, chromium):
    notebook, _ = opened(lab, chromium, "saved", 1)
    still = notebook.page.locator("[data-explorer] img")
    expect(still).to_be_hidden()
    notebook.leave()
    notebook = lab.open(chromium, "saved.ipynb")
    still = notebook.page.locator("[data-explorer] img")
    expect(still).to_be_visible()
    assert still.get_attribute("alt").startswith("The path of Momentum. Step 30: ")
    told = notebook.page.locator(".jp-OutputArea-child .jupyter-widgets")
    expect(told).to_have_count(1, timeout=20_000)
    assert "run its cell again" in told.evaluate("told => getComputedStyle(told, '::after').content")
    heard = told.evaluate(
        "told => [getComputedStyle(told).visibility, getComputedStyle(told, '::after').visibility]"
    )
    assert heard == ["hidden", "visible"]


def test_an_explorer_moves_in_notebook_7_by_key_and_by_mouse(notebook_7, chromium):
    notebook, (explorer,) = opened(notebook_7, chromium, "paths", 1)
    expect(notebook.page.locator("[data-explorer] img")).to_be_hidden()
    slider = explorer.locator("input[type=range]").first
    panel = explorer.get_by_role("application")
    for act in (
        lambda: slider.press("ArrowLeft"),
        lambda: slider.click(position={"x": 60, "y": 5}),
        lambda: panel.press("ArrowUp"),
        lambda: panel.click(position={"x": 150, "y": 80}),
    ):
        with moves(explorer):
            act()
    assert notebook.errors() == []


def test_a_goal_is_said_when_it_is_reached(lab, chromium):
    _, (explorer,) = opened(lab, chromium, "paths", 1)
    goal = explorer.locator(".explorer-goal")
    expect(goal).to_have_text("Goal: f less than 1e-06 above the minimum in 30 steps.")
    rate, momentum = explorer.locator(".explorer-controls input[type=range]").all()
    momentum.fill("57")
    rate.fill(str(100 + 50))
    expect(goal).to_have_text("✓ Goal reached: f less than 1e-06 above the minimum in 30 steps.")
    spoken = explorer.get_by_role("status")
    expect(spoken).to_contain_text("Goal reached")


PLACES = """explorer => {
    const box = (name) => explorer.querySelector(name).getBoundingClientRect();
    const outer = explorer.closest('.jp-OutputArea-output');
    const page = explorer.closest('.jp-WindowedPanel-outer, .jp-Notebook').getBoundingClientRect();
    return {
        needed: box('.explorer-below').bottom - box('.explorer-controls').top,
        there: page.height,
        wide: explorer.scrollWidth - explorer.clientWidth,
        bar: outer.offsetWidth - outer.clientWidth,
        scrolls: ['auto', 'scroll'].includes(getComputedStyle(outer).overflowY),
    };
}"""


@pytest.mark.parametrize(("width", "height"), [(700, 900), (933, 600)], ids=["700 px", "150 % zoom"])
def test_sliders_and_picture_are_on_one_screen_without_an_inner_scrollbar(lab, chromium, width, height):
    for name, explorers in (("others", 1), ("paths", 1), ("figure", 1)):
        notebook, shown = opened(lab, chromium, name, explorers)
        notebook.page.set_viewport_size({"width": width, "height": height})
        notebook.page.wait_for_timeout(500)
        for explorer in shown:
            places = explorer.evaluate(PLACES)
            title = explorer.locator(".explorer-title").inner_text()
            assert places["needed"] <= places["there"], (title, places)
            assert (places["wide"], places["bar"], places["scrolls"]) == (0, 0, False), title
        notebook.close()


def contrast(one: tuple[int, ...], other: tuple[int, ...]):
    """The ratio of WCAG 2."""
    light = []
    for color in (one, other):
        parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color]
        light.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


STROKES = """explorer => [...explorer.querySelectorAll('.explorer-moving path')]
    .map((path) => getComputedStyle(path)).filter((style) => style.stroke !== 'none')
    .map((style) => style.stroke.match(/[\\d.]+/g).slice(0, 3).map(Number))"""


def test_lines_can_be_seen_on_a_dark_page(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    explorer.get_by_role("button", name="one step back").click()
    theme = "() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })"
    notebook.page.evaluate(theme)
    notebook.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    notebook.page.wait_for_timeout(500)
    paper = explorer.evaluate(
        "e => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    strokes = {tuple(stroke) for stroke in explorer.evaluate(STROKES)} - {tuple(paper)}
    assert len(strokes) >= 4
    assert all(contrast(stroke, tuple(paper)) > 4.5 for stroke in strokes if max(stroke) > 1)


def test_two_explorers_move_apart_and_a_cell_run_again_has_one(lab, chromium):
    notebook, (first, second) = opened(lab, chromium, "two", 2)
    other = picture(second)
    with moves(first):
        first.locator("input[type=range]").first.press("ArrowRight")
    assert picture(second) == other
    notebook.run_all()
    first, second = drawn(notebook, 2)
    with moves(second):
        second.locator("input[type=range]").first.press("ArrowRight")
    assert notebook.console_errors() == []


def test_after_a_restart_an_old_explorer_says_so_and_a_new_run_moves(lab, chromium):
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    notebook.command("Kernel > Restart Kernel…")
    notebook.page.get_by_role("button", name="Confirm Kernel Restart").click()
    notebook.page.wait_for_timeout(1000)
    notebook.wait_until_idle()
    explorer.locator("input[type=range]").first.press("ArrowRight")
    expect(explorer.locator(".explorer-status")).to_contain_text("Python does not answer", timeout=10_000)
    notebook.run_all()
    (explorer,) = drawn(notebook, 1)
    with moves(explorer):
        explorer.locator("input[type=range]").first.press("ArrowRight")


def test_broken_classes_are_said_and_their_explorers_live_on(lab, chromium):
    notebook, explorers = opened(lab, chromium, "broken", 3)
    for explorer, words in zip(explorers, ("no more", "does not come back", "not a number"), strict=True):
        expect(explorer.locator(".explorer-status")).to_contain_text(words)
    with moves(explorers[0]):
        explorers[0].locator("input[type=range]").first.press("ArrowLeft")
    assert notebook.errors() == []


def test_on_a_page_without_python_the_first_slider_moves_the_picture(chromium, tmp_path):
    explorer = Explorer(Paths(Momentum, lr=0.1, steps=30))
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{explorer.still()['text/html']}{explorer.alone()}")
    page = chromium.new_page()
    page.goto(file.as_uri())
    slider, said = page.locator(".explorer input[type=range]"), page.locator(".explorer-status")
    expect(slider).to_have_count(1)
    expect(page.locator("img")).to_be_hidden()
    expect(said).to_have_text(explorer.scene["status"])
    slider.press("ArrowRight")
    value = float(page.locator(".explorer-number").inner_text())
    assert value > 0.1
    explorer.asked = {"by": "me", "n": 1, "at": {"lr": explorer._controls["lr"].nearest(value)}}
    expect(said).to_have_text(explorer.scene["status"])
    page.close()
