"""Which form the Radar takes in the room it has. Pure."""

from dataclasses import dataclass

from gui.panels.radar.disc import MIN_DISC_WIDTH

_SIDE, _SIDE_MIN, _SIDE_FULL = 372, 300, 520
_TALL = 600
_FULL_FROM = 1200


@dataclass(frozen=True, slots=True)
class PanelShape:
    """The form at a width and height: a wide panel is full, with legend, list and labelled buttons."""

    width: int
    height: int

    @property
    def is_full(self) -> bool:
        """Whether there is room for everything."""
        return self.width >= _FULL_FROM

    @property
    def is_tall(self) -> bool:
        """Whether there is room for the history."""
        return self.height >= _TALL

    @property
    def side(self) -> int:
        """The width of the column beside the disc."""
        return _SIDE_FULL if self.is_full else min(_SIDE, max(_SIDE_MIN, self.width - MIN_DISC_WIDTH))

    @property
    def has_room_for_disc(self) -> bool:
        """Whether the disc fits beside that column."""
        return self.width - self.side >= MIN_DISC_WIDTH
