"""/province/accounts/city/: 市级查看 accounts of the province's cities."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.domain.officials import cities_of, create_city_account
from guanshu.portal.models import Account, Role
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.made_accounts import Kind, act_page, list_page
from guanshu.portal.web.shared.requests import account_of


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """市级查看账号: who has one; making one."""
    return list_page(request, _kind(request))


@sensitive_post_parameters("password", "code")
@require_POST
def act(request: HttpRequest, username: str, word: str) -> HttpResponse:
    """Close an account, renew its password, reset its second factor."""
    return act_page(request, _kind(request), username, word)


def _kind(request: HttpRequest) -> Kind:
    province = own_province(request)
    found = Account.objects.filter(role=Role.CITY_VIEWER.value, province=province).order_by("-is_active", "username")
    cities = {city: city for city in cities_of(province)}
    return Kind("province/city_accounts.html", "province:city_accounts", list(found), "city", cities, _make)


def _make(request: HttpRequest) -> tuple[Account, str]:
    post = request.POST
    return create_city_account(
        city=post.get("city", ""),
        person={"name": post.get("name", ""), "phone": post.get("phone", "")},
        actor=account_of(request),
        now=clock.now(),
    )
