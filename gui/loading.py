"""The lock of threads that load modules in the background, so that no two of them load the same ones."""

from threading import RLock

LOADING = RLock()
"""Python lets two threads that load modules which need each other go on with half-loaded ones."""
