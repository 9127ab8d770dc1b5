"""Where a browser goes on to after a post."""

from http import HTTPStatus

from django.http import HttpResponseRedirect


def see_other(url: str) -> HttpResponseRedirect:
    """Return the redirect after a post, which browsers follow with a GET (RFC 9110, 15.4.4)."""
    return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)
