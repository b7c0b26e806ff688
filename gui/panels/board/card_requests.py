"""What a person asks of cards by buttons, keys, menus and the bulk bar, given to the actions of the window."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolTip

from gui.control.action_table import SUBMENUS
from gui.control.actions import Actions
from gui.control.bulk_verbs import BULK_COMMANDS
from gui.data.card import Card
from gui.data.cards_model import CardFilter, CardsModel
from gui.data.selection import Selection
from gui.guarded import Guarded
from gui.panels.board.board_view import BoardView
from gui.panels.board.selected_cards import bulk_selection
from gui.translation import tr
from gui.widgets.bulk_bar import BulkBar
from gui.widgets.label import plain_tip
from state.command_table import JobCommand

_AT_ONCE = 100
"""For so many cards it is found out in one turn which commands fit them."""


class CardRequests(Guarded, QObject):
    """Finds the jobs of cards that each command fits; a card stands for several jobs."""

    def __init__(
        self,
        board: BoardView,
        bar: BulkBar,
        *,
        model: CardsModel,
        cards: CardFilter,
        actions: Actions,
        selection: Selection,
    ) -> None:
        super().__init__(board)
        self._board, self._bar = board, bar
        self._model, self._cards, self._actions, self._selection = model, cards, actions, selection
        self._fitting: dict[tuple[str, str], tuple[Card, frozenset[JobCommand]]] = {}
        self._uncounted: list[Card] = []
        self._count = QTimer(self, singleShot=True, interval=0)
        self._count.timeout.connect(self._count_some)
        board.command_of = actions.for_key
        board.drop_command = model.drop_command
        board.opened.connect(self._on_opened)
        board.command_requested.connect(self._on_command_requested)
        board.menu_requested.connect(self._on_menu_requested)
        bar.verb_requested.connect(self._on_verb_requested)
        bar.all_requested.connect(self._on_all_requested)
        bar.cleared.connect(self._on_cleared)

    def show_selected(self) -> None:
        """Show in the bar what is selected now: at once for some cards, in short turns for very many."""
        self._uncounted = [card for card in self._board.selected_cards() if not self._is_counted(card)]
        if len(self._uncounted) > _AT_ONCE:
            self._count.start()
        else:
            self._count_some()

    def _is_counted(self, card: Card) -> bool:
        found = self._fitting.get(card.key)
        return found is not None and found[0] is card

    @Slot()
    def _count_some(self) -> None:
        """Find out which commands fit the next cards, and show the bar after the last of them."""
        some, self._uncounted = self._uncounted[:_AT_ONCE], self._uncounted[_AT_ONCE:]
        for card in some:
            fitting = frozenset(one for one in BULK_COMMANDS if self._model.job_ids([card], one))
            self._fitting[card.key] = (card, fitting)
        if self._uncounted:
            self._count.start()
            return
        shown = [card for card in self._board.selected_cards() if self._is_counted(card)]
        self._bar.show_selection(bulk_selection(shown, self._cards.rowCount(), fits=self._fits))

    def _fits(self, card: Card) -> frozenset[JobCommand]:
        return self._fitting[card.key][1]

    @Slot(object)
    def _on_opened(self, card: Card) -> None:
        self._selection.select_workstreams([card.key])
        self._actions.open_jobs(card.target_ids[:1])

    @Slot(str, object)
    def _on_command_requested(self, command: str, cards: list[Card]) -> None:
        self._selection.select_workstreams([card.key for card in cards])
        if command == "show_details" and len(cards) == 1 and _opens_review(cards[0]):
            command = "show_review"
        job_command = self._actions.record(command).job_command
        if job_command is not None:
            ids = self._model.job_ids(cards, job_command)
        else:
            ids = tuple(card.target_ids[0] for card in cards if card.target_ids)
        if ids:
            self._actions.run(command, ids)
        else:
            self._explain_refusal(command, cards)

    def _explain_refusal(self, command: str, cards: Sequence[Card]) -> None:
        word = self._actions.record(command).title.rstrip("…")
        refusal = tr("{word} does not apply to {name} now.", word=word, name=cards[0].name)
        if len(cards) > 1:
            refusal = tr("{word} does not apply to these {number} cards now.", word=word, number=len(cards))
        row = self._cards.mapFromSource(self._model.index(self._model.row_of(cards[0].key))).row()
        position = self._board.viewport().mapToGlobal(self._board.card_rect(row).center())
        QToolTip.showText(position, plain_tip(refusal), self._board)

    @Slot(object, object)
    def _on_menu_requested(self, cards: list[Card], where: QPoint) -> None:
        ids = tuple(dict.fromkeys(job_id for card in cards for job_id in card.target_ids))
        if not ids:
            return
        menu = self._actions.menu_for_jobs(self._board.parentWidget() or self._board, ids)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in menu.findChildren(QAction):
            command = entry.objectName()
            if not command or command in SUBMENUS:
                continue
            job_command = self._actions.record(command).job_command
            if job_command is not None:
                entry.setEnabled(bool(self._model.job_ids(cards, job_command)))
            # A card represents several jobs: each command applies only to those whose state allows it.
            entry.triggered.disconnect()
            entry.triggered.connect(partial(self._on_command_requested, command, cards))
        menu.popup(where)

    @Slot(str)
    def _on_verb_requested(self, command: str) -> None:
        self._on_command_requested(command, self._board.selected_cards())

    @Slot()
    def _on_all_requested(self) -> None:
        self._board.setFocus(Qt.FocusReason.OtherFocusReason)
        self._board.selectAll()

    @Slot()
    def _on_cleared(self) -> None:
        self._board.setFocus(Qt.FocusReason.OtherFocusReason)
        self._board.clearSelection()


def _opens_review(card: Card) -> bool:
    """Whether a card is about a review, which is what it opens then."""
    return any(button.command == "show_review" for button in card.buttons)
