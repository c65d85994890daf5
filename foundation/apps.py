from django.apps import AppConfig
from django.core import checks

from foundation.typesetting import check_fonts


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Foundation"

    def ready(self):
        checks.register(check_fonts)
