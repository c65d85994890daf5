import gettext

import pytest

from foundation import messages

PROGRAM = """
from django.utils.translation import gettext as _, ngettext, pgettext
print(_("Send " "report"), ngettext("%(n)s photo", "%(n)s photos", n), pgettext("reports", "open"))
"""
TEMPLATE = """{% load i18n %}
{# _("not this") #}<p title="{% translate "Room" %}">it's _('neither')</p>{% translate "open" context "rooms" %}
{% blocktranslate trimmed count n=rooms|length with school=name %}
  {{ n }} room of {{ school }}{% plural %}{{ n }} rooms of {{ school }}
{% endblocktranslate %}{% firstof room _("no room") %}{% blocktranslate %}100 % sure{% endblocktranslate %}
"""


@pytest.fixture
def program(tmp_path):
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets/views.py").write_text(PROGRAM)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text(TEMPLATE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text('_("a test says nothing to people")')
    return tmp_path


def translate_all(program):
    catalog = messages.read(program / "locale/de/LC_MESSAGES/django.po")
    for message in messages.entries(catalog):
        message.string = message.id if isinstance(message.id, tuple) else f"{message.id} (de)"
    messages.write(catalog, program / "locale/de/LC_MESSAGES/django.po")


def test_code_and_templates_are_read(program):
    found = {(message.context, message.id) for message in messages.entries(messages.extract(program))}
    assert found == {
        (None, "Send report"),
        (None, ("%(n)s photo", "%(n)s photos")),
        ("reports", "open"),
        (None, "Room"),
        ("rooms", "open"),
        (None, ("%(n)s room of %(school)s", "%(n)s rooms of %(school)s")),
        (None, "no room"),
        (None, "100 %% sure"),
    }


def test_a_merge_takes_translations_over_and_forgets_what_nobody_says(program, capsys):
    fragment = program / "words.po"
    fragment.write_text('msgid "Room"\nmsgstr "Raum"\n\nmsgid "Cellar"\nmsgstr "Keller"\n')
    assert messages.main(["merge", str(fragment)], program) == 0
    catalog = messages.read(program / "locale/de/LC_MESSAGES/django.po")
    assert catalog.get("Room").string == "Raum"
    assert catalog.get("Cellar") is None
    assert "nothing says 'Cellar'" in capsys.readouterr().err


def test_a_second_merge_changes_nothing(program):
    messages.main(["merge"], program)
    before = (program / "locale/de/LC_MESSAGES/django.po").read_bytes()
    messages.main(["merge"], program)
    assert (program / "locale/de/LC_MESSAGES/django.po").read_bytes() == before


def test_the_check_names_what_is_missing_mistaken_and_left_over(program, capsys):
    messages.main(["merge"], program)
    translate_all(program)
    assert messages.main(["check"], program) == 0

    catalog = messages.read(program / "locale/de/LC_MESSAGES/django.po")
    catalog.get("Room").string = ""
    catalog.get(("%(n)s photo", "%(n)s photos")).string = ("ein Foto", "%(count)s Fotos")
    catalog.get("no room").flags.add("fuzzy")
    catalog.add("Cellar", "Keller")
    messages.write(catalog, program / "locale/de/LC_MESSAGES/django.po")
    assert messages.main(["check"], program) == 1
    told = capsys.readouterr().err
    assert "missing: 'Room' (templates/a.html)" in told
    assert "other placeholders" in told and "count" in told
    assert "unsure: 'no room'" in told
    assert "no longer used: 'Cellar'" in told


def test_what_is_compiled_can_be_read_and_leaves_out_what_is_missing(program):
    messages.main(["merge"], program)
    words = program / "words.po"
    words.write_text('msgctxt "rooms"\nmsgid "open"\nmsgstr "geöffnet"\n')
    messages.main(["merge", str(words)], program)
    messages.main(["compile"], program)
    german = gettext.translation("django", program / "locale", ["de"])
    assert german.pgettext("rooms", "open") == "geöffnet"
    assert german.pgettext("reports", "open") == "open"
    assert german.ngettext("%(n)s photo", "%(n)s photos", 2) == "%(n)s photos"


def test_a_computed_message_is_refused(program):
    (program / "tickets/bad.py").write_text('_(f"computed {1}")\nngettext(one, many, 2)\n')
    with pytest.raises(ValueError, match="plain text"):
        messages.extract(program)
