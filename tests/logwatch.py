"""Listens to everything that is logged and says what must never stand there: phone numbers, codes, passwords."""

import logging
import re
from collections.abc import Iterable

# A Chinese mobile number, also with blanks or dashes in it; no part of a longer number or of a hash.
MOBILE = re.compile(r"(?<![0-9A-Za-z.\-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])")
# Codes sent by text message, and passwords, are told apart from other words by being planted: tests add theirs.
planted: set[str] = set()


class Watch(logging.Handler):
    """Keeps every line of every logger, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))

    def begin(self) -> None:
        """Listen from now on, also to loggers that keep their lines to themselves."""
        logging.getLogger().addHandler(self)
        for name in ("django.server", "django.request", "django.security", "gunicorn.error", "gunicorn.access"):
            logger = logging.getLogger(name)
            if not logger.propagate:
                logger.addHandler(self)

    def end(self) -> None:
        """Listen no more."""
        for name in ("", "django.server", "django.request", "django.security", "gunicorn.error", "gunicorn.access"):
            logging.getLogger(name or None).removeHandler(self)


def leaks(lines: Iterable[str], secrets: Iterable[str] = ()) -> list[str]:
    """Return what was found, each with the line it stands in (the secret itself blotted out)."""
    words = {word for word in (*planted, *secrets) if len(word) >= 4}
    found = []
    for line in lines:
        found += [f"a planted secret: {line.replace(word, '█')[:300]}" for word in words if word in line]
        if MOBILE.search(line):
            found.append(f"a telephone number: {MOBILE.sub('█', line)[:300]}")
    return found
