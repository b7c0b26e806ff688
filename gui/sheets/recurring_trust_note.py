"""What the sheet of recurring runs says of one that was saved and whose runs will wait for trust. Grants nothing."""

import time
from pathlib import Path

from engine.errors import SignalboxError
from engine.recurring.recurring_folder import checked_run
from engine.recurring.recurring_trust import due_previews
from engine.settings import Settings
from engine.system.plain_text import escape_invisible
from gui.sheets.recurring_draft import RecurringDraft
from gui.translation import tr


def trust_note(home: Path, draft: RecurringDraft, settings: Settings) -> str:
    """That its runs will wait, and how to trust what they start now; empty where all of it is trusted or it is paused.

    Reads the repository, so it is called outside the GUI thread.
    """
    try:
        run = checked_run(draft.name, draft.fields)
        found = due_previews(home, run, name=draft.name, settings=settings, now=time.time())
    except (SignalboxError, OSError):
        return ""  # what is wrong with it is reported when it is due
    if not run.enabled or all(preview.granted for preview in found):
        return ""
    name = escape_invisible(draft.name)
    waits = tr("What {name} starts is not trusted yet: its first run waits for you.", name=name)
    meanwhile = (
        tr("Due times meanwhile are skipped.")
        if run.if_running == "skip"
        else tr("Due times meanwhile wait behind it.")
    )
    how = tr(
        "Run now queues it at once, so that you can review and trust it; "
        "signalbox trust grant --recurring {name} trusts it without a run.",
        name=name,
    )
    return f"{waits} {meanwhile} {how}"
