"""A person of the hub in a real Chromium."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator

from roles.hub.machine import SECONDS, Hub, Person

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

    def menu(self, *words: str) -> None:
        """Click through JupyterLab's menus."""
        self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel", has_text=words[0]).first.click()
        for word in words[1:]:
            self.page.locator(".lm-Menu-itemLabel", has_text=word).first.click()

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *exception: object) -> None:
        self._context.close()
