"""The tools in the title bar of the Night: what it is grouped by, how much time it shows, whether it follows now."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui.panels.timeline.night_groups import Grouping
from gui.panels.timeline.time_axis import Camera, Zoom
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.label import plain_tip
from gui.widgets.segments import Segments

ZOOMS = (Zoom.NIGHT, Zoom.FOUR_HOURS, Zoom.HOUR, Zoom.QUARTER)
_ZOOM_NAMES = (translatable("Night"), "4 h", "1 h", "15 m")
_WORDS_FROM, _TOOLS_FROM = 820, 680
_GROUPED = {
    Grouping.RUN: translatable("Group: run"),
    Grouping.REPOSITORY: translatable("Group: repository"),
    Grouping.NONE: translatable("Group: nothing"),
}
_GROUP_BY = {
    Grouping.RUN: translatable("Group by run"),
    Grouping.REPOSITORY: translatable("Group by repository"),
    Grouping.NONE: translatable("Do not group"),
}


class NightTools(QObject):
    """The tools and what they request.

    Signals:
        grouping_chosen: (Grouping)
        zoom_chosen: (Zoom)
        zoomed: (bool) closer, or farther.
        follow_requested: now is to stay in view.
    """

    grouping_chosen = Signal(object)
    zoom_chosen = Signal(object)
    zoomed = Signal(bool)
    follow_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grouping = Grouping.RUN
        self._is_wordy = True
        self.group_button = push_button(tr("Group: run"), kind="quiet", small=True)
        self.group_button.setAccessibleName(tr("Group the rows"))
        self.group_button.setToolTip(tr("What the rows are grouped by"))
        self.group_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron comes last
        keep_icon(self.group_button, theme, "chev")
        self.farther = push_button("\N{MINUS SIGN}", kind="quiet", small=True)
        self.closer = push_button("+", kind="quiet", small=True)
        for button, words in (
            (self.farther, tr("Show more time  (-)")),
            (self.closer, tr("Show less time  (+)")),
        ):
            button.setFixedWidth(24)
            button.setToolTip(words)
            button.setAccessibleName(words.split("  ")[0])
        self.zooms = Segments(tr("Shown time"), [tr(name) for name in _ZOOM_NAMES], theme)
        self.zooms.setToolTip(tr("How much time is shown; 0 shows the whole night"))
        self.follow_button = push_button(tr("Following now"), kind="toggle", small=True)
        keep_icon(self.follow_button, theme, "follow")
        self.follow_button.setToolTip(plain_tip(tr("Keep now in view  (End)")))
        self._connect()

    def widgets(self) -> list[QWidget]:
        """The tools from left to right."""
        return [self.group_button, self.farther, self.zooms, self.closer, self.follow_button]

    def fit(self, width: int) -> None:
        """Leave room for the title in a narrow panel: keys and menus do what hidden tools did."""
        for widget in (self.group_button, self.farther, self.closer):
            widget.setVisible(width >= _TOOLS_FROM)
        self._is_wordy = width >= _WORDS_FROM
        self._show_words()

    def show_camera(self, camera: Camera) -> None:
        """Show what is shown of the time."""
        self.zooms.show_choice(ZOOMS.index(camera.zoom) if camera.zoom is not None else -1)
        self.follow_button.setChecked(camera.follows)
        self._show_words()

    def _show_words(self) -> None:
        words = tr("Following now") if self.follow_button.isChecked() else tr("Now")
        self.follow_button.setText(words if self._is_wordy else "")
        self.follow_button.setAccessibleName(words)

    def show_grouping(self, grouping: Grouping) -> None:
        """Show what the rows are grouped by."""
        self._grouping = grouping
        self.group_button.setText(tr(_GROUPED[grouping]))

    def _connect(self) -> None:
        self.group_button.clicked.connect(self._on_group_clicked)
        self.farther.clicked.connect(self._on_farther_clicked)
        self.closer.clicked.connect(self._on_closer_clicked)
        self.zooms.chosen.connect(self._on_zoom_chosen)
        self.follow_button.clicked.connect(self._on_follow_clicked)

    @Slot()
    def _on_group_clicked(self) -> None:
        menu = QMenu(self.group_button)
        menu.aboutToHide.connect(menu.deleteLater)
        for grouping, name in _GROUP_BY.items():
            action = menu.addAction(tr(name))
            action.setCheckable(True)
            action.setChecked(grouping is self._grouping)
            action.setData(grouping.value)
        menu.triggered.connect(self._on_group_triggered)
        menu.popup(self.group_button.mapToGlobal(QPoint(0, self.group_button.height())))

    @Slot(QAction)
    def _on_group_triggered(self, action: QAction) -> None:
        self.grouping_chosen.emit(Grouping(action.data()))

    @Slot()
    def _on_farther_clicked(self) -> None:
        self.zoomed.emit(False)  # noqa: FBT003 - Qt's signal

    @Slot()
    def _on_closer_clicked(self) -> None:
        self.zoomed.emit(True)  # noqa: FBT003 - Qt's signal

    @Slot(int)
    def _on_zoom_chosen(self, number: int) -> None:
        self.zoom_chosen.emit(ZOOMS[number])

    @Slot()
    def _on_follow_clicked(self) -> None:
        self.follow_requested.emit()
