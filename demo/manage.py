"""`bin/manage`: one management command in the demo's environment, whether the demo runs or not."""

import fcntl
import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from demo.paths import DEFAULT_DATA, PYTHON, ROOT
from demo.prepare import prepare
from demo.processes import in_foreground
from demo.servers import Servers
from demo.surroundings import surroundings
from demo.trouble import Trouble, run

USAGE = "usage: bin/manage [--data DIR] COMMAND …"
MANAGE = [str(PYTHON), str(ROOT / "manage.py")]
PATIENCE = 120  # seconds for a demo that is just starting


def main() -> int:
    data, command = arguments(sys.argv[1:])
    prepare("demo", say)
    with borrowed_or_own(Servers(data)) as settings:
        return in_foreground([*MANAGE, *command], env=surroundings(**settings))


def arguments(words: list[str], usage: str = USAGE) -> tuple[Path, list[str]]:
    """Split off our own option; everything from the command on belongs to manage.py."""
    data = DEFAULT_DATA
    if words and words[0].startswith("--data="):
        data, words = Path(words[0].removeprefix("--data=")), words[1:]
    elif words and words[0] == "--data":
        if len(words) < 2:
            raise Trouble(usage)
        data, words = Path(words[1]), words[2:]
    if not words:
        raise Trouble(usage)
    return data, words


@contextmanager
def borrowed_or_own(servers: Servers):
    """Yield settings for servers that somebody else runs, or for ones that live as long as this command."""
    servers.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if servers.own():
            try:
                yield own(servers)
            finally:
                servers.stop(wait_for_users=True)
            return
        with (servers.data / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            settings = published(servers)
            if settings:
                yield settings
                return
        time.sleep(0.2)
    raise Trouble(f"{servers.data} is in use, but what uses it does not get ready. Stop it and try again.")


def own(servers: Servers) -> dict[str, str]:
    """Start the servers, and fill an empty database with tables."""
    servers.start()
    settings = settings_of(servers)
    if not servers.postgres.ask("SELECT to_regclass('django_migrations')"):
        say("The database is new; making its tables …")
        migrate = [*MANAGE, "migrate", "--noinput", "--verbosity=0"]
        if in_foreground(migrate, env=surroundings(**settings)) != 0:
            raise Trouble("The tables could not be made; see above.")
    servers.publish(settings)
    return settings


def settings_of(servers: Servers) -> dict[str, str]:
    """Return settings for one command, as if the demo listened where it does by default."""
    return {
        **servers.settings(),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "BASE_URL": "http://127.0.0.1:8000",
    }


def published(servers: Servers) -> dict[str, str] | None:
    try:
        return json.loads((servers.data / "running.json").read_text())
    except FileNotFoundError:
        return None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # the command's own output may be read by a program


if __name__ == "__main__":
    run(main)
