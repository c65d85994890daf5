"""A city that starts Campusruf with a wrong setting is told which one, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.environment import Environment, WrongSetting

ROOT = Path(__file__).resolve().parents[2]

GOOD = {
    "DATABASE_URL": "postgres://ruf:geheim@db.example.org:5433/campusruf",
    "REDIS_URL": "redis://:geheim@broker.example.org:6379/0",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "help.example.org,127.0.0.1",
    "BASE_URL": "https://help.example.org",
    "EMAIL_URL": "smtp+tls://ruf:geheim@mail.example.org:587",
    "MEDIA_ROOT": "/var/lib/campusruf",
    "DEMO": "0",
}


def environment(**changes):
    return Environment({**GOOD, **changes})


def start(changes):
    """Import the settings in a process of its own, as manage.py, gunicorn and celery do."""
    variables = {**os.environ, **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-c", "import helpdesk.settings"],
        env={name: value for name, value in variables.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


READERS = {
    "DATABASE_URL": "database",
    "REDIS_URL": "redis",
    "SECRET_KEY": "secret_key",
    "ALLOWED_HOSTS": "allowed_hosts",
    "BASE_URL": "base_url",
    "EMAIL_URL": "email",
    "MAIL_FROM": "mail_from",
    "MEDIA_ROOT": "media_root",
    "DEMO": "demo",
    "TRUSTED_PROXIES": "trusted_proxies",
    "METRICS_TOKEN": "metrics_token",
    "POSTGRES_PROGRAMS": "postgres_programs",
    "LOG_FORMAT": "log_format",
    "API_LIMIT": "api_limit",
}
MAY_BE_MISSING = {
    "DEMO",
    "TRUSTED_PROXIES",
    "MAIL_FROM",
    "METRICS_TOKEN",
    "POSTGRES_PROGRAMS",
    "LOG_FORMAT",
    "API_LIMIT",
}


def sentence_about(name, value):
    with pytest.raises(WrongSetting) as wrong:
        getattr(environment(**{name: value}), READERS[name])()
    return str(wrong.value)


@pytest.mark.parametrize(
    "name",
    sorted(READERS.keys() - MAY_BE_MISSING),
)
def test_a_missing_setting_is_named(name):
    assert sentence_about(name, "") == f"{name} is missing in the environment."


@pytest.mark.parametrize("changes", [{"SECRET_KEY": None}, {"DEMO": "yes"}])
def test_a_wrong_environment_ends_the_start_with_one_sentence_and_no_traceback(changes):
    done = start(changes)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Campusruf does not start: {next(iter(changes))} is ")
    assert done.stderr.count("\n") == 1


def test_a_complete_environment_starts():
    assert start({}).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMO", "yes"),
        ("DEMO", "true"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "https://help.example.org"),
        ("ALLOWED_HOSTS", "help.example.org:443"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "a.example.org,,b.example.org"),
        ("BASE_URL", "help.example.org"),
        ("BASE_URL", "ftp://help.example.org"),
        ("BASE_URL", "https://help.example.org/sub"),
        ("BASE_URL", "https://help.example.org:notaport"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "two"),
        ("DATABASE_URL", "mysql://ruf:geheim@db.example.org/campusruf"),
        ("DATABASE_URL", "postgres://ruf:geheim@db.example.org"),
        ("DATABASE_URL", "postgres://ruf:geheim@db.example.org/campusruf?sslmod=require"),
        ("DATABASE_URL", "postgres://ruf:geheim@db.example.org:99999/campusruf"),
        ("REDIS_URL", "http://broker.example.org"),
        ("REDIS_URL", "redis://broker.example.org/first"),
        ("EMAIL_URL", "mail.example.org"),
        ("MAIL_FROM", "campusruf"),
        ("MAIL_FROM", "Campusruf <campusruf@example.org>"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "file://relative"),
        ("MEDIA_ROOT", "var/media"),
        ("POSTGRES_PROGRAMS", "bin"),
        ("LOG_FORMAT", "JSON"),
        ("API_LIMIT", "-1"),
        ("API_LIMIT", "10/min"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    sentence = sentence_about(name, value)
    assert name in sentence
    assert "geheim" not in sentence  # addresses hold passwords, logs must not


def test_the_database_may_be_reached_over_the_folder_of_a_socket():
    database = environment(DATABASE_URL="postgres://ruf:a%2Fb@%2Frun%2Fpg/campusruf").database()
    assert database["HOST"] == "/run/pg"
    assert database["PASSWORD"] == "a/b"
    assert database["PORT"] == ""


def test_the_database_may_be_reached_over_the_network():
    database = environment(DATABASE_URL=GOOD["DATABASE_URL"] + "?sslmode=verify-full").database()
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", "5433", "campusruf")
    assert database["OPTIONS"] == {"sslmode": "verify-full"}


def test_mail_leaves_encrypted_when_the_address_says_so():
    assert environment().email()["EMAIL_USE_TLS"] is True
    plain = environment(EMAIL_URL="smtp://mail.example.org").email()
    assert (plain["EMAIL_PORT"], plain["EMAIL_USE_TLS"], plain["EMAIL_USE_SSL"]) == (25, False, False)


def test_a_slash_at_the_end_of_the_base_url_is_no_mistake():
    assert environment(BASE_URL="https://help.example.org/").base_url() == "https://help.example.org"


def test_a_sentence_never_repeats_a_secret_key():
    with pytest.raises(WrongSetting) as wrong:
        environment(SECRET_KEY="hunter2").secret_key()
    assert "hunter2" not in str(wrong.value)


def settings_under(base_url, *names, **changes):
    done = subprocess.run(
        [sys.executable, "-c", f"import helpdesk.settings as s; print(*(getattr(s, n) for n in {names}))"],
        env={**os.environ, **GOOD, "BASE_URL": base_url, "TRUSTED_PROXIES": "1", **changes},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_cookies_are_bound_to_the_host_where_there_is_https():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    assert settings_under("https://help.example.org", *names) == [
        "__Host-session",
        "__Host-csrf",
        "True",
        "31536000",
    ]
    assert settings_under("http://127.0.0.1:8000", *names) == ["session", "csrf", "False", "0"]


def test_mails_come_from_the_address_a_city_names_and_else_from_the_host_people_type():
    host = "https://help.example.org"
    assert settings_under(host, "DEFAULT_FROM_EMAIL") == ["Campusruf", "<campusruf@help.example.org>"]
    named = settings_under(host, "DEFAULT_FROM_EMAIL", MAIL_FROM="it@stadt.example")
    assert named == ["Campusruf", "<it@stadt.example>"]


def test_without_a_key_to_the_figures_nobody_reads_them_and_a_short_or_odd_one_is_refused():
    assert environment().metrics_token() == ""
    assert environment(METRICS_TOKEN="q" * 20).metrics_token() == "q" * 20
    told = sentence_about("METRICS_TOKEN", "geheimnis")
    assert told == "METRICS_TOKEN has 9 characters; it needs 20 or more."
    assert "ASCII" in sentence_about("METRICS_TOKEN", "schlüssel zu den zahlen")
