"""Children of the supervisor: started on a leash, logged to a file, stopped without leftovers."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from demo.leash import Account, become, die_with_parent
from demo.trouble import Stopped, Trouble

# Every child carries the data folder in its environment: so what a killed start left behind is told apart.
MARK = "CAMPUSRUF_DATA"
SERVERS = ("postgres", "valkey-server")


def on_a_leash(last_signal: signal.Signals = signal.SIGTERM, account: Account | None = None) -> Callable[[], None]:
    """Return what to run between fork and exec so that the child ends with this process, even by kill -9."""
    parent = os.getpid()

    def between_fork_and_exec() -> None:
        if account:
            become(account)
        die_with_parent(parent, last_signal)  # after the change of user, which would clear it

    return between_fork_and_exec


class Child:
    """One running program of the demo."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        log: Path,
        mark: Path,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        pass_fds: tuple[int, ...] = (),
    ):
        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**(os.environ if env is None else env), MARK: str(mark)},
                cwd=cwd,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which then stops all in order
                preexec_fn=on_a_leash(stop_signal, account),
                pass_fds=pass_fds,
            )

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def must_live(self) -> None:
        """Raise the end of its log if the child has ended."""
        if self.has_ended():
            raise Trouble(f"{self.name} ended unexpectedly. The end of {self.log}:\n{self.last_lines()}")

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def ask_to_stop(self) -> None:
        if not self.has_ended():
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 20) -> None:
        """Ask, wait, and in the end insist, with all that the child has started itself."""
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self.process.wait()


def in_foreground(command: list[str], *, env: dict[str, str], cwd: Path | None = None) -> int:
    """Run a command with this terminal and return its exit code.

    Ctrl-C reaches the command by itself, SIGTERM is passed on. If it ends by that, so do we.
    """
    process = subprocess.Popen(command, env=env, cwd=cwd, preexec_fn=on_a_leash())
    told = set()

    def pass_on(number, frame):
        told.add(number)
        if number == signal.SIGTERM:
            process.terminate()

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told and code != 0:
        raise Stopped
    return code if code >= 0 else 128 - code


def leftovers(mark: Path) -> list[int]:
    """Return the ids of living processes that an earlier supervisor of this data folder started."""
    sought = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            marked = sought in (entry / "environ").read_bytes().split(b"\0")
            # The servers write their titles over their environment, but they sit in a folder of the data.
            serving = Path(os.readlink(entry / "exe")).name in SERVERS and mark in (entry / "cwd").resolve().parents
        except OSError:  # gone, or somebody else's
            continue
        if (marked or serving) and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def stop_leftovers(mark: Path, patiences: tuple[float, float, float] = (3, 10, 5)) -> None:
    """Wait for what a killed start left behind to end; it has been told by the kernel, so this is short."""
    for last_signal, patience in zip((None, signal.SIGTERM, signal.SIGKILL), patiences, strict=True):
        remaining = leftovers(mark)
        for pid in remaining if last_signal else ():
            try:
                os.kill(pid, last_signal)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + patience
        while remaining and time.monotonic() < deadline:
            time.sleep(0.1)
            remaining = leftovers(mark)
        if not remaining:
            return
    raise Trouble(f"Processes of an earlier start still use {mark}: {leftovers(mark)}. End them, then start again.")
