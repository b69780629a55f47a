"""The drawings that are charts: zone plate, colour wheel, page of text, brick wall, balloon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from brushes import (
    Picture,
    Plane,
    cloud,
    flat,
    grid,
    lay,
    noise,
    ramp,
    relief,
    rgb,
    smooth,
    soften,
    uniform,
)
from PIL import Image, ImageDraw, ImageFont


def zone_plate(size: int = 256, finer: int = 6) -> Picture:
    """Draw cos(k r^2): rings that reach half a cycle a pixel where the circle meets the side."""
    rows, columns = grid((size * finer, size * finer))
    squared = ((rows / finer - size / 2) ** 2 + (columns / finer - size / 2) ** 2) / (size / 2)
    wave = np.cos(squared * np.pi * 0.46)  # 0.46 of a cycle a pixel at the rim, then fading
    wave *= smooth(1.06, 0.94, np.sqrt(squared / (size / 2)))
    mean = wave.reshape(size, finer, size, finer).mean(axis=(1, 3))
    plate: Picture = np.repeat((0.5 + 0.5 * mean)[:, :, np.newaxis], 3, axis=2)
    return plate


def _hue(hue: Plane, saturation: Plane) -> Picture:
    """Full-value HSV to RGB: each band is a trapezoid over the hue (Smith 1978)."""
    bands = [np.clip(np.abs((hue * 6 + shift) % 6 - 3) - 1, 0, 1) for shift in (0, 4, 2)]
    colours: Picture = 1 - saturation[:, :, np.newaxis] * (1 - np.stack(bands, axis=2))
    return colours


def colour_wheel(size: int = 256, finer: int = 3) -> Picture:
    """Draw the hues round a disc that fades to white, and a rim of twelve separate swatches."""
    rows, columns = grid((size * finer, size * finer))
    down, right = rows / finer - size / 2, columns / finer - size / 2
    radius, hue = np.hypot(down, right), np.arctan2(right, -down) / (2 * np.pi) % 1
    sheet = flat(radius.shape, "#20242b")
    disc = _hue(hue, np.clip(radius / 88, 0, 1))
    sheet = lay(sheet, (radius < 92).astype(float), disc)
    swatch = np.floor(hue * 12 + 0.5) / 12 % 1
    gap = np.abs(hue * 12 + 0.5 - np.round(hue * 12 + 0.5)) / 12 * 2 * np.pi * radius < 1.6
    rim = (radius > 99) & (radius < 120) & ~gap
    sheet = lay(sheet, rim.astype(float), _hue(swatch, np.ones_like(hue)))
    wheel: Picture = sheet.reshape(size, finer, size, finer, 3).mean(axis=(1, 3))
    return wheel


def _letters(
    shape: tuple[int, int], lines: Sequence[tuple[float, float, float, str]], centred: bool = False
) -> Plane:
    """Mask of lines of text: (row of the baseline, column, size, words), Pillow's own font."""
    scale = 4
    sheet = Image.new("L", (shape[1] * scale, shape[0] * scale))
    pen = ImageDraw.Draw(sheet)
    for row, column, size, words in lines:
        font = ImageFont.load_default(size * scale)
        pen.text(
            (column * scale, row * scale),
            words,
            fill=255,
            font=font,
            anchor="ms" if centred else "ls",
        )
    return np.asarray(sheet.reduce(scale)).astype(np.float64) / 255


def _bars(shape: tuple[int, int], *bars: tuple[int, int, int, int]) -> Plane:
    """Mask of filled rectangles: first row, first column, last row, last column, ends excluded."""
    plane = np.zeros(shape)
    for top, left, bottom, right in bars:
        plane[top:bottom, left:right] = 1
    return plane


def text_page(shape: tuple[int, int] = (320, 416)) -> Picture:
    """Draw a dark column of ever smaller letters, and a printed page beside it."""
    paper = ramp(cloud(40, shape, (90, 90), 6), (0.2, "#efe7d6"), (0.8, "#fbf7ec"))
    page = lay(paper, _bars(shape, (0, 0, 320, 136)), "#1d2b3a")
    chart = [
        (100, 68, 96.0, "K"),
        (158, 68, 50.0, "E R"),
        (200, 68, 33.0, "N E L"),
        (233, 68, 22.0, "S I Z E S"),
        (258, 68, 15.0, "S O F T E N"),
        (277, 68, 10.5, "E D G E S  S T A Y"),
        (292, 68, 7.5, "W H I C H  O N E S  F A D E ?"),
    ]
    page = lay(page, _letters(shape, chart, centred=True), "#f4efe2")
    body = [
        "lace the kernel on the image: each",
        "weight meets the pixel under it. Add",
        "up the products and write one number,",
        "then move on by one column.",
    ]
    small = [
        "Small print goes first: at 8 pixels a blur of 5 x 5 joins the",
        "strokes of “m” and “w”, closes e, a & g, and 3, 6, 8 look alike.",
        "A sharpening kernel, 9 - 8 x (1/8) = 8, does not bring it back.",
    ]
    ink = [(58.0, 157.0, 31.0, "Slide, multiply,"), (91.0, 157.0, 31.0, "add, repeat.")]
    ink += [(133.0 + 17 * i, 187.0 if i < 2 else 158.0, 12.5, w) for i, w in enumerate(body)]
    ink += [(276.0 + 11 * i, 158.0, 8.2, w) for i, w in enumerate(small)]
    page = lay(page, _letters(shape, ink), "#23211d")
    red = [(150.0, 156.0, 42.0, "P"), (244.0, 156.0, 50.0, "7 x 9 = 63")]
    page = lay(page, _letters(shape, red), "#b3261e")
    return lay(page, _bars(shape, (102, 158, 104, 394), (259, 158, 260, 394)), "#23211d")


def bricks(shape: tuple[int, int] = (256, 256)) -> Picture:
    """Draw a wall in running bond, lit from the upper left, as a relief with a rough face."""
    high, wide, joint = 32, 64, 5.0
    rows, columns = grid(shape)
    wobble = [(noise(seed, shape, (22, 22)) - 0.5) * 3.2 for seed in (60, 61)]
    course = np.floor((rows + wobble[0]) / high)
    across = columns + wobble[1] + course % 2 * (wide / 2)
    number = np.floor(across / wide)
    down, along = (rows + wobble[0]) % high, across % wide
    inset = np.minimum(np.minimum(down, high - down), np.minimum(along, wide - along))
    face = smooth(joint / 2 - 1.2, joint / 2 + 1.4, inset)
    own = uniform(62, (9, 6, 3))[course.astype(int) % 9, number.astype(int) % 6]
    grit = cloud(63, shape, (5, 7), 3)
    chips = smooth(0.66, 0.74, cloud(67, shape, (14, 14), 4)) * face
    clay = ramp(
        own[:, :, 0] * 0.75 + (cloud(70, shape, (20, 36)) - 0.5) * 0.7 + 0.12,
        (0.0, "#643029"),
        (0.35, "#8c4435"),
        (0.7, "#a55b43"),
        (1.0, "#c08a66"),
    )
    clay = lay(clay, smooth(0.9, 0.96, own[:, :, 1]), "#51403d", 0.65)
    mortar = ramp(cloud(74, shape, (6, 6), 3), (0.2, "#a79f92"), (0.8, "#cfc7b8"))
    wall = lay(mortar, face, clay)
    height = face * (3.0 + own[:, :, 2]) - chips * 1.1 + grit * 2.6
    light = relief(height, (0.62, -0.5, 1.0)) / relief(np.zeros(shape), (0.62, -0.5, 1.0))
    shadow = 1 - 0.45 * (1 - face) * np.roll(soften(face, 2.0), (3, 3), (0, 1))
    slant = 1.06 - 0.0007 * (rows + columns - 256)
    return wall * (light**0.7 * shadow * slant)[:, :, np.newaxis]


_BALLOON = """
ssssssssssssssssssssssssssssssss
ssssssssssbcrrCBssssssssssssssss
ssssssssbccrrrrCCBssssssssssssss
sssssssbcccrrrrCCCBsssssssssssss
wwwwssbbccrrrrrrCCBBsssswwwsssss
WWwwwtbblcrrrrrrCCBBttwwwwwwwttt
tttttbblccrrrrrrCCCBBwwWWWWWWwwt
tttttbblccrrrrrrCCCBBttttttttttt
tttttbblccrrrrrrCCCBBttttttttttt
tttttooooooooooooOOOOttttttttttt
tttttoYoooYoooYooOYOOttttttttttt
tttttooooooooooooOOOOttttttttttt
tttttbbcccrrrrrrCCCBBttttttttttt
uuuuuubbccrrrrrrCCBBuuuuuuuuuuuu
uuuuuubbccrrrrrrCCBBuuuuuuuuuuuu
wwwuuuubcccrrrrCCCBuuuuuuuwwuuuu
wwwwwwuubccrrrrCCBuuuuuuwwwwwwuu
WWWWwwwuubccrrcCBuuuuuuuuuuuuuuu
uuuuuuuuuubcrrCBuuuuuuuuuuuuuuuu
vvvvvvvvvvvkYYkvvvvvvvvvvvvvvvvv
vvvvvvvvvvvkYYkvvvvvvvvvyyyvvvvv
vvvvvvvvvvkkkkkkvvvvvvyyyyyyyvvv
vvvvvvvvvvnnxnxNvvvvvvyyYYYyyvvv
vvmmmmvvvvnxnnxNvvvvvyyYYYYYyyvv
mmmmMMmmvvvnnNNvvmmmmyyYYYYYyymm
mmMMMMMmmmmvvvvmmmMMMMMyYYYyMMmM
hhhMMMMMMmmmmmMMMMMMMMhhhhhhhhhM
gghhhhMMMMMMMMMMhhhhhhggrrrggghh
GgggGghhhhhhhhhhgggggggRRRRRgggg
GGgGGGggGGggggggggqgggggccqWgpgg
GGgGGGgGGGGgpggggggggqggcdcWgGGg
GGGkGGGGGkGGGGggqggGGGGGcdcWGGGG
""".strip().splitlines()

_PAINTS = {
    "s": "#2f6fd0",
    "t": "#4f94e6",
    "u": "#86bdf2",
    "v": "#f7d9b0",
    "w": "#ffffff",
    "W": "#cfe3f7",
    "y": "#ffb238",
    "Y": "#ffe873",
    "r": "#e5322d",
    "R": "#96211f",
    "o": "#ff8c1a",
    "O": "#c45a0c",
    "b": "#2a3f9e",
    "B": "#17235f",
    "c": "#fff3d6",
    "C": "#d2b892",
    "l": "#ffffff",
    "k": "#4a2b17",
    "n": "#b5793c",
    "N": "#7a4a20",
    "x": "#d9a15c",
    "m": "#a98fcf",
    "M": "#6f5aa3",
    "h": "#b6d94c",
    "g": "#62b13b",
    "G": "#2c7a34",
    "p": "#ff6fb1",
    "q": "#ffe14d",
    "d": "#6b3f1d",
}


def balloon() -> Picture:
    """Draw a balloon over the hills, one letter a pixel, 32 x 32."""
    return np.array([[rgb(_PAINTS[letter]) for letter in row] for row in _BALLOON])
