"""The process in which a TIFF is decoded: what it may do, and that it is not believed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL
import pytest
from PIL import Image

from convviz import picture_reader, tiff_child
from convviz.images import read_image
from tests.picture_files import (
    COLOUR,
    refusal,
    saved,
)

CHILD = Path(tiff_child.__file__)
SMALL_TIFF = saved(Image.fromarray(COLOUR), "TIFF")


def test_tiff_is_read_from_any_folder_whatever_lies_in_it(tmp_path, monkeypatch):
    for name in ("PIL.py", "struct.py", "io.py", "resource.py"):
        (tmp_path / name).write_text("raise SystemExit('wrong file')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    np.testing.assert_array_equal(read_image(SMALL_TIFF), COLOUR)


def test_the_child_loads_pillow_and_nothing_of_ours():
    pillow = Path(PIL.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", str(CHILD), str(pillow)],
        input=SMALL_TIFF,
        capture_output=True,
        check=True,
    )
    head, _, pixels = done.stdout.partition(b"\n")
    assert head == b"ok RGB 7 5 65535"
    assert pixels == COLOUR.tobytes()
    loaded = {line.split("|")[-1].strip() for line in done.stderr.decode().splitlines()}
    assert "PIL.TiffImagePlugin" in loaded
    assert not {"numpy", "streamlit", "convviz"} & {name.split(".")[0] for name in loaded}


def test_the_child_is_limited():
    check = (
        f"import sys; sys.path.insert(0, {str(CHILD.parent)!r}); import tiff_child, resource\n"
        "assert tiff_child.limit()\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU) == (10, 10)\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE) == (0, 0)\n"
        "bytearray(tiff_child.MEMORY)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", check], capture_output=True, check=False)
    assert done.stderr.strip().endswith(b"MemoryError")


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(picture_reader, "TIFF_SECONDS", 0.001)
    assert "too much memory or time" in refusal(SMALL_TIFF)


def test_many_can_read_at_the_same_time():
    files = [SMALL_TIFF, saved(Image.fromarray(COLOUR), "PNG")] * 4
    with ThreadPoolExecutor(8) as pool:
        for pixels in pool.map(read_image, files):
            np.testing.assert_array_equal(pixels, COLOUR)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (b"", "too much memory or time"),
        (b"no memory\n", "too much memory or time"),
        (b"no limits\n", "TIFF pictures cannot be read on this system"),
        (b"ok RGB 30000 30000 65535\n", "30000 × 30000 pixels"),
        (b"ok RGB 2 2 65535\n12345678901", "damaged"),
        (b"ok F 1 1 65535\n1234", "too much memory or time"),
        (b"no size many few\n", "damaged"),
        (b"no mode <b>\n", "too much memory or time"),
    ],
)
def test_the_child_is_not_believed(reply, sentence, monkeypatch):
    monkeypatch.setattr(picture_reader, "_ask_child", lambda data: reply)
    assert sentence in refusal(SMALL_TIFF)


def test_tiff_is_refused_where_no_limited_process_can_be_had(monkeypatch):
    sentence = "TIFF pictures cannot be read on this system"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "emscripten")
        assert refusal(SMALL_TIFF).startswith(sentence)
    with monkeypatch.context() as patch:  # as on Windows
        patch.setattr(picture_reader.importlib.util, "find_spec", lambda name: None)
        assert refusal(SMALL_TIFF).startswith(sentence)
