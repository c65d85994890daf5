"""What the first level of the demo writes down before it hands a report over, and what is asked and answered then."""

from datetime import datetime, timedelta
from random import Random

from schools.models import Room
from tickets.models import Checklist, Escalation, Ticket
from tickets.packets import Packet

Answer = Escalation.Answer
#: How a statement of a checklist is answered; some things cannot be looked at.
ANSWERS = {Answer.YES.value: 6, Answer.NO.value: 3, Answer.NOT_POSSIBLE.value: 1}
ACCESS = (
    "Raum ab 14 Uhr frei, Schlüssel in der Hausmeisterei.",
    "Vormittags über das Sekretariat, bitte kurz vorher anrufen.",
    "Jederzeit, der Medienschrank hat den Schlüssel vom Lehrkräftezimmer.",
    "Nur in den Pausen und ab 13 Uhr, die IT-Ansprechperson schließt auf.",
)
TRIED = (
    "Strom, Kabel und Neustart geprüft, ohne Erfolg.",
    "Vor Ort geprüft, ein zweites Gerät zeigt dasselbe.",
    "Einstellungen stimmen, Zurücksetzen half nur kurz.",
    "Aus der Ferne geprüft und mit der Schule telefoniert, der Fehler bleibt.",
)
SPOKEN_WITH = ("Rudi Router", "Bela Beamer", "Selma Server")
PASSED_ON = (
    "Das Gerät ist in Ordnung, es liegt an der Verwaltung der Tablets.",
    "Der Anschluss ist in Ordnung, bitte am Rechner weitersuchen.",
    "Netz gemessen und unauffällig. Es sieht nach dem Server aus.",
)
ASKED = (
    ("Ist der Verteilerschrank im Obergeschoss zugänglich, und wer hat den Schlüssel?", "Ja, über die Hausmeisterei."),
    ("Hängt der Access Point in der Aula noch am alten Platz?", "Nein, er hängt seit dem Umbau über der Bühne."),
    ("Können Sie beim nächsten Besuch die Seriennummer notieren?", "Steht im Anhang, ich war heute dort."),
)


def checklists() -> dict[int, list[str]]:
    """Return the items of the checklist in use of each category, by the key of the category."""
    rows = Checklist.objects.current().prefetch_related("items")
    return {row.category_id: [item.key for item in row.items.all()] for row in rows}


def packet_of(ticket: Ticket, *, tried: str, items: list[str], rooms: list[Room], lot: Random, at: datetime) -> Packet:
    """Return a complete packet for a report of the demo; a category without a team gets none here."""
    return Packet(
        answers=answers(items, lot),
        tried=tried,
        since=min(at, ticket.created_at - timedelta(minutes=lot.randint(5, 1200))),
        access=lot.choice(ACCESS),
        rooms=rooms,
        spoken_with=lot.choice(SPOKEN_WITH) if lot.random() < 0.15 else "",
    )


def answers(items: list[str], lot: Random) -> dict[str, str]:
    drawn = lot.choices(list(ANSWERS), weights=ANSWERS.values(), k=len(items))
    return dict(zip(items, drawn, strict=True))
