"""What is marked on the cells, for the eye, the keyboard and the screen reader."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.driver import turn_to_theme
from tests.browser.screen import Screen, case

COPIED = "?v=1&in=random&pad=2&bd=reflect"


def paths(locator: Locator) -> int:
    """Count the parts of a path; 0 where it is not drawn."""
    return (locator.get_attribute("d") or "").count("M") if locator.count() else 0


def test_one_line_joins_the_lit_padding_to_its_source(visit):
    screen = Screen(visit(COPIED))
    lines = screen.panel("input").locator(".sources")
    # The window covers 8 cells of padding and the first of the image; reflected they come from 8
    # cells: rows and columns 3, 2, 1 of the image without its first cell.
    assert paths(screen.panel("input").locator(".copied")) == 8
    assert paths(lines) == 0
    screen.panel("input").hover(position=screen.cell("input", 0, 0, (12, 12)), force=True)
    assert paths(lines) == 1
    expect(screen.region.locator('[data-panel="input"] .note')).to_contain_text("copy of row 3")
    # Padding under the pointer that the window does not cover has a source too.
    screen.panel("input").hover(position=screen.cell("input", 11, 11, (12, 12)), force=True)
    assert paths(lines) == 1
    screen.panel("input").hover(position=screen.cell("input", 2, 2, (12, 12)), force=True)
    assert paths(lines) == 0
    screen.press(".")
    screen.region.locator(".legend").hover()
    assert paths(lines) == 1


FONTS = """(grid) => [...grid.querySelectorAll(".corner")].filter((one) => one.textContent)
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""


def test_weights_on_cells_can_be_read(visit):
    for query in ("?v=1", "?v=1&in=portrait&k=sobel-x&pad=1", "?v=1&in=tiny"):
        with case(query):
            screen = Screen(visit(query))
            grid = "lens" if "tiny" in query else "input"
            sizes = screen.panel(grid).evaluate(FONTS)
            assert len(sizes) == 9
            assert min(sizes) >= 9


def test_weights_too_long_for_the_cells_are_left_out_and_the_legend_says_so(visit):
    screen = Screen(visit("?v=1&in=portrait&k=0.0625,0.125,0.0625"))
    assert screen.panel("input").evaluate(FONTS) == []
    expect(screen.region.locator(".legend")).to_contain_text("No room for weights on the cells")
    first = screen.cell("input", 0, 0, (12, 14))
    screen.panel("input").hover(position=first, force=True)
    note = screen.region.locator('[data-panel="input"] .note')
    expect(note).to_contain_text(", weight 0.0625")


VEILED = """(grid) => [...grid.querySelectorAll(".veiled")].map((cell) => {
  const channels = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const [rect, number] = [getComputedStyle(cell.firstChild), getComputedStyle(cell.children[1])];
  const page = channels(getComputedStyle(grid.closest(".player")).backgroundColor);
  const fill = channels(rect.fill).map((c, at) => c * rect.opacity + page[at] * (1 - rect.opacity));
  return [fill, channels(number.fill)];
})"""


def luminance(rgb: list[float]) -> float:
    curve = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)
    ]
    return 0.2126 * curve[0] + 0.7152 * curve[1] + 0.0722 * curve[2]


def test_digits_under_the_veil_can_be_read(visit):
    page = visit("?v=1&in=random&d=2")
    for theme in ("light", "dark"):
        turn_to_theme(page, theme)
        veiled = Screen(page).panel("input").evaluate(VEILED)
        # 5 x 5 cells, of which 9 are tapped.
        assert len(veiled) == 16
        for pair in veiled:
            low, high = sorted(luminance(rgb) for rgb in pair)
            assert (high + 0.05) / (low + 0.05) >= 4.5, theme


def test_terms_are_one_stop_of_the_tab_key_and_the_arrows_light_their_partners(visit):
    screen = Screen(visit("?v=1"))
    terms = screen.region.locator(".term")
    expect(screen.region.locator(".term[tabindex='0']")).to_have_count(1)
    screen.button("Lecture view").focus()
    screen.page.keyboard.press("Tab")
    expect(terms.nth(0)).to_be_focused()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowDown")
    expect(terms.nth(4)).to_be_focused()
    for grid in ("input", "kernel", "products"):
        expect(screen.panel(grid).locator(".lit")).to_be_visible()
    screen.page.keyboard.press("Tab")
    expect(screen.button("First")).to_be_focused()
    screen.page.keyboard.press("Shift+Tab")
    expect(terms.nth(4)).to_be_focused()
    screen.at(1)


def test_enter_on_a_term_shows_every_input_its_weight_meets(visit):
    screen = Screen(visit("?v=1"))
    screen.region.locator(".term").nth(1).focus()
    screen.page.keyboard.press("Enter")
    assert paths(screen.panel("input").locator(".met")) == 9
    expect(screen.status).to_have_text("Weight 1 meets the 9 outlined inputs.")
    screen.page.keyboard.press("Enter")
    assert paths(screen.panel("input").locator(".met")) == 0


def test_a_folded_row_opens_for_its_terms_and_shows_no_sum_that_is_not_there(visit):
    screen = Screen(visit("?v=1&in=random&k=" + "_".join(["1,1,1,1,1,1"] * 6)))
    rows = screen.region.locator(".row-sum")
    expect(screen.region.locator(".term:visible")).to_have_count(0)
    rows.nth(2).click()
    expect(screen.region.locator(".term:visible")).to_have_count(6)
    rows.nth(2).click()
    for _ in range(7):
        screen.press(".")
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(rows.nth(0)).to_have_attribute("aria-expanded", "false")
    expect(rows.nth(0)).not_to_contain_text("…")
    expect(rows.nth(1)).to_contain_text("…")


def test_the_current_term_of_a_long_equation_is_in_view(visit):
    screen = Screen(visit("?v=1&k=box-5&pad=2", width=390, height=844))
    for _ in range(24):
        screen.press(".")
    current = screen.region.locator(".term.now")
    terms = screen.region.locator(".terms")
    expect(current).to_have_attribute("data-term", "23")
    inside, outside = current.bounding_box(), terms.bounding_box()
    assert inside
    assert outside
    assert outside["y"] <= inside["y"]
    assert inside["y"] + inside["height"] <= outside["y"] + outside["height"]
    # Pointing elsewhere in the band does not take the visitor's own scrolling back.
    terms.evaluate("(box) => { box.scrollTop = 0; }")
    screen.region.locator(".end").hover()
    assert terms.evaluate("(box) => box.scrollTop") == 0


CELLS = """(region) => Object.fromEntries([...region.querySelectorAll("table")].map((table) =>
  [table.caption.textContent, [...table.rows].map((row) =>
    [...row.cells].map((cell) => (cell.scope ? `${cell.scope}: ` : "") + cell.textContent))]))"""


def test_tables_name_rows_columns_padding_and_the_window(visit):
    screen = Screen(visit("?v=1&pad=1&op=conv&k=gaussian-3"))
    tables = screen.region.evaluate(CELLS)
    kernel = "Kernel, times 1/16, as used: turned by 180 degrees"
    assert list(tables) == ["Input", kernel, "Products", "Output"]
    head, first, second = tables["Input"][:3]
    assert head[:3] == ["", "col: Padding", "col: Column 1"]
    assert first[:2] == ["row: Padding", "0, padding, covered"]
    assert first[4] == "0, padding"
    assert second[:3] == ["row: Row 1", "0, padding, covered", "3, covered"]
    screen.button("Last").click()
    assert screen.region.evaluate(CELLS)["Input"][1][1] == "0, padding"
    assert tables[kernel][1] == ["row: Row 1", "1", "2", "1"]
    assert tables["Output"][0] == ["", *(f"col: Column {column}" for column in range(1, 6))]
