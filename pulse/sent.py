"""When beat has sent a tick, as far as the tick itself tells. Pure."""

from datetime import datetime, timedelta

EVERY = "tick_every"  # the header that says after how many seconds the next one comes


def tick_sent_at(headers: dict | None, expires: str | datetime | None) -> datetime | None:
    """Return when beat sent a tick: it expires when the next one is due. None for what others have sent."""
    every = (headers or {}).get(EVERY)
    expires_at = datetime.fromisoformat(expires) if isinstance(expires, str) else expires
    return expires_at - timedelta(seconds=every) if every and expires_at else None
