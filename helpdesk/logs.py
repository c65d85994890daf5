"""What goes into the log: ids, instants, numbers and classes of errors; no word of anybody, no key, no address.

Messages of exceptions repeat what was typed (a value the database refuses, a name that does not fit), and paths may
hold the key of a link. So an exception is told by its class and by where it was raised, a request by its route.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice

MOST_FRAMES = 40
NO_ROUTE = "(none of our addresses)"

#: The id of the request that is being answered, for every line that is written meanwhile.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Line(logging.Formatter):
    """One line for people, and one for each frame of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        asked = _id_of(record)
        parts = [_instant(record), record.levelname, record.name, *([f"[{asked}]"] if asked else []), words_of(record)]
        return "\n".join([" ".join(parts), *(f"  {step}" for step in trace_of(record))])


class Json(logging.Formatter):
    """One line of JSON for programs, exceptions included."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": words_of(record),
            "request": _id_of(record),
            "status": getattr(record, "status_code", None),
            "trace": trace_of(record),
        }
        return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)


def words_of(record: logging.LogRecord) -> str:
    """Return the message, without what Django and Celery put into theirs."""
    request = getattr(record, "request", None)
    if hasattr(request, "resolver_match"):
        route = getattr(request.resolver_match, "route", NO_ROUTE)
        return f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()
    task = getattr(record, "data", None)
    if isinstance(task, dict) and {"id", "name"} <= task.keys():
        return f"{task['name']} [{task['id']}] {_end_of(task)}"
    return " ".join(record.getMessage().split())  # an entry is a line, whatever somebody put into it


def trace_of(record: logging.LogRecord) -> list[str]:
    """Return the exception from its first cause on: where it went through, and its class; never its message."""
    error = record.exc_info[1] if record.exc_info else None
    steps: list[str] = []
    while error is not None and len(steps) < MOST_FRAMES:
        frames = [
            f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
            for frame, line in islice(traceback.walk_tb(error.__traceback__), MOST_FRAMES)
        ]
        steps = [*frames, f"{type(error).__module__}.{type(error).__qualname__}", *steps]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return steps


def _end_of(task: dict) -> str:
    if "runtime" in task:
        return f"succeeded in {task['runtime']:.3f} s"
    return task.get("description") or ("is tried again" if "exc" in task else "received")


def _id_of(record: logging.LogRecord) -> str:
    return getattr(getattr(record, "request", None), "id", "") or request_id.get()


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
