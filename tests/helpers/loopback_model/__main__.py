"""Runs the loopback model from the command line, for trying a tool by hand.

``python -m tests.helpers.loopback_model [--port N] [SCENARIO.json …]`` prints its address and serves until it is
interrupted; each request is printed as a line of JSON.
"""

import argparse
import json
import time
from pathlib import Path

from tests.helpers.loopback_model.scenario import Scenario
from tests.helpers.loopback_model.server import LoopbackModel

_POLL_S = 0.2


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="loopback_model", description="A model provider on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "scenarios", nargs="*", type=Path, help="files with one scenario each, played in turn"
    )
    options = parser.parse_args()
    scenarios = [Scenario.model_validate_json(file.read_text("utf-8")) for file in options.scenarios]
    with LoopbackModel(*scenarios, port=options.port) as model:
        print(model.url, flush=True)
        _print_requests(model)


def _print_requests(model: LoopbackModel) -> None:
    printed = 0
    try:
        while True:
            found = model.requests
            for request in found[printed:]:
                print(json.dumps(request.as_json()), flush=True)
            printed = len(found)
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
