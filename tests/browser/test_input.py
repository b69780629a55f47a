"""What people bring, in a real browser: typed, pasted and uploaded; good and bad."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from convviz import correlate2d, kernel
from convviz.images import plane, read_image
from tests.browser.screen import Screen, case

PASTE = """(cell, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const options = {clipboardData: data, bubbles: true, cancelable: true};
    cell.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def editor(page: Page, name: str = "Kernel") -> Locator:
    return page.get_by_role("group", name=f"{name} editor")


def cell(page: Page, row: int, column: int, name: str = "Kernel") -> Locator:
    return editor(page, name).get_by_role("textbox", name=f"Row {row}, column {column}", exact=True)


def paste(page: Page, text: str, name: str = "Kernel") -> None:
    cell(page, 1, 1, name).evaluate(PASTE, text)


def choose(page: Page, source: str) -> None:
    page.get_by_role("radiogroup", name="Source").get_by_text(source, exact=True).click()


def upload(page: Page, name: str, data: bytes) -> None:
    box = page.get_by_test_id("stFileUploaderDropzoneInput").first
    box.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def test_a_typed_weight_shows_at_once(visit):
    page = visit()
    screen = Screen(page)
    cell(page, 1, 1).fill("1/2")
    cell(page, 1, 1).press("Enter")
    # The first input is 3: 3 times 1/2 more than 12.
    expect(screen.status).to_contain_text("equals 13.5.")
    assert screen.table("Kernel")[0][0] == "1/2"


BAD_CELLS = {
    "1/0": "divides by zero",
    "nan": "nan",
    "1e400": "too large",
    "1e9999999": "1e9999999",
    "\uff11\uff12": "\uff11\uff12",
}


def test_a_bad_cell_is_named_and_the_last_kernel_keeps_running(visit):
    page = visit()
    screen = Screen(page)
    message = editor(page).get_by_text("Row 2, column 3")
    for bad, words in BAD_CELLS.items():
        with case(bad):
            cell(page, 2, 3).fill(bad)
            cell(page, 2, 3).press("Enter")
            expect(message).to_be_visible()
            expect(message).to_contain_text(words)
            expect(cell(page, 2, 3)).to_have_value(bad)
            screen.button("Next").click()
            screen.at(2)
            assert screen.value() == 12
            cell(page, 2, 3).fill("0")
            cell(page, 2, 3).press("Enter")
            expect(message).to_be_hidden()
            screen.button("First").click()
            screen.at(1)


def test_spreadsheet_cells_are_pasted_with_a_preview(visit):
    page = visit()
    screen = Screen(page)
    paste(page, "1/9\t1/9\t1/9\n1/9\t1/9\t1/9\n1/9\t1/9\t1/9")
    page.get_by_role("button", name="Use these numbers").click()
    expect(screen.status).to_contain_text("1/9")
    assert screen.table("Kernel") == [["1/9"] * 3] * 3
    # The exact mean of the first window: 3 3 2 0 0 1 3 1 2 sum to 15.
    assert screen.value() == 15 / 9
    expect(editor(page).get_by_text("Sum 1: keeps brightness.")).to_be_visible()


def test_identity_pasted_with_brackets_keeps_the_input(visit):
    page = visit("?v=1&pad=1")
    screen = Screen(page)
    paste(page, "[0 0 0, 0 1 0, 0 0 0]")
    page.get_by_role("button", name="Use these numbers").click()
    expect(screen.status).to_contain_text("3 times 1")
    screen.press("End")
    inner = np.array(screen.numbers("Input"))[1:-1, 1:-1]
    assert screen.numbers("Output") == inner.tolist()


def test_a_ragged_paste_says_why_and_changes_nothing(open_page):
    page = open_page()
    screen = Screen(page)
    before = screen.table("Kernel")
    paste(page, "1 2 3\n4 5")
    expect(editor(page).get_by_text("Row 2")).to_be_visible()
    expect(page.get_by_role("button", name="Use these numbers")).to_be_disabled()
    assert screen.table("Kernel") == before


def test_own_input_matrix(open_page):
    page = open_page("?v=1&k=identity")
    screen = Screen(page)
    choose(page, "Numbers")
    paste(page, "1,2,3\n4,5,6\n7,8,9", "Input matrix")
    page.get_by_role("button", name="Use these numbers").click()
    expect(screen.status).to_contain_text("Position 1 of 1")
    assert screen.value() == 5
    assert screen.numbers("Input") == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_undo_and_redo(visit):
    page = visit()
    screen = Screen(page)
    editor(page).get_by_role("button", name="Negate").click()
    expect(screen.status).to_contain_text("equals \u221212.")
    editor(page).get_by_role("button", name="Undo").click()
    expect(screen.status).to_contain_text("equals 12.")
    editor(page).get_by_role("button", name="Redo").click()
    expect(screen.status).to_contain_text("equals \u221212.")


def test_an_edit_that_is_lost_on_the_way_is_said_again(visit):
    page = visit()
    screen = Screen(page)
    page.evaluate(
        """() => {
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = () => { WebSocket.prototype.send = send; };
        }"""
    )
    editor(page).get_by_role("button", name="Negate").click()
    expect(screen.status).to_contain_text("equals \u221212.")
    assert page.evaluate("WebSocket.prototype.send.toString().includes('native')")


def photo(mode: str = "RGB", rows: int = 300, columns: int = 400) -> Image.Image:
    """Draw something with the grain of a photograph."""
    grain = np.random.default_rng(7).normal(0, 6, (rows, columns, 1))
    row, column = np.mgrid[:rows, :columns][..., np.newaxis]
    waves = [np.sin(row / 17 + phase) * 60 + np.cos(column / 23) * 50 for phase in (0, 1, 2)]
    pixels = np.clip(128 + np.concatenate(waves, axis=2) + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def encoded(picture: Image.Image, format: str, **options: int) -> bytes:
    data = io.BytesIO()
    picture.save(data, format, **options)
    return data.getvalue()


def sixteen_bit(rows: int) -> bytes:
    grey = np.asarray(photo("L", rows)).astype(np.uint16) * 257
    return encoded(Image.fromarray(grey), "PNG")


# Each of another height, which tells which of them is shown.
UPLOADS = {
    "photo.png": (300, lambda rows: encoded(photo("RGB", rows), "PNG")),
    "photo.jpg": (310, lambda rows: encoded(photo("RGB", rows), "JPEG", quality=90)),
    "deep.png": (320, sixteen_bit),
    "print.jpg": (330, lambda rows: encoded(photo("CMYK", rows), "JPEG", quality=90)),
}


def test_an_uploaded_picture_has_numpys_numbers(open_page):
    page = open_page("?v=1&k=sobel-x&pad=same&size=full&patch=101,51,12")
    choose(page, "Picture")
    for name, (rows, encode) in UPLOADS.items():
        with case(name):
            data = encode(rows)
            upload(page, name, data)
            numbers_are_numpys(Screen(page), data, rows)


def numbers_are_numpys(screen: Screen, data: bytes, rows: int) -> None:
    shown_at_last = screen.region.get_by_text(f"of {rows} × 400").first
    expect(shown_at_last).to_be_visible(timeout=20_000)
    grey = plane(read_image(data), "grey")
    whole = correlate2d(grey, kernel("sobel-x"), padding="same")
    screen.press("End")
    text = screen.status.text_content() or ""
    row, column = place(text)
    assert screen.value() == whole[row - 1, column - 1]
    shown = np.array(screen.numbers("Output"))
    rows, columns = shown.shape
    assert shown.tolist() == whole[row - rows : row, column - columns : column].tolist()
    expect(screen.page.get_by_text("not in the link")).to_be_visible()


def place(text: str) -> tuple[int, int]:
    """Read output row and column from the sentence."""
    words = text.replace(",", " ").replace(".", " ").split()
    return int(words[words.index("row") + 1]), int(words[words.index("column") + 1])


HUGE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + (30_000).to_bytes(4, "big") * 2
    + b"\x08\x02\x00\x00\x00\xd1\x93\x1a\x9e"
)


BAD_PICTURES = [
    ("text.png", b"This is not a picture.", "not a picture"),
    ("cut.jpg", encoded(photo(), "JPEG")[:3000], "ends too early"),
    ("huge.png", HUGE, "30000 × 30000"),
]


def test_a_bad_picture_says_why_and_the_old_one_stays(open_page):
    page = open_page("?v=1&k=sobel-x&pad=same")
    screen = Screen(page)
    choose(page, "Picture")
    upload(page, "good.png", encoded(photo(), "PNG"))
    expect(screen.region.get_by_text("of 192 × 256").first).to_be_visible(timeout=20_000)
    before = screen.status.text_content()
    for name, data, words in BAD_PICTURES:
        with case(name):
            upload(page, name, data)
            expect(page.get_by_test_id("stSidebar").get_by_text(words)).to_be_visible()
            assert screen.status.text_content() == before


def test_numbers_from_files(open_page):
    page = open_page("?v=1&k=identity")
    screen = Screen(page)
    choose(page, "Numbers")
    upload(page, "table.csv", b"1,2,3\r\n4,50,6\r\n7,8,9\r\n")
    expect(screen.status).to_contain_text("equals 50.")
    array = io.BytesIO()
    np.save(array, np.full((3, 3), 0.25))
    upload(page, "array.npy", array.getvalue())
    expect(screen.status).to_contain_text("equals 0.25.")


def test_a_pickled_npy_is_refused(open_page):
    page = open_page("?v=1&k=identity")
    screen = Screen(page)
    choose(page, "Numbers")
    upload(page, "table.csv", b"1,2,3\n4,50,6\n7,8,9\n")
    expect(screen.status).to_contain_text("equals 50.")
    array = io.BytesIO()
    np.save(array, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    upload(page, "evil.npy", array.getvalue())
    expect(page.get_by_test_id("stSidebar").get_by_text("objects")).to_be_visible()
    upload(page, "plain.npy", pickle.dumps([1, 2]))
    expect(screen.status).to_contain_text("equals 50.")


def test_a_click_on_the_picture_moves_the_patch(visit):
    page = visit("?v=1&in=scene&k=sobel-x&pad=same")
    screen = Screen(page)
    expect(screen.status).to_contain_text("Position 1 of 144")
    before = screen.numbers("Input")
    picture = page.locator('[data-figure="image"] .frame-box')
    picture.click(position={"x": 30, "y": 30})
    expect(page.get_by_role("spinbutton", name="Patch row")).not_to_have_value("61")
    assert screen.numbers("Input") != before


@pytest.mark.parametrize("kernel", ["1,2_3,4", "box-3"])
def test_a_click_on_the_map_goes_to_that_very_cell(visit, kernel):
    page = visit(f"?v=1&in=tiny&k={kernel}&pad=full&patch=1,1,12")
    box = page.locator('[data-figure="map"] .frame-box')
    side = 33 if kernel == "1,2_3,4" else 34
    # The first click is on the cell where the player is not yet.
    for row, column in [(15, 20), (32, 32), (0, 0)]:
        with case((row, column)):
            area = box.bounding_box()
            position = {
                "x": (column + 0.5) / side * area["width"],
                "y": (row + 0.5) / side * area["height"],
            }
            box.click(position=position)
            said = f"output row {row + 1}, column {column + 1}."
            expect(Screen(page).status).to_contain_text(said)


def test_the_pair_marks_where_the_player_is(visit):
    page = visit("?v=1&in=scene&k=sobel-x&pad=same")
    screen = Screen(page)
    marks = [page.locator(f'[data-figure="{name}"] path.now') for name in ("image", "map")]
    before = [mark.get_attribute("d") for mark in marks]
    screen.press("ArrowDown")
    screen.at(13)
    for mark, old in zip(marks, before, strict=True):
        expect(mark).not_to_have_attribute("d", old or "")


def test_an_emptied_number_is_the_last_good_one_again(visit):
    page = visit("?v=1&s=2")
    stride = page.get_by_role("spinbutton", name="Stride, vertical")
    stride.fill("99")
    stride.press("Enter")
    refusal = page.get_by_text("Stride, vertical 99 is out of range: choose 1 to 16.")
    expect(refusal).to_be_visible()
    expect(stride).to_have_value("2")
    stride.fill("")
    stride.press("Enter")
    expect(stride).to_have_value("2")
    expect(refusal).to_have_count(0)
    expect(page.get_by_text("out of range")).to_have_count(0)
