"""What is written: a new ticket, and what each step takes."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from devices.models import Device
from foundation.api.bodies import Body
from foundation.api.fields import Answers, Choice, Day, Id, Instant, Line, Named, Several, Text, YesNo
from schools.api import SchoolByNumber
from schools.models import Room
from schools.people import colleagues_at, workers_for
from teams.models import Team
from tickets.forms import WORDS
from tickets.lifecycle import Impact, Urgency
from tickets.models import Category, Rating, Ticket
from tickets.models.rating import MOST_WORDS
from tickets.packets import Packet

NO_PUPILS = "No names of pupils."


class CategoryBySlug(Named):
    """A category in use."""

    default_error_messages = {"unknown": _("There is no category of this name.")}

    def found(self, name):
        return Category.objects.in_use().filter(slug=name).first()


class NewTicket(Body):
    """A report. School and category are enough; a title is composed where none is given."""

    school = SchoolByNumber(help_text="The number of the school.")
    category = CategoryBySlug(help_text="The slug of a category.")
    title = Line(max_length=120, required=False, allow_blank=True)
    description = Text(max_length=WORDS, required=False, allow_blank=True, help_text=NO_PUPILS)
    impact = Choice(Impact.choices, required=False, help_text="Left out: the usual one of the category.")
    urgency = Choice(Urgency.choices, required=False, help_text="Left out: `hampered`.")
    room = Id(required=False, help_text="The id of a room of the school.")
    place = Line(max_length=80, required=False, allow_blank=True, help_text="Where it is, in words.")
    device = Line(max_length=32, required=False, help_text="The inventory number of a device of the school.")
    confidential = YesNo(required=False)
    reporter = Line(
        max_length=254,
        required=False,
        help_text="For whom you report: the e-mail address of a member of the school. For IT contact and first level.",
    )
    caller_name = Line(max_length=120, required=False, help_text="Who called and has no account. For the helpdesk.")
    caller_phone = Line(max_length=40, required=False, allow_blank=True, help_text="Where the caller is reached.")

    def validate(self, data):
        """Look up what depends on the school: room, device and the person concerned."""
        viewer, school, errors = self.context["viewer"], data["school"], {}
        lookups = {
            "room": (lambda id: school.rooms.in_use().filter(pk=id), _("This room does not exist at this school.")),
            "device": (
                lambda code: Device.objects.visible_to(viewer).filter(school=school, code=code),
                _("This device does not exist at this school."),
            ),
            "reporter": (
                lambda email: _people_for(school, viewer).filter(email=email.lower()),
                _("You cannot report for this person at this school."),
            ),
        }
        for name, (rows, sentence) in lookups.items():
            if name in data:
                data[name] = rows(data[name]).first()
                if data[name] is None:
                    errors[name] = [sentence]
        if "caller_name" in data and "reporter" in data:
            errors["caller_name"] = [_("Name either a person of the school or a caller without an account.")]
        if "caller_phone" in data and "caller_name" not in data:
            errors["caller_name"] = [_("The name is missing. Say who is calling.")]
        if errors:
            raise serializers.ValidationError(errors)
        return data


def _people_for(school, viewer):
    return colleagues_at(school, viewer) | User.objects.filter(pk=viewer.person.pk)


class Assign(Body):
    person = Line(max_length=254, help_text="The e-mail address of somebody who works for the school, as in `people`.")

    def validate_person(self, email):
        workers = workers_for(self.context["ticket"].school, self.context["viewer"])
        person = workers.filter(email=email.lower()).first()
        if person is None:
            sentence = _("This person does not work for this school. Choose somebody of the list.")
            raise serializers.ValidationError(sentence)
        return person


class Classify(Body):
    category = CategoryBySlug(required=False, help_text="The slug of a category.")
    impact = Choice(Impact.choices, required=False)
    urgency = Choice(Urgency.choices, required=False)


class Comment(Body):
    text = Text(max_length=WORDS, help_text=NO_PUPILS)
    internal = YesNo(required=False, help_text="Seen by those who work on tickets only.")


class TeamBySlug(Named):
    """A team that takes new work."""

    default_error_messages = {"unknown": _("There is no team of this name.")}

    def found(self, name):
        return Team.objects.active().filter(slug=name).first()


class TicketByNumber(Named):
    """Another ticket one sees in full."""

    default_error_messages = {"unknown": _("You see no ticket with this number.")}

    def found(self, name):
        return Ticket.objects.visible_to(self.context["viewer"]).numbered(name).first()


class Question(Body):
    text = Text(max_length=WORDS, help_text="What the reporter, or the campus management, reads and answers.")
    to = Choice(
        [("reporter", "The reporter; the clocks pause"), ("mediator", "The campus management; nothing pauses")],
        default="reporter",
        help_text="Whom you ask. The campus management is asked by the second level only.",
    )


class Handover(Body):
    """The packet of an escalation. Each gap is named: `checklist.<item>`, tried, since, access, rooms, team."""

    checklist = Answers(
        default=dict,
        help_text="Every item of the category's checklist (`categories`) with `yes`, `no` or `not_possible`.",
    )
    tried = Text(max_length=WORDS, default="", allow_blank=True, help_text="What you have tried.")
    since = Instant(default=None, help_text="Since when it is so.")
    access = Text(max_length=WORDS, default="", allow_blank=True, help_text="When and how somebody gets in.")
    rooms = Several(child=Id(), default=list, max_length=50, help_text="Ids of rooms of the school; at least one.")
    devices = Several(child=Line(max_length=32), default=list, max_length=50, help_text="Inventory numbers.")
    team = TeamBySlug(required=False, help_text="Needed where the category has none.")
    spoken_with = Line(max_length=80, default="", allow_blank=True, help_text="Who took the call, if you telephoned.")

    def validate(self, data):
        """Look up rooms and devices of the school; the command says what is missing."""
        viewer, ticket, errors = self.context["viewer"], self.context["ticket"], {}
        rooms = Room.objects.visible_to(viewer).in_use().filter(school=ticket.school_id, pk__in=data["rooms"])
        devices = Device.objects.visible_to(viewer).filter(school=ticket.school_id, code__in=data["devices"])
        found = {"rooms": list(rooms), "devices": list(devices)}
        for name, sentence in (
            ("rooms", _("One of these rooms does not exist at this school.")),
            ("devices", _("One of these devices does not exist at this school.")),
        ):
            if len(found[name]) != len(data[name]):
                errors[name] = [sentence]
        if errors:
            raise serializers.ValidationError(errors)
        answers = data.pop("checklist")
        return {"packet": Packet(**{**data, **found, "answers": answers})}


class Transfer(Body):
    team = TeamBySlug(help_text="The slug of the team that takes over.")
    reason = Text(max_length=WORDS, help_text="Why; read by those who work on the ticket.")


class Return(Body):
    text = Text(max_length=WORDS, help_text="What the campus management needs to know; the school does not read it.")


class Merge(Body):
    into = TicketByNumber(help_text="The number of the ticket that stays.")


class Join(Body):
    room = Id(required=False, help_text="The id of the room where it is so too.")

    def validate_room(self, id):
        rooms = Room.objects.visible_to(self.context["viewer"]).in_use()
        room = rooms.filter(school=self.context["ticket"].school_id, pk=id).first()
        if room is None:
            raise serializers.ValidationError(_("This room does not exist at this school."))
        return room


class Answer(Body):
    text = Text(max_length=WORDS, help_text=NO_PUPILS)


class Wait(Body):
    party = Line(max_length=120, help_text="For whom the ticket waits.")
    until = Day(help_text="A day in Dortmund, today or later.")
    reference = Line(max_length=80, required=False, allow_blank=True, help_text="Their own number for it.")


class Solution(Body):
    solution = Text(max_length=WORDS, help_text="What the reporter reads.")
    cause = Line(
        max_length=120,
        default="",
        allow_blank=True,
        help_text=f"One of {', '.join(f'`{cause}`' for cause in Ticket.Cause.values)}, or another one in words.",
    )


class Reason(Body):
    reason = Text(max_length=WORDS, required=False, allow_blank=True, help_text="Read by all who see the ticket.")


class RatingBody(Body):
    value = Choice(Rating.Value.choices, help_text="Whether you were helped well.")
    text = Text(
        max_length=MOST_WORDS,
        required=False,
        allow_blank=True,
        help_text="Read by the coordination, without your name and your ticket. Left out: what you said before stays. "
        + NO_PUPILS,
    )


class Restrict(Body):
    confidential = YesNo(help_text="Whether only the reporter and those who take care see the ticket.")
