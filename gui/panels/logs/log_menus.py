"""The menus of the Logs: filters, and commands for a line. The data of an entry says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from engine.system.plain_text import escape_invisible
from gui.panels.logs.facets import Facet
from gui.panels.logs.filter import Chip, since
from gui.panels.logs.line_store import Source
from gui.translation import tr

if TYPE_CHECKING:
    from engine.filters.filter_folder import SavedFilter
    from engine.jobfile.filter_set import FilterSet


def filter_menu(
    parent: QWidget,
    found: Sequence[Facet],
    *,
    folds_events: bool,
    switches: Sequence[QAction] = (),
    saved: "Sequence[SavedFilter]" = (),
) -> QMenu:
    """The facets as a menu, for when their column has no room; the data of an entry is its chip or a request."""
    menu = _menu(parent)
    fold = menu.addAction(tr("Fold events into one row"))
    fold.setCheckable(True)
    fold.setChecked(folds_events)
    fold.setData(FoldRequest(on=not folds_events))
    for switch in switches:
        action = menu.addAction(switch.text())
        action.setCheckable(True)
        action.setChecked(switch.isChecked())
        action.setData(SwitchRequest(switch))
    menu.addSection(tr("Filter sets"))
    for one in saved:
        entry = menu.addAction(escape_invisible(one.name).replace("&", "&&"))
        entry.setData(SavedRequest(one.content))
    menu.addAction(tr("Save and manage filter sets…")).setData(SetsRequest())
    for facet in found:
        if facet.kind is None:
            menu.addSection(facet.word)
            continue
        action = menu.addAction(f"{facet.word}  {facet.number}".replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(facet.sign >= 0 if facet.kind == "level" else facet.sign > 0)
        action.setData(facet.chip())
    return menu


@dataclass(frozen=True, slots=True)
class SavedRequest:
    """The wish to see what a saved filter set shows."""

    content: "FilterSet"


@dataclass(frozen=True, slots=True)
class SetsRequest:
    """The wish to save the present filter, or to look after the saved ones."""


@dataclass(frozen=True, slots=True)
class RawLineRequest:
    """The wish to see what a tool printed, instead of the sentence made of it."""

    serial: int


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """The wish to copy the selected lines, or their text alone."""

    text_only: bool = False


@dataclass(frozen=True, slots=True)
class MarkRequest:
    """The wish to mark a line, or to remove its mark."""

    serial: int


@dataclass(frozen=True, slots=True)
class SwitchRequest:
    """The wish to turn a switch of the search field."""

    switch: QAction


@dataclass(frozen=True, slots=True)
class JobRequest:
    """The wish to see the job that a line comes from."""

    source: Source


@dataclass(frozen=True, slots=True)
class FoldRequest:
    """The wish to see the events between lines of output as one row, or each as its own."""

    on: bool


def line_menu(
    parent: QWidget,
    source: Source,
    raw: RawLineRequest | None = None,
    *,
    serial: int,
    at: float,
    job_name: str = "",
) -> QMenu:
    """The commands for a line; the data of an entry is a chip or a request."""
    menu = _menu(parent)
    menu.addAction(tr("Mark or unmark  (Ctrl+F7)")).setData(MarkRequest(serial))
    if source.job_id:
        menu.addAction(tr("Show job  (Return)")).setData(JobRequest(source))
        menu.addSeparator()
    menu.addAction(tr("Copy  (Ctrl+C)")).setData(CopyRequest())
    menu.addAction(tr("Copy text only")).setData(CopyRequest(text_only=True))
    if raw is not None:
        menu.addAction(tr("Show raw line")).setData(raw)
    label = source.label.replace("&", "&&")
    if source.ws_id:
        menu.addSeparator()
        word = "" if source.label == source.ws_id else source.label
        only = Chip("workstream", source.ws_id, word=word, run_id=source.run_id)
        menu.addAction(tr("Show only {label}", label=label)).setData(only)
        menu.addAction(tr("Hide {label}", label=label)).setData(only.flipped())
    if source.job_id:
        name = job_name or source.job_id
        entry = menu.addAction(tr("Show only job {name}", name=name).replace("&", "&&"))
        entry.setData(Chip("job", source.job_id, word=name))
    menu.addSeparator()
    menu.addAction(tr("Show only from here on")).setData(since(at))
    menu.addAction(tr("Hide from here on")).setData(since(at, hide=True))
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
