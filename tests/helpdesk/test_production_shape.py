"""The files production starts from say the same as the program: a setting that one forgets is forgotten everywhere."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler
from django.core.management import call_command

from helpdesk import settings as production
from helpdesk.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"].startswith("campusruf:")}
#: What a city cannot turn wrong: the image brings the programs along `PATH`.
NOT_IN_COMPOSE = {"POSTGRES_PROGRAMS"}


def settings_read():
    """Return the names of all variables the program reads."""
    source = (ROOT / "helpdesk" / "environment.py").read_text("utf-8")
    return set(re.findall(r'(?:_required|_choice|_url|variables\.get)\(\s*"([A-Z_]+)"', source))


def test_every_setting_stands_in_the_papers_and_in_the_compose_file():
    known = settings_read()
    assert {"DATABASE_URL", "METRICS_TOKEN", "LOG_FORMAT", "API_LIMIT"} <= known
    papers = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \| (?:yes|no) \|", papers, re.MULTILINE)) == known
    assert set(COMPOSE["x-campusruf"]["environment"]) == known - NOT_IN_COMPOSE


def test_what_the_compose_file_asks_for_stands_in_the_example_and_nothing_else():
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text)) - {"CAMPUSRUF_VERSION"}
    example = (ROOT / "docker" / "env.example").read_text("utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == asked


def test_what_the_compose_file_sets_is_accepted_by_the_program():
    filled = {
        "DATABASE_PASSWORD": "d" * 24,
        "BROKER_PASSWORD": "b" * 24,
        "SECRET_KEY": "k" * 50,
        "METRICS_TOKEN": "t" * 24,
    }
    filled |= {"SITE_HOST": "help.example.org", "EMAIL_URL": "smtp+tls://ruf:geheim@mail.example.org:587"}

    def fill(found):
        name, default = re.fullmatch(r"\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}", found[0]).groups()
        return filled.get(name, default)

    told = {name: re.sub(r"\$\{[^}]+\}", fill, value) for name, value in COMPOSE["x-campusruf"]["environment"].items()}
    environment = Environment(told)
    readers = [name for name in vars(Environment) if not name.startswith("_") and name != "variables"]
    assert len(readers) == len(settings_read())
    for name in readers:
        getattr(environment, name)()
    assert environment.demo() is False and environment.base_url() == "https://help.example.org"


@pytest.mark.parametrize("name", OURS)
def test_our_processes_run_without_rights_they_do_not_need(name):
    service = OURS[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service  # only the reverse proxy is reached from outside
    assert {volume.split(":")[0] for volume in service["volumes"]} & {"media", "beat"}


def test_one_service_alone_builds_the_image_that_all_use():
    """Where several build one name at once, the first build on a new machine ends with "already exists"."""
    [builder] = [name for name, service in COMPOSE["services"].items() if "build" in service]
    assert builder in OURS and len({service["image"] for service in OURS.values()}) == 1
    build = OURS[builder]["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()


def test_files_of_the_repository_that_a_service_reads_are_there():
    volumes = [volume for service in COMPOSE["services"].values() for volume in service.get("volumes", [])]
    sources = {volume.split(":")[0] for volume in volumes if volume.startswith("./")}
    assert "./docker/ca" in sources and all((ROOT / source).exists() for source in sources)


def test_what_the_proxy_reads_is_told_to_it():
    proxy = COMPOSE["services"]["proxy"]
    asked = set(re.findall(r"\{\$([A-Z_]+)", (ROOT / "docker" / "Caddyfile").read_text("utf-8")))
    assert asked == set(proxy["environment"])


def test_an_upload_that_says_it_is_too_large_is_refused_before_it_is_sent():
    proxy = (ROOT / "docker" / "Caddyfile").read_text("utf-8")
    [limit] = re.findall(r"max_size (\d+)MB", proxy)
    [large] = re.findall(r"header_regexp Content-Length (\S+)", proxy)
    for length in (0, 9, 84_999_999, 10_000_000):
        assert not re.search(large, str(length)), length
    for length in (int(limit) * 1_000_000, 99_999_999, 100_000_000, 5_000_000_000):
        assert re.search(large, str(length)), length


def test_others_than_whoever_collected_the_static_files_can_read_them(tmp_path):
    """The image collects them as root and serves them as nobody in particular."""
    storage = StorageHandler().create_storage(
        production.STORAGES["staticfiles"]
        | {"OPTIONS": production.STORAGES["staticfiles"]["OPTIONS"] | {"location": tmp_path / "collected"}}
    )
    path = tmp_path / "collected" / storage.save("app/style.css", ContentFile(b"p {}"))
    assert path.stat().st_mode & 0o777 == 0o644
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)} == {0o755}


def test_the_commands_of_the_first_start_do_what_the_papers_promise(db):
    """Whoever starts has read nothing else: each line is typed as it stands, on a machine where nothing is yet."""
    papers = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = papers[papers.index("## First start") : papers.index("## Certificate")]
    lines = re.findall(r"^docker compose exec web python manage\.py (.+)$", section, re.MULTILINE)
    told = StringIO()
    for name, *arguments in map(shlex.split, lines):
        if name != "check":  # of Django's own, about settings that tests do not have
            call_command(name, *arguments, stdout=told)
    assert len(lines) == 5 and "/password/set/" in told.getvalue()
    for promise in ("155 neu", "29 new", "112 neu"):
        assert promise in section and promise in told.getvalue()


def test_the_papers_name_only_services_and_variables_there_are():
    papers = (ROOT / "docs" / "operations.md").read_text("utf-8")
    named = re.findall(
        r"docker compose (?:stop|restart|logs|exec|run --rm) ((?:[a-z]+(?: |`|$))+)", papers, re.MULTILINE
    )
    words = {words.split()[0].strip("`") for words in named}
    assert {"web", "backup", "restore", "database", "proxy", "worker"} <= words <= set(COMPOSE["services"])
    example = (ROOT / "docker" / "env.example").read_text("utf-8")
    for name in re.findall(r"`([A-Z_]+)=[^`]*`", papers):
        assert f"{name}=" in example, name


def test_every_process_is_watched_and_the_image_is_no_root():
    for name, service in COMPOSE["services"].items():
        if service["restart"] != "no":
            assert service["healthcheck"]["test"], name
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    image = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", image, re.MULTILINE)
    volumes = {volume for service in COMPOSE["services"].values() for volume in service.get("volumes", [])}
    named = {volume.split(":")[0] for volume in volumes if re.match("[a-z]+:", volume)}
    assert named == set(COMPOSE["volumes"])


def test_the_programs_for_a_backup_are_as_new_as_the_database():
    image = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
    [version] = re.findall(r"postgresql-client-(\d+)", image)
    assert COMPOSE["services"]["database"]["image"] == f"postgres:{version}"
    for command in ("backup", "restore"):
        assert COMPOSE["services"][command]["entrypoint"] == ["python", "manage.py", command]
        assert (ROOT / "helpdesk" / "management" / "commands" / f"{command}.py").exists()
