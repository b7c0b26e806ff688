"""Commands that queue and run: run, submit, engine, demo."""

import time
from typing import Annotated

import typer

from engine.cli.home_session import opened
from engine.cli.open_window import draw_window, open_window
from engine.cli.options import CopyOption, Files, HomeOption, JsonOption, PriorityOption, TrustOption
from engine.cli.printing import STYLES, complain, print_json, say
from engine.cli.run_loop import run_to_end
from engine.cli.show_commands import job_json
from engine.cli.signals import AtOnce, StopRequests, leave_at_once
from engine.cli.submit import Wishes, enter, read_files
from engine.cli.trust_commands import require_trust
from engine.errors import NotTrustedError, SignalboxError
from engine.host.demo import make_demo
from engine.host.engine_service import EngineService
from engine.system.clock import wall
from engine.system.display import cannot_open, has_display, missing_packages
from engine.system.formatting import clock_second
from engine.system.home import Home, default_home
from engine.trust.launch import waits_for_trust
from state import queries
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.records import JobStatus

_TURN_S = 0.2
_STOP_PATIENCE_S = 9.0


def run(
    files: Files,
    *,
    copy: CopyOption = False,
    priority: PriorityOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Queue files and run them to the end, with live progress. Ctrl-C cancels them; twice leaves them running."""
    with opened(home) as view:
        read = read_files(files)
        require_trust(view, read, trust=trust)
        jobs = enter(view.store, read, Wishes(copy=copy, priority=priority))
        code = run_to_end(view, [job.job_id for job in jobs], quiet=as_json)
        if as_json:
            moment = view.moment()
            found = [view.reader.read(queries.find_job, job.job_id) for job in jobs]
            print_json([job_json(job, moment) for job in found if job is not None])
    raise typer.Exit(code)


def submit(
    files: Files,
    *,
    hold: Annotated[
        bool, typer.Option("--hold", help="Keep them from starting until they are released.")
    ] = False,
    copy: CopyOption = False,
    priority: PriorityOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Queue files for the engine that runs, or for the next one, and print the ids of their jobs."""
    with opened(home) as view:
        read = read_files(files)
        require_trust(view, read, trust=trust or hold)
        jobs = enter(view.store, read, Wishes(copy=copy, priority=priority, held=hold))
        moment = view.moment()
        if as_json:
            print_json([job_json(job, moment) for job in jobs])
            return
        for job in jobs:
            say(job.job_id)
        if not moment.engines:
            complain("No engine is running; open the window, or run `signalbox engine`.")


def engine(
    *,
    until_idle: Annotated[
        bool,
        typer.Option("--until-idle", help="End when nothing runs and nothing can start without a person."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Run the queue without a window. SIGINT, SIGTERM and SIGHUP stop the jobs and end it; twice ends it at once."""
    host = EngineService(Home.at(home))
    reader = DatabaseReader(host.store.database, busy_ms=5_000)
    told = _EventLines(reader)
    mode, problem = "leave", ""
    try:
        with StopRequests() as requests:
            while not requests.asked:
                report = host.step()
                if report.problem not in {"", problem}:
                    complain(report.problem)
                problem = report.problem
                told.print_new()
                if until_idle and report.idle:
                    break
                due = wall() + _TURN_S if report.next_wake is None else report.next_wake
                host.wait(min(max(due - wall(), 0.0), _TURN_S))
            if requests.asked:
                mode = _stop_jobs(host, told)
    except AtOnce:
        leave_at_once()
    finally:
        host.close(mode)
        told.print_new()
        waiting = [
            job.job_id
            for job in reader.read(queries.list_jobs, status=[JobStatus.HELD])
            if waits_for_trust(job)
        ]
        reader.close()
    if until_idle and waiting:
        raise NotTrustedError(
            f"Not trusted, so not started: {', '.join(waiting)}. Look at each with `signalbox trust show JOB`, then "
            "let it start with `signalbox trust grant JOB`."
        )


def _stop_jobs(host: EngineService, told: "_EventLines") -> str:
    """Stop everything this engine runs, and say how it may be closed then."""
    host.turn.stop_all()
    deadline = time.monotonic() + _STOP_PATIENCE_S
    while host.turn.running and time.monotonic() < deadline:
        host.step()
        told.print_new()
        host.wait(0.05)
    return "leave" if host.turn.running else "stop"


class _EventLines:
    """Prints what happens in a home from now on, one line each."""

    def __init__(self, reader: DatabaseReader) -> None:
        self._reader = reader
        self._cursor = reader.read(queries.latest_event_id)
        self._version = -1

    def print_new(self) -> None:
        try:
            version = self._reader.data_version()
            if version == self._version:
                return
            self._version = version
            found = self._reader.read(queries.events_after, self._cursor, limit=10_000)
        except DatabaseError:
            return  # the engine tells that; what is missed here is read the next time
        for event in found:
            self._cursor = event.id
            if event.level != "debug":
                say(f"{clock_second(event.at)} {event.message}", style=STYLES.get(event.level, ""))


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Run it in the terminal, and leave a picture of the window.")
    ] = False,
    pace: Annotated[float, typer.Option("--pace", min=0.0, help="Stretches the time the steps take.")] = 1.2,
    home: HomeOption = None,
) -> None:
    """Mend a small repository before your eyes, in a home of its own; without a display in the terminal."""
    place = Home.at(home or default_home().with_name("signalbox-demo"))
    in_terminal = headless or not has_display()
    if not in_terminal and (problem := cannot_open()):
        complain(f"{problem} The demo runs in the terminal instead.")
        in_terminal = True
    if not in_terminal:
        open_window(place, "--demo")
    pipeline = make_demo(place.root / "demo", pace=pace)
    say(f"The demo lies in {pipeline.parent}, its home is {place.root}")
    with opened(place.root) as view:
        jobs = enter(view.store, read_files([pipeline]), Wishes())
        code = run_to_end(view, [job.job_id for job in jobs])
    _leave_picture(place)
    raise typer.Exit(code)


def _leave_picture(home: Home) -> None:
    if missing := missing_packages():
        complain(f"For a picture of the window, install {' '.join(missing)}")
        return
    picture = home.root / "window.png"
    try:
        draw_window(home, picture)
    except SignalboxError as error:
        complain(str(error))
    else:
        say(f"A picture of the window: {picture}")
