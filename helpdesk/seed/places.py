"""Rooms, contacts, technical facts and movable days of each school. Invented, but for nothing anybody could go to."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from holidays import country_holidays

from accounts.models import User
from helpdesk.seed.names import draw_name
from helpdesk.seed.people import BRECHT, DOMAIN
from schools.models import Contact, MovableDay, Room, School, Site, TechnicalProfile

Form = School.Form
FEWEST_ROOMS, MOST_ROOMS = 20, 50
PUPILS_A_ROOM = 28

#: Rooms that every school of a kind has; the rest are classrooms.
EVERYWHERE = ("Lehrkräftezimmer", "Sekretariat", "Schulleitung", "Medienraum", "Turnhalle", "Serverraum")
PRIMARY = ("OGS-Raum 1", "OGS-Raum 2", "Mensa", "Bücherei", "Förderraum", "Musikraum")
SECONDARY = (
    "Computerraum 1",
    "Computerraum 2",
    "Physik 1",
    "Chemie 1",
    "Biologie 1",
    "Musikraum",
    "Kunstraum",
    "Werkraum",
    "Aula",
    "Selbstlernzentrum",
    "Mensa",
)
MUST_HAVE = {BRECHT: ("A 204", "B 112")}
LETTERED, DOTTED, PLAIN, CLASSES = "lettered", "dotted", "plain", "classes"

#: Of 169 sites in the annual report 2023.
BROADBAND = {"fibre": 67, "radio": 7, "100": 86, "25-50": 9}
LAN = {"complete": 155, "partial": 14}
WLAN = {"complete": 155, "partial": 6, "": 8}
#: Share of schools with on-site support, by form: 10 of 88 primary and 2 of 11 special needs schools.
ON_SITE = {Form.PRIMARY: 10 / 88, Form.SPECIAL: 2 / 11}

ACCESS = (
    "Demo: Schlüssel für den Serverraum in der Hausmeisterei, werktags bis 15:30 Uhr. Verteiler im Keller.",
    "Demo: Anmeldung im Sekretariat. Der Verteiler steht im Medienraum, Schrank links.",
    "Demo: Zufahrt über den Lehrkräfteparkplatz, Schranke per Klingel. Verteiler im 1. OG neben der Treppe.",
    "Demo: Ab 14 Uhr ist nur der Eingang am Schulhof offen. Serverraum: Schlüssel im Sekretariat.",
    "Demo: Zwei Gebäude, je ein Verteiler. Der Aufzug geht nur mit Schlüssel aus der Hausmeisterei.",
)
FOUR_DAYS = {2024, 2028, 2029}  # school years (by their first year) with four movable days instead of three


def add_places(*, today: date, seed: int) -> dict[str, int]:
    """Add what schools are missing; return how many rows of each kind were added."""
    schools = list(School.objects.order_by("number"))
    return {
        "rooms": _add_rooms(schools, seed),
        "contacts": _add_contacts(schools, seed),
        "profiles": _add_profiles(schools, seed),
        "movable_days": _add_movable_days(schools, today, seed),
    }


def room_names(school: School, lot: Random) -> Iterator[tuple[str, str]]:
    """Yield name and building of each room: the special ones, then classrooms in the style of the house."""
    wanted = min(MOST_ROOMS, max(FEWEST_ROOMS, (school.students or 300) // PUPILS_A_ROOM + 12))
    special = EVERYWHERE + (PRIMARY if school.form == Form.PRIMARY else SECONDARY)
    for name in special:
        yield name, ""
    must_have = MUST_HAVE.get(school.number, ())
    style = LETTERED if must_have else _style(school, lot)
    left = wanted - len(special) - len(must_have)
    for name in must_have:
        yield name, _building(name)
    for name, building in _classrooms(style, max(6, left)):
        if name not in must_have:
            yield name, building


def _style(school, lot) -> str:
    if school.form == Form.PRIMARY:
        return lot.choice((CLASSES, CLASSES, PLAIN, DOTTED))
    return lot.choice((LETTERED, DOTTED, PLAIN))


def _classrooms(style, count) -> Iterator[tuple[str, str]]:
    """Yield as many classrooms, floor by floor."""
    for index in range(count):
        floor, place = divmod(index, 8)
        if style == CLASSES:
            year, letter = divmod(index, 4)
            yield f"Klasse {year + 1}{'abcd'[letter]}", _floor(floor)
        elif style == DOTTED:
            yield f"{floor}.{place + 1:02}", _floor(floor)
        elif style == PLAIN:
            yield f"R {floor}{place + 1:02}", _floor(floor)
        else:
            house, floor = divmod(floor, 3)
            name = f"{'ABC'[house % 3]} {floor}{place + 1:02}"
            yield name, _building(name)


def _building(name) -> str:
    return f"Gebäude {name[0]}, {_floor(int(name[2]))}"


def _floor(floor) -> str:
    return f"{floor}. OG" if floor else "Erdgeschoss"


def _add_rooms(schools, seed) -> int:
    have = set(Room.objects.values_list("school", flat=True))
    sites = dict(Site.objects.filter(is_main=True).values_list("school", "pk"))
    rooms = [
        Room(school=school, site_id=sites.get(school.pk), name=name, building=building)
        for school in schools
        if school.pk not in have
        for name, building in room_names(school, Random(f"{seed}:rooms:{school.number}"))
    ]
    return len(Room.objects.bulk_create(rooms, batch_size=1000))


def _add_contacts(schools, seed) -> int:
    have = set(Contact.objects.values_list("school", flat=True))
    # The account of an IT contact, where the demo has one; the number is not unique, the first account counts.
    people = User.objects.filter(school_memberships__role="contact", email__endswith=f"@{DOMAIN}")
    it_contacts = {}
    for school, person in people.order_by("-pk").values_list("school_memberships__school", "pk"):
        it_contacts[school] = person
    names = User.objects.in_bulk(set(it_contacts.values()))
    contacts = []
    for number, school in enumerate(schools):
        if school.pk in have:
            continue
        lot = Random(f"{seed}:contacts:{school.number}")
        office, caretaker = " ".join(draw_name(lot)), " ".join(draw_name(lot))
        line = f"0231 000-{2000 + number * 3}"
        hours = lot.choice(("Mo–Fr 7:30–13:00 Uhr", "Mo–Do 7:30–14:30 Uhr, Fr bis 12:00 Uhr", "Mo–Fr 8:00–12:30 Uhr"))
        contacts += [
            Contact(
                school=school,
                name=f"{office} (Demo)",
                function="Sekretariat",
                phone=line,
                email=f"sekretariat-{school.number}@{DOMAIN}",
                reachable=hours,
                order=10,
            ),
            Contact(
                school=school,
                name=f"{caretaker} (Demo)",
                function="Hausmeisterei",
                phone=f"0231 000-{2001 + number * 3}",
                reachable="Mo–Fr 6:30–15:30 Uhr",
                order=20,
            ),
        ]
        person = names.get(it_contacts.get(school.pk))
        if person is not None:
            contacts.append(
                Contact(
                    school=school,
                    person=person,
                    name=person.name,
                    function="IT-Ansprechperson",
                    phone=person.phone,
                    email=person.email,
                    order=30,
                )
            )
    return len(Contact.objects.bulk_create(contacts, batch_size=1000))


def _add_profiles(schools, seed) -> int:
    """Give each school without a technical profile one, and mark the school: these facts are drawn by lot."""
    have = set(TechnicalProfile.objects.values_list("school", flat=True))
    missing = [school for school in schools if school.pk not in have]
    lot = Random(f"{seed}:profiles")
    broadband, lan, wlan = (_spread(shares, len(missing), lot) for shares in (BROADBAND, LAN, WLAN))
    profiles = [
        TechnicalProfile(
            school=school,
            broadband=broadband[index],
            lan=lan[index],
            wlan=wlan[index],
            iserv_host=f"iserv-{school.number}.{DOMAIN}",
            access_notes=lot.choice(ACCESS),
        )
        for index, school in enumerate(missing)
    ]
    TechnicalProfile.objects.bulk_create(profiles, batch_size=1000)
    on_site = set()
    for form, share in ON_SITE.items():
        alike = [school.pk for school in missing if school.form == form]
        on_site.update(lot.sample(alike, round(len(alike) * share)))
    for school in missing:
        school.demo_facts = True
        school.support_type = School.SupportType.ON_SITE if school.pk in on_site else School.SupportType.FULL
    School.objects.bulk_update(missing, ["demo_facts", "support_type"], batch_size=500)
    return len(profiles)


def _spread(shares: dict[str, int], count: int, lot: Random) -> list[str]:
    """Return `count` values in the proportion of `shares`, in an order drawn by lot."""
    total = sum(shares.values())
    exact = {value: share * count / total for value, share in shares.items()}
    values = [value for value, number in exact.items() for _ in range(int(number))]
    by_rest = sorted(exact, key=lambda value: exact[value] % 1, reverse=True)
    values += by_rest[: count - len(values)]
    lot.shuffle(values)
    return values


def _add_movable_days(schools, today, seed) -> int:
    """Give each school the movable days of this school year and the next, around carnival and in spring."""
    have = set(MovableDay.objects.values_list("school", flat=True))
    first = today.year if today.month >= 8 else today.year - 1
    days = []
    for school in schools:
        if school.pk in have:
            continue
        lot = Random(f"{seed}:days:{school.number}")
        for year in (first, first + 1):
            number = 4 if year in FOUR_DAYS else 3
            chosen = sorted(lot.sample(_free_candidates(year + 1), number))
            days += [MovableDay(school=school, day=day, name="Beweglicher Ferientag (Demo)") for day in chosen]
    return len(MovableDay.objects.bulk_create(days, batch_size=1000))


def _free_candidates(year: int) -> Iterable[date]:
    """Return the days of a spring that schools like to take: around carnival, and bridges after holidays."""
    names = {name: day for day, name in country_holidays("DE", subdiv="NW", years=year, language="de").items()}
    carnival = names["Ostermontag"] - timedelta(days=49)  # the Monday before Ash Wednesday
    bridges = [names["Christi Himmelfahrt"] + timedelta(days=1), names["Fronleichnam"] + timedelta(days=1)]
    return [carnival - timedelta(days=3), carnival, carnival + timedelta(days=1), *bridges]
