"""Reports as a table: only what one sees, nothing a spreadsheet runs, and never unnoticed."""

from accounts.models import AccountEvent


def test_the_it_contact_takes_the_reports_of_the_own_school_along_and_that_is_kept(city, client):
    city.report(description="=SUMME(1;2) steht auf der Tafel")
    city.report(by=city.kant_teacher, school=city.kant, description="Nur im Kant-Gymnasium")
    city.report(by=city.colleague, confidential=True, description="Streng vertraulich")
    client.force_login(city.contact)
    answer = client.post("/tickets/export/")
    table = answer.content.decode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "'=SUMME(1;2)" in table
    assert "Kant" not in table
    assert "vertraulich" not in table
    assert city.teacher.name not in table
    event = AccountEvent.objects.get(verb="exported")
    assert (event.by, event.data) == (city.contact, {"what": "tickets", "rows": 1})


def test_a_search_narrows_the_table(city, client):
    city.report(description="Der Beamer summt")
    city.report(description="Die Tastatur klemmt")
    client.force_login(city.manager)
    table = client.post("/tickets/export/", {"q": "Beamer"}).content.decode()
    assert "summt" in table
    assert "klemmt" not in table
