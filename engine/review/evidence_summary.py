"""What is known of finished work besides its diff, at a glance: tests, scope, denied commands, cost, attempts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.jobfile.tool_names import is_coding_tool
from engine.review.declared_scope import declared_scope, outside_scope
from engine.scheduling.conflict_words import files_in_words, predicted_with
from engine.system.cost_text import cost_caption
from engine.system.formatting import duration, money, plural
from state.costs import Cost, total_cost
from state.records import AttemptStatus, Job, Stage
from state.review_queries import AttemptFindings, ReviewRows
from state.worktree_records import Merge, MergeState


@dataclass(frozen=True, kw_only=True)
class CountedTests:
    """How many tests passed and failed; None where the step says only how it ended."""

    passed: int | None = None
    failed: int | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceSummary:
    """What a person weighs before they approve.

    `tests` are those that ran on the last change, None where none did; `before` are those that ran before them.
    `expects_tests` says whether the workstream has tests at all. `outside` are the changed files outside of `scope`,
    `denied` is what its tools were not allowed to do. `completed` says of each attempt whether it ended well: one
    that was sent back did. `conflict` says in words what it collides with; `is_predicted` where it only would.
    `check` says that the check of the project was red when it was to be merged.
    """

    tests: CountedTests | None = None
    before: CountedTests | None = None
    expects_tests: bool = False
    scope: Sequence[str] = ()
    outside: Sequence[str] = ()
    denied: Sequence[str] = ()
    cost: Cost = field(default_factory=Cost)
    cost_limit: float | None = None
    attempts: int = 0
    max_attempts: int = 0
    completed: Sequence[bool] = ()
    worked_s: float | None = None
    conflict: str = ""
    is_predicted: bool = False
    check: str = ""

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Each fact with its name, in words."""
        yield "tests", words_on_tests(self)
        yield "scope", words_on_scope(self)
        yield "denied", plural(len(self.denied), "command") + " denied" if self.denied else "nothing denied"
        yield "cost", _words_on_cost(self)
        worked = f", {duration(self.worked_s)} of work" if self.worked_s else ""
        yield "attempts", f"{plural(self.attempts, 'attempt')}{worked}"
        if self.conflict:
            yield "conflict", f"conflict predicted {self.conflict}" if self.is_predicted else self.conflict
        if self.check:
            yield "check", self.check


def evidence_of(found: ReviewRows, *, outside: Sequence[str] | None = None) -> EvidenceSummary:
    """The evidence for the work of a workstream.

    `outside` are the files outside the scope as its diff has them; without it, as its attempts reported what they
    touched.
    """
    last_edit = _last_edit(found)
    runs = list(_test_runs(found))
    fresh = [counts for attempt_id, counts in runs if attempt_id >= last_edit]
    older = [counts for attempt_id, counts in runs if attempt_id < last_edit]
    roots = () if found.tree is None else (found.tree.path, found.tree.repo)
    scope = declared_scope(found.jobs, roots)
    coding = [job for job in found.jobs if is_coding_tool(job.tool)]
    main = coding[-1:] or list(found.jobs[-1:])
    happened, predicted = _happened(found), _predicted(found)
    return EvidenceSummary(
        tests=fresh[-1] if fresh else None,
        before=older[-1] if older else None,
        expects_tests=bool(runs) or any(_has_tests(found, job) for job in found.jobs),
        scope=scope,
        outside=outside_scope(scope, found.files) if outside is None else tuple(outside),
        denied=[one for findings in found.attempts for one in findings.denied],
        cost=total_cost(job.cost for job in found.jobs),
        cost_limit=_limit(found),
        attempts=sum(job.attempts for job in main),
        max_attempts=sum(job.max_attempts for job in main),
        completed=[
            one.attempt.status is AttemptStatus.COMPLETED
            for one in found.attempts
            if one.attempt.job_id in {job.job_id for job in main}
        ],
        worked_s=_worked(found.attempts),
        conflict=happened or predicted,
        is_predicted=bool(predicted) and not happened,
        check=_check(found),
    )


def _predicted(found: ReviewRows) -> str:
    return predicted_with(found.conflicts, found.stream.key, found.names)


def words_on_tests(evidence: EvidenceSummary) -> str:
    """What is known of the tests: ``43 passed``, ``2 failed``, ``tests not run``."""
    tests = evidence.tests
    if tests is None:
        return "tests not run" if evidence.expects_tests else "no tests"
    if tests.failed:
        return f"{tests.failed:,} failed"
    return "passed" if tests.passed is None else f"{tests.passed:,} passed"


def words_on_scope(evidence: EvidenceSummary) -> str:
    """What is known of the scope: ``in scope``, ``1 file outside scope``."""
    if not evidence.scope:
        return "no scope declared"
    return f"{plural(len(evidence.outside), 'file')} outside scope" if evidence.outside else "in scope"


def _words_on_cost(evidence: EvidenceSummary) -> str:
    """What was spent, and the most that may be: ``$0.84 of $2.00``, ``cost unknown, limit $2.00``."""
    words = cost_caption(evidence.cost) or "no cost"
    if evidence.cost_limit is None:
        return words
    return f"{words}{', limit' if evidence.cost.usd is None else ' of'} {money(evidence.cost_limit)}"


def _last_edit(found: ReviewRows) -> int:
    """The id of the attempt that last changed the files; 0 where none did."""
    coding = {job.job_id for job in found.jobs if is_coding_tool(job.tool)}
    edits = {job.job_id for job in found.jobs if job.job_id in coding and job.stage is Stage.EDIT} or coding
    return max((one.attempt.id for one in found.attempts if one.attempt.job_id in edits), default=0)


def _test_runs(found: ReviewRows) -> Iterator[tuple[int, CountedTests]]:
    """The runs of tests by the ids of their attempts, oldest first."""
    of_tests = {
        job.job_id
        for job in found.jobs
        if (job.stage is Stage.TEST and not is_coding_tool(job.tool)) or _demands_tests(found, job)
    }
    for one in found.attempts:
        if one.tests:
            failed = _count(one, "failed") + _count(one, "errors")
            yield one.attempt.id, CountedTests(passed=_count(one, "passed"), failed=failed)
        elif one.attempt.job_id in of_tests and one.attempt.status is AttemptStatus.COMPLETED:
            yield one.attempt.id, CountedTests()


def _count(one: AttemptFindings, name: str) -> int:
    value = one.tests.get(name)
    return value if isinstance(value, int) else 0


def _has_tests(found: ReviewRows, job: Job) -> bool:
    """Whether a step is one that runs tests, or demands that they pass."""
    return job.stage is Stage.TEST or _demands_tests(found, job)


def _demands_tests(found: ReviewRows, job: Job) -> bool:
    """Whether an attempt of a step is only complete when its tests have passed."""
    evidence = (found.specs.get(job.job_id, {}).get("metadata") or {}).get("evidence") or {}
    return evidence.get("tests") is not None


def _limit(found: ReviewRows) -> float | None:
    """The most that its steps may cost together, where each that costs anything has a budget."""
    budgets = [
        ((found.specs.get(job.job_id, {}).get("metadata") or {}).get("limits") or {}).get("budget_usd")
        for job in found.jobs
        if is_coding_tool(job.tool)
    ]
    known = [float(budget) for budget in budgets if isinstance(budget, int | float)]
    return sum(known) if known and len(known) == len(budgets) else None


def _worked(attempts: Sequence[AttemptFindings]) -> float | None:
    known = [one.attempt.duration_s for one in attempts if one.attempt.duration_s is not None]
    return sum(known) if known else None


def _happened(found: ReviewRows) -> str:
    """The conflict that its last merge ran into."""
    merge = _returned(found, MergeState.CONFLICT)
    if merge is None:
        return ""
    files = files_in_words(merge.files)
    changed = f", which {' and '.join(found.rivals)} changed too" if found.rivals else ""
    return f"conflict with {merge.target}" + (f": {files}{changed}" if files else "")


def _check(found: ReviewRows) -> str:
    """The red check that its last merge ran into."""
    merge = _returned(found, MergeState.RED)
    return "" if merge is None else f"red on top of {merge.target}"


def _returned(found: ReviewRows, state: MergeState) -> Merge | None:
    """Its last merge, if that ended so and was of the work as it is now."""
    merge, tree = found.merge, found.tree
    is_old = merge is not None and tree is not None and merge.head != tree.head
    return None if merge is None or is_old or merge.state is not state else merge
