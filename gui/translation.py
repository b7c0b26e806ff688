"""The language of the window: every text a person sees goes through `tr` or `tr_count`.

A text is translated where it is used, never where a module is imported: tables of texts hold marked ones
(`translatable`). English is in the code itself; the other languages are in `resources/translations`.
"""

from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from engine.system.phrase import Phrase
from gui.figures import figure, filled, use_form_of


def translatable(text: str, /) -> str:
    """Mark a text of a table, which is translated by ``tr`` when it is shown."""
    return text


CONTEXT = "Signalbox"
SYSTEM = "system"
LANGUAGES = ((SYSTEM, translatable("Follow the system")), ("en", "English"), ("de", "Deutsch"))
"""What the settings offer; a language is named in itself."""

_texts: dict[str, str] = {}
"""What was looked up since the language was chosen: a second look-up costs less than a microsecond."""
_translators: list[QTranslator] = []


def tr(text: str, /, **values: object) -> str:
    """A text in the language of the window, with the values in place of ``{name}``."""
    found = _texts.get(text)
    if found is None:
        found = _texts[text] = QCoreApplication.translate(CONTEXT, text) if _translators and text else text
    return filled(found, values) if values else found


def tr_count(one: str, many: str, /, number: int, **values: object) -> str:
    """A text with a count, in the form that the number asks for; ``{n}`` is the number: ``6,200 files``."""
    text = one if number == 1 else many
    if _translators:
        form = QCoreApplication.translate(CONTEXT, many, None, number)  # the file has all forms at the plural
        text = text if form == many else form
    return filled(text, {"n": figure(number), **values})


def tr_phrase(phrase: Phrase, /) -> str:
    """A phrase of the engine in the language of the window."""
    if phrase.is_recorded:
        return phrase.ended(tr_recorded(phrase.text))
    values = {
        name: tr_phrase(value) if isinstance(value, Phrase) else value
        for name, value in phrase.values.items()
    }
    return phrase.ended(filled(tr(phrase.text), values))


def tr_recorded(sentence: str, /) -> str:
    """A recorded sentence as it is shown: a fixed one of the engine (`recordable`) in the language of the window.

    Any other stays as it was recorded: with its values in it, it cannot be looked up.
    """
    is_sentence = sentence.endswith(".")  # what a tool printed, such as "Done", is none of the window's words
    return QCoreApplication.translate(CONTEXT, sentence) if _translators and is_sentence else sentence


def uncapitalized(text: str) -> str:
    """A translated word as it stands inside a line: ``Timed out`` becomes ``timed out``.

    English lowers the first letter; German nouns keep theirs, so its words stay as they are.
    """
    return text if _translators else text[:1].lower() + text[1:]


def language_of(choice: str) -> str:
    """The code of the language for a choice of the settings; English for a system in any language we lack."""
    languages = QLocale.system().uiLanguages()[:1] if choice == SYSTEM else [choice]
    code = languages[0].partition("-")[0] if languages else ""
    return code if code in _codes() else "en"


def use_language(choice: str) -> None:
    """Have all texts in a language from now on; texts of Qt's own buttons and dialogs, too.

    Call it before a widget is made: what is shown already stays as it is.
    """
    app = QCoreApplication.instance()
    for translator in _translators:
        QCoreApplication.removeTranslator(translator)
    _translators.clear()
    _texts.clear()
    language = language_of(choice)
    use_form_of(language)
    if language == "en" or app is None:
        return
    ours = str(files("resources").joinpath("translations", f"signalbox_{language}.qm"))
    qt = f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{language}.qm"
    for file in (qt, ours):
        translator = QTranslator(app)
        if translator.load(file):
            QCoreApplication.installTranslator(translator)
            _translators.append(translator)


def _codes() -> set[str]:
    return {code for code, _ in LANGUAGES} - {SYSTEM}
