"""Records of one night in two repositories: eleven workstreams that cover every state the radar can show."""

from dataclasses import replace

from gui.data.projection import EngineFacts, Projection
from state.records import (
    GroupStatus,
    Job,
    JobStatus,
    ReviewState,
    Run,
    Snapshot,
    Stage,
    Workstream,
    WorkstreamFile,
)
from state.worktree_records import PredictedConflict, Worktree

NOW = 1_790_000_000.0
SHOP, PARSER = "/src/shop", "/src/parser"
_S = JobStatus
_STAGES = (Stage.EDIT, Stage.TEST, Stage.REVIEW, Stage.MERGE)


def job(ws_id: str, number: int, status: JobStatus = _S.QUEUED, **more: object) -> Job:
    """Step `number` (from 1) of a workstream: edit, test, review, merge."""
    stage = _STAGES[number - 1]
    made = Job(
        job_id=f"{ws_id}-{stage.value}",
        run_id="night",
        ws_id=ws_id,
        seq=number,
        position=number,
        step_name=stage.value,
        stage=stage,
        tool="tests" if stage is Stage.TEST else "aider",
        status=status,
        created_at=NOW - 3600,
        started_at=None if status in {_S.QUEUED, _S.HELD} else NOW - 60 * number,
        completed_at=NOW - 60 * number if status is _S.COMPLETED else None,
        attempts=0 if status in {_S.QUEUED, _S.HELD} else 1,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Job by name


def steps(ws_id: str, *statuses: JobStatus) -> list[Job]:
    """The first steps of a workstream, in these states."""
    return [job(ws_id, number, status) for number, status in enumerate(statuses, start=1)]


def file(ws_id: str, path: str, run_id: str = "night", **more: object) -> WorkstreamFile:
    """A declared file; it counts as touched if `added` is given."""
    made = WorkstreamFile(
        run_id=run_id, ws_id=ws_id, path=path, declared=True, touched="added" in more, updated_at=NOW - 200
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of WorkstreamFile by name


_C, _R, _Q = _S.COMPLETED, _S.RUNNING, _S.QUEUED


def night() -> Snapshot:
    """The whole scene."""
    streams: dict[str, tuple[str, list[Job], list[WorkstreamFile]]] = {
        "cart-totals": (
            SHOP,
            [
                job("cart-totals", 1, _C, files_scope=("shop/cart/cart.py",)),
                job("cart-totals", 2, _R, files_scope=("shop/cart/cart.py",), attempts=2, max_attempts=3),
                job(
                    "cart-totals",
                    3,
                    _R,
                    stage=Stage.EDIT,
                    files_scope=("shop/cart/totals.py", "shop/money.py"),
                ),
                job("cart-totals", 4, _Q, stage=Stage.EDIT, files_scope=("shop/receipt.py", "shop/tax.py")),
            ],
            [
                file("cart-totals", "shop/cart/cart.py", added=12, removed=3),
                file("cart-totals", "shop/cart/totals.py", added=41, removed=12),
                file("cart-totals", "shop/money.py"),
                file("cart-totals", "shop/receipt.py"),
                file("cart-totals", "shop/tax.py"),
            ],
        ),
        "price-rules": (
            SHOP,
            steps("price-rules", _R, _Q, _Q),
            [
                file("price-rules", "shop/cart/totals.py", added=6, removed=2),
                file("price-rules", "shop/rules.py"),
                file("price-rules", "shop/coupons.py"),
                file("price-rules", "shop/bundles.py"),
            ],
        ),
        "stripe-webhooks": (
            SHOP,
            [
                job("stripe-webhooks", 1, _C),
                job("stripe-webhooks", 2, _S.FAILED, quarantined=True, attempts=3),
            ],
            [
                file("stripe-webhooks", f"shop/{name}.py")
                for name in ("webhooks", "replay", "signing", "queue")
            ],
        ),
        "ui-a11y": (
            SHOP,
            steps("ui-a11y", _C, _C, _S.FAILED),
            [file("ui-a11y", f"web/{name}.html", added=4, removed=1) for name in ("menu", "form", "dialog")],
        ),
        "search-index": (
            SHOP,
            [
                job("search-index", 1, not_before=NOW + 2600, waits_for="quota", tool="codex", attempts=1),
                job("search-index", 2),
            ],
            [file("search-index", f"search/{name}.py") for name in ("query", "index", "synonyms")],
        ),
        "checkout-copy": (
            SHOP,
            steps("checkout-copy", _Q, _Q),
            [file("checkout-copy", f"locale/{name}.json") for name in ("en", "fr", "it")],
        ),
        "locale-de": (
            SHOP,
            [job("locale-de", 1, _S.HELD, hold_reason="Waits for the translators.")],
            [file("locale-de", name) for name in ("locale/de.po", "locale/terms.csv")],
        ),
        "recovery": (
            PARSER,
            [job("recovery", 1, _C), job("recovery", 2, _R, attempts=2, max_attempts=2), job("recovery", 3)],
            [
                file("recovery", "src/parser/lexer.py", added=41, removed=12, tool="codex"),
                file("recovery", "src/parser/errors.py", added=8, removed=0),
                file("recovery", "src/parser/sync.py"),
            ],
        ),
        "lexer-split": (
            PARSER,
            [job("lexer-split", 1, _Q, depends_on=("recovery-test",)), job("lexer-split", 2)],
            [file("lexer-split", f"src/parser/{name}.py") for name in ("lexer", "tokens", "scanner")],
        ),
        "fuzz-corpus": (
            PARSER,
            steps("fuzz-corpus", _C, _S.TIMEOUT, _Q),
            [file("fuzz-corpus", f"fuzz/{name}.py") for name in ("corpus", "fuzz_stmt", "fuzz_expr")],
        ),
        "unicode-idents": (
            PARSER,
            steps("unicode-idents", _C, _C, _C, _C),
            [
                file("unicode-idents", f"src/parser/{name}.py", added=3, removed=1)
                for name in ("idents", "tables", "nfc")
            ],
        ),
    }
    state = {"unicode-idents": GroupStatus.MERGED}
    review = {"unicode-idents": ReviewState.MERGED}
    return Snapshot(
        cursor=10,
        runs=(Run(run_id="night", title="Night", created_at=NOW - 7200, status=GroupStatus.RUNNING),),
        workstreams=tuple(
            Workstream(
                run_id="night",
                ws_id=ws_id,
                position=number,
                repo=repo,
                status=state.get(ws_id, GroupStatus.RUNNING),
                review=review.get(ws_id, ReviewState.NONE),
            )
            for number, (ws_id, (repo, _, _)) in enumerate(streams.items())
        ),
        worktrees=tuple(worktree(ws_id) for ws_id in ("cart-totals", "price-rules")),
        jobs=tuple(one for _, jobs, _ in streams.values() for one in jobs),
        files=tuple(one for _, _, files in streams.values() for one in files),
    )


def worktree(ws_id: str) -> Worktree:
    """A folder of its own for a workstream of the shop."""
    branch = f"signalbox/night/{ws_id}"
    return Worktree(run_id="night", ws_id=ws_id, repo=SHOP, path=f"/trees/{ws_id}", branch=branch)


def predicted(
    ws_id: str = "cart-totals", other: str = "price-rules", *paths: str, target: str = ""
) -> PredictedConflict:
    """What git predicts of two workstreams of the scene, or of one and a target branch."""
    return PredictedConflict(
        run_id="night",
        ws_id=ws_id,
        other_run_id="" if target else "night",
        other_ws_id="" if target else other,
        other_branch=target or f"signalbox/night/{other}",
        commit="a" * 40,
        other_commit="b" * 40,
        files=paths or ("shop/cart/totals.py",),
    )


def projection(snapshot: Snapshot | None = None) -> Projection:
    """A projection of the snapshot, with a running engine."""
    made = Projection()
    made.load(snapshot or night())
    made.observe_engine(EngineFacts(running=True))
    return made


def crowd(workstreams: int, files_each: int) -> Snapshot:
    """Many workstreams with many files each, all in testing."""
    ids = [f"ws-{number:03}" for number in range(workstreams)]
    return Snapshot(
        cursor=1,
        runs=(Run(run_id="night", created_at=NOW - 7200, status=GroupStatus.RUNNING),),
        workstreams=tuple(Workstream(run_id="night", ws_id=ws_id, repo=SHOP) for ws_id in ids),
        jobs=tuple(one for ws_id in ids for one in steps(ws_id, _C, _R)),
        files=tuple(file(ws_id, f"{ws_id}/file_{n}.py") for ws_id in ids for n in range(files_each)),
    )
