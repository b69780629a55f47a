"""The gallery on the page Explore in AppTest: its choices, the collection, what is kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from convviz.inputs import Picture
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.scene import Scene
from convviz.sketch import Sketch
from convviz.ui.controls import view
from convviz.ui.controls.fields import Desk
from convviz.ui.explorer import _answer
from convviz.url import encode
from convviz.whole_map import ShownMap
from tests.test_explore_page import opened, run, scene

ADD = "collect"


def parts(app: AppTest) -> dict[str, Any]:
    found = [part.proto for part in app.get("bidi_component")]
    return {part.component_name: json.loads(part.json) for part in found}


def told(app: AppTest) -> dict[str, Any]:
    return json.loads(parts(app)["convviz_gallery"]["gallery"])


def names(app: AppTest) -> list[str]:
    return [tile["name"] for tile in told(app)["tiles"]]


def choose_view(app: AppTest, name: str) -> None:
    app.button_group(key="view").set_value(name)
    run(app)


def test_the_views_are_a_part_of_the_scene() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    assert "convviz_explorer" in parts(app)
    choose_view(app, "planes")
    assert encode(scene(app)) == {"v": "1", "in": "scene", "k": "sobel-x", "tiles": "planes"}
    assert names(app) == ["Red", "Green", "Blue", "Recombined"]
    assert "convviz_explorer" not in parts(app)
    # Sobel x is one of the gradients.
    choose_view(app, "gallery")
    assert scene(app).tiles == "gradient"
    app.selectbox(key="tiles").set_value("sobel")
    run(app)
    assert names(app) == ["Input", "Sobel x", "Sobel y", "Magnitude", "Direction"]
    choose_view(app, "")
    assert scene(app).tiles == ""
    assert "convviz_gallery" not in parts(app)


def test_it_opens_from_a_link() -> None:
    app = opened(**{"in": "scene", "tiles": "collected", "kk": "box-3~1,2"})
    assert names(app) == ["Input", "Box 3 × 3", "Own 1 × 2, number 2"]
    assert (app.button_group(key="view").value, app.selectbox(key="tiles").value) == (
        "gallery",
        "collected",
    )


def test_numbers_have_no_planes_and_say_so_beside_their_map() -> None:
    app = opened(tiles="planes")
    assert "convviz_explorer" in parts(app)
    assert any("This input has no colours" in part.proto.body for part in app.get("html"))


def test_six_kernels_can_be_collected_each_once() -> None:
    app = opened(**{"in": "tiny", "k": "box-3", "tiles": "collected"})
    ids = [row.id for row in KERNELS[3:10]]
    for count, id in enumerate(ids[:6], 1):
        app.selectbox(key="kernel").set_value(id)
        run(app)
        assert not app.button(key=ADD).disabled
        app.button(key=ADD).click()
        run(app)
        assert len(scene(app).collected) == count
        assert app.button(key=ADD).disabled
        assert "in the collection already" in " ".join(text.value for text in app.text)
    assert names(app) == ["Input", *(kernel(id).name for id in ids[:6])]
    assert encode(scene(app))["kk"] == "~".join(ids[:6])
    app.selectbox(key="kernel").set_value(ids[6])
    run(app)
    assert app.button(key=ADD).disabled
    assert "holds 6 kernels. Remove one" in " ".join(text.value for text in app.text)


@pytest.mark.parametrize("tiles", ["planes", "blur", "collected"])
def test_a_click_on_a_name_shows_that_map_alone(tiles: str) -> None:
    app = opened(**{"in": "scene", "tiles": tiles, "kk": "sobel-x~box-5", "k": "sharpen"})
    source = app.session_state["visit"].drawn["gallery"].gallery.sources[1]
    expected = {
        "planes": (kernel("sharpen").matrix, "green"),
        "blur": (kernel("box-5").matrix, "grey"),
        "collected": (kernel("box-5").matrix, "grey"),
    }[tiles]
    after = view._choose(Desk(scene(app)), source).scene
    assert (after.kernel, after.plane, after.tiles) == (*expected, "")


def test_what_is_removed_is_no_longer_collected() -> None:
    app = opened(**{"in": "scene", "tiles": "collected", "kk": "sobel-x~box-5"})
    source = app.session_state["visit"].drawn["gallery"].gallery.sources[0]
    assert view._remove(Desk(scene(app)), source).scene.collected == (kernel("box-5").matrix,)


def test_maps_are_computed_once_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[Matrix] = []
    true = Sketch.of

    def counted(values: ShownMap | np.ndarray, *more: object) -> Sketch:
        if isinstance(values, ShownMap):
            computed.append(values.scene.kernel)
        return true(values, *more)

    monkeypatch.setattr(Sketch, "of", counted)
    app = opened(**{"in": "scene", "tiles": "sharpen"})
    drawn = app.session_state["visit"].drawn
    assert computed == [kernel("sharpen").matrix, kernel("unsharp").matrix]
    serial = told(app)["serial"]
    # The kernel that is edited does not make the maps others; the display makes other pictures.
    app.selectbox(key="kernel").set_value("box-3")
    run(app)
    assert (len(computed), told(app)["serial"]) == (2, serial)
    app.selectbox(key="display").set_value("clip")
    run(app)
    assert (len(computed), told(app)["serial"]) == (4, serial + 1)
    app.selectbox(key="tiles").set_value("start")
    run(app)
    assert set(drawn["gallery-sketches"].sketches) == {
        (kernel(id).matrix, "grey") for id in ("classic", "identity", "impulse")
    }
    assert "explorer" not in drawn
    choose_view(app, "")
    assert set(drawn) == {"explorer", "answers"}
    assert len(computed) == 7


def test_of_one_map_and_a_gallery_only_what_is_shown_is_kept() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    drawn = app.session_state["visit"].drawn
    assert set(drawn) == {"explorer", "answers"}
    choose_view(app, "planes")
    assert set(drawn) == {"gallery", "gallery-sketches", "answers"}
    assert set(drawn["gallery-sketches"].sketches) == {
        (kernel("sobel-x").matrix, plane) for plane in ("red", "green", "blue")
    }


def test_another_picture_gives_the_maps_back() -> None:
    app = opened(**{"in": "scene", "tiles": "blur"})
    visit = app.session_state["visit"]
    other = Picture(np.random.default_rng(2).integers(0, 256, (40, 40, 3), np.uint8))
    visit.turn_to(Scene(other, tiles="blur"), visit.memory)
    assert visit.drawn == {}


def test_a_question_about_a_tile_is_answered_with_its_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened(m="1,2,3_4,5,6_7,8,9", k="identity", tiles="collected", kk="1,1~2")
    serial = told(app)["serial"]
    session = {key: app.session_state[key] for key in ("visit", "explorer-serial")}
    monkeypatch.setattr("streamlit.session_state", session)
    found = json.loads(_answer(f"{serial};7;0,0,3,3;1,2;1"))
    assert (found["serial"], found["token"], found["part"]["tile"]) == (serial, 7, 1)
    # Sums of two neighbours, 3 rows of 2.
    assert found["part"]["piece"]["values"] == [3, 5, 9, 11, 15, 17]
    values = [tile and tile["values"] for tile in found["lens"]["tiles"]]
    assert values == [[6], None, [12]]
    assert _answer(f"{serial - 1};7;0,0,3,3;1,2;1") == ""
    last = json.loads(_answer(f"{serial};8;0,0,3,3;;99"))
    assert last["part"]["tile"] == 2
