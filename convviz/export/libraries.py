"""The samples for NumPy, SciPy, OpenCV and PyTorch."""

from __future__ import annotations

from convviz.export.written import NPY, TURNED, Task, every_nth

_TORCH_MODES = {
    "constant": "constant",
    "edge": "replicate",
    "reflect": "reflect",
    "wrap": "circular",
}
_NDIMAGE_MODES = {
    "constant": "constant",
    "edge": "nearest",
    "reflect": "mirror",
    "symmetric": "reflect",
    "wrap": "wrap",
}
_BORDERS = {
    "constant": "CONSTANT",
    "edge": "REPLICATE",
    "reflect": "REFLECT_101",
    "symmetric": "REFLECT",
    "wrap": "WRAP",
}
_PRINT = "print(feature_map)"


def in_numpy(task: Task) -> str:
    """Write the sample: every window as a view, then one sum over all of them."""
    turned = f"kernel = kernel[::-1, ::-1]  # {TURNED}"
    picked = [f"windows = windows{task.strided}  # stride"] if task.strided else []
    if spaced := every_nth(task.geometry.dilation):
        picked.append(f"windows = windows[:, :, {spaced[1:-1]}]  # dilation")
    return "\n".join(
        [
            "import numpy as np\n",
            *_numbers(task),
            *([turned] if task.scene.flip else []),
            "",
            *_padded(task),
            f"windows = np.lib.stride_tricks.sliding_window_view(image, {task.extent})",
            *picked,
            f'feature_map = np.einsum("rcij,ij->rc", windows, kernel){task.bias}',
            _PRINT,
        ]
    )


def in_scipy(task: Task) -> str:
    """Write the sample: by `ndimage` where the padding is half a window, else by `signal`."""
    if task.pads == tuple((reach // 2, reach // 2) for reach in task.extent if reach % 2):
        package, function, options, pad = "ndimage", "correlate", _mode(task), []
        if task.scene.flip:
            function = "convolve"
    else:
        package, options, pad = "signal", 'mode="valid"', _padded(task)
        function = "convolve2d" if task.scene.flip else "correlate2d"
    call = f"{package}.{function}(image, kernel, {options})"
    return "\n".join(
        [
            f"import numpy as np\nfrom scipy import {package}\n",
            *_numbers(task),
            *_spread(task),
            "",
            *pad,
            f"feature_map = {call}{task.strided}{task.bias}",
            _PRINT,
        ]
    )


def in_opencv(task: Task) -> str:
    """Write the sample with ``filter2D``, which cross-correlates."""
    turned = f"kernel = cv2.flip(kernel, -1)  # {TURNED}, filter2D does not"
    (top, bottom), (left, right) = task.pads
    fill = f", value={task.fill}" if task.geometry.boundary == "constant" else ""
    border = f"cv2.BORDER_{_BORDERS[task.geometry.boundary]}{fill}"
    pad = f"image = cv2.copyMakeBorder(image, {top}, {bottom}, {left}, {right}, {border})"
    rows, columns = (
        f": length - {reach - 1}".replace("length", f"image.shape[{axis}]") if reach > 1 else ":"
        for axis, reach in enumerate(task.extent)
    )
    return "\n".join(
        [
            "import cv2\nimport numpy as np\n",
            *_numbers(task),
            *([turned] if task.scene.flip else []),
            *_spread(task),
            "",
            *([pad] if task.is_padded else []),
            "# With this anchor each sum stands at the top left of its window.",
            "every = cv2.filter2D(image, cv2.CV_64F, kernel, anchor=(0, 0))",
            f"fitting = every[{rows}, {columns}]  # where the whole window fits",
            f"feature_map = fitting{task.strided}{task.bias}",
            _PRINT,
        ]
    )


def in_pytorch(task: Task) -> str:
    """Write the sample with ``conv2d``, which cross-correlates too."""
    by_numpy = task.is_padded and not _torch_pads(task)
    options = [
        *_option("stride", task.geometry.stride),
        *_option("dilation", task.geometry.dilation),
    ]
    turned = f"kernel = torch.flip(kernel, (0, 1))  # {TURNED}, conv2d does not"
    return "\n".join(
        [
            *(["import numpy as np"] if by_numpy or task.from_file else []),
            "import torch\nimport torch.nn.functional as F\n",
            *_tensors(task, by_numpy),
            *([turned] if task.scene.flip else []),
            "",
            "# conv2d takes (batch, channels, rows, columns).",
            "image, kernel = image[None, None], kernel[None, None]",
            *([] if by_numpy or not task.is_padded else [_torch_pad(task)]),
            f"feature_map = F.conv2d({', '.join(['image', 'kernel', *options])})[0, 0]{task.bias}",
            _PRINT,
        ]
    )


def _numbers(task: Task) -> list[str]:
    image = f'np.load("{NPY}").astype(float)'
    if not task.from_file:
        image = f"np.array({task.input_rows}, float)"
    factor = f"{task.factor} * " if task.factor else ""
    return [f"image = {image}", f"kernel = {factor}np.array({task.kernel_rows}, float)"]


def _padded(task: Task) -> list[str]:
    return [f"image = {_np_pad(task, 'image')}"] if task.is_padded else []


def _np_pad(task: Task, image: str) -> str:
    boundary = task.geometry.boundary
    fill = f", constant_values={task.fill}" if boundary == "constant" else ""
    return f'np.pad({image}, {task.pads}, mode="{boundary}"{fill})'


def _mode(task: Task) -> str:
    boundary = task.geometry.boundary
    fill = f", cval={task.fill}" if boundary == "constant" else ""
    return f'mode="{_NDIMAGE_MODES[boundary]}"{fill}'


def _spread(task: Task) -> list[str]:
    if not (spaced := every_nth(task.geometry.dilation)):
        return []
    return [
        f"spread = np.zeros({task.extent})  # dilation: zeros between the weights",
        f"spread{spaced} = kernel",
        "kernel = spread",
    ]


def _option(name: str, pair: tuple[int, int]) -> list[str]:
    return [] if pair == (1, 1) else [f"{name}={pair}"]


def _torch_pads(task: Task) -> bool:
    """Whether PyTorch has the boundary, and for padding as wide as this."""
    boundary, widest = task.geometry.boundary, [max(pad) for pad in task.pads]
    room = zip(widest, task.scene.shape, strict=True)
    if boundary == "reflect":
        return all(pad < length for pad, length in room)
    if boundary == "wrap":
        return all(pad <= length for pad, length in room)
    return boundary in _TORCH_MODES


def _torch_pad(task: Task) -> str:
    boundary = task.geometry.boundary
    fill = f", value={task.fill}" if boundary == "constant" else ""
    (top, bottom), (left, right) = task.pads
    sides = (left, right, top, bottom)
    return f'image = F.pad(image, {sides}, mode="{_TORCH_MODES[boundary]}"{fill})'


def _tensors(task: Task, by_numpy: bool) -> list[str]:
    image = f"torch.tensor({task.input_rows}, dtype=torch.float64)"
    if task.from_file:
        image = f'torch.from_numpy(np.load("{NPY}").astype(float))'
    lines = [f"image = {image}"]
    if by_numpy:
        lines.append("# PyTorch does not pad like this, so NumPy does.")
        lines.append(f"image = torch.from_numpy({_np_pad(task, 'image.numpy()')})")
    factor = f"{task.factor} * " if task.factor else ""
    return [*lines, f"kernel = {factor}torch.tensor({task.kernel_rows}, dtype=torch.float64)"]
