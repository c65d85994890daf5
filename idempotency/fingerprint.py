"""Whether two requests ask for the same: a hash over method, address and what was sent."""

import hashlib
import json
from collections.abc import Mapping

from django.core.files.base import File

# Differ between two sendings of the same form without making it another one.
NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "idempotency_key"})


def fingerprint_of(request) -> str:
    """Return the fingerprint of a Django or a REST framework request.

    The order of form fields and of JSON keys does not matter, and files count by their content.
    """
    is_rest = hasattr(request, "data")
    sent = _plain(request.data) if is_rest else _plain(request.POST) | _plain(request.FILES)
    text = json.dumps([request.method, request.get_full_path(), sent], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value):
    """Return the value out of JSON types alone."""
    if hasattr(value, "lists"):  # a QueryDict keeps every value of a name
        return {name: _plain(values) for name, values in value.lists() if name not in NOT_CONTENT}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, File):
        return {"file": value.name, "sha256": _content_hash(value)}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _content_hash(file):
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.hexdigest()
