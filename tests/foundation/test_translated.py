import pytest
from django.utils import translation

from foundation.translated import Translated


class Team:
    name = Translated("name")

    def __init__(self, german, english):
        self.name_de = german
        self.name_en = english


@pytest.mark.parametrize(
    ("language", "english", "read"),
    [
        ("de", "Network", "Netz"),
        ("en", "Network", "Network"),
        ("en-gb", "Network", "Network"),
        ("en", "", "Netz"),
    ],
)
def test_a_name_is_read_in_the_language_of_the_page(language, english, read):
    with translation.override(language):
        assert Team("Netz", english).name == read


def test_without_an_active_language_it_is_german():
    with translation.override(None):
        assert Team("Netz", "Network").name == "Netz"
