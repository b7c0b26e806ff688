"""The watch over processes; what it reports is tested with the runner."""

import os
import sys
import threading

import psutil
import pytest

from engine.runners.exit_watcher import ExitWatcher
from engine.runners.process_tree import start_time
from engine.types import AttemptRef


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs descriptors of processes")
def test_what_is_found_while_the_watch_closes_is_left_to_the_next_engine() -> None:
    started = start_time(os.getpid())
    assert started is not None
    watcher = ExitWatcher(lambda _ref, _code: True)
    watcher.close()
    before = psutil.Process().num_fds()
    watcher.add(AttemptRef(1, "late"), (os.getpid(), started))
    assert psutil.Process().num_fds() == before
    with pytest.raises(RuntimeError, match="closed"):
        watcher.begin()


def test_a_watch_that_closes_while_something_is_added_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = ExitWatcher(lambda _ref, _code: True)
    closing = threading.Thread(target=watcher.close)
    begin = watcher.begin

    def close_meanwhile() -> None:
        begin()
        closing.start()
        closing.join(0.5)

    monkeypatch.setattr(watcher, "begin", close_meanwhile)
    watcher.add(AttemptRef(1, "late"), None)
    closing.join()
