"""Brings up a throw-away database for a rehearsal that is run as a script, and tells its report.

    bin/python -m tests.rehearsals.races --rounds 2000 --seed 1

Without DATABASE_URL it starts servers of its own, as `bin/test` does; they vanish afterwards. The rehearsal itself is
a module with `rehearse(wishes) -> Report`, imported as soon as Django is set up.
"""

import argparse
import importlib
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import contextmanager

import django
from django.conf import settings
from django.test.utils import get_runner, setup_test_environment

from demo.checks import temporary_servers
from demo.surroundings import surroundings

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


def main(module: str, *, scene=None, **numbers: int) -> int:
    """Run a rehearsal with the numbers of the command line; return 1 when anything was violated.

    `scene` sets Django up in another way than `stage`; what it yields stands beside the numbers.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=__doc__.splitlines()[0])
    for name, default in {**numbers, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    wishes = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends early, and tells what was found so far
    with (scene or stage)() as wishes.scene:
        logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are what this is about
        rehearsal = importlib.import_module(module)
        started = time.monotonic()
        report = rehearsal.rehearse(wishes)
        print(report.told(), flush=True)
        print(f"seed {wishes.seed}, {time.monotonic() - started:.0f} s", flush=True)
    return int(bool(report.violations))


@contextmanager
def stage():
    """Set Django up on an empty, migrated database that is dropped afterwards."""
    servers = None
    if "DATABASE_URL" not in os.environ:
        servers = temporary_servers()
        servers.start()
        os.environ.update(surroundings(**servers.settings()))
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost")
    os.environ.setdefault("BASE_URL", "http://localhost")
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    photos = tempfile.mkdtemp(prefix="rehearsal-")
    try:
        django.setup()
        _quicken(photos)
        runner = get_runner(settings)(verbosity=0, interactive=False)
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"rehearsal_{os.getpid()}"
        setup_test_environment()
        databases = runner.setup_databases(serialized_aliases=[])
        try:
            yield
        finally:
            runner.teardown_databases(databases)
    finally:
        shutil.rmtree(photos, ignore_errors=True)
        if servers is not None:
            servers.stop()
            shutil.rmtree(servers.data, ignore_errors=True)


def _quicken(photos: str) -> None:
    """As the tests do: fast passwords, files in a folder of their own, static files as they lie in the tree."""
    settings.PASSWORD_HASHERS = QUICK
    settings.MEDIA_ROOT = photos
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}


def run(module: str, *, scene=None, **numbers: int) -> None:
    sys.exit(main(module, scene=scene, **numbers))
