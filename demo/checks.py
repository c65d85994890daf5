"""`bin/test`: everything that is checked, against servers of its own that vanish afterwards."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from demo.chromium import find_chromium
from demo.paths import DEFAULT_DATA, PYTHON, ROOT, VENV
from demo.prepare import node, prepare, unconnected_environment
from demo.processes import in_foreground
from demo.servers import Servers
from demo.surroundings import surroundings
from demo.trouble import run

MODULE = [str(PYTHON), "-P", "-m"]
HTMX_CHECK = "node_modules/htmx.org/dist/scripts/upgrade-check.js"
#: All tests use all cores. In the order in which they come: those that empty the tables are the last of each process.
SIDE_BY_SIDE = ["-n", "auto"]
MANAGE = [str(PYTHON), "manage.py"]


def main() -> int:
    """Run all checks, or with arguments only pytest; return 0 if nothing was found."""
    arguments = sys.argv[1:]
    prepare("test", say)
    chromium = find_chromium(say)
    servers = temporary_servers()
    try:
        servers.start()
        environment = surroundings(
            **servers.settings(),
            ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
            BASE_URL="http://127.0.0.1:8000",
            CHROMIUM=chromium,
            API_LIMIT="0",  # tests ask as fast as they can
        )
        failed = [] if arguments else failed_checks(environment)
        code = in_foreground([*MODULE, "pytest", *(arguments or SIDE_BY_SIDE)], env=environment, cwd=ROOT)
    finally:
        servers.stop()
        shutil.rmtree(servers.data, ignore_errors=True)
    if failed:
        say(f"Failed before the tests: {', '.join(failed)}")
    return code or int(bool(failed))


def failed_checks(environment: dict[str, str]) -> list[str]:
    """Run what needs no test, all of it even if something fails, and return the names of what failed."""
    production = {**environment, **unconnected_environment(), "BASE_URL": "https://localhost", "DEMO": "0"}
    # Each check: its name, its command, its environment.
    checks = (
        ("ruff check", [*MODULE, "ruff", "check", "."], environment),
        ("ruff format", [*MODULE, "ruff", "format", "--check", "."], environment),
        ("import floors", [str(VENV / "bin" / "lint-imports"), "--no-cache"], environment),
        ("migrations complete", [*MANAGE, "makemigrations", "--check", "--dry-run"], environment),
        ("German complete", [*MODULE, "foundation.messages", "check"], environment),
        ("htmx idioms", [str(node()), HTMX_CHECK, "templates"], environment),
        ("production settings", [*MANAGE, "check", "--deploy", "--fail-level=WARNING"], production),
    )
    failed = []
    for name, command, env in checks:
        started = time.monotonic()
        code = in_foreground(command, env=env, cwd=ROOT)
        say(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)")
        if code != 0:
            failed.append(name)
    return failed


def temporary_servers() -> Servers:
    """Return servers in a new folder, after removing those of test runs that were killed."""
    DEFAULT_DATA.mkdir(mode=0o700, exist_ok=True)
    for folder in DEFAULT_DATA.glob("test-*"):
        left = Servers(folder, durable=False)
        if left.own():
            shutil.rmtree(folder, ignore_errors=True)
    servers = Servers(Path(tempfile.mkdtemp(prefix="test-", dir=DEFAULT_DATA)), durable=False)
    servers.own()
    return servers


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    run(main)
