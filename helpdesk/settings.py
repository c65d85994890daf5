"""The settings of Campusruf, the same file everywhere; what differs comes from the environment."""

import os
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from helpdesk.environment import Environment, WrongSetting

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    environment = Environment(os.environ)
    DEMO = environment.demo()
    SECRET_KEY = environment.secret_key()
    ALLOWED_HOSTS = environment.allowed_hosts()
    BASE_URL = environment.base_url()
    TRUSTED_PROXIES = environment.trusted_proxies()
    DATABASE = environment.database()
    REDIS_URL = environment.redis()
    MEDIA_ROOT = environment.media_root()
    METRICS_TOKEN = environment.metrics_token()
    API_LIMIT = environment.api_limit()
    LOG_FORMAT = environment.log_format()
    POSTGRES_PROGRAMS = environment.postgres_programs()
    MAIL_FROM = environment.mail_from()
    globals().update(environment.email())
except WrongSetting as wrong:
    sys.exit(f"Campusruf does not start: {wrong}")

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
DEBUG = False
HTTPS = urlsplit(BASE_URL).scheme == "https"

# The house, bottom first in pyproject.toml; here in Django's order.
INSTALLED_APPS = [
    "foundation",
    "audit",
    "calendars",
    "idempotency",
    "pages",
    "pulse",
    "accounts",
    "teams",
    "campuses",
    "schools",
    "devices",
    "notifications",
    "textmodules",
    "tickets",
    "reports",
    "helpdesk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "helpdesk.apps.StaticFiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

# The first six carry what every answer has to have, so they stand outside of whatever answers: static files too.
MIDDLEWARE = [
    "helpdesk.middleware.ClockAndId",
    "helpdesk.middleware.Seclusion",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionAge",
    "accounts.middleware.PreferredLanguage",
    "helpdesk.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helpdesk.errors.ErrorAnswers",
]

FORM_RENDERER = "foundation.forms.KernFormRenderer"
ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # with DEBUG off this is the cached loader
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.context.shell",
            ],
        },
    },
]

# --- Database and broker ------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **DATABASE,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # one that died with its server is replaced
        "OPTIONS": {
            "connect_timeout": 5,
            # Lists join a dozen small tables to one large one, in the order written. Trying all other orders takes
            # the planner 20 to 130 ms a page (docs/measurements.md) and finds nothing better.
            "options": "-c join_collapse_limit=2",
            **DATABASE["OPTIONS"],
        },
    }
}
# What `manage.py migrate` waits for at most, in seconds; its options say otherwise for once.
MIGRATION_LOCK_TIMEOUT = 2
MIGRATION_STATEMENT_TIMEOUT = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # What a killed worker had taken comes back after this, looked for at every poll and not at every tenth.
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150  # below the visibility timeout: slow is no reason to run twice
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "helpdesk.watchdog:WatchedScheduler"

# --- Language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# --- Signing in ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 8  # idle; the end after twelve hours is the business of accounts

# A cookie with __Host- belongs to this host alone and travels over https only; plain http must do without.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
THEME_COOKIE_NAME = f"{COOKIE_PREFIX}theme"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
CSRF_FAILURE_VIEW = "helpdesk.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- What every answer carries ------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the reverse proxy does that
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # hosts below ours are not ours to decide about
    "security.W008",  # the redirect of the reverse proxy
    "security.W021",  # a list in browsers that one does not get off again: the city's decision
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "foundation.npm.NpmFinder",
]
NPM_ROOT = BASE_DIR / "node_modules"
NPM_FILES = {
    "@fontsource/fira-sans": [
        f"files/fira-sans-{script}-{weight}-normal.woff2"
        for script in ("latin", "latin-ext")
        for weight in (400, 500, 600)
    ],
    "@kern-ux/native": ["dist/kern.min.css"],
    "htmx.org": ["dist/htmx.min.js"],
}
#: Set into papers and served to nobody, out of NPM_ROOT: the typeface of the pages, and little pictures in names.
PAPER_FONTS = [
    "@expo-google-fonts/fira-sans/400Regular",
    "@expo-google-fonts/fira-sans/500Medium",
    "@expo-google-fonts/fira-sans/600SemiBold",
    "@expo-google-fonts/noto-emoji/400Regular",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Public files, collected by another user than the one who serves them; the modes below are those of photos.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # only our own pages load them
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Reports ---

TICKET_PREFIX = "DO"  # numbers look like DO-2026-4017

# --- Mail ---------------------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = f"Campusruf <{MAIL_FROM or f'campusruf@{urlsplit(BASE_URL).hostname}'}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The rest stands in foundation.api.views; these lie on floors it does not know.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["foundation.api.limits.AccountLimit"],
    "EXCEPTION_HANDLER": "helpdesk.problems.answer",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Campusruf",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Schools, people and tickets of Campusruf, with the rights of whoever asks.",
    "SORT_OPERATIONS": False,
    "LICENSE": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "ENUM_NAME_OVERRIDES": {
        f"{name}Enum": f"tickets.lifecycle.{name}.choices"
        for name in ("Status", "Level", "Step", "Impact", "Urgency", "Priority")
    },
}

# --- Logs: ids and numbers, never bodies, tokens or addresses -----------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "helpdesk.logs.Line"}, "json": {"()": "helpdesk.logs.Json"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
