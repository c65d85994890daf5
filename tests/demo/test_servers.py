"""The embedded servers come up in any folder, belong to one owner, and never outlive it."""

import os
import signal
import subprocess
import sys

import psycopg2
import pytest
from redis import AuthenticationError, Redis

from demo.paths import ROOT
from demo.processes import leftovers, stop_leftovers
from demo.servers import Servers

OWNER = """
import signal, sys
from pathlib import Path
from demo.servers import Servers
servers = Servers(Path(sys.argv[1]), durable=False)
servers.own()
servers.start()
print("up", flush=True)
signal.pause()
"""


@pytest.fixture
def start():
    """Start servers in a folder; whatever a test does, they are stopped afterwards."""
    started = []

    def start_in(folder):
        servers = Servers(folder, durable=False)
        assert servers.own()
        started.append(servers)
        servers.start()
        return servers

    yield start_in
    for servers in started:
        servers.stop()


def ask(servers, sql):
    with psycopg2.connect(servers.postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_the_database_speaks_german_letters_whatever_the_machine_speaks(start, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    servers = start(tmp_path)
    assert ask(servers, "SELECT lower('ÄÖÜ') || (CASE WHEN 'Ärger' ILIKE 'ä%' THEN '!' END)") == "äöü!"


def test_the_program_itself_is_no_superuser_but_may_make_what_it_needs(start, tmp_path):
    servers = start(tmp_path)
    assert ask(servers, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    connection = psycopg2.connect(servers.postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
    connection.close()


def test_both_servers_want_their_password(start, tmp_path):
    servers = start(tmp_path)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=str(servers.postgres.sockets), user="postgres", password="guess", dbname="postgres")
    assert Redis.from_url(servers.valkey.url).ping()
    with pytest.raises(AuthenticationError):
        Redis(host="127.0.0.1", port=servers.valkey.port, retry=None).ping()


def test_a_folder_may_have_a_name_that_is_long_and_has_spaces(start, tmp_path):
    folder = tmp_path / ("Ablage für die Vorführung " + "x" * 90)
    servers = start(folder)
    assert ask(servers, "SELECT 1") == 1
    sockets = servers.postgres.sockets
    assert sockets.is_dir()
    servers.stop()
    assert not sockets.exists()


def test_data_outlive_a_stop(start, tmp_path):
    servers = start(tmp_path)
    connection = psycopg2.connect(servers.postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 4711 AS number")
    connection.close()
    servers.stop()
    assert ask(start(tmp_path), "SELECT number FROM kept") == 4711


def test_a_folder_has_one_owner_at_a_time(start, tmp_path):
    start(tmp_path)
    assert Servers(tmp_path).own() is False


def test_clearing_leaves_alone_what_is_not_ours(tmp_path):
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren")
    (tmp_path / "mail").mkdir()
    servers = Servers(tmp_path)
    servers.own()
    servers.clear()
    assert (tmp_path / "letter.txt").exists()
    assert not (tmp_path / "mail").exists()


def test_what_a_killed_owner_left_behind_ends_and_the_next_start_recovers(start, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-P", "-c", OWNER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        began = owner.stdout.readline()
        running = leftovers(tmp_path)
        owner.kill()
    assert began == "up\n"
    assert len(running) > 2
    assert ask(start(tmp_path), "SELECT 1") == 1


def test_a_server_that_is_killed_comes_back_where_it_was(start, tmp_path):
    servers = start(tmp_path)
    urls = servers.postgres.url, servers.valkey.url
    for server in (servers.postgres, servers.valkey):
        server.child.process.kill()
        server.child.process.wait()
    said = []
    servers.keep(said.append)
    assert len(said) == 2
    assert (servers.postgres.url, servers.valkey.url) == urls
    assert ask(servers, "SELECT 1") == 1
    assert Redis.from_url(servers.valkey.url).ping()


def test_nothing_is_left_after_a_stop(start, tmp_path):
    servers = start(tmp_path)
    assert leftovers(tmp_path)
    servers.stop()
    assert leftovers(tmp_path) == []


def test_a_leftover_that_does_not_listen_is_ended_all_the_same(tmp_path):
    stubborn = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(99)",
        ],
        env={**os.environ, "CAMPUSRUF_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    stubborn.stdout.readline()
    stop_leftovers(tmp_path, patiences=(0.1, 0.1, 5))
    assert stubborn.wait(5) == -signal.SIGKILL
