"""Where the player's parts are: nothing jumps, nothing is hidden, everything can be hit."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import wait_until
from tests.browser.screen import WINDOWS, Screen, case, first, in_size

SEVEN = "_".join(["1,2,3,4,3,2,1"] * 7)
PHONES = WINDOWS["phones"]


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found
    return found


def below(locator: Locator) -> float:
    found = box(locator)
    return found["y"] + found["height"]


def places(page: Page) -> list[dict[str, float]]:
    """Return where the grids, the equation, its result and a button are."""
    screen = Screen(page)
    grids = [f'[data-panel="{name}"] .grid' for name in ("input", "kernel", "products", "output")]
    found = [*screen.boxes(*grids, ".equation", ".total"), box(screen.button("Next"))]
    for one in found[5:6]:
        one["width"] = 0  # a larger number may be wider
        one["x"] = 0
    return found


def test_nothing_moves_between_steps_and_details(visit):
    for query in ("", "?v=1&in=random&k=box-5&pad=2", "?v=1&in=random&k=gaussian-3"):
        with case(query):
            # High enough for the page not to scroll.
            page = visit(query, height=900)
            screen = Screen(page)
            before = places(page)
            for key in ("ArrowRight", "ArrowDown", ".", ".", "ArrowRight", "End"):
                screen.press(key)
                assert places(page) == before, key
            expect(screen.region.locator(".total")).to_be_visible()


def test_the_growing_sum_is_a_chip_in_the_place_of_the_result(visit):
    screen = Screen(visit())
    total = screen.region.locator(".total")
    expect(total).to_have_text("12")
    height = box(total)["height"]
    for text in ("0", "3", "7"):
        screen.press(".")
        expect(total).to_have_text(text)
        assert box(total)["height"] == height
    expect(screen.region.locator(".end")).to_contain_text("so far: 3 of 9 terms")


@pytest.mark.parametrize("kernel", ["box-3", "box-5"])
def test_a_5_x_5_kernel_with_padding_fits_a_small_projector(visit, kernel):
    screen = Screen(visit(f"?v=1&k={kernel}&pad=2"))
    for keys in ([], [".", "."]):
        for key in keys:
            screen.press(key)
        assert below(screen.button("Help")) <= 720, keys
        # The controls do not stand over the drawing either.
        dock = box(screen.region.locator(".dock"))
        assert below(screen.region.locator(".legend")) <= dock["y"], keys


def test_full_screen_overflows_nowhere_and_says_what_slides(visit):
    for query in (f"k={SEVEN}", "k=gaussian-5&pad=2", "k=box-3&op=conv"):
        with case(query):
            page = visit(f"?v=1&in=random&{query}")
            screen = Screen(page)
            summary = screen.region.locator(".summary")
            expect(summary).to_be_hidden()
            screen.press("f")
            wait_until(page, "() => document.fullscreenElement !== null")
            expect(summary).to_contain_text("stride 1")
            for key in (".", "."):
                screen.press(key)
            beyond = "(r) => [r.scrollWidth - r.clientWidth, r.scrollHeight]"
            assert screen.region.evaluate(beyond) == [0, 720]
            screen.press("f")
            wait_until(page, "() => document.fullscreenElement === null")


@pytest.mark.parametrize("size", PHONES, ids=str)
def test_full_screen_on_a_phone_has_margins_and_slides_no_way_but_down(visit, size):
    screen = Screen(visit("?v=1", width=size[0], height=size[1]))
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement !== null")
    assert screen.region.evaluate("(r) => r.scrollWidth - r.clientWidth") == 0
    for part in (".stage", ".dock"):
        assert box(screen.region.locator(part))["x"] >= 5
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement === null")


def test_on_a_phone_a_step_shows_the_cell_it_fills_and_its_result(visit):
    for query in ("", "?v=1&in=random&k=sobel-x&pad=same", f"?v=1&k={SEVEN}&pad=3"):
        page = visit(query, **first(PHONES))
        screen = Screen(page)
        dock = screen.region.locator(".dock")
        for size, key in product(PHONES, ("End", "Home", "ArrowDown", "ArrowRight", ".")):
            with case(query), in_size(page, size):
                screen.press(key)
                cell = screen.panel("output").locator(".spot")
                expect(cell).to_be_in_viewport(ratio=1)
                assert below(cell) <= box(dock)["y"], key
                expect(screen.region.locator(".total")).to_be_in_viewport(ratio=1)


def test_the_kernel_as_typed_and_as_used_without_motion(visit):
    screen = Screen(visit("?v=1&op=conv"))
    note = screen.region.locator('[data-panel="kernel"] .note')
    first = screen.panel("kernel").locator(".number").first
    for _ in range(2):
        expect(note).to_have_text("3 × 3, as used: turned 180°")
        expect(first).to_have_text("2")
        screen.button("Show flip").click()
        expect(note).to_have_text("3 × 3, as typed")
        expect(first).to_have_text("0")
        expect(screen.status).to_have_text("Kernel as typed.")
        screen.button("Show flip").click()
    screen.button("Show flip").click()
    screen.button("Next").click()
    expect(note).to_have_text("3 × 3, as used: turned 180°")


SMALL = """(root) => {
  const name = (node) => node.getAttribute("aria-label") || node.textContent;
  const controls = [...root.querySelectorAll("button, select, [role=group]:has(input)")];
  return controls.filter((node) => node.checkVisibility() && !node.matches(".term"))
    .map((node) => [name(node), node.getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`);
}"""


def test_targets_are_44_pixels(visit):
    for query in (f"?v=1&k={SEVEN}&pad=3", "?v=1&in=portrait&op=conv&pad=1"):
        page = visit(query)
        assert Screen(page).region.evaluate(SMALL) == [], query
        assert page.locator("[data-testid=stSidebar]").evaluate(SMALL) == [], query


@pytest.mark.parametrize(
    "sizes", [[(1280, 720)], [(768, 720)], [(390, 720), (320, 720)]], ids=["1280", "768", "phones"]
)
def test_the_word_position_and_a_wrong_number_are_seen(visit, sizes):
    page = visit("?v=1&op=conv&in=random&pad=2", **first(sizes))
    screen = Screen(page)
    for size in sizes:
        with in_size(page, size):
            where = screen.region.locator(".where")
            expect(where.get_by_text("Position")).to_be_visible()
            expect(where).to_contain_text("of 100")
            screen.press("g")
            page.keyboard.type("101")
            page.keyboard.press("Enter")
            problem = screen.region.get_by_text('There is no position "101": write 1 to 100.')
            expect(problem.first).to_be_in_viewport(ratio=1)
            screen.press("ArrowRight")
            expect(screen.region.locator(".problem")).to_be_hidden()


def test_another_width_and_back_leaves_everything_in_its_place(visit):
    # With marks over the cells: what stands beside the grids must not be looked for among them.
    page = visit("?v=1&in=random&k=gaussian-3&op=conv&pad=2&bd=reflect&s=2,1&d=1,2")
    screen = Screen(page)
    before = screen.panel("input").bounding_box()
    for width, height in ((390, 844), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        expect(screen.button("Predict")).to_be_visible()
    expect(screen.panel("input")).to_have_css("width", f"{before['width']:g}px")
