"""Rounds about merging and joining.

Each act returns how it went, the tickets concerned, and what was wrong.
"""

import uuid

from django.core.exceptions import ValidationError

from tests.access.world import clean
from tests.rehearsals.together import TEN, effects, exactly_one, unexpected, verbs_of
from tickets.commands import join, merge, work
from tickets.commands.attach import add_photos, attach_photos
from tickets.models import Attachment, Follower, Ticket, TicketEvent


def merge_both_ways(stage):
    a, b = stage.city.report(by=stage.city.teacher), stage.city.report(by=stage.city.colleague)
    by = stage.lot.sample([stage.city.manager, stage.city.helpdesk], 2)
    outcomes = stage.at_once(
        lambda: merge.merge(ticket=a, into=b, by=by[0], at=TEN),
        lambda: merge.merge(ticket=b, into=a, by=by[1], at=TEN),
    )
    a.refresh_from_db(), b.refresh_from_db()
    found = [*unexpected(outcomes), *exactly_one(outcomes)]
    if sorted([a.status, b.status]) != ["merged", "new"]:
        found.append(f"they are {a.status} and {b.status}")
    return "one of both", [a, b], found


def merge_in_a_ring(stage):
    trio = [stage.city.report(by=by) for by in (stage.city.teacher, stage.city.colleague, stage.city.contact)]
    people = [stage.city.manager, stage.city.helpdesk, stage.city.manager]
    works = [
        lambda source=trio[place], into=trio[place - 1], by=people[place]: merge.merge(
            ticket=source, into=into, by=by, at=TEN
        )
        for place in range(3)
    ]
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    left = Ticket.objects.filter(pk__in=[ticket.pk for ticket in trio], merged_into=None)
    if len(left) != 3 - len(effects(outcomes)) or not left:
        found.append(f"{len(left)} are left after {len(effects(outcomes))} merges")
    return f"{len(left)} left of three", trio, found


def merge_with_message(stage):
    city = stage.city
    source, target = city.report(by=city.colleague), city.report()
    said = f"Nachricht {uuid.uuid4()}"
    where = stage.either(source, target)
    works = [
        lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
        lambda: work.comment(ticket=where, text=said, by=stage.either(city.helpdesk, where.reporter), at=TEN),
    ]
    if stage.lot.random() < 0.3:
        works.append(lambda: attach_photos(ticket=source, photos=[clean()], by=city.colleague, at=TEN))
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    accepted = any(isinstance(outcome, TicketEvent) for outcome in outcomes)
    kept = TicketEvent.objects.filter(ticket__in=[source, target], text=said).count()
    if kept != int(accepted):
        found.append(f"a message that was {'accepted' if accepted else 'refused'} stands {kept} times in the history")
    stored = sum(isinstance(outcome, list) for outcome in outcomes)
    if Attachment.objects.filter(ticket=target).count() != stored:
        found.append("a photo was lost")
    source.refresh_from_db()
    if source.status != "merged":
        found.append("the merge was lost")
    return f"message {'before' if accepted else 'refused after'} the merge", [source, target], found


def merge_with_photos_there(stage):
    """Two sources into one target, each with a photo and a follower."""
    city = stage.city
    target = city.report(category=city.network)
    sources = [city.report(by=by, category=city.network) for by in (city.colleague, city.contact)]
    for source in sources:
        add_photos(source, [clean()], by=source.reporter, at=TEN)
        join.join(ticket=source, by=stage.neighbour, at=TEN)
    works = [
        lambda source=source, by=by: merge.merge(ticket=source, into=target, by=by, at=TEN)
        for source, by in zip(sources, [city.manager, city.helpdesk], strict=True)
    ]
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    if len(effects(outcomes)) != 2:
        found.append(f"only {effects(outcomes)} took effect")
    if Attachment.objects.filter(ticket=target).count() != 2:
        found.append("photos were lost")
    people = list(Follower.objects.filter(ticket=target).values_list("person", flat=True))
    if sorted(people) != sorted(person.pk for person in (city.colleague, city.contact, stage.neighbour)):
        found.append(f"the followers are {people}")
    return "both into one", [target, *sources], found


def join_with_merge(stage):
    city = stage.city
    source, target = (city.report(by=by, category=city.network) for by in (city.teacher, city.contact))
    where = stage.either(source, target)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
            lambda: join.join(ticket=where, by=city.colleague, at=TEN, room=city.b112),
        )
    )
    found = unexpected(outcomes)
    joined = any(isinstance(outcome, Follower) for outcome in outcomes)
    voices = Follower.objects.filter(person=city.colleague, ticket__in=[source, target])
    if [row.ticket_id for row in voices] != [target.pk] * joined:
        found.append(f"joined: {joined}, but follows {[row.ticket_id for row in voices]}")
    if where == target and not joined:
        found.append("refused although the target is open")
    return (
        f"{'joined' if joined else 'refused'} at the {'target' if where == target else 'source'}",
        [
            source,
            target,
        ],
        found,
    )


def join_twice(stage):
    city = stage.city
    ticket = city.report(category=city.network)
    outcomes = stage.at_once(
        lambda: join.join(ticket=ticket, by=city.colleague, at=TEN),
        lambda: join.join(ticket=ticket, by=city.colleague, at=TEN),
        lambda: join.join(ticket=ticket, by=city.contact, at=TEN),
    )
    found = unexpected(outcomes)
    if len(effects(outcomes)) != 3 or Follower.objects.filter(ticket=ticket).count() != 2:
        found.append(f"{outcomes}")
    if verbs_of(ticket).count("joined") != 2:
        found.append(f"the history is {verbs_of(ticket)}")
    return "two voices", [ticket], found


def confidential_with_merge(stage):
    """One report becomes confidential while it is merged: never do the two come together."""
    city = stage.city
    source, target = city.report(by=city.colleague), city.report()
    hidden = stage.either(source, target)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
            lambda: work.restrict(ticket=hidden, confidential=True, by=city.manager, at=TEN),
        )
    )
    found = unexpected(outcomes, ValidationError)
    source.refresh_from_db(), target.refresh_from_db()
    if source.status == "merged" and source.confidential:
        found.append("a confidential report was merged")
    return source.status, [source], found


ACTS = {
    "merge both ways": merge_both_ways,
    "merge in a ring": merge_in_a_ring,
    "merge with message": merge_with_message,
    "two sources into one": merge_with_photos_there,
    "join with merge": join_with_merge,
    "join twice": join_twice,
    "confidential with merge": confidential_with_merge,
}
