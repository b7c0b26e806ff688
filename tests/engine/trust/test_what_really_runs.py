"""A lasting grant ends with any change of a file that really runs, whichever form the command names or hides it in."""

from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.trust.binding import Binding
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import change, git_in, grant, preview, repository, shell, spec

NAMED_FORMS = {
    "make -f": (["make", "-f", "rules.mk"], "rules.mk"),
    "make -C": (["make", "-C", "sub"], "sub/Makefile"),
    "env -C": (["env", "-C", "sub", "python3", "run.py"], "sub/run.py"),
    "bash --rcfile": (["bash", "--rcfile", "pre.sh", "-i", "run.sh"], "pre.sh"),
    "python3 -m": (["python3", "-m", "pkg"], "pkg/__main__.py"),
    "bash -c": (["bash", "-c", "./prog"], "prog"),
    "awk -f": (["awk", "-f", "x.awk"], "x.awk"),
}
SIBLINGS = {
    "make -fX": (["make", "-frules.mk"], "rules.mk"),
    "make --file=": (["make", "--file=rules.mk"], "rules.mk"),
    "make -C and -f": (["make", "-C", "sub", "-f", "../rules.mk"], "rules.mk"),
    "make --directory=": (["make", "--directory=sub"], "sub/Makefile"),
    "nice make": (["nice", "make"], "Makefile"),
    "sh that sources": (["sh", "run.sh"], "other.sh"),
    "python that imports": (["python3", "run.py"], "other.py"),
    "python -mX": (["python3", "-mpkg"], "pkg/__init__.py"),
    "a new module beside": (["python3", "run.py"], "random.py"),
    "a script that changes folder": (["sh", "-c", "cd sub && python3 run.py"], "sub/run.py"),
    "xargs": (["xargs", "./prog"], "prog"),
    "flock": (["flock", "/tmp/x.lock", "./prog"], "prog"),
    "strace": (["strace", "-f", "./prog"], "prog"),
    "find -exec": (["find", ".", "-maxdepth", "0", "-exec", "./prog", ";"], "prog"),
    "timeout": (["timeout", "5", "sh", "run.sh"], "other.sh"),
    "env -S": (["env", "-S", "python3 sub/run.py"], "sub/run.py"),
    "java -jar": (["java", "-jar", "app.jar"], "app.jar"),
    "go run": (["go", "run", "."], "main.go"),
    "tox": (["tox"], "tox.ini"),
    "nox": (["nox"], "noxfile.py"),
    "cargo run": (["cargo", "run"], "src/main.rs"),
    "cargo's build script": (["cargo", "build"], "build.rs"),
    "npm run": (["npm", "run", "x"], "tools/x.js"),
    "git alias": (["git", "-c", "alias.x=!./prog", "x"], "prog"),
    "perl -I": (["perl", "-Ilib", "-MMod", "-e", "1"], "lib/Mod.pm"),
    "node -r": (["node", "-r", "./x.js", "-e", "1"], "x.js"),
    "argument file": (["javac", "@args"], "args"),
    "a value after other values": (["tool", "--plugin=name:kind,prog"], "prog"),
    "a program nobody knows": (["nobody-knows-this"], "other.sh"),
}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path)


@pytest.mark.parametrize(("words", "really_runs"), NAMED_FORMS.values(), ids=NAMED_FORMS)
def test_a_file_that_changed_after_the_grant_does_not_start_through_the_command_line(
    tmp_path: Path, repo: Path, words: list[str], really_runs: str
) -> None:
    signalbox = CommandLine(tmp_path)
    signalbox("trust", "grant", signalbox.file("a.json", shell(repo, words, job_id="same")))
    signalbox("submit", tmp_path / "a.json", trust=False)
    change(repo / really_runs)
    later = signalbox.file("b.json", shell(repo, words, job_id="later"))
    refused = signalbox("submit", later, code=3, trust=False)
    assert f"{Path(really_runs).name} has changed" in refused.err
    signalbox("run", later, code=3, trust=False)
    with signalbox.store() as store:
        assert store.get_job("later") is None


@pytest.mark.parametrize("has_git", [True, False], ids=["git", "folder"])
@pytest.mark.parametrize(
    ("words", "really_runs"), (NAMED_FORMS | SIBLINGS).values(), ids=NAMED_FORMS | SIBLINGS
)
def test_every_form_is_bound_to_the_file_that_really_runs(
    tmp_path: Path, words: list[str], really_runs: str, *, has_git: bool
) -> None:
    repo = repository(tmp_path, has_git=has_git)
    granted = spec(repo, *words)
    grant(granted)
    change(repo / really_runs)
    seen = preview(granted)
    assert not seen.granted
    assert f"{Path(really_runs).name} has changed" in seen.changed


@pytest.mark.parametrize(
    ("name", "value", "really_runs"),
    [
        ("LD_PRELOAD", "./evil.so", "evil.so"),
        ("PYTHONPATH", "conf", "conf/site.py"),
        ("BASH_ENV", "pre.sh", "pre.sh"),
        ("MAKEFILES", "rules.mk", "rules.mk"),
        ("ANY_PLUGIN", "other:prog", "prog"),
    ],
)
def test_what_a_variable_leads_to_is_bound(repo: Path, name: str, value: str, really_runs: str) -> None:
    granted = spec(repo, "true", env={name: value})
    grant(granted)
    assert not preview(spec(repo, "true", env={name: f"{value}:x"})).granted
    change(repo / really_runs)
    assert not preview(granted).granted


def test_the_tests_of_a_repository_are_bound_to_all_of_it(repo: Path) -> None:
    granted = job_from_mapping({"tool": "tests", "job_id": "t", "paths": {"repo_root": str(repo)}})
    grant(granted)
    assert preview(granted).lasting is Binding.REPOSITORY
    change(repo / "other.py")
    assert not preview(granted).granted


# --- coding tools ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "rules", "content"),
    [
        ("claude", ".claude/settings.json", '{"hooks": {"Stop": [{"command": "python3 tools/hook.py"}]}}'),
        ("claude", ".mcp.json", '{"mcpServers": {"x": {"command": "sh", "args": ["tools/hook.py"]}}}'),
        ("gemini", ".gemini/settings.json", '{"mcpServers": {"x": {"command": "./tools/hook.py"}}}'),
        ("codex", ".codex/config.toml", 'notify = ["python3", "tools/hook.py"]'),
        ("aider", ".aider.conf.yml", "test-cmd: python3 tools/hook.py\n"),
    ],
)
def test_one_grant_covers_a_night_of_a_coding_tool_until_what_it_starts_by_rule_changes(
    repo: Path, tool: str, rules: str, content: str
) -> None:
    change(repo / "tools" / "hook.py")
    (repo / rules).parent.mkdir(exist_ok=True)
    (repo / rules).write_text(content, encoding="utf-8")
    fields = {"tool": tool, "prompt": "Mend it.", "paths": {"repo_root": str(repo)}}
    first, later = (job_from_mapping({**fields, "job_id": name}) for name in ("first", "later"))
    grant(first)
    change(repo / "other.py")
    git_in(repo, "commit", "--quiet", "--all", "--message", "by the tool")
    assert preview(later).granted
    change(repo / "tools" / "hook.py")
    assert not preview(later).granted
    grant(later)
    change(repo / rules)
    assert not preview(first).granted
