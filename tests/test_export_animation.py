"""Animations, opened by readers that know nothing of convviz: OpenCV, Pillow, zipfile."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from convviz.export.animation import Animation
from convviz.export.frame import frame
from convviz.export.raster import picture
from convviz.geometry import Geometry
from convviz.inputs import Named
from convviz.kernels import kernel
from convviz.scene import Patch, Scene
from convviz.summary import summary
from tests.drawn import DIGITS, SCENES
from tests.test_house import ROOT

PATCH = SCENES["patch"]
SMALL = Scene(Named("tiny"), kernel("gaussian-3").matrix, Geometry(padding="same"))
LARGE = Scene(Named("scene"), geometry=Geometry(padding="same"), patch=Patch(0, 0, 64))


def written(animation: Animation, format: str) -> bytes:
    file = io.BytesIO()
    animation.write(format, file)
    return file.getvalue()


@cache
def classic(format: str) -> bytes:
    """Write all nine positions of the classic case, once."""
    return written(Animation(Scene(), width=480), format)


def opened(data: bytes, name: str, folder: Path) -> tuple[np.ndarray, list[int]]:
    """Let OpenCV read an animation: RGB (frames, H, W, 3), and durations in milliseconds."""
    path = folder / name
    path.write_bytes(data)
    found, animation = cv2.imreadanimation(str(path))
    assert found
    frames = np.stack([np.asarray(one)[..., 2::-1] for one in animation.frames])
    return frames, [int(time) for time in np.ravel(animation.durations)]


def by_pillow(data: bytes) -> tuple[np.ndarray, list[int], int | None]:
    """Let Pillow read it: frames, durations, and how often it is repeated (0: without end)."""
    frames, durations = [], []
    with Image.open(io.BytesIO(data)) as image:
        for at in range(image.n_frames):
            image.seek(at)
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(image.info["duration"])
        return np.stack(frames), durations, image.info.get("loop")


def expected(scene: Scene, steps: list[tuple[int, int | None]], **more: object) -> np.ndarray:
    """Draw each frame on its own."""
    drawings = (frame(scene, step, term=term, **more) for step, term in steps)
    return np.stack([np.asarray(picture(drawing)) for drawing in drawings])


def difference(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    return np.abs(found.astype(np.int16) - drawn)


NINE = [(step, None) for step in range(1, 10)]
# The first two twice as long, the last 3 s.
PACE = [2400, 2400, 1200, 1200, 1200, 1200, 1200, 1200, 3000]


@cache
def classic_frames() -> np.ndarray:
    return expected(Scene(), NINE, width=480)


@pytest.mark.parametrize("dark", [False, True])
def test_a_gif_has_every_position(dark: bool, tmp_path: Path) -> None:
    data = written(Animation(Scene(), width=480, dark=dark), "gif")
    frames, durations = opened(data, "a.gif", tmp_path)
    again, pace, loop = by_pillow(data)
    drawn = expected(Scene(), NINE, width=480, dark=dark)
    assert frames.shape == again.shape == drawn.shape
    for found in (frames, again):
        wrong = difference(found, drawn)
        # One palette for all frames: only the rims of letters and of round corners may differ.
        assert wrong.mean() < 0.5
        assert (wrong > 4).any(axis=3).mean() < 0.02
    assert durations == pace == PACE
    assert loop == 0


def test_a_webp_has_every_position_without_loss(tmp_path: Path) -> None:
    data = classic("webp")
    frames, durations = opened(data, "a.webp", tmp_path)
    again, pace, loop = by_pillow(data)
    np.testing.assert_array_equal(frames, classic_frames())
    np.testing.assert_array_equal(again, classic_frames())
    assert durations == pace == PACE
    assert loop == 0


def test_a_zip_has_every_position_as_png() -> None:
    with zipfile.ZipFile(io.BytesIO(classic("zip"))) as archive:
        assert archive.testzip() is None
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        names = archive.namelist()
        found = [cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), 1) for name in names]
    assert names == [f"frame-{at:04}.png" for at in range(1, 10)]
    np.testing.assert_array_equal(np.stack(found)[..., ::-1], classic_frames())


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_every_term_is_a_frame(format: str, tmp_path: Path) -> None:
    animation = Animation(Scene(), "terms", width=480, first=2, last=3, speed=2)
    data = written(animation, format)
    frames, durations = opened(data, f"a.{format}", tmp_path)
    steps = [(step, term) for step in (2, 3) for term in range(1, 10)]
    drawn = expected(Scene(), steps, width=480)
    assert animation.count == len(frames) == 18
    assert difference(frames, drawn).mean() < 0.5
    assert durations == [250] * 17 + [3000]


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
def test_pictures_keep_their_greys(format: str, tmp_path: Path) -> None:
    animation = Animation(PATCH, width=480, first=70, last=72)
    data = written(animation, format)
    drawn = expected(PATCH, [(70, None), (71, None), (72, None)], width=480)
    if format == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            frames = np.stack([np.asarray(Image.open(archive.open(n))) for n in archive.namelist()])
    else:
        frames, _ = opened(data, f"a.{format}", tmp_path)
    input = animation.frames.input
    rows = slice(input.y, input.bottom)
    columns = slice(input.x, input.x + input.columns * input.size)
    wrong = difference(frames, drawn)[:, rows, columns]
    assert wrong.max() <= (3 if format == "gif" else 0)


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
def test_one_frame_alone_is_a_file_too(format: str) -> None:
    data = written(Animation(Scene(), width=480, first=5, last=5), format)
    if format == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            data = archive.read(name)
    found = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert difference(found, classic_frames()[4]).mean() < 0.5


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
def test_the_same_scene_gives_the_same_bytes(format: str) -> None:
    assert written(Animation(Scene(), width=480), format) == classic(format)


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
def test_the_share_done_is_told_after_each_frame(format: str) -> None:
    told: list[float] = []
    Animation(Scene(), width=480).write(format, io.BytesIO(), told.append)
    assert told == [pytest.approx(at / 9) for at in range(1, 10)]


@pytest.mark.parametrize("format", ["gif", "zip"])
def test_frames_are_written_one_at_a_time_to_a_file_that_cannot_go_back(format: str) -> None:
    class Pipe(io.RawIOBase):
        written = 0

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.written += len(data)
            return len(data)

    pipe, sizes = Pipe(), []
    Animation(Scene(), width=480).write(format, pipe, lambda share: sizes.append(pipe.written))
    assert len(set(sizes)) == 9
    assert sizes == sorted(sizes)


class LeftError(Exception):
    """What a visitor who leaves raises."""


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
def test_work_can_be_ended_and_begun_anew(format: str) -> None:
    animation, told = Animation(Scene(), width=480), []

    def report(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise LeftError

    with pytest.raises(LeftError):
        animation.write(format, io.BytesIO(), report)
    assert len(told) == 3
    assert written(animation, format) == classic(format)


@pytest.mark.parametrize("format", ["gif", "webp", "zip"])
@pytest.mark.parametrize(
    "animation",
    [
        # Several times the frames that are looked at, and the window comes to a new row.
        pytest.param(
            lambda: Animation(Scene(), "terms", width=480, first=3, last=4), id="classic, terms"
        ),
        pytest.param(lambda: Animation(PATCH, width=480, first=55, last=66), id="patch"),
        pytest.param(lambda: Animation(SMALL, width=480, first=507, last=518), id="32 x 32"),
    ],
)
def test_the_size_is_foretold_within_a_factor_of_two(animation, format: str) -> None:
    made = animation()
    size = len(written(made, format))
    assert size / 2 < made.foretell(format) < 2 * size


def test_the_limit_is_4096_frames() -> None:
    assert Animation(LARGE).count == 4096
    said = (
        "The animation would have 36864 frames, more than 4096: choose fewer positions, "
        "or no terms."
    )
    with pytest.raises(ValueError, match=said):
        Animation(LARGE, "terms")
    assert Animation(LARGE, "terms", first=1, last=455).count == 4095


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"detail": "frames"}, "Detail 'frames' is unknown: choose one of positions, terms."),
        ({"first": 0}, "Positions 0 to 9 are out of range: choose 1 to 9"),
        ({"first": 5, "last": 4}, "Positions 5 to 4 are out of range: choose 1 to 9"),
        ({"last": 10}, "Positions 1 to 10 are out of range: choose 1 to 9"),
        ({"speed": 0.1}, "Speed 0.1 is out of range: choose 0.25 to 16."),
        ({"width": 100}, "Width 100 is out of range: choose 480 to 1920."),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Animation(Scene(), **wrong)


def test_the_moving_picture_of_the_documentation_is_this_export() -> None:
    file = ROOT / "docs" / "step-by-step.gif"
    frames, durations, _ = by_pillow(file.read_bytes())
    drawn = expected(Scene(), NINE, width=960, summary=summary(Scene()))
    assert file.stat().st_size < 300_000
    assert durations == PACE
    # Another release of the font's renderer may draw the rims of letters in another way.
    assert difference(frames, drawn).mean() < 0.5


@pytest.mark.parametrize("ask", [Animation.foretell, Animation.write])
def test_an_unknown_format_is_refused(ask) -> None:
    with pytest.raises(
        ValueError, match=r"Format 'mp4' is unknown: choose one of gif, webp, zip\."
    ):
        ask(Animation(Scene()), "mp4", *([io.BytesIO()] if ask is Animation.write else []))


def test_the_height_is_the_same_in_all_frames_and_even() -> None:
    for scene in (Scene(), Scene(DIGITS, bias=0.1), PATCH):
        for width in (480, 481, 960):
            animation = Animation(scene, width=width)
            sizes = {
                (one.width, one.height)
                for one in (animation.frames.drawing(step) for step in (1, animation.count))
            }
            assert sizes == {animation.size}
            assert animation.size[1] % 2 == 0
