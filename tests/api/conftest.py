"""Programs that speak to the API with a person's key, at a time that is written out."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.commands.tokens import create_token

NOT_WORK = re.compile(r"^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|BEGIN|COMMIT)")


class Program:
    """Speaks JSON with one key; `at` is the time of its requests."""

    def __init__(self, secret, clock):
        self.secret = secret
        self.clock = clock
        self.client = Client()

    def get(self, address, params=None, **headers):
        return self.client.get(_full(address), params, headers=self._headers(headers))

    def post(self, address, body=None, **headers):
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return self.client.post(_full(address), text, content_type="application/json", headers=self._headers(headers))

    def upload(self, address, parts, **headers):
        return self.client.post(_full(address), parts, headers=self._headers(headers))

    def step(self, ticket, name, body=None, **headers):
        return self.post(f"tickets/{getattr(ticket, 'number', ticket)}/{name}/", body, **headers)

    def _headers(self, headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.secret}", **named}


def _full(address):
    return address if address.startswith(("/", "http")) else f"/api/v1/{address}"


@pytest.fixture
def program(clock):
    """Return a program that holds a key of this person."""

    def of(person):
        _token, secret = create_token(person=person, name="test", by=person, at=clock.at)
        return Program(secret, clock)

    return of


@pytest.fixture
def count_sql():
    """Count the statements of a call; what only opens and closes transactions is left out."""

    def count(call):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = call()
        statements = [query["sql"] for query in captured if not NOT_WORK.match(query["sql"])]
        return len(statements), answer, statements

    return count
