"""A post office of the tests: owe something, let a round pass, look at what has come."""

import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.core import mail

from notifications import outbox
from notifications.delivery import deliver_outbox
from notifications.letter import Item, Letter
from notifications.models import Mail, OutboxMessage
from notifications.topics import Topic
from tests.city import MONDAY


def plainly(messages, person, at):
    """Compose a letter that names what it is about and nothing else."""
    numbers = list(dict.fromkeys(message.about for message in messages))
    items = [Item(number, f"/tickets/{number}/") for number in numbers]
    return Letter("Neues", "", items, thread=numbers[0] if len(numbers) == 1 else "")


class PostOffice:
    """What the tests do with the outbox; every round is at an instant they name."""

    def __init__(self):
        self.count = 0

    def owe(self, person, about="DO-2026-1", *, at=MONDAY, topic=Topic.WORK, urgent=False, kind="reported"):
        self.count += 1
        outbox.post(
            recipients=[person.pk],
            kind=kind,
            about=about,
            effect=f"test:{self.count}",
            at=at,
            topic=topic,
            urgent=urgent,
        )

    def round(self, at=MONDAY, compose=plainly, **limits):
        return deliver_outbox(at=at, compose=compose, **limits)

    def came(self, at=MONDAY):
        """Let a round pass and return what each mail it sent is about, in order."""
        before = len(mail.outbox)
        self.round(at)
        return [sorted(set(_numbers(message.body))) for message in mail.outbox[before:]]

    def waits(self):
        return OutboxMessage.objects.owed().count()


def _numbers(body):
    return [word for line in body.splitlines() for word in line.split() if word.startswith("DO-2026-")]


@pytest.fixture
def office(db):
    return PostOffice()


class Server:
    """A real mail server that keeps what it takes; `refuse` names a reply for certain recipients."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.letters: list[Envelope] = []
        self.refuse: dict[str, str] = {}
        self.is_busy = False
        self.controller = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.is_busy:
            return "451 Come again later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.refuse.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope)
        return "250 Message accepted for delivery"

    def up(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def down(self):
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    @property
    def message_ids(self):
        heads = (letter.content.decode().split("\r\n\r\n")[0] for letter in self.letters)
        return [line.split(": ")[1] for head in heads for line in head.split("\r\n") if line.startswith("Message-ID")]


@pytest.fixture
def smtp(settings):
    server = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    server.up()
    yield server
    server.down()


def minutes(count):
    return timedelta(minutes=count)


def mails_of(person):
    return Mail.objects.filter(recipient=person)
