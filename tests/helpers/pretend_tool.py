"""A program that plays a coding tool or a check for the screenshots: says its lines, edits the files it is given.

It is copied beside the repositories under the name of the tool, so it knows nothing of Signalbox. The job's
environment says what to do: ``SAY`` lines, ``ADD`` and ``CUT`` lines in each file, ``COST`` in dollars, ``CODE`` to
exit with, ``UNTIL`` a file to wait for.
"""

import json
import os
import sys
import time
from pathlib import Path

_PACE_S = 0.05


def main() -> int:
    words = sys.argv[1:]
    for line in os.environ.get("SAY", "").splitlines():
        print(line, flush=True)
        time.sleep(_PACE_S)
    for word in words:
        file = Path(word)
        if word.startswith("-") or file.suffix not in {".py", ".po", ".html"} or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8").splitlines()[int(os.environ.get("CUT", "0")) :]
        added = [f"# {number}: reworked" for number in range(int(os.environ.get("ADD", "0")))]
        file.write_text("\n".join([*added, *lines, ""]), encoding="utf-8")
        print(f"Applied edit to {file.name}", flush=True)
    if "--analytics-log" in words:
        log = Path(words[words.index("--analytics-log") + 1])
        cost = float(os.environ.get("COST", "0.1"))
        usage = {"prompt_tokens": 41_000, "completion_tokens": 2_300, "cost": cost}
        log.write_text(json.dumps({"event": "message_send", "properties": usage}) + "\n", encoding="utf-8")
    until = os.environ.get("UNTIL")
    while until and not Path(until).exists():
        time.sleep(_PACE_S)
    return int(os.environ.get("CODE", "0"))


if __name__ == "__main__":
    sys.exit(main())
