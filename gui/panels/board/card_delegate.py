"""Paint one card of the board, and compute its height and the positions of its buttons."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from engine.streams.entries import Plan
from engine.streams.tool_uses import plan_words
from engine.system.formatting import age
from gui.data import captions
from gui.data.card import NARROW, BoardColumn, Card
from gui.data.cards_model import CARD_ROLE
from gui.data.cost_captions import cost_caption
from gui.data.shown_review import review_inside
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, uncapitalized
from gui.widgets.attempt_pips import draw_pips, pips_width
from gui.widgets.label_chips import chips_height, draw_chips, width_beside
from gui.widgets.painted_button import (
    PaintedButton,
    PaintsButtons,
    button_lines,
    draw_button,
    lines_height,
    with_reasons,
)
from gui.widgets.state_bar import draw_strip
from gui.widgets.tool_tile import TILE_HEIGHT, TILE_WIDTH, draw_tool_tile
from state.costs import Cost

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, str]
PADDING_X, PADDING_Y, GAP = 10, 8, 5
_GLYPH = 14
_STRIP = 4
_EDGE = 3
_RADIUS = 6.0
_MAX_PIXMAPS = 400
_LONG_AGE = "59 m"
"""As long as most ages: what fits must not change from second to second."""
_ROOM_WITH_AGE = 170


class CardDelegate(PaintsButtons):
    """Paints cards as the visual language specifies.

    `now` is the time ages refer to, `columns` are those of the board. `primary` is the key of the one card whose
    first button is filled, `hot` the button under the pointer. `last_line` returns the newest output line of a
    running card, `plan` how far its agent is with its own plan.
    """

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.columns: Sequence[BoardColumn] = NARROW
        self.primary: Key | None = None
        self.hot: tuple[Key, str] | None = None
        self.last_line: Callable[[Card], str] = _no_output
        self.plan: Callable[[Card], Plan | None] = _no_plan
        self._pixmaps: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    def height(self, card: Card, width: int) -> int:
        """The height of a card of this width."""
        type_, inner = self._type, width - 2 * PADDING_X
        if self._is_compact(card):
            return 2 * PADDING_Y + type_.height("strong") + 2 + type_.height("small")
        total = 2 * PADDING_Y + type_.height("strong") + GAP + _STRIP + GAP + self._caption()
        if self._shows_output(card):
            total += GAP + type_.height("mono")
        elif card.sentence:
            total += GAP + len(type_.wrapped(card.sentence, "small", inner)) * type_.height("small")
        if card.session:
            total += GAP + len(type_.wrapped(card.session, "caption", inner)) * type_.height("caption")
        if card.labels or card.note:
            total += GAP + chips_height(type_)
        if self._has_footer(card):
            total += GAP + self._caption()
        lines = button_lines(card.buttons, inner, type_=type_)
        return total + (GAP + 1 + lines_height(len(lines)) if lines else 0)

    def buttons(self, card: Card, rect: QRect) -> list[PaintedButton]:
        """The buttons of a card painted in this rectangle."""
        if not card.buttons or self._is_compact(card):
            return []
        lines = button_lines(card.buttons, rect.width() - 2 * PADDING_X, type_=self._type)
        top = rect.bottom() + 1 - PADDING_Y - lines_height(len(lines))
        placed = (
            replace(button, rect=button.rect.translated(rect.left() + PADDING_X, top))
            for line in lines
            for button in line
        )
        return with_reasons(placed, self.why_not)

    def button_at(self, card: Card, rect: QRect, at: QPoint) -> str | None:
        """The command of the button at a point."""
        found = (button.button.command for button in self.buttons(card, rect) if button.rect.contains(at))
        return next(found, None)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The height of the card at its given width."""
        return QSize(option.rect.width(), self.height(index.data(CARD_ROLE), option.rect.width()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card of an index in the rectangle of the option."""
        card: Card = index.data(CARD_ROLE)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        on_selection = selected and not focused
        self._paint_ground(painter, option.rect, card, selected=on_selection, hovered=hovered)
        room = option.rect.adjusted(PADDING_X, PADDING_Y, -PADDING_X, -PADDING_Y)
        top = self._paint_header(painter, room, card)
        pale = self._theme.color("t2" if on_selection else "t3")
        if self._is_compact(card):
            line = QRect(room.left(), top + 2, room.width(), self._type.height("small"))
            self._paint_outcome(painter, line, card)
        else:
            self._paint_body(painter, room, card, top=top + GAP, pale=pale)
        if focused:
            rounded(painter, option.rect, radius=_RADIUS, edge=self._theme.color("focus"), width=2)

    def _paint_ground(
        self, painter: QPainter, rect: QRect, card: Card, *, selected: bool, hovered: bool
    ) -> None:
        token = "sel" if selected else "hover" if hovered else "bg2"
        size, needs_you = rect.size(), card.needs_you

        def paint(on: QPainter) -> None:
            self._draw_ground(on, QRect(QPoint(0, 0), size), token, needs_you=needs_you)

        name = ("ground", token, needs_you, size.width(), size.height())
        painter.drawPixmap(rect.topLeft(), self._painted(name, size, dpr_of(painter), paint))

    def _draw_ground(self, painter: QPainter, rect: QRect, token: str, *, needs_you: bool) -> None:
        theme = self._theme
        rounded(painter, rect, radius=_RADIUS, ground=theme.color(token), edge=theme.color("line"))
        if needs_you:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = QPainterPath()
            outline.addRoundedRect(rect, _RADIUS, _RADIUS)
            painter.setClipRect(QRect(0, 0, _EDGE, rect.height()))
            painter.fillPath(outline, theme.state("needsyou").fill)

    def _paint_header(self, painter: QPainter, room: QRect, card: Card) -> int:
        """Paint the line with glyph, name and age; return the top of the next line."""
        theme, type_ = self._theme, self._type
        line = QRect(room.left(), room.top(), room.width(), type_.height("strong"))
        mark = theme.glyph(card.state, _GLYPH, dpr_of(painter))
        glyph(painter, QRect(line.left(), line.top(), _GLYPH + 2, line.height()), mark)
        name = line.adjusted(_GLYPH + 2 + 6, 0, 0, 0)
        beside = type_.width(_LONG_AGE, "caption") + 8
        if has_age(name.width(), type_.width(card.name, "strong") + beside):
            since = age(card.since, self.now)
            type_.draw(painter, line, text=since, role="caption", color=theme.color("t2"), align=RIGHT)
            name.setRight(name.right() - type_.width(since, "caption") - 8)
        type_.draw(painter, name, text=card.name, role="strong", color=theme.color("t1"))
        return line.bottom() + 1

    def _paint_body(self, painter: QPainter, room: QRect, card: Card, *, top: int, pale: QColor) -> None:
        theme, type_ = self._theme, self._type
        painter.drawPixmap(room.left(), top, self._strip(card.steps, room.width(), dpr_of(painter)))
        top += _STRIP + GAP
        self._paint_position(painter, QRect(room.left(), top, room.width(), self._caption()), card, pale)
        top += self._caption() + GAP
        if self._shows_output(card):
            line = QRect(room.left(), top, room.width(), type_.height("mono"))
            self._paint_output(painter, line, card)
            top += line.height() + GAP
        elif card.sentence:
            lines = type_.wrapped(card.sentence, "small", room.width())
            area = QRect(room.left(), top, room.width(), len(lines) * type_.height("small"))
            type_.draw_lines(painter, area, lines=lines, role="small", color=theme.color("t2"))
            top += area.height() + GAP
        if card.session:
            lines = type_.wrapped(card.session, "caption", room.width())
            area = QRect(room.left(), top, room.width(), len(lines) * type_.height("caption"))
            type_.draw_lines(painter, area, lines=lines, role="caption", color=pale)
            top += area.height() + GAP
        if card.labels or card.note:
            line = QRect(room.left(), top, room.width(), chips_height(type_))
            self._paint_chips(painter, line, card)
            top += line.height() + GAP
        if self._has_footer(card):
            self._paint_footer(painter, QRect(room.left(), top, room.width(), self._caption()), card, pale)
        self._paint_buttons(painter, room, card)

    def _paint_outcome(self, painter: QPainter, line: QRect, card: Card) -> None:
        """Paint how it ended, and at the end of the line its labels as far as there is room beside it."""
        type_, needed = self._type, self._type.width(card.sentence, "small")
        width = width_beside(needed, card.labels, line.width(), type_, has_note=bool(card.note))
        if width:
            self._paint_chips(painter, line.adjusted(line.width() - width, 0, 0, 0), card)
            line = line.adjusted(0, 0, -(width + 8), 0)
        type_.draw(painter, line, text=card.sentence, role="small", color=self._theme.color("t2"))

    def _paint_chips(self, painter: QPainter, line: QRect, card: Card) -> None:
        draw_chips(painter, line, card.labels, theme=self._theme, type_=self._type, has_note=bool(card.note))

    def _paint_output(self, painter: QPainter, line: QRect, card: Card) -> None:
        """Paint the newest line of output, and at its end the steps of the agent's plan."""
        theme, type_ = self._theme, self._type
        output, text = beside_plan(self.last_line(card), self.plan(card))
        if text:
            width = type_.width(text, "caption")
            type_.draw(painter, line, text=text, role="caption", color=theme.color("t2"), align=RIGHT)
            line = line.adjusted(0, 0, -(width + 8), 0)
        role, color = ("mono", "t1") if output else ("small", "t3")
        type_.draw(painter, line, text=output or tr("No output yet."), role=role, color=theme.color(color))

    def _paint_position(self, painter: QPainter, line: QRect, card: Card, pale: QColor) -> None:
        theme, type_ = self._theme, self._type
        right = line.right() + 1
        if card.tool:
            tile = self._tile(card.tool, dpr_of(painter))
            painter.drawPixmap(right - TILE_WIDTH, line.center().y() + 1 - TILE_HEIGHT // 2, tile)
            right -= TILE_WIDTH + 6
        text, width = self._fitted_position(card, right - line.left())
        if width:
            box = QRect(right - width, line.top(), width, line.height())
            known = not card.was_sent_back
            draw_pips(
                painter, box, card.attempts, state=card.state, theme=theme, type_=type_, is_past_known=known
            )
            right -= width + 6
        room = QRect(line.left(), line.top(), right - line.left(), line.height())
        type_.draw(painter, room, text=text, role="caption", color=pale)

    def _fitted_position(self, card: Card, width: int) -> tuple[str, int]:
        """Where the card stands, and the width of its pips.

        In a narrow card the port gives way first, then the repository, what sets the card apart from others of its
        name, the number of the step, and the pips; only then the name of the step is elided.
        """
        repo = "" if card.repo == card.apart else card.repo
        forms = (card.progress, *card.shorter_progress)
        step = forms[-2:][0]
        pips = pips_width(card.attempts, self._type)
        texts = [_placed(form, card.apart, repo) for form in (*forms[:-2], step)]
        texts += [_placed(step, card.apart), step, forms[-1]]
        for beside in (pips, 0):
            for text in texts:
                if self._type.width(text, "caption") <= width - (beside + 6 if beside else 0):
                    return text, beside
        return texts[-1], 0

    def _paint_footer(self, painter: QPainter, line: QRect, card: Card, pale: QColor) -> None:
        theme, type_ = self._theme, self._type
        right = line.right() + 1
        figures, gap = self.footer_figures(card, line.width())
        for text, token in figures:
            width = min(type_.width(text, "caption"), line.width())
            box = QRect(right - width, line.top(), width + 1, line.height())
            type_.draw(painter, box, text=text, role="caption", color=theme.color(token))
            right -= width + gap
        files = tr_count("{n} file", "{n} files", card.files)
        # A narrow card drops the number of files, which the details have, too; it is never cut.
        if card.files and type_.width(files, "caption") <= right - line.left():
            box = QRect(line.left(), line.top(), right - line.left(), line.height())
            type_.draw(painter, box, text=files, role="caption", color=pale)

    def footer_figures(self, card: Card, width: int) -> tuple[list[tuple[str, str]], int]:
        """The cost and the changed lines from the right, with their colours, and the gap between them.

        In a narrow card they move together, then the lines give way: no figure is ever cut, or leaves the card.
        """
        cost = (cost_caption(Cost.of(card.cost, card.cost_source)), "t2")
        lines = ((captions.removed(card.removed), "delt"), (captions.added(card.added), "addt"))
        whole, alone = ([part for part in parts if part[0]] for parts in ((cost, *lines), (cost,)))
        for figures, gap in ((whole, 8), (whole, 4), (whole, 2), (alone, 8)):
            taken = sum(self._type.width(text, "caption") + gap for text, _ in figures) - gap
            if taken <= width:
                return figures, gap
        return alone, 8

    def _paint_buttons(self, painter: QPainter, room: QRect, card: Card) -> None:
        rect = room.adjusted(-PADDING_X, -PADDING_Y, PADDING_X, PADDING_Y)
        for number, button in enumerate(self.buttons(card, rect)):
            first = "primary" if card.key == self.primary else "secondary"
            draw_button(
                painter,
                button,
                kind="quiet" if number else first,
                hot=self.hot == (card.key, button.button.command),
                theme=self._theme,
                type_=self._type,
            )

    def _strip(self, steps: tuple[str, ...], width: int, dpr: float) -> QPixmap:
        """The step strip, cached: it has many rounded corners, and most cards share the same strip."""

        def paint(painter: QPainter) -> None:
            draw_strip(painter, QRect(0, 0, width, _STRIP), steps, theme=self._theme)

        return self._painted(("strip", steps, width), QSize(width, _STRIP), dpr, paint)

    def _tile(self, tool: str, dpr: float) -> QPixmap:
        def paint(painter: QPainter) -> None:
            draw_tool_tile(painter, self._theme, 0, TILE_HEIGHT / 2, tool)

        return self._painted(("tile", tool), QSize(TILE_WIDTH, TILE_HEIGHT), dpr, paint)

    def _painted(
        self, name: tuple[object, ...], size: QSize, dpr: float, paint: Callable[[QPainter], None]
    ) -> QPixmap:
        key = (*name, dpr, self._theme.name)
        found = self._pixmaps.get(key)
        if found is None:
            found = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
            found.setDevicePixelRatio(dpr)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            paint(painter)
            painter.end()
            self._pixmaps[key] = found
            if len(self._pixmaps) > _MAX_PIXMAPS:
                self._pixmaps.popitem(last=False)
        return found

    def _caption(self) -> int:
        return max(self._type.height("caption"), TILE_HEIGHT)

    def _is_compact(self, card: Card) -> bool:
        """Whether two lines are enough: the card is done and needs no decision."""
        return card.column_in(self.columns) is BoardColumn.DONE

    @staticmethod
    def _shows_output(card: Card) -> bool:
        return card.column is BoardColumn.RUNNING and not card.sentence

    @staticmethod
    def _has_footer(card: Card) -> bool:
        changed = card.added is not None or card.removed is not None
        match card.column:
            case BoardColumn.WAITING:
                return changed
            case BoardColumn.RUNNING | BoardColumn.REVIEW:
                return changed or card.files > 0 or card.cost_source is not None
            case _:
                return changed or card.files > 0


def _placed(progress: str, *before: str) -> str:
    """How far a card is, behind what says where; empty parts are left out."""
    named = [part for part in before if part]
    return ", ".join([*named, uncapitalized(review_inside(progress))]) if named else progress


def _no_output(_card: Card) -> str:
    return ""


def _no_plan(_card: Card) -> Plan | None:
    return None


def beside_plan(output: str, plan: Plan | None) -> tuple[str, str]:
    """The newest line, and the plan at its end: neither repeats the other."""
    if plan is None:
        return output, ""
    recorded, text = plan_words(plan), tr("plan {done}/{total}", done=plan.done, total=plan.total)
    if output == recorded:
        return text, ""
    return output.removeprefix(f"{recorded}: "), text


def has_age(room: int, needed: int) -> bool:
    """Whether a card has room for its age, too: in a narrow column it goes before the name is cut."""
    return room >= _ROOM_WITH_AGE or needed <= room
