"""The small grey tile with two letters that represents a tool; tools never have a colour."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.jobfile.tool_registry import tile_letters
from gui.theme.paint import saved
from gui.theme.theme import Theme

TILE_WIDTH, TILE_HEIGHT = 20, 16


def draw_tool_tile(painter: QPainter, theme: Theme, left: float, middle: float, tool: str) -> None:
    """Draw the tile with its left edge at `left`, vertically centred on `middle`."""
    tile = QRectF(round(left) + 0.5, round(middle - TILE_HEIGHT / 2) + 0.5, TILE_WIDTH - 1, TILE_HEIGHT - 1)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("ctl"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(tile, 3, 3)
        font = theme.font("mono")
        font.setPointSizeF(font.pointSizeF() * 0.82)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme.color("t2"))
        painter.drawText(tile, int(Qt.AlignmentFlag.AlignCenter), tile_letters(tool))
