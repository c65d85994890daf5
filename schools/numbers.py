"""School numbers in addresses: six digits, or there is no such page."""

from django.urls import register_converter
from django.urls.converters import StringConverter

SCHOOL = "<school_number:number>"


class SchoolNumber(StringConverter):
    regex = "[0-9]{6}"


register_converter(SchoolNumber, "school_number")
