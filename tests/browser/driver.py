"""What a browser test stands on: the app in a process of its own, a watch on its pages, axe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    WebSocket,
)

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
HOST = "127.0.0.1"
START_SECONDS = 90
TRACEBACK = "Traceback (most recent call last)"

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# For tests, which open hundreds of pages and look at most of them once: all pages in one process
# that stays, and no optimizing of scripts. Both together halve what a page costs.
LEAN_FLAGS = ["--renderer-process-limit=1", "--js-flags=--no-opt --no-maglev"]


# What Streamlit's own page writes to the console while its server is down: for `watch.ignore`.
SERVER_GONE = (
    "WebSocket",
    "net::ERR_",
    "Client Error in reaching server",
    "Streamlit server is not responding",
)

# Where a page has a path of its own, Streamlit's script first looks for its server under that path.
DEEP = ("/_stcore/",)


class ServerError(AssertionError):
    """The server did not start, or is gone; the message ends with its log."""


class Server:
    """The app in a child process, on a loopback port that it keeps when it is started again."""

    def __init__(self, log: Path, *, app: Path = APP, port: int | None = None) -> None:
        self.app = app
        self.port = port or free_port()
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start the app and return when it serves."""
        options = {"headless": "true", "address": HOST, "port": str(self.port)}
        flags = [word for name, value in options.items() for word in (f"--server.{name}", value)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(self.app), *flags],
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_it_serves(self.process)

    def stop(self) -> None:
        """End the app as a host does, with SIGTERM, and wait for it."""
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """End the app at once, as a crash does."""
        self._end(subprocess.Popen.kill)

    def check(self) -> None:
        """Raise ServerError if the app ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            raise ServerError(f"The server ended with {self.process.returncode}:\n{self.text()}")

    def text(self, start: int = 0) -> str:
        """Return what the app wrote after `start` bytes."""
        return self.log.read_bytes()[start:].decode(errors="replace") if self.log.exists() else ""

    def size(self) -> int:
        """Return how many bytes the app has written."""
        return self.log.stat().st_size if self.log.exists() else 0

    def _end(self, how) -> None:
        if self.process is None:
            return
        how(self.process)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _wait_until_it_serves(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if answers(f"{self.url}/_stcore/health"):
                return
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            self.check()
        self.kill()
        raise ServerError(f"No answer from {self.url} in {START_SECONDS} s:\n{self.text()}")


class Servers:
    """One running server for each app that the tests of this process share."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[Path, Server] = {}

    def of(self, app: Path) -> Server:
        """Return the server of an app, started when it is first asked for."""
        if app not in self.running:
            server = Server(self.logs / f"{app.stem}-{len(self.running)}.log", app=app)
            server.start()
            self.running[app] = server
        return self.running[app]

    def sizes(self) -> dict[Server, int]:
        """Return how far each log has been written."""
        return {server: server.size() for server in self.running.values()}

    def check(self) -> None:
        """Raise ServerError if one of them ended by itself."""
        for server in self.running.values():
            server.check()

    def stop(self) -> None:
        """End them all."""
        for server in self.running.values():
            server.stop()


def answers(url: str) -> bool:
    """Tell whether the address answers with 200, without any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def free_port() -> int:
    """Return a port nobody listens on, below those the system gives to outgoing connections.

    A port of that range could be taken by the browser while the server is down.
    """
    first = 20_000 + os.getpid() % 10_000
    for port in range(first, first + 1_000):
        with socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"No free port from {first} on.")


def is_local(url: str) -> bool:
    """Tell whether an address stays on this machine; data: and blob: do."""
    parts = urlsplit(url)
    return parts.scheme not in {"http", "https", "ws", "wss"} or parts.hostname == HOST


class Watch:
    """What went wrong in the pages of one test, besides what the test asked.

    Console errors, uncaught exceptions, requests to other machines, tracebacks in the server's log.
    A test that provokes one appends a part of its text to `ignore`.
    """

    def __init__(self) -> None:
        self.ignore: list[str] = []
        self.pages: list[Page] = []
        self.lent: list[Page] = []
        self.visited: dict[Page, str] = {}
        self._seen: list[str] = []

    def attach(self, page: Page) -> None:
        """Watch a page and those it opens."""
        self.pages.append(page)
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("requestfailed", self._on_failure)
        page.on("websocket", self._on_websocket)
        page.on("popup", self.attach)

    def let_go(self, page: Page) -> None:
        """Watch it no longer, and leave it open."""
        self.pages.remove(page)
        page.remove_listener("console", self._on_console)
        page.remove_listener("pageerror", self._on_error)
        page.remove_listener("requestfailed", self._on_failure)
        page.remove_listener("websocket", self._on_websocket)
        page.remove_listener("popup", self.attach)

    def note_log(self, text: str) -> None:
        """Take in what the server wrote during the test."""
        if TRACEBACK in text:
            self._seen.append(f"server: {text[text.index(TRACEBACK) :]}")

    @property
    def problems(self) -> list[str]:
        """Return everything seen that no text of `ignore` is part of."""
        return [seen for seen in self._seen if not any(part in seen for part in self.ignore)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: Error) -> None:
        self._seen.append(f"uncaught: {error}")

    def _on_failure(self, request: Request) -> None:
        # Every request to another machine fails; to be told of all requests costs time.
        if not is_local(request.url):
            self._seen.append(f"request to another machine: {request.url}")

    def _on_websocket(self, socket: WebSocket) -> None:
        if not is_local(socket.url):
            self._seen.append(f"websocket to another machine: {socket.url}")


class Tabs:
    """The tabs of a window, used again: a new one takes longer than to open the app in an old one.

    Parameters
    ----------
    window : BrowserContext
    start : str
        The address of a page without a script, where an idle tab stands.
    """

    def __init__(self, window: BrowserContext, start: str) -> None:
        self.window = window
        self.start = start
        self._idle: list[Page] = []
        self._open: dict[str, Page] = {}
        self._given_back = 0

    def take(self) -> Page:
        """Return an idle tab, or a new one."""
        return self._idle.pop() if self._idle else self.window.new_page()

    def come_to(self, kind: str) -> Page | None:
        """Return a tab in which the app stands open, if there is one of this kind."""
        return self._open.pop(kind, None)

    def leave(self, page: Page, kind: str) -> None:
        """Let the app stand open in a tab."""
        self._open[kind] = page

    def give_back(self, page: Page) -> None:
        """Make a tab as good as new, but for what a script was told to do in every page."""
        page.evaluate(FORGET)
        page.goto(self.start)
        page.evaluate(FORGET)
        page.mouse.up()
        page.mouse.move(-10, -10)
        session = self.window.new_cdp_session(page)
        session.send("Page.resetNavigationHistory")
        # The browser would keep hundreds of old pages before it looked for room, and grow slow.
        # But collecting garbage also takes away the compiled scripts, which the next page needs.
        self._given_back += 1
        if self._given_back % KEPT_PAGES == 0:
            session.send("HeapProfiler.collectGarbage")
        session.detach()
        self._idle.append(page)


# About 7 MB each.
KEPT_PAGES = 15
# A page from a file may have no storage.
FORGET = "() => { try { sessionStorage.clear(); } catch {} }"


MOST_SECONDS = 30


def wait_until(page: Page, condition: str, arg: object = None) -> None:
    """Return once this function in the page holds.

    As Page.wait_for_function does, but for a page that forbids eval: there that one fails if it
    has to ask a second time.
    """
    page.evaluate(
        f"""async (arg) => {{
            const holds = {condition};
            const end = performance.now() + 1000 * {MOST_SECONDS};
            while (!holds(arg)) {{
                if (performance.now() > end) throw new Error(`Not in {MOST_SECONDS} s: ${{holds}}`);
                await new Promise(requestAnimationFrame);
            }}
        }}""",
        arg,
    )


# Streamlit fetches the code of each kind of widget when it first meets one, so a test that stops
# the server before that breaks the page for a reason of its own. The region's pictures can be
# pointed at when it is not busy.
READY = """(region) => {
    const shows = (tree) => [...tree.querySelectorAll("*")].some((one) =>
        (one.ariaLabel === region && one.ariaBusy !== "true")
        || (one.shadowRoot && shows(one.shadowRoot)));
    return document.querySelector(".stApp[data-test-script-state=notRunning]")
        && !document.querySelector("[data-testid=stSkeleton]")
        && document.fonts.status === "loaded" && shows(document);
}"""


def wait_until_ready(page: Page, region: str = "Convolution player") -> None:
    """Return when the region is on screen, the script has run, and nothing is still loading."""
    page.wait_for_function(READY, arg=region)
    # By its role once it is there: to ask for that again and again costs a tenth of opening a page.
    page.get_by_role("region", name=region).wait_for(state="visible")


AXE = Axe().axe_script
ALL_RULES = {"resultTypes": ["violations"]}
RUN_AXE = "async ([nodes, rules]) => (await axe.run(nodes ?? document, rules)).violations"
COLOUR_RULES = {**ALL_RULES, "runOnly": ["color-contrast", "link-in-text-block"]}


def axe(page: Page, rules: dict[str, object] = ALL_RULES, part: Locator | None = None) -> list[str]:
    """Return what axe finds against WCAG and its own good practice, a line for each element.

    Use it as `assert axe(page) == []`. After a look at the whole page, `part` is all that has
    changed since. Left out is what is wrong with the frame of Streamlit 1.62 itself and right
    in newer ones: its main part is no landmark, and its sidebar has an attribute that a plain
    section must not have.
    """
    old_frame = page.locator("section.stMain").count() > 0  # a <main> in newer versions
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    nodes = part.element_handles() if part else None
    assert nodes != []
    violations = page.evaluate(RUN_AXE, [nodes, rules])
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {json.dumps(node['target'])} "
        f"{node['html'][:200]} {' '.join(node.get('failureSummary', '').split())}"
        for rule in violations
        for node in rule["nodes"]
        if not (old_frame and is_of_frame(rule["id"], node["target"]))
    ]


# Each component marks the theme it sees; they stand in trees of their own.
# Streamlit's own parts fade from one to the other, which is brought to its end. But they also fade
# while a script runs that may replace them, which must not be.
SHOWS_THEME = """(theme) => {
    const state = document.querySelector(".stApp")?.dataset.testScriptState ?? "notRunning";
    if (state !== "notRunning" || document.querySelector("[data-stale=true]")) return false;
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    for (const one of fading) one.finish();
    const marks = (tree) => [...tree.querySelectorAll("*")].flatMap((one) =>
        [...(one.dataset?.theme ? [one.dataset.theme] : []),
         ...(one.shadowRoot ? marks(one.shadowRoot) : [])]);
    const dark = theme === "dark";
    const app = document.querySelector(".stApp"); // none in a page that was saved
    const isDark = (node) => getComputedStyle(node).backgroundColor.match(/\\d+/g)[0] < 128;
    return !fading.length && (!app || isDark(app) === dark)
        && marks(document).every((mark) => mark === theme);
}"""
THEME_NOW = "() => matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"


def turn_to_theme(page: Page, theme: str) -> None:
    """Let the system be light or dark, and return when all of the page is."""
    page.emulate_media(color_scheme=theme)
    wait_until(page, SHOWS_THEME, theme)


def axe_in_both_themes(page: Page, part: Locator | None = None) -> list[str]:
    """Return what axe finds in the theme the page has, and of colours in the other, as `axe` does.

    The page keeps the other one: to turn back costs as much as half of what axe does.
    """
    now = page.evaluate(THEME_NOW)
    other = "light" if now == "dark" else "dark"
    found = []
    for theme, rules in ((now, ALL_RULES), (other, COLOUR_RULES)):
        turn_to_theme(page, theme)
        found += [f"{theme}: {line}" for line in axe(page, rules, part)]
    return found


def is_of_frame(rule: str, target: list[str]) -> bool:
    return rule == "region" or (rule, target) == ("aria-allowed-attr", [".stSidebar"])
