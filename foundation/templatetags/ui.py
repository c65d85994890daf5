"""The tags that every page uses: icons, states, times and numbers, worded and drawn the same everywhere.

Each returns finished markup; what a list draws again and again is remembered, as far as it says nothing of a person.
Times come out as <time datetime> with the exact instant; "now" is `request.at`, or the variable `at` where there is
no request (a mail).
"""

from datetime import UTC, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation import wording
from foundation.icons import wanted

register = template.Library()

ICONS = frozenset(wanted())


@lru_cache(maxsize=1024, typed=True)  # a label that is markup already and one that is not are two
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


class ConstantNode(template.Node):
    """What is the same for everybody: drawn once in each language, without any variable of the page."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.drawn = {}

    def render(self, context):
        language = get_language()
        if language not in self.drawn:
            self.drawn[language] = self.nodelist.render(context.new())
        return self.drawn[language]


@register.tag
def constant(parser, token):
    """Draw what depends on nothing but the language only once: {% constant %}…{% endconstant %}.

    Translations, addresses, icons and static files; variables, also those of a person or a request, are empty inside.
    """
    nodelist = parser.parse(("endconstant",))
    parser.delete_first_token()
    return ConstantNode(nodelist)


@register.simple_tag
def state(label, icon="", look=""):
    """Draw a pill: {% state "Neu" "info" "new" %}; looks new, wait, done, urgent, quiet, or none."""
    classes = f"state state--{look}" if look else "state"
    return format_html('<span class="{}">{}{}</span>', classes, draw(icon, "", "") if icon else "", label)


#: How an instant may be worded: as it looks from now, or by itself.
AS_SEEN_NOW = {"moment": wording.moment, "day": wording.day, "since": wording.since}
BY_ITSELF = {
    "time": wording.clock,
    "exact": wording.exact_clock,
    "long": wording.long_day,
    "short": wording.short_day,
}


@register.simple_tag(takes_context=True)
def when(context, at, form="moment"):
    """Word an instant: {% when event.at %} "heute, 7:58 Uhr"; forms moment, day, time, exact, long, short,
    since."""
    if at is None:
        return ""
    if form in AS_SEEN_NOW:
        return stamped(at, AS_SEEN_NOW[form](at, now(context)))
    return stamped(at, BY_ITSELF[form](at))


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
    exact = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{exact}Z">{escape(words)}</time>')
