"""Tickets that go through steps drawn by lot, possible and impossible: see `walking`.

bin/python -m tests.rehearsals.walks --tickets 10000 --seed 1
"""

from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.walking", tickets=10_000)
