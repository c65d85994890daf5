"""A city of some size with a web server of one worker and one thread, for as long as it is measured."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

from demo.__main__ import reserve
from demo.manage import borrowed_or_own
from demo.paths import PYTHON, ROOT
from demo.processes import on_a_leash
from demo.servers import Servers
from demo.services import Service, wait_until_ready
from demo.surroundings import surroundings
from demo.trouble import Trouble

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.pages.settings"}
WEB = ["gunicorn", "helpdesk.wsgi", "--worker-class=gthread", "--workers=1", "--threads=1"]
WEB += ["--timeout=600", "--keep-alive=3600", "--no-control-socket"]


class Stage:
    """One database and whatever web server answers from it at the moment."""

    def __init__(self, data: Path, settings: dict[str, str]):
        self.data = data
        self.settings = {**settings, **SETTINGS}

    @contextmanager
    def web(self, *, looked_into: bool = False):
        """Serve the pages; `looked_into` lets every answer say what it took, which makes it slow."""
        listener = reserve(0)
        settings = {**self.settings, "BENCHMARK_LOOKS": "1" if looked_into else ""}
        command = [*WEB, f"--bind=fd://{listener.fileno()}"]
        service = Service("bench", command, self.data, settings, fds=(listener.fileno(),))
        service.start()
        try:
            wait_until_ready(listener.getsockname()[1], service)
            yield Web(listener.getsockname()[1], service.child.process.pid)
        finally:
            listener.close()
            service.child.stop()


class Web:
    """Where the pages are, and how large their worker is."""

    def __init__(self, port: int, master: int):
        self.port = port
        self.master = master

    @property
    def resident(self) -> int | None:
        """The resident size of the worker in bytes; None where the system does not tell it as Linux does."""
        try:
            [worker] = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
            pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
        except (OSError, ValueError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def stage(data: Path, *, tickets: int | None = None):
    """Yield the city of a data folder, brought up to date, and filled with so many reports the first time."""
    data = data.resolve()
    filled = data / "bench.filled"
    with borrowed_or_own(Servers(data)) as settings:
        manage(settings, "migrate", "--noinput", "--verbosity=0", "--statement-timeout=1800")
        if tickets is not None and not filled.exists():
            manage(settings, "seed_city", f"--tickets={tickets}")
            manage(settings, "shell", "--no-imports", "--command", ANALYSE)
            filled.touch()
        yield Stage(data, settings)


ANALYSE = "from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')"


def manage(settings: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [str(PYTHON), str(ROOT / "manage.py"), *command],
        cwd=ROOT,
        env=surroundings(**settings),
        stdin=subprocess.DEVNULL,
        preexec_fn=on_a_leash(),
    )
    if done.returncode != 0:
        raise Trouble(f"manage.py {command[0]} failed; see above.")
