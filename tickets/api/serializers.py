"""What is read: tickets, their events and photos, categories. Each field is named; nothing else leaves."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api.views import absolute
from schools.models import School
from tickets.lifecycle import Step
from tickets.models import Attachment, Category, ChecklistItem, Rating, Ticket, TicketEvent
from tickets.permissions import is_asked_to_rate, steps_for
from tickets.routing import responsible_for

#: What of an event's data leaves; a new key stays inside until it is named here.
EVENT_DATA = (
    "to",
    "category",
    "impact",
    "urgency",
    "party",
    "until",
    "reference",
    "cause",
    "confidential",
    "photos",
    "team",
    "room",
    "clock",
    "percent",
    "due",
    "whom",
    "reason",
    "because",
)

STEPS = [choice for choice in Step.choices if choice[0] != Step.ASK_MEDIATOR]


def _slug(name: str, help_text: str, **more):
    return serializers.SlugRelatedField(name, read_only=True, help_text=help_text, **more)


class SchoolNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = School
        fields = ["number", "name"]
        read_only_fields = fields


class ResponsibleSerializer(serializers.Serializer):
    """Who looks after an open ticket at this moment."""

    kind = serializers.ChoiceField(["person", "queue", "team"])
    name = serializers.CharField()


class WaitingSerializer(serializers.Serializer):
    """For whom outside a ticket waits."""

    party = serializers.CharField(source="waiting_party")
    until = serializers.DateField(source="waiting_until")
    reference = serializers.CharField(source="waiting_reference")


class RatingSerializer(serializers.ModelSerializer):
    """What the reporter has answered about the help."""

    text = serializers.CharField(source="words")

    class Meta:
        model = Rating
        fields = ["value", "text", "at"]
        read_only_fields = fields


class TicketSerializer(serializers.ModelSerializer):
    """A ticket as the asking person sees it."""

    # Needs `viewer` in the context, and rows of `tickets.api.scope`, else it asks the database once a field.
    school = SchoolNameSerializer()
    campus = _slug("slug", "The campus when it was reported.", allow_null=True)
    room = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The id of the room, as in `rooms`."
    )
    where = serializers.CharField(help_text="The name of the room, or the place in words.")
    device = _slug("code", "The inventory number.", allow_null=True)
    category = _slug("slug", "As in `categories`.")
    reporter = serializers.CharField(
        source="reporter_name", help_text="A person's name, or that of a caller without an account."
    )
    responsible = serializers.SerializerMethodField(help_text="Null once the ticket is no longer open.")
    mediator = serializers.SerializerMethodField(help_text="The campus manager on duty for the school now.")
    team = _slug("slug", "The team of the second level.", allow_null=True)
    followers_count = serializers.IntegerField(
        source="affected", help_text="How many have joined; the reporter is not among them."
    )
    merged_into = serializers.SerializerMethodField(
        help_text="The number of the ticket that goes on instead; null where that is confidential."
    )
    waiting = serializers.SerializerMethodField()
    first_response_due_at = serializers.DateTimeField(allow_null=True)
    resolution_due_at = serializers.DateTimeField(allow_null=True, help_text="Null while the clock pauses.")
    steps = serializers.SerializerMethodField(help_text="What you may do with the ticket now.")
    may_rate = serializers.SerializerMethodField(help_text="Whether you are asked how well you were helped (`rate`).")
    rating = serializers.SerializerMethodField(
        help_text="Your own answer; null for everybody but the reporter, and in what a step answers."
    )

    class Meta:
        model = Ticket
        fields = [
            "number",
            "version",
            "school",
            "campus",
            "room",
            "place",
            "where",
            "device",
            "category",
            "title",
            "description",
            "status",
            "level",
            "priority",
            "impact",
            "urgency",
            "confidential",
            "reporter",
            "responsible",
            "mediator",
            "team",
            "followers_count",
            "merged_into",
            "created_at",
            "first_response_due_at",
            "resolution_due_at",
            "question",
            "waiting",
            "solution",
            "cause",
            "steps",
            "may_rate",
            "rating",
        ]
        read_only_fields = fields

    @property
    def viewer(self):
        return self.context["viewer"]

    @extend_schema_field(ResponsibleSerializer(allow_null=True))
    def get_responsible(self, ticket):
        return ResponsibleSerializer(responsible_for(ticket, self.viewer.roster)).data if ticket.is_open else None

    def get_mediator(self, ticket) -> str | None:
        manager = self.viewer.manager_of(ticket.school)
        return manager.name if manager else None

    def get_merged_into(self, ticket) -> str | None:
        target = ticket.merged_into
        return target.number if target is not None and not target.confidential else None

    @extend_schema_field(WaitingSerializer(allow_null=True))
    def get_waiting(self, ticket):
        return WaitingSerializer(ticket).data if ticket.waiting_until else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(STEPS)))
    def get_steps(self, ticket):
        # Asking the campus management is `ask` as well; who may do so may always ask the reporter too.
        return [step.value for step in steps_for(self.viewer, ticket) if step != Step.ASK_MEDIATOR]

    def get_may_rate(self, ticket) -> bool:
        return is_asked_to_rate(self.viewer, ticket)

    @extend_schema_field(RatingSerializer(allow_null=True))
    def get_rating(self, ticket):
        own = ticket.reporter_id == self.viewer.person.pk and ticket.is_solved and hasattr(ticket, "rating")
        return RatingSerializer(ticket.rating).data if own else None


class FaultSerializer(serializers.ModelSerializer):
    """A fault others of the school may know of: category, room and state, nothing that was typed."""

    school = SchoolNameSerializer()
    category = _slug("slug", "As in `categories`.")
    title = serializers.CharField(source="fault_title", help_text="Category and room; never the reporter's words.")
    room = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True, help_text="The id of the room.")
    followers_count = serializers.IntegerField(source="affected", help_text="How many have joined.")

    class Meta:
        model = Ticket
        fields = ["number", "school", "category", "title", "room", "status", "level", "followers_count", "created_at"]
        read_only_fields = fields


class FollowedFaultSerializer(FaultSerializer):
    """A fault one has joined: with the promise, and what those who work on it say to all."""

    first_response_due_at = serializers.DateTimeField(allow_null=True)
    resolution_due_at = serializers.DateTimeField(allow_null=True)
    messages = serializers.SerializerMethodField(help_text="Public messages of staff, the oldest first.")
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta(FaultSerializer.Meta):
        fields = [*FaultSerializer.Meta.fields, "first_response_due_at", "resolution_due_at", "messages", "steps"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_messages(self, ticket):
        events = TicketEvent.objects.visible_to(self.context["viewer"]).for_followers().filter(ticket=ticket)
        return EventSerializer(events.select_related("by").in_order(), many=True, context={"works": False}).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(["join", "leave"])))
    def get_steps(self, ticket):
        taken = steps_for(self.context["viewer"], ticket)
        return [step.value for step in taken if step in (Step.JOIN, Step.LEAVE)]


class EventSerializer(serializers.ModelSerializer):
    """One line of a ticket's history. Needs `works` in the context: whether the reader works on the ticket."""

    by = serializers.SerializerMethodField(help_text="The person's name; null for what happens by itself.")
    public = serializers.BooleanField(help_text="Whether the reporter sees it.")
    status = serializers.CharField(help_text="The state afterwards.")
    data = serializers.SerializerMethodField(help_text="`text` is what was written; the rest depends on the verb.")

    class Meta:
        model = TicketEvent
        fields = ["verb", "by", "at", "public", "status", "data"]
        read_only_fields = fields

    def get_by(self, event) -> str | None:
        return event.by.name if event.by else None

    @extend_schema_field(serializers.DictField())
    def get_data(self, event):
        told = {key: event.data[key] for key in EVENT_DATA if key in event.data}
        text = event.text_for(self.context["works"])
        return {"text": text, **told} if text else told


class AttachmentSerializer(serializers.ModelSerializer):
    """A photo of a ticket: JPEG, without whatever its camera noted in it."""

    id = serializers.UUIDField(source="key")
    url = serializers.SerializerMethodField(help_text="Where the photo is; asks for the same sign-in or key.")
    added_by = serializers.SerializerMethodField(
        help_text="Null for one that came with another ticket, unless you work on this one."
    )

    class Meta:
        model = Attachment
        fields = ["id", "url", "width", "height", "added_by", "added_at"]
        read_only_fields = fields

    def get_added_by(self, photo) -> str | None:
        return photo.added_by.name if self.context["works"] or photo.came_with_id is None else None

    @extend_schema_field(serializers.URLField())
    def get_url(self, photo):
        return absolute(reverse("api-attachment", args=[self.context["number"], photo.key]))


class ChecklistItemSerializer(serializers.Serializer):
    """A statement to answer with `yes`, `no` or `not_possible`."""

    key = serializers.CharField(help_text="Its name in the body of `escalate`.")
    text = serializers.CharField(help_text="In the language asked for.")


class ChecklistSerializer(serializers.Serializer):
    """What is to be answered before a ticket of the category can be escalated."""

    version = serializers.IntegerField()
    items = ChecklistItemSerializer(many=True)


class CategorySerializer(serializers.ModelSerializer):
    # Needs rows with their checklist (tickets.api.categories).
    name = serializers.CharField(help_text="In the language asked for.")
    team = _slug("slug", "Null: chosen when a ticket is handed over.", allow_null=True)
    tips = serializers.ListField(child=serializers.CharField(), help_text="What one can try before help comes.")
    checklist = serializers.SerializerMethodField(help_text="The version in use; null where there is none.")

    class Meta:
        model = Category
        fields = ["slug", "name", "team", "default_impact", "confidential_at_first", "tips", "checklist"]
        read_only_fields = fields

    @extend_schema_field(ChecklistSerializer(allow_null=True))
    def get_checklist(self, category):
        if category.checklist_version is None:
            return None
        items = [ChecklistItem(**item) for item in category.checklist_items]
        return ChecklistSerializer({"version": category.checklist_version, "items": items}).data
