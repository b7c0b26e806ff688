"""Aider itself, where it is installed, against a model that a few lines here play. Skipped elsewhere."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.attempts import Attempts

pytestmark = pytest.mark.skipif(shutil.which("aider") is None, reason="aider is not on PATH")

EDIT = """hello.py
```
<<<<<<< SEARCH
    return "hello"
=======
    return "hello, world"
>>>>>>> REPLACE
```
"""


class _Model(BaseHTTPRequestHandler):
    """Answers each request with the server's `answer`, or with its `status` as an error."""

    server: "_Server"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": self.server.answer},
                }
            ],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }
        if self.server.status != 200:
            body = {"error": {"message": "refused by the test", "type": "x", "code": "x"}}
        data = json.dumps(body).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    answer = EDIT
    status = 200


@pytest.fixture
def model() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Model) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(attempts: Attempts, repo: Path, model: _Server, **more: Any) -> Any:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(repo.parent),
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_API_BASE": f"http://127.0.0.1:{model.server_port}/v1",
    }
    job = {
        "tool": "aider",
        "model": "openai/played",
        "prompt": "Greet the world.",
        "files": ["hello.py"],
        "extra_args": ["--no-stream"],
        "paths": {"repo_root": str(repo)},
        **more,
    }
    return attempts.run(job, base_env=env)


def test_an_edit_is_made_and_left_uncommitted(attempts: Attempts, repo: Path, model: _Server) -> None:
    result = run(attempts, repo, model)
    assert result.success, result.stdout
    assert result.metadata["changed_files"] == [{"path": "hello.py", "added": 1, "removed": 1}]
    assert "commit" not in result.metadata
    assert result.metadata["usage"]["output_tokens"] > 0
    assert sorted(path.name for path in repo.iterdir()) == [".git", "README.md", "hello.py"]


def test_a_refusal_is_a_failure_though_aider_exits_with_0(
    attempts: Attempts, repo: Path, model: _Server
) -> None:
    model.status = 401
    result = run(attempts, repo, model)
    assert (result.exit_code, result.success, result.metadata["failure_class"]) == (0, False, "auth")
