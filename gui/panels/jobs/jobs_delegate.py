"""Paints the cells of the table of jobs."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from gui.data.cost_captions import with_certainty
from gui.data.job_display import STATE_WORDS
from gui.data.last_lines import Silence
from gui.guarded import Guarded
from gui.panels.jobs.job_field import FIELDS, PIPS_ONLY, SPECS, TILE_ONLY, JobField
from gui.panels.jobs.job_row import JobRow
from gui.panels.jobs.jobs_model import JobsModel
from gui.theme.paint import dpr_of
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.attempt_pips import draw_pips
from gui.widgets.label_chips import draw_chips, width_beside
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile
from state.costs import CostSource

_Index = QModelIndex | QPersistentModelIndex
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
"""As numbers: each comparison of Qt's flags makes an object, and a screen has hundreds of cells."""
_AROUND, _GLYPH, _GAP, _BOX, _WARNING = 8, 14, 7, 14, 12
_SAMPLE, _NEARLY_ALL = 40, 0.9
_NAME_ROLES: Mapping[JobField, str] = {
    JobField.JOB: "small+", JobField.WORKSTREAM: "small", JobField.RUN: "small", JobField.BRANCH: "small"
}  # fmt: skip

_INTERRUPTED = translatable("Interrupted")
_AMOUNT = "$10.00"
_TOOL = "gemini"
"""As long as most amounts and the names of tools are."""


def widths_of_words(type_: Typesetter) -> Mapping[JobField, int]:
    """The widths at which no state, no usual cost and no tool is cut, in the language and text size of the window."""
    states = (tr(word) for word, _ in (*STATE_WORDS.values(), (_INTERRUPTED, "")))
    costs = (with_certainty(_AMOUNT, source) for source in CostSource)
    beside = 2 * _AROUND + 2  # a word is elided from a fraction of a pixel on
    return {
        JobField.STATE: _GLYPH + _GAP + max(type_.width(word, "small") for word in states) + beside,
        JobField.COST: max(type_.width(cost, "small") for cost in costs) + beside,
        JobField.TOOL: TILE_WIDTH + 6 + type_.width(_TOOL, "small") + beside,
    }


def widths_of_names(model: JobsModel, type_: Typesetter) -> Mapping[JobField, int]:
    """The widths at which nearly all names are whole, by a sample of the rows: there may be thousands."""
    count = len(model.job_ids)
    rows = [model.job_row(place) for place in range(0, count, max(1, count // _SAMPLE))]
    beside = 2 * _AROUND + 2
    found: dict[JobField, int] = {}
    for field, role in _NAME_ROLES.items():
        widths = sorted(type_.width(model.text(row, field), role) for row in rows)
        if widths:
            found[field] = widths[round((len(widths) - 1) * _NEARLY_ALL)] + beside
    return found


class JobDelegate(Guarded, QStyledItemDelegate):
    """Paints one cell; the view paints the focus ring around the row."""

    def __init__(
        self, model: JobsModel, theme: Theme, type_: Typesetter, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme, self._type = model, theme, type_

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint background, content and the hairline below."""
        rect, theme, state = option.rect, self._theme, option.state.value
        selected, hovered = bool(state & _SELECTED), bool(state & _HOVERED)
        if selected or hovered:
            painter.fillRect(rect, theme.color("sel" if selected else "hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        column = index.column()
        if not column:
            self._paint_box(painter, rect, option, marked=selected)
        else:
            row = self._model.job_row(index.row())
            self._paint_field(painter, rect, row, FIELDS[column - 1], selected=selected)

    def _paint_box(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, *, marked: bool
    ) -> None:
        box = QStyleOptionButton()
        box.rect = QRect(0, 0, _BOX, _BOX)
        box.rect.moveCenter(rect.center())
        box.state = QStyle.StateFlag.State_Enabled
        box.state |= QStyle.StateFlag.State_On if marked else QStyle.StateFlag.State_Off
        option.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, option.widget
        )

    def _paint_field(
        self, painter: QPainter, rect: QRect, row: JobRow, field: JobField, *, selected: bool
    ) -> None:
        room = rect.adjusted(_AROUND, 0, -_AROUND, 0)
        text = self._model.text(row, field)
        match field:
            case JobField.STATE:
                self._paint_state(painter, room, row, selected=selected)
            case JobField.TOOL:
                draw_tool_tile(painter, self._theme, room.left(), rect.center().y() + 0.5, row.job.tool)
                if rect.width() > TILE_ONLY:
                    self._write(painter, room.adjusted(TILE_WIDTH + 6, 0, 0, 0), text, color="t2")
            case JobField.ATTEMPT:
                self._paint_attempts(painter, room, row, only_pips=rect.width() <= PIPS_ONLY)
            case JobField.SILENT:
                self._paint_silence(painter, room, self._model.silence(row.job))
            case JobField.LINE:
                is_output = row.is_running
                self._write(
                    painter,
                    room,
                    text,
                    role="mono" if is_output else "small",
                    color="t1" if is_output or selected else "t2",
                )
            case JobField.JOB:
                self._paint_job(painter, room, text, row)
            case JobField.LABELS:
                draw_chips(
                    painter, room, row.job.labels, theme=self._theme, type_=self._type,
                    color="t1" if selected else "t2",
                )  # fmt: skip
            case JobField.COST:
                shown = fitting_cost(row, room.width(), self._type)
                self._write(painter, room, shown, color="t1", align=RIGHT)
            case _:
                align = RIGHT if SPECS[field].is_right else LEFT
                self._write(painter, room, text, color="t1" if selected else "t2", align=align)

    def _paint_job(self, painter: QPainter, room: QRect, text: str, row: JobRow) -> None:
        """The name, and at its end the labels and the mark of a note that no column shows, where there is room."""
        labels = () if JobField.LABELS in self._model.columns else row.job.labels
        noted = bool(row.job.note) and JobField.NOTE not in self._model.columns
        needed = self._type.width(text, "small+")
        width = width_beside(needed, labels, room.width(), self._type, has_note=noted)
        if width:
            chips = room.adjusted(room.width() - width, 0, 0, 0)
            draw_chips(painter, chips, labels, theme=self._theme, type_=self._type, has_note=noted)
            room = room.adjusted(0, 0, -(width + _AROUND), 0)
        self._write(painter, room, text, role="small+")

    def _paint_state(self, painter: QPainter, room: QRect, row: JobRow, *, selected: bool) -> None:
        theme = self._theme
        mark = theme.glyph(row.state, _GLYPH, dpr_of(painter))
        painter.drawPixmap(room.left(), room.top() + (room.height() - _GLYPH) // 2, mark)
        color = theme.color("t1") if selected else theme.state(row.state).fg
        words = room.adjusted(_GLYPH + _GAP, 0, _AROUND, 0)
        self._type.draw(painter, words, text=row.word, role="small", color=color)

    def _paint_attempts(self, painter: QPainter, room: QRect, row: JobRow, *, only_pips: bool) -> None:
        attempt, most = row.attempts
        if most <= 1 and not attempt:
            return
        with_clip = room.adjusted(0, 0, _AROUND, 0) if only_pips else room
        painter.save()
        painter.setClipRect(with_clip)
        draw_pips(
            painter,
            room if not only_pips else room.adjusted(0, 0, 60, 0),
            row.attempts,
            state=row.state,
            theme=self._theme,
            type_=self._type,
        )
        painter.restore()

    def _paint_silence(self, painter: QPainter, room: QRect, silence: Silence | None) -> None:
        if silence is None:
            return
        theme = self._theme
        color = theme.state("timeout").fg if silence.is_long else theme.color("t1")
        width = self._type.draw(painter, room, text=silence.words, role="small", color=color, align=RIGHT)
        if silence.is_long:
            mark = theme.icon("warning", "timeout", _WARNING, dpr_of(painter))
            painter.drawPixmap(
                room.right() - width - _WARNING - 5, room.center().y() - _WARNING // 2 + 1, mark
            )

    def _write(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        *,
        role: str = "small",
        color: str = "t1",
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        self._type.draw(painter, room, text=text, role=role, color=self._theme.color(color), align=align)


def fitting_cost(row: JobRow, room: int, type_: Typesetter) -> str:
    """What a job has cost, in a column of this width: words give way to the figure, which is never cut."""
    return row.cost if type_.width(row.cost, "small") <= room else row.amount
