"""The small city with one thing of every kind, each marked by a bird nobody would write about by chance.

    world.address("/tickets/{confidential}/")

`SEEN_BY` says who sees which ticket: by the glossary, not by the code.
"""

import io
from datetime import date

from PIL import Image

from campuses.models import Absence
from notifications.models import OutboxMessage
from schools.models import School
from tests.city import MONDAY, City
from textmodules.commands import add_own_text
from textmodules.models import TextModule
from tickets.commands.attach import add_photos
from tickets.drafts import keep
from tickets.models import Ticket
from tickets.photos import CleanPhoto

EVERYBODY = {
    "teacher",
    "colleague",
    "contact",
    "head",
    "kant_teacher",
    "manager",
    "asseln_manager",
    "helpdesk",
    "coordinator",
    "city_reader",
    "administrator",
    "specialist",
    "tablet_specialist",
    "stranger",
}
SECOND_LEVEL = {"specialist", "tablet_specialist"}

#: Who sees which ticket in full.
SEEN_BY = {
    "ordinary": {"teacher", "contact", "head", "manager", "helpdesk"},
    "confidential": {"teacher", "manager"},
    "elsewhere": {"kant_teacher", "asseln_manager", "helpdesk"},
    "escalated": {"colleague", "contact", "head", "manager", "helpdesk", *SECOND_LEVEL},
    "escalated_confidential": {"colleague", "manager", "specialist"},
    "unattended": {"helpdesk", "coordinator"},
    "unattended_confidential": {"helpdesk"},
}
#: Who knows that there is such a fault, by its category and room, without seeing the report.
KNOWN_BY = {
    name: {"teacher", "colleague", "contact", "head", "manager", "helpdesk"} for name in ("ordinary", "escalated")
}
#: One word of each ticket's title that stands nowhere else.
CANARIES = {
    "ordinary": "Rotkehlchen",
    "confidential": "Nachtigall",
    "elsewhere": "Wiedehopf",
    "escalated": "Kormoran",
    "escalated_confidential": "Rohrdommel",
    "unattended": "Brachvogel",
    "unattended_confidential": "Steinkauz",
}


class World(City):
    """The city, its tickets by name, and a draft of the teacher; all of Monday morning unless told otherwise."""

    def __init__(self, at=MONDAY):
        super().__init__()
        self.at = at
        # Months away, so that it changes nobody's sight.
        self.absence = Absence.objects.create(person=self.asseln_manager, starts_on=date(2026, 7, 1))
        # No campus, so nobody is on duty: the coordinator's.
        self.heide = self._school("100004", "Heide-Grundschule", School.Form.PRIMARY, None)
        alone = {"school": self.heide, "room": None, "place": "Aula"}
        self.tickets = {
            "ordinary": self._ticket("ordinary", by=self.teacher),
            "confidential": self._ticket("confidential", by=self.teacher, confidential=True),
            "elsewhere": self._ticket("elsewhere", by=self.kant_teacher, school=self.kant, room=self.kant_room),
            "escalated": self._escalated("escalated"),
            "escalated_confidential": self._escalated("escalated_confidential", confidential=True),
            "unattended": self._ticket("unattended", by=self.helpdesk, **alone),
            "unattended_confidential": self._ticket(
                "unattended_confidential", by=self.helpdesk, confidential=True, **alone
            ),
        }
        self.photos = {name: self._photo(ticket) for name, ticket in self.tickets.items()}
        self.draft = keep(
            author=self.teacher,
            words={"description": "Ein Entwurf über den Eisvogel", "school": "100001"},
            photos=[clean()],
            draft=None,
            at=self.at,
        )

        self.notice = OutboxMessage.objects.notices().filter(recipient=self.manager).first()
        self.own_text = add_own_text(
            title="Zaunkönig", body="Zaunkönig in {Raum}", kinds=["message"], by=self.manager, at=self.at
        )

    def address(self, pattern: str) -> str:
        """Fill in names: {ordinary} is its number, {ordinary_photo} the key of its photo, {room} a room's id."""
        names = {name: ticket.number for name, ticket in self.tickets.items()}
        names |= {f"{name}_photo": photo.key for name, photo in self.photos.items()}
        names |= {"draft": self.draft.key, "draft_photo": self.draft.photos.get().key}
        names |= {"room": self.a204.pk, "kant_room": self.kant_room.pk, "contact": self.brecht.contacts.get().pk}
        names |= {"own_text": self.own_text.pk, "shared_text": TextModule.objects.shared().first().pk}
        names |= {"absence": self.absence.pk, "notice": self.notice.pk}
        names |= {"number": next(iter(names.values()))}
        return pattern.format(**names)

    def _ticket(self, name, **fields) -> Ticket:
        # The room is left out where a school has none; `report` knows that of the city's own schools only.
        if "place" not in fields:
            fields.setdefault("room", self.a204)
        return self.report(title=f"{CANARIES[name]} im Bild", description=f"{CANARIES[name]}!", at=self.at, **fields)

    def _escalated(self, name, **fields) -> Ticket:
        """A ticket handed over to the network team, which has not taken it yet."""
        return self.escalated(self._ticket(name, by=self.colleague, category=self.network, **fields), at=self.at)

    def _photo(self, ticket):
        return add_photos(ticket, [clean()], by=ticket.reporter, at=self.at)[0]


def clean() -> CleanPhoto:
    """Return a small photo that has been cleaned."""
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(data, "JPEG")
    return CleanPhoto(8, 6, data=data.getvalue())
