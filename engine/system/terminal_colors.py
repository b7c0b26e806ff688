"""Lines of a terminal as plain text with the colours they were printed in, as names. Pure; knows no theme.

The text of a line is that of `plain_lines`, character for character. Where colours and the clean text cannot be
matched, as where a line was struck over, the line has no colours.
"""

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.system.plain_text import plain_line

_SELECT = re.compile(r"(?:\x1b\[|\x9b)(?P<codes>[0-9;:]*)m")
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_HUES = ("red", "yellow", "green", "cyan", "blue", "magenta")
_GREY = 0.25
_CUBE_FROM, _GREYS_FROM = 16, 232
_EXTENDED, _OF_PALETTE, _OF_RGB = 38, 5, 2


@dataclass(frozen=True)
class ColorSpan:
    """The characters `start` to `end` of a line in a colour, one of the eight of a terminal, or "" for the usual."""

    start: int
    end: int
    color: str
    bold: bool = False


@dataclass(frozen=True)
class ColoredLine:
    """A line of plain text and where it is coloured."""

    text: str
    spans: tuple[ColorSpan, ...] = ()


@dataclass(frozen=True)
class _Style:
    color: str = ""
    bold: bool = False


def colored_lines(text: str) -> Iterator[ColoredLine]:
    """The lines of a text; a colour lasts until another begins, over the ends of lines, too."""
    lines = text.split("\n")
    style = _Style()
    for line in lines if lines[-1] else lines[:-1]:
        if "\x1b" not in line and "\x9b" not in line and style == _Style():
            yield ColoredLine(plain_line(line))
        else:
            colored, style = _colored(line, style)
            yield colored


def _colored(line: str, style: _Style) -> tuple[ColoredLine, _Style]:
    shown, spans, place = "", list[ColorSpan](), 0
    for found in [*_SELECT.finditer(line), None]:
        piece = line[place : len(line) if found is None else found.start()]
        before = len(shown)
        shown += _expanded(piece, before)
        if style != _Style() and len(shown) > before:
            spans.append(ColorSpan(before, len(shown), style.color, style.bold))
        if found is not None:
            place, style = found.end(), _selected(found["codes"], style)
    text = plain_line(line)
    within = [replace(span, end=min(span.end, len(text))) for span in spans if span.start < len(text)]
    return ColoredLine(text, tuple(within) if shown.rstrip() == text else ()), style


def _expanded(piece: str, column: int) -> str:
    """The clean text of a piece that begins at a column, its trailing blanks kept."""
    mark = "."
    return plain_line(f"{' ' * column}{piece}{mark}")[column : -len(mark)]


def _selected(codes: str, style: _Style) -> _Style:
    numbers = [int(code) if code else 0 for code in re.split("[;:]", codes)]
    while numbers:
        match numbers.pop(0):
            case 0:
                style = _Style()
            case 1:
                style = replace(style, bold=True)
            case 22:
                style = replace(style, bold=False)
            case 39:
                style = replace(style, color="")
            case code if code in {_EXTENDED, _EXTENDED + 10}:
                color = _extended(numbers)
                style = replace(style, color=color) if code == _EXTENDED else style
            case code if 30 <= code <= 37 or 90 <= code <= 97:  # noqa: PLR2004 - the codes of the eight colours
                style = replace(style, color=_NAMES[code % 10])
            case _:
                pass  # grounds, underlining and the like
    return style


def _extended(numbers: list[int]) -> str:
    """Take the colour that follows ``38`` off the codes: ``5;n`` of the palette, or ``2;r;g;b``."""
    match numbers:
        case [kind, number, *_] if kind == _OF_PALETTE:
            del numbers[:2]
            return _of_palette(number)
        case [kind, red, green, blue, *_] if kind == _OF_RGB:
            del numbers[:4]
            return _nearest(red, green, blue)
        case _:
            numbers.clear()
            return ""


def _of_palette(number: int) -> str:
    if number < _CUBE_FROM:
        return _NAMES[number % 8]
    if number >= _GREYS_FROM:
        return ""
    cube = number - _CUBE_FROM
    return _nearest(*(51 * (cube // size % 6) for size in (36, 6, 1)))


def _nearest(red: int, green: int, blue: int) -> str:
    """The colour of the eight with the nearest hue; greys are the usual colour, which can be read on any ground."""
    hue, _, saturation = colorsys.rgb_to_hls(*(min(one, 255) / 255 for one in (red, green, blue)))
    return "" if saturation < _GREY else _HUES[round(hue * 6) % 6]
