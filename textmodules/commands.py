"""Writing texts: one's own, and as an administrator those that everybody shares."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_administrator
from schools.duties import viewer_of
from schools.viewer import Viewer

from .models import TextModule, TextModuleEvent

MOST_OWN = 100  # a list one still finds something in


def require_staff(viewer: Viewer) -> None:
    """Refuse those who do not work on reports: there is no box they could use a text in."""
    if not viewer.is_staff:
        raise PermissionDenied(_("Text modules are for those who work on reports."))


@transaction.atomic
def add_own_text(*, title: str, body: str, kinds: list[str], by: User, at: datetime) -> TextModule:
    """Keep a text for oneself."""
    require_staff(viewer_of(by, at))
    if TextModule.objects.filter(owner=by).count() >= MOST_OWN:
        raise ValidationError(_("You have %(most)s texts. Remove one before you add another.") % {"most": MOST_OWN})
    return _saved(TextModule(title=title, body=body, kinds=kinds, owner=by, created_at=at, changed_at=at))


@transaction.atomic
def change_own_text(
    *, module: TextModule, title: str, body: str, kinds: list[str], by: User, at: datetime
) -> TextModule:
    """Change one's own text; one that is not in sight does not exist, a shared one is refused."""
    module = _own(module, by=by, at=at)
    module.title, module.body, module.kinds, module.changed_at = title, body, kinds, at
    return _saved(module)


@transaction.atomic
def remove_own_text(*, module: TextModule, by: User, at: datetime) -> None:
    """Forget one's own text for good; what was written with it stays where it was written."""
    _own(module, by=by, at=at).delete()


@transaction.atomic
def add_shared_text(*, title: str, body: str, kinds: list[str], by: User | None, at: datetime) -> TextModule:
    """Offer a text to all who work on reports."""
    require_administrator(by, at=at)
    module = _saved(TextModule(title=title, body=body, kinds=kinds, created_at=at, changed_at=at))
    _record(TextModuleEvent.Verb.ADDED, module, by=by, at=at)
    return module


@transaction.atomic
def change_shared_text(
    *, module: TextModule, title: str, body: str, kinds: list[str], active: bool, by: User | None, at: datetime
) -> TextModule:
    """Change what everybody is offered, or offer it no longer; earlier words stay in its history."""
    require_administrator(by, at=at)
    module = TextModule.objects.shared().select_for_update().get(pk=module.pk)
    module.title, module.body, module.kinds, module.active, module.changed_at = title, body, kinds, active, at
    _saved(module)
    _record(TextModuleEvent.Verb.CHANGED, module, by=by, at=at)
    return module


def _own(module: TextModule, *, by: User, at: datetime) -> TextModule:
    viewer = viewer_of(by, at)
    locked = TextModule.objects.visible_to(viewer).select_for_update().get(pk=module.pk)
    require_owner(viewer, locked)
    return locked


def require_owner(viewer: Viewer, module: TextModule) -> None:
    """Refuse everybody but whoever wrote it: shared texts speak for the city, so they are a matter of the settings."""
    if module.owner_id != viewer.person.pk:
        raise PermissionDenied(_("Shared texts are changed by the administration. Copy the text to change it."))


def _saved(module: TextModule) -> TextModule:
    module.full_clean()
    try:
        with transaction.atomic():
            module.save()
    except IntegrityError:  # somebody else took the title between the check and the save
        module.full_clean()
        raise
    return module


def _record(verb: str, module: TextModule, *, by: User | None, at: datetime) -> None:
    words = {"title": module.title, "body": module.body, "kinds": module.kinds, "active": module.active}
    TextModuleEvent.objects.create(module=module, verb=verb, by=by, at=at, data=words)
