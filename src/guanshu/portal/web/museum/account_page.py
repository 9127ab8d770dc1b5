"""/museum/account/: who holds the museum's two accounts, now and before; handing one's own to a successor."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.models import Account
from guanshu.portal.queries.accountlist import account_view
from guanshu.portal.queries.people import holders
from guanshu.portal.web.shared.reauth import FIELD
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.replacing import replace_page, said
from guanshu.portal.web.shared.requests import account_of


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show both accounts; everybody may change only their own."""
    own, now = account_of(request), clock.now()
    found = Account.objects.filter(museum=own.museum).order_by("username")
    views = [(account_view(each, now), holders(each)) for each in found]
    return render(request, "museum/account.html", {"own": own, "museum": own.museum, "views": views})


@sensitive_post_parameters(FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest) -> HttpResponse:
    """Hand one's own account to a successor; whoever does so is logged out with it."""
    own = account_of(request)
    shown = replace_page(request, own, template="museum/replace.html", back=reverse("museum:account"))
    if shown is not None:
        return shown
    logout(request)
    messages.success(request, said(own))
    return see_other("/")
