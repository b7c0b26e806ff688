"""Failure density: in how many histories a mutant is caught. A file keeps what was found, so it can be continued."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.helpers.histories import warmth
from tests.helpers.histories.campaign import Campaign
from tests.helpers.histories.generator import generate

ROUND = 20
"""So many histories of each mutant are run before the next of any: whenever it is ended, all have had the same."""


@dataclass(frozen=True)
class Outcome:
    """What came of one history of a mutant: the kinds of what was broken, and the first of them in words."""

    mutant: str
    seed: int
    kinds: Sequence[str]
    breach: str

    @classmethod
    def read(cls, file: Path) -> "list[Outcome]":
        """Those a file keeps; none if there is no file yet."""
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [cls(**json.loads(line)) for line in lines]

    def keep(self, file: Path) -> None:
        """Add it to a file."""
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(self)) + "\n")


def measure(
    mutants: Sequence[str], seeds: Sequence[int], *, folder: Path, file: Path, workers: int
) -> list[Outcome]:
    """Run the histories that the file does not know yet, in rounds, and print each mutant after each of its rounds."""
    known = {(one.mutant, one.seed): one for one in Outcome.read(file)}
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(folder,)) as pool:
        for round_ in _rounds(seeds):
            for mutant in mutants:
                open_ = [seed for seed in round_ if (mutant, seed) not in known]
                for done in as_completed([pool.submit(_outcome, mutant, seed) for seed in open_]):
                    known[mutant, done.result().seed] = done.result()
                    done.result().keep(file)
                of_mutant = [known[mutant, seed] for seed in seeds if (mutant, seed) in known]
                print(row(mutant, of_mutant), file=sys.stderr, flush=True)
    return [known[mutant, seed] for mutant in mutants for seed in seeds]


def row(mutant: str, outcomes: Sequence[Outcome]) -> str:
    """A row of the table: the mutant, the share of its histories that catch it, and by what."""
    kinds = Counter(kind for one in outcomes for kind in one.kinds)
    words = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    return f"| {mutant or 'none'} | {share(outcomes):.0%} of {len(outcomes)} | {words} |"


def share(outcomes: Iterable[Outcome]) -> float:
    """The share of these that caught their mutant."""
    caught = [bool(one.kinds) for one in outcomes]
    return sum(caught) / len(caught)


def _rounds(seeds: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(seeds), ROUND):
        yield seeds[start : start + ROUND]


_campaigns: list[Campaign] = []
"""The one of this worker; its nursery ends with the worker, as its input does."""


def _begin(folder: Path) -> None:
    warmth.keep()
    _campaigns.append(Campaign(folder))


def _outcome(mutant: str, seed: int) -> Outcome:
    history = replace(generate(seed, with_disk=False, with_window=False), mutant=mutant)
    try:
        verdict = _campaigns[0].run(history)
    except Exception as error:  # noqa: BLE001 - a history that cannot be run catches nothing, and ends no others
        return Outcome(mutant, seed, [], f"not run: {error!r}"[:500])
    first = str(verdict.breaches[0]) if verdict.breaches else ""
    return Outcome(mutant, seed, sorted(verdict.kinds), first[:500])
