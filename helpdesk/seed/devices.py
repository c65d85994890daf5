"""Devices of the demo: as many as are asked for, spread over the schools by their pupils."""

from itertools import accumulate
from random import Random

from devices.models import Device
from helpdesk.seed.copying import Copy
from schools.models import Room, School

PREFIX = "DEMO-"
Kind = Device.Kind
#: kind, model, weight, whether it stands in a room. The proportions follow the annual report.
MODELS = (
    (Kind.TABLET, "iPad (9. Generation)", 52, False),
    (Kind.TABLET, "iPad (10. Generation)", 26, False),
    (Kind.LAPTOP, "Notebook 14 Zoll", 4, False),
    (Kind.DESKTOP, "Desktop-PC", 10, True),
    (Kind.DISPLAY, "Interaktives Display 75 Zoll", 3, True),
    (Kind.DISPLAY, "Apple TV 4K", 2, True),
    (Kind.DISPLAY, "Beamer", 1, True),
    (Kind.PRINTER, "Multifunktionsdrucker", 1, True),
    (Kind.NETWORK, "Access Point", 1, True),
)
WEIGHTS = list(accumulate(weight for _, _, weight, _ in MODELS))
BATCH = 20_000
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else


def add_devices(wanted: int, *, seed: int) -> int:
    """Add devices until the city has as many as wanted; return how many were added."""
    have = Device.objects.count()
    missing = wanted - have
    schools = list(School.objects.order_by("number").values_list("pk", "students"))
    if missing <= 0 or not schools:
        return 0
    rooms: dict[int, list[int]] = {}
    for school, room in Room.objects.filter(active=True).order_by("pk").values_list("school", "pk"):
        rooms.setdefault(school, []).append(room)
    pupils = list(accumulate((students or 200) for _, students in schools))
    lot = Random(f"{seed}:devices:{have}")
    first = _last_number() + 1
    copy = Copy(Device, ("code", "serial", "kind", "model", "school_id", "room_id"))
    for number in range(first, first + missing):
        kind, model, _, in_room = lot.choices(MODELS, cum_weights=WEIGHTS)[0]
        school = lot.choices(schools, cum_weights=pupils)[0][0]
        room = lot.choice(rooms[school]) if in_room and school in rooms else None
        copy.add(f"{PREFIX}{number:06}", _serial(number), kind.value, model, school, room)
        if len(copy) >= BATCH:
            copy.write()
    copy.write()
    return missing


def _last_number() -> int:
    codes = Device.objects.filter(code__regex=rf"^{PREFIX}\d{{6,9}}$").values_list("code", flat=True)
    last = max(codes, key=lambda code: (len(code), code), default="")
    return int(last.removeprefix(PREFIX) or 0)


def _serial(number: int) -> str:
    """Return a serial number of its own for each number; no maker's begins like this."""
    digits, rest = "", number * 7919
    for _ in range(7):
        rest, digit = divmod(rest, len(ALPHABET))
        digits += ALPHABET[digit]
    return f"DEMO{digits}"
