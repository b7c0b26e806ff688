"""What became of the user's command at the end of a job, in words. Reads and runs nothing."""

from engine.system.plain_text import last_line
from state.records import CallbackRun, CallbackStatus


def callback_outcome(run: CallbackRun) -> str:
    """What became of the command; for one that failed with the reason and the last line it printed."""
    match run.status:
        case CallbackStatus.FAILED:
            last = last_line(run.output)
            return f"the command failed: {run.reason}" + (f" ({last})" if last else "")
        case CallbackStatus.COMPLETED:
            return "the command was run"
        case _:
            return f"the command is {run.status.value}"
