"""How figures are set."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from foundation import wording
from reports.arithmetic import Times
from reports.charts import short
from reports.told import Told

register = template.Library()


@register.filter
def parted(text: str) -> list[tuple[str, str]]:
    """Split "5 Std. 20 Min." into numbers and units, so that the numbers can stand out."""
    words = text.split("\N{NO-BREAK SPACE}")
    return [(number, " ".join(unit)) for number, *unit in (words[n : n + 2] for n in range(0, len(words), 2))]


@register.filter
def hundredth(share: float) -> str:
    """Write a share of one as a length of hundred, as SVG reads it."""
    return short(100 * share)


@register.filter
def signed(value: int) -> str:
    """Write a difference with its sign: "+9.156", "−2"; "0" has none."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return sign + wording.number(abs(value))


@register.filter
def loose(text: str) -> str:
    """Let a length of time go on in the next line between hours and minutes, where a column is narrow."""
    return " ".join(f"{number}\N{NO-BREAK SPACE}{unit}" if unit else number for number, unit in parted(text))


@register.inclusion_tag("reports/_change.html")
def change(now: timedelta | float | None, before: timedelta | float | None, form: str) -> dict:
    """Say whether a value got better; nothing where one of both is not told. What reads the same is the same."""
    if now is None or before is None:
        return {"word": ""}
    write = wording.span if form == "span" else wording.percent
    if write(now) == write(before):
        return {"word": _("unchanged"), "icon": ""}
    is_more = now > before
    if form == "span":
        word, is_better = (_("slower"), False) if is_more else (_("faster"), True)
    else:
        word, is_better = (_("better"), True) if is_more else (_("worse"), False)
    return {"word": word, "icon": "trending_up" if is_better else "trending_down", "is_better": is_better}


@register.inclusion_tag("reports/_change.html")
def change_of(told: Told, before: Told, name: str) -> dict:
    """Say the same of a time or a share of two periods, by its name; nothing where they leave out other schools."""
    now, then = getattr(told, name), getattr(before, name)
    is_alike = (name in told.without_small) == (name in before.without_small)
    if not (now.number and then.number and is_alike):
        return {"word": ""}
    if isinstance(now, Times):
        return change(now.usual, then.usual, "span")
    return change(now.value, then.value, "percent")
