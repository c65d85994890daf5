"""What a notice says in a few words, in the program and in the subject of a mail. No names, nothing typed."""

from django.utils.translation import gettext_lazy

#: To the person who has reported it, where the words differ, and to everybody else.
NOTICES = {
    "reported": gettext_lazy("New report"),
    "escalated": gettext_lazy("A report is with the Systemhaus now"),
    "escalation_accepted": gettext_lazy("The Systemhaus has taken over a report"),
    "transferred": gettext_lazy("A report was passed on to another team"),
    "asked_mediator": gettext_lazy("The Systemhaus asks you something"),
    "returned": gettext_lazy("The Systemhaus has returned a report"),
    "merged": gettext_lazy("Your report was merged with another one"),
    "absorbed": gettext_lazy("Another report was merged with one of yours"),
    "accepted": gettext_lazy("Somebody takes care of your report"),
    "released": gettext_lazy("A report is in the queue again"),
    "assigned": gettext_lazy("A report was assigned to you"),
    "commented": gettext_lazy("New message"),
    "asked": gettext_lazy("A question for you"),
    "answered": gettext_lazy("An answer has come"),
    "waiting": gettext_lazy("Your report waits for a third party"),
    "resolved": gettext_lazy("Your report is solved"),
    "confirmed": gettext_lazy("The solution was confirmed"),
    "reopened": gettext_lazy("A report was opened again"),
    "closed": gettext_lazy("Your report was closed"),
    "withdrawn": gettext_lazy("A report was withdrawn"),
    "restricted": gettext_lazy("It was changed who may see a report"),
    "reminded": gettext_lazy("A due time comes nearer"),
    "deadline_missed": gettext_lazy("A due time has passed"),
    "reporter_reminded": gettext_lazy("We are waiting for your answer"),
    "follow_up_due": gettext_lazy("The day has come until which a report waits"),
}
#: The same to somebody who has not reported it: who works on it, or is affected too.
NOTICES_OF_OTHERS = {
    "accepted": gettext_lazy("Somebody takes care of a report"),
    "asked": gettext_lazy("A question about a report"),
    "waiting": gettext_lazy("A report waits for a third party"),
    "resolved": gettext_lazy("A fault is solved"),
    "closed": gettext_lazy("A report was closed"),
    "merged": gettext_lazy("A report was merged with another one"),
    "reporter_reminded": gettext_lazy("A report waits for an answer"),
}
SOMETHING = gettext_lazy("News about a report")


def notice_words(kind: str, *, own: bool) -> str:
    """Return what a notice of this kind is about; `own` where the reader has reported it."""
    words = NOTICES.get(kind, SOMETHING)
    return str(words if own else NOTICES_OF_OTHERS.get(kind, words))
