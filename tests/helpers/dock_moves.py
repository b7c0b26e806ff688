"""Moves the docks of a layout at random, each time from a seed: what Qt does not survive ends this process.

`python -m tests.helpers.dock_moves 13 24` plays these seeds.
"""

import random
import sys
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from gui.theme.theme import Theme
from gui.window.dock_area import DockArea

_MOVES = 40


def play(seed: int) -> None:
    """Open, float, close and fill docks, save layouts and restore them; offscreen, and without an event loop."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    area = DockArea(Theme("dark"))
    saved: list[bytes] = []
    others: tuple[Callable[[], object], ...] = (
        area.show,
        area.hide,
        area.reset,
        area.open_details,
        area.fill_with_active,
        area.inspector.dock_or_slide,
        lambda: area.resize(chance.choice((900, 1500, 2400)), 900),
        lambda: saved.append(area.saved()),
        lambda: area.restore(chance.choice([*saved, b"torn"])),
        lambda: area.restore(chance.choice([*saved, b"torn"])),
    )
    of_one: tuple[Callable[[str], object], ...] = (
        area.open,
        area.fill_or_restore,
        lambda name: area.docks[name].close(),
        lambda name: area.docks[name].float_requested.emit(),
    )
    for _ in range(_MOVES):
        if chance.random() < len(others) / (len(others) + len(of_one)):
            chance.choice(others)()
        else:
            chance.choice(of_one)(chance.choice(list(area.docks)))


if __name__ == "__main__":
    app = QApplication([])  # held until the end
    for argument in sys.argv[1:]:
        play(int(argument))
