"""The inbox of one engine: scanned when a file arrives, and from time to time, since watchers lose events."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from engine.errors import CommandRefusedError
from engine.host.outcome import Outcome
from engine.intake.inbox import Inbox
from engine.intake.inbox_watch import InboxWatch
from engine.intake.refusals import REJECTED
from engine.interfaces import Holds
from engine.jobfile.spec import JobSpec
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.trust.policy import TrustPolicy, is_warm
from engine.trust.trust_store import TrustStoreError
from state.recordable import recordable

SETTLING_S = 0.15


class WatchedInbox:
    """Scans the inbox folder of the settings; all but `scan_soon` belongs to the engine's thread.

    Args:
        review: begins to compare job specs with what was trusted, and calls back once that is done.
        wake: requests a step of the engine; called from any thread.
        rescan_s: how often it is scanned although nothing woke the engine.
    """

    def __init__(
        self,
        home: Home,
        store: JobStateStore,
        *,
        trust_policy: TrustPolicy,
        review: Callable[[Sequence[JobSpec], Callable[[], None]], "Future[Holds]"],
        wake: Callable[[], None],
        rescan_s: float,
    ) -> None:
        self._home, self._store, self._trust_policy = home, store, trust_policy
        self._begin_review, self._wake, self._rescan_s = review, wake, rescan_s
        self.next_scan_at = 0.0
        """When it is scanned at the latest."""
        self.is_coming_in = True  # until the first scan: a killed engine may have left a file half accepted
        """Whether files may be on their way into the queue."""
        self._reviews, self._reviews_lock = 0, threading.Lock()
        self._reported = ""
        self._is_gone = False
        self._inbox = self._inbox_at(store.settings().inbox_folder(home))
        self._watch = InboxWatch(self.folder, self.scan_soon)

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._inbox.folder

    def scan_soon(self) -> None:
        """Have it scanned in the next step, which is requested."""
        self.next_scan_at = 0.0
        self._wake()

    def scan_if_due(self, now: float) -> bool:
        """Take in what has arrived; return whether anything was accepted or refused."""
        if now < self.next_scan_at and self.next_scan_at - now <= self._rescan_s:
            return False
        if not is_warm():  # until then incoming jobs cannot be compared with what was trusted
            self.next_scan_at = now + SETTLING_S
            return False
        report = self._inbox.scan()
        with suppress(TrustStoreError):  # settled by a later scan
            self._store.acceptance.settle_grants(self._trust_policy.grants)
        self.is_coming_in = report.more or report.settling
        self.next_scan_at = now + (0.0 if report.more else SETTLING_S if report.settling else self._rescan_s)
        if self._is_gone and not report.problem:
            self._watch_again()  # the old watch is still on the previous folder, whatever its name is now
        self._is_gone = bool(report.problem)
        self._report(report.problem or self._watch.problem)
        return bool(report.accepted or report.rejected)

    def place(self, name: str, text: str) -> None:
        """Put a job file into it, which the next step takes in."""
        self._inbox.place(name, text)
        self.next_scan_at = 0.0
        self.is_coming_in = True

    def is_waiting(self, name: str) -> bool:
        """Whether a file of this name has not been taken in yet."""
        return self._inbox.is_waiting(name)

    def follow_settings(self) -> None:
        """Watch the folder that the settings name now."""
        folder = self._store.settings().inbox_folder(self._home)
        if folder != self.folder:
            self._inbox = self._inbox_at(folder)
            self._watch_again()
            self.next_scan_at = 0.0

    def settle_refusals(
        self, names: Sequence[str], participle: str, settle: Callable[[Path, Sequence[str]], list[str]]
    ) -> Outcome:
        """Dismiss refused files, or show them again.

        Raises:
            CommandRefusedError: none of the files is there any more.
        """
        settled = settle(self.folder, names)
        if not settled:
            raise CommandRefusedError(f"There is no such file in {self.folder / REJECTED} any more.")
        text = f"{', '.join(settled)}: {participle}. The inbox had refused {'it' if len(settled) == 1 else 'them'}."
        self._store.record_event("inbox.settled", {"text": text, "level": "info"})
        return Outcome(refusals=settled)

    def close(self) -> None:
        """Watch no longer."""
        self._watch.close()

    def _inbox_at(self, folder: Path | str) -> Inbox:
        return Inbox(Path(folder), self._home, self._store, review=self._review)

    def _review(self, specs: Sequence[JobSpec]) -> "Future[Holds]":
        with self._reviews_lock:
            self._reviews += 1
        return self._begin_review(specs, self._on_reviewed)

    def _on_reviewed(self) -> None:
        """Scan when the last review has ended, to take all in together; one that takes long holds up none for long."""
        with self._reviews_lock:
            self._reviews -= 1
            is_last = not self._reviews
        if is_last:
            self.scan_soon()

    def _watch_again(self) -> None:
        self._watch.close()
        self._watch = InboxWatch(self.folder, self.scan_soon)

    def _report(self, problem: str) -> None:
        """Record what is wrong with it once, and once that it can be read again."""
        if problem == self._reported:
            return
        self._reported = problem
        text = problem or recordable("The inbox can be read again.")
        self._store.record_event("inbox.problem", {"text": text, "level": "warning" if problem else "info"})
