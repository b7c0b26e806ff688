"""The colours of what tools print: as names, and beside a text that is the clean one, whatever is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.system.plain_text import plain_lines
from engine.system.terminal_colors import ColoredLine, ColorSpan, colored_lines

_COLORS = (
    "\x1b[31m",
    "\x1b[1;38;5;196m",
    "\x1b[38;2;9;200;9m",
    "\x1b[0m",
    "\x1b[m",
    "\x9b32m",
    "\x1b[38;5m",
    "\x1b[38m",
)
_OTHERS = ("\x1b[K", "\x1b]0;t\x07", "\x1b", "\t", "\r", "\b", "\n", "a", "b  ", " ", "\u202e", "\x00")
PIECES = st.sampled_from([*_COLORS, *_OTHERS])


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_the_text_of_coloured_lines_is_the_clean_one_and_colours_lie_within_it(text: str) -> None:
    lines = list(colored_lines(text))
    assert [line.text for line in lines] == plain_lines(text)
    for line in lines:
        assert all(0 <= span.start < span.end <= len(line.text) for span in line.spans)


@pytest.mark.parametrize(
    ("codes", "color", "bold"),
    [
        ("31", "red", False),
        ("1;32", "green", True),
        ("93", "yellow", False),
        ("38;5;4", "blue", False),
        ("38;5;196", "red", False),
        ("38;2;10;200;220", "cyan", False),
        ("1;38;5;250", "", True),
        ("35;4", "magenta", False),
    ],
)
def test_a_colour_is_one_of_the_eight_of_a_terminal(codes: str, color: str, *, bold: bool) -> None:
    line = f"say \x1b[{codes}mit\x1b[0m now"
    assert list(colored_lines(line)) == [ColoredLine("say it now", (ColorSpan(4, 6, color, bold),))]


def test_a_colour_lasts_over_the_end_of_a_line_and_tabs_keep_their_columns() -> None:
    lines = list(colored_lines("\x1b[31mone\ntwo\tx\x1b[39m\tthree\n"))
    assert lines[0] == ColoredLine("one", (ColorSpan(0, 3, "red"),))
    assert lines[1] == ColoredLine("two     x       three", (ColorSpan(0, 9, "red"),))
