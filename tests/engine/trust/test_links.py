"""What a link leads to is bound like any other file, also where it leads out of the repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.trust.binding import Binding
from engine.trust.launch import launch_plan
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import (
    change,
    facts,
    git_in,
    grant,
    preview,
    repository,
    shell,
    spec,
    write,
)

Links = Callable[[Path, Path], None]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder beside the repository."""
    write(tmp_path / "out" / "r.sh", "true\n")
    write(tmp_path / "out" / "Makefile", "all:\n\t@true\n")
    return tmp_path / "out"


def script(repo: Path, _out: Path) -> None:
    (repo / "r.sh").symlink_to("../out/r.sh")


def chain(repo: Path, out: Path) -> None:
    (out / "a").symlink_to("b")
    (out / "b").symlink_to("r.sh")
    (repo / "r.sh").symlink_to("../out/a")


def folder(repo: Path, _out: Path) -> None:
    (repo / "linked").symlink_to("../out")


def folder_in_a_folder(repo: Path, out: Path) -> None:
    (out / "more").mkdir()
    (out / "more" / "linked").symlink_to("..")
    (repo / "linked").symlink_to("../out/more/linked")


def makefile(repo: Path, _out: Path) -> None:
    (repo / "Makefile").unlink()
    (repo / "Makefile").symlink_to("../out/Makefile")


def used_by_another(repo: Path, out: Path) -> None:
    script(repo, out)
    write(repo / "other.sh", ". ./r.sh\n")


def dangling(repo: Path, out: Path) -> None:
    script(repo, out)
    (out / "r.sh").unlink()


FORMS: dict[str, tuple[Links, list[str], str]] = {
    "a script": (script, ["sh", "r.sh"], "r.sh"),
    "a chain": (chain, ["sh", "r.sh"], "r.sh"),
    "a link that another script loads": (used_by_another, ["sh", "run.sh"], "r.sh"),
    "a script in a folder": (folder, ["bash", "-c", ". linked/r.sh"], "r.sh"),
    "any file of a folder": (folder, ["nobody-knows-this"], "r.sh"),
    "a new file of a folder": (folder, ["nobody-knows-this"], "new.py"),
    "a folder by way of another": (folder_in_a_folder, ["sh", "-c", "cd linked && sh r.sh"], "r.sh"),
    "a makefile": (makefile, ["make"], "Makefile"),
    "a makefile in a folder": (folder, ["make", "-C", "linked"], "Makefile"),
    "a link to nothing": (dangling, ["sh", "r.sh"], "r.sh"),
    "a file that is read": (script, ["cat", "r.sh"], "r.sh"),
}


NAMED_BY_NO_COMMAND = {"a link that another script loads", "any file of a folder", "a new file of a folder"}
"""What git ignores is bound only where the command names it."""
CASES = {
    f"{form}, {kept}": (*FORMS[form], kept)
    for form in FORMS
    for kept in ("committed", "new", "ignored", "folder")
    if kept != "ignored" or form not in NAMED_BY_NO_COMMAND
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a02_what_a_link_leads_to_outside_of_the_repository_is_bound(
    tmp_path: Path, out: Path, case: tuple[Links, list[str], str, str]
) -> None:
    link, words, changed, kept = case
    repo = repository(tmp_path, has_git=kept != "folder")
    link(repo, out)
    if kept == "committed":
        git_in(repo, "add", "--all")
        git_in(repo, "commit", "--quiet", "--message", "links")
    if kept == "ignored":
        write(repo / ".git" / "info" / "exclude", "r.sh\nlinked\nMakefile\n")
    granted = spec(repo, *words)
    grant(granted)
    change(out / changed)
    assert not preview(granted).granted


def test_a02_a_script_behind_a_link_that_has_changed_does_not_start(tmp_path: Path, out: Path) -> None:
    repo, signalbox = repository(tmp_path), CommandLine(tmp_path)
    script(repo, out)
    signalbox("trust", "grant", signalbox.file("a.json", shell(repo, ["sh", "r.sh"], job_id="same")))
    signalbox("submit", tmp_path / "a.json", trust=False)
    change(out / "r.sh")
    later = signalbox.file("b.json", shell(repo, ["sh", "r.sh"], job_id="later"))
    assert "r.sh has changed" in signalbox("submit", later, code=3, trust=False).err


@pytest.mark.parametrize("has_git", [True, False], ids=["git", "folder"])
def test_a02_a_link_on_the_way_that_leads_elsewhere_ends_a_grant(
    tmp_path: Path, out: Path, *, has_git: bool
) -> None:
    repo = repository(tmp_path, has_git=has_git)
    (out / "way").symlink_to(repo / "pkg")
    (repo / "linked").symlink_to("../out/way/..")
    (repo / "back").symlink_to("../out/way/__init__.py")
    granted = spec(repo, "nobody-knows-this")
    grant(granted)
    (out / "way").unlink()
    (out / "way").symlink_to(repo / "sub")
    assert not preview(granted).granted


def test_a02_a_committed_link_to_an_ignored_file_is_bound_to_its_contents(tmp_path: Path) -> None:
    repo = repository(tmp_path)
    write(repo / ".gitignore", "build/\n")
    write(repo / "build" / "x.sh", "true\n")
    (repo / "r.sh").symlink_to("build/x.sh")
    write(repo / "other.sh", ". ./r.sh\n")
    git_in(repo, "add", "--all")
    git_in(repo, "commit", "--quiet", "--message", "links")
    granted = spec(repo, "sh", "run.sh")
    grant(granted)
    change(repo / "build" / "x.sh")
    assert not preview(granted).granted


def test_a02_a_link_to_more_than_can_be_bound_leaves_one_start_or_whatever_the_repository_holds(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = repository(tmp_path)
    folder(repo, out)
    monkeypatch.setattr("engine.trust.repository_reading.MOST_FILES", 4)
    for number in range(5):
        write(out / f"{number}.sh", "true\n")
    assert preview(spec(repo, "sh", "run.sh")).lasting is None
    assert "only for one start" in facts(spec(repo, "sh", "run.sh"))["If trusted"]


@pytest.mark.parametrize("target", ["/usr/share", "/proc/self/cwd", ".", "..", "loop"])
def test_a02_a_link_that_leads_anywhere_else_harms_nothing(tmp_path: Path, target: str) -> None:
    repo = repository(tmp_path)
    (repo / "loop").symlink_to(target)
    found = preview(spec(repo, "sh", "run.sh"))
    assert found.lasting is (None if target.startswith("/proc") else Binding.REPOSITORY)


def test_a02_the_card_counts_what_links_lead_to(tmp_path: Path, out: Path) -> None:
    repo, plain = repository(tmp_path), tmp_path / "plain"
    write(plain / "run.sh", "true\n")
    for each in (repo, plain):
        folder(each, out)
    assert (
        "and 2 files outside of it that its links lead to" in facts(spec(repo, "sh", "run.sh"))["Repository"]
    )
    shown = facts(spec(plain, "sh", "run.sh"))["Repository"]
    assert shown.startswith("all 2 files of the folder and 2 files outside of it that its links lead to")


# --- coding tools ---------------------------------------------------------------------------------------------------


def claude(repo: Path, **fields: str) -> JobSpec:
    paths = {"repo_root": str(repo), **fields}
    return job_from_mapping({"tool": "claude", "job_id": "j", "prompt": "Mend it.", "paths": paths})


@pytest.mark.parametrize(
    "linked", [".claude", ".claude/hooks", ".claude/skills/own", ".claude/settings.json"]
)
def test_a02_what_a_coding_tool_loads_by_rule_is_bound_behind_a_link(tmp_path: Path, linked: str) -> None:
    repo = repository(tmp_path)
    out = tmp_path / "out"
    loaded = {".claude": "hooks/x.sh", ".claude/settings.json": ""}.get(linked, "x.sh")
    write(out / loaded if loaded else out, "{}\n")
    (repo / linked).parent.mkdir(parents=True, exist_ok=True)
    (repo / linked).symlink_to(out)
    grant(claude(repo))
    change(out / loaded if loaded else out)
    assert not preview(claude(repo)).granted


def test_a02_what_a_coding_tool_loads_in_a_folder_behind_a_link_is_bound(tmp_path: Path, out: Path) -> None:
    repo = repository(tmp_path)
    folder(repo, out)
    write(out / ".claude" / "settings.json", "{}\n")
    granted = claude(repo, working_dir="linked")
    assert any("settings.json" in concern for concern in launch_plan(granted).concerns)
    grant(granted)
    change(out / ".claude" / "settings.json")
    assert not preview(granted).granted


def test_a02_more_rules_than_can_be_bound_leave_no_lasting_grant(tmp_path: Path) -> None:
    repo = repository(tmp_path)
    for number in range(501):
        write(repo / ".claude" / "skills" / f"{number}.md", "x\n")
    assert preview(claude(repo)).lasting is None


# --- files that are named outside of the repository -----------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["sh", "{out}/r.sh"],
        ["{out}/r.sh"],
        ["sh", "../out/r.sh"],
        ["sh", "-c", ". {out}/r.sh && true"],
        ["cat", "{out}/r.sh"],
        ["sh", "{out}/link.sh"],
    ],
    ids=" ".join,
)
def test_a02_a_file_that_a_command_names_outside_of_the_repository_is_bound(
    tmp_path: Path, out: Path, words: list[str]
) -> None:
    repo = repository(tmp_path)
    (out / "r.sh").chmod(0o755)
    (out / "link.sh").symlink_to("r.sh")
    granted = spec(repo, *(word.format(out=out) for word in words))
    assert "r.sh" in facts(granted)["If trusted"]
    grant(granted)
    change(out / "r.sh")
    assert "r.sh has changed" in preview(granted).changed


def test_a02_a_variable_binds_the_file_it_names_outside_of_the_repository(tmp_path: Path, out: Path) -> None:
    granted = spec(repository(tmp_path), "bash", "run.sh", env={"BASH_ENV": str(out / "r.sh")})
    grant(granted)
    change(out / "r.sh")
    assert not preview(granted).granted


def test_a02_programs_of_the_system_are_not_bound_by_contents(tmp_path: Path) -> None:
    plan = launch_plan(spec(repository(tmp_path), "/bin/sh", "-c", "/usr/bin/env true"))
    assert not [file.path for file in plan.files if file.path.endswith(("sh", "dash", "env"))]


def test_a02_hooks_of_git_outside_of_the_repository_are_bound(tmp_path: Path, out: Path) -> None:
    repo = repository(tmp_path)
    git_in(repo, "config", "core.hooksPath", "../out")
    granted = spec(repo, "git", "commit", "--allow-empty", "--message", "x")
    grant(granted)
    change(out / "pre-commit")
    assert not preview(granted).granted


def test_a02_a_program_that_git_starts_on_reading_is_bound_outside_of_the_repository(
    tmp_path: Path, out: Path
) -> None:
    repo = repository(tmp_path)
    git_in(repo, "config", "core.fsmonitor", str(out / "r.sh"))
    granted = spec(repo, "git", "status")
    grant(granted)
    change(out / "r.sh")
    assert not preview(granted).granted
