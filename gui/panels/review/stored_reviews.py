"""The reviews of the window's home: from the projection, and what it has not from short reads of the database."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePath

from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.review.merge_lines import merge_lines, merge_sentence, targets_of
from gui.panels.review.review_records import (
    AttemptChoice,
    DeniedCommand,
    ReviewedWork,
    ReviewItem,
    ReviewQueue,
    ReviewSection,
    WorkstreamKey,
)
from gui.panels.review.work_evidence import WorkEvidence
from state import worktree_queries
from state.database_errors import DatabaseError
from state.records import Attempt, Job, JobStatus, ReviewState, Workstream
from state.worktree_records import ReviewComment, Worktree, WorktreeSnapshot

_TONIGHT_S = 16 * 3600.0
_WORDS = {
    ReviewState.WORKING: ("running", "Sent back"),
    ReviewState.WAITING: ("needsyou", "Waits for review"),
    ReviewState.APPROVED: ("queued", "In the merge queue"),
    ReviewState.MERGED: ("completed", "Merged"),
    ReviewState.DISCARDED: ("cancelled", "Discarded"),
}


class StoredReviews:
    """Answers from what is recorded; where the database is busy, what it last said stays."""

    def __init__(
        self, projection: Projection, selection: Selection, sources: Readers, clock: Callable[[], float]
    ) -> None:
        self._projection, self._selection, self._sources, self._clock = projection, selection, sources, clock
        self._evidence = WorkEvidence(projection, sources)
        self._comments: dict[WorkstreamKey, Sequence[ReviewComment]] = {}
        self._viewed: dict[WorkstreamKey, frozenset[tuple[str, str]]] = {}
        self._snapshots: dict[WorkstreamKey, Sequence[WorktreeSnapshot]] = {}

    def queue(self) -> ReviewQueue:
        """What waits for review, was sent back, is being merged, was merged."""
        found = [item for stream in self._streams() if (item := self._item(stream)) is not None]
        lines = merge_lines(self._projection)
        order = {line.key: line.place for line in lines}
        found.sort(key=lambda item: order.get(item.key, 0))
        return ReviewQueue(items=found, merges=lines, targets=targets_of(self._projection, lines))

    def work(self, key: WorkstreamKey) -> ReviewedWork | None:
        """The work of a workstream; None if it has none to review."""
        stream, tree = self._projection.workstreams.get(key), self._projection.worktrees.get(key)
        if stream is None or tree is None or stream.review not in _WORDS:
            return None
        self._read(key)
        state, word = _WORDS[stream.review]
        jobs = self._projection.jobs_of(key)
        choices = self._attempts(tree)
        return ReviewedWork(
            key=key,
            title=escape_invisible(stream.title or stream.ws_id),
            state=state,
            word=word,
            repo=Path(tree.repo),
            base=tree.base_commit or "",
            head=tree.head or "",
            last_seen=_last_seen(stream, tree),
            branch=tree.branch,
            target=tree.target or "",
            attempts=choices,
            captions=(f"{_short(tree.base)}, when the work began", self._last_attempt(jobs)),
            last_captions=(
                f"as you reviewed it at {clock_minute(stream.reviewed_at)}",
                self._last_attempt(jobs),
            ),
            evidence=self._evidence.of(key),
            scope=_scope(jobs),
            denied=self._denied(jobs),
            comments=self._comments.get(key, ()),
            viewed=self._viewed.get(key, frozenset()),
            can_decide=stream.review is ReviewState.WAITING,
            queue_sentence=merge_sentence(self._projection, key, tree, files=self._evidence.files(key)),
            tool=_tool(jobs),
        )

    # --- the queue -------------------------------------------------------------------------------------------------

    def _streams(self) -> Iterable[Workstream]:
        run_id = self._selection.run_id
        streams = self._projection.workstreams.values()
        return (stream for stream in streams if run_id in {None, stream.run_id})

    def _item(self, stream: Workstream) -> ReviewItem | None:
        section = self._section(stream)
        if section is None:
            return None
        jobs = self._projection.jobs_of(stream.key)
        waits = section is ReviewSection.WAITING
        return ReviewItem(
            key=stream.key,
            section=section,
            title=escape_invisible(stream.title or stream.ws_id),
            repo=_repo_name(stream),
            tool=_tool(jobs),
            state=self._glyph(stream),
            since=self._since(stream),
            sentence="" if waits else self._sentence(stream, section, jobs),
            evidence=self._evidence.of(stream.key) if waits else None,
        )

    def _section(self, stream: Workstream) -> ReviewSection | None:
        match stream.review:
            case ReviewState.WAITING:
                return ReviewSection.WAITING
            case ReviewState.WORKING if stream.reviewed_at is not None:
                return ReviewSection.SENT_BACK
            case ReviewState.APPROVED:
                return ReviewSection.MERGING
            case ReviewState.MERGED if self._clock() - (self._since(stream) or 0.0) < _TONIGHT_S:
                return ReviewSection.MERGED
            case _:
                return None

    def _since(self, stream: Workstream) -> float | None:
        merge = self._projection.merges.get(stream.key)
        match stream.review:
            case ReviewState.WAITING:
                return stream.waits_since
            case ReviewState.APPROVED:
                return None if merge is None else merge.created_at
            case ReviewState.MERGED:
                return stream.completed_at if merge is None or merge.ended_at is None else merge.ended_at
            case _:
                return stream.reviewed_at

    def _glyph(self, stream: Workstream) -> str:
        merge = self._projection.merges.get(stream.key)
        if stream.review is ReviewState.APPROVED and merge is not None and merge.started_at is not None:
            return "running"
        if stream.review is ReviewState.WORKING:
            jobs = self._projection.jobs_of(stream.key)
            return "running" if any(job.status is JobStatus.RUNNING for job in jobs) else "queued"
        return _WORDS[stream.review][0]

    def _sentence(self, stream: Workstream, section: ReviewSection, jobs: Sequence[Job]) -> str:
        names = escape_invisible(stream.ws_id)
        if section is ReviewSection.SENT_BACK:
            attempt = max((job.attempts for job in jobs), default=0)
            return f"attempt {attempt} works on your comments" if attempt else names
        if section is ReviewSection.MERGING:
            lines = merge_lines(self._projection)
            line = next((one for one in lines if one.key == stream.key), None)
            return names if line is None else f"{names}, {line.word.lower()} {line.sentence}".rstrip()
        tree = self._projection.worktrees.get(stream.key)
        return f"{names}, into {tree.target}" if tree is not None and tree.target else names

    # --- the work --------------------------------------------------------------------------------------------------

    def _read(self, key: WorkstreamKey) -> None:
        read = self._sources.reader.read
        try:
            self._comments[key] = read(worktree_queries.comments_of, *key)
            viewed = read(worktree_queries.viewed_of, *key)
            self._viewed[key] = frozenset((file.path, file.blob) for file in viewed)
            self._snapshots[key] = read(worktree_queries.snapshots_of, *key)
        except DatabaseError:
            return  # busy: what it last said stays, and the next event asks again

    def _attempts(self, tree: Worktree) -> list[AttemptChoice]:
        """Each attempt from its snapshot to the next one, the last to the commit of the finished work."""
        snapshots = [one for one in self._snapshots.get(tree.key, ()) if one.attempt_id is not None]
        ends = [*(one.commit for one in snapshots[1:]), tree.head or ""]
        count = len(snapshots)
        return [
            AttemptChoice(f"Attempt {number} of {count}", one.commit, end)
            for number, (one, end) in enumerate(zip(snapshots, ends, strict=False), 1)
            if end
        ]

    def _last_attempt(self, jobs: Sequence[Job]) -> str:
        attempt = self._newest(jobs)
        if attempt is None:
            return "the finished work"
        when = clock_minute(attempt.completed_at or attempt.started_at)
        return f"attempt {attempt.number}, {attempt.tool}, {when}"

    def _newest(self, jobs: Sequence[Job]) -> Attempt | None:
        coding = {job.job_id for job in jobs if job.tool not in _PLAIN} or {job.job_id for job in jobs}
        found = (one for one in self._projection.attempts.values() if one.job_id in coding)
        return max(found, key=lambda one: one.id, default=None)

    def _denied(self, jobs: Sequence[Job]) -> list[DeniedCommand]:
        return [
            DeniedCommand(str(one), f"attempt {attempt.number}", attempt.completed_at)
            for attempt, metadata in self._evidence.results(jobs)
            for one in metadata.get("denied") or ()
        ]


_PLAIN = frozenset({"shell", "tests", "git"})


def _last_seen(stream: Workstream, tree: Worktree) -> str | None:
    return stream.reviewed_commit if stream.reviewed_commit not in {None, tree.base_commit} else None


def _scope(jobs: Iterable[Job]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern for job in jobs for pattern in job.files_scope))


def _tool(jobs: Sequence[Job]) -> str:
    return next((job.tool for job in reversed(jobs) if job.tool not in _PLAIN), jobs[0].tool if jobs else "")


def _repo_name(stream: Workstream) -> str:
    return escape_invisible(PurePath(stream.repo).name) if stream.repo else ""


def _short(base: str) -> str:
    return escape_invisible(base if len(base) < 40 else base[:7])  # noqa: PLR2004 - a whole commit id
