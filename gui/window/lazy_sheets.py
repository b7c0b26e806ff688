"""Makes each sheet, with the modules it needs, when it is first opened: most are never seen while a window is open."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject

from gui.control.command_sender import CommandSender
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.theme.theme import Theme
from gui.window.main_window import MainWindow
from gui.window.modules_needed_soon import OF_DROPS, OF_PANELS, OF_SETTINGS, load_slow
from gui.window.warm_up import WarmUp
from resources.tokens import STATES

if TYPE_CHECKING:
    from gui.control.tool_probes import ToolProbes
    from gui.control.tool_usage import ToolUsage
    from gui.sheets.attempt_comparison_sheet import AttemptComparisonSheet
    from gui.sheets.check_log_sheet import CheckLogSheet
    from gui.sheets.edit_job_sheet import EditJobSheet
    from gui.sheets.follow_up_sheet import FollowUpSheet
    from gui.sheets.help_sheet import HelpSheet
    from gui.sheets.intake.drop_sheet import DropSheet
    from gui.sheets.intake.trust_card import TrustCard
    from gui.sheets.limits_sheet import LimitsSheet
    from gui.sheets.new_from_template_sheet import NewFromTemplateSheet
    from gui.sheets.new_job_sheet import NewJobSheet
    from gui.sheets.new_pipeline_sheet import NewPipelineSheet
    from gui.sheets.recurring_sheet import RecurringSheet
    from gui.sheets.settings_sheet import SettingsSheet
    from gui.sheets.shortcut_sheet import ShortcutSheet
    from gui.sheets.support_sheet import SupportSheet
    from gui.sheets.welcome_sheet import WelcomeSheet
    from gui.window.note_sheets import NoteSheets

S = TypeVar("S")


class LazySheets(QObject):
    """The sheets of a window by name; `wiring` says what is to be connected when one of them is made."""

    def __init__(
        self,
        window: MainWindow,
        commands: CommandSender,
        *,
        projection: Projection,
        theme: Theme,
        sources: Readers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._projection, self._theme = window, projection, theme
        self._sources, self._commands = sources, commands
        self._observes = False
        self._card: TrustCard | None = None
        self.wiring: Mapping[str, Callable[[Any], None]] = {}
        glyphs = (partial(theme.glyph, state) for state in STATES)
        of_drops, of_panels, of_settings = (
            [partial(import_module, name) for name in names] for names in (OF_DROPS, OF_PANELS, OF_SETTINGS)
        )
        tasks: tuple[Callable[[], object], ...] = (
            *glyphs,
            *of_drops,
            self._make_card,
            self._warm_drop,
            *of_panels,
            *of_settings,
        )
        self.warm_up = WarmUp(window, tasks, self, before=load_slow)

    def is_made(self, name: str) -> bool:
        """Whether there is this sheet already."""
        return name in vars(self)

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Keep the sheets that change something by themselves from it while the window only observes, or no longer."""
        self._observes = observes
        for name in _OBSERVING & vars(self).keys():
            self._observe(name, vars(self)[name])

    def stop(self) -> None:
        """Return once no thread of a sheet works; for the end of the program."""
        self.warm_up.stop()
        for name in _READING & vars(self).keys():
            vars(self)[name].stop_reading()
        for name in _WORKING & vars(self).keys():
            vars(self)[name].stop()

    @cached_property
    def drop(self) -> "DropSheet":
        """What was dropped or chosen."""
        from gui.sheets.intake.drop_sheet import DropSheet

        sheet = DropSheet(
            self._projection, self._theme, sources=self._sources, parent=self._window, card=self._card
        )
        return self._made("drop", sheet)

    @cached_property
    def new_job(self) -> "NewJobSheet":
        """The form of a new job."""
        from gui.sheets.new_job_sheet import NewJobSheet

        return self._made("new_job", self._form(NewJobSheet))

    @cached_property
    def new_pipeline(self) -> "NewPipelineSheet":
        """The form of a new pipeline."""
        from gui.sheets.new_pipeline_sheet import NewPipelineSheet

        return self._made("new_pipeline", self._form(NewPipelineSheet))

    @cached_property
    def new_from_template(self) -> "NewFromTemplateSheet":
        """The form of a job from a template."""
        from gui.sheets.new_from_template_sheet import NewFromTemplateSheet

        return self._made("new_from_template", self._form(NewFromTemplateSheet))

    @cached_property
    def recurring(self) -> "RecurringSheet":
        """The recurring runs."""
        from gui.sheets.recurring_sheet import RecurringSheet

        sheet = RecurringSheet(self._projection, self._theme, sources=self._sources, parent=self._window)
        return self._made("recurring", sheet)

    @cached_property
    def edit(self) -> "EditJobSheet":
        """The form of a job that waits."""
        from gui.sheets.edit_job_sheet import EditJobSheet

        return self._made("edit", EditJobSheet(self._theme, self._window))

    @cached_property
    def follow_up_sheet(self) -> "FollowUpSheet":
        """The words that jobs are sent back with."""
        from gui.sheets.follow_up_sheet import FollowUpSheet

        return self._made("follow_up_sheet", FollowUpSheet(self._theme, self._window))

    @cached_property
    def notes(self) -> "NoteSheets":
        """The note and the labels of jobs."""
        from gui.window.note_sheets import NoteSheets

        sheets = NoteSheets(self._window, self._commands, projection=self._projection, theme=self._theme)
        return self._made("notes", sheets)

    @cached_property
    def limits(self) -> "LimitsSheet":
        """Limits and holds."""
        from gui.sheets.limits_sheet import LimitsSheet

        return self._made("limits", LimitsSheet(self._projection, self._theme, self._window))

    @cached_property
    def check_log(self) -> "CheckLogSheet":
        """What the check of a merge has printed."""
        from gui.sheets.check_log_sheet import CheckLogSheet

        sheet = CheckLogSheet(self._projection, self._theme, home=self._sources.home, parent=self._window)
        return self._made("check_log", sheet)

    @cached_property
    def comparison(self) -> "AttemptComparisonSheet":
        """Two attempts of a job beside each other."""
        from gui.sheets.attempt_comparison_sheet import AttemptComparisonSheet

        sheet = AttemptComparisonSheet(self._theme, sources=self._sources, parent=self._window)
        return self._made("comparison", sheet)

    @cached_property
    def shortcuts(self) -> "ShortcutSheet":
        """The keys of all commands."""
        from gui.sheets.shortcut_sheet import ShortcutSheet
        from gui.window.menus import shortcut_groups

        return self._made("shortcuts", ShortcutSheet(shortcut_groups(), self._theme, self._window))

    @cached_property
    def help(self) -> "HelpSheet":
        """The pages of help."""
        from gui.sheets.help_sheet import HelpSheet

        return self._made("help", HelpSheet(self._theme, self._window))

    @cached_property
    def support(self) -> "SupportSheet":
        """The support bundle."""
        from gui.sheets.support_sheet import SupportSheet

        return self._made("support", SupportSheet(self._sources.home, self._theme, self._window))

    @cached_property
    def settings(self) -> "SettingsSheet":
        """The settings."""
        from gui.sheets.settings_sheet import SettingsSheet

        home = self._sources.home
        return self._made("settings", SettingsSheet(self._theme, self._window, probes=self.probes, home=home))

    @cached_property
    def welcome(self) -> "WelcomeSheet":
        """What greets a newcomer."""
        from gui.sheets.welcome_sheet import WelcomeSheet

        return self._made("welcome", WelcomeSheet(self._theme, self._window, probes=self.probes))

    @cached_property
    def probes(self) -> "ToolProbes":
        """Which tools there are, and of which versions."""
        from engine.adapters import ADAPTERS
        from gui.control.tool_probes import ToolProbes

        return ToolProbes(ADAPTERS, self, home=self._sources.home.root)

    @cached_property
    def tool_usage(self) -> "ToolUsage":
        """What the tools have cost today."""
        from gui.control.tool_usage import ToolUsage

        return ToolUsage(self._sources.reader, self)

    def _form(self, kind: Callable[..., S]) -> S:
        return kind(self._projection, self._theme, home=self._sources.home, parent=self._window)

    def _made(self, name: str, sheet: S) -> S:
        if self._observes:
            self._observe(name, sheet)
        if (wire := self.wiring.get(name)) is not None:
            wire(sheet)
        return sheet

    def _observe(self, name: str, sheet: Any) -> None:
        if name in _OBSERVING:
            (sheet.levels if name == "settings" else sheet).set_observing(self._observes)

    def _make_card(self) -> None:
        """Make the half of the sheet for drops that takes longest, in a turn of its own."""
        from gui.sheets.intake.drop_sheet import make_card

        if not self.is_made("drop"):
            self._card = make_card(self._theme, self._window)

    def _warm_drop(self) -> None:
        """Make the sheet that is opened most often, and then what it shows first."""
        self.warm_up.add(self.drop.trust_card.warm_ups())


_OBSERVING = frozenset({"recurring", "limits", "settings"})
_READING = frozenset(
    {
        "drop",
        "new_from_template",
        "recurring",
        "settings",
        "check_log",
        "comparison",
        "help",
        "support",
        "welcome",
    }
)
_WORKING = frozenset({"probes", "tool_usage"})
