"""A review as a person finds it in the morning: a real repository with real commits, and the facts around them."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.review.diff_records import FileChange
from engine.review.evidence_summary import CountedTests, EvidenceSummary
from engine.review.viewed_marks import mark_of
from gui.panels.review.drafts import CommentDraft
from gui.panels.review.review_records import (
    AttemptChoice,
    DeniedCommand,
    MergeLine,
    ReviewedWork,
    ReviewItem,
    ReviewQueue,
    ReviewSection,
    WorkstreamKey,
)
from gui.panels.review.review_source import Answered
from state.costs import Cost, CostSource
from state.worktree_records import CommentState, MergeState, ReviewComment
from tests.engine.review.conftest import TwoCommits

RUN = "0347"
CART: WorkstreamKey = (RUN, "cart-totals")
_MINUTE = 60.0

_HEAD = '''"""Carts and their lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from shop.cart.money import CurrencyMismatch, Money

RATES = {"SUMMER": Decimal("0.10"), "STAFF": Decimal("0.30")}


def codes() -> Iterable[str]:
    """Every code that is known."""
    return sorted(RATES)


@dataclass
class Cart:
    """What somebody is about to buy."""

    lines: list["Line"] = field(default_factory=list)
    currency: str = "EUR"

    def add(self, line: "Line") -> None:
        """Put a line into the cart."""
        self.lines.append(line)

    def remove(self, sku: str) -> None:
        """Take a line out of the cart."""
        self.lines = [line for line in self.lines if line.sku != sku]

    def is_empty(self) -> bool:
        return not self.lines

    @property
'''
_TOTAL_BEFORE = '''    def total(self) -> Money:
        """Sum of all lines."""
        return sum(l.price * l.qty for l in self.lines)

    def discounted(self, code: str) -> Money:
        rate = Decimal(RATES.get(code, 0))
        return self.total() * (1 - rate)

    def tax(self, rate: Decimal) -> Money:
        # rates come as percent, for example 19
        return self.total() * rate / 100
'''
_TOTAL_AFTER = '''    def total(self) -> Money:
        """Sum of all lines, each rounded once."""
        amount = Money.zero(self.currency)
        for line in self.lines:
            if line.currency != self.currency:
                raise CurrencyMismatch(line.sku)
            amount += line.total().quantize()
        return amount

    def discounted(self, code: str) -> Money:
        rate = RATES.get(code, Decimal("0"))
        return (self.total * (1 - rate)).quantize()

    def tax(self, rate: Decimal) -> Money:
        # rates come as percent, for example 19
        return (self.total * rate / 100).quantize()
'''
_BETWEEN = "\n".join(f"    # part {number} of the cart that nobody has changed" for number in range(38))
_LINE_BEFORE = '''

@dataclass
class Line:
    """One article of a cart."""

    sku: str
    qty: int = 1

    def total(self) -> Money:
        return round(self.price * self.qty, 2)

    def label(self) -> str:
        return f"{self.qty} x {self.sku}"
'''
_LINE_AFTER = _LINE_BEFORE.replace(
    "round(self.price * self.qty, 2)", "Money(self.price, self.currency) * self.qty"
)
_TAIL = "\n".join(f"    # the end, line {number}" for number in range(24)) + "\n"


def _totals(*, after: bool) -> str:
    middle, line = (_TOTAL_AFTER, _LINE_AFTER) if after else (_TOTAL_BEFORE, _LINE_BEFORE)
    return _HEAD + middle + _BETWEEN + line + _TAIL


def _lines(name: str, count: int, changed: int = 0) -> str:
    return "".join(
        f"{name}_{number} = {number if number >= changed else number + 1}\n" for number in range(count)
    )


def before() -> dict[str, str]:
    """The files before the work."""
    return {
        "shop/cart/totals.py": _totals(after=False),
        "shop/cart/money.py": _lines("money", 40),
        "shop/cart/cart.py": _lines("cart", 30),
        "tests/cart/test_money.py": _lines("case", 20),
        "tools/release.py": _lines("step", 20),
        "uv.lock": _lines("package", 300),
    }


def after() -> dict[str, str]:
    """The files the work has changed."""
    return {
        "shop/cart/totals.py": _totals(after=True),
        "shop/cart/money.py": _lines("money", 53, 6),
        "shop/cart/cart.py": _lines("cart", 35, 1),
        "tests/cart/test_totals.py": _lines("case", 44),
        "tests/cart/test_money.py": _lines("case", 26, 3),
        "tools/release.py": _lines("step", 20, 2),
        "uv.lock": _lines("package", 324, 188),
    }


def commits_in(repo: Path) -> tuple[str, str, str]:
    """Make the repository; the commits before the work, after its first attempt, and after its second."""
    made = TwoCommits(repo)
    base = made.commit(before())
    first = {
        name: text for name, text in after().items() if name in {"shop/cart/money.py", "shop/cart/cart.py"}
    }
    return base, made.commit(first), made.commit(after())


@dataclass
class ReviewScene:
    """A source and the commands of a review, in memory, over a repository on disk; records what was decided."""

    repo: Path
    now: float
    base: str
    seen: str
    head: str
    decided: list[tuple[str, Any]] = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)
    viewed: set[tuple[str, str]] = field(default_factory=set)
    items: list[ReviewItem] = field(default_factory=list)
    merges: list[MergeLine] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""
    """Why texts are refused; empty while they are taken."""

    def __post_init__(self) -> None:
        self.items = _items(self.now)
        self.merges = _merges(self.now)
        self.comments = [
            self._comment(1, "shop/cart/totals.py", 45, "Round once, at the line total, not on the sum.")
        ]
        self.comments += [self._comment(2, "shop/cart/money.py", 12, "Name this half_up, as in the docs")]

    def queue(self) -> ReviewQueue:
        """Everything."""
        return ReviewQueue(items=self.items, merges=self.merges, targets="main of shop and parser")

    def work(self, key: WorkstreamKey) -> ReviewedWork | None:
        """The work on the cart; the others have none here."""
        if key != CART:
            return None
        work = ReviewedWork(
            key=CART,
            title="Round money once, at the line total",
            repo=self.repo,
            base=self.base,
            head=self.head,
            last_seen=self.seen,
            branch="signalbox/0347/cart-totals",
            target="main",
            commits=3,
            target_ahead=2,
            merges_cleanly=True,
            attempts=[
                AttemptChoice("Attempt 1 of 2", self.base, self.seen),
                AttemptChoice("Attempt 2 of 2", self.seen, self.head),
            ],
            captions=("main, when the work began", "attempt 2, claude, 02:47"),
            last_captions=("attempt 1, as you reviewed it at 23:58", "attempt 2, claude, 02:47"),
            evidence=self.items[0].evidence or EvidenceSummary(),
            scope=("shop/cart/**", "tests/cart/**", "uv.lock"),
            denied=[
                DeniedCommand("pip install decimal-ext", "not in the allowed list", self.now - 36 * _MINUTE),
                DeniedCommand("git push origin HEAD", "pushing is never allowed", self.now - 23 * _MINUTE),
            ],
            comments=self.comments,
            viewed=frozenset(self.viewed),
            queue_sentence="would be 4th, in about 9 m",
        )
        return replace(work, **self.changes)

    # --- the commands ----------------------------------------------------------------------------------------------

    def approve(self, work: ReviewedWork) -> None:
        self.decided.append(("approve", work.key))

    def send_back(self, work: ReviewedWork, words: str, then: Answered) -> None:
        self.decided.append(("send_back", (work.key, words)))
        then(self.refusal)

    def discard(self, work: ReviewedWork) -> None:
        self.decided.append(("discard", work.key))

    def restore(self, work: ReviewedWork) -> None:
        self.decided.append(("restore", work.key))

    def add_comment(self, work: ReviewedWork, draft: CommentDraft, then: Answered) -> None:
        path, line, text = draft.path, draft.line, draft.text.strip()
        self.decided.append(("add_comment", (path, line, text)))
        then(self.refusal)
        if self.refusal:
            return
        number = len(self.comments) + 1
        last = None if line is None else line.last
        made = self._comment(number, path, None if line is None else line.first, text)
        quoted = "" if line is None else line.quoted
        self.comments = [*self.comments, replace(made, last_line=last, quoted=quoted, commit=work.head)]

    def remove_comment(self, comment_id: int) -> None:
        self.decided.append(("remove_comment", comment_id))

    def settle_comment(self, comment_id: int, *, settled: bool) -> None:
        state = CommentState.SETTLED if settled else CommentState.SENT
        self.comments = [replace(one, state=state) if one.id == comment_id else one for one in self.comments]
        self.decided.append(("settle_comment", (comment_id, settled)))

    def set_viewed(self, key: WorkstreamKey, file: FileChange, *, viewed: bool) -> None:
        self.decided.append(("set_viewed", (key, file.path, viewed)))
        (self.viewed.add if viewed else self.viewed.discard)(mark_of(file))

    def take_out(self, key: WorkstreamKey) -> None:
        self.decided.append(("take_out", key))

    def hold(self, key: WorkstreamKey, *, held: bool) -> None:
        self.decided.append(("hold" if held else "release", key))

    def move_up(self, key: WorkstreamKey, before: WorkstreamKey) -> None:
        self.decided.append(("move_up", (key, before)))

    def _comment(self, number: int, path: str | None, line: int | None, text: str) -> ReviewComment:
        return ReviewComment(
            id=number,
            run_id=CART[0],
            ws_id=CART[1],
            text=text,
            path=path,
            line=line,
            last_line=line,
            commit=self.head,
            state=CommentState.DRAFT,
            created_at=self.now - 189 * _MINUTE,
        )


def _cost(dollars: float) -> Cost:
    return Cost(dollars, CostSource.REPORTED)


def _items(now: float) -> list[ReviewItem]:
    scope = ("shop/cart/**", "tests/cart/**", "uv.lock")
    cart = EvidenceSummary(
        tests=CountedTests(passed=43, failed=0), before=CountedTests(passed=41), expects_tests=True, scope=scope,
        outside=("tools/release.py",), denied=("pip install decimal-ext", "git push origin HEAD"), cost=_cost(0.84),
        cost_limit=2.0, attempts=2, max_attempts=3, worked_s=26 * _MINUTE,
        conflict="price-rules also changed totals.py",
    )  # fmt: skip
    menus = EvidenceSummary(tests=CountedTests(passed=12), scope=("ui/**",), cost=_cost(1.2), attempts=1)
    idents = EvidenceSummary(
        tests=CountedTests(passed=88), scope=("src/**",), cost=_cost(0.66), attempts=2,
        conflict="with lexer-split: idents.py", is_predicted=True,
    )  # fmt: skip
    hints = EvidenceSummary(expects_tests=True, scope=("src/**",), cost=_cost(0.31), attempts=3)
    waiting = [
        ("cart-totals", "Round money once, at the line total", 51, "shop", "claude", cart),
        ("ui-a11y", "Labels and focus order in menus", 46, "shop", "gemini", menus),
        ("unicode-idents", "Accept NFKC identifiers", 29, "parser", "codex", idents),
        ("hints-core", "Type hints for the resolver", 8, "parser", "aider", hints),
    ]
    others = [
        (ReviewSection.SENT_BACK, "search-index", "running", "Synonyms in the search index", 4,
         "attempt 3 works on your 3 comments"),
        (ReviewSection.MERGING, "price-rules", "running", "Bundle prices follow the rules", 2,
         "price-rules, tests on top of main"),
        (ReviewSection.MERGING, "recovery", "queued", "Recover after a missing brace", 6,
         "recovery, after price-rules"),
        (ReviewSection.MERGED, "bump-ruff", "completed", "Ruff 0.14 and Django 5.2.4", 9, "bump-ruff, into main"),
    ]  # fmt: skip
    items = [
        ReviewItem(
            key=(RUN, ws_id), section=ReviewSection.WAITING, title=title, since=now - minutes * _MINUTE, repo=repo,
            tool=tool, evidence=evidence,
        )
        for ws_id, title, minutes, repo, tool, evidence in waiting
    ]  # fmt: skip
    return items + [
        ReviewItem(
            key=(RUN, ws_id), section=section, state=state, title=title, since=now - minutes * _MINUTE,
            sentence=sentence,
        )
        for section, ws_id, state, title, minutes, sentence in others
    ]  # fmt: skip


def _merges(now: float) -> list[MergeLine]:
    return [
        MergeLine(
            merge_id=1, key=(RUN, "price-rules"), name="price-rules", place=1,
            state=MergeState.CHECKING, word="Checking",
            sentence="on top of main, 31 of 43 tests", since=now - 2 * _MINUTE, done=31, total=43,
        ),
        MergeLine(
            merge_id=2, key=(RUN, "recovery"), name="recovery", place=2, state=MergeState.WAITING, word="Waiting",
            sentence="for price-rules; checks in about 1 m", since=now - 6 * _MINUTE,
            ahead=(RUN, "price-rules"),
        ),
    ]  # fmt: skip
