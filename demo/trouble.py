"""What ends a start with one sentence instead of a traceback."""

import signal
import sys
from collections.abc import Callable


class Trouble(Exception):
    """A start cannot go on; the text tells the person at the terminal why and what to do."""


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM: leave by the `finally` blocks."""


def run(program: Callable[[], int | None], *, when_stopped: int = 130) -> None:
    """Run `program` to its end and exit with its code; trouble is one sentence, a signal `when_stopped`."""

    def stop(number, frame):
        # Once is enough: a second Ctrl-C must not interrupt the cleaning up.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: None)
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(program())
    except Stopped:
        sys.exit(when_stopped)
    except Trouble as trouble:
        sys.exit(str(trouble))
