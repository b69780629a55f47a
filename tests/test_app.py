from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from PIL import Image
from streamlit.testing.v1 import AppTest

from convviz.geometry import Geometry
from convviz.inputs import Named, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from convviz.ui import page
from convviz.ui.controls import charts, window
from convviz.ui.controls import input as input_section
from convviz.ui.controls.fields import Desk, Field
from convviz.ui.matrix_editor.events import parse_event
from convviz.url import decode, encode

ROOT = Path(__file__).parents[1]
UI = "convviz.ui"
KINDS = ("selectbox", "number_input", "toggle", "button_group", "file_uploader")


def opened_file() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def opened(**query: str) -> AppTest:
    app = opened_file()
    app.query_params.update(query)
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def widgets(app: AppTest) -> dict[str, Any]:
    return {widget.key: widget for kind in KINDS for widget in app.get(kind)}


def choose(app: AppTest, key: str, value: object) -> AppTest:
    widgets(app)[key].set_value(value)
    return run(app)


def upload(app: AppTest, key: str, name: str, data: bytes) -> AppTest:
    return choose(app, key, (name, data, "application/octet-stream"))


def scene(app: AppTest) -> Scene:
    return app.session_state["visit"].scene


def query(app: AppTest) -> dict[str, str]:
    """Give the address as `encode` writes it: AppTest keeps a list for each name."""
    return {k: v if isinstance(v, str) else v[-1] for k, v in app.query_params.items()}


def payload(app: AppTest, component: str = "convviz_player") -> dict[str, Any]:
    """Read what a component is told: one JSON text, whatever it is wrapped in."""
    parts = [part.proto for part in app.get("bidi_component")]
    data = json.loads(next(part.json for part in parts if part.component_name == component))
    return json.loads(data if isinstance(data, str) else next(iter(data.values())))


def dressing(app: AppTest) -> dict[str, Any]:
    """Read what the page's own script is told."""
    parts = [part.proto for part in app.get("bidi_component")]
    return json.loads(next(p.json for p in parts if p.component_name == "convviz_page"))


def texts(app: AppTest) -> str:
    """Everything that is written on the page, but for the components."""
    written = [
        part.value.replace("\u00a0", " ")
        for kind in ("title", "header", "text")
        for part in app.get(kind)
    ]
    return "\n".join([*written, *(part.proto.body for part in app.get("html"))])


def refusals(app: AppTest) -> list[str]:
    return [part.proto.body for part in app.get("html") if 'role="alert"' in part.proto.body]


def notes(app: AppTest) -> list[str]:
    return [part.proto.body for part in app.get("html") if "aria-live" in part.proto.body]


def png(rows: int, columns: int) -> bytes:
    pixels = np.arange(rows * columns * 3, dtype=np.uint32).reshape(rows, columns, 3) % 251
    data = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Let a matrix editor report changes for one run, as the browser would."""
    serials: dict[str, int] = {}

    def report(app: AppTest, key: str, **change: object) -> AppTest:
        serials[key] = serials.get(key, 0) + 1
        event = parse_event(json.dumps([{"serial": serials[key], **change}]))
        with monkeypatch.context() as patch:
            patch.setattr(f"{UI}.matrix_editor.read", lambda k: event if k == key else None)
            return run(app)

    return report


def paste(edit: Callable[..., AppTest], app: AppTest, key: str, text: str) -> AppTest:
    edit(app, key, kind="paste", text=text)
    return edit(app, key, kind="accept")


# Opening.


def test_the_first_visit_shows_the_classic_case_with_no_click() -> None:
    app = opened()
    assert scene(app) == Scene()
    assert query(app) == {}
    shown = payload(app)
    # Worked by hand in Dumoulin & Visin, figure 1.1.
    assert shown["output"]["values"] == [12, 12, 17, 10, 17, 19, 9, 6, 14]
    assert (shown["autoplay"], shown["seek"]) == (True, 0)
    promise, *_ = (part.value for part in app.main.markdown)
    assert promise == "# A kernel slides over an image: multiply, add, write one number."
    assert "Cross-correlation, stride 1, no padding: output 3 × 3" in texts(app)
    assert (notes(app), refusals(app)) == ([], [])


def test_the_sidebar_has_its_sections_in_order() -> None:
    app = opened()
    headings = [part.value for part in app.sidebar.markdown]
    assert headings == ["## Input", "## Kernel", "## Window", "### Output size"]
    assert "Rows: floor((5 + 0 + 0 − 3) / 1) + 1 = 3" in texts(app)
    assert "5 input rows, padding 0 top and 0 bottom, 3 kernel rows, vertical" in texts(app)


def test_every_page_links_to_the_others_and_carries_the_scene() -> None:
    links = [part.proto for part in opened(k="sobel-x", s="2").get("page_link")]
    assert [link.label for link in links] == ["Step by step", "Explore"]
    assert {link.query_string for link in links} == {"v=1&k=sobel-x&s=2"}


def test_an_embedded_page_has_no_sidebar_and_no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(streamlit.context), "is_embedded", property(lambda _: True))
    app = opened(s="2")
    assert widgets(app) == {}
    assert len(app.get("page_link")) == 0
    assert payload(app)["geometry"]["stride"] == [2, 2]


LINKS = [
    {"k": "sobel-x", "pad": "1", "bd": "edge", "v": "1"},
    {"in": "random", "seed": "7", "v": "1", "s": "2,1"},
    {"m": "1,1/2_-3,4", "k": "1,2_3,4", "op": "conv", "pad": "full", "v": "1"},
    {"in": "scene", "plane": "red", "size": "128", "patch": "5,6,10", "d": "2", "v": "1"},
    {"in": "edge", "pad": "1,2,3,4", "fill": "-1.5", "bias": "0.5", "step": "9", "v": "1"},
]


@pytest.mark.parametrize("link", LINKS)
def test_a_deep_link_opens_cold_and_is_left_as_it_is(link: dict[str, str]) -> None:
    app = opened(**link)
    assert scene(app) == decode(link) != Scene()
    assert query(app) == link
    assert notes(app) == []
    shown = payload(app)
    assert not shown["autoplay"]
    assert shown["step"] == scene(app).step
    run(app)
    assert query(app) == link


def test_a_rubbish_link_says_so_in_one_line_and_is_escaped() -> None:
    link = {"k": "<img src=x onerror=alert(1)>", "s": "-4", "pad": "many", "nonsense": "1"}
    app = opened(**link)
    assert scene(app) == Scene()
    # Not pushed, or Back would lead here again and again: the page's script puts it in its place.
    assert query(app) == link
    assert dressing(app)["address"] == ""
    (line,) = notes(app)
    assert "stride" in line
    assert "<img" not in line
    assert "&lt;img" in line
    # The next change dismisses it; refusing one does not.
    assert len(notes(choose(app, "kernel", "gaussian-31"))) == 1
    assert notes(choose(app, "bias", 1.0)) == []


# Each control changes the scene and the address.

CHANGES = [
    ({}, "built-in", "edge", Scene(input=Named("edge"))),
    ({}, "kernel", "sobel-x", Scene(kernel=kernel("sobel-x").matrix)),
    ({}, "operation", "conv", Scene(operation="conv")),
    ({}, "stride-vertical", 2, Scene(geometry=Geometry.of(stride=(2, 1)))),
    ({}, "stride-horizontal", 3, Scene(geometry=Geometry.of(stride=(1, 3)))),
    ({}, "dilation-vertical", 2, Scene(geometry=Geometry.of(dilation=(2, 1)))),
    ({}, "dilation-horizontal", 2, Scene(geometry=Geometry.of(dilation=(1, 2)))),
    ({}, "padding", "same", Scene(geometry=Geometry.of(padding="same"))),
    ({}, "padding", "full", Scene(geometry=Geometry.of(padding="full"))),
    ({}, "padding", "amount", Scene(geometry=Geometry.of(padding=1))),
    ({}, "padding", "sides", Scene(geometry=Geometry.of(padding=0))),
    ({"pad": "same"}, "padding", "sides", Scene(geometry=Geometry.of(padding=1))),
    ({"pad": "1"}, "padding-amount", 4, Scene(geometry=Geometry.of(padding=4))),
    *(
        ({"pad": "1,2,3,4"}, f"padding-{side}", 9, Scene(geometry=Geometry.of(padding=padding)))
        for side, padding in {
            "top": ((9, 2), (3, 4)),
            "bottom": ((1, 9), (3, 4)),
            "left": ((1, 2), (9, 4)),
            "right": ((1, 2), (3, 9)),
        }.items()
    ),
    ({"pad": "1"}, "boundary", "wrap", Scene(geometry=Geometry.of(padding=1, boundary="wrap"))),
    ({"pad": "1"}, "fill", -2.5, Scene(geometry=Geometry.of(padding=1, fill_value=-2.5))),
    ({}, "bias", 0.125, Scene(bias=0.125)),
    ({"in": "random"}, "seed", 7, Scene(input=Named("random", 7))),
    ({"in": "scene"}, "plane", "blue", Scene(input=Named("scene"), plane="blue")),
    ({"in": "scene"}, "size", 64, Scene(input=Named("scene"), size=64)),
    ({"in": "scene"}, "size", 0, Scene(input=Named("scene"), size=0)),
    (
        {"in": "scene", "patch": "1,2,12"},
        "patch-row",
        9,
        Scene(input=Named("scene"), patch=Patch(8, 1)),
    ),
    (
        {"in": "scene", "patch": "1,2,12"},
        "patch-column",
        9,
        Scene(input=Named("scene"), patch=Patch(0, 8)),
    ),
    (
        {"in": "scene", "patch": "1,2,12"},
        "patch-size",
        9,
        Scene(input=Named("scene"), patch=Patch(0, 1, 9)),
    ),
]


@pytest.mark.parametrize(("link", "key", "value", "expected"), CHANGES)
def test_each_control_changes_the_scene_and_the_address(
    link: dict[str, str], key: str, value: object, expected: Scene
) -> None:
    app = opened(**link)
    assert scene(app) != expected
    choose(app, key, value)
    assert scene(app) == expected
    assert query(app) == encode(expected)
    assert widgets(app)[key].value == value
    assert refusals(app) == []
    # A run in which nothing happens changes nothing.
    run(app)
    assert (scene(app), query(app)) == (expected, encode(expected))


# Links count from 1, scenes from 0.
IN_A_PICTURE = {"in": "scene", "patch": "5,6,10", "step": "9"}


@pytest.mark.parametrize(
    ("key", "value"), [("built-in", "portrait"), ("built-in", "classic"), ("source", "numbers")]
)
def test_another_input_is_shown_from_its_first_position(key: str, value: str) -> None:
    app = opened(**IN_A_PICTURE)
    assert (scene(app).patch, scene(app).step) == (Patch(4, 5, 10), 9)
    choose(app, key, value)
    assert (scene(app).patch, scene(app).step) == (None, 1)
    assert not {"patch", "step"} & query(app).keys()


def test_a_picture_brought_is_shown_from_its_first_position() -> None:
    app = choose(opened(**IN_A_PICTURE), "source", "picture")
    upload(app, "picture", "view.png", png(40, 60))
    assert (scene(app).patch, scene(app).step) == (None, 1)


def test_the_same_input_chosen_again_moves_nothing() -> None:
    # While a picture is waited for, going back to what is shown is no other input.
    app = choose(opened(**IN_A_PICTURE), "source", "picture")
    choose(app, "source", "built-in")
    assert (scene(app).patch, scene(app).step) == (Patch(4, 5, 10), 9)


@pytest.mark.parametrize("name", ["row", "column", "size"])
def test_another_patch_is_shown_from_its_first_position(name: str) -> None:
    app = opened(**IN_A_PICTURE)
    seek = payload(app)["seek"]
    choose(app, f"patch-{name}", 4)
    assert scene(app).step == 1
    assert payload(app)["seek"] == seek + 1


@pytest.mark.parametrize("form", ["sides", "amount"])
def test_a_padding_wider_than_may_be_chosen_is_cut_back_to_what_may(form: str) -> None:
    # "full" pads by (31 - 1) x 2 = 60 on each side; 32 is the most that may be chosen.
    app = opened(**{"k": "gaussian-31", "pad": "full", "d": "2"})
    assert scene(app).geometry.pads((5, 5), (31, 31)) == ((60, 60), (60, 60))
    choose(app, "padding", form)
    assert scene(app).geometry.padding == ((32, 32), (32, 32))
    assert refusals(app) == []
    shown = widgets(app)
    names = ("amount",) if form == "amount" else ("top", "bottom", "left", "right")
    assert {shown[f"padding-{name}"].value for name in names} == {32}


def test_each_side_is_cut_back_alone() -> None:
    # (31 - 1) x 2 = 60 rows above and below, cut back; one weight across needs no column.
    app = opened(**{"k": "_".join("1" * 31), "pad": "full", "d": "2"})
    choose(app, "padding", "sides")
    assert scene(app).geometry.padding == ((32, 32), (0, 0))


def test_the_widgets_show_what_a_link_says() -> None:
    app = opened(**{"in": "scene", "s": "2,3", "pad": "1,2,3,4", "bd": "wrap", "plane": "red"})
    shown = {key: widget.value for key, widget in widgets(app).items() if key != "camera"}
    assert shown["source"] == "built-in"
    assert (shown["built-in"], shown["plane"]) == ("scene", "red")
    assert (shown["stride-vertical"], shown["stride-horizontal"]) == (2, 3)
    assert shown["padding"] == "sides"
    assert [shown[f"padding-{side}"] for side in ("top", "bottom", "left", "right")] == [1, 2, 3, 4]
    assert "fill" not in shown


def test_four_equal_sides_stay_four_sides_once_asked_for() -> None:
    app = choose(opened(pad="1,1,1,2"), "padding-right", 1)
    assert widgets(app)["padding"].value == "sides"
    assert widgets(choose(app, "padding", "amount"))["padding"].value == "amount"


def test_own_numbers_are_offered_only_once_there_are_any(edit: Callable[..., AppTest]) -> None:
    app = opened()
    assert "Your own numbers" not in widgets(app)["kernel"].options
    paste(edit, app, "kernel-matrix", "1 2; 3 4")
    assert scene(app).kernel == Matrix.parse("1 2; 3 4")
    assert widgets(app)["kernel"].value == "own"
    choose(app, "kernel", "box-3")
    assert scene(app).kernel == kernel("box-3").matrix
    choose(app, "kernel", "own")
    assert scene(app).kernel == Matrix.parse("1 2; 3 4")


def test_undo_brings_the_preset_back(edit: Callable[..., AppTest]) -> None:
    app = choose(opened(), "kernel", "sobel-x")
    edit(app, "kernel-matrix", kind="do", action="transpose")
    assert scene(app).kernel == kernel("sobel-y").matrix
    assert widgets(app)["kernel"].value == "sobel-y"
    edit(app, "kernel-matrix", kind="undo")
    assert scene(app).kernel == kernel("sobel-x").matrix
    edit(app, "kernel-matrix", kind="undo")
    assert scene(app).kernel == Scene().kernel


# What cannot be is refused, and the scene stays.


def test_a_preset_that_does_not_fit_is_refused_with_a_sentence() -> None:
    app = choose(opened(), "kernel", "gaussian-31")
    assert scene(app) == Scene()
    assert widgets(app)["kernel"].value == "classic"
    (reason,) = refusals(app)
    assert "(31, 31) does not fit image (5, 5)" in reason
    assert len(refusals(run(app))) == 1
    assert refusals(choose(app, "kernel", "box-3")) == []


def test_a_pasted_kernel_that_does_not_fit_is_refused_in_its_editor(
    edit: Callable[..., AppTest],
) -> None:
    app = opened()
    paste(edit, app, "kernel-matrix", "\n".join(["1 " * 7] * 7))
    assert scene(app) == Scene()
    shown = payload(app, "convviz_matrix_editor")
    assert "does not fit" in shown["message"]
    assert shown["cells"] == [["0", "1", "2"], ["2", "2", "0"], ["0", "1", "2"]]
    # It was heard: the browser need not say it again.
    assert shown["serial"] == 2


def test_an_input_too_small_for_the_kernel_is_refused() -> None:
    app = choose(opened(**{"in": "scene", "k": "gaussian-31"}), "built-in", "classic")
    assert scene(app).input == Named("scene")
    assert widgets(app)["built-in"].value == "scene"
    assert len(refusals(app)) == 1


def test_valid_is_not_offered_where_it_cannot_be() -> None:
    app = opened(k="gaussian-31", pad="same")
    assert "Valid: none" not in widgets(app)["padding"].options
    choose(app, "padding", "amount")
    assert limits(app)["padding-amount"] == (13, 32)


# Input of one's own.


def test_switching_the_source_costs_nothing_that_was_typed(edit: Callable[..., AppTest]) -> None:
    app = choose(opened(**{"in": "edge"}), "source", "numbers")
    # Editing begins with the numbers on the screen.
    assert scene(app).input == Typed(Matrix.of(Scene(input=Named("edge")).image))
    paste(edit, app, "input-matrix", "1 2 3; 4 5 6; 7 8 1/9")
    typed = Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 1/9"))
    assert scene(app).input == typed
    choose(app, "source", "built-in")
    assert scene(app).input == Named("edge")
    choose(app, "source", "picture")
    choose(app, "source", "numbers")
    assert scene(app).input == typed
    assert query(app) == encode(scene(app))


def test_a_seed_is_kept_while_something_else_is_shown() -> None:
    app = choose(opened(**{"in": "random", "seed": "7"}), "built-in", "edge")
    assert "seed" not in query(app)
    choose(app, "built-in", "random")
    assert scene(app).input == Named("random", 7)


def test_asking_for_a_picture_waits_until_there_is_one() -> None:
    app = choose(opened(), "source", "picture")
    assert scene(app) == Scene()
    assert widgets(app)["source"].value == "picture"
    assert "Until there is a picture" in texts(app)
    choose(app, "source", "built-in")
    assert widgets(app)["source"].value == "built-in"


def test_a_picture_is_read_once_and_kept() -> None:
    app = upload(choose(opened(), "source", "picture"), "picture", "a/b/view.png", png(40, 60))
    first = scene(app).input
    assert isinstance(first, Picture)
    assert (first.name, first.pixels.shape) == ("view.png", (40, 60, 3))
    assert payload(app, "convviz_picture_pair")["shape"] == [40, 60]
    # The link has only the patch, and says so under the picture.
    assert "'view.png' (40 × 60) is not in the link" in texts(app)
    run(app)
    assert scene(app).input is first
    choose(app, "source", "built-in")
    assert scene(app).input == Named()
    choose(app, "source", "picture")
    assert scene(app).input is first


BAD = {
    "text.png": b"this is text",
    "cut.jpg": b"\xff\xd8\xff\xe0" + bytes(50),
    "empty.gif": b"",
    "<script>.png": png(8, 8)[:60],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_keeps_the_old_one(name: str) -> None:
    app = upload(choose(opened(), "source", "picture"), "picture", "view.png", png(40, 60))
    before = scene(app)
    upload(app, "picture", name, BAD[name])
    assert scene(app) == before
    assert len(refusals(app)) == 1
    assert "<script>" not in texts(app)
    upload(app, "picture", "other.png", png(9, 9))
    assert scene(app).input.pixels.shape == (9, 9, 3)
    assert refusals(app) == []


def npy(array: np.ndarray, **how: bool) -> bytes:
    data = io.BytesIO()
    np.save(data, array, **how)
    return data.getvalue()


def test_numbers_come_from_a_file_too() -> None:
    app = upload(choose(opened(), "source", "numbers"), "table", "m.csv", b"1,2,3\n4,5,6\n7,8,9\n")
    assert scene(app).input == Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 9"))
    upload(app, "table", "m.npy", npy(np.eye(4)))
    assert scene(app).input == Typed(Matrix.of(np.eye(4)))
    pickled = npy(np.array([{"a": 1}], dtype=object), allow_pickle=True)
    for name, data in {"p.npy": pickled, "r.csv": b"1,2\n3\n", "n.csv": b"nan,1\n1,1\n"}.items():
        upload(app, "table", name, data)
        assert scene(app).input == Typed(Matrix.of(np.eye(4)))
        assert len(refusals(app)) == 1


def test_the_camera_is_mounted_only_when_asked_for() -> None:
    app = choose(opened(), "source", "picture")
    assert len(app.get("camera_input")) == 0
    assert len(choose(app, "camera", True).get("camera_input")) == 1
    assert len(choose(app, "camera", False).get("camera_input")) == 0


def test_sizes_offered_are_smaller_than_the_picture_or_its_own() -> None:
    app = upload(choose(opened(), "source", "picture"), "picture", "view.png", png(90, 60))
    assert widgets(app)["size"].options == ["32 pixels", "64 pixels", "Own size, 90 × 60"]
    assert widgets(app)["size"].value == 0


def test_the_patch_stays_where_it_is_when_the_size_changes() -> None:
    # 256 wide to 128 wide: its middle (50, 106) goes to (25, 53).
    app = choose(opened(**{"in": "scene", "patch": "45,101,12"}), "size", 128)
    assert scene(app).patch == Patch(19, 47)


def test_a_click_on_the_picture_takes_the_player_there(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(**{"in": "scene", "k": "box-3"})
    seek = payload(app)["seek"]
    with monkeypatch.context() as patch:
        patch.setattr(f"{UI}.picture_pair.read", lambda: (50, 80))
        run(app)
    assert scene(app).patch == Patch(43, 73)
    # 12 positions a row; the window with its middle on (50, 80) is at (49, 79): row 6, column 6.
    assert scene(app).step == 6 * 12 + 6 + 1
    assert payload(app)["seek"] == seek + 1
    assert query(app) == encode(scene(app))
    run(app)
    assert payload(app)["seek"] == seek + 1


# Back, and an address that is only late.


def test_back_in_the_browser_brings_the_older_scene_back() -> None:
    app = choose(opened(), "stride-vertical", 2)
    older = dict(app.query_params)
    choose(app, "kernel", "sobel-x")
    newest, seek = query(app), payload(app)["seek"]
    app.query_params = older
    run(app)
    assert scene(app) == Scene(geometry=Geometry.of(stride=(2, 1)))
    assert widgets(app)["kernel"].value == "classic"
    assert payload(app)["seek"] == seek + 1
    app.query_params = {}
    run(app)
    assert scene(app) == Scene()
    assert query(app) == {}
    app.query_params = newest
    run(app)
    assert widgets(app)["kernel"].value == "sobel-x"


def test_going_back_counts_however_often_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # As before Streamlit 1.65: the address that is reported stays the newest one.
    app = choose(choose(opened(), "bias", 1.0), "bias", 2.0)
    newest = query(app)
    monkeypatch.setattr("convviz.ui.page._back", lambda: {"v": "1", "bias": "1"})
    for _ in range(2):
        assert query(app) == newest
        # What says it left the browser before it heard what the fields are told.
        choose(app, "bias", 2.0)
        assert scene(app) == Scene(bias=1.0)
        assert widgets(app)["bias"].value == 1.0


def test_an_address_that_is_late_undoes_nothing() -> None:
    app = choose(opened(), "kernel", "sobel-x")
    # The browser had not yet heard of the new address when the next change left it.
    app.query_params = {}
    choose(app, "stride-vertical", 2)
    assert scene(app) == decode({"k": "sobel-x", "s": "2,1"})
    assert query(app) == encode(scene(app))


def test_what_a_late_browser_still_shows_is_no_choice(edit: Callable[..., AppTest]) -> None:
    app = opened()
    paste(edit, app, "kernel-matrix", "1 2; 3 4")
    assert widgets(app)["kernel"].value == "own"
    # The next change left the browser before it had heard of the new kernel and the new address.
    app.query_params = {}
    widgets(app)["kernel"].set_value("classic")
    choose(app, "bias", 2.0)
    assert scene(app) == Scene(kernel=Matrix.parse("1 2; 3 4"), bias=2.0)
    assert widgets(app)["kernel"].value == "own"
    # Once it has heard of them, the same value is a choice.
    choose(app, "kernel", "classic")
    assert scene(app) == Scene(bias=2.0)


def back_once() -> AppTest:
    """Change the stride twice and go back once, so that its field is told 2 where it held 3."""
    app = choose(choose(opened(), "stride-vertical", 2), "stride-vertical", 3)
    app.query_params = {"v": "1", "s": "2,1"}
    return run(app)


def test_going_back_again_counts_before_the_fields_have_heard_of_the_first_time() -> None:
    app = back_once()
    app.query_params = {}
    choose(app, "stride-vertical", 3)
    assert scene(app) == Scene()
    assert widgets(app)["stride-vertical"].value == 1


def test_what_a_field_still_shows_is_no_choice_on_the_next_page() -> None:
    app = back_once()
    widgets(app)["stride-vertical"].set_value(3)
    app.switch_page(page.EXPLORE)
    run(app)
    assert scene(app) == Scene(geometry=Geometry.of(stride=(2, 1)))
    # Once it has heard of it, the same value is a choice.
    choose(app, "stride-vertical", 3)
    assert scene(app) == Scene(geometry=Geometry.of(stride=(3, 1)))


@pytest.mark.parametrize(
    ("field", "older", "told", "newer"),
    [(window.BIAS, 1.0, 2.0, 3.0), (charts.CHART, None, "profile", "method")],
    ids=["number", "choice"],
)
def test_what_a_field_still_shows_is_no_touch(
    monkeypatch: pytest.MonkeyPatch, field: Field, older: object, told: object, newer: object
) -> None:
    # The page's part that runs alone would else run the whole page for it.
    held: dict[str, object] = {}
    monkeypatch.setattr("streamlit.session_state", held)
    desk = Desk(Scene()).knowing(field.key, older).telling(field.key, told, older)
    for value, touched in ((older, False), (told, False), (newer, True)):
        held[field.key] = value
        assert field.is_touched(desk) == touched
    held[field.key] = older
    assert field.is_touched(desk.hearing(late=False))


def test_the_step_in_the_address_is_the_players() -> None:
    app = choose(opened(), "kernel", "sobel-x")
    seek = payload(app)["seek"]
    app.query_params["step"] = "5"
    run(app)
    assert (scene(app).step, payload(app)["seek"]) == (1, seek)


def test_back_after_a_large_picture_brings_the_whole_picture() -> None:
    app = upload(choose(opened(), "source", "picture"), "picture", "view.png", png(40, 60))
    older, with_picture = dict(app.query_params), scene(app)
    choose(app, "kernel", "box-3")
    app.query_params = older
    run(app)
    assert scene(app) == with_picture
    assert notes(app) == []


def test_the_first_change_after_a_restart_counts() -> None:
    # The browser keeps its page while the server is started anew, and first speaks to the new
    # session with the next change: there is no public way to make AppTest do that.
    app = opened(k="sobel-x", bias="2")
    widgets(app)["bias"].set_value(3.0)
    held = app._tree.get_widget_states()
    fresh = opened_file()
    fresh.query_params.update({"k": "sobel-x", "bias": "2"})
    fresh._run(held)
    assert not fresh.exception
    assert scene(fresh) == decode({"k": "sobel-x", "bias": "3"})
    assert query(fresh) == encode(scene(fresh))
    assert widgets(fresh)["bias"].value == 3.0


# Whatever is clicked, in whatever order.

BUTTONS = {
    label: option
    for names in (input_section._SOURCES, input_section._PLANES, window._OPERATIONS)
    for option, label in names.items()
}


def limits(app: AppTest) -> dict[str, tuple[int, int]]:
    """Least and most of every whole number, as the scene is now."""
    desk = app.session_state["visit"].memory
    controls = (*input_section.CONTROLS, *window.CONTROLS)
    return {each.key: each.limits(desk) for each in controls if hasattr(each, "limits")}


def others(chance: random.Random, app: AppTest, widget: Any) -> list[object]:
    """Give some values that a widget does not show yet: a run in which nothing changes is dear."""
    if hasattr(widget, "min"):
        least, most = limits(app).get(widget.key, (-9, 9))
        values = (least, most, chance.randint(least, most))
        return [type(widget.value)(value) for value in values if value != widget.value]
    chosen = widget.indices if hasattr(widget, "indices") else [widget.index]
    labels = (label for at, label in enumerate(widget.options) if at not in chosen)
    return [BUTTONS.get(label, label) for label in labels]


def random_change(chance: random.Random, app: AppTest) -> str:
    choices = [w for key, w in widgets(app).items() if key not in ("picture", "table", "camera")]
    values: list[object] = []
    while not values:
        widget = chance.choice([w for w in choices if not getattr(w, "disabled", False)])
        values = others(chance, app, widget)
    value = chance.choice(values)
    widget.set_value(value)
    return f"{widget.key}={value}"


@pytest.mark.parametrize("seed", range(6))
def test_no_walk_over_the_controls_ends_in_an_exception(seed: int) -> None:
    chance = random.Random(seed)
    # Every other walk begins where there are four sides of padding, which few would come to.
    app = choose(opened(**({"pad": "1,2,3,4"} if seed % 2 else {})), "source", "picture")
    upload(app, "picture", "view.png", png(40, 60))
    walk = []
    for _ in range(30):
        walk.append(random_change(chance, app))
        app.run()
        assert not app.exception, walk
        now = scene(app)
        assert query(app) == encode(now), walk
        if not isinstance(now.input, Picture):
            assert encode(decode(query(app))) == query(app), walk
        shown = widgets(app)
        for key, (least, most) in limits(app).items():
            assert key not in shown or least <= shown[key].value <= most, (walk, key)


def test_what_a_number_allows_is_never_refused() -> None:
    chance = random.Random(0)
    app = opened(**{"in": "edge", "pad": "2"})
    numbers = [key for key in widgets(app) if key.startswith(("stride", "dilation", "padding-"))]
    for _ in range(30):
        key = chance.choice(numbers)
        shown = widgets(app)[key].value
        choose(app, key, chance.choice([end for end in limits(app)[key] if end != shown]))
        assert refusals(app) == [], key


OUTSIDE = [
    ({}, "stride-vertical", 17, "Stride, vertical 17 is out of range: choose 1 to 16."),
    ({}, "stride-horizontal", -3, "Stride, horizontal −3 is out of range: choose 1 to 16."),
    # 3 weights on 5 rows, two apart: 5 rows; three apart they would span 7.
    ({}, "dilation-vertical", 3, "Dilation, vertical 3 is out of range: choose 1 to 2."),
    ({"pad": "1"}, "padding-amount", 33, "each side 33 is out of range: choose 0 to 32."),
    ({"pad": "1,2,3,4"}, "padding-left", -1, "Left −1 is out of range: choose 0 to 32."),
    ({"in": "random"}, "seed", 2**31, "Seed 2147483648 is out of range: choose 0 to 2147483647."),
    ({"in": "scene"}, "patch-size", 65, "Patch size 65 is out of range: choose 1 to 64."),
    ({"in": "tiny", "patch": "1,1,12"}, "patch-row", 22, "row 22 is out of range: choose 1 to 21."),
]


@pytest.mark.parametrize(("link", "key", "value", "reason"), OUTSIDE)
def test_a_number_out_of_range_gets_a_sentence_and_the_last_good_one_goes_on(
    link: dict[str, str], key: str, value: int, reason: str
) -> None:
    app = opened(**link)
    before, shown = scene(app), widgets(app)[key].value
    choose(app, key, value)
    (said,) = refusals(app)
    assert reason in said
    assert (scene(app), widgets(app)[key].value) == (before, shown)


def test_boundary_and_fill_come_with_the_padding_and_keep_their_values() -> None:
    app = opened(bd="constant", fill="7")
    assert not {"boundary", "fill"} & set(widgets(app))
    choose(app, "padding", "same")
    assert (widgets(app)["boundary"].value, widgets(app)["fill"].value) == ("constant", 7)
    choose(app, "padding", "valid")
    assert not {"boundary", "fill"} & set(widgets(app))
    choose(app, "padding", "full")
    assert widgets(app)["fill"].value == 7


def test_the_first_sum_is_named_only_where_it_is_12() -> None:
    app = opened()
    assert payload(app)["output"]["values"][0] == 12
    assert "The first sum is 12." in texts(app)
    for link in ({"k": "sobel-x"}, {"op": "conv"}, {"pad": "1"}, {"bias": "1"}, {"in": "edge"}):
        assert "first sum" not in texts(opened(**link))


# What it costs.


# Streamlit itself imports plotly, where it is installed, so only what comes on top of it counts.
IMPORTS = """
import gc, sys
import streamlit
before = set(sys.modules)
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=60)
app.query_params["in"] = "scene"
app.run()
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(len(app.exception), sorted(new & {"pandas", "pyarrow", "plotly"}))
print(gc.get_freeze_count() > 10_000)
"""


def test_the_page_imports_no_pandas_pyarrow_or_plotly_and_relieves_the_collector() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTS, str(ROOT / "app.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout.split("\n")[:2] == ["0 []", "True"], ran.stderr


def test_what_was_set_on_explore_and_forbids_a_kernel_is_named_here_too() -> None:
    # Four passes of 3 x 3 leave 3 x 3 of the 11 x 11; of 5 x 5, two leave 3 x 3.
    numbers = "_".join([",".join("1" * 11)] * 11)
    app = choose(opened(m=numbers, times="4"), "kernel", "box-5")
    assert "Apply it at most 2 times (on Explore)" in texts(app)
    app = choose(opened(m=numbers, minus="box-3"), "kernel", "box-5")
    assert "or subtract nothing (on Explore)" in texts(app)
