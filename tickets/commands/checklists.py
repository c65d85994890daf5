"""What the first level looks at before it hands a report over: a change is the next version."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import require_administrator
from tickets.models import Category, Checklist, ChecklistItem


@transaction.atomic
def publish_checklist(
    *, category: Category, items: Iterable[Mapping[str, str]], by: User | None, at: datetime
) -> Checklist:
    """Put these items (key, text_de, text_en), in this order, into use for the category; return the new version.

    Packets keep the version they were made by. Raises ValidationError where an item is not whole.
    """
    require_administrator(by, at=at)
    # Two who publish at once are numbered one after the other.
    category = Category.objects.select_for_update().get(pk=category.pk)
    latest = category.checklists.order_by("-version").first()
    version = latest.version + 1 if latest else 1
    checklist = Checklist.objects.create(category=category, version=version, created_at=at, created_by=by)
    rows = [ChecklistItem(checklist=checklist, order=place * 10, **item) for place, item in enumerate(items, start=1)]
    for row in rows:
        row.clean_fields()
    ChecklistItem.objects.bulk_create(rows)
    return checklist
