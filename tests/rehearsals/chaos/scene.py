"""What the rehearsal plays on: servers of its own that keep what they are told, and two of each process.

Nothing here knows Django's models, so that it can be imported before Django is set up.
"""

import logging
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass

import django
from django.core.management import call_command

from demo import services
from demo.checks import temporary_servers
from demo.processes import stop_leftovers
from demo.servers import Servers
from demo.surroundings import surroundings
from tests.rehearsals.chaos.post import Post


@dataclass
class Scene:
    """The servers, the mail server, and the processes that work on them."""

    servers: Servers
    post: Post
    settings: dict[str, str]

    def __post_init__(self):
        data = self.servers.data
        self.workers = [services.worker(data, self.settings, f"worker-{n}") for n in (1, 2)]
        self.beats = [services.beat(data, self.settings, f"beat-{n}") for n in (1, 2)]

    @property
    def processes(self) -> list[services.Service]:
        return [*self.workers, *self.beats]

    def stop_processes(self) -> None:
        for process in self.processes:
            if process.child:
                process.child.ask_to_stop()
        for process in self.processes:
            if process.child:
                process.child.stop()


@contextmanager
def scene():
    """Set Django up on an empty, migrated database of servers of its own; all of it vanishes afterwards."""
    servers, post = temporary_servers(), Post()
    servers.durable = True  # the others of this kind forget what they are told when they are killed
    found = None
    try:
        servers.start()
        post.up()
        settings = {
            **servers.settings(),
            "EMAIL_URL": post.url,
            "ALLOWED_HOSTS": "localhost",
            "BASE_URL": "http://localhost",
        }
        os.environ.update(surroundings(**settings))
        django.setup()
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # cut-off conversations are what this is about
        call_command("migrate", verbosity=0, interactive=False)
        found = Scene(servers, post, settings)
        yield found
    finally:
        if found:
            found.stop_processes()
        post.down()
        servers.stop()
        stop_leftovers(servers.data, (0, 5, 5))
        shutil.rmtree(servers.data, ignore_errors=True)
