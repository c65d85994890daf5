"""Texts of administrators as HTML: paragraphs, headings, lists, emphasis and links, and nothing that could do harm."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

SAFE_BEGINNINGS = ("https://", "http://", "mailto:", "tel:", "/")


def as_html(text: str) -> SafeString:
    """Return the text as HTML. Tags are shown as they were typed; a link leads to web, mail, phone or a page here."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"  # the title of the page is the only h1
    return mark_safe(_parser.renderer.render(tokens, _parser.options, {}))


def _leads_somewhere_safe(address: str) -> bool:
    address = address.strip().lower()
    return address.startswith(SAFE_BEGINNINGS) and not address.startswith(("//", "/\\"))


_parser = MarkdownIt("zero", {"html": False, "breaks": True})
_parser.enable(["heading", "list", "emphasis", "link", "autolink", "escape", "entity", "newline"])
_parser.validateLink = _leads_somewhere_safe
