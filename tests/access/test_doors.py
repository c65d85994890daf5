"""Role × route × object: who gets what at every address, and no address without a line."""

import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.access.doors import AT_A_NEW_TICKET, AT_THE_SECOND_LEVEL, DOORS
from tests.access.world import EVERYBODY
from tickets.permissions import WHO
from tickets.views.steps import PAGES

SIGNED_OUT = "nobody"


def routes(patterns=None, namespace=""):
    """Return the names of all routes; the settings site is one route, it has a test of its own."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        elif pattern.namespace == "settings":
            yield "settings"
        else:
            yield from routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)


def test_every_route_has_a_line_and_every_line_a_route():
    assert set(routes()) - {"settings"} == {door.route for door in DOORS}


def test_every_step_of_the_pages_and_of_the_api_has_a_line():
    steps = {step.value for step in WHO}
    assert {step.value for step in PAGES} == {*AT_A_NEW_TICKET, *AT_THE_SECOND_LEVEL}
    own_pages = {"comment", "escalate", "merge", "join", "leave"}
    assert steps == {*AT_A_NEW_TICKET, *AT_THE_SECOND_LEVEL, *own_pages, "ask-mediator"}
    # Asking the campus management is `ask` for a program and for a page.
    assert {f"api-{step}" for step in steps - {"ask-mediator"}} <= set(routes())


def test_the_table_knows_everybody(world):
    assert set(world.everybody) == EVERYBODY


@pytest.mark.parametrize("who", [*sorted(EVERYBODY), SIGNED_OUT])
def test_everybody_gets_what_the_table_says(world, who):
    client = Client()
    if who != SIGNED_OUT:
        client.force_login(getattr(world, who))
    wrong = []
    for door in DOORS:
        expected = door.out if who == SIGNED_OUT else door.expected(who)
        if not expected:
            continue
        answer = knock(client, world, door)
        problem = misfit(answer, expected, who, door)
        if problem:
            wrong.append(f"{door.method} {door.address} {door.body or ''}: {problem}")
    assert not wrong, f"{who}:\n" + "\n".join(wrong)


def knock(client, world, door):
    """Ask at the door and leave everything as it was."""
    address = world.address(door.address)
    body = {name: world.address(value) if isinstance(value, str) else value for name, value in door.body.items()}
    cookies = client.cookies.copy()
    before = transaction.savepoint()
    try:
        if door.method == "GET":
            return client.get(address)
        if door.route.startswith("api-"):
            return client.post(address, json.dumps(body), content_type="application/json")
        return client.post(address, body)
    finally:
        transaction.savepoint_rollback(before)
        client.cookies = cookies


def misfit(answer, expected, who, door):
    """Say what is wrong with an answer; nothing where it is as the table says."""
    if answer.status_code != expected:
        return f"{answer.status_code} instead of {expected}"
    to_the_door = answer.status_code == 302 and answer.url.startswith("/login/?next=")
    if to_the_door != (who == SIGNED_OUT and expected == 302 and not in_the_open(door)):
        return f"leads to {answer.url}"
    return None


def in_the_open(door):
    return door.route in {"logout", "language", "theme"}


class TestSettings:
    """The settings site: its pages open for an administrator and do not exist for anybody else."""

    def addresses(self):
        found = []

        def walk(patterns, prefix):
            for pattern in patterns:
                path = prefix + str(pattern.pattern)
                if isinstance(pattern, URLPattern):
                    found.append(path)
                else:
                    walk(pattern.url_patterns, path)

        walk([p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "settings"], "")
        ends = re.compile(r"\(\?P<url>\.\*\)\$$|\^\(\?P<app_label>\w+.*$")
        return sorted({"/" + re.sub(r"<[^>]+>", "1", ends.sub("accounts/", path)) for path in found})

    @pytest.mark.parametrize("who", ["administrator", "coordinator", "helpdesk", "teacher", SIGNED_OUT])
    def test_it_opens_for_administrators_only(self, world, who, client):
        if who != SIGNED_OUT:
            client.force_login(getattr(world, who))
        addresses = self.addresses()
        assert "/settings/" in addresses and "/settings/accounts/user/1/change/" in addresses
        for address in addresses:
            if address in ("/settings/login/", "/settings/logout/", "/settings/password_change/"):
                continue  # lead to our own door, tests/accounts/test_settings_site.py
            status = client.get(address).status_code
            if who == SIGNED_OUT:
                assert status == 302, address
            elif who == "administrator":
                assert status < 500, address
            else:
                assert status == 404, (who, address, status)
