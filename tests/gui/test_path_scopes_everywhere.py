"""One reading of a scope: engine, radar, drop sheet and the evidence of an attempt agree on every pattern."""

import shlex
from pathlib import Path

import pytest

from engine.interfaces import Accepted, QueueView
from engine.jobfile.spec import JobSpec
from engine.scheduling.path_scopes import covers
from engine.scheduling.schedule import choose
from gui.data.projection import Projection
from gui.panels.radar.pipeline_map import FileIndex, survey
from gui.sheets.intake.dropped_files import DroppedFile
from gui.sheets.intake.file_checks import FileChecker, KnownJobs
from state.records import Job, JobStatus, Run, Snapshot, Workstream, WorkstreamFile
from tests.helpers.attempts import Attempts, git_caller

TABLE = [
    ("src/a.py", "src/a.py", True),
    ("src/a.py", "src/b.py", False),
    ("src", "src/a.py", True),
    ("src/", "src/deep/a.py", True),
    ("./src", "src/a.py", True),
    ("src//a.py", "src/a.py", True),
    (".", "src/a.py", True),
    ("src", "srcs/a.py", False),
    ("src/*.py", "src/a.py", True),
    ("src/*.py", "src/sub/a.py", False),
    ("src/*", "src/sub/a.py", True),
    ("*.py", "a.py", True),
    ("*.py", "deep/a.py", False),
    ("**/*.py", "deep/a.py", True),
    ("**/a.py", "a.py", True),
    ("src/**", "src/x/y.py", True),
    ("src/**/a.py", "src/a.py", True),
    ("src/**/a.py", "src/x/y/a.py", True),
    ("src/?.py", "src/a.py", True),
    ("src/?.py", "src/ab.py", False),
    ("data[1].txt", "data1.txt", False),
    ("data[1].txt", "data[1].txt", True),
    ("{a,b}.py", "a.py", False),
    ("!a.py", "b.py", False),
]

each_pattern = pytest.mark.parametrize(("glob", "path", "covered"), TABLE)


def writer(ws_id: str, glob: str, root: str = "/repo") -> Job:
    return Job(job_id=ws_id, run_id="r", ws_id=ws_id, scope_root=root, files_scope=(glob,))


def snapshot(*jobs: Job, files: tuple[WorkstreamFile, ...] = ()) -> Snapshot:
    streams = tuple(Workstream(run_id="r", ws_id=job.ws_id, repo=job.scope_root) for job in jobs)
    return Snapshot(cursor=1, runs=(Run(run_id="r"),), workstreams=streams, jobs=jobs, files=files)


@each_pattern
def test_the_one_rule_answers_as_the_table_says(glob: str, path: str, covered: bool) -> None:  # noqa: FBT001
    assert covers([glob], path) is covered


@each_pattern
def test_the_engine_starts_two_writers_at_once_where_their_scopes_are_apart(
    glob: str,
    path: str,
    covered: bool,  # noqa: FBT001
) -> None:
    pair = (writer("one", glob), writer("two", path))
    for candidates in (pair, pair[::-1]):
        view = QueueView(candidates=candidates, running=(), holds=(), limits=())
        assert (len(choose(view, 0.0)) == 1) is covered


@each_pattern
def test_the_radar_shows_a_conflict_with_a_file_that_another_scope_covers(
    glob: str,
    path: str,
    covered: bool,  # noqa: FBT001
) -> None:
    files = (
        WorkstreamFile(run_id="r", ws_id="one", path="elsewhere.md", touched=True),
        WorkstreamFile(run_id="r", ws_id="two", path=path, declared=True),
    )
    shown = snapshot(writer("one", glob), writer("two", path), files=files)
    records = Projection()
    records.load(shown)
    found = survey(records, FileIndex(files), ["r"], now=0.0).conflicts
    assert ([conflict.path for conflict in found] == [path]) is covered


@each_pattern
def test_the_drop_sheet_says_conflict_where_an_open_workstream_writes_it(
    glob: str,
    path: str,
    covered: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    root = str(tmp_path.resolve())
    records = Projection()
    records.load(snapshot(writer("one", glob, root)))
    spec = JobSpec.model_validate({
        "tool": "shell", "command": {"exe": "true"}, "workstream_id": "two",
        "paths": {"repo_root": root}, "metadata": {"files_scope": [path]},
    })  # fmt: skip
    arrival = DroppedFile(
        path=tmp_path / "job.json",
        jobs=(Accepted(spec=spec, digest="d"),),
        scope_roots=(spec.scope_root,),
    )
    assert (FileChecker(records).check(arrival, KnownJobs()).word == "Conflict") is covered


def test_the_evidence_of_an_attempt_reports_what_lies_outside_the_scope(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    git_caller(repo)("init", "-q")
    for glob, path, covered in TABLE:
        made = f"mkdir -p {shlex.quote(str(Path(path).parent))}; echo x >> {shlex.quote(path)}"
        job = {
            "tool": "shell", "command": {"exe": "sh", "args": ["-c", made]},
            "paths": {"repo_root": str(repo)}, "metadata": {"files_scope": [glob]},
        }  # fmt: skip
        result = Attempts(tmp_path / f"attempts-{TABLE.index((glob, path, covered))}").run(job)
        assert result.metadata.get("outside_scope", []) == ([] if covered else [path]), glob


def test_a_reading_job_and_a_finished_one_conflict_with_nobody() -> None:
    done = Job(
        job_id="one",
        run_id="r",
        ws_id="one",
        scope_root="/repo",
        files_scope=("*",),
        status=JobStatus.COMPLETED,
    )
    reader = Job(job_id="three", run_id="r", ws_id="three", files_scope=("*",))
    files = (
        WorkstreamFile(run_id="r", ws_id="one", path="x.md", touched=True),
        WorkstreamFile(run_id="r", ws_id="two", path="a.py", declared=True),
        WorkstreamFile(run_id="r", ws_id="three", path="y.md", touched=True),
    )
    shown = snapshot(done, writer("two", "a.py"), reader, files=files)
    records = Projection()
    records.load(shown)
    assert survey(records, FileIndex(files), ["r"], now=0.0).conflicts == []
