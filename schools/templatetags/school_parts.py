"""Small parts of school pages."""

from django import template

from schools.steering.people import days as worded_days

register = template.Library()


@register.filter
def dial(phone: str) -> str:
    """Return a telephone number as a telephone dials it: {{ "0231 50-0 (Sekretariat)"|dial }} "0231500"."""
    return "".join(character for character in phone if character.isdigit() or character == "+")


@register.filter
def days(period) -> str:
    """Word a period of days: {{ absence|days }} "22.11.2026 bis 24.11.2026"."""
    return worded_days(period)
