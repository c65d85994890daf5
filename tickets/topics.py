"""Under which topic somebody hears of a step: it depends on what happened and on what they are to the report."""

from notifications.topics import Topic

#: To whoever is to work on the report next.
FOR_WORKERS = {
    "commented": Topic.QUESTIONS,
    "asked_mediator": Topic.QUESTIONS,
    "confirmed": Topic.RESULTS,
    "withdrawn": Topic.RESULTS,
    "restricted": Topic.PROGRESS,
    "reminded": Topic.REMINDERS,
    "deadline_missed": Topic.REMINDERS,
    "follow_up_due": Topic.REMINDERS,
}
#: To the person who has reported it.
FOR_THE_REPORTER = {
    "asked": Topic.QUESTIONS,
    "commented": Topic.QUESTIONS,
    "reporter_reminded": Topic.QUESTIONS,
    "resolved": Topic.RESULTS,
    "closed": Topic.RESULTS,
    "reopened": Topic.RESULTS,
}
#: To those who watch: who is affected too, and the campus management while the Systemhaus works.
FOR_WATCHERS = {
    "asked_mediator": Topic.QUESTIONS,
    "returned": Topic.WORK,
    "resolved": Topic.RESULTS,
    "closed": Topic.RESULTS,
    "reopened": Topic.RESULTS,
}


def for_worker(kind: str) -> Topic:
    return FOR_WORKERS.get(kind, Topic.WORK)


def for_reporter(kind: str) -> Topic:
    return FOR_THE_REPORTER.get(kind, Topic.PROGRESS)


def for_watcher(kind: str) -> Topic:
    return FOR_WATCHERS.get(kind, Topic.PROGRESS)
