from datetime import datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe

from foundation.berlin import BERLIN

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def rendered(text, **context):
    return Template("{% load ui %}" + text).render(Context({"request": SimpleNamespace(at=NOW), **context}))


def test_an_icon_points_into_the_sprite_and_is_silent():
    assert rendered('{% icon "wifi" "l" %}') == (
        '<svg class="icon icon--l" aria-hidden="true"><use href="/static/icons.svg#wifi"/></svg>'
    )


def test_an_icon_with_a_label_speaks():
    assert 'role="img" aria-label="Drucker"' in rendered('{% icon "print" "" "Drucker" %}')


def test_an_icon_that_is_not_listed_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        rendered('{% icon "unicorn" %}')


def test_what_is_constant_is_drawn_once_in_each_language_and_knows_nobody():
    page = Template("{% load ui i18n %}{% constant %}{% translate 'Teacher' %} {{ name }}{% endconstant %}")
    for language, words in (("de", "Lehrkraft "), ("en", "Teacher "), ("de", "Lehrkraft ")):
        with translation.override(language):
            assert page.render(Context({"name": "Petra"})) == words


def test_a_label_that_is_no_markup_stays_none_beside_one_that_is():
    assert "&lt;b&gt;" not in rendered('{% icon "print" "" label %}', label=mark_safe("<b>"))
    assert "&lt;b&gt;" in rendered('{% icon "print" "" label %}', label="<b>")


def test_a_state_is_icon_and_word_and_nothing_gets_in():
    html = rendered('{% state label "info" "new" %}', label="<b>Neu</b>")
    assert html.startswith('<span class="state state--new"><svg')
    assert "&lt;b&gt;Neu&lt;/b&gt;" in html


def test_times_carry_the_exact_instant():
    early = datetime(2026, 11, 23, 7, 58, tzinfo=BERLIN)
    assert '<time datetime="2026-11-23T06:58:00Z">' in rendered("{% when early %}", early=early)


def test_no_time_is_nothing():
    assert rendered("{% when none %}{% due none %}{{ none|number }}{{ none|span }}", none=None) == ""


def test_a_near_promise_looks_pressing():
    soon = datetime(2026, 11, 23, 10, 55, tzinfo=BERLIN)
    assert 'class="due due--near"' in rendered("{% due soon %}", soon=soon)


def test_without_a_request_the_variable_at_is_now():
    html = Template("{% load ui %}{% since NOW %}").render(Context({"at": NOW, "NOW": NOW}))
    assert "10:30" in html
