"""What messages are about, as far as people choose how they hear of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    QUESTIONS = "questions", _("Questions and messages to me")
    WORK = "work", _("Work that comes to me")
    PROGRESS = "progress", _("Progress of what I have reported or follow")
    RESULTS = "results", _("Results: solved, closed, opened again")
    REMINDERS = "reminders", _("Reminders and due times")

    @property
    def is_to_act_on(self) -> bool:
        """Whether the receiver is the one who has to do something next."""
        return self in (Topic.QUESTIONS, Topic.WORK, Topic.REMINDERS)
