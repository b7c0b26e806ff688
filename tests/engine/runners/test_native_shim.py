"""The compiled shim does what the one in Python does, and no broken order makes it do anything else."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runners import layout, native_shim
from engine.runners.recovery import SHIM
from tests.helpers.patience import PATIENCE_S

PYTHON = [sys.executable, "-I", "-S", str(SHIM)]


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled shim as it is shipped."""
    try:
        return native_shim.build(tmp_path_factory.mktemp("native"))
    except native_shim.ShimBuildError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["python", "native"])
def shim(request: pytest.FixtureRequest) -> list[str]:
    """The beginning of the command line of each shim."""
    return PYTHON if request.param == "python" else [str(request.getfixturevalue("native"))]


def an_order(**fields: Any) -> dict[str, Any]:
    """An order as the engine writes it, for a tool that prints a word."""
    return {
        "name": "1-abc",
        "token": "abc",
        "argv": ["/bin/echo", "printed"],
        "cwd": "/",
        "env_names": ["PATH"],
        "stdin_file": None,
        "timeout_s": None,
        "silence_timeout_s": None,
        "grace_s": 1.0,
        "output_cap": 1_000_000,
        "stop_signal": 15,
        "setup": None,
        "tests": None,
        **fields,
    }


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[..., Path]:
    """Makes the folder of an attempt with an order in it."""

    def make(text: str, name: str = "1-abc") -> Path:
        folder = tmp_path / "attempts" / name
        folder.mkdir(parents=True)
        (tmp_path / layout.STARTS).mkdir(exist_ok=True)
        (folder / layout.INVOCATION).write_text(text)
        return folder

    return make


def live(shim: list[str], folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*shim, str(folder)], env={"PATH": os.environ["PATH"], **environ}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip


def test_a_shim_runs_the_tool_and_writes_down_how_it_ended(
    shim: list[str], folder_of: Callable[..., Path]
) -> None:
    folder = folder_of(json.dumps(an_order()))
    assert live(shim, folder).returncode == 0
    assert (folder / "stdout").read_text() == "printed\n"
    assert json.loads((folder / layout.RESULT).read_text())["reason"] == "exited"


def test_a_shim_that_finds_a_result_starts_nothing(shim: list[str], folder_of: Callable[..., Path]) -> None:
    folder = folder_of(json.dumps(an_order()))
    (folder / layout.RESULT).write_text("{}")
    assert live(shim, folder).returncode == layout.ALREADY_ENDED
    assert not (folder / "stdout").exists()


def test_the_compiled_shim_leaves_an_attempt_with_values_to_mask_to_the_other(
    native: Path, folder_of: Callable[..., Path]
) -> None:
    folder = folder_of(json.dumps(an_order()))
    done = live([str(native)], folder, **{layout.SECRETS: '{"values": ["canary"]}'})
    assert done.returncode == 1
    assert "masked" in done.stderr
    assert [each.name for each in folder.iterdir()] == [layout.INVOCATION]
    assert live([str(native)], folder).returncode == 0


def test_where_there_is_no_compiler_the_build_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(native_shim.ShimBuildError, match="no C compiler"):
        native_shim.build(tmp_path)
    monkeypatch.setenv("CC", "/bin/false")
    with pytest.raises(native_shim.ShimBuildError, match="cannot be built: /bin/false"):
        native_shim.build(tmp_path)
