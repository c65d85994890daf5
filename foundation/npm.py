"""A staticfiles finder for browser packages: exactly the listed files of node_modules, under npm/.

`settings.NPM_FILES` maps a package to the files we serve. Whole dist folders would be thousands of files that
nobody asks for, so what is not listed does not exist.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import Error
from django.core.files.storage import FileSystemStorage


class NpmFinder(BaseFinder):
    """Find the listed files of the installed browser packages."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.root = Path(settings.NPM_ROOT)
        self.files = [f"{package}/{name}" for package, names in settings.NPM_FILES.items() for name in names]
        self.storage = FileSystemStorage(location=self.root)
        self.storage.prefix = "npm"  # collectstatic puts it before every name that list() yields
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        """Return an error for every listed file that is not installed."""
        return [
            Error(f"{self.root / name} is missing", hint="Run npm ci.", id="foundation.E001")
            for name in self.files
            if not (self.root / name).is_file()
        ]

    def find(self, path, find_all=False):
        """Return where the file behind a static path lies, or an empty list."""
        prefix, _, name = path.partition("/")
        if prefix != "npm" or name not in self.files or not (self.root / name).is_file():
            return []
        return [str(self.root / name)] if find_all else str(self.root / name)

    def list(self, ignore_patterns):
        """Yield every listed file with its storage, as collectstatic wants it."""
        for name in self.files:
            if not matches_patterns(name, ignore_patterns):
                yield name, self.storage
