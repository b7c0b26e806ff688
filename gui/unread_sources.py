"""Keeps PySide from reading the source of each module that is imported after it; to be imported before them.

It looks whether a module may want the spelling of Qt's names switched (``from __feature__ import …``), which nothing
here does, and Python keeps every source that was read: 20 MB.
"""

import sys

import PySide6.QtCore  # noqa: F401 - what is to be kept from it


def _wants_no_feature(_module: object) -> bool:
    return False


_FEATURE = sys.modules.get("shibokensupport.feature")
if hasattr(_FEATURE, "_mod_uses_pyside"):
    _FEATURE._mod_uses_pyside = _wants_no_feature  # type: ignore[union-attr]  # noqa: SLF001
