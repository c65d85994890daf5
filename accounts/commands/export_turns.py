"""Who takes a table along holds a turn while it leaves: one a person, and a few in each web process.

A table keeps a thread of its web process until the last line has left, however slow the line is. So nobody loads two
at once, and a process lends tables no more than some of its threads: pages always find another one.
"""

from threading import Lock

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from accounts.models import User

ONE_TABLE = 7_301_512  # of the advisory locks of persons; a number nobody else takes
AT_ONCE = 2  # tables that leave one web process; it has four threads


class ExportRefused(Exception):
    """No table now. `status` and `retry_after` (seconds) are for the answer, `title` and `text` for people."""

    def __init__(self, status: int, retry_after: int, title: str, text: str):
        super().__init__(text)
        self.status, self.retry_after, self.title, self.text = status, retry_after, title, text


class _Leaving:
    """How many tables are leaving this process. A table counts from its first line to its end."""

    def __init__(self):
        self._lock, self._number = Lock(), 0

    def change(self, by: int) -> None:
        with self._lock:
            self._number += by

    @property
    def is_full(self) -> bool:
        return self._number >= AT_ONCE


leaving = _Leaving()


class Turn:
    """The right of a person to take one table along. Raises ExportRefused; whoever takes it ends it.

    It is a lock of the session in PostgreSQL, held by the connection of this thread: if the process is killed, its
    connections end and the turn with them. No row is left that somebody would have to tidy away.
    """

    def __init__(self, person: User):
        self._key, self._began, self._is_over = [ONE_TABLE, person.pk], False, False
        if leaving.is_full:
            raise ExportRefused(
                503,
                60,
                _("Many tables are being downloaded"),
                _("Several people are downloading tables at this moment. Try again in a minute."),
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", self._key)
            [is_mine] = cursor.fetchone()
        if not is_mine:
            raise ExportRefused(
                429,
                30,
                _("You are already downloading a table"),
                _("One table at a time. Wait until it is there, or stop the download. Then try again."),
            )

    def begin(self) -> None:
        """Count the table as leaving; once, however often it is said."""
        if not self._began:
            self._began = True
            leaving.change(+1)

    def end(self) -> None:
        """Give the turn back; once, however often it is said."""
        if self._is_over:
            return
        self._is_over = True
        if self._began:
            leaving.change(-1)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", self._key)
        except DatabaseError:
            connection.close()  # with the connection the lock ends for certain
