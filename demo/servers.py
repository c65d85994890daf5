"""PostgreSQL and Valkey together in one data folder, with the lock that says whose they are."""

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
from pathlib import Path

from demo.paths import DEFAULT_DATA
from demo.postgres import Postgres, binary
from demo.processes import stop_leftovers
from demo.trouble import Trouble, run
from demo.valkey import Valkey

CONTENTS = (
    *("postgres", "valkey", "media", "mail", "log", "run", "beat"),
    *("secrets.json", "running.json", "seeding"),
)


class Servers:
    """The two servers of a data folder; only one process owns them at a time.

    `lock` is held by the owner, `users` is shared by everybody who works with the servers. The kernel gives
    both back when a process ends, however it ends.
    """

    def __init__(self, data: Path, *, durable: bool = True):
        self.data = data.resolve()
        self.durable = durable
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._lock = None

    def own(self) -> bool:
        """Try to become the owner of the folder; return whether it was free."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self.data / "lock").open("a")
        except OSError as error:
            raise Trouble(f"{self.data} cannot be used as data folder: {error.strerror}.") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop_leftovers(self.data)
        (self.data / "running.json").unlink(missing_ok=True)
        return True

    def clear(self) -> None:
        """Remove what Campusruf has put into the folder, and nothing else."""
        for name in CONTENTS:
            path = self.data / name
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)

    def start(self) -> None:
        """Start both servers in the owned folder."""
        for name in ("media", "mail", "log", "beat"):
            (self.data / name).mkdir(mode=0o700, exist_ok=True)
        kept = self._secrets()
        self.postgres = Postgres(self.data, kept["database_password"], durable=self.durable)
        self.valkey = Valkey(self.data, kept["broker_password"], durable=self.durable)
        self.valkey.start()
        self.postgres.start()

    def keep(self, say=print) -> None:
        """Start a server again that has ended by itself, where it was before."""
        for server in (self.valkey, self.postgres):
            if server.child.has_ended():
                say(f"{server.child.name} ended and is started again; see {server.child.log}.")
                server.restart()

    def publish(self, settings: dict[str, str]) -> None:
        """Write down the settings others may use while the servers run."""
        path = self.data / "running.json"
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(settings))
        fresh.replace(path)

    def stop(self, *, wait_for_users: bool = False) -> None:
        """Stop both servers, on request only after everybody else has finished with them."""
        if self._lock is None:
            return
        (self.data / "running.json").unlink(missing_ok=True)
        if wait_for_users:
            with (self.data / "users").open("a") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        self._lock.close()
        self._lock = None

    def settings(self) -> dict[str, str]:
        """Return the settings of Campusruf that point at these servers."""
        return {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": self._secrets()["secret_key"],
            "MEDIA_ROOT": str(self.data / "media"),
            "EMAIL_URL": f"file://{self.data / 'mail'}",
            "POSTGRES_PROGRAMS": str(Path(binary("pg_dump")).parent),
            "DEMO": "1",
        }

    def _secrets(self) -> dict[str, str]:
        path = self.data / "secrets.json"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            names = ("database_password", "broker_password", "secret_key")
            fresh.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in names}))
            fresh.replace(path)
        return json.loads(path.read_text())


def main() -> None:
    """Start the servers for development, print where they are, and keep them until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m demo.servers")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA / "dev")
    servers = Servers(parser.parse_args().data, durable=False)
    try:
        if not servers.own():
            raise Trouble(f"{servers.data} is in use already.")
        servers.start()
        for name, value in servers.settings().items():
            print(f"export {name}={value}", flush=True)
        while True:
            signal.pause()
    finally:
        servers.stop()


if __name__ == "__main__":
    os.umask(0o077)
    run(main, when_stopped=0)
