"""One window a home: the first takes a lock and listens, a later start hands its files over and ends.

The socket is a door for our own user only: others are turned away by uid, and no message may be large or slow.
"""

import hashlib
import json
import os
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from state.locks import KernelLock

CAP = 64 * 1024
"""Bytes a message may have."""
TIMEOUT_MS = 2000
_LONGEST_PATH = 100  # the path of a Unix socket holds 107 bytes
_MOST_CALLERS = 16


def socket_name(home: Path) -> str:
    """Where the window of this home listens: in the home, or under a short name where its path is too long."""
    inside = str(home / "window.sock")
    if sys.platform != "win32" and len(os.fsencode(inside)) <= _LONGEST_PATH:
        return inside
    return f"signalbox-{hashlib.sha256(os.fsencode(home)).hexdigest()[:20]}"


class _Call(QObject):
    """One caller; it has `TIMEOUT_MS` for one line of JSON.

    Signals:
        received: (list of Path) the files of a whole and valid message.
    """

    received = Signal(object)

    def __init__(self, connection: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._connection = connection
        self._content = b""
        connection.setParent(self)
        connection.readyRead.connect(self._on_ready)
        connection.disconnected.connect(self.deleteLater)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(TIMEOUT_MS)
        self._on_ready()

    @Slot()
    def _on_ready(self) -> None:
        room = CAP + 1 - len(self._content)
        self._content += bytes(self._connection.read(room).data())
        if len(self._content) > CAP:
            self._connection.abort()
        elif b"\n" in self._content:
            self._answer()

    def _answer(self) -> None:
        self._timer.stop()
        files = _files_of(self._content.partition(b"\n")[0])
        if files is None:
            self._connection.abort()
            return
        self._connection.write(b"ok\n")
        self._connection.flush()
        self._connection.disconnectFromServer()
        self.received.emit(files)

    @Slot()
    def _on_timeout(self) -> None:
        self._connection.abort()


class SingleInstance(QObject):
    """Whether this is the first window on a home, and the ear for those that come later.

    Signals:
        called: (list of Path) another start wants the window, with these files to add (perhaps none).
    """

    called = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(home)
        self._file = home / "window.lock"
        self._lock: KernelLock | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_CALLERS)
        self._server.newConnection.connect(self._on_new_connection)
        self._calls = 0

    def claim(self) -> bool:
        """Become the one window of this home and listen; False where another is."""
        try:
            self._lock = KernelLock.try_take(self._file)
        except OSError:
            return False  # a home that cannot be written has no window
        if self._lock is None:
            return False
        QLocalServer.removeServer(
            self._name
        )  # left by a window that was killed: we hold the lock, so it is dead
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Stop listening and let the next window be the first."""
        self._server.close()
        if self._lock is not None:
            self._lock.release(remove=True)

    @Slot()
    def _on_new_connection(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            if self._calls >= _MOST_CALLERS or not _is_ours(connection):
                connection.abort()
                connection.deleteLater()
                continue
            self._calls += 1
            call = _Call(connection, self)
            call.received.connect(self.called)
            call.destroyed.connect(self._on_call_ended)

    @Slot()
    def _on_call_ended(self) -> None:
        self._calls -= 1


def hand_over(home: Path, files: Sequence[Path]) -> bool:
    """Give the window of this home these files; False where none answered within two seconds."""
    connection = QLocalSocket()
    connection.connectToServer(socket_name(home))
    if not connection.waitForConnected(TIMEOUT_MS):
        return False
    message = json.dumps({"files": [str(file.absolute()) for file in files]}).encode() + b"\n"
    if len(message) > CAP:
        connection.abort()
        return False
    connection.write(message)
    connection.flush()
    answered = connection.bytesAvailable() > 0 or connection.waitForReadyRead(TIMEOUT_MS)
    said = bytes(connection.readAll().data()) if answered else b""
    connection.abort()
    return said.startswith(b"ok")


def _files_of(line: bytes) -> list[Path] | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    files = message.get("files") if isinstance(message, dict) else None
    if not isinstance(files, list):
        return None
    named = [Path(file) for file in files if isinstance(file, str) and file and "\0" not in file]
    return named if len(named) == len(files) and all(path.is_absolute() for path in named) else None


def _is_ours(connection: QLocalSocket) -> bool:
    """Whether the other end belongs to our user; where the platform cannot say, the socket's mode is the guard."""
    if sys.platform != "linux":
        return True
    descriptor = connection.socketDescriptor()
    with socket.socket(fileno=os.dup(int(descriptor))) as duplicate:
        told = duplicate.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", told)
    return int(uid) == os.getuid()
