"""Kills by lot, every kind as often as every other, and what starts again what has ended."""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis, RedisError

from demo.processes import Child
from foundation.nudge import publish
from tests.rehearsals.chaos.scene import Scene
from tickets.tasks import deliver_outbox

PATIENCE = 25.0  # seconds to wait for a mail that is just being taken
IN_AMBUSH = "both workers with a mail in hand"
KINDS = (
    "worker 1",
    "worker 2",
    "beat 1",
    "beat 2",
    "Valkey",
    "Valkey emptied",
    "PostgreSQL",
    "mail server",
    IN_AMBUSH,
)
#: How many mails a kill may have caught in the middle: those of one worker, or of both.
IN_HAND = {"worker 1": 1, "worker 2": 1, "beat 1": 0, "beat 2": 0, "Valkey emptied": 0}


@dataclass(frozen=True)
class Kill:
    """What was killed when; `mails` says how many conversations with the mail server it can have broken off."""

    kind: str
    at: datetime
    mails: int


class Killer:
    """Kills what the lot says, and like a supervisor starts again a moment later what has ended."""

    def __init__(self, scene: Scene, seed: int):
        self.scene = scene
        self.lot = random.Random(f"{seed}.kills")
        self.kills: list[Kill] = []
        self.ways: Counter = Counter()
        self._kinds: list[str] = []
        self._dealt = 0
        self._back_at: dict[str, float] = {}
        self._patient_until = 0.0

    @property
    def has_dealt_each(self) -> bool:
        return self._dealt >= len(KINDS)

    @property
    def has_killed_each(self) -> bool:
        return {kill.kind for kill in self.kills} == set(KINDS)

    def kill(self) -> None:
        """Kill the next kind; each comes once before any comes again."""
        if not self._kinds:
            self._kinds = self.lot.sample(KINDS, len(KINDS))
        kind = self._kinds.pop()
        self._dealt += 1
        work = {
            "Valkey": self._valkey,
            "Valkey emptied": self._empty,
            "PostgreSQL": self._postgres,
            "mail server": self._mail_server,
            IN_AMBUSH: self._ambush,
        }.get(kind)
        if work is not None:
            work()
        elif kind.startswith("worker"):
            self._worker(int(kind[-1]) - 1)
        else:
            self.scene.beats[int(kind[-1]) - 1].child.process.kill()
        if kind != IN_AMBUSH:
            self._note(kind)

    def tend(self) -> None:
        """Start again what has ended a moment ago, and give up an ambush for which no mail comes."""
        if self.scene.post.ambush is not None and time.monotonic() > self._patient_until:
            self.scene.post.ambush = None
            self._fall("without a mail in hand")
        servers = self.scene.servers
        for server in (servers.valkey, servers.postgres):
            if self._is_time(server.child.name, server.child.has_ended()):
                server.restart()
        for process in self.scene.processes:
            if self._is_time(process.name, process.child.has_ended()):
                process.start()
        if self._is_time("mail server", not self.scene.post.is_up):
            self.scene.post.up()

    @property
    def all_is_up(self) -> bool:
        return not self._back_at and self.scene.post.ambush is None

    def _note(self, kind: str) -> None:
        self.kills.append(Kill(kind, datetime.now(UTC), IN_HAND.get(kind, 2)))

    def _is_time(self, name: str, has_ended: bool) -> bool:
        """Return whether to start it now; the lot gives it a moment when it is first seen to have ended."""
        if not has_ended:
            return False
        back_at = self._back_at.setdefault(name, time.monotonic() + self.lot.uniform(0.2, 2.5))
        if time.monotonic() < back_at:
            return False
        del self._back_at[name]
        return True

    def _alive(self, children: list[Child]) -> list[int]:
        """Return the ids of those that have not ended; the number of one that has may be anybody's by now."""
        alive = [child.process.pid for child in children if not child.has_ended()]
        self.ways["was down already"] += len(children) - len(alive)
        return alive

    def _worker(self, n: int) -> None:
        [main] = self._alive([self.scene.workers[n].child]) or [None]
        if main is None:
            return
        way = self.lot.choice(["all of it", "all of it", "its main process", "the one that works"])
        self.ways[way] += 1
        children = children_of(main)
        if way != "the one that works":
            kill(main)
        if way != "its main process":
            for child in children:
                kill(child)

    def _ambush(self) -> None:
        """Let both workers be killed just after the mail server has taken a mail and before it says so."""
        self._patient_until = time.monotonic() + PATIENCE
        self.scene.post.ambush = lambda: self._fall("with a mail in hand")
        publish(deliver_outbox)  # so that the next mail is taken now rather than at the next tick

    def _fall(self, way: str) -> None:
        for main in self._alive([worker.child for worker in self.scene.workers]):
            for pid in (*children_of(main), main):
                kill(pid)
        self.ways[way] += 1
        self._note(IN_AMBUSH)

    def _valkey(self) -> None:
        self.scene.servers.valkey.child.process.kill()

    def _empty(self) -> None:
        client = Redis.from_url(self.scene.servers.valkey.url, socket_timeout=2, socket_connect_timeout=2)
        try:
            client.flushall()
            self.ways["emptied"] += 1
        except RedisError:  # it is down at this moment
            self.ways["was down when it was to be emptied"] += 1
        finally:
            client.close()

    def _postgres(self) -> None:
        for main in self._alive([self.scene.servers.postgres.child]):
            children = children_of(main)
            kill(main)
            for child in children:
                kill(child)

    def _mail_server(self) -> None:
        self.scene.post.down()


def children_of(pid: int) -> list[int]:
    """Return the processes this one has started and that still live."""
    found = []
    for entry in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in entry.read_text().split()]
        except OSError:  # a thread that has just ended
            continue
    return found


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
