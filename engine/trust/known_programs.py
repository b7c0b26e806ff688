"""What is known for certain of a few programs: which load nothing but their arguments, and what others load by rule."""

import re
from collections.abc import Mapping
from pathlib import PurePath

LOADS_NOTHING = frozenset(
    {
        *(
            "[",
            "base64",
            "basename",
            "cat",
            "chmod",
            "cksum",
            "cmp",
            "comm",
            "cp",
            "cut",
            "date",
            "dirname",
            "du",
        ),
        *(
            "echo",
            "expr",
            "false",
            "fold",
            "grep",
            "head",
            "id",
            "ln",
            "ls",
            "md5sum",
            "mkdir",
            "mktemp",
            "mv",
        ),
        *("nl", "paste", "printf", "pwd", "readlink", "realpath", "rev", "rm", "rmdir", "seq", "sha1sum"),
        *("sha256sum", "sha512sum", "sleep", "stat", "tac", "tail", "tee", "test", "touch", "tr", "true"),
        *("truncate", "uname", "uniq", "wc", "whoami", "yes"),
    }
)
"""Programs that never load or start a file. Every program that is not here may load any file of the repository."""

_SYSTEM_FOLDERS = ("/bin/", "/usr/", "/opt/homebrew/", "/nix/store/")

LOADED_BY_RULE: Mapping[str, tuple[str, ...]] = {
    "make": ("GNUmakefile", "makefile", "Makefile"),
    "gmake": ("GNUmakefile", "makefile", "Makefile"),
    "just": ("justfile", "Justfile", ".justfile"),
    "ninja": ("build.ninja",),
    "npm": ("package.json", ".npmrc"),
    "npx": ("package.json", ".npmrc"),
    "yarn": ("package.json", ".yarnrc", ".yarnrc.yml"),
    "pnpm": ("package.json", ".npmrc", ".pnpmfile.cjs"),
    "cargo": ("Cargo.toml", "build.rs", ".cargo/config.toml", ".cargo/config"),
    "go": ("go.mod", "go.work"),
    "tox": ("tox.ini", "pyproject.toml", "setup.cfg"),
    "nox": ("noxfile.py",),
    "pytest": ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "conftest.py"),
    "rake": ("Rakefile", "rakefile"),
    "gradle": ("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"),
    "mvn": ("pom.xml",),
    "docker": ("Dockerfile", "compose.yaml", "docker-compose.yml"),
}
"""What a program loads from the folder it works in although no argument names it. It is bound, and never claimed."""

AGENT_RULES: Mapping[str, tuple[str, ...]] = {
    "aider": (".aider.conf.yml", ".aider.model.settings.yml", ".aider.model.metadata.json", ".env"),
    "claude": (
        *(".claude/settings.json", ".claude/settings.local.json", ".mcp.json"),
        *(".claude/hooks", ".claude/agents", ".claude/commands", ".claude/skills"),
        *(".claude/plugins", ".claude/workflows"),
    ),
    "codex": (".codex/config.toml", ".codex/hooks.json", ".codex/hooks", ".codex/rules", ".codex/agents"),
    "gemini": (
        *(".gemini/settings.json", ".gemini/.env", ".env"),
        *(".gemini/hooks", ".gemini/commands", ".gemini/extensions"),
        *(".gemini/policies", ".gemini/agents", ".gemini/skills"),
    ),
}
"""The files and folders by which a repository has a coding tool start programs: hooks, MCP servers, test commands."""

_SHELLS = re.compile(r"^(sh|bash|dash|zsh|ksh)$")
_INTERPRETERS = re.compile(r"^(python|pypy|node|deno|ruby|perl|php|lua|Rscript|tclsh)[\d.]*(\.exe)?$")
_SHELL_SWITCHES = re.compile(r"^-[abefhkmnuvxBCEHP]+$")
_PYTHON_SWITCHES = re.compile(r"^-[bBdEhiIOPqsSuvVx]+$")


def loads_nothing(program: str, real_path: str) -> bool:
    """Whether this program of the system never loads or starts a file that it is not given."""
    return PurePath(program).name in LOADS_NOTHING and real_path.startswith(_SYSTEM_FOLDERS)


def script_argument(program: str, arguments: tuple[str, ...]) -> str:
    """The argument an interpreter is certain to run as its script; empty where it is not certain."""
    name = PurePath(program).name
    switches = (
        _SHELL_SWITCHES
        if _SHELLS.match(name)
        else _PYTHON_SWITCHES
        if name.startswith(("python", "pypy"))
        else None
    )
    if switches is None and not _INTERPRETERS.match(name):
        return ""
    for argument in arguments:
        if not argument.startswith("-"):
            return argument
        if switches is None or not switches.match(argument):
            return ""
    return ""
