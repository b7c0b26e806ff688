"""One row of a board, 28 characters wide whatever it has to show."""

WIDTH = 28


def row(time, line, place):
    """A row such as ``07:05  4  Harbour``."""
    return f"{time}  {line:>2}  {place}"
