"""Figures to take along on paper; that somebody took them is kept."""

from datetime import datetime

from django.db import transaction

from accounts import commands as accounts
from accounts.models import AccountEvent, User
from reports.paper import paper_of
from reports.statistics import Statistics


def print_statistics(*, statistics: Statistics, by: User, at: datetime) -> bytes:
    """Return the figures of a page as one page of PDF. Raises foundation.typesetting.TypesettingFailed."""
    paper = paper_of(statistics, at)
    with transaction.atomic():
        facts = {"what": "statistics-paper", "asked": statistics.asked}
        accounts.record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, **facts)
    return paper
