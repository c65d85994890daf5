"""What the database does for a page: the statements the page really sends, and the plan of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

READS = ("SELECT", "WITH")
#: Tables that grow with the years: no page may read all of one.
LARGE = {
    *("tickets_ticket", "tickets_ticketevent", "tickets_deadline", "tickets_escalation"),
    *("notifications_outboxmessage", "notifications_mail"),
}


@dataclass(frozen=True)
class Statement:
    """One statement with its parameters, as it was sent."""

    sql: str
    parameters: object

    @property
    def reads(self) -> bool:
        return self.sql.lstrip(" (\n").upper().startswith(READS)

    def plan(self, *, run: bool = False) -> "Plan":
        """Return how the database would answer it now; with `run` it does, and says how long that takes."""
        how = "ANALYZE, BUFFERS, FORMAT JSON" if run else "FORMAT JSON"
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({how}) {self.sql}", self.parameters)
            return Plan(cursor.fetchone()[0][0])


class Plan:
    """A plan, walked through."""

    def __init__(self, told: dict):
        self.told = told
        self.nodes = list(_walk(told["Plan"]))

    @property
    def indexes(self) -> set[str]:
        """The indexes it looks into."""
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def read_whole(self) -> set[str]:
        """The tables it reads from the first row to the last."""
        return {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"}

    @property
    def looked_at(self) -> int:
        """How many rows of large tables it looked at; of a plan that was run."""
        rows = [node for node in self.nodes if node.get("Relation Name") in LARGE]
        return round(sum(_rows(node) * node["Actual Loops"] for node in rows))

    @property
    def ms(self) -> float:
        """Milliseconds of the database, planning included; of a plan that was run."""
        return self.told["Planning Time"] + self.told["Execution Time"]

    @property
    def pages(self) -> int:
        """How many pages of 8 kB it touched; of a plan that was run."""
        root = self.told["Plan"]
        return root["Shared Hit Blocks"] + root["Shared Read Blocks"]


def _walk(node: dict) -> Iterator[dict]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _walk(inner)


def _rows(node: dict) -> float:
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return node["Actual Rows"] + sum(node.get(name, 0) for name in removed)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Collect what is sent to the database meanwhile."""
    sent: list[Statement] = []

    def note(execute, sql, parameters, many, context):
        sent.append(Statement(sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield sent
