"""Kill histories from the command line: ``python -m tests.helpers.histories run|replay|density --help``.

``run`` makes histories of one seed after the other and shrinks the first that fails to a file; ``replay`` runs such a
file again; ``density`` prints for each mutant in how many of its histories it is caught.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.helpers import sweeper
from tests.helpers.histories.campaign import Campaign
from tests.helpers.histories.density import measure, row, share
from tests.helpers.histories.mutants import MUTANTS
from tests.helpers.histories.record import Verdict
from tests.helpers.histories.steps import History

_OF_THE_USER = (
    "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
)  # fmt: skip


@contextmanager
def place() -> Iterator[Path]:
    """A folder that is swept, also where this process is killed; nothing of the user is seen from it."""
    folder = Path(tempfile.mkdtemp(prefix="histories-"))
    for name in _OF_THE_USER:
        (folder / name).mkdir(mode=0o700)
        os.environ[name] = str(folder / name)
    os.environ |= {
        "QT_QPA_PLATFORM": "offscreen",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    command = [sys.executable, "-I", "-S", str(Path(sweeper.__file__)), str(os.getpid()), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as watching:
        try:
            yield folder
        finally:
            watching.kill()
            sweeper.sweep(folder)
            shutil.rmtree(folder, ignore_errors=True)


def run(options: argparse.Namespace) -> int:
    """Run histories until the time or the number of kills is reached; shrink the first that fails."""

    def show(seed: int, verdict: Verdict) -> None:
        print(f"seed {seed}: {verdict.kills.total()} kills", *verdict.breaches, sep="\n  ", flush=True)

    with place() as folder, Campaign(folder) as campaign:
        campaign.go_on(
            seconds=options.seconds, kills=options.kills, seed=options.seed, engines=options.engines,
            mutant=options.mutant, with_disk=options.disk, each=show,
        )  # fmt: skip
        print(campaign)
        if campaign.failed is None:
            return 0
        options.out.write_text(campaign.failed.to_json(), encoding="utf-8")
        short = campaign.shrunk(campaign.failed) if options.shrink else campaign.failed
        options.out.write_text(short.to_json(), encoding="utf-8")
        print(f"{short.to_json()}Replay it: python -m tests.helpers.histories replay {options.out}")
        return 1


def replay(options: argparse.Namespace) -> int:
    """Run a recorded history a few times; 1 if a promise was broken."""
    history = History.read(options.file)
    if options.mutant is not None:
        history = replace(history, mutant=options.mutant)
    with place() as folder, Campaign(folder) as campaign:
        verdict = campaign.fails(history)
        print(*(verdict.breaches if verdict is not None else ["Every promise held."]), sep="\n")
        if verdict is not None and options.shrink:
            short = campaign.shrunk(replace(history, breach=str(verdict.breaches[0])))
            options.file.write_text(short.to_json(), encoding="utf-8")
    return int(verdict is not None)


def density(options: argparse.Namespace) -> int:
    """Print for each mutant in how many histories it is caught, and how; 1 if it is under half of them."""
    mutants = options.mutants or list(MUTANTS)
    seeds = range(options.seed, options.seed + options.seeds)
    with place() as folder:
        found = measure(mutants, seeds, folder=folder, file=options.out.absolute(), workers=options.workers)
    by_mutant = {mutant: [one for one in found if one.mutant == mutant] for mutant in mutants}
    print("| mutant | caught | by what |", "|---|---|---|", sep="\n")
    print(*(row(mutant, outcomes) for mutant, outcomes in by_mutant.items()), sep="\n")
    return int(any(share(outcomes) < 0.5 for mutant, outcomes in by_mutant.items() if mutant))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.helpers.histories", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("run", help=run.__doc__)
    one.set_defaults(call=run)
    one.add_argument("--seconds", type=float, default=60.0)
    one.add_argument("--kills", type=int, help="end after this many")
    one.add_argument("--engines", type=int, default=0, help="engines at once; one to three by default")
    one.add_argument("--mutant", default="", choices=["", *MUTANTS], help="break the engines in this way")
    one.add_argument("--out", type=Path, default=Path("history.json"), help="where a failing one is written")
    one.add_argument("--no-disk", dest="disk", action="store_false", help="fill no disk")
    one.add_argument("--no-shrink", dest="shrink", action="store_false")
    two = commands.add_parser("replay", help=replay.__doc__)
    two.set_defaults(call=replay)
    two.add_argument("file", type=Path)
    two.add_argument("--shrink", action="store_true", help="make the file shorter if it fails")
    two.add_argument("--mutant", help="break the engines in this way, or in none with an empty name")
    three = commands.add_parser("density", help=density.__doc__)
    three.set_defaults(call=density)
    three.add_argument("mutants", nargs="*", help="all of them by default; an empty name breaks nothing")
    three.add_argument("--seeds", type=int, default=200)
    three.add_argument("--out", type=Path, default=Path("density.jsonl"), help="what is known, and kept")
    three.add_argument("--workers", type=int, default=os.cpu_count())
    for command in (one, three):
        command.add_argument("--seed", type=int, default=0, help="the first seed")
    return parser


def main() -> int:
    """Run the command that is named."""
    options = _parser().parse_args()
    return int(options.call(options))


if __name__ == "__main__":
    sys.exit(main())
