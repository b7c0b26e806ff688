"""Shows how many lines there are, pass, match and are errors, where the list is, and why it is empty."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gui.data.selection import Selection
from gui.panels.logs.line_commands import LineCommands
from gui.panels.logs.log_empty import empty_reason
from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_layout import LogView
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.log_sentences import (
    LineCounts,
    counts_sentence,
    errors_sentence,
    matches_sentence,
    passing_sentence,
    searched_sentence,
)
from gui.panels.logs.table_model import LogTableModel
from gui.translation import tr, tr_count


class LogFigures(QObject):
    """Writes the figures into the parts of the Logs whenever its owner says so.

    Signals:
        fact_changed: `fact` is another one.
    """

    fact_changed = Signal()

    def __init__(
        self,
        view: LogView,
        lines: LogTableModel,
        feed: LogFeed,
        *,
        commands: LineCommands,
        selection: Selection,
        hidden_by_panels: Callable[[str], str],
        parent: QObject,
    ) -> None:
        """`hidden_by_panels` says what the filter of all panels hides of so many lines."""
        super().__init__(parent)
        self._view, self._lines, self._feed = view, lines, feed
        self._commands, self._selection, self._hidden_by_panels = commands, selection, hidden_by_panels
        self.fact = ""
        """The number of lines, and how many of them pass."""

    @property
    def is_filtered(self) -> bool:
        """Whether a chip or the text of the Logs hides lines."""
        return bool(self._view.bar.chips() or self._view.bar.field.text().strip())

    def line_counts(self) -> LineCounts:
        """How many lines are listed, loaded and not loaded."""
        unloaded = 0 if self._feed.is_searching_all else self._feed.totals.unloaded
        return LineCounts(self._lines.listed, len(self._lines.store), unloaded)

    def show(self) -> None:
        """Write every figure as it is now."""
        self.show_empty()
        self._update_fact()
        self._show_counts()
        self._show_footer()
        if self._view.facets.isVisible():
            self._view.facets.facets.show_facets(self._commands.facets())
            self._view.histogram.update()
        self._show_view_in_histogram()

    def show_empty(self) -> None:
        """Show the list, or why it is empty."""
        shown = self._lines.rowCount() > 0 or self._lines.searching
        self._view.show_list(shown)
        if not shown:
            all_lines = tr_count("{n} line", "{n} lines", len(self._lines.store))
            why = empty_reason(
                self._feed.mode,
                self.line_counts(),
                is_filtered=self.is_filtered,
                hidden_by_panels=self._hidden_by_panels(all_lines),
                named=self._feed.named,
                goes_on=self._feed.has_older and not self._feed.is_searching_all,
            )
            self._view.empty.show_message(why.sentence, why.detail, action=why.action)

    def _update_fact(self) -> None:
        whole = len(self._lines.store)
        counts = counts_sentence(self.line_counts())
        is_named = self._feed.named is not None
        is_part = self._selection.run_id is not None or is_named
        fact = counts if is_part else tr("all runs, {counts}", counts=counts)
        if self._feed.is_searching_all:
            if self._feed.mode is Mode.ERRORS:
                fact = errors_sentence(whole, is_all=self._feed.is_complete)
            else:
                fact = matches_sentence(whole, self._feed.totals.found, is_all=self._feed.is_all_found)
        if is_named and self.is_filtered:
            is_of_work = self._feed.named is not None and self._feed.named.is_of_work
            of_work = tr("filtered jobs: {counts}", counts=fact)
            fact = of_work if is_of_work else tr("filtered levels: {counts}", counts=fact)
        if not whole:
            fact = ""
        if fact != self.fact:
            self.fact = fact
            self.fact_changed.emit()

    def _show_counts(self) -> None:
        query, model, bar = self._lines.query, self._lines, self._view.bar
        loaded = {level.word for level in self._feed.levels}
        bar.show_hits(
            [
                None if loaded and chip.kind == "level" and chip.value not in loaded else number
                for chip, number in zip(query.chips, model.hits(), strict=True)
            ]
        )
        unloaded = 0 if query.filters or self._feed.is_searching_all else self._feed.totals.unloaded_errors
        bar.show_errors(len(model.errors) + unloaded)
        matches, in_view = len(model.matches), model.matches_between(*self._view.table.rows_in_view())
        found = tr_count(
            "{n} match, {in_view:,} in view", "{n} matches, {in_view:,} in view", matches, in_view=in_view
        )
        bar.found.setText(found if query.marked() else "")

    def _show_footer(self) -> None:
        footer = self._view.footer
        if not self._view.table.currentIndex().isValid():
            footer.show_line("")
            self._view.reader.show_line("")
        footer.passing.setText(passing_sentence(self.line_counts()))
        took = self._lines.took_ms if self._lines.query.filters else None
        footer.took.setText("" if took is None else tr("search {lasted:.0f} ms", lasted=took))
        footer.offer(self._search_word(), "" if self._feed.is_searching_all else searched_sentence())
        self._view.show_footer()

    def _search_word(self) -> str:
        if self._feed.is_searching_all:
            return tr("Back to the live lines")
        field = self._view.bar.field
        searches = field.pattern.text and not field.pattern.problem
        return tr("Search all output") if searches and self._feed.has_unloaded else ""

    def _show_view_in_histogram(self) -> None:
        lines, histogram = self._lines, self._view.histogram
        first, last = self._view.table.rows_in_view()
        if last < first or last >= lines.rowCount():
            histogram.show_view(None, None)
        else:
            histogram.show_view(lines.store.at(lines.serial(first)), lines.store.at(lines.serial(last)))
