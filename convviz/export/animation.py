"""An animation of a scene: as GIF, as WebP, or as PNG pictures in a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import BinaryIO, Final, Literal, get_args

from PIL import Image

from convviz.export.frame import Frames
from convviz.export.gif import Gif
from convviz.export.raster import Film
from convviz.geometry import integer, real
from convviz.limits import check_choice
from convviz.methods.strips import Report
from convviz.scene import Scene

Detail = Literal["positions", "terms"]
Format = Literal["gif", "webp", "zip"]

MAX_FRAMES: Final = 4096
SPEEDS: Final = (0.25, 16.0)
"""Slowest and fastest, as in the player."""
POSITION_MS, TERM_MS, LAST_MS = 1200, 500, 3000
_SLOW_STARTS: Final = 2
_SAMPLES: Final = 4
_GOLDEN: Final = 0.6180339887


class Animation:
    """The steps of a scene one after the other, drawn when they are written.

    Parameters
    ----------
    scene : Scene
    detail : {"positions", "terms"}
        Whether each multiply-add is a frame of its own.
    width : int
        Of a frame in pixels, 480 to 1920.
    dark : bool
    summary : str
        What slides how, in one line.
    first, last : int, optional
        The positions to show, from 1; None for all.
    speed : float
        0.25 to 16, as in the player.

    Raises
    ------
    ValueError
        For a value out of range, or for more than 4096 frames; the message says what would do.
    """

    def __init__(
        self,
        scene: Scene,
        detail: Detail = "positions",
        *,
        width: int = 960,
        dark: bool = False,
        summary: str = "",
        first: int | None = None,
        last: int | None = None,
        speed: float = 1.0,
    ) -> None:
        check_choice("Detail", detail, get_args(Detail))
        self.frames = Frames(scene, width=width, dark=dark, summary=summary)
        self.detail, self.speed = detail, real("speed", speed)
        if not SPEEDS[0] <= self.speed <= SPEEDS[1]:
            raise ValueError(f"Speed {speed} is out of range: choose {SPEEDS[0]} to {SPEEDS[1]:g}.")
        count = self.frames.steps.count
        self.first = 1 if first is None else integer("first", first)
        self.last = count if last is None else integer("last", last)
        if not 1 <= self.first <= self.last <= count:
            raise ValueError(
                f"Positions {self.first} to {self.last} are out of range: choose 1 to {count}, "
                "the first not after the last."
            )
        self._check_count()

    @property
    def count(self) -> int:
        """How many frames there are."""
        return (self.last - self.first + 1) * self._each

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame in pixels."""
        return self.frames.measures.width, self.frames.height

    @cached_property
    def durations(self) -> tuple[int, ...]:
        """How long each frame is shown, in milliseconds."""
        slow = _SLOW_STARTS if self.detail == "positions" else 0
        unit = POSITION_MS if self.detail == "positions" else TERM_MS
        times = [unit * (2 if at < slow else 1) / self.speed for at in range(self.count)]
        return (*(round(time) for time in times[:-1]), LAST_MS)

    def foretell(self, format: Format, report: Report = lambda share: None) -> int:
        """Estimate the size of the file in bytes, from a few frames spread over all.

        Parameters
        ----------
        format : {"gif", "webp", "zip"}
        report : callable, optional
            Told after each of them which share is done; what it raises ends the work.
        """
        check_choice("Format", format, get_args(Format))
        rest = range(self.count - 1)
        if self.count <= _SAMPLES:
            return self._bytes(format, range(self.count))
        # Spread by the golden ratio, so that they do not fall on the same term each time.
        places = {rest[int(len(rest) * (sample * _GOLDEN % 1))] for sample in range(_SAMPLES)}
        found = 0
        for done, at in enumerate(places, start=1):
            found += self._bytes(format, range(at, at + 2)) - self._bytes(format, range(at, at + 1))
            report(done / (len(places) + 1))
        return self._bytes(format, range(1)) + round(len(rest) * found / len(places))

    def write(self, format: Format, file: BinaryIO, report: Report = lambda share: None) -> None:
        """Draw and write all frames, one at a time.

        Parameters
        ----------
        format : {"gif", "webp", "zip"}
        file : binary file
            Need not be seekable. If the work is ended, what it holds by then is no whole file.
        report : callable, optional
            Told after each frame which share is done; what it raises ends the work.
        """
        check_choice("Format", format, get_args(Format))
        self._write(format, file, range(self.count), report)

    def _check_count(self) -> None:
        if self.count <= MAX_FRAMES:
            return
        fewer = "fewer positions" if self.detail == "positions" else "fewer positions, or no terms"
        raise ValueError(
            f"The animation would have {self.count} frames, more than {MAX_FRAMES}: choose {fewer}."
        )

    @property
    def _each(self) -> int:
        return self.frames.steps.length if self.detail == "terms" else 1

    def _bytes(self, format: Format, which: range) -> int:
        file = io.BytesIO()
        self._write(format, file, which, lambda share: None)
        return file.tell()

    def _write(self, format: Format, file: BinaryIO, which: range, report: Report) -> None:
        writer = {"gif": self._gif, "webp": self._webp, "zip": self._zip}[format]
        writer(file, which, lambda at: report((at - which.start + 1) / len(which)))

    def _shown(self, which: range) -> Iterator[tuple[int, Film]]:
        """Yield frames, all on one film."""
        film = Film()
        for at in which:
            step, term = divmod(at, self._each)
            count = term + 1 if self.detail == "terms" else None
            film.show(self.frames.drawing(self.first + step, count))
            yield at, film

    def _gif(self, file: BinaryIO, which: range, told: Callable[[int], None]) -> None:
        gif = Gif(self.frames.theme)
        file.write(gif.header(self.size))
        for at, film in self._shown(which):
            file.write(gif.part(film, self.durations[at]))
            told(at)
        file.write(gif.END)

    def _zip(self, file: BinaryIO, which: range, told: Callable[[int], None]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for at, film in self._shown(which):
                png = io.BytesIO()
                film.image.save(png, "PNG")
                name = f"frame-{at + 1:04}.png"
                # ZipInfo's own date is 1980, so the same numbers give the same bytes on any day.
                archive.writestr(zipfile.ZipInfo(name), png.getvalue())
                told(at)

    def _webp(self, file: BinaryIO, which: range, told: Callable[[int], None]) -> None:
        shown = self._shown(which)
        reel = _Reel(len(which), lambda: next(shown)[1].image, lambda at: told(which[at]))
        durations = [self.durations[at] for at in which]
        # Without loss, or digits would blur. More effort takes longer and saves a hundredth.
        reel.save(
            file, "WEBP", save_all=True, duration=durations, loop=0,
            lossless=True, quality=50, method=1, kmin=0, kmax=0,
        )  # fmt: skip
        told(which[-1])


class _Reel(Image.Image):
    """A picture of many frames, which Pillow asks for one after the other.

    Given a list of pictures, Pillow would hold all of them at once.
    """

    def __init__(
        self, count: int, draw: Callable[[], Image.Image], seen: Callable[[int], object]
    ) -> None:
        super().__init__()
        self.n_frames, self.draw, self.seen, self.at = count, draw, seen, 0
        first = draw()
        # Image.Image has no public way to stand for another picture: it takes these from a loader.
        self._mode, self._size, self.im = first.mode, first.size, first.im

    def tell(self) -> int:
        """Return which frame it shows."""
        return self.at

    def seek(self, frame: int) -> None:
        """Draw the next frame; where Pillow goes back at the end, it stays."""
        if frame == self.at + 1:
            self.seen(self.at)
            self.im = self.draw().im
            self.at = frame
