"""Taking reports of barriers."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from pages.models import BarrierReport

WINDOW = timedelta(hours=1)
MOST_FROM_ONE_NETWORK = 10


class TooManyReports(Exception):
    """Raised where one network reports more than a staff room could mean."""


def report_barrier(*, address: str, hindrance: str, contact: str, network: str, at: datetime) -> BarrierReport:
    """Keep a report for the administrators, or raise TooManyReports."""
    key = salted_hmac("pages.network_key", network, algorithm="sha256").hexdigest()
    recent = BarrierReport.objects.filter(network_key=key, reported_at__gt=at - WINDOW)
    if recent.count() >= MOST_FROM_ONE_NETWORK:
        raise TooManyReports
    return BarrierReport.objects.create(
        address=address, hindrance=hindrance, contact=contact, network_key=key, reported_at=at
    )
