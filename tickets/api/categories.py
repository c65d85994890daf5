"""What can be reported, and what is asked before it is handed over."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from foundation.api.bodies import Filters
from foundation.api.schema import operation, page_schema
from schools.api import ScopedView
from tickets.models import Category, Checklist, ChecklistItem

from .serializers import CategorySerializer


class Categories(ScopedView):
    @operation(
        "list_categories",
        "List categories",
        "The categories in use, in the order of the report page, each with the checklist of its packet.",
        tag="Tickets",
        answers={200: page_schema(CategorySerializer)},
        parameters=[Filters],
        problems_of=(400, 401),
    )
    def get(self, request):
        rows = Category.objects.visible_to(self.viewer).select_related("team").annotate(**_checklist_in_use())
        return self.listed(rows, CategorySerializer, order=("order", "slug"), after=Filters.read(request)["cursor"])


def _checklist_in_use() -> dict:
    """Return what annotates a category with its checklist; nothing of it where there is none."""
    latest = Checklist.objects.filter(category=OuterRef("pk")).order_by("-version")
    items = ChecklistItem.objects.filter(checklist=OuterRef("checklist_in_use")).order_by("order", "pk")
    return {
        "checklist_in_use": Subquery(latest.values("pk")[:1]),
        "checklist_version": Subquery(latest.values("version")[:1]),
        "checklist_items": ArraySubquery(
            items.values(item=JSONObject(key="key", text_de="text_de", text_en="text_en"))
        ),
    }
