"""What a window needs from the system: named by package where it is missing, and the same as what set-up installs."""

import os
import re
import subprocess
import sys
from pathlib import Path

from engine.system.display import ANY_WINDOW, ON_X11

ROOT = Path(__file__).resolve().parents[3]


def test_set_up_installs_every_library_that_is_looked_for_here() -> None:
    script = (ROOT / ".ci" / "setup").read_text(encoding="utf-8")
    installed = re.findall(r"^(lib\S+\.so\.\d+) (\S+)$", script, re.MULTILINE)
    assert dict(installed) == {**ANY_WINDOW, **ON_X11}


def test_a_library_that_cannot_be_loaded_is_named_by_its_package_before_the_tests_run(tmp_path: Path) -> None:
    (tmp_path / "libgssapi_krb5.so.2").touch()  # found first, and no library
    done = subprocess.run(
        [sys.executable, "-m", "engine.system.display"],
        cwd=ROOT, env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "Qt needs system libraries that are missing: apt-get install libgssapi-krb5-2\n"
