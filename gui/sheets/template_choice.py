"""A drop-down of templates, each with where it comes from."""

from collections.abc import Sequence

from engine.jobfile.template import JobTemplate
from engine.system.plain_text import escape_invisible
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.choice_box import ChoiceBox

_ORIGINS = {
    "home": translatable("yours"),
    "repository": translatable("of the repository"),
    "shipped": translatable("shipped"),
}


class TemplateChoice(ChoiceBox):
    """Lists templates; what was chosen stays chosen while the list is filled anew."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Template"), theme)
        self.setObjectName("templateChoice")

    def chosen(self) -> JobTemplate | None:
        """The template that is chosen; None while they are being read, and for other entries."""
        found = self.currentData()
        return found if isinstance(found, JobTemplate) else None

    def list_templates(self, templates: Sequence[JobTemplate], *, chosen: str) -> None:
        """List these instead, and choose the one of this name without a signal."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.clear()
        for one in templates:
            self.addItem(f"{escape_invisible(one.head.title)} ({tr(_ORIGINS[one.origin])})", one)
        names = [one.name for one in templates]
        if chosen in names:
            self.setCurrentIndex(names.index(chosen))
        self.blockSignals(False)  # noqa: FBT003 - as above
        self.updateGeometry()
