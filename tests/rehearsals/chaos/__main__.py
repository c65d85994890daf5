"""Everything is killed under load, over and over, and nothing is forgotten or told twice: see `killing`.

bin/python -m tests.rehearsals.chaos --seconds 600 --seed 1
"""

from tests.rehearsals.chaos.scene import scene
from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.chaos.killing", scene=scene, seconds=600)
