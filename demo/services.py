"""The processes of Campusruf itself: web, worker and beat, kept alive while the demo runs."""

import http.client
import socket
import time
from pathlib import Path

from demo.paths import PYTHON, ROOT
from demo.processes import Child
from demo.surroundings import surroundings
from demo.trouble import Trouble

CALM = 60  # a process that ran this long has not failed at its start
MOST_RESTARTS = 5
CELERY = ["celery", "--app=helpdesk", "--quiet"]


class Service:
    """One process that is started again when it ends by itself."""

    def __init__(self, name: str, command: list[str], data: Path, settings: dict, *, fds: tuple = ()):
        self.name = name
        self.command = [str(PYTHON), "-m", *command]
        self.data = data
        self.settings = settings
        self.fds = fds
        self.child: Child | None = None
        self._started_at = 0.0
        self._restarts = 0

    def start(self) -> None:
        self._started_at = time.monotonic()
        self.child = Child(
            self.name,
            self.command,
            log=self.data / "log" / f"{self.name}.log",
            mark=self.data,
            env=surroundings(**self.settings),
            cwd=ROOT,
            pass_fds=self.fds,
        )

    def keep(self, say=print) -> None:
        """Start the process again if it has ended; raise if it keeps ending."""
        if not self.child.has_ended():
            return
        self._restarts = 0 if time.monotonic() - self._started_at > CALM else self._restarts + 1
        if self._restarts > MOST_RESTARTS:
            self.child.must_live()
        say(f"{self.name} ended and is started again; see {self.child.log}.")
        self.start()


def services(data: Path, settings: dict[str, str], listener: socket.socket) -> list[Service]:
    """Return web, worker and beat; the web server takes over the socket that reserved the port."""
    web = ["gunicorn", "helpdesk.wsgi", f"--bind=fd://{listener.fileno()}", "--worker-class=gthread"]
    web += ["--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=8", "--no-control-socket"]
    return [
        Service("web", web, data, settings, fds=(listener.fileno(),)),
        worker(data, settings),
        beat(data, settings),
    ]


def worker(data: Path, settings: dict[str, str], name: str = "worker") -> Service:
    """Return a worker; a second one needs another name."""
    command = [*CELERY, "worker", f"--hostname={name}@%h", "--concurrency=1", "--loglevel=INFO"]
    return Service(name, [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"], data, settings)


def beat(data: Path, settings: dict[str, str], name: str = "beat") -> Service:
    """Return what ticks; a second one needs another name, and keeps a schedule of its own."""
    schedule = f"--schedule={data / 'beat' / name}"
    return Service(name, [*CELERY, "beat", "--loglevel=WARNING", schedule, "--pidfile="], data, settings)


def wait_until_ready(port: int, web: Service, patience: float = 90) -> None:
    """Wait until the web server says by itself that it can work."""
    answer = "nothing"
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        web.child.must_live()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            response = connection.getresponse()
            answer = f"{response.status} {response.read(2000).decode(errors='replace')}"
            if response.status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise Trouble(f"The web server is not ready after {patience:.0f} s: {answer}; see {web.child.log}.")
