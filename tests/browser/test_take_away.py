"""Files to take away, as a visitor gets them: pressed, saved, and opened by something else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from scipy import ndimage

from tests.browser.driver import DEEP
from tests.browser.screen import Screen, case, faults_in, first, in_each_window, pick

# What can be taken away, and a button that shows that it is there.
PANELS = {
    "This step": "Save step as PNG",
    "Animation": "Make the animation",
    "Feature map": "Save map as PNG",
    "Numbers": "Save input (CSV)",
    "Code": "Save Plain Python code",
    "Web page": "Save web page",
    "Handout": "Save handout",
}
# The choice of one of them, and what stands below it.
CHOSEN = ".st-key-what, .st-key-what ~ *"
CLASSIC = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]], float
)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
QUERY = "?v=1&k=sobel-x&pad=same&bd=reflect&step=7"
SAVE_MAP = b"\nimport numpy\nnumpy.save('map', feature_map)\n"
# NumPy's "reflect" is SciPy's "mirror".
MAP = ndimage.correlate(CLASSIC, SOBEL, mode="mirror")


@pytest.fixture
def open_share(open_page, watch):
    watch.ignore += DEEP
    return lambda query=QUERY, **how: open_page(f"Share{query}", region="Share", **how)


def choose(page: Page, *texts: str) -> None:
    for text in texts:
        page.get_by_role("radio", name=text, exact=True).click()


def saved(page: Page, label: str, timeout: float = 30_000) -> tuple[str, bytes]:
    with page.expect_download(timeout=timeout) as waiting:
        page.get_by_role("button", name=label).click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def a_step_as_png_and_svg(page: Page) -> None:
    choose(page, "This step")
    name, data = saved(page, "Save step as PNG")
    picture = Image.open(io.BytesIO(data))
    assert (name, picture.format, picture.width) == ("convviz-sobel-x-step-7.png", "PNG", 960)
    name, data = saved(page, "Save step as SVG")
    # Row 2, column 2 of the map: the sum that ends the equation.
    assert name == "convviz-sobel-x-step-7.svg"
    assert f">{MAP[1, 1]:g}<".replace("-", "\u2212") in data.decode()


def the_feature_map_as_a_picture_and_as_floats(page: Page) -> None:
    choose(page, "Feature map")
    pick(page, "Colours of the PNG", "Clipped to 0 to 255")
    expect(page.get_by_text("The PNG: clipped to 0 to 255.")).to_be_visible()
    _, data = saved(page, "Save map as PNG")
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(read, np.clip(MAP, 0, 255))
    _, data = saved(page, "Save map as 32-bit TIFF")
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(read, MAP.astype(np.float32))


def numbers_in_three_formats(page: Page) -> None:
    choose(page, "Numbers")
    name, data = saved(page, "Save feature map (CSV)")
    assert name == "convviz-sobel-x-feature-map.csv"
    np.testing.assert_array_equal(np.loadtxt(io.BytesIO(data), delimiter=","), MAP)
    choose(page, "NPY")
    _, data = saved(page, "Save products of all positions (NPY)")
    products = np.load(io.BytesIO(data), allow_pickle=False)
    np.testing.assert_array_equal(products.sum((1, 2)), MAP.ravel())
    choose(page, "JSON")
    _, data = saved(page, "Save kernel (JSON)")
    assert json.loads(data)["kernel"]["values"] == SOBEL.tolist()


FILES = (
    the_feature_map_as_a_picture_and_as_floats,
    numbers_in_three_formats,
    a_step_as_png_and_svg,
)


def test_each_file_is_what_its_button_says(open_share):
    page = open_share()
    for file in FILES:
        with case(file.__name__):
            file(page)


def test_the_position_chosen_here_is_that_of_the_link_the_picture_and_the_player(open_share):
    page = open_share()
    box = page.get_by_role("spinbutton", name="Position, 1 to 25")
    box.fill("25")
    box.press("Enter")
    expect(page.get_by_role("img", name="Position 25 of 25")).to_be_visible()
    expect(page.get_by_role("textbox", name="Address", exact=True)).to_have_value(
        page.url.replace("Share", "").replace("step=7", "step=25")
    )
    page.get_by_role("link", name="Step by step").click()
    Screen(page).at(25)


def test_an_animation_has_every_position(open_share):
    page = open_share()
    choose(page, "Animation")
    for form, ending in [("WebP", "webp"), ("GIF", "gif")]:
        with case(form):
            choose(page, form)
            expect(page.get_by_text("25 frames, 34 s long, about")).to_be_visible()
            page.get_by_role("button", name="Make the animation").click()
            name, data = saved(page, f"Save convviz-sobel-x.{ending}")
            picture = Image.open(io.BytesIO(data))
            assert (name, picture.n_frames) == (f"convviz-sobel-x.{ending}", 25)
            expect(page.get_by_role("img", name="The animation")).to_be_visible()


def test_frames_in_a_zip_have_every_term(open_share):
    page = open_share("?v=1&m=1,2_3,4&k=1,2")
    choose(page, "Animation", "PNG frames", "Term", "Dark")
    expect(page.get_by_text("4 frames, 4 s long")).to_be_visible()
    page.get_by_role("button", name="Make the animation").click()
    name, data = saved(page, "Save convviz-own-kernel.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        pictures = [Image.open(files.open(one)) for one in files.namelist()]
    assert name == "convviz-own-kernel.zip"
    # The ground of a dark page, #121417.
    assert [picture.getpixel((0, 0)) for picture in pictures] == [(18, 20, 23)] * 4


def test_making_is_given_up_by_cancel_and_nothing_is_left(open_share):
    page = open_share("?v=1&in=scene&k=sobel-x&patch=1,1,64&pad=same")
    choose(page, "Animation")
    expect(page.get_by_text("4096 frames")).to_be_visible()
    page.get_by_role("button", name="Make the animation").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("button", name="Make the animation")).to_be_enabled()


def test_what_would_be_too_large_is_not_made(open_share):
    page = open_share("?v=1&in=scene&k=sobel-x&patch=1,1,64&pad=same")
    choose(page, "Animation", "Term")
    expect(page.get_by_text("more than 4096: choose")).to_be_visible()
    expect(page.get_by_role("button", name="Make the animation")).to_have_count(0)
    choose(page, "Position", "PNG frames")
    expect(page.get_by_text("choose a smaller width or fewer positions")).to_be_visible()
    expect(page.get_by_role("button", name="Make the animation")).to_have_count(0)
    page.get_by_role("slider").last.press("Home")
    expect(page.get_by_text("1 frame,")).to_be_visible()
    expect(page.get_by_role("button", name="Make the animation")).to_be_visible()


def test_code_runs_as_it_was_saved(open_share, tmp_path):
    page = open_share()
    choose(page, "Code")
    for library in ("Plain Python", "NumPy", "SciPy", "OpenCV"):
        with case(library):
            choose(page, library)
            name, data = saved(page, f"Save {library} code")
            (tmp_path / name).write_bytes(data + SAVE_MAP)
            subprocess.run([sys.executable, name], cwd=tmp_path, check=True, capture_output=True)
            np.testing.assert_allclose(np.load(tmp_path / "map.npy"), MAP, rtol=0, atol=1e-12)
            (tmp_path / "map.npy").unlink()


def test_the_web_page_and_the_handout_lead_back(open_share, new_page, tmp_path):
    page = open_share()
    link = page.get_by_role("textbox", name="Address", exact=True).input_value()
    for panel, label in (("Web page", "Save web page"), ("Handout", "Save handout")):
        choose(page, panel)
        name, data = saved(page, label)
        (tmp_path / name).write_bytes(data)
        other = new_page()
        other.goto((tmp_path / name).as_uri())
        assert other.get_by_role("link").first.get_attribute("href") == link


@in_each_window
def test_axe_finds_nothing_in_any_panel(open_share, sizes):
    page = open_share(**first(sizes))
    for panel, button in PANELS.items():
        with case(panel):
            choose(page, panel)
            expect(page.get_by_role("button", name=button, exact=True)).to_be_visible()
            if panel == "Code":
                page.locator(".token.comment").first.wait_for()
            # The other panels change nothing else.
            part = None if panel == "This step" else page.locator(CHOSEN)
            assert faults_in(page, sizes, part) == []
        sizes = sizes[::-1]  # the next one begins in the window this one ends in
