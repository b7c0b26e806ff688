"""The figures that fault tests come to; the end of a test run prints them together."""

COUNTED: list[str] = []


def counted(line: str) -> None:
    """Keep a figure for the end of the run, and print it where the test stands."""
    COUNTED.append(line)
    print(line)
