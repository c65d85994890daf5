"""The texts one may use as a table to take along."""

from collections.abc import Iterable
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.tables import Column, Table

from .models import TextModule


def table_of_texts(texts: Iterable[TextModule]) -> Table:
    columns = [
        Column(gettext_lazy("title"), attrgetter("title")),
        Column(gettext_lazy("offered for"), lambda text: ", ".join(str(name) for name in text.kind_names)),
        Column(gettext_lazy("shared"), attrgetter("is_shared")),
        Column(gettext_lazy("text"), attrgetter("body")),
    ]
    rows = list(texts)
    return Table("texts", _("Text modules"), columns, rows, len(rows))
