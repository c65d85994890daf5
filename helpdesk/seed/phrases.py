"""What people report, by the categories of the product, and what helps. See README.md for the wording."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from tickets.lifecycle import Impact, Urgency
from tickets.models import Ticket

FILE = Path(__file__).with_name("phrases.csv")
CATEGORIES = {
    "netz": "network",
    "anzeige": "display",
    "ipad_hardware": "tablet",
    "ipad_sperre": "tablet",
    "pc_laptop": "computer",
    "konto": "account",
    "drucker": "printer",
    "app": "software",
    "iserv": "iserv",
    "digitale_arbeitsgeraete": "digital-tools",
    "diebstahl_verlust": "device-incident",
    "unklar": "other",
}
#: What belongs somewhere else than its neighbours, by the first words.
ELSEWHERE = {
    "Ich habe wohl auf eine komische Mail": "security",
    "Ich glaube jemand hat sich mit meinem Konto": "security",
    "Auf dem Rechner im Lehrerzimmer erscheint eine Warnung": "security",
    "Wann kommt der Campusmanager": "advice",
    "Eltern fragen warum die Jamf Parent App": "advice",
}
#: How often each category is drawn in the demo; no statement about Dortmund.
FREQUENCY = {
    "display": 22,
    "network": 17,
    "tablet": 18,
    "printer": 10,
    "computer": 8,
    "software": 8,
    "iserv": 7,
    "account": 5,
    "digital-tools": 3,
    "device-incident": 2,
    "other": 2,
    "advice": 1.5,
    "security": 0.5,
}
Cause = Ticket.Cause
CAUSES = {
    "network": (Cause.RESTART, Cause.SETTING, Cause.CABLE),
    "display": (Cause.CABLE, Cause.SETTING, Cause.RESTART, Cause.EXPLAINED),
    "tablet": (Cause.RESTART, Cause.SETTING, Cause.REPLACED),
    "printer": (Cause.CABLE, Cause.RESTART, Cause.SETTING),
    "computer": (Cause.CABLE, Cause.RESTART, Cause.REPLACED),
    "device-incident": (Cause.REPLACED,),
}
NAMED_ROOM = re.compile(r"\b(?:R|Raum|Klassenraum) (\d[\w.]*)")
ROOM_WORDS = {"lehrerzimmer": "Lehrkräftezimmer", "sekretariat": "Sekretariat", "pc-raum": "Computerraum 1"}
WIDE = re.compile(r"ganzen Schule|gar nicht erreichbar|bei allen")
STILL = re.compile(r"!|mitten im Unterricht|mitten in der Klausur|jetzt ohne Gerät|nicht arbeiten")


@dataclass(frozen=True)
class Phrase:
    """One thing people report."""

    text: str
    category: str
    fix: str

    @property
    def named_room(self) -> str:
        """The room the words themselves name, if they do: "R 204"."""
        found = NAMED_ROOM.search(self.text)
        return found.group(0) if found else ""

    @property
    def usual_room(self) -> str:
        """The name of the room the words speak of, where every school has one."""
        words = self.text.lower()
        return next((room for word, room in ROOM_WORDS.items() if word in words), "")

    @property
    def impact(self) -> str | None:
        """The impact the words tell; None: the usual one of the category."""
        return Impact.SCHOOL.value if WIDE.search(self.text) else None

    def urgency(self, lot: Random) -> str:
        if STILL.search(self.text):
            return Urgency.BLOCKED.value
        return lot.choices((Urgency.HAMPERED, Urgency.CAN_WAIT, Urgency.BLOCKED), (70, 22, 8))[0].value

    def cause(self, lot: Random) -> str:
        return lot.choice(CAUSES.get(self.category, (Cause.SETTING, Cause.EXPLAINED, Cause.RESTART))).value

    @property
    def solution(self) -> str:
        return f"Das hat geholfen: {self.fix}."


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return all phrases, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Phrase(row["text"], _category(row), row["first_level_fix"].rstrip(".")) for row in csv.DictReader(file)
        )


@cache
def by_category() -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        found.setdefault(phrase.category, []).append(phrase)
    return {category: tuple(of_it) for category, of_it in found.items()}


def draw(lot: Random) -> Phrase:
    """Return a phrase: first the category by its frequency, then one of its phrases."""
    category = lot.choices(_SLUGS, cum_weights=_WEIGHTS)[0]
    return lot.choice(by_category()[category])


def saying(words: str) -> Phrase:
    """Return the phrase that begins with these words."""
    return next(phrase for phrase in phrases() if phrase.text.startswith(words))


def _category(row) -> str:
    for beginning, category in ELSEWHERE.items():
        if row["text"].startswith(beginning):
            return category
    return CATEGORIES[row["category"]]


_SLUGS = list(FREQUENCY)
_WEIGHTS = list(accumulate(FREQUENCY.values()))
