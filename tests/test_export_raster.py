"""Drawings as pictures: colours, room for texts, contrast, and only what changed drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from PIL import ImageChops, ImageColor, ImageFont

from convviz.export.drawing import Box, Drawing, Hatch, Rect, Text
from convviz.export.frame import Frames, frame
from convviz.export.raster import Film, picture
from convviz.export.theme import DARK, LIGHT
from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.palette import DIVERGING
from convviz.scene import Patch, Scene
from tests.drawn import SCENES, output, padded, used, window
from tests.test_house import ROOT

WIDTHS = (480, 960, 1920)
PATCH = Patch(60, 36, 12)
LONG = Typed(Matrix.of(np.random.default_rng(4).normal(size=(6, 7)) * 1e-5))
PRESETS = {row.id: Scene(Named("scene"), row.matrix, patch=PATCH) for row in KERNELS}
CROWDED = {
    **{name: SCENES[name] for name in ("classic", "signed", "reflect", "dilation", "31x31")},
    "long": Scene(LONG, Matrix.of(np.random.default_rng(5).normal(size=(3, 3))), bias=-1 / 3),
    "turned": Scene(
        LONG, Matrix.parse("1/1577536 x 1 2; 1/3 -5"), Geometry.of(padding=1), "conv", bias=0.1
    ),
    "64x64": Scene(
        Named("scene"), kernel("box-3").matrix, Geometry.of(padding="same"), patch=Patch(0, 0, 64)
    ),
}


def pixel(image, x: float, y: float) -> tuple[int, ...]:
    return image.getpixel((int(x), int(y)))


def diverging(values: np.ndarray, limit: float) -> np.ndarray:
    """Mix the stops of the scale, by NumPy's own interpolation."""
    stops = np.array([ImageColor.getrgb(stop) for stop in DIVERGING], float)
    at = (np.clip(values / limit, -1, 1) + 1) / 2 * 10
    return np.stack([np.interp(at, np.arange(11), stops[:, c]) for c in range(3)], axis=-1)


def middles(image, grid) -> np.ndarray:
    """Return the colours at a place in each cell that no digit and no line covers."""
    share = (0.5, 0.5) if grid.fine else (0.5, 0.15)
    return np.array([
        [pixel(image, grid.x + (c + share[0]) * grid.size, grid.y + (r + share[1]) * grid.size)
         for c in range(grid.columns)]
        for r in range(grid.rows)
    ])  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["classic", "signed", "31x31"])
def test_the_fill_of_a_cell_is_its_value(name: str, dark: bool) -> None:
    scene = replace(SCENES[name], geometry=Geometry.of())
    made = Frames(scene, dark=dark)
    step = len(scene.block)
    image = picture(made.drawing(step))
    outputs = output(scene)
    block = outputs[np.ix_(scene.block.rows, scene.block.columns)]
    products = [window(scene, at) * used(scene) for at in range(1, step + 1)]
    expected = (
        (made.kernel, diverging(used(scene), np.abs(used(scene)).max())),
        (made.products, diverging(products[-1], np.abs(products).max())),
        (made.output, diverging(block, np.abs(block).max())),
    )
    for grid, colours in expected:
        found = middles(image, grid)
        # The outline lies over cells smaller than itself, at the rim and round the last output.
        inner = np.s_[1:-1, 1:-1] if grid.fine else np.s_[:, :]
        assert np.abs(found[inner] - colours[inner]).max() <= 0.5 + 1e-9


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_are_grey_and_padding_is_hatched(dark: bool) -> None:
    made = Frames(SCENES["fill"], dark=dark)
    image = picture(made.drawing(1))
    theme = DARK if dark else LIGHT
    found = middles(image, made.input)
    values = padded(SCENES["fill"])
    greys = np.rint(255 * values / 9)[3:-1, 1:-1, np.newaxis]
    assert np.abs(found[3:-1, 1:-1] - greys).max() <= 0.5
    cell = made.input
    corner = (cell.x + 2 * cell.size, cell.y + (cell.rows - 1) * cell.size)
    inside = image.crop(
        (corner[0] + 2, corner[1] + 2, corner[0] + cell.size, corner[1] + cell.size)
    )
    colours = {colour for _, colour in inside.getcolors(10_000)}
    assert {ImageColor.getrgb(theme.padding), ImageColor.getrgb(theme.line)} <= colours


def test_what_is_not_computed_has_the_colour_of_the_page() -> None:
    made = Frames(Scene())
    found = middles(picture(made.drawing(4)), made.output).reshape(9, 3)
    assert (found[4:] == 255).all()
    assert (found[:4] != 255).any(axis=1).all()


def test_the_lines_round_empty_cells_are_dotted() -> None:
    made = Frames(Scene())
    grid, image = made.output, picture(made.drawing(1))
    line, page = ImageColor.getrgb(LIGHT.line), ImageColor.getrgb(LIGHT.page)
    y, x = grid.y + 2 * grid.size, grid.x + 2 * grid.size
    across = [pixel(image, grid.x + at, y) for at in range(3 * grid.size)]
    down = [pixel(image, x, y + at) for at in range(grid.size)]
    for dots in (across, down):
        assert {line, page} == set(dots)
        assert 0.3 < dots.count(line) / len(dots) < 0.5


@pytest.mark.parametrize("dark", [False, True])
def test_the_outline_is_the_accent_in_a_casing_of_the_page(dark: bool) -> None:
    made = Frames(Scene(), dark=dark)
    theme, image = DARK if dark else LIGHT, picture(made.drawing(5))
    grid = made.input
    x, y = grid.x + grid.size, grid.y + 2.5 * grid.size  # the left edge of the middle window
    across = [pixel(image, x + at, y) for at in range(-6, 7)]
    page, now = ImageColor.getrgb(theme.page), ImageColor.getrgb(theme.now)
    first, last = across.index(now), len(across) - 1 - across[::-1].index(now)
    assert across[first : last + 1] == [now] * (last + 1 - first)
    assert last + 1 - first >= 3
    assert across[first - 1] == across[last + 1] == page


@pytest.mark.parametrize("name", CROWDED)
def test_a_film_draws_only_what_changed_and_shows_the_same(name: str) -> None:
    made, film = Frames(CROWDED[name], width=700, summary="Summary"), Film()
    count = len(CROWDED[name].block)
    shown = [(1, None), (2, None), (min(count, 13), None), (count, None), (2, 1), (2, 2), (1, None)]
    for step, term in shown:
        drawing = made.drawing(step, term)
        film.show(drawing)
        assert ImageChops.difference(film.image, picture(drawing)).getbbox() is None, (step, term)
    whole = drawing.width * drawing.height
    film.show(made.drawing(2))
    drawn = sum((box.right - box.left) * (box.bottom - box.top) for box in film.parts)
    assert 0 < drawn < 0.75 * whole


def test_the_same_drawing_again_draws_nothing() -> None:
    made, film = Frames(Scene()), Film()
    film.show(made.drawing(3))
    film.show(made.drawing(3))
    assert film.parts == ()


font = cache(ImageFont.load_default)


@cache
def length_of(text: str, size: float) -> float:
    """Measure a text with the font itself; signs it lacks are as wide as a digit, or less."""
    return font(size).getlength(text.translate(str.maketrans("−×–\u00a0", "000 ")))


def reach(text: Text) -> tuple[float, float]:
    """Say from where to where a text goes."""
    length = length_of(text.text, text.size)
    left = text.x - {"start": 0, "middle": 0.5, "end": 1}[text.anchor] * length
    return left, left + length


def grounded(drawing: Drawing) -> Iterator[tuple[Text, Box, str]]:
    """Yield each text with the cell or chip under its middle, drawn last before it, and its fill.

    What has only a line, as a chip of a zero term, gives its box and the fill that is seen in it.
    """
    before: list[tuple[Box, str | None]] = [
        (Box(0, 0, drawing.width, drawing.height), drawing.ground)
    ]
    for item in drawing.items:
        if isinstance(item, Hatch):
            before.append((item.box, item.ground))
        elif isinstance(item, Rect):
            before.append((item.box, item.fill))
        elif isinstance(item, Text):
            x, y = sum(reach(item)) / 2, item.y - 0.36 * item.size
            under = (at for at in reversed(before) if has(at[0], x, y))
            box, fill = next(under)
            yield item, box, fill or next(below for _, below in under if below)


def has(box: Box, x: float, y: float) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom


def check_room(drawing: Drawing) -> None:
    for item, box, _ in grounded(drawing):
        left, right = reach(item)
        assert left >= 0
        assert right <= drawing.width, item.text
        assert 0.7 * item.size <= item.y <= drawing.height - 0.25 * item.size
        if item.anchor != "start":
            assert left >= box.left, item.text
            assert right <= box.right, item.text
            assert box.top <= item.y - 0.72 * item.size
            assert item.y <= box.bottom


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PRESETS)
def test_no_number_leaves_its_cell_for_any_preset(name: str, width: int) -> None:
    made = Frames(PRESETS[name], width=width, summary="Cross-correlation, stride 1, no padding")
    check_room(made.drawing(77))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CROWDED)
def test_no_number_leaves_its_cell_in_crowded_scenes(name: str, width: int) -> None:
    made = Frames(CROWDED[name], width=width, summary="A long summary of what slides how " * 5)
    count = len(CROWDED[name].block)
    for step, term in ((1, None), (count, None), (count, 2)):
        check_room(made.drawing(step, term))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CROWDED)
def test_words_do_not_run_into_each_other(name: str, width: int) -> None:
    made = Frames(CROWDED[name], width=width, summary="A long summary of what slides how " * 5)
    drawing = made.drawing(len(CROWDED[name].block), 1)
    top = made.stage.input.y
    texts = [t for t in drawing.items if isinstance(t, Text) and (t.y < top or t.y > made.band)]
    lines: dict[float, list[tuple[float, float, str]]] = {}
    for text in texts:
        lines.setdefault(text.y, []).append((*reach(text), text.text))
    for line in lines.values():
        for left, right in pairwise(sorted(line)):
            assert left[1] <= right[0], (left, right)
    bases = sorted(lines)
    assert bases[-1] < drawing.height


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    parts = np.array(ImageColor.getrgb(colour)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["classic", "signed", "reflect", "dilation", "patch", "31x31"])
def test_every_text_has_contrast(name: str, dark: bool) -> None:
    made = Frames(SCENES[name], dark=dark, summary="Summary")
    for term in (None, 3):
        for item, _, fill in grounded(made.drawing(3, term)):
            assert contrast(item.fill, fill) >= 4.5, item.text


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_outlines_stand_out_from_their_casing(theme) -> None:
    assert contrast(theme.now, theme.page) >= 3
    assert contrast(theme.line, theme.page) >= 3


def test_the_tokens_are_those_of_the_pages() -> None:
    css = (ROOT / "convviz" / "ui" / "client" / "tokens.css").read_text("utf-8")
    light, dark = css.split("[data-theme")
    for theme, part in ((LIGHT, light), (DARK, dark)):
        names = {"padding": "padding-fill"}
        for name, colour in vars(theme).items():
            token = names.get(name, name.replace("_", "-"))
            assert f"--{token}: {colour};" in part


def test_every_sign_is_drawn_and_none_is_the_fonts_sign_for_missing() -> None:
    # The font draws the same box for all signs it lacks; ours must differ from it.
    missing = bytes(ImageFont.load_default(40).getmask("\uffff"))
    for sign in "0123456789.e/+=()…°":
        assert bytes(ImageFont.load_default(40).getmask(sign)) != missing
    base = frame(Scene(), 1, summary="")
    for sign in "−×–":
        drawn = picture(frame(Scene(), 1, summary=sign))
        box = ImageChops.difference(drawn, picture(base)).getbbox()
        assert box is not None
        assert box[2] - box[0] > (box[3] - box[1]) * (0.8 if sign == "×" else 2)


def test_letters_that_the_font_lacks_lose_their_accents() -> None:
    plain = picture(frame(Scene(), 1, summary="Muller? a"))
    assert plain.tobytes() == picture(frame(Scene(), 1, summary="Müller猫\u00a0a")).tobytes()
