"""Read some modules and print what each defines and how long it is; changes nothing."""

import ast
import sys
from pathlib import Path

from tools.pace import say


def main(names):
    """Survey the modules named."""
    lines = 0
    for number, name in enumerate(names, 1):
        source = Path(name).read_text(encoding="utf-8")
        say(f"[{number}/{len(names)}] {name}: {len(source.splitlines())} lines", 0.5)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                say(f"    line {node.lineno}: {node.name}: {ast.get_docstring(node) or 'no docstring'}", 0.45)
        lines += len(source.splitlines())
    say(f"{len(names)} modules, {lines} lines read", 0)


if __name__ == "__main__":
    main(sys.argv[1:])
