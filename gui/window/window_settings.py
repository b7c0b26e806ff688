"""Between the settings sheet and what a window remembers of itself."""

from engine.settings import Settings
from gui.control.preferences import Layout
from gui.sheets.settings_more import MoreValues
from gui.sheets.settings_sheet import SettingsValues
from gui.theme.theme import Theme


def settings_values(layout: Layout, theme: Theme, *, home: Settings, max_running: int) -> SettingsValues:
    """What the sheet shows at first."""
    return SettingsValues(
        max_running=max_running,
        home=home,
        theme=theme.preference,
        language=layout.language,
        reduce_motion=theme.reduce_motion,
        editor=layout.editor,
        terminal=layout.terminal,
        more=_more(layout),
    )


def take_over(values: SettingsValues, layout: Layout, *, theme: Theme) -> None:
    """Have the window look and remember as a person wants it."""
    theme.set_preference(values.theme)
    theme.reduce_motion = values.reduce_motion
    layout.language = values.language
    layout.editor, layout.terminal = values.editor, values.terminal
    _remember(layout, values.more)


def _more(layout: Layout) -> MoreValues:
    switches = {
        "needs_you": layout.notify_needs_you,
        "failed": layout.notify_failed,
        "done": layout.notify_done,
        "idle": layout.notify_idle,
    }
    sounds = {
        "needs_you": layout.sound_needs_you,
        "failed": layout.sound_failed,
        "done": layout.sound_done,
        "idle": layout.sound_idle,
    }
    return MoreValues(
        notify=frozenset(kind for kind, on in switches.items() if on),
        sound=frozenset(kind for kind, on in sounds.items() if on),
        tray=layout.tray,
        quiet_from=layout.quiet_from,
        quiet_until=layout.quiet_until,
    )


def _remember(layout: Layout, values: MoreValues) -> None:
    layout.tray, layout.quiet_from, layout.quiet_until = values.tray, values.quiet_from, values.quiet_until
    layout.notify_needs_you, layout.notify_failed = "needs_you" in values.notify, "failed" in values.notify
    layout.notify_done, layout.notify_idle = "done" in values.notify, "idle" in values.notify
    layout.sound_needs_you, layout.sound_failed = "needs_you" in values.sound, "failed" in values.sound
    layout.sound_done, layout.sound_idle = "done" in values.sound, "idle" in values.sound
