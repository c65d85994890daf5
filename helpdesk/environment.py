"""Settings from the environment, parsed strictly: a wrong value ends the start with one sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
SHORTEST_SECRET_KEY = 50
SHORTEST_TOKEN = 20


class WrongSetting(Exception):
    """A variable of the environment is missing or wrong; the text names it."""


@dataclass(frozen=True)
class Environment:
    """The variables Campusruf reads, each by a method that returns a value Django understands."""

    variables: Mapping[str, str]

    def demo(self) -> bool:
        return self._choice("DEMO", {"": False, "0": False, "1": True}, "0 or 1")

    def secret_key(self) -> str:
        key = self._required("SECRET_KEY")
        if len(key) < SHORTEST_SECRET_KEY:
            raise WrongSetting(f"SECRET_KEY has {len(key)} characters; it needs {SHORTEST_SECRET_KEY} or more.")
        return key

    def allowed_hosts(self) -> list[str]:
        hosts = [host.strip() for host in self._required("ALLOWED_HOSTS").split(",")]
        for host in hosts:
            if not HOST.fullmatch(host):
                raise WrongSetting(
                    f"ALLOWED_HOSTS names {host!r}, which is no host name; write names separated by commas, "
                    "without scheme and port."
                )
        return hosts

    def base_url(self) -> str:
        """Return scheme, host and port under which people reach Campusruf, without a slash at the end."""
        url = self._url("BASE_URL", ("http", "https"), "http://127.0.0.1:8000 or https://help.example.org")
        if not url.hostname or url.path not in ("", "/") or url.query or url.fragment or url.username:
            raise WrongSetting("BASE_URL must consist of scheme, host and port only, like https://help.example.org.")
        return f"{url.scheme}://{url.netloc}"

    def trusted_proxies(self) -> int:
        """Return how many reverse proxies stand in front and append to X-Forwarded-For."""
        text = self.variables.get("TRUSTED_PROXIES", "").strip() or "0"
        if not re.fullmatch("[0-9]", text):
            raise WrongSetting(f"TRUSTED_PROXIES is {text!r}; it is the number of reverse proxies, 0 to 9.")
        return int(text)

    def database(self) -> dict:
        """Return the entry for DATABASES. The host may be the percent-encoded folder of a socket."""
        url = self._url("DATABASE_URL", ("postgres", "postgresql"), "postgres://user:password@host:5432/name")
        name = unquote(url.path.removeprefix("/"))
        if not name or "/" in name:
            raise WrongSetting("DATABASE_URL names no database; it ends in /name.")
        options = parse_qs(url.query, strict_parsing=bool(url.query))
        if unknown := set(options) - {"sslmode", "sslrootcert"}:
            raise WrongSetting(f"DATABASE_URL has the unknown option {sorted(unknown)[0]!r}.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.netloc.rpartition("@")[2]) if "%2F" in url.netloc.upper() else url.hostname or "",
            "PORT": str(url.port or ""),
            "OPTIONS": {option: values[-1] for option, values in options.items()},
        }

    def redis(self) -> str:
        url = self._url("REDIS_URL", ("redis", "rediss"), "redis://:password@host:6379/0")
        if not url.hostname or not re.fullmatch("/?[0-9]{0,2}", url.path):
            raise WrongSetting("REDIS_URL must name a host and may end in the number of a database.")
        return url.geturl()

    def email(self) -> dict:
        """Return the settings of Django's mail backend."""
        url = self._url(
            "EMAIL_URL",
            ("smtp", "smtps", "smtp+tls", "console", "memory", "file"),
            "smtp+tls://user:password@host:587, smtps://…, smtp://…, file:///folder, console:// or memory://",
        )
        backend = "django.core.mail.backends"
        if url.scheme == "console":
            return {"EMAIL_BACKEND": f"{backend}.console.EmailBackend"}
        if url.scheme == "memory":
            return {"EMAIL_BACKEND": f"{backend}.locmem.EmailBackend"}
        if url.scheme == "file":
            if url.netloc or not url.path.strip("/"):
                raise WrongSetting("EMAIL_URL needs an absolute folder, like file:///var/mail.")
            return {
                "EMAIL_BACKEND": f"{backend}.filebased.EmailBackend",
                "EMAIL_FILE_PATH": unquote(url.path),
            }
        if not url.hostname:
            raise WrongSetting("EMAIL_URL names no host.")
        return {
            "EMAIL_BACKEND": f"{backend}.smtp.EmailBackend",
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": url.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[url.scheme],
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_SSL": url.scheme == "smtps",
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        }

    def mail_from(self) -> str:
        """Return the address mails come from; empty where it follows from BASE_URL."""
        address = self.variables.get("MAIL_FROM", "").strip()
        if address and not re.fullmatch(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+", address):
            raise WrongSetting(f"MAIL_FROM is {address!r}; it is an address alone, like campusruf@example.org.")
        return address

    def metrics_token(self) -> str:
        """Return the key to the figures for Prometheus; empty where nobody shall read them."""
        token = self.variables.get("METRICS_TOKEN", "").strip()
        if token and not re.fullmatch(r"[\x21-\x7e]+", token):
            raise WrongSetting("METRICS_TOKEN may hold letters, digits and signs of ASCII only, without spaces.")
        if token and len(token) < SHORTEST_TOKEN:
            raise WrongSetting(f"METRICS_TOKEN has {len(token)} characters; it needs {SHORTEST_TOKEN} or more.")
        return token

    def api_limit(self) -> int:
        """Return how many requests a minute one account may send to the API; 0 is any number."""
        text = self.variables.get("API_LIMIT", "").strip() or "3000"
        if not re.fullmatch("[0-9]{1,6}", text):
            raise WrongSetting(f"API_LIMIT is {text!r}; it is a number of requests a minute, 0 for any number.")
        return int(text)

    def log_format(self) -> str:
        """Return how an entry of the log looks: "line" for people, "json" for programs."""
        return self._choice("LOG_FORMAT", {"": "line", "line": "line", "json": "json"}, "line or json")

    def postgres_programs(self) -> str:
        """Return the folder of pg_dump, pg_restore and psql; empty where they are found by themselves."""
        folder = self.variables.get("POSTGRES_PROGRAMS", "").strip()
        if folder and not Path(folder).is_absolute():
            raise WrongSetting(f"POSTGRES_PROGRAMS is {folder!r}; it must be an absolute path.")
        return folder

    def media_root(self) -> Path:
        folder = Path(self._required("MEDIA_ROOT"))
        if not folder.is_absolute():
            raise WrongSetting(f"MEDIA_ROOT is {str(folder)!r}; it must be an absolute path.")
        return folder

    def _required(self, name: str) -> str:
        value = self.variables.get(name, "").strip()
        if not value:
            raise WrongSetting(f"{name} is missing in the environment.")
        return value

    def _choice(self, name: str, choices: dict, wording: str):
        value = self.variables.get(name, "").strip()
        if value not in choices:
            raise WrongSetting(f"{name} is {value!r}; it must be {wording}.")
        return choices[value]

    def _url(self, name: str, schemes: tuple[str, ...], wording: str) -> SplitResult:
        # The value may hold a password, so it is never repeated in the sentence.
        text = self._required(name)
        try:
            url = urlsplit(text)
            _ = url.port
        except ValueError:
            raise WrongSetting(f"{name} is no valid address; it looks like {wording}.") from None
        if url.scheme not in schemes or "://" not in text:
            raise WrongSetting(f"{name} must look like {wording}.")
        return url
