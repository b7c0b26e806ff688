"""Runs a history from its first step to the verdict, in a folder of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.system.home import Home
from tests.helpers import disks
from tests.helpers.command_line import CommandLine
from tests.helpers.histories.ending import Ending
from tests.helpers.histories.engines import Engines
from tests.helpers.histories.faults import Faults
from tests.helpers.histories.judge import judge, so_far
from tests.helpers.histories.nursery import Nursery
from tests.helpers.histories.people import People
from tests.helpers.histories.record import Breach, Verdict
from tests.helpers.histories.scene import Scene
from tests.helpers.histories.steps import (
    Command,
    Disk,
    Freeze,
    History,
    Kill,
    Queue,
    Start,
    Step,
    Submit,
    Thaw,
)

DISK_SIZE = "48m"


MOST_IN_VAIN = 3
"""When so many moments in a row do not come, a history goes on with its end: that judges what holds it up."""


def run(history: History, folder: Path, nursery: Nursery) -> Verdict:
    """Carry out every step, let everything end, and judge; or end with the first promise that is broken."""
    folder.mkdir(parents=True)
    with (
        _home(history, folder) as (home, disk),
        Engines(home, folder, nursery, mutant=history.mutant) as engines,
    ):
        scene = Scene(folder, home, engines)
        people, faults = People(scene), Faults(scene, disk)
        try:
            breaches = _breaches_until(history.steps, people, faults, scene)
            if not breaches:
                Ending(scene, people, faults, CommandLine(folder)).come()
                breaches = list(so_far(scene)) or list(judge(scene))
            scene.record.kills.update({f"at {point}": number for point, number in scene.hits().items()})
        finally:
            scene.close()
    return Verdict(breaches, scene.record.kills, len(scene.record.jobs), scene.record.missed)


def _breaches_until(steps: Sequence[Step], people: People, faults: Faults, scene: Scene) -> list[Breach]:
    """Carry out the steps; what is broken is looked for wherever something has been killed or has woken."""
    for step in steps:
        carry_out(step, people, faults)
        if isinstance(step, Kill | Thaw) and (found := list(so_far(scene))):
            return found
        if scene.waits_in_vain >= MOST_IN_VAIN:
            break
    return []


def carry_out(step: Step, people: People, faults: Faults) -> None:
    """One step, at the moment it names."""
    match step:
        case Submit():
            people.submit(step)
        case Command():
            people.command(step)
        case Queue():
            people.queue(step)
        case Start():
            faults.start(step)
        case Kill():
            faults.kill(step)
        case Freeze():
            faults.freeze(step)
        case Thaw():
            faults.thaw()
        case Disk():
            faults.fill(full=step.full)


@contextmanager
def _home(history: History, folder: Path) -> Iterator[tuple[Home, disks.Disk | None]]:
    """The home, on a small disk of its own where the history fills it and one can be mounted."""
    place = folder / "home"
    fills = any(isinstance(step, Disk) for step in history.steps)
    disk = disks.Disk(place) if fills and disks.mounted(place, DISK_SIZE) else None
    try:
        yield Home.at(place), disk
    finally:
        if disk is not None:
            disks.unmount(place)
