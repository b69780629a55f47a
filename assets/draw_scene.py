"""The drawing of a cabin by a lake: edges in every direction, fine texture and smooth sky."""

from __future__ import annotations

import numpy as np
from brushes import (
    Picture,
    Plane,
    along,
    cloud,
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

SHAPE = (320, 480)
SUN = (112.0, 112.0)
SHORE = 176


def scene() -> Picture:
    """Draw the whole scene, far things first."""
    picture = _sky()
    picture = _mountains(picture)
    picture = _forest(picture)
    picture = _lake(picture)
    picture = _meadow(picture)
    picture = _cabin(picture)
    picture = _fence(picture)
    picture = _tufts(picture)
    picture = _pine(picture, foot=(272.0, 58.0), height=226.0, seed=400)
    picture = _pine(picture, foot=(236.0, 464.0), height=128.0, seed=420)
    rows, columns = grid(SHAPE)
    corner = np.hypot((rows - 160) / 320, (columns - 240) / 480)
    grain = (uniform(440, SHAPE) - 0.5) * 0.03
    return picture * (1.03 - 0.28 * corner**2)[:, :, None] + grain[:, :, None]


def _sky() -> Picture:
    rows, columns = grid(SHAPE)
    sky = ramp(
        rows,
        (0, "#2c5c9c"),
        (60, "#6a9fd0"),
        (115, "#c4d9e0"),
        (150, "#fbe2b8"),
        (180, "#fbd09a"),
    )
    distance = np.hypot(rows - SUN[0], (columns - SUN[1]) * 0.9)
    sky = lay(sky, np.exp(-distance / 70), "#fff0c4", 0.85)
    sky = lay(sky, smooth(13, 11, distance), "#fffbe8")
    puffs = cloud(100, SHAPE, (34, 120), 6) + 0.10 * np.sin(rows / 19 + columns / 90)
    body = smooth(0.52, 0.70, puffs) * smooth(148, 70, rows)
    lit = relief(puffs * 40, (0.6, -0.7, 0.9))
    return lay(sky, body, ramp(lit, (0.2, "#8d9cc0"), (0.62, "#f3dfd6"), (0.95, "#fffaf0")), 0.9)


def _ridge(seed: int, base: float, *peaks: tuple[float, float, float]) -> Plane:
    """Rows of a skyline, one for each column; a peak is (column, height, half width)."""
    columns = np.arange(SHAPE[1]) + 0.5
    line = np.full(SHAPE[1], base)
    for column, height, wide in peaks:
        line = np.minimum(line, base - height * (1 - np.abs(columns - column) / wide))
    rough = cloud(seed, (1, SHAPE[1]), (1, 40), 6)[0] - 0.5
    skyline: Plane = line + rough * 34
    return skyline[np.newaxis, :]


def _mountains(picture: Picture) -> Picture:
    rows, _ = grid(SHAPE)
    far = _ridge(120, 158, (30, 40, 120), (210, 52, 120), (470, 50, 110))
    picture = lay(picture, smooth(-0.7, 0.7, rows - far), "#9db0cb", 0.85)
    near = _ridge(130, 172, (318, 118, 150), (408, 84, 90), (236, 62, 90))
    depth = rows - near
    rock = 1 - np.abs(cloud(140, SHAPE, (52, 30), 6) - 0.5) * 2
    light = relief(rock * 46 + soften(rock, 2) * 10, (0.35, -0.9, 0.8))
    stone = ramp(light, (0.0, "#3d4864"), (0.5, "#7c7f93"), (0.85, "#c0ad9f"), (1.0, "#e8d3b8"))
    snow = smooth(8, -10, depth - 26 + (cloud(150, SHAPE, (16, 9), 4) - 0.5) * 90)
    white = ramp(light, (0.1, "#7f93c4"), (0.55, "#d3dcee"), (0.85, "#fff7ec"))
    stone = lay(stone, snow, white, 0.95)
    haze = smooth(86, 176, rows)
    stone = lay(stone, haze, "#e6cfb8", 0.62)
    return lay(picture, smooth(-0.7, 0.7, depth), stone)


def _forest(picture: Picture) -> Picture:
    rows, _ = grid(SHAPE)
    for seed, base, tall, dark, bright in (
        (160, 164.0, 13.0, "#5b7486", "#8fa094"),
        (170, 172.0, 18.0, "#20392f", "#5d6f3f"),
    ):
        count = 150
        place = uniform(seed, (count, 3))
        top = np.full(SHAPE[1], base + 2.0)
        for where, size, lean in place:
            apex = base - tall * (0.35 + 0.65 * size) + 5 * np.sin(where * 9)
            slope = np.abs(np.arange(SHAPE[1]) + 0.5 - where * SHAPE[1]) * (3.2 + lean)
            top = np.minimum(top, apex + slope)
        needles = noise(seed + 1, SHAPE, (3, 2)) * 0.5 + noise(seed + 2, SHAPE, (9, 3)) * 0.5
        trees = ramp(needles, (0.25, dark), (0.8, bright))
        cover = smooth(-0.8, 0.8, rows - top[np.newaxis, :])
        picture = lay(picture, cover * smooth(SHORE + 1, SHORE - 1, rows), trees)
    return picture


def _lake(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    depth = np.clip(rows - SHORE, 0, None)
    wave = noise(200, SHAPE, (2.2, 26)) - 0.5 + 0.6 * (noise(201, SHAPE, (1.3, 9)) - 0.5)
    source = np.clip(SHORE - depth * 1.25 + wave * (1 + depth * 0.22), 0, SHORE - 1).astype(int)
    shift = np.clip(columns + wave * 3, 0, SHAPE[1] - 1).astype(int)
    water = picture[source, shift]
    water = lay(water, np.ones(SHAPE), "#33597a", 0.34)
    glint = smooth(0.62, 0.85, noise(210, SHAPE, (1.5, 13)))
    water = lay(water, glint * smooth(0, 30, depth), "#dbe9f2", 0.32)
    track = np.exp(-(((columns - SUN[1]) / (14 + depth * 0.7)) ** 2))
    sparkle = smooth(0.52, 0.7, noise(211, SHAPE, (1.4, 8)))
    water = lay(water, track * sparkle, "#fff1c9", 0.95)
    water = lay(water, np.exp(-depth / 1.5), "#f4e6cf", 0.4)
    return lay(picture, smooth(SHORE - 0.5, SHORE + 0.5, rows), water)


def _meadow(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    shore = 236 - 26 * smooth(130, 330, columns[0]) + 6 * np.sin(columns[0] / 37)
    shore = shore + (cloud(220, (1, SHAPE[1]), (1, 24), 4)[0] - 0.5) * 8
    land = rows - shore[np.newaxis, :]
    sand = ramp(noise(221, SHAPE, (2, 3)), (0.1, "#a98d63"), (0.9, "#d8c39a"))
    picture = lay(picture, smooth(-1, 1, land), sand)
    soil = ramp(rows + 26 * (noise(222, SHAPE, (14, 40)) - 0.5), (212, "#94a24a"), (318, "#2f4a1e"))
    picture = lay(picture, smooth(3, 6, land + 5 * (noise(223, SHAPE, (3, 5)) - 0.5)), soil)
    return _grass(picture, shore)


def _grass(picture: Picture, shore: Plane) -> Picture:
    seeds = uniform(230, (6500, 6))
    row = 206 + 118 * np.sqrt(seeds[:, 0])
    column = seeds[:, 1] * SHAPE[1]
    keep = row > shore[np.clip(column, 0, SHAPE[1] - 1).astype(int)] + 6
    row, column, seeds = row[keep], column[keep], seeds[keep]
    order = np.argsort(row)
    row, column, seeds = row[order], column[order], seeds[order]
    near = (row - 206) / 114
    tall = (2 + 15 * near**1.5) * (0.5 + seeds[:, 2])
    bend = (seeds[:, 3] - 0.35) * tall * 0.7
    blades = np.stack([row, column, row - tall, column + bend], axis=1)
    sunny = ramp(seeds[:, 4:5], (0, "#33501f"), (0.45, "#5c7d2c"), (0.8, "#9bb04a"), (1, "#d9cf78"))
    cover, green = strokes(SHAPE, blades, sunny[:, 0], 0.45 + 0.9 * near)
    picture = lay(picture, cover, green, 0.92)
    return _flowers(picture)


def _flowers(picture: Picture) -> Picture:
    draws = uniform(240, (130, 4))
    tints = ("#fff6e6", "#f2c230", "#d8412f", "#c77fd0")
    covers = {tint: np.zeros(SHAPE) for tint in tints}
    for low, where, hue, size in draws:
        row, column = 244 + 74 * low**0.8, where * SHAPE[1]
        if row < 276 and 268 < column < 452:  # the cabin stands here
            continue
        radius = 0.8 + 1.9 * low * (0.6 + size)
        flower = ellipse(SHAPE, (row, column), (radius * 0.8, radius), 1.2)
        cover = covers[tints[int(hue * 4)]]
        np.maximum(cover, flower, out=cover)
    for tint, cover in covers.items():
        picture = lay(picture, cover, tint, 0.95)
    return picture


def _tufts(picture: Picture) -> Picture:
    """Draw grass over the feet of the fence and of the cabin."""
    seeds = uniform(250, (900, 5))
    fence = seeds[:, 0] < 0.55
    column = np.where(fence, seeds[:, 1] * 292, 282 + seeds[:, 1] * 168)
    foot = np.where(fence, 303 - column * 0.087, 264.5 - 0.05 * np.clip(column - 344, 0, None))
    row = foot + 4 * seeds[:, 2]
    tall = (4 + 7 * seeds[:, 3]) * np.where(fence, 1.1, 0.75)
    bend = (seeds[:, 4] - 0.4) * tall
    blades = np.stack([row, column, row - tall, column + bend], axis=1)
    tone = ramp(seeds[:, 3:4], (0, "#2c4a1c"), (0.6, "#55772a"), (1, "#a3b551"))
    cover, green = strokes(SHAPE, blades, tone[:, 0], 0.8 + 0.5 * seeds[:, 2])
    return lay(picture, cover, green, 0.95)


def _wall(down: Plane, across: Plane, logs: int, seed: int) -> Picture:
    """Round logs lying on each other, with grain along them."""
    part = down * logs % 1
    number = np.floor(down * logs)
    round_log = np.sin(np.pi * np.clip(part, 0, 1)) ** 0.6
    grain = noise(seed, SHAPE, (1.4, 17)) * 0.5 + noise(seed + 1, SHAPE, (5, 40)) * 0.3
    tone = 0.1 + 0.55 * round_log * (0.75 + 0.25 * np.sin(number * 2.4 + across)) + 0.35 * grain
    return ramp(tone, (0.1, "#2c170d"), (0.5, "#7b4525"), (0.8, "#a96a3c"), (1.0, "#d39a62"))


def _inside(down: Plane, across: Plane) -> Plane:
    """Mask of the parallelogram whose coordinates run from 0 to 1."""
    return ((down > 0) & (down < 1) & (across > 0) & (across < 1)).astype(np.float64)


def _cabin(picture: Picture) -> Picture:
    rows, _ = grid(SHAPE)
    shade = ellipse(SHAPE, (263, 385), (13, 105), 16)
    picture = lay(picture, shade * smooth(250, 258, rows), "#16240f", 0.6)
    picture = _smoke(picture)
    picture = _chimney(picture)
    down, across = along(SHAPE, (196, 286), (0, 58), (66, 0))
    gable = polygon(SHAPE, (262, 286), (195, 286), (143, 315), (195, 344), (262, 344))
    picture = lay(picture, gable, _wall(down, across, 11, 300) * 1.12)
    side_down, side_across = along(SHAPE, (195, 344), (-4, 102), (67, 0))
    side = polygon(SHAPE, (195, 344), (191, 446), (257, 446), (262, 344))
    picture = lay(picture, side, _wall(side_down, side_across, 11, 310) * 0.72)
    eaves = smooth(0.16, 0.0, side_down) * side
    picture = lay(picture, eaves, "#120b08", 0.7)
    picture = _roof(picture)
    picture = _opening(picture, (212, 296), (36, 14), "#31536b", door=False)
    picture = _opening(picture, (213, 322), (48, 15), "#6b2a1e", door=True)
    for column in (360, 404):
        picture = _opening(picture, (213 - (column - 344) * 0.04, column), (24, 25), "", door=False)
    return lay(picture, ellipse(SHAPE, (171, 315), (7, 7), 1.2), "#f6d98a", 0.95)


def _roof(picture: Picture) -> Picture:
    corner, side, down = (141.0, 314.0), (-5.0, 100.0), (55.0, 33.0)
    v, u = along(SHAPE, corner, side, down)
    rows_of, per_row = 11, 22
    course = np.floor(v * rows_of)
    stagger = u * per_row + course % 2 * 0.5
    tile = np.floor(stagger)
    own = uniform(330, (16, 31))[course.astype(int) % 16, tile.astype(int) % 31]
    part, cross = v * rows_of % 1, stagger % 1
    joint = smooth(0.1, 0.0, np.minimum(cross, 1 - cross)) * 0.5
    lip = smooth(0.8, 1.0, part) * 0.75 + smooth(0.12, 0.0, part) * 0.25
    tone = 0.3 + 0.5 * own + 0.25 * noise(331, SHAPE, (2, 2)) - joint - lip
    tiles = ramp(tone, (0.0, "#3a1512"), (0.4, "#8e3a2a"), (0.8, "#c5694a"), (1.1, "#e2a077"))
    cover = polygon(SHAPE, (141, 314), (136, 414), (191, 450), (199, 347))
    picture = lay(picture, cover, tiles)
    verge = polygon(SHAPE, (138, 313), (138, 318), (200, 351), (203, 346))
    picture = lay(picture, verge, "#f0dcc0")
    other = polygon(SHAPE, (138, 313), (139, 319), (203, 283), (199, 279))
    return lay(picture, other, "#fff0d4")


def _opening(
    picture: Picture, at: tuple[float, float], size: tuple[int, int], paint: str, door: bool
) -> Picture:
    """Draw a door, a painted shutter-window, or (with no paint) a window with a light behind it."""
    top, left = at
    down, across = along(SHAPE, at, (0, size[1]), (size[0], 0))
    frame = polygon(
        SHAPE,
        (top - 2, left - 2),
        (top - 2, left + size[1] + 2),
        (top + size[0] + 2, left + size[1] + 2),
        (top + size[0] + 2, left - 2),
    )
    picture = lay(picture, frame, "#f3e4c8")
    hole = _inside(down, across)
    if door:
        boards = smooth(0.0, 0.12, np.abs(across * 4 % 1 - 0.5))
        picture = lay(picture, hole, ramp(boards, (0.0, "#3c130d"), (1.0, paint)))
        return lay(picture, ellipse(SHAPE, (top + 26, left + 12), (1.4, 1.4), 1), "#f2cf7a")
    glow = ramp(down + 0.3 * across, (0.0, "#ffdf8e"), (0.7, "#f6a94a"), (1.3, "#a5521f"))
    glass = ramp(down - across, (-1.0, "#9fc4d6"), (0.0, "#4c6f86"), (1.0, paint or "#31536b"))
    picture = lay(picture, hole, glass if paint else glow)
    bars = np.minimum(np.abs(across - 0.5) * size[1], np.abs(down - 0.5) * size[0])
    return lay(picture, hole * smooth(1.4, 0.6, bars), "#f3e4c8")


def _chimney(picture: Picture) -> Picture:
    v, u = along(SHAPE, (112, 384), (0, 19), (44, 0))
    stone = uniform(340, (12, 9))[
        np.floor(v * 8).astype(int) % 12,
        np.floor(u * 3 + np.floor(v * 8) % 2 / 2).astype(int) % 9,
    ]
    joints = np.minimum(v * 8 % 1, (u * 3 + np.floor(v * 8) % 2 / 2) % 1)
    tone = 0.15 + 0.6 * stone + 0.25 * noise(341, SHAPE, (2, 2)) - 0.25 * smooth(0.2, 0.05, joints)
    blocks = ramp(tone - 0.25 * u, (0.0, "#3b3733"), (0.5, "#8a8078"), (0.9, "#cbbfae"))
    picture = lay(picture, _inside(v, u), blocks)
    return lay(picture, polygon(SHAPE, (108, 381), (108, 406), (114, 406), (114, 381)), "#5a524b")


def _smoke(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    rise = np.clip(110 - rows, 0, None)
    centre = 394 + 0.0032 * rise**2 + 7 * np.sin(rise / 17)
    width = 3.5 + rise * 0.15
    wisp = np.exp(-(((columns - centre) / width) ** 2)) * smooth(112, 106, rows)
    wisp *= smooth(104, 10, rise) * (0.35 + 1.1 * cloud(350, SHAPE, (16, 12), 4))
    return lay(picture, np.clip(wisp, 0, 1), "#f1ebe6", 0.9)


def _fence(picture: Picture) -> Picture:
    rows, columns = grid(SHAPE)
    for top in (262.0, 276.0):
        rail = polygon(SHAPE, (top, 0), (top - 5, 288), (top - 2, 288), (top + 5, 0))
        light = ramp(rows - top + columns * 0.0174, (0, "#fffdf4"), (4.5, "#a9a79c"))
        picture = lay(picture, rail, light)
    for number in range(11):
        column = 8 + 27.5 * number * (1 - 0.006 * number)
        scale = 1 - 0.03 * number
        foot, high, wide = 298 - 2.4 * number, 50 * scale, 5.5 * scale
        left, right, peak = column - wide, column + wide, foot - high
        corners = ((foot, left), (peak + 6, left), (peak, column), (peak + 6, right), (foot, right))
        shade = (
            (foot, left + 4),
            (foot + 4, right + 20),
            (foot + 1, right + 22),
            (foot - 6, right),
        )
        picture = lay(picture, soften(polygon(SHAPE, *shade), 1.2), "#16240f", 0.5)
        grain = noise(360 + number, SHAPE, (14, 1.6)) * 0.16
        wood = ramp((columns - left) / (2 * wide) + grain, (0.1, "#fffdf2"), (1.1, "#9c9a90"))
        picture = lay(picture, polygon(SHAPE, *corners), wood)
    return picture


def _pine(picture: Picture, foot: tuple[float, float], height: float, seed: int) -> Picture:
    """Draw a pine as a trunk and some thousand drooping twigs, lit from the sun's side."""
    count = int(height * 15)
    draws = uniform(seed, (count, 6))
    draws = draws[np.argsort(draws[:, 0])]
    level = draws[:, 0] ** 0.65  # 0 at the tip, 1 at the lowest branches
    tiers = 0.72 + 0.28 * np.abs((level * 9.5) % 1 * 2 - 1)
    reach = (0.4 + height * 0.27 * level) * tiers * np.sqrt(draws[:, 1])
    side = np.where(draws[:, 2] < 0.5, -1, 1)
    row = foot[0] - height + level * height * 0.9 + reach * 0.32
    column = foot[1] + side * reach
    length = (0.25 + 0.75 * np.sqrt(level)) * (3 + height * 0.035 * draws[:, 3])
    turn = (draws[:, 4] - 0.3) * 0.9
    ends = np.stack(
        [row, column, row + length * (0.35 + turn), column + side * length * 0.9], axis=1
    )
    lit = 0.5 - 0.3 * side * np.sqrt(draws[:, 1]) + 0.55 * (draws[:, 5] - 0.5) - 0.12 * level
    tone = ramp(
        lit[:, None], (0.0, "#0b1a12"), (0.4, "#1f3d24"), (0.75, "#4d6b2e"), (1.0, "#a7a04d")
    )
    trunk = polygon(
        SHAPE,
        (foot[0] - height * 0.6, foot[1] - 1),
        (foot[0] + 2, foot[1] - height * 0.024),
        (foot[0] + 2, foot[1] + height * 0.024),
    )
    picture = lay(picture, trunk, "#3a2417")
    shape = polygon(
        SHAPE,
        (foot[0] - height, foot[1]),
        (foot[0] - height * 0.08, foot[1] - height * 0.17),
        (foot[0] - height * 0.08, foot[1] + height * 0.17),
    )
    picture = lay(picture, soften(shape, 2.0), "#13261a", 0.9)
    cover, twigs = strokes(SHAPE, ends, tone[:, 0], np.full(count, 1.1 + height * 0.002))
    return lay(picture, cover, twigs)
