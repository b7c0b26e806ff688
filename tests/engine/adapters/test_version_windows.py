"""The versions of coding tools that were tried: data that doctor and `make test-tools` share."""

from packaging.version import Version

from engine.adapters.version_windows import VERSION_WINDOWS
from tests.helpers.tool_bench import TOOLS


def test_every_coding_tool_has_a_window_whose_ends_are_versions() -> None:
    assert VERSION_WINDOWS.keys() >= TOOLS.keys()
    assert all(Version(window.oldest) <= Version(window.newest) for window in VERSION_WINDOWS.values())
