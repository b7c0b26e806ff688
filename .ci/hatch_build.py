"""Builds the compiled shim into the package where a C compiler is there; hatchling calls this for each wheel."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUILD = "engine.runners.native_shim"
_BUILT = "engine/runners/native/signalbox-shim*"


class CompiledShimHook(BuildHookInterface[Any]):
    """Without a compiler the wheel is one for every platform, and the shim in Python does the work."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files of the wheel are collected; `version` is ``standard`` or ``editable``."""
        done = subprocess.run(
            [sys.executable, "-m", _BUILD], cwd=Path(self.root), capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.app.display_warning(f"{done.stderr.strip()}\nThe shim in Python is used instead.")
            return
        build_data["artifacts"].append(_BUILT)
        if version == "standard":
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"
            build_data["pure_python"] = False
