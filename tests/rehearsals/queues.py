"""What open queues cost that ask every 20 seconds whether something is new: see `polling`.

bin/python -m tests.rehearsals.queues --tickets 100000 --clients 200 --seed 1
"""

from tests.rehearsals.theatre import run

if __name__ == "__main__":
    run("tests.rehearsals.polling", tickets=10_000, open=10, clients=200, polls=400)
