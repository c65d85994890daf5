"""The people of the demo: the sign-ins everybody may try, a manager for each campus, and staff for each school.

All of them are invented; their addresses end in demo.example, their telephone numbers in nothing that rings.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.models import AccountEvent, CityRole, User
from campuses.models import Absence, Campus, CampusAssignment
from foundation.berlin import berlin_day
from helpdesk.seed.names import draw_name
from schools.memberships import told
from schools.models import Cover, School, SchoolMembership
from schools.viewer import Role
from teams.models import Team, TeamMembership

DOMAIN = "demo.example"
PASSWORD = "demo"
BRECHT, KANT, WIDEY, WESTRICHER = "169274", "169298", "129276", "129677"
LARGE = 600  # pupils; from here on a school has one teacher more who reports


@dataclass(frozen=True)
class Post:
    """A role and where it is held: a school number, the short name of a campus or team, or nothing."""

    role: str
    scope: str = ""
    leads: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody of the demo before the row exists."""

    account: str  # the address without its domain
    first_name: str
    last_name: str
    posts: tuple[Post, ...]
    phone: str = ""

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


def _at(role: str, *schools: str) -> tuple[Post, ...]:
    return tuple(Post(role, school) for school in schools)


SIGN_INS = (
    Person("lehrkraft", "Tilda", "Tafel", _at("teacher", BRECHT), "0231 000-111"),
    Person("lehrkraft2", "Kolja", "Kreide", _at("teacher", BRECHT)),
    Person("lehrkraft-asseln", "Anton", "Atlas", _at("teacher", KANT)),
    Person("ansprechperson", "Ina", "Index", _at("contact", BRECHT), "0231 000-113"),
    Person("schulleitung", "Hella", "Haupt", (*_at("head", BRECHT), *_at("teacher", BRECHT)), "0231 000-114"),
    Person("campus", "Mona", "Mobil", (Post("campus_manager", "kirchlinde"),), "0231 000-121"),
    Person("campus-asseln", "Arne", "Außendienst", (Post("campus_manager", "asseln"),), "0231 000-122"),
    Person("helpdesk", "Hedwig", "Hörer", (Post("helpdesk"),), "0231 000-100"),
    Person("systemhaus", "Siri", "Switch", (Post("second_level", "network", leads=True),), "0231 000-141"),
    Person("systemhaus-ipad", "Pina", "Pad", (Post("second_level", "tablets", leads=True),), "0231 000-142"),
    Person("koordination", "Korbinian", "Karte", (Post("coordinator"),), "0231 000-131"),
    Person("stadt", "Stella", "Stadt", (Post("city_reader"),)),
    Person("admin", "Ada", "Admin", (Post("administrator"),)),
)
OTHERS = (
    Person("helpdesk2", "Theo", "Telefon", (Post("helpdesk"),), "0231 000-101"),
    Person("systemhaus-netz", "Rudi", "Router", (Post("second_level", "network"),), "0231 000-143"),
    Person("systemhaus-server", "Selma", "Server", (Post("second_level", "servers", leads=True),), "0231 000-144"),
    Person("systemhaus-tafel", "Bela", "Beamer", (Post("second_level", "presentation", leads=True),), "0231 000-145"),
    Person(
        "systemhaus-arbeitsplatz",
        "Dana",
        "Drucker",
        (Post("second_level", "workplaces", leads=True), Post("second_level", "tablets")),
        "0231 000-146",
    ),
    Person("zwei-schulen", "Zora", "Zweigleis", _at("teacher", WIDEY, WESTRICHER)),
)
#: Managers of the other campuses, in alphabetical order of the campuses.
MANAGERS = (
    ("Carla", "Campus"),
    ("Dario", "Dose"),
    ("Edda", "Etage"),
    ("Finn", "Fahrplan"),
    ("Gesa", "Gerät"),
    ("Hanno", "Hub"),
    ("Ilse", "Inventar"),
    ("Jonte", "Joystick"),
    ("Karla", "Kabel"),
    ("Lasse", "Lampe"),
    ("Marta", "Monitor"),
    ("Nils", "Netzteil"),
)


def add_people(*, at: datetime, seed: int, years: int) -> tuple[int, int]:
    """Add whoever is missing, with their roles; return how many people and roles were added."""
    people = [*SIGN_INS, *OTHERS, *_managers(seed), *_members(seed)]
    accounts, added = _accounts(people, at)
    since = date(berlin_day(at).year - max(2, years), 8, 1)
    rows = _new_posts(people, accounts, since)
    for model in (CityRole, SchoolMembership, CampusAssignment, TeamMembership):
        model.objects.bulk_create([row for row in rows if isinstance(row, model)], batch_size=1000)
    AccountEvent.objects.bulk_create(
        [AccountEvent(verb=AccountEvent.Verb.ROLE_GRANTED, person=row.person, at=at, data=told(row)) for row in rows],
        batch_size=1000,
    )
    return added, len(rows)


def add_absences(*, at: datetime) -> int:
    """Let a manager be away now, and a substitute the day after tomorrow, so that a chain of covers shows.

    Every school stays attended: A's schools go to B, and while B is away too, A's and B's go to C.
    """
    if Absence.objects.exists():
        return 0
    today = berlin_day(at)
    ours = CampusAssignment.objects.on(today).exclude(campus__slug__in=("kirchlinde", "asseln"))
    duty = list(ours.filter(person__email__endswith=f"@{DOMAIN}").order_by("campus__slug")[:3])
    if len(duty) < 3:
        return 0
    first, second, third = duty
    away = Absence.objects.create(
        person=first.person, starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=5)
    )
    also = Absence.objects.create(
        person=second.person, starts_on=today + timedelta(days=2), ends_on=today + timedelta(days=3)
    )
    covers = [_cover(away, school, second.person) for school in first.campus.schools.all()]
    covers += [_cover(also, s, third.person) for a in (first, second) for s in a.campus.schools.all()]
    return len(Cover.objects.bulk_create(covers))


def _cover(absence, school, substitute) -> Cover:
    return Cover(
        absence=absence,
        school=school,
        substitute=substitute,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    )


def _managers(seed) -> list[Person]:
    """Return a manager for each campus that has no sign-in of its own."""
    taken = {post.scope for person in SIGN_INS for post in person.posts if post.role == Role.CAMPUS_MANAGER}
    slugs = Campus.objects.exclude(slug__in=taken).order_by("slug").values_list("slug", flat=True)
    people = []
    for number, slug in enumerate(slugs):
        name = MANAGERS[number] if number < len(MANAGERS) else draw_name(Random(f"{seed}:manager:{slug}"))
        posts = (Post("campus_manager", slug),)
        people.append(Person(f"campus-{slug}", *name, posts, f"0231 000-{151 + number}"))
    return people


def _members(seed) -> list[Person]:
    """Return head, IT contact and some teachers for each school; the sign-ins take the place of some of them."""
    people = []
    held = {(post.role, post.scope) for person in SIGN_INS for post in person.posts}
    for number, students in School.objects.order_by("number").values_list("number", "students"):
        lot = Random(f"{seed}:people:{number}")
        if ("head", number) not in held:
            # At small schools the head looks after the devices too.
            roles = ["head", "contact"] if (students or 0) < 150 else ["head"]
            people.append(Person(f"schulleitung-{number}", *draw_name(lot), tuple(Post(r, number) for r in roles)))
        else:
            roles = []
        if ("contact", number) not in held and "contact" not in roles:
            posts = (*_at("contact", number), *_at("teacher", number))
            people.append(Person(f"ansprechperson-{number}", *draw_name(lot), posts))
        for place in range(1, 5 if (students or 0) >= LARGE else 4):
            people.append(Person(f"lehrkraft{place}-{number}", *draw_name(lot), _at("teacher", number)))
    return people


def _accounts(people, at) -> tuple[dict[str, User], int]:
    """Return the account of each address, adding the missing ones; the password is hashed once for all."""
    known = User.objects.in_bulk([person.email for person in people], field_name="email")
    password = make_password(PASSWORD)
    missing = [
        User(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            phone=person.phone,
            password=password,
            created_at=at,
        )
        for person in people
        if person.email not in known
    ]
    User.objects.bulk_create(missing, batch_size=1000)
    AccountEvent.objects.bulk_create(
        [AccountEvent(verb=AccountEvent.Verb.CREATED, person=person, at=at) for person in missing], batch_size=1000
    )
    return known | {person.email: person for person in missing}, len(missing)


def _new_posts(people, accounts, since) -> list:
    """Return the role rows that are missing; where a campus is in other hands it stays there."""
    schools = {school.number: school for school in School.objects.all()}
    campuses = {campus.slug: campus for campus in Campus.objects.all()}
    teams = {team.slug: team for team in Team.objects.all()}
    held = _held()
    rows = []
    for person in people:
        user = accounts[person.email]
        for post in person.posts:
            key = (user.pk, post.role, post.scope)
            if key in held or (post.role == Role.CAMPUS_MANAGER and ("campus", post.scope) in held):
                continue
            period = {"person": user, "starts_on": since}
            if post.role in CityRole.Role:
                rows.append(CityRole(role=post.role, **period))
            elif post.role == Role.CAMPUS_MANAGER and post.scope in campuses:
                rows.append(CampusAssignment(campus=campuses[post.scope], **period))
            elif post.role == Role.SECOND_LEVEL and post.scope in teams:
                rows.append(TeamMembership(team=teams[post.scope], is_lead=post.leads, **period))
            elif post.scope in schools:
                rows.append(SchoolMembership(school=schools[post.scope], role=post.role, **period))
    return rows


def _held() -> set[tuple]:
    """Return which roles are held at any time, and which campuses are in somebody's hands."""
    held: set[tuple] = {(person, role, "") for person, role in CityRole.objects.values_list("person", "role")}
    held.update(SchoolMembership.objects.values_list("person", "role", "school__number"))
    for person, team in TeamMembership.objects.values_list("person", "team__slug"):
        held.add((person, Role.SECOND_LEVEL.value, team))
    for person, campus in CampusAssignment.objects.values_list("person", "campus__slug"):
        held |= {(person, Role.CAMPUS_MANAGER.value, campus), ("campus", campus)}
    return held
