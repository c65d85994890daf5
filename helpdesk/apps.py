from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    default = True


class StaticFiles(StaticFilesConfig):
    """Collect what our pages ask for; the browsable pages of the API framework are not among them."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "rest_framework"]
