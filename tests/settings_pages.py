"""Sending pages of the settings the way a browser does: everything that stands there, with a few changes."""


def filled(answer, **changes) -> dict:
    """Return what the page's form would post, inline rows included, with `changes` on top."""
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                posted[field.html_name] = value
    return {**posted, **changes}


def complaints(answer) -> str:
    """Return every sentence of a page that was refused, in one text."""
    errors = list(answer.context["errors"])
    return " ".join(str(error) for error in errors)
