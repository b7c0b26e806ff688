"""House rules that no linter knows: what lies where, what is documented, and what may never be written down."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML
from typer.core import TyperGroup as Group

from engine.cli.root import app
from tests.helpers.spreading import FAULT_TESTS, FAULTS, group_of

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("gui", "engine", "state", "resources", "specs")
TOP_LEVEL = {
    *ROOMS, "tests", "pyproject.toml", "requirements.lock", "Makefile",
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
}  # fmt: skip
DEMO = ROOT / "resources" / "demo"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository as it would be committed."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def modules(*rooms: str) -> list[Path]:
    """The Python files of these rooms, without the demo's own project."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms and not path.is_relative_to(DEMO)
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@pytest.fixture(scope="module", autouse=True)
def _trees_go_afterwards() -> Iterator[None]:
    """Each collection of garbage in a later test would pass through some million nodes."""
    yield
    tree_of.cache_clear()


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with the name it is made by, such as ``QLabel`` or ``QMessageBox.question``."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def where(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture
            continue


# --- what lies where -----------------------------------------------------------------------------------------------


def test_the_top_level_holds_only_what_the_design_names() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def test_the_rooms_know_only_those_below_them() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


CONTRACTS = {
    "gui knows engine, engine knows state, never the other way",
    "in gui facts flow up and no arrow runs back down",
    "no panel imports another",
    "Qt lives in gui alone",
    "SQL lives in state alone",
    "the nouns and their lifecycle know no SQLAlchemy",
    "the orchestrator and its rules depend on the ports alone",
    "job files and the rules of scheduling know no host",
    "in engine commands come down from the hosts and no arrow runs back up",
}


def contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return {contract["name"]: contract for contract in settings["contracts"]}


def test_the_import_contracts_are_written_down() -> None:
    assert contracts().keys() >= CONTRACTS


def test_the_orchestrator_reaches_nothing_but_ports_over_other_modules_either() -> None:
    contract = contracts()["the orchestrator and its rules depend on the ports alone"]
    assert "allow_indirect_imports" not in contract
    assert contract["ignore_imports"] == ["engine.orchestrator.orchestrator -> engine.host.assembly"]


def test_no_two_modules_share_a_file_name() -> None:
    names = Counter(path.name for path in modules("gui", "engine", "state"))
    assert {name for name, count in names.items() if count > 1} <= {"__init__.py", "__main__.py"}


def test_no_two_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for path in modules("gui", "engine", "state")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_fault_tests_run_in_one_process_and_every_other_file_in_any() -> None:
    files = [path for path in modules("tests") if path.name.startswith("test_")]
    groups = {path.stem: group_of(str(path.relative_to(ROOT))) for path in files}
    assert {name for name, group in groups.items() if group == FAULTS} == FAULT_TESTS
    assert groups["test_repository"] == "tests/test_repository.py"


def test_a_commit_is_checked_without_a_network() -> None:
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert {repository["repo"] for repository in hooks} == {"local"}
    assert {hook["id"] for hook in hooks[0]["hooks"]} == {"ruff-check", "ruff-format", "import-contracts"}


def test_every_file_of_a_room_with_python_in_it_can_be_imported_from_an_installed_wheel() -> None:
    folders = {path.parent for path in modules("gui", "engine", "state", "resources", "specs")}
    folders -= {ROOT / "state" / "migrations" / "versions"}  # Alembic finds these by their path
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize(
    ("group", "name"), [("console_scripts", "signalbox"), ("gui_scripts", "signalbox-gui")]
)
def test_a_command_that_is_installed_leads_to_a_function(group: str, name: str) -> None:
    (command,) = (point for point in entry_points(group=group) if point.name == name)
    assert callable(command.load())


# --- documented ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", modules(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(tree_of(path))
    assert said, f"{path.relative_to(ROOT)} opens with no docstring"
    assert said.splitlines()[0].rstrip().endswith((".", ":", ")")), f"not a sentence: {said.splitlines()[0]}"


def test_every_page_of_the_specs_is_referred_to_and_every_folder_of_examples() -> None:
    specs = [
        path for path in tracked() if path.relative_to(ROOT).parts[0] == "specs" and path.suffix != ".py"
    ]
    assert specs
    told = {path: text for path, text in texts() if path.suffix in {".md", ".py"}}
    for path in specs:
        name = path.name if path.suffix == ".md" else str(path.parent.relative_to(ROOT))
        assert any(name in text for other, text in told.items() if other != path), f"nothing refers to {path}"


def links() -> Iterator[tuple[Path, str]]:
    for path, text in texts():
        if path.suffix == ".md" and not path.is_relative_to(DEMO):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
                if "://" not in target:
                    yield path, target


def test_every_link_between_pages_leads_somewhere() -> None:
    assert [(str(path), target) for path, target in links() if not (path.parent / target).exists()] == []


def test_every_module_a_page_names_exists() -> None:
    known = {str(path.relative_to(ROOT)) for path in tracked()}
    names = {Path(name).name for name in known}
    written = [
        (path.name, name)
        for path, text in texts()
        if path.suffix == ".md" and path.name != "CHANGELOG.md" and not path.is_relative_to(DEMO)
        for name in re.findall(r"`((?:gui|engine|state|tests)/[\w/]+\.py|\w+\.py)`", text)
    ]
    assert len(written) >= 40
    missing = [(page, name) for page, name in written if name not in (known if "/" in name else names)]
    assert missing == []


def test_every_test_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\btests/[\w/.-]+\.py(?:::\w+)?", readme))
    assert len(named) >= 10
    for name in named:
        file, _, function = name.partition("::")
        assert (ROOT / file).is_file(), name
        assert not function or f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_the_readme_names_every_command_of_the_command_line() -> None:
    commands = typer.main.get_command(app)
    assert isinstance(commands, Group)
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").split("## Command line", 1)[1].split("\n## ", 1)[0]
    )
    named = {word for quoted in re.findall(r"`([^`]+)`", section) for word in quoted.split()}
    assert set(commands.commands) - named == set()


# --- dependencies ----------------------------------------------------------------------------------------------------


def test_the_lock_file_pins_every_dependency_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, flags=re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(version)
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        found = pins.get(canonicalize_name(wanted.name), [])
        fits = [version for version in found if wanted.specifier.contains(version, prereleases=True)]
        assert fits, f"{text} is not in requirements.lock; `make lock` brings it up to date"


def test_every_pin_of_the_lock_file_has_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


# --- what may never be written down -----------------------------------------------------------------------------------

MACHINE_PATHS = [
    rf"(?<![\w.~/-])/{top}/[a-z]"
    for top in ("work", "root", "home/(?!me/)[a-z]+", "Users/[a-z]+", "opt/(wheels|pypi)")
]
HOSTS = [
    r"pypi\." + "org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian", r"proxy\.golang",
    r"--(extra-)?index-" + "url[ =]", r"packages\.[a-z]+\.dev",
]  # fmt: skip


@pytest.mark.parametrize("pattern", [*MACHINE_PATHS, *HOSTS])
def test_no_file_names_a_path_of_one_machine_or_a_registry(pattern: str) -> None:
    captures = (
        ROOT / "tests" / "engine" / "adapters" / "captures"
    )  # what tools printed, on a machine of their own
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in texts()
        if path != Path(__file__).resolve() and not path.is_relative_to(captures)
        for match in re.finditer(pattern, text)
    ]
    assert found == []


# --- habits ----------------------------------------------------------------------------------------------------------


def test_a_label_with_text_is_a_plain_label() -> None:
    """A QLabel guesses whether its text is markup, and some markup freezes the window for seconds."""
    guessing = [
        where(path, call)
        for path in modules("gui")
        if path.name != "label.py"
        for name, call in calls(path)
        if name in {"QLabel", "QtWidgets.QLabel"} and call.args
    ]
    assert guessing == []


def test_message_boxes_are_made_with_plain_text() -> None:
    quick = {f"QMessageBox.{kind}" for kind in ("information", "question", "warning", "critical", "about")}
    found = [where(path, call) for path in modules("gui") for name, call in calls(path) if name in quick]
    assert found == []


def test_the_window_has_one_way_to_pool_threads() -> None:
    pools = ("QThreadPool", "QRunnable", "ThreadPoolExecutor")
    found = {path.name for path in modules("gui") if any(pool in path.read_text("utf-8") for pool in pools)}
    assert found == {"background_tasks.py"}


def test_no_code_makes_the_window_look_alive_by_processing_events() -> None:
    found = [
        where(path, call)
        for path in modules("gui")
        for name, call in calls(path)
        if name.endswith("processEvents")
    ]
    assert found == []


def test_nothing_is_ever_started_through_a_shell() -> None:
    found = [
        where(path, call)
        for path in modules(*ROOMS)
        for name, call in calls(path)
        if name in {"os.system", "os.popen", "subprocess.getoutput"}
        or any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords)
    ]
    assert found == []


def test_no_class_is_named_for_what_it_vaguely_does() -> None:
    vague = re.compile(r"(Manager|Helper|Utils?)$")
    found = [
        f"{where(path, node)} {node.name}"
        for path in modules(*ROOMS)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    assert found == []


def names_given(path: Path) -> Iterator[tuple[int, str]]:
    """The functions, classes, arguments, variables and attributes that a file names, with their lines."""
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def test_nothing_is_named_by_a_word_that_the_glossary_replaced() -> None:
    replaced = {"told", "said", "asked", "tell", "wanted", "eat", "upkeep", "housekeeping"}
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in modules("gui", "engine", "state")
        for line, name in names_given(path)
        if replaced & set(name.lower().split("_"))
    ]
    assert found == []


def polls(loop: ast.While) -> Iterator[ast.Call]:
    """The calls of a loop that looks again and again, and gives up at a deadline."""
    if any(isinstance(node, ast.Assert | ast.Raise) for node in loop.body) or "monotonic" in ast.unparse(
        loop.test
    ):
        yield from (node for node in ast.walk(loop) if isinstance(node, ast.Call))


def test_no_test_sleeps() -> None:
    sleeping = {"time.sleep", "sleep", "QTest.qSleep"}  # qtbot.wait shows that nothing comes
    found = []
    for path in modules("tests"):
        loops = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.While))
        polling = {call for loop in loops for call in polls(loop)}
        if path.name.startswith("test_"):
            found += [
                where(path, call) for name, call in calls(path) if name in sleeping and call not in polling
            ]
    assert found == []


def test_every_exception_to_a_rule_of_the_linter_names_the_rule_and_the_reason() -> None:
    blanket = re.compile(r"#\s*(noqa|type:\s*ignore)(?![:\[])|#\s*ruff:\s*noqa\s*$", re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules(*ROOMS, "tests")
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if blanket.search(line)
    ]
    assert found == []
