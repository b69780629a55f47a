"""Explore's divider in a real browser: one pane, the input left of it, the map right of it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import DEEP
from tests.browser.screen import Screen, faults_in, first, in_each_window, in_size, pick
from tests.browser.test_explorer import Explorer, touched

REGION = "Picture and feature map"
# Grey 128 all over, and with no weights its map is 0 all over: near-white on the signed scale.
FLAT = "?v=1&m={}&k=0&pad=same&bias=0".format("_".join([",".join(["128"] * 12)] * 8))
COLOUR = """([x, y]) => {
    const walk = (root) => {
        const found = root.elementFromPoint(x, y);
        return found?.shadowRoot && found.shadowRoot !== root ? walk(found.shadowRoot) : found;
    };
    const canvas = walk(document);
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / canvas.clientWidth;
    const at = [(x - box.x - 1) * scale, (y - box.y - 1) * scale];
    const rgb = [...canvas.getContext("2d").getImageData(...at, 1, 1).data.slice(0, 3)];
    return [canvas.closest("figure").dataset.pane, rgb.join()];
}"""


class Divided(Explorer):
    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.slider = self.region.get_by_role("slider", name="Divider")
        self.button("Divider").click()
        expect(self.slider).to_be_visible()

    @property
    def percent(self) -> int:
        return int(self.slider.get_attribute("aria-valuenow") or -1)

    def seen(self, row: float, column: float) -> str:
        """Return which picture is on top at a place of the pane, from 0 to 1."""
        return self.page.evaluate(COLOUR, [*self.place("image", row, column)])[0]


@pytest.fixture
def divided(open_page, watch):
    def open_it(query: str = "", **how: object) -> Divided:
        watch.ignore += DEEP
        return Divided(open_page(f"Explore{query}", region=REGION, **how))

    return open_it


@in_each_window
def test_axe_finds_nothing_and_nothing_scrolls_sideways(divided, sizes):
    shown = divided("?v=1&in=scene&k=sobel-x&pad=same&times=2&minus=input", **first(sizes))
    assert faults_in(shown.page, sizes) == []
    main = shown.page.get_by_test_id("stMain")
    for size in sizes[::-1]:
        with in_size(shown.page, size):
            for key in ("End", "Home"):
                shown.slider.press(key)
                assert main.evaluate("(main) => main.scrollWidth - main.clientWidth") <= 0
                handle = shown.slider.bounding_box()
                assert min(handle["width"], handle["height"]) >= 44
                assert handle["x"] >= 0
                assert handle["x"] + handle["width"] <= size[0]


def test_the_keys_move_it_and_leave_the_cursor_alone(divided):
    shown = divided("?v=1&in=scene&k=sobel-x&pad=same&embed=true")
    shown.press("ArrowDown")
    before = shown.found()
    steps = [("ArrowLeft", 49), ("ArrowRight", 50), ("Shift+ArrowRight", 60), ("Home", 0)]
    for key, percent in [*steps, ("ArrowLeft", 0), ("End", 100), ("ArrowRight", 100)]:
        shown.slider.press(key)
        expect(shown.slider).to_have_attribute("aria-valuenow", str(percent))
    expect(shown.slider).to_have_attribute("aria-valuetext", re.compile("^100 % input"))
    assert shown.found() == before


def test_left_of_it_is_the_input_and_right_of_it_the_map(divided):
    shown = divided(f"{FLAT}&embed=true", width=900)
    for percent in (50, 30):
        while shown.percent > percent:
            shown.slider.press("ArrowLeft")
        for column in (percent / 100 - 0.05, percent / 100 + 0.05):
            name = "image" if column < percent / 100 else "map"
            assert shown.seen(0.2, column) == name
    # Above the digits of the second row: the highest number is white, 0 the middle of the scale.
    colours = {
        column: shown.page.evaluate(COLOUR, [*shown.place("image", 0.15, column)])[1]
        for column in (0.28, 0.45)
    }
    assert colours == {0.28: "255,255,255", 0.45: "247,247,247"}


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_it_is_dragged(divided, touch):
    shown = divided(
        "?v=1&in=scene&k=sobel-x&pad=same&embed=true", width=390, height=844, touch=touch
    )
    box, pane = shown.slider.bounding_box(), shown.pane("image").bounding_box()
    x, y = box["x"] + 30, box["y"] + 20
    path = [(x - pane["width"] * share, y) for share in (0, 0.1, 0.2)]
    if touch:
        touched(shown.page, *([at] for at in path), [])
    else:
        shown.page.mouse.move(*path[0])
        shown.page.mouse.down()
        for at in path[1:]:
            shown.page.mouse.move(*at)
        shown.page.mouse.up()
        shown.page.mouse.move(x, y)  # let go of, it stays
    assert abs(shown.percent - 30) <= 1
    assert (shown.seen(0.2, 0.25), shown.seen(0.2, 0.35)) == ("image", "map")


def test_one_place_has_the_same_numbers_on_both_sides_and_in_two_panes(divided):
    shown = divided("?v=1&in=portrait&k=gaussian-3&pad=full&s=2,3&bd=reflect&embed=true")
    shown.point("image", 0.3, 0.45)
    left = shown.found()
    shown.slider.press("Home")
    assert shown.seen(0.3, 0.45) == "map"
    shown.point("image", 0.35, 0.5)
    shown.point("image", 0.3, 0.45)
    assert shown.found() == left
    shown.button("Zoom in").click()
    shown.point("map", 0.4, 0.5)
    enlarged = shown.found()
    shown.button("Side by side").click()
    expect(shown.slider).to_be_hidden()
    expect(shown.button("Zoom out")).to_be_enabled()
    shown.press("ArrowRight")
    shown.press("ArrowLeft")
    assert shown.found() == enlarged


def test_a_click_beside_it_opens_the_player_on_the_same_number(divided):
    shown = divided("?v=1&in=scene&k=sobel-x&pad=same&embed=true")
    shown.point("map", 0.4, 0.6)
    output = shown.found()[3]
    shown.page.mouse.down()
    shown.page.mouse.up()
    player = Screen(shown.page)
    expect(player.status).to_contain_text("Position")
    assert player.value() == output


def test_it_stays_when_the_kernel_changes(divided):
    shown = divided("?v=1&in=scene&k=sobel-x&pad=same")
    shown.slider.press("Shift+ArrowLeft")
    shown.page.get_by_role("spinbutton", name="Apply (times)").fill("2")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_url("**times=2")
    expect(shown.region.get_by_text("The player shows one pass").first).to_be_visible()
    expect(shown.slider).to_have_attribute("aria-valuenow", "40")


def test_two_passes_are_numpys_and_open_no_player(divided):
    shown = divided("?v=1&m=1,2,3,4_5,6,7,8_9,1,2,3&k=1,1_1,1&times=2&embed=true")
    shown.press("ArrowDown")
    pixel, _, cell, output = shown.found()
    numbers = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]])
    for _ in range(2):
        numbers = numbers[:-1, :-1] + numbers[:-1, 1:] + numbers[1:, :-1] + numbers[1:, 1:]
    # Two windows of 2 x 2 span 3 x 3: the cell is over the pixel in their middle.
    assert cell == (pixel[0] - 1, pixel[1] - 1)
    assert output == numbers[cell]
    shown.press("Enter")
    expect(shown.region.get_by_role("status")).to_contain_text("The player shows one pass")
    shown.button("Step through here").click()
    shown.page.mouse.click(*shown.place("map", 0.5, 0.5))
    shown.press("ArrowRight")
    expect(shown.region).to_be_visible()
    assert "Explore" in shown.page.url


def test_a_refusal_stands_below_the_row_and_moves_none_of_it(divided):
    shown = divided("?embed=true")
    minus = shown.page.get_by_role("combobox", name="Minus")
    undo = shown.page.get_by_test_id("stMain").get_by_role("button", name="Undo")

    def place() -> tuple[float, float]:
        """Where it stands in its row, however far the page is scrolled."""
        box = minus.bounding_box()
        return box["x"], box["y"] - undo.bounding_box()["y"]

    before = place()
    shown.page.get_by_role("spinbutton", name="Apply (times)").fill("3")
    shown.page.keyboard.press("Enter")
    said = shown.page.get_by_text("Apply it at most 2 times")
    expect(said).to_be_visible()
    assert place() == before
    box = minus.bounding_box()
    assert said.bounding_box()["y"] >= box["y"] + box["height"]


def test_undo_takes_back_the_last_change_and_the_address(divided):
    shown = divided("?v=1&in=scene&k=sobel-x&pad=same")
    undo = shown.page.get_by_test_id("stMain").get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    pick(shown.page, "Minus", "The input")
    shown.page.wait_for_url("**minus=input")
    undo.click()
    shown.page.wait_for_url(re.compile("pad=same$"))
    expect(shown.page.get_by_role("combobox", name="Minus")).to_have_value("Nothing")
    expect(undo).to_be_disabled()
