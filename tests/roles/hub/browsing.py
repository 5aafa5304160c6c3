"""A person of the hub in a real Chromium; what is on the screen is kept in build/screenshots/."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator
from support import ROOT

from roles.hub.machine import SECONDS, Hub, Person

SCREENSHOTS = ROOT / "build" / "screenshots"
LOADS = SECONDS * 1000  # ms: a JupyterLab that is opened for the first time on a busy machine


class Tab:
    """A browser of one person's own, 1400 × 900."""

    def __init__(self, chromium: Browser, hub: Hub, person: Person) -> None:
        self._context = chromium.new_context(viewport={"width": 1400, "height": 900})
        self.page = self._context.new_page()
        self.page.set_default_timeout(LOADS)
        self._hub, self._person = hub, person

    def sign_in(self) -> None:
        """Where the hub asks who it is: name and password, then on to the page that was asked for."""
        self.page.locator("#username_input").fill(self._person.name)
        self.page.locator("#password_input").fill("any")
        self.page.locator("#login_submit").click()

    def title(self) -> Locator:
        """The heading of the notebook on the screen; JupyterLab keeps what was open before behind it."""
        title = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook h1").first
        title.wait_for()
        return title

    def shot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"hub-{name}.png")

    def menu(self, *words: str) -> None:
        """Click through JupyterLab's menus."""
        self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel", has_text=words[0]).first.click()
        for word in words[1:]:
            self.page.locator(".lm-Menu-itemLabel", has_text=word).first.click()

    def address(self, course: str, page: str) -> str:
        """A page of the person's server that belongs to a course."""
        return f"{self._hub.address}/user/{self._person.name}/{course}/{page}"

    def open_assignment_list(self, course: str) -> None:
        """nbgrader's list of one course's assignments."""
        self.menu("Nbgrader", "Assignment List")
        self.page.locator("#course_list_dropdown:not([disabled])").click()
        self.page.locator("#course_list li", has_text=course).click()
        self.button("released", "Fetch").wait_for()

    def button(self, which: str, words: str) -> Locator:
        """The button of the one assignment in a part of that list: released, fetched or submitted."""
        buttons = self.page.locator(f"#{which}_assignments_list > .list_item > .col-md-12 button")
        return buttons.filter(has_text=words)

    def press(self, which: str, words: str) -> None:
        """Press it, and wait until the list has been made anew."""
        self.button(which, words).click()
        self.page.locator(f"#{which}_assignments_list_loading").wait_for(state="hidden")

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *exception: object) -> None:
        self._context.close()
