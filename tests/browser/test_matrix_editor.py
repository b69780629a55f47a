"""The matrix editor in a real browser: typing, keys, pasting, buttons, phone width, axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import ROOT, Servers, Tabs, Watch, axe, axe_in_both_themes
from tests.browser.screen import case, settle

APP = ROOT / "tests" / "browser" / "apps" / "matrix_editor_app.py"
BLUR = "0.0625 0.125 0.0625\n0.125 0.25 0.125\n0.0625 0.125 0.0625"

Open = Callable[..., "Editor"]


class Editor:
    """One editor on its page, by the names a person would use."""

    def __init__(self, page: Page, label: str = "Kernel", key: str = "kernel") -> None:
        self.page = page
        self.box = page.get_by_role("group", name=f"{label} editor")
        self.numbers = page.locator(f".st-key-{key}-numbers")

    def cell(self, row: int, column: int) -> Locator:
        return self.box.get_by_role("textbox", name=f"Row {row}, column {column}", exact=True)

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def paste(self, text: str) -> None:
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("Control+v")

    def preset(self, side: int) -> Locator:
        return self.page.get_by_role("button", name=f"{side} x {side}", exact=True)

    def choose(self, side: int) -> None:
        self.preset(side).click()

    def shows(self, numbers: str) -> None:
        """Wait until Python has these numbers."""
        expect(self.numbers).to_have_text(re.compile(rf"^\s*{re.escape(numbers)}\s*$"))

    @property
    def message(self) -> Locator:
        return self.box.locator("#message")


@pytest.fixture
def open_editor(new_page: Callable[..., Page], servers: Servers) -> Open:
    def open_it(query: str = "", **how: object) -> Editor:
        page = new_page(**how)
        page.goto(f"{servers.of(APP).url}/{query}", wait_until="commit")
        editor = Editor(page)
        editor.box.wait_for(state="visible")
        Editor(page, "Input matrix").box.wait_for(state="visible")
        return editor

    return open_it


@pytest.fixture
def editor(open_editor: Open, tabs: Tabs, watch: Watch) -> Editor:
    """Two new editors in a page that stands open, for a quarter of what it takes to open one."""
    page = tabs.come_to(APP.stem)
    if page is None:
        page = open_editor().page
    else:
        watch.attach(page)
        before = Editor(page).box.element_handle()
        page.get_by_role("button", name="Begin again").click()
        before.wait_for_element_state("hidden")
        page.mouse.move(-10, -10)
        settle(page)
    watch.visited[page] = APP.stem
    return Editor(page)


def test_enter_commits_and_moves_down(editor: Editor):
    editor.cell(1, 2).click()
    editor.press("-", "1", "/", "2", "Enter")
    expect(editor.cell(2, 2)).to_be_focused()
    expect(editor.cell(1, 2)).to_have_value("\u22121/2")
    editor.shows(BLUR.replace("0.125", "-0.03125", 1))
    editor.press("Shift+Enter")
    expect(editor.cell(1, 2)).to_be_focused()


def test_a_rest_while_typing_is_enough_and_makes_one_undo_step(editor: Editor):
    editor.cell(2, 2).click()
    editor.press("8")
    editor.shows(BLUR.replace("0.25", "0.5"))
    editor.press("0")
    editor.shows(BLUR.replace("0.25", "5"))
    expect(editor.cell(2, 2)).to_be_focused()
    expect(editor.cell(2, 2)).to_have_value("80")
    editor.press("Tab")
    editor.button("Undo").click()
    editor.shows(BLUR)
    expect(editor.button("Undo")).to_be_disabled()
    editor.button("Redo").click()
    editor.shows(BLUR.replace("0.25", "5"))


def test_what_is_typed_on_is_never_overwritten(editor: Editor):
    editor.cell(1, 1).click()
    digits = "12345678"
    cell = editor.cell(1, 1).element_handle()
    for count, digit in enumerate(digits, start=1):
        editor.press(digit)
        # The next digit comes as soon as this one is sent: its answer is then on the way.
        editor.page.wait_for_function(
            "([cell, text]) => cell.dataset.known === text", arg=[cell, digits[:count]]
        )
    expect(editor.cell(1, 1)).to_have_value(digits)
    editor.press("Enter")
    editor.shows(BLUR.replace("0.0625", "771604.875", 1))


def test_arrows_move_between_cells_and_inside_a_text(editor: Editor):
    editor.cell(2, 2).focus()
    editor.press("ArrowRight")
    expect(editor.cell(2, 3)).to_be_focused()
    editor.press("ArrowUp", "ArrowUp", "ArrowRight")
    expect(editor.cell(1, 3)).to_be_focused()
    editor.press("ArrowLeft", "ArrowLeft", "ArrowDown")
    expect(editor.cell(2, 1)).to_be_focused()
    editor.press("1", "2", "ArrowLeft", "0")
    expect(editor.cell(2, 1)).to_have_value("102")
    editor.press("ArrowRight", "ArrowRight")
    expect(editor.cell(2, 2)).to_be_focused()
    editor.shows(BLUR.replace("\n0.125", "\n6.375"))


def test_tab_leads_through_the_cells_and_out(editor: Editor):
    editor.cell(3, 2).focus()
    editor.press("Tab")
    expect(editor.cell(3, 3)).to_be_focused()
    editor.press("Tab")
    expect(editor.button("Normalise")).to_be_focused()


def test_escape_restores_the_cell(editor: Editor):
    editor.cell(2, 2).click()
    editor.press("9")
    editor.shows(BLUR.replace("0.25", "0.5625"))
    editor.press("Escape")
    expect(editor.cell(2, 2)).to_have_value("4")
    editor.shows(BLUR)
    expect(editor.button("Undo")).to_be_disabled()


def test_a_bad_cell_is_named_and_the_last_good_numbers_run_on(editor: Editor):
    editor.cell(2, 3).fill("1/0")
    editor.press("Enter")
    expect(editor.message).to_contain_text("Row 2, column 3: 1/0 divides by zero")
    expect(editor.cell(2, 3)).to_have_attribute("aria-invalid", "true")
    expect(editor.cell(2, 3)).to_have_accessible_description(re.compile("divides by zero"))
    expect(editor.cell(3, 3)).to_have_attribute("aria-invalid", "false")
    editor.shows(BLUR)
    editor.button("Rotate").click()
    expect(editor.message).to_contain_text("Put this right first.")
    expect(editor.cell(2, 3)).to_have_value("1/0")
    editor.cell(2, 3).fill("1/2")
    editor.press("Enter")
    expect(editor.message).to_be_empty()
    expect(editor.cell(2, 3)).to_have_attribute("aria-invalid", "false")
    editor.shows(BLUR.replace("0.25 0.125", "0.25 0.03125"))


def test_factor(editor: Editor):
    factor = editor.box.get_by_role("textbox", name="Factor")
    factor.fill("1/4")
    editor.press("Enter")
    editor.shows("0.25 0.5 0.25\n0.5 1 0.5\n0.25 0.5 0.25")
    factor.fill("x")
    editor.press("Enter")
    expect(factor).to_have_attribute("aria-invalid", "true")
    expect(editor.message).to_contain_text("factor")
    editor.press("Control+z")
    expect(factor).to_have_value("1/4")
    expect(editor.message).to_be_empty()
    editor.button("Undo").click()
    expect(factor).to_have_value("1/16")


def test_cells_copied_from_a_spreadsheet_are_previewed(editor: Editor):
    editor.cell(1, 1).focus()
    editor.paste("1\t0\t-1\r\n2\t0\t-2\r\n")
    expect(editor.box.get_by_text("2 rows, 3 columns")).to_be_visible()
    expect(editor.box.get_by_role("cell")).to_have_text(["1", "0", "\u22121", "2", "0", "\u22122"])
    editor.shows(BLUR)
    expect(editor.button("Use these numbers")).to_be_focused()
    editor.press("Enter")
    editor.shows("1 0 -1\n2 0 -2")
    expect(editor.cell(1, 1)).to_be_focused()
    expect(editor.button("Use these numbers")).to_be_hidden()
    editor.press("Control+z")
    editor.shows(BLUR)


def test_one_number_is_pasted_into_its_cell(editor: Editor):
    editor.cell(2, 2).click()
    editor.paste(" 1/9\n")
    editor.press("Enter")
    expect(editor.cell(2, 2)).to_have_value("1/9")
    expect(editor.button("Use these numbers")).to_be_hidden()


def test_paste_by_the_button(editor: Editor):
    editor.button("Paste").click()
    text = editor.box.get_by_label("Paste or type a matrix")
    expect(text).to_be_focused()
    text.fill("1 2\n3")
    expect(editor.box.locator("#unreadable")).to_contain_text("Row 2")
    expect(editor.button("Use these numbers")).to_be_disabled()
    text.fill("1/2 x [1 2; 3 4]")
    expect(editor.box.get_by_text("2 rows, 2 columns, 1/2 × in front")).to_be_visible()
    editor.button("Cancel").click()
    expect(text).to_be_hidden()
    editor.shows(BLUR)
    editor.button("Paste").click()
    text.fill("1/2 x [1 2; 3 4]")
    expect(editor.button("Use these numbers")).to_be_enabled()
    editor.button("Use these numbers").click()
    editor.shows("0.5 1\n1.5 2")
    expect(text).to_be_hidden()


def test_an_empty_paste_says_what_is_missing(editor: Editor):
    editor.button("Paste").click()
    editor.button("Use these numbers").click(force=True)
    expect(editor.box.locator("#unreadable")).to_contain_text("There are no numbers: type some")
    expect(editor.button("Use these numbers")).to_be_disabled()
    editor.button("Cancel").click()
    editor.button("Clear").click()
    editor.shows("0 0 0\n0 0 0\n0 0 0")


def test_an_endless_paste_is_answered_and_the_editor_goes_on(editor: Editor):
    editor.cell(1, 1).focus()
    editor.paste("1 2\n" * 150_000)
    expect(editor.box.locator("#unreadable")).to_contain_text("The text has 102401 characters")
    editor.button("Cancel").click()
    editor.button("Clear").click()
    editor.shows("0 0 0\n0 0 0\n0 0 0")


def test_each_button_does_what_it_says(editor: Editor):
    editor.button("Paste").click()
    editor.box.get_by_label("Paste or type a matrix").fill("1 2; 3 4")
    editor.button("Use these numbers").click()
    editor.shows("1 2\n3 4")
    # By hand; each acts on the result of the one before.
    for name, numbers in [
        ("Flip 180°", "4 3\n2 1"),
        ("Transpose", "4 2\n3 1"),
        ("Rotate", "3 4\n1 2"),
        ("Normalise", "0.3 0.4\n0.1 0.2"),
        ("Negate", "-0.3 -0.4\n-0.1 -0.2"),
        ("Make sum 0", "-0.3 -0.4\n-0.1 0.8"),
        ("Clear", "0 0\n0 0"),
    ]:
        editor.button(name).click()
        editor.shows(numbers)
    expect(editor.box.locator(".caption")).to_contain_text("every output is 0")
    editor.button("Normalise").click()
    expect(editor.message).to_contain_text("The sum is 0")


def test_nothing_is_lost_when_two_changes_leave_at_once(editor: Editor):
    editor.cell(1, 1).click()
    editor.press("9")
    editor.button("Rotate").evaluate("(button) => { button.click(); button.click(); }")
    # The cell, then two quarter turns: the 9 comes to the opposite corner.
    editor.shows(BLUR[:-6] + "0.5625")


def test_size(editor: Editor):
    editor.button("More columns").evaluate("(button) => { button.click(); button.click(); }")
    expect(editor.cell(3, 5)).to_have_value("0")
    editor.button("Fewer rows").click()
    expect(editor.cell(3, 1)).to_be_hidden()
    editor.box.get_by_role("spinbutton", name="Columns").fill("99")
    editor.press("Enter")
    expect(editor.cell(2, 15)).to_be_visible()
    expect(editor.button("More columns")).to_be_disabled()
    rows = editor.box.get_by_role("spinbutton", name="Rows")
    for no_size in ("-5", "0", ""):
        rows.fill(no_size)
        editor.press("Enter")
        expect(rows).to_have_value("2")
        expect(editor.cell(2, 15)).to_be_visible()
    rows.fill("1")
    editor.press("Enter")
    expect(editor.button("Fewer rows")).to_be_disabled()
    editor.box.get_by_role("spinbutton", name="Columns").fill("1")
    editor.press("Enter")
    editor.shows("0.0625")


def test_a_preset_replaces_the_numbers_and_can_be_undone(editor: Editor):
    editor.choose(5)
    expect(editor.cell(5, 5)).to_have_value("\u22121")
    editor.button("Undo").click()
    editor.shows(BLUR)
    expect(editor.cell(3, 3)).to_have_value("1")


def test_two_editors_do_not_mix(editor: Editor):
    other = Editor(editor.page, "Input matrix", "input")
    other.cell(5, 5).fill("7")
    other.press("Enter")
    other.shows("3 3 2 1 0\n0 0 1 3 1\n3 1 2 2 3\n2 0 0 2 2\n2 0 0 0 7")
    editor.shows(BLUR)
    editor.cell(3, 3).fill("8")
    editor.press("Enter")
    editor.shows(BLUR[:-6] + "0.5")
    expect(other.cell(3, 3)).to_have_value("2")


def test_cells_are_kept_and_listened_to_once(editor: Editor):
    editor.cell(1, 1).evaluate("(cell) => { cell.mark = 'kept'; }")
    for number in "345":
        editor.cell(1, 1).click()
        editor.press(number, "Enter")
        expect(editor.cell(2, 1)).to_be_focused()
        editor.shows(BLUR.replace("0.0625", str(int(number) / 16), 1))
    assert editor.cell(1, 1).evaluate("(cell) => cell.mark") == "kept"
    expect(editor.button("More rows").locator("svg")).to_have_count(1)


def test_streamlits_own_keys_do_nothing_inside(open_editor: Open):
    editor = open_editor("?side=31")
    run = editor.page.get_by_text(re.compile("^Run "))
    idle = editor.page.locator(".stApp[data-test-script-state=notRunning]")  # else r does nothing
    expect(run).to_have_text("Run 1")
    idle.wait_for()
    for inside in (editor.box.get_by_role("application"), editor.button("Clear")):
        inside.focus()
        editor.press("r", "c")
    editor.button("Negate").click()
    expect(editor.box.locator(".reading")).to_have_text("Row 1, column 1: 3")
    expect(run).to_have_text("Run 2")
    expect(editor.page.get_by_role("dialog")).to_have_count(0)
    idle.wait_for()
    editor.page.locator("h1").click()
    editor.press("r")
    expect(run).to_have_text("Run 3")


def test_many_cells_are_a_picture_that_reads_its_values(editor: Editor):
    editor.choose(31)
    picture = editor.box.get_by_role("application", name=re.compile("Kernel, 31 rows, 31 columns"))
    reading = editor.box.locator(".reading")
    expect(editor.cell(1, 1)).to_be_hidden()
    expect(reading).to_have_text("Row 1, column 1: \u22123")
    picture.focus()
    editor.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(reading).to_have_text("Row 3, column 4: 3")  # (2 * 3) % 7 - 3
    editor.press("End")
    expect(reading).to_have_text("Row 3, column 31: 1")  # (2 * 30) % 7 - 3
    # An orange and a blue dot: the ends of the scale are the values -3 and 3.
    dots = "(canvas) => [...canvas.getContext('2d').getImageData(3, 2, 1, 1).data]"
    assert picture.evaluate(dots) == [5, 48, 97, 255]
    box = picture.bounding_box()
    picture.hover(position={"x": box["width"] * 1.5 / 31, "y": box["height"] * 1.5 / 31})
    expect(reading).to_have_text("Row 2, column 2: \u22122")
    editor.page.mouse.move(box["x"] + box["width"] + 40, box["y"])
    expect(reading).to_have_text("Row 3, column 31: 1")
    editor.box.get_by_role("textbox", name="Factor").fill("1/2")
    editor.press("Enter")
    expect(reading).to_have_text("Row 3, column 31: 1/2 × 1")
    editor.button("Negate").click()
    expect(reading).to_have_text("Row 3, column 31: 1/2 × \u22121")
    editor.choose(3)
    expect(editor.cell(1, 1)).to_be_visible()
    expect(picture).to_be_hidden()


def test_it_fits_a_phone(open_editor: Open):
    editor = open_editor(width=320, height=640)
    for side in (1, 3, 5, 7, 15, 31):
        with case(side):
            # The sidebar lies over the button.
            editor.preset(side).evaluate("(button) => button.click()")
            picture = editor.box.get_by_role("application")
            expect(editor.cell(side, side) if side < 31 else picture).to_be_visible()
            expect(editor.cell(side + 1, 1)).to_be_hidden()
            fits_a_phone(editor, side)


def fits_a_phone(editor: Editor, side: int) -> None:
    editor.button("Rotate").click(trial=True)  # waits until everything stands still
    assert editor.page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = editor.box.evaluate(
        """(box) => [...box.querySelectorAll("button, input")]
            .map((target) => target.getBoundingClientRect())
            .filter(({ width }) => width > 0)
            .map(({ width, height, left, right }) => ({ width, height, left, right }))"""
    )
    frame = editor.box.bounding_box()
    assert min(size["height"] for size in sizes) >= (44 if side <= 7 else 36)
    assert min(size["width"] for size in sizes) >= 20
    if side <= 7:
        assert max(size["right"] for size in sizes) <= frame["x"] + frame["width"] + 0.5
    if side <= 5:
        cells = editor.box.locator(".cells input").all()
        assert min(cell.bounding_box()["width"] for cell in cells) >= 44


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(open_editor: Open, width: int):
    editor = open_editor(width=width, height=900)
    # No size changes a colour.
    look = axe_in_both_themes if width == 1280 else axe
    assert look(editor.page) == []
    editor.cell(2, 3).fill("1/0")
    editor.press("Enter")
    expect(editor.message).not_to_be_empty()
    editor.button("Paste").click()
    editor.box.get_by_label("Paste or type a matrix").fill(";".join([" ".join("1" * 31)] * 31))
    expect(editor.button("Use these numbers")).to_be_enabled()
    assert look(editor.page) == []
    editor.button("Use these numbers").click()
    expect(editor.box.get_by_role("application")).to_be_visible()
    assert look(editor.page) == []
