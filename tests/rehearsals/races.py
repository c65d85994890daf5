"""Two people at the same moment, over and over: see `racing` for what they do and what must hold afterwards.

bin/python -m tests.rehearsals.races --rounds 2000 --seed 1
"""

from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.racing", rounds=2000)
