from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from convviz.display import Display
from convviz.geometry import Geometry
from convviz.inputs import Named, Picture, Typed
from convviz.kernels import KERNELS, kernel
from convviz.limits import MAX_DILATION, MAX_EXTENT, MAX_PADDING
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from convviz.ui import page
from convviz.ui.controls import input as input_section
from convviz.ui.controls import kernel as kernel_section
from convviz.ui.controls import window
from convviz.ui.controls.fields import sentence
from convviz.ui.visit import PAST, Visit, lasting
from convviz.url import encode


def scene(
    rows: int, columns: int, k: tuple[int, int] = (3, 3), minus: str = "", **geometry: object
) -> Scene:
    return Scene(
        input=Typed(Matrix.of(np.zeros((rows, columns)))),
        kernel=Matrix.of(np.ones(k)),
        geometry=Geometry.of(**geometry),
        minus=minus,
    )


def photo(side: int = 40, seed: int = 1) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8), "p.png")


def fits(of: Scene, **geometry: object) -> bool:
    """Ask the core, which knows nothing of the limits below."""
    try:
        replace(of.geometry, **geometry).output_shape(of.shape, of.kernel.shape)
    except ValueError:
        return False
    return True


# The size formula.


def test_the_formula_has_its_numbers_in_it() -> None:
    assert window.size_lines(Scene()) == ("floor((5 + 0 + 0 − 3) / 1) + 1 = 3",) * 2
    # 32 x 32, 3 x 3, stride 2: 15.5, so 15 and the last row and column are not reached
    strided = scene(32, 32, stride=2)
    assert window.size_lines(strided)[0] == "floor((32 + 0 + 0 − 3) / 2) + 1 = 15"
    assert window.unreached(strided).startswith("The last row and the last column are not reached")


def test_each_number_of_the_formula_has_its_name() -> None:
    assert window.size_words(scene(5, 1, (3, 1), dilation=2, padding=((1, 2), (0, 0)))) == (
        "5 input rows, padding 1 top and 2 bottom, "
        "5 kernel rows once dilated: (3 − 1) × 2 + 1, vertical stride 1.",
        "1 input column, padding 0 left and 0 right, 1 kernel column, horizontal stride 1.",
    )


def test_what_is_not_reached_is_counted() -> None:
    # 7 rows, windows at 0 and 3: rows 0-2 and 3-5, row 6 is left. 8 columns: columns 6 and 7.
    assert window.unreached(scene(7, 8, stride=3)).startswith(
        "The last row and the last 2 columns are not reached"
    )
    assert window.unreached(scene(7, 6, stride=3)).startswith("The last row is not reached")
    assert window.unreached(scene(6, 6, stride=3)) == ""
    # 7 + 2 rows are padded: windows at 0, 4: rows 0-2, 4-6, rows 7 and 8 are left
    assert "of the padded image" in window.unreached(scene(7, 7, stride=4, padding=1))


@given(
    n=st.integers(1, 40),
    k=st.integers(1, 9),
    d=st.integers(1, 3),
    s=st.integers(1, 5),
    pads=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_the_formula_is_true(n: int, k: int, d: int, s: int, pads: tuple[int, int]) -> None:
    assume((k - 1) * d < n + sum(pads))
    line = window.size_lines(
        scene(n, n, (k, k), stride=s, dilation=d, padding=(pads, pads)),
    )[0]
    formula, result = line.replace("floor", "int").replace("−", "-").split(" = ")
    assert eval(formula) == int(result)


# Limits: what may be chosen fits, and one more does not.

SCENES = st.builds(
    lambda shape, k, d, pads: (shape, k, d, pads),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.sampled_from(["same", "full"])
    | st.tuples(*[st.tuples(st.integers(0, 9), st.integers(0, 9))] * 2),
)


def made(numbers: tuple) -> Scene | None:
    shape, k, d, pads = numbers
    try:
        return scene(*shape, k, dilation=d, padding=pads)
    except ValueError:
        return None


@given(SCENES, st.sampled_from([0, 1]))
def test_dilation_goes_as_far_as_the_kernel_fits(numbers: tuple, axis: int) -> None:
    of = made(numbers)
    assume(of is not None)
    most = window.largest_dilation(of, axis)

    def spread(by: int) -> dict[str, object]:
        return {"dilation": tuple(by if a == axis else of.geometry.dilation[a] for a in (0, 1))}

    assert of.geometry.dilation[axis] <= most <= MAX_DILATION
    assert fits(of, **spread(most))
    assert most == MAX_DILATION or not fits(of, **spread(most + 1))


@given(SCENES, st.sampled_from([0, 1]), st.sampled_from([0, 1]))
def test_padding_goes_down_as_far_as_the_kernel_fits(numbers: tuple, axis: int, side: int) -> None:
    of = made(numbers)
    assume(of is not None)
    least = window.least_amount(of)
    assert fits(of, padding=((least, least), (least, least)))
    assert least == 0 or not fits(of, padding=((least - 1,) * 2, (least - 1,) * 2))
    assert ("valid" in window.paddings(of)) == fits(of, padding="valid")

    def with_side(amount: int) -> tuple:
        pads = [list(pair) for pair in of.geometry.pads(of.shape, of.kernel.shape)]
        pads[axis][side] = amount
        return tuple(tuple(pair) for pair in pads)

    least = window.least_side(of, axis, side)
    assert fits(of, padding=with_side(least))
    assert least == 0 or not fits(of, padding=with_side(least - 1))


@given(SCENES, st.sampled_from([0, 1]))
def test_a_kernel_grows_as_far_as_it_fits(numbers: tuple, axis: int) -> None:
    of = made(numbers)
    assume(of is not None)
    room = kernel_section.room(of)

    def grown(size: int) -> Scene | None:
        shape = tuple(size if a == axis else of.kernel.shape[a] for a in (0, 1))
        try:
            return replace(of, kernel=Matrix.of(np.ones(shape)))
        except ValueError:
            return None

    assert of.kernel.shape[axis] <= room[axis] <= 15
    assert grown(room[axis]) is not None
    assert room[axis] == 15 or grown(room[axis] + 1) is None


def test_the_widest_kernel_fits_the_smallest_image_with_the_widest_padding() -> None:
    # 1 + 32 + 32 = 65 is more than the 64 a dilated kernel may cover.
    assert 1 + 2 * MAX_PADDING >= MAX_EXTENT
    assert "amount" in window.paddings(scene(1, 1, (31, 31), dilation=2, padding="same"))


def test_dilation_ends_where_the_kernel_would_cover_too_much() -> None:
    # 31 weights, 2 apart, span 61; 3 apart they would span 91.
    assert window.largest_dilation(scene(5, 5, (31, 31), padding="same"), 0) == 2


@pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)
def test_every_preset_is_in_the_list_with_its_group(row) -> None:
    assert kernel_section._NAMES[row.id] == f"{row.group}: {row.name}"


# A click on the picture.


def test_a_click_finds_the_position_under_it() -> None:
    # The middle of a 3 x 3 window at position 1 is row 1, column 1; three positions a row.
    assert input_section.step_at(Scene(), 1, 1) == 1
    assert input_section.step_at(Scene(), 2, 3) == 6
    # At the rim there is no window with that centre: the nearest one counts.
    assert input_section.step_at(Scene(), 0, 0) == 1
    assert input_section.step_at(Scene(), 4, 4) == 9
    # With padding 1 there is: five positions a row.
    padded = replace(Scene(), geometry=Geometry.of(padding=1))
    assert input_section.step_at(padded, 4, 0) == 21


@given(st.integers(0, 39), st.integers(0, 39), st.integers(1, 3), st.integers(0, 2))
def test_a_click_opens_the_player_near_that_pixel(
    row: int, column: int, stride: int, pad: int
) -> None:
    of = Scene(
        input=photo(),
        size=0,
        patch=Patch(max(0, row - 6), max(0, column - 6)),
        geometry=Geometry.of(stride=stride, padding=pad),
    )
    step = input_section.step_at(of, row, column) - 1
    at = divmod(step, len(of.block.columns))
    for axis, (wanted, part) in enumerate(((row, of.block.rows), (column, of.block.columns))):
        centre = part[at[axis]] * stride - pad + 1
        assert abs(centre - wanted) <= max(stride, 2)


# A visit.


def visit_of(of: Scene) -> Visit:
    visit = Visit(of, encode(of), lasting(encode(of)), True, notes=("A note.",))
    visit.remember()
    return visit


class Address(dict[str, str]):
    """Stands in for `st.query_params`."""

    def from_dict(self, params: dict[str, str]) -> None:
        self.clear()
        self.update(params)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Address:
    """A session and an address, for `saved`."""
    written = Address()
    monkeypatch.setattr(page.st, "session_state", {})
    monkeypatch.setattr(page.st, "query_params", written)
    return written


def saved(visit: Visit, of: Scene) -> None:
    """Take over another scene and save it, as a run of the page does."""
    visit.turn_to(of, None)
    page.st.session_state[page._KEY] = visit
    page.save(of)


def test_the_player_stays_where_it_is_while_numbers_change() -> None:
    visit = visit_of(Scene(input=Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 9"))))
    visit.turn_to(replace(visit.scene, input=Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 1"))), None)
    visit.turn_to(replace(visit.scene, kernel=kernel("identity").matrix), None)
    visit.turn_to(replace(visit.scene, geometry=Geometry.of(padding=1)), None)
    assert visit.seek == 0


@pytest.mark.parametrize(
    "changes", [{"input": Named("edge")}, {"input": photo()}, {"step": 4}, {"patch": Patch(1, 2)}]
)
def test_the_player_goes_to_the_step_when_the_place_changes(changes: dict) -> None:
    visit = visit_of(Scene())
    visit.turn_to(replace(visit.scene, **changes), None)
    assert visit.seek == 1


def test_the_next_change_dismisses_the_notes() -> None:
    visit = visit_of(Scene())
    visit.turn_to(Scene(), None)
    assert visit.notes == ("A note.",)
    visit.turn_to(replace(Scene(), bias=1.0), None)
    assert visit.notes == ()


def test_back_reads_the_address_and_sends_the_player_there() -> None:
    visit = visit_of(Scene())
    visit.hear({"k": "sobel-x", "step": "5"}, None)
    assert visit.scene == Scene(kernel=kernel("sobel-x").matrix, step=5)
    assert visit.seek == 1
    visit.hear({"k": "sobel-x", "step": "5"}, None)
    assert visit.seek == 1
    visit.hear({"k": "no such kernel"}, None)
    assert visit.scene == Scene()
    assert len(visit.notes) == 1


def test_saving_writes_the_address_of_the_scene(address: Address) -> None:
    visit = visit_of(Scene())
    saved(visit, replace(Scene(), bias=1.5, step=4))
    # What `encode` writes, but for the version and the step, which the player changes by itself.
    assert address == {"v": "1", "bias": "1.5", "step": "4"}
    assert visit.query == {"bias": "1.5"}
    # Another step that the player wrote is left alone while the scene is the same.
    address["step"] = "7"
    saved(visit, visit.scene)
    assert address["step"] == "7"
    saved(visit, Scene())
    assert address == {}


@pytest.mark.usefixtures("address")
def test_back_brings_a_picture_back_that_no_link_holds() -> None:
    large = Scene(input=photo(side=100))
    visit = visit_of(Scene())
    saved(visit, large)
    query = visit.query
    saved(visit, replace(large, kernel=kernel("box-3").matrix))
    visit.hear(query, None)
    assert visit.scene == large
    assert visit.notes == ()


@pytest.mark.usefixtures("address")
def test_back_is_heard_from_the_page_where_streamlit_reports_the_newest_address() -> None:
    visit = visit_of(Scene())
    saved(visit, replace(Scene(), bias=1.0))
    newest = dict(visit.query)
    visit.hear(newest, {})
    assert (visit.scene, visit.seek) == (Scene(), 1)
    # Streamlit 1.62 goes on reporting the newest address, which means nothing.
    visit.hear(newest, None)
    visit.hear(newest, {})
    assert (visit.scene, visit.seek) == (Scene(), 1)
    visit.hear(newest, {"v": "1", "bias": "1"})
    assert visit.scene.bias == 1.0


SAID = [
    ({"back": "?v=1&k=sobel-x&pad="}, {"v": "1", "k": "sobel-x", "pad": ""}),
    ({"back": ""}, {}),
    ({"back": None}, None),
    ({"back": 7}, None),
    ({"back": "?k=" + "x" * 200_000}, None),
    ({"back": "?%ff&&=&a=1&a=2"}, {"\ufffd": "", "": "", "a": "2"}),
    ("back", None),
    (None, None),
]


@pytest.mark.parametrize(("said", "heard"), SAID)
def test_what_the_script_says_is_only_text(
    said: object, heard: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.st, "session_state", {page._DRESS: said})
    assert page._back() == heard


@pytest.mark.usefixtures("address")
def test_only_the_latest_picture_is_kept() -> None:
    visit = visit_of(Scene())
    for seed in range(3):
        saved(visit, Scene(input=photo(side=100, seed=seed)))
    pictures = {of.input.digest for _, of in visit.past if isinstance(of.input, Picture)}
    assert pictures == {photo(side=100, seed=2).digest}
    for bias in range(60):
        saved(visit, replace(Scene(), bias=float(bias)))
    assert len(visit.past) == PAST


def test_the_step_and_the_version_are_no_reason_to_go_back() -> None:
    assert lasting({"v": "1", "step": "9", "s": "2"}) == {"s": "2"}


# Lecture view and predicting: the player enters and leaves them by itself.

LECTURE = Scene(kernel=kernel("sobel-x").matrix, view="lecture", predict=True)


def test_how_the_player_shows_a_scene_is_no_reason_to_go_back() -> None:
    assert lasting({"s": "2", "view": "lecture", "predict": "1"}) == {"s": "2"}
    visit = visit_of(Scene())
    visit.hear({"view": "lecture", "predict": "1"}, None)
    assert (visit.scene, visit.seek, visit.arrived) == (Scene(), 0, 0)


def test_a_change_of_numbers_does_not_tell_the_player_to_leave() -> None:
    visit = visit_of(LECTURE)
    visit.turn_to(replace(LECTURE, bias=1.0), None)
    visit.turn_to(replace(LECTURE, input=Named("edge")), None)
    visit.undo()
    assert (visit.arrived, visit.scene.view, visit.scene.predict) == (0, "lecture", True)


@pytest.mark.usefixtures("address")
def test_back_enters_and_leaves_as_the_address_says() -> None:
    visit = visit_of(Scene())
    saved(visit, replace(Scene(), bias=1.0))
    visit.hear({"v": "1", "view": "lecture", "predict": "1"}, None)
    assert (visit.scene, visit.arrived) == (Scene(view="lecture", predict=True), 1)
    visit.hear({"v": "1", "bias": "1"}, None)
    assert (visit.scene, visit.arrived) == (Scene(bias=1.0), 2)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("left", ["view", "predict"])
def test_what_the_player_has_left_is_left_on_the_next_page_too(left: str) -> None:
    visit = visit_of(LECTURE)
    reported = encode(LECTURE)
    visit.hear(dict(reported), None)
    assert visit.scene == LECTURE
    del reported[left]
    visit.hear(reported, None)
    assert visit.scene == replace(LECTURE, **{left: Scene.__dataclass_fields__[left].default})
    assert (visit.address, visit.arrived, visit.earlier) == (reported, 0, ())


def test_entering_or_leaving_is_nothing_to_undo() -> None:
    visit = visit_of(Scene())
    visit.turn_to(Scene(view="lecture", predict=True), None)
    assert visit.earlier == ()


# Undo.


@pytest.mark.usefixtures("address")
def test_undo_goes_back_change_by_change_and_the_address_with_it(address: Address) -> None:
    visit = visit_of(Scene())
    for bias in (1.0, 2.0):
        saved(visit, replace(Scene(), bias=bias))
    seen = []
    while visit.earlier:
        visit.undo()
        page.save(visit.scene)
        seen.append((visit.scene.bias, address.get("bias")))
    assert seen == [(1, "1"), (0, None)]
    visit.undo()
    assert visit.scene == Scene()


def test_where_the_player_stands_is_no_change_to_undo() -> None:
    visit = visit_of(Scene())
    visit.turn_to(replace(Scene(), step=4), None)
    assert visit.earlier == ()
    visit.turn_to(replace(visit.scene, kernel=kernel("box-3").matrix), None)
    visit.turn_to(replace(visit.scene, step=7), None)
    visit.undo()
    assert visit.scene == Scene(step=4)


@pytest.mark.parametrize(
    "changes", [{"times": 2}, {"minus": "input"}, {"display": Display("clip")}, {"plane": "red"}]
)
def test_all_else_can_be_undone(changes: dict) -> None:
    visit = visit_of(Scene())
    visit.turn_to(replace(Scene(), **changes), None)
    visit.undo()
    assert visit.scene == Scene()


@pytest.mark.usefixtures("address")
def test_what_no_link_holds_is_undone_too() -> None:
    # The numbers of both are too many for a link, so both have the same address.
    one, other = (
        Scene(Typed(Matrix.of(np.random.default_rng(seed).normal(size=(64, 64)))))
        for seed in (1, 2)
    )
    visit = visit_of(Scene())
    saved(visit, one)
    saved(visit, other)
    assert encode(one) == encode(other)
    visit.undo()
    assert visit.scene == one


@pytest.mark.usefixtures("address")
def test_going_back_in_the_browser_can_be_undone() -> None:
    visit = visit_of(Scene())
    saved(visit, replace(Scene(), bias=1.0))
    visit.hear({}, None)
    assert visit.scene == Scene()
    visit.undo()
    assert visit.scene.bias == 1


@pytest.mark.usefixtures("address")
def test_undo_keeps_one_picture_and_gives_back_what_was_computed() -> None:
    visit = visit_of(Scene())
    for seed in (1, 2):
        saved(visit, Scene(input=photo(side=100, seed=seed)))
        saved(visit, Scene(input=photo(side=100, seed=seed), bias=1.0))
    # Of the first picture nothing is kept: the latest one takes its place in memory.
    pictures = {of.input.digest for of in visit.earlier if isinstance(of.input, Picture)}
    assert pictures == {photo(side=100, seed=2).digest}
    visit.drawn["view"] = "large"
    visit.undo()
    assert (visit.scene, visit.drawn) == (
        Scene(input=photo(side=100, seed=2)),
        {"view": "large"},
    )
    visit.undo()
    assert (visit.scene, visit.drawn) == (Scene(), {})
    for bias in range(60):
        saved(visit, replace(Scene(), bias=float(bias)))
    assert len(visit.earlier) == PAST


# Odds and ends.


def test_a_reason_is_a_sentence() -> None:
    assert sentence("kernel (5, 5) does not fit") == "Kernel (5, 5) does not fit."
    assert sentence("Is it? Did you mean this?") == "Is it? Did you mean this?"


def test_the_path_of_a_page_is_that_of_its_file() -> None:
    assert [page.path_of(file) for file in (page.STEP_BY_STEP, page.EXPLORE, page.SHARE)] == [
        "",
        "Explore",
        "Share",
    ]


def test_the_icon_is_there() -> None:
    with Image.open(page._ROOT / "assets" / "icon.png") as icon:
        assert icon.size == (64, 64)


def test_the_collector_is_relieved_once_per_process() -> None:
    gc.unfreeze()
    page._free_the_collector.cache_clear()
    try:
        page._free_the_collector()
        frozen = gc.get_freeze_count()
        # Streamlit alone brings several times as many.
        assert frozen > 10_000
        new = [[each] for each in range(1000)]
        page._free_the_collector()
        # A second freeze would take in the new lists.
        assert gc.get_freeze_count() < frozen + len(new)
    finally:
        gc.freeze()  # as the tests after this one had it
