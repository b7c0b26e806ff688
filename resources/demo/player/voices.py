"""Prints what a coding tool would: the events of claude, codex and gemini, and the text of aider."""

import json
import os
from itertools import count
from pathlib import Path

MODEL = "recording"
"""The name of the model in every event: no table has a price for it."""
IN_DOLLARS = 3e-6, 15e-6
"""What a token sent and one received would cost about, for the tool that reports a cost itself."""


def out(**event):
    """Print one event."""
    print(json.dumps(event), flush=True)


class Voice:
    """What the tools that print events share: the session they go on with, and the numbers of their calls."""

    switch = "--resume"

    def __init__(self, words, fresh):
        self.session = words[words.index(self.switch) + 1] if self.switch in words else fresh
        self.numbers = count(1)
        self.begin()

    def keep(self, folder, name):
        """Leave a file of the session where the tool would, so that it can be resumed."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}\n", encoding="utf-8")


class Claude(Voice):
    """The event stream of Claude Code."""

    def begin(self):
        out(type="system", subtype="init", cwd=os.getcwd(), session_id=self.session, model=MODEL)
        self.keep(Path(os.environ["CLAUDE_CONFIG_DIR"], "projects", "demo"), f"{self.session}.jsonl")

    def _assistant(self, **part):
        message = {"id": f"msg_{next(self.numbers)}", "role": "assistant", "model": MODEL, "content": [part]}
        out(type="assistant", message=message, session_id=self.session)

    def _use(self, name, answer, *, failed=False, result=None, **fields):
        number = f"use_{next(self.numbers)}"
        self._assistant(type="tool_use", id=number, name=name, input=fields)
        part = {"type": "tool_result", "tool_use_id": number, "content": answer, "is_error": failed}
        message = {"role": "user", "content": [part]}
        out(type="user", message=message, tool_use_result=result or {}, session_id=self.session)

    def say(self, text):
        self._assistant(type="text", text=text)

    def plan(self, steps, done):
        states = ["completed"] * done + ["in_progress"] + ["pending"] * len(steps)
        todos = [{"content": step, "activeForm": step, "status": state} for step, state in zip(steps, states)]
        self._use("TodoWrite", "Todos have been modified.", todos=todos)

    def read(self, name):
        self._use("Read", Path(name).read_text(encoding="utf-8"), file_path=str(Path(name).absolute()))

    def edit(self, name, before, after):
        path = str(Path(name).absolute())
        old, new = before.splitlines(), after.splitlines()
        lines = [f"-{line}" for line in old if line not in new] + [f"+{line}" for line in new if line not in old]
        result = {"filePath": path, "structuredPatch": [{"lines": lines}]}
        self._use("Edit", "The file was updated.", result=result, file_path=path, old_string=before, new_string=after)

    def run(self, command, code, printed):
        text = printed if code == 0 else f"Exit code {code}\n{printed}"
        self._use("Bash", text, failed=code != 0, command=command)

    def deny(self, command):
        text = "Claude requested permissions to use Bash, but you haven't granted it yet."
        self._use("Bash", text, failed=True, command=command)

    def end(self, answer, sent, received):
        self.say(answer)
        cost = round(sent * IN_DOLLARS[0] + received * IN_DOLLARS[1], 4)
        used = {"inputTokens": sent, "outputTokens": received, "cacheReadInputTokens": 0,
                "cacheCreationInputTokens": 0, "costUSD": cost}  # fmt: skip
        out(type="result", subtype="success", is_error=False, result=answer, session_id=self.session,
            total_cost_usd=cost, usage={"input_tokens": sent, "output_tokens": received},
            modelUsage={MODEL: used}, permission_denials=[])  # fmt: skip


class Codex(Voice):
    """The event stream of Codex."""

    switch = "resume"

    def begin(self):
        out(type="thread.started", thread_id=self.session)
        out(type="turn.started")
        folder = Path(os.environ["CODEX_HOME"], "sessions", "2026", "01", "01")
        self.keep(folder, f"rollout-{self.session}.jsonl")

    def _item(self, kind, event="completed", **fields):
        out(type=f"item.{event}", item={"id": f"item_{next(self.numbers)}", "type": kind, **fields})

    def say(self, text):
        self._item("agent_message", text=text)

    def plan(self, steps, done):
        items = [{"text": step, "completed": place < done} for place, step in enumerate(steps)]
        self._item("todo_list", "updated", items=items)

    def read(self, name):
        self.run(f"cat {name}", 0, Path(name).read_text(encoding="utf-8"))

    def edit(self, name, before, after):
        kind = "update" if before else "add"
        path = str(Path(name).absolute())
        self._item("file_change", changes=[{"path": path, "kind": kind}], status="completed")

    def run(self, command, code, printed):
        status = "completed" if code == 0 else "failed"
        self._item("command_execution", command=command, aggregated_output=printed, exit_code=code, status=status)

    def deny(self, command):
        self._item("command_execution", command=command, aggregated_output="", exit_code=None, status="declined")

    def quota(self, text):
        out(type="error", message=text)
        out(type="turn.failed", error={"message": text})

    def end(self, answer, sent, received):
        self.say(answer)
        out(type="turn.completed", usage={"input_tokens": sent, "cached_input_tokens": 0, "output_tokens": received})


class Gemini(Voice):
    """The event stream of the Gemini CLI."""

    def begin(self):
        out(type="init", session_id=self.session, model=MODEL)
        folder = Path(os.environ["GEMINI_CLI_HOME"], ".gemini", "tmp", "demo", "chats")
        self.keep(folder, f"session-{self.session.partition('-')[0]}.json")

    def say(self, text):
        out(type="message", role="assistant", content=text)

    def _use(self, name, fields, **result):
        number = f"use_{next(self.numbers)}"
        out(type="tool_use", tool_name=name, tool_id=number, parameters=fields)
        out(type="tool_result", tool_id=number, **{"status": "success", **result})

    def plan(self, steps, done):
        states = ["completed"] * done + ["in_progress"] + ["pending"] * len(steps)
        todos = [{"description": step, "status": state} for step, state in zip(steps, states)]
        self._use("write_todos", {"todos": todos})

    def read(self, name):
        self._use("read_file", {"file_path": str(Path(name).absolute())})

    def edit(self, name, before, after):
        path = str(Path(name).absolute())
        if before:
            self._use("replace", {"file_path": path, "old_string": before, "new_string": after})
        else:
            self._use("write_file", {"file_path": path, "content": after})

    def run(self, command, code, printed):
        self._use("run_shell_command", {"command": command}, output=f"{printed}\nExit Code: {code}")

    def deny(self, command):
        error = {"type": "policy_violation", "message": "Tool execution denied by policy."}
        self._use("run_shell_command", {"command": command}, status="error", error=error)

    def end(self, answer, sent, received):
        self.say(answer)
        used = {"total_tokens": sent + received, "input_tokens": sent, "output_tokens": received, "cached": 0}
        out(type="result", status="success", stats={**used, "models": {MODEL: used}})


class Aider(Voice):
    """What aider prints."""

    def begin(self):
        print(f"\nAider v0.86.2\nModel: {MODEL} with diff edit format\nRepo-map: disabled", flush=True)

    def say(self, text):
        print(f"\n{text}", flush=True)

    def plan(self, steps, done):
        if done < len(steps):
            self.say(f"{done + 1}. {steps[done]}")

    def read(self, name):
        print(f"Added {name} to the chat.", flush=True)

    def edit(self, name, before, after):
        print(f"\n{name}\n```\n<<<<<<< SEARCH\n{before}=======\n{after}>>>>>>> REPLACE\n```", flush=True)
        print(f"Applied edit to {name}", flush=True)

    def run(self, command, code, printed):
        print(f"Running {command}\n{printed}", flush=True)

    def end(self, answer, sent, received):
        self.say(answer)
        print(f"Tokens: {sent / 1000:.1f}k sent, {received} received.", flush=True)


VOICES = {"claude": Claude, "codex": Codex, "gemini": Gemini, "aider": Aider}
