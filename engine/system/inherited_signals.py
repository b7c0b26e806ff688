"""What a program of ours inherits of signals, and keeps from what it starts: nohup ignores some, a shell others.

What is ignored stays ignored in every program that is started, and what is blocked stays blocked: a tool, git or a hook
could then not be interrupted. A handler ends with the start of another program, so one that does nothing takes the
place of ignoring. For programs with a main thread of their own, not for whoever imports us.
"""

import signal
from types import FrameType

_LEFT = frozenset(
    number
    for name in ("SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGPIPE", "SIGXFSZ")
    if (number := signal.Signals.__members__.get(name)) is not None
)
"""Left as they are: a process in the background that handled those of the terminal would write to it again and again,
and the last two Python ignores by itself and restores in what it starts."""


def ignored(number: int, frame: FrameType | None) -> None:
    """Handle an inherited ignored signal: do nothing."""
    del number, frame


def is_ignored(number: int) -> bool:
    """Whether this signal is ignored here, by the system or by `keep_from_children`."""
    return signal.getsignal(number) in {signal.SIG_IGN, ignored}


def keep_from_children() -> None:
    """Go on ignoring what is ignored, and let whatever is started from now on have every signal as it usually is."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals() - _LEFT:
        if signal.getsignal(number) is signal.SIG_IGN:
            # Ignoring the end of children would also hide how they ended.
            signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else ignored)
