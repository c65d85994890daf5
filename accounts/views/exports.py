"""A table as an answer."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from accounts.commands.exports import export
from foundation.berlin import BERLIN
from foundation.tables import Table


def table_answer(request, table: Table) -> StreamingHttpResponse:
    """Hand out the table as CSV, streamed; that it was taken along is recorded.

    The file is called by what it holds and when it was made.
    """
    lines = export(table=table, by=request.user, at=request.at)
    made = timezone.localtime(request.at, BERLIN)
    name = f"{slugify(table.title, allow_unicode=True)}-{made:%Y-%m-%d-%H%M}.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
        },
    )
