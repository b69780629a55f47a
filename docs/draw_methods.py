"""Draw the pictures of docs/methods.md: `python docs/draw_methods.py` writes docs/methods/*.svg."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "methods"
BLUE, ORANGE, NOW, LINE, INK = "#2166AC", "#B35806", "#B5179E", "#6B7785", "#1F2933"
WIDTH = 640

# One small case for all pictures: pixels 0 to 9, and a kernel that is a column times a row.
IMAGE = [
    [3, 3, 2, 1, 0, 1, 4],
    [0, 0, 1, 3, 1, 5, 8],
    [3, 1, 2, 2, 3, 7, 9],
    [2, 0, 0, 2, 6, 9, 7],
    [2, 0, 0, 4, 8, 6, 3],
    [1, 2, 3, 7, 9, 5, 2],
]
COLUMN, ROW = [1, 2, 1], [-1, -1, 2]
KERNEL = [[a * b for b in ROW] for a in COLUMN]
Table = list[list[int]]


def correlate(image: Table, kernel: Table) -> Table:
    """Give the sums of the small case, by the definition."""
    height, width = len(kernel), len(kernel[0])
    return [
        [
            sum(image[r + i][c + j] * kernel[i][j] for i in range(height) for j in range(width))
            for c in range(len(image[0]) - width + 1)
        ]
        for r in range(len(image) - height + 1)
    ]


def mixed(colour: str, part: float) -> str:
    """Mix a colour with white; part 1 is the colour itself."""
    numbers = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (n - 255) * part):02X}" for n in numbers)


def pixels(table: Table) -> list[list[str]]:
    """Give pixels their greys."""
    return [[mixed(LINE, 0.06 + value / 18) for value in row] for row in table]


def signed(table: Table) -> list[list[str]]:
    """Give weights and sums their colours: blue above 0, orange below."""
    most = max(abs(value) for row in table for value in row)
    return [
        [mixed(BLUE if value > 0 else ORANGE, 0.85 * abs(value) / most) for value in row]
        for row in table
    ]


class Drawing:
    """An SVG that grows part by part, on a white card that suits light and dark pages."""

    def __init__(self, title: str, height: int) -> None:
        self.title, self.height = title, height
        self.parts: list[str] = []

    def box(
        self, x: float, y: float, width: float, height: float, fill: str = "none", **more: str
    ) -> None:
        """Add a rectangle."""
        extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'fill="{fill}"{extra}/>'
        )

    def grid(self, x: float, y: float, fills: list[list[str]], cell: float) -> None:
        """Add a grid of cells."""
        for r, row in enumerate(fills):
            for c, fill in enumerate(row):
                self.box(
                    x + c * cell, y + r * cell, cell, cell, fill, stroke=LINE, stroke_width="0.5"
                )

    def numbers(self, x: float, y: float, table: Table, cell: float) -> None:
        """Write the numbers of a grid of weights or sums into its cells."""
        most = max(abs(value) for row in table for value in row)
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                ink = "#FFFFFF" if abs(value) > 0.85 * most else INK
                place = x + (c + 0.5) * cell, y + (r + 0.5) * cell + 0.17 * cell
                self.text(*place, str(value).replace("-", "−"), ink, 0.48 * cell)

    def frame(
        self, x: float, y: float, width: float, height: float, colour: str = NOW, wide: float = 2.5
    ) -> None:
        """Outline cells."""
        self.box(x, y, width, height, stroke=colour, stroke_width=f"{wide:g}", rx="1.5")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        fill: str = INK,
        size: float = 13,
        anchor: str = "middle",
    ) -> None:
        """Write a line."""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" fill="{fill}" font-size="{size:g}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def caption(self, x: float, y: float, *lines: str) -> None:
        """Write some lines below one another, centred."""
        for number, line in enumerate(lines):
            self.text(x, y + 17 * number, line, INK if number == 0 else "#52606D")

    def arrow(self, x: float, y: float, to_x: float, to_y: float, colour: str = LINE) -> None:
        """Add an arrow along an axis."""
        length = abs(to_x - x) + abs(to_y - y)
        across, down = (to_x - x) / length, (to_y - y) / length
        base_x, base_y = to_x - 7 * across, to_y - 7 * down
        self.parts.append(
            f'<path d="M{x:g} {y:g}L{base_x:g} {base_y:g}" stroke="{colour}" stroke-width="1.5"/>'
            f'<path d="M{to_x:g} {to_y:g}L{base_x - 4 * down:g} {base_y + 4 * across:g}'
            f'L{base_x + 4 * down:g} {base_y - 4 * across:g}Z" fill="{colour}"/>'
        )

    def svg(self) -> str:
        """Give the file's text."""
        size = f'width="{WIDTH}" height="{self.height}" viewBox="0 0 {WIDTH} {self.height}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" '
            'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">'
        )
        card = (
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{self.height - 1}" rx="12" '
            f'fill="#FFFFFF" stroke="{mixed(LINE, 0.35)}"/>'
        )
        title = f"<title>{escape(self.title)}</title>"
        return "\n".join([head, title, card, *self.parts, "</svg>", ""])


def loops() -> Drawing:
    """Draw one window, one kernel, one number."""
    drawing, cell, top = Drawing("A window times the kernel gives one output cell", 220), 22, 24
    row, column = 1, 3
    sums = correlate(IMAGE, KERNEL)
    drawing.grid(30, top, pixels(IMAGE), cell)
    for r, line in enumerate(IMAGE):
        for c, value in enumerate(line):
            place = 30 + (c + 0.5) * cell, top + (r + 0.5) * cell + 4
            drawing.text(*place, str(value), size=11.5)
    drawing.frame(30 + column * cell, top + row * cell, 3 * cell, 3 * cell)
    drawing.text(220, top + 72, "×", size=20)
    middle = top + 66 - 1.5 * cell
    drawing.grid(256, middle, signed(KERNEL), cell)
    drawing.numbers(256, middle, KERNEL, cell)
    drawing.arrow(346, top + 66, 452, top + 66)
    drawing.text(396, top + 56, "9 products")
    drawing.text(396, top + 86, f"sum {sums[row][column]}", NOW)
    drawing.grid(480, middle - cell / 2, signed(sums), cell)
    drawing.numbers(480, middle - cell / 2, sums, cell)
    drawing.frame(480 + column * cell, middle - cell / 2 + row * cell, cell, cell)
    for x, words in ((107, "image"), (289, "weights"), (535, "feature map")):
        drawing.text(x, 196, words)
    return drawing


def shifted() -> Drawing:
    """Draw nine shifted copies, one for each weight."""
    drawing, cell = Drawing("Nine shifted copies of the image, each times one weight", 260), 7
    sums = correlate(IMAGE, KERNEL)
    for i in range(3):
        for j in range(3):
            x, y = 50 + j * 116, 22 + i * 64
            now = (i, j) == (1, 2)
            drawing.text(
                x - 6, y + 25, f"{KERNEL[i][j]} ×".replace("-", "−"), size=12, anchor="end"
            )
            drawing.grid(x, y, pixels(IMAGE), cell)
            drawing.frame(x + j * cell, y + i * cell, 5 * cell, 4 * cell, NOW if now else BLUE, 2)
            if (i, j) != (2, 2):
                drawing.text(x + 62, y + 25, "+", size=14)
    drawing.arrow(362, 107, 446, 107)
    drawing.text(402, 97, "added up")
    drawing.grid(470, 107 - 52, signed(sums), 26)
    drawing.numbers(470, 107 - 52, sums, 26)
    drawing.caption(
        190, 222, "one pass for each weight;", "each frame is as large as the feature map"
    )
    drawing.caption(535, 222, "feature map", "all cells at once")
    return drawing


def toeplitz() -> Drawing:
    """Draw three bands on top of one another, times image rows, and the sum of what comes out."""
    drawing, cell, middle = (
        Drawing("Banded matrices times image rows, shifted and added", 208),
        14,
        92,
    )
    sums, rows = correlate(IMAGE, KERNEL), 2
    bands = [[0] * 4 for _ in range(3 * rows)]
    for j in range(3):
        for r in range(rows):
            for i in range(3):
                bands[rows * j + r][r + i] = KERNEL[i][j]
    under = IMAGE[:4]
    made = [
        [sum(a * line[c] for a, line in zip(row, under, strict=True)) for c in range(7)]
        for row in bands
    ]
    drawing.grid(24, middle - 36, pixels(IMAGE), 12)
    drawing.frame(24, middle - 36, 84, 48)
    drawing.arrow(114, middle, 140, middle)
    drawing.grid(150, middle - 42, signed(bands), cell)
    drawing.text(220, middle + 6, "×", size=20)
    drawing.grid(236, middle - 28, pixels(under), cell)
    drawing.text(350, middle + 6, "=", size=20)
    drawing.grid(366, middle - 42, signed(made), cell)
    for j, colour in enumerate((BLUE, LINE, NOW)):
        drawing.frame(150, middle - 42 + 28 * j, 56, 28, colour, 2)
        drawing.frame(366 + cell * j, middle - 42 + 28 * j, 5 * cell, 28, colour, 2)
    drawing.arrow(472, middle, 512, middle)
    drawing.text(492, middle - 10, "added", size=11.5)
    drawing.grid(522, middle - 18, signed(sums[:rows]), 18)
    drawing.numbers(522, middle - 18, sums[:rows], 18)
    drawing.caption(66, 166, "4 image rows", "of 6")
    drawing.caption(178, 166, "a band for each", "kernel column")
    drawing.caption(285, 166, "the same rows", "for all bands")
    drawing.caption(415, 166, "what each adds, read", "one cell further on")
    drawing.caption(567, 166, "2 rows of", "the feature map")
    return drawing


def separable() -> Drawing:
    """Draw a pass down and a pass across."""
    drawing, cell, middle = Drawing("A pass down, then a pass across", 218), 17, 92
    column, row = [[value] for value in COLUMN], [ROW]
    between = correlate(IMAGE, column)
    sums = correlate(between, row)
    drawing.grid(24, middle - 51, pixels(IMAGE), cell)
    drawing.frame(24 + 3 * cell, middle - 51 + cell, cell, 3 * cell)
    drawing.grid(174, middle - 25.5, signed(column), cell)
    drawing.numbers(174, middle - 25.5, column, cell)
    drawing.text(158, middle + 6, "×", size=18)
    drawing.arrow(204, middle, 234, middle)
    drawing.grid(248, middle - 34, pixels([[v * 9 // 36 for v in line] for line in between]), cell)
    place = 248 + 3 * cell, middle - 34 + cell
    drawing.frame(*place, cell, cell)
    drawing.frame(place[0] - cell, place[1] - 1, 3 * cell, cell + 2, BLUE, 2)
    drawing.text(382, middle + 6, "×", size=18)
    drawing.grid(398, middle - 8.5, signed(row), cell)
    drawing.numbers(398, middle - 8.5, row, cell)
    drawing.arrow(460, middle, 490, middle)
    drawing.grid(508, middle - 40, signed(sums), 20)
    drawing.numbers(508, middle - 40, sums, 20)
    drawing.frame(508 + 2 * 20, middle - 20, 20, 20, BLUE, 2.5)
    drawing.caption(104, 180, "down: 3 products", "for each cell")
    drawing.caption(346, 180, "then across: 3 products", "for each cell")
    drawing.caption(558, 180, "feature map")
    return drawing


def fourier() -> Drawing:
    """Draw overlapping tiles and what one of them goes through."""
    drawing, top, tile, reach = Drawing("Overlapping tiles and their transforms", 262), 34, 70, 16
    step = tile - reach
    width, height = 3 * step + reach, 2 * step + reach
    drawing.box(24, top, width, height, mixed(LINE, 0.12), stroke=LINE)
    for r in range(2):
        for c in range(3):
            if r:
                drawing.box(24 + c * step, top + step, tile, reach, BLUE, fill_opacity="0.18")
            if c:
                drawing.box(24 + c * step, top + r * step, reach, tile, BLUE, fill_opacity="0.18")
            drawing.frame(24 + c * step, top + r * step, tile, tile, LINE, 1)
    drawing.frame(24 + step, top, tile, tile)
    middle = top + height / 2
    drawing.arrow(24 + width + 6, middle, 246, middle)
    boxes = (("transform", "of the tile"), ("× transform", "of the kernel"), ("transform", "back"))
    for number, lines in enumerate(boxes):
        x = 250 + number * 96
        drawing.box(x, middle - 27, 84, 54, mixed(BLUE, 0.1), stroke=BLUE, rx="6")
        drawing.text(x + 42, middle - 4, lines[0], size=11.5)
        drawing.text(x + 42, middle + 13, lines[1], size=11.5)
        if number:
            drawing.arrow(x - 12, middle, x, middle)
    drawing.arrow(530, middle, 546, middle)
    drawing.box(552, middle - 35, tile, tile, mixed(LINE, 0.12), stroke=LINE)
    drawing.box(552, middle - 35, step, step, mixed(NOW, 0.2))
    drawing.frame(552, middle - 35, step, step)
    drawing.caption(24 + width / 2, 200, "tiles overlap by the kernel's", "size less one (blue)")
    drawing.caption(392, 200, "as much work for a large", "kernel as for a small one")
    drawing.caption(574, 200, "whole windows:", "kept; the rest:", "thrown away")
    return drawing


def im2col() -> Drawing:
    """Draw the windows of an output row as columns, and how the next row shares them."""
    drawing, cell, top = Drawing("The windows of a row as columns of a matrix", 236), 14, 22
    sums, middle = correlate(IMAGE, KERNEL), 106
    drawing.grid(24, middle - 36, pixels(IMAGE), 12)
    for j, colour in enumerate((BLUE, LINE, NOW)):
        drawing.frame(24 + j * 12, middle - 36 + (j - 1) * 2, 60, 48 - (j - 1) * 4, colour, 2)
    drawing.arrow(114, middle, 140, middle)
    weights = [[weight for line in KERNEL for weight in line]]
    drawing.grid(150, top + 56, signed(weights), cell)
    drawing.numbers(150, top + 56, weights, cell)
    drawing.grid(150, top + 98, signed(weights), cell)
    drawing.numbers(150, top + 98, weights, cell)
    drawing.text(300, middle + 6, "×", size=20)
    shifts = [line[j : j + 5] for line in IMAGE[:4] for j in range(3)]
    drawing.grid(324, top, pixels(shifts), cell)
    drawing.frame(318, top - 2, 82, 9 * cell + 4, BLUE, 2)
    drawing.frame(321, top + 3 * cell, 76, 9 * cell + 2, NOW, 2)
    drawing.frame(148, top + 54, 130, 18, BLUE, 2)
    drawing.frame(148, top + 96, 130, 18, NOW, 2)
    drawing.text(424, middle + 6, "=", size=20)
    drawing.grid(448, middle - 22, signed(sums[:2]), 22)
    drawing.numbers(448, middle - 22, sums[:2], 22)
    drawing.frame(448, middle - 22, 110, 22, BLUE, 2)
    drawing.frame(448, middle, 110, 22, NOW, 2)
    drawing.caption(66, 178, "each image row", "copied 3 times")
    drawing.caption(213, 178, "the weights as a row,", "the same for each row")
    drawing.caption(359, 214, "a window is a column of 9")
    drawing.caption(503, 178, "2 rows of", "the feature map")
    return drawing


def dense() -> Drawing:
    """Draw the matrix on the left of an image, and the one on the right of what it gives."""
    drawing, cell, middle = Drawing("A matrix on the left and one on the right", 250), 8, 104
    sums = correlate(IMAGE, KERNEL)
    left = [[0] * 6 for _ in range(12)]
    for r in range(4):
        for j in range(3):
            for i in range(3):
                left[3 * r + j][r + i] = KERNEL[i][j]
    made = [
        [sum(a * line[c] for a, line in zip(row, IMAGE, strict=True)) for c in range(7)]
        for row in left
    ]
    joined = [[v for line in made[3 * r : 3 * r + 3] for v in line] for r in range(4)]
    right = [[int(row % 7 == column + row // 7) for column in range(5)] for row in range(21)]
    drawing.grid(24, middle - 48, signed(left), cell)
    drawing.frame(24, middle - 48, 48, 24)
    drawing.text(84, middle + 6, "×", size=18)
    drawing.grid(96, middle - 24, pixels(IMAGE), cell)
    drawing.text(165, middle + 6, "=", size=18)
    drawing.grid(178, middle - 48, signed(made), cell)
    drawing.frame(178, middle - 48, 56, 24)
    drawing.arrow(240, middle, 262, middle)
    drawing.grid(268, middle - 16, signed(joined), cell)
    drawing.frame(268, middle - 16, 168, 8)
    drawing.text(448, middle + 6, "×", size=18)
    drawing.grid(460, middle - 84, signed(right), cell)
    drawing.text(513, middle + 6, "=", size=18)
    drawing.grid(528, middle - 32, signed(sums), 16)
    drawing.frame(528, middle - 32, 80, 16)
    drawing.caption(60, 176, "3 rows for each", "output row")
    drawing.caption(124, 150, "image")
    drawing.caption(212, 176, "what each kernel", "column adds")
    drawing.caption(352, 144, "the 3 rows of an output row,", "end to end")
    drawing.caption(480, 214, "a 1 where each", "is to be read")
    drawing.caption(568, 158, "feature map")
    return drawing


PICTURES: tuple[Callable[[], Drawing], ...] = (
    loops, shifted, im2col, toeplitz, separable, fourier, dense,
)  # fmt: skip


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        (FOLDER / f"{picture.__name__}.svg").write_text(picture().svg(), encoding="utf-8")
