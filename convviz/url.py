"""A scene as the query parameters of a link, and back again.

What is left out has its default: the classic case is no parameters at all. Every other link
begins with its version, ``v=1``; the rest is the table of `convviz.parameters`. Reading never
fails: what cannot be used falls back to its default, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any
from urllib.parse import quote, urlencode

from convviz.display import Display
from convviz.geometry import Geometry, Pair
from convviz.inputs import Input, Named, Picture, Typed
from convviz.kernels import preset_of
from convviz.packing import pixel_text, read_shape, shape_text, shorter
from convviz.parameters import BETWEEN, PARAMETERS, Parameter, RefusedError, integer
from convviz.scene import Scene
from convviz.travelling import grey, travelling, whole_shape

VERSION = 1
MAX_LINK = 2000
"""Characters of a query string, even if everything in it is escaped that a browser may escape."""
MAX_VALUE = 4000
"""Characters of one value; a longer one is not looked at."""

Params = dict[str, str]

_ROWS = {row.name: row for row in PARAMETERS}
_DEFAULTS = {row.name: row.text(Scene()) for row in PARAMETERS}
_FOR_OTHERS = re.compile(r"embed|embed_options|utm_.*", re.DOTALL)
_PARTS = {
    "minus": "no map to subtract",
    "times": "one pass",
    "geometry": "the default window settings",
    "kernel": "the classic kernel",
    "input": "the classic input",
}


@dataclass(frozen=True)
class Link:
    """What a link shows, and plain sentences about what in it could not be used.

    Notes repeat a little of the link: show them as text, never as markup.
    """

    scene: Scene
    notes: tuple[str, ...] = ()


def encode(scene: Scene) -> Params:
    """Write a scene as query parameters.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    dict of str to str
        {} for the classic case. `decode` gives an equal scene, but for a step or patch that was
        out of range, and for what `omitted` names. Escaped, it has at most 2000 characters.
    """
    return next(params for params in _shorter_and_shorter(travelling(scene)) if _fits(params))


def link(scene: Scene) -> str:
    """Write a scene as a query string with the fewest escapes, "" for the classic case."""
    params = encode(scene)
    return "&".join(f"{name}={quote(text, safe=',_/:*.-')}" for name, text in params.items())


def omitted(scene: Scene) -> tuple[str, ...]:
    """Say in plain sentences what of a scene is not in its link."""
    params = encode(scene)
    missing = []
    if isinstance(scene.input, Picture) and "of" in params:
        px = params.get("px", "").partition(".")[0].removesuffix("g")
        name = "" if scene.input.name == Picture.name else _quoted(scene.input.name)
        missing.append(
            _missing_picture(read_shape(px), whole_shape(scene.input), name, "Add it again")
        )
    if not scene.is_one_pass and travelling(scene).is_one_pass:
        what = "What Explore does after one pass"
        missing.append(f"{what} is not in the link: the patch is too small for it.")
    for name in ("m", "k"):
        if shape := read_shape(params.get(name, "")):
            what = f"The {_ROWS[name].what} ({_by(shape)})"
            missing.append(f"{what} is not in the link: it is too long for {MAX_LINK} characters.")
    missing.extend(_about_collection(params.get("kk"), f"too long for {MAX_LINK} characters"))
    return tuple(missing)


def decode(params: Mapping[str, object]) -> Scene:
    """Read a scene from query parameters, whatever they are; see `read_link`."""
    return read_link(params).scene


def read_link(params: Mapping[str, object]) -> Link:
    """Read query parameters, whatever they are, and say what could not be used.

    Parameters
    ----------
    params : mapping of str to str
        Of anything else, what can be used is.

    Returns
    -------
    Link
        Never an exception. A value that cannot be used has its default, alone; where values do
        not fit together, as few as possible of window settings, kernel and input have theirs,
        tried in this order.
    """
    given = _mapping(params)
    if given is None:
        return Link(Scene(), ("The link cannot be read, so the classic case is shown.",))
    notes = list(_about_version(given["v"]) if "v" in given else ())
    values: dict[str, Any] = {}
    for row in PARAMETERS:
        if row.name in given:
            try:
                values[row.path] = row.read(_text(given[row.name]))
            except ValueError as error:
                notes.append(_refusal(row, given[row.name], error))
    notes.extend(_about_collection(given.get("kk"), "they were too long"))
    notes.extend(_about_others(given))
    parts = {path: value for path, value in values.items() if "." not in path}
    parts["geometry"] = Geometry(**_under("geometry", values))
    parts["display"] = Display(**_under("display", values))
    parts["input"] = _input(given, _under("input", values), notes)
    scene = _in_range(_fitting(parts, notes), notes)
    return Link(scene, tuple(notes))


# Writing


def _write(scene: Scene) -> Params:
    texts = ((row.name, row.text(scene)) for row in PARAMETERS)
    params = {name: text for name, text in texts if text and text != _DEFAULTS[name]}
    if isinstance(scene.input, Picture) and "px" not in params:
        params = _drop_input(params, scene)
    return {"v": str(VERSION), **params} if params else {}


def _fits(params: Params) -> bool:
    shortest = sum(map(len, params.values()))
    return shortest <= MAX_LINK and len(urlencode(params)) <= MAX_LINK


def _shorter_and_shorter(scene: Scene) -> Iterator[Params]:
    """Yield the link with all of the scene, then with less and less; the last always fits."""
    params = _write(scene)
    yield params
    for name in ("m", "k"):
        if name in params:
            params = params | {name: shorter(params[name])}
            yield params
    if "kk" in params:
        params = params | {"kk": BETWEEN.join(map(shorter, params["kk"].split(BETWEEN)))}
        yield params
    for fewer in _drop_collected(params, scene):
        params = fewer
        yield params
    params = _drop_colours(params, scene)
    yield params
    yield _drop_input(params, scene)
    yield _drop_kernel(params, scene)
    yield _drop_kernel(_drop_input(params, scene), scene)


def _drop_collected(params: Params, scene: Scene) -> Iterator[Params]:
    """Leave out one collected kernel after the other, the longest first; presets stay."""
    texts = params.get("kk", "").split(BETWEEN)
    own = [at for at, matrix in enumerate(scene.collected) if preset_of(matrix) is None]
    for at in sorted(own, key=lambda at: -len(texts[at])):
        texts[at] = shape_text(scene.collected[at].shape)
        yield params | {"kk": BETWEEN.join(texts)}


def _drop_colours(params: Params, scene: Scene) -> Params:
    if not isinstance(scene.input, Picture) or "px" not in params:
        return params
    plane = pixel_text(grey(scene.image))
    if plane == params["px"]:
        return params
    return params | {"px": plane, "of": shape_text(whole_shape(scene.input))}


def _drop_input(params: Params, scene: Scene) -> Params:
    match scene.input:
        case Picture() as picture:
            return _without(params, "px", "step", "line") | {"of": shape_text(whole_shape(picture))}
        case Typed(matrix=matrix):
            return _without(params, "step", "line") | {"m": shape_text(matrix.shape)}
        case Named():
            return params


def _drop_kernel(params: Params, scene: Scene) -> Params:
    return _without(params, "step") | {"k": shape_text(scene.kernel.shape)}


def _without(params: Params, *names: str) -> Params:
    """Leave parameters out; step and line go with what they were places of."""
    return {name: text for name, text in params.items() if name not in names}


# Reading


def _mapping(params: object) -> Mapping[object, object] | None:
    return params if isinstance(params, Mapping) else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError("is not text")
    if len(value) > MAX_VALUE:
        raise RefusedError(f"is {len(value)} characters long, more than {MAX_VALUE}")
    return value


def _under(part: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        path.removeprefix(f"{part}."): value
        for path, value in values.items()
        if path.startswith(f"{part}.")
    }


def _input(given: Mapping[object, object], values: dict[str, Any], notes: list[str]) -> Input:
    """Make the input; of several that a link has, the first of px, m and in counts."""
    named = {name: value for name, value in values.items() if name in ("id", "seed")}
    pixels, whole = values.get("pixels"), values.get("cut_from")
    sources = [name for name in ("px", "m", "in", "of") if name in given]
    if sources[:1] == ["px"]:
        sources = [name for name in sources if name != "of"]
    if len(sources) > 1:
        notes.append(f"The link has {' and '.join(sources)}, so only {sources[0]} is used.")
    match sources[:1]:
        case ["px"] if pixels is not None:
            if whole:
                notes.append(_missing_picture(pixels.shape[:2], whole))
            return Picture(pixels, cut_from=whole)
        case ["m"] if "matrix" in values:
            return Typed(values["matrix"])
        case ["of"] if whole:
            notes.append(f"{_missing_picture(None, whole)} Until then the classic input is used.")
        case ["in"] | []:
            return Named(**named)
    return Named()


def _fitting(parts: dict[str, Any], notes: list[str]) -> Scene:
    """Make the scene; where its parts do not fit together, without as few as possible."""
    try:
        return Scene(**parts)
    except ValueError as error:
        problem = _shown(str(error), 200).rstrip(".")
    sizes = range(1, len(_PARTS) + 1)
    for dropped in (set(names) for n in sizes for names in combinations(_PARTS, n)):
        try:
            scene = Scene(**{name: value for name, value in parts.items() if name not in dropped})
        except ValueError:
            continue
        words = " and ".join(_PARTS[name] for name in _PARTS if name in dropped)
        verb = "is" if len(dropped) == 1 and "geometry" not in dropped else "are"
        notes.append(f"The link does not fit together, so {words} {verb} used: {problem}.")
        return scene
    notes.append(f"The link cannot be shown, so the classic case is: {problem}.")
    return Scene()


def _in_range(scene: Scene, notes: list[str]) -> Scene:
    """Put a patch, step or line outside the picture or the output back to its default."""
    if scene.is_picture and scene.patch not in (None, scene.patch_in_use):
        rows, columns = scene.shape
        outside = RefusedError(f"is outside the picture ({rows} × {columns})")
        notes.append(_refusal(_ROWS["patch"], _ROWS["patch"].text(scene), outside))
        scene = replace(scene, patch=None)
    if scene.step > len(scene.block):
        beyond = RefusedError(f"is out of range (1 to {len(scene.block)})")
        notes.append(_refusal(_ROWS["step"], str(scene.step), beyond))
        scene = replace(scene, step=1)
    if scene.line not in (None, scene.line_in_use):
        beyond = RefusedError(f"is outside the input ({_by(scene.shape)})")
        notes.append(_refusal(_ROWS["line"], _ROWS["line"].text(scene), beyond))
        scene = replace(scene, line=None)
    return scene


# Sentences


def _refusal(row: Parameter, value: object, error: ValueError) -> str:
    what = f"The link's {row.what}{_quoted(value)}"
    if isinstance(error, RefusedError):
        return f"{what} {error}, so {row.instead}."
    return f"{what} cannot be used, so {row.instead}: {_shown(str(error), 200)}"


def _about_version(value: object) -> Iterator[str]:
    try:
        version = integer(_text(value), 1, 10**9)
    except RefusedError:
        yield f"The link's version{_quoted(value)} is unknown, so it is read as {VERSION}."
    else:
        if version > VERSION:
            yield f"The link's version {version} is newer than {VERSION}: not all of it may show."


def _about_collection(value: object, why: str) -> Iterator[str]:
    """Say how many collected kernels a link has only the shape of."""
    texts = value.split(BETWEEN) if isinstance(value, str) else []
    if count := sum(read_shape(text) is not None for text in texts):
        verb = "is" if count == 1 else "are"
        yield f"Of {len(texts)} collected kernels {count} {verb} not in the link: {why}."


def _about_others(given: Mapping[object, object]) -> Iterator[str]:
    """Name the parameters that mean nothing here, unless they are meant for others."""
    others = [name for name in given if not _is_known(name)]
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        named = ",".join(_quoted(name) or " one that is not text" for name in others[:3])
        yield f"The link has unknown parameters, which are ignored:{named}{more}."


def _is_known(name: object) -> bool:
    return isinstance(name, str) and (
        name == "v" or name in _ROWS or _FOR_OTHERS.fullmatch(name) is not None
    )


def _missing_picture(here: Pair | None, whole: Pair, name: str = "", fix: str = "Upload it") -> str:
    picture = f"picture{name} ({_by(whole)})"
    if here == whole:
        only = f"The colours of the {picture} are not in the link: only one plane is."
    elif here:
        only = f"The {picture} is not in the link: only the {_by(here)} patch is."
    else:
        only = f"The {picture} is not in the link."
    return f"{only} {fix} to see {'the whole' if here else 'it'}."


def _by(shape: Pair) -> str:
    return f"{shape[0]} × {shape[1]}"


def _quoted(value: object) -> str:
    """Return " 'value'", short and harmless; nothing for what is not text."""
    return f" '{_shown(value, 40)}'" if isinstance(value, str) else ""


def _shown(text: str, length: int) -> str:
    # isprintable() is false for control characters and for marks that turn the writing round.
    visible = "".join(mark for mark in text[: 4 * length] if mark.isprintable())
    return visible if len(text) <= length else f"{visible[:length]}..."
