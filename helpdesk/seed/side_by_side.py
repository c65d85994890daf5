"""Work that knows nothing of the database, done by several processes while one writes."""

import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection


def made_side_by_side(make: Callable, pieces: Sequence, *, processes: int | None = None) -> Iterator:
    """Yield what `make` returns for each piece, in their order; as many processes as cores, unless told otherwise.

    They are forked, so `make` knows all the caller knows, and must leave the caller's connections alone. Each is at
    most one piece ahead: what is not taken yet waits in its pipe and not in the memory of the caller.
    """
    processes = min(len(pieces), processes or os.cpu_count() or 1)
    if processes < 2:
        yield from map(make, pieces)
        return
    fork, pipes = get_context("fork"), []
    for number in range(processes):
        ours, theirs = fork.Pipe(duplex=False)
        pipes.append(ours)
        fork.Process(target=_send, args=(make, pieces[number::processes], theirs, pipes), daemon=True).start()
        theirs.close()
    try:
        for place in range(len(pieces)):
            try:
                yield pipes[place % processes].recv()
            except EOFError:
                raise RuntimeError("A process that made a part of it has ended; its error stands above.") from None
    finally:
        for pipe in pipes:
            pipe.close()


def _send(make, pieces, pipe: Connection, of_the_caller: list[Connection]) -> None:
    for other in of_the_caller:  # held open here, nobody would notice that the caller is gone
        other.close()
    try:
        for piece in pieces:
            pipe.send(make(piece))
    except BrokenPipeError:
        pass
