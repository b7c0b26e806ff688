"""A night in a real database: workstreams ran, failed, waited for slots, quotas and each other, and were held."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from state.ledger import AttemptOutcome, Following
from state.records import Attempt, AttemptStatus, HoldCause, JobHold, JobStatus
from tests.gui.window_parts import START, WindowParts

MINUTE = 60.0
OPENS = START - 285 * MINUTE
"""When the night begins: it is at `START` at its end."""
RESETS_AT = OPENS + 6 * 3600.0


class NightScene:
    """Plays what happened, in the order of time; an engine lived from its beginning on."""

    def __init__(self, parts: WindowParts) -> None:
        self.parts = parts
        self._plan: list[tuple[float, Callable[[], object]]] = []
        self._running: dict[str, Attempt] = {}

    def play_what_is_over(self) -> None:
        """Write a run that has ended, and nothing else."""
        self._over()
        self._play()

    def play(self) -> None:
        """Write the whole night; the clock is at `START` afterwards."""
        self._checkout()
        self._parser()
        self._over()
        self._play()

    def _play(self) -> None:
        self.parts.clock.now = OPENS
        self.parts.ledger.engines.started(replace(self.parts.engine, started_at=OPENS))
        for minute, act in sorted(self._plan, key=lambda planned: planned[0]):
            self.parts.clock.now = OPENS + minute * MINUTE
            act()
        self.parts.clock.now = START
        self.parts.follow()

    def _checkout(self) -> None:
        self._run("0347", "Night: checkout v2", "shop", 15, {
            "cart-totals": ("plan:claude", "edit:claude", "test:tests", "review:tests"),
            "price-rules": ("edit:aider", "test:tests"),
            "stripe-webhooks": ("edit:claude", "test:tests"),
            "search-index": ("plan:claude", "edit:codex", "test:tests"),
            "checkout-copy": ("edit:gemini", "test:tests"),
            "locale-de": ("edit:aider", "test:tests"),
        })  # fmt: skip
        self._runs("cart-totals-plan", 16, 34)
        self._runs("cart-totals-edit", 180, 195, "failed", then="queued", usage=0.2)
        self._runs("cart-totals-edit", 213, 234, "failed", then="queued", usage=0.36)
        self._starts("cart-totals-edit", 264)
        self._runs("price-rules-edit", 16, 33)
        self._runs("price-rules-test", 131, 177, "timeout", then="queued")
        self._runs("price-rules-test", 207, 258, "failed", then="queued", backoff=4)
        self._starts("price-rules-test", 282)
        self._runs("stripe-webhooks-edit", 16, 57, usage=0.05)
        self._runs("stripe-webhooks-test", 57, 83, "failed", then="queued")
        self._runs("stripe-webhooks-test", 110, 141, "failed", then="queued", backoff=64)
        self._runs("stripe-webhooks-test", 209, 247, "failed", then="failed")
        self._runs("search-index-plan", 52, 65, usage=0.12)
        self._runs("search-index-edit", 177, 224, "quota", then="queued", quota=325)
        self._at(193, lambda: self._hold("locale-de-edit"))

    def _parser(self) -> None:
        self._run("0346", "Parser: error recovery", "parser", 60, {
            "recovery": ("edit:aider", "test:tests"),
            "lexer-split": ("edit:aider", "test:tests"),
            "unicode-idents": ("edit:codex", "test:tests"),
        }, after={"lexer-split-edit": "recovery-test"})  # fmt: skip
        self._runs("recovery-edit", 66, 109)
        self._runs("recovery-test", 231, 276, "failed", then="queued")
        self._starts("recovery-test", 278)
        self._runs("unicode-idents-edit", 100, 155, usage=0.7)
        self._runs("unicode-idents-test", 156, 181)

    def _over(self) -> None:
        self._run(
            "0344",
            "Dependency bumps",
            "shop",
            1,
            {"bump-ruff": ("edit:claude",), "bump-mypy": ("edit:claude",)},
        )
        self._runs("bump-ruff-edit", 2, 14, usage=0.3)
        self._runs("bump-mypy-edit", 3, 11)

    def _run(
        self, run_id: str, title: str, repo: str, minute: float, streams: dict[str, tuple[str, ...]],
        *, after: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        made: list[JobSpec] = []
        for name, steps in streams.items():
            before = None
            for step in steps:
                label, tool = step.split(":")
                job_id = f"{name}-{label}"
                first = before or (after or {}).get(job_id)
                made.append(_spec(job_id, label, tool, repo, [first] if first else []))
                before = job_id
        self._at(minute, lambda: self.parts.enter(*made, run_id=run_id, title=title))

    def _runs(self, job_id: str, start: float, end: float, status: str = "completed", **ending: Any) -> None:
        self._starts(job_id, start)
        self._at(end, lambda: self._end(job_id, status, **ending))

    def _starts(self, job_id: str, minute: float) -> None:
        self._at(minute, lambda: self._running.update({job_id: self.parts.start(job_id)}))

    def _end(
        self,
        job_id: str,
        status: str,
        *,
        then: str = "completed",
        backoff: float | None = None,
        quota: float | None = None,
        usage: float | None = None,
    ) -> None:
        attempt, now = self._running.pop(job_id), self.parts.clock.now
        windows = [{"name": "5 hours", "used": usage, "resets_at": RESETS_AT}]
        outcome = AttemptOutcome(
            status=AttemptStatus(status),
            result={"exit_code": 0, "metadata": {} if usage is None else {"windows": windows}},
            exit_code=0 if status == "completed" else 1,
            duration_s=now - attempt.started_at,
            summary="" if status == "completed" else f"{attempt.step_name} failed: 2 of 43 tests.",
            cost_usd=0.11,
        )
        not_before = OPENS + quota * MINUTE if quota else now + backoff * MINUTE if backoff else None
        following = Following(
            status=JobStatus(then),
            not_before=not_before,
            waits_for=("quota" if quota else "backoff") if not_before else None,
            quarantined=status == "failed" and then == "failed",
        )
        self.parts.ledger.attempts.end(attempt, outcome, following, now=now)
        self.parts.follow()

    def _hold(self, job_id: str) -> None:
        self.parts.ledger.commands.hold(job_id, JobHold(HoldCause.PERSON, "Held by you."))
        self.parts.follow()

    def _at(self, minute: float, act: Callable[[], object]) -> None:
        self._plan.append((minute, act))


def _spec(job_id: str, label: str, tool: str, repo: str, depends_on: list[str]) -> JobSpec:
    coding = tool != "tests"
    content = {"tool": tool, "prompt": "Do it."} if coding else {"tool": "shell", "command": {"exe": "true"}}
    return job_from_mapping(
        {
            "job_id": job_id,
            "workstream_id": job_id.removesuffix(f"-{label}"),
            "step_name": label,
            "paths": {"repo_root": f"/src/{repo}"},
            "metadata": {"depends_on": depends_on, "retry": {"limit": 2}},
            **content,
        }
    )
