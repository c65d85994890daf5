"""A real mail server that writes down what it has taken, and behaves badly now and then if it is told to."""

import asyncio
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser

from aiosmtpd.controller import Controller

REFUSED, PUT_OFF, CUT, SLOW, TOO_SLOW = 0.02, 0.003, 0.015, 0.01, 0.003
SHORT, LONG = 2, 12  # seconds; whoever sends waits for ten


@dataclass(frozen=True)
class Taken:
    """One mail the server has taken. `answered` says whether the sender could hear of it."""

    message_id: str
    recipient: str
    began: datetime
    at: datetime
    answered: bool


class Post:
    """The server; it is bad to each mail once at most, so that none rests for hours."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.taken: list[Taken] = []
        self.counts = dict.fromkeys(("refused", "put off", "cut off", "slow", "too slow"), 0)
        self.lot: random.Random | None = None  # none: it is always good
        self.ambush: Callable[[], None] | None = None
        self._treated: set[str] = set()
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def is_up(self) -> bool:
        return self._controller is not None

    def up(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self._controller.start()

    def down(self) -> None:
        """Stop at once, in the middle of whatever is being said."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self._is_bad(PUT_OFF):
            return self._counted("put off", "451 too many guests, come back later")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        envelope.began = datetime.now(UTC)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message_id = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
        fate = self._fate_of(message_id)
        if fate == "refused":
            return self._counted(fate, "451 not now")
        answered = fate not in ("cut off", "too slow")
        for recipient in envelope.rcpt_tos:
            self.taken.append(Taken(message_id, recipient, envelope.began, datetime.now(UTC), answered))
        if fate in ("slow", "too slow"):
            await asyncio.sleep(SHORT if answered else LONG)  # the server's own slowness
        if fate == "cut off":
            server.transport.abort()
        if self.ambush is not None and not fate:
            ambush, self.ambush = self.ambush, None
            ambush()
        return self._counted(fate, "250 taken")

    def _fate_of(self, message_id: str) -> str:
        if message_id in self._treated:
            return ""
        for fate, share in (("refused", REFUSED), ("cut off", CUT), ("slow", SLOW), ("too slow", TOO_SLOW)):
            if self._is_bad(share):
                self._treated.add(message_id)
                return fate
        return ""

    def _is_bad(self, share: float) -> bool:
        return self.lot is not None and self.lot.random() < share

    def _counted(self, fate: str, reply: str) -> str:
        if fate:
            self.counts[fate] += 1
        return reply
