"""A browser without a window that keeps its connection, its cookies and the time."""

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PASSWORD = "demo"


@dataclass(frozen=True)
class Answer:
    """An answer, and how many seconds it took from the question to its last byte."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    took: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Visitor:
    """One signed-in person."""

    def __init__(self, port: int, email: str, password: str = PASSWORD):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.cookies: dict[str, str] = {}
        door = self.get("/login/")
        self.token = TOKEN.search(door.text)[1]
        answer = self.post("/login/", {"email": email, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        self.get("/account/")  # the first page of a session writes it
        self.token = TOKEN.search(self.get("/account/").text)[1]

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, fields: dict) -> Answer:
        return self._ask("POST", address, urlencode({**fields, "csrfmiddlewaretoken": self.token}))

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        took = time.perf_counter() - began
        for line in response.headers.get_all("Set-Cookie", ()):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(response.status, response.headers, content, took)
