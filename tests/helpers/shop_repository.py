"""A small shop for tests of whole nights: two modules, tests that are its check, a project file, work of a person."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.helpers.attempts import git_caller

CHECK = [sys.executable, "-B", "-m", "unittest", "discover", "-q", "-s", "tests", "-t", "."]
_FILES: Mapping[str, str] = {
    "shop/__init__.py": "",
    "shop/totals.py": '''"""Adds up a cart."""


def total(lines):
    """The sum of all lines."""
    return sum(price * count for price, count in lines)
''',
    "shop/prices.py": '''"""The rules of prices."""


def discounted(price, percent):
    """The price with a discount in percent."""
    return price * (100 - percent) / 100
''',
    "tests/__init__.py": "",
    "tests/test_shop.py": """import unittest

from shop.prices import discounted
from shop.totals import total


class Shop(unittest.TestCase):
    def test_a_total(self):
        self.assertEqual(total([(2.5, 2), (1.0, 1)]), 6.0)

    def test_a_discount(self):
        self.assertEqual(discounted(200, 10), 180)
""",
    "README.md": "# A shop\n",
    ".gitignore": "__pycache__/\n.env\n",
    ".env": "SHOP=here\n",
    ".signalbox.yaml": json.dumps(
        {"carry": [".env"], "target": "main", "check": {"exe": CHECK[0], "args": CHECK[1:]}}
    ),
}


def shop_repository(root: Path) -> Path:
    """Make the shop; its own checkout is on another branch, and has work that nobody has committed."""
    for name, content in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    git = git_caller(root)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.invalid")
    git("add", "-A")
    git("commit", "-qm", "A shop")
    git("switch", "-qc", "mine")
    (root / "notes.txt").write_text("not committed\n")
    return root


def check_of(repo: Path, folder: Path) -> int:
    """The exit code of the shop's tests in a clone of its target, which is made in this folder."""
    copy = folder / "copy"
    folder.mkdir(exist_ok=True)
    subprocess.run(["git", "clone", "-q", "-b", "main", str(repo), str(copy)], check=True)
    return subprocess.run(CHECK, cwd=copy, check=False, capture_output=True).returncode
