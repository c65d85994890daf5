"""`bin/backup` and `bin/restore`: the demo's database and photos into one archive, and back."""

import sys
from contextlib import contextmanager

from demo.manage import MANAGE, arguments, borrowed_or_own, say, settings_of
from demo.prepare import prepare
from demo.processes import in_foreground
from demo.servers import Servers
from demo.surroundings import surroundings
from demo.trouble import Trouble, run

USAGES = {
    "backup": "usage: bin/backup [--data DIR] FILE",
    "restore": "usage: bin/restore [--data DIR] FILE [--replace]",
}


def main() -> int:
    verb, *words = sys.argv[1:]
    data, rest = arguments(words, usage=USAGES[verb])
    prepare("demo", say)
    servers = borrowed_or_own if verb == "backup" else own_alone
    with servers(Servers(data)) as settings:
        return in_foreground([*MANAGE, verb, *rest], env=surroundings(**settings))


@contextmanager
def own_alone(servers: Servers):
    """Yield settings for servers nobody else works with: what they hold is about to be replaced."""
    if not servers.own():
        raise Trouble(f"Something runs from {servers.data}. Stop it first.")
    try:
        servers.start()
        yield settings_of(servers)
    finally:
        servers.stop()


if __name__ == "__main__":
    run(main)
