"""The player in a real browser: the classic case, every control, every key."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import correlate2d, trace
from convviz.payload import payload_text
from convviz.scene import Scene
from convviz.ui.player import PLAYER
from tests.browser.driver import wait_until
from tests.browser.screen import Screen, case

# Dumoulin & Visin (2016), figure 1.1; the first sum by hand:
# 3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12
IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
SUMS = [12, 12, 17, 10, 17, 19, 9, 6, 14]
FIRST = (
    "Position 1 of 9, output row 1, column 1. 3 times 0, plus 3 times 1, plus 2 times 2, plus 0 "
    "times 2, plus 0 times 2, plus 1 times 0, plus 3 times 0, plus 1 times 1, plus 2 times 2 "
    "equals 12."
)
FLIPPED = [18, 20, 19, 10, 9, 17, 11, 8, 14]


@pytest.mark.parametrize(("query", "sums"), [("", SUMS), ("?v=1&op=conv", FLIPPED)])
def test_classic_case_position_by_position(visit, query, sums):
    screen = Screen(visit(query))
    kernel = KERNEL[::-1, ::-1] if "conv" in query else KERNEL
    assert screen.numbers("Input") == IMAGE.tolist()
    assert screen.numbers("Kernel") == kernel.tolist()
    for step, total in enumerate(sums, 1):
        screen.at(step)
        assert screen.value() == total
        made = trace(IMAGE, KERNEL, flip="conv" in query)[step - 1]
        assert screen.numbers("Products") == made.products.tolist()
        assert screen.flat("Output") == sums[:step]
        screen.button("Next").click()
    screen.at(9)
    assert screen.flat("Output") == sums


def test_the_sentence_names_the_place_and_every_term(open_page):
    screen = Screen(open_page("?v=1&op=corr&step=4"))
    expect(screen.status).to_have_text(
        "Position 4 of 9, output row 2, column 1. 0 times 0, plus 0 times 1, plus 1 times 2, "
        "plus 3 times 2, plus 1 times 2, plus 2 times 0, plus 2 times 0, plus 0 times 1, "
        "plus 0 times 2 equals 10."
    )


def buttons(screen: Screen) -> None:
    for name, step in [("Next", 2), ("Next", 3), ("Back", 2), ("Last", 9), ("Next", 9)]:
        screen.button(name).click()
        screen.at(step)
    screen.button("First").click()
    screen.at(1)
    screen.button("Back").click()
    screen.at(1)


MOVES = {
    "ArrowRight": 6,
    "PageDown": 6,
    "ArrowLeft": 4,
    "PageUp": 4,
    "Home": 1,
    "End": 9,
    "ArrowUp": 2,
    "ArrowDown": 8,
}


def keys_that_move(screen: Screen) -> None:
    for key, step in MOVES.items():
        screen.slider.fill("5")
        screen.at(5)
        screen.press(key)
        screen.at(step)


def keys_on_the_scrubber_move_by_the_same_steps(screen: Screen) -> None:
    screen.slider.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.at(2)
    screen.page.keyboard.press("ArrowDown")
    screen.at(5)


def terms_one_by_one(screen: Screen) -> None:
    screen.press(".")
    expect(screen.status).to_have_text(
        "Position 1 of 9, term 1 of 9. 3 times 0 is 0; the running sum equals 0."
    )
    screen.press(".")
    screen.press(".")
    expect(screen.status).to_contain_text("term 3 of 9. 2 times 2 is 4; the running sum equals 7.")
    assert screen.table("Output")[0][0] == ""
    screen.press(",")
    expect(screen.status).to_contain_text("term 2 of 9")
    for _ in range(7):
        screen.press("ArrowRight")
    expect(screen.status).to_contain_text(re.compile("^Position 1 of 9, output .* equals 12\\.$"))
    assert screen.table("Output")[0][0] == "12"
    screen.press("ArrowRight")
    expect(screen.status).to_contain_text("Position 2 of 9, term 1 of 9")


def play_and_pause(screen: Screen, key: str) -> None:
    screen.region.get_by_role("combobox", name="Speed").select_option("16")
    screen.press(key)
    expect(screen.button("Pause")).to_be_visible()
    expect(screen.button("Play")).to_be_visible(timeout=10_000)
    screen.at(9)
    assert screen.flat("Output") == SUMS
    screen.press(key)
    expect(screen.button("Pause")).to_be_visible()
    screen.press(key)
    expect(screen.button("Play")).to_be_visible()


def play_and_pause_with_k(screen: Screen) -> None:
    play_and_pause(screen, "k")


def play_and_pause_with_space(screen: Screen) -> None:
    play_and_pause(screen, " ")


def finish_fills_the_output(screen: Screen) -> None:
    screen.button("Finish").click()
    screen.at(9)
    assert screen.flat("Output") == SUMS


def scrub_speaks_at_its_end(screen: Screen) -> None:
    screen.slider.fill("7")
    screen.at(7)
    assert screen.value() == 9


def go_to_a_position_by_number(screen: Screen) -> None:
    screen.press("g")
    screen.page.keyboard.type("6")
    screen.page.keyboard.press("Enter")
    screen.at(6)
    screen.press("g")
    screen.page.keyboard.type("77")
    screen.page.keyboard.press("Enter")
    expect(screen.status).to_contain_text('There is no position "77": write 1 to 9.')


def hover_previews_and_click_goes(screen: Screen) -> None:
    fifth = screen.cell("output", 1, 1, (3, 3))
    screen.panel("output").hover(position=fifth, force=True)
    assert screen.numbers("Products") == trace(IMAGE, KERNEL)[4].products.tolist()
    screen.at(1)
    screen.region.locator(".legend").hover()
    assert screen.numbers("Products") == trace(IMAGE, KERNEL)[0].products.tolist()
    screen.panel("output").click(position=fifth, force=True)
    screen.at(5)
    assert screen.flat("Output") == SUMS[:5]


def click_on_a_weight_shows_every_input_it_meets(screen: Screen) -> None:
    met = screen.panel("input").locator(".met")
    screen.panel("kernel").click(position=screen.cell("kernel", 0, 1, (3, 3)), force=True)
    # One square for each of the nine positions.
    assert (met.get_attribute("d") or "").count("M") == 9
    screen.panel("kernel").click(position=screen.cell("kernel", 0, 1, (3, 3)), force=True)
    assert met.get_attribute("d") == ""


def a_focused_term_lights_its_partners(screen: Screen) -> None:
    screen.region.locator(".term").nth(4).focus()
    for grid in ("input", "kernel", "products"):
        expect(screen.panel(grid).locator(".lit")).to_be_visible()
    screen.slider.focus()
    for grid in ("input", "kernel", "products"):
        expect(screen.panel(grid).locator(".lit")).to_be_hidden()


def help_opens_and_closes(screen: Screen) -> None:
    screen.press("?")
    manual = screen.page.get_by_role("dialog", name="Help")
    expect(manual).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(manual).to_be_hidden()
    screen.button("Help").click()
    manual.get_by_role("button", name="Close").click()
    expect(manual).to_be_hidden()


def full_screen(screen: Screen) -> None:
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement !== null")
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement === null")
    screen.button("Full screen").click()
    wait_until(screen.page, "() => document.fullscreenElement !== null")
    screen.press("f")
    wait_until(screen.page, "() => document.fullscreenElement === null")


WAYS = (
    buttons,
    keys_that_move,
    keys_on_the_scrubber_move_by_the_same_steps,
    terms_one_by_one,
    play_and_pause_with_k,
    play_and_pause_with_space,
    finish_fills_the_output,
    scrub_speaks_at_its_end,
    go_to_a_position_by_number,
    hover_previews_and_click_goes,
    click_on_a_weight_shows_every_input_it_meets,
    a_focused_term_lights_its_partners,
    help_opens_and_closes,
    full_screen,
)


def test_every_button_and_key_does_what_it_says(visit):
    screen = Screen(visit())
    for way in WAYS:
        with case(way.__name__):
            screen.begin_again()
            expect(screen.status).to_have_text(FIRST)
            assert screen.flat("Output") == SUMS[:1]
            way(screen)


def test_r_and_c_do_nothing_inside_the_player(open_page):
    page = open_page()
    screen = Screen(page)
    heard = """(keys) => {
        window.heard = [];
        for (const kind of ["keydown", "keypress", "keyup"]) {
            document.addEventListener(kind, (event) => window.heard.push(kind + event.key));
        }
    }"""
    page.evaluate(heard)
    for key in ("r", "c", "R", "C"):
        screen.press(key)
    assert page.evaluate("window.heard") == []
    expect(page.get_by_role("dialog")).to_have_count(0)
    screen.at(1)


def test_e_speaks_the_whole_equation(visit):
    screen = Screen(visit("?v=1&k=box-5&pad=same"))
    expect(screen.status).to_contain_text("25 products, row sums")
    screen.press("e")
    expect(screen.status).to_contain_text("0 times 1, plus 0 times 1, plus")


def test_opening_run_plays_three_positions_then_stops(open_page):
    page = open_page(reduced_motion="no-preference")
    screen = Screen(page)
    expect(screen.button("Pause")).to_be_visible()
    expect(screen.button("Play")).to_be_visible(timeout=8_000)
    screen.at(3)


def test_no_opening_run_with_reduced_motion_or_from_a_link(open_page):
    for path, motion in (("", "reduce"), ("?v=1&step=2", "no-preference")):
        screen = Screen(open_page(path, reduced_motion=motion))
        expect(screen.button("Play")).to_be_visible()
        expect(screen.status).not_to_be_empty()


def test_one_step_sends_nothing_to_the_server(open_page):
    page = open_page(own=True)
    page.wait_for_load_state("networkidle")
    sent: list[object] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate(
        """() => {
            window.frames_sent = 0;
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (data) {
                window.frames_sent++;
                return send.call(this, data);
            };
        }"""
    )
    screen = Screen(page)
    for step in range(2, 10):
        screen.button("Next").click()
        screen.at(step)
    assert page.evaluate("window.frames_sent") == 0
    assert sent == []


LARGE = {
    "picture patch": "?v=1&in=portrait&k=sobel-x&pad=same",
    "whole of 32 x 32": "?v=1&in=tiny&k=laplacian-4&pad=same",
    "canvas, 64 x 64": "?v=1&in=scene&k=sobel-y&pad=same&patch=1,1,64",
}


def test_last_of_a_large_scene_and_its_tables(visit):
    for name, query in LARGE.items():
        with case(name):
            screen = Screen(visit(query))
            screen.at(1)
            screen.press("End")
            expect(screen.status).to_contain_text(re.compile(r"equals \S+\.$"))
            found = re.match(r"Position (\d+) of (\d+)", screen.status.text_content() or "")
            assert found
            assert found[1] == found[2]
            assert sum(screen.flat("Products")) == screen.value()
            rows = screen.table("Output")
            assert 1 <= len(rows) <= 32
            assert rows[-1][-1] != ""


def test_numbers_on_screen_are_numpys(visit):
    # Reflected padding, stride, dilation, a bias and a factor, all at once.
    screen = Screen(
        visit(
            "?v=1&in=random&seed=3&k=1/16*1,2,1_2,4,2_1,2,1&op=conv"
            "&pad=2&bd=reflect&s=2,1&d=1,2&bias=0.5"
        )
    )
    image = np.array(screen.numbers("Input"))[2:-2, 2:-2]
    # Drawn with its padding, cut back here: NumPy pads it again.
    weights = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    expected = correlate2d(
        image, weights, padding=2, boundary="reflect", stride=(2, 1), dilation=(1, 2), bias=0.5
    )
    screen.press("End")
    assert screen.numbers("Output") == expected.tolist()


def test_left_and_come_back_to_at_once_the_player_is_the_one_it_was(page):
    page.set_content(PLAYER.html)
    page.evaluate(
        """async ([source, scene]) => {
            const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
            const mount = (await import(url)).default;
            const show = () => mount({parentElement: document.body, data: {scene}});
            const leave = show();
            document.querySelector(".next").click();
            leave();
            window.leave = show();
        }""",
        [PLAYER.script, payload_text(Scene())],
    )
    expect(page.get_by_role("button", name="Next", exact=True)).to_have_count(1)
    expect(page.get_by_role("status").first).to_contain_text("Position 2 of 9")
    # Once it was left for good, it hears nothing any more.
    page.evaluate("leave()")
    page.wait_for_timeout(50)
    told = "() => { let n = 0; addEventListener('convviz:position', () => n++);"
    assert page.evaluate(told + " dispatchEvent(new Event('convviz:where')); return n; }") == 0
