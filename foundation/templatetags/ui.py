"""The tags that every page uses: icons, states, times and numbers, worded and drawn the same everywhere.

Each returns finished markup. Times come out as <time datetime> with the exact instant; "now" is `request.at`,
or the variable `at` where there is no request (a mail).
"""

from datetime import UTC, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation import wording
from foundation.icons import wanted

register = template.Library()

ICONS = frozenset(wanted())


@lru_cache(maxsize=1024)
def draw(name: str, size: str, label: str) -> SafeString:
    """Return the markup of an icon; remembered, because a list draws the same few hundreds of times."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"foundation/icons.txt does not list the icon {name!r}")
    classes = f"icon icon--{size}" if size else "icon"
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, spoken, static("icons.svg"), name)


@register.simple_tag
def icon(name, size="", label=""):
    """Draw an icon: {% icon "wifi" %}, {% icon "wifi" "l" %}; sizes s, l, xl. Silent without a label."""
    return draw(str(name), size, str(label))


@register.simple_tag
def state(label, icon="", look=""):
    """Draw a pill: {% state "Neu" "info" "new" %}; looks new, wait, done, urgent, quiet, or none."""
    classes = f"state state--{look}" if look else "state"
    return format_html('<span class="{}">{}{}</span>', classes, draw(icon, "", "") if icon else "", label)


@register.simple_tag(takes_context=True)
def when(context, at, form="moment"):
    """Word an instant: {% when event.at %} "heute, 7:58 Uhr"; forms moment, day, time, exact, long, short,
    since."""
    if at is None:
        return ""
    words = {
        "moment": lambda: wording.moment(at, now(context)),
        "day": lambda: wording.day(at, now(context)),
        "time": lambda: wording.clock(at),
        "exact": lambda: wording.exact_clock(at),
        "long": lambda: wording.long_day(at),
        "short": lambda: wording.short_day(at),
        "since": lambda: wording.since(at, now(context)),
    }
    return stamped(at, words[form]())


@register.simple_tag(takes_context=True)
def since(context, at):
    """Word since when: {% since ticket.created_at %} "seit 7:58 Uhr"."""
    return when(context, at, "since")


@register.simple_tag(takes_context=True)
def due(context, at, form="long"):
    """Word a promise with its look: {% due deadline.due_at %}; the form "short" is for lists."""
    if at is None:
        return ""
    told = wording.due(at, now(context), short=form == "short")
    classes = "due due--near" if told.near else "due"
    clockface = draw("schedule", "s", "") if told.near else ""
    return format_html('<span class="{}">{}{}</span>', classes, clockface, stamped(at, told.text))


@register.filter
def number(value, digits=0):
    """Write a number with the separators of the language: {{ 1234|number }} "1.234"."""
    return "" if value is None else wording.number(value, digits)


@register.filter
def percent(value, digits=0):
    """Write a share of one as per cent: {{ 0.92|percent }} "92 %"."""
    return "" if value is None else wording.percent(value, digits)


@register.filter
def span(value):
    """Write a timedelta: {{ lasted|span }} "5 Std. 20 Min."."""
    return "" if value is None else wording.span(value)


@register.simple_tag
def exact(length, by_days=False):
    """Write a timedelta to the second: {% exact card.used %} "3 Std. 15 Min. 12 Sek."."""
    return wording.exact_span(length, by_days=by_days)


def now(context) -> datetime:
    """Return the instant at which the page is made."""
    request = context.get("request")
    return request.at if request is not None and hasattr(request, "at") else context["at"]


def stamped(at: datetime, words: str) -> SafeString:
    """Return worded time with the exact instant for machines."""
    exact = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}">{}</time>', exact, words)
