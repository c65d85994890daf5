"""The figures of a period as they may be told, and one beside the other."""

from dataclasses import dataclass, field

from django.utils.translation import ngettext

from foundation import wording
from reports.arithmetic import Figures, Share, Times
from reports.discretion import LEAST
from reports.periods import Period


@dataclass(frozen=True)
class Told:
    """The figures of a period as far as they may be told; None and empty where they may not."""

    period: Period
    figures: Figures
    response: Times
    solution: Times
    first_level: Share
    kept: Share
    satisfied: Share = field(default_factory=Share)
    without_small: frozenset[str] = frozenset()  # the shares that leave small schools out, by their names here

    @property
    def is_comparable(self) -> bool:
        return self.figures.reported >= LEAST


@dataclass(frozen=True)
class Compared:
    """One line of the comparison; `form` says in which way its values are written, `note` of what they are made."""

    name: str
    form: str  # span or percent
    now: object
    before: object
    others: object = None
    note: str = ""
    now_note: str = ""
    before_note: str = ""

    @property
    def values(self) -> tuple:
        return self.now, self.before, self.others

    @property
    def cells(self) -> tuple[tuple[object, str], ...]:
        """Return both periods, each with what has to be said of its value."""
        return (self.now, self.now_note), (self.before, self.before_note)


def answers(satisfied: Share) -> str:
    """Say of how many answers a share is; nothing where it is not told."""
    if not satisfied.number:
        return ""
    text = ngettext("%(count)s answer", "%(count)s answers", satisfied.number)
    return text % {"count": wording.number(satisfied.number)}
