"""The charts of Explore in a real browser: chosen, closed, and a line drawn on the pictures."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz.feature_map import feature_map
from convviz.scene import CHARTS
from convviz.url import decode
from tests.browser.driver import DEEP
from tests.browser.screen import CUT_OR_OPEN, case, faults_in, first, in_each_window, in_size
from tests.browser.test_explorer import REGION, Explorer, touched

CHART = ".st-key-charts-row, .st-key-chart-drawn"
LINE = re.compile(r"line=" + r"(?:,|%2C)".join([r"(\d+)"] * 4))


@pytest.fixture
def explore(open_page, watch):
    def open_it(query: str = "", **how: object) -> Explorer:
        watch.ignore += DEEP
        return Explorer(open_page(f"Explore{query}", region=REGION, **how))

    return open_it


def figure(shown: Explorer):
    return shown.page.get_by_test_id("stPlotlyChart").locator(".main-svg").first


def line_in(shown: Explorer) -> tuple[int, ...]:
    """Return the line in the address, from 0."""
    shown.page.wait_for_url(LINE)
    found = LINE.search(shown.page.url)
    assert found
    return tuple(int(end) - 1 for end in found.groups())


@in_each_window
def test_axe_finds_nothing_and_nothing_scrolls_sideways(explore, sizes):
    shown = explore("?v=1&in=scene&k=sobel-x", **first(sizes))
    for chart in CHARTS:
        with case(chart):
            shown.page.get_by_role("radio", name=chart.capitalize(), exact=True).click()
            if chart == "method":
                expect(shown.page.get_by_role("table").last).to_be_visible()
            else:
                expect(figure(shown)).to_be_visible(timeout=20_000)
            # The profile has a button and a line with the pictures; the others change nothing else.
            whole = chart in (CHARTS[0], "profile")
            part = None if whole else shown.page.locator(CHART)
            assert faults_in(shown.page, sizes, part) == []
        sizes = sizes[::-1]  # the next one begins in the window this one ends in


def test_a_chart_is_in_the_link_and_closes_again(explore):
    shown = explore("?v=1&k=sobel-x")
    kernel = shown.page.get_by_role("radio", name="Kernel", exact=True)
    expect(shown.page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    kernel.click()
    shown.page.wait_for_url("**chart=kernel*")
    expect(figure(shown)).to_be_visible(timeout=20_000)
    expect(shown.page.get_by_text("Sum 0: flat areas give 0.").last).to_be_visible()
    kernel.click()
    expect(shown.page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    shown.page.wait_for_function("() => !location.search.includes('chart')")


@pytest.mark.parametrize("pane", ["image", "map"])
def test_shift_and_drag_draw_the_line_of_the_profile(explore, pane):
    query = "v=1&in=scene&k=sobel-x&pad=same"
    shown = explore(f"?{query}&embed=true")
    shown.point(pane, 0.3, 0.2)
    first = shown.found()[0]
    shown.page.keyboard.down("Shift")
    shown.page.mouse.down()
    shown.page.mouse.move(*shown.place(pane, 0.5, 0.5), steps=4)
    shown.page.mouse.move(*shown.place(pane, 0.6, 0.7))
    shown.page.mouse.up()
    shown.page.keyboard.up("Shift")
    line = line_in(shown)
    assert line == (*first, *shown.found()[0])
    assert "chart=profile" in shown.page.url
    expect(figure(shown)).to_be_visible(timeout=20_000)
    for place, label in enumerate(("From row", "From column", "To row", "To column")):
        expect(shown.page.get_by_label(label, exact=True)).to_have_value(str(line[place] + 1))
    scene = decode(dict(part.split("=") for part in query.split("&")))
    values = feature_map(scene)
    # With "same" padding a pixel lies under the cell of its own row and column.
    rows = np.rint(np.linspace(line[0], line[2], 2)).astype(int)
    ends = [values[rows[0], line[1]], values[rows[1], line[3]]]
    drawn = shown.page.evaluate(
        """() => {
            const plot = document.querySelector(".js-plotly-plot");
            const values = plot.data.at(-1).text;
            return [values[0], values.at(-1)];
        }"""
    )
    assert [float(text.split(": ")[1].replace("−", "-")) for text in drawn] == ends


def test_a_click_with_shift_alone_draws_nothing_and_opens_nothing(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&embed=true")
    shown.point("image", 0.4, 0.4)
    shown.found()
    address = shown.page.url
    shown.page.keyboard.down("Shift")
    shown.page.mouse.down()
    shown.page.mouse.up()
    shown.page.keyboard.up("Shift")
    shown.point("image", 0.6, 0.6)
    shown.found()
    assert shown.page.url == address


ACCENT = """(canvas) => {
    const { width, height } = canvas;
    const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
        found += data[at] === 0xB5 && data[at + 1] === 0x17 && data[at + 2] === 0x9E;
    return found;
}"""


def test_the_line_is_drawn_on_both_panes_while_the_profile_is_shown(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&chart=profile&line=1,1,100,200&embed=true")
    expect(shown.button("Draw a line")).to_be_visible()
    for pane in ("image", "map"):
        assert shown.pane(pane).evaluate(ACCENT) > 300
    shown.page.get_by_role("radio", name="Profile", exact=True).click()
    expect(shown.button("Draw a line")).to_be_hidden()
    for pane in ("image", "map"):
        assert shown.pane(pane).evaluate(ACCENT) == 0


def test_the_five_choices_stand_in_two_even_rows_on_a_phone(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&chart=histogram&embed=true", width=390, height=844)
    for size in [(390, 844), (320, 844)]:
        with in_size(shown.page, size):
            five_choices_stand_in_two_even_rows(shown)


def five_choices_stand_in_two_even_rows(shown: Explorer) -> None:
    radios = shown.page.locator(".st-key-charts-row").get_by_role("radio")
    expect(radios).to_have_count(5)
    boxes = [radio.bounding_box() for radio in radios.all()]
    rows = sorted({round(box["y"]) for box in boxes})
    assert [[round(box["y"]) for box in boxes].count(row) for row in rows] == [3, 2]
    for row in rows:
        beside = [box for box in boxes if round(box["y"]) == row]
        assert abs(beside[0]["x"] - boxes[0]["x"]) < 1
        assert abs(beside[-1]["x"] + beside[-1]["width"] - boxes[2]["x"] - boxes[2]["width"]) < 2
        for one, next_one in pairwise(beside):
            assert next_one["x"] - one["x"] - one["width"] >= 2
    assert radios.evaluate_all(CUT_OR_OPEN) == []


def test_a_finger_draws_a_line_after_the_button(explore):
    shown = explore(
        "?v=1&in=scene&k=sobel-x&chart=profile&embed=true", width=390, height=844, touch=True
    )
    button = shown.button("Draw a line")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    places = [shown.place("image", row, 0.5) for row in (0.2, 0.4, 0.6, 0.8)]
    touched(shown.page, *([place] for place in places), [])
    row, column, last_row, last_column = line_in(shown)
    rows, columns = decode({"in": "scene"}).shape
    assert abs(row - 0.2 * rows) <= 2
    assert abs(last_row - 0.8 * rows) <= 2
    assert column == last_column
    assert abs(column - columns / 2) <= 2
    expect(button).to_have_attribute("aria-pressed", "false")
