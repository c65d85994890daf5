"""Words kept in the database in German and English, read in the language of the page."""

from django.utils.translation import get_language


class Translated:
    """An attribute that reads `<name>_de` or `<name>_en`; German wherever the English is still missing."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        german = getattr(instance, f"{self.name}_de")
        if (get_language() or "de").startswith("en"):
            return getattr(instance, f"{self.name}_en") or german
        return german
