"""The demo's one password. It is printed, and therefore public: no account outside demo mode may have it."""

from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password

DEMO_PASSWORD = "guanshu-demo-2022"  # noqa: S105 - public by design, refused outside demo mode


@cache
def encoded_demo_password() -> str:
    """Return the demo password's hash, computed once: a thousand museums have two thousand accounts."""
    return make_password(DEMO_PASSWORD)


def refused_as_demo(password: str) -> bool:
    """Return whether this is the demo password where it must not work."""
    return password == DEMO_PASSWORD and not settings.DEMO
