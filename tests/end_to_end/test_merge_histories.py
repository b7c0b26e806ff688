"""Whatever is killed while approved work is merged: the target is never red, nothing is lost, nothing merged twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.helpers.counts import counted
from tests.helpers.merge_histories import POINTS, MergeHistory

SHORT, LONG = 1, 100


def play(folder: Path, seed: int, kills: Counter[str]) -> None:
    folder.mkdir()
    history = MergeHistory(folder, seed)
    broken = history.run()
    kills.update(history.kills)
    assert broken == [], (seed, history.done)


def test_g15_random_histories_of_eight_workstreams_with_kills_keep_every_promise(tmp_path: Path) -> None:
    kills: Counter[str] = Counter()
    for seed in range(1, 1 + SHORT):
        play(tmp_path / str(seed), seed, kills)
    counted(f"G15: {SHORT} history of merges, {kills.total()} kills")


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_g15_a_hundred_histories_with_kills_at_every_point_keep_every_promise(tmp_path: Path) -> None:
    kills: Counter[str] = Counter()
    for seed in range(1000, 1000 + LONG):
        play(tmp_path / str(seed), seed, kills)
    counted(f"G15: {LONG} histories of merges, {kills.total()} kills: {dict(kills)}")
    assert [point for point in POINTS if not kills[point]] == []
