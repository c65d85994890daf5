"""How figures are set."""

from django import template

from foundation import wording
from reports.charts import short

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
