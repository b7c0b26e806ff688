"""The menus, made from the commands: once for the menu bar, once for the button with the logo."""

from collections.abc import Iterator

from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.control.action_table import ACTIONS_BY_ID, JOB_MENU, REVIEW_MENU, SUBMENUS
from gui.control.actions import Actions
from gui.sheets.shortcut_sheet import Shortcut, ShortcutGroup
from gui.translation import tr, translatable
from gui.widgets.key_text import key_text

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        translatable("&File"),
        (
            "add_jobs",
            "open_files",
            "new_job",
            "new_pipeline",
            "new_from_template",
            "recurring_runs",
            "",
            "export_run",
            "import_run",
            "",
            "history_menu",
            "show_home",
            "open_refused",
            "dismiss_refused",
            "edit_recurring",
            "run_missed",
            "dismiss_missed",
            "settings",
            "",
            "quit",
        ),
    ),
    (
        translatable("&Edit"),
        (
            "undo",
            "redo",
            "",
            "select_all",
            "",
            "find",
            "palette",
            "",
            "copy_id",
            "copy_command",
            "",
            "clear_filter",
        ),
    ),
    (
        translatable("&View"),
        (
            "panel_dashboard",
            "panel_radar",
            "panel_logs",
            "panel_workstreams",
            "panel_details",
            "panel_review",
            "panel_night",
            "panel_jobs",
            "",
            "dock_details",
            "fill_window",
            "next_region",
            "previous_region",
            "",
            "theme_system",
            "theme_dark",
            "theme_light",
            "",
            "text_larger",
            "text_smaller",
            "text_usual",
            "",
            "command_strip",
            "layouts",
            "reset_layout",
        ),
    ),
    (
        translatable("&Jobs"),
        (
            *JOB_MENU,
            "",
            "log_menu",
        ),
    ),
    (translatable("&Review"), REVIEW_MENU),
    (
        translatable("E&ngine"),
        ("pause", "drain", "resume", "", "limits", "trusted", "", "observe", "start_engine"),
    ),
    (
        translatable("&Help"),
        ("welcome", "shortcuts", "job_file_help", "", "try_demo", "", "support_bundle", "about"),
    ),
)


_OF_THE_WINDOW: tuple[tuple[str, tuple[str, ...]], ...] = (
    (translatable("Menus"), ("F10",)),
    (translatable("Close what is on top, then the filter"), ("Esc",)),
    (translatable("Open what is selected, or press its button"), ("Return",)),
    (translatable("Preview of a card"), ("Space",)),
    (translatable("Move in a list, a board or the radar"), ("←", "→", "↑", "↓")),
)
"""Keys that are no action of a menu."""


def every_command(names: tuple[str, ...]) -> Iterator[str]:
    """The actions of a menu and of its submenus."""
    for name in names:
        if name in SUBMENUS:
            yield from every_command(SUBMENUS[name][1])
        elif name:
            yield name


def menu_name(title: str) -> str:
    """The title of a menu as a word, in the language of the window."""
    return tr(title).replace("&", "")


def shortcut_groups() -> list[ShortcutGroup]:
    """Every shortcut once, by the menu that has it."""
    groups = [ShortcutGroup(menu_name(title), tuple(_shortcuts(names))) for title, names in MENUS]
    return [*groups, ShortcutGroup(tr("Everywhere"), _everywhere())]


def _everywhere() -> tuple[Shortcut, ...]:
    return tuple(Shortcut(tr(words), tuple(key_text(key) for key in keys)) for words, keys in _OF_THE_WINDOW)


def _shortcuts(names: tuple[str, ...]) -> Iterator[Shortcut]:
    for record in map(ACTIONS_BY_ID.__getitem__, every_command(names)):
        if record.shortcut:
            yield Shortcut(
                record.title, tuple(key_text(key) for key in (record.shortcut, record.also) if key)
            )


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> None:
    """Put the menus into a menu bar."""
    for title, names in MENUS:
        _fill(bar.addMenu(tr(title)), names, actions)


def main_menu(parent: QWidget, actions: Actions) -> QMenu:
    """The same menus as one, for where the bar is hidden."""
    menu = QMenu(parent)
    for title, names in MENUS:
        _fill(menu.addMenu(tr(title)), names, actions)
    return menu


def _fill(menu: QMenu, names: tuple[str, ...], actions: Actions) -> None:
    for name in names:
        if name in SUBMENUS:
            title, inside = SUBMENUS[name]
            _fill(menu.addMenu(tr(title)), inside, actions)
        elif name:
            menu.addAction(actions.action(name))
        else:
            menu.addSeparator()
