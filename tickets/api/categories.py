"""What can be reported."""

from foundation.api.bodies import Filters
from foundation.api.schema import operation, page_schema
from schools.api import ScopedView
from tickets.models import Category

from .serializers import CategorySerializer


class Categories(ScopedView):
    @operation(
        "list_categories",
        "List categories",
        "The categories in use, in the order of the report page.",
        tag="Tickets",
        answers={200: page_schema(CategorySerializer)},
        parameters=[Filters],
        problems_of=(400, 401),
    )
    def get(self, request):
        rows = Category.objects.visible_to(self.viewer).select_related("team")
        return self.listed(rows, CategorySerializer, order=("order", "slug"), after=Filters.read(request)["cursor"])
