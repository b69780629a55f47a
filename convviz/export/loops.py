"""The sample in plain Python: four loops and nothing hidden."""

from __future__ import annotations

from convviz.export.written import CSV, TURNED, Task

LARGEST_PRINTED = 64

_READ = f'''import csv

with open("{CSV}", newline="") as file:
    image = [[float(text) for text in row] for row in csv.reader(file)]'''

_SOURCES = {
    "constant": "    return at if 0 <= at < size else None  # None: the fill value",
    "edge": "    return min(max(at, 0), size - 1)",
    "reflect": (
        "    at %= max(2 * size - 2, 1)  # there and back again; each end comes once\n"
        "    return min(at, 2 * size - 2 - at)"
    ),
    "symmetric": (
        "    at %= 2 * size  # there and back again; each end comes twice\n"
        "    return min(at, 2 * size - 1 - at)"
    ),
    "wrap": "    return at % size",
}


def loops(task: Task) -> str:
    """Write the sample; an input from a file is read as CSV."""
    parts = [_READ if task.from_file else f"image = {task.input_rows}"]
    parts.append(f"kernel = {task.kernel_rows}")
    if task.scene.flip:
        parts.append(f"kernel = [row[::-1] for row in kernel[::-1]]  # {TURNED}")
    if task.is_padded:
        parts.append(_pixel(task))
    parts.append(_sums(task))
    return "\n".join(parts)


def _pixel(task: Task) -> str:
    source = _SOURCES[task.geometry.boundary]
    lines = [
        "\n\ndef source(at, size):",
        '    """The row, or column, of the image whose numbers stand there in the padding."""',
        source,
        "\n\ndef pixel(row, column):",
        "    row, column = source(row, len(image)), source(column, len(image[0]))",
    ]
    if task.geometry.boundary == "constant":
        lines.append(f"    if row is None or column is None:\n        return {task.fill}")
    return "\n".join([*lines, "    return image[row][column]\n"])


def _sums(task: Task) -> str:
    shape = task.scene.output_shape
    rows, columns = (
        f"({length} + {sum(pads)} - {extent}) // {stride} + 1"
        for length, pads, extent, stride in zip(
            ("len(image)", "len(image[0])"),
            task.pads,
            task.extent,
            task.geometry.stride,
            strict=True,
        )
    )
    row, column = (_place(task, axis) for axis in (0, 1))
    term = f"pixel({row}, {column})" if task.is_padded else f"image[{row}][{column}]"
    factor = f"{task.factor} * " if task.factor else ""
    few = max(shape) <= LARGEST_PRINTED
    return f"""
# How many windows fit: image + padding - window, divided by the stride.
rows = {rows}
columns = {columns}
feature_map = []
for row in range(rows):
    feature_map.append([])
    for column in range(columns):
        total = 0
        for i in range(len(kernel)):
            for j in range(len(kernel[0])):
                total += {term} * kernel[i][j]
        feature_map[row].append({factor}total{task.bias})

{_PRINT_FEW if few else _PRINT_SHAPE}"""


_PRINT_FEW = "for line in feature_map:\n    print(*line)"
_PRINT_SHAPE = 'print(len(feature_map), "rows of", len(feature_map[0]), "numbers")'


def _place(task: Task, axis: int) -> str:
    """Write the row (axis 0) or column (1) of the image that a weight meets."""
    at, weight = (("row", "i"), ("column", "j"))[axis]
    stride, apart = task.geometry.stride[axis], task.geometry.dilation[axis]
    before = task.pads[axis][0]
    start = f"{stride} * {at}" if stride > 1 else at
    tap = f"{apart} * {weight}" if apart > 1 else weight
    return f"{start} + {tap} - {before}" if before else f"{start} + {tap}"
