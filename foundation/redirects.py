"""Where a person goes after a form: only to a page of ours."""

from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def local_target(request, default: str) -> str:
    """Return the `next` of the request if it is an address of this site, else the default page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # No allowed host: every address that names one is refused, also //host and those with a backslash. Browsers
    # drop tabs and line feeds out of addresses, so what cannot be printed is refused as well.
    local = wanted.startswith("/") and wanted.isprintable()
    if local and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return resolve_url(default)
