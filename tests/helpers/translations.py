"""Collect every text of the window into the translation files, and compile them; `make translations` runs this.

What is translated already is kept by its text. A text nobody uses any more is dropped, a new one is unfinished, and a
test fails until somebody has translated it.
"""

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gui.translation import CONTEXT

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de",)
_SHIM = "engine/runners/supervised_run.py"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


@dataclass(frozen=True)
class Source:
    """A text as the code has it; with a count its plural stands for both forms."""

    text: str
    is_counted: bool = False


@dataclass(frozen=True)
class Message:
    """A text with its translation: one form, or all forms of a count."""

    source: Source
    forms: tuple[str, ...] = field(default=())


def sources() -> dict[Source, list[str]]:
    """Every text that goes through the translation, with the modules that use it; sorted."""
    found: dict[Source, list[str]] = {}
    for path in sorted(
        path for folder in ("engine", "gui", "state") for path in (ROOT / folder).rglob("*.py")
    ):
        where = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if (
            not where.startswith("gui")
            and where != _SHIM
            and "phrase" not in text
            and "recordable" not in text
        ):
            continue  # most of the engine has no phrases, and parsing it takes seconds
        tree = ast.parse(text)
        for source in _sentences_of(tree) if where == _SHIM else _sources_of(tree):
            places = found.setdefault(source, [])
            if where not in places:
                places.append(where)
    return dict(sorted(found.items(), key=lambda item: (item[0].text, item[0].is_counted)))


def messages(file: Path) -> dict[Source, Message]:
    """What a translation file has."""
    if not file.exists():
        return {}
    read = [_message(node) for node in ET.parse(file).getroot().iter("message")]  # noqa: S314  # our own file
    return {message.source: message for message in read}


def write(language: str) -> Path:
    """Bring the file of a language up to the code."""
    file = FOLDER / f"signalbox_{language}.ts"
    known = messages(file)
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for source, places in sources().items():
        _add(context, known.get(source, Message(source)), places)
    ET.indent(root, " ")
    file.write_text(_HEAD + ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
    return file


def compile_to(target: Path, source: Path) -> None:
    """Compile a translation file to what Qt loads."""
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([tool, "-silent", source, "-qm", target], check=True)


def main() -> None:
    """Bring all files up to the code, and compile them."""
    for language in LANGUAGES:
        file = write(language)
        compile_to(file.with_suffix(".qm"), file)
        missing = [one.source.text for one in messages(file).values() if not all(one.forms)]
        print(f"{file.name}: {len(sources())} texts, {len(missing)} not translated")
        for text in missing:
            print(f"  {text}")


def _sources_of(tree: ast.Module) -> Iterator[Source]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if node.func.id in {"tr", "translatable", "phrase", "recordable"} and texts and texts[0]:
            yield Source(texts[0])
        elif node.func.id == "tr_count":
            yield Source(texts[1], is_counted=True)


def _sentences_of(tree: ast.Module) -> Iterator[Source]:
    """What the shim records: it imports nothing of ours, so that none of its sentences is marked."""
    documented = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    docs = {id(value) for value in documented}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            text = node.value
            if text[:1].isupper() and text.endswith(".") and " " in text:
                yield Source(text)


def _message(node: ET.Element) -> Message:
    is_counted = node.get("numerus") == "yes"
    translation = node.find("translation")
    assert translation is not None
    forms = [form.text or "" for form in translation] if is_counted else [translation.text or ""]
    return Message(Source(node.findtext("source") or "", is_counted=is_counted), tuple(forms))


def _add(context: ET.Element, message: Message, places: list[str]) -> None:
    counted = message.source.is_counted
    node = ET.SubElement(context, "message", {"numerus": "yes"} if counted else {})
    for place in places:
        ET.SubElement(node, "location", filename=f"../../{place}")
    ET.SubElement(node, "source").text = message.source.text
    forms = message.forms or (("", "") if counted else ("",))
    translation = ET.SubElement(node, "translation", {} if all(forms) else {"type": "unfinished"})
    if counted:
        for form in forms:
            ET.SubElement(translation, "numerusform").text = form
    else:
        translation.text = forms[0]


if __name__ == "__main__":
    main()
