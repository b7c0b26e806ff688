"""Rehearse a stretch of the timetable: let every tram leave, and fail if one goes missing; changes nothing."""

import sys

from tools.pace import say
from tramline.board import board
from tramline.clock import minutes, shown
from tramline.service import departures


def night():
    """The last trams of the day and those after midnight, one by one."""
    trams = departures("23:10", "1:50", 10)
    say(f"night service: {len(trams)} trams from {shown(trams[0])} to {shown(trams[-1])}", 0.6)
    for number, minute in enumerate(trams, 1):
        say(f"{shown(minute)}  tram {number:>2} has left the depot", 0.3)
    return len(trams) == 17


def boards():
    """What the board at the market shows through a day."""
    services = {
        ("4", "Harbour"): departures("5:20", "23:40", 20),
        ("7", "University Hospital North"): departures("6:05", "22:05", 30),
        ("11", "Old Town"): departures("19:50", "1:10", 20),
    }
    complete = True
    for now in ("5:00", "9:00", "13:00", "21:40", "23:30"):
        say(f"--- the board at {now}", 0.5)
        rows = board(services, minutes(now), rows=4)
        for line in rows:
            say(f"    {line}", 0.5)
        complete = complete and len(rows) == 4
    return complete


if __name__ == "__main__":
    complete = {"night": night, "boards": boards}[sys.argv[1]]()
    say("every tram was there" if complete else "ERROR a tram went missing", 0)
    sys.exit(0 if complete else 1)
