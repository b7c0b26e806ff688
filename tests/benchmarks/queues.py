"""Runs /bin/true many times by one of several queues: ``python -m tests.benchmarks.queues KIND FOLDER JOBS LIMIT``.

Each queue runs in a process of its own, which prints how many jobs it did in a second, from the first being submitted
to the last being known to have ended well, and how many milliseconds of a processor a job took, with everything that
was started for it. ``signalbox`` and ``huey`` commit every step to SQLite, synced to the disk; the others keep less.
Each keeps the output of each job in a file, and each checks that every job was delivered.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.programs import JOB, outputs, run_kept

_PR_SET_CHILD_SUBREAPER = 36


class Meter:
    """What a queue needed for its jobs: `rate` in jobs a second, `cpu_ms` in milliseconds a job."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self.rate = self.cpu_ms = 0.0

    @contextmanager
    def running(self, *servers: psutil.Process) -> Iterator[None]:
        """Measure this block, every process that was waited for in it, and these, which were there before."""
        begun, used = time.monotonic(), _processor_s(servers)
        yield
        self.rate = self._jobs / (time.monotonic() - begun)
        self.cpu_ms = 1000 * (_processor_s(servers) - used) / self._jobs


def _processor_s(servers: Sequence[psutil.Process]) -> float:
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    theirs = (server.cpu_times() for server in servers)
    return sum(each.ru_utime + each.ru_stime for each in used) + sum(
        each.user + each.system + each.children_user + each.children_system for each in theirs
    )


def by_threads(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """The least that starting them takes: threads around `subprocess.run`."""
    with meter.running(), ThreadPoolExecutor(limit) as pool:
        codes = list(pool.map(partial(run_kept, folder), range(jobs)))
    assert codes == [0] * outputs(folder) == [0] * jobs


def by_huey(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """A task queue on SQLite whose workers run the program, in threads of the process that submits and waits."""
    from huey import SqliteHuey  # noqa: PLC0415 - each process imports the one queue that it measures

    queue = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True)

    @queue.task()  # type: ignore[untyped-decorator]
    def run(number: int) -> int:
        return run_kept(folder, number)

    with meter.running():
        results = [run(number) for number in range(jobs)]
        consumer = queue.create_consumer(workers=limit, initial_delay=0.01, max_delay=0.05, periodic=False)
        consumer.start()
        codes = _codes(results)
    assert codes == [0] * outputs(folder) == [0] * jobs
    consumer.stop(graceful=True)


def by_huey_consumer(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """The same with the consumer in a process of its own, as huey's documentation runs it; it is there before."""
    os.environ["HUEY_FOLDER"] = str(folder)
    from tests.benchmarks.huey_tasks import run  # noqa: PLC0415 - as above

    argv = [sys.executable, "-m", "huey.bin.huey_consumer", "tests.benchmarks.huey_tasks.queue"]
    options = ["-w", str(limit), "-d", "0.01", "-m", "0.05", "--no-periodic", "--quiet"]
    with subprocess.Popen([*argv, *options], stderr=subprocess.DEVNULL) as consumer:
        assert _codes([run(-1)]) == [0]
        with meter.running(psutil.Process(consumer.pid)):
            codes = _codes([run(number) for number in range(jobs)])
        consumer.send_signal(signal.SIGINT)
    assert [*codes, 0] == [0] * outputs(folder) == [0] * (jobs + 1)


def _codes(results: Sequence[Any]) -> list[int]:
    return [result.get(blocking=True, backoff=1.0, max_delay=0.02, timeout=600) for result in results]


def by_tsp(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """Task spooler: a queue in the memory of a server, and a program to submit each job with."""
    env = {
        **os.environ,
        "TS_SOCKET": str(folder / "socket"),
        "TMPDIR": str(folder),
        "TS_MAXFINISHED": str(jobs),
    }

    def tsp(*words: str) -> str:
        return subprocess.run(["tsp", *words], env=env, check=True, capture_output=True, text=True).stdout

    with meter.running():
        tsp("-S", str(limit))
        for _ in range(jobs):
            tsp(JOB)
        while " running " in (listed := tsp()) or " queued " in listed:
            tsp("-w")
        tsp("-K")
        _wait_for_orphans()
    codes = [line.split()[3] for line in listed.splitlines() if " finished " in line]
    assert codes == ["0"] * len(list(folder.glob("ts-out.*"))) == ["0"] * jobs


def _wait_for_orphans() -> None:
    """Wait for what our children have left us, so that it is counted."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def by_parallel(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """GNU parallel, with a log of the jobs and the output of each in files."""
    numbers = "".join(f"{number}\n" for number in range(jobs))
    log = folder / "log"
    argv = ["parallel", f"-j{limit}", "--joblog", str(log), "--results", str(folder / "output"), JOB, "#"]
    with meter.running():
        subprocess.run(argv, input=numbers, text=True, check=True, capture_output=True)
    codes = [line.split("\t")[6] for line in log.read_text(encoding="utf-8").splitlines()[1:]]
    assert codes == ["0"] * jobs


def by_dask(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """Dask's scheduler and one worker, both in this process, which is the least that it takes."""
    from distributed import Client  # noqa: PLC0415 - as above

    options = {"processes": False, "n_workers": 1, "threads_per_worker": limit, "dashboard_address": None}
    with Client(local_directory=str(folder), **options) as client, meter.running():
        codes = client.gather(client.map(partial(run_kept, folder), range(jobs), pure=False))
    assert codes == [0] * outputs(folder) == [0] * jobs


def by_hyperqueue(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """HyperQueue's server and one worker, both in this process."""
    from hyperqueue import Job  # noqa: PLC0415 - as above
    from hyperqueue.cluster import LocalCluster, WorkerConfig  # noqa: PLC0415

    with LocalCluster() as cluster:
        cluster.start_worker(WorkerConfig(cores=limit))
        client = cluster.client()
        with meter.running():
            job = Job(default_workdir=str(folder))
            for _ in range(jobs):
                job.program([JOB])
            submitted = client.submit(job)
            assert client.wait_for_jobs([submitted])
        assert client.get_failed_tasks(submitted) == {}


def by_signalbox(meter: Meter, folder: Path, jobs: int, limit: int) -> None:
    """The engine without a window."""
    from engine.host.engine_service import EngineService  # noqa: PLC0415 - as above
    from engine.interfaces import Accepted  # noqa: PLC0415
    from engine.jobfile.job_file_reader import job_from_mapping  # noqa: PLC0415
    from engine.system.home import Home  # noqa: PLC0415
    from state.records import JobStatus, Limit, LimitKind, Origin  # noqa: PLC0415

    engine = EngineService(Home.at(folder / "home"))
    engine.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=limit))
    with meter.running():
        wishes = (
            {"tool": "shell", "job_id": f"job-{number}", "command": {"exe": JOB}} for number in range(jobs)
        )
        specs = [job_from_mapping(wish, base=folder) for wish in wishes]
        accepted = [Accepted(spec=spec, digest=spec.digest()) for spec in specs]
        entered = engine.store.accept(accepted, origin=Origin.API)
        while not (report := engine.step()).idle:
            due = time.time() + 0.2 if report.next_wake is None else report.next_wake
            engine.wait(min(max(due - time.time(), 0.0), 0.2))
    ended = engine.store.list_jobs(entered[0].run_id)
    assert [job.status for job in ended] == [JobStatus.COMPLETED] * jobs
    assert [job.attempts for job in ended] == [1] * jobs
    engine.close("leave")


QUEUES: Mapping[str, Callable[[Meter, Path, int, int], None]] = {
    "threads": by_threads, "huey": by_huey, "huey_consumer": by_huey_consumer, "tsp": by_tsp,
    "parallel": by_parallel, "dask": by_dask, "hyperqueue": by_hyperqueue, "signalbox": by_signalbox,
}  # fmt: skip


def main() -> None:
    """Run one of them and print its figures."""
    kind, folder, jobs, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    meter = Meter(jobs)
    QUEUES[kind](meter, folder, jobs, limit)
    print(meter.rate, meter.cpu_ms)


if __name__ == "__main__":
    main()
