"""Find jobs that wait for each other: the one circle finder of pipelines and of what is accepted. Pure."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def find_circle(needs: Mapping[str, Sequence[str]]) -> list[str] | None:
    """A circle as the names along it, each waiting for the next, the first repeated at the end; None without one.

    It begins with the one of its names that comes first in `needs`.
    """
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = error.args[1][:0:-1]  # graphlib names each before what waits for it, and the first twice
        place = {name: number for number, name in enumerate(needs)}
        start = circle.index(min(circle, key=place.__getitem__))
        return [*circle[start:], *circle[:start], circle[start]]
    return None
