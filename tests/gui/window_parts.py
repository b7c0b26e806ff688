"""The real parts of a window for tests of sheets and details: database, ledger, projection, theme, actions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.jobfile.spec import JobSpec
from engine.system.home import Home
from gui.control.actions import Actions
from gui.data.projection import EngineFacts, Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.panel_base import PanelContext
from gui.theme.theme import Theme
from state import event_queries, snapshot_query
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Following, Ledger, NewJob
from state.records import (
    Attempt,
    AttemptStatus,
    Engine,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    Run,
    Workstream,
)
from tests.helpers.leftovers import deliver_deletions

START = 1_790_000_000.0


class ClockAtStart:
    """A clock that only moves when the test sets it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@dataclass
class WindowParts:
    """The parts of a window, and methods that change the database behind them."""

    app: QApplication
    window: QWidget
    theme: Theme
    home: Home
    clock: ClockAtStart
    database: Database
    ledger: Ledger
    sources: Readers
    projection: Projection
    selection: Selection
    actions: Actions
    engine: Engine = field(
        default_factory=lambda: Engine(engine_id="e1", home_id="h1", host="here", pid=1, started_at=START)
    )

    def panel_context(self) -> PanelContext:
        """What a panel over these parts is built of."""
        return PanelContext(
            projection=self.projection,
            selection=self.selection,
            theme=self.theme,
            actions=self.actions,
            sources=self.sources,
            clock=self.clock,
        )

    def follow(self) -> None:
        """Fold the events written since the last call."""
        self.projection.fold(self.sources.reader.read(event_queries.events_after, self.projection.cursor))

    def enter(
        self, *specs: JobSpec, run_id: str = "0347", title: str = "Night: checkout v2", **more: Any
    ) -> None:
        """Add jobs as the engine would; `more` overrides fields of each row."""
        streams = {spec.workstream_id: str(spec.repo_root) for spec in specs}
        self.ledger.jobs.create_run(
            Run(run_id=run_id, title=title),
            [Workstream(run_id=run_id, ws_id=ws_id, repo=repo) for ws_id, repo in streams.items()],
        )
        entered = [replace(record(spec, run_id, position), **more) for position, spec in enumerate(specs)]
        self.ledger.jobs.accept(
            [NewJob(job=job, spec=spec.to_json()) for job, spec in zip(entered, specs, strict=True)]
        )
        self.follow()

    def start(self, job_id: str) -> Attempt:
        """Claim a job for the engine of these parts."""
        _, attempt = self.ledger.attempts.claim_one(job_id, self.engine, runner="local", now=self.clock.now)
        self.follow()
        return attempt

    def end(
        self,
        attempt: Attempt,
        status: AttemptStatus = AttemptStatus.COMPLETED,
        *,
        then: JobStatus = JobStatus.COMPLETED,
        summary: str = "",
        exit_code: int | None = 0,
        cost_usd: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        not_before: float | None = None,
    ) -> None:
        """End an attempt, and set what follows."""
        result = {"exit_code": exit_code, "metadata": dict(metadata or {})}
        outcome = AttemptOutcome(
            status=status,
            result=result,
            exit_code=exit_code,
            duration_s=self.clock.now - attempt.started_at,
            summary=summary,
            cost_usd=cost_usd,
        )
        following = Following(status=then, not_before=not_before, waits_for="backoff" if not_before else None)
        self.ledger.attempts.end(attempt, outcome, following, now=self.clock.now)
        self.follow()

    def close(self) -> None:
        """Close the database connections."""
        self.sources.reader.close()
        self.database.close()
        deliver_deletions()  # before they are styled once more
        self.app.setStyleSheet("")


def record(spec: JobSpec, run_id: str, position: int = 0) -> Job:
    """The record of a job with this spec."""
    return Job(
        job_id=spec.job_id,
        run_id=run_id,
        ws_id=spec.workstream_id,
        step_name=spec.name,
        position=position,
        tool=spec.tool,
        stage=spec.resolved_stage,
        priority=spec.priority_value,
        depends_on=spec.metadata.depends_on,
        tree=spec.tree,
        scope_root=spec.scope_root,
        files_scope=spec.metadata.files_scope,
        digest=spec.digest(),
        max_attempts=spec.max_attempts,
    )


def make_window_parts(folder: Path, qtbot: QtBot, *, theme: str = "light") -> WindowParts:
    """The parts of a window over a home below `folder`, with a running engine and three slots."""
    home = Home.at(folder / "home")
    clock = ClockAtStart()
    database = Database(home.database, backups=home.backups)
    ledger = Ledger(database, clock=clock)
    ledger.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=3))
    sources = Readers(DatabaseReader(database), home)
    projection = Projection()
    projection.load(sources.reader.read(snapshot_query.snapshot))
    projection.observe_engine(EngineFacts(running=True))
    look = Theme(theme)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.apply(app)
    look.reduce_motion = True
    selection = Selection()
    window = QWidget()
    window.resize(1280, 820)
    qtbot.addWidget(window)
    window.show()
    return WindowParts(
        app,
        window,
        look,
        home,
        clock,
        database,
        ledger,
        sources,
        projection,
        selection,
        Actions(selection, look),
    )


def write_job(folder: Path, name: str, **fields: Any) -> Path:
    """Write a job file with a plain command; `fields` override its content."""
    content = {"tool": "shell", "command": {"exe": "true"}, "paths": {"repo_root": str(folder)}} | fields
    return write_json(folder, name, content)


def write_json(folder: Path, name: str, content: object) -> Path:
    """Write a JSON file with two spaces of indent, so that tests can name its lines."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path
