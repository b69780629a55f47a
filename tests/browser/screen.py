"""The player as a person meets it: its buttons, tables and sentence, by their accessible names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from convviz.url import decode, encode
from tests.browser.driver import axe, axe_in_both_themes, wait_until, wait_until_ready

STATUS = re.compile(r"Position (\d+) of (\d+)")
# As the role engine would find it, which takes longer; every test finds it so when it opens a page.
PLAYER = '[role=region][aria-label="Convolution player"]'


# Once what a key did has been drawn. To ask for one box after the other takes five times as long.
BOXES = """async (region, selectors) => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    return selectors.map((one) => {
        const { x, y, width, height } = region.querySelector(one).getBoundingClientRect();
        return { x, y, width, height };
    });
}"""


# The term that the Tab key stops at, the focus, and how far down the page was scrolled.
LET_GO = """(region) => {
    region.querySelector(".term").focus({ preventScroll: true });
    region.getRootNode().activeElement?.blur();
    document.activeElement?.blur();
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
}"""


class Screen:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.locator(PLAYER)

    @property
    def status(self) -> Locator:
        return self.region.get_by_role("status")

    @property
    def slider(self) -> Locator:
        return self.region.get_by_role("slider", name="Position")

    def button(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=name, exact=True)

    def press(self, key: str) -> None:
        """Press a key with the focus on the player itself."""
        self.region.focus()
        self.page.keyboard.press(key)

    def at(self, step: int) -> None:
        expect(self.status).to_contain_text(re.compile(rf"^Position {step} of "))

    def leave_modes(self) -> None:
        """Leave lecture view, with its text as large as it is at first, and predicting."""
        modes = (self.region.get_attribute("class") or "").split()
        if "lecture" in modes:
            self.press("0")
            self.press("l")
        if "predicting" in modes:
            self.press("p")

    def begin_again(self) -> None:
        """Leave the player as it is opened: the first position, no focus, nothing pointed at."""
        for name, option in (("Detail", "positions"), ("Speed", "1")):
            self.region.get_by_role("combobox", name=name).select_option(option)
        self.slider.fill("1")
        self.region.evaluate(LET_GO)
        self.page.mouse.move(-10, -10)

    def value(self) -> float:
        """Return the exact value the sentence ends with."""
        text = self.status.text_content() or ""
        found = re.search(r"equals (\S+)\.$", text)
        assert found, text
        return number(found[1])

    def table(self, caption: str) -> list[list[str]]:
        """Return the texts of a table, row by row, without its headings and what a cell is."""
        return self.region.evaluate(
            """(region, caption) => {
                const table = [...region.querySelectorAll("table")]
                  .find((one) => one.caption.textContent.split(",")[0] === caption);
                const texts = (row) => [...row.querySelectorAll("td")]
                  .map((td) => td.textContent.split(",")[0]);
                return [...table.tBodies[0].rows].map(texts);
            }""",
            caption,
        )

    def numbers(self, caption: str) -> list[list[float]]:
        """Return a table's numbers; empty cells are left out."""
        rows = [[number(text) for text in row if text] for row in self.table(caption)]
        return [row for row in rows if row]

    def flat(self, caption: str) -> list[float]:
        """Return a table's numbers in reading order."""
        return [value for row in self.numbers(caption) for value in row]

    def panel(self, name: str) -> Locator:
        return self.region.locator(f'[data-panel="{name}"] .grid')

    def boxes(self, *selectors: str) -> list[dict[str, float]]:
        """Return where the first of each kind is."""
        return self.region.evaluate(BOXES, list(selectors))

    def cell(self, name: str, row: int, column: int, shape: tuple[int, int]) -> dict[str, float]:
        """Return where in a grid's box the middle of a cell is, for a click or a hover."""
        box = self.panel(name).bounding_box()
        assert box
        return {
            "x": box["width"] * (column + 0.5) / shape[1],
            "y": box["height"] * (row + 0.5) / shape[0],
        }


def number(text: str) -> float:
    """Read a number as the screen writes it: a fraction, a true minus sign."""
    text = text.replace("\u2212", "-")
    over, _, under = text.partition("/")
    return float(over) / float(under or 1)


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a list without waiting for anything the server says."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.insert_text(option)  # a long list draws only a part of itself
    page.get_by_role("option", name=option, exact=True).click()


def touched(page: Page, *moments: list[tuple[float, float]]) -> None:
    """Touch with fingers at these places, moment by moment; none at last."""
    touch = page.context.new_cdp_session(page)
    for moment, fingers in enumerate(moments):
        kind = "touchEnd" if not fingers else "touchMove" if moment else "touchStart"
        points = [{"x": x, "y": y} for x, y in fingers]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


# The sidebar is open at first in a wide window, and closed in a narrow one: a page is opened once
# for each, and comes to the smallest one by a change of its size.
WINDOWS = {"wide": [(1280, 720)], "phones": [(390, 844), (320, 640)]}
in_each_window = pytest.mark.parametrize("sizes", WINDOWS.values(), ids=WINDOWS)


def first(sizes: list[tuple[int, int]]) -> dict[str, int]:
    """Return how to open a page that is to have these sizes."""
    return dict(zip(("width", "height"), sizes[0], strict=True))


@contextmanager
def in_size(page: Page, size: tuple[int, int]) -> Iterator[None]:
    """Give the page this size and begin once everything has its place; errors say which it is."""
    with case(size):
        wanted = first([size])
        if page.viewport_size != wanted:
            page.set_viewport_size(wanted)
            settle(page)
        yield


SIDEWAYS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
    .filter((one) => one?.scrollWidth > one?.clientWidth)
    .map((one) => `${one.localName} scrolls sideways`)"""


# The buttons whose text is cut off, or whose border is not the same on all four sides.
CUT_OR_OPEN = """(buttons) => buttons.filter((button) => {
    const style = getComputedStyle(button);
    const sides = ["Top", "Right", "Bottom", "Left"].map((side) =>
        ["Width", "Style", "Color"].map((what) => style[`border${side}${what}`]).join(" "));
    const closed = new Set(sides).size === 1 && !sides[0].startsWith("0px");
    return !closed || button.scrollWidth > button.clientWidth;
}).map((button) => button.textContent)"""

# No size changes a colour, and where there is least room most is in the way: axe looks at the other
# theme's colours in the wide window alone, and not at all in the middle one.
LOOKS = {(1280, 720): axe_in_both_themes, (320, 640): axe}


def faults_in(page: Page, sizes: list[tuple[int, int]], part: Locator | None = None) -> list[str]:
    """Return what scrolls sideways in each size, and what axe finds in those of LOOKS."""
    found = []
    for size in sizes:
        with in_size(page, size):
            lines = page.evaluate(SIDEWAYS)
            if size in LOOKS:
                lines += LOOKS[size](page, part=part)
            found += [f"{size}: {line}" for line in lines]
    return found


@contextmanager
def case(what: object) -> Iterator[None]:
    """Make an error say what it is about, where one page serves several cases."""
    try:
        yield
    except Exception as error:
        error.add_note(f"It is the case {what}.")
        raise


# Frames in succession in which nothing moves, after which it stays.
STILL = 3
SETTLED = """([width, frames]) => {
    const all = (tree) => [...tree.querySelectorAll("*")]
        .flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    const nodes = all(document);
    const now = nodes.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x, y, width, height];
    }).join();
    window.still = now === window.before ? window.still + 1 : 0;
    window.before = now;
    return window.still >= frames && innerWidth === width
        && !nodes.some((one) => one.ariaBusy === "true")
        && !document.querySelector(".stApp:not([data-test-script-state=notRunning])")
        && !document.querySelector("[data-testid=stSkeleton], [data-stale=true]");
}"""


def settle(page: Page) -> None:
    """Return when the script has run and nothing moves any more."""
    page.evaluate("() => { window.still = 0; window.before = null; }")
    wait_until(page, SETTLED, [page.viewport_size["width"], STILL])


# A run may begin and end between two drawings of the page, which then never says that it ran; but a
# view that was given something marks its theme anew, or is gone. Where nothing of that happens,
# what has not begun after a time in which any run would is taken for done.
GO_BACK_TO = """([address, patience]) => {
    const app = document.querySelector(".stApp");
    const isIdle = () => app.dataset.testScriptState === "notRunning";
    const views = [...document.querySelectorAll("*")]
        .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll("[data-theme]") ?? [])]);
    let [begun, done] = [false, false];
    const observer = new MutationObserver((changes) => {
        const given = changes.some(({ attributeName }) => attributeName === "data-theme");
        done ||= isIdle() && (begun || given);
        begun ||= !isIdle();
        if (done) observer.disconnect();
    });
    observer.observe(app, { attributes: true });
    for (const view of views) observer.observe(view, { attributeFilter: ["data-theme"] });
    setTimeout(() => { done ||= !begun; }, patience);
    window.hasRun = () => done || (isIdle() && views.some(({ isConnected }) => !isConnected));
    const here = location.href;
    history.pushState(history.state, "", address);
    history.pushState(history.state, "", here);
    history.back();
}"""
PATIENCE = 5000  # milliseconds


def go_back_to(page: Page, query: str) -> None:
    """Show another address as if the visitor had gone back to it: no page loads for that."""
    page.evaluate(GO_BACK_TO, [query, PATIENCE])
    wait_until(page, "() => window.hasRun()")
    settle(page)


def begin_step_by_step(page: Page) -> None:
    """Come to the player as it is opened; every other view ends with that, and forgets all."""
    if urlsplit(page.url).path != "/":
        go_back_to(page, "./?v=1")
        wait_until_ready(page)
    Screen(page).leave_modes()
    Screen(page).begin_again()


def scene_in(query: str) -> dict[str, str]:
    """Return the scene that an address names, written as the app writes it."""
    return encode(decode(dict(parse_qsl(query.removeprefix("?")))))
