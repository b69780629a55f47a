"""What one visitor's session keeps, and how it changes; pure, without Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from convviz.inputs import Picture, Typed
from convviz.scene import Scene
from convviz.url import encode, read_link

Query = dict[str, str]
PAST = 50
"""Addresses that Back finds their very scene for."""
PLAYERS_OWN = ("step", "view", "predict")
"""What the player writes into the address by itself."""


@dataclass
class Visit:
    """What one visitor's session keeps.

    Attributes
    ----------
    scene : Scene
        What is shown.
    address : dict of str to str
        What the scene was called when it was last read from the address or written there.
    query : dict of str to str
        The address as the browser will report it, without the parts it changes by itself.
    autoplay : bool
        Whether the first positions play by themselves.
    notes : tuple of str
        What of a link could not be used.
    seek : int
        Grows when the player must go to the scene's step.
    arrived : int
        Grows when the player must take over view and predict from the scene: at an address.
    memory : Any
        What the controls remember; theirs alone.
    past : tuple of (dict, Scene)
        Recent addresses and what they showed, the latest last.
    earlier : tuple of Scene
        What Undo goes back to, the latest last.
    drawn : dict of str to Any
        What a view computed last, by its name; given back with the input it was computed from.
    here : str
        The page that is shown.
    late : bool
        Whether the browser may not yet have heard what its widgets were told last.
    came_from : str
        The page that Share was pressed on, "" if it was opened by a link.
    """

    scene: Scene
    address: Query
    query: Query
    autoplay: bool
    notes: tuple[str, ...] = ()
    seek: int = 0
    arrived: int = 0
    memory: Any = None
    past: tuple[tuple[Query, Scene], ...] = ()
    earlier: tuple[Scene, ...] = ()
    drawn: dict[str, Any] = field(default_factory=dict)
    here: str = ""
    late: bool = False
    came_from: str = ""

    def turn_to(self, scene: Scene, memory: Any) -> None:
        """Take over what the visitor did, as a whole: Streamlit cannot interrupt it half-way."""
        if scene != self.scene:
            self.notes = ()
        if _place(scene) != _place(self.scene):
            self.seek += 1
        self._keep(scene)
        self._give_back(scene)
        self.scene, self.memory = scene, memory

    def stand_at(self, step: int) -> None:
        """Take over a position that was chosen where there is no player."""
        self.scene = replace(self.scene, step=step)

    def undo(self) -> None:
        """Go back to the scene before the last change, if one is kept."""
        if not self.earlier:
            return
        *earlier, scene = self.earlier
        self._give_back(scene)
        self.scene, self.earlier, self.notes = scene, tuple(earlier), ()
        self.seek += 1

    def come_to(self, page: str, reported: Query, back: Query | None) -> None:
        """Take note of the page that is shown, and of whether the browser may be late.

        It is where it has not heard of the last address either. Going back is said until it was
        heard, so what says it may be late; so may what turns to another page, for that cuts short
        the one before.

        Parameters
        ----------
        page : str
        reported, back : dict of str to str, or None
            As below.
        """
        turned = self.here not in ("", page)
        self.late = turned or back is not None or not self.knows(reported)
        self.here = page

    def hear(self, reported: Query, back: Query | None) -> None:
        """Go where the visitor went back or forward to in the browser, if that is what happened.

        Parameters
        ----------
        reported : dict of str to str
            The address as Streamlit reports it.
        back : dict of str to str or None
            The address as the page's own script reports it.
        """
        if not self.knows(reported):
            self.query = lasting(reported)
            self.go_to(reported)
        elif back is not None and lasting(back) != lasting(self.address):
            self.go_to(back)
        else:
            self._end(reported)

    def _end(self, reported: Query) -> None:
        """End the view, or predicting, that the player has taken out of the address."""
        ways: dict[str, Any] = {"view": "", "predict": False}
        ended = {name: ways[name] for name in ways if name in self.address.keys() - reported.keys()}
        if ended:
            self.scene = replace(self.scene, **ended)
            self.address = encode(self.scene)

    def knows(self, reported: Query) -> bool:
        """Tell whether an address is where the visit is, as it was written or as it was put right.

        Which of them is reported depends on the version of Streamlit.
        """
        return lasting(reported) in (self.query, lasting(self.address))

    def is_elsewhere(self, reported: Query) -> bool:
        """Tell, of a page without a player, whether the browser went to another position."""
        return self.knows(reported) and reported.get("step") != self.address.get("step")

    def go_to(self, params: Query) -> None:
        """Show what an address stands for; if it was shown before, exactly what it showed."""
        link = read_link(params)
        same = (scene for past, scene in reversed(self.past) if past == lasting(params))
        known = next(same, None)
        own = {name: getattr(link.scene, name) for name in PLAYERS_OWN}
        scene = replace(known, **own) if known else link.scene
        self._keep(scene)
        self._give_back(scene)
        self.scene = scene
        self.notes = () if known else link.notes
        self.address = encode(self.scene)
        self.seek += 1
        self.arrived += 1

    def _keep(self, scene: Scene) -> None:
        """Keep the scene that another one takes the place of, for Undo.

        Where the player stands is no change. Of all pictures only the latest is kept.
        """
        if _shown(scene) == _shown(self.scene):
            return
        kept = (*self.earlier, self.scene)
        if isinstance(scene.input, Picture):
            kept = tuple(earlier for earlier in kept if _is_kept(earlier, scene))
        self.earlier = kept[-PAST:]

    def _give_back(self, scene: Scene) -> None:
        """Let go of what was computed from another input: it may be larger than a picture."""
        if scene.input != self.scene.input:
            self.drawn.clear()

    def move_to(self, address: Query) -> None:
        """Take note of the address that is now written for the scene."""
        self.address, self.query = address, lasting(address)

    def remember(self) -> None:
        """Keep the scene under its address, so that Back brings a picture back that no link holds.

        Of all pictures only the latest is kept.
        """
        here = lasting(self.address)
        kept = self.past
        if kept and kept[-1][0] == here:
            kept = kept[:-1]
        if isinstance(self.scene.input, Picture):
            kept = tuple((query, scene) for query, scene in kept if _is_kept(scene, self.scene))
        self.past = (*kept, (here, self.scene))[-PAST:]


def lasting(params: Mapping[str, str]) -> Query:
    """Leave out what the player writes into the address by itself, and what says nothing."""
    return {name: text for name, text in params.items() if name not in (*PLAYERS_OWN, "v")}


def _shown(scene: Scene) -> tuple[object, ...]:
    """Return all of a scene but where the player stands, and how."""
    names = (field.name for field in fields(scene) if field.name not in ("patch", *PLAYERS_OWN))
    return tuple(getattr(scene, name) for name in names)


def _is_kept(scene: Scene, latest: Scene) -> bool:
    """Tell whether a scene may be kept beside a picture: it has none, or the same."""
    return not isinstance(scene.input, Picture) or scene.input == latest.input


def _place(scene: Scene) -> object:
    """Tell what a position belongs to; numbers that are being typed stay the same place."""
    match scene.input:
        case Typed():
            source: object = Typed
        case Picture(digest=digest):
            source = digest
        case named:
            source = named.id
    return source, scene.patch, scene.step
