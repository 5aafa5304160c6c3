"""Explorers in a real browser: moved by key and by mouse, after a restart, in two cells, with broken code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, expect
from support import ROOT

from browser.harness import Lab, Notebook, server

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("browser")]
RULES = (ROOT / "tests" / "explorers" / "explorer_rules.py").read_text(encoding="utf-8")
IMPORTS = "from descentlab.explorers import *\nfrom descentlab.objectives import bowl"
BUTTONS = ("one step forward", "one step back", "diverges", "rings", "crawls", "as at first", "a saddle")
NOTEBOOKS = {
    "paths": ["explore(Momentum, steps=30, goal=1e-6, lr=0.1)"],
    "two": ["explore(SGD, bowl)", "explore(Momentum, bowl)"],
    "others": [
        "explore_stability(Momentum, radius, (0.1, 2.0), goal=0.65)",
        "explore_bias(Adam, '1, 1', silence=100, goal=7)",
        "explore_noise(SGD, theory=floor, goal=0.02)",
        "explore_rotation([SGD, AdaGrad], goal=100)",
        "explore_gradient_check(slopes, unkind, unkind_slope, goal=1e-10)",
    ],
    "broken": ["explore(RaisesLater, bowl)", "explore(Endless, bowl)", "explore(MakesNaN, bowl)"],
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root: Path = tmp_path_factory.mktemp("explorers") / "root"
    root.mkdir()
    for name, cells in NOTEBOOKS.items():
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in (IMPORTS, RULES, *cells)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, root / f"{name}.ipynb")
    with server(root) as running:
        yield running


def opened(lab: Lab, chromium: Browser, name: str, explorers: int) -> tuple[Notebook, list[Locator]]:
    """The notebook, run, and its explorers."""
    notebook = lab.open(chromium, f"{name}.ipynb")
    notebook.run_all()
    return notebook, drawn(notebook, explorers)


def drawn(notebook: Notebook, explorers: int) -> list[Locator]:
    found = notebook.page.locator(".explorer")
    expect(found).to_have_count(explorers, timeout=30_000)
    return found.all()


def picture(explorer: Locator) -> str:
    return explorer.locator(".explorer-pictures").inner_html()


def changes(explorer: Locator, before: str) -> None:
    """Fails unless the last move is answered with another picture."""
    explorer.page.wait_for_function(
        """([explorer, before]) => explorer.dataset.asked === explorer.dataset.answered
             && explorer.querySelector('.explorer-pictures').innerHTML !== before""",
        arg=[explorer.element_handle(), before],
        timeout=20_000,
    )


def test_every_control_moves_the_picture_by_key_and_by_mouse(lab: Lab, chromium: Browser) -> None:
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    for slider in explorer.locator("input[type=range]").all():
        before = picture(explorer)
        slider.press("ArrowLeft")
        changes(explorer, before)
        before = picture(explorer)
        slider.click(position={"x": 60, "y": 5})
        changes(explorer, before)
    for label in (
        "one step forward",
        "one step back",
        "diverges",
        "rings",
        "crawls",
        "as at first",
        "a saddle",
    ):
        before = picture(explorer)
        explorer.get_by_role("button", name=label, exact=True).click()
        changes(explorer, before)
    assert notebook.errors() == []
    assert notebook.console_errors() == []
    notebook.close()


def test_the_other_explorers_move_by_key_and_by_mouse(lab: Lab, chromium: Browser) -> None:
    notebook, explorers = opened(lab, chromium, "others", 5)
    for explorer in explorers:
        control = explorer.locator(".explorer-controls input[type=range], .explorer-pointing").first
        before = picture(explorer)
        control.press("ArrowLeft")
        control.press("ArrowUp")
        control.press("ArrowUp")
        changes(explorer, before)
        before = picture(explorer)
        control.click(position={"x": 150, "y": 8})
        changes(explorer, before)
    gradients = explorers[1].get_by_role("textbox")
    before = picture(explorers[1])
    gradients.fill("1, x1.11*40")
    changes(explorers[1], before)
    assert notebook.errors() == []
    assert notebook.console_errors() == []
    notebook.close()


def test_the_start_is_moved_by_key_by_click_and_by_dragging(lab: Lab, chromium: Browser) -> None:
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    panel = explorer.get_by_role("application")
    here, there = {"x": 150, "y": 80}, {"x": 90, "y": 120}
    for act in (
        lambda: panel.press("ArrowUp"),
        lambda: panel.press("Shift+ArrowLeft"),
        lambda: panel.click(position=here),
        lambda: panel.drag_to(panel, source_position=here, target_position=there),
    ):
        before = picture(explorer)
        act()
        changes(explorer, before)
    expect(panel).to_be_focused()
    notebook.close()


def test_a_goal_is_said_when_it_is_reached(lab: Lab, chromium: Browser) -> None:
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    goal = explorer.locator(".explorer-goal")
    expect(goal).to_have_text("Goal: f less than 1e-06 above the minimum in 30 steps.")
    rate, momentum = explorer.locator(".explorer-controls input[type=range]").all()
    momentum.fill("57")
    rate.fill(str(100 + 50))
    expect(goal).to_have_text("✓ Goal reached: f less than 1e-06 above the minimum in 30 steps.")
    spoken = explorer.get_by_role("status")
    expect(spoken).to_contain_text("Goal reached")
    notebook.close()


def test_two_explorers_move_apart_and_a_cell_run_again_has_one(lab: Lab, chromium: Browser) -> None:
    notebook, (first, second) = opened(lab, chromium, "two", 2)
    other, before = picture(second), picture(first)
    first.locator("input[type=range]").first.press("ArrowRight")
    changes(first, before)
    assert picture(second) == other
    notebook.run_all()
    first, second = drawn(notebook, 2)
    before = picture(second)
    second.locator("input[type=range]").first.press("ArrowRight")
    changes(second, before)
    assert notebook.console_errors() == []
    notebook.close()


def test_after_a_restart_an_old_explorer_says_so_and_a_new_run_moves(lab: Lab, chromium: Browser) -> None:
    notebook, (explorer,) = opened(lab, chromium, "paths", 1)
    notebook.command("Kernel > Restart Kernel…")
    notebook.page.get_by_role("button", name="Confirm Kernel Restart").click()
    notebook.page.wait_for_timeout(1000)
    notebook.wait_until_idle()
    explorer.locator("input[type=range]").first.press("ArrowRight")
    expect(explorer.locator(".explorer-status")).to_contain_text("Python does not answer", timeout=10_000)
    notebook.run_all()
    (explorer,) = drawn(notebook, 1)
    before = picture(explorer)
    explorer.locator("input[type=range]").first.press("ArrowRight")
    changes(explorer, before)
    notebook.close()


def test_broken_classes_are_said_and_their_explorers_live_on(lab: Lab, chromium: Browser) -> None:
    notebook, explorers = opened(lab, chromium, "broken", 3)
    for explorer, words in zip(explorers, ("no more", "does not come back", "not a number"), strict=True):
        expect(explorer.locator(".explorer-status")).to_contain_text(words)
    before = picture(explorers[0])
    explorers[0].locator("input[type=range]").first.press("ArrowLeft")
    changes(explorers[0], before)
    assert notebook.errors() == []
    notebook.close()
