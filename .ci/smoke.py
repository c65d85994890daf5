#!/usr/bin/env python3
"""Start bin/demo as a newcomer does, report a fault through the pages, stop it, and look for what is left.

Plain Python, so that it needs nothing the clone has installed. Usage: .ci/smoke.py [clone]
"""

import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
import zlib
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path

CLONE = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
PATIENCE = 15 * 60  # a first start installs everything
WORDS = "Das Bild am Beamer flackert seit heute Morgen."

results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok    ' if ok else 'FAILED'} {name}{f': {detail}' if detail and not ok else ''}", flush=True)
    return ok


class Forms(HTMLParser):
    """All forms of a page, each with its action and what it would send as it stands."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.selected = None
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        name = given.get("name")
        if tag == "form":
            self.found.append({"action": given.get("action", ""), "values": {}, "choices": {}})
        if not self.found or (not name and tag != "option"):
            return
        form = self.found[-1]
        if tag == "input":
            kind = given.get("type", "text")
            if kind in ("radio", "checkbox"):
                form["choices"].setdefault(name, []).append(given.get("value", "on"))
            if kind not in ("radio", "checkbox", "file", "submit") or "checked" in given:
                form["values"][name] = given.get("value", "")
        elif tag == "textarea":
            form["values"][name] = ""
        elif tag == "select":
            self.selected = name
        elif tag == "option" and self.selected:
            form["choices"].setdefault(self.selected, []).append(given.get("value", ""))
            if "selected" in given:
                form["values"][self.selected] = given.get("value", "")

    def with_field(self, name):
        return next(form for form in self.found if name in form["values"] or name in form["choices"])


class Visitor:
    """A browser without a window."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, fields=None, photo=None):
        """Return address, status and text of the page one ends up on."""
        request = urllib.request.Request(urllib.request.urljoin(self.base, path))
        if fields is not None:
            boundary = uuid.uuid4().hex
            request.data = multipart(fields, photo, boundary)
            request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
            request.add_header("Referer", self.base)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.url, answer.status, answer.read().decode("utf-8", "replace")

    def sign_in(self, email):
        _, _, text = self.open("/login/")
        form = Forms(text).with_field("password")
        person = next(name for name in form["values"] if name in ("email", "username"))
        return self.open(form["action"] or "/login/", form["values"] | {person: email, "password": "demo"})


def multipart(fields, photo, boundary):
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo:
        head = 'Content-Disposition: form-data; name="photos"; filename="beamer.png"\r\nContent-Type: image/png'
        parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + photo + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def picture(width=64, height=48):
    """Return a small grey PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x80\x80\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def report_and_read(base):
    """Report as a teacher, then see who finds the report and who does not."""
    teacher = Visitor(base)
    url, status, text = teacher.sign_in("lehrkraft@demo.example")
    check("a teacher signs in", status == 200 and "/login/" not in url, f"{status} {url}")
    _, status, text = teacher.open("/tickets/new/")
    form = Forms(text).with_field("category")
    room = next(value for value in form["choices"]["room"] if value.isdigit())
    fields = form["values"] | {"category": form["choices"]["category"][0], "room": room, "description": WORDS}
    url, status, text = teacher.open(form["action"], fields, picture())
    number = re.search(r"/tickets/([A-Z]+-\d{4}-\d+)/", url)
    if not check("the report becomes a ticket with a number", status == 200 and number, f"{status} {url}"):
        return
    number = number[1]
    check("the page of the ticket shows the words and a photo", WORDS in text and "/photos/" in text)
    again = teacher.open(form["action"], fields, picture())[0]
    check("sent twice it is one ticket", number in again, again)
    check("it is in the teacher's list", number in teacher.open("/tickets/")[2])
    manager = Visitor(base)
    manager.sign_in("campus@demo.example")
    check("it is in the queue of the campus manager", number in manager.open("/queue/")[2])
    other = Visitor(base)
    other.sign_in("lehrkraft-asseln@demo.example")
    check("a teacher of another school does not find it", other.open(f"/tickets/{number}/")[1] == 404)
    url = Visitor(base).open(f"/tickets/{number}/")[0]
    check("a stranger is led to the sign-in", "/login/" in url, url)


def left_over(data):
    """Return the processes that still work with the data or out of the clone."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) in (os.getpid(), os.getppid()):
            continue
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            place = os.readlink(entry / "cwd") + os.readlink(entry / "exe")
        except OSError:
            continue
        if str(data).encode() in words or str(data) in place:
            found.append(f"{entry.name} {words[:60]!r}")
    return found


def main():
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        data = Path(folder) / "data"
        demo = subprocess.Popen(
            [str(CLONE / "bin/demo"), "--port", "0", "--data", str(data)],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        watchdog = threading.Timer(PATIENCE, demo.kill)
        watchdog.start()
        base = None
        for line in demo.stdout:
            print(f"  {line.rstrip()}", flush=True)
            if line.startswith("Ready: "):
                base = line.removeprefix("Ready: ").strip()
                break
        watchdog.cancel()
        if check("bin/demo gets ready", base):
            try:
                report_and_read(base)
            except Exception as error:
                check("the pages can be used", False, repr(error))
        began = time.monotonic()
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
        code = demo.wait(60)
        check("SIGTERM ends it within 30 s", code == 0 and time.monotonic() - began < 30, code)
        check("no process is left", not left_over(data), left_over(data))
    failed = results.count(False)
    print(f"smoke: {results.count(True)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
