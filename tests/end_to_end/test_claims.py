"""Several processes that claim from one database: every job once, and nobody is turned away by a lock."""

import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import statistics
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import JobStatus, Limit, LimitKind, Origin
from tests.helpers.counts import counted
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
JOBS, AT_ONCE = 5_000, 128


def enter(home: Home, base: Path) -> None:
    specs_json = (
        {"tool": "shell", "job_id": f"job-{one}", "command": {"exe": "/bin/true"}} for one in range(JOBS)
    )
    specs = [job_from_mapping(one, base=base) for one in specs_json]
    with closing(JobStateStore(home=home)) as store:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=AT_ONCE))
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)


def test_l1_eight_processes_claim_every_job_once(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    enter(home, tmp_path)
    words = [sys.executable, "-m", "tests.helpers.claim_race", "signalbox", str(home.root)]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )
    *claimed, last = done.stdout.splitlines()
    took, *codes = last.split()
    claims = Counter(claimed)
    twice = claims.total() - len(claims)
    counted(
        f"L1: {JOBS:,} jobs, 8 processes: {JOBS / float(took):,.0f} claimed and ended a second, {twice} twice, "
        f"{codes.count('0')} of 8 never met a locked database"
    )
    assert codes == ["0"] * 8, done.stderr
    assert twice == 0
    assert len(claims) == JOBS
    reader = DatabaseReader(Database(home.database))
    assert reader.read(statistics.counts) == {JobStatus.COMPLETED: JOBS}
    reader.close()
    assert breaches(home) == []
