"""Which form the Radar takes in the room it has. Pure."""

from dataclasses import dataclass

from gui.panels.radar.disc import MIN_DISC_WIDTH

_SIDE, _SIDE_MIN, _SIDE_FULL = 372, 300, 520
_TALL = 600
_FULL_FROM = 1200


@dataclass(frozen=True, slots=True)
class PanelShape:
    """The form at a width and height: a wide panel is full, with legend, list and labelled buttons.

    `scale` is how much larger text is than usual: what is then as narrow in words has the form of a narrow panel.
    """

    width: int
    height: int
    scale: float = 1.0

    @property
    def is_full(self) -> bool:
        """Whether there is room for everything."""
        return self.width >= _FULL_FROM * self.scale

    @property
    def is_tall(self) -> bool:
        """Whether there is room for the history."""
        return self.height >= _TALL * self.scale

    @property
    def side(self) -> int:
        """The width of the column beside the disc."""
        least, most, full = (round(px * self.scale) for px in (_SIDE_MIN, _SIDE, _SIDE_FULL))
        return full if self.is_full else min(most, max(least, self.width - MIN_DISC_WIDTH))

    @property
    def has_room_for_disc(self) -> bool:
        """Whether the disc fits beside that column."""
        return self.width - self.side >= MIN_DISC_WIDTH
