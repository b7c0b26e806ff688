"""The other end of a `LineProcess`: reads requests as JSON lines until the window is gone. Without Qt.

Imports only the standard library, since a helper process loads it.
"""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

Requests = queue.Queue[dict[str, Any] | None]
"""What the window has requested; None once it has closed its end."""


def serve_lines(serve: Callable[[Requests, TextIO], None]) -> None:
    """Let `serve` answer the requests of standard input on standard output, and end with the window."""
    requests: Requests = queue.Queue()
    threading.Thread(target=_read, args=(requests, sys.stdin), daemon=True).start()
    try:
        serve(requests, sys.stdout)
    except (BrokenPipeError, KeyboardInterrupt):
        # The window is gone: nobody reads the buffered answers.
        os._exit(0)


def _read(requests: Requests, source: TextIO) -> None:
    for line in source:
        requests.put(json.loads(line))
    requests.put(None)
