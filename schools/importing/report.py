"""What an import says: one line for each row, and a sum."""

from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _


class Result(models.TextChoices):
    """What became of a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")
    LEFT_OUT = "left_out", _("left out")


class Report:
    """Writes and counts; `quiet` leaves out the lines of rows that changed nothing."""

    def __init__(self, write: Callable[[str], None], *, quiet: bool = False):
        self.write = write
        self.quiet = quiet
        self.counts = dict.fromkeys(Result, 0)

    def row(self, line: int, subject: str, result: Result, *details: str) -> None:
        """Say what became of the row in this line of the file."""
        self.counts[result] += 1
        if self.quiet and result in (Result.UNCHANGED, Result.LEFT_OUT) and not details:
            return
        told = "; ".join(filter(None, details))
        said = gettext("Line %(line)s: %(subject)s: %(result)s") % {
            "line": line,
            "subject": subject or gettext("no name"),
            "result": result.label,
        }
        self.write(f"{said} ({told})" if told else said)

    def say(self, sentence: str) -> None:
        self.write(sentence)

    def sum_up(self, *, dry_run: bool) -> None:
        """Say the sum, and that nothing was kept, if so."""
        parts = [f"{count} {result.label}" for result, count in self.counts.items()]
        rows = sum(self.counts.values())
        counted = ngettext("%(count)s row", "%(count)s rows", rows) % {"count": rows}
        self.write(f"{counted}: {', '.join(parts)}.")
        if dry_run:
            self.write(gettext("This was a trial run: nothing was stored."))
