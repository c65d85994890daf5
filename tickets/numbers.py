"""Ticket numbers in addresses: letters, digits and dashes; anything else is no number and meets no database."""

import re

from django.urls import register_converter
from django.urls.converters import StringConverter

TICKET = "<ticket_number:number>"


class TicketNumber(StringConverter):
    regex = "[A-Za-z0-9-]{1,32}"


register_converter(TicketNumber, "ticket_number")


def is_number(text: str) -> bool:
    """Whether this can be the number of a ticket."""
    return re.fullmatch(TicketNumber.regex, text) is not None
