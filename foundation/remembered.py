"""Methods that work their answers out once."""

from collections.abc import Callable
from functools import wraps


def remembered(method: Callable) -> Callable:
    """Keep what a method answers for as long as its object lives; it takes positional, hashable arguments."""
    place = f"_remembered_{method.__name__}"

    @wraps(method)
    def answer(self, *asked):
        known = self.__dict__.setdefault(place, {})
        if asked not in known:
            known[asked] = method(self, *asked)
        return known[asked]

    return answer
