"""The support bundle: what it holds, what it leaves out, and that no secret is in any byte of it."""

import json
import zipfile
from pathlib import Path

import pytest

from engine.maintenance.support_bundle import collect, write_bundle
from tests.engine.runners.test_masking import FORMS, SECRET
from tests.helpers.command_line import CommandLine, python

NAMES = [
    "versions.json",
    "doctor.json",
    "window.json",
    "settings.json",
    "events.jsonl",
    "counts.json",
    "schema.sql",
]
OTHERS = (
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "https://me:pass-word-1@example.org",
    "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEsecretsecret\n-----END RSA " + "PRIVATE KEY-----",
)


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_no_secret_is_in_any_byte_of_the_bundle_in_any_form(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MY_OWN_KEY", SECRET)
    monkeypatch.setenv("OPENAI_API_KEY", "another-secret-of-the-environment")
    job = python("print(1)", "a") | {"env": {"TOKEN": "env:MY_OWN_KEY"}}
    signalbox("run", signalbox.file("a.json", job))
    signalbox("tools", "account", "claude", "work", "--env", "ANTHROPIC_API_KEY=plain-value-of-an-account")
    signalbox("settings", "set", "callback", "true", "words-of-a-command")
    plain = ("another-secret-of-the-environment", "plain-value-of-an-account", *OTHERS)
    for form in (*(make(SECRET).decode() for make in FORMS.values()), *plain):
        signalbox("pause", "--reason", form)
    (signalbox.home.root / "window.json").write_text(
        json.dumps(
            {"format": 1, "tray": True, "panels": {"logs": {"text": SECRET}}, "editor": "words-of-a-command"}
        )
    )
    files = collect(signalbox.home)
    assert [file.name for file in files] == NAMES
    target = tmp_path / "bundle.zip"
    write_bundle(target, files)
    with zipfile.ZipFile(target) as archive:
        stored = {name: archive.read(name) for name in archive.namelist()}
    assert [name.removeprefix("signalbox-support/") for name in stored] == NAMES
    whole = b"\n".join([*stored.values(), target.read_bytes()])
    for secret in (*plain[:2], "words-of-a-command", "me:pass-word-1", "MIIEsecretsecret", *OTHERS[:2]):
        assert secret.encode() not in whole
    for name, make in FORMS.items():
        assert make(SECRET) not in whole, name
        assert json.dumps(make(SECRET).decode(), ensure_ascii=False)[1:-1].encode() not in whole, name
    assert b"***" in stored["signalbox-support/events.jsonl"], "the events are there, and masked"


def test_the_bundle_holds_what_helps_and_nothing_of_the_jobs_themselves(signalbox: CommandLine) -> None:
    signalbox("run", signalbox.file("a.json", python("print('what a tool prints')", "a")))
    found = {file.name: file.content.decode() for file in collect(signalbox.home)}
    assert json.loads(found["versions.json"])["packages"]["SQLAlchemy"]
    assert {"database", "inbox"} <= {finding["topic"] for finding in json.loads(found["doctor.json"])}
    assert json.loads(found["counts.json"])["jobs"] == {"completed": 1}
    events = [json.loads(line) for line in found["events.jsonl"].splitlines()]
    assert {"job", "message", "event"} <= events[0].keys()
    assert "CREATE TABLE jobs" in found["schema.sql"]
    assert "-- revision" in found["schema.sql"]
    assert "what a tool prints" not in "".join(found.values())


def test_the_command_lists_first_writes_what_is_chosen_and_says_where(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    target = tmp_path / "report.zip"
    listed = signalbox("support-bundle", "--list", "--output", target)
    assert not target.exists()
    assert all(name in listed.out for name in NAMES)
    written = signalbox("support-bundle", "--without", "events.jsonl", "--output", target)
    assert f"Written to {target}" in written.out
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as archive:
        assert "signalbox-support/events.jsonl" not in archive.namelist()
    refused = signalbox("support-bundle", "--without", "nothing", "--output", target, code=2)
    assert "has no file nothing" in refused.err
    nowhere = signalbox("support-bundle", "--output", tmp_path / "no" / "b.zip", code=2)
    assert "cannot be written" in nowhere.err
