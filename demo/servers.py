"""PostgreSQL and Valkey together in one data folder, with the lock that says whose they are."""

import argparse
import fcntl
import json
import os
import secrets
import signal
import sys
from pathlib import Path

from demo.postgres import Postgres
from demo.processes import stop_leftovers
from demo.trouble import Trouble
from demo.valkey import Valkey


class Servers:
    """The two servers of a data folder; only one process may own them at a time."""

    def __init__(self, data: Path, *, durable: bool = True):
        self.data = data.resolve()
        self.durable = durable
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._lock = None

    def start(self) -> None:
        """Start both, after what a killed owner left behind has ended."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self.data / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"{self.data} is in use already. Stop what runs there, or choose another --data.") from None
        stop_leftovers(self.data)
        kept = self._secrets()
        self.postgres = Postgres(self.data, kept["database_password"], durable=self.durable)
        self.valkey = Valkey(self.data, kept["broker_password"], durable=self.durable)
        self.valkey.start()
        self.postgres.start()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def environment(self) -> dict[str, str]:
        """Return the settings of Campusruf that point at these servers."""
        return {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": self._secrets()["secret_key"],
            "MEDIA_ROOT": str(self.data / "media"),
        }

    def _secrets(self) -> dict[str, str]:
        path = self.data / "secrets.json"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            names = ("database_password", "broker_password", "secret_key")
            fresh.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in names}))
            fresh.rename(path)
        return json.loads(path.read_text())


def main() -> None:
    """Start the servers, print where they are, and keep them until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m demo.servers")
    parser.add_argument("--data", type=Path, default=Path("var/dev"))
    servers = Servers(parser.parse_args().data, durable=False)
    try:
        servers.start()
        for name, value in servers.environment().items():
            print(f"export {name}={value}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except Trouble as trouble:
        sys.exit(str(trouble))
    finally:
        servers.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    os.umask(0o077)
    main()
