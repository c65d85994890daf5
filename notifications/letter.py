"""What a mail says, as whoever knows the subject writes it; how it looks is the business of `mails`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User

from .models import OutboxMessage


@dataclass(frozen=True)
class Item:
    """One subject of a mail: what it is about, what happened, what to do, and why one is told.

    All of it is plain text in the receiver's language. `words` is what somebody wrote, with its lines; `link` is a
    path of our own pages, and so is that of `question`, which is asked of the receiver beside it.
    """

    number: str
    link: str
    title: str = ""
    where: str = ""
    happened: Sequence[tuple[str, str]] = ()  # sentence, words
    due: str = ""
    to_do: str = ""
    question: tuple[str, str] | None = None  # in words, and where to answer it
    why: str = ""


@dataclass(frozen=True)
class Letter:
    """A whole mail. `others` are subjects told in one line each; `thread` is what it is about, if it is one thing."""

    subject: str
    intro: str
    items: Sequence[Item]
    others: Sequence[Item] = ()
    thread: str = ""


#: Writes a letter out of the messages of one mail, as far as the person may read it at this instant.
Compose = Callable[[Sequence[OutboxMessage], User, datetime], Letter]
