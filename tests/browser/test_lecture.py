"""Lecture view: only grids, equation and a bar, over the whole window, readable from afar."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import SERVER_GONE, wait_until
from tests.browser.screen import (
    BOXES,
    WINDOWS,
    Screen,
    case,
    faults_in,
    first,
    go_back_to,
    in_each_window,
    in_size,
    touched,
)
from tests.browser.test_player_layout import SMALL

LECTURE = "?v=1&view=lecture"
# For what there is nothing of the page behind.
EMBEDDED = f"{LECTURE}&embed=true"
GRIDS = [f'[data-panel="{name}"] .grid' for name in ("input", "kernel", "products", "output")]
SEEN = [*GRIDS, ".equation", ".controls"]
SEVEN = "_".join(["1,2,3,4,3,2,1"] * 7)


def lecture(page: Page) -> Screen:
    screen = Screen(page)
    expect(screen.button("Leave lecture view")).to_be_visible()
    return screen


def behind(page: Page) -> Locator:
    """Find the sidebar where nothing in it can be reached."""
    return page.locator("[inert] [data-testid=stSidebar], [data-testid=stSidebar][inert]")


def font_sizes(screen: Screen, selector: str) -> list[float]:
    """Return the computed font sizes of all that has a text."""
    return screen.region.evaluate(
        """(r, selector) => [...r.querySelectorAll(selector)].filter((n) => n.textContent)
          .map((n) => parseFloat(getComputedStyle(n).fontSize))""",
        selector,
    )


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    # Half a pixel is rounding.
    return all(
        one[at] + one[length] > other[at] + 0.5 and other[at] + other[length] > one[at] + 0.5
        for at, length in (("x", "width"), ("y", "height"))
    )


# The notes that reach out of the window, into a grid's outline, or into a title.
NOTES_IN_THE_WAY = """(r) => [...r.querySelectorAll(".title .note")].filter((note) => {
    if (!note.checkVisibility() || !note.textContent) return false;
    const text = document.createRange();
    text.selectNodeContents(note); // its letters, not its line
    const one = text.getBoundingClientRect();
    const others = [...r.querySelectorAll(".grid, .title b")];
    // A title's letters end above its box.
    const hit = others.map((n) => n.getBoundingClientRect())
      .some((n) => n.width && one.left < n.right && n.left < one.right
        && one.top < n.bottom - 5 && n.top < one.bottom - 1);
    return hit || one.right > innerWidth;
}).map((note) => note.textContent)"""

# The texts that are wider or higher than what holds them.
CUT_OFF = """(r) => {
    const texts = r.querySelectorAll(".title b, .lead, .chip, .end, .controls button span");
    return [...texts].filter((n) => n.checkVisibility() && n.textContent)
      .filter((n) => n.scrollWidth > n.clientWidth + 1 && n.clientWidth
        || n.getBoundingClientRect().right > innerWidth)
      .map((n) => n.textContent);
}"""

# All at once: to ask for one thing after the other takes twice as long.
LAYOUT = f"""async (region, selectors) => ({{
    boxes: await ({BOXES})(region, selectors),
    notes: ({NOTES_IN_THE_WAY})(region),
    cut: ({CUT_OFF})(region),
}})"""


def check_layout(screen: Screen, width: int, height: int) -> None:
    found = screen.region.evaluate(LAYOUT, SEEN)
    assert found["notes"] == []
    for box in found["boxes"]:
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert not [pair for pair in combinations(found["boxes"], 2) if overlap(*pair)]
    assert found["cut"] == []


# How large it is.


@pytest.mark.parametrize(
    "least",
    [
        {(1280, 720): (24, 28), (1920, 1080): (36, 40), (1024, 768): (24, 22)},
        {(390, 844): (17, 16), (320, 640): (14, 15)},
    ],
    ids=WINDOWS,
)
def test_the_classic_case_is_large_whole_and_accessible(open_page, least):
    page = open_page(LECTURE, **first([*least]))
    screen = lecture(page)
    for size, (digits, equation) in least.items():
        with in_size(page, size):
            assert min(font_sizes(screen, ".cell .number")) >= digits
            words = ".equation, .equation .chip, .equation .sign, .lead"
            assert min(font_sizes(screen, words)) >= equation
            check_layout(screen, *size)
            assert screen.region.evaluate("(r) => r.scrollHeight - r.clientHeight") == 0
            assert screen.region.evaluate(SMALL) == []
    assert faults_in(page, [*least][::-1]) == []


def test_at_every_position_the_digits_are_large(open_page):
    screen = lecture(open_page(f"{EMBEDDED}&k=sobel-x"))
    for step in range(1, 10):
        screen.at(step)
        assert min(font_sizes(screen, ".cell .number")) >= 24
        check_layout(screen, 1280, 720)
        screen.press("ArrowRight")


LARGER = [
    "in=scene&k=sobel-x&pad=1&bd=reflect&op=conv",
    "in=random&k=gaussian-5&pad=2&op=conv",
    f"in=random&k={SEVEN}&pad=3",
    "k=box-3&bias=-2.5",
    "op=conv",
    "predict=1",
    "",
]


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768)], ids=str)
def test_a_larger_scene_is_as_large_as_fits(open_page, size):
    page = open_page(f"{EMBEDDED}&{LARGER[0]}", width=size[0], height=size[1])
    for query in LARGER:
        with case(query):
            if query != LARGER[0]:
                go_back_to(page, f"{EMBEDDED}&{query}")
            screen = lecture(page)
            check_layout(screen, *size)
            screen.region.focus()
            for keys in ("++", "++", "0", "--", "--", "."):
                for key in keys:
                    page.keyboard.press(key)
                check_layout(screen, *size)


@pytest.mark.parametrize("sizes", [[(1920, 1080)], WINDOWS["phones"]], ids=WINDOWS)
def test_a_turned_kernel_has_its_note_in_every_window(open_page, sizes):
    page = open_page(f"{LECTURE}&op=conv", **first(sizes))
    screen = lecture(page)
    for size in sizes:
        with in_size(page, size):
            check_layout(screen, *size)
            screen.press("l")
            expect(screen.button("Lecture view")).to_be_visible()
            assert screen.region.evaluate(NOTES_IN_THE_WAY) == []
            screen.press("l")
            lecture(page)


def test_ninths_are_as_large_as_other_digits(open_page):
    # Products such as 0.111, under an equation of two lines.
    query = "k=1/9,1/9,1/9_1/9,1/9,1/9_1/9,1/9,1/9&pad=1&step=9"
    screen = lecture(open_page(f"{EMBEDDED}&{query}"))
    check_layout(screen, 1280, 720)
    assert min(font_sizes(screen, '[data-panel="products"] .number')) >= 24
    beyond = """(r) => [...r.querySelectorAll('[data-panel="products"] .cell')]
      .filter((g) => g.querySelector("text").getBBox().width
        > g.querySelector("rect").getBBox().width - 2).length"""
    assert screen.region.evaluate(beyond) == 0


def test_what_of_the_link_could_not_be_used_is_said_until_a_step(open_page):
    page = open_page(f"{LECTURE}&s=0")
    screen = lecture(page)
    told = screen.region.get_by_text("stride '0' is out of range (1 to 16), so 1 is used")
    expect(told).to_be_in_viewport(ratio=1)
    check_layout(screen, 1280, 720)
    high = told.bounding_box()
    assert not [box for box in screen.boxes(*SEEN) if overlap(box, high)]
    page.keyboard.press("PageDown")
    expect(told).to_be_hidden()
    screen.press("l")
    # On the page it is said by the page.
    expect(told).to_be_hidden()
    expect(page.locator("p.told:visible")).to_have_count(1)


# Its keys.


def text_grows_shrinks_and_fits_again(screen: Screen) -> None:

    def now() -> float:
        return font_sizes(screen, ".equation")[0]

    fits = now()
    sizes = []
    for key in "++++":
        screen.press(key)
        sizes.append(now())
    assert fits < sizes[0] < sizes[1] < sizes[2] == sizes[3]
    expect(screen.status).to_have_text("Text size 170 percent.")
    screen.press("0")
    assert now() == fits
    for name in ("Smaller text", "Larger text"):
        screen.button(name).click()
    assert now() == fits
    screen.press("-")
    assert now() < fits
    screen.press("Escape")
    assert now() == 17
    assert font_sizes(screen, '[data-panel="input"] .number')[0] < 24


def it_covers_everything_and_what_is_behind_is_out_of_reach(screen: Screen) -> None:
    page = screen.page
    expect(behind(page)).to_have_count(1)
    inside = "document.activeElement === document.body || !!document.activeElement.shadowRoot"
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 500)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    screen.press("l")
    expect(page.locator("[inert]")).to_have_count(0)


def a_clicker_steps(screen: Screen) -> None:
    for key, step in [("PageDown", 2), ("PageDown", 3), ("PageUp", 2)]:
        screen.page.keyboard.press(key)
        screen.at(step)


def a_clicker_steps_from_a_list_and_from_a_field_too(screen: Screen) -> None:
    page = screen.page
    speed = screen.region.get_by_role("combobox", name="Speed")
    for field in (speed, screen.region.get_by_role("textbox", name="Go to position")):
        field.focus()
        page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
        page.keyboard.press("PageUp")
    screen.at(3)
    expect(speed).to_have_value("1")
    # With a pointer the list is done with once it has changed.
    speed.evaluate(
        """(s) => { s.focus({ focusVisible: false }); s.value = "2";
          s.dispatchEvent(new Event("change", { bubbles: true })); }"""
    )
    expect(screen.region).to_be_focused()
    speed.focus()
    page.keyboard.press("Escape")
    expect(screen.button("Lecture view")).to_be_visible()


def in_full_screen_it_is_the_same(screen: Screen) -> None:
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement !== null")
    check_layout(screen, 1280, 720)
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement === null")
    expect(screen.button("Leave lecture view")).to_be_visible()


def streamlits_keys_do_nothing(screen: Screen) -> None:
    for key in "rc":
        screen.press(key)
    screen.press("ArrowRight")
    screen.at(2)
    expect(screen.page.get_by_role("dialog")).to_have_count(0)


def b_blanks_and_everything_brings_it_back_without_a_step(screen: Screen) -> None:
    page = screen.page
    screen.slider.fill("4")
    screen.region.focus()
    black = screen.region.locator(".blank")
    expect(black).to_be_hidden()
    for way in ("b", "Escape", "PageDown", "PageUp", "click"):
        with case(way):
            page.keyboard.press("b")
            expect(black).to_be_visible()
            expect(black).to_have_css("background-color", "rgb(0, 0, 0)")
            assert black.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
            expect(screen.status).to_have_text("The screen is blank. B shows it again.")
            page.keyboard.press("Tab")
            expect(black).to_be_visible()
            if way == "click":
                black.click()
            else:
                screen.press(way)
            expect(black).to_be_hidden()
            screen.at(4)
            lecture(page)


def outside_of_lecture_view_b_and_text_sizes_do_nothing(screen: Screen) -> None:
    screen.press("l")
    expect(screen.button("Lecture view")).to_be_visible()
    screen.begin_again()
    for key in "b+-0":
        screen.press(key)
    expect(screen.region.locator(".blank")).to_be_hidden()
    screen.at(1)
    assert font_sizes(screen, ".equation") == [17]


def nothing_of_the_page_lies_over_it(screen: Screen) -> None:
    # What is inert would not be found at a point even if it lay on top.
    on_top = """() => {
      for (const node of document.querySelectorAll("[inert]")) node.inert = false;
      const points = [2, innerWidth / 2, innerWidth - 30].flatMap((x) =>
        [2, 30, innerHeight / 2, innerHeight - 3].map((y) => document.elementFromPoint(x, y)));
      return points.filter((node) => !node.shadowRoot).map((node) => node.outerHTML.slice(0, 80));
    }"""
    assert screen.page.evaluate(on_top) == []


WAYS = (
    text_grows_shrinks_and_fits_again,
    it_covers_everything_and_what_is_behind_is_out_of_reach,
    a_clicker_steps,
    a_clicker_steps_from_a_list_and_from_a_field_too,
    in_full_screen_it_is_the_same,
    streamlits_keys_do_nothing,
    b_blanks_and_everything_brings_it_back_without_a_step,
    outside_of_lecture_view_b_and_text_sizes_do_nothing,
    nothing_of_the_page_lies_over_it,
)


def test_it_covers_everything_and_each_key_does_what_it_says(open_page):
    screen = lecture(open_page(LECTURE))
    size = font_sizes(screen, ".equation")
    for way in WAYS:
        with case(way.__name__):
            way(screen)
            enter_again(screen)
            assert font_sizes(screen, ".equation") == size


def enter_again(screen: Screen) -> None:
    """Leave lecture view, if the page is still in it, and come to it as its link does."""
    if screen.button("Leave lecture view").is_visible():
        screen.press("l")
    expect(screen.button("Lecture view")).to_be_visible()
    screen.begin_again()
    screen.press("l")
    screen.press("0")
    lecture(screen.page)
    expect(screen.slider).to_have_value("1")


# In and out.


def test_in_and_out_again(open_page):
    screen = Screen(open_page("?v=1&k=sobel-x&step=2"))
    for way in ("l", "button"):
        with case(way):
            go_in_and_out(screen, way)


def go_in_and_out(screen: Screen, way: str) -> None:
    page = screen.page
    if way == "l":
        screen.press(way)
    else:
        screen.button("Lecture view").click()
    lecture(page)
    expect(screen.status).to_contain_text("Lecture view. L or Escape leaves it. Position 2 of 9")
    expect(screen.region).to_be_focused()
    page.wait_for_url("**/?v=1&k=sobel-x&step=2&view=lecture")
    if way == "l":
        screen.press("Escape")
    else:
        screen.button("Leave lecture view").click()
    expect(screen.button("Lecture view")).to_be_visible()
    expect(screen.status).to_contain_text("Lecture view left. Position 2 of 9")
    expect(screen.region).to_be_focused()
    page.wait_for_url("**/?v=1&k=sobel-x&step=2")
    expect(behind(page)).to_have_count(0)


def test_on_a_small_phone_all_of_the_bar_can_be_reached(open_page):
    page = open_page(f"{EMBEDDED}&op=conv", width=320, height=640, touch=True)
    screen = lecture(page)
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        for name in ("Show flip", "Larger text", "Help", "Predict", "Leave lecture view"):
            expect(screen.button(name)).to_be_in_viewport(ratio=1)
    screen.button("Leave lecture view").click()
    expect(screen.button("Lecture view")).to_be_visible()


def test_on_a_phone_it_has_margins_and_slides_no_way_but_down(open_page):
    page = open_page(EMBEDDED, **first(WINDOWS["phones"]))
    screen = lecture(page)
    for size in WINDOWS["phones"]:
        with in_size(page, size):
            assert screen.region.evaluate("(r) => r.scrollWidth - r.clientWidth") == 0
            for part in (".stage", ".dock"):
                box = screen.region.locator(part).bounding_box()
                assert box["x"] >= 5
                assert box["x"] + box["width"] <= size[0] - 5


def test_embedded_it_fills_the_frame(open_page):
    page = open_page("?embed=true&view=lecture")
    check_layout(lecture(page), 1280, 720)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/?embed=true&view=lecture&step=2")


def test_when_the_server_goes_away_a_clicker_goes_on(open_page, server, watch):
    watch.ignore += SERVER_GONE
    own = server()
    page = open_page(LECTURE, url=own.url)
    screen = lecture(page)
    own.kill()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("PageDown")
    screen.at(2)
    expect(screen.region).to_be_focused()
    page.wait_for_url("**&step=2*")


def test_back_leaves_it_where_the_older_address_did_not_have_it(open_page):
    page = open_page()
    screen = Screen(page)
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    page.wait_for_url("**/?v=1&op=conv")
    screen.press("l")
    page.wait_for_url("**/?v=1&op=conv&view=lecture")
    page.go_back()
    expect(screen.button("Lecture view")).to_be_visible()
    page.go_forward()
    lecture(page)
    expect(behind(page)).to_have_count(1)


# The bar.


def shown(screen: Screen, yes: bool) -> None:
    bar = screen.region.locator(".controls")
    expect(bar).to_have_css("opacity", "1" if yes else "0", timeout=10_000)


def test_the_bar_hides_itself_and_comes_back(open_page):
    page = open_page(EMBEDDED)
    screen = lecture(page)
    shown(screen, yes=False)
    # A clicker does not bring it back, a pointer does, and a finger, and Tab.
    page.keyboard.press("PageDown")
    screen.at(2)
    shown(screen, yes=False)
    page.mouse.move(300, 300)
    shown(screen, yes=True)
    shown(screen, yes=False)
    page.keyboard.press("Tab")
    shown(screen, yes=True)


def test_the_bar_stays_while_the_focus_is_in_it(open_page):
    page = open_page(EMBEDDED)
    screen = lecture(page)
    screen.button("Next").focus()
    expect(screen.region).to_have_class(re.compile(r"\bquiet\b"), timeout=10_000)
    shown(screen, yes=True)
    # After a click the keys mean the player again, and the bar may hide.
    screen.button("Next").click()
    expect(screen.region).to_be_focused()
    shown(screen, yes=False)


def test_a_touch_where_the_hidden_bar_is_presses_nothing(open_page):
    page = open_page(EMBEDDED, width=390, height=844, touch=True)
    screen = lecture(page)
    box = screen.button("Next").bounding_box()
    shown(screen, yes=False)
    touched(page, [(box["x"] + 20, box["y"] + 20)], [])
    shown(screen, yes=True)
    screen.at(1)
    touched(page, [(box["x"] + 20, box["y"] + 20)], [])
    screen.at(2)


# A room that predicts.


def test_with_a_clicker_the_room_answers_before_it_sees(open_page):
    page = open_page(f"{EMBEDDED}&predict=1")
    screen = lecture(page)
    total = screen.region.locator(".total")
    for step, value in [(1, "12"), (2, "12"), (3, "17")]:
        screen.at(step)
        expect(total).to_have_text("?")
        page.keyboard.press("PageDown")
        expect(total).to_have_text(value)
        screen.at(step)
        page.keyboard.press("PageDown")
    # Who does not want the answer goes on; the clicker works from an answer half written too.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")
    page.keyboard.press("PageDown")
    expect(total).to_have_text("17")
    page.keyboard.press("PageDown")
    screen.at(6)
    expect(screen.region.get_by_role("group", name="Predict", exact=True)).not_to_contain_text(
        "right"
    )


def test_escape_leaves_one_thing_after_the_other(open_page):
    page = open_page(f"{EMBEDDED}&predict=1")
    screen = lecture(page)
    question = screen.region.get_by_role("group", name="Predict", exact=True)
    page.keyboard.press("?")
    expect(screen.region.get_by_role("dialog")).to_be_visible()
    expect(screen.button("Close")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(screen.region.get_by_role("dialog")).to_be_hidden()
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    lecture(page)
    page.keyboard.press("Escape")
    expect(screen.button("Lecture view")).to_be_visible()


@in_each_window
def test_a_question_in_lecture_view_is_accessible(open_page, sizes):
    page = open_page(f"{LECTURE}&predict=1", **first(sizes))
    screen = lecture(page)
    screen.press("3")
    assert faults_in(page, sizes) == []
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(screen.status).to_contain_text("Without 2 × 2 at kernel row 1, column 3 the sum is 8.")
    changed = screen.region.locator(".dock, [data-panel=output]")
    with case("answered"):
        assert faults_in(page, sizes[::-1], changed) == []
    for size in sizes:
        with in_size(page, size):
            assert screen.region.evaluate(CUT_OFF) == []
