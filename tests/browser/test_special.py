"""The special cases, as the drawing and its legend tell them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.screen import Screen, case, go_back_to

LEGENDS = {
    "?v=1&pad=1": "Dashed and hatched: padding, fill value 0.",
    "?v=1&pad=1&bd=reflect": "Dashed and hatched: padding, copied (reflect).",
    # (8 - 3) / 2 + 1 = 3.5: the last row and column are not reached.
    "?v=1&in=random&s=2": "Struck through at the corners: not reached (1 row, 1 column).",
    "?v=1&in=random&d=2": "Veiled: skipped by dilation.",
    "?v=1&pad=32": "Shown: the first 64 × 64 of 67 × 67 positions.",
    "?v=1&k=box-3": "Cells show three digits; the equation has them all.",
}


def test_the_legend_says_what_is_drawn(visit):
    page = visit()
    legend = Screen(page).region.locator(".legend")
    for query, words in LEGENDS.items():
        with case(query):
            expect(legend).not_to_contain_text(words)
            go_back_to(page, query)
            expect(legend).to_contain_text(words)


def test_a_factor_and_a_bias_make_a_true_equation(visit):
    screen = Screen(visit("?v=1&k=gaussian-3&bias=2"))
    # 3*1 + 3*2 + 2*1 + 0*2 + 0*4 + 1*2 + 3*1 + 1*2 + 2*1 = 20, and 20 / 16 + 2 = 3.25
    band = screen.region.get_by_role("group", name="Equation")
    expect(band).to_contain_text("Output row 1, column 1 = 1/16 × (")
    expect(band).to_contain_text(") + bias 2= 1/16 × 20 + bias 2=3.25")
    assert screen.value() == 3.25


def test_rows_of_a_patch_are_called_as_in_the_picture(visit):
    screen = Screen(visit("?v=1&in=scene&k=sobel-x&pad=same&patch=61,37,12"))
    expect(screen.status).to_contain_text("output row 61, column 37")
    heads = screen.region.locator("table", has_text="Output").locator("th[scope=row]")
    assert heads.first.text_content() == "Row 61"


def test_up_at_the_top_stays(visit):
    screen = Screen(visit())
    screen.slider.fill("3")
    screen.at(3)
    screen.press("ArrowUp")
    screen.at(3)
    screen.press("ArrowDown")
    screen.at(6)
