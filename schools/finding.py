"""Finds the school and the person who calls: a few letters are enough, and a slip of the finger does no harm.

    found = Finder(viewer, "taf brecht")
    found.people[0].person, found.people[0].school

Every word has to fit: the beginning of a word of the name, the initials, the number, the district or the street of
a school; the first or last name of one of its members; the name, function or telephone of one of its contacts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from accounts.models import User
from foundation.sorting import sort_key_of
from foundation.spelling import nearly_begins, sound_of, spellings, words_of

from .models import Contact, School, SchoolMembership
from .people import people_visible_to
from .viewer import Viewer

WORDS_AT_MOST = 5
LONGEST = 100
SCHOOLS, PEOPLE, CONTACTS = 6, 8, 4
SOMEWHERE = 3  # the rank of a word that stands in the middle of another
FEWEST_DIGITS = 4  # of a telephone number
FEWEST_LETTERS = 3  # before a wrong spelling is looked for
MOST_NAMES = 20_000  # that are read to look for one

#: How people shorten the school forms.
SHORT_FORMS = {
    School.Form.PRIMARY: "gs",
    School.Form.GYMNASIUM: "gym",
    School.Form.REALSCHULE: "rs",
    School.Form.HAUPTSCHULE: "hs",
    School.Form.COMPREHENSIVE: "ges",
    School.Form.SPECIAL: "fs",
    School.Form.VOCATIONAL: "bk",
    School.Form.ADULT: "wbk",
}
COLUMNS = ("number", "name", "official_name", "form", "district", "street", "sort_key", "campus")


@dataclass(frozen=True)
class Caller:
    """Somebody at a school: a member with an account, or a contact without one."""

    school: School
    person: User | None = None
    contact: Contact | None = None

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.contact.name


class Finder:
    """What was typed, as schools and people in the viewer's sight; four statements at most, none for no words.

    `school` narrows the people to its members and contacts.
    """

    def __init__(self, viewer: Viewer, typed: str, *, school: School | None = None):
        self.viewer = viewer
        self.typed = typed[:LONGEST].replace("\x00", "")
        self.words = words_of(self.typed)[:WORDS_AT_MOST]
        self.school = school

    @property
    def schools_first(self) -> bool:
        """Whether the schools are the better answer: nobody of that name is there, or the first word is theirs."""
        return bool(self.schools) and (not self.people or self.school_rank(self.schools[0]) == 0)

    @cached_property
    def schools(self) -> list[School]:
        """The schools that fit, the best first; those that are spelled a little otherwise if none does."""
        if not self.words or self.school is not None:
            return []
        ranked = [(self.school_rank(school), school) for school in self._all_schools]
        fitting = [(rank, school.sort_key, school) for rank, school in ranked if rank is not None]
        if not fitting and not self.people and not self.contacts:
            fitting = [(0, school.sort_key, school) for school in self._all_schools if self._nearly(school)]
        return [school for _rank, _key, school in sorted(fitting, key=lambda row: row[:2])[:SCHOOLS]]

    @cached_property
    def people(self) -> list[Caller]:
        """The members that fit, in German order; those whose name sounds like it or is misspelt if none does."""
        if not self.words:
            return []
        digits = _digits(self.typed)
        if digits:
            return self._callers(self._with_digits(self._members.all(), "person__phone", digits))
        return self._callers(self._named(self._members)) or self._misheard

    @cached_property
    def contacts(self) -> list[Caller]:
        """The contacts without an account that fit: offices, caretakers."""
        if not self.words:
            return []
        rows = Contact.objects.visible_to(self.viewer).filter(person=None, school__in=self._known)
        digits = _digits(self.typed)
        if digits:
            rows = self._with_digits(rows, "phone", digits)
        else:
            own, at_school = Q(), Q()
            for word in self.typed.split()[:WORDS_AT_MOST]:
                told = Q(name__icontains=word) | Q(function__istartswith=word)
                own |= told
                at_school &= told | Q(school__in=self._fitting(words_of(word)))
            rows = rows.filter(own & at_school)
        rows = rows.order_by("school__sort_key", "order", "name", "pk")[:CONTACTS]
        return [Caller(self._known[row.school_id], contact=row) for row in rows]

    def school_rank(self, school: School) -> int | None:
        """Return how well all words fit a school, 0 the best; None where one does not."""
        ranks = [_rank(word, school) for word in self.words]
        return None if None in ranks else max(ranks)

    @cached_property
    def _all_schools(self) -> list[School]:
        rows = School.objects.visible_to(self.viewer).running(self.viewer.day)
        schools = list(rows.only(*COLUMNS))
        for school in schools:
            school.words = _Words(school)
        return schools

    @cached_property
    def _known(self) -> dict[int, School]:
        if self.school is not None:
            return {self.school.pk: self.school}
        return {school.pk: school for school in self._all_schools}

    @property
    def _members(self) -> QuerySet[SchoolMembership]:
        rows = SchoolMembership.objects.on(self.viewer.day).filter(school__in=self._known)
        return rows.filter(person__in=people_visible_to(self.viewer))

    def _named(self, rows):
        """Limit to members of whose name at least one word speaks, and the rest of their name or school."""
        names, everything = Q(), Q()
        for word in self.words:
            name = Q()
            for spelling in spellings(word):
                name |= Q(person__sort_key__startswith=spelling)
                name |= Q(person__sort_key__contains=f" {spelling}") | Q(person__sort_key__contains=f"-{spelling}")
            names |= name
            everything &= name | Q(school__in=self._fitting([word]))
        return rows.filter(names & everything)

    def _fitting(self, words) -> list[int]:
        """Return the schools all these words may mean; none where people of one school are looked for."""
        if self.school is not None:
            return []
        ranks = ((school.pk, [_rank(word, school) for word in words]) for school in self._all_schools)
        return [pk for pk, fitting in ranks if all(rank is not None and rank < SOMEWHERE for rank in fitting)]

    def _callers(self, rows) -> list[Caller]:
        rows = rows.select_related("person").order_by("person__sort_key", "person", "school__sort_key")
        # Somebody may hold several roles at one school.
        once = {(row.person_id, row.school_id): row.person for row in rows[: PEOPLE * 3]}
        return [Caller(self._known[school], person=person) for (_pk, school), person in once.items()][:PEOPLE]

    @property
    def _misheard(self) -> list[Caller]:
        """Look again, by ear: names over a telephone are rarely spelled."""
        typed = [word for word in self.words if len(word) >= FEWEST_LETTERS and not self._fitting([word])]
        if not typed:
            return []
        others = [word for word in self.words if word not in typed]
        names = self._members.filter(school__in=self._fitting(others)) if others else self._members
        rows = [(pk, set(words_of(name))) for pk, name in names.values_list("pk", "person__sort_key")[:MOST_NAMES]]
        every_name = set().union(*(names for _pk, names in rows))
        alike = [_alike(word, every_name) for word in typed]
        found = [pk for pk, names in rows if all(names & meant for meant in alike)]
        return self._callers(self._members.filter(pk__in=found[: PEOPLE * 3])) if found else []

    def _with_digits(self, rows, column: str, digits: str):
        dialled = Func(
            F(column), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
        )
        return rows.alias(dialled=dialled).filter(dialled__contains=digits)

    def _nearly(self, school: School) -> bool:
        return all(any(nearly_begins(word, other) for other in school.words.name) for word in self.words)


class _Words:
    """The words of a school that one may begin to type."""

    def __init__(self, school: School):
        self.name = words_of(school.name)
        self.short = SHORT_FORMS.get(school.form, "")
        initials = "".join(word[0] for word in self.name)
        self.initials = {initials, initials[:-1] + self.short}
        self.place = words_of(school.district) + words_of(school.street) + words_of(school.official_name)
        self.together = sort_key_of(school.name)


def _rank(word: str, school: School) -> int | None:
    """Return how well one word fits a school, 0 the best; None where it does not."""
    words = school.words
    if any(name.startswith(spelling) for spelling in spellings(word) for name in words.name):
        return 0
    if word in words.initials or word == words.short or school.number == word:
        return 0
    if school.number.startswith(word) or (len(word) > 1 and any(short.startswith(word) for short in words.initials)):
        return 1
    if any(other.startswith(spelling) for spelling in spellings(word) for other in words.place):
        return 2
    return SOMEWHERE if len(word) >= FEWEST_LETTERS and word in words.together else None


def _alike(typed: str, names: Iterable[str]) -> set[str]:
    """Return the names that sound like what was typed, or are spelled nearly so."""
    heard = sound_of(typed)
    return {name for name in names if sound_of(name).startswith(heard) or nearly_begins(typed, name)}


def _digits(typed: str) -> str:
    """Return the end of a telephone number as it is dialled within the country; empty where it is none."""
    digits = "".join(character for character in typed if character.isdigit())
    if len(digits) < FEWEST_DIGITS or any(character.isalpha() for character in typed):
        return ""
    return digits.removeprefix("0049").removeprefix("49").removeprefix("0")
