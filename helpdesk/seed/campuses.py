"""Groups schools by distance into campuses of about the same size. Pure but for `group_schools`.

Which school belongs to which campus is public for the four pilot campuses only. The others are our own grouping and
say so in their note.
"""

from collections.abc import Sequence
from math import cos, hypot, radians

from campuses.models import Campus
from schools.importing.schools import campus_slug
from schools.models import School

PILOTS = ("aplerbeck", "asseln", "kirchlinde", "scharnhorst")
FURTHER_CAMPUSES = 9  # besides the four pilot campuses
MOST_SCHOOLS = 17  # that one campus manager looks after
ROUNDS = 12
OURS = "Demo: eigene Gruppierung nach Entfernung, nicht die der Stadt."
PILOT = "Pilotcampus der Stadt. Demo: Die Personen sind erfunden."

Point = tuple[float, float]


def group_schools() -> int:
    """Put every school without a campus into one, and return how many; adds campuses where there are too few."""
    Campus.objects.filter(slug__in=PILOTS, note="").update(note=PILOT)
    free = list(School.objects.filter(campus=None).exclude(latitude=None).order_by("number"))
    if not free:
        return 0
    found = _room_in_ours()
    if sum(MOST_SCHOOLS - taken for _, taken, _ in found) >= len(free):
        _join_nearest(free, found)
        return len(free)
    groups = cluster([_point(school) for school in free], max(FURTHER_CAMPUSES, -(-len(free) // MOST_SCHOOLS)))
    members = [[free[index] for index in group] for group in groups]
    for name, schools in zip(names_for(members, _taken_names()), members, strict=True):
        campus = Campus.objects.create(slug=campus_slug(name), name=name, note=OURS)
        School.objects.filter(pk__in=[school.pk for school in schools]).update(campus=campus)
    return len(free)


def cluster(points: Sequence[Point], count: int) -> list[list[int]]:
    """Return `count` groups of indices whose sizes differ by at most one, each around its own middle.

    Middles start as far apart as possible; then points choose in the order of how much they would lose by their
    second choice, and the middles follow. The same points always give the same groups.
    """
    middles = _far_apart(points, count)
    groups: list[list[int]] = []
    for _ in range(ROUNDS):
        groups = _choose(points, middles)
        moved = [_middle([points[index] for index in group]) for group in groups]
        if moved == middles:
            break
        middles = moved
    return groups


def names_for(groups: Sequence[Sequence[School]], taken: set[str]) -> list[str]:
    """Return a name for each group: the district most of its schools lie in and no other campus is named after."""
    names = [""] * len(groups)
    wishes = sorted(
        (
            (-sum(school.district == district for school in group), district, index)
            for index, group in enumerate(groups)
            for district in {school.district for school in group}
        ),
    )
    taken = set(taken)
    for _, district, index in wishes:
        if district and not names[index] and district not in taken:
            names[index] = district
            taken.add(district)
    numbers = (f"Campus {number}" for number in range(1, 1000))
    return [name or next(number for number in numbers if number not in taken) for name in names]


def _far_apart(points, count) -> list[Point]:
    middles = [min(points)]
    while len(middles) < count:
        middles.append(max(points, key=lambda point: (min(_distance(point, other) for other in middles), point)))
    return middles


def _choose(points, middles) -> list[list[int]]:
    small, larger = divmod(len(points), len(middles))
    groups: list[list[int]] = [[] for _ in middles]

    def has_room(index):
        full = sum(len(group) > small for group in groups)
        return len(groups[index]) < small or (len(groups[index]) == small and full < larger)

    left = set(range(len(points)))
    while left:
        open_groups = [index for index in range(len(middles)) if has_room(index)]

        def regret(index, open_groups=open_groups):
            ways = sorted(_distance(points[index], middles[group]) for group in open_groups)
            return (ways[1] - ways[0] if len(ways) > 1 else 0.0, -index)

        chosen = max(left, key=regret)
        nearest = min(open_groups, key=lambda group: (_distance(points[chosen], middles[group]), group))
        groups[nearest].append(chosen)
        left.remove(chosen)
    return groups


def _middle(points) -> Point:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _point(school) -> Point:
    """Return the position in kilometres on a plane, which is exact enough within a city."""
    latitude, longitude = float(school.latitude), float(school.longitude)
    return latitude * 111.2, longitude * 111.2 * cos(radians(51.5))


def _taken_names() -> set[str]:
    return set(Campus.objects.values_list("name", flat=True))


def _room_in_ours() -> list[list]:
    """Return our own campuses as [campus, number of schools, middle]."""
    found = []
    for campus in Campus.objects.filter(note=OURS).order_by("slug"):
        points = [_point(school) for school in campus.schools.exclude(latitude=None)]
        if points:
            found.append([campus, len(points), _middle(points)])
    return found


def _join_nearest(free, found) -> None:
    for school in free:
        with_room = [entry for entry in found if entry[1] < MOST_SCHOOLS]
        nearest = min(with_room, key=lambda entry: (_distance(_point(school), entry[2]), entry[0].slug))
        nearest[1] += 1
        School.objects.filter(pk=school.pk).update(campus=nearest[0])
