"""One row of a board, 28 characters wide whatever it has to show."""

WIDTH = 28


def row(time, line, place):
    """A row such as ``07:05  4  Harbour``."""
    text = f"{time}  {line:>2}  {place}"
    return text.ljust(WIDTH) if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
