"""Fixtures of the browser tests; CONTRIBUTING.md says how to use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from convviz.ui.player import SCRIPT
from tests.browser.driver import (
    APP,
    BROWSER_FLAGS,
    HOST,
    LEAN_FLAGS,
    ROOT,
    Server,
    Servers,
    Tabs,
    Watch,
    turn_to_theme,
    wait_until_ready,
)
from tests.browser.install import find_browser
from tests.browser.screen import begin_step_by_step, go_back_to, in_size, scene_in, settle

# Nothing listens there: whatever does not go to this machine fails at once.
NOWHERE = {"server": f"http://{HOST}:9", "bypass": HOST}


class NewPage(Protocol):
    def __call__(
        self,
        *,
        width: int = 1280,
        height: int = 720,
        scheme: str = "light",
        reduced_motion: str = "reduce",
        touch: bool = False,
        own: bool = False,
    ) -> Page: ...


class Visit(Protocol):
    def __call__(
        self,
        query: str = "",
        *,
        path: str = "",
        region: str = "Convolution player",
        width: int = 1280,
        height: int = 720,
    ) -> Page: ...


class OpenPage(Protocol):
    def __call__(
        self,
        path: str = "",
        *,
        width: int = 1280,
        height: int = 720,
        scheme: str = "light",
        reduced_motion: str = "reduce",
        touch: bool = False,
        own: bool = False,
        region: str = "Convolution player",
        app: Path = APP,
        url: str | None = None,
    ) -> Page: ...


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The apps that all tests of this process share; do not stop one, use `server` for that."""
    shared = Servers(tmp_path_factory.mktemp("servers"))
    try:
        yield shared
        shared.check()
    finally:
        shared.stop()


@pytest.fixture(scope="session")
def app_url(servers: Servers) -> str:
    return servers.of(APP).url


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers that the test may stop, kill and start again; keywords go to Server."""
    started: list[Server] = []

    def start(**options: object) -> Server:
        one = Server(tmp_path / f"server-{len(started)}.log", **options)
        started.append(one)
        one.start()
        return one

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """The browser window in which all tests of this process open their pages.

    It has a profile, so that Streamlit's script is compiled once and not for every page.
    """
    with sync_playwright() as playwright:
        window = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=find_browser(),
            args=[*BROWSER_FLAGS, *LEAN_FLAGS],
            proxy=NOWHERE,
            permissions=["clipboard-read", "clipboard-write"],
        )
        yield window
        window.close()


@pytest.fixture(scope="session")
def tabs(window: BrowserContext, app_url: str) -> Tabs:
    """The tabs that all tests of this process take by turns."""
    return Tabs(window, f"{app_url}/_stcore/health")


@pytest.fixture
def watch(
    request: pytest.FixtureRequest, servers: Servers, server: Callable[..., Server], tabs: Tabs
) -> Iterator[Watch]:
    """Fail the test on what went wrong beside it, but for the texts in `watch.ignore`.

    It takes `server` so that the pages are closed before the test's own servers end.
    """
    watch = Watch()
    written = servers.sizes()
    yield watch
    failed = getattr(request.node, "failed_call", False) or watch.problems
    if failed:
        for number, page in enumerate(watch.pages):
            page.screenshot(path=picture_of(request.node.nodeid, number))
    for page in [*watch.pages]:
        watch.let_go(page)
        if page in watch.visited and not failed and not page.is_closed():
            tabs.leave(page, watch.visited[page])
        elif page in watch.lent and not failed and not page.is_closed():
            tabs.give_back(page)
        else:
            page.close()
    servers.check()
    for server in servers.running.values():
        watch.note_log(server.text(written.get(server, 0)))
    if watch.problems:
        pytest.fail("\n".join(watch.problems), pytrace=False)


@pytest.fixture
def new_page(window: BrowserContext, tabs: Tabs, watch: Watch) -> NewPage:
    """Make an empty page.

    One of its `own` is for a test that changes it for good, with listeners or routes. There is no
    page for a `clock`: Playwright gives it to all pages of the window, for good.
    """

    def make(
        *,
        width: int = 1280,
        height: int = 720,
        scheme: str = "light",
        reduced_motion: str = "reduce",
        touch: bool = False,
        own: bool = False,
    ) -> Page:
        page = window.new_page() if own or touch else tabs.take()
        watch.attach(page)
        if not (own or touch):
            watch.lent.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="null", color_scheme=scheme, reduced_motion=reduced_motion)
        if touch:
            window.new_cdp_session(page).send(
                "Emulation.setTouchEmulationEnabled", {"enabled": True}
            )
        return page

    return make


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def open_page(new_page: NewPage, servers: Servers) -> OpenPage:
    """Open the app and return the page when it is ready; `path` may carry a query.

    `app` is another script to serve, `url` a server of the test's own.
    """

    def open_it(
        path: str = "",
        *,
        region: str = "Convolution player",
        app: Path = APP,
        url: str | None = None,
        **how: object,
    ) -> Page:
        page = new_page(**how)
        page.goto(f"{url or servers.of(app).url}/{path.removeprefix('/')}", wait_until="commit")
        wait_until_ready(page, region)
        return page

    return open_it


@pytest.fixture
def visit(open_page: OpenPage, tabs: Tabs, watch: Watch) -> Visit:
    """Show a scene in a page that stands open, as if the visitor had gone back to it.

    That takes a third of what it takes to open a page, and where it is not step by step, two thirds
    of it. It is for tests that leave nothing behind but an address and what Screen puts right:
    neither files nor answers. The query names a scene alone, for position, lecture view and
    predicting are taken over with another scene only; keys reach them.
    """

    def show(
        query: str = "",
        *,
        path: str = "",
        region: str = "Convolution player",
        width: int = 1280,
        height: int = 720,
    ) -> Page:
        assert not re.search("(step|view|predict)=", query), query
        # The sidebar is open at first in a wide window only.
        kind = "wide" if width >= 768 else "narrow"
        here = [page for page in watch.visited if watch.visited[page] == kind]
        page = here[0] if here else tabs.come_to(kind)
        if page is None:
            page = open_page(width=width, height=height)
            settle(page)  # a font may come late
        elif not here:
            watch.attach(page)
        watch.visited[page] = kind
        turn_to_theme(page, "light")
        with in_size(page, (width, height)):
            begin_step_by_step(page)
        if path or scene_in(page.evaluate("location.search")) != scene_in(query):
            go_back_to(page, f"./{path}{query}")
            wait_until_ready(page, region)
        return page

    return show


@pytest.fixture(scope="session")
def script_page(window: BrowserContext) -> Page:
    """A page with nothing but what the player's script exports."""
    page = window.new_page()
    page.evaluate(
        """async (source) => {
            const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
            window.player = await import(url);
        }""",
        SCRIPT,
    )
    return page


@pytest.fixture
def run(script_page: Page, watch: Watch) -> Iterator[Callable[..., object]]:
    """Call an exported function of the player's script; none of them keeps anything."""
    watch.attach(script_page)
    yield lambda name, *values: script_page.evaluate(
        "([name, values]) => window.player[name](...values)", [name, list(values)]
    )
    watch.let_go(script_page)


def picture_of(test: str, number: int) -> Path:
    name = re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/browser/"))
    return ROOT / "test-results" / f"{name}-{number}.png"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.failed_call = report.failed
    return report
