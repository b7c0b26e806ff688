"""The versions of coding tools that were tried: data that doctor and `make test-tools` share."""

from packaging.version import Version

from engine.adapters.version_windows import VERSION_WINDOWS
from engine.jobfile.fields import AGENTS


def test_every_coding_tool_has_a_window_whose_ends_are_versions() -> None:
    assert VERSION_WINDOWS.keys() >= AGENTS
    assert all(Version(window.oldest) <= Version(window.newest) for window in VERSION_WINDOWS.values())
