"""``python -m tests.helpers.merge_engine HOME``: the merge queue of one engine alone, until nothing is left for it."""

import sys
import threading

from engine.host.assembly import EngineIdentity
from engine.host.merge_queue import MergeQueue
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home


def main(root: str) -> None:
    """Merge what is due, as an engine does that runs until it is idle."""
    home = Home.at(root)
    store, identity = JobStateStore(home=home), EngineIdentity(home, kind="command_line")
    identity.take()
    store.engine_started(identity.engine)
    queue = MergeQueue(store, engine_id=identity.engine.engine_id, is_alive=identity.is_alive)
    ended = threading.Event()
    queue.on_end = ended.set
    queue.step()
    while queue.remaining:
        ended.wait(0.1)
        ended.clear()
        queue.step()
    queue.close()
    store.engine_stopped(identity.engine.engine_id)
    identity.release()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
