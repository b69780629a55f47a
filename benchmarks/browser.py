"""One browser and the servers it talks to, for everything that is measured on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.driver import APP, BROWSER_FLAGS, Server, Servers, wait_until_ready
from tests.browser.install import find_browser
from tests.browser.screen import Screen

VIEWPORT = ViewportSize(width=1280, height=720)

# For scripts in the page: answers after the next frame has been painted, with the time.
PAINTED = """
const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(0);
}));
"""

# Answers as soon as an element holds what is waited for; a change of the page makes it look again.
CHANGED = """
const changed = (root, holds) => new Promise((resolve) => {
    const look = () => holds() && (observer.disconnect(), resolve(performance.now()));
    const observer = new MutationObserver(look);
    observer.observe(root, {childList: true, characterData: true, subtree: true, attributes: true});
    look();
});
"""


class Stand:
    """A browser, started when it is first needed, and one server for each app."""

    def __init__(self, browser: Browser, logs: Path) -> None:
        self.browser = browser
        self.logs = logs
        self.servers = Servers(logs)

    @property
    def version(self) -> str:
        return self.browser.version

    def context(self) -> BrowserContext:
        """Make a context with an empty cache; motion is not reduced."""
        return self.browser.new_context(viewport=VIEWPORT)

    def page(self) -> Page:
        return self.context().new_page()

    def screen(self, query: str) -> Screen:
        """Open the app in a context of its own and return its player, ready."""
        page = self.page()
        page.goto(f"{self.servers.of(APP).url}/{query}", wait_until="commit")
        wait_until_ready(page)
        return Screen(page)

    @contextmanager
    def fresh_server(self) -> Iterator[Server]:
        """Start the app anew, for the first visit after a start."""
        number = len(list(self.logs.iterdir()))
        server = Server(self.logs / f"fresh-{number}.log")
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def stand() -> Iterator[Stand]:
    """Start the browser; it and all servers end with the block."""
    with TemporaryDirectory() as logs, sync_playwright() as playwright:
        path = find_browser(whole=True)
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        place = Stand(browser, Path(logs))
        try:
            yield place
        finally:
            browser.close()
            place.servers.stop()
