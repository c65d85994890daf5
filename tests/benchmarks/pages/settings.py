"""The settings of Campusruf with two more addresses, and no limit to how often one may ask the API."""

import os

from helpdesk.settings import *  # noqa: F403
from helpdesk.settings import BASE_DIR, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "tests.benchmarks.pages.urls"
API_LIMIT = 0
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "benchmarks" / "pages" / "templates")
MIDDLEWARE.insert(0, f"tests.benchmarks.pages.looking.{'Looking' if os.environ.get('BENCHMARK_LOOKS') else 'Busy'}")
