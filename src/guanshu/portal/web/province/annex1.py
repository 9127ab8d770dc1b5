"""附件1 《省级科协管理员信息采集表》, kept up by the province's administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal.problems import InvalidForm
from guanshu.portal.queries.administrators import FIELDS
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.administrator_page import card_context, entered, handed_word, revealed
from guanshu.portal.web.shared.asking import UNPROCESSABLE, running_campaign, typed_in
from guanshu.portal.web.shared.redirects import see_other


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """Show the card (GET), or store it (POST)."""
    province, campaign = own_province(request), running_campaign()
    if request.method != "POST":
        return render(request, "province/annex1.html", card_context(province, campaign))
    try:
        entered(request, province, campaign)
    except InvalidForm as invalid:
        context = card_context(province, campaign, typed=typed_in(request, FIELDS), problems=invalid.problems)
        return render(request, "province/annex1.html", context, status=UNPROCESSABLE)
    messages.success(
        request, "已保存。有改动的，由全国工作人员电话确认后生效；确认之前，短信重置密码仍用原来登记的手机号码。"
    )
    return see_other(reverse("province:annex1"))


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """Show what the card says, in the form; the look is recorded."""
    province, campaign = own_province(request), running_campaign()
    typed = revealed(request, province, campaign)
    return render(request, "province/annex1.html", card_context(province, campaign, typed=typed))


@require_POST
def word(request: HttpRequest) -> HttpResponse:
    """Hand out the Word file."""
    return handed_word(request, own_province(request), running_campaign())
