"""The lists of the settings as tables to take along: what a list shows, of the rows that were chosen or of all."""

import json
from html import unescape
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.views.exports import table_answer
from foundation.tables import ROWS_AT_ONCE, Column, Table

#: Parameters of a list that do not narrow it.
WHERE_ONE_IS = {"p", "o", "all"}


@admin.action(description=_("Download as a table (CSV)"), permissions=["view"])
def download_table(page: admin.ModelAdmin, request, rows: QuerySet):
    """Hand out the rows as CSV, with the columns of the list; that it was done is recorded."""
    opts = page.model._meta
    names = page.get_list_display(request)
    columns = [Column(str(label_for_field(name, page.model, page)), _cell(page, name)) for name in names]
    asked = {name: value for name, value in request.GET.items() if name not in WHERE_ONE_IS}
    every = rows.iterator(chunk_size=ROWS_AT_ONCE)
    title = str(opts.verbose_name_plural)
    return table_answer(request, Table(f"settings:{opts.label_lower}", title, columns, every, rows.count(), asked))


def _cell(page: admin.ModelAdmin, name: str):
    def cell(row) -> Any:
        try:
            field, _attribute, value = lookup_field(name, row, page)
        except ObjectDoesNotExist:
            return None
        if field is not None and field.flatchoices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        return unescape(strip_tags(value)) if isinstance(value, SafeString) else value

    return cell
