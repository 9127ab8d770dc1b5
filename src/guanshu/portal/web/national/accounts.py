"""/national/accounts/: the nation's accounts. SYSTEM and AUDITOR come by command; roles never change."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.domain.officials import MADE_BY_SYSTEM, create_national_account
from guanshu.portal.models import Account, Role
from guanshu.portal.web.shared.made_accounts import Kind, act_page, list_page
from guanshu.portal.web.shared.requests import account_of

_LISTED = (Role.SYSTEM, Role.AUDITOR, *MADE_BY_SYSTEM)


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """全国级账号: who has one; making one."""
    return list_page(request, _kind())


@sensitive_post_parameters("password", "code")
@require_POST
def act(request: HttpRequest, username: str, word: str) -> HttpResponse:
    """Close an account, renew its password, reset its second factor."""
    return act_page(request, _kind(), username, word)


def _kind() -> Kind:
    found = Account.objects.filter(role__in=[role.value for role in _LISTED]).order_by("-is_active", "role", "username")
    choices = {role.value: str(role.label) for role in MADE_BY_SYSTEM}
    return Kind("national/accounts.html", "national:accounts", list(found), "role", choices, _make)


def _make(request: HttpRequest) -> tuple[Account, str]:
    post = request.POST
    return create_national_account(
        role=post.get("role", ""),
        username=post.get("username", "")[:40],
        person={"name": post.get("name", ""), "phone": post.get("phone", "")},
        actor=account_of(request),
        now=clock.now(),
    )
