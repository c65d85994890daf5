"""The description of the API as a page: clean, readable, and nobody else is asked for anything."""


def test_the_description_of_the_api_needs_nobody_else(live_server, page, check_page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/v1/docs/")
    for operation in ("#create_ticket", "#list_tickets", "#get_ticket"):
        page.locator(f"{operation} > summary").click()
    assert page.locator("#create_ticket").get_by_text("The number of the school.").is_visible()
    assert page.locator("#get_ticket").get_by_text("What you may do with the ticket now.").is_visible()
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    check_page(page)
