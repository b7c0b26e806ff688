"""What the loopback model does: a scenario is JSON that a test or a file gives it, checked when it is read."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Edit(_Part):
    """One change of a file: `search` replaced by `replace`, or a whole new `content`."""

    path: str
    search: str = ""
    replace: str = ""
    content: str | None = None


class Usage(_Part):
    """The tokens of each answer; `input` counts all of a request, those from the cache included."""

    input: int = 1200
    cached: int = 0
    output: int = 34


class ProviderError(_Part):
    """An error answer. `after` lets that many requests through first; without `times` it lasts.

    `body` replaces the body that the protocol would have. `in_stream` sends the error after the answer has begun,
    with status 200.
    """

    status: int
    message: str = ""
    type: str | None = None
    code: str | None = None
    body: dict[str, Any] | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    retry_after: float | None = None
    after: int = 0
    times: int | None = None
    in_stream: bool = False


class Stall(_Part):
    """A silence before the headers or in the middle of the stream."""

    where: Literal["headers", "stream"] = "stream"
    seconds: float = 600


class Scenario(_Part):
    """What the model does for one task: its plan, a command, edits, a closing message; or how its provider fails.

    `root` is the folder that relative paths mean. Of several scenarios the next takes over once the closing message
    was sent, or after `requests` requests to the model.
    """

    root: str = ""
    plan: tuple[str, ...] = ()
    command: str | None = None
    edits: tuple[Edit, ...] = ()
    final: str = "Done."
    usage: Usage = Usage()
    error: ProviderError | None = None
    stall: Stall | None = None
    drop: bool = False
    chunk_delay: float = 0
    requests: int | None = None
