"""A year of school life in which the clocks run along: see `school_year`.

bin/python -m tests.rehearsals.year --tickets 2000 --seed 1
"""

from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.school_year", tickets=2_000)
