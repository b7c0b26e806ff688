"""Messages for the engine's thread: posted by any thread, taken by that one at the start of a step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from engine.types import Assessment, AttemptEnd, AttemptRef, Invocation, Recovery
from state.records import Attempt, JobHold


@dataclass(frozen=True)
class Prepared:
    """An adapter made the command of an attempt, or gives the reason why there is none.

    `held` says why the job is held instead: it is not what was trusted any more.
    """

    ref: AttemptRef
    invocation: Invocation | None
    problem: str = ""
    held: JobHold | None = None


@dataclass(frozen=True)
class Recovered:
    """A runner has examined an attempt whose engine is gone."""

    attempt: Attempt
    found: Recovery
    end: AttemptEnd | None


Message = Prepared | Assessment | Recovered


class Mailbox:
    """A queue of messages with a bell; the bell only signals and may ring for nothing."""

    def __init__(self) -> None:
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._bell: Callable[[], None] = lambda: None

    def on_post(self, bell: Callable[[], None]) -> None:
        """Ring this bell, from any thread, whenever something was posted."""
        self._bell = bell

    def post(self, message: Message) -> None:
        """Leave a message; from any thread."""
        self._messages.put(message)
        self._bell()

    def ring(self) -> None:
        """Ask for a step although no message was left."""
        self._bell()

    def take(self) -> Iterator[Message]:
        """What has come in so far; what is posted meanwhile waits for the next step."""
        for _ in range(self._messages.qsize()):
            try:
                yield self._messages.get_nowait()
            except Empty:
                return
