"""The settings of people, rights and texts. The texts are here because `pages` lies below and knows no roles."""

from accounts.admin import history, people, rights, texts

__all__ = ["history", "people", "rights", "texts"]
