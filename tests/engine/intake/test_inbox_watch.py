"""The watch of the inbox reports every change to it, and nothing of those who only look."""

import os
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

import pytest
from watchdog.events import FileSystemEvent

from engine.intake.inbox import Inbox
from engine.intake.inbox_watch import InboxWatch
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from tests.helpers.patience import PATIENCE_S


class NotedWatch(InboxWatch):
    """The watch of an inbox; notes every event that the system has reported to it."""

    def __init__(self, folder: Path) -> None:
        self.noted: Queue[FileSystemEvent] = Queue()
        self.wakes: Queue[str] = Queue()
        super().__init__(folder, lambda: self.wakes.put("woken"))

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.noted.put(event)
        super().on_any_event(event)

    def until(self, path: Path) -> list[FileSystemEvent]:
        """What was reported up to and with the first event of this path."""
        events = [self.noted.get(timeout=PATIENCE_S)]
        while os.fsdecode(events[-1].src_path) != str(path):
            events.append(self.noted.get(timeout=PATIENCE_S))
        return events


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def test_who_only_looks_at_the_inbox_causes_no_event_in_its_watch(home: Home) -> None:
    notes, dropped = home.inbox / "notes.md", home.inbox / "a.json"
    notes.touch()
    store = JobStateStore(home=home)
    inbox = Inbox(home.inbox, home, store)
    inbox.scan()  # makes a folder of its own
    watch = NotedWatch(home.inbox)
    for _ in range(3):
        inbox.scan()
        notes.read_bytes()
    dropped.touch()
    events = watch.until(dropped)
    watch.close()
    store.close()
    assert {event.event_type for event in events} <= {"created", "modified"}
    assert str(notes) not in {os.fsdecode(event.src_path) for event in events}


@pytest.mark.parametrize(
    "change",
    [
        lambda inbox: (inbox / "b.json").touch(),
        lambda inbox: (inbox / "a.json").write_text("more", encoding="utf-8"),
        lambda inbox: (inbox / "a.json").chmod(0o600),
        lambda inbox: (inbox / "a.json").rename(inbox / "b.json"),
        lambda inbox: (inbox.parent / "beside.json").rename(inbox / "b.json"),
        lambda inbox: (inbox / "folder").mkdir(),
    ],
    ids=["created", "written", "mode", "renamed", "moved here", "folder"],
)
def test_a_change_to_the_inbox_wakes_the_engine(home: Home, change: Callable[[Path], object]) -> None:
    for path in (home.inbox / "a.json", home.root / "beside.json"):
        path.touch()
    watch = NotedWatch(home.inbox)
    with pytest.raises(Empty):
        watch.wakes.get_nowait()
    change(home.inbox)
    assert watch.wakes.get(timeout=PATIENCE_S)
    watch.close()
