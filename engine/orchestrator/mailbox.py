"""Messages of other threads to the engine: posted by any thread, taken by the engine's at the start of a step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, Invocation, Recovery
from state.records import Attempt, JobHold


@dataclass(frozen=True)
class Prepared:
    """An adapter has prepared the command of an attempt, or `problem` says why there is none, and `reason` in a word.

    `held` says why the job is held instead: it is no longer what was trusted. `is_plain` says that no other thread is
    needed to assess an end that went well.
    """

    ref: AttemptRef
    invocation: Invocation | None
    problem: str = ""
    reason: EndReason = EndReason.SPAWN_FAILED
    held: JobHold | None = None
    is_plain: bool = False


@dataclass(frozen=True)
class Recovered:
    """A runner has inspected an attempt whose engine is gone."""

    attempt: Attempt
    found: Recovery
    end: AttemptEnd | None


Message = Prepared | Assessment | Recovered


class Mailbox:
    """A queue of messages with a bell; the bell carries nothing and may ring without a message."""

    def __init__(self) -> None:
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._bell: Callable[[], None] = lambda: None

    def on_post(self, bell: Callable[[], None]) -> None:
        """Ring this bell, from any thread, after every post."""
        self._bell = bell

    def post(self, message: Message) -> None:
        """Post a message; callable from any thread."""
        self._messages.put(message)
        self._bell()

    def ring(self) -> None:
        """Request a step without a message."""
        self._bell()

    def take(self) -> Iterator[Message]:
        """Yield the messages that have arrived; later ones wait for the next step."""
        for _ in range(self._messages.qsize()):
            try:
                yield self._messages.get_nowait()
            except Empty:
                return
