"""Open reports like the one somebody is about to write, so that the same thing is not reported twice.

Whoever sees reports in full finds them by their words as well. A fault one only knows of is found by category and room
alone: an answer that depended on words one may not read would tell them.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from schools.models import School
from schools.viewer import Viewer
from tickets.known_faults import Fault, faults, fitting, rooms_of, with_voices
from tickets.models import Ticket

MOST = 3
MOST_WORDS = 12
SHORTEST = 4  # letters; what is shorter stands in every report
LONGEST_TEXT = 1000
#: What fails in more than one room at once.
BEYOND_A_ROOM = ("network", "iserv")


@dataclass(frozen=True)
class Asked:
    """What has been filled in so far: the slug of a category, the key of a room, and words."""

    category: str = ""
    room: int | None = None
    words: tuple[str, ...] = ()

    @classmethod
    def filled_in(cls, sent) -> "Asked":
        """Return what the fields of a report form say; what cannot be right counts as not filled in."""
        chip, listed = sent.get("room", ""), sent.get("other_room", "")
        room = listed if chip == "other" else chip
        text = sent.get("description", "")[:LONGEST_TEXT].replace("\x00", "").lower()
        words = [word for word in re.findall(r"\w+", text) if len(word) >= SHORTEST]
        return cls(
            category=sent.get("category", "")[:50].replace("\x00", ""),
            room=int(room) if room.isascii() and room.isdigit() and len(room) < 19 else None,
            words=tuple(dict.fromkeys(words))[:MOST_WORDS],
        )

    @property
    def enough(self) -> int:
        """How many things have to fit; one, as long as only one is known."""
        return 2 if self.category and self.room else 1


class Similar:
    """Similar open reports of one school for one viewer, in two statements."""

    def __init__(self, viewer: Viewer, school: School, asked: Asked):
        self.viewer = viewer
        self.school = school
        self.asked = asked

    @cached_property
    def seen(self) -> list[Ticket]:
        """Reports the viewer sees in full, one's own among them; `affected` and `rooms_affected` come along."""
        visible = Ticket.objects.visible_to(self.viewer).open().filter(school=self.school)
        rows = with_voices(visible.as_rows(), self.viewer).annotate(score=self._score())
        rows = list(rows.filter(score__gte=self.asked.enough).order_by("-score", "-pk")[:MOST])
        for row in rows:
            row.rooms = rooms_of(row)
        return rows

    @cached_property
    def faults(self) -> list[Fault]:
        """Faults the viewer may join; those they have joined, or do not have, are not told again."""
        left = MOST - len(self.seen)
        if not left or not (self.asked.category or self.asked.room):
            return []
        known = Ticket.objects.known_faults_for(self.viewer).filter(school=self.school)
        rows = faults(known, self.viewer).filter(own_voice=None, in_full=False)
        rows = self._narrowed(rows.annotate(fits=fitting(self.asked.category, self.asked.room)))
        rows = rows.order_by("-fits", "-affected", "-pk")[:left]
        return [fault for row in rows if (fault := Fault.of(row, self.viewer)).may_join]

    @property
    def count(self) -> int:
        return len(self.seen) + len(self.faults)

    @property
    def stamp(self) -> str:
        """What was shown, in few letters; the same again is not told again."""
        told = [f"{row.number}{row.status}" for row in self.seen]
        told += [f"{fault.number}{fault.status}{fault.affected}" for fault in self.faults]
        return ".".join(told)

    def _narrowed(self, rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
        asked = self.asked
        if not asked.category:
            return rows.filter(room=asked.room)
        rows = rows.filter(category__slug=asked.category)
        if not asked.room or asked.category in BEYOND_A_ROOM:
            return rows
        return rows.filter(Q(room=asked.room) | Q(room=None))

    def _score(self):
        asked = self.asked
        score = Value(0)
        if asked.category:
            score += _one(Q(category__slug=asked.category))
        if asked.category in BEYOND_A_ROOM:
            score += _one(Q(category__slug=asked.category))
        if asked.room:
            score += _one(Q(room=asked.room))
        if asked.words:
            query = " | ".join(f"'{word}':*" for word in asked.words)
            score += _one(Q(words=SearchQuery(query, search_type="raw", config="german")))
        return score


def _one(condition: Q) -> Case:
    return Case(When(condition, then=1), default=Value(0), output_field=IntegerField())
