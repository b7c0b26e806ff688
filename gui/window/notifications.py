"""Notifies the user: the state in the tray, and notifications and sounds while the window is inactive.

Decides when to notify; `gui.control.notification` decides what is worth a notification.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.scheduling.buckets import Bucket
from gui.control.notification import (
    Notification,
    NotificationKind,
    QuietHours,
    gathered,
    notifications_of,
)
from gui.control.preferences import Layout
from gui.control.sounds import Sounds
from gui.data.bucket_captions import counts_summary
from gui.data.projection import Projection, ProjectionChanges
from gui.data.state_counts import StateCounts
from gui.translation import tr, tr_count
from gui.window.counter_button import GLYPHS
from gui.window.tray import Tray

if TYPE_CHECKING:
    from engine.orchestrator.turn import StepReport

_GATHER_MS = 1000
"""Events within a second are notified together."""
_URGENT = (Bucket.NEEDS_YOU, Bucket.RUNNING, Bucket.WAITING)


class Notifications(QObject):
    """Shows notifications for what happens.

    Args:
        tray: shows the state and the notifications.
        counters: how many workstreams there are of each kind.
        sounds: plays the sounds that are on.
        layout: which notifications are enabled, and the quiet hours; read each time.
        window: no notifications while it is the active window.
        clock: epoch seconds.

    Signals:
        notified: (Notification) this was shown.
        job_requested: (job id) show this job.
        review_requested: (run_id, ws_id) show the review of this workstream.
        window_requested: show the window.
    """

    notified = Signal(object)
    job_requested = Signal(str)
    review_requested = Signal(object)
    window_requested = Signal()

    def __init__(
        self,
        tray: Tray,
        counters: StateCounts,
        *,
        sounds: Sounds,
        layout: Layout,
        window: QWidget,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tray, self._counters, self._sounds, self._layout = tray, counters, sounds, layout
        self._window, self._clock = window, clock
        self._waiting: list[Notification] = []
        self._worked = self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GATHER_MS)
        self._timer.timeout.connect(self._on_gathered)
        self._projection: Projection = counters.projection
        self._projection.folded.connect(self._on_folded)
        counters.changed.connect(self._on_changed)
        tray.job_requested.connect(self.job_requested)
        tray.review_requested.connect(self.review_requested)
        tray.window_requested.connect(self.window_requested)
        self.apply_settings()

    def apply_settings(self) -> None:
        """Apply the settings, which may have changed."""
        if self._closed:
            return
        self._tray.set_shown(self._layout.tray)
        self._on_changed()

    def close(self) -> None:
        """Hide the icon."""
        self._closed = True
        self._timer.stop()
        self._tray.close()

    @Slot(object)
    def on_stepped(self, report: "StepReport") -> None:
        """Notify the user once all jobs have ended."""
        if report.running:
            self._worked = True
        elif report.idle and self._worked:
            self._worked = False
            need = self._counters.number(Bucket.NEEDS_YOU)
            text = tr("Nothing needs you.")
            if need:
                text = tr_count("{n} workstream needs you.", "{n} workstreams need you.", need)
            title = tr("All jobs have ended")
            self._gather([Notification(kind=NotificationKind.IDLE, title=title, text=text)])

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        self._gather(
            notifications_of(
                changes.events, self._projection.jobs, self._projection.workstreams, self._projection.names
            )
        )

    def _gather(self, notices: list[Notification]) -> None:
        enabled = [one for one in notices if self._is_enabled(one.kind) or self._sounds.is_on(one.kind)]
        if enabled and not self._window.isActiveWindow():
            self._waiting += enabled
            if not self._timer.isActive():
                self._timer.start()

    def _is_enabled(self, kind: NotificationKind) -> bool:
        match kind:
            case NotificationKind.NEEDS_YOU:
                return self._layout.notify_needs_you
            case NotificationKind.FAILED:
                return self._layout.notify_failed
            case NotificationKind.DONE:
                return self._layout.notify_done
            case NotificationKind.IDLE:
                return self._layout.notify_idle

    @Slot()
    def _on_gathered(self) -> None:
        waiting, self._waiting = self._waiting, []
        quiet = QuietHours.between(self._layout.quiet_from, self._layout.quiet_until)
        if quiet.holds(datetime.fromtimestamp(self._clock()).astimezone()):
            return
        self._sounds.play_for([notice.kind for notice in waiting])
        for notice in gathered([one for one in waiting if self._is_enabled(one.kind)]):
            self._tray.show_notification(notice)
            self.notified.emit(notice)

    @Slot()
    def _on_changed(self) -> None:
        counts = self._counters.counts
        first = next((bucket for bucket in _URGENT if counts.number(bucket)), None)
        if counts.has_others:
            first = Bucket.NEEDS_YOU
        state = GLYPHS[first] if first is not None else ""
        self._tray.show_state(state, tr("Signalbox: {counts}", counts=counts_summary(counts) or tr("idle")))
