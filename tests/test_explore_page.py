"""The page Explore in AppTest: what its components are told, and what the visitor does there."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from convviz.display import Display
from convviz.explorer import anchor
from convviz.feature_map import feature_map
from convviz.kernels import kernel
from convviz.scene import Scene
from convviz.ui.controls import input as input_section
from convviz.ui.controls.fields import Desk
from convviz.ui.explorer import _answer
from convviz.url import decode, encode
from tests.test_app import query, run

APP = Path(__file__).parents[1] / "app.py"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).switch_page("pages/1_Explore.py")
    app.query_params.update(query)
    return run(app)


def told(app: AppTest) -> dict[str, Any]:
    parts = [part.proto for part in app.get("bidi_component")]
    data = next(part.json for part in parts if part.component_name == "convviz_explorer")
    return json.loads(json.loads(data)["explorer"])


def scene(app: AppTest) -> Scene:
    return app.session_state["visit"].scene


def test_it_opens_cold_on_the_classic_case() -> None:
    app = opened()
    assert scene(app) == Scene()
    # Dumoulin & Visin, figure 1.1: from 6 to 19.
    assert (told(app)["mapShape"], told(app)["limits"]) == ([3, 3], [6, 19])
    headings = [part.value for part in app.sidebar.markdown]
    assert headings == ["## Input", "## Kernel", "## Window", "### Output size"]


def test_another_scene_has_another_number_and_the_same_one_keeps_it() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    first = told(app)["serial"]
    assert told(run(app))["serial"] == first
    app.selectbox(key="kernel").set_value("box-3")
    assert told(run(app))["serial"] == first + 1


def test_the_display_is_a_part_of_the_scene() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    app.selectbox(key="display").set_value("threshold")
    run(app)
    app.number_input(key="threshold").set_value(50.0)
    app.toggle(key="relu").set_value(True)
    run(app)
    assert scene(app).display == Display("threshold", relu=True, threshold=50)
    assert encode(scene(app)) == {
        "v": "1", "in": "scene", "k": "sobel-x", "show": "threshold", "thr": "50", "relu": "1",
    }  # fmt: skip
    share = np.mean(feature_map(scene(app)) >= 50)
    assert f"{100 * share:.0f}\u00a0% of values reach the threshold" in told(app)["hidden"]
    assert (told(app)["threshold"], told(app)["limits"][0] < 0) == (50, True)


@pytest.mark.parametrize(
    "look", ["", "nonsense", "9;1;0,0,5,5;", "1;1;0,0,5;", "1;1;;nan,0", "1" * 50_000]
)
def test_what_is_no_question_about_this_scene_has_no_answer(look: str) -> None:
    with_nothing_kept = _answer(look)
    assert with_nothing_kept == ""


QUERIES = [
    {"pad": "full"},
    {"in": "scene", "k": "sobel-x", "pad": "same"},
    {"in": "portrait", "k": "gaussian-31", "pad": "full", "s": "2,3"},
    {"in": "scene", "k": "roberts-1", "d": "3", "patch": "1,1,5"},
]


@pytest.mark.parametrize("query", QUERIES)
def test_an_opened_cell_is_the_players_position(query: dict[str, str]) -> None:
    whole = decode(query)
    rows, columns = whole.output_shape
    for cell in [(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3)]:
        after = input_section._put_click(Desk(whole), *anchor(whole, cell)).scene
        down, across = divmod(after.step - 1, len(after.block.columns))
        assert (after.block.rows[down], after.block.columns[across]) == cell


def texts(app: AppTest) -> str:
    html = [part.proto.body for part in app.get("html")]
    said = " ".join([*(part.value for part in app.main.text), *html])
    return said.replace("\u00a0", " ")


def test_it_is_applied_again_and_a_map_is_subtracted() -> None:
    app = opened(**{"in": "scene", "k": "box-3", "pad": "same"})
    app.number_input(key="times").set_value(3)
    run(app)
    app.selectbox(key="minus").set_value("gaussian-3")
    run(app)
    assert encode(scene(app)) == {
        "v": "1", "in": "scene", "k": "box-3", "pad": "same", "times": "3", "minus": "gaussian-3",
    }  # fmt: skip
    assert "3 times, minus Gaussian 3 × 3: output" in texts(app)
    assert told(app)["closed"].startswith("The player shows one pass")
    blurs = []
    for id in ("box-3", "gaussian-3"):
        values = scene(app).image.astype(float)
        for _ in range(3):
            values = cv2.filter2D(
                values, cv2.CV_64F, kernel(id).weights, borderType=cv2.BORDER_CONSTANT
            )
        blurs.append(values)
    difference = blurs[0] - blurs[1]
    assert np.allclose(told(app)["limits"], [difference.min(), difference.max()])
    # The player's page is about one pass.
    app.switch_page("app.py")
    assert "3 times" not in texts(run(app))
    assert scene(app).times == 3


def test_what_does_not_fit_is_refused_beside_its_control() -> None:
    app = opened()
    app.number_input(key="times").set_value(3)
    run(app)
    assert scene(app) == Scene()
    assert app.number_input(key="times").value == 1
    assert "Apply it at most 2 times" in texts(app)
    app.selectbox(key="minus").set_value("box-5")
    run(app)
    assert (scene(app), app.selectbox(key="minus").value) == (Scene(), "")
    assert "these are 3 × 3 and 1 × 1: choose the padding" in texts(app)
    app.number_input(key="times").set_value(17)
    run(app)
    assert "17 is out of range: choose 1 to 16." in texts(app)


def test_undo_brings_scene_widgets_and_address_back() -> None:
    app = opened(**{"k": "box-3"})
    assert app.button(key="undo").disabled
    app.selectbox(key="built-in").set_value("scene")
    run(app)
    app.number_input(key="times").set_value(2)
    run(app)
    assert not app.button(key="undo").disabled
    app.button(key="undo").click()
    run(app)
    assert (scene(app).times, app.number_input(key="times").value) == (1, 1)
    assert (query(app)["in"], "times" in query(app)) == ("scene", False)
    app.button(key="undo").click()
    run(app)
    assert app.selectbox(key="built-in").value == "classic"
    assert scene(app) == Scene(kernel=kernel("box-3").matrix)
    assert app.button(key="undo").disabled
    assert query(app) == {"v": "1", "k": "box-3"}


def test_undo_works_after_an_upload_and_the_file_is_not_read_again() -> None:
    app = opened(**{"k": "box-3"})
    app.segmented_control(key="source").set_value("picture")
    run(app)
    data = io.BytesIO()
    Image.fromarray(np.full((50, 40, 3), 90, np.uint8)).save(data, "PNG")
    app.file_uploader(key="picture").set_value([("p.png", data.getvalue(), "image/png")])
    run(app)
    assert scene(app).shape == (50, 40)
    app.number_input(key="times").set_value(2)
    run(app)
    for shape in ((50, 40), (5, 5)):
        app.button(key="undo").click()
        run(app)
        assert (scene(app).shape, scene(app).times) == (shape, 1)
    run(app)
    assert scene(app) == Scene(kernel=kernel("box-3").matrix)


def test_a_refusal_does_not_outlive_undo() -> None:
    app = opened(**{"bias": "1"})
    app.selectbox(key="kernel").set_value("box-3")
    run(app)
    app.number_input(key="times").set_value(9)
    run(app)
    assert "Apply it at most" in texts(app)
    app.button(key="undo").click()
    run(app)
    assert "Apply it at most" not in texts(app)


@pytest.mark.parametrize("query", [{"times": "2"}, {"minus": "input"}])
def test_no_cell_of_more_than_one_pass_is_opened(query: dict[str, str]) -> None:
    whole = decode(query)
    state = SimpleNamespace(read=lambda: (0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(input_section, "explorer", state)
        opened_cell = input_section._Cell()
        assert opened_cell.read(Desk(whole)).scene == whole
        assert opened_cell.read(Desk(replace(Scene(), step=5))).scene.step == 1


def test_what_was_computed_is_given_back_with_its_input() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    visit = app.session_state["visit"]
    before = visit.drawn["explorer"]
    app.selectbox(key="kernel").set_value("sobel-y")
    run(app)
    assert visit.drawn["explorer"] is not before
    visit.turn_to(Scene(), visit.memory)
    assert visit.drawn == {}
    assert told(run(app))["serial"] > 2
