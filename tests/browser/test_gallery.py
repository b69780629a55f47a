"""The gallery in a real browser: linked tiles, their numbers, a click on a name, the collection."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from scipy.signal import correlate2d

from convviz.kernels import kernel
from convviz.url import decode
from tests.browser.driver import DEEP
from tests.browser.screen import case, faults_in, first, go_back_to, in_each_window, number, touched

REGION = "Gallery"
PLACE = re.compile(r"Row (\d+), column (\d+) of the input\.")


class Gallery:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name=REGION, exact=True)
        self.readout = self.region.locator(".readout")

    def tile(self, name: str) -> Locator:
        return self.region.locator("figure").filter(has_text=name).first

    def button(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=name, exact=True)

    def value(self, name: str) -> str:
        """Return what a tile's caption says once the cursor's numbers are here."""
        value = self.tile(name).locator(".value")
        expect(value).not_to_contain_text("…")
        return value.text_content() or ""

    def place(self) -> tuple[int, int]:
        expect(self.readout).to_have_text(PLACE)
        said = PLACE.fullmatch(self.readout.text_content() or "")
        assert said
        return int(said[1]) - 1, int(said[2]) - 1

    def point(self, name: str, row: float, column: float) -> None:
        canvas = self.tile(name).locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        x = box["x"] + 1 + column * (box["width"] - 2)
        self.page.mouse.move(x, box["y"] + 1 + row * (box["height"] - 2))

    def press(self, key: str) -> None:
        self.region.focus()
        self.page.keyboard.press(key)

    def pixels(self, name: str) -> list[int]:
        """Return the colours of a tile's canvas, at 24 places."""
        return self.tile(name).locator("canvas").evaluate(
            """(canvas) => [...Array(24).keys()].flatMap((i) => {
                const [x, y] = [(0.5 + i % 6) / 6, (0.5 + (i / 6 | 0)) / 4];
                const at = [x * canvas.width, y * canvas.height, 1, 1];
                return [...canvas.getContext("2d").getImageData(...at).data.slice(0, 3)];
            })"""
        )  # fmt: skip


@pytest.fixture
def show(open_page, watch):
    def open_it(query: str, **how: object) -> Gallery:
        watch.ignore += DEEP
        return Gallery(open_page(f"Explore?v=1&{query}", region=REGION, **how))

    return open_it


SCENES = (
    "in=scene&tiles=planes",
    "in=scene&tiles=sobel&show=clip",
    "in=tiny&tiles=collected&kk=box-3~1,2~gaussian-31",
)


@in_each_window
def test_axe_finds_nothing_and_nothing_scrolls_sideways(show, sizes):
    page = show(SCENES[0], **first(sizes)).page
    for query in SCENES:
        with case(query):
            go_back_to(page, f"?v=1&{query}")
            # The sidebar is that of the first page.
            part = None if query == SCENES[0] else page.get_by_test_id("stMain")
            assert faults_in(page, sizes, part) == []
        sizes = sizes[::-1]  # the next one begins in the window this one ends in


def test_each_tile_says_its_own_number_under_the_pointer(show):
    shown = show("in=scene&tiles=sobel&pad=same&embed=true")
    image = decode({"in": "scene"}).image.astype(float)
    across, down = (correlate2d(image, kernel(id).weights, "same") for id in ("sobel-x", "sobel-y"))
    for row, column in np.random.default_rng(3).uniform(0.05, 0.95, (5, 2)):
        shown.point("Magnitude", row, column)
        at = shown.place()
        assert abs((at[0] + 0.5) / image.shape[0] - row) < 0.02
        assert number(shown.value("Input")) == image[at]
        assert number(shown.value("Sobel x")) == across[at]
        assert number(shown.value("Sobel y")) == down[at]
        assert number(shown.value("Magnitude")) == np.hypot(across, down)[at]
        said = shown.value("Direction")
        if across[at] or down[at]:
            degrees = np.degrees(np.arctan2(down, across))[at]
            assert np.isclose(number(said.removesuffix("°")), degrees, atol=1e-9)
        else:
            assert said == "no direction"


HEAR = """() => {
    window.heard = [];
    window.addEventListener("convviz:seen", (event) => window.heard.push(JSON.parse(event.detail)));
}"""


def test_zoomed_in_all_tiles_go_along_and_each_gets_its_exact_part(show):
    shown = show("in=scene&tiles=sobel&pad=same&embed=true")
    before = [shown.pixels(name) for name in ("Input", "Direction")]
    shown.page.evaluate(HEAR)
    shown.press("ArrowDown")
    row, column = shown.place()
    for _ in range(5):
        shown.press("+")
    shown.page.wait_for_function(
        """() => [0, 1, 2, 3, 4].every((tile) =>
            window.heard.some(({ part }) => part?.tile === tile && part.piece.values))"""
    )
    heard = shown.page.evaluate("() => window.heard.filter(({ part }) => part)")
    image = decode({"in": "scene"}).image.astype(float)
    expected = correlate2d(image, kernel("sobel-y").weights, "same")
    piece = next(one["part"]["piece"] for one in heard[::-1] if one["part"]["tile"] == 2)
    (top, left), (rows, columns) = piece["at"], piece["shape"]
    sent = np.reshape(piece["values"], (rows, columns))
    assert (sent == expected[top : top + rows, left : left + columns]).all()
    assert top <= row < top + rows
    assert left <= column < left + columns
    assert rows * columns < image.size / 10
    after = [shown.pixels(name) for name in ("Input", "Direction")]
    assert all(one != other for one, other in zip(before, after, strict=True))
    # Each tile was asked for by itself, and none twice for one view.
    asked = [(one["part"]["tile"], str(one["part"]["view"])) for one in heard]
    assert len(asked) == len(set(asked))
    shown.press("0")
    expect(shown.button("Zoom out")).to_be_disabled()


def test_nothing_is_asked_twice_for_one_view(show):
    # The recombined picture never has numbers to print, however large its pixels are.
    shown = show("in=scene&tiles=planes&pad=same&embed=true")
    shown.page.evaluate(HEAR)
    shown.page.evaluate("() => { window.asked = []; }")
    shown.page.evaluate(
        "() => window.addEventListener('convviz:look', ({ detail }) => window.asked.push(detail))"
    )
    for _ in range(6):
        shown.press("+")
    shown.page.wait_for_function(
        "() => [0, 1, 2, 3].every((t) => window.heard.some(({ part }) => part?.tile === t))"
    )
    # A question about the cursor is answered after whatever else was asked.
    shown.press("ArrowDown")
    assert re.fullmatch(r"red \d+, green \d+, blue \d+", shown.value("Recombined"))
    asked = [text.split(";") for text in shown.page.evaluate("() => window.asked")]
    views = [(view, tile[0]) for _, _, view, _, *tile in asked if view]
    assert len(views) == len(set(views)) >= 4


def test_what_belongs_together_stands_at_the_same_place(show):
    # The 3 x 3 identity has no numbers at the rim, and the same as the input everywhere else.
    shown = show("in=scene&tiles=collected&kk=1~identity&show=clip&embed=true")
    shown.page.evaluate(HEAR)
    for _ in range(4):
        shown.press("+")
    shown.page.wait_for_function(
        "() => [0, 1, 2].every((t) => window.heard.some(({ part }) => part?.tile === t))"
    )
    shown.press("ArrowDown")
    assert shown.value("Identity") == shown.value("Input")
    expected = shown.pixels("Input")
    assert len(set(expected)) > 10
    assert shown.pixels("Identity") == shown.pixels("Own 1 × 1") == expected


def test_a_drag_in_one_tile_moves_them_all(show):
    shown = show("in=scene&tiles=sharpen&embed=true")
    shown.point("Sharpen", 0.5, 0.5)
    for _ in range(4):
        shown.page.mouse.wheel(0, -300)
    expect(shown.button("Zoom out")).to_be_enabled()
    shown.point("Input", 0.5, 0.5)
    held, before = shown.place(), shown.pixels("Unsharp masking")
    box = shown.tile("Input").locator("canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.page.mouse.down()
    shown.page.mouse.move(x - 60, y - 30, steps=4)
    shown.page.mouse.up()
    shown.page.mouse.move(x - 60, y - 29)
    assert np.abs(np.subtract(shown.place(), held)).max() <= 1
    assert shown.pixels("Unsharp masking") != before


def test_a_name_shows_that_map_alone(show):
    shown = show("in=scene&tiles=blur&k=sharpen")
    shown.button("Motion blur").click()
    page = shown.page
    expect(page.get_by_role("region", name="Picture and feature map")).to_be_visible()
    page.wait_for_url("**/Explore?v=1&in=scene&k=motion-blur")
    page.go_back()
    expect(shown.button("Motion blur")).to_be_visible()


def test_kernels_are_collected_and_removed(show):
    shown = show("in=scene&k=sharpen&tiles=collected&kk=box-3")
    page = shown.page
    page.get_by_role("button", name="Add the one I am editing").click()
    expect(shown.button("Sharpen")).to_be_visible()
    page.wait_for_url("**kk=box-3~sharpen")
    expect(page.get_by_role("button", name="Add the one I am editing")).to_be_disabled()
    shown.button("Remove Box 3 × 3").click()
    expect(shown.button("Box 3 × 3")).to_have_count(0)
    page.wait_for_url("**kk=sharpen")


def test_the_view_is_chosen_by_hand(show):
    shown = show("in=scene&k=sobel-x&tiles=planes")
    page = shown.page
    view = page.get_by_role("radiogroup", name="View")
    view.get_by_text("Gallery", exact=True).click()
    expect(shown.button("Prewitt y")).to_be_visible()
    page.get_by_role("combobox", name="Kernels").click()
    page.get_by_role("option", name="Sobel: both directions").click()
    expect(shown.tile("Direction")).to_be_visible()
    view.get_by_text("One map", exact=True).click()
    expect(page.get_by_role("region", name="Picture and feature map")).to_be_visible()
    page.wait_for_url("**/Explore?v=1&in=scene&k=sobel-x")


def test_a_screen_reader_hears_every_tile_after_a_step(show):
    shown = show("m=1,2,3_4,5,6_7,8,9&tiles=collected&kk=1~-2&k=1&embed=true")
    shown.press("ArrowDown")
    # The middle, 5.
    expect(shown.region.get_by_role("status")).to_have_text(
        "Row 2, column 2 of the input. Input 5. Own 1 × 1, number 1 5. Own 1 × 1, number 2 −10"
    )


def test_a_finger_points_and_two_enlarge_every_tile(show):
    shown = show("in=scene&tiles=sobel&pad=same&embed=true", width=390, height=844, touch=True)
    canvas = shown.tile("Sobel x").locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touched(shown.page, [(x, y)], [])
    row, column = shown.place()
    image = decode({"in": "scene"}).image.astype(float)
    across = correlate2d(image, kernel("sobel-x").weights, "same")
    assert number(shown.value("Sobel x")) == across[row, column]
    before = {name: shown.pixels(name) for name in ("Input", "Sobel y")}
    touched(shown.page, *([(x - apart, y), (x + apart, y)] for apart in (20, 40, 60, 80)), [])
    expect(shown.button("Zoom out")).to_be_enabled()
    for name, pixels in before.items():
        assert shown.pixels(name) != pixels
