"""What the process beside an attempt costs: processor time of each shim with its tool, in turn with the tool alone."""

import json
import os
import resource
import statistics
from collections.abc import Callable
from pathlib import Path

from engine.runners import layout, native_shim
from engine.runners.shim_program import python_shim
from tests.benchmarks.figures import Figure, Figures, spread
from tests.engine.runners.order_reading import an_order

ATTEMPTS, ROUNDS = 50, 5
TOOL = "/bin/true"


def cpu_ms(commands: list[list[str]]) -> float:
    """Milliseconds that a command and all it starts take of a processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for argv in commands:
        _, status = os.waitpid(os.posix_spawn(argv[0], argv, {"PATH": os.defpath}), 0)
        assert status == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took * 1000 / len(commands)


def attempts(home: Path) -> list[Path]:
    """The folders of attempts that each run a tool which does nothing."""
    (home / layout.STARTS).mkdir(parents=True)
    folders = [home / "attempts" / f"{number}-abc" for number in range(ATTEMPTS)]
    for folder in folders:
        folder.mkdir(parents=True)
        order = json.dumps(an_order(name=folder.name, argv=[TOOL]))
        (folder / layout.INVOCATION).write_text(order)
    return folders


def test_a_shim_with_a_tool_that_does_nothing(tmp_path: Path, figures: Figures) -> None:
    compiled = str(native_shim.build_beside_sources())
    sides: dict[str, Callable[[Path], list[str]]] = {
        "compiled": lambda folder: [compiled, str(folder)],
        "python": python_shim().argv,
        "alone": lambda _: [TOOL],
    }
    took: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(ROUNDS):
        for name, argv in sides.items():
            folders = attempts(tmp_path / f"{name}-{turn}")
            took[name].append(cpu_ms([argv(folder) for folder in folders]))
            if name != "alone":
                ended = [json.loads((folder / layout.RESULT).read_text()) for folder in folders]
                assert {(end["reason"], end["exit_code"]) for end in ended} == {("exited", 0)}
    for rival, name in (("the shim in Python", "python"), ("the tool alone", "alone")):
        figures.add(
            Figure(
                what=f"processor time of the compiled shim with `{TOOL}`",
                ours=statistics.median(took["compiled"]),
                rival=rival,
                theirs=statistics.median(took[name]),
                unit="ms",
                ours_range=spread(took["compiled"]),
                their_range=spread(took[name]),
            )
        )
