"""What the commands answer before they start anything."""

import json
import socket
from pathlib import Path

import pytest

from demo import keep, manage, prepare
from demo.__main__ import reserve
from demo.manage import arguments, borrowed_or_own
from demo.paths import DEFAULT_DATA
from demo.servers import Servers
from demo.trouble import Trouble


def test_a_taken_port_is_a_sentence_that_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} cannot be used .* --port 0"):
            reserve(port)


def test_port_zero_is_any_free_port():
    with reserve(0) as one, reserve(0) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_our_own_option_comes_first_and_the_rest_belongs_to_the_command():
    assert arguments(["--data", "x", "seed_city", "--data", "y"]) == (Path("x"), ["seed_city", "--data", "y"])
    assert arguments(["--data=x", "check"]) == (Path("x"), ["check"])
    assert arguments(["migrate"]) == (DEFAULT_DATA, ["migrate"])


@pytest.mark.parametrize("words", [[], ["--data"], ["--data", "x"], ["--data=x"]])
def test_without_a_command_it_says_how_it_is_used(words):
    with pytest.raises(Trouble, match="usage: bin/manage"):
        arguments(words)


def test_a_command_beside_the_running_demo_borrows_its_servers(tmp_path):
    owner = Servers(tmp_path)
    owner.own()
    owner.publish({"DATABASE_URL": "postgres://…"})
    with borrowed_or_own(Servers(tmp_path)) as settings:
        assert settings == {"DATABASE_URL": "postgres://…"}
    assert json.loads((tmp_path / "running.json").read_text())  # the owner's business, still there
    owner.stop()
    assert not (tmp_path / "running.json").exists()


def test_a_command_does_not_wait_for_ever_for_a_demo_that_never_gets_ready(tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "PATIENCE", 0.3)
    Servers(tmp_path).own()
    owner = Servers(tmp_path)
    assert owner.own()  # the one before was thrown away, and its lock with it
    with pytest.raises(Trouble, match="does not get ready"), borrowed_or_own(Servers(tmp_path)):
        pass


def test_nothing_is_restored_beneath_a_running_demo(tmp_path):
    owner = Servers(tmp_path)
    owner.own()
    with pytest.raises(Trouble, match=r"Something runs from .* Stop it first"), keep.own_alone(Servers(tmp_path)):
        pass
    owner.stop()


def test_a_backup_needs_the_name_of_a_file():
    with pytest.raises(Trouble, match=r"usage: bin/backup \[--data DIR\] FILE"):
        arguments(["--data", "x"], usage=keep.USAGES["backup"])


def test_a_stamp_tells_the_same_from_something_new(tmp_path):
    source = tmp_path / "lock.txt"
    source.write_text("django==5.2.19")
    stamps = prepare.Stamps(tmp_path / "stamps.json")
    assert not stamps.match("demo", prepare.fingerprint([source]))
    stamps.set("demo", prepare.fingerprint([source]))
    assert stamps.match("demo", prepare.fingerprint([source]))
    source.write_text("django==5.2.20")
    assert not stamps.match("demo", prepare.fingerprint([source]))


def test_a_broken_stamp_counts_as_none(tmp_path):
    (tmp_path / "stamps.json").write_text("{half")
    assert not prepare.Stamps(tmp_path / "stamps.json").match("demo", "x")
