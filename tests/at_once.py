"""Several at the same moment, each on a connection of its own; they see the city of the fixture `committed`."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(*works):
    """Run all of them at the same moment and return what each returned or raised."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]
