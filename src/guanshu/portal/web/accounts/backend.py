"""Checks a log-in. Written so that nobody can tell from the answer or its timing whether an account exists."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.demo.password import refused_as_demo
from guanshu.portal.domain.passwordrules import MAX_LENGTH
from guanshu.portal.models import Account

# Over-long input never reaches the hasher or the database.
_MAX_USERNAME = 40


class AccountBackend(BaseBackend):
    """Accounts by name, in any case; closed accounts are refused like wrong passwords."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> Account | None:
        """Return the account when the password fits and the account is open."""
        if not username or not password or len(username) > _MAX_USERNAME or len(password) > MAX_LENGTH:
            return None
        account = Account.objects.filter(username=canonical_username(username)).first()
        if account is None:
            make_password(password)
            return None
        fits = account.check_password(password) and account.is_active
        # A demo's password is printed for everybody; a database carried over into real use must not open with it.
        return account if fits and not refused_as_demo(password) else None

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session with its office; a closed one is logged out at once."""
        return Account.objects.select_related("province", "museum__province").filter(pk=user_id, is_active=True).first()


def attempted_username(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the one spelling under which failed log-ins are counted, whatever case was typed."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return canonical_username(str(typed)).replace("\x00", "")[:_MAX_USERNAME]
