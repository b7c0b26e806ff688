"""Colours, fonts, glyphs and their caches."""

import itertools
import math

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QPushButton,
    QStyle,
    QStyleOption,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.theme.paint import outline
from gui.theme.style import SignalboxStyle
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from resources.tokens import DARK, LIGHT, STATES


def luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def inked(pixmap: QPixmap) -> set[str]:
    """The opaque colours of a pixmap."""
    image = pixmap.toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_is_readable_on_every_background(name: str) -> None:
    theme = Theme(name)
    for text, ground in itertools.product(("t1", "t2", "accent"), ("bg0", "bg1", "bg2", "bg3")):
        assert contrast(theme.color(text), theme.color(ground)) >= 4.5, (text, ground)
    assert contrast(theme.color("t3"), theme.color("bg1")) >= 4.5
    assert contrast(theme.color("onaccent"), theme.color("accentfill")) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_state_is_readable_on_panel_selection_and_its_own_tint(name: str) -> None:
    theme = Theme(name)
    for state in STATES:
        look = theme.state(state)
        assert contrast(look.fg, theme.color("bg1")) >= 4.5, state
        assert contrast(look.fg, look.tint) >= 4.5, state
        assert contrast(look.fg, theme.color("sel")) >= 3.0, state


def test_both_themes_name_the_same_tokens() -> None:
    assert DARK.keys() == LIGHT.keys()


def test_an_unknown_token_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="bg9"):
        Theme("dark").color("bg9")


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="sepia"):
        Theme("dark").set_preference("sepia")


def test_an_icon_has_the_colour_of_its_token(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("dark")
    assert inked(theme.icon("stop", "failed", 16)) == {theme.color("failed").name()}


def test_every_state_has_a_shape_of_its_own_in_black_and_white_at_ten_pixels(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("dark")
    shapes: dict[bytes, str] = {}
    for state in STATES:
        image = (
            theme.glyph(state, 10, 1.0, QColor("white"))
            .toImage()
            .convertToFormat(QImage.Format.Format_Alpha8)
        )
        shape = bytes(image.constBits())
        assert any(shape), state
        assert shape not in shapes, (state, shapes.get(shape))
        shapes[shape] = state


def test_the_tick_is_cut_out_in_the_colour_of_the_background(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("light")
    assert theme.color("bg1").name() in inked(theme.glyph("completed", 40))
    assert "#14181f" not in inked(theme.glyph("completed", 40))


def test_yellow_gets_an_edge_on_a_light_background(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("light")
    assert theme.state("needsyou").fg.name() in inked(theme.glyph("needsyou", 40))
    assert theme.state("needsyou").fill.name() in inked(theme.glyph("needsyou", 40))


def test_pixmaps_are_sharp_at_a_higher_pixel_ratio_and_cached(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("dark")
    glyph = theme.glyph("running", 14, 2.0)
    assert (glyph.width(), glyph.devicePixelRatio()) == (28, 2.0)
    assert theme.glyph("running", 14, 2.0).cacheKey() == glyph.cacheKey()


def test_choosing_another_theme_rebuilds_before_it_signals(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme("dark")
    theme.apply(qapp)
    before = theme.icon("add").cacheKey()
    seen: list[tuple[str, str, str]] = []
    theme.changed.connect(
        lambda: seen.append((theme.name, theme.color("bg1").name(), qapp.palette().window().color().name()))
    )
    with qtbot.waitSignal(theme.changed):
        theme.set_preference("light")
    assert seen == [("light", LIGHT["bg1"].lower(), LIGHT["bg1"].lower())]
    assert theme.icon("add").cacheKey() != before
    assert LIGHT["ctl"].lower() in qapp.styleSheet().lower()


def test_choosing_the_same_theme_again_emits_no_signal(qtbot: QtBot) -> None:
    theme = Theme("dark")
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_preference("dark")


def test_all_digits_have_the_same_width(qapp: QApplication) -> None:
    assert qapp is not None
    metrics = QFontMetricsF(Theme("dark").font("base"))
    assert math.isclose(metrics.horizontalAdvance("1111"), metrics.horizontalAdvance("0000"))


def test_roles_differ_in_size_and_weight(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("dark")
    assert (
        theme.font("title").pointSizeF()
        > theme.font("base").pointSizeF()
        > theme.font("caption").pointSizeF()
    )
    assert theme.font("strong").weight() > theme.font("base").weight()


def test_a_hatch_is_three_on_and_one_off(qapp: QApplication) -> None:
    assert qapp is not None
    tile = Theme("dark").hatch(QColor("red"), 1.0).textureImage()
    for y in range(4):
        assert sum(tile.pixelColor(x, y).alpha() == 255 for x in range(4)) == 3


def test_the_focus_ring_lies_outside_a_button_focused_by_keyboard(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme("dark")
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.setContentsMargins(30, 30, 30, 30)
    buttons = [push_button("One"), push_button("Two")]
    for button in buttons:
        column.addWidget(button)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    buttons[0].setFocus()
    qtbot.waitUntil(buttons[0].hasFocus)
    qtbot.keyClick(buttons[0], Qt.Key.Key_Tab)
    qtbot.waitUntil(buttons[1].hasFocus)
    image = window.grab().toImage()
    edge = buttons[1].geometry()
    assert image.pixelColor(edge.center().x(), edge.top() - 2).name() == theme.color("focus").name()
    assert image.pixelColor(edge.center().x(), edge.top() + 4).name() != theme.color("focus").name()
    assert isinstance(buttons[1], QPushButton)


def test_a_label_shown_for_the_first_time_has_the_current_colours(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme("dark")
    theme.apply(qapp)
    window, dock = QMainWindow(), QDockWidget("Details")
    qtbot.addWidget(window)
    label = PlainLabel("Steps", theme=theme)
    dock.setWidget(label)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    dock.hide()
    window.show()
    for name in ("light", "dark", "light"):
        theme.set_preference(name)
    dock.setFloating(True)
    dock.show()
    assert label.palette().windowText().color().name() == theme.color("t1").name()


def test_the_focus_ring_of_a_tab_stands_around_its_text(qtbot: QtBot) -> None:
    tabs, image = QTabBar(), QImage(100, 50, QImage.Format.Format_ARGB32)
    qtbot.addWidget(tabs)
    image.fill(Qt.GlobalColor.transparent)
    text, option = QRect(20, 18, 60, 12), QStyleOption()
    option.rect = text
    painter = QPainter(image)
    style = SignalboxStyle({"focus": QColor("red")})
    style.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, tabs)
    painter.end()
    inked_at = {(x, y) for x in range(100) for y in range(50) if image.pixelColor(x, y).alpha()}
    assert inked_at
    assert not [spot for spot in inked_at if text.contains(*spot)]


def test_text_has_eight_sizes_and_what_holds_it_grows_with_it(qapp: QApplication) -> None:
    assert qapp is not None
    theme = Theme("dark")
    usual = theme.font("base").pointSizeF()
    assert (theme.grown(32), theme.widened(84)) == (32, 84)
    theme.set_text_size(150)
    assert theme.font("base").pointSizeF() == pytest.approx(1.5 * usual)
    assert QFontMetrics(theme.font("strong")).height() <= theme.grown(32)
    assert QFontMetrics(theme.font("small")).height() <= theme.grown(26)
    assert theme.grown(44, 2) - 44 == 2 * (theme.grown(44) - 44)
    assert theme.widened(84) == 126
    for _ in range(9):
        theme.step_text_size(1)
    assert theme.text_size == 200
    for _ in range(9):
        theme.step_text_size(-1)
    assert theme.text_size == 80
    assert theme.grown(32) == 32, "smaller text leaves what is pressed as large as it was"
    theme.set_text_size(118)
    assert theme.text_size == 125, "the nearest one, whatever a file says"


def test_a_name_is_shortened_in_the_middle_where_its_number_tells_it_from_others(theme: Theme) -> None:
    typesetter = Typesetter(theme)
    long = "migrate the customer records of the warehouse"
    assert typesetter.elided(f"{long} 17", "strong", 120).endswith("17")
    assert typesetter.elided(long, "strong", 120).endswith("…")


@pytest.mark.parametrize("scale", [1, 2])
def test_an_outline_is_one_pixel_inside_its_rectangle_at_every_scale(scale: int) -> None:
    image = QImage(6 * scale, 6 * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    outline(painter, QRect(1, 1, 4, 4), QColor(Qt.GlobalColor.black))
    painter.end()
    row = [image.pixelColor(x, 3 * scale).lightness() == 0 for x in range(6 * scale)]
    assert row == [is_dark for is_dark in (False, True, False, False, True, False) for _ in range(scale)]


class _Styled(QWidget):
    """Counts how often it is styled anew."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.times = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        self.times += event.type() is QEvent.Type.StyleChange


def test_another_size_of_text_reaches_buttons_and_another_theme_styles_no_widget_for_each_one_around_it(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme("dark")
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    around = window
    for _ in range(6):
        around = QWidget(around)
    inside, button = _Styled(around), push_button("Add")
    button.setParent(around)
    window.show()
    qtbot.waitExposed(window)
    usual = button.font().pointSizeF()
    inside.times = 0
    theme.set_preference("light")
    assert 1 <= inside.times <= 2
    theme.set_text_size(150)
    assert button.font().pointSizeF() == pytest.approx(1.5 * usual)
    theme.set_text_size(100)
    assert button.font().pointSizeF() == pytest.approx(usual)
