"""Colours, fonts, icons and glyphs for every widget, light and dark; knows nothing of jobs or panels.

The composition root creates one `Theme` and passes it to every widget; pixmaps are cached until it changes.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from string import Template

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFocusFrame, QWidget
from shiboken6 import isValid

from gui.theme.style import SignalboxStyle
from gui.translation import tr
from resources.tokens import DARK, LIGHT, STATES

BASE_PX = 13.0
_LARGEST_BASE_PX = 20.0
_LINE_PX = 18.0
"""A line of text in the usual size, with its leading."""
TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
"""The text sizes to choose from, in percent of the usual one."""
_UI_FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "SF Pro", "Noto Sans", "DejaVu Sans")
_MONO_FAMILIES = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "DejaVu Sans Mono")
_MARK = "#14181F"  # the colour in the drawings of the tick or ! cut out of a solid glyph
_MARK_ON_YELLOW = "#181E27"
_ROLES: dict[str, tuple[float, QFont.Weight]] = {
    "title": (15, QFont.Weight.DemiBold),
    "base": (13, QFont.Weight.Normal),
    "name": (13, QFont.Weight.Medium),
    "strong": (13, QFont.Weight.DemiBold),
    "small": (12, QFont.Weight.Normal),
    "smallstrong": (12, QFont.Weight.DemiBold),
    "caption": (11, QFont.Weight.Normal),
    "mono": (11.5, QFont.Weight.Normal),
    "monobold": (11.5, QFont.Weight.Bold),
    "numeral": (22, QFont.Weight.DemiBold),
}


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is displayed: its English word, the colour of glyph and word, of bars, and of opaque backgrounds."""

    caption: str
    fg: QColor
    fill: QColor
    tint: QColor

    @property
    def word(self) -> str:
        """Its word, in the language of the window."""
        return tr(self.caption)


@cache
def _drawing(name: str) -> str:
    return (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _logo() -> str:
    return (resources.files("resources") / "logo.svg").read_text(encoding="utf-8")


@cache
def _style_sheet() -> Template:
    return Template((resources.files("resources") / "signalbox.qss").read_text(encoding="utf-8"))


class Theme(QObject):
    """The look of the whole window.

    Signals:
        changed: palette, style sheet and caches have been rebuilt for another colour scheme or text size.
    """

    changed = Signal()

    def __init__(self, name: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reduce_motion = False
        self._preference = name
        self._text_size = 100
        self._name = ""
        self._tokens = DARK
        self._colors: dict[str, QColor] = {}
        self._states: dict[str, StateLook] = {}
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}
        self._hatches: dict[tuple[int, float], QBrush] = {}
        self._fonts: dict[str, QFont] = {}
        self._base = 0.0
        self._app: QApplication | None = None
        self._focus_frame: QFocusFrame | None = None
        self._resolve()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def name(self) -> str:
        """The theme shown now: ``"dark"`` or ``"light"``."""
        return self._name

    @property
    def preference(self) -> str:
        """The selected setting: ``"system"``, ``"dark"`` or ``"light"``."""
        return self._preference

    def set_preference(self, name: str) -> None:
        """Switch to ``"dark"``, ``"light"``, or the preference of the ``"system"``."""
        if name not in {"system", "dark", "light"}:
            raise ValueError(f"Theme {name!r} does not exist; choose system, dark or light.")
        self._preference = name
        self._resolve()

    @property
    def text_size(self) -> int:
        """The size of all text, in percent of the usual one."""
        return self._text_size

    def set_text_size(self, percent: int) -> None:
        """Show all text in the nearest of `TEXT_SIZES`."""
        nearest = min(TEXT_SIZES, key=lambda size: abs(size - percent))
        if nearest == self._text_size:
            return
        self._text_size = nearest
        self._fonts.clear()
        self._base = 0.0
        if self._app is not None:
            self._app.setStyleSheet("")  # or what it has styled keeps its size
            self._app.setFont(self.font("base"))
            self._paint_app(self._app)
        self.changed.emit()
        for widget in [] if self._app is None else self._app.allWidgets():
            if isinstance(widget, QAbstractItemView):
                widget.scheduleDelayedItemsLayout()  # rows are as high as the text was

    def step_text_size(self, step: int) -> None:
        """Show all text one size larger (1) or smaller (-1), as far as there is one."""
        at = TEXT_SIZES.index(self._text_size) + step
        self.set_text_size(TEXT_SIZES[min(max(at, 0), len(TEXT_SIZES) - 1)])

    def grown(self, px: int, lines: int = 1) -> int:
        """The height of what is `px` high at the usual text size and has so many lines of text; never less."""
        return px + lines * max(0, round((self._base_px() - BASE_PX) * _LINE_PX / BASE_PX))

    def widened(self, px: int) -> int:
        """The width of what is `px` wide at the usual text size; never less."""
        return round(px * self.text_scale)

    @property
    def text_scale(self) -> float:
        """How much larger text is than at the usual size; never less than 1."""
        return max(1.0, self._base_px() / BASE_PX)

    def color(self, token: str) -> QColor:
        """The colour of a token or of a state: ``failed`` (its foreground), ``failed.fill``, ``failed.tint``."""
        found = self._colors.get(token)
        if found is None:
            raise KeyError(f"Colour {token!r} does not exist; resources/tokens.py lists the names.")
        return QColor(found)

    def state(self, name: str) -> StateLook:
        """The look of a state; unknown states look like queued."""
        return self._states.get(name) or self._states["queued"]

    def font(self, role: str) -> QFont:
        """The font of a role, which `_ROLES` lists, with tabular digits."""
        if role not in self._fonts:
            self._fonts[role] = self._made_font(role)
        return QFont(self._fonts[role])

    def icon(self, name: str, color: str = "t2", size: int = 16, dpr: float = 1.0) -> QPixmap:
        """An icon of resources/icons in the colour of a token."""
        ink = self.color(color)
        key = ("icon", name, ink.rgba(), size, dpr)
        if key not in self._pixmaps:
            self._pixmaps[key] = _rendered(_drawing(name).replace("currentColor", ink.name()), size, dpr)
        return self._pixmaps[key]

    def glyph(self, state: str, size: int = 14, dpr: float = 1.0, color: QColor | None = None) -> QPixmap:
        """The glyph of a state, in its own colour unless another is given."""
        ink = color or self._glyph_ink(state)
        key = ("glyph", state, ink.rgba(), size, dpr)
        if key not in self._pixmaps:
            self._pixmaps[key] = _rendered(self._glyph_drawing(state, ink), size, dpr)
        return self._pixmaps[key]

    def logo(self, size: int = 22, dpr: float = 1.0) -> QPixmap:
        """The Signalbox logo on the background of a panel."""
        key = ("logo", size, dpr)
        if key not in self._pixmaps:
            svg = (
                _logo()
                .replace("currentColor", self.color("t1").name())
                .replace(_MARK, self.color("bg1").name())
            )
            self._pixmaps[key] = _rendered(svg, size, dpr)
        return self._pixmaps[key]

    def qicon(self, name: str, color: str = "t2") -> QIcon:
        """The icon as a QIcon, with a paler version for disabled controls."""
        icon = QIcon()
        for dpr in (1.0, 2.0):
            icon.addPixmap(self.icon(name, color, 16, dpr), QIcon.Mode.Normal)
            icon.addPixmap(self.icon(name, "line2", 16, dpr), QIcon.Mode.Disabled)
        return icon

    def hatch(self, color: QColor, dpr: float) -> QBrush:
        """A brush of 45-degree stripes, 3 px on and 1 px off, for failed and quarantined."""
        key = (color.rgba(), dpr)
        if key not in self._hatches:
            self._hatches[key] = _hatched(color, dpr)
        return self._hatches[key]

    def apply(self, app: QApplication) -> None:
        """Apply style, palette, style sheet and the focus ring outside buttons to the application."""
        if self._app is None:
            app.focusChanged.connect(self._on_focus_changed)
        self._app = app
        app.setStyle(SignalboxStyle(self._colors))
        app.setFont(self.font("base"))
        self._paint_app(app)

    def _resolve(self) -> None:
        shown = self._preference if self._preference != "system" else _system_scheme()
        if shown == self._name:
            return
        self._name = shown
        self._tokens = DARK if shown == "dark" else LIGHT
        self._colors.clear()
        self._colors.update({token: QColor(value) for token, value in self._tokens.items()})
        for name, state in STATES.items():
            look = (
                StateLook(state.word, QColor(state.dark_fg), QColor(state.dark_fg), QColor(state.dark_tint))
                if shown == "dark"
                else StateLook(
                    state.word, QColor(state.light_fg), QColor(state.light_fill), QColor(state.light_tint)
                )
            )
            self._states[name] = look
            self._colors |= {name: look.fg, f"{name}.fill": look.fill, f"{name}.tint": look.tint}
        self._pixmaps.clear()
        self._hatches.clear()
        if self._app is not None:
            self._paint_app(self._app)
        self.changed.emit()

    def _paint_app(self, app: QApplication) -> None:
        app.setPalette(self._palette())
        sheet = self._qss()
        if app.styleSheet() == sheet:  # set again it would style every widget anew
            return
        if app.styleSheet():
            # Qt styles each widget once for every widget around it where one sheet replaces another: seven times.
            app.setStyleSheet("")
        app.setStyleSheet(sheet)

    def _palette(self) -> QPalette:
        role, palette = QPalette.ColorRole, QPalette()
        tokens = {
            role.Window: "bg1",
            role.WindowText: "t1",
            role.Base: "field",
            role.AlternateBase: "hover",
            role.Text: "t1",
            role.Button: "bg2",
            role.ButtonText: "t1",
            role.BrightText: "t1",
            role.Highlight: "sel",
            role.HighlightedText: "t1",
            role.PlaceholderText: "t3",
            role.ToolTipBase: "bg3",
            role.ToolTipText: "t1",
            role.Link: "accent",
            role.LinkVisited: "accent",
            role.Accent: "accentfill",
            role.Light: "line2",
            role.Midlight: "line2",
            role.Mid: "line2",
            role.Dark: "line",
            role.Shadow: "bg0",
        }
        for one, token in tokens.items():
            palette.setColor(one, self.color(token))
        for one in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, self.color("t3"))
        return palette

    def _qss(self) -> str:
        sizes = {f"px_{role}": str(round(self._px(role))) for role in _ROLES}
        colors = {name.replace(".", "_"): color.name() for name, color in self._colors.items()}
        return _style_sheet().substitute(colors | sizes)

    def _px(self, role: str) -> float:
        return _ROLES[role][0] * self._base_px() / BASE_PX

    def _base_px(self) -> float:
        """The system font size if it is larger than ours, 13 px at 96 dpi, in the chosen size.

        Kept as the fonts are: layouts ask for it hundreds of times in one turn.
        """
        if not self._base:
            self._base = min(max(BASE_PX, _system_px()), _LARGEST_BASE_PX) * self._text_size / 100
        return self._base

    def _made_font(self, role: str) -> QFont:
        if role not in _ROLES:
            raise KeyError(f"Font role {role!r} does not exist; the roles are {', '.join(_ROLES)}.")
        weight = _ROLES[role][1]
        mono = role.startswith("mono")
        which = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
        font = QFont(QFontDatabase.systemFont(which))
        preferred = next(
            (one for one in (_MONO_FAMILIES if mono else _UI_FAMILIES) if one in _families()), None
        )
        if preferred is not None:
            font.setFamilies([preferred, *font.families()])
        font.setPointSizeF(self._px(role) * 72 / _logical_dpi())
        font.setWeight(weight)
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
        return font

    def _glyph_ink(self, state: str) -> QColor:
        look = self.state(state)
        return look.fill if state == "needsyou" else look.fg

    def _glyph_drawing(self, state: str, ink: QColor) -> str:
        svg = _drawing(f"state-{state if state in STATES else 'queued'}")
        svg = svg.replace(_MARK, _MARK_ON_YELLOW if state == "needsyou" else self.color("bg1").name())
        if state == "needsyou" and self._name == "light":
            # The contrast of yellow on white is only 1.7:1, so the shape gets an edge.
            look = self.state(state)
            edge = f'stroke="{(look.fg if ink == look.fill else ink).name()}" stroke-width="1.3"'
            svg = svg.replace(
                'd="M8 1l7 7-7 7-7-7z"', f'd="M8 1.400l6.600 6.600-6.600 6.600-6.600-6.600z" {edge}'
            )
        return svg.replace("currentColor", ink.name())

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._resolve()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Draw a ring around a button focused by keyboard: the button itself cannot paint outside its edge."""
        if self._focus_frame is not None and isValid(self._focus_frame):
            self._focus_frame.deleteLater()
        self._focus_frame = None
        if now is None or not now.property("focusRing") or not now.window().testAttribute(_BY_KEYBOARD):
            return
        self._focus_frame = (
            QFocusFrame()
        )  # Qt makes it a child of the window, which may delete it before we do
        self._focus_frame.setWidget(now)


_BY_KEYBOARD = Qt.WidgetAttribute.WA_KeyboardFocusChange


def _system_scheme() -> str:
    """The colour scheme of the desktop; dark if it is unknown."""
    return "light" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"


def _system_px() -> float:
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    return system.pixelSize() if system.pixelSize() > 0 else system.pointSizeF() * _logical_dpi() / 72


def _logical_dpi() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInch() if screen is not None else 96.0


@cache
def _families() -> frozenset[str]:
    return frozenset(QFontDatabase.families())


def _rendered(svg: str, size: int, dpr: float) -> QPixmap:
    pixmap = QPixmap.fromImage(_drawn(svg, round(size * dpr)))
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


@lru_cache(maxsize=2_000)
def _drawn(svg: str, side: int) -> QImage:
    """The drawing as a square of pixels; kept for every theme, as an image, which may outlive the application."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _hatched(color: QColor, dpr: float) -> QBrush:
    period = max(2, round(4 * dpr))
    tile = QImage(period, period, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    for y in range(period):
        for x in range(period):
            if (x + y) % period < period * 0.75:
                tile.setPixelColor(x, y, color)
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / dpr, 1 / dpr))
    return brush
