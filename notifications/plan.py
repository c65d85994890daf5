"""Which messages become which mails now, and when the others are looked at again. Pure: rows in, decisions out.

The rules, in their order: what a person does not want by e-mail stays in the program; nobody is written to in their
quiet hours but about what cannot wait; more than a few mails an hour about one report become one; up to half of the
day's budget every report has a mail of its own, then they are bundled; what the budget does not hold waits for the
next day. A message may wait, it is never dropped.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from foundation.berlin import berlin_day, end_of_day

from .models import Mail, OutboxMessage, Preference
from .models.preference import Way
from .waking import Waking, digest_after

HOUR = timedelta(hours=1)
MOST_ABOUT_ONE = 6  # mails an hour to one person about one report
BUNDLE_EVERY = timedelta(minutes=30)
URGENT_BUNDLE_EVERY = timedelta(minutes=5)

Messages = list[OutboxMessage]


@dataclass(frozen=True)
class Sent:
    """A mail the person has had or is about to have: what counts towards the budget and against loops."""

    kind: str
    created_at: datetime
    counts_today: bool
    about: frozenset[str] = frozenset()


@dataclass
class Plan:
    """What becomes of the messages: mails to write, messages that need none, and when the rest is due again."""

    mails: list[tuple[str, Messages]] = field(default_factory=list)
    unwanted: Messages = field(default_factory=list)
    waiting: list[tuple[datetime, OutboxMessage]] = field(default_factory=list)

    def wait(self, messages: Iterable[OutboxMessage], until: datetime) -> None:
        self.waiting += [(until, message) for message in messages]


def plan(
    messages: Iterable[OutboxMessage],
    *,
    preference: Preference,
    waking: Waking,
    sent: Collection[Sent],
    at: datetime,
) -> Plan:
    """Decide about everything one person is owed by e-mail at the instant `at`."""
    made = Plan()
    messages = _without_loops(_wanted(messages, preference, made), sent, made, at)
    urgent, at_once, digest = _ready(messages, preference, waking, made, at)
    budget = _Budget(preference.budget, sent, at)
    tomorrow = waking(end_of_day(berlin_day(at)))

    late_urgent = _singles(urgent, budget, made)
    if digest:
        if budget.left:
            budget.spend()
            made.mails.append((Mail.Kind.DIGEST, digest))
        else:
            made.wait(digest, tomorrow)
    late = _singles(at_once, budget, made)
    _bundle(late_urgent, late, budget, made, at=at, tomorrow=tomorrow)
    return made


class _Budget:
    """How many mails the person may still have today; the last ones are kept for what cannot wait."""

    def __init__(self, most: int, sent: Collection[Sent], at: datetime):
        self.used = sum(mail.counts_today for mail in sent)
        self.most, self.half = most, max(most // 2, 1)
        self.reserve = most // 5
        self.last_bundle = max((mail.created_at for mail in sent if mail.kind == Mail.Kind.BUNDLE), default=None)

    @property
    def left(self) -> bool:
        return self.used < self.most - self.reserve

    @property
    def left_for_urgent(self) -> bool:
        return self.used < self.most

    @property
    def is_generous(self) -> bool:
        """Whether every report still has a mail of its own."""
        return self.used < self.half

    def spend(self) -> None:
        self.used += 1


def _wanted(messages, preference, made) -> Messages:
    wanted = []
    for message in messages:
        in_vain = preference.way_of(message.topic) == Way.PROGRAM
        (made.unwanted if in_vain else wanted).append(message)
    return wanted


def _without_loops(messages, sent, made, at) -> Messages:
    """Let what was written about too often within the hour wait until it is over, to be one mail then."""
    lately = [mail for mail in sent if mail.created_at > at - HOUR]
    counted = Counter(about for mail in lately for about in mail.about)
    calm = []
    for message in messages:
        if counted[message.about] < MOST_ABOUT_ONE:
            calm.append(message)
            continue
        times = sorted(mail.created_at for mail in lately if message.about in mail.about)
        made.wait([message], times[-MOST_ABOUT_ONE] + HOUR)
    return calm


def _ready(messages, preference, waking, made, at) -> tuple[Messages, Messages, Messages]:
    """Return what may be written now: what cannot wait, what comes at once, and the digest if its hour has come."""
    urgent, at_once, digest = [], [], []
    opens = waking(at)
    for message in messages:
        if message.urgent:
            urgent.append(message)
        elif preference.way_of(message.topic) == Way.DIGEST:
            digest.append(message)
        elif opens > at:
            made.wait([message], opens)
        else:
            at_once.append(message)
    first = min((waking(digest_after(message.created_at, preference.digest_at)) for message in digest), default=at)
    if first > at or opens > at:
        made.wait(digest, max(first, opens))
        digest = []
    return urgent, at_once, digest


def _singles(messages, budget, made) -> Messages:
    """Give each report a mail of its own, as long as the budget is generous; return what is left over."""
    by_report: dict[str, Messages] = {}
    for message in messages:
        by_report.setdefault(message.about, []).append(message)
    left = []
    for about_one in by_report.values():
        if budget.is_generous:
            budget.spend()
            made.mails.append((Mail.Kind.SINGLE, about_one))
        else:
            left += about_one
    return left


def _bundle(urgent, others, budget, made, *, at, tomorrow) -> None:
    """Put what is left into one mail, if the last such mail is long enough ago and the budget holds another one."""
    if not urgent and not others:
        return
    if not budget.left_for_urgent or (not urgent and not budget.left):
        made.wait([*urgent, *others], tomorrow)
        return
    pause = URGENT_BUNDLE_EVERY if urgent else BUNDLE_EVERY
    if budget.last_bundle is not None and at < budget.last_bundle + pause:
        made.wait(urgent, budget.last_bundle + URGENT_BUNDLE_EVERY)
        made.wait(others, budget.last_bundle + BUNDLE_EVERY)
        return
    budget.spend()
    made.mails.append((Mail.Kind.BUNDLE, [*urgent, *others]))
