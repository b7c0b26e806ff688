"""The Jobs panel: wires the table to projection, selection and actions."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from gui.control.background_tasks import BackgroundTasks
from gui.data.age_ticks import is_young, next_tick_ms
from gui.data.job_actions import fitting
from gui.data.last_lines import READING_THREADS, LastLines, Silence
from gui.data.short_turns import short_turns
from gui.figures import figure
from gui.panels.jobs.column_chooser import ColumnChooser
from gui.panels.jobs.job_field import SPECS, JobField, field_of, layout_from_json
from gui.panels.jobs.jobs_model import JobsModel
from gui.panels.jobs.jobs_view import JobsView
from gui.panels.jobs.selected_jobs import selection_of
from gui.panels.panel_base import Panel, PanelContext
from gui.theme.text_layout import Typesetter
from gui.translation import tr, tr_count, translatable, uncapitalized
from gui.widgets.bulk_bar import BulkBar
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.lens import add_clear_button, add_lens
from state.records import Job

_SECOND_MS = 1000
_FIELD_WIDTH = 190


class JobsPanel(Panel):
    """Shows the jobs as a table."""

    name = "jobs"
    title = translatable("Jobs")
    icon = "table"
    takes_keys = True

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._reading = BackgroundTasks(self, threads=READING_THREADS)
        self._lines = LastLines(
            self._projection, self._sources, self._reading, changed=self._on_lines_changed
        )
        type_ = Typesetter(self._theme, self)
        self.model = JobsModel(
            self._projection, self, line_of=self._line_of, silence_of=self._silence_of, clock=self._clock
        )
        self.view = JobsView(self.model, self._theme, type_, parent=self)
        self.empty = EmptyState(
            self._theme, self.icon, tr("No jobs."), tr("Drop job files on this window, or press Add jobs.")
        )
        self.bar = BulkBar(self._theme)
        self.field = QLineEdit(self)
        self.columns = push_button(tr("Columns"), self, small=True)
        self.sort_again = push_button("", self, kind="quiet", small=True)
        self.chooser = ColumnChooser(self._theme, self)
        self._following = self._searches = False
        self._fact = ""
        self._tick = QTimer(self, singleShot=True)
        self._lay_out()
        self._wire()

    @property
    def is_settled(self) -> bool:
        """Whether no line is being read."""
        return not self._reading.is_busy

    def fact(self) -> str:
        """How many jobs are shown, and how they are sorted."""
        return self._fact

    def tools(self) -> list[QWidget]:
        """The filter field and the choice of columns."""
        return [self.sort_again, self.field, self.columns]

    def state(self) -> dict[str, Any]:
        """The columns and the order of the rows."""
        by = self.model.sorted_by
        return {
            "columns": self.view.columns.as_json(),
            "sorted_by": None if by is None else by.value,
            "descending": self.model.descending,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        self.view.show_columns(layout_from_json(state.get("columns")))
        if (by := field_of(state.get("sorted_by"))) is not None:
            self.model.arrange_by(by, descending=state.get("descending") is True)

    def focus_find(self) -> None:
        """Move the focus to the filter field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def select_all(self) -> None:
        """Select every job that passes the filter."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.selectAll()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Every column that is shown at first, and a few rows."""
        return QSize(1100, 420)

    def catch_up(self) -> None:
        """Limit the rows, too."""
        super().catch_up()
        self._limit()

    def stop_reading(self) -> None:
        """Read nothing from now on."""
        self._lines.stop()
        super().stop_reading()

    def _on_shown(self) -> None:
        self.model.set_live(True)
        self._on_tick()
        self._follow()

    def _on_hidden(self) -> None:
        self.model.set_live(False)
        self._tick.stop()

    def _lay_out(self) -> None:
        self._pages = QStackedLayout()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._pages, 1)
        column.addWidget(self.bar)
        self.field.setPlaceholderText(tr("Filter jobs"))
        self.field.setAccessibleName(tr("Filter jobs"))
        self.field.setToolTip(tr("Every word must occur; label:flaky finds a label  (Ctrl+F)"))
        self.field.setProperty("small", True)  # noqa: FBT003 - Qt takes a value
        add_clear_button(self.field)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self._lens = add_lens(self.field, self._theme.qicon("search", "t3"))
        self.sort_again.hide()
        self.setFocusProxy(self.view)

    def _wire(self) -> None:
        view, model = self.view, self.model
        view.action_of = self._actions.for_key
        view.opened.connect(self._on_opened)
        view.action_requested.connect(self._on_action_requested)
        view.menu_requested.connect(self._on_menu_requested)
        view.pointed.connect(model.hold_still)
        view.head.sort_requested.connect(self._on_sort_requested)
        view.columns_changed.connect(self._on_columns_changed)
        view.selectionModel().selectionChanged.connect(self._on_rows_selected)
        view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        model.settled.connect(self._on_settled)
        self.bar.verb_requested.connect(self._on_action_requested)
        self.bar.all_requested.connect(view.selectAll)
        self.bar.cleared.connect(view.clearSelection)
        self.columns.clicked.connect(self._on_columns_clicked)
        self.chooser.changed.connect(self._on_columns_changed)
        self.sort_again.clicked.connect(model.sort_again)
        self.field.textChanged.connect(self._on_text_changed)
        self.empty.action_requested.connect(self._on_clear_requested)
        self._selection.changed.connect(self._on_selection_changed)
        self._theme.changed.connect(self._on_theme_changed)
        self._tick.timeout.connect(self._on_tick)

    # --- callbacks of the model --------------------------------------------------------------------------------------

    def _line_of(self, job: Job) -> str:
        return self._lines.line(job)

    def _silence_of(self, job: Job) -> Silence | None:
        return self._lines.silence(job, self._clock())

    # --- incoming signals --------------------------------------------------------------------------------------------

    @Slot()
    def _on_text_changed(self) -> None:
        """Show the first of what matches, wherever the table was scrolled to."""
        self._limit()
        self.view.scrollToTop()

    def _limit(self) -> None:
        self.model.limit(self.field.text(), self.followed_filter())
        self._searches = bool(self.field.text().strip())

    @Slot()
    def _on_settled(self) -> None:
        if self.isVisible() and self._tick.remainingTime() > _SECOND_MS:
            self._tick.start(_SECOND_MS)  # new rows are young, and the next tick may be a minute away
        if self._searches:  # once what is read already is shown
            self._searches = False
            self._projection.request_older(self._selection.run_id, whole=True)
        older = self._projection.older_jobs()
        shown, total = self.model.rowCount(), len(self._projection.jobs) + older
        self._pages.setCurrentWidget(self.view if shown else self.empty)
        if not shown:
            self._show_empty(total)
        self._show_bar()
        changed = len(self.model.out_of_order)
        self.sort_again.setText(tr("{changed:,} changed, sort again", changed=changed))
        self.sort_again.setVisible(bool(changed) and self.isVisible())
        by = self.model.sorted_by
        order = (
            tr("next to start first")
            if by is None
            else tr("sorted by {field}", field=uncapitalized(tr(SPECS[by].title)))
        )
        count = tr("{shown:,} of {total:,}", shown=shown, total=total) if shown != total else figure(total)
        if older and self.model.is_limited:
            count = tr("{count}, searching…", count=count)
        fact = f"{count}, {order}" if total else ""
        if fact != self._fact:
            self._fact = fact
            self.fact_changed.emit()

    def _show_bar(self) -> None:
        self.bar.show_selection(selection_of(self._selected_jobs(), self.model.rowCount()))

    def _selected_jobs(self) -> list[Job]:
        """The selected jobs that still exist: rows of pruned ones stay in a table that is not visible."""
        jobs = self._projection.jobs
        return [jobs[job_id] for job_id in self.view.selected_ids if job_id in jobs]

    def _show_empty(self, total: int) -> None:
        hidden = tr_count("{n} job", "{n} jobs", total)
        if self.model.is_limited and self._projection.older_of(self._selection.run_id):
            self.empty.show_message(tr("Searching…"), tr("{hidden} in all.", hidden=hidden))
            return
        if not total:
            self.empty.show_message(tr("No jobs."), tr("Drop job files on this window, or press Add jobs."))
        elif self.followed_filter() and not self.field.text().strip():
            self.empty.show_message(self.hidden_by_filter(hidden), action=tr("Clear"))
        else:
            self.empty.show_message(
                tr("No job passes these filters."), tr("{hidden} in all.", hidden=hidden), action=tr("Clear")
            )

    @Slot()
    def _on_clear_requested(self) -> None:
        self.field.clear()
        self._selection.clear_filter()

    @Slot()
    def _on_selection_changed(self) -> None:
        self._limit()
        self._follow()

    def _follow(self) -> None:
        """Select the job that is selected elsewhere."""
        job_id = self._selection.job_id
        if self._following or job_id is None or job_id in self.view.selected_ids:
            return
        self._following = True
        self.view.select(job_id)
        self._following = False

    @Slot()
    def _on_rows_selected(self) -> None:
        selected = self._selected_jobs()
        self._show_bar()
        if self._following or len(selected) != 1:
            return
        job = selected[0]
        self._following = True
        self._selection.select_job(job.job_id, (job.run_id, job.ws_id))
        self._following = False

    @Slot(str)
    def _on_opened(self, job_id: str) -> None:
        self._actions.run("show_details", (job_id,))

    @Slot(str)
    def _on_action_requested(self, action: str) -> None:
        """Carry out an action on those of the selected jobs that take it."""
        selected = self._selected_jobs()
        command = self._actions.record(action).job_command
        ids = fitting(command, selected) if command else tuple(job.job_id for job in selected)
        if ids:
            self._actions.run(action, ids)

    @Slot(QPoint)
    def _on_menu_requested(self, where: QPoint) -> None:
        ids = self.view.selected_ids
        if ids:
            menu = self._actions.menu_for_jobs(self, ids)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(where)

    @Slot(object)
    def _on_sort_requested(self, field: JobField) -> None:
        """Sort by a column; again, turn the order; a third time, sort as at first."""
        model = self.model
        if model.sorted_by is not field:
            model.arrange_by(field)
        elif not model.descending:
            model.arrange_by(field, descending=True)
        else:
            model.arrange_by(None)

    @Slot(object)
    def _on_columns_changed(self, columns: Any) -> None:
        if columns != self.view.columns:
            self.view.show_columns(columns)

    @Slot()
    def _on_columns_clicked(self) -> None:
        self.chooser.open(self.view.columns, below=self.columns)

    @Slot()
    def _on_scrolled(self) -> None:
        self._on_tick()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._lens.setIcon(self._theme.qicon("search", "t3"))

    @Slot()
    def _on_tick(self) -> None:
        """Read the newest lines of the running jobs, which their limit keeps few, and show the times as of now.

        Every second while a job runs or one in view is young, else every minute.
        """
        if self.isVisible():
            projection, now, model = self._projection, self._clock(), self.model
            self._lines.refresh(projection.jobs[job_id] for job_id in projection.running_jobs)
            self._show_times()
            young = any(is_young(model.job_row(row).since, now) for row in self.view.rows_in_view())
            self._tick.start(next_tick_ms(now, every_second=bool(projection.running_jobs) or young))

    def _on_lines_changed(self) -> None:
        short_turns().soon(self._show_times)

    def _show_times(self) -> None:
        if rows := self.view.rows_in_view():
            self.model.refresh_times(rows.start, rows.stop - 1)
