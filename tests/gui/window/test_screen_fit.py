"""The window opens as a whole on the screen there is, and comes back from one that is gone."""

import pytest
from PySide6.QtCore import QRect, QSize

from gui.window.screen_fit import first_geometry, on_screen, smallest_size

FULL_HD = QRect(0, 0, 1920, 1040)
BESIDE = QRect(1920, 0, 2560, 1400)


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (QRect(0, 28, 1366, 740), QSize(1358, 700)),
        (QRect(0, 0, 1280, 800), QSize(1272, 760)),  # 1920x1200 at scale 1.5
        (QRect(0, 0, 1024, 680), QSize(1024, 680)),
        (QRect(0, 0, 3840, 2160), QSize(1600, 1000)),
        (FULL_HD, QSize(1600, 1000)),
        (BESIDE, QSize(1600, 1000)),
    ],
)
def test_the_first_window_is_as_a_whole_on_its_screen(available: QRect, expected: QSize) -> None:
    found = first_geometry(available)
    assert found.size() == expected
    assert available.contains(found)
    room = min(40, available.height() - found.height())
    assert found.top() - available.top() >= room  # what a window manager puts above it


def test_a_remembered_place_on_a_screen_that_is_there_is_kept() -> None:
    for place in (QRect(100, 60, 1200, 800), QRect(2000, 40, 1600, 1000), QRect(-200, 60, 1200, 800)):
        assert on_screen(place, [FULL_HD, BESIDE]) == place


def test_a_window_whose_screen_is_gone_is_moved_to_the_first_one_and_fits_there() -> None:
    found = on_screen(QRect(2000, 40, 2400, 1300), [FULL_HD])
    assert FULL_HD.contains(found)
    assert found.size() == QSize(1912, 1000)


def test_a_window_larger_than_its_screen_or_without_a_grip_is_pushed_in() -> None:
    laptop = QRect(0, 0, 1366, 728)
    assert laptop.contains(on_screen(QRect(0, 30, 1600, 1000), [laptop]))
    assert laptop.contains(on_screen(QRect(100, -300, 1200, 600), [laptop]))
    assert laptop.contains(on_screen(QRect(1320, 60, 1200, 600), [laptop]))


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (QRect(0, 0, 1024, 576), QSize(1024, 576)),
        (QRect(0, 0, 1280, 600), QSize(1024, 600)),
        (FULL_HD, QSize(1024, 680)),
    ],
)
def test_the_smallest_height_of_the_window_yields_to_a_lower_screen(
    available: QRect, expected: QSize
) -> None:
    assert smallest_size(available) == expected
    assert available.contains(first_geometry(available))
    assert available.contains(on_screen(QRect(0, 0, 1600, 1000), [available]))
