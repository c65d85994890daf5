"""The parts a city falls into: by campus, school form, district and kind of report, each under its own address."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, count

from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campuses.models import Campus
from reports.city.reading import Key, Reading
from reports.models import Scope
from schools.models import School
from schools.viewer import Viewer
from tickets.models import Category


class By(models.TextChoices):
    """In which ways the city is told apart."""

    CAMPUS = Scope.CAMPUS, gettext_lazy("By campus")
    FORM = Scope.FORM, gettext_lazy("By school form")
    DISTRICT = Scope.DISTRICT, gettext_lazy("By district")
    CATEGORY = Scope.CATEGORY, gettext_lazy("By kind")


@dataclass(frozen=True)
class Part:
    """One campus, form, district or kind: its key in the read model, its name, and its name in addresses."""

    by: By
    key: str
    name: str
    slug: str = ""

    @property
    def place(self) -> Key:
        return self.by.value, self.key

    @property
    def address(self) -> str:
        return reverse("city-part", args=[self.by.value, self.slug]) if self.slug else ""

    @property
    def title(self) -> str:
        """What the page of the part is called."""
        return _("Campus %(name)s") % {"name": self.name} if self.by == By.CAMPUS else self.name


def parts_of(by: By, viewer: Viewer, reading: Reading) -> list[Part]:
    """Return all parts, by name; school forms as the annual report orders them. What lies in none comes last.

    They are never ordered by what was achieved: a campus has one manager, and there is no ranking of persons.
    """
    parts = {
        By.CAMPUS: lambda: _campuses(viewer),
        By.FORM: lambda: [Part(by, form.value, str(form.label), form.value) for form in School.Form],
        By.DISTRICT: lambda: _districts(reading),
        By.CATEGORY: _categories,
    }[by]()
    if by == By.FORM:
        inhabited = {school.form for school in reading.schools.values()}
        parts = [part for part in parts if part.key in inhabited]
    return [*parts, Part(by, "", _("Without a campus") if by == By.CAMPUS else _("Without a district"))]


def _campuses(viewer: Viewer) -> list[Part]:
    campuses = Campus.objects.visible_to(viewer).order_by("sort_key")
    return [Part(By.CAMPUS, str(campus.pk), campus.name, campus.slug) for campus in campuses]


def _districts(reading: Reading) -> list[Part]:
    names = sorted({school.district for school in reading.schools.values()} - {""})
    return [Part(By.DISTRICT, name, name, slug) for name, slug in zip(names, slugs_of(names), strict=True)]


def slugs_of(names: Iterable[str]) -> list[str]:
    """Return a name in addresses for each of these: never empty, without slashes, and no two the same."""
    slugs = []
    for name in names:
        plain = slugify(name.replace("/", "-"), allow_unicode=True) or "district"
        numbered = (f"{plain}-{number}" for number in count(2))
        slugs.append(next(slug for slug in chain([plain], numbered) if slug not in slugs))
    return slugs


def _categories() -> list[Part]:
    # Also those no longer in use: what was reported under them still counts.
    categories = sorted(Category.objects.all(), key=lambda category: category.name)
    return [Part(By.CATEGORY, str(category.pk), category.name, category.slug) for category in categories]
