"""Writes the people of a file with their roles: one role a row, each row completely or not at all."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.commands import create_person, invite, record_changes
from accounts.models import CityRole, User
from campuses.models import Campus, CampusAssignment
from foundation.berlin import berlin_day
from foundation.periods import DayPeriod
from foundation.text import clean_line
from schools import memberships
from schools.models import School, SchoolMembership
from schools.viewer import Role
from teams.models import Team, TeamMembership

from .files import read_table
from .reading import RowRefused
from .report import Report, Result

COLUMNS = ("email", "first_name", "last_name", "phone", "role", "scope", "from", "until")
NEEDED = ("email", "first_name", "last_name")
SCHOOL_ROLES = {Role.TEACHER, Role.CONTACT, Role.HEAD}

_is_email = EmailValidator()


@transaction.atomic
def import_people(path: Path, report: Report, *, at: datetime, dry_run: bool = False, send_invitations: bool = False):
    """Take the people of the file, all of it in one transaction; raises FileRefused before anything is written.

    `send_invitations` owes everybody who is new a mail with a link to choose a password.
    """
    table = read_table(path)
    table.require(*NEEDED)
    run = _Run(report, at)
    for record in table.records:
        run.take(record)
    if send_invitations:
        run.invite_the_new()
    report.sum_up(dry_run=dry_run)
    if dry_run:
        transaction.set_rollback(True)


@dataclass(frozen=True)
class _Row:
    email: str
    first_name: str
    last_name: str
    phone: str
    role: str
    scope: str
    starts_on: date | None
    ends_on: date | None


class _Run:
    """One import: the scopes of the city, and the people the file has named so far."""

    def __init__(self, report: Report, at: datetime):
        self.report = report
        self.at = at
        self.today = berlin_day(at)
        self.schools = {school.number: school for school in School.objects.all()}
        self.campuses = {
            key: campus for campus in Campus.objects.all() for key in (campus.slug, campus.name.casefold())
        }
        self.teams = {team.slug: team for team in Team.objects.all()}
        self.named: dict[str, _Named] = {}
        self.new: dict[str, User] = {}

    def take(self, record) -> None:
        """Take one row and say what became of it."""
        try:
            if record.problem:
                raise RowRefused(record.problem)
            row = _row(record.values)
            with transaction.atomic():
                person, details = self._person(row, record.line)
                details += self._role(row, person)
        except (RowRefused, ValidationError) as refusal:
            result, details = Result.REFUSED, [_sentence(refusal)]
        else:
            self._remember(row, person, record.line)
            result = _result(details)
        self.report.row(record.line, record.values.get("email", "")[:80], result, *(str(d) for d in details))

    def invite_the_new(self) -> None:
        for person in self.new.values():
            invite(person=person, by=None, at=self.at)
        count = len(self.new)
        self.report.say(
            ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", count)
            % {"count": count}
        )

    def _person(self, row, line):
        """Return the person of the row and what was changed about them."""
        before = self.named.get(row.email)
        if before is not None:
            before.must_agree_with(row)
            return before.person, []
        person = User.objects.filter(email=row.email).first()
        if person is None:
            if not row.first_name or not row.last_name:
                raise RowRefused(_("first and last name of a new person are missing"))
            names = {"first_name": row.first_name, "last_name": row.last_name, "phone": row.phone}
            return create_person(email=row.email, by=None, at=self.at, **names), [_Detail(_("person"), new=True)]
        return person, self._changes(row, person)

    def _changes(self, row, person) -> list:
        """Bring name and phone up to date; what the file leaves empty stays."""
        wanted = {"first_name": row.first_name, "last_name": row.last_name, "phone": row.phone}
        changed = [name for name, value in wanted.items() if value and getattr(person, name) != value]
        for name in changed:
            setattr(person, name, wanted[name])
        record_changes(person=person, fields=changed, by=None, at=self.at)
        return [_Detail(str(User._meta.get_field(name).verbose_name)) for name in changed]

    def _role(self, row, person) -> list:
        """Grant the role of the row, move its last day, or find that all is as the row says."""
        if not row.role:
            return []
        scope = self._scope(row)
        label = f"{Role(row.role).label}, {scope}" if scope else str(Role(row.role).label)
        known = self._known(row, person, scope)
        if known is None and not person.is_active:
            raise RowRefused(_("this account is closed"))
        if known is None:
            starts_on = row.starts_on or self.today
            if row.ends_on is not None and row.ends_on < starts_on:
                raise RowRefused(_("the last day lies before the first day"))
            memberships.grant(
                person=person,
                role=row.role,
                scope=scope,
                starts_on=starts_on,
                ends_on=row.ends_on,
                by=None,
                at=self.at,
            )
            return [_Detail(label, new=True)]
        if known.ends_on == row.ends_on:
            return []
        memberships.set_last_day(row=known, ends_on=row.ends_on, by=None, at=self.at)
        return [_Detail(_("%(role)s: last day") % {"role": label})]

    def _known(self, row, person, scope) -> DayPeriod | None:
        """Return the period of the same role that the row speaks of, if it is there already."""
        periods = _periods_of(row.role, person, scope)
        if row.starts_on is not None:
            return periods.filter(starts_on=row.starts_on).first()
        return periods.overlapping(self.today, None).order_by("starts_on").first()

    def _scope(self, row) -> School | Campus | Team | None:
        if row.role in SCHOOL_ROLES:
            found, missing = self.schools.get(row.scope), _("there is no school with the number “%(scope)s”")
        elif row.role == Role.CAMPUS_MANAGER:
            found = self.campuses.get(row.scope.casefold())
            missing = _("there is no campus “%(scope)s”")
        elif row.role == Role.SECOND_LEVEL:
            found, missing = self.teams.get(row.scope.lower()), _("there is no team “%(scope)s”")
        elif row.scope:
            raise RowRefused(_("this role holds for the whole city; leave the scope empty"))
        else:
            return None
        if found is None:
            raise RowRefused(missing % {"scope": row.scope[:40]})
        return found

    def _remember(self, row, person, line) -> None:
        if row.email not in self.named:
            self.named[row.email] = _Named(person, row, line)
            if person.created_at == self.at:
                self.new[row.email] = person


@dataclass(frozen=True)
class _Named:
    """A person the file has named already, with the row that did."""

    person: User
    row: _Row
    line: int

    def must_agree_with(self, row) -> None:
        """Refuse another spelling of the name under the same address: it may be another person."""
        for name in ("first_name", "last_name"):
            if getattr(row, name) and getattr(row, name) != getattr(self.person, name):
                raise RowRefused(_("in line %(line)s this address has another name") % {"line": self.line})


@dataclass(frozen=True)
class _Detail:
    """One thing a row has changed."""

    what: str
    new: bool = False

    def __str__(self) -> str:
        return _("new: %(what)s") % {"what": self.what} if self.new else self.what


def _row(values) -> _Row:
    email = values["email"].lower()
    try:
        _is_email(email)
    except ValidationError:
        raise RowRefused(_("“%(text)s” is not an e-mail address") % {"text": email[:80]}) from None
    role = values.get("role", "").lower()
    if role and role not in Role:
        raise RowRefused(
            _("there is no role “%(role)s”; the roles are %(roles)s")
            % {"role": role[:40], "roles": ", ".join(Role.values)}
        )
    return _Row(
        email,
        clean_line(values["first_name"], 80),
        clean_line(values["last_name"], 80),
        clean_line(values.get("phone", ""), 40),
        role,
        values.get("scope", ""),
        _day(values.get("from", "")),
        _day(values.get("until", "")),
    )


def _day(text: str) -> date | None:
    """Return the day written as 2026-08-01 or 01.08.2026; None for nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%d.%m.%Y").date()
    except ValueError:
        raise RowRefused(_("“%(text)s” is not a date like 2026-08-01") % {"text": text[:40]}) from None


def _periods_of(role, person, scope):
    if role in CityRole.Role:
        return CityRole.objects.filter(person=person, role=role)
    if role == Role.CAMPUS_MANAGER:
        return CampusAssignment.objects.filter(person=person, campus=scope)
    if role == Role.SECOND_LEVEL:
        return TeamMembership.objects.filter(person=person, team=scope)
    return SchoolMembership.objects.filter(person=person, school=scope, role=role)


def _result(details) -> Result:
    if not details:
        return Result.UNCHANGED
    return Result.NEW if any(detail.new for detail in details) else Result.CHANGED


def _sentence(refusal) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
