"""The tables of the annual report that are made of what we know: their rows, their columns, and what has to add up."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from devices.models import Device
from schools.models import School, TechnicalProfile

SUM, CHANGE = "sum", "change"  # rows below the school forms; SUM is also a column
FORMS = tuple(School.Form)
Coverage, Kind, Support = TechnicalProfile.Coverage, Device.Kind, School.SupportType


@dataclass(frozen=True)
class Column:
    """A column; `fact` says what is counted: a field of the school and its value, or a kind of device.

    Without a fact it is only printed: nothing of ours tells it yet.
    """

    key: str
    name: Promise
    fact: tuple[str, str] | Kind | None = None

    @property
    def counts_devices(self) -> bool:
        return isinstance(self.fact, Kind)


@dataclass(frozen=True)
class Sheet:
    """One table. `key` is its number in the annual report 2023, which is also its address."""

    key: str
    icon: str
    title: Promise
    name: Promise  # short, for the way there
    columns: tuple[Column, ...]
    unit: Promise
    note: Promise
    total: tuple[str, ...] = ()  # the columns that the column SUM adds up
    difference: tuple[str, str, str] | None = None  # the first is the second less the third
    at_most: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # the first together no more than the second
    facts: tuple[str, ...] = field(default=())  # the fields of the school that are read

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return (*self.columns, Column(SUM, _("Total"))) if self.total else self.columns

    def column(self, key: str) -> Column | None:
        return next((column for column in self.all_columns if column.key == key), None)


NETWORK = Sheet(
    "8",
    "hub",
    _("LAN and WLAN by school form"),
    _("LAN and WLAN"),
    (
        Column("lan-complete", _("LAN complete"), ("profile__lan", Coverage.COMPLETE)),
        Column("lan-partial", _("LAN partial"), ("profile__lan", Coverage.PARTIAL)),
        Column("wlan-complete", _("WLAN complete"), ("profile__wlan", Coverage.COMPLETE)),
        Column("wlan-partial", _("WLAN partial"), ("profile__wlan", Coverage.PARTIAL)),
    ),
    _("Schools"),
    _("We count schools, the annual report counts sites. A school of which nothing is entered is in no column."),
    at_most=(("wlan-complete", "wlan-partial"), ("lan-complete", "lan-partial")),
    facts=("profile__lan", "profile__wlan"),
)
PRESENTATION = Sheet(
    "9",
    "tv",
    _("Presentation technology by school form"),
    _("Presentation technology"),
    (
        Column("before", _("A year before")),
        Column("number", _("Devices"), Kind.DISPLAY),
        Column("rollouts", _("Added within the year")),
    ),
    _("Devices"),
    _("We count the devices entered today. Since when each is there comes with them; so far it is only printed."),
    difference=("rollouts", "number", "before"),
)
COMPUTERS = Sheet(
    "11",
    "computer",
    _("Desktops and laptops by school form"),
    _("Desktops and laptops"),
    (
        Column("desktop", _("Desktop, OPS-PC"), Kind.DESKTOP),
        Column("laptop", _("Laptop"), Kind.LAPTOP),
    ),
    _("Devices"),
    _("We count the devices entered today. How many there were a year before comes with the devices."),
    total=("desktop", "laptop"),
)
SUPPORT = Sheet(
    "14",
    "support_agent",
    _("Support types by school form"),
    _("Support types"),
    (
        Column("full", Support.FULL.label, ("support_type", Support.FULL)),
        Column("on_site", Support.ON_SITE.label, ("support_type", Support.ON_SITE)),
        Column("own", Support.OWN.label, ("support_type", Support.OWN)),
    ),
    _("Schools"),
    _("We count the schools that are running today."),
    total=("full", "on_site", "own"),
    facts=("support_type",),
)
SHEETS = {sheet.key: sheet for sheet in (NETWORK, PRESENTATION, COMPUTERS, SUPPORT)}
#: Further figures that are imported to be told beside a table: how many schools and sites a source speaks of.
EXTENT = "extent"
EXTENT_COLUMNS = ("schools", "sites")


def is_known(table: str, row: str, column: str) -> bool:
    """Return whether a figure of this place can be taken."""
    if table == EXTENT:
        return row == SUM and column in EXTENT_COLUMNS
    sheet = SHEETS.get(table)
    return sheet is not None and row in (*FORMS, SUM, CHANGE) and sheet.column(column) is not None
