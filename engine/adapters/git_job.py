"""Performs one git step in a process of its own, so that it can be watched, logged and stopped like any tool.

Standard library only: it runs under ``python -I -S`` without Signalbox. The request (JSON) holds the words to call git
by, which are the program and the switches of `engine.system.git`; the filter and merge programs of the repository are
switched off here. What git says is printed, and the answer lies beside the request. A lock of another process is waited
for, never removed.
"""

import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

NO_PROGRAMS = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
"""The last one since git looks whether a submodule is clean with the programs that submodule's configuration names."""
LOCKED = re.compile(rb"index\.lock|could not lock config file|cannot lock ref")
_TRIES = 5
_FILTERS = r"^(filter\..*\.(clean|smudge|process)|merge\..*\.driver)$"


class StepError(Exception):
    """The step did not succeed; the message is the summary, `kind` the failure class."""

    def __init__(self, summary: str, kind: str = "failed") -> None:
        super().__init__(summary)
        self.kind = kind


class Git:
    """Calls git in one folder and prints each call and its output."""

    def __init__(self, words: Sequence[str], folder: str) -> None:
        self._words = words
        self._folder = folder
        self._switches: list[str] = []

    def silence(self) -> None:
        """Take out the filter and merge programs the repository itself names; the user's own stay."""
        found = self.quiet("config", "--show-scope", "--name-only", "-z", "--get-regexp", _FILTERS)
        fields = found.stdout.decode(errors="replace").split("\0")
        pairs = zip(fields[::2], fields[1::2], strict=False)
        for name in [name for scope, name in pairs if scope in {"local", "worktree"}]:
            stopped = "false" if name.startswith("merge.") else ""
            self._switches += ["-c", f"{name}={stopped}"]
            if name.startswith("filter."):
                self._switches += ["-c", f"{name.rpartition('.')[0]}.required=false"]

    def quiet(
        self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """One call, again while somebody else holds a lock of git; shows nothing."""
        for pause in range(_TRIES + 1):
            done = subprocess.run(
                [*self._words, *self._switches, *words],
                cwd=self._folder,
                input=None if given is None else given.encode("utf-8", errors="surrogateescape"),
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                env={**os.environ, **(env or {})},
                check=False,
            )
            if not done.returncode or pause == _TRIES or not LOCKED.search(done.stderr):
                break
            time.sleep(min(0.4, 0.05 * 2**pause) * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries
        return done

    def shown(
        self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """The same, with the call and its whole output printed."""
        sys.stdout.buffer.write(f"$ git {shlex.join(words)}\n".encode(errors="replace"))
        sys.stdout.buffer.flush()
        done = self.quiet(*words, given=given, env=env)
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.buffer.flush()
        sys.stderr.buffer.write(done.stderr)
        sys.stderr.buffer.flush()
        return done

    def must(self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """The same; anything but exit code 0 ends the step."""
        done = self.shown(*words, given=given, env=env)
        if done.returncode:
            raise StepError(explained(done, words[0], self._folder))
        return done.stdout.decode(errors="replace")

    def add(self, *options: str, paths: Sequence[str] = (), quietly: Mapping[str, str] | None = None) -> None:
        """Put these paths, or all, into the index; submodules as the commits they are at, without looking inside."""
        entries = self.quiet("ls-files", "--stage", "-z", env=quietly).stdout.decode(errors="surrogateescape")
        links = [each.partition("\t")[2] for each in entries.split("\0") if each.startswith("160000 ")]
        specs = [f":(literal){path}" for path in paths if path not in links] if paths else ["."]
        words = ("add", *options, "--", *specs, *(f":(exclude,literal){link}" for link in links))
        if specs and quietly is None:
            self.must(*words)
        elif specs:
            self.quiet(*words, env=quietly)
        own = [link for link in links if not paths or link in paths]
        if own:
            self.quiet("update-index", "--add", "--remove", "--", *own, env=quietly)

    def line(self, *words: str) -> str:
        """What a quiet call answers, stripped; empty where it failed."""
        done = self.quiet(*words)
        return "" if done.returncode else done.stdout.decode(errors="replace").strip()


def explained(done: subprocess.CompletedProcess[bytes], word: str, folder: str) -> str:
    """Why git failed, and what to do, in one sentence."""
    message = done.stderr.decode(errors="replace")
    lock = re.search(r"Unable to create '([^']*\.lock)'", message)
    if lock:
        return (
            f"git {word}: {lock.group(1)} {_lock_age(lock.group(1))}. If no git is at work there, delete it."
        )
    for pattern, reason in _KNOWN:
        if pattern in message:
            return f"git {word} in {folder}: {reason}"
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.startswith("hint:")]
    lines.sort(key=lambda line: not line.startswith(("fatal:", "error:")))
    text = lines[0] if lines else f"exit code {done.returncode}"
    return f"git {word}: {text.removeprefix('fatal: ').removeprefix('error: ')}"


_KNOWN = (
    ("not a git repository", "this is no git repository. Correct paths.repo_root, or run git init there."),
    (
        "dubious ownership",
        "the repository belongs to another user; git refuses it until it is a safe.directory.",
    ),
    ("would be overwritten", "files with uncommitted changes would be overwritten. Commit them first."),
    (
        "you need to resolve your current index first",
        "an earlier merge is unfinished. Resolve or abort it first.",
    ),
    ("unmerged files", "an earlier merge is unfinished. Resolve or abort it first."),
    ("MERGE_HEAD exists", "an earlier merge is unfinished. Resolve or abort it first."),
    ("corrupt patch", "the patch is damaged; make it again with git diff."),
    ("No valid patches in input", "the patch is empty or no patch at all."),
)


def _lock_age(path: str) -> str:
    try:
        age = time.time() - Path(path).stat().st_mtime
    except OSError:
        return "is held by another git"
    return f"was left by another git {age:.0f} s ago"


# The steps


def branch(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Make a branch, or find it already there at the same commit."""
    del folder
    name, start = step["name"], step["start"]
    if git.quiet("check-ref-format", "--branch", name).returncode:
        raise StepError(f"{name!r} cannot be the name of a branch.")
    there = git.line("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
    target = git.line("rev-parse", "--verify", "--quiet", f"{start}^{{commit}}")
    if there and there != target:
        raise StepError(
            f"Branch {name} is there already, at another commit ({there[:9]}). Choose another name."
        )
    if not step["switch"]:
        if not there:
            git.must("branch", "--no-track", "--", name, start)
        return f"Branch {name} made at {target[:9]}."
    # Without --quiet, git would list what is uncommitted, and search submodules for that.
    if there:
        git.must("switch", "--quiet", "--no-guess", name)
    else:
        git.must("switch", "--quiet", "--no-track", "-c", name, start)
    return f"On branch {name}."


def apply(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Apply a patch whole or not at all (with three_way: as far as it goes, conflicts marked)."""
    del folder
    patch = step["patch_path"]
    if not step["three_way"]:
        checked = git.shown("apply", "--check", patch)
        if checked.returncode == 1:
            if not git.quiet("apply", "--check", "--reverse", patch).returncode:
                raise StepError("The patch is already applied: nothing was changed.", "no_change")
            reason = explained(checked, "apply", "").partition(": ")[2]
            raise StepError(f"The patch does not fit: {reason}. Nothing was changed.", "bad_edit")
        if checked.returncode:
            raise StepError(explained(checked, "apply", "the repository"), "bad_edit")
        git.must("apply", "--whitespace=nowarn", patch)
    else:
        done = git.shown("apply", "--3way", "--whitespace=nowarn", patch)
        if done.returncode:
            files = _unmerged(git)
            reason = (
                f"conflicts in {', '.join(files)}" if files else explained(done, "apply", "the repository")
            )
            raise StepError(f"The patch does not fit: {reason}.", "bad_edit")
    counts = git.quiet("apply", "--numstat", "-z", patch).stdout
    return f"Applied a patch to {_counts_in_words(counts)}."


def commit(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Commit the named files, or everything."""
    del folder
    _no_unfinished_merge(git)
    paths = ["--", *step["files"]] if step["files"] else ["--", "."]
    literal = {"GIT_LITERAL_PATHSPECS": "1"}
    git.add("--all", paths=step["files"])
    if (
        not step["allow_empty"]
        and not git.quiet("diff", "--cached", "--quiet", *paths, env=literal).returncode
    ):
        raise StepError("There was nothing to commit.", "no_change")
    options = ["--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=strip", "--file=-"]
    options += ["--allow-empty"] if step["allow_empty"] else []
    only = ["--only", *paths] if step["files"] else []
    with_identity = () if git.line("var", "GIT_COMMITTER_IDENT") else _FALLBACK
    git.must(*with_identity, "commit", *options, *only, given=step["message"], env=literal)
    made = git.line("rev-parse", "HEAD")
    git.shown("show", "--stat", "--format=%h %s", *NO_PROGRAMS, made)
    return f"Committed {made[:9]}: {step['message'].strip().splitlines()[0][:100]}"


_FALLBACK = ("-c", "user.name=Signalbox", "-c", "user.email=signalbox@localhost")


def diff(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Print what differs, new files too; changes nothing, since it works on a copy of the index."""
    index = Path(git.line("rev-parse", "--git-path", "index"))
    copy = folder / "git_index"  # `index` is the name of the runner's own file
    if index.exists():
        shutil.copy2(index, copy)  # with its time, by which git knows which files it has to read again
    env = {"GIT_INDEX_FILE": str(copy), "GIT_LITERAL_PATHSPECS": "1"}
    if not step["head"]:
        git.add("--intent-to-add", "--all", quietly={"GIT_INDEX_FILE": str(copy)})
    what = [step["base"], *([step["head"]] if step["head"] else []), "--", *step["files"]]
    counts = git.quiet("diff", "--numstat", "-z", "-M", *NO_PROGRAMS, *what, env=env)
    git.must("diff", "--stat", "-p", "-M", *NO_PROGRAMS, *what, env=env)
    copy.unlink(missing_ok=True)
    return f"The difference: {_counts_in_words(counts.stdout)}." if counts.stdout else "Nothing differs."


def worktree(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Add a working tree on a new branch, or remove one that holds no uncommitted work."""
    del folder
    path = step["path"]
    if step["operation"] == "remove":
        done = git.shown("worktree", "remove", "--", path)
        if done.returncode and b"contains modified or untracked files" in done.stderr:
            raise StepError(f"Working tree {path} holds work that is not committed; it was left as it is.")
        if done.returncode:
            raise StepError(explained(done, "worktree", path))
        return f"Removed working tree {path}."
    if Path(path).exists() and any(Path(path).iterdir() if Path(path).is_dir() else [path]):
        raise StepError(f"{path} is there already and not empty. Choose another path.")
    git.must("worktree", "add", "--no-track", "-b", step["branch"], "--", path, step["start"])
    return f"Working tree {path} on branch {step['branch']}."


def merge(git: Git, step: Mapping[str, Any], folder: Path) -> str:
    """Merge a branch; a conflict is named and undone."""
    del folder
    forward = {"allow": "--ff", "never": "--no-ff", "only": "--ff-only"}[step["fast_forward"]]
    message = ["-m", step["message"]] if step["message"] else []
    with_identity = () if git.line("var", "GIT_COMMITTER_IDENT") else _FALLBACK
    options = ["--no-edit", "--no-verify", "--no-gpg-sign", "--no-verify-signatures", forward, *message]
    _no_unfinished_merge(git)  # or the abort below would throw away somebody's work on it
    before = git.line("rev-parse", "HEAD")
    done = git.shown(*with_identity, "merge", *options, step["branch"])
    if done.returncode:
        files = _unmerged(git)
        if files:
            git.shown("merge", "--abort")
            reason = f"Merging {step['branch']} conflicts in {', '.join(files[:10])}; the merge was undone."
            raise StepError(reason, "bad_edit")
        raise StepError(explained(done, "merge", "the repository"))
    after = git.line("rev-parse", "HEAD")
    if before == after:
        return f"{step['branch']} was merged already."
    return f"Merged {step['branch']} ({after[:9]})."


STEPS: Mapping[str, Callable[[Git, Mapping[str, Any], Path], str]] = {
    "branch": branch,
    "apply": apply,
    "commit": commit,
    "diff": diff,
    "worktree": worktree,
    "merge": merge,
}


def _no_unfinished_merge(git: Git) -> None:
    files = _unmerged(git)
    if files or git.line("rev-parse", "--verify", "--quiet", "MERGE_HEAD"):
        where = f" ({', '.join(files[:10])})" if files else ""
        raise StepError(f"An earlier merge is unfinished{where}. Resolve or abort it first.")


def _unmerged(git: Git) -> list[str]:
    found = git.quiet("diff", "--name-only", "--diff-filter=U", "-z", *NO_PROGRAMS).stdout.decode(
        errors="replace"
    )
    return [name for name in found.split("\0") if name]


def _counts_in_words(numstat: bytes) -> str:
    rows = [field.split(b"\t", 2) for field in numstat.split(b"\0") if field.count(b"\t") >= 2]  # noqa: PLR2004
    added = sum(int(row[0]) for row in rows if row[0].isdigit())
    removed = sum(int(row[1]) for row in rows if row[1].isdigit())
    return f"{len(rows)} file{'' if len(rows) == 1 else 's'} (+{added} -{removed})"


def main(request_file: str) -> int:
    """Do what the request says and write the answer; 0 where it succeeded, 1 where not."""
    folder = Path(request_file).parent
    request = json.loads(Path(request_file).read_text(encoding="utf-8"))
    answer = _answer(Git(request["git"], request["folder"]), request, folder)
    stream = sys.stdout if answer["ok"] else sys.stderr
    stream.write(answer["summary"] + "\n")
    written = folder / "git_answer.json.part"
    written.write_text(json.dumps(answer), encoding="utf-8")
    written.rename(folder / "git_answer.json")
    return 0 if answer["ok"] else 1


def _answer(git: Git, request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    step = request["step"]
    try:
        git.must("rev-parse", "--show-toplevel")
        git.silence()
        os.chdir(request["folder"])
        summary = STEPS[step["action"]](git, step, folder)
    except StepError as error:
        return {"ok": False, "summary": str(error), "failure_class": error.kind}
    return {"ok": True, "summary": summary, "commit": git.line("rev-parse", "--verify", "--quiet", "HEAD")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
