"""The drawing of a portrait: soft light on skin, fine hair, knitted wool, a blurred background."""

from __future__ import annotations

import numpy as np
from brushes import (
    Picture,
    Plane,
    ellipse,
    grid,
    lay,
    noise,
    polygon,
    ramp,
    relief,
    smooth,
    soften,
    strokes,
    uniform,
)

SHAPE = (384, 320)
MIDDLE = 160.0
LAMP = (0.55, -0.62, 0.75)

Curve = tuple[tuple[float, float], ...]  # points (row, column)


def portrait() -> Picture:
    """Draw the whole portrait, from the background to the hair in front."""
    picture = _background()
    picture = _hair(picture, _BACK, 500, 500, bright=0.45, wide=2.2)
    picture = _neck(picture)
    picture = _jumper(picture)
    picture = _face(picture)
    for side in (-1, 1):
        picture = _eye(picture, (166.0, MIDDLE + 27 * side), side)
        picture = _brow(picture, (146.0, MIDDLE + 27 * side), side)
    picture = _mouth(picture)
    picture = _hair(picture, _RIGHT, 1000, 520)
    picture = _hair(picture, _LEFT, 1000, 530)
    rows, columns = grid(SHAPE)
    corner = np.hypot((rows - 170) / 384, (columns - 150) / 320)
    grain = (uniform(540, SHAPE) - 0.5) * 0.02
    return picture * (1.02 - 0.35 * corner**2)[:, :, None] + grain[:, :, None]


def _background() -> Picture:
    rows, columns = grid(SHAPE)
    far = ramp(rows + columns * 0.4, (0, "#3f6f7d"), (230, "#2c4a5c"), (520, "#16222e"))
    for row, column, size, warm in uniform(541, (46, 4)):
        at, radius = (row * 384, column * 320), 9 + 24 * size
        tint = ("#f3b562", "#7fb7b2", "#e58f5b", "#a9cfc0")[int(warm * 4)]
        disc = ellipse(SHAPE, at, (radius, radius), 5)
        rim = disc - ellipse(SHAPE, at, (radius - 2.5, radius - 2.5), 4)
        far = lay(far, disc, tint, 0.13 + 0.12 * warm)
        far = lay(far, np.clip(rim, 0, 1), tint, 0.14)
    return far


def _neck(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    half = 31 + 14 * smooth(270, 330, rows)
    cover = smooth(1, -1, np.abs(columns - MIDDLE) - half) * smooth(200, 204, rows)
    across = (columns - MIDDLE) / half
    tone = 0.62 - 0.34 * across - 0.25 * across**2
    tone -= 0.42 * smooth(310, 232, rows + 10 * across**2)
    return lay(picture, cover, _skin(tone))


def _skin(tone: Plane) -> Picture:
    return ramp(
        tone,
        (0.0, "#4a211c"),
        (0.25, "#8c4a38"),
        (0.5, "#c98463"),
        (0.75, "#eeb890"),
        (0.92, "#fbdcba"),
        (1.1, "#fff4e2"),
    )


def _jumper(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    body = ellipse(SHAPE, (428, MIDDLE), (112, 152), 1.5)
    x = (columns - MIDDLE) / 152
    fall = rows + 46 * x**2
    stitch = np.abs(columns / 7 % 1 - 0.5) * 2
    rib = (fall / 6 + stitch * 0.85) % 1
    height = np.sin(np.pi * rib) ** 0.7 * 2.2 + np.sin(np.pi * (columns / 7 % 1)) * 2.0
    wool = relief(height + noise(550, SHAPE, (2, 2)) * 1.3, LAMP)
    dome = 0.5 - 0.45 * x + 0.2 * smooth(384, 320, rows) - 0.5 * np.abs(x) ** 3
    tone = wool * (0.35 + 0.75 * dome)
    colours = ((0.0, "#1a0f1c"), (0.35, "#7c2438"), (0.65, "#c94a4a"), (1.0, "#ff9c7d"))
    picture = lay(picture, body, ramp(tone, *colours))
    across = (columns - MIDDLE) / 57
    sag = 1 - np.clip(across, -1, 1) ** 2
    top, bottom = 284 + 13 * sag, 318 + 17 * sag
    collar = smooth(-0.8, 0.8, rows - top) * smooth(0.8, -0.8, rows - bottom)
    collar = collar * smooth(0.5, -0.5, np.abs(columns - MIDDLE) - 57)
    shade = soften(np.roll(collar, (7, 4), (0, 1)), 4) * body
    picture = lay(picture, shade, "#2a0d18", 0.6)
    turn = np.arcsin(np.clip(across, -1, 1))
    ribs = np.sin(np.pi * (turn * 10 % 1)) ** 0.8
    part = (rows - top) / (bottom - top)
    band = 0.2 + 0.55 * ribs - 0.33 * across - 0.25 * across**2 + 0.3 * np.sin(np.pi * part)
    band = band + 0.12 * (noise(551, SHAPE, (2, 2)) - 0.5) - 0.2 * smooth(0.6, 1, part)
    shadow = smooth(-16, 0, rows - top) * smooth(1, -1, rows - top)
    neck = shadow * smooth(0.5, -0.5, np.abs(columns - MIDDLE) - 46)
    picture = lay(picture, neck, "#3a1618", 0.5)
    return lay(picture, collar, ramp(band, *colours))


def _half_width(rows: Plane) -> Plane:
    """Half the width of the face at each row: brow, cheekbones, jaw, chin."""
    at = [70, 84, 100, 125, 150, 175, 195, 212, 228, 240, 249, 255, 258]
    wide = [0, 33, 48, 59, 64, 64, 60.5, 55, 46.5, 37, 26, 13, 0]
    profile = soften(np.interp(np.arange(384) + 0.5, at, wide)[:, None].repeat(3, axis=1), 4.0)
    return np.broadcast_to(np.maximum(profile[:, 1:2], 0.1), rows.shape)


def _bump(row: float, column: float, down: float, across: float) -> Plane:
    rows, columns = grid(SHAPE)
    return np.exp(-(((rows - row) / down) ** 2) - ((columns - column) / across) ** 2)


# What stands out of the egg, in pixels: (height, row, distance from the middle, down, across).
_FEATURES = (
    *((4, 158, 0, 12, 7.5), (6, 172, 0, 12, 8), (9, 186, 0, 12, 9), (11, 198, 0, 12, 10.5)),  # nose
    (5, 201, 11, 6, 6),  # its wings
    (-9, 163, 26, 13, 19),  # eye sockets
    (5, 166, 27, 8, 12),  # lids
    (7, 194, 37, 22, 20),  # cheeks
    (5, 143, 27, 9, 25),  # brows
    *((6, 225, 0, 11, 22), (-4, 213, 0, 4, 6)),  # lips and the groove above them
    *((8, 246, 0, 10, 17), (-4, 237, 0, 4, 20)),  # chin
)


def _face_height() -> Plane:
    """Relief of the head in pixels: an egg with nose, sockets, cheeks, lips and chin."""
    rows, columns = grid(SHAPE)
    half = _half_width(rows) - 50
    x = (columns - MIDDLE) / (57 + (half + np.hypot(half, 8)) / 2)  # no narrower at the chin
    y = (rows - 168) / 104
    egg = 74 * np.sqrt(np.clip(1 - 0.9 * x**2 - 0.75 * y**2, 0.01, None))
    height: Plane = egg
    for tall, row, aside, down, across in _FEATURES:
        for side in (-1, 1) if aside else (0,):
            height = height + tall * _bump(row, MIDDLE + side * aside, down, across)
    return soften(height, 1.5)


def _face(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    half = _half_width(rows)
    cover = smooth(0.9, -0.9, np.abs(columns - MIDDLE) - half) * (half > 3)
    light = relief(_face_height(), LAMP)
    bounce = relief(_face_height(), (-0.3, 0.9, 0.5))
    tone = 0.14 + 0.82 * light**0.9 + 0.10 * bounce
    tone += 0.012 * (noise(560, SHAPE, (2, 2)) - 0.5)
    skin = _skin(tone)
    blush = sum(_bump(197, MIDDLE + s * 38, 17, 20) for s in (-1, 1)) + 0.6 * _bump(
        197, MIDDLE, 9, 10
    )
    skin = lay(skin, np.clip(np.asarray(blush), 0, 1), "#d9523f", 0.20)
    for side in (-1, 1):
        nostril = ellipse(SHAPE, (206.5, MIDDLE + side * 7.5), (2.3, 4.6), 3)
        skin = lay(skin, nostril, "#45160f", 0.75)
    spots = np.zeros(SHAPE)
    for row, column, size in uniform(561, (70, 3)):
        at, radius = (182 + 22 * row, MIDDLE + (column - 0.5) * 92), 0.7 + size * 0.4
        spots = np.maximum(spots, ellipse(SHAPE, at, (radius, radius), 1.2))
    skin = lay(skin, spots, "#9a4f33", 0.3)
    return lay(picture, cover, skin)


def _eye(picture: Picture, at: tuple[float, float], side: int) -> Picture:
    rows, columns = grid(SHAPE)
    x = (columns - at[1]) * side / 16.0  # -1 at the inner corner, 1 at the outer
    curve = np.clip(1 - x**2, 0, 1)
    upper = at[0] + 1.5 - 1.6 * x - 8.6 * curve ** np.clip(0.75 - 0.1 * x, 0.6, 0.9)
    lower = at[0] + 1.5 - 1.6 * x + 5.5 * curve
    opening = smooth(-0.8, 0.8, rows - upper) * smooth(0.8, -0.8, rows - lower) * (np.abs(x) < 1)
    white = ramp(rows - upper, (0, "#8d7a78"), (5, "#e9e0da"), (12, "#f6efe8"))
    centre = (at[0] - 1.0, at[1] - 0.5)
    down, across = rows - centre[0], columns - centre[1]
    radius, angle = np.hypot(down, across), np.arctan2(down, across)
    fibres = 0.5 + 0.5 * np.sin(angle * 23 + 3 * np.sin(angle * 7) + radius)
    iris = ramp(
        radius / 8.6 + 0.16 * fibres - 0.02 * down,
        (0.4, "#8a6a2c"),
        (0.62, "#5f9a86"),
        (0.92, "#2e6a70"),
        (1.08, "#12303a"),
    )
    ball = lay(white, smooth(9.2, 8.0, radius), iris)
    ball = lay(ball, smooth(4.2, 3.2, radius), "#0a0808")
    ball = lay(ball, smooth(4.5, 0.0, rows - upper), "#2a1512", 0.55)
    ball = lay(ball, ellipse(SHAPE, (at[0] - 4.4, at[1] - 3.6), (2.3, 2.0), 1), "#ffffff")
    ball = lay(ball, ellipse(SHAPE, (at[0] + 3.0, at[1] + 3.4), (1.2, 1.6), 1), "#dff4f0", 0.5)
    picture = lay(picture, opening, ball)
    reach = np.clip(1.15 - x**2, 0, 1) * (np.abs(x) < 1.12)
    lid = np.exp(-(((rows - upper + 0.4) / (1.3 + 0.5 * x)) ** 2)) * np.clip(reach * 4, 0, 1)
    picture = lay(picture, lid, "#1d0d0b", 0.95)
    crease = np.exp(-(((rows - upper + 5.2) / 1.3) ** 2)) * np.clip(reach * 1.5, 0, 1)
    picture = lay(picture, crease, "#6d3426", 0.6)
    under = np.exp(-(((rows - lower) / 0.9) ** 2)) * np.clip(reach * 2, 0, 1)
    picture = lay(picture, under, "#6d2f27", 0.6)
    return _lashes(picture, at, side)


def _lashes(picture: Picture, at: tuple[float, float], side: int) -> Picture:
    x = np.linspace(-0.7, 1.0, 15)
    curve = np.clip(1 - x**2, 0, 1)
    root = at[0] + 1.5 - 1.6 * x - 8.6 * curve ** np.clip(0.75 - 0.1 * x, 0.6, 0.9)
    column = at[1] + side * x * 16
    length = 2.4 + 2.2 * (x + 0.75)
    lines = np.stack(
        [root, column, root - length * 0.75, column + side * length * (0.15 + 0.75 * x)], axis=1
    )
    cover, dark = strokes(SHAPE, lines, np.full((15, 3), 0.07), np.full(15, 0.6))
    return lay(picture, cover, dark, 0.7)


def _brow(picture: Picture, at: tuple[float, float], side: int) -> Picture:
    draws = uniform(570 + side, (230, 4))
    x = draws[:, 0] * 2.1 - 1.0
    row = at[0] - 4.6 * (1 - 0.55 * (x - 0.35) ** 2) + 4.6 * (draws[:, 1] - 0.5) * (1.25 - 0.75 * x)
    column = at[1] + side * x * 19
    length = 5.5 + 2 * draws[:, 2]
    rise = np.interp(x, [-1, -0.3, 0.5, 1.1], [-0.6, -0.35, 0.1, 0.5])
    lines = np.stack([row, column, row + length * rise, column + side * length * 0.85], axis=1)
    tone = ramp(draws[:, 3:4], (0, "#24110c"), (1, "#5d3220"))
    cover, hairs = strokes(SHAPE, lines, tone[:, 0], np.full(230, 0.75))
    return lay(picture, cover, hairs, 0.75)


def _mouth(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    x = np.clip((columns - MIDDLE) / 25, -1, 1)
    bow = 1 - np.abs(x)
    line = 225.5 - 4.4 * x**2 + 1.2 * np.cos(x * 9) * bow
    top = line - 7.6 * bow**0.7 + 3.0 * np.exp(-((x / 0.13) ** 2))
    bottom = line + 10.5 * np.clip(1 - x**2, 0, 1) ** 0.9
    inside = np.abs(columns - MIDDLE) < 25
    upper = smooth(-0.9, 0.9, rows - top) * smooth(0.6, -0.6, rows - line) * inside
    lower = smooth(-0.6, 0.6, rows - line) * smooth(1.2, -1.2, rows - bottom) * inside
    creases = 0.16 * (noise(580, SHAPE, (9, 1.6)) - 0.5)
    part = (rows - line) / 10.5
    red = ((0.0, "#5e1a1e"), (0.5, "#ad4347"), (0.8, "#d8716a"), (1.1, "#f9c0ad"))
    picture = lay(picture, upper, ramp(0.42 - 0.2 * x + creases, *red), 0.9)
    swell = 0.72 - 0.22 * x - 1.3 * (part - 0.4) ** 2 + creases
    picture = lay(picture, lower, ramp(swell, *red), 0.9)
    gleam = ellipse(SHAPE, (229.5, MIDDLE - 5), (1.8, 8), 3)
    picture = lay(picture, gleam, "#ffe8dc", 0.55)
    seam = np.exp(-(((rows - line) / 0.9) ** 2)) * smooth(26.5, 22, np.abs(columns - MIDDLE))
    picture = lay(picture, seam, "#3d0d10", 0.85)
    return lay(picture, ellipse(SHAPE, (240, MIDDLE + 2), (3.5, 17), 7), "#8c4a38", 0.35)


_RIGHT: tuple[Curve, Curve] = (
    (
        (76, 146),
        (90, 182),
        (118, 208),
        (152, 219),
        (196, 221),
        (244, 222),
        (300, 224),
        (352, 214),
        (392, 206),
    ),
    (
        (47, 149),
        (48, 190),
        (76, 230),
        (126, 252),
        (184, 262),
        (244, 268),
        (300, 280),
        (352, 284),
        (392, 276),
    ),
)
_LEFT: tuple[Curve, Curve] = (
    (
        (76, 146),
        (92, 124),
        (120, 108),
        (152, 101),
        (196, 99),
        (244, 98),
        (300, 96),
        (352, 106),
        (392, 112),
    ),
    (
        (47, 151),
        (49, 114),
        (78, 84),
        (126, 68),
        (184, 60),
        (244, 52),
        (300, 42),
        (352, 36),
        (392, 44),
    ),
)
_BACK: tuple[Curve, Curve] = (
    tuple((r, min(c, 250)) for r, c in _RIGHT[1]),
    _LEFT[1],
)


def _hair(
    picture: Picture,
    lock: tuple[Curve, Curve],
    count: int,
    seed: int,
    bright: float = 1.0,
    wide: float = 1.2,
) -> Picture:
    """Fill the space between two curves with strands that run from the parting to the ends."""
    inner, outer = (np.array(curve, dtype=float) for curve in lock)
    pieces = 34
    knots, fine = np.linspace(0, 1, len(inner)), np.linspace(0, 1, pieces + 1)
    edge = [np.stack([np.interp(fine, knots, e[:, k]) for k in (0, 1)]) for e in (inner, outer)]
    edge = [np.stack([_round_off(line) for line in e]) for e in edge]
    ends = np.concatenate([edge[0].T, edge[1].T[::-1]])
    picture = lay(picture, polygon(SHAPE, *((row, column) for row, column in ends)), "#170c0a")
    draws = uniform(seed, (count, 5))
    place = draws[:, 0, None]
    body = edge[0][:, None, :] * (1 - place) + edge[1][:, None, :] * place
    rank = np.floor(place * 6)
    wave = np.sin(fine * 17 + rank * 1.9 + place * 3) * (1 + 9 * fine) * 0.55
    stray = (draws[:, 1, None] - 0.5) * (1 + 14 * fine**2)
    column = body[1] + wave + stray
    row = body[0] + (draws[:, 2, None] - 0.5) * 3 * fine
    sheen = np.exp(-(((fine - 0.24 - 0.03 * np.sin(rank)) / 0.10) ** 2)) + 0.7 * np.exp(
        -(((fine - 0.62 - 0.05 * np.sin(rank * 2)) / 0.12) ** 2)
    )
    strip = np.sin(np.pi * (place * 6 % 1)) ** 0.7
    tone = bright * (0.12 + 0.30 * draws[:, 3, None] + 0.22 * strip + 0.42 * sheen * strip)
    tone = tone * (1.15 - 0.35 * (column - 40) / 240)
    order = np.argsort(draws[:, 4])
    lines = np.stack([row[:, :-1], column[:, :-1], row[:, 1:], column[:, 1:]], axis=2)[order]
    colour = ramp(
        tone[order, :-1],
        (0.0, "#120807"),
        (0.3, "#3f1d12"),
        (0.6, "#8a4522"),
        (0.85, "#cf8444"),
        (1.1, "#f6cd8e"),
    )
    width = np.full(lines.shape[:2], wide).ravel()
    cover, strands = strokes(SHAPE, lines.reshape(-1, 4), colour.reshape(-1, 3), width)
    return lay(picture, cover, strands, 0.95)


def _round_off(line: Plane) -> Plane:
    """Take the corners off a curve given by points, keeping its ends."""
    for _ in range(3):
        line = np.concatenate([line[:1], (line[:-2] + 2 * line[1:-1] + line[2:]) / 4, line[-1:]])
    return line
