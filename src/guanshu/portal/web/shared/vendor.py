"""Front-end files of others, by an explicit list: what is not named here is never served."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import django_htmx
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage

_HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx"


def files() -> dict[str, Path]:
    """Return each address under STATIC_URL and the file behind it."""
    modules = Path(settings.GUANSHU_NODE_MODULES)
    return {
        "vendor/bootstrap.min.css": modules / "bootstrap/dist/css/bootstrap.min.css",
        "vendor/htmx.min.js": _HTMX / "htmx-2.min.js",
    }


class VendorFinder(BaseFinder):
    """Finds the listed files for `collectstatic` and for tests."""

    def find(  # type: ignore[override]
        self,
        path: str,
        find_all: bool = False,
        **kwargs: Any,  # noqa: ARG002
    ) -> list[str] | str:
        """Return the file behind an address, or an empty list (Django's convention for nothing found)."""
        source = files().get(path)
        if source is None or not source.is_file():
            return []
        return [str(source)] if find_all else str(source)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        """Yield every listed file with a storage that opens it; a missing one is an error of the installation."""
        for address, source in files().items():
            yield address, _OneFile(address, source)


class _OneFile(StaticFilesStorage):
    """A storage with a single file under a name of our choosing."""

    prefix = ""

    def __init__(self, address: str, source: Path) -> None:
        super().__init__(location=source.parent, base_url=None)
        self._address, self._source = address, source

    def path(self, name: str | PathLike[str]) -> str:
        """Return the file's place on disk, whatever the package calls it."""
        return str(self._source) if name == self._address else super().path(name)
