"""Check some modules: they compile, every function has a docstring, no line is too long; changes nothing.

With --stops the names of all stops are needed as well. The first check fetches them and gives up with exit code 75
("try again later"), as a flaky check in the field does; the next one finds them.
"""

import ast
import subprocess
import sys
from pathlib import Path

from tools.pace import say

TRY_AGAIN = 75
STOPS = ["Harbour", "Old Town", "Market", "University Hospital North", "Tram Depot", "Airport"]


def stops_file():
    """Where the names of the stops are kept: beside the repository's own data, so that no tree gets dirty."""
    folder = subprocess.run(["git", "rev-parse", "--git-dir"], capture_output=True, text=True, check=True)
    return Path(folder.stdout.strip()) / "tramline-stops"


def fetch(file):
    """Fetch the names of the stops, slowly."""
    for number, stop in enumerate(STOPS, 1):
        say(f"fetching stops {100 * number // len(STOPS):3} %  {stop}", 0.45)
    file.write_text("\n".join(STOPS), encoding="utf-8")
    say("ERROR the stops came too late for this check; the next one will find them", 0)


def findings(name):
    """What is wrong with a module."""
    source = Path(name).read_text(encoding="utf-8")
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > 110:
            yield f"{name}:{number}: the line has {len(line)} characters"
    for node in ast.walk(ast.parse(source, name)):
        documented = not isinstance(node, ast.FunctionDef) or ast.get_docstring(node)
        if not documented and not node.name.startswith("test_"):  # a test is told by its name
            yield f"{name}:{node.lineno}: {node.name} has no docstring"


def main(words):
    """Check the modules named; the exit code is the number of findings, at most 1."""
    names = [word for word in words if word != "--stops"]
    if "--stops" in words:
        file = stops_file()
        if not file.exists():
            fetch(file)
            return TRY_AGAIN
        say(f"{len(file.read_text(encoding='utf-8').splitlines())} stops are known", 0.5)
    found = 0
    for name in names:
        say(f"checking {name}", 0.7)
        for finding in findings(name):
            say(f"WARNING {finding}", 0.4)
            found += 1
        say(f"   {name}: compiled, documented, lines fit", 0.7)
    say(f"{len(names)} modules checked, {found} findings", 0)
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
