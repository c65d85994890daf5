"""`bin/bench`: what our own pages cost beside a bare Django view, in cities of several sizes.

bin/bench --tickets 10000 --tickets 1000000
"""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

from demo.paths import DEFAULT_DATA, ROOT
from demo.prepare import prepare
from demo.trouble import run

from .measuring import Measurement, measure
from .questions import QUESTIONS
from .stage import Stage, stage
from .telling import told, written_into

DOCS = ROOT / "docs" / "measurements.md"


def main() -> int:
    """Measure, print the tables, and write them into the docs."""
    wishes = parse()
    prepare("demo", say)
    tables = told(measured(wishes), rounds=wishes.rounds)
    print(tables, flush=True)
    if wishes.docs != Path("-"):
        wishes.docs.write_text(written_into(wishes.docs.read_text("utf-8"), tables), "utf-8")
    return 0


def measured(wishes) -> list[Measurement]:
    """Bring up every city at once, so that noise of the machine hits all of them, and measure."""
    with ExitStack() as running:
        stages: list[Stage] = []
        for number in wishes.tickets:
            say(f"The city with {number} reports …")
            stages.append(running.enter_context(stage(wishes.keep / f"bench-{number}", tickets=number)))
        for folder in wishes.data:
            stages.append(running.enter_context(stage(folder)))
        questions = [question for question in QUESTIONS if wishes.only in question.name]
        return measure(stages, questions, rounds=wishes.rounds, say=say)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "--tickets",
        type=int,
        action="append",
        default=[],
        help="a city of so many reports, made the first time (10000)",
    )
    add("--keep", type=Path, default=DEFAULT_DATA, help="where these cities stay, each as bench-N (var/)")
    add(
        "--data",
        type=Path,
        action="append",
        default=[],
        help="a data folder that is filled already; reports are added",
    )
    add("--rounds", type=int, default=100, help="how often each page is asked (100)")
    add("--only", default="", help="only pages with these words in their name")
    add("--docs", type=Path, default=DOCS, help="where the tables are written between two marks; - for nowhere")
    wishes = parser.parse_args()
    if not wishes.tickets and not wishes.data:
        wishes.tickets = [10_000]
    return wishes


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.umask(0o022)
    run(main)
