"""One window per home: the first takes a lock and listens; a later start hands its files over and ends.

The socket is for our own user only: others are rejected by uid, and no message may be large or slow.
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
"""The largest message, in bytes."""
TIMEOUT_MS = 2000
_LONGEST_PATH = 100  # the path of a Unix socket holds 107 bytes
_MAX_CLIENTS = 16


def socket_name(home: Path) -> str:
    """Where the window of this home listens: in the home, or under a short name if its path is too long."""
    inside = str(home / "window.sock")
    if sys.platform != "win32" and len(os.fsencode(inside)) <= _LONGEST_PATH:
        return inside
    return f"signalbox-{hashlib.sha256(os.fsencode(home)).hexdigest()[:20]}"


class _Client(QObject):
    """One connected client; it has `TIMEOUT_MS` to send one line of JSON.

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
    """Makes this the only window on a home, and receives the files of later starts.

    Signals:
        called: (list of Path) another start raises the window and adds these files, perhaps none.
    """

    called = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(home)
        self._file = home / "window.lock"
        self._lock: KernelLock | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MAX_CLIENTS)
        self._server.newConnection.connect(self._on_new_connection)
        self._clients = 0

    def claim(self) -> bool:
        """Become the only window of this home and listen; False if there is another."""
        try:
            self._lock = KernelLock.try_take(self._file)
        except OSError:
            return False  # a home that cannot be written has no window
        if self._lock is None:
            return False
        # A socket left by a killed window: we hold the lock, so nobody listens on it.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Stop listening, and free the home for the next window."""
        self._server.close()
        if self._lock is not None:
            self._lock.release(remove=True)

    @Slot()
    def _on_new_connection(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            if self._clients >= _MAX_CLIENTS or not _is_ours(connection):
                connection.abort()
                connection.deleteLater()
                continue
            self._clients += 1
            client = _Client(connection, self)
            client.received.connect(self.called)
            client.destroyed.connect(self._on_client_gone)

    @Slot()
    def _on_client_gone(self) -> None:
        self._clients -= 1


def hand_over(home: Path, files: Sequence[Path]) -> bool:
    """Hand these files to the window of this home; False if none answered within two seconds."""
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
    reply = bytes(connection.readAll().data()) if answered else b""
    connection.abort()
    return reply.startswith(b"ok")


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
    """Whether the other end belongs to our user; on platforms that cannot tell, the socket's mode is the guard."""
    if sys.platform != "linux":
        return True
    descriptor = connection.socketDescriptor()
    with socket.socket(fileno=os.dup(int(descriptor))) as duplicate:
        credentials = duplicate.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid) == os.getuid()
