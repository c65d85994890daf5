import pytest

from pages.markdown import as_html
from pages.models import Page, SiteSettings
from tests.city import berlin

SLUGS = ["imprint", "privacy", "licences", "accessibility"]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_reads_the_texts_without_signing_in(client, slug, language):
    client.cookies["language"] = language
    page = client.get(f"/pages/{slug}/")
    assert page.status_code == 200
    text = page.content.decode()
    shown = Page.objects.get(slug=slug)
    assert f"<h1>{getattr(shown, f'title_{language}')}</h1>" in text
    assert text.count("<h1") == 1
    assert "<h2>" in text


@pytest.mark.django_db
def test_the_texts_say_what_the_law_and_the_licences_ask_for(client):
    texts = {page.slug: page.body_de for page in Page.objects.all()}
    assert set(texts) == set(SLUGS)
    for words in ("EUPL-1.2", "Open Font License", "Apache License 2.0", "dl-de/by-2-0", "ODbL", "OpenHolidays"):
        assert words in texts["licences"]
    for words in ("§ 10b", "teilweise vereinbar", "Ombudsstelle", "/barrier/", "Selbstbewertung"):
        assert words in texts["accessibility"]
    assert "Schülerinnen und Schülern" in texts["privacy"]
    for slug in ("imprint", "privacy", "accessibility"):
        assert texts[slug].startswith("**Muster.")


@pytest.mark.django_db
def test_a_page_that_does_not_exist_is_not_found(client):
    assert client.get("/pages/secret/").status_code == 404
    assert client.post("/pages/imprint/").status_code == 405


@pytest.mark.django_db
def test_a_missing_english_text_is_shown_in_german(client):
    Page.objects.filter(slug="imprint").update(body_en="", body_de="Nur auf Deutsch")
    client.cookies["language"] = "en"
    assert "Nur auf Deutsch" in client.get("/pages/imprint/").content.decode()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# Titel", "<h2>Titel</h2>"),
        ("###### Titel", "<h6>Titel</h6>"),
        ("eins\nzwei", "<p>eins<br>\nzwei</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("**fett**", "<p><strong>fett</strong></p>"),
        ("[a](https://a.example/?b&c)", '<p><a href="https://a.example/?b&amp;c">a</a></p>'),
        ("[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example">a</a></p>'),
        ("[a](/barrier/)", '<p><a href="/barrier/">a</a></p>'),
    ],
)
def test_a_text_has_headings_lists_emphasis_and_links(typed, shown):
    assert as_html(typed).strip() == shown


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a]( JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](java\nscript:alert(1))",
        "<javascript:alert(1)>",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](/\\evil.example)",
        "[a](evil.example)",
        '[a](https://a.example "x" onclick="alert(1))',
        "![x](https://evil.example/pixel.png)",
        "```\n<b>\n```",
        "<!-- x -->",
    ],
)
def test_nothing_harmful_comes_out(typed):
    html = as_html(typed).lower()
    for bad in ("<script", "<img", 'href="java', 'href="data', 'href="vb', 'href="//', 'href="/\\', "<b>", "<!--"):
        assert bad not in html
    assert 'href="evil' not in html
    assert " onclick=" not in html or "&quot;" in html


def test_a_long_and_nasty_text_is_rendered_in_time():
    assert as_html("> " * 5_000 + "[" * 10_000 + "*" * 10_000)


@pytest.mark.django_db
def test_a_hotline_without_a_number_is_not_shown():
    site = SiteSettings.current()
    assert (site.service_name, site.hotline) == ("Campusruf", None)
    site.hotline_phone, site.hotline_hours_de = "+49 231 000-100", "8 bis 18 Uhr"
    site.save()
    assert SiteSettings.current().hotline == {
        "phone": "+49 231 000-100",
        "tel": "+49231000100",
        "hours": "8 bis 18 Uhr",
    }


@pytest.mark.django_db
def test_who_finds_a_weakness_is_told_where_to_report_it_once_the_city_says_so(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: berlin(2026, 3, 2, 9))
    assert client.get("/.well-known/security.txt").status_code == 404
    SiteSettings.objects.update_or_create(pk=1, defaults={"support_email": "hilfe@schule.example"})
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:hilfe@schule.example",
        "Expires: 2026-05-31T08:00:00+00:00",
        "Preferred-Languages: de, en",
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt",
    ]
