"""The reviews of the window's home: from the projection, and what it has not from short reads of the database."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePath
from time import monotonic

from PySide6.QtCore import QObject, Signal, Slot

from engine.jobfile.tool_names import is_coding_tool
from engine.review.approval_reasons import ApprovalBlock, approval_reasons
from engine.review.comment_answers import answers_to
from engine.review.compared_commits import of_attempt
from engine.review.evidence_summary import EvidenceSummary, evidence_of
from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.data.shown_review import ShownReview, shown_review, shown_status
from gui.data.status_verbs import status_verb
from gui.panels.review.branch_facts import BranchFacts, BranchReader
from gui.panels.review.evidence_words import block_words, with_conflict
from gui.panels.review.merge_lines import merge_lines, merge_sentence, targets_of
from gui.panels.review.returned_work import returned_sentence, with_rival
from gui.panels.review.review_records import (
    AttemptChoice,
    DeniedCommand,
    ReviewedWork,
    ReviewItem,
    ReviewQueue,
    ReviewSection,
    WorkstreamKey,
)
from gui.panels.review.wordless_work import takes_words
from gui.translation import tr, translatable, uncapitalized
from state import review_queries, worktree_queries
from state.database_errors import DatabaseError
from state.lifecycle import is_restorable
from state.records import GroupStatus, Job, ReviewState, Workstream
from state.review_queries import ReviewRows
from state.worktree_records import Worktree, WorktreeSnapshot

_TONIGHT_S = 16 * 3600.0
_DISCARDED_S = 14 * 86_400.0
"""How long discarded work is listed; it can be restored for longer."""
READ_FOR_S = 0.03
"""How long the queue reads at a time: each review takes milliseconds, and the window waits for them."""
_SENT_BACK = translatable("Sent back")


class StoredReviews(QObject):
    """Answers from what is recorded; where the database is busy, what it last said stays.

    Signals:
        changed: the repository has said more of a branch, or there are more reviews to be read.
    """

    changed = Signal()

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        sources: Readers,
        *,
        clock: Callable[[], float],
        read_for_s: float = READ_FOR_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._projection, self._selection, self._sources, self._clock = projection, selection, sources, clock
        self._read_for_s, self._read_until = read_for_s, 0.0
        self._reads, self._is_partial = 0, False
        self._branches = BranchReader(self)
        self._branches.changed.connect(self.changed)
        self._rows: dict[WorkstreamKey, ReviewRows] = {}
        self._snapshots: dict[WorkstreamKey, Sequence[WorktreeSnapshot]] = {}
        projection.folded.connect(self._on_folded)
        projection.reset.connect(self._on_reset)

    def queue(self) -> ReviewQueue:
        """What waits for review, was sent back, is being merged, was merged.

        Of many that wait, some come without their evidence at first; `changed` is emitted until all have it.
        """
        lines = merge_lines(self._projection)
        places = {line.key: line for line in lines}
        found = []
        self._read_until = monotonic() + self._read_for_s
        self._reads, self._is_partial = 0, False
        for stream in self._streams():
            section = self._section(stream)
            if section is not None:
                line = places.get(stream.key)
                sentence = self._sentence(stream, section)
                if section is ReviewSection.MERGING and line is not None:
                    sentence = f"{uncapitalized(line.word)} {line.sentence}".rstrip()
                found.append(self._item(stream, section, sentence))
        found.sort(key=lambda item: places[item.key].place if item.key in places else 0)
        if self._is_partial:
            self.changed.emit()
        return ReviewQueue(items=found, merges=lines, targets=targets_of(self._projection, lines))

    def work(self, key: WorkstreamKey) -> ReviewedWork | None:
        """The work of a workstream; None if it has none to review."""
        stream = self._projection.workstreams.get(key)
        found = None if stream is None or stream.review is ReviewState.NONE else self._found(stream)
        if stream is None or found is None or found.tree is None:
            return None
        tree, evidence = found.tree, self._evidence(found)
        facts = self._branches.facts(tree, evidence.scope, found.comments, merged=found.merged)
        known = facts or BranchFacts()
        return ReviewedWork(
            key=key,
            title=self._projection.names.distinct(stream.key),
            state=self._glyph(stream),
            word=self._word(stream),
            repo=Path(tree.repo),
            base=known.before,
            head=known.after,
            reading=facts is None,
            problem=known.problem,
            last_seen=stream.reviewed_commit,
            branch=tree.branch,
            target=tree.target or "",
            commits=known.commits,
            target_ahead=known.target_ahead,
            merges_cleanly=False if any(one.second is None for one in found.conflicts) else None,
            attempts=self._attempts(found, tree, known.after),
            captions=(tr("{commit}, when the work began", commit=_short(tree.base)), _last_attempt(found)),
            last_captions=(
                tr("as you reviewed it at {at}", at=clock_minute(stream.reviewed_at)),
                _last_attempt(found),
            ),
            evidence=evidence,
            scope=evidence.scope,
            denied=_denied(found),
            comments=found.comments,
            answers=answers_to(found),
            lines_now=known.lines,
            viewed=frozenset((file.path, file.blob) for file in found.viewed),
            to_view=known.to_view,
            can_decide=stream.review is ReviewState.WAITING,
            takes_comments=stream.review not in {ReviewState.MERGED, ReviewState.DISCARDED},
            takes_words=takes_words(self._projection, key),
            can_restore=is_restorable(stream.review, tree),
            blocked=_blocked(found, evidence),
            returned=returned_sentence(self._projection, key),
            queue_sentence=merge_sentence(self._projection, key, tree),
        )

    # --- the queue -------------------------------------------------------------------------------------------------

    def _streams(self) -> Iterable[Workstream]:
        run_id = self._selection.run_id
        streams = self._projection.workstreams.values()
        return (stream for stream in streams if run_id in {None, stream.run_id})

    def _item(self, stream: Workstream, section: ReviewSection, sentence: str) -> ReviewItem:
        waits = section is ReviewSection.WAITING
        found = self._found_in_time(stream) if waits else None
        return ReviewItem(
            key=stream.key,
            section=section,
            title=self._projection.names.distinct(stream.key),
            repo=escape_invisible(PurePath(stream.repo).name) if stream.repo else "",
            tool=_tool(self._projection.jobs_of(stream.key)),
            state=self._glyph(stream),
            since=self._since(stream),
            sentence="" if found is not None else sentence,
            evidence=None if found is None else self._evidence(found),
            can_restore=is_restorable(stream.review, self._projection.worktrees.get(stream.key)),
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
            case ReviewState.DISCARDED if self._clock() - (self._since(stream) or 0.0) < _DISCARDED_S:
                return ReviewSection.DISCARDED
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
            case ReviewState.DISCARDED:
                return stream.completed_at
            case _:
                return stream.reviewed_at

    def _glyph(self, stream: Workstream) -> str:
        shown = self._shown(stream)
        return shown_status(stream.status) if shown is None else shown.state

    def _word(self, stream: Workstream) -> str:
        shown = self._shown(stream)
        return tr(_SENT_BACK) if shown is None else shown.word

    def _shown(self, stream: Workstream) -> ShownReview | None:
        merge, tree = self._projection.merges.get(stream.key), self._projection.worktrees.get(stream.key)
        return shown_review(stream, merge, tree)

    def _sentence(self, stream: Workstream, section: ReviewSection) -> str:
        tree = self._projection.worktrees.get(stream.key)
        if section is ReviewSection.SENT_BACK:
            jobs = self._projection.jobs_of(stream.key)
            attempt = max((job.attempts for job in jobs if is_coding_tool(job.tool)), default=0)
            if stream.status is GroupStatus.RUNNING:
                return tr("attempt {number} works on your comments", number=attempt)
            return status_verb(stream.status)
        if section is ReviewSection.MERGED and tree is not None and tree.target:
            return tr("into {target}", target=escape_invisible(tree.target))
        return ""

    # --- what is recorded ------------------------------------------------------------------------------------------

    def _found_in_time(self, stream: Workstream) -> ReviewRows | None:
        """The same for one of many: None once these have taken long enough, but one is always read."""
        if stream.key not in self._rows:
            if self._reads and monotonic() >= self._read_until:
                self._is_partial = True
                return None
            self._reads += 1
        return self._found(stream)

    def _found(self, stream: Workstream) -> ReviewRows | None:
        """What is recorded of a workstream; read again once something of it has happened."""
        known = self._rows.get(stream.key)
        if known is None:
            try:
                known = self._sources.reader.read(review_queries.review_rows, stream)
                self._snapshots[stream.key] = self._sources.reader.read(
                    worktree_queries.snapshots_of, *stream.key
                )
            except DatabaseError:
                return None  # busy: the next event, or the next minute, asks again
            self._rows[stream.key] = known
        return known

    def _evidence(self, found: ReviewRows) -> EvidenceSummary:
        evidence = with_conflict(found, evidence_of(found))
        return with_rival(self._projection, found.stream.key, evidence)

    def _attempts(self, found: ReviewRows, tree: Worktree, head: str) -> list[AttemptChoice]:
        coding = {job.job_id for job in found.jobs if is_coding_tool(job.tool)}
        mine = [one.attempt for one in found.attempts if one.attempt.job_id in coding]
        snapshots = self._snapshots.get(tree.key, ())
        sides = [of_attempt(tree, snapshots, attempt.id, head=head) for attempt in mine]
        return [
            AttemptChoice(
                tr("Attempt {number} of {most}", number=number, most=len(mine)), side.before, side.after
            )
            for number, side in enumerate(sides, 1)
            if side is not None and side.after
        ]

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        for key in changes.workstreams:
            self._rows.pop(key, None)
        for event in changes.events:
            kind = event.event_type.partition(".")[0]
            if kind in {"comment", "file"} and event.ws_id is not None and event.run_id is not None:
                self._rows.pop((event.run_id, event.ws_id), None)
            for payload in ("comment", "viewed"):
                one = event.payload.get(payload)
                if one is not None:
                    self._rows.pop((one["run_id"], one["ws_id"]), None)
            if kind == "merge":
                self._branches.forget()

    @Slot()
    def _on_reset(self) -> None:
        self._rows.clear()
        self._branches.forget()


def _blocked(found: ReviewRows, evidence: EvidenceSummary) -> str:
    """Why it cannot be approved, apart from files that were not viewed: those the diff knows."""
    reasons = approval_reasons(found, evidence, {})
    mine = (reason for reason in reasons if reason.block is not ApprovalBlock.UNSEEN)
    return next((block_words(found, reason) for reason in mine), "")


def _last_attempt(found: ReviewRows) -> str:
    coding = {job.job_id for job in found.jobs if is_coding_tool(job.tool)} or {
        job.job_id for job in found.jobs
    }
    mine = [one.attempt for one in found.attempts if one.attempt.job_id in coding]
    if not mine:
        return tr("the finished work")
    last = mine[-1]
    return tr(
        "attempt {number}, {tool}, {at}",
        number=last.number,
        tool=last.tool,
        at=clock_minute(last.completed_at or last.started_at),
    )


def _denied(found: ReviewRows) -> list[DeniedCommand]:
    return [
        DeniedCommand(command, tr("attempt {number}", number=one.attempt.number), one.attempt.completed_at)
        for one in found.attempts
        for command in one.denied
    ]


def _tool(jobs: Sequence[Job]) -> str:
    coding = [job.tool for job in jobs if is_coding_tool(job.tool)]
    return coding[-1] if coding else jobs[0].tool if jobs else ""


def _short(base: str) -> str:
    return escape_invisible(base if len(base) < 40 else base[:7])  # noqa: PLR2004 - a whole commit id
