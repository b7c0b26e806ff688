"""What people call a run, a workstream and a job: the title they gave it, else the stem of its file, else its id.

Where nobody chose the name of the file either, a job gets the first words of its task as its title when it is added
(`engine/jobfile/task_title.py`). Every list, sentence and notification names things through this module. Ids stand in
the details and where one types them.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import TypeVar

from state.records import Job, Origin, Run, Workstream
from state.worktree_records import PredictedConflict

K = TypeVar("K")
WorkstreamKey = tuple[str, str]
_TAKEN_IN = re.compile(r"^([0-9a-f]{16}-)+")
"""What the inbox puts before the name of a file: once when it takes it in, and once when it keeps it."""
_GENERATED = re.compile(r"-[0-9a-f]{8}(-\d+)?$")
"""How an id ends that nobody has chosen."""
_RANDOM = re.compile(r"[0-9a-f]{8}")
DEFAULT_WORKSTREAM = "main"
"""The id of a workstream that nobody has named: its run is what people know."""


def run_name(run: Run) -> str:
    """The title of a run, else its id."""
    return run.title.strip() or run.run_id


def file_stem(job: Job) -> str:
    """The name of the file that a job came from, without folder and suffix; empty without a file."""
    return stem_of(job.source_path, job.origin)


def stem_of(source_path: str | None, origin: Origin) -> str:
    """The same before there is a job."""
    name = source_path.rstrip("/").rpartition("/")[2] if source_path else ""
    name = _TAKEN_IN.sub("", name) if origin is Origin.INBOX else name
    end = name.rfind(".")
    return (
        name[:end] if 0 < end < len(name) - 1 else name
    )  # as `PurePath.stem`, which takes ten times as long


def has_random_end(name: str) -> bool:
    """Whether an id or the name of a file ends as those do that nobody has chosen."""
    return _GENERATED.search(name) is not None


def is_made_up(name: str, tool: str) -> bool:
    """Whether nobody has chosen the name of a job: it is that of its tool with a random end."""
    return name.startswith(f"{tool}-") and _RANDOM.fullmatch(name, len(tool) + 1) is not None


def job_title(job: Job, *, step_name: str) -> str:
    """What a job is called by itself; `step_name` is what its file says, and empty where it says nothing."""
    return job.title or step_name or file_stem(job) or job.job_id


def workstream_title(given: str | None, ws_id: str, *, run_title: str) -> str:
    """The title to store for a new workstream: the given one, else its id, else, without either, that of its run."""
    if given:
        return given
    return (run_title if ws_id == DEFAULT_WORKSTREAM else "") or ws_id


class ShownNames:
    """The shown names of these workstreams and runs; cheap to make, and up to date only as long as they are.

    `clean` makes of a name what may be shown.
    """

    def __init__(
        self,
        workstreams: Mapping[WorkstreamKey, Workstream] | None = None,
        runs: Mapping[str, Run] | None = None,
        *,
        clean: Callable[[str], str] = str,
    ) -> None:
        self._workstreams = {} if workstreams is None else workstreams
        self._runs, self._clean = {} if runs is None else runs, clean
        self._known_marks: dict[WorkstreamKey, Sequence[str]] = {}
        self._known_runs: dict[str, str] = {}
        self._known_streams: dict[WorkstreamKey, str] = {}

    def run(self, run_id: str) -> str:
        """The name of a run."""
        found = self._known_runs.get(run_id)
        if found is None:
            run = self._runs.get(run_id)
            found = self._known_runs[run_id] = run_id if run is None else self._clean(run_name(run))
        return found

    def knows(self, key: WorkstreamKey) -> bool:
        """Whether this is one of the workstreams."""
        return key in self._workstreams

    def workstream(self, key: WorkstreamKey) -> str:
        """The name of a workstream: its title, else its id, unless that is the default one and its run has a title."""
        found = self._known_streams.get(key)
        if found is None:
            found = self._known_streams[key] = self._workstream(key)
        return found

    def _workstream(self, key: WorkstreamKey) -> str:
        stream = self._workstreams.get(key)
        title = stream.title.strip() if stream is not None else ""
        if title and title != DEFAULT_WORKSTREAM:
            return self._clean(title)
        run = self._runs.get(key[0])
        of_run = run.title.strip() if run is not None and key[1] == DEFAULT_WORKSTREAM else ""
        return self._clean(of_run) or key[1]

    def distinct(self, key: WorkstreamKey) -> str:
        """The name of a workstream, with what sets it apart from others of the same name."""
        apart = self.apart(key)
        return f"{self.workstream(key)} ({apart})" if apart else self.workstream(key)

    def apart(self, key: WorkstreamKey) -> str:
        """What sets a workstream apart from others of its name: run, repository or day, at worst an id."""
        marks = {rival: self._marks(rival) for rival in self.namesakes(key)}
        return _first_apart(marks, key) or (key[0] if len(marks) > 1 else "")

    def namesakes(self, key: WorkstreamKey) -> Sequence[WorkstreamKey]:
        """The workstreams of the same name, with this one."""
        return self._by_name.get(self.workstream(key), (key,))

    def distinct_run(self, run_id: str) -> str:
        """The name of a run, with what sets it apart from others of the same name."""
        apart = self.run_apart(run_id)
        return f"{self.run(run_id)} ({apart})" if apart else self.run(run_id)

    def run_apart(self, run_id: str) -> str:
        """What sets a run apart from others of its name: repository or day, at worst its id."""
        rivals = self._runs_by_name.get(self.run(run_id), ())
        marks = {rival: (_repository(self._runs[rival].repo), self._day(rival)) for rival in rivals}
        return _first_apart(marks, run_id) or (run_id if len(marks) > 1 else "")

    def job(self, job: Job, *, seen_from: Job | None = None) -> str:
        """The name of a job: that of its workstream and its step; the step alone if seen from the same workstream."""
        if seen_from is not None and seen_from.ws_key == job.ws_key:
            return self.step(job)
        stream, step = self.workstream(job.ws_key), self._own(job)
        if stream == DEFAULT_WORKSTREAM:
            return step or job.job_id
        return f"{stream} / {step}" if step and step != stream else stream

    def jobs(self, jobs: Sequence[Job]) -> str:
        """What a sentence calls these jobs: one by its name, several by their number."""
        return self.job(jobs[0]) if len(jobs) == 1 else f"{len(jobs):,} jobs"

    def step(self, job: Job) -> str:
        """The name of a job beside that of its workstream."""
        return self._own(job) or job.step_name or job.job_id

    def _own(self, job: Job) -> str:
        """What a job is called by itself, where a person chose that: its title, its step, its file, its id."""
        if job.title or job.step_name not in {"", job.tool}:
            return self._clean(job.title) or job.step_name
        if job.job_id.startswith(f"{job.ws_id}-{job.step_name}-"):
            return ""  # an unnamed step of a pipeline, whose file is called as the whole run
        if job.source_path:
            return self._clean(file_stem(job))
        return "" if has_random_end(job.job_id) else job.job_id

    def _marks(self, key: WorkstreamKey) -> Sequence[str]:
        found = self._known_marks.get(key)
        if found is None:
            found = self._known_marks[key] = self._made_marks(key)
        return found

    def _made_marks(self, key: WorkstreamKey) -> Sequence[str]:
        stream, run = self._workstreams.get(key), self._runs.get(key[0])
        name = self.run(key[0]) if run is not None and run.title.strip() else ""
        repo = (stream.repo if stream is not None else None) or (run.repo if run is not None else None)
        shown = name if name != self.workstream(key) else ""
        day = self._day(key[0])
        return shown, _repository(repo), day, ", ".join(filter(None, (shown, day)))

    def _day(self, run_id: str) -> str:
        run = self._runs.get(run_id)
        return time.strftime("%-d %b %H:%M", time.localtime(run.created_at)) if run is not None else ""

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[WorkstreamKey]]:
        found: defaultdict[str, list[WorkstreamKey]] = defaultdict(list)
        for key in self._workstreams:
            found[self.workstream(key)].append(key)
        return found

    @cached_property
    def _runs_by_name(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for run_id in self._runs:
            found[self.run(run_id)].append(run_id)
        return found


def _repository(repo: str | None) -> str:
    return PurePath(repo).name if repo else ""


def _first_apart(marks: Mapping[K, Sequence[str]], key: K) -> str:
    """The first mark of this one that no other has; empty without others."""
    others = [each for rival, each in marks.items() if rival != key]
    if not others:
        return ""
    mine = enumerate(marks.get(key, ()))
    return next((mark for at, mark in mine if mark and all(each[at] != mark for each in others)), "")


def rival_name(conflict: PredictedConflict, key: WorkstreamKey, names: ShownNames) -> str:
    """The other side of a conflict: a workstream by its name, or the target branch."""
    other = next((one for one in conflict.workstreams if one != key), None)
    return conflict.rival_of(key) if other is None else names.workstream(other)
