"""What every form of these pages does when it is sent: act once, go on, or come back to be mended."""

from uuid import uuid4

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect

from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once


def post_once(request, form, command, page):
    """Let `command` run once with the form's facts and go where it says, or show the form to mend with 422.

    A refusal may name its `field`; what concerns a field the form does not have stands above all of them.
    """

    def act():
        if form.is_valid():
            try:
                return redirect(command(**form.facts))
            except ValidationError as refused:
                _tell(form, refused)
        return page(status=422)

    return once(request, act)


def once(request, act):
    """Answer with what `act` returns; pressed twice, the second answer is the first one."""
    key, fingerprint = request.POST.get("idempotency_key") or str(uuid4()), fingerprint_of(request)
    return run_once(owner=request.user, key=key, fingerprint=fingerprint, at=request.at, action=act)


def _tell(form, refused: ValidationError) -> None:
    if not hasattr(refused, "error_dict"):
        form.add_error(getattr(refused, "field", None), refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
