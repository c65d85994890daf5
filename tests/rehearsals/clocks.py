"""Clocks of a promise beside somebody who looks at the wall every minute: see `counting`.

bin/python -m tests.rehearsals.clocks --cases 100000 --seed 1
"""

from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.counting", cases=100_000)
