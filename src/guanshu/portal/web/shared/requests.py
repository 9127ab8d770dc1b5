"""What kind of answer a request wants, and where it came from."""

from django.conf import settings
from django.http import HttpRequest, QueryDict

from guanshu.portal.models import Account


def wants_json(request: HttpRequest) -> bool:
    """Return whether the sender is a program (a save request), not a page that is being opened."""
    if request.content_type == "application/json":
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_htmx(request: HttpRequest) -> bool:
    """Return whether htmx sent the request; also before its middleware has run."""
    return request.headers.get("HX-Request") == "true"


def client_address(request: HttpRequest) -> str:
    """Return the client's address: the peer's, or what our own proxies (GUANSHU_PROXIES of them) added."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies = settings.GUANSHU_PROXIES
    return hops[-proxies] if 0 < proxies <= len(hops) else peer


def wants_fragment(request: HttpRequest) -> bool:
    """Return whether htmx wants the list alone; going back in the history wants the page."""
    return is_htmx(request) and request.headers.get("HX-History-Restore-Request") != "true"


_LONGEST_TEXT = 60


def text_of(query: QueryDict, name: str) -> str:
    """Return a parameter of the address, short enough to search for."""
    return query.get(name, "").replace("\x00", "").strip()[:_LONGEST_TEXT]


def account_of(request: HttpRequest) -> Account:
    """Return who is logged in; for views behind the gate, which lets in accounts only."""
    assert isinstance(request.user, Account)  # noqa: S101
    return request.user
