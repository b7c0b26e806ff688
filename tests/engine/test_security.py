"""Attacks by what a job file, a repository or a job's output says: S3 to S8, S11 and S13 of the reliability plan."""

import base64
import html
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import types
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobFileError, SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.artifact_copies import write_copies
from engine.orchestrator.orchestrator import Orchestrator
from engine.runners import layout
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home, config_folder
from engine.system.secret_refs import resolve_reference
from engine.types import JobResult
from state.records import JobStatus
from tests.helpers.attempts import Attempts, git_caller
from tests.helpers.command_line import CommandLine, python

CANARY = "cAnArY-7/+9'<&\"%-5f1e8d"
"""Holds a character for every kind of escaping."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def store(home: Home) -> Iterator[JobStateStore]:
    made = JobStateStore(home=home)
    yield made
    made.close()


@pytest.fixture
def engine(store: JobStateStore) -> Iterator[Orchestrator]:
    made = Orchestrator(store)
    yield made
    made.close()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    made.mkdir()
    return made


def job(repo: Path, code: str = "", **fields: Any) -> dict[str, Any]:
    fields_of_job = {**python(code, "j", **fields)}
    return {**fields_of_job, "paths": {"repo_root": str(repo), **fields.get("paths", {})}}


def every_byte(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            yield path, os.fsencode(path.name)
            if path.is_file() and not path.is_symlink():
                yield path, path.read_bytes()


# --- S3: a hostile repository ---------------------------------------------------------------------------------------


def submodule(repo: Path, canary: Path, call: Callable[..., str]) -> None:
    inner = repo / "inner"
    inner.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=inner, check=True)
    (inner / "b.txt").write_text("one\n")
    git_caller(inner)("add", "b.txt")
    git_caller(inner)("-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first")
    for key in ("core.fsmonitor", "core.sshCommand", "diff.external", "filter.bad.clean"):
        git_caller(inner)("config", key, f"touch {canary}")
    (inner / ".gitattributes").write_text("* filter=bad\n")
    (inner / "b.txt").write_text("two\n")
    call("config", "submodule.recurse", "true")
    call("config", "submodule.inner.update", f"!touch {canary}")
    (repo / ".gitmodules").write_text('[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n')


def included(repo: Path, canary: Path, call: Callable[..., str]) -> None:
    (repo / "evil.cfg").write_text(
        f'[core]\n\tfsmonitor = "touch {canary}"\n[filter "bad"]\n\tclean = "touch {canary}"\n'
    )
    (repo / ".gitattributes").write_text("* filter=bad\n")
    call("config", "include.path", str(repo / "evil.cfg"))


def another_git_folder(repo: Path, canary: Path, call: Callable[..., str]) -> None:
    call("config", "core.fsmonitor", f"touch {canary}")
    (repo / ".git").rename(repo.with_name("elsewhere.git"))
    (repo / ".git").write_text(f"gitdir: {repo.with_name('elsewhere.git')}\n")


def hooks_of_its_own(repo: Path, canary: Path, call: Callable[..., str]) -> None:
    for name in (
        "pre-commit",
        "post-index-change",
        "fsmonitor-watchman",
        "post-checkout",
        "reference-transaction",
    ):
        hook = repo / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
        hook.chmod(0o755)
    call("config", "core.fsmonitor", str(repo / ".git" / "hooks" / "fsmonitor-watchman"))


def keys(*pairs: tuple[str, str]) -> Callable[[Path, Path, Callable[..., str]], None]:
    def attack(repo: Path, canary: Path, call: Callable[..., str]) -> None:
        (repo / ".gitattributes").write_text("* filter=bad diff=bad merge=bad\n")
        for key, value in pairs:
            call("config", key, value.format(canary=f"touch {canary}"))

    return attack


HOSTILE: dict[str, Callable[[Path, Path, Callable[..., str]], None]] = {
    "fsmonitor": keys(("core.fsmonitor", "{canary}")),
    "hooks": hooks_of_its_own,
    "filter": keys(
        ("filter.bad.clean", "{canary}"), ("filter.bad.smudge", "{canary}"), ("filter.bad.required", "true")
    ),
    "process": keys(("filter.bad.process", "{canary}"), ("filter.bad.required", "true")),
    "textconv": keys(
        ("diff.bad.textconv", "{canary}"), ("diff.bad.command", "{canary}"), ("diff.external", "{canary}")
    ),
    "pager": keys(("core.pager", "{canary}"), ("pager.diff", "{canary}"), ("pager.log", "{canary}")),
    "alias": keys(("alias.rev-parse", "!{canary}"), ("alias.st", "!{canary}"), ("alias.diff", "!{canary}")),
    "editor": keys(
        ("core.editor", "{canary}"), ("sequence.editor", "{canary}"), ("credential.helper", "!{canary}")
    ),
    "submodule": submodule,
    "include": included,
    ".git file": another_git_folder,
}
FILTERING = {"filter", "process", "include"}
"""The attacks whose repository names a filter for its files."""

HARMLESS = (
    {"action": "diff"},
    {"action": "commit", "message": "more"},
    {"action": "branch", "name": "side"},
    {"action": "diff"},
    {"action": "commit", "message": "again", "allow_empty": True},
    {"action": "worktree", "path": "../tree", "branch": "tree"},
    {"action": "merge", "branch": "main", "fast_forward": "never"},
    {"action": "branch", "name": "third"},
)


@pytest.mark.parametrize("attack", HOSTILE)
def test_s03_a_hostile_repository_runs_nothing_through_us(repo: Path, tmp_path: Path, attack: str) -> None:
    canary = tmp_path / "canary"
    call = git_caller(repo)
    call("init", "--quiet", "--initial-branch=main")
    (repo / "a.txt").write_text("one\n" * 1000)
    call("add", "a.txt")
    call("-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first")
    HOSTILE[attack](repo, canary, call)
    attempts = Attempts(tmp_path / "attempts")
    edited = attempts.run(job(repo, "open('a.txt', 'w').write('two\\n' * 200_000)"))
    assert "a.txt" in {file["path"] for file in edited.metadata["changed_files"]}
    for step in HARMLESS:
        result = attempts.run({"tool": "git", "git": step, "paths": {"repo_root": str(repo)}})
        if (
            attack in FILTERING and step["action"] == "commit"
        ):  # without the filter it would store something else
            assert "goes through the filter 'bad'" in result.metadata["summary"]
        else:
            assert result.success, step
    attempts.run(job(repo, "open('a.txt', 'w').write('three\\n')"))
    assert not canary.exists()


def removed_object(repo: Path, name: str) -> None:
    """Take an object out of a repository, as a partial clone does not have it."""
    found = git_caller(repo)("rev-parse", name).strip()
    (repo / ".git" / "objects" / found[:2] / found[2:]).unlink()


@pytest.mark.parametrize(
    "remote",
    [
        {"url": "ext::sh -c touch% {canary}"},
        {"url": "{repo}", "uploadpack": "touch {canary};"},
        {"url": "ssh://nowhere/repository"},
    ],
    ids=["ext", "uploadpack", "ssh"],
)
def test_s03_what_a_partial_clone_lacks_is_not_fetched_by_what_the_repository_names(
    repo: Path, tmp_path: Path, remote: dict[str, str]
) -> None:
    canary = tmp_path / "canary"
    call = git_caller(repo)
    call("init", "--quiet", "--initial-branch=main")
    for text in ("one\n", "two\n"):
        (repo / "a.txt").write_text(text)
        call("add", "a.txt")
        call("-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", text)
    removed_object(repo, "HEAD~1:a.txt")
    settings = {
        **{f"remote.far.{key}": value.format(canary=canary, repo=repo) for key, value in remote.items()},
        "remote.far.promisor": "true",
        "extensions.partialClone": "far",
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
        "core.sshCommand": f"touch {canary};",
    }
    for key, value in settings.items():
        call("config", key, value)
    attempts = Attempts(tmp_path / "attempts")
    for step in (
        {"action": "diff", "base": "HEAD~1"},
        {"action": "branch", "name": "old", "start": "HEAD~1"},
        {"action": "worktree", "path": "../tree", "branch": "tree", "start": "HEAD~1"},
    ):
        result = attempts.run({"tool": "git", "git": step, "paths": {"repo_root": str(repo)}})
        assert not result.success
        assert "lacks objects of its partial clone" in result.metadata["summary"]
        assert "git fetch --refetch --no-filter" in result.metadata["summary"]
    edited = attempts.run(job(repo, "open('a.txt', 'w').write('three\\n')"))
    assert [file["path"] for file in edited.metadata["changed_files"]] == ["a.txt"]
    assert not canary.exists()


# --- S4: where copies may lie ---------------------------------------------------------------------------------------


def leave(repo: Path, home: Home, given: str, *, job_id: str = "j", failed: bool = False) -> JobResult:
    attempt = home.attempts / f"1-{job_id}"
    attempt.mkdir(exist_ok=True)
    for name, content in (("stdout", b"said\n"), ("stderr", b""), ("error_report.json", b"{}")):
        (attempt / name).write_bytes(content)
    (attempt / layout.INDEX).write_bytes(record(0, 5))
    spec = job_from_mapping(
        {**job(repo), "job_id": job_id, "paths": {"repo_root": str(repo), "log_file": given}}
    )
    report = str(attempt / "error_report.json") if failed else None
    result = JobResult(exit_code=0, error_report_path=report, metadata={"summary": "Ended well."})
    return write_copies(spec, result, attempt, logs=home.logs)


def record(offset: int, length: int) -> bytes:
    from engine.runners.capture import RECORD  # noqa: PLC0415 - the shim's own form of the index

    return RECORD.pack(1, offset, length, 0)


@pytest.mark.parametrize(
    "given",
    [
        "../../outside.log",
        "../outside.log",
        "{tmp}/outside.log",
        "/proc/self/mem",
        "/dev/stderr",
        "linked/outside.log",
        "link.log",
        "source.py",
        "folder",
        "fifo",
        ".",
        ".git/hooks/post-commit",
        "folder/.GIT/config",
        "{home}/inbox/evil.json",
        "{home}/signalbox.db",
        "source.py/x.log",
    ],
)
def test_s04_a_copy_is_in_the_repository_or_the_log_folder_and_overwrites_nothing(
    repo: Path, home: Home, tmp_path: Path, given: str
) -> None:
    (repo / "source.py").write_text("print(1)\n")
    (repo / "folder").mkdir()
    (repo / "linked").symlink_to(tmp_path)
    (repo / "link.log").symlink_to(tmp_path / "outside.log")
    os.mkfifo(repo / "fifo")
    before = {path: path.lstat() for path in tmp_path.rglob("*") if not path.is_relative_to(home.attempts)}
    result = leave(repo, home, given.format(tmp=tmp_path, home=home.root))
    assert "Not copied: paths.log_file" in result.metadata["summary"]
    assert "copies" not in result.metadata
    after = {path: path.lstat() for path in tmp_path.rglob("*") if not path.is_relative_to(home.attempts)}
    assert {path: _told(found) for path, found in after.items()} == {
        path: _told(found) for path, found in before.items()
    }


def _told(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mode


def test_s04_a_repository_around_our_own_folders_does_not_open_them(tmp_path: Path, home: Home) -> None:
    for given in (home.inbox / "evil.json", config_folder() / "trust.json"):
        result = leave(tmp_path, home, str(given))
        assert "Signalbox keeps its own files there" in result.metadata["summary"]
        assert not given.exists()


def test_s04_a_job_replaces_its_own_copy_and_no_other_job_does(repo: Path, home: Home) -> None:
    assert leave(repo, home, "logs/a.log").metadata["copies"] == {"log_file": "logs/a.log"}
    copy = repo / "logs" / "a.log"
    assert copy.read_bytes() == b"said\n"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "copies" in leave(repo, home, "logs/a.log").metadata
    assert "Not copied" in leave(repo, home, "logs/a.log", job_id="other").metadata["summary"]
    copy.write_text("by somebody else")
    assert "Not copied" in leave(repo, home, "logs/a.log").metadata["summary"]
    assert copy.read_text() == "by somebody else"


def test_s04_copies_may_go_to_the_log_folder(repo: Path, home: Home) -> None:
    assert "copies" in leave(repo, home, str(home.logs / "night" / "a.log")).metadata
    assert (home.logs / "night" / "a.log").read_bytes() == b"said\n"


def test_a_job_copies_its_log_and_its_error_report_to_where_its_file_says(
    repo: Path, engine: Orchestrator
) -> None:
    paths = {"log_file": "out/j.log", "error_report": "out/j.json"}
    result = engine.run_job(job(repo, "import sys; print('a'); sys.exit('no')", paths=paths))
    assert result.metadata["copies"] == paths
    assert (repo / "out" / "j.log").read_bytes() == b"a\nno\n"
    assert json.loads((repo / "out" / "j.json").read_text())["exit_code"] == 1


# --- S5: places outside the repository ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"paths": {"working_dir": "../other"}}, "paths.working_dir"),
        ({"paths": {"working_dir": "/etc"}}, "paths.working_dir"),
        ({"metadata": {"message_file": "../secret.md"}}, "metadata.message_file"),
        ({"metadata": {"message_file": "/etc/passwd"}}, "metadata.message_file"),
        ({"metadata": {"files_scope": ["../**"]}}, "metadata.files_scope"),
        ({"metadata": {"files_scope": ["/**"]}}, "metadata.files_scope"),
        ({"metadata": {"files_scope": ["a/../../b"]}}, "metadata.files_scope"),
        ({"files": ["/etc/passwd"]}, "files"),
        ({"files": [".."]}, "files"),
    ],
)
def test_s05_a_path_that_leads_out_of_the_repository_is_refused_when_the_file_is_read(
    repo: Path, fields: dict[str, Any], field: str
) -> None:
    fields_of_job = {"tool": "aider", "job_id": "j"} | (
        {} if "message_file" in str(fields) else {"prompt": "Mend it."}
    )
    paths = {"repo_root": str(repo), **fields.get("paths", {})}
    with pytest.raises(JobFileError) as caught:
        job_from_mapping({**fields_of_job, **fields, "paths": paths})
    assert caught.value.field.startswith(field)


def test_s05_a_link_that_leads_out_of_the_repository_starts_nothing(
    repo: Path, tmp_path: Path, engine: Orchestrator
) -> None:
    (tmp_path / "other").mkdir()
    (repo / "work").symlink_to(tmp_path / "other")
    (repo / "task.md").symlink_to("/etc/passwd")
    result = engine.run_job(job(repo, "open('sang', 'w')", paths={"working_dir": "work"}))
    assert "leads out of" in result.metadata["summary"]
    assert list((tmp_path / "other").iterdir()) == []
    spec = job_from_mapping(
        {"tool": "aider", "metadata": {"message_file": "task.md"}, "paths": {"repo_root": str(repo)}}
    )
    with pytest.raises(SpawnError):
        Attempts(tmp_path / "attempts").prepare(spec, tool_paths={"aider": sys.executable})


# --- S6: secrets ----------------------------------------------------------------------------------------------------


def forms(secret: str) -> dict[str, bytes]:
    """Every form the masking promises to find; of base64 the part no neighbour has a share in."""
    plain = secret.encode()
    return {
        "plain": plain,
        "JSON": json.dumps(secret)[1:-1].encode(),
        "URL": urllib.parse.quote(secret, safe="").encode(),
        "HTML": html.escape(secret).encode(),
        "shell": shlex.quote(secret).encode(),
        "base64": base64.b64encode(plain)[:-4],
        "base64, one byte in": base64.b64encode(b"x" + plain)[4:-4],
        "base64, two bytes in": base64.b64encode(b"xy" + plain)[4:-4],
        "hex": plain.hex().encode(),
    }


PRINTS_ALL = """
import base64, html, json, os, shlex, sys, time, urllib.parse
secret = os.environ["THE_TOKEN"]
plain = secret.encode()
texts = [secret, json.dumps({"key": secret}), urllib.parse.quote(secret, safe=""), html.escape(secret)]
texts += [shlex.quote(secret)]
texts += [base64.b64encode(before + plain + after).decode() for before, after in ((b"", b""), (b"x", b"y"))]
texts += [base64.b64encode(b"xy" + plain + b"z").decode()]
texts += [plain.hex(), secret[:9] + "\\n" + secret[9:], secret[:5] + "\\x1b[31m" + secret[5:]]
for stream in (sys.stdout, sys.stderr):
    for text in texts:
        print("before", text, "behind", file=stream, flush=True)
    for half in (secret[:8], secret[8:] + "\\n"):
        stream.write(half)
        stream.flush()
        time.sleep(0.05)
sys.exit("the key " + secret + " was refused")
"""


def test_s06_no_form_of_a_secret_is_in_any_stored_byte(
    repo: Path, home: Home, engine: Orchestrator, store: JobStateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_CANARY", CANARY)
    paths = {"log_file": "out/j.log", "error_report": "out/j.json"}
    result = engine.run_job(job(repo, PRINTS_ALL, env={"THE_TOKEN": "env:MY_CANARY"}, paths=paths))
    assert result.exit_code == 1
    assert result.stdout.count("***") >= 11
    assert "the key *** was refused" in result.metadata["summary"]
    store.record_event("note.added", {"text": result.metadata["summary"]})
    leaks = [
        (path.name, form)
        for path, data in every_byte(home.root, repo, config_folder().parent)
        for form, encoded in forms(CANARY).items()
        if encoded in data
    ]
    assert leaks == []
    assert (repo / "out" / "j.log").stat().st_size > 0
    assert all(
        encoded not in result.stdout.encode() + result.stderr.encode() for encoded in forms(CANARY).values()
    )


def test_s06_the_search_finds_a_secret_that_is_not_masked(
    repo: Path, home: Home, engine: Orchestrator
) -> None:
    engine.run_job(job(repo, PRINTS_ALL, env={"THE_TOKEN": "env:NOT_THERE"}))
    code = PRINTS_ALL.replace('os.environ["THE_TOKEN"]', repr(CANARY))  # a secret we do not know of
    engine.run_job({**job(repo, code), "job_id": "k"})
    found = {
        form
        for _, data in every_byte(home.root)
        for form, encoded in forms(CANARY).items()
        if encoded in data
    }
    assert found == set(forms(CANARY))


def test_s06_a_job_file_that_contains_a_secret_is_refused(repo: Path) -> None:
    with pytest.raises(JobFileError, match="a job file must not hold secrets"):
        job_from_mapping(job(repo, env={"API_TOKEN": "abc123"}))
    for value in ("env:X", "keyring:shop/ci"):
        assert job_from_mapping(job(repo, env={"API_TOKEN": value})).env == {"API_TOKEN": value}


def test_s06_a_value_from_the_keyring_is_read_at_the_start_and_masked(
    repo: Path, home: Home, engine: Orchestrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {("shop/ci", "deploy"): CANARY}
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = OSError  # type: ignore[attr-defined]  # the library is an extra
    library = types.ModuleType("keyring")
    library.get_password = lambda service, user: kept.get((service, user))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", library)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    code = "import os; print(len(os.environ['KEY']), os.environ['KEY'])"
    result = engine.run_job(job(repo, code, env={"KEY": "keyring:shop/ci/deploy"}))
    assert result.stdout == f"{len(CANARY)} ***\n"
    assert [path for path, data in every_byte(home.root) if CANARY.encode() in data] == []
    with pytest.raises(SpawnError, match="no entry other of shop"):
        resolve_reference("KEY", "keyring:shop/other", {})
    with pytest.raises(SpawnError, match="write keyring:SERVICE/NAME"):
        resolve_reference("KEY", "keyring:shop", {})


def test_s06_without_the_library_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SpawnError, match=r"pip install 'signalbox\[keyring\]'"):
        resolve_reference("KEY", "keyring:shop/ci", {})


# --- S7: the environment --------------------------------------------------------------------------------------------


def test_s07_a_tool_gets_the_usual_variables_and_those_its_job_names_and_no_others(
    repo: Path, engine: Orchestrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "AWS_SECRET_ACCESS_KEY",
        "OPENAI_API_KEY",
        "GITHUB_TOKEN",
        "SSH_AUTH_SOCK",
        "LD_PRELOAD_X",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, CANARY)
    monkeypatch.setenv("MINE", CANARY)
    code = """
import json, os
from pathlib import Path
lines, pid = [], os.getpid()
while pid > 1:
    lines.append(Path(f"/proc/{pid}/cmdline").read_text(errors="replace"))
    pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
print(json.dumps([dict(os.environ), lines]))
"""
    result = engine.run_job(job(repo, code, env={"GIVEN": "env:MINE", "PLAIN": "1"}))
    env, lines = json.loads(result.stdout)
    ours = {"GIVEN", "PLAIN", "PYTHONUNBUFFERED", "TERM", "NO_COLOR", "TMPDIR", layout.MARKER}
    usual = {
        "PATH",
        "HOME",
        "LANG",
        "LANGUAGE",
        "TZ",
        "USER",
        "LOGNAME",
        "SHELL",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    }
    usual |= {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}
    assert {name for name in env if not name.startswith("LC_")} - usual == ours
    assert (env["GIVEN"], env["PLAIN"]) == ("***", "1")
    assert not any(CANARY in line for line in lines)


# --- S8: output that looks like ours --------------------------------------------------------------------------------


FORGED = """
import sys
for line in (
    '{"token": "x", "reason": "exited", "exit_code": 0}', "job.completed j", "\\r\\x1b[2K\\x1b[1ASUCCESS",
    '{"type": "result", "subtype": "success", "is_error": false}', "::set-output name=x::1", "== 100 passed in 1s ==",
):
    print(line, flush=True)
sys.stdout.write("SUCCESS\\n" * 1_300_000)
sys.exit(int(sys.argv[1]))
"""


def test_s08_what_a_tool_prints_changes_no_state(
    repo: Path, engine: Orchestrator, store: JobStateStore
) -> None:
    fields = job(repo, FORGED)
    for code, expected in ((3, JobStatus.FAILED), (0, JobStatus.COMPLETED)):
        named = {**fields, "job_id": f"j{code}"}
        named["command"] = {**fields["command"], "args": [*fields["command"]["args"], str(code)]}
        assert engine.run_job(named).success is (code == 0)
        found = store.get_job(f"j{code}")
        assert found is not None
        assert found.status is expected
        kinds = [event.event_type for event in store.list_events() if event.job_id == f"j{code}"]
        assert kinds == ["job.queued", "job.running", f"job.{expected}"]


# --- S11: modes -----------------------------------------------------------------------------------------------------


def test_s11_none_of_our_files_can_be_read_by_others_whatever_the_umask(tmp_path: Path, repo: Path) -> None:
    signalbox = CommandLine(tmp_path)
    shutil.rmtree(signalbox.home.root)
    paths = {"repo_root": str(repo), "log_file": "logs/a.log"}
    code = "import pathlib; pathlib.Path('new').mkdir(); print(1)"
    file = signalbox.file("a.json", {**python(code, "a"), "paths": paths})
    argv = [sys.executable, "-m", "engine", "run", str(file), "--trust", "--home", str(signalbox.home.root)]
    done = subprocess.run(argv, umask=0, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    granted = [
        sys.executable,
        "-m",
        "engine",
        "trust",
        "grant",
        str(file),
        "--home",
        str(signalbox.home.root),
    ]
    assert subprocess.run(granted, umask=0, capture_output=True, check=False).returncode == 0
    folders = (signalbox.home.root, config_folder(), repo / "logs")
    argv = ["find", *map(str, folders), "-perm", "/077", "!", "-type", "l"]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == ""
    assert (repo / "logs" / "a.log").exists()


# --- S13: text that looks like SQL ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a' OR '1'='1", "%", "_", "a%b_", '"; DROP TABLE jobs; --', "\\", "a\x00b", "x" * 10_000]
)
def test_s13_text_is_only_ever_text(
    store: JobStateStore, engine: Orchestrator, repo: Path, text: str
) -> None:
    engine.queue_job({**job(repo), "job_id": "a"})
    assert store.get_job(text) is None
    assert store.list_jobs(text) == []
    assert store.get_workstream(text) is None
    if "\x00" not in text:
        run_id = store.create_run("w", metadata={"title": text})
        found = store.get_run(run_id)
        assert found is not None
        assert found.title == text
        store.record_event("note.added", {"run_id": run_id, "text": text})
    assert [one.job_id for one in store.list_jobs(store.list_recent_runs()[-1].run_id)] == ["a"]
