"""Small parts of school pages."""

from django import template

register = template.Library()


@register.filter
def dial(phone: str) -> str:
    """Return a telephone number as a telephone dials it: {{ "0231 50-0 (Sekretariat)"|dial }} "0231500"."""
    return "".join(character for character in phone if character.isdigit() or character == "+")
