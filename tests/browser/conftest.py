"""Fixtures of the browser tests; a failing test keeps its screenshot in build/screenshots/."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT

KEPT = ROOT / "build" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One headless Chromium for the session."""
    from browser.harness import browser

    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def lab(root: Path) -> Iterator[object]:
    """JupyterLab, its files in the module's `root`."""
    from browser.harness import server

    with server(root) as running:
        yield running


@pytest.fixture(scope="module")
def notebook_7(root: Path) -> Iterator[object]:
    """Notebook 7, likewise."""
    from browser.harness import server

    with server(root, "notebook") as running:
        yield running


@pytest.fixture(autouse=True)
def pages_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close the pages that a test opened; those of a module's fixtures were open before, and stay."""
    running = request.getfixturevalue("chromium") if "chromium" in request.fixturenames else None
    before = list(running.contexts) if running else []
    yield
    for context in running.contexts if running else ():
        if context not in before:
            context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.when != "call" or not report.failed:
        return
    running = item.funcargs.get("chromium")
    for number, page in enumerate(page for c in getattr(running, "contexts", []) for page in c.pages):
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{item.name}-{number}.png"
        page.screenshot(path=path)
        report.sections.append(("screenshot", str(path)))
