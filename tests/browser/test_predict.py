"""Predicting: nothing gives the output away, and a slip is named where one explains the answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from convviz.matrices import Matrix
from convviz.payload import payload
from convviz.scene import Scene
from tests.browser.screen import Screen, case, faults_in, first, in_each_window, in_size
from tests.browser.test_player_layout import SEVEN, SMALL

SUMS = [12, 12, 17, 10, 17, 19, 9, 6, 14]


class Asked(Screen):
    @property
    def question(self):
        return self.region.get_by_role("group", name="Predict", exact=True)

    @property
    def answer(self):
        return self.question.get_by_role("textbox", name="Which number?")

    @property
    def total(self):
        return self.region.locator(".total")

    def text(self) -> str:
        return self.region.evaluate("(r) => r.textContent")

    def reply(self, sign: str, number: str) -> None:
        self.question.get_by_role("button", name=sign).click()
        self.answer.fill(number)
        self.answer.press("Enter")


def asked(page: Page) -> Asked:
    found = Asked(page)
    expect(found.question).to_be_visible()
    return found


# The slip behind an answer, each value by hand.
#
# The classic, position 1: 3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12; with the kernel
# turned: 3*2 + 3*1 + 2*0 + 0*0 + 0*2 + 1*2 + 3*2 + 1*1 + 2*0 = 18.
# Sobel x, position 2: -3 + 0 + 1 + 0 + 0 + 6 - 1 + 0 + 2 = 5.

HALF = Scene(kernel=Matrix.parse("1/2 x [0 1 2; 2 2 0; 0 1 2]"))
HALVES = Scene(kernel=Matrix.parse("0 1/2 1; 1 1 0; 0 1/2 1"))
HALF_BIAS = Scene(kernel=HALF.kernel, bias=2)
SOBEL = Scene(kernel=Matrix.parse("-1 0 1; -2 0 2; -1 0 1"))
SLIPS = [
    (Scene(), 1, -12, "The size is right, the sign of the sum is not.", -1),
    # Turned, Sobel is its own negative.
    (
        SOBEL,
        2,
        -5,
        "The sign is the other one, as with the kernel turned by 180°: "
        "cross-correlation uses it as typed.",
        -1,
    ),
    (
        Scene(),
        1,
        18,
        "That is with the kernel turned by 180°: cross-correlation uses it as typed.",
        -1,
    ),
    (
        Scene(operation="conv"),
        1,
        12,
        "That is with the kernel as typed: convolution turns it by 180° first.",
        -1,
    ),
    (Scene(bias=2), 1, 12, "Without bias 2 it is 12.", -1),
    (Scene(bias=-0.5), 1, 12, "Without bias −0.5 it is 12.", -1),
    (HALF, 1, 12, "Without the factor 1/2 it is 12.", -1),
    (HALF_BIAS, 1, 14, "Without the factor 1/2 it is 14.", -1),
    (HALF_BIAS, 1, 12, "Without the factor 1/2 and without bias 2 it is 12.", -1),
    (HALF_BIAS, 1, 6, "Without bias 2 it is 6.", -1),
    (HALVES, 1, 12, "Without the divisor 2 it is 12.", -1),
    (Scene(), 1, 9, "Without 3 × 1 at kernel row 1, column 2 the sum is 9.", 1),
    # 2 x 2 twice: the first of them.
    (Scene(), 1, 8, "Without 2 × 2 at kernel row 1, column 3 the sum is 8.", 2),
    (SOBEL, 2, 6, "Without 1 × −1 at kernel row 3, column 1 the sum is 6.", 6),
    # (12 - 4) / 2 + 2
    (HALF_BIAS, 1, 4.5 + 2, "Without 3 × 1 at kernel row 1, column 2 it is 6.5.", 1),
    (Scene(), 1, 6, "With the sign of 3 × 1 at kernel row 1, column 2 turned the sum is 6.", 1),
    (SOBEL, 2, 11, "With the sign of 3 × −1 at kernel row 1, column 1 turned the sum is 11.", 0),
    # (12 - 2 * 4) / 2 + 2
    (HALF_BIAS, 1, 4, "With the sign of 2 × 2 at kernel row 1, column 3 turned it is 4.", 2),
]


# The classic over 9: 12/9 at position 1, without 2 x 2 8/9.
NINTHS = Scene(kernel=Matrix.parse("0 1/9 2/9; 2/9 2/9 0; 0 1/9 2/9"))
SLIPS.append((NINTHS, 1, 0.889, "Without 2 × 2/9 at kernel row 1, column 3 the sum is ≈ 0.889.", 2))


@pytest.mark.parametrize(("scene", "step", "answer", "text", "at"), SLIPS)
def test_the_slip_is_named(run, scene, step, answer, text, at):
    assert run("slip", payload(scene), step, answer) == {"text": text, "at": at}


@pytest.mark.parametrize(("scene", "answer"), [(Scene(), 12), (Scene(), 100), (SOBEL, 77)])
def test_of_a_right_answer_and_of_nonsense_no_slip_is_told(run, scene, answer):
    assert run("slip", payload(scene), 1, answer) is None


RIGHT = [
    (12, "12"),
    (12, " +12.0 "),
    (-4, "-4"),
    (-4, "\u22124"),
    (-4, "\u20134"),
    (0, "-0"),
    (0, "0.00"),
    (1 / 9, "1/9"),
    (1 / 9, "2 / 18"),
    (1 / 9, "0.111"),
    (1 / 9, ".11111"),
    (-1 / 3, "\u22121/3"),
    (2.2421875, "2.24"),
    (2.2421875, "2.242"),
    (123.4, "123"),
    (12345, "1.2e4"),  # as its cell shows it
    (0.1 + 0.2, "0.3"),
]
WRONG = [
    (12, "-12"),
    (12, "12.01"),
    (1 / 9, "0.11"),
    (1 / 9, "0.112"),
    (1 / 9, "1/8"),
    (2.2421875, "2.2"),
    (2.2421875, "2.25"),
    (123.4, "124"),
    (12345, "12300"),
    (1e-7, "0"),
    (0.4, "0"),
]


@pytest.mark.parametrize(("value", "text"), RIGHT)
def test_the_exact_number_and_its_roundings_are_right(run, value, text):
    assert run("isRight", value, text) is True


@pytest.mark.parametrize(("value", "text"), WRONG)
def test_another_number_is_wrong_and_so_is_a_coarse_rounding(run, value, text):
    assert run("isRight", value, text) is False


COMPLAINTS = [
    ("", "Write a number first, such as −3, 0.5 or 1/9."),
    (" ", "Write a number first, such as −3, 0.5 or 1/9."),
    ("0,5", 'Write "0,5" with a point: 0.5.'),
    ("three", '"three" is no number: write it like −3, 0.5 or 1/9.'),
    ("1/0", '"1/0" is no number: write it like −3, 0.5 or 1/9.'),
    ("1/2/3", '"1/2/3" is no number: write it like −3, 0.5 or 1/9.'),
    ("--3", '"--3" is no number: write it like −3, 0.5 or 1/9.'),
    ("0x10", '"0x10" is no number: write it like −3, 0.5 or 1/9.'),
    ("1e999", '"1e999" is no number: write it like −3, 0.5 or 1/9.'),
    ("-3", ""),
    ("1e-3", ""),
]


@pytest.mark.parametrize(("text", "sentence"), COMPLAINTS)
def test_a_wrong_form_is_named_with_the_right_one(run, text, sentence):
    assert run("complaint", text) == sentence


# Nothing gives it away.


def a_scrub_goes_to_a_hidden_cell_and_keeps_those_passed(screen: Asked) -> None:
    screen.press("End")
    assert [text for row in screen.table("Output") for text in row] == [*map(str, SUMS[:8]), "?"]
    screen.button("Back").click()
    screen.at(8)
    assert [text for row in screen.table("Output") for text in row][6:] == ["9", "?", ""]


def a_new_position_takes_no_focus_from_who_is_elsewhere(screen: Asked) -> None:
    screen.press("v")
    screen.press("ArrowRight")
    screen.at(2)
    expect(screen.region).to_be_focused()


def keys_typed_into_the_answer_are_only_text(screen: Asked) -> None:
    screen.press("3")
    screen.page.keyboard.type("rcpvbl 12e")
    expect(screen.answer).to_have_value("rcpvbl 12e")
    screen.at(1)
    screen.page.keyboard.press("Escape")
    expect(screen.region).to_be_focused()
    expect(screen.question).to_be_visible()


def it_does_not_play_and_says_why(screen: Asked) -> None:
    why = "Play is off while you predict: press Next."
    for how in ("Play", "Finish", "k"):
        with case(how):
            expect(screen.question).to_be_visible()
            expect(screen.status).not_to_have_text(why)
            if how == "k":
                screen.press(how)
            else:
                expect(screen.button(how)).to_have_attribute("aria-disabled", "true")
                screen.button(how).click(force=True)
            expect(screen.status).to_have_text(why)
            expect(screen.button("Pause")).to_have_count(0)
            screen.press("p")
            expect(screen.button("Play")).to_have_attribute("aria-disabled", "false")
            screen.press("p")


def single_terms_are_stepped_without_their_sum(screen: Asked) -> None:
    for _ in range(2):
        screen.press(".")
    expect(screen.status).to_have_text(
        "Position 1 of 9, term 2 of 9. 3 times 1. Output hidden: predict."
    )
    expect(screen.region.locator(".equation .term.now")).to_have_attribute("data-term", "1")
    screen.press("v")
    expect(screen.status).to_contain_text("equals 12.")
    screen.press(".")
    expect(screen.status).to_contain_text("Position 2 of 9, term 1 of 9")
    expect(screen.total).to_have_text("?")


def the_output_stands_nowhere(screen: Asked, *keys: str) -> None:
    # 17, the third output, is no number of the input, of the kernel or of a product.
    if screen.slider.input_value() != "3":
        screen.slider.fill("3")
    for key in keys:
        screen.press(key)
    expect(screen.total).to_have_text("?")
    assert screen.table("Output") == [["12", "12", "?"], [""] * 3, [""] * 3]
    assert screen.numbers("Products") == []
    assert "17" not in screen.text()
    assert "Output hidden: predict." in screen.text()
    screen.press("v")
    expect(screen.total).to_have_text("17")
    assert screen.table("Output")[0] == ["12", "12", "17"]
    assert screen.flat("Products") == [0, 1, 0, 2, 6, 0, 0, 2, 6]


def pointing_at_output_cells_gives_nothing_away(screen: Asked) -> None:
    screen.slider.fill("3")
    for row, column, shown in [(0, 2, "?"), (1, 2, "?"), (2, 2, "?"), (0, 0, "12")]:
        screen.panel("output").hover(position=screen.cell("output", row, column, (3, 3)))
        expect(screen.total).to_have_text(shown)
        assert not re.search("17|19", screen.text())


def zero_is_an_answer(screen: Asked) -> None:
    screen.press("2")
    expect(screen.question).to_contain_text("Not 0: the output is 12.")


def ask_again(screen: Asked) -> None:
    """Leave the question and come to it anew, as a link with predict=1 does."""
    screen.press("p")
    expect(screen.question).to_be_hidden()
    screen.press("p")
    screen.begin_again()
    expect(screen.question).to_contain_text("Negative, zero or positive?")
    expect(screen.status).to_contain_text(re.compile(r"^Position 1 of 9, .* equals what\?$"))
    assert screen.table("Output") == [["?", "", ""], [""] * 3, [""] * 3]


WAYS: dict[str, Callable[[Asked], None]] = {
    "nowhere, after three terms": lambda screen: the_output_stands_nowhere(screen, *"..."),
    "nowhere, after all terms": lambda screen: the_output_stands_nowhere(screen, *"." * 9),
    "nowhere, all said": lambda screen: the_output_stands_nowhere(screen, "e"),
    "pointed at": pointing_at_output_cells_gives_nothing_away,
    "scrubbed": a_scrub_goes_to_a_hidden_cell_and_keeps_those_passed,
    "single terms": single_terms_are_stepped_without_their_sum,
    "focus elsewhere": a_new_position_takes_no_focus_from_who_is_elsewhere,
    "letters in the answer": keys_typed_into_the_answer_are_only_text,
    "no playing": it_does_not_play_and_says_why,
    "zero": zero_is_an_answer,
}


def test_whatever_one_does_the_output_is_hidden_until_it_is_asked_for(open_page):
    screen = asked(open_page("?embed=true&v=1&step=3&predict=1"))
    the_output_stands_nowhere(screen)
    for name, way in WAYS.items():
        with case(name):
            ask_again(screen)
            way(screen)


def test_row_sums_of_a_folded_equation_are_hidden_and_come_back(open_page):
    screen = asked(open_page(f"?embed=true&v=1&in=random&k=1/16*{SEVEN}&pad=3&predict=1"))
    sums = screen.region.locator(".row-sum .chip")
    expect(sums).to_have_text(["…"] * 7)
    assert "row sums" not in screen.text()
    assert "in all times 1/16" in screen.text()
    screen.press("v")
    expect(sums).not_to_have_text(["…"] * 7)
    # The first three rows lie in the padding.
    expect(sums.first).to_have_text("0")


# The questions.


def test_a_right_answer_with_the_keyboard_alone(open_page):
    screen = Asked(open_page())
    screen.press("p")
    expect(screen.question).to_contain_text("Negative, zero or positive?")
    expect(screen.status).to_have_text(
        "Position 1 of 9, output row 1, column 1. Output hidden: predict. 3 times 0, plus 3 times "
        "1, plus 2 times 2, plus 0 times 2, plus 0 times 2, plus 1 times 0, plus 3 times 0, plus "
        "1 times 1, plus 2 times 2 equals what?"
    )
    screen.page.keyboard.press("3")
    expect(screen.answer).to_be_focused()
    for name in ("Check", "Reveal"):
        screen.page.keyboard.press("Tab")
        expect(screen.button(name)).to_be_focused()
    screen.answer.focus()
    screen.page.keyboard.type("12")
    screen.page.keyboard.press("Enter")
    expect(screen.status).to_have_text("Right: 12. 1 of 1 right.")
    expect(screen.total).to_have_text("12")
    assert screen.flat("Products") == [0, 3, 4, 0, 0, 0, 0, 1, 4]
    # It stays until it is told to go on; who is in the question stays in it.
    onward = screen.question.get_by_role("button", name="Next position")
    expect(onward).to_be_focused()
    screen.page.keyboard.press("Enter")
    screen.at(2)
    expect(screen.question.get_by_role("button", name="Negative")).to_be_focused()
    screen.page.keyboard.press("ArrowLeft")
    expect(screen.question.get_by_role("button", name="Positive")).to_be_focused()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowRight")
    expect(screen.question.get_by_role("button", name="Zero")).to_be_focused()
    screen.at(2)


def test_the_score_counts_answers_and_no_reveals(open_page):
    screen = asked(open_page("?embed=true&v=1&predict=1&k=sobel-x"))
    # 0: -3 + 2 + 0 + 2 - 3 + 2
    screen.question.get_by_role("button", name="Zero").click()
    expect(screen.question).to_contain_text("Right: 0.")
    screen.button("Next").click()
    screen.question.get_by_role("button", name="Reveal").click()
    expect(screen.question).to_contain_text("The output is 5.")
    expect(screen.status).to_contain_text("equals 5.")
    expect(screen.question).to_contain_text("1 of 1 right")
    screen.button("Next").click()
    screen.reply("Negative", "-77")
    expect(screen.question).to_contain_text("1 of 2 right")
    # Back at an answered position there is nothing to ask.
    screen.button("Back").click()
    expect(screen.question).to_contain_text("The output is 5.")
    expect(screen.question.get_by_role("button", name="Zero")).to_be_hidden()
    expect(screen.total).to_have_text("5")


def what_is_no_number_is_not_counted(screen: Asked) -> None:
    screen.reply("Positive", "0,5")
    said = 'Write "0,5" with a point: 0.5.'
    expect(screen.question).to_contain_text(said)
    expect(screen.status).to_have_text(said)
    expect(screen.answer).to_be_focused()
    assert "right" not in (screen.question.text_content() or "")
    screen.answer.fill("12")
    screen.question.get_by_role("button", name="Check").click()
    expect(screen.question).to_contain_text("1 of 1 right")


def a_wrong_answer_is_explained_beside_the_terms(screen: Asked) -> None:
    screen.reply("Positive", "8")
    said = "Not 8: the output is 12. Without 2 × 2 at kernel row 1, column 3 the sum is 8."
    expect(screen.question).to_contain_text(said)
    expect(screen.status).to_have_text(f"{said} 1 of 2 right.")
    lit = screen.region.locator(".equation .term.now")
    expect(lit).to_have_attribute("data-term", "2")
    screen.button("Next").click()
    expect(lit).to_have_count(0)
    expect(screen.question).to_contain_text("1 of 2 right")


def a_right_number_after_a_wrong_sign(screen: Asked) -> None:
    screen.reply("Negative", "12")
    expect(screen.status).to_have_text(
        "12 is right, but it is positive, not negative. 1 of 3 right."
    )


def test_each_answer_is_told_and_counted(open_page):
    screen = asked(open_page("?embed=true&v=1&predict=1"))
    what_is_no_number_is_not_counted(screen)
    for way in (a_wrong_answer_is_explained_beside_the_terms, a_right_number_after_a_wrong_sign):
        with case(way.__name__):
            ask_again(screen)
            way(screen)


def test_long_numbers_are_told_in_three_digits(open_page):
    # 12/9, 12/9, 17/9 and 10/9.
    screen = asked(open_page("?embed=true&v=1&predict=1&k=0,1/9,2/9_2/9,2/9,0_0,1/9,2/9"))
    for answer, said in [
        ("1.33", "Right: 1.33. 1 of 1 right."),
        ("1.3", "Not 1.3: the output is ≈ 1.33. Three digits are asked for. 1 of 2 right."),
        ("77", "Not 77: the output is ≈ 1.89. 1 of 3 right."),
    ]:
        screen.reply("Positive", answer)
        expect(screen.status).to_have_text(said)
        screen.button("Next").click()
    screen.press("v")
    expect(screen.question).to_contain_text("The output is ≈ 1.11.")


def test_predicting_while_it_plays_stops_it(open_page):
    screen = Screen(open_page("?embed=true&v=1&in=random&pad=same", reduced_motion="no-preference"))
    screen.press("k")
    expect(screen.button("Pause")).to_be_visible()
    screen.press("p")
    expect(screen.button("Play")).to_be_visible()
    expect(screen.region.locator(".total")).to_have_text("?")


# Links.


def test_the_address_says_that_one_predicts(open_page):
    page = open_page("?embed=true")
    screen = Screen(page)
    screen.button("Predict").click()
    page.wait_for_url("**/?embed=true&predict=1")
    screen.press("ArrowRight")
    page.wait_for_url("**/?embed=true&predict=1&step=2")
    screen.press("Escape")
    page.wait_for_url("**/?embed=true&step=2")
    expect(screen.region.locator(".total")).to_have_text("12")


def test_other_numbers_from_the_server_ask_anew(open_page):
    page = open_page()
    screen = Asked(page)
    screen.press("p")
    screen.press("v")
    expect(screen.total).to_have_text("12")
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    # Flipped the first sum is 18.
    expect(screen.total).to_have_text("?")
    page.wait_for_url("**/?v=1&op=conv&predict=1")
    screen.reply("Positive", "12")
    expect(screen.question).to_contain_text("That is with the kernel as typed")
    page.get_by_test_id("stSidebar").get_by_text("Cross-correlation", exact=True).click()
    expect(screen.total).to_have_text("?")
    expect(screen.question).to_contain_text("0 of 1 right")


def test_back_ends_it_where_the_older_address_did_not_have_it(open_page):
    page = open_page()
    screen = Asked(page)
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    page.wait_for_url("**/?v=1&op=conv")
    screen.press("p")
    page.wait_for_url("**/?v=1&op=conv&predict=1")
    page.go_back()
    expect(screen.question).to_be_hidden()
    expect(screen.total).to_have_text("12")
    page.go_forward()
    expect(screen.question).to_be_visible()
    expect(screen.total).to_have_text("?")


def test_what_was_left_is_not_there_again_after_a_visit_to_another_page(open_page):
    page = open_page("?v=1&predict=1")
    screen = asked(page)
    screen.press("p")
    page.wait_for_url(re.compile(r"/(\?v=1)?$"))
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_role("region", name="Picture and feature map")).to_be_visible()
    page.get_by_role("link", name="Step by step", exact=True).click()
    expect(screen.total).to_have_text("12")
    expect(screen.question).to_be_hidden()


def test_the_score_lasts_as_long_as_the_tab(open_page):
    page = open_page("?v=1&predict=1")
    screen = asked(page)
    screen.reply("Positive", "12")
    expect(screen.question).to_contain_text("1 of 1 right")
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_role("region", name="Picture and feature map")).to_be_visible()
    page.get_by_role("link", name="Step by step", exact=True).click()
    screen.button("Predict").click()
    expect(screen.question).to_contain_text("1 of 1 right")


# Everybody can use it.


@in_each_window
def test_every_part_of_it_is_accessible_and_fits(open_page, sizes):
    page = open_page("?v=1&predict=1&bias=2", **first(sizes))
    screen = asked(page)
    for size in sizes:
        with in_size(page, size):
            check_every_part(screen, size)
        # The sum of the second position is 12 too.
        screen.press("ArrowRight")
        expect(screen.total).to_have_text("?")


def check_every_part(screen: Asked, size: tuple[int, int]) -> None:
    page, seen = screen.page, []
    for act in (lambda: None, lambda: screen.press("3"), lambda: screen.answer.press("Enter")):
        act()
        # Until there is a right answer, nothing but the question changes.
        part = screen.question if seen else None
        seen.append(screen.question.text_content())
        with case(seen[-1]):
            assert faults_in(page, [size], part) == []
            assert screen.region.evaluate(SMALL) == []
            assert screen.question.evaluate("(q) => q.scrollWidth - q.clientWidth") <= 0
    screen.answer.fill("12")
    screen.answer.press("Enter")
    expect(screen.question).to_contain_text("Not 12: the output is 14. Without bias 2 it is 12.")
    expect(screen.question).to_be_in_viewport(ratio=1)
    assert faults_in(page, [size]) == []
    assert len(set(seen)) == 3


@pytest.mark.parametrize("query", ["pad=1&s=0&k=no", "embed=true&pad=1"])
def test_the_dock_leaves_the_buttons_free_whatever_is_above(open_page, query):
    screen = Screen(open_page(f"?v=1&in=random&{query}"))
    for key in "pp":
        screen.press(key)
    dock = screen.region.locator(".dock").bounding_box()
    modes = screen.button("Predict").bounding_box()
    assert dock["y"] + dock["height"] <= 720
    assert modes["y"] + modes["height"] <= dock["y"]
    # And no room is left over that would make the numbers larger.
    assert dock["y"] + dock["height"] >= 630
    assert screen.panel("input").bounding_box()["height"] >= (400 if "embed" in query else 250)


def test_on_a_small_phone_question_and_terms_are_seen_together(open_page):
    screen = asked(open_page("?embed=true&v=1&predict=1", width=320, height=640))
    for part in (screen.region.locator(".terms"), screen.question, screen.button("Next")):
        expect(part).to_be_in_viewport(ratio=1)
    # And the cell that is asked for.
    expect(screen.panel("output").locator(".spot")).to_be_in_viewport(ratio=1)
