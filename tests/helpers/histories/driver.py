"""Runs a history from its first step to the verdict, in a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.system.home import Home
from tests.helpers import disks
from tests.helpers.command_line import CommandLine
from tests.helpers.histories.ending import Ending
from tests.helpers.histories.engines import Engines
from tests.helpers.histories.faults import Faults
from tests.helpers.histories.judge import judge
from tests.helpers.histories.people import People
from tests.helpers.histories.record import Verdict
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


def run(history: History, folder: Path) -> Verdict:
    """Carry out every step, let everything end, and judge."""
    folder.mkdir(parents=True)
    windows = any(isinstance(step, Start) and step.window for step in history.steps)
    with (
        _home(history, folder) as (home, disk),
        Engines(home, folder, mutant=history.mutant, windows=windows) as engines,
    ):
        scene = Scene(folder, home, engines)
        people, faults = People(scene), Faults(scene, disk)
        try:
            for step in history.steps:
                carry_out(step, people, faults)
            Ending(scene, people, faults, CommandLine(folder)).come()
            breaches = [*scene.record.breaches, *judge(scene)]
        finally:
            scene.close()
    return Verdict(breaches, scene.record.kills, len(scene.record.jobs), scene.record.missed)


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
            faults.freeze()
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
