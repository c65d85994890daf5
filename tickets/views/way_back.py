"""Where a step leads back to: the list it was taken from, with what was chosen there."""

from dataclasses import dataclass

#: Lists one works through, by what their forms call them.
LISTS = {"queue": "/queue/?", "triage": "/triage/?"}
LONGEST = 1000  # no browser of ours sends more, and Django redirects nowhere far longer


@dataclass(frozen=True)
class WayBack:
    """The list, and its address with what was chosen there."""

    origin: str
    address: str


def way_back(request) -> WayBack | None:
    """Return the list the step was taken from, None for the report's own page; never another site's address."""
    sent = request.POST if request.method == "POST" else request.GET
    origin, address = sent.get("from", ""), sent.get("back", "")
    if origin not in LISTS:
        return None
    short = len(address) < LONGEST
    is_list = short and address.startswith(LISTS[origin]) and "//" not in address[1:] and "\n" not in address
    return WayBack(origin, address if is_list else LISTS[origin].removesuffix("?"))
