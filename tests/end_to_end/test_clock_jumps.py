"""X13 with real engines and `SIGNALBOX_CLOCK`: the clock jumps while jobs run and wait, and none of them notices."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from state.records import AttemptStatus, Job, JobStatus, Origin
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.counts import counted
from tests.helpers.patience import PATIENCE_S, at_most

ROOT = Path(__file__).parents[2]
WORDS = [sys.executable, "-m", "engine", "engine"]
LONG = "import sys, time; open(sys.argv[1], 'a').write('S\\n'); time.sleep(2.5)"
FAILS_ONCE = (
    "import os, sys; first = not os.path.exists(sys.argv[1]); open(sys.argv[1], 'w'); sys.exit(first)"
)


@pytest.mark.parametrize("offset", ["+3600", "-3600", "+315360000"])
def test_x13_no_timeout_comes_early_no_wait_grows_and_nothing_living_is_taken_for_dead(
    signalbox: CommandLine, tmp_path: Path, offset: str
) -> None:
    home, ledger = signalbox.home, tmp_path / "ledger"
    runs = python(LONG, "runs", metadata={"timeout_seconds": 60})
    runs["command"]["args"].append(str(ledger))
    stopped = python("import time; time.sleep(60)", "stopped", metadata={"timeout_seconds": 3})
    again = python(
        FAILS_ONCE, "again", metadata={"retry": {"limit": 1, "interval_sec": 4, "backoff": "linear"}}
    )
    again["command"]["args"].append(str(tmp_path / "tried"))
    env = {**os.environ, "SIGNALBOX_CLOCK": offset}
    quiet = subprocess.DEVNULL
    with closing(JobStateStore(home=home)) as store:
        specs = [job_from_mapping(job, base=tmp_path) for job in (runs, stopped, again)]
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)

        def job(job_id: str) -> Job:
            found = store.get_job(job_id)
            assert found is not None
            return found

        with subprocess.Popen(
            [*WORDS, "--home", str(home.root)], cwd=ROOT, stdout=quiet, stderr=quiet
        ) as first:
            until(lambda: (ledger.exists() and job("again").not_before is not None) or None)
            first.kill()
        words = [*WORDS, "--until-idle", "--home", str(home.root)]
        done = subprocess.run(
            words, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        assert done.returncode == 0, done.stderr
        assert {job_id: job(job_id).status for job_id in ("runs", "stopped", "again")} == {
            "runs": JobStatus.COMPLETED, "stopped": JobStatus.TIMEOUT, "again": JobStatus.COMPLETED
        }  # fmt: skip
        tries = {job_id: store.list_attempts(job_id) for job_id in ("runs", "stopped", "again")}
        lasted = {job_id: [attempt.duration_s or 0.0 for attempt in tried] for job_id, tried in tries.items()}
        events = store.list_events()
    assert ledger.read_text() == "S\n"
    assert 2.4 < lasted["runs"][0] < at_most(30)
    assert 2.9 < lasted["stopped"][0] < at_most(30), "neither early nor lost"
    assert [attempt.status for attempt in tries["again"]] == [AttemptStatus.FAILED, AttemptStatus.COMPLETED]
    assert min(map(min, lasted.values())) >= 0
    assert [event.id for event in events] == sorted(event.id for event in events)
    shown = "; ".join(f"{job_id} {', '.join(f'{s:.1f} s' for s in took)}" for job_id, took in lasted.items())
    counted(f"X13, clock {offset} s: {shown}")
    assert breaches(home) == []
