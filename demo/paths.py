"""Where things lie in the clone."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
DEFAULT_DATA = ROOT / "var"


def wheel(package: str) -> Path | None:
    """Return the folder of an installed package, also for a Python that is not the environment's own."""
    return next(iter(sorted(VENV.glob(f"lib/python3*/site-packages/{package}"))), None)
