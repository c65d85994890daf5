"""`bin/demo`: everything Campusruf needs on one machine, in one command."""

import argparse
import os
import socket
import subprocess
import time
from pathlib import Path

from demo.paths import DEFAULT_DATA, PYTHON, ROOT
from demo.prepare import prepare
from demo.processes import MARK, on_a_leash
from demo.servers import Servers
from demo.services import services, wait_until_ready
from demo.surroundings import surroundings
from demo.trouble import Trouble, run

SIGN_INS = """\
lehrkraft@demo.example           teacher, Bert-Brecht-Gymnasium
lehrkraft2@demo.example          teacher, Bert-Brecht-Gymnasium
lehrkraft-asseln@demo.example    teacher, Immanuel-Kant-Gymnasium
ansprechperson@demo.example      IT contact, Bert-Brecht-Gymnasium
schulleitung@demo.example        head, Bert-Brecht-Gymnasium
campus@demo.example              campus manager, Kirchlinde
campus-asseln@demo.example       campus manager, Asseln
helpdesk@demo.example            central helpdesk
systemhaus@demo.example          second level, team Netz & WLAN
systemhaus-ipad@demo.example     second level, team iPad & MDM
koordination@demo.example        coordinator
stadt@demo.example               city reader
admin@demo.example               administrator"""


def demo() -> int:
    arguments = parse()
    listener = reserve(arguments.port)
    port = listener.getsockname()[1]
    servers = Servers(arguments.data)
    if not servers.own():
        raise Trouble(f"Something runs from {servers.data} already. Stop it first, or choose another --data.")
    running = []
    try:
        if arguments.fresh:
            servers.clear()
        prepare("demo", say)
        say("Starting PostgreSQL and Valkey …")
        servers.start()
        settings = {
            **servers.settings(),
            "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
            "BASE_URL": f"http://127.0.0.1:{port}",
        }
        say("Bringing the database up to date …")
        manage(servers, settings, "migrate", "--noinput", "--verbosity=0")
        fill(servers, settings)
        running = services(servers.data, settings, listener)
        for service in running:
            service.start()
        wait_until_ready(port, running[0])
        servers.publish(settings)
        print(
            f"\nReady: http://127.0.0.1:{port}\n\nSign in with the password demo as:\n{SIGN_INS}\n",
            flush=True,
        )
        while True:
            for service in running:
                service.keep(say)
            servers.keep(say)
            time.sleep(1)
    finally:
        listener.close()
        for service in running:
            if service.child:
                service.child.ask_to_stop()
        for service in running:
            if service.child:
                service.child.stop(patience=10)
        servers.stop()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Run Campusruf on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where it listens (8000); 0 picks a free port")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="where its data stays (var/)")
    parser.add_argument("--fresh", action="store_true", help="throw earlier data away first")
    arguments = parser.parse_args()
    if not 0 <= arguments.port <= 65535:
        parser.error("--port must lie between 0 and 65535")
    return arguments


def reserve(port: int) -> socket.socket:
    """Return a bound socket for `port`, before anything else takes time."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        raise Trouble(f"Port {port} cannot be used ({error.strerror}). Choose another: bin/demo --port 0") from None
    return listener


def manage(servers: Servers, settings: dict[str, str], *command: str) -> None:
    """Run a management command to its end, within the demo's own life."""
    done = subprocess.run(
        [str(PYTHON), str(ROOT / "manage.py"), *command],
        cwd=ROOT,
        env=surroundings(**settings, **{MARK: str(servers.data)}),
        stdin=subprocess.DEVNULL,
        preexec_fn=on_a_leash(),
    )
    if done.returncode != 0:
        raise Trouble(f"manage.py {command[0]} failed; see above.")


def fill(servers: Servers, settings: dict[str, str]) -> None:
    """Seed the demo city if there is no school yet, or if an earlier start was stopped while it did."""
    begun = servers.data / "seeding"
    if servers.postgres.ask("SELECT 1 FROM schools_school LIMIT 1") and not begun.exists():
        return
    say("Filling the demo city …")
    begun.touch()
    manage(servers, settings, "seed_city")
    begun.unlink()


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.umask(0o022)
    run(demo, when_stopped=0)  # to be stopped is how it ends
