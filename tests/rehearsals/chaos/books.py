"""Whether what people were told was done is there, once, and nothing that nobody did."""

from collections import Counter
from collections.abc import Iterable

from tests.rehearsals.chaos.load import Entry, Outcome
from tickets.models import Ticket, TicketEvent

AT_MOST = {Outcome.DONE: 1, Outcome.REFUSED: 0, Outcome.UNKNOWN: 1}


def wrong_books(entries: Iterable[Entry]) -> list[str]:
    """Compare the ledger with the histories: done is there once, refused is not, unknown is there at most once."""
    found = []
    events = Counter()
    for ticket, verb, by, at in TicketEvent.objects.exclude(by=None).values_list("ticket__number", "verb", "by", "at"):
        events[ticket, verb, by, at] += 1
    reports = {}
    for number, words in Ticket.objects.values_list("number", "description"):
        reports.setdefault(words, []).append(number)
    texts = Counter(TicketEvent.objects.exclude(text="").exclude(verb="resolved").values_list("text", flat=True))
    found += [f"“{words}” was said {count} times" for words, count in texts.items() if count > 1]
    for entry in entries:
        numbers = [entry.number] if entry.number else reports.get(entry.words, [])
        if entry.verb == "reported" and len(reports.get(entry.words, [])) > 1:
            found.append(f"“{entry.words}” was reported {len(numbers)} times")
        happened = sum(events.pop((number, entry.verb, entry.by, entry.at), 0) for number in numbers)
        if happened > AT_MOST[entry.outcome] or (entry.outcome == Outcome.DONE and not happened):
            found.append(f"{entry.verb} {entry.number or entry.words} ({entry.outcome}) happened {happened} times")
    return [*found, *(f"nobody did this: {key}, {count} times" for key, count in events.items())]
